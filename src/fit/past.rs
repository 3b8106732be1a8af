//! What past origins forecast, by the fitted road and by the plain rules, and what came.

use ndarray::{Array2, s};
use rayon::prelude::*;

use super::learn::{Memory, Origin};
use crate::dataset::known;
use crate::dataset::{Dataset, Mode};
use crate::error::Problems;
use crate::point;
use crate::stages::Parameters;
use crate::stages::demand::in_sales_space;
use crate::stages::level::YEAR_AND_ONE;
use crate::stages::panel::{FEATURES, length};

/// Past origins whose errors are kept: two years of each calendar month.
const KEPT: usize = 24;
/// Past origins at which the plain rules are run beside the fitted road: a year.
const COMPARED: usize = 12;
/// Fewer origins than this decide nothing, nor do those that had learned from fewer.
const LEAST_ORIGINS: usize = 3;

/// Forecasts of past origins with what came, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// One entry an origin and step ahead.
    pub months: Vec<PastMonth>,
}

/// One month as forecast from one past origin, over the series that were live then (a sample of them in large folders).
#[derive(Clone, Debug)]
pub struct PastMonth {
    /// Month index of the origin.
    pub origin: usize,
    /// Steps ahead.
    pub step: usize,
    /// How many origins the fitted road had learned from by then.
    pub learned_from: usize,
    /// The series.
    pub series: Vec<usize>,
    /// Units forecast by the fitted road, as sales at the month's availability; none where it could not speak.
    pub fitted: Option<Vec<f64>>,
    /// The same of the plain rules; none where they were not run.
    pub plain: Option<Vec<f64>>,
    /// Units sold.
    pub actual: Vec<f64>,
}

/// Whether the fitted road is used, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gate {
    /// Whether it is used, at every step ahead or at none.
    pub used: bool,
    /// By step ahead, from 1 on.
    pub steps: Vec<Compared>,
}

/// The fitted road beside the plain rules at past origins, for one step ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Compared {
    /// Past origins compared.
    pub origins: usize,
    /// Rows compared (series x origin).
    pub rows: usize,
    /// Sum over these months of the fitted road's WAPE, `sum |forecast - sold| / sum sold`, so that each month counts
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

    /// Mean WAPE of the fitted road and of the plain rules, shares; none without origins.
    pub fn wape(&self) -> Option<(f64, f64)> {
        let n = self.origins as f64;
        (self.origins > 0).then(|| (self.fitted / n, self.plain / n))
    }
}

/// Why the fitted road is used, or is not.
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
    /// Whether the fitted road is used at a cutoff, all steps taken together. It must have been tried at enough past
    /// origins, on as many rows as its regression has coefficients; and it must have been nearer to what came than the
    /// plain rules where these stood on the same footing as now: on last year's month, which takes thirteen months of
    /// history, or on the last three. Where they are new to their footing there is nothing to compare. Origins whose
    /// own regression had hardly anything to learn from say nothing of today's.
    pub fn gate(&self, cutoff: usize, steps: usize) -> Gate {
        let mut gate = Gate { used: false, steps: vec![Compared::default(); steps] };
        let footing = |origin: usize| origin + 1 >= YEAR_AND_ONE;
        let (mut tried, mut rows) = (0, 0);
        for month in self.months.iter().filter(|m| m.learned_from >= LEAST_ORIGINS) {
            let (Some(fitted), Some(plain)) = (&month.fitted, &month.plain) else { continue };
            let sold: f64 = month.actual.iter().map(|y| y.abs()).sum();
            if sold <= 0.0 {
                continue;
            }
            rows += month.actual.len();
            tried += usize::from(month.step == 1);
            if footing(month.origin) != footing(cutoff) {
                continue;
            }
            let miss = |f: &[f64]| f.iter().zip(&month.actual).map(|(f, y)| (f - y).abs()).sum::<f64>() / sold;
            if let Some(step) = gate.steps.get_mut(month.step - 1) {
                step.add(&Compared { origins: 1, rows: month.actual.len(), fitted: miss(fitted), plain: miss(plain) });
            }
        }
        let mut all = Compared::default();
        gate.steps.iter().for_each(|step| all.add(step));
        let compared = gate.steps.first().map_or(0, |step| step.origins);
        let learned = tried >= LEAST_ORIGINS && rows >= FEATURES;
        gate.used = learned && (compared < LEAST_ORIGINS || all.fitted < all.plain);
        gate
    }
}

