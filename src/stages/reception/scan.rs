//! One series, or one region as a whole, month after month: what counts so far tells what the next month is compared with.

use super::Mark;
use super::noise::Noise;
use super::reported::WAITED;
use crate::dataset::moved::{median3, offset};

/// Scales beyond which a month is odd (docs/METHOD.md#reception) ...
const SCALES: f64 = 5.0;
/// ... and how many times more or less than expected at the least ...
const TIMES: f64 = 3.0;
/// ... in a series' first months only where nobody could take it for a beginning.
const YOUNG_TIMES: f64 = 1000.0;
/// Months from which a series is known well enough.
const YOUNG: usize = 6;
/// Half of a 95% range, in scales: what an odd month counts as lies at its edge.
const EDGE: f64 = 2.0;
/// Below these a screen need not look: at 29 units of a third of it (12.5 of none) counting alone is five scales.
const LEAST_HIGH: f64 = 29.0;
const LEAST_LOW: f64 = 12.5;
/// Of less than so many whole units a series that sells is a beginning, unless it is a thousand.
const LEAST_EXPECTED: f64 = 5.0;
/// A level of over so many times its offset is a regular seller's (docs/METHOD.md#reception).
const REGULAR: f64 = 10.0;
/// Further months that make a level of an odd one (docs/METHOD.md#reception), each at least half as far off.
const FURTHER: usize = 2;
const AS_FAR: f64 = 0.5;
/// Months of a year back and ahead in which a season, or a feast that moves, shows.
const SEASON: [usize; 6] = [12, 11, 13, 24, 23, 25];
/// Months before and after that say what else a series has done.
const AROUND: usize = 24;
/// Closed for longer than this it is another shop that opens.
const LONGEST_CLOSED: usize = 24;
/// A movement beyond tenfold is no movement but an accident of its own.
const MOST_MOVED: f64 = std::f64::consts::LN_10;
/// What a product does against the company, and a series' own season against it, is believed so far ...
const MOST_APART: f64 = std::f64::consts::LN_2;
/// ... and by half: one year is one observation.
const BELIEVED: f64 = 0.5;
/// Months of a mean where a median of three says nothing.
const YEAR: usize = 12;

/// What is looked at.
pub(super) struct Track<'a> {
    /// Units by month.
    pub(super) row: &'a [f64],
    /// Months that are not known.
    pub(super) unknown: &'a [bool],
    /// First month with a row.
    pub(super) first: usize,
    /// Whether units are whole.
    pub(super) whole: bool,
}

/// A month that does not count as it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) month: usize,
    pub(super) mark: Mark,
    pub(super) value: f64,
    pub(super) expected: f64,
    pub(super) counted_as: f64,
    /// Whether it is named, and counts as it is.
    pub(super) stays: bool,
}

type Movement<'a> = &'a dyn Fn(usize) -> Option<f64>;

