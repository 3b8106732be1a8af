//! The keys of a folder made dense: the region tree, products and groups, and the series region x product.
//!
//! Leaves of the tree stand in depth-first order, so every node covers one range of leaves; series stand by leaf, then
//! group, then product, so every leaf x group (a *cell*) covers one range of series. Sums up and splits down are loops
//! over ranges, and no stage needs a hash map.

use std::ops::Range;

/// The company at the top of every tree.
pub const COMPANY: usize = 0;

/// The region tree. Node 0 is the company; a node's parent stands before it.
#[derive(Clone, Debug)]
pub struct Regions {
    codes: Vec<String>,
    names: Vec<String>,
    parents: Vec<usize>,
    children: Vec<Vec<usize>>,
    leaves: Vec<Range<usize>>,
    leaf_nodes: Vec<usize>,
}

impl Regions {
    /// Builds the tree from (code, name, parent as an index into the same list). Parents may stand anywhere in the
    /// list; the caller has made sure that there are no cycles. Where one single top region has regions below it, it
    /// is the company; else the company stands above the top regions with an empty code.
    pub fn new(list: &[(String, String, Option<usize>)]) -> Regions {
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); list.len()];
        let mut tops = Vec::new();
        for (i, (_, _, parent)) in list.iter().enumerate() {
            match parent.and_then(|p| below.get_mut(p)) {
                Some(siblings) => siblings.push(i),
                None => tops.push(i),
            }
        }
        let mut tree = Regions {
            codes: vec![String::new()],
            names: vec![String::new()],
            parents: vec![COMPANY],
            children: vec![Vec::new()],
            leaves: vec![Range::default()],
            leaf_nodes: Vec::new(),
        };
        if let [only] = tops[..]
            && !below[only].is_empty()
        {
            tree.codes[COMPANY] = list[only].0.clone();
            tree.names[COMPANY] = list[only].1.clone();
            tops = below[only].clone();
        }
        // Depth first without recursion: a tree may be as deep as its table is long.
        let mut open: Vec<(usize, usize)> = tops.iter().rev().map(|&i| (i, COMPANY)).collect();
        while let Some((i, parent)) = open.pop() {
            let node = tree.codes.len();
            tree.codes.push(list[i].0.clone());
            tree.names.push(list[i].1.clone());
            tree.parents.push(parent);
            tree.children.push(Vec::new());
            tree.children[parent].push(node);
            let first = tree.leaf_nodes.len();
            tree.leaves.push(first..first);
            if below[i].is_empty() {
                tree.leaf_nodes.push(node);
            }
            open.extend(below[i].iter().rev().map(|&child| (child, node)));
        }
        for node in (0..tree.codes.len()).rev() {
            let end = if tree.children[node].is_empty() { tree.leaves[node].start + 1 } else { 0 };
            tree.leaves[node].end = tree.children[node].last().map_or(end, |&last| tree.leaves[last].end);
        }
        if tree.leaf_nodes.is_empty() {
            tree.leaves[COMPANY] = 0..0;
        }
        tree
    }

    /// How many nodes, the company included.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether nothing stands below the company.
    pub fn is_empty(&self) -> bool {
        self.leaf_nodes.is_empty()
    }

    /// How many leaves.
    pub fn leaf_count(&self) -> usize {
        self.leaf_nodes.len()
    }

    /// The node of a leaf.
    pub fn node_of(&self, leaf: usize) -> usize {
        self.leaf_nodes[leaf]
    }

    /// The leaf of a node, where it is one.
    pub fn leaf_of(&self, node: usize) -> Option<usize> {
        (node != COMPANY && self.children[node].is_empty()).then(|| self.leaves[node].start)
    }

    /// The leaves below a node (a leaf's own range holds itself).
    pub fn leaves(&self, node: usize) -> Range<usize> {
        self.leaves[node].clone()
    }

    /// The children of a node, in the folder's order.
    pub fn children(&self, node: usize) -> &[usize] {
        &self.children[node]
    }

    /// The parent; the company's is the company.
    pub fn parent(&self, node: usize) -> usize {
        self.parents[node]
    }

    /// The code, as the folder writes it; empty for a company that the folder does not name.
    pub fn code(&self, node: usize) -> &str {
        &self.codes[node]
    }

    /// The name for people: the `name` column, else the code.
    pub fn name(&self, node: usize) -> &str {
        if self.names[node].is_empty() { &self.codes[node] } else { &self.names[node] }
    }

    /// Levels above the node: 0 for the company.
    pub fn depth(&self, node: usize) -> usize {
        let mut depth = 0;
        let mut at = node;
        while at != COMPANY {
            at = self.parents[at];
            depth += 1;
        }
        depth
    }
}

