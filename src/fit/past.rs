//! What past origins forecast, by the fitted method and by the plain rules, and what came.

use ndarray::{Array2, s};
use rayon::prelude::*;

use super::learn::{Memory, Origin};
use super::plain::Plain;
use crate::across::{Across, What, key};
use crate::dataset::known;
use crate::dataset::{Dataset, Mode};
use crate::error::Problems;
use crate::point;
use crate::stages::Parameters;
use crate::stages::demand::in_sales_space;
use crate::stages::growth::YEAR_AND_ONE;
use crate::stages::interval::Errors;
use crate::stages::panel::{FEATURES, length};
use crate::stock::{Source, Sums};

/// Past origins whose errors are kept: two years of each calendar month.
const KEPT: usize = 24;
/// Past origins at which the plain rules are run beside the fitted method: a year.
const COMPARED: usize = 12;
/// Months ahead for which errors are kept: a protection interval is seldom longer.
pub const LONGEST: usize = 12;
/// What an origin counts against the one after it where the two methods are weighted.
const RECENT: f64 = 0.9;
/// Beyond the regression's steps the fitted method is followed at least so far: past years overlap there and are few, and
/// growth that happened to last in them is not all there is when it ends. Measured, ratios to the best of four peers in
/// months 3 to 12 with 0, .5 and 1: 2.09, 1.37, 1.25 on a folder whose growth ended, the same three times on six others; against it, the gas company's third
/// year was missed by 13.5, 16.2 and 18.6%.
const LEAST_BEYOND: f64 = 0.5;
/// How much nearer, as a share of what the other missed, one method has to be to be followed alone.
const CLEARLY: f64 = 0.05;
/// Fewer origins than this decide nothing, nor do those that had learned from fewer.
const LEAST_ORIGINS: usize = 3;

/// Forecasts of past origins with what came, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// One entry an origin and step ahead.
    pub months: Vec<PastMonth>,
    /// Forecasts of all months up to [`LONGEST`] ahead, one entry an origin.
    pub beyond: Vec<PastBeyond>,
}

/// The months ahead of one past origin, as far as they have come to pass.
#[derive(Clone, Debug)]
pub struct PastBeyond {
    /// Month index of the origin.
    pub origin: usize,
    /// The series.
    pub series: Vec<usize>,
    /// Units forecast, series x month ahead: by the plain rules, by the fitted method.
    pub forecasts: [Array2<f64>; 2],
    /// Units sold, series x month ahead.
    pub actual: Array2<f64>,
}

/// One month as forecast from one past origin, over the series that were live then (a sample of them in large folders).
#[derive(Clone, Debug)]
pub struct PastMonth {
    /// Month index of the origin.
    pub origin: usize,
    /// Steps ahead.
    pub step: usize,
    /// How many origins the fitted method had learned from by then.
    pub learned_from: usize,
    /// The series.
    pub series: Vec<usize>,
    /// Units forecast by the fitted method, as sales at the month's availability; none where it could not speak.
    pub fitted: Option<Vec<f64>>,
    /// The same of the plain rules; none where they were not run.
    pub plain: Option<Vec<f64>>,
    /// Units sold.
    pub actual: Vec<f64>,
}

impl PastMonth {
    /// Leaves the rows whose series and month do not count.
    fn keep(&mut self, counts: impl Fn(usize, usize) -> bool) {
        let t = self.origin + self.step;
        let kept: Vec<bool> = self.series.iter().map(|s| counts(*s, t)).collect();
        if kept.iter().all(|kept| *kept) {
            return;
        }
        let numbers = self.fitted.iter_mut().chain(self.plain.iter_mut()).chain([&mut self.actual]);
        numbers.for_each(|numbers| retain(numbers, &kept));
        retain(&mut self.series, &kept);
    }
}

fn retain<T>(list: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    list.retain(|_| kept.next().copied().unwrap_or(true));
}

/// Whether the fitted method is used, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gate {
    /// Whether it is used, at every step ahead or at none.
    pub used: bool,
    /// Its weight against the plain rules', within [0, 1].
    pub weight: f64,
    /// The same in the months beyond those steps.
    pub weight_beyond: f64,
    /// By step ahead, from 1 on.
    pub steps: Vec<Compared>,
}

