//! How near the issued forecasts came: by mode, lag and level, beside the naive forecast, and what each step added.

mod gain;
mod judge;
mod waterfall;

use rayon::prelude::*;

use super::{Passed, as_sales, learn, passed};
use crate::accuracy::{Compared, LEVELS, Level, Rows, Sums, absolute_error, ratio};
use crate::dataset::ledger::{STEPS, Step};
use crate::dataset::{Frame, Known, Mode};
use crate::grid::Scope;
use crate::month::Month;
use crate::stages::{Parameters, demand};
use crate::stats::tracking::{Signal, WINDOW, signal};

pub use gain::{Gain, Lost, Revised};
pub use judge::{By, Judged, PARTS, Part, SMALL, Tally};
pub use waterfall::{Waterfall, waterfall};

/// Two numbers that differ by less than this part of the sales are the same: rounding of sums.
const SAME: f64 = 1e-9;

/// What became of everything that was issued.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// One for each mode in which something was issued: forecasts of different modes know different things.
    pub modes: Vec<Score>,
}

/// What became of what was issued in one mode.
#[derive(Clone, Debug)]
pub struct Score {
    /// At the close, or during the month.
    pub mode: Mode,
    /// Forecasts issued; of each month made the newest version.
    pub issues: usize,
    /// First and last month made.
    pub made: (Month, Month),
    /// Months forecast that came to pass, over all of them.
    pub passed: usize,
    /// Of these, issued before the first month of the history, or without a number of ours: nothing is compared.
    pub left_out: usize,
    /// By level, then lag.
    pub levels: Vec<Scored>,
    /// Rows whose tracking signal is out, the most units first.
    pub flags: Vec<Flag>,
    /// The front line's answers and the overrides against the numbers they replaced.
    pub judged: Vec<Judged>,
    /// The second forecast of each month against the first.
    pub revised: Revised,
}

/// One level at one lag.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The level.
    pub level: Level,
    /// Months after the one made.
    pub lag: i32,
    /// The forecast as issued ([`Step::Final`]).
    pub ours: Side,
    /// The sales of the last month known when it was issued.
    pub naive: Side,
    /// WAPE of the issued demand against sales as they happened; none where it is that of `ours`.
    pub raw: Option<f64>,
    /// The steps that changed something, in their order.
    pub steps: Vec<After>,
    /// Share of actuals inside the issued 80 and 95% bounds, and how many were compared: rows on sale at the level at
    /// which bounds are issued. An actual on a bound is inside it.
    pub inside: Option<([f64; 2], usize)>,
}

/// The errors of one forecast.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// Summed over months.
    pub sums: Sums,
    /// Of the company: its tracking signal.
    pub signal: Option<Signal>,
    /// Rows with errors enough for their tracking signal to tell.
    pub tracked: usize,
    /// Of these, rows whose signal is out.
    pub out: usize,
}

/// The forecast after one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct After {
    /// The step.
    pub step: Step,
    /// Units missed after it.
    pub missed: f64,
    /// Units missed over units sold; none where nothing was sold.
    pub wape: Option<f64>,
}

/// What a step is worth: against the step before it, the first against the naive forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The step; none for the naive forecast itself.
    pub step: Option<Step>,
    /// Units missed after it.
    pub missed: f64,
    /// Units missed over units sold; none where nothing was sold.
    pub wape: Option<f64>,
    /// WAPE less that of the step before: negative where the step brought the forecast nearer.
    pub change: Option<f64>,
    /// Units missed less than after the step before: negative where the step hurt.
    pub gained: Option<f64>,
}

/// A row whose tracking signal is out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flag {
    /// Its level.
    pub level: Level,
    /// Months after the one made.
    pub lag: i32,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// The signal.
    pub signal: Signal,
    /// Units forecast too much over the months of the signal.
    pub units: f64,
}

