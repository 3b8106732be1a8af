//! The words around the steps.

use std::fmt::Display;

use super::super::Text;
use super::fixed;
use crate::say;

/// What is explained.
pub fn title(product: &Text, region: &Text, month: impl Display, whole: &str) -> Text {
    say!("{0} in {1}, {month}: {whole}", "{1} {0} {month}：{whole}", product, region)
}

/// When and how the forecast was made.
pub fn made(made: impl Display, during: bool, lag: i32, cutoff: impl Display, method: &str) -> Text {
    let how = if during { say!("during", "月中") } else { say!("at the close of", "月末") };
    say!(
        "made {0} {made}, lag {lag}; last complete month {cutoff}; method {method}",
        "{made} {0}编制，提前 {lag} 个月；最近完整月份 {cutoff}；方法 {method}",
        how
    )
}

/// A region or product by name and code.
pub fn named(name: &str, code: &str) -> Text {
    match (name.is_empty(), name == code || code.is_empty()) {
        (true, _) => say!("all", "全部"),
        (false, true) => say!("{name}", "{name}"),
        (false, false) => say!("{name} ({code})", "{name}（{code}）"),
    }
}

/// Steps that changed nothing, in one line.
pub fn without_effect(steps: &[Text]) -> Text {
    let en = steps.iter().map(|t| t.en.as_str()).collect::<Vec<_>>().join("; ");
    let zh = steps.iter().map(|t| t.zh.as_str()).collect::<Vec<_>>().join("；");
    say!("Without effect: {en}", "未起作用：{zh}")
}

/// The forecast, exact and whole.
pub fn forecast(exact: &str, whole: &str) -> Text {
    say!("Forecast: {whole} (exact {exact})", "预估：{whole}（精确值 {exact}）")
}

fixed! {
    /// What stands beside.
    beside: "Beside it", "参照";
    /// Parts.
    parts: "Parts", "组成";
    /// Region.
    region: "region", "区域";
    /// Exact.
    exact: "exact", "精确值";
    /// Whole.
    reported: "forecast", "预估";
    /// Where it was read.
    place: "from", "出处";
    /// units
    units: "units", "件";
    /// customers
    customer_count: "customers", "人";
    /// months
    months: "months", "个月";
    /// days
    days: "days", "天";
}
