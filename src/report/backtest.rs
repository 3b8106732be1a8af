//! What a backtest shows: its rows, its figures for programs, its page.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cell::{self, settled};
use super::data::Table;
use super::forecast::BOUNDS;
use super::names::level;
use super::run::Source;
use super::table::{NONE, Printed, growth, maybe, number, percent};
use crate::backtest::measure::{LEVELS, Measured, measure};
use crate::backtest::{Backtest, METHODS, Method};
use crate::dataset::{Dataset, Mode};
use crate::messages::backtest as say;
use crate::messages::{Lang, Text};
use crate::month::Month;

/// The columns of the rows of a backtest, before the bounds.
pub const HEADERS: [&str; 7] = ["region", "product", "origin", "month", "lag", "actual", "forecast"];

/// A backtest as it is shown.
pub struct Tested<'a> {
    /// The data.
    pub data: &'a Dataset,
    /// Forecasts beside what came.
    pub backtest: &'a Backtest,
    /// The cutoffs.
    pub cutoffs: &'a [Month],
    /// At how many of them the fitted forecast was used.
    pub fitted: usize,
    /// At the close, or during the month.
    pub mode: Mode,
    /// What was measured.
    pub measured: Vec<Measured>,
    /// The language of what is said.
    pub lang: Lang,
}

impl<'a> Tested<'a> {
    /// Measures.
    pub fn new(
        data: &'a Dataset,
        backtest: &'a Backtest,
        (cutoffs, fitted): (&'a [Month], usize),
        mode: Mode,
        lang: Lang,
    ) -> Tested<'a> {
        Tested { data, backtest, cutoffs, fitted, mode, measured: measure(data, backtest), lang }
    }

    /// How many rows the table has.
    pub fn rows(&self) -> usize {
        self.backtest.months.iter().map(|ahead| ahead.series().count()).sum()
    }
}

/// The rows: every series that was there at every cutoff and month ahead, by cutoff, month, region, group and product. `origin` is
/// the cutoff; `actual` is what was sold, `forecast` the demand forecast, unrounded; numbers read back as they were.
pub fn table(tested: &Tested) -> Table {
    let grid = &tested.data.grid;
    let mut table = Table::new(HEADERS.into_iter().chain(BOUNDS));
    for ahead in &tested.backtest.months {
        for s in ahead.series() {
            let series = &grid.series[s];
            table.text(grid.regions.code(grid.regions.node_of(series.leaf)));
            table.text(&grid.products.codes[series.product]);
            table.month(ahead.cutoff);
            table.month(ahead.month);
            table.whole(i64::from(ahead.lag));
            table.number(ahead.actual[s]);
            table.number(ahead.forecast[s]);
            let bounds = ahead.bounds.as_ref().filter(|_| ahead.begun[s]).and_then(|bounds| bounds.get(s));
            table.bounds(bounds.copied());
            table.end();
        }
    }
    table
}

#[derive(Serialize)]
struct Summary<'a> {
    program: &'static str,
    version: &'static str,
    mode: &'static str,
    cutoffs: Vec<String>,
    fitted_at: usize,
    units: &'static str,
    inputs: &'a [Source],
    settings: BTreeMap<String, String>,
    accuracy: Vec<Accuracy>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Accuracy {
    level: &'static str,
    lag: i32,
    cutoffs: usize,
    rows: usize,
    sold: f64,
    wape: Option<f64>,
    bias: Option<f64>,
    rmsse: Option<f64>,
    wape_naive: Option<f64>,
    wape_plain: Option<f64>,
    wape_raw: Option<f64>,
    inside80: Option<f64>,
    inside95: Option<f64>,
    wis: Option<f64>,
    wis_naive: Option<f64>,
}

#[derive(Serialize)]
struct Step {
    step: &'static str,
    level: &'static str,
    lag: i32,
    wape: f64,
    builds_on: Option<&'static str>,
    change: Option<f64>,
}

/// The figures for programs: shares, not percentages.
pub fn json(tested: &Tested, inputs: &[Source]) -> Vec<u8> {
    let settle = |x: Option<f64>| x.map(settled);
    let accuracy = tested.measured.iter().map(|m| Accuracy {
        level: m.level.word(),
        lag: m.lag,
        cutoffs: m.cutoffs,
        rows: m.rows,
        sold: settled(m.sold),
        wape: settle(m.wape(Method::Forecast)),
        bias: settle(m.bias),
        rmsse: settle(m.rmsse),
        wape_naive: settle(m.wape(Method::Naive)),
        wape_plain: settle(m.wape(Method::Plain)),
        wape_raw: settle(m.raw),
        inside80: settle(m.inside.map(|i| i[0])),
        inside95: settle(m.inside.map(|i| i[1])),
        wis: settle(m.score.map(|s| s[0])),
        wis_naive: settle(m.score.map(|s| s[1])),
    });
    let steps = tested.measured.iter().flat_map(|m| {
        METHODS.into_iter().filter_map(move |method| {
            let change = m.change(method);
            Some(Step {
                step: method.word(),
                level: m.level.word(),
                lag: m.lag,
                wape: settled(m.wape(method)?),
                builds_on: change.map(|(before, _)| before.word()),
                change: change.map(|(_, by)| settled(by)),
            })
        })
    });
    let summary = Summary {
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        mode: tested.mode.word(),
        cutoffs: tested.cutoffs.iter().map(Month::to_string).collect(),
        fitted_at: tested.fitted,
        units: "units",
        inputs,
        settings: tested.data.settings.changed().into_iter().collect(),
        accuracy: accuracy.collect(),
        steps: steps.collect(),
    };
    cell::json(&summary)
}

