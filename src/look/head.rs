//! The first rows of a sheet, and which of them is the header: what each column of it means.

use super::Label;
use crate::month::{Month, Period, month_number, span};
use crate::schema::{Column, Need, Table, normal};
use crate::settings::Columns;
use crate::sheet::cell::{is_total, number, total_of, trim, year};
use crate::sheet::format::Unit;
use crate::sheet::header::{Meaning, Vocabulary};
use crate::sheet::kind::Kind;
use crate::sheet::{CsvText, Merged, TextRows};

/// Rows among which the header is looked for: no title is longer.
const ROWS: usize = 60;

/// Cells among which it is looked for.
const CELLS: usize = 20_000;

/// No header that names a month and what is counted is longer, in bytes.
const LONGEST_MONTH: usize = 60;

/// Rows above a header's last one that may belong to it: years over months, months over what they count.
const ABOVE: usize = 2;

/// One of the first rows.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadRow {
    pub cells: Vec<String>,
    /// The byte of the text at which it begins.
    pub start: usize,
    /// The line or row.
    pub line: u32,
    /// The years that its cells name, and the first unit: looked for once, not for every row that may be the header.
    named: (Vec<i32>, Option<Unit>),
}

impl HeadRow {
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// The first rows of a sheet with something in them; merged cells hold their value in every row.
pub(super) fn rows(text: &CsvText, merged: &[Merged]) -> Vec<HeadRow> {
    let mut out: Vec<HeadRow> = Vec::new();
    let mut rows = TextRows::new(text);
    while out.len() < ROWS && rows.next_row() {
        let cells = rows.record.iter().map(|cell| trim(cell).to_owned()).collect();
        out.push(HeadRow { cells, start: rows.start(), line: rows.line(), ..HeadRow::default() });
    }
    for range in merged {
        let column = range.column as usize - 1;
        let Some(value) = out.iter().find(|row| row.line == range.first).map(|row| row.cell(column).to_owned()) else {
            continue;
        };
        for row in out.iter_mut().filter(|row| (range.first + 1..=range.last).contains(&row.line)) {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            if let Some(cell) = row.cells.get_mut(column).filter(|cell| cell.is_empty()) {
                cell.clone_from(&value);
            }
        }
    }
    for row in &mut out {
        let mut years: Vec<i32> = row.cells.iter().flat_map(|cell| years_in(cell)).collect();
        years.sort_unstable();
        years.dedup();
        row.named = (years, row.cells.iter().find_map(|cell| unit_in(cell)));
    }
    out
}

/// What a column of a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// A column of the table, by its position there.
    Column(usize),
    /// Numbers of one month.
    Month(Across),
    /// The year of the months in another column.
    Year,
    /// Something that the table does not know.
    Extra,
    /// Nothing.
    Nothing,
}

/// Numbers of one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Across {
    pub month: Month,
    /// The column of the table that they belong to.
    pub measure: usize,
    /// Whether the header says so; else they are taken as units.
    pub named: bool,
    pub unit: Unit,
    pub from: From,
}

/// Where the month of a column of numbers is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// In the header, with its year.
    Header,
    /// In the header; its year stands over it.
    Under,
    /// In the header; its year in a title or the sheet's name.
    Numbered,
    /// In a row above, or in the sheet's name; the header says what is counted.
    Above,
}

/// What a sheet was understood to be.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The position of the header's last row among the first rows.
    pub header: usize,
    pub roles: Vec<Role>,
    /// Headers as written, one for each role.
    pub headers: Vec<String>,
    /// Columns that the table needs and that are not there.
    pub missing: Vec<&'static str>,
    /// Columns of the table that are there.
    pub known: usize,
    /// Months stand in the column without their year.
    pub numbered: bool,
    /// The year that the titles or the sheet's name give.
    pub year: Option<i32>,
    /// Months across without a year.
    pub no_year: bool,
    /// The unit that a title gives: 单位：万元.
    pub unit: Unit,
    /// The numbers are money only.
    pub money_only: bool,
    /// Two columns of one month, by their positions.
    pub twice: Option<(usize, usize)>,
    /// Columns of several months in one, by their positions: the first month and the last.
    pub spans: Vec<(usize, Month, Month)>,
}

impl Shape {
    /// Whether months stand across the columns.
    pub fn is_pivot(&self) -> bool {
        self.across().next().is_some()
    }

