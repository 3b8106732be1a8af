//! What is wrong with stated rates and counters.

words! {
    lag_needed(first: i32, last: i32) =
        "a share of signing needs its months since the handover in `lag`: a whole number from {first} to {last}",
        "签约比例需在 lag 列写明交房后月数：{first} 到 {last} 的整数";
    rate_of_what(measure: &str) = match measure {
        "units_per_buyer" => "units_per_buyer is of goods: name the product or group in `product`",
            "units_per_buyer 针对商品：请在 product 列写明产品或品类";
        "take_up" | "renewal" =>
            "{measure} is of all policies or of one: leave `product` empty or name a product of the kind policy",
            "{measure} 针对全部保单或某一保单：product 列留空或填写保单产品";
        _ => "{measure} is of households, whatever they buy: leave `product` empty",
            "{measure} 针对住户，与购买内容无关：product 列请留空";
    }
    rate_of_company(measure: &str) =
        "{measure} is stated for the whole company: leave `region` empty (how regions differ in signing is learned from their signings)",
        "{measure} 为全公司比例：region 列请留空（区域间签约差异由签约数据估计）";
    shares_over_one(measure: &str, sum: f64) { let sum = super::books::percent(sum, 1); } =
        "the shares of {measure} that hold from this month add up to {sum}: more than all",
        "自该月起的 {measure} 比例合计 {sum}，超过全部";
    up_to(text: &str, most: f64) = "{text} is not between 0 and {most}", "{text} 应在 0 到 {most} 之间";
    counters_twice(name: &str) =
        "'{name}' is listed twice; counters by date belong in a table `counters` (from, region, kind, counters)",
        "“{name}”重复出现；随日期变化的柜台数请填入 `counters` 表（from, region, kind, counters）";
}
