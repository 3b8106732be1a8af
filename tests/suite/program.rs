//! The program on the example folder: exit codes, files, what is printed where.

use crate::common::program::yugu;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Row = BTreeMap<String, String>;

fn gas() -> String {
    format!("{}/data/gas", env!("CARGO_MANIFEST_DIR"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn rows(file: &Path) -> Vec<Row> {
    csv::Reader::from_path(file).unwrap().deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn a_plan_writes_files_that_agree_with_each_other() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let shown = yugu(&["plan", &gas(), "--as-of", "2014-06", "--out", out.to_str().unwrap()]).code(0);
    let page = text(&shown.get_output().stdout);
    assert!(page.contains("made at the close of 2014-06"), "{page}");
    let products = rows(Path::new(&gas()).join("products.csv").as_path());
    let group: BTreeMap<&str, &str> =
        products.iter().map(|p| (p["product"].as_str(), p["category"].as_str())).collect();
    let mut sums: BTreeMap<(String, String, String), f64> = BTreeMap::new();
    let mut whole_company: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in rows(&out.join("forecast.csv")) {
        let units = number(&row, "units");
        assert_eq!(units.fract(), 0.0);
        assert!((units - number(&row, "units_exact")).abs() < 2.0);
        let group = group[row["product"].as_str()].to_owned();
        *sums.entry((row["region"].clone(), group.clone(), row["month"].clone())).or_default() += units;
        *whole_company.entry((group, row["month"].clone())).or_default() += units;
    }
    let regions = rows(&out.join("regions.csv"));
    assert_eq!(regions.len(), 8 * 7 * 2);
    for row in &regions {
        let key = (row["group"].clone(), row["month"].clone());
        let expected = match row["region"].as_str() {
            "GAS" => whole_company[&key],
            region => sums[&(region.to_owned(), key.0, key.1)],
        };
        assert_eq!(number(row, "forecast"), expected, "{row:?}");
        if !row["gap"].is_empty() {
            let gap = number(row, "year_outlook") - number(row, "year_target");
            assert!((number(row, "gap") - gap).abs() < 1e-6);
        }
    }
    let run: serde_json::Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    assert_eq!((run["made"].as_str(), run["cutoff"].as_str()), (Some("2014-06"), Some("2014-06")));
    assert_eq!(run["settings"]["fiscal.start"], "7");
    assert_eq!(run["inputs"][0]["sha256"].as_str().map(str::len), Some(64));
    // Run again, the folder is replaced by the same.
    let before = fs::read(out.join("regions.csv")).unwrap();
    yugu(&["plan", &gas(), "--as-of", "2014-06", "--out", out.to_str().unwrap(), "--lang", "zh"]).code(0);
    assert_eq!(fs::read(out.join("regions.csv")).unwrap(), before);
}

#[test]
fn programs_get_json_and_csv_and_nothing_else() {
    // A plan that somebody made in the example folder may be there; none is added.
    let there = Path::new(&gas()).join("out").exists();
    let json = yugu(&["plan", &gas(), "--no-files", "--json"]).code(0);
    let run: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert!(json.get_output().stderr.is_empty());
    let csv = yugu(&["plan", &gas(), "--no-files", "--csv"]).code(0);
    let csv = text(&csv.get_output().stdout);
    assert!(
        csv.starts_with("region,product,month,lag,mode,made,units,units_exact,revenue,low80,high80,low95,high95\n")
    );
    assert_eq!(run["forecast"].as_array().unwrap().len(), csv.lines().count() - 1);
    assert_eq!(Path::new(&gas()).join("out").exists(), there);
}

#[test]
fn a_folder_that_holds_something_else_is_not_replaced() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("thesis.txt"), "years of work").unwrap();
    let shown = yugu(&["plan", &gas(), "--out", home.path().to_str().unwrap()]).code(2);
    assert!(text(&shown.get_output().stderr).contains("thesis.txt"));
    assert_eq!(fs::read_to_string(home.path().join("thesis.txt")).unwrap(), "years of work");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn a_new_folder_can_be_filled_and_planned() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("new");
    let shown = dir.to_str().unwrap();
    yugu(&["init", shown]).code(0);
    yugu(&["init", shown]).code(2);
    // Nothing in it yet.
    yugu(&["check", shown]).code(1);
    let mut sales = fs::read_to_string(dir.join("sales.csv")).unwrap();
    let columns = sales.trim_end().split(',').count();
    for (t, units) in (0..15).zip(10..) {
        let month = format!("{}-{:02}", 2022 + t / 12, t % 12 + 1);
        let rest = ",".repeat(columns - 4);
        sales.push_str(&format!("{month},=north,a,{units}{rest}\n{month},south,a,{}{rest}\n", units * 2));
    }
    fs::write(dir.join("sales.csv"), sales).unwrap();
    let plan = yugu(&["plan", shown]).code(0);
    let page = text(&plan.get_output().stdout);
    assert!(page.contains("`targets` would switch on") && page.contains("`aliases` would switch on"), "{page}");
    let forecast = fs::read_to_string(dir.join("out/2023-03/forecast.csv")).unwrap();
    assert!(forecast.contains("\n'=north,a,2023-04,1,close,2023-03,"), "{forecast}");
    assert!(!dir.join("out/2023-03/lifecycle.csv").exists());
}

#[test]
fn problems_are_told_at_their_places_in_the_folders_language() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().to_str().unwrap();
    fs::write(home.path().join("sales.csv"), "month,region,product,units\n2024-01,a,p,x\n2024-99,a,p,1\n").unwrap();
    let shown = yugu(&["plan", folder]).code(1);
    let said = text(&shown.get_output().stderr);
    assert!(said.contains("sales.csv:2:13: error: ") && said.contains("sales.csv:3:1: error: "), "{said}");
    assert!(said.contains("errors: 2, warnings: 0") && !home.path().join("out").exists(), "{said}");
    fs::write(home.path().join("yugu.toml"), "[output]\nlanguage = \"zh\"\n").unwrap();
    let said = text(&yugu(&["check", folder]).code(1).get_output().stderr);
    assert!(said.contains("2 个错误"), "{said}");
    yugu(&["check", &format!("{folder}/none")]).code(2);
    yugu(&["plan", folder, "--as-of", "soon"]).code(2);
}

#[test]
fn targets_show_the_chain_and_every_region() {
    let page = text(&yugu(&["target", &gas(), "--lang", "zh"]).code(0).get_output().stdout);
    for word in ["marketing", "department", "-560", "锁定", "分月目标", "2015-06"] {
        assert!(page.contains(word), "{word}: {page}");
    }
}
