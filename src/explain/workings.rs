//! What the explanations of one run have in common, worked out when the first of them asks for it: a page explains
//! thousands of numbers, and each of them stands beside all others.

use std::sync::OnceLock;

use ndarray::ArrayView2;

use crate::changes::{Since, since_last};
use crate::dataset::Known;
use crate::outlook::Outlook;
use crate::stages::combine::{Far, Tracer};

/// A run, ready to be explained.
#[derive(Debug)]
pub struct Workings<'a> {
    /// The run.
    pub outlook: &'a Outlook,
    /// The data as visible at its origin.
    pub known: Known<'a>,
    /// By month forecast.
    tracers: Vec<OnceLock<Option<Tracer<'a>>>>,
    /// By month ahead, those forecast included.
    far: Vec<OnceLock<Option<Far>>>,
    /// By month forecast.
    changes: Vec<OnceLock<Option<Since<'a>>>>,
}

impl<'a> Workings<'a> {
    /// Nothing is worked out yet.
    pub fn new(outlook: &'a Outlook) -> Workings<'a> {
        let (months, ahead) = (outlook.months().len(), outlook.horizon().months.len());
        Workings {
            outlook,
            known: outlook.known(),
            tracers: (0..months).map(|_| OnceLock::new()).collect(),
            far: (0..ahead).map(|_| OnceLock::new()).collect(),
            changes: (0..months).map(|_| OnceLock::new()).collect(),
        }
    }

    /// What takes the fitted numbers of a month forecast apart; none where the plain rules made it.
    pub fn tracer(&self, k: usize) -> Option<&Tracer<'a>> {
        let make = || {
            let point = &self.outlook.point;
            let learned = self.outlook.parameters().learned.as_deref()?;
            point.combined.as_ref()?.tracer(learned, self.clean().into(), &self.known, k)
        };
        self.tracers.get(k)?.get_or_init(make).as_ref()
    }

    /// What all levels say of a month beyond those forecast; none where the plain rules made it.
    pub fn far(&self, k: usize) -> Option<&Far> {
        let make = || {
            let learned = self.outlook.parameters().learned.as_deref()?;
            self.outlook.point.combined.as_ref()?.far(learned, self.clean().into(), &self.known, k)
        };
        self.far.get(k)?.get_or_init(make).as_ref()
    }

    /// Demand without dated events, series x month.
    pub fn clean(&self) -> ArrayView2<'a, f64> {
        let point = &self.outlook.point;
        point.clean.as_ref().map_or(point.demand(&self.known), |clean| clean.view())
    }

    /// A month forecast beside its last version; none where it was not issued before.
    pub fn since(&self, k: usize) -> Option<&Since<'a>> {
        self.changes.get(k)?.get_or_init(|| since_last(self.outlook, &self.known, k)).as_ref()
    }
}