    /// The columns that hold numbers of one month.
    pub fn across(&self) -> impl Iterator<Item = (usize, Across)> {
        self.roles.iter().enumerate().filter_map(|(i, role)| match role {
            Role::Month(across) => Some((i, *across)),
            _ => None,
        })
    }

    /// Whether nothing is missing but the region, which the sheet's name may give.
    pub fn lacks_region_only(&self) -> bool {
        self.missing == ["region"] && !self.no_year && self.twice.is_none()
    }

    /// Whether nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty() && !self.no_year && self.twice.is_none()
    }

    /// A column of several months in one of which not all have a column of their own: no total beside its months.
    pub fn span(&self) -> Option<&(usize, Month, Month)> {
        let there = |month: Month| self.across().any(|(_, across)| across.month == month);
        self.spans.iter().find(|(_, from, to)| !(0..=to.since(*from)).all(|n| there(from.plus(n))))
    }

    /// Headers of which nothing is read.
    pub fn left_out(&self) -> impl Iterator<Item = (usize, &str)> {
        let roles = self.roles.iter().zip(&self.headers).enumerate();
        roles.filter(|(_, (role, _))| **role == Role::Extra).map(|(i, (_, header))| (i, header.as_str()))
    }

    /// Columns that no step reads of which a cell of the first rows says that its row is no sale, or of which the settings
    /// leave rows out, by their positions.
    pub fn sorting(&self, head: &[HeadRow], leave_out: &[String]) -> Vec<usize> {
        let named = |header: &str| {
            let is = |text: &String| text.split_once('=').is_some_and(|(of, _)| normal(of) == normal(header));
            leave_out.iter().any(is)
        };
        let says = |column: usize| head.iter().skip(self.header + 1).any(|row| Kind::of(row.cell(column)).is_some());
        self.left_out().filter(|(i, header)| named(header) || says(*i)).map(|(i, _)| i).collect()
    }

    /// Where a column of the table stands.
    pub fn position(&self, column: usize) -> Option<usize> {
        self.roles.iter().position(|role| *role == Role::Column(column))
    }

    /// The columns of the table that it has, months across counting as the month.
    pub fn has(&self, table: Table) -> Vec<&'static str> {
        let measured = |i: usize| self.across().any(|(_, across)| across.measure == i);
        let there = |(i, column): (usize, &'static Column)| {
            let is = self.position(i).is_some() || measured(i) || (column.name == "month" && self.is_pivot());
            is.then_some(column.name)
        };
        table.columns().iter().enumerate().filter_map(there).collect()
    }
}

/// Finds the header: the first row with everything the table needs, else with all but the region, else one of words, else
/// the one that the table knows most of.
pub(super) fn find(table: Table, head: &[HeadRow], label: &Label, mapping: &Columns) -> Option<Shape> {
    let seen = Seen { table, head, vocabulary: Vocabulary::new(table, mapping), label };
    let mut best: Option<Shape> = None;
    // A row with numbers in it is one of the entries, and hardly the header.
    let words = |shape: &Shape| !head[shape.header].cells.iter().any(|cell| is_amount(cell));
    let rank = |shape: &Shape| (shape.is_complete(), shape.lacks_region_only(), words(shape), shape.known);
    // Tables that are wide have their header in the first rows.
    let mut looked_at = 0;
    for header in 0..head.len() {
        looked_at += head[header].cells.len();
        if looked_at > CELLS && best.is_some() {
            break;
        }
        let shape = seen.shape(header);
        if shape.is_complete() {
            // Months may stand over what is counted in them.
            let below = if shape.is_pivot() && header + 1 < head.len() { Some(seen.shape(header + 1)) } else { None };
            let counted = |below: &Shape| below.is_complete() && below.across().all(|(_, a)| a.from == From::Above);
            return Some(below.filter(|below| below.is_pivot() && counted(below)).unwrap_or(shape));
        }
        if best.as_ref().is_none_or(|best| rank(&shape) > rank(best)) {
            best = Some(shape);
        }
    }
    best
}

struct Seen<'s> {
    table: Table,
    head: &'s [HeadRow],
    vocabulary: Vocabulary<'s>,
    label: &'s Label,
}

