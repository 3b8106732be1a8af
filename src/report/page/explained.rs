//! The explanations that stand on the page: the very steps of `yugu explain`, in both languages.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::pack::packed;
use crate::explain::{self, Workings, find::Found, shown::Shown};
use crate::grid::Scope;
use crate::messages::Lang;
use crate::report::View;

/// At most so many explanations are worked out for a page, each for one number.
const MOST: usize = 4_000;
/// So many parts of a sum, or products whose numbers stand in the arithmetic, count as one more explanation.
const PARTS: usize = 20;

/// The explanations of a region's numbers, packed; by node.
pub type Explained = Vec<(usize, String)>;

/// Explanations by their key on the page: `g` or `p`, the index of the group or product, `.`, the index of the month.
type OfNode = BTreeMap<String, [Shown; 2]>;

/// One number: node, what of it, month forecast.
type Key = (usize, Of, usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Group(usize),
    Product(usize),
}

/// Explanations in at most so many letters: of the sums from the company down, of the exceptions, and of all regions and
/// products where they are few enough. What is left out the page explains by the steps that it holds, with the command
/// that prints the rest.
pub fn explained(view: &View, most: usize) -> Explained {
    let mut by_node: BTreeMap<usize, Vec<Key>> = BTreeMap::new();
    chosen(view).into_iter().for_each(|key| by_node.entry(key.0).or_default().push(key));
    let nodes: Vec<(usize, Vec<Key>)> = by_node.into_iter().collect();
    let workings = Workings::new(view.outlook);
    let packed = |(node, keys): &(usize, Vec<Key>)| (*node, packed(&of_node(&workings, keys)));
    let all: Explained = nodes.par_iter().map(packed).collect();
    // Parents stand first: what does not fit is a region's at the end.
    let mut letters = 0;
    all.into_iter()
        .filter(|(_, block)| {
            let fits = letters + block.len() <= most;
            letters += if fits { block.len() } else { 0 };
            fits
        })
        .collect()
}

fn of_node<'a>(workings: &'a Workings<'a>, keys: &[Key]) -> OfNode {
    let of = |key: &Key| Some((word(key), shown(workings, key)?));
    keys.iter().filter_map(of).collect()
}

fn word((_, of, k): &Key) -> String {
    match of {
        Of::Group(group) => format!("g{group}.{k}"),
        Of::Product(product) => format!("p{product}.{k}"),
    }
}

fn shown<'a>(workings: &'a Workings<'a>, (node, of, k): &Key) -> Option<[Shown; 2]> {
    let found = match of {
        Of::Group(group) => Found::Group(*group),
        Of::Product(product) => Found::Product(*product),
    };
    let explanation = explain::of(workings, *node, found, *k).ok()?;
    Some([Lang::En, Lang::Zh].map(|lang| explanation.shown(lang)))
}

/// What is explained, the most looked at first, until it is too much.
fn chosen(view: &View) -> BTreeSet<Key> {
    let grid = &view.outlook.dataset.grid;
    let months = 0..view.outlook.months().len();
    let mut out = BTreeSet::new();
    let mut left = MOST;
    let mut take = |key: Key, parts: usize| {
        let cost = 1 + parts / PARTS;
        if cost <= left && out.insert(key) {
            left -= cost;
        }
    };
    let parts = |node: usize, group: usize| match grid.regions.leaf_of(node) {
        Some(leaf) => grid.in_cell(grid.cell(leaf, group)).len(),
        None => grid.regions.children(node).len(),
    };
    for row in &view.figures.rows {
        take((row.node, Of::Group(row.group), row.month), parts(row.node, row.group));
    }
    for one in &view.exceptions {
        let Some(k) = view.outlook.months().iter().position(|m| *m == one.month) else { continue };
        if let Scope::Product(product) = one.scope {
            take((one.node, Of::Product(product), k), parts(one.node, grid.products.group[product]));
        }
    }
    for (series, _) in grid.series.iter().zip(&view.figures.is_forecast).filter(|(_, is)| **is) {
        let node = grid.regions.node_of(series.leaf);
        months.clone().for_each(|k| take((node, Of::Product(series.product), k), parts(node, series.group)));
    }
    // Products of a region with others below it.
    for node in (0..grid.regions.len()).filter(|node| grid.regions.leaf_of(*node).is_none()) {
        for product in 0..grid.products.len() {
            let series = grid.in_scope(node, Scope::Product(product));
            if series.iter().any(|s| view.figures.is_forecast[*s]) {
                months
                    .clone()
                    .for_each(|k| take((node, Of::Product(product), k), parts(node, grid.products.group[product])));
            }
        }
    }
    out
}
