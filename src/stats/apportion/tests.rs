use proptest::prelude::*;

use super::*;

const NONE: f64 = f64::INFINITY;

fn split(weights: &[f64], total: f64, low: &[f64], high: &[f64]) -> (Result<Split, Infeasible>, Vec<f64>) {
    let mut out = vec![-1.0; weights.len()];
    (project(weights, total, low, high, &mut out), out)
}

#[track_caller]
fn near(found: &[f64], wanted: &[f64], within: f64) {
    assert_eq!(found.len(), wanted.len());
    assert!(found.iter().zip(wanted).all(|(f, w)| (f - w).abs() <= within), "{found:?}, not {wanted:?}");
}

#[test]
fn between_bounds() {
    let (how, x) = split(&[120.0, 80.0, 60.0, 40.0], 330.0, &[0.0, 80.0, 0.0, 38.0], &[126.0, 80.0, NONE, 42.0]);
    assert_eq!(how, Ok(Split::Proportional));
    near(&x, &[126.0, 80.0, 82.0, 42.0], 1e-12);
}

#[test]
fn locks() {
    let weights = [10.0, 20.0, 30.0, 40.0, 50.0];
    let (mut low, mut high) = ([0.0; 5], [NONE; 5]);
    let (_, x) = split(&weights, 100.0, &low, &high);
    near(&x, &[100.0 / 15.0, 200.0 / 15.0, 20.0, 400.0 / 15.0, 500.0 / 15.0], 1e-12);
    (low[2], high[2]) = (10.0, 10.0);
    let (_, x) = split(&weights, 100.0, &low, &high);
    near(&x, &[7.5, 15.0, 10.0, 30.0, 37.5], 1e-12);
    (low[3], high[3]) = (70.0, 70.0);
    let (_, x) = split(&weights, 100.0, &low, &high);
    near(&x, &[2.5, 5.0, 10.0, 70.0, 12.5], 1e-12);
}

#[test]
fn no_room_changes_nothing() {
    let (how, x) = split(&[1.0, 1.0], 100.0, &[60.0, 50.0], &[60.0, 50.0]);
    assert_eq!((how, x), (Err(Infeasible { sum_low: 110.0, sum_high: 110.0 }), vec![-1.0; 2]));
    let (how, _) = split(&[1.0, 1.0], 100.0, &[0.0, 0.0], &[40.0, 50.0]);
    assert_eq!(how, Err(Infeasible { sum_low: 0.0, sum_high: 90.0 }));
    assert!(split(&[1.0], -1.0, &[0.0], &[NONE]).0.is_err());
    // Ten locks of .1 are 1 on paper.
    assert!(split(&[1.0; 10], 1.0, &[0.1; 10], &[0.1; 10]).0.is_ok());
    assert_eq!(split(&[], 0.0, &[], &[]).0, Ok(Split::Proportional));
    assert!(split(&[], 1.0, &[], &[]).0.is_err());
}

#[test]
fn without_weights_equally() {
    let (how, x) = split(&[0.0; 3], 90.0, &[0.0, 50.0, 0.0], &[NONE, 50.0, NONE]);
    assert_eq!((how, x), (Ok(Split::Equal), vec![20.0, 50.0, 20.0]));
    let (how, x) = split(&[5.0, 0.0, 0.0], 90.0, &[0.0; 3], &[30.0, NONE, 10.0]);
    assert_eq!((how, x), (Ok(Split::Equal), vec![30.0, 50.0, 10.0]));
    let (how, x) = split(&[0.0; 2], 0.0, &[0.0; 2], &[NONE; 2]);
    assert_eq!((how, x), (Ok(Split::Proportional), vec![0.0; 2]));
    // A product of weight 0 beside others gets none.
    assert_eq!(split(&[0.0, 2.0], 7.0, &[0.0; 2], &[NONE; 2]), (Ok(Split::Proportional), vec![0.0, 7.0]));
}

#[test]
fn what_holds_already_stays_to_the_bit() {
    let weights = [0.1, 0.2, 0.3, 1e-9];
    assert_eq!(split(&weights, weights.iter().sum(), &[0.0; 4], &[NONE; 4]).1, weights);
    assert_eq!(split(&weights, 0.6 + 1e-9, &[0.1, 0.0, 0.0, 0.0], &[0.1, NONE, NONE, NONE]).1, weights);
}

#[test]
fn rounding_does_not_pile_up() {
    let weights: Vec<f64> = (1..=3000).map(|i| 1.0 / f64::from(i)).collect();
    for total in [0.1, 1e6 / 3.0, 7e9] {
        let (_, x) = split(&weights, total, &vec![0.0; 3000], &vec![NONE; 3000]);
        assert!((x.iter().sum::<f64>() / total - 1.0).abs() <= f64::EPSILON);
    }
}

fn whole_of(exact: &[f64], total: i64) -> Vec<i64> {
    let mut out = vec![0; exact.len()];
    whole(exact, total, &mut out);
    out
}

#[test]
fn april_twice_in_whole_units() {
    let of = |shares: [f64; 3], total: i64| whole_of(&shares.map(|s| s / 100.0 * total as f64), total);
    assert_eq!(whole_of(&[300.0, 412.5, 287.5], 1000), [300, 413, 287]);
    assert_eq!(of([30.0, 41.25, 28.75], 1000), [300, 413, 287]);
    assert_eq!(of([40.0, 35.625, 24.375], 1000), [400, 356, 244]);
    assert_eq!(of([40.0, 35.625, 24.375], 950), [380, 338, 232]);
    assert_eq!(of([40.0, 35.625, 24.375], 900), [360, 321, 219]);
    let corrected = [51.2621, 28.9884, 19.7495];
    assert_eq!(of(corrected, 1000), [513, 290, 197]);
    assert_eq!(of(corrected, 950), [487, 275, 188]);
    assert_eq!(of(corrected, 900), [461, 261, 178]);
}

