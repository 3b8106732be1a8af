//! The whole company by group, month by month: what sold, what is forecast and between which bounds.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::page::{Page, Value};
use crate::grid::{COMPANY, Scope};
use crate::messages::workbook as say;
use crate::month::Month;
use crate::report::changes::tidy;
use crate::report::columns::Head;
use crate::report::names::group_name;
use crate::report::regions;

/// Months of history.
const HISTORY: i32 = 36;

const COLUMNS: [&str; 7] = ["group", "month", "sales", "forecast", "low80", "high80", "last"];
/// The first row of the table: below the title, what it is, a blank row, the names of the columns and the header.
const FIRST: u32 = 5;

/// Groups and where they stand: the first and the last row.
pub struct Places(Vec<(usize, u32, u32)>);

impl Places {
    /// Where the groups that the company sells stand on the sheet.
    pub fn new(book: &Book) -> Places {
        let rows = (history(book).len() + book.view.months.len()) as u32;
        let groups = (0..book.view.outlook.dataset.grid.group_count()).filter(|g| is_sold(book, *g));
        Places((0..).zip(groups).map(|(i, group)| (group, FIRST + i * rows, FIRST + (i + 1) * rows - 1)).collect())
    }

    /// The groups, the largest in units of the first month forecast first.
    pub fn largest(&self, book: &Book, most: usize) -> Vec<(usize, u32, u32)> {
        let size = |group: usize| book.view.figures.get(COMPANY, group, 0).map_or(0.0, |row| row.exact);
        let mut list = self.0.clone();
        list.sort_by(|a, b| size(b.0).total_cmp(&size(a.0)).then(a.0.cmp(&b.0)));
        list.truncate(most);
        list
    }
}

fn is_sold(book: &Book, group: usize) -> bool {
    book.view.figures.get(COMPANY, group, 0).is_some()
}

fn history(book: &Book) -> Vec<Month> {
    let cutoff = book.view.outlook.origin.cutoff;
    let first = book.view.outlook.dataset.start.since(cutoff).max(1 - HISTORY);
    (first..=0).map(|n| cutoff.plus(n)).collect()
}

/// The sheet.
pub fn sheet(book: &Book) -> Worksheet {
    let view = book.view;
    let (grid, known) = (&view.outlook.dataset.grid, &view.known);
    let mut page = Page::new(&say::trend(), &say::about_trend(), book.look);
    page.table(COLUMNS.map(Head::named).to_vec());
    let past = history(book);
    let company: Vec<_> =
        view.figures.rows.iter().zip(regions::rows(view)).filter(|(f, _)| f.node == COMPANY).collect();
    for group in (0..grid.group_count()).filter(|g| is_sold(book, *g)) {
        let series = grid.in_scope(COMPANY, Scope::Group(group));
        let name = group_name(view, group);
        for month in &past {
            let t = known.visible_index(*month);
            let sold = t.map(|t| series.iter().filter_map(|s| known.units.get((*s, t))).sum::<f64>());
            page.row([name.as_str().into(), month.to_string().into(), sold.into()]);
        }
        for (figure, row) in company.iter().filter(|(figure, _)| figure.group == group) {
            let since = view.changes.get(figure.month).and_then(Option::as_ref);
            let last = since.map(|since| tidy(since.sum(series.iter().copied()).last));
            page.row([
                name.as_str().into(),
                row.month.to_string().into(),
                Value::Empty,
                row.forecast.into(),
                row.bounds.map(|b| b[0]).into(),
                row.bounds.map(|b| b[1]).into(),
                last.into(),
            ]);
        }
    }
    page.finish(2, "regions.csv")
}
