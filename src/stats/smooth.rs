//! Exponential smoothing with initial states profiled by least squares, and the mean of three that METHOD D settles on:
//! Theta, damped Holt on logs averaged over a small grid, simple smoothing averaged likewise.
//!
//! A grid point with squared errors SSE weighs `(SSE_min / SSE)^(n/2)`; where SSE_min is 0, that point alone counts.
//! Sources: Assimakopoulos, Nikolopoulos 2000 (Int. J. Forecasting 16) for Theta; Gardner, McKenzie 1985 for the damped
//! trend.

/// Smoothing constants of the level.
const ALPHA: [f64; 6] = [0.05, 0.15, 0.3, 0.5, 0.75, 0.99];
/// Smoothing constants of the level in the damped grid.
const HOLT_ALPHA: [f64; 3] = [0.15, 0.4, 0.8];
/// Smoothing constant of the slope over that of the level.
const HOLT_BETA: [f64; 2] = [0.0, 0.15];
/// Damping of the slope.
const PHI: f64 = 0.9;
/// Below this a sum of squared errors counts as none: the fit is exact but for rounding.
const NO_ERROR: f64 = 1e-300;

/// Steps ahead: a year, after which seasons come again.
pub const STEPS: usize = 12;

/// Forecasts one to [`STEPS`] steps ahead.
pub type Ahead = [f64; STEPS];

/// The three forecasts of a deseasonalised series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Three {
    /// Theta.
    pub theta: Ahead,
    /// Damped Holt on logs.
    pub damped: Ahead,
    /// Simple smoothing, the same for every step.
    pub ses: f64,
}

impl Three {
    /// Their mean, `step` 0 for one month ahead.
    pub fn mean(&self, step: usize) -> f64 {
        let step = step.min(STEPS - 1);
        (self.theta[step] + self.damped[step] + self.ses) / 3.0
    }
}

/// Theta, damped and simple smoothing of a positive series, oldest first; its mean where it has under three points.
pub fn mean_of_three(y: &[f64]) -> Three {
    if y.len() < 3 {
        let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
        return Three { theta: [mean; STEPS], damped: [mean; STEPS], ses: mean };
    }
    Three { theta: theta(y), damped: damped_on_logs(y), ses: ses_average(y) }
}

/// What simple smoothing with one constant leaves: squared errors and the last level.
fn ses(y: impl Iterator<Item = f64>, alpha: f64) -> (f64, f64) {
    // With the level at 0 first, e_t = c_t - w_t l0 for the initial level l0, which is then profiled.
    let (mut level, mut w) = (0.0, 1.0);
    let (mut swc, mut sww, mut scc) = (0.0, 0.0, 0.0);
    for value in y {
        let c = value - level;
        swc += w * c;
        sww += w * w;
        scc += c * c;
        level += alpha * c;
        w *= 1.0 - alpha;
    }
    let first = swc / sww;
    (scc - swc * swc / sww, level + w * first)
}

/// Theta: half of simple smoothing (its best constant) of twice the series less its line, half of the line.
pub fn theta(y: &[f64]) -> Ahead {
    let n = y.len() as f64;
    let (mut sx, mut sy, mut sxx, mut sxy) = (0.0, 0.0, 0.0, 0.0);
    for (t, &value) in y.iter().enumerate() {
        let x = t as f64;
        sx += x;
        sy += value;
        sxx += x * x;
        sxy += x * value;
    }
    let slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    let start = (sy - slope * sx) / n;
    let line = |t: f64| start + slope * t;
    let twice = || y.iter().enumerate().map(|(t, &value)| 2.0 * value - line(t as f64));
    let fits = ALPHA.iter().map(|&alpha| ses(twice(), alpha));
    let (_, level) = fits.fold((f64::INFINITY, 0.0), |best, fit| if fit.0 < best.0 { fit } else { best });
    std::array::from_fn(|h| 0.5 * (level + line(n + h as f64)))
}

/// Simple smoothing averaged over the grid.
pub fn ses_average(y: &[f64]) -> f64 {
    let fits: [(f64, f64); ALPHA.len()] = ALPHA.map(|alpha| ses(y.iter().copied(), alpha));
    average(y.len(), fits.iter().map(|(sse, level)| (*sse, [*level; STEPS])))[0]
}

