//! Corners of the stages, each small enough to check on paper.

use chrono::{Datelike, NaiveDate};
use yugu::error::Problems;
use yugu::folder::load;
use yugu::grid::{COMPANY, Scope};
use yugu::month::Month;
use yugu::outlook::Outlook;

fn run(as_of: &str, tables: &[(&str, &str)]) -> Result<Outlook, Problems> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in tables {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let as_of: NaiveDate = as_of.parse().unwrap();
    let loaded = load(dir.path(), Some(as_of), as_of).unwrap();
    Outlook::new(loaded.dataset, loaded.warnings)
}

/// `sales` of the given series, the same units in every month of the span but for the exceptions.
fn sales(months: usize, series: &[(&str, &str, f64)], except: &[(&str, &str, usize, f64)]) -> String {
    let mut out = "month,region,product,units\n".to_string();
    let start = Month::new(2023, 1).unwrap();
    for t in 0..months {
        for (region, product, units) in series {
            let other = except.iter().find(|e| (e.0, e.1, e.2) == (region, product, t));
            out += &format!("{},{region},{product},{}\n", start.plus(t as i32), other.map_or(*units, |e| e.3));
        }
    }
    out
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

/// The forecast of a region (empty: the company) and product (empty: all) in the k-th month.
fn forecast(out: &Outlook, region: &str, product: &str, k: usize) -> f64 {
    let grid = &out.dataset.grid;
    let node = (0..grid.regions.len()).find(|&n| grid.regions.code(n) == region).unwrap_or(COMPANY);
    let scope = grid.products.codes.iter().position(|c| c == product).map_or(Scope::All, Scope::Product);
    grid.in_scope(node, scope).into_iter().map(|s| out.point.revision.exact[(s, k)]).sum()
}

#[test]
fn suppressed_months_are_credited_half_of_what_they_fell_short() {
    let except = [("x", "a", 14, 60.0), ("x", "a", 15, 90.0)];
    let sales = sales(26, &[("x", "a", 100.0), ("y", "a", 200.0)], &except);
    let factors = "region,from,to,reason\nx,2024-03,2024-04,cash\n";
    let out = run("2025-02-28", &[("sales.csv", &sales), ("factors.csv", factors)]).unwrap();
    // Expected 200 of both months, sold 150: 25 are credited, 20 to March and 5 to April.
    near(forecast(&out, "x", "", 0), 80.0);
    near(forecast(&out, "x", "", 1), 95.0);
    near(out.point.credits[0].credited, 25.0);
}

#[test]
fn two_dark_months_take_their_total_from_the_months_around_them() {
    let mut sales = "month,region,product,units,availability\n".to_string();
    for t in 0..14 {
        let dark = t == 2 || t == 3;
        let (units, a) = if dark { (0, 0) } else { (100, 1) };
        sales += &format!("{},x,a,{units},{a}\n", Month::new(2023, 1).unwrap().plus(t));
    }
    let out = run("2024-02-29", &[("sales.csv", &sales)]).unwrap();
    near(forecast(&out, "x", "", 0), 100.0);
    near(forecast(&out, "x", "", 1), 100.0);
}

#[test]
fn a_lock_of_a_city_is_a_lock_of_its_province() {
    let sales = sales(24, &[("c1", "a", 20.0), ("c2", "a", 30.0), ("q", "a", 50.0)], &[]);
    let regions = "region,parent\np,\nq,\nc1,p\nc2,p\n";
    let targets = "year,region,units,lock\n2025,,1200,\n2025,c1,480,yes\n2025,c2,480,yes\n";
    let tables = |t| run("2024-12-31", &[("sales.csv", &sales), ("regions.csv", regions), ("targets.csv", t)]);
    let out = tables(targets).unwrap();
    let split = &out.point.targets.splits[0];
    let grid = &out.dataset.grid.regions;
    let target = |code: &str| split.nodes[(0..grid.len()).find(|&n| grid.code(n) == code).unwrap()].target.unwrap();
    near(target("p"), 960.0);
    near(target("q"), 240.0);
    let problems = tables(&targets.replace("1200", "900")).unwrap_err();
    let text = problems.sorted()[0].message.en.clone();
    assert!(text.contains("targets.csv:3") && text.contains("targets.csv:4"), "{text}");
}

#[test]
fn a_bound_that_no_total_from_above_meets_is_looked_at() {
    let sales = sales(24, &[("x", "a", 100.0), ("y", "a", 100.0)], &[]);
    let targets = "year,region,month,units,max,lock\n2025,,,2400,,\n2025,x,3,,40,\n";
    let out = run("2024-12-31", &[("sales.csv", &sales), ("targets.csv", targets)]).unwrap();
    let split = &out.point.targets.splits[0];
    near(split.leaves[(0, 2)].unwrap(), 40.0);
    near(split.leaves.iter().flatten().sum(), 2400.0);
    let targets = "year,region,units,max\n2025,,,1000\n2025,x,600,\n2025,y,600,\n";
    let problems = run("2024-12-31", &[("sales.csv", &sales), ("targets.csv", targets)]).unwrap_err();
    assert!(problems.sorted()[0].message.en.contains("targets.csv:2"));
}

#[test]
fn a_front_line_that_gives_products_and_their_total_counts_once() {
    let sales = sales(24, &[("x", "a", 360.0), ("x", "b", 240.0)], &[]);
    let frontline = "made,month,region,product,units,by,reason\n\
        2024-12-20,2025-01,x,a,340,ann,cash\n2024-12-20,2025-01,x,b,200,ann,cash\n2024-12-20,2025-01,x,,540,ann,cash\n";
    let out = run("2024-12-31", &[("sales.csv", &sales), ("frontline.csv", frontline)]).unwrap();
    near(forecast(&out, "x", "", 0), 570.0);
    near(forecast(&out, "x", "a", 0), 570.0 * 350.0 / 570.0);
}

#[test]
fn month_to_date_of_regions_and_of_the_company_counts_once() {
    let sales = sales(23, &[("x", "a", 600.0), ("y", "a", 400.0)], &[]);
    let landing = |so_far: f64, prior: f64| so_far + 0.5 * (0.25 * prior + so_far) / 0.75;
    let parts = "as_of,region,units\n2024-12-16,x,200\n";
    let tables = |progress: &str| run("2024-12-18", &[("sales.csv", &sales), ("progress.csv", progress)]).unwrap();
    // 11 of December's 22 working days have passed by the 16th.
    near(forecast(&tables(parts), "x", "", 0), landing(200.0, 600.0));
    let out = tables(&format!("{parts}2024-12-16,company,500\n"));
    near(forecast(&out, "x", "", 0), landing(200.0, 600.0));
    near(forecast(&out, "y", "", 0), landing(300.0, 400.0));
}

#[test]
fn a_successor_launched_after_its_predecessor_left_takes_a_share_of_what_that_had() {
    let series = [("x", "a", 50.0), ("x", "b", 50.0)];
    let all = sales(26, &series, &[]);
    let sales: String =
        all.lines().filter(|l| !l.contains(",b,") || *l < "2025-01").map(|l| format!("{l}\n")).collect();
    let products = "product,retire,launch,replaces\na,,,\nb,2024-12,,\nc,,2025-03-01,b\n";
    let out = run("2025-02-28", &[("sales.csv", &sales), ("products.csv", products)]).unwrap();
    let share = 0.5 * 0.6 * (1.0 - (-1.0_f64 / 3.0).exp());
    near(forecast(&out, "x", "c", 0) / forecast(&out, "x", "", 0), share);
    assert_eq!(forecast(&out, "x", "b", 0), 0.0);
}

#[test]
fn an_override_of_a_region_leaves_out_what_has_left() {
    let sales = sales(24, &[("x", "a", 50.0), ("x", "b", 50.0)], &[]);
    let products = "product,retire\na,\nb,2024-12\n";
    let overrides = "made,month,region,product,units,by,reason\n\
        2024-12-20,2025-01,x,a,80,ann,cash\n2024-12-20,2025-01,x,,100,ann,cash\n";
    let tables = [("sales.csv", &*sales), ("products.csv", products), ("overrides.csv", overrides)];
    let out = run("2024-12-31", &tables).unwrap();
    near(forecast(&out, "x", "a", 0), 100.0);
    assert_eq!(forecast(&out, "x", "b", 0), 0.0);
    assert!(out.warnings.sorted().iter().any(|p| p.kind == "override_scaled"));
}

#[test]
fn of_two_answers_the_newer_counts_and_that_is_said() {
    let sales = sales(24, &[("x", "a", 100.0)], &[]);
    let overrides =
        "made,month,region,units,by,reason\n2024-12-22,2025-01,x,90,ann,cash\n2024-12-20,2025-01,x,70,bo,cash\n";
    let out = run("2024-12-31", &[("sales.csv", &sales), ("overrides.csv", overrides)]).unwrap();
    near(forecast(&out, "x", "", 0), 90.0);
    let warnings = out.warnings.sorted();
    let warning = warnings.iter().find(|p| p.kind == "answer_replaced").unwrap();
    assert_eq!(warning.place.as_ref().unwrap().line, 3);
}

#[test]
fn answers_of_an_earlier_run_are_not_used_and_that_is_said() {
    let sales = sales(24, &[("x", "a", 100.0)], &[]);
    let earlier = "made,month,region,units,by,reason\n2024-11-20,2025-01,x,90,ann,cash\n2024-11-20,2025-02,x,95,ann,cash\n\
        2024-11-20,2024-12,x,70,ann,cash\n";
    let kinds = |overrides: &str| -> Vec<(u32, String)> {
        let out = run("2024-12-31", &[("sales.csv", &sales), ("overrides.csv", overrides)]).unwrap();
        let warnings = out.warnings.sorted();
        let found = warnings.iter().filter(|p| p.kind == "made_for_an_earlier_run");
        found.map(|p| (p.place.as_ref().unwrap().line, p.message.en.clone())).collect()
    };
    // January and February are forecast again, December is not; one notice, at the first.
    let found = kinds(earlier);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, 2);
    assert!(found[0].1.starts_with("2 rows were"), "{}", found[0].1);
    let again = format!("{earlier}2024-12-20,2025-01,x,80,ann,cash\n");
    assert_eq!(kinds(&again).iter().map(|found| found.0).collect::<Vec<_>>(), [3]);
    let both = format!("{again}2024-12-20,2025-02,x,85,ann,cash\n");
    assert!(kinds(&both).is_empty());
}