/// A walk through the months.
pub(super) struct Scan<'a> {
    track: &'a Track<'a>,
    /// How far everybody else moved into a month, a log.
    moved: Movement<'a>,
    /// How far the same product moved elsewhere.
    product: Movement<'a>,
    /// Whether somebody has said what happened in a month.
    explained: &'a dyn Fn(usize) -> bool,
    /// Months in which the whole region strayed.
    region: &'a [Option<Found>],
    /// Whether odd months and closures are looked for.
    looks: bool,
    /// Whether who has sold nothing for one month, or two, comes back.
    come_back: &'a dyn Fn(usize) -> bool,
    /// By how many months it was learned from.
    noise: Option<(usize, Noise)>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(
        track: &'a Track<'a>,
        moved: Movement<'a>,
        product: Movement<'a>,
        explained: &'a dyn Fn(usize) -> bool,
        region: &'a [Option<Found>],
        (looks, come_back): (bool, &'a dyn Fn(usize) -> bool),
    ) -> Scan<'a> {
        Scan { track, moved, product, explained, region, looks, come_back, noise: None }
    }

    /// What was found, and whether it has been closed for three months and more; `counted` holds the units that count.
    pub(super) fn run(mut self, counted: &mut Vec<f64>, out: &mut Vec<Found>) -> bool {
        let (row, n) = (self.track.row, self.track.row.len());
        counted.clear();
        counted.extend_from_slice(row);
        out.clear();
        let mut t = self.track.first;
        while t < n {
            let value = row[t];
            if self.track.unknown[t] {
                self.stand_in(t, Mark::NotReported, 1.0, counted, out);
            } else if let Some(region) = self.region.get(t).copied().flatten() {
                let part = if region.expected > 0.0 { region.counted_as / region.expected } else { 1.0 };
                self.stand_in(t, region.mark, part, counted, out);
            } else if self.is_suspect(t, counted) && !(self.explained)(t) {
                if value > 0.0 {
                    if let Some((expected, edge)) = self.odd(t, counted, out) {
                        counted[t] = edge;
                        out.push(Found { month: t, mark: Mark::Odd, value, expected, counted_as: edge, stays: false });
                    }
                } else {
                    let end = (t..n).find(|u| row[*u] > 0.0).unwrap_or(n);
                    if self.is_closed(t, end, counted, out) {
                        let months = n - t;
                        if end == n && (months > WAITED || !(self.come_back)(months)) {
                            // At its new level of zero.
                            let mark = Mark::Closed;
                            let expected = self.expected(t, counted);
                            // Who is gone for good stopped then; nobody expects it this month.
                            let month = if months > WAITED { t } else { n - 1 };
                            out.push(Found { month, mark, value, expected, counted_as: 0.0, stays: true });
                            return months > WAITED;
                        }
                        for u in t..end {
                            let mark = if self.track.unknown[u] { Mark::NotReported } else { Mark::Closed };
                            self.stand_in(u, mark, 1.0, counted, out);
                        }
                    }
                    t = end;
                    continue;
                }
            }
            t += 1;
        }
        false
    }

    /// A month counts as a part of what is expected of it.
    fn stand_in(&self, t: usize, mark: Mark, part: f64, counted: &mut [f64], out: &mut Vec<Found>) {
        let expected = self.expected(t, counted);
        counted[t] = expected * part;
        let value = self.track.row[t];
        out.push(Found { month: t, mark, value, expected, counted_as: counted[t], stays: false });
    }

    /// Whether a month is so far off the last two that it is worth a look.
    fn is_suspect(&self, t: usize, counted: &[f64]) -> bool {
        if !self.looks || t < self.track.first + 2 {
            return false;
        }
        let (x, a, b) = (counted[t], counted[t - 1], counted[t - 2]);
        let (low, high) = (a.min(b), a.max(b));
        let is_high = x > TIMES * high && (x > LEAST_HIGH || !self.track.whole);
        let is_low = TIMES * x < low && (low > LEAST_LOW || !self.track.whole);
        is_high || is_low
    }

    /// The median of the three months before a month, of as many as there are; of slow movers the mean of a year.
    fn level(&self, t: usize, counted: &[f64]) -> f64 {
        let from = self.track.first;
        let median = match t.saturating_sub(from) {
            0 => return 0.0,
            1 => counted[t - 1],
            2 => (counted[t - 1] + counted[t - 2]) / 2.0,
            _ => median3(counted[t - 1], counted[t - 2], counted[t - 3]),
        };
        if median >= LEAST_LOW || (!self.track.whole && median > 0.0) {
            return median;
        }
        let year = &counted[t.saturating_sub(YEAR).max(from)..t];
        year.iter().sum::<f64>() / year.len() as f64
    }

    /// What is expected of a month from those before it and from what others did.
    fn expected(&self, t: usize, counted: &[f64]) -> f64 {
        let level = self.level(t, counted);
        let moved = |t: usize| (self.moved)(t).filter(|m| m.abs() < MOST_MOVED);
        let others = moved(t).map(|m| (self.product)(t).map_or(m, |p| p.clamp(m - MOST_APART, m + MOST_APART)));
        // A year ago the same month stood so far off the months before it.
        let season = (t >= self.track.first + YEAR + 3)
            .then(|| median3(counted[t - YEAR - 1], counted[t - YEAR - 2], counted[t - YEAR - 3]))
            .filter(|before| *before > LEAST_LOW || (!self.track.whole && *before > 0.0))
            .map(|before| {
                let offset = offset(self.track.whole, before);
                ((counted[t - YEAR] + offset) / (before + offset)).ln()
            });
        let log = match (others, season) {
            (Some(m), Some(own)) => {
                let then = moved(t - YEAR).unwrap_or(0.0);
                m + BELIEVED * (own - then).clamp(-MOST_APART, MOST_APART)
            }
            (Some(m), None) => m,
            (None, Some(own)) => own.clamp(-MOST_MOVED, MOST_MOVED),
            (None, None) => 0.0,
        };
        level * log.exp()
    }

    /// The noise by what is known when it is settled whether month t is odd: what comes later changes no earlier month, so
    /// what was learned from these holds.
    fn noise(&mut self, t: usize) -> Noise {
        let (track, known) = (self.track, (t + 1 + FURTHER).min(self.track.row.len()));
        match self.noise {
            Some((months, noise)) if months == known => noise,
            _ => {
                let row = &track.row[..known];
                let noise = Noise::learn(row, track.first, track.unknown, track.whole, &mut Vec::new());
                self.noise = Some((known, noise));
                noise
            }
        }
    }

    /// How far off an expectation, a log, where that is too far for chance.
    fn off(&mut self, t: usize, x: f64, e: f64, times: f64) -> Option<f64> {
        let noise = self.noise(t);
        let offset = noise.offset(e).min(0.5 * e.max(1.0));
        let log = ((x + offset) / (e + offset)).ln();
        if e <= 0.0 {
            return None;
        }
        let ratio = if x > 0.0 { (x / e).ln().abs() } else { f64::INFINITY };
        (ratio > times.ln() && noise.stat(x, e) > SCALES).then_some(log)
    }

    /// Months of the history that did as they are, beside those from t to `end`.
    fn others(&self, t: usize, end: usize, out: &[Found]) -> impl Iterator<Item = usize> {
        let (track, n) = (self.track, self.track.row.len());
        let range = t.saturating_sub(AROUND).max(track.first)..(end + AROUND).min(n);
        let is_marked = move |u: &usize| out.binary_search_by_key(u, |f| f.month).is_ok();
        range.filter(move |u| !(t..end).contains(u) && !track.unknown[*u]).filter(move |u| !is_marked(u))
    }

    /// The expectation of a month that is odd, and what it counts as.
    fn odd(&mut self, t: usize, counted: &[f64], out: &[Found]) -> Option<(f64, f64)> {
        let (row, n, first) = (self.track.row, self.track.row.len(), self.track.first);
        let times = if t < first + YOUNG { YOUNG_TIMES } else { TIMES };
        let (x, e) = (row[t], self.expected(t, counted));
        // Where next to nothing is expected, something has begun, or begun again.
        let (times, against) = match self.track.whole && e < LEAST_EXPECTED {
            true if (t - 2..t).any(|u| counted[u] <= 0.0) => return None,
            true => (YOUNG_TIMES, e.max(1.0)),
            false => (times, e),
        };
        let log = self.off(t, x, against, times)?;
        let side = |log: f64| log.signum();
        let level = self.level(t, counted);
        let year = &counted[t.saturating_sub(YEAR).max(first)..t];
        let mut mean = [0.0; YEAR];
        let sorted = &mut mean[..year.len()];
        sorted.copy_from_slice(year);
        sorted.sort_unstable_by(f64::total_cmp);
        let explanations = [
            Some(level),
            Some(counted[t - 1]),
            Some(counted[t - 2]),
            sorted.get(sorted.len() / 2).copied(),
            (self.moved)(t).map(|m| level * m.exp()),
            (self.product)(t).map(|m| level * m.exp()),
        ];
        for e in explanations.into_iter().flatten() {
            let e = if self.track.whole { e.max(1.0) } else { e };
            if self.off(t, x, e, times).is_none_or(|found| side(found) != side(log)) {
                return None;
            }
        }
        // The same season of other years; the second largest (smallest) of all other months.
        let (mut ends, mut count) = ([x; 2], 0);
        let mut seasons = false;
        for u in self.others(t, t + 1, out) {
            let z = row[u] * side(log);
            if count == 0 {
                ends = [z, f64::NEG_INFINITY];
            } else if z > ends[0] {
                ends = [z, ends[0]];
            } else if z > ends[1] {
                ends[1] = z;
            }
            count += 1;
            seasons |=
                SEASON.contains(&u.abs_diff(t)) && (side(log) * (x / row[u].max(f64::MIN_POSITIVE)).ln()) < times.ln();
        }
        let second = ends[1] * side(log);
        if seasons || (count >= 2 && second > 0.0 && side(log) * (x / second).ln() < TIMES.ln()) {
            return None;
        }
        let further = |u: usize| {
            let offset = 0.5 * f64::from(u8::from(self.track.whole));
            ((row[u] + offset) / (e + offset)).ln() / log >= AS_FAR && !self.track.unknown[u]
        };
        if t + FURTHER < n && (t + 1..=t + FURTHER).all(further) {
            return None;
        }
        let reach = EDGE * self.noise(t).scale(e);
        let edge = if side(log) > 0.0 { (e * reach.exp()).min(x) } else { (e * (-reach).exp()).max(x) };
        Some((e, edge))
    }

    /// Whether no sale from t to `end` is a closure.
    fn is_closed(&mut self, t: usize, end: usize, counted: &[f64], out: &[Found]) -> bool {
        let (row, first) = (self.track.row, self.track.first);
        if t < first + YOUNG || end - t > LONGEST_CLOSED {
            return false;
        }
        let (level, noise) = (self.level(t, counted), self.noise(t));
        let e = level.min(counted[t - 1]).min(self.expected(t, counted).max(level / TIMES));
        let regular = level >= REGULAR * noise.offset(level);
        if !regular || self.off(t, 0.0, e, TIMES).is_none() {
            return false;
        }
        // A product that nobody sells any more, while the company goes on: its season, or its end.
        let gone = (self.product)(t).is_some_and(|p| p < -TIMES.ln());
        if gone && (self.moved)(t).is_none_or(|m| m > -TIMES.ln()) {
            return false;
        }
        // The same month of another year without a sale, with sales in between; or two more such months.
        let empty = |u: usize| u >= first && u < row.len() && row[u] <= 0.0 && !self.track.unknown[u];
        let between = |a: usize, b: usize| row[a.min(b)..a.max(b)].iter().any(|x| *x > 0.0);
        let before = SEASON.iter().filter_map(|k| t.checked_sub(*k)).any(|u| empty(u) && between(u, t));
        let after = SEASON.iter().map(|k| t + k).any(|u| empty(u) && between(t, u));
        let elsewhere = self.others(t, end, out).filter(|u| row[*u] <= 0.0).count();
        !before && !after && elsewhere < FURTHER
    }
}
