//! Terms of suppliers, by hand: price breaks, containers, smallest orders, freight, order days, currencies, shelf lives; and
//! the papers that leave the house.

use crate::common::program::{Row, number, rows, yugu};
use std::collections::BTreeMap;
use std::fs;

use tempfile::TempDir;

use crate::common::sheets;

/// Products a, b and c that sell 60, 30 and 20 a month without fail to the close of June 2024, a Sunday, with what is on
/// hand of each.
fn folder(products: &str, on_hand: [u32; 3], suppliers: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let (mut sales, mut stock) =
        ("month,region,product,units\n".to_owned(), "location,region,product,on_hand\n".to_owned());
    for (product, units, there) in [("a", 60, on_hand[0]), ("b", 30, on_hand[1]), ("c", 20, on_hand[2])] {
        for t in 0..30 {
            sales.push_str(&format!("{}-{:02},north,{product},{units}\n", 2022 + t / 12, t % 12 + 1));
        }
        stock.push_str(&format!("W,north,{product},{there}\n"));
    }
    for (name, text) in [("sales", sales.as_str()), ("products", products), ("stock", &stock), ("suppliers", suppliers)]
    {
        if !text.is_empty() {
            fs::write(home.path().join(format!("{name}.csv")), text).unwrap();
        }
    }
    home
}

fn plan(home: &TempDir, more: &[&str]) -> BTreeMap<String, Row> {
    let at = home.path().to_str().unwrap();
    let made = yugu(&[&["--lang", "en", "stock", at, "--csv", "--as-of", "2024-06-30"], more].concat()).code(0);
    rows(&made.get_output().stdout).into_iter().map(|row| (row["product"].clone(), row)).collect()
}

fn order(plan: &BTreeMap<String, Row>, product: &str) -> f64 {
    number(&plan[product], "order")
}

const PRODUCTS: &str = "product,supplier,price,cost,lead_time_days,pack,load\n\
    a,Works,10,6,30,1,0.5\nb,Works,20,12,30,1,1\nc,Works,30,18,30,1,2\n";

/// The same with 40 units of each to lie on the shelf: less of that is no hurry.
fn calm() -> String {
    let line = |line: &str| format!("{line},{}\n", if line.starts_with("product") { "min_stock" } else { "40" });
    PRODUCTS.lines().map(line).collect()
}

#[test]
fn without_terms_a_row_changes_nothing() {
    let plain = plan(&folder(PRODUCTS, [50, 50, 50], ""), &[]);
    assert_eq!(plain, plan(&folder(PRODUCTS, [50, 50, 50], "supplier,currency\nWorks,CNY\n"), &[]));
}

#[test]
fn a_price_break_is_taken_where_it_saves_more_than_it_costs_to_hold() {
    // A year's holding is a quarter of the price, a look every 30 days, 60 sold a month.
    let on_hand = [50, 500, 500];
    let wanted = order(&plan(&folder(PRODUCTS, on_hand, ""), &[]), "a");
    assert!((60.0..=80.0).contains(&wanted), "{wanted}");
    let with = |from: f64, price: f64| {
        let suppliers = format!("supplier,product,from_units,price\nWorks,a,{from},{price}\n");
        plan(&folder(PRODUCTS, on_hand, &suppliers), &[])
    };
    // 60 more are held 30 days longer or so, 60 x 5.7 x .25 / 365 x 30 = 7; 130 x .3 = 39 are saved.
    let taken = with(130.0, 5.7);
    assert_eq!(order(&taken, "a"), 130.0);
    assert!(taken["a"]["reason"].contains("a price break"), "{taken:?}");
    assert!((number(&taken["a"], "value") - 130.0 * 5.7).abs() < 1e-9);
    // 2,000 last 33 months: 1,930 x 5.9 x .25 / 365 x 15 + 1,930 / 4 days = 3,900; 2,000 x .1 = 200 are saved.
    assert_eq!(order(&with(2000.0, 5.9), "a"), wanted);
    // One that is reached anyway is a price.
    assert!((number(&with(10.0, 5.0)["a"], "value") - wanted * 5.0).abs() < 1e-9);
}

