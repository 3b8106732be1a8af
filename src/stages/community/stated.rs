//! Rates that a planner states (`rates`), or that a printed year gives (`totals`), where the record says little yet.
//!
//! ```text
//! used = (w stated + n learned) / (w + n)
//! ```
//! w: what a stated rate counts for, in signings (`[communities] stated_weight`); n: signings on record since the month
//! from which it holds. So it holds whole while nothing is on record, and gives way as the record grows: the posterior
//! mean of a share whose prior is worth w signings (beta-binomial), its variance `(1 - p) / (p (w + n))` of its square.
//! A row of a region goes before one of the company, of equals the newest that has begun.

use crate::books::money;
use crate::dataset::Known;
use crate::dataset::rates::Measure;
use crate::dataset::totals::{Counted, Span};
use crate::error::Place;
use crate::grid::{COMPANY, Kind, Scope};
use crate::month::Month;
use crate::stats::life_table::FIRST_LAG;

/// Who states a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A row of `rates`.
    Rates,
    /// The printed figures of a year in `totals`.
    Totals,
}

/// A stated rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// First month it holds.
    pub from: Month,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// What it is of.
    pub measure: Measure,
    /// The rate.
    pub value: f64,
    /// Who states it.
    pub by: By,
    /// Where it stands.
    pub place: Place,
}

/// Everything stated.
#[derive(Clone, Debug, Default)]
pub struct Stated {
    /// The rates, those of `rates` first.
    pub rates: Vec<Given>,
    /// What each counts for, in signings.
    pub weight: f64,
}

impl Stated {
    /// What is stated by an origin.
    pub fn new(known: &Known) -> Stated {
        let own = known.rates().map(|r| Given {
            from: r.from,
            node: r.node,
            scope: r.scope,
            measure: r.measure,
            value: r.value,
            by: By::Rates,
            place: r.place.clone(),
        });
        let mut rates: Vec<Given> = own.collect();
        rates.extend(of_totals(known));
        Stated { rates, weight: known.data.settings.communities.stated_weight }
    }

    /// The rate of a measure that holds at a leaf in a month; none where nobody states one.
    pub fn at(&self, known: &Known, measure: Measure, scope: Scope, leaf: usize, month: Month) -> Option<&Given> {
        let regions = &known.data.grid.regions;
        let fits = |g: &&Given| {
            (g.measure, g.scope) == (measure, scope) && g.from <= month && regions.leaves(g.node).contains(&leaf)
        };
        let of = |by: By| {
            let all = self.rates.iter().filter(fits).filter(move |g| g.by == by);
            all.max_by_key(|g| (regions.depth(g.node), g.from))
        };
        of(By::Rates).or_else(|| of(By::Totals))
    }

    /// The share of households that sign which buys (takes a policy) by what is stated, and the first month of the
    /// newest row in it: take-up may be stated policy by policy.
    pub fn share(&self, known: &Known, measure: Measure, leaf: usize, month: Month) -> Option<(f64, &Given)> {
        let apart = self.of_products(known, measure, leaf, month);
        // A rate of all policies is their sum, those of single ones then its mix; a printed year is coarser than either.
        if let Some(given) = self.at(known, measure, Scope::All, leaf, month)
            && (apart.is_empty() || given.by == By::Rates)
        {
            return Some((given.value, given));
        }
        let newest = apart.iter().map(|(_, given)| *given).max_by_key(|given| given.from)?;
        Some((apart.iter().map(|(_, given)| given.value).sum(), newest))
    }

    /// The share renewed of a product's policies, else of all; the company's.
    pub fn renewal(&self, known: &Known, product: usize, month: Month) -> Option<&Given> {
        let of = |scope: Scope| {
            let all = self.rates.iter().filter(|g| g.measure == Measure::Renewal && g.node == COMPANY);
            all.filter(|g| g.scope == scope && g.from <= month).max_by_key(|g| g.from)
        };
        let is_policy = known.data.products.get(product).is_some_and(|p| p.kind == Some(Kind::Policy));
        of(Scope::Product(product)).or_else(|| of(Scope::All)).filter(|_| is_policy)
    }

    /// What is stated of single products.
    pub fn of_products(&self, known: &Known, measure: Measure, leaf: usize, month: Month) -> Vec<(usize, &Given)> {
        let of = |p: usize| Some((p, self.at(known, measure, Scope::Product(p), leaf, month)?));
        (0..known.data.products.len()).filter_map(of).collect()
    }

