//! Which column each header of a sheet means.

use std::collections::HashMap;

use super::cell::{has_control, shorten, trim};
use super::format::{Format, Unit};
use crate::error::{Place, Problems};
use crate::messages::Text;
use crate::messages::reading as say;
use crate::schema::{Need, Table, likeness, nearest, normal};
use crate::settings::{Columns, Mapped};

/// How many unused columns a warning names.
const NAMED: usize = 8;

/// How many headers are looked at for one that is nearly a missing column; more make no readable table.
const LOOKED_AT: usize = 100;

/// Longer headers are not offered.
const LONGEST_OFFERED: usize = 40;

/// The header of a sheet.
#[derive(Debug, Default)]
pub struct Header {
    /// The headers as written, trimmed.
    pub headers: Vec<String>,
    /// For each column of the table, where it stands.
    pub columns: Vec<Option<usize>>,
    /// Where columns stand that are none of the table's.
    pub extra: Vec<usize>,
    /// For each header, how the numbers below it are written.
    pub formats: Vec<Format>,
}

/// Why a header means a column; what the user said comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The settings say so.
    Mapped,
    /// It is the column's name.
    Name,
    /// It is another usual name of it.
    Alias,
}

/// What a header means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// A column of the table (its position there), counted in a unit.
    Column(usize, Rank, Unit),
    /// Nothing, as the settings say.
    Ignored,
    /// Nobody knows.
    Unknown,
}

/// The headers that a table knows.
#[derive(Debug)]
pub struct Vocabulary<'m> {
    table: Table,
    mapping: &'m Columns,
    known: HashMap<String, (usize, Rank)>,
}

impl<'m> Vocabulary<'m> {
    /// The table's own headers, and those of the settings.
    pub fn new(table: Table, mapping: &'m Columns) -> Vocabulary<'m> {
        Vocabulary { table, mapping, known: known(table) }
    }

    /// What a header means.
    pub fn meaning(&self, text: &str) -> Meaning {
        let text = trim(text);
        if let Some(mapped) = self.mapping.find(self.table, text) {
            let unit = Unit::taken_off(text).map_or(Unit::None, |(_, unit)| unit);
            let column = |name: &str| self.table.columns().iter().position(|c| c.name == name);
            return match mapped {
                Mapped::Ignored => Meaning::Ignored,
                Mapped::To(name) => column(name).map_or(Meaning::Unknown, |i| Meaning::Column(i, Rank::Mapped, unit)),
            };
        }
        if let Some((column, rank)) = self.known.get(&normal(text)) {
            return Meaning::Column(*column, *rank, Unit::None);
        }
        let Some((base, unit)) = Unit::taken_off(text) else { return Meaning::Unknown };
        match self.known.get(&normal(base)) {
            Some((column, rank)) => self.counted(*column, *rank, unit),
            None => Meaning::Unknown,
        }
    }

    /// Sales counted in money are revenue.
    fn counted(&self, column: usize, rank: Rank, unit: Unit) -> Meaning {
        let name = |i: usize| self.table.columns().get(i).map_or("", |c| c.name);
        let is_money = matches!(unit, Unit::Yuan(_)) && name(column) == "units";
        let column =
            if is_money { (0..self.table.columns().len()).find(|i| name(*i) == "revenue") } else { Some(column) };
        column.map_or(Meaning::Unknown, |column| Meaning::Column(column, rank, unit))
    }
}

impl Header {
    /// Finds the table's columns; none where the table cannot be read, and then there are errors. `commas` are the columns
    /// whose decimals are parted by a comma.
    pub fn find(
        table: Table,
        cells: impl Iterator<Item = String>,
        (mapping, commas): (&Columns, &[usize]),
        place: impl Fn(Option<usize>) -> Place,
        problems: &mut Problems,
    ) -> Option<Header> {
        let mut header = Header { headers: cells.map(|cell| trim(&cell).to_owned()).collect(), ..Header::default() };
        let mut meant: Vec<Vec<(Rank, usize)>> = vec![Vec::new(); table.columns().len()];
        let vocabulary = Vocabulary::new(table, mapping);
        for (i, text) in header.headers.iter().enumerate() {
            let mut format = Format { decimal_comma: commas.contains(&i), ..Format::default() };
            match vocabulary.meaning(text) {
                Meaning::Ignored => {}
                Meaning::Column(column, rank, unit) => {
                    format.unit = unit;
                    push(&mut meant, column, (rank, i));
                }
                Meaning::Unknown if text.is_empty() => {}
                Meaning::Unknown => header.extra.push(i),
            }
            header.formats.push(format);
        }
        let before = problems.errors();
        for (column, mut found) in table.columns().iter().zip(meant) {
            found.sort();
            header.columns.push(found.first().map(|(_, i)| *i));
            let Some((best, first)) = found.first().copied() else { continue };
            for (rank, i) in found.into_iter().skip(1) {
                if rank == best {
                    let (one, other) = (header.quoted(first), header.quoted(i));
                    let message = say::duplicate_column(column.name, (&one, &other));
                    problems.error(place(Some(i)), "duplicate_column", message);
                } else {
                    header.extra.push(i);
                }
            }
        }
        header.missing(table, &place, problems);
        if problems.errors() > before {
            return None;
        }
        header.extra.sort_unstable();
        if !table.is_open() && !header.extra.is_empty() {
            let named: Vec<String> = header.extra.iter().take(NAMED).map(|i| header.quoted(*i)).collect();
            let more = header.extra.len() - named.len();
            let (message, treatment) = say::unused_columns(&named, more);
            problems.warn(place(None), "unused_columns", message, treatment);
        }
        Some(header)
    }

