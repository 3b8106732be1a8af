//! What changed since the last issued version and why, and what is worth a look: folders planned month after month.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::issued::{copy, issue, plan};
use assert_cmd::Command;
use yugu::changes::{CAUSES, Cause, Change};
use yugu::explain::explain;
use yugu::grid::Scope;
use yugu::messages::Lang;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::report::{self, View};

fn month(y: i32, m: u32) -> Month {
    Month::new(y, m).unwrap()
}

fn write(dir: &Path, name: &str, text: &str) {
    fs::write(dir.join(name), text).unwrap();
}

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{found} is not {wanted}");
}

// ---------------------------------------------------------------- March, issued in January and planned again in February

const PLAIN: &str = "[calendar]\nfestival = \"none\"\n[fit]\nlearn = false\n";
const JANUARY: (i32, u32, u32) = (2024, 1, 31);
const FEBRUARY: (i32, u32, u32) = (2024, 2, 29);

/// Nine months of 500, 300 and 200, issued in January; then February sells 210, 287 and 203, the channel's stock comes
/// to 1.3 months and the front line says 795.
fn march() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut sales = String::from("month,region,product,units\n");
    for k in 0..9 {
        for (product, units) in [("A", 500), ("B", 300), ("C", 200)] {
            writeln!(sales, "{},X,{product},{units}", month(2023, 5).plus(k)).unwrap();
        }
    }
    write(dir.path(), "yugu.toml", PLAIN);
    write(dir.path(), "sales.csv", &sales);
    issue(dir.path(), JANUARY);
    sales.push_str("2024-02,X,A,210\n2024-02,X,B,287\n2024-02,X,C,203\n");
    write(dir.path(), "sales.csv", &sales);
    let mut channel = String::from("month,region,tier,units,sell_out\n");
    for k in 0..10 {
        let stock = if k == 9 { 1300 } else { 1000 };
        writeln!(channel, "{},X,downstream,{stock},1000", month(2023, 5).plus(k)).unwrap();
    }
    write(dir.path(), "channel_stock.csv", &channel);
    write(dir.path(), "frontline.csv", "made,month,region,units,by,reason\n2024-02,2024-03,X,795,Li,other\n");
    dir
}

/// The changes of a month by product, and their sum.
fn of_month(outlook: &Outlook, month: Month) -> (Vec<Change>, Change) {
    let k = outlook.months().iter().position(|m| *m == month).unwrap();
    let since = yugu::changes::since_last(outlook, &outlook.known(), k).unwrap();
    let sum = since.sum(0..outlook.dataset.grid.series.len());
    (since.series, sum)
}

#[test]
fn march_by_hand() {
    let dir = march();
    write(
        dir.path(),
        "overrides.csv",
        "made,month,region,product,units,by,reason\n2024-02,2024-03,X,A,260,Wang,promotion\n",
    );
    let outlook = plan(dir.path(), FEBRUARY);
    let (series, sum) = of_month(&outlook, month(2024, 3));
    // The level falls from 1,000 to (1,000 + 1,000 + 700) / 3 = 900; shares go from .5, .3, .2 to .3, .41, .29; the cut
    // takes 5%, the front line brings 855 to 825; A is set to 260, and 837.5 becomes 838.
    let wanted = [
        (500.0, 260.0, [-40.0, -190.0, -13.5, -9.0, 12.5, 0.0]),
        (300.0, 339.0, [-35.5, 104.5, -18.45, -12.3, 0.0, 0.75]),
        (200.0, 239.0, [-24.5, 85.5, -13.05, -8.7, 0.0, -0.25]),
    ];
    let causes = [Cause::Sales, Cause::Mix, Cause::DealersStock, Cause::FrontLine, Cause::Override, Cause::Rounding];
    for (change, (last, now, units)) in series.iter().zip(wanted) {
        assert_eq!((change.last, change.now), (last, now));
        causes.iter().zip(units).for_each(|(cause, units)| near(change.of(*cause), units));
        for cause in [Cause::Calendar, Cause::Range, Cause::Events, Cause::ToDate] {
            near(change.of(cause), 0.0);
        }
    }
    near(sum.of(Cause::Mix), 0.0);
    assert_eq!((sum.last, sum.now), (1000.0, 838.0));

    let view = View::new(&outlook, Lang::En);
    let page = report::plan::page(&view, "folder");
    assert!(page.contains("2024-03: last issued in 2024-01, at lag 2 (ledger/2024-01.csv)"), "{page}");
    assert!(page.contains("2024-04 is forecast for the first time"), "{page}");
    let line = page.lines().find(|l| l.contains("2024-03  1,000  838    -162")).unwrap_or_else(|| panic!("{page}"));
    assert!(line.ends_with("new sales -100, dealers' stock -45, front line -30, override +13"), "{line}");

    // Without an interval a fifth counts: A changed by 240 of 500, C by 39 of 200.
    let changed: Vec<_> = view.exceptions.iter().map(|e| (e.kind.word(), e.scope, e.units)).collect();
    assert_eq!(changed, [("changed", Scope::Product(0), 240.0)]);

    let explained = explain(&outlook, "X", "B", month(2024, 3)).unwrap();
    let last = explained.steps.last().unwrap();
    assert_eq!(last.id, "change");
    assert_eq!(last.formula, "300 - 35.5 + 104.5 - 18.45 - 12.3 + 0.75 = 339");
    assert_eq!(last.inputs[0].place.as_deref(), Some("ledger/2024-01.csv"));
    let of_all = explain(&outlook, "X", "", month(2024, 3)).unwrap();
    assert_eq!(of_all.steps.last().unwrap().formula, "1,000 - 100 - 45 - 30 + 12.5 + 0.5 = 838");
}

