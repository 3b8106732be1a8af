//! Whole packs, and at least the smallest order.

/// A need this little over a whole number of packs is rounding of the arithmetic, not another pack.
const ROUNDING: f64 = 1e-9;

/// In what quantities a product is sold to us.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// Units in a pack, over 0.
    pub pack: f64,
    /// Smallest order in units, 0 where there is none.
    pub least: f64,
}

impl Lot {
    /// The smallest order in whole packs, in units.
    pub fn least_in_packs(&self) -> f64 {
        (self.least / self.pack - ROUNDING).ceil().max(0.0) * self.pack
    }
}

/// What is ordered for a raw need, in units: nothing where there is none, else whole packs, at least the smallest order.
pub fn order(need: f64, lot: Lot) -> f64 {
    if need <= ROUNDING {
        return 0.0;
    }
    ((need / lot.pack - ROUNDING).ceil() * lot.pack).max(lot.least_in_packs())
}

/// The same where nothing may be bought beyond the need (last buys, what a warehouse has left): packs are rounded
/// down, and nothing is ordered where the smallest order is more.
pub fn order_at_most(need: f64, lot: Lot) -> f64 {
    let packs = (need / lot.pack + ROUNDING).floor().max(0.0) * lot.pack;
    if packs < lot.least_in_packs() { 0.0 } else { packs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pack_then_smallest_order() {
        let lot = Lot { pack: 4.0, least: 40.0 };
        assert_eq!([0.0, -3.0, 1.0, 40.0, 40.5, 44.0].map(|x| order(x, lot)), [0.0, 0.0, 40.0, 40.0, 44.0, 44.0]);
        // A smallest order that is no whole number of packs is the next one: 42 is 44.
        assert_eq!(order(3.0, Lot { pack: 4.0, least: 42.0 }), 44.0);
        assert_eq!([39.9, 40.0, 47.0, -1.0].map(|x| order_at_most(x, lot)), [0.0, 40.0, 44.0, 0.0]);
        // Three packs of .1 are .3, though 3 x .1 is a little more.
        assert_eq!(order(0.1 + 0.2, Lot { pack: 0.1, least: 0.0 }), 3.0 * 0.1);
    }

    proptest! {
        #[test]
        fn orders_are_whole_packs_at_least_the_smallest_or_nothing(
            need in -500.0_f64..5000.0, pack in 1_u32..60, least in 0_u32..900,
        ) {
            let lot = Lot { pack: f64::from(pack), least: f64::from(least) };
            let (up, down) = (order(need, lot), order_at_most(need, lot));
            for x in [up, down] {
                prop_assert_eq!(x % lot.pack, 0.0);
                prop_assert!(x == 0.0 || x >= lot.least);
            }
            prop_assert!(up >= need && down <= need.max(0.0) && down <= up);
            // Never a pack more than the need or the smallest order asks for.
            prop_assert!(up == 0.0 || up < need.max(lot.least) + lot.pack);
            prop_assert!(order(need + 1.0, lot) >= up && order_at_most(need + 1.0, lot) >= down);
        }
    }
}
