//! The columns of all outputs: what each holds, its unit and its title in both languages.
//!
//! A name means the same in all outputs, so that a table is made of names ([`Head::named`]). Where it means something else in
//! one, or is made of data, the head is made with the table.

use std::borrow::Cow;

use crate::messages::workbook as say;
use crate::messages::{Lang, Text};

/// What a column holds: its type in files, and how a sheet shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, codes.
    Text,
    /// Sentences.
    Long,
    /// Months.
    Month,
    /// Days.
    Day,
    /// Whole numbers that name something, as a year or a version.
    Ordinal,
    /// Whole numbers without a unit.
    Count,
    /// Numbers without a unit, shown without decimals.
    Plain,
    /// Numbers without a unit, with two decimals.
    Exact,
    /// Units: whole numbers without decimals, others with.
    Units,
    /// Units that are seldom whole and of which nobody needs the decimals: targets, outlooks.
    Rounded,
    /// Units with their sign.
    Signed,
    /// The same without decimals.
    SignedRounded,
    /// A share as a percentage.
    Percent,
    /// A rate as a percentage with its sign.
    Rate,
    /// Money in the settings' unit.
    Money,
    /// Filled in by people: a number of units.
    AskUnits,
    /// Filled in by people: a share.
    AskShare,
    /// Filled in by people: words.
    AskText,
    /// For the machine, not shown.
    Hidden,
}

/// The type of a column's cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Words; a cell that is missing is the empty text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Months.
    Month,
    /// Days.
    Day,
}

impl Kind {
    /// The type of the cells.
    pub fn stored(self) -> Type {
        match self {
            Kind::Text | Kind::Long | Kind::AskText | Kind::Hidden => Type::Text,
            Kind::Month => Type::Month,
            Kind::Day => Type::Day,
            Kind::Ordinal | Kind::Count => Type::Whole,
            _ => Type::Number,
        }
    }

    /// Whether a sheet shows words, also where they are made of numbers.
    pub fn is_words(self) -> bool {
        self.stored() == Type::Text || matches!(self, Kind::Month | Kind::Day | Kind::Ordinal)
    }
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Its name, the header of the files.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
    /// Its title, without the unit.
    pub title: Text,
}

impl Head {
    /// A column of this name. One that is in no list, such as the name of a month, is titled as it is called and holds
    /// numbers.
    pub fn named(name: impl Into<Cow<'static, str>>) -> Head {
        let name = name.into();
        let found = COLUMNS.binary_search_by_key(&&*name, |(name, ..)| name).ok().and_then(|at| COLUMNS.get(at));
        let (kind, en, zh) = found.map_or((Kind::Exact, &*name, &*name), |(_, kind, en, zh)| (*kind, *en, *zh));
        let title = Text { en: en.to_owned(), zh: zh.to_owned() };
        Head { kind, title, name }
    }

    /// The same, which holds something else here.
    pub fn of(self, kind: Kind) -> Head {
        Head { kind, ..self }
    }

    /// The same with another title.
    pub fn titled(self, title: Text) -> Head {
        Head { title, ..self }
    }

    /// The title with the unit of what stands below it.
    pub fn header(&self, lang: Lang, money: &str) -> String {
        let title = self.title.get(lang);
        let units = say::units();
        let unit = match self.kind {
            Kind::Units | Kind::Rounded | Kind::Signed | Kind::SignedRounded | Kind::AskUnits => units.get(lang),
            Kind::Money => money,
            _ => return title.to_owned(),
        };
        match lang {
            Lang::En => format!("{title}\n({unit})"),
            Lang::Zh => format!("{title}\n（{unit}）"),
        }
    }
}

macro_rules! named {
    ($($name:ty),*) => {
        $(impl From<$name> for Head {
            fn from(name: $name) -> Head {
                Head::named(name)
            }
        })*
    };
}
named!(&'static str, String, Cow<'static, str>);

use Kind::*;

