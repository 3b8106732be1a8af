//! Markets of which the truth is known: customers come, choose among what is on the shelf or leave, stock runs out.
//! Only sales and whole days without stock are shown to the program, as a folder shows them.
//!
//! The truth of a month is what would have sold with everything in stock, customer by customer; of the mix, next
//! month's probabilities. `cargo test --test stockouts -- --nocapture` prints the table.

use std::fmt::Write as _;

use chrono::NaiveDate;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal, Poisson};
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::month::Month;
use yugu::schema::Table;
use yugu::settings::Settings;
use yugu::sheet::{Encoding, Sheet};
use yugu::stages::demand::{self, Substitution};
use yugu::stages::parameters::{Parameters, Streaming};
use yugu::stats::choice::AVAILABILITY_FLOOR;

const PRODUCTS: usize = 8;
const DAYS: usize = 26;
/// Months shown; the mix of the one after them is asked for.
const MONTHS: usize = 6;
/// Regions of one company, each with a market of its own.
const SEEDS: u64 = 60;

type Numbers = [f64; PRODUCTS];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Cause {
    /// Two deliveries a month of what was expected to sell, more or less; what is sold out stays out.
    Demand,
    /// Now and then a product is not delivered for some days, whatever the demand.
    Supply,
}

#[derive(Clone, Copy)]
struct World {
    cause: Cause,
    /// Customers a day.
    arrivals: f64,
    /// Share of them who would buy with everything in stock.
    s: f64,
}

fn worlds() -> impl Iterator<Item = World> {
    let worlds = |cause| [40.0, 6.0].map(|arrivals| [0.4, 0.7, 0.95].map(|s| World { cause, arrivals, s }));
    [Cause::Demand, Cause::Supply].into_iter().flat_map(worlds).flatten()
}

/// One month of a market.
#[derive(Clone)]
struct MonthOf {
    sales: Numbers,
    /// Whole days without stock.
    out: Numbers,
    /// What would have sold with everything in stock.
    wanted: Numbers,
    /// The probabilities of those who buy.
    mix: Numbers,
    /// Customers expected in the month.
    customers: f64,
    /// What stood on the shelf for most of each day.
    shelves: Vec<[bool; PRODUCTS]>,
}

fn normal(sd: f64, rng: &mut ChaCha8Rng) -> f64 {
    Normal::new(0.0, sd).unwrap().sample(rng)
}

fn each(mut of: impl FnMut(usize) -> f64) -> Numbers {
    std::array::from_fn(&mut of)
}

/// A product in proportion to attractions, or nothing.
fn choose(v: &Numbers, v0: f64, on: impl Fn(usize) -> bool, rng: &mut ChaCha8Rng) -> Option<usize> {
    let all: f64 = v0 + (0..PRODUCTS).filter(|&i| on(i)).map(|i| v[i]).sum::<f64>();
    let mut at = rng.random::<f64>() * all;
    (0..PRODUCTS).filter(|&i| on(i)).find(|&i| {
        at -= v[i];
        at < 0.0
    })
}

