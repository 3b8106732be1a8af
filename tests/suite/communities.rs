//! New communities in the example company: the third year from the first two, nothing counted twice, the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use ndarray::{Array1, Array2};
use rayon::prelude::*;
use yugu::dataset::Dataset;
use yugu::folder;
use yugu::grid::{COMPANY, Grid, Kind};
use yugu::messages::Lang;
use yugu::outlook::Outlook;
use yugu::report::View;
use yugu::report::communities::Report;
use yugu::report::communities::figures::{Measure, Of};
use yugu::stages::demand::in_sales_space;

use crate::common::company::{World, tables};
use crate::common::program as rows;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn outlook(folder: &Path, as_of: NaiveDate) -> Outlook {
    let loaded = folder::load(folder, Some(as_of), as_of).unwrap_or_else(|_| panic!("{}", folder.display()));
    Outlook::new(loaded.dataset, loaded.warnings).unwrap()
}

/// The third year as seen at the end of the second: goods and policies.
struct Third {
    /// Yuan by month: forecast, sold, last year's month x last year's growth.
    months: [Vec<[f64; 3]>; 2],
    /// Yuan of the year: forecast and bounds.
    year: [(f64, [f64; 2]); 2],
}

impl Third {
    fn of(folder: &Path) -> Third {
        let outlook = outlook(folder, day(2013, 6, 30));
        let data = &outlook.dataset;
        let view = View::new(&outlook, Lang::En);
        let report = Report::new(&view).unwrap();
        let grid = &data.grid;
        let first = 24;
        // What came is in nothing that was seen at the end of the second year.
        let then =
            folder::load(folder, None, day(2016, 1, 1)).unwrap_or_else(|_| panic!("{}", folder.display())).dataset;
        let code = |grid: &Grid, s: usize| {
            let of = grid.series[s];
            (grid.regions.code(grid.regions.node_of(of.leaf)).to_owned(), grid.products.codes[of.product].clone())
        };
        let places: BTreeMap<(String, String), usize> =
            (0..then.grid.series.len()).map(|s| (code(&then.grid, s), s)).collect();
        // Forecasts are of demand: what the months' stock let sell is compared with what was sold.
        let sold: Vec<Vec<f64>> = (0..12)
            .map(|h| {
                let demand = outlook.horizon().units.column(h).to_vec();
                let in_stock =
                    |a: &Array2<f64>, s: usize| places.get(&code(grid, s)).map_or(1.0, |p| a[(*p, first + h)]);
                let availability: Option<Array1<f64>> =
                    then.availability.as_ref().map(|a| (0..grid.series.len()).map(|s| in_stock(a, s)).collect());
                in_sales_space(grid, &demand, availability.as_ref().map(|a| a.view()), outlook.parameters())
            })
            .collect();
        let yuan = |data: &Dataset, policy: bool, units: &dyn Fn(usize) -> f64| -> f64 {
            let product = |s: usize| &data.products[data.grid.series[s].product];
            let is = |s: &usize| (product(*s).kind == Some(Kind::Policy)) == policy;
            (0..data.grid.series.len()).filter(is).map(|s| units(s) * product(s).price.unwrap()).sum()
        };
        let came = |policy: bool, t: usize| yuan(&then, policy, &|s| then.units[(s, t)]);
        let year = |policy: bool, from: usize| (from..from + 12).map(|t| came(policy, t)).sum::<f64>();
        let months = [false, true].map(|policy| {
            let growth = year(policy, 12) / year(policy, 0);
            let of = |h: usize| {
                [yuan(data, policy, &|s| sold[h][s]), came(policy, first + h), came(policy, 12 + h) * growth]
            };
            (0..12).map(of).collect::<Vec<_>>()
        });
        let plan = report.figures.plan(|s, h| sold[h][s], 0..12).unwrap();
        Third { months, year: plan.map(|f| (f.value, f.bounds)) }
    }

    /// WAPE of the months: ours, and that of last year x last growth.
    fn wape(&self, kind: usize) -> [f64; 2] {
        let rows = &self.months[kind];
        let all: f64 = rows.iter().map(|r| r[1]).sum();
        [0, 2].map(|i| rows.iter().map(|r| (r[i] - r[1]).abs()).sum::<f64>() / all)
    }

