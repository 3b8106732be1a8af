use super::*;
use crate::error::Problems;
use crate::settings::Columns;

fn sheet(table: Table, text: &str) -> Sheet {
    Sheet::text(table, Arc::from("t.csv"), text.to_owned(), Encoding::Utf8)
}

fn lines(problems: &Problems) -> Vec<String> {
    problems.sorted().iter().map(|p| format!("{} {}", p.place.as_ref().unwrap(), p.kind)).collect()
}

/// Region, product, units and line.
type Sale = (String, String, Option<f64>, u32);

/// Every row of a table of sales, and the problems met.
fn sales(text: &str) -> (Vec<Sale>, Problems) {
    let sheet = sheet(Table::Sales, text);
    let mut problems = Problems::default();
    let mut out = Vec::new();
    if let Some(mut rows) = Rows::open(&sheet, &Columns::default(), &mut problems) {
        let (month, region, product, units) =
            (rows.column("month"), rows.column("region"), rows.column("product"), rows.column("units"));
        while let Some(row) = rows.next(&mut problems) {
            row.need_period(month, &mut problems);
            let region = row.need_name(region, &mut problems).unwrap_or_default().to_owned();
            let product = row.need_name(product, &mut problems).unwrap_or_default().to_owned();
            out.push((region, product, row.need_number(units, &mut problems), row.line()));
        }
    }
    (out, problems)
}

fn row(region: &str, product: &str, units: f64, line: u32) -> Sale {
    (region.to_owned(), product.to_owned(), Some(units), line)
}

#[test]
fn headers_are_found_in_either_language() {
    for text in [
        "month,region,product,units\n2024-02,上海,0017,5\n",
        "月份,大区,型号,销量\n2024年2月,上海,0017,5\n",
        " Month ;ＲＥＧＩＯＮ; Product; UNITS \n202402;上海;0017;５\n",
        "销量\t月份\t区域\t产品\r\n5\t2024-02\t 上海\u{3000}\t0017\r\n",
        "\u{feff}month|region|product|units\n2024/2|上海|0017|5.0",
        "month,region,product,units\r2024-02,上海,0017,5\r",
    ] {
        let (rows, problems) = sales(text);
        assert_eq!(lines(&problems), Vec::<String>::new(), "{text}");
        assert_eq!(rows, [row("上海", "0017", 5.0, 2)], "{text}");
    }
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["", "month,region,product,units", "", "2024-02,a,b,1", "", ",,,", "2024-02,a,\"b,c\",2", "", ""];
        let (rows, problems) = sales(&text.join(end));
        assert_eq!(lines(&problems), Vec::<String>::new());
        assert_eq!(rows, [row("a", "b", 1.0, 4), row("a", "b,c", 2.0, 7)], "{end:?}");
    }
}

#[test]
fn places_count_characters_and_lines_within_a_record() {
    let (_, problems) = sales("月份,区域,产品,销量\n2024-02,\"上海,浦东\",灶具,多\n2024-02,上海,灶具,  1,5\n");
    assert_eq!(lines(&problems), ["t.csv:2:20 bad_number", "t.csv:3:19 too_many_cells"]);
    let text = "month,region,product,note,units\n2024-02,a,b,\"上\n海\",x\n2024-02,a,b,,y\n";
    let (_, problems) = sales(text);
    assert_eq!(lines(&problems), ["t.csv:3:4 bad_number", "t.csv:4:14 bad_number", "t.csv:1 unused_columns"]);
}

#[test]
fn cells_that_are_missing_or_too_many() {
    let head = "month,region,product,units,revenue\n";
    let (rows, problems) = sales(&format!("{head}2024-02,a,b,1\n2024-02,a,b\n2024-02,a,b,1,2,,\n2024-02,a,b,1,2,,3\n"));
    assert_eq!(lines(&problems), ["t.csv:3 empty_cell", "t.csv:5:18 too_many_cells"]);
    assert_eq!(rows.len(), 4);
}

