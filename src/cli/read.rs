//! `read`.

use std::path::Path;
use std::sync::Arc;

use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::folder::{self, Folder};
use yugu::look;
use yugu::messages::Lang;
use yugu::messages::look as say;
use yugu::messages::reading;
use yugu::report::read;
use yugu::schema::{Table, nearest};
use yugu::settings::Settings;
use yugu::sheet::{Encoding, Sheet};

use super::arguments::Read;
use super::{Stop, language, not_written, output};

/// Shows what was understood of files; makes a folder of them, or adds them to one.
pub fn read(args: &Read, asked: Option<Lang>) -> Result<(), Stop> {
    let mut problems = Problems::default();
    let text = settings_text(args)?;
    let settings = Settings::read(&Arc::from("yugu.toml"), &text, &mut problems);
    if problems.any_error() {
        return Err(Stop::Data(problems));
    }
    let lang = language::of(asked, settings.output.language);
    let named = args.table.as_deref().map(table_named).transpose()?;
    let found = folder::read_files(&args.files, &settings, named).map_err(Stop::Failed)?;
    problems.extend(found.problems);
    let sheets = look::understand(found.sheets, &settings, &mut problems);
    let today = chrono::Local::now().date_naive();
    // Tables beside sales are read with them, so that all that is wrong comes out at once.
    let mut of_data = Problems::default();
    let has_sales = sheets.iter().any(|sheet| sheet.table == Table::Sales);
    let data = has_sales.then(|| Dataset::new(&sheets, settings.clone(), None, today, &mut of_data)).flatten();
    if has_sales {
        problems.extend(of_data);
    }
    output::page(&read::page(&sheets, &settings, data.as_ref(), lang))?;
    if problems.any_error() {
        return Err(Stop::Data(problems));
    }
    output::problems(&problems, lang);
    let Some(dir) = &args.save else {
        output::note(&say::to_save(), lang);
        return Ok(());
    };
    save(dir, &sheets, data.as_ref(), &settings, &text, lang)
}

/// The settings that the files are read with: those of the folder they go to, with the headers of the command line.
fn settings_text(args: &Read) -> Result<String, Stop> {
    let there = args.save.as_ref().map(|dir| dir.join("yugu.toml"));
    let there = match &there {
        Some(path) => folder::written(path).map_err(|error| not_written(path, &error))?,
        None => None,
    };
    let mut text = match there {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => format!(
            "{}\n{}\n[sales]\noverlap = \"later file\"\n\n[columns]\n",
            say::settings_head().en,
            say::settings_head().zh
        ),
    };
    let mut lines = String::new();
    for mapping in &args.column {
        let columns = || Table::ALL.into_iter().flat_map(|table| table.columns().iter().map(|column| column.name));
        let parts = mapping.rsplit_once('=').map(|(header, column)| (header.trim(), column.trim()));
        match parts {
            Some((header, column)) if !header.is_empty() && (column.is_empty() || columns().any(|c| c == column)) => {
                // Quotes of TOML are those of JSON.
                let quoted = serde_json::to_string(header).unwrap_or_default();
                lines.push_str(&format!("{quoted} = \"{column}\"\n"));
            }
            other => {
                let near = other.and_then(|(_, column)| nearest(column, columns()));
                return Err(Stop::Failed(say::bad_mapping(mapping, near)));
            }
        }
    }
    if !lines.is_empty() {
        const SECTION: &str = "[columns]\n";
        match text.find(SECTION) {
            Some(at) => text.insert_str(at + SECTION.len(), &lines),
            None => text.push_str(&format!("\n{SECTION}{lines}")),
        }
    }
    Ok(text)
}

fn table_named(name: &str) -> Result<Table, Stop> {
    let near = || nearest(name, Table::ALL.map(Table::name));
    Table::from_name(name).ok_or_else(|| Stop::Failed(say::no_such_table(name, near())))
}

/// Writes the tables in plain form, after a look at the folder as it will be.
fn save(
    dir: &Path,
    sheets: &[Sheet],
    data: Option<&Dataset>,
    settings: &Settings,
    text: &str,
    lang: Lang,
) -> Result<(), Stop> {
    let shown = dir.display().to_string();
    // Names that begin with the last month stand in the order of the exports.
    let last = data.map_or_else(String::new, |data| format!("{} ", data.month(data.months().saturating_sub(1))));
    let plain = |sheet: &Sheet| {
        let (file, worksheet) = sheet.file.split_once('!').unwrap_or((&sheet.file, ""));
        let stem = file.split('.').next().unwrap_or_default();
        let name = format!("{stem} {worksheet}");
        let name: String =
            name.chars().map(|c| if c.is_alphanumeric() || "-_. ".contains(c) { c } else { ' ' }).collect();
        let prefix = if sheet.table == Table::Sales { last.as_str() } else { "" };
        (sheet.table, format!("{prefix}{}", name.trim()), read::plain(sheet, settings))
    };
    let tables: Vec<(Table, String, Vec<u8>)> = sheets.iter().map(plain).collect();
    let saved = folder::saved(dir, &tables, text).map_err(|error| not_written(dir, &error))?;
    if saved.files.is_empty() {
        return output::page(&format!("{}\n", say::nothing_new(&shown).get(lang)));
    }
    // The folder with what it gets must be sound, or nothing is written.
    let mut then = if dir.exists() { folder::read(dir).map_err(Stop::Failed)? } else { Folder::default() };
    // A table is one file or a folder of parts: beside the one file, parts would make the folder unreadable.
    for (table, _, _) in &tables {
        let parts = format!("{}/", table.name());
        let alone = |sheet: &&Sheet| sheet.table == *table && !sheet.file.to_lowercase().starts_with(&parts);
        if let Some(single) = then.sheets.iter().find(alone) {
            return Err(Stop::Failed(reading::part_beside_file(table.name(), &single.file)));
        }
    }
    for (change, name) in saved.files.iter().zip(&saved.names) {
        let content = String::from_utf8_lossy(&change.after).into_owned();
        match name.split_once('/').and_then(|(table, _)| Table::from_name(table)) {
            Some(table) => then.sheets.push(Sheet::text(table, Arc::from(name.as_str()), content, Encoding::Utf8)),
            None => then.settings_text = Some((Arc::from("yugu.toml"), content)),
        }
    }
    then.sheets.sort_by(|a, b| (a.table, &a.file).cmp(&(b.table, &b.file)));
    if sheets.iter().any(|sheet| sheet.table == Table::Sales) {
        let today = chrono::Local::now().date_naive();
        let loaded = then.check(None, today).map_err(Stop::Data)?;
        output::problems(&loaded.warnings, lang);
    }
    let done = folder::write_together(&saved.files).map_err(|error| not_written(dir, &error))?;
    super::placed(dir, done, lang);
    output::page(&format!("{}\n", say::saved(&shown, &saved.names.join(", ")).get(lang)))
}
