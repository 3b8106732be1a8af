//! The language of a folder.

use super::names::Later;
use super::sales::Sales;
use crate::error::Problems;
use crate::schema::Table;
use crate::settings::Columns;
use crate::sheet::{Rows, Sheet};

/// Whether a folder is in Chinese: a header or a name of its sales is.
pub(super) fn is_chinese(sheets: &[&Sheet], sales: &Sales, mapping: &Columns, later: &Later) -> bool {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    // An encoding that is a guess says nothing of a language.
    let doubtful = sheets.iter().any(|s| s.doubtful && s.table == Table::Sales);
    let sheets = || sheets.iter().filter(|s| !s.doubtful);
    let mut names = sales.regions.names().iter().chain(sales.products.names());
    sheets().any(|s| s.any_header(han))
        || (!doubtful && names.any(|n| han(n)))
        || sheets().filter(|s| s.table == Table::Regions).any(|s| s.any_text(han))
        || sheets().filter(|s| s.table == Table::Products).any(|s| {
            // What is wrong with it is told when it is read for good.
            let problems = &mut Problems::default();
            let Some(mut rows) = Rows::open(s, mapping, problems) else { return s.any_text(han) };
            let product = rows.column("product");
            let mut any = false;
            while let Some(row) = rows.next(problems).filter(|_| !any) {
                any = han(row.record_text()) && !later.products.contains(row.text(product));
            }
            any
        })
}
