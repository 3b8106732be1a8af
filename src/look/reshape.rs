//! A table of another form written as a row for each entry: months across, years beside months, merged cells filled down, a
//! region or a year that only the sheet's name says.

use super::dates::{Order, year_first};
use super::head::{Across, From, Role, Shape};
use crate::error::{Place, Problems};
use crate::messages::look as say;
use crate::month::{Month, month_number};
use crate::schema::Table;
use crate::sheet::cell::{is_total, total_of, trim};
use crate::sheet::format::{Format, Unit};
use crate::sheet::{CsvText, Merged, QUOTED, Reshaped, Sheet, Spot, TextRows, quote};

/// Whether a shape is other than a header with a row for each entry below it.
pub(super) fn is_needed(shape: &Shape, merged: &[Merged], region: Option<&str>) -> bool {
    let kept =
        |merge: &Merged| matches!(shape.roles.get(merge.column as usize - 1), Some(Role::Column(_) | Role::Month(_)));
    shape.is_pivot()
        || shape.numbered
        || region.is_some()
        || (shape.unit != Unit::None && shape.unit != Unit::Pieces(1.0))
        || merged.iter().any(kept)
}

/// What a table is written anew from.
pub(super) struct Source<'s> {
    pub text: &'s CsvText,
    pub shape: &'s Shape,
    /// The region of all rows.
    pub region: Option<&'s str>,
    /// Columns whose decimals are parted by commas; of a worksheet, in its cells of text.
    pub commas: &'s [usize],
    /// Columns that no step reads whose words may say that a row is no sale, by their positions.
    pub sorting: &'s [usize],
    /// Columns of dates whose year stands last.
    pub dates: &'s [(usize, Order)],
}

/// The same sheet, a row for each entry.
pub(super) fn reshaped(sheet: Sheet, source: Source, problems: &mut Problems) -> Sheet {
    let Source { text, shape, region, commas, sorting, dates } = source;
    let comma = Format { decimal_comma: true, ..Format::default() };
    let merged = sheet.worksheet.as_ref().map_or(&[][..], |sheet| &sheet.merged);
    let mut writer = Writer::new(&sheet, shape, region, sorting);
    writer.head();
    let mut fill = Fill::new(merged);
    let mut rows = TextRows::new(text);
    let mut first = true;
    while rows.next_row() {
        let line = rows.line();
        let mut cells: Vec<&str> = rows.record.iter().map(trim).collect();
        cells.resize(cells.len().max(shape.roles.len()), "");
        let filled = fill.row(line, &mut cells, shape, &sheet, problems);
        let written = |(i, cell): (usize, &'_ String)| {
            if let Some((_, order)) = dates.iter().find(|(column, _)| *column == i) {
                return year_first(cell, *order).unwrap_or_else(|| cell.clone());
            }
            let swapped = commas.contains(&i) && (sheet.worksheet.is_none() || rows.is_quoted(i));
            if swapped { comma.plain(cell).into_owned() } else { cell.clone() }
        };
        let cells: Vec<String> = filled.iter().enumerate().map(written).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        if std::mem::take(&mut first) {
            writer.from.header = line;
            continue;
        }
        writer.row(&cells, &rows, problems);
    }
    let (text, from) = (writer.out, writer.from);
    sheet.reshaped(text, from)
}

/// Merged cells while rows go by: each holds its first row's value down to its last.
struct Fill {
    /// By column, the first row ascending.
    ranges: Vec<Merged>,
    values: Vec<Option<String>>,
}

impl Fill {
    fn new(merged: &[Merged]) -> Fill {
        let mut ranges = merged.to_vec();
        ranges.sort_by_key(|range| (range.first, range.column));
        Fill { values: vec![None; ranges.len()], ranges }
    }

