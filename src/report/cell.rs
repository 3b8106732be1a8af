//! Cells of CSV files: names that no spreadsheet runs as formulas, quotes where they must be.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Serialize;

use crate::sheet::quote;
pub use crate::stats::digits::settled;

/// A text cell as a spreadsheet may be given it: what it would take for a formula begins with `'`.
///
/// Spreadsheets run what begins with = + - @ (in East Asian settings also with the full-width forms), and a tab or a
/// line end before it does not stop them.
pub fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(runs) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether a cell that begins with it is run.
fn runs(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n')
}

/// Puts a cell into CSV text with this delimiter, quoted where it must be, and where it holds what parts cells elsewhere:
/// spreadsheets of many countries part at `;`, and would run what comes behind one as a formula.
pub fn quoted(cell: &str, delimiter: char, out: &mut String) {
    quote(cell, cell.contains([delimiter, '"', '\r', '\n', ',', ';', '\t']), out);
}

/// What programs read: JSON that people can read, too, a line end behind it.
pub fn json(value: &impl Serialize) -> Vec<u8> {
    // Strings, numbers and lists of them always become JSON.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// A name for a file that every disk can hold, that no other one in `seen` has: no disk takes names of more bytes than 255.
pub fn stem(name: &str, seen: &mut HashSet<String>) -> String {
    /// Of at most four bytes each, they stay with number and ending under the 255.
    const LONGEST: usize = 60;
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    let stem: String = name.chars().map(safe).take(LONGEST).collect();
    let numbered = (2..).map(|n| format!("{stem}-{n}"));
    let free = [stem.clone()].into_iter().chain(numbered).find(|tried| seen.insert(tried.to_lowercase()));
    free.unwrap_or_default()
}

/// An input as CSV text, written cell by cell: what stands in it reads back as it was, nothing is put before a name.
pub struct Input {
    text: String,
    /// Where the row begins.
    row: usize,
    /// Cells of the row so far.
    cells: usize,
}

impl Input {
    /// A table with its header.
    pub fn new<'h>(headers: impl IntoIterator<Item = &'h str>) -> Input {
        let mut input = Input { text: String::new(), row: 0, cells: 0 };
        headers.into_iter().for_each(|header| input.word(header));
        input.end();
        input
    }

    /// A cell.
    pub fn word(&mut self, word: &str) {
        if self.cells > 0 {
            self.text.push(',');
        }
        self.cells += 1;
        quoted(word, ',', &mut self.text);
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
        let mut input = Input::new(["a"]);
        input.word("");
        input.end();
        input.word("");
        input.word("");
        input.end();
        assert_eq!(input.bytes(), b"a\n\"\"\n,\n");
    }
}
