//! What `yugu communities` says.

use super::Text;
use crate::month::Month;
use crate::say;

/// A folder without communities that sign.
pub fn no_communities() -> Text {
    say!(
        "there is nothing to project: the folder needs communities and signings up to the cutoff ([communities] project = true)",
        "无法推算：文件夹需要 communities 表和截止月前的 signings 表（[communities] project = true）"
    )
}

/// The first line.
pub fn title(folder: &str, made: &str, cutoff: &str, last: &str) -> Text {
    say!(
        "{folder}: new communities, made in {made} from signings up to {cutoff}, to {last}",
        "{folder}：新小区推算，{made} 制作，签约数据截至 {cutoff}，预测至 {last}"
    )
}

/// What there is.
pub fn there_are(communities: usize, households: &str, signed: &str, left: &str, pipeline: usize) -> Text {
    say!(
        "{communities} communities with {households} households: {signed} signed, {left} left; {pipeline} communities without a single signing yet, included",
        "共 {communities} 个小区、{households} 户：已签约 {signed} 户，未签约 {left} 户；其中 {pipeline} 个小区尚无签约，已计入"
    )
}

/// How bounds are written.
pub fn bounds_note(money: &str) -> Text {
    say!(
        "in brackets: 80% bounds, of the sum and not the sum of the bounds; money in {money}",
        "括号内为 80% 区间（合计的区间，不是区间的合计）；金额单位：{money}"
    )
}

/// Yuan.
pub fn yuan(wan: bool) -> Text {
    if wan { say!("10,000 yuan", "万元") } else { say!("yuan", "元") }
}

/// Heading of the years.
pub fn years() -> Text {
    say!("The company by fiscal year", "全公司，按财年")
}

/// Heading of the months.
pub fn months() -> Text {
    say!("The company by month", "全公司，按月")
}

/// Heading of the centres.
pub fn centres(year: i32, from: &str, to: &str) -> Text {
    say!("Centres in fiscal year {year} ({from} to {to})", "各服务中心，{year} 财年（{from} 至 {to}）")
}

/// Heading of the communities.
pub fn largest(n: usize, from: &str, to: &str) -> Text {
    say!(
        "The {n} communities that sign most from {from} to {to} (all of them in communities.csv)",
        "{from} 至 {to} 签约最多的 {n} 个小区（全部见 communities.csv）"
    )
}

/// Heading of what was learned.
pub fn learned() -> Text {
    say!("What this rests on (learned.csv)", "依据（learned.csv）")
}

/// Names of columns.
pub fn column(word: &str) -> Text {
    match word {
        "year" => say!("fiscal year", "财年"),
        "month" => say!("month", "月份"),
        "region" => say!("region", "区域"),
        "community" => say!("community", "小区"),
        "handover" => say!("handover", "交房"),
        "households" => say!("households", "户数"),
        "signed" => say!("signed", "已签约"),
        "households_left" => say!("left", "未签约"),
        "signings" => say!("signings", "签约"),
        "buyers" => say!("buyers", "购买户"),
        "goods" => say!("goods, units", "商品件数"),
        "policies" => say!("first policies", "首次投保"),
        "renewals" => say!("renewals", "续保"),
        "in_force" => say!("in force", "有效保单"),
        "revenue" => say!("revenue", "商品销售额"),
        "premiums" => say!("premiums", "保费"),
        "fee" => say!("agency fee", "代理费"),
        "profit" => say!("gross profit", "商品毛利"),
        "commissions" => say!("commissions", "提成"),
        "counters" => say!("counters busy", "所需柜台"),
        "people" => say!("people", "所需人员"),
        "most_people" => say!("most people", "高峰人员"),
        "short" => say!("months short", "柜台不足月数"),
        "plan_revenue" => say!("all goods in plan", "计划全部商品"),
        "plan_premiums" => say!("all premiums in plan", "计划全部保费"),
        other => match other.strip_prefix("not_contracted_") {
            Some(of) => of_not_contracted(of),
            None => say!("{other}", "{other}"),
        },
    }
}

/// A fiscal year of which only the end is ahead.
pub fn part_year(year: i32, months: usize) -> Text {
    say!("{year}, last {months} months", "{year}（后 {months} 个月）")
}

/// A whole fiscal year.
pub fn whole_year(year: i32) -> Text {
    say!("{year}", "{year}")
}

/// The life table.
pub fn curve(shares: &[(i32, String)], observed_to: i32) -> Text {
    let en: Vec<String> = shares.iter().map(|(lag, share)| format!("{share} by month {lag}")).collect();
    let zh: Vec<String> = shares.iter().map(|(lag, share)| format!("第 {lag} 个月 {share}")).collect();
    let (en, zh) = (en.join(", "), zh.join("，"));
    Text {
        en: format!(
            "of the households sign: {en} after handover; observed to month {observed_to}, the tail goes on falling as it did"
        ),
        zh: format!("交房后累计签约：{zh}；观察到第 {observed_to} 个月，其后按原有降幅外推"),
    }
}

