//! The files that people really have: what is read, what is told, what is refused and how to go on.

use crate::common::forms::*;
use crate::common::program::yugu;
use chrono::{Days, NaiveDate};
use yugu::error::{Problems, Severity};
use yugu::folder::{LoadError, Loaded, load};
use yugu::outlook::Outlook;

pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

pub fn read_at(files: &[(&str, Vec<u8>)], as_of: Option<NaiveDate>) -> Result<Loaded, Problems> {
    let files: Vec<(String, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.to_string(), bytes.clone())).collect();
    let folder = folder(&files);
    match load(folder.path(), as_of, day(2030, 1, 1)) {
        Ok(loaded) => Ok(loaded),
        Err(LoadError::Data(problems)) => Err(problems),
        Err(LoadError::Unreadable(text)) => panic!("{}", text.en),
    }
}

pub fn read(text: &str) -> Result<Loaded, Problems> {
    read_at(&[("sales.csv", text.as_bytes().to_vec())], None)
}

pub fn told(problems: &Problems) -> Vec<String> {
    problems.sorted().iter().map(|p| format!("{} {p}", p.kind)).collect()
}

/// The errors of a folder.
pub fn errors(files: &[(&str, Vec<u8>)]) -> Vec<String> {
    let problems = read_at(files, None).err().unwrap_or_default();
    let errors = problems.sorted().into_iter().filter(|p| p.severity == Severity::Error);
    errors.map(|p| format!("{} {p}", p.kind)).collect()
}

pub fn has(list: &[String], words: &[&str]) -> bool {
    list.iter().any(|line| words.iter().all(|word| line.contains(word)))
}

/// Region, product and the units of every month.
pub fn history(loaded: &Loaded) -> Vec<(String, String, Vec<f64>)> {
    let data = &loaded.dataset;
    let code = |leaf: usize| data.grid.regions.code(data.grid.regions.node_of(leaf)).to_owned();
    let rows = data.grid.series.iter().zip(data.units.rows());
    rows.map(|(s, row)| (code(s.leaf), data.grid.products.codes[s.product].clone(), row.to_vec())).collect()
}

pub fn ok(text: &str) -> Loaded {
    read(text).unwrap_or_else(|p| panic!("{:#?}", told(&p)))
}

/// Rows of one region and product, a day and its units each.
fn dated(days: &[NaiveDate], units: impl Fn(usize) -> i64) -> String {
    let mut out = format!("{HEADER}\n");
    days.iter().enumerate().for_each(|(n, day)| out += &format!("{day},East,A,{}\n", units(n)));
    out
}

fn steps(from: NaiveDate, length: u64, count: u64) -> Vec<NaiveDate> {
    (0..count).map(|n| from + Days::new(n * length)).collect()
}

// Periods

#[test]
fn weeks_are_spread_over_months_by_days() {
    // Mondays from 2 January 2023; the last week ends on 2 July.
    let loaded = ok(&dated(&steps(day(2023, 1, 2), 7, 26), |_| 70));
    assert!(has(&told(&loaded.warnings), &["periods", "weeks", "2023-07-02"]), "{:?}", told(&loaded.warnings));
    let data = &loaded.dataset;
    // January lacks its first day and is left out; 10 a day from then on, whole numbers.
    assert_eq!(data.start.to_string(), "2023-02");
    assert_eq!(history(&loaded)[0].2, [280.0, 310.0, 300.0, 310.0, 300.0]);
    assert_eq!((data.as_of, data.progress.len()), (day(2023, 6, 30), 0));
    // Three whole weeks of July are progress of it.
    let loaded = ok(&dated(&steps(day(2023, 1, 2), 7, 29), |_| 70));
    let progress = &loaded.dataset.progress;
    assert_eq!((progress.len(), progress[0].as_of, progress[0].units.round()), (1, day(2023, 7, 23), 230.0));
}

#[test]
fn weeks_named_by_their_sundays_end_on_them() {
    let loaded = ok(&dated(&steps(day(2023, 1, 8), 7, 26), |_| 70));
    // From 2 January to 2 July, as above.
    assert_eq!(history(&loaded)[0].2, [280.0, 310.0, 300.0, 310.0, 300.0]);
    let toml = b"[calendar]\nstamped = \"first day\"\n".to_vec();
    let text = dated(&steps(day(2023, 1, 8), 7, 26), |_| 70).into_bytes();
    let loaded = read_at(&[("sales.csv", text), ("yugu.toml", toml)], None).unwrap();
    assert!(has(&told(&loaded.warnings), &["2023-07-08"]));
}