/// Name, what it holds, title in English and Chinese; by name.
#[rustfmt::skip]
static COLUMNS: [(&str, Kind, &str, &str); 228] = [
    ("above", Hidden, "above", "above"),
    ("action", Text, "action", "动作"),
    ("actual", Units, "actual", "实际"),
    ("against", Units, "compared with", "对比值"),
    ("ahead", Ordinal, "months after the cutoff", "距截止月数"),
    ("all_on_order", Units, "on order, all", "全部在途"),
    ("answered", Text, "given already", "已上报"),
    ("answers", Plain, "answers", "上报数"),
    ("arrives", Day, "arrives", "到货"),
    ("as_of", Day, "as of", "截至日"),
    ("at", Text, "at", "位置"),
    ("at_stake", Units, "at stake", "涉及数量"),
    ("attainment", Percent, "attained", "达成率"),
    ("attainment_factor", Percent, "channel cut", "渠道达成系数"),
    ("avoided", Units, "units avoided", "减少的误差"),
    ("base", Rounded, "base", "基数"),
    ("base_growth", Rate, "growth on the base", "基数成长率"),
    ("basis", Long, "basis", "依据"),
    ("before", Units, "forecast before", "原预估"),
    ("bias", Rate, "bias", "偏差"),
    ("bought_for", Units, "bought for", "按此采购"),
    ("bounds", Plain, "bounds tried", "检验次数"),
    ("buyers", Plain, "buyers", "购买户数"),
    ("buys", Text, "buys", "采购点"),
    ("buys_for", Count, "buys for", "供货点数"),
    ("by", AskText, "who", "填报人"),
    ("by_share", AskShare, "or change of it, %", "或较预测增减 %"),
    ("bytes", Plain, "bytes", "字节"),
    ("causes", Long, "because of", "变化原因"),
    ("cautious", Units, "cautious", "谨慎"),
    ("change", Signed, "change", "变化"),
    ("change_share", Rate, "change", "变化"),
    ("chased", Text, "why", "催货原因"),
    ("column", Count, "column", "列"),
    ("commissions", Money, "commissions", "佣金"),
    ("community", Text, "community", "小区"),
    ("counted", Day, "counted", "盘点日"),
    ("counters", Exact, "counters", "柜台"),
    ("cover", Exact, "months covered", "可销月数"),
    ("cover_days", Plain, "days covered", "可销天数"),
    ("credited", Units, "credited base", "还原基数"),
    ("currency", Text, "currency", "币种"),
    ("days", Plain, "days late", "迟天数"),
    ("delivery_date", Day, "delivery date", "交货日期"),
    ("demand", Units, "demand", "需求"),
    ("deviation", Exact, "deviation", "标准差"),
    ("due", Day, "due", "预计到货"),
    ("echelon_on_hand", Units, "on hand, all", "全部现有"),
    ("echelon_on_order", Units, "on order in time, all", "全部期内在途"),
    ("echelon_owed", Units, "owed, all", "全部欠货"),
    ("errors", Text, "errors from", "误差来源"),
    ("estimate", AskUnits, "your estimate", "一线预估"),
    ("event", Text, "event", "事件"),
    ("excess", Units, "beyond need", "超出需求"),
    ("factor", Percent, "attainment", "达成率"),
    ("fee", Money, "agency fee", "代理费"),
    ("file", Text, "file", "文件"),
    ("forecast", Units, "forecast", "预估"),
    ("forecast_exact", Exact, "before rounding", "取整前"),
    ("found", Units, "found", "数值"),
    ("from", Text, "from", "调出方"),
    ("gain", Percent, "gain", "改善"),
    ("gained", Units, "gained", "改善"),
    ("gap", SignedRounded, "gap", "差额"),
    ("group", Text, "group", "品类"),
    ("group_name", Text, "group", "品类"),
    ("growth", Rate, "growth", "成长率"),
    ("high", Units, "high", "上限"),
    ("high80", Units, "80% high", "80% 上限"),
    ("high95", Units, "95% high", "95% 上限"),
    ("households_left", Plain, "households left", "剩余户数"),
    ("id", Hidden, "id", "id"),
    ("in_force", Plain, "policies in force", "有效保单"),
    ("inside80", Percent, "inside 80%", "80% 内"),
    ("inside95", Percent, "inside 95%", "95% 内"),
    ("intent", Text, "intent", "意向"),
    ("interval_days", Count, "days to cover", "覆盖天数"),
    ("interval_months", Exact, "months to cover", "覆盖月数"),
    ("issued", Units, "issued", "已发布"),
    ("key", Hidden, "key", "key"),
    ("kind", Text, "kind", "类型"),
    ("lag", Count, "months ahead", "提前月数"),
    ("landing", Units, "landing", "月末落点"),
    ("last", Units, "last version", "上次预估"),
    ("last_lag", Ordinal, "months ahead then", "当时提前月数"),
    ("last_made", Month, "last issued in", "上次发布月"),
    ("last_month", Percent, "last month", "上月"),
    ("last_version", Ordinal, "last version", "上次版本"),
    ("last_year", Units, "last year", "去年同期"),
    ("leads", Plain, "leads", "意向单数"),
    ("level", Text, "level", "层级"),
    ("level_units", Units, "level", "水平"),
    ("line", Count, "line", "行"),
    ("location", Text, "location", "仓库"),
    ("lock", AskText, "lock", "锁定"),
    ("locked", Text, "locked", "锁定"),
    ("lost", Units, "lost", "损失数量"),
    ("low", Units, "low", "下限"),
    ("low80", Units, "80% low", "80% 下限"),
    ("low95", Units, "95% low", "95% 下限"),
    ("made", Month, "month made", "制作月"),
    ("margin", Money, "margin lost", "损失毛利"),
    ("measure", Text, "measure", "指标"),
    ("message", Long, "what", "内容"),
    ("missed", Units, "missed", "误差量"),
    ("missed_lag1", Units, "missed at lag 1", "提前 1 月误差"),
    ("missed_lag2", Units, "missed at lag 2", "提前 2 月误差"),
    ("mode", Text, "mode", "方式"),
    ("month", Month, "month", "月份"),
    ("month_1", Month, "month 1", "第 1 月"),
    ("month_2", Month, "month 2", "第 2 月"),
    ("month_before", Percent, "month before", "前月"),
    ("months", Plain, "months", "月数"),
    ("months_out", Count, "months out", "缺货月数"),
    ("moq", Units, "smallest order", "最小起订"),
    ("name", Text, "name", "名称"),
    ("nearer", Percent, "nearer", "更接近的比例"),
    ("need_by", Day, "need by", "需求日"),
    ("needed", Day, "needed", "需要日"),
    ("net", Units, "net of substitutes", "扣除替代后"),
    ("net_margin", Money, "net margin lost", "净损失毛利"),
    ("new_units", AskUnits, "new units", "调整后"),
    ("norm", Exact, "usual cover", "通常可销月数"),
    ("not_contracted_buyers", Plain, "communities not contracted yet: buyers", "尚未签约的新建小区：购买户"),
    ("not_contracted_policies", Plain, "communities not contracted yet: first policies", "尚未签约的新建小区：首次投保"),
    ("not_contracted_premiums", Money, "communities not contracted yet: premiums", "尚未签约的新建小区：保费"),
    ("not_contracted_revenue", Money, "communities not contracted yet: revenue", "尚未签约的新建小区：商品销售额"),
    ("not_contracted_signings", Plain, "communities not contracted yet: signings", "尚未签约的新建小区：签约户数"),
    ("note", AskText, "note", "备注"),
    ("now", Units, "forecast now", "本次预估"),
    ("observations", Ordinal, "observations", "观测数"),
    ("of", Text, "of", "对象"),
    ("of_target", AskShare, "or share of target, %", "或目标达成率 %"),
    ("on_hand", Units, "on hand", "现有库存"),
    ("on_order", Units, "on order", "在途"),
    ("optimistic", Units, "optimistic", "乐观"),
    ("order", Units, "order", "订货"),
    ("order_by", Day, "order by", "最晚下单"),
    ("order_date", Day, "order date", "下单日期"),
    ("order_number", Text, "order number", "订单号"),
    ("origin", Month, "cutoff", "截止月"),
    ("origins", Ordinal, "cutoffs", "截止月数"),
    ("outcome", Text, "outcome", "结果"),
    ("overdue", Units, "overdue", "逾期在途"),
    ("owed", Units, "owed", "欠货"),
    ("pack", Units, "pack", "包装"),
    ("packs", Exact, "packs", "包数"),
    ("parameter", Text, "parameter", "参数"),
    ("passed", Percent, "working days passed", "已过工作日占比"),
    ("people", Exact, "people", "人员"),
    ("people_short", Exact, "people_short", "people_short"),
    ("place", Text, "place", "位置"),
    ("plain", Percent, "by the plain rules", "基本规则占比"),
    ("plain_rule", Text, "plain rule", "基本规则"),
    ("plain_value", Exact, "plain value", "基本规则值"),
    ("planned", Units, "planned", "后续计划"),
    ("policies", Plain, "policies", "保单"),
    ("position", Units, "position", "可用头寸"),
    ("premiums", Money, "premiums", "保费"),
    ("price", Exact, "price", "单价"),
    ("product", Text, "product", "产品"),
    ("product_name", Text, "name", "产品名称"),
    ("profit", Money, "gross profit", "毛利"),
    ("push", Exact, "sold in / forecast", "进货/预估"),
    ("raw_need", Units, "need", "净需求"),
    ("reason", Long, "reason", "原因"),
    ("region", Text, "region", "区域"),
    ("region_name", Text, "name", "区域名称"),
    ("renewals", Plain, "renewals", "续保"),
    ("reorder_point", Units, "reorder point", "再订货点"),
    ("repaired", Percent, "stockouts repaired", "还原缺货后"),
    ("retires", Month, "last month", "退市末月"),
    ("revenue", Money, "money", "金额"),
    ("rmsse", Exact, "RMSSE", "RMSSE"),
    ("rows", Plain, "rows", "行数"),
    ("rule", Text, "rule", "规则"),
    ("runs_out", Day, "runs out", "售罄"),
    ("safety_stock", Units, "safety stock", "安全库存"),
    ("sales", Units, "sales", "销量"),
    ("scope", Text, "scope", "范围"),
    ("section", Text, "section", "部分"),
    ("sell_out", Units, "sold out a month", "月均出货"),
    ("service", Percent, "service", "服务水平"),
    ("service_by", Text, "service by", "服务口径"),
    ("sha256", Text, "SHA-256", "SHA-256"),
    ("share", Percent, "share", "占比"),
    ("short", Units, "short", "缺口"),
    ("signings", Plain, "signings", "签约户数"),
    ("sold", Units, "sold", "实际销量"),
    ("sold_since", Units, "sold since", "其后销量"),
    ("source", Text, "source", "来源"),
    ("stage", Text, "stage", "环节"),
    ("step", Ordinal, "step", "步骤"),
    ("stock", Units, "stock", "库存"),
    ("stock_end_1", Units, "stock at its end", "月末库存"),
    ("stock_end_2", Units, "stock at its end", "月末库存"),
    ("sum", Units, "sum so far", "累计"),
    ("sum_high80", Units, "sum, 80% high", "累计 80% 上限"),
    ("sum_high95", Units, "sum, 95% high", "累计 95% 上限"),
    ("sum_low80", Units, "sum, 80% low", "累计 80% 下限"),
    ("sum_low95", Units, "sum, 95% low", "累计 95% 下限"),
    ("supplier", Text, "supplier", "供应商"),
    ("surplus", Units, "too many", "多余"),
    ("target", Rounded, "target", "目标"),
    ("tier", Text, "tier", "渠道层级"),
    ("to", Text, "to", "调入方"),
    ("to_date", Units, "sold to date", "本月至今"),
    ("tracked", Plain, "series tracked", "跟踪数"),
    ("tracked_out", Plain, "out of limits", "超限数"),
    ("tracking_limit", Exact, "its limit", "信号界限"),
    ("tracking_signal", Exact, "tracking signal", "跟踪信号"),
    ("transfer_in", Units, "transfer in", "调入"),
    ("transfer_out", Units, "transfer out", "调出"),
    ("treatment", Long, "what was done", "处理"),
    ("units", Units, "forecast", "预估"),
    ("units_exact", Exact, "before rounding", "取整前"),
    ("urgency", Text, "urgency", "紧急"),
    ("used", Percent, "used", "采用"),
    ("value", Money, "value", "金额"),
    ("version", Ordinal, "version", "版本"),
    ("wape", Percent, "WAPE", "WAPE"),
    ("wape_raw", Percent, "WAPE, sales as they are", "WAPE（未还原缺货）"),
    ("what", Long, "what", "内容"),
    ("why", AskText, "reason", "原因"),
    ("year", Ordinal, "fiscal year", "财年"),
    ("year_outlook", Rounded, "year's outlook", "全年预计"),
    ("year_target", Rounded, "year's target", "全年目标"),
    ("year_to_date", Units, "year to date", "财年累计"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_by_name() {
        assert!(COLUMNS.is_sorted_by_key(|(name, ..)| name));
        assert_eq!(Head::named("gap").title.zh, "差额");
        assert_eq!(Head::named("gap").kind.stored(), Type::Number);
        assert_eq!(Head::named("units of X").title.en, "units of X");
    }
}
