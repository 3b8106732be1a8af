//! A million stock-keeping units: how long their plan takes, from counts and forecast to orders. `cargo bench --bench stock`.

use std::fmt::Write as _;
use std::time::Instant;

use chrono::NaiveDate;
use ndarray::Array2;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::month::Month;
use yugu::schema::Table;
use yugu::settings::Settings;
use yugu::sheet::{Encoding, Sheet};
use yugu::stages::interval::Errors;
use yugu::stock::{self, Horizon, Inputs, Source, Spreads, Sums};

const REGIONS: usize = 1_000;
const PRODUCTS: usize = 1_000;
/// Past origins, and series of them whose errors are kept, as in a run.
const ORIGINS: usize = 12;
const SAMPLE: usize = 3_000;
const MONTHS_AHEAD: i32 = 12;

/// Numbers that look random and are the same on every machine.
fn luck(at: usize) -> f64 {
    let mixed = (at as u64).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((mixed ^ (mixed >> 29)) >> 33) as f64 / (1_u64 << 31) as f64
}

fn main() {
    let (mut sales, mut counts, mut products) = (String::new(), String::new(), String::new());
    sales.push_str("month,region,product,units\n");
    counts.push_str("location,region,product,on_hand,on_order,due\n");
    products.push_str("product,supplier,price,cost,lead_time_days,moq,pack\n");
    for p in 0..PRODUCTS {
        writeln!(products, "p{p},s{},10,6,{},{},{}", p % 40, 10 + p % 50, p % 30, 1 + p % 12).unwrap();
    }
    for r in 0..REGIONS {
        for p in 0..PRODUCTS {
            let at = r * PRODUCTS + p;
            writeln!(sales, "2024-06,r{r},p{p},{}", (luck(at) * 40.0) as u32).unwrap();
            writeln!(counts, "w{r},r{r},p{p},{},{},2024-07-10", (luck(at + 1) * 60.0) as u32, at % 7).unwrap();
        }
    }
    let sheet =
        |table: Table, text: String| Sheet::text(table, format!("{}.csv", table.name()).into(), text, Encoding::Utf8);
    let sheets = [sheet(Table::Sales, sales), sheet(Table::Stock, counts), sheet(Table::Products, products)];
    let today = NaiveDate::from_ymd_opt(2024, 6, 30).unwrap();
    let mut problems = Problems::default();
    let data = Dataset::new(&sheets, Settings::default(), Some(today), today, &mut problems).unwrap();
    let known = data.at(data.origin(today).unwrap());
    let series = data.grid.series.len();
    let errors = |h: usize| {
        let mut errors = Errors::new(ORIGINS, vec![true; series], (0..series).collect());
        for o in 0..ORIGINS {
            for s in (0..series).step_by(series / SAMPLE) {
                let forecast = 20.0 * h as f64;
                errors.set(o, s, forecast, (forecast * (0.5 + luck(o * series + s))).round());
            }
        }
        Some(Sums { errors, months: h, origins: (0..ORIGINS).collect(), source: Source::Backtest })
    };
    let months: Vec<Month> = (1..=MONTHS_AHEAD).map(|k| known.origin.cutoff.plus(k)).collect();
    let units = Array2::from_shape_fn((series, months.len()), |(s, k)| 20.0 * luck(s) + k as f64);
    let all: Vec<_> = (1..=3).map(errors).collect();

    let begun = Instant::now();
    let horizon = Horizon::new(today, &months, &data.calendar);
    let mut open = stock::open(&known);
    let (shelves, _) = stock::shelves(&known, &horizon, units.view(), &mut open);
    let spreads = Spreads::learn(&all, known.units, &vec![20.0; series], &[], &data.grid);
    let inputs = Inputs { known: &known, horizon, units: units.view(), spreads: &spreads };
    let stock::Planned { lines, transfers, .. } = stock::plan(&inputs, &shelves, None);
    let took = begun.elapsed();
    let ordered = lines.iter().filter(|l| l.order > 0.0).count();
    let threads = rayon::current_num_threads();
    println!("{} lines, {ordered} orders, {} transfers: {took:.2?} on {threads} threads", lines.len(), transfers.len());
}