/// What a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Goods that are stocked.
    Goods,
    /// Insurance policies: never stocked.
    Policy,
    /// Services.
    Service,
}

/// Product and group indices.
#[derive(Clone, Debug, Default)]
pub struct Products {
    /// Codes, as the folder writes them.
    pub codes: Vec<String>,
    /// Names for people; empty where none is given.
    pub names: Vec<String>,
    /// Each product's group.
    pub group: Vec<usize>,
    /// Group names: category, else kind, else empty (everything in one group).
    pub groups: Vec<String>,
}

impl Products {
    /// How many products.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The name for people: the `name` column, else the code.
    pub fn name(&self, product: usize) -> &str {
        if self.names[product].is_empty() { &self.codes[product] } else { &self.names[product] }
    }
}

/// One region x product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    /// Leaf index.
    pub leaf: usize,
    /// Group index.
    pub group: usize,
    /// Product index.
    pub product: usize,
}

/// Which products of a region are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All of them.
    All,
    /// Those of one group.
    Group(usize),
    /// One product.
    Product(usize),
}

/// Regions, products and the series that exist.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The region tree.
    pub regions: Regions,
    /// Products and groups.
    pub products: Products,
    /// The series, by leaf, group and product.
    pub series: Vec<Series>,
    cells: Vec<Range<usize>>,
}

impl Grid {
    /// Sorts the pairs (leaf, product), which must be distinct, into series and cells. Returns the grid and, for each
    /// pair given, its series.
    pub fn new(regions: Regions, products: Products, pairs: &[(usize, usize)]) -> (Grid, Vec<usize>) {
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by_key(|&i| (pairs[i].0, products.group[pairs[i].1], pairs[i].1));
        let mut position = vec![0; pairs.len()];
        let mut series = Vec::with_capacity(pairs.len());
        for &i in &order {
            position[i] = series.len();
            let (leaf, product) = pairs[i];
            series.push(Series { leaf, group: products.group[product], product });
        }
        let groups = products.groups.len();
        let mut cells = Vec::with_capacity(regions.leaf_count() * groups);
        let mut at = 0;
        for leaf in 0..regions.leaf_count() {
            for group in 0..groups {
                let first = at;
                while series.get(at).is_some_and(|s| (s.leaf, s.group) == (leaf, group)) {
                    at += 1;
                }
                cells.push(first..at);
            }
        }
        (Grid { regions, products, series, cells }, position)
    }