impl Seen<'_> {
    fn column(&self, name: &str) -> Option<usize> {
        self.table.columns().iter().position(|column| column.name == name)
    }

    /// Whether months may stand across: only sales are written so.
    fn may_be_pivot(&self) -> bool {
        self.table == Table::Sales
    }

    fn shape(&self, header: usize) -> Shape {
        let above: Vec<Vec<&str>> = (header.saturating_sub(ABOVE)..header).rev().map(|row| self.spread(row)).collect();
        let own = &self.head[header];
        let width = above.iter().map(Vec::len).chain([own.cells.len()]).max().unwrap_or(0);
        let (year, unit) = self.titles(header);
        let mut shape = Shape {
            header,
            roles: Vec::new(),
            headers: Vec::new(),
            missing: Vec::new(),
            known: 0,
            numbered: false,
            year,
            no_year: false,
            unit,
            money_only: false,
            twice: None,
            spans: Vec::new(),
        };
        let month = self.column("month");
        let is_month =
            |text: &String| matches!(self.vocabulary.meaning(text), Meaning::Column(i, ..) if Some(i) == month);
        let own_months = own.cells.iter().any(is_month);
        let mut without_year = false;
        for column in 0..width {
            let over: Vec<&str> = above.iter().map(|row| row.get(column).copied().unwrap_or("")).collect();
            let direct: Vec<&str> =
                (header.saturating_sub(ABOVE)..header).rev().map(|row| self.head[row].cell(column)).collect();
            let (role, text) = self.role(own.cell(column), (&over, &direct), (year, own_months), &mut without_year);
            shape.roles.push(role);
            shape.headers.push(text.to_owned());
            if role == Role::Extra && self.may_be_pivot() {
                shape.spans.extend(self.span(text, &over, year).map(|(from, to)| (column, from, to)));
            }
        }
        self.settle(&mut shape, without_year);
        shape
    }

    /// A row above, each cell holding for the empty ones to its right.
    fn spread(&self, row: usize) -> Vec<&str> {
        let mut last = "";
        let cells = self.head[row].cells.iter();
        let mut out: Vec<&str> = Vec::new();
        for cell in cells {
            if !cell.is_empty() {
                last = cell;
            }
            out.push(last);
        }
        // A merged cell reaches over columns that hold nothing in its own row.
        let width = self.head.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        out.resize(width.max(out.len()), last);
        out
    }

    /// The year and the unit that the rows above the header name, else the label.
    fn titles(&self, header: usize) -> (Option<i32>, Unit) {
        let titles = || self.head.iter().take(header).map(|row| &row.named);
        let mut years: Vec<i32> = titles().flat_map(|(years, _)| years).copied().collect();
        if years.is_empty() {
            years = years_in(&self.label.sheet).into_iter().collect();
        }
        if years.is_empty() {
            years = years_in(&self.label.file).into_iter().collect();
        }
        years.sort_unstable();
        years.dedup();
        let unit = titles().find_map(|(_, unit)| *unit).unwrap_or_default();
        (if let [year] = years.as_slice() { Some(*year) } else { None }, unit)
    }

    /// What a column holds by its header and what stands over it (spread to the right, and in the same column), and the
    /// header's text. `year` is the title's; `own_months`: another column holds the months;
    /// `without_year` is set where it is a month whose year is nowhere.
    fn role<'t>(
        &self,
        text: &'t str,
        (over, direct): (&[&'t str], &[&'t str]),
        (year, own_months): (Option<i32>, bool),
        without_year: &mut bool,
    ) -> (Role, &'t str) {
        let meaning = self.vocabulary.meaning(text);
        let plain = match meaning {
            Meaning::Column(column, ..) => Role::Column(column),
            Meaning::Unknown if !text.is_empty() => Role::Extra,
            _ => Role::Nothing,
        };
        if !self.may_be_pivot() {
            return (plain, text);
        }
        match meaning {
            Meaning::Column(measure, _, unit) if self.is_measure(measure) && !own_months => {
                let above = || over.iter().find_map(|text| self.month(text, over, year)).map(|(month, _)| month);
                match above().or_else(|| self.label_month(year)) {
                    Some(month) => (Role::Month(Across { month, measure, named: true, unit, from: From::Above }), text),
                    None => (plain, text),
                }
            }
            Meaning::Column(..) | Meaning::Ignored => (plain, text),
            Meaning::Unknown if is_total(text) || total_of(text).is_some() => (Role::Extra, text),
            Meaning::Unknown if is_year_header(text) => (Role::Year, text),
            Meaning::Unknown => {
                if let Some(across) = self.month_and_measure(text, over, year) {
                    return (Role::Month(across), text);
                }
                if month_number(text).is_some() && !text.bytes().all(|b| b.is_ascii_digit()) {
                    *without_year = true;
                    return (Role::Extra, text);
                }
                // A header of two rows may have its name in the upper one.
                let named = |text: &&&str| matches!(self.vocabulary.meaning(text), Meaning::Column(..));
                match direct.iter().find(named).filter(|_| text.is_empty()) {
                    Some(name) => match self.vocabulary.meaning(name) {
                        Meaning::Column(column, ..) => (Role::Column(column), name),
                        _ => (plain, text),
                    },
                    None => (plain, text),
                }
            }
        }
    }

    /// The month that the sheet's name says its rows are of.
    fn label_month(&self, year: Option<i32>) -> Option<Month> {
        let names = [&self.label.sheet, &self.label.file];
        names.into_iter().find_map(|name| {
            let numbered =
                || Month::new(year?, month_number(name).filter(|_| !name.bytes().all(|b| b.is_ascii_digit()))?);
            Period::parse(name).filter(|p| matches!(p, Period::Month(_))).map(Period::month).or_else(numbered)
        })
    }

    /// Whether a column of the table holds numbers of a month.
    fn is_measure(&self, column: usize) -> bool {
        ["units", "revenue", "stockout_days", "availability"].iter().any(|name| self.column(name) == Some(column))
    }

    /// The month that a header means, and where its year is said.
    fn month(&self, text: &str, over: &[&str], of_title: Option<i32>) -> Option<(Month, From)> {
        let above = || over.iter().find_map(|above| year(above));
        if text.len() < 5 && number(text).is_ok_and(|n| n.is_some()) {
            // 1 to 12 are months only under a year of their own.
            return Some((Month::new(above()?, month_number(text)?)?, From::Under));
        }
        if let Some(period) = Period::parse(text) {
            return Some((period.month(), From::Header));
        }
        let number = month_number(text)?;
        match above() {
            Some(year) => Some((Month::new(year, number)?, From::Under)),
            None => Some((Month::new(of_title?, number)?, From::Numbered)),
        }
    }

    /// The months of a header that names several in one, with or without what is counted in them.
    fn span(&self, text: &str, over: &[&str], of_title: Option<i32>) -> Option<(Month, Month)> {
        let counted = || {
            let measure = |at: usize| {
                let (first, second) = text.split_at_checked(at)?;
                matches!(self.vocabulary.meaning(second), Meaning::Column(i, ..) if self.is_measure(i)).then_some(first)
            };
            text.char_indices().skip(1).find_map(|(at, _)| span(measure(at)?))
        };
        if text.len() > LONGEST_MONTH {
            return None;
        }
        let (own, from, to) = span(text).or_else(counted)?;
        let year = own.or_else(|| over.iter().find_map(|above| year(above))).or(of_title)?;
        Some((Month::new(year, from)?, Month::new(year, to)?))
    }

    /// A month with what is counted in one header: 1月销量, 2024-01 units; without it they are units.
    fn month_and_measure(&self, text: &str, over: &[&str], year: Option<i32>) -> Option<Across> {
        let across = |(month, from): (Month, From), measure: Option<usize>, unit: Unit| {
            let units = self.column("units").unwrap_or(0);
            Across { month, measure: measure.unwrap_or(units), named: measure.is_some(), unit, from }
        };
        if let Some(month) = self.month(text, over, year) {
            return Some(across(month, None, Unit::None));
        }
        if text.is_empty() || text.len() > LONGEST_MONTH {
            return None;
        }
        const BETWEEN: [char; 8] = ['-', '_', '/', '(', ')', '（', '）', ' '];
        let bare = |text: &str| trim(text.trim_matches(BETWEEN)).to_owned();
        let (rest, unit) = Unit::taken_off(text).unwrap_or((text, Unit::None));
        for at in rest.char_indices().map(|(i, _)| i).skip(1) {
            let (first, second) = (bare(rest.get(..at)?), bare(rest.get(at..)?));
            for (month, word) in [(&first, &second), (&second, &first)] {
                if let Meaning::Column(measure, ..) = self.vocabulary.meaning(word)
                    && self.is_measure(measure)
                    && let Some(month) = self.month(month, over, year)
                {
                    return Some(across(month, Some(measure), unit));
                }
            }
        }
        (rest.len() < text.len()).then(|| self.month(rest, over, year)).flatten().map(|m| across(m, None, unit))
    }

    /// What follows from all columns together; `without_year`: one is a month whose year is nowhere.
    fn settle(&self, shape: &mut Shape, without_year: bool) {
        let has = |shape: &Shape, name: &str| self.column(name).is_some_and(|i| shape.position(i).is_some());
        // A column of months goes before months that a title or a note happens to name.
        if has(shape, "month") || has(shape, "units") {
            for role in &mut shape.roles {
                if let Role::Month(across) = *role {
                    *role = if across.from == From::Above { Role::Column(across.measure) } else { Role::Extra };
                }
            }
        }
        let pivot = shape.is_pivot();
        shape.twice = twice(shape);
        let yearless = |a: &Across| matches!(a.from, From::Numbered | From::Under);
        let numbered: Vec<Across> = shape.across().map(|(_, a)| a).filter(yearless).collect();
        // Months of a fiscal year go over into the next: one year cannot be that of all of them.
        let goes_back = |a: &[Across]| a[0].measure == a[1].measure && a[1].month < a[0].month;
        shape.no_year = numbered.windows(2).any(goes_back)
            || (!pivot && !has(shape, "month") && !has(shape, "units") && without_year);
        // The year beside months in a column of their own.
        shape.numbered = has(shape, "month") && self.numbered(shape);
        if !shape.numbered {
            for role in shape.roles.iter_mut().filter(|role| **role == Role::Year) {
                *role = Role::Extra;
            }
        } else if shape.year.is_none() && !shape.roles.contains(&Role::Year) {
            shape.no_year = true;
        }
        shape.money_only = pivot
            && matches!(shape.unit, Unit::Yuan(_))
            && shape.across().all(|(_, across)| !across.named && across.unit == Unit::None);
        let there = shape.has(self.table);
        let needed = self.table.columns().iter().filter(|column| column.need == Need::Required);
        shape.missing = needed.map(|column| column.name).filter(|name| !there.contains(name)).collect();
        if shape.money_only {
            shape.missing.push("units");
        }
        let choice = self.table.one_of();
        if !choice.is_empty() && !choice.iter().any(|name| there.contains(name)) {
            shape.missing.push(choice[0]);
        }
        shape.known = there.len();
    }

    /// Whether the month column below the header holds months without a year.
    fn numbered(&self, shape: &Shape) -> bool {
        // A table with a column of years writes its months so.
        if self.column("year").is_some() {
            return false;
        }
        let Some(at) = self.column("month").and_then(|month| shape.position(month)) else { return false };
        let below = self.head.iter().skip(shape.header + 1).map(|row| row.cell(at)).filter(|cell| !cell.is_empty());
        let below: Vec<&str> = below.filter(|cell| !is_total(cell)).collect();
        let is = below.iter().filter(|cell| month_number(cell).is_some()).count();
        is > 0
            && is == below.iter().filter(|cell| month_number(cell).is_some() || Period::parse(cell).is_some()).count()
    }
}

