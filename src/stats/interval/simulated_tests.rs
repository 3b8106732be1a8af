//! Worlds whose truth is known: how often the interval holds.

use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Normal, Poisson};

use super::{Past, Spread, Sums};

/// What a month brings for a forecast: `common` is the month's standard normal shock.
type World = fn(f64, f64, &mut ChaCha8Rng) -> f64;

fn poisson(forecast: f64, _: f64, random: &mut ChaCha8Rng) -> f64 {
    Poisson::new(forecast).unwrap().sample(random)
}

/// Variance `f + f^2 / 2`.
fn negative_binomial(forecast: f64, _: f64, random: &mut ChaCha8Rng) -> f64 {
    let mean: f64 = Gamma::new(2.0, forecast / 2.0).unwrap().sample(random);
    Poisson::new(mean.max(1e-9)).unwrap().sample(random)
}

fn standard(random: &mut ChaCha8Rng) -> f64 {
    Normal::new(0.0, 1.0).unwrap().sample(random)
}

fn lognormal(forecast: f64, _: f64, random: &mut ChaCha8Rng) -> f64 {
    forecast * (0.4 * standard(random)).exp()
}

/// A tenth of the variance is the month's.
fn lognormal_with_shocks(forecast: f64, common: f64, random: &mut ChaCha8Rng) -> f64 {
    forecast * (0.1 * common + 0.3 * standard(random)).exp()
}

/// Share of (80%, 95%) intervals that hold of series and of sums of ten, over many worlds of `months` x `series`.
fn coverage(world: World, whole: bool, months: usize, series: usize, worlds: u64) -> [[f64; 2]; 2] {
    let (mut found, mut n) = ([[0.0; 2]; 2], [0.0; 2]);
    for seed in 0..worlds {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        // Sizes from .5 to 500 for counts, the same for the others.
        let sizes: Vec<f64> = (0..series).map(|s| 0.5 * 1000.0_f64.powf(s as f64 / series as f64)).collect();
        let forecasts = Array2::from_shape_fn((months + 1, series), |(_, s)| sizes[s]);
        let mut actuals = Array2::zeros((months + 1, series));
        for mut row in actuals.rows_mut() {
            let common = standard(&mut random);
            row.iter_mut().zip(&sizes).for_each(|(y, &f)| *y = world(f, common, &mut random));
        }
        let counts = Array2::from_elem((months, series), true);
        let whole = vec![whole; series];
        let seen = ndarray::s![..months, ..];
        let (f, a) = (forecasts.slice(seen), actuals.slice(seen));
        let past = Past { forecasts: f, actuals: a, counts: counts.view(), whole: &whole };
        let spread = Spread::learn(&past).unwrap();
        let now = (forecasts.row(months), actuals.row(months));
        for s in 0..series {
            let inside = spread.inside(now.0[s], s, now.1[s]);
            found[0][0] += inside[0];
            found[0][1] += inside[1];
            n[0] += 1.0;
        }
        let owner: Vec<usize> = (0..series).map(|s| s / 10).collect();
        let sums = Sums::of(&past, &owner, vec![past.whole[0]; series / 10]);
        let spread = sums.spread().unwrap();
        for r in 0..series / 10 {
            let sum = |v: ndarray::ArrayView1<f64>| v.slice(ndarray::s![10 * r..10 * r + 10]).sum();
            let inside = spread.inside(sum(now.0), r, sum(now.1));
            found[1][0] += inside[0];
            found[1][1] += inside[1];
            n[1] += 1.0;
        }
    }
    [found[0].map(|x| 100.0 * x / n[0]), found[1].map(|x| 100.0 * x / n[1])]
}

fn assert_near(found: [f64; 2], name: &str) {
    assert!((78.0..=82.0).contains(&found[0]) && (93.5..=96.5).contains(&found[1]), "{name}: {found:?}");
}

#[test]
fn intervals_hold_as_often_as_they_say() {
    for (name, world, whole) in [
        ("Poisson", poisson as World, true),
        ("negative binomial", negative_binomial, true),
        ("lognormal", lognormal, false),
        ("lognormal with shocks", lognormal_with_shocks, false),
    ] {
        let found = coverage(world, whole, 12, 300, 40);
        assert_near(found[0], name);
    }
}

/// One month cannot tell its shift from the rest.
#[test]
fn few_months_cost_little() {
    for (months, least) in [(1, [77.0, 91.0]), (3, [78.0, 93.0])] {
        let found = coverage(lognormal_with_shocks, false, months, 100, 100)[0];
        assert!((least[0]..=84.0).contains(&found[0]), "{months}: {found:?}");
        assert!((least[1]..=97.5).contains(&found[1]), "{months}: {found:?}");
    }
}

/// Half of the variance of these sums is the month's. Shifts are taken from the last few months and drawn to a usual
/// size, so that one bad quarter is soon forgotten: where shifts are as large as this and stay so, the intervals are a
/// little narrow.
#[test]
fn sums_hold_with_common_shocks() {
    let found = coverage(lognormal_with_shocks, false, 24, 200, 100)[1];
    assert!((72.0..=84.0).contains(&found[0]) && (90.0..=97.5).contains(&found[1]), "{found:?}");
}
