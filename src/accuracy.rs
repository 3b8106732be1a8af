//! How near a forecast came: the figures that the backtest and the ledger share.
//!
//! All sums run over forecasts and the rows of a level. With forecast f and actual a in units, both in sales space:
//! ```text
//! WAPE   sum |f - a| / sum |a|
//! bias   sum (f - a) / sum |a|, positive where the forecast is too high
//! RMSSE  root(sum (f - a)^2 / sum d), d = mean (a_t - a_t-1)^2 of the row's history up to the cutoff;
//!        rows on sale only
//! ```
//! Sources: Kolassa, Schuetz 2007 (Foresight 6) for WAPE; Makridakis, Spiliotis, Assimakopoulos 2022 (International
//! Journal of Forecasting 38) for the scale of M5's RMSSE, pooled here over rows instead of averaged, so that rows that
//! hardly sell do not decide.

use ndarray::Array2;

use crate::dataset::Frame;
use crate::grid::{COMPANY, Grid, Scope};

/// A series counts as on sale where it sold within so many months up to the cutoff, or is forecast.
const ON_SALE: usize = 12;

/// What is added up before forecasts and sales are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing: region x product.
    Series,
    /// Products of a region.
    Region,
    /// Regions of a product.
    Product,
    /// Everything.
    Company,
}

/// All levels, from the finest on.
pub const LEVELS: [Level; 4] = [Level::Series, Level::Region, Level::Product, Level::Company];

impl Level {
    /// The word in outputs for programs.
    pub fn word(self) -> &'static str {
        match self {
            Level::Series => "region x product",
            Level::Region => "region",
            Level::Product => "product",
            Level::Company => "company",
        }
    }

    /// The region node and the products that a row stands for.
    pub fn key(self, grid: &Grid, row: usize) -> (usize, Scope) {
        match self {
            Level::Series => {
                let series = grid.series[row];
                (grid.regions.node_of(series.leaf), Scope::Product(series.product))
            }
            Level::Region => (grid.regions.node_of(row), Scope::All),
            Level::Product => (COMPANY, Scope::Product(row)),
            Level::Company => (COMPANY, Scope::All),
        }
    }

    /// The row of each series, and how many rows there are.
    fn rows(self, grid: &Grid) -> (Vec<usize>, usize) {
        let of = |row: &dyn Fn(usize) -> usize| (0..grid.series.len()).map(row).collect();
        match self {
            Level::Series => (of(&|s| s), grid.series.len()),
            Level::Region => (of(&|s| grid.series[s].leaf), grid.regions.leaf_count()),
            Level::Product => (of(&|s| grid.series[s].product), grid.products.len()),
            Level::Company => (of(&|_| 0), 1),
        }
    }
}

/// The rows of a level, with their sales.
pub struct Rows {
    /// The level.
    pub level: Level,
    /// The row of each series.
    of: Vec<usize>,
    /// How many rows.
    pub count: usize,
    /// Sales in units, row x month.
    sales: Array2<f64>,
    /// Index of the first month with a row of `sales`.
    first: Vec<Option<usize>>,
}

impl Rows {
    /// Adds the sales up.
    pub fn new(level: Level, data: Frame) -> Rows {
        let (of, count) = level.rows(data.grid);
        let units = data.units();
        let mut sales = Array2::zeros((count, units.ncols()));
        let mut first: Vec<Option<usize>> = vec![None; count];
        for (s, &row) in of.iter().enumerate() {
            let mut sum = sales.row_mut(row);
            sum += &units.row(s);
            if let Some(t) = data.first(s) {
                first[row] = Some(first[row].map_or(t, |other| other.min(t)));
            }
        }
        Rows { level, of, count, sales, first }
    }

    /// Numbers of series added up to rows.
    pub fn sum(&self, of_series: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.count];
        self.of.iter().zip(of_series).for_each(|(&row, x)| out[row] += x);
        out
    }

    /// Mean squared change from month to month of a row's history up to month index `cutoff`.
    fn scale(&self, row: usize, cutoff: usize) -> Option<f64> {
        let first = self.first[row]?;
        let changes = cutoff.checked_sub(first).filter(|n| *n > 0)?;
        let sales = self.sales.row(row);
        let squares: f64 = (first + 1..=cutoff).map(|t| (sales[t] - sales[t - 1]).powi(2)).sum();
        Some(squares / changes as f64)
    }

    /// Whether a row is on sale at month index `cutoff`: forecast at `demand` units, or sold within the year.
    pub fn on_sale(&self, row: usize, cutoff: usize, demand: f64) -> bool {
        let sales = self.sales.row(row);
        demand > 0.0 || ((cutoff + 1).saturating_sub(ON_SALE)..=cutoff).any(|t| sales[t] != 0.0)
    }
}

/// One forecast of one month as it is compared, by row of a level.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    /// Index of the last month seen.
    pub cutoff: usize,
    /// Units sold.
    pub actual: &'a [f64],
    /// The demand forecast, in units: says what is on sale.
    pub demand: &'a [f64],
}

/// Sums over forecasts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    /// Forecasts compared.
    pub forecasts: usize,
    /// Rows on sale, over all of them.
    pub rows: usize,
    /// Units sold, absolute values summed.
    pub sold: f64,
    /// Units missed, absolute values summed.
    pub missed: f64,
    signed: f64,
    squares: f64,
    scales: f64,
}

impl Sums {
    /// Adds a forecast, in sales space.
    pub fn add(&mut self, rows: &Rows, of: Compared, forecast: &[f64]) {
        self.forecasts += 1;
        self.sold += of.actual.iter().map(|a| a.abs()).sum::<f64>();
        self.missed += absolute_error(forecast, of.actual);
        self.signed += forecast.iter().zip(of.actual).map(|(f, a)| f - a).sum::<f64>();
        for row in (0..rows.count).filter(|&row| rows.on_sale(row, of.cutoff, of.demand[row])) {
            self.rows += 1;
            if let Some(scale) = rows.scale(row, of.cutoff) {
                self.squares += (forecast[row] - of.actual[row]).powi(2);
                self.scales += scale;
            }
        }
    }

    /// Units missed over units sold; none where nothing was sold.
    pub fn wape(&self) -> Option<f64> {
        ratio(self.missed, self.sold)
    }

    /// Units too much over units sold; none where nothing was sold.
    pub fn bias(&self) -> Option<f64> {
        ratio(self.signed, self.sold)
    }

    /// Root of squared errors over squared changes; none where no row has two months of history or none ever moved.
    pub fn rmsse(&self) -> Option<f64> {
        ratio(self.squares, self.scales).map(f64::sqrt)
    }
}

/// Absolute errors summed, in units.
pub fn absolute_error(forecast: &[f64], actual: &[f64]) -> f64 {
    forecast.iter().zip(actual).map(|(f, a)| (f - a).abs()).sum()
}

/// A sum over another; none where that is not positive.
pub fn ratio(sum: f64, over: f64) -> Option<f64> {
    (over > 0.0).then(|| sum / over)
}
