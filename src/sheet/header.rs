//! Which column each header of a sheet means.

use std::collections::HashMap;

use super::cell::{has_control, shorten, trim};
use crate::error::{Place, Problems};
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
pub(super) struct Header {
    /// The headers as written, trimmed.
    pub headers: Vec<String>,
    /// For each column of the table, where it stands.
    pub columns: Vec<Option<usize>>,
    /// Where columns stand that are none of the table's.
    pub extra: Vec<usize>,
}

/// Why a header means a column; what the user said comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Mapped,
    Name,
    Alias,
}

impl Header {
    /// Finds the table's columns; none where the table cannot be read, and then there are errors.
    pub fn find(
        table: Table,
        cells: impl Iterator<Item = String>,
        mapping: &Columns,
        place: impl Fn(Option<usize>) -> Place,
        problems: &mut Problems,
    ) -> Option<Header> {
        let mut header = Header { headers: cells.map(|cell| trim(&cell).to_owned()).collect(), ..Header::default() };
        let mut meant: Vec<Vec<(Rank, usize)>> = vec![Vec::new(); table.columns().len()];
        let known = known(table);
        for (i, text) in header.headers.iter().enumerate() {
            match mapping.find(table, text) {
                Some(Mapped::Ignored) => {}
                Some(Mapped::To(name)) => match table.columns().iter().position(|c| c.name == name) {
                    Some(column) => push(&mut meant, column, (Rank::Mapped, i)),
                    None => header.extra.push(i),
                },
                None => match known.get(&normal(text)) {
                    Some((column, rank)) => push(&mut meant, *column, (*rank, i)),
                    None if text.is_empty() => {}
                    None => header.extra.push(i),
                },
            }
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

    fn missing(&self, table: Table, place: &impl Fn(Option<usize>) -> Place, problems: &mut Problems) {
        let has = |name: &str| {
            let position = table.columns().iter().position(|c| c.name == name);
            position.and_then(|i| self.columns.get(i)).is_some_and(Option::is_some)
        };
        for column in table.columns().iter().filter(|c| c.need == Need::Required && !has(c.name)) {
            let near = self.nearly(std::iter::once(column.name).chain(column.aliases.iter().copied()));
            let zh = column.aliases.first().copied().unwrap_or(column.name);
            problems.error(place(None), "missing_column", say::missing_column(table.name(), column.name, zh, near));
        }
        let choice = table.one_of();
        if !choice.is_empty() && !choice.iter().any(|name| has(name)) {
            let near = self.nearly(choice.iter().copied());
            let names = (choice.join(" or "), choice.join(" 或 "));
            problems.error(place(None), "missing_column", say::missing_columns(table.name(), &names.0, &names.1, near));
        }
    }

    /// The unused header most like one of these names.
    fn nearly<'n>(&self, names: impl Iterator<Item = &'n str> + Clone) -> Option<&str> {
        let unused = self.extra.iter().take(LOOKED_AT).filter_map(|i| self.headers.get(*i)).map(String::as_str);
        // One with control characters cannot be written into the settings.
        let unused = unused.filter(|header| !has_control(header) && header.chars().count() <= LONGEST_OFFERED);
        let near = unused.filter_map(|header| {
            let name = nearest(header, names.clone())?;
            Some((likeness(header, name), header))
        });
        near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, header)| header)
    }
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
