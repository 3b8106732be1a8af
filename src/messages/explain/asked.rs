//! What is said to a question that has no answer.

use std::fmt::Display;

use super::super::reading::meant;

words! {
    unknown_region(word: &str, near: Option<&str>) = "there is no region '{word}'{0}",
        "没有区域“{word}”{0}", meant(near);
    unknown_product(word: &str, near: Option<&str>) =
        "there is no product or group '{word}'{0}",
        "没有产品或品类“{word}”{0}", meant(near);
    several_called(word: &str, codes: &[&str]) { let (en, zh) = (codes.join(", "), codes.join("、")); } =
        "several are called '{word}'; use the code: {en}",
        "有多个“{word}”，请使用编码：{zh}";
    name_a_product(groups: &[&str]) { let (en, zh) = (groups.join(", "), groups.join("、")); } =
        "name a product, or a group: {en}",
        "请指定产品或品类：{zh}";
    month_not_forecast(month: impl Display, months: &[impl Display]) {
        let end = |m: Option<&_>| m.map(ToString::to_string).unwrap_or_default();
        let (first, last) = (end(months.first()), end(months.last()));
    } =
        "{month} is not forecast by this run; it forecasts {first} to {last}",
        "本次预估不含 {month}，只含 {first} 至 {last}";
    not_sold_there(product: &str, region: &str) = "{product} is not sold in {region}, and no launch brings it there",
        "{region} 不销售 {product}，也没有上市计划";
}
