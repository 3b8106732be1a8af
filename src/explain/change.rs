//! What a number changed by since its month was last issued, and why.

use super::chain::{Chain, Id};
use super::number::{Digits, Unit, sum};
use super::{InputLine, StepLine};
use crate::changes::{CAUSES, Change, Since};
use crate::messages::changes as say;

const STEP: Id = ("change", "R9");

impl Chain<'_> {
    /// The last step: the version issued before, the causes, and the number as it is.
    pub fn changed(&mut self) {
        if let Some(since) = self.workings.since(self.k) {
            self.steps.push(step(since, &since.sum([self.series]), self.digits));
        }
    }
}

/// `last version + causes = this version`, for one series or a sum of them.
pub fn step(since: &Since, change: &Change, digits: Digits) -> StepLine {
    let causes: Vec<(&str, f64)> =
        CAUSES.iter().map(|c| c.word()).zip(change.causes).filter(|(_, units)| units.abs() > 1e-9).collect();
    let terms = [change.last].into_iter().chain(causes.iter().map(|(_, units)| *units));
    let formula = sum(terms).equation(change.now, Unit::Units, digits);
    let name = say::step(since.issue.made, since.month.lag);
    let mut step = StepLine::new(STEP, name, formula, change.now, Unit::Units);
    let units = Unit::Units;
    let place = Some(since.issue.file.to_string());
    step.inputs.push(InputLine { what: say::as_issued(), value: change.last, unit: units, place });
    causes.into_iter().for_each(|(word, value)| {
        step.input(say::cause(word), value, units, None);
    });
    step
}
