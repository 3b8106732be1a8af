//! `backtest`.

use std::path::Path;

use yugu::backtest::measure::{LEVELS, Measured, measure};
use yugu::backtest::{self, Method, NoCutoffs};
use yugu::dataset::{Dataset, Mode};
use yugu::error::Problems;
use yugu::fit;
use yugu::folder::{Loaded, Refused};
use yugu::messages::Lang;
use yugu::messages::backtest as say;
use yugu::messages::communities;
use yugu::messages::program;
use yugu::month::Month;
use yugu::report;
use yugu::report::backtest::Tested;
use yugu::report::table::percent;

use super::arguments::Backtest;
use super::output::{self, Bar, Phase};
use super::{Stop, load, may, name_of, placed, refused, sources};

/// Forecasts past months, writes the rows and prints the page (or what a program asked for).
pub fn backtest(args: &Backtest, asked: Option<Lang>) -> Result<(), Stop> {
    if let Some(path) = &args.out {
        may(&args.common.folder, args.force).file(path).map_err(|why| not_a_backtest(path, why))?;
    }
    let (loaded, lang) = load(&args.common, asked)?;
    let data = &loaded.dataset;
    let cutoffs = cutoffs(data, args.cutoffs)?;
    let mode = if args.during { Mode::During } else { Mode::Close };
    let bar = Bar::begin(&say::testing(), lang, cutoffs.len());
    let (found, fitted) = fit::backtest_ahead(data, &cutoffs, (mode, args.ahead), |done| bar.at(done));
    drop(bar);
    let tested = Tested::new(data, &found, (&cutoffs, fitted), mode, lang);
    let rows = if args.csv || args.out.is_some() { report::backtest::table(&tested).csv() } else { Vec::new() };
    if let Some(path) = &args.out {
        let phase = Phase::begin(&program::writing(), lang);
        let written = may(&args.common.folder, args.force).write_file(path, &rows);
        placed(path, written.map_err(|why| not_a_backtest(path, why))?, lang);
        drop(phase);
    }
    let printed = print(args, &loaded, (&tested, &rows), (&cutoffs, mode));
    match &args.out {
        Some(path) => output::after(&path.display().to_string(), printed),
        None => printed,
    }
}

/// Prints the page, or what a program asked for.
fn print(
    args: &Backtest,
    loaded: &Loaded,
    (tested, rows): (&Tested, &[u8]),
    (cutoffs, mode): (&[Month], Mode),
) -> Result<(), Stop> {
    let (data, lang) = (&loaded.dataset, tested.lang);
    if args.json {
        return output::print(&report::backtest::json(tested, &sources(&loaded.inputs)));
    }
    let warnings = loaded.warnings.count();
    if warnings > 0 {
        output::note(&say::warnings_in_check(warnings), lang);
    }
    if args.csv {
        return output::print(rows);
    }
    let mut page = report::backtest::page(tested, &name_of(&args.common.folder));
    if data.settings.communities.project && !data.communities.signings.is_empty() {
        let mut whole = data.clone();
        whole.settings.communities.project = false;
        let bar = Bar::begin(&communities::testing_without(), lang, cutoffs.len());
        let (without, _) = fit::backtest_ahead(&whole, cutoffs, (mode, args.ahead), |done| bar.at(done));
        drop(bar);
        let wapes = |measured: &[Measured]| -> Vec<(i32, f64)> {
            let finest = measured.iter().filter(|m| m.level == LEVELS[0]);
            finest.filter_map(|m| Some((m.lag, m.wape(Method::Forecast)?))).collect()
        };
        let pairs = wapes(&tested.measured).into_iter().zip(wapes(&measure(&whole, &without)));
        for ((lag, with), (_, without)) in pairs {
            let text = communities::gain(lag, &percent(Some(with)), &percent(Some(without)));
            page.push_str(&format!("\n{}", text.get(lang)));
        }
        page.push('\n');
    }
    if let Some(path) = &args.out {
        let text = say::rows_written(&path.display().to_string(), tested.rows());
        page.push_str(&format!("\n{}\n", text.get(lang)));
    }
    output::page(&page)
}

/// Why the rows are not written there.
fn not_a_backtest(path: &Path, why: Refused) -> Stop {
    match why {
        Refused::Foreign(_) => Stop::Failed(say::not_a_backtest(&path.display().to_string())),
        other => refused(path, other),
    }
}

/// The cutoffs asked for, else the last ones possible.
fn cutoffs(data: &Dataset, asked: Option<(Month, Month)>) -> Result<Vec<Month>, Stop> {
    backtest::cutoffs(data, asked).map_err(|wrong| match wrong {
        NoCutoffs::TooShort => {
            let mut problems = Problems::default();
            problems.error(None, "too_short", wrong.text());
            Stop::Data(problems)
        }
        NoCutoffs::OutOfRange(..) => Stop::Failed(wrong.text()),
    })
}