    /// The codes of all region nodes.
    pub fn regions_codes(&self) -> std::slice::Iter<'_, String> {
        self.regions.codes.iter()
    }

    /// How many groups.
    pub fn group_count(&self) -> usize {
        self.products.groups.len()
    }

    /// How many cells, leaf x group.
    pub fn cell_count(&self) -> usize {
        self.cells.len()
    }

    /// The cell of a leaf and a group.
    pub fn cell(&self, leaf: usize, group: usize) -> usize {
        leaf * self.group_count() + group
    }

    /// Leaf and group of a cell.
    pub fn cell_key(&self, cell: usize) -> (usize, usize) {
        (cell / self.group_count(), cell % self.group_count())
    }

    /// The series of a cell.
    pub fn in_cell(&self, cell: usize) -> Range<usize> {
        self.cells[cell].clone()
    }

    /// The series of a leaf.
    pub fn leaf_series(&self, leaf: usize) -> Range<usize> {
        let cells = self.cell(leaf, 0)..self.cell(leaf, self.group_count());
        let found = self.cells.get(cells).unwrap_or_default();
        found.first().map_or(0, |first| first.start)..found.last().map_or(0, |last| last.end)
    }

    /// The series of a leaf and a product, where there is one.
    pub fn find(&self, leaf: usize, product: usize) -> Option<usize> {
        let range = self.in_cell(self.cell(leaf, self.products.group[product]));
        let found = self.series[range.clone()].binary_search_by_key(&product, |s| s.product).ok()?;
        Some(range.start + found)
    }

    /// The series of a node and a scope.
    pub fn in_scope(&self, node: usize, scope: Scope) -> Vec<usize> {
        let leaves = self.regions.leaves(node);
        match scope {
            Scope::All => {
                leaves.flat_map(|l| (0..self.group_count()).flat_map(move |g| self.in_cell(self.cell(l, g)))).collect()
            }
            Scope::Group(group) => leaves.flat_map(|l| self.in_cell(self.cell(l, group))).collect(),
            Scope::Product(product) => leaves.filter_map(|l| self.find(l, product)).collect(),
        }
    }

    /// Whether a scope means a product.
    pub fn covers(&self, scope: Scope, product: usize) -> bool {
        match scope {
            Scope::All => true,
            Scope::Group(group) => self.products.group[product] == group,
            Scope::Product(one) => one == product,
        }
    }

    /// The groups a scope touches.
    pub fn groups_of(&self, scope: Scope) -> Range<usize> {
        match scope {
            Scope::All => 0..self.group_count(),
            Scope::Group(group) => group..group + 1,
            Scope::Product(product) => {
                let group = self.products.group[product];
                group..group + 1
            }
        }
    }

    /// The code of what a scope means: a product, a group, or nothing for all.
    pub fn scope_code(&self, scope: Scope) -> &str {
        match scope {
            Scope::All => "",
            Scope::Group(group) => &self.products.groups[group],
            Scope::Product(product) => &self.products.codes[product],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(list: &[(&str, Option<usize>)]) -> Regions {
        let list: Vec<_> = list.iter().map(|(c, p)| (c.to_string(), String::new(), *p)).collect();
        Regions::new(&list)
    }

    #[test]
    fn every_node_covers_one_range_of_leaves() {
        // b1 and b2 are written apart and before their parent.
        let t = tree(&[("b1", Some(3)), ("a", None), ("a1", Some(1)), ("b", None), ("a2", Some(1)), ("b2", Some(3))]);
        assert_eq!(t.code(COMPANY), "");
        let codes: Vec<&str> = (0..t.leaf_count()).map(|l| t.code(t.node_of(l))).collect();
        assert_eq!(codes, ["a1", "a2", "b1", "b2"]);
        assert_eq!(t.leaves(COMPANY), 0..4);
        let b = (0..t.len()).find(|&n| t.code(n) == "b").unwrap();
        assert_eq!(t.leaves(b), 2..4);
        assert_eq!(t.leaf_of(b), None);
        assert_eq!(t.depth(t.node_of(2)), 2);
    }

    #[test]
    fn a_single_top_region_with_regions_below_is_the_company() {
        let t = tree(&[("gas", None), ("c1", Some(0)), ("c2", Some(0))]);
        assert_eq!((t.code(COMPANY), t.len(), t.leaf_count()), ("gas", 3, 2));
        let one = tree(&[("only", None)]);
        assert_eq!((one.code(COMPANY), one.len(), one.leaf_count()), ("", 2, 1));
        assert_eq!(one.leaf_of(1), Some(0));
    }

    #[test]
    fn series_stand_by_leaf_group_product() {
        let regions = tree(&[("r", None), ("s", None)]);
        let names = |list: &[&str]| list.iter().map(|s| s.to_string()).collect::<Vec<_>>();
        let products = Products {
            codes: names(&["p", "q", "x"]),
            names: names(&["", "", ""]),
            group: vec![1, 0, 1],
            groups: names(&["g", "h"]),
        };
        let (grid, position) = Grid::new(regions, products, &[(1, 2), (0, 0), (0, 1), (0, 2)]);
        assert_eq!(position, [3, 1, 0, 2]);
        assert_eq!(grid.in_cell(grid.cell(0, 1)), 1..3);
        assert_eq!(grid.in_cell(grid.cell(1, 0)), 3..3);
        assert_eq!(grid.find(1, 2), Some(3));
        assert_eq!(grid.find(1, 0), None);
        assert_eq!(grid.in_scope(COMPANY, Scope::Product(2)), [2, 3]);
        assert_eq!(grid.in_scope(COMPANY, Scope::Group(1)), [1, 2, 3]);
    }
}
