//! Communities that no developer has contracted yet: by hand, what adds up, what is not seen, and where they are named.

use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use calamine::{Reader, Xlsx};
use chrono::NaiveDate;
use tempfile::TempDir;
use yugu::folder;
use yugu::grid::COMPANY;
use yugu::messages::Lang;
use yugu::outlook::Outlook;
use yugu::report::View;
use yugu::report::communities::Report;
use yugu::report::communities::figures::{Contracted, Measure, Of};
use yugu::stages::community::arrivals::Missing;

use crate::common::read::Page;

const NAME: &str = "communities not contracted yet";

fn month(t: usize) -> String {
    format!("{}-{:02}", 2021 + t / 12, t % 12 + 1)
}

/// Months of sales, 2021-01 to 2023-12.
const MONTHS: usize = 36;
const LAG: usize = 10;

/// A centre where each month a community of 100 households is contracted, handed over 10 months later; 40 of them sign in
/// that month, 20 in the next, half of them buy a stove at once. `contracts` are the months of contracts.
fn town(contracts: std::ops::Range<usize>, column: bool, settings: &str) -> TempDir {
    let mut list = String::from(if column {
        "community,region,households,handover,contract\n"
    } else {
        "community,region,households,handover\n"
    });
    let (mut signings, mut bought) = (String::from("month,community,households\n"), String::new());
    bought.push_str("month,community,product,units\n");
    let mut sold = [10; MONTHS];
    for t in contracts {
        let contract = if column { format!(",{}", month(t)) } else { String::new() };
        writeln!(list, "c{t:02},r,100,{}{contract}", month(t + LAG)).unwrap();
        for (at, households) in [(t + LAG, 40), (t + LAG + 1, 20)].into_iter().filter(|x| x.0 < MONTHS) {
            writeln!(signings, "{},c{t:02},{households}", month(at)).unwrap();
            writeln!(bought, "{},c{t:02},stove,{}", month(at), households / 2).unwrap();
            sold[at] += households / 2;
        }
    }
    let mut sales = String::from("month,region,product,units\n");
    sold.iter().enumerate().for_each(|(t, n)| writeln!(sales, "{},r,stove,{n}", month(t)).unwrap());
    let home = tempfile::tempdir().unwrap();
    let settings = format!("[fiscal]\nstart = 1\n{settings}");
    let files = [("communities.csv", list), ("signings.csv", signings), ("community_sales.csv", bought)];
    let files = files.into_iter().chain([("sales.csv", sales), ("yugu.toml", settings)]);
    files.for_each(|(name, text)| fs::write(home.path().join(name), text).unwrap());
    home
}

fn outlook(folder: &Path, as_of: NaiveDate) -> Outlook {
    let loaded = folder::load(folder, Some(as_of), as_of).unwrap_or_else(|_| panic!("{}", folder.display()));
    Outlook::new(loaded.dataset, loaded.warnings).unwrap()
}

fn end_of_2023(folder: &Path) -> Outlook {
    outlook(folder, NaiveDate::from_ymd_opt(2023, 12, 31).unwrap())
}

fn gas() -> Outlook {
    outlook("data/gas".as_ref(), NaiveDate::from_ymd_opt(2014, 6, 30).unwrap())
}

#[test]
fn a_hundred_households_a_month_go_on_being_a_hundred() {
    let home = town(0..MONTHS, true, "");
    let outlook = end_of_2023(home.path());
    let p = outlook.point.communities.as_ref().unwrap();
    let arrivals = p.record.arrivals.as_ref().unwrap();
    assert_eq!((arrivals.contracts, arrivals.window, arrivals.lag(0.5)), (36, 36, LAG));
    assert!((arrivals.rate() - 100.0).abs() < 1e-9 && (arrivals.lump - 100.0).abs() < 1e-9);
    // Years did not differ: the rate is as sure as 36 contracts make it.
    assert!((arrivals.off - 1.0 / 6.0).abs() < 1e-9, "{}", arrivals.off);
    // The first of them is contracted next month: the one after the last that is planned.
    let months = p.record.months as i32;
    let begin: Vec<(i32, f64)> = arrivals.parts.iter().map(|x| (x.handover - months, x.households)).collect();
    assert_eq!(begin.first().unwrap().0, LAG as i32);
    assert!(begin.iter().all(|x| (x.1 - 100.0).abs() < 1e-9) && begin.len() > 2, "{begin:?}");
    // 60 households sign in every month to the end of 2024, 40 and then all 60 of them theirs.
    let view = View::new(&outlook, Lang::En);
    let report = Report::new(&view).unwrap();
    let of = |measure, h: usize| report.figures.figure(Of::Node(COMPANY), measure, h..h + 1).unwrap();
    assert_eq!(report.figures.months().len(), 12);
    let theirs = Measure::NotContracted(Contracted::Signings);
    for h in 0..12 {
        assert!((of(Measure::Signings, h).value - 60.0).abs() < 1.0, "{h} {:?}", of(Measure::Signings, h));
        let expected = [0.0, 40.0, 60.0][(h + 1).saturating_sub(LAG).min(2)];
        let found = of(theirs, h);
        assert!((found.value - expected).abs() < 1.0, "{h} {found:?}");
        // One contract, give or take one: as wide as that.
        assert!(expected == 0.0 || (found.bounds[0] < 0.5 * expected && found.bounds[1] > 1.5 * expected), "{found:?}");
    }
    // The fewer of the sum are theirs, the less their chance makes it wide.
    let year = |measure| report.figures.figure(Of::Node(COMPANY), measure, 0..12).unwrap();
    let width = |measure| (year(measure).bounds[1] - year(measure).bounds[0]) / year(measure).value;
    assert!(width(theirs) > 3.0 * width(Measure::Signings));
    assert!((year(Measure::NotContracted(Contracted::Buyers)).value - 50.0).abs() < 2.0);
}

