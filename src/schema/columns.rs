//! The columns of every table. Headers are compared by [`super::normal`], so case, blanks, width, `_` and `-` of the
//! aliases do not matter.

mod communities;
mod plans;
mod purchasing;
mod sales;

use super::Need::Optional;
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
const UNITS: &[&str] = &[
    "销量",
    "数量",
    "销售数量",
    "销售量",
    "件数",
    "台数",
    "本月销量",
    "当月销量",
    "quantity",
    "qty",
    "volume",
    "sales",
];
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
        Table::Sales => &sales::SALES,
        Table::Products => &sales::PRODUCTS,
        Table::Regions => &sales::REGIONS,
        Table::Targets => &plans::TARGETS,
        Table::Factors => &plans::FACTORS,
        Table::Growth => &plans::GROWTH,
        Table::ChannelStock => &plans::CHANNEL_STOCK,
        Table::Frontline => &plans::FRONTLINE,
        Table::Progress => &sales::PROGRESS,
        Table::Overrides => &plans::OVERRIDES,
        Table::Stock => &purchasing::STOCK,
        Table::Orders => &purchasing::ORDERS,
        Table::Suppliers => &purchasing::SUPPLIERS,
        Table::PlanPrices => &plans::PLAN_PRICES,
        Table::Aliases => &sales::ALIASES,
        Table::Communities => &communities::COMMUNITIES,
        Table::Signings => &communities::SIGNINGS,
        Table::CommunitySales => &communities::COMMUNITY_SALES,
        Table::Policies => &communities::POLICIES,
        Table::Leads => &communities::LEADS,
        Table::Rates => &communities::RATES,
        Table::Counters => &communities::COUNTERS,
        Table::Commissions => &communities::COMMISSIONS,
        Table::Totals => &communities::TOTALS,
        Table::Calendar => &sales::CALENDAR,
        Table::Reported => &sales::REPORTED,
        Table::Ledger => &plans::LEDGER,
    }
}
