//! A team of which the truth is known: regions whose front line runs high or low and knows something that we do not, a
//! target that is set too high, dealers who overstock, months that fill up late. Only sales and what was issued are shown
//! to the program, as a folder shows them, and at each month only what was known then.
//!
//! `cargo test --test team -- --nocapture` prints the table.

use std::fmt::Write as _;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Normal, Poisson};
use rayon::prelude::*;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::grid::Scope;
use yugu::ledger::learn::learn;
use yugu::month::Month;
use yugu::schema::Table;
use yugu::settings::Settings;
use yugu::sheet::{Encoding, Sheet};
use yugu::stages::Parameters;
use yugu::stages::attainment::by_steps;
use yugu::stages::lessons::{Lessons, Mixture};
use yugu::stages::revision::month_to_date;

const MONTHS: usize = 48;
/// Compared from the nineteenth month on: a year and a half has been issued by then.
const FROM: usize = 18;
const SEEDS: u64 = 16;
const WORKING_DAYS: usize = 26;

fn normal(sd: f64, rng: &mut ChaCha8Rng) -> f64 {
    Normal::new(0.0, sd).unwrap().sample(rng)
}

fn month(t: usize) -> Month {
    Month::new(2020, 1).unwrap().plus(t as i32)
}

/// The folder: sales of one product by region and month, and an issue for each month, whose rows stand in `issues`.
fn folder(sales: &[Vec<f64>], mode: &str, issues: &[(usize, String)]) -> Dataset {
    let mut text = "month,region,product,units\n".to_owned();
    for (r, row) in sales.iter().enumerate() {
        for (t, units) in row.iter().enumerate() {
            writeln!(text, "{},R{r:02},P,{units}", month(t)).unwrap();
        }
    }
    let mut sheets = vec![Sheet::text(Table::Sales, "sales.csv".into(), text, Encoding::Utf8)];
    for (made, rows) in issues {
        let mut text =
            "made,version,mode,as_of,month,lag,region,product,source,units,cover,norm,passed,by\n".to_owned();
        let day = if mode == "close" { month(*made).last_day() } else { month(*made).first_day() };
        for row in rows.lines() {
            writeln!(text, "{},1,{mode},{day},{row}", month(*made)).unwrap();
        }
        sheets.push(Sheet::text(Table::Ledger, format!("ledger/{made}.csv").into(), text, Encoding::Utf8));
    }
    let (day, mut problems) = (month(sales[0].len() - 1).last_day(), Problems::default());
    Dataset::new(&sheets, Settings::default(), Some(day), day, &mut problems).unwrap()
}

/// What was learned at the close of month `t`, or during the one after it.
fn lessons(data: &Dataset, t: usize, during: bool) -> Lessons {
    let mut origin = data.origin(month(t).last_day()).unwrap();
    if during {
        (origin.made, origin.mode) = (month(t + 1), yugu::dataset::Mode::During);
        origin.as_of = month(t + 1).first_day();
    }
    learn(&data.at(origin), &Parameters::plain(&data.settings))
}

/// The node of a region: it stands behind the company.
fn node(data: &Dataset, region: usize) -> usize {
    (0..data.grid.regions.len()).find(|n| data.grid.regions.code(*n) == format!("R{region:02}")).unwrap()
}

/// Mean absolute errors over the sum of what came, by method.
fn wape<const N: usize>(rows: &[([f64; N], f64)]) -> [f64; N] {
    let all: f64 = rows.iter().map(|(_, actual)| actual).sum();
    std::array::from_fn(|i| rows.iter().map(|(told, actual)| (told[i] - actual).abs()).sum::<f64>() / all)
}

