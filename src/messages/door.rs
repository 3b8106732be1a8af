//! What is said about files that people really have: what was read otherwise than it stands, or not read at all.

use std::fmt::Display;

use super::Text;
use super::planning::plain;
use crate::month::Month;
use crate::say;

/// Places as a list.
fn placed(places: &[String]) -> String {
    const SHOWN: usize = 8;
    let dots = if places.len() > SHOWN { ", …" } else { "" };
    format!("{}{dots}", places.get(..SHOWN).unwrap_or(places).join(", "))
}

// What was found and what was done about it

findings! {
    days_among_months(first: chrono::NaiveDate, places: &[String]) {
        let (rows, list) = (places.len(), placed(places));
    } =
        "the column holds months, but {rows} rows name another day ({first} is the first): {list}",
        "本列为月份，但有 {rows} 行写的是其他日期（第一个为 {first}）：{list}" =>
        "each is added to its month, and no month is taken as begun by it ([calendar] periods = \"days\" if the dates are days)",
        "各并入所在月份，不因此视为该月未结束（若日期确为某天，请设 [calendar] periods = \"days\"）";
    months_among_days(first: Month, rows: usize) =
        "the column holds days, but {rows} rows name a month only ({first} is the first)",
        "本列为日期，但有 {rows} 行只写月份（第一个为 {first}）" =>
        "such a month is taken as complete", "只写月份的视为整月，已结束";
    left_out(header: &str, word: &str, rows: usize, units: f64) { let units = plain(units); } =
        "[sales] leave_out: {rows} rows with {units} units say '{word}' in '{header}'",
        "[sales] leave_out：“{header}”列为“{word}”的有 {rows} 行，共 {units}" =>
        "left out", "不计入";
    new_name((old, last): (&str, Month), (new, first): (&str, Month), kind: &str) =
        "'{old}' has its last row in {last} and '{new}' its first in {first}, as if it were one under a new name",
        "“{old}”的最后一行在 {last}，“{new}”的第一行在 {first}，像是同一个改了名" =>
        "kept apart, so that '{new}' has no history and '{old}' has ended; if they are one, aliases.csv joins them: kind,old,new,from and the row {kind},{old},{new},{first}",
        "分开处理：“{new}”没有历史，“{old}”已结束；若为同一个，请在 aliases.csv 中合并：表头 kind,old,new,from，行 {kind},{old},{new},{first}";
    two_names(one: &str, other: &str) =
        "'{one}' and '{other}' have rows by turns and never in the same month, as if they were one",
        "“{one}”与“{other}”交替出现，从不在同一个月，像是同一个" =>
        "kept apart, so that each has gaps; if they are one, write one name in the file",
        "分开处理，各有缺月；若为同一个，请在文件中统一名称";
    scale_break(from: Month, before: f64, after: f64) {
        let (before_shown, after_shown) = (plain(before.round()), plain(after.round()));
        let times = plain((after / before).max(before / after).round());
        let (en, zh) = if after > before { ("times as many", "倍") } else { ("times fewer", "分之一") };
    } =
        "from {from} on the same series sell {times} {en}: {after_shown} a month after {before_shown} in the three months before, as if they were counted in another unit (万, thousands, boxes)",
        "自 {from} 起，同样的序列变为此前的 {times} {zh}：此前三个月月均 {before_shown}，此后 {after_shown}，像是换了单位（万、千、箱）" =>
        "counted as it stands; if the unit changed, bring the numbers to one", "按原数计；若单位变了，请统一";
}

words! {
    several_months(cell: &str, year: Option<i32>, (from, to): (u32, u32)) {
        let months = to - from + 1;
        let year = year.map(|year| format!("{year}-")).unwrap_or_default();
    } =
        "'{cell}' is {months} months, {year}{from:02} to {to:02}: give a row (a column) for each; nobody knows what part of it is whose",
        "“{cell}”是 {year}{from:02} 至 {to:02} 共 {months} 个月：请每月一行（一列），否则无法得知各月多少";
    a_moment(cell: &str) =
        "'{cell}' is a moment in a time zone, and may be another day (another month) where the goods are sold; give the date, or the local time without a time zone",
        "“{cell}”是带时区的时刻，在销售当地可能是另一天（甚至另一个月）；请给出日期，或不带时区的当地时间";

    // Dates whose year stands last
    mixed_dates(one: &str, other: &str) =
        "the column holds '{one}', whose day comes first, and elsewhere '{other}', whose month does; write the dates alike (2024-01-31)",
        "本列既有“{one}”（日在前），又有“{other}”（月在前）；请统一写法（2024-01-31）";
    day_or_month(cell: &str) =
        "'{cell}': no date of this column says which number is the day and which the month; say so in yugu.toml: [units] dates = \"day first\" or \"month first\"",
        "“{cell}”：本列日期无法判断哪个是日、哪个是月；请在 yugu.toml 中写明：[units] dates = \"day first\"（日在前）或 \"month first\"（月在前）";
}