/// Whether a cell is a number that is neither a month nor a year, as no header is.
fn is_amount(cell: &str) -> bool {
    let is_time = || Period::parse(cell).is_some() || month_number(cell).is_some() || year(cell).is_some();
    number(cell).is_ok_and(|number| number.is_some()) && !is_time()
}

/// Two columns of one month and measure.
fn twice(shape: &Shape) -> Option<(usize, usize)> {
    let across: Vec<(usize, Across)> = shape.across().collect();
    across.iter().enumerate().find_map(|(n, (i, one))| {
        let same = |(_, other): &&(usize, Across)| (other.month, other.measure) == (one.month, one.measure);
        across.iter().skip(n + 1).find(same).map(|(j, _)| (*i, *j))
    })
}

fn is_year_header(text: &str) -> bool {
    ["年", "年份", "年度", "year"].contains(&normal(text).as_str())
}

/// The years that a title names.
fn years_in(title: &str) -> Vec<i32> {
    title.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4).filter_map(year).collect()
}

/// The unit that a title names: 单位：万元.
fn unit_in(title: &str) -> Option<Unit> {
    let word = ["单位：", "单位:", "單位：", "單位:", "Unit:", "unit:", "Units:", "units:"]
        .iter()
        .find_map(|head| Some(title.split_once(head)?.1));
    let word = word?.trim().trim_end_matches([')', '）']);
    Unit::named(word.split([' ', '，', ',', '、', ';']).next().unwrap_or(word))
}