#[test]
fn a_lock_holds_whatever_stands_below_and_above_it() {
    let sales = sales(24, &[("x", "a", 100.0), ("y", "a", 100.0)], &[]);
    let overrides = "made,month,region,product,units,lock,by,reason\n\
        2024-12-20,2025-01,x,a,90,,ann,cash\n2024-12-20,2025-01,x,,70,yes,bo,cash\n2024-12-20,2025-01,,,300,,cy,cash\n";
    let out = run("2024-12-31", &[("sales.csv", &sales), ("overrides.csv", overrides)]).unwrap();
    near(forecast(&out, "x", "", 0), 70.0);
    near(forecast(&out, "", "", 0), 300.0);
}

#[test]
fn a_month_is_complete_on_its_last_selling_day() {
    let mut sales = "month,region,product,units\n".to_string();
    let first: NaiveDate = "2023-01-02".parse().unwrap();
    let end: NaiveDate = "2024-03-29".parse().unwrap();
    for day in first.iter_days().take_while(|d| *d <= end).filter(|d| d.weekday().num_days_from_monday() < 5) {
        sales += &format!("{day},x,a,5\n");
    }
    // The 29th of March 2024 is a Friday.
    for (as_of, cutoff) in [("2024-03-28", "2024-02"), ("2024-03-29", "2024-03"), ("2024-03-31", "2024-03")] {
        let out = run(as_of, &[("sales.csv", &sales)]).unwrap();
        assert_eq!(out.origin.cutoff.to_string(), cutoff, "as of {as_of}");
    }
}
