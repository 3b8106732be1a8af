//! `communities`.

use std::path::{Path, PathBuf};

use yugu::folder;
use yugu::messages::Lang;
use yugu::messages::communities as say;
use yugu::messages::program;
use yugu::report::View;
use yugu::report::communities::{FILES, Report, page};

use super::arguments::Communities;
use super::output::{self, Phase};
use super::{Stop, forecast, name_of, not_written, sources};

/// Projects new communities, writes the files where a folder is named for them, and prints the page (or what a program
/// asked for).
pub fn communities(args: &Communities, asked: Option<Lang>) -> Result<(), Stop> {
    let run = forecast(&args.common, asked)?;
    let view = View::new(&run.outlook, run.lang);
    let report = Report::new(&view).ok_or_else(|| Stop::Failed(say::no_communities()))?;
    let written = args.out.as_deref().map(|dir| write(dir, &report, run.lang)).transpose()?;
    if args.json {
        return output::print(&report.json(&sources(&run.inputs)));
    }
    if args.csv {
        return output::print(&report.centres());
    }
    let mut text = page::page(&report, &name_of(&args.common.folder));
    if let Some(dir) = written {
        let line = program::written(&dir.display().to_string(), &FILES.join(", "));
        text.push_str(&format!("\n{}\n", line.get(run.lang)));
    }
    output::page(&text)
}

fn write(dir: &Path, report: &Report, lang: Lang) -> Result<PathBuf, Stop> {
    let failed = |error: std::io::Error| not_written(dir, &error);
    let phase = Phase::begin(&program::writing(), lang);
    if let Some(name) = folder::foreign(dir, &FILES).map_err(failed)? {
        return Err(Stop::Failed(program::not_ours(&dir.display().to_string(), &name)));
    }
    folder::write_whole(dir, &report.files()).map_err(failed)?;
    drop(phase);
    Ok(dir.to_path_buf())
}
