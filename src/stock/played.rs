//! What levels were good for: of each probability the share of past sums that its quantile covered, and the share of past
//! months that ended without a shortage when the quantiles were played as order-up-to levels.
//!
//! The two differ where what is not there is lost and not owed: after a peak more is left than the level allows for, so a
//! level whose sum was covered in 9 of 10 cases leaves fewer than 1 month of 10 short. How many fewer depends on how demand
//! and forecasts move, so it is measured and not derived. Source: Huh, Janakiraman, Muckstadt, Rusmevichientong 2009
//! (Management Science 55): order-up-to levels under lost sales lie below those under backorders; Bijvank, Vis 2011 (EJOR
//! 215), a review.

use std::collections::VecDeque;

use ndarray::ArrayView2;

use super::source::Source;
use crate::stages::interval::Errors;

/// Probabilities at which past levels are looked at.
pub const ASKED: [f64; 13] = [0.01, 0.25, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99, 0.9999];
/// Past sums looked at, at most: more make the shares no truer.
const LOOKED_AT: usize = 4_000;

/// Forecasts of sums of months as they were, beside what came.
#[derive(Clone, Debug)]
pub struct Sums {
    /// Forecasts and actuals, origins x series.
    pub errors: Errors,
    /// Months summed.
    pub months: usize,
    /// Month index of each origin, ascending.
    pub origins: Vec<usize>,
    /// Where they come from.
    pub source: Source,
}

/// Shares by `ASKED`.
pub type Shares = [f64; ASKED.len()];

impl Sums {
    /// Of each of `ASKED` the share of past sums that its level (by origin and series) was enough for.
    pub fn covered(&self, level: impl Fn(usize, usize, f64) -> f64) -> Shares {
        let rows: Vec<(usize, usize, f64)> = self.errors.rows().map(|(o, s, _, actual)| (o, s, actual)).collect();
        let step = rows.len().div_ceil(LOOKED_AT).max(1);
        let looked_at: Vec<(usize, usize, f64)> = rows.into_iter().step_by(step).collect();
        ASKED.map(|u| {
            let enough = |&&(o, s, actual): &&(usize, usize, f64)| actual <= level(o, s, u) + SLACK;
            looked_at.iter().filter(enough).count() as f64 / looked_at.len().max(1) as f64
        })
    }

    /// Of each of `ASKED` the share of months that ended without a shortage, had one ordered up to its level (by origin
    /// and series) at the close of every month, goods arriving as many months later as the sums have less one, and what
    /// was not there been lost. `units` is what was sold, series x month. None without such months.
    ///
    /// And of the units asked for in these months the share that was there.
    pub fn served(&self, units: ArrayView2<f64>, level: impl Fn(usize, usize, f64) -> f64) -> Option<[Shares; 2]> {
        let series = self.errors.whole().len();
        let rows = self.errors.rows().count();
        let looked_at: Vec<usize> = (0..series).step_by(rows.div_ceil(LOOKED_AT).max(1)).collect();
        let mut out = [[0.0; ASKED.len()]; 2];
        for (i, u) in ASKED.into_iter().enumerate() {
            let mut all = Counted::default();
            for s in &looked_at {
                for run in self.runs(*s) {
                    all.add(self.play(run, *s, units, |o| level(o, *s, u)));
                }
            }
            if all.months == 0 {
                return None;
            }
            out[0][i] = (all.months - all.short) as f64 / all.months as f64;
            out[1][i] = if all.asked > 0.0 { all.served / all.asked } else { 1.0 };
        }
        Some(out)
    }

    /// Stretches of origins a month apart at all of which a series counts.
    fn runs(&self, s: usize) -> Vec<std::ops::Range<usize>> {
        let mut out: Vec<std::ops::Range<usize>> = Vec::new();
        for o in (0..self.origins.len()).filter(|o| self.errors.get(*o, s).is_some()) {
            match out.last_mut() {
                Some(run) if run.end == o && self.origins[o - 1] + 1 == self.origins[o] => run.end = o + 1,
                _ => out.push(o..o + 1),
            }
        }
        out
    }

