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
    record: f64,
    half: f64,
}

impl Scale {
    /// Of a forecast in units, mean units sold a month, and whether these are whole.
    pub(super) fn new(forecast: f64, usual: f64, whole: bool) -> Self {
        let half = if whole { HALF } else { 0.0 };
        let middle = forecast.max(0.0) + half;
        Self { middle, size: middle.max(LEAST_PART * usual + half), record: middle.max(usual + half), half }
    }

    /// Whether nothing is forecast and nothing has been sold: there is nothing to take errors relative to.
    pub(super) fn is_zero(&self) -> bool {
        self.size <= 0.0
    }

    /// Log of the size that errors are relative to.
    pub(super) fn log_size(&self) -> f64 {
        self.size.ln()
    }

    /// Log of the larger of forecast and usual level.
    pub(super) fn log_record(&self) -> f64 {
        self.record.ln()
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

    /// How far a count or quantity goes beyond the larger of forecast and usual level, on the scale of errors.
    pub(super) fn beyond(&self, actual: f64) -> f64 {
        ((actual + self.half) / self.record).cbrt() - 1.0
    }

    /// The value that goes so far.
    pub(super) fn most(&self, beyond: f64) -> f64 {
        (self.record * (1.0 + beyond).powi(3)) + self.half
    }
}
