//! The variables of many series at an origin: kept where they are few, worked out anew, some at a time, where they are many.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, concatenate, s};
use rayon::prelude::*;

use super::own::{self, LastYear, Own};
use super::variables::{AHEAD, Around, BOUNDS, COMMON, FOLLOWED, Known, SIZE, Work};
use super::{CLIP, FEATURES, Groupings, History, chunks, names};
use crate::across::{What, key};

/// Series whose variables are worked out at a time.
const WAVE: usize = 1 << 12;
/// Of so many series the variables are kept, in some tens of megabytes. Of more they are worked out each time that they
/// are asked for: they would take several times the room of the history.
const KEPT: usize = 16 * WAVE;
/// Series that one thread takes on at a time.
const TOGETHER: usize = 64;

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
    /// What the series say of themselves.
    pub own: Vec<Own>,
    /// Last year's months and growth, by row of the levels above (`Groupings::row_above`).
    pub last_year: [Vec<LastYear>; 3],
    /// Means of the variables over all regions' series by step ahead, weighted with level and offset; none without weight.
    pub means: Vec<Option<Array1<f64>>>,
    /// Which series these are.
    of: Of,
    /// By step ahead: means of the size and of the variables that large series follow, weighted likewise.
    follow: Vec<Option<[f64; 1 + FOLLOWED.len()]>>,
    rows: Rows,
    /// Series in each wave but the last.
    wave: usize,
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

/// Variables of some series, series x (those that do not depend on the step ahead, then step by step the others).
#[derive(Clone, Debug)]
enum Rows {
    Kept(Vec<Array2<f64>>),
    Anew(Around),
}

/// The columns of the variables of a step ahead that depend on it.
fn columns(step: usize) -> Range<usize> {
    let width = FEATURES - COMMON;
    COMMON + (step - 1) * width..COMMON + step * width
}

/// A variable that large series follow, cut like all others are.
fn followed(row: ArrayView1<f64>, step: usize, at: usize) -> f64 {
    row[if at < COMMON { at } else { columns(step).start + at - COMMON }].clamp(-CLIP, CLIP)
}

/// The place of a variable.
fn position(name: &str) -> usize {
    names().iter().position(|n| n == name).unwrap_or(0)
}

/// Works out one wave's variables, into `x`; what else is to be known of its series.
fn wave(
    around: &Around,
    history: &History,
    groupings: &Groupings,
    series: &[usize],
    mut x: ArrayViewMut2<f64>,
) -> Vec<Known> {
    let mut sizes = vec![Known::default(); series.len()];
    let parts = x.axis_chunks_iter_mut(Axis(0), TOGETHER).into_par_iter();
    let parts = parts.zip(series.par_chunks(TOGETHER)).zip(sizes.par_chunks_mut(TOGETHER));
    parts.for_each_init(Work::default, |work, ((mut x, series), sizes)| {
        for ((mut to, s), size) in x.rows_mut().into_iter().zip(series).zip(sizes) {
            *size = around.row(history, groupings, *s, work);
            to.iter_mut().zip(&work.variables).for_each(|(to, x)| *to = x.clamp(BOUNDS.0, BOUNDS.1));
        }
    });
    sizes
}

/// Room for the variables of some series for so many steps ahead.
fn room(series: usize, steps: usize) -> Array2<f64> {
    Array2::zeros((series, COMMON + steps * (FEATURES - COMMON)))
}

impl Features {
    /// The variables of `series` (live ones, ascending) at an origin, for the steps ahead 1 to `steps`.
    pub fn new(
        history: &History,
        groupings: &Groupings,
        origin: usize,
        of: (Of, Vec<usize>),
        steps: usize,
    ) -> Features {
        Features::in_waves(history, groupings, origin, of, steps, (WAVE, KEPT))
    }

