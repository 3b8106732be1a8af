//! New communities in a number: what is taken out of the past, and what is added to the forecast
//! (docs/METHOD.md#communities).

use super::chain::Chain;
use super::number::{Expr, Unit, number, units};
use crate::dataset::Known;
use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::communities as say;
use crate::stages::community::Projection;
use crate::stages::community::purchase::Basis;
use crate::stages::community::record::Role;
use crate::stages::community::stated::By;
use crate::stages::level::events;
use crate::stats::life_table::{Part, Seen};

/// Communities whose signings are told one by one.
const TOLD: usize = 5;

/// Signings of a leaf in a month ahead, part by part of its communities, those that sign most first.
fn signs_there(known: &Known, p: &Projection, leaf: usize, h: usize) -> Vec<Text> {
    let (curve, t) = (&p.signings.curve, (p.record.months + h) as i32);
    let plain = |x: f64| if (x - x.round()).abs() < 1e-9 { format!("{x:.0}") } else { format!("{x:.2}") };
    let ahead = |c: usize| p.signings.ahead.get((c, h)).copied().unwrap_or_default();
    let expected = |c: usize| -> f64 {
        p.record.parts.iter().filter(|part| part.community == c).map(|part| curve.expected(part, t)).sum()
    };
    let here = |part: &&Part| p.record.leaf[part.community] == leaf && curve.expected(part, t) > 0.0;
    let mut parts: Vec<&Part> = p.record.parts.iter().filter(here).collect();
    parts.sort_by(|a, b| ahead(b.community).total_cmp(&ahead(a.community)).then(a.community.cmp(&b.community)));
    let told = |part: &&Part| {
        let code = known.data.communities.list.get(part.community)?.code.as_str();
        let (lag, times) = (t - part.handover, ahead(part.community) / expected(part.community));
        let seen = say::share_seen(match curve.seen(lag) {
            Seen::Observed => "observed",
            Seen::Both => "both",
            Seen::Stated => "stated",
            Seen::Between => "between",
            Seen::Beyond => "beyond",
        });
        let share = format!("{:.2}%", 100.0 * curve.at(lag));
        let signings = plain(curve.expected(part, t) * times);
        Some(say::signs_there(code, &plain(part.households), lag, &share, &seen, &format!("{times:.4}"), &signings))
    };
    let mut out: Vec<Text> = parts.iter().take(TOLD).filter_map(told).collect();
    if parts.len() > TOLD {
        out.push(say::more_sign_there(parts.len() - TOLD));
    }
    out
}

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
            let notes = signs_there(self.known, p, leaf, h);
            let rate = purchases.rate(leaf, p.record.months + h, p.record.months);
            let step = self.given(("signings", "F"), say::signing_there(&region, month), signed, Unit::Customers);
            step.input(say::largest_there(), largest.map_or(0.0, |c| p.signings.ahead[(c, h)]), Unit::Customers, place);
            let coming: f64 = p.record.not_contracted().filter(here).map(|c| p.signings.ahead[(c, h)]).sum();
            if coming > 0.0 {
                step.input(say::not_contracted_there(), coming, Unit::Customers, None);
            }
            for note in notes {
                step.note(note);
            }
            let goods = of == Role::Goods;
            let step = self.given(("takers", "F"), say::takers_there(goods, &region, month), takers, Unit::Customers);
            step.input(say::rate_then(goods), rate, Unit::Share, None);
            if let Some((given, value, record)) = purchases.stated.as_ref().and_then(|s| s.given.get(leaf)?.as_ref()) {
                step.input(say::stated_share(given.by == By::Totals), *value, Unit::Share, Some(&given.place));
                step.input(say::counts_for(), p.stated.weight, Unit::Customers, None);
                step.input(say::on_record(given.from), *record, Unit::Customers, None);
            }
            if purchases.basis == Basis::Centres {
                step.note(say::from_centres(&say::flow(goods)));
            }
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
            let rates = p.renewals.as_ref().map_or(0.0, |r| match r.mix {
                Some(_) => r.share,
                None => r.rates[self.product].iter().sum(),
            });
            let step = self.given(("renewals", "F"), say::renewals_there(&region, month), renewing, Unit::Units);
            step.input(say::renewed_share(), rates, Unit::Share, None);
            expr = expr + units(renewing);
        }
        let result = self.baseline_ahead().units[(s, h)];
        self.step(("with_communities", "F"), say::with_communities(month), &expr, result, Unit::Units);
    }
}
