//! What stands out in the last month and nothing in the folder explains: it is named, and no number changes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use chrono::NaiveDate;
use tempfile::TempDir;
use yugu::folder;
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::report::{View, exceptions};

const REGIONS: [&str; 3] = ["N", "S", "W"];
const PRODUCTS: [&str; 3] = ["A", "B", "C"];
const FIRST: (i32, u32) = (2021, 1);
const MONTHS: i32 = 36;

/// Three years of three regions and three products with a season and some noise, the last month changed by a factor of
/// each region and product.
fn sales(last: impl Fn(&str, &str) -> f64) -> String {
    let mut text = "month,region,product,units\n".to_string();
    let first = Month::new(FIRST.0, FIRST.1).unwrap();
    for t in 0..MONTHS {
        for (r, region) in REGIONS.iter().enumerate() {
            for (p, product) in PRODUCTS.iter().enumerate() {
                let noise = (f64::from(t * 37 + r as i32 * 11 + p as i32 * 5) * 1.3).sin();
                let season = 1.0 + 0.2 * (f64::from(t % 12) / 12.0 * std::f64::consts::TAU).sin();
                let usual = 200.0 * (1 + r) as f64 * season * (1.0 + 0.06 * noise);
                let times = if t + 1 == MONTHS { last(region, product) } else { 1.0 };
                writeln!(text, "{},{region},{product},{}", first.plus(t), (usual * times).round()).unwrap();
            }
        }
    }
    text
}

fn folder_of(sales: &str, others: &[(&str, &str)], method: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("sales.csv"), sales).unwrap();
    fs::write(dir.path().join("yugu.toml"), format!("method = \"{method}\"\n[calendar]\nfestival = \"none\"\n"))
        .unwrap();
    others.iter().for_each(|(name, text)| fs::write(dir.path().join(name), text).unwrap());
    dir
}

fn plan(dir: &TempDir, day: (i32, u32, u32)) -> Outlook {
    let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2);
    let loaded = folder::load(dir.path(), day, day.unwrap()).unwrap_or_else(|e| panic!("{e:?}"));
    Outlook::new(loaded.dataset, loaded.warnings).unwrap_or_else(|p| panic!("{p:?}"))
}

/// Kind, region and product of what stands out, and the sentences.
fn found(outlook: &Outlook) -> (BTreeSet<(String, String, String)>, Vec<String>) {
    let view = View::new(outlook, Lang::En);
    let rows: Vec<_> = exceptions::rows(&view).collect();
    let key = |r: &exceptions::Row| (r.kind.to_string(), r.region.to_string(), r.product.to_string());
    (rows.iter().map(key).collect(), rows.iter().map(|r| r.message.clone()).collect())
}

fn one(kind: &str, region: &str, product: &str) -> BTreeSet<(String, String, String)> {
    BTreeSet::from([(kind.to_string(), region.to_string(), product.to_string())])
}

const CLOSE: (i32, u32, u32) = (2023, 12, 31);

#[test]
fn calm_months_are_not_named() {
    let dir = folder_of(&sales(|_, _| 1.0), &[], "plain");
    // At the close of each month of two years.
    for back in 0..24 {
        let month = Month::new(2023, 12).unwrap().plus(-back);
        let day = month.last_day();
        use chrono::Datelike;
        let outlook = plan(&dir, (day.year(), day.month(), day.day()));
        assert_eq!(found(&outlook).0, BTreeSet::new(), "{month}");
    }
}

#[test]
fn a_product_that_halves_in_every_region_is_named_and_counts_as_it_was_sold() {
    let halved = sales(|_, product| if product == "A" { 0.5 } else { 1.05 });
    for method in ["fitted", "plain"] {
        let dir = folder_of(&halved, &[], method);
        let outlook = plan(&dir, CLOSE);
        let (kinds, messages) = found(&outlook);
        assert_eq!(kinds, one("low_product", "", "A"));
        assert!(messages[0].contains("in every region; if it was out of stock"), "{messages:?}");
        // No number moves for it: nothing was received otherwise than it was sold.
        assert!(outlook.point.reception.is_clean());
    }
    // In one region only it is that region's matter; where somebody says why, nothing is asked.
    let one_region = sales(|region, product| if (region, product) == ("N", "A") { 0.5 } else { 1.0 });
    assert_eq!(found(&plan(&folder_of(&one_region, &[], "plain"), CLOSE)).0, BTreeSet::new());
    let told = ("factors.csv", "region,product,from,to,reason,effect\n,A,2023-12,2023-12,other,-50%\n");
    assert_eq!(found(&plan(&folder_of(&halved, &[told], "plain"), CLOSE)).0, BTreeSet::new());
}

#[test]
fn a_last_month_that_is_low_everywhere_may_not_be_complete() {
    let part = sales(|_, _| 0.4);
    let dir = folder_of(&part, &[], "plain");
    let (kinds, messages) = found(&plan(&dir, CLOSE));
    assert_eq!(kinds, one("low_month", "", ""));
    assert!(
        messages[0].starts_with("2023-12 is low everywhere") && messages[0].contains("--close 2023-12"),
        "{messages:?}"
    );
    let complete = ("reported.csv", "month,state\n2023-12,complete\n");
    assert_eq!(found(&plan(&folder_of(&part, &[complete], "plain"), CLOSE)).0, BTreeSet::new());
}

