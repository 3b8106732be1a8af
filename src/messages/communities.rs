//! What `yugu communities` says.

use super::Text;
use crate::month::Month;

words! {
    no_communities =
        "there is nothing to project: the folder needs communities, and signings up to the cutoff or shares of signing stated in the table rates (measure signing); [communities] project = true",
        "无法推算：文件夹需要 communities 表，以及截止月前的 signings 表，或在 rates 表中给定签约比例（measure 为 signing）；[communities] project = true";
    title(folder: &str, made: &str, cutoff: &str, last: &str) =
        "{folder}: new communities, made in {made} from signings up to {cutoff}, to {last}",
        "{folder}：新小区推算，{made} 制作，签约数据截至 {cutoff}，预测至 {last}";
    there_are(communities: usize, households: &str, signed: &str, left: &str, pipeline: usize) =
        "{communities} communities with {households} households: {signed} signed, {left} left; {pipeline} communities without a single signing yet, included",
        "共 {communities} 个小区、{households} 户：已签约 {signed} 户，未签约 {left} 户；其中 {pipeline} 个小区尚无签约，已计入";
    bounds_note(money: &str) = "in brackets: 80% bounds, of the sum and not the sum of the bounds; money in {money}",
        "括号内为 80% 区间（合计的区间，不是区间的合计）；金额单位：{money}";
    yuan(wan: bool) = match wan {
        true => "10,000 yuan", "万元";
        false => "yuan", "元";
    }
    years = "The company by fiscal year", "全公司，按财年";
    months = "The company by month", "全公司，按月";
    centres(year: i32, from: &str, to: &str) = "Centres in fiscal year {year} ({from} to {to})",
        "各服务中心，{year} 财年（{from} 至 {to}）";
    largest(n: usize, from: &str, to: &str) =
        "The {n} communities that sign most from {from} to {to} (all of them in communities.csv)",
        "{from} 至 {to} 签约最多的 {n} 个小区（全部见 communities.csv）";
    learned = "What this rests on (learned.csv)", "依据（learned.csv）";
    measure(word: &str) = match word {
        "year" => "fiscal year", "财年";
        "month" => "month", "月份";
        "region" => "region", "区域";
        "community" => "community", "小区";
        "handover" => "handover", "交房";
        "households" => "households", "户数";
        "signed" => "signed", "已签约";
        "households_left" => "left", "未签约";
        "signings" => "signings", "签约";
        "buyers" => "buyers", "购买户";
        "goods" => "goods, units", "商品件数";
        "policies" => "first policies", "首次投保";
        "renewals" => "renewals", "续保";
        "in_force" => "in force", "有效保单";
        "revenue" => "revenue", "商品销售额";
        "premiums" => "premiums", "保费";
        "fee" => "agency fee", "代理费";
        "profit" => "gross profit", "商品毛利";
        "commissions" => "commissions", "提成";
        "party" => "party", "提成对象";
        "counters" => "counters busy", "所需柜台";
        "people" => "people", "所需人员";
        "people_short" => "people missing", "缺少人员";
        "most_people" => "most people", "高峰人员";
        "short" => "months short", "柜台不足月数";
        "plan_revenue" => "all goods in plan", "计划全部商品";
        "plan_premiums" => "all premiums in plan", "计划全部保费";
        other => "{other}", "{other}";
    }
    of_not_contracted(word: &str) = "{0}: {1}", "{0}：{1}", not_contracted(), measure(word);
}

/// The name of a column of `communities.csv`.
pub fn column(word: &str) -> Text {
    word.strip_prefix("not_contracted_").map_or_else(|| measure(word), of_not_contracted)
}

