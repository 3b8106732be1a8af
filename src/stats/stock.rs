//! How much to hold against an uncertain demand (docs/METHOD.md#stock): critical ratios, losses, quantiles, whole packs.
//!
//! With demand over the protection interval of mean `m` and standard deviation `s`, an order-up-to level `m + k s` is
//! not exceeded with probability `Phi(k)` and leaves `s L(k)` units unserved on average, `L(k) = phi(k) - k (1 - Phi(k))`.
//! Slow movers have discrete demand: Poisson, or negative binomial where it varies more than its mean.
//! Sources: Silver, Pyke, Thomas 2017, Inventory and Production Management in Supply Chains, ch. 6 and 9; Snyder, Shen
//! 2019, Fundamentals of Supply Chain Theory, ch. 4, whose programs (stockpyl) the tests compare with.

mod discrete;
mod order;

pub use discrete::negative_binomial_quantile;
pub use order::{Lot, order, order_at_most};

use super::interval::normal_quantile as approximate_quantile;

/// Below this distance from the middle the series for the normal distribution is exact; beyond, the continued fraction.
const SERIES_TO: f64 = 3.0;
/// Terms of the series and steps of the fraction: enough for 15 digits on their side of [`SERIES_TO`].
const TERMS: usize = 60;
/// Bisections of an interval of ten: to 15 digits.
const HALVINGS: usize = 60;
/// Safety factors searched: beyond them losses are below 1e-23.
const LARGEST_FACTOR: f64 = 10.0;

/// Density of the standard normal distribution.
pub fn normal_density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Probability that a standard normal variable is over `x`, to about 14 digits, also far out.
/// Source: Abramowitz, Stegun 26.2.11 (series) and 26.2.14 (continued fraction).
pub fn normal_above(x: f64) -> f64 {
    if x.abs() < SERIES_TO {
        let (mut term, mut sum) = (x, x);
        for n in 1..TERMS {
            term *= x * x / (2 * n + 1) as f64;
            let before = sum;
            sum += term;
            if sum == before {
                break;
            }
        }
        return 0.5 - normal_density(x) * sum;
    }
    let far = x.abs();
    let fraction = (1..=TERMS).rev().fold(far, |below, n| far + n as f64 / below);
    let tail = normal_density(x) / fraction;
    if x > 0.0 { tail } else { 1.0 - tail }
}

/// Quantile of the standard normal distribution: Acklam's approximation and one step of Halley's method, to about 14
/// digits.
pub fn normal_quantile(p: f64) -> f64 {
    let x = approximate_quantile(p);
    let error = (1.0 - normal_above(x) - p) / normal_density(x);
    if error.is_finite() { x - error / (1.0 + x * error / 2.0) } else { x }
}

/// Standard normal loss `L(k) = E max(0, Z - k)`: units short on average over the standard deviation.
pub fn normal_loss(k: f64) -> f64 {
    normal_density(k) - k * normal_above(k)
}

/// Critical ratio `cu / (cu + co)` of what a missing unit costs and what a unit too many costs (both in one unit of
/// money, not negative). A half where neither costs anything.
pub fn critical_ratio(underage: f64, overage: f64) -> f64 {
    let both = underage + overage;
    if both > 0.0 { underage / both } else { 0.5 }
}

/// Safety factor of a fill rate (share of demand served from stock, within (0, 1)): `L(k) = Q (1 - beta) / sigma`, Q
/// what a cycle replenishes, in units as sigma. 0 where nothing is uncertain or no stock is needed to reach it.
pub fn fill_factor(fill: f64, quantity: f64, sigma: f64) -> f64 {
    let asked = quantity * (1.0 - fill);
    if sigma <= 0.0 || asked >= sigma * normal_loss(0.0) {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, LARGEST_FACTOR);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if sigma * normal_loss(middle) > asked { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn golden() -> Value {
        serde_json::from_str(include_str!("../../tests/golden/stock.json")).unwrap()
    }

    fn rows(name: &str) -> Vec<Vec<f64>> {
        let golden = golden();
        let rows = golden[name].as_array().unwrap().iter();
        rows.map(|row| row.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()).collect()
    }

    fn same(ours: f64, golden: f64, what: &[f64]) {
        assert!((ours - golden).abs() <= 1e-9 * golden.abs().max(1e-3), "{what:?}: {ours} is not {golden}");
    }

    #[test]
    fn losses_and_quantiles_are_stockpyls() {
        for row in rows("loss") {
            same(normal_loss(row[0]), row[1], &row);
        }
        for row in rows("fill") {
            same(fill_factor(row[1], row[0], row[2]), row[3], &row);
        }
        for row in rows("negative_binomial") {
            assert_eq!(negative_binomial_quantile(row[2], row[0], row[1]), row[3], "{row:?}");
        }
    }

    #[test]
    fn the_methods_figures_to_the_printed_digits() {
        let printed = |x: f64, digits: i32| (x * 10_f64.powi(digits)).round() / 10_f64.powi(digits);
        assert_eq!((printed(normal_loss(0.5), 7), printed(normal_loss(1.0), 7)), (0.1977966, 0.0833155));
        assert_eq!(printed(fill_factor(0.98, 200.0, 60.0), 7), 1.1145639);
    }

    #[test]
    fn nothing_uncertain_needs_no_safety_stock() {
        assert_eq!(fill_factor(0.98, 200.0, 0.0), 0.0);
        assert_eq!(fill_factor(0.5, 1000.0, 10.0), 0.0);
        assert_eq!(critical_ratio(0.0, 0.0), 0.5);
    }

    #[test]
    fn the_two_sides_of_the_normal_distribution_meet() {
        for x in [0.0, 0.7, 2.999_999, 3.0, 3.000_001, 8.0] {
            assert!((normal_above(x) + normal_above(-x) - 1.0).abs() < 1e-14, "{x}");
        }
        assert!((normal_above(2.999_999_999) / normal_above(3.000_000_001) - 1.0).abs() < 1e-7);
        assert!((normal_above(1.959_963_984_540_054) - 0.025).abs() < 1e-14);
    }
}
