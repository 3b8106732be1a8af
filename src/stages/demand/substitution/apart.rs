//! The estimate of `s` where regions lie in many places (see [`crate::across`]): the same numbers from sums over parts.
//!
//! Taking level and trend out of a choice set is a projection `W` of its months, means of months are sums over choice
//! sets. So what all the sweeps of [`super::residual`] take out as means of months follows from three sums by group: of
//! `x`, of `W x` and of `W` itself, each weighted:
//! ```text
//! G_0 = sum w x / sum w      G_k = (sum w W x - (sum w W) (G_0 + ... + G_k-1)) / sum w      residual = W (x - sum G_k)
//! ```
//! The way to the zero of the moment cannot be known before the moment is, so it is followed three times: between values
//! of `s` that lie evenly; then the moment at the values met on that way is added up, and the way followed again. Each
//! time the values lie nearer to those that one machine meets, at the end within 1e-12 or so.

use std::cell::RefCell;
use std::ops::Range;

use super::{
    LARGEST_ERROR, LEAST_MONTHS, Parents, SETS_PER_MONTH, SWEEPS, Seen, Substitution, look, ranges, root, totals, used,
    within,
};
use crate::across::{Across, What, key};
use crate::dataset::Known;
use crate::stages::Parameters;
use crate::stats::choice::{Market, SUBSTITUTION_BOUNDS};

/// Values of `s` at which the moment is known before the way to its zero is.
const EVENLY: usize = 17;
/// Values nearer to each other than this say nothing of the moment's curve.
const APART: f64 = 0.005;
/// Values of the moment between which another is found: a cubic.
const NEAREST: usize = 4;

/// A way to the zero of the moment: the zero, the slope there, and the values of `s` met.
type Way = (f64, f64, Vec<f64>);

pub(super) fn substitution(known: &Known, parameters: &Parameters, unknown: Substitution) -> Substitution {
    let Some(availability) = known.availability else { return unknown };
    let across = &known.data.across;
    let origin = known.months();
    if !across.knows(What::Parents) {
        Parents::new(known, availability);
        return unknown;
    }
    // Once all of it is added up nobody looks at the months again.
    let learned = across.knows(What::PathAgain);
    let seen = if learned { Vec::new() } else { look(known, availability, parameters) };
    let part = Part::new(&seen, known);
    let months = part.with_something_out;
    let out = part.residual(What::TakenOut, seen.iter().map(|m| m.out).collect());
    if months < LEAST_MONTHS as f64 || !across.knows(What::Sets) {
        return Substitution { months: months as usize, ..unknown };
    }
    let logs = |s: f64| totals(&seen, Market { substitution: s, ..parameters.market });
    let moments = |what: What, at: &[f64]| -> Vec<(f64, f64)> {
        let moment = |s: &f64| seen.iter().zip(&out).zip(logs(*s)).map(|((m, u), x)| m.weight * u * x).sum();
        let values = across.total(key(what, origin, 0), || at.iter().map(moment).collect());
        at.iter().copied().zip(values).collect()
    };
    let (least, most) = SUBSTITUTION_BOUNDS;
    let evenly = (0..EVENLY - 1).map(|i| least + (most - least) * i as f64 / (EVENLY - 1) as f64);
    let evenly: Vec<f64> = evenly.chain([most]).collect();
    let mut points = moments(What::Grid, &evenly);
    if !across.knows(What::Grid) {
        return unknown;
    }
    let (near, _, met) = way(&points);
    points.extend(moments(What::Path, &met));
    let left = part.residual(What::TakenTotals, if learned { Vec::new() } else { logs(near) });
    if !across.knows(What::Path) {
        return unknown;
    }
    points.extend(moments(What::PathAgain, &way(&points).2));
    let noise = across.total(key(What::Noise, origin, 0), || {
        vec![seen.iter().zip(&out).zip(&left).map(|((m, u), e)| (m.weight * u * e).powi(2)).sum()]
    });
    let (estimate, slope, _) = way(&points);
    let noise = noise.first().copied().unwrap_or(0.0);
    let error = (slope != 0.0).then(|| noise.sqrt() / slope.abs());
    let estimate = error.is_some_and(|e| e <= LARGEST_ERROR).then_some(estimate);
    Substitution { estimate, error, used: used(unknown.plain, estimate), months: months as usize, ..unknown }
}

/// The way to the zero as one machine goes it, by a moment that is known at some points.
fn way(points: &[(f64, f64)]) -> Way {
    let met = RefCell::new(Vec::new());
    let (s, slope) = root(|s| {
        met.borrow_mut().push(s);
        between(points, s)
    });
    (s, slope, met.into_inner())
}

