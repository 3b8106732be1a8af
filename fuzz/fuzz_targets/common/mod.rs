//! What the targets have in common.
#![allow(dead_code)]

use chrono::NaiveDate;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::folder;
use yugu::schema::Table;
use yugu::settings::Settings;

/// Memory for an input, in bytes.
pub const MEMORY: u64 = 256 << 20;

/// One of the tables.
pub fn table(number: u8) -> Table {
    Table::ALL[usize::from(number) % Table::ALL.len()]
}

/// Reads bytes as a file of a table with this ending and checks them beside sales that are sound.
pub fn check(table: Table, ending: &str, bytes: &[u8]) {
    const SALES: &str = "month,region,product,units\n2023-01,a,p,1\n2023-02,a,p,2\n2023-03,b,q,3\n";
    let mut problems = Problems::default();
    let file = format!("{}.{ending}", table.name());
    let mut sheets: Vec<_> = folder::table(table, &file, bytes.to_vec(), MEMORY, &mut problems).into_iter().collect();
    if table != Table::Sales {
        sheets.extend(folder::table(Table::Sales, "sales.csv", SALES.into(), MEMORY, &mut problems));
    }
    let today = NaiveDate::from_ymd_opt(2024, 6, 1).unwrap_or_default();
    let _ = Dataset::new(&sheets, Settings::default(), None, today, &mut problems);
}
