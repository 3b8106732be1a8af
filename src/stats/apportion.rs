//! A total shared out within bounds, and whole units that add up.
//!
//! `x_i = clip(theta b_i, l_i, u_i)` with `theta` such that the sum is the total: of all splits within the bounds the
//! one closest to proportional (least sum x log(x / b) - x + b). A lock is `l = u`; without bounds it is proportional
//! scaling. `theta` lies between two of the breakpoints `l/b` and `u/b`, so sorting them finds it exactly.

mod whole;

pub use whole::{inwards, nearest, whole};

/// Sums that differ relatively by less than this are the same sum: what bounds written as decimals lose in binary.
const SAME: f64 = 1e-12;

/// Weights smaller than this beside the largest count as 0; their breakpoints would overflow.
const NO_WEIGHT: f64 = 1e-150;

/// How a total was shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// In proportion to the weights, as far as the bounds let it.
    Proportional,
    /// What the weighted ones could not take (all of it, where all weights are 0) went equally to those without
    /// weight, as far as the bounds let it. Worth telling the reader.
    Equal,
}

/// The bounds leave no room: their sums lie on the same side of the total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Infeasible {
    pub sum_low: f64,
    pub sum_high: f64,
}

/// Shares `total` out by `weights` between `low` and `high` into `out`, which stays as it is where they leave no
/// room. Weights and lower bounds below 0 count as 0, upper bounds below the lower one as the lower one; upper
/// bounds may be infinite. A split that already holds comes back unchanged, to the bit.
pub fn project(weights: &[f64], total: f64, low: &[f64], high: &[f64], out: &mut [f64]) -> Result<Split, Infeasible> {
    debug_assert!(weights.len() == low.len() && low.len() == high.len() && high.len() == out.len());
    let n = weights.len().min(low.len()).min(high.len()).min(out.len());
    let mut bounds: Vec<(f64, f64)> =
        low.iter().zip(high).take(n).map(|(&l, &u)| (l.max(0.0), u.max(l.max(0.0)))).collect();
    let (weights, out) = (&weights[..n], &mut out[..n]);
    let (sum_low, sum_high) = bounds.iter().fold((0.0, 0.0), |(l, u), b| (l + b.0, u + b.1));
    let slack = SAME * total.abs();
    if sum_low > total + slack || sum_high < total - slack {
        return Err(Infeasible { sum_low, sum_high });
    }
    let within = weights.iter().zip(&bounds).all(|(b, (l, u))| l <= b && b <= u);
    if within && (weights.iter().sum::<f64>() - total).abs() <= slack {
        out.copy_from_slice(weights);
        return Ok(Split::Proportional);
    }

    let most = weights.iter().zip(&bounds).filter(|(_, (l, u))| l < u).fold(0.0, |m: f64, (&w, _)| m.max(w));
    let scaled = |(&w, &(l, u)): (&f64, &(f64, f64))| if l < u && w > most * NO_WEIGHT { w / most } else { 0.0 };
    let mut b: Vec<f64> = weights.iter().zip(&bounds).map(scaled).collect();
    let mut split = Split::Proportional;
    let reach: f64 = b.iter().zip(&bounds).map(|(&b, &(l, u))| if b > 0.0 { u } else { l }).sum();
    if reach < total - slack {
        // The weighted ones stay at their upper bounds, and the others fill up evenly.
        split = Split::Equal;
        for (b, bound) in b.iter_mut().zip(&mut bounds) {
            if *b > 0.0 {
                (*bound, *b) = ((bound.1, bound.1), 0.0);
            } else if bound.0 < bound.1 {
                *b = 1.0;
            }
        }
    }
    fill(&b, total, &bounds, out);
    Ok(split)
}

/// `clip(theta b_i, l_i, u_i)` with `theta` such that the sum is `total`, which the bounds are known to allow.
fn fill(b: &[f64], total: f64, bounds: &[(f64, f64)], out: &mut [f64]) {
    // At each breakpoint: which theta, how the part that does not move changes, how the part that does.
    let mut breaks: Vec<(f64, f64, f64)> = Vec::with_capacity(2 * b.len());
    for (&b, &(l, u)) in b.iter().zip(bounds).filter(|(b, _)| **b > 0.0) {
        breaks.push((l / b, -l, b));
        if u.is_finite() {
            breaks.push((u / b, u, -b));
        }
    }
    breaks.sort_unstable_by(|x, y| x.0.total_cmp(&y.0));
    let (mut still, mut moving) = (bounds.iter().map(|b| b.0).sum::<f64>(), 0.0);
    let mut end = f64::INFINITY;
    for &(theta, s, m) in &breaks {
        if still + moving * theta >= total {
            end = theta;
            break;
        }
        still += s;
        moving += m;
    }
    // Summed afresh for the stretch that ends there: the running sums carry the rounding of all steps before.
    (still, moving) = (0.0, 0.0);
    for (&b, &(l, u)) in b.iter().zip(bounds) {
        if b > 0.0 && l / b < end && u / b >= end {
            moving += b;
        } else {
            still += if b > 0.0 && u / b < end { u } else { l };
        }
    }
    let theta = if moving > 0.0 { ((total - still) / moving).max(0.0) } else { end };
    let mut sum = 0.0;
    let mut largest: Option<usize> = None;
    for (i, (&b, &(l, u))) in b.iter().zip(bounds).enumerate() {
        out[i] = if b > 0.0 { (theta * b).max(l).min(u) } else { l };
        sum += out[i];
        if l < out[i] && out[i] < u && largest.is_none_or(|j| out[i] > out[j]) {
            largest = Some(i);
        }
    }
    // What rounding left over, some 1e-16 of the total, goes where it is smallest beside the value.
    if let Some(i) = largest {
        out[i] = (out[i] + (total - sum)).max(bounds[i].0).min(bounds[i].1);
    }
}

#[cfg(test)]
mod tests;
