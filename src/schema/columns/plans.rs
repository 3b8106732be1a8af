//! What is planned, said and counted beside sales.

use super::{
    BY, DISCOUNT, KNOWN, KNOWN_COLUMN, LOCK, MADE, NOTE, PRICE, PRODUCT, PRODUCT_OR_GROUP, REASON, REGION, Sketch,
    YEAR, col,
};
use crate::schema::Column;
use crate::schema::Need::{Optional, Required};

pub(super) static TARGETS: Sketch = Sketch {
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

pub(super) static FACTORS: Sketch = Sketch {
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

pub(super) static GROWTH: Sketch = Sketch {
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

pub(super) static CHANNEL_STOCK: Sketch = Sketch {
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

pub(super) static FRONTLINE: Sketch = Sketch {
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

pub(super) static OVERRIDES: Sketch = Sketch {
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

pub(super) static PLAN_PRICES: Sketch = Sketch {
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

pub(super) static LEDGER: Sketch = Sketch {
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
