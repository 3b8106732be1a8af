//! What was issued beside what came: numbers worked by hand on a small ledger, and the program as a user runs it.

use crate::common::program::yugu;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use chrono::NaiveDate;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;
use tempfile::TempDir;
use yugu::accuracy::{LEVELS, Level};
use yugu::dataset::ledger::{Source, Step};
use yugu::dataset::{Dataset, Mode};
use yugu::folder::load;
use yugu::grid::{COMPANY, Scope};
use yugu::ledger::score::{By, Judged, Score, Scored, Scores, Tally, score, waterfall};
use yugu::month::Month;

/// Two regions, two products, six months. In May A was out of stock in the north for half of the month.
const SALES: [(&str, [i32; 6]); 4] = [
    ("N,A", [50, 60, 50, 70, 30, 60]),
    ("N,B", [60, 60, 55, 50, 80, 60]),
    ("S,A", [20, 20, 30, 20, 20, 30]),
    ("S,B", [10, 10, 10, 10, 10, 10]),
];
const SERIES: [&str; 4] = ["N,A", "N,B", "S,A", "S,B"];

fn sales(folder: &Path) {
    let mut text = "month,region,product,units,availability\n".to_string();
    for (key, units) in SALES {
        for (t, x) in units.iter().enumerate() {
            let availability = if key == "N,A" && t == 4 { "0.5" } else { "1" };
            text += &format!("2024-0{},{key},{x},{availability}\n", t + 1);
        }
    }
    fs::write(folder.join("sales.csv"), text).unwrap();
}

/// One file of the ledger, in text.
struct File {
    name: String,
    head: String,
    text: String,
}

impl File {
    fn new(name: &str, head: &str) -> File {
        let text =
            "made,version,mode,as_of,month,lag,region,product,source,units,low80,high80,low95,high95,by,reason\n";
        File { name: format!("{name}.csv"), head: head.to_owned(), text: text.to_owned() }
    }

    /// Numbers of a step by series; those under 0 have no row.
    fn step(mut self, month: &str, source: &str, units: [f64; 4]) -> File {
        for (key, x) in SERIES.iter().zip(units).filter(|(_, x)| *x >= 0.0) {
            self.text += &format!("{},{month},{key},{source},{x},,,,,,\n", self.head);
        }
        self
    }

    fn row(mut self, month: &str, rest: &str) -> File {
        self.text += &format!("{},{month},{rest}\n", self.head);
        self
    }

    fn write(self, folder: &Path) {
        fs::create_dir_all(folder.join("ledger")).unwrap();
        fs::write(folder.join("ledger").join(self.name), self.text).unwrap();
    }
}

/// Three months made at the close: Ann and Ben of the front line, one override.
fn ledger(folder: &Path) {
    let usual = [60.0, 60.0, 20.0, 10.0];
    File::new("2024-02", "2024-02,1,close,2024-02-29")
        .row("2024-03,1", "N,,front,110,,,,,Ann,weather")
        .step("2024-03,1", "stat", usual)
        .step("2024-03,1", "combined", [57.5, 57.5, -1.0, -1.0])
        .step("2024-03,1", "final", [58.0, 57.0, 20.0, 10.0])
        .step("2024-04,2", "stat", usual)
        .step("2024-04,2", "final", usual)
        .write(folder);
    File::new("2024-03", "2024-03,1,close,2024-03-31")
        .row("2024-04,1", "S,A,override,20,,,,,Bob,competitor")
        .row("2024-04,1", ",,calendar,26,,,,,,")
        .step("2024-04,1", "stat", [60.0, 56.0, 24.0, 10.0])
        .step("2024-04,1", "planned", [-1.0, -1.0, 20.0, -1.0])
        .step("2024-04,1", "final", [60.0, 56.0, 20.0, 10.0])
        .step("2024-05,2", "stat", usual)
        .step("2024-05,2", "final", usual)
        .write(folder);
    File::new("2024-04", "2024-04,1,close,2024-04-30")
        .row("2024-05,1", "N,,front,150,,,,,Ben,promotion")
        .step("2024-05,1", "stat", usual)
        .step("2024-05,1", "combined", [70.0, 70.0, -1.0, -1.0])
        .row("2024-05,1", "N,A,final,70,50,62,40,80,,")
        .row("2024-05,1", "N,B,final,70,60,75,50,90,,")
        .row("2024-05,1", "S,A,final,20,21,25,19,26,,")
        .row("2024-05,1", "S,B,final,10,10,12,9,14,,")
        .step("2024-06,2", "stat", usual)
        .step("2024-06,2", "final", usual)
        .write(folder);
}

