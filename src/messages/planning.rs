//! What the steps of the method say of the data they were given.

use super::Text;
use crate::month::Month;

/// The reasons known without `[reasons]`, in English and in Chinese.
pub const REASONS: [(&str, &str); 8] = [
    ("cash", "资金"),
    ("cooperation", "配合"),
    ("weather", "天气"),
    ("competitor", "竞品"),
    ("promotion", "促销"),
    ("price", "价格"),
    ("stockpiling", "囤货"),
    ("other", "其他"),
];

/// A reason in both languages: as somebody wrote it where it is his own.
pub fn reason(word: &str) -> Text {
    let known = REASONS.into_iter().find(|(en, zh)| word.eq_ignore_ascii_case(en) || word == *zh);
    let (en, zh) = known.unwrap_or((word, word));
    crate::say!("{en}", "{zh}")
}

/// A number in a message: at most two decimals, none where it is whole.
pub fn plain(x: f64) -> String {
    let text = format!("{x:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A share in a message as people write it: a percentage with at most two decimals.
pub fn percent(share: f64) -> String {
    format!("{}%", plain(share * 100.0))
}

words! {
    forecast_too_large =
        "the forecast is larger than anything sold can be (over 1e15 units); look for too large numbers in factors, growth, targets and progress",
        "预测值大于任何可能的销量（超过 1e15）；请检查 factors、growth、targets、progress 中过大的数字";
    target_unused(year: i32) = "the target of fiscal year {year} for all products is not needed",
        "{year} 财年的全品类目标没有用到";
    groups_have_their_own = "every group has a target of its own; those are used",
        "每个品类都有自己的目标，以品类目标为准";
    groups_exceed_all(year: i32) =
        "in fiscal year {year} the groups' own targets exceed the target for all products in some regions or months",
        "{year} 财年部分区域或月份的品类目标之和超过了全品类目标";
    rest_is_zero = "the other groups get no target there", "该处其余品类不再分配目标";
    growth_not_kept(region: &str, year: i32) { let region = company(region); } =
        "the growth rates below {0} for fiscal year {year} do not fit its target: nobody is left to take the rest",
        "{0} 下级区域 {year} 财年的成长率与目标不符：没有其他区域承担差额", region;
    targets_do_not_add_up(region: &str, year: i32, total: f64, below: f64, rows: &str) {
        let region = company(region);
        let (total, below) = (plain(total), plain(below));
    } =
        "the targets of fiscal year {year} below {0} add up to {below}, its own is {total}: {rows}",
        "{year} 财年 {0} 的下级目标合计 {below}，其自身目标为 {total}：{rows}", region;
    targets_scaled = "they are used as proportions, the total holds", "改按比例分配，总量不变";
    growth_scaled = "they are used as proportions, the total holds", "改按成长率的比例分配，总量不变";
}

fn company(region: &str) -> Text {
    let name = |none: &str| if region.is_empty() { none.to_string() } else { region.to_string() };
    Text { en: name("the company"), zh: name("公司") }
}

words! {
    locks_leave_no_room(region: &str, year: i32, total: f64, low: f64, high: f64, locks: &str) {
        let region = company(region);
        let (total, low) = (plain(total), plain(low));
        let high = if high.is_finite() { plain(high) } else { "∞".to_string() };
    } =
        "the target {total} of {0} for fiscal year {year} cannot be shared out: locks and bounds leave {low} to {high}; they are: {locks}",
        "{0} {year} 财年的目标 {total} 无法分解：锁定与上下限只允许 {low} 至 {high}；涉及：{locks}", region;
    equal_parts(region: &str, year: i32) { let region = company(region); } =
        "part of the target of {0} for fiscal year {year} goes to regions that sold nothing the year before",
        "{0} {year} 财年的部分目标分给了上年没有销量的下级区域", region;
    pushed((region, products): (&str, &str), month: Month, sold: f64, counts_as: f64) {
        let region = company(region);
        let (sold, counts_as) = (plain(sold.round()), plain(counts_as.round()));
        let space = if products.is_empty() { "" } else { " " };
    } =
        "{month} {0}{space}{products}: {sold} sold where {counts_as} was expected, with the channel counted: goods pushed into it",
        "{month} {0}{space}{products}：销售 {sold}，预期 {counts_as}，结合渠道盘点视为压货", region;
    no_base = "counts as expected for level and growth", "在水平与成长率中按预期计";
    no_effect_known(reason: &str) = "no effect is given, and '{0}' has had none in this folder before",
        "未填写影响，且“{0}”此前在本数据中没有可参考的影响", self::reason(reason);
    changes_nothing = "it changes nothing in the months ahead until an effect is given",
        "填写影响之前，不改变未来月份的预测";
    shared_equally = "it is shared among them equally", "在这些区域之间平均分配";
    answer_replaced(units: &str, newer: &str) = "{newer} gives a newer figure for the same than this one, {units}",
        "{newer} 对同一项给出了更新的数值，此处为 {units}";
    newer_is_used = "the newer one is used", "以较新的为准";
    nothing_to_override = "nothing is sold there that could be overridden", "该处没有可调整的产品";
    override_conflict(units: f64, held: f64, others: &str) { let (units, held) = (plain(units), plain(held)); } =
        "the override {units} leaves no room: {held} of it are locked by {others}",
        "调整值 {units} 无法满足：其中 {held} 已被 {others} 锁定";
    override_wins(units: f64) { let units = plain(units); } =
        "the override {units} does not fit the overrides below it",
        "调整值 {units} 与下级调整不一致";
    override_scaled = "those that are not locked are scaled to it", "未锁定的下级调整按比例缩放";
    small_override(before: f64, units: f64) {
        let share = plain((units / before - 1.0).abs() * 100.0);
        let (before, units) = (plain(before), plain(units));
    } =
        "the override {units} changes {before} by only {share}%; changes this small make a forecast worse as often as better",
        "调整值 {units} 仅使 {before} 变动 {share}%；如此小的调整常使预测变差";
    override_used = "it is used", "照用";
    factor_not_known_yet(from: impl std::fmt::Display) =
        "the event begins in {from} and does not say since when it is known",
        "事件从 {from} 开始，未填写已知日期";
    counts_from_its_begin = "it counts from its begin on; fill in `known` to plan with it now",
        "从开始之日起计入；要现在就计入请填写 known";
    answer_of_a_later_day(made: chrono::NaiveDate, as_of: chrono::NaiveDate) =
        "made on {made}, after {as_of}, the day up to which this run looks",
        "{made} 作出，晚于本次数据截至日 {as_of}";
    not_used_yet = "not used; run with a later --as-of to use it", "未采用；如需采用请使用更晚的 --as-of";
    answer_beyond(month: Month, last: Month) = "speaks of {month}; this run revises months up to {last}",
        "涉及 {month}；本次只修正到 {last}";
    answers_of_an_earlier_run(count: usize, made: Month, now: Month) {
        let rows = if count == 1 { "1 row was".to_owned() } else { format!("{count} rows were") };
    } =
        "{rows} made for an earlier run (this one in {made}) about months that are forecast again in {now}",
        "有 {count} 行是为以前的预估填写的（本行为 {made}），涉及的月份在 {now} 再次预估";
    say_it_again = "not used: a row counts for the run of the month in which it was made; write it again to keep it",
        "未采用：每行只用于填写当月的预估；如仍有效请重新填写";
    not_used_for_now = "not used this time", "本次未采用";
    nothing_complete(as_of: chrono::NaiveDate) =
        "no month of sales is complete by {as_of}; there is nothing to forecast from",
        "截至 {as_of} 没有完整的销售月份，无法预估";
    /// What was made, when, from what; `to_date` is the day of the newest month to date.
    made(
        folder: &str, made: &str, during: bool, cutoff: Month, as_of: chrono::NaiveDate,
        to_date: Option<chrono::NaiveDate>
    ) = match (during, to_date) {
        (true, Some(day)) =>
            "{folder}: forecast made during {made}, from complete months up to {cutoff} and the month to date of {day}",
            "{folder}：{made} 月中预估，依据截至 {cutoff} 的完整月份及 {day} 的当月进度";
        (true, None) =>
            "{folder}: forecast made during {made}, from complete months up to {cutoff} (as of {as_of}; no month to date)",
            "{folder}：{made} 月中预估，依据截至 {cutoff} 的完整月份（截至日期 {as_of}；无当月进度）";
        (false, _) => "{folder}: forecast made at the close of {made}, from sales up to {cutoff} (as of {as_of})",
            "{folder}：{made} 月末预估，依据截至 {cutoff} 的销售（截至日期 {as_of}）";
    }
}
