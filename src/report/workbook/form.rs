//! The cells that people fill in: marked, unlocked, and checked while they type.

use rust_xlsxwriter::{DataValidation, DataValidationRule, Formula};

use super::Book;
use super::meta::List;
use super::page::{Page, Value};
use super::styles;
use crate::answers::{Form, MOST_SHARE};
use crate::messages::Text;
use crate::messages::workbook as say;

/// Rows below a form for what it does not list.
const FREE: u32 = 20;

/// The cell for the name of whoever fills the form in, above the names of the columns, where the import looks for it.
pub fn name_cell(page: &mut Page) {
    let row = page.next_row();
    let lang = page.lang();
    let _ = page.sheet.write_string_with_format(row, 0, say::your_name().get(lang), &styles::part());
    let _ = page.sheet.write_blank(row, 1, &styles::ask());
    page.skip(1);
}

/// What an empty row of a form asks for.
pub fn asked<'v>(form: Form) -> impl Iterator<Item = Value<'v>> {
    form.asked().iter().map(|_| Value::Empty)
}

/// Free rows below the form, then the checks of all its cells; nothing else can be changed. `only` is the region that a
/// workbook is for.
pub fn close(book: &Book, page: &mut Page, form: Form, only: Option<usize>) {
    let from = |list: List| DataValidation::new().allow_list_formula(Formula::new(list.range(book, only)));
    let first = page.head_row() + 1;
    page.end_table();
    let free = free(page, form);
    let last = free + FREE - 1;
    let numbers = DataValidation::new().allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0));
    check(page, form.units(), (first, last), numbers, &say::number_only());
    for (id, least) in [("of_target", 0.0), ("by_share", -1.0)] {
        let shares = DataValidation::new().allow_decimal_number(DataValidationRule::Between(least, MOST_SHARE));
        check(page, id, (first, last), shares, &say::share_only());
    }
    check(page, "why", (first, last), from(List::Reasons), &say::reason_only());
    check(page, "lock", (first, last), from(List::Yes), &say::lock_only());
    for (id, list) in [("region", List::Regions), ("product", List::Products), ("month", List::Months)] {
        check(page, id, (free, last), from(list), &say::list_only());
    }
    page.protect();
}

/// Rows in which everything is chosen; the first of them.
fn free(page: &mut Page, form: Form) -> u32 {
    page.skip(1);
    page.part(&say::free_rows());
    let first = page.next_row();
    let ids = ["region", "product", "month"].iter().chain(form.asked());
    let columns: Vec<u16> = ids.filter_map(|id| page.at(id)).collect();
    for row in first..first + FREE {
        for column in &columns {
            let _ = page.sheet.write_blank(row, *column, &styles::ask());
        }
    }
    page.skip(FREE);
    first
}

/// Lets a column's cells hold only what a check allows, and says so where something else is typed.
fn check(page: &mut Page, id: &str, (first, last): (u32, u32), check: DataValidation, said: &Text) {
    let Some(column) = page.at(id) else { return };
    let lang = page.lang();
    let told = check.ignore_blank(true).set_error_message(said.get(lang));
    let Ok(told) = told else { return };
    let _ = page.sheet.add_data_validation(first, column, last, column, &told);
}
