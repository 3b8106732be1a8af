//! Forecasts of past cutoffs beside what came: each made with nothing but what was visible then.

pub mod measure;

use ndarray::Array2;
use rayon::prelude::*;

use crate::dataset::{Dataset, Known, Mode, Origin};
use crate::error::Problems;
use crate::messages::Text;
use crate::messages::backtest as say;
use crate::month::Month;
use crate::point::{self, Steps};
use crate::stages::Parameters;
use crate::stages::demand::in_sales_space;
use crate::stages::interval::{self, Errors};
use crate::stages::panel;

/// The forecasts whose errors are compared, each taking one more step than the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The last month's sales again.
    Naive,
    /// Sales of the same month last year; where there was none, the last month's.
    LastYear,
    /// The target's month by last month's mix; only where the folder has targets.
    Target,
    /// The plain rules on sales as they happened.
    PlainSales,
    /// The plain rules on demand: stockouts taken out.
    Plain,
    /// Fitted totals, split over regions and products as in the last month.
    Level,
    /// Plain levels of regions and groups, split by the fitted shares.
    Mix,
    /// The forecast: fitted totals times fitted shares, new and retired products, planned events.
    Forecast,
}

/// All methods in their order.
pub const METHODS: [Method; 8] = [
    Method::Naive,
    Method::LastYear,
    Method::Target,
    Method::PlainSales,
    Method::Plain,
    Method::Level,
    Method::Mix,
    Method::Forecast,
];

/// One month forecast from one cutoff.
#[derive(Clone, Debug)]
pub struct Ahead {
    /// The last month seen.
    pub cutoff: Month,
    /// The month in which the forecast is made.
    pub made: Month,
    /// The month forecast.
    pub month: Month,
    /// Months after the one made.
    pub lag: i32,
    /// Whether a series had begun by the cutoff; the others have no forecast of their own history.
    pub begun: Vec<bool>,
    /// Units sold, by series.
    pub actual: Vec<f64>,
    /// Demand forecast in units, unrounded, by series: what `forecast.csv` would have said before revision.
    pub forecast: Vec<f64>,
    /// By [`METHODS`], series: expected sales in units, demand forecasts pushed through the month's realised
    /// availability; none where a method does not exist.
    pub methods: Vec<Option<Vec<f64>>>,
    /// By series: low80, high80, low95, high95 of the demand forecast; none without past errors.
    pub bounds: Option<Vec<[f64; 4]>>,
    /// By series: how much of the actual counts as inside the 80 and the 95% interval, ties randomised, in sales
    /// space; none without past errors.
    pub inside: Option<Vec<[f64; 2]>>,
    /// By region leaf: bounds of the region's sum, of ours and of the naive forecast by the same method.
    pub regions: Option<Vec<[[f64; 4]; 2]>>,
}

impl Ahead {
    /// The series of which there is something to say: those that had begun by the cutoff, that something was forecast of,
    /// or that sold. The names of the others came later.
    pub fn series(&self) -> impl Iterator<Item = usize> {
        let is_there = |s: &usize| self.begun[*s] || self.forecast[*s] != 0.0 || self.actual[*s] != 0.0;
        (0..self.begun.len()).filter(is_there)
    }
}

/// A backtest.
#[derive(Clone, Debug, Default)]
pub struct Backtest {
    /// By cutoff and month forecast.
    pub months: Vec<Ahead>,
}

/// What the forecast of one cutoff is made with, and the spread of its errors.
pub struct Prepared {
    /// What to run the steps with.
    pub parameters: Parameters,
    /// Errors of past origins by step ahead, from 1 on; none where no bounds are wanted.
    pub errors: Vec<Errors>,
}

