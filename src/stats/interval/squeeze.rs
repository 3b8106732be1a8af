//! Variances of single series drawn to what the series have in common.
//!
//! Where the variances of the series are inverse chi-squared with `d0` degrees of freedom around `s0^2`, that of a series
//! with the sum of squares S of n errors is `(d0 s0^2 + S) / (d0 + n)`; d0 and s0 from mean and variance of the log
//! variances. Never 0 for a series that happened to be constant, never infinite for one without errors.
//! Source: Smyth 2004 (Stat. Appl. Genet. Mol. Biol. 3), section 6.

/// n errors of sales, whose tails are heavier than the normal distribution's, tell of a variance what n over this would.
const HEAVY: f64 = 1.8;
/// A variance counts as at least this part of the mean one: the series' errors are exact, or rounded away.
const LEAST: f64 = 1e-3;
/// Least and most degrees of freedom: series that have nothing in common, and all alike.
const FREEDOM: (f64, f64) = (0.5, 1e4);
/// Errors, by weight, from which a series has a say, and the least degrees they count for.
const LEAST_WEIGHT: f64 = 0.5;
const LEAST_HALF: f64 = 0.25;
/// Added to the sampling variance of a log variance, so that series with many errors do not count alone.
const EVEN: f64 = 0.5;
/// Below this the mean square is 0: exact forecasts.
const LEAST_SQUARE: f64 = 1e-12;
/// Halvings of the range of degrees of freedom on the log scale: to 1e-12.
const HALVINGS: usize = 45;

/// What the series tell about the variance of one of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Squeeze {
    variance: f64,
    freedom: f64,
}

impl Squeeze {
    /// From (sum of squared errors, number), weighted, per series; none where no series has an error.
    pub(super) fn learn(squares: &[(f64, f64)]) -> Option<Self> {
        let (sum, n) = squares.iter().fold((0.0, 0.0), |(s, n), x| (s + x.0, n + x.1));
        if n <= 0.0 {
            return None;
        }
        let mean = sum / n;
        let alike = Self { variance: mean.max(LEAST_SQUARE), freedom: FREEDOM.1 * HEAVY };
        // Log variance without the bias of few errors, and its sampling variance.
        let log = |&(s, n): &(f64, f64)| {
            let half = (n / HEAVY / 2.0).max(LEAST_HALF);
            ((s / n).max(LEAST * mean).ln() - digamma_over_log(half), trigamma(half))
        };
        let logs: Vec<(f64, f64)> = squares.iter().filter(|x| x.1 >= LEAST_WEIGHT).map(log).collect();
        let count = logs.len() as f64;
        if mean <= LEAST_SQUARE || logs.len() < 2 {
            return Some(alike);
        }
        let weighted = |of: &dyn Fn(&(f64, f64)) -> f64| -> f64 {
            let (sum, all) = logs.iter().fold((0.0, 0.0), |(s, a), l| {
                let weight = 1.0 / (l.1 + EVEN);
                (s + weight * of(l), a + weight)
            });
            sum / all
        };
        let middle = weighted(&|l| l.0);
        let between = weighted(&|l| (l.0 - middle).powi(2) * count / (count - 1.0) - l.1);
        // The log of a chi-squared variable of d degrees over d has the variance trigamma(d / 2), which falls.
        let (mut low, mut high) = FREEDOM;
        for _ in 0..HALVINGS {
            let degrees = (low * high).sqrt();
            if trigamma(degrees / 2.0) > between { low = degrees } else { high = degrees }
        }
        let degrees = (low * high).sqrt();
        let variance = (middle + digamma_over_log(degrees / 2.0)).exp().min(mean);
        Some(Self { variance, freedom: degrees * HEAVY })
    }

    /// Standard deviation of a series with this sum of squares of `n` errors, by weight; the pool's with none.
    pub(super) fn sigma(&self, squares: f64, n: f64) -> f64 {
        ((self.freedom * self.variance + squares) / (self.freedom + n)).sqrt()
    }
}

/// Arguments from which the asymptotic series hold to 1e-7.
const ASYMPTOTIC: f64 = 6.0;

/// `digamma(x) - ln x`, x over 0. Source: Abramowitz, Stegun 6.3.5 and 6.3.18.
fn digamma_over_log(x: f64) -> f64 {
    let (mut at, mut sum) = (x, -x.ln());
    while at < ASYMPTOTIC {
        sum -= 1.0 / at;
        at += 1.0;
    }
    sum + at.ln() - 0.5 / at - 1.0 / (12.0 * at.powi(2)) + 1.0 / (120.0 * at.powi(4))
}

/// `trigamma(x)`, x over 0. Source: Abramowitz, Stegun 6.4.6 and 6.4.12.
fn trigamma(x: f64) -> f64 {
    let (mut at, mut sum) = (x, 0.0);
    while at < ASYMPTOTIC {
        sum += 1.0 / at.powi(2);
        at += 1.0;
    }
    sum + 1.0 / at + 0.5 / at.powi(2) + 1.0 / (6.0 * at.powi(3)) - 1.0 / (30.0 * at.powi(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_functions_by_hand() {
        // digamma(1) = -.5772157 (Euler), digamma(1/2) = -1.9635100; trigamma(1) = pi^2/6, trigamma(1/2) = pi^2/2.
        assert!((digamma_over_log(1.0) + 0.577_215_664_9).abs() < 1e-6);
        assert!((digamma_over_log(0.5) - (-1.963_510_026 + 2.0_f64.ln())).abs() < 1e-6);
        let pi = std::f64::consts::PI;
        assert!((trigamma(1.0) - pi * pi / 6.0).abs() < 1e-6 && (trigamma(0.5) - pi * pi / 2.0).abs() < 1e-6);
    }

    #[test]
    fn variances_lie_between_their_own_and_the_pool() {
        // Alike but for noise: all near the pool.
        let pool = Squeeze::learn(&[(10.0, 10.0), (12.0, 10.0), (9.0, 10.0)]).unwrap();
        assert!((pool.sigma(10.0, 10.0) - pool.sigma(12.0, 10.0)).abs() < 0.01);
        assert!((pool.sigma(0.0, 0.0).powi(2) - 31.0 / 30.0).abs() < 1e-6);
        // Very different with many errors: their own.
        let pool = Squeeze::learn(&[(1.0, 1000.0), (100_000.0, 1000.0)]).unwrap();
        assert!((pool.sigma(100_000.0, 1000.0) / 10.0 - 1.0).abs() < 0.01);
        assert!(pool.sigma(1.0, 1000.0) < 0.5);
        assert!(Squeeze::learn(&[(0.0, 0.0)]).is_none());
    }

    #[test]
    fn a_constant_series_is_not_without_risk_and_does_not_make_others_so() {
        let others: Vec<(f64, f64)> = (0..20).map(|i| (8.0 + 0.2 * i as f64, 10.0)).collect();
        let with: Vec<(f64, f64)> = others.iter().copied().chain([(0.0, 10.0)]).collect();
        let [without, with] = [&others, &with].map(|s| Squeeze::learn(s).unwrap());
        assert!(with.sigma(0.0, 10.0) > 0.1, "{with:?}");
        assert!((with.sigma(10.0, 10.0) / without.sigma(10.0, 10.0) - 1.0).abs() < 0.1);
    }
}
