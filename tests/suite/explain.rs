//! Explanations redone: every formula that is printed is read back and recomputed from its printed digits.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use yugu::explain::find::Found;
use yugu::explain::{Explanation, StepLine, Workings, explain, of};
use yugu::folder;
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;

fn load(path: &Path, as_of: Option<NaiveDate>) -> Result<Outlook, String> {
    let today = as_of.unwrap_or(NaiveDate::from_ymd_opt(2030, 1, 1).unwrap());
    let loaded = folder::load(path, as_of, today).map_err(|e| format!("{e:?}"))?;
    Outlook::new(loaded.dataset, loaded.warnings)
        .map_err(|p| p.sorted().iter().map(|p| p.line(Lang::En)).collect::<Vec<_>>().join("\n"))
}

fn run(files: &[(&str, String)], as_of: (i32, u32, u32)) -> Result<Outlook, String> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    load(dir.path(), NaiveDate::from_ymd_opt(as_of.0, as_of.1, as_of.2))
}

// ------------------------------------------------- a pocket calculator

struct Calculator<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Calculator<'a> {
    fn read(text: &str) -> f64 {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace(", ", " ; ");
        let mut c = Calculator { words: spaced.split_whitespace().collect(), at: 0 };
        let value = c.sum();
        assert_eq!(c.at, c.words.len(), "not read to the end: {text}");
        value
    }

    fn next(&mut self) -> &'a str {
        let word = self.words.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        word
    }

    fn peek(&self) -> &'a str {
        self.words.get(self.at).copied().unwrap_or_default()
    }

    fn sum(&mut self) -> f64 {
        let mut value = self.product();
        loop {
            match self.peek() {
                "+" => {
                    self.next();
                    value += self.product();
                }
                "-" => {
                    self.next();
                    value -= self.product();
                }
                _ => return value,
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut value = self.one();
        loop {
            match self.peek() {
                "x" => {
                    self.next();
                    value *= self.one();
                }
                "/" => {
                    self.next();
                    value /= self.one();
                }
                _ => return value,
            }
        }
    }

    fn one(&mut self) -> f64 {
        match self.next() {
            "(" => {
                let value = self.sum();
                assert_eq!(self.next(), ")");
                value
            }
            word @ ("exp" | "max") => {
                assert_eq!(self.next(), "(");
                let mut value = self.sum();
                if word == "max" {
                    assert_eq!(self.next(), ";");
                    value = value.max(self.sum());
                } else {
                    value = value.exp();
                }
                assert_eq!(self.next(), ")");
                value
            }
            number => number.replace(',', "").parse().unwrap_or_else(|_| panic!("no number: '{number}'")),
        }
    }
}

/// One of the last printed digit of a number; of a whole one the least that is printed of units.
fn last_digit(text: &str) -> f64 {
    text.split_once('.').map_or(0.01, |(_, decimals)| 10f64.powi(-(decimals.len() as i32)))
}

/// Recomputes every formula of an explanation and follows the numbers from step to step to the forecast.
fn redo(e: &Explanation) {
    let page = e.text(Lang::En);
    let mut formulas = 0;
    for step in e.steps.iter().chain(&e.beside).filter(|s| !s.formula.is_empty()) {
        if let Some((exact, whole)) = step.formula.split_once(" -> ") {
            assert!((Calculator::read(exact) - Calculator::read(whole)).abs() < 2.0, "{page}");
            continue;
        }
        let (left, right) = step.formula.rsplit_once(" = ").unwrap();
        let (left, found) = (Calculator::read(left), Calculator::read(right));
        assert!((left - found).abs() <= last_digit(right), "{} gives {left}\n{page}", step.formula);
        assert!((found - step.result).abs() <= last_digit(right), "{}\n{page}", step.formula);
        formulas += 1;
    }
    assert!(formulas > 0 || e.exact == 0.0, "{page}");
    e.steps.iter().filter(|s| ["total", "said"].contains(&s.id)).for_each(|s| adds_up(s, &page));
    if e.parts.is_empty() {
        chain(e, &page);
    }
}

/// Experts by their weights, and variables by their coefficients, make the step's result.
fn adds_up(step: &StepLine, page: &str) {
    let rows = &step.table.as_ref().unwrap().rows;
    let sum: f64 = match step.id {
        "total" => rows.iter().map(|r| r.values[0] * r.values[1]).sum(),
        _ => rows.iter().map(|r| r.values[0]).sum(),
    };
    assert!((sum - step.result).abs() <= 1e-9 * step.result.abs().max(1.0), "{sum} {step:?}\n{page}");
    for row in rows.iter().filter(|r| step.id == "said" && r.values.len() == 3) {
        assert!((row.values[1] * row.values[2] - row.values[0]).abs() < 1e-12, "{row:?}\n{page}");
    }
    if step.id == "total" {
        assert!((rows.iter().map(|r| r.values[1]).sum::<f64>() - 1.0).abs() < 1e-9, "{page}");
    }
}

/// Whether a number was fitted, and whether only its share was.
fn fitted(e: &Explanation) -> (bool, bool) {
    let has = |id: &str| e.steps.iter().any(|s| s.id == id);
    (has("number"), has("number") && e.steps[0].id != "expert_last_year" && e.steps[0].id != "expert_recent")
}

/// The results that the chain's steps begin with are those that came before.
fn chain(e: &Explanation, page: &str) {
    let result = |ids: &[&str]| e.steps.iter().rev().find(|s| ids.contains(&s.id)).map(|s| s.result);
    assert!(e.steps.iter().all(|s| s.id != "revised"), "{page}");
    // Level x share x events; fitted, where nothing else changes the number, total x share x days.
    let baseline = e.steps.iter().position(|s| s.id == "baseline");
    let whole = if baseline.is_some() { "level" } else { "agreed" };
    let shares: &[&str] = if baseline.is_some() { &["share", "month_share", "lifecycle"] } else { &[] };
    let (whole, share) =
        (result(&[whole]).unwrap(), if shares.is_empty() { 1.0 } else { result(shares).unwrap_or(0.0) });
    let at = baseline.unwrap_or_else(|| e.steps.iter().position(|s| s.id == "number").unwrap());
    let line = &e.steps[at];
    let times: f64 = match (baseline, line.inputs.as_slice()) {
        (None, [days, mean]) => days.value / mean.value,
        _ => line.inputs.iter().map(|i| i.value).product(),
    };
    assert!((whole * share * times - line.result).abs() <= 1e-9 * whole.max(1.0), "{page}");
    // From there on every step that speaks of the product itself begins with what came before; a total that is the
    // product's alone is its own.
    // Where the plain rules have a part in the number, it is the weighted mean with theirs.
    let weighed = e.steps.iter().position(|s| s.id == "weighed").filter(|w| *w == at + 1);
    let at = weighed.unwrap_or(at);
    let (mut now, mut alone) = (e.steps[at].result, None);
    for step in &e.steps[at + 1..] {
        let begins = step.formula.split(' ').next().unwrap_or_default();
        match step.id {
            "frontline_total" | "progress_total" | "override_total" | "whole" => {
                now = alone.take().unwrap_or(now);
                if step.id != "whole" {
                    alone = Some(step.result);
                }
            }
            "with_communities" | "cut" | "frontline" | "restored" | "override" => {
                if step.id == "restored" {
                    now = alone.take().unwrap_or(now);
                }
                if now > 0.0 && !begins.is_empty() {
                    assert!((Calculator::read(begins) - now).abs() <= 0.01, "{step:?} after {now}\n{page}");
                }
                (now, alone) = (step.result, None);
            }
            "progress" => (now, alone) = (step.result, None),
            _ => {}
        }
    }
    now = alone.unwrap_or(now);
    assert!((now - e.exact).abs() <= 1e-9 * now.abs().max(1.0), "{now} is not {}\n{page}", e.exact);
}

// ------------------------------------------------- april-twice

fn april(cover: f64) -> Vec<(&'static str, String)> {
    let mut sales = String::from("month,region,product,units,stockout_days\n");
    let mut stock = String::from("month,region,tier,units,sell_out\n");
    for k in 0..9 {
        let month = Month::new(2023, 5).unwrap().plus(k);
        for (product, units) in [("A", 500), ("B", 300), ("C", 200)] {
            writeln!(sales, "{month},X,{product},{units},0").unwrap();
        }
        writeln!(stock, "{month},X,downstream,1000,1000").unwrap();
    }
    sales.push_str("2024-02,X,A,240,11\n2024-02,X,B,330,0\n2024-02,X,C,230,0\n");
    writeln!(stock, "2024-02,X,downstream,{},1000", 1000.0 * cover).unwrap();
    vec![
        ("sales.csv", sales),
        ("channel_stock.csv", stock),
        ("targets.csv", "year,month,units\n2024,2024-04,1000\n".into()),
        ("progress.csv", "as_of,region,units\n2024-03-10,X,300\n".into()),
        ("yugu.toml", "[calendar]\nfestival = \"cn\"\n".into()),
    ]
}

#[test]
fn april_twice_can_be_redone_by_hand() {
    let outlook = run(&april(1.3), (2024, 3, 10)).unwrap();
    let april = Month::new(2024, 4).unwrap();
    let a = explain(&outlook, "X", "A", april).unwrap();
    redo(&a);
    let formula = |id: &str| a.steps.iter().rfind(|s| s.id == id).map(|s| s.formula.as_str()).unwrap_or_default();
    assert_eq!(a.whole, 487.0);
    assert_eq!(formula("exposure"), "1 / (0.428571 + 1) = 0.700000");
    assert!(formula("demand").ends_with(" = 480"), "{}", formula("demand"));
    assert_eq!(formula("share"), "(0.5 + 0.525242) / 2 = 0.512621");
    assert!(formula("cut").ends_with(" x 0.95 = 486.99"), "{}", formula("cut"));
    let places: Vec<&str> = a.steps.iter().flat_map(|s| &s.inputs).filter_map(|i| i.place.as_deref()).collect();
    assert!(places.contains(&"sales.csv:29"), "{places:?}");
    for product in ["B", "C"] {
        redo(&explain(&outlook, "X", product, april).unwrap());
    }
}

// ------------------------------------------------- the folder that ships

fn gas() -> Outlook {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gas"), None).unwrap()
}

#[test]
fn every_number_of_the_gas_company_can_be_redone() {
    let outlook = gas();
    let (grid, known) = (&outlook.dataset.grid, outlook.known());
    let last = known.months() - 1;
    let (mut out_of_stock, mut fits) = (0, 0);
    let workings = Workings::new(&outlook);
    for (s, series) in grid.series.iter().enumerate() {
        let node = grid.regions.node_of(series.leaf);
        for k in 0..outlook.horizon().months.len() {
            let e = of(&workings, node, Found::Product(series.product), k).unwrap();
            redo(&e);
            fits += usize::from(fitted(&e).0);
            let out = known.availability.is_some_and(|a| a[(s, last)] < 1.0);
            if out && e.exact > 0.0 && k < outlook.months().len() {
                assert!(
                    e.steps.iter().any(|step| step.id == "demand" && !step.formula.is_empty()),
                    "{}",
                    e.text(Lang::En)
                );
                out_of_stock += 1;
            }
        }
    }
    assert!(out_of_stock > 0, "no product was out of stock in the last month");
    assert!(fits > 0, "no number was fitted");
}

#[test]
fn sums_are_explained_by_their_parts() {
    let outlook = gas();
    let grid = &outlook.dataset.grid;
    let months = &outlook.horizon().months;
    for (node, month) in (0..grid.regions.len()).zip([months[0], months[months.len() - 1]].into_iter().cycle()) {
        for group in &grid.products.groups {
            let e = explain(&outlook, grid.regions.code(node), group, month).unwrap();
            redo(&e);
            let parts: f64 = e.parts.iter().map(|p| p.whole).sum();
            assert!((parts - e.whole).abs() < 1e-9);
        }
    }
}

#[test]
fn names_that_are_not_known_are_answered_with_the_nearest() {
    let outlook = run(&april(1.0), (2024, 3, 10)).unwrap();
    let april = Month::new(2024, 4).unwrap();
    let said = |region: &str, product: &str, month: Month| explain(&outlook, region, product, month).unwrap_err().en;
    assert_eq!(said("x", "A", april), "there is no region 'x'; did you mean 'X'?");
    assert!(said("X", "Z", april).starts_with("there is no product or group 'Z'"));
    assert_eq!(said("X", "A", april.plus(21)), "2026-01 is not forecast by this run; it forecasts 2024-03 to 2025-12");
    // One region, one group: the company's sum needs no name.
    let all = explain(&outlook, "", "", april).unwrap();
    assert_eq!((all.whole, all.parts.len()), (1000.0, 1));
}

#[test]
fn programs_get_the_same() {
    let outlook = run(&april(1.3), (2024, 3, 10)).unwrap();
    let e = explain(&outlook, "X", "A", Month::new(2024, 4).unwrap()).unwrap();
    let json = serde_json::to_value(&e).unwrap();
    assert_eq!((json["month"].as_str(), json["whole"].as_f64()), (Some("2024-04"), Some(487.0)));
    let page = e.text(Lang::Zh);
    for step in json["steps"].as_array().unwrap() {
        let first = step["formula"].as_str().unwrap().split(" = ").next().unwrap();
        assert!(page.contains(first) || first.len() > 100, "{first}\n{page}");
    }
}

// ------------------------------------------------- anything

/// A folder with everything that can move a number.
fn anything() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let sales = prop::collection::vec((0u32..900, 0u32..12), 2 * 4 * 20);
    let rows = prop::collection::vec((0usize..3, 0usize..5, 0i32..4, 0u32..2000, any::<bool>()), 0..5);
    let last = prop::collection::vec((0usize..3, 0usize..5, 0i32..4, 0u32..2000), 0..3);
    let event = prop::option::of((0i32..22, -60i32..90, 0usize..5, any::<bool>()));
    (sales, rows, last, event, any::<bool>(), 0u32..5, any::<bool>(), any::<bool>(), 0usize..5).prop_map(write_folder)
}

