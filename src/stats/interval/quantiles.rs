//! Distributions as tables: the quantile at every half per cent.

/// A distribution is kept as its quantiles at `0, 1/STEPS, .. 1`: 10, 90, 2.5 and 97.5% are among them.
pub(super) const STEPS: usize = 200;
/// The place of the median.
pub(super) const MIDDLE: usize = STEPS / 2;

/// A quantile function at the probabilities of the table.
pub(super) type Table = [f64; STEPS + 1];

/// Probability of a place of the table.
pub(super) fn probability(place: usize) -> f64 {
    place as f64 / STEPS as f64
}

/// Probabilities nearer to 0 or 1 than this count as this, where a quantile would be infinite: less than half a step.
pub(super) const EDGE: f64 = 0.002;
/// A point is a span of this part of the largest value: too short to matter.
const POINT: f64 = 1e-9;
/// Ranks as near as this part of all are equal: between points the next one would be far away, and which of the two it is
/// must not hang on the order in which weights were added up. More than `f64::EPSILON / POINT`, what is left of a point's
/// slope when it is taken off again.
const TIE: f64 = 1e-6;

/// Quantile of the standard normal distribution.
/// Source: Acklam's rational approximation, relative error under 1.2e-9.
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 6] = [
        -5.447609879822406e1,
        1.615858368580409e2,
        -1.556989798598866e2,
        6.680131188771972e1,
        -1.328068155288572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 5] = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0];
    /// Where the tail's approximation takes over.
    const TAIL: f64 = 0.02425;
    let horner = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, c| sum * x + c);
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    if p < TAIL {
        let x = (-2.0 * p.ln()).sqrt();
        return horner(&C, x) / horner(&D, x);
    }
    let x = p - 0.5;
    x * horner(&A, x * x) / horner(&B, x * x)
}

/// Quantile of Student's distribution with `freedom` degrees, at least 5; probabilities are held off 0 and 1.
/// Source: Cornish-Fisher expansion, Abramowitz, Stegun 26.7.5.
pub(super) fn student_quantile(p: f64, freedom: f64) -> f64 {
    let x = normal_quantile(p.clamp(EDGE, 1.0 - EDGE));
    let (s, n) = (x * x, freedom);
    let first = (s + 1.0) / 4.0;
    let second = ((5.0 * s + 16.0) * s + 3.0) / 96.0;
    let third = (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
    x * (1.0 + first / n + second / (n * n) + third / (n * n * n))
}

/// Table of the mixture of the uniform distributions on `spans` (low, high, weight), which are worth `rows` errors of
/// equal weight. The j-th of N has probability `j / (N + 1)` (conformal); beyond the first and the last they are
/// stretched by `(N + 2) / N` (docs/METHOD.md#intervals). All 0 without spans.
pub(super) fn mixture(spans: &[(f64, f64, f64)], rows: f64) -> Table {
    let (n, rows) = (spans.iter().map(|s| s.2).sum::<f64>(), rows.max(1.0));
    let mut table = [0.0; STEPS + 1];
    let (first, last) = spans.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), s| (l.min(s.0), h.max(s.1)));
    let largest = first.abs().max(last.abs());
    if spans.is_empty() || largest == 0.0 {
        return table;
    }
    // The cumulative probability rises by 1/width within a span: its slope changes at the ends.
    let least = largest * POINT;
    let mut ends: Vec<(f64, f64)> = Vec::with_capacity(2 * spans.len());
    for &(low, high, weight) in spans {
        let width = (high - low).max(least);
        ends.push((low, weight / width));
        ends.push((low + width, -weight / width));
    }
    ends.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut place, mut slope, mut below) = (0, 0.0_f64, 0.0_f64);
    // Number of spans (with parts) that lie below the quantile of a place.
    let rank = |place: usize| (probability(place) * (rows + 1.0) - 0.5) * n / rows;
    let tie = n * TIE;
    while place <= STEPS && rank(place) <= tie {
        table[place] = outwards(first, rows, false);
        place += 1;
    }
    for pair in ends.windows(2) {
        slope = (slope + pair[0].1).max(0.0);
        let width = pair[1].0 - pair[0].0;
        let after = (below + slope * width).min(n);
        while place <= STEPS && rank(place) < n - tie && rank(place) <= after + tie {
            let part = if width > least { ((rank(place) - below) / (after - below)).min(1.0) } else { 0.0 };
            table[place] = pair[0].0 + width * part;
            place += 1;
        }
        below = after;
    }
    while place <= STEPS {
        table[place] = if rank(place) >= n - tie { outwards(last, rows, true) } else { last };
        place += 1;
    }
    // Rounding must not turn the order round.
    for place in 1..=STEPS {
        table[place] = table[place].max(table[place - 1]);
    }
    table
}

/// The outermost value stretched away from 0 by `(n + 2) / n`; where it lies on the other side of 0, it stays.
fn outwards(end: f64, n: f64, upper: bool) -> f64 {
    if (end > 0.0) == upper { end * (n + 2.0) / n } else { end }
}

