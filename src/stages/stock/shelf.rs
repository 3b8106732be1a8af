//! Shelves: one product at the locations that supply one region node, and which shelf stands above which.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::ArrayView2;

use super::Horizon;
use crate::dataset::Known;
use crate::grid::{COMPANY, Kind, Scope};

/// One product at the locations of one region node.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// Product index.
    pub product: usize,
    /// Region node.
    pub node: usize,
    /// The locations, by index: several where they supply the same node.
    pub locations: Vec<usize>,
    /// Units on hand.
    pub on_hand: f64,
    /// Units owed.
    pub owed: f64,
    /// Goods on order: days until they are due (0 where that has passed; none: not said), units.
    pub orders: Vec<(Option<usize>, f64)>,
    /// Of these, units whose day has passed.
    pub overdue: f64,
    /// The shelf of the same product that fills it, by its place among that product's shelves.
    pub above: Option<usize>,
    /// The series whose demand it serves.
    pub series: Vec<usize>,
}

impl Shelf {
    /// Units on order.
    pub fn on_order(&self) -> f64 {
        self.orders.iter().map(|o| o.1).sum()
    }

    /// On hand + on order - owed, in units.
    pub fn position(&self) -> f64 {
        self.on_hand + self.on_order() - self.owed
    }
}

/// All shelves, by product, from the top of the region tree down; and how many series with a forecast (`units`, series x
/// month) are stocked nowhere.
///
/// A location carries what `stock` counts there. A product in its first year, or still to come, is also carried where
/// others of its group are: nobody counts what has not come yet.
pub fn shelves(known: &Known, horizon: &Horizon, units: ArrayView2<f64>) -> (Vec<Shelf>, usize) {
    let (data, grid) = (known.data, &known.data.grid);
    let mut found: BTreeMap<(usize, usize), Shelf> = BTreeMap::new();
    // Of each group, the nodes at which it is stocked with their locations.
    let mut carried: BTreeMap<usize, BTreeSet<(usize, usize)>> = BTreeMap::new();
    let empty = |product: usize, node: usize| Shelf {
        product,
        node,
        locations: Vec::new(),
        on_hand: 0.0,
        owed: 0.0,
        orders: Vec::new(),
        overdue: 0.0,
        above: None,
        series: grid.in_scope(node, Scope::Product(product)),
    };
    for count in &known.stock {
        let Some(location) = data.stock.locations.get(count.location) else { continue };
        let key = (count.product, location.node);
        let shelf = found.entry(key).or_insert_with(|| empty(count.product, location.node));
        shelf.locations.push(count.location);
        shelf.on_hand += count.on_hand;
        shelf.owed += count.owed;
        for &(units, due) in &count.orders {
            shelf.orders.push((due.map(|due| horizon.until(due)), units));
            shelf.overdue += if due.is_some_and(|due| due < horizon.day) { units } else { 0.0 };
        }
        if let Some(&group) = grid.products.group.get(count.product) {
            carried.entry(group).or_default().insert((location.node, count.location));
        }
    }
    let is_sold = |s: &usize| units.row(*s).iter().any(|x| *x > 0.0);
    let counted: BTreeSet<usize> = found.keys().map(|key| key.0).collect();
    for product in (0..grid.products.len()).filter(|p| !counted.contains(p)) {
        let goods = data.products.get(product).and_then(|p| p.kind).is_none_or(|kind| kind == Kind::Goods);
        let new = known.launch(product).is_some_and(|launch| {
            known.origin.cutoff.since(crate::month::Month::of(launch)) < crate::dataset::NEW_MONTHS
        });
        let nodes = grid.products.group.get(product).and_then(|group| carried.get(group)).filter(|_| goods && new);
        for &(node, location) in nodes.into_iter().flatten() {
            let shelf = found.entry((product, node)).or_insert_with(|| empty(product, node));
            shelf.locations.push(location);
        }
        found.retain(|key, shelf| key.0 != product || shelf.series.iter().any(is_sold));
    }
    let mut shelves: Vec<Shelf> = found.into_values().collect();
    let mut served = vec![false; grid.series.len()];
    let mut from = 0;
    while from < shelves.len() {
        let to = from + shelves[from..].partition_point(|s| s.product == shelves[from].product);
        let of_product = &mut shelves[from..to];
        let nodes: BTreeMap<usize, usize> = of_product.iter().enumerate().map(|(i, s)| (s.node, i)).collect();
        for shelf in of_product {
            let mut node = shelf.node;
            while node != COMPANY && shelf.above.is_none() {
                node = grid.regions.parent(node);
                shelf.above = nodes.get(&node).copied();
            }
            shelf.series.iter().for_each(|s| served[*s] = true);
            shelf.orders.sort_by_key(|o| (o.0.is_none(), o.0));
        }
        from = to;
    }
    let goods =
        |s: &usize| data.products.get(grid.series[*s].product).and_then(|p| p.kind).is_none_or(|k| k == Kind::Goods);
    let unstocked = (0..grid.series.len()).filter(|s| !served[*s] && goods(s) && is_sold(s)).count();
    (shelves, unstocked)
}
