//! What was sold, added up: `sales` and the tables that break it down.

use std::collections::BTreeMap;

use super::super::calendar::{Span, month};
use super::super::catalogue::{PRODUCTS, REGIONS, choice_set, code_in};
use super::super::{World, shoppers};
use super::Table;
use crate::row;

/// Units by month, centre and product, and the breakdowns.
pub struct Books {
    units: Vec<Vec<Vec<u32>>>,
    by_community: BTreeMap<(i32, usize, usize), u32>,
    /// Renewals among the policies, by month, centre and product.
    renewed: BTreeMap<(i32, usize, usize), u32>,
    out_days: Vec<Vec<Vec<u32>>>,
    span: Span,
}

impl Books {
    /// Adds up a world.
    pub fn keep(world: &World) -> Books {
        let cells = || vec![vec![vec![0; PRODUCTS.len()]; REGIONS.len()]; world.span.lived as usize];
        let span = world.span;
        let (by_community, renewed) = (BTreeMap::new(), BTreeMap::new());
        let mut books = Books { units: cells(), by_community, renewed, out_days: cells(), span };
        for purchase in world.purchases() {
            books.units[purchase.t as usize][purchase.region][purchase.product] += purchase.units;
        }
        let renewals = std::iter::repeat_n(&false, world.shopping.purchases.len()).chain(&world.insurance.renewals);
        for (purchase, renewal) in world.purchases().zip(renewals) {
            if *renewal {
                *books.renewed.entry((purchase.t, purchase.region, purchase.product)).or_default() += purchase.units;
            }
            if !renewal && shoppers::attributed(&purchase.household, span) && purchase.t < span.tabled {
                let key = (purchase.t, purchase.household.community, purchase.product);
                *books.by_community.entry(key).or_default() += purchase.units;
            }
        }
        for t in span.months() {
            for region in 0..REGIONS.len() {
                for product in 0..PRODUCTS.len() {
                    books.out_days[t as usize][region][product] = world.outages.days(t, region, product);
                }
            }
        }
        books
    }

    /// Units sold in a month.
    pub fn units(&self, t: i32, region: usize, product: usize) -> u32 {
        self.units[t as usize][region][product]
    }

    /// Units of a category sold at a centre in a month.
    pub fn category(&self, t: i32, region: usize, category: &'static str) -> u32 {
        choice_set(category, t).map(|p| self.units(t, region, p)).sum()
    }

    /// Units of a category sold at all centres in the twelve months from `from`.
    pub fn year(&self, from: i32, category: &'static str) -> u32 {
        (0..REGIONS.len()).map(|region| self.centre_year(from, region, category)).sum()
    }

    /// Units of a category sold at one centre in the twelve months from `from`.
    pub fn centre_year(&self, from: i32, region: usize, category: &'static str) -> u32 {
        (from..from + 12).map(|t| self.category(t, region, category)).sum()
    }

    /// Units booked on a community in a month.
    pub fn on_community(&self, t: i32, community: usize, product: usize) -> u32 {
        self.by_community.get(&(t, community, product)).copied().unwrap_or(0)
    }

    /// `sales`: one row for every month, centre and product on the range.
    pub fn sales(&self) -> Table {
        let mut rows = Vec::new();
        for t in 0..self.span.tabled {
            for (r, region) in REGIONS.iter().enumerate() {
                for (p, product) in PRODUCTS.iter().enumerate().filter(|(_, product)| product.on_range(t)) {
                    let units = self.units(t, r, p);
                    let out = self.out_days[t as usize][r][p].to_string();
                    let out = if product.kind == "goods" { out } else { String::new() };
                    rows.push(row![month(t), region.code, code_in(p, t), units, units * product.price, out]);
                }
            }
        }
        Table { name: "sales", columns: &["month", "region", "product", "units", "revenue", "stockout_days"], rows }
    }

    /// `community_sales`: what the receipts book on a community; renewals name none.
    pub fn community_sales(&self, world: &World) -> Table {
        let rows = self
            .by_community
            .iter()
            .map(|(&(t, c, p), units)| row![month(t), world.communities[c].code, code_in(p, t), units])
            .collect();
        Table { name: "community_sales", columns: &["month", "community", "product", "units"], rows }
    }

    /// `policies`: the register of every policy sold, first ones and renewals.
    pub fn policies(&self) -> Table {
        let mut rows = Vec::new();
        for t in 0..self.span.tabled {
            for (r, region) in REGIONS.iter().enumerate() {
                for (p, product) in PRODUCTS.iter().enumerate() {
                    let (Some(term), units) = (product.term_months, self.units(t, r, p)) else { continue };
                    let renewed = self.renewed.get(&(t, r, p)).copied().unwrap_or(0);
                    for (units, renewal) in [(units - renewed, ""), (renewed, "yes")] {
                        if units > 0 {
                            let expires = month(t + term as i32);
                            rows.push(row![month(t), product.code, units, region.code, expires, renewal]);
                        }
                    }
                }
            }
        }
        Table { name: "policies", columns: &["sold", "product", "units", "region", "expires", "renewal"], rows }
    }
}

/// `signings`: households signing by community, its parts together.
pub fn signings(world: &World) -> Table {
    let mut rows = Vec::new();
    for t in 0..world.span.tabled {
        let mut signed = vec![0; world.communities.len()];
        for (i, part) in world.parts.iter().enumerate() {
            signed[part.community] += world.signings.of(i, t);
        }
        let some = signed.iter().zip(&world.communities).filter(|(n, _)| **n > 0);
        rows.extend(some.map(|(n, community)| row![month(t), community.code, n]));
    }
    Table { name: "signings", columns: &["month", "community", "households"], rows }
}