    fn holds(&self, kind: usize) -> bool {
        let (_, [low, high]) = self.year[kind];
        let came: f64 = self.months[kind].iter().map(|r| r[1]).sum();
        (low..=high).contains(&came)
    }
}

#[test]
fn the_third_year_from_the_first_two() {
    let third = Third::of("data/gas".as_ref());
    for (kind, name) in ["appliances", "premiums"].into_iter().enumerate() {
        println!("{name}, 10,000 yuan   forecast     sold   last year x growth");
        for (h, [forecast, sold, rule]) in third.months[kind].iter().enumerate() {
            println!("month {:>2}          {:>9.1} {:>9.1} {:>9.1}", h + 1, forecast / 1e4, sold / 1e4, rule / 1e4);
        }
        let (value, [low, high]) = third.year[kind];
        let sum = |i: usize| third.months[kind].iter().map(|r| r[i]).sum::<f64>() / 1e4;
        println!("year              {:>9.1} {:>9.1} {:>9.1}", value / 1e4, sum(1), sum(2));
        println!("80% bounds        {:>9.1} to {:.1}", low / 1e4, high / 1e4);
        let [ours, rule] = third.wape(kind);
        println!("WAPE of the months    {ours:.3}, of the rule {rule:.3}");
        assert!(ours < rule);
    }
}

#[test]
fn over_other_seeds_the_bounds_hold_what_they_promise() {
    let seeds: u64 = std::env::var("SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(20);
    let all: Vec<Third> = (1..=seeds)
        .into_par_iter()
        .map(|seed| {
            let dir = tempfile::tempdir().unwrap();
            for (name, bytes) in tables::files(&World::new(seed, 3)).unwrap() {
                fs::write(dir.path().join(name), bytes).unwrap();
            }
            Third::of(dir.path())
        })
        .collect();
    let n = all.len() as f64;
    let mean = |of: &dyn Fn(&Third) -> f64| all.iter().map(of).sum::<f64>() / n;
    let mut held = [0.0; 2];
    for (kind, name) in ["appliances", "premiums"].into_iter().enumerate() {
        held[kind] = mean(&|t| f64::from(u8::from(t.holds(kind))));
        let [ours, rule] = [0, 1].map(|i| mean(&|t| t.wape(kind)[i]));
        let bias = mean(&|t| t.year[kind].0 / t.months[kind].iter().map(|r| r[1]).sum::<f64>() - 1.0);
        let width = mean(&|t| (t.year[kind].1[1] - t.year[kind].1[0]) / t.year[kind].0);
        println!(
            "{name}: WAPE of the months {ours:.3}, of the rule {rule:.3}; the year inside its bounds {:.3} (bias {bias:+.3}, \
             width {width:.3})",
            held[kind]
        );
        assert!(ours < rule && all.iter().all(|t| t.wape(kind)[0] < t.wape(kind)[1]));
    }
    let both = (held[0] + held[1]) / 2.0;
    println!("yearly totals inside their 80% bounds: {both:.3}");
    assert!((0.7..=0.9).contains(&both), "{both}");
}

#[test]
fn nothing_is_counted_twice() {
    let with = outlook("data/gas".as_ref(), day(2014, 6, 30));
    let p = with.point.communities.as_ref().unwrap();
    // What is taken out of the history and what is left of it are all of it.
    let steps = yugu::point::steps(&with.known(), with.parameters(), &mut yugu::error::Problems::default());
    for (at, all) in steps.demand.units.indexed_iter() {
        let taken = p.named[at] + p.renewed[at];
        assert!((steps.rest().units[at] + taken - all).abs() <= 1e-6 * all.max(1.0), "{at:?}");
    }
    // The forecast is level x share of the rest, and the projections.
    let added = steps.added.as_ref().unwrap();
    let grid = &with.dataset.grid;
    for (k, month) in steps.baseline.months.iter().enumerate() {
        for (s, series) in grid.series.iter().enumerate() {
            let level = steps.level.get(grid.cell(series.leaf, series.group), *month).unwrap().level;
            let rest = level * steps.baseline.shares[(s, k)] * steps.baseline.events(s, k);
            assert!((rest + added[(s, k)] - steps.baseline.units[(s, k)]).abs() < 1e-6);
        }
    }
    // The same folder without the tables of communities: as much in all, give or take what the projections know better.
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir("data/gas").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let tables = ["communities.csv", "signings.csv", "community_sales.csv", "policies.csv", "leads.csv"];
        if path.is_file() && !tables.contains(&name.as_str()) {
            fs::copy(&path, dir.path().join(name)).unwrap();
        }
    }
    let without = outlook(dir.path(), day(2014, 6, 30));
    assert!(without.point.communities.is_none());
    let total = |o: &Outlook| o.point.units.sum();
    let ratio = total(&with) / total(&without);
    assert!((0.75..1.25).contains(&ratio), "{ratio}");
    // Left out by the settings they change nothing either.
    let tables = ["communities.csv", "signings.csv", "community_sales.csv", "policies.csv", "leads.csv"];
    tables.iter().for_each(|name| {
        fs::copy(Path::new("data/gas").join(name), dir.path().join(name)).unwrap();
    });
    let settings = fs::read_to_string(dir.path().join("yugu.toml")).unwrap() + "\n[communities]\nproject = false\n";
    fs::write(dir.path().join("yugu.toml"), settings).unwrap();
    assert_eq!(outlook(dir.path(), day(2014, 6, 30)).point.units, without.point.units);
}