/// A column of dates whose year stands last.
pub fn year_last(header: &str, day_first: bool) -> (Text, Text) {
    let message = say!("the dates of '{header}' have their year last", "“{header}”列的日期年份在后");
    let treatment = if day_first {
        say!("31.01.2024 is read as 31 January: the day comes first", "按日在前读取：31.01.2024 为 1 月 31 日")
    } else {
        say!("01/31/2024 is read as 31 January: the month comes first", "按月在前读取：01/31/2024 为 1 月 31 日")
    };
    (message, treatment)
}

// Rows of another kind

words! {
    returned = "returns, and their units are positive", "退货，而数量为正";
    cancelled = "cancelled", "已取消";
    planned = "plans, not sales", "计划，而非销售";
    total = "totals of other rows", "其他行的合计";
    other_rows(kind: Text, (header, word): (&str, &str), rows: usize, units: f64) { let units = plain(units); } =
        "'{header}' says '{word}' in {rows} rows with {units} units, this is the first: they are {0}. Leave them out with yugu.toml: [sales] leave_out = [\"{header}={word}\"], make them what they are in the file (returns are negative), or, if they are sales all the same, say [columns] \"{header}\" = \"\"",
        "“{header}”列有 {rows} 行为“{word}”，共 {units}，此为第一行：{0}。请在 yugu.toml 中排除：[sales] leave_out = [\"{header}={word}\"]，或在文件中改正（退货为负数）；若确为销售，请写明 [columns] \"{header}\" = \"\"", kind;
    two_units(header: &str, one: &str, other: &str) =
        "'{header}' says '{one}' and '{other}' of one product: their numbers cannot be added up; convert them to one unit, or, if they are one already, say in yugu.toml: [columns] \"{header}\" = \"\"",
        "“{header}”列中同一产品既有“{one}”又有“{other}”：数量不能相加；请换算为同一单位；若已统一，请在 yugu.toml 中写明：[columns] \"{header}\" = \"\"";
    identical_but(first: &dyn Display, rows: usize, header: &str) =
        "{rows} rows are identical to another but for the running number '{header}', this one to {first}; take them out, or say in yugu.toml that they are several equal sales: [sales] duplicates = \"sum\"",
        "有 {rows} 行除序号“{header}”外与另一行完全相同，本行与 {first} 相同；请删除，或在 yugu.toml 中写明它们是多笔相同销售：[sales] duplicates = \"sum\"";
    sales_of_one_key(first: &dyn Display, column: &str, rows: usize, units: f64) { let units = plain(units); } =
        "several rows of one month, region and product; this one and {first} differ in '{column}'; {rows} rows with {units} units come on top of the first of each",
        "同一月份、区域、产品有多行；本行与 {first} 的“{column}”不同；除各自第一行外另有 {rows} 行，共 {units}";
}

// What the history makes one doubt

/// Months without a row; of `unsent` the region has none at all.
pub fn gaps(months: usize, series: usize, unsent: usize) -> Text {
    let of_region = match unsent {
        0 => say!("", ""),
        _ => say!(", {unsent} of them of a region without any row then", "（其中 {unsent} 个月整个区域都没有数据行）"),
    };
    say!(
        "{months} months without a row between the first and the last one of {series} region-products{0}, the first after this row",
        "{series} 个区域产品在首末月之间共有 {months} 个月没有数据行{0}，第一处在本行之后",
        of_region
    )
}

words! {
    /// Treatment: zero sales; `odd`: where closures are looked for, a regular seller's is not.
    gaps_are_zero(odd: bool) = match odd {
        true =>
            "taken as months without sales; only where the region has no row at all, or a regular seller stops, the month counts as expected and is an exception",
            "按销量为 0 处理；但整个区域都没有数据行、或正常销售者中断的月份按预期计，并列入例外";
        false =>
            "taken as months without sales; only where the region has no row at all the month counts as expected and is an exception",
            "按销量为 0 处理；但整个区域都没有数据行的月份按预期计，并列入例外";
    }
}
