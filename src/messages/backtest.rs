//! What the backtest says.

use super::Text;
use crate::month::Month;

words! {
    series = "region x product", "区域×产品";
    regions = "region", "区域";
    products = "product", "产品";
    company = "company", "公司";
    accuracy_title = "How near the forecast came, by level and lag", "预估准确度（按层级与期数）";
    value_title = "What each step added: WAPE, and the change against the forecast it builds on",
        "各步骤的贡献：WAPE 及其相对所依据预估的变化";
    rows = "rows", "行数";
    sold = "sold", "销量";
    wape = "WAPE", "WAPE";
    bias = "bias", "偏差";
    rmsse = "RMSSE", "RMSSE";
    to_naive = "to naive", "比简单法";
    to_plain = "to plain", "比原规则";
    raw = "raw WAPE", "原始 WAPE";
    inside80 = "in 80%", "80% 内";
    inside95 = "in 95%", "95% 内";
    score = "WIS", "WIS";
    score_naive = "naive WIS", "简单法 WIS";
    change = "change", "变化";
    against = "against", "对比";
    method_naive = "naive", "简单法";
    method_last_year = "last year", "去年同月";
    method_target = "target", "目标";
    method_plain_sales = "plain on sales", "原规则（销量）";
    method_plain = "plain", "原规则";
    method_level = "fitted totals", "拟合总量";
    method_mix = "fitted shares", "拟合份额";
    method_forecast = "forecast", "预估";
    about_accuracy =
        "units; WAPE: sum |forecast - sold| / sum sold; bias: sum (forecast - sold) / sum sold, + too high\n\
        RMSSE: root of squared errors over the squared month-to-month changes before the cutoff; under 1 beats the \
        naive forecast of one month ahead\n\
        to naive, to plain: WAPE against last month's sales again, and against the article's plain rules; - is nearer",
        "单位：件；WAPE = Σ|预估 − 销量| ÷ Σ销量；偏差 = Σ(预估 − 销量) ÷ Σ销量，正为偏高\n\
        RMSSE：误差平方与截止月前逐月变化平方之比的平方根，小于 1 优于一个月前的简单预估\n\
        比简单法、比原规则：WAPE 相对于“沿用上月销量”及原文规则的变化，负为更准";
    about_raw =
        "stockouts are taken out of the forecast: it is compared as what the month's stock let sell; \
        raw WAPE: the demand forecast against sales as they happened",
        "预估已还原缺货：按当月实际有货情况折算后与销量比较；原始 WAPE：需求预估直接对比实际销量";
    about_intervals =
        "in 80%, in 95%: share of actuals inside the interval; WIS: weighted interval score over sales, \
        as WAPE is for a single number",
        "80% 内、95% 内：实际值落入区间的比例；WIS：加权区间得分 ÷ 销量，相当于区间的 WAPE";
    about_value =
        "naive: last month's sales again; last year: the same month's; target: its month by last month's mix\n\
        plain on sales, plain: the article's rules without and with stockouts taken out\n\
        fitted totals, fitted shares: one of the two fitted, the other plain; forecast: both, before revision\n\
        where a step could not be taken at a cutoff, the forecast it builds on stands for it",
        "简单法：沿用上月销量；去年同月：取去年同月销量；目标：当月目标按上月结构分配\n\
        原规则（销量）、原规则：原文规则，不还原与还原缺货\n\
        拟合总量、拟合份额：其一为拟合，另一仍按原规则；预估：两者皆拟合，修正之前\n\
        某截止月无法采用某步骤时，以其所依据的预估代替";
    title(folder: &str, cutoffs: usize, first: Month, last: Month) = match cutoffs {
        1 => "{folder}: backtest of the cutoff {first}", "{folder}：截止月 {first} 的回测";
        n => "{folder}: backtest of {n} cutoffs, {first} to {last}", "{folder}：{n} 个截止月的回测，{first} 至 {last}";
    }
    how(during: bool) = match during {
        true => "each made during the month after its cutoff, before revision, from nothing later than the cutoff",
            "每次均在截止月的次月月中作出（修正之前），不使用截止月之后的任何信息";
        false => "each made at the close of its cutoff, before revision, from nothing later",
            "每次均在截止月月末作出（修正之前），不使用其后的任何信息";
    }
    fitted(used: usize, of: usize) =
        "the fitted forecast was used at {used} of {of} cutoffs, the plain rules at the others",
        "{of} 个截止月中 {used} 个采用拟合预估，其余采用原规则";
    assumed_known(tables: &str) = "rows without `known` are taken as known at every cutoff: {tables}",
        "未填 `known` 的行视为每个截止月均已知：{tables}";
    lag(lag: i32) = match lag {
        0 => "landing (lag 0)", "落点（第 0 期）";
        1 => "lag 1, the month after the one made", "第 1 期（次月）";
        n => "lag {n}, {n} months after the one made", "第 {n} 期（其后第 {n} 个月）";
    }
    level_at(level: Text, lag: i32) = "{0}, lag {lag}", "{0}，第 {lag} 期", level;
    out_of_range(first: Month, last: Month) =
        "--cutoffs: possible are {first} to {last}, with a year of history before and a complete month after each",
        "--cutoffs：可用范围为 {first} 至 {last}，此前须有一年历史，其后须有完整月份";
    bad_cutoffs(text: &str) { let text = super::shorten(text); } =
        "'{text}' is neither a month (2024-02) nor a span of months (2023-06..2024-02)",
        "“{text}”不是月份（2024-02）或月份范围（2023-06..2024-02）";
    too_short = "a backtest takes two complete months of sales at least", "回测至少需要两个完整的销售月份";
    not_a_backtest(file: &str) =
        "{file} is there and is not the rows of a backtest; choose another name with --out, nothing was written",
        "{file} 已存在且不是回测的输出；请用 --out 指定其他文件名，未写入任何文件";
    rows_written(file: &str, rows: usize) = "{rows} rows written to {file}", "已写入 {file}，共 {rows} 行";
    testing = "cutoffs", "截止月";
    warnings_in_check(n: usize) = "{n} warnings about the data, see `yugu check`", "数据有 {n} 条提示，见 `yugu check`";
}
