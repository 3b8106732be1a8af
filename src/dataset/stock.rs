//! `stock`: goods counted at our own locations, and how products are bought.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::names::Names;
use super::repeats::Identical;
use super::{Dataset, Supply};
use crate::error::{Place, Problems};
use crate::grid::Kind;
use crate::messages::data as say;
use crate::messages::orders as papers;
use crate::messages::stock as tell;
use crate::schema::nearest;
use crate::settings::Service;
use crate::sheet::{Col, Row, Rows, Sheet};

/// Nobody's lead time is longer, in days: two years.
const LONGEST_LEAD: f64 = 730.0;

/// What keeps longer, in days, keeps: a hundred years.
const LONGEST_LIFE: f64 = 36_525.0;

/// No pack holds fewer units: a gram of what is sold by the kilogram.
pub const LEAST_PACK: f64 = 1e-3;

/// A line of an order that has not come.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its number; empty where nobody says.
    pub number: String,
    /// Who delivers it; empty where the row does not say.
    pub supplier: String,
    /// Index of the location that it is for.
    pub location: usize,
    /// Product index.
    pub product: usize,
    /// Units, over 0.
    pub units: f64,
    /// The day it is due; none: not said.
    pub due: Option<NaiveDate>,
    /// The day it was placed; none: not said, seen on every day.
    pub placed: Option<NaiveDate>,
    /// Whether the supplier has confirmed it; none where the table does not say.
    pub confirmed: Option<bool>,
    /// Where it stands.
    pub place: Place,
}

/// What lies where.
#[derive(Clone, Debug, Default)]
pub struct Stock {
    /// The locations, in the order in which the table names them.
    pub locations: Vec<Location>,
    /// The counts, by location, product and day; of undated ones as counted on any day.
    pub counts: Vec<Count>,
    /// Orders that have not come, as `orders` lists them.
    pub orders: Vec<Order>,
}

/// A warehouse or shop of our own.
#[derive(Clone, Debug)]
pub struct Location {
    /// As the table has it.
    pub name: String,
    /// The region node it supplies: itself and everything below.
    pub node: usize,
}

/// What was counted of one product at one location: the rows of one day added up, but for the same number repeated in
/// the row of every order.
#[derive(Clone, Debug)]
pub struct Count {
    /// Index of the location.
    pub location: usize,
    /// Product index.
    pub product: usize,
    /// Day of the count; none: as of any day.
    pub day: Option<NaiveDate>,
    /// Units on hand, at least 0.
    pub on_hand: f64,
    /// Units owed to customers, at least 0.
    pub owed: f64,
    /// Orders that have not come: units, the day they are due (none: not said).
    pub orders: Vec<(f64, Option<NaiveDate>)>,
    /// Where its first row stands.
    pub place: Place,
}

impl Stock {
    /// Of each location and product the newest count of a day or before.
    pub fn newest(&self, by: NaiveDate) -> Vec<&Count> {
        let mut out: Vec<&Count> = Vec::new();
        for count in self.counts.iter().filter(|c| c.day.is_none_or(|day| day <= by)) {
            match out.last_mut() {
                Some(last) if (last.location, last.product) == (count.location, count.product) => *last = count,
                _ => out.push(count),
            }
        }
        out
    }
}

