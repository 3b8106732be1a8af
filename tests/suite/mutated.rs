//! Damaged folders: thousands of mutated copies of the example tables, each of which must end in an answer or a clear
//! problem, never in a panic, never in a hang.
//!
//! `MUTATED_COPIES` and `MUTATED_SEED` make the run longer or another one; a failing copy names its number, and
//! `MUTATED_ONLY` runs that one alone.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use yugu::folder::{LoadError, load};
use yugu::messages::Lang;
use yugu::outlook::Outlook;

/// How many copies an ordinary run makes.
const COPIES: u64 = 800;
const SEED: u64 = 20_140_630;
/// The bound meant is a second; a busy machine and an unoptimised build are given more before the test fails.
const FAR_TOO_LONG: Duration = Duration::from_secs(20);
const HUNG: Duration = Duration::from_secs(60);
const WORKERS: u64 = 3;

/// The folder that is mutated begins here, without these regions and with few communities: small, so that thousands of
/// copies take seconds.
const FIRST_MONTH: &str = "2013-04";
const OTHER_REGIONS: [&str; 5] = ["chengxi", "chengnan", "chengbei", "kaifa", "binhu"];
const COMMUNITIES: usize = 12;

type Rows = Vec<Vec<String>>;

#[derive(Clone)]
struct File {
    name: String,
    rows: Rows,
    text: String,
}

fn file(name: &str, text: String) -> File {
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.into_records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    File { name: name.into(), rows, text }
}

fn text_of(rows: &Rows) -> String {
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        out.write_record(row).unwrap();
    }
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

/// A small part of `data/gas` that hangs together, and the two tables it does not have.
fn base() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gas");
    let mut names: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    // A plan made in the example folder leaves its outputs there.
    names.retain(|path| path.is_file());
    names.sort();
    let mut files = Vec::new();
    let mut communities = BTreeSet::new();
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        let text = fs::read_to_string(&path).unwrap();
        if name == "yugu.toml" {
            files.push(File { name, rows: Vec::new(), text });
            continue;
        }
        if !name.ends_with(".csv") {
            continue;
        }
        let mut all = file(&name, text);
        let header = all.rows[0].clone();
        let column = |c: &str| header.iter().position(|h| h == c);
        let region = column("region");
        let community = column("community");
        let month = ["month", "sold"].iter().find_map(|c| column(c)).filter(|_| name != "frontline.csv");
        let mut body: Rows = all.rows.split_off(1);
        let ours = |row: &Vec<String>| {
            let far = region.is_some_and(|c| OTHER_REGIONS.contains(&row[c].as_str()))
                || row.iter().any(|cell| OTHER_REGIONS.iter().any(|r| cell.ends_with(&format!("-{r}"))));
            let early = month.is_some_and(|c| row[c].len() == 7 && row[c].as_str() < FIRST_MONTH);
            !far && !early
        };
        body.retain(ours);
        if name == "communities.csv" {
            body.reverse();
            body.truncate(COMMUNITIES);
            communities = body.iter().map(|r| r[0].clone()).collect();
        } else if let Some(c) = community {
            body.retain(|row| communities.contains(&row[c]));
        }
        all.rows.extend(body);
        let text = text_of(&all.rows);
        files.push(file(&name, text));
    }
    let prices = "month,region,product,price,discount\n2014-07,gaoxin,ST-B2,1020,60\n2014-08,gaoxin,ST-B2,1080,\n";
    files.push(file("plan_prices.csv", prices.into()));
    let days = "month,working_days,festival,weight\n2014-01,20,春节,\n2014-02,18,no,0.9\n";
    files.push(file("calendar.csv", days.into()));
    files
}

