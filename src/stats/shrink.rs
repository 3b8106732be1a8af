//! How far a unit's own record is believed: multipliers shrunk to a pool (docs/METHOD.md#communities).
//!
//! A unit of which `e` was expected and `o` came has the multiplier `m = (kappa + o) / (kappa + e)`: the mean of a gamma
//! distribution of mean 1 and shape kappa after seeing `o`. kappa to infinity leaves every unit at the pool
//! (Bornhuetter-Ferguson), 0 lets each speak for itself. For shares within [0, 1] (beta-binomial take-up `p`) the
//! posterior mean `(k p + o) / (k + n)` over `p` is the same with `kappa = k p` and `e = n p`; only the noise of the
//! counts is less, `1 - p` of the Poisson's.

/// Bounds of kappa: below, a unit would be believed after a single household; above, never.
const KAPPA: (f64, f64) = (0.5, 1e6);
/// Units of which less was expected than this say nothing of how units differ.
const LEAST_EXPECTED: f64 = 1.0;
/// Rounds of weights and moment.
const ROUNDS: usize = 20;

/// A unit's multiplier.
pub fn multiplier(kappa: f64, observed: f64, expected: f64) -> f64 {
    (kappa + observed) / (kappa + expected)
}

/// Variance of what comes of a unit of which `mean` is expected: `mean + mean^2 / (kappa + o)`; two numbers of one unit
/// covary by `mean_i mean_j / (kappa + o)`, so the variance of their sum is that of their summed mean.
pub fn variance(mean: f64, kappa: f64, observed: f64) -> f64 {
    mean + mean * mean / (kappa + observed)
}

/// kappa by moments: `1 / v` with `v` the variance of `o / e` beyond the noise of counts (`noise / e`), each unit weighted
/// by the precision of its squared deviation.
pub fn kappa(observed: &[f64], expected: &[f64], noise: f64) -> f64 {
    let units = || observed.iter().zip(expected).filter(|(_, e)| **e > LEAST_EXPECTED);
    let mut v = 0.1;
    for _ in 0..ROUNDS {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (o, e) in units() {
            let w = (noise / e + v).powi(-2);
            sum += w * ((o / e - 1.0).powi(2) - noise / e);
            weights += w;
        }
        if weights <= 0.0 {
            return KAPPA.1;
        }
        v = (sum / weights).clamp(1.0 / KAPPA.1, 1.0 / KAPPA.0);
    }
    (1.0 / v).clamp(KAPPA.0, KAPPA.1)
}

/// Means of `o / e` over groups of units, each drawn to 1 by how little groups differ beyond chance.
///
/// `tau^2` by the moment estimator of DerSimonian, Laird 1986 (Controlled Clinical Trials 7), about the fixed mean 1.
/// Units without a group (none) count in none.
pub fn groups(observed: &[f64], expected: &[f64], kappa: f64, group: &[Option<usize>], count: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); count];
    for ((o, e), g) in observed.iter().zip(expected).zip(group) {
        if let Some(sum) = g.and_then(|g| sums.get_mut(g))
            && *e > 0.0
        {
            // The inverse of the variance of o / e.
            let w = 1.0 / (1.0 / e + 1.0 / kappa);
            sum.0 += w * o / e;
            sum.1 += w;
        }
    }
    let means: Vec<(f64, f64)> = sums.into_iter().map(|(x, w)| (if w > 0.0 { x / w } else { 1.0 }, w)).collect();
    let all: f64 = means.iter().map(|(_, w)| w).sum();
    let counted = means.iter().filter(|(_, w)| *w > 0.0).count() as f64;
    let q: f64 = means.iter().map(|(m, w)| w * (m - 1.0).powi(2)).sum();
    let tau = if all > 0.0 { ((q - counted) / all).max(0.0) } else { 0.0 };
    means.into_iter().map(|(m, w)| 1.0 + (m - 1.0) * tau * w / (1.0 + tau * w)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Gamma, Poisson};

    #[test]
    fn the_two_ends_of_one_parameter() {
        // Expected 50, came 80: alone 1.6, with the pool 1.
        assert!((multiplier(0.0, 80.0, 50.0) - 1.6).abs() < 1e-12);
        assert!((multiplier(1e12, 80.0, 50.0) - 1.0).abs() < 1e-9);
        assert!((multiplier(10.0, 80.0, 50.0) - 1.5).abs() < 1e-12);
    }

    #[test]
    fn the_variance_is_that_of_a_simulation() {
        // Units of shape kappa of which o came out of e have a gamma posterior; what comes next is Poisson around it.
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let (kappa, o, e) = (4.0, 26.0, 11.0);
        let next = [12.0, 7.0];
        let m = multiplier(kappa, o, e);
        let posterior = Gamma::new(kappa + o, 1.0 / (kappa + e)).unwrap();
        let n = 400_000;
        let (mut sum, mut squares, mut cross) = ([0.0; 2], [0.0; 2], 0.0);
        for _ in 0..n {
            let rate: f64 = posterior.sample(&mut rng);
            let x = next.map(|mean| Poisson::new(mean * rate).unwrap().sample(&mut rng));
            (0..2).for_each(|i| (sum[i], squares[i]) = (sum[i] + x[i], squares[i] + x[i] * x[i]));
            cross += x[0] * x[1];
        }
        let n = f64::from(n);
        for i in 0..2 {
            let (mean, var) = (sum[i] / n, squares[i] / n - (sum[i] / n).powi(2));
            let mu = m * next[i];
            assert!((mean / mu - 1.0).abs() < 0.005, "{mean} {mu}");
            assert!((var / variance(mu, kappa, o) - 1.0).abs() < 0.015, "{var} {}", variance(mu, kappa, o));
        }
        let covariance = cross / n - sum[0] * sum[1] / n / n;
        let by_formula = m * m * next[0] * next[1] / (kappa + o);
        assert!((covariance / by_formula - 1.0).abs() < 0.02, "{covariance} {by_formula}");
    }

    #[test]
    fn kappa_is_found_again() {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        for truth in [3.0, 15.0, 60.0] {
            let frailty = Gamma::new(truth, 1.0 / truth).unwrap();
            let expected: Vec<f64> = (0..4000).map(|i| 5.0 + f64::from(i % 400)).collect();
            let observed: Vec<f64> =
                expected.iter().map(|e| Poisson::new(e * frailty.sample(&mut rng)).unwrap().sample(&mut rng)).collect();
            let found = kappa(&observed, &expected, 1.0);
            assert!((found / truth - 1.0).abs() < 0.12, "{found} {truth}");
        }
        // Units that do not differ are all the pool's; without units nothing is known of them.
        assert!(kappa(&[100.0; 9], &[100.0; 9], 1.0) > 1e5 && kappa(&[], &[], 1.0) > 1e5);
    }

    #[test]
    fn groups_that_do_not_differ_stay_at_the_pool() {
        let expected = vec![100.0; 40];
        let group: Vec<Option<usize>> = (0..40).map(|i| Some(i % 2)).collect();
        let same = groups(&vec![100.0; 40], &expected, 20.0, &group, 2);
        assert_eq!(same, [1.0, 1.0]);
        let observed: Vec<f64> = (0..40).map(|i| if i % 2 == 0 { 150.0 } else { 50.0 }).collect();
        let found = groups(&observed, &expected, 20.0, &group, 3);
        assert!(found[0] > 1.45 && found[0] < 1.5 && found[1] < 0.55 && found[2] == 1.0, "{found:?}");
    }
}
