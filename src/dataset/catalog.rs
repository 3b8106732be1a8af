//! What exists: aliases, regions, products, the folder's own calendar.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::Supply;
use super::commissions::Commission;
use super::names::{Aliases, Names, kind};
use super::sales::Listed;
use crate::calendar::{DISTORTED_DAYS, Given};
use crate::error::{Place, Problems};
use crate::grid::{Grid, Kind};
use crate::messages::{books, data as say, rates};
use crate::month::Month;
use crate::schema::{Table, nearest};
use crate::settings::Settings;
use crate::sheet::cell::is_total;
use crate::sheet::{Rows, Sheet};

/// One row of `regions`.
#[derive(Clone, Debug)]
pub struct Region {
    pub code: String,
    pub name: String,
    pub parent: String,
    /// Counters at which contracts are signed.
    pub counters: Option<f64>,
    pub place: Place,
    /// The party of commissions that sells there in another's place, and where that is said.
    pub party: Option<(String, Place)>,
}

/// One row of `products`, names not yet resolved.
#[derive(Clone, Debug)]
pub struct Product {
    pub code: String,
    pub name: String,
    pub group: String,
    pub kind: Option<Kind>,
    pub price: Option<f64>,
    pub cost: Option<f64>,
    pub fee: Option<f64>,
    pub term_months: Option<i32>,
    pub launch: Option<NaiveDate>,
    pub retire: Option<Month>,
    pub known: Option<NaiveDate>,
    pub replaces: Option<(String, Place)>,
    pub like: Option<(String, Place)>,
    pub supply: Supply,
    /// Regions it is limited to; empty: all.
    pub regions: Vec<String>,
    /// Where they stand.
    pub region_place: Place,
    pub place: Place,
}

/// The columns that name regions and products in tables whose rows may have no date.
const NAMING: [&str; 6] = ["region", "product", "parent", "location", "replaces", "like"];

