//! `accuracy`.

use yugu::dataset::Dataset;
use yugu::explain::find;
use yugu::grid::{COMPANY, Scope};
use yugu::ledger::score::score;
use yugu::messages::Lang;
use yugu::messages::backtest::warnings_in_check;
use yugu::report;
use yugu::report::accuracy::Shown;

use super::arguments::Accuracy;
use super::{Stop, known, load, name_of, output, scope, sources};

/// Compares what was issued with what came and prints the page (or what a program asked for).
pub fn accuracy(args: &Accuracy, asked: Option<Lang>) -> Result<(), Stop> {
    let (loaded, lang) = load(&args.common, asked)?;
    let data = &loaded.dataset;
    let of = of(args, data)?;
    let known = known(data)?;
    let scores = score(&known);
    let shown = Shown::new(&known, &scores, of, lang);
    if args.json {
        return output::print(&report::accuracy::json(&shown, &sources(&loaded.inputs)));
    }
    let warnings = loaded.warnings.count();
    if warnings > 0 {
        output::note(&warnings_in_check(warnings), lang);
    }
    if args.csv {
        return output::print(&report::accuracy::table(&shown).csv());
    }
    output::page(&report::accuracy::page(&shown, &name_of(&args.common.folder)))
}

/// Region node and products of the waterfall.
fn of(args: &Accuracy, data: &Dataset) -> Result<(usize, Scope), Stop> {
    let node = args.region.as_ref().map_or(Ok(COMPANY), |word| find::region(&data.grid, word));
    let scope = args.product.as_ref().map_or(Ok(Scope::All), |word| scope(&data.grid, word))?;
    Ok((node.map_err(Stop::Failed)?, scope))
}
