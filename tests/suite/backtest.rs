//! The backtest sees nothing later than its cutoffs, and says the same on every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use chrono::NaiveDate;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use yugu::backtest;
use yugu::dataset::Mode;
use yugu::fit::Learner;
use yugu::folder::{LoadError, load};
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::report::backtest::{Tested, table};

/// Months of the random folders.
const MONTHS: i32 = 34;
/// Month index of the last cutoff that is compared.
const CUTOFF: i32 = 25;
/// Cutoffs compared.
const CUTOFFS: i32 = 3;

fn month(t: i32) -> Month {
    Month::new(2021, 4).unwrap().plus(t)
}

/// One row of a table, and the first day on which it can be known.
#[derive(Clone)]
struct Row {
    table: &'static str,
    known: NaiveDate,
    cells: Vec<String>,
    /// The columns whose numbers may be others.
    numbers: &'static [usize],
}

const HEADERS: [(&str, &str); 14] = [
    ("sales", "month,region,product,units,stockout_days"),
    ("regions", "region,parent"),
    ("products", "product,category,launch,retire,replaces,like,known,kind"),
    ("targets", "year,stage,region,product,month,units,known"),
    ("growth", "region,product,year,growth,reason,known"),
    ("factors", "region,product,from,to,reason,effect,known"),
    ("frontline", "made,month,region,product,units,by,reason"),
    ("overrides", "made,month,region,product,units,by,reason"),
    ("progress", "as_of,region,product,units"),
    ("channel_stock", "month,region,tier,units,sell_out"),
    ("communities", "community,region,households,handover,unit_type,known"),
    ("signings", "month,community,households"),
    ("community_sales", "month,community,product,units"),
    ("policies", "sold,product,units,region"),
];

const REGIONS: [&str; 5] = ["r0", "r1", "r2", "r3", "r4"];
const PRODUCTS: usize = 9;
/// A policy among the goods of its group.
const POLICY: usize = 5;
/// Two communities a region.
const COMMUNITIES: usize = 10;
const REASONS: [&str; 4] = ["cash", "weather", "promotion", "price"];

struct Maker {
    rng: ChaCha8Rng,
    rows: Vec<Row>,
    communities: bool,
}

fn always() -> NaiveDate {
    month(-100).first_day()
}

impl Maker {
    fn add(&mut self, table: &'static str, known: NaiveDate, numbers: &'static [usize], cells: &[&str]) {
        let cells = cells.iter().map(|c| c.to_string()).collect();
        self.rows.push(Row { table, known, cells, numbers });
    }

    /// A day in a month, and the month as `known` columns write it; half of the rows are known from the start, some
    /// of these without saying so.
    fn known(&mut self) -> (NaiveDate, String) {
        match self.rng.random_range(0..4) {
            0 => (always(), String::new()),
            1 => (always(), month(0).to_string()),
            _ => {
                let day = month(self.rng.random_range(15..MONTHS)).first_day() + chrono::Days::new(11);
                (day, day.to_string())
            }
        }
    }

