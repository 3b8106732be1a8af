//! What is said about issued forecasts.

use super::Text;
use crate::month::Month;

words! {
    same_issue(made: Month, version: u32, other: &str) =
        "this is version {version} of the forecast made in {made}, and so is {other}; each is issued once",
        "这是 {made} 所作预测的第 {version} 版，{other} 也是；每版只发布一次";
    one_issue_a_file(expected: &str) = "one file holds one issued forecast: the first row has '{expected}' here",
        "一个文件只存一次发布：首行此列为“{expected}”";
    unknown_source(word: &str) = "no source '{word}' of an issued forecast", "发布的预测没有来源“{word}”";
    number_twice(word: &str) = "a second '{word}' of the same month, region and product",
        "同一月份、区域、产品的“{word}”重复";
    bad_version(text: &str) = "'{text}' is no version; versions are 1, 2, 3", "“{text}”不是版本号；版本号为 1、2、3";
    bad_mode(text: &str) = "'{text}' is neither close nor during", "“{text}”不是 close 或 during";
    no_rows = "an issued forecast without rows", "发布的预测没有数据行";
    unknown_in_ledger(rows: usize) = "{rows} rows are of regions or products that the folder no longer has",
        "{rows} 行的区域或产品在文件夹中已不存在";
    left_out_of_scores = "left out of the accuracy", "不计入准确度";

    // Issuing
    no_plan(dir: &str, made: &str, folder: &str) =
        "there is no plan made in {made} in {dir} to issue; make and review it first: yugu plan {folder}",
        "{dir} 中没有 {made} 所作的预测可发布；请先制作并审阅：yugu plan {folder}";
    other_day(dir: &str, as_of: &str) =
        "the plan in {dir} was made up to {as_of}; issue it with --as-of {as_of}, or plan again",
        "{dir} 中的预测数据截至 {as_of}；请用 --as-of {as_of} 发布，或重新预测";
    other_program(dir: &str, version: &str, folder: &str) =
        "the plan in {dir} was made by yugu {version}; make and review it again: yugu plan {folder}",
        "{dir} 中的预测由 yugu {version} 制作；请重新制作并审阅：yugu plan {folder}";
    inputs_changed(names: &str, folder: &str) =
        "since the plan was made these have changed: {names}; make and review it again: yugu plan {folder}",
        "预测之后以下文件有变动：{names}；请重新制作并审阅：yugu plan {folder}";
    plan_changed(dir: &str, folder: &str) =
        "forecast.csv in {dir} is not what its inputs give; what people decide goes into overrides; make the plan again: \
         yugu plan {folder}",
        "{dir} 中的 forecast.csv 与输入不符；人工决定请写入 overrides；请重新预测：yugu plan {folder}";
    issued_already(file: &str, folder: &str) =
        "{file} was issued and stays as it is; a correction has a number and a reason: \
         yugu issue {folder} --correction \"REASON\"",
        "{file} 已发布，不再更改；更正须编号并说明原因：yugu issue {folder} --correction \"原因\"";
    nothing_to_correct(made: &str, folder: &str) =
        "nothing was issued in {made} that could be corrected; issue it: yugu issue {folder}",
        "{made} 尚未发布，无可更正；请直接发布：yugu issue {folder}";
    issued(file: &str, months: &str) = "issued: {file} (months {months}); it is never changed",
        "已发布：{file}（月份 {months}），不再更改";
}

// What the ledger taught

fn percent(share: f64) -> String {
    super::books::percent(share, 1)
}

words! {
    issued_so_far(months: usize) = "Ledger: {months} months issued so far.", "已发布 {months} 个月的预测。";
    weights_learned(lag: usize, weights: [f64; 3], learned: f64, plain: f64) {
        let [ours, front, target] = weights.map(percent);
        let (learned, plain) = (percent(learned), percent(plain));
    } =
        "Lag {lag}: ours {ours}, front line {front}, target {target}, each without its bias; where it was tried it missed \
         by {learned}, plain weights by {plain}.",
        "第 {lag} 月：我方 {ours}、一线 {front}、目标 {target}（均已去偏差）；回测误差 {learned}，固定权重 {plain}。";
    attainment_name = "Attainment from the channel's stock", "按渠道库存的完成率";
    landing_name = "Landing of the month", "当月落点";
    lesson_learned(name: &Text, learned: f64, plain: f64) {
        let (learned, plain) = (percent(learned), percent(plain));
    } =
        "{0}: learned; where it was tried it missed by {learned}, the plain rule by {plain}.",
        "{0}：已学习；回测误差 {learned}，固定规则 {plain}。", name;
    nothing_learned =
        "Nothing is learned from it yet (too few months, or the plain rules came nearer): the plain rules hold.",
        "尚无可用的学习结果（月份不足，或固定规则更准）：采用固定规则。";
}
