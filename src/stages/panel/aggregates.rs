//! The series of regions and of products, one below the other: what a total is forecast from.

use ndarray::{Array2, ArrayView1, s};
use rayon::prelude::*;

use super::variables::{FLAT, LAGS, MEMORY, Smooth, Work, dispersion, offset, ratio, smooth, variation, year_on_year};
use super::{BLOCK, CLIP, Groupings, History};
use crate::across::What;
use crate::stats::season::YEAR;

/// Discounts a month of the means.
const DISCOUNTS: [f64; 3] = [0.5, 0.65, 0.95];
/// The discount of the level.
const LEVEL: f64 = 0.85;
/// How many variables.
pub const COUNT: usize = LAGS + DISCOUNTS.len() + 3 + 3 + 8;

/// The series of an origin's regions (by block) and products, with their variables.
#[derive(Clone, Debug)]
pub struct Aggregates {
    /// The row of `History::aggregates` of each series that had begun.
    pub rows: Vec<usize>,
    /// Levels, in units per month of mean length.
    pub level: Vec<f64>,
    /// Offsets, in the same units.
    pub offset: Vec<f64>,
    /// Variables by step ahead, series x variable, within +-[`CLIP`].
    pub x: Vec<Array2<f64>>,
}

/// One row's numbers.
struct Row {
    row: usize,
    level: f64,
    offset: f64,
    ahead: Vec<Vec<f64>>,
}

/// A block's total at the origin.
struct Whole {
    smooth: Smooth,
    level: f64,
}

impl Aggregates {
    /// The variables at an origin, for the steps ahead 1 to `steps`.
    pub fn new(history: &History, groupings: &Groupings, origin: usize, steps: usize) -> Aggregates {
        let wholes: Vec<Whole> = (0..groupings.block_count())
            .map(|b| {
                let row = history.sums[BLOCK].row(b);
                let row = row.slice(s![..=origin]);
                let year = row.slice(s![(origin + 1).saturating_sub(YEAR)..]);
                Whole { smooth: smooth(row, 0, &FLAT, &mut Work::default()), level: year.sum() / year.len() as f64 }
            })
            .collect();
        let begun = |r: &usize| history.aggregates.row(*r).iter().take(origin + 1).any(|z| *z > 0.0);
        // Totals are asked for once the shares are known.
        let asked = if history.across().knows(What::Said) { history.aggregates.nrows() } else { 0 };
        let rows: Vec<usize> = (0..asked).filter(begun).collect();
        let one = |work: &mut Work, r: &usize| {
            let block = groupings.aggregates[*r].block;
            row(history, *r, (&wholes[block], history.sums[BLOCK].row(block)), origin, steps, work)
        };
        let found: Vec<Row> = rows.par_iter().map_init(Work::default, one).collect();
        let mut out = Aggregates {
            level: found.iter().map(|r| r.level).collect(),
            offset: found.iter().map(|r| r.offset).collect(),
            x: (0..steps).map(|_| Array2::zeros((found.len(), COUNT))).collect(),
            rows: found.iter().map(|r| r.row).collect(),
        };
        for (i, row) in found.iter().enumerate() {
            for (x, from) in out.x.iter_mut().zip(&row.ahead) {
                x.row_mut(i).iter_mut().zip(from).for_each(|(to, x)| *to = x.clamp(-CLIP, CLIP));
            }
        }
        out
    }
}

fn discounted(z: ArrayView1<f64>, first: usize, origin: usize, discount: f64) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for t in (origin + 1).saturating_sub(MEMORY)..=origin {
        sum = discount * sum + z[t];
        weight = discount * weight + f64::from(u8::from(t >= first));
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

fn row(
    history: &History,
    r: usize,
    (whole, total): (&Whole, ArrayView1<f64>),
    origin: usize,
    steps: usize,
    work: &mut Work,
) -> Row {
    let z = history.aggregates.row(r);
    let first = z.iter().position(|x| *x > 0.0).unwrap_or(origin);
    let level = discounted(z, first, origin, LEVEL);
    let (dispersed, mean) = dispersion(z.slice(s![..=origin]), first);
    let c = offset(dispersed, mean, 0.0, level);
    let lg = |x: f64| ratio(x, level, c);
    let of_whole = |x: f64| ratio(x, whole.level, 0.0);

    let mut common = Vec::with_capacity(COUNT);
    common.extend((0..LAGS).map(|lag| if first + lag <= origin { lg(z[origin - lag]) } else { 0.0 }));
    common.extend(DISCOUNTS.map(|d| lg(discounted(z, first, origin, d))));
    let year = z.slice(s![(origin + 1).saturating_sub(YEAR)..=origin]);
    common.push(variation(year, c));
    common.push(if c > 0.0 { ((level + c) / c).ln() } else { 0.0 });
    common.push(year_on_year(z, origin, 3, c));
    let three = total.slice(s![(origin + 1).saturating_sub(3)..=origin]);
    common.push(of_whole(total[origin]));
    common.push(of_whole(three.sum() / three.len() as f64));
    common.push(year_on_year(total, origin, 3, 0.0));

    let until = z.slice(s![..=origin]);
    let own = smooth(until, History::sum_came(until), &FLAT, work);
    let ahead = (1..=steps).map(|h| {
        let t = origin + h;
        let back = |months: usize| t.checked_sub(months).filter(|t| *t >= first);
        let around = |t: usize| {
            let beside = z.slice(s![t.saturating_sub(1)..=(t + 1).min(origin)]);
            beside.sum() / beside.len() as f64
        };
        let mut x = common.clone();
        x.push(lg(own.ahead[h - 1]));
        x.push(own.season[t % YEAR] - own.season[origin % YEAR]);
        x.push(own.season[t % YEAR]);
        x.push(back(YEAR).map_or(0.0, |t| lg(z[t])));
        x.push(back(YEAR).map_or(0.0, |t| lg(around(t))));
        x.push(back(2 * YEAR).map_or(0.0, |t| lg(z[t])));
        x.push(of_whole(whole.smooth.ahead[h - 1]));
        x.push(t.checked_sub(YEAR).map_or(0.0, |t| of_whole(total[t])));
        x
    });
    Row { row: r, level, offset: c, ahead: ahead.collect() }
}