/// The fitted method beside the plain rules at past origins, for one step ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Compared {
    /// Past origins compared.
    pub origins: usize,
    /// Rows compared (series x origin).
    pub rows: usize,
    /// Sum over these months of the fitted method's WAPE, `sum |forecast - sold| / sum sold`, so that each month counts
    /// alike.
    pub fitted: f64,
    /// The same of the plain rules.
    pub plain: f64,
}

impl Compared {
    fn add(&mut self, other: &Compared) {
        self.origins += other.origins;
        self.rows += other.rows;
        self.fitted += other.fitted;
        self.plain += other.plain;
    }

    /// Mean WAPE of the fitted method and of the plain rules, shares; none without origins.
    pub fn wape(&self) -> Option<(f64, f64)> {
        let n = self.origins as f64;
        (self.origins > 0).then(|| (self.fitted / n, self.plain / n))
    }
}

/// Why the fitted method is used, or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The folder's settings say so.
    Off,
    /// There is too little history to learn from, or to see whether it helps.
    TooLittle,
    /// The plain rules were nearer to what came.
    Lost,
    /// It was nearer to what came than the plain rules.
    Nearer,
    /// It can speak, and the plain rules are new to their footing: there is nothing to compare it with.
    NothingToCompare,
}

impl Gate {
    /// Whether the fitted method is followed in the months beyond the regression's steps.
    pub fn used_beyond(&self) -> bool {
        self.weight_beyond > 0.0
    }

    /// All steps taken together.
    pub fn all(&self) -> Compared {
        let mut all = Compared::default();
        self.steps.iter().for_each(|step| all.add(step));
        all
    }

    /// Why it is used, or is not; `learn` as the folder's settings have it.
    pub fn why(&self, learn: bool) -> Why {
        let all = self.all();
        let compared = self.steps.first().is_some_and(|step| step.origins >= LEAST_ORIGINS);
        match (learn, self.used) {
            (false, _) => Why::Off,
            (true, true) if compared => Why::Nearer,
            (true, true) => Why::NothingToCompare,
            (true, false) if compared && all.fitted >= all.plain => Why::Lost,
            (true, false) => Why::TooLittle,
        }
    }
}

impl Past {
    /// Errors for a step ahead of the method that is used, over all series; of the fitted method those of origins that had
    /// something to learn from.
    pub fn errors(&self, step: usize, fitted: bool, whole: Vec<bool>) -> Errors {
        let of = |m: &PastMonth| if fitted { m.fitted.clone() } else { m.plain.clone() };
        let learned = |m: &&PastMonth| !fitted || m.learned_from >= LEAST_ORIGINS;
        let months = self.months.iter().filter(|m| m.step == step).filter(learned);
        let months: Vec<(&PastMonth, Vec<f64>)> = months.filter_map(|m| Some((m, of(m)?))).collect();
        let series = months.iter().flat_map(|(month, _)| month.series.iter().copied()).collect();
        let mut out = Errors::new(months.len(), whole, series);
        for (o, (month, forecasts)) in months.iter().enumerate() {
            for ((&s, &f), &y) in month.series.iter().zip(forecasts).zip(&month.actual) {
                out.set(o, s, f, y);
            }
        }
        out
    }

    /// Errors of the sum of the months to `months` ahead, or of the last of them alone.
    pub fn errors_beyond(&self, months: usize, sum: bool, fitted: bool, whole: Vec<bool>) -> Errors {
        let known: Vec<&PastBeyond> = self.beyond.iter().filter(|b| months > 0 && b.actual.ncols() >= months).collect();
        let series = known.iter().flat_map(|past| past.series.iter().copied()).collect();
        let mut out = Errors::new(known.len(), whole, series);
        let from = if sum { 0 } else { months.saturating_sub(1) };
        for (o, past) in known.iter().enumerate() {
            let forecasts = &past.forecasts[usize::from(fitted)];
            for (i, &series) in past.series.iter().enumerate() {
                let add = |x: &Array2<f64>| x.slice(s![i, from..months]).sum();
                out.set(o, series, add(forecasts), add(&past.actual));
            }
        }
        out
    }

    /// Errors of sums of the next months with their origins, of a fit's own method: what a stock plan's levels are made
    /// with. None where nothing has come to pass.
    pub fn sums(&self, months: usize, fitted: bool, whole: Vec<bool>) -> Option<Sums> {
        let errors = self.errors_beyond(months, true, fitted, whole);
        let origins: Vec<usize> = self.beyond.iter().filter(|b| b.actual.ncols() >= months).map(|b| b.origin).collect();
        (!origins.is_empty() && months > 0).then_some(Sums { errors, months, origins, source: Source::Backtest })
    }

