//! The big table: sales rows read into columns, one pass, nothing allocated for a row.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};

use super::Places;
use super::keys::{Keys, Pairs};
use super::kinds::Watch;
use super::rows::{Row, Rows};
use super::spelling::Use;
use crate::error::{Place, Problems};
use crate::messages::data as say;
use crate::messages::reading;
use crate::month::{Month, Period};
use crate::settings::Settings;
use crate::sheet::cell::{is_cut_code, is_total, total_of};
use crate::sheet::{self, Col, Row as SheetRow, Sheet};

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
    /// Names that are no totals, whatever they hold.
    listed: Listed,
    /// How many names of regions and products were looked at.
    looked_at: (usize, usize),
    /// What the columns that no step reads say.
    watch: Watch,
}

/// Names that tables of regions and products have.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// Codes and names of regions.
    pub regions: HashSet<String>,
    /// Codes and names of products.
    pub products: HashSet<String>,
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
    /// Whether it has a month and a number, to be compared with its parts.
    pub compared: bool,
    /// Where it stands.
    pub place: Place,
}

impl Sales {
    /// Reads the parts of the table; `listed` are the names that tables of regions and products have, which are no totals.
    pub fn read(sheets: &[&Sheet], settings: &Settings, listed: Listed, problems: &mut Problems) -> Sales {
        let mut sales = Sales { listed, watch: Watch::new(settings), ..Sales::default() };
        let mut last = 0;
        for sheet in sheets {
            let base = sales.places.add(sheet.file.clone(), last);
            last = sales.part(sheet, base, settings, problems).max(last + 1);
        }
        sales.watch.tell(problems);
        if sales.daily && sales.rows.any_month() {
            // Where days are written, a month is over with its last one.
            let last = |day: i32| month(day).last_day().num_days_from_ce();
            sales.rows.restamp(|day, is_month| if is_month { last(day) } else { day });
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
        let by_record = rows.is_reshaped();
        self.watch.open(&rows);
        let (mut empty, mut first_empty) = (0, None);
        while let Some(row) = rows.next(problems) {
            let id = base + row.id();
            highest = id;
            if by_record {
                let place = row.place(units);
                self.places.note(place.line, place.column);
            }
            if self.watch.leaves_out(row, units) {
                continue;
            }
            if self.is_total_row(row, [month, region, product]) {
                self.total_row(row, [month, region, product], units, problems);
                continue;
            }
            // A dash is how accounts write a zero.
            let value = if row.is_dash(units) { Some(0.0) } else { row.number(units, problems) };
            let (Some(period), Some(value)) = (row.need_period(month, problems), value) else {
                // The names of a broken row are still looked at, so that all that is wrong comes out at once.
                let named = (row.need_name(region, problems), row.need_name(product, problems));
                if !row.has(units) && named.0.is_some() && named.1.is_some() && row.has(month) {
                    empty += 1;
                    first_empty.get_or_insert(row.place(units));
                }
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
            let totals = |listed: &HashSet<String>, name: &str| is_total(name) || names_a_total(listed, name);
            let total_region =
                first(&mut self.first_region, r, || (row.place(region), totals(&self.listed.regions, region_name)));
            let total_product =
                first(&mut self.first_product, p, || (row.place(product), totals(&self.listed.products, product_name)));
            if total_region || total_product {
                let part = |name: &str, total: bool| {
                    if total { total_of(name).filter(|of| !of.is_empty()) } else { Some(name.into()) }
                };
                self.totals.push(Total {
                    day,
                    region: part(region_name, total_region),
                    product: part(product_name, total_product),
                    compared: true,
                    units: value,
                    place: row.place(month),
                });
                continue;
            }
            self.watch.row(row, p, value);
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
                is_month: matches!(period, Period::Month(_)),
                place: id,
            });
        }
        if let Some(place) = first_empty {
            problems.warn(place, "no_units", say::rows_without_units(empty), say::taken_as_no_row());
        }
        self.cut_codes(problems);
        highest
    }

    /// Codes of which a spreadsheet kept the first digits only, each once.
    fn cut_codes(&mut self, problems: &mut Problems) {
        let (regions, products) = (self.regions.names(), self.products.names());
        let named = regions.iter().zip(&self.first_region).skip(self.looked_at.0);
        for (name, (place, _)) in named.chain(products.iter().zip(&self.first_product).skip(self.looked_at.1)) {
            if is_cut_code(name) {
                problems.error(place.clone(), "cut_code", reading::cut_code(name));
            }
        }
        self.looked_at = (regions.len(), products.len());
    }

    /// Whether a row says that it is a total where its month or other half stands empty.
    fn is_total_row(&self, row: SheetRow, [month, region, product]: [Col; 3]) -> bool {
        let says = |col: Col, listed: Option<&HashSet<String>>| {
            let text = row.text(col);
            is_total(text) || listed.map_or_else(|| total_of(text).is_some(), |listed| names_a_total(listed, text))
        };
        // Nearly every row has all three.
        if row.has(region) && row.has(product) && Period::parse(row.text(month)).is_some() {
            return false;
        }
        let names = || says(region, Some(&self.listed.regions)) || says(product, Some(&self.listed.products));
        says(month, None) || ((!row.has(region) || !row.has(product)) && names())
    }

