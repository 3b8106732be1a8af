//! What an error is taken relative to.

/// Half of a count's step.
const HALF: f64 = 0.5;
/// A forecast under this part of what its series usually sells is no surer than one of this part.
const LEAST_PART: f64 = 0.25;

/// A forecast beside what its series usually sells. A count y is the span from `y` to `y + 1` and its forecast `f + .5`
/// (half a unit either side of `y + .5`), so that every count has its probability.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    middle: f64,
    size: f64,
    half: f64,
}

impl Scale {
    /// Of a forecast in units, mean units sold a month, and whether these are whole.
    pub(super) fn new(forecast: f64, usual: f64, whole: bool) -> Self {
        let half = if whole { HALF } else { 0.0 };
        let middle = forecast.max(0.0) + half;
        Self { middle, size: middle.max(LEAST_PART * usual + half), half }
    }

    /// Whether nothing is forecast and nothing has been sold: there is nothing to take errors relative to.
    pub(super) fn is_zero(&self) -> bool {
        self.size <= 0.0
    }

    /// Log of the size that errors are relative to.
    pub(super) fn log_size(&self) -> f64 {
        self.size.ln()
    }

    /// Error of a value, `(y / size)^(1/3) - (f / size)^(1/3)`.
    pub(super) fn error(&self, value: f64) -> f64 {
        (value.max(0.0) / self.size).cbrt() - (self.middle / self.size).cbrt()
    }

    /// The value of an error.
    pub(super) fn value(&self, error: f64) -> f64 {
        self.size * ((self.middle / self.size).cbrt() + error).max(0.0).powi(3)
    }

    /// Error of a count or quantity.
    pub(super) fn error_of(&self, actual: f64) -> f64 {
        self.error(actual + self.half)
    }

    /// Errors between which an actual lies: of a count its unit.
    pub(super) fn span(&self, actual: f64) -> (f64, f64) {
        (self.error(actual), self.error(actual + 2.0 * self.half))
    }

    /// Errors between which the forecast itself lies: of a count its unit.
    pub(super) fn point(&self) -> (f64, f64) {
        (self.error(self.middle - self.half), self.error(self.middle + self.half))
    }

    /// The forecast and a usual level in units, beside which records are seen.
    pub(super) fn reach(&self, usual: f64) -> [Reach; 2] {
        let usual = usual + self.half;
        [self.middle.min(usual), self.size.max(usual)].map(|level| Reach { level, half: self.half })
    }
}

/// The smaller or the larger of what is forecast and what a series usually sells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    level: f64,
    half: f64,
}

impl Reach {
    /// Log of the level; none where it is 0.
    pub(super) fn log_level(&self) -> Option<f64> {
        (self.level > 0.0).then(|| self.level.ln())
    }

    /// How far a count or quantity goes beyond it, `(y / level)^(1/3) - 1`.
    pub(super) fn beyond(&self, actual: f64) -> f64 {
        ((actual + self.half) / self.level).cbrt() - 1.0
    }

    /// The value that goes so far.
    pub(super) fn value(&self, beyond: f64) -> f64 {
        self.level * (1.0 + beyond).max(0.0).powi(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_relative_to_forecast_and_usual_level() {
        // Forecast 8, usual level 8: (27/8)^(1/3) - 1 = .5.
        let scale = Scale::new(8.0, 8.0, false);
        assert!((scale.error(27.0) - 0.5).abs() < 1e-12 && (scale.value(0.5) - 27.0).abs() < 1e-12);
        assert!((scale.error(0.0) + 1.0).abs() < 1e-12 && scale.value(-2.0) == 0.0);
        // Next to nothing forecast of a series that sells 400: relative to 100, at most 4^(1/3) for the usual level.
        let scale = Scale::new(1e-9, 400.0, false);
        assert!((scale.error(400.0) - 4.0_f64.cbrt()).abs() < 1e-3);
        assert!(Scale::new(0.0, 0.0, false).is_zero() && !Scale::new(0.0, 0.0, true).is_zero());
    }

    #[test]
    fn a_count_lies_in_its_unit() {
        let scale = Scale::new(3.0, 3.0, true);
        let ((low, high), point) = (scale.span(3.0), scale.point());
        assert!(scale.error_of(3.0).abs() < 1e-12 && low < 0.0 && high > 0.0 && (low, high) == point);
        assert!((scale.value(low) - 3.0).abs() < 1e-12 && (scale.value(high) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn records_are_seen_beside_forecast_and_usual_level() {
        let scale = Scale::new(10.0, 40.0, false);
        // 270 beside 80 is 1.5 times on the cube root; beside the forecast alone three times.
        assert!((scale.reach(80.0)[1].beyond(270.0) - 0.5).abs() < 1e-12);
        assert!((scale.reach(0.0)[1].beyond(270.0) - 2.0).abs() < 1e-12);
        assert!((scale.reach(80.0)[1].value(0.5) - 270.0).abs() < 1e-9);
        // Downwards beside the smaller of both: 1.25 beside 10 is half on the cube root.
        assert!((scale.reach(80.0)[0].beyond(1.25) + 0.5).abs() < 1e-12);
        assert_eq!((scale.reach(0.0)[0].log_level(), scale.reach(80.0)[0].value(-3.0)), (None, 0.0));
    }
}
