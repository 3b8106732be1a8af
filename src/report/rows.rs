//! Which nodes of the region tree a page shows: all of them where they are few, else the levels from the top that fit.

use crate::grid::{COMPANY, Regions};

/// At most so many lines of regions stand in one table.
pub const LINES: usize = 40;
/// And so many in all the tables of one page.
const ALL_LINES: usize = 160;
/// Where even the first level does not fit, so many of its largest regions are shown.
const LARGEST: usize = 10;

/// The nodes shown, in the order of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The nodes, the company first.
    pub nodes: Vec<usize>,
    /// How many regions with sales of their own are not among them.
    pub hidden: usize,
}

/// Chooses nodes for `tables` tables of regions one under the other; `size` says how large a node is.
pub fn shown(regions: &Regions, tables: usize, size: impl Fn(usize) -> f64) -> Shown {
    let all = 0..regions.len();
    let depths: Vec<usize> = all.clone().map(|n| regions.depth(n)).collect();
    let most = LINES.min(ALL_LINES / tables.max(1)).max(1);
    let lines = |depth: usize| depths.iter().filter(|d| **d <= depth).count().saturating_sub(1);
    let deepest = depths.iter().copied().max().unwrap_or(0);
    let depth = (0..=deepest).rev().find(|&d| lines(d) <= most).unwrap_or(0);
    let mut nodes: Vec<usize> = all.filter(|&n| depths[n] <= depth).collect();
    if depth == 0 && deepest > 0 {
        let mut largest = regions.children(COMPANY).to_vec();
        largest.sort_by(|a, b| size(*b).total_cmp(&size(*a)).then(a.cmp(b)));
        largest.truncate(most.min(LARGEST));
        largest.sort_unstable();
        nodes.extend(largest);
    }
    let leaves = nodes.iter().filter(|n| regions.leaf_of(**n).is_some()).count();
    let hidden = regions.leaf_count() - leaves;
    // One region is the whole company.
    if regions.len() == 2 {
        nodes.retain(|n| *n != COMPANY);
    }
    Shown { nodes, hidden }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(provinces: usize, each: usize) -> Regions {
        let mut list = Vec::new();
        for p in 0..provinces {
            let at = list.len();
            list.push((format!("p{p}"), String::new(), None));
            list.extend((0..each).map(|c| (format!("p{p}c{c}"), String::new(), Some(at))));
        }
        Regions::new(&list)
    }

    #[test]
    fn few_regions_are_all_shown_and_many_only_from_the_top() {
        let few = tree(3, 4);
        assert_eq!(shown(&few, 1, |_| 0.0), Shown { nodes: (0..16).collect(), hidden: 0 });
        let many = tree(5, 20);
        let top = shown(&many, 1, |_| 0.0);
        assert_eq!((top.nodes.len(), top.hidden), (6, 100));
        assert!(top.nodes.iter().all(|n| many.depth(*n) <= 1));
    }

    #[test]
    fn of_a_flat_list_the_largest_are_shown() {
        let flat = tree(300, 0);
        let top = shown(&flat, 1, |n| n as f64);
        assert_eq!(top.nodes[..3], [0, 291, 292]);
        assert_eq!((top.nodes.len(), top.hidden), (11, 290));
        let many_tables = shown(&flat, 80, |n| n as f64);
        assert_eq!(many_tables.nodes, [0, 299, 300]);
    }

    #[test]
    fn a_single_region_is_not_shown_twice() {
        assert_eq!(shown(&tree(1, 0), 1, |_| 0.0), Shown { nodes: vec![1], hidden: 0 });
    }
}