/// Reads the table. Policies and services are never stocked: their rows are warned about and left out.
pub fn read(data: &Dataset, names: &Names, sheets: &[&Sheet], problems: &mut Problems) -> Stock {
    let mut stock = Stock::default();
    let (mut seen, mut at) = (Identical::default(), HashMap::new());
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let mut repeated: BTreeMap<usize, Vec<Part>> = BTreeMap::new();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &data.settings.columns, problems) else { continue };
        let [location, region, product, on_hand] = ["location", "region", "product", "on_hand"].map(|c| rows.column(c));
        let [as_of, on_order, due, backorders] = ["as_of", "on_order", "due", "backorders"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            if seen.again(row, problems) {
                continue;
            }
            let name = row.need_name(location, problems);
            let node = names.region(row, region, problems);
            let found = names.product(row, product, problems);
            let counted = row.need_number(on_hand, problems);
            let day = row.period(as_of, problems).map(|p| p.last_day());
            let ordered = not_negative(row, on_order, problems);
            let owed = not_negative(row, backorders, problems);
            let due_day = row.period(due, problems).map(|p| p.last_day());
            let (Some(name), Some(node), Some(found), Some(counted)) = (name, node, found, counted) else { continue };
            if counted < 0.0 {
                let message = say::negative(&row.quoted(on_hand));
                problems.warn(row.place(on_hand), "negative_stock", message, say::zero_and_owed());
            }
            if ordered > 0.0 && due_day.is_some_and(|d| d < day.unwrap_or(data.as_of)) {
                problems.warn(row.place(due), "overdue", say::overdue(&row.quoted(due)), say::due_now());
            }
            if !is_goods(data, found) {
                let message = tell::not_goods(&row.quoted(product));
                problems.warn(row.place(product), "not_goods", message, say::ignored());
                continue;
            }
            let index = *by_name.entry(name.to_owned()).or_insert_with(|| {
                stock.locations.push(Location { name: name.to_owned(), node });
                stock.locations.len() - 1
            });
            if stock.locations.get(index).is_some_and(|l| l.node != node) {
                problems.error(row.place(region), "two_regions", tell::location_in_two_regions(name));
                continue;
            }
            let known = stock.counts.len();
            let slot = *at.entry((index, found, day)).or_insert(known);
            if slot == known {
                let place = row.row_place();
                let empty =
                    Count { location: index, product: found, day, on_hand: 0.0, owed: 0.0, orders: Vec::new(), place };
                stock.counts.push(empty);
            }
            let Some(count) = stock.counts.get_mut(slot) else { continue };
            let part = Part { on_hand: counted.max(0.0), owed: owed + (-counted).max(0.0), ordered: ordered > 0.0 };
            if slot < known {
                let first = Part { on_hand: count.on_hand, owed: count.owed, ordered: !count.orders.is_empty() };
                repeated.entry(slot).or_insert_with(|| vec![first]).push(part);
            } else {
                (count.on_hand, count.owed) = (part.on_hand, part.owed);
            }
            if ordered > 0.0 {
                count.orders.push((ordered, due_day));
            }
        }
    }
    once(&mut stock, &repeated, problems);
    // A count without a day stands before dated ones: these are newer.
    stock.counts.sort_by_key(|c| (c.location, c.product, c.day));
    stock.counts.iter_mut().for_each(|c| c.orders.sort_by_key(|o| (o.1.is_none(), o.1)));
    unknown_groups(data, problems);
    stock
}

/// Whether a product is goods: policies and services are never stocked.
pub(super) fn is_goods(data: &Dataset, product: usize) -> bool {
    !matches!(data.products.get(product).and_then(|p| p.kind), Some(Kind::Policy | Kind::Service))
}

/// A row of a location, product and day that has several.
struct Part {
    on_hand: f64,
    owed: f64,
    ordered: bool,
}

/// Puts the rows of one location, product and day together. An export with a row for each open order repeats what is on
/// hand in all of them: the same number counts once where one of its rows carries an order or something owed. Numbers
/// that differ, and equal ones that nothing tells apart (batches, bins), add up. What is owed is taken with them: once
/// where all rows of the number say the same.
fn once(stock: &mut Stock, repeated: &BTreeMap<usize, Vec<Part>>, problems: &mut Problems) {
    let mut told: [Option<(f64, Place)>; 2] = [None, None];
    let mut places = [0_usize; 2];
    for (slot, parts) in repeated {
        let Some(count) = stock.counts.get_mut(*slot) else { continue };
        let mut by_number: BTreeMap<u64, Vec<&Part>> = BTreeMap::new();
        parts.iter().for_each(|part| by_number.entry(part.on_hand.to_bits()).or_default().push(part));
        (count.on_hand, count.owed) = (0.0, 0.0);
        for same in by_number.values() {
            let Some(first) = same.first() else { continue };
            let is_repeated = same.len() > 1 && same.iter().any(|part| part.ordered || part.owed > 0.0);
            let times = if is_repeated { 1.0 } else { same.len() as f64 };
            count.on_hand += first.on_hand * times;
            let one_owed = is_repeated && same.iter().all(|part| part.owed == first.owed);
            count.owed += if one_owed { first.owed } else { same.iter().map(|part| part.owed).sum() };
            if same.len() > 1 && first.on_hand > 0.0 {
                let kind = usize::from(!is_repeated);
                places[kind] += 1;
                told[kind].get_or_insert_with(|| (first.on_hand, count.place.clone()));
            }
        }
    }
    let [counted_once, added_up] = told;
    if let Some((units, place)) = counted_once {
        let message = papers::counted_once(&units.to_string(), places[0]);
        problems.warn(place, "repeated_count", message, papers::once());
    }
    if let Some((units, place)) = added_up {
        let message = papers::added_twice(&units.to_string(), places[1]);
        problems.warn(place, "repeated_count", message, say::added_up());
    }
}

