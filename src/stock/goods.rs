//! Goods at the locations of a region node, counted and on their way.

use chrono::NaiveDate;

use crate::grid::{Grid, Scope};

/// One product at the locations of one region node.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// Product index.
    pub product: usize,
    /// Region node.
    pub node: usize,
    /// The locations, by index: several where they supply the same node.
    pub locations: Vec<usize>,
    /// Units on hand.
    pub on_hand: f64,
    /// Units owed.
    pub owed: f64,
    /// Goods on order, the next first.
    pub orders: Vec<OnWay>,
    /// Of these, units whose day has passed.
    pub overdue: f64,
    /// The shelf of the same product that fills it, by its place among that product's shelves.
    pub above: Option<usize>,
    /// The series whose demand it serves.
    pub series: Vec<usize>,
    /// How old its counts are.
    pub counted: Counted,
    /// What was counted at its locations: where, the day, if that lies before the plan's, and units on hand.
    pub counts: Vec<(usize, Option<NaiveDate>, f64)>,
}

/// Goods on order for a shelf.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnWay {
    /// Days until they are due, 0 where that has passed; none: not said.
    pub days: Option<usize>,
    /// Units.
    pub units: f64,
    /// Which of the open orders it is.
    pub open: usize,
}

impl Shelf {
    /// Nothing on it.
    pub(super) fn empty(grid: &Grid, product: usize, node: usize) -> Shelf {
        Shelf {
            product,
            node,
            locations: Vec::new(),
            on_hand: 0.0,
            owed: 0.0,
            orders: Vec::new(),
            overdue: 0.0,
            above: None,
            series: grid.in_scope(node, Scope::Product(product)),
            counted: Counted::Today,
            counts: Vec::new(),
        }
    }

    /// Units on order.
    pub fn on_order(&self) -> f64 {
        self.orders.iter().map(|o| o.units).sum()
    }
}

/// How old a shelf's count is, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Counted {
    /// On the day of the plan, or nobody says when.
    #[default]
    Today,
    /// Earlier, and nothing has been sold since, or what was is taken out.
    Rolled {
        /// The day of the oldest of its counts.
        day: NaiveDate,
        /// Units sold since.
        sold: f64,
    },
    /// Earlier, and more has been sold since than can have been there.
    Stale {
        /// The day of the oldest of its counts.
        day: NaiveDate,
        /// Units sold since.
        sold: f64,
    },
}
