use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ::zip::write::SimpleFileOptions;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};

use std::fs;

use super::*;
use crate::settings::Columns;
use crate::sheet::{Cells, Content, Encoding, Rows};

/// Memory for an input.
const LIMIT: u64 = 1 << 31;

const SALES: &str = "月份,区域,产品,销量,金额\n2024-02,上海,0017,5,12.5\n2024-03,\"北,京\",灶具,-1,\n";

/// A folder of these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path: PathBuf = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    home
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn kinds(folder: &Folder) -> Vec<String> {
    let all = folder.problems.sorted();
    all.iter().map(|p| format!("{} {}", p.place.as_ref().map_or_else(String::new, |p| p.to_string()), p.kind)).collect()
}

/// The cells of every row that is not blank, trimmed; and the problems of reading them.
fn cells(sheet: &Sheet) -> (Vec<Vec<String>>, Problems) {
    let mut problems = Problems::default();
    let mut out = Vec::new();
    if let Some(mut rows) = Rows::open(sheet, &Columns::default(), &mut problems) {
        let cols: Vec<_> = sheet.table.columns().iter().map(|c| rows.column(c.name)).collect();
        while let Some(row) = rows.next(&mut problems) {
            for col in &cols {
                let _ = (row.number(*col, &mut Problems::default()), row.period(*col, &mut Problems::default()));
                let _ = (row.rate(*col, &mut Problems::default()), row.yes(*col, &mut Problems::default()));
                row.name(*col, &mut problems);
            }
            out.push(cols.iter().filter(|c| c.is_there()).map(|c| row.text(*c).to_owned()).collect());
        }
    }
    (out, problems)
}

