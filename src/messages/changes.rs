//! What is said about changes since the last issued version.

use super::{Lang, Text};
use crate::month::Month;
use crate::say;

words! {
    /// Title.
    title = "Since the last issued version, units", "与上次发布版本相比（件）";
    /// Where nothing was ever issued.
    nothing_issued = "no version of these months was issued before (a file in `ledger` keeps one)",
        "这些月份尚无已发布版本（`ledger` 中的文件即为发布版本）";
    /// Where nothing changed.
    nothing_changed = "every number is as last issued", "所有数字均与上次发布一致";
    /// Column.
    month = "month", "月份";
    /// Column.
    last = "last", "上次";
    /// Column.
    now = "now", "本次";
    /// Column.
    change = "change", "变化";
    /// Column.
    causes = "because of", "主要原因";
    /// Input of an explanation.
    as_issued = "as last issued", "上次发布值";
}

/// A cause, by its word for programs.
pub fn cause(word: &str) -> Text {
    let (en, zh) = match word {
        "calendar" => ("calendar", "日历天数"),
        "sales" => ("new sales", "新销售数据"),
        "mix" => ("mix", "产品结构"),
        "range" => ("products come or gone", "产品进出"),
        "events" => ("planned events", "计划事件"),
        "dealers_stock" => ("dealers' stock", "渠道库存"),
        "front_line" => ("front line", "一线预估"),
        "to_date" => ("month to date", "当月进度"),
        "override" => ("override", "人工调整"),
        "rounding" => ("rounding", "取整"),
        _ => ("others", "其他"),
    };
    Text { en: en.to_owned(), zh: zh.to_owned() }
}

/// The causes of one change with their units, the largest first.
pub fn list(causes: &[(&str, String)]) -> Text {
    let join = |lang: Lang, by: &str| {
        causes.iter().map(|(word, units)| format!("{} {units}", cause(word).get(lang))).collect::<Vec<_>>().join(by)
    };
    Text { en: join(Lang::En, ", "), zh: join(Lang::Zh, "，") }
}

/// Which version a month is compared with.
pub fn compared_with(month: Month, made: Month, version: u32, lag: i32, file: &str) -> Text {
    let version = match version {
        1 => Text { en: String::new(), zh: String::new() },
        n => say!(", version {n}", "第 {n} 版"),
    };
    say!(
        "{month}: last issued in {made}{0}, at lag {lag} ({file})",
        "{month}：上次发布于 {made}{0}，第 {lag} 期（{file}）",
        version
    )
}

/// A month without a version to compare with.
pub fn first_time(month: Month) -> Text {
    say!("{month} is forecast for the first time", "{month} 为首次预估")
}

/// Changes that the page does not show.
pub fn more(n: usize) -> Text {
    say!(
        "{n} smaller changes of regions and groups are in changes.csv",
        "另有 {n} 处较小的区域品类变化，见 changes.csv"
    )
}

/// The step of an explanation.
pub fn step(made: Month, lag: i32) -> Text {
    say!(
        "Since the version issued in {made} at lag {lag}: what was added or taken, and why",
        "与 {made} 发布的第 {lag} 期版本相比：增减及原因"
    )
}