/// Cells that people and programs get wrong.
const NASTY: [&str; 64] = [
    "",
    " ",
    "-",
    "0",
    "-0",
    "-1",
    "1",
    "0.5",
    "1.5",
    "-1.5",
    "100%",
    "-100%",
    "-99.999%",
    "140%",
    "1e5",
    "1e15",
    "1e16",
    "1e300",
    "-1e300",
    "1e999",
    "999999999999999",
    "-999999999999999",
    "1000000000000000",
    "0.000000001",
    "1e-300",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "Infinity",
    "1,234",
    "1,2,3",
    "1.2万",
    "99999999亿",
    "１２",
    "¥5",
    "0x10",
    "٣",
    "0000-01",
    "9999-12",
    "1950-01",
    "2099-12",
    "2099-12-31",
    "1949-12",
    "2013-13",
    "2013-02-30",
    "2014-06-30",
    "2014-07-15",
    "2014-06",
    "2013-04",
    "2014-07",
    "41800",
    "合计",
    "total",
    "小计",
    "other",
    "\u{0}",
    "a\u{0}b",
    "a\nb",
    "\"",
    "#N/A",
    "\u{feff}",
    "\u{202e}x",
    "😀",
];

/// Settings that a folder may have, and some it may not.
const SETTINGS: [&str; 34] = [
    "[fiscal]\nstart = 1",
    "[fiscal]\nstart = 12",
    "[fiscal]\nstart = 13",
    "[fiscal]\nstart = -99999999999999999999",
    "[units]\nmoney = \"万元\"",
    "[units]\nmoney = 5",
    "[calendar]\nfestival = \"none\"",
    "[calendar]\nfestival = \"cn\"",
    "[sales]\nduplicates = \"sum\"",
    "[demand]\ncorrect = false",
    "[demand]\nsubstitution = 0.98\noverlap = 0",
    "[demand]\nsubstitution = 0.05\noverlap = 1",
    "[demand]\nsubstitution = nan",
    "[demand]\nsubstitution = 1e308",
    "[level]\nsource = \"target\"",
    "[level]\ngrowth_own_weight = 1",
    "[mix]\nrecovered_share = 0",
    "[lifecycle]\nsuccessor_share = 1\nramp_months = 0.1",
    "[lifecycle]\nramp_months = 60\noptimistic = 10",
    "[base]\nsuppressed_credit = 1.0",
    "[reasons]\ncash = \"+\"\nweather = \"none\"",
    "[reasons]\n\"\" = \"+\"",
    "[targets]\nstages = [\"marketing\"]",
    "[targets]\nstages = [\"marketing\", \"department\"]",
    "[revision]\nfrontline_weight = 1\nprogress_prior = 0",
    "[revision]\nfrontline_weight = 0\nprogress_prior = 100",
    "[attainment]\nhigh = 1\nvery_high = 1\nnorm_months = 1\nnorm_min = 1",
    "[attainment]\ncut = 0\ndeep_cut = 0",
    "[columns]\nregion = \"product\"\nproduct = \"region\"",
    "[columns]\nunits = \"revenue\"\nrevenue = \"units\"",
    "[columns.sales]\nunits = \"\"",
    "[columns]\nmonth = \"nothing\"",
    "[output]\nlanguage = \"zh\"",
    "= = =\n[[[[[[",
];

/// What became of a file: its bytes under a name.
type Written = (String, Vec<u8>);

fn pick<'a, T>(rng: &mut ChaCha8Rng, list: &'a [T]) -> Option<&'a T> {
    list.choose(rng)
}

fn nasty(rng: &mut ChaCha8Rng) -> String {
    match rng.random_range(0..20) {
        0 => "x".repeat(rng.random_range(1..70_000)),
        1 => format!("{}", rng.random_range(-1e16..1e16)),
        2 => format!("{:04}-{:02}", rng.random_range(0..10_000), rng.random_range(0..14)),
        3 => format!("{}-{:02}-{:02}", rng.random_range(2012..2016), rng.random_range(1..13), rng.random_range(1..32)),
        _ => NASTY.choose(rng).map_or(String::new(), |s| s.to_string()),
    }
}

fn cell(rows: &Rows, rng: &mut ChaCha8Rng, header: bool) -> Option<(usize, usize)> {
    let first = usize::from(!header);
    let r = (rows.len() > first).then(|| rng.random_range(first..rows.len()))?;
    let c = (!rows[r].is_empty()).then(|| rng.random_range(0..rows[r].len()))?;
    Some((r, c))
}

