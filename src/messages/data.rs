//! What is said about the data: names, keys, sums, and what was done about them.

use super::Text;
use super::planning::plain;
use crate::month::Month;
use crate::say;
use std::fmt::Display;

words! {
    near(name: Option<&str>) = match name {
        Some(name) => "; did you mean '{name}'?", "；是否为“{name}”？";
        None => "", "";
    }
    unknown_region(name: &str, nearest: Option<&str>) =
        "no region '{name}'; if it is new, list it in `regions`: a row '{name}' beside those of all others{0}",
        "没有区域“{name}”；如为新区域，请在 `regions` 表中连同其他区域一并列出“{name}”{0}", near(nearest);
    unknown_product(name: &str, nearest: Option<&str>) = "no product '{name}'{0}", "没有产品“{name}”{0}", near(nearest);
    unknown_community(name: &str, nearest: Option<&str>) = "no community '{name}'{0}", "没有小区“{name}”{0}", near(nearest);
    unknown_reason(name: &str, nearest: Option<&str>) = "no reason '{name}' (yugu.toml [reasons] can add it){0}",
        "没有原因“{name}”（可在 yugu.toml 的 [reasons] 中添加）{0}", near(nearest);
    unknown_stage(name: &str, nearest: Option<&str>) = "no stage '{name}' in [targets] stages{0}",
        "[targets] stages 中没有阶段“{name}”{0}", near(nearest);
    shown_as_it_is = "shown as it is; it changes no number", "照原文显示，不影响数字";
    no_sales = "the folder has no sales table (sales.csv, sales.csv.gz, sales.xlsx, sales.parquet or a folder sales/)",
        "文件夹中没有 sales 表（sales.csv、sales.csv.gz、sales.xlsx、sales.parquet 或文件夹 sales/）";
    no_sales_rows = "the sales table has no rows", "sales 表没有数据行";
    availability_range(x: f64) = "availability {x} is not between 0 and 1", "有货率 {x} 不在 0 到 1 之间";
    stockout_days_range(days: f64, month: Month) { let all = month.days(); } =
        "{days} days without stock; {month} has {all} days",
        "缺货 {days} 天；{month} 只有 {all} 天";
    sold_without_stock(region: &str, product: &str, month: Month, units: f64) { let units = plain(units); } =
        "{region} sold {units} of {product} in {month} although it was out of stock for the whole month",
        "{region} {month} {product} 整月缺货，却销售了 {units}";
    only_was_out(rows: usize) = "{rows} rows say that a product was out of stock, but not for how long",
        "{rows} 行只说明曾缺货，未说明缺货多久";
    sales_are_a_lower_bound = "taken as in stock; where months are followed, demand is at least these sales",
        "视为有货；逐月跟踪时，需求不低于这些销量";
    no_festival_days(first: Month, last: Month) =
        "the calendar has festival days of earlier months and none of {first} to {last}",
        "日历给出了以往月份的节日天数，但没有 {first} 至 {last} 的";
    festival_not_counted =
        "what the festival does to those months is not counted; give their days (0 where there are none)",
        "这些月份的节日影响未计入；请给出其天数（没有则填 0）";
    returns(region: &str, product: &str, month: Month, units: f64) { let units = plain(units); } =
        "{region} {product} {month}: returns exceed sales ({units})",
        "{region} {product} {month}：退货超过销售（{units}）";
    taken_as_zero = "taken as 0", "按 0 处理";
    zero_and_owed = "taken as 0 in stock, the rest as owed", "按库存 0 处理，其余视为欠货";
    due_now = "counted as due now", "视为即将到货";
    ignored = "ignored", "已忽略";
    not_begun(today: impl Display) = "sales of a month that has not begun (today is {today})",
        "该月份尚未开始（今天是 {today}）";
    hidden_until_then = "not seen until then", "到期之前不计入";
    identical_rows(first: &dyn Display) = "identical to {first} in every column", "与 {first} 完全相同";
    identical_sales(first: &dyn Display, rows: usize) =
        "{rows} rows are identical to another in every column, this one to {first}; take them out, or say in yugu.toml that they are several equal sales: [sales] duplicates = \"sum\"",
        "有 {rows} 行与另一行完全相同，本行与 {first} 相同；请删除，或在 yugu.toml 中写明它们是多笔相同销售：[sales] duplicates = \"sum\"";
}

