//! Tables that break sales down or belong to later steps: every cell checked, every key resolved. More in a breakdown
//! than was sold is a problem; nothing of it is ever added to the sales (docs/METHOD.md#the-door).

use std::collections::HashMap;

use super::Dataset;
use super::communities::{Communities, Community, CommunitySale, Deposit, Part, Policy, Signing};
use super::names::Names;
use super::repeats::{Identical, Keyed};
use crate::error::{Place, Problems};
use crate::grid::{COMPANY, Kind};
use crate::messages::data as say;
use crate::month::Month;
use crate::schema::{Table, nearest};
use crate::settings::Settings;
use crate::sheet::{Col, Row, Rows, Sheet};

/// Units of a breakdown beyond those sold count as more only past rounding.
const ROUNDING: f64 = 1e-6;

/// A column with more different cells than this for each community says who a community is, not what it is like.
const MOST_LABELS: f64 = 0.5;

/// Checks the tables that break sales down or belong to later steps, and gives what they say of new communities.
pub fn read<'s>(
    data: &Dataset,
    names: &Names,
    of: &impl Fn(Table) -> Vec<&'s Sheet>,
    problems: &mut Problems,
) -> Communities {
    let communities = Communities::not_yet(names.later.communities.clone());
    let mut reader = Reader { data, names, communities, signed: Vec::new(), broken_down: HashMap::new() };
    reader.plan_prices(&of(Table::PlanPrices), problems);
    reader.communities(&of(Table::Communities), problems);
    reader.signings(&of(Table::Signings), problems);
    reader.community_sales(&of(Table::CommunitySales), problems);
    reader.more_than_sold(problems);
    reader.policies(&of(Table::Policies), problems);
    reader.more_than_sold(problems);
    reader.communities.sort();
    reader.communities
}

/// The regions that serve communities, as they are written.
pub fn served(sheets: &[&Sheet], settings: &Settings) -> Vec<String> {
    let (mut out, mut quiet) = (Vec::new(), Problems::default());
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, &mut quiet) else { continue };
        let region = rows.column("region");
        while let Some(row) = rows.next(&mut quiet) {
            out.extend(row.name(region, &mut quiet).map(str::to_owned));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

struct Reader<'a> {
    data: &'a Dataset,
    names: &'a Names,
    communities: Communities,
    /// Households of each community that have signed so far.
    signed: Vec<f64>,
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

/// The community of a cell, with its code; one that nobody knows is an error, unless it came later.
pub fn community<'r>(
    communities: &Communities,
    row: Row<'r>,
    col: Col,
    problems: &mut Problems,
) -> Option<(usize, &'r str)> {
    let name = row.need_name(col, problems)?;
    let found = communities.find(name);
    if found.is_none() && !communities.is_later(name) {
        problems.error_with(row.place(col), "unknown_community", || {
            say::unknown_community(name, nearest(name, communities.codes()))
        });
    }
    Some((found?, name))
}

