//! `communities`.

use std::path::{Path, PathBuf};

use yugu::folder;
use yugu::messages::Lang;
use yugu::messages::communities as say;
use yugu::messages::program;
use yugu::report::communities::{FILES, Report, page};
use yugu::report::{Format, View};

use super::arguments::Communities;
use super::output::{self, Phase};
use super::{Stop, forecast, name_of, not_written, sources};

/// Projects new communities, writes the files where a folder is named for them, and prints the page (or what a program
/// asked for).
pub fn communities(args: &Communities, asked: Option<Lang>) -> Result<(), Stop> {
    let run = forecast(&args.common, asked)?;
    let view = View::new(&run.outlook, run.lang);
    let report = Report::new(&view).ok_or_else(|| Stop::Failed(say::no_communities()))?;
    let written = args.out.as_deref().map(|dir| write(dir, args.files.format(), &report, run.lang)).transpose()?;
    if args.json {
        return output::print(&report.json(&sources(&run.inputs)));
    }
    if args.csv {
        return output::print(&report.centres());
    }
    let mut text = page::page(&report, &name_of(&args.common.folder));
    if let Some((dir, names)) = written {
        let line = program::written(&dir.display().to_string(), &names.join(", "));
        text.push_str(&format!("\n{}\n", line.get(run.lang)));
    }
    output::page(&text)
}

fn write(dir: &Path, format: Format, report: &Report, lang: Lang) -> Result<(PathBuf, Vec<String>), Stop> {
    let failed = |error: std::io::Error| not_written(dir, &error);
    let phase = Phase::begin(&program::writing(), lang);
    if let Some(name) = folder::foreign(dir, &FILES).map_err(failed)? {
        return Err(Stop::Failed(program::not_ours(&dir.display().to_string(), &name)));
    }
    let files = format.encode_all(report.files());
    folder::write_whole(dir, &files).map_err(failed)?;
    drop(phase);
    Ok((dir.to_path_buf(), files.into_iter().map(|(name, _)| name).collect()))
}
