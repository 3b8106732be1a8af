//! `plan.html`: its data are those of the files, cell by cell, and no text of a folder breaks out of it.

use crate::common::issued;
use crate::common::read;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::common::read::Page;
use serde_json::Value;
use yugu::messages::Lang;
use yugu::outlook::Outlook;
use yugu::report::{Format, View, page};

/// The rows of a CSV file by their columns.
fn csv(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(files[name].as_slice());
    let headers = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| headers.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

struct Both {
    outlook: Outlook,
    page: Page,
    files: BTreeMap<String, Vec<u8>>,
}

fn both(outlook: Outlook) -> Both {
    let (page, files) = {
        let view = View::new(&outlook, Lang::En);
        let html = String::from_utf8(page::html(&view, "the folder")).unwrap();
        (Page::new(&html), Format::Csv.encode_all(&view.tables()).into_iter().collect())
    };
    Both { outlook, page, files }
}

/// The gas company with two issued months.
static GAS: LazyLock<Both> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    issued::copy(Path::new("data/gas"), dir.path());
    issued::issue(dir.path(), (2014, 4, 30));
    issued::issue(dir.path(), (2014, 5, 31));
    both(issued::plan(dir.path(), (2014, 7, 10)))
});

/// A cell of a file as the page has it: a number, or nothing.
fn cell(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.parse::<f64>().unwrap().into() }
}

/// Whether the page's number is the file's, as far as reading JSON keeps the last digit of a double.
fn equal(page: &Value, file: &str) -> bool {
    match (page.as_f64(), cell(file).as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 2.0 * f64::EPSILON * b.abs(),
        (a, b) => a == b,
    }
}

/// Whether the page's number is the file's, to so many decimals.
fn same(page: &Value, file: &Value, decimals: i32) -> bool {
    match (page.as_f64(), file.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 0.5000001 * 10_f64.powi(-decimals),
        (None, None) => page.is_null() && file.is_null(),
        _ => false,
    }
}

#[test]
fn regions_are_those_of_the_file() {
    let Both { page, files, .. } = &*GAS;
    let base = page.block("base");
    let rows = read::objects(&base["figures"]);
    let expected = csv(files, "regions.csv");
    assert_eq!(rows.len(), expected.len());
    assert!(rows.len() > 100);
    let numbers = ["last_year", "base", "growth", "forecast", "forecast_exact", "target", "attainment"];
    let more = ["attainment_factor", "year_to_date", "year_target", "year_outlook", "gap"];
    let bounds = ["low80", "high80", "low95", "high95"];
    for (row, file) in rows.iter().zip(&expected) {
        assert_eq!(page.code("nodes", &base, &row["node"]), file["region"]);
        assert_eq!(page.code("groups", &base, &row["group"]), file["group"]);
        assert_eq!(page.month(&row["k"]), file["month"]);
        for column in numbers.iter().chain(&more).chain(&bounds) {
            assert!(equal(&row[*column], &file[*column]), "{column} of {file:?}");
        }
    }
    // What each step of the revision leaves ends in the forecast.
    for (row, steps) in rows.iter().zip(base["steps"].as_array().unwrap()) {
        assert!(same(&steps[5], &row["forecast"], 3));
        assert!(same(&steps[4], &row["forecast_exact"], 3));
    }
}

