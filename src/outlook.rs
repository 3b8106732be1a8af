//! A run: the data, when and how it was looked at, and the forecast with every step's output.

mod stock;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::dataset::ledger::STEPS;
use crate::dataset::{Answer, Dataset, Factor, Known, NEW_MONTHS, Origin};
use crate::error::Problems;
use crate::fit::{Fit, Learner};
use crate::ledger::learn;
use crate::messages::planning as say;
use crate::month::Month;
use crate::point::{self, Point};
use crate::sheet::cell::LARGEST;
use crate::stages::Parameters;
use crate::stages::interval;
use crate::stages::lifecycle::Baseline;
use crate::stages::mix::is_alive;

/// Everything a report shows.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The data; shared, so that they can be looked at otherwise beside the run.
    pub dataset: Arc<Dataset>,
    /// When and how the forecast was made.
    pub origin: Origin,
    /// What the steps were run with, and why.
    pub fit: Fit,
    /// The forecast and how it came about.
    pub point: Point,
    /// Spreads of each month forecast; none without past errors.
    pub spreads: Vec<Option<interval::Month>>,
    /// Everything to be said about the data.
    pub warnings: Problems,
    /// Sums of the bounds of each cell's series, cell x month forecast, once they are asked for.
    widest: OnceLock<Array2<[f64; 4]>>,
    horizon: OnceLock<Baseline>,
}

/// The spreads of each month forecast, from the errors of the same step ahead at past origins. Of a month that has begun
/// only what is still to come is uncertain.
fn spreads(data: &Dataset, known: &Known, fit: &Fit, point: &Point) -> Vec<Option<interval::Month>> {
    let months = &point.baseline.months;
    let learn = |(k, month): (usize, &Month)| {
        let step = usize::try_from(month.since(known.origin.cutoff)).ok()?;
        let begun = known.seen_by_series();
        let exact = point.revision.exact.column(k);
        let today: Vec<Option<f64>> = exact.iter().zip(begun).map(|(x, begun)| begun.then_some(*x)).collect();
        // Without a month to date nothing of the month is known yet.
        let counted = known.origin.lag(*month) == 0 && data.is_counted(*month, known.origin.as_of);
        let open = if counted { 1.0 - data.calendar.elapsed(known.origin.as_of) } else { 1.0 };
        // One step's errors at a time: over a million series they are long.
        let errors = fit.past.errors(step, fit.gate.used, fit.whole.clone()).everywhere(known, step);
        interval::Month::learn(&errors, &today, &data.grid, open)
    };
    months.iter().enumerate().map(learn).collect()
}

/// Answers of months forecast that were made for an earlier run, and not given again for this one: one notice
/// (docs/METHOD.md#revision).
fn earlier(rows: &[Answer], used: &[&Answer], origin: Origin, warnings: &mut Problems) {
    let months = origin.targets();
    let key = |a: &Answer| (a.month, a.node, a.scope);
    let again: BTreeSet<_> = used.iter().map(|a| key(a)).collect();
    let is_earlier = |a: &&Answer| Month::of(a.made) < origin.made && months.contains(&a.month);
    let mut left = rows.iter().filter(is_earlier).filter(|a| !again.contains(&key(a)));
    if let Some(first) = left.next() {
        let message = say::answers_of_an_earlier_run(1 + left.count(), Month::of(first.made), origin.made);
        warnings.warn(first.place.clone(), "made_for_an_earlier_run", message, say::say_it_again());
    }
}

