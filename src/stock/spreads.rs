//! How far cumulative demand may lie from its forecast: the spread of past errors of sums over as many months (not one
//! month's spread times a root), from the ledger where it is long enough, else from the backtest (docs/METHOD.md#stock).

use std::collections::BTreeMap;

use ndarray::ArrayView2;

use super::played::{ASKED, Shares, Sums};
use super::source::Source;
use crate::grid::Grid;
use crate::stages::interval::OfSeries;
use crate::stats::interval::Spread;
use crate::stats::stock::{negative_binomial_quantile, normal_above, normal_quantile};

/// From so many issued forecasts on the ledger's own errors are used: half a year of them.
pub const LEDGER_ISSUES: usize = 6;

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
    series: OfSeries,
    /// Of products below a region node.
    nodes: BTreeMap<usize, Spread>,
    /// What levels were good for: sums covered, and months without a shortage where there were such months.
    covered: Shares,
    served: Option<Shares>,
    /// Units served of those asked for in such months.
    filled: Option<Shares>,
    /// Past origins behind these shares.
    origins: f64,
}

/// Probabilities that a standard normal variable is under -1 and under 1.
const ONE_DEVIATION: [f64; 2] = [0.158_655_253_931_457_05, 0.841_344_746_068_542_9];

/// What a level has to be good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The demand of a protection interval.
    Covered,
    /// A month without a shortage, where what is not there is lost.
    Served,
    /// The units asked for, by number, where what is not there is lost.
    Filled,
}

/// What a level is enough for is believed as far as there are origins behind it: the quantile's own word counts as three.
const PRIOR: f64 = 1.0;

impl Spreads {
    /// Learns from the errors of sums over 1, 2, .. months. `today` is what each series is forecast at over one month;
    /// `nodes` are those whose sums are asked for. `units` is what was sold, series x month.
    pub fn learn(
        past: &[Option<Sums>],
        units: ArrayView2<f64>,
        today: &[f64],
        nodes: &[usize],
        grid: &Grid,
    ) -> Spreads {
        let learn = |past: &Option<Sums>| {
            let past = past.as_ref()?;
            let errors = &past.errors;
            let series = errors.spread()?;
            let sum: Vec<Option<f64>> = today.iter().map(|x| Some(x * past.months as f64)).collect();
            let of = |node: &usize| {
                let leaves = grid.regions.leaves(*node);
                let owner = grid.series.iter().map(|s| if leaves.contains(&s.leaf) { s.product } else { usize::MAX });
                let owner: Vec<usize> = owner.collect();
                Some((*node, errors.of_sums(&series, &sum, &owner, grid.products.len())?))
            };
            let level = |o: usize, s: usize, u: f64| {
                let mean = errors.get(o, s).map_or(0.0, |(forecast, _)| forecast);
                at_least_the_mean(series.sample(mean, s, u), mean, errors.whole()[s])
            };
            let covered = past.covered(level);
            let (served, filled) = past.served(units, level).map(|[months, of_units]| (months, of_units)).unzip();
            let (source, origins) = (past.source, past.origins.len() as f64);
            let nodes = nodes.iter().filter_map(of).collect();
            Some(Sum { source, nodes, covered, served, filled, origins, series })
        };
        Spreads { months: past.iter().map(learn).collect() }
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
            Some(sum) if sum.knows(demand.of) => sum.source,
            _ => Source::History,
        }
    }

    /// Quantile of demand at probability `u`, in units; between whole numbers of months between their quantiles.
    pub fn quantile(&self, demand: &Demand, u: f64) -> f64 {
        if demand.mean <= 0.0 {
            return 0.0;
        }
        let whole = demand.length.floor().max(1.0);
        let at = |months: f64| self.sum(months as usize)?.sample(demand, u);
        let part = (demand.length - whole).clamp(0.0, 1.0);
        match at(whole) {
            Some(low) if part > 0.0 => low + part * (at(whole + 1.0).unwrap_or(low) - low),
            Some(low) => low,
            None => negative_binomial_quantile(u, demand.mean, demand.variance * demand.length),
        }
    }

    /// The probability whose quantile reaches `service`, by what past quantiles reached: counts overshoot, because whole
    /// units are more than enough; spreads hold for months that may be unlike all others; and what is lost is not owed.
    fn asked(&self, demand: &Demand, goal: Goal, service: f64) -> f64 {
        let Some(sum) = self.sum(demand.length.round() as usize) else { return service };
        let shares = match goal {
            Goal::Covered => &sum.covered,
            Goal::Served => sum.served.as_ref().unwrap_or(&sum.covered),
            Goal::Filled => sum.filled.as_ref().unwrap_or(&sum.covered),
        };
        let above = shares.iter().position(|r| *r >= service).unwrap_or(ASKED.len() - 1);
        let below = above.saturating_sub(1);
        let (low, high) = (shares[below], shares[above]);
        let part = if high > low { ((service - low) / (high - low)).clamp(0.0, 1.0) } else { 1.0 };
        let found = ASKED[below] + part * (ASKED[above] - ASKED[below]);
        let [found, asked] = [found, service].map(normal_quantile);
        1.0 - normal_above((found * sum.origins + asked * PRIOR) / (sum.origins + PRIOR))
    }

    /// Standard deviation of demand in units: half the distance between the quantiles at one standard deviation of a
    /// normal distribution on either side.
    pub fn deviation(&self, demand: &Demand) -> f64 {
        let [low, high] = ONE_DEVIATION.map(|u| self.quantile(demand, u));
        (high - low).max(0.0) / 2.0
    }
}

/// The level that reaches a goal with probability `u`, in units: of counts the count itself, also where that is under the
/// mean; of other quantities at least the mean, so that no safety factor is negative.
pub fn order_up_to(spreads: &Spreads, demand: &Demand, (goal, u): (Goal, f64), whole: bool) -> f64 {
    at_least_the_mean(spreads.quantile(demand, spreads.asked(demand, goal, u)), demand.mean, whole)
}

fn at_least_the_mean(quantile: f64, mean: f64, whole: bool) -> f64 {
    if whole { quantile.max(mean.floor()).ceil() } else { quantile.max(mean) }
}

impl Sum {
    fn knows(&self, of: Of) -> bool {
        match of {
            Of::Series(_) => true,
            Of::Node { node, .. } => self.nodes.contains_key(&node),
        }
    }

    /// Quantile of a demand at probability `u`, in units.
    fn sample(&self, demand: &Demand, u: f64) -> Option<f64> {
        match demand.of {
            Of::Series(series) => Some(self.series.sample(demand.mean, series, u)),
            Of::Node { node, product } => Some(self.nodes.get(&node)?.sample(demand.mean, product, u)),
        }
    }
}