    /// A header as a message quotes it.
    fn quoted(&self, index: usize) -> String {
        self.headers.get(index).map_or_else(String::new, |header| shorten(header))
    }

    /// What stands in the header, and a table as it should be.
    fn wanted(&self, table: Table) -> Text {
        let found: Vec<String> = (0..self.headers.len()).take(NAMED).map(|i| self.quoted(i)).collect();
        let columns =
            || table.columns().iter().filter(|c| c.need == Need::Required || table.one_of().contains(&c.name));
        let names: Vec<&str> = columns().map(|c| c.name).collect();
        let zh: Vec<&str> = columns().map(|c| c.aliases.first().copied().unwrap_or(c.name)).collect();
        say::taken_as_header(&found, self.headers.len() > NAMED, (&names, &zh))
    }

    fn missing(&self, table: Table, place: &impl Fn(Option<usize>) -> Place, problems: &mut Problems) {
        let mut hint = Some(self.wanted(table));
        let mut with_hint = |message: Text| match hint.take() {
            Some(hint) => message.then(hint),
            None => message,
        };
        let has = |name: &str| {
            let position = table.columns().iter().position(|c| c.name == name);
            position.and_then(|i| self.columns.get(i)).is_some_and(Option::is_some)
        };
        for column in table.columns().iter().filter(|c| c.need == Need::Required && !has(c.name)) {
            let near = self.nearly(table, std::iter::once(column.name).chain(column.aliases.iter().copied()));
            let zh = column.aliases.first().copied().unwrap_or(column.name);
            let message = with_hint(say::missing_column(table.name(), column.name, zh, near));
            problems.error(place(None), "missing_column", message);
        }
        let choice = table.one_of();
        if !choice.is_empty() && !choice.iter().any(|name| has(name)) {
            let near = self.nearly(table, choice.iter().copied());
            let names = (choice.join(" or "), choice.join(" 或 "));
            let message = with_hint(say::missing_columns(table.name(), &names.0, &names.1, near));
            problems.error(place(None), "missing_column", message);
        }
    }

    /// The unused header most like one of these names.
    fn nearly<'n>(&self, table: Table, names: impl Iterator<Item = &'n str> + Clone) -> Option<&str> {
        let unused = self.extra.iter().take(LOOKED_AT).filter_map(|i| self.headers.get(*i)).map(String::as_str);
        // One with control characters cannot be written into the settings.
        let unused = unused.filter(|header| !has_control(header) && header.chars().count() <= LONGEST_OFFERED);
        let unused = unused.filter(|header| table != Table::Sales || !is_another_measure(header));
        // What stands in brackets may be what makes it another column.
        let bare = |header: &str| header.split(['(', '（', '[', '【']).next().unwrap_or(header).trim().to_owned();
        let near = unused.filter_map(|header| {
            let bare = bare(header);
            let name = nearest(header, names.clone()).or_else(|| nearest(&bare, names.clone()))?;
            Some((likeness(header, name).max(likeness(&bare, name)), header))
        });
        near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, header)| header)
    }
}

/// Whether a header says that its numbers are others than those of the row's own month: added up, planned, of another year.
fn is_another_measure(header: &str) -> bool {
    const WORDS: [&str; 22] = [
        "累计",
        "累積",
        "ytd",
        "cumul",
        "todate",
        "running",
        "计划",
        "预算",
        "目标",
        "预测",
        "预估",
        "plan",
        "budget",
        "target",
        "forecast",
        "去年",
        "上年",
        "同期",
        "lastyear",
        "prioryear",
        "同比",
        "环比",
    ];
    let header = normal(header);
    WORDS.iter().any(|word| header.contains(word))
}

fn push(meant: &mut [Vec<(Rank, usize)>], column: usize, what: (Rank, usize)) {
    if let Some(found) = meant.get_mut(column) {
        found.push(what);
    }
}

/// Every header the table knows, made comparable.
fn known(table: Table) -> HashMap<String, (usize, Rank)> {
    let mut known = HashMap::new();
    for (i, column) in table.columns().iter().enumerate() {
        for alias in column.aliases {
            known.insert(normal(alias), (i, Rank::Alias));
        }
        known.insert(normal(column.name), (i, Rank::Name));
    }
    known
}
