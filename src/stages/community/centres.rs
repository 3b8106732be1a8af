//! Conversion and take-up from what the centres sold, where nobody knows what each community bought.
//!
//! ```text
//! sold_lt = walk_in mean_l + sum_k signings_l,t-k c_k,    p = sum_k c_k,  g_k = c_k / p
//! ```
//! Of a centre l all sales of a role are counted, buyers as in the record of communities: units of a service that goes
//! with every purchase, else of the group sold most; policies less those the folder calls renewals. Least squares with
//! no coefficient below 0, weighted by the inverse of the mean. Where signings and sales both stand still nothing tells
//! walk-ins, early and late buyers apart: a tenth of a month says that there are none but the buyers of the signing month.
//! The first months have buyers that signed before the record, and teach nothing.

use ndarray::Array2;

use super::record::{Record, Role};
use crate::dataset::Known;
use crate::grid::Kind;
use crate::stats::follow_up::{Flow, LAGS};
use crate::stats::nonnegative::Sums;

/// Months of centres for each month after signing in which buyers are looked for: of fewer, chance makes late buyers.
const MONTHS_A_LAG: usize = 8;
/// What part of a month says that there are no walk-ins, and no late buyers: enough to break a tie, and no more.
const TIE: f64 = 0.1;
/// Half a purchase, so that quiet centres do not weigh most.
const HALF: f64 = 0.5;

/// What was learned of a role from centres.
#[derive(Clone, Debug)]
pub struct Learned {
    /// Lags and yearly rates.
    pub flow: Flow,
    /// Part of a centre's sales that is its communities', leaf x month of the record.
    pub explained: Array2<f64>,
    /// These shared out to the communities by what signed in them, community x month.
    pub bought: Array2<f64>,
}

/// What counts the takers of a role, leaf x month of the record.
pub fn counted(known: &Known, record: &Record, role: Role) -> Array2<f64> {
    let grid = &known.data.grid;
    let mut out = Array2::zeros((grid.regions.leaf_count(), record.months));
    let kind = |p: usize| known.data.products.get(p).and_then(|p| p.kind).unwrap_or(Kind::Goods);
    let service = grid.series.iter().any(|s| kind(s.product) == Kind::Service);
    for leaf in 0..grid.regions.leaf_count() {
        for t in 0..record.months {
            let Some(at) = known.visible_index(record.month(t)) else { continue };
            let sum = |group: usize, of: Kind| -> f64 {
                let series = grid.in_cell(grid.cell(leaf, group)).filter(|s| kind(grid.series[*s].product) == of);
                series.map(|s| record.sold_first[(s, at)]).sum()
            };
            let groups = 0..grid.group_count();
            let taken = match role {
                Role::Policy => groups.map(|g| sum(g, Kind::Policy)).sum(),
                Role::Goods if service => groups.map(|g| sum(g, Kind::Service)).sum(),
                Role::Goods => groups.map(|g| sum(g, Kind::Goods)).fold(0.0, f64::max),
            };
            out[(leaf, t)] = taken.max(0.0);
        }
    }
    out
}

/// Learns a role's rates from centres; none where no centre with signings sold any. `block` is the year block of every month.
pub fn learn(known: &Known, record: &Record, role: Role, block: &[usize]) -> Option<Learned> {
    let months = record.months;
    let sold = counted(known, record, role);
    let mut signed = Array2::<f64>::zeros(sold.dim());
    for (row, &leaf) in record.signed.rows().into_iter().zip(&record.leaf) {
        let mut to = signed.row_mut(leaf);
        to += &row;
    }
    let some = |x: &Array2<f64>, leaf: usize| x.row(leaf).iter().any(|x| *x > 0.0);
    let open: Vec<usize> = (0..sold.nrows()).filter(|l| some(&signed, *l) && some(&sold, *l)).collect();
    if open.is_empty() {
        return None;
    }
    let lags = (open.len() * months / MONTHS_A_LAG).clamp(1, LAGS.min(months.max(1)));
    let skip = lags - 1;
    let sum = |x: &Array2<f64>, leaf: usize| x.row(leaf).iter().skip(skip).sum::<f64>();
    let count = (months - skip) as f64;
    let mean = |leaf: usize| sum(&sold, leaf) / count;
    let mut sums = Sums::new(1 + lags);
    let mut x = vec![0.0; 1 + lags];
    for &leaf in &open {
        let weight = 1.0 / (mean(leaf) + HALF);
        for t in skip..months {
            x[0] = mean(leaf);
            (0..lags).for_each(|k| x[1 + k] = t.checked_sub(k).map_or(0.0, |u| signed[(leaf, u)]));
            sums.add(&x, sold[(leaf, t)], weight);
        }
    }
    // Of a usual centre: nobody walks in, and nobody comes later.
    let usual = |of: &dyn Fn(usize) -> f64| open.iter().map(|l| of(*l)).sum::<f64>() / open.len() as f64;
    let (taken, came) = (usual(&mean), usual(&|l| sum(&signed, l) / count));
    for later in [false, true] {
        x.fill(0.0);
        x[0] = if later { 0.0 } else { taken };
        x.iter_mut().skip(2).filter(|_| later).for_each(|x| *x = came);
        sums.add(&x, 0.0, TIE / (taken + HALF));
    }
    let mut found = vec![0.0; 1 + lags];
    found[1] = if came > 0.0 { taken / came } else { 0.0 };
    sums.solve(&mut found);
    let (walk_in, rest) = found.split_first()?;
    let p: f64 = rest.iter().sum();
    if p <= 0.0 {
        return None;
    }
    let shares: Vec<f64> = rest.iter().map(|c| c / p).collect();
    let flows = |row: ndarray::ArrayView1<f64>, t: usize| -> f64 {
        shares.iter().enumerate().filter_map(|(k, g)| Some(g * row.get(t.checked_sub(k)?)?)).sum()
    };
    let (mut explained, mut bought) = (Array2::zeros(sold.dim()), Array2::zeros(record.signed.dim()));
    let mut of_block = vec![[0.0; 2]; block.iter().max().map_or(0, |b| b + 1)];
    for &leaf in &open {
        for t in 0..months {
            let (flow, y) = (flows(signed.row(leaf), t), sold[(leaf, t)]);
            if flow > 0.0 && y > 0.0 {
                explained[(leaf, t)] = 1.0 - (walk_in * mean(leaf)).min(y) / y;
            }
            if t >= skip {
                of_block[block[t]][0] += y * explained[(leaf, t)];
                of_block[block[t]][1] += flow;
            }
        }
    }
    for ((c, t), to) in bought.indexed_iter_mut() {
        let leaf = record.leaf[c];
        let (own, all) = (flows(record.signed.row(c), t), flows(signed.row(leaf), t));
        if all > 0.0 {
            *to = sold[(leaf, t)] * explained[(leaf, t)] * own / all;
        }
    }
    let rates = of_block.iter().map(|[n, of]| if *of > 0.0 { n / of } else { p }.min(1.0)).collect();
    Some(Learned { flow: Flow { lags: shares, rates }, explained, bought })
}
