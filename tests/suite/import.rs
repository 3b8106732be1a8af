//! The way back: workbooks that people filled in become rows of `frontline` and `overrides`, all or none of them.

use crate::common::issued;
use crate::common::sheets;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::sheets::Sheet;
use assert_cmd::Command;
use calamine::Data;

type Row = BTreeMap<String, String>;

/// A copy of the example folder with its plan.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Home {
        let home = Home { dir: tempfile::tempdir().unwrap() };
        issued::copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/gas")), home.dir.path());
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, args: &[&str]) -> assert_cmd::assert::Assert {
        let mut command = Command::cargo_bin("yugu").unwrap();
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_US.UTF-8");
        command.current_dir(self.dir.path()).args(args).assert()
    }

    fn plan(&self) {
        self.run(&["plan", "."]).code(0);
    }

    /// Fills in the plan's workbook.
    fn fill(&self, to: &str, change: impl FnOnce(&mut [Sheet])) {
        sheets::edit(&self.path("out/2014-07/plan.xlsx"), &self.path(to), change);
    }

    /// Leaves nothing but these files.
    fn only(&self, files: &[(&str, &str)]) {
        for entry in fs::read_dir(self.dir.path()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        files.iter().for_each(|(name, text)| fs::write(self.path(name), text).unwrap());
    }

    fn rows(&self, file: &str) -> Vec<Row> {
        csv::Reader::from_path(self.path(file)).unwrap().deserialize().map(Result::unwrap).collect()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn word(text: &str) -> Data {
    Data::String(text.to_owned())
}

/// Fills in a group of a region on the front line's form.
fn front(sheets: &mut [Sheet], (region, product, month): (&str, &str, &str), units: f64, by: &str, why: &str) -> u32 {
    let key = [("region", region), ("product", product), ("month", month)];
    let with = [("estimate", Data::Float(units)), ("why", word(why)), ("by", word(by))];
    sheets::sheet(sheets, "Front line").fill("estimate", &key, &with)
}

/// Fills in an override of a product.
fn planner(sheets: &mut [Sheet], (region, product, month): (&str, &str, &str), units: f64, by: &str, why: &str) -> u32 {
    let key = [("region", region), ("product", product), ("month", month)];
    let with = [("new_units", Data::Float(units)), ("why", word(why)), ("by", word(by)), ("note", word("=A1"))];
    sheets::sheet(sheets, "Rolling forecast").fill("new_units", &key, &with)
}

const STOVE: (&str, &str, &str) = ("binhu", "pipe", "2014-08");
const ALARM: (&str, &str, &str) = ("kaifa", "alarm", "2014-09");
const POLICY: (&str, &str, &str) = ("chengbei", "INS-3Y", "2014-08");

fn three(sheets: &mut [Sheet]) {
    front(sheets, STOVE, 61.0, "Zheng Jie", "promotion");
    front(sheets, ALARM, 12.0, "Wu Bo", "competitor");
    planner(sheets, POLICY, 33.0, "Lin Hai", "weather");
}

/// What differs between two versions of a table, by key.
fn differing(before: &[Row], after: &[Row], key: [&str; 3], value: &str) -> BTreeSet<(String, String, String)> {
    let of = |rows: &[Row]| -> BTreeMap<(String, String, String), String> {
        let key = |r: &Row| (r[key[0]].clone(), r[key[1]].clone(), r[key[2]].clone());
        rows.iter().map(|r| (key(r), r[value].clone())).collect()
    };
    let (before, after) = (of(before), of(after));
    assert_eq!(before.len(), after.len());
    before.into_iter().filter(|(k, v)| after[k] != *v).map(|(k, _)| k).collect()
}

#[test]
fn three_cells_come_back_and_only_those_differ() {
    let home = Home::new();
    home.plan();
    let (sums, units) = (home.rows("out/2014-07/regions.csv"), home.rows("out/2014-07/forecast.csv"));
    home.fill("back.xlsx", three);
    let before = (home.read("frontline.csv"), home.read("overrides.csv"));
    // What would be written is shown first.
    let shown = home.run(&["import", ".", "back.xlsx", "--dry-run"]).code(0);
    let page = text(&shown.get_output().stdout);
    for said in [
        "frontline: 2 new",
        "overrides: 1 new",
        "Zheng Jie",
        "competitor",
        "back.xlsx: Front line!",
        "forecast then",
        "33",
    ] {
        assert!(page.contains(said), "no {said} in\n{page}");
    }
    assert!(text(&shown.get_output().stderr).contains("nothing was written"));
    assert_eq!((home.read("frontline.csv"), home.read("overrides.csv")), before);
    home.run(&["import", ".", "back.xlsx"]).code(0);
    let added = home.read("frontline.csv");
    let added = added.strip_prefix(&before.0).expect("rows are added at the end");
    assert_eq!(
        added,
        "2014-07-10,2014-09,kaifa,alarm,12,Wu Bo,competitor,\n2014-07-10,2014-08,binhu,pipe,61,Zheng Jie,promotion,\n"
    );
    let added = home.read("overrides.csv");
    // What would run in a spreadsheet does not.
    assert_eq!(
        added.strip_prefix(&before.1).expect("rows are added at the end"),
        "2014-07-10,2014-08,chengbei,INS-3Y,33,Lin Hai,weather,,'=A1\n"
    );
    // The same again is nothing new.
    let again = home.run(&["import", ".", "back.xlsx"]).code(0);
    assert!(text(&again.get_output().stdout).contains("3 answers are in the folder already"));
    assert_eq!(home.read("overrides.csv"), added);
    home.plan();
    let (sums_after, units_after) = (home.rows("out/2014-07/regions.csv"), home.rows("out/2014-07/forecast.csv"));
    // Before rounding: whole units add up from the top down, so that one may move elsewhere.
    let changed = differing(&sums, &sums_after, ["region", "group", "month"], "forecast_exact");
    let group_of = |product: &str| if product == "INS-3Y" { "insurance" } else { product }.to_owned();
    let keys = [STOVE, ALARM, POLICY].map(|(r, p, m)| (r.to_owned(), group_of(p), m.to_owned()));
    let company = keys.clone().map(|(_, group, month)| ("GAS".to_owned(), group, month));
    assert_eq!(changed, keys.into_iter().chain(company).collect());
    let changed = differing(&units, &units_after, ["region", "product", "month"], "units_exact");
    let groups: BTreeSet<(&str, &str)> = changed.iter().map(|(r, _, m)| (r.as_str(), m.as_str())).collect();
    assert_eq!(groups, BTreeSet::from([("binhu", "2014-08"), ("kaifa", "2014-09"), ("chengbei", "2014-08")]));
    let policies = changed.iter().filter(|(r, ..)| r == "chengbei").collect::<Vec<_>>();
    assert_eq!(policies.len(), 1, "an override moves its product alone: {policies:?}");
    let set = units_after.iter().find(|r| (&*r["region"], &*r["product"], &*r["month"]) == POLICY).unwrap();
    assert_eq!(set["units"], "33");
    let shown = home.run(&["explain", ".", "--region", "binhu", "--product", "CP-1M", "--month", "2014-08"]).code(0);
    let page = text(&shown.get_output().stdout);
    assert!(page.contains("Zheng Jie (promotion)"), "{page}");
}

fn refused(home: &Home, args: &[&str], said: &[&str]) {
    let before = (home.read("frontline.csv"), home.read("overrides.csv"));
    let shown = home.run(args).code(1);
    let errors = text(&shown.get_output().stderr);
    for said in said {
        assert!(errors.contains(said), "no '{said}' in\n{errors}");
    }
    assert!(errors.contains("nothing was written"), "{errors}");
    assert_eq!((home.read("frontline.csv"), home.read("overrides.csv")), before);
}

#[test]
fn a_workbook_of_another_month_or_of_other_data_is_refused() {
    let home = Home::new();
    home.plan();
    home.fill("back.xlsx", three);
    refused(
        &home,
        &["import", ".", "back.xlsx", "--as-of", "2014-06"],
        &["back.xlsx: error: it was made for the forecast of 2014-07, the folder's is that of 2014-06"],
    );
    let targets = home.read("targets.csv");
    fs::write(home.path("targets.csv"), targets.replacen("\n", "\r\n", 1)).unwrap();
    refused(&home, &["import", ".", "back.xlsx"], &["back.xlsx: error: the folder has changed since", "targets.csv"]);
    home.run(&["import", ".", "back.xlsx", "--dry-run", "--stale"]).code(0);
    // No workbook of ours, and none at all.
    fs::write(home.path("text.xlsx"), "month,region").unwrap();
    sheets::write(&[Sheet { name: "Sheet1".into(), ..Sheet::default() }], &home.path("other.xlsx"));
    refused(
        &home,
        &["import", ".", "text.xlsx", "other.xlsx", "none.xlsx"],
        &["text.xlsx: error", "other.xlsx: error: this is not a workbook that `yugu plan` made", "none.xlsx: error"],
    );
}

#[test]
fn workbooks_that_disagree_are_refused_whole() {
    let home = Home::new();
    home.plan();
    home.fill("a.xlsx", three);
    home.fill("b.xlsx", |sheets| {
        front(sheets, STOVE, 70.0, "Zheng Jie", "promotion");
        planner(sheets, POLICY, 34.0, "Gao Yan", "weather");
    });
    refused(
        &home,
        &["import", ".", "a.xlsx", "b.xlsx"],
        &[
            "b.xlsx: Front line!",
            "70 Zheng Jie (promotion) here, 61 Zheng Jie (promotion) in a.xlsx: Front line!",
            "34 Gao Yan (weather) here, 33 Lin Hai (weather) in a.xlsx: Rolling forecast!",
            "errors: 2",
        ],
    );
    // The same answers in two workbooks are one each.
    fs::copy(home.path("a.xlsx"), home.path("c.xlsx")).unwrap();
    let shown = home.run(&["import", ".", "a.xlsx", "c.xlsx"]).code(0);
    let page = text(&shown.get_output().stdout);
    assert!(page.contains("frontline: 2 new") && page.contains("overrides: 1 new"), "{page}");
    // What was given since the workbook was made stands against it.
    refused(
        &home,
        &["import", ".", "b.xlsx"],
        &["33 Lin Hai (weather) in overrides.csv:5", "given after the workbook was made", "--replace"],
    );
    home.run(&["import", ".", "b.xlsx", "--replace"]).code(0);
    home.plan();
    let units = home.rows("out/2014-07/forecast.csv");
    let set = units.iter().find(|r| (&*r["region"], &*r["product"], &*r["month"]) == POLICY).unwrap();
    assert_eq!(set["units"], "34");
    // A workbook made since then knows of it.
    home.fill("d.xlsx", |sheets| {
        planner(sheets, POLICY, 35.0, "Gao Yan", "weather");
    });
    home.run(&["import", ".", "d.xlsx"]).code(0);
    // Back to what stands there already, letter by letter: a note tells the rows apart.
    home.plan();
    home.fill("e.xlsx", |sheets| {
        planner(sheets, POLICY, 34.0, "Gao Yan", "weather");
    });
    refused(&home, &["import", ".", "e.xlsx"], &["the same row stands in overrides.csv:6 and was replaced"]);
    sheets::edit(&home.path("e.xlsx"), &home.path("f.xlsx"), |sheets| {
        let key = [("region", POLICY.0), ("product", POLICY.1), ("month", POLICY.2)];
        sheets::sheet(sheets, "Rolling forecast").fill("new_units", &key, &[("note", word("as it was"))]);
    });
    home.run(&["import", ".", "f.xlsx"]).code(0);
}

#[test]
fn answers_that_leave_no_room_are_refused_whole() {
    let home = Home::new();
    home.plan();
    home.fill("back.xlsx", |sheets| {
        for product in ["HD-T1", "HD-S2"] {
            let row = planner(sheets, ("chengxi", product, "2014-09"), 20.0, "Lin Hai", "weather");
            let sheet = sheets::sheet(sheets, "Rolling forecast");
            let lock = sheet.columns("new_units")["lock"];
            sheet.cells.insert((row - 1, lock), word("yes"));
        }
        let key = [("region", "chengxi"), ("group", "hood"), ("product", ""), ("month", "2014-09")];
        let with = [("new_units", Data::Float(11.0)), ("why", word("weather")), ("by", word("Lin Hai"))];
        sheets::sheet(sheets, "Rolling forecast").fill("new_units", &key, &with);
    });
    refused(&home, &["import", ".", "back.xlsx"], &["back.xlsx: Rolling forecast!"]);
}

#[test]
fn contributors_who_differ_are_both_kept_where_that_is_wanted() {
    let home = Home::new();
    home.plan();
    home.fill("a.xlsx", |sheets| _ = front(sheets, STOVE, 61.0, "Zheng Jie", "promotion"));
    home.fill("b.xlsx", |sheets| _ = front(sheets, STOVE, 41.0, "Qian Wei", "weather"));
    refused(&home, &["import", ".", "a.xlsx", "b.xlsx"], &["--both"]);
    home.run(&["import", ".", "a.xlsx", "b.xlsx", "--both"]).code(0);
    home.plan();
    let shown = home.run(&["explain", ".", "--region", "binhu", "--product", "CP-1M", "--month", "2014-08"]).code(0);
    let page = text(&shown.get_output().stdout);
    assert!(page.contains("Zheng Jie (promotion)") && page.contains("Qian Wei (weather)"), "{page}");
}

#[test]
fn every_cell_that_is_wrong_is_named() {
    let home = Home::new();
    home.plan();
    let mut rows = Vec::new();
    home.fill("bad.xlsx", |sheets| {
        rows.push(front(sheets, STOVE, -1.0, "Zheng Jie", "promotion"));
        rows.push(front(sheets, ALARM, 5.0, "Wu Bo", "promotoin"));
        let sheet = sheets::sheet(sheets, "Front line");
        let key = |month| [("region", "binhu"), ("product", "hood"), ("month", month)];
        rows.push(sheet.fill("estimate", &key("2014-07"), &[("estimate", Data::Float(3.0)), ("why", word("price"))]));
        rows.push(sheet.fill("estimate", &key("2014-08"), &[("estimate", word("many")), ("by", word("x"))]));
        rows.push(sheet.fill("estimate", &key("2014-09"), &[("note", word("a thought"))]));
    });
    let [a, b, c, d, e] = rows[..] else { panic!() };
    let at = |column: &str, row: u32| format!("bad.xlsx: Front line!{column}{row}: error");
    let wanted = [at("G", a), at("J", b), at("K", c), at("G", d), at("J", d), at("L", e), "errors: 6".to_owned()];
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    refused(&home, &["import", ".", "bad.xlsx"], &wanted);
}

#[test]
fn a_region_answers_in_its_own_workbook_under_its_name() {
    let home = Home::new();
    home.run(&["plan", ".", "--frontline", "--lang", "zh"]).code(0);
    let own = home.path("out/2014-07/frontline/binhu.xlsx");
    assert_eq!(fs::read_dir(own.parent().unwrap()).unwrap().count(), 7);
    sheets::edit(&own, &home.path("binhu.xlsx"), |sheets| {
        let sheet = sheets::sheet(sheets, "一线上报");
        let ids = sheet.ids("estimate");
        sheet.cells.insert((ids - 1, 1), word("郑洁"));
        let key = [("region", "binhu"), ("product", "pipe"), ("month", "2014-08")];
        sheet.fill("estimate", &key, &[("estimate", word("六十")), ("why", word("促销"))]);
        let row = sheet.fill("estimate", &key, &[("estimate", word(" 60 "))]);
        // What the form does not list goes into a free row: a spreadsheet may have made a date of the month.
        let free = sheet.cells.keys().map(|(r, _)| *r).max().unwrap() + 1;
        let columns = sheet.columns("estimate");
        for (id, value) in [
            ("region", "滨湖服务中心"),
            ("product", "GA-H1"),
            ("month", "2014-09-01"),
            ("estimate", "7"),
            ("why", "其他"),
        ] {
            sheet.cells.insert((free, columns[id]), word(value));
        }
        assert!(row < free);
    });
    home.run(&["import", ".", "binhu.xlsx"]).code(0);
    let added = home.read("frontline.csv");
    assert!(
        added.ends_with("2014-07-10,2014-08,binhu,pipe,60,郑洁,促销,\n2014-07-10,2014-09,binhu,GA-H1,7,郑洁,其他,\n")
    );
    home.plan();
}

#[test]
fn what_a_listed_row_speaks_of_is_not_for_a_cell_to_change() {
    let home = Home::new();
    home.run(&["plan", ".", "--frontline"]).code(0);
    let before = [home.read("frontline.csv"), home.read("overrides.csv")];
    let own = home.path("out/2014-07/frontline/binhu.xlsx");
    let key = [("region", "binhu"), ("product", "stove"), ("month", "2014-08")];
    let answer = [("estimate", Data::Float(61.0)), ("why", word("promotion")), ("by", word("Zheng Jie"))];
    // An emptied cell, another region, the company, another product, all products, another month.
    for (column, cell, letter) in [
        ("region", "", 'A'),
        ("region", "gaoxin", 'A'),
        ("region", "GAS", 'A'),
        ("product", "", 'C'),
        ("product", "alarm", 'C'),
        ("month", "2014-09", 'E'),
    ] {
        let mut row = 0;
        sheets::edit(&own, &home.path("back.xlsx"), |sheets| {
            let with: Vec<(&str, Data)> = answer.iter().cloned().chain([(column, word(cell))]).collect();
            row = sheets::sheet(sheets, "Front line").fill("estimate", &key, &with);
        });
        refused(&home, &["import", ".", "back.xlsx"], &[&format!("back.xlsx: Front line!{letter}{row}: error:")]);
        assert_eq!([home.read("frontline.csv"), home.read("overrides.csv")], before, "{column} {cell}");
    }
    // The same in the planner's own workbook, whose rows are of many regions.
    for (column, cell) in [("region", ""), ("product", ""), ("region", "gaoxin")] {
        sheets::edit(&home.path("out/2014-07/plan.xlsx"), &home.path("back.xlsx"), |sheets| {
            let with: Vec<(&str, Data)> = answer.iter().cloned().chain([(column, word(cell))]).collect();
            sheets::sheet(sheets, "Front line").fill("estimate", &key, &with);
        });
        refused(&home, &["import", ".", "back.xlsx"], &["was made for"]);
    }
    // In a row left free everything is chosen, but a region's workbook answers for no other region.
    for (region, code) in [("binhu", 0), ("gaoxin", 1), ("", 1)] {
        sheets::edit(&own, &home.path("back.xlsx"), |sheets| {
            let sheet = sheets::sheet(sheets, "Front line");
            let (columns, last) = (sheet.columns("estimate"), sheet.cells.keys().map(|(row, _)| *row).max().unwrap());
            let free = [("region", word(region)), ("product", word("stove")), ("month", word("2014-08"))];
            for (id, value) in free.into_iter().chain(answer.iter().cloned()) {
                sheet.cells.insert((last, columns[id]), value);
            }
        });
        home.run(&["import", ".", "back.xlsx", "--dry-run"]).code(code);
    }
}

#[test]
fn a_filled_workbook_is_not_written_over() {
    let home = Home::new();
    home.plan();
    home.fill("filled.xlsx", three);
    let own = home.path("out/2014-07/plan.xlsx");
    fs::copy(home.path("filled.xlsx"), &own).unwrap();
    let shown = home.run(&["plan", "."]).code(2);
    let error = text(&shown.get_output().stderr);
    assert!(error.contains("plan.xlsx holds 3 answers that are not in the folder yet"), "{error}");
    assert_eq!(fs::read(&own).unwrap(), fs::read(home.path("filled.xlsx")).unwrap());
    home.run(&["import", ".", "out/2014-07/plan.xlsx"]).code(0);
    home.plan();
    assert_ne!(fs::read(&own).unwrap(), fs::read(home.path("filled.xlsx")).unwrap());
}

#[test]
fn a_table_keeps_its_own_form() {
    let home = Home::new();
    // Chinese headers in another order, semicolons, GB18030, old line ends, no line end at the end.
    let table = "区域;产品;月份;预估;上报月份;填报人;原因;备注\r\nbinhu;hood;2014-08;7;2014-07;郑洁;促销;好";
    fs::write(home.path("frontline.csv"), encoding_rs::GB18030.encode(table).0).unwrap();
    home.plan();
    home.fill("back.xlsx", |sheets| _ = front(sheets, STOVE, 61.5, "王;芳", "promotion"));
    home.run(&["import", ".", "back.xlsx"]).code(0);
    let bytes = fs::read(home.path("frontline.csv")).unwrap();
    let after = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes).unwrap();
    let row = "\r\nbinhu;pipe;2014-08;61.5;2014-07-10;\"王;芳\";promotion;\r\n";
    assert_eq!(after, format!("{table}{row}"));
    home.plan();
}

#[test]
fn parts_packed_and_missing_tables_get_their_answers() {
    use std::io::{Read, Write};
    let home = Home::new();
    // A folder of parts, and a packed table.
    fs::create_dir(home.path("frontline")).unwrap();
    fs::rename(home.path("frontline.csv"), home.path("frontline/2014.csv")).unwrap();
    let overrides = home.read("overrides.csv");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(overrides.as_bytes()).unwrap();
    fs::write(home.path("overrides.csv.gz"), packed.finish().unwrap()).unwrap();
    fs::remove_file(home.path("overrides.csv")).unwrap();
    home.plan();
    home.fill("back.xlsx", three);
    home.run(&["import", ".", "back.xlsx"]).code(0);
    let part = home.read("frontline/import-2014-07-10-01.csv");
    assert!(
        part.starts_with("made,month,region,product,units,attainment,change,by,reason,note\n2014-07-10,"),
        "{part}"
    );
    let mut after = String::new();
    let bytes = fs::read(home.path("overrides.csv.gz")).unwrap();
    flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_string(&mut after).unwrap();
    assert_eq!(after, format!("{overrides}2014-07-10,2014-08,chengbei,INS-3Y,33,Lin Hai,weather,,'=A1\n"));
    // Tables that were not there are made.
    for file in ["frontline/2014.csv", "frontline/import-2014-07-10-01.csv", "overrides.csv.gz"] {
        fs::remove_file(home.path(file)).unwrap();
    }
    fs::remove_dir(home.path("frontline")).unwrap();
    home.run(&["import", ".", "back.xlsx"]).code(0);
    assert_eq!((home.rows("frontline.csv").len(), home.rows("overrides.csv").len()), (2, 1));
}

#[test]
fn a_table_that_is_a_workbook_is_left_alone() {
    let home = Home::new();
    let mut sheet = Sheet { name: "overrides".into(), ..Sheet::default() };
    for (r, row) in csv::Reader::from_path(home.path("overrides.csv")).unwrap().records().enumerate() {
        for (c, cell) in row.unwrap().iter().enumerate() {
            sheet.cells.insert((r as u32 + 1, c as u32), word(cell));
        }
    }
    for (c, cell) in ["made", "month", "region", "product", "units", "by", "reason", "lock", "note"].iter().enumerate()
    {
        sheet.cells.insert((0, c as u32), word(cell));
    }
    sheets::write(&[sheet], &home.path("overrides.xlsx"));
    fs::remove_file(home.path("overrides.csv")).unwrap();
    home.plan();
    home.fill("back.xlsx", three);
    let before = home.read("frontline.csv");
    let shown = home.run(&["import", ".", "back.xlsx"]).code(1);
    let errors = text(&shown.get_output().stderr);
    assert!(errors.contains("overrides.xlsx: error: nothing can be put at the end of a .xlsx file"), "{errors}");
    assert_eq!(home.read("frontline.csv"), before, "all or nothing");
}

#[test]
fn damaged_workbooks_are_errors_and_nothing_else() {
    use rand::{Rng, SeedableRng};
    let home = Home::new();
    home.plan();
    home.fill("back.xlsx", three);
    let whole = fs::read(home.path("back.xlsx")).unwrap();
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let mut read = 0;
    for _ in 0..200 {
        let mut bytes = whole.clone();
        for _ in 0..random.random_range(1..4) {
            let at = random.random_range(0..bytes.len());
            bytes[at] ^= 1 << random.random_range(0..8);
        }
        bytes.truncate(bytes.len() - random.random_range(0..3) * 500);
        fs::write(home.path("damaged.xlsx"), &bytes).unwrap();
        read += usize::from(yugu::folder::workbook(&home.path("damaged.xlsx"), 1 << 31).is_ok());
    }
    assert!(read < 200, "{read}");
}

#[test]
fn a_product_and_a_group_of_one_name_are_not_mixed_up() {
    let home = Home::new();
    let products = home.read("products.csv").replace("GA-H1", "pipe");
    let sales = home.read("sales.csv").replace("GA-H1", "pipe");
    let aliases = home.read("aliases.csv").replace("GA-H1", "pipe");
    let regions = home.read("regions.csv");
    let files = [
        ("sales.csv", sales.as_str()),
        ("products.csv", &products),
        ("regions.csv", &regions),
        ("aliases.csv", &aliases),
    ];
    home.only(&files);
    home.run(&["plan", "."]).code(0);
    sheets::edit(&home.path("out/2014-06/plan.xlsx"), &home.path("back.xlsx"), |sheets| {
        front(sheets, ("binhu", "pipe", "2014-07"), 5.0, "Zheng Jie", "promotion");
    });
    let shown = home.run(&["import", ".", "back.xlsx"]).code(1);
    let errors = text(&shown.get_output().stderr);
    assert!(errors.contains("'pipe' is a product and a group of several"), "{errors}");
}

#[test]
fn a_workbook_that_libreoffice_saved_comes_back() {
    let home = Home::new();
    home.plan();
    home.fill("back.xlsx", three);
    fs::create_dir(home.path("saved")).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", home.path("profile").display());
    let args = [&profile, "--headless", "--convert-to", "xlsx", "--outdir", "saved", "back.xlsx"];
    let run = std::process::Command::new("soffice").args(args).current_dir(home.dir.path()).output();
    let Ok(output) = run else {
        println!("skipped: soffice does not run here");
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let shown = home.run(&["import", ".", "saved/back.xlsx"]).code(0);
    let page = text(&shown.get_output().stdout);
    assert!(page.contains("frontline: 2 new") && page.contains("overrides: 1 new"), "{page}");
}
