//! The numbers of `regions.csv`: every node of the region tree x group x month forecast, parents as sums.

use serde::Serialize;

use crate::across::{What, key};
use crate::dataset::Known;
use crate::month::Month;
use crate::outlook::Outlook;
use crate::stages::units;
use crate::stats::digits::settled;

/// What regions, groups and months come to.
#[derive(Clone, Debug)]
pub struct Figures {
    /// By node, then group, then month; without the groups that a node does not sell.
    pub rows: Vec<Row>,
    /// Per series: whether it is forecast.
    pub is_forecast: Vec<bool>,
    /// Per series: yuan a unit, as `products` says, else as sold in the last twelve months.
    pub prices: Vec<Option<f64>>,
    /// Whether any price is known, of any region.
    pub any_price: bool,
}

/// One node, group and month; units throughout. What is written of it are the columns of `regions.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Region node.
    #[serde(skip)]
    pub node: usize,
    /// Group.
    #[serde(skip)]
    pub group: usize,
    /// Index into the months forecast.
    #[serde(skip)]
    pub month: usize,
    /// The fiscal year it lies in.
    #[serde(skip)]
    pub year: i32,
    /// Actual sales of the same month a year before, where the history has it.
    pub last_year: Option<f64>,
    /// What growth applies to before revision: last year's month, stockouts and dated events taken out, made like the
    /// series of today.
    pub base: f64,
    /// Growth on `base` before planned events and revision; none without a base.
    pub base_growth: Option<f64>,
    /// Forecast over last year's sales, less 1; none without sales then.
    pub growth: Option<f64>,
    /// The forecast, whole where the group's units are.
    pub forecast: f64,
    /// The forecast before rounding.
    #[serde(rename = "forecast_exact")]
    pub exact: f64,
    /// The month's target, where one reaches the node; whole where the group's units are.
    pub target: Option<f64>,
    /// `forecast` over `target`; none where a region below has no target.
    pub attainment: Option<f64>,
    /// R11's cut.
    pub attainment_factor: f64,
    /// Actual sales of the fiscal year up to the cutoff.
    pub year_to_date: f64,
    /// The year's target, whole where the group's units are.
    pub year_target: Option<f64>,
    /// The year to date, months not reported and odd cells as they count, and everything still expected; whole where the
    /// group's units are.
    pub year_outlook: f64,
    /// `year_outlook` less `year_target`: negative where it falls short; none where a region below has no target.
    pub gap: Option<f64>,
}

/// What adds up over regions.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    series: usize,
    last_year: f64,
    base: f64,
    grown: f64,
    units: f64,
    exact: f64,
    baseline: f64,
    cut: f64,
    target: Option<f64>,
    year_target: Option<f64>,
    /// Whether something is sold where no target reaches.
    open: bool,
    year_open: bool,
    to_date: f64,
    /// To date as it counts, and everything still expected.
    outlook: f64,
}

impl Sum {
    fn add(&mut self, other: &Sum) {
        let both = |a: Option<f64>, b: Option<f64>| if a.is_none() { b } else { a.map(|a| a + b.unwrap_or(0.0)) };
        self.series += other.series;
        self.last_year += other.last_year;
        self.base += other.base;
        self.grown += other.grown;
        self.units += other.units;
        self.exact += other.exact;
        self.baseline += other.baseline;
        self.cut += other.cut;
        self.target = both(self.target, other.target);
        self.year_target = both(self.year_target, other.year_target);
        self.open |= other.open;
        self.year_open |= other.year_open;
        self.to_date += other.to_date;
        self.outlook += other.outlook;
    }
}