/// The same sales as a workbook, the months as dates, a title row left free above and a blank row between.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap();
    let sheet = book.add_worksheet().set_name("Sales").unwrap();
    let date = CellFormat::new().set_num_format("yyyy\"年\"m\"月\"");
    for (i, header) in ["月份", "区域", "产品", "销量", "金额"].iter().enumerate() {
        sheet.write(2, i as u16, *header).unwrap();
    }
    sheet.write_with_format(3, 0, ExcelDateTime::from_ymd(2024, 2, 1).unwrap(), &date).unwrap();
    sheet.write(3, 1, "上海").unwrap();
    sheet.write(3, 2, "0017").unwrap();
    sheet.write(3, 3, 5).unwrap();
    sheet.write(3, 4, 12.5).unwrap();
    sheet.write_with_format(5, 0, ExcelDateTime::from_ymd(2024, 3, 1).unwrap(), &date).unwrap();
    sheet.write(5, 1, "北,京").unwrap();
    sheet.write(5, 2, "灶具").unwrap();
    sheet.write(5, 3, -1).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn one_table_in_every_form_gives_the_same_rows() {
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(SALES.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let expected = [["2024-02", "上海", "0017", "5", "12.5"], ["2024-03", "北,京", "灶具", "-1", ""]];
    for (name, bytes, encoding) in [
        ("sales.csv", SALES.as_bytes().to_vec(), Encoding::Utf8),
        ("Sales.CSV", format!("\u{feff}{SALES}").into_bytes(), Encoding::Utf8Bom),
        ("sales.csv", utf16, Encoding::Utf16Le),
        ("sales.csv", gb(SALES), Encoding::Gb18030),
        ("sales.csv.gz", gz(SALES.as_bytes()), Encoding::Utf8),
        ("sales.csv.gz", gz(&gb(SALES)), Encoding::Gb18030),
        ("sales/2024.csv", SALES.as_bytes().to_vec(), Encoding::Utf8),
        ("sales.xlsx", workbook(), Encoding::Workbook),
        ("SALES/b.xlsx", workbook(), Encoding::Workbook),
    ] {
        let home = folder(&[(name, &bytes)]);
        let read = read(home.path()).unwrap();
        assert_eq!(kinds(&read), Vec::<String>::new(), "{name}");
        let [sheet] = read.sheets.as_slice() else { panic!("{name}") };
        assert_eq!((sheet.table, &*sheet.file, sheet.encoding), (Table::Sales, name, encoding));
        let (mut rows, problems) = cells(sheet);
        assert!(problems.sorted().is_empty(), "{name}");
        for row in &mut rows {
            // A date cell of a workbook is a day.
            row[0].truncate(7);
        }
        assert_eq!(rows, expected, "{name}");
        let [input] = read.inputs.as_slice() else { panic!("{name}") };
        assert_eq!((&*input.file, input.bytes), (name, bytes.len() as u64));
    }
}

#[test]
fn worksheets_keep_the_rows_of_the_spreadsheet() {
    let home = folder(&[("sales.xlsx", &workbook())]);
    let read = read(home.path()).unwrap();
    let Content::Text(sheet) = &read.sheets[0].content else { panic!() };
    let Cells::Worksheet(rows) = &sheet.cells else { panic!() };
    assert_eq!(rows.iter().map(|(_, row)| *row).collect::<Vec<_>>(), [3, 4, 6]);
    assert!(sheet.text.starts_with("月份,区域,产品,销量,金额\n2024-02-01,上海,0017,5,12.5\n"));
}

#[test]
fn worksheet_cells_become_what_one_would_type() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("empty").unwrap();
    let sheet = book.add_worksheet().set_name("whatever").unwrap();
    let day = CellFormat::new().set_num_format("yyyy-mm-dd hh:mm");
    let long = CellFormat::new().set_num_format("[h]:mm");
    sheet.write(0, 1, "a\"b\nc").unwrap();
    sheet.write(0, 2, 1_234_567.0).unwrap();
    sheet.write(0, 3, 0.1).unwrap();
    sheet.write(0, 4, true).unwrap();
    sheet.write_with_format(0, 5, 45_339.5, &day).unwrap();
    sheet.write_with_format(0, 6, 1.5, &long).unwrap();
    sheet.write(0, 7, Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.write(0, 9, " 0017").unwrap();
    let mut read = xlsx::read(xlsx::Kind::Xlsx, &book.save_to_buffer().unwrap(), LIMIT).ok().unwrap();
    let ((text, rows), worksheet) = read.pop().unwrap();
    assert!(read.is_empty() && worksheet.name == "whatever");
    assert_eq!(text, ",\"a\"\"b\nc\",1234567,0.1,TRUE,2024-02-17 12:00:00,1.5,#N/A,, 0017\n");
    assert_eq!(rows, [(0, 1)]);
}

#[test]
fn parts_are_read_by_name_and_other_files_left_alone() {
    let home = folder(&[
        ("sales/2024.csv", SALES.as_bytes()),
        ("sales/2023.csv.gz", &gz(SALES.as_bytes())),
        ("sales/2025.xlsx", &workbook()),
        ("sales/~$2025.xlsx", b"lock"),
        ("sales/.hidden.csv", b"x"),
        ("sales/notes.md", b"x"),
        ("regions.csv", b"region\n"),
        ("out/2024-02/forecast.csv", b"x"),
        ("ledger/2024-02.csv", b"x"),
        ("README.md", b"x"),
        ("~$sales.xlsx", b"lock"),
        ("notes.txt", b"x"),
        ("yugu.toml", b"[fiscal]\nstart = 7\n"),
    ]);
    let read = read(home.path()).unwrap();
    assert_eq!(kinds(&read), Vec::<String>::new());
    let files: Vec<&str> = read.sheets.iter().map(|sheet| &*sheet.file).collect();
    assert_eq!(files, ["sales/2023.csv.gz", "sales/2024.csv", "sales/2025.xlsx", "regions.csv", "ledger/2024-02.csv"]);
    assert_eq!(read.inputs.len(), 6);
    assert_eq!(read.settings_text.unwrap().1, "[fiscal]\nstart = 7\n");
}

#[test]
fn inputs_are_known_by_their_bytes() {
    let home = folder(&[("sales.csv", b"abc")]);
    let read = read(home.path()).unwrap();
    assert_eq!(read.inputs[0].sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn what_cannot_be_read_is_named() {
    let mut cut = gz(SALES.repeat(50).as_bytes());
    cut.truncate(cut.len() / 2);
    let mut bad = SALES.repeat(5).into_bytes();
    bad[SALES.len() + 40] = 0xff;
    let short = &workbook()[..3000];
    let home = folder(&[
        ("sales.csv", SALES.as_bytes()),
        ("sales.xlsx", &workbook()),
        ("products.csv.gz", &cut),
        ("regions.csv", &bad),
        ("targets.xlsx", short),
        ("factors.parquet", b"PAR1"),
        ("growth.xls", b"\0\0\0x"),
        ("stock.csv", &workbook()),
        ("totals.xlsx", b"\xd0\xcf\x11\xe0...."),
        ("calendar/readme.txt", b"x"),
        ("progres.csv", b"x"),
        ("saels/a.csv", b"x"),
    ]);
    let read = read(home.path()).unwrap();
    assert_eq!(
        kinds(&read),
        [
            "calendar/ no_parts",
            "factors.parquet unreadable",
            "growth.xls unreadable",
            "products.csv.gz unreadable",
            "regions.csv:5 bad_encoding",
            "sales.xlsx table_twice",
            "stock.csv wrong_format",
            "targets.xlsx unreadable",
            "totals.xlsx unreadable",
            "progres.csv unknown_file",
            "saels/ unknown_file",
        ]
    );
    assert!(read.sheets.is_empty());
    let said: Vec<String> = read.problems.sorted().iter().map(|p| p.to_string()).collect();
    assert!(said[5].contains("sales.csv and in sales.xlsx"), "{}", said[5]);
    assert!(said[9].contains("'progress'"), "{}", said[9]);
}

#[test]
fn a_folder_that_is_not_there_or_empty_is_said_so() {
    let home = folder(&[("mine.txt", b"x")]);
    assert_eq!(kinds(&read(home.path()).unwrap()), [" no_tables"]);
    assert!(read(&home.path().join("nowhere")).unwrap_err().en.contains("there is no folder"));
    assert!(read(&home.path().join("mine.txt")).unwrap_err().en.contains("is a file"));
}

/// A container of these parts, stored as they are.
fn store(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Stored);
    for (name, data) in parts {
        writer.start_file(name.as_str(), stored).unwrap();
        writer.write_all(data).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of a workbook.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ::zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = archive.len();
    let part = |at| {
        let (mut part, mut out) = (archive.by_index(at).unwrap(), Vec::new());
        std::io::Read::read_to_end(&mut part, &mut out).unwrap();
        (part.name().unwrap().to_string(), out)
    };
    (0..count).map(part).collect()
}

#[test]
fn a_workbook_that_claims_more_strings_than_it_holds_is_refused() {
    let mut parts = unpacked(&workbook());
    assert!(xlsx::read(xlsx::Kind::Xlsx, &store(&parts), LIMIT).is_ok());
    let strings = parts.iter_mut().find(|(name, _)| name.ends_with("sharedStrings.xml")).unwrap();
    let text = String::from_utf8(strings.1.clone()).unwrap();
    let claim = text.split("uniqueCount=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let claim = format!("uniqueCount=\"{claim}\"");
    strings.1 = text.replace(&claim, "uniqueCount=\"99999999999\"").into_bytes();
    assert_eq!(zip::check(&store(&parts), 1 << 20), Err(zip::Refused::Damaged));
    assert_eq!(xlsx::read(xlsx::Kind::Xlsx, &store(&parts), LIMIT).err().unwrap().kind, "unreadable");
    assert_eq!(zip::check(&workbook(), 10), Err(zip::Refused::TooLarge));
    assert_eq!(zip::check(&workbook(), 1 << 20), Ok(()));
}

/// A seeded sequence, so that a failure comes again.
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

#[test]
fn damaged_copies_give_rows_or_problems_and_never_a_panic() {
    let sound = [
        ("csv", SALES.repeat(20).into_bytes()),
        ("csv", gb(&SALES.repeat(20))),
        ("csv.gz", gz(SALES.repeat(20).as_bytes())),
        ("xlsx", workbook()),
        // The container sound, one part damaged: the text of a worksheet, the strings, the formats.
        ("parts", workbook()),
    ];
    let mut state = 7;
    for round in 0..800 {
        let (ending, bytes) = &sound[round % sound.len()];
        let mut bytes = bytes.clone();
        if *ending == "parts" {
            let mut parts = unpacked(&bytes);
            let at = random(&mut state) % parts.len();
            damage(&mut parts[at].1, &mut state);
            bytes = store(&parts);
        } else {
            damage(&mut bytes, &mut state);
        }
        let source = Source { path: PathBuf::new(), file: Arc::from("t"), format: format(ending), fixed: Vec::new() };
        let begun = Instant::now();
        match sheets(Table::Sales, &source, bytes, LIMIT) {
            Ok(sheets) => sheets.iter().for_each(|sheet| drop(cells(sheet))),
            Err(wrong) => assert!(!wrong.message.en.is_empty() && !wrong.message.zh.is_empty()),
        }
        assert!(begun.elapsed() < Duration::from_secs(1), "round {round}");
    }
}

/// A few changes anywhere.
fn damage(bytes: &mut Vec<u8>, state: &mut u64) {
    for _ in 0..=random(state) % 4 {
        if bytes.is_empty() {
            bytes.push(b'"');
        }
        let at = random(state) % bytes.len();
        match random(state) % 6 {
            0 => bytes[at] = random(state) as u8,
            1 => bytes.truncate(at.max(1)),
            2 => bytes.insert(at, b"\"\0,\n\xff"[random(state) % 5]),
            3 => bytes.rotate_left(at),
            4 => bytes.splice(at..at + 1, *b"9999999999").for_each(drop),
            _ => drop(bytes.drain(at..(at + 20).min(bytes.len()))),
        }
    }
}

fn format(ending: &str) -> Format {
    match ending {
        "csv" => Format::Csv,
        "csv.gz" => Format::CsvGz,
        _ => Format::Workbook(xlsx::Kind::Xlsx),
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_any_format_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        for ending in ["csv", "csv.gz", "xlsx"] {
            let source = Source { path: PathBuf::new(), file: Arc::from("t"), format: format(ending), fixed: Vec::new() };
            for bytes in [bytes.clone(), [b"PK\x03\x04".as_slice(), &bytes].concat(), gz(&bytes)] {
                if let Some(sheet) = sheets(Table::Sales, &source, bytes, LIMIT).ok().and_then(|mut all| all.pop()) {
                    cells(&sheet);
                }
            }
        }
    }
}

#[test]
fn what_is_saved_later_comes_last() {
    let mut there = Vec::new();
    let saved =
        ["2025-12 sales", "2026-01 sales", "2025-12 corrected", "2026-01 sales", "2026-01 sales", "2026-02 sales"];
    for name in saved {
        let file = after_all(name, &there);
        assert!(there.iter().all(|held: &String| *held < file), "{file} after {there:?}");
        there.push(file);
    }
    assert_eq!(
        there[2..],
        ["2026-01~002 2025-12 corrected.csv", "2026-01~003 sales.csv", "2026-01~004 sales.csv", "2026-02 sales.csv"]
    );
    for own in ["export.csv", "销售 2025.csv", "2026-01-31.csv", " .csv"] {
        assert!(*after_all("2026-01 sales", &[own.to_owned()]) > *own, "{own}");
    }
}
