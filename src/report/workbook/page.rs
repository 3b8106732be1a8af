//! One sheet: a title, what it is, a table with a header that stays in sight, ready to be filtered and printed.
//!
//! Above the header stands a hidden row with the names of the columns as the files have them, so that a program finds
//! a column in either language.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Formula, IgnoreError, ProtectionOptions, Worksheet};
use unicode_width::UnicodeWidthStr;

use super::styles;
use crate::messages::workbook as say;
use crate::messages::{Lang, Text};
use crate::report::columns::{Head, Kind};

/// The rows of a sheet.
const ROWS: u32 = 1_048_576;
/// A cell holds 32,767 characters as UTF-16 counts them; a few less leave room for the mark of a cut.
const LONGEST: usize = 32_760;
/// Of so many rows the widths are measured; the others look like them.
const MEASURED: u32 = 400;
/// Columns are so many characters wide, at least, at most, and at most where they hold sentences.
const NARROWEST: usize = 8;
const WIDEST: usize = 28;
const WIDEST_LONG: usize = 60;
/// Characters across a printed page that can still be read.
const PRINTED: usize = 190;
/// A4.
const PAPER: u8 = 9;

/// A cell.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// Words.
    Text(Cow<'a, str>),
    /// A number.
    Number(f64),
    /// A formula and what it comes to.
    Sum(String, f64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Value<'a> {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl From<f64> for Value<'_> {
    fn from(x: f64) -> Self {
        Value::Number(x)
    }
}

impl From<i32> for Value<'_> {
    fn from(n: i32) -> Self {
        Value::Number(n.into())
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Value<'a> {
        value.map_or(Value::Empty, Into::into)
    }
}

/// What every sheet of a book has in common.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The language.
    pub lang: Lang,
    /// The month made.
    pub made: &'a str,
    /// The unit of money.
    pub money: &'a str,
    /// Whether money has a decimal (in 万元).
    pub decimal: bool,
}

/// A sheet being written.
pub struct Page<'a> {
    /// The sheet.
    pub sheet: Worksheet,
    look: Look<'a>,
    formats: Formats,
    columns: Vec<Head>,
    widths: Vec<usize>,
    /// The next row.
    row: u32,
    /// The header's row.
    head: u32,
    /// The last row of the table, where something stands below it.
    end: Option<u32>,
    /// Rows beyond the sheet.
    beyond: usize,
}

/// Nothing written here can fail: rows and columns are within a sheet, texts within a cell, names within their rules.
fn sure<T, E>(_: Result<T, E>) {}

/// A text as a cell may hold it: without characters that XML forbids, and cut where it is too long.
pub fn clean(text: &str) -> Cow<'_, str> {
    let bad = |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}');
    // Bytes are at least as many as units of UTF-16.
    let long = text.len() > LONGEST && text.encode_utf16().count() > LONGEST;
    if !long && !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut left = LONGEST;
    let mut out = String::with_capacity(text.len().min(LONGEST * 3));
    for c in text.chars() {
        let Some(rest) = left.checked_sub(c.len_utf16()) else {
            out.push('…');
            break;
        };
        left = rest;
        out.push(if bad(c) { char::REPLACEMENT_CHARACTER } else { c });
    }
    Cow::Owned(out)
}

/// Writes a cell; one without a format of its own has its column's.
fn write(sheet: &mut Worksheet, (row, column): (u32, u16), value: &Value, format: Option<&Format>) {
    match (value, format) {
        (Value::Empty, None) => {}
        (Value::Empty, Some(format)) => sure(sheet.write_blank(row, column, format)),
        (Value::Text(text), None) => sure(sheet.write_string(row, column, clean(text))),
        (Value::Text(text), Some(format)) => sure(sheet.write_string_with_format(row, column, clean(text), format)),
        // Adding 0 turns -0 into 0.
        (Value::Number(x), None) => sure(sheet.write_number(row, column, *x + 0.0)),
        (Value::Number(x), Some(format)) => sure(sheet.write_number_with_format(row, column, *x + 0.0, format)),
        (Value::Sum(formula, result), format) => {
            let formula = Formula::new(formula).set_result(format!("{}", result + 0.0));
            match format {
                None => sure(sheet.write_formula(row, column, formula)),
                Some(format) => sure(sheet.write_formula_with_format(row, column, formula, format)),
            }
        }
    }
}

/// The formats of single cells, made once.
struct Formats {
    ask_units: Format,
    ask_share: Format,
    ask_text: Format,
    broken: Format,
    broken_signed: Format,
}

