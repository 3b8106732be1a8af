//! The stock plan as a purchaser runs it: hand-worked orders, what must hold of any of them, mistakes in the tables, the
//! policy played over the history.

use crate::common::program::{Row, err, number, out, yugu};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

fn rows(csv: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let row = |r: csv::StringRecord| headers.iter().map(str::to_owned).zip(r.iter().map(str::to_owned)).collect();
    reader.records().map(|r| row(r.unwrap())).collect()
}

fn gas() -> Vec<Row> {
    rows(&out(&yugu(&["stock", "data/gas", "--csv"]).code(0)))
}

/// One region, product `a` that sells 60 a month without fail, to the close of June 2024, and what else is given.
fn folder(products: &str, stock: &str, more_sales: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut sales = "month,region,product,units\n".to_owned();
    for t in 0..30 {
        sales.push_str(&format!("{}-{:02},north,a,60\n", 2022 + t / 12, t % 12 + 1));
    }
    write(home.path(), "sales.csv", &(sales + more_sales));
    write(home.path(), "products.csv", products);
    write(home.path(), "stock.csv", stock);
    home
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

fn plan(home: &TempDir, more: &[&str]) -> Vec<Row> {
    let at = home.path().to_str().unwrap();
    rows(&out(&yugu(&[&["stock", at, "--csv", "--as-of", "2024-06-30"], more].concat()).code(0)))
}

const PRODUCTS: &str = "product,supplier,price,cost,lead_time_days,moq,pack,do_not_buy,retire,launch\n";

#[test]
fn an_order_worked_by_hand() {
    let products = format!("{PRODUCTS}a,Works,10,6,30,100,12,,,\n");
    let stock = "location,region,product,on_hand,on_order,due,backorders\nW,north,a,20,10,2024-07-05,3\n";
    let found = plan(&folder(&products, stock, ""), &[]);
    let [row] = &found[..] else { panic!("{found:?}") };
    // 30 days of lead and 30 to the next look: July and August to the 29th, 21 of its 22 working days.
    let demand: f64 = 60.0 + 60.0 * 21.0 / 22.0;
    assert!((number(row, "demand") - demand).abs() < 0.5, "{row:?}");
    assert_eq!(number(row, "position"), 27.0);
    let raw = number(row, "raw_need");
    assert!((raw - (number(row, "demand") + number(row, "safety_stock") - 27.0)).abs() < 1e-6, "{row:?}");
    assert!((90.0..96.0).contains(&raw), "sales without error need next to no safety stock: {row:?}");
    // 8 packs of 12 are 96, the smallest order of 100 is 9 packs.
    assert_eq!((number(row, "order"), number(row, "value")), (108.0, 648.0));
    assert!((number(row, "excess") - (108.0 - raw)).abs() < 1e-9);
    // 17 and the 10 of the 5th last until the 12th or 15th: before the goods can be there, so order today.
    assert_eq!((row["order_by"].as_str(), row["arrives"].as_str()), ("2024-06-30", "2024-07-30"));
    assert!(["2024-07-11", "2024-07-12", "2024-07-15"].contains(&row["runs_out"].as_str()), "{row:?}");
    // July ends with nothing but what came on the 30th less two days' sales.
    assert!((number(row, "stock_end_1") - (27.0 + 108.0 - 60.0)).abs() < 1.0, "{row:?}");
}

#[test]
fn later_purchases_are_what_sales_as_forecast_will_ask_for() {
    let products = format!("{PRODUCTS}a,Works,10,6,30,,5,,,\n");
    let home = folder(&products, "location,region,product,on_hand\nW,north,a,30\n", "");
    let at = home.path().to_str().unwrap();
    let text = out(&yugu(&["stock", at, "--json", "--as-of", "2024-06-30"]).code(0));
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let months = found["suppliers"].as_array().unwrap();
    let of = |month: &str, what: &str| months.iter().find(|r| r["month"] == month).unwrap()[what].as_f64().unwrap();
    // Ordered today, on July 30 and on August 29, each there 30 days later: July, then August, then September.
    let today = of("2024-07", "order");
    assert!(today % 5.0 == 0.0 && (90.0..=95.0).contains(&today), "60 days of 60 a month less 30: {text}");
    // From then on a month's sales each, in packs of 5; 21 or 22 working days of July's 23 lie before the 30th.
    let [first, second] = ["2024-08", "2024-09"].map(|m| of(m, "planned"));
    assert!([first, second].iter().all(|x| x % 5.0 == 0.0 && (x - 60.0).abs() <= 5.0), "{text}");
    assert!((today + first + second + 30.0 - 4.0 * 60.0).abs() <= 8.0, "four months of sales: {text}");
}

#[test]
fn goods_on_order_are_counted_once_and_more_stock_never_orders_more() {
    let products = format!("{PRODUCTS}a,Works,10,6,30,,1,,,\n");
    let order = |on_hand: f64, on_order: f64| {
        let stock =
            format!("location,region,product,on_hand,on_order,due\nW,north,a,{on_hand},{on_order},2024-07-05\n");
        number(&plan(&folder(&products, &stock, ""), &[])[0], "order")
    };
    let (none, hand, both) = (order(0.0, 0.0), order(40.0, 0.0), order(40.0, 30.0));
    assert_eq!((none - hand, hand - both), (40.0, 30.0));
    assert_eq!(order(500.0, 0.0), 0.0);
}

#[test]
fn overdue_goods_and_negative_stock_are_warned_about_and_counted() {
    let products = format!("{PRODUCTS}a,Works,10,6,30,,1,,,\n");
    let stock = "location,region,product,on_hand,as_of,on_order,due\nW,north,a,-5,2024-06-30,8,2024-06-01\n";
    let home = folder(&products, stock, "");
    let row = &plan(&home, &[])[0];
    assert_eq!(["on_hand", "owed", "overdue", "position"].map(|c| number(row, c)), [0.0, 5.0, 8.0, 3.0]);
    let check = err(&yugu(&["check", home.path().to_str().unwrap()]).code(0));
    assert!(
        check.contains("stock.csv:2:11: warning: -5 is negative; taken as 0 in stock, the rest as owed"),
        "{check}"
    );
    assert!(check.contains("stock.csv:2:27: warning: an order due 2024-06-01 has not come"), "{check}");
}

#[test]
fn what_may_not_be_bought_is_not() {
    let more =
        "2024-06,north,gone,5\n2024-06,north,last,40\n2024-06,north,late,40\n2024-06,north,no,40\n2024-06,north,p,9\n";
    let sales: String = (1..=6).map(|m| more.replace("2024-06", &format!("2024-{m:02}"))).collect();
    let products = "product,kind,supplier,price,cost,lead_time_days,moq,pack,do_not_buy,retire\n\
        a,goods,Works,10,6,30,,1,,\ngone,goods,Works,10,6,5,,1,,2024-06\nlast,goods,Works,10,6,5,,4,,2024-07\n\
        late,goods,Works,10,6,60,,1,,2024-07\nno,goods,Works,10,6,5,,1,yes,\np,policy,,10,6,5,,1,,\n";
    let mut stock = "location,region,product,on_hand\n".to_owned();
    ["a", "gone", "last", "late", "no", "p"].iter().for_each(|p| stock.push_str(&format!("W,north,{p},2\n")));
    let home = folder(products, &stock, &sales);
    let found = plan(&home, &[]);
    let of = |product: &str| found.iter().find(|r| r["product"] == product);
    for (product, why) in [("gone", "left the range"), ("late", "after its last month"), ("no", "not to be bought")] {
        let row = of(product).unwrap();
        assert_eq!(number(row, "order"), 0.0, "{row:?}");
        assert!(row["reason"].contains(why), "{row:?}");
    }
    assert!(of("p").is_none(), "policies are never stocked");
    assert!(err(&yugu(&["check", home.path().to_str().unwrap()])).contains("never stocked"));
    // The last order: whole packs, no more than what July will sell at its critical ratio, 4 / (4 + 6).
    let last = of("last").unwrap();
    let order = number(last, "order");
    assert!(last["reason"].contains("last buy") && order > 0.0 && order % 4.0 == 0.0, "{last:?}");
    assert!(order + number(last, "position") <= number(last, "level"), "{last:?}");
    assert!(number(last, "level") <= 60.0, "{last:?}");
}

#[test]
fn a_new_product_is_bought_cautiously_at_first() {
    let products = "product,category,supplier,price,cost,lead_time_days,pack,launch,like\n\
        a,x,Works,10,6,30,1,,\nnew,x,Works,10,6,30,1,2024-07,a\n";
    let found = plan(&folder(products, "location,region,product,on_hand\nW,north,a,500\n", ""), &[]);
    let new = found.iter().find(|r| r["product"] == "new").expect("carried where its group is");
    assert!(number(new, "demand") > 1.0, "{new:?}");
    // Half of what is expected, and the part of a unit that makes the order whole.
    assert!((number(new, "bought_for") - number(new, "demand") / 2.0).abs() <= 1.0, "{new:?}");
    assert_eq!(number(new, "order"), number(new, "bought_for") + number(new, "safety_stock"), "{new:?}");
    assert!(number(new, "safety_stock") <= 1.0, "{new:?}");
    assert!(new["reason"].contains("first buy, 50%"), "{new:?}");
}

#[test]
fn what_one_shop_has_too_much_of_moves_before_anything_is_bought() {
    let more: String = (0..30).map(|t| format!("{}-{:02},south,a,60\n", 2022 + t / 12, t % 12 + 1)).collect();
    let products = format!("{PRODUCTS}a,Works,10,6,30,,10,,,\n");
    let stock = "location,region,product,on_hand\nN,north,a,20\nS,south,a,400\n";
    let found = plan(&folder(&products, stock, &more), &[]);
    let [north, south] = ["N", "S"].map(|l| found.iter().find(|r| r["location"] == l).unwrap());
    assert_eq!((number(north, "order"), number(south, "order")), (0.0, 0.0), "{found:?}");
    let moved = number(north, "transfer_in");
    assert!(moved >= number(north, "raw_need") && moved < number(north, "raw_need") + 10.0, "{north:?}");
    assert_eq!(number(south, "transfer_out"), moved);
    assert!(number(south, "on_hand") - moved >= number(south, "level"), "nobody gives what it needs: {south:?}");
}

#[test]
fn orders_of_the_city_gas_company_hold() {
    let found = gas();
    assert!(found.iter().any(|r| number(r, "order") > 0.0));
    let mut positions: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for row in &found {
        let (order, pack, moq) = (number(row, "order"), number(row, "pack"), number(row, "moq"));
        assert!(order == 0.0 || (order % pack == 0.0 && order >= moq), "{row:?}");
        let transfer = number(row, "transfer_in");
        assert!(transfer >= 0.0 && transfer % pack == 0.0, "{row:?}");
        assert!(!row["product"].starts_with("INS") && row["product"] != "SV-INST", "{row:?}");
        assert!(row["buys"] == "yes" || order == 0.0, "{row:?}");
        let own = number(row, "on_hand") + number(row, "on_order") - number(row, "owed");
        let sums = positions.entry(&row["product"]).or_default();
        sums[0] += own;
        sums[1] += if row["buys"] == "yes" { number(row, "position") } else { 0.0 };
        // WH-08L leaves after July, before anything ordered could come.
        assert!(row["product"] != "WH-08L" || order == 0.0, "{row:?}");
    }
    // The warehouse buys for all, and everything is counted once.
    for (product, [sum, position]) in positions {
        assert!((sum - position).abs() < 1e-9, "{product}: {sum} {position}");
    }
}

#[test]
fn files_add_up_by_supplier_and_plan_writes_them() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("plan");
    yugu(&["plan", "data/gas", "--out", at.to_str().unwrap()]).code(0);
    let read = |name: &str| rows(&fs::read_to_string(at.join(name)).unwrap());
    let mut orders: BTreeMap<String, f64> = BTreeMap::new();
    for row in read("stock.csv") {
        *orders.entry(row["supplier"].clone()).or_default() += number(&row, "order");
    }
    for row in read("suppliers.csv") {
        *orders.get_mut(&row["supplier"]).unwrap() -= number(&row, "order");
    }
    assert!(orders.values().all(|left| *left == 0.0), "{orders:?}");
    let out_of: f64 = read("stock.csv").iter().map(|r| number(r, "transfer_out")).sum();
    let moved: f64 = read("transfers.csv").iter().map(|r| number(r, "units")).sum();
    assert_eq!(out_of, moved);
    let lost = read("lost.csv");
    assert!(lost.iter().any(|r| number(r, "lost") > 0.0 && number(r, "margin") > 0.0));
    // A run on a day before the count has none of them.
    let before = dir.path().join("before");
    yugu(&["plan", "data/gas", "--as-of", "2014-06-30", "--out", before.to_str().unwrap()]).code(0);
    assert!(!before.join("stock.csv").exists());
    assert!(err(&yugu(&["stock", "data/gas", "--as-of", "2014-06-30"]).code(2)).contains("no count of stock"));
}

