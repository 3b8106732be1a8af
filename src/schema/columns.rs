//! The columns of every table. Headers are compared by [`super::normal`], so case, blanks, width, `_` and `-` of the
//! aliases do not matter.

use super::Need::{Optional, Required};
use super::{Column, Need, Table};

/// What is known of one table.
pub(super) struct Sketch {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// At least one of these must be there.
    pub one_of: &'static [&'static str],
    /// English, Chinese.
    pub switches_on: (&'static str, &'static str),
}

/// Name, other headers, need, what it holds in English and in Chinese.
const fn col(
    name: &'static str,
    aliases: &'static [&'static str],
    need: Need,
    doc: &'static str,
    doc_zh: &'static str,
) -> Column {
    Column { name, aliases, need, doc, doc_zh }
}

const MONTH: &[&str] =
    &["月份", "年月", "月", "日期", "销售月份", "销售日期", "期间", "date", "yearmonth", "period", "时间"];
const REGION: &[&str] = &[
    "区域",
    "大区",
    "省份",
    "地区",
    "省",
    "城市",
    "片区",
    "分公司",
    "服务中心",
    "门店",
    "区域名称",
    "销售区域",
    "area",
    "province",
    "store",
    "branch",
];
const PRODUCT: &[&str] = &[
    "品项",
    "产品",
    "型号",
    "商品",
    "物料",
    "货品",
    "产品编码",
    "产品代码",
    "商品编码",
    "物料编码",
    "产品型号",
    "规格型号",
    "sku",
    "item",
    "model",
    "产品名称",
    "商品名称",
    "品名",
    "productcode",
    "itemcode",
];
/// The same where `name` is a column of its own.
const PRODUCT_CODE: &[&str] = &[
    "品项",
    "产品",
    "型号",
    "商品",
    "物料",
    "货品",
    "产品编码",
    "产品代码",
    "商品编码",
    "物料编码",
    "产品型号",
    "规格型号",
    "编码",
    "代码",
    "sku",
    "item",
    "model",
    "productcode",
    "itemcode",
];
/// A product, or a whole group of them.
const PRODUCT_OR_GROUP: &[&str] = &[
    "品项",
    "产品",
    "型号",
    "商品",
    "物料",
    "产品编码",
    "产品代码",
    "商品编码",
    "产品型号",
    "sku",
    "item",
    "model",
    "产品名称",
    "品名",
    "group",
    "category",
    "品类",
    "类别",
    "产品类别",
    "productorgroup",
    "品项或品类",
];
const UNITS: &[&str] = &["销量", "数量", "销售数量", "销售量", "件数", "台数", "quantity", "qty", "volume", "sales"];
const REVENUE: &[&str] = &["金额", "销售额", "销售金额", "收入", "销售收入", "amount", "turnover", "value"];
const REASON: &[&str] = &["原因", "理由", "因素", "cause"];
const NOTE: &[&str] = &["备注", "说明", "注", "remark", "remarks", "comment"];
const BY: &[&str] = &["填报人", "提出人", "责任人", "人员", "制定人", "作者", "author", "who", "contributor"];
const LOCK: &[&str] = &["锁定", "固定", "是否锁定", "locked", "fixed"];
const KNOWN: &[&str] = &["已知日期", "知悉日期", "公布日期", "获知日期", "知道日期", "knownsince", "announced"];
const MADE: &[&str] = &["预测月", "预测时间", "制作月份", "制定月份", "编制月份", "上报月份", "填报月份", "madein"];
const YEAR: &[&str] = &["年度", "年份", "年", "财年", "财政年度", "fiscalyear"];
const COMMUNITY: &[&str] = &["小区", "社区", "楼盘", "项目", "小区名称", "楼盘名称", "estate", "project"];
const FROM: &[&str] = &["开始", "起", "生效", "生效月份", "生效日期", "起始月份", "start"];
const PRICE: &[&str] = &["单价", "价格", "售价", "零售价", "unitprice"];
const DISCOUNT: &[&str] = &["折扣", "优惠", "折让", "促销折扣"];

