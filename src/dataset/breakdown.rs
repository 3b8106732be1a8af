//! Tables that break sales down or belong to later steps: every cell checked, every key resolved. More in a breakdown
//! than was sold is a problem; nothing of it is ever added to the sales (RULES 14).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Dataset;
use super::names::Names;
use super::repeats::{Identical, Keyed};
use crate::error::{Place, Problems};
use crate::grid::{COMPANY, Kind};
use crate::messages::data as say;
use crate::month::Month;
use crate::schema::{Table, nearest};
use crate::sheet::{Col, Row, Rows, Sheet};

/// Units of a breakdown beyond those sold count as more only past rounding.
const ROUNDING: f64 = 1e-6;

/// Checks the tables that no step reads yet.
pub fn check<'s>(data: &Dataset, names: &Names, of: &impl Fn(Table) -> Vec<&'s Sheet>, problems: &mut Problems) {
    let mut reader = Reader { data, names, communities: HashMap::new(), broken_down: HashMap::new() };
    reader.plan_prices(&of(Table::PlanPrices), problems);
    reader.communities(&of(Table::Communities), problems);
    reader.signings(&of(Table::Signings), problems);
    reader.community_sales(&of(Table::CommunitySales), problems);
    reader.more_than_sold(problems);
    reader.policies(&of(Table::Policies), problems);
    reader.more_than_sold(problems);
    reader.leads(&of(Table::Leads), problems);
    reader.commissions(&of(Table::Commissions), problems);
    reader.totals(&of(Table::Totals), problems);
}

struct Community {
    leaf: Option<usize>,
    households: f64,
    signed: f64,
}

struct Reader<'a> {
    data: &'a Dataset,
    names: &'a Names,
    communities: HashMap<String, Community>,
    /// Units by month, leaf (none: the company) and product, with the place of the last row.
    broken_down: HashMap<(Month, Option<usize>, usize), (f64, Place)>,
}

/// A number of at least 0 that must be there.
fn amount(row: Row, col: Col, problems: &mut Problems) -> Option<f64> {
    let value = row.need_number(col, problems)?;
    not_negative(row, col, value, problems)
}

fn not_negative(row: Row, col: Col, value: f64, problems: &mut Problems) -> Option<f64> {
    if value < 0.0 {
        problems.error(row.place(col), "negative", say::negative(&row.quoted(col)));
        return None;
    }
    Some(value)
}