#[test]
fn too_few_contracts_and_no_column_are_said() {
    let said = |home: &TempDir| {
        let outlook = end_of_2023(home.path());
        let why = outlook.point.communities.as_ref().unwrap().record.arrivals.clone().unwrap_err();
        let mut yugu = assert_cmd::Command::cargo_bin("yugu").unwrap();
        let run =
            yugu.args(["communities", "--lang", "en", "--as-of", "2023-12-31"]).arg(home.path()).assert().success();
        (why, String::from_utf8(run.get_output().stdout.clone()).unwrap())
    };
    let (why, page) = said(&town(20..31, true, ""));
    assert_eq!(why, Missing::Few(11));
    assert!(
        page.contains("communities not contracted yet are not in it (11 contracts in the last three years"),
        "{page}"
    );
    assert!(end_of_2023(town(20..32, true, "").path()).point.communities.unwrap().record.arrivals.is_ok());
    let (why, page) = said(&town(0..MONTHS, false, ""));
    assert_eq!(why, Missing::NoContracts);
    assert!(page.contains("no community has the month of its contract"), "{page}");
    let (why, page) = said(&town(0..MONTHS, true, "[communities]\narrivals = false\n"));
    assert_eq!(why, Missing::Off);
    assert!(page.contains("[communities] arrivals = false"), "{page}");
}

#[test]
fn contracts_of_a_later_day_are_not_seen() {
    // The same town, of which the folder knows the contracts of the next half year.
    let (then, later) = (town(0..MONTHS, true, ""), town(0..MONTHS + 6, true, ""));
    let of = |home: &TempDir| {
        let outlook = end_of_2023(home.path());
        let units = outlook.horizon().units.clone();
        let p = outlook.point.communities.unwrap();
        let sums: Vec<f64> = p.signings.ahead.columns().into_iter().map(|column| column.sum()).collect();
        (p.record.arrivals.unwrap().rates, sums, units)
    };
    assert_eq!(of(&then), of(&later));
    // Within the year they are seen, and take the place of what was to come.
    let seen = outlook(later.path(), NaiveDate::from_ymd_opt(2024, 6, 30).unwrap());
    let p = seen.point.communities.as_ref().unwrap();
    let first = p.record.arrivals.as_ref().unwrap().parts.first().unwrap().handover;
    assert_eq!(first - p.record.months as i32, (LAG + 6) as i32);
}

