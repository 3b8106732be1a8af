//! The order list as a purchaser uses it: open orders, old counts, the lists for calls, and one figure of one name in the
//! terminal, the files, the workbook and the page.

use crate::common::program::{Row, err, number, out, rows, yugu};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::common::{issued, read, sheets};
use yugu::messages::Lang;
use yugu::messages::workbook::word;
use yugu::report::{Format, View, orders, page, workbook};

const AS_OF: &str = "2024-06-30";

/// Region `north`, product `a` that sells 60 a month without fail to the close of June 2024.
fn folder(products: &str, tables: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut sales = "month,region,product,units\n".to_owned();
    for t in 0..30 {
        sales.push_str(&format!("{}-{:02},north,a,60\n", 2022 + t / 12, t % 12 + 1));
    }
    fs::write(home.path().join("sales.csv"), sales).unwrap();
    fs::write(home.path().join("products.csv"), products).unwrap();
    for (name, text) in tables {
        fs::write(home.path().join(format!("{name}.csv")), text).unwrap();
    }
    home
}

fn plan(home: &TempDir, more: &[&str]) -> Vec<Row> {
    let at = home.path().to_str().unwrap();
    rows(out(&yugu(&[&["stock", at, "--csv", "--as-of", AS_OF], more].concat()).code(0)).as_bytes())
}

/// The files of the plan.
fn files(home: &TempDir) -> BTreeMap<String, Vec<Row>> {
    let to = home.path().join("made");
    let at = home.path().to_str().unwrap();
    yugu(&["stock", at, "--as-of", AS_OF, "--out", to.to_str().unwrap()]).code(0);
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let names: Vec<String> = fs::read_dir(&to).unwrap().map(name).filter(|name| name.ends_with(".csv")).collect();
    names.into_iter().map(|name| (name.clone(), rows(&fs::read(to.join(&name)).unwrap()))).collect()
}

fn said(home: &TempDir) -> String {
    err(&yugu(&["--lang", "en", "check", home.path().to_str().unwrap(), "--as-of", AS_OF]))
        + &out(&yugu(&["--lang", "en", "check", home.path().to_str().unwrap(), "--as-of", AS_OF]))
}

const PRODUCTS: &str = "product,supplier,price,cost,lead_time_days\na,Works,10,6,30\n";
const STOCK: &str = "location,region,product,on_hand,as_of,on_order,due\n";

#[test]
fn on_hand_repeated_in_the_row_of_every_order_counts_once() {
    let stock = format!("{STOCK}W,north,a,50,2024-06-30,10,2024-07-05\nW,north,a,50,2024-06-30,20,2024-07-20\n");
    let home = folder(PRODUCTS, &[("stock", &stock)]);
    let found = plan(&home, &[]);
    assert_eq!((number(&found[0], "on_hand"), number(&found[0], "on_order")), (50.0, 30.0));
    assert!(said(&home).contains("counted once"), "{}", said(&home));
    // Different numbers add up as before, and equal ones that no order tells apart do, too: bins.
    let stock = format!("{STOCK}W,north,a,50,2024-06-30,10,2024-07-05\nW,north,a,0,2024-06-30,20,2024-07-20\n");
    let other = plan(&folder(PRODUCTS, &[("stock", &stock)]), &[]);
    assert_eq!(found, other);
    let bins = "location,region,product,on_hand,as_of,bin\nW,north,a,25,2024-06-30,1\nW,north,a,25,2024-06-30,2\n";
    let bins = plan(&folder(PRODUCTS, &[("stock", bins)]), &[]);
    assert_eq!(number(&bins[0], "on_hand"), 50.0);
}

