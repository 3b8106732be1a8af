//! A change of a product split exactly into its factors: the additive logarithmic mean Divisia index, LMDI-I.
//!
//! For v = x_1 x_2 ... x_n in two periods,
//! ```text
//! v1 - v0 = sum_k L(v1, v0) ln(x_k1 / x_k0),   L(a, b) = (a - b) / ln(a / b),  L(a, a) = a
//! ```
//! which leaves no residual and does not depend on the order of the factors (Ang, Liu 2001, Energy 26; Ang 2005, Energy
//! Policy 33). Sums of many such products are split product by product, so that parts add up over anything.
//!
//! Zeros take the analytical limits (Ang, Liu 2007, Energy Policy 35): where one factor goes to or comes from 0 and the
//! others do not, L ln(x_k1 / x_k0) tends to the whole change for that factor and to 0 for the others. A factor that
//! cannot be told in a period (a price where nothing was sold) is taken as unchanged.

/// What arithmetic may lose of a number, relative to it.
const ROUNDING: f64 = 1e-12;

/// The logarithmic mean of two numbers of at least 0: between the geometric and the arithmetic mean; 0 where one is 0.
pub fn logarithmic_mean(a: f64, b: f64) -> f64 {
    if a <= 0.0 || b <= 0.0 {
        return 0.0;
    }
    // With d = ln(a / b): b (e^d - 1) / d, which is exact also where a and b are nearly equal.
    let d = ((a - b) / b).ln_1p();
    if d == 0.0 { b } else { b * d.exp_m1() / d }
}

/// The change from one period to the next of a number at the end of a chain of counts, split over its links: each count
/// over the one before it, the first by itself. The parts add up to the change, in the unit of the last count.
///
/// A link that cannot be told in a period, because its count is missing (0) and a later one is not, is taken as
/// unchanged. What a chain cannot hold (a last count below 0) goes to the last link.
pub fn split<const N: usize>(mut before: [f64; N], mut after: [f64; N]) -> [f64; N] {
    let change = after.last().copied().unwrap_or(0.0) - before.last().copied().unwrap_or(0.0);
    before.iter_mut().chain(&mut after).for_each(|count| *count = count.max(0.0));
    for k in 0..N {
        mend(&mut before, &mut after, k);
    }
    let (x0, x1) = (links(&before), links(&after));
    let (v0, v1) = (before.last().copied().unwrap_or(0.0), after.last().copied().unwrap_or(0.0));
    let mut parts = [0.0; N];
    if v0 > 0.0 && v1 > 0.0 {
        let mean = logarithmic_mean(v1, v0);
        let log = |k: usize| Some((x1[k] / x0[k]).ln()).filter(|log| log.abs() > ROUNDING).unwrap_or(0.0);
        (0..N).for_each(|k| parts[k] = mean * log(k));
    } else if let Some(k) = (0..N).find(|&k| (x0[k] > 0.0) != (x1[k] > 0.0)) {
        // Behind the first link that is 0 nothing can be told, so that one alone went to 0 or came from there.
        parts[k] = v1 - v0;
    }
    let missing = change - parts.iter().sum::<f64>();
    // Returns beyond sales; what arithmetic loses is nobody's doing.
    if let Some(last) = parts.last_mut().filter(|_| missing.abs() > N as f64 * ROUNDING * v0.max(v1)) {
        *last += missing;
    }
    parts
}

/// Makes link `k` an unchanged one where its count is missing in a period in which a later count is not.
fn mend<const N: usize>(before: &mut [f64; N], after: &mut [f64; N], k: usize) {
    let missing = |counts: &[f64; N]| counts[k] == 0.0 && counts.iter().skip(k + 1).any(|count| *count > 0.0);
    let first = |counts: &[f64; N]| if k == 0 { 1.0 } else { counts[k - 1] };
    let (start0, start1) = (first(before), first(after));
    let link = |counts: &[f64; N], start: f64| if start > 0.0 && counts[k] > 0.0 { counts[k] / start } else { 1.0 };
    match (missing(before), missing(after)) {
        (false, false) => {}
        (true, true) => (before[k], after[k]) = (start0, start1),
        (true, false) => before[k] = start0 * link(after, start1),
        (false, true) => after[k] = start1 * link(before, start0),
    }
}