impl Figures {
    /// Sums the forecast up.
    pub fn new(outlook: &Outlook, known: &Known) -> Figures {
        let grid = &outlook.dataset.grid;
        let is_forecast: Vec<bool> = (0..grid.series.len()).map(|s| outlook.is_forecast(known, s)).collect();
        let prices: Vec<Option<f64>> = (0..grid.series.len()).map(|s| price(known, s)).collect();
        let mut priced =
            [prices.iter().zip(&is_forecast).filter(|(p, forecast)| p.is_some() && **forecast).count() as f64];
        known.data.across.sum(key(What::Priced, known.months(), 0), &mut priced);
        let (regions, groups, months) = (&grid.regions, grid.group_count(), outlook.months());
        let width = groups * months.len();
        let mut sums = vec![Sum::default(); regions.len() * width];
        for leaf in 0..regions.leaf_count() {
            for group in 0..groups {
                for (k, &month) in months.iter().enumerate() {
                    let sum = of_cell(outlook, known, &is_forecast, grid.cell(leaf, group), (k, month));
                    sums[regions.node_of(leaf) * width + group * months.len() + k] = sum;
                }
            }
        }
        print_whole(&mut sums, known, months.len());
        // A parent stands before its children.
        for node in (1..regions.len()).rev() {
            for i in 0..width {
                let own = sums[node * width + i];
                sums[regions.parent(node) * width + i].add(&own);
            }
        }
        let rows = sums.iter().enumerate().filter(|(_, sum)| sum.series > 0).map(|(i, sum)| {
            let (node, group, k) = (i / width, i % width / months.len(), i % months.len());
            let has_year_before = known.visible_index(months[k].plus(-12)).is_some();
            row(sum, (node, group, k), known.data.fiscal_year(months[k]), has_year_before)
        });
        Figures { rows: rows.collect(), is_forecast, prices, any_price: priced[0] > 0.0 }
    }

    /// The row of a node, group and month, where something is sold there.
    pub fn get(&self, node: usize, group: usize, month: usize) -> Option<&Row> {
        let key = (node, group, month);
        self.rows.binary_search_by_key(&key, |r| (r.node, r.group, r.month)).ok().and_then(|i| self.rows.get(i))
    }
}

/// Months' targets, years' targets and outlooks of the leaves in whole units, where the group's are: rounded from the
/// company down, as forecasts are, so that they add up as printed.
fn print_whole(sums: &mut [Sum], known: &Known, months: usize) {
    // Where no target reaches there is none to print.
    const PRINTED: [fn(&mut Sum) -> Option<&mut f64>; 3] =
        [|sum| sum.target.as_mut(), |sum| sum.year_target.as_mut(), |sum| Some(&mut sum.outlook)];
    let regions = &known.data.grid.regions;
    let width = known.data.grid.group_count() * months;
    let size = regions.leaf_count() * width;
    let at = |leaf: usize, i: usize| regions.node_of(leaf) * width + i;
    let mut leaves = Vec::with_capacity(PRINTED.len() * size);
    for of in PRINTED {
        let cells = (0..regions.leaf_count()).flat_map(|leaf| (0..width).map(move |i| (leaf, i)));
        leaves.extend(cells.map(|(leaf, i)| of(&mut sums[at(leaf, i)]).map_or(0.0, |x| *x)));
    }
    // In a part of the regions the rest of the company is in the others.
    known.data.across.sum(key(What::Printed, known.months(), 0), &mut leaves);
    for (of, leaves) in PRINTED.into_iter().zip(leaves.chunks(size.max(1))) {
        for i in (0..width).filter(|i| known.data.whole[i / months]) {
            let whole = units::down_the_tree(regions, |leaf| leaves[leaf * width + i]);
            for leaf in 0..regions.leaf_count() {
                if let Some(x) = of(&mut sums[at(leaf, i)]) {
                    *x = whole[regions.node_of(leaf)] as f64;
                }
            }
        }
    }
}

