//! What `yugu growth` says.

use super::Text;
use crate::month::Month;
use crate::say;

/// A year of which not every month is there.
pub fn year_not_whole(year: i32) -> Text {
    say!(
        "fiscal year {year} is not wholly in the history; growth compares whole years (--years A,B)",
        "{year} 财年的历史不完整；增长只能比较完整的年度（--years A,B）"
    )
}

/// Units of several groups.
pub fn units_of_one_group(groups: &[String]) -> Text {
    let list = groups.join(", ");
    say!(
        "units of different groups do not add up; choose one with --product ({list})",
        "不同品类的数量不能相加；请用 --product 选择其一（{list}）"
    )
}

/// A product without any price.
pub fn no_price(product: &str) -> Text {
    say!(
        "'{product}' has no price: neither revenue in sales nor a price in products",
        "“{product}”没有价格：sales 中没有金额，products 中也没有单价"
    )
}

/// No two whole years.
pub fn no_two_years() -> Text {
    say!("the history holds no two whole fiscal years", "历史不足两个完整财年")
}

/// Years that are no pair.
pub fn bad_years(text: &str) -> Text {
    say!("'{text}' is no pair of different years, as in 2013,2014", "“{text}”不是两个不同的年份，如 2013,2014")
}

/// What is measured.
pub fn measure(word: &str) -> Text {
    match word {
        "revenue" => say!("revenue", "销售额"),
        "appliances" => say!("revenue of goods and services", "商品与服务销售额"),
        "premiums" => say!("premiums", "保费"),
        _ => say!("units", "数量"),
    }
}

/// The first line.
pub fn title(folder: &str, measure: &Text, of: &str, years: [i32; 2]) -> Text {
    let [from, to] = years;
    let of = if of.is_empty() { of.to_owned() } else { format!(" ({of})") };
    say!(
        "{folder}: growth of {0}{of}, fiscal year {from} to {to}",
        "{folder}：{0}{of}增长，{from} 财年至 {to} 财年",
        measure
    )
}

/// From what to what.
pub fn headline(from: &str, to: &str, change: &str, growth: &str, unit: &Text) -> Text {
    say!("{from} to {to} {0}: {change} ({growth})", "{from} 增至 {to} {0}：{change}（{growth}）", unit)
}

/// Yuan, 10,000 yuan or units.
pub fn unit(money: Option<f64>) -> Text {
    match money {
        None => say!("units", "件"),
        Some(1.0) => say!("yuan", "元"),
        Some(_) => say!("万元", "万元"),
    }
}

/// How the split is made.
pub fn how() -> Text {
    say!(
        "split exactly by the logarithmic mean Divisia index (LMDI-I): every row adds up to its change, and the rows to the company's",
        "按对数平均迪氏指数（LMDI-I）精确分解：每行各项之和等于该行变化，各行之和等于公司变化"
    )
}

/// What the first columns mean where households are counted.
pub fn about_households() -> Text {
    say!(
        "households: contracts signed; conversion: buyers of goods among them (policies: policies sold a household, renewals included); per buyer: units a buyer (policies: mix of terms)",
        "户数：签约户；转化率：签约户中购买商品的比例（保单：每户售出保单数，含续保）；每户件数：每个购买户的件数（保单：期限结构）"
    )
}

/// The same without buyers.
pub fn about_no_buyers() -> Text {
    say!(
        "no service tells who bought: of goods, conversion and units a buyer are one, units a household",
        "没有服务类产品反映购买户：商品的转化率与每户件数合为每签约户件数"
    )
}

/// What they mean without communities.
pub fn about_mix() -> Text {
    say!(
        "units: of the group in all regions; region mix: shares of regions in it; product mix: shares of products in the region; with communities and signings growth is split into households and conversion",
        "数量：品类在全部区域的数量；区域结构：各区域占比；产品结构：区域内各产品占比；有小区和签约数据时按户数和转化率分解"
    )
}

/// Prices that cannot change.
pub fn list_prices() -> Text {
    say!(
        "sales has no revenue: prices are those of products and do not change",
        "sales 没有金额：采用 products 的单价，价格不变"
    )
}

/// Headers of the links.
pub fn links(households: bool) -> [Text; 4] {
    if households {
        [say!("households", "户数"), say!("conversion", "转化率"), say!("per buyer", "每户件数"), say!("price", "价格")]
    } else {
        [say!("units", "数量"), say!("region mix", "区域结构"), say!("product mix", "产品结构"), say!("price", "价格")]
    }
}

/// Header.
pub fn change() -> Text {
    say!("change", "变化")
}

/// Over the table of regions.
pub fn by_region() -> Text {
    say!("By region", "按区域")
}

/// Over the table of products.
pub fn by_product() -> Text {
    say!("By product", "按产品")
}

/// The row of everything.
pub fn company() -> Text {
    say!("company", "公司")
}

/// Over the dated changes.
pub fn dated_title() -> Text {
    say!(
        "Dated changes: these months against the same months a year before, 80% bounds from the spread of regions",
        "有日期的变化：与上年同月相比，80% 区间来自区域间的差异"
    )
}

/// What is compared.
pub fn conversion() -> Text {
    say!("conversion", "转化率")
}

/// An event of the folder or one that was asked for.
pub fn event(reason: &str, region: &str, months: (Month, Month)) -> Text {
    let (from, to) = months;
    let reason = if reason.is_empty() {
        say!("change asked for", "所问变化")
    } else {
        crate::messages::planning::reason(reason)
    };
    let region = if region.is_empty() { company() } else { say!("{region}", "{region}") };
    say!("{1} {0}, {from} to {to}", "{1} {0}，{from} 至 {to}", reason, region)
}

/// One outcome of an event. Shares as written.
pub fn effect(outcome: &Text, values: (&str, &str), effect: &str, bounds: &str, others: (usize, &str)) -> Text {
    let ((before, after), (n, growth)) = (values, others);
    say!(
        "{0}: {before} to {after}; effect {effect}{bounds} against {n} regions that did not change ({growth})",
        "{0}：{before} 至 {after}；效果 {effect}{bounds}，对照 {n} 个未变化的区域（{growth}）",
        outcome
    )
}

/// The same where everyone changed.
pub fn difference(outcome: &Text, values: (&str, &str), difference: &str, bounds: &str, n: usize) -> Text {
    let (before, after) = values;
    say!(
        "{0}: {before} to {after}; difference {difference}{bounds}, mean of {n} regions; no effect: everyone changed at once, and whatever else moved them is in it",
        "{0}：{before} 至 {after}；差异 {difference}{bounds}（{n} 个区域的平均），不是效果：所有区域同时变化，其他影响也在其中",
        outcome
    )
}

/// Bounds that there are none of.
pub fn no_bounds() -> Text {
    say!(" (too few regions for bounds)", "（区域太少，没有区间）")
}

/// Another event in the same regions and months.
pub fn mixed() -> Text {
    say!("another event moved the same regions in these months or a year before", "同期或上年同期另有事件影响这些区域")
}