#[test]
fn open_orders_have_a_table_of_their_own() {
    let stock = format!("{STOCK}W,north,a,50,2024-06-30,,\n");
    let orders = "order_number,supplier,location,product,units,due,placed,confirmed\n\
        P1,Works,W,a,10,2024-07-05,2024-06-01,yes\nP2,Works,W,a,20,2024-07-20,2024-06-20,\n\
        P3,Works,W,a,500,2024-07-20,2024-07-02,\n";
    let home = folder(PRODUCTS, &[("stock", &stock), ("orders", orders)]);
    let found = plan(&home, &[]);
    // P3 was placed after the day of the plan.
    assert_eq!((number(&found[0], "on_hand"), number(&found[0], "on_order")), (50.0, 30.0));
    assert_eq!(found[0]["due"], "2024-07-05");
    let counted = format!("{STOCK}W,north,a,50,2024-06-30,10,2024-07-05\nW,north,a,0,2024-06-30,20,2024-07-20\n");
    assert_eq!(found, plan(&folder(PRODUCTS, &[("stock", &counted)]), &[]));
    // Both speak of orders: the table does, once, and the difference is told.
    let both = folder(PRODUCTS, &[("stock", &counted.replace(",20,", ",25,")), ("orders", orders)]);
    assert_eq!(number(&plan(&both, &[])[0], "on_order"), 30.0);
    assert!(said(&both).contains("orders is used"), "{}", said(&both));
    let wrong = orders.replace(",W,a,20", ",V,a,20").replace("2024-06-01,yes", "2024-06-01,perhaps");
    let wrong = folder(PRODUCTS, &[("stock", &stock), ("orders", &wrong)]);
    let said = said(&wrong);
    assert!(said.contains("orders.csv:3:10: error") && said.contains("orders.csv:2:39: error"), "{said}");
}

#[test]
fn what_comes_after_the_interval_does_not_cover_it() {
    let stock = format!("{STOCK}W,north,a,50,2024-06-30,400,2025-05-01\n");
    let [row] = &plan(&folder(PRODUCTS, &[("stock", &stock)]), &[])[..] else { panic!() };
    assert_eq!((number(row, "on_order"), number(row, "echelon_on_order"), number(row, "position")), (400.0, 0.0, 50.0));
    assert_eq!(number(row, "order"), number(row, "bought_for") + number(row, "safety_stock") - 50.0);
    assert!(number(row, "order") > 60.0, "{row:?}");
    // The last day of the interval is within it: 30 days of lead and 30 to the next look.
    let at = |due: &str| {
        let stock = format!("{STOCK}W,north,a,50,2024-06-30,40,{due}\n");
        number(&plan(&folder(PRODUCTS, &[("stock", &stock)]), &[])[0], "position")
    };
    assert_eq!((at("2024-08-29"), at("2024-08-30")), (90.0, 50.0));
}

#[test]
fn an_old_count_is_rolled_forward_or_named() {
    let stock = |on_hand: u32, day: &str| format!("{STOCK}W,north,a,{on_hand},{day},,\n");
    let of = |on_hand: u32, day: &str| plan(&folder(PRODUCTS, &[("stock", &stock(on_hand, day))]), &[]).remove(0);
    // Two months since, 60 sold in each of them.
    let rolled = of(200, "2024-04-30");
    assert_eq!((number(&rolled, "on_hand"), number(&rolled, "sold_since")), (80.0, 120.0));
    assert_eq!(rolled["counted"], "2024-04-30");
    let stale = of(100, "2024-04-30");
    assert_eq!((number(&stale, "on_hand"), number(&stale, "sold_since")), (100.0, 120.0));
    assert!(stale["reason"].contains("count anew"), "{stale:?}");
    let fresh = of(100, "2024-06-30");
    assert_eq!((fresh["counted"].as_str(), fresh["sold_since"].as_str()), ("", ""));
    let home = folder(PRODUCTS, &[("stock", &stock(200, "2024-04-30"))]);
    assert!(said(&home).contains("the oldest of 2024-04-30, 61 days"), "{}", said(&home));
    // Within the time between two looks nothing needs to be said.
    assert!(!said(&folder(PRODUCTS, &[("stock", &stock(200, "2024-05-31"))])).contains("the oldest of"));
    // An order of that count whose day has passed is what was sold after the stock was.
    let came = format!("{STOCK}W,north,a,100,2024-04-30,50,2024-05-10\n");
    let came = plan(&folder(PRODUCTS, &[("stock", &came)]), &[]).remove(0);
    assert_eq!((number(&came, "on_hand"), number(&came, "on_order"), number(&came, "position")), (0.0, 30.0, 30.0));
}

#[test]
fn each_count_is_rolled_from_its_own_day() {
    // Of the 60 of June two thirds were sold from where two thirds lay; the other count already is of the day after.
    let stock = "location,region,product,on_hand,as_of\nW,north,a,100,2024-05-31\nV,north,a,50,2024-06-30\n";
    let [row] = &plan(&folder(PRODUCTS, &[("stock", stock)]), &[])[..] else { panic!() };
    assert_eq!((number(row, "on_hand"), number(row, "sold_since")), (110.0, 40.0));
    assert_eq!(row["counted"], "2024-05-31");
    // Of different days, each from its own: 120 of May and June, and 60 of June.
    let stock = "location,region,product,on_hand,as_of\nW,north,a,100,2024-04-30\nV,north,a,100,2024-05-31\n";
    let [row] = &plan(&folder(PRODUCTS, &[("stock", stock)]), &[])[..] else { panic!() };
    assert_eq!((number(row, "on_hand"), number(row, "sold_since")), (110.0, 90.0));
}

