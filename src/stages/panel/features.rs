//! The variables of every series at an origin, per step ahead.

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1, Axis, concatenate, s};
use rayon::prelude::*;

use super::{BLOCK, CLIP, GROUPING_NAMES, Groupings, History, PRODUCT, STEPS, chunks};
use crate::across::{What, key};
use crate::stats::season::{Season, YEAR};
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
const BOUNDS: (f64, f64) = (-12.0, 40.0);
/// Lags of single months, the last one being a year back.
pub(super) const LAGS: usize = 13;
/// Months that are compared with the same months a year before.
const YEAR_ON_YEAR: [usize; 3] = [1, 6, 12];
/// Variables by which large series follow themselves more than small ones; how far a size counts, and its scale.
const FOLLOWED: [&str; 3] = ["last year", "own forecast", "lag 0"];
const SIZE: (f64, f64) = (3.0, 2.0);

/// Variables that do not depend on the step ahead, in front.
const COMMON: usize = LAGS + 3 + 2 * BLOCK + 1 + YEAR_ON_YEAR.len();
/// Variables of one step ahead.
const AHEAD: usize = 4 + 2 + 4 * 5;
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

/// The live series of an origin with their variables.
#[derive(Clone, Debug)]
pub struct Features {
    /// Month index of the origin: the last month seen.
    pub origin: usize,
    /// The series, ascending.
    pub series: Vec<usize>,
    /// Levels, in units per month of mean length.
    pub level: Vec<f64>,
    /// Offsets, in the same units.
    pub offset: Vec<f64>,
    /// Variables that do not depend on the step ahead, series x variable.
    common: Array2<f64>,
    /// The others by step ahead, series x variable: of a million series the common ones are there once.
    ahead: Vec<Array2<f64>>,
    /// Their means over all regions' series by step ahead, weighted with level and offset; none without weight.
    pub means: Vec<Option<Array1<f64>>>,
    /// Which series these are.
    pub of: Of,
}

/// Which series of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Those learned from.
    Sample,
    /// All live ones, or some of them that are looked at.
    All,
}

impl Of {
    /// The kind of a total over them.
    pub fn what(self, sample: What, all: What) -> What {
        if self == Of::Sample { sample } else { all }
    }
}

/// Series whose variables are worked out before they are put down.
const WAVE: usize = 1 << 14;

/// Trend and season of one row.
#[derive(Clone, Copy, Default)]
pub(super) struct Smooth {
    pub(super) ahead: [f64; STEPS],
    /// Indices on logs by calendar phase of the month index.
    pub(super) season: [f64; YEAR],
}

#[derive(Default)]
pub(super) struct Work {
    logs: Vec<f64>,
    season: Vec<f64>,
}