const KNOWN_COLUMN: Column = col(
    "known",
    KNOWN,
    Optional,
    "date from which the plan was known; empty: assumed known all along",
    "该计划自何日起为人所知；空：视为一直已知",
);

pub(super) fn of(table: Table) -> &'static Sketch {
    match table {
        Table::Sales => &SALES,
        Table::Products => &PRODUCTS,
        Table::Regions => &REGIONS,
        Table::Targets => &TARGETS,
        Table::Factors => &FACTORS,
        Table::Growth => &GROWTH,
        Table::ChannelStock => &CHANNEL_STOCK,
        Table::Frontline => &FRONTLINE,
        Table::Progress => &PROGRESS,
        Table::Overrides => &OVERRIDES,
        Table::Stock => &STOCK,
        Table::Orders => &ORDERS,
        Table::Suppliers => &SUPPLIERS,
        Table::PlanPrices => &PLAN_PRICES,
        Table::Aliases => &ALIASES,
        Table::Communities => &COMMUNITIES,
        Table::Signings => &SIGNINGS,
        Table::CommunitySales => &COMMUNITY_SALES,
        Table::Policies => &POLICIES,
        Table::Leads => &LEADS,
        Table::Rates => &RATES,
        Table::Counters => &COUNTERS,
        Table::Commissions => &COMMISSIONS,
        Table::Totals => &TOTALS,
        Table::Calendar => &CALENDAR,
        Table::Reported => &REPORTED,
        Table::Ledger => &LEDGER,
    }
}

static SALES: Sketch = Sketch {
    name: "sales",
    one_of: &[],
    switches_on: ("the forecast itself", "预测本身"),
    columns: &[
        col("month", MONTH, Required, "month or day of the sale, 2024-02", "销售的月份或日期，如 2024-02"),
        col("region", REGION, Required, "region that sold", "销售区域"),
        col("product", PRODUCT, Required, "product sold, its code as text", "所售产品，编码按文本保留"),
        col("units", UNITS, Required, "units sold; returns are negative", "销售数量；退货为负"),
        col(
            "revenue",
            REVENUE,
            Optional,
            "money of these units, in the unit of [units]",
            "这些数量的金额，单位见 [units]",
        ),
        col(
            "stockout_days",
            &["缺货天数", "断货天数", "无货天数", "daysout", "oosdays"],
            Optional,
            "days of the month without stock",
            "当月缺货的天数",
        ),
        col(
            "availability",
            &["有货率", "现货率", "在架率", "可得率", "instock"],
            Optional,
            "share of the month's selling days with stock, 0 to 1 or %",
            "当月有货销售日的占比，0 到 1 或百分数",
        ),
        col(
            "stockout",
            &["是否缺货", "缺货", "断货", "是否断货", "outofstock", "soldout"],
            Optional,
            "yes where it was out of stock for some of the month and nobody knows how long",
            "当月曾缺货但不知多久，填 是",
        ),
        col("price", PRICE, Optional, "price of one unit, yuan; used lagged only", "单价（元）；只用过去的值"),
        col(
            "discount",
            DISCOUNT,
            Optional,
            "discount on one unit, yuan; used lagged only",
            "单件折扣（元）；只用过去的值",
        ),
    ],
};

