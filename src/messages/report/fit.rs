//! What the reports say of the fitted forecast.

use super::super::Text;
use super::super::explain::percent;
use crate::say;

// Words for programs, the same in every language.

/// The mix is that of the fitted forecast.
pub const MIX_FITTED: &str = "fitted";
/// All regions and products.
pub const ALL_SERIES: &str = "all series";
/// Used: it was nearer.
pub const FIT_NEARER: &str = "fitted: nearer to what came";
/// Used: the plain rules stood on another footing.
pub const FIT_NOTHING_TO_COMPARE: &str = "fitted: nothing to compare";
/// Not used: it was not nearer.
pub const FIT_LOST: &str = "plain rules: nearer to what came";
/// Not used: nothing to learn from.
pub const FIT_TOO_LITTLE: &str = "plain rules: too little history";
/// Not used: switched off.
pub const FIT_OFF: &str = "plain rules: [fit] learn is off";

/// Used, and how much nearer it was; beside the plain rules where it was not.
pub fn fit_nearer(origins: usize, fitted: f64, rules: f64) -> Text {
    let nearer = percent(if rules > 0.0 { 1.0 - fitted / rules } else { 0.0 });
    let is_nearer = fitted < rules;
    let (fitted, rules) = (percent(fitted), percent(rules));
    if !is_nearer {
        return say!(
            "forecast: fitted and plain rules together, by how near each came lately; at {origins} past closes the fitted \
             one missed {fitted} of the sales of regions and products, the plain rules {rules} (fit.csv)",
            "预估：拟合与基本规则并用，按近期准确程度加权；过去 {origins} 个月末，拟合的误差占各区域产品销量的 {fitted}，\
             基本规则为 {rules}（见 fit.csv）"
        );
    }
    say!(
        "forecast: fitted; at {origins} past closes it missed {fitted} of the sales of regions and products, the plain \
         rules {rules}: nearer by {nearer} (fit.csv)",
        "预估：采用拟合预估；过去 {origins} 个月末，其误差占各区域产品销量的 {fitted}，基本规则为 {rules}，误差减少 {nearer}（见 fit.csv）"
    )
}

words! {
    fit_nothing_to_compare =
        "forecast: fitted; the plain rules have only now a year behind them, so that there is nothing to compare (fit.csv)",
        "预估：采用拟合预估；基本规则刚有去年同期可依，尚无从比较（见 fit.csv）";
    fit_lost(origins: usize, fitted: f64, rules: f64) { let (fitted, rules) = (percent(fitted), percent(rules)); } =
        "forecast: plain rules; at {origins} past closes they missed {rules} of the sales of regions and products, the \
         fitted forecast {fitted} (fit.csv)",
        "预估：采用基本规则；过去 {origins} 个月末，其误差占各区域产品销量的 {rules}，拟合预估为 {fitted}（见 fit.csv）";
    fit_too_little = "forecast: plain rules; there is too little history to learn more from (fit.csv)",
        "预估：采用基本规则；历史太短，无从学习（见 fit.csv）";
    fit_off = "forecast: plain rules; [fit] learn is off", "预估：采用基本规则；[fit] learn 已关闭";
    level_fitted(n: usize, of: usize) =
        "level: fitted in {n} of {of} regions and groups; a planner's growth rate, a target or the rules set it in the others",
        "总量：{of} 个区域品类中有 {n} 个采用拟合预估，其余由计划员成长率、目标或规则确定";
    level_fitted_recent(n: usize, of: usize) =
        "level: under 13 months of history in {n} of {of} regions and groups; growth there is on the mean of their last months",
        "总量：{of} 个区域品类中有 {n} 个历史不足 13 个月，其成长率以最近几个月的平均为基数";
    method_article =
        "method article: the target's month at 100% is the level where there is one, and what the front line says counts in full",
        "方法 article：有目标处以当月目标的 100% 为水平，一线修正数全额汇总";
    slipped(launch: chrono::NaiveDate) = "launch of {launch} passed without a sale: slipped",
        "{launch} 上市日期已过而无销售：视为推迟";
}
