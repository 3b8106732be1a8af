//! What was issued, beside what came.
//!
//! Actuals are sales and forecasts are demand with goods in stock: a month not fully in stock is compared as sales, the
//! forecast pushed through the month's realised availability ([`as_sales`]).

pub mod learn;
pub mod score;

use ndarray::ArrayView1;

use crate::dataset::{Issue, IssuedMonth, Known};
use crate::stages::Parameters;
use crate::stages::demand::in_sales_space;

/// A month that was issued and has come to pass.
#[derive(Clone, Copy, Debug)]
pub struct Passed<'a> {
    /// The forecast it was issued in.
    pub issue: &'a Issue,
    /// The month as issued.
    pub month: &'a IssuedMonth,
    /// Its index in the history.
    pub index: usize,
    /// Units sold, by series.
    pub sold: ArrayView1<'a, f64>,
}

/// Every issued month that is complete by the cutoff, by month made and month; of each month made the newest version.
pub fn passed<'a>(known: &Known<'a>) -> Vec<Passed<'a>> {
    let mut out = Vec::new();
    for &issue in &known.ledger {
        for month in &issue.months {
            let Some(index) = known.visible_index(month.month) else { continue };
            let Some(sold) = known.data.sold(index) else { continue };
            out.push(Passed { issue, month, index, sold });
        }
    }
    out
}

/// Demand in units by series as the sales that it would have been in a month of the history, by index: pushed through
/// the month's realised availability. The same where everything was in stock or nothing is known of it; empty for a month
/// that holds no number of ours.
pub fn as_sales(known: &Known, index: usize, demand: &[f64], parameters: &Parameters) -> Vec<f64> {
    if demand.is_empty() {
        return Vec::new();
    }
    let availability = known.availability.as_ref().filter(|a| index < a.ncols()).map(|a| a.column(index));
    in_sales_space(known.data.grid, demand, availability, parameters)
}
