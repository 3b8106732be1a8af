//! The memory of past origins and what is learned from them.

use std::cell::OnceCell;

use ndarray::{Array2, CowArray, Ix2};
use rayon::prelude::*;

use super::plain::Plain;
use super::{FIRST, REACH};
use crate::across::{What, key};
use crate::dataset::{Dataset, Known};
use crate::stages::combine::{At, Held, LINES, Missed, Numbers, Step, TOTALS, in_logs};
use crate::stages::levels::{Agreed, Everywhere, Evidence, LEVELS, MILESTONES, Said, milestone};
use crate::stages::panel::{
    AGGREGATE_FEATURES, Aggregates, BLOCK, FEATURES, Features, Groupings, HORIZON, History, Of, hashes, nodes, sample,
};
use crate::stages::reception::Reception;
use crate::stats::quantile::median;
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
/// How many standard deviations of what came at past origins, in logs against the level, the shares' regression may be off
/// a series' level: beyond that its variables are like none that it was learned from (docs/METHOD.md#series-side-by-side).
const HELD_WITHIN: f64 = 4.0;
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

/// Origins whose variables are there at a time.
const TOGETHER: usize = 4;

/// One past origin.
pub(super) struct Origin {
    /// Its month index.
    pub(super) at: usize,
    /// The series learned from.
    pub(super) series: Vec<usize>,
    /// The variables of these and of regions and products; none once everything is learned from them, and they take room.
    variables: Option<(Features, Aggregates)>,
    /// By block: levels of all live series over those of the sample.
    pub(super) scale: Vec<f64>,
    /// By step: rows with their outcome, once it is known.
    sums: Vec<Option<Rows>>,
    /// By step: what was learned by then.
    steps: Vec<Option<Step>>,
    /// By step: what the regression said then.
    numbers: Vec<Option<Numbers>>,
    /// Whether the series learned from are all that had begun.
    complete: bool,
    /// What all levels said; none once it is known what they missed.
    everywhere: Option<Everywhere>,
    /// By step: what was forecast, by series, in units per month of mean length.
    pub(super) forecasts: Vec<Option<Vec<f64>>>,
    /// By step: the same of all levels, until it is known what they missed.
    agreed: Vec<Option<Agreed>>,
    /// By step: what the experts of all levels missed.
    evidence: Vec<Option<[Evidence; LEVELS]>>,
    /// The months after those steps, up to [`HORIZON`] ahead.
    pub(super) beyond: Beyond,
    /// The plain rules' forecasts then, as far as they were asked for.
    pub(super) plain: Option<Plain>,
    /// Series learned from, over all regions.
    rows: usize,
}

/// What an origin forecast beyond the regression's steps.
#[derive(Default)]
pub(super) struct Beyond {
    /// By month: as forecast, by series, in units per month of mean length; empty where the levels did not speak.
    pub(super) forecasts: Vec<Vec<f64>>,
    /// By milestone: the same of all levels, until it is known what they missed.
    agreed: [Option<Agreed>; MILESTONES.len()],
    /// By milestone: what the experts missed.
    evidence: [Option<[Evidence; LEVELS]>; MILESTONES.len()],
}

/// Rows of one origin and step added up: for the shares, each less its origin's mean; for the totals as they are.
struct Rows {
    shares: Sums,
    levels: Sums,
}

/// Everything remembered of a folder.
pub(super) struct Memory<'d> {
    pub(super) groupings: Groupings<'d>,
    history: Option<History<'d>>,
    /// What came in a month from the series that had begun by an origin, by origin and step ahead, then by block.
    actual: Vec<Vec<Vec<f64>>>,
    /// The hashes of all series.
    hashes: Vec<u64>,
    pub(super) origins: Vec<Option<Origin>>,
    steps: usize,
    /// What came in, as seen from the last origin: what does not count is no error.
    pub(super) reception: Reception,
}