fn data(folder: &Path, as_of: Option<&str>) -> Dataset {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    load(folder, as_of.map(day), day("2024-07-10")).unwrap().dataset
}

fn scores(folder: &Path, as_of: Option<&str>) -> Scores {
    let data = data(folder, as_of);
    score(&data.at(data.origin(data.as_of).unwrap()))
}

fn by_hand() -> (TempDir, Score) {
    let home = tempfile::tempdir().unwrap();
    sales(home.path());
    ledger(home.path());
    let mut scores = scores(home.path(), None);
    assert_eq!(scores.modes.len(), 1);
    (home, scores.modes.remove(0))
}

fn level(score: &Score, level: Level, lag: i32) -> &Scored {
    score.levels.iter().find(|s| (s.level, s.lag) == (level, lag)).unwrap()
}

#[track_caller]
fn near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|x| (x - expected).abs() < 1e-9), "{found:?}, not {expected}");
}

/// What of 70 and 70 (and of 60 and 60) sells in the north in May. A stands half of the month: .5 of it. B takes some
/// of A's customers while A is out: with v0 = .3 / .7, .5 + .5 (v0 + 1) / (v0 + .5) = 33 / 26 of it.
const MAY_B: f64 = 33.0 / 26.0;

#[test]
fn errors_in_sales_space_by_hand() {
    let (_home, score) = by_hand();
    assert_eq!((score.mode, score.issues, score.passed, score.left_out), (Mode::Close, 3, 6, 0));
    assert_eq!(score.made, (Month::new(2024, 2).unwrap(), Month::new(2024, 4).unwrap()));
    // March 8 + 2 + 10, April 10 + 6, May |35 - 30| + |70 x 33/26 - 80|; sold 145 + 150 + 140.
    let missed = 20.0 + 16.0 + 5.0 + (70.0 * MAY_B - 80.0);
    let series = level(&score, Level::Series, 1);
    near(series.ours.sums.wape(), missed / 435.0);
    near(series.ours.sums.bias(), (0.0 - 4.0 + 5.0 + (70.0 * MAY_B - 80.0)) / 435.0);
    // As they were issued: May 40 + 10.
    near(series.raw, 86.0 / 435.0);
    // Last month's sales: 25, 35, 70 missed.
    near(series.naive.sums.wape(), 130.0 / 435.0);
    near(series.naive.sums.bias(), (5.0 - 5.0 + 10.0) / 435.0);
    assert_eq!((series.ours.sums.forecasts, series.ours.sums.rows), (3, 12));
    // Under seven errors nothing can be out.
    assert_eq!((series.ours.tracked, series.ours.out), (0, 0));

    let company = level(&score, Level::Company, 1);
    let may = 35.0 + 70.0 * MAY_B + 30.0 - 140.0;
    near(company.ours.sums.wape(), (4.0 + may) / 435.0);
    near(company.naive.sums.wape(), 20.0 / 435.0);
    // Squared changes of 140, 150, 145, 150: 100 up to February, 62.5 on average to March, 50 to April.
    near(company.ours.sums.rmsse(), ((16.0 + may * may) / 212.5).sqrt());
    near(company.naive.sums.rmsse(), (150.0_f64 / 212.5).sqrt());
    near(company.ours.signal.map(|s| s.value), (may - 4.0) / ((may + 4.0) / 3.0));
    // Lag 2: April 20, May |30 - 30| + |60 x 33/26 - 80|, June 10; sold 150 + 140 + 160.
    near(level(&score, Level::Series, 2).ours.sums.wape(), (20.0 + (80.0 - 60.0 * MAY_B) + 10.0) / 450.0);
    // North and south: March 10 + 10, April 4 + 0, May 13.85 + 0.
    near(level(&score, Level::Region, 1).ours.sums.wape(), (20.0 + 4.0 + may) / 435.0);
    near(level(&score, Level::Product, 1).ours.sums.wape(), (2.0 + 2.0 + 10.0 + 6.0 + may) / 435.0);
}

