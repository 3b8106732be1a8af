//! Seasonal indices of a monthly series on logs, and how far to believe them (docs/METHOD.md#season-and-smoothing).
//!
//! First from ratios to a centred 2x12 moving average, then twice from the residuals of a local line over +-6 months,
//! which uses every point; centred to sum to 0. Shrunk after James and Stein: `w = max(0, 1 - 9 V / sum s^2)` with
//! `V = residual variance / years` (towards zero, or towards other indices `s'` with `sum (s - s')^2`). Twelve indices
//! that sum to 0 leave 9 = 12 - 3. Sources: Miller, Williams 2003 (Int. J. Forecasting 19) and 2004 (20).

/// Months in a year.
pub const YEAR: usize = 12;
/// Half-width of the local line, in months.
const HALF: usize = 6;
/// Passes against the local line after the first.
const PASSES: usize = 2;
/// Degrees of freedom that twelve centred indices leave to shrink by.
const JAMES_STEIN: f64 = 9.0;

/// Seasonal indices on logs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Season {
    /// By phase: entry p belongs to the points t with `t mod 12 = p`; they sum to 0.
    pub indices: [f64; YEAR],
    /// Variance of what trend and season leave.
    pub residual_variance: f64,
    /// Length of the series in years.
    pub years: f64,
}

impl Season {
    /// The indices of a series of logs, oldest first; none under 13 points, where no month is seen twice.
    pub fn of(logs: &[f64], work: &mut Vec<f64>) -> Option<Season> {
        let n = logs.len();
        if n <= YEAR {
            return None;
        }
        let mut indices = ratios(logs);
        work.clear();
        work.resize(2 * n, 0.0);
        let (flat, trend) = work.split_at_mut(n);
        for _ in 0..PASSES {
            flat.iter_mut().enumerate().for_each(|(t, x)| *x = logs[t] - indices[t % YEAR]);
            for (t, level) in trend.iter_mut().enumerate() {
                *level = local_line(flat, t);
            }
            indices = means(logs.iter().zip(trend.iter()).map(|(y, level)| y - level).enumerate());
        }
        let squares: f64 = (0..n).map(|t| (logs[t] - trend[t] - indices[t % YEAR]).powi(2)).sum();
        // The line takes about one degree of freedom every eight points.
        let freedom = (n as f64 - YEAR as f64 + 1.0 - n as f64 / 8.0).max(1.0);
        Some(Season { indices, residual_variance: squares / freedom, years: n as f64 / YEAR as f64 })
    }

    /// How far these indices are to be believed against `others`, within [0, 1]; 0 where they do not differ.
    pub fn weight(&self, others: &[f64; YEAR]) -> f64 {
        let squares: f64 = self.indices.iter().zip(others).map(|(a, b)| (a - b).powi(2)).sum();
        if squares <= 0.0 {
            return 0.0;
        }
        (1.0 - JAMES_STEIN * self.residual_variance / self.years / squares).clamp(0.0, 1.0)
    }

    /// The indices drawn towards `others` by [`Season::weight`].
    pub fn towards(&self, others: &[f64; YEAR]) -> [f64; YEAR] {
        let w = self.weight(others);
        std::array::from_fn(|p| others[p] + w * (self.indices[p] - others[p]))
    }
}

/// Mean ratio to the centred 2x12 moving average by phase, centred; phases never inside the average stay 0.
fn ratios(logs: &[f64]) -> [f64; YEAR] {
    let n = logs.len();
    let inside = (HALF..n.saturating_sub(HALF)).map(|t| {
        let between: f64 = logs[t - HALF + 1..t + HALF].iter().sum();
        (t, logs[t] - (0.5 * (logs[t - HALF] + logs[t + HALF]) + between) / YEAR as f64)
    });
    means(inside)
}