static PRODUCTS: Sketch = Sketch {
    name: "products",
    one_of: &[],
    switches_on: ("launches and retirements, revenue, the stock plan", "新品与退市、金额、备货计划"),
    columns: &[
        col("product", PRODUCT_CODE, Required, "code of the product, as in sales", "产品编码，与 sales 一致"),
        col("name", &["名称", "产品名称", "商品名称", "品名"], Optional, "name for reports", "报告中的名称"),
        col(
            "category",
            &["品类", "类别", "分类", "产品类别", "大类", "group"],
            Optional,
            "group within which products replace each other",
            "品类，组内产品可互相替代",
        ),
        col(
            "kind",
            &["种类", "性质", "产品种类", "type"],
            Optional,
            "goods, policy or service",
            "goods 商品、policy 保单、service 服务",
        ),
        col("price", PRICE, Optional, "price of one unit, yuan", "单价（元）"),
        col("cost", &["成本", "单位成本", "进价", "成本价"], Optional, "cost of one unit, yuan", "单位成本（元）"),
        col(
            "fee",
            &["代理费率", "手续费率", "佣金率"],
            Optional,
            "insurer's fee on a policy, as a share of its price, 0.4 or 40%; empty: [insurance] fee",
            "保险代理费占保费的比例，0.4 或 40%；空：按 [insurance] fee",
        ),
        col(
            "launch",
            &["上市", "上市月份", "上市日期", "上市时间", "launched"],
            Optional,
            "first month sold",
            "上市月份",
        ),
        col(
            "retire",
            &["退市", "退市月份", "退市日期", "停售", "停产", "retired"],
            Optional,
            "last month sold",
            "最后销售月份",
        ),
        col(
            "replaces",
            &["替代", "替换", "取代", "前代产品"],
            Optional,
            "product whose place it takes",
            "所替代的产品",
        ),
        col(
            "like",
            &["参照", "类似", "参照产品", "类比产品", "similar"],
            Optional,
            "product it will sell like",
            "参照的类似产品",
        ),
        col(
            "term_months",
            &["期限", "保险期限", "期限月数", "保期", "term"],
            Optional,
            "term of a policy in months",
            "保单期限（月）",
        ),
        col("supplier", &["供应商", "厂家", "供货商", "vendor"], Optional, "who delivers it", "供应商"),
        col(
            "lead_time_days",
            &["交期", "交货期", "采购周期", "到货天数", "leadtime"],
            Optional,
            "days from order to delivery",
            "从下单到到货的天数",
        ),
        col(
            "moq",
            &["起订量", "最小起订量", "最低订量", "minimumorder"],
            Optional,
            "smallest order, units",
            "最小起订量（件）",
        ),
        col(
            "pack",
            &["包装", "箱规", "装箱数", "包装数量", "packsize"],
            Optional,
            "orders are multiples of this, units",
            "装箱数，订货为其整数倍",
        ),
        col(
            "service_level",
            &["服务水平", "满足率"],
            Optional,
            "wanted chance of no stockout, 0 to 1 or %",
            "期望的不缺货概率，0 到 1 或百分数",
        ),
        col(
            "service_by",
            &["服务口径", "服务水平口径"],
            Optional,
            "what that level means: cycle, fill or cost",
            "服务水平口径：cycle 周期、fill 满足率、cost 成本",
        ),
        col(
            "lead_time_sd_days",
            &["交期偏差", "交期波动", "交期标准差", "leadtimesd"],
            Optional,
            "spread of the lead time, standard deviation in days",
            "交期的标准差（天）",
        ),
        col(
            "min_stock",
            &["最低库存", "最小库存", "陈列量", "陈列库存"],
            Optional,
            "least units on every shelf, whatever the forecast",
            "每处最低库存（件）",
        ),
        col(
            "shelf_life_days",
            &["保质期", "保质期天数", "货架期", "shelflife"],
            Optional,
            "days that a unit keeps: no more is ordered than is sold until then",
            "保质期（天）：订货不超过到期前可售数量",
        ),
        col(
            "load",
            &["装载量", "体积", "单件体积", "cbm"],
            Optional,
            "what one unit takes of a container or pallet of suppliers (m3, kg, pallets)",
            "单件占用的柜容或托盘（立方米、公斤、托盘），见 suppliers 的 container",
        ),
        col("do_not_buy", &["停采", "禁购", "不采购", "停止采购"], Optional, "yes: never ordered", "是：不再采购"),
        col(
            "region",
            REGION,
            Optional,
            "regions that sell it, several parted by ; empty: all",
            "销售该产品的区域，多个以；或、分开；空：全部",
        ),
        KNOWN_COLUMN,
    ],
};

