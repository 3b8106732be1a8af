//! What is said of a fitted number, and of why it is used or not.

use std::fmt::Display;

use super::super::Text;
use super::super::planning::plain;

/// A share as a percentage with one decimal at most.
pub fn percent(x: f64) -> String {
    format!("{}%", plain((x * 1000.0).round() / 10.0))
}

words! {
    /// Everything that is counted alike: goods, policies, services, as `panel` numbers them.
    block(index: usize) = match index {
        0 => "all goods", "全部商品";
        1 => "all policies", "全部保单";
        _ => "all services", "全部服务";
    }
    expert(name: &str) = match name {
        "last_year" => "last year's month", "去年同月";
        "last_year_and_growth" => "last year's month x recent growth", "去年同月 × 近期成长";
        "regression" => "regression over regions and products", "区域与产品回归";
        "regression_held" => "regression, held back", "区域与产品回归（收缩）";
        "regression_held_more" => "regression, held back more", "区域与产品回归（再收缩）";
        "recent_months" => "mean of the last months", "最近几个月的平均";
        other => "{other}", "{other}";
    }
}

/// A variable of the shares' regression, by its name for programs.
pub fn variable(name: &str) -> Text {
    Text { en: name.to_owned(), zh: in_chinese(name).unwrap_or_else(|| name.to_owned()) }
}

fn in_chinese(name: &str) -> Option<String> {
    let of_group = |group: &str| {
        Some(match group {
            "region" => "区域",
            "product" => "产品",
            "group" => "品类",
            "cell" => "区域品类",
            "block" => "总体",
            _ => return None,
        })
    };
    if let Some(lag) = name.strip_prefix("lag ") {
        return Some(if lag == "0" { "最近一月".to_owned() } else { format!("前 {lag} 个月") });
    }
    if let Some(name) = name.strip_prefix("size x ") {
        return Some(format!("规模 × {}", in_chinese(name)?));
    }
    for (en, zh) in [("forecast of ", "预估"), ("last year of ", "去年同月")] {
        if let Some((group, share)) = name.strip_prefix(en).and_then(|rest| rest.split_once(" x share ")) {
            return Some(format!("{}{zh} × 占比（{share}）", of_group(group)?));
        }
    }
    for (en, zh) in [("year on year of ", "同比"), ("momentum of ", "近期走势")] {
        if let Some(group) = name.strip_prefix(en) {
            return Some(format!("{}{zh}", of_group(group)?));
        }
    }
    if let Some(months) = name.strip_prefix("year on year, ").and_then(|rest| rest.strip_suffix(" months")) {
        return Some(format!("自身同比（{months} 个月）"));
    }
    Some(
        match name {
            "variation" => "波动",
            "months without sales" => "无销售月份",
            "size" => "规模",
            "size within product" => "在产品中的规模",
            "own forecast" => "自身预估",
            "own season, change" => "自身季节变化",
            "own season" => "自身季节",
            "last year" => "去年同月",
            "same step a year ago" => "去年同期环比",
            "same step two years ago" => "前年同期环比",
            _ => return None,
        }
        .to_owned(),
    )
}

