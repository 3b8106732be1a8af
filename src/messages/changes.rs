//! What is said about changes since the last issued version.

use super::Text;
use crate::month::Month;
use crate::say;

words! {
    title = "Since the last issued version, units", "与上次发布版本相比（件）";
    nothing_issued = "no version of these months was issued before (a file in `ledger` keeps one)",
        "这些月份尚无已发布版本（`ledger` 中的文件即为发布版本）";
    nothing_changed = "every number is as last issued", "所有数字均与上次发布一致";
    month = "month", "月份";
    last = "last", "上次";
    now = "now", "本次";
    change = "change", "变化";
    causes = "because of", "主要原因";
    as_issued = "as last issued", "上次发布值";
    cause(word: &str) = match word {
        "calendar" => "calendar", "日历天数";
        "sales" => "new sales", "新销售数据";
        "mix" => "mix", "产品结构";
        "range" => "products come or gone", "产品进出";
        "events" => "planned events", "计划事件";
        "dealers_stock" => "dealers' stock", "渠道库存";
        "front_line" => "front line", "一线预估";
        "to_date" => "month to date", "当月进度";
        "override" => "override", "人工调整";
        "rounding" => "rounding", "取整";
        _ => "others", "其他";
    }
}

/// The causes of one change with their units, the largest first.
pub fn list(causes: &[(&str, String)]) -> Text {
    let said = |(word, units): &(&str, String)| say!("{0} {units}", "{0} {units}", cause(word));
    Text::joined(causes.iter().map(said), [", ", "，"])
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

words! {
    first_time(month: Month) = "{month} is forecast for the first time", "{month} 为首次预估";
    more(n: usize) = "{n} smaller changes of regions and groups are in changes.csv",
        "另有 {n} 处较小的区域品类变化，见 changes.csv";
    step(made: Month, lag: i32) = "Since the version issued in {made} at lag {lag}: what was added or taken, and why",
        "与 {made} 发布的第 {lag} 期版本相比：增减及原因";
}
