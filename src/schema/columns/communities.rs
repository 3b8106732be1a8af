//! New communities and service centres.

use super::{COMMUNITY, FROM, KNOWN_COLUMN, MONTH, PRODUCT, PRODUCT_OR_GROUP, REASON, REGION, Sketch, UNITS, col};
use crate::schema::Need::{Optional, Required};

pub(super) static COMMUNITIES: Sketch = Sketch {
    name: "communities",
    one_of: &[],
    switches_on: ("new communities", "新小区"),
    columns: &[
        col("community", COMMUNITY, Required, "community; its parts are several rows", "小区；分期交房写多行"),
        col("region", REGION, Required, "region or service centre", "区域或服务中心"),
        col("households", &["户数", "总户数", "住户数", "units"], Required, "households handed over", "交房户数"),
        col(
            "handover",
            &["交房", "交房月份", "交房日期", "交付", "交付日期", "交房时间"],
            Required,
            "month of the handover",
            "交房月份",
        ),
        col("name", &["名称", "显示名称"], Optional, "name for reports", "报告中的名称"),
        col(
            "contract",
            &["合同", "签约合同", "开发商合同", "合同日期", "合同月份"],
            Optional,
            "month of the developer's contract",
            "开发商合同月份",
        ),
        col("unit_type", &["户型", "房型", "建筑类型"], Optional, "type of the homes", "户型"),
        KNOWN_COLUMN,
    ],
};

pub(super) static SIGNINGS: Sketch = Sketch {
    name: "signings",
    one_of: &[],
    switches_on: ("how new communities sign", "新小区的签约进展"),
    columns: &[
        col(
            "month",
            &["月份", "年月", "月", "签约月份", "签约日期", "日期", "date"],
            Required,
            "month of signing",
            "签约月份",
        ),
        col("community", COMMUNITY, Required, "community", "小区"),
        col(
            "households",
            &["签约", "签约户数", "户数", "签约数", "signed"],
            Required,
            "households that signed",
            "签约户数",
        ),
    ],
};

pub(super) static COMMUNITY_SALES: Sketch = Sketch {
    name: "community_sales",
    one_of: &[],
    switches_on: ("conversion and take-up of new communities", "新小区的转化率和投保率"),
    columns: &[
        col("month", MONTH, Required, "month of the sale", "销售月份"),
        col("community", COMMUNITY, Required, "community", "小区"),
        col("product", PRODUCT, Required, "product", "产品"),
        col(
            "units",
            UNITS,
            Required,
            "units sold to its households; part of sales",
            "售给该小区住户的数量；已含在 sales 中",
        ),
        col(
            "deposit",
            &["定金", "订金", "押金"],
            Optional,
            "yuan paid for a unit at once; the rest is paid on delivery",
            "每件已付定金；余款交付时支付",
        ),
        col(
            "delivered",
            &["交货月份", "送货月份", "提货月份", "交付月份", "delivery"],
            Optional,
            "month of the delivery; empty: not known yet",
            "交付月份；空：未定",
        ),
    ],
};

pub(super) static POLICIES: Sketch = Sketch {
    name: "policies",
    one_of: &[],
    switches_on: ("renewals of policies", "保单续保"),
    columns: &[
        col(
            "sold",
            &["销售", "销售月份", "售出", "投保月份", "承保月份", "销售日期", "投保日期"],
            Required,
            "month sold",
            "售出月份",
        ),
        col("product", PRODUCT, Required, "policy", "保单产品"),
        col(
            "units",
            &["件数", "保单数", "数量", "销量", "quantity", "qty"],
            Required,
            "policies sold; part of sales",
            "保单件数；已含在 sales 中",
        ),
        col("region", REGION, Optional, "region; empty: the whole company", "区域；空：全公司"),
        col(
            "expires",
            &["到期", "到期月份", "到期日期", "失效日期", "expiry"],
            Optional,
            "month of expiry; empty: sold + term",
            "到期月份；空：售出月加期限",
        ),
        col(
            "renewal",
            &["续保", "是否续保", "renewed"],
            Optional,
            "yes where these policies renew ones that ran out; without the column nothing is learned of renewals",
            "是否为到期续保（yes）；无此列则不估计续保率",
        ),
    ],
};

pub(super) static LEADS: Sketch = Sketch {
    name: "leads",
    one_of: &[],
    switches_on: ("what follow-up calls bring", "回访转化"),
    columns: &[
        col("community", COMMUNITY, Required, "community", "小区"),
        col(
            "month",
            &["月份", "年月", "月", "登记月份", "登记日期", "日期", "date"],
            Required,
            "month the lead was registered",
            "登记月份",
        ),
        col("product", PRODUCT_OR_GROUP, Optional, "product or group wanted", "意向产品或品类"),
        col("intent", &["意向", "意向程度", "购买意向"], Optional, "how much the customer wants it", "意向程度"),
        col(
            "called",
            &["回访", "回访月份", "回访日期", "致电"],
            Optional,
            "day or month of the call back",
            "回访日期或月份",
        ),
        col(
            "outcome",
            &["结果", "成交", "是否成交", "result"],
            Required,
            "bought, lost or open",
            "bought 成交、lost 未成交、open 未定",
        ),
        col("reason", REASON, Optional, "why bought or not", "成交或未成交的原因"),
    ],
};

