//! The memory of past origins and what is learned from them.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::past::Plain;
use super::{FIRST, REACH};
use crate::across::{What, key};
use crate::dataset::Known;
use crate::stages::combine::{At, LINES, Missed, Numbers, Step, TOTALS, centred};
use crate::stages::panel::{AGGREGATE_FEATURES, Aggregates, BLOCK, FEATURES, Features, Groupings, History, Of, sample};
use crate::stats::regress::{Line, Sums};

/// Origins that the shares' regression learns from: two years of each calendar month.
const MEMORY: usize = 24;
/// Origins that the total's regressions learn from.
const LINE_MEMORY: usize = 18;
/// Weight of rows one step nearer or further: `6 / (6 + origins of the step itself)`.
const OTHER_STEP: f64 = 6.0;
/// An origin of the same calendar month weighs `1 + 4`, one a month off `1 + 2`.
const SAME_MONTH: f64 = 4.0;
/// Months off from which an origin's calendar month says nothing more.
const NEAR_MONTHS: f64 = 2.0;
/// Penalty of the shares' regression.
pub const SHARE_PENALTY: f64 = 1.0;
/// Weight of a series in a regression: its level to this power, so that the errors of large ones count for more, and
/// not for everything.
const POWER: f64 = 0.5;
/// Penalties of the total's regressions.
pub const LINE_PENALTIES: [f64; LINES] = [1.0, 2.0, 5.0];
/// Origins from which a total can be told by a regression.
const LINE_ORIGINS: usize = 10;
/// Past origins whose errors weigh the total's experts.
const TOTAL_ORIGINS: usize = 24;
/// Pseudo-months of mean error in those weights, and the power of the inverse error.
const TOTAL_PSEUDO: f64 = 2.0;
const TOTAL_POWER: i32 = 2;
/// Past origins over which the part of a month is measured that had begun.
const BEGUN_ORIGINS: usize = 6;
/// A year has to lie behind an origin for its total's errors to count.
const YEAR_SEEN: usize = 11;

/// One past origin.
pub(super) struct Origin {
    pub(super) features: Features,
    aggregates: Aggregates,
    /// By block: levels of all live series over those of the sample.
    pub(super) scale: Vec<f64>,
    /// By step: rows with their outcome, once it is known.
    sums: Vec<Option<Rows>>,
    /// By step: what was learned by then.
    steps: Vec<Option<Step>>,
    /// By step: what was forecast then.
    pub(super) numbers: Vec<Option<Numbers>>,
    /// The plain rules' forecasts then, as far as they were asked for.
    pub(super) plain: Option<Plain>,
    /// Series learned from, over all regions.
    rows: usize,
}

/// Rows of one origin and step added up: for the shares, each less its origin's mean; for the totals as they are.
struct Rows {
    shares: Sums,
    levels: Sums,
}

/// Everything remembered of a folder.
pub(super) struct Memory {
    pub(super) groupings: Groupings,
    pub(super) history: Option<History>,
    pub(super) origins: Vec<Option<Origin>>,
    steps: usize,
}

impl Memory {
    pub(super) fn new(groupings: Groupings) -> Memory {
        Memory { groupings, history: None, origins: Vec::new(), steps: 0 }
    }

    /// Takes in the history visible at an origin and learns from it up to there.
    pub(super) fn see(&mut self, clean: ArrayView2<f64>, known: &Known, steps: usize) {
        let history = History::new(clean, known, &self.groupings);
        let same = self.history.as_ref().map_or(0, |old| unchanged(old, &history));
        if self.steps != steps {
            self.origins.clear();
            self.steps = steps;
        }
        self.origins.resize_with(history.months().max(self.origins.len()), || None);
        for (o, slot) in self.origins.iter_mut().enumerate() {
            if o >= same {
                *slot = None;
            } else if let Some(origin) = slot {
                origin.forget(same - o);
            }
        }
        let cutoff = history.months() - 1;
        if !history.across.knows(What::Came) {
            // In a part of the regions the others wait for all of these, wanted here or not.
            for o in 0..cutoff {
                (1..=steps.min(cutoff - o)).for_each(|h| drop(came(&history, &self.groupings, o, h)));
            }
        }
        let first = FIRST.max(cutoff.saturating_sub(REACH));
        for o in first..=cutoff {
            if self.origins[o].is_none() {
                self.origins[o] = Some(Origin::new(&history, &self.groupings, known, o, steps));
            }
        }
        self.origins[first..=cutoff].par_iter_mut().flatten().for_each(|origin| origin.learn_rows(&history));
        self.history = Some(history);
        for o in first..=cutoff {
            self.learn(o);
        }
    }

    /// What was learned at an origin for a step.
    pub(super) fn step(&self, origin: usize, h: usize) -> Option<&Step> {
        self.at(origin)?.steps.get(h - 1)?.as_ref()
    }

    fn at(&self, origin: usize) -> Option<&Origin> {
        self.origins.get(origin)?.as_ref()
    }