impl<'d> Memory<'d> {
    pub(super) fn new(data: &'d Dataset) -> Memory<'d> {
        let (groupings, hashes) = (Groupings::new(data.frame()), hashes(&data.grid));
        let reception = Reception::default();
        Memory { groupings, hashes, history: None, actual: Vec::new(), origins: Vec::new(), steps: 0, reception }
    }

    /// Takes in the history visible at an origin and learns from it up to there.
    pub(super) fn see(&mut self, clean: CowArray<'d, f64, Ix2>, known: &Known<'d>, steps: usize) {
        let history = History::new(clean, known, &self.groupings);
        let same = self.history.as_ref().map_or(0, |old| old.unchanged(&history));
        if self.steps != steps {
            self.origins.clear();
            self.steps = steps;
        }
        self.origins.resize_with(history.months().max(self.origins.len()), || None);
        for (o, slot) in self.origins.iter_mut().enumerate() {
            if o >= same || slot.as_mut().is_some_and(|origin| !origin.forget(same - o)) {
                *slot = None;
            }
        }
        let cutoff = history.months() - 1;
        self.actual = actual(&history, &self.groupings, steps);
        let first = FIRST.max(cutoff.saturating_sub(REACH));
        for from in (first..=cutoff).step_by(TOGETHER) {
            let some = from..(from + TOGETHER).min(cutoff + 1);
            let groupings = &self.groupings;
            for o in some.clone() {
                let new = || Origin::new(&history, groupings, &self.hashes, o, steps);
                self.origins[o].get_or_insert_with(new);
            }
            let learn = |origin: &mut Origin| origin.learn_rows(&history, groupings);
            self.origins[some.clone()].par_iter_mut().flatten().for_each(learn);
            some.clone().for_each(|o| self.learn(&history, o));
            self.origins[some].iter_mut().flatten().for_each(|origin| origin.release(history.months()));
        }
        self.history = Some(history);
    }

    /// What was learned at an origin for a step.
    pub(super) fn step(&self, origin: usize, h: usize) -> Option<&Step> {
        self.at(origin)?.steps.get(h - 1)?.as_ref()
    }

    fn at(&self, origin: usize) -> Option<&Origin> {
        self.origins.get(origin)?.as_ref()
    }

    fn learn(&mut self, history: &History, o: usize) {
        let steps: Vec<(Option<Step>, Option<Numbers>)> = (1..=self.steps)
            .into_par_iter()
            .map(|h| {
                let Some(origin) = self.at(o).filter(|origin| origin.steps[h - 1].is_none()) else {
                    return (None, None);
                };
                let Some((features, aggregates)) = &origin.variables else { return (None, None) };
                let step = self.fit(history, o, h);
                let at = At { features, aggregates, history, groupings: &self.groupings, origin: o };
                let said = |s: &Step| in_logs(features, history, &self.groupings, &[(h, &s.shares)]).pop();
                let numbers = step.as_ref().and_then(|s| Some(s.numbers(&at, h, said(s)?)));
                (step, numbers)
            })
            .collect();
        let beyond = self.missed_beyond(o);
        let groupings = &self.groupings;
        let Some(origin) = self.origins[o].as_mut() else { return };
        for (h, (step, numbers)) in steps.into_iter().enumerate() {
            if step.is_some() {
                (origin.steps[h], origin.numbers[h]) = (step, numbers);
            }
        }
        origin.agree(history, groupings, &beyond);
    }

    /// Origins whose month `h` ahead is known at `o`, from at most `memory` months before it.
    fn origins(o: usize, h: usize, memory: usize) -> std::ops::Range<usize> {
        FIRST.max(o.saturating_sub(memory))..(o + 1).saturating_sub(h)
    }

    fn fit(&self, history: &History, o: usize, h: usize) -> Option<Step> {
        let shares = self.share_coefficients(o, h)?;
        let lines = self.lines(o, h);
        let blocks = self.groupings.block_count();
        let begun = (0..blocks).map(|b| self.begun(history, o, h, b)).collect();
        let (totals, missed) = (0..blocks).map(|b| self.total_weights(o, h, b)).unzip();
        let learned_from = Self::origins(o, h, MEMORY);
        let rows = learned_from.clone().filter_map(|past| self.at(past)).map(|past| past.rows).sum();
        let line_origins = if lines.is_some() { Self::origins(o, h, LINE_MEMORY).len() } else { 0 };
        let evidence = self.evidence(o, h);
        Some(Step { shares, lines, begun, totals, missed, evidence, origins: learned_from.len(), rows, line_origins })
    }

    /// What the experts of all levels missed at the origins before one.
    fn evidence(&self, o: usize, h: usize) -> [Evidence; LEVELS] {
        let mut out = [Evidence::default(); LEVELS];
        let origins = Self::origins(o, h, MEMORY).filter_map(|past| self.at(past)?.evidence[h - 1].as_ref());
        for evidence in origins {
            out.iter_mut().zip(evidence).for_each(|(sum, more)| sum.add(more));
        }
        out
    }

    /// By milestone: the same beyond the regression's steps, with what was missed nearer: of months further ahead fewer have
    /// come to pass.
    pub(super) fn missed_beyond(&self, o: usize) -> [[Evidence; LEVELS]; MILESTONES.len()] {
        let mut out = self.evidence(o, self.steps);
        std::array::from_fn(|i| {
            let range = Self::origins(o, MILESTONES[i], MEMORY);
            for evidence in range.filter_map(|past| self.at(past)?.beyond.evidence[i].as_ref()) {
                out.iter_mut().zip(evidence).for_each(|(sum, more)| sum.add(more));
            }
            out
        })
    }

    /// The step beside `h` whose rows also count: 2 for 1, 1 for 2, 2 for 3.
    fn beside(h: usize) -> usize {
        if h == 2 { 1 } else { 2 }
    }

    fn share_coefficients(&self, o: usize, h: usize) -> Option<Held> {
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
        Some(Held { coefficients: sums.ridge(SHARE_PENALTY)?, furthest: HELD_WITHIN * sums.spread() })
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

    /// Of the last months of a block, what part came from series that had begun by the origin: the median, since a region
    /// that was cut in two once is no word on names still to come.
    fn begun(&self, history: &History, o: usize, h: usize, block: usize) -> f64 {
        let range = (o + 1).saturating_sub(h + BEGUN_ORIGINS)..(o + 1).saturating_sub(h);
        let part = |past: usize| {
            let all = history.sums[BLOCK][(block, past + h)];
            (all > 0.0).then(|| self.actual[past][h - 1][block] / all)
        };
        median(&mut range.filter_map(part).collect::<Vec<f64>>()).unwrap_or(1.0)
    }

    /// Weights of a total's experts, and what these missed.
    fn total_weights(&self, o: usize, h: usize, block: usize) -> ([f64; TOTALS], [Missed; TOTALS]) {
        let range = YEAR_SEEN.max(o.saturating_sub(TOTAL_ORIGINS))..(o + 1).saturating_sub(h);
        let (mut squares, mut counts) = ([0.0; TOTALS], [0.0; TOTALS]);
        let mut missed = [Missed::default(); TOTALS];
        for past in range {
            let Some(numbers) = self.at(past).and_then(|origin| origin.numbers[h - 1].as_ref()) else { continue };
            let actual = self.actual[past][h - 1][block];
            for (e, expert) in numbers.totals[block].experts.iter().enumerate() {
                if let Some(x) = expert.filter(|_| actual > 0.0) {
                    squares[e] += (x - actual).powi(2) / actual;
                    counts[e] += 1.0;
                    missed[e].origins += 1;
                    missed[e].missed += (x - actual).abs();
                    missed[e].actual += actual;
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

/// What came in the months ahead of every origin from the series that had begun by it, by origin, step ahead and block, in
/// units per month of mean length.
fn actual(history: &History, groupings: &Groupings, steps: usize) -> Vec<Vec<Vec<f64>>> {
    let (cutoff, blocks) = (history.months() - 1, groupings.block_count());
    let at = |o: usize, h: usize| (o * steps + h - 1) * blocks;
    // In a part of the regions the others wait for all of these, wanted here or not.
    let own = OnceCell::new();
    let add_up = || {
        let (mut sums, mut z) = (vec![0.0; cutoff * steps * blocks], Vec::new());
        for s in 0..history.series() {
            let (Some(first), block) = (history.first(s), groupings.block(s)) else { continue };
            history.row(s, history.months(), &mut z);
            for o in first..cutoff {
                (1..=steps.min(cutoff - o)).for_each(|h| sums[at(o, h) + block] += z[o + h]);
            }
        }
        sums
    };
    let total = |o: usize, h: usize| {
        history.across().total(key(What::Actual, o, h), || own.get_or_init(add_up)[at(o, h)..][..blocks].to_vec())
    };
    (0..cutoff).map(|o| (1..=steps.min(cutoff - o)).map(|h| total(o, h)).collect()).collect()
}

impl Origin {
    fn new(history: &History, groupings: &Groupings, hashes: &[u64], o: usize, steps: usize) -> Origin {
        /// Series whose levels are added up by one thread.
        const SOME: usize = 4096;
        let (across, blocks) = (history.across(), groupings.block_count());
        let live = history.live(o);
        let levels = across.total(key(What::Live, o, 0), || {
            let part = |series: &[usize]| {
                let mut levels = vec![0.0; blocks];
                series.iter().for_each(|&s| levels[groupings.block(s)] += history.level(s, o));
                levels
            };
            let parts: Vec<Vec<f64>> = live.par_chunks(SOME).map(part).collect();
            let add = |mut all: Vec<f64>, part: Vec<f64>| {
                all.iter_mut().zip(part).for_each(|(all, part)| *all += part);
                all
            };
            parts.into_iter().fold(vec![0.0; blocks], add)
        });
        let (mut series, complete) = sample(across, hashes, live, key(What::Hashes, o, 0));
        if !across.knows(What::Hashes) {
            // Until it is known which series are learned from, nothing of them is worked out.
            series.clear();
        }
        let features = Features::new(history, groupings, o, (Of::Sample, series), steps);
        let mut sampled = vec![0.0; blocks];
        features.series.iter().zip(&features.level).for_each(|(&s, level)| sampled[groupings.block(s)] += level);
        sampled.push(features.len() as f64);
        across.sum(key(What::Sampled, o, 0), &mut sampled);
        let scale = levels.iter().zip(&sampled).map(|(all, part)| if *part > 0.0 { all / part } else { 1.0 });
        let aggregates = Aggregates::new(history, groupings, o, steps);
        Origin {
            at: o,
            complete,
            everywhere: None,
            forecasts: vec![None; steps],
            agreed: vec![None; steps],
            evidence: vec![None; steps],
            beyond: Beyond::default(),
            series: features.series.clone(),
            scale: scale.collect(),
            rows: sampled[blocks] as usize,
            variables: Some((features, aggregates)),
            sums: (0..steps).map(|_| None).collect(),
            steps: vec![None; steps],
            numbers: vec![None; steps],
            plain: None,
        }
    }

    /// Forgets what rests on months from the `months`-th after this one on; false where it cannot be learned again.
    fn forget(&mut self, months: usize) -> bool {
        let from = months.saturating_sub(1);
        let mut some = false;
        self.sums.iter_mut().skip(from).for_each(|sums| some |= sums.take().is_some());
        self.evidence.iter_mut().skip(from).for_each(|evidence| some |= evidence.take().is_some());
        let mut beyond = false;
        for (i, evidence) in self.beyond.evidence.iter_mut().enumerate().filter(|(i, _)| MILESTONES[*i] > from) {
            beyond |= evidence.take().is_some() && self.beyond.agreed[i].is_none();
        }
        (!some || self.variables.is_some()) && !beyond
    }

    /// Lets go of the variables once the months of all steps are known.
    fn release(&mut self, months: usize) {
        if self.at + self.sums.len() < months {
            self.variables = None;
            self.agreed.iter_mut().for_each(|agreed| *agreed = None);
        }
        if self.at + HORIZON < months {
            self.everywhere = None;
            self.beyond.agreed = Default::default();
        }
    }

    /// Has all levels agree on the steps that the regression speaks of and on those beyond, and notes what they missed where
    /// it is known; `beyond` is what was missed there before, by milestone.
    fn agree(&mut self, history: &History, groupings: &Groupings, beyond: &[[Evidence; LEVELS]; MILESTONES.len()]) {
        let across = history.across();
        if !across.knows(What::Said) || self.numbers.iter().all(Option::is_none) {
            return;
        }
        if self.everywhere.is_none() {
            let Some((features, _)) = &self.variables else { return };
            let regression = self.numbers.iter().map(|numbers| {
                let numbers = numbers.as_ref()?;
                let of = |(share, s): (&f64, &usize)| {
                    let block = groupings.block(*s);
                    share * numbers.totals[block].value / self.scale[block]
                };
                Some(numbers.shares.iter().zip(&self.series).map(of).collect())
            });
            let said = Said {
                series: self.series.clone(),
                own: features.own.clone(),
                nodes: nodes(history, groupings, features, self.complete),
                regression: regression.collect(),
                actual: (1..=HORIZON).map(|h| self.actual(history, h)).collect(),
            };
            let key = key(What::Floors, self.at, 0);
            self.everywhere = Some(said.everywhere(across, key, history.grid(), groupings, self.at + 1));
        }
        let Some(mut all) = self.everywhere.take() else { return };
        for h in 1..=self.sums.len() {
            let Some(step) = self.steps[h - 1].as_ref().filter(|_| self.numbers[h - 1].is_some()) else { continue };
            if self.forecasts[h - 1].is_none() {
                let agreed = all.floors.agree(h, &step.evidence);
                self.forecasts[h - 1] = Some(all.here(&agreed));
                self.agreed[h - 1] = Some(agreed);
            }
            if self.evidence[h - 1].is_none()
                && let Some(agreed) = &self.agreed[h - 1]
            {
                // What came may have been taken otherwise since: it is looked up anew where all regions are here.
                let actual = if across.is_part() { all.actual[h - 1].clone() } else { self.actual(history, h) };
                self.evidence[h - 1] = actual.map(|actual| all.floors.evidence(h, agreed, &actual));
            }
        }
        self.agree_beyond(&mut all, history, beyond);
        self.everywhere = Some(all);
    }

    /// The same of the months beyond the regression's steps.
    fn agree_beyond(
        &mut self,
        all: &mut Everywhere,
        history: &History,
        before: &[[Evidence; LEVELS]; MILESTONES.len()],
    ) {
        let last = self.sums.len();
        if self.beyond.forecasts.is_empty()
            && let Some(agreed) = self.agreed.last().and_then(Option::as_ref)
        {
            all.floors.carry(last, agreed);
            for h in last + 1..=HORIZON {
                let agreed = all.floors.agree(h, &before[milestone(h)]);
                self.beyond.forecasts.push(all.here(&agreed));
                if let Some(i) = MILESTONES.iter().position(|m| *m == h) {
                    self.beyond.agreed[i] = Some(agreed);
                }
            }
        }
        for (i, h) in MILESTONES.into_iter().enumerate() {
            if self.beyond.evidence[i].is_none()
                && let Some(agreed) = &self.beyond.agreed[i]
            {
                let actual =
                    if history.across().is_part() { all.actual[h - 1].clone() } else { self.actual(history, h) };
                self.beyond.evidence[i] = actual.map(|actual| all.floors.evidence(h, agreed, &actual));
            }
        }
    }

    /// What came of the series some months ahead, in units per month of mean length; none where it is not known yet.
    fn actual(&self, history: &History, h: usize) -> Option<Vec<f64>> {
        let t = self.at + h;
        (t < history.months()).then(|| self.series.iter().map(|s| history.z(*s, t)).collect())
    }

    /// Adds up the rows of the steps whose month is known.
    fn learn_rows(&mut self, history: &History, groupings: &Groupings) {
        let Some((f, a)) = &self.variables else { return };
        for h in 1..=self.sums.len() {
            let t = f.origin + h;
            if self.sums[h - 1].is_some() || t >= history.months() || self.rows == 0 {
                continue;
            }
            let mut shares = Sums::new(FEATURES);
            let mut room = Array2::zeros((0, 0));
            f.each(history, groupings, |range, x| {
                // Rows lie in one piece: one that did not could not be taken.
                let x = f.of_step(x, h, &mut room);
                for (i, x) in range.zip(x.rows()) {
                    let found = outcome(history.z(f.series[i], t), f.level[i], f.offset[i]);
                    if let (Some((y, size)), Some(x)) = (found, x.as_slice()) {
                        shares.add(x, y, size.powf(POWER));
                    }
                }
            });
            let all = history.across().total(key(What::Products, f.origin, h), || shares.to_list());
            let shares = Sums::from_list(FEATURES, &all);
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
fn outcome(actual: f64, level: f64, offset: f64) -> Option<(f64, f64)> {
    let (actual, size) = (actual + offset, level + offset);
    (actual > 0.0 && size > 0.0).then(|| ((actual / size).ln(), size))
}
