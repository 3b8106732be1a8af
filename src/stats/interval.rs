//! Intervals from few errors, and how good they are (docs/METHOD.md#intervals).
//!
//! The error of a month is `e = (y / m)^(1/3) - (f / m)^(1/3)`, y sold, f forecast, m the larger of f and a quarter of
//! what the series usually sells (u), in counts half a unit more. The cube root makes gamma, Poisson and
//! negative-binomial quantities nearly normal (Wilson, Hilferty 1931) and takes zeros; m keeps a forecast near zero of a
//! series that sells from being a reason for infinite errors. Its scale is `sigma = q m^p x s`: a law of the size,
//! learned from all series (which has counting noise for p = -1/2), times a series' own factor s drawn to the pool's
//! (`squeeze`). What comes of a forecast is the weighted conformal distribution of `e / sigma` of all series of like
//! size, each in the scale that the series' other months give it (`quantiles`; Vovk, Gammerman, Shafer 2005; weights
//! as of Tibshirani et al. 2019), recent months and those of a year ago first, stretched where few months stand behind
//! it (`recent`). Two limits: the forecast lies between the 40% and the 60% quantile (docs/METHOD.md#intervals), and
//! no value goes further beyond the larger of f and u than any series did, in units of the law.
//! [`Spread`] is the predictive distribution of a series; [`Sums`] are sums of series as series.
//! Sources: Gneiting, Raftery 2007 (JASA 102) for the scores; Bracher et al. 2021 for the weighted interval score.

mod joint;
mod pool;
mod quantiles;
mod recent;
mod scale;
mod spread;
mod squeeze;
#[cfg(test)]
mod simulated_tests;

pub use joint::Sums;
pub use quantiles::normal_quantile;
pub use spread::{LEVELS, Past, Spread};

/// Interval score of [low, high] with coverage `1 - alpha` at an actual.
pub fn interval_score(low: f64, high: f64, actual: f64, alpha: f64) -> f64 {
    high - low + 2.0 / alpha * ((low - actual).max(0.0) + (actual - high).max(0.0))
}

/// Weighted interval score: half of `|actual - median|` and `alpha/2` of each interval's score, over `K + 1/2`.
/// Intervals are (alpha, low, high).
pub fn weighted_interval_score(median: f64, intervals: &[(f64, f64, f64)], actual: f64) -> f64 {
    let scores = intervals.iter().map(|&(alpha, low, high)| alpha / 2.0 * interval_score(low, high, actual, alpha));
    (0.5 * (actual - median).abs() + scores.sum::<f64>()) / (intervals.len() as f64 + 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        let found = weighted_interval_score(100.0, &[(0.2, 85.0, 118.0), (0.5, 94.0, 107.0)], 121.0);
        assert!((found - 13.62).abs() < 1e-12, "{found}");
    }
}
