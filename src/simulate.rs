//! A stock policy played over the history, month by month, with forecasts that knew nothing later: what service it would
//! have reached with how much stock, beside two plain policies tuned to the same service.
//!
//! At the close of a month one looks at the stock and orders up to a level; goods ordered then arrive at the close of
//! the month `lead` later. What is asked for and not there is lost, or owed where the folder says so. Demand is what was
//! sold in months fully in stock, the recovered demand in others.

use ndarray::{Array2, ArrayView2};
use serde::Serialize;

use crate::dataset::{Dataset, Mode, Origin};
use crate::error::Problems;
use crate::fit::{LONGEST, Learner};
use crate::grid::Kind;
use crate::month::Month;
use crate::point;
use crate::settings::Service;
use crate::stages::demand;
use crate::stages::lifecycle;
use crate::stages::mix::is_alive;
use crate::stats::stock::{Lot, order};
use crate::stock::{Demand, Goal, Lumpy, Of, Source, Spreads, order_up_to};

/// First cutoff, as a month index: a year of history before it.
const FIRST: usize = 11;
/// Months whose mean and spread the second plain policy goes by.
const YEAR: usize = 12;
/// Bisections of a plain policy's parameter.
const HALVINGS: usize = 40;
/// Largest cover in months, and largest number of standard deviations, that a plain policy is tuned to.
const LARGEST: f64 = 60.0;
/// Months measured in each half, at least.
const LEAST_HALF: usize = 2;

/// How goods come.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Supply {
    /// Months from order to delivery.
    pub lead: usize,
    /// Months between two orders, at least 1.
    pub review: usize,
    /// Units in a pack.
    pub pack: f64,
    /// Opening stock in months of mean sales of the first year.
    pub opening: f64,
    /// Cycle service asked for, within (0, 1).
    pub service: f64,
}

/// A policy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Policy {
    /// Forecast plus the quantile of its cumulative errors.
    Forecast,
    /// Last month's sales times a cover in months.
    LastMonth(f64),
    /// Mean demand of the last year plus so many of its standard deviations, over the protection interval.
    MeanAndDeviations(f64),
}

/// What a policy did over some months.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Outcome {
    /// Series x months without a shortage, share.
    pub cycle_service: f64,
    /// Units served over units asked for.
    pub fill_rate: f64,
    /// The same of the cycle service in months fully in stock in the history, where demand is known and not recovered.
    pub cycle_service_known: f64,
    /// Share of protection intervals, each from an order to the close of the month before the next one's goods, whose
    /// demand its level was enough for: what a level is set for. Months without a shortage are more: what is lost is not
    /// owed, and after a peak there is more than the level.
    pub levels_held: f64,
    /// Mean stock in units, of all series together: the mean of a month's begin and end.
    pub average_stock: f64,
    /// Units served a year over the mean stock.
    pub turns: f64,
    /// Units asked for and not there when they were.
    pub lost: f64,
    /// Mean stock at cost, in yuan; none where a product in play has no cost.
    pub stock_value: Option<f64>,
    /// Margin of what was lost, in yuan; none where a product in play has no price or no cost.
    pub lost_margin: Option<f64>,
    /// Orders placed, a series and month each.
    pub orders: usize,
    /// What placing them cost, in yuan: `[stock] order_cost` each.
    pub ordering_cost: f64,
    /// What holding the stock cost over these months, in yuan: `[stock] holding` a year of its value.
    pub holding_cost: Option<f64>,
}

/// A policy's outcomes.
#[derive(Clone, Debug, Serialize)]
pub struct Played {
    /// The policy, tuned.
    pub policy: Policy,
    /// Over the first half, on which the plain ones are tuned.
    pub first: Outcome,
    /// Over the second half.
    pub second: Outcome,
    /// Over both.
    pub whole: Outcome,
}

/// A simulation.
#[derive(Clone, Debug, Serialize)]
pub struct Simulated {
    /// How goods come.
    pub supply: Supply,
    /// First and last month of the first half.
    pub first: (String, String),
    /// Of the second half.
    pub second: (String, String),
    /// Units asked for, in months fully in stock.
    pub known_demand: f64,
    /// Units asked for in others: recovered.
    pub recovered_demand: f64,
    /// Series in play.
    pub series: usize,
    /// Levels from past forecasts' errors, and from the history's variance for want of them.
    pub levels: (usize, usize),
    /// Ours, last month times a cover, mean and deviations.
    pub policies: Vec<Played>,
    /// Months measured.
    pub months: usize,
}