#[test]
fn a_budget_is_kept_and_what_it_leaves_out_is_said() {
    let page = out(&yugu(&["--lang", "en", "stock", "data/gas", "--budget", "50000"]).code(0));
    assert!(page.contains("budget 50,000") && page.contains("cut or left out"), "{page}");
    let found = rows(&out(&yugu(&["stock", "data/gas", "--budget", "50000", "--csv"]).code(0)));
    let spent: f64 = found.iter().filter(|r| number(r, "order") > 0.0).map(|r| number(r, "value")).sum();
    assert!(spent <= 50_000.0 && spent > 0.0, "{spent}");
    for row in &found {
        let order = number(row, "order");
        assert!(order == 0.0 || (order % number(row, "pack") == 0.0 && order >= number(row, "moq")), "{row:?}");
    }
    // A budget for everything changes nothing.
    let all = rows(&out(&yugu(&["stock", "data/gas", "--budget", "100000000", "--csv"]).code(0)));
    assert_eq!(all, gas());
}

#[test]
fn mistakes_are_named_at_their_line() {
    let products = "product,lead_time_days,pack,service_level,service_by\na,3650,1,0.9,cycle\nb,30,0,1.5,often\n";
    let stock = "location,region,product,on_hand\nW,nowhere,a,5\nW,north,zz,5\nV,north,a,1\n";
    let home = folder(products, stock, "2024-06,north,b,5\n");
    let said = err(&yugu(&["--lang", "en", "stock", home.path().to_str().unwrap()]).code(1));
    for place in [
        "products.csv:2:3: error",
        "products.csv:3:6: error",
        "products.csv:3:8: error",
        "products.csv:3:12: error",
        "stock.csv:2:3: error",
        "stock.csv:3:9: error",
    ] {
        assert!(said.contains(place), "{place} in {said}");
    }
}

