//! What came in: who has not reported, what is odd, who was closed; each kind with what should come out.

use std::fmt::Write;

use chrono::NaiveDate;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::figures::Figures;
use yugu::grid::Scope;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::schema::Table;
use yugu::settings::Settings;
use yugu::sheet::{Encoding, Sheet};
use yugu::stages::reception::{Finding, Mark, receive};

/// Rows of `sales` of three regions (of 1 to 3 hundred units) and two products, with a season and a little noise; a cell is
/// left out where `with` gives none.
fn sales(months: i32, with: impl Fn(&str, &str, i32, f64) -> Option<f64>) -> String {
    let mut out = String::from("month,region,product,units\n");
    for t in 0..months {
        let month = Month::new(2021, 1).unwrap().plus(t);
        for (r, region) in ["N", "E", "S"].into_iter().enumerate() {
            for (p, product) in ["A", "B"].into_iter().enumerate() {
                let wave = (f64::from(t * 7 + r as i32 * 5 + p as i32 * 3) * 1.7).sin();
                let season = 1.0 + 0.2 * (f64::from(t) * std::f64::consts::TAU / 12.0).sin();
                let usual = (100.0 * (r + 1) as f64 * season * (1.0 + 0.05 * wave)).round();
                if let Some(units) = with(region, product, t, usual) {
                    writeln!(out, "{month},{region},{product},{units}").unwrap();
                }
            }
        }
    }
    out
}

fn data(tables: &[(Table, &str)], as_of: Option<NaiveDate>) -> Dataset {
    let sheet = |(table, text): &(Table, &str)| {
        Sheet::text(*table, format!("{}.csv", table.name()).into(), text.to_string(), Encoding::Utf8)
    };
    let sheets: Vec<Sheet> = tables.iter().map(sheet).collect();
    let mut problems = Problems::default();
    let today = NaiveDate::from_ymd_opt(2030, 1, 1).unwrap();
    let data = Dataset::new(&sheets, Settings::default(), as_of, today, &mut problems);
    data.unwrap_or_else(|| panic!("{problems:?}"))
}

fn plan(data: Dataset) -> Outlook {
    Outlook::new(data, Problems::default()).unwrap()
}

fn of_sales(text: &str) -> Outlook {
    plan(data(&[(Table::Sales, text)], None))
}

/// Units forecast of a region one and two months ahead.
fn region(out: &Outlook, code: &str) -> [f64; 2] {
    let grid = &out.dataset.grid;
    let of = |k: usize| {
        let own = |s: &usize| grid.regions.code(grid.regions.node_of(grid.series[*s].leaf)) == code;
        (0..grid.series.len()).filter(own).map(|s| out.point.revision.exact[(s, k)]).sum()
    };
    let k = out.months().len() - 2;
    [of(k), of(k + 1)]
}

fn near(what: &str, found: [f64; 2], whole: [f64; 2], within: f64) {
    for (found, whole) in found.into_iter().zip(whole) {
        assert!((found / whole - 1.0).abs() <= within, "{what}: {found} is not near {whole}");
    }
}

/// Kind, region, product (empty: all), month and units counted, rounded.
fn found(out: &Outlook) -> Vec<(Mark, String, String, i32)> {
    let grid = &out.dataset.grid;
    let of = |f: &Finding| {
        let product = if f.scope == Scope::All { "" } else { grid.scope_code(f.scope) };
        (f.kind, grid.regions.code(f.node).to_owned(), product.to_owned(), f.month as i32)
    };
    out.point.reception.findings.iter().map(of).collect()
}

fn one(kind: Mark, region: &str, product: &str, month: i32) -> Vec<(Mark, String, String, i32)> {
    vec![(kind, region.to_owned(), product.to_owned(), month)]
}

