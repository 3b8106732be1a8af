//! What a folder's past teaches: the rolling pass over its past origins that learns the parameters of the fitted
//! forecast, each from what was visible before it, and keeps the errors that forecast would have made.
//!
//! At every origin o the coefficients come from origins before it whose months have come to pass, and so do the
//! weights, the corrections and the decision whether the fitted forecast is used at all. So the errors kept are those
//! of forecasts made in good faith, and the parameters at the cutoff are those of the last origin.

mod learn;
mod past;
mod plain;

use std::sync::Arc;

use ndarray::{CowArray, Ix2};

use crate::across::What;
use crate::backtest::{self, Backtest, Prepared};
use crate::dataset::{Dataset, Known, Mode};
use crate::month::Month;
use crate::point;
use crate::stages::combine::Learned;
use crate::stages::demand::{self, Substitution};
use crate::stages::interval::Errors;
use crate::stages::panel::STEPS;
use crate::stages::{Parameters, community, reception};

use learn::Memory;
pub use learn::{LINE_PENALTIES, SHARE_PENALTY};
pub use past::{Compared, Gate, LONGEST, Past, PastBeyond, PastMonth, Why};

/// Lags that are forecast and revised: one and two months after the one made.
const LAGS: i32 = 2;
/// First origin learned from, as a month index: half a year tells a level from a movement.
const FIRST: usize = 5;
/// How far back origins bear on a cutoff: the months of the weights, those of their corrections, those that the
/// regressions of these were learned from, and the errors kept.
const REACH: usize = 80;

/// Parameters with the evidence behind them.
#[derive(Clone, Debug)]
pub struct Fit {
    /// What to run the steps with.
    pub parameters: Parameters,
    /// Why the fitted forecast is used, or is not.
    pub gate: Gate,
    /// Forecasts made at past origins and what came.
    pub past: Past,
    /// How many customers take something else where their product is out, as learned; none where the plain value holds.
    pub substitution: Option<Substitution>,
    /// Whether each series is sold in whole units, as far as is visible.
    pub whole: Vec<bool>,
}

/// A backtest that refits everything at every cutoff, and at how many of them the fitted forecast was used; `done` is
/// told how many are through.
pub fn backtest(data: &Dataset, cutoffs: &[Month], mode: Mode, done: impl FnMut(usize)) -> (Backtest, usize) {
    backtest_ahead(data, cutoffs, (mode, LAGS), done)
}

/// The same of the months up to a lag.
pub fn backtest_ahead(
    data: &Dataset,
    cutoffs: &[Month],
    (mode, lag): (Mode, i32),
    done: impl FnMut(usize),
) -> (Backtest, usize) {
    let (mut learner, mut fitted) = (Learner::new(data), 0);
    let fit = |known: &_| {
        let fit = learner.at(known);
        fitted += usize::from(fit.gate.used);
        fit.prepared(usize::try_from(lag).unwrap_or(0))
    };
    (backtest::run(data, cutoffs, (mode, lag), fit, done), fitted)
}

impl Fit {
    /// Errors of past origins by step ahead, from 1 on, of the method that is used.
    pub fn errors(&self) -> Vec<Errors> {
        let steps = self.past.months.iter().map(|m| m.step).max().unwrap_or(0);
        (1..=steps).map(|step| self.past.errors(step, self.gate.used, self.whole.clone())).collect()
    }

    /// What a backtest runs a cutoff with, of so many months ahead (a year at the most has errors).
    pub fn prepared(self, months: usize) -> Prepared {
        let mut errors = self.errors();
        let beyond = errors.len() + 1..=months.min(LONGEST);
        let used = self.gate.used_beyond();
        errors.extend(beyond.map(|h| self.past.errors_beyond(h, false, used, self.whole.clone())));
        Prepared { errors, parameters: self.parameters }
    }
}

/// Learns from one folder, cutoff after cutoff; what earlier cutoffs learned is used again where the data before them
/// have not changed.
pub struct Learner<'d> {
    data: &'d Dataset,
    plain: Parameters,
    memory: Memory<'d>,
}

impl<'d> Learner<'d> {
    /// Begins, with the parameters that the folder's settings give.
    pub fn new(data: &'d Dataset) -> Learner<'d> {
        Learner { data, plain: Parameters::plain(&data.settings), memory: Memory::new(data) }
    }

    /// Demand without dated events, of what was received, and the parameters it was taken from sales with.
    fn clean<'a>(&self, known: &Known<'a>) -> (Parameters, Option<Substitution>, CowArray<'a, f64, Ix2>) {
        let (parameters, substitution) = match demand::informed(known, &self.plain) {
            Some((parameters, found)) => (parameters, Some(found)),
            None => (self.plain.clone(), None),
        };
        let demand = demand::uncensor(known, &parameters);
        let communities = community::project(known, &demand, &parameters);
        let left = communities.as_ref().map(|c| c.rest(&demand));
        let base = point::base_of(&demand, left.as_ref(), known, &parameters);
        let clean = base.changed.map(CowArray::from);
        let clean = clean.unwrap_or_else(|| left.unwrap_or(demand).units);
        (parameters, substitution, clean)
    }

    /// Learns what an origin can know.
    pub fn at(&mut self, known: &Known<'d>) -> Fit {
        let steps = if known.origin.mode == Mode::During { STEPS } else { STEPS - 1 };
        let months = known.months();
        let whole = known.whole_by_series();
        if months <= FIRST || !self.data.settings.learns() {
            return Fit {
                parameters: self.plain.clone(),
                gate: Gate::default(),
                past: Past::default(),
                substitution: None,
                whole,
            };
        }
        let reception = reception::receive(known);
        let (mut parameters, substitution, clean) = match &reception.units {
            None => self.clean(known),
            Some(_) => {
                let (parameters, substitution, clean) = self.clean(&reception.heard(known));
                (parameters, substitution, CowArray::from(clean.into_owned()))
            }
        };
        self.memory.see(clean, known, steps);
        self.memory.reception = reception;
        let cutoff = months - 1;
        let mut past = self.memory.past(self.data, (&self.plain, &parameters), cutoff, steps);
        let across = &self.data.across;
        let gate = past.gate(cutoff, steps, across);
        // Until all parts know whether it is used, each goes on as if it were, or their sums would be missed.
        if !gate.used && !gate.used_beyond() && across.knows(What::Missed) {
            return Fit { parameters: self.plain.clone(), gate, past, substitution: None, whole };
        }
        past.weigh(steps, gate.weight, gate.weight_beyond);
        let steps = (1..=steps).map(|h| self.memory.step(cutoff, h).cloned()).collect();
        let (weight, weight_beyond) = (gate.weight, gate.weight_beyond);
        let beyond = self.memory.missed_beyond(cutoff);
        parameters.learned = Some(Arc::new(Learned { steps, beyond, weight, weight_beyond }));
        Fit { parameters, gate, past, substitution, whole }
    }
}
