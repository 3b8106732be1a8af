//! `commissions`: who gets which share of the premiums, by scheme and since when.

use std::collections::HashMap;

use super::repeats::Identical;
use crate::error::{Place, Problems};
use crate::messages::books as say;
use crate::messages::data::{between_0_and_1, listed_twice};
use crate::month::Month;
use crate::schema::nearest;
use crate::settings::Settings;
use crate::sheet::{Rows, Sheet};

/// One row of `commissions`.
#[derive(Clone, Debug)]
pub struct Commission {
    /// The scheme's name.
    pub scheme: String,
    /// First month of the rate.
    pub from: Month,
    /// Who gets it.
    pub party: String,
    /// Share of the premiums, within [0, 1].
    pub rate: f64,
    /// The party in whose place this one gets it, for the sales that go through it; none: it gets it of every sale.
    pub instead_of: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Reads the rows.
pub fn read(sheets: &[&Sheet], settings: &Settings, problems: &mut Problems) -> Vec<Commission> {
    let mut out: Vec<Commission> = Vec::new();
    let mut seen = Identical::default();
    let mut keys: HashMap<(String, Month, String), ()> = HashMap::new();
    let mut replaced: Vec<(usize, Place)> = Vec::new();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [scheme, from, party, rate, instead_of] =
            ["scheme", "from", "party", "rate", "instead_of"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            if seen.again(row, problems) {
                continue;
            }
            let name = row.need_name(scheme, problems);
            let begin = row.need_period(from, problems);
            let who = row.need_name(party, problems);
            let share = row.need_rate(rate, problems);
            let other = row.name(instead_of, problems);
            if share.is_some_and(|r| !(0.0..=1.0).contains(&r)) {
                problems.error(row.place(rate), "bad_rate", between_0_and_1(&row.quoted(rate)));
                continue;
            }
            let (Some(name), Some(begin), Some(who), Some(rate)) = (name, begin, who, share) else { continue };
            if keys.insert((name.to_string(), begin.month(), who.to_string()), ()).is_some() {
                problems.error(row.place(party), "listed_twice", listed_twice(who));
                continue;
            }
            if other.is_some() {
                replaced.push((out.len(), row.place(instead_of)));
            }
            out.push(Commission {
                scheme: name.to_string(),
                from: begin.month(),
                party: who.to_string(),
                rate,
                instead_of: other.map(str::to_string),
                place: row.place(party),
            });
        }
    }
    for (at, place) in replaced {
        let row = &out[at];
        let of_scheme = || out.iter().filter(|c| c.scheme == row.scheme && c.instead_of.is_none());
        let Some(other) = row.instead_of.as_deref() else { continue };
        if !of_scheme().any(|c| c.party == other) {
            problems.error_with(place, "unknown_party", || {
                say::unknown_party(other, &row.scheme, nearest(other, of_scheme().map(|c| c.party.as_str())))
            });
        }
    }
    out
}