    fn region(&mut self) -> &'static str {
        if self.rng.random_bool(0.2) { "" } else { REGIONS[self.rng.random_range(0..REGIONS.len())] }
    }

    fn scope(&mut self) -> String {
        match self.rng.random_range(0..3) {
            0 => String::new(),
            1 => format!("g{}", self.rng.random_range(0..3)),
            _ => format!("p{}", self.rng.random_range(0..PRODUCTS)),
        }
    }

    /// (first, last) month index in which a product is sold; product 3 goes, 6 takes its place, 7 and 8 are new.
    fn life(product: usize) -> (i32, i32) {
        match product {
            3 => (0, CUTOFF - 1),
            6 => (CUTOFF - 1, MONTHS),
            7 => (CUTOFF - 8, MONTHS),
            8 => (CUTOFF + 2, MONTHS),
            _ => (0, MONTHS),
        }
    }

    fn sales(&mut self, stockouts_from: i32) {
        for t in 0..MONTHS {
            for (r, region) in REGIONS.iter().enumerate() {
                for p in 0..PRODUCTS {
                    let (first, last) = Maker::life(p);
                    let units = (5.0 + 40.0 / (1.0 + p as f64) + 9.0 * r as f64) * self.rng.random_range(0.4..1.6);
                    let (skip, out) = (self.rng.random_bool(0.05), self.rng.random_range(-20..20_i32));
                    // The youngest product is sold in two regions only, the one before it later in a third.
                    let elsewhere = (p == 8 && r > 1) || (p == 7 && r > if t > CUTOFF { 2 } else { 1 });
                    if !(first..=last).contains(&t) || skip || elsewhere {
                        continue;
                    }
                    let out = if t < stockouts_from { 0 } else { out.max(0) };
                    let when = month(t);
                    let cells =
                        [&when.to_string(), *region, &format!("p{p}"), &units.round().to_string(), &out.to_string()];
                    self.add("sales", when.last_day(), &[3], &cells);
                    if self.communities && units >= 4.0 {
                        self.breakdown(when, r, p);
                    }
                }
            }
        }
    }

    /// Part of a month's sales was a community's; policies are on the register.
    fn breakdown(&mut self, when: Month, region: usize, product: usize) {
        let (day, when) = (when.last_day(), when.to_string());
        let community = format!("c{}", region + REGIONS.len() * self.rng.random_range(0..2));
        let units = self.rng.random_range(0..3).to_string();
        self.add("community_sales", day, &[3], &[&when, &community, &format!("p{product}"), &units]);
        if product == POLICY {
            let units = self.rng.random_range(2..4).to_string();
            self.add("policies", day, &[2], &[&when, &format!("p{product}"), &units, REGIONS[region]]);
        }
    }

    /// Communities with a part known from the start and one that may be known later, and their signings.
    fn communities(&mut self) {
        for c in 0..COMMUNITIES {
            let code = format!("c{c}");
            let handover = self.rng.random_range(-8..MONTHS);
            let kind = format!("t{}", c % 3);
            let cells = [&code, REGIONS[c % REGIONS.len()], "900", &month(handover).to_string(), &kind, ""];
            self.add("communities", always(), &[], &cells);
            let (day, known) = self.known();
            let later = month(handover + self.rng.random_range(1..12)).to_string();
            let cells = [&code, REGIONS[c % REGIONS.len()], "6000", &later, &kind, &known];
            self.add("communities", day, &[2], &cells);
            for t in (handover - 4).max(0)..MONTHS {
                let n = (f64::from(30 - (t - handover).min(29)) * self.rng.random_range(0.3..1.7)).round();
                self.add("signings", month(t).last_day(), &[2], &[&month(t).to_string(), &code, &n.to_string()]);
            }
        }
    }

    fn keys(&mut self) {
        for (child, parent) in [("north", ""), ("south", ""), ("r0", "north"), ("r1", "north")] {
            self.add("regions", always(), &[], &[child, parent]);
        }
        for child in ["r2", "r3", "r4"] {
            self.add("regions", always(), &[], &[child, "south"]);
        }
        for p in 0..PRODUCTS {
            let (first, last) = Maker::life(p);
            let launch = if first > 0 { format!("{}-05", month(first)) } else { String::new() };
            let retire = if last < MONTHS { month(last).to_string() } else { String::new() };
            let (replaces, like) = (if p == 6 { "p3" } else { "" }, if p == 7 { "p1" } else { "" });
            let plans = !launch.is_empty() || !retire.is_empty() || p == 5;
            let (day, known) = if plans { self.known() } else { (always(), String::new()) };
            let (code, group) = (format!("p{p}"), format!("g{}", p % 3));
            let kind = if p == POLICY { "policy" } else { "goods" };
            self.add("products", day, &[], &[&code, &group, &launch, &retire, replaces, like, &known, kind]);
        }
    }

    fn plans(&mut self) {
        for year in 2022..=2024 {
            for stage in ["marketing", "sales"] {
                for region in ["", "r0", "r3"] {
                    let (day, known) = self.known();
                    let units: f64 =
                        if region.is_empty() { 12_000.0 } else { 2_000.0 } * self.rng.random_range(0.7..1.4);
                    let (year, units) = (year.to_string(), units.round().to_string());
                    self.add("targets", day, &[5], &[&year, stage, region, "", "", &units, &known]);
                }
            }
            for region in ["", "r1", "r2", "south"] {
                let (day, known) = self.known();
                let scope = self.scope();
                let rate = (f64::from(self.rng.random_range(-3..8)) / 20.0).to_string();
                self.add("growth", day, &[3], &[region, &scope, &year.to_string(), &rate, "cash", &known]);
            }
        }
        for _ in 0..12 {
            let from = self.rng.random_range(0..MONTHS);
            let to = month(from + self.rng.random_range(0..4));
            let (region, scope) = (self.region(), self.scope());
            let reason = REASONS[self.rng.random_range(0..REASONS.len())];
            let effect = (f64::from(self.rng.random_range(-4..6)) / 10.0).to_string();
            let (mut day, mut known) = self.known();
            if self.rng.random_bool(0.5) {
                (day, known) = (month(from).first_day(), String::new());
            } else if known.is_empty() {
                (day, known) = (always(), month(0).to_string());
            }
            let cells = [region, &scope, &month(from).to_string(), &to.to_string(), reason, &effect, &known];
            self.add("factors", day, &[5], &cells);
        }
    }

    fn answers(&mut self) {
        for t in 12..MONTHS {
            for table in ["frontline", "overrides"] {
                let day = month(t).first_day() + chrono::Days::new(self.rng.random_range(0..27));
                let about = month(t + self.rng.random_range(1..3));
                let region = REGIONS[self.rng.random_range(0..REGIONS.len())];
                let units = self.rng.random_range(20..90).to_string();
                let cells = [&day.to_string(), &about.to_string(), region, "p1", &units, "ann", "cash"];
                self.add(table, day, &[4], &cells);
            }
            let day = month(t).first_day() + chrono::Days::new(9);
            let units = self.rng.random_range(3..40).to_string();
            self.add("progress", day, &[3], &[&day.to_string(), "r1", "p0", &units]);
            for region in REGIONS {
                let units = self.rng.random_range(50..400).to_string();
                let cells = [&month(t).to_string(), region, "dealer", &units, ""];
                self.add("channel_stock", month(t).last_day(), &[3], &cells);
            }
        }
    }
}

