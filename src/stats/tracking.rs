//! The tracking signal: whether forecasts keep missing on one side.
//!
//! ```text
//! e = forecast - actual;  E = .2 e + .8 E;  M = .2 |e| + .8 M;  signal = E / M, from -1 to 1
//! ```
//! Positive: too high, month after month. Source: Trigg 1964 (Operational Research Quarterly 15), smoothed error over
//! smoothed absolute error. The older form, the running sum of errors over their mean absolute value (Brown 1959), has
//! limits of 4 to 6 however long it runs; of forecasts without any bias a third lies outside 4 after ten months, so it
//! is not used here.

/// Weight of the newest error: Trigg's upper value, for months (a shift of the level shows within half a year).
const SMOOTHING: f64 = 0.2;

/// The signal of errors (forecast less actual, oldest first, in any unit); none without an error that is not 0.
pub fn signal(errors: impl IntoIterator<Item = f64>) -> Option<f64> {
    // Both sums begin at 0, so that their ratio is one of weighted means however few there are.
    let (sum, size) = errors.into_iter().fold((0.0, 0.0), |(sum, size), e: f64| {
        (SMOOTHING * e + (1.0 - SMOOTHING) * sum, SMOOTHING * e.abs() + (1.0 - SMOOTHING) * size)
    });
    (size > 0.0).then(|| sum / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_by_hand() {
        // E = .2 x 5 + .8 x (.2 x -5 + .8 x (.2 x 10)) = 1 + .8 x (-1 + 1.6) = 1.48; M = 1 + .8 x (1 + 1.6) = 3.08.
        let found = signal([10.0, -5.0, 5.0]).unwrap();
        assert!((found - 1.48 / 3.08).abs() < 1e-12);
        assert_eq!(signal([3.0, 1.0, 2.0]), Some(1.0));
        assert_eq!(signal([-3.0, -1.0]), Some(-1.0));
        assert_eq!((signal([0.0, 0.0]), signal([])), (None, None));
    }

    /// The default limit, .75: of normal errors without bias one in twenty lies outside after two years, most of errors
    /// with a bias of one standard deviation.
    #[test]
    fn the_limit_tells_bias_from_noise() {
        use rand::{Rng, SeedableRng};
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(4);
        let mut outside = |bias: f64| {
            let mut normal = || -> f64 { (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0 };
            let runs = (0..2000).filter(|_| {
                let errors: Vec<f64> = (0..24).map(|_| bias + normal()).collect();
                signal(errors).is_some_and(|s| s.abs() > 0.75)
            });
            runs.count() as f64 / 2000.0
        };
        let (noise, biased) = (outside(0.0), outside(1.0));
        assert!((0.02..0.07).contains(&noise) && biased > 0.5, "{noise} {biased}");
    }
}
