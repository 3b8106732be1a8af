//! How far off a forecast may be: bounds that hold the actual in 80 and 95 of 100 cases, learned from the errors of
//! past origins (docs/METHOD.md#intervals), and bounds of sums over regions from what the errors of one month have in
//! common.

use std::sync::Arc;

use ndarray::Array2;

use crate::across::{What, key};
use crate::dataset::Known;
use crate::grid::Grid;
use crate::stats::interval::{Past, Spread, Sums};

/// Errors of past origins for one month ahead (or one sum of months), oldest origin first. In a large folder few series
/// have any: there are columns for these only.
#[derive(Clone, Debug)]
pub struct Errors {
    /// Units forecast, as sales, and units sold, origins x column.
    forecasts: Array2<f64>,
    actuals: Array2<f64>,
    /// Whether a row counts: the series was live at the origin and its forecast is kept.
    counts: Array2<bool>,
    columns: Arc<Columns>,
}

/// Where the errors of each series of a folder stand.
#[derive(Debug)]
struct Columns {
    /// The series with errors, ascending; or, where other regions' errors stand among them, the column of each series.
    place: Place,
    /// Whether each series of the folder is sold in whole units.
    whole: Vec<bool>,
    /// The same of each column; then, for series without errors, of one that is and of one that is not.
    by_column: Vec<bool>,
}

#[derive(Debug)]
enum Place {
    Of(Vec<usize>),
    At(Vec<usize>),
}

impl Columns {
    /// Columns of some series, in any order.
    fn of(mut series: Vec<usize>, whole: Vec<bool>) -> Columns {
        series.sort_unstable();
        series.dedup();
        let is_whole = |s: &usize| whole.get(*s).copied().unwrap_or(false);
        let by_column = series.iter().map(is_whole).chain([true, false]).collect();
        Columns { place: Place::Of(series), whole, by_column }
    }

    fn len(&self) -> usize {
        self.by_column.len() - 2
    }

    /// The column of a series.
    fn find(&self, series: usize) -> Option<usize> {
        match &self.place {
            // Where all series have errors, each stands at its own number.
            Place::Of(of) if of.get(series) == Some(&series) => Some(series),
            Place::Of(of) => of.binary_search(&series).ok(),
            Place::At(place) => place.get(series).copied(),
        }
    }

    /// The same, or one that stands for all series without errors that are counted alike.
    fn at(&self, series: usize) -> usize {
        let without = || self.len() + usize::from(!self.whole.get(series).copied().unwrap_or(false));
        self.find(series).unwrap_or_else(without)
    }

    /// Values of series as values of columns.
    fn sorted<T: Copy>(&self, by_series: &[T], nothing: T) -> Vec<T> {
        let mut out = vec![nothing; self.len()];
        match &self.place {
            Place::Of(of) => {
                out.iter_mut().zip(of).for_each(|(to, s)| *to = by_series.get(*s).copied().unwrap_or(nothing))
            }
            Place::At(place) => place.iter().zip(by_series).for_each(|(at, x)| out[*at] = *x),
        }
        out
    }
}

impl Errors {
    /// None yet, for so many origins and some of the series of a folder; `whole` says of all of these whether they are
    /// sold in whole units.
    pub fn new(origins: usize, whole: Vec<bool>, series: Vec<usize>) -> Errors {
        Errors::with(origins, Columns::of(series, whole))
    }

