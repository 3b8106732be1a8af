//! The lines of one product: levels, transfers, orders, dates.

use super::transfer::{Asked, Transfer, share};
use super::{
    Change, Demand, Echelon, Given, Goal, Inputs, Line, Lumpy, Of, Reason, Reschedule, Shelf, Term, Terms, order_up_to,
};
use crate::dataset::Known;
use crate::settings::Service;
use crate::stats::stock::{fill_factor, normal_above, normal_quantile, order, order_at_most};

/// Months of the history whose variance stands in where there are no errors of past forecasts.
const HISTORY: usize = 24;
/// Slack of what does not run out within the months forecast.
const NEVER: i64 = 100_000;

/// A shelf being planned.
struct Work<'a> {
    shelf: &'a Shelf,
    /// Units by month of the horizon.
    forecast: Vec<f64>,
    /// Shelves it buys for, itself included.
    tree: Vec<usize>,
    /// Days until an order or a transfer arrives.
    lead: usize,
    /// Days from today's order to the next.
    review: usize,
    /// Whether its units are whole.
    whole: bool,
    /// Demand over the protection interval.
    demand: Demand,
    deviation: f64,
    safety: f64,
    level: f64,
    /// Demand that is bought for: of a new product less than what is expected.
    bought_for: f64,
    reorder_point: f64,
    /// On hand less owed, and goods on the way (days, units): here, and below where it buys.
    net: f64,
    arrivals: Vec<(usize, f64)>,
    /// Which of the open orders each of these is.
    open: Vec<usize>,
    echelon: Echelon,
    position: f64,
}

/// What came of a product.
#[derive(Clone, Debug, Default)]
pub struct Product {
    pub lines: Vec<Line>,
    pub transfers: Vec<Transfer>,
    pub reschedules: Vec<Reschedule>,
}

