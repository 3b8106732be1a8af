//! What is said of the terms of suppliers.

use super::Text;
use crate::say;

/// A supplier of whom no product is bought.
pub fn unknown_supplier(name: &str, near: Option<&str>) -> Text {
    match near {
        Some(near) => say!(
            "no product in products has the supplier '{name}'; nearest is '{near}'",
            "products 中没有供应商“{name}”的产品；最接近的是“{near}”"
        ),
        None => say!("no product in products has the supplier '{name}'", "products 中没有供应商“{name}”的产品"),
    }
}

/// A price break that is none.
pub fn bad_break() -> Text {
    say!("a price break takes from_units over 0 and a price", "阶梯价需要大于 0 的 from_units 和 price")
}

/// A price break of a product that somebody else delivers.
pub fn other_supplier(product: &str, name: &str) -> Text {
    say!("{product} has another supplier in products than {name}", "products 中 {product} 的供应商不是 {name}")
}

/// A rate of nothing.
pub fn bad_rate(cell: &str) -> Text {
    say!("{cell}: a rate is yuan for one unit of the currency, over 0", "{cell}：汇率为一单位外币合多少元，须大于 0")
}

/// A currency without a rate.
pub fn no_rate(currency: &str) -> Text {
    say!(
        "currency {currency} without a rate: give rate, the yuan for one unit of it",
        "币种 {currency} 未填汇率：请填 rate，即一单位合多少元"
    )
}

/// A rate that nobody knows of what.
pub fn no_currency(cell: &str) -> Text {
    say!(
        "rate {cell} without a currency: give currency (as USD), or leave rate empty for yuan",
        "汇率 {cell} 未填币种：请填 currency（如 USD），人民币则留空汇率"
    )
}

/// Weekdays that are none.
pub fn bad_order_days(cell: &str) -> Text {
    say!("{cell} is no list of weekdays, 1 (Monday) to 7: write 1;4", "{cell} 不是星期列表，1（周一）至 7：如 1;4")
}

/// Calendar weeks that are none.
pub fn bad_order_weeks(cell: &str) -> Text {
    say!(
        "{cell} is no list of calendar weeks, 1 to 53: write odd, even or 2;6;10",
        "{cell} 不是日历周列表，1 至 53：写 odd、even 或 2;6;10"
    )
}

/// A term: the smallest order value.
pub fn least_value() -> Text {
    say!("its smallest order value", "起订金额")
}

/// A term: free freight.
pub fn free_freight() -> Text {
    say!("free freight", "免运费")
}

/// A term: whole containers.
pub fn container() -> Text {
    say!("a whole container", "整柜")
}

/// A term: a price break.
pub fn price_break() -> Text {
    say!("a price break", "阶梯价")
}

/// A term: the shelf life.
pub fn shelf_life() -> Text {
    say!("its shelf life", "保质期")
}

/// Why: an order raised by a term.
pub fn raised(units: &str, term: &Text) -> Text {
    say!("+{units} for {0}", "为{0}多订 {units} 件", term)
}

/// Why: an order that a term does not let go today.
pub fn held(units: &str, term: &Text) -> Text {
    say!(
        "{units} wait for the next order: {0} is not reached, and nothing runs out until then",
        "{units} 件留待下次订货：未达{0}，其间不会断货",
        term
    )
}

/// A term that an order does not reach.
pub fn missed(term: &Text) -> Text {
    say!("{0} is not reached, even filled up: ask the supplier", "凑单仍未达{0}：请与供应商商议", term)
}

/// Why: an order that a term makes smaller.
pub fn lowered(units: &str, term: &Text) -> Text {
    say!("{units} less for {0}", "因{0}少订 {units} 件", term)
}
