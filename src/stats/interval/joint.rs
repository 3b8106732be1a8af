//! Sums of series, say of a region: bounds do not add, because the errors of one month go together.
//!
//! A sum is a series whose errors are those of the sums. [`Sums::of`] adds up forecasts and actuals as they were,
//! [`Sums::sampled`] as they would be with today's forecasts: every series is sampled at the score it had in a past
//! month, all series of one month together (docs/METHOD.md#intervals). [`Sums::spread`] learns from
//! either.

use ndarray::Array2;

use super::{Past, Spread};

/// Past sums, origins x sums, oldest origin first.
#[derive(Clone, Debug)]
pub struct Sums {
    forecasts: Array2<f64>,
    actuals: Array2<f64>,
    counts: Array2<bool>,
    whole: Vec<bool>,
}

impl Sums {
    /// Sums of the rows that count as they were. `owner` is the sum to which each series belongs; `whole` says of each sum
    /// whether it is of whole units.
    pub fn of(past: &Past, owner: &[usize], whole: Vec<bool>) -> Self {
        Self::add(past, owner, whole, |_, _, forecast, actual| Some((forecast, actual)))
    }

    /// Sums of today's forecasts, `today` by series (none: not forecast), and of what came of them if each series'
    /// actual lay where it lay in that past month. `spread` must have been learnt from the same `past`.
    pub fn sampled(spread: &Spread, past: &Past, today: &[Option<f64>], owner: &[usize], whole: Vec<bool>) -> Self {
        Self::add(past, owner, whole, |_, series, forecast, actual| {
            let now = (*today.get(series)?)?;
            Some((now, spread.sample(now, series, spread.score(forecast, series, actual))))
        })
    }

    /// Adds what `row` makes of (month, series, forecast, actual) of each row that counts.
    fn add(
        past: &Past,
        owner: &[usize],
        whole: Vec<bool>,
        row: impl Fn(usize, usize, f64, f64) -> Option<(f64, f64)>,
    ) -> Self {
        let count = whole.len();
        let shape = (past.forecasts.nrows(), count);
        let mut sums = Self {
            forecasts: Array2::zeros(shape),
            actuals: Array2::zeros(shape),
            counts: Array2::from_elem(shape, false),
            whole,
        };
        for (at, &forecast) in past.forecasts.indexed_iter() {
            let (month, series) = at;
            let (Some(true), Some(&actual), Some(&sum)) =
                (past.counts.get(at), past.actuals.get(at), owner.get(series))
            else {
                continue;
            };
            if sum >= count {
                continue;
            }
            if let Some((forecast, actual)) = row(month, series, forecast, actual) {
                sums.forecasts[[month, sum]] += forecast;
                sums.actuals[[month, sum]] += actual;
                sums.counts[[month, sum]] = true;
            }
        }
        sums
    }

    /// The predictive distributions of the sums, each a series: bounds of a sum are those of its forecast. None where
    /// no past sum has a positive forecast.
    pub fn spread(&self) -> Option<Spread> {
        let past = Past {
            forecasts: self.forecasts.view(),
            actuals: self.actuals.view(),
            counts: self.counts.view(),
            whole: &self.whole,
        };
        Spread::learn(&past)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn rows_that_count_add_up() {
        let (forecasts, actuals) =
            (array![[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]], array![[2.0, 1.0, 5.0], [7.0, 9.0, 30.0]]);
        let counts = array![[true, true, false], [true, false, false]];
        let past = Past {
            forecasts: forecasts.view(),
            actuals: actuals.view(),
            counts: counts.view(),
            whole: &[true, false, true],
        };
        let sums = Sums::of(&past, &[0, 0, 1], vec![false, true]);
        assert_eq!(sums.forecasts, array![[3.0, 0.0], [8.0, 0.0]]);
        assert_eq!(sums.actuals, array![[3.0, 0.0], [7.0, 0.0]]);
        assert_eq!(sums.counts, array![[true, false], [true, false]]);
        assert_eq!(sums.whole, [false, true]);
    }

    #[test]
    fn samples_of_the_same_forecasts_are_the_actuals() {
        let forecasts = Array2::from_shape_fn((6, 40), |(_, s)| 50.0 + 3.0 * s as f64);
        let actuals = Array2::from_shape_fn((6, 40), |(m, s)| {
            (forecasts[[m, s]] * (0.8 + 0.01 * ((7 * m + 3 * s) % 40) as f64)).round()
        });
        let counts = Array2::from_elem((6, 40), true);
        let whole = [true; 40];
        let past = Past { forecasts: forecasts.view(), actuals: actuals.view(), counts: counts.view(), whole: &whole };
        let spread = Spread::learn(&past).unwrap();
        let today: Vec<Option<f64>> = (0..40).map(|s| Some(forecasts[[0, s]])).collect();
        let owner: Vec<usize> = (0..40).map(|s| s % 3).collect();
        let (plain, sampled) =
            (Sums::of(&past, &owner, vec![true; 3]), Sums::sampled(&spread, &past, &today, &owner, vec![true; 3]));
        for (a, b) in plain.actuals.iter().zip(&sampled.actuals) {
            assert!((a / b - 1.0).abs() < 0.01, "{a} {b}");
        }
        assert_eq!(plain.forecasts, sampled.forecasts);
    }
}
