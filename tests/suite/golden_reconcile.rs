//! The tree reconciliation against hierarchicalforecast's MinTrace (`tests/golden/reconcile_tree.py`).

use serde_json::Value;
use yugu::stats::reconcile::tree;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[test]
fn agrees_with_min_trace() {
    let text = include_str!("../golden/reconcile_tree.json");
    let cases: Value = serde_json::from_str(text).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= 5);
    for case in cases {
        let parents: Vec<Option<usize>> =
            case["parents"].as_array().unwrap().iter().map(|p| p.as_u64().map(|p| p as usize)).collect();
        let (forecast, weights, wanted) =
            (numbers(&case["forecast"]), numbers(&case["weights"]), numbers(&case["reconciled"]));
        let mut found = vec![0.0; forecast.len()];
        tree(&parents, &forecast, &weights, &mut found);
        for (f, w) in found.iter().zip(&wanted) {
            assert!((f - w).abs() <= 1e-9 * w.abs().max(1.0), "{f} is not {w}");
        }
    }
}
