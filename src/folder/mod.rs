//! The only module that touches files.

mod answers;
pub mod apart;
mod bytes;
mod caught;
mod decode;
mod find;
mod load;
mod marker;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
mod returned;
mod scan;
mod tags;
mod write;
mod xlsx;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Place, Problems};
use crate::messages::Text;
use crate::messages::look;
use crate::messages::reading as say;
use crate::schema::Table;
use crate::settings::Settings;
use crate::sheet::{Encoding, Sheet};
use rayon::prelude::*;

pub use answers::{Changes, Kept, changes, kept, workbook, workbooks};
pub use bytes::written;
use find::{Format, Source};
pub use load::{LoadError, Loaded, load};
pub use output::{May, Refused, fill, is_empty, language, named};
pub use returned::{Workbook, workbook_of};
pub use write::{Change, Placed, write_new_file, write_together};
use xlsx::Kind;

/// How much larger than its packed file a text may be. Real tables pack 5 to 60 times; a file that unpacks to more is
/// made to fill the memory.
const EXPANSION: u64 = 200;

/// Below this size, in bytes, unpacking is never refused: 64 MiB do no harm.
const ALWAYS_UNPACKED: u64 = 64 << 20;

/// The largest file of settings, in bytes: parsed, it takes many times as much memory.
const LARGEST_SETTINGS: u64 = 16 << 20;

/// Everything read from a data folder.
#[derive(Debug, Default)]
pub struct Folder {
    /// The sheets, by table and file name.
    pub sheets: Vec<Sheet>,
    /// `yugu.toml` and its name.
    pub settings_text: Option<(Arc<str>, String)>,
    /// Every file read, tables by name, then the settings.
    pub inputs: Vec<Input>,
    /// What was wrong with the files.
    pub problems: Problems,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name relative to the folder.
    pub file: Arc<str>,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What it was found to be, where it holds a table.
    pub encoding: Option<Encoding>,
}

/// Reads a data folder. An error means that there is no such folder; what is wrong inside is in
/// [`Folder::problems`].
pub fn read(path: &Path) -> Result<Folder, Text> {
    let mut problems = Problems::default();
    let found = find::find(path, &mut problems)?;
    let mut folder = Folder { problems, ..Folder::default() };
    // The settings first: they say how much memory one input may take.
    let settings = found.settings.as_ref().and_then(|source| folder.read_settings(source));
    let limit = folder.limit();
    let apart = survivors(&found.tables, limit);
    let one = |(file, survived): (&(Table, Source), &bool)| read_table(file, limit, *survived);
    let read: Vec<Read> = found.tables.par_iter().zip(&apart).map(one).collect();
    for one in read {
        folder.sheets.extend(one.sheets);
        folder.inputs.extend(one.input);
        folder.problems.extend(one.problems);
    }
    folder.inputs.extend(settings);
    Ok(folder)
}

/// Whether each file can be read here: those that a library reads are read apart once.
fn survivors(tables: &[(Table, Source)], limit: u64) -> Vec<bool> {
    let job = |(_, source): &(Table, Source)| {
        apart::Reading::of(source.format).map(|read| apart::Job { path: source.path.clone(), read })
    };
    let jobs: Vec<Option<apart::Job>> = tables.iter().map(job).collect();
    let asked: Vec<apart::Job> = jobs.iter().flatten().cloned().collect();
    let mut survived = apart::survived(&asked, limit).into_iter();
    jobs.iter().map(|job| job.is_none() || survived.next() != Some(false)).collect()
}

/// Reads files that lie anywhere, each a table by its name, else by what it holds; `named`: they are of this table. An error
/// means that a file is no table by its ending.
pub fn read_files(paths: &[PathBuf], settings: &Settings, named: Option<Table>) -> Result<Folder, Text> {
    let mut folder = Folder::default();
    let limit = settings.limits.bytes();
    for path in paths {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let lower = name.to_lowercase();
        let Some((stem, format)) = find::format_of(&lower) else { return Err(look::no_table_file(&name)) };
        let by_name = named.or_else(|| Table::from_name(stem));
        let source = Source { path: path.clone(), file: Arc::from(name), format, fixed: Vec::new() };
        let file = [(by_name.unwrap_or(Table::Sales), source)];
        let survived = survivors(&file, limit).first().copied().unwrap_or(true);
        let read = read_table(&file[0], limit, survived);
        let table = |sheet: &Sheet| by_name.unwrap_or_else(|| crate::look::table_of_sheet(sheet, settings));
        // The worksheets of one workbook are of one table: of the first that all of it is there of.
        let tables: Vec<Table> = read.sheets.iter().map(table).collect();
        let of_book = tables.iter().copied().find(|t| *t == Table::Sales).or(tables.first().copied());
        let of_book = of_book.unwrap_or(Table::Sales);
        folder.sheets.extend(read.sheets.into_iter().map(|sheet| Sheet { table: of_book, ..sheet }));
        folder.inputs.extend(read.input);
        folder.problems.extend(read.problems);
    }
    folder.sheets.sort_by_key(|sheet| sheet.table);
    Ok(folder)
}

