//! `yugu growth`: exact splits, by hand and on random folders, and dated changes against a known truth.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use chrono::NaiveDate;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use yugu::analysis::dated::{self, Change, Event};
use yugu::analysis::decompose::{self, Decomposition, Measure};
use yugu::dataset::Dataset;
use yugu::folder;
use yugu::grid::Scope;
use yugu::month::Month;

fn gas() -> String {
    format!("{}/data/gas", env!("CARGO_MANIFEST_DIR"))
}

fn yugu(args: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("yugu").unwrap();
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_US.UTF-8").arg("growth").args(args).assert()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn write(dir: &Path, tables: &[(&str, &str)]) {
    tables.iter().for_each(|(name, text)| fs::write(dir.join(name), text).unwrap());
}

fn data(tables: &[(&str, &str)]) -> Dataset {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), tables);
    let day = NaiveDate::from_ymd_opt(2023, 12, 31).unwrap();
    folder::load(home.path(), Some(day), day).unwrap_or_else(|_| panic!("{tables:?}")).dataset
}

fn split(data: &Dataset, measure: Measure, scope: Scope) -> Decomposition {
    let known = data.at(data.origin(data.as_of).unwrap());
    decompose::decompose(&known, measure, scope, [2022, 2023]).unwrap()
}

fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * scale.abs().max(1.0)
}

/// Region, product, units and revenue of 2022, of 2023.
type TwoYears<'a> = (&'a str, &'a str, (f64, f64), (f64, f64));

/// Sales of two years, all of it in one month of the year and
/// nothing in the others.
fn two_years(rows: &[TwoYears]) -> String {
    let mut out = "month,region,product,units,revenue\n".to_owned();
    let (first, ..) = rows[0];
    for (year, of) in [(2022, 0), (2023, 1)] {
        for month in 1..=12 {
            // One row keeps the month in the history.
            out += &format!("{year}-{month:02},{first},_,0,0\n");
        }
        for (region, product, before, after) in rows {
            let (units, revenue) = if of == 0 { before } else { after };
            out += &format!("{year}-06,{region},{product},{units},{revenue}\n");
        }
    }
    out
}

#[test]
fn growth_without_communities_by_hand() {
    // North sells 100 a at 10 yuan, then 150 at 12; south 100 a at 10, then 50 at 10: 200 units both years, so units
    // explain nothing, and neither does the mix of one product.
    let sales = two_years(&[("n", "a", (100.0, 1000.0), (150.0, 1800.0)), ("s", "a", (100.0, 1000.0), (50.0, 500.0))]);
    let found = split(&data(&[("sales.csv", &sales)]), Measure::Revenue, Scope::All);
    let (north, south) = (800.0 / 1.8_f64.ln(), -500.0 / 0.5_f64.ln());
    let expected = [[0.0, north * 1.5_f64.ln(), 0.0, north * 1.2_f64.ln()], [0.0, south * 0.5_f64.ln(), 0.0, 0.0]];
    for (part, expected) in found.parts.iter().zip(expected) {
        assert!(part.links.iter().zip(expected).all(|(a, b)| near(*a, b, 1800.0)), "{part:?} {expected:?}");
    }
    // 800 / ln 1.8 = 1,361.04: x ln 1.5 = .405465 is the region's share, x ln 1.2 = .182322 the price.
    assert!((found.parts[0].links[1] - 551.852).abs() < 0.01, "{:?}", found.parts[0]);
    assert_eq!(found.sum(|_| true).0, [2000.0, 2300.0]);
}

const PRODUCTS: &str = "product,kind,category,price,cost\na,goods,g,10,6\nb,goods,g,20,10\np1,policy,i,100,\n\
    p3,policy,i,200,\nfit,service,f,0,0\n_,goods,g,1,1\n";