    /// Units of a group for each buyer: of the group, else the sum of its products'.
    pub fn per_buyer(&self, known: &Known, group: usize, leaf: usize, month: Month) -> Option<(f64, &Given)> {
        let measure = Measure::UnitsPerBuyer;
        if let Some(given) = self.at(known, measure, Scope::Group(group), leaf, month) {
            return Some((given.value, given));
        }
        let of_group = |p: &usize| known.data.grid.products.group.get(*p) == Some(&group);
        let mut all = self.of_products(known, measure, leaf, month);
        all.retain(|(p, _)| of_group(p));
        let newest = all.iter().map(|(_, given)| *given).max_by_key(|given| given.from)?;
        Some((all.iter().map(|(_, given)| given.value).sum(), newest))
    }

    /// Shares of the households that sign, by month since the handover from [`FIRST_LAG`] on, of the newest month with
    /// rows that has begun by a month; none where none is stated.
    pub fn curve(&self, month: Month) -> Option<Vec<f64>> {
        let signing = |g: &&Given| matches!(g.measure, Measure::Signing(_)) && g.from <= month;
        let from = self.rates.iter().filter(signing).map(|g| g.from).max()?;
        let mut out = Vec::new();
        for given in self.rates.iter().filter(signing).filter(|g| g.from == from) {
            let Measure::Signing(lag) = given.measure else { continue };
            let Ok(at) = usize::try_from(lag - FIRST_LAG) else { continue };
            if out.len() <= at {
                out.resize(at + 1, 0.0);
            }
            out[at] += given.value;
        }
        Some(out)
    }

    /// A stated rate and a learned one together, the record since it holds being worth so many signings.
    pub fn mixed(&self, stated: f64, learned: f64, record: f64) -> f64 {
        (self.weight * stated + record * learned) / (self.weight + record)
    }
}

/// What the printed figures of years that are over say: conversion as printed, else buyers over new households;
/// take-up as premiums over the mean price of what policies were sold last, over new households.
fn of_totals(known: &Known) -> Vec<Given> {
    let (data, start) = (known.data, known.data.settings.fiscal.start);
    let mut out: Vec<Given> = Vec::new();
    let price = mean_price(known);
    for total in data.totals {
        let (first, months) = total.span.months(start);
        if !matches!(total.span, Span::Year(_)) || first.plus(months as i32 - 1) > known.origin.cutoff {
            continue;
        }
        let beside = |counted: Counted| {
            let same =
                data.totals.iter().find(|t| (t.span, t.node, t.counted) == (total.span, total.node, Some(counted)));
            same.map(|t| t.value.value).filter(|x| *x > 0.0)
        };
        let found = match total.counted {
            Some(Counted::BuyerShare) => Some((Measure::Conversion, total.value.value)),
            Some(Counted::Buyers) if beside(Counted::BuyerShare).is_none() => {
                beside(Counted::NewHouseholds).map(|all| (Measure::Conversion, total.value.value / all))
            }
            Some(Counted::Premiums) => {
                let policies = price.map(|price| total.value.value / price);
                policies.zip(beside(Counted::NewHouseholds)).map(|(n, all)| (Measure::TakeUp, n / all))
            }
            _ => None,
        };
        let twice = |m: Measure| out.iter().any(|g| (g.measure, g.node, g.from) == (m, total.node, first));
        if let Some((measure, value)) = found.filter(|(m, x)| (0.0..=1.0).contains(x) && !twice(*m)) {
            let (node, place) = (total.node, total.value.place.clone());
            out.push(Given { from: first, node, scope: Scope::All, measure, value, by: By::Totals, place });
        }
    }
    out
}

/// Yuan of a policy on average, of those sold in the last twelve months; none where a price is not known.
fn mean_price(known: &Known) -> Option<f64> {
    let units = money::units(known);
    let from = known.months().saturating_sub(12);
    let (mut sum, mut count) = (0.0, 0.0);
    for (s, series) in known.data.grid.series.iter().enumerate() {
        if known.data.products.get(series.product)?.kind == Some(Kind::Policy) {
            let sold: f64 = known.units.row(s).iter().skip(from).sum();
            if sold > 0.0 {
                sum += sold * units.get(series.product)?.price?;
                count += sold;
            }
        }
    }
    (count > 0.0).then(|| sum / count)
}