/// The months of one market and the one after them.
fn market(world: World, seed: u64) -> Vec<MonthOf> {
    let World { cause, arrivals, s } = world;
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let v0 = (1.0 - s) / s;
    let mut logs = each(|_| normal(0.8, rng));
    let mut months = Vec::new();
    for _ in 0..=MONTHS {
        logs.iter_mut().for_each(|x| *x += normal(0.08, rng));
        let sum: f64 = logs.iter().map(|x| x.exp()).sum();
        let v = logs.map(|x| x.exp() / sum);
        let daily = arrivals * normal(0.15, rng).exp();
        let mut stock = [f64::INFINITY; PRODUCTS];
        let mut second = [0.0; PRODUCTS];
        let mut gaps = [(0, 0); PRODUCTS];
        if cause == Cause::Demand {
            let shock = (normal(0.25, rng) - 0.05).exp();
            for i in 0..PRODUCTS {
                let half = 0.5 * daily * DAYS as f64 * s * v[i] * shock * (0.1 + normal(0.45, rng)).exp();
                stock[i] = half.floor();
                second[i] = (half * normal(0.3, rng).exp()).floor();
            }
        } else {
            for gap in &mut gaps {
                let length = if rng.random_bool(0.35) { rng.random_range(3..DAYS * 7 / 10) } else { 0 };
                let from = rng.random_range(0..DAYS);
                *gap = (from, from + length);
            }
        }
        let (mut sales, mut wanted, mut out, mut shelves) = ([0.0; 8], [0.0; 8], [0.0; 8], Vec::new());
        for day in 0..DAYS {
            if day == DAYS / 2 {
                stock.iter_mut().zip(&second).for_each(|(s, d)| *s += d);
            }
            let came = Poisson::new(daily).unwrap().sample(rng) as usize;
            let shut = gaps.map(|(from, to)| (from..to).contains(&day));
            let mut missing = each(|i| if shut[i] || stock[i] <= 0.0 { 1.0 } else { 0.0 });
            for customer in 0..came {
                let Some(first) = choose(&v, v0, |_| true, rng) else { continue };
                wanted[first] += 1.0;
                let on = |i: usize| !shut[i] && stock[i] > 0.0;
                let bought = if on(first) { Some(first) } else { choose(&v, v0, on, rng) };
                let Some(i) = bought else { continue };
                sales[i] += 1.0;
                stock[i] -= 1.0;
                if stock[i] <= 0.0 {
                    missing[i] = 1.0 - (customer + 1) as f64 / came as f64;
                }
            }
            out.iter_mut().zip(missing).for_each(|(o, m)| *o += m);
            shelves.push(missing.map(|m| m < 0.5));
        }
        // Whole days are noted; a month with a sale had a day in stock.
        let out = each(|i| out[i].round().min(if sales[i] > 0.0 { DAYS - 1 } else { DAYS } as f64));
        let customers = daily * DAYS as f64;
        months.push(MonthOf { sales, out, wanted, mix: v, customers, shelves });
    }
    months
}

/// The company's folder, a region a market.
fn folder(markets: &[Vec<MonthOf>], substitution: f64) -> Dataset {
    let mut text = String::from("month,region,product,units,availability\n");
    for (r, months) in markets.iter().enumerate() {
        for (t, month) in months[..MONTHS].iter().enumerate() {
            for i in 0..PRODUCTS {
                let (when, in_stock) = (Month::new(2024, 1).unwrap().plus(t as i32), 1.0 - month.out[i] / DAYS as f64);
                writeln!(text, "{when},R{r:02},P{i},{},{in_stock}", month.sales[i]).unwrap();
            }
        }
    }
    let sheet = Sheet::text(Table::Sales, "sales.csv".into(), text, Encoding::Utf8);
    let mut settings = Settings::default();
    settings.demand.substitution = substitution;
    let (day, mut problems) = (NaiveDate::from_ymd_opt(2024, 6, 30).unwrap(), Problems::default());
    Dataset::new(&[sheet], settings, Some(day), day, &mut problems).unwrap()
}

/// Demand of the last month and next month's mix, region by region, as a fitted run has them.
fn run(data: &Dataset, parameters: &Parameters) -> Vec<(Numbers, Numbers)> {
    let known = data.at(data.origin(data.as_of).unwrap());
    let found = demand::uncensor(&known, parameters);
    let attractions = found.attractions.as_ref().unwrap();
    let of = |r: usize, from: &dyn Fn(usize) -> f64| {
        let leaf = (0..data.grid.regions.leaf_count())
            .find(|&l| data.grid.regions.code(data.grid.regions.node_of(l)) == format!("R{r:02}"));
        let product = |i: usize| data.grid.products.codes.iter().position(|c| *c == format!("P{i}")).unwrap();
        each(|i| from(data.grid.find(leaf.unwrap(), product(i)).unwrap()))
    };
    let regions = 0..data.grid.regions.leaf_count();
    regions.map(|r| (of(r, &|s| found.units[(s, MONTHS - 1)]), of(r, &|s| attractions[s]))).collect()
}

fn followed(data: &Dataset) -> Parameters {
    Parameters { streaming: Some(Streaming::new(&data.settings)), ..Parameters::plain(&data.settings) }
}

fn distance(x: &Numbers, y: &Numbers) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x - y).abs()).sum()
}

fn share(x: &Numbers) -> Numbers {
    let sum: f64 = x.iter().sum();
    x.map(|x| if sum > 0.0 { x / sum } else { 1.0 / PRODUCTS as f64 })
}

