//! Answers that are shares, in units.

use super::Revision;
use crate::dataset::{Answer, Says};

impl Revision {
    /// An answer in units; none where there is no target that it gives a share of, or its month is not forecast.
    pub fn units_of(&self, answer: &Answer) -> Option<f64> {
        match answer.says {
            Says::Units(units) => Some(units),
            _ => self.shares.iter().find(|(place, _)| *place == answer.place).map(|(_, units)| *units),
        }
    }
}
