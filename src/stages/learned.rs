//! What is learned of the fitted forecast (`combine`) from a folder's past origins.

use super::levels::{Evidence, LEVELS, MILESTONES};
use crate::stats::regress::Line;

/// The total's regressions, from the most to the least held back.
pub const LINES: usize = 3;
/// Experts of the total.
pub const TOTALS: usize = LINES + 3;

/// A regression on centred variables that stays within what came at the origins it was learned from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// One coefficient a variable.
    pub coefficients: Vec<f64>,
    /// How far, up or down, the outcome (a log) may be.
    pub furthest: f64,
}

impl Held {
    /// The outcome for a sum of variables times coefficients.
    pub fn at(&self, sum: f64) -> f64 {
        sum.clamp(-self.furthest, self.furthest)
    }
}

/// What was learned for one step ahead.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The shares' regression.
    pub shares: Held,
    /// The total's regressions; none with too few past origins.
    pub lines: Option<[Line; LINES]>,
    /// By block: how much of a month's total came from series that had begun by the origin, a share.
    pub begun: Vec<f64>,
    /// By block: weights of the total's experts; those that cannot speak are left out and the rest scaled.
    pub totals: Vec<[f64; TOTALS]>,
    /// How many past origins the coefficients come from.
    pub origins: usize,
    /// How many rows (series x origin) of these the shares' regression comes from.
    pub rows: usize,
    /// How many past origins the total's regressions come from.
    pub line_origins: usize,
    /// By block: what the total's experts missed at past origins.
    pub missed: Vec<[Missed; TOTALS]>,
    /// By level: what the experts of `levels` missed at past origins.
    pub evidence: [Evidence; LEVELS],
}

/// What an expert of a total missed at past origins.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Missed {
    /// Origins at which it spoke.
    pub origins: usize,
    /// Sum of `|total forecast - total that came|`, in units per month of mean length.
    pub missed: f64,
    /// Sum of what came, in the same units.
    pub actual: f64,
}

impl Missed {
    /// `sum missed / sum came`, a share; none where nothing came.
    pub fn share(&self) -> Option<f64> {
        (self.actual > 0.0).then(|| self.missed / self.actual)
    }
}

/// What was learned from a folder's past origins, by step ahead.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// Steps ahead 1, 2, 3; none for a step whose past does not support it.
    pub steps: Vec<Option<Step>>,
    /// By milestone: what the experts of `levels` missed at past origins, beyond the regression's steps.
    pub beyond: [[Evidence; LEVELS]; MILESTONES.len()],
    /// Weight against the plain rules, within [0, 1].
    pub weight: f64,
    /// The same beyond the regression's steps.
    pub weight_beyond: f64,
}
