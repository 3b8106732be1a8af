//! What the ledger taught the revision.

use crate::messages::Text;
use crate::say;

words! {
    our_weight = "weight of ours", "我方权重";
    target_weight = "weight of the target", "目标权重";
    target_source = "target of the month", "当月目标";
    fills_up = "share of the month's units expected by then", "至此应售出的当月占比";
    attained_log = "Attainment that such a cover came to before, as a log", "以往同等可销月数下完成率的对数";
    attained = "Attainment expected of the month ahead", "次月预期完成率";
    log_cover = "log of cover over its norm", "可销月数与常态之比的对数";
    last_miss = "log of the last month's actual over its forecast", "上月实际与预测之比的对数";
    log_landing = "log of this month's landing over its forecast", "当月落点与预测之比的对数";
}

fn own(months: usize) -> Text {
    match months {
        0 => say!("the mean of the others", "取其他人的均值"),
        n => say!("from {n} months of its own", "依据本身 {n} 个月"),
    }
}

words! {
    bias_of(by: &str, months: usize) = "what {by}'s numbers are multiplied by, {0}",
        "{by}所报数的校正倍数（{0}）", own(months);
    our_bias(months: usize) = "what ours is multiplied by, {0}", "我方数的校正倍数（{0}）", own(months);
    target_bias(months: usize) = "what the target is multiplied by, {0}", "目标的校正倍数（{0}）", own(months);
    learned_from_ledger(months: usize, rows: usize) =
        "learned from the ledger: {months} months, {rows} numbers beside what came",
        "学自已发布的预测：{months} 个月，{rows} 个数与实际对照";
    attained_within(low: f64, high: f64) = "kept within {low} and {high}", "限于 {low} 至 {high} 之间";
}
