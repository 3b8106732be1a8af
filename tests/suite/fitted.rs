//! The fitted forecast keeps what must hold: it scales with the units, splits with a product, does not care in which
//! order a folder lists its regions, and gives way to the plain rules where there is too little to learn from.

use std::collections::BTreeMap;
use std::fmt::Write;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::fit::Learner;
use yugu::folder::load;
use yugu::outlook::Outlook;
use yugu::point;

/// Sales of a made-up company: (month, region, product, units).
type Sales = Vec<(String, String, String, f64)>;

/// Regions of different size, products that trend apart, a season, and noise; some series begin late, some have gaps.
fn company(seed: u64, regions: usize, products: usize, months: usize) -> Sales {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut out = Vec::new();
    let sizes: Vec<f64> = (0..regions).map(|_| rng.random_range(5.0..60.0)).collect();
    let tastes: Vec<(f64, f64)> =
        (0..products).map(|_| (rng.random_range(0.2..2.0), rng.random_range(-0.02..0.03))).collect();
    for (r, size) in sizes.iter().enumerate() {
        for (p, (taste, trend)) in tastes.iter().enumerate() {
            let first = if rng.random_range(0..6) == 0 { rng.random_range(0..months / 2 + 1) } else { 0 };
            for t in first..months {
                let season = 1.0 + 0.4 * (t as f64 * std::f64::consts::TAU / 12.0).sin();
                let mean = size * taste * season * (trend * t as f64).exp();
                let units = (mean * rng.random_range(0.5..1.5)).round();
                if units > 0.0 && rng.random_range(0..25) > 0 {
                    let month = format!("{}-{:02}", 2020 + t / 12, t % 12 + 1);
                    out.push((month, format!("R{r}"), format!("P{p}"), units));
                }
            }
        }
    }
    out
}

fn read(sales: &Sales, regions: &[String], settings: &str) -> Outlook {
    let dir = tempfile::tempdir().unwrap();
    let mut text = "month,region,product,units\n".to_owned();
    for (month, region, product, units) in sales {
        writeln!(text, "{month},{region},{product},{units}").unwrap();
    }
    std::fs::write(dir.path().join("sales.csv"), text).unwrap();
    let list: String = regions.iter().map(|r| format!("{r}\n")).collect();
    std::fs::write(dir.path().join("regions.csv"), format!("region\n{list}")).unwrap();
    std::fs::write(dir.path().join("yugu.toml"), settings).unwrap();
    let loaded = load(dir.path(), None, "2030-01-01".parse().unwrap()).unwrap();
    Outlook::new(loaded.dataset, loaded.warnings).unwrap()
}

fn names(n: usize) -> Vec<String> {
    (0..n).map(|r| format!("R{r}")).collect()
}

/// Exact forecasts by region, product and month.
fn exact(data: &Dataset, exact: &ndarray::ArcArray2<f64>) -> BTreeMap<(String, String, usize), f64> {
    let grid = &data.grid;
    let key = |s: usize, k: usize| {
        let series = grid.series[s];
        let region = grid.regions.code(grid.regions.node_of(series.leaf)).to_owned();
        (region, grid.products.codes[series.product].clone(), k)
    };
    exact.indexed_iter().map(|((s, k), x)| (key(s, k), *x)).collect()
}

fn forecasts(out: &Outlook) -> BTreeMap<(String, String, usize), f64> {
    exact(&out.dataset, &out.point.revision.exact)
}

fn same(a: f64, b: f64, what: &impl std::fmt::Debug) {
    assert!((a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-9), "{what:?}: {a} is not {b}");
}

/// Variances in proportion to a power of the size are not those of two halves: a product in two parts moves the others a
/// little where levels are made to agree.
fn near(a: f64, b: f64, what: &impl std::fmt::Debug) {
    assert!((a - b).abs() <= 0.12 * a.abs().max(b.abs()).max(1e-9), "{what:?}: {a} is not near {b}");
}

const SEEDS: std::ops::Range<u64> = 0..4;

#[test]
fn units_times_a_thousand() {
    for seed in SEEDS {
        let sales = company(seed, 5, 12, 30);
        let large = sales.iter().map(|(m, r, p, x)| (m.clone(), r.clone(), p.clone(), x * 1000.0)).collect();
        // What is odd is told by counting: a thousand times as much is not as likely by chance.
        let one = read(&sales, &names(5), "[reception]\nodd = false\n");
        let thousand = read(&large, &names(5), "[demand]\nprior = 20000\n[reception]\nodd = false\n");
        assert!(one.fit.gate.used && thousand.fit.gate.used);
        for (key, x) in forecasts(&one) {
            same(x * 1000.0, forecasts(&thousand)[&key], &key);
        }
    }
}

