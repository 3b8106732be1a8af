//! The variables of one series at an origin, per step ahead.

use ndarray::{ArrayView1, s};
use rayon::prelude::*;

use super::own::{LastYear, Own};
use super::{BLOCK, GROUPING_NAMES, Groupings, HORIZON, History, PRODUCT, REGION, chunks};
use crate::across::{What, key};
use crate::stats::season::Season;
pub(super) use crate::stats::season::YEAR;
use crate::stats::smooth::mean_of_three;

/// Months that a level remembers: beyond, .85 a month has forgotten all but a thousandth.
pub const MEMORY: usize = 41;
/// Months of history that trend and season are taken from, at most.
const SMOOTHED: usize = 72;
/// Discounts a month of the means and shares that are compared; 0 is the last month alone.
const DISCOUNTS: [f64; 3] = [0.0, 0.65, 0.85];
/// The discount of the level itself, in [`DISCOUNTS`].
const LEVEL: usize = 2;
/// Discounts of the shares that a group's own forecast is split by, and of those that last year's month is split by.
const SPLIT: [[usize; 2]; 2] = [[1, 2], [0, 1]];
/// Half: a unit is rounded to the nearest (see the head of `panel`).
const HALF: f64 = 0.5;
/// The offset is at least this part of the level: a log of nothing sold has an end.
const LEAST_OFFSET: f64 = 0.01;
/// Part of its mean added to a series before logs are taken for trend and season.
const LOG_OFFSET: f64 = 0.02;
/// A year of own indices needs two of history.
const SEASON_MONTHS: usize = 2 * YEAR;
/// What is beyond these is an accident of a small number.
pub(super) const BOUNDS: (f64, f64) = (-12.0, 40.0);
/// Lags of single months, the last one being a year back.
pub(super) const LAGS: usize = 13;
/// Months that are compared with the same months a year before.
const YEAR_ON_YEAR: [usize; 3] = [1, 6, 12];
/// Variables by which large series follow themselves more than small ones; how far a size counts, and its scale.
pub(super) const FOLLOWED: [&str; 3] = ["last year", "own forecast", "lag 0"];
pub(super) const SIZE: (f64, f64) = (3.0, 2.0);

/// Variables that do not depend on the step ahead, in front.
pub(super) const COMMON: usize = LAGS + 3 + 2 * BLOCK + 1 + YEAR_ON_YEAR.len();
/// Variables of one step ahead.
pub(super) const AHEAD: usize = 4 + 2 + 4 * 5;
/// How many variables.
pub const COUNT: usize = COMMON + AHEAD + FOLLOWED.len();

/// The names of the variables, in their order.
pub fn names() -> Vec<String> {
    let mut out: Vec<String> = (0..LAGS).map(|lag| format!("lag {lag}")).collect();
    out.extend(["variation", "months without sales", "size"].map(String::from));
    for group in &GROUPING_NAMES[..BLOCK] {
        out.extend(["year on year", "momentum"].map(|what| format!("{what} of {group}")));
    }
    out.push("size within product".to_owned());
    out.extend(YEAR_ON_YEAR.map(|months| format!("year on year, {months} months")));
    out.extend(["own forecast", "own season, change", "own season", "last year"].map(String::from));
    out.extend(["same step a year ago", "same step two years ago"].map(String::from));
    for group in GROUPING_NAMES {
        out.extend(SPLIT[0].map(|d| format!("forecast of {group} x share {}", DISCOUNTS[d])));
        out.extend(SPLIT[1].map(|d| format!("last year of {group} x share {}", DISCOUNTS[d])));
    }
    out.extend(FOLLOWED.map(|name| format!("size x {name}")));
    out
}
/// Trend and season of one row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Smooth {
    pub(super) ahead: [f64; HORIZON],
    /// Indices on logs by calendar phase of the month index.
    pub(super) season: [f64; YEAR],
    /// How far they are the row's own, within [0, 1].
    pub(super) own: f64,
}

/// Room to work in, used again from series to series.
#[derive(Default)]
pub(super) struct Work {
    z: Vec<f64>,
    logs: Vec<f64>,
    season: Vec<f64>,
    /// The variables of the last series: first those that do not depend on the step ahead, then step by step the others.
    pub(super) variables: Vec<f64>,
}