impl Outlook {
    /// Forecasts; the problems where the data allow none.
    pub fn new(dataset: impl Into<Arc<Dataset>>, mut warnings: Problems) -> Result<Outlook, Problems> {
        let dataset = dataset.into();
        let Some(origin) = dataset.origin(dataset.as_of) else {
            warnings.error(None, "nothing_complete", say::nothing_complete(dataset.as_of));
            return Err(warnings);
        };
        let last = origin.made.plus(2);
        let unknown = |f: &&Factor| f.from <= last && f.known > origin.as_of && f.known == f.from.first_day();
        for factor in dataset.factors.iter().filter(unknown) {
            let message = say::factor_not_known_yet(factor.from);
            warnings.warn(factor.place.clone(), "not_known_yet", message, say::counts_from_its_begin());
        }
        let answers = dataset.frontline.iter().chain(&dataset.overrides);
        let later = |a: &&Answer| a.made > origin.as_of && a.month > origin.cutoff && a.month <= last;
        for answer in answers.filter(later) {
            let message = say::answer_of_a_later_day(answer.made, origin.as_of);
            warnings.warn(answer.place.clone(), "later_than_as_of", message, say::not_used_yet());
        }
        let known = dataset.at(origin);
        for answer in known.frontline.iter().chain(&known.overrides).filter(|a| a.month > last) {
            let message = say::answer_beyond(answer.month, last);
            warnings.warn(answer.place.clone(), "not_forecast_yet", message, say::not_used_for_now());
        }
        for (rows, used) in [(&dataset.frontline, &known.frontline), (&dataset.overrides, &known.overrides)] {
            earlier(rows, used, origin, &mut warnings);
        }
        let mut fit = Learner::new(&dataset).at(&known);
        fit.parameters = learn::taught(&known, &fit.parameters);
        let point = point::forecast(&known, &fit.parameters, &mut warnings);
        let largest =
            point.revision.exact.iter().fold(0.0, |most: f64, x| if x.is_finite() { most.max(*x) } else { f64::MAX });
        if largest > LARGEST {
            warnings.error(None, "too_large", say::forecast_too_large());
        }
        if warnings.any_error() {
            return Err(warnings);
        }
        let spreads = spreads(&dataset, &dataset.at(origin), &fit, &point);
        Ok(Outlook {
            origin,
            fit,
            point,
            spreads,
            warnings,
            dataset,
            widest: OnceLock::new(),
            horizon: OnceLock::new(),
        })
    }

