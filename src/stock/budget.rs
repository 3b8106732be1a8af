//! A budget that does not reach for everything: what saves the most margin, or service, per yuan goes first.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use super::{Change, Line, Terms};
use crate::dataset::Known;
use crate::stats::stock::{Lot, normal_loss, order};

/// An order is bought in so many steps at most: a smallest order, then packs.
const STEPS: f64 = 20.0;

/// A budget and what became of it, in yuan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// What may be spent.
    pub given: f64,
    /// What the orders that remain cost.
    pub spent: f64,
    /// What the orders without it would have cost.
    pub wanted: f64,
    /// Lines cut or left out.
    pub lines: usize,
    /// Ordered lines without a cost in `products`: outside the budget.
    pub without_cost: usize,
}

/// The next step of a line, or all orders of a supplier: what it saves per yuan.
struct Step {
    gain: f64,
    what: What,
    /// Of a line its units.
    units: f64,
    /// In yuan.
    cost: f64,
}

/// What is bought in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Line(usize),
    /// All orders of a supplier whose terms hold for all of them together.
    Supplier(usize),
}

impl PartialEq for Step {
    fn eq(&self, other: &Step) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Step) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Step) -> Ordering {
        self.gain.total_cmp(&other.gain).then(other.what.cmp(&self.what))
    }
}

/// Cuts the orders of `lines` to a budget in yuan. Step by step what saves most per yuan is bought: margin where every
/// ordered product has a price and a cost, else units short, as demand is expected (normal, of the line's mean and
/// deviation). Terms are kept: what a supplier with a smallest order value or whole containers is sent is bought as a whole
/// or not at all, an order at a price break not below it.
pub fn within(known: &Known, lines: &mut [Line], given: f64) -> Budget {
    let mut out = Budget { given, spent: 0.0, wanted: 0.0, lines: 0, without_cost: 0 };
    let wanted: Vec<f64> = lines.iter().map(|l| l.order).collect();
    let terms: Vec<Option<Terms>> =
        lines.iter().map(|l| (l.order > 0.0).then(|| Terms::of(known, l.product))).collect();
    let costs: Vec<Option<f64>> =
        terms.iter().zip(&wanted).map(|(terms, units)| terms.as_ref()?.price_of(*units)).collect();
    let in_money = terms.iter().flatten().all(|terms| terms.margin().is_some());
    let worth = |at: usize| match terms.get(at) {
        Some(Some(terms)) if in_money => terms.margin().unwrap_or(0.0),
        _ => 1.0,
    };
    let kept = |at: usize| {
        let supplier = terms.get(at)?.as_ref()?.supplier?;
        known.data.suppliers.list.get(supplier).filter(|v| v.least > 0.0 || v.container > 0.0).map(|_| supplier)
    };
    let saves = |line: &Line, at: usize, from: f64, to: f64| (short(line, from) - short(line, to)) * worth(at);
    let next = |line: &Line, at: usize, bought: f64| -> Option<Step> {
        let (terms, cost, wanted) = (terms[at].as_ref()?, costs[at]?, wanted[at]);
        let at_break = terms.breaks.iter().rev().find(|b| b.from <= wanted).map_or(0.0, |b| b.from);
        let least = if bought == 0.0 { terms.lot.least.max(at_break) } else { 0.0 };
        let pack = terms.lot.pack;
        let units = order((wanted / STEPS).max(pack), Lot { pack, least }).min(wanted - bought);
        let gain = saves(line, at, bought, bought + units) / (units * cost).max(f64::MIN_POSITIVE);
        (units > 0.0).then_some(Step { gain, what: What::Line(at), units, cost: units * cost })
    };
    let mut bought = vec![0.0; lines.len()];
    let mut open: BinaryHeap<Step> = BinaryHeap::new();
    let mut baskets: BTreeMap<usize, (f64, f64, Vec<usize>)> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        match (kept(at), costs[at]) {
            (Some(supplier), Some(cost)) => {
                let basket = baskets.entry(supplier).or_default();
                basket.0 += saves(line, at, 0.0, wanted[at]);
                basket.1 += wanted[at] * cost;
                basket.2.push(at);
            }
            _ => open.extend(next(line, at, 0.0)),
        }
    }
    open.extend(baskets.iter().map(|(supplier, (gain, cost, _))| Step {
        gain: gain / cost.max(f64::MIN_POSITIVE),
        what: What::Supplier(*supplier),
        units: 0.0,
        cost: *cost,
    }));
    while let Some(step) = open.pop() {
        // What does not fit is not bought, and neither is more of it; something cheaper may still fit.
        if out.spent + step.cost > given + f64::EPSILON * given {
            continue;
        }
        out.spent += step.cost;
        match step.what {
            What::Line(at) => {
                bought[at] += step.units;
                open.extend(next(&lines[at], at, bought[at]));
            }
            What::Supplier(supplier) => {
                for at in baskets.get(&supplier).map(|basket| basket.2.as_slice()).unwrap_or_default() {
                    bought[*at] = wanted[*at];
                }
            }
        }
    }
    for (at, line) in lines.iter_mut().enumerate().filter(|(at, _)| wanted[*at] > 0.0) {
        let Some(cost) = costs[at] else {
            out.without_cost += 1;
            continue;
        };
        out.wanted += wanted[at] * cost;
        if bought[at] < wanted[at] {
            out.lines += 1;
            line.order = bought[at];
            line.changes.push(Change::Budget { left_out: wanted[at] - bought[at] });
        }
    }
    out
}

/// Units short on average over the protection interval with so much ordered.
fn short(line: &Line, ordered: f64) -> f64 {
    let at = line.position + line.moved_in() + ordered - line.demand;
    if line.deviation <= 0.0 { (-at).max(0.0) } else { line.deviation * normal_loss(at / line.deviation) }
}
