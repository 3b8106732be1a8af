//! What `yugu growth` says.

use super::Text;
use crate::month::Month;
use crate::say;

words! {
    year_not_whole(year: i32) =
        "fiscal year {year} is not wholly in the history; growth compares whole years (--years A,B)",
        "{year} 财年的历史不完整；增长只能比较完整的年度（--years A,B）";
    units_of_one_group(groups: &[String]) { let list = groups.join(", "); } =
        "units of different groups do not add up; choose one with --product ({list})",
        "不同品类的数量不能相加；请用 --product 选择其一（{list}）";
    no_price(product: &str) = "'{product}' has no price: neither revenue in sales nor a price in products",
        "“{product}”没有价格：sales 中没有金额，products 中也没有单价";
    no_two_years = "the history holds no two whole fiscal years", "历史不足两个完整财年";
    bad_years(text: &str) = "'{text}' is no pair of different years, as in 2013,2014",
        "“{text}”不是两个不同的年份，如 2013,2014";
    measure(word: &str) = match word {
        "revenue" => "revenue", "销售额";
        "appliances" => "revenue of goods and services", "商品与服务销售额";
        "premiums" => "premiums", "保费";
        _ => "units", "数量";
    }
    title(folder: &str, measure: &Text, of: &str, years: [i32; 2]) {
        let [from, to] = years;
        let of = if of.is_empty() { of.to_owned() } else { format!(" ({of})") };
    } =
        "{folder}: growth of {0}{of}, fiscal year {from} to {to}",
        "{folder}：{0}{of}增长，{from} 财年至 {to} 财年", measure;
    headline(from: &str, to: &str, change: &str, growth: &str, unit: &Text) = "{from} to {to} {0}: {change} ({growth})",
        "{from} 增至 {to} {0}：{change}（{growth}）", unit;
    unit(money: Option<f64>) = match money {
        None => "units", "件";
        Some(1.0) => "yuan", "元";
        Some(_) => "万元", "万元";
    }
    how =
        "split exactly by the logarithmic mean Divisia index (LMDI-I): every row adds up to its change, and the rows to the company's",
        "按对数平均迪氏指数（LMDI-I）精确分解：每行各项之和等于该行变化，各行之和等于公司变化";
    about_households =
        "households: contracts signed; conversion: buyers of goods among them (policies: policies sold a household, renewals included); per buyer: units a buyer (policies: mix of terms)",
        "户数：签约户；转化率：签约户中购买商品的比例（保单：每户售出保单数，含续保）；每户件数：每个购买户的件数（保单：期限结构）";
    about_no_buyers = "no service tells who bought: of goods, conversion and units a buyer are one, units a household",
        "没有服务类产品反映购买户：商品的转化率与每户件数合为每签约户件数";
    about_mix =
        "units: of the group in all regions; region mix: shares of regions in it; product mix: shares of products in the region; with communities and signings growth is split into households and conversion",
        "数量：品类在全部区域的数量；区域结构：各区域占比；产品结构：区域内各产品占比；有小区和签约数据时按户数和转化率分解";
    list_prices = "sales has no revenue: prices are those of products and do not change",
        "sales 没有金额：采用 products 的单价，价格不变";
}

/// Headers of the links.
pub fn links(households: bool) -> [Text; 4] {
    if households {
        [say!("households", "户数"), say!("conversion", "转化率"), say!("per buyer", "每户件数"), say!("price", "价格")]
    } else {
        [say!("units", "数量"), say!("region mix", "区域结构"), say!("product mix", "产品结构"), say!("price", "价格")]
    }
}

words! {
    change = "change", "变化";
    by_region = "By region", "按区域";
    by_product = "By product", "按产品";
    company = "company", "公司";
    dated_title =
        "Dated changes: these months against the same months a year before, 80% bounds from the spread of regions",
        "有日期的变化：与上年同月相比，80% 区间来自区域间的差异";
    conversion = "conversion", "转化率";
    event(reason: &str, region: &str, months: (Month, Month)) {
        let (from, to) = months;
        let asked = || say!("change asked for", "所问变化");
        let reason = if reason.is_empty() { asked() } else { crate::messages::planning::reason(reason) };
        let region = if region.is_empty() { company() } else { say!("{region}", "{region}") };
    } =
        "{1} {0}, {from} to {to}",
        "{1} {0}，{from} 至 {to}", reason, region;
    /// One outcome of an event. Shares as written.
    effect(outcome: &Text, values: (&str, &str), effect: &str, bounds: &str, others: (usize, &str)) {
        let ((before, after), (n, growth)) = (values, others);
    } =
        "{0}: {before} to {after}; effect {effect}{bounds} against {n} regions that did not change ({growth})",
        "{0}：{before} 至 {after}；效果 {effect}{bounds}，对照 {n} 个未变化的区域（{growth}）", outcome;
    difference(outcome: &Text, values: (&str, &str), difference: &str, bounds: &str, n: usize) {
        let (before, after) = values;
    } =
        "{0}: {before} to {after}; difference {difference}{bounds}, mean of {n} regions; no effect: everyone changed at once, and whatever else moved them is in it",
        "{0}：{before} 至 {after}；差异 {difference}{bounds}（{n} 个区域的平均），不是效果：所有区域同时变化，其他影响也在其中", outcome;
    no_bounds = " (too few regions for bounds)", "（区域太少，没有区间）";
    mixed = "another event moved the same regions in these months or a year before",
        "同期或上年同期另有事件影响这些区域";
}
