//! What the workbook says: sheets, columns, what is filled in and how.

use super::{Lang, Text};
use crate::month::Month;
use crate::say;

words! {
    at_stake = "at stake", "涉及数量";
    moved = "moved", "调拨数量";
    order_up_to = "order up to", "补货上限";
    notes = "Notes", "说明";
    summary = "Summary", "汇总";
    trend = "Trend", "走势";
    products = "Products", "产品走势";
    regions = "Regions", "区域分解";
    targets = "Targets", "目标分解";
    mix = "Mix", "产品结构";
    rolling = "Rolling forecast", "滚动预测";
    front_line = "Front line", "一线上报";
    channel = "Dealer stock", "渠道库存";
    lifecycle = "Lifecycle", "新品与退市";
    to_date = "Month to date", "本月进度";
    accuracy = "Accuracy", "误差";
    worth = "Value added", "各步骤的作用";
    judged = "Answers judged", "上报评价";
    waterfall = "Waterfall", "瀑布";
    communities = "Communities", "新小区";
    orders = "Orders", "订货清单";
    stock = "Stock plan", "采购";
    chase = "To chase", "催货";
    reschedule = "Cancel or put off", "取消或延期";
    late = "Too late", "来不及到货";
    overstock = "Overstock", "积压与剩余";
    transfers = "Transfers", "调拨";
    suppliers = "Suppliers", "供应商";
    lost = "Lost sales", "缺货损失";
    exceptions = "Exceptions", "异常";
    warnings = "Data problems", "数据质量";
    history = "History", "历史销量";
    units = "units", "件";
    your_name = "Your name:", "填报人：";
    dealer = "dealers", "经销商";
    downstream = "downstream", "下游终端";
    total = "total", "合计";
    sales_line = "sales", "销量";
    forecast_line = "forecast", "预估";
    low_line = "80% low", "80% 下限";
    high_line = "80% high", "80% 上限";
    last_version_line = "last version", "上次预估";
    issued_line = "issued", "已发布";
    naive_line = "last month again", "沿用上月";
    money_of_months = "Money, forecast", "预估金额";
    first_exceptions = "What to look at first", "重点关注";
    steps = "Steps", "计算步骤";
    inputs = "Files read", "读取的文件";
    settings = "Settings changed", "修改过的设置";
    sheets = "Sheets", "工作表";
    counts = "size", "规模";
    version = "program", "程序版本";
    made = "month made", "预测月";
    mode = "made", "制作方式";
    at_close = "at the close of the month", "月末结账后";
    during = "during the month", "月中";
    cutoff = "last complete month", "最后完整月";
    as_of = "data up to", "数据截至";
    months = "months forecast", "预测月份";
    sales_in = "sales in", "销量单位";
    money_in = "money in", "金额单位";
    fiscal_year = "fiscal year begins in month", "财年起始月";
    warnings_count = "data problems", "数据问题";
    about_summary = "The company by group and month; the charts show history, forecast and its bounds",
        "全公司按品类和月份；图为历史、预估及上下限";
    about_trend = "Sales of past months and the forecast, the whole company by group; the charts are drawn from here",
        "全公司各品类的历史销量与预估；图表数据来源";
    about_products = "Units by product, the whole company: what sold in the last twelve months and what is forecast",
        "全公司各产品：最近十二个月销量与预估（件）";
    about_regions =
        "Every region, group and month; rows above are sums of those below (gap: outlook less target, negative is short)",
        "各区域、品类、月份；上级为下级之和（差额 = 全年预计 − 目标，负数为不足）";
    about_targets = "The target chain and its split over regions and months", "目标链及其按区域、月份的分解";
    about_mix =
        "Shares of the products of each region and group: last month, the month before, stockouts repaired, used",
        "各区域品类内的产品占比：上月、前月、还原缺货后、采用值";
    about_lifecycle = "New and retired products, with cautious and optimistic figures of the first year",
        "新品与退市产品；首年的谨慎值与乐观值";
    about_channel = "Month-end stock in the channel, how many months it covers, and the cut that follows",
        "渠道月末库存、可销月数及由此得出的达成率";
    about_to_date = "What has sold since the month began, and where the month lands", "本月至今销量及月末落点";
    about_accuracy = "What was issued beside what came; shares of the units sold", "已发布预测与实际对比；占销量的比例";
    about_worth = "What each step of the forecast, and the second look at a month, brought nearer (missed: units)",
        "预测各步骤及第二次预测使误差减少多少（误差量：件）";
    about_judged = "The front line's answers and overrides against the numbers that they replaced",
        "一线上报和人工调整与其所替代数值的对比";
    about_waterfall = "Every version of every month, the whole company: months made down, months forecast across",
        "全公司各月历次预测：行为制作月，列为预测月";
    about_communities = "New communities by region and month: signings, buyers, policies, money, counters",
        "新小区按区域和月份：签约、购买、保单、金额、柜台";
    about_orders = "What to order and why, the most urgent first; how it comes about is on the next sheet",
        "订什么、为什么；最紧急的在前；由来见下一页";
    about_stock = "Every product at every location, ordered or not, with all figures behind it",
        "各仓库各产品（无论是否订货）及全部数据";
    about_chase = "Open orders that are overdue, come after stock has run out, or are not confirmed",
        "逾期、晚于断货日或未确认的在途订单";
    about_reschedule = "Open orders that are not needed, or not on their day", "不再需要或可推迟的在途订单";
    about_late = "What runs out before anything ordered today can arrive, and the margin that it costs",
        "今日下单也来不及到货的产品及其损失的毛利";
    about_overstock = "What will not be sold in time, and what retiring products leave over, at cost",
        "短期卖不完的与退市剩余的库存（按成本）";
    about_transfers = "What moves between our own locations before anything is bought", "采购前先在自有仓库间调拨";
    about_suppliers = "Deliveries by supplier and month of arrival", "各供应商按到货月的交货";
    about_lost = "What stockouts of the last twelve months cost", "最近十二个月缺货造成的损失";
    about_exceptions = "What is worth a look, the most units at stake first", "值得关注的事项，涉及数量多的在前";
    about_warnings = "Everything to be said about the data, and what was done about it", "数据中的问题及处理方式";
    about_history = "Units sold by product and month", "各产品各月销量";
    number_only = "A number of units, 0 or more", "请填数量（不小于 0）";
    share_only = "A percentage, in place of a number of units", "请填百分比（代替数量）";
    reason_only = "A reason from the list", "请从列表中选择原因";
    list_only = "Please choose from the list", "请从列表中选择";
    lock_only = "yes: nothing may move it again", "填“是”：此后不再变动";
    yes = "yes", "是";
    title(sheet: &Text, made: &str) = "{0}, forecast made in {made}", "{0}（{made} 预测）", sheet;
    about_front_line =
        "Yellow cells are yours: the units you expect, a reason from the list, your name, a note. Leave empty what you agree with. Rows of a group speak of all its products. Then send the file back: `yugu import FOLDER FILE`",
        "黄色单元格由您填写：预计数量、原因（从列表选）、填报人、备注；同意预估的留空。品类行指该品类全部产品。填好后发回，由计划员执行 `yugu import 文件夹 文件`";
    about_rolling =
        "Each month beside its last version. Yellow cells are a planner's last word: new units, a reason, a name; then `yugu import FOLDER FILE`. Sums first, then products",
        "各月与上次预估对比。黄色单元格为计划员的最终调整：调整后数量、原因、调整人；然后执行 `yugu import 文件夹 文件`。先合计，后产品";
    free_rows = "Something that is not listed above: choose region, product or group, and month",
        "上表未列出的：请选择区域、产品或品类、月份";
}

