//! One row: its cells as text, numbers, months, names.

use super::cell::{self, shorten, trim};
use super::{Col, Rows};
use crate::error::{Place, Problems};
use crate::messages::Text;
use crate::messages::reading as say;
use crate::month::Period;
use crate::settings::Money;

/// The current row of a sheet.
///
/// The methods that take [`Problems`] give none for an empty cell; one that is wrong is reported and also none. Those
/// called `need_` report an empty cell too.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    pub(super) rows: &'r Rows<'r>,
}

impl<'r> Row<'r> {
    /// The cell as typed, without blanks around it; empty where there is none.
    pub fn text(self, col: Col) -> &'r str {
        col.index.and_then(|i| self.rows.record.get(i)).map_or("", trim)
    }

    /// Whether the cell holds anything.
    pub fn has(self, col: Col) -> bool {
        !self.text(col).is_empty()
    }

    /// The line of the text or the row of the worksheet.
    pub fn line(self) -> u32 {
        match self.rows.sheet.cells {
            super::Cells::Text => self.rows.line,
            super::Cells::Worksheet(_) => self.rows.place(None).line,
        }
    }

    /// The byte of the sheet's text at which the row begins: what [`super::Sheet::record`] and
    /// [`super::Sheet::place`] find it by.
    pub fn start(self) -> usize {
        self.rows.start
    }

    /// The place of a cell; of the whole row where the row has no such cell.
    pub fn place(self, col: Col) -> Place {
        self.rows.place(col.index)
    }

    /// The whole row as written, to compare rows that should differ.
    pub fn record_text(self) -> &'r str {
        self.rows.raw()
    }

    /// Whether two rows are the same in every column.
    pub fn same_as(self, record_text: &str) -> bool {
        self.record_text() == record_text
    }

    /// A number.
    pub fn number(self, col: Col, problems: &mut Problems) -> Option<f64> {
        self.parsed(col, problems, cell::number)
    }

    /// A number that must be there.
    pub fn need_number(self, col: Col, problems: &mut Problems) -> Option<f64> {
        self.needed(col, problems, cell::number)
    }

    /// A rate: 11%, or 0.11.
    pub fn rate(self, col: Col, problems: &mut Problems) -> Option<f64> {
        self.parsed(col, problems, cell::rate)
    }

    /// A rate that must be there.
    pub fn need_rate(self, col: Col, problems: &mut Problems) -> Option<f64> {
        self.needed(col, problems, cell::rate)
    }

    /// Money in `unit`, whatever unit the cell itself names.
    pub fn money(self, col: Col, unit: Money, problems: &mut Problems) -> Option<f64> {
        self.parsed(col, problems, |text| cell::money(text, unit))
    }

    /// A month or a day.
    pub fn period(self, col: Col, problems: &mut Problems) -> Option<Period> {
        let text = self.text(col);
        if text.is_empty() {
            return None;
        }
        let period = Period::parse(text);
        if period.is_none() {
            self.report(col, problems, "bad_month", say::bad_month(&shorten(text)));
        }
        period
    }

    /// A month or a day that must be there.
    pub fn need_period(self, col: Col, problems: &mut Problems) -> Option<Period> {
        self.there(col, problems)?;
        self.period(col, problems)
    }

    /// A year: 2024, 2024年, FY2024.
    pub fn year(self, col: Col, problems: &mut Problems) -> Option<i32> {
        let text = self.text(col);
        if text.is_empty() {
            return None;
        }
        let year = cell::year(text);
        if year.is_none() {
            self.report(col, problems, "bad_year", say::bad_year(&shorten(text)));
        }
        year
    }

    /// A year that must be there.
    pub fn need_year(self, col: Col, problems: &mut Problems) -> Option<i32> {
        self.there(col, problems)?;
        self.year(col, problems)
    }

    /// Yes or no; an empty cell is no.
    pub fn yes(self, col: Col, problems: &mut Problems) -> bool {
        let text = self.text(col);
        let yes = cell::yes(text);
        if yes.is_none() {
            self.report(col, problems, "bad_yes", say::bad_yes(&shorten(text)));
        }
        yes.unwrap_or(false)
    }

    /// A name or a code, as typed; none where it is empty or holds control characters.
    pub fn name(self, col: Col, problems: &mut Problems) -> Option<&'r str> {
        let text = self.text(col);
        if text.is_empty() {
            return None;
        }
        if text.chars().any(char::is_control) {
            self.report(col, problems, "control_character", say::control_character(&shorten(text)));
            return None;
        }
        if cell::is_error(text) {
            self.report(col, problems, "cell_error", say::cell_error(text));
            return None;
        }
        Some(text)
    }

    /// A name that must be there.
    pub fn need_name(self, col: Col, problems: &mut Problems) -> Option<&'r str> {
        self.there(col, problems)?;
        self.name(col, problems)
    }

    fn there(self, col: Col, problems: &mut Problems) -> Option<()> {
        if self.has(col) {
            return Some(());
        }
        self.report(col, problems, "empty_cell", say::empty_cell(col.name));
        None
    }

    fn parsed(
        self,
        col: Col,
        problems: &mut Problems,
        parse: impl Fn(&str) -> Result<Option<f64>, cell::Wrong>,
    ) -> Option<f64> {
        let text = self.text(col);
        match parse(text) {
            Ok(value) => value,
            Err(wrong) => {
                self.report(col, problems, "bad_number", bad_number(text, wrong));
                None
            }
        }
    }

    fn needed(
        self,
        col: Col,
        problems: &mut Problems,
        parse: impl Fn(&str) -> Result<Option<f64>, cell::Wrong>,
    ) -> Option<f64> {
        let text = self.text(col);
        if matches!(parse(text), Ok(None)) {
            self.report(col, problems, "empty_cell", say::empty_cell(col.name));
            return None;
        }
        self.parsed(col, problems, parse)
    }

    fn report(self, col: Col, problems: &mut Problems, kind: &'static str, message: Text) {
        problems.error(self.place(col), kind, message);
    }
}

fn bad_number(text: &str, wrong: cell::Wrong) -> Text {
    let text = shorten(text);
    match wrong {
        cell::Wrong::NotANumber => say::not_a_number(&text),
        cell::Wrong::TooLarge => say::too_large(&text),
        cell::Wrong::Percent => say::percent_without_rate(&text),
    }
}