    /// The same, so many series at a time, kept where there are at most so many.
    fn in_waves(
        history: &History,
        groupings: &Groupings,
        origin: usize,
        (of, series): (Of, Vec<usize>),
        steps: usize,
        (wave_size, most_kept): (usize, usize),
    ) -> Features {
        let around = Around::new(history, origin, steps, !series.is_empty());
        let n = series.len();
        let mut out = Features {
            origin,
            level: Vec::with_capacity(n),
            offset: Vec::with_capacity(n),
            own: Vec::with_capacity(n),
            last_year: groupings.rows_above().map(|n| vec![LastYear::default(); n]),
            means: Vec::new(),
            of,
            follow: Vec::new(),
            rows: Rows::Kept(Vec::new()),
            wave: wave_size,
            series,
        };
        // All that the means take of a series, so that no series is worked out twice for them: sums of all variables but
        // those that rest on means themselves, and of these what they are made of.
        let mut sums: Vec<Array1<f64>> = vec![Array1::zeros(COMMON + AHEAD); steps];
        let (size, at) = (position("size"), FOLLOWED.map(position));
        let mut made_of = Vec::with_capacity(n * (1 + steps * FOLLOWED.len()));
        let mut kept = Vec::new();
        // In a part of the regions these sums are only worked out until those of all parts are known.
        let known = n > most_kept && history.across().is_part() && history.across().knows(What::MeansAll);
        if known {
            for range in chunks(n, wave_size) {
                let one = |work: &mut Work, s: &usize| around.known(history, groupings, *s, work);
                let found: Vec<Known> = out.series[range.clone()].par_iter().map_init(Work::default, one).collect();
                out.take_in(groupings, range, &found);
            }
        }
        // One room for all waves, or for each its own where they are kept.
        let mut x = room(wave_size.min(n), steps);
        for range in chunks(if known { 0 } else { n }, wave_size) {
            let mut x = x.slice_mut(s![..range.len(), ..]);
            let sizes = wave(&around, history, groupings, &out.series[range.clone()], x.view_mut());
            let weights: Array1<f64> = sizes.iter().map(|known| known.level + known.offset).collect();
            for (step, sums) in (1..).zip(&mut sums) {
                let ahead = x.slice(s![.., columns(step).start..columns(step).start + AHEAD]);
                *sums += &concatenate![Axis(0), weights.dot(&x.slice(s![.., ..COMMON])), weights.dot(&ahead)];
            }
            for row in x.rows() {
                made_of.push(row[size]);
                (1..=steps).for_each(|step| made_of.extend(at.map(|at| followed(row, step, at))));
            }
            out.take_in(groupings, range, &sizes);
            if n <= most_kept {
                kept.push(x.to_owned());
            }
        }
        out.learn_means(history, &sums, &made_of);
        for (level, rows) in out.last_year.iter_mut().enumerate() {
            own::everywhere(rows, history.across(), key(out.of.what(What::LastYear, What::LastYearAll), origin, level));
        }
        if n <= most_kept {
            kept.iter_mut().for_each(|x| out.follow(x.view_mut()));
            out.rows = Rows::Kept(kept);
        } else {
            out.rows = Rows::Anew(around);
        }
        out
    }

    /// Puts down what is to be known of a range of the series.
    fn take_in(&mut self, groupings: &Groupings, range: Range<usize>, found: &[Known]) {
        for (known, &s) in found.iter().zip(&self.series[range]) {
            self.level.push(known.level);
            self.offset.push(known.offset);
            self.own.push(known.own);
            for (rows, row) in self.last_year.iter_mut().zip(groupings.row_above(s)) {
                rows[row].add(&known.last_year);
            }
        }
    }

