//! The bias of every contributor, and how much ours, the front line and the target count.
//!
//! ```text
//! bias      discounted mean of log(actual / forecast), .92 a month, by source and region, drawn to the mean of all
//! weights   minimise w'Sw + lambda |w - plain|^2, sum w = 1, S the sum over months of the regions' mean e e',
//!           lambda twelve times the mean squared error
//! ```
//! See docs/METHOD.md#lessons; Bates, Granger 1969 (Operational Research Quarterly 20).

use std::collections::BTreeMap;

use super::{Passed, Sales, helps, key, series, sum, target, tried};
use crate::dataset::Known;
use crate::dataset::ledger::{Source, Step};
use crate::stages::Parameters;
use crate::stages::lessons::{Biases, Combination, Evidence, Key, Mixture};
use crate::stats::bias::{Group, drawn};
use crate::stats::regress::weights;

/// What a month counts beside the one after it.
const DISCOUNT: f64 = 0.92;
/// The plain weights count as so many months of the mean error.
const PSEUDO_MONTHS: f64 = 12.0;

/// What was said of one key in one month.
struct Row {
    month: i32,
    cutoff: i32,
    key: Key,
    ours: f64,
    front: Vec<(String, f64)>,
    target: Option<f64>,
    actual: f64,
}

impl super::Row for Row {
    fn month(&self) -> i32 {
        self.month
    }

    fn cutoff(&self) -> i32 {
        self.cutoff
    }
}

impl Row {
    fn front(&self) -> impl Iterator<Item = (&str, f64)> {
        self.front.iter().map(|(by, units)| (by.as_str(), *units))
    }
}

/// Learns one lag; none where it does not help, or where there is too little to learn from.
pub(super) fn learn(known: &Known, passed: &[Passed], lag: i32, plain: &Parameters) -> Option<Combination> {
    let rows = rows(known, passed, lag, plain);
    let weight = plain.frontline_weight;
    let evidence = tried(&rows, |before, now| {
        let found = combine(before, weight)?;
        let mut errors = [0.0; 3];
        for row in now {
            let told = found.mixture(row.key, row.ours, row.front(), row.target).total();
            let usual = Mixture::plain(weight, row.ours, row.front.iter().map(|f| f.1)).total();
            errors[0] += (told - row.actual).abs();
            errors[1] += (usual - row.actual).abs();
            errors[2] += row.actual;
        }
        Some(errors)
    });
    if !helps(&evidence) {
        return None;
    }
    let all: Vec<&Row> = rows.iter().collect();
    Some(Combination { evidence, ..combine(&all, weight)? })
}

fn rows(known: &Known, passed: &[Passed], lag: i32, plain: &Parameters) -> Vec<Row> {
    let grid = &known.data.grid;
    let mut rows = Vec::new();
    for one in passed.iter().filter(|p| p.month.lag == lag) {
        let mut keys: BTreeMap<Key, Vec<(String, f64)>> = BTreeMap::new();
        for said in one.month.of(Source::Front) {
            keys.entry(key(grid, said)).or_default().push((said.by.to_string(), said.units));
        }
        if keys.is_empty() {
            continue;
        }
        let sales = Sales::new(known, one, Step::Cut, plain);
        for (key, mut front) in keys {
            let series = series(grid, key);
            let (ours, ratio) = sales.of(&series);
            front.iter_mut().for_each(|(_, units)| *units *= ratio);
            rows.push(Row {
                month: one.index as i32,
                cutoff: super::cutoff(known, one.issue),
                key,
                ours,
                front,
                target: target(grid, one, key).map(|units| units * ratio),
                actual: sum(&sales.sold, &series),
            });
        }
    }
    rows
}

/// `log(actual / forecast)`, where both are sold.
fn miss(actual: f64, forecast: f64) -> Option<f64> {
    (actual > 0.0 && forecast > 0.0).then(|| (actual / forecast).ln())
}

/// Biases and weights from rows.
fn combine(rows: &[&Row], weight: f64) -> Option<Combination> {
    let last = rows.iter().map(|r| r.month).max()?;
    let mut ours: BTreeMap<Key, Group> = BTreeMap::new();
    let mut front: BTreeMap<(Key, String), Group> = BTreeMap::new();
    let mut targets: BTreeMap<Key, Group> = BTreeMap::new();
    for row in rows {
        let counts = DISCOUNT.powi(last - row.month);
        if let Some(e) = miss(row.actual, row.ours) {
            ours.entry(row.key).or_default().add(counts, e);
        }
        if let Some(e) = row.target.and_then(|t| miss(row.actual, t)) {
            targets.entry(row.key).or_default().add(counts, e);
        }
        for (by, units) in &row.front {
            if let Some(e) = miss(row.actual, *units) {
                front.entry((row.key, by.clone())).or_default().add(counts, e);
            }
        }
    }
    let mut found = Combination {
        weights: [1.0 - weight, weight, 0.0],
        ours: biases(ours),
        front: biases(front),
        target: biases(targets),
        evidence: Evidence::default(),
    };
    found.weights = weigh(rows, &found);
    Some(found)
}

fn biases<K: Ord>(groups: BTreeMap<K, Group>) -> Biases<K> {
    let (keys, groups): (Vec<K>, Vec<Group>) = groups.into_iter().unzip();
    let (pooled, drawn) = drawn(&groups);
    let each = keys.into_iter().zip(drawn).zip(&groups).map(|((key, log), g)| (key, log, g.count)).collect();
    Biases { pooled, each }
}

