//! A year's growth split exactly into what made it: households, conversion, units a buyer, price; where there are no
//! communities, units, region mix, product mix, price.
//!
//! Every series (region x product) is a chain of counts over the year,
//! ```text
//! v = H x (B / H) x (U / B) x (v / U)        households, conversion, units a buyer, price
//! v = N x (R / N) x (U / R) x (v / U)        units of the group, region mix, product mix, price
//! ```
//! split by [`crate::stats::divisia`], and the parts of series add up over centres and products. H: households that
//! signed at the centre; B: those of them that bought goods (of policies: policies sold there, so that units a buyer is
//! the mix of terms); U: units; N: units of the group in all regions; R: in this one.

use std::ops::Range;

use ndarray::Array2;

use crate::books::households::{self, Households, kind};
use crate::dataset::Known;
use crate::grid::{COMPANY, Kind, Scope, Series};
use crate::messages::Text;
use crate::messages::growth as say;
use crate::month::Month;
use crate::stages::target::revenue;
use crate::stats::divisia;

/// What grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Revenue of everything, yuan.
    Revenue,
    /// Revenue of goods and services, yuan.
    Appliances,
    /// Revenue of policies, yuan.
    Premiums,
    /// Units of one group or product.
    Units,
}

impl Measure {
    /// Whether products of a kind count.
    pub fn counts(self, kind: Kind) -> bool {
        match self {
            Measure::Revenue | Measure::Units => true,
            Measure::Appliances => kind != Kind::Policy,
            Measure::Premiums => kind == Kind::Policy,
        }
    }

    /// The word in arguments and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Revenue => "revenue",
            Measure::Appliances => "appliances",
            Measure::Premiums => "premiums",
            Measure::Units => "units",
        }
    }
}

/// Into what the growth is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// Households, conversion, units a buyer, price.
    Households {
        /// Whether the folder tells who bought; else conversion and units a buyer are one, units a household.
        buyers: bool,
    },
    /// Units, region mix, product mix, price.
    Mix,
}

/// One series' growth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Leaf index.
    pub leaf: usize,
    /// Product index.
    pub product: usize,
    /// The measure in both years, in yuan or units.
    pub values: [f64; 2],
    /// What each link made of the growth, in the same unit; they add up to it.
    pub links: [f64; 4],
}

/// A year's growth, split.
#[derive(Clone, Debug)]
pub struct Decomposition {
    /// What grew.
    pub measure: Measure,
    /// From which fiscal year to which.
    pub years: [i32; 2],
    /// Into what it is split.
    pub into: Links,
    /// Whether revenue is units times the prices of `products`, which do not change.
    pub list_prices: bool,
    /// The series of which there was something in one of the years, in their order.
    pub parts: Vec<Part>,
}

impl Decomposition {
    /// The sum of some parts: both years and the links.
    pub fn sum(&self, of: impl Fn(&Part) -> bool) -> ([f64; 2], [f64; 4]) {
        let mut sum = ([0.0; 2], [0.0; 4]);
        for part in self.parts.iter().filter(|part| of(part)) {
            sum.0.iter_mut().zip(part.values).for_each(|(sum, x)| *sum += x);
            sum.1.iter_mut().zip(part.links).for_each(|(sum, x)| *sum += x);
        }
        sum
    }
}

/// The months of a fiscal year as indices; none where not all of them are visible.
pub fn months(known: &Known, year: i32) -> Option<Range<usize>> {
    let first = Month::fiscal_start(year, known.data.settings.fiscal.start);
    Some(known.visible_index(first)?..known.visible_index(first.plus(11))? + 1)
}

/// The last two fiscal years that are visible as a whole.
pub fn last_years(known: &Known) -> Option<[i32; 2]> {
    let last = known.data.fiscal_year(known.origin.cutoff);
    let year = [last, last - 1].into_iter().find(|&year| months(known, year).is_some())?;
    months(known, year - 1).map(|_| [year - 1, year])
}

