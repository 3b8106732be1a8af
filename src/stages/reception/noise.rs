//! How far a month strays from what is expected of it: customers are counted one by one, and a series has a noise of its own.
//!
//! A month is Poisson around `e x exp(u)`, u normal around 0 with variance kappa^2. How odd x is, in standard deviations, is
//! the least of all ways to share the distance between the two:
//! ```text
//! stat^2 = min over u of  2 (x ln(x / m) - x + m) + u^2 / kappa^2,   m = e exp(u)
//! ```
//! (the deviance of a Poisson and of a normal variable, McCullagh and Nelder 1989, 2.3). kappa is learned from the steps of
//! the series from month to month, the largest of them left out, so that an odd month does not excuse itself:
//! `kappa^2 = sum (d^2 - (a + b)) / sum ((a + b)^2 / 2)`, d the step from a to b, which has a variance of `a + b` by counting.
//! Where units are amounts, nobody knows what one customer takes: half of the variance counts as counting, in lots of as
//! much as makes it so.

/// Nothing sells as regularly as counting alone would have it: at least this noise (a share of the level).
const LEAST: f64 = 0.05;
/// Steps left out: two (one odd month makes two), and one in so many.
const LEFT_OUT: usize = 2;
const OF: usize = 25;
/// What leaving out the part `q` of the steps takes from their variance is made up for: `1 + 3 q` (of a normal variable the
/// mean square without the largest tenth is .73 of the whole, without the largest fifth .57).
const MADE_UP: f64 = 3.0;
/// An expectation from the median of three months has a variance of its own, this part of a month's.
const OF_EXPECTED: f64 = 0.4;
/// Steps of Newton's method: it halves the digits wrong each time from the third on.
const NEWTON: usize = 12;

/// The noise of one series.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise {
    /// Variance of its own, of the log.
    kappa2: f64,
    /// What is counted one by one, in units: 1 where units are whole.
    lot: f64,
}

impl Noise {
    /// From the steps between months that are known, from its first month on; `room` is worked in.
    pub(super) fn learn(row: &[f64], first: usize, unknown: &[bool], whole: bool, room: &mut Vec<(f64, f64)>) -> Noise {
        room.clear();
        for t in first + 1..row.len() {
            let (a, b) = (row[t - 1], row[t]);
            if !unknown[t - 1] && !unknown[t] && a + b > 0.0 {
                room.push(((a - b).powi(2), a + b));
            }
        }
        let size = |(d2, sum): &(f64, f64)| d2 / (sum * sum) * sum.sqrt();
        room.sort_unstable_by(|a, b| size(a).total_cmp(&size(b)));
        let out = (LEFT_OUT + room.len() / OF).min(room.len());
        let kept = &room[..room.len() - out];
        let (mut steps, mut sums, mut squares) = (0.0, 0.0, 0.0);
        for (d2, sum) in kept {
            (steps, sums, squares) = (steps + d2, sums + sum, squares + sum * sum / 2.0);
        }
        if squares <= 0.0 {
            return Noise { kappa2: LEAST * LEAST, lot: if whole { 1.0 } else { f64::MIN_POSITIVE } };
        }
        let made_up = 1.0 + MADE_UP * out as f64 / room.len() as f64;
        if whole {
            return Noise { kappa2: ((steps - sums) / squares * made_up).max(LEAST * LEAST), lot: 1.0 };
        }
        let kappa2 = (steps / squares * made_up / 2.0).max(LEAST * LEAST);
        Noise { kappa2, lot: kappa2 * squares / sums }
    }

    /// What is added before a log is taken of a month of so many units: half of its variance-to-mean ratio.
    pub(super) fn offset(&self, level: f64) -> f64 {
        0.5 * (self.lot + self.kappa2 * level)
    }

    /// Standard deviation of the log of a month of which `e` is expected.
    pub(super) fn scale(&self, e: f64) -> f64 {
        let counted = if e > 0.0 { self.lot / e } else { 0.0 };
        (self.kappa2 + counted).sqrt()
    }

    /// How many standard deviations x lies off an expectation of `e`.
    pub(super) fn stat(&self, x: f64, e: f64) -> f64 {
        let (x, e) = (x / self.lot, e / self.lot);
        if e.is_nan() || e <= 0.0 {
            return if x > 0.0 { f64::INFINITY } else { 0.0 };
        }
        let kappa2 = self.kappa2 * (1.0 + OF_EXPECTED) + OF_EXPECTED / e;
        // The deviance is convex in u; begun where the counts would be exact, as far as that is likely.
        let mut u = if x > 0.0 { (x / e).ln() / (1.0 + 1.0 / (kappa2 * x.max(e))) } else { 0.0 };
        for _ in 0..NEWTON {
            let m = e * u.exp();
            u -= ((m - x + u / kappa2) / (m + 1.0 / kappa2)).clamp(-1.0, 1.0);
        }
        let m = e * u.exp();
        let counted = if x > 0.0 { x * (x / m).ln() - x + m } else { m };
        (2.0 * counted.max(0.0) + u * u / kappa2).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(kappa: f64) -> Noise {
        Noise { kappa2: kappa * kappa, lot: 1.0 }
    }

    #[test]
    fn counts_alone_are_poisson() {
        // kappa of nearly nothing: sqrt(2 x 12.5) = 5 for no sale where 12.5 are expected; expectation's noise makes it less.
        let found = noise(1e-4).stat(0.0, 12.5);
        assert!((4.0..5.0).contains(&found), "{found}");
    }

    #[test]
    fn large_numbers_are_lognormal() {
        // A million: counting says nothing, ln(10) / (.5 sqrt(1.4)) is what is left.
        let found = noise(0.5).stat(1e7, 1e6);
        assert!((found - 10_f64.ln() / (0.5 * 1.4_f64.sqrt())).abs() < 0.01, "{found}");
    }

    #[test]
    fn an_odd_month_does_not_excuse_itself() {
        let mut row = vec![100.0, 104.0, 97.0, 101.0, 99.0, 103.0, 100.0, 96.0, 102.0, 100.0];
        let calm = Noise::learn(&row, 0, &[false; 10], true, &mut Vec::new());
        row[5] = 45352.0;
        let odd = Noise::learn(&row, 0, &[false; 10], true, &mut Vec::new());
        assert_eq!((calm.kappa2, odd.kappa2), (LEAST * LEAST, LEAST * LEAST));
        assert!(odd.stat(45352.0, 100.0) > 50.0);
    }
}
