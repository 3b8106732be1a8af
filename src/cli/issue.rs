//! `issue`.

use std::io::ErrorKind;
use std::path::Path;

use yugu::folder;
use yugu::messages::Lang;
use yugu::messages::ledger as say;
use yugu::report::run::Reviewed;
use yugu::report::{self, FORMATS, View};

use super::arguments::Issue;
use super::output::{self, Phase};
use super::{Run, Stop, forecast, not_written, placed, refused, sources};

/// Freezes the plan that was reviewed as a new file of the ledger.
pub fn issue(args: &Issue, asked: Option<Lang>) -> Result<(), Stop> {
    let run = forecast(&args.common, asked)?;
    let view = View::new(&run.outlook, run.lang);
    let folder = &args.common.folder;
    let made = run.outlook.origin.made;
    let issued = run.outlook.dataset.ledger.iter().filter(|i| i.made == made);
    let last = issued.max_by_key(|i| i.version);
    let shown = folder.display().to_string();
    let version = match (last, &args.correction) {
        (Some(last), None) => return Err(Stop::Failed(say::issued_already(&last.file, &shown))),
        (None, Some(_)) => return Err(Stop::Failed(say::nothing_to_correct(&view.made, &shown))),
        (last, _) => last.map_or(1, |last| last.version.saturating_add(1)),
    };
    reviewed(args, &run, &view)?;
    let name = report::ledger::name(made, version);
    let bytes = report::ledger::table(&view, version, args.correction.as_deref()).csv();
    // The folder that was read, whatever its case.
    let home = folder::named(folder, report::ledger::FOLDER).map_err(|why| refused(folder, why))?;
    let path = home.join(&name);
    let phase = Phase::begin(&yugu::messages::program::writing(), run.lang);
    let written = folder::write_new_file(&path, &bytes).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Stop::Failed(say::issued_already(&format!("{}/{name}", report::ledger::FOLDER), &shown))
        }
        _ => not_written(&path, &error),
    })?;
    drop(phase);
    placed(&path, written, run.lang);
    let shown = path.display().to_string();
    let text = say::issued(&shown, &view.months.join(", "));
    output::after(&shown, output::page(&format!("{}\n", text.get(run.lang))))
}

/// Compares the plan in the folder with what its inputs give now.
fn reviewed(args: &Issue, run: &Run, view: &View) -> Result<(), Stop> {
    let folder = args.common.folder.display().to_string();
    let dir = match &args.out {
        Some(dir) => dir.clone(),
        None => {
            let out = folder::named(&args.common.folder, "out").map_err(|why| refused(&args.common.folder, why))?;
            out.join(&view.made)
        }
    };
    let shown = dir.display().to_string();
    let plan = read(&dir.join("run.json"))?.and_then(|bytes| Reviewed::parse(&bytes)).filter(|r| r.made == view.made);
    let Some(plan) = plan else {
        return Err(Stop::Failed(say::no_plan(&shown, &view.made, &folder)));
    };
    let changed = plan.changed(&sources(&run.inputs));
    if !changed.is_empty() {
        return Err(Stop::Failed(say::inputs_changed(&changed.join(", "), &folder)));
    }
    if plan.as_of != run.outlook.origin.as_of.to_string() {
        return Err(Stop::Failed(say::other_day(&shown, &plan.as_of)));
    }
    if !plan.same_program() {
        return Err(Stop::Failed(say::other_program(&shown, &plan.version, &folder)));
    }
    for format in FORMATS {
        if let Some(bytes) = read(&dir.join(format!("forecast{}", format.ending())))? {
            let (_, now) = format.encode("forecast", &report::forecast::table(view));
            return if bytes == now { Ok(()) } else { Err(Stop::Failed(say::plan_changed(&shown, &folder))) };
        }
    }
    Err(Stop::Failed(say::plan_changed(&shown, &folder)))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Stop> {
    folder::written(path).map_err(|error| {
        Stop::Failed(yugu::messages::program::not_readable(&path.display().to_string(), &error.to_string()))
    })
}