#[test]
fn missing_columns_are_each_named_with_the_header_that_is_nearest() {
    let (_, problems) = sales("month,regoin,prodcut,colour\n");
    let said: Vec<String> = problems.sorted().iter().map(|p| p.to_string()).collect();
    assert_eq!(lines(&problems), ["t.csv:1 missing_column"; 3]);
    assert!(said.iter().any(|s| s.contains("'region'") && s.contains("\"regoin\" = \"region\"")), "{said:?}");
    assert!(said.iter().any(|s| s.contains("'product'") && s.contains("\"prodcut\" = \"product\"")), "{said:?}");
    assert!(said.iter().any(|s| s.contains("'units'") && !s.contains("colour")), "{said:?}");
    let mut problems = Problems::default();
    let sheet = sheet(Table::Targets, "year,region\n2024,a\n");
    assert!(Rows::open(&sheet, &Columns::default(), &mut problems).is_none());
    assert_eq!(lines(&problems), ["t.csv:1 missing_column"]);
}

#[test]
fn one_column_under_two_headers_is_an_error_unless_one_is_the_name_itself() {
    let (rows, problems) = sales("月份,大区,省份,产品,销量\n2024-02,a,b,c,1\n");
    assert!(rows.is_empty());
    assert_eq!(lines(&problems), ["t.csv:1:7 duplicate_column"]);
    let (_, problems) = sales("month,month,region,product,units\n");
    assert_eq!(lines(&problems), ["t.csv:1:7 duplicate_column"]);
    let (rows, problems) = sales("月份,大区,region,产品,销量\n2024-02,a,b,c,1\n");
    assert_eq!(rows, [row("b", "c", 1.0, 2)]);
    assert_eq!(lines(&problems), ["t.csv:1 unused_columns"]);
}

#[test]
fn the_mapping_of_the_settings_comes_first() {
    let mut problems = Problems::default();
    let text = "[columns]\n'店' = 'region'\n'卖了' = 'units'\n'颜色' = ''\n";
    let settings = crate::settings::Settings::read(&Arc::from("yugu.toml"), text, &mut problems);
    let sheet = sheet(Table::Sales, "月份,region,店,产品,卖了,颜色\n2024-02,a,b,c,1,红\n");
    let mut rows = Rows::open(&sheet, &settings.columns, &mut problems).unwrap();
    let (region, units) = (rows.column("region"), rows.column("units"));
    let row = rows.next(&mut problems).unwrap();
    assert_eq!((row.text(region), row.number(units, &mut Problems::default())), ("b", Some(1.0)));
    // The header 'region' gives way and is named as unused; 颜色 was left out on purpose.
    assert_eq!(problems.sorted().len(), 1);
    assert!(problems.sorted()[0].to_string().contains("not used: region;"));
}

#[test]
fn unused_columns_are_named_once_the_first_eight() {
    let extra: Vec<String> = (0..20).map(|i| format!("x{i}")).collect();
    let (_, problems) = sales(&format!("month,region,product,units,{}\n2024-02,a,b,1\n", extra.join(",")));
    assert_eq!(lines(&problems), ["t.csv:1 unused_columns"]);
    let said = problems.sorted()[0].to_string();
    assert!(said.contains("x7 and 12 more") && !said.contains("x8"), "{said}");
}

#[test]
fn communities_keep_their_extra_columns() {
    let sheet = sheet(Table::Communities, "小区,区域,户数,交房,绿化率,楼层\n甲,a,100,2024-02,30%,18\n");
    let mut problems = Problems::default();
    let mut rows = Rows::open(&sheet, &Columns::default(), &mut problems).unwrap();
    let extra: Vec<(String, Col)> = rows.headers().map(|(name, col)| (name.to_owned(), col)).collect();
    let row = rows.next(&mut problems).unwrap();
    let kept: Vec<(&str, &str)> = extra.iter().map(|(name, col)| (name.as_str(), row.text(*col))).collect();
    assert_eq!(kept, [("绿化率", "30%"), ("楼层", "18")]);
    assert!(problems.sorted().is_empty());
}