#[test]
fn regions_in_another_order() {
    for seed in SEEDS {
        let sales = company(seed, 6, 10, 30);
        let forwards = read(&sales, &names(6), "");
        let mut backwards: Vec<String> = names(6);
        backwards.reverse();
        backwards.swap(1, 3);
        let backwards = read(&sales, &backwards, "");
        assert!(forwards.fit.gate.used);
        for (key, x) in forecasts(&forwards) {
            same(x, forecasts(&backwards)[&key], &key);
        }
    }
}

/// With the parameters of the company as it is, a product in two identical halves forecasts as two halves, and nobody
/// else's number moves by more than a tenth.
#[test]
fn a_product_in_two_halves() {
    for seed in SEEDS {
        let sales = company(seed, 5, 12, 30);
        let mut halves: Sales = Vec::new();
        for (m, r, p, x) in &sales {
            if p == "P3" {
                halves.push((m.clone(), r.clone(), "P3a".into(), x / 2.0));
                halves.push((m.clone(), r.clone(), "P3b".into(), x / 2.0));
            } else {
                halves.push((m.clone(), r.clone(), p.clone(), *x));
            }
        }
        let whole = read(&sales, &names(5), "");
        assert!(whole.fit.gate.used);
        let split = read(&halves, &names(5), "");
        let known = split.known();
        let point = point::forecast(&known, &whole.fit.parameters, &mut Problems::default());
        let split = exact(&split.dataset, &point.revision.exact);
        for ((region, product, k), x) in forecasts(&whole) {
            if product == "P3" {
                for half in ["P3a", "P3b"] {
                    near(x / 2.0, split[&(region.clone(), half.to_owned(), k)], &(&region, half, k));
                }
            } else {
                near(x, split[&(region.clone(), product.clone(), k)], &(&region, &product, k));
            }
        }
    }
}

/// Too little history, or too few series: to the bit what the plain rules give.
#[test]
fn little_history_gives_the_plain_answer() {
    for (months, products) in [(1, 10), (4, 10), (6, 10), (8, 10), (20, 1)] {
        let regions = if products == 1 { 1 } else { 4 };
        let sales = company(7, regions, products, months);
        let learned = read(&sales, &names(regions), "");
        let plain = read(&sales, &names(regions), "[fit]\nlearn = false\n");
        assert!(!learned.fit.gate.used, "{months} months");
        assert_eq!(forecasts(&learned), forecasts(&plain));
    }
}

/// Totals hold: what is forecast of a region and group is the sum of its products, and the shares sum to 1.
#[test]
fn shares_sum_to_one_and_regions_to_their_products() {
    let out = read(&company(3, 5, 12, 30), &names(5), "");
    let grid = &out.dataset.grid;
    for (k, month) in out.months().iter().enumerate() {
        for cell in 0..grid.cell_count() {
            let range = grid.in_cell(cell);
            let shares: f64 = range.clone().map(|s| out.point.baseline.shares[(s, k)]).sum();
            let units: f64 = range.map(|s| out.point.baseline.units[(s, k)]).sum();
            same(shares, 1.0, &"shares");
            same(units, out.point.level.get(cell, *month).unwrap().level, &"level");
        }
        let combined = out.point.combined.as_ref().unwrap();
        let ahead = combined.months[k].as_ref().unwrap();
        let regression: f64 = ahead.numbers.shares.iter().sum();
        same(regression, 1.0, &"shares");
        let agreed: f64 = ahead.agreed.series.iter().sum::<f64>() * ahead.length;
        let weight = combined.weight;
        assert!(weight < 1.0 || (ahead.units.iter().sum::<f64>() - agreed).abs() <= 1e-9 * agreed);
    }
}

/// The same learned from scratch, and learned by one learner that went through all cutoffs before.
#[test]
fn a_learner_forgets_nothing_and_remembers_nothing_wrong() {
    let out = read(&company(5, 5, 12, 40), &names(5), "");
    let data = &out.dataset;
    let mut rolling = Learner::new(data);
    for t in 20..40 {
        let cutoff = data.month(t);
        let origin =
            yugu::dataset::Origin { as_of: cutoff.last_day(), cutoff, made: cutoff, mode: yugu::dataset::Mode::Close };
        let known = data.at(origin);
        let (one, other) = (rolling.at(&known), Learner::new(data).at(&known));
        let bits = |fit: &yugu::fit::Fit| format!("{:?} {:?}", fit.parameters, fit.gate);
        assert_eq!(bits(&one), bits(&other), "{cutoff}");
    }
}