#[test]
fn growth_with_communities_by_hand() {
    // 1,000 households and 100 buyers, then 1,500 and 225; 200 a, then 405 of them. Policies: 100 and 0, then 100 and 50
    // of three years at twice the price: 10% of households both times, the mix 1 to 1.333 by the money of one.
    let sales = two_years(&[
        ("n", "a", (200.0, 2000.0), (405.0, 4050.0)),
        ("n", "fit", (100.0, 0.0), (225.0, 0.0)),
        ("n", "p1", (100.0, 10000.0), (100.0, 10000.0)),
        ("n", "p3", (0.0, 0.0), (50.0, 10000.0)),
    ]);
    let communities = "community,region,households,handover\nC,n,9000,2021-01\n";
    let signings = "month,community,households\n2022-03,C,1000\n2023-03,C,1500\n";
    let tables = [
        ("sales.csv", sales.as_str()),
        ("products.csv", PRODUCTS),
        ("communities.csv", communities),
        ("signings.csv", signings),
    ];
    let data = data(&tables);
    let goods = split(&data, Measure::Appliances, Scope::All).sum(|_| true);
    let mean = 2050.0 / 2.025_f64.ln();
    let expected = [mean * 1.5_f64.ln(), mean * 1.5_f64.ln(), mean * 0.9_f64.ln(), 0.0];
    assert!(goods.1.iter().zip(expected).all(|(a, b)| near(*a, b, 4050.0)), "{goods:?}");
    let policies = split(&data, Measure::Premiums, Scope::All);
    assert_eq!(policies.sum(|_| true).0, [10_000.0, 20_000.0]);
    // One-year policies: as many, of more households and a smaller share of all policies. Three-year ones are new.
    let of = |product: &str| {
        let at = data.grid.products.codes.iter().position(|c| c == product).unwrap();
        policies.sum(|part| part.product == at).1
    };
    let expected = [10_000.0 * 1.5_f64.ln(), 0.0, 10_000.0 * (1.0_f64 / 1.5).ln(), 0.0];
    assert!(of("p1").iter().zip(expected).all(|(a, b)| near(*a, b, 1e4)), "{:?}", of("p1"));
    assert_eq!(of("p3"), [0.0, 0.0, 10_000.0, 0.0]);
}

/// A random folder: regions and products that come and go, prices that move, some regions without signings in a year.
fn random(rng: &mut ChaCha8Rng, with_communities: bool) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let (mut communities, mut signings) =
        ("community,region,households,handover\n".to_owned(), "month,community,households\n2022-01,Cn,1\n".to_owned());
    for region in ["n", "s", "e"] {
        for product in ["a", "b", "p1", "p3", "fit"] {
            let mut year = || {
                let units = if rng.random_bool(0.25) { 0.0 } else { f64::from(rng.random_range(1..5000)) };
                (units, if product == "fit" { 0.0 } else { (units * rng.random_range(1.0..300.0)).round() })
            };
            rows.push((region, product, year(), year()));
        }
        communities += &format!("C{region},{region},90000,2021-01\n");
        for year in [2022, 2023] {
            if rng.random_bool(0.7) {
                signings += &format!("{year}-04,C{region},{}\n", rng.random_range(1..20_000));
            }
        }
    }
    let mut tables = vec![("sales.csv", two_years(&rows)), ("products.csv", PRODUCTS.to_owned())];
    if with_communities {
        tables.extend([("communities.csv", communities), ("signings.csv", signings)]);
    }
    tables
}

#[test]
fn every_part_of_a_random_folder_adds_up() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for round in 0..60 {
        let tables = random(&mut rng, round % 2 == 0);
        let tables: Vec<(&str, &str)> = tables.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let data = data(&tables);
        for measure in [Measure::Revenue, Measure::Appliances, Measure::Premiums] {
            let found = split(&data, measure, Scope::All);
            for part in &found.parts {
                let change = part.values[1] - part.values[0];
                let sum: f64 = part.links.iter().sum();
                assert!(near(sum, change, part.values[0].max(part.values[1])), "{measure:?} {part:?}");
                assert!(part.links.iter().all(|x| x.is_finite()));
            }
            // The whole is what the file says, read by other means.
            let mut file = [0.0; 2];
            for row in csv::Reader::from_reader(tables[0].1.as_bytes()).records().map(Result::unwrap) {
                let policy = row[2].starts_with('p');
                if measure == Measure::Revenue || policy == (measure == Measure::Premiums) {
                    file[usize::from(row[0].starts_with("2023"))] += row[4].parse::<f64>().unwrap();
                }
            }
            let (values, links) = found.sum(|_| true);
            assert!(near(values[0], file[0], file[0]) && near(values[1], file[1], file[1]), "{values:?} {file:?}");
            assert!(near(links.iter().sum(), file[1] - file[0], file[0].max(file[1])));
        }
    }
}