impl Scored {
    /// What each step added, beginning with the naive forecast.
    ///
    /// Source: Gilliland 2002 (Supply Chain Management Review), forecast value added.
    pub fn value(&self) -> Vec<Value> {
        let mut before = (self.naive.sums.missed, self.naive.sums.wape());
        let mut out = vec![Value { step: None, missed: before.0, wape: before.1, change: None, gained: None }];
        for after in &self.steps {
            let change = after.wape.zip(before.1).map(|(now, then)| now - then);
            let gained = Some(before.0 - after.missed);
            out.push(Value { step: Some(after.step), missed: after.missed, wape: after.wape, change, gained });
            before = (after.missed, after.wape);
        }
        out
    }
}

/// A month that came to pass, by series, in sales space.
struct Actual<'a> {
    passed: Passed<'a>,
    /// Index of the last month known when it was issued.
    cutoff: usize,
    sold: Vec<f64>,
    naive: Vec<f64>,
    steps: [Option<Vec<f64>>; STEPS.len()],
}

impl<'a> Actual<'a> {
    /// None where the history begins later, or the month has no number of ours.
    fn new(passed: Passed<'a>, known: &Known, parameters: &Parameters) -> Option<Actual<'a>> {
        let cutoff = usize::try_from(learn::cutoff(known, passed.issue)).ok().filter(|t| *t < passed.index)?;
        passed.month.steps[Step::Stat.index()].as_ref()?;
        let push = |units: &Option<Vec<f64>>| units.as_ref().map(|u| as_sales(known, passed.index, u, parameters));
        let steps = STEPS.map(|step| push(&passed.month.steps[step.index()]));
        let naive = known.data.sold(cutoff)?.to_vec();
        Some(Actual { passed, cutoff, sold: passed.sold.to_vec(), naive, steps })
    }

    /// Expected sales by series after a step.
    fn after(&self, step: Step) -> &[f64] {
        self.steps[..=step.index()].iter().rev().find_map(|s| s.as_deref()).unwrap_or(&[])
    }

    fn lag(&self) -> i32 {
        self.passed.month.lag
    }
}

/// Compares everything that was issued and has come to pass.
pub fn score(known: &Known) -> Scores {
    let plain = Parameters::plain(known.data.settings);
    let informed = demand::informed(known, &plain).filter(|_| known.data.settings.learns());
    let parameters = informed.map_or(plain, |(parameters, _)| parameters);
    let all = passed(known);
    let rows: Vec<Rows> = LEVELS.par_iter().map(|level| Rows::new(*level, known.data)).collect();
    let modes = [Mode::Close, Mode::During].into_iter().filter_map(|mode| {
        let made: Vec<Month> = known.ledger.iter().filter(|i| i.mode == mode).map(|i| i.made).collect();
        let of_mode: Vec<Passed> = all.iter().filter(|p| p.issue.mode == mode).copied().collect();
        let actual: Vec<Actual> = of_mode.par_iter().filter_map(|p| Actual::new(*p, known, &parameters)).collect();
        let (levels, flags) = levels(&rows, &actual, known.data);
        Some(Score {
            mode,
            issues: made.len(),
            made: (*made.first()?, *made.last()?),
            passed: of_mode.len(),
            left_out: of_mode.len() - actual.len(),
            levels,
            flags,
            judged: judge::judge(&actual, known.data.grid),
            revised: gain::revised(&actual, known.data.grid),
        })
    });
    Scores { modes: modes.collect() }
}

fn levels(rows: &[Rows], actual: &[Actual], data: Frame) -> (Vec<Scored>, Vec<Flag>) {
    let mut lags: Vec<i32> = actual.iter().map(Actual::lag).collect();
    lags.sort_unstable();
    lags.dedup();
    let jobs: Vec<(&Rows, i32)> = rows.iter().flat_map(|r| lags.iter().map(move |lag| (r, *lag))).collect();
    let found: Vec<(Scored, Vec<Flag>)> = jobs.par_iter().map(|(rows, lag)| at(rows, *lag, actual, data)).collect();
    let (levels, flags): (Vec<Scored>, Vec<Vec<Flag>>) = found.into_iter().unzip();
    let mut flags: Vec<Flag> = flags.concat();
    flags.sort_by(|a, b| b.units.abs().total_cmp(&a.units.abs()));
    (levels, flags)
}

/// One level at one lag.
fn at(rows: &Rows, lag: i32, actual: &[Actual], data: Frame) -> (Scored, Vec<Flag>) {
    let (mut ours, mut naive) = (Track::new(rows), Track::new(rows));
    let (mut raw, mut differs) = (0.0, false);
    let (mut misses, mut taken) = ([0.0; STEPS.len()], [false; STEPS.len()]);
    let (mut inside, mut bounded) = ([0_usize; 2], 0);
    for month in actual.iter().filter(|c| c.lag() == lag) {
        let actual = rows.sum(&month.sold);
        let demand = rows.sum(month.passed.month.after(Step::Final));
        let of = Compared { cutoff: month.cutoff, actual: &actual, demand: &demand };
        let mut last = 0.0;
        let mut forecast = Vec::new();
        for (i, step) in month.steps.iter().enumerate() {
            if let Some(units) = step {
                forecast = rows.sum(units);
                last = absolute_error(&forecast, &actual);
                taken[i] = true;
            }
            misses[i] += last;
        }
        ours.add(rows, of, &forecast);
        naive.add(rows, of, &rows.sum(&month.naive));
        raw += absolute_error(&demand, &actual);
        let sold: f64 = actual.iter().map(|a| a.abs()).sum();
        differs |= forecast.iter().zip(&demand).any(|(f, d)| (f - d).abs() > SAME * sold);
        if let Some(bounds) = month.passed.month.bounds.as_ref().filter(|_| rows.level == Level::Series) {
            for (s, b) in bounds.iter().enumerate().filter(|(s, _)| month.passed.month.issued[*s]) {
                // Bounds are of demand: what of the forecast could be sold, could of them.
                let sold = if demand[s] > 0.0 { forecast[s] / demand[s] } else { 1.0 };
                bounded += 1;
                for (i, pair) in b.chunks_exact(2).enumerate() {
                    inside[i] += usize::from(pair[0] * sold <= actual[s] && actual[s] <= pair[1] * sold);
                }
            }
        }
    }
    let sold = ours.side.sums.sold;
    let after = |(i, step): (usize, Step)| After { step, missed: misses[i], wape: ratio(misses[i], sold) };
    let flags = ours.flags(rows, lag, data);
    let scored = Scored {
        level: rows.level,
        lag,
        raw: ratio(raw, sold).filter(|_| differs),
        steps: STEPS.into_iter().enumerate().filter(|(i, _)| taken[*i]).map(after).collect(),
        inside: (bounded > 0).then(|| (inside.map(|n| n as f64 / bounded as f64), bounded)),
        ours: ours.side(rows.level),
        naive: naive.side(rows.level),
    };
    (scored, flags)
}

/// The errors of one forecast while months are added.
struct Track {
    side: Side,
    /// Errors (forecast less actual) by row, of the months in which it was on sale.
    errors: Vec<Vec<f64>>,
}

impl Track {
    fn new(rows: &Rows) -> Track {
        Track { side: Side::default(), errors: vec![Vec::new(); rows.count] }
    }

    fn add(&mut self, rows: &Rows, of: Compared, forecast: &[f64]) {
        self.side.sums.add(rows, of, forecast);
        for (row, errors) in self.errors.iter_mut().enumerate() {
            if rows.on_sale(row, of.cutoff, of.demand[row]) {
                errors.push(forecast[row] - of.actual[row]);
            }
        }
    }

    fn side(mut self, level: Level) -> Side {
        let signals: Vec<Signal> = self.errors.iter().filter_map(|errors| signal(errors)).collect();
        self.side.tracked = signals.iter().filter(|s| s.can_tell()).count();
        self.side.out = signals.iter().filter(|s| s.is_out()).count();
        self.side.signal = signals.first().copied().filter(|_| level == Level::Company);
        self.side
    }

    fn flags(&self, rows: &Rows, lag: i32, data: Frame) -> Vec<Flag> {
        let of = |(row, errors): (usize, &Vec<f64>)| {
            let signal = signal(errors).filter(Signal::is_out)?;
            let (node, scope) = rows.level.key(data.grid, row);
            let units = errors.iter().rev().take(WINDOW).sum();
            Some(Flag { level: rows.level, lag, node, scope, signal, units })
        };
        self.errors.iter().enumerate().filter_map(of).collect()
    }
}