    /// Means of all series: first of what the variables by which large series follow themselves are made of, then of all.
    /// `made_of` has a row a series: size, then step by step those variables.
    fn learn_means(&mut self, history: &History, sums: &[Array1<f64>], made_of: &[f64]) {
        let weights = || self.level.iter().zip(&self.offset).map(|(s, c)| s + c);
        let width = 1 + sums.len() * FOLLOWED.len();
        let rows = || weights().zip(made_of.chunks_exact(width));
        let weight: f64 = weights().sum();
        let weighted = |of: &dyn Fn(&[f64]) -> f64| rows().map(|(w, row)| of(row) * w).sum::<f64>();
        let (mut follow, mut means) = (Vec::new(), Vec::new());
        for (h, sums) in sums.iter().enumerate() {
            let value = |row: &[f64], k: usize| row[1 + h * FOLLOWED.len() + k];
            let mut made = vec![weight, weighted(&|row| row[0])];
            made.extend((0..FOLLOWED.len()).map(|k| weighted(&|row| value(row, k))));
            history.across().sum(key(self.of.what(What::Follow, What::FollowAll), self.origin, h), &mut made);
            let of: Option<[f64; 1 + FOLLOWED.len()]> =
                (made[0] > 0.0).then(|| std::array::from_fn(|i| made[1 + i] / made[0]));
            let mut all = vec![weight];
            all.extend(sums);
            all.extend(
                (0..FOLLOWED.len()).map(|k| {
                    of.map_or(0.0, |of| weighted(&|row| follows((row[0], of[0]), (value(row, k), of[1 + k]))))
                }),
            );
            history.across().sum(key(self.of.what(What::Means, What::MeansAll), self.origin, h + 1), &mut all);
            means.push((all[0] > 0.0).then(|| all[1..].iter().map(|sum| sum / all[0]).collect()));
            follow.push(of);
        }
        (self.follow, self.means) = (follow, means);
    }

    /// Puts down the variables by which large series follow themselves more.
    fn follow(&self, mut x: ArrayViewMut2<f64>) {
        let (size, at) = (position("size"), FOLLOWED.map(position));
        for mut row in x.rows_mut() {
            for (step, means) in (1..).zip(&self.follow) {
                let Some(means) = means else { continue };
                for (k, at) in at.into_iter().enumerate() {
                    let value = followed(row.view(), step, at);
                    row[columns(step).start + AHEAD + k] = follows((row[size], means[0]), (value, means[1 + k]));
                }
            }
        }
    }

    /// The variables of all series, some at a time in their order, handed to `each`. A step's are taken out of them by
    /// [`Features::of_step`].
    pub fn each(&self, history: &History, groupings: &Groupings, mut each: impl FnMut(Range<usize>, ArrayView2<f64>)) {
        let mut new = match &self.rows {
            Rows::Kept(_) => room(0, self.means.len()),
            Rows::Anew(_) => room(self.wave.min(self.len()), self.means.len()),
        };
        for (i, range) in chunks(self.len(), self.wave).into_iter().enumerate() {
            match &self.rows {
                Rows::Kept(all) => each(range, all[i].view()),
                Rows::Anew(around) => {
                    let mut x = new.slice_mut(s![..range.len(), ..]);
                    wave(around, history, groupings, &self.series[range.clone()], x.view_mut());
                    self.follow(x.view_mut());
                    each(range, x.view());
                }
            }
        }
    }