    /// How far the fitted method is followed at a cutoff, all steps taken together, and how far the plain rules. It must have
    /// been tried at enough past origins, on as many rows as its regression has coefficients. Then the two are weighted by
    /// what they missed at the last origins at which the plain rules stood on the same footing as now - on last year's
    /// month, which takes thirteen months of history, or on the last three - the later ones more (`follow`). So a forecast
    /// does not jump because a month has passed. Origins whose own regression had hardly anything to learn from say nothing
    /// of today's.
    pub fn gate(&self, cutoff: usize, steps: usize, across: &Across) -> Gate {
        let mut gate = Gate { steps: vec![Compared::default(); steps], ..Gate::default() };
        let footing = |origin: usize| origin + 1 >= YEAR_AND_ONE;
        let (mut tried, mut rows) = (0, 0);
        let mut missed = [0.0; 2];
        for month in self.months.iter().filter(|m| m.learned_from >= LEAST_ORIGINS) {
            let (Some(fitted), Some(plain)) = (&month.fitted, &month.plain) else { continue };
            let misses = |f: &[f64]| f.iter().zip(&month.actual).map(|(f, y)| (f - y).abs()).sum::<f64>();
            let sums = across.total(key(What::Missed, month.origin, month.step), || {
                let sold = month.actual.iter().map(|y| y.abs()).sum();
                vec![sold, month.actual.len() as f64, misses(fitted), misses(plain)]
            });
            let [sold, count, by_fit, by_plain] = [0, 1, 2, 3].map(|i| sums.get(i).copied().unwrap_or(0.0));
            if sold <= 0.0 {
                continue;
            }
            rows += count as usize;
            tried += usize::from(month.step == 1);
            if footing(month.origin) != footing(cutoff) {
                continue;
            }
            let recent = RECENT.powi((cutoff - month.origin) as i32) / sold;
            missed.iter_mut().zip([by_fit, by_plain]).for_each(|(sum, x)| *sum += recent * x);
            if let Some(step) = gate.steps.get_mut(month.step - 1) {
                step.add(&Compared { origins: 1, rows: count as usize, fitted: by_fit / sold, plain: by_plain / sold });
            }
        }
        if tried >= LEAST_ORIGINS && rows >= FEATURES {
            gate.weight = follow(missed);
        }
        // Beyond the regression's steps the levels speak, which need no rows to learn coefficients from.
        if tried >= LEAST_ORIGINS {
            let followed = self.weight_beyond(cutoff, steps, across).unwrap_or(gate.weight);
            gate.weight_beyond = LEAST_BEYOND + (1.0 - LEAST_BEYOND) * followed;
        }
        gate.used = gate.weight > 0.0;
        gate
    }

    /// How far the fitted method is followed beyond its steps, by what both missed in all months beyond that have come to
    /// pass; none where none has.
    fn weight_beyond(&self, cutoff: usize, steps: usize, across: &Across) -> Option<f64> {
        let mut missed = [0.0; 2];
        for past in self.beyond.iter().filter(|past| past.actual.ncols() > steps) {
            let sums = across.total(key(What::Missed, past.origin, 0), || {
                let actual = past.actual.slice(s![.., steps..]);
                let misses = |method: usize| {
                    let forecast = past.forecasts[method].slice(s![.., steps..]);
                    forecast.iter().zip(&actual).map(|(f, y)| (f - y).abs()).sum::<f64>()
                };
                vec![actual.sum(), misses(1), misses(0)]
            });
            let [sold, fitted, plain] = [0, 1, 2].map(|i| sums.get(i).copied().unwrap_or(0.0));
            if sold > 0.0 {
                let recent = RECENT.powi((cutoff - past.origin) as i32) / sold;
                missed.iter_mut().zip([fitted, plain]).for_each(|(sum, x)| *sum += recent * x);
            }
        }
        (missed != [0.0; 2]).then(|| follow(missed))
    }
}

