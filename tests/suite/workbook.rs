//! The workbook of a plan: read back cell by cell it is the CSV files, its sums add up, names run nothing.

use crate::common::issued;
use crate::common::program::{Row, rows};
use crate::common::sheets;
use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use crate::common::sheets::Sheet;
use calamine::{Reader, Xlsx};
use yugu::grid::{COMPANY, Scope};
use yugu::ledger::score::score;
use yugu::messages::Lang;
use yugu::messages::workbook::word;
use yugu::outlook::Outlook;
use yugu::report::communities::Report;
use yugu::report::{Format, View, accuracy, workbook};

fn gas() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/gas"))
}

/// The example with two months issued, planned within the third.
fn issued_gas() -> Outlook {
    let home = tempfile::tempdir().unwrap();
    issued::copy(gas(), home.path());
    issued::issue(home.path(), (2014, 5, 31));
    issued::issue(home.path(), (2014, 6, 30));
    issued::plan(home.path(), (2014, 7, 10))
}

fn made(outlook: &Outlook, lang: Lang) -> (BTreeMap<String, Vec<u8>>, Vec<u8>) {
    let view = View::new(outlook, lang);
    let tables = view.tables();
    let bytes = workbook::plan(&view, &tables, &[]);
    (Format::Csv.encode_all(&tables).into_iter().collect(), bytes)
}

/// Numbers as numbers, and texts without the mark that a CSV file puts before what would run.
fn same(cell: &str, in_file: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    match (number(cell), number(in_file)) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
        _ => cell == in_file || in_file.strip_prefix('\'') == Some(cell),
    }
}

#[test]
fn every_cell_is_that_of_the_files() {
    let outlook = issued_gas();
    for (lang, names) in [
        (
            Lang::En,
            [
                "Regions",
                "Targets",
                "Mix",
                "Lifecycle",
                "Stock plan",
                "Transfers",
                "Suppliers",
                "Lost sales",
                "Exceptions",
            ],
        ),
        (Lang::Zh, ["区域分解", "目标分解", "产品结构", "新品与退市", "采购", "调拨", "供应商", "缺货损失", "异常"]),
    ] {
        let (files, bytes) = made(&outlook, lang);
        let book = sheets::read(&bytes);
        let files_of = [
            "regions.csv",
            "targets.csv",
            "mix.csv",
            "lifecycle.csv",
            "stock.csv",
            "transfers.csv",
            "suppliers.csv",
            "lost.csv",
            "exceptions.csv",
        ];
        for (name, file) in names.iter().zip(files_of) {
            let sheet = book.iter().find(|s| s.name == *name).unwrap_or_else(|| panic!("no {name}"));
            let wanted = rows(&files[file]);
            let first = csv::Reader::from_reader(&files[file][..]).headers().unwrap()[0].to_owned();
            let found = sheet.rows(&first);
            assert_eq!(found.len(), wanted.len(), "{name}");
            for ((at, found), wanted) in found.iter().zip(&wanted) {
                for (column, in_file) in wanted {
                    let cell = found.get(column).unwrap_or_else(|| panic!("{name} has no {column}"));
                    // Words that the files have for programs are in the reader's language.
                    let in_words = word(column, in_file, lang).is_some_and(|word| word == cell);
                    assert!(same(cell, in_file) || in_words, "{name} row {at} {column}: {cell} is not {in_file}");
                }
            }
        }
    }
}

/// By region, product or group, and month.
fn by_key(list: Vec<Row>, product: &str) -> BTreeMap<(String, String, String), Row> {
    list.into_iter().map(|r| ((r["region"].clone(), r[product].clone(), r["month"].clone()), r)).collect()
}