#[test]
fn issued_forecasts_come_first() {
    let products = format!("{PRODUCTS}a,Works,10,6,10,,1,,,\n");
    let home = folder(&products, "location,region,product,on_hand\nW,north,a,5\n", "");
    let at = home.path().to_str().unwrap();
    assert_eq!(plan(&home, &[])[0]["errors"], "backtest");
    for month in ["2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"] {
        yugu(&["plan", at, "--as-of", month]).code(0);
        yugu(&["issue", at, "--as-of", month]).code(0);
    }
    assert_eq!(plan(&home, &[])[0]["errors"], "ledger");
}

#[test]
fn the_policy_reaches_the_service_asked_for_with_less_stock_than_plain_ones() {
    let text = out(&yugu(&["stock", "data/gas", "--as-of", "2014-06-30", "--simulate", "--json"]).code(0));
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let of = |i: usize, span: &str, what: &str| found["policies"][i][span][what].as_f64().unwrap();
    assert!((of(0, "whole", "cycle_service") - 0.95).abs() <= 0.02, "{text}");
    for span in ["first", "second", "whole"] {
        let better = of(1, span, "average_stock").min(of(2, span, "average_stock"));
        assert!(of(0, span, "average_stock") <= 0.9 * better, "{span}: {text}");
    }
    let page = out(&yugu(&["--lang", "zh", "stock", "data/gas", "--as-of", "2014-06-30", "--simulate"]).code(0));
    assert!(page.contains("不缺货率"), "{page}");
}

