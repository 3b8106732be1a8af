//! Slow movers: demand that comes unit by unit.

/// Means from here on are taken as normal by the caller's own quantiles seldom; the sums below are exact up to this many
/// units, which takes milliseconds, and nobody counts further one by one.
const COUNTED: usize = 1_000_000;
/// Negative binomial demand that varies less than this over its mean is Poisson.
const OVERDISPERSED: f64 = 1.0 + 1e-9;
/// Smallest logarithm that is not 0 as a number.
const LEAST_LOG: f64 = -745.0;

/// Probabilities of 0, 1, 2 .. of a Poisson (variance = mean) or negative binomial distribution; `rise(y)` is
/// `P(y + 1) / P(y)`. Sums are in logs while a probability is too small to be a number.
fn quantile(u: f64, log_zero: f64, rise: impl Fn(f64) -> f64) -> f64 {
    let (mut log, mut sum) = (log_zero, 0.0);
    for count in 0..COUNTED {
        let y = count as f64;
        if log > LEAST_LOG {
            sum += log.exp();
        }
        if sum >= u {
            return y;
        }
        let rising = rise(y);
        // Past the middle, what does not add to the sum any more never will.
        if rising < 1.0 && log <= LEAST_LOG {
            return y;
        }
        log += rising.ln();
    }
    COUNTED as f64
}

/// The least count that Poisson demand of this mean exceeds with probability at most `1 - u`; 0 for a mean of 0.
pub fn poisson_quantile(u: f64, mean: f64) -> f64 {
    if mean <= 0.0 { 0.0 } else { quantile(u, -mean, |y| mean / (y + 1.0)) }
}

/// The same of negative binomial demand with a mean and a variance over it: size `r = m^2 / (v - m)`, success `m / v`.
/// Poisson where the variance is not over the mean.
pub fn negative_binomial_quantile(u: f64, mean: f64, variance: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    if variance <= mean * OVERDISPERSED {
        return poisson_quantile(u, mean);
    }
    let (size, success) = (mean * mean / (variance - mean), mean / variance);
    quantile(u, size * success.ln(), |y| (y + size) / (y + 1.0) * (1.0 - success))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        assert_eq!((poisson_quantile(0.99, 0.0), negative_binomial_quantile(0.99, 0.0, 3.0)), (0.0, 0.0));
        // P(0) = exp(-.05) = .951.
        assert_eq!((poisson_quantile(0.95, 0.05), poisson_quantile(0.96, 0.05)), (0.0, 1.0));
        // exp(-2000) is no number; the median of a Poisson variable is its mean.
        assert_eq!(poisson_quantile(0.5, 2000.0), 2000.0);
        assert!(poisson_quantile(1.0, 3.0) > 20.0);
    }

    proptest! {
        #[test]
        fn quantiles_rise_with_probability_mean_and_variance(
            u in 0.01_f64..0.98, more in 0.0_f64..0.01, mean in 0.0_f64..200.0, over in 1.0_f64..5.0,
        ) {
            let at = negative_binomial_quantile(u, mean, mean * over);
            prop_assert!(at.fract() == 0.0 && at >= 0.0);
            prop_assert!(negative_binomial_quantile(u + more, mean, mean * over) >= at);
            prop_assert!(poisson_quantile(u, mean + 1.0) >= poisson_quantile(u, mean));
        }
    }
}
