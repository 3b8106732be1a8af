//! The words around the steps.

use std::fmt::Display;

use super::super::Text;
use crate::say;

words! {
    title(product: &Text, region: &Text, month: impl Display, whole: &str) = "{0} in {1}, {month}: {whole}",
        "{1} {0} {month}：{whole}", product, region;
    made(made: impl Display, during: bool, lag: i32, cutoff: impl Display, method: &str) {
        let how = if during { say!("during", "月中") } else { say!("at the close of", "月末") };
    } =
        "made {0} {made}, lag {lag}; last complete month {cutoff}; method {method}",
        "{made} {0}编制，提前 {lag} 个月；最近完整月份 {cutoff}；方法 {method}", how;
    named(name: &str, code: &str) = match (name.is_empty(), name == code || code.is_empty()) {
        (true, _) => "all", "全部";
        (false, true) => "{name}", "{name}";
        (false, false) => "{name} ({code})", "{name}（{code}）";
    }
    without_effect(steps: &[Text]) {
        let en = steps.iter().map(|t| t.en.as_str()).collect::<Vec<_>>().join("; ");
        let zh = steps.iter().map(|t| t.zh.as_str()).collect::<Vec<_>>().join("；");
    } =
        "Without effect: {en}",
        "未起作用：{zh}";
    forecast(exact: &str, whole: &str) = "Forecast: {whole} (exact {exact})", "预估：{whole}（精确值 {exact}）";
    beside = "Beside it", "参照";
    parts = "Parts", "组成";
    region = "region", "区域";
    exact = "exact", "精确值";
    reported = "forecast", "预估";
    place = "from", "出处";
    units = "units", "件";
    customer_count = "customers", "人";
    months = "months", "个月";
    days = "days", "天";
}