    /// The cells of a row with what is merged into it. One number for several rows is an error.
    fn row(
        &mut self,
        line: u32,
        cells: &mut [&str],
        shape: &Shape,
        sheet: &Sheet,
        problems: &mut Problems,
    ) -> Vec<String> {
        let mut out: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let upto = self.ranges.partition_point(|range| range.first <= line);
        for (range, value) in self.ranges.iter().zip(&mut self.values).take(upto) {
            let column = range.column as usize - 1;
            let Some(cell) = out.get_mut(column) else { continue };
            if range.first == line {
                *value = Some(cell.clone());
                if is_measured(sheet.table, shape.roles.get(column)) && range.last > line {
                    let place = Place { file: sheet.file.clone(), line, column: range.column };
                    problems.error(place, "merged_number", say::merged_number(range.last - line + 1));
                }
            } else if line <= range.last
                && cell.is_empty()
                && let Some(value) = value
            {
                cell.clone_from(value);
            } else if line > range.last {
                *value = None;
            }
        }
        out
    }
}

/// Whether a column holds numbers that belong to one row.
fn is_measured(table: Table, role: Option<&Role>) -> bool {
    match role {
        Some(Role::Month(_)) => true,
        Some(Role::Column(i)) => table.columns().get(*i).is_some_and(|column| super::marks::is_number(column.name)),
        _ => false,
    }
}

struct Writer<'s> {
    table: Table,
    sheet: &'s Sheet,
    shape: &'s Shape,
    region: Option<&'s str>,
    /// Columns that are written as they stand, by position.
    kept: Vec<usize>,
    /// What the months across count: a column each.
    measures: Vec<usize>,
    out: String,
    from: Reshaped,
}

