//! What the errors of one month share: a common shift and a common size, and what the next month may bring.
//!
//! Few months tell little about common shifts, however many series there are. The shift of the next month is Student's
//! t around what is established of the mean shift, with a prior of [`PRIOR`] months in which the shift has the typical
//! size [`USUAL_SHIFT`] (of sums [`USUAL_SHIFT_OF_SUMS`]).

use super::quantiles::{MIDDLE, Table, probability, student_quantile, weighted_median};

/// Months after which a month's shift counts half in the size of the next shift.
const SHIFT_HALF_LIFE: f64 = 2.0;
/// Months after which a month's size of errors counts half in the next month's.
const SIZE_HALF_LIFE: f64 = 0.75;
/// What is known of shifts before the first month, in months.
const PRIOR: f64 = 12.0;
/// Size of the shifts of a usual month, in standard deviations of the single errors: .1 to .3 where measured.
pub(super) const USUAL_SHIFT: f64 = 0.2;
/// The same for sums of series, in which single errors cancel and shifts stay.
pub(super) const USUAL_SHIFT_OF_SUMS: f64 = 0.5;
/// Share of a month's errors that is pulled in at either end before their mean is taken.
const PULLED_IN: f64 = 0.05;
/// Standard deviation of normal errors over their mean absolute deviation, sqrt(pi / 2).
const OVER_ABSOLUTE: f64 = 1.2533141373155003;
/// From so many errors in a month on their size is taken from the range of the inner 80%, which a few strange series
/// do not reach; of fewer, from the mean absolute deviation.
const RANGE_FROM: usize = 20;
/// The inner 80% of normal errors are so many standard deviations wide.
const OVER_RANGE: f64 = 2.5631031310892007;
/// Standard deviation of normal errors over their median absolute value.
const OVER_MEDIAN: f64 = 1.4826;
/// Sampling variance of a log standard deviation is this over n: a quarter of that of a log variance.
const LOG_DEVIATION: f64 = super::LOG_VARIANCE / 4.0;
/// A mean shift is kept as far as its square exceeds so many times its sampling variance.
const ESTABLISHED: f64 = 2.0;
/// A month's errors have at least this size, in units of the pool's.
const LEAST_SIZE: f64 = 1e-6;

/// Shift and size of the standardised errors of each past month.
#[derive(Clone, Debug)]
pub(super) struct Months {
    shift: Vec<f64>,
    size: Vec<f64>,
    /// Whether the month has errors.
    any: Vec<bool>,
}

impl Months {
    /// From (month, standardised error), oldest month 0.
    pub(super) fn learn(months: usize, errors: impl Iterator<Item = (usize, f64)>) -> Self {
        let mut by_month: Vec<Vec<f64>> = vec![Vec::new(); months];
        for (month, error) in errors {
            by_month[month].push(error);
        }
        let raw: Vec<(f64, f64, f64)> = by_month.iter_mut().map(|e| middle_and_size(e)).collect();
        // Within and between: a mean of few errors differs from 0 by chance.
        let (mut squares, mut freedom) = (0.0, 0.0);
        for &(_, size, n) in raw.iter().filter(|m| m.2 > 1.0) {
            squares += size * size * (n - 1.0);
            freedom += n - 1.0;
        }
        let within = if freedom > 0.0 { squares / freedom } else { f64::INFINITY };
        let seen = raw.iter().filter(|m| m.2 > 0.0).count().max(1) as f64;
        let apart = raw.iter().filter(|m| m.2 > 0.0).map(|m| m.0 * m.0 - within / m.2).sum::<f64>() / seen;
        let apart = apart.max(0.0);
        let shift = raw.iter().map(|m| if apart > 0.0 { m.0 * apart / (apart + within / m.2) } else { 0.0 }).collect();
        // Sizes drawn on the log scale to their mean, as far as sampling explains their differences.
        let log = |m: &(f64, f64, f64)| m.1.max(LEAST_SIZE).ln();
        let sized = || raw.iter().filter(|m| m.2 > 1.0);
        let count = sized().count() as f64;
        let mean = if count > 0.0 { sized().map(log).sum::<f64>() / count } else { 0.0 };
        let variance = sized().map(|m| (log(m) - mean).powi(2) - LOG_DEVIATION / m.2).sum::<f64>() / count.max(1.0);
        let variance = variance.max(0.0);
        let size: Vec<f64> = raw
            .iter()
            .map(|m| {
                if m.2 <= 1.0 {
                    return mean.exp();
                }
                let noise = LOG_DEVIATION / m.2;
                (mean + variance / (variance + noise) * (log(m) - mean)).exp()
            })
            .collect();
        let any: Vec<bool> = raw.iter().map(|m| m.2 > 0.0).collect();
        Self { shift, size, any }
    }

    /// A month's error without what the month's errors share.
    pub(super) fn own(&self, month: usize, error: f64) -> f64 {
        (error - self.shift[month]) / self.size[month]
    }

    fn seen(&self, half_life: f64) -> impl Iterator<Item = (usize, f64)> {
        let last = self.any.len();
        (0..last).filter(|&m| self.any[m]).map(move |m| (m, 0.5_f64.powf((last - 1 - m) as f64 / half_life)))
    }

