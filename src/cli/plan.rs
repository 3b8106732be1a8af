//! `plan`, `check` and `target`.

use std::path::PathBuf;

use yugu::analysis::control;
use yugu::explain;
use yugu::folder::{self, May};
use yugu::messages::Lang;
use yugu::messages::answers as words;
use yugu::messages::program as say;
use yugu::report::summary::{self, Found};
use yugu::report::{self, Beside, View, workbook};

use super::arguments::{Common, Explain, Plan};
use super::output::{self, Phase};
use super::{Run, Stop, forecast, may, name_of, not_written, placed, refused, sources};

/// Forecasts, writes the files and prints the page (or what a program asked for).
pub fn plan(args: &Plan, asked: Option<Lang>) -> Result<(), Stop> {
    if let Some(dir) = &args.out {
        may(&args.common.folder, args.force).stand(dir).map_err(|why| refused(dir, why))?;
    }
    let run = forecast(&args.common, asked)?;
    let view = View::new(&run.outlook, run.lang);
    let written = if args.no_files { None } else { Some(write(args, &run, &view)?) };
    let shown = written.as_ref().map(|(dir, _)| dir.display().to_string());
    let printed = print(args, &run, &view, written);
    match shown {
        Some(shown) => output::after(&shown, printed),
        None => printed,
    }
}

/// Prints the page, or what a program asked for.
fn print(args: &Plan, run: &Run, view: &View, written: Option<(PathBuf, Vec<String>)>) -> Result<(), Stop> {
    if args.json {
        return output::print(&report::run::whole(view, &sources(&run.inputs)));
    }
    if args.csv {
        let warnings = report::run::Counts::new(view).warnings;
        if warnings > 0 {
            output::note(&say::warnings_elsewhere(warnings), run.lang);
        }
        return output::print(&report::forecast::table(view).csv());
    }
    let mut page = report::plan::page(view, &name_of(&args.common.folder));
    if let Some((dir, names)) = written {
        let text = say::written(&dir.display().to_string(), &names.join(", "));
        page.push_str(&format!("\n{}\n", text.get(run.lang)));
    }
    output::page(&page)
}

/// Writes the files; the folder and their names.
fn write<'v>(args: &Plan, run: &Run, view: &'v View<'v>) -> Result<(PathBuf, Vec<String>), Stop> {
    let dir = match &args.out {
        Some(dir) => dir.clone(),
        None => {
            let out = folder::named(&args.common.folder, "out").map_err(|why| refused(&args.common.folder, why))?;
            out.join(&view.made)
        }
    };
    let kept = folder::kept(&dir, &run.outlook).map_err(|error| not_written(&dir, &error))?;
    if let Some((path, count)) = kept.unread.filter(|_| !args.force) {
        let text = words::not_imported(&path.display().to_string(), count, &args.common.folder.display().to_string());
        return Err(Stop::Failed(text));
    }
    let phase = Phase::begin(&say::writing(), run.lang);
    let asked = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
    let beside = Beside {
        workbook: asked(args.workbook, args.no_workbook),
        page: asked(args.page, args.no_page),
        // A plan in the place of one with workbooks for the front line has them, too.
        frontline: kept.frontline || args.frontline,
    };
    let name = name_of(&args.common.folder);
    let files = report::written(view, &name, &sources(&run.inputs), args.files.format(), beside);
    let regions = files.iter().filter(|(name, _)| name.starts_with(workbook::FOLDER)).count();
    let mut names: Vec<String> = files.iter().take(files.len() - regions).map(|(name, _)| name.clone()).collect();
    if regions > 0 {
        names.push(format!("{}/ ({regions})", workbook::FOLDER));
    }
    let may = May { taken: kept.taken, ..may(&args.common.folder, args.force) };
    let written = may.write_folder(&dir, &files).map_err(|why| refused(&dir, why))?;
    placed(&dir, written, run.lang);
    drop(phase);
    Ok((dir, names))
}

/// Lists every problem and what was found.
pub fn check(args: &Common, asked: Option<Lang>) -> Result<(), Stop> {
    let mut run = forecast(args, asked)?;
    let contradictions = control::check(&run.outlook.known());
    run.outlook.warnings.extend(contradictions);
    output::problems(&run.outlook.warnings, run.lang);
    let view = View::new(&run.outlook, run.lang);
    let encodings = run.inputs.iter().map(|input| input.encoding.map(|e| e.name()));
    let found = sources(&run.inputs).into_iter().zip(encodings);
    let found: Vec<Found> = found.map(|(source, encoding)| Found { source, encoding }).collect();
    output::page(&summary::page(&view, &name_of(&args.folder), &found))
}

/// Shows one number as a chain of steps.
pub fn explain(args: &Explain, asked: Option<Lang>) -> Result<(), Stop> {
    let run = forecast(&args.common, asked)?;
    let found = explain::explain(&run.outlook, &args.region, &args.product, args.month).map_err(Stop::Failed)?;
    if args.json {
        let json = serde_json::to_string_pretty(&found).unwrap_or_default();
        return output::print(format!("{json}\n").as_bytes());
    }
    output::page(&found.text(run.lang))
}

/// Shows the targets.
pub fn target(args: &Common, asked: Option<Lang>) -> Result<(), Stop> {
    let run = forecast(args, asked)?;
    let view = View::new(&run.outlook, run.lang);
    output::page(&report::chain::page(&view, &name_of(&args.folder)))
}