#[test]
fn without_them_the_others_are_what_they_were() {
    let with = gas();
    let home = tempfile::tempdir().unwrap();
    for entry in fs::read_dir("data/gas").unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()) {
        fs::copy(&entry, home.path().join(entry.file_name().unwrap())).unwrap();
    }
    let settings = fs::read_to_string("data/gas/yugu.toml").unwrap() + "\n[communities]\narrivals = false\n";
    fs::write(home.path().join("yugu.toml"), settings).unwrap();
    let without = outlook(home.path(), NaiveDate::from_ymd_opt(2014, 6, 30).unwrap());
    let [all, rest] = [&with, &without].map(|o| o.point.communities.as_ref().unwrap());
    assert!(all.record.arrivals.is_ok() && rest.record.not_contracted().is_empty());
    for c in 0..rest.record.named {
        assert_eq!(all.signings.ahead.row(c), rest.signings.ahead.row(c));
        assert_eq!(all.goods.as_ref().unwrap().ahead.row(c), rest.goods.as_ref().unwrap().ahead.row(c));
        assert_eq!(all.policies.as_ref().unwrap().ahead.row(c), rest.policies.as_ref().unwrap().ahead.row(c));
    }
    // What is theirs is the difference, in every region and month, and the regions are the company's.
    let views = [&with, &without].map(|o| View::new(o, Lang::En));
    let [all, rest] = views.each_ref().map(|view| Report::new(view).unwrap());
    let regions = &with.dataset.grid.regions;
    for part in [Contracted::Signings, Contracted::Buyers, Contracted::Policies] {
        for h in 0..all.figures.months().len() {
            let of = |report: &Report, node: usize, measure| {
                report.figures.figure(Of::Node(node), measure, h..h + 1).map_or(0.0, |figure| figure.value)
            };
            let theirs = |node: usize| of(&all, node, Measure::NotContracted(part));
            for node in 0..regions.len() {
                let difference = of(&all, node, part.whole()) - of(&rest, node, part.whole());
                assert!((difference - theirs(node)).abs() < 1e-6, "{part:?} {node} {h}");
            }
            let sum: f64 = (0..regions.leaf_count()).map(|l| theirs(regions.node_of(l))).sum();
            assert!((sum - theirs(COMPANY)).abs() < 1e-6);
        }
    }
    // They are in the outlook, and hardly in the next two months: nobody is handed over in half a year.
    let sold = |o: &Outlook, h: std::ops::Range<usize>| -> f64 { h.map(|h| o.horizon().units.column(h).sum()).sum() };
    assert!(sold(&with, 0..12) > 1.01 * sold(&without, 0..12));
    assert!((sold(&with, 0..2) / sold(&without, 0..2) - 1.0).abs() < 1e-3);
}

#[test]
fn every_output_names_them() {
    let yugu = |args: &[&str]| {
        let done = assert_cmd::Command::cargo_bin("yugu").unwrap().args(args).assert().success();
        String::from_utf8(done.get_output().stdout.clone()).unwrap()
    };
    let home = tempfile::tempdir().unwrap();
    let out = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let gas = ["data/gas", "--as-of", "2014-06-30"];
    let page = yugu(&[&["communities"], &gas[..], &["--lang", "en", "--out", &out("c")]].concat());
    assert!(page.contains("  communities not contracted yet  ") && page.contains("households a month, as in the"));
    let zh = yugu(&[&["communities"], &gas[..], &["--lang", "zh"]].concat());
    assert!(zh.contains("尚未签约的新建小区"));
    let read = |path: &str| fs::read_to_string(home.path().join(path)).unwrap();
    let communities = read("c/communities.csv");
    // A line for each region, month and measure, with bounds; they and the others are the region's.
    let mut sums = [0.0; 2];
    for row in csv::Reader::from_reader(communities.as_bytes()).records().map(Result::unwrap) {
        if &row[2] == "2015-06" && &row[4] == "signings" {
            let [value, low, high] = [6, 7, 8].map(|i| row[i].parse::<f64>().unwrap());
            assert!(low <= value && value <= high);
            sums[usize::from(&row[0] == NAME)] += value;
        }
    }
    let centres = read("c/centres.csv");
    let company = |measure: &str| -> f64 {
        let row = csv::Reader::from_reader(centres.as_bytes())
            .into_records()
            .map(Result::unwrap)
            .find(|row| &row[0] == "GAS" && &row[1] == "2015-06" && &row[3] == measure);
        row.unwrap()[5].parse().unwrap()
    };
    assert!((company("not_contracted_signings") - sums[1]).abs() < 1e-6 && sums[1] > 0.0);
    assert!((company("signings") - sums[0] - sums[1]).abs() < 1e-6);
    assert!(read("c/learned.csv").contains("contracted_a_month,households,gaoxin,"));
    let json = yugu(&[&["communities"], &gas[..], &["--json"]].concat());
    assert!(json.contains("\"not_contracted_signings\""));
    let plan = yugu(&[&["plan"], &gas[..], &["--lang", "en", "--page", "--workbook", "--out", &out("p")]].concat());
    assert!(plan.contains("communities not contracted yet, in the outlook of 2015: "), "{plan}");
    let html = Page::new(&read("p/plan.html"));
    assert!(html.block("communities").to_string().contains("not_contracted_signings"));
    assert!(html.block("base").to_string().contains("尚未签约的新建小区，已计入 2015 财年展望"));
    let bytes = fs::read(home.path().join("p/plan.xlsx")).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("Communities").unwrap();
    let named = |cell: &calamine::Data| cell.to_string().starts_with(NAME);
    assert!(sheet.rows().flatten().any(named));
    let month = ["--region", "gaoxin", "--product", "ST-B2", "--month", "2014-08", "--lang", "en"];
    assert!(yugu(&[&["explain"], &gas[..], &month].concat()).contains("of these in communities not contracted yet"));
}
