//! What products, regions and blocks say of themselves at an origin: the rows above the series, each forecast by its own
//! past.

use ndarray::{Array2, ArrayView2, s};
use rayon::prelude::*;

use super::own::LastYear;
use super::variables::{FLAT, Work, YEAR, smooth};
use super::{BLOCK, Features, Groupings, History, Own};
use crate::across::{What, key};

/// Products, regions by block and blocks, each by row ([`Groupings::row_above`]): sums of the series of an origin.
/// `complete` where these are all that had begun; else they are some of them, and only these are added up.
pub fn nodes(history: &History, groupings: &Groupings, features: &Features, complete: bool) -> [Vec<Own>; 3] {
    let months = features.origin + 1;
    let split = groupings.rows_above()[1];
    let summed;
    let [products, regions, blocks]: [ArrayView2<f64>; 3] = if complete {
        let all = &history.aggregates;
        [
            all.slice(s![split.., ..months]),
            all.slice(s![..split, ..months]),
            history.sums[BLOCK].slice(s![.., ..months]),
        ]
    } else {
        summed = added_up(history, groupings, features, months);
        summed.each_ref().map(|rows| rows.view())
    };
    let [of_products, of_regions, of_blocks] = &features.last_year;
    let blocks = level(blocks, of_blocks, |_| FLAT);
    // Drawn to the season of everything that is counted alike.
    let season = |row: usize| groupings.aggregates.get(row).and_then(|a| blocks.get(a.block)).map_or(FLAT, |b| b.1);
    let products = level(products, of_products, |row| season(split + row));
    let regions = level(regions, of_regions, season);
    [products, regions, blocks].map(|rows| rows.into_iter().map(|(own, _)| own).collect())
}

/// Each row's forecasts and its season, drawn to that of `others`.
fn level(
    rows: ArrayView2<f64>,
    last_year: &[LastYear],
    others: impl Fn(usize) -> [f64; YEAR] + Sync,
) -> Vec<(Own, [f64; YEAR])> {
    let one = |work: &mut Work, row: usize| {
        let z = rows.row(row);
        let Some(first) = z.iter().position(|x| *x > 0.0) else { return (Own::default(), FLAT) };
        let smooth = smooth(z, History::sum_came(z), &others(row), work);
        (Own::of(z, first, (smooth.own, smooth.ahead), &last_year[row]), smooth.season)
    };
    (0..rows.nrows()).into_par_iter().map_init(Work::default, one).collect()
}

/// The series' months added up by row of each level above.
fn added_up(history: &History, groupings: &Groupings, features: &Features, months: usize) -> [Array2<f64>; 3] {
    let mut out = groupings.rows_above().map(|rows| Array2::zeros((rows, months)));
    let mut z = Vec::with_capacity(months);
    for &series in &features.series {
        history.row(series, months, &mut z);
        for (rows, row) in out.iter_mut().zip(groupings.row_above(series)) {
            rows.row_mut(row).iter_mut().zip(&z).for_each(|(sum, x)| *sum += x);
        }
    }
    for (level, rows) in out.iter_mut().enumerate() {
        let rows = rows.as_slice_mut();
        rows.into_iter().for_each(|rows| history.across().sum(key(What::NodeRows, features.origin, level), rows));
    }
    out
}
