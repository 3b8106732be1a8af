//! Orders that have not come: as `orders` lists them, else as the counts of `stock` have them.

use chrono::NaiveDate;

use crate::dataset::Known;

/// A line of an order that has not come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Open {
    /// Index of the location that it is for.
    pub location: usize,
    /// Product index.
    pub product: usize,
    /// Units still to come.
    pub units: f64,
    /// The day it is due; none: not said.
    pub due: Option<NaiveDate>,
    /// Its place among the visible rows of `orders`; none of one that a count speaks of.
    pub order: Option<usize>,
}

/// Those visible. Where the table `orders` has some, counts say nothing of orders.
pub fn open(known: &Known) -> Vec<Open> {
    if !known.orders.is_empty() {
        let of = known.orders.iter().enumerate();
        return of
            .map(|(i, o)| Open { location: o.location, product: o.product, units: o.units, due: o.due, order: Some(i) })
            .collect();
    }
    let counts = known.stock.iter();
    counts
        .flat_map(|c| {
            c.orders.iter().map(|&(units, due)| Open {
                location: c.location,
                product: c.product,
                units,
                due,
                order: None,
            })
        })
        .collect()
}