#[test]
fn the_gas_companys_growth_adds_up_everywhere() {
    let json = yugu(&[&gas(), "--years", "2013,2014", "--as-of", "2014-06", "--json"]).code(0);
    let json: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    let company = &json["company"];
    assert_eq!(
        (company["values"][0].as_f64(), company["values"][1].as_f64()),
        (Some(25_370_000.0), Some(38_240_000.0))
    );
    let made = |row: &serde_json::Value| (0..4).map(|k| row["made_by"][k].as_f64().unwrap()).collect::<Vec<f64>>();
    assert!(near(made(company).iter().sum(), 12_870_000.0, 38_240_000.0), "{company}");
    for list in ["regions", "products"] {
        let sums = json[list]
            .as_array()
            .unwrap()
            .iter()
            .map(made)
            .fold(vec![0.0; 4], |sum, row| sum.iter().zip(&row).map(|(a, b)| a + b).collect());
        assert!(sums.iter().zip(made(company)).all(|(a, b)| near(*a, b, 38_240_000.0)), "{list} {sums:?}");
    }
    // Prices did not move, and conversion made most of it.
    let made = made(company);
    assert!(made[3] == 0.0 && made[1] > made[0] + made[2], "{made:?}");
    let csv = yugu(&[&gas(), "--years", "2013,2014", "--as-of", "2014-06", "--csv"]).code(0);
    let rows: Vec<BTreeMap<String, String>> =
        csv::Reader::from_reader(&csv.get_output().stdout[..]).deserialize().map(Result::unwrap).collect();
    let sum = |column: &str| rows.iter().map(|row| row[column].parse::<f64>().unwrap()).sum::<f64>();
    assert!(near(sum("households"), made[0], 38e6) && near(sum("conversion"), made[1], 38e6));
    assert_eq!((sum("revenue_2013"), sum("revenue_2014")), (25_370_000.0, 38_240_000.0));
}

#[test]
fn a_change_of_everyone_is_no_effect() {
    let args = [&gas(), "--years", "2012,2013", "--as-of", "2014-06", "--change", "2012-07"];
    let page = text(&yugu(&args).code(0).get_output().stdout);
    let (before, asked) = page.split_once("company change asked for, 2012-07 to 2013-06").unwrap();
    assert!(asked.contains("difference +") && asked.contains("no effect: everyone changed at once"), "{asked}");
    assert!(!asked.contains("; effect"), "{asked}");
    // The dated factors of single centres have others to be compared with.
    assert!(before.contains("(factors.csv:3:9)") && before.contains("; effect +"), "{before}");
    let chinese = text(&yugu(&[&args[..], &["--lang", "zh"]].concat()).code(0).get_output().stdout);
    for word in ["按区域", "户数", "转化率", "不是效果", "城东服务中心"] {
        assert!(chinese.contains(word), "{word}\n{chinese}");
    }
}

#[test]
fn what_cannot_be_split_says_why() {
    for (args, why) in [
        (&["--years", "2010,2014"][..], "fiscal year 2010 is not wholly in the history"),
        (&["--measure", "units"], "units of different groups do not add up"),
        (&["--product", "stoves"], "stove"),
    ] {
        let shown = yugu(&[&[gas().as_str()], args].concat()).code(2);
        let said = text(&shown.get_output().stderr);
        assert!(said.contains(why) && shown.get_output().stdout.is_empty(), "{args:?}: {said}");
    }
    yugu(&[&gas(), "--years", "2014,2014"]).code(2);
    let home = tempfile::tempdir().unwrap();
    let without = "month,region,product,units\n2022-01,n,a,1\n2023-12,n,a,2\n";
    write(home.path(), &[("sales.csv", without)]);
    let said = text(&yugu(&[home.path().to_str().unwrap()]).code(2).get_output().stderr);
    assert!(said.contains("'a' has no price"), "{said}");
    yugu(&[home.path().to_str().unwrap(), "--measure", "units"]).code(0);
    write(home.path(), &[("sales.csv", "month,region,product,units\n2023-01,n,a,1\n2023-12,n,a,2\n")]);
    let said = text(&yugu(&[home.path().to_str().unwrap()]).code(2).get_output().stderr);
    assert!(said.contains("no two whole fiscal years"), "{said}");
}