/// The quantile at `p` between the places of a rising function of the place.
pub(super) fn quantile(at: impl Fn(usize) -> f64, p: f64) -> f64 {
    let x = p.clamp(0.0, 1.0) * STEPS as f64;
    let place = (x.floor() as usize).min(STEPS - 1);
    let (low, high, part) = (at(place), at(place + 1), x - place as f64);
    if part == 0.0 {
        return low;
    }
    low + (high - low) * part
}

/// Probability of a value under `value` and of one not over it: they differ where the rising function `at` stands
/// still at `value`.
pub(super) fn cumulative(at: impl Fn(usize) -> f64, value: f64) -> (f64, f64) {
    // First place not under the value, first place over it.
    let first = |inside: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0, STEPS + 1);
        while low < high {
            let middle = (low + high) / 2;
            if inside(at(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    };
    let reach = |place: usize| {
        if place == 0 {
            return 0.0;
        }
        if place > STEPS {
            return 1.0;
        }
        let (low, high) = (at(place - 1), at(place));
        let part = if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 };
        (place as f64 - 1.0 + part) / STEPS as f64
    };
    let under = reach(first(&|x| x < value));
    let over = first(&|x| x <= value);
    (under, reach(over).max(under))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_the_normal_and_of_student() {
        assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-8);
        assert!((normal_quantile(0.1) + 1.2815515655446).abs() < 1e-8);
        assert!((normal_quantile(0.001) + 3.090232306167813).abs() < 1e-8);
        assert_eq!(normal_quantile(0.5), 0.0);
        // Tables of Student's distribution: 2.1604 with 13 degrees, 2.0860 with 20.
        assert!((student_quantile(0.975, 13.0) - 2.1604).abs() < 2e-4);
        assert!((student_quantile(0.975, 20.0) - 2.0860).abs() < 1e-4);
    }

    #[test]
    fn points_have_conformal_probabilities() {
        // Three points: probabilities 1/4, 1/2, 3/4; beyond, the ends times 5/3.
        let table = mixture(&[(-1.0, -1.0, 1.0), (0.0, 0.0, 1.0), (2.0, 2.0, 1.0)], 3.0);
        assert!((quantile(|i| table[i], 0.25) + 1.0).abs() < 1e-6, "{table:?}");
        assert!(quantile(|i| table[i], 0.5).abs() < 1e-6);
        assert!((quantile(|i| table[i], 0.75) - 2.0).abs() < 1e-6);
        assert!((table[STEPS] - 10.0 / 3.0).abs() < 1e-9 && (table[0] + 5.0 / 3.0).abs() < 1e-9, "{table:?}");
        assert_eq!(mixture(&[], 0.0), [0.0; STEPS + 1]);
        assert_eq!(mixture(&[(0.0, 0.0, 1.0); 4], 4.0), [0.0; STEPS + 1]);
    }

    #[test]
    fn weights_are_repetitions() {
        // A weight of 2 is the same error twice.
        let (a, b) = ((0.0, 1.0), (2.0, 5.0));
        let weighted = mixture(&[(a.0, a.1, 2.0), (b.0, b.1, 1.0)], 30.0);
        let repeated = mixture(&[(a.0, a.1, 1.0), (b.0, b.1, 1.0), (a.0, a.1, 1.0)], 30.0);
        assert!(weighted.iter().zip(repeated).all(|(x, y)| (x - y).abs() < 1e-9));
        assert!((quantile(|i| weighted[i], 1.0 / 3.0) - 0.5).abs() < 0.02);
    }

    #[test]
    fn a_count_is_spread_over_its_unit() {
        // Half zeros, half ones: uniform on -.5 .. 1.5 but for the conformal shift of 1/2000.
        let span = |i: usize| if i.is_multiple_of(2) { (-0.5, 0.5, 1.0) } else { (0.5, 1.5, 1.0) };
        let table = mixture(&(0..1000).map(span).collect::<Vec<_>>(), 1000.0);
        for p in [0.1, 0.5, 0.9] {
            assert!((quantile(|i| table[i], p) - (2.0 * p - 0.5)).abs() < 2e-3);
        }
    }

    #[test]
    fn probabilities_of_a_value_differ_at_a_tie() {
        // Flat at 0 up to 30%, then rising to 7.
        let at = |place: usize| (probability(place) - 0.3).max(0.0) * 10.0;
        let (under, upto) = cumulative(at, 0.0);
        assert!(under == 0.0 && (upto - 0.3).abs() < 1e-12, "{under} {upto}");
        let (under, upto) = cumulative(at, 3.0);
        assert!((under - 0.6).abs() < 1e-9 && (upto - 0.6).abs() < 1e-9, "{under} {upto}");
        assert_eq!(cumulative(at, -1.0), (0.0, 0.0));
        assert_eq!(cumulative(at, 8.0), (1.0, 1.0));
    }
}
