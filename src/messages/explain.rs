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

/// A sentence without anything to fill in.
macro_rules! fixed {
    ($($(#[$doc:meta])* $name:ident: $en:literal, $zh:literal;)*) => {
        $($(#[$doc])* pub fn $name() -> Text { say!($en, $zh) })*
    };
}
use fixed;

/// A group of products by its name; without one it is all products.
pub fn group(name: &str) -> Text {
    if name.is_empty() { say!("all products", "全部产品") } else { say!("{name}", "{name}") }
}

/// A name that is the same in every language.
pub fn as_named(name: &str) -> Text {
    say!("{name}", "{name}")
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

/// Nothing was ever sold.
pub fn nothing_sold(group: &Text) -> Text {
    say!("{0}: nothing was ever sold here, the level is 0", "{0}：此处从未有销售，水平为 0", group)
}

/// The level of a month.
pub fn level(group: &Text, month: impl Display) -> Text {
    say!("Level of {0} for {month}", "{month} {0}的水平", group)
}

/// The target's month is the level.
pub fn level_is_target(group: &Text, month: impl Display) -> Text {
    say!("Level of {0} for {month}: the month of the target, at 100%", "{month} {0}的水平：取当月目标的 100%", group)
}

/// The mean of the last months.
pub fn recent_mean(group: &Text, count: usize) -> Text {
    say!(
        "Base: {0}, mean of the last {count} months (under 13 months of history, no target)",
        "基数：{0}最近 {count} 个月的平均（历史不足 13 个月，且无目标）",
        group
    )
}

/// Clean demand of a month.
pub fn clean_in(month: impl Display) -> Text {
    say!("demand without dated events in {month}", "{month} 剔除事件后的需求")
}

/// January and February as a pair.
pub fn pair(month: impl Display) -> Text {
    say!(
        "Base: January and February of last year together, the part of {month} by this year's selling days",
        "基数：去年一、二月合计，按今年的销售天数分给 {month}"
    )
}

/// A month of last year made like today's products.
pub fn like_today(month: impl Display) -> Text {
    say!("Base: {month} with the products of today", "基数：按现有产品折算的 {month}")
}

/// Last year's month as of other days.
pub fn like_days(month: impl Display) -> Text {
    say!("Base: as of the working days of {month}", "基数：按 {month} 的工作日折算")
}

/// Selling days of a month.
pub fn selling_days(month: impl Display) -> Text {
    say!("selling days of {month} outside of New Year", "{month} 春节假期以外的销售天数")
}

/// Last year's demand.
pub fn base_demand(group: &Text, month: impl Display) -> Text {
    say!("Base: {0}, demand of {month}, stockouts taken out", "基数：{month} {0}的需求（已还原缺货）", group)
}

/// Last year's sales.
pub fn base_sales(group: &Text, month: impl Display) -> Text {
    say!("Base: {0}, sales of {month}", "基数：{month} {0}的销量", group)
}

/// An event taken out of a month.
pub fn credited(month: impl Display, reason: &str) -> Text {
    say!("Base of {month} without the event '{0}'", "{month} 剔除事件“{0}”后的基数", in_words(reason))
}

/// A stated effect turned round.
pub fn effect_out(reason: &str) -> Text {
    say!("What takes the event '{0}' out of its months", "剔除事件“{0}”的系数", in_words(reason))
}

/// A suppressed or boosted period credited.
pub fn credit(reason: &str) -> Text {
    say!(
        "Credit for the event '{0}' in all its months: part of the gap to what the other regions let expect",
        "事件“{0}”各月的补正量：与其他区域推算的期望之差的一部分",
        in_words(reason)
    )
}

/// One month's part of a credit.
pub fn part_of_month(month: impl Display) -> Text {
    say!(
        "The part of {month}: its shortfall in the shortfalls of all months",
        "其中 {month} 的部分：按该月缺口占各月缺口之和分摊"
    )
}

/// A planner's growth rate.
pub fn planned_growth(year: i32, reason: &str) -> Text {
    say!(
        "Growth: the planner's own rate for fiscal year {year} ({0}); it applies to actual demand",
        "成长率：计划员给定的 {year} 财年成长率（{0}），用于实际需求",
        in_words(reason)
    )
}

/// Growth that lies behind last year's month.
pub fn growth_behind(region: &str, moved: impl Display) -> Text {
    say!(
        "Growth used: the others', {region} sells at another level since {moved}, and last year's month has that in it",
        "采用成长率：其他区域的成长率；{region} 自 {moved} 起已处于另一水平，去年同月已包含该变化"
    )
}

/// A base month that is itself a forecast.
pub fn base_forecast(group: &Text, month: impl Display) -> Text {
    say!("{0}, {month}: itself forecast, without planned events", "{0} {month}：本身为预估，不含计划事件", group)
}

/// Growth of the region over a window.
pub fn own_growth(region: &str, (first, last): (impl Display, impl Display)) -> Text {
    say!(
        "Growth of {region}, {first} to {last} over the same months a year before",
        "{region} 的成长率：{first} 至 {last} 对去年同期"
    )
}

/// Growth of the company over a window.
pub fn company_growth(company: &str, (first, last): (impl Display, impl Display)) -> Text {
    let company = region_and(company, None);
    say!(
        "Growth of {0} ({first} to {last}, regions that sold through both years)",
        "{0}的成长率（{first} 至 {last}，两年都在销售的区域）",
        company
    )
}

// Stockouts

/// A month without anything in stock.
pub fn nothing_in_stock(month: impl Display) -> Text {
    say!("Demand of {month}: nothing was in stock", "{month} 的需求：当月全部缺货")
}

/// Customers of a month.
pub fn customers(month: impl Display) -> Text {
    say!(
        "Customers who came in {month}: sales in stock over the sum of in stock x attraction x exposure",
        "{month} 来客数：有货时的销量 ÷（有货天数比 × 吸引力 × 暴露度）之和"
    )
}

/// G of one product.
pub fn exposure_of(product: &str) -> Text {
    say!("Exposure of {product}", "{product} 的暴露度")
}

/// v of one product.
pub fn attraction_of(product: &str) -> Text {
    say!("Attraction of {product}", "{product} 的吸引力")
}

/// Demand of one product with everything in stock.
pub fn recovered(product: &str, month: impl Display) -> Text {
    say!("Demand for {product} in {month}, had everything been in stock", "{month} {product} 在全部有货时的需求")
}

// Mix

/// The share in a month.
pub fn month_share(product: &str, month: impl Display) -> Text {
    say!("Share of {product} in {month}", "{month} {product} 的占比")
}

/// Two months' shares averaged.
pub fn average_share(month: impl Display, other: impl Display) -> Text {
    say!("Share used: the average of {other} and {month}", "采用占比：{other} 与 {month} 的平均")
}

/// Why New Year leads to an average.
pub fn new_year_distorts(month: impl Display) -> Text {
    say!("{month} holds the New Year", "{month} 含春节")
}

/// Why stockouts lead to an average.
pub fn stockouts_distort(month: impl Display) -> Text {
    say!("stockouts distort {month}", "{month} 受缺货影响")
}

/// The company's mix stands in.
pub fn company_mix(month: impl Display) -> Text {
    say!("Share used: nothing sold here in {month}, the company's mix", "采用占比：{month} 此处无销售，取公司占比")
}

/// Demand of one product.
pub fn demand_of(product: &str) -> Text {
    say!("demand for {product}", "{product} 需求")
}

/// Sales of one product.
pub fn sales_of(product: &str) -> Text {
    say!("sales of {product}", "{product} 销量")
}

/// The baseline of a product.
pub fn baseline(product: &str, month: impl Display) -> Text {
    say!("{product} for {month}: level x share", "{month} {product}：水平 × 占比")
}

// Lifecycle

/// Gone after its last month.
pub fn retired(last: Option<impl Display>, successor: Option<&str>) -> Text {
    let last = last.map(|m| m.to_string()).unwrap_or_default();
    match successor {
        Some(product) => say!("Left the range after {last}; {product} follows it", "{last} 后退市，由 {product} 接替"),
        None => say!("Left the range after {last}", "{last} 后退市"),
    }
}

/// Takes over from another product.
pub fn succeeds(from: &str) -> Text {
    say!("Takes over from {from}: its own share and a part of that", "接替 {from}：本身占比加上其一部分")
}

/// The ramp of a new product.
pub fn ramp_at(age: f64, tau: f64) -> Text {
    let (age, tau) = (plain(age), plain(tau));
    say!("Ramp at an age of {age} months, tau {tau} months", "上市 {age} 个月的爬坡系数（tau 为 {tau} 个月）")
}

/// The ramp from one age to another.
pub fn ramp_on(now: f64, then: f64, tau: f64) -> Text {
    let (now, then, tau) = (plain(now), plain(then), plain(tau));
    say!(
        "Ramp from an age of {then} to {now} months, tau {tau} months",
        "上市 {then} 个月至 {now} 个月的爬坡系数（tau 为 {tau} 个月）"
    )
}

/// A new product's share.
pub fn new_product(like: &Text) -> Text {
    say!("New product: {0}, ramped", "新品：{0}，再乘爬坡系数", like)
}

/// Like a product that was named.
pub fn like_named(product: &str) -> Text {
    say!("the share of {product}, which it is like", "参照 {product} 的占比")
}

/// Like the product it replaces.
pub fn like_replaced(product: &str) -> Text {
    say!("its part of the share of {product}, which it replaces", "被替代产品 {product} 的部分占比")
}

/// Like the last launches.
pub fn like_launches(n: usize) -> Text {
    say!("a guess: the mean of the group's last {n} launches", "估计：该品类最近 {n} 次上市的平均")
}

/// Like the small products.
pub fn like_smallest(n: usize) -> Text {
    say!("a guess: the mean of the group's {n} smallest products", "估计：该品类最小的 {n} 个产品的平均")
}

/// Its own sales.
pub fn own_sales(months: usize) -> Text {
    let base = own_base(months);
    say!("Share from its own sales: {0} x growth, over the level", "以自身销量计占比：{0} × 成长 ÷ 水平", base)
}

/// What its own sales are.
pub fn own_base(months: usize) -> Text {
    match months {
        1 => say!("last year's same month", "去年同月"),
        n => say!("own monthly average of {n} months", "自身 {n} 个月的月平均"),
    }
}

/// A share that a rule fixes.
pub fn fixed_share(product: &str) -> Text {
    say!("{product}, fixed first", "{product}（先行确定）")
}

/// Products that are gone.
pub fn retired_here(products: &[&str]) -> Text {
    let (en, zh) = (products.join(", "), products.join("、"));
    say!("out of the range: {en}", "已退市：{zh}")
}

// Revision

/// Cover of a tier.
pub fn cover(region: &str, downstream: bool) -> Text {
    let (region, tier) = (region_and(region, None), tier_name(downstream));
    say!("Cover of {0} in {1}: stock over mean monthly sell-out", "{0}{1}的库存可销月数：库存 ÷ 月均出货", region, tier)
}

fn tier_name(downstream: bool) -> Text {
    if downstream { say!("the downstream stock", "下游") } else { say!("the dealers' stock", "经销商") }
}

/// What the norm is.
pub fn norm(months: u32) -> Text {
    say!("norm: median cover of the {months} months before", "常态：此前 {months} 个月可销月数的中位数")
}

/// From where on cover cuts.
pub fn cover_limits((high, cut): (f64, f64), (very_high, deep): (f64, f64)) -> Text {
    let (high, cut, very_high, deep) = (plain(high), plain(cut), plain(very_high), plain(deep));
    say!("over {high}: x {cut}; over {very_high}: x {deep}", "超过 {high} 乘 {cut}；超过 {very_high} 乘 {deep}")
}

/// Last month's sell-in over its forecast.
pub fn push(region: &str) -> Text {
    let region = region_and(region, None);
    say!("Push in {0}: last month's sell-in over its own forecast", "{0}压货：上月进货超出其预估的比例", region)
}

/// From where on a push cuts.
pub fn push_limits((high, cut): (f64, f64), (very_high, deep): (f64, f64)) -> Text {
    let (high, cut, very_high, deep) = (plain(high), plain(cut), plain(very_high), plain(deep));
    say!(
        "over by {high}: x {cut}; by {very_high}: x {deep}; no downstream count",
        "超出 {high} 乘 {cut}；超出 {very_high} 乘 {deep}；无下游盘点"
    )
}

/// The front line's estimate.
pub fn front_line(of: &Text) -> Text {
    say!("Front line, {0}: weight x theirs + the rest x ours", "一线预估（{0}）：权重 × 一线 + 其余 × 我方", of)
}

/// Who says so, and why.
pub fn answer(by: &str, reason: &str) -> Text {
    let why = in_words(reason);
    match (by.is_empty(), reason.is_empty()) {
        (true, true) => say!("given", "给定"),
        (true, false) => say!("given ({0})", "给定（{0}）", why),
        (false, true) => say!("{by}", "{by}"),
        (false, false) => say!("{by} ({0})", "{by}（{0}）", why),
    }
}

/// The month to date.
pub fn progress(of: &Text) -> Text {
    say!("Month to date, {0}", "月内进度（{0}）", of)
}

/// A planner's last word.
pub fn override_total(of: &Text) -> Text {
    say!("Override, {0}", "人工调整（{0}）", of)
}

/// A total restored after product rows.
pub fn restored(region: &str, group: &Text) -> Text {
    say!(
        "Product rows set the mix: the total of {region}, {0} is restored",
        "产品行只改变结构：恢复 {region}{0}的合计",
        group
    )
}

/// The sum within which was rounded, exact.
pub fn exact_sum(region: &str, group: &Text) -> Text {
    say!("{region}, {0}: exact sum", "{region}{0}：精确合计", group)
}

/// The sum within which was rounded, whole.
pub fn whole_sum(region: &str, group: &Text) -> Text {
    say!("{region}, {0}: whole units", "{region}{0}：取整合计", group)
}

/// Last year's sales.
pub fn last_year(product: &str, month: impl Display) -> Text {
    say!("Last year: sales of {product} in {month}", "去年：{month} {product} 销量")
}

/// The target of a month.
pub fn target(region: &str, group: &Text, month: impl Display) -> Text {
    say!("Target of {region}, {0} for {month}", "{region}{0} {month} 目标", group)
}

/// Parts of a sum.
pub fn sum_of_parts(n: usize) -> Text {
    say!("Sum of {n} parts", "{n} 个部分之和")
}

// Without effect

/// No stockouts in a month.
pub fn no_stockouts(month: impl Display) -> Text {
    say!("stockouts in {month}", "{month} 缺货")
}

/// No events in a month of last year.
pub fn no_credits(month: impl Display) -> Text {
    say!("dated events in {month}", "{month} 事件")
}

fixed! {
    /// Planned events.
    no_planned_events: "planned events", "计划事件";
    /// Growth.
    no_growth_yet: "growth (no year before)", "成长率（无去年同期）";
    /// R10.
    no_average: "averaging two months' shares (R10)", "两月占比平均（R10）";
    /// Lifecycle.
    no_lifecycle: "launches and retirements", "上市与退市";
    /// Channel.
    no_channel: "channel stock (not counted)", "渠道库存（无盘点）";
    /// Channel at another lag.
    cut_at_lag_one: "channel stock (cuts the month after the one made only)", "渠道库存（只影响次月）";
    /// Counted, no cut.
    no_cut: "attainment cut (100%)", "达成率下调（100%）";
    /// Front line.
    no_front_line: "front line", "一线预估";
    /// Month to date.
    no_progress: "month to date", "月内进度";
    /// Overrides.
    no_override: "overrides", "人工调整";
    /// Whole units.
    not_whole: "whole units (this group is sold in fractions)", "取整（该品类销量非整数）";
    /// A product.
    product: "product", "产品";
    /// Sales.
    sales: "sales", "销量";
    /// a.
    in_stock: "in stock", "有货比例";
    /// X.
    demand: "demand", "需求";
    /// v.
    attraction: "attraction", "吸引力";
    /// G.
    exposure: "exposure", "暴露度";
    /// a v G.
    reached: "a x v x G", "a×v×G";
    /// s.
    substitution: "customers who buy when everything is in stock", "全部有货时的购买比例";
    /// v0.
    nothing: "weight of buying nothing, (1 - s) / s", "不买的权重 (1 - s) / s";
    /// What G is.
    exposure_is: "exposure: mean of 1 / (weight of nothing + attraction of what is in stock) while in stock", "暴露度：有货期间 1 ÷（不买的权重 + 在架产品的吸引力）的平均";
    /// Where v comes from.
    settled: "sales over what would have sold at attraction 1; repeated until it no longer changes", "销量 ÷ 吸引力为 1 时的销量，反复计算至不再变化";
    /// lambda.
    customers_who_came: "customers who came", "来客数";
    /// The unseen month.
    from_months_beside: "total from the months beside it, mix from the months before", "总量取相邻月份，结构取此前月份";
    /// e.
    effect: "effect on sales", "对销量的影响";
    /// Event ahead.
    planned_event: "event: 1 + effect", "事件：1 + 影响";
    /// Demand in the event.
    demand_then: "demand in the event's months", "事件期间的需求";
    /// Expected there.
    expected: "expected from the other regions", "按其他区域推算的期望";
    /// psi.
    credited_part: "part credited", "补正比例";
    /// A rate.
    growth: "growth", "成长率";
    /// Half-way.
    growth_between: "Growth used: between the company's and the region's own", "采用成长率：介于公司与区域之间";
    /// The company's.
    growth_of_company: "Growth used: the company's (the region did not sell a year before)", "采用成长率：公司成长率（区域去年同期无销售）";
    /// Moved since last year's month.
    own_growth_in_full: "Growth used: the region's own in full, it sells at another level since", "采用成长率：全部采用区域自身成长率，此后已处于另一水平";
    /// Growth of another year.
    growth_fades: "Growth used: what goes on of it for another year", "采用成长率：再过一年后延续的部分";
    /// The months of the outlook.
    not_revised_yet: "a month of the outlook: nobody revises it yet", "属于展望月份：尚无人修正";
    /// The second year ahead.
    year_repeats: "more than a year ahead the months come again: growth has faded by then", "超过一年后各月重复：成长至此已消退";
    /// Growth held.
    growth_bounded: "Growth used: held, no month over twice the largest of the last twelve", "采用成长率：受限，任何月份不超过近十二个月最大值的两倍";
    /// w.
    own_weight: "weight of the region's own, as far as it covers its sales", "区域自身权重（按其占本区域销量的比例）";
    /// What is gone.
    gone: "products gone since", "此后退出的产品";
    /// What came.
    came: "own monthly level of products that came since", "此后新上产品自身的月水平";
    /// Season over 1 + growth.
    season_over_growth: "season of that month / (1 + growth)", "当月季节系数 ÷ (1 + 成长率)";
    /// Equal shares.
    equal_mix: "Share used: equal, nothing sold anywhere last month", "采用占比：上月全无销售，平均分配";
    /// No share.
    no_mix: "Share used: none, not sold within a year", "采用占比：无，一年内没有销售";
    /// Before.
    share_before: "share before", "原占比";
    /// .6.
    successor_share: "part of the share a successor takes", "接替品取得的比例";
    /// Ramp.
    ramp: "ramp", "爬坡系数";
    /// Not launched.
    not_yet: "Not launched yet in that month", "该月尚未上市";
    /// Expected share.
    expected_share: "share expected once settled", "成熟后的预期占比";
    /// Growing.
    first_year: "First year: its own share ramped on", "上市首年：自身占比继续爬坡";
    /// Left over.
    share_left: "Share used: in proportion to what the others leave", "采用占比：按其余产品留下的部分同比例调整";
    /// Nothing left.
    nothing_left: "Share used: the others leave nothing", "采用占比：其余产品已占满";
    /// Sum of open shares.
    open_shares: "sum of the shares that are not fixed", "未固定占比之和";
    /// Stock.
    stock: "stock at the month's end", "月末库存";
    /// Ratio.
    cover_ratio: "Cover over its norm", "可销月数 ÷ 常态";
    /// Sell-in.
    sell_in: "last month's sell-in", "上月进货";
    /// Forecast of it.
    its_forecast: "what it was forecast at", "其预估";
    /// Cut.
    cut: "Attainment: the cut on ours", "达成率：对我方预估下调";
    /// Factor.
    attainment_factor: "attainment factor, from the count", "达成率系数（据盘点）";
    /// Weight.
    front_weight: "weight of the front line", "一线权重";
    /// Ours.
    ours: "ours before", "我方原值";
    /// Own by front line.
    by_front_line: "The product's part of the front line's step", "一线调整分到该产品";
    /// Own by progress.
    by_progress: "The product's part of the landing", "月内进度分到该产品";
    /// Own by override.
    by_override: "The product's part of the override", "人工调整分到该产品";
    /// What finer overrides leave.
    override_left: "What finer overrides leave of it", "扣除下级调整后的余额";
    /// Finer overrides.
    held_by_finer: "held by finer overrides", "下级调整已定";
    /// Recorded.
    as_recorded: "As recorded by the run", "以运行记录为准";
    /// Before.
    before: "before", "调整前";
    /// Before, in all.
    total_before: "total before", "调整前合计";
    /// After, in all.
    total_after: "total after", "调整后合计";
    /// MTD.
    sold_so_far: "sold so far", "已售";
    /// Bound.
    not_below_sold: "nothing falls below what has been sold", "不低于已售数量";
    /// p.
    passed: "share of the month's working days passed (p)", "已过工作日比例 (p)";
    /// k.
    prior_weight: "weight of the forecast (k)", "预估的权重 (k)";
    /// Whole units.
    whole: "Whole units", "取整";
    /// How.
    rounded_top_down: "rounded from the top down, largest remainders first, so that what is printed adds up", "自上而下按最大余数取整，使各级合计一致";
    /// Attainment.
    attainment: "Forecast over target", "预估 ÷ 目标";
    /// Where to go on.
    where_to_go_on: "explain a part by its region and product", "可按区域与产品继续查看各部分";
}
