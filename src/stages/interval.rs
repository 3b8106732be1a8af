//! How far off a forecast may be: bounds that hold the actual in 80 and 95 of 100 cases, learned from the errors of
//! past origins (METHOD G), and bounds of sums over regions from what the errors of one month have in common.

use ndarray::{Array2, ShapeBuilder};

use crate::across::{What, key};
use crate::dataset::Known;
use crate::grid::Grid;
use crate::stats::interval::{Past, Spread, Sums};

/// Errors of past origins for one month ahead (or one sum of months), origins x series, oldest origin first.
#[derive(Clone, Debug)]
pub struct Errors {
    /// Units forecast, as sales.
    pub forecasts: Array2<f64>,
    /// Units sold.
    pub actuals: Array2<f64>,
    /// Whether a row counts: the series was live at the origin and its forecast is kept.
    pub counts: Array2<bool>,
    /// Whether a series is sold in whole units.
    pub whole: Vec<bool>,
    /// The rows' series of each series of the folder, where other regions' errors stand among them.
    place: Option<Vec<usize>>,
}

impl Errors {
    /// None yet, for so many origins and the series of a folder.
    pub fn new(origins: usize, whole: Vec<bool>) -> Errors {
        // A series' errors lie together: in a large folder few series have any, and memory is taken only where they do.
        let shape = (origins, whole.len()).f();
        Errors {
            forecasts: Array2::zeros(shape),
            actuals: Array2::zeros(shape),
            counts: Array2::from_elem(shape, false),
            whole,
            place: None,
        }
    }

    /// These errors with those of all other regions, in the order in which one machine has them; `step` (from 0
    /// on) tells errors of one run apart. Alone, as they are.
    pub fn everywhere(self, known: &Known, step: usize) -> Errors {
        let data = known.data;
        if !data.across.is_part() {
            return self;
        }
        let (grid, products) = (&data.grid, data.grid.products.len());
        let id = |s: usize| grid.cell(grid.series[s].leaf, grid.series[s].group) * products + grid.series[s].product;
        let all = data.across.total(key(What::Errors, known.months(), step), || {
            let counted = self.counts.indexed_iter().filter(|(_, counts)| **counts);
            let row = |((o, s), _)| [o as f64, id(s) as f64, self.forecasts[(o, s)], self.actuals[(o, s)]];
            counted.flat_map(row).collect()
        });
        let rows = || all.chunks_exact(4).map(|row| (row[0] as usize, row[1] as usize, row[2], row[3]));
        let mut ids: Vec<usize> = (0..grid.series.len()).map(id).chain(rows().map(|row| row.1)).collect();
        ids.sort_unstable();
        ids.dedup();
        let find = |id: usize| ids.binary_search(&id).unwrap_or(0);
        let groups = known.whole_groups();
        let whole = ids.iter().map(|id| groups[id / products.max(1) % grid.group_count()]).collect();
        let mut out = Errors::new(self.forecasts.nrows(), whole);
        rows().filter(|row| row.0 < self.forecasts.nrows()).for_each(|(o, id, f, y)| out.set(o, find(id), f, y));
        out.place = Some((0..grid.series.len()).map(|s| find(id(s))).collect());
        out
    }

    /// One origin's row of a series.
    pub fn set(&mut self, origin: usize, series: usize, forecast: f64, actual: f64) {
        self.forecasts[(origin, series)] = forecast.max(0.0);
        self.actuals[(origin, series)] = actual.max(0.0);
        self.counts[(origin, series)] = true;
    }

    fn past(&self) -> Past<'_> {
        Past {
            forecasts: self.forecasts.view(),
            actuals: self.actuals.view(),
            counts: self.counts.view(),
            whole: &self.whole,
        }
    }

    /// The spread of single series; none without errors.
    pub fn spread(&self) -> Option<Spread> {
        Spread::learn(&self.past())
    }

    /// The spread of sums of series: each past month's errors applied to today's forecasts, all series of one month
    /// together.
    pub fn of_sums(&self, spread: &Spread, today: &[Option<f64>], owner: &[usize], count: usize) -> Option<Spread> {
        Sums::sampled(spread, &self.past(), today, owner, count).spread()
    }

    /// The spread of sums as they were, for a forecast that has no spread of single series.
    pub fn of_past_sums(&self, owner: &[usize], count: usize) -> Option<Spread> {
        Sums::of(&self.past(), owner, count).spread()
    }
}

