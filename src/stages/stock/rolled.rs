//! Counts that are older than the plan, rolled forward: what was sold since has left the shelf.
//!
//! Sales belong to the lowest shelf that serves their region. What is sold and was not counted there came from the orders
//! of that count whose day has passed, else from the shelf above. What then is still over had to come from goods that the
//! folder knows nothing of: such counts stand as they are, and are named.

use chrono::NaiveDate;

use super::{Horizon, Open, Shelf};
use crate::dataset::Known;
use crate::month::Month;

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

/// Rolls the shelves of one product forward, which stand from the top of the region tree down. `units` are forecast, by
/// series and month of the horizon: of a month that has begun its part until the day of the plan is taken as sold.
pub fn roll(
    known: &Known,
    horizon: &Horizon,
    units: ndarray::ArrayView2<f64>,
    shelves: &mut [Shelf],
    open: &mut [Open],
) {
    let day_of = |shelf: &Shelf| match shelf.counted {
        Counted::Rolled { day, .. } | Counted::Stale { day, .. } => Some(day),
        Counted::Today => None,
    };
    if shelves.iter().all(|shelf| day_of(shelf).is_none()) {
        return;
    }
    // Where each series is sold from: the lowest shelf, which stands last.
    let mut owned: Vec<(usize, usize)> = Vec::new();
    for (i, shelf) in shelves.iter().enumerate() {
        owned.extend(shelf.series.iter().map(|s| (*s, i)));
    }
    owned.sort_unstable();
    let mut sold = vec![0.0; shelves.len()];
    for of_series in owned.chunk_by(|a, b| a.0 == b.0) {
        let Some(&(series, at)) = of_series.last() else { continue };
        if let Some(day) = day_of(&shelves[at]) {
            sold[at] += since(known, horizon, units, series, day);
        }
    }
    // What a shelf does not have came from above; who stands above stands before.
    let mut left: Vec<f64> = shelves.iter().map(|shelf| shelf.on_hand).collect();
    let mut missing = vec![0.0; shelves.len()];
    let mut taken: Vec<(usize, f64)> = Vec::new();
    for i in (0..shelves.len()).rev() {
        let mut rest = sold[i] + missing[i];
        let from_hand = rest.min(left[i]);
        left[i] -= from_hand;
        rest -= from_hand;
        for way in shelves[i].orders.iter().filter(|way| way.days == Some(0) && open[way.open].order.is_none()) {
            let came = way.units.min(rest);
            if came > 0.0 {
                taken.push((way.open, came));
                rest -= came;
            }
        }
        match shelves[i].above {
            Some(above) => missing[above] += rest,
            None => missing[i] = rest,
        }
    }
    let top = |mut i: usize| {
        while let Some(above) = shelves[i].above {
            i = above;
        }
        i
    };
    let stale: Vec<bool> = (0..shelves.len()).map(|i| missing[top(i)] > SLACK).collect();
    for (i, shelf) in shelves.iter_mut().enumerate() {
        let Some(day) = day_of(shelf) else { continue };
        let sold = sold[i];
        if stale[i] {
            shelf.counted = Counted::Stale { day, sold };
            continue;
        }
        shelf.counted = Counted::Rolled { day, sold };
        shelf.on_hand = left[i];
        for (at, came) in &taken {
            for way in shelf.orders.iter_mut().filter(|way| way.open == *at) {
                way.units -= came;
                shelf.overdue -= came;
                if let Some(open) = open.get_mut(*at) {
                    open.units -= came;
                }
            }
        }
        shelf.orders.retain(|way| way.units > SLACK);
    }
}

/// Less than this of a unit is rounding.
const SLACK: f64 = 1e-6;

/// Units of a series sold after `day`, up to the day of the plan.
fn since(known: &Known, horizon: &Horizon, units: ndarray::ArrayView2<f64>, series: usize, day: NaiveDate) -> f64 {
    let share = |month: Month| match month {
        m if m.first_day() > day => 1.0,
        m if m.last_day() <= day => 0.0,
        _ => 1.0 - known.data.calendar.elapsed(day),
    };
    let mut sold = 0.0;
    for t in (0..known.months()).rev() {
        let part = share(known.origin.cutoff.plus(t as i32 + 1 - known.months() as i32));
        if part <= 0.0 {
            break;
        }
        sold += part * known.units[(series, t)].max(0.0);
    }
    for (k, month) in horizon.months.iter().enumerate() {
        let before = horizon.passed(k);
        if before <= 0.0 {
            break;
        }
        let until_count = 1.0 - share(*month);
        sold += (before - until_count).max(0.0) * units[(series, k)];
    }
    sold
}
