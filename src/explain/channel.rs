//! The attainment cut from the channel's stock (R11).

use super::chain::Chain;
use super::number::{Expr, Unit, number, sum, units};
use crate::dataset::Tier;
use crate::messages::explain as say;
use crate::stages::attainment::Count;
use crate::stages::lessons::ATTAINMENT_RANGE;

impl Chain<'_> {
    /// What was counted, and what follows for the month ahead.
    pub fn channel(&mut self) {
        let point = self.point();
        let found = point.attainment.cells.get(self.cell).copied().flatten();
        let Some(count) = found.and_then(|c| point.attainment.counts.get(c)) else {
            return self.no_effect(say::no_channel());
        };
        if self.outlook.origin.lag(self.month) != count.lag {
            return self.no_effect(if count.lag == 1 { say::cut_at_lag_one() } else { say::cut_before() });
        }
        self.cover(count);
        self.learned(count);
        let key = (self.series, self.k);
        if count.factor == 1.0 {
            return self.no_effect(say::no_cut());
        }
        let expr = units(point.baseline.units[key]) * number(count.factor);
        let name = if count.lag == 1 { say::attainment_factor() } else { say::factor_issued() };
        self.step(("cut", "R11"), say::cut(), &expr, point.revision.cut[key], Unit::Units).input(
            name,
            count.factor,
            Unit::Factor,
            Some(&count.place),
        );
    }

    /// The attainment that such a cover came to before, where the ledger tells.
    fn learned(&mut self, count: &Count) {
        let channel = self.outlook.parameters().lessons.channel.as_ref();
        let Some((found, channel)) = count.learned.zip(channel) else { return };
        let terms = channel.b.iter().zip(&found.x).map(|(b, x)| number(*b) * number(*x));
        let log = terms.reduce(|a, b| a + b).unwrap_or_else(|| number(0.0));
        let told: f64 = log.value();
        let evidence = channel.evidence;
        self.step(("attained_log", "R11 E"), say::attained_log(), &log, told, Unit::Factor)
            .input(say::log_cover(), found.x[1], Unit::Factor, Some(&count.place))
            .input(say::last_miss(), found.x[2], Unit::Factor, None)
            .input(say::log_landing(), found.x[3], Unit::Factor, None)
            .note(say::learned_from_ledger(evidence.months, evidence.rows));
        let expr = Expr::Exp(Box::new(number(told))) * number(channel.ratio);
        let name = say::attained();
        if (expr.value() - found.factor).abs() <= 1e-9 {
            self.step(("attained", "R11 E"), name, &expr, found.factor, Unit::Factor);
        } else {
            let (low, high) = ATTAINMENT_RANGE;
            self.given(("attained", "R11 E"), name, found.factor, Unit::Factor).note(say::attained_within(low, high));
        }
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
