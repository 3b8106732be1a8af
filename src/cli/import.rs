//! `import`.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use yugu::answers::{self, Made, Ways};
use yugu::error::{Place, Problems};
use yugu::folder::{self, Workbook};
use yugu::messages::Lang;
use yugu::messages::answers as say;
use yugu::outlook::Outlook;
use yugu::report;

use super::arguments::Import;
use super::output;
use super::{Run, Stop, forecast, not_written, placed};

/// Takes back what was filled into workbooks: shows what is new, then writes all of it or nothing.
pub fn import(args: &Import, asked: Option<Lang>) -> Result<(), Stop> {
    let run = forecast(&args.common, asked)?;
    let folder = &args.common.folder;
    let mut problems = Problems::default();
    let (mut filled, mut made) = (Vec::new(), Vec::new());
    for (n, path) in args.workbooks.iter().enumerate() {
        let shown = name(path);
        let book = checked(args, &run, path, &mut problems).unwrap_or_default();
        filled.extend(answers::read(&run.outlook, (n, &shown), &book.made, &book.sheets, &mut problems));
        made.push(book.made);
    }
    let ways = Ways { replace: args.replace, both: args.both };
    let import = answers::compare(&run.outlook, filled, &made, ways, &mut problems);
    let origin = run.outlook.origin;
    // A run counts the answers made within its month and no later than it looks.
    let day = origin.as_of.min(origin.made.last_day());
    let changes = folder::changes(folder, (&run.outlook, &run.inputs), (&import.new, day), &mut problems);
    if problems.any_error() {
        return Err(Stop::Data(problems));
    }
    output::problems(&problems, run.lang);
    // Answers that contradict each other or the folder's would end the next run: they end this one.
    let then = match import.new.is_empty() {
        true => None,
        false => {
            let data = answers::applied(&run.outlook.dataset, &import.new, day);
            Some(Outlook::new(data, Problems::default()).map_err(Stop::Data)?)
        }
    };
    output::page(&report::answers::page(then.as_ref().unwrap_or(&run.outlook), &import, run.lang))?;
    if args.dry_run {
        output::note(&say::dry_run(), run.lang);
        return Ok(());
    }
    if changes.files.is_empty() {
        return Ok(());
    }
    let names = changes.names.join(", ");
    let written = folder::write_together(&changes.files).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => Stop::Failed(say::changed_meanwhile(&names)),
        _ => not_written(folder, &error),
    })?;
    placed(Path::new(&names), written, run.lang);
    let text = say::written(&names, &folder.display().to_string());
    output::after(&names, output::page(&format!("{}\n", text.get(run.lang))))
}

/// Reads a workbook that was made for the forecast as it stands; else says what is wrong with it.
fn checked(args: &Import, run: &Run, path: &Path, problems: &mut Problems) -> Option<Workbook> {
    let place = Place { file: Arc::from(name(path)), line: 0, column: 0 };
    let shown = args.common.folder.display().to_string();
    let book = match folder::workbook(path, run.outlook.dataset.settings.limits.bytes()) {
        Ok(book) => book,
        Err(reason) => {
            problems.error(place, "unreadable", reason);
            return None;
        }
    };
    let origin = run.outlook.origin;
    let now = origin.made.to_string();
    if book.made.made != now {
        problems.error(place, "other_month", say::other_made(&book.made.made, &now, &shown));
        return None;
    }
    let inputs = Made::inputs(run.inputs.iter().map(|i| (&*i.file, i.sha256.as_str())));
    let changed = book.made.changed(&inputs);
    if !changed.is_empty() && !args.stale {
        problems.error(place, "stale", say::stale(&changed.join(", "), &shown));
        return None;
    }
    if book.made.mode != origin.mode.word() && !args.stale {
        problems.error(place, "stale", say::other_mode(&shown));
        return None;
    }
    Some(book)
}

/// A workbook as messages name it: by its own name, as whoever sent it knows it.
fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