#[test]
fn bounds_are_of_demand_and_hold_sales() {
    let (_home, score) = by_hand();
    // May: A's 50 to 62 are 25 to 31 (sold 30), B's 60 to 75 are 76 to 95 (sold 80); 20 is below 21 and above 19; 10 is
    // on the bound.
    assert_eq!(level(&score, Level::Series, 1).inside, Some(([0.75, 1.0], 4)));
    assert_eq!(level(&score, Level::Series, 2).inside, None);
    assert_eq!(level(&score, Level::Region, 1).inside, None);
}

#[test]
fn value_added_step_by_step() {
    let (_home, score) = by_hand();
    let values = level(&score, Level::Series, 1).value();
    let steps: Vec<Option<Step>> = values.iter().map(|v| v.step).collect();
    // Nothing was cut and nothing landed.
    assert_eq!(steps, [None, Some(Step::Stat), Some(Step::Combined), Some(Step::Planned), Some(Step::Final)]);
    let may = 5.0 + (70.0 * MAY_B - 80.0);
    let missed = [130.0, 25.0 + 20.0 + (80.0 - 60.0 * MAY_B), 20.0 + 20.0 + may, 20.0 + 16.0 + may, 36.0 + may];
    for (i, (value, expected)) in values.iter().zip(missed).enumerate() {
        near(Some(value.missed), expected);
        near(value.wape, expected / 435.0);
        if i > 0 {
            near(value.gained, missed[i - 1] - expected);
            near(value.change, (expected - missed[i - 1]) / 435.0);
        }
    }
    // What the steps gained adds up to what separates the forecast from the naive one.
    near(Some(values.iter().filter_map(|v| v.gained).sum()), 130.0 - missed[4]);
}

fn judged<'a>(score: &'a Score, source: Source, by: By, name: &str) -> &'a Judged {
    score.judged.iter().find(|j| (j.source, j.by, &*j.name) == (source, by, name)).unwrap()
}

#[test]
fn who_was_right_by_hand() {
    let (_home, score) = by_hand();
    assert_eq!(score.judged.len(), 2 + 3 + 3); // two sources, three reasons, three people
    // Ann said 110 where we had 120, and 105 were sold: 15 - 5 avoided, a small change downwards.
    let ann = judged(&score, Source::Front, By::Contributor, "Ann");
    assert_eq!((ann.all.count, ann.all.avoided, ann.all.nearer), (1, 10.0, 1));
    near(ann.all.bias(), 5.0 / 105.0);
    assert_eq!(ann.parts.map(|t| t.count), [0, 0, 1, 0]);
    // Ben said 150 of demand; (30 + 60 x 33/26) of 120 could be sold, so of his 150; 110 were.
    let may = (30.0 + 60.0 * MAY_B) / 120.0;
    let ben = judged(&score, Source::Front, By::Reason, "promotion");
    near(Some(ben.all.avoided), (110.0 - 120.0 * may) - (150.0 * may - 110.0));
    near(ben.all.bias(), (150.0 * may - 110.0) / 110.0);
    assert_eq!((ben.all.nearer, ben.parts.map(|t| t.count)), (0, [0, 1, 0, 0]));
    let front = judged(&score, Source::Front, By::Source, "");
    near(Some(front.all.avoided), ann.all.avoided + ben.all.avoided);
    near(front.all.nearer_share(), 0.5);
    near(front.all.bias(), (5.0 + 150.0 * may - 110.0) / 215.0);
    // Bob's 20 for 24 were right.
    let bob = judged(&score, Source::Override, By::Contributor, "Bob");
    assert_eq!((bob.all.avoided, bob.all.nearer_share(), bob.all.bias()), (4.0, Some(1.0), Some(0.0)));
    assert_eq!(bob.parts.map(|t| t.count), [0, 0, 0, 1]);
    assert_eq!((Tally::default().nearer_share(), Tally::default().bias()), (None, None));
}

