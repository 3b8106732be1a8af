//! How far cumulative demand may lie from its forecast: the spread of past errors of sums over as many months (not one
//! month's spread times a root), from the ledger where it is long enough, else from the backtest (METHOD H).

use std::collections::BTreeMap;

use crate::grid::Grid;
use crate::stages::interval::Errors;
use crate::stats::interval::Spread;
use crate::stats::stock::{negative_binomial_quantile, normal_above, normal_quantile};

/// From so many issued forecasts on the ledger's own errors are used: half a year of them.
pub const LEDGER_ISSUES: usize = 6;

/// Where a spread comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Forecasts as they were issued.
    Ledger,
    /// Forecasts made again at past origins.
    Backtest,
    /// The history's own variance: there are no past forecasts.
    History,
}

impl Source {
    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Source::Ledger => "ledger",
            Source::Backtest => "backtest",
            Source::History => "history",
        }
    }
}

/// Demand whose quantiles are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// A series, or a product at a region node with several.
    pub of: Of,
    /// Mean in units.
    pub mean: f64,
    /// Months it is over.
    pub length: f64,
    /// Variance of one month's sales in the history, in units squared: what is known where there are no errors.
    pub variance: f64,
}

/// What demand is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// One series.
    Series(usize),
    /// A product in all regions below a node.
    Node {
        /// Region node.
        node: usize,
        /// Product index.
        product: usize,
    },
}

/// Spreads of sums of months.
#[derive(Clone, Debug, Default)]
pub struct Spreads {
    /// By months summed, from 1 on.
    months: Vec<Option<Sum>>,
}

#[derive(Clone, Debug)]
struct Sum {
    source: Source,
    series: Spread,
    /// Of products below a region node.
    nodes: BTreeMap<usize, Spread>,
    /// Of each of [`ASKED`]: share of past sums that a level at that probability would have been enough for.
    reached: [f64; ASKED.len()],
    /// Past origins behind these shares.
    origins: f64,
}

/// Probabilities at which past levels are looked at.
const ASKED: [f64; 13] = [0.01, 0.25, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99, 0.9999];
/// Past sums looked at, at most: more make the shares no truer.
const LOOKED_AT: usize = 4_000;
/// What a level is enough for is believed as far as there are origins behind it: the quantile's own word counts as three.
const PRIOR: f64 = 3.0;

impl Spreads {
    /// Learns from the errors of sums over 1, 2, .. months. `today` is what each series is forecast at over one month;
    /// `nodes` are those whose sums are asked for.
    pub fn learn(errors: &[Option<(Errors, Source)>], today: &[f64], nodes: &[usize], grid: &Grid) -> Spreads {
        let learn = |(h, errors): (usize, &Option<(Errors, Source)>)| {
            let (errors, source) = errors.as_ref()?;
            let series = errors.spread()?;
            let sum: Vec<Option<f64>> = today.iter().map(|x| Some(x * (h + 1) as f64)).collect();
            let of = |node: &usize| {
                let leaves = grid.regions.leaves(*node);
                let owner = grid.series.iter().map(|s| if leaves.contains(&s.leaf) { s.product } else { usize::MAX });
                let owner: Vec<usize> = owner.collect();
                Some((*node, errors.of_sums(&series, &sum, &owner, grid.products.len())?))
            };
            let reached = reached(errors, &series);
            let origins = errors.forecasts.nrows() as f64;
            Some(Sum { source: *source, nodes: nodes.iter().filter_map(of).collect(), series, reached, origins })
        };
        Spreads { months: errors.iter().enumerate().map(learn).collect() }
    }

    /// Sums of how many months are at hand.
    pub fn longest(&self) -> usize {
        self.months.len()
    }

    /// The sums of a whole number of months nearest to the one asked for that have errors, shorter ones first.
    fn sum(&self, months: usize) -> Option<&Sum> {
        let at = months.clamp(1, self.months.len().max(1)) - 1;
        let shorter = self.months.iter().take(at + 1).rev().find_map(Option::as_ref);
        shorter.or_else(|| self.months.iter().find_map(Option::as_ref))
    }