    fn learn(&mut self, o: usize) {
        let Some(history) = &self.history else { return };
        let steps: Vec<(Option<Step>, Option<Numbers>)> = (1..=self.steps)
            .into_par_iter()
            .map(|h| {
                let Some(origin) = self.at(o).filter(|origin| origin.steps[h - 1].is_none()) else {
                    return (None, None);
                };
                let step = self.fit(history, o, h);
                let at = At {
                    features: &origin.features,
                    aggregates: &origin.aggregates,
                    history,
                    groupings: &self.groupings,
                    origin: o,
                };
                let numbers = step.as_ref().map(|s| s.numbers(&at, h));
                (step, numbers)
            })
            .collect();
        if let Some(origin) = self.origins[o].as_mut() {
            for (h, (step, numbers)) in steps.into_iter().enumerate() {
                if step.is_some() {
                    (origin.steps[h], origin.numbers[h]) = (step, numbers);
                }
            }
        }
    }

    /// Origins whose month `h` ahead is known at `o`, from at most `memory` months before it.
    fn origins(o: usize, h: usize, memory: usize) -> std::ops::Range<usize> {
        FIRST.max(o.saturating_sub(memory))..(o + 1).saturating_sub(h)
    }

    fn fit(&self, history: &History, o: usize, h: usize) -> Option<Step> {
        let shares = self.share_coefficients(o, h)?;
        let lines = self.lines(o, h);
        let blocks = self.groupings.block().count;
        let begun = (0..blocks).map(|b| self.begun(history, o, h, b)).collect();
        let (totals, missed) = (0..blocks).map(|b| self.total_weights(history, o, h, b)).unzip();
        let learned_from = Self::origins(o, h, MEMORY);
        let rows = learned_from.clone().filter_map(|past| self.at(past)).map(|past| past.rows).sum();
        let line_origins = if lines.is_some() { Self::origins(o, h, LINE_MEMORY).len() } else { 0 };
        Some(Step { shares, lines, begun, totals, missed, origins: learned_from.len(), rows, line_origins })
    }

    /// The step beside `h` whose rows also count: 2 for 1, 1 for 2, 2 for 3.
    fn beside(h: usize) -> usize {
        if h == 2 { 1 } else { 2 }
    }

    fn share_coefficients(&self, o: usize, h: usize) -> Option<Vec<f64>> {
        let own = Self::origins(o, h, MEMORY).len() as f64;
        let mut sums = Sums::new(FEATURES);
        for (step, weight) in [(h, 1.0), (Self::beside(h), OTHER_STEP / (OTHER_STEP + own))] {
            for past in Self::origins(o, step, MEMORY) {
                let off = ((o as i64 - past as i64 + 6).rem_euclid(12) - 6).abs() as f64;
                let season = 1.0 + SAME_MONTH * (1.0 - off / NEAR_MONTHS).max(0.0);
                if let Some(rows) = self.rows(past, step) {
                    sums.add_sums(&rows.shares, weight * season);
                }
            }
        }
        sums.ridge(SHARE_PENALTY)
    }

    fn rows(&self, origin: usize, h: usize) -> Option<&Rows> {
        self.at(origin)?.sums.get(h - 1)?.as_ref()
    }

    fn lines(&self, o: usize, h: usize) -> Option<[Line; LINES]> {
        if Self::origins(o, h, LINE_MEMORY).len() < LINE_ORIGINS {
            return None;
        }
        let mut sums = Sums::new(AGGREGATE_FEATURES);
        for step in [h, Self::beside(h)] {
            for rows in Self::origins(o, step, LINE_MEMORY).filter_map(|past| self.rows(past, step)) {
                sums.add_sums(&rows.levels, 1.0);
            }
        }
        let [a, b, c] = LINE_PENALTIES;
        Some([sums.line(a)?, sums.line(b)?, sums.line(c)?])
    }

    /// Of the last months of a block, what part came from series that had begun by the origin.
    fn begun(&self, history: &History, o: usize, h: usize, block: usize) -> f64 {
        let range = (o + 1).saturating_sub(h + BEGUN_ORIGINS)..(o + 1).saturating_sub(h);
        let part = |past: usize| {
            let all = history.sums[BLOCK][(block, past + h)];
            (all > 0.0).then(|| came(history, &self.groupings, past, h)[block] / all)
        };
        let parts: Vec<f64> = range.filter_map(part).collect();
        if parts.is_empty() { 1.0 } else { parts.iter().sum::<f64>() / parts.len() as f64 }
    }

    /// Weights of a total's experts, and what these missed.
    fn total_weights(&self, history: &History, o: usize, h: usize, block: usize) -> ([f64; TOTALS], [Missed; TOTALS]) {
        let range = YEAR_SEEN.max(o.saturating_sub(TOTAL_ORIGINS))..(o + 1).saturating_sub(h);
        let (mut squares, mut counts) = ([0.0; TOTALS], [0.0; TOTALS]);
        let mut missed = [Missed::default(); TOTALS];
        for past in range {
            let Some(numbers) = self.at(past).and_then(|origin| origin.numbers[h - 1].as_ref()) else { continue };
            let came = came(history, &self.groupings, past, h)[block];
            for (e, expert) in numbers.totals[block].experts.iter().enumerate() {
                if let Some(x) = expert.filter(|_| came > 0.0) {
                    squares[e] += (x - came).powi(2) / came;
                    counts[e] += 1.0;
                    missed[e].origins += 1;
                    missed[e].missed += (x - came).abs();
                    missed[e].came += came;
                }
            }
        }
        let (all, count): (f64, f64) = (squares.iter().sum(), counts.iter().sum());
        if all <= 0.0 || count <= 0.0 {
            return ([1.0; TOTALS], missed);
        }
        // Relative to the mean, so that the numbers stay of one size whatever is counted.
        let mean = all / count;
        let weight = |e: usize| ((squares[e] / mean + TOTAL_PSEUDO) / (counts[e] + TOTAL_PSEUDO)).powi(-TOTAL_POWER);
        (std::array::from_fn(weight), missed)
    }
}