words! {
    part_year(year: i32, months: usize) = "{year}, last {months} months", "{year}（后 {months} 个月）";
    whole_year(year: i32) = "{year}", "{year}";
    by_month(lag: i32, share: &str) = "{share} by month {lag}", "第 {lag} 个月 {share}";
    /// Shares of the life table by months since the handover, and to which month they were observed.
    curve(shares: &[(i32, String)], observed_to: Option<i32>) {
        let by_month = Text::joined(shares.iter().map(|(lag, share)| by_month(*lag, share)), [", ", "，"]);
    } = match observed_to {
        None => "of the households sign: {0} after handover; nothing of it was observed here",
            "交房后累计签约：{0}；本文件夹尚无观察", by_month;
        Some(seen) =>
            "of the households sign: {0} after handover; observed to month {seen}, the tail goes on falling as it did",
            "交房后累计签约：{0}；观察到第 {seen} 个月，其后按原有降幅外推", by_month;
    }
    sorted(what: &Text, by: Option<&str>, kappa: &str) = match by {
        None =>
            "{0}: communities against the pool of all, a record of {kappa} counting half (no column made the last year nearer)",
            "{0}：各小区向全体收缩，{kappa} 的记录占一半权重（分组未使去年更准）", what;
        Some(by) =>
            "{0}: communities against those of the same {by}, a record of {kappa} counting half (nearer in the last year than without)",
            "{0}：各小区向同一 {by} 收缩，{kappa} 的记录占一半权重（去年检验更准）", what;
    }
    rates(what: &Text, years: &str, next: &str, last: &str, linear: &str, at_once: &str) =
        "{0} among those who sign, by year: {years}; next year {next} (as last year {last}, in a straight line {linear}); {at_once} of them in the month of signing",
        "签约户中的{0}，逐年：{years}；下一年 {next}（与去年相同 {last}，直线外推 {linear}）；其中 {at_once} 在签约当月", what;
    step =
        "a dated factor of the whole company began less than two years ago: last year's share is the central case and the trend a scenario",
        "全公司的一项因素开始不足两年：以去年比例为中值，趋势仅作情景";
    renewals(rate: &str, learned: &str) =
        "of policies that run out {rate} are renewed, learned from {learned} that have",
        "到期保单续保率 {rate}，由 {learned} 份已到期保单估计";
    renewals_stated(rate: &str) =
        "of policies that run out {rate} are renewed: stated (rates: renewal, else [communities] renewal); the folder does not say which policies are renewals (policies: renewal)",
        "到期保单续保率 {rate}：给定值（rates 表 renewal，或 [communities] renewal）；文件夹未注明哪些保单为续保（policies 表 renewal 列）";
    load(minutes: &str, hours: &str, people: &str) =
        "load: {minutes} minutes a contract, {hours} hours a counter and day, {people} people a counter ([load])",
        "负荷：每份合同 {minutes} 分钟，每柜台每天 {hours} 小时，每柜台 {people} 人（[load]）";
    short(centre: &str, months: &str) = "{centre} is short of counters in these months (people missing): {months}",
        "{centre} 柜台不足的月份（缺少人数）：{months}";
    feeds_plan = "yugu plan adds these units to what is left of the sales without them: nothing is counted twice",
        "yugu plan 将以上数量加到其余销售的预测上，不重复计算";
    flow(goods: bool) = match goods {
        true => "buyers", "购买户";
        false => "policies", "投保";
    }
    signing = "signing", "签约";
    taken_out(month: Month) =
        "{month} without what new communities bought and what was renewed, which are projected on their own",
        "{month} 扣除新小区购买和续保（另行推算）";
    rest_of(product: &str) = "{product}, demand without new communities and renewals",
        "{product}，不含新小区和续保的需求";
    signing_there(region: &str, month: Month) =
        "Households of new communities of {region} that sign in {month}: households x share by months since handover x record x season, over the communities",
        "{region} 新小区 {month} 签约户数：各小区户数 × 交房后各月签约率 × 自身记录 × 季节，合计";
    largest_there = "of these in the community that buys most", "其中购买最多的小区";
    takers_there(goods: bool, region: &str, month: Month) { let what = flow(goods); } =
        "{0} of new communities of {region} in {month}, among those who sign then and signed in the months before",
        "{region} 新小区 {month} 的{0}，来自当月及此前各月签约户", what;
    rate_then(goods: bool) { let what = flow(goods); } = "share of those who sign then that end as {0}",
        "当月签约户最终成为{0}的比例", what;
    group_there(group: &Text, month: Month) = "{0} for new communities in {month}: times units each",
        "新小区 {month} 的{0}：乘以每户件数", group;
    planned_there = "planned event", "计划事件";
    product_there(product: &str, month: Month) =
        "{product} for new communities in {month}: times its share of what they buy",
        "新小区 {month} 的{product}：乘以其份额";
    renewals_there(region: &str, month: Month) =
        "Renewals of this policy at {region} in {month}, of those that run out",
        "{region} {month} 该保单的续保，来自到期保单";
    renewed_share = "share renewed", "续保率";
    with_communities(month: Month) = "{month} with new communities and renewals", "{month} 含新小区与续保";
    in_the_level = "new communities: the level is a planner's rate on all sales or a target, and has them in it",
        "新小区：该水平是计划员对全部销售的成长率或目标，已包含新小区";
    no_purchases = "new communities: none buys it in this month", "新小区：该月无购买";
    not_contracted = "communities not contracted yet", "尚未签约的新建小区";
    /// Contracts of so many months, households a month, months to the handover (half of the households, and 80% of them).
    arrivals(contracts: usize, window: usize, rate: &str, (half, [low, high]): (usize, [usize; 2])) =
        "{0} are in it: {rate} households a month, as in the {contracts} contracts of the last {window} months, half of them handed over within {half} months of the contract, 80% within {low} to {high}",
        "{0}已计入：每月 {rate} 户，按近 {window} 个月的 {contracts} 份合同估计；合同后 {half} 个月内半数交房，80% 在 {low} 至 {high} 个月", not_contracted();
    no_arrivals(why: &Text) = "{0} are not in it ({1}): the further ahead, the more of the total is still to come",
        "{0}不在其中（{1}）：时间越远，未计入的部分越多", not_contracted(), why;
    arrivals_off = "[communities] arrivals = false", "[communities] arrivals = false";
    no_contracts = "no community has the month of its contract (communities: contract)",
        "小区没有合同月份（communities 表 contract 列）";
    few_contracts(count: usize, least: usize) =
        "{count} contracts in the last three years are too few for a rate, {least} are needed",
        "近三年仅 {count} 份合同，至少 {least} 份才能估计";
}

