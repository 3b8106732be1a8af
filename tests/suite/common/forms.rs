//! One small company's sales, and the files that people keep them in.

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;

/// A row: year, month, region, product, units.
pub type Row = (i32, u32, String, String, i64);

/// Thirty months of two regions and three products, every number between 150 and 1,900.
pub fn rows() -> Vec<Row> {
    rows_of(["Nord", "Sud"])
}

pub fn rows_of(regions: [&str; 2]) -> Vec<Row> {
    let mut out = Vec::new();
    for t in 0..30_u32 {
        for (r, region) in regions.into_iter().enumerate() {
            for (p, product) in ["0010", "0020", "0300"].into_iter().enumerate() {
                let season = 1.0 + 0.2 * (f64::from(t) * std::f64::consts::TAU / 12.0).sin();
                let own = 1.0 + 0.07 * (f64::from(t * 7 + r as u32 * 5 + p as u32 * 3) * 1.7).sin();
                let units = (200.0 * (r + 1) as f64 * (p + 1) as f64 * season * own).round() as i64;
                out.push((2021 + (t / 12) as i32, t % 12 + 1, region.to_owned(), product.to_owned(), units));
            }
        }
    }
    out
}

/// Lines of text, a row each, cells parted by `sep`.
pub fn text(header: &str, sep: char, rows: &[Row], month: impl Fn(i32, u32) -> String) -> String {
    let mut out = format!("{}\n", header.replace(',', &sep.to_string()));
    for (y, m, region, product, units) in rows {
        writeln!(out, "{}{sep}{region}{sep}{product}{sep}{units}", month(*y, *m)).unwrap();
    }
    out
}

pub const HEADER: &str = "month,region,product,units";

pub fn iso(y: i32, m: u32) -> String {
    format!("{y}-{m:02}")
}

pub fn plain() -> String {
    text(HEADER, ',', &rows(), iso)
}

/// The units of a key.
pub fn units(rows: &[Row], y: i32, m: u32, region: &str, product: &str) -> Option<i64> {
    rows.iter().find(|r| (r.0, r.1, r.2.as_str(), r.3.as_str()) == (y, m, region, product)).map(|r| r.4)
}

pub fn months(rows: &[Row]) -> Vec<(i32, u32)> {
    let mut out: Vec<(i32, u32)> = rows.iter().map(|r| (r.0, r.1)).collect();
    out.dedup();
    out
}

pub fn keys(rows: &[Row]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for row in rows {
        let key = (row.2.clone(), row.3.clone());
        if !out.contains(&key) {
            out.push(key);
        }
    }
    out
}

/// Months across: a line for each region and product.
pub fn pivot(rows: &[Row], keys_header: &str, month: impl Fn(i32, u32) -> String) -> Vec<Vec<String>> {
    let months = months(rows);
    let mut head: Vec<String> = keys_header.split(',').map(str::to_owned).collect();
    head.extend(months.iter().map(|(y, m)| month(*y, *m)));
    let mut out = vec![head];
    for (region, product) in keys(rows) {
        let mut line = vec![region.clone(), product.clone()];
        line.extend(
            months.iter().map(|(y, m)| units(rows, *y, *m, &region, &product).map_or(String::new(), |u| u.to_string())),
        );
        out.push(line);
    }
    out
}

pub fn csv(lines: &[Vec<String>]) -> String {
    lines.iter().map(|line| line.join(",") + "\n").collect()
}