/// What came in a month from the series that had begun by the origin, by block.
fn came(history: &History, groupings: &Groupings, origin: usize, h: usize) -> Vec<f64> {
    history.across.total(key(What::Came, origin, h), || {
        let block = groupings.block();
        let mut out = vec![0.0; block.count];
        let begun = |s: &usize| history.first[*s].is_some_and(|first| first <= origin);
        (0..history.z.nrows()).filter(begun).for_each(|s| out[block.of[s]] += history.z[(s, origin + h)]);
        out
    })
}

/// How many months two histories have in common, from the first on.
fn unchanged(old: &History, new: &History) -> usize {
    let months = old.months().min(new.months());
    let same = |t: &usize| old.z.column(*t) == new.z.column(*t);
    (0..months).take_while(same).count()
}

impl Origin {
    fn new(history: &History, groupings: &Groupings, known: &Known, o: usize, steps: usize) -> Origin {
        let live: Vec<usize> = (0..history.z.nrows()).filter(|s| history.is_live(*s, o)).collect();
        let mut series = sample(known.data, &live, key(What::Hashes, o, 0));
        if !history.across.knows(What::Hashes) {
            // Until it is known which series are learned from, nothing of them is worked out.
            series.clear();
        }
        let block = groupings.block();
        let levels = history.across.total(key(What::Live, o, 0), || {
            let mut levels = vec![0.0; block.count];
            live.iter().for_each(|&s| levels[block.of[s]] += history.level(s, o));
            levels
        });
        let features = Features::new(history, groupings, o, (Of::Sample, series), steps);
        let mut sampled = vec![0.0; block.count];
        features.series.iter().zip(&features.level).for_each(|(&s, level)| sampled[block.of[s]] += level);
        sampled.push(features.len() as f64);
        history.across.sum(key(What::Sampled, o, 0), &mut sampled);
        let scale = levels.iter().zip(&sampled).map(|(all, part)| if *part > 0.0 { all / part } else { 1.0 });
        Origin {
            scale: scale.collect(),
            rows: sampled[block.count] as usize,
            aggregates: Aggregates::new(history, groupings, o, steps),
            features,
            sums: (0..steps).map(|_| None).collect(),
            steps: vec![None; steps],
            numbers: vec![None; steps],
            plain: None,
        }
    }

    /// Forgets what rests on months from the `months`-th after this one on.
    fn forget(&mut self, months: usize) {
        for h in months..=self.sums.len() {
            if h > 0 {
                self.sums[h - 1] = None;
            }
        }
    }

    /// Adds up the rows of the steps whose month is known.
    fn learn_rows(&mut self, history: &History) {
        let f = &self.features;
        for h in 1..=self.sums.len() {
            let t = f.origin + h;
            if self.sums[h - 1].is_some() || t >= history.months() || self.rows == 0 {
                continue;
            }
            let mut shares = Sums::new(FEATURES);
            // Rows in one piece, whatever way the variables lie: a row that could not be taken would be left out unsaid.
            let x = centred(f, h);
            let x = x.as_standard_layout();
            for (i, &s) in f.series.iter().enumerate() {
                if let (Some((y, size)), Some(x)) =
                    (outcome(history.z[(s, t)], f.level[i], f.offset[i]), x.row(i).as_slice())
                {
                    shares.add(x, y, size.powf(POWER));
                }
            }
            let all = history.across.total(key(What::Products, f.origin, h), || shares.to_list());
            let shares = Sums::from_list(FEATURES, &all);
            let a = &self.aggregates;
            let lines = a.x[h - 1].as_standard_layout();
            let mut levels = Sums::new(AGGREGATE_FEATURES);
            for (i, &r) in a.rows.iter().enumerate() {
                if let (Some((y, size)), Some(x)) =
                    (outcome(history.aggregates[(r, t)], a.level[i], a.offset[i]), lines.row(i).as_slice())
                {
                    levels.add(x, y, size.powf(POWER));
                }
            }
            self.sums[h - 1] = Some(Rows { shares: shares.centred(), levels });
        }
    }
}

/// What came against the level, in logs, and the size of the level, both with the offset.
fn outcome(came: f64, level: f64, offset: f64) -> Option<(f64, f64)> {
    let (came, size) = (came + offset, level + offset);
    (came > 0.0 && size > 0.0).then(|| ((came / size).ln(), size))
}