fn folder_of(seed: u64) -> Vec<Row> {
    // Two of three folders have communities.
    let communities = !seed.is_multiple_of(3);
    let mut maker = Maker { rng: ChaCha8Rng::seed_from_u64(seed), rows: Vec::new(), communities };
    maker.keys();
    if communities {
        maker.communities();
    }
    // In every third folder nothing was ever out before the last cutoff.
    maker.sales(if seed.is_multiple_of(3) { CUTOFF + 1 } else { 0 });
    maker.plans();
    maker.answers();
    maker.rows
}

/// What becomes of everything later than a day.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Later {
    /// Other numbers, rows missing, rows added.
    Changed,
    /// Nothing but one more month of sales.
    Cut,
}

fn changed(rows: &[Row], after: NaiveDate, how: Later, seed: u64) -> Vec<Row> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let mut out = Vec::with_capacity(rows.len());
    let next = Month::of(after).plus(1);
    for row in rows {
        let mut row = row.clone();
        if row.known > after {
            let keep = match how {
                // A breakdown of sales that are no longer there would be a mistake.
                Later::Changed if ["community_sales", "policies"].contains(&row.table) => false,
                Later::Changed => rng.random_bool(0.7),
                Later::Cut => row.table == "sales" && row.known <= next.last_day(),
            };
            if row.table == "products" {
                // The product is there either way; what is planned with it is not known yet.
                (2..6).for_each(|i| row.cells[i].clear());
                if how == Later::Changed && keep {
                    let group = row.cells[1].clone();
                    let other = |k: i32| format!("p{}", group[1..].parse::<i32>().unwrap() + k);
                    row.cells[2] = format!("{}-11", month(rng.random_range(-20..CUTOFF - 3)));
                    row.cells[3] = month(rng.random_range(CUTOFF - 3..MONTHS)).to_string();
                    for (i, k) in [(4, 0), (5, 3)] {
                        row.cells[i] = if row.cells[0] == other(k) { String::new() } else { other(k) };
                    }
                }
            } else if !keep {
                continue;
            }
            for &i in row.numbers {
                let other = match row.table {
                    "growth" | "factors" => f64::from(rng.random_range(-8..16)) / 10.0 + 0.05,
                    // Within what is sold, and within the households.
                    "community_sales" | "policies" => 0.25,
                    "signings" => f64::from(rng.random_range(0..60)),
                    "communities" => f64::from(rng.random_range(6000..9000)),
                    _ => f64::from(rng.random_range(1..5000)) + 0.5,
                };
                row.cells[i] = other.to_string();
            }
            if row.table == "sales" {
                row.cells[4] = rng.random_range(0..20).to_string();
            }
        }
        out.push(row);
    }
    if how == Later::Changed {
        add_later(&mut out, after, &mut rng);
    }
    out
}

