//! The tracking signal: whether the errors of a forecast lean to one side.

/// The errors that count: a year's. Older leanings have been seen and, where they were real, mended.
pub const WINDOW: usize = 12;
/// Standard deviations of errors that are normal, in their mean absolute deviations: sqrt(pi / 2).
const DEVIATIONS: f64 = 1.253_314_137_315_5;
/// So many standard deviations of the running sum are within the limits: 95 of 100 forecasts without bias stay inside.
const WIDTH: f64 = 2.0;

/// A tracking signal and the limit beyond which it is out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signal {
    /// Running sum of the errors (forecast less actual) over their mean absolute deviation: positive where the
    /// forecast is too high. Between -n and n, n where all errors are on one side.
    pub value: f64,
    /// `2 x 1.2533 x sqrt(n)`: two standard deviations of the sum of n errors without bias.
    pub limit: f64,
    /// How many errors it rests on.
    pub errors: usize,
}

impl Signal {
    /// Whether the errors lean to one side more than chance would have it.
    pub fn is_out(&self) -> bool {
        self.value.abs() > self.limit
    }

    /// Whether it could be out at all: under 7 errors the limit cannot be passed.
    pub fn can_tell(&self) -> bool {
        self.errors as f64 > self.limit
    }
}

/// The signal of the last [`WINDOW`] errors (forecast less actual, the oldest first); none where nothing was missed.
///
/// Sources: Brown 1959 (Statistical Forecasting for Inventory Control) for the sum of errors over the mean absolute
/// deviation; Trigg 1964 (Operational Research Quarterly 15) for limits by how the sum of unbiased errors spreads. Brown's
/// fixed limit of 4 would flag a third of unbiased forecasts after a year: the sum of n errors spreads as sqrt(n).
pub fn signal(errors: &[f64]) -> Option<Signal> {
    let last = errors.get(errors.len().saturating_sub(WINDOW)..)?;
    let n = last.len() as f64;
    let deviation = last.iter().map(|e| e.abs()).sum::<f64>() / n;
    let sum: f64 = last.iter().sum();
    (deviation > 0.0).then(|| Signal {
        value: sum / deviation,
        limit: WIDTH * DEVIATIONS * n.sqrt(),
        errors: last.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn errors_by_hand() {
        // Sum 6, mean absolute deviation 10 / 4.
        let found = signal(&[4.0, -2.0, 3.0, 1.0]).unwrap();
        assert_eq!(found.value, 6.0 / 2.5);
        assert!((found.limit - 5.013_256_549_262).abs() < 1e-9 && !found.is_out());
        assert_eq!(signal(&[]), None);
        assert_eq!(signal(&[0.0, 0.0]), None);
    }

    #[test]
    fn seven_errors_on_one_side_are_out_and_six_are_not() {
        let found = signal(&[-1.0; 6]).unwrap();
        assert!(!found.is_out() && !found.can_tell());
        let found = signal(&[-1.0; 7]).unwrap();
        assert!(found.is_out() && found.can_tell() && found.value == -7.0);
    }

    #[test]
    fn what_is_older_than_a_year_does_not_count() {
        let mut errors = vec![100.0; 20];
        errors.extend([1.0, -1.0].repeat(WINDOW / 2));
        assert_eq!(signal(&errors).unwrap().value, 0.0);
    }

    #[test]
    fn of_forecasts_without_bias_few_are_out_and_of_biased_ones_most() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut out = |bias: f64| {
            let error = |rng: &mut ChaCha8Rng| (0..12).map(|_| rng.random_range(-0.5..0.5)).sum::<f64>() + bias;
            (0..2000).filter(|_| signal(&[0; 12].map(|_| error(&mut rng))).unwrap().is_out()).count()
        };
        let (unbiased, biased) = (out(0.0), out(1.5));
        assert!((40..140).contains(&unbiased), "{unbiased}");
        assert!(biased > 1700, "{biased}");
    }
}