/// Weights of the sources without their biases. The target takes part where half of the rows have one.
fn weigh(rows: &[&Row], found: &Combination) -> [f64; 3] {
    let plain = found.weights;
    let with_target = rows.iter().filter(|r| r.target.is_some_and(|t| t > 0.0)).count();
    let sources = if 2 * with_target >= rows.len() && with_target > 0 { 3 } else { 2 };
    // By month: sums of e e' over its keys, and how many there were.
    let mut by_month: BTreeMap<i32, ([[f64; 3]; 3], f64)> = BTreeMap::new();
    for row in rows {
        let ours = row.ours * found.ours.at(&row.key).factor;
        let told: f64 = row.front.iter().map(|(by, units)| units * found.front.at(&(row.key, by.clone())).factor).sum();
        let front = told / row.front.len().max(1) as f64;
        let target = row.target.map_or(0.0, |t| t * found.target.at(&row.key).factor);
        let errors = [ours, front, target].map(|forecast| miss(row.actual, forecast));
        let [Some(a), Some(b), c] = errors else { continue };
        let c = if sources == 3 { c } else { Some(0.0) };
        let Some(c) = c else { continue };
        let (sums, count) = by_month.entry(row.month).or_default();
        let e = [a, b, c];
        (0..3).for_each(|i| (0..3).for_each(|j| sums[i][j] += e[i] * e[j]));
        *count += 1.0;
    }
    let mut s = [[0.0; 3]; 3];
    for (sums, count) in by_month.values() {
        (0..3).for_each(|i| (0..3).for_each(|j| s[i][j] += sums[i][j] / count));
    }
    // lambda = 12 x mean squared error; S sums over months, so that its own mean square is as many times larger.
    let strength = PSEUDO_MONTHS / (by_month.len().max(1) as f64);
    if sources == 3 {
        return weights(&s, &plain, strength);
    }
    let [a, b] = weights(&[[s[0][0], s[0][1]], [s[1][0], s[1][1]]], &[plain[0], plain[1]], strength);
    [a, b, 0.0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Scope;

    fn row(month: i32, node: usize, (ours, front, actual): (f64, f64, f64), target: Option<f64>) -> Row {
        let front = vec![(format!("C{node}"), front)];
        Row { month, cutoff: month - 1, key: (node, Scope::All), ours, front, target, actual }
    }

    /// Two contributors, three months: ours is right in the mean and off by a tenth of a log either way; theirs runs low
    /// by e^.2 at one region and is right at the other, without an error of its own.
    #[test]
    fn two_contributors_and_three_months_by_hand() {
        let mut rows = Vec::new();
        for (t, off) in [0.1_f64, -0.1, 0.0].into_iter().enumerate() {
            for node in [1, 2] {
                let low = if node == 1 { -0.2_f64 } else { 0.0 };
                rows.push(row(t as i32, node, (100.0 * (-off).exp(), 100.0 * low.exp(), 100.0), None));
            }
        }
        let all: Vec<&Row> = rows.iter().collect();
        let found = combine(&all, 0.5).unwrap();
        // Without noise of their own the contributors' biases are believed whole.
        let bias = |node: usize| found.front.at(&((node, Scope::All), format!("C{node}"))).factor;
        assert!((bias(1) - 0.2_f64.exp()).abs() < 1e-12 && (bias(2) - 1.0).abs() < 1e-12);
        // Ours: discounted mean (.92^2 x .1 - .92 x .1) / (.92^2 + .92 + 1) at both regions.
        let ours = (0.8464 * 0.1 - 0.92 * 0.1) / 2.7664;
        assert!((found.ours.at(&(1, Scope::All)).factor.ln() - ours).abs() < 1e-12);
        // S: ours sum of (e - bias)^2, theirs 0; lambda = 12 x (s / 3 + 0) / 2 = 2 s. The plain half and half with
        // M = (3 s, 2 s): w = M^-1 1 / 1'M^-1 1 = (1/3, 1/2) / (5/6) = .4, .6.
        assert!((found.weights[0] - 0.4).abs() < 1e-9 && (found.weights[1] - 0.6).abs() < 1e-9, "{:?}", found.weights);
    }

    #[test]
    fn a_target_begins_at_nothing_and_earns_its_weight() {
        let rows: Vec<Row> = (0..24)
            .flat_map(|t| {
                [1, 2].map(|node| {
                    let wobble = 0.1 * f64::from((t * 7 + node as i32 * 3) % 5 - 2);
                    let other = 0.1 * f64::from((t * 3 + node as i32) % 7 - 3);
                    row(t, node, (100.0 * wobble.exp(), 100.0 * other.exp(), 100.0), Some(100.0 + f64::from(t % 2)))
                })
            })
            .collect();
        let few: Vec<&Row> = rows.iter().filter(|r| r.month < 3).collect();
        let all: Vec<&Row> = rows.iter().collect();
        let (few, all) = (combine(&few, 0.5).unwrap(), combine(&all, 0.5).unwrap());
        assert!(few.weights[2] < all.weights[2] && all.weights[2] > 0.4, "{:?} {:?}", few.weights, all.weights);
        assert!((all.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        // Where only some rows have one it takes no part.
        let mut some = rows;
        some.iter_mut().filter(|r| r.month % 3 > 0).for_each(|r| r.target = None);
        assert_eq!(combine(&some.iter().collect::<Vec<_>>(), 0.5).unwrap().weights[2], 0.0);
    }
}