#[test]
fn a_container_of_three_products_is_filled_up() {
    let on_hand = [50, 40, 20];
    let plain = plan(&folder(PRODUCTS, on_hand, ""), &[]);
    let load = |plan: &BTreeMap<String, Row>| 0.5 * order(plan, "a") + order(plan, "b") + 2.0 * order(plan, "c");
    // About 70 of a, 20 of b and 20 of c: 35 + 20 + 40 = 95 of 120.
    assert!((80.0..115.0).contains(&load(&plain)), "{plain:?}");
    let full = plan(&folder(PRODUCTS, on_hand, "supplier,container\nWorks,120\n"), &[]);
    assert!(load(&full) > 119.0 && load(&full) <= 120.0, "{full:?}");
    // Nothing is taken away from what is needed, and what is added lasts equally long: cover in days differs by a unit.
    let cover = |product: &str, a_month: f64| {
        assert!(order(&full, product) >= order(&plain, product));
        (number(&full[product], "position") + order(&full, product)) / a_month
    };
    let covers = [cover("a", 60.0), cover("b", 30.0), cover("c", 20.0)];
    let raised: Vec<f64> = ["a", "b", "c"]
        .into_iter()
        .zip(covers)
        .filter(|(p, _)| order(&full, p) > order(&plain, p))
        .map(|(_, cover)| cover)
        .collect();
    assert!(raised.iter().all(|x| raised.iter().all(|y| (x - y).abs() <= 0.1)), "{covers:?}");
    // Where nothing hurries (40 of each are to lie on the shelf beyond the interval's 117, 59 and 39) the part of a
    // container waits: 37 of each are 18.5 + 37 + 74 = 129.5.
    let easy = |container: u32| {
        let terms = format!("supplier,container\nWorks,{container}\n");
        plan(&folder(&calm(), [120, 62, 42], &terms), &[])
    };
    let held = easy(200);
    assert!(held.values().all(|row| number(row, "order") == 0.0), "{held:?}");
    assert!(held["a"]["reason"].contains("wait for the next order"), "{held:?}");
    let lowered = easy(120);
    assert!(load(&lowered) > 117.0 && load(&lowered) <= 120.0, "{lowered:?}");
}

#[test]
fn the_smallest_order_value_is_filled_up_where_it_hurries_and_else_waits() {
    let terms = "supplier,min_order_value\nWorks,2000\n";
    let value = |plan: &BTreeMap<String, Row>| plan.values().map(|row| number(row, "value")).sum::<f64>();
    let plain = value(&plan(&folder(PRODUCTS, [50, 500, 500], ""), &[]));
    assert!(plain < 600.0, "{plain}");
    let filled = plan(&folder(PRODUCTS, [50, 500, 500], terms), &[]);
    // The last pack passes the limit: at most 18 more.
    assert!((2000.0..2018.0).contains(&value(&filled)), "{filled:?}");
    let waits = plan(&folder(&calm(), [120, 500, 500], terms), &[]);
    assert_eq!(value(&waits), 0.0);
    assert!(waits["a"]["reason"].contains("smallest order value"), "{waits:?}");
}

#[test]
fn freight_is_saved_where_holding_costs_less() {
    let value = |freight: u32| {
        let terms = format!("supplier,free_freight,freight\nWorks,600,{freight}\n");
        let found = plan(&folder(PRODUCTS, [50, 500, 500], &terms), &[]);
        found.values().map(|row| number(row, "value")).sum::<f64>()
    };
    // About 180 more to 600, held 30 days: 180 x .25 / 365 x 30 = 3.7.
    assert!((600.0..606.0).contains(&value(20)) && value(1) < 600.0, "{} {}", value(20), value(1));
}

