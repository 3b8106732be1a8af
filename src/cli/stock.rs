//! `stock`.

use yugu::folder;
use yugu::messages::Lang;
use yugu::messages::program;
use yugu::messages::stock as say;
use yugu::report::{self, View};
use yugu::simulate::{self, Supply};

use super::arguments::Stock;
use super::output::{self, Bar, Phase};
use super::{Run, Stop, forecast, load, name_of, not_written};

/// Plans the stock, writes the files where asked and prints the page (or what a program asked for).
pub fn stock(args: &Stock, asked: Option<Lang>) -> Result<(), Stop> {
    if args.simulate {
        return simulate(args, asked);
    }
    let run: Run = forecast(&args.common, asked)?;
    let view = View::new(&run.outlook, run.lang);
    let Some(plan) = run.outlook.stock(args.budget) else { return Err(Stop::Failed(say::no_count())) };
    let files = args.files.format().encode_all(report::stock::files(&view, &plan));
    if let Some(dir) = &args.out {
        let phase = Phase::begin(&program::writing(), run.lang);
        let shown = dir.display().to_string();
        let failed = |error: std::io::Error| not_written(dir, &error);
        match folder::foreign(dir, &report::STOCK_FILES).map_err(failed)? {
            Some(name) => return Err(Stop::Failed(program::not_ours(&shown, &name))),
            None => folder::write_whole(dir, &files).map_err(failed)?,
        }
        drop(phase);
    }
    if args.json {
        return output::print(&report::stock::json(&view, &plan));
    }
    if args.csv {
        return output::print(&report::stock::csv(&view, &plan));
    }
    let mut page = report::orders::page(&view, &plan, &name_of(&args.common.folder));
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