static REGIONS: Sketch = Sketch {
    name: "regions",
    one_of: &[],
    switches_on: ("any number of levels of regions", "多级区域"),
    columns: &[
        col("region", REGION, Required, "region, as in sales, or a level above", "区域，与 sales 一致，或其上级"),
        col("name", &["名称", "全称", "显示名称"], Optional, "name for reports", "报告中的名称"),
        col(
            "parent",
            &["上级", "上级区域", "所属区域", "所属", "所属大区", "隶属"],
            Optional,
            "region it belongs to",
            "所属的上级区域",
        ),
        col(
            "counters",
            &["柜台", "柜台数", "窗口", "窗口数"],
            Optional,
            "counters of a service centre at which contracts are signed",
            "服务中心可签约的柜台数",
        ),
        col(
            "party",
            &["提成身份", "销售身份"],
            Optional,
            "party of commissions that sells there in another's place (a service station)",
            "该处销售时替代他人的提成对象（如服务站）",
        ),
    ],
};

static TARGETS: Sketch = Sketch {
    name: "targets",
    one_of: &["units", "revenue"],
    switches_on: ("the target chain and its decomposition over regions", "目标链及其向各区域的分解"),
    columns: &[
        col("year", YEAR, Required, "fiscal year, named by the calendar year it ends in", "财年，以其结束的年份命名"),
        col(
            "stage",
            &["阶段", "环节", "层级", "来源"],
            Optional,
            "who set it: marketing, province, department",
            "由谁下达：市场部、省公司、销售部",
        ),
        col("region", REGION, Optional, "region; empty: the whole company", "区域；空：全公司"),
        col("month", &["月份", "年月", "月"], Optional, "month; empty: the whole year", "月份；空：全年"),
        col("product", PRODUCT_OR_GROUP, Optional, "product or group; empty: everything", "产品或品类；空：全部"),
        col(
            "units",
            &["目标", "目标数量", "目标销量", "任务量", "销量", "数量", "销量目标", "target", "quantity", "qty"],
            Optional,
            "target in units",
            "目标数量",
        ),
        col(
            "revenue",
            &["目标金额", "目标销售额", "金额", "销售额", "任务金额", "销售额目标", "amount"],
            Optional,
            "target in money, in the unit of [units]",
            "目标金额，单位见 [units]",
        ),
        col("min", &["下限", "最低", "最小", "minimum"], Optional, "never less than this", "下限"),
        col("max", &["上限", "最高", "最大", "maximum"], Optional, "never more than this", "上限"),
        col("lock", LOCK, Optional, "yes: this number stays as it is", "是：该数不再调整"),
        KNOWN_COLUMN,
    ],
};

static FACTORS: Sketch = Sketch {
    name: "factors",
    one_of: &[],
    switches_on: (
        "suppressed base years, promotions past and planned, competitor moves",
        "受压基期、过去和计划的促销、竞品动向",
    ),
    columns: &[
        col("region", REGION, Optional, "region; empty: all", "区域；空：全部"),
        col("product", PRODUCT_OR_GROUP, Optional, "product or group; empty: all", "产品或品类；空：全部"),
        col(
            "from",
            &["开始", "起", "开始月份", "起始", "起始月份", "开始日期", "start"],
            Required,
            "first month or day",
            "开始月份或日期",
        ),
        col(
            "to",
            &["结束", "止", "结束月份", "截止", "截止月份", "结束日期", "end"],
            Required,
            "last month or day",
            "结束月份或日期",
        ),
        col("reason", REASON, Required, "reason, with its sign in [reasons]", "原因，方向见 [reasons]"),
        col(
            "effect",
            &["影响", "效果", "影响比例", "影响幅度", "增减"],
            Optional,
            "share of the period's sales gained (+) or lost (-), -0.2 or -20%",
            "期间销量增加（+）或损失（-）的比例，如 -0.2 或 -20%",
        ),
        col(
            "known",
            KNOWN,
            Optional,
            "date from which the event was known; empty: from its first month",
            "获知该事件的日期；空：从开始的月份起",
        ),
        col("note", NOTE, Optional, "anything worth remembering", "备注"),
    ],
};

