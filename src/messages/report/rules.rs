//! What the reports say of single rules, steps and series.

use super::super::Text;
use super::super::planning::percent;
use super::with_more;
use crate::month::Month;
use crate::say;

/// Products that are forecast up to their last month.
pub fn retiring_products(names: &str, more: usize) -> Text {
    say!(
        "leave the range, forecast up to their last month: {0}",
        "即将退市，预估至最后一月：{0}",
        with_more(names, more)
    )
}

/// Series whose launch is still to come.
pub fn found_launching(n: usize) -> Text {
    say!("{n} series are not launched yet, and are not forecast before", "{n} 个序列尚未上市，上市前不作预估")
}

/// A table of answers without one for this run.
pub fn step_idle_answers(by: &str) -> Text {
    say!(
        "`{by}` is there; none of its rows was made for this run, and each holds for the run that it was made for only",
        "已有 `{by}`，但其中没有为本次预估所填的行（每行只对填写当次有效）"
    )
}

/// A cut that holds as it was issued.
pub fn attainment_issued(name: &str, month: Month, factor: f64) -> Text {
    let factor = percent(factor);
    say!(
        "attainment: {name} {month} at {factor}, as it was issued; the same count cuts no second month",
        "达成率：{name} {month} 按已发布的 {factor} 计；同一盘点不再下调其他月份"
    )
}
