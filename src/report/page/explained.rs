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

/// Explanations by their key on the page: `g` or `p`, the index of the group or product, `.`, the index of the month.
type OfNode = BTreeMap<String, [Shown; 2]>;

/// One number: node, what of it, month forecast.
type Key = (usize, Of, usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Group(usize),
    Product(usize),
}

/// Explanations in at most so many letters, by the names of their blocks: of the sums and the exceptions of each region
/// (`why-` and its node), then of its products (`more-`). What is left out the page explains by the steps that it holds,
/// with the command that prints the rest.
pub fn explained(view: &View, most: usize) -> Vec<(String, String)> {
    let workings = Workings::new(view.outlook);
    let [first, rest] = chosen(view);
    let mut letters = 0;
    let mut out = Vec::new();
    for (name, keys) in [("why", first), ("more", rest)] {
        let keys: Vec<Key> = keys.into_iter().collect();
        let nodes: Vec<&[Key]> = keys.chunk_by(|a, b| a.0 == b.0).collect();
        let blocks: Vec<String> = nodes.par_iter().map(|keys| packed(&of_node(&workings, keys))).collect();
        // Parents stand first: what does not fit is a region's at the end.
        for (keys, block) in nodes.iter().zip(blocks) {
            if letters + block.len() <= most {
                letters += block.len();
                out.push((format!("{name}-{}", keys[0].0), block));
            }
        }
    }
    out
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

/// What is explained, the most looked at first, until it is too much: sums and exceptions, then products.
fn chosen(view: &View) -> [BTreeSet<Key>; 2] {
    let grid = &view.outlook.dataset.grid;
    let months = 0..view.outlook.months().len();
    let parts = |node: usize, group: usize| match grid.regions.leaf_of(node) {
        Some(leaf) => grid.in_cell(grid.cell(leaf, group)).len(),
        None => grid.regions.children(node).len(),
    };
    let mut left = MOST;
    let mut first = BTreeSet::new();
    let mut take = |out: &mut BTreeSet<Key>, (node, of, k): Key| {
        let group = match of {
            Of::Group(group) => group,
            Of::Product(product) => grid.products.group[product],
        };
        let cost = 1 + parts(node, group) / PARTS;
        if cost <= left && out.insert((node, of, k)) {
            left -= cost;
        }
    };
    for row in &view.figures.rows {
        take(&mut first, (row.node, Of::Group(row.group), row.month));
    }
    for one in &view.exceptions {
        let month = view.outlook.months().iter().position(|m| *m == one.month);
        if let (Some(k), Scope::Product(product)) = (month, one.scope) {
            take(&mut first, (one.node, Of::Product(product), k));
        }
    }
    let mut rest = BTreeSet::new();
    for (series, _) in grid.series.iter().zip(&view.figures.is_forecast).filter(|(_, is)| **is) {
        let node = grid.regions.node_of(series.leaf);
        months.clone().for_each(|k| take(&mut rest, (node, Of::Product(series.product), k)));
    }
    // Products of a region with others below it.
    for node in (0..grid.regions.len()).filter(|node| grid.regions.leaf_of(*node).is_none()) {
        for product in 0..grid.products.len() {
            let series = grid.in_scope(node, Scope::Product(product));
            if series.iter().any(|s| view.figures.is_forecast[*s]) {
                months.clone().for_each(|k| take(&mut rest, (node, Of::Product(product), k)));
            }
        }
    }
    [first, rest]
}