impl<'s> Writer<'s> {
    fn new(sheet: &'s Sheet, shape: &'s Shape, region: Option<&'s str>, sorting: &[usize]) -> Writer<'s> {
        let month = sheet.table.columns().iter().position(|column| column.name == "month");
        let is_kept = |at: &usize| match shape.roles[*at] {
            Role::Column(i) => !(shape.numbered && Some(i) == month),
            Role::Extra => !shape.is_pivot() || sorting.contains(at),
            _ => false,
        };
        let kept = (0..shape.roles.len()).filter(is_kept).collect();
        let mut measures: Vec<usize> = shape.across().map(|(_, across)| across.measure).collect();
        measures.sort_unstable();
        measures.dedup();
        let (out, from) = (String::new(), Reshaped::default());
        Writer { table: sheet.table, sheet, shape, region, kept, measures, out, from }
    }

    fn has_month(&self) -> bool {
        self.shape.is_pivot() || self.shape.numbered
    }

    /// The header: what the sheet's own says, and the columns that are made.
    fn head(&mut self) {
        let mut cells: Vec<(String, u32)> = Vec::new();
        let column = |i: usize| self.table.columns().get(i).map_or("", |column| column.name).to_owned();
        if self.has_month() {
            cells.push(("month".to_owned(), if self.shape.is_pivot() { Reshaped::NUMBER } else { 0 }));
        }
        if self.region.is_some() {
            cells.push(("region".to_owned(), 0));
        }
        for &i in &self.kept {
            let text = match self.shape.roles[i] {
                // The title's unit holds for a column that names none.
                Role::Column(c) => with_unit(&self.shape.headers[i], &column(c), self.shape.unit),
                _ => self.shape.headers[i].clone(),
            };
            cells.push((text, self.cell_column(i)));
        }
        for &measure in &self.measures {
            cells.push((column(measure), Reshaped::NUMBER));
        }
        self.from.columns = cells.iter().map(|(_, column)| *column).collect();
        let cells: Vec<&str> = cells.iter().map(|(text, _)| text.as_str()).collect();
        self.record(&cells);
    }

    /// Where a column stands in its sheet; lines of text have no columns that are the same in each.
    fn cell_column(&self, i: usize) -> u32 {
        if self.sheet.worksheet.is_some() { i as u32 + 1 } else { 0 }
    }

    fn row(&mut self, cells: &[&str], rows: &TextRows, problems: &mut Problems) {
        let cell = |i: usize| cells.get(i).copied().unwrap_or("");
        let mut lead: Vec<String> = Vec::new();
        if self.shape.numbered {
            let month = self.month_of(cells, rows, problems);
            lead.push(month);
        }
        lead.extend(self.region.map(str::to_owned));
        let kept: Vec<String> = self.kept.iter().map(|i| cell(*i).to_owned()).collect();
        if !self.shape.is_pivot() {
            let all: Vec<&str> = lead.iter().chain(&kept).map(String::as_str).collect();
            self.at(rows, None);
            return self.record(&all);
        }
        let across: Vec<(usize, Across)> = self.shape.across().collect();
        let mut months: Vec<Month> = across.iter().map(|(_, across)| across.month).collect();
        months.sort_unstable();
        months.dedup();
        for month in months {
            let of_month = || across.iter().filter(|(_, across)| across.month == month);
            // An empty cell is no entry.
            let Some((first, _)) = of_month().find(|(i, _)| !cell(*i).is_empty()) else { continue };
            let measured: Vec<String> = self
                .measures
                .iter()
                .map(|measure| {
                    let found = of_month().find(|(_, across)| across.measure == *measure);
                    found.map_or_else(String::new, |(i, across)| self.number(cell(*i), across))
                })
                .collect();
            let written = month.to_string();
            let all: Vec<&str> = [written.as_str()]
                .into_iter()
                .chain(lead.iter().chain(&kept).chain(&measured).map(String::as_str))
                .collect();
            self.at(rows, Some(*first));
            self.record(&all);
        }
    }

    /// A number with the unit of its own header: the column that it goes to has none.
    fn number(&self, text: &str, across: &Across) -> String {
        let own = if across.unit == Unit::None { self.shape.unit } else { across.unit };
        let factor = match own {
            Unit::Pieces(factor) if factor != 1.0 => factor,
            Unit::Yuan(factor) if across.named => factor,
            _ => return text.to_owned(),
        };
        match crate::sheet::cell::number(text) {
            Ok(Some(x)) if matches!(own, Unit::Yuan(_)) => format!("{}元", x * factor),
            Ok(Some(x)) => (x * factor).to_string(),
            _ => text.to_owned(),
        }
    }

    /// The month of a row whose months stand without a year; as it stands where it is none.
    fn month_of(&self, cells: &[&str], rows: &TextRows, problems: &mut Problems) -> String {
        let month = self.table.columns().iter().position(|column| column.name == "month");
        let at = month.and_then(|month| self.shape.position(month)).unwrap_or(0);
        let text = cells.get(at).copied().unwrap_or("");
        let beside = self.shape.roles.iter().position(|role| *role == Role::Year);
        let written = beside.and_then(|i| cells.get(i)).copied().unwrap_or("");
        let year = if beside.is_some() { crate::sheet::cell::year(written) } else { self.shape.year };
        let Some(number) = month_number(text) else { return text.to_owned() };
        match year.and_then(|year| Month::new(year, number)) {
            Some(month) => month.to_string(),
            None if is_total(written) || total_of(written).is_some() => written.to_owned(),
            None => {
                let (line, column) = rows.place(at);
                let place = Place { file: self.sheet.file.clone(), line, column };
                problems.error(place, "no_year", say::row_without_year(text));
                String::new()
            }
        }
    }

    /// Notes where the record to come stood.
    fn at(&mut self, rows: &TextRows, number: Option<usize>) {
        let (line, column) = number.map_or((rows.line(), 0), |i| rows.place(i));
        self.from.records.push(Spot { start: self.out.len(), line, column });
    }

    fn record(&mut self, cells: &[&str]) {
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            quote(cell, cell.contains(QUOTED), &mut self.out);
        }
        self.out.push('\n');
    }
}

/// A header with the title's unit behind it where it counts such things and names no unit of its own.
fn with_unit(header: &str, column: &str, unit: Unit) -> String {
    let counts = match unit {
        Unit::Yuan(_) => column == "revenue",
        Unit::Pieces(_) => column == "units",
        _ => false,
    };
    let word = match unit {
        Unit::Yuan(1.0) => "元",
        Unit::Yuan(1e3) => "千元",
        Unit::Yuan(1e4) => "万元",
        Unit::Yuan(1e6) => "百万元",
        Unit::Yuan(1e8) => "亿元",
        Unit::Pieces(1e3) => "千件",
        Unit::Pieces(1e4) => "万件",
        _ => return header.to_owned(),
    };
    if counts && Unit::taken_off(header).is_none() { format!("{column}({word})") } else { header.to_owned() }
}

/// Whether months across were given a year by a title or a name.
pub(super) fn year_from_title(shape: &Shape) -> bool {
    let numbered = shape.across().any(|(_, across)| across.from == From::Numbered);
    numbered || (shape.numbered && !shape.roles.contains(&Role::Year))
}
