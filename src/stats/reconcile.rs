//! Forecasts of the same thing made twice, brought into agreement: along a tree, and in a table.

use ndarray::{Array2, ArrayViewMut2, Axis};

/// Coherent values closest to `forecast` on a tree (or several), least squares weighted by 1/`weight`: the larger a
/// node's weight (its error variance, or the number of leaves below it), the further it moves. `parent[i]` is the
/// node above, always one of an earlier index; a node without one is a root. O(n), equal to the matrix form
/// `S (S' W^-1 S)^-1 S' W^-1 y` with `W` diagonal.
///
/// Upwards, with `s` the sum of `m` and `V` the sum of `c` over a node's children (a leaf: `m = y`, `c = w`):
/// `c = 1 / (1/w + 1/V)`, `m = c (y/w + s/V)`. Downwards `x_child = m_child + (c_child / V) (x_parent - s)`.
///
/// A node of weight 0 keeps its forecast as long as a node below it can move; where the weights below are all 0, a
/// node takes the sum of its children. Values below 0 may come out and are left so.
/// Source: Wickramasuriya, Athanasopoulos, Hyndman 2019 (JASA 114), with a diagonal W.
pub fn tree(parent: &[Option<usize>], forecast: &[f64], weight: &[f64], out: &mut [f64]) {
    debug_assert!(parent.len() == forecast.len() && parent.len() == weight.len() && parent.len() == out.len());
    let n = parent.len().min(forecast.len()).min(weight.len()).min(out.len());
    let above = |i: usize| {
        debug_assert!(parent[i].is_none_or(|p| p < i), "parents stand before their children");
        parent[i].filter(|&p| p < i)
    };
    // Of the children: the sum of m, the sum of c, and whether there are any. Of the node itself: c.
    let mut below = vec![(0.0, 0.0, false); n];
    let mut own = vec![0.0; n];
    for i in (0..n).rev() {
        let (s, v, inner) = below[i];
        let w = weight[i].max(0.0);
        (out[i], own[i]) = match inner {
            false => (forecast[i], w),
            // m = s + (y - s) V / (w + V): the same, and exactly s where the forecast agrees.
            true if v > 0.0 => (s + (forecast[i] - s) * (v / (w + v)), if w > 0.0 { v / (1.0 + v / w) } else { 0.0 }),
            true => (s, 0.0),
        };
        if let Some(p) = above(i) {
            below[p] = (below[p].0 + out[i], below[p].1 + own[i], true);
        }
    }
    for i in 0..n {
        if let Some(p) = above(i) {
            let (s, v, _) = below[p];
            if v > 0.0 {
                out[i] += own[i] / v * (out[p] - s);
            }
        }
    }
}

/// Why a table cannot have the sums asked of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unfit {
    /// The row sums and the column sums add up to different totals.
    Totals { rows: f64, columns: f64 },
    /// A row (by number) is to sum to more than 0, and all its cells are 0.
    Row(usize),
    /// A column, likewise.
    Column(usize),
    /// The zeros leave no table with these sums, or only one so far away that the passes ran out; the largest
    /// relative error of a row sum.
    Stuck(f64),
}

/// Sums agree where they differ relatively by less: a tenth of the 1e-9 that is promised of every total.
const AGREE: f64 = 1e-10;

/// Passes after which fitting gives up, and how many pass between looks at whether it still gains.
const PASSES: usize = 10_000;
const LOOK: usize = 100;

/// Scales `cells` by rows and columns in turn until they have the sums `rows` and `columns` (iterative proportional
/// fitting; Deming, Stephan 1940): of all such tables the closest to what it was, with its zeros kept. Cells below 0
/// count as 0. Gives the passes it took, 0 for a table
/// that agrees already and is left as it is; so it is where it cannot be done.
pub fn table(mut cells: ArrayViewMut2<f64>, rows: &[f64], columns: &[f64]) -> Result<usize, Unfit> {
    debug_assert!(cells.nrows() == rows.len() && cells.ncols() == columns.len());
    let (all_rows, all_columns) = (rows.iter().sum::<f64>(), columns.iter().sum::<f64>());
    if (all_rows - all_columns).abs() > AGREE * all_rows.abs().max(all_columns.abs()) {
        return Err(Unfit::Totals { rows: all_rows, columns: all_columns });
    }
    let mut x: Array2<f64> = cells.mapv(|c| c.max(0.0));
    let empty = |axis, wanted: &[f64]| {
        x.axis_iter(axis).zip(wanted).position(|(line, &w)| w > 0.0 && line.iter().all(|&c| c == 0.0))
    };
    if let Some(row) = empty(Axis(0), rows) {
        return Err(Unfit::Row(row));
    }
    if let Some(column) = empty(Axis(1), columns) {
        return Err(Unfit::Column(column));
    }
    let (mut off, mut last_look) = (0.0, f64::INFINITY);
    for pass in 0..PASSES {
        off = scale(&mut x, Axis(0), rows);
        // From the second pass on the columns were exact before this scaling, and agree as well as the rows did.
        if pass > 0 && off <= AGREE {
            cells.assign(&x);
            return Ok(pass);
        }
        let columns_off = scale(&mut x, Axis(1), columns);
        if pass == 0 && off.max(columns_off) <= AGREE {
            return Ok(0);
        }
        if pass % LOOK == LOOK - 1 {
            // A gain of under a percent in a hundred passes would not arrive within ten thousand.
            if off > last_look * 0.99 {
                break;
            }
            last_look = off;
        }
    }
    Err(Unfit::Stuck(off))
}

/// Scales every line along `axis` to its sum; the largest relative error there was before.
fn scale(x: &mut Array2<f64>, axis: Axis, wanted: &[f64]) -> f64 {
    let mut worst: f64 = 0.0;
    for (mut line, &wanted) in x.axis_iter_mut(axis).zip(wanted) {
        let wanted = wanted.max(0.0);
        let sum: f64 = line.sum();
        if sum > 0.0 {
            worst = worst.max((sum - wanted).abs() / wanted.max(sum));
            let factor = wanted / sum;
            line.mapv_inplace(|c| c * factor);
        } else if wanted > 0.0 {
            worst = worst.max(1.0);
        }
    }
    worst
}

#[cfg(test)]
mod tests;