#[test]
fn the_second_forecast_against_the_first() {
    let (_home, score) = by_hand();
    let months: Vec<String> = score.revised.months.iter().map(|g| g.month.to_string()).collect();
    assert_eq!(months, ["2024-04", "2024-05"]); // March was forecast once, June is
    let april = score.revised.months[0];
    assert_eq!((april.sold, april.first, april.second), (150.0, 20.0, 16.0));
    let may = score.revised.months[1];
    near(Some(may.first), 80.0 - 60.0 * MAY_B);
    near(Some(may.second), 5.0 + 70.0 * MAY_B - 80.0);
    let [sold, first, second] = score.revised.sums();
    near(Some(first - second), 4.0 - 10.0);
    assert_eq!(sold, 290.0);
    // The north lost 5 with A; with B it gained 4 in April and lost 5 in May.
    let lost: Vec<(Level, f64)> = score.revised.lost.iter().map(|l| (l.level, l.units)).collect();
    let expected = [
        (Level::Region, 6.0),
        (Level::Product, 5.0),
        (Level::Product, 1.0),
        (Level::Series, 5.0),
        (Level::Series, 1.0),
    ];
    assert_eq!(lost.len(), expected.len());
    for ((level, units), (other, by)) in lost.into_iter().zip(expected) {
        assert_eq!(level, other);
        near(Some(units), by);
    }
}

#[test]
fn the_waterfall_shows_what_was_issued() {
    let (home, _) = by_hand();
    let data = data(home.path(), None);
    let known = data.at(data.origin(data.as_of).unwrap());
    let company = waterfall(&known, Mode::Close, &data.grid.in_scope(COMPANY, Scope::All));
    let months: Vec<String> = company.months.iter().map(Month::to_string).collect();
    assert_eq!(months, ["2024-03", "2024-04", "2024-05", "2024-06"]);
    // Units as issued: the 170 of May are not what could be sold of them.
    assert_eq!(
        company.issued,
        [
            [Some(145.0), Some(150.0), None, None],
            [None, Some(146.0), Some(150.0), None],
            [None, None, Some(170.0), Some(150.0)]
        ]
    );
    assert_eq!(company.sold, [Some(145.0), Some(150.0), Some(140.0), Some(160.0)]);
    let south = (0..data.grid.regions.len()).find(|&n| data.grid.regions.code(n) == "S").unwrap();
    let south = waterfall(&known, Mode::Close, &data.grid.in_scope(south, Scope::All));
    assert_eq!(south.issued[1], [None, Some(30.0), Some(30.0), None]);
    assert!(waterfall(&known, Mode::During, &[0]).made.is_empty());
}

