//! A run: the data, when and how it was looked at, and the forecast with every step's output.

use chrono::NaiveDate;

use crate::dataset::{Dataset, Factor, Known, NEW_MONTHS, Origin};
use crate::error::Problems;
use crate::fit::{Fit, Learner};
use crate::messages::planning as say;
use crate::month::Month;
use crate::point::{self, Point};
use crate::sheet::cell::LARGEST;
use crate::stages::Parameters;
use crate::stages::mix::is_alive;

/// Everything a report shows.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The data.
    pub dataset: Dataset,
    /// When and how the forecast was made.
    pub origin: Origin,
    /// What the steps were run with, and why.
    pub fit: Fit,
    /// The forecast and how it came about.
    pub point: Point,
    /// Everything to be said about the data.
    pub warnings: Problems,
}

impl Outlook {
    /// Forecasts; the problems where the data allow none.
    pub fn new(dataset: Dataset, mut warnings: Problems) -> Result<Outlook, Problems> {
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
        let known = dataset.at(origin);
        let fit = Learner::new(&dataset).at(&known);
        let point = point::forecast(&known, &fit.parameters, &mut warnings);
        let largest =
            point.revision.exact.iter().fold(0.0, |most: f64, x| if x.is_finite() { most.max(*x) } else { f64::MAX });
        if largest > LARGEST {
            warnings.error(None, "too_large", say::forecast_too_large());
        }
        if warnings.any_error() {
            return Err(warnings);
        }
        Ok(Outlook { origin, fit, point, warnings, dataset })
    }

    /// The data as visible at the origin.
    pub fn known(&self) -> Known<'_> {
        self.dataset.at(self.origin)
    }

    /// What the steps were run with.
    pub fn parameters(&self) -> &Parameters {
        &self.fit.parameters
    }

    /// The months forecast: lag 0 during a month, lag 1 and 2.
    pub fn months(&self) -> &[Month] {
        &self.point.baseline.months
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