#[test]
fn remainders() {
    assert_eq!(whole_of(&[0.5, 0.5, 0.5, 0.5], 2), [1, 1, 0, 0]);
    // Ties in spite of the arithmetic before them, and noise that is no remainder.
    assert_eq!(whole_of(&[2.4999999999999, 1.5, 3.0000000000001], 7), [3, 1, 3]);
    assert_eq!(whole_of(&[0.9999999999999, 0.4, 0.6], 2), [1, 0, 1]);
    assert_eq!(whole_of(&[1e9 * 0.3 + 0.5, 1e9 * 0.7 + 0.5], 1_000_000_001), [300_000_001, 700_000_000]);
    assert_eq!(whole_of(&[-1.5, 3.5], 2), [-1, 3]);
    // A total that is not the rounded sum is reached by scaling, without a sum by equal parts.
    assert_eq!(whole_of(&[1.0, 3.0], 100), [25, 75]);
    assert_eq!(whole_of(&[3.0, 0.0, 0.0], 1), [1, 0, 0]);
    assert_eq!(whole_of(&[0.0, 0.0, 0.0], 8), [3, 3, 2]);
    assert!(whole_of(&[], 5).is_empty());
    let mut out = [0; 2];
    whole(&[1e300, -1e300], i64::MAX, &mut out);
}

#[test]
fn totals_and_bounds_in_whole_units() {
    let halves = [0.5, 1.5, 2.5, -0.5, -2.5, 0.49, 412.499_999_999_99, 0.0, -0.2];
    assert_eq!(halves.map(nearest), [1, 2, 3, -1, -3, 0, 412 + 1, 0, 0]);
    assert_eq!(inwards(10.2, 14.8), (11.0, 14.0));
    assert_eq!(inwards(11.000_000_000_1, 13.999_999_999_9), (11.0, 14.0));
    assert_eq!(inwards(10.5, 10.5), (11.0, 11.0));
    assert_eq!(inwards(10.2, 10.4), (10.0, 10.0));
    assert_eq!(inwards(0.0, NONE), (0.0, NONE));
}

/// Weight, lower bound and upper bound of a row: free, bounded, or locked.
fn row() -> impl Strategy<Value = (f64, f64, f64)> {
    let weight = prop_oneof![4 => 0.0..1000.0, 1 => Just(0.0), 1 => 1e-9..1e9];
    let bounds = prop_oneof![
        Just((0.0, NONE)),
        (0.0..500.0).prop_map(|x| (x, x)),
        (0.0..500.0, 0.0..500.0).prop_map(|(l, more)| (l, l + more)),
        (0.0..500.0).prop_map(|l| (l, NONE)),
    ];
    (weight, bounds).prop_map(|(b, (l, u))| (b, l, u))
}

proptest! {
    #[test]
    fn sums_hold_within_bounds_and_in_proportion(
        rows in prop::collection::vec(row(), 1..40), at in 0.0..1.0, more in 0.0..1e5,
    ) {
        let (b, l): (Vec<f64>, Vec<f64>) = rows.iter().map(|r| (r.0, r.1)).unzip();
        let u: Vec<f64> = rows.iter().map(|r| r.2).collect();
        let (least, most) = (l.iter().sum::<f64>(), u.iter().sum::<f64>());
        let total = if most.is_finite() { least + at * (most - least) } else { least + more };
        let (how, x) = split(&b, total, &l, &u);
        prop_assert!((x.iter().sum::<f64>() - total).abs() <= 1e-12 * total, "{how:?} {x:?}");
        let loose = 1e-9;
        let mut theta: Option<f64> = None;
        for i in 0..x.len() {
            prop_assert!(l[i] <= x[i] && x[i] <= u[i]);
            if how == Ok(Split::Proportional) && b[i] > 1e-3 && l[i] * (1.0 + loose) < x[i] && x[i] < u[i] * (1.0 - loose) {
                let ratio = x[i] / b[i];
                prop_assert!((ratio / *theta.get_or_insert(ratio) - 1.0).abs() < 1e-6, "{x:?} of {b:?}");
            }
        }
        // Those at a bound would be beyond it at the others' ratio.
        if let (Some(theta), Ok(Split::Proportional)) = (theta, how) {
            for i in 0..x.len() {
                let clipped = (theta * b[i]).max(l[i]).min(u[i]);
                prop_assert!((x[i] - clipped).abs() <= 1e-6 * total.max(1.0), "{} {clipped}", x[i]);
            }
        }
        // Once it holds, it stays.
        prop_assert_eq!(split(&x, total, &l, &u).1, x);
    }

    #[test]
    fn whole_units_add_up_and_stay_near(exact in prop::collection::vec(0.0..1e5, 1..60)) {
        let total = nearest(exact.iter().sum());
        let rounded = whole_of(&exact, total);
        prop_assert_eq!(rounded.iter().sum::<i64>(), total);
        for (r, x) in rounded.iter().zip(&exact) {
            prop_assert!((*r as f64 - x).abs() < 1.0);
        }
    }

    #[test]
    fn whole_units_reach_any_total(exact in prop::collection::vec(-50.0..1e5, 1..60), total in -1000..1_000_000i64) {
        prop_assert_eq!(whole_of(&exact, total).iter().sum::<i64>(), total);
    }
}
