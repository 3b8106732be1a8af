//! Orders within the terms of their suppliers: price breaks, whole containers, the smallest order value, free freight.
//!
//! A product is planned on its own; terms hold for all that a supplier is sent in one order. Where an order falls short of
//! one, it is filled up with what will be needed next (the shortest cover after the order goes first) if something would
//! run out before the next order could arrive, and waits for the next order where nothing does. What only saves money
//! (price breaks, freight) is taken where it saves more than holding the goods earlier costs.
//!
//! Holding: `units x price x holding / 365 x days`. Of a price break from `q` units, for an order of `w < q`: each unit
//! beyond `w` is there `max(R, R / 2 + (q - w) / (2 d))` days earlier than ordered look by look, `R` days between two
//! looks and `d` units sold a day; it saves `q x (price without - price with)`. Source: Silver, Pyke, Thomas 2017, ch. 4.5
//! (all-units discounts), with holding in place of the whole cost as orders are placed at every look anyway.

use std::collections::BTreeMap;

use super::{Inputs, Line, Reason, Term, Terms};
use crate::dataset::Vendor;
use crate::settings::StockSettings;
use crate::stats::stock::order;

/// Days of a year.
const YEAR: f64 = 365.0;
/// Less than this of a yuan, a unit or a container is rounding.
const ROUNDING: f64 = 1e-6;
/// An order is filled up in so many steps at most.
const STEPS: usize = 100_000;

/// Settles the orders of all lines; those of suppliers without terms stay as they are.
pub fn settle(inputs: &Inputs, lines: &mut [Line]) {
    let suppliers = inputs.known.data.suppliers;
    if suppliers.list.is_empty() && suppliers.breaks.is_empty() {
        return;
    }
    let mut by_supplier: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter_mut().enumerate().filter(|(_, line)| line.buys) {
        let terms = Terms::of(inputs.known, line.product);
        take_break(inputs, &terms, line);
        if let Some(supplier) = terms.supplier {
            by_supplier.entry(supplier).or_default().push(at);
        }
    }
    for (supplier, of) in by_supplier {
        let Some(vendor) = suppliers.list.get(supplier) else { continue };
        let mut basket = Basket::new(inputs, &inputs.known.data.settings.stock, lines, of);
        basket.container(vendor);
        basket.least_value(vendor);
        basket.free_freight(vendor);
    }
}

/// Units of a line sold a day.
fn a_day(line: &Line) -> f64 {
    line.bought_for / (line.days.max(1)) as f64
}

/// Takes a price break that saves more than it costs to hold what it asks for.
fn take_break(inputs: &Inputs, terms: &Terms, line: &mut Line) {
    let (settings, wanted) = (&inputs.known.data.settings.stock, line.order);
    let Some(now) = terms.price_of(wanted).filter(|_| wanted > 0.0 && may_grow(line)) else { return };
    let (review, a_day) = (f64::from(settings.review_days), a_day(line));
    if a_day <= 0.0 {
        return;
    }
    let saved = |units: f64| {
        let price = terms.price_of(units)?;
        let more = units - wanted;
        let days = review.max(review / 2.0 + more / (2.0 * a_day));
        Some(units * (now - price) - more * price * settings.holding / YEAR * days)
    };
    let larger = terms.breaks.iter().filter(|b| b.from > wanted).map(|b| order(b.from, terms.lot));
    let within = larger.filter(|units| line.position + line.transfer_in + units <= terms.most(line));
    let best = within.filter_map(|units| Some((saved(units)?, units))).max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, units)) = best.filter(|(saved, _)| *saved > 0.0) {
        line.reason = Reason::Raised { term: Term::Break, by: units - wanted };
        line.order = units;
    }
}

/// Whether more of a line may be bought than it needs.
fn may_grow(line: &Line) -> bool {
    !matches!(
        line.reason,
        Reason::LastBuy { .. }
            | Reason::LastBuyTooSmall { .. }
            | Reason::TooLate { .. }
            | Reason::Retired
            | Reason::DoNotBuy
            | Reason::NoDemand
            | Reason::Slipped { .. }
            | Reason::FirstBuy
            | Reason::Growing { .. }
    )
}

/// What a supplier is sent in one order.
struct Basket<'l> {
    settings: &'l StockSettings,
    lines: &'l mut [Line],
    /// The lines that it delivers.
    of: Vec<usize>,
    terms: Vec<Terms>,
    wanted: Vec<f64>,
}