/// Runs the forecast at each cutoff, at the close of the month or during the one after it, with what `fit` gives for
/// it, of the months up to `lag`; `done` is told after each cutoff.
pub fn run<'d>(
    data: &'d Dataset,
    cutoffs: &[Month],
    (mode, lag): (Mode, i32),
    mut fit: impl FnMut(&Known<'d>) -> Prepared,
    mut done: impl FnMut(usize),
) -> Backtest {
    let mut out = Backtest::default();
    for (i, &cutoff) in cutoffs.iter().enumerate() {
        let made = if mode == Mode::During { cutoff.plus(1) } else { cutoff };
        let known = data.at(Origin { as_of: cutoff.last_day(), cutoff, made, mode });
        let prepared = fit(&known);
        out.months.extend(cutoff_months(data, &known, &prepared, lag));
        done(i + 1);
    }
    out
}

fn cutoff_months(data: &Dataset, known: &Known, prepared: &Prepared, lag: i32) -> Vec<Ahead> {
    let parameters = &prepared.parameters;
    let plain = Parameters::plain(&data.settings);
    let sales = Parameters { correct: false, ..plain.clone() };
    let run = |parameters: &Parameters| point::steps(known, parameters, &mut Problems::default());
    let fitted = run(parameters);
    let by_plain = run(&plain);
    let by_sales = if fitted.demand.corrected { Some(run(&sales)) } else { None };
    // The months that are revised, and those after them.
    let last = known.origin.made.plus(lag);
    let months: Vec<Month> = fitted.level.months.iter().copied().filter(|month| *month <= last).collect();
    let units = |steps: &Steps, parameters: &Parameters| steps.ahead(known, parameters, &months).units;
    let (units_of_fitted, units_of_plain) = (units(&fitted, parameters), units(&by_plain, &plain));
    let units_of_sales = by_sales.as_ref().map(|run| units(run, &sales));
    let mut out = Vec::with_capacity(months.len());
    for (k, &month) in months.iter().enumerate() {
        let Some(t) = usize::try_from(month.since(data.start)).ok().filter(|t| *t < complete(data)) else { continue };
        let forecast = units_of_fitted.column(k).to_vec();
        let availability = data.availability.as_ref().map(|a| a.column(t));
        let pushed = |demand: Vec<f64>, p: &Parameters| in_sales_space(&data.grid, &demand, availability, p);
        let methods = METHODS.map(|method| match method {
            Method::Naive => Some(same_month(known, known.months().checked_sub(1))),
            Method::LastYear => Some(same_month(known, t.checked_sub(12).filter(|t| *t < known.months()))),
            Method::Target => by_target(&by_plain, known, month).map(|demand| pushed(demand, &plain)),
            Method::PlainSales => Some(units_of_sales.as_ref().unwrap_or(&units_of_plain).column(k).to_vec()),
            Method::Plain => Some(pushed(units_of_plain.column(k).to_vec(), &plain)),
            Method::Level => fitted_level(&fitted, known, k).map(|demand| pushed(demand, parameters)),
            Method::Mix => fitted_mix(&fitted, &by_plain, known, k).map(|demand| pushed(demand, parameters)),
            Method::Forecast => Some(pushed(forecast.clone(), parameters)),
        });
        let step = usize::try_from(month.since(known.origin.cutoff)).unwrap_or(0);
        let begun: Vec<bool> = (0..forecast.len()).map(|s| known.seen(s).is_some()).collect();
        let errors = step.checked_sub(1).and_then(|i| prepared.errors.get(i));
        let today: Vec<Option<f64>> = forecast.iter().zip(&begun).map(|(f, begun)| begun.then_some(*f)).collect();
        let spread = errors.and_then(|e| interval::Month::learn(e, &today, &data.grid, 1.0));
        let expected = methods.last().and_then(|r| r.as_ref()).unwrap_or(&forecast);
        let by_series = |of: &(dyn Fn(&interval::Month, usize) -> [f64; 4] + Sync)| {
            spread.as_ref().map(|m| (0..forecast.len()).into_par_iter().map(|s| of(m, s)).collect::<Vec<_>>())
        };
        let actual = data.units.column(t).to_vec();
        let bounds = by_series(&|m, s| m.bounds(forecast[s], s));
        let inside = spread.as_ref().map(|m| {
            (0..forecast.len()).into_par_iter().map(|s| m.series.inside(expected[s], s, actual[s].max(0.0))).collect()
        });
        let regions = errors.zip(spread.as_ref()).and_then(|(e, m)| by_region(data, known, e, m, expected, step));
        out.push(Ahead {
            cutoff: known.origin.cutoff,
            made: known.origin.made,
            month,
            lag: known.origin.lag(month),
            actual,
            methods: methods.into_iter().collect(),
            bounds,
            inside,
            regions,
            begun,
            forecast,
        });
    }
    out
}

