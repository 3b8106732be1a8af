//! How much the errors of each past month tell about the next, and how far few of them may mislead.
//!
//! Weights fall by half every [`HALF_LIFE`] months, so that bounds follow when errors grow, and the months of a year ago
//! count again ([`YEAR_AGO`]): where December is hard to forecast, it was so last year. The errors of one month go
//! together. With a correlation rho, k errors in each of n months are worth `n k / (1 + (k - 1) rho)` independent ones
//! (Kish 1965, Survey Sampling, 8.2: the design effect), and quantiles are stretched by those of Student's distribution
//! over the normal one's, times `sqrt(1 + 1/N)` for the next error.

use super::quantiles::{EDGE, MIDDLE, Table, normal_quantile, probability, student_quantile};

/// Months after which a month's errors count half: a quarter of a year.
const HALF_LIFE: f64 = 3.0;
/// Weights of the origins 9 to 12 months before the last one beside the last one's own. One or two months ahead, and the
/// last origin is one or two months old: these are the same month a year ago and its neighbours.
const YEAR_AGO: [f64; 4] = [0.3, 0.6, 0.6, 0.3];
/// The first of them; years before count alike.
const YEAR_AGO_FROM: usize = 9;
const MONTHS_IN_A_YEAR: usize = 12;
/// The correlation of the errors of one month that is usual, and how many months it counts for beside what is found.
const USUAL_CORRELATION: f64 = 0.1;
const PRIOR: f64 = 4.0;
/// Student's distribution has at least so many degrees of freedom: with fewer its far quantiles are anybody's guess.
const LEAST_FREEDOM: f64 = 5.0;
/// Errors count as no more than so many standard deviations in the correlation.
const PULLED_IN: f64 = 3.0;

/// Weights of past months, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Recent {
    weights: Vec<f64>,
}

impl Recent {
    /// Of so many months.
    pub(super) fn new(months: usize) -> Self {
        let weight = |month: usize| {
            let age = months - 1 - month;
            let ago = age.checked_sub(YEAR_AGO_FROM).map(|since| since % MONTHS_IN_A_YEAR);
            let again = ago.and_then(|ago| YEAR_AGO.get(ago)).copied().unwrap_or(0.0);
            0.5_f64.powf(age as f64 / HALF_LIFE) + again
        };
        Self { weights: (0..months).map(weight).collect() }
    }

    /// Weight of a month.
    pub(super) fn weight(&self, month: usize) -> f64 {
        self.weights[month]
    }

    /// How much further from the median the quantiles lie, by place: `errors` are (month, standardised error).
    pub(super) fn widening(&self, errors: impl Iterator<Item = (usize, f64)>) -> Table {
        let worth = self.worth(errors);
        let (freedom, next) = ((worth - 1.0).max(LEAST_FREEDOM), (1.0 + 1.0 / worth).sqrt());
        std::array::from_fn(|place| {
            if place == MIDDLE {
                return 1.0;
            }
            let p = probability(place).clamp(EDGE, 1.0 - EDGE);
            next * student_quantile(p, freedom) / normal_quantile(p)
        })
    }

    /// How many independent errors these are worth, at least 1.
    fn worth(&self, errors: impl Iterator<Item = (usize, f64)>) -> f64 {
        let mut months = vec![(0.0, 0.0, 0.0); self.weights.len()];
        for (month, error) in errors {
            let error = error.clamp(-PULLED_IN, PULLED_IN);
            let (n, sum, squares) = &mut months[month];
            (*n, *sum, *squares) = (*n + 1.0, *sum + error, *squares + error * error);
        }
        let seen = || months.iter().zip(&self.weights).filter(|(m, _)| m.0 > 0.0);
        let total = |of: &dyn Fn(&(f64, f64, f64)) -> f64| seen().map(|(m, w)| w * of(m)).sum::<f64>();
        let all = total(&|_| 1.0);
        if all <= 0.0 {
            return 1.0;
        }
        let count = all * all / seen().map(|(_, w)| w * w).sum::<f64>();
        let rows = total(&|m| m.0) / all;
        // The mean product of two errors of one month, over the mean square.
        let paired = total(&|m| if m.0 > 1.0 { 1.0 } else { 0.0 });
        let products = total(&|m| if m.0 > 1.0 { (m.1 * m.1 - m.2) / (m.0 * (m.0 - 1.0)) } else { 0.0 });
        let square = total(&|m| m.2) / total(&|m| m.0);
        let found = if paired > 0.0 && square > 0.0 { (products / paired / square).clamp(0.0, 1.0) } else { 0.0 };
        let correlation = (PRIOR * USUAL_CORRELATION + count * found) / (PRIOR + count);
        (count * rows / (1.0 + (rows - 1.0).max(0.0) * correlation)).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::quantiles::STEPS;
    use super::*;

    #[test]
    fn recent_months_and_those_of_a_year_ago_count_more() {
        let recent = Recent::new(24);
        let age = |a: usize| recent.weight(23 - a);
        assert_eq!([age(0), age(3), age(6)], [1.0, 0.5, 0.25]);
        assert!((age(9) - 0.425).abs() < 1e-12 && (age(12) - 0.3625).abs() < 1e-12);
        assert!(age(10) > 0.65 && age(11) > 0.65 && age(22) > 0.6 && age(13) < 0.05 && age(8) < 0.16);
    }

    #[test]
    fn errors_that_go_together_are_few() {
        let recent = Recent::new(2);
        let apart = (0..200).map(|i| (i % 2, if i / 2 % 2 == 0 { 1.0 } else { -1.0 }));
        let together = (0..200).map(|i| (i % 2, if i % 2 == 0 { 1.0 } else { -1.0 }));
        let [apart, together] = [recent.worth(apart), recent.worth(together)];
        // Two months (1.97 by weights) with a correlation of (4 x .1 + 1.97 x found) / 5.97, found 0 and 1.
        assert!((apart - 197.4 / (1.0 + 99.0 * 0.0670)).abs() < 0.5, "{apart}");
        assert!((together - 197.4 / (1.0 + 99.0 * 0.3975)).abs() < 0.1, "{together}");
        assert_eq!(recent.worth(std::iter::empty()), 1.0);
    }

    #[test]
    fn few_errors_widen_and_many_do_not() {
        let recent = Recent::new(3);
        let few = recent.widening((0..3).map(|m| (m, 1.0)));
        let many = Recent::new(1).widening((0..100_000).map(|i| (0, [-1.0, 1.0][i % 2])));
        assert!(few[5] > 1.4 && few[5] < 1.7 && few[MIDDLE] == 1.0, "{}", few[5]);
        assert!(many.iter().all(|w| (1.0..1.3).contains(w)));
        assert!((few[5] - few[STEPS - 5]).abs() < 1e-9);
    }
}