    /// Where the spread of a demand comes from.
    pub fn source(&self, demand: &Demand) -> Source {
        match self.sum(demand.length.ceil() as usize) {
            Some(sum) if sum.of(demand.of).is_some() => sum.source,
            _ => Source::History,
        }
    }

    /// Quantile of demand at probability `u`, in units; between whole numbers of months between their quantiles.
    pub fn quantile(&self, demand: &Demand, u: f64) -> f64 {
        if demand.mean <= 0.0 {
            return 0.0;
        }
        let whole = demand.length.floor().max(1.0);
        let at = |months: f64| {
            let (spread, key) = self.sum(months as usize)?.of(demand.of)?;
            Some(spread.sample(demand.mean, key, u))
        };
        let part = (demand.length - whole).clamp(0.0, 1.0);
        match at(whole) {
            Some(low) if part > 0.0 => low + part * (at(whole + 1.0).unwrap_or(low) - low),
            Some(low) => low,
            None => negative_binomial_quantile(u, demand.mean, demand.variance * demand.length),
        }
    }

    /// The probability whose quantile is enough for a share `service` of demand, by what past quantiles were enough for:
    /// counts overshoot, because whole units are more than enough, and spreads hold for months that may be unlike all
    /// others.
    fn asked(&self, demand: &Demand, service: f64) -> f64 {
        let Some(sum) = self.sum(demand.length.round() as usize) else { return service };
        let above = sum.reached.iter().position(|r| *r >= service).unwrap_or(ASKED.len() - 1);
        let below = above.saturating_sub(1);
        let (low, high) = (sum.reached[below], sum.reached[above]);
        let part = if high > low { ((service - low) / (high - low)).clamp(0.0, 1.0) } else { 1.0 };
        let found = ASKED[below] + part * (ASKED[above] - ASKED[below]);
        let [found, asked] = [found, service].map(normal_quantile);
        1.0 - normal_above((found * sum.origins + asked * PRIOR) / (sum.origins + PRIOR))
    }

    /// Standard deviation of demand in units: half the distance between the quantiles at one standard deviation of a
    /// normal distribution on either side.
    pub fn deviation(&self, demand: &Demand) -> f64 {
        let [low, high] = [1.0, -1.0].map(|k| self.quantile(demand, normal_above(k)));
        (high - low).max(0.0) / 2.0
    }
}

/// The level that demand stays under with probability `u`, in units: of counts the count itself, also where that is
/// under the mean; of other quantities at least the mean, so that no safety factor is negative.
pub fn order_up_to(spreads: &Spreads, demand: &Demand, u: f64, whole: bool) -> f64 {
    let quantile = spreads.quantile(demand, spreads.asked(demand, u));
    if whole { quantile.max(demand.mean.floor()).ceil() } else { quantile.max(demand.mean) }
}

/// Of each of [`ASKED`] the share of past sums under that quantile of their forecasts.
fn reached(errors: &Errors, spread: &Spread) -> [f64; ASKED.len()] {
    let rows: Vec<(usize, usize)> = errors.counts.indexed_iter().filter(|(_, c)| **c).map(|(at, _)| at).collect();
    let step = rows.len().div_ceil(LOOKED_AT).max(1);
    let looked_at: Vec<(usize, usize)> = rows.into_iter().step_by(step).collect();
    let share = |u: f64| {
        let enough = |&&(o, s): &&(usize, usize)| {
            let level = spread.sample(errors.forecasts[(o, s)], s, u);
            errors.actuals[(o, s)] <= level + 1e-9
        };
        looked_at.iter().filter(enough).count() as f64 / looked_at.len().max(1) as f64
    };
    ASKED.map(share)
}

impl Sum {
    fn of(&self, of: Of) -> Option<(&Spread, usize)> {
        match of {
            Of::Series(series) => Some((&self.series, series)),
            Of::Node { node, product } => Some((self.nodes.get(&node)?, product)),
        }
    }
}
