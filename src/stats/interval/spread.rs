//! The predictive distribution of one region x product, from its and the others' past errors.

use ndarray::ArrayView2;

use super::pool::{Pool, Row};
use super::quantiles::{STEPS, cumulative, quantile};
use super::scale::Scale;

/// The probabilities of low80, high80, low95, high95.
pub const LEVELS: [f64; 4] = [0.1, 0.9, 0.025, 0.975];

/// Two quantiles of a count that differ by less than this lie on the same side of a whole number.
const ROUNDING: f64 = 1e-9;

/// Past forecasts for one lag, origins x series, oldest origin first, each with its actual. All views have one shape.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// Units forecast, at least 0.
    pub forecasts: ArrayView2<'a, f64>,
    /// Units that came, at least 0.
    pub actuals: ArrayView2<'a, f64>,
    /// Whether a row counts: the series was sold and is comparable.
    pub counts: ArrayView2<'a, bool>,
    /// Whether a series is sold in whole units, by series; may go on with series that have no errors.
    pub whole: &'a [bool],
}

/// Predictive distributions for the next month, one lag.
#[derive(Clone, Debug)]
pub struct Spread {
    pool: Pool,
    whole: Vec<bool>,
    /// Whether all series are sold in whole units: then a new one is, too.
    all_whole: bool,
    /// Mean units sold in the months that count, by series.
    usual: Vec<f64>,
}

impl Spread {
    /// Learns from past errors; none where no row counts that forecast or sold anything: then there are no bounds.
    pub fn learn(past: &Past) -> Option<Self> {
        let (months, series) = past.forecasts.dim();
        debug_assert!(past.actuals.dim() == (months, series) && past.counts.dim() == (months, series));
        let whole = |s: usize| past.whole.get(s).copied().unwrap_or(false);
        let count = |at: (usize, usize), forecast: f64| {
            let actual = *past.actuals.get(at)?;
            past.counts.get(at)?.then_some((at, forecast, actual.max(0.0)))
        };
        let counted = || past.forecasts.indexed_iter().filter_map(|(at, forecast)| count(at, *forecast));
        let mut usual = vec![0.0; series];
        let mut n = vec![0.0_f64; series];
        counted().for_each(|((_, s), _, actual)| (usual[s], n[s]) = (usual[s] + actual, n[s] + 1.0));
        usual.iter_mut().zip(&n).for_each(|(usual, n)| *usual /= n.max(1.0));
        let row = |((month, s), forecast, actual): ((usize, usize), f64, f64)| {
            let scale = Scale::new(forecast, usual[s], whole(s));
            let sum = (usual[s] * n[s] - actual).max(0.0);
            let others = [sum / (n[s] - 1.0).max(1.0), sum / n[s]];
            (!scale.is_zero()).then_some(Row { month, series: s, scale, actual, others })
        };
        let pool = Pool::learn(counted().filter_map(row).collect(), months, series)?;
        let all_whole = (0..series).all(whole);
        let whole = (0..series.max(past.whole.len())).map(whole).collect();
        Some(Self { pool, usual, all_whole, whole })
    }

    fn is_whole(&self, series: usize) -> bool {
        self.whole.get(series).copied().unwrap_or(self.all_whole)
    }

    /// Hands the distribution of a forecast's actual to `with`: a rising function of the place in the table, at which a
    /// count y covers y .. y + 1. Nothing comes of nothing: a quantity neither forecast nor sold.
    fn with<T>(&self, forecast: f64, series: usize, with: impl Fn(&dyn Fn(usize) -> f64) -> T) -> T {
        let usual = self.usual.get(series).copied().unwrap_or(0.0);
        let scale = Scale::new(forecast, usual, self.is_whole(series));
        if scale.is_zero() { with(&|_| 0.0) } else { with(&self.pool.values(scale, usual, series)) }
    }

