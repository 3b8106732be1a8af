//! Shelves: one product at the locations that supply one region node, and which shelf stands above which.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ndarray::ArrayView2;
use rayon::prelude::*;

use super::goods::{Counted, OnWay, Shelf};
use super::rolled::roll;
use super::{Horizon, Open};
use crate::dataset::stock::Count;
use crate::dataset::{Known, NEW_MONTHS};
use crate::grid::{COMPANY, Kind};
use crate::month::Month;

/// All shelves, by product, from the top of the region tree down; and how many series with a forecast (`units`, series x
/// month) are stocked nowhere.
///
/// A location carries what `stock` counts there. A product in its first year, or still to come, is also carried where
/// others of its group are: nobody counts what has not come yet.
pub fn shelves(known: &Known, horizon: &Horizon, units: ArrayView2<f64>, open: &mut [Open]) -> (Vec<Shelf>, usize) {
    let (data, grid) = (known.data, &known.data.grid);
    let is_sold = |s: &usize| units.row(*s).iter().any(|x| *x > 0.0);
    let mut shelves = counted(known, horizon, open);
    let has: BTreeSet<usize> = shelves.iter().map(|s| s.product).collect();
    let new = |product: &usize| {
        let goods = data.products.get(*product).and_then(|p| p.kind).is_none_or(|kind| kind == Kind::Goods);
        let age = known.launch(*product).map(|launch| known.origin.cutoff.since(Month::of(launch)));
        goods && age.is_some_and(|age| age < NEW_MONTHS) && !has.contains(product)
    };
    let come: Vec<usize> = (0..grid.products.len()).filter(new).collect();
    if !come.is_empty() {
        let carried = carried(known);
        for product in come {
            let nodes = grid.products.group.get(product).and_then(|group| carried.get(group));
            let mut found: BTreeMap<usize, Shelf> = BTreeMap::new();
            for &(node, location) in nodes.into_iter().flatten() {
                found.entry(node).or_insert_with(|| Shelf::empty(grid, product, node)).locations.push(location);
            }
            shelves.extend(found.into_values().filter(|shelf| shelf.series.iter().any(is_sold)));
        }
        shelves.sort_by_key(|s| (s.product, s.node));
    }
    let mut served = vec![false; grid.series.len()];
    let mut from = 0;
    while from < shelves.len() {
        let to = from + shelves[from..].partition_point(|s| s.product == shelves[from].product);
        let of_product = &mut shelves[from..to];
        let nodes: BTreeMap<usize, usize> = of_product.iter().enumerate().map(|(i, s)| (s.node, i)).collect();
        for shelf in of_product.iter_mut() {
            let mut node = shelf.node;
            while node != COMPANY && shelf.above.is_none() {
                node = grid.regions.parent(node);
                shelf.above = nodes.get(&node).copied();
            }
            shelf.series.iter().for_each(|s| served[*s] = true);
            shelf.orders.sort_by_key(|o| (o.days.is_none(), o.days));
        }
        roll(known, horizon, units, of_product, open);
        from = to;
    }
    let goods =
        |s: &usize| data.products.get(grid.series[*s].product).and_then(|p| p.kind).is_none_or(|k| k == Kind::Goods);
    let unstocked = (0..grid.series.len()).filter(|s| !served[*s] && goods(s) && is_sold(s)).count();
    (shelves, unstocked)
}

/// The shelves of what was counted or is on order, by product and node.
fn counted(known: &Known, horizon: &Horizon, open: &[Open]) -> Vec<Shelf> {
    let (data, grid) = (known.data, &known.data.grid);
    // Counts, then orders: product, node, whether it is an order, index.
    type Key = (usize, usize, bool, usize);
    let node = |location: usize| data.stock.locations.get(location).map(|l| l.node);
    let of_count = |(i, count): (usize, &&Count)| Some((count.product, node(count.location)?, false, i));
    let of_open = |(i, open): (usize, &Open)| Some((open.product, node(open.location)?, true, i));
    let mut keys: Vec<Key> = known.stock.iter().enumerate().filter_map(of_count).collect();
    keys.extend(open.iter().enumerate().filter_map(of_open));
    keys.par_sort_unstable();
    let of_shelf: Vec<&[Key]> = keys.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).collect();
    let fill = |keys: &&[Key]| {
        let &(product, node, ..) = keys.first()?;
        let mut shelf = Shelf::empty(grid, product, node);
        let mut oldest: Option<NaiveDate> = None;
        for count in keys.iter().filter(|key| !key.2).filter_map(|key| known.stock.get(key.3)) {
            shelf.locations.push(count.location);
            shelf.on_hand += count.on_hand;
            shelf.owed += count.owed;
            let day = count.day.filter(|day| *day < horizon.day);
            shelf.counts.push((count.location, day, count.on_hand));
            oldest = oldest.into_iter().chain(day).min();
        }
        if let Some(day) = oldest {
            shelf.counted = Counted::Rolled { day, sold: 0.0 };
        }
        for (i, order) in keys.iter().filter(|key| key.2).filter_map(|key| Some((key.3, open.get(key.3)?))) {
            if !shelf.locations.contains(&order.location) {
                shelf.locations.push(order.location);
            }
            shelf.orders.push(OnWay { days: order.due.map(|due| horizon.until(due)), units: order.units, open: i });
            shelf.overdue += if order.due.is_some_and(|due| due < horizon.day) { order.units } else { 0.0 };
        }
        Some(shelf)
    };
    of_shelf.par_iter().filter_map(fill).collect()
}

/// Of each group, the nodes at which it is stocked with their locations.
fn carried(known: &Known) -> BTreeMap<usize, BTreeSet<(usize, usize)>> {
    let data = known.data;
    let mut out: BTreeMap<usize, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for count in &known.stock {
        let Some(location) = data.stock.locations.get(count.location) else { continue };
        if let Some(&group) = data.grid.products.group.get(count.product) {
            out.entry(group).or_default().insert((location.node, count.location));
        }
    }
    out
}