/// What is played on: demand, and who is in play.
struct Game<'a> {
    supply: Supply,
    /// Units asked for, series x month of the history.
    demand: Array2<f64>,
    /// Sales, which plain policies see.
    sales: ArrayView2<'a, f64>,
    /// Whether what is not there is delivered later; else it is lost.
    owed: bool,
    /// Whether demand is known: the month was fully in stock.
    known: Array2<bool>,
    /// Whether a series is in play from a cutoff on, series x cutoff.
    plays: Array2<bool>,
    /// Our levels, series x cutoff.
    levels: Array2<f64>,
    /// Last month index.
    end: usize,
    /// Of each series what a unit costs and what it earns, in yuan.
    money: Vec<(Option<f64>, Option<f64>)>,
    /// What an order costs, in yuan, and a year's holding as a share of the cost.
    costs: (f64, f64),
}

/// Plays the policies over the folder's history; none where it is too short.
pub fn run(data: &Dataset, supply: Supply, done: impl Fn(usize, usize)) -> Option<Simulated> {
    let end = (0..data.months()).take_while(|&t| data.is_complete(t, data.as_of)).count().checked_sub(1)?;
    let interval = supply.lead + supply.review;
    // What is ordered at the first cutoff arrives and is used up before anything is measured.
    let measured = FIRST + 1 + interval;
    let half = (end + 1).checked_sub(measured)? / 2;
    if half < LEAST_HALF || interval > LONGEST {
        return None;
    }
    let mut game = Game {
        supply,
        demand: Array2::zeros(data.units.dim()),
        sales: data.units.view(),
        owed: data.settings.stock.owed,
        known: Array2::from_elem(data.units.dim(), true),
        plays: Array2::from_elem(data.units.dim(), false),
        levels: Array2::zeros(data.units.dim()),
        end,
        money: money(data),
        costs: (data.settings.stock.order_cost, data.settings.stock.holding),
    };
    let by_units = data.settings.stock.measure == Service::Fill;
    let goal = match (game.owed, by_units) {
        (true, _) => Goal::Covered,
        (false, true) => Goal::Filled,
        (false, false) => Goal::Served,
    };
    let mut learner = Learner::new(data);
    let mut levels = (0, 0);
    for t in FIRST..=end {
        let cutoff = data.month(t);
        let known = data.at(Origin { as_of: cutoff.last_day(), cutoff, made: cutoff, mode: Mode::Close });
        let fit = learner.at(&known);
        let steps = point::steps(&known, &fit.parameters, &mut Problems::default());
        if t == end {
            let recovered = demand::uncensor(&known, &fit.parameters);
            game.see(data, recovered.units.view());
            break;
        }
        let months: Vec<Month> = (1..=interval).map(|h| cutoff.plus(h as i32)).collect();
        let mut ahead = lifecycle::adjust(&steps.level, &steps.mix, steps.rest(), &known, &fit.parameters, &months);
        if let Some(added) = &steps.added {
            ahead.add(added);
        }
        let ahead = ahead.units;
        let errors: Vec<_> =
            (1..=interval).map(|h| fit.past.sums(h, fit.gate.used_beyond(), fit.whole.clone())).collect();
        let spreads = Spreads::learn(&errors, known.units, &[], &[], &data.grid);
        for s in 0..data.grid.series.len() {
            let product = data.grid.series[s].product;
            let gone = known.retire(product).is_some_and(|last| last <= cutoff);
            let goods = data.products.get(product).and_then(|p| p.kind).is_none_or(|kind| kind == Kind::Goods);
            game.plays[(s, t)] = goods && is_alive(&known, s) && !gone;
            let mean: f64 = ahead.row(s).sum();
            let (_, deviation) = mean_and_deviation(known.units.row(s).to_vec().as_slice());
            let demand = Demand { of: Of::Series(s), mean, length: interval as f64, variance: deviation * deviation };
            match spreads.source(&demand) {
                Source::History => levels.1 += 1,
                _ => levels.0 += 1,
            }
            let sold: Vec<f64> = known.units.row(s).iter().map(|x| x.max(0.0)).collect();
            let lots = if by_units || mean <= 0.0 { None } else { Lumpy::of(&sold, cutoff) };
            let level = order_up_to(&spreads, &demand, (goal, supply.service), fit.whole[s]);
            game.levels[(s, t)] = match lots {
                Some(lots) => lots
                    .quantile(supply.service, &months.iter().map(|m| (*m, 1.0)).collect::<Vec<_>>())
                    .max(mean.floor()),
                None => level,
            };
        }
        done(t + 1 - FIRST, end - FIRST);
    }
    let halves = [measured..measured + half, measured + half..end + 1];
    let play = |policy: Policy| {
        let over = |months: &std::ops::Range<usize>| game.outcome(policy, months.clone());
        let [first, second] = [0, 1].map(|i| over(&halves[i]));
        Played { policy, first, second, whole: over(&(measured..end + 1)) }
    };
    let ours = play(Policy::Forecast);
    let tuned = |of: &dyn Fn(f64) -> Policy| {
        let (mut low, mut high) = (0.0, LARGEST);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            let reached = game.outcome(of(middle), halves[0].clone()).cycle_service;
            if reached < ours.first.cycle_service { low = middle } else { high = middle }
        }
        play(of(high))
    };
    let plain = [tuned(&Policy::LastMonth), tuned(&Policy::MeanAndDeviations)];
    let span = |range: &std::ops::Range<usize>| {
        (data.month(range.start).to_string(), data.month(range.end.saturating_sub(1)).to_string())
    };
    let (mut known_demand, mut recovered_demand) = (0.0, 0.0);
    for t in measured..=end {
        for s in (0..data.grid.series.len()).filter(|s| game.in_play(*s, t)) {
            let asked = game.demand[(s, t)];
            if game.known[(s, t)] { known_demand += asked } else { recovered_demand += asked }
        }
    }
    Some(Simulated {
        supply,
        first: span(&halves[0]),
        second: span(&halves[1]),
        known_demand,
        recovered_demand,
        series: (0..data.grid.series.len()).filter(|s| game.plays.row(*s).iter().any(|p| *p)).count(),
        levels,
        policies: std::iter::once(ours).chain(plain).collect(),
        months: end + 1 - measured,
    })
}