#[test]
fn the_rolling_forecast_is_that_of_forecast_regions_and_changes() {
    let outlook = issued_gas();
    let (files, bytes) = made(&outlook, Lang::En);
    let book = sheets::read(&bytes);
    let sheet = book.iter().find(|s| s.name == "Rolling forecast").unwrap();
    let forecast = by_key(rows(&files["forecast.csv"]), "product");
    let sums = by_key(rows(&files["regions.csv"]), "group");
    let changes = rows(&files["changes.csv"]);
    let (of_series, of_sums): (Vec<Row>, Vec<Row>) = changes.into_iter().partition(|r| !r["product"].is_empty());
    let (of_series, of_sums) = (by_key(of_series, "product"), by_key(of_sums, "group"));
    let found = sheet.rows("region");
    assert_eq!(found.len(), forecast.len() + sums.len());
    let mut changed = 0;
    for (at, row) in &found {
        let is_sum = row["product"].is_empty();
        let key = (row["region"].clone(), row[if is_sum { "group" } else { "product" }].clone(), row["month"].clone());
        let (file, units) = if is_sum { (&sums[&key], "forecast") } else { (&forecast[&key], "units") };
        assert!(same(&row["units"], &file[units]), "row {at}");
        for column in ["lag", "low80", "high80", "low95", "high95"] {
            assert!(same(&row[column], &file[column]), "row {at} {column}");
        }
        if !is_sum {
            assert!(same(&row["revenue"], &file["revenue"]), "row {at}");
        }
        match if is_sum { of_sums.get(&key) } else { of_series.get(&key) } {
            Some(change) => {
                assert!(same(&row["last"], &change["last"]) && same(&row["change"], &change["change"]), "row {at}");
                assert_eq!(row["causes"].is_empty(), change["change"] == "0", "row {at}: {row:?}");
                changed += usize::from(change["change"] != "0");
            }
            // A month forecast for the first time, or a series that was and is 0.
            None => assert!(row["last"].is_empty() || row["last"] == "0", "row {at}"),
        }
    }
    assert!(changed > 50, "{changed}");
    // The front line's form shows the same numbers.
    let front = book.iter().find(|s| s.name == "Front line").unwrap();
    let shown = front.rows("region");
    let leaves = sums.keys().filter(|(region, ..)| region != "GAS").count();
    assert_eq!(shown.len(), forecast.len() + leaves);
    for (at, row) in shown {
        let key = (row["region"].clone(), row["product"].clone(), row["month"].clone());
        let units = forecast.get(&key).map(|r| &r["units"]).unwrap_or_else(|| &sums[&key]["forecast"]);
        assert!(same(&row["units"], units), "row {at}");
    }
}

/// The values of a file that has a row for each figure, by what the columns of `keys` say and by measure, beside those of
/// a sheet that has the measures across.
fn turned(sheet: &Sheet, file: &[u8], keys: &[&str], measure: impl Fn(&Row) -> Option<String>) -> usize {
    let found = sheet.rows(keys[0]);
    let mut count = 0;
    for row in rows(file) {
        let Some(measure) = measure(&row) else { continue };
        // A key that no row of the sheet fills has no column.
        let is = |found: &Row| keys.iter().all(|key| found.get(*key).map_or("", String::as_str) == row[*key]);
        let (at, there) = found.iter().find(|(_, found)| is(found)).unwrap_or_else(|| panic!("no row for {row:?}"));
        assert!(same(&there[&measure], &row["value"]), "row {at} {measure}: {} of {row:?}", there[&measure]);
        count += 1;
    }
    count
}

#[test]
fn accuracy_waterfall_and_communities_are_those_of_their_commands() {
    let outlook = issued_gas();
    let (_, bytes) = made(&outlook, Lang::En);
    let book = sheets::read(&bytes);
    let sheet = |name: &str| book.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no {name}"));
    let known = outlook.known();
    let scores = score(&known);
    let accuracy = accuracy::table(&accuracy::Shown::new(&known, &scores, (COMPANY, Scope::All), Lang::En)).csv();
    let keys = ["mode", "section", "lag", "level", "region", "product", "month", "name"];
    for (name, sections) in [
        ("Accuracy", &["accuracy", "signal"][..]),
        ("Value added", &["step", "revision", "lost"]),
        ("Answers judged", &["front", "override"]),
    ] {
        let measure = |row: &Row| sections.contains(&row["section"].as_str()).then(|| row["measure"].clone());
        assert!(turned(sheet(name), &accuracy, &keys, measure) > 20, "{name}");
    }
    let fall = sheet("Waterfall").rows("made");
    let mut count = 0;
    for row in rows(&accuracy).iter().filter(|r| r["section"] == "waterfall") {
        let made = if row["measure"] == "sold" { "sales" } else { &row["made"] };
        let (_, found) = fall.iter().find(|(_, found)| found["made"] == made).unwrap();
        assert!(same(&found[&row["month"]], &row["value"]), "{row:?}");
        count += 1;
    }
    assert!(count > 4, "{count}");
    let view = View::new(&outlook, Lang::En);
    let centres = Report::new(&view).unwrap().centres().csv();
    let measure = |row: &Row| match row["product"].as_str() {
        "" => Some(row["measure"].clone()),
        product => Some(format!("{} {product}", row["measure"])),
    };
    assert!(turned(sheet("Communities"), &centres, &["region", "month"], measure) > 1000);
}