#[test]
fn an_order_day_missed_waits_for_the_next() {
    // The 30th of June 2024 is a Sunday: an order on Saturdays goes out on the 6th of July and arrives on the 5th of
    // August; the first Saturday a look later or after is the 3rd of August, 34 days from now, and what is ordered then
    // arrives 30 days later.
    let of = |terms: &str| plan(&folder(PRODUCTS, [20, 500, 500], terms), &[])["a"].clone();
    let (any, missed) = (of(""), of("supplier,order_days\nWorks,6\n"));
    assert_eq!((any["arrives"].as_str(), any["interval_days"].as_str()), ("2024-07-30", "60"));
    assert_eq!((missed["arrives"].as_str(), missed["interval_days"].as_str()), ("2024-08-05", "64"));
    assert!(number(&missed, "order") > number(&any, "order"));
    // Week 26 ends on that Sunday: even weeks begin again on the 8th of July, odd ones tomorrow.
    assert_eq!(of("supplier,order_weeks\nWorks,even\n")["arrives"], "2024-07-30");
    assert_eq!(of("supplier,order_weeks\nWorks,odd\n")["arrives"], "2024-07-31");
}

#[test]
fn nothing_is_bought_that_does_not_keep() {
    let products = "product,supplier,price,cost,lead_time_days,pack,shelf_life_days\na,Works,10,6,30,1,10\n\
        b,Works,10,6,30,1,\nc,Works,10,6,30,1,\n";
    let found = plan(&folder(products, [0, 500, 500], ""), &[]);
    // What arrives on the 30th of July keeps until the 9th of August: 60 in July, 7 of August's 22 working days.
    assert!((number(&found["a"], "order") - 79.0).abs() <= 1.0, "{found:?}");
    assert!(found["a"]["reason"].contains("shelf life"), "{found:?}");
}

#[test]
fn a_budget_buys_what_saves_most_margin_with_the_terms_kept() {
    // A unit of a saves 4 for 6, one of b 8 for 12, one of c 12 for 18: alike; c is made to save more.
    let products = PRODUCTS.replace("c,Works,30,18", "c,Other,90,18");
    let home = folder(&products, [0, 0, 0], "");
    let found = plan(&home, &["--budget", "300"]);
    assert!(order(&found, "c") >= 10.0 && number(&found["c"], "value") <= 300.0, "{found:?}");
    // Works takes nothing under 1,500: with 1,000 nothing of it is bought.
    let home = folder(&products, [0, 0, 0], "supplier,min_order_value\nWorks,1500\n");
    let found = plan(&home, &["--budget", "1000"]);
    assert_eq!((order(&found, "a"), order(&found, "b")), (0.0, 0.0));
    assert!(order(&found, "c") > 0.0, "{found:?}");
}

#[test]
fn mistakes_in_terms_are_named() {
    let terms = "supplier,product,from_units,price,order_days,order_weeks,currency\nWorks,,,,8,,\nWork,,,,,,\n\
        Other,,,,,,USD\nWorks,a,0,5,,,\nMore,,,,;,;,\nRated,,,,,,\n";
    let terms: String = terms
        .lines()
        .map(|l| {
            format!(
                "{l},{}\n",
                match l.split(',').next() {
                    Some("supplier") => "rate",
                    Some("Rated") => "7.2",
                    _ => "",
                }
            )
        })
        .collect();
    let terms = terms.as_str();
    let products = format!("{PRODUCTS}d,Other,1,1,30,1,\ne,More,1,1,30,1,\nf,Rated,1,1,30,1,\n");
    let home = folder(&products, [0, 0, 0], terms);
    fs::write(home.path().join("stock.csv"), "location,region,product,on_hand\nW,north,a,1\n").unwrap();
    let said = yugu(&["--lang", "en", "stock", home.path().to_str().unwrap()]).code(1);
    let said = String::from_utf8(said.get_output().stderr.clone()).unwrap();
    for place in ["suppliers.csv:2:", "suppliers.csv:4:", "suppliers.csv:5:"] {
        assert!(said.contains(place), "{place} in {said}");
    }
    // Lists without anything in them, and a rate of nobody knows what.
    for (at, way_out) in [("6:9", "write 1;4"), ("6:11", "odd, even or 2;6;10"), ("7:13", "give currency")] {
        let told = |line: &str| line.contains(&format!("suppliers.csv:{at}: error")) && line.contains(way_out);
        assert!(said.lines().any(told), "{at} in {said}");
    }
    assert!(said.contains("nearest is 'Works'"), "{said}");
}

