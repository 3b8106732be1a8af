//! Who reported which month (docs/METHOD.md#reception).

use ndarray::Array2;

use super::{Finding, Mark};
use crate::dataset::Known;
use crate::dataset::moved::median3;
use crate::dataset::reported::State;
use crate::grid::{COMPANY, Scope};

/// A region that had rows in each of so many months before has not reported a month without any.
pub(super) const USUAL: usize = 3;
/// For so many months in a row a region that sends nothing has not reported; then it has gone, until it sends again.
pub(super) const WAITED: usize = 2;

/// Which months of which region nobody knows.
pub(super) struct Reported {
    /// Leaf x month.
    unknown: Array2<bool>,
    /// First month with a row of each leaf.
    first: Vec<usize>,
}

impl Reported {
    pub(super) fn new(known: &Known) -> Reported {
        let (data, n) = (known.data, known.months());
        let leaves = data.grid.regions.leaf_count();
        let sent = |leaf: usize, t: usize| data.reported.sent(leaf, t);
        let mut unknown = Array2::from_elem((leaves, n), false);
        let mut firsts = vec![n; leaves];
        for (leaf, begun) in firsts.iter_mut().enumerate() {
            let Some(first) = (0..n).find(|t| sent(leaf, *t)) else { continue };
            *begun = first;
            let mut row = unknown.row_mut(leaf);
            let mut t = first;
            while t < n {
                match data.reported.says(leaf, t) {
                    Some(State::Complete) => t += 1,
                    Some(State::Part | State::None) => {
                        row[t] = true;
                        t += 1;
                    }
                    None if sent(leaf, t) => t += 1,
                    None => {
                        // A run of months without a row, to the next one with any, or of which somebody says something.
                        let open = |u: usize| sent(leaf, u) || data.reported.says(leaf, u).is_some();
                        let end = (t..n).find(|u| open(*u)).unwrap_or(n);
                        let usual = t >= first + USUAL && (t - USUAL..t).all(|u| sent(leaf, u) || row[u]);
                        if usual && (end < n || end - t <= WAITED) {
                            (t..end).for_each(|u| row[u] = true);
                        }
                        t = end;
                    }
                }
            }
        }
        Reported { unknown, first: firsts }
    }

    /// The months of a leaf that are not known.
    pub(super) fn unknown(&self, leaf: usize) -> &[bool] {
        self.unknown.row(leaf).to_slice().unwrap_or_default()
    }

    /// The first month with a row of a leaf.
    pub(super) fn first(&self, leaf: usize) -> usize {
        self.first[leaf]
    }
}

/// Regions that a month still open waits for; the company where the file is filled up with zeros.
pub(super) fn open(known: &Known, findings: &mut Vec<Finding>) {
    let (data, n) = (known.data, known.months());
    let Some((missing, opened_by)) = data.waits_for().filter(|_| n >= USUAL) else { return };
    let usual = |series: std::ops::Range<usize>, t: usize| -> f64 { series.map(|s| known.units[(s, t)]).sum() };
    let nodes: Vec<(usize, std::ops::Range<usize>)> = if missing.is_empty() {
        vec![(COMPANY, 0..data.grid.series.len())]
    } else {
        missing.into_iter().map(|leaf| (data.grid.regions.node_of(leaf), data.grid.leaf_series(leaf))).collect()
    };
    for (node, series) in nodes {
        let of = |back: usize| usual(series.clone(), n - back);
        let expected = median3(of(1), of(2), of(3));
        findings.push(Finding {
            kind: Mark::NotReported,
            place: opened_by.clone().filter(|_| node != COMPANY),
            node,
            scope: Scope::All,
            month: n,
            value: 0.0,
            expected,
            counted_as: expected,
        });
    }
}