/// Every name that is seen in a table beside the sales, whose rows have dates.
fn named(sheets: &[&Sheet], settings: &Settings) -> HashSet<String> {
    // What is wrong with these tables is told when they are read.
    let problems = &mut Problems::default();
    let mut out = HashSet::new();
    for sheet in sheets.iter().filter(|sheet| !matches!(sheet.table, Table::Sales | Table::Aliases)) {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let columns = NAMING.map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            out.extend(columns.iter().map(|c| row.text(*c)).filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    out
}

/// Recoded products and moved regions; `sheets` are those of all tables. A code that changes after the day that is seen is
/// not known to change, unless another table has the new one already: then it is what both are joined by.
pub fn aliases(sheets: &[&Sheet], settings: &Settings, problems: &mut Problems) -> Aliases {
    let mut out = Aliases::default();
    let named = LazyCell::new(|| named(sheets, settings));
    let is_later = |since: Month| settings.columns.until.is_some_and(|until| since.first_day() > until);
    for sheet in sheets.iter().filter(|sheet| sheet.table == Table::Aliases) {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [kind, old, new, from] = ["kind", "old", "new", "from"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            let since = row.need_period(from, problems);
            if since.is_some_and(|since| is_later(since.month())) && !named.contains(row.text(new)) {
                continue;
            }
            let (Some(old_code), Some(new_code)) = (row.need_name(old, problems), row.need_name(new, problems)) else {
                continue;
            };
            let map = match row.text(kind).to_lowercase().as_str() {
                "product" | "产品" | "品项" => &mut out.products,
                "region" | "区域" | "大区" => &mut out.regions,
                _ => {
                    problems.error(row.place(kind), "bad_word", say::one_of(&row.quoted(kind), "product, region"));
                    continue;
                }
            };
            let Some(since) = since else { continue };
            if old_code == new_code {
                problems.error(row.place(new), "alias_of_itself", say::alias_of_itself(old_code));
            } else if !map.add(old_code, new_code, since.month()) {
                problems.error(row.place(old), "listed_twice", say::listed_twice(old_code));
            }
        }
    }
    out
}

/// The rows of `regions`.
pub fn regions(sheets: &[&Sheet], settings: &Settings, aliases: &Aliases, problems: &mut Problems) -> Vec<Region> {
    let mut out = Vec::new();
    let mut seen = HashSet::new();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [region, name, parent, counters, party] =
            ["region", "name", "parent", "counters", "party"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            let Some(code) = row.need_name(region, problems) else { continue };
            let above = row.name(parent, problems).unwrap_or_default();
            let called = row.name(name, problems).unwrap_or_default();
            let count = row.number(counters, problems);
            if count.is_some_and(|n| n < 0.0) {
                problems.error(row.place(counters), "negative", say::negative(&row.quoted(counters)));
            }
            if is_total(code) || aliases.regions.is_gone(code) {
                continue;
            }
            if !seen.insert(code.to_string()) {
                let say = if count.is_some() { rates::counters_twice } else { say::listed_twice };
                problems.error(row.place(region), "listed_twice", say(code));
                continue;
            }
            let parent = aliases.regions.now(above);
            out.push(Region {
                code: code.into(),
                name: called.into(),
                parent: parent.into(),
                counters: count.filter(|n| *n >= 0.0),
                party: row.name(party, problems).map(|name| (name.to_owned(), row.place(party))),
                place: row.place(region),
            });
        }
    }
    out
}

/// The names of these regions and products.
pub fn listed(regions: &[Region], products: &[Product]) -> Listed {
    Listed {
        regions: regions.iter().flat_map(|r| [r.code.clone(), r.name.clone()]).collect(),
        products: products.iter().flat_map(|p| [p.code.clone(), p.name.clone()]).collect(),
    }
}

/// The counters of each region node, where the table says so.
pub fn counters(listed: &[Region], grid: &Grid) -> Vec<Option<f64>> {
    let said: HashMap<&str, f64> = listed.iter().filter_map(|r| Some((r.code.as_str(), r.counters?))).collect();
    (0..grid.regions.len()).map(|node| said.get(grid.regions.code(node)).copied()).collect()
}

/// The party of commissions that sells at each region node in another's place: its own, else that of the node above it.
/// One that no scheme has in another's place is an error.
pub fn parties(
    listed: &[Region],
    grid: &Grid,
    commissions: &[Commission],
    problems: &mut Problems,
) -> Vec<Option<String>> {
    let stands_in = || commissions.iter().filter(|c| c.instead_of.is_some()).map(|c| c.party.as_str());
    let mut said: HashMap<&str, &str> = HashMap::new();
    for (code, (party, place)) in listed.iter().filter_map(|r| Some((r.code.as_str(), r.party.as_ref()?))) {
        if !stands_in().any(|known| known == party) {
            problems.error(place.clone(), "unknown_party", books::no_such_stand_in(party, nearest(party, stands_in())));
        }
        said.insert(code, party);
    }
    let mut out: Vec<Option<String>> = Vec::with_capacity(grid.regions.len());
    for node in 0..grid.regions.len() {
        let own = said.get(grid.regions.code(node)).map(|party| (*party).to_owned());
        // A node's parent stands before it.
        let above = || out.get(grid.regions.parent(node)).cloned().flatten();
        let party = own.or_else(above);
        out.push(party);
    }
    out
}

/// A region that belongs to itself over some others is an error; it is taken out of the way, so that a tree remains.
pub fn break_cycles(list: &mut [(String, String, Option<usize>)], listed: &[Region], problems: &mut Problems) {
    // 0 not looked at, 1 on the way up from here, 2 known to end at a top.
    let mut state = vec![0_u8; list.len()];
    for start in 0..list.len() {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(node) = at.filter(|&n| state[n] == 0) {
            state[node] = 1;
            path.push(node);
            at = list[node].2;
        }
        if let Some(node) = at.filter(|&n| state[n] == 1) {
            let code = list[node].0.clone();
            let place = listed.iter().find(|r| r.code == code).map(|r| r.place.clone());
            problems.error(place, "region_cycle", say::region_cycle(&code));
            list[node].2 = None;
        }
        path.into_iter().for_each(|n| state[n] = 2);
    }
}

/// No company has more levels of regions; what has is a list chained by mistake, and the steps go down the tree.
const LEVELS: usize = 64;

/// A region with more than [`LEVELS`] above it is an error; what lies below such a one is cut off. The parents form no
/// cycle.
pub fn limit_depth(list: &mut [(String, String, Option<usize>)], listed: &[Region], problems: &mut Problems) {
    let mut told = false;
    for start in 0..list.len() {
        let (mut at, mut depth) = (start, 0);
        while let Some(parent) = list.get(at).and_then(|r| r.2).filter(|_| depth < LEVELS) {
            (at, depth) = (parent, depth + 1);
        }
        if depth < LEVELS {
            continue;
        }
        if let Some(region) = list.get_mut(start) {
            region.2 = None;
            if !told {
                let place = listed.iter().find(|r| r.code == region.0).map(|r| r.place.clone());
                problems.error(place, "region_too_deep", say::region_too_deep(&region.0, LEVELS));
                told = true;
            }
        }
    }
}

/// The rows of `products`.
pub fn products(sheets: &[&Sheet], settings: &Settings, problems: &mut Problems) -> Vec<Product> {
    let mut out = Vec::new();
    let mut seen = HashSet::new();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [product, name, category, of_kind, price, cost] =
            ["product", "name", "category", "kind", "price", "cost"].map(|c| rows.column(c));
        let [launch, retire, replaces, like, region, known] =
            ["launch", "retire", "replaces", "like", "region", "known"].map(|c| rows.column(c));
        let [term, fee] = ["term_months", "fee"].map(|c| rows.column(c));
        let supply = super::stock::Columns::of(&mut rows);
        while let Some(row) = rows.next(problems) {
            let Some(code) = row.need_name(product, problems) else { continue };
            if is_total(code) {
                continue;
            }
            if !seen.insert(code.to_string()) {
                problems.error(row.place(product), "listed_twice", say::listed_twice(code));
                continue;
            }
            let kind_word = row.text(of_kind);
            let found = kind(kind_word);
            if found.is_none() {
                problems.error(
                    row.place(of_kind),
                    "bad_word",
                    say::one_of(&row.quoted(of_kind), "goods, policy, service"),
                );
            }
            let amount = |col, problems: &mut Problems| {
                let value = row.number(col, problems);
                if value.is_some_and(|v| v < 0.0) {
                    problems.error(row.place(col), "negative", say::negative(&row.quoted(col)));
                }
                value.filter(|v| *v >= 0.0)
            };
            let (price, cost) = (amount(price, problems), amount(cost, problems));
            let fee_rate = row.rate(fee, problems);
            if fee_rate.is_some_and(|r| !(0.0..=1.0).contains(&r)) {
                problems.error(row.place(fee), "bad_rate", say::between_0_and_1(&row.quoted(fee)));
            }
            // A policy of part of a month runs to the end of it.
            let term_months = amount(term, problems).filter(|m| *m > 0.0).map(|m| m.min(LONGEST_TERM).ceil() as i32);
            let supply = supply.read(row, problems);
            let launched = row.period(launch, problems).map(|p| p.first_day());
            let retired = row.period(retire, problems).map(|p| p.month());
            if let (Some(from), Some(to)) = (launched, retired)
                && to < Month::of(from)
            {
                problems.error(row.place(retire), "retired_before_launch", say::retired_before_launch(code));
            }
            let other = |col, problems: &mut Problems| row.name(col, problems).map(|n| (n.to_string(), row.place(col)));
            let regions = row.name(region, problems).unwrap_or_default();
            let regions = regions.split([';', '；', '、', '/', '|']).map(str::trim).filter(|r| !r.is_empty());
            let category = row.name(category, problems).unwrap_or_default();
            let group = if category.is_empty() { kind_word } else { category };
            out.push(Product {
                code: code.into(),
                name: row.name(name, problems).unwrap_or_default().into(),
                group: group.into(),
                kind: found,
                price,
                cost,
                fee: fee_rate.filter(|r| (0.0..=1.0).contains(r)),
                term_months,
                launch: launched,
                retire: retired,
                known: row.period(known, problems).map(|p| p.first_day()),
                supply,
                replaces: other(replaces, problems),
                like: other(like, problems),
                regions: regions.map(str::to_string).collect(),
                region_place: row.place(region),
                place: row.place(product),
            });
        }
    }
    out
}

