//! What the reports say: heads, columns, what the rules did.

use super::Text;
use super::planning::{percent, plain};
use crate::month::Month;
use crate::say;

mod fit;
mod rules;

pub use fit::*;
pub use rules::*;

// Words for programs, the same in every language.

/// R6: the last month's mix.
pub const MIX_LAST_MONTH: &str = "last month";
/// Nothing sold in the region's last month.
pub const MIX_COMPANY: &str = "company";
/// Nothing sold anywhere.
pub const MIX_EQUAL: &str = "equal";

/// R10: averaged because of New Year.
pub fn mix_new_year(month: &str) -> String {
    format!("average with {month} (New Year)")
}

/// R10: averaged because of stockouts.
pub fn mix_stockouts(month: &str) -> String {
    format!("average with {month} (stockouts)")
}

words! {
    region = "region", "区域";
    last_year = "last year", "去年同期";
    growth = "growth", "成长率";
    forecast = "forecast", "预估";
    target = "target", "目标";
    attainment = "attained", "达成率";
    year_to_date = "to date", "累计";
    year_outlook = "outlook", "全年预计";
    gap = "gap", "差额";
    stage = "stage", "环节";
    difference = "change", "调整";
    last_year_total = "last year", "去年实际";
    credited_base = "base", "还原基数";
    credit = "credited", "还原";
    how = "how", "方式";
    reason = "reason", "原因";
    month_targets = "target by month", "分月目标";
    file = "file", "文件";
    encoding = "encoding", "编码";
    bytes = "bytes", "字节";
    company = "company", "公司";
    all_products = "all products", "全部产品";
    one_stage = "target", "目标";
    units_word = "units", "件";
    rules_title = "What the rules did", "规则说明";
    steps_title = "Steps", "步骤";
    required = "required", "必填";
    optional = "optional", "可选";
    treated_alike = "treated as those listed", "处理方式同上";
    step_stockouts = "demand with goods in stock instead of sales as they happened", "按有货时的需求而非实际销量预估";
    step_new_year = "January and February as a pair, mixes without the New Year month",
        "一、二月合并处理，结构避开春节月";
    step_target_as_level = "the target's month at 100% as the level", "以当月目标的 100% 为总量";
    step_lifecycle = "new and retired products", "新品与退市";
    step_revenue = "money beside units", "在数量之外给出金额";
    growth_is_on =
        "growth: forecast over last year's same month (what the rules grow, and by how much: base, base_growth in regions.csv)\n\
        forecast: after channel cuts, the front line, the month to date and overrides; attained: forecast over target",
        "成长率：预估／去年同月销量 − 1（规则所用基数及其成长率：regions.csv 的 base、base_growth）\n\
        预估：已含渠道库存、一线预估、当月进度及人工调整的修正；达成率：预估／目标";
    total = "total", "合计";
    no_targets = "no targets for this fiscal year or later; a table `targets` gives them",
        "本财年及以后没有目标；请在 `targets` 表中填写";
    more_of_kind(n: usize) = "{n} more of this kind in this file", "本文件另有 {n} 处同类问题";
}

// Lifecycle

words! {
    retired(successor: Option<&str>) = match successor {
        Some(code) => "retired; followed by {code}", "已退市，由 {code} 接替";
        None => "retired; its share goes to the others", "已退市，份额由其余产品分担";
    }
    succeeds(from: &str, had: f64, part: f64) { let (had, part) = (percent(had), percent(part)); } =
        "takes {part} of the share {had} of {from}",
        "承接 {from} 份额 {had} 中的 {part}";
    not_yet = "not launched yet", "尚未上市";
    like_named(code: &str) = "like {code}", "参照 {code}";
    like_replaced(code: &str) = "replaces {code}", "接替 {code}";
    like_last_launches(n: usize) = "a guess: mean of the group's last {n} launches",
        "推测：取该品类最近 {n} 次上市的平均";
    like_smallest_half(n: usize) = "a guess: mean share of the group's {n} smallest products",
        "推测：取该品类份额最小的 {n} 个产品的平均";
    new_product(like: Text, of: f64, ramp: f64) { let (of, ramp) = (percent(of), percent(ramp)); } =
        "{0}; share {of}, {ramp} of it reached",
        "{0}；份额 {of}，已达 {ramp}", like;
    growing(of: f64, ramp: f64) { let (of, ramp) = (percent(of), plain(ramp)); } = "its own share {of} x ramp {ramp}",
        "自身份额 {of} × 爬坡 {ramp}";
}