#[test]
fn a_dated_factor_of_the_whole_company_is_a_step_and_no_trend() {
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir("data/gas").unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()) {
        fs::copy(&entry, dir.path().join(entry.file_name().unwrap())).unwrap();
    }
    let path = dir.path().join("factors.csv");
    let factors = fs::read_to_string(&path).unwrap();
    let next = |rows: &str| {
        fs::write(&path, format!("{factors}{rows}")).unwrap();
        let outlook = outlook(dir.path(), day(2014, 6, 30));
        let goods = outlook.point.communities.unwrap().goods.unwrap();
        (goods.flat, goods.trend.next_year())
    };
    let (flat, with_trend) = next("");
    assert!(!flat && with_trend.central > with_trend.last * 1.05);
    // From 2013-07 on, and still on: less than two years.
    let (flat, step) = next("GAS,,2013-07,2020-12,other,0.0,2013-06-01,new counters\n");
    assert!(flat && (step.central - step.last).abs() < 1e-12 && step.linear > step.last);
    // A factor of one centre is none of the company's.
    assert!(!next("gaoxin,,2013-07,2020-12,other,0.0,2013-06-01,new counters\n").0);
}

#[test]
fn figures_add_up_and_never_exceed_the_households() {
    let outlook = outlook("data/gas".as_ref(), day(2014, 6, 30));
    let view = View::new(&outlook, Lang::En);
    let report = Report::new(&view).unwrap();
    let regions = &outlook.dataset.grid.regions;
    let products = report.figures.products();
    let measures = [Measure::Signings, Measure::Buyers, Measure::Policies, Measure::Revenue, Measure::Premiums];
    let units = products.iter().map(|p| Measure::Units(*p));
    let ahead = report.figures.months().len();
    for measure in measures.into_iter().chain(units) {
        let of = |who: Of, months: std::ops::Range<usize>| report.figures.figure(who, measure, months).unwrap().value;
        let company = of(Of::Node(COMPANY), 0..ahead);
        let near = |x: f64| assert!((x - company).abs() < 1e-6 * company.max(1.0), "{measure:?} {x} {company}");
        near((0..regions.leaf_count()).map(|l| of(Of::Node(regions.node_of(l)), 0..ahead)).sum());
        near((0..ahead).map(|h| of(Of::Node(COMPANY), h..h + 1)).sum());
        if measure != Measure::Premiums {
            near((0..report.projection.record.leaf.len()).map(|c| of(Of::Community(c), 0..ahead)).sum());
        }
    }
    let p = report.projection;
    let policies = p.policies.as_ref().unwrap();
    for c in 0..p.record.leaf.len() {
        let signed: f64 = p.signings.ahead.row(c).sum();
        assert!(signed <= p.signings.left[c] + 1e-9 && p.signings.left[c] <= p.record.households[c]);
        let without = p.record.signed.row(c).sum() + signed - p.record.policies.row(c).sum();
        assert!(policies.ahead.row(c).sum() <= without.max(0.0) + 1e-9);
    }
    // A community of the pipeline, without a single signing, is there.
    let pipeline = (0..p.record.leaf.len()).filter(|c| p.signings.units.observed[*c] == 0.0);
    assert!(pipeline.filter(|c| p.signings.ahead.row(*c).sum() > 100.0).count() > 5);
}