/// Spreads of one month forecast.
#[derive(Clone, Debug)]
pub struct Month {
    /// Of single series.
    pub series: Spread,
    /// Of every region node x group, by [`owner`]; none where their errors say nothing.
    pub nodes: Vec<Option<Spread>>,
    /// What part of the month is still to come: 1, but for a month that has begun.
    pub open: f64,
    /// Whether each series is sold in whole units.
    whole: Vec<bool>,
    /// Whether all series of a group are.
    whole_groups: Vec<bool>,
    /// See [`Errors`].
    place: Option<Vec<usize>>,
}

fn whole_groups(grid: &Grid, whole: &[bool]) -> Vec<bool> {
    let mut groups = vec![true; grid.group_count()];
    grid.series.iter().zip(whole).for_each(|(s, whole)| groups[s.group] &= whole);
    groups
}

/// Of each series, the place of its ancestor at a depth of the tree x its group; none where it has none so deep.
pub fn owner(grid: &Grid, depth: usize) -> Vec<usize> {
    let groups = grid.group_count();
    let ancestor = |leaf: usize| {
        let mut node = grid.regions.node_of(leaf);
        let mut at = grid.regions.depth(node);
        if at < depth {
            return None;
        }
        while at > depth {
            node = grid.regions.parent(node);
            at -= 1;
        }
        Some(node)
    };
    let by_leaf: Vec<Option<usize>> = (0..grid.regions.leaf_count()).map(ancestor).collect();
    grid.series.iter().map(|s| by_leaf[s.leaf].map_or(usize::MAX, |node| node * groups + s.group)).collect()
}

impl Month {
    /// Learns a month's spreads from past errors and today's forecasts (by series; none: not forecast). None without
    /// past errors.
    pub fn learn(errors: &Errors, today: &[Option<f64>], grid: &Grid, open: f64) -> Option<Month> {
        let series = errors.spread()?;
        let (whole, place) = (errors.whole.clone(), errors.place.clone());
        if place.is_some() {
            // Regions above a part's own are not forecast by it.
            return Some(Month { nodes: Vec::new(), series, open, whole, whole_groups: Vec::new(), place });
        }
        let depths = (0..grid.regions.leaf_count()).map(|l| grid.regions.depth(grid.regions.node_of(l))).max();
        let count = grid.regions.len() * grid.group_count();
        let nodes = (0..=depths.unwrap_or(0)).map(|depth| errors.of_sums(&series, today, &owner(grid, depth), count));
        let whole_groups = whole_groups(grid, &errors.whole);
        Some(Month { nodes: nodes.collect(), series, open, whole, whole_groups, place })
    }

    /// low80, high80, low95, high95 of a series' forecast, in units.
    pub fn bounds(&self, forecast: f64, series: usize) -> [f64; 4] {
        let series = self.place.as_ref().map_or(series, |place| place[series]);
        let whole = self.whole.get(series).copied().unwrap_or(false);
        self.narrowed(forecast, self.series.bounds(forecast, series), whole)
    }

    /// The same of a region node and group.
    pub fn of_node(&self, forecast: f64, grid: &Grid, node: usize, group: usize) -> Option<[f64; 4]> {
        let spread = self.nodes.get(grid.regions.depth(node))?.as_ref()?;
        let whole = self.whole_groups.get(group).copied().unwrap_or(false);
        Some(self.narrowed(forecast, spread.bounds(forecast, node * grid.group_count() + group), whole))
    }

    /// Only what is still to come can still go wrong.
    fn narrowed(&self, forecast: f64, [low80, high80, low95, high95]: [f64; 4], whole: bool) -> [f64; 4] {
        let still = |x: f64| forecast + (x - forecast) * self.open;
        let low = |x: f64| if whole { still(x).floor() } else { still(x) };
        let high = |x: f64| if whole { still(x).ceil() } else { still(x) };
        [low(low80), high(high80), low(low95), high(high95)]
    }
}