    /// What the next month may bring; `usual` is the size of the shifts of a usual month.
    pub(super) fn next(&self, usual: f64) -> Next {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (month, weight) in self.seen(SIZE_HALF_LIFE) {
            sum += weight * self.size[month].ln();
            weights += weight;
        }
        let size = if weights > 0.0 { (sum / weights).exp() } else { 1.0 };

        let mut shifts: Vec<(f64, f64)> = self.seen(SHIFT_HALF_LIFE).map(|(m, w)| (self.shift[m].abs(), w)).collect();
        let (total, squares) = shifts.iter().fold((0.0, 0.0), |(t, s), &(_, w)| (t + w, s + w * w));
        // Months that count in full.
        let months = if squares > 0.0 { total * total / squares } else { 0.0 };
        let found = OVER_MEDIAN * weighted_median(&mut shifts);
        let freedom = PRIOR + months;
        let shift = ((PRIOR * (usual * size).powi(2) + months * found * found) / freedom).sqrt();

        let n = shifts.len() as f64;
        let mean = self.seen(1.0).map(|(m, _)| self.shift[m]).sum::<f64>() / n.max(1.0);
        let variance = self.seen(1.0).map(|(m, _)| (self.shift[m] - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        let kept =
            if n > 1.0 && mean != 0.0 { (1.0 - ESTABLISHED * variance / n / (mean * mean)).max(0.0) } else { 0.0 };
        Next { size, mean: kept * mean, shift, freedom }
    }
}

/// Mean (the ends pulled in), standard deviation and number of the errors of one month. Sorts.
fn middle_and_size(errors: &mut [f64]) -> (f64, f64, f64) {
    let n = errors.len();
    if n == 0 {
        return (0.0, 0.0, 0.0);
    }
    errors.sort_unstable_by(f64::total_cmp);
    let end = (n as f64 * PULLED_IN) as usize;
    let (low, high) = (errors[end], errors[n - 1 - end]);
    let count = n as f64;
    let mean = errors.iter().map(|e| e.clamp(low, high)).sum::<f64>() / count;
    let size = if n >= RANGE_FROM {
        // The n sorted errors stand at (i + 1/2) / n, or nearly so.
        let at = |p: f64| errors[((p * count) as usize).min(n - 1)];
        (at(0.9) - at(0.1)) / OVER_RANGE
    } else {
        let absolute = errors.iter().map(|e| (e - mean).abs()).sum::<f64>() / count;
        OVER_ABSOLUTE * absolute * (count / (count - 1.0).max(1.0)).sqrt()
    };
    (mean, size, count)
}

/// The next month's common part: errors are `mean + shift t + size x own`, t Student with `freedom` degrees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    size: f64,
    mean: f64,
    shift: f64,
    freedom: f64,
}

impl Next {
    /// The distribution of an error from that of its own part: spreads around the median add as squares.
    pub(super) fn widened(&self, own: &Table) -> Table {
        let middle = own[MIDDLE] * self.size;
        std::array::from_fn(|place| {
            let alone = own[place] * self.size - middle;
            let common = self.shift * student_quantile(probability(place), self.freedom);
            let both = alone.hypot(common);
            self.mean + middle + if place < MIDDLE { -both } else { both }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::quantiles::STEPS;
    use super::*;

    fn months(errors: &[&[f64]]) -> Months {
        Months::learn(errors.len(), errors.iter().enumerate().flat_map(|(m, e)| e.iter().map(move |&x| (m, x))))
    }

    #[test]
    fn one_error_a_month_is_nobodys_shift() {
        let found = months(&[&[1.0], &[-2.0], &[0.5]]);
        assert_eq!(found.shift, [0.0; 3]);
        assert!(found.size.iter().all(|s| *s == 1.0));
        assert_eq!(found.next(USUAL_SHIFT).mean, 0.0);
    }

    #[test]
    fn a_shift_of_all_series_is_taken_off() {
        let noise: Vec<f64> = (0..200).map(|i| if i % 2 == 0 { 0.1 } else { -0.1 }).collect();
        let shifted: Vec<f64> = noise.iter().map(|e| e + 1.0).collect();
        let found = months(&[&noise, &shifted]);
        assert!((found.shift[1] - 1.0).abs() < 1e-3 && found.shift[0].abs() < 1e-9, "{found:?}");
        assert!(found.own(1, 1.1) > 0.0 && found.own(1, 0.9) < 0.0);
    }

    #[test]
    fn large_shifts_long_ago_are_forgotten() {
        let series = |shifts: &[f64]| {
            let errors: Vec<Vec<f64>> =
                shifts.iter().map(|s| (0..100).map(|i| s + [-0.5, 0.5][i % 2]).collect()).collect();
            months(&errors.iter().map(Vec::as_slice).collect::<Vec<_>>()).next(USUAL_SHIFT).shift
        };
        let lately = series(&[0.1, 0.1, -0.1, 1.0, -1.0, 1.0]);
        let before = series(&[1.0, -1.0, 1.0, 0.1, -0.1, 0.1]);
        assert!(lately > 2.0 * before, "{lately} {before}");
    }

    #[test]
    fn widening_keeps_order_and_the_median() {
        let own: Table = std::array::from_fn(|p| (p as f64 - 80.0) / 50.0);
        let next = Next { size: 1.5, mean: 0.0, shift: 0.7, freedom: 14.0 };
        let wide = next.widened(&own);
        assert!(wide.windows(2).all(|w| w[0] <= w[1]));
        assert!((wide[MIDDLE] - 1.5 * own[MIDDLE]).abs() < 1e-12);
        assert!(wide[STEPS] - wide[0] > 1.5 * (own[STEPS] - own[0]));
    }
}
