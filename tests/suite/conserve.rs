//! Nothing is lost or invented: random folders, trees, locks and answers, and what must hold of every one of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use yugu::changes::Cause;
use yugu::dataset::{Known, Mode};
use yugu::error::{Problems, Severity};
use yugu::figures::{Figures, Row};
use yugu::folder::{LoadError, load};
use yugu::grid::{COMPANY, Scope};
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::report::{View, changes, ledger};
use yugu::stages::lifecycle::Event;
use yugu::stages::revision::Step;

/// What a random folder has.
#[derive(Clone, Debug)]
struct Knobs {
    seed: u64,
    levels: usize,
    leaves: usize,
    groups: usize,
    products: usize,
    months: i32,
    /// Months of data after the day the forecast is made.
    later: i32,
    whole: bool,
    cn: bool,
    during: bool,
    stockouts: bool,
    lifecycle: bool,
    factors: bool,
    growth: bool,
    targets: bool,
    channel: bool,
    frontline: bool,
    overrides: bool,
}

prop_compose! {
    fn knobs()(
        seed in any::<u64>(),
        (levels, leaves, groups, products) in (1..=3_usize, 1..=6_usize, 1..=4_usize, 1..=12_usize),
        months in prop_oneof![1 => 1..=12_i32, 3 => 13..=40_i32],
        (whole, cn, during, stockouts, lifecycle) in any::<(bool, bool, bool, bool, bool)>(),
        (factors, growth, targets, channel) in any::<(bool, bool, bool, bool)>(),
        (frontline, overrides) in any::<(bool, bool)>(),
    ) -> Knobs {
        Knobs {
            seed, levels, leaves, groups, products, months, later: 0, whole, cn, during, stockouts, lifecycle, factors,
            growth, targets, channel, frontline, overrides,
        }
    }
}

/// Adds a row that is not there yet: identical rows would be a mistake in the table.
fn add_new(out: &mut String, row: String) {
    if !out.contains(&format!("\n{row}")) {
        out.push_str(&row);
    }
}

const REASONS: [&str; 6] = ["cash", "weather", "competitor", "promotion", "price", "stockpiling"];

/// One way to write a folder of the same company.
#[derive(Clone, Copy)]
struct Form {
    /// Whether odd months are looked for: how odd one is, is a matter of counting, and changes with the units.
    odd: bool,
    /// All units and money times this.
    scale: f64,
    /// The regions listed from the last to the first.
    reversed: bool,
    /// Another draw for everything after the day the forecast is made.
    future: u64,
}

const PLAIN: Form = Form { odd: true, scale: 1.0, reversed: false, future: 0 };

struct Maker<'a> {
    k: &'a Knobs,
    form: Form,
    /// (code, parent)
    regions: Vec<(String, String)>,
    leaves: Vec<String>,
    /// Month index of launch and of the last month sold.
    life: Vec<(Option<i32>, Option<i32>)>,
    start: Month,
}