/// How communities are told apart.
pub fn sorted(what: &Text, by: Option<&str>, kappa: &str) -> Text {
    match by {
        None => say!(
            "{0}: communities against the pool of all, a record of {kappa} counting half (no column made the last year nearer)",
            "{0}：各小区向全体收缩，{kappa} 的记录占一半权重（分组未使去年更准）",
            what
        ),
        Some(by) => say!(
            "{0}: communities against those of the same {by}, a record of {kappa} counting half (nearer in the last year than without)",
            "{0}：各小区向同一 {by} 收缩，{kappa} 的记录占一半权重（去年检验更准）",
            what
        ),
    }
}

/// The column that stands for the region.
pub fn centre_column() -> &'static str {
    "region"
}

/// How many of those who sign buy.
pub fn rates(what: &Text, years: &str, next: &str, last: &str, linear: &str, at_once: &str) -> Text {
    say!(
        "{0} among those who sign, by year: {years}; next year {next} (as last year {last}, in a straight line {linear}); {at_once} of them in the month of signing",
        "签约户中的{0}，逐年：{years}；下一年 {next}（与去年相同 {last}，直线外推 {linear}）；其中 {at_once} 在签约当月",
        what
    )
}

/// A dated factor that is a step.
pub fn step() -> Text {
    say!(
        "a dated factor of the whole company began less than two years ago: last year's share is the central case and the trend a scenario",
        "全公司的一项因素开始不足两年：以去年比例为中值，趋势仅作情景"
    )
}

/// Renewals.
pub fn renewals(rate: &str, learned: &str) -> Text {
    say!(
        "of policies that run out {rate} are renewed, learned from {learned} that have",
        "到期保单续保率 {rate}，由 {learned} 份已到期保单估计"
    )
}

/// Renewals while nothing has run out.
pub fn renewals_default(rate: &str) -> Text {
    say!(
        "of policies that run out {rate} are renewed: the default ([communities] renewal), none has run out yet",
        "到期保单续保率 {rate}：默认值（[communities] renewal），尚无保单到期"
    )
}

/// What load counts with.
pub fn load(minutes: &str, hours: &str, people: &str) -> Text {
    say!(
        "load: {minutes} minutes a contract, {hours} hours a counter and day, {people} people a counter ([load])",
        "负荷：每份合同 {minutes} 分钟，每柜台每天 {hours} 小时，每柜台 {people} 人（[load]）"
    )
}

/// A centre with too few counters.
pub fn short(centre: &str, months: &str) -> Text {
    say!("{centre} is short of counters in {months}", "{centre} 柜台不足：{months}")
}

/// What it does to the plan.
pub fn feeds_plan() -> Text {
    say!(
        "yugu plan adds these units to what is left of the sales without them: nothing is counted twice",
        "yugu plan 将以上数量加到其余销售的预测上，不重复计算"
    )
}

/// Nouns of the two flows.
pub fn flow(goods: bool) -> Text {
    if goods { say!("buyers", "购买户") } else { say!("policies", "投保") }
}

/// The noun of signing.
pub fn signing() -> Text {
    say!("signing", "签约")
}

/// In an explanation: the demand that levels rest on.
pub fn taken_out(month: Month) -> Text {
    say!(
        "{month} without what new communities bought and what was renewed, which are projected on their own",
        "{month} 扣除新小区购买和续保（另行推算）"
    )
}

/// A product's demand without communities.
pub fn rest_of(product: &str) -> Text {
    say!("{product}, demand without new communities and renewals", "{product}，不含新小区和续保的需求")
}

/// Signings of a centre.
pub fn signing_there(region: &str, month: Month) -> Text {
    say!(
        "Households of new communities of {region} that sign in {month}: households x share by months since handover x record x season, over the communities",
        "{region} 新小区 {month} 签约户数：各小区户数 × 交房后各月签约率 × 自身记录 × 季节，合计"
    )
}

/// The community that counts most.
pub fn largest_there() -> Text {
    say!("of these in the community that buys most", "其中购买最多的小区")
}

/// Buyers of a centre.
pub fn takers_there(goods: bool, region: &str, month: Month) -> Text {
    let what = flow(goods);
    say!(
        "{0} of new communities of {region} in {month}, among those who sign then and signed in the months before",
        "{region} 新小区 {month} 的{0}，来自当月及此前各月签约户",
        what
    )
}

