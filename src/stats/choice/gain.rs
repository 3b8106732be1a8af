//! What a customer finds on the shelf: `weight` times `E[1 / (v0 + V) | i in stock]` under each idea of how outages
//! meet. `steady` is `v0` plus the attraction of the products `always` in stock; `partly` are the others that were
//! ever in stock.

use super::{AVAILABILITY_FLOOR, Days, shelf};

/// As it was, day by day: the mean of `1 / (v0 + V)` over the open days with the product in stock; 0 without one.
pub(super) fn daily(v0: f64, v: &[f64], days: Days, out: &mut [f64]) {
    let mut inside = [v0; 32];
    let each = |mut set: u32, of: &mut dyn FnMut(usize)| {
        while set != 0 {
            of(set.trailing_zeros() as usize);
            set &= set - 1;
        }
    };
    for (&v, &gone) in v.iter().zip(days.out) {
        each(days.open & !gone, &mut |d| inside[d] += v);
    }
    for (g, &gone) in out.iter_mut().zip(days.out) {
        let there = days.open & !gone;
        let mut sum = 0.0;
        each(there, &mut |d| sum += 1.0 / inside[d]);
        *g = sum / f64::from(there.count_ones().max(1));
    }
}

/// Outages overlap as much as they can: whenever a product is in stock, so is every product with fewer days out.
/// With the products `ever` in stock in order and `V_k` the attraction of the first `k`,
/// `G_i = 1/a_i sum_{k >= i} (a_k - a_{k+1}) / (v0 + V_k)`.
pub(super) fn overlapping(weight: f64, v0: f64, v: &[f64], a: &[f64], ever: &[u32], out: &mut [f64]) {
    let mut inside = v0;
    for (k, &i) in ever.iter().enumerate() {
        inside += v[i as usize];
        let next = ever.get(k + 1).map_or(0.0, |&j| shelf(a[j as usize]));
        out[i as usize] = (shelf(a[i as usize]) - next) / inside;
    }
    let mut from_here = 0.0;
    for &i in ever.iter().rev() {
        from_here += out[i as usize];
        out[i as usize] = weight * from_here / shelf(a[i as usize]).max(AVAILABILITY_FLOOR);
    }
}

/// Independent outages, exactly: all sets of the products `partly` out, each with its probability. The set numbered
/// `m` holds the j-th of them where bit j of `m` is set.
pub(super) fn independent(
    weight: f64,
    steady: f64,
    v: &[f64],
    a: &[f64],
    (always, partly): (&[u32], &[u32]),
    out: &mut [f64],
    sets: &mut Vec<(f64, f64)>,
) {
    sets.clear();
    sets.push((1.0, steady));
    for &i in partly {
        let (on, v) = (shelf(a[i as usize]), v[i as usize]);
        for m in 0..sets.len() {
            let (p, inside) = sets[m];
            sets.push((p * on, inside + v));
            sets[m].0 = p * (1.0 - on);
        }
    }
    for (p, inside) in sets.iter_mut() {
        *p /= *inside;
    }
    let any: f64 = sets.iter().map(|(q, _)| q).sum();
    always.iter().for_each(|&i| out[i as usize] += weight * any);
    for (j, &i) in partly.iter().enumerate() {
        let with: f64 = sets.chunks(2 << j).flat_map(|half| &half[1 << j..]).map(|(q, _)| q).sum();
        out[i as usize] += weight * with / shelf(a[i as usize]);
    }
}

/// Independent outages to second order: `G_i = (1 + S_i / M_i^2) / M_i` with the mean
/// `M_i = v0 + sum a_j v_j + (1 - a_i) v_i` and the variance `S_i = sum_{j != i} a_j (1 - a_j) v_j^2` of what a
/// customer for `i` finds on the shelf.
pub(super) fn approximate(
    weight: f64,
    steady: f64,
    v: &[f64],
    a: &[f64],
    (always, partly): (&[u32], &[u32]),
    out: &mut [f64],
    _: &mut Vec<(f64, f64)>,
) {
    let (mut mean, mut variance) = (steady, 0.0);
    for &i in partly {
        let (on, v) = (shelf(a[i as usize]), v[i as usize]);
        mean += on * v;
        variance += on * (1.0 - on) * v * v;
    }
    let second = |m: f64, s: f64| weight * (1.0 + s.max(0.0) / (m * m)) / m;
    always.iter().for_each(|&i| out[i as usize] += second(mean, variance));
    for &i in partly {
        let (on, v) = (shelf(a[i as usize]), v[i as usize]);
        out[i as usize] += second(mean + (1.0 - on) * v, variance - on * (1.0 - on) * v * v);
    }
}