    /// The data as visible at the origin.
    pub fn known(&self) -> Known<'_> {
        self.dataset.at(self.origin)
    }

    /// What the steps were run with.
    pub fn parameters(&self) -> &Parameters {
        &self.fit.parameters
    }

    /// Whether a product is not on the range in a month: after its last month, or before its launch.
    pub fn is_off(&self, known: &Known, series: usize, month: Month) -> bool {
        let product = self.dataset.grid.series[series].product;
        let gone = known.retire(product).is_some_and(|last| month > last);
        gone || known.launch(product).is_some_and(|launch| launch > month.last_day())
    }

    /// low80, high80, low95, high95 of a series in a month forecast (by its index), in units; none without past errors.
    pub fn bounds(&self, known: &Known, series: usize, month: usize) -> Option<[f64; 4]> {
        let spread = self.spreads.get(month)?.as_ref()?;
        let exact = *self.point.revision.exact.get((series, month))?;
        let units = *self.point.units.get((series, month))?;
        let is_off = exact == 0.0 && self.is_off(known, series, *self.months().get(month)?);
        if is_off {
            return Some([0.0; 4]);
        }
        // What is printed as the forecast lies inside, however it was rounded.
        let [low80, high80, low95, high95] = spread.bounds(exact, series);
        Some([low80.min(units), high80.max(units), low95.min(units), high95.max(units)])
    }

    /// The same of a region node and group, whose exact forecast and forecast as printed are given: of the sum, as the
    /// errors of past months would make it, not the sum of the bounds; but never beyond the sum of the bounds, which is
    /// where everything goes wrong together: of few past months the tails of sums are anybody's guess.
    pub fn node_bounds(
        &self,
        node: usize,
        group: usize,
        month: usize,
        (exact, printed): (f64, f64),
    ) -> Option<[f64; 4]> {
        let spread = self.spreads.get(month)?.as_ref()?;
        let [low80, high80, low95, high95] = spread.of_node(exact, &self.dataset.grid, node, group)?;
        let grid = &self.dataset.grid;
        let widest = self.widest.get_or_init(|| self.sums_of_bounds());
        let mut sums = [0.0; 4];
        for leaf in grid.regions.leaves(node) {
            sums.iter_mut().zip(widest[(grid.cell(leaf, group), month)]).for_each(|(sum, x)| *sum += x);
        }
        let (low80, high80) = (low80.max(sums[0]), high80.min(sums[1]));
        let (low95, high95) = (low95.max(sums[2]), high95.min(sums[3]));
        Some([low80.min(printed), high80.max(printed), low95.min(printed), high95.max(printed)])
    }

    fn sums_of_bounds(&self) -> Array2<[f64; 4]> {
        let (known, grid, months) = (self.known(), &self.dataset.grid, self.months().len());
        let of = |(cell, month): (usize, usize)| {
            let bounds = grid.in_cell(cell).filter_map(|series| self.bounds(&known, series, month));
            bounds.fold([0.0; 4], |sum, x| std::array::from_fn(|i| sum[i] + x[i]))
        };
        let cells: Vec<[f64; 4]> =
            (0..grid.cell_count() * months).into_par_iter().map(|at| of((at / months, at % months))).collect();
        Array2::from_shape_vec((grid.cell_count(), months), cells).unwrap_or_default()
    }

    /// Levels times mixes of every month to the end of the next fiscal year, not revised ([`Point::horizon`]).
    pub fn horizon(&self) -> &Baseline {
        self.horizon.get_or_init(|| self.point.horizon(&self.known(), self.parameters()))
    }

    /// Units of a series in a month ahead (by its index in the horizon), unrounded and as printed: whole where it is one of
    /// those forecast and the group's units are.
    pub fn ahead(&self, series: usize, k: usize) -> (f64, f64) {
        match (self.point.revision.exact.get((series, k)), self.point.units.get((series, k))) {
            (Some(exact), Some(whole)) => (*exact, *whole),
            _ => [self.horizon().units[(series, k)]; 2].into(),
        }
    }

    /// The months forecast: lag 0 during a month, lag 1 and 2.
    pub fn months(&self) -> &[Month] {
        &self.point.baseline.months
    }

    /// Units of series x month after each of the ledger's [`STEPS`].
    pub fn steps(&self) -> [ArrayView2<'_, f64>; STEPS.len()] {
        let (point, revision) = (&self.point, &self.point.revision);
        let steps = [&point.baseline.units, &revision.cut, &revision.frontline, &revision.progress, &revision.exact];
        let view = |step: usize| steps.get(step).map_or(point.units.view(), |units| units.view());
        std::array::from_fn(view)
    }

    /// The statistical forecast of a series in a month forecast (by its index) without planned events, in units; none
    /// where no event changed it, or where one left nothing of it.
    pub fn without_events(&self, series: usize, month: usize) -> Option<f64> {
        let (grid, point) = (&self.dataset.grid, &self.point);
        let of = grid.series.get(series)?;
        let level = point.level.get(grid.cell(of.leaf, of.group), *self.months().get(month)?);
        let events = level.map_or(1.0, |c| c.events) * point.baseline.events(series, month);
        (events != 1.0 && events > 0.0).then(|| point.baseline.units[(series, month)] / events)
    }

    /// Whether a series is forecast: it sold within the last twelve months, or a launch brings it in.
    pub fn is_forecast(&self, known: &Known, series: usize) -> bool {
        is_alive(known, series) || self.point.units.row(series).iter().any(|x| *x > 0.0) || self.is_new(known, series)
    }

    fn is_new(&self, known: &Known, series: usize) -> bool {
        let product = self.dataset.grid.series[series].product;
        let last = self.origin.made.plus(2).last_day();
        let new = |launch: NaiveDate| launch <= last && self.origin.cutoff.since(Month::of(launch)) < NEW_MONTHS;
        known.seen(series).is_none() && known.launch(product).is_some_and(new)
    }
}
