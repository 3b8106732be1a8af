//! What is said about exceptions.

use super::Text;
use crate::month::Month;
use crate::say;

words! {
    title(n: usize) = "What to look at: {n}, the most units at stake first", "重点关注：{n} 项，按涉及数量排序";
    more(n: usize) = "and {n} more, all in exceptions.csv", "另有 {n} 项，全部见 exceptions.csv";
}

/// A month that nobody knows.
pub fn not_reported(name: &str, month: Month, opened_by: &str, expected: &str) -> Text {
    let by = match opened_by {
        "" => say!("", ""),
        _ => say!(" (the month was opened by {opened_by})", "（该月由 {opened_by} 开始）"),
    };
    say!(
        "{month} {name}: not reported{0}; {expected} expected, which counts until it is (`reported` says if it was zero)",
        "{month} {name}：尚未报送{0}；在报送之前按预期 {expected} 计（如确为零，请在 reported 中注明）",
        by
    )
}

words! {
    odd(name: &str, month: Month, place: &str, (found, expected, counted): (&str, &str, &str)) {
        let at = if place.is_empty() { say!("", "") } else { say!(" ({place})", "（{place}）") };
    } =
        "{month} {name}: {found} where {expected} was expected{0}; counts as {counted}, the edge of a 95% range, until a row \
         of factors says what it is",
        "{month} {name}：{found}，预期 {expected}{0}；在 factors 注明原因之前按 95% 区间边缘 {counted} 计", at;
    closed(name: &str, month: Month, (expected, counted): (&str, &str)) =
        "{month} {name}: nothing sold where {expected} was expected: closed; counts as {counted}",
        "{month} {name}：无销售，预期 {expected}：视为停业，按 {counted} 计";
    changed(name: &str, month: Month, (now, last, change): (&str, &str, &str), causes: Text) =
        "{month} {name}: {now}, last issued {last} ({change}): {0}",
        "{month} {name}：本次 {now}，上次 {last}（{change}）：{0}", causes;
    missed(name: &str, month: Month, made: Month, (sold, forecast): (&str, &str), (low, high): (&str, &str)) =
        "{month} {name}: sold {sold}, forecast {forecast} in {made}; 95 of 100 were to lie within {low} to {high}",
        "{month} {name}：实际 {sold}，{made} 预估 {forecast}；95% 区间为 {low} 至 {high}";
    bias(name: &str, too_high: bool, mean: &str, months: usize, (signal, limit): (&str, &str)) {
        let side = if too_high { say!("too high", "偏高") } else { say!("too low", "偏低") };
    } =
        "{name}: forecasts keep being {0}, by {mean} a month over {months} months (tracking signal {signal}, limit {limit})",
        "{name}：预估持续{0}，{months} 个月平均每月 {mean}（跟踪信号 {signal}，限值 {limit}）", side;
}

/// A front line far from us.
pub fn front_line(
    name: &str,
    month: Month,
    by: &str,
    (theirs, ours): (&str, &str),
    within: Option<(&str, &str)>,
) -> Text {
    let usual = match within {
        Some((low, high)) => say!("; 80 of 100 lie within {low} to {high}", "；80% 区间为 {low} 至 {high}"),
        None => say!("", ""),
    };
    let who = if by.is_empty() { say!("", "") } else { say!(" ({by})", "（{by}）") };
    say!(
        "{month} {name}: the front line says {theirs}{0}, ours is {ours}{1}",
        "{month} {name}：一线预估 {theirs}{0}，本预测 {ours}{1}",
        who,
        usual
    )
}

/// A month's target out of reach.
pub fn month_target(
    name: &str,
    month: Month,
    (forecast, target, short): (&str, &str, &str),
    high: Option<&str>,
) -> Text {
    let reach = match high {
        Some(high) => say!("; 9 of 10 stay under {high}", "；九成情况低于 {high}"),
        None => say!("", ""),
    };
    say!(
        "{month} {name}: forecast {forecast}, target {target}, {short} short{0}",
        "{month} {name}：预估 {forecast}，目标 {target}，差 {short}{0}",
        reach
    )
}