#[test]
fn where_customers_wait_levels_cover_what_they_are_asked_to_cover() {
    let home = tempfile::tempdir().unwrap();
    for entry in fs::read_dir("data/gas").unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, home.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    let settings = fs::read_to_string("data/gas/yugu.toml").unwrap();
    assert!(!settings.contains("[stock]"), "the test adds it");
    let at = home.path().to_str().unwrap();
    let reached = |short: &str| {
        write(home.path(), "yugu.toml", &format!("{settings}\n[stock]\nshort = \"{short}\"\n"));
        let text = out(&yugu(&["stock", at, "--as-of", "2014-06-30", "--simulate", "--json"]).code(0));
        let found: serde_json::Value = serde_json::from_str(&text).unwrap();
        ["levels_held", "average_stock"].map(|what| found["policies"][0]["whole"][what].as_f64().unwrap())
    };
    let (owed, lost) = (reached("owed"), reached("lost"));
    assert!((owed[0] - 0.95).abs() <= 0.02, "{owed:?}");
    assert!(owed[0] > lost[0] && owed[1] > lost[1], "{owed:?} {lost:?}");
}

/// Level and safety stock of a product that sells 60 a month without fail.
fn level(products: &str, settings: &str) -> Row {
    let home = folder(products, "location,region,product,on_hand\nW,north,a,0\n", "");
    write(home.path(), "yugu.toml", settings);
    plan(&home, &[]).remove(0)
}

