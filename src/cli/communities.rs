//! `communities`.

use std::path::{Path, PathBuf};

use yugu::messages::Lang;
use yugu::messages::communities as say;
use yugu::messages::program;
use yugu::report::View;
use yugu::report::communities::{Report, page};

use super::arguments::Communities;
use super::output::{self, Phase};
use super::{Run, Stop, forecast, may, name_of, placed, refused, sources};

/// Projects new communities, writes the files where a folder is named for them, and prints the page (or what a program
/// asked for).
pub fn communities(args: &Communities, asked: Option<Lang>) -> Result<(), Stop> {
    if let Some(dir) = &args.out {
        may(&args.common.folder, args.force).stand(dir).map_err(|why| refused(dir, why))?;
    }
    let run = forecast(&args.common, asked)?;
    let view = View::new(&run.outlook, run.lang);
    let report = Report::new(&view).ok_or_else(|| Stop::Failed(say::no_communities()))?;
    let written = args.out.as_deref().map(|dir| write(args, dir, &report, run.lang)).transpose()?;
    let shown = written.as_ref().map(|(dir, _)| dir.display().to_string());
    let printed = print(args, &run, &report, written);
    let warnings = yugu::report::run::Counts::new(&view).warnings;
    if warnings > 0 && (args.json || args.csv) {
        output::note(&program::warnings_elsewhere(warnings), run.lang);
    }
    match shown {
        Some(shown) => output::after(&shown, printed),
        None => printed,
    }
}

/// Prints the page, or what a program asked for.
fn print(args: &Communities, run: &Run, report: &Report, written: Option<(PathBuf, Vec<String>)>) -> Result<(), Stop> {
    if args.json {
        return output::print(&report.json(&sources(&run.inputs)));
    }
    if args.csv {
        return output::print(&report.centres().csv());
    }
    let mut text = page::page(report, &name_of(&args.common.folder));
    if let Some((dir, names)) = written {
        let line = program::written(&dir.display().to_string(), &names.join(", "));
        text.push_str(&format!("\n{}\n", line.get(run.lang)));
    }
    output::page(&text)
}

fn write(args: &Communities, dir: &Path, report: &Report, lang: Lang) -> Result<(PathBuf, Vec<String>), Stop> {
    let phase = Phase::begin(&program::writing(), lang);
    let files = args.files.format().encode_all(&report.tables());
    let written = may(&args.common.folder, args.force).write_folder(dir, &files);
    placed(dir, written.map_err(|why| refused(dir, why))?, lang);
    drop(phase);
    Ok((dir.to_path_buf(), files.into_iter().map(|(name, _)| name).collect()))
}
