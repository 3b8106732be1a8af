//! What changed with a dated event: before and after, against regions that did not change where there are some.
//!
//! The months of an event (its first twelve, as far as they are complete) are compared with the same months a year
//! before, so that no season stands between them. With d = ln(after / before) of each region,
//! ```text
//! effect     = mean d of the regions that changed - mean d of those that did not
//! difference = mean d of the regions that changed, where none is left that did not
//! bounds     = +- t80 s sqrt(1/n + 1/m), s pooled over both kinds of regions, n + m - 2 degrees of freedom
//! ```
//! Only the first is called an effect: a difference also holds whatever else moved everyone at once (difference in
//! differences; with few regions that changed the spread of the others stands for theirs: Donald, Lang 2007, Review of
//! Economics and Statistics 89; Conley, Taber 2011, ibid. 93). A region in which another event moved the same sales in
//! those months is not one that did not change.

use std::ops::Range;

use super::decompose::{Measure, value};
use crate::books::households::{self, Households, kind};
use crate::dataset::{Factor, Known};
use crate::error::Place;
use crate::grid::{COMPANY, Kind, Scope};
use crate::month::Month;
use crate::stats::student::{mean_and_squares, t80};

/// No season is compared twice.
const LONGEST: i32 = 12;

/// A dated event, of the folder or asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
    /// Its reason; empty for one that was asked for.
    pub reason: String,
    /// Where it stands; none for one that was asked for.
    pub place: Option<Place>,
}

impl Event {
    /// A change at all regions from a month on.
    pub fn since(from: Month) -> Event {
        let to = from.plus(LONGEST - 1);
        Event { node: COMPANY, scope: Scope::All, from, to, reason: String::new(), place: None }
    }
}

impl From<&Factor> for Event {
    fn from(row: &Factor) -> Event {
        let (node, scope, reason) = (row.node, row.scope, row.reason.clone());
        Event { node, scope, from: row.from, to: row.to, reason, place: Some(row.place.clone()) }
    }
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The measure.
    Measure,
    /// Buyers over households that signed.
    Conversion,
}

/// What changed with an event.
#[derive(Clone, Debug)]
pub struct Change {
    /// The event.
    pub event: Event,
    /// What is compared.
    pub outcome: Outcome,
    /// First and last month compared.
    pub months: (Month, Month),
    /// The outcome of the regions that changed, a year before and in these months.
    pub values: [f64; 2],
    /// Regions that changed, and that did not.
    pub regions: (usize, usize),
    /// Mean growth of the regions that did not change, a share; none where there are none.
    pub others: Option<f64>,
    /// The effect, or the difference where there is no region that did not change: a share.
    pub change: f64,
    /// 80% bounds of it; none where there are too few regions.
    pub bounds: Option<(f64, f64)>,
    /// Whether another event moved the regions that changed in the months compared.
    pub mixed: bool,
}

impl Change {
    /// Whether it is an effect: there were regions that did not change.
    pub fn is_effect(&self) -> bool {
        self.regions.1 > 0
    }
}

/// What changed with an event in a measure of what `scope` means, and in conversion where households and buyers are
/// counted. Nothing where its months, or those a year before, are not in the history, or nothing was sold.
pub fn changes(known: &Known, measure: Measure, scope: Scope, event: &Event) -> Vec<Change> {
    let last = event.to.min(event.from.plus(LONGEST - 1)).min(known.origin.cutoff);
    let (Some(from), Some(to)) = (known.visible_index(event.from), known.visible_index(last)) else {
        return Vec::new();
    };
    if to < from || from < LONGEST as usize {
        return Vec::new();
    }
    let after = from..to + 1;
    let before = from - LONGEST as usize..to + 1 - LONGEST as usize;
    let grid = &known.data.grid;
    let asked = |s: &usize| {
        let product = grid.series[*s].product;
        grid.covers(scope, product) && measure.counts(kind(known, product))
    };
    let compared = Compared { known, event, after, before };
    let of_measure = compared.change(Outcome::Measure, &|leaf, span| {
        let own = grid.in_scope(grid.regions.node_of(leaf), event.scope).into_iter().filter(asked);
        own.flat_map(|s| span.clone().map(move |t| (s, t))).map(|(s, t)| value(known, measure, s, t)).sum()
    });
    let households = households::count(known).filter(|_| event.scope == Scope::All);
    let of_conversion = households.and_then(|Households { signed, buyers }| {
        let buyers = buyers.filter(|_| measure.counts(Kind::Goods))?;
        compared.change(Outcome::Conversion, &|leaf, span| {
            let sum = |of: &ndarray::Array2<f64>| span.clone().map(|t| of[(leaf, t)]).sum::<f64>();
            Some(sum(&buyers) / Some(sum(&signed)).filter(|n| *n > 0.0)?)
        })
    });
    of_measure.into_iter().chain(of_conversion).collect()
}

