//! What is said to a question that has no answer.

use std::fmt::Display;

use super::super::Text;
use crate::say;

fn meant(near: Option<&str>) -> Text {
    match near {
        Some(near) => say!("; did you mean '{near}'?", "；是否指“{near}”？"),
        None => say!("", ""),
    }
}

/// A region that is not known.
pub fn unknown_region(word: &str, near: Option<&str>) -> Text {
    let meant = meant(near);
    say!("there is no region '{word}'{0}", "没有区域“{word}”{0}", meant)
}

/// A product that is not known.
pub fn unknown_product(word: &str, near: Option<&str>) -> Text {
    let meant = meant(near);
    say!("there is no product or group '{word}'{0}", "没有产品或品类“{word}”{0}", meant)
}

/// A name that stands for several.
pub fn several_called(word: &str, codes: &[&str]) -> Text {
    let (en, zh) = (codes.join(", "), codes.join("、"));
    say!("several are called '{word}'; use the code: {en}", "有多个“{word}”，请使用编码：{zh}")
}

/// No product was named.
pub fn name_a_product(groups: &[&str]) -> Text {
    let (en, zh) = (groups.join(", "), groups.join("、"));
    say!("name a product, or a group: {en}", "请指定产品或品类：{zh}")
}

/// A month that is not among those forecast.
pub fn month_not_forecast(month: impl Display, months: &[impl Display]) -> Text {
    let end = |m: Option<&_>| m.map(ToString::to_string).unwrap_or_default();
    let (first, last) = (end(months.first()), end(months.last()));
    say!(
        "{month} is not forecast by this run; it forecasts {first} to {last}",
        "本次预估不含 {month}，只含 {first} 至 {last}"
    )
}

/// A product that a region does not sell.
pub fn not_sold_there(product: &str, region: &str) -> Text {
    say!(
        "{product} is not sold in {region}, and no launch brings it there",
        "{region} 不销售 {product}，也没有上市计划"
    )
}