words! {
    total_last_year(block: &Text, month: impl Display) =
        "Last year's month of {0}: demand of {month}, stockouts and dated events taken out, per month of mean length",
        "{0}的去年同月：{month} 的需求（已还原缺货与事件），折合平均长度的月份", block;
    total_recent(block: &Text, count: usize) =
        "Last months of {0}: mean demand of {count} months, per month of mean length",
        "{0}的近期水平：最近 {count} 个月需求的平均，折合平均长度的月份", block;
    month_of_mean_length(month: impl Display) = "{month}, per month of mean length", "{month}，折合平均长度的月份";
    total_grown(block: &Text) = "Last year's month of {0} x recent growth", "{0}的去年同月 × 近期成长", block;
    total(block: &Text, month: impl Display) =
        "Total of {0} for {month}, per month of mean length: each expert by its weight",
        "{month} {0}的总量（折合平均长度的月份）：各专家加权", block;
    said(product: &str, region: &str) =
        "What the regression over all series says of {product} in {region}, in logs against its own level",
        "全序列回归对 {region} {product} 的判断（相对自身水平的对数）";
    other_variables(n: usize) = "others ({n} variables)", "其余（{n} 个变量）";
    unscaled(product: &str) = "{product} before the total is matched: (level + offset) x exp(log) - offset",
        "{product} 与总量对齐之前：（水平 + 偏移）× exp(对数) - 偏移";
    share_of_total(product: &str, block: &Text) = "Share of {product} here in {0}: over the sum of all series",
        "此处 {product} 占{0}的比例：除以全部序列之和", block;
    regression(product: &str) = "{product} by the regression: total x share", "{product} 的回归预测：总量 × 占比";
    level_expert(name: &str) = match name {
        "regression" => "regression over all series", "全序列回归";
        "last_year" => "last year's month x growth, like for like", "去年同月 × 同口径成长";
        "smoothed" => "its own trend and season, smoothed", "自身趋势与季节（平滑）";
        "median" => "median of its last twelve months", "最近十二个月的中位数";
        "sum" => "sum of what is forecast below", "下级预测之和";
        other => "{other}", "{other}";
    }
    combined(product: &str) =
        "{product}, per month of mean length: each expert by its weight, as they missed at past closes",
        "{product}（折合平均长度的月份）：按过去误差给各专家加权";
    agreed(product: &str) = "{product} moved to agree with what its product, its region and the whole are forecast at",
        "{product} 与其产品、区域及总体的预测取得一致";
    moved_by(level: &str) = match level {
        "product" => "moved by the product over all regions", "由该产品各区域之和调整";
        "region" => "moved by the region over all products", "由该区域各产品之和调整";
        _ => "moved by the whole", "由总体调整";
    }
    weighed(product: &str) = "{product}: the fitted number and the plain rules', by how near both came lately",
        "{product}：拟合值与简明规则值，按近期误差加权";
    fitted_number(product: &str, month: impl Display) =
        "{product} for {month}: x days of the month over a month's mean length",
        "{month} {product}：× 当月天数 ÷ 月份平均天数";
    level_of_products(group: &Text, month: impl Display) =
        "Level of {0} for {month}: the sum of its products' fitted numbers",
        "{month} {0}的水平：各产品拟合值之和", group;
    share_in_cell(product: &str, group: &Text) = "Share of {product} in {0} here: by the fitted numbers",
        "此处 {product} 占{0}的比例：按拟合值", group;
    corrected_months(months: &[String]) { let (en, zh) = (months.join(", "), months.join("、")); } =
        "stockouts are taken out of its demand in {en}",
        "已还原缺货的月份：{zh}";
    credited_months(reason: &str, first: impl Display, last: impl Display) =
        "the event '{0}' is taken out of {first} to {last} here",
        "此处 {first} 至 {last} 已剔除事件“{0}”", crate::messages::planning::reason(reason);
    sum_of_series(n: usize) =
        "the sum of {n} series, read from all their rows of sales; not taken further apart here",
        "为 {n} 个序列之和，取自 sales 中其全部行；此处不再拆分";
    learned_of_all =
        "the coefficients are learned from all series together: what they come to can be redone, how they were learned cannot",
        "系数由全部序列共同估计：结果可复算，估计过程不在此列出";
    nearer(ahead: usize, origins: usize, fitted: f64, rules: f64) {
        let (fitted, rules, months) = (percent(fitted), percent(rules), if ahead == 1 { "month" } else { "months" });
    } =
        "fitted, as in {origins} forecasts made in the past {ahead} {months} ahead it missed {fitted} of the sales of \
         regions and products, and the plain rules {rules}",
        "采用拟合预估：过去提前 {ahead} 个月的 {origins} 次预估中，其误差占各区域产品销量的 {fitted}，而基本规则为 {rules}";
    lost(origins: usize, fitted: f64, rules: f64) { let (fitted, rules) = (percent(fitted), percent(rules)); } =
        "the fitted forecast (in {origins} forecasts made in the past it missed {fitted}, the plain rules {rules})",
        "拟合预估（过去 {origins} 次预估中误差 {fitted}，基本规则 {rules}）";
    nothing_to_compare =
        "fitted: it was tried at past origins, and the plain rules there still stood on the last months, so that there is nothing to compare",
        "采用拟合预估：已在过去各期试用；当时基本规则尚无去年同期可依，无从比较";
    too_little = "the fitted forecast (too little history to learn from)", "拟合预估（历史太短，无法学习）";
    fit_off = "the fitted forecast ([fit] learn is off)", "拟合预估（[fit] learn 已关闭）";
    fit_not_here = "the fitted forecast (nothing of it reaches this region and group)", "拟合预估（未涉及此区域品类）";
    level_kept = "a planner's growth rate or a target sets the level; of the fitted forecast only the shares are used",
        "水平由计划员成长率或目标确定，拟合预估只用于占比";
    not_live = "Share used: none, nothing sold for years", "采用占比：无，多年没有销售";
    followed = "attractions are followed over the months: from this month and those before it",
        "吸引力逐月跟踪：依据本月及此前各月";
    expert_column = "expert", "专家";
    expert_number = "says", "数值";
    weight = "weight", "权重";
    missed = "missed before", "过去误差";
    variable_column = "variable", "变量";
    less_mean = "less the mean", "减去均值";
    coefficient = "coefficient", "系数";
    adds = "adds", "贡献";
    begun = "part of the month that comes from what is already sold", "来自在售序列的部分";
    days_then = "days of that month", "该月天数";
    days_of_month = "days of the month", "当月天数";
    mean_days = "days of a month on average", "月份平均天数";
    recent_growth = "growth of the months since on the year before, in logs, .7 a month",
        "其后各月同比（对数，每月 0.7 递减）";
    growth_kept = "part of it that goes on", "延续的部分";
    own_level = "its level: mean of its months, .85 a month", "自身水平：各月平均（每月 0.85 递减）";
    own_offset = "its offset: half of its variance over its mean", "自身偏移：方差与均值之比的一半";
    fitted_units = "fitted", "拟合值";
    plain_rules = "The plain rules: last year or the last months x growth x the last months' mix",
        "基本规则：去年或近期 × 成长 × 近期结构";
}