#[test]
fn what_the_page_prints_adds_up() {
    let printed = rows::out(&rows::yugu(&["communities", "data/gas", "--as-of", "2014-03-31"]));
    // `1,234 [1,100-1,380]`: cells stand two blanks apart.
    let cells = |line: &str| -> Vec<f64> {
        let cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).skip(1);
        let value = |cell: &str| cell.split(' ').next().unwrap().replace(',', "").parse().unwrap_or(f64::NAN);
        cells.map(value).collect()
    };
    let part = |title: &str| printed.split(title).nth(1).unwrap().split("\n\n").next().unwrap().to_owned();
    let years = part("The company by fiscal year");
    let year = |word: &str| cells(years.lines().find(|line| line.starts_with(word)).unwrap());
    let months = part("The company by month");
    let months: Vec<&str> = months.lines().filter(|line| line.starts_with("20")).collect();
    // Three months of the fiscal year that ends in June, then the next one.
    for (i, word) in ["signings", "buyers", "goods, units", "first policies", "renewals"].into_iter().enumerate() {
        let column = |range: std::ops::Range<usize>| months[range].iter().map(|line| cells(line)[i]).sum::<f64>();
        assert_eq!([column(0..3), column(3..months.len())], year(word)[..2], "{word}");
    }
    let centres = part("Centres in fiscal year");
    let centres: Vec<Vec<f64>> = centres.lines().skip(3).filter(|l| l.contains('[')).map(cells).collect();
    for i in 0..5 {
        assert_eq!(centres[0][i], centres[1..].iter().map(|row| row[i]).sum::<f64>(), "column {i} of {centres:?}");
    }
    let parties = part("Commissions by party");
    let parties: Vec<Vec<f64>> = parties.lines().filter(|l| l.contains('[')).map(cells).collect();
    let (total, parts) = parties.split_last().unwrap();
    assert_eq!(total[1], parts.iter().map(|row| row[1]).sum::<f64>(), "{parties:?}");
}

#[test]
fn the_program_prints_and_writes_whole_or_not_at_all() {
    let yugu = || assert_cmd::Command::cargo_bin("yugu").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let run = yugu().args(["communities", "data/gas", "--lang", "en", "--out"]).arg(&out).assert().success();
    let page = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(page.contains("The company by fiscal year") && page.contains("without a single signing"));
    let mut names: Vec<String> =
        fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, [".yugu", "centres.csv", "communities.csv", "leads.csv", "learned.csv"]);
    let zh = yugu().args(["communities", "data/gas", "--lang", "zh"]).assert().success();
    assert!(String::from_utf8_lossy(&zh.get_output().stdout).contains("全公司，按财年"));
    let json = yugu().args(["communities", "data/gas", "--json"]).assert().success();
    let value: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert!(value["figures"].as_array().unwrap().len() > 1000);
    // A folder with other things in it is left alone.
    let other = dir.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("mine.txt"), "x").unwrap();
    yugu().args(["communities", "data/gas", "--out"]).arg(&other).assert().code(2);
    assert_eq!(fs::read_dir(&other).unwrap().count(), 1);
    // Without communities there is nothing to project.
    let plain = dir.path().join("plain");
    fs::create_dir(&plain).unwrap();
    fs::write(plain.join("sales.csv"), "month,region,product,units\n2024-01,a,p,1\n2024-02,a,p,2\n").unwrap();
    yugu().arg("communities").arg(&plain).assert().code(2);
}