#[test]
fn what_came_on_the_day_of_the_plan_was_not_overdue() {
    // 60 sold from 50: 10 of the 30 due on the day have come, none was overdue.
    let stock = format!("{STOCK}W,north,a,50,2024-05-31,30,2024-06-30\n");
    let [row] = &plan(&folder(PRODUCTS, &[("stock", &stock)]), &[])[..] else { panic!() };
    assert_eq!(["on_hand", "on_order", "overdue", "position"].map(|c| number(row, c)), [0.0, 20.0, 0.0, 20.0]);
    // What was not there when its location was counted on the day itself did not serve what another one sold.
    let stock = format!("{STOCK}W,north,a,50,2024-05-31,,\nV,north,a,0,2024-06-30,30,2024-06-20\n");
    let [row] = &plan(&folder(PRODUCTS, &[("stock", &stock)]), &[])[..] else { panic!() };
    assert_eq!((number(row, "on_order"), number(row, "overdue")), (30.0, 30.0));
    assert!(row["reason"].contains("count anew"), "{row:?}");
}

#[test]
fn what_is_too_much_stands_beside_all_that_is_on_order() {
    let stock = "location,region,product,on_hand\nW,,a,600\nS,north,a,20\n";
    let orders = "order_number,location,product,units,due\n00123,S,a,300,2024-07-20\n";
    let home = folder(PRODUCTS, &[("stock", stock), ("orders", orders)]);
    let found = files(&home);
    let [over] = &found["overstock.csv"][..] else { panic!("{found:?}") };
    assert_eq!((number(over, "echelon_on_hand"), number(over, "all_on_order")), (620.0, 300.0));
    // Six months sell 360 or so.
    let left = 920.0 - number(over, "surplus");
    assert!((350.0..=420.0).contains(&left), "{over:?}");
    // A number of an order is no number.
    let json = out(&yugu(&["stock", home.path().to_str().unwrap(), "--as-of", AS_OF, "--json"]).code(0));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["reschedule"][0]["order_number"], "00123");
    let lines = json["stock"].as_array().unwrap();
    assert!(lines.iter().any(|line| line["location"] == "W" && line["on_hand"] == 600.0));
}

#[test]
fn what_shops_sold_beyond_their_count_came_from_the_warehouse() {
    let stock = "location,region,product,on_hand,as_of\nW,,a,200,2024-05-31\nS,north,a,20,2024-05-31\n";
    let found = plan(&folder(PRODUCTS, &[("stock", stock)]), &[]);
    let of = |location: &str| found.iter().find(|r| r["location"] == location).unwrap();
    assert_eq!((number(of("S"), "on_hand"), number(of("W"), "on_hand")), (0.0, 160.0));
    assert_eq!(number(of("W"), "position"), 160.0);
}

#[test]
fn what_a_budget_leaves_out_is_planned_for_the_next_looks() {
    let stock = format!("{STOCK}W,north,a,100,2024-06-30,,\n");
    let home = folder(PRODUCTS, &[("stock", &stock)]);
    let at = home.path().to_str().unwrap();
    let planned = |more: &[&str]| {
        let json = out(&yugu(&[&["stock", at, "--as-of", AS_OF, "--json"], more].concat()).code(0));
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let sum = |column: &str| {
            json["suppliers"].as_array().unwrap().iter().map(|r| r[column].as_f64().unwrap()).sum::<f64>()
        };
        (sum("order"), sum("planned"))
    };
    let ((ordered, later), (cut, then)) = (planned(&[]), planned(&["--budget", "30"]));
    assert_eq!(cut, 5.0);
    assert!(ordered > cut && (ordered + later - cut - then).abs() <= 2.0, "{ordered} {later} {cut} {then}");
}

