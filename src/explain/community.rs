//! New communities in a number: what is taken out of the past, and what is added to the forecast
//! (docs/METHOD.md#communities).

use super::chain::Chain;
use super::number::{Expr, Unit, number, units};
use crate::grid::Scope;
use crate::messages::communities as say;
use crate::stages::community::record::Role;
use crate::stages::level::events;

impl Chain<'_> {
    /// Demand of a series in a month of the history, new communities and renewals left out where they are projected.
    pub fn rest(&self, series: usize, t: usize) -> f64 {
        let demand = self.demand(series, t);
        self.point().communities.as_ref().map_or(demand, |p| p.left(demand, series, t))
    }

    /// Units that new communities and renewals add to this number.
    pub fn added(&self) -> f64 {
        self.baseline_ahead().added.as_ref().and_then(|a| a.get((self.series, self.k)).copied()).unwrap_or(0.0)
    }

    /// Takes new communities and renewals out of a month's demand of the cell; gives what is left.
    pub fn without_communities(&mut self, t: usize, demand: f64) -> f64 {
        if self.point().communities.is_none() {
            return demand;
        }
        let rest: f64 = self.in_cell().map(|s| self.rest(s, t)).sum();
        let name = say::taken_out(self.known.data.month(t));
        self.step(("rest", "F"), name, &(units(demand) - units(demand - rest)), rest, Unit::Units);
        rest
    }

    /// Every step from signings to what is added.
    pub fn communities(&mut self) {
        let point = self.point();
        let Some(p) = &point.communities else { return };
        let added = self.added();
        let (s, h) = (self.series, self.k);
        let of = Role::of(self.known, self.product);
        let purchases = if of == Role::Policy { &p.policies } else { &p.goods };
        let renewing = p.renewing.get((s, h)).copied().unwrap_or(0.0);
        let own = p.baseline.units.get((s, h)).copied().unwrap_or(0.0);
        if added == 0.0 {
            let whole = own + renewing > 0.0;
            return self.no_effect(if whole { say::in_the_level() } else { say::no_purchases() });
        }
        let (region, month) = (self.region().to_owned(), self.month);
        let mut expr = units(self.baseline_ahead().units[(s, h)] - added);
        let leaf = self.leaf;
        let here = |c: &usize| p.record.leaf[*c] == leaf;
        let sum = |of: &ndarray::Array2<f64>| -> f64 {
            (0..p.record.leaf.len()).filter(here).map(|c| of.get((c, h)).copied().unwrap_or(0.0)).sum()
        };
        if let Some(purchases) = purchases.as_ref().filter(|_| own > 0.0) {
            let (signed, takers) = (sum(&p.signings.ahead), sum(&purchases.ahead));
            let largest = (0..p.record.named).filter(here).max_by(|a, b| {
                let of = |c: usize| purchases.ahead.get((c, h)).copied().unwrap_or(0.0);
                of(*a).total_cmp(&of(*b)).then(b.cmp(a))
            });
            let place = largest.and_then(|c| self.known.data.communities.list.get(c)?.parts.first()).map(|x| &x.place);
            let rate = purchases.rate(p.record.months + h, p.record.months);
            let step = self.given(("signings", "F"), say::signing_there(&region, month), signed, Unit::Customers);
            step.input(say::largest_there(), largest.map_or(0.0, |c| p.signings.ahead[(c, h)]), Unit::Customers, place);
            let coming: f64 = p.record.not_contracted().filter(here).map(|c| p.signings.ahead[(c, h)]).sum();
            if coming > 0.0 {
                step.input(say::not_contracted_there(), coming, Unit::Customers, None);
            }
            let goods = of == Role::Goods;
            let step = self.given(("takers", "F"), say::takers_there(goods, &region, month), takers, Unit::Customers);
            step.input(say::rate_then(goods), rate, Unit::Share, None);
            let level = p.level.get(self.cell, month).copied().unwrap_or_default();
            let planned = events(self.known, &self.point().level.effects, self.leaf, Scope::Group(self.group()), month);
            let each = p.per_buyer.get(self.cell).copied().unwrap_or(0.0);
            let product = Expr::Number(takers, Unit::Customers) * number(each);
            let product = planned.iter().fold(product, |expr, (times, _)| expr * number(*times));
            let group = self.group_name();
            let step = self.step(
                ("community_level", "F"),
                say::group_there(&group, month),
                &product,
                level.level,
                Unit::Units,
            );
            for (times, place) in &planned {
                step.input(say::planned_there(), *times, Unit::Factor, Some(place));
            }
            let share = p.baseline.shares.get((s, h)).copied().unwrap_or(0.0);
            let planned = p.baseline.events(s, h);
            let product = units(level.level) * Expr::Number(share, Unit::Share);
            let product = if planned == 1.0 { product } else { product * number(planned) };
            let name = say::product_there(self.name(s), month);
            self.step(("community", "F R6"), name, &product, own, Unit::Units);
            expr = expr + units(own);
        }
        if renewing > 0.0 {
            let rates = p.renewals.as_ref().map_or(0.0, |r| r.rates.iter().sum());
            let step = self.given(("renewals", "F"), say::renewals_there(&region, month), renewing, Unit::Units);
            step.input(say::renewed_share(), rates, Unit::Share, None);
            expr = expr + units(renewing);
        }
        let result = self.baseline_ahead().units[(s, h)];
        self.step(("with_communities", "F"), say::with_communities(month), &expr, result, Unit::Units);
    }
}
