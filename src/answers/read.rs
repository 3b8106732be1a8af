//! The cells of a workbook as answers: every problem at its file, sheet and cell.

use std::sync::Arc;

use super::form::{Cells, Form, KEY, key_of_row};
use super::made::Made;
use crate::dataset::{MOST_OF_TARGET as MOST_SHARE, Says};
use crate::error::{Place, Problems};
use crate::explain::find::{self, Found};
use crate::grid::{Grid, Scope};
use crate::messages::answers as say;
use crate::messages::{Text, data, reading, shorten};
use crate::month::{Month, Period};
use crate::outlook::Outlook;
use crate::schema::nearest;
use crate::sheet::cell;

/// The names of the columns stand within so many rows from the top; a planner may have put lines above.
const LOOKED_AT: usize = 50;

/// A row that somebody filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The form it stands in.
    pub form: Form,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// The month it speaks of.
    pub month: Month,
    /// Units in that month.
    pub units: f64,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Whether it must be kept against coarser ones.
    pub lock: bool,
    /// Anything else.
    pub note: String,
    /// Where the number stands: `file: sheet!cell`.
    pub place: Place,
    /// Which of the workbooks it stands in.
    pub workbook: usize,
}

/// Where the columns of a form stand.
struct Columns {
    ids: Vec<(u32, String)>,
}

impl Columns {
    fn at(&self, id: &str) -> Option<u32> {
        self.ids.iter().find(|(_, name)| name == id).map(|(at, _)| *at)
    }
}

/// One sheet being read.
struct Reader<'r> {
    outlook: &'r Outlook,
    file: &'r str,
    workbook: usize,
    form: Form,
    sheet: &'r Cells,
    columns: Columns,
    /// The code of the region that the workbook is for; empty where it is for all.
    region: &'r str,
}

/// Reads what was filled into a workbook; `workbook` is its number among those read.
pub fn read(
    outlook: &Outlook,
    (workbook, file): (usize, &str),
    made: &Made,
    sheets: &[Cells],
    problems: &mut Problems,
) -> Vec<Filled> {
    let mut out = Vec::new();
    for (form, name) in &made.sheets {
        let whole = Place { file: Arc::from(file), line: 0, column: 0 };
        let Some(sheet) = sheets.iter().find(|sheet| sheet.name == *name) else {
            problems.error(whole, "no_sheet", say::no_sheet(name));
            continue;
        };
        let named = sheet.rows.iter().take(LOOKED_AT).find(|(_, cells)| cells.iter().any(|(_, c)| c == form.units()));
        let Some((head, ids)) = named else {
            problems.error(whole, "no_columns", say::no_columns(name));
            continue;
        };
        let columns = Columns { ids: ids.clone() };
        let reader = Reader { outlook, file, workbook, form: *form, sheet, columns, region: &made.region };
        // The name for all rows stands right above the names of the columns.
        let above = sheet.rows.iter().find(|(row, _)| row + 1 == *head);
        let everyone = above.and_then(|(_, cells)| cells.iter().find(|(at, _)| *at == 1)).map_or("", |(_, c)| c);
        // Below the names stands the header.
        let rows = sheet.rows.iter().filter(|(row, _)| *row > head + 1);
        out.extend(rows.filter_map(|row| reader.row(row, everyone.trim(), problems)));
    }
    out
}

