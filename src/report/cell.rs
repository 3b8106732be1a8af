//! Cells of CSV files: numbers that read back as they were, and names that no spreadsheet runs as formulas.

use std::borrow::Cow;
use std::fmt::Write;

pub use crate::stats::digits::settled;

/// A text cell as a spreadsheet may be given it: what it would take for a formula begins with `'`.
///
/// Spreadsheets run what begins with = + - @ (in East Asian settings also with the full-width forms), and a tab or a
/// line end before it does not stop them.
pub fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(runs) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`defused`] was given, for readers that run nothing.
pub fn undefused(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| text.starts_with(runs)).unwrap_or(cell)
}

/// Whether a cell that begins with it is run.
fn runs(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n')
}

/// Puts a cell into CSV text with this delimiter, quoted where it must be, and where it holds what parts cells elsewhere:
/// spreadsheets of many countries part at `;`, and would run what comes behind one as a formula.
pub fn quoted(cell: &str, delimiter: char, out: &mut String) {
    if cell.contains([delimiter, '"', '\r', '\n', ',', ';', '\t']) {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

/// A table of CSV text, written cell by cell.
#[derive(Default)]
pub struct Csv {
    text: String,
    /// Where the row begins.
    row: usize,
    /// Cells of the row so far.
    cells: usize,
}

impl Csv {
    /// A table with its header.
    pub fn new<'h>(headers: impl IntoIterator<Item = &'h str>) -> Csv {
        let mut csv = Csv::bare();
        headers.into_iter().for_each(|header| csv.word(header));
        csv.end();
        csv
    }

    /// A table without one.
    pub fn bare() -> Csv {
        Csv::default()
    }

    /// Begins a cell.
    fn cell(&mut self) {
        if self.cells > 0 {
            self.text.push(',');
        }
        self.cells += 1;
    }

    /// A word of our own.
    pub fn word(&mut self, word: &str) {
        self.cell();
        quoted(word, ',', &mut self.text);
    }

    /// A text from the user's files.
    pub fn text(&mut self, text: &str) {
        self.word(&defused(text));
    }

    /// A number, shortest so that it reads back as it was.
    ///
    /// One that is none, as where nothing is there to divide by, is an empty cell: no table holds infinities.
    pub fn number(&mut self, x: f64) {
        self.cell();
        if !x.is_finite() {
            return;
        }
        // Adding 0 turns -0 into 0. Nothing written to memory fails.
        let _ = write!(self.text, "{}", x + 0.0);
    }

    /// A number that may be missing.
    pub fn maybe(&mut self, x: Option<f64>) {
        match x {
            Some(x) => self.number(x),
            None => self.word(""),
        }
    }

    /// low80, high80, low95, high95; empty cells where there are none.
    pub fn bounds(&mut self, bounds: Option<[f64; 4]>) {
        (0..4).for_each(|i| self.maybe(bounds.map(|b| b[i])));
    }

    /// A whole number.
    pub fn whole(&mut self, n: i64) {
        self.cell();
        let _ = write!(self.text, "{n}");
    }

    /// Ends a row.
    pub fn end(&mut self) {
        // A row of one empty cell would be a blank line.
        if self.cells == 1 && self.text.len() == self.row {
            self.text.push_str("\"\"");
        }
        self.text.push('\n');
        (self.row, self.cells) = (self.text.len(), 0);
    }

    /// The text.
    pub fn bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_begin_like_formulas_do_not_run() {
        for name in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "＝1", "＋A", "－A", "＠A"] {
            assert_eq!(defused(name), format!("'{name}"));
            assert_eq!(undefused(&defused(name)), name);
        }
        for name in ["", "a=1", "WH-08L", "'=1", "城东", "0017", "1-2"] {
            assert_eq!(defused(name), name);
        }
    }

    #[test]
    fn what_parts_cells_anywhere_is_quoted() {
        for (cell, delimiter, expected) in [
            ("x;=1+1", ',', "\"x;=1+1\""),
            ("x\t=1", ',', "\"x\t=1\""),
            ("x,=1", ';', "\"x,=1\""),
            ("x|y", '|', "\"x|y\""),
            ("x|y", ',', "x|y"),
            ("", ',', ""),
        ] {
            let mut out = String::new();
            quoted(cell, delimiter, &mut out);
            assert_eq!(out, expected);
        }
        let mut csv = Csv::bare();
        csv.word("");
        csv.end();
        csv.word("");
        csv.word("");
        csv.end();
        assert_eq!(csv.bytes(), b"\"\"\n,\n");
    }

    #[test]
    fn names_are_quoted_and_numbers_read_back() {
        let mut csv = Csv::new(["a", "b", "c", "d"]);
        csv.text("x, \"y\"\nz");
        csv.number(0.1 + 0.2);
        csv.number(-0.0);
        csv.maybe(None);
        csv.end();
        csv.text("-A1");
        csv.number(-5.0);
        csv.number(1e15);
        csv.whole(-1);
        csv.end();
        let text = String::from_utf8(csv.bytes()).unwrap();
        assert_eq!(text, "a,b,c,d\n\"x, \"\"y\"\"\nz\",0.30000000000000004,0,\n'-A1,-5,1000000000000000,-1\n");
    }
}
