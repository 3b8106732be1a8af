//! Quantiles of Student's t for bounds from a handful of numbers.

use super::stock::normal_quantile;

/// t with a tenth above it, for 1 to 30 degrees of freedom (Student 1908; any table of t).
const UPPER_TENTH: [f64; 30] = [
    3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341, 1.337,
    1.333, 1.330, 1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310,
];
/// The normal quantile with a tenth above it.
const NORMAL: f64 = 1.281_551_565_545;

/// The t that has 80% between it and its negative; none without a degree of freedom.
pub fn t80(degrees: usize) -> Option<f64> {
    let at = degrees.checked_sub(1)?;
    // Beyond the table the first term of Fisher's expansion is good to .001.
    let beyond = || NORMAL + (NORMAL.powi(3) + NORMAL) / (4.0 * degrees as f64);
    Some(UPPER_TENTH.get(at).copied().unwrap_or_else(beyond))
}

/// The t with a share `p` (under a half) above it: Fisher's expansion around the normal quantile to the third term, good to
/// half a percent from 12 degrees on and p over .0001 (Abramowitz, Stegun 1964, 26.7.5).
pub fn upper(degrees: usize, p: f64) -> f64 {
    let (z, n) = (-normal_quantile(p), degrees.max(1) as f64);
    let terms = [
        (z.powi(3) + z) / 4.0,
        (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0,
        (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| (sum + term) / n) + z
}

/// Mean and sum of squares around it; none of no numbers.
pub fn mean_and_squares(x: &[f64]) -> Option<(f64, f64)> {
    let n = x.len() as f64;
    (!x.is_empty()).then(|| {
        let mean = x.iter().sum::<f64>() / n;
        (mean, x.iter().map(|x| (x - mean).powi(2)).sum())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_goes_over_into_the_expansion() {
        assert_eq!((t80(0), t80(1), t80(30)), (None, Some(3.078), Some(1.310)));
        // t of 40 and 120 degrees: 1.303 and 1.289.
        assert!((t80(40).unwrap() - 1.303).abs() < 1e-3 && (t80(120).unwrap() - 1.289).abs() < 1e-3);
        assert!(UPPER_TENTH.windows(2).all(|w| w[0] > w[1]) && t80(31).unwrap() < 1.310);
    }

    #[test]
    fn far_out_quantiles_stand_in_any_table() {
        for (degrees, p, t) in [(12, 0.05, 1.782), (12, 0.001, 3.930), (24, 0.0005, 3.745), (60, 0.005, 2.660)] {
            assert!((upper(degrees, p) - t).abs() < 0.005, "{degrees} {p}: {}", upper(degrees, p));
        }
        // 12 degrees, one in ten thousand: 5.263.
        assert!((upper(12, 1e-4) / 5.263 - 1.0).abs() < 0.005);
    }

    #[test]
    fn squares_around_the_mean() {
        assert_eq!(mean_and_squares(&[1.0, 2.0, 6.0]), Some((3.0, 14.0)));
        assert_eq!(mean_and_squares(&[]), None);
    }
}
