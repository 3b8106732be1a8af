//! Sales, what is sold and where, and what sales are read by.

use super::{
    DISCOUNT, KNOWN_COLUMN, MONTH, PRICE, PRODUCT, PRODUCT_CODE, PRODUCT_OR_GROUP, REGION, REVENUE, Sketch, UNITS, col,
};
use crate::schema::Need::{Optional, Required};

pub(super) static SALES: Sketch = Sketch {
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

pub(super) static PRODUCTS: Sketch = Sketch {
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

pub(super) static REGIONS: Sketch = Sketch {
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

pub(super) static ALIASES: Sketch = Sketch {
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

pub(super) static PROGRESS: Sketch = Sketch {
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

pub(super) static CALENDAR: Sketch = Sketch {
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

pub(super) static REPORTED: Sketch = Sketch {
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