#[test]
fn a_clean_folder_is_handed_on_to_the_bit() {
    let data = data(&[(Table::Sales, &sales(30, |_, _, _, x| Some(x)))], None);
    let known = data.at(data.origin(data.as_of).unwrap());
    let reception = receive(&known);
    assert!(reception.is_clean() && reception.findings.is_empty() && reception.marks.is_none());
    assert!(std::ptr::eq(reception.units(&known).as_ptr(), data.units.as_ptr()));
}

#[test]
fn a_region_that_has_not_reported_moves_nobody() {
    let whole = of_sales(&sales(30, |_, _, _, x| Some(x)));
    // N holds a sixth of the units: the month waits for it. During it the same months are forecast.
    let text = sales(30, |r, _, t, x| (r != "N" || t < 29).then_some(x));
    let late = data(&[(Table::Sales, &text)], NaiveDate::from_ymd_opt(2023, 6, 30));
    let late = plan(late);
    assert_eq!((late.origin.cutoff, late.origin.made), (Month::new(2023, 5).unwrap(), Month::new(2023, 6).unwrap()));
    assert_eq!(found(&late), one(Mark::NotReported, "N", "", 29));
    for code in ["N", "E", "S"] {
        near(code, region(&late, code), region(&whole, code), 0.05);
    }
    // Without a day asked for, May is the last complete month.
    assert_eq!(of_sales(&text).origin.made, Month::new(2023, 5).unwrap());
}

#[test]
fn a_small_region_that_has_not_reported_is_filled_in() {
    let small = |r: &str, t: i32, x: f64| if r == "N" { (x / 4.0).round() } else { x + f64::from(t) * 0.0 };
    let whole = of_sales(&sales(30, |r, _, t, x| Some(small(r, t, x))));
    let late = of_sales(&sales(30, |r, _, t, x| (r != "N" || t < 29).then_some(small(r, t, x))));
    assert_eq!(late.origin.cutoff, whole.origin.cutoff);
    assert_eq!(found(&late), one(Mark::NotReported, "N", "", 29));
    for code in ["N", "E", "S"] {
        near(code, region(&late, code), region(&whole, code), 0.08);
    }
}

#[test]
fn reported_and_close_say_otherwise() {
    let text = sales(30, |r, _, t, x| (r != "N" || t < 29).then_some(x));
    let reported = "month,region,state\n2023-06,,complete\n";
    let said = plan(data(&[(Table::Sales, &text), (Table::Reported, reported)], None));
    assert_eq!(said.origin.cutoff, Month::new(2023, 6).unwrap());
    assert!(found(&said).iter().all(|f| f.0 != Mark::NotReported), "{:?}", found(&said));
    let mut closed = data(&[(Table::Sales, &text)], None);
    closed.close(Month::new(2023, 6).unwrap());
    assert_eq!(plan(closed).origin.cutoff, Month::new(2023, 6).unwrap());
    // Rows that are there, and do not count.
    let whole = sales(30, |_, _, _, x| Some(x));
    let part = data(&[(Table::Sales, &whole), (Table::Reported, "month,region,state\n2023-04,E,part\n")], None);
    assert_eq!(found(&plan(part)), one(Mark::NotReported, "E", "", 27));
}

#[test]
fn one_row_closes_nothing() {
    let whole = of_sales(&sales(29, |_, _, _, x| Some(x)));
    let begun = of_sales(&sales(30, |r, p, t, x| (t < 29 || (r == "S" && p == "A")).then_some(x)));
    assert_eq!(begun.origin, whole.origin);
    assert_eq!(region(&begun, "E"), region(&whole, "E"));
    // A mistyped year alone, too.
    let mut typed = sales(29, |_, _, _, x| Some(x));
    typed.push_str("2024-05,S,A,300\n");
    assert_eq!(of_sales(&typed).origin.cutoff, whole.origin.cutoff);
}

#[test]
fn a_file_filled_up_with_zeros_says_nothing_of_them() {
    let whole = of_sales(&sales(29, |_, _, _, x| Some(x)));
    let filled = of_sales(&sales(34, |_, _, t, x| Some(if t < 29 { x } else { 0.0 })));
    assert_eq!(filled.origin.cutoff, whole.origin.cutoff);
    near("S", region(&filled, "S"), region(&whole, "S"), 1e-9);
    assert_eq!(found(&filled), one(Mark::NotReported, "", "", 29));
}

