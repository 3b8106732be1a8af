//! What a folder means does not depend on how it is written: encodings, packing, workbooks, parts, headers, days.

use std::fs;
use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use yugu::dataset::Mode;
use yugu::folder::{LoadError, load};
use yugu::month::Month;
use yugu::outlook::Outlook;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn month(y: i32, m: u32) -> Month {
    Month::new(y, m).unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn outlook_at(path: &Path, as_of: Option<NaiveDate>) -> Outlook {
    match load(path, as_of, day(2024, 12, 31)) {
        Ok(loaded) => Outlook::new(loaded.dataset, loaded.warnings).unwrap_or_else(|p| panic!("{:#?}", p.sorted())),
        Err(LoadError::Data(problems)) => panic!("{:#?}", problems.sorted()),
        Err(LoadError::Unreadable(text)) => panic!("{}", text.en),
    }
}

fn outlook(files: &[(&str, &str)]) -> Outlook {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    outlook_at(folder(&files).path(), None)
}

fn told(outlook: &Outlook) -> Vec<String> {
    outlook.warnings.sorted().iter().map(|p| p.to_string()).collect()
}

/// Codes with what is sold of them: region, product, and the units of every month from the first of the history.
fn history(outlook: &Outlook) -> Vec<(String, String, Vec<f64>)> {
    let data = &outlook.dataset;
    let code = |leaf: usize| data.grid.regions.code(data.grid.regions.node_of(leaf)).to_string();
    let rows = data.grid.series.iter().zip(data.units.rows());
    rows.map(|(s, row)| (code(s.leaf), data.grid.products.codes[s.product].clone(), row.to_vec())).collect()
}

/// The bits of the forecast, whole and exact.
fn bits(outlook: &Outlook) -> (Vec<u64>, Vec<u64>) {
    let of = |array: ndarray::ArrayView2<f64>| array.iter().map(|x| x.to_bits()).collect();
    (of(outlook.point.units.view()), of(outlook.point.revision.exact.view()))
}

/// Eighteen months of two regions and two products as a Chinese export writes them.
fn chinese() -> Vec<Vec<String>> {
    let mut rows = vec![["销售月份", "大区", "产品编码", "销量", "销售额", "缺货天数"].map(String::from).to_vec()];
    for m in 0..18 {
        let when = [format!("{}年{}月", 2023 + m / 12, m % 12 + 1), format!("{}/{}", 2023 + m / 12, m % 12 + 1)];
        for (r, region) in ["华东", "华南"].into_iter().enumerate() {
            for (p, product) in ["0017", "00A"].into_iter().enumerate() {
                let units = 1_000 + 37 * m + 500 * r + 90 * p + (m * m) % 11;
                let text = match (m + p) % 4 {
                    0 => units.to_string(),
                    1 => format!("{},{:03}", units / 1_000, units % 1_000),
                    2 => format!("{}.{:04}万", units / 10_000, units % 10_000),
                    _ => units.to_string().chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect(),
                };
                let stockout = if m == 9 && p == 0 { "１０" } else { "" };
                let money = format!("¥{}", units * 50);
                rows.push(vec![when[r].clone(), region.into(), product.into(), text, money, stockout.into()]);
            }
        }
    }
    rows
}

fn csv_of(rows: &[Vec<String>]) -> String {
    parted_by(b',', rows)
}

fn parted_by(delimiter: u8, rows: &[Vec<String>]) -> String {
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    rows.iter().for_each(|row| out.write_record(row).unwrap());
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (r, c) = (r as u32, c as u16);
            // Plain numbers of units as numbers; codes are text, as the user typed them.
            match cell.parse::<f64>() {
                Ok(x) if c == 3 => sheet.write_number(r, c, x).unwrap(),
                _ => sheet.write_string(r, c, cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

/// Names and bytes of the files of a folder.
type Files = Vec<(&'static str, Vec<u8>)>;

#[test]
fn every_encoding_and_format_gives_the_same_forecast_to_the_bit() {
    let rows = chinese();
    let text = csv_of(&rows);
    let utf16 = |big: bool| -> Vec<u8> {
        let units = "\u{feff}".encode_utf16().chain(text.encode_utf16()).collect::<Vec<u16>>();
        units.into_iter().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let header = &rows[..1];
    let part = |range: std::ops::Range<usize>| [header, &rows[range]].concat();
    let (one, two, three) = (part(1..30), part(30..50), part(50..rows.len()));
    let forms: Vec<(&str, Files)> = vec![
        ("UTF-8", vec![("sales.csv", text.clone().into_bytes())]),
        ("BOM", vec![("sales.csv", format!("\u{feff}{text}").into_bytes())]),
        ("GB18030", vec![("sales.csv", gb.clone())]),
        ("UTF-16LE", vec![("sales.csv", utf16(false))]),
        ("UTF-16BE", vec![("sales.csv", utf16(true))]),
        ("gzip", vec![("sales.csv.gz", gz(&gb))]),
        ("xlsx", vec![("sales.xlsx", xlsx(&rows))]),
        ("CR LF", vec![("sales.csv", text.replace('\n', "\r\n").into_bytes())]),
        ("semicolons", vec![("sales.csv", parted_by(b';', &rows).into_bytes())]),
        (
            "parts",
            vec![
                ("sales/1.csv", csv_of(&one).into_bytes()),
                ("sales/2.csv.gz", gz(&encoding_rs::GB18030.encode(&csv_of(&two)).0)),
                ("sales/3.xlsx", xlsx(&three)),
            ],
        ),
    ];
    let mut first = None;
    for (name, files) in forms {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (*n, b.as_slice())).collect();
        let outlook = outlook_at(folder(&files).path(), None);
        assert_eq!(outlook.dataset.grid.products.codes, ["0017", "00A"], "{name}");
        assert!(told(&outlook).is_empty(), "{name}: {:?}", told(&outlook));
        let found = (history(&outlook), bits(&outlook));
        match &first {
            None => {
                let (region, product, units) = &found.0[0];
                assert_eq!((region.as_str(), product.as_str()), ("华东", "0017"));
                let by_hand: Vec<f64> = (0..18).map(|m| f64::from(1_000 + 37 * m + (m * m) % 11)).collect();
                assert_eq!(*units, by_hand);
                assert!(outlook.point.corrected.is_some(), "the stockout counts");
                first = Some(found);
            }
            Some(first) => assert!(*first == found, "{name} differs"),
        }
    }
}

/// Months from 2023-01 with units for one region and product, one row each.
fn months(region: &str, product: &str, units: &[f64]) -> String {
    let row = |(i, u): (usize, &f64)| format!("{}-{:02},{region},{product},{u}\n", 2023 + i / 12, i % 12 + 1);
    units.iter().enumerate().map(row).collect()
}

#[test]
fn days_add_up_to_months_and_an_unfinished_month_becomes_progress() {
    let mut text = String::from("date,region,product,units\n");
    for i in 0..14_u32 {
        let (y, m) = (2023 + i as i32 / 12, i % 12 + 1);
        for d in [2, 17, 27] {
            text += &format!("{y}-{m:02}-{d:02},east,A,{}\n", m + d);
        }
        text += &format!("{y}/{m}/{},east,A,1\n", month(y, m).days());
    }
    let whole = outlook(&[("sales.csv", &text)]);
    assert_eq!((whole.origin.mode, whole.origin.made), (Mode::Close, month(2024, 2)));
    let sums: Vec<f64> = (0..14).map(|m| f64::from(3 * (m % 12 + 1) + 2 + 17 + 27 + 1)).collect();
    assert_eq!(history(&whole), [("east".into(), "A".into(), sums.clone())]);

    text += "2024-03-04,east,A,9\n2024-03-12,east,A,4\n";
    let open = outlook(&[("sales.csv", &text)]);
    assert_eq!((open.origin.mode, open.origin.made), (Mode::During, month(2024, 3)));
    assert_eq!(open.origin.cutoff, month(2024, 2));
    assert_eq!(history(&open), [("east".into(), "A".into(), sums)]);
    let progress: Vec<(NaiveDate, f64)> = open.dataset.progress.iter().map(|p| (p.as_of, p.units)).collect();
    assert_eq!(progress, [(day(2024, 3, 12), 13.0)]);
    let warnings = told(&open);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("2024-03-12") && warnings[0].contains("month to date"), "{warnings:?}");
}

#[test]
fn a_month_can_be_written_in_every_form() {
    let forms = ["2023-01", "2023/2", "202303", "2023年4月", "２０２３年５月", "2023.6", "45108", "2023-08-01"];
    let mut text = String::from("month,region,product,units\n");
    for (i, form) in forms.iter().enumerate() {
        text += &format!("{form},east,A,{}\n", i + 1);
    }
    let outlook = outlook(&[("sales.csv", &text)]);
    let expected: Vec<f64> = (1..=8).map(f64::from).collect();
    assert_eq!(history(&outlook)[0].2, expected);
    assert_eq!((outlook.dataset.start, outlook.origin.mode), (month(2023, 1), Mode::Close));
}

#[test]
fn total_rows_are_left_out_and_compared() {
    let units: Vec<f64> = (0..14).map(|i| f64::from(20 + i)).collect();
    let plain = format!("month,region,product,units\n{}{}", months("east", "A", &units), months("west", "A", &units));
    let totals = "2023-01,合计,A,40\n2023-02,total,合计,42\n2023-03,小计,A,43\n";
    let with = outlook(&[("sales.csv", &format!("{plain}{totals}"))]);
    let without = outlook(&[("sales.csv", &plain)]);
    assert_eq!((history(&with), bits(&with)), (history(&without), bits(&without)));
    let warnings = told(&with);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings.iter().any(|w| w.starts_with("sales.csv:32:1: the total row says 43, its parts add up to 44")));
    assert!(warnings.iter().any(|w| w.contains("3 total rows, 1 of them")), "{warnings:?}");
}

#[test]
fn returns_are_netted_and_gaps_are_zero() {
    let text = "month,region,product,units\n2023-01,east,A,9\n2023-01,east,A,-4\n2023-04,east,A,-2\n2023-06,east,A,7\n";
    let outlook = outlook(&[("sales.csv", text)]);
    assert_eq!(history(&outlook)[0].2, [5.0, 0.0, 0.0, 0.0, 0.0, 7.0]);
    let warnings = told(&outlook);
    assert!(warnings.iter().any(|w| w.starts_with("sales.csv:4: ") && w.ends_with("taken as 0")), "{warnings:?}");
    // 2023-02, 03 and 05; 2023-04 has a row.
    assert!(warnings.iter().any(|w| w.starts_with("sales.csv:2: 3 months without a row")), "{warnings:?}");
}

#[test]
fn rows_that_differ_in_an_unused_column_are_added_up_with_one_notice() {
    let text = "month,region,product,units,shop\n2023-01,east,A,2,x\n2023-01,east,A,3,y\n2023-02,east,A,2,x\n2023-02,east,A,2,y\n";
    let outlook = outlook(&[("sales.csv", text)]);
    assert_eq!(history(&outlook)[0].2, [5.0, 4.0]);
    let notices: Vec<String> = told(&outlook).into_iter().filter(|w| w.contains("added up")).collect();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].starts_with("sales.csv:3: ") && notices[0].contains("'shop'"), "{notices:?}");
}

#[test]
fn identical_rows_are_added_up_only_where_the_settings_say_so() {
    let text = "month,region,product,units\n2023-01,east,A,2\n2023-01,east,A,2\n2023-02,east,A,1\n";
    let files: [(&str, &[u8]); 1] = [("sales.csv", text.as_bytes())];
    let Err(LoadError::Data(problems)) = load(folder(&files).path(), None, day(2024, 1, 1)) else { panic!() };
    let told = problems.sorted()[0].to_string();
    assert!(
        told.starts_with("sales.csv:3: 1 rows are identical to another in every column, this one to sales.csv:2"),
        "{told}"
    );
    let summed = outlook(&[("sales.csv", text), ("yugu.toml", "[sales]\nduplicates = \"sum\"\n")]);
    assert_eq!(history(&summed)[0].2, [4.0, 1.0]);
}

#[test]
fn headers_can_be_mapped() {
    let text = "Periode,Gebiet,Ware,Stück,Egal\n2023-01,east,A,2,x\n2023-02,east,A,3,x\n";
    let toml = "[columns]\nPeriode = \"month\"\nGebiet = \"region\"\nEgal = \"\"\n[columns.sales]\nware = \"product\"\n\"STÜCK\" = \"units\"\n";
    let outlook = outlook(&[("sales.csv", text), ("yugu.toml", toml)]);
    assert_eq!(history(&outlook), [("east".into(), "A".into(), vec![2.0, 3.0])]);
    assert!(told(&outlook).is_empty(), "{:?}", told(&outlook));
}

#[test]
fn aliases_join_the_history_of_recoded_products_and_moved_regions() {
    let text = "month,region,product,units\n2023-01,old,A0,2\n2023-02,old,A1,3\n2023-03,new,A2,4\n";
    let aliases = "kind,old,new,from\nproduct,A0,A1,2023-02\nproduct,A1,A2,2023-03\nregion,old,new,2023-03\n";
    let outlook = outlook(&[("sales.csv", text), ("aliases.csv", aliases)]);
    assert_eq!(history(&outlook), [("new".into(), "A2".into(), vec![2.0, 3.0, 4.0])]);
}

#[test]
fn parents_that_are_only_named_become_regions() {
    let text = "month,region,product,units\n2023-01,a,A,2\n2023-01,b,A,3\n2023-01,c,A,4\n";
    let regions = "region,parent\na,north\nb,north\nc,south\nnorth,country\nsouth,country\n";
    let outlook = outlook(&[("sales.csv", text), ("regions.csv", regions)]);
    let tree = &outlook.dataset.grid.regions;
    assert_eq!(tree.code(yugu::grid::COMPANY), "country");
    let node = |code: &str| (0..tree.len()).find(|n| tree.code(*n) == code).unwrap();
    assert_eq!((tree.leaf_count(), tree.leaves(node("north")).len(), tree.leaves(node("south")).len()), (3, 2, 1));
    assert_eq!(tree.code(tree.parent(node("c"))), "south");
}

#[test]
fn as_of_hides_what_came_later() {
    let units: Vec<f64> = (0..18).map(|i| f64::from(30 + (i * 7) % 5)).collect();
    let header = "month,region,product,units\n";
    let long = format!("{header}{}", months("east", "A", &units));
    let short = format!("{header}{}", months("east", "A", &units[..15]));
    let frontline = "made,month,region,units,by,reason\n2024-05,2024-06,east,900,Li,promotion\n";
    let of = |text: &str, as_of| {
        let files: [(&str, &[u8]); 2] = [("sales.csv", text.as_bytes()), ("frontline.csv", frontline.as_bytes())];
        outlook_at(folder(&files).path(), as_of)
    };
    let (hidden, never) = (of(&long, Some(day(2024, 3, 31))), of(&short, None));
    assert_eq!((hidden.origin.cutoff, hidden.months()), (month(2024, 3), never.months()));
    assert_eq!(bits(&hidden), bits(&never));
    assert_ne!(bits(&hidden), bits(&of(&long, None)));
}
