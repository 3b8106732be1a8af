//! The memory of past origins and what is learned from them.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::{FIRST, REACH, SAMPLE};
use crate::dataset::Known;
use crate::stages::combine::{CLIP, Numbers, SHARES, Step, TOTALS, centred};
use crate::stages::panel::{BLOCK, FEATURES, Features, Groupings, History, sample};
use crate::stats::regress::{Line, Sums, weights};

/// Origins that a regression learns from.
const MEMORY: usize = 18;
/// Weight of rows one step nearer or further: `6 / (6 + origins of the step itself)`.
const OTHER_STEP: f64 = 6.0;
/// An origin of the same calendar month weighs `1 + 4`, one a month off `1 + 2`.
const SAME_MONTH: f64 = 4.0;
/// Months off from which an origin's calendar month says nothing more.
const NEAR_MONTHS: f64 = 2.0;
/// Penalty of the shares' regression.
const SHARE_PENALTY: f64 = 2.0;
/// Weight of a series in the shares' regression: its level to this power, so that the errors of large ones count for
/// more, and not for everything.
const SHARE_POWER: f64 = 0.5;
/// Penalties of the total's two regressions.
const LINE_PENALTIES: [f64; 2] = [3.0, 1.0];
/// Origins from which a total can be told by a regression over all series.
const LINE_ORIGINS: usize = 10;
/// Past origins whose errors weigh the shares' experts, and how many of the first are left out, whose regressions had
/// hardly anything to learn from.
const BLEND_ORIGINS: usize = 8;
const BLEND_SKIPPED: usize = 3;
/// How hard the shares' weights are drawn to the regression.
const BLEND_STRENGTH: f64 = 1e9;
/// Past origins whose errors weigh the total's experts.
const TOTAL_ORIGINS: usize = 24;
/// Pseudo-months of mean error in those weights, and the power of the inverse error.
const TOTAL_PSEUDO: f64 = 2.0;
const TOTAL_POWER: i32 = 2;
/// Past origins whose mean log error corrects a regression's total, at least and at most.
const CORRECTION_ORIGINS: (usize, usize) = (4, 12);
/// A mean log error within three standard errors of none is none (James, Stein: 9 = 3 squared).
const CORRECTION_SHRINK: f64 = 9.0;
/// Past origins over which the part of a month is measured that had begun.
const BEGUN_ORIGINS: usize = 6;
/// A year has to lie behind an origin for its total's errors to count.
const YEAR_SEEN: usize = 11;

