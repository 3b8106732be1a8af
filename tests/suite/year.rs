//! The months to the end of the next fiscal year: products' own seasons, launches in their month, lead times beyond a year,
//! and sums that are the same wherever they stand.

use std::fs;

use assert_cmd::Command;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use tempfile::TempDir;

/// A row of `outlook.csv`: region, product, month and units.
type Row = (String, String, String, f64);

fn folder(tables: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    tables.iter().for_each(|(name, text)| fs::write(home.path().join(name), text).unwrap());
    home
}

fn yugu(args: &[&str]) -> String {
    let mut command = Command::cargo_bin("yugu").unwrap();
    let done = command.env_remove("LC_ALL").env("LANG", "en_US.UTF-8").args(args).assert().success();
    String::from_utf8(done.get_output().stdout.clone()).unwrap()
}

fn table(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(String::from).collect()).collect()
}

/// Rows of the outlook, and the year's outlook of the company by `regions.csv`.
fn plan(home: &TempDir, day: &str) -> (Vec<Row>, f64) {
    let out = tempfile::tempdir().unwrap();
    let (from, to) = (home.path().to_str().unwrap(), out.path().join("plan"));
    yugu(&["plan", from, "--as-of", day, "--out", to.to_str().unwrap(), "--no-page", "--no-workbook"]);
    let outlook = table(&fs::read_to_string(to.join("outlook.csv")).unwrap());
    let column = |rows: &[Vec<String>], name: &str| rows[0].iter().position(|x| x == name).unwrap();
    let at = ["region", "product", "month", "units"].map(|name| column(&outlook, name));
    let row = |row: &Vec<String>| {
        let [region, product, month, units] = at.map(|i| row[i].clone());
        (region, product, month, units.parse().unwrap())
    };
    let rows = outlook[1..].iter().map(row).collect();
    let regions = table(&fs::read_to_string(to.join("regions.csv")).unwrap());
    let (node, year) = (column(&regions, "region"), column(&regions, "year_outlook"));
    let company = regions[1..].iter().find(|row| row[node].is_empty()).unwrap();
    (rows, company[year].parse().unwrap())
}

fn sum(rows: &[Row], product: &str, month: &str) -> f64 {
    rows.iter().filter(|r| r.1 == product && r.2 == month).map(|r| r.3).sum()
}

/// Months from 2021-01 on, month numbers with them.
fn months(count: usize) -> Vec<(String, usize)> {
    (0..count).map(|t| (format!("{}-{:02}", 2021 + t / 12, t % 12 + 1), t % 12 + 1)).collect()
}

/// Two products in two regions that sell 40 to 60 a month.
fn steady(seed: u64, count: usize) -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut sales = "month,region,product,units\n".to_owned();
    for (month, _) in months(count) {
        for (region, product) in [("e", "a"), ("e", "b"), ("n", "a"), ("n", "b")] {
            sales += &format!("{month},{region},{product},{}\n", 40 + rng.random_range(0..20));
        }
    }
    sales
}

/// A gift box of November and December beside products that always sell, in three regions, is forecast for these months
/// half a year before, and the others stay what they are.
#[test]
fn products_keep_their_own_seasons() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut sales = "month,region,product,units\n".to_owned();
    for (month, number) in months(30) {
        for region in ["e", "n", "w"] {
            for product in ["p", "q", "r"] {
                sales += &format!("{month},{region},{product},{}\n", 280 + rng.random_range(0..40));
            }
            let gift = match number {
                11 => 140 + rng.random_range(0..20),
                12 => 880 + rng.random_range(0..40),
                _ => 0,
            };
            sales += &format!("{month},{region},gift,{gift}\n");
        }
    }
    let (rows, _) = plan(&folder(&[("sales.csv", &sales)]), "2023-06-30");
    let gift = sum(&rows, "gift", "2023-12");
    assert!((2160.0..3240.0).contains(&gift), "2,700 to come: {gift}");
    for month in ["2023-09", "2023-10", "2024-01", "2024-03", "2024-06"] {
        let gift = sum(&rows, "gift", month);
        assert!(gift < 60.0, "nothing to come in {month}: {gift}");
    }
    for month in ["2023-09", "2023-12", "2024-03"] {
        let p = sum(&rows, "p", month);
        assert!((800.0..1000.0).contains(&p), "900 to come in {month}: {p}");
    }
}