    /// A total row of which only its number is looked at.
    fn total_row(&mut self, row: SheetRow, [month, region, product]: [Col; 3], units: Col, problems: &mut Problems) {
        let value = if row.is_dash(units) { Some(0.0) } else { row.number(units, problems) };
        let day = Period::parse(row.text(month)).map(|period| period.first_day().num_days_from_ce());
        let named = |col: Col, listed: &HashSet<String>| {
            let text = row.text(col);
            (!text.is_empty() && !is_total(text) && !names_a_total(listed, text)).then(|| text.to_owned())
        };
        self.totals.push(Total {
            day: day.unwrap_or(i32::MAX),
            region: named(region, &self.listed.regions),
            product: named(product, &self.listed.products),
            compared: day.is_some() && value.is_some(),
            units: value.unwrap_or(0.0),
            place: row.place(month),
        });
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

/// Whether a name that no table lists holds a word for a total.
fn names_a_total(listed: &HashSet<String>, name: &str) -> bool {
    total_of(name).is_some() && !listed.contains(name)
}

/// Notes where a name was first met and whether it names a total; whether it does.
fn first(list: &mut Vec<(Place, bool)>, id: u32, met: impl Fn() -> (Place, bool)) -> bool {
    if list.len() <= id as usize {
        list.push(met());
    }
    list.get(id as usize).is_some_and(|(_, total)| *total)
}

impl Sales {
    /// The headers of numbers that run on from row to row; of days none: equal orders of one day have them, too.
    pub fn running(&self) -> Vec<&str> {
        if self.daily { Vec::new() } else { self.watch.running() }
    }

    /// Names that tables of regions and products have.
    pub fn listed(&self) -> &Listed {
        &self.listed
    }

    /// The days on which a row stands, ascending.
    pub fn days(&self) -> Vec<i32> {
        distinct(self.rows.days())
    }

    /// Of each name of regions and of products, whether a row that counts has it.
    pub fn used(&self) -> (Vec<bool>, Vec<bool>) {
        let (mut regions, mut products) =
            (vec![false; self.regions.names().len()], vec![false; self.products.names().len()]);
        for (region, product) in self.pairs.pairs() {
            for (used, id) in [(&mut regions, region), (&mut products, product)] {
                if let Some(used) = used.get_mut(*id as usize) {
                    *used = true;
                }
            }
        }
        (regions, products)
    }

    /// How often and where some names stand, by their numbers: of regions, else of products.
    pub fn uses(&self, wanted: &BTreeSet<u32>, of_regions: bool) -> HashMap<u32, Use> {
        let mut out: HashMap<u32, Use> = HashMap::new();
        let pairs = self.pairs.pairs();
        for row in self.rows.iter() {
            let (region, product) = pairs.get(row.pair as usize).copied().unwrap_or_default();
            let (own, other) = if of_regions { (region, product) } else { (product, region) };
            if wanted.contains(&own) {
                let of = out.entry(own).or_default();
                of.rows += 1;
                of.cells.insert((month(row.day).since(Month::of(NaiveDate::default())), other));
            }
        }
        out
    }
}

/// Days, each once, ascending.
pub fn distinct(days: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut there: Vec<bool> = Vec::new();
    let mut from = i32::MAX;
    for day in days {
        if day < from {
            // Tables begin early, so that little is moved.
            let earlier = if there.is_empty() { 0 } else { (from - day) as usize };
            there.splice(0..0, std::iter::repeat_n(false, earlier));
            from = day;
        }
        let at = (day - from) as usize;
        if there.len() <= at {
            there.resize(at + 1, false);
        }
        there[at] = true;
    }
    there.iter().enumerate().filter(|(_, there)| **there).map(|(i, _)| from + i as i32).collect()
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
    /// Places of rows that are identical in every column but running numbers, with the place of the first.
    pub identical: Vec<(Place, Place)>,
    /// The header of a running number in which the first of them differ.
    pub number: Option<String>,
    /// The first two rows of one key that differ, and the header of the first column in which they do.
    pub differing: Option<(Place, Place, String)>,
}

/// Looks again at the rows with these places (sorted), which share a key with another row; each has its key. `running` are
/// the headers of running numbers, in which rows that are the same differ.
pub fn repeats(
    sheets: &[&Sheet],
    places: &Places,
    wanted: &[(u32, u64)],
    running: &[&str],
    settings: &Settings,
) -> Repeats {
    use std::hash::{BuildHasher, RandomState};
    let hasher = RandomState::new();
    let mut seen: HashMap<(u64, u64), u32> = HashMap::new();
    let mut of_key: HashMap<u64, (u32, String)> = HashMap::new();
    let mut out = Repeats { identical: Vec::new(), number: None, differing: None };
    let mut base = 0;
    let mut at = 0;
    for sheet in sheets {
        let Some(mut rows) = sheet::Rows::open(sheet, &settings.columns, &mut Problems::default()) else { continue };
        let sink = &mut Problems::default();
        let file: Arc<str> = sheet.file.clone();
        base = places.base(&file).unwrap_or(base);
        let headers = rows.headers().filter(|(header, _)| running.contains(header));
        let numbers: Vec<(String, Col)> = headers.map(|(header, col)| (header.to_owned(), col)).collect();
        let numbered: Vec<Col> = numbers.iter().map(|(_, col)| *col).collect();
        while let Some(row) = rows.next(sink) {
            let id = base + row.id();
            while wanted.get(at).is_some_and(|(w, _)| *w < id) {
                at += 1;
            }
            let Some(&(_, key)) = wanted.get(at).filter(|(w, _)| *w == id) else { continue };
            let text = row.record_text();
            let same = row.record_without(&numbered);
            let hash = hasher.hash_one(same.as_ref());
            let place =
                |id: u32| places.get(id).unwrap_or_else(|| Place { file: file.clone(), line: row.line(), column: 0 });
            match seen.get(&(key, hash)) {
                Some(&before) => {
                    if out.identical.is_empty() {
                        out.number = numbers.first().map(|(header, _)| header.clone());
                    }
                    out.identical.push((place(id), place(before)));
                }
                None => {
                    seen.insert((key, hash), id);
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