/// A product by its own sales.
pub fn own_sales(base: f64, months: usize, season: f64, rate: f64, place: Option<&str>) -> Text {
    let (base, rate) = (plain(base), percent(rate));
    let of = match months {
        1 => say!("last year's same month {base}", "去年同月 {base}"),
        n => say!("its monthly average {base} over {n} months", "{n} 个月的月均 {base}"),
    };
    let of = match season == 1.0 {
        true => of,
        false => {
            let season = plain(season);
            say!("{0}, season of its group {season}", "{0}，品类季节系数 {season}", of)
        }
    };
    match place {
        Some(place) => say!("{0}, growth {rate} ({place})", "{0}，成长率 {rate}（{place}）", of),
        None => say!("{0}, growth {rate}", "{0}，成长率 {rate}", of),
    }
}

// The page of a plan

words! {
    month_ahead(month: Month, lag: i32, ahead: i32) {
        let months = if ahead == 1 { "month" } else { "months" };
    } = match lag {
        0 => "{month} is its landing (lag 0)", "{month} 为当月落点（第 0 期）";
        _ => "{month} is lag {lag}, {ahead} {months} after the last complete one",
            "{month} 为第 {lag} 期，距最近完整月 {ahead} 个月";
    }
}

/// All of them.
pub fn months_ahead(months: &[Text]) -> Text {
    Text::joined(months.iter().cloned(), ["; ", "；"])
}

words! {
    units_of_numbers(money: &str, start: u32) =
        "numbers: units sold in the month; money in {0}; the fiscal year begins in month {start}",
        "数字为当月销量（件）；金额单位 {0}；财年自 {start} 月开始", money_word(money);
    money_word(money: &str) = match money {
        "yuan" => "yuan", "元";
        _ => "{money}", "{money}";
    }
    month_label(month: Month, lag: i32) = match lag {
        0 => "{month} (landing)", "{month}（落点）";
        _ => "{month} (lag {lag})", "{month}（第 {lag} 期）";
    }
    group_title(group: &str) = "{group}, units", "{group}（件）";
    more_groups(n: usize) = "{n} more groups are in regions.csv", "另有 {n} 个品类，见 regions.csv";
    more_regions(n: usize) = "{n} more regions are in regions.csv", "另有 {n} 个区域，见 regions.csv";
    more_regions_in_targets(n: usize) = "{n} more regions are in the targets.csv that `yugu plan` writes",
        "另有 {n} 个区域，见 `yugu plan` 写出的 targets.csv";
    year_title(year: i32, cutoff: Month) =
        "Fiscal year {year}, units: sold up to {cutoff}, outlook to the year's end, target, gap",
        "{year} 财年（件）：截至 {cutoff} 累计、全年预计、目标、差额";
    money_title(money: &str) = "Money, {0}", "金额（{0}）", money_word(money);
    kind(word: &str) = match word {
        "goods" => "goods", "商品";
        "policy" => "policies", "保单";
        "service" => "services", "服务";
        other => "{other}", "服务";
    }
    no_price(word: &str, codes: &[String]) {
        let named = codes.iter().take(5).cloned().collect::<Vec<_>>();
        let more = if codes.len() > named.len() { ", …" } else { "" };
        let (en, zh) = (named.join(", "), named.join("、"));
    } =
        "{0}: no total, there is no price of {en}{more}",
        "{0}：缺少 {zh}{more} 的价格，不计合计", kind(word);

    // What the rules did
    credited(name: &str, from: Month, to: Month, times: f64, reason: &str) { let times = plain(times); } =
        "base: {name} {from} to {to} x {times} ({0})",
        "基数还原：{name} {from} 至 {to} × {times}（{0}）", crate::messages::planning::reason(reason);
    more_credits(n: usize) = "base: {n} more regions and groups credited", "基数还原：另有 {n} 个区域品类";
    level_target(n: usize, of: usize) =
        "level: the target's month in {n} of {of} regions and groups; growth there is 0",
        "总量：{of} 个区域品类中有 {n} 个取当月目标，其成长率为 0";
    level_recent(n: usize, of: usize) =
        "level: under 13 months of history in {n} of {of} regions and groups; the mean of their last months is used",
        "总量：{of} 个区域品类中有 {n} 个历史不足 13 个月，取最近几个月的平均";
    level_nothing(n: usize, of: usize) = "level: nothing was ever sold in {n} of {of} regions and groups; 0 there",
        "总量：{of} 个区域品类中有 {n} 个从无销售，预估为 0";
    mix_averaged_new_year(n: usize, of: usize, with: Month) =
        "mix: New Year distorts the last month; its shares are averaged with those of {with} in {n} of {of} regions and groups",
        "结构：最近一月受春节影响，{of} 个区域品类中有 {n} 个取其与 {with} 份额的平均";
    mix_averaged_stockouts(n: usize, of: usize, with: Month) =
        "mix: stockouts distort the last month; its shares are averaged with those of {with} in {n} of {of} regions and groups",
        "结构：最近一月受缺货影响，{of} 个区域品类中有 {n} 个取其与 {with} 份额的平均";
    mix_of_company(n: usize, of: usize) =
        "mix: nothing was sold last month in {n} of {of} regions and groups; the company's mix stands in",
        "结构：{of} 个区域品类中有 {n} 个上月无销售，采用全公司结构";
}

