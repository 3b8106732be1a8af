//! Parquet files in and out: what other programs write is read to the bit as the same values in CSV, mistakes have their
//! places, and the program's own files hold what its CSV files hold.
#![cfg(feature = "parquet")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::issued;
use assert_cmd::Command;
use chrono::NaiveDate;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::folder::{self, LoadError};
use yugu::messages::Lang;
use yugu::month::Period;
use yugu::report::columns::{Head, Type};
use yugu::report::data::{Column, Value};
use yugu::report::{Format, Table, View};

const GOLDEN: &str = "tests/golden/parquet";

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN).join(name)
}

fn load(folder: &Path) -> Result<(Dataset, Problems), Problems> {
    let today = NaiveDate::from_ymd_opt(2024, 4, 10).unwrap();
    match folder::load(folder, None, today) {
        Ok(loaded) => Ok((loaded.dataset, loaded.warnings)),
        Err(LoadError::Data(problems)) => Err(problems),
        Err(LoadError::Unreadable(text)) => panic!("{}", text.en),
    }
}

/// A folder with one file of sales in it.
fn folder_with(file: &Path, name: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::copy(file, home.path().join(name)).unwrap();
    home
}

fn lines(problems: &Problems) -> Vec<String> {
    problems
        .sorted()
        .iter()
        .map(|p| format!("{} {}", p.place.as_ref().map_or(String::new(), |p| p.to_string()), p.kind))
        .collect()
}

/// A table of CSV text, its cells as its columns' names say.
fn table(csv: &[u8]) -> Table {
    let mut reader = csv::Reader::from_reader(csv);
    let mut table = Table::new(reader.headers().unwrap().iter().map(str::to_owned).collect::<Vec<String>>());
    let types: Vec<Type> = table.columns.iter().map(Column::stored).collect();
    for record in reader.records().map(Result::unwrap) {
        for (cell, kind) in record.iter().zip(&types) {
            match (kind, Period::parse(cell), cell.parse::<f64>()) {
                (Type::Month, Some(Period::Month(month)), _) => table.month(month),
                (Type::Day, Some(Period::Day(day)), _) => table.day(day),
                (Type::Whole, _, Ok(x)) => table.whole(x as i64),
                (Type::Number, _, Ok(x)) => table.number(x),
                _ => table.text(cell),
            }
        }
        table.end();
    }
    table
}

/// Everything read of two folders that hold the same sales.
fn same(one: &Dataset, other: &Dataset, what: &str) {
    let bits = |array: &ndarray::Array2<f64>| array.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!((one.start, &one.grid.series, &one.seen), (other.start, &other.grid.series, &other.seen), "{what}");
    assert_eq!(one.grid.products.codes, other.grid.products.codes, "{what}");
    assert_eq!(bits(&one.units), bits(&other.units), "{what}");
    assert_eq!(one.revenue.as_ref().map(bits), other.revenue.as_ref().map(bits), "{what}");
    assert_eq!(one.availability.as_ref().map(bits), other.availability.as_ref().map(bits), "{what}");
}

#[test]
fn what_other_programs_write_is_read_as_the_same_csv() {
    let text = folder_with(&golden("sales.csv"), "sales.csv");
    let (expected, warned) = load(text.path()).unwrap();
    assert_eq!(expected.units.row(0).to_vec(), [12.0, 0.0, 14.0]);
    assert!(expected.availability.is_some() && expected.revenue.is_some());
    for file in ["pyarrow", "pyarrow-v2", "int96", "polars", "pandas", "pandas-time"] {
        let home = folder_with(&golden(&format!("{file}.parquet")), "sales.parquet");
        let (data, warnings) = load(home.path()).unwrap_or_else(|p| panic!("{file}: {:?}", lines(&p)));
        same(&data, &expected, file);
        let as_csv: Vec<String> = lines(&warnings).iter().map(|l| l.replace("sales.parquet", "sales.csv")).collect();
        // A text has one line more: its header.
        let as_csv: Vec<String> = as_csv.iter().map(|l| l.replace("sales.csv:6", "sales.csv:7")).collect();
        assert_eq!(as_csv, lines(&warned), "{file}");
    }
}

#[test]
fn parts_may_lie_in_folders_that_name_a_column() {
    let home = tempfile::tempdir().unwrap();
    let text = "month,product,units\n2024-01,A,1\n2024-02,A,2\n";
    for (folder, file) in [("region=east", "0.parquet"), ("region=a%2Fb", "0.parquet"), ("region=east", "_SUCCESS")] {
        let dir = home.path().join("sales").join(folder);
        fs::create_dir_all(&dir).unwrap();
        let bytes = Format::Parquet.encode("x", &table(text.as_bytes())).1;
        fs::write(dir.join(file), bytes).unwrap();
    }
    let (data, _) = load(home.path()).unwrap();
    let regions = &data.grid.regions;
    let codes: Vec<&str> = (0..regions.leaf_count()).map(|l| regions.code(regions.node_of(l))).collect();
    assert_eq!(codes, ["a/b", "east"]);
    assert_eq!(data.units.row(1).to_vec(), [1.0, 2.0]);
    assert_eq!(data.place(1, 1).unwrap().to_string(), "sales/region=east/0.parquet:2");

    fs::write(home.path().join("sales/region=east/1.csv"), text).unwrap();
    assert_eq!(lines(&load(home.path()).unwrap_err()), ["sales/region=east/1.csv wrong_format"]);
}

#[test]
fn mistakes_have_the_row_and_the_number_of_the_column() {
    let home = folder_with(&golden("wrong.parquet"), "sales.parquet");
    assert_eq!(
        lines(&load(home.path()).unwrap_err()),
        [
            "sales.parquet:1:4 bad_number",
            "sales.parquet:2:1 bad_month",
            "sales.parquet:3:2 empty_cell",
            "sales.parquet:4:5 bad_number"
        ]
    );
}