/// A container of these parts, stored as they are.
pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, data) in parts {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(data).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn column(mut i: usize) -> String {
    let mut out = String::new();
    loop {
        out.insert(0, (b'A' + (i % 26) as u8) as char);
        if i < 26 {
            return out;
        }
        i = i / 26 - 1;
    }
}

/// A worksheet of an XLSX workbook, as its XML is written by hand.
#[derive(Default)]
pub struct Worksheet {
    pub name: String,
    pub state: &'static str,
    /// Cells: a text, or behind `=` a number, `#` a number in the style of zeros, `?` a formula without its value.
    pub lines: Vec<Vec<String>>,
    /// Rows from 1 that are hidden.
    pub hidden: Vec<usize>,
    /// Ranges as A2:A4.
    pub merged: Vec<String>,
}

impl Worksheet {
    pub fn new(name: &str, lines: Vec<Vec<String>>) -> Worksheet {
        Worksheet { name: name.into(), state: "visible", lines, ..Worksheet::default() }
    }

    fn xml(&self) -> String {
        let mut out =
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>".to_owned();
        for (r, line) in self.lines.iter().enumerate() {
            let hidden = if self.hidden.contains(&(r + 1)) { " hidden=\"1\"" } else { "" };
            write!(out, "<row r=\"{}\"{hidden}>", r + 1).unwrap();
            for (c, cell) in line.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let at = format!("{}{}", column(c), r + 1);
                let of = |sign: char| cell.strip_prefix(sign);
                match (of('='), of('#'), of('?')) {
                    (Some(x), ..) => write!(out, "<c r=\"{at}\"><v>{x}</v></c>"),
                    (_, Some(x), _) => write!(out, "<c r=\"{at}\" s=\"1\"><v>{x}</v></c>"),
                    (.., Some(f)) => write!(out, "<c r=\"{at}\"><f>{f}</f><v></v></c>"),
                    _ => write!(out, "<c r=\"{at}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
                }
                .unwrap();
            }
            out.push_str("</row>");
        }
        out.push_str("</sheetData>");
        if !self.merged.is_empty() {
            let cells: String = self.merged.iter().map(|range| format!("<mergeCell ref=\"{range}\"/>")).collect();
            write!(out, "<mergeCells>{cells}</mergeCells>").unwrap();
        }
        out + "</worksheet>"
    }
}

/// An XLSX workbook.
pub fn workbook(sheets: &[Worksheet], from_1904: bool) -> Vec<u8> {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let list: String = sheets
        .iter()
        .enumerate()
        .map(|(i, s)| format!("<sheet name=\"{}\" sheetId=\"{}\" state=\"{}\" r:id=\"r{i}\"/>", s.name, i + 1, s.state))
        .collect();
    let date = if from_1904 { " date1904=\"1\"" } else { "" };
    let book = format!(
        "{head}<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><workbookPr{date}/><sheets>{list}</sheets></workbook>"
    );
    let relations: String = (0..sheets.len())
        .map(|i| format!("<Relationship Id=\"r{i}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"))
        .collect();
    let relations = format!(
        "{head}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}\
         <Relationship Id=\"s\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    let styles = format!(
        "{head}<styleSheet xmlns=\"{main}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"0000\"/></numFmts>\
         <cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
    );
    let types = format!(
        "{head}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/></Types>"
    );
    let pages: Vec<(String, String)> = sheets
        .iter()
        .enumerate()
        .map(|(i, s)| (format!("xl/worksheets/sheet{i}.xml"), format!("{head}{}", s.xml())))
        .collect();
    let top = format!(
        "{head}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"b\" \
         Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", top.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
    ];
    parts.extend(pages.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())));
    zipped(&parts)
}

/// An OpenDocument spreadsheet of one sheet.
pub fn ods(lines: &[Vec<String>]) -> Vec<u8> {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
        xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
        <table:table table:name=\"sales\">"
        .to_owned();
    for line in lines {
        out.push_str("<table:table-row>");
        for cell in line {
            let number = cell.strip_prefix('=');
            match number {
                Some(x) => write!(
                    out,
                    "<table:table-cell office:value-type=\"float\" office:value=\"{x}\"><text:p>{x}</text:p></table:table-cell>"
                ),
                None => write!(
                    out,
                    "<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"
                ),
            }
            .unwrap();
        }
        out.push_str("</table:table-row>");
    }
    out.push_str("</table:table></office:spreadsheet></office:body></office:document-content>");
    let manifest = "<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", out.as_bytes()),
    ])
}

/// A workbook of the old binary kind (BIFF8) of one sheet.
pub fn xls(lines: &[Vec<String>]) -> Vec<u8> {
    fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
        out.extend(kind.to_le_bytes());
        out.extend((data.len() as u16).to_le_bytes());
        out.extend(data);
    }
    fn string(text: &str, wide: bool) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut out = if wide { (units.len() as u16).to_le_bytes().to_vec() } else { vec![units.len() as u8] };
        out.push(1);
        out.extend(units.iter().flat_map(|u| u.to_le_bytes()));
        out
    }
    let bof = |kind: u16| [0x0600_u16.to_le_bytes(), kind.to_le_bytes(), [0; 2], [0; 2]].concat();
    let mut sheet = Vec::new();
    record(&mut sheet, 0x0809, &bof(0x0010));
    for (r, line) in lines.iter().enumerate() {
        for (c, cell) in line.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let at = [(r as u16).to_le_bytes(), (c as u16).to_le_bytes(), [0; 2]].concat();
            match cell.strip_prefix('=') {
                Some(x) => record(&mut sheet, 0x0203, &[at, x.parse::<f64>().unwrap().to_le_bytes().to_vec()].concat()),
                None => record(&mut sheet, 0x0204, &[at, string(cell, true)].concat()),
            }
        }
    }
    record(&mut sheet, 0x000a, &[]);
    let mut book = Vec::new();
    record(&mut book, 0x0809, &bof(0x0005));
    record(&mut book, 0x0042, &1200_u16.to_le_bytes());
    let name = string("sales", false);
    // Where the sheet begins: after this record and the end.
    let at = book.len() + 4 + 6 + name.len() + 4;
    record(&mut book, 0x0085, &[(at as u32).to_le_bytes().to_vec(), vec![0, 0], name].concat());
    record(&mut book, 0x000a, &[]);
    assert_eq!(book.len(), at);
    book.extend(sheet);
    compound(&book)
}

