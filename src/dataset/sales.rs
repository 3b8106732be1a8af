//! The big table: sales rows read into columns, one pass, nothing allocated for a row.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};

use super::Places;
use super::keys::{Keys, Pairs};
use super::rows::{Row, Rows};
use crate::error::{Place, Problems};
use crate::messages::data as say;
use crate::month::{Month, Period};
use crate::settings::Settings;
use crate::sheet::cell::is_total;
use crate::sheet::{self, Sheet};

/// Sales as read: one entry a row in each column.
#[derive(Debug, Default)]
pub struct Sales {
    /// Distinct region names as written.
    pub regions: Keys,
    /// Distinct product names as written.
    pub products: Keys,
    /// Distinct pairs of them.
    pub pairs: Pairs,
    /// The rows.
    pub rows: Rows,
    /// Whether the table has revenue.
    pub has_revenue: bool,
    /// Whether it says what share of a time was in stock.
    pub has_availability: bool,
    /// Whether it says how many days were without stock.
    pub has_stockout_days: bool,
    /// Files behind the places.
    pub places: Places,
    /// Where each region name was first met, by number, and whether it names a total.
    pub first_region: Vec<(Place, bool)>,
    /// The same of products.
    pub first_product: Vec<(Place, bool)>,
    /// Total rows left out.
    pub totals: Vec<Total>,
    /// Whether the month column holds days.
    pub daily: bool,
    /// Whether a row falls on a weekend.
    pub weekends: bool,
}

/// A total row, recognised and left out.
#[derive(Clone, Debug)]
pub struct Total {
    /// Its day.
    pub day: i32,
    /// Region as written; none where that is the total.
    pub region: Option<String>,
    /// Product as written; none where that is the total.
    pub product: Option<String>,
    /// Its units.
    pub units: f64,
    /// Where it stands.
    pub place: Place,
}

impl Sales {
    /// Reads the parts of the table.
    pub fn read(sheets: &[&Sheet], settings: &Settings, problems: &mut Problems) -> Sales {
        let mut sales = Sales::default();
        let mut last = 0;
        for sheet in sheets {
            let base = sales.places.add(sheet.file.clone(), last);
            last = sales.part(sheet, base, settings, problems).max(last + 1);
        }
        sales
    }

    /// One part; returns the highest place id given out.
    fn part(&mut self, sheet: &Sheet, base: u32, settings: &Settings, problems: &mut Problems) -> u32 {
        let Some(mut rows) = sheet::Rows::open(sheet, &settings.columns, problems) else { return base };
        let [month, region, product, units] = ["month", "region", "product", "units"].map(|c| rows.column(c));
        let [revenue, availability, stockout] = ["revenue", "availability", "stockout_days"].map(|c| rows.column(c));
        let flag = rows.column("stockout");
        self.has_revenue |= revenue.is_there();
        self.has_availability |= availability.is_there();
        self.has_stockout_days |= stockout.is_there();
        self.rows.reserve(rows.expected());
        let mut highest = base;
        while let Some(row) = rows.next(problems) {
            let id = base + row.line();
            highest = id;
            let (Some(period), Some(value)) = (row.need_period(month, problems), row.need_number(units, problems))
            else {
                // The names of a broken row are still looked at, so that all that is wrong comes out at once.
                let _ = (row.need_name(region, problems), row.need_name(product, problems));
                continue;
            };
            let (Some(region_name), Some(product_name)) =
                (row.need_name(region, problems), row.need_name(product, problems))
            else {
                continue;
            };
            let day = self.day_of(period);
            let r = self.regions.id(region_name);
            let p = self.products.id(product_name);
            let total_region = first(&mut self.first_region, r, region_name, || row.place(region));
            let total_product = first(&mut self.first_product, p, product_name, || row.place(product));
            if total_region || total_product {
                let part = |name: &str, total: bool| (!total).then(|| name.to_string());
                let (region, product) = (part(region_name, total_region), part(product_name, total_product));
                self.totals.push(Total { day, region, product, units: value, place: row.place(month) });
                continue;
            }
            let money = row.money(revenue, settings.units.money, problems).unwrap_or(0.0) * settings.units.money.yuan();
            let share = row.rate(availability, problems);
            if let Some(share) = share.filter(|s| !(0.0..=1.0).contains(s)) {
                problems.error(row.place(availability), "bad_availability", say::availability_range(share));
            }
            let days = row.number(stockout, problems);
            let possible = 0.0..=f64::from(period.month().days());
            if let Some(days) = days.filter(|d| !possible.contains(d)) {
                problems.error(
                    row.place(stockout),
                    "bad_stockout_days",
                    say::stockout_days_range(days, period.month()),
                );
            }
            let was_out = flag.is_there() && row.yes(flag, problems);
            self.rows.push(Row {
                pair: self.pairs.id((r, p)),
                day,
                units: value,
                revenue: money,
                availability: share.filter(|s| (0.0..=1.0).contains(s)).unwrap_or(f64::NAN),
                stockout_days: days.filter(|d| possible.contains(d)).unwrap_or(f64::NAN),
                was_out: was_out && share.is_none() && days.is_none(),
                place: id,
            });
        }
        highest
    }