fn with_more(names: &str, more: usize) -> Text {
    match more {
        0 => Text { en: names.to_owned(), zh: names.to_owned() },
        n => say!("{names} and {n} more", "{names} 等，另有 {n} 个"),
    }
}

words! {
    retired_products(names: &str, more: usize) = "retired, not forecast any more: {0}",
        "已退市，不再预估：{0}", with_more(names, more);
    first_year_products(names: &str, more: usize) =
        "new, in the first year (cautious and optimistic figures in lifecycle.csv): {0}",
        "上市首年（谨慎与乐观值见 lifecycle.csv）：{0}", with_more(names, more);
    guessed_products(names: &str, more: usize) = "new, a guess (`like` in products would say what to go by): {0}",
        "新品，仅为推测（在 products 的 `like` 列注明参照产品）：{0}", with_more(names, more);
}

/// R11.
pub fn attainment_cut(name: &str, factor: f64, cover: Option<(f64, f64)>, push: Option<f64>) -> Text {
    let factor = percent(factor);
    let why = match (cover, push) {
        (Some((cover, norm)), _) if cover > norm || push.is_none() => {
            let (cover, norm) = (plain(cover), plain(norm));
            say!(
                "the channel's stock covers {cover} months, usually {norm}",
                "渠道库存够 {cover} 个月，平常 {norm} 个月"
            )
        }
        (_, Some(over)) => {
            let over = percent(over);
            say!("last month was sold in {over} over its forecast", "上月进货超出预估 {over}")
        }
        _ => say!("the channel is full", "渠道库存偏高"),
    };
    say!("attainment: {name} next month at {factor}: {0}", "达成率：{name} 下月按 {factor} 计：{0}", why)
}

words! {
    more_cuts(n: usize) = "attainment: {n} more cuts, see regions.csv", "达成率：另有 {n} 处下调，见 regions.csv";
    no_cut(n: usize) = "attainment: {n} counts of channel stock, none high; no cut",
        "达成率：{n} 处渠道盘点均不偏高，未下调";
    frontline_used(n: usize) = "front line: {n} estimates used", "一线预估：采用 {n} 条";
    overrides_used(n: usize) = "overrides: {n} used", "人工调整：采用 {n} 条";
}

/// Who and why.
pub fn by_and_reason(by: &str, reason: &str) -> Text {
    let reason = crate::messages::planning::reason(reason);
    match (by.is_empty(), reason.en.is_empty()) {
        (true, _) => reason,
        (false, true) => say!("{by}", "{by}"),
        (false, false) => say!("{by}, {0}", "{by}，{0}", reason),
    }
}