/// How far the fitted method is followed, by what it and the plain rules missed: all the way where it is nearer by
/// [`CLEARLY`], not at all where it is further off by as much, in proportion between. Where there is nothing to compare, all
/// the way. Weights of least squared error are no better: the plain rules' errors average out over cells and not in
/// totals, which a mean of both made up to twice as bad.
fn follow([fitted, plain]: [f64; 2]) -> f64 {
    if plain <= 0.0 {
        return if fitted <= 0.0 { 1.0 } else { 0.0 };
    }
    (0.5 + (1.0 - fitted / plain) / (2.0 * CLEARLY)).clamp(0.0, 1.0)
}

impl Past {
    /// Puts the weighted mean of both methods in the place of the fitted one, `near` in the regression's steps.
    pub(super) fn weigh(&mut self, steps: usize, near: f64, beyond: f64) {
        let mean = |weight: f64, fitted: &mut f64, plain: &f64| *fitted = weight * *fitted + (1.0 - weight) * plain;
        for month in &mut self.months {
            if let (Some(fitted), Some(plain)) = (&mut month.fitted, &month.plain) {
                fitted.iter_mut().zip(plain).for_each(|(f, p)| mean(near, f, p));
            }
        }
        for past in &mut self.beyond {
            let [plain, fitted] = &mut past.forecasts;
            let of_month = |m: usize| if m < steps { near } else { beyond };
            for (m, (mut fitted, plain)) in fitted.columns_mut().into_iter().zip(plain.columns()).enumerate() {
                fitted.iter_mut().zip(plain).for_each(|(f, p)| mean(of_month(m), f, p));
            }
        }
    }
}

impl Memory<'_> {
    /// The past of a cutoff.
    pub(super) fn past(
        &mut self,
        data: &Dataset,
        (plain, fitted): (&Parameters, &Parameters),
        cutoff: usize,
        steps: usize,
    ) -> Past {
        let compared = cutoff.saturating_sub(COMPARED);
        // What communities add is the same on both methods, and is worked out with the plain rules.
        let across = &data.across;
        // Their own sums are of the first round; what they forecast is compared once the fitted method has spoken.
        let asked = !across.knows(What::Growth) || across.knows(What::Said);
        let from = if plain.communities { cutoff.saturating_sub(KEPT) } else { compared };
        self.origins[from..cutoff].par_iter_mut().flatten().for_each(|origin| {
            if asked && origin.plain.is_none() {
                origin.plain = Some(plain_rules(data, plain, (origin, cutoff + 1), steps));
            }
        });
        let mut months = Vec::new();
        for origin in self.origins[cutoff.saturating_sub(KEPT)..cutoff].iter().flatten() {
            for step in 1..=steps {
                if origin.at + step <= cutoff {
                    let mut month = self.past_month(data, (origin, cutoff), step, (plain, fitted));
                    // What an earlier cutoff compared is not compared again.
                    month.plain = month.plain.filter(|_| origin.at >= compared);
                    month.keep(|s, t| self.reception.counts(s, t));
                    months.push(month);
                }
            }
        }
        Past { months, beyond: self.beyond(data, cutoff, compared, [plain, fitted]) }
    }

    fn beyond(&self, data: &Dataset, cutoff: usize, compared: usize, by: [&Parameters; 2]) -> Vec<PastBeyond> {
        let units = self.reception.units.as_ref().unwrap_or(&data.units);
        let past = |origin: &Origin| {
            let known = (cutoff - origin.at).min(LONGEST);
            let plain = origin.plain.as_ref()?;
            let first = origin.at + 1;
            let rows = &origin.series;
            Some(PastBeyond {
                origin: origin.at,
                series: rows.clone(),
                forecasts: [0, 1].map(|method| {
                    let mut out = plain.beyond[method].slice(s![.., ..known]).to_owned();
                    for (m, mut column) in out.columns_mut().into_iter().enumerate() {
                        let sales = as_sales(data, rows, first + m, column.to_vec(), by[method]);
                        column.iter_mut().zip(sales).for_each(|(to, x)| *to = x);
                    }
                    out
                }),
                // In a sum over months the expectation stands in for what does not count.
                actual: Array2::from_shape_fn((rows.len(), known), |(i, m)| units[(rows[i], first + m)]),
            })
        };
        self.origins[compared..cutoff].iter().flatten().filter_map(past).collect()
    }

    fn past_month(
        &self,
        data: &Dataset,
        (origin, cutoff): (&Origin, usize),
        step: usize,
        (by_plain, by_fit): (&Parameters, &Parameters),
    ) -> PastMonth {
        let t = origin.at + step;
        let added = |i: usize| origin.plain.as_ref().map_or(0.0, |p| p.added[(i, step - 1)]);
        let fitted = fitted_units(data, (origin, cutoff + 1), step)
            .map(|x| x.into_iter().enumerate().map(|(i, x)| x + added(i)).collect());
        let plain = origin.plain.as_ref().map(|p| p.units.column(step - 1).to_vec());
        let as_sales =
            |demand: Vec<f64>, parameters: &Parameters| as_sales(data, &origin.series, t, demand, parameters);
        PastMonth {
            origin: origin.at,
            step,
            learned_from: self.step(origin.at, step).map_or(0, |s| s.origins),
            fitted: fitted.map(|x| as_sales(x, by_fit)),
            plain: plain.map(|x| as_sales(x, by_plain)),
            actual: origin.series.iter().map(|&s| data.units[(s, t)]).collect(),
            series: origin.series.clone(),
        }
    }
}