/// An earlier answer, as a cell shows it.
pub fn answered(units: &str, by: &str, reason: &str) -> String {
    format!("{units} {by} ({reason})")
}

words! {
    chart_of(group: &str) = "{group}: sales, forecast and 80% bounds (units)", "{group}：销量、预估及 80% 上下限（件）";
    chart_of_mix(group: &str, first_forecast: &str) = "{group}: mix, forecast from {first_forecast} on",
        "{group}：产品结构（{first_forecast} 起为预估）";
    chart_of_accuracy = "WAPE by months ahead, regions and products", "按提前月数的 WAPE（区域 × 产品）";
    chart_of_waterfall = "Versions of each month and what sold (units)", "各月历次预测与实际（件）";
    more_rows(n: usize, file: &str) = "{n} more rows stand in {file}: a sheet holds 1,048,576",
        "另有 {n} 行见 {file}：一张工作表最多 1,048,576 行";
    products_elsewhere =
        "Only groups are listed here; `yugu plan FOLDER --frontline` writes a workbook with the products for each region",
        "此处只列品类；`yugu plan 文件夹 --frontline` 为每个区域生成含各产品的工作簿";
    elsewhere =
        "All further figures are in the CSV files beside this workbook: forecast.csv and regions.csv to the last digit, outlook.csv (to the end of the next fiscal year), fit.csv, changes.csv (every cause of a change)",
        "更多数据见同一文件夹的 CSV 文件：forecast.csv、regions.csv（完整位数）、outlook.csv（到下一财年末）、fit.csv、changes.csv（变化的全部原因）";
    month_and_lag(month: Month, lag: i32) = "{month} (lag {lag})", "{month}（提前 {lag} 月）";
    sold_in(month: Month) = "sold in {month}", "{month} 销量";
    units_of(product: &str) = "{product}", "{product}";
    in_money(money: &str) = "in {money}", "单位：{money}";
    keys(regions: usize, products: usize, groups: usize, series: usize) =
        "{regions} regions, {products} products in {groups} groups, {series} series",
        "{regions} 个区域，{products} 个产品（{groups} 个品类），{series} 个序列";
    step_off(by: &str, what: &Text) = "off; {by} would switch it on: {0}", "未启用；提供 {by} 即可启用：{0}", what;
    step_idle(what: &Text) = "nothing for this run: {0}", "本次无适用的数据：{0}", what;
}

