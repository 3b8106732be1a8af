//! Whole units that add up: the company's total first, then regions down the tree, then products within a region, each
//! by largest remainders. Groups whose units are not whole in the history stay as they are.

use ndarray::{Array2, ArrayView2};

use crate::across::{What, key};
use crate::dataset::Known;
use crate::grid::{COMPANY, Regions};
use crate::stats::apportion::{nearest, whole};

/// Rounds series x month.
pub fn round(exact: ArrayView2<f64>, known: &Known) -> Array2<f64> {
    let grid = &known.data.grid;
    let regions = &grid.regions;
    let mut out = exact.to_owned();
    for group in (0..grid.group_count()).filter(|g| known.data.whole[*g]) {
        let leaf_sum = |leaf: usize, k: usize| grid.in_cell(grid.cell(leaf, group)).map(|s| exact[(s, k)]).sum();
        let leaves = 0..regions.leaf_count();
        let mut leaf_sums: Vec<f64> = leaves.flat_map(|l| (0..exact.ncols()).map(move |k| leaf_sum(l, k))).collect();
        known.data.across.sum(key(What::Units, known.months(), group), &mut leaf_sums);
        let (mut parts, mut split) = (Vec::new(), Vec::new());
        for k in 0..exact.ncols() {
            let totals = down_the_tree(regions, |leaf| leaf_sums[leaf * exact.ncols() + k]);
            for leaf in 0..regions.leaf_count() {
                let range = grid.in_cell(grid.cell(leaf, group));
                parts.clear();
                parts.extend(range.clone().map(|s| exact[(s, k)]));
                split.clear();
                split.resize(parts.len(), 0);
                whole(&parts, totals[regions.node_of(leaf)], &mut split);
                range.zip(&split).for_each(|(s, &units)| out[(s, k)] = units as f64);
            }
        }
    }
    out
}

/// Whole numbers of all nodes of the region tree that add up: the company's nearest one, then down the tree by largest
/// remainders; by node, from what the leaves come to.
pub fn down_the_tree(regions: &Regions, exact: impl Fn(usize) -> f64) -> Vec<i64> {
    let mut sums = vec![0.0; regions.len()];
    for node in (0..regions.len()).rev() {
        sums[node] = match regions.leaf_of(node) {
            Some(leaf) => exact(leaf),
            None => regions.children(node).iter().map(|&c| sums[c]).sum(),
        };
    }
    let mut totals = vec![0_i64; regions.len()];
    totals[COMPANY] = nearest(sums[COMPANY]);
    let (mut parts, mut split) = (Vec::new(), Vec::new());
    for node in 0..regions.len() {
        let children = regions.children(node);
        parts.clear();
        parts.extend(children.iter().map(|&c| sums[c]));
        split.clear();
        split.resize(parts.len(), 0);
        whole(&parts, totals[node], &mut split);
        children.iter().zip(&split).for_each(|(&c, &units)| totals[c] = units);
    }
    totals
}