/// Bounds of each region's sum, ours and those of the naive forecast learned in the same way from the same origins.
fn by_region(
    data: &Dataset,
    known: &Known,
    errors: &Errors,
    spread: &interval::Month,
    expected: &[f64],
    step: usize,
) -> Option<Vec<[[f64; 4]; 2]>> {
    let grid = &data.grid;
    let leaves = grid.regions.leaf_count();
    let owner: Vec<usize> = grid.series.iter().map(|s| s.leaf).collect();
    let today: Vec<Option<f64>> = expected.iter().map(|x| Some(*x)).collect();
    let ours = errors.of_sums(&spread.series, &today, &owner, leaves)?;
    let last = known.months().checked_sub(1)?;
    let naive = naive_errors(data, known, errors, step).of_past_sums(&owner, leaves)?;
    let sum = |of: &dyn Fn(usize) -> f64, leaf: usize| -> f64 {
        owner.iter().enumerate().filter(|(_, l)| **l == leaf).map(|(s, _)| of(s)).sum()
    };
    let bounds = |leaf: usize| {
        let (f, n) = (sum(&|s| expected[s], leaf), sum(&|s| known.units[(s, last)].max(0.0), leaf));
        [ours.bounds(f, leaf), naive.bounds(n, leaf)]
    };
    Some((0..leaves).map(bounds).collect())
}

/// Errors that the naive forecast made at the origins of `errors`.
fn naive_errors(data: &Dataset, known: &Known, errors: &Errors, step: usize) -> Errors {
    let origins = errors.origins();
    let mut out = Errors::new(origins, errors.whole().to_vec(), (0..errors.whole().len()).collect());
    // The origins are the last ones whose month is known.
    let last = known.months().saturating_sub(1 + step);
    for o in 0..origins {
        let Some(origin) = (last + o + 1).checked_sub(origins) else { continue };
        for s in (0..data.grid.series.len()).filter(|s| known.seen(*s).is_some_and(|(first, _)| first <= origin)) {
            out.set(o, s, known.units[(s, origin)], known.units[(s, origin + step)]);
        }
    }
    out
}

/// Sales of one month again; the last one's where there is none.
fn same_month(known: &Known, t: Option<usize>) -> Vec<f64> {
    match t.or(known.months().checked_sub(1)) {
        Some(t) => known.units.column(t).to_vec(),
        None => vec![0.0; known.units.nrows()],
    }
}

/// The target's month of each region and group by the plain mix (of all that is forecast, new communities included).
fn by_target(plain: &Steps, known: &Known, month: Month) -> Option<Vec<f64>> {
    let grid = &known.data.grid;
    let k = plain.baseline.months.iter().position(|m| *m == month)?;
    let mut any = false;
    let mut out = vec![0.0; grid.series.len()];
    for cell in 0..grid.cell_count() {
        if let Some(units) = plain.targets.units(known, cell, month) {
            any = true;
            let range = grid.in_cell(cell);
            let all: f64 = range.clone().map(|s| plain.baseline.units[(s, k)]).sum();
            let with = plain.added.is_some() && all > 0.0;
            let share = |s: usize| if with { plain.baseline.units[(s, k)] / all } else { plain.mix.used[s] };
            range.for_each(|s| out[s] = units * share(s));
        }
    }
    any.then_some(out)
}

