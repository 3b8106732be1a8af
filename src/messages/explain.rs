//! What is said when a number is explained.

use std::fmt::Display;

use super::Text;
use super::planning::{plain, reason as in_words};
use crate::say;

mod asked;
mod fitted;
mod learned;
mod page;
mod rules;

pub use asked::*;
pub use fitted::*;
pub use learned::*;
pub use page::*;
pub use rules::*;

words! {
    /// A group of products by its name; without one it is all products.
    group(name: &str) { let all = name.is_empty(); } = match all {
        true => "all products", "全部产品";
        false => "{name}", "{name}";
    }
    as_named(name: &str) = "{name}", "{name}";
}

/// A region, and what of it.
pub fn region_and(region: &str, what: Option<&str>) -> Text {
    let company = if region.is_empty() { say!("the company", "公司") } else { say!("{region}", "{region}") };
    match what {
        Some(what) if !what.is_empty() => say!("{0}, {what}", "{0}、{what}", company),
        _ => company,
    }
}

// Level

words! {
    nothing_sold(group: &Text) = "{0}: nothing was ever sold here, the level is 0",
        "{0}：此处从未有销售，水平为 0", group;
    level(group: &Text, month: impl Display) = "Level of {0} for {month}", "{month} {0}的水平", group;
    level_is_target(group: &Text, month: impl Display) = "Level of {0} for {month}: the month of the target, at 100%",
        "{month} {0}的水平：取当月目标的 100%", group;
    recent_mean(group: &Text, count: usize) =
        "Base: {0}, mean of the last {count} months (under 13 months of history, no target)",
        "基数：{0}最近 {count} 个月的平均（历史不足 13 个月，且无目标）", group;
    clean_in(month: impl Display) = "demand without dated events in {month}", "{month} 剔除事件后的需求";
    pair(month: impl Display) =
        "Base: January and February of last year together, the part of {month} by this year's selling days",
        "基数：去年一、二月合计，按今年的销售天数分给 {month}";
    like_today(month: impl Display) = "Base: {month} with the products of today", "基数：按现有产品折算的 {month}";
    like_days(month: impl Display) = "Base: as of the working days of {month}", "基数：按 {month} 的工作日折算";
    selling_days(month: impl Display) = "selling days of {month} outside of New Year", "{month} 春节假期以外的销售天数";
    base_demand(group: &Text, month: impl Display) = "Base: {0}, demand of {month}, stockouts taken out",
        "基数：{month} {0}的需求（已还原缺货）", group;
    base_sales(group: &Text, month: impl Display) = "Base: {0}, sales of {month}", "基数：{month} {0}的销量", group;
    credited(month: impl Display, reason: &str) = "Base of {month} without the event '{0}'",
        "{month} 剔除事件“{0}”后的基数", in_words(reason);
    effect_out(reason: &str) = "What takes the event '{0}' out of its months",
        "剔除事件“{0}”的系数", in_words(reason);
    credit(reason: &str) =
        "Credit for the event '{0}' in all its months: part of the gap to what the other regions let expect",
        "事件“{0}”各月的补正量：与其他区域推算的期望之差的一部分", in_words(reason);
    part_of_month(month: impl Display) = "The part of {month}: its shortfall in the shortfalls of all months",
        "其中 {month} 的部分：按该月缺口占各月缺口之和分摊";
    planned_growth(year: i32, reason: &str) =
        "Growth: the planner's own rate for fiscal year {year} ({0}); it applies to actual demand",
        "成长率：计划员给定的 {year} 财年成长率（{0}），用于实际需求", in_words(reason);
    growth_behind(region: &str, moved: impl Display) =
        "Growth used: the others', {region} sells at another level since {moved}, and last year's month has that in it",
        "采用成长率：其他区域的成长率；{region} 自 {moved} 起已处于另一水平，去年同月已包含该变化";
    base_forecast(group: &Text, month: impl Display) = "{0}, {month}: itself forecast, without planned events",
        "{0} {month}：本身为预估，不含计划事件", group;
    own_growth(region: &str, (first, last): (impl Display, impl Display)) =
        "Growth of {region}, {first} to {last} over the same months a year before",
        "{region} 的成长率：{first} 至 {last} 对去年同期";
    company_growth(company: &str, (first, last): (impl Display, impl Display)) {
        let company = region_and(company, None);
    } =
        "Growth of {0} ({first} to {last}, regions that sold through both years)",
        "{0}的成长率（{first} 至 {last}，两年都在销售的区域）", company;

    // Stockouts
    nothing_in_stock(month: impl Display) = "Demand of {month}: nothing was in stock", "{month} 的需求：当月全部缺货";
    customers(month: impl Display) =
        "Customers who came in {month}: sales in stock over the sum of in stock x attraction x exposure",
        "{month} 来客数：有货时的销量 ÷（有货天数比 × 吸引力 × 暴露度）之和";
    exposure_of(product: &str) = "Exposure of {product}", "{product} 的暴露度";
    attraction_of(product: &str) = "Attraction of {product}", "{product} 的吸引力";
    recovered(product: &str, month: impl Display) = "Demand for {product} in {month}, had everything been in stock",
        "{month} {product} 在全部有货时的需求";

    // Mix
    month_share(product: &str, month: impl Display) = "Share of {product} in {month}", "{month} {product} 的占比";
    average_share(month: impl Display, other: impl Display) = "Share used: the average of {other} and {month}",
        "采用占比：{other} 与 {month} 的平均";
    new_year_distorts(month: impl Display) = "{month} holds the New Year", "{month} 含春节";
    stockouts_distort(month: impl Display) = "stockouts distort {month}", "{month} 受缺货影响";
    company_mix(month: impl Display) = "Share used: nothing sold here in {month}, the company's mix",
        "采用占比：{month} 此处无销售，取公司占比";
    demand_of(product: &str) = "demand for {product}", "{product} 需求";
    sales_of(product: &str) = "sales of {product}", "{product} 销量";
    baseline(product: &str, month: impl Display) = "{product} for {month}: level x share",
        "{month} {product}：水平 × 占比";

    // Lifecycle
    retired(last: Option<impl Display>, successor: Option<&str>) {
        let last = last.map(|m| m.to_string()).unwrap_or_default();
    } = match successor {
        Some(product) => "Left the range after {last}; {product} follows it", "{last} 后退市，由 {product} 接替";
        None => "Left the range after {last}", "{last} 后退市";
    }
    succeeds(from: &str) = "Takes over from {from}: its own share and a part of that",
        "接替 {from}：本身占比加上其一部分";
    ramp_at(age: f64, tau: f64) { let (age, tau) = (plain(age), plain(tau)); } =
        "Ramp at an age of {age} months, tau {tau} months",
        "上市 {age} 个月的爬坡系数（tau 为 {tau} 个月）";
    ramp_on(now: f64, then: f64, tau: f64) { let (now, then, tau) = (plain(now), plain(then), plain(tau)); } =
        "Ramp from an age of {then} to {now} months, tau {tau} months",
        "上市 {then} 个月至 {now} 个月的爬坡系数（tau 为 {tau} 个月）";
    new_product(like: &Text) = "New product: {0}, ramped", "新品：{0}，再乘爬坡系数", like;
    like_named(product: &str) = "the share of {product}, which it is like", "参照 {product} 的占比";
    like_replaced(product: &str) = "its part of the share of {product}, which it replaces",
        "被替代产品 {product} 的部分占比";
    like_launches(n: usize) = "a guess: the mean of the group's last {n} launches", "估计：该品类最近 {n} 次上市的平均";
    like_smallest(n: usize) = "a guess: the mean of the group's {n} smallest products",
        "估计：该品类最小的 {n} 个产品的平均";
    own_sales(months: usize) { let base = own_base(months); } =
        "Share from its own sales: {0} x growth, over the level",
        "以自身销量计占比：{0} × 成长 ÷ 水平", base;
    own_base(months: usize) = match months {
        1 => "last year's same month", "去年同月";
        n => "own monthly average of {n} months", "自身 {n} 个月的月平均";
    }
    fixed_share(product: &str) = "{product}, fixed first", "{product}（先行确定）";
    retired_here(products: &[&str]) { let (en, zh) = (products.join(", "), products.join("、")); } =
        "out of the range: {en}",
        "已退市：{zh}";

    // Revision
    cover(region: &str, downstream: bool) { let (region, tier) = (region_and(region, None), tier_name(downstream)); } =
        "Cover of {0} in {1}: stock over mean monthly sell-out",
        "{0}{1}的库存可销月数：库存 ÷ 月均出货", region, tier;
}