type Row = (usize, usize, i32, u32, bool);
type Event = Option<(i32, i32, usize, bool)>;
type Drawn = (Vec<(u32, u32)>, Vec<Row>, Vec<(usize, usize, i32, u32)>, Event, bool, u32, bool, bool, usize);

/// Where the level comes from: mostly history, sometimes the target, a planner, or the plain rules alone.
const SOURCES: [&str; 5] = ["history", "history", "target", "planner", "plain"];

fn write_folder(
    (sales, rows, last, event, festival, counted, during, life, source): Drawn,
) -> Vec<(&'static str, String)> {
    let start = Month::new(2022, 9).unwrap();
    let (regions, products) = (["", "X", "Y"], ["", "A", "B", "C", "D"]);
    let month = |m: i32| start.plus(19 + m.max(1));
    let made = if during { "2024-05-10" } else { "2024-04-30" };
    let mut text = String::from("month,region,product,units,stockout_days\n");
    for (i, (units, out)) in sales.iter().enumerate() {
        let (t, s) = (i as i32 / 8, i % 8);
        // D came late.
        if s % 4 < 3 || t > 12 {
            let out = if *units > 0 { *out } else { 0 };
            writeln!(
                text,
                "{},{},{},{units},{}",
                start.plus(t),
                regions[1 + s / 4],
                products[1 + s % 4],
                out.saturating_sub(6)
            )
            .unwrap();
        }
    }
    let mut front = String::from("made,month,region,product,units,by,reason\n");
    for (i, (r, p, m, units, _)) in rows.iter().enumerate() {
        writeln!(front, "{made},{},{},{},{units},by{i},weather", month(*m), regions[*r], products[*p]).unwrap();
    }
    let mut over = String::from("made,month,region,product,units,by,reason\n");
    for (r, p, m, units) in &last {
        writeln!(over, "{made},{},{},{},{units},me,other", month(*m), regions[*r], products[*p]).unwrap();
    }
    let mut factors = String::from("from,to,region,product,reason,effect\n");
    if let Some((from, effect, p, stated)) = event {
        let effect = if stated { format!("{}", f64::from(effect) / 100.0) } else { String::new() };
        writeln!(factors, "{},{},X,{},weather,{effect}", start.plus(from), start.plus(from + 1), products[p]).unwrap();
    }
    let mut stock = String::from("month,region,tier,units,sell_out\n");
    for t in 8..20 {
        let units = if t == 19 { 900 + 300 * counted } else { 1000 };
        writeln!(stock, "{},X,downstream,{units},1000", start.plus(t)).unwrap();
    }
    let mut settings = format!("[calendar]\nfestival = \"{}\"\n", if festival { "cn" } else { "none" });
    match SOURCES[source] {
        "target" => settings.push_str("[level]\nsource = \"target\"\n"),
        "plain" => settings.push_str("[fit]\nlearn = false\n"),
        _ => {}
    }
    let mut files = vec![
        ("sales.csv", text),
        ("frontline.csv", front),
        ("overrides.csv", over),
        ("factors.csv", factors),
        ("yugu.toml", settings),
    ];
    if SOURCES[source] == "target" {
        files.push(("targets.csv", "year,units\n2024,60000\n2025,66000\n".into()));
    }
    if SOURCES[source] == "planner" {
        files.push(("growth.csv", "year,region,growth,reason\n2024,X,0.11,weather\n2024,Y,0.05,weather\n".into()));
    }
    if counted > 0 {
        files.push(("channel_stock.csv", stock));
    }
    if during {
        files.push((
            "progress.csv",
            "as_of,region,product,units\n2024-05-10,X,A,90\n2024-05-10,X,B,150\n2024-05-10,Y,,220\n".into(),
        ));
    }
    if life {
        let text = "product,launch,retire,replaces,like\nA,,,,\nB,,2024-05,,\nC,,,,\nD,2023-10-15,,,\nE,2024-05-10,,B,\nF,2024-06-01,,,A\n";
        files.push(("products.csv", text.into()));
    }
    files
}