/// Changes cells, rows and columns; the file stays a table.
fn change_rows(rows: &mut Rows, rng: &mut ChaCha8Rng) {
    let width = rows.first().map_or(0, Vec::len);
    if width == 0 {
        return;
    }
    match rng.random_range(0..16) {
        0..=2 => {
            for _ in 0..rng.random_range(1..4) {
                let Some((r, c)) = cell(rows, rng, rng.clone().random_bool(0.05)) else { return };
                rows[r][c] = nasty(rng);
            }
        }
        // A value of the same column elsewhere: mostly valid, so that the steps themselves are reached.
        3..=5 => {
            for _ in 0..rng.random_range(1..30) {
                let (Some((r, c)), Some((other, _))) = (cell(rows, rng, false), cell(rows, rng, false)) else { return };
                if let Some(value) = rows[other].get(c).cloned() {
                    rows[r][c] = value;
                }
            }
        }
        6 => {
            let (c, value) = (rng.random_range(0..width), nasty(rng));
            let value: String = value.chars().take(2_000).collect();
            rows.iter_mut().skip(1).filter_map(|row| row.get_mut(c)).for_each(|cell| *cell = value.clone());
        }
        7 => {
            let c = rng.random_range(0..width);
            rows.iter_mut().filter(|row| c < row.len()).for_each(|row| {
                row.remove(c);
            });
        }
        8 => rows.get_mut(1..).into_iter().for_each(|body| body.shuffle(rng)),
        9 => {
            let mut order: Vec<usize> = (0..width).collect();
            order.shuffle(rng);
            let only = rng.random_bool(0.3).then(|| rng.random_range(0..rows.len()));
            for (i, row) in rows.iter_mut().enumerate() {
                if row.len() == width && only.is_none_or(|o| o == i) {
                    *row = order.iter().map(|&c| row[c].clone()).collect();
                }
            }
        }
        10 => {
            let keep = *[0.0, 0.02, 0.3, 0.9].choose(rng).unwrap_or(&0.5);
            let mut first = true;
            rows.retain(|_| std::mem::take(&mut first) || rng.random_bool(keep));
        }
        11 => {
            let Some(row) = pick(rng, rows).cloned() else { return };
            let at = rng.random_range(0..=rows.len());
            (0..rng.random_range(1..3)).for_each(|_| rows.insert(at, row.clone()));
        }
        12 => {
            let wide = rng.random_range(9_000..20_000);
            let header_only = rng.random_bool(0.5);
            for (i, row) in rows.iter_mut().enumerate().take(if header_only { 1 } else { 40 }) {
                row.extend((0..wide).map(|c| if i == 0 { format!("c{c}") } else { c.to_string() }));
            }
        }
        13 => {
            let times = *[0.0, -1.0, 0.001, 1e6, 1e12].choose(rng).unwrap_or(&1.0);
            let c = rng.random_range(0..width);
            for cell in rows.iter_mut().skip(1).filter_map(|row| row.get_mut(c)) {
                if let Ok(x) = cell.parse::<f64>() {
                    *cell = format!("{}", x * times);
                }
            }
        }
        14 if width < 100 => {
            // A chain: every name of a column leads to the next, thousands of them.
            let Some(shape) = pick(rng, rows).cloned() else { return };
            let c = rng.random_range(0..width);
            let d = rng.random_range(0..width);
            for i in 0..rng.random_range(500..3_000) {
                // Long cells stay single: a copy of hundreds of megabytes may take its time.
                let mut row: Vec<String> = shape.iter().map(|cell| cell.chars().take(100).collect()).collect();
                row.resize(width, String::new());
                row[c] = format!("k{i}");
                row[d] = format!("k{}", i + 1);
                rows.push(row);
            }
        }
        _ => {
            let Some((r, c)) = cell(rows, rng, true) else { return };
            rows[r].truncate(c);
        }
    }
}

