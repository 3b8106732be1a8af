//! The words around the steps.

use std::fmt::Display;

use super::super::Text;
use super::super::planning::plain;
use crate::month::Month;
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
    cut_before = "channel stock (this count has cut the month made, as it was issued)", "渠道库存（该盘点已用于本月已发布的预估）";
    factor_issued = "attainment factor, as it was issued", "达成率系数（按已发布）";
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

/// Parts of the sentence in a planner's words.
pub const PARTS: usize = 9;

/// The number in a planner's words: what was sold in last year's month (the mean of the last months where there is none),
/// what each part adds, and the last three months beside those of a year before.
pub fn short(
    (month, base): (Option<Month>, f64),
    parts: &[f64; PARTS],
    trend: Option<(Month, f64, f64)>,
    printed: f64,
) -> Text {
    let names: [(&str, &str); PARTS] = [
        ("stockouts and events of then taken out", "还原当时缺货与事件"),
        ("selling days and New Year", "销售天数与春节"),
        ("what sales have done since", "近期走势"),
        ("planned events", "计划事件"),
        ("new communities and renewals, against those of then", "新小区与续保较当时"),
        ("channel stock", "渠道库存"),
        ("front line", "一线预估"),
        ("month to date", "当月进度"),
        ("override", "人工调整"),
    ];
    let plain = |x: f64| plain((x * 100.0).round() / 100.0);
    let signed = |x: f64| if x < 0.0 { format!("- {}", plain(-x)) } else { format!("+ {}", plain(x)) };
    let shown = || names.iter().zip(parts).enumerate().filter(|(i, (_, x))| *i == 2 || **x != 0.0);
    let en: String = shown().map(|(_, ((en, _), x))| format!(" {} {en}", signed(*x))).collect();
    let zh: String = shown().map(|(_, ((_, zh), x))| format!(" {} {zh}", signed(*x))).collect();
    let from = match month {
        Some(month) => say!("sold in {month}", "{month} 销量"),
        None => say!("a month, the mean of the last three", "近三月月均"),
    };
    let since = match trend {
        Some((last, now, then)) => {
            let (now, then) = (plain(now), plain(then));
            say!("; three months to {last}: {now}, a year before {then}", "；截至 {last} 三个月 {now}，去年同期 {then}")
        }
        None => say!("", ""),
    };
    let (base, printed) = (plain(base), plain(printed));
    say!("In short: {base} {0}{en} = {printed}{1}", "简述：{0} {base}{zh} = {printed}{1}", from, since)
}