/// New regions, products, groups, stages, events, and sales before a launch that was announced for later.
fn add_later(out: &mut Vec<Row>, after: NaiveDate, rng: &mut ChaCha8Rng) {
    let later = Month::of(after).plus(1);
    let known = later.first_day().to_string();
    let with_communities = out.iter().any(|row| row.table == "communities");
    let mut add = |table: &'static str, cells: &[&str]| {
        let cells = cells.iter().map(|c| c.to_string()).collect();
        out.push(Row { table, known: later.last_day(), cells, numbers: &[] });
    };
    add("regions", &["r5", "north"]);
    add("regions", &["r6", "south"]);
    for (code, group, old) in [("n0", "g0", "p3"), ("n1", "g1", "p1"), ("n2", "new", "")] {
        add("products", &[code, group, &format!("{}-03", month(5)), "", old, old, &known, "goods"]);
    }
    for k in 0..4 {
        let when = later.plus(k).to_string();
        for (region, product) in [("r5", "p1"), ("r6", "p2"), ("r5", "n0"), ("r0", "n1"), ("r2", "n0"), ("r4", "n2")] {
            add("sales", &[&when, region, product, &rng.random_range(1..900).to_string(), "3"]);
        }
    }
    if with_communities {
        add("communities", &["late", "r0", "5000", &later.plus(-2).to_string(), "new", &known]);
        add("signings", &[&later.to_string(), "late", "400"]);
    }
    // Product 8 was announced for two months after the last cutoff.
    add("sales", &[&later.to_string(), "r3", "p8", "77", "0"]);
    for year in ["2022", "2023", "2024"] {
        add("targets", &[year, "board", "", "", "", "99999", &known]);
        add("targets", &[year, "board", "", "g1", "", "7777", &known]);
        add("growth", &["r4", "p1", year, "0.9", "cash", &known]);
    }
    add("factors", &["", "", &month(8).to_string(), &month(12).to_string(), "cash", "-0.6", &known]);
    add("factors", &["", "", &later.to_string(), &later.plus(3).to_string(), "promotion", "0.7", ""]);
}

/// The settings of a random folder: the forecast that is learned, the plain rules, the plain rules on targets.
fn settings(seed: u64) -> &'static str {
    match seed % 5 {
        0 => "[fit]\nlearn = false\n",
        1 => "[fit]\nlearn = false\n[level]\nsource = \"target\"\n",
        _ => "",
    }
}

fn write(dir: &Path, rows: &[Row], seed: u64) {
    fs::write(dir.join("yugu.toml"), settings(seed)).unwrap();
    for (table, header) in HEADERS {
        let lines: Vec<String> = rows.iter().filter(|r| r.table == table).map(|r| r.cells.join(",")).collect();
        if !lines.is_empty() {
            fs::write(dir.join(format!("{table}.csv")), format!("{header}\n{}\n", lines.join("\n"))).unwrap();
        }
    }
}