#[test]
fn equal_steps_and_four_four_five_are_periods() {
    let loaded = ok(&dated(&steps(day(2022, 1, 1), 30, 20), |_| 300));
    assert!(has(&told(&loaded.warnings), &["periods of 30 days"]));
    assert_eq!(history(&loaded)[0].2[..3], [310.0, 280.0, 310.0]);
    // 4-4-5 from 3 January 2022: 13 weeks a quarter.
    let mut days = vec![day(2022, 1, 3)];
    (0..23).for_each(|n| days.push(days[n] + Days::new(if n % 3 == 2 { 35 } else { 28 })));
    let text = dated(&days, |n| if n % 3 == 2 { 350 } else { 280 });
    let loaded = ok(&text);
    assert!(has(&told(&loaded.warnings), &["4-4-5"]));
    assert_eq!(history(&loaded)[0].2[..2], [280.0, 310.0]);
    // Kept as the folder's own months.
    let own = |periods: &str| {
        let toml = format!("[calendar]\nperiods = \"{periods}\"\n").into_bytes();
        read_at(&[("sales.csv", text.clone().into_bytes()), ("yugu.toml", toml)], None)
    };
    let loaded = own("own").unwrap();
    assert_eq!(history(&loaded)[0].2[..4], [280.0, 280.0, 350.0, 280.0]);
    assert_eq!((loaded.dataset.start.to_string(), loaded.dataset.months()), ("2022-01".to_owned(), 24));
    // Days, if somebody says so: all of them are there.
    assert!(!has(&told(&own("days").unwrap().warnings), &["periods"]));
    // Weeks are no months.
    let toml = b"[calendar]\nperiods = \"own\"\n".to_vec();
    let weeks = dated(&steps(day(2023, 1, 2), 7, 26), |_| 70).into_bytes();
    assert!(has(&errors(&[("sales.csv", weeks), ("yugu.toml", toml)]), &["periods_no_months"]));
}

#[test]
fn orders_on_few_days_stay_days() {
    // Two orders of one day, then some on other days: no period has one row.
    let mut text = "date,region,product,units,order\n".to_owned();
    for (n, day) in steps(day(2023, 1, 3), 3, 80).into_iter().enumerate() {
        text += &format!("{day},East,A,5,{n}\n{day},East,A,2,x{n}\n");
    }
    assert!(!has(&told(&ok(&text).warnings), &["periods"]));
}

/// Open every day but Sunday; March 2024 ends on a Sunday.
fn without_sundays(last: NaiveDate) -> Vec<u8> {
    let days: Vec<NaiveDate> = day(2023, 1, 2).iter_days().take_while(|d| *d <= last).collect();
    let open = |d: &&NaiveDate| chrono::Datelike::weekday(*d) != chrono::Weekday::Sun;
    dated(&days.iter().filter(open).copied().collect::<Vec<_>>(), |n| 5 + n as i64 % 3).into_bytes()
}

#[test]
fn weekdays_without_sales_keep_no_month_open() {
    let last = |files: &[(&str, Vec<u8>)], as_of| {
        let loaded = read_at(files, as_of).unwrap_or_else(|p| panic!("{:?}", told(&p)));
        loaded.dataset.month(loaded.dataset.months() - 1).to_string()
    };
    let saturday = without_sundays(day(2024, 3, 30));
    assert_eq!(last(&[("sales.csv", saturday)], None), "2024-03");
    // Thursday: two days are missing. A day beyond the month does not make up for them, a planner's word does.
    let thursday = without_sundays(day(2024, 3, 28));
    assert_eq!(last(&[("sales.csv", thursday.clone())], Some(day(2024, 4, 10))), "2024-02");
    let reported = ("reported.csv", b"month,state\n2024-03,complete\n".to_vec());
    assert_eq!(last(&[("sales.csv", thursday), reported], None), "2024-03");
}