/// What two files hold both.
pub struct Overlapping {
    /// Their names, in their order.
    pub files: [std::sync::Arc<str>; 2],
    /// The first and the last month.
    pub months: (Month, Month),
    /// How many months or days of a region and product.
    pub keys: usize,
    /// How many of them differ.
    pub differ: usize,
    /// Their units in each.
    pub units: [f64; 2],
}

impl Overlapping {
    fn text(&self) -> Text {
        let ([one, other], (from, to)) = (&self.files, self.months);
        let (keys, differ) = (self.keys, self.differ);
        let [before, after] = self.units.map(plain);
        let difference = plain(self.units[1] - self.units[0]);
        say!(
            "{one} and {other} both hold {from} to {to}: {keys} entries, {before} units in the first and {after} in the second (difference {difference}; {differ} entries differ)",
            "{one} 与 {other} 都包含 {from} 至 {to}：共 {keys} 条，前者 {before}，后者 {after}（相差 {difference}，{differ} 条不同）"
        )
    }
}

words! {
    overlap(found: &Overlapping) { let text = found.text(); } =
        "{0}; take one out, or say in yugu.toml what counts: [sales] overlap = \"later file\" (the second), or \"sum\"",
        "{0}；请删除其一，或在 yugu.toml 中写明以谁为准：[sales] overlap = \"later file\"（后者），或 \"sum\"（相加）", text;
}

/// Two files hold the same, and the later one counts.
pub fn later_file_counts(found: &Overlapping) -> (Text, Text) {
    (found.text(), say!("the second counts", "以后者为准"))
}

words! {
    rows_without_units(rows: usize) = "{rows} rows have no units, this is the first",
        "有 {rows} 行没有数量，此为第一行";
    taken_as_no_row = "taken as if the row were not there (0 says that nothing was sold)",
        "视为没有该行（未售出请填 0）";
}

/// Names that are one code.
pub fn spellings(main: &str, joined: &[(&str, usize)]) -> (Text, Text) {
    const SHOWN: usize = 8;
    let rows: usize = joined.iter().map(|(_, rows)| rows).sum();
    let list: Vec<&str> = joined.iter().take(SHOWN).map(|(name, _)| *name).collect();
    let (en, zh) = (list.join("', '"), list.join("”、“"));
    let message = say!("'{main}' is also written '{en}' ({rows} rows)", "“{main}”也写作“{zh}”（{rows} 行）");
    (message, say!("taken as one", "视为同一个"))
}

findings! {
    look_alike(name: &str, main: &str, both: usize) =
        "'{name}' and '{main}' look like one, but both are sold side by side {both} times",
        "“{name}”与“{main}”看似同一个，但有 {both} 处同时销售" =>
        "kept apart; if they are one, a row of aliases joins them", "分开处理；若为同一个，请在 aliases 中合并";
    code_used_again(old: &str, new: &str, from: Month) = "'{old}' became '{new}' in {from}, and is sold on beside it",
        "“{old}”自 {from} 起改为“{new}”，但此后仍与其同时销售" =>
        "from {from} on '{old}' is taken as something else that has the code now",
        "自 {from} 起“{old}”视为沿用该编码的另一个";
    dates_are_months = "there is one date for each month and region: the dates are months, not days",
        "每个区域每月只有一个日期：这些日期代表月份，而非具体某天" =>
        "taken as months ([calendar] periods = \"days\" if they are days)",
        "按月份处理（若确为某天，请设 [calendar] periods = \"days\"）";
    periods_spread((short, long): (i32, i32), periods: usize, ends: bool, last: chrono::NaiveDate) {
        let (en, zh) = length(short, long);
        let (day, tag) = if ends { ("end", "末日") } else { ("begin", "首日") };
    } =
        "the dates are {en}, not days: {periods} of them, which {day} on the date and reach to {last}",
        "这些日期是{zh}，而非具体某天：共 {periods} 个，日期为{tag}，至 {last}" =>
        "each is spread over its months by days ([calendar] periods = \"own\" keeps them as months, stamped says which day the date is)",
        "按天摊到各月（[calendar] periods = \"own\" 可作为月份保留，stamped 说明日期是哪一天）";
    periods_kept(short: i32, long: i32, periods: usize) { let (en, zh) = length(short, long); } =
        "the dates are {en}: {periods} of them",
        "这些日期是{zh}：共 {periods} 个" =>
        "each is kept as the month in which its middle lies", "各作为其中点所在的月份";
}

