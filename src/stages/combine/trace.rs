//! One fitted number taken apart, for explaining it: what the shares' regression adds up for a series, and where the
//! total's simple experts come from. Worked out again from the history, so that a run keeps none of it.

use std::ops::Range;

use ndarray::{Array2, CowArray, Ix2};

use super::{Combined, GROWTH_KEPT, Held, Learned, RECENT, SAID, in_logs, made, said};
use crate::dataset::Known;
use crate::stages::levels::{Agreed, EXPERTS, LAST_YEAR, LEVELS, MEDIAN, REGRESSION, SMOOTHED, milestone};
use crate::stages::panel::{BLOCK, Features, Groupings, HORIZON, History, Of, length, names};

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

    /// The fitted units of a month ahead (by its index), by live series; none where the plain rules apply to it.
    pub fn units(&self, month: usize) -> Option<&[f64]> {
        match month.checked_sub(self.months.len()) {
            None => self.months.get(month)?.as_ref().map(|ahead| &ahead.units[..]),
            Some(beyond) => self.beyond.get(beyond).map(|units| &units[..]).filter(|units| !units.is_empty()),
        }
    }

    /// The fitted units of a range of series in a month ahead, added up; none where the plain rules apply to it.
    pub fn sum(&self, range: Range<usize>, month: usize) -> Option<f64> {
        let units = self.units(month)?;
        let from = self.series.partition_point(|s| *s < range.start);
        let to = self.series.partition_point(|s| *s < range.end);
        let sum: f64 = units.get(from..to)?.iter().sum();
        (sum > 0.0).then_some(sum)
    }

    /// What takes the numbers of a month forecast apart; `clean` is demand without dated events, series x month.
    pub fn tracer<'d>(
        &self,
        learned: &Learned,
        clean: CowArray<'d, f64, Ix2>,
        known: &Known<'d>,
        month: usize,
    ) -> Option<Tracer<'d>> {
        let step = self.months.get(month)?.as_ref()?.step;
        let regression = learned.steps.get(step - 1)?.as_ref()?.shares.clone();
        let groupings = Groupings::new(known.data);
        let history = History::new(clean, known, &groupings);
        let origin = history.months().checked_sub(1)?;
        let features = Features::new(&history, &groupings, origin, (Of::All, self.series.clone()), step);
        let logs = in_logs(&features, &history, &groupings, &[(step, &regression)]).pop()?;
        let mut all = vec![0.0; groupings.block_count()];
        for (i, (&s, log)) in features.series.iter().zip(&logs).enumerate() {
            all[groupings.block(s)] += said(*log, features.level[i], features.offset[i]);
        }
        Some(Tracer { step, history, groupings, features, regression, all })
    }
}

/// What all levels say of a month beyond those of the regression, worked out again.
#[derive(Clone, Debug)]
pub struct Far {
    /// What it goes by: the month of the first year ahead that it repeats, in steps from the cutoff.
    pub step: usize,
    /// How experts were weighed and levels brought to agree.
    pub agreed: Agreed,
    /// By expert: what it says of each live series, in units per month of mean length; none where it is silent.
    pub experts: [Option<Vec<f64>>; EXPERTS],
    /// By live series: its row in each level above.
    pub above: [Vec<usize>; LEVELS - 1],
    /// The month's selling days over a month's mean length.
    pub length: f64,
}

impl Combined {
    /// What all levels say of a month ahead (by its index) beyond those of the regression; `clean` is demand without
    /// dated events, series x month.
    pub fn far<'d>(
        &self,
        learned: &Learned,
        clean: CowArray<'d, f64, Ix2>,
        known: &Known<'d>,
        month: usize,
    ) -> Option<Far> {
        self.units(month)?;
        let groupings = Groupings::new(known.data);
        let history = History::new(clean, known, &groupings);
        let (mut again, mut everywhere) = made(learned, &history, &groupings, known);
        let first = known.origin.targets().first()?.since(known.origin.cutoff);
        let ahead = usize::try_from(first).ok()? + month;
        let step = (ahead - 1) % HORIZON + 1;
        let near = again.months.iter_mut().flatten().find(|near| near.step == step);
        let agreed = match near {
            Some(near) => std::mem::take(&mut near.agreed),
            None => everywhere.floors.agree(step, &learned.beyond[milestone(step)]),
        };
        let floors = &everywhere.floors;
        let experts = std::array::from_fn(|e| floors.says(e, step).map(<[f64]>::to_vec));
        let length = length(known.data, known.months(), known.months() - 1 + ahead);
        Some(Far { step, agreed, experts, above: floors.above.clone(), length })
    }
}

/// What the numbers of one month forecast have in common, worked out again from the history once for all of them.
#[derive(Clone, Debug)]
pub struct Tracer<'d> {
    step: usize,
    history: History<'d>,
    groupings: Groupings<'d>,
    features: Features,
    regression: Held,
    /// Units of all series of a block, by block.
    all: Vec<f64>,
}

impl Tracer<'_> {
    /// A series' share of its block, taken apart.
    pub fn trace(&self, series: usize, block: usize) -> Option<Trace> {
        let i = self.features.series.binary_search(&series).ok()?;
        let (level, offset) = (self.features.level[i], self.features.offset[i]);
        let (row, mut room) = (self.features.one(&self.history, &self.groupings, i), Array2::zeros((0, 0)));
        let row = self.features.of_step(row.view(), self.step, &mut room);
        let mut terms: Vec<Term> = names()
            .into_iter()
            .zip(row.iter().zip(&self.regression.coefficients))
            .map(|(name, (value, coefficient))| Term { name, value: *value, coefficient: *coefficient })
            .collect();
        terms.sort_by(|a, b| b.product().abs().total_cmp(&a.product().abs()));
        let log = self.regression.at(terms.iter().map(Term::product).sum());
        let own = said(log, level, offset);
        Some(Trace { level, offset, log: log.clamp(SAID.0, SAID.1), own, all: self.all.get(block).copied()?, terms })
    }

    /// What the experts of `levels` say of a series beside the regression, in units per month of mean length.
    pub fn experts(&self, series: usize, regression: f64) -> [f64; EXPERTS] {
        let mut out = [0.0; EXPERTS];
        out[REGRESSION] = regression;
        if let Ok(i) = self.features.series.binary_search(&series) {
            let own = &self.features.own[i];
            out[LAST_YEAR] = own.last_year[self.step - 1];
            out[SMOOTHED] = own.smoothed[self.step - 1];
            out[MEDIAN] = own.median;
        }
        out
    }

    /// The rows of the levels above that a series is part of.
    pub fn rows_above(&self, series: usize) -> [usize; 3] {
        self.groupings.row_above(series)
    }

    /// Where the simple experts of a block's total come from.
    pub fn simple(&self, block: usize) -> Simple {
        let row = self.history.sums[BLOCK].row(block);
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
