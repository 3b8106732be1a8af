//! Typed columns say what their cells say as text: whatever stands in a table, the same data and the same problems come
//! of it, read as columns in chunks or as CSV.

use std::fmt::Write;
use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::schema::Table;
use yugu::settings::Settings;
use yugu::sheet::columns::{Chunk, Column, Value};
use yugu::sheet::{Columns, Encoding, Sheet};

/// A cell that owns its text.
#[derive(Clone, Debug)]
enum Cell {
    Empty,
    Text(String),
    Whole(i64),
    Number(f64),
    Day(i32),
    Time(i32, u64),
    Yes(bool),
}

#[derive(Debug)]
struct Cells(Vec<Cell>);

impl Column for Cells {
    fn value(&self, row: usize) -> Value<'_> {
        match self.0.get(row) {
            None | Some(Cell::Empty) => Value::Empty,
            Some(Cell::Text(text)) => Value::Text(text),
            Some(Cell::Whole(n)) => Value::Whole(*n),
            Some(Cell::Number(x)) => Value::Number(*x),
            Some(Cell::Day(day)) => Value::Day(*day),
            Some(Cell::Time(day, nanos)) => Value::Time(*day, *nanos),
            Some(Cell::Yes(yes)) => Value::Yes(*yes),
        }
    }
}

/// Rows of cells as a table of typed columns, so many rows a chunk.
fn columns(names: &[&str], rows: &[Vec<Cell>], each: usize) -> Columns {
    let chunk = |rows: &[Vec<Cell>]| {
        let column = |i: usize| -> Arc<dyn Column> { Arc::new(Cells(rows.iter().map(|r| r[i].clone()).collect())) };
        Chunk::new(rows.len(), (0..names.len()).map(column).collect())
    };
    Columns::new(names.iter().map(|n| n.to_string()).collect(), rows.chunks(each.max(1)).map(chunk).collect())
}

/// The same rows as CSV.
fn text(names: &[&str], rows: &[Vec<Cell>]) -> String {
    let mut out = names.join(",") + "\n";
    for row in rows {
        let cells = Cells(row.clone());
        let line: Vec<String> = (0..row.len())
            .map(|i| match cells.value(i) {
                Value::Text(text) if text.contains([',', '"', '\n', '\r']) => {
                    format!("\"{}\"", text.replace('"', "\"\""))
                }
                value => value.to_string(),
            })
            .collect();
        let _ = writeln!(out, "{}", line.join(","));
    }
    out
}

/// What comes of tables: the arrays to the bit, and every problem with its row.
fn read(sheets: &[Sheet], settings: &Settings) -> (Option<String>, Vec<String>) {
    let today = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let mut problems = Problems::default();
    let data = Dataset::new(sheets, settings.clone(), None, today, &mut problems).map(|data| {
        let mut out = String::new();
        let arrays = [Some(&data.units), data.revenue.as_ref(), data.availability.as_ref()];
        for array in arrays {
            let bits: Option<Vec<u64>> = array.map(|a| a.iter().map(|x| x.to_bits()).collect());
            let _ = writeln!(out, "{bits:?}");
        }
        let _ =
            writeln!(out, "{:?} {:?} {:?} {:?}", data.start, data.grid.series, data.grid.products.codes, data.was_out);
        let _ = writeln!(out, "{:?} {:?} {}", data.seen, data.closed, data.as_of);
        out
    });
    let problems = problems.sorted().into_iter().map(|p| {
        let row = p.place.as_ref().map(|place| (place.line, place.column > 0));
        // Messages name other places by line: these differ by the header.
        format!("{row:?} {} {:?}", p.kind, p.severity)
    });
    (data, problems.collect())
}

/// Both ways of reading the same table; rows of the typed one begin at 1, of the text at 2.
fn both(table: Table, names: &[&str], rows: &[Vec<Cell>], each: usize, others: &[Sheet]) {
    for settings in
        [Settings::default(), Settings::read(&"t".into(), "[sales]\nduplicates = \"sum\"", &mut Problems::default())]
    {
        let typed = Sheet::typed(table, "t".into(), columns(names, rows, each), Encoding::Memory);
        let as_text = Sheet::text(table, "t".into(), text(names, rows), Encoding::Utf8);
        let with = |sheet: Sheet| -> Vec<Sheet> { others.iter().cloned().chain([sheet]).collect() };
        let (data, mut problems) = read(&with(typed), &settings);
        let (expected, mut others) = read(&with(as_text), &settings);
        assert_eq!(data, expected, "{}", text(names, rows));
        let moved = |problem: &String| match problem.strip_prefix("Some((").and_then(|rest| rest.split_once(',')) {
            Some((line, rest)) if line != "0" => format!("{} {rest}", line.parse::<u32>().unwrap() - 1),
            _ => problem.replacen("Some((0,", "0 ", 1),
        };
        let unmoved = |problem: &String| match problem.strip_prefix("Some((").and_then(|rest| rest.split_once(',')) {
            Some((line, rest)) => format!("{line} {rest}"),
            None => problem.clone(),
        };
        problems = problems.iter().map(unmoved).collect();
        others = others.iter().map(moved).collect();
        problems.sort();
        others.sort();
        assert_eq!(problems, others, "{}", text(names, rows));
    }
}