/// One past origin.
pub(super) struct Origin {
    pub(super) features: Features,
    /// By block: levels of all live series over those of the sample.
    pub(super) scale: Vec<f64>,
    /// By step: rows with their outcome, once it is known.
    sums: Vec<Option<Rows>>,
    /// By step: what was learned by then.
    steps: Vec<Option<Step>>,
    /// By step: what was forecast then.
    pub(super) numbers: Vec<Option<Numbers>>,
    /// By step: mean outer product of the shares' errors, once they are known.
    outer: Vec<Option<[[f64; SHARES]; SHARES]>>,
    /// The plain rules' forecasts then, as far as they were asked for.
    pub(super) plain: Option<ndarray::Array2<f64>>,
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
        for h in 1..=self.steps {
            if let Some(before) = o.checked_sub(h) {
                self.measure(before, h);
            }
        }
        let Some(history) = &self.history else { return };
        let steps: Vec<(Option<Step>, Option<Numbers>)> = (1..=self.steps)
            .into_par_iter()
            .map(|h| {
                let Some(origin) = self.at(o).filter(|origin| origin.steps[h - 1].is_none()) else {
                    return (None, None);
                };
                let step = self.fit(history, o, h);
                let numbers =
                    step.as_ref().map(|s| s.numbers(&origin.features, history, &self.groupings, h, &origin.scale));
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

    /// The errors of an origin's shares, now that its month is known.
    fn measure(&mut self, o: usize, h: usize) {
        let Some(history) = &self.history else { return };
        let Some(origin) = self.origins.get_mut(o).and_then(Option::as_mut) else { return };
        if origin.outer[h - 1].is_some() {
            return;
        }
        let Some(numbers) = &origin.numbers[h - 1] else { return };
        let f = &origin.features;
        let block = self.groupings.block();
        let mut came = vec![0.0; block.count];
        f.series.iter().for_each(|&s| came[block.of[s]] += history.z[(s, o + h)]);
        let mut sum = [[0.0; SHARES]; SHARES];
        for (i, &s) in f.series.iter().enumerate() {
            let total = came[block.of[s]];
            let scale = (f.level[i] + f.offset[i]) * total;
            if scale <= 0.0 {
                continue;
            }
            let e = numbers.experts[i].map(|share| share * total - history.z[(s, o + h)]);
            for (row, a) in sum.iter_mut().zip(e) {
                row.iter_mut().zip(e).for_each(|(to, b)| *to += a * b / scale);
            }
        }
        origin.outer[h - 1] = Some(sum);
    }

    /// Origins whose month `h` ahead is known at `o`, the last [`MEMORY`] months of them.
    pub(super) fn origins(o: usize, h: usize) -> std::ops::Range<usize> {
        FIRST.max(o.saturating_sub(MEMORY))..(o + 1).saturating_sub(h)
    }

    fn fit(&self, history: &History, o: usize, h: usize) -> Option<Step> {
        let shares = self.share_coefficients(o, h)?;
        let lines = self.lines(o, h);
        let blocks = self.groupings.block().count;
        let begun = (0..blocks).map(|b| self.begun(history, o, h, b)).collect();
        let correction = (0..blocks).map(|b| self.correction(history, o, h, b)).collect();
        let totals = (0..blocks).map(|b| self.total_weights(history, o, h, b)).collect();
        Some(Step { shares, blend: self.blend(o, h), lines, correction, begun, totals })
    }

    /// The step beside `h` whose rows also count: 2 for 1, 1 for 2, 2 for 3.
    fn beside(h: usize) -> usize {
        if h == 2 { 1 } else { 2 }
    }

    fn share_coefficients(&self, o: usize, h: usize) -> Option<Vec<f64>> {
        let own = Self::origins(o, h).len() as f64;
        let mut sums = Sums::new(FEATURES);
        for (step, weight) in [(h, 1.0), (Self::beside(h), OTHER_STEP / (OTHER_STEP + own))] {
            for past in Self::origins(o, step) {
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

    fn lines(&self, o: usize, h: usize) -> Option<[Line; 2]> {
        if Self::origins(o, h).len() < LINE_ORIGINS {
            return None;
        }
        let mut sums = Sums::new(FEATURES);
        for step in [h, Self::beside(h)] {
            for rows in Self::origins(o, step).filter_map(|past| self.rows(past, step)) {
                sums.add_sums(&rows.levels, 1.0);
            }
        }
        Some([sums.line(LINE_PENALTIES[0])?, sums.line(LINE_PENALTIES[1])?])
    }

    fn blend(&self, o: usize, h: usize) -> [f64; SHARES] {
        let mut towards = [0.0; SHARES];
        towards[0] = 1.0;
        let range = Self::origins(o, h);
        let from = (range.start + BLEND_SKIPPED).max(range.end.saturating_sub(BLEND_ORIGINS));
        let known: Vec<_> = (from..range.end).filter_map(|past| self.at(past)?.outer[h - 1]).collect();
        let mut mean = [[0.0; SHARES]; SHARES];
        for outer in &known {
            for (to, row) in mean.iter_mut().zip(outer) {
                to.iter_mut().zip(row).for_each(|(to, x)| *to += x / known.len() as f64);
            }
        }
        weights(&mean, &towards, BLEND_STRENGTH)
    }

    /// Of the last months of a block, what part came from series that had begun by the origin.
    fn begun(&self, history: &History, o: usize, h: usize, block: usize) -> f64 {
        let range = (o + 1).saturating_sub(h + BEGUN_ORIGINS)..(o + 1).saturating_sub(h);
        let part = |past: usize| {
            let all = history.sums[BLOCK][(block, past + h)];
            (all > 0.0).then(|| came(history, &self.groupings, block, past, h) / all)
        };
        let parts: Vec<f64> = range.filter_map(part).collect();
        if parts.is_empty() { 1.0 } else { parts.iter().sum::<f64>() / parts.len() as f64 }
    }

    /// Factors that take the mean log error of the regressions' totals out, as far as it is more than chance.
    fn correction(&self, history: &History, o: usize, h: usize, block: usize) -> [f64; 2] {
        let range = YEAR_SEEN.max((o + 1).saturating_sub(h + CORRECTION_ORIGINS.1))..(o + 1).saturating_sub(h);
        [0, 1].map(|i| {
            let error = |past: usize| {
                let raw = self.at(past)?.numbers[h - 1].as_ref()?.totals[block].raw[i]?;
                let came = came(history, &self.groupings, block, past, h);
                (raw > 0.0 && came > 0.0).then(|| (came / raw).ln())
            };
            let errors: Vec<f64> = range.clone().filter_map(error).collect();
            let n = errors.len() as f64;
            if errors.len() < CORRECTION_ORIGINS.0 {
                return 1.0;
            }
            let mean = errors.iter().sum::<f64>() / n;
            if mean == 0.0 {
                return 1.0;
            }
            let variance = errors.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / (n - 1.0);
            (mean * (1.0 - CORRECTION_SHRINK * variance / n / (mean * mean)).max(0.0)).exp()
        })
    }

    fn total_weights(&self, history: &History, o: usize, h: usize, block: usize) -> [f64; TOTALS] {
        let range = YEAR_SEEN.max(o.saturating_sub(TOTAL_ORIGINS))..(o + 1).saturating_sub(h);
        let (mut squares, mut counts) = ([0.0; TOTALS], [0.0; TOTALS]);
        for past in range {
            let Some(numbers) = self.at(past).and_then(|origin| origin.numbers[h - 1].as_ref()) else { continue };
            let came = came(history, &self.groupings, block, past, h);
            for (e, expert) in numbers.totals[block].experts.iter().enumerate() {
                if let Some(x) = expert.filter(|_| came > 0.0) {
                    squares[e] += (x - came).powi(2) / came;
                    counts[e] += 1.0;
                }
            }
        }
        let (all, count): (f64, f64) = (squares.iter().sum(), counts.iter().sum());
        if all <= 0.0 || count <= 0.0 {
            return [1.0; TOTALS];
        }
        // Relative to the mean, so that the numbers stay of one size whatever is counted.
        let mean = all / count;
        std::array::from_fn(|e| ((squares[e] / mean + TOTAL_PSEUDO) / (counts[e] + TOTAL_PSEUDO)).powi(-TOTAL_POWER))
    }
}

/// What came in a month from the series of a block that had begun by the origin.
fn came(history: &History, groupings: &Groupings, block: usize, origin: usize, h: usize) -> f64 {
    let of = &groupings.block().of;
    let begun = |s: &usize| of[*s] == block && history.first[*s].is_some_and(|first| first <= origin);
    (0..history.z.nrows()).filter(begun).map(|s| history.z[(s, origin + h)]).sum()
}

/// How many months two histories have in common, from the first on.
fn unchanged(old: &History, new: &History) -> usize {
    let months = old.months().min(new.months());
    let same = |t: &usize| {
        old.z.column(*t) == new.z.column(*t)
            && match (&old.availability, &new.availability) {
                (Some(a), Some(b)) => a.column(*t) == b.column(*t),
                (None, None) => true,
                _ => false,
            }
    };
    (0..months).take_while(same).count()
}

impl Origin {
    fn new(history: &History, groupings: &Groupings, known: &Known, o: usize, steps: usize) -> Origin {
        let live: Vec<usize> = (0..history.z.nrows()).filter(|s| history.is_live(*s, o)).collect();
        let series = sample(&known.data.grid, live.iter().copied(), SAMPLE);
        let block = groupings.block();
        let mut levels = vec![0.0; block.count];
        live.iter().for_each(|&s| levels[block.of[s]] += history.level(s, o));
        let features = Features::new(history, groupings, o, series, steps);
        let mut sampled = vec![0.0; block.count];
        features.series.iter().zip(&features.level).for_each(|(&s, level)| sampled[block.of[s]] += level);
        let scale = levels.iter().zip(&sampled).map(|(all, part)| if *part > 0.0 { all / part } else { 1.0 });
        Origin {
            scale: scale.collect(),
            features,
            sums: (0..steps).map(|_| None).collect(),
            steps: vec![None; steps],
            numbers: vec![None; steps],
            outer: vec![None; steps],
            plain: None,
        }
    }

    /// Forgets what rests on months from the `months`-th after this one on.
    fn forget(&mut self, months: usize) {
        for h in months..=self.sums.len() {
            if h > 0 {
                self.sums[h - 1] = None;
                self.outer[h - 1] = None;
            }
        }
    }

    /// Adds up the rows of the steps whose month is known.
    fn learn_rows(&mut self, history: &History) {
        let f = &self.features;
        for h in 1..=self.sums.len() {
            let t = f.origin + h;
            if self.sums[h - 1].is_some() || t >= history.months() || f.is_empty() {
                continue;
            }
            let mut shares = Sums::new(FEATURES);
            let mut levels = Sums::new(FEATURES);
            let x = centred(f, h);
            let mut row = vec![0.0; FEATURES];
            for (i, &s) in f.series.iter().enumerate() {
                let size = f.level[i] + f.offset[i];
                let came = history.z[(s, t)] + f.offset[i];
                if size <= 0.0 || came <= 0.0 {
                    continue;
                }
                let y = (came / size).ln();
                if let Some(x) = x.row(i).as_slice() {
                    shares.add(x, y, size.powf(SHARE_POWER));
                }
                row.iter_mut().zip(f.x[h - 1].row(i)).for_each(|(to, x)| *to = x.clamp(-CLIP, CLIP));
                levels.add(&row, y, size);
            }
            self.sums[h - 1] = Some(Rows { shares: shares.centred(), levels });
        }
    }
}
