//! The words of `plan.html`, by the key under which its scripts know them. `{0}`, `{1}` are filled in there.

use super::{Text, changes};
use crate::month::Month;
use crate::say;

/// Key, English, Chinese.
type Word = (&'static str, &'static str, &'static str);

/// Words and sentences of the page.
const WORDS: &[Word] = &[
    // The page as a whole.
    ("title", "{0}: plan of {1}", "{0}：{1} 销售计划"),
    (
        "made_line_close",
        "Made at the close of {0}; last complete month {1}; data seen to {2}.",
        "{0} 月末编制；最近完整月份 {1}；数据截至 {2}。",
    ),
    (
        "made_line_during",
        "Made during {0}; last complete month {1}; data seen to {2}.",
        "{0} 月中编制；最近完整月份 {1}；数据截至 {2}。",
    ),
    ("units_line", "Numbers are units sold in the month; money in {0}.", "数字为当月销售件数；金额单位：{0}。"),
    ("yuan", "yuan", "元"),
    ("wan", "10,000 yuan", "万元"),
    ("dark", "Dark", "深色"),
    ("print", "Print", "打印"),
    ("skip", "To the content", "跳到内容"),
    ("sections", "Parts of the page", "页面各部分"),
    (
        "foot",
        "{0} {1}. This file holds everything it shows and sends nothing anywhere.",
        "{0} {1}。本文件包含所示全部内容，不向外发送任何数据。",
    ),
    ("loading", "Reading …", "读取中……"),
    ("nothing", "nothing", "无"),
    ("close", "Close", "关闭"),
    ("as_table", "As a table", "以表格显示"),
    // Tables.
    ("search", "Search", "搜索"),
    ("search_in", "Search in: {0}", "搜索：{0}"),
    ("rows_of", "{0}–{1} of {2}", "第 {0}–{1} 行，共 {2} 行"),
    ("page_of", "page {0} of {1}", "第 {0} / {1} 页"),
    ("page_before", "Page before", "上一页"),
    ("page_after", "Next page", "下一页"),
    // What numbers are of.
    ("company", "all regions", "全公司"),
    ("all_products", "all products", "全部产品"),
    ("region", "Region", "区域"),
    ("group", "Group", "品类"),
    ("product", "Product", "产品"),
    ("month", "Month", "月份"),
    ("landing", " (landing)", "（当月落点）"),
    ("lag", " (lag {0})", "（第 {0} 期）"),
    ("open_region", "Show the regions of {0}", "展开 {0}"),
    ("close_region", "Hide the regions of {0}", "收起 {0}"),
    // Columns of numbers.
    ("sold", "Sold", "销量"),
    ("sold_in", "Sold {0}", "{0} 销量"),
    ("last_year", "Last year", "去年同期"),
    ("growth", "Growth", "成长率"),
    ("growth_help", "the forecast over last year's sales of the same month, less 1", "预估／去年同月销量 − 1"),
    ("forecast", "Forecast", "预估"),
    ("within_80", "80% within", "80% 区间"),
    ("within_95", "95% within", "95% 区间"),
    (
        "bounds_help",
        "holds the actual in 80 of 100 cases; the bounds of a sum, not the sum of bounds",
        "100 次中 80 次落入其中；为合计的区间，不是区间的合计",
    ),
    ("target", "Target", "目标"),
    ("attainment", "Attained", "达成率"),
    ("last_version", "Last version", "上次发布"),
    ("this_version", "This version", "本次"),
    ("change", "Change", "变化"),
    ("year_outlook", "Year", "全年预计"),
    (
        "year_outlook_help",
        "sold in the fiscal year so far and everything still expected in it",
        "本财年累计销量加其余各月预计",
    ),
    ("gap", "Gap", "全年差额"),
    ("gap_help", "the year's outlook less its target: negative is short", "全年预计减全年目标，负为不足"),
    ("since", "last issued in {0} at lag {1} ({2})", "上次发布于 {0}，第 {1} 期（{2}）"),
    ("out_of_stock", "too little stock", "缺货"),
    // Money.
    ("money_caption", "Money, {0}", "金额（{0}）"),
    // The forecast.
    ("forecast_title", "Forecast", "预估"),
    ("regions_caption", "Regions: {0}, {1}", "各区域：{0}，{1}"),
    ("chart_of", "{0}, {1}: sold and forecast, units a month", "{0} {1}：销量与预估（件/月）"),
    (
        "chart_says",
        "Sold from {0} to {1}, and the forecast up to {2}: {3}.",
        "{0} 至 {1} 的销量，以及至 {2} 的预估：{3}。",
    ),
    ("sparkline", "{0}: the last three years and the forecast", "{0}：近三年及预估"),
    ("versions_caption", "{0}: how the numbers of the months ahead came about", "{0}：未来各月数字的由来"),
    ("products_caption", "Products: {0}, {1}", "各产品：{0}，{1}"),
    (
        "no_products",
        "This folder has too many regions and products for one page: they are in forecast.csv and mix.csv.",
        "区域与产品过多，未列入本页：见 forecast.csv 与 mix.csv。",
    ),
    ("add_up", "Add up the products of {0} regions", "汇总 {0} 个区域的各产品"),
    // The mix.
    ("mix_caption", "Mix over time: {0}, {1}", "产品结构变化：{0}，{1}"),
    (
        "mix_help",
        "Shares of what was sold, month by month, and of the forecast; × marks months with too little stock (of a sum of regions: a tenth of the demand found no goods), whose shares are not those of demand.",
        "逐月销量占比及预估占比；× 为缺货月份（合计中为一成以上需求缺货），其占比不代表需求。",
    ),
    ("mix_rule", "The mix used: {0}.", "所用结构：{0}。"),
    ("mix_before", "Month before", "前一月"),
    ("mix_repaired", "Repaired", "缺货修复后"),
    ("mix_used", "Used", "采用"),
    ("share_over", "Share, last {0} months", "近 {0} 个月占比"),
    ("share_ahead", "share of the forecast", "预估占比"),
    ("share_line", "{0}: share from {1} to {2}; too little stock in: {3}", "{0}：{1} 至 {2} 的占比；缺货月份：{3}"),
    ("months_out", "Months short", "缺货月数"),
    ("never", "none", "无"),
    ("in_stock", "in stock {0} of the days", "有货天数占 {0}"),
    ("out_unknown", "out of stock, nobody knows how long", "缺货，时长不明"),
    ("demand_was", "sold {0}, with goods in stock {1}", "销量 {0}，不缺货应为 {1}"),
    // Explanations.
    ("why", "Why?", "原因"),
    ("rule", "rule of the method", "方法规则"),
    ("step", "Step", "步骤"),
    ("added", "Adds", "增减"),
    ("after_it", "After it", "之后"),
    ("step_by_step", "Step by step", "逐步计算"),
    ("step_naive", "last month's sales", "沿用上月销量"),
    ("step_stat", "statistical forecast", "统计预估"),
    ("step_cut", "channel stock", "渠道库存调整"),
    ("step_combined", "front line", "一线预估"),
    ("step_landed", "month to date", "当月进度"),
    ("step_planned", "overrides", "人工调整"),
    ("step_final", "rounding", "取整"),
    ("forecast_is", "Forecast: {0}", "预估：{0}"),
    (
        "share_is",
        "The statistical forecast of the region and group is {0}; this product's part of it is {1}: {2}.",
        "该区域品类的统计预估为 {0}，本产品占 {1}：{2}。",
    ),
    ("bounds_are", "80 of 100 cases lie within {0}, 95 of 100 within {1}.", "100 次中 80 次落在 {0}，95 次落在 {1}。"),
    ("not_on_page", "The steps of this number are not on the page.", "本页未包含该数字的计算步骤。"),
    ("command", "Every step, down to the lines of your files:", "查看每一步及其在文件中的出处："),
    // Exceptions.
    ("exceptions_nav", "To look at", "重点关注"),
    ("exceptions_title", "What to look at: {0}", "重点关注：{0} 项"),
    (
        "exceptions_lead",
        "Three of a kind first, then all others, the most units at stake first.",
        "各类先列三项，其余在后，均按涉及数量排序。",
    ),
    ("exceptions_more", "{0} more are in exceptions.csv.", "另有 {0} 项见 exceptions.csv。"),
    ("exceptions_caption", "What to look at", "重点关注"),
    ("no_exceptions", "Nothing stands out.", "无异常。"),
    ("kind", "Kind", "类别"),
    ("all_kinds", "all ({0})", "全部（{0}）"),
    ("where", "Where", "对象"),
    ("what", "What", "说明"),
    ("at_stake", "At stake", "涉及数量"),
    ("kind_changed", "changed", "变化大"),
    ("kind_missed", "missed", "偏离实际"),
    ("kind_bias", "leaning", "持续偏向"),
    ("kind_front_line", "front line", "一线分歧"),
    ("kind_month_target", "month's target", "月目标"),
    ("kind_year_target", "year's target", "年目标"),
    ("kind_stockout", "stockout", "缺货"),
    ("kind_unsold", "unsold", "久未售出"),
    ("kind_low_month", "low month", "月度偏低"),
    ("kind_low_product", "low product", "产品偏低"),
    ("kind_high_region", "high region", "区域偏高"),
    ("kind_no_forecast", "no forecast", "无预估"),
    // Changes.
    ("changes_title", "Since the last version", "与上次发布相比"),
    ("changes_caption", "What changed, and because of what, in units", "变化及其原因（件）"),
    ("first_time", "{0} is forecast for the first time", "{0} 为首次预估"),
    (
        "nothing_issued",
        "No version of these months was issued before: `yugu issue` keeps one.",
        "这些月份尚无已发布版本：可用 `yugu issue` 发布。",
    ),
    // Accuracy.
    ("accuracy_title", "How near it came", "准确度"),
    (
        "accuracy_lead",
        "What was issued beside what came. A month not fully in stock is compared as what its stock let sell.",
        "已发布预估与实际对比；缺货月份按实际有货情况折算。",
    ),
    ("waterfall_of", "Waterfall of", "瀑布表对象"),
    (
        "waterfall_caption",
        "Every version, {0}: {1}, {2}; months made down, months forecast across",
        "历次版本（{0}）：{1} {2}；纵为编制月份，横为预估月份",
    ),
    ("made", "Made", "编制月份"),
    ("made_at_close", "made at the close of the month", "月末编制"),
    ("made_during", "made during the month", "月中编制"),
    ("nothing_came", "None of the months issued is complete yet.", "已发布的月份尚未结束。"),
    ("levels_caption", "By level and lag, {0}", "按层级与期数（{0}）"),
    ("level", "Level", "层级"),
    ("level_company", "company", "全公司"),
    ("level_region", "region", "区域"),
    ("level_product", "product", "产品"),
    ("level_region x product", "region x product", "区域×产品"),
    ("lag_head", "Lag", "期数"),
    ("months_head", "Months", "月数"),
    ("wape", "WAPE", "WAPE"),
    ("wape_naive", "WAPE of last month's sales", "沿用上月的 WAPE"),
    ("bias", "Bias", "偏差"),
    ("inside_80", "Inside 80%", "80% 区间内"),
    ("inside_95", "Inside 95%", "95% 区间内"),
    ("added_caption", "What each step added, region x product, {0}", "各步骤的贡献，区域×产品（{0}）"),
    ("gained", "Units missed less", "少错数量"),
    ("answers_caption", "Who was nearer, against the numbers replaced, {0}", "谁更准，与被替代的数相比（{0}）"),
    ("who", "Who", "来源"),
    ("answers", "Answers", "次数"),
    ("avoided", "Units avoided", "少错数量"),
    ("nearer", "Nearer", "更准占比"),
    ("source_front", "front line", "一线预估"),
    ("source_override", "overrides", "人工调整"),
    // New communities.
    ("communities_title", "New communities", "新小区"),
    (
        "communities_lead",
        "What households of new communities will sign, buy and renew.",
        "新小区住户的签约、购买与续保推算。",
    ),
    ("communities_caption", "By month: {0}", "按月：{0}"),
    (
        "community_list",
        "Communities: {0} of {1}, those that sign most in the next twelve months first",
        "小区：{1} 个中的 {0} 个，未来十二个月签约多者在前",
    ),
    ("show_bounds", "80% bounds", "显示 80% 区间"),
    ("community", "Community", "小区"),
    ("households", "Households", "户数"),
    ("signed", "Signed", "已签约"),
    ("left", "Left", "未签约"),
    ("signings_year", "Signings, 12 months", "十二个月签约"),
    ("buyers_year", "Buyers, 12 months", "十二个月购买户"),
    // Stock.
    ("stock_title", "What to order", "订货"),
    (
        "stock_lead",
        "The most urgent first. Need = bought for + safety stock - position; position = on hand, all + on order in time, all - owed, all.",
        "最紧急在前。净需求 = 按此采购 + 安全库存 − 库存头寸；库存头寸 = 全部现有 + 全部期内在途 − 全部欠货。",
    ),
    ("stock_caption", "Order list of {0}, units", "{0} 订货清单（件）"),
    ("stock_more", "{0} more lines are in stock.csv.", "另有 {0} 行见 stock.csv。"),
    ("stock_behind", "All lines of {0} and what lies behind them", "{0} 全部行及其由来"),
    ("urgency", "Urgency", "紧急"),
    ("urgency_late", "late", "已迟"),
    ("urgency_now", "now", "立即"),
    ("urgency_soon", "soon", "可缓"),
    ("need_by", "Need by", "需求日"),
    ("echelon_on_hand", "On hand, all", "全部现有"),
    ("echelon_on_order", "On order in time, all", "全部期内在途"),
    ("echelon_owed", "Owed, all", "全部欠货"),
    ("bought_for", "Bought for", "按此采购"),
    ("location", "Location", "地点"),
    ("action", "Action", "处理"),
    ("action_order", "order", "订货"),
    ("action_transfer", "transfer", "调拨"),
    ("action_wait", "wait", "等待"),
    ("action_none", "nothing", "无"),
    ("order", "Order", "订货量"),
    ("order_by", "Order by", "最晚订货日"),
    ("arrives", "Arrives", "到货日"),
    ("runs_out", "Runs out", "断货日"),
    ("on_hand", "On hand", "现有"),
    ("on_order", "On order", "在途"),
    ("owed", "Owed", "欠货"),
    ("position", "Position", "库存头寸"),
    ("demand_interval", "Demand", "保障期需求"),
    ("safety_stock", "Safety stock", "安全库存"),
    ("raw_need", "Need", "净需求"),
    ("transfer_in", "Transfer in", "调入"),
    ("value", "Value", "金额"),
    ("supplier", "Supplier", "供应商"),
    ("reason", "Why", "原因"),
    ("transfers_caption", "Transfers between our own locations", "自有地点间调拨"),
    ("from", "From", "从"),
    ("to", "To", "到"),
    ("units", "Units", "件数"),
    // The data.
    ("data_nav", "Data and rules", "数据与规则"),
    ("data_title", "Data and rules: {0} remarks on the data", "数据与规则：数据提示 {0} 条"),
    ("warnings_caption", "Remarks on the data", "数据提示"),
    ("place", "Place", "位置"),
    ("whole_folder", "the folder", "整个文件夹"),
    ("problem", "What", "问题"),
    ("treatment", "What was done", "处理方式"),
    ("no_warnings", "The data gave no cause for a remark.", "数据无需提示。"),
    ("rules_title", "What the rules did", "规则执行情况"),
    ("steps_title", "Steps of the method", "方法步骤"),
    ("steps_caption", "Steps of the method, and what switches each on", "方法步骤及其开关"),
    ("switch", "Switch", "开关"),
    ("state", "State", "状态"),
    ("what_it_does", "What it does", "作用"),
    ("state_on", "on", "开"),
    ("state_idle", "nothing for this run", "本次无数据"),
    ("state_off", "off", "关"),
];

/// All words by key; the causes of changes, given by their words for programs, under `cause_` and that word.
pub fn words(causes: impl IntoIterator<Item = &'static str>) -> Vec<(String, Text)> {
    let text = |(key, en, zh): &Word| ((*key).to_owned(), Text { en: (*en).to_owned(), zh: (*zh).to_owned() });
    let causes = causes.into_iter().map(|word| (format!("cause_{word}"), changes::cause(word)));
    WORDS.iter().map(text).chain(causes).collect()
}

/// Until the page is drawn, and where it cannot be.
pub fn not_drawn() -> Text {
    say!(
        "This page is drawn by the scripts it holds. Where this text stays, scripts are switched off, or the browser is older than 2023.",
        "本页由其自带脚本绘制。若此文字一直显示，说明脚本被禁用，或浏览器早于 2023 年。"
    )
}

words! {
    /// R6.
    mix_last_month = "last month's", "上月";
    /// Fitted shares.
    mix_fitted = "fitted to past origins", "由历史各期拟合";
    /// Nothing sold in the region's last month.
    mix_company = "the company's, nothing having sold there last month", "上月该区域无销售，采用全公司结构";
    /// Nothing sold anywhere.
    mix_equal = "equal shares, nothing having sold", "无销售，均分";
}

/// R10: averaged because of New Year.
pub fn mix_new_year(month: Month) -> Text {
    say!("the average of last month's and {month}'s, last month being New Year's", "上月含春节，取其与 {month} 的平均")
}

/// R10: averaged because of stockouts.
pub fn mix_stockouts(month: Month) -> Text {
    say!("the average of last month's and {month}'s, last month having stockouts", "上月缺货，取其与 {month} 的平均")
}