impl Game<'_> {
    /// Demand as it is known at the end: whole where sales are.
    fn see(&mut self, data: &Dataset, recovered: ArrayView2<f64>) {
        for ((s, t), demand) in self.demand.indexed_iter_mut() {
            let out = data.availability.as_ref().is_some_and(|a| a[(s, t)] < 1.0);
            self.known[(s, t)] = !out;
            *demand = self.sales[(s, t)].max(0.0);
            if out {
                let asked = recovered.get((s, t)).copied().unwrap_or(0.0).max(*demand);
                *demand = if data.whole[data.grid.series[s].group] { asked.round() } else { asked };
            }
        }
    }

    /// Whether a series is in play in a month: it was when the goods for that month were ordered.
    fn in_play(&self, s: usize, t: usize) -> bool {
        let back = self.supply.lead + 1;
        t >= back && self.plays[(s, t - back)]
    }

    /// The level up to which a policy orders at a cutoff, in units.
    fn level(&self, policy: Policy, s: usize, t: usize) -> f64 {
        match policy {
            Policy::Forecast => self.levels[(s, t)],
            Policy::LastMonth(cover) => cover * self.sales[(s, t)].max(0.0),
            Policy::MeanAndDeviations(k) => {
                let from = (t + 1).saturating_sub(YEAR);
                let past: Vec<f64> = (from..=t).map(|u| self.sales[(s, u)]).collect();
                let (mean, deviation) = mean_and_deviation(&past);
                let months = (self.supply.lead + self.supply.review) as f64;
                (mean * months + k * deviation * months.sqrt()).max(0.0)
            }
        }
    }

    /// Plays a policy from the first cutoff on and measures it over some months.
    fn outcome(&self, policy: Policy, measured: std::ops::Range<usize>) -> Outcome {
        let Supply { lead, review, pack, opening, .. } = self.supply;
        let (mut rows, mut short, mut rows_known, mut short_known) = (0.0_f64, 0.0, 0.0_f64, 0.0);
        let (mut asked, mut served, mut stock) = (0.0, 0.0, 0.0);
        let (mut intervals, mut held) = (0.0_f64, 0.0);
        let (mut value, mut margin, mut orders) = (Some(0.0), Some(0.0), 0);
        for s in 0..self.demand.nrows() {
            let first_year: f64 = (0..=FIRST).map(|t| self.sales[(s, t)].max(0.0)).sum();
            let mut on_hand = (opening * first_year / (FIRST + 1) as f64).round();
            // What arrives at the close of each month.
            let mut coming = vec![0.0; self.end + lead + 1];
            for t in FIRST..=self.end {
                if t > FIRST {
                    let begin = on_hand;
                    let demand = if self.in_play(s, t) || t < FIRST + lead + 1 { self.demand[(s, t)] } else { 0.0 };
                    let sold = demand.min(on_hand.max(0.0));
                    on_hand -= if self.owed { demand } else { sold };
                    if measured.contains(&t) && self.in_play(s, t) {
                        let is_short = f64::from(u8::from(demand > sold + 1e-9));
                        rows += 1.0;
                        short += is_short;
                        if self.known[(s, t)] {
                            rows_known += 1.0;
                            short_known += is_short;
                        }
                        asked += demand;
                        served += sold;
                        let mean = f64::midpoint(begin.max(0.0), on_hand.max(0.0));
                        stock += mean;
                        let (cost, earns) = self.money[s];
                        value = value.zip(cost).map(|(sum, cost)| sum + mean * cost);
                        margin = margin.zip(earns).map(|(sum, earns)| sum + (demand - sold) * earns);
                    }
                }
                on_hand += coming[t];
                coming[t] = 0.0;
                let last = t + lead + review;
                if self.plays[(s, t)] && measured.contains(&last) {
                    let over: f64 = (t + 1..=last).map(|u| self.demand[(s, u)]).sum();
                    intervals += 1.0;
                    held += f64::from(u8::from(over <= self.level(policy, s, t) + 1e-9));
                }
                if self.plays[(s, t)] && (t - FIRST).is_multiple_of(review) {
                    let on_way: f64 = coming[t + 1..].iter().sum();
                    let need = self.level(policy, s, t) - on_hand - on_way;
                    let ordered = order(need, Lot { pack, least: 0.0 });
                    orders += usize::from(ordered > 0.0 && measured.contains(&t));
                    if lead == 0 { on_hand += ordered } else { coming[t + lead] += ordered }
                }
            }
        }
        let share = |part: f64, of: f64| if of > 0.0 { part / of } else { 1.0 };
        let months = measured.len().max(1) as f64;
        let average_stock = stock / months;
        Outcome {
            cycle_service: 1.0 - share(short, rows.max(1.0)),
            fill_rate: share(served, asked),
            cycle_service_known: 1.0 - share(short_known, rows_known.max(1.0)),
            levels_held: share(held, intervals),
            average_stock,
            turns: if average_stock > 0.0 { served / months * YEAR as f64 / average_stock } else { 0.0 },
            lost: asked - served,
            stock_value: value.map(|value| value / months),
            lost_margin: margin,
            orders,
            ordering_cost: orders as f64 * self.costs.0,
            holding_cost: value.map(|value| value * self.costs.1 / YEAR as f64),
        }
    }
}

/// Of each series the cost of a unit and its margin, in yuan.
fn money(data: &Dataset) -> Vec<(Option<f64>, Option<f64>)> {
    let of = |product: usize| {
        let (cost, price) = data.products.get(product).map_or((None, None), |p| (p.cost, p.price));
        (cost, price.zip(cost).map(|(price, cost)| (price - cost).max(0.0)))
    };
    data.grid.series.iter().map(|series| of(series.product)).collect()
}

/// Mean and standard deviation of some numbers; 0 of fewer than two.
fn mean_and_deviation(x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n.max(1.0);
    let squares: f64 = x.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, if n > 1.0 { (squares / (n - 1.0)).sqrt() } else { 0.0 })
}