#[test]
fn uncertain_lead_times_and_cover_add_what_the_formula_says() {
    let plain = "product,cost,price,lead_time_days\na,6,10,30\n";
    // July and August to the 29th, 21 of its 22 working days; as written it is whole.
    let demand: f64 = 60.0 + 60.0 * 21.0 / 22.0;
    assert_eq!(number(&level(plain, ""), "demand"), demand.round());
    // Nothing is uncertain but the lead time: k x its deviation x demand a day of the protection interval's 60.
    let late = level("product,cost,price,lead_time_days,lead_time_sd_days\na,6,10,30,10\n", "");
    assert_eq!(number(&late, "level"), (demand + 1.644_853_627 * 10.0 * demand / 60.0).ceil(), "{late:?}");
    let covered = level(plain, "[stock]\ncover_days = 20\n");
    assert_eq!(number(&covered, "level"), (demand + 20.0 * demand / 60.0 - 1e-9).ceil(), "{covered:?}");
    let least = level("product,cost,price,lead_time_days,min_stock\na,6,10,30,50\n", "");
    assert_eq!(number(&least, "level"), (demand + 50.0).ceil(), "{least:?}");
}

#[test]
fn service_by_cost_is_the_critical_ratio_and_by_fill_needs_less_than_by_cycle() {
    let by = |word: &str| {
        let products = format!("product,cost,price,lead_time_days,service_level,service_by\na,6,10,30,0.95,{word}\n");
        // A second product in the same region sells by ones and twos: its errors are what levels rest on.
        let mut more = String::new();
        for t in 0..30 {
            let units = [55, 71, 48, 66, 60, 52, 69, 61, 44, 75][t * 7 % 10];
            more.push_str(&format!("{}-{:02},south,a,{units}\n", 2022 + t / 12, t % 12 + 1));
        }
        let home = folder(&products, "location,region,product,on_hand\nS,south,a,0\n", &more);
        plan(&home, &[]).remove(0)
    };
    let (cycle, fill, cost) = (by("cycle"), by("fill"), by("cost"));
    assert!(number(&cycle, "safety_stock") > number(&fill, "safety_stock"), "{cycle:?} {fill:?}");
    // A missing unit loses 4; one too many costs a quarter of 6 a year, a month long (30 of 365 days).
    let holding: f64 = 6.0 * 0.25 * 30.0 / 365.0;
    assert!((number(&cost, "service") - 4.0 / (4.0 + holding)).abs() < 1e-3, "{cost:?}");
    assert_eq!((cost["service_by"].as_str(), fill["service_by"].as_str()), ("cost", "fill"));
}