/// Where the plain rules are exactly right for the next two months, the months beyond are not theirs for that.
#[test]
fn a_product_of_one_month_is_not_given_to_another() {
    let mut sales = "month,region,product,units\n".to_owned();
    for (month, number) in months(30) {
        sales += &format!("{month},e,steady,100\n{month},e,yule,{}\n", if number == 12 { 100 } else { 0 });
    }
    let (rows, _) = plan(&folder(&[("sales.csv", &sales)]), "2023-06-30");
    for product in ["steady", "yule"] {
        let found = sum(&rows, product, "2023-12");
        assert!((80.0..120.0).contains(&found), "{product}: {found}");
    }
    assert!(sum(&rows, "yule", "2023-10") < 1.0 && sum(&rows, "yule", "2024-02") < 1.0);
}

/// A product that is launched after the months that are revised has its rows, and the rows of the year are the year's
/// outlook.
#[test]
fn the_outlook_has_every_product_and_adds_up_to_the_year() {
    let sales = steady(3, 27);
    let products = "product,launch,like\na,,\nb,,\nlate,2023-07-01,a\n";
    let (rows, year) = plan(&folder(&[("sales.csv", &sales), ("products.csv", products)]), "2023-03-31");
    assert_eq!(sum(&rows, "late", "2023-06"), 0.0);
    assert!(sum(&rows, "late", "2023-07") > 1.0 && sum(&rows, "late", "2023-12") > sum(&rows, "late", "2023-07"));
    let sold: f64 =
        table(&sales)[1..].iter().filter(|r| r[0].starts_with("2023")).map(|r| r[3].parse::<f64>().unwrap()).sum();
    let ahead: f64 = rows.iter().filter(|r| r.2.starts_with("2023")).map(|r| r.3).sum();
    // The year's outlook is printed whole.
    assert!((sold + ahead - year).abs() <= 0.5 && year.fract() == 0.0, "{sold} + {ahead} = {year}");
}

/// A lead time of two years is covered for two years.
#[test]
fn what_is_bought_covers_its_lead_time_however_long() {
    let mut sales = "month,region,product,units\n".to_owned();
    months(36).iter().for_each(|(month, _)| sales += &format!("{month},e,a,100\n"));
    let stock = "location,product,on_hand\nW,a,0\n";
    let home = |lead: u32| {
        let products = format!("product,lead_time_days\na,{lead}\n");
        folder(&[("sales.csv", &sales), ("stock.csv", stock), ("products.csv", &products)])
    };
    let demand = |lead: u32| {
        let rows = table(&yugu(&["stock", home(lead).path().to_str().unwrap(), "--as-of", "2023-12-31", "--csv"]));
        let at = rows[0].iter().position(|x| x == "demand").unwrap();
        rows[1][at].parse::<f64>().unwrap()
    };
    // With a month to the next look: 60 + 30 and 720 + 30 days.
    let (short, long) = (demand(60), demand(720));
    assert!((short - 300.0).abs() < 15.0 && (long - 2460.0).abs() < 30.0, "{short} {long}");
}

/// Three years of a company with a season and growth: the nine months after the next three are nearer to what comes than
/// last year's months.
#[test]
fn a_year_ahead_is_nearer_than_last_years_months() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut sales = "month,region,product,units\n".to_owned();
    let mut truth = Vec::new();
    for (t, (month, number)) in months(48).iter().enumerate() {
        let season = 1.0 + 0.4 * (*number as f64 / 12.0 * std::f64::consts::TAU).sin();
        for (r, region) in ["e", "n", "s", "w"].iter().enumerate() {
            for p in 0..5 {
                let mean = 60.0 * (1.0 + r as f64) * (1.0 + 0.3 * f64::from(p)) * season * 1.01_f64.powi(t as i32);
                let units = (mean * (0.8 + 0.4 * rng.random::<f64>())).round();
                if t < 36 {
                    sales += &format!("{month},{region},p{p},{units}\n");
                }
                truth.push((month.clone(), region.to_string(), format!("p{p}"), t, units));
            }
        }
    }
    let (rows, _) = plan(&folder(&[("sales.csv", &sales)]), "2023-12-31");
    let [mut ours, mut naive, mut came] = [0.0; 3];
    for (month, region, product, t, units) in truth.iter().filter(|x| x.3 >= 39) {
        let found = rows.iter().find(|r| (&r.0, &r.1, &r.2) == (region, product, month)).unwrap().3;
        let last_year = truth.iter().find(|x| (&x.1, &x.2, x.3) == (region, product, t - 12)).unwrap().4;
        ours += (found - units).abs();
        naive += (last_year - units).abs();
        came += units;
    }
    assert!(ours < 0.85 * naive && ours < 0.14 * came, "{ours} {naive} {came}");
}

