//! `[columns]`: headers as the user's files write them, and the columns they stand for.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::schema::{Table, normal};

/// What a header was mapped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// The column of that name.
    To(&'static str),
    /// Nothing: the column is left out without a warning.
    Ignored,
}

/// The mapping of `[columns]`; one for a table comes before one for all tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    all: HashMap<String, Mapped>,
    tables: HashMap<(Table, String), Mapped>,
    /// The last day seen: rows that became known later are not read; none where all are.
    pub until: Option<NaiveDate>,
}

impl Columns {
    /// What a header of a table was mapped to; none where it was not.
    pub fn find(&self, table: Table, header: &str) -> Option<Mapped> {
        let header = normal(header);
        let mapped = self.tables.get(&(table, header.clone())).or_else(|| self.all.get(&header)).copied()?;
        match mapped {
            // A mapping for all tables says nothing about tables without that column.
            Mapped::To(name) => table.column(name).is_some().then_some(mapped),
            Mapped::Ignored => Some(mapped),
        }
    }

    /// The mappings, sorted: `header` or `table.header`, and the column (empty: left out).
    pub fn written(&self) -> Vec<(String, &'static str)> {
        let column = |mapped: &Mapped| match mapped {
            Mapped::To(name) => *name,
            Mapped::Ignored => "",
        };
        let tables = self.tables.iter().map(|((t, header), m)| (format!("{}.{header}", t.name()), column(m)));
        let mut out: Vec<_> = self.all.iter().map(|(h, m)| (h.clone(), column(m))).chain(tables).collect();
        out.sort();
        out
    }

    /// Maps a header, in one table or in all; whether it was new.
    pub(super) fn insert(&mut self, table: Option<Table>, header: &str, mapped: Mapped) -> bool {
        let header = normal(header);
        match table {
            Some(table) => self.tables.insert((table, header), mapped).is_none(),
            None => self.all.insert(header, mapped).is_none(),
        }
    }
}