/// The share that buys.
pub fn rate_then(goods: bool) -> Text {
    let what = flow(goods);
    say!("share of those who sign then that end as {0}", "当月签约户最终成为{0}的比例", what)
}

/// Units of a group.
pub fn group_there(group: &Text, month: Month) -> Text {
    say!("{0} for new communities in {month}: times units each", "新小区 {month} 的{0}：乘以每户件数", group)
}

/// A planned event.
pub fn planned_there() -> Text {
    say!("planned event", "计划事件")
}

/// A product of a group.
pub fn product_there(product: &str, month: Month) -> Text {
    say!(
        "{product} for new communities in {month}: times its share of what they buy",
        "新小区 {month} 的{product}：乘以其份额"
    )
}

/// Renewals of a centre.
pub fn renewals_there(region: &str, month: Month) -> Text {
    say!(
        "Renewals of this policy at {region} in {month}, of those that run out",
        "{region} {month} 该保单的续保，来自到期保单"
    )
}

/// The share renewed.
pub fn renewed_share() -> Text {
    say!("share renewed", "续保率")
}

/// The sum.
pub fn with_communities(month: Month) -> Text {
    say!("{month} with new communities and renewals", "{month} 含新小区与续保")
}

/// A level that has them in it.
pub fn in_the_level() -> Text {
    say!(
        "new communities: the level is a planner's rate on all sales or a target, and has them in it",
        "新小区：该水平是计划员对全部销售的成长率或目标，已包含新小区"
    )
}

/// Nothing bought.
pub fn no_purchases() -> Text {
    say!("new communities: none buys it in this month", "新小区：该月无购买")
}

/// Their name.
pub fn not_contracted() -> Text {
    say!("communities not contracted yet", "尚未签约的新建小区")
}

/// A measure of theirs.
fn of_not_contracted(word: &str) -> Text {
    let (name, of) = (not_contracted(), column(word));
    Text { en: format!("{}: {}", name.en, of.en), zh: format!("{}：{}", name.zh, of.zh) }
}

/// How they are projected: contracts of so many months, households a month, months to the handover (half of the
/// households, and 80% of them).
pub fn arrivals(contracts: usize, window: usize, rate: &str, (half, [low, high]): (usize, [usize; 2])) -> Text {
    let name = not_contracted();
    Text {
        en: format!(
            "{} are in it: {rate} households a month, as in the {contracts} contracts of the last {window} months, half of them handed over within {half} months of the contract, 80% within {low} to {high}",
            name.en
        ),
        zh: format!(
            "{}已计入：每月 {rate} 户，按近 {window} 个月的 {contracts} 份合同估计；合同后 {half} 个月内半数交房，80% 在 {low} 至 {high} 个月",
            name.zh
        ),
    }
}

/// That they are not, and why.
pub fn no_arrivals(why: &Text) -> Text {
    let name = not_contracted();
    Text {
        en: format!(
            "{} are not in it ({}): the further ahead, the more of the total is still to come",
            name.en, why.en
        ),
        zh: format!("{}不在其中（{}）：时间越远，未计入的部分越多", name.zh, why.zh),
    }
}

/// The settings leave them out.
pub fn arrivals_off() -> Text {
    say!("[communities] arrivals = false", "[communities] arrivals = false")
}

/// No months of contracts.
pub fn no_contracts() -> Text {
    say!(
        "no community has the month of its contract (communities: contract)",
        "小区没有合同月份（communities 表 contract 列）"
    )
}

/// Too few contracts for a rate.
pub fn few_contracts(count: usize, least: usize) -> Text {
    say!(
        "{count} contracts in the last three years are too few for a rate, {least} are needed",
        "近三年仅 {count} 份合同，至少 {least} 份才能估计"
    )
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

/// Signings of communities not contracted yet, among those of a centre.
pub fn not_contracted_there() -> Text {
    say!("of these in communities not contracted yet", "其中尚未签约的新建小区")
}

/// On the page of the plan.
pub fn in_plan(communities: usize, part: &str) -> Text {
    say!(
        "new communities: {part} of the units are theirs and renewals, projected from {communities} communities that will sign (yugu communities)",
        "新小区：预测数量的 {part} 来自新小区和续保，由 {communities} 个将签约的小区推算（yugu communities）"
    )
}

/// While the backtest is run without them.
pub fn testing_without() -> Text {
    say!("testing without new communities apart", "检验：不单列新小区")
}

/// What they gain in the backtest.
pub fn gain(lag: i32, with: &str, without: &str) -> Text {
    say!(
        "new communities projected on their own, lag {lag}: WAPE of region x product {with}, with all sales as one {without}",
        "单独推算新小区，提前 {lag} 月：区域 × 产品 WAPE {with}，全部销售一并预测为 {without}"
    )
}
