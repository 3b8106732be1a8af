//! Where a share goes on from its last years: a damped trend on the logit as the central case, last year's share and
//! the straight line as scenarios (docs/METHOD.md#communities).

/// How much of a year's step is still made in the year after.
pub const DAMPED: f64 = 0.5;
/// Years from the middle of the last one to its end.
const SEEN: f64 = 0.5;
/// Shares enter the logit no nearer to 0 and 1 than this.
const EDGE: f64 = 1e-4;
/// What a year's step on the logit is without any seen, as a standard deviation, and how many years seen that counts
/// for: a share of 13% becomes 10.4 or 16.1%.
const USUAL_STEP: (f64, f64) = (0.25, 1.0);

/// ln(p / (1 - p)).
pub fn logit(p: f64) -> f64 {
    let p = p.clamp(EDGE, 1.0 - EDGE);
    (p / (1.0 - p)).ln()
}

/// The share of a logit.
pub fn share(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Shares of past years and how they go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Logits of the shares by year, oldest first.
    pub logits: Vec<f64>,
    /// Least-squares slope on the logit, a year; 0 where the last year stands alone.
    pub slope: f64,
    /// Least-squares slope of the shares themselves, a year.
    pub points: f64,
    /// Standard deviation of what a year's step does beside the damped trend, on the logit.
    pub step: f64,
}

/// Next year's share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scenarios {
    /// The central case: the damped trend.
    pub central: f64,
    /// Last year's again.
    pub last: f64,
    /// Last year's and the least-squares slope in points.
    pub linear: f64,
}

fn slope(y: &[f64]) -> f64 {
    let n = y.len() as f64;
    let (mean_x, mean_y) = ((n - 1.0) / 2.0, y.iter().sum::<f64>() / n.max(1.0));
    let (mut sxy, mut sxx) = (0.0, 0.0);
    for (i, y) in y.iter().enumerate() {
        let x = i as f64 - mean_x;
        sxy += x * (y - mean_y);
        sxx += x * x;
    }
    if sxx > 0.0 { sxy / sxx } else { 0.0 }
}

impl Trend {
    /// The trend of the shares of past years, oldest first. Where the last step was a dated factor's (`flat`), last
    /// year's share is the central case and the trend a scenario.
    pub fn new(shares: &[f64], flat: bool) -> Trend {
        let logits: Vec<f64> = shares.iter().map(|p| logit(*p)).collect();
        let steps: Vec<f64> = logits.windows(2).map(|w| w[1] - w[0]).collect();
        let (usual, years) = USUAL_STEP;
        let squares: f64 = steps.iter().map(|s| s * s).sum();
        let variance = (years * usual * usual + squares) / (years + steps.len() as f64);
        // Steps that carry on by DAMPED leave this part of their variance to chance.
        let step = (variance * (1.0 - DAMPED * DAMPED)).sqrt();
        Trend { slope: if flat { 0.0 } else { slope(&logits) }, points: slope(shares), step, logits }
    }

    /// The logit so many years after the middle of the last one (before it: along the line through the years' middles):
    /// `last + slope max(min(years, 1/2), 1 - DAMPED^years)`: to the end of the last year, half a year after its middle,
    /// the trend was seen and is not damped; next year's middle has `.5 slope`, that of the year after `.75`.
    pub fn at(&self, years: f64) -> f64 {
        let Some(last) = self.logits.len().checked_sub(1) else { return 0.0 };
        if years >= 0.0 {
            return self.logits[last] + self.slope * years.min(SEEN).max(1.0 - DAMPED.powf(years));
        }
        let x = (last as f64 + years).max(0.0);
        let i = (x.floor() as usize).min(last);
        let next = self.logits[(i + 1).min(last)];
        self.logits[i] + (next - self.logits[i]) * (x - i as f64)
    }

    /// Next year's share.
    pub fn next_year(&self) -> Scenarios {
        let last = self.logits.last().copied().unwrap_or_default();
        let linear = (share(last) + self.points).clamp(0.0, 1.0);
        Scenarios { central: share(self.at(1.0)), last: share(last), linear }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gas_by_hand_conversion() {
        let next = Trend::new(&[0.09, 0.13, 0.19], false).next_year();
        assert!((next.central - 0.22546).abs() < 5e-6, "{next:?}");
        assert!((next.last - 0.19).abs() < 1e-12 && (next.linear - 0.24).abs() < 1e-12);
    }

    #[test]
    fn one_year_goes_on_as_it_was_and_so_does_a_dated_step() {
        assert!((Trend::new(&[0.13], false).next_year().central - 0.13).abs() < 1e-12);
        let next = Trend::new(&[0.09, 0.13], true).next_year();
        assert!((next.central - 0.13).abs() < 1e-12 && (next.linear - 0.17).abs() < 1e-12);
    }

    #[test]
    fn the_path_runs_through_the_years_middles_and_bends_down() {
        let trend = Trend::new(&[0.1, 0.2, 0.3], false);
        assert!((share(trend.at(-1.0)) - 0.2).abs() < 1e-12 && (share(trend.at(0.0)) - 0.3).abs() < 1e-12);
        assert!((share(trend.at(-9.0)) - 0.1).abs() < 1e-12);
        // Half a year after the middle of the last one its data end: so far the trend was seen. Next year's middle is no higher.
        assert!((trend.at(0.25) - trend.at(0.0) - trend.slope / 4.0).abs() < 1e-12);
        assert!((trend.at(0.5) - trend.at(1.0)).abs() < 1e-12);
        let steps = [trend.at(1.0) - trend.at(0.0), trend.at(2.0) - trend.at(1.0)];
        assert!((steps[0] - trend.slope / 2.0).abs() < 1e-12 && (steps[1] - trend.slope / 4.0).abs() < 1e-12);
    }
}