#[test]
fn a_launch_that_slipped_is_not_ordered() {
    let products = "product,category,supplier,price,cost,lead_time_days,launch,like\n\
        a,x,Works,10,6,30,,\nnew,x,Works,10,6,30,2024-04-01,a\n";
    let stock = "location,region,product,on_hand\nW,north,a,500\n";
    let found = plan(&folder(products, &[("stock", stock)]), &[]);
    assert!(found.iter().all(|r| r["product"] != "new"), "it has no forecast, so there is nothing to buy");
    // Where it is counted, its line says why.
    let counted = folder(products, &[("stock", &format!("{stock}W,north,new,5\n"))]);
    let found = plan(&counted, &[]);
    let new = found.iter().find(|r| r["product"] == "new").unwrap();
    assert_eq!((number(new, "order"), number(new, "short")), (0.0, 0.0));
    assert!(new["reason"].contains("launch of 2024-04 slipped"), "{new:?}");
    // One unit sold in the months since, and it is bought by what it has proved: a month of three.
    let home = folder(products, &[("stock", stock)]);
    let sales = fs::read_to_string(home.path().join("sales.csv")).unwrap();
    fs::write(home.path().join("sales.csv"), sales + "2024-06,north,new,5\n").unwrap();
    let found = plan(&home, &[]);
    let new = found.iter().find(|r| r["product"] == "new").unwrap();
    assert!(number(new, "order") > 0.0 && new["reason"].contains("as the evidence grows"), "{new:?}");
}

#[test]
fn the_lists_for_calls_hold_what_they_should() {
    let products = "product,supplier,price,cost,lead_time_days,retire\na,Works,10,6,30,\nold,Works,10,4,30,2024-08\n";
    let mut sales = String::from("month,region,product,units\n");
    for t in 0..30 {
        let month = format!("{}-{:02}", 2022 + t / 12, t % 12 + 1);
        sales.push_str(&format!("{month},north,a,60\n{month},north,old,10\n"));
    }
    let stock = "location,region,product,on_hand\nW,north,a,20\nW,north,old,100\n";
    let orders = "order_number,supplier,location,product,units,due,confirmed\nP1,Works,W,a,5,2024-06-20,yes\n\
        P2,Works,W,a,5,2024-07-25,yes\nP3,Works,W,a,5,2024-07-01,no\nP4,Works,W,old,30,2024-08-15,yes\n";
    let home = folder(products, &[("stock", stock), ("orders", orders)]);
    fs::write(home.path().join("sales.csv"), sales).unwrap();
    let found = files(&home);
    let chased: Vec<(&str, &str)> =
        found["chase.csv"].iter().map(|r| (r["order_number"].as_str(), r["chased"].as_str())).collect();
    assert_eq!(chased, [("P1", "overdue"), ("P2", "too_late"), ("P3", "unconfirmed")]);
    assert_eq!(found["chase.csv"][0]["days"], "10");
    // Two months sell 20 of the 100 that are there: the 30 on order are not needed, and 110 are left over at 4 each.
    let [cancel] = &found["reschedule.csv"][..] else { panic!("{found:?}") };
    assert_eq!((cancel["order_number"].as_str(), cancel["action"].as_str()), ("P4", "cancel"));
    assert_eq!(number(cancel, "value"), 120.0);
    let [left] = &found["overstock.csv"][..] else { panic!("{found:?}") };
    assert_eq!((left["product"].as_str(), left["retires"].as_str()), ("old", "2024-08"));
    assert!((number(left, "surplus") - 110.0).abs() <= 1.0 && number(left, "value") == 4.0 * number(left, "surplus"));
    // 20 + 5 overdue + 5 on July 1st: 30 of July's 60 are not there until the 25th, when 5 come.
    let [late] = &found["late.csv"][..] else { panic!("{found:?}") };
    let short = number(late, "short");
    assert!((20.0..=30.0).contains(&short), "{late:?}");
    assert_eq!(number(late, "margin"), 4.0 * short);
}

#[test]
fn an_order_that_comes_too_early_is_put_off() {
    let stock = "location,region,product,on_hand\nW,north,a,300\n";
    let orders = "order_number,location,product,units,due\nP1,W,a,40,2024-07-05\n";
    let found = files(&folder(PRODUCTS, &[("stock", stock), ("orders", orders)]));
    let [row] = &found["reschedule.csv"][..] else { panic!("{found:?}") };
    // 300 last five months.
    assert_eq!(row["action"], "put_off");
    assert!(row["needed"].as_str() > "2024-11-15" && row["needed"].as_str() < "2024-12-10", "{row:?}");
}

