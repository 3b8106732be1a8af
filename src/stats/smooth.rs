//! Exponential smoothing with initial states profiled by least squares, and the mean of three
//! (docs/METHOD.md#season-and-smoothing): Theta, damped Holt on logs averaged over a small grid, simple smoothing
//! averaged likewise.
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

/// What simple smoothing leaves with each constant of [`ALPHA`]: squared errors and the last level. All constants go
/// along together, so that a series is read once.
fn ses(y: impl Iterator<Item = f64>) -> [(f64, f64); ALPHA.len()] {
    // With the level at 0 first, e_t = c_t - w_t l0 for the initial level l0, which is then profiled.
    let (mut level, mut w) = ([0.0; ALPHA.len()], [1.0; ALPHA.len()]);
    let (mut swc, mut sww, mut scc) = ([0.0; ALPHA.len()], [0.0; ALPHA.len()], [0.0; ALPHA.len()]);
    for value in y {
        for i in 0..ALPHA.len() {
            let c = value - level[i];
            swc[i] += w[i] * c;
            sww[i] += w[i] * w[i];
            scc[i] += c * c;
            level[i] += ALPHA[i] * c;
            w[i] *= 1.0 - ALPHA[i];
        }
    }
    std::array::from_fn(|i| (scc[i] - swc[i] * swc[i] / sww[i], level[i] + w[i] * (swc[i] / sww[i])))
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
    let fits = ses(y.iter().enumerate().map(|(t, &value)| 2.0 * value - line(t as f64)));
    let (_, level) = fits.into_iter().fold((f64::INFINITY, 0.0), |best, fit| if fit.0 < best.0 { fit } else { best });
    std::array::from_fn(|h| 0.5 * (level + line(n + h as f64)))
}

/// Simple smoothing averaged over the grid.
pub fn ses_average(y: &[f64]) -> f64 {
    average(y.len(), &ses(y.iter().copied()).map(|(sse, level)| (sse, [level])))[0]
}

/// Damped Holt on the logs of a positive series, averaged over the grid, back on the series' own scale.
pub fn damped_on_logs(y: &[f64]) -> Ahead {
    average(y.len(), &damped(y.iter().map(|x| x.ln()))).map(f64::exp)
}

/// Points of the damped grid.
const HOLT: usize = HOLT_ALPHA.len() * HOLT_BETA.len();

/// The damped fits: squared errors and the steps ahead of each point of the grid. Level and slope at the start are
/// profiled, the slope with a ridge of 1 (a prior of about one step's error). All points go along together.
fn damped(y: impl Iterator<Item = f64>) -> [(f64, Ahead); HOLT] {
    const ALPHAS: [f64; HOLT] = grid().0;
    const BETAS: [f64; HOLT] = grid().1;
    let (mut level, mut slope) = ([0.0; HOLT], [0.0; HOLT]);
    // How the states depend on the first level and the first slope.
    let (mut l1, mut b1, mut l2, mut b2) = ([1.0; HOLT], [0.0; HOLT], [0.0; HOLT], [1.0; HOLT]);
    let (mut s11, mut s12, mut s22) = ([0.0; HOLT], [0.0; HOLT], [0.0; HOLT]);
    let (mut s1c, mut s2c, mut scc) = ([0.0; HOLT], [0.0; HOLT], [0.0; HOLT]);
    for value in y {
        for i in 0..HOLT {
            let (alpha, beta) = (ALPHAS[i], BETAS[i]);
            let c = value - (level[i] + PHI * slope[i]);
            let (u, v) = (l1[i] + PHI * b1[i], l2[i] + PHI * b2[i]);
            s11[i] += u * u;
            s12[i] += u * v;
            s22[i] += v * v;
            s1c[i] += u * c;
            s2c[i] += v * c;
            scc[i] += c * c;
            (level[i], slope[i]) = (level[i] + PHI * slope[i] + alpha * c, PHI * slope[i] + beta * c);
            (l1[i], b1[i]) = (u - alpha * u, PHI * b1[i] - beta * u);
            (l2[i], b2[i]) = (v - alpha * v, PHI * b2[i] - beta * v);
        }
    }
    let ridge = 1.0;
    std::array::from_fn(|i| {
        let r22 = s22[i] + ridge;
        let determinant = s11[i] * r22 - s12[i] * s12[i];
        let x1 = (s1c[i] * r22 - s2c[i] * s12[i]) / determinant;
        let x2 = (s11[i] * s2c[i] - s12[i] * s1c[i]) / determinant;
        let explained = x1 * x1 * s11[i] + 2.0 * x1 * x2 * s12[i] + x2 * x2 * r22;
        let sse = scc[i] - 2.0 * (x1 * s1c[i] + x2 * s2c[i]) + explained;
        let (last, trend) = (level[i] + x1 * l1[i] + x2 * l2[i], slope[i] + x1 * b1[i] + x2 * b2[i]);
        let (mut reach, mut step) = (0.0, 1.0);
        let ahead = std::array::from_fn(|_| {
            step *= PHI;
            reach += step;
            last + reach * trend
        });
        (sse, ahead)
    })
}

/// Constants of level and slope of every point of the damped grid.
const fn grid() -> ([f64; HOLT], [f64; HOLT]) {
    let (mut alphas, mut betas, mut i) = ([0.0; HOLT], [0.0; HOLT], 0);
    while i < HOLT {
        alphas[i] = HOLT_ALPHA[i / HOLT_BETA.len()];
        betas[i] = alphas[i] * HOLT_BETA[i % HOLT_BETA.len()];
        i += 1;
    }
    (alphas, betas)
}

/// The grid's forecasts, each weighing `(SSE_min / SSE)^(n/2)`.
fn average<const N: usize>(n: usize, fits: &[(f64, [f64; N])]) -> [f64; N] {
    let least = fits.iter().map(|(sse, _)| sse.max(NO_ERROR)).fold(f64::INFINITY, f64::min);
    let (mut sum, mut weights) = ([0.0; N], 0.0);
    for (sse, ahead) in fits {
        let w = (least / sse.max(NO_ERROR)).powf(n as f64 / 2.0);
        weights += w;
        sum.iter_mut().zip(ahead).for_each(|(sum, x)| *sum += w * x);
    }
    sum.map(|x| x / weights)
}

/// The 36 months of the golden numbers.
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