/// METHOD D on one row: own indices drawn to none, the mean of three, all on the row plus 2% of its mean.
pub(super) fn smooth(y: ArrayView1<f64>, work: &mut Work) -> Smooth {
    let from = y.len().saturating_sub(SMOOTHED);
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
    let shrunk = own.map_or([0.0; YEAR], |season| season.towards(&[0.0; YEAR]));
    // Each month with the index of its phase taken out; the phases of the row count from `from`.
    work.logs.iter_mut().enumerate().for_each(|(t, x)| *x = (*x - shrunk[t % YEAR]).exp());
    let three = mean_of_three(&work.logs);
    let ahead = std::array::from_fn(|h| (three.mean(h).max(0.0) * shrunk[(n + h) % YEAR].exp() - add).max(0.0));
    let season = std::array::from_fn(|p| shrunk[(p + YEAR * SMOOTHED - from) % YEAR]);
    Smooth { ahead, season }
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
struct Group {
    smooth: Smooth,
    /// Mean of the last twelve months.
    level: f64,
    offset: f64,
    /// Discounted sums over its series, by discount.
    discounted: [f64; DISCOUNTS.len()],
}

/// What is computed for every series, whether it is sampled or not.
struct Whole {
    /// Discounted sums and the weights of the months of its life, by discount.
    discounted: Vec<Discounted>,
    /// All variance-to-mean ratios over all means.
    pooled: f64,
}

/// Discounted sums of a series and the weights of the months of its life, by discount.
fn discounted(history: &History, series: usize, first: usize, origin: usize) -> Discounted {
    let mut sums: Discounted = Default::default();
    for t in (origin + 1).saturating_sub(MEMORY)..=origin {
        let alive = f64::from(u8::from(t >= first));
        for ((sum, weight), discount) in sums.iter_mut().zip(DISCOUNTS) {
            *sum = discount * *sum + history.z[(series, t)];
            *weight = discount * *weight + alive;
        }
    }
    sums
}

/// A series' level at an origin; 0 before it begins.
pub fn level(history: &History, series: usize, origin: usize) -> f64 {
    let Some(first) = history.first[series].filter(|first| *first <= origin) else { return 0.0 };
    let (sum, weight) = discounted(history, series, first, origin)[LEVEL];
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// Discounted sums with their weights, by discount.
type Discounted = [(f64, f64); DISCOUNTS.len()];

fn whole(history: &History, origin: usize) -> Whole {
    let n = history.z.nrows();
    let rows = |range: std::ops::Range<usize>| -> Vec<(Discounted, f64, f64)> {
        range
            .map(|series| {
                let Some(first) = history.first[series].filter(|first| *first <= origin) else {
                    return Default::default();
                };
                let sums = discounted(history, series, first, origin);
                let row = history.z.row(series);
                let (ratio, mean) = dispersion(row.slice(s![..=origin]), first);
                ratio.map_or((sums, 0.0, 0.0), |ratio| (sums, ratio, mean))
            })
            .collect()
    };
    let parts: Vec<_> = chunks(n, 512).into_par_iter().map(rows).collect();
    let (mut ratios, mut means) = (0.0, 0.0);
    let mut discounted = Vec::with_capacity(n);
    for (sums, ratio, mean) in parts.into_iter().flatten() {
        discounted.push(sums);
        ratios += ratio;
        means += mean;
    }
    let mut both = [ratios, means];
    history.across.sum(key(What::Pooled, origin, 0), &mut both);
    let [ratios, means] = both;
    // A series with too short a life: as much of its mean as the others' ratios are of theirs.
    Whole { discounted, pooled: if means > 0.0 { ratios / means } else { 0.0 } }
}

pub(super) fn offset(ratio: Option<f64>, mean: f64, pooled: f64, level: f64) -> f64 {
    (HALF * ratio.unwrap_or(pooled * mean)).max(LEAST_OFFSET * level.max(mean))
}

impl Features {
    /// The variables of `series` (live ones, ascending) at an origin, for the steps ahead 1 to `steps`.
    pub fn new(
        history: &History,
        groupings: &Groupings,
        origin: usize,
        (of, series): (Of, Vec<usize>),
        steps: usize,
    ) -> Features {
        let whole = whole(history, origin);
        let asked = if series.is_empty() { 0 } else { groupings.all.len() };
        let groups: Vec<Vec<Group>> = (0..asked).map(|g| self::groups(history, groupings, g, origin, &whole)).collect();
        let rows = |series: &[usize]| -> Vec<Row> {
            let mut work = Work::default();
            let at = At { history, groupings, groups: &groups, whole: &whole, origin, steps };
            series.iter().map(|&s| at.row(s, &mut work)).collect()
        };
        let n = series.len();
        let mut out = Features {
            origin,
            level: Vec::with_capacity(n),
            offset: Vec::with_capacity(n),
            common: Array2::zeros((n, COMMON)),
            ahead: (0..steps).map(|_| Array2::zeros((n, COUNT - COMMON))).collect(),
            means: Vec::new(),
            of,
            series,
        };
        // Wave by wave, so that of a million series only a few are there twice.
        for wave in chunks(n, WAVE) {
            let parts: Vec<Vec<Row>> = out.series[wave.clone()].par_chunks(64).map(rows).collect();
            for (i, row) in wave.zip(parts.into_iter().flatten()) {
                out.level.push(row.level);
                out.offset.push(row.offset);
                let put = |mut to: ArrayViewMut1<f64>, row: &[f64]| {
                    to.iter_mut().zip(row).for_each(|(to, x)| *to = x.clamp(BOUNDS.0, BOUNDS.1));
                };
                put(out.common.row_mut(i), &row.common);
                out.ahead.iter_mut().zip(&row.ahead).for_each(|(to, row)| put(to.row_mut(i), row));
            }
        }
        out.follow(history);
        out.means = (1..=steps).map(|h| out.means(history, h)).collect();
        out
    }

    /// The variables by which large series follow themselves more: size times variable, both less their means weighted
    /// with the levels.
    fn follow(&mut self, history: &History) {
        let names = names();
        let position = |name: &str| names.iter().position(|n| n == name).unwrap_or(0);
        let size = position("size");
        let weights = self.weights();
        let (origin, what) = (self.origin, self.of.what(What::Follow, What::FollowAll));
        let sizes = self.common.column(size).to_vec();
        for (h, ahead) in self.ahead.iter_mut().enumerate() {
            let cut = |name: &str| -> Vec<f64> {
                let at = position(name);
                let of = if at < COMMON { self.common.column(at) } else { ahead.column(at - COMMON) };
                of.iter().map(|x| x.clamp(-CLIP, CLIP)).collect()
            };
            let followed: [Vec<f64>; FOLLOWED.len()] = FOLLOWED.map(cut);
            let weighted = |values: &Vec<f64>| values.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>();
            let mut sums = vec![weights.iter().sum::<f64>(), weighted(&sizes)];
            sums.extend(followed.iter().map(weighted));
            history.across.sum(key(what, origin, h), &mut sums);
            let all = sums[0];
            if all <= 0.0 {
                continue;
            }
            for (k, values) in followed.iter().enumerate() {
                let (size_mean, mean) = (sums[1] / all, sums[2 + k] / all);
                let mut to = ahead.column_mut(AHEAD + k);
                for ((to, size), value) in to.iter_mut().zip(&sizes).zip(values) {
                    *to = (size - size_mean).clamp(-SIZE.0, SIZE.0) / SIZE.1 * (value - mean);
                }
            }
        }
    }

    /// Sums over the series of each variable of a step times a weight.
    pub fn weighted(&self, step: usize, weights: &[f64]) -> Array1<f64> {
        let weights = ArrayView1::from(weights);
        concatenate![Axis(0), weights.dot(&self.common), weights.dot(&self.ahead[step - 1])]
    }

    /// The variables of a step of some of the series (by position), series x variable, a row's numbers together.
    pub fn rows(&self, step: usize, range: std::ops::Range<usize>) -> Array2<f64> {
        let mut out = Array2::zeros((range.len(), COUNT));
        out.slice_mut(s![.., ..COMMON]).assign(&self.common.slice(s![range.clone(), ..]));
        out.slice_mut(s![.., COMMON..]).assign(&self.ahead[step - 1].slice(s![range, ..]));
        out
    }

    fn weights(&self) -> Vec<f64> {
        self.level.iter().zip(&self.offset).map(|(s, c)| s + c).collect()
    }

    fn means(&self, history: &History, step: usize) -> Option<Array1<f64>> {
        let weights = self.weights();
        let mut sums = vec![weights.iter().sum::<f64>()];
        sums.extend(self.weighted(step, &weights));
        history.across.sum(key(self.of.what(What::Means, What::MeansAll), self.origin, step), &mut sums);
        let all = sums[0];
        (all > 0.0).then(|| sums[1..].iter().map(|sum| sum / all).collect())
    }

    /// How many series.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Whether no series is live.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }
}

fn groups(history: &History, groupings: &Groupings, g: usize, origin: usize, whole: &Whole) -> Vec<Group> {
    let grouping = &groupings.all[g];
    let mut discounted = vec![[0.0; DISCOUNTS.len()]; grouping.count];
    if history.across.is_part() {
        // The same from the sums of all regions: nothing is sold before a series begins.
        for (sums, row) in discounted.iter_mut().zip(history.sums[g].rows()) {
            for t in (origin + 1).saturating_sub(MEMORY)..=origin {
                sums.iter_mut().zip(DISCOUNTS).for_each(|(sum, discount)| *sum = discount * *sum + row[t]);
            }
        }
    } else {
        for (sums, &group) in whole.discounted.iter().zip(&grouping.of) {
            discounted[group].iter_mut().zip(sums).for_each(|(all, own)| *all += own.0);
        }
    }
    let one = |work: &mut Work, (group, discounted): (usize, [f64; DISCOUNTS.len()])| {
        let row = history.sums[g].row(group);
        let row = row.slice(s![..=origin]);
        let year = row.slice(s![(origin + 1).saturating_sub(YEAR)..]);
        let level = year.sum() / year.len() as f64;
        let first = row.iter().position(|x| *x > 0.0).unwrap_or(row.len());
        let (ratio, mean) = dispersion(row, first);
        Group { smooth: smooth(row, work), level, offset: offset(ratio, mean, 0.0, level), discounted }
    };
    discounted.into_par_iter().enumerate().map_init(Work::default, one).collect()
}

/// The variables of one series.
struct Row {
    level: f64,
    offset: f64,
    common: Vec<f64>,
    ahead: Vec<Vec<f64>>,
}

struct At<'a> {
    history: &'a History,
    groupings: &'a Groupings,
    groups: &'a [Vec<Group>],
    whole: &'a Whole,
    origin: usize,
    steps: usize,
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

impl At<'_> {
    fn row(&self, series: usize, work: &mut Work) -> Row {
        let origin = self.origin;
        let z = self.history.z.row(series);
        let first = self.history.first[series].unwrap_or(origin);
        let sums = &self.whole.discounted[series];
        let level = if sums[LEVEL].1 > 0.0 { sums[LEVEL].0 / sums[LEVEL].1 } else { 0.0 };
        let (dispersed, own_mean) = dispersion(z.slice(s![..=origin]), first);
        let c = offset(dispersed, own_mean, self.whole.pooled, level);
        let lg = |x: f64| ratio(x, level, c);

        let mut common = Vec::with_capacity(COMMON);
        // A month before the first row says nothing.
        common.extend((0..LAGS).map(|lag| if first + lag <= origin { lg(z[origin - lag]) } else { 0.0 }));
        let year = z.slice(s![(origin + 1).saturating_sub(YEAR)..=origin]);
        common.push(variation(year, c));
        common.push(year.iter().filter(|x| **x == 0.0).count() as f64 / year.len() as f64);
        common.push(if c > 0.0 { ((level + c) / c).ln() } else { 0.0 });
        for (g, grouping) in self.groupings.all[..BLOCK].iter().enumerate() {
            let group = &self.groups[g][grouping.of[series]];
            let row = self.history.sums[g].row(grouping.of[series]);
            common.push(year_on_year(row, origin, 3, group.offset));
            common.push(ratio(row[origin], group.level, group.offset));
        }
        let product = &self.groups[PRODUCT][self.groupings.all[PRODUCT].of[series]];
        common.push(ratio(level + c, product.level, 0.0));
        common.extend(YEAR_ON_YEAR.map(|months| {
            if first + YEAR - 1 + months > origin {
                return 0.0;
            }
            // The offset belongs to a month: to that of several, that of their sum.
            year_on_year(z, origin, months, c * months as f64)
        }));

        let own = smooth(z.slice(s![..=origin]), work);
        let ahead = (1..=self.steps).map(|h| self.ahead(series, h, &own, (first, c), &lg)).collect();
        Row { level, offset: c, common, ahead }
    }

    fn ahead(
        &self,
        series: usize,
        h: usize,
        own: &Smooth,
        (first, c): (usize, f64),
        lg: &impl Fn(f64) -> f64,
    ) -> Vec<f64> {
        let origin = self.origin;
        let t = origin + h;
        let z = self.history.z.row(series);
        let back = |months: usize| t.checked_sub(months).filter(|t| *t >= first);
        let mut x = Vec::with_capacity(AHEAD);
        x.push(lg(own.ahead[h - 1]));
        x.push(own.season[t % YEAR] - own.season[origin % YEAR]);
        x.push(own.season[t % YEAR]);
        x.push(back(YEAR).map_or(0.0, |t| lg(z[t])));
        for years in [YEAR, 2 * YEAR] {
            let then = origin.checked_sub(years).filter(|then| *then >= first);
            x.push(then.map_or(0.0, |then| ratio(z[then + h], z[then], c)));
        }
        for (g, grouping) in self.groupings.all.iter().enumerate() {
            let group = &self.groups[g][grouping.of[series]];
            let row = self.history.sums[g].row(grouping.of[series]);
            let share = |d: usize| {
                let all = group.discounted[d];
                if all > 0.0 { self.whole.discounted[series][d].0 / all } else { 0.0 }
            };
            let ahead = group.smooth.ahead[h - 1];
            x.extend(SPLIT[0].map(|d| lg(ahead * share(d))));
            let last_year = t.checked_sub(YEAR).map(|t| row[t]);
            x.extend(SPLIT[1].map(|d| last_year.map_or(0.0, |y| lg(y * share(d)))));
        }
        x
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
        let found = smooth(ArrayView1::from(&y), &mut Work::default());
        let highest = (0..YEAR).max_by(|a, b| found.season[*a].total_cmp(&found.season[*b])).unwrap();
        assert_eq!(highest, 5);
        // Month 100 has phase 4, month 101 phase 5.
        assert!((found.ahead[0] - 10.0).abs() < 0.5 && (found.ahead[1] - 30.0).abs() < 1.5, "{:?}", found.ahead);
    }
}