    /// Probabilities of an actual under `actual`, and of one not over it.
    fn probabilities(&self, forecast: f64, series: usize, actual: f64) -> (f64, f64) {
        let whole = self.is_whole(series);
        self.with(forecast, series, |at| {
            let upto = cumulative(at, actual + if whole { 1.0 } else { 0.0 }).1;
            let under = if actual <= 0.0 { 0.0 } else { cumulative(at, actual).0 };
            (under.min(upto), upto)
        })
    }

    /// Quantile of the actual at probability `u`: whole for whole units.
    pub fn sample(&self, forecast: f64, series: usize, u: f64) -> f64 {
        let x = self.with(forecast, series, |at| quantile(at, u)).max(0.0);
        if self.is_whole(series) { (x - 1.0 - ROUNDING).ceil().max(0.0) } else { x }
    }

    /// low80, high80, low95, high95 of a forecast: `0 <= low95 <= low80 <= forecast <= high80 <= high95`, whole for
    /// whole units. A series without history of its own has the pool's.
    pub fn bounds(&self, forecast: f64, series: usize) -> [f64; 4] {
        let forecast = forecast.max(0.0);
        let [low80, high80, low95, high95] = LEVELS.map(|p| self.sample(forecast, series, p));
        let (under, over) =
            if self.is_whole(series) { (forecast.floor(), forecast.ceil()) } else { (forecast, forecast) };
        let (low80, high80) = (low80.min(under), high80.max(over));
        [low80, high80, low95.min(low80), high95.max(high80)]
    }

    /// Probability that the actual counts as inside of the 80% and of the 95% interval, ties broken at random: the part
    /// of [P(Y < y), P(Y <= y)] that lies in [.1, .9] and in [.025, .975].
    pub fn inside(&self, forecast: f64, series: usize, actual: f64) -> [f64; 2] {
        let (under, upto) = self.probabilities(forecast, series, actual);
        [[LEVELS[0], LEVELS[1]], [LEVELS[2], LEVELS[3]]].map(|[low, high]| {
            if upto - under > ROUNDING {
                return (upto.min(high) - under.max(low)).max(0.0) / (upto - under);
            }
            if (low..=high).contains(&upto) { 1.0 } else { 0.0 }
        })
    }

