//! Orders within the terms of their suppliers: price breaks, whole containers, the smallest order value, free freight, in
//! this order.
//!
//! A product is planned on its own; terms hold for all that a supplier is sent in one order. Where an order falls short of
//! one, it is filled up with what will be needed next (the shortest cover after the order goes first) if something would
//! run out before the next order could arrive, and waits for the next order where nothing does. What only saves money
//! (price breaks, freight) is taken where it saves more than holding the goods earlier costs. What is filled up for a later
//! term goes on to the next whole container. What does not reach its aim is undone: an order that cannot be filled up to a
//! term stands as it was needed, and says so.
//!
//! Holding: `units x price x holding / 365 x days`. Of a price break from `q` units, for an order of `w < q`: each unit
//! beyond `w` is there `max(R, R / 2 + (q - w) / (2 d))` days earlier than ordered order by order, `R` days between two
//! orders and `d` units sold a day; it saves `q x (price without - price with)`. Source: Silver, Pyke, Thomas 2017, ch. 4.5
//! (all-units discounts), with holding in place of the whole cost as orders are placed at every look anyway.
//!
//! Filling up: pack by pack, always the line whose cover is shortest. All packs that begin below one cover are those taken
//! until the shortest is that cover, so the cover is found by halving, and only the last packs one by one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::{Change, Inputs, Line, Term, Terms};
use crate::dataset::Vendor;
use crate::settings::StockSettings;
use crate::stats::stock::order;

/// Days of a year.
const YEAR: f64 = 365.0;
/// Less than this of a yuan, a unit or a container is rounding.
const ROUNDING: f64 = 1e-6;
/// Nothing is filled up to a cover of more days: ten years.
const LONGEST_COVER: f64 = 3650.0;
/// Halvings of that: to far below a day.
const HALVINGS: usize = 50;

/// Settles the orders of all lines; those of suppliers without terms stay as they are.
pub fn settle(inputs: &Inputs, lines: &mut [Line]) {
    let suppliers = inputs.known.data.suppliers;
    if suppliers.list.is_empty() && suppliers.breaks.is_empty() {
        return;
    }
    let settings = &inputs.known.data.settings.stock;
    let mut by_supplier: BTreeMap<usize, Basket> = BTreeMap::new();
    for (at, line) in lines.iter_mut().enumerate().filter(|(_, line)| line.buys) {
        let terms = Terms::of(inputs.known, line.product);
        let hurries = line.order > 0.0 && line.slack < line.review as i64;
        let mut item = Item::new(at, line, terms, settings);
        item.take_break(settings);
        match item.terms.supplier {
            Some(supplier) => {
                let empty = || Basket { settings, items: Vec::new(), hurries: false };
                let basket = by_supplier.entry(supplier).or_insert_with(empty);
                basket.hurries |= hurries;
                basket.items.push(item);
            }
            None => item.settle(line),
        }
    }
    for (supplier, mut basket) in by_supplier {
        if let Some(vendor) = suppliers.list.get(supplier) {
            basket.container(vendor);
            basket.least_value(vendor);
            basket.free_freight(vendor);
        }
        for item in basket.items {
            if let Some(line) = lines.get_mut(item.at) {
                item.settle(line);
            }
        }
    }
}

/// A line of an order while it is settled.
struct Item {
    /// Which line.
    at: usize,
    terms: Terms,
    /// Units in its position without an order.
    there: f64,
    /// Units sold a day.
    pace: f64,
    /// Most units that its position may be.
    most: f64,
    /// Whether more of it may be ordered than it needs.
    grows: bool,
    /// Units ordered: for its need, then for a price break, and as it is now.
    needed: f64,
    at_break: f64,
    order: f64,
    changes: Vec<Change>,
}

impl Item {
    fn new(at: usize, line: &Line, terms: Terms, settings: &StockSettings) -> Item {
        Item {
            at,
            there: line.position + line.moved_in(),
            pace: line.bought_for / line.days.max(1) as f64,
            most: line.most,
            grows: terms.may_grow(settings.proven_months),
            needed: line.order,
            at_break: line.order,
            order: line.order,
            changes: Vec::new(),
            terms,
        }
    }

    /// Hands the order and what made it to its line.
    fn settle(self, line: &mut Line) {
        line.order = self.order;
        line.changes.extend(self.changes);
    }

