//! Rows of `sales` that are another thing than sales: what a column that no step reads says of them. Returns that are
//! written as positive numbers, orders that were cancelled, plans beside actuals, totals beside their parts, one product
//! counted in two units: added up they are a number of nothing, so they are an error until somebody says what they are.

use std::collections::HashMap;

use super::spelling::form;
use crate::error::{Place, Problems};
use crate::messages::door as say;
use crate::schema::normal;
use crate::settings::Settings;
use crate::sheet::cell::yes;
use crate::sheet::format::{is_unit, is_unit_header};
use crate::sheet::kind::Kind;
use crate::sheet::{Col, Row, Rows};

/// A column with more different words holds names or numbers.
const WORDS: usize = 64;
/// No word that sorts rows is longer, in bytes.
const LONGEST: usize = 60;

/// Rows with one word in a column.
#[derive(Debug)]
struct Words {
    word: String,
    kind: Option<Kind>,
    /// The first of them.
    first: Place,
    rows: usize,
    units: f64,
    /// Whether some are more than 0.
    positive: bool,
}

/// A column that no step reads.
#[derive(Debug, Default)]
struct Column {
    header: String,
    /// Where it stands in the sheet that is being read.
    index: Option<Col>,
    words: Vec<Words>,
    last: usize,
    /// Whether it has too many words to sort rows by.
    over: bool,
    /// Whether its numbers run on.
    running: Running,
    /// By product, which of the words its first row has; of units only.
    of_product: HashMap<u32, usize>,
    /// A product with two units: the place, and the two.
    two: Option<(Place, usize, usize)>,
}

/// A number that runs on from row to row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Running {
    last: i64,
    rows: usize,
    /// Rows whose number is the one before it and one.
    next: usize,
    broken: bool,
}

impl Running {
    /// Of ten rows that many follow on the one before: where some are left out the number goes on.
    const NEXT: usize = 9;

    fn add(&mut self, text: &str) {
        match text.parse::<i64>() {
            Ok(number) if !self.broken => {
                self.next += usize::from(self.rows > 0 && number == self.last.wrapping_add(1));
                self.rows += 1;
                self.last = number;
            }
            _ => self.broken = true,
        }
    }

    fn runs(self) -> bool {
        /// Fewer rows say nothing.
        const LEAST: usize = 10;
        !self.broken && self.rows >= LEAST && 10 * self.next >= Self::NEXT * (self.rows - 1)
    }
}

/// What is watched while sales are read.
#[derive(Debug, Default)]
pub struct Watch {
    columns: Vec<Column>,
    /// What `[sales] leave_out` says: header, word, rows and units left out, the first of them.
    left_out: Vec<LeftOut>,
    /// Where its headers stand in the sheet that is being read.
    out_at: Vec<(Col, usize)>,
}

#[derive(Debug)]
struct LeftOut {
    header: String,
    word: String,
    rows: usize,
    units: f64,
    first: Option<Place>,
}

impl Watch {
    /// For a folder's settings.
    pub fn new(settings: &Settings) -> Watch {
        let of = |text: &String| {
            // What names no column leaves nothing out, and is told so.
            let (header, word) = text.split_once('=').unwrap_or(("", text));
            let (header, word) = (normal(header), form(word).into_owned());
            LeftOut { header, word, rows: 0, units: 0.0, first: None }
        };
        Watch { left_out: settings.sales.leave_out.iter().map(of).collect(), ..Watch::default() }
    }

    /// Looks at the header of another sheet.
    pub fn open(&mut self, rows: &Rows) {
        self.columns.iter_mut().for_each(|column| column.index = None);
        self.out_at.clear();
        for (header, col) in rows.headers() {
            let found = self.left_out.iter().enumerate().filter(|(_, left)| left.header == normal(header));
            self.out_at.extend(found.map(|(i, _)| (col, i)));
            let at = self.columns.iter().position(|column| column.header == header).unwrap_or_else(|| {
                self.columns.push(Column { header: header.to_owned(), ..Column::default() });
                self.columns.len() - 1
            });
            if let Some(column) = self.columns.get_mut(at) {
                column.index = Some(col);
            }
        }
    }

    /// Whether a row is left out as the settings say.
    pub fn leaves_out(&mut self, row: Row, units: Col) -> bool {
        let Some((_, i)) = self.out_at.iter().find(|(col, i)| form(row.text(*col)) == self.left_out[*i].word) else {
            return false;
        };
        let left = &mut self.left_out[*i];
        left.rows += 1;
        left.units += row.number(units, &mut Problems::default()).unwrap_or(0.0);
        left.first.get_or_insert_with(|| row.row_place());
        true
    }