/// `backtest --ahead` has a row for each month up to that, and the first two are those of a backtest without it.
#[test]
fn months_further_ahead_are_compared_with_what_came() {
    let sales = steady(5, 40);
    let home = folder(&[("sales.csv", &sales)]);
    let rows = |more: &[&str]| {
        let at = ["backtest", home.path().to_str().unwrap(), "--cutoffs", "2023-02..2023-10", "--csv"];
        table(&yugu(&[&at[..], more].concat()))
    };
    let (two, twelve) = (rows(&[]), rows(&["--ahead", "12"]));
    let lag = |row: &Vec<String>| row[4].parse::<usize>().unwrap();
    let near: Vec<&Vec<String>> = twelve[1..].iter().filter(|row| lag(row) <= 2).collect();
    assert_eq!(near, two[1..].iter().collect::<Vec<_>>());
    // 40 months end in 2024-04: of the first cutoff twelve months have come, of the last six.
    let of = |cutoff: &str| twelve[1..].iter().filter(|row| row[2] == cutoff).map(lag).max();
    assert_eq!((of("2023-02"), of("2023-10")), (Some(12), Some(6)));
    assert!(twelve[1..].iter().all(|row| row[6].parse::<f64>().unwrap() > 10.0), "{twelve:?}");
    assert!(twelve[1..].iter().filter(|row| lag(row) == 4).all(|row| !row[7].is_empty()), "bounds four months ahead");
}

/// A year outlook without learning, one region and product.
fn plain(units: &[f64]) -> Vec<f64> {
    let mut sales = "month,region,product,units\n".to_owned();
    months(units.len()).iter().zip(units).for_each(|((m, _), x)| sales += &format!("{m},e,a,{x}\n"));
    let home = folder(&[("sales.csv", &sales), ("yugu.toml", "[fit]\nlearn = false\n")]);
    let (year, month) = ((units.len() - 1) / 12 + 2021, (units.len() - 1) % 12 + 1);
    plan(&home, &format!("{year}-{month:02}-28")).0.into_iter().map(|row| row.3).collect()
}

#[test]
fn a_level_that_rose_tenfold_once_does_not_rise_again() {
    let units: Vec<f64> = (0..20).map(|t| if t < 8 { 4.0 } else { 40.0 + f64::from(t % 3) }).collect();
    let year = plain(&units);
    assert!(year.len() >= 14 && year.iter().all(|x| (38.0..=44.0).contains(x)), "{year:?}");
    let back: Vec<f64> = units.iter().map(|x| 46.0 - x).collect();
    let year = plain(&back);
    assert!(year.iter().all(|x| (2.0..=8.0).contains(x)), "{year:?}");
}

#[test]
fn no_growth_takes_a_month_beyond_twice_the_largest() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for _ in 0..40 {
        let units: Vec<f64> = (0..20).map(|_| f64::from(rng.random_range(0..30))).collect();
        let largest = units.iter().copied().fold(0.0, f64::max);
        let year = plain(&units);
        assert!(year.iter().all(|x| *x <= 2.0 * largest + 0.5), "{units:?}: {year:?}");
    }
}

/// `year_target` exceptions of the company, of a steady folder whose year's target lies so far above what it sells.
fn year_target(above: f64) -> Vec<String> {
    let target = 12.0 * 4.0 * 49.5 * (1.0 + above);
    let targets = format!("year,region,stage,units\n2024,,plan,{target}\n");
    let home = folder(&[("sales.csv", &steady(3, 42)), ("targets.csv", &targets)]);
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("plan");
    let from = home.path().to_str().unwrap();
    yugu(&["plan", from, "--as-of", "2024-06-30", "--out", to.to_str().unwrap(), "--no-page", "--no-workbook"]);
    let rows = table(&fs::read_to_string(to.join("exceptions.csv")).unwrap());
    let company = |row: &&Vec<String>| row[0] == "year_target" && row[1].is_empty();
    rows.iter().filter(company).map(|row| row.last().unwrap().clone()).collect()
}

#[test]
fn a_years_target_is_out_of_reach_as_far_as_it_is_unlikely() {
    // Four series of 40 to 59 a month vary by 5.8 each: six months to come by about 28 of 1,190.
    let cases = |text: &str| {
        let (_, after) = text.split_once("met in ").unwrap_or_else(|| panic!("{text}"));
        after
            .trim_start_matches("about ")
            .trim_start_matches("under ")
            .split(' ')
            .next()
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    let far = year_target(0.10);
    assert!(far.len() == 1 && cases(&far[0]) <= 2.0, "{far:?}");
    let near = year_target(-0.01);
    assert!(near.is_empty(), "within what months vary by: {near:?}");
}