/// Each count over the one before it, the first over 1; 0 behind a count of 0.
fn links<const N: usize>(counts: &[f64; N]) -> [f64; N] {
    let mut before = 1.0;
    counts.map(|count| {
        let link = if before > 0.0 { count / before } else { 0.0 };
        before = count;
        link
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: &[f64], b: &[f64]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9 * b.abs().max(1.0))
    }

    #[test]
    fn the_mean_lies_between_its_numbers() {
        // (2 - 1) / ln 2, and the limit a where both are equal.
        assert!((logarithmic_mean(2.0, 1.0) - std::f64::consts::LOG2_E).abs() < 1e-12);
        assert_eq!(
            [logarithmic_mean(7.0, 7.0), logarithmic_mean(0.0, 5.0), logarithmic_mean(5.0, 0.0)],
            [7.0, 0.0, 0.0]
        );
        // Nearly equal numbers: the difference of logarithms would lose half of the digits.
        assert!((logarithmic_mean(1.0 + 1e-12, 1.0) - (1.0 + 5e-13)).abs() < 1e-15);
    }

    #[test]
    fn a_chain_by_hand() {
        // 1,000 households, 100 buyers, 200 units, 2,000 yuan; then 1,500, 225, 405, 4,050: households x 1.5,
        // conversion 10% to 15%, 2 to 1.8 units a buyer, 10 yuan throughout. L = 2,050 / ln 2.025 = 2,905.451.
        let parts = split([1000.0, 100.0, 200.0, 2000.0], [1500.0, 225.0, 405.0, 4050.0]);
        let mean = 2050.0 / 2.025_f64.ln();
        let expected = [mean * 1.5_f64.ln(), mean * 1.5_f64.ln(), mean * 0.9_f64.ln(), 0.0];
        assert!(near(&parts, &expected), "{parts:?}");
        assert!((parts[0] - 1178.060).abs() < 1e-3 && (parts[2] + 306.120).abs() < 1e-3, "{parts:?}");
    }

    #[test]
    fn what_goes_to_zero_is_one_links_doing() {
        // Launched: no unit before, so the price before is not known and did not change.
        assert_eq!(split([10.0, 5.0, 0.0, 0.0], [20.0, 8.0, 4.0, 40.0]), [0.0, 0.0, 40.0, 0.0]);
        // A centre closed: nobody signs, nothing behind it is known.
        assert_eq!(split([10.0, 5.0, 2.0, 40.0], [0.0; 4]), [-40.0, 0.0, 0.0, 0.0]);
        // Given away: the price went to 0.
        assert_eq!(split([10.0, 5.0, 2.0, 40.0], [10.0, 5.0, 2.0, 0.0]), [0.0, 0.0, 0.0, -40.0]);
        assert_eq!(split([10.0, 5.0, 0.0, 0.0], [20.0, 8.0, 0.0, 0.0]), [0.0; 4]);
    }

    #[test]
    fn what_cannot_be_told_is_unchanged() {
        // Nobody signed before, but somebody bought: the buyers' doubling is not the households' doing.
        let parts = split([0.0, 5.0, 5.0, 50.0], [20.0, 10.0, 10.0, 100.0]);
        assert!(near(&parts, &[0.0, 50.0, 0.0, 0.0]), "{parts:?}");
        // Never any households: the same.
        let parts = split([0.0, 5.0, 5.0, 50.0], [0.0, 10.0, 10.0, 100.0]);
        assert!(near(&parts, &[0.0, 50.0, 0.0, 0.0]), "{parts:?}");
        // Returns beyond sales have no logarithm.
        assert_eq!(split([10.0, 5.0, 2.0, -10.0], [10.0, 5.0, 2.0, 40.0]).iter().sum::<f64>(), 50.0);
    }

    fn count() -> impl Strategy<Value = f64> {
        prop_oneof![1 => Just(0.0), 4 => 1e-3f64..1e6]
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_change(a in [count(), count(), count(), count()], b in [count(), count(), count(), count()]) {
            let parts = split(a, b);
            prop_assert!(parts.iter().all(|p| p.is_finite()), "{parts:?}");
            let scale = a[3].max(b[3]).max(1.0);
            prop_assert!((parts.iter().sum::<f64>() - (b[3] - a[3])).abs() <= 1e-9 * scale);
        }

        #[test]
        fn nothing_is_left_for_the_last_link_to_hide(
            a in [1e-2f64..1e4, 1e-2f64..1e4, 1e-2f64..1e4],
            b in [1e-2f64..1e4, 1e-2f64..1e4, 1e-2f64..1e4],
            price in 0.1f64..100.0,
        ) {
            // With one price throughout, price explains nothing, and the rest the whole change.
            let parts = split([a[0], a[1], a[2], a[2] * price], [b[0], b[1], b[2], b[2] * price]);
            prop_assert!(parts[3].abs() <= 1e-9 * price * a[2].max(b[2]).max(1.0), "{parts:?}");
        }

        #[test]
        fn back_and_forth_is_nothing(a in [count(), count(), count()], b in [count(), count(), count()]) {
            let (there, back) = (split(a, b), split(b, a));
            let scale = a[2].max(b[2]).max(1.0);
            prop_assert!(there.iter().zip(&back).all(|(x, y)| (x + y).abs() <= 1e-9 * scale), "{there:?} {back:?}");
        }
    }
}
