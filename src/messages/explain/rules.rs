//! Steps of the article's rules that few numbers go through.

use chrono::NaiveDate;

use super::super::Text;
use crate::say;

/// One link of the target chain.
pub fn target_link(stage: &str, region: &str, money: bool) -> Text {
    let unit = if money { say!("yuan", "元") } else { say!("units", "数量") };
    if region.is_empty() {
        return say!("the company's target of the year {stage} ({0})", "公司全年目标 {stage}（{0}）", unit);
    }
    say!("target of {region} for the year {stage} ({0})", "{region}全年目标 {stage}（{0}）", unit)
}

words! {
    growth_left =
        "Growth used: what that rate leaves beside the planner's rates of other regions, so that its total holds",
        "采用的成长率：其他区域已有计划员给定的成长率，余下区域相应调整，使总量不变";
    group_season = "season of its group: the month of last year over the mean of the year, of the other products",
        "所在品类的季节系数：其他产品去年该月 ÷ 全年月均";
    slipped(launch: NaiveDate) =
        "Share: the launch of {launch} passed without a sale in a closed month; no forecast until a first sale or a new date",
        "占比：{launch} 的上市日期已过而整月无销售，视为推迟；首笔销售或新日期之前不预估";
    share_otherwise = "the share that it would have had", "按原计划上市的占比";
    pushed(month: impl std::fmt::Display) = "Base: {month} without the goods pushed into the channel",
        "基数：{month} 剔除压货";
    counts_as = "what was expected of it, which it counts as", "按预期计入的数量";
}
