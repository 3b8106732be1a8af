//! Which files of the folder hold which table.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::xlsx::Kind;
use crate::error::{Place, Problems};
use crate::messages::Text;
use crate::messages::parquet;
use crate::messages::reading as say;
use crate::schema::{Table, nearest};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    CsvGz,
    Workbook(Kind),
    Parquet,
}

/// The endings of the formats.
const ENDINGS: [(&str, Format); 10] = [
    (".csv.gz", Format::CsvGz),
    (".csv", Format::Csv),
    (".tsv", Format::Csv),
    (".txt", Format::Csv),
    (".xlsx", Format::Workbook(Kind::Xlsx)),
    (".xlsm", Format::Workbook(Kind::Xlsx)),
    (".xls", Format::Workbook(Kind::Xls)),
    (".xlsb", Format::Workbook(Kind::Xlsb)),
    (".ods", Format::Workbook(Kind::Ods)),
    (".parquet", Format::Parquet),
];

/// Endings that tables are often saved with and that are not read.
const OTHER_ENDINGS: [&str; 4] = [".et", ".json", ".csv.zip", ".zip"];

/// Names of the folder that are never tables.
const LEFT_ALONE: [&str; 3] = ["out", "ledger", "readme"];

/// The folder of what was issued; the program writes it, and only it.
const LEDGER: &str = "ledger";

/// The file of the settings.
pub(super) const SETTINGS: &str = "yugu.toml";

/// Parts lie at most so many folders deep: clusters part by three or four columns.
const DEEPEST: usize = 32;

/// A file to read.
#[derive(Debug)]
pub(super) struct Source {
    pub path: PathBuf,
    /// Its name relative to the folder, parted by `/`.
    pub file: Arc<str>,
    pub format: Format,
    /// Columns that the folders above it name, with their values: `region=east/`. Only Parquet files are read with them.
    #[cfg_attr(not(feature = "parquet"), allow(dead_code))]
    pub fixed: Vec<(String, String)>,
}

/// What the folder holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By table, then by file name.
    pub tables: Vec<(Table, Source)>,
    pub settings: Option<Source>,
    ledger: Vec<Source>,
}

/// An entry of a directory.
struct Entry {
    name: String,
    path: PathBuf,
    is_dir: bool,
}

/// Whether a file or folder of this name holds data of a folder, whatever its case and its ending.
pub(super) fn is_data(name: &str) -> bool {
    let lower = name.to_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    lower == SETTINGS || [lower.as_str(), stem].iter().any(|name| Table::from_name(name).is_some() || *name == LEDGER)
}

/// The entries of a folder that have one name but for their case.
pub(super) enum Held {
    None,
    One(std::ffi::OsString),
    /// The first two, in the order of their names.
    Several(String, String),
}

/// Looks for a name, whatever its case.
pub(super) fn held(folder: &Path, name: &str) -> std::io::Result<Held> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let own = entry?.file_name();
        if own.to_string_lossy().to_lowercase() == name {
            found.push(own);
        }
    }
    found.sort();
    Ok(match found.as_slice() {
        [] => Held::None,
        [one] => Held::One(one.clone()),
        [first, second, ..] => Held::Several(first.to_string_lossy().into(), second.to_string_lossy().into()),
    })
}

