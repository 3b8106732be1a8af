//! When a series came and when it went, told from its own months: what growth must not count (docs/METHOD.md#growth).
//!
//! A series that sells rarely has months of nothing before its first sale and after its last one, too. So it only came
//! (went) where it did not sell for more than twice as long as ever between two sales, in the months before the first
//! (after the last), after three months with sales. Twice, because a gap as long as the longest of several is an even
//! bet. A launch and a last month that the folder gives are believed.

use std::ops::Range;

/// Months with sales from which on a series is regular enough to say that it came or went.
const SOLD: usize = 3;
/// Months without a sale at the end from which on a series may be gone: a growth window.
const SILENT: usize = 3;
/// So many times the longest gap between two sales.
const GAPS: usize = 2;
/// Months in a series' own recent level.
const RECENT: usize = 3;
/// Months after a launch in which a product still finds its level: its first year (docs/METHOD.md#lifecycle).
const FIRST_YEAR: usize = 12;

/// The months in which a series was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Month index in which it came; 0 where it was there all along.
    pub came: usize,
    /// Month index from which a month of it is as good as one a year later: after the month it came in, which may be a part
    /// of one; of a launch that the folder gives, after its first year.
    pub settled: usize,
    /// Month index after its last one; `usize::MAX` while it is there.
    pub went: usize,
}

impl Life {
    /// There all along, and still.
    pub const WHOLE: Life = Life { came: 0, settled: 0, went: usize::MAX };

    /// Of a series with these sales from month index 0 on, in a region whose sales began in month index `opened`.
    pub fn of(sales: impl Iterator<Item = f64>, opened: usize) -> Life {
        let (mut months, mut sold, mut first, mut silent, mut longest) = (0, 0, 0, 0, 0);
        for (t, x) in sales.enumerate() {
            months = t + 1;
            if x > 0.0 {
                if sold == 0 {
                    first = t;
                } else {
                    longest = longest.max(silent);
                }
                (sold, silent) = (sold + 1, 0);
            } else {
                silent += 1;
            }
        }
        if sold < SOLD {
            return Life::WHOLE;
        }
        let came = if first.saturating_sub(opened) > GAPS * longest { first } else { 0 };
        let went = if silent >= SILENT && silent > GAPS * longest { months - silent } else { usize::MAX };
        Life { went, ..Life::WHOLE }.since(came)
    }

    /// The same, but that it came in month index `came`; 0 for there all along.
    fn since(self, came: usize) -> Life {
        Life { came, settled: if came == 0 { 0 } else { came + 1 }, ..self }
    }

    /// The same, but launched in month index `came`; 0 for there all along.
    pub fn launched(self, came: usize) -> Life {
        Life { came, settled: if came == 0 { 0 } else { came + FIRST_YEAR }, ..self }
    }

    /// Whether the series had settled by the first month of a window's year before, and is there to its last.
    pub fn through(self, window: Range<usize>) -> bool {
        self.settled + 12 <= window.start && self.went >= window.end
    }

    /// Whether it is gone by the end of a history of so many months.
    pub fn is_over(self, months: usize) -> bool {
        self.went < months
    }
}

/// A series' own level where it came of late: the mean of the last three months since it came, the first of its months
/// (which may be a part of one) left out where there are others.
pub fn own_level(sales: &[f64], came: usize) -> f64 {
    let n = sales.len();
    let from = n.saturating_sub(RECENT).max((came + 1).min(n.saturating_sub(1)));
    let recent = sales.get(from..).unwrap_or_default();
    if recent.is_empty() { 0.0 } else { recent.iter().sum::<f64>() / recent.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(sales: &[f64]) -> Life {
        Life::of(sales.iter().copied(), 0)
    }

    #[test]
    fn a_regular_seller_comes_and_goes() {
        assert_eq!(life(&[0.0, 0.0, 5.0, 5.0, 5.0]), Life::WHOLE.since(2));
        assert_eq!(life(&[5.0, 5.0, 5.0, 0.0, 0.0, 0.0]), Life { went: 3, ..Life::WHOLE });
        // Two months of nothing may be two months of nothing; two months of sales are no life yet.
        assert_eq!(life(&[5.0, 5.0, 5.0, 0.0, 0.0]), Life::WHOLE);
        assert_eq!(life(&[0.0, 0.0, 0.0, 5.0, 5.0]), Life::WHOLE);
        // A region that opened in that month brought it along.
        assert_eq!(Life::of([0.0, 0.0, 5.0, 5.0, 5.0].into_iter(), 2), Life::WHOLE);
    }

    #[test]
    fn a_rare_seller_is_there_all_along() {
        // Gaps of two months: four before the first sale and at the end are within twice that, five are not.
        let inner = [1.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let between = |before: usize, after: usize| {
            let zeros = |n: usize| std::iter::repeat_n(0.0, n);
            Life::of(zeros(before).chain(inner).chain(zeros(after)), 0)
        };
        assert_eq!(between(4, 4), Life::WHOLE);
        assert_eq!(between(5, 0), Life::WHOLE.since(5));
        assert_eq!(between(0, 5), Life { went: 6, ..Life::WHOLE });
    }

    #[test]
    fn through_takes_both_windows() {
        let since = |came: usize| Life::WHOLE.since(came).through(21..24);
        // The month it came in may be a part of one; a launched product finds its level in its first year.
        assert!(since(0) && since(8) && !since(9));
        let launched = |came: usize| Life::WHOLE.launched(came).through(33..36);
        assert!(launched(0) && launched(9) && !launched(10));
        let went = |went: usize| Life { went, ..Life::WHOLE }.through(21..24);
        assert!(!went(23) && went(24));
    }

    #[test]
    fn own_level_by_hand() {
        // Came in month 1 with part of a month: the mean of 30 and 40; the mean of the last three, of a longer life.
        assert_eq!(own_level(&[0.0, 7.0, 30.0, 40.0], 1), 35.0);
        assert_eq!(own_level(&[7.0, 30.0, 40.0, 50.0, 60.0], 0), 50.0);
        assert_eq!(own_level(&[0.0, 7.0], 1), 7.0);
    }
}