/// What new communities and renewals add to a series in a month forecast.
fn added(steps: &Steps, series: usize, k: usize) -> f64 {
    steps.added.as_ref().and_then(|a| a.get((series, k)).copied()).unwrap_or(0.0)
}

/// Fitted totals by the last month's shares of demand.
fn fitted_level(fitted: &Steps, known: &Known, k: usize) -> Option<Vec<f64>> {
    let ahead = fitted.combined.as_ref()?.months.get(k)?.as_ref()?;
    let clean = fitted.clean.as_ref().map_or(fitted.demand.units.view(), |clean| clean.view());
    let last = clean.ncols().checked_sub(1)?;
    let column = clean.column(last);
    let mut sums = vec![0.0; ahead.numbers.totals.len()];
    let block = |s: usize| panel::block(known.data, known.data.grid.series[s].product);
    column.iter().enumerate().for_each(|(s, x)| sums[block(s)] += x);
    let of = |(s, x): (usize, &f64)| {
        let sum = sums[block(s)];
        let units = if sum > 0.0 { x / sum * ahead.numbers.totals[block(s)].value * ahead.length } else { 0.0 };
        units + added(fitted, s, k)
    };
    Some(column.iter().enumerate().map(of).collect())
}

/// Plain levels by the fitted shares.
fn fitted_mix(fitted: &Steps, plain: &Steps, known: &Known, k: usize) -> Option<Vec<f64>> {
    let shares: &Array2<f64> = fitted.mix.ahead.as_ref()?;
    let grid = &known.data.grid;
    let month = *known.origin.targets().get(k)?;
    let mut out = vec![0.0; grid.series.len()];
    for cell in 0..grid.cell_count() {
        let level = plain.level.get(cell, month).map_or(0.0, |c| c.level);
        grid.in_cell(cell).for_each(|s| out[s] = level * shares[(s, k)] + added(plain, s, k));
    }
    Some(out)
}

/// Cutoffs that a folder can be tested on: from the first with anything learned before it to the last whose next
/// month is known.
pub fn possible(data: &Dataset) -> Option<(Month, Month)> {
    let last = complete(data).checked_sub(2)?;
    let first = FIRST_CUTOFF.min(last);
    Some((data.month(first), data.month(last)))
}

/// Cutoffs tested where none are asked for: each calendar month once.
const CUTOFFS: i32 = 12;

/// Why a folder cannot be tested at the cutoffs asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCutoffs {
    /// It has too few complete months for any.
    TooShort,
    /// They lie outside of the first and last possible.
    OutOfRange(Month, Month),
}

impl NoCutoffs {
    /// The same in words.
    pub fn text(self) -> Text {
        match self {
            NoCutoffs::TooShort => say::too_short(),
            NoCutoffs::OutOfRange(first, last) => say::out_of_range(first, last),
        }
    }
}

/// The cutoffs from one month to another, else the last twelve possible.
pub fn cutoffs(data: &Dataset, asked: Option<(Month, Month)>) -> Result<Vec<Month>, NoCutoffs> {
    let (first, last) = possible(data).ok_or(NoCutoffs::TooShort)?;
    let (from, to) = asked.unwrap_or_else(|| (last.plus(1 - CUTOFFS).max(first), last));
    if from < first || to > last {
        return Err(NoCutoffs::OutOfRange(first, last));
    }
    Ok((0..=to.since(from)).map(|n| from.plus(n)).collect())
}

/// How many months are complete by the day that the folder is looked at: nothing later is compared.
fn complete(data: &Dataset) -> usize {
    (0..data.months()).take_while(|&t| data.is_complete(t, data.as_of)).count()
}

/// A year: before, no forecast has a last year to stand on.
const FIRST_CUTOFF: usize = 11;
