//! The hidden sheet: what the workbook was made from, and the lists that cells are chosen from.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::page::clean;
use crate::answers::{Form, META, Made, digest};
use crate::messages::Lang;
use crate::messages::Text;
use crate::messages::workbook as say;
use crate::month::Month;
use crate::settings::REASONS;

/// The lists stand right of what is read back.
const FIRST_LIST: u16 = 5;

/// A list of the hidden sheet that cells are chosen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Reasons, in the language of the workbook.
    Reasons,
    /// Codes of regions.
    Regions,
    /// Codes of products and groups.
    Products,
    /// The months forecast.
    Months,
    /// Yes.
    Yes,
}

const LISTS: [List; 5] = [List::Reasons, List::Regions, List::Products, List::Months, List::Yes];

impl List {
    fn column(self) -> u16 {
        FIRST_LIST + LISTS.iter().position(|l| *l == self).unwrap_or_default() as u16
    }

    /// What stands in it, in a workbook for one region or for all.
    fn items(self, book: &Book, only: Option<usize>) -> Vec<String> {
        let grid = &book.view.outlook.dataset.grid;
        match self {
            List::Reasons => reasons(book),
            List::Regions => {
                let nodes = (0..grid.regions.len()).filter(|n| only.is_none_or(|only| only == *n));
                nodes.map(|n| grid.regions.code(n)).filter(|code| !code.is_empty()).map(str::to_owned).collect()
            }
            List::Products => {
                let groups = grid.products.groups.iter().filter(|group| !group.is_empty());
                groups.chain(&grid.products.codes).cloned().collect()
            }
            List::Months => book.view.months.clone(),
            List::Yes => vec![say::yes().get(book.look.lang).to_owned()],
        }
    }

    /// Where it stands, as a validation has it.
    pub fn range(self, book: &Book, only: Option<usize>) -> String {
        let letter = rust_xlsxwriter::column_number_to_name(self.column());
        let last = self.items(book, only).len().max(1);
        format!("={META}!${letter}$1:${letter}${last}")
    }
}

/// The reasons known, those with a word in both languages in the workbook's.
fn reasons(book: &Book) -> Vec<String> {
    let known: Vec<&str> = book.view.outlook.dataset.settings.reasons.known().collect();
    let word = |(en, zh): (&'static str, &'static str)| if book.look.lang == Lang::Zh { zh } else { en };
    let usual = REASONS.iter().map(|(en, zh, _)| (*en, *zh));
    let mut out: Vec<String> = usual.clone().map(word).map(str::to_owned).collect();
    let own = known.into_iter().filter(|reason| !usual.clone().any(|(en, zh)| *reason == en || *reason == zh));
    out.extend(own.map(str::to_owned));
    out
}

/// The sheet, for a workbook with these forms on sheets of these names, for one region or for all.
pub fn sheet(book: &Book, forms: &[(Form, Text)], only: Option<usize>) -> Worksheet {
    let (view, data) = (book.view, &book.view.outlook.dataset);
    let origin = view.outlook.origin;
    let given = Form::ALL.into_iter().flat_map(|form| form.answers(data).iter().map(move |a| (form, a)));
    let given = given.filter(|(_, a)| Month::of(a.made) == origin.made);
    let made = Made {
        made: view.made.clone(),
        mode: origin.mode.word().to_owned(),
        inputs: Made::inputs(book.inputs.iter().map(|i| (i.file.as_str(), i.sha256.as_str()))),
        given: given.map(|(form, answer)| digest(form, answer, &data.grid)).collect(),
        region: only.map_or("", |node| data.grid.regions.code(node)).to_owned(),
        sheets: forms.iter().map(|(form, name)| (*form, name.get(book.look.lang).to_owned())).collect(),
    };
    let mut sheet = Worksheet::new();
    let _ = sheet.set_name(META);
    for (row, cells) in (0..).zip(made.rows()) {
        for (column, text) in (0..).zip(cells) {
            let _ = sheet.write_string(row, column, clean(&text));
        }
    }
    for list in LISTS {
        for (row, item) in (0..).zip(list.items(book, only)) {
            let _ = sheet.write_string(row, list.column(), clean(&item));
        }
    }
    sheet.set_very_hidden(true);
    sheet
}