#[test]
fn damaged_files_are_named_and_nothing_panics() {
    let sound = fs::read(golden("pyarrow.parquet")).unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("sales.parquet");
    let mut wrong = 0;
    for (i, at) in (0..sound.len()).step_by(7).enumerate() {
        let mut bytes = sound.clone();
        if i % 5 == 0 {
            bytes.truncate(at)
        } else {
            bytes[at] ^= 0x55
        }
        fs::write(&file, bytes).unwrap();
        match load(home.path()) {
            Ok((data, _)) => assert!(data.units.iter().all(|x| x.is_finite())),
            Err(problems) => {
                wrong += 1;
                assert!(problems.sorted().iter().all(|p| p.kind != "unreadable" || p.message.en.contains("Parquet")));
            }
        }
    }
    assert!(wrong > 50, "{wrong}");
}

/// The example folder with every table as Parquet.
fn gas_as_parquet() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gas")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (name, bytes) = match name.strip_suffix(".csv") {
            Some(stem) => Format::Parquet.encode(stem, &table(&fs::read(&path).unwrap())),
            None => (name, fs::read(&path).unwrap()),
        };
        fs::write(home.path().join(name), bytes).unwrap();
    }
    home
}

fn plan(folder: &Path, out: &Path, format: &str) {
    Command::cargo_bin("yugu")
        .unwrap()
        .args(["--lang", "en", "plan"])
        .arg(folder)
        .arg("--out")
        .arg(out)
        .args(["--format", format])
        .assert()
        .success();
}

#[test]
fn a_folder_of_parquet_gives_the_files_of_the_same_folder_of_text() {
    let (home, out) = (gas_as_parquet(), tempfile::tempdir().unwrap());
    assert!(home.path().join("community_sales.parquet").is_file() && !home.path().join("sales.csv").exists());
    let [of_text, of_parquet] = ["text", "parquet"].map(|name| out.path().join(name));
    plan("data/gas".as_ref(), &of_text, "csv");
    plan(home.path(), &of_parquet, "csv");
    let mut compared = 0;
    for entry in fs::read_dir(&of_text).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        // These name files and lines; so do the workbook and the page.
        if name.ends_with(".csv") && !["warnings.csv", "exceptions.csv", "changes.csv"].contains(&name.as_str()) {
            let [one, other] = [&of_text, &of_parquet].map(|dir| fs::read(dir.join(&name)).unwrap());
            assert!(one == other, "{name} differs");
            compared += 1;
        }
    }
    assert!(compared >= 8, "{compared}");
}

#[test]
fn the_files_of_a_run_as_parquet_hold_what_those_of_text_hold() {
    let out = tempfile::tempdir().unwrap();
    let [text, typed] = ["text", "typed"].map(|name| out.path().join(name));
    plan("data/gas".as_ref(), &text, "csv");
    plan("data/gas".as_ref(), &typed, "parquet");
    let names = |dir: &Path| {
        let mut names: Vec<String> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    let as_parquet: Vec<String> = names(&text).iter().map(|name| name.replace(".csv", ".parquet")).collect();
    assert_eq!(as_parquet, names(&typed));
    assert_eq!(fs::read(text.join("run.json")).unwrap(), fs::read(typed.join("run.json")).unwrap());
    // The forecast can be read as sales: month, region, product, units.
    let home = folder_with(&typed.join("forecast.parquet"), "sales.parquet");
    let back = load(home.path()).unwrap().0;
    let forecast = table(&fs::read(text.join("forecast.csv")).unwrap());
    let units = forecast.column("units").unwrap();
    let unit = |row: usize| match units.value(row) {
        Value::Number(x) => x,
        other => panic!("{other}"),
    };
    let sum: f64 = (0..forecast.rows()).map(unit).sum();
    assert!((back.units.sum() - sum).abs() < 1e-9 && sum > 1000.0);
    // A run of the other format takes its place.
    plan("data/gas".as_ref(), &typed, "csv");
    assert_eq!(names(&typed), names(&text));
}

#[test]
fn every_column_of_the_outputs_has_the_type_it_says_and_a_title_in_both_languages() {
    let outlook = issued::plan("data/gas".as_ref(), (2014, 7, 10));
    let view = View::new(&outlook, Lang::En);
    let mut seen = Vec::new();
    for (name, table) in view.tables() {
        for column in &table.columns {
            let Head { kind, title, .. } = &column.head;
            assert_eq!(column.stored(), kind.stored(), "{name} {}", column.name());
            assert!(title.en.is_ascii() && !title.zh.is_ascii(), "{name} {} is in no list", column.name());
            seen.push((column.name().to_owned(), column.stored()));
        }
    }
    assert!(Head::named("no such column").title.zh.is_ascii());
    for expected in [("month", Type::Month), ("due", Type::Day), ("lag", Type::Whole), ("gap", Type::Number)] {
        assert!(seen.iter().any(|(name, kind)| (name.as_str(), *kind) == expected), "{expected:?}");
    }
}

#[test]
fn a_reviewed_plan_of_parquet_is_issued() {
    let home = gas_as_parquet();
    let run = |args: &[&str]| Command::cargo_bin("yugu").unwrap().args(args).arg(home.path()).assert();
    run(&["plan", "--format", "parquet"]).success();
    let plan = home.path().join("out/2014-07/forecast.parquet");
    let sound = fs::read(&plan).unwrap();
    fs::write(&plan, b"PAR1").unwrap();
    run(&["issue"]).code(2);
    fs::write(&plan, sound).unwrap();
    run(&["issue"]).success();
    assert!(home.path().join("ledger/2014-07.csv").is_file());
}