/// No season.
pub(super) const FLAT: [f64; YEAR] = [0.0; YEAR];

/// Season and smoothing (docs/METHOD.md#season-and-smoothing) of one row that came in month `first`: own indices drawn to
/// `others` (by phase of the month index), the mean of three, all on the row plus 2% of its mean. Months before it came are
/// no sales of 0, and coming is no growth.
pub(super) fn smooth(y: ArrayView1<f64>, first: usize, others: &[f64; YEAR], work: &mut Work) -> Smooth {
    let from = first.min(y.len()).max(y.len().saturating_sub(SMOOTHED));
    let others: [f64; YEAR] = std::array::from_fn(|p| others[(p + from) % YEAR]);
    let y = y.slice(s![from..]);
    let n = y.len();
    let mean = y.sum() / n.max(1) as f64;
    if mean.is_nan() || mean <= 0.0 {
        return Smooth::default();
    }
    let add = LOG_OFFSET * mean;
    work.logs.clear();
    work.logs.extend(y.iter().map(|x| (x + add).ln()));
    let own = if n >= SEASON_MONTHS { Season::of(&work.logs, &mut work.season) } else { None };
    let shrunk = own.map_or(others, |season| season.towards(&others));
    let own = own.map_or(0.0, |season| season.weight(&others));
    // Each month with the index of its phase taken out; the phases of the row count from `from`.
    work.logs.iter_mut().enumerate().for_each(|(t, x)| *x = (*x - shrunk[t % YEAR]).exp());
    let three = mean_of_three(&work.logs);
    let ahead = std::array::from_fn(|h| (three.mean(h).max(0.0) * shrunk[(n + h) % YEAR].exp() - add).max(0.0));
    let season = std::array::from_fn(|p| shrunk[(p + YEAR - from % YEAR) % YEAR]);
    Smooth { ahead, season, own }
}

/// Variance-to-mean ratio by successive differences and the mean, of a row from month `first` on; none with under two
/// differences or nothing sold.
pub(super) fn dispersion(y: ArrayView1<f64>, first: usize) -> (Option<f64>, f64) {
    let from = first.max(y.len().saturating_sub(MEMORY));
    let y = y.slice(s![from.min(y.len())..]);
    let n = y.len();
    if n == 0 {
        return (None, 0.0);
    }
    let mean = y.sum() / n as f64;
    let squares: f64 = y.iter().zip(y.iter().skip(1)).map(|(a, b)| (b - a).powi(2)).sum();
    let ratio = (n >= 3 && mean > 0.0).then(|| squares / 2.0 / (n - 1) as f64 / mean);
    (ratio, mean)
}

/// A group as it stood at the origin.
#[derive(Clone, Debug)]
struct Group {
    smooth: Smooth,
    /// Mean of the last twelve months.
    level: f64,
    offset: f64,
    /// Discounted sums over its series, by discount.
    discounted: [f64; DISCOUNTS.len()],
}
/// Discounted sums with the weights of the months of its life, by discount.
type Discounted = [(f64, f64); DISCOUNTS.len()];

/// [`Discounted`] of a series that begins in month `first`, from its first months.
fn discounted(z: &[f64], first: usize) -> Discounted {
    let mut sums: Discounted = Default::default();
    let from = z.len().saturating_sub(MEMORY);
    for (t, z) in z.iter().enumerate().skip(from) {
        let alive = f64::from(u8::from(t >= first));
        for ((sum, weight), discount) in sums.iter_mut().zip(DISCOUNTS) {
            *sum = discount * *sum + z;
            *weight = discount * *weight + alive;
        }
    }
    sums
}