/// Explains every number of the folder again; how many were fitted, and of how many only the share.
fn redo_all(files: &[(&str, String)]) -> Result<(usize, usize), String> {
    let during = files.iter().any(|(name, _)| *name == "progress.csv");
    let outlook = run(files, if during { (2024, 5, 12) } else { (2024, 4, 30) })?;
    let grid = &outlook.dataset.grid;
    let mut counts = (0, 0);
    let workings = Workings::new(&outlook);
    for series in &grid.series {
        let node = grid.regions.node_of(series.leaf);
        for k in 0..outlook.horizon().months.len() {
            let e = of(&workings, node, Found::Product(series.product), k).unwrap();
            redo(&e);
            let (number, share) = fitted(&e);
            counts = (counts.0 + usize::from(number), counts.1 + usize::from(share));
        }
    }
    Ok(counts)
}

#[test]
fn the_steps_multiply_out_to_the_forecast() {
    let config = ProptestConfig {
        cases: 80,
        rng_seed: RngSeed::Fixed(20_140_630),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    // Folders in which numbers were fitted, and in which only the shares were.
    let (fits, shares) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut runner = TestRunner::new(config);
    let done = runner.run(&anything(), |files| {
        match redo_all(&files) {
            Ok((number, share)) => {
                fits.fetch_add(usize::from(number > 0), Ordering::Relaxed);
                shares.fetch_add(usize::from(share > 0), Ordering::Relaxed);
            }
            // Overrides may contradict each other; then there is no forecast to explain.
            Err(text) => prop_assert!(text.contains("override"), "{text}"),
        }
        Ok(())
    });
    done.unwrap();
    let (fits, shares) = (fits.into_inner(), shares.into_inner());
    assert!(fits > 20 && shares > 5, "{fits} folders with fitted numbers, {shares} with fitted shares only");
}

/// Two and a half years of two regions whose front line runs low and whose dealers overstock, looked at on the tenth of
/// each month; what was said then has been issued for a year and a half.
fn issued_for_long(home: &Path) -> Outlook {
    let mut rows = ["month,region,product,units\n", "made,month,region,product,units,by,reason\n"].map(str::to_owned);
    let mut stock = "month,region,tier,units\n".to_owned();
    let mut so_far = "as_of,region,units\n".to_owned();
    let targets = "year,region,units,lock\n2022,,13000,\n2023,,14000,\n2024,,15000,\n2025,,16000,\n";
    let month = |t: i32| Month::new(2022, 1).unwrap().plus(t);
    let wobble = |t: i32, k: i32| f64::from((t * 7 + k * 5) % 11 - 5);
    for t in 0..30 {
        for (r, region) in ["north", "south"].iter().enumerate() {
            let k = r as i32;
            let level = 500.0 + 100.0 * f64::from(k) + 20.0 * wobble(t, k);
            // What dealers hold too much of at the end of a month is missing two months later.
            let full = |t: i32| t >= 0 && (t * t * 3 + t + k * 5) % 7 < 2;
            let level = level * if full(t - 2) { 0.7 } else { 1.0 };
            for (product, share) in [("a", 0.6), ("b", 0.4)] {
                let units = (level * share).round();
                rows[0] += &format!("{},{region},{product},{units}\n", month(t));
            }
            let said = (level * 0.85 + wobble(t + 3, k)).round();
            rows[1] += &format!("{},{},{region},,{said},P{r},promotion\n", month(t - 1), month(t));
            stock += &format!("{},{region},dealer,{}\n", month(t), if full(t) { 900 } else { 500 });
            so_far += &format!("{}-10,{region},{}\n", month(t), (level * 0.2).round());
        }
    }
    for (r, region) in ["north", "south"].iter().enumerate() {
        rows[1] += &format!("{},{},{region},,500,P{r},competitor\n", month(30), month(31));
        so_far += &format!("{}-10,{region},110\n", month(30));
    }
    let [sales, front] = rows;
    let files = [("sales.csv", &sales), ("frontline.csv", &front), ("channel_stock.csv", &stock)];
    files.into_iter().for_each(|(name, text)| fs::write(home.join(name), text).unwrap());
    fs::write(home.join("progress.csv"), so_far).unwrap();
    fs::write(home.join("targets.csv"), targets).unwrap();
    fs::create_dir(home.join("ledger")).unwrap();
    let tenth = |t: i32| NaiveDate::from_ymd_opt(month(t).year(), month(t).number(), 10);
    for t in 13..30 {
        let outlook = load(home, tenth(t)).unwrap();
        let bytes = yugu::report::ledger::table(&yugu::report::View::new(&outlook, Lang::En), 1, None).csv();
        fs::write(home.join(format!("ledger/{}.csv", month(t))), bytes).unwrap();
    }
    load(home, tenth(30)).unwrap()
}

#[test]
fn what_the_ledger_taught_can_be_redone() {
    let home = tempfile::tempdir().unwrap();
    let outlook = issued_for_long(home.path());
    let lessons = &outlook.parameters().lessons;
    let front = lessons.front[1].as_ref().unwrap();
    assert!(front.front.pooled > 0.05, "{front:?}");
    assert!(lessons.landing.is_some() && lessons.channel.is_some(), "{lessons:?}");
    let ahead = Month::new(2024, 8).unwrap();
    for (region, by) in [("north", "P0"), ("south", "P1")] {
        for product in ["a", "b"] {
            for &month in outlook.months() {
                redo(&explain(&outlook, region, product, month).unwrap());
            }
        }
        let e = explain(&outlook, region, "a", ahead).unwrap();
        let page = e.text(Lang::En);
        let place = if by == "P0" { "frontline.csv:62" } else { "frontline.csv:63" };
        for word in [place, "learned from the ledger: 16 months", "weight of ours", "weight of the target"] {
            assert!(page.contains(word), "{word}: {page}");
        }
        assert!(page.contains(&format!("what {by}'s numbers are multiplied by")), "{page}");
        assert!(page.contains("Attainment expected of the month ahead"), "{page}");
        let landing = explain(&outlook, region, "a", Month::new(2024, 7).unwrap()).unwrap().text(Lang::Zh);
        assert!(landing.contains("至此应售出的当月占比"), "{landing}");
    }
    let view = yugu::report::View::new(&outlook, Lang::En);
    let fit = String::from_utf8(view.table("fit").unwrap().csv()).unwrap();
    for row in ["weight.front,ledger,2,2024-08", "bias.front.P0,north,2,2024-08", "attainment.cover,ledger,2,2024-08"] {
        assert!(fit.contains(row), "{row}: {fit}");
    }
    assert!(fit.contains("landing.share,ledger,1,2024-07"), "{fit}");
    let page = yugu::report::plan::page(&view, "rolling");
    assert!(page.contains("Ledger: 17 months issued so far."), "{page}");
}
