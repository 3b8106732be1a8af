//! What is said of the terms of suppliers.

use super::Text;

words! {
    unknown_supplier(name: &str, near: Option<&str>) = match near {
        Some(near) => "no product in products has the supplier '{name}'; nearest is '{near}'",
            "products 中没有供应商“{name}”的产品；最接近的是“{near}”";
        None => "no product in products has the supplier '{name}'", "products 中没有供应商“{name}”的产品";
    }
    bad_break = "a price break takes from_units over 0 and a price", "阶梯价需要大于 0 的 from_units 和 price";
    other_supplier(product: &str, name: &str) = "{product} has another supplier in products than {name}",
        "products 中 {product} 的供应商不是 {name}";
    bad_rate(cell: &str) = "{cell}: a rate is yuan for one unit of the currency, over 0",
        "{cell}：汇率为一单位外币合多少元，须大于 0";
    no_rate(currency: &str) = "currency {currency} without a rate: give rate, the yuan for one unit of it",
        "币种 {currency} 未填汇率：请填 rate，即一单位合多少元";
    no_currency(cell: &str) = "rate {cell} without a currency: give currency (as USD), or leave rate empty for yuan",
        "汇率 {cell} 未填币种：请填 currency（如 USD），人民币则留空汇率";
    bad_order_days(cell: &str) = "{cell} is no list of weekdays, 1 (Monday) to 7: write 1;4",
        "{cell} 不是星期列表，1（周一）至 7：如 1;4";
    bad_order_weeks(cell: &str) = "{cell} is no list of calendar weeks, 1 to 53: write odd, even or 2;6;10",
        "{cell} 不是日历周列表，1 至 53：写 odd、even 或 2;6;10";
    least_value = "its smallest order value", "起订金额";
    free_freight = "free freight", "免运费";
    container = "a whole container", "整柜";
    price_break = "a price break", "阶梯价";
    shelf_life = "its shelf life", "保质期";
    raised(units: &str, term: &Text) = "+{units} for {0}", "为{0}多订 {units} 件", term;
    held(units: &str, term: &Text) =
        "{units} wait for the next order: {0} is not reached, and nothing runs out until then",
        "{units} 件留待下次订货：未达{0}，其间不会断货", term;
    missed(term: &Text) = "{0} is not reached, even filled up: ask the supplier", "凑单仍未达{0}：请与供应商商议", term;
    lowered(units: &str, term: &Text) = "{units} less for {0}", "因{0}少订 {units} 件", term;
}
