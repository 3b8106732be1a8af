//! The attainment cut from the channel's stock (R11).

use super::chain::Chain;
use super::number::{Expr, Unit, number, sum, units};
use crate::dataset::Tier;
use crate::messages::explain as say;
use crate::stages::attainment::Count;

impl Chain<'_> {
    /// What was counted, and what follows for the month ahead.
    pub fn channel(&mut self) {
        let point = self.point();
        let lag = self.outlook.origin.lag(self.month);
        let found = point.attainment.cells.get(self.cell).copied().flatten();
        let Some(count) = found.and_then(|c| point.attainment.counts.get(c)) else {
            return self.no_effect(say::no_channel());
        };
        if lag != 1 {
            return self.no_effect(say::cut_at_lag_one());
        }
        self.cover(count);
        let key = (self.series, self.k);
        if count.factor == 1.0 {
            return self.no_effect(say::no_cut());
        }
        let expr = units(point.baseline.units[key]) * number(count.factor);
        self.step(("cut", "R11"), say::cut(), &expr, point.revision.cut[key], Unit::Units).input(
            say::attainment_factor(),
            count.factor,
            Unit::Factor,
            Some(&count.place),
        );
    }

    fn cover(&mut self, count: &Count) {
        let grid = &self.known.data.grid;
        let place = Some(&count.place);
        let limits = &self.outlook.parameters().attainment;
        let region = grid.regions.name(count.node);
        if let Some(cover) = count.cover.filter(|_| !count.sell_out.is_empty()) {
            let months = number(count.sell_out.len() as f64);
            let expr = units(count.stock) * months / sum(count.sell_out.iter().copied());
            self.step(("cover", "R11"), say::cover(region, count.tier == Tier::Downstream), &expr, cover, Unit::Months)
                .input(say::stock(), count.stock, Unit::Units, place);
            if let Some(norm) = count.norm {
                let expr = Expr::Number(cover, Unit::Months) / Expr::Number(norm, Unit::Months);
                self.step(("cover_ratio", "R11"), say::cover_ratio(), &expr, cover / norm, Unit::Factor)
                    .input(say::norm(limits.norm_months), norm, Unit::Months, None)
                    .note(say::cover_limits((limits.high, limits.cut), (limits.very_high, limits.deep_cut)));
            }
        }
        if let Some((sold, forecast)) = count.push {
            let expr = units(sold) / units(forecast) - number(1.0);
            self.step(("push", "R11"), say::push(region), &expr, sold / forecast - 1.0, Unit::Rate)
                .input(say::sell_in(), sold, Unit::Units, None)
                .input(say::its_forecast(), forecast, Unit::Units, None)
                .note(say::push_limits((limits.push, limits.cut), (limits.strong_push, limits.deep_cut)));
        }
    }
}