/// The longest term of a policy that counts, in months: a hundred years.
const LONGEST_TERM: f64 = 1200.0;

/// The products of the grid with what the table says of them; `order` gives each product's row of the table.
pub fn resolve(
    listed: &[Product],
    order: &[Option<usize>],
    names: &Names,
    grid: &Grid,
    problems: &mut Problems,
) -> Vec<super::Product> {
    let mut out = Vec::with_capacity(order.len());
    for (product, row) in order.iter().enumerate() {
        let Some(row) = row.and_then(|r| listed.get(r)) else {
            out.push(super::Product::default());
            continue;
        };
        let mut other = |named: &Option<(String, Place)>, what: &str| -> Option<usize> {
            let (name, place) = named.as_ref()?;
            let Some(found) = names.find_product(name) else {
                problems.error_with(place.clone(), "unknown_product", || {
                    say::unknown_product(
                        name,
                        crate::schema::nearest(name, grid.products.codes.iter().map(String::as_str)),
                    )
                });
                return None;
            };
            if found == product {
                problems.error(place.clone(), "itself", say::refers_to_itself(name, what));
                return None;
            }
            if grid.products.group[found] != grid.products.group[product] {
                let message = say::other_group(name, what);
                problems.warn(place.clone(), "other_group", message, say::ignored());
                return None;
            }
            Some(found)
        };
        let (replaces, like) = (other(&row.replaces, "replaces"), other(&row.like, "like"));
        for region in &row.regions {
            if names.find_region(region).is_none() {
                problems.error_with(row.region_place.clone(), "unknown_region", || {
                    say::unknown_region(
                        region,
                        crate::schema::nearest(region, (0..grid.regions.len()).map(|n| grid.regions.code(n))),
                    )
                });
            }
        }
        out.push(super::Product { replaces, like, ..super::Product::from(row) });
    }
    out
}