/// A node whose months are the sum of others.
pub fn is_the_sum(name: &str, parts: &[&str]) -> (Text, Text) {
    const SHOWN: usize = 6;
    let dots = if parts.len() > SHOWN { ", …" } else { "" };
    let list = parts.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let message =
        say!("every month of '{name}' is the sum of {list}{dots}", "“{name}”的每个月都等于 {list}{dots} 之和");
    (
        message,
        say!(
            "it is a total and left out; list it in regions or products if it is not",
            "视为合计，不计入；若不是，请在 regions 或 products 中列出"
        ),
    )
}

fn length(short: i32, long: i32) -> (String, String) {
    match (short, long) {
        (7, 7) => ("weeks".to_owned(), "周".to_owned()),
        (28, 35) => ("4-4-5 periods of 28 or 35 days".to_owned(), "4-4-5 周期（28 或 35 天）".to_owned()),
        (short, long) if short == long => (format!("periods of {short} days"), format!("{short} 天的周期")),
        (short, long) => (format!("periods of {short} to {long} days"), format!("{short} 至 {long} 天的周期")),
    }
}

words! {
    periods_no_months(short: i32, long: i32) { let (en, zh) = length(short, long); } =
        "{en} cannot be kept as months: there are more or fewer than one a month; leave out [calendar] periods = \"own\"",
        "{zh}无法作为月份保留：并非每月恰好一个；请去掉 [calendar] periods = \"own\"";
    rows_of_one_key(first: &dyn Display, column: &str) =
        "several rows of one month, region and product; this one and {first} differ in '{column}'",
        "同一月份、区域、产品有多行；本行与 {first} 的“{column}”不同";
    added_up = "they are added up", "已合并相加";
    unfinished_month(month: Month, day: chrono::NaiveDate, series: usize) =
        "sales end on {day}, before the end of {month} ({series} region-products)",
        "销售数据截至 {day}，{month} 尚未结束（{series} 个区域产品）";
    becomes_progress = "the month is taken as month to date; if it is over, --as-of a day after it or --close says so",
        "该月按本月进度处理；若已结束，请用 --as-of 指定其后的日期或用 --close";
    total_differs(total: f64, sum: f64) { let (total, sum) = (plain(total), plain(sum)); } =
        "the total row says {total}, its parts add up to {sum}",
        "合计行为 {total}，明细之和为 {sum}";
    total_rows(count: usize, wrong: usize) = "{count} total rows, {wrong} of them differ from the sum of their parts",
        "共有 {count} 个合计行，其中 {wrong} 个与明细之和不符";
    total_left_out = "total rows are left out", "合计行不计入";
    sales_of_parent(region: &str) = "region '{region}' has regions below it; its own sales would be counted twice",
        "区域“{region}”有下级区域，其自身的销售会重复计算";
    region_cycle(region: &str) = "region '{region}' belongs to itself by way of its parents",
        "区域“{region}”的上级关系成环";
    region_too_deep(region: &str, most: usize) =
        "region '{region}' has {most} levels or more above it; are the parents shifted by a row?",
        "区域“{region}”之上有 {most} 级或更多；上级一列是否错行？";
    listed_twice(name: &str) = "'{name}' is listed twice", "“{name}”重复出现";
    target_twice(first: &dyn Display) = "the same key stands at {first}", "与 {first} 的键重复";
    one_of(word: &str, words: &str) = "'{word}' is none of: {words}", "“{word}”不是以下之一：{words}";
    alias_of_itself(name: &str) = "'{name}' is an alias of itself", "“{name}”的新旧编码相同";
    negative(text: &str) = "{text} is negative", "{text} 为负数";
    between_0_and_1(text: &str) = "{text} is not between 0 and 1", "{text} 不在 0 到 1 之间";
    days_range(text: &str) = "{text} is neither 0 nor between 0.1 and 42 days",
        "{text} 既不是 0，也不在 0.1 到 42 天之间";
    weight_range(text: &str) = "{text} is neither 0 nor a weight between 0.01 and 100",
        "{text} 既不是 0，也不是 0.01 到 100 之间的权重";
    retired_before_launch(product: &str) = "'{product}' is retired before its launch", "“{product}”的退市早于上市";
    refers_to_itself(product: &str, column: &str) = "'{product}' names itself in '{column}'",
        "“{product}”的“{column}”指向自己";
    other_group(product: &str, column: &str) =
        "'{column}' names '{product}', which is of another category; nothing moves between categories",
        "“{column}”指向的“{product}”属于其他品类；品类之间不转移份额";
    sold_before_launch(product: &str, sold: Month, launch: Month) =
        "'{product}' sold in {sold}, before its launch in {launch}",
        "“{product}”在 {sold} 已有销售，早于上市月份 {launch}";
    launch_is_first_sale(sold: Month) = "its launch is taken as {sold}", "上市月份按 {sold} 处理";
    empty_target = "neither units nor revenue nor a bound", "数量、金额、上下限都为空";
    min_over_max = "min is above max", "下限高于上限";
    lock_outside_bounds = "the locked target lies outside of its own min and max", "锁定的目标超出了本行的上下限";
    month_of_other_year(month: Month, year: i32) = "{month} does not lie in fiscal year {year}",
        "{month} 不属于 {year} 财年";
    mixed_measures(first: &dyn Display) =
        "a target in units and one in money for the same year and products (the other: {first})",
        "同一年度同一产品的目标既有数量又有金额（另一行：{first}）";
    money_without_price(product: &str) =
        "a target in money needs revenue in sales or a price of every product; '{product}' has none",
        "金额目标需要 sales 中的金额或所有产品的单价；“{product}”没有单价";
    effect_range(text: &str) = "an effect of {text} leaves less than nothing; -100% is closed",
        "影响 {text} 不合理，最低为 -100%（停业）";
    growth_range(text: &str) = "growth of {text} is below -100%", "成长率 {text} 低于 -100%";
    ends_before_it_begins = "ends before it begins", "结束早于开始";
    effect_needed(reason: &str) = "reason '{reason}' has no direction; an effect is needed",
        "原因“{reason}”没有方向，必须填写影响";
    speaks_of_the_past(month: Month, made: Month) = "made in {made} for {month}, which was over",
        "{made} 填报的 {month} 已经过去";
    day_needed(text: &str) = "'{text}' is a month; a day is needed (2024-04-10)",
        "“{text}”是月份，需要填写日期（如 2024-04-10）";
    overdue(text: &str) = "an order due {text} has not come", "应于 {text} 到货的订单尚未到货";
    no_households = "a community without households", "小区户数为 0";
    community_of_parent(region: &str) =
        "region '{region}' has regions below it; name the one that serves the community",
        "区域“{region}”有下级区域，请填写具体服务的区域";
    community_in_two_regions(community: &str) = "the parts of community '{community}' lie in different regions",
        "小区“{community}”的各期属于不同区域";
    more_signed_than_households(community: &str, signed: f64, households: f64) {
        let (signed, households) = (plain(signed), plain(households));
    } =
        "community '{community}' has {households} households, but {signed} have signed",
        "小区“{community}”共 {households} 户，签约已达 {signed} 户";
    no_sales_then(month: Month) = "the sales table has nothing of {month}", "sales 表没有 {month} 的数据";
    more_than_sold(product: &str, month: Month, units: f64, sold: f64) {
        let (units, sold) = (plain(units), plain(sold));
    } =
        "the rows of '{product}' in {month} add up to {units}, more than the {sold} in sales",
        "“{product}” {month} 的明细合计 {units}，超过 sales 中的 {sold}";
    not_a_policy(product: &str) = "'{product}' is not of kind policy", "“{product}”不是保单类产品";
    unknown_state(word: &str, nearest: Option<&str>) = "state '{word}': complete, part or none{0}",
        "状态“{word}”：应为 complete、part 或 none{0}", near(nearest);
}