static GROWTH: Sketch = Sketch {
    name: "growth",
    one_of: &[],
    switches_on: ("a planner's own growth rates, the total still conserved", "计划员自定的增长率，总目标不变"),
    columns: &[
        col("region", REGION, Optional, "region; empty: the whole company", "区域；空：全公司"),
        col("product", PRODUCT_OR_GROUP, Optional, "product or group; empty: everything", "产品或品类；空：全部"),
        col("year", YEAR, Required, "fiscal year that grows", "增长所指的财年"),
        col(
            "growth",
            &["增长率", "增长", "增幅", "增速", "同比"],
            Required,
            "growth on last year's actual sales, 0.11 or 11%",
            "较上年实际销量的增长，0.11 或 11%",
        ),
        col("lock", LOCK, Optional, "yes: this rate stays as it is", "是：该增长率不再调整"),
        col("reason", REASON, Required, "why", "原因"),
        col("by", BY, Optional, "who says so", "提出人"),
        KNOWN_COLUMN,
    ],
};

static CHANNEL_STOCK: Sketch = Sketch {
    name: "channel_stock",
    one_of: &[],
    switches_on: ("attainment from month-end stock in the channel", "按渠道月末库存修正完成率"),
    columns: &[
        col(
            "month",
            &["月份", "年月", "月", "盘点月份", "日期", "date"],
            Required,
            "month at whose end was counted",
            "盘点所在月份（月末）",
        ),
        col("region", REGION, Required, "region", "区域"),
        col("product", PRODUCT_OR_GROUP, Optional, "product or group; empty: everything", "产品或品类；空：全部"),
        col(
            "tier",
            &["层级", "渠道", "渠道层级", "环节"],
            Optional,
            "dealer or downstream",
            "dealer 经销商、downstream 下游",
        ),
        col(
            "units",
            &["库存", "库存数量", "期末库存", "月末库存", "数量", "stock", "quantity", "qty"],
            Required,
            "units in stock at month end",
            "月末库存数量",
        ),
        col(
            "sell_out",
            &["出货", "销出", "出货量", "动销", "终端销量"],
            Optional,
            "units this tier sold on in the month",
            "该层级当月售出的数量",
        ),
    ],
};

const ATTAINMENT: Column = col(
    "attainment",
    &["达成率", "目标达成率", "完成率", "预计达成率"],
    Optional,
    "in place of units: share of the month's target, 0.95 or 95%",
    "代替数量：占当月目标的比例，0.95 或 95%",
);

const CHANGE: Column = col(
    "change",
    &["调整幅度", "调整比例", "变动", "增减幅度"],
    Optional,
    "in place of units: change of the forecast, -0.05 or -5%",
    "代替数量：较预测的增减，-0.05 或 -5%",
);

static FRONTLINE: Sketch = Sketch {
    name: "frontline",
    one_of: &["units", "attainment", "change"],
    switches_on: ("the regions' own estimates", "一线预估"),
    columns: &[
        col("made", MADE, Required, "month (or day) in which the estimate was made", "作出预估的月份或日期"),
        col("month", &["月份", "年月", "月", "目标月份", "预估月份"], Required, "month it is about", "所预估的月份"),
        col("region", REGION, Optional, "region; empty: the whole company", "区域；空：全公司"),
        col(
            "product",
            PRODUCT_OR_GROUP,
            Optional,
            "product or group; empty: the region's total",
            "产品或品类；空：区域合计",
        ),
        col(
            "units",
            &["预估", "预估销量", "预估数量", "上报数量", "上报量", "数量", "销量", "quantity", "qty"],
            Optional,
            "units estimated",
            "预估数量",
        ),
        ATTAINMENT,
        CHANGE,
        col("by", BY, Required, "who estimates", "填报人"),
        col("reason", REASON, Required, "why", "原因"),
        col("note", NOTE, Optional, "anything worth remembering", "备注"),
    ],
};

static PROGRESS: Sketch = Sketch {
    name: "progress",
    one_of: &[],
    switches_on: ("the month to date and its landing", "当月进度及月末落点"),
    columns: &[
        col(
            "as_of",
            &["截至", "截至日期", "截止日期", "日期", "统计日期", "date"],
            Required,
            "last day counted",
            "统计截至日期",
        ),
        col("region", REGION, Required, "region", "区域"),
        col(
            "product",
            PRODUCT_OR_GROUP,
            Optional,
            "product or group; empty: the region's total",
            "产品或品类；空：区域合计",
        ),
        col(
            "units",
            &["累计", "累计销量", "销量", "数量", "本月累计", "进度", "quantity", "qty"],
            Required,
            "units sold from the first of the month to that day",
            "月初至该日的累计销量",
        ),
    ],
};