impl<'a> Maker<'a> {
    fn new(k: &'a Knobs, form: Form) -> Maker<'a> {
        let mut rng = rng(k.seed, "tree", 0);
        let mut regions: Vec<(String, String)> = Vec::new();
        let mut above: Vec<String> = vec![String::new()];
        for level in 1..k.levels {
            let wanted = rng.random_range(1..=2_usize);
            let list: Vec<String> = (0..wanted).map(|i| format!("n{level}{i}")).collect();
            // Every region above has one below, so that none of them is a leaf without sales.
            let count = list.len().max(above.len());
            let list: Vec<String> =
                (0..count).map(|i| list.get(i).cloned().unwrap_or(format!("n{level}x{i}"))).collect();
            regions.extend(list.iter().enumerate().map(|(i, c)| (c.clone(), above[i % above.len()].clone())));
            above = list;
        }
        let leaves: Vec<String> = (0..k.leaves.max(above.len())).map(|i| format!("r{i}")).collect();
        regions.extend(leaves.iter().enumerate().map(|(i, c)| (c.clone(), above[i % above.len()].clone())));
        let life = (0..k.products)
            .map(|p| {
                if !k.lifecycle || p == 0 {
                    return (None, None);
                }
                match rng.random_range(0..6) {
                    0 => (Some(k.months + rng.random_range(-3..3)), None),
                    1 if k.months > 2 => (Some(rng.random_range(0..k.months)), None),
                    2 => (None, Some(k.months - 1 + rng.random_range(-2..3))),
                    _ => (None, None),
                }
            })
            .collect();
        let start = Month::new(2021, 1).unwrap().plus(rng.random_range(0..12));
        Maker { k, form, regions, leaves, life, start }
    }

    fn month(&self, t: i32) -> Month {
        self.start.plus(t)
    }

    fn cutoff(&self) -> Month {
        self.month(self.k.months - 1)
    }

    fn made(&self) -> Month {
        if self.k.during { self.cutoff().plus(1) } else { self.cutoff() }
    }

    fn as_of(&self) -> NaiveDate {
        if self.k.during { self.made().first_day() + chrono::Days::new(17) } else { self.made().last_day() }
    }

    /// An amount of units (or money) as the folder's form writes it; eighths where units are not whole, so that
    /// scaling is exact.
    fn amount(&self, x: f64) -> String {
        let x = if self.k.whole { x.round() } else { (x * 8.0).round() / 8.0 };
        format!("{}", x * self.form.scale)
    }

    fn any_region(&self, rng: &mut ChaCha8Rng) -> String {
        match rng.random_range(0..5) {
            0 => String::new(),
            _ => self.some_region(rng),
        }
    }

    /// Any region but the one at the top, where there is one: that is the company.
    fn some_region(&self, rng: &mut ChaCha8Rng) -> String {
        let tops = self.regions.iter().filter(|(_, parent)| parent.is_empty()).count();
        let first = usize::from(tops == 1 && self.regions.len() > 1);
        self.regions[rng.random_range(first..self.regions.len())].0.clone()
    }

    fn any_scope(&self, rng: &mut ChaCha8Rng) -> String {
        match rng.random_range(0..4) {
            0 => String::new(),
            1 => format!("g{}", rng.random_range(0..self.k.groups.min(self.k.products))),
            _ => format!("p{}", rng.random_range(0..self.k.products)),
        }
    }

    fn products(&self) -> String {
        let mut rng = rng(self.k.seed, "products", 0);
        let mut out = "product,category,launch,retire,replaces,like\n".to_string();
        for (p, (launch, retire)) in self.life.iter().enumerate() {
            let group = p % self.k.groups;
            let day = |t: i32, rng: &mut ChaCha8Rng| format!("{}-{:02}", self.month(t), rng.random_range(1..=20));
            let launch_text = launch.map_or(String::new(), |t| day(t, &mut rng));
            let retire = retire.map_or(String::new(), |t| self.month(t).to_string());
            let mut other = |yes: bool| match p.checked_sub(self.k.groups) {
                Some(q) if yes && rng.random_bool(0.6) => format!("p{q}"),
                _ => String::new(),
            };
            let replaces = other(self.k.lifecycle);
            let like = other(launch.is_some());
            writeln!(out, "p{p},g{group},{launch_text},{retire},{replaces},{like}").unwrap();
        }
        out
    }

    fn sales(&self) -> String {
        let mut out = "month,region,product,units".to_string();
        out += if self.k.stockouts { ",availability\n" } else { "\n" };
        for t in 0..self.k.months + self.k.later {
            let mut rng = rng(self.k.seed, "sales", self.draw(t, 0));
            // Which series there are is no number: it is the same in every future.
            let mut there = self::rng(self.k.seed, "rows", t as u64);
            for (r, region) in self.leaves.iter().enumerate() {
                for (p, (launch, retire)) in self.life.iter().enumerate() {
                    let size = 4.0 + 60.0 / (1.0 + p as f64) + 25.0 * r as f64;
                    let units = size * rng.random_range(0.3..1.7);
                    let (skip, zero) = (there.random_bool(0.04), rng.random_bool(0.03));
                    let out_of_stock = rng.random_bool(0.2);
                    let share = f64::from(rng.random_range(0..=8)) / 8.0;
                    let on_range = launch.is_none_or(|l| t >= l) && retire.is_none_or(|l| t <= l);
                    if !on_range || (skip && (r, p) != (0, 0)) {
                        continue;
                    }
                    let a = if self.k.stockouts && out_of_stock { share } else { 1.0 };
                    let units = if zero || a == 0.0 { 0.0 } else { units * a };
                    write!(out, "{},{region},p{p},{}", self.month(t), self.amount(units)).unwrap();
                    out += &if self.k.stockouts { format!(",{a}\n") } else { "\n".to_string() };
                }
            }
        }
        out
    }

    /// What a draw depends on: on the form's future from the first month on that is not complete.
    fn draw(&self, t: i32, from: u64) -> u64 {
        let future = if t >= self.k.months { self.form.future * 1_000_003 } else { 0 };
        future + from * 1009 + t as u64
    }

    fn factors(&self) -> String {
        let mut rng = rng(self.k.seed, "factors", 0);
        let mut out = "region,product,from,to,reason,effect,known\n".to_string();
        for _ in 0..rng.random_range(1..6) {
            let from = rng.random_range(0..self.k.months + 3);
            let to = from + rng.random_range(0..4);
            let reason = REASONS[rng.random_range(0..REASONS.len())];
            let effect = match rng.random_bool(0.5) {
                true => format!("{}", f64::from(rng.random_range(-4..6)) / 10.0),
                false => String::new(),
            };
            let (region, scope) = (self.any_region(&mut rng), self.any_scope(&mut rng));
            let (from, to) = (self.month(from), self.month(to));
            add_new(&mut out, format!("{region},{scope},{from},{to},{reason},{effect},{}\n", self.month(0)));
        }
        out
    }

    fn growth(&self) -> String {
        let mut rng = rng(self.k.seed, "growth", 0);
        let mut out = "region,product,year,growth,lock,reason\n".to_string();
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..rng.random_range(1..6) {
            let year = self.made().year() + rng.random_range(0..2);
            let (region, scope) = (self.any_region(&mut rng), self.any_scope(&mut rng));
            let rate = f64::from(rng.random_range(-3..6)) / 20.0;
            let lock = if rng.random_bool(0.2) { "yes" } else { "" };
            if seen.insert((year, region.clone(), scope.clone())) {
                writeln!(out, "{region},{scope},{year},{rate},{lock},cash").unwrap();
            }
        }
        out
    }

    fn targets(&self) -> String {
        let mut rng = rng(self.k.seed, "targets", 0);
        let mut out = "year,stage,region,month,product,units,min,max,lock\n".to_string();
        let mut seen = std::collections::BTreeSet::new();
        for year in [self.made().year(), self.made().year() + 1] {
            let scope = if rng.random_bool(0.3) { "g0" } else { "" };
            let total = 3000.0 * self.leaves.len() as f64 * rng.random_range(0.5..2.0);
            if rng.random_bool(0.3) {
                writeln!(out, "{year},marketing,,,{scope},{},,,", self.amount(total * 1.2)).unwrap();
            }
            if rng.random_bool(0.8) {
                writeln!(out, "{year},sales,,,{scope},{},,,", self.amount(total)).unwrap();
            }
            for _ in 0..rng.random_range(0..5) {
                let region = self.some_region(&mut rng);
                let month = match rng.random_bool(0.3) {
                    true => rng.random_range(1..=12).to_string(),
                    false => String::new(),
                };
                let part = total / self.leaves.len() as f64 * if month.is_empty() { 1.0 } else { 1.0 / 12.0 };
                let mut some = |low: f64, high: f64, likely: f64| match rng.random_bool(likely) {
                    true => self.amount(part * rng.random_range(low..high)),
                    false => String::new(),
                };
                let (units, mut min, mut max) = (some(0.4, 1.6, 0.6), some(0.1, 0.5, 0.3), some(1.7, 3.0, 0.3));
                let lock = if rng.random_bool(0.4) && !units.is_empty() { "yes" } else { "" };
                // A lock outside of its own bounds would be a mistake in the table.
                if lock == "yes" {
                    (min, max) = (String::new(), String::new());
                }
                if units.is_empty() && min.is_empty() && max.is_empty() {
                    min = self.amount(part * 0.2);
                }
                if seen.insert((year, region.clone(), month.clone())) {
                    writeln!(out, "{year},sales,{region},{month},{scope},{units},{min},{max},{lock}").unwrap();
                }
            }
        }
        out
    }

    fn channel(&self) -> String {
        let mut out = "month,region,tier,units,sell_out\n".to_string();
        let mut which = rng(self.k.seed, "channel", 0);
        let (downstream, counted) = (which.random_bool(0.6), which.random_bool(0.5));
        for t in (self.k.months - 16).max(0)..self.k.months + self.k.later {
            let mut rng = rng(self.k.seed, "channel", self.draw(t, 1));
            for (r, region) in self.leaves.iter().enumerate() {
                let size = 100.0 + 60.0 * r as f64;
                let stock = size * rng.random_range(0.5..3.0);
                let sold = if counted { self.amount(size * rng.random_range(0.8..1.2)) } else { String::new() };
                writeln!(out, "{},{region},dealer,{},{sold}", self.month(t), self.amount(stock)).unwrap();
                if downstream {
                    writeln!(out, "{},{region},downstream,{},", self.month(t), self.amount(stock * 1.5)).unwrap();
                }
            }
        }
        out
    }

    /// `frontline` and `overrides`.
    fn answers(&self, table: &str, lock: bool) -> String {
        let mut out = "made,month,region,product,units,by,reason".to_string();
        out += if lock { ",lock\n" } else { "\n" };
        for later in 0..=self.k.later.min(1) {
            let mut rng = rng(self.k.seed, table, self.draw(self.k.months - 1 + later, 2));
            let day = if later == 0 { self.as_of() } else { self.as_of() + chrono::Days::new(3) };
            for _ in 0..rng.random_range(1..7) {
                let first = if self.k.during || later == 1 { 0 } else { 1 };
                let month = Month::of(day).plus(rng.random_range(first..3));
                let (region, scope) = (self.any_region(&mut rng), self.any_scope(&mut rng));
                let leaves = if region.starts_with('r') { 1.0 } else { self.leaves.len() as f64 };
                let parts = if scope.starts_with('p') { 1.0 } else { self.k.products as f64 };
                let units = self.amount(leaves * parts * rng.random_range(0.0..90.0));
                let by = ["ann", "bo"][rng.random_range(0..2)];
                let locked = if lock && rng.random_bool(0.3) {
                    ",yes"
                } else if lock {
                    ","
                } else {
                    ""
                };
                add_new(&mut out, format!("{day},{month},{region},{scope},{units},{by},cash{locked}\n"));
            }
        }
        out
    }

    fn progress(&self) -> String {
        let mut out = "as_of,region,product,units\n".to_string();
        for later in 0..=self.k.later.min(1) {
            if !self.k.during && later == 0 {
                continue;
            }
            let mut rng = rng(self.k.seed, "progress", self.draw(self.k.months - 1 + later, 3));
            let day = self.as_of() + chrono::Days::new(5 * later as u64);
            for row in 0..rng.random_range(1..6) {
                let (region, scope) = (self.any_region(&mut rng), self.any_scope(&mut rng));
                let earlier = day - chrono::Days::new(rng.random_range(0..2));
                // A month to date without a region would be a gap in the table.
                let region = if region.is_empty() { "company".into() } else { region };
                // The row's number keeps two rows from being identical, which would be a mistake in the table.
                let units = 1000.0 * f64::from(row) + rng.random_range(0.0..300.0);
                writeln!(out, "{earlier},{region},{scope},{}", self.amount(units)).unwrap();
            }
        }
        out
    }

    /// What the prior of the demand is worth counts in units, so that it goes with them.
    fn settings(&self) -> String {
        let festival = if self.k.cn { "cn" } else { "none" };
        let prior = 20.0 * self.form.scale;
        let odd = self.form.odd;
        format!("[calendar]\nfestival = \"{festival}\"\n[reception]\nodd = {odd}\n[demand]\nprior = {prior}\n")
    }

    fn tables(&self) -> BTreeMap<&'static str, String> {
        let k = self.k;
        let mut regions: Vec<String> = self.regions.iter().map(|(c, p)| format!("{c},{p}\n")).collect();
        if self.form.reversed {
            regions.reverse();
        }
        let mut out = BTreeMap::from([
            ("sales.csv", self.sales()),
            ("regions.csv", format!("region,parent\n{}", regions.concat())),
            ("products.csv", self.products()),
            ("yugu.toml", self.settings()),
        ]);
        if k.factors {
            out.insert("factors.csv", self.factors());
        }
        if k.growth {
            out.insert("growth.csv", self.growth());
        }
        if k.targets {
            out.insert("targets.csv", self.targets());
        }
        if k.channel {
            out.insert("channel_stock.csv", self.channel());
        }
        if k.frontline {
            out.insert("frontline.csv", self.answers("frontline", false));
        }
        if k.overrides {
            out.insert("overrides.csv", self.answers("overrides", true));
        }
        if k.during || k.later > 0 {
            out.insert("progress.csv", self.progress());
        }
        out
    }