impl Reader<'_> {
    fn place(&self, row: u32, id: &str) -> Place {
        let column = self.columns.at(id).unwrap_or(0);
        let (file, sheet) = (self.file, &self.sheet.name);
        let file = Arc::from(format!("{file}: {sheet}!{}{row}", letters(column)));
        Place { file, line: 0, column: 0 }
    }

    fn row(&self, (row, cells): &(u32, Vec<(u32, String)>), everyone: &str, problems: &mut Problems) -> Option<Filled> {
        let text = |id: &str| -> &str {
            let at = self.columns.at(id);
            at.and_then(|at| cells.iter().find(|(i, _)| *i == at)).map_or("", |(_, cell)| cell.trim())
        };
        let asked = [self.form.units(), "of_target", "by_share"];
        let given: Vec<&str> = asked.into_iter().filter(|id| !text(id).is_empty()).collect();
        let beside = ["why", "note", "lock"].into_iter().find(|id| !text(id).is_empty());
        let Some(&answered) = given.first() else {
            if let Some(id) = beside {
                problems.error(self.place(*row, id), "no_number", say::no_number(&shorten(text(id))));
            }
            return None;
        };
        let number = text(answered);
        let before = problems.errors();
        let mut wrong = |id: &str, kind: &'static str, message: Text| {
            problems.error(self.place(*row, id), kind, message);
        };
        if let Some(second) = given.get(1) {
            wrong(second, "two_answers", say::two_answers());
        }
        let says = match (cell::rate(number), answered) {
            (Ok(None) | Err(_), _) => {
                wrong(answered, "bad_number", reading::not_a_number(&shorten(number)));
                None
            }
            (Ok(Some(share)), "of_target") => {
                Some(Says::Attainment(share)).filter(|_| (0.0..=MOST_SHARE).contains(&share))
            }
            (Ok(Some(share)), "by_share") => Some(Says::Change(share)).filter(|_| (-1.0..=MOST_SHARE).contains(&share)),
            // A percentage in the column of units is no number of them.
            (Ok(Some(_)), _) => match cell::number(number) {
                Ok(Some(x)) if x < 0.0 => {
                    wrong(answered, "negative", data::negative(&shorten(number)));
                    None
                }
                Ok(Some(x)) => Some(Says::Units(x)),
                Ok(None) | Err(_) => {
                    wrong(answered, "bad_number", reading::not_a_number(&shorten(number)));
                    None
                }
            },
        };
        if says.is_none() && answered != self.form.units() && cell::rate(number).is_ok_and(|x| x.is_some()) {
            wrong(answered, "bad_share", say::share_out_of_range(&shorten(number)));
        }
        let grid = &self.outlook.dataset.grid;
        let node = find::region(grid, text("region")).map_err(|e| wrong("region", "unknown_region", e)).ok();
        let word = match text("product") {
            "" => text("group"),
            product => product,
        };
        let found = if word.is_empty() { Ok(Scope::All) } else { find::product(grid, word).map(scope) };
        let found = found.map_err(|e| wrong("product", "unknown_product", e)).ok();
        if found.is_some_and(|found| ambiguous(grid, word, found)) {
            wrong("product", "ambiguous", say::product_and_group(&shorten(word)));
        }
        // What a listed row speaks of is not for a cell to change, least of all by being emptied.
        if let Some([region, product, month]) = key_of_row(text(KEY)) {
            let own = find::region(grid, &region).ok();
            if own.is_some() && node.is_some() && own != node {
                wrong("region", "key_changed", say::key_changed(&shorten(&region)));
            }
            let own = if product.is_empty() { Ok(Scope::All) } else { find::product(grid, &product).map(scope) };
            if found.is_some() && own.as_ref().is_ok_and(|own| Some(*own) != found) {
                wrong("product", "key_changed", say::key_changed(&shorten(&product)));
            }
            let of = |text: &str| Period::parse(text).map(Period::month);
            if of(text("month")).is_some_and(|now| Some(now) != of(&month)) {
                wrong("month", "key_changed", say::key_changed(&shorten(&month)));
            }
        }
        let home = Some(self.region).filter(|region| !region.is_empty());
        if let Some(home) = home.filter(|home| node.is_some() && find::region(grid, home).ok() != node) {
            wrong("region", "foreign_region", say::foreign_region(&shorten(home)));
        }
        let month = Period::parse(text("month")).map(Period::month);
        let ahead = self.outlook.months();
        let month = month.filter(|m| ahead.contains(m)).or_else(|| {
            let months: Vec<String> = ahead.iter().map(|m| m.to_string()).collect();
            wrong("month", "bad_month", say::other_month(&shorten(text("month")), &months.join(", ")));
            None
        });
        let reasons = &self.outlook.dataset.settings.reasons;
        let reason = text("why");
        if reason.is_empty() {
            wrong("why", "no_reason", say::no_reason());
        } else if reasons.sign(reason).is_none() {
            wrong("why", "unknown_reason", data::unknown_reason(&shorten(reason), nearest(reason, reasons.known())));
        }
        let by = if text("by").is_empty() { everyone } else { text("by") };
        if by.is_empty() {
            wrong("by", "nobody", say::nobody());
        } else if cell::has_control(by) || by.chars().count() > LONGEST_NAME {
            wrong("by", "bad_name", say::bad_name(&shorten(by)));
        }
        // A share is one of what stands now: what comes back is a number.
        let units = match (says, node, found, month) {
            (Some(says), Some(node), Some(found), Some(month)) => {
                let units = in_units(self.outlook, says, (node, found, month));
                if units.is_none() {
                    wrong(answered, "no_target", say::no_target_to_take(&says.to_string()));
                }
                units
            }
            _ => None,
        };
        let lock = cell::yes(text("lock"));
        if lock.is_none() {
            wrong("lock", "bad_yes", reading::bad_yes(&shorten(text("lock"))));
        }
        if cell::has_control(&text("note").replace(['\n', '\t'], " ")) {
            wrong("note", "bad_note", say::bad_name(&shorten(text("note"))));
        }
        if problems.errors() > before {
            return None;
        }
        Some(Filled {
            form: self.form,
            node: node?,
            scope: found?,
            month: month?,
            units: units?,
            by: by.to_owned(),
            reason: reason.to_owned(),
            lock: lock?,
            note: text("note").to_owned(),
            place: self.place(*row, answered),
            workbook: self.workbook,
        })
    }
}

/// What an answer comes to: of the forecast as it stands, and of the month's target.
fn in_units(outlook: &Outlook, says: Says, (node, scope, month): (usize, Scope, Month)) -> Option<f64> {
    let (grid, known) = (&outlook.dataset.grid, outlook.known());
    let k = outlook.months().iter().position(|m| *m == month)?;
    let ours = grid.in_scope(node, scope).iter().map(|s| outlook.point.units[(*s, k)]).sum();
    let cells = grid.regions.leaves(node).flat_map(|leaf| grid.groups_of(scope).map(move |g| grid.cell(leaf, g)));
    let mut sold = cells.filter(|cell| !grid.in_cell(*cell).is_empty());
    let target = match scope {
        Scope::Product(_) => None,
        _ => sold.try_fold(0.0, |sum, cell| Some(sum + outlook.point.targets.units(&known, cell, month)?)),
    };
    says.units(ours, target)
}

/// No name of a person has more characters (as in the tables).
const LONGEST_NAME: usize = 200;

fn scope(found: Found) -> Scope {
    match found {
        Found::Product(p) => Scope::Product(p),
        Found::Group(g) => Scope::Group(g),
    }
}

/// Whether a word is a product's code and the name of a group of several products: the tables, in which it is the
/// product, could not tell which was meant.
fn ambiguous(grid: &Grid, word: &str, found: Scope) -> bool {
    let Scope::Product(product) = found else { return false };
    let Some(group) = grid.products.groups.iter().position(|group| group == word) else { return false };
    (0..grid.products.len()).any(|p| p != product && grid.products.group[p] == group)
}

/// The letters of a column from 0: A, B, ..., Z, AA.
fn letters(column: u32) -> String {
    let mut left = column + 1;
    let mut out = Vec::new();
    while left > 0 {
        out.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
