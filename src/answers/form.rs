//! What a form is made of: the parts of a workbook that come back.

use crate::dataset::Answer;
use crate::grid::{Grid, Scope};
use crate::schema::Table;

/// The hidden sheet that says what a workbook was made from.
pub const META: &str = "_yugu";

/// A table that people fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The regions' own estimates.
    Frontline,
    /// A planner's last word.
    Overrides,
}

impl Form {
    /// Both.
    pub const ALL: [Form; 2] = [Form::Frontline, Form::Overrides];

    /// The table that the answers go into.
    pub fn table(self) -> Table {
        match self {
            Form::Frontline => Table::Frontline,
            Form::Overrides => Table::Overrides,
        }
    }

    /// The column of the number.
    pub fn units(self) -> &'static str {
        match self {
            Form::Frontline => "estimate",
            Form::Overrides => "new_units",
        }
    }

    /// The columns to fill in, the number first.
    pub fn asked(self) -> &'static [&'static str] {
        match self {
            Form::Frontline => &["estimate", "of_target", "by_share", "why", "by", "note"],
            Form::Overrides => &["new_units", "of_target", "by_share", "lock", "why", "by", "note"],
        }
    }

    /// The answers that a dataset has of it.
    pub fn answers(self, data: &crate::dataset::Dataset) -> &[Answer] {
        match self {
            Form::Frontline => &data.frontline,
            Form::Overrides => &data.overrides,
        }
    }
}

/// A sheet of a workbook as text: of each row that is not empty its number from 1, and its cells by column from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    /// The sheet's name.
    pub name: String,
    /// The rows, ascending.
    pub rows: Vec<(u32, Vec<(u32, String)>)>,
}

/// The hidden column that says what a row speaks of, so that a cell of its key that was changed or emptied is seen.
pub const KEY: &str = "key";

/// What a listed row speaks of, as its hidden cell has it: region, product or group, month.
pub fn row_key(region: &str, product: &str, month: &str) -> String {
    serde_json::json!([region, product, month]).to_string()
}

/// Reads [`row_key`] back; none where a row has none, as those that are left free.
pub fn key_of_row(cell: &str) -> Option<[String; 3]> {
    serde_json::from_str(cell).ok()
}

/// The code of a region node and of products, as the tables have them: empty for the company that the folder does not
/// name, and for all products.
pub fn key_of(grid: &Grid, (node, scope): (usize, Scope)) -> (&str, &str) {
    (grid.regions.code(node), grid.scope_code(scope))
}

/// The same for people.
pub fn name_of(grid: &Grid, (node, scope): (usize, Scope)) -> (&str, &str) {
    let product = match scope {
        Scope::Product(p) => grid.products.name(p),
        _ => grid.scope_code(scope),
    };
    (grid.regions.name(node), product)
}