    fn run(&self) -> Result<Outlook, Problems> {
        run(&self.tables(), self.as_of())
    }
}

fn rng(seed: u64, what: &str, draw: u64) -> ChaCha8Rng {
    let name = what.bytes().fold(0_u64, |h, b| h.wrapping_mul(31).wrapping_add(b.into()));
    ChaCha8Rng::seed_from_u64(seed ^ name.wrapping_mul(0x9e37_79b9) ^ draw.wrapping_mul(0x1000_0001))
}

fn text(problems: &Problems) -> String {
    problems.sorted().iter().map(|p| p.line(Lang::En) + "\n").collect()
}

fn run(tables: &BTreeMap<&str, String>, as_of: NaiveDate) -> Result<Outlook, Problems> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("ledger")).unwrap();
    for (name, text) in tables {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    match load(dir.path(), Some(as_of), as_of) {
        Ok(loaded) => Outlook::new(loaded.dataset, loaded.warnings),
        Err(LoadError::Data(problems)) if problems.sorted().iter().all(|p| p.kind == "nothing_complete") => {
            Err(problems)
        }
        Err(LoadError::Data(problems)) => panic!("the folder is wrong:\n{}", text(&problems)),
        Err(LoadError::Unreadable(message)) => panic!("{}", message.en),
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

macro_rules! same {
    ($a:expr, $b:expr, $($why:tt)*) => {{
        let (a, b): (f64, f64) = ($a, $b);
        prop_assert!(near(a, b), "{a} is not {b}: {}", format!($($why)*));
    }};
}

/// Region, product and month of every number of the forecast, so that runs can be compared.
fn keyed(out: &Outlook) -> BTreeMap<(String, String, Month), f64> {
    let grid = &out.dataset.grid;
    let mut list = BTreeMap::new();
    for ((s, k), x) in out.point.revision.exact.indexed_iter() {
        let series = grid.series[s];
        let region = grid.regions.code(grid.regions.node_of(series.leaf)).to_string();
        list.insert((region, grid.products.codes[series.product].clone(), out.months()[k]), *x);
    }
    list
}

/// Errors that a folder whose every row is fine may still lead to: locks and overrides that leave no room. They name
/// the rows.
fn check_refusal(problems: &Problems) -> Result<(), TestCaseError> {
    let errors = problems.sorted().into_iter().filter(|p| p.severity == Severity::Error);
    for error in errors {
        prop_assert!(matches!(error.kind, "infeasible_locks" | "override_conflict" | "nothing_there"), "{error}");
        prop_assert!(error.place.is_some(), "{error}");
        let named = error.message.en.contains("targets.csv:")
            || error.message.en.contains("growth.csv:")
            || error.message.en.contains("overrides.csv:")
            || error.kind == "nothing_there";
        prop_assert!(named, "names no row: {error}");
    }
    Ok(())
}

fn check_finite(out: &Outlook) -> Result<(), TestCaseError> {
    let point = &out.point;
    let r = &point.revision;
    let known = out.known();
    let demand = point.demand(&known);
    let arrays = [
        ("demand", demand.reborrow()),
        ("shares", point.baseline.shares.view()),
        ("baseline", point.baseline.units.view()),
        ("cut", r.cut.view()),
        ("front line", r.frontline.view()),
        ("month to date", r.progress.view()),
        ("exact", r.exact.view()),
        ("units", point.units.view()),
    ];
    for (name, array) in arrays {
        for (key, x) in array.indexed_iter() {
            prop_assert!(x.is_finite() && *x >= 0.0, "{name} {key:?} is {x}");
        }
    }
    for cell in &point.level.cells {
        prop_assert!(cell.level.is_finite() && cell.level >= 0.0, "{cell:?}");
    }
    Ok(())
}

fn check_targets(out: &Outlook, known: &Known) -> Result<(), TestCaseError> {
    let regions = &out.dataset.grid.regions;
    for split in &out.point.targets.splits {
        let sum = |node: usize, months: &[usize]| -> Option<f64> {
            let cells = regions.leaves(node).flat_map(|l| months.iter().map(move |&k| (l, k)));
            cells.map(|key| split.leaves[key]).try_fold(0.0, |sum, x| x.map(|x| sum + x))
        };
        let all: Vec<usize> = (0..12).collect();
        for node in 0..regions.len() {
            let Some(total) = sum(node, &all) else { continue };
            same!(split.nodes[node].target.unwrap_or(f64::NAN), total, "node {node} of {}", split.year);
            let children = regions.children(node);
            if !children.is_empty() {
                let below: f64 = children.iter().filter_map(|&c| split.nodes[c].target).sum();
                same!(below, total, "below node {node}");
            }
        }
        let stage = out.dataset.stages.iter().position(|s| *s == split.stage).unwrap_or(0);
        let first = Month::fiscal_start(split.year, 1);
        for row in known.targets.iter().filter(|t| (t.year, t.scope, t.stage) == (split.year, split.scope, stage)) {
            let months = row.month.map_or(all.clone(), |m| vec![m.since(first) as usize]);
            let Some(total) = sum(row.node, &months) else { continue };
            if let Some(value) = row.value.filter(|_| row.lock || (row.node == COMPANY && row.month.is_none())) {
                same!(total, value, "locked {row:?}");
            }
            let slack = 1e-9 * total.max(1.0);
            prop_assert!(row.min.is_none_or(|min| total >= min - slack), "{total} below {row:?}");
            prop_assert!(row.max.is_none_or(|max| total <= max + slack), "{total} above {row:?}");
        }
        // What regions get is what their groups get, where one target is for everything.
        let alone = out.point.targets.splits.iter().filter(|s| s.year == split.year).count() == 1;
        for leaf in 0..regions.leaf_count() {
            let Some(total) = sum(regions.node_of(leaf), &all).filter(|_| alone && split.scope == Scope::All) else {
                continue;
            };
            let grid = &out.dataset.grid;
            let units = (0..grid.group_count()).map(|g| out.point.targets.year_units(grid.cell(leaf, g), split.year));
            same!(units.map(|x| x.unwrap_or(f64::NAN)).sum(), total, "groups of leaf {leaf}");
        }
    }
    Ok(())
}

fn check_baseline(out: &Outlook, known: &Known) -> Result<(), TestCaseError> {
    let (grid, point) = (&out.dataset.grid, &out.point);
    for (k, &month) in out.months().iter().enumerate() {
        for cell in 0..grid.cell_count() {
            let range = grid.in_cell(cell);
            let of_level = point.level.get(cell, month).unwrap();
            let level = of_level.level;
            // Who has a number of his own stands beside a level that nothing holds.
            let has_own = |s: usize| {
                let notes = &point.baseline.notes;
                notes.iter().any(|n| (n.series, n.month) == (s, k) && matches!(n.event, Event::OwnSales { .. }))
            };
            let beside = !of_level.holds() && range.clone().any(has_own);
            let shares: f64 = range.clone().map(|s| point.baseline.shares[(s, k)]).sum();
            let spread: f64 = range.clone().map(|s| point.baseline.units[(s, k)] / point.baseline.events(s, k)).sum();
            let left = |s: usize| {
                let product = grid.series[s].product;
                let launched = known.launch(product).is_none_or(|day| day <= month.last_day());
                let sold = known.units.row(s).iter().rev().take(12).any(|x| *x > 0.0);
                known.retire(product).is_none_or(|last| month <= last) && launched && sold
            };
            if beside {
                let others: f64 = range.clone().filter(|s| !has_own(*s)).map(|s| point.baseline.shares[(s, k)]).sum();
                prop_assert!(others < 1.0 + 1e-9, "{others} of cell {cell} in {month}");
                same!(spread, level * shares, "level of cell {cell} in {month}");
            } else if shares == 0.0 {
                prop_assert!(!range.clone().any(left), "no shares in cell {cell} of {month}");
            } else {
                same!(shares, 1.0, "shares of cell {cell} in {month}");
                same!(spread, level, "level of cell {cell} in {month}");
            }
            let factor = point.attainment.factor(cell, out.origin.lag(month));
            prop_assert!(factor == 1.0 || out.origin.lag(month) == 1);
            for s in range {
                same!(point.revision.cut[(s, k)], point.baseline.units[(s, k)] * factor, "cut of series {s}");
            }
        }
    }
    Ok(())
}

fn check_revision(out: &Outlook, known: &Known) -> Result<(), TestCaseError> {
    let (grid, r) = (&out.dataset.grid, &out.point.revision);
    let is_product = |scope: Scope| matches!(scope, Scope::Product(_));
    let scaled = out.warnings.sorted().iter().any(|p| p.kind == "override_scaled");
    for (k, &month) in out.months().iter().enumerate() {
        let sum =
            |array: ndarray::ArrayView2<f64>, series: &[usize]| series.iter().map(|&s| array[(s, k)]).sum::<f64>();
        let front: Vec<_> = r.changes.iter().filter(|c| c.month == k && c.step == Step::Frontline).collect();
        for change in &front {
            let w = change.mixture.as_ref().unwrap().weights[1];
            same!(change.after, w * change.given + (1.0 - w) * change.before, "{change:?}");
        }
        if let Some(last) = front.last().filter(|c| !is_product(c.scope)) {
            same!(sum(r.frontline.view(), &grid.in_scope(last.node, last.scope)), last.after, "{last:?}");
        }
        // A product row moves the total by its difference: where no row speaks of more, what nobody named stays.
        for cell in 0..grid.cell_count() {
            let range: Vec<usize> = grid.in_cell(cell).collect();
            let touches =
                |c: &&&yugu::stages::revision::Change| grid.in_scope(c.node, c.scope).iter().any(|s| range.contains(s));
            let touching: Vec<_> = front.iter().filter(touches).collect();
            let named = |s: &usize| touching.iter().any(|c| grid.in_scope(c.node, c.scope).contains(s));
            if touching.iter().all(|c| is_product(c.scope)) {
                for &s in range.iter().filter(|s| !named(s)) {
                    same!(r.frontline[(s, k)], r.cut[(s, k)], "series {s} of cell {cell} in {month}");
                }
            }
        }
        if out.origin.lag(month) == 0 {
            for row in &known.progress {
                let series = grid.in_scope(row.node, row.scope);
                let landed = sum(r.progress.view(), &series);
                prop_assert!(series.is_empty() || landed >= row.units - 1e-9 * row.units.max(1.0), "{landed}: {row:?}");
            }
        } else {
            prop_assert!(r.progress.column(k) == r.frontline.column(k));
        }
        for row in known.overrides.iter().filter(|a| a.month == month && (a.lock || !scaled)) {
            same!(
                sum(r.exact.view(), &grid.in_scope(row.node, row.scope)),
                row.says.units(f64::NAN, None).unwrap(),
                "{row:?}"
            );
        }
        // Nothing that nobody spoke of moves.
        let spoken = |s: usize| {
            r.changes.iter().any(|c| {
                c.month == k
                    && grid.regions.leaves(c.node).contains(&grid.series[s].leaf)
                    && grid.groups_of(c.scope).contains(&grid.series[s].group)
            })
        };
        for s in 0..grid.series.len() {
            prop_assert!(spoken(s) || r.exact[(s, k)] == r.cut[(s, k)], "series {s} moved by itself");
            let product = grid.series[s].product;
            let gone = known.retire(product).is_some_and(|last| month > last);
            let named = |scope: Scope| scope == Scope::Product(product);
            let asked = r.changes.iter().any(|c| c.month == k && named(c.scope))
                || known.progress.iter().any(|p| named(p.scope));
            // A total that speaks of nothing but what has left is still a person's word.
            let only = r.changes.iter().any(|c| {
                let series = grid.in_scope(c.node, c.scope);
                c.month == k
                    && series.contains(&s)
                    && series.iter().all(|&x| {
                        let p = grid.series[x].product;
                        known.retire(p).is_some_and(|last| month > last)
                    })
            });
            if gone && !asked && !only {
                prop_assert!(
                    r.exact[(s, k)] == 0.0 && out.point.units[(s, k)] == 0.0,
                    "retired series {s} in {month}: {:#?}",
                    r.changes
                );
            }
        }
    }
    Ok(())
}

/// What is printed whole adds up as printed, and what is made of two printed numbers is made of these.
fn check_printed(out: &Outlook, known: &Known) -> Result<(), TestCaseError> {
    let (regions, figures) = (&out.dataset.grid.regions, Figures::new(out, known));
    for row in figures.rows.iter().filter(|row| out.dataset.whole[row.group]) {
        let of = |row: &Row| [row.target, row.year_target, Some(row.year_outlook), Some(row.forecast)];
        let below: Vec<&Row> =
            regions.children(row.node).iter().filter_map(|&c| figures.get(c, row.group, row.month)).collect();
        for (i, x) in of(row).into_iter().enumerate() {
            let parts: Vec<f64> = below.iter().filter_map(|row| of(row)[i]).collect();
            prop_assert!(x.is_none_or(|x| x.fract() == 0.0), "{row:?}");
            prop_assert!(parts.is_empty() || parts.iter().sum::<f64>() == x.unwrap(), "{i} of {row:?}: {parts:?}");
        }
        if let Some(gap) = row.gap {
            prop_assert!(gap == row.year_outlook - row.year_target.unwrap());
        }
        if let (Some(growth), Some(last)) = (row.growth, row.last_year) {
            same!(growth, row.forecast / last - 1.0, "growth of {row:?}");
        }
        if let (Some(attained), Some(target)) = (row.attainment, row.target) {
            same!(attained, row.forecast / target, "attainment of {row:?}");
        }
    }
    Ok(())
}

fn check_units(out: &Outlook) -> Result<(), TestCaseError> {
    let (grid, exact, units) = (&out.dataset.grid, &out.point.revision.exact, &out.point.units);
    for k in 0..out.months().len() {
        for group in 0..grid.group_count() {
            if !out.dataset.whole[group] {
                for s in grid.in_scope(COMPANY, Scope::Group(group)) {
                    prop_assert!(units[(s, k)] == exact[(s, k)]);
                }
                continue;
            }
            for node in 0..grid.regions.len() {
                let series = grid.in_scope(node, Scope::Group(group));
                let sum = |a: ndarray::ArrayView2<f64>| series.iter().map(|&s| a[(s, k)]).sum::<f64>();
                let off = (sum(units.view()) - sum(exact.view())).abs();
                let most = if node == COMPANY { 0.5 + 1e-6 } else { 1.0 };
                prop_assert!(off <= most, "node {node} group {group} is off by {off}");
            }
            for s in grid.in_scope(COMPANY, Scope::Group(group)) {
                prop_assert!(units[(s, k)].fract() == 0.0 && (units[(s, k)] - exact[(s, k)]).abs() < 2.0);
                prop_assert!(exact[(s, k)] > 0.0 || units[(s, k)] == 0.0);
            }
        }
    }
    Ok(())
}

/// Bounds of a sum stand in order, hold the forecast, and go nowhere beyond where everything goes wrong together.
fn check_bounds(out: &Outlook, known: &Known) -> Result<(), TestCaseError> {
    let grid = &out.dataset.grid;
    for (k, node, group) in (0..out.months().len()).flat_map(|k| {
        (0..grid.regions.len()).flat_map(move |node| (0..grid.group_count()).map(move |group| (k, node, group)))
    }) {
        let series = grid.in_scope(node, Scope::Group(group));
        let sum = |x: ndarray::ArrayView2<f64>| series.iter().map(|s| x[(*s, k)]).sum::<f64>();
        let (exact, printed) = (sum(out.point.revision.exact.view()), sum(out.point.units.view()));
        let Some([low80, high80, low95, high95]) = out.node_bounds(node, group, k, (exact, printed)) else { continue };
        let of = |i: usize| series.iter().filter_map(|s| out.bounds(known, *s, k)).map(|b| b[i]).sum::<f64>();
        let slack = 1e-9 * printed.max(1.0);
        prop_assert!(low95 <= low80 && low80 <= printed && printed <= high80 && high80 <= high95);
        for (low, high, i) in [(low80, high80, 0), (low95, high95, 2)] {
            prop_assert!(low >= of(i).min(printed) - slack && high <= of(i + 1).max(printed) + slack, "{node} {group}");
        }
    }
    Ok(())
}

/// Of every series, and of every region and group in print, the causes add up to the change since the last version;
/// mix and range move nothing in or out of a region and group. Exceptions are ranked, and of numbers.
fn check_changes(out: &Outlook) -> Result<(), TestCaseError> {
    let grid = &out.dataset.grid;
    let view = View::new(out, Lang::En);
    for since in view.changes.iter().flatten() {
        for node in 0..grid.regions.len() {
            for group in 0..grid.group_count() {
                let change = since.sum(grid.in_scope(node, Scope::Group(group)));
                let size = change.last.max(change.now);
                let sum: f64 = change.causes.iter().sum();
                prop_assert!((sum - change.units()).abs() <= 1e-9 * size.max(1.0), "{change:?}");
                for moved in [Cause::Mix, Cause::Range].map(|cause| change.of(cause)) {
                    // A group that comes or goes as a whole is a change of the range.
                    let comes_or_goes = grid.regions.leaves(node).any(|leaf| {
                        let cell = since.sum(grid.in_cell(grid.cell(leaf, group)));
                        cell.last == 0.0 || cell.now == 0.0
                    });
                    prop_assert!(comes_or_goes || moved.abs() <= 1e-9 * size.max(1.0), "{change:?}");
                }
                if out.dataset.whole[group] && change.last.fract() == 0.0 {
                    let (moved, causes) = changes::in_words(&change, 0);
                    let number = |word: &str| word.replace(',', "").parse::<f64>().unwrap();
                    let printed = causes.en.split(", ").filter_map(|w| w.rsplit_once(' ')).map(|(_, x)| number(x));
                    prop_assert!(printed.sum::<f64>() == number(&moved) && number(&moved) == change.units());
                }
            }
        }
        for (s, change) in since.series.iter().enumerate() {
            let sum: f64 = change.causes.iter().sum();
            prop_assert!(
                (sum - change.units()).abs() <= 1e-9 * change.last.max(change.now).max(1.0),
                "{s}: {change:?}"
            );
        }
    }
    for one in &view.exceptions {
        let (low, high) = one.within.unwrap_or((0.0, 0.0));
        let numbers = [one.units, one.found, one.against.unwrap_or(0.0), low, high];
        prop_assert!(one.units >= 0.0 && numbers.iter().all(|x| x.is_finite()), "{one:?}");
    }
    // What came in is said first; the rest by the units at stake.
    let received = |e: &yugu::exceptions::Exception| matches!(e.kind, yugu::exceptions::Kind::Received(_));
    let rest: Vec<_> = view.exceptions.iter().filter(|e| !received(e)).collect();
    prop_assert!(rest.is_sorted_by(|a, b| a.units >= b.units));
    Ok(())
}

fn compare(one: &Outlook, other: &Outlook, times: f64, why: &str) -> Result<(), TestCaseError> {
    let (a, b) = (keyed(one), keyed(other));
    prop_assert!(a.keys().eq(b.keys()), "{why}: other keys");
    for (key, x) in &a {
        same!(b[key], x * times, "{why}: {key:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, rng_seed: RngSeed::Fixed(20_140_630), max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_or_invented(k in knobs()) {
        let out = match Maker::new(&k, PLAIN).run() {
            Ok(out) => out,
            Err(problems) => return check_refusal(&problems),
        };
        let known = out.known();
        prop_assert_eq!(out.origin.mode, if k.during { Mode::During } else { Mode::Close });
        check_finite(&out)?;
        check_targets(&out, &known)?;
        check_baseline(&out, &known)?;
        check_revision(&out, &known)?;
        check_units(&out)?;
        check_printed(&out, &known)?;
        check_bounds(&out, &known)?;
    }

    /// Issued at the close of the month before, and planned again.
    #[test]
    fn changes_add_up(k in knobs()) {
        let maker = Maker::new(&k, PLAIN);
        let mut tables = maker.tables();
        let Ok(last) = run(&tables, maker.made().plus(-1).last_day()) else { return Ok(()) };
        let file = format!("ledger/{}", ledger::name(last.origin.made, 1));
        let issued = String::from_utf8(ledger::table(&View::new(&last, Lang::En), 1, None).csv()).unwrap();
        tables.insert(&file, issued);
        let Ok(out) = run(&tables, maker.as_of()) else { return Ok(()) };
        let compared = last.origin.made < out.origin.made || k.during;
        prop_assert!(!compared || View::new(&out, Lang::En).changes.iter().any(Option::is_some));
        check_changes(&out)?;
    }

    #[test]
    fn only_the_data_count(k in knobs()) {
        let Ok(out) = Maker::new(&k, PLAIN).run() else { return Ok(()) };
        let again = Maker::new(&k, PLAIN).run().map_err(|_| TestCaseError::fail("refused the second time"))?;
        let bits = |o: &Outlook| o.point.revision.exact.mapv(f64::to_bits);
        prop_assert!(bits(&out) == bits(&again), "the same folder twice");
        prop_assert!(out.point.units == again.point.units);
        let form = Form { reversed: true, ..PLAIN };
        let turned = Maker::new(&k, form).run().map_err(|_| TestCaseError::fail("refused when reordered"))?;
        compare(&out, &turned, 1.0, "regions in another order")?;
        let form = Form { odd: false, ..PLAIN };
        let one = Maker::new(&k, form).run().map_err(|p| TestCaseError::fail(text(&p)))?;
        // Eighths times this are not whole: amounts stay amounts, and are not taken for numbers of pieces.
        let times = if k.whole { 1000.0 } else { 999.2 };
        let large = Maker::new(&k, Form { scale: times, ..form }).run().map_err(|p| TestCaseError::fail(text(&p)))?;
        // What a month of pieces would have sold is expected with the noise of counting, which does not grow with them.
        if !k.whole || one.point.reception.is_clean() {
            compare(&one, &large, times, "a thousand times as much")?;
        }
    }

    #[test]
    fn the_future_does_not_leak(k in knobs(), later in 1..4_i32) {
        let k = Knobs { later, ..k };
        let (one, other) = (Maker::new(&k, PLAIN), Maker::new(&k, Form { future: 1, ..PLAIN }));
        // The tables differ, and only after the day of the forecast.
        prop_assert!(one.sales() != other.sales());
        let Ok(a) = one.run() else { return Ok(()) };
        let b = other.run().map_err(|p| TestCaseError::fail(text(&p)))?;
        let (a, b) = (keyed(&a), keyed(&b));
        for (key, x) in &a {
            // A series that begins later is 0 now.
            let y = b.get(key).copied().unwrap_or(0.0);
            prop_assert!(x.to_bits() == y.to_bits(), "{key:?}: {x} became {y}");
        }
    }
}
