//! Contracts turned into counters and people at the service centres.
//!
//! ```text
//! counters = contracts x minutes per contract / (60 x hours per counter and day x selling days)
//! people   = whole counters x people per counter
//! ```
//! The minutes and hours are settings (`[load]`): the published article tells only that a counter needs 1.5 to 2 people. They are
//! means: whoever wants no queue on the busiest day sets fewer hours a day than the doors are open.

use crate::dataset::Known;
use crate::dataset::counters::{Counters, Use};
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

/// What a centre has in a month to sign contracts at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Desks {
    /// Counters; none where nobody says how many.
    pub counters: Option<f64>,
    /// Hours a day each is open.
    pub hours: f64,
    /// People each needs.
    pub people_each: f64,
    /// People there are; none where nobody says.
    pub people: Option<f64>,
}

/// The contract counters of a region node in a month: the newest row of `counters` that has begun; else those of
/// `regions`, which have no date; else the sum over the nodes below it where all of them are known. Counters for topping up
/// and general ones sign nothing.
pub fn desks(known: &Known, node: usize, month: Month) -> Desks {
    let (data, settings) = (known.data, &known.data.settings.load);
    let begun = |c: &&Counters| c.node == node && c.usage == Use::Contract && c.from <= month;
    if let Some(row) = data.counters_by_date.iter().filter(begun).max_by_key(|c| c.from) {
        return Desks {
            counters: Some(row.count),
            hours: row.hours.unwrap_or(settings.hours_per_day),
            people_each: row.people_each.unwrap_or(settings.people_per_counter),
            people: row.people,
        };
    }
    let (hours, people_each) = (settings.hours_per_day, settings.people_per_counter);
    if let Some(Some(own)) = data.counters.get(node) {
        return Desks { counters: Some(*own), hours, people_each, people: None };
    }
    let below: Vec<Desks> = data.grid.regions.children(node).iter().map(|child| desks(known, *child, month)).collect();
    let sum = |of: fn(&Desks) -> Option<f64>| {
        (!below.is_empty()).then(|| below.iter().map(of).sum::<Option<f64>>()).flatten()
    };
    let counters = sum(|d| d.counters);
    // Of several centres the mean of their counters.
    let mean = |of: fn(&Desks) -> f64, usual: f64| match counters.filter(|all| *all > 0.0) {
        Some(all) => below.iter().map(|d| d.counters.unwrap_or_default() * of(d)).sum::<f64>() / all,
        None => usual,
    };
    Desks {
        counters,
        hours: mean(|d| d.hours, hours),
        people_each: mean(|d| d.people_each, people_each),
        people: sum(|d| d.people),
    }
}

/// The load of so many contracts in a month at such desks.
pub fn of(contracts: f64, month: Month, known: &Known, desks: &Desks) -> Load {
    let hours = desks.hours * known.data.calendar.selling_days(month);
    let busy = contracts.max(0.0) * known.data.settings.load.minutes_per_contract / 60.0;
    // A month without selling days signs nobody; what is planned for it needs a counter all the same.
    let counters = if hours > 0.0 { busy / hours } else { busy.min(1.0) };
    let open = (counters - SLACK).ceil().max(0.0);
    Load { counters, open, people: open * desks.people_each }
}

/// How many people a centre is short of: those that its load needs less those there are, where nobody counts them as many
/// as its counters seat. None where neither is known.
pub fn short(load: &Load, desks: &Desks) -> Option<f64> {
    let there = desks.people.or_else(|| Some(desks.counters? * desks.people_each))?;
    Some((load.people - there).max(0.0))
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

    #[test]
    fn a_centre_is_short_of_the_people_that_its_load_needs() {
        let desks = Desks { counters: Some(2.0), hours: 7.0, people_each: 1.5, people: None };
        let load = Load { counters: 2.4, open: 3.0, people: 4.5 };
        // Three counters of 1.5 people, of which two are there.
        assert_eq!(short(&load, &desks), Some(1.5));
        assert_eq!(short(&load, &Desks { people: Some(4.0), ..desks }), Some(0.5));
        assert_eq!(short(&load, &Desks { people: Some(9.0), ..desks }), Some(0.0));
        assert_eq!(short(&load, &Desks { counters: None, ..desks }), None);
    }
}
