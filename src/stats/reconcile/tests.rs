use ndarray::array;
use proptest::prelude::*;

use super::*;

#[track_caller]
fn near(found: &[f64], wanted: &[f64], within: f64) {
    assert_eq!(found.len(), wanted.len());
    assert!(found.iter().zip(wanted).all(|(f, w)| (f - w).abs() <= within), "{found:?}, not {wanted:?}");
}

fn reconciled(parent: &[Option<usize>], forecast: &[f64], weight: &[f64]) -> Vec<f64> {
    let mut out = vec![f64::NAN; forecast.len()];
    tree(parent, forecast, weight, &mut out);
    out
}

/// A root, two below it, three and two leaves below these.
const PARENT: [Option<usize>; 8] = [None, Some(0), Some(0), Some(1), Some(1), Some(1), Some(2), Some(2)];
const FORECAST: [f64; 8] = [100.0, 55.0, 50.0, 20.0, 18.0, 15.0, 30.0, 22.0];

#[test]
fn weights_of_leaves_below() {
    let x = reconciled(&PARENT, &FORECAST, &[5.0, 3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    near(&x, &[103.3333, 53.0, 50.3333, 20.0, 18.0, 15.0, 29.1667, 21.1667], 5e-5);
    near(&x[..1], &[310.0 / 3.0], 1e-12);
}

#[test]
fn weights_of_zero() {
    // Leaves that cannot move: their sums, whatever stands above.
    let x = reconciled(&PARENT, &FORECAST, &[5.0, 3.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(x, [105.0, 53.0, 52.0, 20.0, 18.0, 15.0, 30.0, 22.0]);
    assert_eq!(reconciled(&PARENT, &FORECAST, &[0.0; 8]), x);
    // A root that cannot move: the others do, by their weights. Below the second one the leaves are fixed.
    let x = reconciled(&PARENT, &FORECAST, &[0.0, 1e300, 1e300, 1.0, 1.0, 2.0, 0.0, 0.0]);
    near(&x, &[100.0, 48.0, 52.0, 18.75, 16.75, 12.5, 30.0, 22.0], 1e-9);
    assert!(reconciled(&[], &[], &[]).is_empty());
    assert_eq!(reconciled(&[None, None], &[3.0, 4.0], &[1.0, 0.0]), [3.0, 4.0]);
}

#[test]
fn tables() {
    // Independent: row x column / total.
    let mut x = array![[1.0, 1.0], [1.0, 1.0]];
    assert!(table(x.view_mut(), &[30.0, 70.0], &[60.0, 40.0]).is_ok());
    near(x.as_slice().unwrap(), &[18.0, 12.0, 42.0, 28.0], 1e-9);
    // The cross ratio stays what it was: 1 x 4 / (2 x 3) = 2/3.
    let mut x = array![[1.0, 2.0], [3.0, 4.0]];
    assert!(table(x.view_mut(), &[30.0, 70.0], &[60.0, 40.0]).is_ok());
    near(&[x[[0, 0]] * x[[1, 1]] / (x[[0, 1]] * x[[1, 0]])], &[2.0 / 3.0], 1e-9);
    near(&[x.row(0).sum(), x.row(1).sum(), x.column(0).sum(), x.column(1).sum()], &[30.0, 70.0, 60.0, 40.0], 1e-7);
    // Zeros stay.
    let mut x = array![[0.0, 5.0], [2.0, 1.0]];
    assert!(table(x.view_mut(), &[10.0, 20.0], &[15.0, 15.0]).is_ok());
    near(x.as_slice().unwrap(), &[0.0, 10.0, 15.0, 5.0], 1e-8);
    // What agrees already stays to the bit.
    let mut x = array![[0.1, 0.2], [0.3, 0.7]];
    let before = x.clone();
    assert_eq!(table(x.view_mut(), &[0.3, 1.0], &[0.4, 0.9]), Ok(0));
    assert_eq!(x, before);
    assert_eq!(table(Array2::zeros((0, 0)).view_mut(), &[], &[]), Ok(0));
    assert_eq!(table(Array2::zeros((2, 1)).view_mut(), &[0.0, 0.0], &[0.0]), Ok(0));
}

#[test]
fn tables_that_cannot_be() {
    let start = array![[0.0, 5.0], [0.0, 1.0]];
    let mut x = start.clone();
    assert_eq!(table(x.view_mut(), &[1.0, 1.0], &[1.0, 2.0]), Err(Unfit::Totals { rows: 2.0, columns: 3.0 }));
    assert_eq!(table(x.view_mut(), &[1.0, 1.0], &[1.0, 1.0]), Err(Unfit::Column(0)));
    assert_eq!(table(x.t().to_owned().view_mut(), &[1.0, 1.0], &[1.0, 1.0]), Err(Unfit::Row(0)));
    assert_eq!(x, start);
    // The first row can only sell the second product, of which there are fewer.
    let mut x = array![[0.0, 5.0], [2.0, 1.0]];
    assert!(matches!(table(x.view_mut(), &[10.0, 5.0], &[8.0, 7.0]), Err(Unfit::Stuck(off)) if off > 0.1));
    assert_eq!(x, array![[0.0, 5.0], [2.0, 1.0]]);
}

/// A tree of up to 30 nodes, parents first.
fn forest() -> impl Strategy<Value = Vec<(Option<usize>, f64, f64)>> {
    let weight = prop_oneof![6 => 0.01..10.0, 1 => Just(0.0), 1 => 1e3..1e9];
    prop::collection::vec((any::<prop::sample::Index>(), 0.0..1000.0, weight), 1..30).prop_map(|nodes| {
        let parent = |i: usize, p: prop::sample::Index| (i > 0).then(|| p.index(i));
        nodes.into_iter().enumerate().map(|(i, (p, y, w))| (parent(i, p), y, w)).collect()
    })
}

fn sums(parent: &[Option<usize>], x: &[f64]) -> Vec<Option<f64>> {
    let mut sums = vec![None; x.len()];
    for (p, x) in parent.iter().zip(x) {
        if let Some(p) = *p {
            sums[p] = Some(sums[p].unwrap_or(0.0) + x);
        }
    }
    sums
}

proptest! {
    #[test]
    fn a_tree_adds_up_and_then_stays(nodes in forest()) {
        let parent: Vec<_> = nodes.iter().map(|n| n.0).collect();
        let forecast: Vec<_> = nodes.iter().map(|n| n.1).collect();
        let weight: Vec<_> = nodes.iter().map(|n| n.2).collect();
        let x = reconciled(&parent, &forecast, &weight);
        let size = forecast.iter().fold(1.0, |m: f64, x| m.max(x.abs())) * x.len() as f64;
        for (x, sum) in x.iter().zip(sums(&parent, &x)) {
            prop_assert!(sum.is_none_or(|sum| (sum - x).abs() <= 1e-9 * size), "{x} {sum:?}");
        }
        near(&reconciled(&parent, &x, &weight), &x, 1e-9 * size);
        // The least-squares optimum: moving any leaf, and all above it, gains nothing: the weighted errors along
        // the way to the root cancel.
        if weight.iter().all(|&w| w > 0.0 && w < 1e3) {
            let inner = sums(&parent, &x);
            for leaf in (0..x.len()).filter(|&i| inner[i].is_none()) {
                let way = std::iter::successors(Some(leaf), |&i| parent[i]);
                let slope: f64 = way.map(|i| (x[i] - forecast[i]) / weight[i]).sum();
                prop_assert!(slope.abs() < 1e-9 * size / 0.01, "{slope}");
            }
        }
    }

    #[test]
    fn a_table_adds_up(
        cells in prop::collection::vec(0.01..100.0, 12), wanted in prop::collection::vec(0.01..100.0, 12),
    ) {
        // Sums of a table that exists.
        let wanted = Array2::from_shape_vec((3, 4), wanted).unwrap();
        let (rows, columns) = (wanted.sum_axis(Axis(1)).to_vec(), wanted.sum_axis(Axis(0)).to_vec());
        let mut x = Array2::from_shape_vec((3, 4), cells).unwrap();
        let passes = table(x.view_mut(), &rows, &columns);
        prop_assert!(passes.is_ok(), "{passes:?}");
        for (line, wanted) in x.rows().into_iter().zip(&rows).chain(x.columns().into_iter().zip(&columns)) {
            prop_assert!((line.sum() / wanted - 1.0).abs() < 1e-9);
        }
    }
}