fn tier_name(downstream: bool) -> Text {
    if downstream { say!("the downstream stock", "下游") } else { say!("the dealers' stock", "经销商") }
}

words! {
    norm(months: u32) = "norm: median cover of the {months} months before", "常态：此前 {months} 个月可销月数的中位数";
    cover_limits((high, cut): (f64, f64), (very_high, deep): (f64, f64)) {
        let (high, cut, very_high, deep) = (plain(high), plain(cut), plain(very_high), plain(deep));
    } =
        "over {high}: x {cut}; over {very_high}: x {deep}",
        "超过 {high} 乘 {cut}；超过 {very_high} 乘 {deep}";
    push(region: &str) { let region = region_and(region, None); } =
        "Push in {0}: last month's sell-in over its own forecast",
        "{0}压货：上月进货超出其预估的比例", region;
    push_limits((high, cut): (f64, f64), (very_high, deep): (f64, f64)) {
        let (high, cut, very_high, deep) = (plain(high), plain(cut), plain(very_high), plain(deep));
    } =
        "over by {high}: x {cut}; by {very_high}: x {deep}; no downstream count",
        "超出 {high} 乘 {cut}；超出 {very_high} 乘 {deep}；无下游盘点";
    front_line(of: &Text) = "Front line, {0}: weight x theirs + the rest x ours",
        "一线预估（{0}）：权重 × 一线 + 其余 × 我方", of;
    answer(by: &str, reason: &str) = match (by.is_empty(), reason.is_empty()) {
        (true, true) => "given", "给定";
        (true, false) => "given ({0})", "给定（{0}）", in_words(reason);
        (false, true) => "{by}", "{by}";
        (false, false) => "{by} ({0})", "{by}（{0}）", in_words(reason);
    }
    progress(of: &Text) = "Month to date, {0}", "月内进度（{0}）", of;
    override_total(of: &Text) = "Override, {0}", "人工调整（{0}）", of;
    restored(region: &str, group: &Text) = "Product rows set the mix: the total of {region}, {0} is restored",
        "产品行只改变结构：恢复 {region}{0}的合计", group;
    exact_sum(region: &str, group: &Text) = "{region}, {0}: exact sum", "{region}{0}：精确合计", group;
    whole_sum(region: &str, group: &Text) = "{region}, {0}: whole units", "{region}{0}：取整合计", group;
    last_year(product: &str, month: impl Display) = "Last year: sales of {product} in {month}",
        "去年：{month} {product} 销量";
    target(region: &str, group: &Text, month: impl Display) = "Target of {region}, {0} for {month}",
        "{region}{0} {month} 目标", group;
    sum_of_parts(n: usize) = "Sum of {n} parts", "{n} 个部分之和";

    // Without effect
    no_stockouts(month: impl Display) = "stockouts in {month}", "{month} 缺货";
    no_credits(month: impl Display) = "dated events in {month}", "{month} 事件";
    no_planned_events = "planned events", "计划事件";
    no_growth_yet = "growth (no year before)", "成长率（无去年同期）";
    no_average = "averaging two months' shares (R10)", "两月占比平均（R10）";
    no_lifecycle = "launches and retirements", "上市与退市";
    no_channel = "channel stock (not counted)", "渠道库存（无盘点）";
    cut_at_lag_one = "channel stock (cuts the month after the one made only)", "渠道库存（只影响次月）";
    no_cut = "attainment cut (100%)", "达成率下调（100%）";
    no_front_line = "front line", "一线预估";
    no_progress = "month to date", "月内进度";
    no_override = "overrides", "人工调整";
    not_whole = "whole units (this group is sold in fractions)", "取整（该品类销量非整数）";
    product = "product", "产品";
    sales = "sales", "销量";
    in_stock = "in stock", "有货比例";
    demand = "demand", "需求";
    attraction = "attraction", "吸引力";
    exposure = "exposure", "暴露度";
    reached = "a x v x G", "a×v×G";
    substitution = "customers who buy when everything is in stock", "全部有货时的购买比例";
    nothing = "weight of buying nothing, (1 - s) / s", "不买的权重 (1 - s) / s";
    exposure_is = "exposure: mean of 1 / (weight of nothing + attraction of what is in stock) while in stock",
        "暴露度：有货期间 1 ÷（不买的权重 + 在架产品的吸引力）的平均";
    settled = "sales over what would have sold at attraction 1; repeated until it no longer changes",
        "销量 ÷ 吸引力为 1 时的销量，反复计算至不再变化";
    customers_who_came = "customers who came", "来客数";
    from_months_beside = "total from the months beside it, mix from the months before",
        "总量取相邻月份，结构取此前月份";
    effect = "effect on sales", "对销量的影响";
    planned_event = "event: 1 + effect", "事件：1 + 影响";
    demand_then = "demand in the event's months", "事件期间的需求";
    expected = "expected from the other regions", "按其他区域推算的期望";
    credited_part = "part credited", "补正比例";
    growth = "growth", "成长率";
    growth_between = "Growth used: between the company's and the region's own", "采用成长率：介于公司与区域之间";
    growth_of_company = "Growth used: the company's (the region did not sell a year before)",
        "采用成长率：公司成长率（区域去年同期无销售）";
    own_growth_in_full = "Growth used: the region's own in full, it sells at another level since",
        "采用成长率：全部采用区域自身成长率，此后已处于另一水平";
    growth_fades = "Growth used: what goes on of it for another year", "采用成长率：再过一年后延续的部分";
    not_revised_yet = "a month of the outlook: nobody revises it yet", "属于展望月份：尚无人修正";
    year_repeats = "more than a year ahead the months come again: growth has faded by then",
        "超过一年后各月重复：成长至此已消退";
    growth_bounded = "Growth used: held, no month over twice the largest of the last twelve",
        "采用成长率：受限，任何月份不超过近十二个月最大值的两倍";
    own_weight = "weight of the region's own, as far as it covers its sales", "区域自身权重（按其占本区域销量的比例）";
    gone = "products gone since", "此后退出的产品";
    came = "own monthly level of products that came since", "此后新上产品自身的月水平";
    season_over_growth = "season of that month / (1 + growth)", "当月季节系数 ÷ (1 + 成长率)";
    equal_mix = "Share used: equal, nothing sold anywhere last month", "采用占比：上月全无销售，平均分配";
    no_mix = "Share used: none, not sold within a year", "采用占比：无，一年内没有销售";
    share_before = "share before", "原占比";
    successor_share = "part of the share a successor takes", "接替品取得的比例";
    ramp = "ramp", "爬坡系数";
    not_yet = "Not launched yet in that month", "该月尚未上市";
    expected_share = "share expected once settled", "成熟后的预期占比";
    first_year = "First year: its own share ramped on", "上市首年：自身占比继续爬坡";
    share_left = "Share used: in proportion to what the others leave", "采用占比：按其余产品留下的部分同比例调整";
    nothing_left = "Share used: the others leave nothing", "采用占比：其余产品已占满";
    open_shares = "sum of the shares that are not fixed", "未固定占比之和";
    stock = "stock at the month's end", "月末库存";
    cover_ratio = "Cover over its norm", "可销月数 ÷ 常态";
    sell_in = "last month's sell-in", "上月进货";
    its_forecast = "what it was forecast at", "其预估";
    cut = "Attainment: the cut on ours", "达成率：对我方预估下调";
    attainment_factor = "attainment factor, from the count", "达成率系数（据盘点）";
    front_weight = "weight of the front line", "一线权重";
    ours = "ours before", "我方原值";
    by_front_line = "The product's part of the front line's step", "一线调整分到该产品";
    by_progress = "The product's part of the landing", "月内进度分到该产品";
    by_override = "The product's part of the override", "人工调整分到该产品";
    override_left = "What finer overrides leave of it", "扣除下级调整后的余额";
    held_by_finer = "held by finer overrides", "下级调整已定";
    as_recorded = "As recorded by the run", "以运行记录为准";
    before = "before", "调整前";
    total_before = "total before", "调整前合计";
    total_after = "total after", "调整后合计";
    sold_so_far = "sold so far", "已售";
    not_below_sold = "nothing falls below what has been sold", "不低于已售数量";
    passed = "share of the month's working days passed (p)", "已过工作日比例 (p)";
    prior_weight = "weight of the forecast (k)", "预估的权重 (k)";
    whole = "Whole units", "取整";
    rounded_top_down = "rounded from the top down, largest remainders first, so that what is printed adds up",
        "自上而下按最大余数取整，使各级合计一致";
    attainment = "Forecast over target", "预估 ÷ 目标";
    where_to_go_on = "explain a part by its region and product", "可按区域与产品继续查看各部分";
}