#[test]
fn a_day_beyond_the_month_closes_it_where_orders_are_rare() {
    // An order about every fourth day; none in the last three of March.
    let days = steps(day(2023, 1, 2), 4, 115).into_iter().filter(|d| *d <= day(2024, 3, 29)).collect::<Vec<_>>();
    let mut text = "date,region,product,units,order\n".to_owned();
    days.iter().enumerate().for_each(|(n, d)| text += &format!("{d},East,A,3,{n}\n{d},East,A,1,x{n}\n"));
    let months = |as_of| read_at(&[("sales.csv", text.clone().into_bytes())], as_of).unwrap().dataset.months();
    assert_eq!((months(None), months(Some(day(2024, 4, 5)))), (14, 15));
}

// Columns

#[test]
fn a_number_that_may_be_one_or_a_thousand_is_asked_about() {
    let text = "month;region;product;units\n2024-01;a;x;1.125\n2024-02;a;x;2.250\n";
    assert!(has(&errors(&[("sales.csv", text.into())]), &["sales.csv:2:13", "'1.125'", "decimal = \"point\""]));
    let units = |decimal: &str| {
        let toml = format!("[units]\ndecimal = \"{decimal}\"\n").into_bytes();
        let loaded = read_at(&[("sales.csv", text.into()), ("yugu.toml", toml)], None).unwrap();
        history(&loaded)[0].2.clone()
    };
    assert_eq!((units("point"), units("comma")), (vec![1.125, 2.25], vec![1125.0, 2250.0]));
    // Another column of the sheet says it.
    let text = "month;region;product;units;revenue\n2024-01;a;x;1.125;2,5\n2024-02;a;x;2.250;3,75\n";
    assert_eq!(history(&ok(text))[0].2, [1125.0, 2250.0]);
    let text = "month;region;product;units\n2024-01;a;x;1,5\n2024-02;a;x;1.5\n";
    assert!(has(&errors(&[("sales.csv", text.into())]), &["mixed_marks", "'1,5'", "'1.5'"]));
    // A workbook's own numbers have points whatever its texts hold.
    let lines = |cells: [&str; 3]| {
        let mut lines = vec![HEADER.split(',').map(str::to_owned).collect::<Vec<_>>()];
        for (n, cell) in cells.into_iter().enumerate() {
            lines.push(vec![format!("2024-0{}", n + 1), "a".into(), "x".into(), cell.to_owned()]);
        }
        workbook(&[Worksheet::new("Sheet1", lines)], false)
    };
    let loaded = read_at(&[("sales.xlsx", lines(["1,5", "=2.125", "1.234,5"]))], None).unwrap();
    assert_eq!(history(&loaded)[0].2, [1.5, 2.125, 1234.5]);
}

#[test]
fn months_as_numbers_are_asked_about_where_october_is_missing() {
    let month = |m: &str| format!("{m},a,x,5\n");
    let year: String = (1..=12).map(|m| month(format!("2023.{m}").trim_end_matches('0'))).collect();
    let text = format!("{HEADER}\n{year}");
    let found = errors(&[("sales.csv", text.into())]);
    assert!(has(&found, &["january_or_october", "'2023.1'", "2023-10"]), "{found:?}");
    assert_eq!(found.len(), 1);
    // A year that ends in September has no October.
    let text = format!("{HEADER}\n{}", (1..=9).map(|m| month(&format!("2023.{m}"))).collect::<String>());
    assert_eq!(ok(&text).dataset.months(), 9);
    // January twice as often as the others is both.
    let text = format!("{text}2023.1,a,y,5\n2023.1,b,x,5\n");
    assert!(has(&errors(&[("sales.csv", text.into())]), &["january_or_october"]));
}