impl<'l> Basket<'l> {
    fn new(inputs: &Inputs, settings: &'l StockSettings, lines: &'l mut [Line], of: Vec<usize>) -> Basket<'l> {
        let terms = of.iter().map(|at| Terms::of(inputs.known, lines[*at].product)).collect();
        let wanted = of.iter().map(|at| lines[*at].order).collect();
        Basket { settings, lines, of, terms, wanted }
    }

    /// Value of the order, in yuan; none where a line has no cost.
    fn value(&self) -> Option<f64> {
        self.sum(|line, terms| Some(line.order * terms.price_of(line.order)?))
    }

    /// What it takes of containers; none where a line does not say.
    fn load(&self) -> Option<f64> {
        self.sum(|line, terms| Some(line.order * terms.load).filter(|load| *load > 0.0))
    }

    fn sum(&self, of: impl Fn(&Line, &Terms) -> Option<f64>) -> Option<f64> {
        let ordered = self.of.iter().zip(&self.terms).filter(|(at, _)| self.lines[**at].order > 0.0);
        ordered.map(|(at, terms)| of(&self.lines[*at], terms)).sum()
    }

    /// Whether something runs out before what is ordered at the next look arrives.
    fn hurries(&self) -> bool {
        let review = i64::from(self.settings.review_days);
        self.of.iter().any(|at| self.lines[*at].order > 0.0 && self.lines[*at].slack < review)
    }

    /// Orders whole containers: full ones of what hurries, filled up; else as many as are full, the rest waits.
    fn container(&mut self, vendor: &Vendor) {
        let Some(load) = self.load().filter(|load| *load > 0.0 && vendor.container > 0.0) else { return };
        let full = (load / vendor.container + ROUNDING).floor() * vendor.container;
        if load - full <= ROUNDING * vendor.container {
            return;
        }
        if self.hurries() {
            let room = full + vendor.container;
            self.fill(Term::Container, |basket, line, units| {
                let more = basket.terms.get(line).map_or(0.0, |terms| terms.load * units);
                more > 0.0 && basket.load().is_some_and(|load| load + more <= room * (1.0 + ROUNDING))
            });
        } else if full > 0.0 {
            self.lower(Term::Container, full);
        } else {
            self.hold(Term::Container);
        }
    }

    /// Fills an order that hurries up to the smallest value; others wait.
    fn least_value(&mut self, vendor: &Vendor) {
        let Some(value) = self.value().filter(|value| *value > 0.0 && *value < vendor.least - ROUNDING) else { return };
        let _ = value;
        if self.hurries() {
            self.fill(Term::LeastValue, |basket, _, _| basket.value().is_some_and(|v| v < vendor.least - ROUNDING));
        } else {
            self.hold(Term::LeastValue);
        }
    }

    /// Fills an order up to where freight is free, where holding the goods costs less than the freight. What is filled up
    /// is there at least the time between two looks earlier, and then sold at the pace of all the supplier's lines.
    fn free_freight(&mut self, vendor: &Vendor) {
        let Some(value) = self.value().filter(|value| *value > 0.0 && *value < vendor.free_freight) else { return };
        let settings = self.settings;
        let pace: Option<f64> = self
            .of
            .iter()
            .zip(&self.terms)
            .map(|(at, terms)| Some(a_day(&self.lines[*at]) * terms.price_of(1.0)?))
            .sum();
        let Some(pace) = pace.filter(|pace| *pace > 0.0) else { return };
        let gap = vendor.free_freight - value;
        let review = f64::from(settings.review_days);
        let days = review.max(review / 2.0 + gap / (2.0 * pace));
        if gap * settings.holding / YEAR * days < vendor.freight {
            self.fill(Term::FreeFreight, |basket, _, _| {
                basket.value().is_some_and(|value| value < vendor.free_freight - ROUNDING)
            });
        }
    }

    /// Adds packs where cover after the order is shortest, as long as `more` allows it.
    fn fill(&mut self, term: Term, more: impl Fn(&Basket, usize, f64) -> bool) {
        let before: Vec<f64> = self.of.iter().map(|at| self.lines[*at].order).collect();
        for _ in 0..STEPS {
            let step = |i: usize| {
                let (line, terms) = (&self.lines[self.of[i]], &self.terms[i]);
                let pace = a_day(line);
                let units = order(terms.lot.pack, terms.lot).max(if line.order > 0.0 { 0.0 } else { terms.lot.least });
                let units = if line.order > 0.0 { terms.lot.pack } else { units };
                let there = line.position + line.transfer_in + line.order;
                let fits = pace > 0.0
                    && may_grow(line)
                    && terms.cost.is_some()
                    && there + units <= terms.most(line)
                    && more(self, i, units);
                fits.then_some((there / pace, i, units))
            };
            let next = (0..self.of.len()).filter_map(step).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let Some((_, i, units)) = next else { break };
            self.lines[self.of[i]].order += units;
        }
        for (i, before) in before.into_iter().enumerate() {
            let line = &mut self.lines[self.of[i]];
            if line.order > before {
                line.reason = Reason::Raised { term, by: line.order - self.wanted[i] };
            }
        }
    }

    /// Takes packs off where cover after the order is longest, until the load is down to so much.
    fn lower(&mut self, term: Term, load: f64) {
        for _ in 0..STEPS {
            if self.load().is_none_or(|now| now <= load * (1.0 + ROUNDING)) {
                break;
            }
            let cover = |i: &usize| {
                let line = &self.lines[self.of[*i]];
                (line.position + line.transfer_in + line.order) / a_day(line).max(f64::MIN_POSITIVE)
            };
            let ordered = (0..self.of.len()).filter(|i| self.lines[self.of[*i]].order > 0.0);
            let Some(i) = ordered.max_by(|a, b| cover(a).total_cmp(&cover(b)).then(b.cmp(a))) else { break };
            let (line, lot) = (&mut self.lines[self.of[i]], self.terms[i].lot);
            let left = line.order - lot.pack;
            line.order = if left + ROUNDING < lot.least_in_packs().max(lot.pack) { 0.0 } else { left };
            line.reason = Reason::Lowered { term, by: self.wanted[i] - line.order };
        }
    }

    /// Leaves the whole order to the next look.
    fn hold(&mut self, term: Term) {
        for at in &self.of {
            let line = &mut self.lines[*at];
            if line.order > 0.0 {
                line.reason = Reason::Held { term, units: line.order };
                line.order = 0.0;
            }
        }
    }
}
