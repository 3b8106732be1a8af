//! The product's share of its group: last month's, or two months' average (R6, R10).

use super::chain::Chain;
use super::number::{Expr, Unit, number, sum, units};
use crate::grid::Scope;
use crate::messages::communities;
use crate::messages::explain as say;
use crate::stages::level::events;
use crate::stages::mix::{Rule, is_alive};

impl Chain<'_> {
    /// Every step to the share used.
    pub fn mix(&mut self) {
        let mix = &self.point().mix;
        let Some(last) = self.known.months().checked_sub(1) else { return };
        let rule = mix.rules.get(self.cell).copied().unwrap_or_default();
        match rule {
            Rule::LastMonth => {
                self.month_share(last, mix.repaired[self.series]);
                self.no_effect(say::no_average());
            }
            Rule::NewYear(t) | Rule::Stockouts(t) => {
                let all: f64 = self.in_cell().map(|s| self.rest(s, t).max(0.0)).sum();
                let partner = if all > 0.0 { self.rest(self.series, t).max(0.0) / all } else { 0.0 };
                let repaired = mix.repaired[self.series];
                self.month_share(t, partner);
                self.month_share(last, repaired);
                let share = |x| Expr::Number(x, Unit::Share);
                let expr = (share(partner) + share(repaired)) / number(2.0);
                let (month, other) = (self.known.data.month(last), self.known.data.month(t));
                let new_year = matches!(rule, Rule::NewYear(_));
                let name = say::average_share(month, other);
                let used = mix.used[self.series];
                let why = if new_year { say::new_year_distorts(month) } else { say::stockouts_distort(month) };
                self.step(("share", "R10"), name, &expr, used, Unit::Share).note(why);
            }
            Rule::Company => self.company_share(last),
            Rule::Equal => self.equal_share(),
        }
    }

    /// The share of one month's demand.
    fn month_share(&mut self, t: usize, share: f64) {
        let corrected = self.stockout(t);
        let month = self.known.data.month(t);
        if !corrected {
            self.no_effect(say::no_stockouts(month));
        }
        let found: Vec<(usize, f64)> =
            self.in_cell().map(|s| (s, self.rest(s, t).max(0.0))).filter(|x| x.1 > 0.0).collect();
        if found.is_empty() {
            return;
        }
        let own = self.rest(self.series, t).max(0.0);
        let expr = units(own) / sum(found.iter().map(|x| x.1));
        let name = say::month_share(self.name(self.series), month);
        let places: Vec<_> = found.iter().map(|x| self.known.data.place(x.0, t)).collect();
        let names: Vec<&str> = found.iter().map(|x| self.name(x.0)).collect();
        let apart = self.point().communities.is_some();
        let step = self.step(("month_share", "R6"), name, &expr, share, Unit::Share);
        for ((name, (_, value)), place) in names.into_iter().zip(found).zip(places) {
            let what = match (apart, corrected) {
                (true, _) => communities::rest_of(name),
                (_, true) => say::demand_of(name),
                _ => say::sales_of(name),
            };
            step.input(what, value, Unit::Units, place.as_ref());
        }
    }

    /// Nothing sold here last month: the company's mix.
    fn company_share(&mut self, last: usize) {
        let grid = &self.known.data.grid;
        let of = |product: usize| -> f64 {
            let all = grid.series.iter().enumerate().filter(|(_, x)| x.product == product);
            all.map(|(s, _)| self.rest(s, last)).sum::<f64>().max(0.0)
        };
        let own = if self.known.seen(self.series).is_some() { of(self.product) } else { 0.0 };
        let here = self.in_cell().filter(|s| self.known.seen(*s).is_some());
        let all: Vec<f64> = here.map(|s| of(grid.series[s].product)).filter(|x| *x > 0.0).collect();
        let used = self.point().mix.used[self.series];
        let name = say::company_mix(self.known.data.month(last));
        self.step(("share", "R6"), name, &(units(own) / sum(all)), used, Unit::Share);
    }

    /// Nothing sold anywhere last month: equal shares.
    fn equal_share(&mut self) {
        let count = self.in_cell().filter(|&s| is_alive(self.known, s)).count();
        let used = self.point().mix.used[self.series];
        if used > 0.0 {
            let expr = number(1.0) / number(count as f64);
            self.step(("share", "R6"), say::equal_mix(), &expr, used, Unit::Share);
        } else {
            self.given(("share", "R6"), say::no_mix(), used, Unit::Share);
        }
    }

    /// `level x share x events`.
    pub fn baseline(&mut self) {
        let point = self.point();
        let key = (self.series, self.k);
        let level = point.level.get(self.cell, self.month).map_or(0.0, |c| c.level);
        let planned =
            events(self.known, &self.point().level.effects, self.leaf, Scope::Product(self.product), self.month);
        let mut expr = units(level) * Expr::Number(self.baseline_ahead().shares[key], Unit::Share);
        for (times, _) in &planned {
            expr = expr * number(*times);
        }
        let name = say::baseline(self.name(self.series), self.month);
        let result = self.baseline_ahead().units[key] - self.added();
        let step = self.step(("baseline", "R6 R9"), name, &expr, result, Unit::Units);
        for (times, place) in &planned {
            step.input(say::planned_event(), *times, Unit::Factor, Some(place));
        }
    }
}