static OVERRIDES: Sketch = Sketch {
    name: "overrides",
    one_of: &["units", "attainment", "change"],
    switches_on: ("a planner's last word, with a reason", "计划员的最终调整及原因"),
    columns: &[
        col("made", MADE, Required, "month (or day) in which it was decided", "作出调整的月份或日期"),
        col("month", &["月份", "年月", "月", "调整月份"], Required, "month it is about", "所调整的月份"),
        col("region", REGION, Optional, "region; empty: the whole company", "区域；空：全公司"),
        col(
            "product",
            PRODUCT_OR_GROUP,
            Optional,
            "product or group; empty: the region's total",
            "产品或品类；空：区域合计",
        ),
        col(
            "units",
            &["调整后", "调整后数量", "调整数量", "数量", "销量", "quantity", "qty"],
            Optional,
            "units instead of the forecast",
            "替代预测的数量",
        ),
        ATTAINMENT,
        CHANGE,
        col("by", BY, Required, "who decides", "调整人"),
        col("reason", REASON, Required, "why", "原因"),
        col("lock", LOCK, Optional, "yes: nothing may move it again", "是：此后不再变动"),
        col("note", NOTE, Optional, "anything worth remembering", "备注"),
    ],
};

static STOCK: Sketch = Sketch {
    name: "stock",
    one_of: &[],
    switches_on: ("the stock plan", "备货计划"),
    columns: &[
        col(
            "location",
            &["仓库", "库位", "地点", "仓", "库房", "warehouse"],
            Required,
            "warehouse or shop",
            "仓库或门店",
        ),
        col("region", REGION, Optional, "region it supplies; empty: all", "所供区域；空：全部"),
        col("product", PRODUCT, Required, "product", "产品"),
        col(
            "on_hand",
            &["现有", "现有库存", "库存", "在库", "库存数量", "onhandqty"],
            Required,
            "units on hand",
            "现有库存（件）",
        ),
        col("as_of", &["截至", "截至日期", "盘点日期", "日期", "date"], Optional, "day of the count", "盘点日期"),
        col(
            "on_order",
            &["在途", "已订", "在订", "在途数量", "已订未到"],
            Optional,
            "units ordered and not yet here",
            "已订未到（件）",
        ),
        col("due", &["到货", "到货日期", "预计到货", "交货日期"], Optional, "day they arrive", "预计到货日期"),
        col("backorders", &["欠货", "未交", "未交订单", "欠交"], Optional, "units owed to customers", "欠交客户（件）"),
    ],
};

static ORDERS: Sketch = Sketch {
    name: "orders",
    one_of: &[],
    switches_on: ("open orders one by one: due days, chasing, putting off", "逐笔未到订单：到货日、催货、改期"),
    columns: &[
        col(
            "order_number",
            &["订单号", "采购单号", "单号", "订单编号", "po", "ponumber"],
            Optional,
            "number of the order",
            "采购订单号",
        ),
        col(
            "supplier",
            &["供应商", "厂家", "供货商", "vendor"],
            Optional,
            "who delivers it; empty: as in products",
            "供应商；空：同 products",
        ),
        col(
            "location",
            &["仓库", "库位", "地点", "仓", "库房", "收货仓", "warehouse"],
            Required,
            "warehouse or shop it is for, as in stock",
            "收货仓库或门店，与 stock 一致",
        ),
        col("product", PRODUCT, Required, "product", "产品"),
        col("units", UNITS, Required, "units ordered and not yet here", "已订未到（件）"),
        col(
            "due",
            &["到货", "到货日期", "预计到货", "交货日期", "交期"],
            Optional,
            "day they arrive; empty: a lead time from today",
            "预计到货日期；空：自今日起一个交期",
        ),
        col(
            "placed",
            &["下单", "下单日期", "订货日期", "订单日期"],
            Optional,
            "day it was ordered; later ones are not seen",
            "下单日期；晚于截至日者不可见",
        ),
        col(
            "confirmed",
            &["确认", "已确认", "确认日期", "供应商确认"],
            Optional,
            "yes, or the day the supplier confirmed it",
            "是，或供应商确认的日期",
        ),
    ],
};

