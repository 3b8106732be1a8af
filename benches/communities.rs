//! 100,000 communities over 60 months: how long their projection takes. `cargo bench --bench communities`.

use std::fmt::Write as _;
use std::time::Instant;

use chrono::NaiveDate;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::month::Month;
use yugu::schema::Table;
use yugu::settings::Settings;
use yugu::sheet::{Encoding, Sheet};
use yugu::stages::{Parameters, community, demand};

const COMMUNITIES: usize = 100_000;
const MONTHS: usize = 60;
const REGIONS: usize = 50;

/// Numbers that look random and are the same on every machine.
struct Luck(u64);

impl Luck {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1_u64 << 31) as f64
    }
}

fn month(t: usize) -> Month {
    Month::fiscal_start(2015, 1).plus(t as i32)
}

fn main() {
    let mut luck = Luck(7);
    let (mut list, mut signings, mut bought) = (String::new(), String::new(), String::new());
    list.push_str("community,region,households,handover,unit_type\n");
    signings.push_str("month,community,households\n");
    bought.push_str("month,community,product,units\n");
    let mut sold = vec![[[0_u64; MONTHS]; 2]; REGIONS];
    for c in 0..COMMUNITIES {
        let handover = (luck.next() * 78.0) as i32 - 12;
        let (households, region, kind) = (100 + (luck.next() * 900.0) as u64, c % REGIONS, c % 5);
        writeln!(list, "c{c},r{region},{households},{},t{kind}", month(0).plus(handover)).unwrap();
        let rate = 0.5 + luck.next();
        let mut left = households;
        for t in handover.max(0)..MONTHS as i32 {
            let share = 0.2 * (-0.25 * f64::from(t - handover)).exp();
            let n = ((households as f64 * rate * share * luck.next()) as u64).min(left);
            left -= n;
            if n == 0 {
                continue;
            }
            writeln!(signings, "{},c{c},{n}", month(t as usize)).unwrap();
            for (p, part) in [("stove", 0.15), ("policy", 0.4)].into_iter().zip([0, 1]).map(|(x, i)| ((x.0, i), x.1)) {
                let units = (n as f64 * part * 2.0 * luck.next()) as u64;
                if units > 0 {
                    sold[region][p.1][t as usize] += units;
                    writeln!(bought, "{},c{c},{},{units}", month(t as usize), p.0).unwrap();
                }
            }
        }
    }
    let mut sales = String::from("month,region,product,units\n");
    for (r, of) in sold.iter().enumerate() {
        for (name, units) in ["stove", "policy"].iter().zip(of) {
            for (t, n) in units.iter().enumerate() {
                writeln!(sales, "{},r{r},{name},{}", month(t), n + n / 9).unwrap();
            }
        }
    }
    let products =
        "product,category,kind,price,term_months\nstove,stove,goods,900,\npolicy,policy,policy,100,12\n".to_string();
    let tables = [
        (Table::Sales, sales),
        (Table::Products, products),
        (Table::Communities, list),
        (Table::Signings, signings),
        (Table::CommunitySales, bought),
    ];
    let sheets: Vec<Sheet> = tables
        .into_iter()
        .map(|(table, text)| Sheet::text(table, format!("{}.csv", table.name()).into(), text, Encoding::Utf8))
        .collect();
    let day = NaiveDate::from_ymd_opt(2019, 12, 31).unwrap();
    let begin = Instant::now();
    let mut problems = Problems::default();
    let Some(data) = Dataset::new(&sheets, Settings::default(), Some(day), day, &mut problems) else {
        panic!("{:?}", problems.sorted().first());
    };
    let rows = data.communities.signings.len() + data.communities.sales.len();
    println!("{COMMUNITIES} communities, {rows} rows read and checked in {:.2} s", begin.elapsed().as_secs_f64());
    let known = data.at(data.origin(day).expect("months are complete"));
    let parameters = Parameters::plain(&data.settings);
    let begin = Instant::now();
    let all = demand::uncensor(&known, &parameters);
    let projection = community::project(&known, &all, &parameters).expect("communities sign");
    let took = begin.elapsed().as_secs_f64();
    println!("projected over {MONTHS} months of history in {took:.2} s on {} threads", rayon::current_num_threads());
    println!(
        "{:.0} households will sign within {} months",
        projection.signings.ahead.sum(),
        projection.record.ahead.len()
    );
}