/// A measure of some answers, as a header: `up_small` are those that raise a number by little.
pub fn of_answers(measure: &Text, of: &str) -> Text {
    let of = match of {
        "up_small" => say!(", a little up", "（小幅上调）"),
        "up_large" => say!(", far up", "（大幅上调）"),
        "down_small" => say!(", a little down", "（小幅下调）"),
        "down_large" => say!(", far down", "（大幅下调）"),
        _ => say!("", ""),
    };
    say!("{0}{1}", "{0}{1}", measure, of)
}

words! {
    month_number(month: u32) = "month {month}", "{month} 月";
}

/// Words that the files have for programs, in a column: in Chinese.
#[rustfmt::skip]
static WORDS: [(&str, &str, &str); 21] = [
    ("action", "cancel", "取消"),
    ("action", "none", "无"),
    ("action", "order", "订货"),
    ("action", "put_off", "延期"),
    ("action", "transfer", "调拨"),
    ("action", "wait", "等待"),
    ("buys", "no", "否"),
    ("buys", "yes", "是"),
    ("chased", "overdue", "逾期"),
    ("chased", "too_late", "晚于断货日"),
    ("chased", "unconfirmed", "未确认"),
    ("errors", "backtest", "回测"),
    ("errors", "history", "历史方差"),
    ("errors", "ledger", "台账"),
    ("errors", "own", "自身历史"),
    ("service_by", "cost", "成本"),
    ("service_by", "cycle", "周期"),
    ("service_by", "fill", "满足率"),
    ("urgency", "late", "已迟"),
    ("urgency", "now", "立即"),
    ("urgency", "soon", "可缓"),
];

/// A word of ours in a cell of a column, as a reader of Chinese has it; none where it is no such word, or English is read.
pub fn word(column: &str, cell: &str, lang: Lang) -> Option<&'static str> {
    let found = WORDS.iter().find(|(id, word, _)| *id == column && *word == cell);
    found.map(|(_, _, zh)| *zh).filter(|_| lang == Lang::Zh)
}