/// Lists the tables of a folder; an error where there is no such folder.
pub(super) fn find(folder: &Path, problems: &mut Problems) -> Result<Found, Text> {
    let shown = folder.display().to_string();
    let entries = list(folder).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => say::no_such_folder(&shown),
        std::io::ErrorKind::NotADirectory => say::not_a_folder(&shown),
        _ => say::folder_unreadable(&shown, &error.to_string()),
    })?;
    let mut found = Found::default();
    // For each table the entries that claim to be it: a file, or a folder of parts.
    // Of what there is one, the name of its entry: names that differ in case only are one name.
    let mut once: BTreeMap<&str, String> = BTreeMap::new();
    let mut claims: BTreeMap<Table, Vec<(String, Vec<Source>)>> = BTreeMap::new();
    for entry in entries {
        let lower = entry.name.to_lowercase();
        if entry.is_dir && lower == LEDGER {
            if let Some(before) = once.insert(LEDGER, entry.name.clone()) {
                problems.error(whole(&entry.name), "table_twice", say::table_twice(LEDGER, &before, &entry.name));
                continue;
            }
            found.ledger = issued(&entry, problems);
        }
        if left_alone(&lower) {
            continue;
        }
        if entry.is_dir {
            match Table::from_name(&lower) {
                Some(table) => claims.entry(table).or_default().push(parts(&entry, problems)),
                None => unknown_folder(&entry.name, &lower, problems),
            }
        } else if lower == SETTINGS {
            if let Some(before) = once.insert(SETTINGS, entry.name.clone()) {
                problems.error(whole(&entry.name), "table_twice", say::table_twice(SETTINGS, &before, &entry.name));
                continue;
            }
            let file = Arc::from(entry.name.as_str());
            found.settings = Some(Source { path: entry.path, file, format: Format::Csv, fixed: Vec::new() });
        } else if let Some((table, source)) = file_of(entry, &lower, problems) {
            claims.entry(table).or_default().push((source.file.to_string(), vec![source]));
        }
    }
    // A table in a format that is not read has been named already.
    if claims.is_empty() && !problems.any_error() {
        problems.error(None, "no_tables", say::no_tables(&shown));
    }
    for (table, mut claimed) in claims {
        if let [(first, _), (second, _), ..] = claimed.as_slice() {
            problems.error(whole(second), "table_twice", say::table_twice(table.name(), first, second));
            continue;
        }
        let sources = claimed.pop().map(|(_, sources)| sources).unwrap_or_default();
        found.tables.extend(sources.into_iter().map(|source| (table, source)));
    }
    found.tables.extend(std::mem::take(&mut found.ledger).into_iter().map(|source| (Table::Ledger, source)));
    Ok(found)
}

fn whole(file: &str) -> Place {
    Place { file: Arc::from(file), line: 0, column: 0 }
}

/// The entries of a directory, by name.
fn list(folder: &Path) -> std::io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        // Links count as what they lead to; one that leads nowhere is reported when it is read.
        let is_dir = fs::metadata(&path).is_ok_and(|meta| meta.is_dir());
        entries.push(Entry { name: entry.file_name().to_string_lossy().into_owned(), path, is_dir });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Hidden files, what editors and spreadsheets leave behind, and what this program writes.
fn left_alone(lower: &str) -> bool {
    let stem = lower.split('.').next().unwrap_or_default();
    lower.starts_with(['.', '~']) || lower.ends_with('~') || LEFT_ALONE.contains(&stem)
}

/// The table format of a file name, and the name without its ending.
pub(super) fn format_of(lower: &str) -> Option<(&str, Format)> {
    ENDINGS.iter().find_map(|(ending, format)| Some((lower.strip_suffix(ending)?, *format)))
}

/// A file of the folder itself.
fn file_of(entry: Entry, lower: &str, problems: &mut Problems) -> Option<(Table, Source)> {
    let file: Arc<str> = Arc::from(entry.name.as_str());
    if let Some((stem, format)) = format_of(lower) {
        if let Some(table) = Table::from_name(stem) {
            return Some((table, Source { path: entry.path, file, format, fixed: Vec::new() }));
        }
        let near = nearest(stem, Table::ALL.map(Table::name));
        let (message, treatment) = say::unknown_file(&entry.name, near);
        // Texts are mostly somebody's notes.
        if !lower.ends_with(".txt") {
            problems.warn(whole(&entry.name), "unknown_file", message, treatment);
        }
    } else if let Some((stem, ending)) = other_format(lower)
        && Table::from_name(stem).is_some()
    {
        problems.error(whole(&entry.name), "wrong_format", say::other_format(ending));
    }
    None
}

fn other_format(lower: &str) -> Option<(&str, &str)> {
    OTHER_ENDINGS.iter().find_map(|ending| Some((lower.strip_suffix(ending)?, *ending)))
}

