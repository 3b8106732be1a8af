//! Contracts turned into counters and people at the service centres.
//!
//! ```text
//! counters = contracts x minutes per contract / (60 x hours per counter and day x selling days)
//! people   = whole counters x people per counter
//! ```
//! The minutes and hours are settings (`[load]`): the published article tells only that a counter needs 1.5 to 2 people. They are
//! means: whoever wants no queue on the busiest day sets fewer hours a day than the doors are open.

use crate::dataset::Known;
use crate::month::Month;

/// Counters are counted whole: a need of this much more than a whole number is still that number.
const SLACK: f64 = 1e-9;

/// What the contracts of one centre and month ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// Counters kept busy through the month, not rounded, so that it adds up over centres.
    pub counters: f64,
    /// Counters that have to be open: the next whole number.
    pub open: f64,
    /// People at them.
    pub people: f64,
}

/// The load of so many contracts in a month.
pub fn of(contracts: f64, month: Month, known: &Known) -> Load {
    let settings = &known.data.settings.load;
    let hours = settings.hours_per_day * known.data.calendar.selling_days(month);
    let busy = contracts.max(0.0) * settings.minutes_per_contract / 60.0;
    // A month without selling days signs nobody; what is planned for it needs a counter all the same.
    let counters = if hours > 0.0 { busy / hours } else { busy.min(1.0) };
    let open = (counters - SLACK).ceil().max(0.0);
    Load { counters, open, people: open * settings.people_per_counter }
}

/// The counters of a region node: its own number (`counters` of `regions`), else the sum of those below it where all of
/// them are known.
pub fn counters(known: &Known, node: usize) -> Option<f64> {
    let data = known.data;
    if let Some(Some(own)) = data.counters.get(node) {
        return Some(*own);
    }
    let below = data.grid.regions.children(node);
    (!below.is_empty()).then(|| below.iter().map(|&child| counters(known, child)).sum::<Option<f64>>()).flatten()
}

/// Whether a centre is short: more counters have to be open than it has. False where nobody said how many it has.
pub fn is_short(load: &Load, there: Option<f64>) -> bool {
    there.is_some_and(|there| load.open > there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_number_of_counters_can_be_short() {
        let load = Load { counters: 2.4, open: 3.0, people: 5.25 };
        assert_eq!(
            [None, Some(2.0), Some(3.0), Some(4.0)].map(|there| is_short(&load, there)),
            [false, true, false, false]
        );
    }
}
