//! The big table: sales rows read into columns, one pass, nothing allocated for a row.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};

use super::Places;
use super::keys::{Keys, Pairs};
use crate::error::{Place, Problems};
use crate::messages::data as say;
use crate::month::{Month, Period};
use crate::settings::Settings;
use crate::sheet::cell::is_total;
use crate::sheet::{Rows, Sheet};

/// Sales as read: one entry a row in each column.
#[derive(Debug, Default)]
pub struct Sales {
    /// Distinct region names as written.
    pub regions: Keys,
    /// Distinct product names as written.
    pub products: Keys,
    /// Distinct pairs of them.
    pub pairs: Pairs,
    /// Pair of each row.
    pub pair: Vec<u32>,
    /// Day of each row, counted from the common era; the first of the month where a month is written.
    pub day: Vec<i32>,
    /// Units of each row.
    pub units: Vec<f64>,
    /// Yuan of each row, where the table has revenue.
    pub revenue: Option<Vec<f64>>,
    /// Share of the month in stock of each row (NaN: not said), where the table says anything of it.
    pub availability: Option<Vec<f64>>,
    /// Days without stock of each row (NaN: not said), where the table says that.
    pub stockout_days: Option<Vec<f64>>,
    /// Rows, by position, that say that something was out and nothing of how long.
    pub was_out: Vec<usize>,
    /// Place of each row.
    pub place: Vec<u32>,
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
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { return base };
        let [month, region, product, units] = ["month", "region", "product", "units"].map(|c| rows.column(c));
        let [revenue, availability, stockout] = ["revenue", "availability", "stockout_days"].map(|c| rows.column(c));
        let flag = rows.column("stockout");
        let n = self.pair.len();
        let fill = |column: &mut Option<Vec<f64>>, there: bool, with: f64| {
            if there {
                column.get_or_insert_with(|| vec![with; n]);
            }
        };
        fill(&mut self.revenue, revenue.is_there(), 0.0);
        fill(&mut self.availability, availability.is_there(), f64::NAN);
        fill(&mut self.stockout_days, stockout.is_there(), f64::NAN);
        self.reserve(rows.expected());
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
            if was_out && share.is_none() && days.is_none() {
                self.was_out.push(self.pair.len());
            }
            self.pair.push(self.pairs.id((r, p)));
            self.day.push(day);
            self.units.push(value);
            self.place.push(id);
            if let Some(column) = &mut self.revenue {
                column.push(money);
            }
            if let Some(column) = &mut self.availability {
                column.push(share.filter(|s| (0.0..=1.0).contains(s)).unwrap_or(f64::NAN));
            }
            if let Some(column) = &mut self.stockout_days {
                column.push(days.filter(|d| possible.contains(d)).unwrap_or(f64::NAN));
            }
        }
        highest
    }

    /// Lets go of the rows, which are many, once they are in the dense arrays.
    pub(super) fn forget_rows(&mut self) {
        (self.pair, self.day, self.units, self.place) = Default::default();
        (self.revenue, self.availability, self.stockout_days) = Default::default();
    }

    /// Room for so many more rows, so that long columns are not moved while they grow.
    fn reserve(&mut self, rows: usize) {
        self.pair.reserve_exact(rows);
        self.day.reserve_exact(rows);
        self.units.reserve_exact(rows);
        self.place.reserve_exact(rows);
        let optional = [&mut self.revenue, &mut self.availability, &mut self.stockout_days];
        optional.into_iter().flatten().for_each(|column| column.reserve_exact(rows));
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
        let Some(mut rows) = Rows::open(sheet, &settings.columns, &mut Problems::default()) else { continue };
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