#[test]
fn modes_are_never_mixed_and_corrections_count() {
    let (home, before) = by_hand();
    // During May: May is lag 0, and the last month known is April. A correction of what was made in March.
    File::new("2024-05", "2024-05,1,during,2024-05-10")
        .step("2024-05,0", "stat", [40.0, 60.0, 20.0, 10.0])
        .step("2024-05,0", "final", [40.0, 60.0, 20.0, 10.0])
        .step("2024-06,1", "stat", [60.0, 60.0, 25.0, 10.0])
        .step("2024-06,1", "final", [60.0, 60.0, 25.0, 10.0])
        .write(home.path());
    File::new("2024-03.2", "2024-03,2,close,2024-03-31")
        .step("2024-04,1", "stat", [70.0, 50.0, 20.0, 10.0])
        .step("2024-04,1", "final", [70.0, 50.0, 20.0, 10.0])
        .write(home.path());
    let found = scores(home.path(), None);
    let modes: Vec<(Mode, usize)> = found.modes.iter().map(|m| (m.mode, m.issues)).collect();
    assert_eq!(modes, [(Mode::Close, 3), (Mode::During, 1)]);
    let missed = |score: &Score| level(score, Level::Series, 1).ours.sums.missed;
    near(Some(missed(&found.modes[0])), missed(&before) - 16.0); // the correction of April was right
    assert_eq!(missed(&found.modes[1]), 5.0); // June at lag 1, during May
    // April's sales for May, known during May: 40 + 30; of June at lag 1 in this mode 10 + 10 + 10.
    assert_eq!(level(&found.modes[1], Level::Series, 0).naive.sums.missed, 70.0);
    assert_eq!(level(&found.modes[1], Level::Series, 1).naive.sums.missed, 30.0);
    // June was forecast at lag 2 at a close and at lag 1 during May: two modes, no pair.
    assert!(found.modes[1].revised.months.is_empty());
}

#[test]
fn nothing_later_is_compared() {
    let (home, _) = by_hand();
    let found = scores(home.path(), Some("2024-04-30"));
    assert_eq!((found.modes[0].issues, found.modes[0].passed), (3, 3)); // March, and April twice
    assert_eq!(level(&found.modes[0], Level::Series, 1).ours.sums.sold, 295.0);
    let march = scores(home.path(), Some("2024-03-31"));
    assert_eq!((march.modes[0].issues, march.modes[0].passed), (2, 1));
    assert!(scores(home.path(), Some("2024-02-15")).modes.is_empty());
}

#[test]
fn months_that_cannot_be_compared_are_counted() {
    let (home, _) = by_hand();
    File::new("2023-12", "2023-12,1,close,2023-12-31")
        .step("2024-01,1", "stat", [50.0; 4])
        .step("2024-01,1", "final", [50.0; 4])
        .row("2024-02,2", ",,calendar,26,,,,,,")
        .write(home.path());
    let found = scores(home.path(), None);
    assert_eq!((found.modes[0].passed, found.modes[0].left_out), (8, 2));
    near(level(&found.modes[0], Level::Series, 1).ours.sums.wape(), (41.0 + 70.0 * MAY_B - 80.0) / 435.0);
}

#[test]
fn a_forecast_that_leans_is_flagged() {
    let home = tempfile::tempdir().unwrap();
    let mut text = "month,region,product,units\n".to_string();
    for t in 0..12 {
        for (key, x) in SERIES.iter().zip([100, 100, 50, 50]) {
            text += &format!("2023-{:02},{key},{}\n", t + 1, x + t % 2);
        }
    }
    fs::write(home.path().join("sales.csv"), text).unwrap();
    for t in 1..10 {
        // 8 too many of A in the north, always; the others right but for the last unit.
        let units = [108.0, 100.5, 50.5, 50.5];
        let head = format!("2023-{t:02},1,close,2023-{t:02}-28");
        let month = format!("2023-{:02},1", t + 1);
        File::new(&format!("2023-{t:02}"), &head)
            .step(&month, "stat", units)
            .step(&month, "final", units)
            .write(home.path());
    }
    let found = scores(home.path(), None);
    let score = &found.modes[0];
    let flagged: Vec<(Level, f64)> = score.flags.iter().map(|f| (f.level, f.signal.value)).collect();
    // Series, region, product and company lean by the 8 units of one series: 9 errors, all on one side.
    assert_eq!(flagged.len(), 4, "{flagged:?}");
    assert!(flagged.iter().all(|(_, value)| *value == 9.0), "{flagged:?}");
    assert!(level(score, Level::Company, 1).ours.signal.unwrap().is_out());
    let series = level(score, Level::Series, 1);
    assert_eq!((series.ours.tracked, series.ours.out), (4, 1));
    assert_eq!((series.naive.tracked, series.naive.out), (4, 0));
}