/// The measure of a series in a month, in yuan or units; none where no price is known.
pub fn value(known: &Known, measure: Measure, series: usize, t: usize) -> Option<f64> {
    let units = known.units[(series, t)];
    match measure {
        Measure::Units => Some(units),
        _ if units == 0.0 => Some(revenue(known, series, t).unwrap_or(0.0)),
        _ => revenue(known, series, t),
    }
}

/// Splits the growth of a measure of what `scope` means from one year to another; why not, where it cannot be told.
pub fn decompose(known: &Known, measure: Measure, scope: Scope, years: [i32; 2]) -> Result<Decomposition, Text> {
    let grid = &known.data.grid;
    if measure == Measure::Units && grid.groups_of(scope).len() > 1 {
        return Err(say::units_of_one_group(&grid.products.groups));
    }
    let households = households::count(known);
    let year = |year| months(known, year).ok_or_else(|| say::year_not_whole(year));
    let counts = |span| Year::count(known, households.as_ref(), span);
    let [before, after] = [counts(year(years[0])?), counts(year(years[1])?)];
    let mut parts = Vec::new();
    for s in grid.in_scope(COMPANY, scope) {
        let of = grid.series[s];
        if !measure.counts(kind(known, of.product)) {
            continue;
        }
        let chain = |year: &Year| {
            let paid: Option<f64> = year.span.clone().map(|t| value(known, measure, s, t)).sum();
            let [first, second] = year.before_units(known, of);
            Some([first, second, year.units[s], paid?])
        };
        let chains = chain(&before).zip(chain(&after));
        let (before, after) = chains.ok_or_else(|| say::no_price(&grid.products.codes[of.product]))?;
        let values = [before[3], after[3]];
        if values != [0.0; 2] {
            parts.push(Part { leaf: of.leaf, product: of.product, values, links: divisia::split(before, after) });
        }
    }
    let buyers = households.as_ref().is_some_and(|h| h.buyers.is_some());
    let into = if households.is_some() { Links::Households { buyers } } else { Links::Mix };
    let list_prices = measure != Measure::Units && known.revenue.is_none();
    Ok(Decomposition { measure, years, into, list_prices, parts })
}

/// What was counted in a year.
struct Year {
    span: Range<usize>,
    /// Units of each series.
    units: Vec<f64>,
    /// Units of each cell, and of each group in all regions.
    cells: Vec<f64>,
    groups: Vec<f64>,
    /// Policies sold at each leaf.
    policies: Vec<f64>,
    /// Households that signed at each leaf, and buyers among them (those that signed where nobody tells the buyers);
    /// none without signings.
    households: Option<[Vec<f64>; 2]>,
}

impl Year {
    fn count(known: &Known, households: Option<&Households>, span: Range<usize>) -> Year {
        let grid = &known.data.grid;
        let leaves = grid.regions.leaf_count();
        let units: Vec<f64> = (0..grid.series.len()).map(|s| span.clone().map(|t| known.units[(s, t)]).sum()).collect();
        let mut year = Year {
            units,
            cells: vec![0.0; grid.cell_count()],
            groups: vec![0.0; grid.group_count()],
            policies: vec![0.0; leaves],
            households: households.map(|all| {
                let of = |counts: &Array2<f64>| -> Vec<f64> {
                    (0..leaves).map(|leaf| span.clone().map(|t| counts[(leaf, t)]).sum()).collect()
                };
                [of(&all.signed), of(all.buyers.as_ref().unwrap_or(&all.signed))]
            }),
            span,
        };
        for (sold, of) in year.units.iter().zip(&grid.series) {
            year.cells[grid.cell(of.leaf, of.group)] += sold;
            year.groups[of.group] += sold;
            if kind(known, of.product) == Kind::Policy {
                year.policies[of.leaf] += sold;
            }
        }
        year
    }

    /// The first two counts of a series' chain.
    fn before_units(&self, known: &Known, of: Series) -> [f64; 2] {
        match &self.households {
            None => [self.groups[of.group], self.cells[known.data.grid.cell(of.leaf, of.group)]],
            Some([signed, _]) if kind(known, of.product) == Kind::Policy => [signed[of.leaf], self.policies[of.leaf]],
            Some([signed, buyers]) => [signed[of.leaf], buyers[of.leaf]],
        }
    }
}
