//! What the plain rules said at past origins.

use ndarray::Array2;

/// What the plain rules said at a past origin.
pub(super) struct Plain {
    /// Units by step ahead, series x step, before revision.
    pub(super) units: Array2<f64>,
    /// Units of the months to `LONGEST` ahead, series x month, by the plain rules and by the fitted method.
    pub(super) beyond: [Array2<f64>; 2],
    /// What new communities add, series x month to `LONGEST` ahead.
    pub(super) added: Array2<f64>,
}