/// What one would say of a month's demand who knows the attractions, the customers and each day's shelf: the mean of
/// the truth given the sales. What is left is chance.
fn knowing(month: &MonthOf, s: f64) -> Numbers {
    let v0 = (1.0 - s) / s;
    each(|i| {
        let with: Vec<_> = month.shelves.iter().filter(|on| on[i]).collect();
        let open = |on: &&[bool; PRODUCTS]| v0 + (0..PRODUCTS).filter(|&j| on[j]).map(|j| month.mix[j]).sum::<f64>();
        let mean = with.iter().map(|on| 1.0 / open(on)).sum::<f64>() / with.len().max(1) as f64;
        let own = if with.is_empty() { 0.0 } else { month.sales[i] * s / mean };
        own + month.customers * s * month.mix[i] * (1.0 - with.len() as f64 / DAYS as f64)
    })
}

/// Means over the markets.
struct Row {
    world: World,
    out: f64,
    /// Mix errors: raw last month's, ours with s told, ours with s estimated.
    mix: [f64; 3],
    /// WAPE of demand: raw sales', sales/availability's, ours with s told, ours with s estimated, of who knows.
    wape: [f64; 5],
    substitution: Substitution,
}

impl Row {
    fn new(world: World) -> Row {
        let markets: Vec<_> = (0..SEEDS).map(|seed| market(world, seed)).collect();
        let told = folder(&markets, world.s);
        let ours = run(&told, &followed(&told));
        let untold = folder(&markets, 0.7);
        let mut parameters = followed(&untold);
        let known = untold.at(untold.origin(untold.as_of).unwrap());
        let substitution = demand::substitution(&known, &parameters);
        parameters.market.substitution = substitution.used;
        let estimated = run(&untold, &parameters);
        let (mut out, mut mix, mut wape) = (0.0, [0.0; 3], [0.0; 5]);
        for (r, months) in markets.iter().enumerate() {
            let (last, next) = (&months[MONTHS - 1], &months[MONTHS]);
            let all: f64 = months[..MONTHS].iter().flat_map(|m| m.out).sum();
            out += all / (MONTHS * PRODUCTS * DAYS) as f64 / SEEDS as f64;
            for (sum, found) in mix.iter_mut().zip([share(&last.sales), ours[r].1, estimated[r].1]) {
                *sum += distance(&found, &next.mix) / 2.0 / SEEDS as f64;
            }
            let divided = each(|i| last.sales[i] / (1.0 - last.out[i] / DAYS as f64).max(AVAILABILITY_FLOOR));
            let found = [last.sales, divided, ours[r].0, estimated[r].0, knowing(last, world.s)];
            for (sum, found) in wape.iter_mut().zip(found) {
                *sum += distance(&found, &last.wanted) / last.wanted.iter().sum::<f64>() / SEEDS as f64;
            }
        }
        Row { world, out, mix, wape, substitution }
    }

    fn print(&self) {
        let Row { world, out, mix, wape, substitution: s } = self;
        let health = s.health.unwrap();
        println!(
            "{:6} {:4} {:4.2} {:5.3} | {:.4} {:.4} {:.3} {:.3} | {:.4} {:.4} {:.4} {:.3} {:.3} {:.3} | {} {} {:.2} {:+.2} {:+.2}",
            format!("{:?}", world.cause), world.arrivals, world.s, out,
            mix[0], mix[1], mix[1] / mix[0], mix[2] / mix[0],
            wape[0], wape[1], wape[2], wape[2] / wape[1], wape[3] / wape[1], wape[4] / wape[1],
            s.estimate.map_or("none".into(), |s| format!("{s:4.2}")), s.error.map_or("none".into(), |s| format!("{s:4.2}")),
            s.used, health.before, health.after,
        );
    }
}

#[test]
fn simulated_markets() {
    println!("                        | mix error: raw, ours   |  demand WAPE: sales, sales/availability, ours     | s");
    println!("cause  cust    s   out  | raw    ours   told  est | sales  s/a    ours   told  est  known | est  se used before after");
    let rows: Vec<Row> = worlds().map(Row::new).collect();
    rows.iter().for_each(Row::print);
}
