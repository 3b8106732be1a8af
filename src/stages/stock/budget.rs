//! A budget that does not reach for everything: what buys the most service per yuan goes first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Line, Reason, Terms};
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

/// The next step of a line: units short that it saves per yuan.
struct Step {
    gain: f64,
    line: usize,
    units: f64,
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
        self.gain.total_cmp(&other.gain).then(other.line.cmp(&self.line))
    }
}

/// Cuts the orders of `lines` to a budget in yuan; `lot` gives the packs of a product. Step by step the order grows that
/// saves the most units short per yuan, as demand is expected (normal, of the line's mean and deviation).
pub fn within(lines: &mut [Line], given: f64, terms: impl Fn(usize) -> Terms) -> Budget {
    let lot = |product: usize| terms(product).lot;
    let mut out = Budget { given, spent: 0.0, wanted: 0.0, lines: 0, without_cost: 0 };
    let wanted: Vec<f64> = lines.iter().map(|l| l.order).collect();
    let cost = |line: &Line, units: f64| line.value.filter(|_| units > 0.0).map(|value| value / units);
    let costs: Vec<Option<f64>> = lines.iter().zip(&wanted).map(|(l, w)| cost(l, *w)).collect();
    let next = |line: &Line, at: usize, bought: f64| -> Option<Step> {
        let (cost, wanted) = (costs[at]?, wanted[at]);
        let lot = lot(line.product);
        let least = if bought == 0.0 { lot.least } else { 0.0 };
        let units = order((wanted / STEPS).max(lot.pack), Lot { pack: lot.pack, least }).min(wanted - bought);
        let saved = short(line, bought) - short(line, bought + units);
        (units > 0.0).then(|| Step { gain: saved / (units * cost).max(f64::MIN_POSITIVE), line: at, units })
    };
    let mut bought = vec![0.0; lines.len()];
    let mut open: BinaryHeap<Step> = lines.iter().enumerate().filter_map(|(at, l)| next(l, at, 0.0)).collect();
    while let Some(step) = open.pop() {
        let Some(cost) = costs[step.line] else { continue };
        // What does not fit is not bought, and neither is more of it; something cheaper may still fit.
        if out.spent + step.units * cost > given + f64::EPSILON * given {
            continue;
        }
        out.spent += step.units * cost;
        bought[step.line] += step.units;
        open.extend(next(&lines[step.line], step.line, bought[step.line]));
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
            line.value = Some(bought[at] * cost);
            line.excess = (bought[at] - line.raw).max(0.0);
            line.reason = Reason::Budget { left_out: wanted[at] - bought[at] };
        }
    }
    out
}

/// Units short on average over the protection interval with so much ordered.
fn short(line: &Line, ordered: f64) -> f64 {
    let at = line.position + line.transfer_in + ordered - line.demand;
    if line.deviation <= 0.0 { (-at).max(0.0) } else { line.deviation * normal_loss(at / line.deviation) }
}
