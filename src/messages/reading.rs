//! What is said about files, tables, rows and cells.

use super::Text;
use crate::say;

/// A month or a date that cannot be one.
pub fn bad_month(cell: &str) -> Text {
    say!("'{cell}' is not a month (write 2024-02)", "“{cell}”不是月份（请写成 2024-02）")
}