fn method(method: Method) -> Text {
    match method {
        Method::Naive => say::method_naive(),
        Method::LastYear => say::method_last_year(),
        Method::Target => say::method_target(),
        Method::PlainSales => say::method_plain_sales(),
        Method::Plain => say::method_plain(),
        Method::Level => say::method_level(),
        Method::Mix => say::method_mix(),
        Method::Forecast => say::method_forecast(),
    }
}

/// The page; `folder` is what the user calls the folder.
pub fn page(tested: &Tested, folder: &str) -> String {
    let lang = tested.lang;
    let mut out = String::new();
    let mut line = |text: &Text| {
        out.push_str(text.get(lang));
        out.push('\n');
    };
    if let (Some(first), Some(last)) = (tested.cutoffs.first(), tested.cutoffs.last()) {
        line(&say::title(folder, tested.cutoffs.len(), *first, *last));
    }
    line(&say::how(tested.mode == Mode::During));
    line(&say::fitted(tested.fitted, tested.cutoffs.len()));
    let assumed = assumed_known(tested.data);
    if !assumed.is_empty() {
        line(&say::assumed_known(&assumed.join(", ")));
    }
    let any = |has: fn(&Measured) -> bool| tested.measured.iter().any(has);
    let (raw, inside, score) = (any(|m| m.raw.is_some()), any(|m| m.inside.is_some()), any(|m| m.score.is_some()));
    line(&Text { en: String::new(), zh: String::new() });
    line(&say::accuracy_title());
    line(&say::about_accuracy());
    if raw {
        line(&say::about_raw());
    }
    if inside {
        line(&say::about_intervals());
    }
    out.push_str(&accuracy(tested, raw, inside, score));
    out.push_str(&format!("\n{}\n{}\n", say::value_title().get(lang), say::about_value().get(lang)));
    let mut lags: Vec<i32> = tested.measured.iter().map(|m| m.lag).collect();
    lags.sort_unstable();
    lags.dedup();
    for lag in lags {
        out.push_str(&format!("\n{}\n{}", say::lag(lag).get(lang), value(tested, lag)));
    }
    out
}

/// Tables of plans with rows that do not say since when they are known.
fn assumed_known(data: &Dataset) -> Vec<&'static str> {
    let plans = |p: &crate::dataset::Product| {
        p.known.is_none() && (p.launch.is_some() || p.retire.is_some() || p.replaces.is_some())
    };
    let tables = [
        ("targets", data.targets.iter().any(|t| t.known.is_none())),
        ("growth", data.growth.iter().any(|g| g.known.is_none())),
        ("products", data.products.iter().any(plans)),
    ];
    tables.into_iter().filter(|(_, any)| *any).map(|(name, _)| name).collect()
}

fn accuracy(tested: &Tested, raw: bool, inside: bool, score: bool) -> String {
    let lang = tested.lang;
    let mut table = Printed::new(&[]);
    let mut headers = vec![say::rows(), say::sold(), say::wape(), say::to_naive(), say::to_plain(), say::bias()];
    headers.push(say::rmsse());
    headers.extend(raw.then(say::raw));
    headers.extend(if inside { vec![say::inside80(), say::inside95()] } else { Vec::new() });
    headers.extend(if score { vec![say::score(), say::score_naive()] } else { Vec::new() });
    let header = headers.iter().map(|h| h.get(lang).to_owned());
    table.head([String::new()].into_iter().chain(header).collect());
    for m in &tested.measured {
        let mut cells = vec![
            say::level_at(level(m.level), m.lag).get(lang).to_owned(),
            number(m.rows as f64, 0),
            number(m.sold, 0),
            percent(m.wape(Method::Forecast)),
            growth(m.against(Method::Naive)),
            growth(m.against(Method::Plain)),
            growth(m.bias),
            maybe(m.rmsse, 3),
        ];
        cells.extend(raw.then(|| percent(m.raw.or(m.wape(Method::Forecast)))));
        if inside {
            cells.extend((0..2).map(|i| percent(m.inside.map(|share| share[i]))));
        }
        if score {
            cells.extend((0..2).map(|i| percent(m.score.map(|s| s[i]))));
        }
        table.row(cells);
    }
    table.text()
}

/// The methods at one lag.
fn value(tested: &Tested, lag: i32) -> String {
    let lang = tested.lang;
    let of_lag: Vec<&Measured> = tested.measured.iter().filter(|m| m.lag == lag).collect();
    let mut table = Printed::new(&[1]);
    let labels = LEVELS.iter().map(|l| (level(*l).get(lang).to_owned(), 2));
    table.spans([(String::new(), 1)].into_iter().chain(labels).collect());
    let columns = LEVELS.iter().flat_map(|_| [say::wape(), say::change()]);
    let header = [say::against()].into_iter().chain(columns).map(|h| h.get(lang).to_owned());
    table.head([String::new()].into_iter().chain(header).collect());
    for r in METHODS.into_iter().filter(|r| of_lag.iter().any(|m| m.wape(*r).is_some())) {
        let before =
            of_lag.iter().find_map(|m| m.change(r)).map_or(NONE.to_owned(), |c| method(c.0).get(lang).to_owned());
        let mut cells = vec![method(r).get(lang).to_owned(), before];
        for m in &of_lag {
            cells.push(percent(m.wape(r)));
            cells.push(growth(m.change(r).map(|c| c.1)));
        }
        table.row(cells);
    }
    table.text()
}