/// What they bring to a fiscal year, with 80% bounds; part of the outlook.
pub fn not_contracted_in_year(year: i32, signings: &str, buyers: Option<&str>, policies: Option<&str>) -> Text {
    let name = not_contracted();
    let list = |words: [Option<String>; 3], and: &str| words.into_iter().flatten().collect::<Vec<_>>().join(and);
    let en = [
        Some(format!("{signings} households sign")),
        buyers.map(|n| format!("{n} buy")),
        policies.map(|n| format!("{n} first policies")),
    ];
    let zh = [
        Some(format!("签约 {signings} 户")),
        buyers.map(|n| format!("购买 {n} 户")),
        policies.map(|n| format!("首次投保 {n} 份")),
    ];
    Text {
        en: format!("{}, in the outlook of {year}: {}", name.en, list(en, ", ")),
        zh: format!("{}，已计入 {year} 财年展望：{}", name.zh, list(zh, "，")),
    }
}

words! {
    not_contracted_there = "of these in communities not contracted yet", "其中尚未签约的新建小区";
    in_plan(communities: usize, part: &str) =
        "new communities: {part} of the units are theirs and renewals, projected from {communities} communities that will sign (yugu communities)",
        "新小区：预测数量的 {part} 来自新小区和续保，由 {communities} 个将签约的小区推算（yugu communities）";
    testing_without = "testing without new communities apart", "检验：不单列新小区";
    gain(lag: i32, with: &str, without: &str) =
        "new communities projected on their own, lag {lag}: WAPE of region x product {with}, with all sales as one {without}",
        "单独推算新小区，提前 {lag} 月：区域 × 产品 WAPE {with}，全部销售一并预测为 {without}";
    signing_stated = "signing: no signings are on record; the shares stated in rates hold whole",
        "签约：无签约记录，全部采用 rates 表给定的比例";
    signing_stated_beside(weight: &str) =
        "signing: the shares stated in rates count as {weight} households at every month, beside those observed",
        "签约：rates 表给定的比例在每个月相当于 {weight} 户，与观察值合并";
    from_centres(what: &Text) =
        "{0}: learned from signings and what the centres sold; what each community bought is not on record, so that communities of a centre cannot be told apart",
        "{0}：由签约和各中心销售估计；无各小区购买记录，同一中心的小区无法区分", what;
    in_region(region: &str) = match region {
        "" => "", "";
        _ => " in {region}", "（{region}）";
    }
    stated(what: &Text, region: &str, value: &str, place: &str, (weight, record): (&str, &str), used: &str) =
        "{0}{1}: {value} stated ({place}) counts as {weight} signings, the record since it holds has {record}; used next month {used}",
        "{0}{1}：给定 {value}（{place}），相当于 {weight} 户签约，其生效以来的记录为 {record} 户；下月采用 {used}", what, in_region(region);
    no_rate(goods: bool) = match goods {
        true =>
            "buyers: nothing says what part of those who sign buys; none are projected (community_sales, signings with sales of their centre, or rates: conversion)",
            "购买户：无从得知签约户的购买比例，未作推算（需 community_sales，或签约与其中心的销售，或 rates 表的 conversion）";
        false =>
            "policies: nothing says what part of those who sign takes one; none are projected (community_sales, signings with policies of their centre, or rates: take_up)",
            "投保：无从得知签约户的投保比例，未作推算（需 community_sales，或签约与其中心的保单，或 rates 表的 take_up）";
    }
    not_projected(count: usize) =
        "{count} communities are listed, but nothing says how their households sign: they are in no number of this plan",
        "已列出 {count} 个小区，但无从得知其住户何时签约：本计划的任何数字均不含这些小区";
    state_signing =
        "record signings, or state shares of signing by month since the handover in rates (measure signing)",
        "请录入 signings，或在 rates 表按交房后月数给定签约比例（measure 为 signing）";
    handover_not_seen =
        "no community was observed at its handover or after it: what signs from the handover on is not known from so early a record",
        "尚未观察到任何小区交房当月或之后的签约：凭交房前的记录无法得知此后的签约";
    rate_missing = "nothing is projected of it", "该项未作推算";
    too_few_to_tell(what: &Text, telling: usize) =
        "{0}: fewer than {telling} communities on record, too few to tell how they differ; the usual difference is in the bounds",
        "{0}：有记录的小区不足 {telling} 个，无法估计小区间差异，区间采用通常差异", what;
    short_year(what: &Text, months: usize) =
        "{0}: the oldest share rests on {months} months; who buys later than that is not seen yet",
        "{0}：最早一项比例仅基于 {months} 个月，更晚的购买尚未观察到", what;
    signs_there(community: &str, households: &str, lag: i32, share: &str, seen: &Text, times: &str, signings: &str) =
        "{community}: {households} households x {share} (month {lag} after the handover, {0}) x {times} (season and its own record) = {signings}",
        "{community}：{households} 户 × {share}（交房后第 {lag} 个月，{0}）× {times}（季节与自身记录）= {signings}", seen;
    more_sign_there(count: usize) = "and {count} communities more", "另有 {count} 个小区";
    share_seen(word: &str) = match word {
        "observed" => "observed", "观察值";
        "both" => "observed and stated", "观察与给定合并";
        "stated" => "stated", "给定";
        "between" => "between those observed", "由相邻观察推得";
        _ => "beyond those observed", "外推";
    }
    stated_share(of_totals: bool) = match of_totals {
        true => "share that a printed year gives (totals)", "公布年度数给出的比例（totals）";
        false => "share stated (rates)", "给定的比例（rates）";
    }
    counts_for = "signings that a stated share counts for ([communities] stated_weight)",
        "给定比例相当的签约户数（[communities] stated_weight）";
    on_record(from: Month) = "signings on record since {from}, from which it holds", "自 {from} 生效以来的签约记录";
    commissions = "Commissions by party, on all premiums of the plan", "各方提成（按计划的全部保费）";
    commission_of(party: &str) = "commission, {party}", "提成：{party}";
}
