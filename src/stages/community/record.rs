//! What is visible of the communities at an origin, made dense: parts, signings, buyers, policies by community and month.

use ndarray::Array2;

use super::arrivals::{Arrivals, Missing, Span};
use super::insurance;
use super::stated::Stated;
use crate::dataset::Known;
use crate::grid::Kind;
use crate::month::Month;
use crate::stages::level::horizon;
use crate::stats::life_table::Part;

/// The communities as visible at an origin.
#[derive(Clone, Debug)]
pub struct Record {
    /// The first month of the signings: month 0.
    pub first: Month,
    /// Months to the cutoff.
    pub months: usize,
    /// Months ahead: to the end of the next fiscal year.
    pub ahead: Vec<Month>,
    /// Known parts, by community; handovers counted from `first`.
    pub parts: Vec<Part>,
    /// Communities that the folder names; the numbers after it are those not contracted yet, one for each leaf.
    pub named: usize,
    /// Communities not contracted yet, or why nothing is projected of them.
    pub arrivals: Result<Arrivals, Missing>,
    /// Households of the known parts of each community; 0 where none is known.
    pub households: Vec<f64>,
    /// The leaf that serves each community.
    pub leaf: Vec<usize>,
    /// Whether signings are on record; else `signed` holds what the stated shares let expect.
    pub is_recorded: bool,
    /// Households that signed, community x month.
    pub signed: Array2<f64>,
    /// Stated shares of signing by month since the handover, and the households that they count for; none where none
    /// are stated.
    pub stated: Option<(Vec<f64>, f64)>,
    /// Households that bought goods, community x month.
    pub buyers: Array2<f64>,
    /// Policies sold, community x month.
    pub policies: Array2<f64>,
    /// Units sold but for the renewals that the folder names, series x month of the history.
    pub sold_first: Array2<f64>,
}

/// What products are to a community's households.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Goods and services: bought by buyers.
    Goods,
    /// Policies: taken by households that signed.
    Policy,
}

impl Role {
    /// The role of a product.
    pub fn of(known: &Known, product: usize) -> Role {
        match known.data.products.get(product).and_then(|p| p.kind) {
            Some(Kind::Policy) => Role::Policy,
            _ => Role::Goods,
        }
    }
}

impl Record {
    /// What is visible; none without communities, and where there is neither a single signing nor a stated share of
    /// them. With `arrivals` communities not contracted yet are in it, too.
    pub fn new(known: &Known, arrivals: bool, stated: &Stated) -> Option<Record> {
        let all = &known.data.communities;
        let named = all.list.len();
        let curve = stated.curve(known.origin.cutoff.plus(1));
        let signed = (0..named).filter_map(|c| known.signings_of(c).first()).map(|s| s.month).min();
        if !(0..named).any(|c| known.parts(c).next().is_some()) {
            return None;
        }
        let first = signed.or_else(|| curve.as_ref().map(|_| known.data.start))?;
        let months = usize::try_from(known.origin.cutoff.since(first) + 1).ok()?;
        let ahead = horizon(known);
        let span = Span { first, months, ahead: ahead.len() };
        let arrivals = if arrivals { Arrivals::new(known, span, named) } else { Err(Missing::Off) };
        let mut leaf: Vec<usize> = all.list.iter().map(|c| c.leaf).collect();
        if arrivals.is_ok() {
            leaf.extend(0..known.data.grid.regions.leaf_count());
        }
        let size = (leaf.len(), months);
        let mut out = Record {
            first,
            months,
            ahead,
            parts: Vec::new(),
            named,
            arrivals,
            households: vec![0.0; leaf.len()],
            leaf,
            is_recorded: signed.is_some(),
            signed: Array2::zeros(size),
            stated: curve.map(|curve| (curve, stated.weight)),
            buyers: Array2::zeros(size),
            policies: Array2::zeros(size),
            sold_first: insurance::sold_first(known),
        };
        let at = |month: Month| usize::try_from(month.since(first)).ok().filter(|t| *t < months);
        let service = (0..known.data.products.len())
            .any(|p| known.data.products.get(p).is_some_and(|p| p.kind == Some(Kind::Service)));
        let groups = known.data.grid.group_count();
        let mut by_group = vec![0.0; groups];
        for part in out.arrivals.iter().flat_map(|a| &a.parts) {
            out.households[part.community] += part.households;
        }
        for c in 0..named {
            for part in known.parts(c) {
                out.households[c] += part.households;
                let handover = part.handover.since(first);
                out.parts.push(Part { community: c, households: part.households, handover });
            }
            for row in known.signings_of(c) {
                if let Some(t) = at(row.month) {
                    out.signed[(c, t)] += row.households;
                }
            }
            for month in known.community_sales_of(c).chunk_by(|a, b| a.month == b.month) {
                let Some(t) = month.first().and_then(|row| at(row.month)) else { continue };
                by_group.fill(0.0);
                let mut served = 0.0;
                for row in month {
                    match known.data.products.get(row.product).and_then(|p| p.kind) {
                        Some(Kind::Policy) => out.policies[(c, t)] += row.units,
                        Some(Kind::Service) => served += row.units,
                        _ => by_group[known.data.grid.products.group[row.product]] += row.units,
                    }
                }
                // Where a service goes with every purchase its units count the buyers; else at least so many bought.
                let most = by_group.iter().copied().fold(0.0, f64::max);
                out.buyers[(c, t)] = if service { served } else { most }.max(0.0);
                out.policies[(c, t)] = out.policies[(c, t)].max(0.0);
            }
        }
        Some(out)
    }

    /// Whether it is known what each community bought of a role.
    pub fn by_community(&self, role: Role) -> bool {
        self.is_recorded && self.of(role).iter().any(|x| *x > 0.0)
    }

    /// Everything that is or will be handed over: the parts known, and those not contracted yet.
    pub fn all_parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().chain(self.arrivals.iter().flat_map(|a| &a.parts))
    }

    /// Communities not contracted yet: none, or one for each leaf.
    pub fn not_contracted(&self) -> std::ops::Range<usize> {
        self.named..self.leaf.len()
    }

    /// The month with an index.
    pub fn month(&self, index: usize) -> Month {
        self.first.plus(index as i32)
    }

    /// The record as it was so many months earlier, with the months since as months ahead. Nothing in it is still to be
    /// contracted: what was contracted since is among the parts.
    pub fn before(&self, months: usize) -> Record {
        let seen = self.months - months;
        let cut = |x: &Array2<f64>| x.slice(ndarray::s![.., ..seen]).to_owned();
        Record {
            months: seen,
            ahead: (seen..self.months).map(|t| self.month(t)).collect(),
            parts: self.parts.clone(),
            arrivals: Err(Missing::Off),
            households: self.households.clone(),
            leaf: self.leaf.clone(),
            signed: cut(&self.signed),
            stated: self.stated.clone(),
            buyers: cut(&self.buyers),
            policies: cut(&self.policies),
            sold_first: self.sold_first.clone(),
            ..*self
        }
    }
}