#[test]
fn each_supplier_gets_a_workbook_and_a_file_for_its_erp() {
    let products = PRODUCTS.replace("c,Works", "c,Other/1");
    let home = folder(&products, [0, 0, 0], "supplier,currency,rate\nOther/1,USD,7.2\n");
    let made = home.path().join("made");
    let (at, to) = (home.path().to_str().unwrap(), made.to_str().unwrap());
    yugu(&["stock", at, "--as-of", "2024-06-30", "--out", to]).code(0);
    let list = rows(&fs::read(made.join("stock.csv")).unwrap());
    let mut lines = 0;
    for (stem, currency, rate) in [("Works", "CNY", 1.0), ("Other_1", "USD", 7.2)] {
        let sent = rows(&fs::read(made.join(format!("purchase/{stem}.csv"))).unwrap());
        let book = sheets::read(&fs::read(made.join(format!("purchase/{stem}.xlsx"))).unwrap());
        let on_sheet = book[0].rows("order_number");
        for (i, row) in sent.iter().enumerate() {
            let line = list.iter().find(|line| line["product"] == row["product"]).unwrap();
            assert_eq!((number(row, "units"), row["currency"].as_str()), (number(line, "order"), currency));
            assert!((number(row, "value") * rate - number(line, "value")).abs() < 1e-6, "{row:?}");
            assert!((number(row, "price") * number(row, "units") - number(row, "value")).abs() < 1e-6, "{row:?}");
            assert_eq!((row["delivery_date"].as_str(), row["location"].as_str()), ("2024-07-30", "W"));
            for column in ["units", "price", "value", "packs"] {
                assert!((number(&on_sheet[i].1, column) - number(row, column)).abs() < 1e-9, "{column} of {row:?}");
            }
            lines += 1;
        }
        let titles: Vec<String> = book[0].cells.values().map(|cell| sheets::text(Some(cell))).collect();
        assert!(titles.iter().any(|t| t.contains("Deliver to") && t.contains("交货地点")), "{titles:?}");
    }
    assert_eq!(lines, 3);
}

/// The numbers with which the clauses of a text begin, each with its clause.
fn numbers(text: &str) -> Vec<(f64, String)> {
    let clauses = text.split("; ").filter_map(|clause| {
        let from = clause.trim_start_matches("budget: ").trim_start_matches('+');
        let digits: String = from.chars().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
        Some((digits.replace(',', "").parse().ok()?, clause.to_owned()))
    });
    clauses.collect()
}

#[test]
fn what_is_said_of_an_order_adds_up_to_it() {
    let products = PRODUCTS.replace("a,Works,10,6,30,1,0.5", "a,Works,10,6,30,7,0.5");
    let price = "supplier,product,from_units,price,container\nWorks,a,130,5.5,\n";
    let loaded = format!("{price}Works,,,,250\n");
    for (terms, budget, twice) in
        [(loaded.as_str(), &[][..], "a whole container"), (price, &["--budget", "1000"], "left out")]
    {
        let found = plan(&folder(&products, [50, 40, 20], terms), budget);
        let mut changed = 0;
        for row in found.values() {
            let signed = |(units, clause): (f64, String)| if clause.starts_with('+') { units } else { -units };
            let said: f64 = numbers(&row["reason"]).into_iter().map(signed).sum();
            assert_eq!(number(row, "raw_need") + said, number(row, "order"), "{row:?}");
            changed += usize::from(said != 0.0);
        }
        let a = &found["a"]["reason"];
        assert!(
            changed > 0 && a.contains("a price break") && a.contains(twice) && a.contains("by rounding"),
            "{found:?}"
        );
    }
}