#[test]
fn other_selling_days_are_told_from_new_sales() {
    let dir = march();
    write(dir.path(), "calendar.csv", "month,working_days\n2024-03,20\n");
    let (_, sum) = of_month(&plan(dir.path(), FEBRUARY), month(2024, 3));
    // 31 days became 20: -11 x the mean of 1,000 / 31 and 900 / 20.
    let calendar = -11.0 * (1000.0 / 31.0 + 45.0) / 2.0;
    near(sum.of(Cause::Calendar), calendar);
    near(sum.of(Cause::Sales), -100.0 - calendar);
}

#[test]
fn products_and_events_that_were_not_planned_before() {
    let dir = march();
    write(
        dir.path(),
        "products.csv",
        "product,launch,retire,like,known\nA,,,,\nB,,,,\nC,,2024-02,,2024-02-20\nD,2024-03-01,,C,2024-02-20\n",
    );
    write(
        dir.path(),
        "factors.csv",
        "region,product,from,to,reason,effect,known\nX,,2024-03,2024-03,promotion,0.2,2024-02-15\n",
    );
    let (series, sum) = of_month(&plan(dir.path(), FEBRUARY), month(2024, 3));
    let range: Vec<f64> = series.iter().map(|c| c.of(Cause::Range)).collect();
    assert!(range[2] < -150.0 && range[3] > 50.0, "{range:?}");
    near(sum.of(Cause::Range), 0.0);
    // 900 x .2
    near(sum.of(Cause::Events), 180.0);
}

#[test]
fn without_a_last_version_the_page_says_so_once() {
    let dir = march();
    fs::remove_dir_all(dir.path().join("ledger")).unwrap();
    let outlook = plan(dir.path(), FEBRUARY);
    let view = View::new(&outlook, Lang::En);
    let page = report::plan::page(&view, "folder");
    assert_eq!(page.matches("no version of these months was issued before").count(), 1, "{page}");
    assert!(view.table("changes").is_none());
    let explained = explain(&outlook, "X", "B", month(2024, 3)).unwrap();
    assert!(explained.steps.iter().all(|s| s.id != "change"));
}

#[test]
fn what_is_planned_again_as_issued_has_not_changed() {
    let dir = march();
    issue(dir.path(), FEBRUARY);
    let outlook = plan(dir.path(), FEBRUARY);
    let (series, _) = of_month(&outlook, month(2024, 3));
    assert!(series.iter().all(|c| c.units() == 0.0 && c.causes.iter().all(|x| x.abs() < 1e-9)), "{series:?}");
    let page = report::plan::page(&View::new(&outlook, Lang::Zh), "folder");
    assert!(page.contains("所有数字均与上次发布一致"), "{page}");
}

