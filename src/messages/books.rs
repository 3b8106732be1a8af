//! What is said about printed figures, commissions and leads.

use super::Text;
use crate::say;
use std::fmt::Display;

words! {
    unknown_party(name: &str, scheme: &str, nearest: Option<&str>) = match nearest {
        Some(near) => "scheme '{scheme}' has no party '{name}'; did you mean '{near}'?",
            "方案“{scheme}”没有提成对象“{name}”；是否为“{near}”？";
        None => "scheme '{scheme}' has no party '{name}'", "方案“{scheme}”没有提成对象“{name}”";
    }
    closed_without_month = "the lead has an outcome, but no month of the call", "该意向已有结果，但没有回访月份";
    lead_not_counted = "not counted in the follow-up curve", "不计入回访转化曲线";
    figure_contradicted(measure: &str, when: &dyn Display, text: &str, reasons: &[Text]) {
        let all = Text::joined(reasons.iter().cloned(), ["; ", "；"]);
    } =
        "{measure} of {when} is printed as {text}: {0}",
        "{when} 的 {measure} 印为 {text}：{0}", all;
    growth_contradicted(measure: &str, when: &dyn Display, text: &str, reasons: &[Text]) {
        let all = Text::joined(reasons.iter().cloned(), ["; ", "；"]);
    } =
        "growth of {measure} to {when} is printed as {text}: {0}",
        "{when} 的 {measure} 增长率印为 {text}：{0}", all;
    /// The growth that two printed figures make; shares, to `decimals` of a percent.
    growth_is(text: &str, before: &str, place: &dyn Display, growth: f64, decimals: usize) {
        let growth = percent(growth, decimals);
    } =
        "{text} on {before} ({place}) is {growth}",
        "{text} 对比 {before}（{place}）为 {growth}";
    printed_otherwise(text: &str, place: &dyn Display) = "{text} at {place}", "{place} 为 {text}";
    product_is(rate: &str, of: &str, place: &dyn Display, product: &str) = "{rate} of {of} ({place}) is {product}",
        "{of}（{place}）的 {rate} 为 {product}";
    folder_says(value: &str) = "the folder gives {value}", "文件夹数据为 {value}";
    left_as_printed = "left as printed; nothing is computed from it", "保留原样，不参与计算";
    not_recomputed(measures: &str) = "cannot be worked out from the folder: {measures}",
        "无法由文件夹数据算出：{measures}";
    compared_with_each_other = "compared with each other only", "只相互核对";
}

/// A share as a percentage.
pub fn percent(share: f64, decimals: usize) -> String {
    format!("{:.decimals$}%", 100.0 * share)
}

/// A party that stands in for nobody.
pub fn no_such_stand_in(party: &str, near: Option<&str>) -> Text {
    let near_en = near.map(|n| format!("; did you mean '{n}'?")).unwrap_or_default();
    let near_zh = near.map(|n| format!("；是否为 '{n}'？")).unwrap_or_default();
    say!(
        "'{party}' is no party that commissions have in another's place (instead_of){near_en}",
        "commissions 表中没有替代他人的提成对象 '{party}'（instead_of 列）{near_zh}"
    )
}