    fn with(origins: usize, columns: Columns) -> Errors {
        let shape = (origins, columns.len());
        Errors {
            forecasts: Array2::zeros(shape),
            actuals: Array2::zeros(shape),
            counts: Array2::from_elem(shape, false),
            columns: Arc::new(columns),
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
            self.rows().flat_map(|(o, s, f, y)| [o as f64, id(s) as f64, f, y]).collect()
        });
        let rows = || all.chunks_exact(4).map(|row| (row[0] as usize, row[1] as usize, row[2], row[3]));
        let mut ids: Vec<usize> = (0..grid.series.len()).map(id).chain(rows().map(|row| row.1)).collect();
        ids.sort_unstable();
        ids.dedup();
        let find = |id: usize| ids.binary_search(&id).unwrap_or(0);
        let groups = known.whole_groups();
        let whole: Vec<bool> = ids.iter().map(|id| groups[id / products.max(1) % grid.group_count()]).collect();
        let place = Place::At((0..grid.series.len()).map(|s| find(id(s))).collect());
        let by_column = whole.into_iter().chain([true, false]).collect();
        let columns = Columns { place, whole: self.columns.whole.clone(), by_column };
        let mut out = Errors::with(self.origins(), columns);
        rows().filter(|row| row.0 < self.origins()).for_each(|(o, id, f, y)| out.put(o, find(id), f, y));
        out
    }

    /// One origin's row of a series.
    pub fn set(&mut self, origin: usize, series: usize, forecast: f64, actual: f64) {
        if let Some(column) = self.columns.find(series) {
            self.put(origin, column, forecast, actual);
        }
    }

    fn put(&mut self, origin: usize, column: usize, forecast: f64, actual: f64) {
        self.forecasts[(origin, column)] = forecast.max(0.0);
        self.actuals[(origin, column)] = actual.max(0.0);
        self.counts[(origin, column)] = true;
    }

    /// How many origins.
    pub fn origins(&self) -> usize {
        self.counts.nrows()
    }

    /// Forecast and actual of a row that counts, in units.
    pub fn get(&self, origin: usize, series: usize) -> Option<(f64, f64)> {
        let at = (origin, self.columns.find(series)?);
        self.counts.get(at)?.then(|| (self.forecasts[at], self.actuals[at]))
    }

    /// All rows that count: origin, series, forecast, actual; of all series of the folder, none of other regions.
    pub fn rows(&self) -> impl Iterator<Item = (usize, usize, f64, f64)> {
        let series = match &self.columns.place {
            Place::Of(series) => &series[..],
            Place::At(_) => &[],
        };
        let row = |(o, c): (usize, usize)| (o, series[c], self.forecasts[(o, c)], self.actuals[(o, c)]);
        let all = (0..self.origins()).flat_map(move |o| (0..series.len()).map(move |c| (o, c)));
        all.filter(|at| self.counts[*at]).map(row)
    }

    /// Whether each series of the folder is sold in whole units.
    pub fn whole(&self) -> &[bool] {
        &self.columns.whole
    }

    fn past(&self) -> Past<'_> {
        Past {
            forecasts: self.forecasts.view(),
            actuals: self.actuals.view(),
            counts: self.counts.view(),
            whole: &self.columns.by_column,
        }
    }

    /// The spread of single series; none without errors.
    pub fn spread(&self) -> Option<OfSeries> {
        Some(OfSeries { spread: Spread::learn(&self.past())?, columns: self.columns.clone() })
    }

    /// The spread of sums of series: each past month's errors applied to today's forecasts, all series of one month
    /// together. `today` (none: not forecast) and `owner` are by series.
    pub fn of_sums(&self, spread: &OfSeries, today: &[Option<f64>], owner: &[usize], count: usize) -> Option<Spread> {
        let (today, whole) = (self.columns.sorted(today, None), self.whole_sums(owner, count));
        let owner = self.columns.sorted(owner, usize::MAX);
        Sums::sampled(&spread.spread, &self.past(), &today, &owner, whole).spread()
    }

    /// The spread of sums as they were, for a forecast that has no spread of single series.
    pub fn of_past_sums(&self, owner: &[usize], count: usize) -> Option<Spread> {
        let whole = self.whole_sums(owner, count);
        Sums::of(&self.past(), &self.columns.sorted(owner, usize::MAX), whole).spread()
    }

    /// Whether all series of each sum are sold in whole units.
    fn whole_sums(&self, owner: &[usize], count: usize) -> Vec<bool> {
        let mut out = vec![true; count];
        for (sum, whole) in owner.iter().zip(&self.columns.whole) {
            out.iter_mut().skip(*sum).take(1).for_each(|all| *all &= whole);
        }
        out
    }
}

/// The spread of single series.
#[derive(Clone, Debug)]
pub struct OfSeries {
    spread: Spread,
    columns: Arc<Columns>,
}

impl OfSeries {
    /// low80, high80, low95, high95 of a series' forecast, in units ([`Spread::bounds`]).
    pub fn bounds(&self, forecast: f64, series: usize) -> [f64; 4] {
        self.spread.bounds(forecast, self.columns.at(series))
    }

    /// Quantile of a series' actual at probability `u`, in units ([`Spread::sample`]).
    pub fn sample(&self, forecast: f64, series: usize, u: f64) -> f64 {
        self.spread.sample(forecast, self.columns.at(series), u)
    }

    /// Whether an actual counts as inside of the 80% and of the 95% interval ([`Spread::inside`]).
    pub fn inside(&self, forecast: f64, series: usize, actual: f64) -> [f64; 2] {
        self.spread.inside(forecast, self.columns.at(series), actual)
    }