fn month() -> impl Strategy<Value = Cell> {
    prop_oneof![
        8 => (0..14_i64).prop_map(|m| Cell::Whole(202_300 + m / 12 * 100 + m % 12 + 1)),
        8 => (19_358..19_800_i32).prop_map(Cell::Day),
        4 => (0..12_u32).prop_map(|m| Cell::Text(format!("2023-{:02}", m + 1))),
        2 => (19_358..19_800_i32, 0..86_400_u64).prop_map(|(d, s)| Cell::Time(d, s * 1_000_000_000)),
        1 => prop_oneof![Just(Cell::Empty), Just(Cell::Day(9_999_999)), Just(Cell::Number(2023.5)), Just(Cell::Yes(true))],
    ]
}

fn name() -> impl Strategy<Value = Cell> {
    prop_oneof![
        12 => "[ab]|东|a,b|\"q\"| a ".prop_map(Cell::Text),
        4 => (1..3_i64).prop_map(Cell::Whole),
        1 => prop_oneof![Just(Cell::Empty), Just(Cell::Text("合计".into())), Just(Cell::Text("a\u{1}b".into()))],
    ]
}

fn amount() -> impl Strategy<Value = Cell> {
    prop_oneof![
        10 => (-3..90_i64).prop_map(Cell::Whole),
        10 => (0.0..1e6_f64).prop_map(Cell::Number),
        1 => prop_oneof![
            Just(Cell::Empty),
            Just(Cell::Number(f64::NAN)),
            Just(Cell::Number(1e300)),
            Just(Cell::Whole(i64::MIN)),
            Just(Cell::Text("1,234".into())),
            Just(Cell::Text("many".into())),
            Just(Cell::Yes(false))
        ],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn sales_are_the_same_as_columns_and_as_text(
        rows in prop::collection::vec((month(), name(), name(), amount(), amount(), name()), 0..25),
        each in 1..9_usize,
    ) {
        let rows: Vec<Vec<Cell>> = rows.into_iter().map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f]).collect();
        both(Table::Sales, &["month", "区域", "product", "units", "revenue", "note"], &rows, each, &[]);
    }

    #[test]
    fn small_tables_are_the_same_as_columns_and_as_text(
        rows in prop::collection::vec((month(), name(), name(), amount(), amount()), 0..12),
        each in 1..5_usize,
    ) {
        let sales = "month,region,product,units\n2023-01,a,a,5\n2023-02,b,b,3\n2023-02,a,1,3\n";
        let sales = Sheet::text(Table::Sales, "sales.csv".into(), sales.into(), Encoding::Utf8);
        let rows: Vec<Vec<Cell>> = rows.into_iter().map(|(a, b, c, d, e)| vec![a, b, c, d, e]).collect();
        both(Table::ChannelStock, &["month", "region", "product", "units", "sell_out"], &rows, each, std::slice::from_ref(&sales));
        both(Table::Progress, &["as_of", "region", "product", "units", "note"], &rows, each, &[sales]);
    }
}

#[test]
fn blank_rows_and_empty_tables_are_passed_over() {
    let blank = || vec![Cell::Empty, Cell::Text(" ".into()), Cell::Empty, Cell::Empty];
    let row = |m: i64| vec![Cell::Whole(m), Cell::Text("a".into()), Cell::Text("x".into()), Cell::Whole(3)];
    let names = ["month", "region", "product", "units"];
    let rows = [blank(), row(202_301), blank(), blank(), row(202_302), blank()];
    for each in 1..4 {
        both(Table::Sales, &names, &rows, each, &[]);
    }
    both(Table::Sales, &names, &[], 1, &[]);
    both(Table::Sales, &["month", "region", "product"], &[row(202_301)[..3].to_vec()], 1, &[]);
}

#[test]
fn a_moment_in_utc_is_a_day_only_at_midnight() {
    #[derive(Debug)]
    struct Moments;
    impl Column for Moments {
        fn value(&self, row: usize) -> Value<'_> {
            Value::Instant(19_770, if row == 0 { 0 } else { 8 * 3_600_000_000_000 })
        }
    }
    let name = |text: &str| -> Arc<dyn Column> { Arc::new(Cells(vec![Cell::Text(text.into()); 2])) };
    let units = Arc::new(Cells(vec![Cell::Whole(1); 2]));
    let chunk = Chunk::new(2, vec![Arc::new(Moments), name("a"), name("x"), units]);
    let names = ["month", "region", "product", "units"].map(String::from).to_vec();
    let sheet = Sheet::typed(Table::Sales, "t".into(), Columns::new(names, vec![chunk]), Encoding::Memory);
    let (data, problems) = read(&[sheet], &Settings::default());
    assert_eq!((data, problems), (None, vec!["Some((2, true)) bad_month Error".to_owned()]));
}