    /// Where the actual lies in its distribution, within (0, 1): the middle of P(Y < y) and P(Y <= y). `sample` at this
    /// is the actual again, so that a past month's scores can be applied to other forecasts.
    pub fn score(&self, forecast: f64, series: usize, actual: f64) -> f64 {
        let (under, upto) = self.probabilities(forecast, series, actual);
        let edge = 0.5 / (STEPS + 1) as f64;
        f64::midpoint(under, upto).clamp(edge, 1.0 - edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use proptest::prelude::*;

    /// Forecasts, actuals and today's forecast made of whole numbers that look random.
    fn folder(months: usize, series: usize, seed: usize) -> (Array2<f64>, Array2<f64>) {
        let noise = |m: usize, s: usize| ((m * 7919 + s * 104_729 + seed * 31 + m * s * 13) % 101) as f64 / 101.0;
        let forecasts =
            Array2::from_shape_fn((months, series), |(m, s)| (1 + s * s) as f64 * (0.7 + 0.6 * noise(s, m)));
        let actuals =
            Array2::from_shape_fn((months, series), |(m, s)| (forecasts[[m, s]] * (0.4 + 1.2 * noise(m, s))).round());
        (forecasts, actuals)
    }

    fn learn(forecasts: &Array2<f64>, actuals: &Array2<f64>, whole: bool) -> Option<Spread> {
        let counts = Array2::from_elem(forecasts.dim(), true);
        let whole = vec![whole; forecasts.ncols()];
        Spread::learn(&Past {
            forecasts: forecasts.view(),
            actuals: actuals.view(),
            counts: counts.view(),
            whole: &whole,
        })
    }

    #[test]
    fn no_errors_no_bounds() {
        assert!(learn(&Array2::zeros((0, 3)), &Array2::zeros((0, 3)), true).is_none());
        assert!(learn(&Array2::zeros((2, 0)), &Array2::zeros((2, 0)), true).is_none());
        // Nothing forecast and nothing sold.
        assert!(learn(&array![[0.0, 0.0]], &array![[0.0, 0.0]], false).is_none());
        let (forecasts, actuals) = folder(3, 4, 0);
        let counts = Array2::from_elem((3, 4), false);
        let past = Past { forecasts: forecasts.view(), actuals: actuals.view(), counts: counts.view(), whole: &[] };
        assert!(Spread::learn(&past).is_none());
    }

    #[test]
    fn one_error_already_gives_bounds() {
        let spread = learn(&array![[100.0]], &array![[120.0]], false).unwrap();
        let [low80, high80, low95, high95] = spread.bounds(200.0, 0);
        assert!(
            low95 <= low80 && low80 < 200.0 && high80 >= 240.0 && high95 >= high80,
            "{:?}",
            spread.bounds(200.0, 0)
        );
    }

    #[test]
    fn exact_forecasts_have_narrow_bounds() {
        let forecasts = Array2::from_elem((5, 8), 40.0);
        let spread = learn(&forecasts, &forecasts, false).unwrap();
        let bounds = spread.bounds(40.0, 3);
        assert!(bounds.iter().all(|b| (b / 40.0 - 1.0).abs() < 1e-4), "{bounds:?}");
    }

    #[test]
    fn forecasts_near_zero_do_not_blow_bounds_up() {
        // One of four series sells 300 as the others do, and was forecast at next to nothing until last month.
        let forecasts = Array2::from_shape_fn((12, 4), |(m, s)| if s == 0 && m < 11 { 1e-6 } else { 300.0 });
        let actuals = Array2::from_shape_fn((12, 4), |(m, s)| 300.0 + ((m * 7 + s * 5) % 11) as f64 - 5.0);
        for whole in [true, false] {
            let spread = learn(&forecasts, &actuals, whole).unwrap();
            for series in 0..5 {
                let [_, high80, _, high95] = spread.bounds(355.0, series);
                assert!(high80 < 450.0 && high95 < 450.0, "{series}: {high80} {high95}");
            }
            // Its actuals are known though nothing is forecast.
            let bounds = spread.bounds(0.0, 0);
            assert!(bounds[0] == 0.0 && (200.0..=450.0).contains(&bounds[3]), "{bounds:?}");
        }
        // Nothing forecast, nothing ever sold: nothing; whole units as the smallest forecasts had.
        let spread = learn(&(&forecasts * 0.0), &Array2::from_shape_fn((12, 4), |(m, s)| f64::from(m + s == 9)), true);
        let bounds = spread.unwrap().bounds(0.0, 2);
        assert!(bounds[0] == 0.0 && bounds[3] <= 2.0, "{bounds:?}");
    }

    #[test]
    fn a_shock_in_a_constant_series_stays_its_own() {
        let forecasts = Array2::from_elem((10, 6), 100.0);
        let actuals = Array2::from_shape_fn((10, 6), |(m, s)| match (m, s) {
            (9, 0) => 50.0,
            (_, 0) => 100.0,
            _ => 100.0 + ((m * 5 + s * 3) % 7) as f64 - 3.0,
        });
        let spread = learn(&forecasts, &actuals, true).unwrap();
        for series in 0..6 {
            let bounds = spread.bounds(100.0, series);
            assert!(bounds[1] < 130.0 && bounds[3] < 140.0 && bounds[2] > 20.0, "{series}: {bounds:?}");
        }
    }

    #[test]
    fn the_point_lies_in_the_middle() {
        // Forecasts were always a fifth too low.
        let (_, actuals) = folder(12, 30, 2);
        let spread = learn(&(&actuals * 0.8), &actuals, false).unwrap();
        for forecast in [3.0, 40.0, 500.0] {
            let (low, high) = (spread.sample(forecast, 3, 0.4), spread.sample(forecast, 3, 0.6));
            assert!(low <= forecast * (1.0 + 1e-9) && forecast <= high * (1.0 + 1e-9), "{low} {forecast} {high}");
        }
    }

    #[test]
    fn larger_errors_of_late_widen_the_bounds() {
        // Nine months, the last three of them late.
        let width = |early: f64, late: f64| {
            let forecasts = Array2::from_elem((9, 40), 100.0);
            let actuals = Array2::from_shape_fn((9, 40), |(m, s)| {
                100.0 + if m < 6 { early } else { late } * (((m * 7 + s * 13) % 21) as f64 - 10.0)
            });
            let [low, high, ..] = learn(&forecasts, &actuals, false).unwrap().bounds(100.0, 0);
            high - low
        };
        let [grown, fallen, small] = [width(1.0, 4.0), width(4.0, 1.0), width(1.0, 1.0)];
        assert!(grown > 2.5 * small && grown > 1.1 * fallen, "{grown} {fallen} {small}");
    }

    proptest! {
        #[test]
        fn bounds_are_ordered_and_hold_the_forecast(
            months in 1_usize..8, series in 1_usize..30, seed in 0_usize..1000,
            forecast in prop_oneof![Just(0.0), 0.0..2.0, 0.0..5000.0], whole: bool,
        ) {
            let (forecasts, actuals) = folder(months, series, seed);
            let spread = learn(&forecasts, &actuals, whole).unwrap();
            let at = seed % (series + 2);
            let [low80, high80, low95, high95] = spread.bounds(forecast, at);
            prop_assert!(0.0 <= low95 && low95 <= low80 && low80 <= forecast);
            prop_assert!(forecast <= high80 && high80 <= high95 && high95.is_finite());
            if whole {
                prop_assert!([low80, high80, low95, high95].iter().all(|b| b.fract() == 0.0));
            }
            // Quantiles rise; the score of an actual is inside of (0, 1); the parts inside are parts.
            let samples: Vec<f64> = (0..=50).map(|i| spread.sample(forecast, at, i as f64 / 50.0)).collect();
            prop_assert!(samples.windows(2).all(|w| w[0] <= w[1]), "{samples:?}");
            let actual = (forecast * (seed % 7) as f64 / 3.0).round();
            let score = spread.score(forecast, at, actual);
            prop_assert!(0.0 < score && score < 1.0);
            let inside = spread.inside(forecast, at, actual);
            prop_assert!(inside.iter().all(|i| (0.0..=1.0).contains(i)));
            // A higher actual never scores lower.
            prop_assert!(spread.score(forecast, at, actual + 1.0) >= score);
        }

        #[test]
        fn bounds_scale_with_the_units(months in 1_usize..8, series in 1_usize..30, seed in 0_usize..1000) {
            let (forecasts, actuals) = folder(months, series, seed);
            let spread = learn(&forecasts, &actuals, false).unwrap();
            let scaled = learn(&(&forecasts * 1000.0), &(&actuals * 1000.0), false).unwrap();
            for forecast in [0.0, 0.3, 17.0, 400.0] {
                let (a, b) = (spread.bounds(forecast, 0), scaled.bounds(forecast * 1000.0, 0));
                prop_assert!(a.iter().zip(b).all(|(a, b)| (a * 1000.0 - b).abs() <= 1e-9 * b.max(1.0)), "{a:?} {b:?}");
            }
        }

        #[test]
        fn counts_come_back_from_their_score(seed in 0_usize..1000, actual in 20_usize..60) {
            let (forecasts, actuals) = folder(12, 30, seed);
            let spread = learn(&forecasts, &actuals, true).unwrap();
            let actual = actual as f64;
            let again = spread.sample(40.0, 6, spread.score(40.0, 6, actual));
            prop_assert!((again - actual).abs() <= 1.0, "{again} {actual}");
        }
    }
}