/// A binary workbook (BIFF12, [MS-XLSB]) of one sheet: records of a kind, a length and data, in a container like that of
/// an XLSX workbook.
pub fn xlsb(lines: &[Vec<String>]) -> Vec<u8> {
    /// Kinds and lengths are written seven bits to a byte, the least first.
    fn number(out: &mut Vec<u8>, mut n: usize) {
        while n >= 0x80 {
            out.push(n as u8 | 0x80);
            n >>= 7;
        }
        out.push(n as u8);
    }
    fn record(out: &mut Vec<u8>, kind: usize, data: &[u8]) {
        number(out, kind);
        number(out, data.len());
        out.extend(data);
    }
    fn string(text: &str) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        [(units.len() as u32).to_le_bytes().to_vec(), units.iter().flat_map(|u| u.to_le_bytes()).collect()].concat()
    }
    let numbers = |list: &[u32]| list.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    // BrtBeginBook, BrtWbProp, BrtBeginBundleShs, BrtBundleSh, BrtEndBundleShs, BrtEndBook.
    let mut book = Vec::new();
    record(&mut book, 131, &[]);
    record(&mut book, 153, &[0; 12]);
    record(&mut book, 143, &[]);
    record(&mut book, 156, &[numbers(&[0, 1]), string("r0"), string("sales")].concat());
    record(&mut book, 144, &[]);
    record(&mut book, 132, &[]);
    // BrtBeginSheet, BrtWsDim, BrtBeginSheetData, the rows, BrtEndSheetData, BrtEndSheet.
    let mut sheet = Vec::new();
    record(&mut sheet, 129, &[]);
    record(&mut sheet, 148, &numbers(&[0, lines.len() as u32, 0, lines[0].len() as u32]));
    record(&mut sheet, 145, &[]);
    for (r, line) in lines.iter().enumerate() {
        // BrtRowHdr, of which the row is what counts here.
        record(&mut sheet, 0, &[numbers(&[r as u32]), vec![0; 13]].concat());
        for (c, cell) in line.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let at = numbers(&[c as u32, 0]);
            match cell.strip_prefix('=') {
                // BrtCellReal, BrtCellSt.
                Some(x) => record(&mut sheet, 5, &[at, x.parse::<f64>().unwrap().to_le_bytes().to_vec()].concat()),
                None => record(&mut sheet, 6, &[at, string(cell)].concat()),
            }
        }
    }
    record(&mut sheet, 146, &[]);
    record(&mut sheet, 130, &[]);
    let relations = "<?xml version=\"1.0\"?><Relationships \
         xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r0\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.bin\"/></Relationships>";
    zipped(&[
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet),
    ])
}

/// A compound file with one stream, `Workbook`.
fn compound(stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    let mut stream = stream.to_vec();
    // Shorter streams would lie in another place.
    stream.resize(stream.len().max(4096).next_multiple_of(SECTOR), 0);
    let count = stream.len() / SECTOR;
    let fats = (count + 1).div_ceil(SECTOR / 4 - 1) + 1;
    let (directory, first) = (fats, fats + 1);
    let end = 0xffff_fffe_u32;
    let mut fat: Vec<u32> = vec![0xffff_fffd; fats];
    fat.push(end);
    fat.extend((0..count).map(|i| if i + 1 == count { end } else { (first + i + 1) as u32 }));
    fat.resize(fats * SECTOR / 4, u32::MAX);
    let mut head = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    head.resize(24, 0);
    head.extend([0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    head.resize(44, 0);
    for n in [fats as u32, directory as u32, 0, 4096, end, 0, end, 0] {
        head.extend(n.to_le_bytes());
    }
    (0..109).for_each(|i| head.extend((if i < fats { i as u32 } else { u32::MAX }).to_le_bytes()));
    let entry = |name: &str, kind: u8, child: u32, start: u32, size: u32| {
        let mut out: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = if name.is_empty() { 0 } else { out.len() as u16 + 2 };
        out.resize(64, 0);
        out.extend(length.to_le_bytes());
        out.extend([kind, 1]);
        [u32::MAX, u32::MAX, child].iter().for_each(|n| out.extend(n.to_le_bytes()));
        out.resize(116, 0);
        out.extend(start.to_le_bytes());
        out.extend(size.to_le_bytes());
        out.resize(128, 0);
        out
    };
    let mut names = entry("Root Entry", 5, 1, end, 0);
    names.extend(entry("Workbook", 2, u32::MAX, first as u32, stream.len() as u32));
    names.resize(SECTOR, 0);
    let fat: Vec<u8> = fat.iter().flat_map(|n| n.to_le_bytes()).collect();
    [head, fat, names, stream].concat()
}

/// A folder of these files.
pub fn folder(files: &[(String, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path: &Path = &folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}