#[test]
fn an_unclosed_quote_is_one_error_where_it_opens() {
    let (rows, problems) = sales("月份,区域,产品,销量\n2024-02,a,b,1\n2024-02,上海,\"b,2\n2024-02,a,c,3\n");
    assert_eq!(rows, [row("a", "b", 1.0, 2)]);
    assert_eq!(lines(&problems), ["t.csv:3:12 unclosed_quote"]);
    // The next quote is far below.
    let body = "2024-02,a,b,1\n".repeat(100);
    let (rows, problems) = sales(&format!("month,region,product,units\n2024-02,a,\"b,1\n{body}2024-02,a,\"c\",1\n"));
    assert_eq!((rows.len(), lines(&problems)), (0, vec!["t.csv:2:11 unclosed_quote".to_owned()]));
    let (_, problems) = sales("month,region,\"product,units\n2024-02,a,b,1\n");
    assert_eq!(lines(&problems), ["t.csv:1:14 unclosed_quote"]);
    // A quoted last line, and one with a line break, are sound.
    let (rows, problems) = sales("month,region,product,units\n2024-02,\"a\",b,\"1\"");
    assert_eq!((rows.len(), lines(&problems).len()), (1, 0));
}

#[test]
fn empty_tables_are_no_problem_here() {
    for text in ["", "\n\n", "month,region,product,units", "month,region,product,units\n,,,\n"] {
        let sheet = sheet(Table::Sales, text);
        let mut problems = Problems::default();
        let mut rows = Rows::open(&sheet, &Columns::default(), &mut problems).unwrap();
        assert!(rows.next(&mut problems).is_none());
        assert!(problems.sorted().is_empty());
    }
}

#[test]
fn names_hold_no_control_characters_and_no_errors_of_spreadsheets() {
    let (_, problems) =
        sales("month,region,product,units\n2024-02,a\0,b,1\n2024-02,#N/A,b,#DIV/0!\n2024-02,\"a\nb\",b,1\n");
    assert_eq!(
        lines(&problems),
        ["t.csv:2:9 control_character", "t.csv:3:9 cell_error", "t.csv:3:16 bad_number", "t.csv:4:9 control_character"]
    );
}

#[test]
fn full_width_commas_and_endless_headers_are_named() {
    assert_eq!(lines(&sales("月份，区域，产品，销量\n").1), ["t.csv:1 full_width_commas"]);
    assert_eq!(lines(&sales(&",x".repeat(20_000)).1), ["t.csv:1 too_many_columns"]);
}

#[test]
fn worksheets_count_rows_and_cells() {
    let text = "月份,区域,产品,销量\n2024-02,\"a\nb\",c,x\n2024-02,a,c,y\n".to_owned();
    let second = text.find("2024").unwrap();
    let third = text.rfind("2024").unwrap();
    let sheet = Sheet::worksheet(Table::Sales, Arc::from("t.xlsx"), text, vec![(0, 3), (second, 7), (third, 9)]);
    let mut problems = Problems::default();
    let mut rows = Rows::open(&sheet, &Columns::default(), &mut problems).unwrap();
    let units = rows.column("units");
    let mut numbers = Vec::new();
    while let Some(row) = rows.next(&mut problems) {
        row.number(units, &mut problems);
        numbers.push(row.line());
    }
    assert_eq!(numbers, [7, 9]);
    assert_eq!(lines(&problems), ["t.xlsx:7:4 bad_number", "t.xlsx:9:4 bad_number"]);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic_and_every_problem_has_a_line(
        text in "(month,region,product,units\n|月份;区域;产品;销量\r\n)?(2024-02|,|;|\"|\n|\r|\0|上|1|-|\t| ){0,80}",
    ) {
        let (_, problems) = sales(&text);
        let last = text.matches(['\n', '\r']).count() as u32 + 1;
        for problem in problems.sorted() {
            let line = problem.place.as_ref().unwrap().line;
            proptest::prop_assert!((1..=last).contains(&line), "{problem}");
        }
    }
}