    /// Value of its order, in yuan; 0 of none, none where it has no cost.
    fn value(&self) -> Option<f64> {
        if self.order > 0.0 { Some(self.order * self.terms.price_of(self.order)?) } else { Some(0.0) }
    }

    /// What its order takes of containers; none where it does not say.
    fn load(&self) -> Option<f64> {
        if self.order > 0.0 { Some(self.order * self.terms.load).filter(|load| *load > 0.0) } else { Some(0.0) }
    }

    /// Days that its position and order last.
    fn cover(&self) -> f64 {
        (self.there + self.order) / self.pace.max(f64::MIN_POSITIVE)
    }

    /// Units of the next step: a pack, at first at least the smallest order.
    fn step(&self) -> f64 {
        let lot = self.terms.lot;
        if self.order > 0.0 { lot.pack } else { order(lot.pack, lot) }
    }

    /// Whether it can be filled up by one more step.
    fn has_room(&self) -> bool {
        self.there + self.order + self.step() <= self.most && self.cover() < LONGEST_COVER
    }

    /// Its order with all steps that begin below so many days of cover.
    fn filled(&self, cover: f64) -> f64 {
        let gap = cover * self.pace - self.there - self.order;
        let room = self.most - self.there - self.order - self.step();
        if gap <= 0.0 || cover <= 0.0 || room < 0.0 {
            return self.order;
        }
        let pack = self.terms.lot.pack;
        let asked = ((gap - self.step()) / pack).ceil().max(0.0);
        self.order + self.step() + pack * asked.min((room / pack).floor())
    }

    /// Takes a price break that saves more than it costs to hold what it asks for.
    fn take_break(&mut self, settings: &StockSettings) {
        let (wanted, terms) = (self.order, &self.terms);
        let Some(now) = terms.price_of(wanted).filter(|_| wanted > 0.0 && self.grows && self.pace > 0.0) else {
            return;
        };
        let review = terms.review as f64;
        let saved = |units: f64| {
            let price = terms.price_of(units)?;
            let more = units - wanted;
            let days = review.max(review / 2.0 + more / (2.0 * self.pace));
            Some(units * (now - price) - more * price * settings.holding / YEAR * days)
        };
        let larger = terms.breaks.iter().filter(|b| b.from > wanted).map(|b| order(b.from, terms.lot));
        let within = larger.filter(|units| self.there + units <= self.most);
        let best = within.filter_map(|units| Some((saved(units)?, units))).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, units)) = best.filter(|(saved, _)| *saved > 0.0) {
            self.changes.push(Change::Raised { term: Term::Break, by: units - wanted });
            (self.order, self.at_break) = (units, units);
        }
    }

    /// Takes off a pack; what is then under the smallest order goes, and so does what was only there for a price break
    /// that is lost.
    fn take_off(&mut self) {
        let lot = self.terms.lot;
        let mut left = self.order - lot.pack;
        if left + ROUNDING < self.at_break {
            left = left.min(self.needed);
            self.at_break = self.needed;
            self.changes.retain(|change| !matches!(change, Change::Raised { term: Term::Break, .. }));
        }
        self.order = if left + ROUNDING < lot.least_in_packs().max(lot.pack) { 0.0 } else { left };
    }
}

/// What an order is filled up to.
#[derive(Clone, Copy)]
enum Aim {
    /// A value in yuan, or a little more. Where it comes in containers, only with what says how much it takes of one.
    Value { yuan: f64, in_containers: bool },
    /// A load, until nothing more goes in.
    Load(f64),
}

impl Aim {
    /// What an item counts towards it; none where it says nothing of it.
    fn of(self, item: &Item) -> Option<f64> {
        match self {
            Aim::Value { .. } => item.value(),
            Aim::Load(_) => item.load(),
        }
    }

    /// Whether an item can be filled up for it.
    fn takes(self, item: &Item) -> bool {
        let counts = match self {
            Aim::Value { in_containers, .. } => item.terms.cost.is_some() && (!in_containers || item.terms.load > 0.0),
            Aim::Load(_) => item.terms.load > 0.0 && (item.order > 0.0 || item.terms.cost.is_some()),
        };
        counts && item.grows && item.pace > 0.0
    }

    /// Whether a sum has reached it, or would go beyond it.
    fn is_over(self, sum: f64) -> bool {
        match self {
            Aim::Value { yuan, .. } => sum >= yuan - ROUNDING,
            Aim::Load(load) => sum > load * (1.0 + ROUNDING),
        }
    }
}