#[test]
fn only_what_may_be_bought_and_will_be_sold_is_filled_up() {
    // Something hurries, and the order is far below the smallest value: what is new has enough, what leaves after August
    // sells 40 until then, what is marked is marked, and what keeps for two months from its arrival sells 180 until then.
    let products = "product,supplier,price,cost,lead_time_days,pack,launch,like,retire,do_not_buy,shelf_life_days\n\
        a,Works,10,6,30,1,,,,,60\nb,Works,20,12,30,1,,,2024-08,,\nc,Works,30,18,30,1,,,,yes,\n\
        new,Works,30,18,30,1,2024-05-01,c,,,\n";
    let of = |least: u32| {
        let home = folder(products, [50, 70, 70], &format!("supplier,min_order_value\nWorks,{least}\n"));
        let at = home.path();
        let new: String = (5..=6).map(|m| format!("2024-{m:02},north,new,20\n")).collect();
        fs::write(at.join("sales.csv"), fs::read_to_string(at.join("sales.csv")).unwrap() + &new).unwrap();
        let stock = fs::read_to_string(at.join("stock.csv")).unwrap() + "W,north,new,90\n";
        fs::write(at.join("stock.csv"), stock).unwrap();
        plan(&home, &[])
    };
    let filled = of(700);
    assert!(order(&filled, "a") * 6.0 >= 700.0, "{filled:?}");
    for (product, most) in [("b", 0.0), ("c", 0.0), ("new", 0.0)] {
        assert_eq!(order(&filled, product), most, "{filled:?}");
    }
    // 130 or so of a are all that keeps: no smallest value of 2,000 is reached with them, and they stay as needed.
    let missed = of(2000);
    assert_eq!(order(&missed, "a"), order(&of(0), "a"), "{missed:?}");
    assert!(missed["a"]["reason"].contains("is not reached, even filled up"), "{missed:?}");
}

#[test]
fn terms_are_kept_together() {
    let load = |plan: &BTreeMap<String, Row>| 0.5 * order(plan, "a") + order(plan, "b") + 2.0 * order(plan, "c");
    let value = |plan: &BTreeMap<String, Row>| plan.values().map(|row| number(row, "value")).sum::<f64>();
    let on_hand = [50, 40, 20];
    // What is filled up for its value goes on to a whole container.
    let one = plan(&folder(PRODUCTS, on_hand, "supplier,container\nWorks,120\n"), &[]);
    let limit = value(&one) + 100.0;
    for terms in
        [format!("min_order_value\nWorks,120,{limit},"), format!("free_freight,freight\nWorks,120,{limit},900")]
    {
        let both = plan(&folder(PRODUCTS, on_hand, &format!("supplier,container,{terms}\n")), &[]);
        assert!(value(&both) >= limit && load(&both) > 239.0 && load(&both) <= 240.0, "{both:?}");
    }
    // Freight that cannot be made free is no reason to buy more: nothing keeps so long.
    let products = PRODUCTS.replace("pack,load", "pack,load,shelf_life_days").replace(",30,1,0.5", ",30,1,0.5,60");
    let products = products.replace(",30,1,1", ",30,1,1,60").replace(",30,1,2", ",30,1,2,60");
    let plain = plan(&folder(&products, on_hand, ""), &[]);
    let terms = "supplier,free_freight,freight\nWorks,50000,100000\n";
    assert_eq!(plain, plan(&folder(&products, on_hand, terms), &[]));
    // A price break that a container does not let through is none: what it had added goes as well.
    let a =
        &folder(&calm(), [120, 62, 42], "supplier,product,from_units,price,container\nWorks,a,45,5,\nWorks,,,,120\n");
    let lost = &plan(a, &[])["a"];
    let kept = number(lost, "order") >= 45.0;
    assert_eq!(kept, lost["reason"].contains("a price break"), "{lost:?}");
}