/// Plans the shelves of one product. `given` are orders that are settled, by region node: terms and budget are kept over
/// all products of a supplier.
pub fn product(inputs: &Inputs, shelves: &[Shelf], given: &[Given]) -> Product {
    let Some(product) = shelves.first().map(|s| s.product) else { return Product::default() };
    let known = inputs.known;
    let terms = Terms::of(known, product);
    if !terms.goods {
        return Product::default();
    }
    let trees = trees(shelves).into_iter().enumerate();
    let work: Vec<Work> = trees.map(|tree| Work::new(inputs, &terms, shelves, tree)).collect();
    let settings = &known.data.settings.stock;
    let mut asked: Vec<Asked> = work.iter().map(|w| w.asked(inputs, &work)).collect();
    let missing: Vec<f64> = asked.iter().map(|a| a.need).collect();
    let transfers = share(shelves, &mut asked, terms.lot.pack);
    let moved = moved(shelves, &transfers);
    let lines = work.iter().enumerate().map(|(i, w)| {
        let shelf = w.shelf;
        let (transfer_in, transfer_out) = moved[i];
        let buys = shelf.above.is_none();
        let lasts = inputs.horizon.runs_out(w.net, &w.arrivals, &w.forecast);
        let due = shelf.orders.iter().filter_map(|o| o.days).find(|days| *days > 0);
        let date = |days: usize| inputs.horizon.date(days);
        let limits = w.limits(inputs, &terms);
        let mut line = Line {
            locations: shelf.locations.clone(),
            node: shelf.node,
            product,
            buys,
            below: w.tree.len() - 1,
            on_hand: shelf.on_hand,
            on_order: shelf.on_order(),
            overdue: shelf.overdue,
            due: due.map(date),
            owed: shelf.owed,
            counted: shelf.counted,
            echelon: w.echelon,
            position: w.position,
            cover_days: inputs.horizon.runs_out(w.net, &[], &w.forecast),
            days: w.lead + w.review,
            review: w.review,
            months: w.demand.length,
            demand: w.whole_of(w.demand.mean),
            bought_for: w.bought_for,
            deviation: w.deviation,
            source: inputs.spreads.source(&w.demand),
            service: (terms.service, terms.measure),
            safety: w.safety,
            level: w.level,
            reorder_point: w.reorder_point,
            raw: if buys { (w.level - w.position).max(0.0) } else { missing[i] },
            most: limits[0].min(limits[1]),
            order: 0.0,
            transfer_in,
            transfer_out,
            order_by: None,
            arrives: None,
            runs_out: lasts.map(date),
            slack: lasts.map_or(NEVER, |days| days as i64 - w.lead as i64),
            later: [0.0; 2],
            placed: None,
            value: None,
            month_ends: [0.0; 2],
            short: if buys { w.short(inputs) } else { 0.0 },
            surplus: if buys { w.surplus(inputs, &terms) } else { 0.0 },
            reason: Reason::Enough,
            changes: Vec::new(),
        };
        if buys {
            (line.order, line.reason, line.changes) = w.order(inputs, &terms, &line, limits);
        }
        if let Some(settled) = given.iter().find(|g| g.node == shelf.node && buys) {
            (line.order, line.changes) = (settled.units, settled.changes.clone());
        }
        if transfer_in > 0.0 && line.order == 0.0 {
            line.reason = Reason::Transfer;
        }
        if !buys && missing[i] > transfer_in {
            line.reason = Reason::WaitsForAbove { short: missing[i] - transfer_in };
        }
        if line.order > 0.0 || transfer_in > 0.0 {
            line.order_by = Some(date(lasts.map_or(0, |days| days.saturating_sub(w.lead))));
            line.arrives = Some(date(w.lead));
        }
        line.placed = (line.order > 0.0).then(|| date(terms.wait));
        line.value = terms.price_of(line.order).map(|price| price * line.order);
        if buys {
            line.later = w.later(inputs, &terms, line.order + line.moved_in());
        }
        let moved_out = if line.below > 0 { 0.0 } else { transfer_out };
        line.month_ends = [1, 2].map(|lag| {
            let end = inputs.horizon.until(known.origin.made.plus(lag).last_day());
            let coming = [(w.lead, line.order), (settings.transfer_days as usize, transfer_in)];
            let came: f64 = w.arrivals.iter().chain(&coming).filter(|a| a.0 <= end).map(|a| a.1).sum();
            (w.net + came - moved_out - inputs.horizon.sold(&w.forecast, end)).max(0.0)
        });
        line
    });
    let lines = lines.collect();
    let tops = work.iter().filter(|w| w.shelf.above.is_none());
    let reschedules = tops.flat_map(|w| w.reschedules(inputs, &terms)).collect();
    Product { lines, transfers, reschedules }
}

/// Units that come to each shelf and go from it; a node has one shelf of a product.
fn moved(shelves: &[Shelf], transfers: &[Transfer]) -> Vec<(f64, f64)> {
    let mut by_node: Vec<(usize, usize)> = shelves.iter().enumerate().map(|(i, s)| (s.node, i)).collect();
    by_node.sort_unstable();
    let at = |node: usize| by_node.binary_search_by_key(&node, |n| n.0).ok().and_then(|k| by_node.get(k)).map(|n| n.1);
    let mut out = vec![(0.0, 0.0); shelves.len()];
    for transfer in transfers {
        if let Some(to) = at(transfer.to.0).and_then(|i| out.get_mut(i)) {
            to.0 += transfer.units;
        }
        if let Some(from) = at(transfer.from.0).and_then(|i| out.get_mut(i)) {
            from.1 += transfer.units;
        }
    }
    out
}

/// Of each shelf the shelves it buys for, itself included: of one that buys all below it, of the others themselves.
fn trees(shelves: &[Shelf]) -> Vec<Vec<usize>> {
    let top = |mut i: usize| {
        while let Some(above) = shelves.get(i).and_then(|s| s.above) {
            i = above;
        }
        i
    };
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); shelves.len()];
    for (i, shelf) in shelves.iter().enumerate() {
        if shelf.above.is_some() {
            out[i].push(i);
        }
        out[top(i)].push(i);
    }
    out
}