/// A year's target out of reach, and how likely it is met all the same.
pub fn year_target(name: &str, year: i32, (outlook, target, short): (&str, &str, &str), likely: Option<f64>) -> Text {
    let met = match likely.map(|p| (100.0 * p).round()) {
        Some(0.0) => say!("; met in under 1 of 100 cases", "；达成可能性不足 1%"),
        Some(met) => say!("; met in about {met} of 100 cases", "；达成可能性约 {met}%"),
        None => say!("", ""),
    };
    say!(
        "fiscal year {year} {name}: outlook {outlook}, target {target}, {short} short{0}",
        "{year} 财年 {name}：全年预计 {outlook}，目标 {target}，差 {short}{0}",
        met
    )
}

words! {
    stockout(name: &str, month: Month, (sold, demand, lost): (&str, &str, &str)) =
        "{month} {name}: sold {sold}; with goods in stock it would have been {demand}, {lost} more",
        "{month} {name}：实际 {sold}，不缺货应为 {demand}，少售 {lost}";
    unsold(name: &str, month: Month, since: Month, units: &str) =
        "{month} {name}: {units} forecast, though nothing was sold after {since}; if it is gone, `retire` in products takes it off the range",
        "{month} {name}：预估 {units}，但 {since} 之后已无销售；如已退市请在 products 的 `retire` 列注明";
    and_others(rows: usize, worst: &[(String, String)]) {
        let list = worst.iter().map(|(name, units)| format!("{name} {units}")).collect::<Vec<_>>();
        let (en, zh) = (list.join(", "), list.join("，"));
        let alone = worst.is_empty();
    } = match alone {
        true => " ({rows} more rows of it)", "（同类另有 {rows} 项）";
        false => " ({rows} more rows of it; {en})", "（同类另有 {rows} 项：{zh}）";
    }
    low_month(month: Month, part: &str) =
        "{month} is low everywhere: {part} of what was expected; if it is not complete, say so in `reported`, if it is, with `--close {month}`; it counts as it was sold",
        "{month} 各区域普遍偏低：为预期的 {part}；如尚未报全请在 reported 中注明，如已完整请用 `--close {month}`；现按实际计";
    low_product(name: &str, month: Month, (found, expected, part): (&str, &str, &str)) =
        "{month} {name}: {found} where {expected} was expected, {part} of it, in every region; if it was out of stock, say so in the stockout columns of sales or in `factors`; it counts as it was sold",
        "{month} {name}：各区域同时偏低，实际 {found}，预期 {expected}（{part}）；如因缺货请在 sales 的缺货列或 factors 中注明；现按实际计";
    odd_base(month: Month, (found, expected, part): (&str, &str, &str)) =
        "{month}, a year before a month forecast: {found} in all, {part} of the {expected} that the months around it let expect; if rows are there twice or missing, mend them, if it was so, say why in `factors`; it counts as it was sold",
        "{month} 是某预估月的上年同月：合计 {found}，为前后各月推算值 {expected} 的 {part}；如有重复或缺失请更正，如属实请在 factors 中注明原因；现按实际计";
    high_region(name: &str, month: Month, (found, expected): (&str, &str)) =
        "{month} {name}: {found} where {expected} was expected; if goods were pushed into the channel, a count in `channel_stock` or a row of `factors` (stockpiling) says so; it counts as it was sold",
        "{month} {name}：实际 {found}，预期 {expected}；如属渠道压货请提供 channel_stock 盘点或在 factors 注明（囤货）；现按实际计";
    no_forecast(name: &str, why: Text) = "{name}: no forecast, {0}", "{name}：无预估，{0}", why;
    last_sold(month: Month) =
        "last sold in {month}, over twelve months ago; `retire` in products takes it off the range",
        "{month} 后已逾十二个月无销售；如已退市请在 products 的 `retire` 列注明";
    never_sold = "never sold there and no longer new", "从未销售且已非新品";
    slipped(launch: chrono::NaiveDate) =
        "the launch of {launch} passed without a sale in a closed month: slipped until a first sale or a new date in products",
        "{launch} 的上市日期已过而整月无销售：视为推迟，首笔销售或 products 中的新日期之前不预估、不订货";
    no_level = "nothing of its group was ever sold there", "该区域该品类从无销售";
}
