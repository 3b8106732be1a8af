//! Goods shared between our own locations: what one has beyond its level goes where it is missing, before anything is
//! bought.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Shelf;
use crate::stats::stock::{Lot, order, order_at_most};

/// Goods to be moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// Product index.
    pub product: usize,
    /// Region node of the shelf they come from, and its locations.
    pub from: (usize, Vec<usize>),
    /// The same of the shelf they go to.
    pub to: (usize, Vec<usize>),
    /// Units, whole packs.
    pub units: f64,
}

/// What a shelf asks for or can spare, in units.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Missing to its level.
    pub need: f64,
    /// On hand, and not needed here.
    pub spare: f64,
    /// Days its stock lasts: who runs out first is served first.
    pub lasts: usize,
}

/// Shares out what shelves of one product can spare, in whole packs: first the shelf above, then the others with the most
/// to spare. Who runs out first is served first.
pub fn share(shelves: &[Shelf], asked: &mut [Asked], pack: f64) -> Vec<Transfer> {
    let lot = Lot { pack, least: 0.0 };
    let mut out = Vec::new();
    let mut receivers: Vec<usize> = (0..asked.len()).filter(|i| asked[*i].need > 0.0).collect();
    receivers.sort_by_key(|i| (asked[*i].lasts, *i));
    // Who can spare, the most first; an entry whose shelf has given since is stale.
    let mut spare: BinaryHeap<Spare> = (0..asked.len()).filter_map(|i| Spare::of(asked, i)).collect();
    for to in receivers {
        let mut wanted = order(asked[to].need, lot);
        let mut above = shelves[to].above;
        loop {
            // The shelf above is asked first, then the others.
            let (first, next) = match above.take() {
                Some(above) => (true, Some(above)),
                None => (false, most(&mut spare, asked)),
            };
            let Some(from) = next else { break };
            let units = order_at_most(wanted.min(asked[from].spare), lot);
            if units > 0.0 {
                asked[from].spare -= units;
                asked[to].need -= units;
                wanted -= units;
                let place = |i: usize| (shelves[i].node, shelves[i].locations.clone());
                out.push(Transfer { product: shelves[to].product, from: place(from), to: place(to), units });
            }
            if !first || units > 0.0 {
                spare.extend(Spare::of(asked, from));
            }
            if !first && units <= 0.0 {
                // Nobody else can spare more.
                break;
            }
        }
    }
    out
}

/// What a shelf can spare, in units.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spare {
    units: f64,
    shelf: usize,
}

impl Spare {
    fn of(asked: &[Asked], shelf: usize) -> Option<Spare> {
        asked.get(shelf).filter(|a| a.spare > 0.0).map(|a| Spare { units: a.spare, shelf })
    }
}

impl Eq for Spare {}

impl PartialOrd for Spare {
    fn partial_cmp(&self, other: &Spare) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Spare {
    /// By units; of equally many the earlier shelf is the larger.
    fn cmp(&self, other: &Spare) -> Ordering {
        self.units.total_cmp(&other.units).then(other.shelf.cmp(&self.shelf))
    }
}

/// The shelf that can spare most, taken out of the heap.
fn most(spare: &mut BinaryHeap<Spare>, asked: &[Asked]) -> Option<usize> {
    loop {
        let top = spare.pop()?;
        if Spare::of(asked, top.shelf) == Some(top) {
            return Some(top.shelf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(node: usize, above: Option<usize>) -> Shelf {
        Shelf {
            product: 0,
            node,
            locations: vec![node],
            on_hand: 0.0,
            owed: 0.0,
            orders: Vec::new(),
            overdue: 0.0,
            above,
            series: Vec::new(),
            counted: crate::stock::Counted::Today,
            counts: Vec::new(),
        }
    }

    #[test]
    fn the_shelf_above_gives_first_and_who_runs_out_first_gets_first() {
        let shelves = [shelf(0, None), shelf(1, Some(0)), shelf(2, Some(0)), shelf(3, Some(0))];
        let ask = |need, spare, lasts| Asked { need, spare, lasts };
        let mut asked = [ask(0.0, 10.0, 90), ask(7.0, 0.0, 20), ask(5.0, 0.0, 3), ask(0.0, 9.0, 60)];
        let moved = share(&shelves, &mut asked, 4.0);
        let seen: Vec<(usize, usize, f64)> = moved.iter().map(|t| (t.from.0, t.to.0, t.units)).collect();
        // 8 (two packs for 5) from above to the shelf that lasts 3 days; 2 are left there, no pack: 8 of the sister's 9.
        assert_eq!(seen, [(0, 2, 8.0), (3, 1, 8.0)]);
        assert_eq!((asked[0].spare, asked[3].spare), (2.0, 1.0));
    }
}
