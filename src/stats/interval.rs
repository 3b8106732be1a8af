//! Intervals from few errors, and how good they are (METHOD G).
//!
//! A series' own variance of errors is drawn on the log scale to the pool's: weight `v / (v + 3.6 / n)`, where v is
//! how much the series' log variances truly differ. The width is a pooled conformal quantile of `error / sigma`.
//! [`Spread`] is the predictive distribution of a series; [`Sums`] are sums of series as series.
//! Sources: Gneiting, Raftery 2007 (JASA 102) for the scores; Bracher et al. 2021 for the weighted interval score.

mod joint;
mod months;
mod pool;
mod quantiles;
mod spread;
#[cfg(test)]
mod simulated_tests;

pub use joint::Sums;
pub use quantiles::normal_quantile;
pub use spread::{LEVELS, Past, Spread};

/// Sampling variance of a log variance from n errors is `3.6 / n`: 2/n of normal errors, times 1.8 for the heavier tails
/// that sales have.
const LOG_VARIANCE: f64 = 3.6;
/// How little the true variances can differ, so that the weight is defined.
const LEAST_SPREAD: f64 = 1e-4;
/// Below this a variance counts as this: a series without any error yet is not without risk.
const LEAST_VARIANCE: f64 = 1e-12;

/// What the series of a pool tell about the variance of one of them.
#[derive(Clone, Copy, Debug)]
struct Shrinkage {
    /// Mean log variance.
    mean: f64,
    /// How much the log variances truly differ.
    spread: f64,
}

impl Shrinkage {
    /// From (sum of squared errors, count) per series; none where no series has an error.
    fn learn(squares: &[(f64, usize)]) -> Option<Self> {
        let logs = || squares.iter().filter(|(_, n)| *n > 0).map(|&(s, n)| (log_variance(s, n), n as f64));
        let count = logs().count() as f64;
        if count == 0.0 {
            return None;
        }
        let mean = logs().map(|(l, _)| l).sum::<f64>() / count;
        let variance =
            if count > 1.0 { logs().map(|(l, _)| (l - mean).powi(2)).sum::<f64>() / (count - 1.0) } else { 0.0 };
        let noise = logs().map(|(_, n)| LOG_VARIANCE / n).sum::<f64>() / count;
        Some(Self { mean, spread: (variance - noise).max(LEAST_SPREAD) })
    }

    /// Standard deviation of a series with this sum of squares of `n` errors; the pool's with none.
    fn sigma(&self, squares: f64, n: usize) -> f64 {
        if n == 0 {
            return (self.mean / 2.0).exp();
        }
        let weight = self.spread / (self.spread + LOG_VARIANCE / n as f64);
        ((self.mean + weight * (log_variance(squares, n) - self.mean)) / 2.0).exp()
    }
}

fn log_variance(squares: f64, n: usize) -> f64 {
    (squares / n as f64).max(LEAST_VARIANCE).ln()
}

/// Standard deviations of each series' errors, drawn to the pool's. `squares` holds (sum of squared errors, count) per
/// series; a series without errors gets the pool's.
pub fn shrunk_sigmas(squares: &[(f64, usize)]) -> Vec<f64> {
    match Shrinkage::learn(squares) {
        None => vec![0.0; squares.len()],
        Some(pool) => squares.iter().map(|&(s, n)| pool.sigma(s, n)).collect(),
    }
}

/// The conformal quantile of absolute scaled errors for coverage `1 - alpha`: the `ceil((N + 1)(1 - alpha))`-th
/// smallest; with too few of them the largest, stretched by `(N + 2) / N`. Sorts `z`; none where it is empty.
pub fn conformal(z: &mut [f64], alpha: f64) -> Option<f64> {
    z.sort_unstable_by(f64::total_cmp);
    let n = z.len();
    let rank = ((n as f64 + 1.0) * (1.0 - alpha)).ceil() as usize;
    match z.get(rank.max(1) - 1) {
        Some(q) => Some(*q),
        None => z.last().map(|largest| largest * (n as f64 + 2.0) / n as f64),
    }
}

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

/// Pinball loss of a quantile forecast at probability `p`.
pub fn pinball(quantile: f64, actual: f64, p: f64) -> f64 {
    if actual >= quantile { p * (actual - quantile) } else { (1.0 - p) * (quantile - actual) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        let found = weighted_interval_score(100.0, &[(0.2, 85.0, 118.0), (0.5, 94.0, 107.0)], 121.0);
        assert!((found - 13.62).abs() < 1e-12, "{found}");
        assert!((pinball(115.0, 121.0, 0.9) - 5.4).abs() < 1e-12);
        assert!((pinball(115.0, 105.0, 0.9) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn conformal_ranks_by_hand() {
        let mut z = [3.0, 1.0, 2.0, 4.0];
        // (4 + 1) x .8 = 4: the fourth; (4 + 1) x .95 = 4.75: beyond the fourth, stretched by 6/4.
        assert_eq!(conformal(&mut z, 0.2), Some(4.0));
        assert_eq!(conformal(&mut z, 0.05), Some(6.0));
        assert_eq!(conformal(&mut z, 0.5), Some(3.0));
        assert_eq!(conformal(&mut [], 0.2), None);
    }

    #[test]
    fn sigmas_lie_between_their_own_and_the_pool() {
        // Alike but for noise: all near the pool; very different with many errors: their own.
        let alike = shrunk_sigmas(&[(1.0, 10), (1.2, 10), (0.9, 10), (0.0, 0)]);
        assert!(alike.iter().all(|s| (s - alike[3]).abs() < 0.01 * alike[3]), "{alike:?}");
        let apart = shrunk_sigmas(&[(1.0, 1000), (100_000.0, 1000)]);
        assert!(
            (apart[0] / (0.001_f64).sqrt() - 1.0).abs() < 0.01 && (apart[1] / 10.0 - 1.0).abs() < 0.01,
            "{apart:?}"
        );
    }
}