/// Ours, the front line's, their plain average, what is learned: WAPE.
fn consensus(seed: u64) -> [f64; 4] {
    const REGIONS: usize = 24;
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let (mut sales, mut stat, mut front, mut target) =
        (Vec::new(), Vec::new(), Vec::<Vec<f64>>::new(), Vec::<Vec<f64>>::new());
    for _ in 0..REGIONS {
        let bias = 0.05 + normal(0.05, rng);
        let mut walk = 1000.0_f64.ln();
        let mut rows = [const { Vec::new() }; 4];
        for t in 0..MONTHS {
            walk += normal(0.03, rng);
            let level = walk + 0.1 * (std::f64::consts::TAU * t as f64 / 12.0).sin();
            let shock = normal(0.10, rng);
            rows[0].push((level + shock + normal(0.05, rng)).exp().round());
            rows[1].push((level + normal(0.05, rng)).exp());
            rows[2].push((level + 0.7 * shock + bias + normal(0.08, rng)).exp().round());
            rows[3].push((level + 0.06 + normal(0.12, rng)).exp());
        }
        let [a, b, c, d] = rows;
        sales.push(a);
        stat.push(b);
        front.push(c);
        target.push(d);
    }
    let issues: Vec<(usize, String)> = (1..MONTHS)
        .map(|t| {
            let mut rows = String::new();
            for r in 0..REGIONS {
                let mut row = |product: &str, source: &str, units: f64, by: &str| {
                    writeln!(rows, "{},1,R{r:02},{product},{source},{units},,,,{by}", month(t)).unwrap();
                };
                row("P", "stat", stat[r][t], "");
                row("P", "final", stat[r][t].round(), "");
                row("", "front", front[r][t], &format!("A{r}"));
                row("", "target", target[r][t], "");
            }
            (t - 1, rows)
        })
        .collect();
    let data = folder(&sales, "close", &issues);
    let mut rows = Vec::new();
    for t in FROM..MONTHS {
        let found = lessons(&data, t - 1, false);
        for r in 0..REGIONS {
            let (ours, theirs) = (stat[r][t], front[r][t]);
            let plain = Mixture::plain(0.5, ours, [theirs]).total();
            let learned = found.front[1].as_ref().map_or(plain, |c| {
                let by = format!("A{r}");
                c.mixture((node(&data, r), Scope::All), ours, [(by.as_str(), theirs)], Some(target[r][t])).total()
            });
            rows.push(([ours, theirs, plain, learned], sales[r][t]));
        }
    }
    wape(&rows)
}

/// Dealers order up to what they like to hold, and now and then take in bulk: WAPE at 100%, by the step cut, learned.
fn dealers(seed: u64) -> [f64; 3] {
    const REGIONS: usize = 20;
    const NORM: f64 = 1.5;
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let (mut sales, mut stat, mut cover) = (Vec::new(), Vec::<Vec<f64>>::new(), Vec::<Vec<f64>>::new());
    for _ in 0..REGIONS {
        let pull = rng.random_range(0.25..0.6);
        let mut stock = 150.0;
        let mut rows = [const { Vec::new() }; 3];
        for _ in 0..MONTHS {
            rows[2].push(stock / 100.0);
            rows[1].push(100.0 * normal(0.04, rng).exp());
            let push = if rng.random_bool(0.12) { 1.45 } else { 1.0 };
            let sold = ((100.0_f64 + pull * (150.0 - stock)) * normal(0.06, rng).exp()).max(5.0) * push;
            let out = 100.0 * normal(0.08, rng).exp();
            stock = (stock + sold - out).max(10.0);
            rows[0].push(sold.round());
        }
        let [a, b, c] = rows;
        sales.push(a);
        stat.push(b);
        cover.push(c);
    }
    let issues: Vec<(usize, String)> = (1..MONTHS)
        .map(|t| {
            let mut rows = String::new();
            for r in 0..REGIONS {
                writeln!(rows, "{},1,R{r:02},P,stat,{},,,,", month(t), stat[r][t]).unwrap();
                writeln!(rows, "{},1,R{r:02},,channel,{},{},{NORM},,", month(t), 100.0 * cover[r][t], cover[r][t])
                    .unwrap();
            }
            (t - 1, rows)
        })
        .collect();
    let data = folder(&sales, "close", &issues);
    let limits = Parameters::plain(&data.settings).attainment;
    let mut rows = Vec::new();
    for t in FROM..MONTHS {
        let found = lessons(&data, t - 1, false);
        for r in 0..REGIONS {
            let (forecast, cover) = (stat[r][t], cover[r][t]);
            let cut = by_steps(cover / NORM, &limits);
            let key = (node(&data, r), Scope::All);
            let learned = found.channel.as_ref().map_or(cut, |c| c.attained(key, cover, NORM, 1.0).factor);
            rows.push(([forecast, forecast * cut, forecast * learned], sales[r][t]));
        }
    }
    wape(&rows)
}

