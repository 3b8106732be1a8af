//! Parquet: a file -> typed columns, row groups and columns in parallel.

mod cells;
mod pages;

use std::sync::Arc;

use parquet::column::reader::get_column_reader;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};
use rayon::prelude::*;

use super::Wrong;
use super::bytes::gigabytes;
use super::caught::caught;
use crate::messages::parquet as say;
use crate::messages::reading;
use crate::sheet::Columns;
use crate::sheet::columns::{Chunk, Column};
use cells::{Bad, Cells};
use pages::Checked;

/// A file with more rows is none that was meant; a few bytes can claim any number of them.
const MOST_ROWS: i64 = 400_000_000;

/// Reads what says how a file is built, and nothing of it is kept: for a process that may die of it.
pub(super) fn look(bytes: Vec<u8>) {
    let _ = caught(|| SerializedFileReader::new(bytes::Bytes::from(bytes)).is_ok());
}

/// Reads a file with at most `limit` bytes of memory for its columns. `fixed` are columns that stand in the names of the folders above it, with their values.
pub(super) fn read(bytes: Vec<u8>, fixed: &[(String, String)], limit: u64) -> Result<Columns, Wrong> {
    match caught(|| columns(bytes.into(), fixed, limit)).unwrap_or_else(|| Err(Bad::damaged())) {
        Ok(columns) => Ok(columns),
        Err(Bad::Text(row)) => Err(Wrong { line: row, kind: "bad_encoding", message: say::not_utf8() }),
        Err(Bad::Memory) => Err(Wrong::whole("too_large", reading::too_much_memory(&gigabytes(limit)))),
        Err(Bad::TooLarge) => Err(Wrong::whole("too_large", say::too_many_rows(MOST_ROWS))),
        Err(Bad::File(reason)) => Err(Wrong::whole("unreadable", say::bad_file(&reason))),
    }
}

/// Where a column of the table stands in the file.
enum Leaf {
    /// A column of plain values.
    Plain(usize),
    /// Lists, structures and the like: no cell of a table holds such a thing.
    Nested,
}

fn columns(bytes: bytes::Bytes, fixed: &[(String, String)], limit: u64) -> Result<Columns, Bad> {
    let file = SerializedFileReader::new(bytes)?;
    let metadata = file.metadata();
    let groups = metadata.row_groups();
    let rows: Vec<usize> = groups.iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0)).collect();
    let claimed = groups.iter().fold(0_i64, |sum, group| sum.saturating_add(group.num_rows().max(0)));
    if claimed > MOST_ROWS {
        return Err(Bad::TooLarge);
    }
    let (names, leaves) = leaves(metadata.file_metadata().schema_descr());
    let schema = metadata.file_metadata().schema_descr();
    let plain = leaves.iter().filter_map(|leaf| if let Leaf::Plain(at) = leaf { Some(*at) } else { None });
    let row = plain.map(|at| Cells::bytes_a_row(&schema.column(at))).fold(0_u64, u64::saturating_add);
    if row.saturating_mul(claimed as u64) > limit {
        return Err(Bad::Memory);
    }
    let wanted: Vec<(usize, usize)> =
        (0..rows.len()).flat_map(|group| (0..leaves.len()).map(move |leaf| (group, leaf))).collect();
    let read = |&(group, leaf): &(usize, usize)| -> Result<Arc<dyn Column>, Bad> {
        match leaves[leaf] {
            Leaf::Nested => Ok(Arc::new(Cells::same("(nested)"))),
            Leaf::Plain(at) => {
                let before = rows[..group].iter().sum();
                let descriptor = schema.column(at);
                let cells = || -> Result<Cells, Bad> {
                    let pages = Checked::new(file.get_row_group(group)?.get_column_page_reader(at)?);
                    let reader = get_column_reader(descriptor.clone(), Box::new(pages));
                    Cells::read(reader, &descriptor, rows[group])
                };
                // Each may lie on a thread of its own.
                let cells = caught(cells).unwrap_or_else(|| Err(Bad::damaged()));
                Ok(Arc::new(cells.map_err(|bad| bad.after(before))?))
            }
        }
    };
    let read: Vec<Arc<dyn Column>> = wanted.par_iter().map(read).collect::<Result<_, _>>()?;
    let fixed: Vec<&(String, String)> = fixed.iter().filter(|(name, _)| !names.contains(name)).collect();
    let constant = |value: &str| -> Arc<dyn Column> { Arc::new(Cells::same(value)) };
    let mut read = read.into_iter();
    let chunks = rows.iter().map(|&rows| {
        let mut columns: Vec<Arc<dyn Column>> = read.by_ref().take(leaves.len()).collect();
        columns.extend(fixed.iter().map(|(_, value)| constant(value)));
        Chunk::new(rows, columns)
    });
    let chunks = chunks.collect();
    let names = names.into_iter().chain(fixed.iter().map(|(name, _)| name.clone())).collect();
    Ok(Columns::new(names, chunks))
}

/// The columns of a file by name, in its order.
fn leaves(schema: &SchemaDescriptor) -> (Vec<String>, Vec<Leaf>) {
    let is_plain = |column: &ColumnDescriptor| {
        column.path().parts().len() == 1 && column.max_rep_level() == 0 && column.max_def_level() <= 1
    };
    let (mut names, mut leaves) = (Vec::new(), Vec::new());
    let mut last = None;
    for (at, column) in schema.columns().iter().enumerate() {
        let root = schema.get_column_root_idx(at);
        if last.replace(root) == Some(root) {
            continue;
        }
        names.push(schema.get_column_root(at).name().to_owned());
        leaves.push(if is_plain(column) { Leaf::Plain(at) } else { Leaf::Nested });
    }
    (names, leaves)
}