impl Memory {
    /// The past of a cutoff.
    pub(super) fn past(
        &mut self,
        data: &Dataset,
        (plain, fitted): (&Parameters, &Parameters),
        cutoff: usize,
        steps: usize,
    ) -> Past {
        let compared = cutoff.saturating_sub(COMPARED);
        self.origins[compared..cutoff].par_iter_mut().flatten().for_each(|origin| {
            if origin.plain.is_none() {
                origin.plain = Some(plain_rules(data, plain, origin, steps));
            }
        });
        let mut months = Vec::new();
        for origin in self.origins[cutoff.saturating_sub(KEPT)..cutoff].iter().flatten() {
            for step in 1..=steps {
                if origin.features.origin + step <= cutoff {
                    let mut month = self.past_month(data, origin, step, (plain, fitted));
                    // What an earlier cutoff compared is not compared again.
                    month.plain = month.plain.filter(|_| origin.features.origin >= compared);
                    months.push(month);
                }
            }
        }
        Past { months }
    }

    fn past_month(
        &self,
        data: &Dataset,
        origin: &Origin,
        step: usize,
        (by_plain, by_fit): (&Parameters, &Parameters),
    ) -> PastMonth {
        let f = &origin.features;
        let t = f.origin + step;
        let block = self.groupings.block();
        let length = length(data, t);
        let fitted = origin.numbers[step - 1].as_ref().map(|n| {
            let of = |(share, s): (&f64, &usize)| {
                let b = block.of[*s];
                share * n.totals[b].value / origin.scale[b] * length
            };
            n.shares.iter().zip(&f.series).map(of).collect()
        });
        let plain = origin.plain.as_ref().map(|p| p.column(step - 1).to_vec());
        // Forecasts are of demand, what came are sales: compared as sales, at the availability that the month had.
        let availability = data.availability.as_ref().map(|a| a.column(t));
        let as_sales = |demand: Vec<f64>, parameters: &Parameters| {
            let Some(availability) = availability.filter(|a| a.iter().any(|a| *a < 1.0)) else { return demand };
            let mut all = data.units.column(t).to_vec();
            f.series.iter().zip(&demand).for_each(|(s, x)| all[*s] = *x);
            let all = in_sales_space(&data.grid, &all, Some(availability), parameters);
            f.series.iter().map(|s| all[*s]).collect()
        };
        PastMonth {
            origin: f.origin,
            step,
            learned_from: self.step(f.origin, step).map_or(0, |s| s.origins),
            fitted: fitted.map(|x| as_sales(x, by_fit)),
            plain: plain.map(|x| as_sales(x, by_plain)),
            actual: f.series.iter().map(|&s| data.units[(s, t)]).collect(),
            series: f.series.clone(),
        }
    }
}

/// The plain rules at a past origin, for its series by step ahead, before revision.
fn plain_rules(data: &Dataset, plain: &Parameters, origin: &Origin, steps: usize) -> Array2<f64> {
    let cutoff = data.month(origin.features.origin);
    let (mode, made) = if steps > 2 { (Mode::During, cutoff.plus(1)) } else { (Mode::Close, cutoff) };
    let known = data.at(known::Origin { as_of: cutoff.last_day(), cutoff, made, mode });
    // Problems of targets are reported by the run itself.
    let run = point::steps(&known, plain, &mut Problems::default());
    let mut out = Array2::zeros((origin.features.len(), steps));
    for (mut row, &series) in out.rows_mut().into_iter().zip(&origin.features.series) {
        row.assign(&run.baseline.units.slice(s![series, ..steps]));
    }
    out
}
