//! `stock`.

use yugu::messages::Lang;
use yugu::messages::program;
use yugu::messages::stock as say;
use yugu::report::{self, View};
use yugu::simulate::{self, Supply};
use yugu::stock::Plan;

use super::arguments::Stock;
use super::output::{self, Bar, Phase};
use super::{Run, Stop, forecast, load, may, name_of, placed, refused};

/// Plans the stock, writes the files where asked and prints the page (or what a program asked for).
pub fn stock(args: &Stock, asked: Option<Lang>) -> Result<(), Stop> {
    if args.simulate {
        return simulate(args, asked);
    }
    if let Some(dir) = &args.out {
        may(&args.common.folder, args.force).stand(dir).map_err(|why| refused(dir, why))?;
    }
    let run: Run = forecast(&args.common, asked)?;
    let view = View::new(&run.outlook, run.lang);
    let Some(plan) = run.outlook.stock(args.budget) else { return Err(Stop::Failed(say::no_count())) };
    let mut files = args.files.format().encode_all(&report::stock::tables(&view, &plan));
    if args.out.is_some() {
        files.extend(report::workbook::purchase::files(&view, &plan));
    }
    if let Some(dir) = &args.out {
        let phase = Phase::begin(&program::writing(), run.lang);
        let written = may(&args.common.folder, args.force).write_folder(dir, &files);
        placed(dir, written.map_err(|why| refused(dir, why))?, run.lang);
        drop(phase);
    }
    let printed = print(args, &run, (&view, &plan), &files);
    match &args.out {
        Some(dir) => output::after(&dir.display().to_string(), printed),
        None => printed,
    }
}

/// Prints the page, or what a program asked for.
fn print(args: &Stock, run: &Run, (view, plan): (&View, &Plan), files: &[(String, Vec<u8>)]) -> Result<(), Stop> {
    if args.json {
        return output::print(&report::stock::json(view, plan));
    }
    if args.csv {
        return output::print(&report::stock::table(view, plan).csv());
    }
    let mut page = report::orders::page(view, plan, &name_of(&args.common.folder), args.details);
    if let Some(dir) = &args.out {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let text = program::written(&dir.display().to_string(), &names.join(", "));
        page.push_str(&format!("\n{}\n", text.get(run.lang)));
    }
    output::page(&page)
}

/// Plays the policies over the history.
fn simulate(args: &Stock, asked: Option<Lang>) -> Result<(), Stop> {
    let (loaded, lang) = load(&args.common, asked)?;
    let data = &loaded.dataset;
    let supply = Supply {
        lead: args.lead_months.into(),
        review: args.review_months.into(),
        pack: args.pack,
        opening: args.opening_months,
        service: args.service.unwrap_or(data.settings.stock.service),
    };
    let bar = Bar::begin(&say::playing(), lang, data.months());
    let found = simulate::run(data, supply, |done, _| bar.at(done));
    drop(bar);
    let Some(found) = found else { return Err(Stop::Failed(say::too_short_to_play())) };
    if args.json {
        let text = serde_json::to_string_pretty(&found).unwrap_or_default();
        return output::print(format!("{text}\n").as_bytes());
    }
    output::page(&report::simulate::page(&found, &name_of(&args.common.folder), lang))
}