impl<'a> Page<'a> {
    /// A sheet with its title and what it is.
    pub fn new(name: &Text, about: &Text, look: Look<'a>) -> Page<'a> {
        let mut sheet = Worksheet::new();
        sure(sheet.set_name(name.get(look.lang)));
        let title = say::title(name, look.made);
        sure(sheet.write_string_with_format(0, 0, title.get(look.lang), &styles::title()));
        sure(sheet.write_string_with_format(1, 0, about.get(look.lang), &styles::about()));
        sheet.set_landscape().set_paper_size(PAPER);
        sheet.set_footer("&C&P / &N");
        let formats = Formats {
            ask_units: styles::cell(Kind::AskUnits),
            ask_share: styles::cell(Kind::AskShare),
            ask_text: styles::cell(Kind::AskText),
            broken: styles::broken(Kind::Units),
            broken_signed: styles::broken(Kind::Signed),
        };
        let (columns, widths) = (Vec::new(), Vec::new());
        Page { sheet, look, formats, columns, widths, row: 3, head: 0, end: None, beyond: 0 }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.look.lang
    }

    /// The next row, from 0.
    pub fn next_row(&self) -> u32 {
        self.row
    }

    /// The header's row, from 0.
    pub fn head_row(&self) -> u32 {
        self.head
    }

    /// Where a column stands.
    pub fn at(&self, id: &str) -> Option<u16> {
        self.columns.iter().position(|c| c.name == id).map(|i| i as u16)
    }

    /// Leaves rows free.
    pub fn skip(&mut self, rows: u32) {
        self.row += rows;
    }

    /// A title within the sheet.
    pub fn part(&mut self, title: &Text) {
        let text = title.get(self.look.lang).to_owned();
        sure(self.sheet.write_string_with_format(self.row, 0, &text, &styles::part()));
        self.row += 1;
    }

    /// Words in one cell, with or without a name before them.
    pub fn line(&mut self, name: &str, value: Value) {
        sure(self.sheet.write_string(self.row, 0, clean(name)));
        self.put(self.row, 1, Kind::Text, &value);
        if !matches!(value, Value::Empty) {
            self.widths.resize(self.widths.len().max(1), NARROWEST);
            if let Some(first) = self.widths.first_mut() {
                *first = (*first).max(name.width().min(WIDEST));
            }
        }
        self.row += 1;
    }

    /// Begins the table: the hidden names and the header.
    pub fn table(&mut self, columns: Vec<Head>) {
        let (ids, head) = (self.row, self.row + 1);
        for (i, column) in columns.iter().enumerate() {
            let i = i as u16;
            sure(self.sheet.write_string(ids, i, column.name.as_ref()));
            let format = match column.kind {
                Kind::AskUnits | Kind::AskShare | Kind::AskText => styles::ask_head(),
                _ => styles::head(),
            };
            let header = column.header(self.look.lang, self.look.money);
            sure(self.sheet.write_string_with_format(head, i, &header, &format));
            match column.kind {
                Kind::Hidden => sure(self.sheet.set_column_hidden(i)),
                Kind::AskUnits | Kind::AskShare | Kind::AskText => {}
                Kind::Money if self.look.decimal => sure(self.sheet.set_column_format(i, &styles::broken(column.kind))),
                kind => sure(self.sheet.set_column_format(i, &styles::cell(kind))),
            }
            let widest_line = header.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
            let width = widest_line.clamp(NARROWEST, WIDEST);
            match self.widths.get_mut(usize::from(i)) {
                Some(before) => *before = (*before).max(width),
                None => self.widths.push(width),
            }
        }
        sure(self.sheet.set_row_hidden(ids));
        sure(self.sheet.set_row_height(head, 32));
        self.columns = columns;
        self.head = head;
        self.row = head + 1;
    }

    /// A row of the table.
    pub fn row<'v>(&mut self, values: impl IntoIterator<Item = Value<'v>>) {
        if self.row >= ROWS {
            self.beyond += 1;
            return;
        }
        let measured = self.row < self.head + MEASURED;
        for (i, value) in values.into_iter().enumerate() {
            let kind = self.columns.get(i).map_or(Kind::Text, |c| c.kind);
            if measured && let (Value::Text(text), Some(width)) = (&value, self.widths.get_mut(i)) {
                let most = if kind == Kind::Long { WIDEST_LONG } else { WIDEST };
                *width = (*width).max(text.width().min(most));
            }
            self.put(self.row, i as u16, kind, &value);
        }
        self.row += 1;
    }