static SUPPLIERS: Sketch = Sketch {
    name: "suppliers",
    one_of: &[],
    switches_on: ("the terms of suppliers", "供应商条款"),
    columns: &[
        col("supplier", &["供应商", "厂家", "供货商", "vendor"], Required, "as in products", "与 products 一致"),
        col(
            "product",
            PRODUCT,
            Optional,
            "of a price break: the product; empty: the row has the supplier's terms",
            "阶梯价的产品；空：该行为供应商条款",
        ),
        col(
            "from_units",
            &["起数量", "阶梯数量", "达到数量", "breakqty"],
            Optional,
            "of a price break: units ordered from which it holds",
            "阶梯价：自该订货数量起",
        ),
        col(
            "price",
            &["单价", "价格", "阶梯价", "unitprice"],
            Optional,
            "of a price break: price of one unit, in the supplier's currency",
            "阶梯价：单价（供应商币种）",
        ),
        col(
            "min_order_value",
            &["起订金额", "最低金额", "最低订货金额", "minorder"],
            Optional,
            "smallest value of an order, in the supplier's currency",
            "最低订货金额（供应商币种）",
        ),
        col(
            "free_freight",
            &["包邮金额", "免运费金额", "免运费"],
            Optional,
            "value of an order from which freight is free, in the supplier's currency",
            "免运费的订货金额（供应商币种）",
        ),
        col(
            "freight",
            &["运费"],
            Optional,
            "what the freight of an order costs below that, in the supplier's currency",
            "未达免运费时一单的运费（供应商币种）",
        ),
        col(
            "container",
            &["柜容", "整柜", "柜容量", "托盘容量", "pallet"],
            Optional,
            "what a container or pallet holds, in the unit of load of products; orders fill whole ones",
            "一柜或一托的容量，单位同 products 的 load；按整柜订货",
        ),
        col(
            "order_days",
            &["订货日", "下单日", "可订日"],
            Optional,
            "weekdays on which orders are taken, 1 (Monday) to 7, parted by ; as 1;4",
            "可下单的星期，1（周一）至 7，用 ; 分隔，如 1;4",
        ),
        col(
            "order_weeks",
            &["订货周", "下单周", "日历周"],
            Optional,
            "calendar weeks (ISO) in which orders are taken: odd, even, or numbers parted by ;",
            "可下单的日历周（ISO）：odd 单周、even 双周，或周序号用 ; 分隔",
        ),
        col(
            "currency",
            &["币种", "货币"],
            Optional,
            "currency of its prices and papers; empty: yuan",
            "价格与单据的币种；空：元",
        ),
        col("rate", &["汇率"], Optional, "yuan for one unit of the currency", "一单位该币种合多少元"),
    ],
};

static PLAN_PRICES: Sketch = Sketch {
    name: "plan_prices",
    one_of: &[],
    switches_on: ("prices known ahead", "已知的未来价格"),
    columns: &[
        col("month", &["月份", "年月", "月"], Required, "month", "月份"),
        col("region", REGION, Required, "region", "区域"),
        col("product", PRODUCT, Required, "product", "产品"),
        col("price", PRICE, Required, "planned price of one unit, yuan", "计划单价（元）"),
        col("discount", DISCOUNT, Optional, "planned discount on one unit, yuan", "计划单件折扣（元）"),
    ],
};

static ALIASES: Sketch = Sketch {
    name: "aliases",
    one_of: &[],
    switches_on: ("one history for recoded products and moved regions", "改码产品和调整区域的历史衔接"),
    columns: &[
        col("kind", &["类型", "种类", "类别", "type"], Required, "product or region", "product 产品、region 区域"),
        col("old", &["旧", "旧编码", "旧名称", "原编码", "原名称", "原"], Required, "name as it was", "旧名称或编码"),
        col(
            "new",
            &["新", "新编码", "新名称", "现编码", "现名称", "现"],
            Required,
            "name as it is now",
            "新名称或编码",
        ),
        col(
            "from",
            &["开始", "起", "生效", "生效月份", "生效日期", "start"],
            Required,
            "first month of the new name",
            "新名称启用的月份",
        ),
    ],
};

