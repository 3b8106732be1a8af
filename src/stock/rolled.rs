//! Counts that are older than the plan, rolled forward: what was sold since has left the shelf.
//!
//! Sales belong to the lowest shelf that serves their region, and each count is rolled from its own day. What is sold and was not counted there came from the orders
//! of that count whose day has passed, else from the shelf above. What then is still over had to come from goods that the
//! folder knows nothing of: such counts stand as they are, and are named.

use chrono::NaiveDate;

use super::goods::{Counted, OnWay, Shelf};
use super::{Horizon, Open};
use crate::dataset::Known;
use crate::month::Month;

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
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); shelves.len()];
    for of_series in owned.chunk_by(|a, b| a.0 == b.0) {
        let Some(&(series, at)) = of_series.last() else { continue };
        own[at].push(series);
    }
    let mut rolled: Vec<Rolled> =
        shelves.iter().zip(&own).map(|(s, own)| Rolled::new(known, horizon, units, s, own)).collect();
    // What a shelf does not have came from above; who stands above stands before.
    let mut missing = vec![0.0; shelves.len()];
    let mut taken: Vec<(usize, f64)> = Vec::new();
    for i in (0..shelves.len()).rev() {
        let mut rest = rolled[i].give(missing[i]);
        // What had not come when it was counted on the day of the plan has not come.
        let is_old = |at: usize| shelves[i].counts.iter().any(|(location, day, _)| *location == at && day.is_some());
        let may_have_come =
            |way: &&OnWay| way.days == Some(0) && open[way.open].order.is_none() && is_old(open[way.open].location);
        for way in shelves[i].orders.iter().filter(may_have_come) {
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
        let sold = rolled[i].sold;
        if stale[i] {
            shelf.counted = Counted::Stale { day, sold };
            continue;
        }
        shelf.counted = Counted::Rolled { day, sold };
        shelf.on_hand = rolled[i].old.iter().sum::<f64>() + rolled[i].today;
        for (at, came) in &taken {
            for way in shelf.orders.iter_mut().filter(|way| way.open == *at) {
                let Some(open) = open.get_mut(*at) else { continue };
                way.units -= came;
                open.units = (open.units - came).max(0.0);
                // What was due on the day of the plan is not overdue, and may have come all the same.
                if open.due.is_some_and(|due| due < horizon.day) {
                    shelf.overdue = (shelf.overdue - came).max(0.0);
                }
            }
        }
        shelf.orders.retain(|way| way.units > SLACK);
    }
}

/// A shelf while its counts are rolled forward, in units.
struct Rolled {
    /// What is left of the counts that are older than the plan.
    old: Vec<f64>,
    /// What was counted on its day.
    today: f64,
    /// Sold since the counts.
    sold: f64,
    /// Of this what the counts did not have.
    rest: f64,
}

impl Rolled {
    /// Takes off each count what was sold since its own day. Which location sold how much nobody says: as large a part as
    /// it had of what was counted.
    fn new(known: &Known, horizon: &Horizon, units: ndarray::ArrayView2<f64>, shelf: &Shelf, own: &[usize]) -> Rolled {
        let counted: f64 = shelf.counts.iter().map(|count| count.2).sum();
        let part =
            |on_hand: f64| if counted > 0.0 { on_hand / counted } else { 1.0 / shelf.counts.len().max(1) as f64 };
        let whole = known.data.is_whole(shelf.product);
        let mut out = Rolled { old: Vec::new(), today: 0.0, sold: 0.0, rest: 0.0 };
        for &(_, day, on_hand) in &shelf.counts {
            let Some(day) = day else {
                out.today += on_hand;
                continue;
            };
            let all: f64 = own.iter().map(|series| since(known, horizon, units, *series, day)).sum();
            let sold = part(on_hand) * all;
            let sold = if whole { sold.round() } else { sold };
            let given = sold.min(on_hand);
            out.old.push(on_hand - given);
            out.sold += sold;
            out.rest += sold - given;
        }
        out
    }

    /// Gives what it did not have itself, and what the shelves below it did not; returns what is still missing. What was
    /// counted on the day of the plan has given already.
    fn give(&mut self, below: f64) -> f64 {
        let mut rest = self.rest + below;
        for left in &mut self.old {
            let given = rest.min(*left);
            *left -= given;
            rest -= given;
        }
        rest - rest.min(self.today)
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