    /// The same in bold.
    pub fn sum_row<'v>(&mut self, values: impl IntoIterator<Item = Value<'v>>) {
        if self.row < ROWS {
            sure(self.sheet.set_row_format(self.row, &styles::sum()));
        }
        self.row(values);
    }

    fn put(&mut self, row: u32, column: u16, kind: Kind, value: &Value) {
        let format = match (kind, value) {
            (Kind::AskUnits, _) => Some(&self.formats.ask_units),
            (Kind::AskShare, _) => Some(&self.formats.ask_share),
            (Kind::AskText, _) => Some(&self.formats.ask_text),
            (Kind::Units, Value::Number(x)) if x.fract() != 0.0 => Some(&self.formats.broken),
            (Kind::Signed, Value::Number(x)) if x.fract() != 0.0 => Some(&self.formats.broken_signed),
            _ => None,
        };
        write(&mut self.sheet, (row, column), value, format);
    }

    /// A small table without filters: headers, then rows of a name and numbers of one kind, the last one in bold where
    /// it sums the others up.
    pub fn small(&mut self, headers: &[&str], rows: &[(String, Vec<Value>)], kind: Kind, total: bool) {
        for (i, header) in (0..).zip(headers) {
            sure(self.sheet.write_string_with_format(self.row, i, clean(header), &styles::head()));
        }
        let plain = if self.look.decimal && kind == Kind::Money { styles::broken(kind) } else { styles::cell(kind) };
        for (at, (name, values)) in rows.iter().enumerate() {
            self.row += 1;
            let is_total = total && at + 1 == rows.len();
            let bold = |format: Format| if is_total { format.set_bold() } else { format };
            write(&mut self.sheet, (self.row, 0), &name.as_str().into(), Some(&bold(styles::cell(Kind::Text))));
            let format = bold(plain.clone());
            for (column, value) in (1..).zip(values) {
                let is_text = matches!(value, Value::Text(_));
                write(&mut self.sheet, (self.row, column), value, Some(&format).filter(|_| !is_text));
            }
        }
        self.row += 2;
    }

    /// Lets only the cells that ask for something be changed; everything can still be filtered.
    pub fn protect(&mut self) {
        self.sheet.set_tab_color(styles::TAB);
        self.sheet.protect_with_options(&ProtectionOptions {
            use_autofilter: true,
            sort: true,
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::new()
        });
    }

    /// Gives the columns their widths, before charts are put on them.
    pub fn set_widths(&mut self) {
        for (i, width) in self.widths.iter().enumerate() {
            sure(self.sheet.set_column_width(i as u16, *width as f64 + 2.0));
        }
    }

    /// The table ends here; what follows is not filtered with it.
    pub fn end_table(&mut self) {
        self.end = Some(self.row.saturating_sub(1));
    }

    /// The finished sheet: filters, the header and the first `kept` columns kept in sight, widths. `file` holds the rows
    /// that a sheet cannot.
    pub fn finish(mut self, kept: u16, file: &str) -> Worksheet {
        let last = self.end.unwrap_or(self.row.saturating_sub(1)).max(self.head);
        if !self.columns.is_empty() {
            let right = self.columns.len() as u16 - 1;
            sure(self.sheet.autofilter(self.head, 0, last, right));
            // Codes and months are texts on purpose.
            sure(self.sheet.ignore_error_range(self.head, 0, last, right, IgnoreError::NumberStoredAsText));
            sure(self.sheet.set_freeze_panes(self.head + 1, kept));
            sure(self.sheet.set_repeat_rows(self.head, self.head));
        }
        self.set_widths();
        let shown = |(i, width): (usize, &usize)| match self.columns.get(i).map(|c| c.kind) {
            Some(Kind::Hidden) => 0,
            _ => width + 2,
        };
        let across = self.widths.iter().enumerate().map(shown).sum::<usize>().div_ceil(PRINTED).max(1);
        self.sheet.set_print_fit_to_pages(across as u16, 0);
        if across > 1 && kept > 0 {
            sure(self.sheet.set_repeat_columns(0, kept - 1));
        }
        if self.beyond > 0 {
            let text = say::more_rows(self.beyond, file);
            sure(self.sheet.write_string_with_format(2, 0, text.get(self.look.lang), &styles::part()));
        }
        self.sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_into_cells() {
        assert_eq!(clean("=1+1 城\n\"x\" \u{202e}<b>"), "=1+1 城\n\"x\" \u{202e}<b>");
        assert_eq!(clean("a\0b\u{1b}c\u{ffff}"), "a\u{fffd}b\u{fffd}c\u{fffd}");
        for long in ["x".repeat(40_000), "城".repeat(40_000), "😀".repeat(20_000)] {
            let cut = clean(&long);
            assert!(cut.ends_with('…') && cut.encode_utf16().count() <= 32_767);
        }
        assert_eq!(clean(&"x".repeat(32_760)).len(), 32_760);
    }
}
