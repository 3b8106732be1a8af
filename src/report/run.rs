//! `run.json`: what was run, on what, and which steps had a say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cell;
use super::steps::{self, State};
use super::{View, changes, exceptions, forecast, regions, warnings};
use crate::calendar::Festival;
use crate::messages::report as say;
use crate::messages::{Lang, Text};
use crate::settings::Money;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Source {
    /// Its name relative to the folder.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The run; the fields are those of the file.
#[derive(Clone, Debug, Serialize)]
struct Run<'a> {
    program: &'static str,
    version: &'static str,
    made: String,
    mode: &'static str,
    as_of: String,
    cutoff: String,
    months: Vec<Ahead>,
    units: Units,
    fiscal_start: u32,
    festival: &'static str,
    history: [String; 2],
    inputs: &'a [Source],
    settings: BTreeMap<String, String>,
    steps: Vec<Step>,
    checked_only: Vec<&'static str>,
    counts: Counts,
}

/// What `run.json` keeps of the plan that was reviewed, for issuing it.
#[derive(Clone, Debug, Deserialize)]
pub struct Reviewed {
    /// The version of the program that made it.
    pub version: String,
    /// The month made.
    pub made: String,
    /// The day up to which data were seen.
    pub as_of: String,
    /// Every file that it was made from.
    pub inputs: Vec<Source>,
}

impl Reviewed {
    /// Reads the file; none where it is not a run's.
    pub fn parse(bytes: &[u8]) -> Option<Reviewed> {
        serde_json::from_slice(bytes).ok()
    }

    /// Whether this program made it, with what it would forecast today.
    pub fn same_program(&self) -> bool {
        self.version == env!("CARGO_PKG_VERSION")
    }

    /// Names of the files that have changed since, have come or are gone, in their order.
    pub fn changed(&self, inputs: &[Source]) -> Vec<String> {
        let differs = |a: &Source, list: &[Source]| !list.contains(a);
        let mut names: Vec<String> =
            self.inputs.iter().filter(|i| differs(i, inputs)).map(|i| i.file.clone()).collect();
        names.extend(inputs.iter().filter(|i| differs(i, &self.inputs)).map(|i| i.file.clone()));
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// A month forecast.
#[derive(Clone, Debug, Serialize)]
struct Ahead {
    month: String,
    /// Months after the one made.
    lag: i32,
    /// Months after the last one known.
    steps_ahead: i32,
}

#[derive(Clone, Debug, Serialize)]
struct Units {
    sales: &'static str,
    money: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Step {
    name: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    switched_on_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    would_switch_on: Option<&'static str>,
    what: String,
}

/// What the run counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counts {
    /// Regions with sales of their own (leaves of the tree).
    pub regions: usize,
    /// Products.
    pub products: usize,
    /// Groups of products.
    pub groups: usize,
    /// Regions x products.
    pub series: usize,
    /// Series last sold long ago.
    pub series_not_forecast: usize,
    /// Months without a row between a series' first and last one, taken as zero sales.
    pub gap_months_taken_as_zero: usize,
    /// Units recovered from stockouts in the last twelve months.
    pub units_recovered_in_12_months: f64,
    /// Warnings, those beyond the listed ones included.
    pub warnings: usize,
}

impl Counts {
    /// Counts.
    pub fn new(view: &View) -> Counts {
        let (data, known) = (&view.outlook.dataset, &view.known);
        let gaps = |s: usize| match known.seen(s) {
            Some((first, last)) => (first..=last).filter(|&t| data.rows[(s, t)] == 0).count(),
            None => 0,
        };
        let series = data.grid.series.len();
        let from = known.months().saturating_sub(12);
        let demand = view.outlook.point.demand(known);
        let recovered = |s: usize| -> f64 {
            demand.row(s).iter().zip(known.units.row(s)).skip(from).map(|(x, z)| (x - z).max(0.0)).sum()
        };
        let problems = &view.outlook.warnings;
        Counts {
            regions: data.grid.regions.leaf_count(),
            products: data.grid.products.len(),
            groups: data.grid.group_count(),
            series,
            series_not_forecast: view.figures.is_forecast.iter().filter(|is| !**is).count(),
            gap_months_taken_as_zero: (0..series).map(gaps).sum(),
            units_recovered_in_12_months: (0..series).map(recovered).sum(),
            warnings: problems.count(),
        }
    }
}

/// The word of a unit of money.
pub fn money(money: Money) -> &'static str {
    match money {
        Money::Yuan => "yuan",
        Money::Wan => "万元",
    }
}

/// The settings that are not as they are by default, and what they are.
pub fn settings_changed(view: &View) -> BTreeMap<String, String> {
    view.outlook.dataset.settings.changed().into_iter().collect()
}

fn run<'a>(view: &View, inputs: &'a [Source]) -> Run<'a> {
    let (outlook, data) = (view.outlook, &view.outlook.dataset);
    let origin = outlook.origin;
    let steps = steps::steps(outlook, &view.known, view.figures.any_price);
    Run {
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        made: origin.made.to_string(),
        mode: origin.mode.word(),
        as_of: origin.as_of.to_string(),
        cutoff: origin.cutoff.to_string(),
        months: outlook.months().iter().map(|m| ahead(view, *m)).collect(),
        units: Units { sales: "units", money: money(data.settings.units.money) },
        fiscal_start: data.settings.fiscal.start,
        festival: match data.calendar.festival() {
            Festival::ChineseNewYear => "cn",
            Festival::None => "none",
        },
        history: [data.start.to_string(), origin.cutoff.to_string()],
        inputs,
        settings: settings_changed(view),
        steps: steps
            .into_iter()
            .map(|s| Step {
                name: s.name,
                state: s.state.word(),
                switched_on_by: (s.state != State::Off).then_some(s.by),
                would_switch_on: (s.state == State::Off).then_some(s.by),
                what: s.what.get(view.lang).to_owned(),
            })
            .collect(),
        checked_only: steps::checked_only(data).into_iter().map(|t| t.name()).collect(),
        counts: Counts::new(view),
    }
}