/// The rows of a backtest without what came, by region, product, cutoff and month; and how often the fitted forecast
/// was used.
fn tested(rows: &[Row], last: Month, mode: Mode, seed: u64) -> (BTreeMap<String, String>, usize) {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), rows, seed);
    let loaded = match load(dir.path(), None, month(MONTHS + 60).first_day()) {
        Ok(loaded) => loaded,
        Err(LoadError::Data(problems)) => {
            panic!("{}", problems.sorted().iter().map(|p| p.line(Lang::En) + "\n").collect::<String>())
        }
        Err(LoadError::Unreadable(why)) => panic!("{}", why.en),
    };
    let data = &loaded.dataset;
    let cutoffs: Vec<Month> = (1 - CUTOFFS..=0).map(|n| last.plus(n)).collect();
    let (mut learner, mut fitted) = (Learner::new(data), 0);
    let found = backtest::run(
        data,
        &cutoffs,
        (mode, 2),
        |known| {
            assert!(known.months() as i32 <= last.since(month(0)) + 1);
            let fit = learner.at(known);
            fitted += usize::from(fit.gate.used);
            fit.prepared(2)
        },
        |_| {},
    );
    let shown = Tested::new(data, &found, (&cutoffs, fitted), mode, Lang::En);
    let text = String::from_utf8(table(&shown).csv()).unwrap();
    let split = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[..5].join(","), cells[6..].join(","))
    };
    (text.lines().skip(1).map(split).collect(), fitted)
}

#[test]
fn nothing_later_is_ever_seen() {
    let (mut fitted, mut compared) = (0, 0);
    for seed in 0..25 {
        let mode = if seed % 4 == 3 { Mode::During } else { Mode::Close };
        let rows = folder_of(seed);
        let last = month(CUTOFF);
        let (before, used) = tested(&rows, last, mode, seed);
        fitted += used;
        for how in [Later::Changed, Later::Cut] {
            let other = changed(&rows, last.last_day(), how, seed);
            let (after, _) = tested(&other, last, mode, seed);
            let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            // Where the history ends earlier, months further ahead cannot be compared with anything.
            let months = |list: &BTreeMap<String, String>| -> BTreeSet<String> {
                list.keys().map(|k| k.split(',').skip(2).take(2).collect::<Vec<_>>().join(",")).collect()
            };
            let both: BTreeSet<String> = months(&before).intersection(&months(&after)).cloned().collect();
            assert!(both.len() >= CUTOFFS as usize * 2 - 1, "{both:?}");
            for key in keys {
                if !both.contains(&key.split(',').skip(2).take(2).collect::<Vec<_>>().join(",")) {
                    continue;
                }
                // What only exists later has no forecast.
                let nothing = "0,,,,".to_string();
                let (a, b) = (before.get(key).unwrap_or(&nothing), after.get(key).unwrap_or(&nothing));
                assert_eq!(a, b, "seed {seed}, {how:?}, {mode:?}: {key}");
                compared += usize::from(a != &nothing);
            }
        }
    }
    assert!(fitted > 30, "the fitted forecast was used at {fitted} cutoffs");
    assert!(compared > 10_000, "{compared} forecasts compared");
}