/// What a supplier is sent in one order.
struct Basket<'s> {
    settings: &'s StockSettings,
    /// The lines that it delivers.
    items: Vec<Item>,
    /// Whether something runs out before what is ordered at the next look arrives.
    hurries: bool,
}

impl Basket<'_> {
    /// Value of the order, in yuan; none where a line has no cost.
    fn value(&self) -> Option<f64> {
        self.items.iter().map(Item::value).sum()
    }

    /// What it takes of containers; none where a line does not say.
    fn load(&self) -> Option<f64> {
        self.items.iter().map(Item::load).sum()
    }

    /// The load of full containers, and whether there is more than these; none where the supplier has none or a line does
    /// not say.
    fn containers(&self, vendor: &Vendor) -> Option<(f64, bool)> {
        let load = self.load().filter(|load| *load > 0.0 && vendor.container > 0.0)?;
        let full = (load / vendor.container + ROUNDING).floor() * vendor.container;
        Some((full, load - full > ROUNDING * vendor.container))
    }

    /// Orders whole containers: full ones of what hurries, filled up; else as many as are full, the rest waits.
    fn container(&mut self, vendor: &Vendor) {
        match self.containers(vendor) {
            Some((full, true)) if self.hurries => {
                self.raise_or_say(Term::Container, |basket| basket.fill(Aim::Load(full + vendor.container)));
            }
            Some((full, true)) if full > 0.0 => self.lower(Term::Container, full),
            Some((_, true)) => self.hold(Term::Container),
            _ => {}
        }
    }

    /// Fills an order that hurries up to the smallest value; others wait.
    fn least_value(&mut self, vendor: &Vendor) {
        if self.value().is_none_or(|value| value <= 0.0 || value >= vendor.least - ROUNDING) {
            return;
        }
        if self.hurries {
            self.raise_or_say(Term::LeastValue, |basket| basket.fill_to_value(vendor, vendor.least));
        } else {
            self.hold(Term::LeastValue);
        }
    }

    /// Fills an order up to where freight is free, where holding the goods costs less than the freight. What is filled up
    /// is there at least the time between two orders earlier, and then sold at the pace of all the supplier's lines.
    fn free_freight(&mut self, vendor: &Vendor) {
        let Some(value) = self.value().filter(|value| *value > 0.0 && *value < vendor.free_freight - ROUNDING) else {
            return;
        };
        let pace: Option<f64> = self.items.iter().map(|item| Some(item.pace * item.terms.price_of(1.0)?)).sum();
        let Some(pace) = pace.filter(|pace| *pace > 0.0) else { return };
        let review = self.items.first().map_or(0.0, |item| item.terms.review as f64);
        let holding = self.settings.holding;
        let pays = |more: f64| more * holding / YEAR * review.max(review / 2.0 + more / (2.0 * pace)) < vendor.freight;
        if pays(vendor.free_freight - value) {
            self.raise(Term::FreeFreight, |basket| {
                basket.fill_to_value(vendor, vendor.free_freight)
                    && basket.value().is_some_and(|reached| pays(reached - value))
            });
        }
    }

    /// Fills an order up to a value, and on to the next whole container; whether it was reached.
    fn fill_to_value(&mut self, vendor: &Vendor, yuan: f64) -> bool {
        let in_containers = self.containers(vendor).is_some();
        self.fill(Aim::Value { yuan, in_containers })
            && match self.containers(vendor) {
                Some((full, true)) => self.fill(Aim::Load(full + vendor.container)),
                _ => true,
            }
    }

    /// Fills an order up, and undoes what did not reach its aim; whether it did.
    fn raise(&mut self, term: Term, fill: impl Fn(&mut Self) -> bool) -> bool {
        let before: Vec<f64> = self.items.iter().map(|item| item.order).collect();
        let reached = fill(self);
        for (item, before) in self.items.iter_mut().zip(before) {
            if !reached {
                item.order = before;
            } else if item.order > before {
                item.changes.push(Change::Raised { term, by: item.order - before });
            }
        }
        reached
    }

    /// The same for a term without which the supplier does not deliver: an order that does not reach it says so.
    fn raise_or_say(&mut self, term: Term, fill: impl Fn(&mut Self) -> bool) {
        if !self.raise(term, fill) {
            let ordered = self.items.iter_mut().filter(|item| item.order > 0.0);
            ordered.for_each(|item| item.changes.push(Change::Missed { term }));
        }
    }

    /// Adds packs where cover after the order is shortest until an aim is reached; whether it was.
    fn fill(&mut self, aim: Aim) -> bool {
        let takes: Vec<bool> = self.items.iter().map(|item| aim.takes(item)).collect();
        // The longest cover to which everything may be filled up at once.
        let at = |items: &mut [Item], cover: f64| -> Option<f64> {
            let count = |(item, takes): (&mut Item, &bool)| {
                let before = item.order;
                if *takes {
                    item.order = item.filled(cover);
                }
                let counted = aim.of(item);
                item.order = before;
                counted
            };
            items.iter_mut().zip(&takes).map(count).sum()
        };
        let (mut low, mut high) = (0.0, LONGEST_COVER);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            match at(&mut self.items, middle) {
                Some(sum) if !aim.is_over(sum) => low = middle,
                Some(_) => high = middle,
                None => return false,
            }
        }
        let mut open = BinaryHeap::new();
        for (i, (item, takes)) in self.items.iter_mut().zip(&takes).enumerate() {
            if *takes {
                item.order = item.filled(low);
                open.push(Reverse((Cover(item.cover()), i)));
            }
        }
        let Some(mut sum) = self.items.iter().map(|item| aim.of(item)).sum::<Option<f64>>() else { return false };
        // A container is full once a pack that may still be bought does not go in.
        let mut full = false;
        while let Some(Reverse((_, i))) = open.pop() {
            let Some(item) = self.items.get_mut(i).filter(|item| item.has_room()) else { continue };
            let (before, was) = (item.order, aim.of(item).unwrap_or(0.0));
            item.order += item.step();
            let now = sum - was + aim.of(item).unwrap_or(0.0);
            match aim {
                Aim::Value { .. } if aim.is_over(now) => return true,
                Aim::Load(_) if aim.is_over(now) => {
                    item.order = before;
                    full = true;
                    continue;
                }
                _ => sum = now,
            }
            open.push(Reverse((Cover(item.cover()), i)));
        }
        match aim {
            Aim::Value { .. } => false,
            Aim::Load(load) => full || sum >= load * (1.0 - ROUNDING),
        }
    }

    /// Takes packs off where cover after the order is longest, until the load is down to so much.
    fn lower(&mut self, term: Term, load: f64) {
        let before: Vec<f64> = self.items.iter().map(|item| item.at_break).collect();
        let Some(mut sum) = self.load() else { return };
        let ordered = self.items.iter().enumerate().filter(|(_, item)| item.order > 0.0);
        let mut open: BinaryHeap<_> = ordered.map(|(i, item)| (Cover(item.cover()), Reverse(i))).collect();
        while sum > load * (1.0 + ROUNDING) {
            let Some((_, Reverse(i))) = open.pop() else { break };
            let Some(item) = self.items.get_mut(i) else { continue };
            let was = item.load().unwrap_or(0.0);
            item.take_off();
            sum += item.load().unwrap_or(0.0) - was;
            if item.order > 0.0 {
                open.push((Cover(item.cover()), Reverse(i)));
            }
        }
        for (item, before) in self.items.iter_mut().zip(before) {
            // Where a price break is lost with it, what that had added is not taken off what is needed.
            let by = before.min(item.at_break) - item.order;
            if by > 0.0 {
                item.changes.push(Change::Lowered { term, by });
            }
        }
    }

    /// Leaves the whole order to the next look.
    fn hold(&mut self, term: Term) {
        for item in self.items.iter_mut().filter(|item| item.order > 0.0) {
            item.changes = vec![Change::Held { term, units: item.needed }];
            item.order = 0.0;
        }
    }
}