struct Compared<'k, 'a> {
    known: &'k Known<'a>,
    event: &'k Event,
    after: Range<usize>,
    before: Range<usize>,
}

impl Compared<'_, '_> {
    /// Compares an outcome of leaves in a span of months.
    fn change(&self, outcome: Outcome, of: &dyn Fn(usize, Range<usize>) -> Option<f64>) -> Option<Change> {
        let (grid, event) = (&self.known.data.grid, self.event);
        let inside = grid.regions.leaves(event.node);
        let (mut changed, mut others) = (Vec::new(), Vec::new());
        let (mut values, mut counted, mut mixed) = ([0.0; 2], 0, false);
        for leaf in 0..grid.regions.leaf_count() {
            let pair = of(leaf, self.before.clone()).zip(of(leaf, self.after.clone()));
            let Some((before, after)) = pair.filter(|(b, a)| *b > 0.0 && *a > 0.0) else { continue };
            let growth = (after / before).ln();
            let disturbed = self.disturbed(leaf);
            if inside.contains(&leaf) {
                values = [values[0] + before, values[1] + after];
                counted += 1;
                mixed |= disturbed;
                changed.push(growth);
            } else if !disturbed {
                others.push(growth);
            }
        }
        if outcome == Outcome::Conversion && counted > 0 {
            values = values.map(|sum| sum / f64::from(counted));
        }
        let (mean, squares) = mean_and_squares(&changed)?;
        let rest = mean_and_squares(&others);
        let (other_mean, other_squares) = rest.unwrap_or((0.0, 0.0));
        let (n, m) = (changed.len(), others.len());
        let degrees = (n + m).checked_sub(if m > 0 { 2 } else { 1 })?;
        let estimate = mean - other_mean;
        let error = t80(degrees).map(|t| {
            let variance = (squares + other_squares) / degrees as f64;
            t * (variance * (1.0 / n as f64 + if m > 0 { 1.0 / m as f64 } else { 0.0 })).sqrt()
        });
        let month = |t: usize| self.known.data.month(t);
        Some(Change {
            event: event.clone(),
            outcome,
            months: (month(self.after.start), month(self.after.end - 1)),
            values,
            regions: (n, m),
            others: rest.map(|(mean, _)| mean.exp_m1()),
            change: estimate.exp_m1(),
            bounds: error.map(|e| ((estimate - e).exp_m1(), (estimate + e).exp_m1())),
            mixed,
        })
    }

    /// Whether another event of the folder moved the same products of a leaf in the months compared.
    fn disturbed(&self, leaf: usize) -> bool {
        let data = self.known.data;
        let month = |t: usize| data.month(t);
        let overlaps =
            |from: Month, to: Month, span: &Range<usize>| from <= month(span.end - 1) && to >= month(span.start);
        self.known.factors.iter().any(|f| {
            let own = self.event.place.as_ref() == Some(&f.place);
            let scopes = data.grid.groups_of(f.scope);
            let shared = data.grid.groups_of(self.event.scope).any(|g| scopes.contains(&g));
            let when = overlaps(f.from, f.to, &self.before) || overlaps(f.from, f.to, &self.after);
            !own && shared && when && data.grid.regions.leaves(f.node).contains(&leaf)
        })
    }
}
