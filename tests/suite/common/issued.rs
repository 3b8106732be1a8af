//! Folders of plain files that are planned and issued, month after month.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use yugu::folder;
use yugu::messages::Lang;
use yugu::outlook::Outlook;
use yugu::report::{View, ledger};

/// The outlook of a folder as of a day.
pub fn plan(dir: &Path, as_of: (i32, u32, u32)) -> Outlook {
    let as_of = NaiveDate::from_ymd_opt(as_of.0, as_of.1, as_of.2).unwrap();
    let loaded = folder::load(dir, Some(as_of), as_of).unwrap_or_else(|e| panic!("{e:?}"));
    Outlook::new(loaded.dataset, loaded.warnings)
        .unwrap_or_else(|p| panic!("{:#?}", p.sorted().iter().map(|p| p.line(Lang::En)).collect::<Vec<_>>()))
}

/// Writes what is forecast as of a day into the folder's ledger.
pub fn issue(dir: &Path, as_of: (i32, u32, u32)) {
    let outlook = plan(dir, as_of);
    let view = View::new(&outlook, Lang::En);
    fs::create_dir_all(dir.join(ledger::FOLDER)).unwrap();
    let file = dir.join(ledger::FOLDER).join(ledger::name(outlook.origin.made, 1));
    fs::write(file, ledger::table(&view, 1, None).csv()).unwrap();
}

/// A copy of the files of a folder.
pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|e| e.file_type().unwrap().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
