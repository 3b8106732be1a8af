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
mod write;
mod xlsx;
mod zip;

use std::path::Path;
use std::sync::Arc;

use crate::error::{Place, Problems};
use crate::messages::Text;
use crate::messages::reading as say;
use crate::schema::Table;
use crate::settings::Settings;
use crate::sheet::{Encoding, Sheet};
use rayon::prelude::*;

pub use answers::{Changes, Kept, Workbook, changes, kept, workbook, workbook_of, workbooks};
use find::{Format, Source};
pub use load::{LoadError, Loaded, load};
pub use output::{May, Refused, fill, is_empty, language, named, written};
pub use write::{Change, Placed, write_new_file, write_together};

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
        folder.sheets.extend(one.sheet);
        folder.inputs.extend(one.input);
        folder.problems.extend(one.problems);
    }
    folder.inputs.extend(settings);
    Ok(folder)
}

/// Whether each file can be read here: those that a library reads are read apart once.
fn survivors(tables: &[(Table, Source)], limit: u64) -> Vec<bool> {
    let job = |(table, source): &(Table, Source)| {
        apart::Reading::of(*table, source.format).map(|read| apart::Job { path: source.path.clone(), read })
    };
    let jobs: Vec<Option<apart::Job>> = tables.iter().map(job).collect();
    let asked: Vec<apart::Job> = jobs.iter().flatten().cloned().collect();
    let mut survived = apart::survived(&asked, limit).into_iter();
    jobs.iter().map(|job| job.is_none() || survived.next() != Some(false)).collect()
}

impl Folder {
    fn read_settings(&mut self, source: &Source) -> Option<Input> {
        let (bytes, input) = bytes_of(source, LARGEST_SETTINGS, &mut self.problems)?;
        match decode::decode(bytes) {
            Ok((text, _)) => self.settings_text = Some((source.file.clone(), text)),
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
    sheet: Option<Sheet>,
    input: Option<Input>,
    problems: Problems,
}

fn read_table((table, source): &(Table, Source), limit: u64, survived: bool) -> Read {
    let mut problems = Problems::default();
    let Some((bytes, mut input)) = bytes_of(source, limit, &mut problems) else {
        return Read { sheet: None, input: None, problems };
    };
    let read = if survived { sheet(*table, source, bytes, limit) } else { Err(died(limit)) };
    let sheet = match read {
        Ok(sheet) => {
            input.encoding = Some(sheet.encoding);
            Some(sheet)
        }
        Err(wrong) => {
            problems.error(source.at(wrong.line), wrong.kind, wrong.message);
            None
        }
    };
    Read { sheet, input: Some(input), problems }
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
pub fn table(table: Table, name: &str, bytes: Vec<u8>, limit: u64, problems: &mut Problems) -> Option<Sheet> {
    let format = find::format_of(&name.to_lowercase()).map(|(_, format)| format)?;
    let source = Source { path: name.into(), file: Arc::from(name), format, fixed: Vec::new() };
    match sheet(table, &source, bytes, limit) {
        Ok(sheet) => Some(sheet),
        Err(wrong) => {
            problems.error(source.at(wrong.line), wrong.kind, wrong.message);
            None
        }
    }
}

/// A file on which the process died that read it apart.
fn died(limit: u64) -> Wrong {
    Wrong::whole("unreadable", say::breaks_the_reader(&bytes::gigabytes(limit)))
}

fn sheet(table: Table, source: &Source, bytes: Vec<u8>, limit: u64) -> Result<Sheet, Wrong> {
    let file = source.file.clone();
    let bytes = match source.format {
        Format::Csv => bytes,
        Format::CsvGz => decode::unpack(&bytes, limit)?,
        Format::Xlsx => {
            let (text, rows) = xlsx::read(table, &bytes, limit)?;
            return Ok(Sheet::worksheet(table, file, text, rows));
        }
        #[cfg(feature = "parquet")]
        Format::Parquet => {
            let columns = parquet::read(bytes, &source.fixed, limit)?;
            return Ok(Sheet::typed(table, file, columns, Encoding::Parquet));
        }
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => return Err(Wrong::whole("parquet", crate::messages::parquet::not_built_in())),
    };
    if let Some(message) = decode::disguised(&bytes) {
        return Err(Wrong::whole("wrong_format", message));
    }
    match decode::decode(bytes) {
        Ok((text, encoding)) => Ok(Sheet::text(table, file, text, encoding)),
        Err(bad) => Err(Wrong { line: bad.line, kind: "bad_encoding", message: say::bad_encoding(bad.name) }),
    }
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