/// Days, in their order.
#[derive(Clone, Copy, PartialEq)]
struct Cover(f64);

impl Eq for Cover {}

impl PartialOrd for Cover {
    fn partial_cmp(&self, other: &Cover) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cover {
    fn cmp(&self, other: &Cover) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::settings::Service;
    use crate::stats::stock::Lot;

    /// A line of 1 yuan and a load of 2 a unit.
    fn item(at: usize, (there, pace): (f64, f64), lot: Lot, (most, order): (f64, f64)) -> Item {
        let terms = Terms {
            goods: true,
            buy: true,
            supplier: Some(0),
            wait: 0,
            review: 30,
            breaks: Vec::new(),
            load: 2.0,
            shelf_life: None,
            lead: 30,
            lead_spread: 0.0,
            lot,
            measure: Service::Cycle,
            service: 0.95,
            last_buy: 0.95,
            shelf: 0.0,
            cost: Some(1.0),
            price: None,
            retires: None,
            young: None,
            slipped: None,
        };
        let changes = Vec::new();
        Item { at, terms, there, pace, most, grows: true, needed: order, at_break: order, order, changes }
    }

    fn orders(basket: &Basket) -> Vec<f64> {
        basket.items.iter().map(|item| item.order).collect()
    }

    /// The same as [`Basket::fill`], pack by pack.
    fn one_by_one(items: &mut [Item], aim: Aim) -> bool {
        let mut closed = vec![false; items.len()];
        loop {
            let sum: f64 = items.iter().filter_map(|item| aim.of(item)).sum();
            let by_value = matches!(aim, Aim::Value { .. });
            if by_value && aim.is_over(sum) {
                return true;
            }
            let open = items.iter().enumerate().filter(|(i, item)| aim.takes(item) && item.has_room() && !closed[*i]);
            let Some((i, _)) = open.min_by(|a, b| a.1.cover().total_cmp(&b.1.cover()).then(a.0.cmp(&b.0))) else {
                return !by_value && closed.contains(&true);
            };
            let before = items[i].order;
            items[i].order += items[i].step();
            if !by_value && aim.is_over(sum + (items[i].order - before) * items[i].terms.load) {
                (items[i].order, closed[i]) = (before, true);
            }
        }
    }

    proptest! {
        #[test]
        fn many_packs_at_once_are_those_one_by_one(
            lines in prop::collection::vec(
                (0_u32..200, 1_u32..40, 1_u32..9, 0_u32..30, prop::option::of(100_u32..600), 0_u32..4), 1..8),
            limit in 1_u32..3000, by_value in any::<bool>(),
        ) {
            let of = || lines.iter().enumerate().map(|(at, (there, pace, pack, least, most, ordered))| {
                let lot = Lot { pack: f64::from(*pack), least: f64::from(*least) };
                let ordered = if *ordered > 0 { lot.least_in_packs().max(lot.pack) * f64::from(*ordered) } else { 0.0 };
                let most = most.map_or(f64::INFINITY, f64::from);
                item(at, (f64::from(*there), f64::from(*pace) / 7.0), lot, (most, ordered))
            }).collect::<Vec<Item>>();
            let limit = f64::from(limit);
            let aim = if by_value { Aim::Value { yuan: limit, in_containers: false } } else { Aim::Load(limit) };
            let mut one = of();
            let already: f64 = one.iter().filter_map(|item| aim.of(item)).sum();
            prop_assume!(already < limit);
            let reached = one_by_one(&mut one, aim);
            let settings = StockSettings::default();
            let mut basket = Basket { settings: &settings, items: of(), hurries: true };
            prop_assert_eq!(basket.fill(aim), reached);
            prop_assert_eq!(orders(&basket), one.iter().map(|item| item.order).collect::<Vec<f64>>());
        }
    }

    #[test]
    fn an_order_of_many_lines_is_filled_up_at_once() {
        // 100,000 lines to a value of 10 million: a look at all lines for each pack would not come back.
        let lot = Lot { pack: 1.0, least: 0.0 };
        let of = |at: usize| item(at, ((at % 100) as f64, 1.0), lot, (f64::INFINITY, 0.0));
        let settings = StockSettings::default();
        let mut basket = Basket { settings: &settings, items: (0..100_000).map(of).collect(), hurries: true };
        assert!(basket.fill(Aim::Value { yuan: 1e7, in_containers: false }));
        assert_eq!(basket.value(), Some(1e7));
        basket.lower(Term::Container, 2e7 - 2.0 * 1e5);
        let (load, most) = (basket.load().unwrap(), 2e7 - 2e5);
        assert!(load > most - 2.0 && load <= most * (1.0 + ROUNDING), "{load}");
        // Nothing is left of what did not reach its aim: 1,000 a line and no more.
        basket.items.iter_mut().for_each(|item| item.most = 1000.0);
        let before = orders(&basket);
        assert!(!basket.raise(Term::FreeFreight, |b| b.fill(Aim::Value { yuan: 1e12, in_containers: false })));
        assert_eq!(orders(&basket), before);
    }
}