/// Counts of longer ago than the time between two looks at the stock: told once, with the oldest.
pub fn old_counts(data: &Dataset, problems: &mut Problems) {
    let newest = data.stock.newest(data.as_of);
    let age = |count: &Count| count.day.map_or(0, |day| (data.as_of - day).num_days());
    let limit = i64::from(data.settings.stock.review_days);
    let old = newest.iter().filter(|count| age(count) > limit);
    let (n, oldest) = old.fold((0, None), |(n, oldest): (usize, Option<&&Count>), count| {
        let older = oldest.filter(|o| age(o) >= age(count)).unwrap_or(count);
        (n + 1, Some(older))
    });
    if let Some((count, day)) = oldest.and_then(|count| Some((count, count.day?))) {
        let message = papers::old_count(n, day, age(count));
        problems.warn(count.place.clone(), "old_count", message, papers::rolled());
    }
}

pub(super) fn not_negative(row: Row, col: Col, problems: &mut Problems) -> f64 {
    let value = row.number(col, problems).unwrap_or(0.0);
    if value < 0.0 {
        problems.error(row.place(col), "negative", say::negative(&row.quoted(col)));
    }
    value.max(0.0)
}

/// Groups of `[service]` that no product belongs to.
fn unknown_groups(data: &Dataset, problems: &mut Problems) {
    let groups = &data.grid.products.groups;
    for name in data.settings.service.keys().filter(|name| !groups.contains(name)) {
        let near = nearest(name, groups.iter().map(String::as_str));
        problems.warn(None, "unknown_group", tell::unknown_group(name, near), say::ignored());
    }
}

/// The columns of `products` that say how it is bought.
pub struct Columns {
    supplier: Col,
    lead: Col,
    spread: Col,
    least: Col,
    pack: Col,
    service: Col,
    measure: Col,
    shelf: Col,
    do_not_buy: Col,
    keeps: Col,
    load: Col,
}

impl Columns {
    /// Finds them.
    pub fn of(rows: &mut Rows) -> Columns {
        let [supplier, lead, spread, least, pack] =
            ["supplier", "lead_time_days", "lead_time_sd_days", "moq", "pack"].map(|c| rows.column(c));
        let [service, measure, shelf, do_not_buy] =
            ["service_level", "service_by", "min_stock", "do_not_buy"].map(|c| rows.column(c));
        let [keeps, load] = ["shelf_life_days", "load"].map(|c| rows.column(c));
        Columns { supplier, lead, spread, least, pack, service, measure, shelf, do_not_buy, keeps, load }
    }

    /// Reads and checks them.
    pub fn read(&self, row: Row, problems: &mut Problems) -> Supply {
        let lead = row.has(self.lead).then(|| not_negative(row, self.lead, problems));
        let spread = not_negative(row, self.spread, problems);
        for (col, days) in [(self.lead, lead.unwrap_or(0.0)), (self.spread, spread)] {
            if days > LONGEST_LEAD {
                problems.error(row.place(col), "lead_time_too_long", tell::lead_time_too_long(&row.quoted(col)));
            }
        }
        let pack = row.has(self.pack).then(|| row.number(self.pack, problems)).flatten();
        if pack.is_some_and(|pack| pack < 0.0) {
            problems.error(row.place(self.pack), "negative", say::negative(&row.quoted(self.pack)));
        } else if pack.is_some_and(|pack| pack < LEAST_PACK) {
            problems.error(row.place(self.pack), "bad_pack", tell::pack_over_zero(&row.quoted(self.pack)));
        }
        let service = row.rate(self.service, problems);
        if service.is_some_and(|s| s <= 0.0 || s >= 1.0) {
            let message = say::between_0_and_1(&row.quoted(self.service));
            problems.error(row.place(self.service), "bad_service_level", message);
        }
        let word = row.text(self.measure);
        let measure = Service::from_word(word);
        if !word.is_empty() && measure.is_none() {
            let message = say::one_of(&row.quoted(self.measure), &Service::WORDS.join(", "));
            problems.error(row.place(self.measure), "bad_word", message);
        }
        Supply {
            supplier: row.name(self.supplier, problems).unwrap_or_default().into(),
            lead_days: lead,
            lead_spread: spread,
            least: not_negative(row, self.least, problems),
            pack: pack.filter(|p| *p >= LEAST_PACK),
            service: service.filter(|s| *s > 0.0 && *s < 1.0),
            measure,
            shelf: not_negative(row, self.shelf, problems),
            do_not_buy: row.yes(self.do_not_buy, problems),
            shelf_life: row
                .has(self.keeps)
                .then(|| not_negative(row, self.keeps, problems).floor().min(LONGEST_LIFE) as u32),
            load: not_negative(row, self.load, problems),
        }
    }
}
