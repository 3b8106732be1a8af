//! Every key of `yugu.toml` but the free ones (`[columns]`, `[reasons]`): kind, range, default, what it does.

use super::*;

pub use super::kind::Key;
pub(super) use super::kind::{Kind, Value};
use super::kind::{choice, flag, number, whole, words};

/// All keys, by section in the order of the file.
pub const KEYS: &[Key] = &[
    choice(
        ("", "method"),
        &["fitted", "plain", "article"],
        |s, i| s.method = [Method::Fitted, Method::Plain, Method::Article].get(i).copied().unwrap_or_default(),
        (
            "fitted: learns from the folder; plain: the plain rules, nothing learned; article: plain, the target's month at \
             100% as the level where there is one, the regions' revised figures summed into the total",
            "fitted：从本文件夹学习；plain：只用基本规则，不学习；article：基本规则，有目标处以当月目标的 100% 为水平，\
             各区域修正数直接汇总",
        ),
    ),
    whole(
        ("fiscal", "start"),
        (1, 12, 1),
        |s| &mut s.fiscal.start,
        (
            "first month of the fiscal year, 1 to 12; fiscal year N ends in calendar year N",
            "财年的第一个月，1 到 12；财年 N 在公历 N 年结束",
        ),
    ),
    choice(
        ("units", "money"),
        &["yuan", "万元"],
        |s, i| s.units.money = if i == 1 { Money::Wan } else { Money::Yuan },
        (
            "unit of money in the tables and the outputs: yuan or 万元 (10,000 yuan)",
            "表格和输出的金额单位：yuan（元）或 万元",
        ),
    ),
    choice(
        ("units", "decimal"),
        &["auto", "point", "comma"],
        |s, i| s.units.decimal = [Decimal::Auto, Decimal::Point, Decimal::Comma].get(i).copied().unwrap_or_default(),
        (
            "what parts the decimals of numbers in texts: point (1234.5), comma (1234,5), or auto: what each column shows",
            "文本中数字的小数点：point（1234.5）、comma（1234,5），或 auto：按各列判断",
        ),
    ),
    choice(
        ("units", "dates"),
        &["auto", "day first", "month first"],
        |s, i| s.units.dates = [Dates::Auto, Dates::DayFirst, Dates::MonthFirst].get(i).copied().unwrap_or_default(),
        (
            "which number comes first in dates whose year stands last (05/06/2022): day first, month first, or auto: what \
             each column shows",
            "年份在后的日期（如 05/06/2022）哪个在前：day first 日在前、month first 月在前，或 auto：按各列判断",
        ),
    ),
    choice(
        ("calendar", "festival"),
        &["auto", "cn", "none"],
        |s, i| {
            s.calendar.festival = match i {
                1 => Some(Festival::Cn),
                2 => Some(Festival::None),
                _ => None,
            }
        },
        (
            "which New Year distorts months: cn (eve to the 6th day), none, or auto: cn where the folder is in Chinese",
            "哪个春节影响月份：cn（除夕到初六）、none，或 auto：中文文件夹按 cn",
        ),
    ),
    choice(
        ("calendar", "periods"),
        &["months", "own", "days"],
        |s, i| s.calendar.periods = [Periods::Months, Periods::Own, Periods::Days].get(i).copied().unwrap_or_default(),
        (
            "what becomes of weeks, 4-4-5 periods and steps of 30 days in sales: months (spread over months by days), own \
             (kept as the folder's months; 12 a year) or days (they are days, whatever they look like)",
            "sales 中的周、4-4-5 周期、30 天间隔：months（按天摊到各月）、own（作为本文件夹自己的月份，每年 12 个）或 days（一律视为日期）",
        ),
    ),
    choice(
        ("calendar", "stamped"),
        &["auto", "first day", "last day"],
        |s, i| s.calendar.stamped = [Stamped::Auto, Stamped::First, Stamped::Last].get(i).copied().unwrap_or_default(),
        (
            "which day of its period a date in sales is: first day, last day, or auto: the last where it is a Friday, \
             Saturday or Sunday, else the first",
            "sales 中的日期是所在周期的哪一天：first day 首日、last day 末日，或 auto：周五、周六、周日视为末日，其余视为首日",
        ),
    ),
    choice(
        ("sales", "overlap"),
        &["error", "later file", "sum"],
        |s, i| s.sales.overlap = [Overlap::Error, Overlap::LaterFile, Overlap::Sum].get(i).copied().unwrap_or_default(),
        (
            "months, regions and products that two files hold: error, later file (the one that comes later by name \
             counts), or sum",
            "两个文件都有的月份、区域、产品：error 报错、later file 以文件名靠后者为准，或 sum 相加",
        ),
    ),
    choice(
        ("sales", "duplicates"),
        &["error", "sum"],
        |s, i| s.sales.duplicates = if i == 1 { Duplicates::Sum } else { Duplicates::Error },
        (
            "rows identical in every column: error, or sum where they are several equal sales",
            "各列完全相同的行：error 报错，或 sum 视为多笔相同销售相加",
        ),
    ),
    words(
        ("sales", "leave_out"),
        |s| &mut s.sales.leave_out,
        (
            "rows that are no sales, by a column that no step reads and its word: [\"status=cancelled\", \"type=plan\"]",
            "不属于销售的行，按某个未使用的列及其取值：[\"订单状态=已取消\", \"类别=计划\"]",
        ),
    ),
    flag(
        ("reception", "odd"),
        true,
        |s| &mut s.reception.odd,
        (
            "true: a month five scales and threefold off all that is expected, and a closure, are named and count as \
             expected; false: they count as they were sold",
            "true：偏离预期五个尺度且三倍以上的月份、以及停业月份，列出并按预期计；false：按实际销售计",
        ),
    ),
    flag(
        ("demand", "correct"),
        true,
        |s| &mut s.demand.correct,
        (
            "true: forecast demand with goods in stock (R3, R6); false: sales as they happen",
            "true：预测有货时的需求（R3、R6）；false：按实际销售预测",
        ),
    ),
    number(
        ("demand", "substitution"),
        (0.05, 0.98, 0.7),
        |s| &mut s.demand.substitution,
        (
            "share of visitors who would buy if everything were in stock (s), 0.05 to 0.98",
            "全部有货时会购买的顾客比例（s），0.05 到 0.98",
        ),
    ),
    number(
        ("demand", "overlap"),
        (0.0, 1.0, 0.7),
        |s| &mut s.demand.overlap,
        (
            "how far outages of different products overlap in time (rho), 0 to 1",
            "不同产品缺货在时间上的重叠程度（rho），0 到 1",
        ),
    ),
    number(
        ("demand", "prior"),
        (0.0, 1e12, 20.0),
        |s| &mut s.demand.prior,
        (
            "units of sales that a region's mix of past months is worth beside the month's own, where months are followed \
             (kappa); 20 where one customer buys one unit",
            "逐月跟踪时，以往结构相当于多少单位的销量（kappa）；一位顾客买一件时为 20",
        ),
    ),
    flag(
        ("fit", "learn"),
        true,
        |s| &mut s.fit.learn,
        (
            "true: every step learns from the folder where its past shows that it helps; false: the plain rules",
            "true：各步骤从本文件夹的历史中学习，仅在历史证明有益时采用；false：只用基本规则",
        ),
    ),
    choice(
        ("level", "source"),
        &["history", "target"],
        |s, i| s.level.source = if i == 1 { LevelSource::Target } else { LevelSource::History },
        (
            "a region's level: history, or target (the target's month at 100%, the article's way)",
            "区域总量来源：history 历史，或 target（按当月目标的 100%）",
        ),
    ),
    number(
        ("level", "growth_own_weight"),
        (0.0, 1.0, 0.5),
        |s| &mut s.level.growth_own_weight,
        (
            "weight of a region's own growth against the company's, 0 to 1 (R2)",
            "区域自身增长率相对全公司的权重，0 到 1（R2）",
        ),
    ),
    number(
        ("mix", "recovered_share"),
        (0.0, 1.0, 0.10),
        |s| &mut s.mix.recovered_share,
        (
            "from this share of recovered demand on, a month's mix counts as distorted by stockouts (R10)",
            "缺货还原量达到该比例时，该月结构视为受缺货扭曲（R10）",
        ),
    ),
    number(
        ("lifecycle", "successor_share"),
        (0.0, 1.0, 0.6),
        |s| &mut s.lifecycle.successor_share,
        (
            "share of the predecessor's share that its successor takes, 0 to 1 (R5)",
            "后继产品承接前代份额的比例，0 到 1（R5）",
        ),
    ),
    number(
        ("lifecycle", "ramp_months"),
        (0.1, 60.0, 3.0),
        |s| &mut s.lifecycle.ramp_months,
        (
            "time constant of a launch, months: 1 - exp(-age/tau) (R4)",
            "新品爬坡的时间常数（月）：1 - exp(-月龄/tau)（R4）",
        ),
    ),
    number(
        ("lifecycle", "cautious"),
        (0.0, 1.0, 0.5),
        |s| &mut s.lifecycle.cautious,
        ("cautious first year, as a multiple of the expected one (R4)", "首年谨慎值，为期望值的倍数（R4）"),
    ),
    number(
        ("lifecycle", "optimistic"),
        (1.0, 10.0, 1.5),
        |s| &mut s.lifecycle.optimistic,
        ("optimistic first year, as a multiple of the expected one (R4)", "首年乐观值，为期望值的倍数（R4）"),
    ),
    flag(
        ("communities", "project"),
        true,
        |s| &mut s.communities.project,
        (
            "true: where communities and signings are there, what new communities will buy is projected from them and the \
             rest of the sales forecast beside it; false: sales as a whole",
            "true：有 communities 和 signings 时，新小区的购买由签约推算，其余销售另行预测；false：销售整体预测",
        ),
    ),
    flag(
        ("communities", "arrivals"),
        true,
        |s| &mut s.communities.arrivals,
        (
            "true: communities that no developer has contracted yet are projected, too, from how contracts arrived lately \
             (communities: contract); false: only those that are known",
            "true：按近期合同（communities 表 contract 列）的节奏推算尚未签约的新建小区；false：只计已知小区",
        ),
    ),
    number(
        ("communities", "renewal"),
        (0.0, 1.0, 0.4),
        |s| &mut s.communities.renewal,
        (
            "share of expiring policies that is renewed, until the folder's own show it, 0 to 1",
            "到期保单的续保比例（0 到 1），文件夹自身数据尚不足以估计时使用",
        ),
    ),
    number(
        ("communities", "stated_weight"),
        (1.0, 1e6, 200.0),
        |s| &mut s.communities.stated_weight,
        (
            "signings that a stated rate (table rates) counts for beside those on record since it holds; it gives way as \
             the record grows",
            "给定比例（rates 表）相当于多少户签约；自其生效起的签约记录越多，其权重越小",
        ),
    ),
    number(
        ("base", "suppressed_credit"),
        (0.0, 1.0, 0.5),
        |s| &mut s.base.suppressed_credit,
        (
            "share of a suppressed period's missing sales that is credited to its base (psi), 0 to 1 (R2)",
            "受压期间缺失销量计回基期的比例（psi），0 到 1（R2）",
        ),
    ),
    words(
        ("targets", "stages"),
        |s| &mut s.targets.stages,
        (
            "the stages of the target chain in their order; empty: in the order of the file (R1)",
            "目标链各环节的顺序；空：按文件中的顺序（R1）",
        ),
    ),
    number(
        ("revision", "frontline_weight"),
        (0.0, 1.0, 0.5),
        |s| &mut s.revision.frontline_weight,
        (
            "weight of the front line's estimate against ours until the ledger knows better, 0 to 1 (R7, R8)",
            "台账未能说明之前，一线预估相对本预测的权重，0 到 1（R7、R8）",
        ),
    ),
    number(
        ("revision", "progress_prior"),
        (0.0, 100.0, 0.25),
        |s| &mut s.revision.progress_prior,
        ("weight of the forecast against the month to date, in months (k)", "预测相对当月进度的权重，以月计（k）"),
    ),
    number(
        ("revision", "small_override"),
        (0.0, 1.0, 0.05),
        |s| &mut s.revision.small_override,
        (
            "an override that changes its number by less than this share is warned about: small ones often make a \
             forecast worse (Fildes et al. 2009; the share is ours)",
            "人工调整幅度小于该比例时提示：小幅调整常使预测变差（Fildes 等 2009；比例为本程序所定）",
        ),
    ),
    number(
        ("attainment", "high"),
        (1.0, 10.0, 1.25),
        |s| &mut s.attainment.high,
        ("channel cover over this many norms is high (R11)", "渠道库存覆盖超过常值的该倍数为偏高（R11）"),
    ),
    number(
        ("attainment", "very_high"),
        (1.0, 10.0, 1.5),
        |s| &mut s.attainment.very_high,
        ("channel cover over this many norms is very high (R11)", "渠道库存覆盖超过常值的该倍数为很高（R11）"),
    ),
    number(
        ("attainment", "cut"),
        (0.0, 1.0, 0.95),
        |s| &mut s.attainment.cut,
        ("factor on next month's forecast where cover is high (R11)", "覆盖偏高时下月预测的系数（R11）"),
    ),
    number(
        ("attainment", "deep_cut"),
        (0.0, 1.0, 0.90),
        |s| &mut s.attainment.deep_cut,
        ("factor on next month's forecast where cover is very high (R11)", "覆盖很高时下月预测的系数（R11）"),
    ),
    number(
        ("attainment", "push"),
        (0.0, 10.0, 0.2),
        |s| &mut s.attainment.push,
        (
            "last month's sell-in over its own forecast by this share is a push (R11)",
            "上月进货超出其预测达该比例为压货（R11）",
        ),
    ),
    number(
        ("attainment", "strong_push"),
        (0.0, 10.0, 0.4),
        |s| &mut s.attainment.strong_push,
        ("by this share, a strong push (R11)", "达该比例为强压货（R11）"),
    ),
    whole(
        ("attainment", "norm_months"),
        (1, 60, 12),
        |s| &mut s.attainment.norm_months,
        ("the norm of cover is the median of this many preceding months (R11)", "常值取此前该月数的覆盖中位数（R11）"),
    ),
    whole(
        ("attainment", "norm_min"),
        (1, 60, 6),
        |s| &mut s.attainment.norm_min,
        (
            "with fewer months counted than this there is no norm and no cut (R11)",
            "盘点月数少于该值则无常值、不下调（R11）",
        ),
    ),
    number(
        ("insurance", "fee"),
        (0.0, 1.0, 0.4),
        |s| &mut s.insurance.fee,
        (
            "the insurer's fee as a share of the premiums, for policies without a fee in products; 40% at the gas company",
            "保险代理费占保费的比例，用于 products 中未写 fee 的保单；燃气公司为 40%",
        ),
    ),
    number(
        ("load", "minutes_per_contract"),
        (0.1, 600.0, 30.0),
        |s| &mut s.load.minutes_per_contract,
        (
            "minutes at the counter for one contract, offers of insurance and appliances included; an assumption, put your own",
            "每份合同的柜台时间（分钟），含保险和器具推介；默认值为假设，请填本公司的",
        ),
    ),
    number(
        ("load", "hours_per_day"),
        (0.1, 24.0, 6.0),
        |s| &mut s.load.hours_per_day,
        (
            "hours a day in which a counter signs contracts: opening hours less breaks and idle time; an assumption",
            "柜台每天可签约的小时数：营业时间减去休息和空闲；默认值为假设",
        ),
    ),
    number(
        ("load", "people_per_counter"),
        (0.1, 20.0, 1.75),
        |s| &mut s.load.people_per_counter,
        (
            "people for one counter; the gas company needs 1.5 to 2, and the default lies between",
            "每个柜台的人数；燃气公司为 1.5 到 2 人，默认取中间值",
        ),
    ),
    number(
        ("exceptions", "change"),
        (0.0, 100.0, 0.2),
        |s| &mut s.exceptions.change,
        (
            "where there is no interval to go by, a forecast that changed by more than this share, or a front line that \
             far from it, is an exception (R11's push: a fifth)",
            "没有区间可依时，预估变化或一线预估偏离超过该比例列为例外（同 R11 的压货：五分之一）",
        ),
    ),
    number(
        ("exceptions", "target"),
        (0.0, 1.0, 0.95),
        |s| &mut s.exceptions.target,
        (
            "where no interval says how likely a target is met: a year's outlook or a month's forecast under this share \
             of it is an exception (R11's first cut)",
            "没有区间可判断达成可能性时：全年预计或月度预估低于目标的该比例列为例外（R11 的第一档）",
        ),
    ),
    choice(
        ("stock", "measure"),
        &Service::WORDS,
        |s, i| s.stock.measure = [Service::Cycle, Service::Fill, Service::Cost].get(i).copied().unwrap_or_default(),
        (
            "what service means: cycle (chance of no shortage until the next delivery), fill (share of demand served) or cost (a missing unit's margin against holding)",
            "服务水平口径：cycle（到下次到货前不缺货的概率）、fill（由库存满足的需求占比）或 cost（缺货毛利与持有成本之比）",
        ),
    ),
    number(
        ("stock", "service_level"),
        (LEAST_SERVICE, MOST_SERVICE, 0.95),
        |s| &mut s.stock.service,
        (
            "service asked for, where neither products nor [service] say another",
            "服务水平，products 与 [service] 未另行规定时采用",
        ),
    ),
    whole(
        ("stock", "review_days"),
        (1, 366, 30),
        |s| &mut s.stock.review_days,
        ("days between two looks at the stock", "两次检查库存之间的天数"),
    ),
    whole(
        ("stock", "transfer_days"),
        (0, 366, 3),
        |s| &mut s.stock.transfer_days,
        ("days from one of our own locations to another", "自有仓库之间调拨的天数"),
    ),
    whole(
        ("stock", "lead_days"),
        (0, 730, 30),
        |s| &mut s.stock.lead_days,
        ("days from order to delivery, where products does not say", "采购交期天数，products 未填时采用"),
    ),
    number(
        ("stock", "holding"),
        (0.0, 10.0, 0.25),
        |s| &mut s.stock.holding,
        ("what holding a unit for a year costs, as a share of its cost", "单件持有一年的成本占进价的比例"),
    ),
    number(
        ("stock", "salvage"),
        (0.0, 1.0, 0.0),
        |s| &mut s.stock.salvage,
        (
            "what a unit left over when a product retires brings, as a share of its cost",
            "产品退市后剩余单件可收回的金额占进价的比例",
        ),
    ),
    whole(
        ("stock", "proven_months"),
        (1, 60, 3),
        |s| &mut s.stock.proven_months,
        (
            "a new product is bought at lifecycle.cautious times its forecast at first, like any other after this many months of sales",
            "新品起初按 lifecycle.cautious 倍预估采购，有该月数的销售后与其他产品相同",
        ),
    ),
    choice(
        ("stock", "short"),
        &["lost", "owed"],
        |s, i| s.stock.owed = i == 1,
        (
            "what becomes of demand that stock does not cover: lost (the customer goes) or owed (delivered later); cycle service is a month without a shortage where it is lost, a protection interval within its level where it is owed",
            "库存不足时的需求：lost（顾客流失）或 owed（延后交付）；lost 时周期服务水平指当月不缺货，owed 时指保障期需求不超过目标库存",
        ),
    ),
    whole(
        ("stock", "cover_days"),
        (0, 366, 0),
        |s| &mut s.stock.cover_days,
        (
            "least cover kept beyond the protection interval, in days of the forecast (min_stock of products is in units)",
            "保障期之外至少保留的预估天数（products 的 min_stock 以件计）",
        ),
    ),
    number(
        ("stock", "order_cost"),
        (0.0, 1e6, 0.0),
        |s| &mut s.stock.order_cost,
        (
            "what placing an order for one product costs, in yuan: counted by the simulation",
            "为一种产品下一次订单的成本（元），模拟时计入",
        ),
    ),
    whole(
        ("stock", "overstock_days"),
        (1, 730, 180),
        |s| &mut s.stock.overstock_days,
        (
            "units that will not be sold within so many days, beside the safety stock, are listed as overstock",
            "除安全库存外，该天数内卖不完的数量列为积压",
        ),
    ),
    number(
        ("limits", "memory"),
        (0.01, 1024.0, 2.0),
        |s| &mut s.limits.memory,
        (
            "GB that one input may take in memory, unpacked; what takes more is an error (0.01 to 1024)",
            "单个输入解压后可占用的内存，GB；超出则报错（0.01 至 1024）",
        ),
    ),
    choice(
        ("output", "language"),
        &["auto", "en", "zh"],
        |s, i| {
            s.output.language = match i {
                1 => Some(Lang::En),
                2 => Some(Lang::Zh),
                _ => None,
            }
        },
        ("language of outputs: auto, en or zh", "输出语言：auto、en 或 zh"),
    ),
];