impl<'a> Work<'a> {
    fn new(inputs: &Inputs, terms: &Terms, shelves: &'a [Shelf], (at, tree): (usize, Vec<usize>)) -> Work<'a> {
        let (shelf, settings) = (&shelves[at], &inputs.known.data.settings.stock);
        let buys = shelf.above.is_none();
        let months = inputs.horizon.months.len();
        let mut forecast = vec![0.0; months];
        for s in &shelf.series {
            forecast.iter_mut().zip(inputs.units.row(*s)).for_each(|(sum, x)| *sum += x);
        }
        let lead = if buys { terms.lead } else { settings.transfer_days as usize };
        let review = if buys { terms.review } else { settings.review_days as usize };
        let days = lead + review;
        let span = inputs.horizon.span(days);
        // The errors of a product's first year say nothing of the next: it has those of all products.
        let of = match shelf.series[..] {
            [only] if terms.young.is_none() => Of::Series(only),
            [_] => Of::Series(usize::MAX),
            _ if terms.young.is_none() => Of::Node { node: shelf.node, product: shelf.product },
            _ => Of::Node { node: shelf.node, product: usize::MAX },
        };
        let mean = span.of(&forecast);
        let demand = Demand { of, mean, length: span.length, variance: variance(inputs.known, &shelf.series) };
        let mut work = Work {
            forecast,
            lead,
            review,
            demand,
            deviation: inputs.spreads.deviation(&demand),
            safety: 0.0,
            level: 0.0,
            bought_for: 0.0,
            reorder_point: 0.0,
            net: tree.iter().map(|i| shelves[*i].on_hand - shelves[*i].owed).sum(),
            arrivals: Vec::new(),
            open: Vec::new(),
            echelon: Echelon::default(),
            position: 0.0,
            whole: inputs.known.data.is_whole(shelf.product),
            tree,
            shelf,
        };
        let on_way = work.tree.iter().flat_map(|i| &shelves[*i].orders);
        let mut on_way: Vec<_> = on_way.map(|way| (way.days.unwrap_or(lead), way)).collect();
        on_way.sort_by_key(|way| way.0);
        (work.arrivals, work.open) = on_way.iter().map(|(days, way)| ((*days, way.units), way.open)).unzip();
        // What arrives after the interval is no help within it.
        let in_time = work.arrivals.iter().filter(|a| a.0 <= days).map(|a| a.1).sum();
        let sum = |of: &dyn Fn(&Shelf) -> f64| work.tree.iter().map(|i| of(&shelves[*i])).sum::<f64>();
        let on_order = work.arrivals.iter().map(|a| a.1).sum();
        work.echelon = Echelon { on_hand: sum(&|s| s.on_hand), on_order, in_time, owed: sum(&|s| s.owed) };
        work.position = work.echelon.on_hand + in_time - work.echelon.owed;
        work.set_level(inputs, terms);
        work
    }

    /// Order-up-to level, safety stock and reorder point.
    fn set_level(&mut self, inputs: &Inputs, terms: &Terms) {
        let (known, demand, settings) = (inputs.known, self.demand, &inputs.known.data.settings.stock);
        let whole = self.whole;
        let (_, last) = self.last_buy(inputs, terms);
        let u = match terms.measure {
            _ if last => terms.last_buy,
            Service::Cycle | Service::Cost => terms.service,
            Service::Fill if !settings.owed => terms.service,
            Service::Fill => {
                let review = self.review;
                let cycle = demand.mean - inputs.horizon.sold(&self.forecast, self.lead);
                let quantity = if review > 0 { cycle.max(terms.lot.least_in_packs()) } else { cycle };
                1.0 - normal_above(fill_factor(terms.service, quantity, self.deviation))
            }
        };
        let goal = match terms.measure {
            Service::Cycle if !settings.owed => Goal::Served,
            Service::Fill if !settings.owed => Goal::Filled,
            _ => Goal::Covered,
        };
        let lots =
            (terms.measure == Service::Cycle && demand.mean > 0.0).then(|| lots(known, &self.shelf.series)).flatten();
        let reached = match lots {
            _ if last => inputs.spreads.quantile(&demand, u),
            // Never under the mean, which a launch or a promotion may raise above what lots say.
            Some(lots) => lots.quantile(u, &inputs.horizon.parts(self.lead + self.review)).max(if whole {
                demand.mean.floor()
            } else {
                demand.mean
            }),
            None => order_up_to(inputs.spreads, &demand, (goal, u), whole),
        };
        let over = reached - demand.mean;
        let days = (self.lead + self.review).max(1) as f64;
        let by_lead = normal_quantile(u).max(0.0) * terms.lead_spread * demand.mean / days;
        let spread = if by_lead > 0.0 && self.shelf.above.is_none() { over.max(0.0).hypot(by_lead) } else { over };
        let trust = terms.trust(settings.proven_months);
        let cautious = known.data.settings.lifecycle.cautious;
        let expected = demand.mean * (cautious + (1.0 - cautious) * trust);
        let cover = demand.mean / days * f64::from(settings.cover_days);
        let shelves = if demand.mean > 0.0 && !last { (terms.shelf * self.tree.len() as f64).max(cover) } else { 0.0 };
        let level = expected + (spread * trust).max(shelves);
        self.level = if whole { (level - ROUNDING).ceil().max(0.0) } else { level.max(0.0) };
        // Whole, so that demand and safety stock as printed make the level as printed.
        self.bought_for = self.whole_of(expected);
        self.safety = (self.level - self.bought_for).max(0.0);
        self.reorder_point = inputs.horizon.sold(&self.forecast, self.lead) * expected
            / demand.mean.max(f64::MIN_POSITIVE)
            + self.safety;
    }

    /// Days until the end of the product's last month, and whether this is the last order for it: one after the next
    /// look would arrive after that.
    fn last_buy(&self, inputs: &Inputs, terms: &Terms) -> (Option<usize>, bool) {
        let left = terms.retires.map(|last| inputs.horizon.until(last.last_day()));
        (left, left.is_some_and(|left| left <= self.lead + self.review))
    }

    /// Most units that its position may be with an order: what is sold while a unit that arrives now keeps, and what will
    /// still be sold of a product that leaves the range.
    fn limits(&self, inputs: &Inputs, terms: &Terms) -> [f64; 2] {
        let kept = terms
            .shelf_life
            .map_or(f64::INFINITY, |days| inputs.horizon.sold_at_pace(&self.forecast, self.lead + days as usize));
        let sold = match self.last_buy(inputs, terms) {
            (Some(left), _) if self.lead > left => 0.0,
            (_, true) => self.level,
            // Beyond the months forecast nobody knows yet how many that are.
            (Some(left), false) if left <= inputs.horizon.days() => {
                let span = inputs.horizon.span(left);
                let rest = Demand { mean: span.of(&self.forecast), length: span.length, ..self.demand };
                inputs.spreads.quantile(&rest, terms.last_buy)
            }
            _ => f64::INFINITY,
        };
        [kept, sold]
    }

    /// What is ordered for the need of a line, why, and what terms made of it.
    fn order(&self, inputs: &Inputs, terms: &Terms, line: &Line, limits: [f64; 2]) -> (f64, Reason, Vec<Change>) {
        let (mut units, mut reason) = self.needed(inputs, terms, line.need());
        let mut changes = Vec::new();
        let [kept, sold] = limits.map(|most| order_at_most(most - line.position - line.moved_in(), terms.lot));
        if let Some(last) = terms.retires.filter(|_| sold < units) {
            // Not the last order yet, but no order may be more than what will ever be sold.
            reason = if sold > 0.0 { Reason::LastBuy { last } } else { Reason::LastBuyTooSmall { last } };
            units = sold;
        }
        if kept < units {
            changes.push(Change::Lowered { term: Term::ShelfLife, by: units - kept });
            units = kept;
        }
        (units, reason, changes)
    }

    /// Whole packs for an open need, and why.
    fn needed(&self, inputs: &Inputs, terms: &Terms, open: f64) -> (f64, Reason) {
        let (left, is_last) = self.last_buy(inputs, terms);
        if let (Some(last), Some(left)) = (terms.retires, left) {
            if last.last_day() <= inputs.horizon.day {
                return (0.0, Reason::Retired);
            }
            if open > 0.0 && self.lead > left {
                return (0.0, Reason::TooLate { last });
            }
        }
        if let Some(stopped) = terms.stopped() {
            return (0.0, stopped);
        }
        if open <= 0.0 {
            let nothing = self.forecast.iter().all(|x| *x <= 0.0);
            return (0.0, if nothing { Reason::NoDemand } else { Reason::Enough });
        }
        if let (Some(last), true) = (terms.retires, is_last) {
            let units = order_at_most(open, terms.lot);
            return (units, if units > 0.0 { Reason::LastBuy { last } } else { Reason::LastBuyTooSmall { last } });
        }
        let trust = terms.trust(inputs.known.data.settings.stock.proven_months);
        let reason = match terms.young {
            Some(0) => Reason::FirstBuy,
            Some(_) if trust < 1.0 => Reason::Growing { trust },
            _ => Reason::Needed,
        };
        (order(open, terms.lot), reason)
    }

    /// Units to be ordered at the next two looks: what the level of that day, with the safety stock of today, is over the
    /// position that sales as forecast leave. `came` is what today's order and transfers bring.
    fn later(&self, inputs: &Inputs, terms: &Terms, came: f64) -> [f64; 2] {
        let review = self.review;
        let mut position = self.position + came;
        let mut seen = 0.0;
        let mut counted = self.lead + review;
        [1, 2].map(|look| {
            let [until, to] = [terms.wait + look * review, (look + 1) * review + self.lead]
                .map(|d| inputs.horizon.sold(&self.forecast, d));
            let interval = (look + 1) * review + self.lead;
            let entering = self.arrivals.iter().filter(|a| a.0 > counted && a.0 <= interval);
            position = (position - (until - seen)).max(0.0) + entering.map(|a| a.1).sum::<f64>();
            (seen, counted) = (until, interval);
            let open = to - until + self.safety - position;
            let units = match terms.retires {
                _ if terms.stopped().is_some() || to <= until => 0.0,
                Some(_) => order_at_most(open, terms.lot),
                None => order(open, terms.lot),
            };
            position += units;
            units
        })
    }

    /// What the shelf lacks or can spare.
    fn asked(&self, inputs: &Inputs, all: &[Work]) -> Asked {
        let lasts = inputs.horizon.runs_out(self.shelf.on_hand - self.shelf.owed, &[], &self.forecast);
        let lasts = lasts.unwrap_or(usize::MAX);
        let free = (self.shelf.on_hand - self.shelf.owed).max(0.0);
        if self.tree.len() > 1 {
            // A warehouse keeps what the regions without a shelf of their own will take until it looks again.
            let mut rest = self.forecast.clone();
            for below in
                all.iter().filter(|w| w.shelf.above.is_some_and(|above| std::ptr::eq(all[above].shelf, self.shelf)))
            {
                rest.iter_mut().zip(&below.forecast).for_each(|(rest, x)| *rest -= x);
            }
            let settings = &inputs.known.data.settings.stock;
            let span = inputs.horizon.span((settings.transfer_days + settings.review_days) as usize);
            return Asked { need: 0.0, spare: (free - span.of(&rest).max(0.0)).max(0.0), lasts };
        }
        let position = self.position;
        Asked { need: (self.level - position).max(0.0), spare: free.min((position - self.level).max(0.0)), lasts }
    }

    /// Rounded to whole units where the product has them.
    fn whole_of(&self, units: f64) -> f64 {
        if self.whole { units.round() } else { units }
    }

    /// Units asked for before an order made today can arrive and that nothing on hand or on its way covers: the most by
    /// which demand is ahead of goods on any of these days.
    fn short(&self, inputs: &Inputs) -> f64 {
        let behind = |day: usize| {
            let there: f64 = self.arrivals.iter().filter(|a| a.0 <= day).map(|a| a.1).sum();
            inputs.horizon.sold(&self.forecast, day) - self.net - there
        };
        let Some(last) = self.lead.checked_sub(1) else { return 0.0 };
        let before = self.arrivals.iter().filter_map(|a| a.0.checked_sub(1)).filter(|day| *day < last);
        let most = before.chain([last]).map(behind).fold(0.0, f64::max);
        // Less than half a unit is none of whole ones.
        self.whole_of(most)
    }

    /// Units on hand and on order beyond what will be sold: of a retiring product until its last month ends, of others
    /// within `[stock] overstock_days`.
    fn surplus(&self, inputs: &Inputs, terms: &Terms) -> f64 {
        let days = inputs.known.data.settings.stock.overstock_days as usize;
        let until = match terms.retires {
            Some(last) => inputs.horizon.until(last.last_day()).min(inputs.horizon.days()),
            None => days.min(inputs.horizon.days()),
        };
        let there = self.net + self.echelon.on_order;
        let kept = if terms.retires.is_some() { 0.0 } else { self.safety };
        self.whole_of((there - kept - inputs.horizon.sold(&self.forecast, until)).max(0.0))
    }

    /// Open orders that are not needed on their day: the last first, each is needed on the day on which stock without it
    /// and later ones would be down to the safety stock.
    fn reschedules(&self, inputs: &Inputs, terms: &Terms) -> Vec<Reschedule> {
        let review = self.review;
        let mut out = Vec::new();
        for (i, ((days, units), open)) in self.arrivals.iter().zip(&self.open).enumerate().rev() {
            let earlier = self.arrivals.get(..i).unwrap_or_default();
            let needed = inputs.horizon.runs_out(self.net - self.safety, earlier, &self.forecast);
            // Moving an order by less than the time between two looks is not worth a call.
            match needed {
                Some(needed) if needed <= days + review => break,
                Some(needed) => {
                    out.push(Reschedule { open: *open, units: *units, to: Some(inputs.horizon.date(needed)) });
                }
                // Beyond the months forecast nobody knows: only where nothing more will be sold, or more than a year's
                // sales are there without it, is it not needed at all.
                None => {
                    let ends = terms.retires.is_some() || inputs.horizon.days() >= YEAR;
                    if !ends {
                        break;
                    }
                    out.push(Reschedule { open: *open, units: *units, to: None });
                }
            }
        }
        out
    }
}

/// Less than this of a unit is rounding of the arithmetic.
const ROUNDING: f64 = 1e-9;
/// Days of a year: an order that is not needed within one is not needed.
const YEAR: usize = 365;

/// The lots in which some series together are sold; none where they are sold regularly.
fn lots(known: &Known, series: &[usize]) -> Option<Lumpy> {
    let units: Vec<f64> =
        (0..known.months()).map(|t| series.iter().map(|s| known.units[(*s, t)].max(0.0)).sum()).collect();
    Lumpy::of(&units, known.origin.cutoff)
}

/// Variance of a month's sales of some series together, over the last [`HISTORY`] months visible.
fn variance(known: &Known, series: &[usize]) -> f64 {
    let from = known.months().saturating_sub(HISTORY);
    let n = (known.months() - from) as f64;
    let sum = |t: usize| series.iter().map(|s| known.units[(*s, t)]).sum::<f64>();
    let (total, squares) = (from..known.months()).map(sum).fold((0.0, 0.0), |(t, q), x| (t + x, q + x * x));
    if n > 1.0 { ((squares - total * total / n) / (n - 1.0)).max(0.0) } else { 0.0 }
}