// ---------------------------------------------------------------- adding up

fn gas(issued: &[(i32, u32, u32)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/gas"), dir.path());
    issued.iter().for_each(|day| issue(dir.path(), *day));
    dir
}

/// At the close and during the month, of every series, region, group and product, also in print.
#[test]
fn the_causes_add_up_everywhere() {
    let dir = gas(&[(2013, 12, 31), (2014, 1, 31), (2014, 4, 30), (2014, 5, 31), (2014, 6, 30)]);
    let mut compared = 0;
    for day in [(2014, 2, 28), (2014, 5, 31), (2014, 6, 30), (2014, 7, 10)] {
        let outlook = plan(dir.path(), day);
        let view = View::new(&outlook, Lang::En);
        let grid = &outlook.dataset.grid;
        for (k, since) in view.changes.iter().enumerate().filter_map(|(k, s)| Some((k, s.as_ref()?))) {
            let scopes = (0..grid.group_count()).map(Scope::Group).chain((0..grid.products.len()).map(Scope::Product));
            let keys: Vec<(usize, Scope)> = scopes
                .chain([Scope::All])
                .flat_map(|scope| (0..grid.regions.len()).map(move |node| (node, scope)))
                .collect();
            for (node, scope) in keys {
                let change = since.sum(grid.in_scope(node, scope));
                let sum: f64 = change.causes.iter().sum();
                assert!((sum - change.units()).abs() < 1e-9, "{change:?}");
                let now: f64 = grid.in_scope(node, scope).iter().map(|s| outlook.point.units[(*s, k)]).sum();
                assert_eq!(change.now, now);
                let words = report::changes::in_words(&change, 0).1.en;
                let printed =
                    words.split(", ").filter_map(|w| w.rsplit(' ').next()?.replace(',', "").parse::<f64>().ok());
                assert_eq!(printed.sum::<f64>(), change.units(), "{words}");
                compared += usize::from(change.units() != 0.0);
            }
        }
        let csv = report::changes::table(&view).unwrap().csv();
        for row in csv::Reader::from_reader(csv.as_slice()).records().map(Result::unwrap) {
            let number = |i: usize| row[i].parse::<f64>().unwrap();
            let sum: f64 = (11..11 + CAUSES.len()).map(number).sum();
            assert!((sum - number(10)).abs() < 1e-9 && number(9) - number(8) == number(10), "{row:?}");
        }
    }
    assert!(compared > 400, "{compared}");
}

// ---------------------------------------------------------------- exceptions

const AT: (i32, u32, u32) = (2024, 2, 29);

/// Two regions, three products, 26 months that vary a little.
struct Quiet {
    dir: tempfile::TempDir,
    last: BTreeMap<(&'static str, &'static str), f64>,
    out: u32,
    idle: bool,
}

impl Quiet {
    fn new() -> Quiet {
        Quiet { dir: tempfile::tempdir().unwrap(), last: BTreeMap::new(), out: 0, idle: false }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The sales up to February 2024: of the last month those asked for, of A in X so many days without stock; C is
    /// idle in Y for the last 20 months.
    fn sales(&self) {
        write(self.path(), "yugu.toml", "[calendar]\nfestival = \"none\"\n");
        let mut text = String::from("month,region,product,units,stockout_days\n");
        for t in 0..26 {
            for (r, region) in ["X", "Y"].into_iter().enumerate() {
                for (p, product) in ["A", "B", "C"].into_iter().enumerate() {
                    if self.idle && (region, product) == ("Y", "C") && t > 5 {
                        continue;
                    }
                    let usual = f64::from(100 * (p as i32 + 1) + (7 * t + 3 * r as i32 + p as i32) % 11 - 5);
                    let last = self.last.get(&(region, product)).filter(|_| t == 25);
                    let out = if t == 25 && (region, product) == ("X", "A") { self.out } else { 0 };
                    let month = month(2022, 1).plus(t);
                    writeln!(text, "{month},{region},{product},{},{out}", last.copied().unwrap_or(usual)).unwrap();
                }
            }
        }
        write(self.path(), "sales.csv", &text);
    }

    fn kinds(&self) -> BTreeSet<&'static str> {
        let outlook = plan(self.path(), AT);
        let view = View::new(&outlook, Lang::En);
        view.exceptions.iter().map(|e| e.kind.word()).collect()
    }
}

/// The close of each of the last months.
fn closes(n: i32) -> Vec<(i32, u32, u32)> {
    let day = |k: i32| {
        let last = month(2024, 1).plus(k + 1 - n).last_day();
        use chrono::Datelike;
        (last.year(), last.month(), last.day())
    };
    (0..n).map(day).collect()
}

#[test]
fn a_quiet_folder_has_no_exceptions() {
    let quiet = Quiet::new();
    quiet.sales();
    closes(9).into_iter().for_each(|day| issue(quiet.path(), day));
    assert_eq!(quiet.kinds(), BTreeSet::new());
    let outlook = plan(quiet.path(), AT);
    let page = report::plan::page(&View::new(&outlook, Lang::En), "folder");
    assert!(!page.contains("What to look at"), "{page}");
}

#[test]
fn a_jump_is_missed_and_changes_the_next_version() {
    let mut quiet = Quiet::new();
    quiet.last.insert(("X", "A"), 400.0);
    quiet.sales();
    closes(2).into_iter().for_each(|day| issue(quiet.path(), day));
    // Four times the usual is odd until somebody says what it is.
    assert_eq!(quiet.kinds(), BTreeSet::from(["changed", "missed", "odd"]));
    let outlook = plan(quiet.path(), AT);
    let view = View::new(&outlook, Lang::En);
    let one = view.exceptions.iter().find(|e| e.kind.word() == "missed").unwrap();
    let (low, high) = one.within.unwrap();
    assert!(one.found == 400.0 && low <= 100.0 && (100.0..200.0).contains(&high), "{one:?}");
    assert_eq!(one.units, 400.0 - one.against.unwrap());
}

#[test]
fn forecasts_always_set_too_high_are_told() {
    let quiet = Quiet::new();
    quiet.sales();
    let mut overrides = String::from("made,month,region,product,units,by,reason\n");
    for k in 0..9 {
        let made = month(2023, 5).plus(k);
        writeln!(overrides, "{made},{},X,A,160,Wang,promotion", made.plus(1)).unwrap();
    }
    write(quiet.path(), "overrides.csv", &overrides);
    closes(9).into_iter().for_each(|day| issue(quiet.path(), day));
    let outlook = plan(quiet.path(), AT);
    let view = View::new(&outlook, Lang::En);
    let bias: Vec<_> = view.exceptions.iter().filter(|e| e.kind.word() == "bias").collect();
    let [one] = bias.as_slice() else { panic!("{bias:?}") };
    assert!(one.found > 7.0 && (40.0..80.0).contains(&one.units), "{one:?}");
}

#[test]
fn a_front_line_far_away_a_target_out_of_reach_a_stockout_and_an_idle_product() {
    let mut quiet = Quiet::new();
    quiet.sales();
    let front =
        |units: u32| format!("made,month,region,product,units,by,reason\n2024-02,2024-03,X,A,{units},Li,other\n");
    write(quiet.path(), "frontline.csv", &front(102));
    assert_eq!(quiet.kinds(), BTreeSet::new());
    write(quiet.path(), "frontline.csv", &front(300));
    assert_eq!(quiet.kinds(), BTreeSet::from(["front_line"]));
    fs::remove_file(quiet.path().join("frontline.csv")).unwrap();

    write(quiet.path(), "targets.csv", "year,units\n2024,14000\n");
    assert_eq!(quiet.kinds(), BTreeSet::new());
    write(quiet.path(), "targets.csv", "year,units\n2024,30000\n");
    assert_eq!(quiet.kinds(), BTreeSet::from(["month_target", "year_target"]));
    fs::remove_file(quiet.path().join("targets.csv")).unwrap();

    quiet.out = 20;
    quiet.last.insert(("X", "A"), 35.0);
    quiet.sales();
    assert_eq!(quiet.kinds(), BTreeSet::from(["stockout"]));

    let idle = Quiet { idle: true, ..Quiet::new() };
    idle.sales();
    assert_eq!(idle.kinds(), BTreeSet::from(["closed", "no_forecast"]));
}

#[test]
fn a_page_shows_ten_at_most_and_not_all_of_one_kind() {
    let dir = gas(&[]);
    let outlook = plan(dir.path(), (2014, 6, 30));
    let view = View::new(&outlook, Lang::En);
    assert!(view.exceptions.len() > 20 && view.exceptions.is_sorted_by(|a, b| a.units >= b.units));
    let all = yugu::exceptions::concerns(&view.exceptions);
    // Every row stands in one problem.
    assert_eq!(all.iter().map(|c| 1 + c.others.len()).sum::<usize>(), view.exceptions.len());
    let shown = yugu::exceptions::first(&all, 10, 3);
    assert_eq!(shown.len(), 10);
    let kinds: BTreeSet<&str> = shown.iter().map(|c| c.head.kind.word()).collect();
    assert!(kinds.len() >= 3, "{kinds:?}");
    let one_kind: Vec<_> = view.exceptions.iter().filter(|e| e.kind.word() == "front_line").cloned().collect();
    let one_kind = yugu::exceptions::concerns(&one_kind);
    assert_eq!(yugu::exceptions::first(&one_kind, 10, 3).len(), 10.min(one_kind.len()));
}

// ---------------------------------------------------------------- overrides that hardly change anything

#[test]
fn a_very_small_override_is_warned_about() {
    let dir = march();
    let warned = |units: &str, lock: &str| {
        let row = format!("2024-02,2024-03,X,A,{units},Wang,promotion,{lock}\n");
        write(dir.path(), "overrides.csv", &format!("made,month,region,product,units,by,reason,lock\n{row}"));
        let outlook = plan(dir.path(), FEBRUARY);
        let found = outlook.warnings.sorted();
        found.iter().filter(|p| p.kind == "small_override").map(|p| p.line(Lang::En)).collect::<Vec<_>>()
    };
    // The front line leaves 247.5.
    let found = warned("250", "");
    assert!(found.len() == 1 && found[0].contains("overrides.csv:2") && found[0].contains("only 1.01%"), "{found:?}");
    assert_eq!(warned("260", ""), Vec::<String>::new());
    // A lock at the number itself holds it.
    assert_eq!(warned("247.5", "yes"), Vec::<String>::new());
}

// ---------------------------------------------------------------- the program

#[test]
fn the_program_tells_changes_and_exceptions_in_both_languages() {
    let dir = gas(&[(2014, 4, 30), (2014, 5, 31)]);
    let folder = dir.path().to_str().unwrap();
    let out = dir.path().join("made");
    let run = |args: &[&str]| {
        let found = Command::cargo_bin("yugu").unwrap().args(args).env("LANG", "C").assert().success();
        String::from_utf8(found.get_output().stdout.clone()).unwrap()
    };
    let common = ["plan", folder, "--as-of", "2014-06-30", "--out", out.to_str().unwrap(), "--lang"];
    let english = run(&[&common[..], &["en"]].concat());
    for words in ["What to look at: ", "Since the last issued version", "because of", "new sales "] {
        assert!(english.contains(words), "{words}: {english}");
    }
    let chinese = run(&[&common[..], &["zh"]].concat());
    for words in ["重点关注：", "与上次发布版本相比", "主要原因", "新销售数据 "] {
        assert!(chinese.contains(words), "{words}: {chinese}");
    }
    let rows = |name: &str| fs::read_to_string(out.join(name)).unwrap().lines().count() - 1;
    let json: serde_json::Value =
        serde_json::from_str(&run(&["plan", folder, "--as-of", "2014-06-30", "--no-files", "--json"])).unwrap();
    for (name, file) in [("changes", "changes.csv"), ("exceptions", "exceptions.csv")] {
        let list = json[name].as_array().unwrap();
        assert!(!list.is_empty() && list.len() == rows(file), "{name}");
    }
    let explained = run(&[
        "explain",
        folder,
        "--as-of",
        "2014-06-30",
        "--region",
        "gaoxin",
        "--product",
        "ST-B2",
        "--month",
        "2014-07",
        "--lang",
        "zh",
    ]);
    assert!(explained.contains("与 2014-05 发布的第 2 期版本相比"), "{explained}");
}