#[test]
fn the_summary_and_what_the_charts_are_drawn_from_are_sums_of_the_files() {
    let outlook = issued_gas();
    let (files, bytes) = made(&outlook, Lang::En);
    let book = sheets::read(&bytes);
    let sheet = |name: &str| book.iter().find(|s| s.name == name).unwrap();
    let company: Vec<Row> = rows(&files["regions.csv"]).into_iter().filter(|r| r["region"] == "GAS").collect();
    let summary = sheet("Summary").rows("group");
    assert_eq!(summary.len(), company.len());
    for ((at, found), wanted) in summary.iter().zip(&company) {
        for (column, cell) in found {
            assert!(same(cell, &wanted[column]), "row {at} {column}: {cell} is not {}", wanted[column]);
        }
    }
    let trend = sheet("Trend").rows("group");
    for wanted in &company {
        let is = |row: &Row| (&row["group"], &row["month"]) == (&wanted["group"], &wanted["month"]);
        let (_, row) = trend.iter().find(|(_, row)| is(row)).unwrap();
        for column in ["forecast", "low80", "high80"] {
            assert!(same(&row[column], &wanted[column]), "{row:?}");
        }
    }
    let mut sums: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in rows(&files["forecast.csv"]) {
        *sums.entry((row["product"].clone(), row["month"].clone())).or_default() +=
            row["units"].parse::<f64>().unwrap();
    }
    let sold = rows(&fs::read(gas().join("sales.csv")).unwrap());
    for row in sold.iter().filter(|r| r["month"] == "2014-06") {
        *sums.entry((row["product"].clone(), row["month"].clone())).or_default() +=
            row["units"].parse::<f64>().unwrap();
    }
    let products = sheet("Products").rows("product");
    for ((product, month), units) in sums.iter().filter(|(_, units)| **units != 0.0) {
        let (_, row) = products.iter().find(|(_, row)| row["product"] == *product).unwrap();
        assert!(same(&row[month], &units.to_string()), "{product} {month}: {} is not {units}", row[month]);
    }
}

/// The formulas of a sheet with what they were stored with.
fn formulas(bytes: &[u8], name: &str) -> Vec<((u32, u32), String)> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_formula(name).unwrap();
    let (top, left) = range.start().unwrap_or((0, 0));
    range
        .used_cells()
        .map(|(r, c, f)| ((top + r as u32, left + c as u32), f.clone()))
        .filter(|f| !f.1.is_empty())
        .collect()
}

/// `$A$1` or `A1` as row and column from 0.
fn place(text: &str) -> (u32, u32) {
    let text = text.replace('$', "");
    let digits = text.find(|c: char| c.is_ascii_digit()).unwrap();
    let column = text[..digits].bytes().fold(0, |n, b| n * 26 + u32::from(b - b'A') + 1) - 1;
    (text[digits..].parse::<u32>().unwrap() - 1, column)
}

fn number(sheet: &Sheet, at: (u32, u32)) -> f64 {
    sheets::text(sheet.cells.get(&at)).parse().unwrap_or(0.0)
}

/// What a SUM or SUMIF over one column comes to.
fn worked_out(sheet: &Sheet, formula: &str) -> f64 {
    let formula = formula.trim_start_matches('=');
    let inner = formula.split_once('(').unwrap().1.trim_end_matches(')');
    let parts: Vec<&str> = inner.split(',').collect();
    let range = |text: &str| {
        let (a, b) = text.split_once(':').unwrap();
        (place(a), place(b))
    };
    match parts.as_slice() {
        [only] => {
            let ((first, column), (last, _)) = range(only);
            (first..=last).map(|row| number(sheet, (row, column))).sum()
        }
        [ids, own, values] => {
            let ((first, id), (last, _)) = range(ids);
            let ((first_value, column), _) = range(values);
            assert_eq!(first, first_value);
            let own = number(sheet, place(own));
            let rows = (first..=last).filter(|row| number(sheet, (*row, id)) == own);
            rows.map(|row| number(sheet, (row, column))).sum()
        }
        _ => panic!("{formula}"),
    }
}

