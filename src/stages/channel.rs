//! What was counted in the channel: the stock of dealers and of the tiers below them, and what they sold (R11).
//!
//! ```text
//! sell-out = sell-in - change of stock          (where it was not counted)
//! ```
//! The dealers' sell-in is what we sold, the downstream tiers' what the dealers sold.

use std::collections::BTreeSet;

use crate::dataset::{Known, Tier};
use crate::grid::{COMPANY, Scope};

/// Nodes and scopes that are counted.
pub fn keys(known: &Known) -> BTreeSet<(usize, Scope)> {
    let of = |scope| match scope {
        Scope::Product(p) => Scope::Group(known.data.grid.products.group[p]),
        scope => scope,
    };
    known.channel.iter().map(|c| (c.node, of(c.scope))).collect()
}

/// Of all `keys` that of the nearest region above (itself included) with counts of the group, else with counts of
/// everything.
pub fn counted(known: &Known, keys: &BTreeSet<(usize, Scope)>, node: usize, group: usize) -> Option<(usize, Scope)> {
    let mut at = node;
    loop {
        if let Some(scope) = [Scope::Group(group), Scope::All].into_iter().find(|s| keys.contains(&(at, *s))) {
            return Some((at, scope));
        }
        if at == COMPANY {
            return None;
        }
        at = known.data.grid.regions.parent(at);
    }
}

/// Whether a count of `scope` is part of the count of `of`: rows for products add up to their group.
pub fn belongs(known: &Known, scope: Scope, of: Scope) -> bool {
    match (scope, of) {
        (Scope::Product(p), Scope::Group(g)) => known.data.grid.products.group[p] == g,
        (a, b) => a == b,
    }
}

/// The counts of one node and scope, by month index.
pub struct Channel<'a, 'k> {
    /// What is known.
    pub known: &'a Known<'k>,
    /// Region node counted.
    pub node: usize,
    /// Products counted.
    pub scope: Scope,
    /// What we sold, to the cutoff, in units.
    pub sell_in: Vec<f64>,
}

/// One tier's months, to the one after the cutoff.
pub struct Flow {
    /// Month-end stock, in units.
    pub stock: Vec<Option<f64>>,
    /// What the tier sold, in units.
    pub sell_out: Vec<Option<f64>>,
}

impl<'a, 'k> Channel<'a, 'k> {
    /// Of a node and scope.
    pub fn new(known: &'a Known<'k>, node: usize, scope: Scope) -> Channel<'a, 'k> {
        let series = known.data.grid.in_scope(node, scope);
        let sell_in = (0..known.months()).map(|t| series.iter().map(|&s| known.units[(s, t)]).sum()).collect();
        Channel { known, node, scope, sell_in }
    }

    /// The counts of a tier.
    pub fn rows(&self, tier: Tier) -> impl Iterator<Item = &&'k crate::dataset::ChannelStock> {
        let (node, scope) = (self.node, self.scope);
        self.known
            .channel
            .iter()
            .filter(move |c| c.node == node && c.tier == tier && belongs(self.known, c.scope, scope))
    }

    fn flow(&self, tier: Tier, sell_in: impl Fn(usize) -> Option<f64>) -> Flow {
        // The month made may be counted before it is complete.
        let n = self.known.months() + 1;
        let mut flow = Flow { stock: vec![None; n], sell_out: vec![None; n] };
        for row in self.rows(tier) {
            if let Some(t) = usize::try_from(self.known.index(row.month)).ok().filter(|t| *t < n) {
                *flow.stock[t].get_or_insert(0.0) += row.units;
                if let Some(sold) = row.sell_out {
                    *flow.sell_out[t].get_or_insert(0.0) += sold;
                }
            }
        }
        for t in 1..n {
            if let (None, Some(before), Some(now), Some(sold)) =
                (flow.sell_out[t], flow.stock[t - 1], flow.stock[t], sell_in(t))
            {
                flow.sell_out[t] = Some((sold - (now - before)).max(0.0));
            }
        }
        flow
    }

    /// The dealers, and the tiers below them.
    pub fn tiers(&self) -> (Flow, Flow) {
        let sold = |t: usize| self.sell_in.get(t).copied();
        let dealer = self.flow(Tier::Dealer, sold);
        let dealers_counted = dealer.stock.iter().any(Option::is_some);
        let downstream = self.flow(Tier::Downstream, |t| if dealers_counted { dealer.sell_out[t] } else { sold(t) });
        (dealer, downstream)
    }
}
