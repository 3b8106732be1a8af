//! What is said about issued forecasts.

use super::Text;
use crate::month::Month;
use crate::say;

/// Two files of one month made and version.
pub fn same_issue(made: Month, version: u32, other: &str) -> Text {
    say!(
        "this is version {version} of the forecast made in {made}, and so is {other}; each is issued once",
        "这是 {made} 所作预测的第 {version} 版，{other} 也是；每版只发布一次"
    )
}

/// A row that does not belong to its file.
pub fn one_issue_a_file(expected: &str) -> Text {
    say!(
        "one file holds one issued forecast: the first row has '{expected}' here",
        "一个文件只存一次发布：首行此列为“{expected}”"
    )
}

/// A source that no step has.
pub fn unknown_source(word: &str) -> Text {
    say!("no source '{word}' of an issued forecast", "发布的预测没有来源“{word}”")
}

/// A number given twice.
pub fn number_twice(word: &str) -> Text {
    say!("a second '{word}' of the same month, region and product", "同一月份、区域、产品的“{word}”重复")
}

/// A version that is no number.
pub fn bad_version(text: &str) -> Text {
    say!("'{text}' is no version; versions are 1, 2, 3", "“{text}”不是版本号；版本号为 1、2、3")
}

/// A mode that is none.
pub fn bad_mode(text: &str) -> Text {
    say!("'{text}' is neither close nor during", "“{text}”不是 close 或 during")
}

/// A file without rows.
pub fn no_rows() -> Text {
    say!("an issued forecast without rows", "发布的预测没有数据行")
}

/// Rows of names that are gone.
pub fn unknown_in_ledger(rows: usize) -> Text {
    say!(
        "{rows} rows are of regions or products that the folder no longer has",
        "{rows} 行的区域或产品在文件夹中已不存在"
    )
}

/// What becomes of them.
pub fn left_out_of_scores() -> Text {
    say!("left out of the accuracy", "不计入准确度")
}