#[test]
fn a_month_missing_for_all_is_no_base() {
    let whole = of_sales(&sales(30, |_, _, _, x| Some(x)));
    // June 2022, a year before July's forecast's last month.
    let gap = of_sales(&sales(30, |_, _, t, x| (t != 18).then_some(x)));
    assert_eq!(found(&gap).len(), 3);
    for code in ["N", "E", "S"] {
        near(code, region(&gap, code), region(&whole, code), 0.08);
    }
}

#[test]
fn a_typing_error_moves_nobody() {
    let whole = of_sales(&sales(30, |_, _, _, x| Some(x)));
    for (month, value) in [(29, 45352.0), (29, 1010.0), (18, 100_000.0), (12, 2020.0)] {
        let typed = |r: &str, p: &str, t: i32, x: f64| Some(if (r, p, t) == ("N", "A", month) { value } else { x });
        let out = of_sales(&sales(30, typed));
        assert_eq!(found(&out), one(Mark::Odd, "N", "A", month));
        let finding = &out.point.reception.findings[0];
        assert_eq!((finding.value, finding.place.is_some()), (value, true));
        assert!(finding.counted_as < 1.5 * finding.expected && (80.0..125.0).contains(&finding.expected));
        for code in ["E", "S"] {
            near(code, region(&out, code), region(&whole, code), 0.03);
        }
        near("N", region(&out, "N"), region(&whole, "N"), 0.2);
        // Nor does it stand in the year that is expected.
        let [found, wanted] = [&out, &whole].map(|o| Figures::new(o, &o.known()).rows[0].year_outlook);
        assert!((found / wanted - 1.0).abs() < 0.1, "{found} {wanted}");
    }
}

#[test]
fn a_flood_is_one_finding_of_its_region() {
    let whole = of_sales(&sales(30, |_, _, _, x| Some(x)));
    let flood = |r: &str, _: &str, t: i32, x: f64| Some(if (r, t) == ("E", 29) { (x * 0.05).floor() } else { x });
    let out = of_sales(&sales(30, flood));
    assert_eq!(found(&out), one(Mark::Odd, "E", "", 29));
    near("N", region(&out, "N"), region(&whole, "N"), 0.05);
    near("E", region(&out, "E"), region(&whole, "E"), 0.2);
    // A row of factors says what it is.
    let factors = "region,from,to,reason\nE,2023-06,2023-06,weather\n";
    let told = data(&[(Table::Sales, &sales(30, flood)), (Table::Factors, factors)], None);
    assert!(found(&plan(told)).is_empty());
}

#[test]
fn two_further_months_make_a_level() {
    let shift =
        |from: i32| move |r: &str, _: &str, t: i32, x: f64| Some(if r == "E" && t >= from { x * 5.0 } else { x });
    assert_eq!(found(&of_sales(&sales(30, shift(28)))).len(), 2);
    let level = of_sales(&sales(30, shift(27)));
    assert!(found(&level).is_empty());
    assert!(region(&level, "E")[0] > 1000.0);
}

#[test]
fn a_season_and_a_launch_are_not_odd() {
    // Ten times as much every December, of all; and of one product of one region, from the second year on.
    let december = |_: &str, _: &str, t: i32, x: f64| Some(if t % 12 == 11 { x * 10.0 } else { x });
    assert!(found(&of_sales(&sales(40, december))).is_empty());
    let own = |r: &str, p: &str, t: i32, x: f64| Some(if (r, p, t % 12) == ("E", "A", 11) { x * 10.0 } else { x });
    assert!(found(&of_sales(&sales(40, own))).is_empty());
    let launch = |_: &str, p: &str, t: i32, x: f64| {
        let age = t - 22;
        if p == "B" { (age >= 0).then(|| (x * 2_f64.powi(age.min(5) - 4)).round()) } else { Some(x) }
    };
    assert!(found(&of_sales(&sales(30, launch))).is_empty());
    let opened = |r: &str, _: &str, t: i32, x: f64| (r != "S" || t >= 24).then_some(x);
    assert!(found(&of_sales(&sales(30, opened))).is_empty());
}