/// Files that a folder gets: plain tables, and its settings where it has none.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// The files.
    pub files: Vec<Change>,
    /// Their names relative to the folder.
    pub names: Vec<String>,
}

/// Works out which files a folder gets: each table (its kind, what it is called, its bytes) under a name that comes after
/// those that are there, unless a file holds just that; `settings` is the text of `yugu.toml`. An error comes from the system.
pub fn saved(dir: &Path, tables: &[(Table, String, Vec<u8>)], settings: &str) -> std::io::Result<Saved> {
    let mut out = Saved::default();
    for (table, name, bytes) in tables {
        let parts = dir.join(table.name());
        let there: Vec<PathBuf> = match fs::read_dir(&parts) {
            Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut same = there.iter().map(|path| written(path));
        if same.any(|held| held.is_ok_and(|held| held.as_deref() == Some(bytes))) {
            continue;
        }
        let of_table = |made: &String| made.strip_prefix(&format!("{}/", table.name())).map(str::to_owned);
        let made = out.names.iter().filter_map(of_table);
        let held = there.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let file = after_all(name, &held.chain(made).collect::<Vec<_>>());
        out.files.push(Change { path: parts.join(&file), before: None, after: bytes.clone() });
        out.names.push(format!("{}/{file}", table.name()));
    }
    let path = dir.join("yugu.toml");
    let before = written(&path)?;
    if before.as_deref() != Some(settings.as_bytes()) {
        out.files.push(Change { path, before, after: settings.as_bytes().to_vec() });
        out.names.push("yugu.toml".to_owned());
    }
    Ok(out)
}

/// A file name that comes after all those there, so that what is saved later counts: `name.csv`, or the first word of the last
/// name with a number (`~` comes after every other sign that separates words).
fn after_all(name: &str, there: &[String]) -> String {
    let plain = format!("{name}.csv");
    let Some(last) = there.iter().max().filter(|last| **last >= plain) else { return plain };
    let word = last.split([' ', '.', '~']).next().unwrap_or_default();
    let name = name.strip_prefix(word).map_or(name, str::trim_start);
    let number = last[word.len()..].strip_prefix('~').and_then(|rest| rest.get(..3)?.parse::<u32>().ok());
    format!("{word}~{:03} {name}.csv", number.unwrap_or(1) + 1)
}

impl Folder {
    fn read_settings(&mut self, source: &Source) -> Option<Input> {
        let (bytes, input) = bytes_of(source, LARGEST_SETTINGS, &mut self.problems)?;
        match decode::decode(bytes) {
            Ok(read) => self.settings_text = Some((source.file.clone(), read.text)),
            Err(bad) => self.problems.error(source.at(bad.line), "bad_encoding", say::bad_encoding(bad.name)),
        }
        Some(input)
    }

    /// How many bytes of memory one input may take, as the settings say.
    fn limit(&self) -> u64 {
        // What is wrong with them is told when they are read for good.
        let read = |(file, text): &(Arc<str>, String)| Settings::read(file, text, &mut Problems::default());
        self.settings_text.as_ref().map(read).unwrap_or_default().limits.bytes()
    }
}

impl Source {
    /// A line of the file; 0 for the file as a whole.
    fn at(&self, line: u32) -> Place {
        Place { file: self.file.clone(), line, column: 0 }
    }
}

/// What came of one file.
struct Read {
    sheets: Vec<Sheet>,
    input: Option<Input>,
    problems: Problems,
}

fn read_table((table, source): &(Table, Source), limit: u64, survived: bool) -> Read {
    let mut problems = Problems::default();
    let Some((bytes, mut input)) = bytes_of(source, limit, &mut problems) else {
        return Read { sheets: Vec::new(), input: None, problems };
    };
    let read = if survived { sheets(*table, source, bytes, limit) } else { Err(died(limit)) };
    let sheets = match read {
        Ok(sheets) => {
            input.encoding = sheets.first().map(|sheet| sheet.encoding);
            if let Some(guess) = sheets.iter().find(|sheet| sheet.doubtful) {
                let (message, treatment) = say::doubtful_encoding(guess.encoding.name());
                problems.warn(source.at(0), "doubtful_encoding", message, treatment);
            }
            sheets
        }
        Err(wrong) => {
            problems.error(source.at(wrong.line), wrong.kind, wrong.message);
            Vec::new()
        }
    };
    Read { sheets, input: Some(input), problems }
}

/// Why a file gives no table.
struct Wrong {
    line: u32,
    kind: &'static str,
    message: Text,
}

impl Wrong {
    fn whole(kind: &'static str, message: Text) -> Wrong {
        Wrong { line: 0, kind, message }
    }
}

/// Reads bytes as a file of a table, its format told by its name, with at most `limit` bytes of memory: for what never was a
/// file. What is wrong with it is in `problems`.
pub fn table(table: Table, name: &str, bytes: Vec<u8>, limit: u64, problems: &mut Problems) -> Vec<Sheet> {
    let Some((_, format)) = find::format_of(&name.to_lowercase()) else { return Vec::new() };
    let source = Source { path: name.into(), file: Arc::from(name), format, fixed: Vec::new() };
    match sheets(table, &source, bytes, limit) {
        Ok(sheets) => sheets,
        Err(wrong) => {
            problems.error(source.at(wrong.line), wrong.kind, wrong.message);
            Vec::new()
        }
    }
}

/// A file on which the process died that read it apart.
fn died(limit: u64) -> Wrong {
    Wrong::whole("unreadable", say::breaks_the_reader(&bytes::gigabytes(limit)))
}

/// The sheets of a file: one, or those of a workbook with something in them.
fn sheets(table: Table, source: &Source, bytes: Vec<u8>, limit: u64) -> Result<Vec<Sheet>, Wrong> {
    let file = source.file.clone();
    let bytes = match source.format {
        Format::Csv => bytes,
        Format::CsvGz => decode::unpack(&bytes, limit)?,
        // Many programs write a text and call it an old workbook.
        Format::Workbook(Kind::Xls) if decode::is_text(&bytes) => bytes,
        Format::Workbook(kind) => return worksheets(table, file, kind, (&bytes, limit)),
        #[cfg(feature = "parquet")]
        Format::Parquet => {
            let columns = parquet::read(bytes, &source.fixed, limit)?;
            return Ok(vec![Sheet::typed(table, file, columns, Encoding::Parquet)]);
        }
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => return Err(Wrong::whole("parquet", crate::messages::parquet::not_built_in())),
    };
    if let Some(message) = decode::disguised(&bytes) {
        return Err(Wrong::whole("wrong_format", message));
    }
    match decode::decode(bytes) {
        Ok(read) if decode::is_web_page(&read.text) => Err(Wrong::whole("wrong_format", say::is_a_web_page())),
        Ok(read) => Ok(vec![Sheet { doubtful: read.doubtful, ..Sheet::text(table, file, read.text, read.encoding) }]),
        Err(bad) => Err(Wrong { line: bad.line, kind: "bad_encoding", message: say::bad_encoding(bad.name) }),
    }
}

fn worksheets(table: Table, file: Arc<str>, kind: Kind, (bytes, limit): (&[u8], u64)) -> Result<Vec<Sheet>, Wrong> {
    let encoding = match kind {
        Kind::Xlsx => Encoding::Workbook,
        Kind::Xls => Encoding::OldWorkbook,
        Kind::Xlsb => Encoding::BinaryWorkbook,
        Kind::Ods => Encoding::OpenDocument,
    };
    let sheet = |((text, rows), worksheet)| Sheet {
        encoding,
        worksheet: Some(Box::new(worksheet)),
        ..Sheet::worksheet(table, file.clone(), text, rows)
    };
    let mut out: Vec<Sheet> = xlsx::read(kind, bytes, limit)?.into_iter().map(sheet).collect();
    if out.is_empty() {
        out.push(Sheet { encoding, ..Sheet::worksheet(table, file.clone(), String::new(), Vec::new()) });
    }
    Ok(out)
}

/// The bytes of a file, and what is kept about it.
fn bytes_of(source: &Source, limit: u64, problems: &mut Problems) -> Option<(Vec<u8>, Input)> {
    match bytes::read(&source.path, limit) {
        Ok(bytes) => {
            let sha256 = marker::hash(&bytes);
            let input = Input { file: source.file.clone(), bytes: bytes.len() as u64, sha256, encoding: None };
            Some((bytes, input))
        }
        Err(unread) => {
            problems.error(source.at(0), unread.kind(), unread.text(limit));
            None
        }
    }
}

/// How large a text packed into `packed` bytes may be.
fn largest_unpacked(packed: usize, limit: u64) -> u64 {
    (packed as u64).saturating_mul(EXPANSION).max(ALWAYS_UNPACKED).min(limit)
}

#[cfg(test)]
mod tests;
