//! Whole units that add up to what is printed above them: largest remainders, ties to the earlier row.

/// Differences below this are rounding noise of the arithmetic before, not remainders ...
const NOISE: f64 = 1e-9;

/// ... and in large numbers this share of the value: some hundreds of roundings of a double.
const RELATIVE_NOISE: f64 = 1e-13;

fn noise(x: f64) -> f64 {
    NOISE.max(x.abs() * RELATIVE_NOISE)
}

/// A total in whole units: the nearest one, halves away from zero. What lies within 1e-9 of a half counts as a half,
/// so that 412.5 is 413 however it was computed.
pub fn nearest(x: f64) -> i64 {
    (x.abs() + 0.5 + noise(x)).floor().copysign(x) as i64
}

/// Bounds that are not whole, rounded inwards; a range without a whole number in it (a lock at 10.5) becomes the one
/// nearest its middle.
pub fn inwards(low: f64, high: f64) -> (f64, f64) {
    let (l, u) = ((low - noise(low)).ceil(), if high.is_finite() { (high + noise(high)).floor() } else { high });
    if l <= u {
        return (l, u);
    }
    let middle = (low / 2.0 + high / 2.0).round();
    (middle, middle)
}

/// Rounds `exact` into `out` so that the sum is `total`: everything down first, then one unit each to the largest
/// remainders, ties to the earlier row. Values within 1e-9 of an integer are that integer and have no remainder.
///
/// Where `total` is the rounded sum nothing moves by a whole unit. A total a unit or more away from the sum is first
/// reached by scaling (where the sum is 0, by equal parts).
pub fn whole(exact: &[f64], total: i64, out: &mut [i64]) {
    debug_assert!(exact.len() == out.len());
    let n = exact.len().min(out.len());
    if n == 0 {
        return;
    }
    let sum: f64 = exact[..n].iter().sum();
    let off = (sum - total as f64).abs() >= 1.0 + noise(sum);
    let (factor, shift) = match off {
        false => (1.0, 0.0),
        true if sum.abs() > NOISE => (total as f64 / sum, 0.0),
        true => (0.0, total as f64 / n as f64),
    };
    let mut left = i128::from(total);
    let mut rows: Vec<(i64, usize)> = Vec::with_capacity(n);
    let scaled = |x: f64| x * factor + shift;
    let unit = exact[..n].iter().fold(NOISE, |m: f64, &x| m.max(noise(scaled(x))));
    for (i, (&x, down)) in exact[..n].iter().zip(out.iter_mut()).enumerate() {
        let x = scaled(x);
        // With its own noise: beside a huge row, a small one would be lifted by whole units.
        let floor = (x + noise(x)).floor();
        *down = floor as i64;
        left -= i128::from(*down);
        // In steps of the noise, so that remainders that differ by less are ties.
        rows.push((((x - floor).max(0.0) / unit).round() as i64, i));
    }
    rows.sort_by_key(|&(remainder, _)| std::cmp::Reverse(remainder));
    let (each, more) = (left.div_euclid(n as i128), left.rem_euclid(n as i128));
    for (rank, &(_, i)) in rows.iter().enumerate() {
        let add = each + i128::from((rank as i128) < more);
        out[i] = (i128::from(out[i]) + add).clamp(i64::MIN.into(), i64::MAX.into()) as i64;
    }
    if total >= 0 && exact.iter().all(|x| *x >= 0.0) {
        never_negative(out);
    }
}

/// Takes what fell below 0, where huge rows lost whole units to the arithmetic, from the largest row.
fn never_negative(out: &mut [i64]) {
    let below: i64 = out.iter().filter(|x| **x < 0).fold(0, |sum, x| sum.saturating_add(*x));
    if below < 0 {
        out.iter_mut().for_each(|x| *x = (*x).max(0));
        if let Some(largest) = out.iter_mut().max() {
            *largest = largest.saturating_add(below);
        }
    }
}