/// Changes the bytes of a file, whatever it is.
fn change_bytes(bytes: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let at = |bytes: &Vec<u8>, rng: &mut ChaCha8Rng| rng.random_range(0..=bytes.len());
    let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
    let utf16 = |text: &str, mark: bool, big: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    match rng.random_range(0..14) {
        0 => bytes.truncate(at(bytes, rng)),
        1 => *bytes = encoding_rs::GB18030.encode(&text(bytes)).0.into_owned(),
        2 => *bytes = utf16(&text(bytes), rng.random_bool(0.7), rng.random_bool(0.5)),
        3 => {
            let part = bytes.split_off(at(bytes, rng));
            bytes.extend(utf16(&String::from_utf8_lossy(&part), false, false));
        }
        4 => {
            for _ in 0..rng.random_range(1..20) {
                let i = at(bytes, rng);
                bytes.insert(i, 0);
            }
        }
        5 => {
            for _ in 0..rng.random_range(1..6) {
                let i = at(bytes, rng);
                bytes.insert(i, b'"');
            }
        }
        6 => {
            for _ in 0..rng.random_range(1..10) {
                let i = at(bytes, rng);
                if let Some(byte) = bytes.get_mut(i) {
                    *byte = rng.random();
                }
            }
        }
        7 => bytes.iter_mut().filter(|b| **b == b'\n').for_each(|b| *b = b'\r'),
        8 => {
            let to = *b";\t|,\n \0".choose(rng).unwrap_or(&b';');
            bytes.iter_mut().filter(|b| **b == b',').for_each(|b| *b = to);
        }
        9 => bytes.clear(),
        10 => *bytes = (0..rng.random_range(0..5_000)).map(|_| rng.random()).collect(),
        11 => {
            let mut lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
            lines.shuffle(rng);
            *bytes = lines.join(&b'\n');
        }
        12 => {
            let (from, to) = (at(bytes, rng), at(bytes, rng));
            bytes.drain(from.min(to)..from.max(to));
        }
        _ => {
            let i = at(bytes, rng);
            bytes.splice(i..i, "\u{feff}，“”\r\n\r\r\n,,,".bytes());
        }
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn xlsx(rows: &Rows) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate().take(16_000) {
            let (r, c) = (r as u32, c as u16);
            // Some as numbers, as a spreadsheet would have them; what it refuses is left out.
            let _ = match cell.parse::<f64>() {
                Ok(x) if x.is_finite() => sheet.write_number(r, c, x),
                _ => sheet.write_string(r, c, cell),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

/// One file, mutated in one to three ways and written in one of the formats.
fn mutate(one: &File, all: &[File], rng: &mut ChaCha8Rng) -> Written {
    if one.name == "yugu.toml" {
        let mut text: Vec<&str> = one.text.lines().collect();
        (0..rng.random_range(1..4)).for_each(|_| text.extend(SETTINGS.choose(rng)));
        let mut text = if rng.random_bool(0.7) {
            // One section is named once, so the given one takes the place of the file.
            SETTINGS.choose(rng).map_or(String::new(), |s| s.to_string())
        } else {
            text.join("\n")
        };
        if rng.random_bool(0.3) {
            let mut bytes = text.into_bytes();
            change_bytes(&mut bytes, rng);
            return (one.name.clone(), bytes);
        }
        text.push('\n');
        return (one.name.clone(), text.into_bytes());
    }
    let stem = one.name.trim_end_matches(".csv");
    let mut rows = one.rows.clone();
    if rng.random_bool(0.02) {
        // The contents of another table.
        rows = pick(rng, all).map(|f| f.rows.clone()).unwrap_or_default();
    }
    if rng.random_bool(0.75) {
        (0..rng.random_range(1..4)).for_each(|_| change_rows(&mut rows, rng));
    }
    let small = rows.len() < 400 && rows.iter().all(|r| r.len() < 500);
    match rng.random_range(0..10) {
        0 if small => {
            let mut bytes = xlsx(&rows);
            if rng.random_bool(0.4) {
                change_bytes(&mut bytes, rng);
            }
            (format!("{stem}.xlsx"), bytes)
        }
        1 => {
            let mut bytes = gz(text_of(&rows).as_bytes());
            if rng.random_bool(0.4) {
                change_bytes(&mut bytes, rng);
            }
            (format!("{stem}.csv.gz"), bytes)
        }
        n => {
            let mut bytes = text_of(&rows).into_bytes();
            if n > 6 {
                change_bytes(&mut bytes, rng);
            }
            (one.name.clone(), bytes)
        }
    }
}

fn date(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// Days to look at the folder as of.
fn as_of(rng: &mut ChaCha8Rng) -> Option<NaiveDate> {
    match rng.random_range(0..10) {
        0 => Some(date(2014, 6, 30)),
        1 => Some(date(2014, 7, 10)),
        2 => Some(date(2014, 3, 15)),
        3 => Some(date(2013, 4, 30)),
        4 => Some(date(2013, 4, 29)),
        5 => Some(date(2014, 5, 31)),
        6 => Some(*[date(1, 1, 1), date(1950, 1, 31), date(2099, 12, 31), date(9999, 12, 31)].choose(rng).unwrap()),
        _ => Some(date(2013, 4, 1) + chrono::Days::new(rng.random_range(0..500))),
    }
}

/// Answers and problems found.
#[derive(Default)]
struct Seen {
    answers: usize,
    problems: usize,
}

/// One run over a folder: an answer whose numbers are numbers, or problems that say something.
fn run(folder: &Path, as_of: Option<NaiveDate>) -> Result<bool, String> {
    let loaded = match load(folder, as_of, date(2014, 7, 15)) {
        Ok(loaded) => loaded,
        Err(LoadError::Unreadable(text)) => return Err(format!("the folder itself: {}", text.en)),
        Err(LoadError::Data(problems)) => return clear(&problems).map(|()| false),
    };
    let outlook = match Outlook::new(loaded.dataset, loaded.warnings) {
        Ok(outlook) => outlook,
        Err(problems) => return clear(&problems).map(|()| false),
    };
    let point = &outlook.point;
    let numbers = point.units.iter().chain(point.revision.exact.iter()).chain(&outlook.dataset.units);
    match numbers.into_iter().find(|x| !x.is_finite() || **x < 0.0) {
        Some(x) => Err(format!("a forecast of {x}")),
        None => Ok(true),
    }
}

fn clear(problems: &yugu::error::Problems) -> Result<(), String> {
    let list = problems.sorted();
    if !problems.any_error() || list.is_empty() {
        return Err("neither an answer nor a problem".into());
    }
    let dumb = list.iter().find(|p| {
        p.message.en.is_empty()
            || p.message.zh.is_empty()
            || [Lang::En, Lang::Zh].iter().any(|lang| p.line(*lang).contains('\0') || p.line(*lang).len() > 4_000)
    });
    dumb.map_or(Ok(()), |p| Err(format!("an unclear problem: {} {:?}", p.kind, p.message)))
}

struct Report {
    copy: u64,
    took: Duration,
    result: Result<Seen, String>,
}

/// Makes copy number `copy` in `folder`, runs it, and puts the folder back.
fn try_copy(copy: u64, seed: u64, files: &[File], folder: &Path) -> Report {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(copy));
    let count = rng.random_range(1..=3);
    let sales = files.iter().find(|f| f.name == "sales.csv");
    let mut chosen: Vec<&File> = files.choose_multiple(&mut rng, count).collect();
    if rng.random_bool(0.2) && !chosen.iter().any(|f| f.name == "sales.csv") {
        chosen.extend(sales);
    }
    let written: Vec<(&File, Written)> = chosen.into_iter().map(|f| (f, mutate(f, files, &mut rng))).collect();
    for (from, (name, bytes)) in &written {
        fs::remove_file(folder.join(&from.name)).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    }
    let mut slowest = Duration::ZERO;
    let mut result = Ok(Seen::default());
    for day in [None, as_of(&mut rng)] {
        let start = Instant::now();
        let one = catch_unwind(AssertUnwindSafe(|| run(folder, day)));
        slowest = slowest.max(start.elapsed());
        match (&mut result, one) {
            (Ok(seen), Ok(Ok(true))) => seen.answers += 1,
            (Ok(seen), Ok(Ok(false))) => seen.problems += 1,
            (_, Ok(Err(wrong))) => result = Err(format!("as of {day:?}: {wrong}")),
            (_, Err(_)) => result = Err(format!("as of {day:?}: panicked")),
            (Err(_), _) => {}
        }
    }
    if result.is_ok() && slowest > FAR_TOO_LONG {
        result = Err(format!("took {slowest:?}"));
    }
    if let Err(wrong) = &mut result {
        let names: Vec<&str> = written.iter().map(|(_, (name, _))| name.as_str()).collect();
        wrong.push_str(&format!(" ({})", names.join(", ")));
    }
    if std::env::var("MUTATED_ONLY").is_err() {
        for (from, (name, _)) in &written {
            fs::remove_file(folder.join(name)).unwrap();
            fs::write(folder.join(&from.name), &from.text).unwrap();
        }
    }
    Report { copy, took: slowest, result }
}

fn number_from(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

fn work(first: u64, copies: u64, seed: u64, files: &[File], reports: &Sender<Report>) {
    let folder = tempfile::tempdir().unwrap();
    for f in files {
        fs::write(folder.path().join(&f.name), &f.text).unwrap();
    }
    for copy in (first..copies).step_by(WORKERS as usize) {
        if reports.send(try_copy(copy, seed, files, folder.path())).is_err() {
            return;
        }
    }
}

#[test]
fn the_unmutated_folder_gives_a_forecast() {
    let folder = tempfile::tempdir().unwrap();
    for f in base() {
        fs::write(folder.path().join(&f.name), &f.text).unwrap();
    }
    match load(folder.path(), None, date(2014, 7, 15)) {
        Ok(_) => assert_eq!(run(folder.path(), None), Ok(true)),
        Err(LoadError::Data(problems)) => panic!("{:#?}", problems.sorted()),
        Err(LoadError::Unreadable(text)) => panic!("{text:?}"),
    }
}

#[test]
fn thousands_of_mutated_folders_give_an_answer_or_a_problem() {
    let files = Arc::new(base());
    let (copies, seed) = (number_from("MUTATED_COPIES", COPIES), number_from("MUTATED_SEED", SEED));
    if let Ok(only) = std::env::var("MUTATED_ONLY") {
        let folder = tempfile::tempdir().unwrap().keep();
        for f in files.iter() {
            fs::write(folder.join(&f.name), &f.text).unwrap();
        }
        let report = try_copy(only.parse().unwrap(), seed, &files, &folder);
        println!("{}: {:?}, {:?}", folder.display(), report.took, report.result.map(|s| (s.answers, s.problems)));
        return;
    }
    let (sender, receiver) = channel();
    for worker in 0..WORKERS {
        let (files, sender) = (files.clone(), sender.clone());
        thread::spawn(move || work(worker, copies, seed, &files, &sender));
    }
    drop(sender);
    let (mut done, mut seen, mut slowest) = (0, Seen::default(), (Duration::ZERO, 0));
    let mut wrong = Vec::new();
    loop {
        match receiver.recv_timeout(HUNG) {
            Ok(report) => {
                done += 1;
                slowest = slowest.max((report.took, report.copy));
                match report.result {
                    Ok(one) => {
                        seen.answers += one.answers;
                        seen.problems += one.problems;
                    }
                    Err(text) => {
                        let text: String = text.chars().take(400).collect();
                        wrong.push(format!("copy {}: {text}", report.copy));
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                wrong.push(format!("a copy hung after {done} were done"));
                break;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    println!("{done} copies: {} answers, {} problems; slowest {slowest:?}", seen.answers, seen.problems);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(25)].join("\n"));
    assert_eq!(done, copies);
    // Both ends are reached often, or the mutations test nothing.
    assert!(seen.answers as u64 > copies / 4 && seen.problems as u64 > copies / 4);
}