#[test]
fn sums_add_up_to_our_numbers() {
    let outlook = issued_gas();
    let (_, bytes) = made(&outlook, Lang::En);
    let book = sheets::read(&bytes);
    let mut all = 0;
    for name in ["Regions", "Rolling forecast", "Summary"] {
        let sheet = book.iter().find(|s| s.name == name).unwrap();
        let list = formulas(&bytes, name);
        assert!(!list.is_empty(), "{name}");
        for (at, formula) in list {
            let (stored, sum) = (number(sheet, at), worked_out(sheet, &formula));
            assert!(
                (stored - sum).abs() <= 1e-9 * sum.abs().max(1.0),
                "{name} {at:?} {formula}: {stored} is not {sum}"
            );
            all += 1;
        }
    }
    // The company's rows, those of the groups, and money.
    assert!(all > 250, "{all}");
}

#[test]
fn what_is_not_forecast_any_more_is_part_of_the_change() {
    let home = tempfile::tempdir().unwrap();
    let mut sales = "month,region,product,units\n".to_owned();
    for n in 0..24 {
        let month = format!("{}-{:02}", 2022 + n / 12, n % 12 + 1);
        sales.push_str(&format!("{month},north,A,{}\n", 20 + n % 5));
        if n < 6 {
            sales.push_str(&format!("{month},north,B,9\n"));
        }
    }
    fs::write(home.path().join("sales.csv"), &sales).unwrap();
    let overrides = "made,month,region,product,units,by,reason\n2023-12,2024-02,north,B,5,Li,promotion\n";
    fs::write(home.path().join("overrides.csv"), overrides).unwrap();
    issued::issue(home.path(), (2023, 12, 31));
    fs::write(home.path().join("sales.csv"), format!("{sales}2024-01,north,A,22\n")).unwrap();
    let outlook = issued::plan(home.path(), (2024, 1, 31));
    let (files, bytes) = made(&outlook, Lang::En);
    assert!(!rows(&files["forecast.csv"]).iter().any(|r| r["product"] == "B"));
    let book = sheets::read(&bytes);
    let sheet = book.iter().find(|s| s.name == "Rolling forecast").unwrap();
    let is = |row: &Row| row["product"] == "B" && row["month"] == "2024-02";
    let (_, row) = sheet.rows("region").into_iter().find(|(_, row)| is(row)).unwrap();
    assert_eq!((&*row["last"], &*row["units"], &*row["change"]), ("5", "0", "-5"));
    let list = formulas(&bytes, "Rolling forecast");
    assert!(list.len() >= 6, "{list:?}");
    for (at, formula) in list {
        assert!((number(sheet, at) - worked_out(sheet, &formula)).abs() < 1e-9, "{at:?} {formula}");
    }
}

