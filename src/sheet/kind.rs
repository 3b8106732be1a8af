//! Words by which people sort the rows of a table: what is no sale.

use super::cell::{is_total, total_of};
use crate::schema::normal;

/// What rows are that are no sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Goods that came back.
    Returned,
    /// What was ordered and never came about.
    Cancelled,
    /// What was to be sold.
    Planned,
    /// The sum of other rows.
    Total,
}

impl Kind {
    /// What a word says.
    pub fn of(word: &str) -> Option<Kind> {
        const RETURNED: [&str; 5] = ["退货", "退貨", "退回", "销退", "退款"];
        const RETURNED_ENGLISH: [&str; 7] = ["return", "returns", "returned", "refund", "refunds", "refunded", "rma"];
        const CANCELLED: [&str; 4] = ["取消", "作废", "作廢", "撤单"];
        const CANCELLED_ENGLISH: [&str; 6] = ["cancel", "cancelled", "canceled", "cancellation", "void", "voided"];
        const EVERYTHING: [&str; 9] =
            ["全渠道", "全部渠道", "所有渠道", "全部", "所有", "全体", "all", "allchannels", "overall"];
        // 不退货, 未取消, non-returnable.
        const NOT: [&str; 7] = ["不", "无", "未", "非", "可", "not", "non"];
        if is_total(word) || total_of(word).is_some() || EVERYTHING.contains(&normal(word).as_str()) {
            return Some(Kind::Total);
        }
        let lower = word.to_lowercase();
        let word = normal(word);
        let holds = |words: &[&str], english: &[&str]| {
            let mut parts = lower.split(|c: char| !c.is_alphanumeric());
            words.iter().any(|w| word.contains(w)) || parts.any(|part| english.contains(&part))
        };
        let denied = NOT.iter().any(|not| word.starts_with(not));
        match () {
            () if denied => None,
            () if holds(&CANCELLED, &CANCELLED_ENGLISH) => Some(Kind::Cancelled),
            () if holds(&RETURNED, &RETURNED_ENGLISH) => Some(Kind::Returned),
            () if is_planned(&word) => Some(Kind::Planned),
            () => None,
        }
    }
}

/// Whether a word is one for a plan and nothing else: 计划, 预算数, budget.
fn is_planned(normal_word: &str) -> bool {
    const PLANNED: [&str; 12] =
        ["计划", "预算", "预测", "预估", "目标", "指标", "plan", "planned", "budget", "forecast", "target", "goal"];
    const ENDS: [&str; 5] = ["数量", "销量", "数", "值", "量"];
    let bare = ENDS.iter().find_map(|end| normal_word.strip_suffix(end)).unwrap_or(normal_word);
    PLANNED.contains(&normal_word) || PLANNED.contains(&bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_no_sales() {
        for (word, kind) in [
            ("退货", Kind::Returned),
            ("销售退货单", Kind::Returned),
            ("Return", Kind::Returned),
            ("已取消", Kind::Cancelled),
            ("cancelled", Kind::Cancelled),
            ("计划", Kind::Planned),
            ("预算数", Kind::Planned),
            ("Budget", Kind::Planned),
            ("合计", Kind::Total),
            ("全渠道", Kind::Total),
            ("All channels", Kind::Total),
        ] {
            assert_eq!(Kind::of(word), Some(kind), "{word}");
        }
        for word in [
            "",
            "销售",
            "实际",
            "不退货",
            "未取消",
            "计划外",
            "计划订单",
            "线上",
            "online",
            "all-season",
            "planned orders",
            "not cancelled",
            "non-returnable",
        ] {
            assert_eq!(Kind::of(word), None, "{word}");
        }
    }
}
