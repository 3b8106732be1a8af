//! What two parts of `sales` hold both: month, region and product, or day, region and product.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use rustc_hash::FxHashMap;

use super::index::Keys;
use super::rows::Row;
use super::sales::{self, Sales};
use crate::error::{Place, Problems};
use crate::messages::data as say;
use crate::month::Month;
use crate::settings::{Overlap as Rule, Settings};

/// The part that counts, by series and day, where two hold it.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    counts: FxHashMap<(usize, i32), usize>,
}

impl Overlap {
    /// Whether a row counts.
    pub fn counts(&self, sales: &Sales, series: usize, row: &Row) -> bool {
        if self.counts.is_empty() {
            return true;
        }
        let own = || sales.places.file_of(row.place);
        self.counts.get(&(series, day_of(sales, row.day))).is_none_or(|counts| *counts == own())
    }
}

/// A row's day; the first of its month where the table is in months.
fn day_of(sales: &Sales, day: i32) -> i32 {
    if sales.daily { day } else { sales::month(day).first_day().num_days_from_ce() }
}

/// What a part holds of a series and day: the part, its units, its first row.
type Held = (usize, f64, u32);

/// What two parts hold both.
#[derive(Default)]
struct Both {
    months: BTreeSet<Month>,
    keys: usize,
    differ: usize,
    units: [f64; 2],
    first: u32,
}

/// Finds what two files hold both and does what the settings say; where they say nothing that is an error.
pub(super) fn find(
    sales: &Sales,
    keys: &Keys,
    position: &[usize],
    settings: &Settings,
    problems: &mut Problems,
) -> Overlap {
    let mut out = Overlap::default();
    if sales.places.files() < 2 || settings.sales.overlap == Rule::Sum || !may_overlap(sales) {
        return out;
    }
    // By series and day the parts that hold it, with their units and first rows, in the order of the parts.
    let mut held: FxHashMap<(usize, i32), Vec<Held>> = FxHashMap::default();
    for row in sales.rows.iter() {
        let Some(series) = keys.series(row.pair, row.day, position) else { continue };
        let day = day_of(sales, row.day);
        let part = sales.places.file_of(row.place);
        let parts = held.entry((series, day)).or_default();
        match parts.last_mut() {
            Some((last, units, _)) if *last == part => *units += row.units,
            _ => parts.push((part, row.units, row.place)),
        }
    }
    let mut pairs: BTreeMap<(usize, usize), Both> = BTreeMap::new();
    for ((series, day), parts) in held {
        let [.., (one, before, _), (other, after, place)] = parts.as_slice() else { continue };
        let both = pairs.entry((*one, *other)).or_default();
        both.months.insert(sales::month(day));
        both.keys += 1;
        both.differ += usize::from(before != after);
        both.units = [both.units[0] + before, both.units[1] + after];
        both.first = if both.first == 0 { *place } else { both.first.min(*place) };
        out.counts.insert((series, day), *other);
    }
    for ((one, other), both) in pairs {
        let names = [one, other].map(|part| sales.places.name(part));
        let place: Option<Place> = sales.places.get(both.first);
        let months = (both.months.first().copied(), both.months.last().copied());
        let (Some(from), Some(to)) = months else { continue };
        let found = say::Overlapping {
            files: names,
            months: (from, to),
            keys: both.keys,
            differ: both.differ,
            units: both.units,
        };
        if settings.sales.overlap == Rule::LaterFile {
            let (message, treatment) = say::later_file_counts(&found);
            problems.warn(place, "overlap", message, treatment);
        } else {
            problems.error(place, "overlap", say::overlap(&found));
        }
    }
    out
}

/// Whether two parts hold rows of one month of one region: few folders do, and a key of each row takes memory.
fn may_overlap(sales: &Sales) -> bool {
    let mut seen: FxHashMap<(i32, u32), usize> = FxHashMap::default();
    let mut last = (i32::MIN, u32::MAX, usize::MAX);
    let pairs = sales.pairs.pairs();
    sales.rows.iter().any(|row| {
        let part = sales.places.file_of(row.place);
        let region = pairs.get(row.pair as usize).map_or(0, |(region, _)| *region);
        let day = day_of(sales, row.day);
        // Rows come in runs.
        if last == (day, region, part) {
            return false;
        }
        last = (day, region, part);
        *seen.entry((day, region)).or_insert(part) != part
    })
}