#[test]
fn formulas_without_values_and_cut_codes_are_errors() {
    let mut lines: Vec<Vec<String>> =
        vec!["month,region,product,units,revenue".split(',').map(str::to_owned).collect()];
    for m in 1..=3 {
        lines.push([&format!("2024-0{m}"), "a", "x", "=5", "?D2*2"].map(str::to_owned).to_vec());
    }
    let found = errors(&[("sales.xlsx", workbook(&[Worksheet::new("Sheet1", lines.clone())], false))]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(has(&found, &["sales.xlsx:2:5", "3 formulas", "'revenue'"]), "{found:?}");
    // In a column that nobody reads they do no harm.
    lines[0][4] = "remark".into();
    assert!(read_at(&[("sales.xlsx", workbook(&[Worksheet::new("Sheet1", lines)], false))], None).is_ok());
    let found =
        errors(&[("sales.csv", format!("{HEADER}\n2024-01,a,6.93217E+12,5\n2024-02,a,6.93217E+12,5\n").into())]);
    assert!(found.len() == 1 && has(&found, &["cut_code", "sales.csv:2:11"]), "{found:?}");
}

#[test]
fn dashes_are_zeros_and_empty_cells_no_rows() {
    let loaded = ok(&format!("{HEADER}\n2024-01,a,x, -  \n2024-02,a,x,—\n2024-03,a,x,\n2024-04,a,x,7\n"));
    assert_eq!(history(&loaded)[0].2, [0.0, 0.0, 0.0, 7.0]);
    assert!(has(&told(&loaded.warnings), &["no_units", "sales.csv:4", "1 rows"]));
    assert!(has(&told(&loaded.warnings), &["gaps", "1 months"]));
}

#[test]
fn units_of_headers_are_taken_into_account() {
    let loaded = ok("月份,区域,产品,销量(千件),金额（万元）\n2024-01,a,x,1.5,2\n2024-02,a,x,2,3\n");
    assert_eq!(history(&loaded)[0].2, [1500.0, 2000.0]);
    assert_eq!(loaded.dataset.revenue.as_ref().unwrap()[(0, 0)], 20_000.0);
    // Sales in money are revenue, and no units.
    let found = errors(&[("sales.csv", "月份,区域,产品,销量（万元）\n2024-01,a,x,1.5\n".into())]);
    assert!(has(&found, &["missing_column", "'units'"]), "{found:?}");
    // What a bracket says that is no unit makes another column.
    let found = errors(&[("sales.csv", "月份,区域,产品,销量(退货)\n2024-01,a,x,1.5\n".into())]);
    assert!(has(&found, &["'units'", "\"销量(退货)\" = \"units\""]), "{found:?}");
    let pivot = "单位：万元,,,\n大区,型号,2024-01,2024-02\na,x,5,6\n";
    assert!(has(&errors(&[("sales.csv", pivot.into())]), &["money_only"]));
}

// Shapes

#[test]
fn an_error_says_which_row_was_the_header() {
    let found = errors(&[("sales.csv", format!("Report\n2024\n\n{HEADER}\n2024-01,a,x,many\n").into())]);
    assert!(has(&found, &["sales.csv:5:13", "'many'", "header: line 4"]), "{found:?}");
    let found = errors(&[("sales.csv", "Report\nmonth,region,colour,size\n2024-01,a,x,5\n".into())]);
    assert!(
        has(&found, &["sales.csv:2", "'product'", "taken as the header: month | region | colour | size"]),
        "{found:?}"
    );
    assert_eq!(found.len(), 2);
}

#[test]
fn months_without_a_year_are_refused_unless_something_gives_one() {
    let found = errors(&[("sales.csv", "大区,型号,1月,2月\na,x,5,6\n".into())]);
    assert!(has(&found, &["no_year", "大区 | 型号 | 1月 | 2月"]), "{found:?}");
    // A fiscal year's months do not lie in one.
    let found = errors(&[("sales.csv", "2023年,,,\n大区,型号,11月,12月,1月\na,x,5,6,7\n".into())]);
    assert!(has(&found, &["no_year"]), "{found:?}");
    let loaded = ok("2023年销售,,,\n大区,型号,1月,2月\na,x,5,6\n");
    assert!(has(&told(&loaded.warnings), &["year_of_title", "2023"]));
    assert_eq!(loaded.dataset.start.to_string(), "2023-01");
    let found = errors(&[("sales.csv", "region,product,2023-01,2023/1\na,x,5,6\n".into())]);
    assert!(has(&found, &["duplicate_column", "'2023/1'"]), "{found:?}");
}

#[test]
fn a_measure_for_each_month_is_read() {
    let loaded = ok("region,product,2024-01,,2024-02,\n,,units,revenue,units,revenue\na,x,5,50,6,66\na,y,,,7,70\n");
    assert_eq!(history(&loaded)[0].2, [5.0, 6.0]);
    assert_eq!(loaded.dataset.revenue.as_ref().unwrap()[(0, 1)], 66.0);
    // Its place is where the number stands.
    assert_eq!(loaded.dataset.place(1, 1).unwrap().to_string(), "sales.csv:4:7");
}

#[test]
fn worksheets_that_differ_are_named() {
    let lines = |header: &str, row: &str| -> Vec<Vec<String>> {
        [header, row].map(|line| line.split(',').map(str::to_owned).collect()).to_vec()
    };
    let sheets = |a: &str, b: &str, second: &str| {
        let sheets =
            [Worksheet::new(a, lines(HEADER, "2024-01,a,x,5")), Worksheet::new(b, lines(second, "2024-02,a,x,6,7"))];
        vec![("sales.xlsx", workbook(&sheets, false))]
    };
    let found = errors(&sheets("one", "two", "month,region,product,units,revenue"));
    assert!(has(&found, &["sheets_differ", "'one'", "'two'", "revenue"]), "{found:?}");
    // The name of the table decides.
    let loaded = read_at(&sheets("sales", "two", "month,region,product,units,revenue"), None).unwrap();
    assert_eq!(loaded.dataset.months(), 1);
    assert!(has(&told(&loaded.warnings), &["sheets_not_read", "'two'"]));
    // Half a table beside a whole one is asked about.
    let found = errors(&sheets("one", "two", "month,region,note,x"));
    assert!(has(&found, &["other_sheets", "'two'"]), "{found:?}");
    // Places name the sheet where there are several.
    let found = errors(
        &sheets("one", "two", "month,region,product,units")
            .into_iter()
            .map(|(name, _)| {
                let sheets = [
                    Worksheet::new("one", lines(HEADER, "2024-01,a,x,5")),
                    Worksheet::new("two", lines(HEADER, "2024-02,a,x,?1")),
                ];
                let sheets = sheets.map(|mut s| {
                    if s.name == "two" {
                        s.lines[1][3] = "many".into();
                    }
                    s
                });
                (name, workbook(&sheets, false))
            })
            .collect::<Vec<_>>(),
    );
    assert!(has(&found, &["sales.xlsx!two:2:4", "'many'"]), "{found:?}");
}

#[test]
fn one_number_over_several_rows_is_refused() {
    let mut lines = vec![HEADER.split(',').map(str::to_owned).collect::<Vec<_>>()];
    lines.push(["2024-01", "a", "x", "=10"].map(str::to_owned).to_vec());
    lines.push(["2024-01", "a", "y", ""].map(str::to_owned).to_vec());
    let sheet = Worksheet { merged: vec!["D2:D3".into()], ..Worksheet::new("Sheet1", lines) };
    let found = errors(&[("sales.xlsx", workbook(&[sheet], false))]);
    assert!(has(&found, &["merged_number", "sales.xlsx:2:4", "2 rows"]), "{found:?}");
}

// Totals, overlap, names

#[test]
fn totals_by_name_and_by_sum_are_left_out() {
    let rows = rows();
    let mut text = format!("{HEADER}\n");
    for (y, m) in months(&rows) {
        let mut sum = 0;
        for (region, product) in keys(&rows) {
            let units = units(&rows, y, m, &region, &product).unwrap();
            sum += units;
            text += &format!("{},{region},{product},{units}\n", iso(y, m));
        }
        text += &format!("{0},全省小计,0010,{1}\n{0},Head office,0010,{sum}\n", iso(y, m), sum + 1);
    }
    let loaded = ok(&text);
    let told = told(&loaded.warnings);
    assert!(has(&told, &["total_rows", "30 total rows"]), "{told:?}");
    assert!(has(&told, &["sum_of_others", "'Head office'", "Nord"]), "{told:?}");
    assert_eq!(history(&loaded).len(), 6);
    // What a table lists is no total.
    let regions = b"region\nNord\nSud\nHead office\n".to_vec();
    let loaded = read_at(&[("sales.csv", text.into()), ("regions.csv", regions)], None).unwrap();
    assert_eq!(history(&loaded).len(), 7);
}

#[test]
fn what_two_files_hold_both_is_asked_about() {
    let rows = |from: u32, more: u32| -> String {
        let row = |m| format!("2023-{m:02},a,x,{}\n", 10 * m + more);
        format!("{HEADER}\n{}", (from..from + 6).map(row).collect::<String>())
    };
    let files = |rule: &str| {
        let toml = if rule.is_empty() { String::new() } else { format!("[sales]\noverlap = \"{rule}\"\n") };
        vec![("sales/1.csv", rows(1, 0).into_bytes()), ("sales/2.csv", rows(5, 1).into()), ("yugu.toml", toml.into())]
    };
    let found = errors(&files(""));
    assert!(
        found.len() == 1
            && has(&found, &["sales/1.csv and sales/2.csv", "2023-05 to 2023-06", "2 entries", "110 units", "112"]),
        "{found:?}"
    );
    let units = |rule: &str| history(&read_at(&files(rule), None).unwrap())[0].2[4..7].to_vec();
    assert_eq!(units("later file"), [51.0, 61.0, 71.0]);
    assert_eq!(units("sum"), [101.0, 121.0, 71.0]);
    // Files of other regions or days hold nothing both.
    let other = format!("{HEADER}\n2023-01,b,x,1\n");
    assert!(read_at(&[("sales/1.csv", rows(1, 0).into()), ("sales/2.csv", other.into())], None).is_ok());
    // Within a file: one error for all of it.
    let twice = format!("{}{}", rows(1, 0), rows(1, 0).replace(&format!("{HEADER}\n"), ""));
    let found = errors(&[("sales.csv", twice.into())]);
    assert!(found.len() == 1 && has(&found, &["identical_rows", "6 rows"]), "{found:?}");
}

#[test]
fn spellings_are_joined_unless_something_stands_against_it() {
    let mut text = format!("{HEADER}\n");
    for m in 1..=12 {
        let east = ["East", "EAST", "Ｅａｓｔ", "Ea\u{200b}st"][m % 4];
        text += &format!("2023-{m:02},{east},A1,{}\n2023-{m:02},West,A1,5\n2023-{m:02},West,a1,6\n", 10 + m);
    }
    let loaded = ok(&text);
    let told = told(&loaded.warnings);
    assert!(has(&told, &["spellings", "'East'", "'EAST'"]), "{told:?}");
    // A1 and a1 are sold side by side in every month.
    assert!(has(&told, &["look_alike", "'a1'", "'A1'", "12 times"]), "{told:?}");
    assert_eq!(history(&loaded).len(), 3);
    // A list of products decides, and other tables may spell as they like.
    let products = b"product\nA1\n".to_vec();
    let targets = b"year,region,product,units\n2024,east,a1,500\n".to_vec();
    let sales = text.replace("a1,6", "A1 ,6").into_bytes();
    let files = [("sales.csv", sales), ("products.csv", products), ("targets.csv", targets)];
    let loaded = read_at(&files, None).unwrap_or_else(|p| panic!("{p:?}"));
    assert_eq!((history(&loaded).len(), loaded.dataset.targets.len()), (2, 1));
}

#[test]
fn an_old_code_that_something_else_has_is_told() {
    let mut text = format!("{HEADER}\n");
    for m in 1..=12 {
        let (old, new) = if m < 7 { (300, 0) } else { (20, 310) };
        text += &format!("2023-{m:02},a,X,{old}\n");
        if new > 0 {
            text += &format!("2023-{m:02},a,Y,{new}\n");
        }
    }
    let aliases = b"kind,old,new,from\nproduct,X,Y,2023-07\n".to_vec();
    let loaded = read_at(&[("sales.csv", text.into()), ("aliases.csv", aliases)], None).unwrap();
    assert!(has(&told(&loaded.warnings), &["code_used_again", "'X'", "2023-07"]));
    let y = history(&loaded).into_iter().find(|(_, product, _)| product == "Y").unwrap().2;
    assert_eq!((y[5], y[6]), (300.0, 310.0));
    let x = history(&loaded).into_iter().find(|(_, product, _)| product == "X").unwrap().2;
    assert_eq!((x[5], x[6]), (0.0, 20.0));
}

#[test]
fn a_guessed_encoding_says_nothing_of_the_language() {
    // Letters that GBK would read as Chinese, in a folder that is German.
    let rows = rows_of(["K\u{f6}ln", "Gr\u{fc}n"]);
    let latin = encoding_rs::WINDOWS_1252.encode(&text(HEADER, ',', &rows, iso)).0.into_owned();
    let loaded = read_at(&[("sales.csv", latin)], None).unwrap();
    assert!(!loaded.dataset.calendar.pairs_new_year());
    assert_eq!(history(&loaded)[0].0, "Köln");
    Outlook::new(loaded.dataset, loaded.warnings).unwrap();
}

// `yugu read`

pub fn shown(of: &assert_cmd::assert::Assert) -> String {
    let output = of.get_output();
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

#[test]
fn a_planner_begins_with_a_file() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    // An export with a header that nobody knows.
    let export = |last: (i32, u32)| {
        let rows: Vec<Row> = rows().into_iter().filter(|r| (r.0, r.1) <= last).collect();
        format!("Sales report\n\n{}", csv(&pivot(&rows, "Filiale,Artikel", iso)))
    };
    std::fs::write(path("export.csv"), export((2023, 5))).unwrap();
    let found = shown(&yugu(&["read", &path("export.csv")]).code(1));
    assert!(found.contains("missing_column") || found.contains("needs a column 'region'"), "{found}");
    let columns = ["--column", "Filiale=region", "--column", "Artikel=product"];
    let read = yugu(&[&["read", &path("export.csv")], &columns[..]].concat()).code(0);
    let page = shown(&read);
    for words in [
        "header in row 3",
        "region",
        "Filiale",
        "Nord | Sud",
        "months: 2021-01 to 2023-05 (29)",
        "regions: 2",
        "products: 3",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // Saved, it is a folder; next month's export needs no words.
    let folder = path("folder");
    yugu(&[&["read", &path("export.csv"), "--save", &folder], &columns[..]].concat()).code(0);
    std::fs::write(path("export.csv"), export((2023, 6))).unwrap();
    let saved = shown(&yugu(&["read", &path("export.csv"), "--save", &folder]).code(0));
    assert!(saved.contains("2023-06 export.csv"), "{saved}");
    let plan = shown(&yugu(&["plan", &folder, "--csv", "--no-files"]).code(0));
    assert!(plan.contains("Nord,0010,2023-07"), "{plan}");
    // Once more is nothing new; a bad export changes nothing.
    assert!(shown(&yugu(&["read", &path("export.csv"), "--save", &folder]).code(0)).contains("already"));
    std::fs::write(path("export.csv"), export((2023, 6)).replace("Nord,0010,", "Nord,0010,x")).unwrap();
    let before = std::fs::read_dir(home.path().join("folder/sales")).unwrap().count();
    yugu(&["read", &path("export.csv"), "--save", &folder]).code(1);
    assert_eq!(std::fs::read_dir(home.path().join("folder/sales")).unwrap().count(), before);
    // A correction counts, whatever it is called and though it ends a month earlier.
    std::fs::write(path("a_corrected.csv"), export((2023, 5)).replace("Nord,0010,", "Nord,0010,1")).unwrap();
    yugu(&["read", &path("a_corrected.csv"), "--save", &folder]).code(0);
    let files = std::fs::read_dir(home.path().join("folder/sales")).unwrap();
    let last = files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).max().unwrap();
    assert_eq!(last, "2023-06~002 2023-05 a_corrected.csv");
    // Beside the one file of a table no part of it can stand: refused, and nothing is written.
    let one_file = path("one_file");
    std::fs::create_dir(&one_file).unwrap();
    std::fs::write(home.path().join("one_file/sales.csv"), "month,region,product,units\n2023-01,N,A,3\n").unwrap();
    let refused =
        shown(&yugu(&[&["read", &path("a_corrected.csv"), "--save", &one_file], &columns[..]].concat()).code(2));
    assert!(refused.contains("sales.csv into a folder sales/"), "{refused}");
    assert_eq!(std::fs::read_dir(&one_file).unwrap().count(), 1);
    yugu(&["read", &path("nothing.csv")]).code(1);
    yugu(&["read", &path("x.pdf")]).code(2);
    yugu(&["read", &path("export.csv"), "--column", "a=unit"]).code(2);
}

#[test]
fn closing_a_month_of_days() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("sales.csv"), without_sundays(day(2024, 3, 28))).unwrap();
    let folder = home.path().to_str().unwrap();
    let open = shown(&yugu(&["check", folder]).code(0));
    assert!(open.contains("--close") && open.contains("during 2024-03"), "{open}");
    let closed = shown(&yugu(&["check", folder, "--close", "2024-03"]).code(0));
    assert!(closed.contains("at the close of 2024-03"), "{closed}");
}

#[test]
fn no_word_of_the_program_reaches_a_person() {
    let home = tempfile::tempdir().unwrap();
    let rows: String = (0..130).map(|n| format!("2023-01,a,x{n},many\n")).collect();
    std::fs::write(home.path().join("sales.csv"), format!("{HEADER}\n{rows}")).unwrap();
    let found = shown(&yugu(&["check", home.path().to_str().unwrap()]).code(1));
    assert!(found.contains("30 more like this: 'many' is not a number") && !found.contains("bad_number"), "{found}");
}