#[test]
fn a_region_far_over_its_own_forecast_is_named_where_its_channel_is_not_counted() {
    let pushed = sales(|region, _| if region == "S" { 1.4 } else { 1.0 });
    for method in ["fitted", "plain"] {
        let (kinds, messages) = found(&plan(&folder_of(&pushed, &[], method), CLOSE));
        assert_eq!(kinds, one("high_region", "S", ""));
        assert!(messages[0].contains("channel_stock"), "{messages:?}");
    }
    let told = ("factors.csv", "region,from,to,reason,effect\nS,2023-12,2023-12,stockpiling,40%\n");
    assert_eq!(found(&plan(&folder_of(&pushed, &[told], "plain"), CLOSE)).0, BTreeSet::new());
}

#[test]
fn a_product_that_nobody_buys_any_more_and_is_forecast_is_named() {
    // C sells nothing in the last three months, in no region.
    let mut text = String::new();
    for line in sales(|_, _| 1.0).lines() {
        let gone = ["2023-10", "2023-11", "2023-12"].iter().any(|m| line.starts_with(m)) && line.contains(",C,");
        if !gone {
            writeln!(text, "{line}").unwrap();
        }
    }
    let outlook = plan(&folder_of(&text, &[], "fitted"), CLOSE);
    let product = outlook.dataset.grid.products.codes.iter().position(|c| c == "C").unwrap();
    let units: f64 = (0..outlook.dataset.grid.series.len())
        .filter(|s| outlook.dataset.grid.series[*s].product == product)
        .map(|s| outlook.point.units.row(s).sum())
        .sum();
    let (kinds, messages) = found(&outlook);
    let named = messages.iter().any(|m| m.contains(" C: ") && m.contains("nothing was sold after 2023-09"));
    assert!(named == (units > 0.0), "{units} forecast: {kinds:?} {messages:?}");
    assert!(units > 0.0, "the case needs a forecast of what does not sell");
    // Who says that it is gone is not asked.
    let retired = ("products.csv", "product,retire\nA,\nB,\nC,2023-09\n");
    let (kinds, _) = found(&plan(&folder_of(&text, &[retired], "fitted"), CLOSE));
    assert!(!kinds.iter().any(|k| k.0 == "unsold"), "{kinds:?}");
}

/// The same sales with the units of some months and regions times a factor.
fn times(text: &str, factor: f64, of: impl Fn(&str, &str) -> bool) -> String {
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        match cells[..] {
            [month, region, product, units] if month != "month" && of(month, region) => {
                format!("{month},{region},{product},{}\n", (units.parse::<f64>().unwrap() * factor).round())
            }
            _ => format!("{line}\n"),
        }
    };
    text.lines().map(line).collect()
}

#[test]
fn last_years_month_of_one_forecast_is_named_where_it_is_there_twice_or_in_part() {
    // Made at the close of December 2023 for January and February 2024.
    let calm = sales(|_, _| 1.0);
    for (month, factor) in [("2023-01", 2.0), ("2023-02", 0.5)] {
        let odd = times(&calm, factor, |m, _| m == month);
        for method in ["fitted", "plain"] {
            let outlook = plan(&folder_of(&odd, &[], method), CLOSE);
            let (kinds, messages) = found(&outlook);
            assert!(kinds.contains(&("odd_base".to_string(), String::new(), String::new())), "{kinds:?}");
            assert!(messages.iter().any(|m| m.starts_with(month) && m.contains("a year before")), "{messages:?}");
            assert!(outlook.point.reception.is_clean());
        }
        let told = format!("from,to,reason,effect\n{month},{month},other,{}\n", factor - 1.0);
        let none = plan(&folder_of(&odd, &[("factors.csv", &told)], "plain"), CLOSE);
        assert_eq!(found(&none).0, BTreeSet::new());
    }
    // Named, too, where a region is late with its last month.
    let late: String = times(&calm, 2.0, |m, _| m == "2023-01")
        .lines()
        .filter(|line| !line.starts_with("2023-12,N"))
        .map(|line| format!("{line}\n"))
        .collect();
    let kinds = found(&plan(&folder_of(&late, &[], "plain"), CLOSE)).0;
    assert!(kinds.iter().any(|(kind, _, _)| kind == "odd_base"), "{kinds:?}");
    // A month that nothing rests on, one region's matter, and a change of level.
    let cases = [
        times(&calm, 2.0, |m, _| m == "2023-06"),
        times(&calm, 2.0, |m, r| m == "2023-01" && r == "N"),
        times(&calm, 2.0, |m, _| m >= "2023-01"),
    ];
    for text in &cases {
        let kinds = found(&plan(&folder_of(text, &[], "plain"), CLOSE)).0;
        assert!(kinds.iter().all(|(kind, _, _)| kind != "odd_base"), "{kinds:?}");
    }
}