static COMMUNITIES: Sketch = Sketch {
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

static SIGNINGS: Sketch = Sketch {
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

static COMMUNITY_SALES: Sketch = Sketch {
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
    ],
};

static POLICIES: Sketch = Sketch {
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

static LEADS: Sketch = Sketch {
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

static RATES: Sketch = Sketch {
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

static COUNTERS: Sketch = Sketch {
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

static COMMISSIONS: Sketch = Sketch {
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

static TOTALS: Sketch = Sketch {
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

static CALENDAR: Sketch = Sketch {
    name: "calendar",
    one_of: &[],
    switches_on: ("your own working days instead of the built-in calendar", "以自定工作日替换内置日历"),
    columns: &[
        col("month", &["月份", "年月", "月"], Required, "month", "月份"),
        col(
            "working_days",
            &["工作日", "工作天数", "营业天数", "销售天数"],
            Optional,
            "selling days in it",
            "当月销售天数",
        ),
        col(
            "festival",
            &["节日", "春节", "节日天数", "春节天数"],
            Optional,
            "days in it of a festival that moves between months (0: none), or whether one distorts it",
            "当月移动节日的天数（没有则为 0），或是否受节日影响",
        ),
        col("weight", &["权重", "比重"], Optional, "weight of the month beyond its days", "除天数外的月份权重"),
    ],
};

static REPORTED: Sketch = Sketch {
    name: "reported",
    one_of: &[],
    switches_on: (
        "your own word on which months are complete, in the place of what the rows suggest",
        "由您说明哪些月份数据完整，代替按行数的判断",
    ),
    columns: &[
        col("month", &["月份", "年月", "月"], Required, "month of sales", "销售月份"),
        col("region", REGION, Optional, "region that it is said of; empty: all", "所说的区域；空：全部"),
        col(
            "state",
            &["状态", "完整性", "报送情况"],
            Required,
            "complete: what has no row sold nothing; part or none: not to be counted",
            "complete 完整：没有行即为零；part 部分、none 无：不计入",
        ),
    ],
};

static LEDGER: Sketch = Sketch {
    name: "ledger",
    one_of: &[],
    switches_on: ("what was issued before: revision by who was right", "已发布的预测：按历史准确度修正"),
    columns: &[
        col("made", MADE, Required, "month in which the forecast was made", "作出预测的月份"),
        col("version", &[], Required, "1, or the number of a correction", "1，或更正的编号"),
        col("mode", &[], Required, "close or during: how it was made", "close 月末，或 during 月中"),
        col("as_of", &[], Required, "day up to which data were seen", "数据截至日"),
        col("month", &["月份"], Required, "month forecast", "所预测的月份"),
        col("lag", &[], Required, "months after the one made", "距作出预测的月数"),
        col("region", &["区域"], Optional, "region; empty: the whole company", "区域；空：全公司"),
        col("product", &["产品"], Optional, "product or group; empty: everything", "产品或品类；空：全部"),
        col("source", &["来源"], Required, "which number of that month it is", "该月的哪一个数"),
        col("units", &["数量"], Required, "units", "数量"),
        col("low80", &[], Optional, "bounds that hold 80 of 100 actuals", "80% 区间下限"),
        col("high80", &[], Optional, "bounds that hold 80 of 100 actuals", "80% 区间上限"),
        col("low95", &[], Optional, "bounds that hold 95 of 100 actuals", "95% 区间下限"),
        col("high95", &[], Optional, "bounds that hold 95 of 100 actuals", "95% 区间上限"),
        col("cover", &[], Optional, "channel stock in months of sell-out", "渠道库存可销月数"),
        col("norm", &[], Optional, "usual cover in months", "平常的可销月数"),
        col("passed", &[], Optional, "share of the month's working days passed", "当月已过工作日的占比"),
        col("by", BY, Optional, "who said so", "填报人"),
        col("reason", REASON, Optional, "why", "原因"),
        col("place", &[], Optional, "file:line where it was said", "出处：文件:行"),
    ],
};