fn yugu(args: &[&str], threads: &str) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("yugu").unwrap();
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_US.UTF-8").env("RAYON_NUM_THREADS", threads);
    command.args(args).assert()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn gas() -> String {
    format!("{}/data/gas", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_number_of_threads_gives_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("folder");
    fs::create_dir(&folder).unwrap();
    write(&folder, &folder_of(4), 4);
    for (folder, mode) in [(folder.to_str().unwrap(), "--during"), (gas().as_str(), "--json")] {
        let run = |threads: &str| {
            let out = home.path().join(format!("rows-{threads}.csv"));
            let args = ["backtest", folder, mode, "--out", out.to_str().unwrap()];
            let shown = yugu(&args, threads).code(0).get_output().stdout.clone();
            (text(&shown).replace(&format!("rows-{threads}.csv"), ""), fs::read(&out).unwrap())
        };
        let one = run("1");
        assert!(one.1.len() > 10_000);
        for threads in ["2", "7"] {
            assert!(run(threads) == one, "{threads} threads");
        }
    }
}

#[test]
fn the_rows_read_back_and_agree_with_the_figures() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("new/rows.csv");
    let args = ["backtest", &gas(), "--cutoffs", "2013-10..2014-03", "--json", "--out", out.to_str().unwrap()];
    let shown = yugu(&args, "2").code(0);
    let figures: serde_json::Value = serde_json::from_slice(&shown.get_output().stdout).unwrap();
    assert_eq!(figures["cutoffs"].as_array().unwrap().len(), 6);
    let mut reader = csv::Reader::from_path(&out).unwrap();
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_string).collect();
    assert_eq!(headers.join(","), "region,product,origin,month,lag,actual,forecast,low80,high80,low95,high95");
    let (mut sums, mut keys, mut lines) = (BTreeMap::new(), BTreeSet::new(), 0);
    for row in reader.records().map(Result::unwrap) {
        let number = |i: usize| row[i].parse::<f64>().unwrap();
        let lag: i32 = row[4].parse().unwrap();
        let (origin, about) = (row[2].parse::<String>().unwrap(), row[3].to_string());
        assert!(origin < about && (1..=2).contains(&lag), "{row:?}");
        let sum: &mut (f64, f64) = sums.entry(lag).or_default();
        sum.0 += (number(6) - number(5)).abs();
        sum.1 += number(5);
        keys.insert(row.iter().take(4).collect::<Vec<_>>().join(","));
        lines += 1;
    }
    assert_eq!(keys.len(), lines, "a row twice");
    for figure in figures["accuracy"].as_array().unwrap().iter().filter(|f| f["level"] == "region x product") {
        let (miss, sold) = sums[&(figure["lag"].as_i64().unwrap() as i32)];
        let raw = figure["wape_raw"].as_f64().unwrap();
        assert!((miss / sold - raw).abs() < 1e-9 && figure["sold"].as_f64().unwrap() == sold, "{figure}");
    }
    // The same rows on the terminal, and in a file that is a backtest's already.
    let rows = fs::read(&out).unwrap();
    let args = ["backtest", &gas(), "--cutoffs", "2013-10..2014-03", "--csv", "--out", out.to_str().unwrap()];
    let shown = yugu(&args, "2").code(0);
    assert!(shown.get_output().stdout == rows && fs::read(&out).unwrap() == rows);
}

#[test]
fn the_page_speaks_both_languages() {
    let args = ["backtest", &gas(), "--cutoffs", "2014-01..2014-02"];
    let page = text(&yugu(&args, "2").code(0).get_output().stdout);
    for word in ["2 cutoffs, 2014-01 to 2014-02", "WAPE", "RMSSE", "fitted totals", "company, lag 2", "known at every"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }
    let page = text(&yugu(&[&args[..], &["--lang", "zh", "--during"]].concat(), "2").code(0).get_output().stdout);
    for word in ["2 个截止月", "落点（第 0 期）", "区域×产品，第 0 期", "拟合份额"] {
        assert!(page.contains(word), "{word}: {page}");
    }
}

#[test]
fn what_cannot_be_tested_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let said = |args: &[&str], code: i32| text(&yugu(args, "2").code(code).get_output().stderr);
    for bad in ["2014-05..2014-01", "soon", "2014-01..", "..2014-01", "2014-13"] {
        assert!(said(&["backtest", &gas(), "--cutoffs", bad], 2).contains("2023-06..2024-02"), "{bad}");
    }
    for beyond in ["2014-06", "2010-01..2014-01", "2014-05..2014-12"] {
        let said = said(&["backtest", &gas(), "--cutoffs", beyond], 2);
        assert!(said.contains("2012-06 to 2014-05"), "{said}");
    }
    // Seen as of an earlier day, the last months have not come yet.
    let early = said(&["backtest", &gas(), "--as-of", "2014-03", "--cutoffs", "2014-03"], 2);
    assert!(early.contains("2012-06 to 2014-02"), "{early}");
    fs::write(home.path().join("sales.csv"), "month,region,product,units\n2024-01,a,p,3\n").unwrap();
    let folder = home.path().to_str().unwrap();
    assert!(said(&["backtest", folder], 1).contains("two complete months"));
    // What is not a backtest's stays.
    let mine = home.path().join("sales.csv");
    let refused = said(&["backtest", &gas(), "--out", mine.to_str().unwrap()], 2);
    assert!(refused.contains("sales.csv is there") && fs::read_to_string(&mine).unwrap().contains("2024-01,a,p,3"));
    assert!(said(&["backtest", &gas(), "--out", folder], 2).contains("nothing was written"));
}
