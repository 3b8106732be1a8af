//! One row: its cells as text, numbers, months, names.

use std::borrow::Cow;

use super::cell::{self, is_amount, shorten};
use super::columns::Value;
use super::format::{Format, Unit};
use super::{Col, Content, Rows, record};
use crate::error::{Place, Problems};
use crate::messages::Text;
use crate::messages::{door, reading as say};
use crate::month::{Month, Period, is_moment, serial_day, span};
use crate::schema::Table;
use crate::settings::Money;

/// No name of a region, a product or a person has more characters; what has is a broken quote or a note.
const LONGEST_NAME: usize = 200;

/// The current row of a sheet.
///
/// The methods that take [`Problems`] give none for an empty cell; one that is wrong is reported and also none. Those
/// called `need_` report an empty cell too.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    rows: &'r Rows<'r>,
}

impl Rows<'_> {
    /// The next row that is not blank.
    #[allow(clippy::should_implement_trait)] // An iterator cannot lend its rows.
    pub fn next(&mut self, problems: &mut Problems) -> Option<Row<'_>> {
        self.step(problems).then_some(Row { rows: self })
    }
}

impl<'r> Row<'r> {
    /// The cell as typed, without blanks around it; empty where there is none.
    pub fn text(self, col: Col) -> &'r str {
        col.index.map_or("", |i| self.rows.text(i))
    }

    /// The cell as a message quotes it: short, and without control characters.
    pub fn quoted(self, col: Col) -> String {
        shorten(self.text(col))
    }

    /// Whether the cell holds anything.
    pub fn has(self, col: Col) -> bool {
        !self.text(col).is_empty()
    }

    /// The line of the text, the row of the worksheet or of the typed columns.
    pub fn line(self) -> u32 {
        self.rows.line()
    }

    /// The number of the row in its sheet: no other row has it, and later ones are larger.
    pub fn id(self) -> u32 {
        self.rows.id()
    }

    /// Whether the cell holds nothing but a dash, as accounts write a zero.
    pub fn is_dash(self, col: Col) -> bool {
        self.has(col) && self.value(col).is_none() && cell::number(self.text(col)) == Ok(None)
    }

    /// The place of a cell; of the whole row where the row has no such cell.
    pub fn place(self, col: Col) -> Place {
        self.rows.place(col.index)
    }

    /// The place of the whole row.
    pub fn row_place(self) -> Place {
        self.rows.place(None)
    }

    /// The whole row as written, to compare rows that should differ.
    pub fn record_text(self) -> &'r str {
        self.rows.raw().0
    }

    /// The row as written without some of its columns.
    pub fn record_without(self, columns: &[Col]) -> Cow<'r, str> {
        let (own, delimiter) = self.rows.raw();
        if columns.is_empty() {
            return Cow::Borrowed(own);
        }
        let is_left = |i: &usize| !columns.iter().any(|col| col.index == Some(*i));
        let cells = record::cells(own, delimiter).into_iter().enumerate().filter(|(i, _)| is_left(i));
        Cow::Owned(cells.map(|(_, cell)| cell).collect::<Vec<_>>().join("\n"))
    }

    /// The header of the first column in which the row differs from another of its sheet; one that the table does not
    /// use comes before those that it does.
    pub fn differs_in(self, record_text: &str) -> String {
        let header = &self.rows.header;
        let (own, delimiter) = self.rows.raw();
        let (own, other) = (record::cells(own, delimiter), record::cells(record_text, delimiter));
        let all = header.extra.iter().copied().chain(0..header.headers.len());
        let mut different = all.filter(|&i| own.get(i) != other.get(i));
        different.next().and_then(|i| header.headers.get(i)).map_or_else(String::new, |h| shorten(h))
    }

    /// A number.
    pub fn number(self, col: Col, problems: &mut Problems) -> Option<f64> {
        self.counted(col, false, problems)
    }

    /// A number that must be there.
    pub fn need_number(self, col: Col, problems: &mut Problems) -> Option<f64> {
        self.counted(col, true, problems)
    }

    fn counted(self, col: Col, needed: bool, problems: &mut Problems) -> Option<f64> {
        let format = self.format(col);
        self.parsed(col, needed, problems, cell::number).map(|x| format.scaled(x))
    }

    /// A rate: 11%, or 0.11.
    pub fn rate(self, col: Col, problems: &mut Problems) -> Option<f64> {
        self.share(col, false, problems)
    }

    /// A rate that must be there.
    pub fn need_rate(self, col: Col, problems: &mut Problems) -> Option<f64> {
        self.share(col, true, problems)
    }

    fn share(self, col: Col, needed: bool, problems: &mut Problems) -> Option<f64> {
        let rate = self.parsed(col, needed, problems, cell::rate);
        // A cell with a sign of its own says it once more.
        if self.text(col).ends_with(['%', '％']) { rate } else { rate.map(|x| self.format(col).scaled(x)) }
    }

    /// Money in `unit`, whatever unit the cell itself or its header names.
    pub fn money(self, col: Col, unit: Money, problems: &mut Problems) -> Option<f64> {
        self.priced(col, unit, false, problems)
    }

    /// Money that must be there, in `unit`.
    pub fn need_money(self, col: Col, unit: Money, problems: &mut Problems) -> Option<f64> {
        self.priced(col, unit, true, problems)
    }

    fn priced(self, col: Col, unit: Money, needed: bool, problems: &mut Problems) -> Option<f64> {
        let yuan = match self.format(col).unit {
            // Thousands of nothing named are thousands of yuan.
            Unit::Yuan(yuan) => yuan,
            Unit::Pieces(thousands) if thousands != 1.0 => thousands,
            _ => unit.yuan(),
        };
        if let Some(x) = self.typed(col) {
            return Some(if yuan == unit.yuan() { x } else { x * yuan / unit.yuan() });
        }
        self.parsed(col, needed, problems, |text| cell::money_in(text, yuan, unit))
    }

    fn format(self, col: Col) -> Format {
        col.index.map_or_else(Format::default, |i| self.rows.format(i))
    }

    /// A month or a day.
    pub fn period(self, col: Col, problems: &mut Problems) -> Option<Period> {
        match self.value(col).and_then(Value::period) {
            Some(period) => Some(period),
            None => self.filled(col, false, problems).and_then(|text| self.a_period(text, col, problems)),
        }
    }

    /// A month or a day that must be there.
    pub fn need_period(self, col: Col, problems: &mut Problems) -> Option<Period> {
        match self.value(col).and_then(Value::period) {
            Some(period) => Some(period),
            None => self.filled(col, true, problems).and_then(|text| self.a_period(text, col, problems)),
        }
    }

    fn a_period(self, text: &str, col: Col, problems: &mut Problems) -> Option<Period> {
        if let Some(Value::Instant(_, 1..)) = self.value(col) {
            self.report(col, problems, "bad_month", say::an_instant(text));
            return None;
        }
        let period = if self.counts_from_1904() { from_1904(text) } else { self.october(text) };
        let period = period.or_else(|| Period::parse(text));
        if period.is_none() && text == cell::UNCALCULATED {
            self.report(col, problems, "uncalculated", say::uncalculated());
        } else if period.is_none() {
            let message = match span(text) {
                _ if is_moment(text) => door::a_moment(text),
                Some((year, from, to)) => door::several_months(text, year, (from, to)),
                None => say::bad_month(&shorten(text)),
            };
            self.report(col, problems, "bad_month", message);
        }
        period
    }

    /// 2023.1 where months have two decimals.
    fn october(self, text: &str) -> Option<Period> {
        let padded = matches!(&self.rows.sheet.content, Content::Text(sheet) if sheet.padded_months);
        let year = text.strip_suffix(".1").filter(|_| padded)?;
        Month::new(cell::year(year)?, 10).map(Period::Month)
    }

    /// Whether serial day numbers of the sheet count from 1904.
    fn counts_from_1904(self) -> bool {
        self.rows.sheet.worksheet.as_ref().is_some_and(|sheet| sheet.from_1904)
    }

    /// A year: 2024, 2024年, FY2024.
    pub fn year(self, col: Col, problems: &mut Problems) -> Option<i32> {
        self.filled(col, false, problems).and_then(|text| self.a_year(text, col, problems))
    }

    /// A year that must be there.
    pub fn need_year(self, col: Col, problems: &mut Problems) -> Option<i32> {
        self.filled(col, true, problems).and_then(|text| self.a_year(text, col, problems))
    }

    fn a_year(self, text: &str, col: Col, problems: &mut Problems) -> Option<i32> {
        let year = cell::year(text);
        if year.is_none() {
            self.report(col, problems, "bad_year", say::bad_year(&shorten(text)));
        }
        year
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
        self.filled(col, false, problems).and_then(|text| self.a_name(text, col, problems))
    }

    /// A name that must be there.
    pub fn need_name(self, col: Col, problems: &mut Problems) -> Option<&'r str> {
        self.filled(col, true, problems).and_then(|text| self.a_name(text, col, problems))
    }

    fn a_name(self, text: &'r str, col: Col, problems: &mut Problems) -> Option<&'r str> {
        if cell::has_control(text) {
            self.report(col, problems, "control_character", say::control_character(&shorten(text)));
            return None;
        }
        if text == cell::UNCALCULATED {
            self.report(col, problems, "uncalculated", say::uncalculated());
            return None;
        }
        if cell::is_error(text) {
            self.report(col, problems, "cell_error", say::cell_error(text));
            return None;
        }
        if text.len() > LONGEST_NAME && text.chars().nth(LONGEST_NAME).is_some() {
            self.report(col, problems, "long_name", say::long_name(&shorten(text), LONGEST_NAME));
            return None;
        }
        Some(text)
    }

    /// The cell as it is typed; none where the sheet is text.
    fn value(self, col: Col) -> Option<Value<'r>> {
        col.index.and_then(|i| self.rows.value(i))
    }

    /// The cell's text where it is not empty; an empty one is reported where it is needed.
    fn filled(self, col: Col, needed: bool, problems: &mut Problems) -> Option<&'r str> {
        let text = self.text(col);
        if !text.is_empty() {
            return Some(text);
        }
        if needed {
            self.report(col, problems, "empty_cell", say::empty_cell(col.name));
        }
        None
    }

    /// The number of a cell that is typed as one; what is no possible amount is told by its text.
    fn typed(self, col: Col) -> Option<f64> {
        let typed = match self.value(col) {
            Some(Value::Whole(n)) => Some(n as f64),
            Some(Value::Number(x)) => Some(x),
            _ => None,
        };
        typed.filter(|x| is_amount(*x))
    }

    fn parsed(
        self,
        col: Col,
        needed: bool,
        problems: &mut Problems,
        parse: impl Fn(&str) -> Result<Option<f64>, cell::Wrong>,
    ) -> Option<f64> {
        if let Some(x) = self.typed(col) {
            return Some(x);
        }
        let text = self.text(col);
        match parse(&self.format(col).plain(text)) {
            Ok(Some(value)) => return Some(value),
            Ok(None) if needed => self.report(col, problems, "empty_cell", say::empty_cell(col.name)),
            Ok(None) => {}
            Err(_) if text == cell::UNCALCULATED => self.report(col, problems, "uncalculated", say::uncalculated()),
            // What was issued is a result: next to nothing is nothing there, and no mistake of anybody's.
            Err(cell::Wrong::TooSmall) if self.rows.sheet.table == Table::Ledger => return Some(0.0),
            Err(wrong) => self.report(col, problems, "bad_number", bad_number(text, wrong)),
        }
        None
    }

    #[cold]
    fn report(self, col: Col, problems: &mut Problems, kind: &'static str, message: Text) {
        // Where the header is the first line, nobody needs to be told.
        let header = self.rows.header_line;
        let message = if header > 1 { say::below_header(message, header) } else { message };
        problems.error(self.place(col), kind, message);
    }
}

/// A serial day number that counts from 1904.
fn from_1904(text: &str) -> Option<Period> {
    /// Days from the other date system's first day to this one's.
    const LATER: f64 = 1462.0;
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let is_serial = whole.len() == 5 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse::<f64>().ok().filter(|_| is_serial).and_then(|serial| serial_day(serial + LATER))
}

/// A number with a unit behind it: 12台.
fn counted(text: &str) -> Option<(&str, &str)> {
    let at = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-'))?;
    let (number, unit) = text.split_at_checked(at)?;
    (!number.is_empty() && Unit::named(unit).is_some()).then_some((number, unit))
}

fn bad_number(text: &str, wrong: cell::Wrong) -> Text {
    let text = shorten(text);
    match wrong {
        cell::Wrong::NotANumber => match counted(&text) {
            Some((number, unit)) => say::number_with_unit(&text, number, unit),
            None => say::not_a_number(&text),
        },
        cell::Wrong::TooSmall => say::too_small(&text),
        cell::Wrong::TooLarge => say::too_large(&text),
        cell::Wrong::Percent => say::percent_without_rate(&text),
    }
}