fn ahead(view: &View, month: crate::month::Month) -> Ahead {
    let origin = view.outlook.origin;
    Ahead { month: month.to_string(), lag: origin.lag(month), steps_ahead: month.since(origin.cutoff) }
}

/// The file.
pub fn json(view: &View, inputs: &[Source]) -> Vec<u8> {
    cell::json(&run(view, inputs))
}

/// The whole run for programs: `run.json` with the rows of `regions.csv`, `forecast.csv`, `changes.csv`,
/// `exceptions.csv` and `warnings.csv`.
pub fn whole(view: &View, inputs: &[Source]) -> Vec<u8> {
    #[derive(Serialize)]
    struct Whole<'a> {
        run: Run<'a>,
        regions: Vec<regions::Row<'a>>,
        forecast: Vec<forecast::Row<'a>>,
        changes: Vec<changes::Row<'a>>,
        exceptions: Vec<exceptions::Row<'a>>,
        warnings: Vec<warnings::Row>,
    }
    let whole = Whole {
        run: run(view, inputs),
        regions: regions::rows(view).collect(),
        forecast: forecast::rows(view).collect(),
        changes: changes::rows(view).collect(),
        exceptions: exceptions::rows(view).collect(),
        warnings: warnings::rows(&view.outlook.warnings, view.lang),
    };
    let mut bytes = serde_json::to_vec(&whole).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// How many warnings a page lists.
const WARNINGS: usize = 10;

/// The title and the first lines of what is to be said about the data; no lines where there is nothing.
pub fn first_warnings(view: &View) -> (Text, Vec<Text>) {
    let all = view.outlook.warnings.sorted();
    let count = Counts::new(view).warnings;
    let plain = |lang: Lang, i: usize| all.get(i).map_or_else(String::new, |p| p.line(lang));
    let mut lines: Vec<Text> =
        (0..all.len().min(WARNINGS)).map(|i| Text { en: plain(Lang::En, i), zh: plain(Lang::Zh, i) }).collect();
    if count > lines.len() {
        lines.push(say::more_warnings(count - lines.len()));
    }
    (say::warnings_title(count), lines)
}
