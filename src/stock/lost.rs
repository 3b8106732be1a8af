//! What stockouts cost: demand that met an empty shelf, from the recovered demand of the last twelve months.

use ndarray::ArrayView2;

use super::Terms;
use crate::dataset::Known;

/// Months looked back over.
const MONTHS: usize = 12;

/// What was lost of one region and product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lost {
    /// The series.
    pub series: usize,
    /// Months with a stockout.
    pub months: usize,
    /// Units that would have been bought with everything in stock and were not, in months with a stockout.
    pub units: f64,
    /// The same less what its customers took of others and others' customers took of it, over all months: adds up to
    /// what a region and group lost.
    pub net: f64,
    /// The margin of `units`, in yuan.
    pub margin: Option<f64>,
    /// The margin of `net`, in yuan.
    pub net_margin: Option<f64>,
}

/// By series, from `demand` (series x month, stockouts taken out): those that lost or gained anything.
pub fn lost(known: &Known, demand: ArrayView2<f64>) -> Vec<Lost> {
    let Some(availability) = &known.availability else { return Vec::new() };
    let from = known.months().saturating_sub(MONTHS);
    let of = |s: usize| {
        let mut lost = Lost { series: s, months: 0, units: 0.0, net: 0.0, margin: None, net_margin: None };
        for t in from..known.months() {
            let gap = demand[(s, t)] - known.units[(s, t)].max(0.0);
            lost.net += gap;
            if availability[(s, t)] < 1.0 {
                lost.months += 1;
                lost.units += gap.max(0.0);
            }
        }
        let margin = Terms::of(known, known.data.grid.series[s].product).margin();
        lost.margin = margin.map(|m| m * lost.units);
        lost.net_margin = margin.map(|m| m * lost.net);
        lost
    };
    (0..known.units.nrows()).map(of).filter(|l| l.months > 0 || l.net.abs() > 1e-9).collect()
}
