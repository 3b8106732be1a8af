//! `warnings.csv`: everything that is to be said about the data.

use serde::Serialize;

use super::View;
use super::data::Table;

use crate::error::Problems;
use crate::messages::Lang;
use crate::messages::report as say;

const HEADERS: [&str; 6] = ["file", "line", "column", "kind", "message", "treatment"];

/// One row, as `--json` prints it; the fields are the columns.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Row {
    pub file: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub kind: &'static str,
    pub message: String,
    pub treatment: String,
}

/// The rows: every problem kept, then a row for each kind and file of which more were found.
pub fn rows(problems: &Problems, lang: Lang) -> Vec<Row> {
    let given = |n: u32| (n > 0).then_some(n);
    let kept = problems.sorted().into_iter().map(|p| Row {
        file: p.place.as_ref().map_or_else(String::new, |place| place.file.to_string()),
        line: p.place.as_ref().and_then(|place| given(place.line)),
        column: p.place.as_ref().and_then(|place| given(place.column)),
        kind: p.kind,
        message: p.message.get(lang).to_owned(),
        treatment: p.treatment.get(lang).to_owned(),
    });
    let beyond = problems.beyond().into_iter().map(|(file, kind, n)| Row {
        file: file.to_string(),
        line: None,
        column: None,
        kind,
        message: say::more_of_kind(n).get(lang).to_owned(),
        treatment: say::treated_alike().get(lang).to_owned(),
    });
    kept.chain(beyond).collect()
}

/// The file.
pub fn table(view: &View) -> Table {
    let mut table = Table::new(HEADERS);
    for row in rows(&view.outlook.warnings, view.lang) {
        table.text(&row.file);
        table.whole(row.line.map(i64::from));
        table.whole(row.column.map(i64::from));
        table.text(row.kind);
        table.text(&row.message);
        table.text(&row.treatment);
        table.end();
    }
    table
}