/// Working days of a month that has some: an hour of a day at least. A folder's own month may have six weeks: the last one
/// of a 4-4-5 year with 53.
const DAYS: std::ops::RangeInclusive<f64> = 0.1..=42.0;

/// How much the days of a month count, where they count: months are divided by it.
const WEIGHTS: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// The folder's own calendar.
pub fn calendar(sheets: &[&Sheet], settings: &Settings, problems: &mut Problems) -> Vec<Given> {
    let mut out = Vec::new();
    let mut seen: HashMap<Month, Place> = HashMap::new();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [month, days, festival, weight] = ["month", "working_days", "festival", "weight"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            let Some(period) = row.need_period(month, problems) else { continue };
            let key = period.month();
            if seen.insert(key, row.place(month)).is_some() {
                problems.error(row.place(month), "listed_twice", say::listed_twice(&row.quoted(month)));
            }
            let working_days = row.number(days, problems);
            if working_days.is_some_and(|d| d != 0.0 && !DAYS.contains(&d)) {
                problems.error(row.place(days), "bad_days", say::days_range(&row.quoted(days)));
            }
            let given_weight = row.number(weight, problems);
            if given_weight.is_some_and(|w| w < 0.0) {
                problems.error(row.place(weight), "negative", say::negative(&row.quoted(weight)));
            } else if given_weight.is_some_and(|w| w != 0.0 && !WEIGHTS.contains(&w)) {
                problems.error(row.place(weight), "bad_weight", say::weight_range(&row.quoted(weight)));
            }
            // A word in the festival column names the festival that distorts the month; no and 0 say that none does.
            let word = row.text(festival).to_string();
            let distorted = (!word.is_empty()).then(|| crate::sheet::cell::yes(&word).unwrap_or(true));
            let number = word.parse::<f64>().ok();
            let festival_days = number.filter(|days| (0.0..=f64::from(key.days())).contains(days));
            if number.is_some() && festival_days.is_none() {
                problems.error(row.place(festival), "bad_days", say::days_range(&row.quoted(festival)));
            }
            out.push(Given { month: key, working_days, distorted, festival_days, weight: given_weight });
        }
    }
    // Nothing but 0 and 1 are yes and no.
    let days = out.iter().any(|g| g.festival_days.is_some_and(|days| days > 1.0));
    for given in &mut out {
        match given.festival_days.filter(|_| days) {
            Some(days) => given.distorted = Some(days >= f64::from(DISTORTED_DAYS)),
            None => given.festival_days = None,
        }
    }
    out
}