#[test]
fn products_are_those_of_the_files() {
    let Both { page, files, .. } = &*GAS;
    let base = page.block("base");
    let mix: BTreeMap<(String, String), _> =
        csv(files, "mix.csv").into_iter().map(|row| ((row["region"].clone(), row["product"].clone()), row)).collect();
    let changes: BTreeMap<(String, String, String), _> = csv(files, "changes.csv")
        .into_iter()
        .map(|row| ((row["region"].clone(), row["product"].clone(), row["month"].clone()), row))
        .collect();
    let mut found: BTreeMap<(String, String, String), Vec<Value>> = BTreeMap::new();
    let (mut mixes, mut changed) = (0, 0);
    for (node, leaf) in page.blocks("products-") {
        let region = page.code("nodes", &base, &node.into());
        let months = page.months();
        let list = |key: &str| leaf[key].as_array().unwrap().clone();
        for (i, product) in list("products").iter().enumerate() {
            let product = page.code("products", &base, product);
            if let Some(file) = mix.get(&(region.clone(), product.clone())) {
                mixes += 1;
                for (j, column) in ["last_month", "month_before", "repaired", "used"].into_iter().enumerate() {
                    assert!(same(&leaf["mix"][i][j], &cell(&file[column]), 6), "{column} of {file:?}");
                }
            }
            for (k, month) in months.iter().enumerate().filter(|_| leaf["forecast"][i] == 1) {
                let bounds = &leaf["bounds"][i * months.len() + k];
                let numbers = vec![leaf["units"][i][k].clone(), leaf["exact"][i][k].clone(), bounds.clone()];
                found.insert((region.clone(), product.clone(), month.clone()), numbers);
            }
        }
        for change in list("changes") {
            let product = page.code("products", &base, &leaf["products"][change[0].as_u64().unwrap() as usize]);
            let file = &changes[&(region.clone(), product, page.month(&change[1]))];
            changed += 1;
            assert!(same(&change[2], &cell(&file["last"]), 4) && same(&change[3], &cell(&file["change"]), 4));
            let causes = ["calendar", "sales", "mix", "range", "events", "dealers_stock", "front_line", "to_date"];
            for (j, cause) in causes.iter().chain(&["override", "rounding"]).enumerate() {
                assert!(same(&change[4][j], &cell(&file[*cause]), 4), "{cause} of {file:?}");
            }
        }
    }
    let expected = csv(files, "forecast.csv");
    assert_eq!(found.len(), expected.len());
    for file in &expected {
        let of = &found[&(file["region"].clone(), file["product"].clone(), file["month"].clone())];
        assert!(equal(&of[0], &file["units"]), "{file:?}");
        assert!(same(&of[1], &cell(&file["units_exact"]), 4));
        for (j, column) in ["low80", "high80", "low95", "high95"].into_iter().enumerate() {
            assert!(same(&of[2][j], &cell(&file[column]), 4), "{column} of {file:?}");
        }
    }
    assert_eq!(mixes, mix.len());
    assert_eq!(changed, changes.keys().filter(|(_, product, _)| !product.is_empty()).count());
}

#[test]
fn changes_exceptions_and_remarks_are_those_of_the_files() {
    let Both { page, files, .. } = &*GAS;
    let base = page.block("base");
    let rows = read::objects(&base["changes"]);
    let sums: Vec<_> = csv(files, "changes.csv").into_iter().filter(|row| row["product"].is_empty()).collect();
    assert_eq!(rows.len(), sums.len());
    for (row, file) in rows.iter().zip(&sums) {
        assert_eq!(page.code("nodes", &base, &row["node"]), file["region"]);
        for column in ["last", "now", "change", "sales", "front_line", "to_date", "rounding"] {
            assert!(equal(&row[column], &file[column]), "{column} of {file:?}");
        }
    }
    // The page has a few of each kind first; all of the file's rows are there.
    let mut shown: Vec<[String; 4]> = base["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            let message = row["message"]["en"].as_str().unwrap().to_owned();
            [text("kind"), text("month"), row["units"].to_string(), message]
        })
        .collect();
    let mut expected: Vec<[String; 4]> = csv(files, "exceptions.csv")
        .iter()
        .map(|row| [row["kind"].clone(), row["month"].clone(), row["units"].clone(), row["message"].clone()])
        .collect();
    let kinds: Vec<String> = shown.iter().take(10).map(|row| row[0].clone()).collect();
    assert!(kinds.iter().filter(|kind| *kind == "year_target").count() <= 3, "{kinds:?}");
    shown.sort();
    expected.sort();
    assert_eq!(shown, expected);
    assert_eq!(base["exceptions_in_all"], expected.len());
    assert_eq!(base["warnings"].as_array().unwrap().len(), csv(files, "warnings.csv").len());
}