#[test]
fn names_run_nothing_and_break_nothing() {
    let regions = ["=1+1", "+A", "-B", "@C", "a\"b'c", "x<y>&z", "\u{202e}drows", "=HYPERLINK(\"http://x\")"];
    let home = tempfile::tempdir().unwrap();
    let mut csv = csv::Writer::from_path(home.path().join("sales.csv")).unwrap();
    csv.write_record(["month", "region", "product", "units"]).unwrap();
    for month in 1..=12 {
        for (i, region) in regions.iter().enumerate() {
            for product in ["=2*3", "0017"] {
                let units = (month * 3 + i as u32).to_string();
                csv.write_record([&format!("2023-{month:02}"), *region, product, &units]).unwrap();
            }
        }
    }
    csv.flush().unwrap();
    drop(csv);
    let outlook = issued::plan(home.path(), (2023, 12, 31));
    let (files, bytes) = made(&outlook, Lang::En);
    let book = sheets::read(&bytes);
    let rolling = book.iter().find(|s| s.name == "Rolling forecast").unwrap();
    for region in regions {
        for product in ["=2*3", "0017"] {
            let is = |row: &Row| row["region"] == region && row["product"] == product;
            assert!(rolling.rows("region").iter().any(|(_, row)| is(row)), "{region} {product}");
        }
    }
    let mix = book.iter().find(|s| s.name == "Mix").unwrap();
    assert_eq!(mix.rows("region").len(), rows(&files["mix.csv"]).len());
    for sheet in &book {
        for (at, formula) in formulas(&bytes, &sheet.name) {
            let formula = formula.trim_start_matches('=');
            assert!(formula.starts_with("SUM(") || formula.starts_with("SUMIF("), "{} {at:?} {formula}", sheet.name);
        }
    }
    // A workbook a region, each with a name that a disk takes.
    let view = View::new(&outlook, Lang::Zh);
    let books = workbook::of_regions(&view, &[]);
    assert_eq!(books.len(), regions.len());
    for (name, bytes) in &books {
        assert!(!name.contains(['/', '\\', '<', '"', '=']), "{name}");
        let front = sheets::read(bytes).into_iter().find(|s| s.name == "一线上报").unwrap();
        let of: std::collections::BTreeSet<String> =
            front.rows("region").iter().map(|(_, row)| row["region"].clone()).filter(|r| !r.is_empty()).collect();
        assert_eq!(of.len(), 1, "{name}: {of:?}");
    }
}

#[test]
fn the_same_plan_is_the_same_workbook() {
    let outlook = issued::plan(gas(), (2014, 6, 30));
    assert!(made(&outlook, Lang::Zh).1 == made(&outlook, Lang::Zh).1);
}

/// Runs LibreOffice where it is installed.
fn office(dir: &Path, args: &[&str]) -> bool {
    let profile = format!("-env:UserInstallation=file://{}", dir.join("profile").display());
    let run = std::process::Command::new("soffice").arg(profile).arg("--headless").args(args).current_dir(dir).output();
    match run {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            true
        }
        Err(error) => {
            println!("skipped: soffice does not run here ({error})");
            false
        }
    }
}

/// Formulas are worked out again whenever a file is opened.
const ALWAYS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"#;

#[test]
fn libreoffice_opens_it_prints_it_and_works_out_the_same_sums() {
    let outlook = issued_gas();
    let home = tempfile::tempdir().unwrap();
    let user = home.path().join("profile/user");
    fs::create_dir_all(&user).unwrap();
    fs::write(user.join("registrymodifications.xcu"), ALWAYS).unwrap();
    let (_, bytes) = made(&outlook, Lang::Zh);
    // A sum that was stored wrong is worked out again, so that the sums below are LibreOffice's own.
    let mut wrong = rust_xlsxwriter::Workbook::new();
    let formula = rust_xlsxwriter::Formula::new("=1+1").set_result("5");
    wrong.add_worksheet().write_formula(0, 0, formula).unwrap();
    wrong.save(home.path().join("wrong.xlsx")).unwrap();
    fs::write(home.path().join("plan.xlsx"), &bytes).unwrap();
    fs::create_dir(home.path().join("again")).unwrap();
    if !office(home.path(), &["--convert-to", "xlsx", "--outdir", "again", "plan.xlsx", "wrong.xlsx"]) {
        return;
    }
    let right = sheets::read(&fs::read(home.path().join("again/wrong.xlsx")).unwrap());
    assert_eq!(sheets::text(right[0].cells.get(&(0, 0))), "2");
    assert!(office(home.path(), &["--convert-to", "pdf", "plan.xlsx"]));
    assert!(fs::read(home.path().join("plan.pdf")).unwrap().starts_with(b"%PDF"));
    let saved = fs::read(home.path().join("again/plan.xlsx")).unwrap();
    let (ours, theirs) = (sheets::read(&bytes), sheets::read(&saved));
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours.name, theirs.name);
        for (at, cell) in &ours.cells {
            let (a, b) = (sheets::text(Some(cell)), sheets::text(theirs.cells.get(at)));
            assert!(same(&a, &b), "{} {at:?}: ours {a}, theirs {b}", ours.name);
        }
    }
}