    /// Months of a stretch, after its first delivery and half of its orders, and those of them that ended short. It begins
    /// as if demand had been as forecast until then: with what the first level leaves once a month's mean is on the way for
    /// each month of lead. Nothing is left over from a peak in that, so its first half says too little of what stock does.
    fn play(
        &self,
        run: std::ops::Range<usize>,
        s: usize,
        units: ArrayView2<f64>,
        level: impl Fn(usize) -> f64,
    ) -> Counted {
        let lead = self.months - 1;
        let counted_from = lead + run.len() / 2;
        let first = self.origins[run.start];
        let a_month = self.errors.get(run.start, s).map_or(0.0, |(forecast, _)| forecast) / self.months as f64;
        let mut on_hand = (level(run.start) - a_month * lead as f64).max(0.0);
        let mut on_way: VecDeque<f64> = vec![a_month; lead].into();
        let mut out = Counted::default();
        for k in 0..run.len() + lead {
            if k > 0 {
                // Nobody orders after the stretch; the months until its last order arrives are still its own.
                let missing = |level: f64| (level - on_hand - on_way.iter().sum::<f64>()).max(0.0);
                let ordered = if k < run.len() { missing(level(run.start + k)) } else { 0.0 };
                on_way.push_back(ordered);
                if lead == 0 {
                    on_hand += on_way.pop_front().unwrap_or(0.0);
                }
            }
            let Some(demand) = units.get((s, first + k + 1)) else { break };
            if k >= counted_from {
                out.months += 1;
                out.short += usize::from(*demand > on_hand + SLACK);
                out.asked += demand.max(0.0);
                out.served += demand.max(0.0).min(on_hand);
            }
            on_hand = (on_hand - demand.max(0.0)).max(0.0) + on_way.pop_front().unwrap_or(0.0);
        }
        out
    }
}

/// What was counted while levels were played.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    /// Months, and those that ended short.
    months: usize,
    short: usize,
    /// Units asked for, and those that were there.
    asked: f64,
    served: f64,
}

impl Counted {
    fn add(&mut self, more: Counted) {
        self.months += more.months;
        self.short += more.short;
        self.asked += more.asked;
        self.served += more.served;
    }
}

/// Less than this of a unit is rounding of the arithmetic.
const SLACK: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// One series forecast at 20 for two months together, from month indices 10, 11 and 12.
    fn sums(origins: [usize; 3], demand: [f64; 15]) -> (Sums, Array2<f64>) {
        let mut errors = Errors::new(3, vec![true], vec![0]);
        for (o, t) in origins.into_iter().enumerate() {
            errors.set(o, 0, 20.0, demand[t + 1] + demand.get(t + 2).copied().unwrap_or(0.0));
        }
        let units = Array2::from_shape_fn((1, 15), |(_, t)| demand[t]);
        (Sums { errors, months: 2, origins: origins.to_vec(), source: Source::Backtest }, units)
    }

    #[test]
    fn what_is_lost_is_not_owed() {
        let mut demand = [10.0; 15];
        demand[11..].copy_from_slice(&[20.0, 9.0, 9.0, 16.0]);
        let (sums, units) = sums([10, 11, 12], demand);
        let level = |_: usize, _: usize, _: f64| 25.0;
        // 29, 18 and 25 against 25.
        assert_eq!(sums.covered(level), [2.0 / 3.0; ASKED.len()]);
        // 15 on hand and 10 on the way; 20 asked, 5 lost, 10 come; order 15; 9 of 10 sold, 15 come; order 9; 9 of 16
        // sold, 9 come; 16 of 16 sold. Had the 5 been owed, the second month would have been short.
        let [months, of_units] = sums.served(units.view(), level).unwrap();
        // Of 9 + 16 asked for in the later half all were there.
        assert_eq!((months, of_units), ([1.0; ASKED.len()], [1.0; ASKED.len()]));
        // One more asked for in the last month is one too many.
        let mut more = units;
        more[(0, 14)] = 17.0;
        let [months, of_units] = sums.served(more.view(), level).unwrap();
        assert_eq!((months, of_units), ([0.5; ASKED.len()], [25.0 / 26.0; ASKED.len()]));
    }

    #[test]
    fn a_month_without_an_origin_begins_anew() {
        // Three stretches of one order each: of each the month that its order is there for is looked at.
        let (sums, mut units) = sums([8, 10, 12], [10.0; 15]);
        [10, 12, 14].into_iter().for_each(|t| units[(0, t)] = 11.0);
        let level = |_: usize, _: usize, u: f64| if u > 0.5 { 21.0 } else { 20.0 };
        let [served, _] = sums.served(units.view(), level).unwrap();
        assert_eq!(sums.runs(0), [0..1, 1..2, 2..3]);
        for (share, u) in served.iter().zip(ASKED) {
            assert_eq!(*share, if u > 0.5 { 1.0 } else { 0.0 }, "{u}");
        }
    }

    #[test]
    fn months_that_have_not_come_are_not_counted() {
        let (sums, units) = sums([10, 11, 12], [10.0; 15]);
        assert_eq!(sums.served(units.slice(ndarray::s![.., ..12]), |_, _, _| 30.0), None);
    }
}
