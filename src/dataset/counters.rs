//! `counters`: how many counters a service centre has, since when, how long they are open and who sits at them.

use std::collections::HashSet;

use super::names::Names;
use super::repeats::Identical;
use crate::error::{Place, Problems};
use crate::messages::{data as say, rates};
use crate::month::Month;
use crate::settings::Settings;
use crate::sheet::{Rows, Sheet};

/// What a counter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Use {
    /// Contracts are signed at it.
    Contract,
    /// Cards are topped up at it.
    TopUp,
    /// Everything else.
    General,
}

impl Use {
    fn of(word: &str) -> Option<Use> {
        match word.to_lowercase().replace([' ', '-'], "_").as_str() {
            "contract" | "签约" | "合同" | "开户" => Some(Use::Contract),
            "top_up" | "topup" | "充值" | "缴费" => Some(Use::TopUp),
            "general" | "综合" => Some(Use::General),
            _ => None,
        }
    }
}

/// One row of `counters`.
#[derive(Clone, Debug)]
pub struct Counters {
    /// First month it holds.
    pub from: Month,
    /// Region node.
    pub node: usize,
    /// What they are for.
    pub usage: Use,
    /// How many.
    pub count: f64,
    /// Hours a day each is open.
    pub hours: Option<f64>,
    /// People that each needs.
    pub people_each: Option<f64>,
    /// People there are.
    pub people: Option<f64>,
    /// Where it stands.
    pub place: Place,
}

/// Reads the rows.
pub fn read(sheets: &[&Sheet], settings: &Settings, names: &Names, problems: &mut Problems) -> Vec<Counters> {
    let mut out = Vec::new();
    let (mut seen, mut keys) = (Identical::default(), HashSet::new());
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [from, region, kind, counters, hours, each, people] =
            ["from", "region", "kind", "counters", "hours", "people_per_counter", "people"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            if seen.again(row, problems) {
                continue;
            }
            let begin = row.need_period(from, problems);
            let node = names.region(row, region, problems);
            let word = row.name(kind, problems);
            let usage = word.map_or(Some(Use::Contract), Use::of);
            if usage.is_none() {
                let message = say::one_of(&row.quoted(kind), "contract, top_up, general");
                problems.error(row.place(kind), "bad_word", message);
            }
            let count = row.need_number(counters, problems);
            let amount = |col, most: f64, problems: &mut Problems| {
                let found = row.number(col, problems)?;
                if !(0.0..=most).contains(&found) {
                    problems.error(row.place(col), "out_of_range", rates::up_to(&row.quoted(col), most));
                }
                Some(found)
            };
            let open = amount(hours, HOURS, problems);
            let each = amount(each, MOST, problems);
            let people = amount(people, MOST, problems);
            if count.is_some_and(|n| !(0.0..=MOST).contains(&n)) {
                problems.error(row.place(counters), "out_of_range", rates::up_to(&row.quoted(counters), MOST));
            }
            let (Some(begin), Some(node), Some(usage), Some(count)) = (begin, node, usage, count) else { continue };
            if !keys.insert((begin.month(), node, usage)) {
                problems.error(row.place(region), "listed_twice", say::listed_twice(&row.quoted(region)));
                continue;
            }
            let (from, place) = (begin.month(), row.place(counters));
            out.push(Counters { from, node, usage, count, hours: open, people_each: each, people, place });
        }
    }
    out
}

/// Hours of a day.
const HOURS: f64 = 24.0;
/// No centre has more counters, or people at one.
const MOST: f64 = 10_000.0;