fn row(sum: &Sum, (node, group, month): (usize, usize, usize), year: i32, has_year_before: bool) -> Row {
    let last_year = has_year_before.then_some(sum.last_year);
    let (target, year_target) = (sum.target.map(settled), sum.year_target.map(settled));
    let outlook = settled(sum.outlook);
    Row {
        node,
        group,
        month,
        year,
        last_year,
        base: sum.base,
        base_growth: (sum.base > 0.0).then(|| sum.grown / sum.base - 1.0),
        growth: last_year.filter(|x| *x > 0.0).map(|x| sum.units / x - 1.0),
        forecast: sum.units,
        exact: sum.exact,
        target,
        attainment: target.filter(|t| *t > 0.0 && !sum.open).map(|t| sum.units / t),
        attainment_factor: if sum.baseline > 0.0 { sum.cut / sum.baseline } else { 1.0 },
        year_to_date: sum.to_date,
        year_target,
        year_outlook: outlook,
        gap: year_target.filter(|_| !sum.year_open).map(|t| outlook - t),
    }
}

fn of_cell(outlook: &Outlook, known: &Known, is_forecast: &[bool], cell: usize, (k, month): (usize, Month)) -> Sum {
    let (data, point) = (&outlook.dataset, &outlook.point);
    let range = data.grid.in_cell(cell);
    let level = point.level.get(cell, month).copied().unwrap_or_default();
    let year = data.fiscal_year(month);
    // With communities on, the level is of the rest: what they bought and what they are expected to stand beside it.
    let last_year = known.visible_index(month.plus(-12)).filter(|_| !level.planned);
    let bought = |s: usize| {
        let (p, t) = point.communities.as_ref().zip(last_year)?;
        Some(p.named.get((s, t))? + p.renewed.get((s, t))?)
    };
    let before: f64 = range.clone().filter_map(bought).sum();
    let beside = |s: usize| point.baseline.added.as_ref()?.get((s, k)).copied();
    let added: f64 =
        range.clone().filter_map(beside).sum::<f64>() / if level.events > 0.0 { level.events } else { 1.0 };
    let mut sum = Sum {
        series: range.len(),
        base: level.base + before,
        grown: level.without_events + added,
        target: point.targets.units(known, cell, month),
        year_target: point.targets.year_units(cell, year),
        ..Sum::default()
    };
    sum.open = !range.is_empty() && sum.target.is_none();
    sum.year_open = !range.is_empty() && sum.year_target.is_none();
    let first = known.index(Month::fiscal_start(year, data.settings.fiscal.start)).max(0) as usize;
    let before = known.visible_index(month.plus(-12));
    let counted = point.reception.units(known);
    for s in range {
        let sales = known.units.row(s);
        sum.outlook += counted.row(s).iter().skip(first).sum::<f64>();
        sum.last_year += before.map_or(0.0, |t| sales[t]);
        sum.to_date += sales.iter().skip(first).sum::<f64>();
        sum.baseline += point.baseline.units[(s, k)];
        sum.cut += point.revision.cut[(s, k)];
        if is_forecast[s] {
            sum.units += point.units[(s, k)];
            sum.exact += point.revision.exact[(s, k)];
        }
    }
    sum.outlook += later(outlook, cell, year);
    sum
}

/// What is expected of a cell from the cutoff to the end of a fiscal year, in units: the forecast of the months revised and
/// of those after them.
fn later(outlook: &Outlook, cell: usize, year: i32) -> f64 {
    let data = &outlook.dataset;
    let ahead = outlook.horizon().months.iter().enumerate().filter(|(_, m)| data.fiscal_year(**m) == year);
    ahead.map(|(k, _)| data.grid.in_cell(cell).map(|s| outlook.ahead(s, k).0).sum::<f64>()).sum()
}

/// Yuan a unit of a series.
fn price(known: &Known, series: usize) -> Option<f64> {
    let product = known.data.grid.series[series].product;
    let given = known.data.products[product].price;
    given.or_else(|| {
        let from = known.months().saturating_sub(12);
        let money: f64 = known.revenue.as_ref()?.row(series).iter().skip(from).sum();
        let units: f64 = known.units.row(series).iter().skip(from).sum();
        (money > 0.0 && units > 0.0).then(|| money / units)
    })
}