    fn day_of(&mut self, period: Period) -> i32 {
        let day = match period {
            Period::Month(month) => month.first_day(),
            Period::Day(day) => {
                self.daily |= day.day() != 1;
                self.weekends |= matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
                day
            }
        };
        day.num_days_from_ce()
    }
}

/// Notes where a name was first met; whether it names a total.
fn first(list: &mut Vec<(Place, bool)>, id: u32, name: &str, place: impl Fn() -> Place) -> bool {
    if list.len() <= id as usize {
        list.push((place(), is_total(name)));
    }
    list.get(id as usize).is_some_and(|(_, total)| *total)
}

/// The day with a number counted from the common era.
pub fn day(number: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(number).unwrap_or_default()
}

/// The month of such a day.
pub fn month(number: i32) -> Month {
    Month::of(day(number))
}

/// The rows of one key: what is identical is a mistake, what differs in a column nobody reads is added up.
pub struct Repeats {
    /// Places of rows that are identical in every column, with the place of the first.
    pub identical: Vec<(Place, Place)>,
    /// The first two rows of one key that differ, and the header of the first column in which they do.
    pub differing: Option<(Place, Place, String)>,
}

/// Looks again at the rows with these places (sorted), which share a key with another row; `key` gives the key of a
/// place.
pub fn repeats(sheets: &[&Sheet], places: &Places, wanted: &[(u32, u64)], settings: &Settings) -> Repeats {
    use std::collections::HashMap;
    use std::hash::{BuildHasher, RandomState};
    let hasher = RandomState::new();
    let mut seen: HashMap<(u64, u64), u32> = HashMap::new();
    let mut of_key: HashMap<u64, (u32, String)> = HashMap::new();
    let mut out = Repeats { identical: Vec::new(), differing: None };
    let mut base = 0;
    let mut at = 0;
    for sheet in sheets {
        let Some(mut rows) = sheet::Rows::open(sheet, &settings.columns, &mut Problems::default()) else { continue };
        let sink = &mut Problems::default();
        let file: Arc<str> = sheet.file.clone();
        base = places.base(&file).unwrap_or(base);
        while let Some(row) = rows.next(sink) {
            let id = base + row.line();
            while wanted.get(at).is_some_and(|(w, _)| *w < id) {
                at += 1;
            }
            let Some(&(_, key)) = wanted.get(at).filter(|(w, _)| *w == id) else { continue };
            let text = row.record_text();
            let place =
                |id: u32| places.get(id).unwrap_or_else(|| Place { file: file.clone(), line: row.line(), column: 0 });
            match seen.get(&(key, hasher.hash_one(text))) {
                Some(&before) => out.identical.push((place(id), place(before))),
                None => {
                    seen.insert((key, hasher.hash_one(text)), id);
                    match of_key.get(&key) {
                        Some((before, other)) if out.differing.is_none() => {
                            let column = row.differs_in(other);
                            out.differing = Some((place(id), place(*before), column));
                        }
                        Some(_) => {}
                        None if out.differing.is_none() => {
                            of_key.insert(key, (id, text.to_string()));
                        }
                        None => {}
                    }
                }
            }
        }
    }
    out
}