/// Damped Holt on the logs of a positive series, averaged over the grid, back on the series' own scale.
pub fn damped_on_logs(y: &[f64]) -> Ahead {
    let fits = HOLT_ALPHA.iter().flat_map(|&a| HOLT_BETA.iter().map(move |&b| (a, a * b)));
    average(y.len(), fits.map(|(alpha, beta)| damped(y.iter().map(|x| x.ln()), alpha, beta))).map(f64::exp)
}

/// One damped fit: squared errors and the steps ahead. Level and slope at the start are profiled, the slope with a
/// ridge of 1 (a prior of about one step's error).
fn damped(y: impl Iterator<Item = f64>, alpha: f64, beta: f64) -> (f64, Ahead) {
    let (mut level, mut slope) = (0.0, 0.0);
    // How the states depend on the first level and the first slope.
    let (mut l1, mut b1, mut l2, mut b2) = (1.0, 0.0, 0.0, 1.0);
    let (mut s11, mut s12, mut s22, mut s1c, mut s2c, mut scc) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for value in y {
        let c = value - (level + PHI * slope);
        let (u, v) = (l1 + PHI * b1, l2 + PHI * b2);
        s11 += u * u;
        s12 += u * v;
        s22 += v * v;
        s1c += u * c;
        s2c += v * c;
        scc += c * c;
        (level, slope) = (level + PHI * slope + alpha * c, PHI * slope + beta * c);
        (l1, b1) = (u - alpha * u, PHI * b1 - beta * u);
        (l2, b2) = (v - alpha * v, PHI * b2 - beta * v);
    }
    let ridge = 1.0;
    let r22 = s22 + ridge;
    let determinant = s11 * r22 - s12 * s12;
    let x1 = (s1c * r22 - s2c * s12) / determinant;
    let x2 = (s11 * s2c - s12 * s1c) / determinant;
    let sse = scc - 2.0 * (x1 * s1c + x2 * s2c) + x1 * x1 * s11 + 2.0 * x1 * x2 * s12 + x2 * x2 * r22;
    let (last, trend) = (level + x1 * l1 + x2 * l2, slope + x1 * b1 + x2 * b2);
    let (mut reach, mut step) = (0.0, 1.0);
    let ahead = std::array::from_fn(|_| {
        step *= PHI;
        reach += step;
        last + reach * trend
    });
    (sse, ahead)
}

/// The grid's forecasts, each weighing `(SSE_min / SSE)^(n/2)`.
fn average(n: usize, fits: impl Iterator<Item = (f64, Ahead)> + Clone) -> Ahead {
    let least = fits.clone().map(|(sse, _)| sse.max(NO_ERROR)).fold(f64::INFINITY, f64::min);
    let (mut sum, mut weights) = ([0.0; STEPS], 0.0);
    for (sse, ahead) in fits {
        let w = (least / sse.max(NO_ERROR)).powf(n as f64 / 2.0);
        weights += w;
        sum.iter_mut().zip(ahead).for_each(|(sum, x)| *sum += w * x);
    }
    sum.map(|x| x / weights)
}

/// The 36 months of METHOD D's golden numbers.
#[cfg(test)]
pub(crate) const GOLDEN: [f64; 36] = [
    217.0, 249.0, 238.0, 230.0, 250.0, 253.0, 217.0, 186.0, 169.0, 155.0, 156.0, 194.0, 244.0, 253.0, 246.0, 263.0,
    273.0, 252.0, 231.0, 213.0, 178.0, 155.0, 173.0, 220.0, 248.0, 258.0, 279.0, 289.0, 272.0, 266.0, 264.0, 225.0,
    177.0, 169.0, 195.0, 224.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_series_stays_flat() {
        let three = mean_of_three(&[7.0; 20]);
        for x in [three.theta[0], three.theta[1], three.damped[0], three.damped[1], three.ses] {
            assert!((x - 7.0).abs() < 1e-9, "{three:?}");
        }
    }

    #[test]
    fn short_series_give_their_mean() {
        assert_eq!(mean_of_three(&[4.0]).mean(0), 4.0);
        assert_eq!(mean_of_three(&[4.0, 6.0]).mean(1), 5.0);
        assert_eq!(mean_of_three(&[]).mean(0), 0.0);
    }
}