words! {
    changed(month: Month, name: &str, (before, given, after): (f64, f64, f64), who: &[Text]) {
        let [before, given, after] = [before, given, after].map(|x| plain((x * 10.0).round() / 10.0));
        let en = who.iter().map(|who| who.en.as_str()).collect::<Vec<_>>().join("; ");
        let zh = who.iter().map(|who| who.zh.as_str()).collect::<Vec<_>>().join("；");
    } =
        "  {month} {name}: {before} -> {after} (said: {given}; {en})",
        "  {month} {name}：{before} → {after}（所报 {given}；{zh}）";
    more_changes(n: usize) = "  and {n} smaller ones", "  另有 {n} 条较小的调整";
    progress_used(n: usize, passed: f64) { let passed = percent(passed); } =
        "month to date: {n} totals used, {passed} of the working days passed",
        "当月进度：采用 {n} 处合计，工作日已过 {passed}";

    // Steps
    step_on(by: &str, what: &Text) = "`{by}` was on: {0}", "`{by}` 已启用：{0}", what.clone();
    step_idle(by: &str) = "`{by}` is there; nothing in it speaks of this run", "已有 `{by}`，但与本次无关";
    step_off(by: &str, what: &Text) = "`{by}` would switch on {0}", "`{by}` 可启用：{0}", what.clone();
    checked_only(names: &str) = "read and checked, not used by a plan: {names}", "已读取并核对，预估不使用：{names}";

    // Warnings
    warnings_title(n: usize) = "Warnings: {n}", "提示：{n} 条";
    more_warnings(n: usize) = "and {n} more, all in warnings.csv", "另有 {n} 条，全部见 warnings.csv";

    // Targets
    targets_of(folder: &str, made: &str) = "{folder}: targets as of {made}", "{folder}：截至 {made} 的目标";
    split_title(year: i32, name: &str, unit: &Text) = "Fiscal year {year}, {name}, {0}",
        "{year} 财年，{name}（{0}）", unit.clone();
    why(word: &str) = match word {
        "locked" => "locked", "锁定";
        "given" => "its own target", "自有目标";
        "growth" => "planner's growth", "计划员成长率";
        "share" => "share of the rest", "按基数分担";
        "sum" => "sum of regions", "下级合计";
        _ => "no target", "无目标";
    }

    // What was found
    found_title(folder: &str) = "{folder}: no errors", "{folder}：没有错误";
    found_months(from: Month, to: Month, n: usize) = "history: {n} complete months, {from} to {to}",
        "历史：{n} 个完整月份，{from} 至 {to}";
    found_keys(regions: usize, products: usize, groups: usize, series: usize) =
        "{regions} regions, {products} products in {groups} groups, {series} series (region x product)",
        "{regions} 个区域，{products} 个产品（{groups} 个品类），{series} 个序列（区域×产品）";
    found_series(old: usize, gaps: usize) =
        "{old} series were last sold long ago and are not forecast; {gaps} months without a row are taken as zero sales",
        "{old} 个序列久无销售，不作预估；{gaps} 个缺行月份按零销售处理";
    found_made(made: &str, during: bool) = match during {
        true => "a plan would be made during {made}", "预估将在 {made} 月中作出";
        false => "a plan would be made at the close of {made}", "预估将在 {made} 月末作出";
    }

    // The columns of an empty folder
    readme_head =
        "# A data folder of yugu\n\n\
         Only `sales` is required. Every further table switches on the step that uses it; a table that stays empty or \
         is deleted does no harm. Save tables as CSV (UTF-8 or GBK) or as XLSX. Months are written 2024-02. Headers \
         may also be in Chinese; `[columns]` in `yugu.toml` maps any other.\n\n\
         `yugu check .` says what is wrong, `yugu plan .` forecasts.\n",
        "# yugu 数据文件夹\n\n\
         只有 `sales` 是必需的。其余每张表启用相应的步骤；空表或删去均可。表格可存为 CSV（UTF-8 或 GBK）或 XLSX。\
         月份写作 2024-02。表头可用中文；其他表头在 `yugu.toml` 的 `[columns]` 中对应。\n\n\
         `yugu check .` 检查数据，`yugu plan .` 进行预估。\n";
    readme_table(what: &Text) = "Switches on: {0}.", "用于：{0}。", what.clone();
    readme_one_of(names: &str) = " One of {names} is needed.", "{names} 至少有一列。";
    readme_columns = "| column | | what it holds | also called |\n|---|---|---|---|\n",
        "| 列 | | 内容 | 其他表头 |\n|---|---|---|---|\n";
}