/// Months of which most sells in the last week, looked at after ten days: WAPE of the forecast, of the plain rule (working
/// days), learned.
fn months_that_fill_up_late(seed: u64) -> [f64; 3] {
    const REGIONS: usize = 12;
    const DAY: usize = 10;
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let shape: Vec<f64> = (0..WORKING_DAYS).map(|d| if d < 20 { 0.8 } else { 1.7 }).collect();
    let luck = Gamma::new(8.0, 1.0 / 8.0).unwrap();
    let (mut sales, mut so_far) = (Vec::new(), Vec::<Vec<f64>>::new());
    for _ in 0..REGIONS {
        let mut rows = [const { Vec::new() }; 2];
        for _ in 0..MONTHS {
            let all = 200.0 * normal(0.2, rng).exp();
            let parts: Vec<f64> = shape.iter().map(|s| s * luck.sample(rng)).collect();
            let sum: f64 = parts.iter().sum();
            let days: Vec<f64> = parts.iter().map(|p| Poisson::new(all * p / sum).unwrap().sample(rng)).collect();
            rows[0].push(days.iter().sum::<f64>());
            rows[1].push(days[..DAY].iter().sum::<f64>());
        }
        let [a, b] = rows;
        sales.push(a);
        so_far.push(b);
    }
    let passed = DAY as f64 / WORKING_DAYS as f64;
    let issues: Vec<(usize, String)> = (1..MONTHS)
        .map(|t| {
            let mut rows = String::new();
            for (r, so_far) in so_far.iter().enumerate() {
                writeln!(rows, "{},0,R{r:02},P,stat,200,,,,", month(t)).unwrap();
                writeln!(rows, "{},0,R{r:02},,to_date,{},,,{passed},", month(t), so_far[t]).unwrap();
            }
            (t, rows)
        })
        .collect();
    let data = folder(&sales, "during", &issues);
    let usual = Parameters::plain(&data.settings).progress_prior;
    let mut rows = Vec::new();
    for t in FROM..MONTHS {
        let found = lessons(&data, t - 1, true);
        for r in 0..REGIONS {
            let sold = so_far[r][t];
            let plain = month_to_date(sold, 200.0, passed, usual);
            let learned =
                found.landing.as_ref().map_or(plain, |l| month_to_date(sold, 200.0, l.share(passed), l.prior));
            rows.push(([200.0, plain, learned], sales[r][t]));
        }
    }
    wape(&rows)
}

fn mean<const N: usize>(of: fn(u64) -> [f64; N]) -> [f64; N] {
    let all: Vec<[f64; N]> = (0..SEEDS).into_par_iter().map(of).collect();
    std::array::from_fn(|i| all.iter().map(|row| row[i]).sum::<f64>() / SEEDS as f64)
}

#[test]
fn who_was_right_is_learned() {
    let [ours, front, plain, learned] = mean(consensus);
    let better = ours.min(front);
    println!("consensus   ours {ours:.4}  front {front:.4}  plain average {plain:.4}  learned {learned:.4}");
    println!("            learned / average {:.3}, / better alone {:.3}", learned / plain, learned / better);
    let [full, cut, attained] = mean(dealers);
    println!("attainment  100% {full:.4}  step cut {cut:.4}  learned {attained:.4}  ratio {:.3}", attained / cut);
    let [prior, days, landed] = mean(months_that_fill_up_late);
    println!(
        "day 10      forecast {prior:.4}  working days {days:.4}  learned {landed:.4}  ratio {:.3}",
        landed / prior
    );
    assert!(learned <= 0.95 * plain && learned <= 0.80 * better);
    assert!(attained <= 0.90 * cut);
    assert!(landed <= 0.65 * prior && landed < days);
}

/// A first year in which nothing can be known yet: the plain rules.
#[test]
fn with_a_short_ledger_the_plain_rules_hold() {
    let sales = vec![(0..18).map(|t| 100.0 + f64::from(t % 7)).collect::<Vec<f64>>(); 3];
    let issue = |t: usize| {
        let rows: String = (0..3)
            .map(|r| {
                let m = month(t);
                format!(
                    "{m},1,R{r:02},P,stat,100,,,,\n{m},1,R{r:02},,front,120,,,,A{r}\n{m},1,R{r:02},,channel,9,2,1,,\n"
                )
            })
            .collect();
        (t - 1, rows)
    };
    let short = folder(&sales, "close", &[issue(12), issue(13)]);
    let found = lessons(&short, 17, false);
    assert!(found.front.iter().all(Option::is_none) && found.channel.is_none() && found.landing.is_none());
    // From enough months on it is learned that the front line runs high; of another mode nothing is.
    let long: Vec<_> = (2..18).map(issue).collect();
    let found = lessons(&folder(&sales, "close", &long), 17, false);
    let combination = found.front[1].as_ref().unwrap();
    assert!(combination.front.pooled < -0.1 && found.front[2].is_none(), "{combination:?}");
    assert!(combination.evidence.wape.unwrap().0 < combination.evidence.wape.unwrap().1);
    let other = lessons(&folder(&sales, "during", &long), 17, false);
    assert!(other.front.iter().all(Option::is_none));
    // Nothing later is known: at an earlier close less has been learned, and what is learned is the same.
    let cut: Vec<_> = (2..14).map(issue).collect();
    let early = lessons(&folder(&sales, "close", &long), 12, false);
    let alone = lessons(&folder(&sales, "close", &cut), 12, false);
    assert_eq!(format!("{early:?}"), format!("{alone:?}"));
}