    /// Notes a row that counts.
    pub fn row(&mut self, row: Row, product: u32, units: f64) {
        for column in &mut self.columns {
            let Some(col) = column.index.filter(|_| !column.over || !column.running.broken) else { continue };
            column.running.add(row.text(col));
            if !column.over {
                column.row(row, col, product, units);
            }
        }
    }

    /// The headers of running numbers.
    pub fn running(&self) -> Vec<&str> {
        self.columns.iter().filter(|column| column.running.runs()).map(|column| column.header.as_str()).collect()
    }

    /// Tells what is no sale.
    pub fn tell(&self, problems: &mut Problems) {
        for left in &self.left_out {
            let (message, treatment) = say::left_out(&left.header, &left.word, left.rows, left.units);
            problems.warn(left.first.clone(), "left_out", message, treatment);
        }
        self.columns.iter().filter(|column| !column.over).for_each(|column| column.tell(problems));
    }
}

impl Column {
    fn row(&mut self, row: Row, col: Col, product: u32, units: f64) {
        let text = row.text(col);
        let is_last = self.words.get(self.last).is_some_and(|word| word.word == text);
        if !is_last {
            match self.words.iter().position(|word| word.word == text) {
                Some(at) => self.last = at,
                None if self.words.len() < WORDS && text.len() <= LONGEST => {
                    self.last = self.words.len();
                    let kind = self.kind(text);
                    let first = row.place(col);
                    self.words.push(Words { word: text.to_owned(), kind, first, rows: 0, units: 0.0, positive: false });
                }
                None => {
                    self.over = true;
                    return;
                }
            }
        }
        if is_unit_header(&self.header) && !text.is_empty() {
            let before = *self.of_product.entry(product).or_insert(self.last);
            if before != self.last && self.two.is_none() {
                self.two = Some((row.place(col), before, self.last));
            }
        }
        let word = &mut self.words[self.last];
        word.rows += 1;
        word.units += units;
        word.positive |= units > 0.0;
    }

    /// What a word of the column says of its rows: by itself, or yes under a header that names it (是否退货).
    fn kind(&self, text: &str) -> Option<Kind> {
        let is_number = text.bytes().any(|b| b.is_ascii_digit());
        if !text.is_empty() && !is_number && yes(text) == Some(true) {
            let header = normal(&self.header);
            let asked = header.strip_prefix("是否").or_else(|| header.strip_prefix("is")).unwrap_or(&header);
            return Kind::of(asked).filter(|kind| matches!(kind, Kind::Returned | Kind::Cancelled));
        }
        Kind::of(text)
    }

    fn tell(&self, problems: &mut Problems) {
        if let Some((place, one, other)) = &self.two {
            let word = |i: usize| self.words.get(i).map_or("", |word| word.word.as_str());
            let (one, other) = (word(*one), word(*other));
            if is_unit(one) && is_unit(other) && form(one) != form(other) {
                problems.error(place.clone(), "two_units", say::two_units(&self.header, one, other));
            }
        }
        if self.words.len() < 2 {
            // All rows are of one kind: whoever exports only his returns, or a plan, knows it.
            return;
        }
        for word in &self.words {
            let Some(kind) = word.kind.filter(|kind| word.positive && !(*kind == Kind::Total && word.word.is_empty()))
            else {
                continue;
            };
            let others = self.words.iter().any(|other| other.kind != Some(kind));
            if others {
                let message = say::other_rows(named(kind), (&self.header, &word.word), word.rows, word.units);
                problems.error(word.first.clone(), "other_rows", message);
            }
        }
    }
}

/// What such rows are, in words.
fn named(kind: Kind) -> crate::messages::Text {
    match kind {
        Kind::Returned => say::returned(),
        Kind::Cancelled => say::cancelled(),
        Kind::Planned => say::planned(),
        Kind::Total => say::total(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_by_their_names() {
        assert!(is_unit("箱(10台)") && is_unit("Case") && !is_unit("杭州分公司"));
    }

    #[test]
    fn a_running_number_runs_on() {
        let runs = |numbers: &[&str]| {
            let mut running = Running::default();
            numbers.iter().for_each(|text| running.add(text));
            running.runs()
        };
        let all: Vec<String> = (1..=40).filter(|n| n % 17 > 0).map(|n| n.to_string()).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        assert!(runs(&all) && !runs(&all[..9]));
        assert!(!runs(&["7"; 20]) && !runs(&[&all[..20], &["x"]].concat()));
        assert!(!runs(&["3", "8", "12", "19", "20", "25", "31", "38", "40", "52", "53"]));
    }
}
