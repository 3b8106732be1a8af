//! Dated factors: what the folder is told of them, and what truly happened.

use super::calendar::month;
use super::catalogue::{REGIONS, region};

/// A row of `factors.csv` with its true effect.
pub struct Event {
    pub region: &'static str,
    /// First and last month (index).
    pub from: i32,
    pub to: i32,
    pub reason: &'static str,
    /// Share of sales gained or lost.
    pub effect: f64,
    /// Whether the folder is told the effect.
    pub told: bool,
    /// When it was known, where that was not when it began.
    pub known: &'static str,
    pub note: &'static str,
}

/// Everything that moved sales beyond season and growth. Centre `kaifa` is the suppressed one of the last year.
pub const EVENTS: [Event; 4] = [
    Event {
        region: "chengbei",
        from: 15,
        to: 17,
        reason: "other",
        effect: -0.15,
        told: true,
        known: "",
        note: "road works before the centre",
    },
    Event {
        region: "gaoxin",
        from: 21,
        to: 22,
        reason: "promotion",
        effect: 0.30,
        told: true,
        known: "2013-03-15",
        note: "spring renovation fair",
    },
    Event {
        region: "kaifa",
        from: 26,
        to: 29,
        reason: "cooperation",
        effect: -0.25,
        told: false,
        known: "",
        note: "property managers kept households from the counters",
    },
    Event {
        region: "chengdong",
        from: 38,
        to: 38,
        reason: "promotion",
        effect: 0.15,
        told: true,
        known: "2014-06-20",
        note: "autumn renovation fair, planned",
    },
];

/// What the events of a month do to the sales of a centre, as a factor.
pub fn factor(centre: usize, t: i32) -> f64 {
    EVENTS
        .iter()
        .filter(|e| region(e.region) == centre && (e.from..=e.to).contains(&t))
        .fold(1.0, |f, e| f * (1.0 + e.effect))
}

/// Rows of `factors.csv`; with `truth`, every effect is told.
pub fn rows(truth: bool) -> Vec<Vec<String>> {
    EVENTS
        .iter()
        .map(|e| {
            let effect = if truth || e.told { format!("{:.2}", e.effect) } else { String::new() };
            let (from, to) = (month(e.from).to_string(), month(e.to).to_string());
            let centre = REGIONS[region(e.region)].code.to_string();
            let (reason, known, note) = (e.reason.into(), e.known.into(), e.note.into());
            vec![centre, String::new(), from, to, reason, effect, known, note]
        })
        .collect()
}