    fn is_whole(&self, series: usize) -> bool {
        self.columns.whole.get(series).copied().unwrap_or(false)
    }
}

/// Spreads of one month forecast.
#[derive(Clone, Debug)]
pub struct Month {
    /// Of single series.
    pub series: OfSeries,
    /// Of every region node x group, by [`owner`]; none where their errors say nothing.
    pub nodes: Vec<Option<Spread>>,
    /// What part of the month is still to come: 1, but for a month that has begun.
    pub open: f64,
    /// Whether all series of a group are sold in whole units.
    whole_groups: Vec<bool>,
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
        if matches!(errors.columns.place, Place::At(_)) {
            // Regions above a part's own are not forecast by it.
            return Some(Month { nodes: Vec::new(), series, open, whole_groups: Vec::new() });
        }
        let depths = (0..grid.regions.leaf_count()).map(|l| grid.regions.depth(grid.regions.node_of(l))).max();
        let count = grid.regions.len() * grid.group_count();
        let nodes = (0..=depths.unwrap_or(0)).map(|depth| errors.of_sums(&series, today, &owner(grid, depth), count));
        let whole_groups = whole_groups(grid, errors.whole());
        Some(Month { nodes: nodes.collect(), series, open, whole_groups })
    }

    /// low80, high80, low95, high95 of a series' forecast, in units.
    pub fn bounds(&self, forecast: f64, series: usize) -> [f64; 4] {
        self.narrowed(forecast, self.series.bounds(forecast, series), self.series.is_whole(series))
    }

    /// The same of a region node and group.
    pub fn of_node(&self, forecast: f64, grid: &Grid, node: usize, group: usize) -> Option<[f64; 4]> {
        let spread = self.nodes.get(grid.regions.depth(node))?.as_ref()?;
        let whole = self.whole_groups.get(group).copied().unwrap_or(false);
        Some(self.narrowed(forecast, spread.bounds(forecast, node * grid.group_count() + group), whole))
    }

    /// Probability that a region node's group sells at least `above` more than is forecast, by its bounds; none without
    /// past errors.
    pub fn reaches(&self, forecast: f64, grid: &Grid, (node, group): (usize, usize), above: f64) -> Option<f64> {
        let [_, high80, _, high95] = self.of_node(forecast, grid, node, group)?;
        Some(beyond(above, [high80 - forecast, high95 - forecast]))
    }

    /// Only what is still to come can still go wrong.
    fn narrowed(&self, forecast: f64, [low80, high80, low95, high95]: [f64; 4], whole: bool) -> [f64; 4] {
        let still = |x: f64| forecast + (x - forecast) * self.open;
        let low = |x: f64| if whole { still(x).floor() } else { still(x) };
        let high = |x: f64| if whole { still(x).ceil() } else { still(x) };
        [low(low80), high(high80), low(low95), high(high95)]
    }
}

/// Probability of at least so much above the forecast (at least 0): one half at 0, a tenth at the upper 80% bound, a
/// fortieth at the upper 95% bound (given as distances), logs of it in straight lines between, and beyond on the last
/// line: a few past origins tell where the bounds lie and nothing of what is rarer.
fn beyond(above: f64, [high80, high95]: [f64; 2]) -> f64 {
    let [half, tenth, fortieth] = [0.5_f64, 0.1, 0.025].map(f64::ln);
    let along = |from: f64, to: f64| if to > from { (above - from) / (to - from) } else { f64::INFINITY };
    let log = match above {
        x if x <= 0.0 => half,
        x if x <= high80 => half + (tenth - half) * along(0.0, high80),
        _ => tenth + (fortieth - tenth) * along(high80, high95.max(high80)),
    };
    log.exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_above_the_forecast_is_as_likely_as_its_bounds_say() {
        let at = |above: f64| beyond(above, [10.0, 16.0]);
        for (above, wanted) in [(0.0, 0.5), (10.0, 0.1), (16.0, 0.025), (22.0, 0.00625)] {
            assert!((at(above) - wanted).abs() < 1e-12, "{above}: {}", at(above));
        }
        // Half-way in logs: the root of .5 x .1.
        assert!((at(5.0) - 0.05_f64.sqrt()).abs() < 1e-12);
        assert_eq!(beyond(1.0, [0.0, 0.0]), 0.0, "nothing was ever off");
    }
}
