//! What is said about Parquet files.

use super::Text;
use crate::say;

/// A file that is none, or is damaged; the reason comes from the reader.
pub fn bad_file(reason: &str) -> Text {
    say!("the Parquet file cannot be read: {reason}", "无法读取 Parquet 文件：{reason}")
}

/// A text that is no UTF-8.
pub fn not_utf8() -> Text {
    say!("a text in this row is not UTF-8", "此行的文本不是 UTF-8 编码")
}

/// More rows than any table has.
pub fn too_many_rows(most: i64) -> Text {
    say!("the file claims to hold over {most} rows", "文件声称超过 {most} 行")
}

/// A file that is Parquet under another ending.
pub fn is_parquet() -> Text {
    say!("this is a Parquet file; give it the ending .parquet", "这是 Parquet 文件，请将扩展名改为 .parquet")
}

/// A program built without the feature.
pub fn not_built_in() -> Text {
    say!(
        "this program was built without Parquet; convert the table to .csv or .csv.gz",
        "此程序编译时未包含 Parquet；请转换为 .csv 或 .csv.gz"
    )
}

/// A part of a table in a folder like `month=2024-02` that is no Parquet file.
pub fn folders_only_for_parquet(folder: &str) -> Text {
    say!(
        "the name of {folder} gives a column, which is read for Parquet files only; move the file out and write the column",
        "{folder} 的名称表示一列，仅 Parquet 文件支持；请移出文件并写入该列"
    )
}
