//! One fitted number taken apart, for explaining it: what the shares' regression adds up for a series, and where the
//! total's simple experts come from. Worked out again from the history, so that a run keeps none of it.

use std::ops::Range;

use ndarray::{Array2, ArrayView2};

use super::{Combined, GROWTH_KEPT, Learned, RECENT, SAID, centred, said};
use crate::dataset::Known;
use crate::stages::panel::{BLOCK, Features, Groupings, History, Of, names};

/// One variable's part in what the regression says of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The variable's name (`panel::names`).
    pub name: String,
    /// Its value less the mean over all series.
    pub value: f64,
    /// Its coefficient.
    pub coefficient: f64,
}

impl Term {
    /// What it adds, in logs against the series' level.
    pub fn product(&self) -> f64 {
        self.value * self.coefficient
    }
}

/// One series' share of its block's total.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The series' level and offset, in units per month of mean length.
    pub level: f64,
    /// See `panel`.
    pub offset: f64,
    /// Variables by the size of what they add, the largest first.
    pub terms: Vec<Term>,
    /// Their sum, as it is used: within the bounds of what a regression may say.
    pub log: f64,
    /// `(level + offset) e^log - offset`, at least 0, in units per month of mean length.
    pub own: f64,
    /// The same of all series of the block.
    pub all: f64,
}

/// Where the simple experts of a total come from, in units per month of mean length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Simple {
    /// Last year's month index.
    pub before: Option<usize>,
    /// The block's total in that month.
    pub last_year: f64,
    /// The months whose mean stands in while no year lies behind, with their totals.
    pub recent: Vec<(usize, f64)>,
}

/// What part of recent growth goes on, for an expert that grew by `grown / base`: the growth before damping, in logs.
pub fn growth(base: f64, grown: f64) -> Option<f64> {
    (base > 0.0 && grown > 0.0).then(|| (grown / base).ln() / GROWTH_KEPT)
}

impl Combined {
    /// Where a series stands among the live ones.
    pub fn position(&self, series: usize) -> Option<usize> {
        self.series.binary_search(&series).ok()
    }

    /// The fitted units of a range of series in a month forecast, added up; none where the plain rules apply to it.
    pub fn sum(&self, range: Range<usize>, month: usize) -> Option<f64> {
        let ahead = self.months.get(month)?.as_ref()?;
        let from = self.series.partition_point(|s| *s < range.start);
        let to = self.series.partition_point(|s| *s < range.end);
        let sum: f64 = ahead.units.get(from..to)?.iter().sum();
        (sum > 0.0).then_some(sum)
    }

    /// What takes the numbers of a month forecast apart; `clean` is demand without dated events, series x month.
    pub fn tracer(&self, learned: &Learned, clean: ArrayView2<f64>, known: &Known, month: usize) -> Option<Tracer> {
        let step = self.months.get(month)?.as_ref()?.step;
        let coefficients = learned.steps.get(step - 1)?.as_ref()?.shares.to_vec();
        let groupings = Groupings::new(known.data);
        let history = History::new(clean, known, &groupings);
        let origin = history.months().checked_sub(1)?;
        let features = Features::new(&history, &groupings, origin, (Of::All, self.series.clone()), step);
        let x = centred(&features, step);
        let blocks = history.sums[BLOCK].clone();
        let Features { series, level, offset, .. } = features;
        let mut tracer =
            Tracer { step, series, level, offset, x, coefficients, all: vec![0.0; blocks.nrows()], blocks };
        for i in 0..tracer.series.len() {
            let own = tracer.own(i);
            tracer.all[self.block[tracer.series[i]]] += own;
        }
        Some(tracer)
    }
}

/// What the numbers of one month forecast have in common, worked out again from the history once for all of them.
#[derive(Clone, Debug)]
pub struct Tracer {
    step: usize,
    series: Vec<usize>,
    level: Vec<f64>,
    offset: Vec<f64>,
    /// Variables less their means, series x variable.
    x: Array2<f64>,
    coefficients: Vec<f64>,
    /// Units of all series of a block, by block.
    all: Vec<f64>,
    /// Units by block and month of the history.
    blocks: Array2<f64>,
}

impl Tracer {
    /// What the regression says of a series, in units per month of mean length.
    fn own(&self, i: usize) -> f64 {
        let log: f64 = self.x.row(i).iter().zip(&self.coefficients).map(|(x, b)| x * b).sum();
        said(log, self.level[i], self.offset[i])
    }

    /// A series' share of its block, taken apart.
    pub fn trace(&self, series: usize, block: usize) -> Option<Trace> {
        let i = self.series.binary_search(&series).ok()?;
        let values = self.x.row(i);
        let values = values.iter().zip(&self.coefficients);
        let mut terms: Vec<Term> = names()
            .into_iter()
            .zip(values)
            .map(|(name, (value, coefficient))| Term { name, value: *value, coefficient: *coefficient })
            .collect();
        terms.sort_by(|a, b| b.product().abs().total_cmp(&a.product().abs()));
        let log: f64 = terms.iter().map(Term::product).sum();
        Some(Trace {
            level: self.level[i],
            offset: self.offset[i],
            log: log.clamp(SAID.0, SAID.1),
            own: self.own(i),
            all: self.all.get(block).copied()?,
            terms,
        })
    }

    /// Where the simple experts of a block's total come from.
    pub fn simple(&self, block: usize) -> Simple {
        let row = self.blocks.row(block);
        let n = row.len();
        let year = (n >= 12).then(|| (n + self.step).checked_sub(13)).flatten().filter(|t| *t < n);
        match year {
            Some(t) => Simple { before: Some(t), last_year: row[t], recent: Vec::new() },
            None => {
                Simple { recent: (n.saturating_sub(RECENT)..n).map(|t| (t, row[t])).collect(), ..Simple::default() }
            }
        }
    }
}