/// Forecasts are of demand, what came are sales: a demand forecast of some series as sales, at the availability that
/// the month had. Series beside them count with what they sold.
fn as_sales(data: &Dataset, series: &[usize], t: usize, demand: Vec<f64>, parameters: &Parameters) -> Vec<f64> {
    let availability = data.availability.as_ref().filter(|_| parameters.correct).map(|a| a.column(t));
    let Some(availability) = availability.filter(|a| a.iter().any(|a| *a < 1.0)) else { return demand };
    let mut all = data.units.column(t).to_vec();
    series.iter().zip(&demand).for_each(|(s, x)| all[*s] = *x);
    let all = in_sales_space(&data.grid, &all, Some(availability), parameters);
    series.iter().map(|s| all[*s]).collect()
}

/// Units that the fitted method forecast at a past origin for a step ahead, by its series, beside new communities.
fn fitted_units(data: &Dataset, (origin, months): (&Origin, usize), step: usize) -> Option<Vec<f64>> {
    let length = length(data.frame(), months, origin.at + step);
    Some(origin.forecasts[step - 1].as_ref()?.iter().map(|x| x * length).collect())
}

/// The plain rules at a past origin, for its series, and beside them what the fitted method said; `months` of the history are
/// known.
fn plain_rules(data: &Dataset, plain: &Parameters, (origin, months): (&Origin, usize), steps: usize) -> Plain {
    let cutoff = data.month(origin.at);
    let (mode, made) = if steps > 2 { (Mode::During, cutoff.plus(1)) } else { (Mode::Close, cutoff) };
    let known = data.at(known::Origin { as_of: cutoff.last_day(), cutoff, made, mode });
    // Problems of targets are reported by the run itself.
    let run = point::steps(&known, plain, &mut Problems::default());
    let series = &origin.series;
    let mut units = Array2::zeros((series.len(), steps));
    for (mut row, &s) in units.rows_mut().into_iter().zip(series) {
        row.assign(&run.baseline.units.slice(s![s, ..steps]));
    }
    let cell_of = |s: usize| data.grid.cell(data.grid.series[s].leaf, data.grid.series[s].group);
    let level = |cell: usize, h: usize| run.level.get(cell, cutoff.plus(h as i32)).map_or(0.0, |c| c.level);
    let by_plain = Array2::from_shape_fn((series.len(), LONGEST), |(i, m)| {
        level(cell_of(series[i]), m + 1) * run.mix.used[series[i]]
    });
    let mut by_fit = by_plain.clone();
    let beyond = origin.beyond.forecasts.iter().map(Some);
    let all = origin.forecasts.iter().map(Option::as_ref).chain(beyond);
    for ((m, mut column), forecast) in by_fit.columns_mut().into_iter().enumerate().zip(all) {
        let length = length(data.frame(), months, origin.at + m + 1);
        column.iter_mut().zip(forecast.into_iter().flatten()).for_each(|(to, x)| *to = x * length);
    }
    let of_series = |(i, m): (usize, usize)| run.added.as_ref().and_then(|a| a.get((series[i], m)).copied());
    let added = Array2::from_shape_fn(by_plain.dim(), |at| of_series(at).unwrap_or(0.0));
    Plain { units, beyond: [by_plain + &added, by_fit + &added], added }
}
