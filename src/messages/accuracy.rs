//! What is said of issued forecasts and what came.

use crate::month::Month;

words! {
    levels_title = "How near the issued forecasts came, by level and lag", "发布的预估有多准（按层级与期数）";
    steps_title = "What each step added: WAPE after it, its change in points, and units missed less than before it",
        "各步骤的贡献：该步之后的 WAPE、变化（百分点），以及少错的数量";
    judged_title = "Who was right: the front line's answers and the overrides against the numbers they replaced",
        "谁更准：一线预估与人工调整，对比其所替代的数";
    revised_title = "The second forecast of each month (lag 1) against the first (lag 2), over region x product",
        "每月第二次预估（第 1 期）对比第一次（第 2 期），按区域×产品";
    lost_title = "where the second forecast lost most, units missed more than by the first:",
        "第二次预估多错最多之处（数量）：";
    wape = "WAPE", "WAPE";
    bias = "bias", "偏差";
    rmsse = "RMSSE", "RMSSE";
    signal = "tracking signal", "跟踪信号";
    inside = "inside", "区间内";
    issued = "issued", "发布";
    naive = "naive", "简单法";
    missed = "missed", "错量";
    gained = "gained", "少错";
    month = "month", "月份";
    all = "all", "合计";
    answers = "answers", "次数";
    avoided = "avoided", "少错";
    nearer = "nearer", "更准";
    small_up = "up, small", "小幅上调";
    large_up = "up, large", "大幅上调";
    small_down = "down, small", "小幅下调";
    large_down = "down, large", "大幅下调";
    front = "front line", "一线预估";
    overrides = "overrides", "人工调整";
    nobody = "(not said)", "（未填）";
    made = "made", "作出月份";
    came = "sold", "销量";
    stat = "statistical", "统计";
    cut = "channel cut", "渠道调整";
    combined = "front line", "一线合成";
    landed = "month to date", "月内实绩";
    planned = "overrides", "人工调整";
    last = "as issued", "发布（取整）";
    about_levels =
        "units; WAPE: sum |forecast - sold| / sum sold; bias: sum (forecast - sold) / sum sold\n\
        bias and tracking signal: + the forecast was too high, - too low\n\
        RMSSE: root of squared errors over the squared month-to-month changes before the forecast was made;\n\
        \u{20} under 1 beats last month's sales one month ahead\n\
        tracking signal: running sum of the last 12 errors over their mean absolute deviation (Brown 1959, Trigg 1964);\n\
        \u{20} out beyond 2.5 x root of their number, as 5 of 100 forecasts without bias are; of rows: how many are out\n\
        naive: the sales of the last month known when the forecast was issued",
        "单位：件；WAPE = Σ|预估 − 销量| ÷ Σ销量；偏差 = Σ(预估 − 销量) ÷ Σ销量\n\
        偏差与跟踪信号：正为预估偏高，负为偏低\n\
        RMSSE：误差平方与作出预估之前逐月变化平方之比的平方根，小于 1 优于一个月前的简单预估\n\
        跟踪信号：最近 12 次误差之和 ÷ 平均绝对误差（Brown 1959，Trigg 1964）；超过 2.5×√次数 为失控，\n\
        \u{20} 无偏的预估 100 个中约有 5 个如此；按行显示：失控行数/跟踪行数\n\
        简单法：沿用发布时最后已知月的销量";
    about_raw =
        "a month not fully in stock is compared as what its stock let sell;\n\
        \u{20} raw WAPE: the issued demand against sales as they happened",
        "未全月有货的月份按实际有货情况折算后比较；原始 WAPE：发布的需求直接对比实际销量";
    about_inside =
        "inside: how often sales were inside the issued 80 and 95% bounds of region x product; on a bound is inside",
        "区间内：销量落入所发布的区域×产品 80%、95% 区间的比例，恰在边界算在内";
    about_judged =
        "each at its own region and products; avoided: units that the number replaced would have missed,\n\
        \u{20} less those that the answer missed; - is worse\n\
        nearer: share of answers nearer than the number replaced; bias: sum (answer - sold) / sum sold, + too high\n\
        small: a change of less than 10% of the number replaced; up and down: how many, and units avoided",
        "各按其所填的区域与产品；少错：所替代的数会错的数量减去该答复错的数量，负为更差\n\
        更准：比所替代的数更准的次数占比；偏差 = Σ(答复 − 销量) ÷ Σ销量，正为偏高\n\
        小幅：变动不足所替代数的 10%；上调、下调：次数与少错的数量";
    begin =
        "nothing has been issued yet: there is no ledger to compare sales with\n\
        to begin: `yugu plan FOLDER` makes the forecast, `yugu issue FOLDER` keeps it in ledger/ as it stands;\n\
        when the months forecast are complete, `yugu accuracy FOLDER` says how near it came, by step and by person;\n\
        how near forecasts of past months would have come, `yugu backtest FOLDER` says now",
        "尚未发布任何预估：没有可与销量对比的台账\n\
        开始：`yugu plan 文件夹` 作出预估，`yugu issue 文件夹` 将其原样存入 ledger/；\n\
        待所预测的月份结束后，`yugu accuracy 文件夹` 会逐步骤、逐人给出准确度\n\
        若想现在了解以往月份的预估会有多准，请用 `yugu backtest 文件夹`";
    title(folder: &str, cutoff: Month) = "{folder}: the issued forecasts beside sales up to {cutoff}",
        "{folder}：发布的预估与截至 {cutoff} 的销量对比";
    mode(during: bool, issues: usize, first: Month, last: Month) = match during {
        false => "Made at the close of the month: {issues} issued, {first} to {last}",
            "月末作出：已发布 {issues} 次，{first} 至 {last}";
        true => "Made during the month: {issues} issued, {first} to {last}",
            "月中作出：已发布 {issues} 次，{first} 至 {last}";
    }
    passed(months: usize) = "{months} of the months forecast are complete", "所预测的月份中已有 {months} 个结束";
    nothing_passed(first: Month) = "none of the months forecast is complete yet; the first to be compared is {first}",
        "所预测的月份均未结束；最先可对比的是 {first}";
    left_out(months: usize) =
        "{months} of them are left out: made before the first month of sales, or without a statistical forecast",
        "其中 {months} 个不计：作出时尚无销售历史，或没有统计预估";
    /// A bias in words: `share` is shown without its sign.
    leaning(lag: i32, share: &str, high: bool) = match high {
        true => "lag {lag}: on the whole {share} more was forecast than sold",
            "第 {lag} 期：总体上预估比销量高 {share}";
        false => "lag {lag}: on the whole {share} less was forecast than sold",
            "第 {lag} 期：总体上预估比销量低 {share}";
    }
    tracked(value: &str, limit: &str, out: bool) = match out {
        true => "the errors lean to one side (tracking signal {value}, limit {limit})",
            "误差偏向一边（跟踪信号 {value}，限 {limit}）";
        false => "the errors do not lean more than chance would have it (tracking signal {value}, limit {limit})",
            "误差未超出偶然的偏向（跟踪信号 {value}，限 {limit}）";
    }
    too_few(errors: usize) = match errors {
        1 => "one month says nothing of a leaning", "仅 1 个月，尚不能判断偏向";
        n => "{n} months are too few to tell a leaning", "仅 {n} 个月，尚不能判断偏向";
    }
    out_of(out: usize, of: usize) = "{out} of {of}", "{out}/{of}";
    of_reason(reason: &str) = "reason {0}", "原因 {0}", crate::messages::planning::reason(reason);
    of_contributor(name: &str) = "by {name}", "填报人 {name}";
    missed_at(lag: i32) = "lag {lag}", "第 {lag} 期";
    waterfall(what: &str, shown: usize, all: usize) {
        let rest = if shown < all { format!(" (the last {shown} of {all}; all with --csv)") } else { String::new() };
        let rest_zh = if shown < all { format!("（最近 {shown} 次，共 {all} 次；全部见 --csv）") } else { String::new() };
    } =
        "What was issued for each month, {what}: months made down, months forecast across, units as issued{rest}",
        "各月历次发布的预估，{what}：纵为作出月份，横为所预测月份，数量为发布时的数{rest_zh}";
}