#[test]
fn the_order_list_is_that_of_the_file() {
    let Both { page, files, .. } = &*GAS;
    let (base, stock) = (page.block("base"), page.block("stock"));
    let rows = stock["lines"].as_array().unwrap();
    let expected = csv(files, "stock.csv");
    assert_eq!(rows.len(), expected.len());
    for (row, file) in rows.iter().zip(&expected) {
        assert_eq!(page.code("products", &base, &row["product"]), file["product"]);
        assert_eq!(row["location"], file["location"]);
        let numbers = ["on_hand", "on_order", "owed", "position", "demand", "safety_stock", "raw_need", "order"];
        for column in numbers.iter().chain(&["transfer_in", "value"]) {
            assert!(equal(&row[*column], &file[*column]), "{column} of {file:?}");
        }
        for column in ["order_by", "arrives", "runs_out"] {
            assert_eq!(row[column].as_str().unwrap_or(""), file[column]);
        }
        assert_eq!(
            (&row["action"], &row["reason"]["en"]),
            (&file["action"].clone().into(), &file["reason"].clone().into())
        );
    }
    assert_eq!(stock["transfers"].as_array().unwrap().len(), csv(files, "transfers.csv").len());
}

#[test]
fn explanations_are_those_of_the_program() {
    let Both { outlook, page, files } = &*GAS;
    let base = page.block("base");
    let node = base["nodes"].as_array().unwrap().iter().position(|n| n[0] == "chengdong").unwrap();
    let product = base["products"].as_array().unwrap().iter().position(|p| p[0] == "WH-10L").unwrap();
    let month = outlook.months()[1];
    let explained = yugu::explain::explain(outlook, "chengdong", "WH-10L", month).unwrap();
    let on_page = &page.block(&format!("more-{node}"))[&format!("p{product}.1")];
    for (i, lang) in [Lang::En, Lang::Zh].into_iter().enumerate() {
        let shown = serde_json::to_value(explained.shown(lang)).unwrap();
        assert_eq!(on_page[i], shown);
        // The terminal prints the same words.
        let text = explained.text(lang);
        for step in shown["steps"].as_array().unwrap() {
            assert!(text.contains(step["name"].as_str().unwrap()));
        }
    }
    // Every number of a small folder has its steps.
    let numbers = csv(files, "forecast.csv").len() + base["figures"]["rows"].as_array().unwrap().len();
    let blocks = page.blocks("why-").into_iter().chain(page.blocks("more-"));
    let all: usize = blocks.map(|(_, block)| block.as_object().unwrap().len()).sum();
    assert!(all >= numbers, "{all} of {numbers}");
}

#[test]
fn waterfall_and_communities_are_those_of_their_commands() {
    let Both { outlook, page, .. } = &*GAS;
    let base = page.block("base");
    let falls = page.block("accuracy")["falls"].clone();
    let company: Vec<&Value> = falls[0]["of"].as_array().unwrap().iter().filter(|of| of["node"] == 0).collect();
    assert_eq!(company.len(), base["groups"].as_array().unwrap().len());
    let known = outlook.known();
    for of in company {
        let scope = yugu::grid::Scope::Group(of["group"].as_u64().unwrap() as usize);
        let series = outlook.dataset.grid.in_scope(0, scope);
        let fall = yugu::ledger::score::waterfall(&known, yugu::dataset::Mode::Close, &series);
        for (row, issued) in of["issued"].as_array().unwrap().iter().zip(&fall.issued) {
            for (on_page, units) in row.as_array().unwrap().iter().zip(issued) {
                assert!(same(on_page, &Value::from(*units), 4));
            }
        }
    }
    let view = View::new(outlook, Lang::En);
    let report = yugu::report::communities::Report::new(&view).unwrap();
    let files: BTreeMap<String, Vec<u8>> = Format::Csv.encode_all(&report.tables()).into_iter().collect();
    let block = page.block("communities");
    let mut expected = BTreeMap::new();
    for row in csv(&files, "centres.csv") {
        // Commissions of one region and month differ by party.
        let party = if row["measure"] == "commission" { row["product"].clone() } else { String::new() };
        expected.insert((row["region"].clone(), row["month"].clone(), row["measure"].clone(), party), row);
    }
    let centres = block["centres"].as_array().unwrap();
    assert!(centres.len() > 500);
    for row in centres {
        let measure = &block["measures"][row[2].as_u64().unwrap() as usize];
        let (measure, called) = (measure[0].as_str().unwrap().to_owned(), measure[1].to_string());
        let is_said = |key: &&(String, String, String, String)| {
            key.2 == "commission" && called.contains(&format!(", {}\"", key.3))
        };
        let party =
            expected.keys().find(is_said).filter(|_| measure == "commission").map_or("", |key| &key.3).to_owned();
        let month = block["months"][row[1].as_u64().unwrap() as usize].as_str().unwrap().to_owned();
        let file = &expected[&(page.code("nodes", &base, &row[0]), month, measure, party)];
        for (j, column) in ["value", "low80", "high80"].into_iter().enumerate() {
            assert!(equal(&row[3][j], &file[column]), "{column} of {file:?}");
        }
    }
}

