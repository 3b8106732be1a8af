//! Life tables worked by hand.

use super::*;
use ndarray::array;

fn part(community: usize, households: f64, handover: i32) -> Part {
    Part { community, households, handover }
}

/// Three communities over four months. A (100 households) is handed over in month 1, B (200) in month 2, C (50) in month
/// -2, before the data begin.
///
/// | | month 0 | 1 | 2 | 3 |
/// |---|---|---|---|---|
/// | A | 2 at lag -1 | 30 at 0 | 20 at 1 | 10 at 2 |
/// | B | 0 at -2 | 4 at -1 | 50 at 0 | 36 at 1 |
/// | C | 6 at 2 | 5 at 3 | 2 at 4 | 1 at 5 |
#[test]
fn a_life_table_by_hand() {
    let parts = [part(0, 100.0, 1), part(1, 200.0, 2), part(2, 50.0, -2)];
    let signed = array![[2.0, 30.0, 20.0, 10.0], [0.0, 4.0, 50.0, 36.0], [6.0, 5.0, 2.0, 1.0]];
    let curve = Curve::fit(&parts, signed.view(), |_, _| 1.0, 8);
    let near = |lag: i32, share: f64| assert!((curve.at(lag) - share).abs() < 1e-12, "{lag}: {}", curve.at(lag));
    // Lag -1: (2 + 4) / (100 + 200), B and A; lag -2: only B, 0 / 200.
    near(-2, 0.0);
    near(-1, 6.0 / 300.0);
    near(0, 80.0 / 300.0);
    near(1, 56.0 / 300.0);
    // Lag 2: A's last month (B is censored) and C, who entered late: (10 + 6) / 150.
    near(2, 16.0 / 150.0);
    // Beyond lag 2 three lags by their households: 3: (16 + 5 + 2) / (150 + 50 + 50).
    near(3, 23.0 / 250.0);
    near(4, 8.0 / 150.0);
    // 5 is the last one observed: its mean is over two.
    near(5, 3.0 / 100.0);
    assert_eq!(curve.observed_to, Some(5));
    assert_eq!(curve.exposure[..5], [0.0, 0.0, 0.0, 0.0, 200.0]);
    // The tail: lags 3 to 5 against 0 to 2.
    let decay = ((23.0 / 250.0 + 8.0 / 150.0 + 3.0 / 100.0) / (80.0 / 300.0 + 56.0 / 300.0 + 16.0 / 150.0_f64)).cbrt();
    near(7, curve.at(6) * decay);
    assert!(curve.at(6) < curve.at(5) && curve.at(9) == 0.0);
    let by_hand = 100.0 * 56.0 / 300.0;
    assert!((curve.expected(&parts[0], 2) - by_hand).abs() < 1e-12);
    assert!((curve.before(1) - 86.0 / 300.0).abs() < 1e-12);
}

/// One community of 100 in two parts, beside one of the same shape in one: the split of its signings that agrees with
/// the table is found. Lags 0, 1 and 2 take .4, .2 and .1 of the households.
#[test]
fn parts_share_their_signings_out() {
    let parts = [part(0, 100.0, 0), part(1, 60.0, 0), part(1, 40.0, 1)];
    // 60 x .4; 60 x .2 + 40 x .4; 60 x .1 + 40 x .2.
    let signed = array![[40.0, 20.0, 10.0], [24.0, 28.0, 14.0]];
    let curve = Curve::fit(&parts, signed.view(), |_, _| 1.0, 6);
    for (lag, share) in [(0, 0.4), (1, 0.2), (2, 0.1)] {
        // Lag -1, where nobody signs, is left slowly.
        assert!((curve.at(lag) - share).abs() < 2e-3, "{lag}: {}", curve.at(lag));
    }
}

#[test]
fn a_brisk_month_is_not_taken_for_a_steep_curve() {
    let parts = [part(0, 100.0, 0), part(1, 100.0, 1)];
    let signed = array![[30.0, 40.0, 10.0], [0.0, 60.0, 20.0]];
    let curve = Curve::fit(&parts, signed.view(), |_, t| if t == 1 { 2.0 } else { 1.0 }, 6);
    assert!((curve.at(0) - 90.0 / 300.0).abs() < 1e-12 && (curve.at(1) - 60.0 / 300.0).abs() < 1e-12);
}

/// Both sign half of those left each month; the first, of 50 households twice as willing, is full after lag 0.
#[test]
fn a_full_community_says_nothing_of_the_others() {
    let parts = [part(0, 50.0, 0), part(1, 100.0, 0)];
    let signed = array![[50.0, 0.0, 0.0], [50.0, 25.0, 10.0]];
    let weight = |c: usize, t: usize| match c {
        0 if t > 0 => 0.0,
        0 => 2.0,
        _ => 1.0,
    };
    let curve = Curve::fit(&parts, signed.view(), weight, 6);
    assert!((curve.at(0) - 0.5).abs() < 1e-12 && (curve.at(1) - 0.25).abs() < 1e-12, "{:?}", curve.shares);
}

#[test]
fn nothing_known_is_nothing_expected() {
    let none = Curve::fit(&[], ndarray::Array2::zeros((0, 0)).view(), |_, _| 1.0, 3);
    assert_eq!((none.observed_to, none.at(0)), (None, 0.0));
    let later = Curve::fit(&[part(0, 10.0, 30)], array![[0.0, 0.0]].view(), |_, _| 1.0, 40);
    assert_eq!((later.observed_to, later.at(5)), (None, 0.0));
}

proptest::proptest! {
    #[test]
    fn a_signing_is_counted_once_whatever_the_parts(
        n in proptest::collection::vec(0.0..50.0_f64, 12),
        handovers in proptest::collection::vec(-3..10_i32, 3),
    ) {
        let parts: Vec<Part> = handovers.iter().map(|h| part(0, 300.0, *h)).collect();
        let signed = ndarray::Array2::from_shape_vec((1, 12), n.clone()).unwrap();
        let mut sums = vec![0.0; 30];
        share_out(&parts, signed.view(), &[0.1; 30], &mut sums);
        proptest::prop_assert!((sums.iter().sum::<f64>() - n.iter().sum::<f64>()).abs() < 1e-9);
    }
}