fn printed(args: &[&str]) -> String {
    String::from_utf8(yugu(args).code(0).get_output().stdout.clone()).unwrap()
}

#[test]
fn an_empty_ledger_says_how_to_begin() {
    let home = tempfile::tempdir().unwrap();
    sales(home.path());
    let folder = home.path().to_str().unwrap();
    let page = printed(&["accuracy", folder]);
    assert!(page.contains("nothing has been issued yet") && page.contains("yugu plan") && page.contains("yugu issue"));
    assert!(printed(&["accuracy", folder, "--lang", "zh"]).contains("尚未发布任何预估"));
    assert_eq!(printed(&["accuracy", folder, "--csv"]).lines().count(), 1);
    let json: Value = serde_json::from_str(&printed(&["accuracy", folder, "--json"])).unwrap();
    assert_eq!(json["issued"].as_array().map(Vec::len), Some(0));
}

#[test]
fn the_page_in_both_languages() {
    let (home, _) = by_hand();
    let folder = home.path().to_str().unwrap();
    let page = printed(&["accuracy", folder]);
    for part in [
        "Made at the close of the month: 3 issued, 2024-02 to 2024-04",
        "6 of the months forecast are complete",
        "lag 1: on the whole 2.3% more was forecast than sold",
        "lag 2: on the whole 3.1% less was forecast than sold; 3 months are too few to tell a leaning",
        "raw WAPE",
        "by Ann",
        "reason competitor",
        "region x product: N A 5, N B 1",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    let series = page.lines().find(|l| l.starts_with("region x product, lag 1")).unwrap();
    let cells: Vec<&str> = series.split_whitespace().skip(5).collect();
    assert_eq!(cells[..6], ["12", "435", "11.5%", "29.9%", "+2.3%", "+2.3%"]);
    let march = page.lines().find(|l| l.starts_with("2024-03  ") && l.contains("146")).unwrap();
    assert_eq!(march.split_whitespace().collect::<Vec<_>>(), ["2024-03", "146", "150"]);
    let zh = printed(&["accuracy", folder, "--lang", "zh"]);
    for part in [
        "月末作出：已发布 3 次",
        "第 1 期：总体上预估比销量高 2.3%",
        "跟踪信号",
        "填报人 Ann",
        "第二次预估多错最多之处",
    ] {
        assert!(zh.contains(part), "{part} is not in\n{zh}");
    }
    let south = printed(&["accuracy", folder, "--region", "S", "--product", "A"]);
    assert!(south.contains("What was issued for each month, S A:"), "{south}");
    yugu(&["accuracy", folder, "--region", "Nowhere"]).code(2);
    yugu(&["accuracy", folder, "--product", "C"]).code(2);
}

#[test]
fn before_any_month_has_come_the_page_says_when() {
    let (home, _) = by_hand();
    let page = printed(&["accuracy", home.path().to_str().unwrap(), "--as-of", "2024-02"]);
    assert!(
        page.contains("none of the months forecast is complete yet; the first to be compared is 2024-03"),
        "{page}"
    );
    assert!(page.contains("sold           –        –"), "{page}");
}

#[test]
fn figures_for_programs_agree_and_do_not_depend_on_threads() {
    let (home, score) = by_hand();
    let folder = home.path().to_str().unwrap();
    let csv = printed(&["accuracy", folder, "--csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    let json: Value = serde_json::from_str(&printed(&["accuracy", folder, "--json"])).unwrap();
    let figures = json["figures"].as_array().unwrap();
    assert_eq!((rows.len(), json["issued"][0]["passed"].as_i64()), (figures.len(), Some(6)));
    for (row, figure) in rows.iter().zip(figures) {
        assert_eq!(row[10].parse::<f64>().unwrap(), figure["value"].as_f64().unwrap());
        assert_eq!(row[9], figure["measure"].as_str().unwrap());
    }
    let value = |section: &str, lag: &str, level: &str, name: &str, measure: &str| {
        let keys = [(1, section), (2, lag), (3, level), (8, name), (9, measure)];
        let row = rows.iter().find(|row| keys.iter().all(|(i, key)| row[*i] == *key));
        row.unwrap_or_else(|| panic!("{keys:?}"))[10].parse::<f64>().unwrap()
    };
    let wape = level(&score, Level::Series, 1).ours.sums.wape().unwrap();
    assert!((value("accuracy", "1", "region x product", "issued", "wape") - wape).abs() < 1e-11);
    assert_eq!(value("front", "", "contributor", "Ann", "avoided"), 10.0);
    assert_eq!(value("override", "", "reason", "competitor", "avoided_down_large"), 4.0);
    assert_eq!(value("step", "1", "region x product", "naive", "missed"), 130.0);
    assert_eq!(value("lost", "", "region", "", "units"), 6.0);
    let mut command = Command::cargo_bin("yugu").unwrap();
    let alone = command.env("RAYON_NUM_THREADS", "1").args(["accuracy", folder, "--csv"]).output().unwrap();
    assert_eq!(csv.as_bytes(), alone.stdout);
}

/// A ledger of random numbers over three regions and three products, with people of three names and two reasons.
fn random(rng: &mut ChaCha8Rng, folder: &Path) {
    let mut text = "month,region,product,units,availability\n".to_string();
    let keys: Vec<String> = (0..9).map(|i| format!("r{},p{}", i / 3, i % 3)).collect();
    for t in 1..=9 {
        for key in &keys {
            let out = if rng.random_range(0..6) == 0 { rng.random_range(0.1..0.9) } else { 1.0 };
            text += &format!("2023-0{t},{key},{},{out:.2}\n", rng.random_range(1..90));
        }
    }
    fs::write(folder.join("sales.csv"), text).unwrap();
    for t in 3..=8 {
        let mut file = File::new(&format!("2023-0{t}"), &format!("2023-0{t},1,close,2023-0{t}-28"));
        for lag in 1..=2 {
            let month = format!("2023-{:02},{lag}", t + lag);
            for _ in 0..rng.random_range(0..5) {
                let (source, product) = if rng.random_bool(0.6) { ("front", "") } else { ("override", "p1") };
                let (by, reason) = (rng.random_range(0..3), ["weather", "cash"][rng.random_range(0..2)]);
                let (region, units) = (rng.random_range(0..3), rng.random_range(0..300));
                file = file.row(&month, &format!("r{region},{product},{source},{units},,,,,by{by},{reason}"));
            }
            for key in &keys {
                for source in ["stat", "combined", "planned", "final"] {
                    if ["stat", "final"].contains(&source) || rng.random_bool(0.5) {
                        let units: f64 = rng.random_range(0.0..90.0);
                        file = file.row(&month, &format!("{key},{source},{units},,,,,,"));
                    }
                }
            }
        }
        file.write(folder);
    }
}

#[test]
fn what_is_split_adds_up_again() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for _ in 0..12 {
        let home = tempfile::tempdir().unwrap();
        random(&mut rng, home.path());
        let data = data(home.path(), None);
        let known = data.at(data.origin(data.as_of).unwrap());
        let score = score(&known).modes.remove(0);
        // The parts of answers by reason and by person are all answers.
        for whole in score.judged.iter().filter(|j| j.by == By::Source) {
            for by in [By::Reason, By::Contributor] {
                let parts: Vec<&Judged> =
                    score.judged.iter().filter(|j| (j.source, j.by) == (whole.source, by)).collect();
                let sum = |of: fn(&Judged) -> f64| parts.iter().map(|j| of(j)).sum::<f64>();
                near(Some(sum(|j| j.all.avoided)), whole.all.avoided);
                near(Some(sum(|j| j.all.count as f64)), whole.all.count as f64);
                near(Some(sum(|j| j.all.nearer as f64)), whole.all.nearer as f64);
            }
            near(Some(whole.parts.iter().map(|t| t.avoided).sum()), whole.all.avoided);
        }
        for lag in [1, 2] {
            let missed = LEVELS.map(|l| level(&score, l, lag).ours.sums.missed);
            // Misses cancel on the way up, and never grow.
            assert!(missed[0] >= missed[1] && missed[0] >= missed[2], "{missed:?}");
            assert!(missed[1] >= missed[3] && missed[2] >= missed[3], "{missed:?}");
            for scored in LEVELS.map(|l| level(&score, l, lag)) {
                let gained: f64 = scored.value().iter().filter_map(|v| v.gained).sum();
                near(Some(gained), scored.naive.sums.missed - scored.ours.sums.missed);
                near(scored.ours.sums.bias(), level(&score, Level::Company, lag).ours.sums.bias().unwrap());
            }
        }
        // What the second forecast missed at region x product is what stands at lag 1, but for the first month.
        let [_, _, second] = score.revised.sums();
        assert!(second < level(&score, Level::Series, 1).ours.sums.missed);
        // The waterfalls of the regions add up to the company's.
        let of = |node| waterfall(&known, Mode::Close, &data.grid.in_scope(node, Scope::All));
        let company = of(COMPANY);
        let regions: Vec<_> = data.grid.regions.children(COMPANY).iter().map(|n| of(*n)).collect();
        for (made, row) in company.issued.iter().enumerate() {
            for (k, whole) in row.iter().enumerate() {
                let parts: Option<f64> = regions.iter().map(|r| r.issued[made][k]).sum();
                assert_eq!(parts.is_some(), whole.is_some());
                near(Some(parts.unwrap_or_default()), whole.unwrap_or_default());
            }
        }
    }
}

/// The example folder, without what the program writes there.
fn gas() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(format!("{}/data/gas", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, home.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    home
}

#[test]
fn the_statistical_number_issued_is_the_backtests() {
    let home = gas();
    let folder = home.path().to_str().unwrap();
    for month in ["2014-03", "2014-04"] {
        yugu(&["plan", folder, "--as-of", month]).code(0);
        yugu(&["issue", folder, "--as-of", month]).code(0);
    }
    let tested = home.path().join("out").join("backtest.csv");
    yugu(&["backtest", folder, "--cutoffs", "2014-03..2014-04", "--out", tested.to_str().unwrap()]).code(0);
    let read = |path: &Path, columns: [&str; 5], keep: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        let rows = csv::Reader::from_path(path).unwrap().into_deserialize().map(Result::unwrap);
        let rows = rows.filter(|row: &BTreeMap<String, String>| keep(row));
        rows.map(|row| columns.map(|c| row[c].clone())).collect::<Vec<_>>()
    };
    let all = |_: &BTreeMap<String, String>| true;
    let expected = read(&tested, ["origin", "month", "region", "product", "forecast"], &all);
    let mut found = Vec::new();
    for month in ["2014-03", "2014-04"] {
        let file = home.path().join("ledger").join(format!("{month}.csv"));
        let stat = |row: &BTreeMap<String, String>| row["source"] == "stat";
        found.extend(read(&file, ["made", "month", "region", "product", "units"], &stat));
    }
    let expected: BTreeSet<[String; 5]> = expected.into_iter().collect();
    assert!(found.len() > 300, "{}", found.len());
    for number in found {
        assert!(expected.contains(&number), "{number:?}");
    }
    // As of the end of the example all four months are complete.
    let page = printed(&["accuracy", folder, "--as-of", "2014-06"]);
    assert!(page.contains("4 of the months forecast are complete"), "{page}");
    assert!(page.contains("front line") && page.contains("by Li Na"), "{page}");
}