#[test]
fn every_figure_of_a_name_is_one_figure_and_the_formula_gives_the_need() {
    let dir = tempfile::tempdir().unwrap();
    issued::copy(Path::new("data/gas"), dir.path());
    let outlook = issued::plan(dir.path(), (2014, 7, 10));
    for lang in [Lang::En, Lang::Zh] {
        let view = View::new(&outlook, lang);
        let files: BTreeMap<String, Vec<u8>> = Format::Csv.encode_all(&view.tables()).into_iter().collect();
        let lines = rows(&files["stock.csv"]);
        let mut ordered = Vec::new();
        for row in &lines {
            let of = |column: &str| number(row, column);
            let need = of("bought_for") + of("safety_stock") - of("position");
            assert!(row["buys"] == "no" || (of("raw_need") - need.max(0.0)).abs() < 1e-9, "{row:?}");
            let position = of("echelon_on_hand") + of("echelon_on_order") - of("echelon_owed");
            assert!((position - of("position")).abs() < 1e-9, "{row:?}");
            for whole in ["demand", "bought_for", "safety_stock", "level", "raw_need", "order"] {
                assert_eq!(of(whole).fract(), 0.0, "{whole} of {row:?}");
            }
            if of("order") > 0.0 {
                ordered.push(row.clone());
            }
        }
        assert!(!ordered.is_empty());
        // The workbook: orders and only orders, nine columns; then everything.
        let bytes = workbook::plan(&view, &view.tables(), &[]);
        let book = sheets::read(&bytes);
        let names = if lang == Lang::En { ["Orders", "Stock plan"] } else { ["订货清单", "采购"] };
        for (name, wanted) in names.into_iter().zip([&ordered, &lines]) {
            let sheet = book.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no {name}"));
            let found = sheet.rows("urgency");
            assert_eq!(found.len(), wanted.len(), "{name}");
            for ((_, cells), row) in found.iter().zip(wanted) {
                for (column, cell) in cells.iter().filter(|(column, _)| row.contains_key(*column)) {
                    let same = cell.parse::<f64>().ok().zip(row[column].parse::<f64>().ok());
                    let same = same.map_or(*cell == row[column], |(a, b)| (a - b).abs() < 1e-9);
                    let in_words = word(column, &row[column], lang).is_some_and(|word| word == cell);
                    assert!(same || in_words, "{name} {column}: {cell} is not {}", row[column]);
                }
            }
        }
        // The page.
        let html = String::from_utf8(page::html(&view, "gas")).unwrap();
        let block = read::Page::new(&html).block("stock");
        let on_page = block["lines"].as_array().unwrap();
        assert_eq!(on_page.len(), lines.len());
        for (shown, row) in on_page.iter().zip(&lines) {
            for column in ["on_hand", "echelon_on_hand", "echelon_on_order", "echelon_owed", "bought_for", "order"] {
                assert!((shown[column].as_f64().unwrap() - number(row, column)).abs() < 1e-9, "{column} of {row:?}");
            }
            for column in ["urgency", "need_by"] {
                assert_eq!(shown[column].as_str().unwrap_or(""), row[column]);
            }
        }
        // The terminal: the list, and how each order comes about.
        let text = orders::page(&view, view.stock().unwrap(), "gas", true);
        let shown = |x: f64| yugu::report::table::number(x, 0);
        for row in &ordered {
            let of_product = |line: &&str| line.split_whitespace().any(|w| w == row["product"]);
            let found: Vec<&str> = text.lines().filter(of_product).collect();
            let has = |columns: &[&str]| {
                found.iter().any(|line| {
                    let words: Vec<&str> = line.split_whitespace().collect();
                    let mut at = words.iter();
                    columns.iter().all(|c| at.any(|w| *w == shown(number(row, c))))
                })
            };
            assert!(has(&["on_hand", "order", "value"]), "{row:?} in {found:?}");
            let formula = [
                "bought_for",
                "safety_stock",
                "echelon_on_hand",
                "echelon_on_order",
                "echelon_owed",
                "raw_need",
                "order",
            ];
            assert!(has(&formula), "{row:?} in {found:?}");
        }
        // What stockouts cost adds up as printed.
        let total = if lang == Lang::En { "What stockouts cost" } else { "近 12 个月缺货损失" };
        let lost: Vec<&str> = text.lines().skip_while(|line| !line.contains(total)).skip(3).collect();
        let last = |line: &str, back: usize| {
            line.split_whitespace().rev().nth(back).and_then(|w| w.replace(',', "").parse::<f64>().ok())
        };
        let end = lost.iter().position(|line| line.starts_with("---")).unwrap();
        for back in 0..3 {
            let sum: f64 = lost[..end].iter().filter_map(|line| last(line, back)).sum();
            assert_eq!(Some(sum), last(lost[end + 1], back), "{lost:?}");
        }
    }
}
