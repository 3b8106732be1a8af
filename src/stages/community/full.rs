//! Communities in which everybody who will sign has signed. Their empty months say nothing of how the others sign: in the
//! life table they would pull the late months of all down, the more, the more willing the communities were.
//!
//! A community that signed as many households as it has is full. Of one that began before the record it is not known how
//! many had signed: it is full where nobody has signed for so long that it would be a rare chance (under `RARE`) if
//! somebody still would. With gamma multipliers of shape kappa and `o` come where `e` was expected, nobody of `f` expected
//! is `((kappa + e) / (kappa + e + f))^(kappa + o)` likely (negative binomial; docs/METHOD.md#communities). One that began
//! in the record and falls silent with households left is how communities end, and a part of the table.

use ndarray::ArrayView2;

use super::record::Record;
use crate::stats::life_table::FIRST_LAG;

/// What is no chance any more: of hundreds of communities not one.
const RARE: f64 = 1e-3;

/// The month of the record from which on each community is full; the record's length where it is not. `expected` is
/// what the pool expects, community x month, in households.
pub fn full_from(record: &Record, expected: ArrayView2<f64>, kappa: f64) -> Vec<usize> {
    let months = record.months;
    let mut handovers: Vec<Option<(i32, i32)>> = vec![None; record.leaf.len()];
    for part in &record.parts {
        let span = handovers[part.community].get_or_insert((part.handover, part.handover));
        *span = (span.0.min(part.handover), span.1.max(part.handover));
    }
    let of = |c: usize| {
        let (first, last) = handovers[c]?;
        let signed = record.signed.row(c);
        let silent = signed.iter().rposition(|n| *n > 0.0).map_or(0, |t| t + 1);
        let observed = signed.sum();
        if observed >= record.households[c] {
            return Some(silent);
        }
        // One that began in the record, or with a part still to be handed over, goes on.
        if first + FIRST_LAG >= 0 || last >= silent.max(1) as i32 {
            return None;
        }
        let sum = |range: std::ops::Range<usize>| expected.row(c).slice(ndarray::s![range]).sum();
        let (before, since) = (sum(0..silent), sum(silent..months));
        let chance = (kappa + observed) * ((kappa + before) / (kappa + before + since)).ln();
        (chance < RARE.ln()).then_some(silent)
    };
    (0..record.leaf.len()).map(|c| of(c).unwrap_or(months)).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::month::Month;
    use crate::stages::community::arrivals::Missing;
    use crate::stats::life_table::Part;

    fn record(households: f64, handovers: &[i32], signed: Array2<f64>) -> Record {
        let first = Month::new(2022, 1).unwrap();
        let parts = handovers.iter().map(|h| Part { community: 0, households, handover: *h }).collect();
        let empty = Array2::zeros(signed.dim());
        Record {
            first,
            months: signed.ncols(),
            ahead: Vec::new(),
            parts,
            named: 1,
            arrivals: Err(Missing::Off),
            households: vec![households * handovers.len() as f64],
            leaf: vec![0],
            is_recorded: true,
            signed,
            stated: None,
            buyers: empty.clone(),
            policies: empty.clone(),
            sold_first: empty,
        }
    }

    #[test]
    fn full_is_all_signed_or_long_silent() {
        let expected = array![[40.0, 30.0, 20.0, 10.0, 8.0, 6.0]];
        let from = |record: &Record| full_from(record, expected.view(), 10.0)[0];
        // All 60 have signed after two months.
        assert_eq!(from(&record(60.0, &[0], array![[40.0, 20.0, 0.0, 0.0, 0.0, 0.0]])), 2);
        // 70 came where 70 were expected, then nobody of 44, (80 / 124)^80: full if it began before the record.
        let silent = array![[40.0, 30.0, 0.0, 0.0, 0.0, 0.0]];
        assert_eq!(from(&record(200.0, &[-1], silent.clone())), 2);
        assert_eq!(from(&record(200.0, &[6], silent.clone())), 6);
        // With a part to come it goes on.
        assert_eq!(from(&record(200.0, &[-1, 8], silent)), 6);
        // The last empty month alone, nobody of 6 after 95 of 108: (118 / 124)^105, one in 183.
        assert_eq!(from(&record(200.0, &[-1], array![[40.0, 30.0, 15.0, 5.0, 5.0, 0.0]])), 6);
        // Nobody of 114 in the whole record, (10 / 124)^10.
        assert_eq!(from(&record(200.0, &[-9], Array2::zeros((1, 6)))), 0);
    }
}