/// Means by phase, centred.
fn means(points: impl Iterator<Item = (usize, f64)>) -> [f64; YEAR] {
    let mut sums = [(0.0, 0.0); YEAR];
    for (t, x) in points {
        let (sum, count) = &mut sums[t % YEAR];
        *sum += x;
        *count += 1.0;
    }
    let mut out = sums.map(|(sum, count): (f64, f64)| if count > 0.0 { sum / count } else { 0.0 });
    let mean = out.iter().sum::<f64>() / YEAR as f64;
    out.iter_mut().for_each(|x| *x -= mean);
    out
}

/// The value at `t` of the least-squares line through the points within [`HALF`] months of it.
fn local_line(y: &[f64], t: usize) -> f64 {
    let (first, last) = (t.saturating_sub(HALF), (t + HALF).min(y.len() - 1));
    if last - first == 2 * HALF {
        // As many points on either side: the line passes through their mean.
        return y[first..=last].iter().sum::<f64>() / (2 * HALF + 1) as f64;
    }
    let (mut sx, mut sy, mut sxx, mut sxy) = (0.0, 0.0, 0.0, 0.0);
    for (j, &value) in y.iter().enumerate().take(last + 1).skip(first) {
        let x = j as f64 - t as f64;
        sx += x;
        sy += value;
        sxx += x * x;
        sxy += x * value;
    }
    let m = (last - first + 1) as f64;
    let denominator = m * sxx - sx * sx;
    let slope = if denominator > 0.0 { (m * sxy - sx * sy) / denominator } else { 0.0 };
    (sy - slope * sx) / m
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::smooth::{GOLDEN, mean_of_three};

    #[test]
    fn golden_of_36_months() {
        let logs: Vec<f64> = GOLDEN.iter().map(|y| f64::ln(*y)).collect();
        let season = Season::of(&logs, &mut Vec::new()).unwrap();
        let wanted = [
            0.097218671,
            0.159234459,
            0.157521763,
            0.176722008,
            0.190398106,
            0.153735976,
            0.065485290,
            -0.070878256,
            -0.247112367,
            -0.344917842,
            -0.266816316,
            -0.070591492,
        ];
        for (found, wanted) in season.indices.iter().zip(wanted) {
            assert!((found - wanted).abs() < 5e-10, "{found} {wanted}");
        }
        assert!((season.residual_variance - 0.002031257).abs() < 5e-10);
        let w = season.weight(&[0.0; YEAR]);
        assert!((w - 0.985360521).abs() < 5e-10, "{w}");
        let shrunk = season.towards(&[0.0; YEAR]);
        let flat: Vec<f64> = (0..36).map(|t| GOLDEN[t] / shrunk[t % YEAR].exp()).collect();
        let three = mean_of_three(&flat);
        for (found, wanted) in [
            (three.theta[0], 239.956249),
            (three.theta[1], 240.556000),
            (three.damped[0], 240.150168),
            (three.damped[1], 240.727816),
            (three.ses, 240.672956),
            (three.mean(0) * shrunk[0].exp(), 264.414048),
            (three.mean(1) * shrunk[1].exp(), 281.534874),
        ] {
            assert!((found - wanted).abs() < 1e-6, "{found} {wanted}");
        }
    }

    #[test]
    fn a_season_without_noise_is_believed_and_a_flat_series_has_none() {
        let logs: Vec<f64> = (0..48).map(|t| if t % 12 == 3 { 1.1 } else { -0.1 }).collect();
        let season = Season::of(&logs, &mut Vec::new()).unwrap();
        assert!((season.indices.iter().sum::<f64>()).abs() < 1e-12);
        assert!(season.indices[3] > 1.0 && season.weight(&[0.0; YEAR]) > 0.99);
        let flat = Season::of(&[2.0; 30], &mut Vec::new()).unwrap();
        assert_eq!(flat.weight(&[0.0; YEAR]), 0.0);
        assert!(Season::of(&logs[..12], &mut Vec::new()).is_none());
    }
}
