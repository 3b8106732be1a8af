//! What is said about issued forecasts.

use super::Text;
use crate::month::Month;
use crate::say;

/// Two files of one month made and version.
pub fn same_issue(made: Month, version: u32, other: &str) -> Text {
    say!(
        "this is version {version} of the forecast made in {made}, and so is {other}; each is issued once",
        "这是 {made} 所作预测的第 {version} 版，{other} 也是；每版只发布一次"
    )
}

/// A row that does not belong to its file.
pub fn one_issue_a_file(expected: &str) -> Text {
    say!(
        "one file holds one issued forecast: the first row has '{expected}' here",
        "一个文件只存一次发布：首行此列为“{expected}”"
    )
}

/// A source that no step has.
pub fn unknown_source(word: &str) -> Text {
    say!("no source '{word}' of an issued forecast", "发布的预测没有来源“{word}”")
}

/// A number given twice.
pub fn number_twice(word: &str) -> Text {
    say!("a second '{word}' of the same month, region and product", "同一月份、区域、产品的“{word}”重复")
}

/// A version that is no number.
pub fn bad_version(text: &str) -> Text {
    say!("'{text}' is no version; versions are 1, 2, 3", "“{text}”不是版本号；版本号为 1、2、3")
}

/// A mode that is none.
pub fn bad_mode(text: &str) -> Text {
    say!("'{text}' is neither close nor during", "“{text}”不是 close 或 during")
}

/// A file without rows.
pub fn no_rows() -> Text {
    say!("an issued forecast without rows", "发布的预测没有数据行")
}

/// Rows of names that are gone.
pub fn unknown_in_ledger(rows: usize) -> Text {
    say!(
        "{rows} rows are of regions or products that the folder no longer has",
        "{rows} 行的区域或产品在文件夹中已不存在"
    )
}

/// What becomes of them.
pub fn left_out_of_scores() -> Text {
    say!("left out of the accuracy", "不计入准确度")
}

// Issuing

/// No plan to issue.
pub fn no_plan(dir: &str, made: &str, folder: &str) -> Text {
    say!(
        "there is no plan made in {made} in {dir} to issue; make and review it first: yugu plan {folder}",
        "{dir} 中没有 {made} 所作的预测可发布；请先制作并审阅：yugu plan {folder}"
    )
}

/// A plan made up to another day.
pub fn other_day(dir: &str, as_of: &str) -> Text {
    say!(
        "the plan in {dir} was made up to {as_of}; issue it with --as-of {as_of}, or plan again",
        "{dir} 中的预测数据截至 {as_of}；请用 --as-of {as_of} 发布，或重新预测"
    )
}

/// A plan made by another version of the program.
pub fn other_program(dir: &str, version: &str, folder: &str) -> Text {
    say!(
        "the plan in {dir} was made by yugu {version}; make and review it again: yugu plan {folder}",
        "{dir} 中的预测由 yugu {version} 制作；请重新制作并审阅：yugu plan {folder}"
    )
}

/// Inputs that are not those of the plan.
pub fn inputs_changed(names: &str, folder: &str) -> Text {
    say!(
        "since the plan was made these have changed: {names}; make and review it again: yugu plan {folder}",
        "预测之后以下文件有变动：{names}；请重新制作并审阅：yugu plan {folder}"
    )
}

/// A plan that is not what its inputs give.
pub fn plan_changed(dir: &str, folder: &str) -> Text {
    say!(
        "forecast.csv in {dir} is not what its inputs give; what people decide goes into overrides; make the plan again: \
         yugu plan {folder}",
        "{dir} 中的 forecast.csv 与输入不符；人工决定请写入 overrides；请重新预测：yugu plan {folder}"
    )
}

/// Issued already.
pub fn issued_already(file: &str, folder: &str) -> Text {
    say!(
        "{file} was issued and stays as it is; a correction has a number and a reason: \
         yugu issue {folder} --correction \"REASON\"",
        "{file} 已发布，不再更改；更正须编号并说明原因：yugu issue {folder} --correction \"原因\""
    )
}

/// A correction of nothing.
pub fn nothing_to_correct(made: &str, folder: &str) -> Text {
    say!(
        "nothing was issued in {made} that could be corrected; issue it: yugu issue {folder}",
        "{made} 尚未发布，无可更正；请直接发布：yugu issue {folder}"
    )
}

/// Issued.
pub fn issued(file: &str, months: &str) -> Text {
    say!("issued: {file} (months {months}); it is never changed", "已发布：{file}（月份 {months}），不再更改")
}

// What the ledger taught

fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

/// How much was issued.
pub fn issued_so_far(months: usize) -> Text {
    say!("Ledger: {months} months issued so far.", "已发布 {months} 个月的预测。")
}

/// Weights of the sources.
pub fn weights_learned(lag: usize, weights: [f64; 3], learned: f64, plain: f64) -> Text {
    let [ours, front, target] = weights.map(percent);
    let (learned, plain) = (percent(learned), percent(plain));
    say!(
        "Lag {lag}: ours {ours}, front line {front}, target {target}, each without its bias; where it was tried it missed \
         by {learned}, plain weights by {plain}.",
        "第 {lag} 月：我方 {ours}、一线 {front}、目标 {target}（均已去偏差）；回测误差 {learned}，固定权重 {plain}。"
    )
}

/// The attainment.
pub fn attainment_name() -> Text {
    say!("Attainment from the channel's stock", "按渠道库存的完成率")
}

/// The landing.
pub fn landing_name() -> Text {
    say!("Landing of the month", "当月落点")
}

/// A lesson in use.
pub fn lesson_learned(name: &Text, learned: f64, plain: f64) -> Text {
    let (learned, plain) = (percent(learned), percent(plain));
    say!(
        "{0}: learned; where it was tried it missed by {learned}, the plain rule by {plain}.",
        "{0}：已学习；回测误差 {learned}，固定规则 {plain}。",
        name
    )
}

/// Nothing in use.
pub fn nothing_learned() -> Text {
    say!(
        "Nothing is learned from it yet (too few months, or the plain rules came nearer): the plain rules hold.",
        "尚无可用的学习结果（月份不足，或固定规则更准）：采用固定规则。"
    )
}