impl Reader<'_> {
    fn open<'s>(&self, sheet: &'s Sheet, problems: &mut Problems) -> Option<Rows<'s>> {
        Rows::open(sheet, &self.data.settings.columns, problems)
    }

    /// A community that `communities` knows.
    fn community<'r>(&self, row: Row<'r>, col: Col, problems: &mut Problems) -> Option<&'r str> {
        let name = row.need_name(col, problems)?;
        if !self.communities.contains_key(name) {
            problems.error_with(row.place(col), "unknown_community", || {
                say::unknown_community(name, nearest(name, self.communities.keys().map(String::as_str)))
            });
            return None;
        }
        Some(name)
    }

    fn plan_prices(&self, sheets: &[&Sheet], problems: &mut Problems) {
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [month, region, product, price, discount] =
                ["month", "region", "product", "price", "discount"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                row.need_period(month, problems);
                self.names.region(row, region, problems);
                self.names.product(row, product, problems);
                amount(row, price, problems);
                row.number(discount, problems);
            }
        }
    }

    fn communities(&mut self, sheets: &[&Sheet], problems: &mut Problems) {
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [community, region, households, handover, contract, known] =
                ["community", "region", "households", "handover", "contract", "known"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                let name = row.need_name(community, problems);
                let node = self.names.region(row, region, problems);
                let count = amount(row, households, problems);
                row.need_period(handover, problems);
                row.period(contract, problems);
                row.period(known, problems);
                if count == Some(0.0) {
                    problems.error(row.place(households), "no_households", say::no_households());
                }
                if seen.again(row, problems) {
                    continue;
                }
                let (Some(name), Some(node), Some(count)) = (name, node, count) else { continue };
                let leaf = self.data.grid.regions.leaf_of(node);
                if leaf.is_none() {
                    problems.error(row.place(region), "not_a_leaf", say::community_of_parent(&row.quoted(region)));
                }
                match self.communities.entry(name.to_string()) {
                    Entry::Vacant(entry) => {
                        entry.insert(Community { leaf, households: count, signed: 0.0 });
                    }
                    Entry::Occupied(mut entry) => {
                        if entry.get().leaf != leaf {
                            problems.error(row.place(region), "two_regions", say::community_in_two_regions(name));
                        }
                        entry.get_mut().households += count;
                    }
                }
            }
        }
    }

    fn signings(&mut self, sheets: &[&Sheet], problems: &mut Problems) {
        let (mut seen, mut keys) = (Identical::default(), Keyed::new());
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [month, community, households] = ["month", "community", "households"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                let when = row.need_period(month, problems);
                let name = self.community(row, community, problems);
                let count = amount(row, households, problems);
                let (Some(when), Some(name), Some(count)) = (when, name, count) else { continue };
                if seen.again(row, problems) {
                    continue;
                }
                keys.before((when.first_day(), name.to_string()), 0, row, problems);
                if let Some(found) = self.communities.get_mut(name) {
                    let already = found.signed > found.households;
                    found.signed += count;
                    if found.signed > found.households && !already {
                        let message = say::more_signed_than_households(name, found.signed, found.households);
                        problems.error(row.place(households), "too_many_signings", message);
                    }
                }
            }
        }
    }

    fn community_sales(&mut self, sheets: &[&Sheet], problems: &mut Problems) {
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [month, community, product, units] = ["month", "community", "product", "units"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                let when = row.need_period(month, problems);
                let name = self.community(row, community, problems);
                let what = self.names.product(row, product, problems);
                let count = row.need_number(units, problems);
                let (Some(when), Some(name), Some(what), Some(count)) = (when, name, what, count) else { continue };
                if let Some(leaf) = self.communities.get(name).and_then(|c| c.leaf) {
                    self.add((when.month(), Some(leaf), what), count, row.place(units));
                }
            }
        }
    }

    fn policies(&mut self, sheets: &[&Sheet], problems: &mut Problems) {
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [sold, product, units, region, expires] =
                ["sold", "product", "units", "region", "expires"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                let when = row.need_period(sold, problems);
                let what = self.names.product(row, product, problems);
                let count = row.need_number(units, problems);
                let node = self.names.region(row, region, problems);
                let end = row.period(expires, problems);
                if let (Some(when), Some(end)) = (when, end)
                    && end.month() < when.month()
                {
                    problems.error(row.place(expires), "ends_before", say::ends_before_it_begins());
                }
                let (Some(when), Some(what), Some(count), Some(node)) = (when, what, count, node) else { continue };
                if self.data.products.get(what).is_some_and(|p| p.kind != Some(Kind::Policy)) {
                    problems.error(row.place(product), "not_a_policy", say::not_a_policy(&row.quoted(product)));
                    continue;
                }
                let leaf = self.data.grid.regions.leaf_of(node);
                if leaf.is_some() || node == COMPANY {
                    self.add((when.month(), leaf, what), count, row.place(units));
                }
            }
        }
    }

    fn add(&mut self, key: (Month, Option<usize>, usize), units: f64, place: Place) {
        let entry = self.broken_down.entry(key).or_insert((0.0, place.clone()));
        entry.0 += units;
        entry.1 = place;
    }

    /// Compares what was added up with the sales of the same keys, and forgets it.
    fn more_than_sold(&mut self, problems: &mut Problems) {
        let grid = &self.data.grid;
        let mut found: Vec<_> = self.broken_down.drain().collect();
        found.sort_by(|a, b| a.1.1.cmp(&b.1.1));
        for ((month, leaf, product), (units, place)) in found {
            let Some(t) = usize::try_from(month.since(self.data.start)).ok().filter(|t| *t < self.data.months()) else {
                problems.error(place, "no_sales_then", say::no_sales_then(month));
                continue;
            };
            let sold: f64 = match leaf {
                Some(leaf) => grid.find(leaf, product).map_or(0.0, |s| self.data.units[(s, t)]),
                None => (0..grid.regions.leaf_count())
                    .filter_map(|l| grid.find(l, product))
                    .map(|s| self.data.units[(s, t)])
                    .sum(),
            };
            if units > sold + ROUNDING * sold.abs().max(1.0) {
                let code = &grid.products.codes[product];
                problems.error(place, "more_than_sold", say::more_than_sold(code, month, units, sold));
            }
        }
    }

    fn leads(&self, sheets: &[&Sheet], problems: &mut Problems) {
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [community, month, product, called, outcome] =
                ["community", "month", "product", "called", "outcome"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                self.community(row, community, problems);
                let registered = row.need_period(month, problems);
                self.names.scope(row, product, problems);
                row.need_name(outcome, problems);
                let call = row.period(called, problems);
                if let (Some(registered), Some(call)) = (registered, call)
                    && call.month() < registered.month()
                {
                    problems.error(row.place(called), "ends_before", say::ends_before_it_begins());
                }
            }
        }
    }

    fn commissions(&self, sheets: &[&Sheet], problems: &mut Problems) {
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [scheme, from, party, rate] = ["scheme", "from", "party", "rate"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                row.need_name(scheme, problems);
                row.need_period(from, problems);
                row.need_name(party, problems);
                if row.need_rate(rate, problems).is_some_and(|r| !(0.0..=1.0).contains(&r)) {
                    problems.error(row.place(rate), "bad_rate", say::between_0_and_1(&row.quoted(rate)));
                }
            }
        }
    }

    fn totals(&self, sheets: &[&Sheet], problems: &mut Problems) {
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [period, region, measure, value, growth] =
                ["period", "region", "measure", "value", "growth"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                row.need_name(period, problems);
                self.names.region(row, region, problems);
                row.need_name(measure, problems);
                row.need_rate(value, problems);
                row.rate(growth, problems);
            }
        }
    }
}