pub(super) static RATES: Sketch = Sketch {
    name: "rates",
    one_of: &[],
    switches_on: ("rates of new communities as a planner states them", "计划员给定的新小区比例"),
    columns: &[
        col("from", FROM, Required, "first month it holds", "生效月份"),
        col("region", REGION, Optional, "region; empty: the whole company", "区域；空：全公司"),
        col(
            "product",
            PRODUCT_OR_GROUP,
            Optional,
            "product or group (units_per_buyer, take_up and renewal); empty: all",
            "产品或品类（units_per_buyer、take_up、renewal）；空：全部",
        ),
        col(
            "measure",
            &["指标", "项目", "口径"],
            Required,
            "signing, conversion, units_per_buyer, take_up or renewal",
            "signing 签约、conversion 转化率、units_per_buyer 户均件数、take_up 投保率、renewal 续保率",
        ),
        col(
            "lag",
            &["交房后月数", "月数", "第几个月"],
            Optional,
            "months since the handover, negative before it (signing only)",
            "交房后月数，交房前为负（仅 signing）",
        ),
        col(
            "value",
            &["数值", "值", "比例"],
            Required,
            "share, 0.19 or 19%; units for each buyer",
            "比例，0.19 或 19%；或每购买户件数",
        ),
        KNOWN_COLUMN,
    ],
};

pub(super) static COUNTERS: Sketch = Sketch {
    name: "counters",
    one_of: &[],
    switches_on: ("counters by date, and how many people a centre is short", "按日期的柜台数及各中心缺员"),
    columns: &[
        col("from", FROM, Required, "first month it holds", "生效月份"),
        col("region", REGION, Required, "region or service centre", "区域或服务中心"),
        col(
            "kind",
            &["种类", "类型", "柜台类型"],
            Optional,
            "contract, top_up or general; only contract counters sign; empty: contract",
            "contract 签约、top_up 充值、general 综合；仅签约柜台计入；空：签约",
        ),
        col("counters", &["柜台", "柜台数", "窗口数"], Required, "how many there are", "柜台数"),
        col(
            "hours",
            &["小时", "营业小时", "每日小时"],
            Optional,
            "hours a day each is open; empty: [load] hours_per_day",
            "每天开放小时数；空：[load] hours_per_day",
        ),
        col(
            "people_per_counter",
            &["每柜台人数", "台均人数"],
            Optional,
            "people each needs; empty: [load] people_per_counter",
            "每柜台所需人数；空：[load] people_per_counter",
        ),
        col("people", &["人数", "在岗人数"], Optional, "people there are at them", "在岗人数"),
    ],
};

pub(super) static COMMISSIONS: Sketch = Sketch {
    name: "commissions",
    one_of: &[],
    switches_on: ("commissions", "提成"),
    columns: &[
        col("scheme", &["方案", "提成方案"], Required, "name of the scheme", "方案名称"),
        col(
            "from",
            &["开始", "起", "生效", "生效月份", "生效日期", "start"],
            Required,
            "first month it holds",
            "生效月份",
        ),
        col("party", &["部门", "对象", "人员", "岗位", "分配对象"], Required, "who gets it", "提成对象"),
        col(
            "rate",
            &["比例", "提成比例", "费率", "提成"],
            Required,
            "share of the premiums, 0.1 or 10%",
            "保费占比，0.1 或 10%",
        ),
        col(
            "instead_of",
            &["替代部门", "代替", "取代", "替代"],
            Optional,
            "party of the scheme in whose place this one gets it, for the sales that go through it",
            "经其销售时所替代的提成对象",
        ),
    ],
};

pub(super) static TOTALS: Sketch = Sketch {
    name: "totals",
    one_of: &[],
    switches_on: ("checks against control totals", "与控制总数核对"),
    columns: &[
        col(
            "period",
            &["期间", "时期", "月份", "年度", "年份", "月", "年", "month", "year"],
            Required,
            "month, or fiscal year (2024)",
            "月份，或财年（2024）",
        ),
        col("region", REGION, Optional, "region; empty: the whole company", "区域；空：全公司"),
        col(
            "measure",
            &["指标", "项目", "口径"],
            Required,
            "what is counted: units, revenue, appliance_revenue, premiums, agency_fee, new_households ...",
            "指标：units 数量、revenue 金额、appliance_revenue、premiums、agency_fee、new_households 等",
        ),
        col(
            "value",
            &["数值", "值", "合计数", "金额", "数量", "amount"],
            Required,
            "the total as published",
            "公布的总数",
        ),
        col(
            "growth",
            &["增长率", "增长", "增幅", "同比"],
            Optional,
            "growth as published, 0.11 or 11%",
            "公布的增长率，0.11 或 11%",
        ),
    ],
};