#[test]
fn a_shop_closed_for_months_has_its_year_back() {
    let whole = of_sales(&sales(36, |_, _, _, x| Some(x)));
    // Closed with rows of zero a year before the months forecast.
    let closed = |r: &str, _: &str, t: i32, x: f64| Some(if r == "N" && (22..28).contains(&t) { 0.0 } else { x });
    let out = of_sales(&sales(36, closed));
    assert!(found(&out).iter().all(|f| f.0 == Mark::Closed && f.1 == "N" && f.2.is_empty()));
    assert_eq!(found(&out).len(), 6);
    for code in ["N", "E", "S"] {
        near(code, region(&out, code), region(&whole, code), 0.15);
    }
}

#[test]
fn closed_now_is_forecast_for_two_months_and_then_shut() {
    let whole = of_sales(&sales(36, |_, _, _, x| Some(x)));
    let closed =
        |months: i32| move |r: &str, _: &str, t: i32, x: f64| Some(if r == "N" && t >= 36 - months { 0.0 } else { x });
    for months in [1, 2] {
        let out = of_sales(&sales(36, closed(months)));
        near("N", region(&out, "N"), region(&whole, "N"), 0.2);
        near("S", region(&out, "S"), region(&whole, "S"), 0.03);
    }
    let out = of_sales(&sales(36, closed(3)));
    assert_eq!(region(&out, "N"), [0.0, 0.0]);
}

#[test]
fn slow_movers_are_never_closed_or_odd() {
    let slow = |r: &str, _: &str, t: i32, _: f64| Some(if (t * 7 + i32::from(r == "E")) % 5 < 3 { 0.0 } else { 6.0 });
    assert!(found(&of_sales(&sales(40, slow))).is_empty());
}

#[test]
fn what_does_not_count_is_no_error() {
    let typed = |r: &str, p: &str, t: i32, x: f64| Some(if (r, p, t) == ("N", "A", 27) { 45352.0 } else { x });
    let out = of_sales(&sales(30, typed));
    let past = out.fit.past.months.iter().filter(|m| m.origin + m.step == 27);
    assert!(past.clone().count() > 0);
    assert!(past.flat_map(|m| &m.actual).all(|y| *y < 1000.0));
}

#[test]
fn what_a_large_region_did_as_a_whole_explains_none_of_its_series() {
    // Region "big" sells forty times what "small" does, in six products each; its last month is eightfold.
    let months = 14;
    let mut text = String::from("month,region,product,units\n");
    for t in 0..months {
        let month = Month::new(2021, 1).unwrap().plus(t);
        for (region, usual) in [("big", 1200.0), ("small", 30.0)] {
            for p in 0..6 {
                let wave = (f64::from(t * 7 + p * 3) * 1.7).sin();
                let odd = if region == "big" && t == months - 1 { 8.0 } else { 1.0 };
                let units = (usual * f64::from(1 + p) * (1.0 + 0.05 * wave) * odd).round();
                writeln!(text, "{month},{region},P{p},{units}").unwrap();
            }
        }
    }
    let out = of_sales(&text);
    let whole: Vec<&Finding> = out.point.reception.findings.iter().filter(|f| f.scope == Scope::All).collect();
    let [odd] = whole[..] else { panic!("{whole:?}") };
    assert!(odd.kind == Mark::Odd && (odd.expected / 25_200.0 - 1.0).abs() < 0.1, "{odd:?}");
    near("big", region(&out, "big"), [25_200.0; 2], 0.15);
    // What the regression learned of so odd a month moves others, by under a fifth.
    near("small", region(&out, "small"), [630.0; 2], 0.2);
}