/// A series' level at an origin; 0 before it begins.
pub fn level(history: &History, series: usize, origin: usize) -> f64 {
    let Some(first) = history.first(series).filter(|first| *first <= origin) else { return 0.0 };
    let (mut sum, mut weight) = (0.0, 0.0);
    for t in (origin + 1).saturating_sub(MEMORY)..=origin {
        sum = DISCOUNTS[LEVEL] * sum + history.z(series, t);
        weight = DISCOUNTS[LEVEL] * weight + f64::from(u8::from(t >= first));
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// All variance-to-mean ratios over all means, of every series, whether it is sampled or not.
fn pooled(history: &History, origin: usize) -> f64 {
    let part = |range: std::ops::Range<usize>| {
        let (mut z, mut sums) = (Vec::new(), [0.0; 2]);
        for series in range {
            let Some(first) = history.first(series).filter(|first| *first <= origin) else { continue };
            history.row(series, origin + 1, &mut z);
            if let (Some(ratio), mean) = dispersion(ArrayView1::from(&z), first) {
                sums[0] += ratio;
                sums[1] += mean;
            }
        }
        sums
    };
    let both = history.across().total(key(What::Pooled, origin, 0), || {
        let parts: Vec<[f64; 2]> = chunks(history.series(), 512).into_par_iter().map(part).collect();
        parts.iter().fold([0.0; 2], |[a, b], part| [a + part[0], b + part[1]]).to_vec()
    });
    let [ratios, means] = [0, 1].map(|i| both.get(i).copied().unwrap_or(0.0));
    // A series with too short a life: as much of its mean as the others' ratios are of theirs.
    if means > 0.0 { ratios / means } else { 0.0 }
}

pub(super) fn offset(ratio: Option<f64>, mean: f64, pooled: f64, level: f64) -> f64 {
    (HALF * ratio.unwrap_or(pooled * mean)).max(LEAST_OFFSET * level.max(mean))
}
fn groups(history: &History, g: usize, origin: usize, season: &[f64; YEAR]) -> Vec<Group> {
    let one = |work: &mut Work, group: usize| {
        let row = history.sums[g].row(group);
        let row = row.slice(s![..=origin]);
        let year = row.slice(s![(origin + 1).saturating_sub(YEAR)..]);
        let level = year.sum() / year.len() as f64;
        let first = row.iter().position(|x| *x > 0.0).unwrap_or(row.len());
        let (ratio, mean) = dispersion(row, first);
        let mut sums = [0.0; DISCOUNTS.len()];
        for z in row.iter().skip((origin + 1).saturating_sub(MEMORY)) {
            sums.iter_mut().zip(DISCOUNTS).for_each(|(sum, discount)| *sum = discount * *sum + z);
        }
        Group {
            smooth: smooth(row, History::sum_came(row), season, work),
            level,
            offset: offset(ratio, mean, 0.0, level),
            discounted: sums,
        }
    };
    (0..history.sums[g].nrows()).into_par_iter().map_init(Work::default, one).collect()
}

/// What the variables of a series are made with, beside its own history.
#[derive(Clone, Debug)]
pub(super) struct Around {
    groups: Vec<Vec<Group>>,
    pooled: f64,
    origin: usize,
    steps: usize,
}

impl Around {
    /// At an origin, for the steps ahead 1 to `steps`; of no use where no series is `asked` for.
    pub(super) fn new(history: &History, origin: usize, steps: usize, asked: bool) -> Around {
        let pooled = pooled(history, origin);
        if !asked {
            return Around { groups: Vec::new(), pooled, origin, steps };
        }
        let blocks = groups(history, BLOCK, origin, &FLAT);
        // Groups are drawn to the season of everything, as far as most of it is counted alike.
        let largest = blocks.iter().max_by(|a, b| a.level.total_cmp(&b.level)).map_or(FLAT, |b| b.smooth.season);
        let mut all: Vec<Vec<Group>> = (0..BLOCK).map(|g| groups(history, g, origin, &largest)).collect();
        all.push(blocks);
        Around { groups: all, pooled, origin, steps }
    }

    /// Works out the variables of a series, into `work.variables`; what else is to be known of it.
    pub(super) fn row(&self, history: &History, groupings: &Groupings, series: usize, work: &mut Work) -> Known {
        let mut z = std::mem::take(&mut work.z);
        let mut x = std::mem::take(&mut work.variables);
        history.row(series, self.origin + 1, &mut z);
        x.clear();
        let at = At { history, groupings, around: self, series, z: &z };
        let found = at.row(&mut x, work);
        (work.z, work.variables) = (z, x);
        found
    }

    /// What is to be known of a series beside its variables.
    pub(super) fn known(&self, history: &History, groupings: &Groupings, series: usize, work: &mut Work) -> Known {
        let mut z = std::mem::take(&mut work.z);
        history.row(series, self.origin + 1, &mut z);
        let found = At { history, groupings, around: self, series, z: &z }.known(work).0;
        work.z = z;
        found
    }

    /// Discounted sums, level and offset of a series whose months are `z`.
    fn sizes(&self, history: &History, series: usize, z: &[f64]) -> (Discounted, f64, f64) {
        let first = history.first(series).unwrap_or(self.origin);
        let sums = discounted(z, first);
        let level = if sums[LEVEL].1 > 0.0 { sums[LEVEL].0 / sums[LEVEL].1 } else { 0.0 };
        let (dispersed, own_mean) = dispersion(ArrayView1::from(z), first);
        (sums, level, offset(dispersed, own_mean, self.pooled, level))
    }
}

/// What is to be known of a series at an origin beside its variables.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    /// Level and offset, in units per month of mean length.
    pub(super) level: f64,
    pub(super) offset: f64,
    /// What it says of itself.
    pub(super) own: Own,
    /// Last year's months and growth.
    pub(super) last_year: LastYear,
}

struct At<'a, 'd> {
    history: &'a History<'d>,
    groupings: &'a Groupings<'a>,
    around: &'a Around,
    series: usize,
    /// The series' months up to the origin.
    z: &'a [f64],
}

/// `ln((a + c) / (b + c))`; 0 where both are nothing.
pub(super) fn ratio(a: f64, b: f64, c: f64) -> f64 {
    if a + c > 0.0 && b + c > 0.0 { ((a + c) / (b + c)).ln() } else { 0.0 }
}

/// `ln` of the last `months` months over the same months a year before; 0 where these are not there.
pub(super) fn year_on_year(row: ArrayView1<f64>, origin: usize, months: usize, c: f64) -> f64 {
    if origin + 1 < YEAR + months {
        return 0.0;
    }
    let sum = |end: usize| row.slice(s![end - months..end]).sum();
    ratio(sum(origin + 1), sum(origin + 1 - YEAR), c)
}

/// Standard deviation over mean.
pub(super) fn variation(y: ArrayView1<f64>, c: f64) -> f64 {
    let n = y.len() as f64;
    let mean = y.sum() / n;
    let variance = y.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    if mean + c > 0.0 { variance.sqrt() / (mean + c) } else { 0.0 }
}

impl At<'_, '_> {
    fn known(&self, work: &mut Work) -> (Known, Discounted, Smooth) {
        let z = ArrayView1::from(self.z);
        let first = self.history.first(self.series).unwrap_or(self.around.origin);
        let (sums, level, offset) = self.around.sizes(self.history, self.series, self.z);
        let smooth = smooth(z, self.history.came(self.series, self.z), &self.season(), work);
        let last_year = LastYear::of(self.z, first, &smooth.ahead);
        (
            Known { level, offset, own: Own::of(z, first, (smooth.own, smooth.ahead), &last_year), last_year },
            sums,
            smooth,
        )
    }

    fn row(&self, x: &mut Vec<f64>, work: &mut Work) -> Known {
        let Around { groups, origin, steps, .. } = self.around;
        let (z, origin) = (self.z, *origin);
        let first = self.history.first(self.series).unwrap_or(origin);
        let (known, sums, own) = self.known(work);
        let Known { level, offset: c, .. } = known;
        let lg = |x: f64| ratio(x, level, c);

        // A month before the first row says nothing.
        x.extend((0..LAGS).map(|lag| if first + lag <= origin { lg(z[origin - lag]) } else { 0.0 }));
        let year = &z[(origin + 1).saturating_sub(YEAR)..];
        x.push(variation(ArrayView1::from(year), c));
        x.push(year.iter().filter(|x| **x == 0.0).count() as f64 / year.len() as f64);
        x.push(if c > 0.0 { ((level + c) / c).ln() } else { 0.0 });
        for (g, groups) in groups[..BLOCK].iter().enumerate() {
            let of = self.groupings.of(g, self.series);
            let (group, row) = (&groups[of], self.history.sums[g].row(of));
            x.push(year_on_year(row, origin, 3, group.offset));
            x.push(ratio(row[origin], group.level, group.offset));
        }
        let product = &groups[PRODUCT][self.groupings.of(PRODUCT, self.series)];
        x.push(ratio(level + c, product.level, 0.0));
        x.extend(YEAR_ON_YEAR.map(|months| {
            if first + YEAR - 1 + months > origin {
                return 0.0;
            }
            // The offset belongs to a month: to that of several, that of their sum.
            year_on_year(ArrayView1::from(z), origin, months, c * months as f64)
        }));

        (1..=*steps).for_each(|h| self.ahead(h, &own, (first, c), (&sums, &lg), x));
        known
    }

    /// The season that a series' own is drawn to: its product's, and what its region's has beside that of everything.
    fn season(&self) -> [f64; YEAR] {
        let of = |g: usize| &self.around.groups[g][self.groupings.of(g, self.series)].smooth.season;
        let (product, region, block) = (of(PRODUCT), of(REGION), of(BLOCK));
        std::array::from_fn(|p| product[p] + region[p] - block[p])
    }

    fn ahead(
        &self,
        h: usize,
        own: &Smooth,
        (first, c): (usize, f64),
        (sums, lg): (&Discounted, &impl Fn(f64) -> f64),
        x: &mut Vec<f64>,
    ) {
        let (z, origin) = (self.z, self.around.origin);
        let t = origin + h;
        let back = |months: usize| t.checked_sub(months).filter(|t| *t >= first);
        x.push(lg(own.ahead[h - 1]));
        x.push(own.season[t % YEAR] - own.season[origin % YEAR]);
        x.push(own.season[t % YEAR]);
        x.push(back(YEAR).map_or(0.0, |t| lg(z[t])));
        for years in [YEAR, 2 * YEAR] {
            let then = origin.checked_sub(years).filter(|then| *then >= first);
            x.push(then.map_or(0.0, |then| ratio(z[then + h], z[then], c)));
        }
        for (g, groups) in self.around.groups.iter().enumerate() {
            let of = self.groupings.of(g, self.series);
            let (group, row) = (&groups[of], self.history.sums[g].row(of));
            let share = |d: usize| {
                let all = group.discounted[d];
                if all > 0.0 { sums[d].0 / all } else { 0.0 }
            };
            let ahead = group.smooth.ahead[h - 1];
            x.extend(SPLIT[0].map(|d| lg(ahead * share(d))));
            let last_year = t.checked_sub(YEAR).map(|t| row[t]);
            x.extend(SPLIT[1].map(|d| last_year.map_or(0.0, |y| lg(y * share(d)))));
        }
        // Set once the means of all series are known.
        x.extend([0.0; FOLLOWED.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_has_a_name() {
        let names = names();
        assert_eq!(names.len(), COUNT);
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), COUNT);
    }

    #[test]
    fn the_offset_of_single_customers_is_half_a_unit() {
        // 0, 2, 0, 2 ...: differences of 2, half their square is 2, the mean is 1: twice as lumpy as single customers.
        let y: Vec<f64> = (0..20).map(|t| f64::from(t % 2) * 2.0).collect();
        let (ratio, mean) = dispersion(ArrayView1::from(&y), 0);
        assert!((ratio.unwrap() - 2.0).abs() < 1e-12 && (mean - 1.0).abs() < 1e-12);
        assert!((offset(ratio, mean, 0.0, mean) - 1.0).abs() < 1e-12);
        assert_eq!(dispersion(ArrayView1::from(&y), 18).0, None);
        assert!((offset(None, 3.0, 2.0, 1.0) - 3.0).abs() < 1e-12);
        assert!((offset(Some(0.0), 3.0, 2.0, 5.0) - 0.05).abs() < 1e-12);
    }

    #[test]
    fn a_season_keeps_its_phase_where_the_history_is_cut() {
        let year = |t: usize| if t % 12 == 5 { 30.0 } else { 10.0 };
        let y: Vec<f64> = (0..100).map(year).collect();
        let found = smooth(ArrayView1::from(&y), 0, &FLAT, &mut Work::default());
        let highest = (0..YEAR).max_by(|a, b| found.season[*a].total_cmp(&found.season[*b])).unwrap();
        assert_eq!(highest, 5);
        // Month 100 has phase 4, month 101 phase 5.
        assert!((found.ahead[0] - 10.0).abs() < 0.5 && (found.ahead[1] - 30.0).abs() < 1.5, "{:?}", found.ahead);
    }
}