/// The parts in the folder of a table.
fn parts(folder: &Entry, problems: &mut Problems) -> (String, Vec<Source>) {
    let mut sources = Vec::new();
    let label = format!("{}/", folder.name);
    let before = problems.errors();
    parts_in((&folder.path, &label), &[], (&mut HashSet::new(), &mut sources), problems);
    if sources.is_empty() && problems.errors() == before {
        problems.error(whole(&label), "no_parts", say::no_parts(&label));
    }
    (label, sources)
}

/// The parts in one folder of a table and in those below it that name a column and its value, as clusters write them.
///
/// Each folder is read once: links that lead to one that is read already could go round for ever, and its rows would count
/// twice.
fn parts_in(
    (path, label): (&Path, &str),
    fixed: &[(String, String)],
    (seen, sources): (&mut HashSet<PathBuf>, &mut Vec<Source>),
    problems: &mut Problems,
) {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    if !seen.insert(real) {
        return problems.error(whole(label), "link_again", say::link_again());
    }
    if fixed.len() > DEEPEST {
        return problems.error(whole(label), "too_deep", say::too_deep(DEEPEST));
    }
    let entries = list(path).unwrap_or_else(|error| {
        problems.error(whole(label), "unreadable", say::unreadable(&error.to_string()));
        Vec::new()
    });
    for entry in entries {
        let (lower, file) = (entry.name.to_lowercase(), format!("{label}{}", entry.name));
        if left_alone(&lower) {
            continue;
        }
        if entry.is_dir {
            if let Some(column) = column_of(&entry.name) {
                let fixed: Vec<_> = fixed.iter().cloned().chain([column]).collect();
                parts_in((&entry.path, &format!("{file}/")), &fixed, (&mut *seen, &mut *sources), problems);
            }
            continue;
        }
        match (format_of(&lower), other_format(&lower)) {
            (Some((_, format)), _) if format != Format::Parquet && !fixed.is_empty() => {
                problems.error(whole(&file), "wrong_format", parquet::folders_only_for_parquet(label));
            }
            (Some((_, format)), _) => {
                sources.push(Source { path: entry.path, file: Arc::from(file), format, fixed: fixed.to_vec() });
            }
            (None, Some((_, ending))) => {
                problems.error(whole(&file), "wrong_format", say::other_format(ending));
            }
            (None, None) => {}
        }
    }
}

/// The column and value that a folder `region=east` names; what cannot stand in a file name is written as %3A.
fn column_of(folder: &str) -> Option<(String, String)> {
    /// How Hive and Spark write an empty value.
    const EMPTY: &str = "__HIVE_DEFAULT_PARTITION__";
    let (name, value) = folder.split_once('=')?;
    let value = if value == EMPTY { String::new() } else { unescaped(value) };
    (!name.is_empty()).then(|| (unescaped(name), value))
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The files of the ledger; anything else that lies in there is not read.
fn issued(folder: &Entry, problems: &mut Problems) -> Vec<Source> {
    let entries = list(&folder.path).unwrap_or_else(|error| {
        problems.error(whole(&format!("{}/", folder.name)), "unreadable", say::unreadable(&error.to_string()));
        Vec::new()
    });
    let is_issue = |entry: &Entry| {
        let lower = entry.name.to_lowercase();
        !lower.starts_with(['.', '~']) && !entry.is_dir && lower.ends_with(".csv")
    };
    let source = |entry: Entry| {
        let file = Arc::from(format!("{}/{}", folder.name, entry.name));
        Source { path: entry.path, file, format: Format::Csv, fixed: Vec::new() }
    };
    entries.into_iter().filter(is_issue).map(source).collect()
}

/// Other folders are the user's own, unless the name is nearly a table's.
fn unknown_folder(name: &str, lower: &str, problems: &mut Problems) {
    // One letter of six wrong.
    const NEARLY: f64 = 0.8;
    let near = nearest(lower, Table::ALL.map(Table::name));
    if let Some(table) = near
        && crate::schema::likeness(lower, table) >= NEARLY
    {
        let (message, treatment) = say::unknown_file(&format!("{name}/"), near);
        problems.warn(whole(&format!("{name}/")), "unknown_file", message, treatment);
    }
}