/// Two years of eight regions that grow by 10% and a common 20% in the second, with yearly luck of their own; an event
/// that is worth +25% from April to June at the first `changed` of them.
fn world(rng: &mut ChaCha8Rng, changed: usize) -> Vec<Change> {
    let mut sales = "month,region,product,units\n".to_owned();
    for region in 0..8 {
        let mut normal = || -> f64 { StandardNormal.sample(rng) };
        let (size, luck) = (2000.0 * (0.5 * normal()).exp(), (0.1 * normal()).exp());
        for t in 0..24 {
            let event = if region < changed && (15..18).contains(&t) { 1.25 } else { 1.0 };
            let growth = if t >= 12 { 1.3 * luck } else { 1.0 };
            let units = size * [1.0, 0.6, 1.2][t % 3] * growth * event;
            sales += &format!("{},r{region},a,{units:.0}\n", Month::new(2022, 1).unwrap().plus(t as i32));
        }
    }
    let regions: String = (0..8).map(|r| format!("r{r},{}\n", if r < changed { "hit" } else { "rest" })).collect();
    let factors = "region,from,to,reason\nhit,2023-04,2023-06,promotion\n";
    let data =
        data(&[("sales.csv", &sales), ("regions.csv", &format!("region,parent\n{regions}")), ("factors.csv", factors)]);
    let known = data.at(data.origin(data.as_of).unwrap());
    dated::changes(&known, Measure::Units, Scope::All, &Event::from(known.factors[0]))
}

#[test]
fn bounds_of_effects_hold_the_truth_as_often_as_they_say() {
    for changed in [1, 3] {
        let mut rng = ChaCha8Rng::seed_from_u64(changed as u64);
        let (mut inside, mut sum) = (0, 0.0);
        const WORLDS: usize = 600;
        for _ in 0..WORLDS {
            let found = world(&mut rng, changed);
            let [change] = &found[..] else { panic!("{found:?}") };
            assert!(change.is_effect() && change.regions == (changed, 8 - changed) && !change.mixed);
            let (low, high) = change.bounds.unwrap();
            inside += usize::from((low..=high).contains(&0.25));
            sum += change.change.ln_1p();
        }
        // 80% of 600, give or take two and a half standard errors of .0163.
        let share = inside as f64 / WORLDS as f64;
        assert!((0.76..=0.84).contains(&share), "{changed} changed: {share}");
        assert!((sum / WORLDS as f64 - 1.25_f64.ln()).abs() < 0.015, "{changed} changed: {}", sum / WORLDS as f64);
    }
}

#[test]
fn regions_that_changed_otherwise_are_no_comparison() {
    let mut sales = "month,region,product,units\n".to_owned();
    for t in 0..24 {
        for (region, growth) in [("a", 2.0), ("b", 1.5), ("c", 1.0), ("d", 1.0)] {
            let units = if t < 12 { 100.0 } else { 100.0 * growth };
            sales += &format!("{},{region},x,{units}\n", Month::new(2022, 1).unwrap().plus(t));
        }
    }
    let factors =
        "region,from,to,reason\na,2023-04,2023-12,promotion\nb,2023-12,2023-12,weather\n,2023-02,2023-03,price\n";
    let data = data(&[("sales.csv", &sales), ("factors.csv", factors)]);
    let known = data.at(data.origin(data.as_of).unwrap());
    let of = |row: usize| dated::changes(&known, Measure::Units, Scope::All, &Event::from(known.factors[row]));
    // b's own event takes it out of the comparison; c and d stood still, so a doubled.
    let a = &of(0)[0];
    assert!(a.regions == (1, 2) && near(a.change, 1.0, 1.0) && a.others == Some(0.0), "{a:?}");
    assert_eq!(a.months, (Month::new(2023, 4).unwrap(), Month::new(2023, 12).unwrap()));
    assert!(near(a.bounds.unwrap().0, 1.0, 1.0) && near(a.bounds.unwrap().1, 1.0, 1.0), "{a:?}");
    // Everyone at once: ln 2 + ln 1.5 over four regions, no effect; bounds from four regions.
    let all = &of(2)[0];
    assert!(!all.is_effect() && all.regions == (4, 0) && all.others.is_none(), "{all:?}");
    assert!(near(all.change, 3.0_f64.powf(0.25) - 1.0, 1.0), "{all:?}");
    // A year before there must be something to compare with.
    assert!(dated::changes(&known, Measure::Units, Scope::All, &Event::since(Month::new(2022, 5).unwrap())).is_empty());
}