impl Reader<'_> {
    fn open<'s>(&self, sheet: &'s Sheet, problems: &mut Problems) -> Option<Rows<'s>> {
        Rows::open(sheet, &self.data.settings.columns, problems)
    }

    /// A community that `communities` knows, with its code.
    fn community<'r>(&self, row: Row<'r>, col: Col, problems: &mut Problems) -> Option<(usize, &'r str)> {
        community(&self.communities, row, col, problems)
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
            let [community, region, households, handover, name, contract, unit_type, known] =
                ["community", "region", "households", "handover", "name", "contract", "unit_type", "known"]
                    .map(|c| rows.column(c));
            let mut attributes: Vec<(String, Col)> = rows.headers().map(|(h, col)| (h.to_owned(), col)).collect();
            if unit_type.is_there() {
                attributes.insert(0, (unit_type.name.to_owned(), unit_type));
            }
            while let Some(row) = rows.next(problems) {
                let code = row.need_name(community, problems);
                let node = self.names.region(row, region, problems);
                let count = amount(row, households, problems);
                let month = row.need_period(handover, problems).map(|p| p.month());
                let contract = row.period(contract, problems).map(|p| p.month());
                let known = row.period(known, problems).map(|p| p.first_day());
                if count == Some(0.0) {
                    problems.error(row.place(households), "no_households", say::no_households());
                }
                if seen.again(row, problems) {
                    continue;
                }
                let (Some(code), Some(node), Some(count)) = (code, node, count) else { continue };
                let Some(leaf) = self.data.grid.regions.leaf_of(node) else {
                    problems.error(row.place(region), "not_a_leaf", say::community_of_parent(&row.quoted(region)));
                    continue;
                };
                let called = row.name(name, problems).unwrap_or_default();
                let index = self.communities.find(code).unwrap_or_else(|| {
                    self.signed.push(0.0);
                    let (parts, labels) = (Vec::new(), Vec::new());
                    self.communities.add(Community { code: code.into(), name: called.into(), leaf, parts, labels })
                });
                let labels: Vec<(usize, usize)> = attributes
                    .iter()
                    .filter(|(_, col)| row.has(*col))
                    .map(|(header, col)| self.communities.label(header, &row.quoted(*col)))
                    .collect();
                let Some(found) = self.communities.list.get_mut(index) else { continue };
                if found.leaf != leaf {
                    problems.error(row.place(region), "two_regions", say::community_in_two_regions(code));
                }
                for (column, label) in labels {
                    found.labels.resize(found.labels.len().max(column + 1), None);
                    if let Some(slot) = found.labels.get_mut(column) {
                        slot.get_or_insert(label);
                    }
                }
                // A handover that cannot be read is a problem already, and ends the run.
                let handover = month.unwrap_or(self.data.start);
                found.parts.push(Part { households: count, handover, contract, known, place: row.row_place() });
            }
        }
        self.communities.forget_names(MOST_LABELS);
    }

    fn signings(&mut self, sheets: &[&Sheet], problems: &mut Problems) {
        let (mut seen, mut keys) = (Identical::default(), Keyed::new());
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [month, community, households] = ["month", "community", "households"].map(|c| rows.column(c));
            while let Some(row) = rows.next(problems) {
                let when = row.need_period(month, problems);
                let found = self.community(row, community, problems);
                let count = amount(row, households, problems);
                let (Some(when), Some((index, code)), Some(count)) = (when, found, count) else { continue };
                if seen.again(row, problems) {
                    continue;
                }
                keys.before((when.first_day(), index), 0, row, problems);
                let (place, month) = (row.place(households), when.month());
                self.communities.signings.push(Signing { community: index, month, households: count, place });
                let (Some(signed), Some(of)) = (self.signed.get_mut(index), self.communities.list.get(index)) else {
                    continue;
                };
                let all: f64 = of.parts.iter().map(|p| p.households).sum();
                let already = *signed > all;
                *signed += count;
                if *signed > all && !already {
                    let message = say::more_signed_than_households(code, *signed, all);
                    problems.error(row.place(households), "too_many_signings", message);
                }
            }
        }
    }

    fn community_sales(&mut self, sheets: &[&Sheet], problems: &mut Problems) {
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [month, community, product, units] = ["month", "community", "product", "units"].map(|c| rows.column(c));
            let [deposit, delivered] = ["deposit", "delivered"].map(|c| rows.column(c));
            let unit = self.data.settings.units.money;
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                let when = row.need_period(month, problems);
                let found = self.community(row, community, problems);
                let what = self.names.product(row, product, problems);
                let count = row.need_number(units, problems);
                let paid = row.money(deposit, unit, problems).map(|x| x * unit.yuan());
                let end = row.period(delivered, problems).map(|p| p.month());
                if paid.is_some_and(|x| x < 0.0) {
                    problems.error(row.place(deposit), "negative", say::negative(&row.quoted(deposit)));
                }
                if let (Some(when), Some(end)) = (when, end)
                    && end < when.month()
                {
                    problems.error(row.place(delivered), "ends_before", say::ends_before_it_begins());
                }
                let deposit = paid.map(|yuan| Deposit { yuan, delivered: end });
                let (Some(when), Some((community, _)), Some(product), Some(count)) = (when, found, what, count) else {
                    continue;
                };
                let (place, month) = (row.place(units), when.month());
                let leaf = self.communities.list.get(community).map(|c| c.leaf);
                self.add((month, leaf, product), count, place.clone());
                self.communities.sales.push(CommunitySale { community, month, product, units: count, deposit, place });
            }
        }
    }

    fn policies(&mut self, sheets: &[&Sheet], problems: &mut Problems) {
        let mut seen = Identical::default();
        for sheet in sheets {
            let Some(mut rows) = self.open(sheet, problems) else { continue };
            let [sold, product, units, region, expires, renewal] =
                ["sold", "product", "units", "region", "expires", "renewal"].map(|c| rows.column(c));
            self.communities.renewals_told |= renewal.is_there();
            while let Some(row) = rows.next(problems) {
                if seen.again(row, problems) {
                    continue;
                }
                let when = row.need_period(sold, problems);
                let what = self.names.product(row, product, problems);
                let count = row.need_number(units, problems);
                let node = self.names.region(row, region, problems);
                let end = row.period(expires, problems);
                let renewal = row.yes(renewal, problems);
                if let (Some(when), Some(end)) = (when, end)
                    && end.month() < when.month()
                {
                    problems.error(row.place(expires), "ends_before", say::ends_before_it_begins());
                }
                let (Some(when), Some(what), Some(count), Some(node)) = (when, what, count, node) else { continue };
                let product_row = self.data.products.get(what);
                if product_row.is_some_and(|p| p.kind != Some(Kind::Policy)) {
                    problems.error(row.place(product), "not_a_policy", say::not_a_policy(&row.quoted(product)));
                    continue;
                }
                let sold = when.month();
                let by_term = || Some(sold.plus(product_row?.term_months?));
                let expires = end.map(|p| p.month()).or_else(by_term);
                let place = row.place(units);
                let leaf = self.data.grid.regions.leaf_of(node);
                if leaf.is_some() || node == COMPANY {
                    self.add((sold, leaf, what), count, place.clone());
                }
                self.communities.policies.push(Policy {
                    sold,
                    product: what,
                    units: count,
                    node,
                    expires,
                    renewal,
                    place,
                });
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
}