/// The moment at `s`: as it is known there, else on the cubic through the nearest points (Neville's scheme).
fn between(points: &[(f64, f64)], s: f64) -> f64 {
    let mut near: Vec<(f64, f64)> = points.to_vec();
    near.sort_by(|a, b| (a.0 - s).abs().total_cmp(&(b.0 - s).abs()));
    let mut taken: Vec<(f64, f64)> = Vec::with_capacity(NEAREST);
    for point in near {
        if taken.len() < NEAREST && taken.iter().all(|t| (t.0 - point.0).abs() >= APART) {
            taken.push(point);
        }
    }
    if let Some(there) = taken.first().filter(|first| first.0 == s) {
        return there.1;
    }
    let mut values: Vec<f64> = taken.iter().map(|point| point.1).collect();
    for k in 1..taken.len() {
        for i in 0..taken.len() - k {
            let (a, b) = (taken[i].0, taken[i + k].0);
            values[i] = ((s - b) * values[i] + (a - s) * values[i + 1]) / (a - b);
        }
    }
    values.first().copied().unwrap_or(0.0)
}

/// The months of one part's choice sets, and the sums of all parts that taking out means needs.
struct Part<'s> {
    seen: &'s [Seen],
    sets: Vec<Range<usize>>,
    across: &'s Across,
    months: usize,
    groups: usize,
    /// Months with something out, of all parts.
    with_something_out: f64,
    /// By group: choice sets; weights by month; `W` weighted, month x month.
    sums: Vec<f64>,
}

impl Part<'_> {
    fn new<'s>(seen: &'s [Seen], known: &'s Known) -> Part<'s> {
        let (months, groups) = (known.months(), known.data.grid.group_count());
        let across = &known.data.across;
        let sets = ranges(seen);
        let mut all = vec![0.0; 1 + groups * (1 + months + months * months)];
        all[0] = seen.iter().filter(|m| m.month.is_some()).count() as f64;
        for set in &sets {
            let own = &seen[set.clone()];
            let (group, weight) = (own[0].group, own[0].weight);
            let sums = &mut all[1 + group * (1 + months + months * months)..];
            sums[0] += 1.0;
            let mut unit = vec![0.0; own.len()];
            for (i, m) in own.iter().enumerate() {
                sums[1 + m.t] += weight;
                unit.fill(0.0);
                unit[i] = 1.0;
                within(own, &mut unit, false);
                for (to, x) in own.iter().zip(&unit) {
                    sums[1 + months + to.t * months + m.t] += weight * x;
                }
            }
        }
        across.sum(key(What::Sets, months, 0), &mut all);
        let sums = all.split_off(1);
        Part { seen, sets, across, months, groups, with_something_out: all[0], sums }
    }

    /// Of a group: whether means of months are taken out of it; weights by month; `W` weighted.
    fn group(&self, group: usize) -> (bool, &[f64], &[f64]) {
        let size = 1 + self.months + self.months * self.months;
        let own = &self.sums[group * size..(group + 1) * size];
        let (weights, projections) = own[1..].split_at(self.months);
        (own[0] >= SETS_PER_MONTH as f64, weights, projections)
    }

    /// [`super::residual`] of all parts.
    fn residual(&self, what: What, mut x: Vec<f64>) -> Vec<f64> {
        let (seen, months) = (self.seen, self.months);
        // By group x month: of x as it is, then with level and trend taken out.
        let mut sums = vec![0.0; 2 * self.groups * months];
        let mut add = |from: usize, x: &[f64]| {
            let at = |m: &Seen| from + m.group * months + m.t;
            seen.iter().zip(x).for_each(|(m, x)| sums[at(m)] += m.weight * x);
        };
        add(0, &x);
        let mut taken = x.clone();
        self.sets.iter().for_each(|set| within(&seen[set.clone()], &mut taken[set.clone()], false));
        add(self.groups * months, &taken);
        self.across.sum(key(what, months, 0), &mut sums);
        let (plain, taken) = sums.split_at(self.groups * months);
        let mut means = vec![0.0; self.groups * months];
        for group in 0..self.groups {
            let (together, weights, projections) = self.group(group);
            if !together {
                continue;
            }
            let of = group * months..(group + 1) * months;
            let (plain, taken, means) = (&plain[of.clone()], &taken[of.clone()], &mut means[of]);
            for sweep in 0..SWEEPS {
                let left = |t: usize| match sweep {
                    0 => plain[t],
                    _ => {
                        taken[t]
                            - projections[t * months..][..months].iter().zip(&*means).map(|(w, g)| w * g).sum::<f64>()
                    }
                };
                let more: Vec<f64> =
                    (0..months).map(|t| if weights[t] > 0.0 { left(t) / weights[t] } else { 0.0 }).collect();
                means.iter_mut().zip(more).for_each(|(all, more)| *all += more);
            }
        }
        seen.iter().zip(&mut x).for_each(|(m, x)| *x -= means[m.group * months + m.t]);
        for set in &self.sets {
            let alone = !self.group(seen[set.start].group).0;
            for _ in 0..if alone { SWEEPS } else { 1 } {
                within(&seen[set.clone()], &mut x[set.clone()], alone);
            }
        }
        x
    }
}