#[test]
fn days_between_orders_are_those_of_the_supplier() {
    // Weeks 27 and 36 begin on the 1st of July and the 2nd of September: an order tomorrow, there on the 31st of July, and
    // one 63 days later. 150 last into the middle of September: what is ordered in September is too late.
    let terms = "supplier,order_weeks\nWorks,27;36\n";
    let home = folder(PRODUCTS, [150, 500, 500], terms);
    let a = plan(&home, &[])["a"].clone();
    assert_eq!((a["interval_days"].as_str(), a["urgency"].as_str()), ("94", "now"), "{a:?}");
    assert!(a["reason"].contains("an order at the next look would come too late"), "{a:?}");
    let to = home.path().join("made");
    yugu(&["stock", home.path().to_str().unwrap(), "--as-of", "2024-06-30", "--out", to.to_str().unwrap()]).code(0);
    let suppliers = rows(&fs::read(to.join("suppliers.csv")).unwrap());
    let months = suppliers.iter().filter(|row| row["product"] == "a" && number(row, "planned") > 0.0);
    assert_eq!(months.map(|row| row["month"].as_str()).collect::<Vec<_>>(), ["2024-10", "2024-12"]);
    // Week 53 is the last of a year, whether that has one or not: the 23rd of December 2024 begins week 52.
    let last = plan(&folder(PRODUCTS, [150, 500, 500], "supplier,order_weeks\nWorks,53\n"), &[])["a"].clone();
    assert_eq!(last["arrives"], "2025-01-22");
}

#[test]
fn a_run_looks_as_far_as_the_longest_wait() {
    // Week 26 ends on the 30th of June; the next begins on the 23rd of June 2025, 358 days on, and 400 days later goods
    // come: 25 months at 60, more than to the end of next year.
    let products = "product,supplier,price,cost,lead_time_days,pack\na,Works,10,6,400,1\nb,X,1,1,30,1\nc,X,1,1,30,1\n";
    let terms = "supplier,order_weeks\nWorks,26\n";
    let home = folder(products, [50, 500, 500], terms);
    let a = plan(&home, &[])["a"].clone();
    assert_eq!(a["interval_days"], "758");
    assert!((number(&a, "demand") - 24.9 * 60.0).abs() < 10.0, "{a:?}");
    // So where only an open order says who delivers.
    let home = folder(&products.replace("a,Works", "a,"), [50, 500, 500], terms);
    let orders =
        "order_number,supplier,location,product,units,due\nP1,Works,W,b,1,2030-01-01\nP2,Works,W,a,1,2030-01-01\n";
    fs::write(home.path().join("orders.csv"), orders).unwrap();
    let named = plan(&home, &[])["a"].clone();
    assert_eq!((named["supplier"].as_str(), number(&named, "demand")), ("Works", number(&a, "demand")));
}

#[test]
fn what_keeps_beyond_the_months_forecast_is_no_limit() {
    // 1,200 days after it arrives 40 months have been sold, 18 of which are forecast: 1,080.
    let products = "product,supplier,price,cost,lead_time_days,pack,moq,shelf_life_days\na,Works,10,6,30,1,1500,1200\n\
        b,Works,10,6,30,1,,\nc,Works,10,6,30,1,,\n";
    let found = plan(&folder(products, [0, 500, 500], ""), &[]);
    assert_eq!(order(&found, "a"), 1500.0, "{found:?}");
    // 200 days are a limit.
    let found = plan(&folder(&products.replace("1200", "200"), [0, 500, 500], ""), &[]);
    assert_eq!(order(&found, "a"), 0.0, "{found:?}");
}