#[test]
fn no_name_breaks_out_of_the_page() {
    let dir = tempfile::tempdir().unwrap();
    read::hostile(dir.path());
    let outlook = issued::plan(dir.path(), (2024, 12, 31));
    let view = View::new(&outlook, Lang::En);
    let folder = "</title><script>alert(1)</script>";
    let html = String::from_utf8(page::html(&view, folder)).unwrap();
    // Scripts: the data, a block each, and the one that runs; no text of the folder begins another or ends one.
    let blocks = html.matches("<script type=\"text/plain\"").count();
    assert_eq!(html.matches("<script").count(), blocks + 2);
    assert_eq!(html.matches("</script").count(), blocks + 2);
    assert!(!html.contains("alert(1)</script>"));
    // The names are whole, where they are data.
    let page = Page::new(&html);
    assert_eq!(page.meta["folder"], folder);
    let base = page.block("base");
    let names: Vec<&str> = base["products"].as_array().unwrap().iter().map(|p| p[1].as_str().unwrap()).collect();
    for name in read::NAMES {
        assert!(names.contains(&name), "{name:?} in {names:?}");
    }
    assert!(names.iter().any(|name| name.chars().count() == read::LONGEST));
}

#[test]
fn every_text_that_the_scripts_ask_for_is_there_and_asked_for() {
    let dir = Path::new("src/report/page/web");
    let files =
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "js"));
    let code: String = files.map(|path| fs::read_to_string(path).unwrap()).collect();
    let causes = yugu::changes::CAUSES.map(|cause| cause.word());
    let words = yugu::messages::page::words(causes);
    let calls = code.match_indices("t(\"").filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric()));
    let mut asked: Vec<&str> = calls.filter_map(|(at, call)| code[at + call.len()..].split('"').next()).collect();
    asked.sort_unstable();
    asked.dedup();
    for key in asked.iter().filter(|key| !key.ends_with('_')) {
        assert!(words.iter().any(|(word, _)| word == key), "no text for {key}");
    }
    for (key, text) in &words {
        let by_part = asked.iter().any(|part| part.ends_with('_') && key.starts_with(part));
        assert!(by_part || code.contains(&format!("\"{key}\"")), "nothing asks for {key}");
        assert!(!text.en.is_empty() && !text.zh.is_empty());
    }
}

#[test]
fn the_page_is_written_by_itself_for_a_small_folder_only_where_it_is_wanted() {
    let dir = tempfile::tempdir().unwrap();
    let run = |out: &str, flags: &[&str]| {
        let out = dir.path().join(out);
        let mut command = assert_cmd::Command::cargo_bin("yugu").unwrap();
        command.args(["plan", "data/gas", "--lang", "zh", "--out"]).arg(&out).args(flags).assert().success();
        fs::read_to_string(out.join("plan.html")).ok()
    };
    let page = run("a", &[]).expect("a page by itself");
    assert_eq!(Page::new(&page).meta["lang"], "zh");
    assert!(run("b", &["--no-page"]).is_none());
    assert!(run("c", &["--page"]).is_some());
    assert_eq!(run("d", &[]), Some(page), "the same bytes again");
}
