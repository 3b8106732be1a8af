//! Who was right: each front-line answer and each override beside the number it replaced.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Actual;
use crate::accuracy::ratio;
use crate::dataset::ledger::{Said, Source, Step};
use crate::grid::Grid;

/// A change of less than this part of the number replaced is small. Fildes, Goodwin, Lawrence, Nikolopoulos 2009
/// (International Journal of Forecasting 25) found that small and upward changes tend to hurt and large downward ones
/// to help; where small ends is ours: below a tenth a change is within what most forecasts miss anyway.
pub const SMALL: f64 = 0.10;

/// Which way a change went, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Upward by less than [`SMALL`].
    SmallUp,
    /// Upward by more.
    LargeUp,
    /// Downward by less than [`SMALL`].
    SmallDown,
    /// Downward by more.
    LargeDown,
}

/// All parts.
pub const PARTS: [Part; 4] = [Part::SmallUp, Part::LargeUp, Part::SmallDown, Part::LargeDown];

/// What answers are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// All of a source.
    Source,
    /// The reason given.
    Reason,
    /// Who gave them.
    Contributor,
}

/// Answers put together.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// A front-line answer, or an override.
    pub source: Source,
    /// What they have in common.
    pub by: By,
    /// The reason or the contributor; empty for all, and where none is given.
    pub name: Arc<str>,
    /// All of them.
    pub all: Tally,
    /// By [`PARTS`]; answers that changed nothing are in none.
    pub parts: [Tally; PARTS.len()],
}

/// Answers added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many.
    pub count: usize,
    /// Units that the number replaced would have missed less those that the answer missed: negative where it hurt.
    pub avoided: f64,
    /// Answers that were nearer than what they replaced.
    pub nearer: usize,
    /// Answer less sold, in units.
    signed: f64,
    /// Units sold, absolute values.
    sold: f64,
}

impl Tally {
    fn add(&mut self, one: &One) {
        self.count += 1;
        self.avoided += one.avoided;
        self.nearer += usize::from(one.avoided > 0.0);
        self.signed += one.signed;
        self.sold += one.sold.abs();
    }

    /// Share of answers that were nearer than what they replaced; none of none.
    pub fn nearer_share(&self) -> Option<f64> {
        ratio(self.nearer as f64, self.count as f64)
    }

    /// Answers less sales over sales, a share: positive where they are too high; none where nothing was sold.
    pub fn bias(&self) -> Option<f64> {
        ratio(self.signed, self.sold)
    }
}

/// One answer, in sales space.
struct One {
    avoided: f64,
    signed: f64,
    sold: f64,
    part: Option<Part>,
}

/// The step that an answer took the place of.
fn replaced(source: Source) -> Option<Step> {
    match source {
        Source::Front => Some(Step::Cut),
        Source::Override => Some(Step::Landed),
        _ => None,
    }
}

impl One {
    /// At the answer's own region and products. Where the month was not fully in stock the answer is scaled as the
    /// number it replaced is: by what of it could have been sold.
    fn new(actual: &Actual, said: &Said, step: Step, grid: &Grid) -> Option<One> {
        let series = grid.in_scope(said.node, said.scope);
        let sum = |units: &[f64]| -> f64 { series.iter().filter_map(|s| units.get(*s)).sum() };
        if series.is_empty() {
            return None;
        }
        let (demand, expected, sold) =
            (sum(actual.passed.month.after(step)), sum(actual.after(step)), sum(&actual.sold));
        let answer = if demand > 0.0 { said.units * (expected / demand) } else { said.units };
        let change = said.units - demand;
        let small = change.abs() < SMALL * demand;
        let part = match (change > 0.0, change < 0.0) {
            (true, _) => Some(if small { Part::SmallUp } else { Part::LargeUp }),
            (_, true) => Some(if small { Part::SmallDown } else { Part::LargeDown }),
            _ => None,
        };
        Some(One { avoided: (expected - sold).abs() - (answer - sold).abs(), signed: answer - sold, sold, part })
    }
}

/// Judges every answer, put together by source, by reason and by contributor, in this order.
pub(super) fn judge(actual: &[Actual], grid: &Grid) -> Vec<Judged> {
    let mut found: BTreeMap<(Source, By, Arc<str>), Judged> = BTreeMap::new();
    for month in actual {
        for said in &month.passed.month.said {
            let Some(one) = replaced(said.source).and_then(|step| One::new(month, said, step, grid)) else { continue };
            let keys =
                [(By::Source, Arc::from("")), (By::Reason, said.reason.clone()), (By::Contributor, said.by.clone())];
            for (by, name) in keys {
                let judged = found.entry((said.source, by, name.clone())).or_insert_with(|| Judged {
                    source: said.source,
                    by,
                    name,
                    all: Tally::default(),
                    parts: Default::default(),
                });
                judged.all.add(&one);
                let part = one.part.and_then(|part| PARTS.iter().position(|p| *p == part));
                if let Some(tally) = part.and_then(|i| judged.parts.get_mut(i)) {
                    tally.add(&one);
                }
            }
        }
    }
    found.into_values().collect()
}
