//! What is said about printed figures, commissions and leads.

use super::Text;
use crate::say;
use std::fmt::Display;

/// A party that is no party of the scheme.
pub fn unknown_party(name: &str, scheme: &str, nearest: Option<&str>) -> Text {
    match nearest {
        Some(near) => say!(
            "scheme '{scheme}' has no party '{name}'; did you mean '{near}'?",
            "方案“{scheme}”没有提成对象“{name}”；是否为“{near}”？"
        ),
        None => say!("scheme '{scheme}' has no party '{name}'", "方案“{scheme}”没有提成对象“{name}”"),
    }
}

/// A lead with an outcome and no month of the call.
pub fn closed_without_month() -> Text {
    say!("the lead has an outcome, but no month of the call", "该意向已有结果，但没有回访月份")
}

/// What is done about it.
pub fn lead_not_counted() -> Text {
    say!("not counted in the follow-up curve", "不计入回访转化曲线")
}

/// A printed figure against what it should be.
pub fn figure_contradicted(measure: &str, when: &dyn Display, text: &str, reasons: &[Text]) -> Text {
    let all = joined(reasons);
    say!("{measure} of {when} is printed as {text}: {0}", "{when} 的 {measure} 印为 {text}：{0}", all)
}

/// A printed growth against what it should be.
pub fn growth_contradicted(measure: &str, when: &dyn Display, text: &str, reasons: &[Text]) -> Text {
    let all = joined(reasons);
    say!("growth of {measure} to {when} is printed as {text}: {0}", "{when} 的 {measure} 增长率印为 {text}：{0}", all)
}

fn joined(reasons: &[Text]) -> Text {
    let all = |of: fn(&Text) -> &str, by: &str| reasons.iter().map(of).collect::<Vec<_>>().join(by);
    Text { en: all(|t| &t.en, "; "), zh: all(|t| &t.zh, "；") }
}

/// The growth that two printed figures make; shares, to `decimals` of a percent.
pub fn growth_is(text: &str, before: &str, place: &dyn Display, growth: f64, decimals: usize) -> Text {
    let growth = percent(growth, decimals);
    say!("{text} on {before} ({place}) is {growth}", "{text} 对比 {before}（{place}）为 {growth}")
}

/// The same figure printed otherwise elsewhere.
pub fn printed_otherwise(text: &str, place: &dyn Display) -> Text {
    say!("{text} at {place}", "{place} 为 {text}")
}

/// A product of two printed figures: a rate and what it is a rate of.
pub fn product_is(rate: &str, of: &str, place: &dyn Display, product: &str) -> Text {
    say!("{rate} of {of} ({place}) is {product}", "{of}（{place}）的 {rate} 为 {product}")
}

/// A printed figure against the folder's own.
pub fn folder_says(value: &str) -> Text {
    say!("the folder gives {value}", "文件夹数据为 {value}")
}

/// What is done about a contradiction.
pub fn left_as_printed() -> Text {
    say!("left as printed; nothing is computed from it", "保留原样，不参与计算")
}

/// Printed figures that nothing in the folder can tell.
pub fn not_recomputed(measures: &str) -> Text {
    say!("cannot be worked out from the folder: {measures}", "无法由文件夹数据算出：{measures}")
}

/// What is done about them.
pub fn compared_with_each_other() -> Text {
    say!("compared with each other only", "只相互核对")
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