    /// A step's variables of some series, centred by the means of all and cut, series x variable, a row's numbers together.
    /// `room` is taken for them and used again.
    pub fn of_step<'r>(&self, x: ArrayView2<f64>, step: usize, room: &'r mut Array2<f64>) -> ArrayView2<'r, f64> {
        if room.nrows() < x.nrows() {
            *room = Array2::zeros((x.nrows(), FEATURES));
        }
        let mut out = room.slice_mut(s![..x.nrows(), ..]);
        out.slice_mut(s![.., ..COMMON]).assign(&x.slice(s![.., ..COMMON]));
        out.slice_mut(s![.., COMMON..]).assign(&x.slice(s![.., columns(step)]));
        if let Some(means) = &self.means[step - 1] {
            for mut row in out.rows_mut() {
                row.iter_mut().zip(means).for_each(|(x, mean)| *x = (*x - mean).clamp(-CLIP, CLIP));
            }
        }
        room.slice(s![..x.nrows(), ..])
    }

    /// Which series these are.
    pub fn of(&self) -> Of {
        self.of
    }

    /// The variables of one series, by its place among these: a row for [`Features::of_step`].
    pub fn one(&self, history: &History, groupings: &Groupings, i: usize) -> Array2<f64> {
        match &self.rows {
            Rows::Kept(all) => all[i / self.wave].slice(s![i % self.wave..i % self.wave + 1, ..]).to_owned(),
            Rows::Anew(around) => {
                let mut x = room(1, self.means.len());
                wave(around, history, groupings, &self.series[i..i + 1], x.view_mut());
                self.follow(x.view_mut());
                x
            }
        }
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

/// Size times variable, both less their means weighted with the levels.
fn follows((size, size_mean): (f64, f64), (value, mean): (f64, f64)) -> f64 {
    (size - size_mean).clamp(-SIZE.0, SIZE.0) / SIZE.1 * (value - mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::across::Across;
    use crate::dataset::Dataset;
    use crate::error::Problems;
    use crate::schema::Table;
    use crate::settings::Settings;
    use crate::sheet::{Encoding, Sheet};

    #[test]
    fn variables_worked_out_anew_are_those_kept() {
        let mut text = "month,region,product,units\n".to_owned();
        for (i, (region, product)) in (0..5).flat_map(|r| (0..9).map(move |p| (r, p))).enumerate() {
            for t in 0..30 {
                let units = (i * 31 + t * 17 + t * t * i) % 23 + i;
                text += &format!("{}-{:02},R{region},P{product},{units}\n", 2021 + t / 12, t % 12 + 1);
            }
        }
        let sheet = Sheet::text(Table::Sales, "sales.csv".into(), text, Encoding::Utf8);
        let day = chrono::NaiveDate::from_ymd_opt(2023, 6, 30).unwrap();
        let mut problems = Problems::default();
        let data =
            Dataset::within(&[sheet], Settings::default(), Some(day), day, Across::alone(), &mut problems).unwrap();
        let known = data.at(data.origin(day).unwrap());
        let groupings = Groupings::new(data.frame());
        let history = History::new(known.units.into(), &known, &groupings);
        let (origin, steps) = (history.months() - 1, 3);
        let make = |waves| {
            let live = history.live(origin);
            Features::in_waves(&history, &groupings, origin, (Of::All, live), steps, waves)
        };
        let (kept, anew) = (make((WAVE, KEPT)), make((7, 0)));
        assert!(matches!(kept.rows, Rows::Kept(_)) && matches!(anew.rows, Rows::Anew(_)));
        assert_eq!(
            (kept.len(), &kept.series, &kept.level, &kept.offset),
            (45, &anew.series, &anew.level, &anew.offset)
        );
        let rows = |features: &Features, step: usize| {
            let (mut out, mut room) = (Vec::new(), Array2::zeros((0, 0)));
            features.each(&history, &groupings, |range, x| {
                assert_eq!(range.len(), x.nrows());
                out.extend(features.of_step(x, step, &mut room).iter().copied());
            });
            out
        };
        for step in 1..=steps {
            let (a, b) = (rows(&kept, step), rows(&anew, step));
            assert_eq!((a.len(), b.len()), (45 * FEATURES, 45 * FEATURES));
            // Means are added up in another order.
            assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12));
            assert!(a.iter().any(|x| x.abs() > 0.1));
            let mut room = Array2::zeros((0, 0));
            for i in [0, 6, 7, 44] {
                for features in [&kept, &anew] {
                    let one = features.one(&history, &groupings, i);
                    let one = features.of_step(one.view(), step, &mut room);
                    assert!(one.iter().zip(&a[i * FEATURES..]).all(|(x, y)| (x - y).abs() < 1e-12), "{i}");
                }
            }
        }
    }
}
