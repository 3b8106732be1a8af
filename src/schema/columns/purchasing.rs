//! Stock, orders and suppliers.

use super::{PRODUCT, REGION, Sketch, UNITS, col};
use crate::schema::Need::{Optional, Required};

pub(super) static STOCK: Sketch = Sketch {
    name: "stock",
    one_of: &[],
    switches_on: ("the stock plan", "备货计划"),
    columns: &[
        col(
            "location",
            &["仓库", "库位", "地点", "仓", "库房", "warehouse"],
            Required,
            "warehouse or shop",
            "仓库或门店",
        ),
        col("region", REGION, Optional, "region it supplies; empty: all", "所供区域；空：全部"),
        col("product", PRODUCT, Required, "product", "产品"),
        col(
            "on_hand",
            &["现有", "现有库存", "库存", "在库", "库存数量", "onhandqty"],
            Required,
            "units on hand",
            "现有库存（件）",
        ),
        col("as_of", &["截至", "截至日期", "盘点日期", "日期", "date"], Optional, "day of the count", "盘点日期"),
        col(
            "on_order",
            &["在途", "已订", "在订", "在途数量", "已订未到"],
            Optional,
            "units ordered and not yet here",
            "已订未到（件）",
        ),
        col("due", &["到货", "到货日期", "预计到货", "交货日期"], Optional, "day they arrive", "预计到货日期"),
        col("backorders", &["欠货", "未交", "未交订单", "欠交"], Optional, "units owed to customers", "欠交客户（件）"),
    ],
};

pub(super) static ORDERS: Sketch = Sketch {
    name: "orders",
    one_of: &[],
    switches_on: ("open orders one by one: due days, chasing, putting off", "逐笔未到订单：到货日、催货、改期"),
    columns: &[
        col(
            "order_number",
            &["订单号", "采购单号", "单号", "订单编号", "po", "ponumber"],
            Optional,
            "number of the order",
            "采购订单号",
        ),
        col(
            "supplier",
            &["供应商", "厂家", "供货商", "vendor"],
            Optional,
            "who delivers it; empty: as in products",
            "供应商；空：同 products",
        ),
        col(
            "location",
            &["仓库", "库位", "地点", "仓", "库房", "收货仓", "warehouse"],
            Required,
            "warehouse or shop it is for, as in stock",
            "收货仓库或门店，与 stock 一致",
        ),
        col("product", PRODUCT, Required, "product", "产品"),
        col("units", UNITS, Required, "units ordered and not yet here", "已订未到（件）"),
        col(
            "due",
            &["到货", "到货日期", "预计到货", "交货日期", "交期"],
            Optional,
            "day they arrive; empty: a lead time from today",
            "预计到货日期；空：自今日起一个交期",
        ),
        col(
            "placed",
            &["下单", "下单日期", "订货日期", "订单日期"],
            Optional,
            "day it was ordered; later ones are not seen",
            "下单日期；晚于截至日者不可见",
        ),
        col(
            "confirmed",
            &["确认", "已确认", "确认日期", "供应商确认"],
            Optional,
            "yes, or the day the supplier confirmed it",
            "是，或供应商确认的日期",
        ),
    ],
};

pub(super) static SUPPLIERS: Sketch = Sketch {
    name: "suppliers",
    one_of: &[],
    switches_on: ("the terms of suppliers", "供应商条款"),
    columns: &[
        col("supplier", &["供应商", "厂家", "供货商", "vendor"], Required, "as in products", "与 products 一致"),
        col(
            "product",
            PRODUCT,
            Optional,
            "of a price break: the product; empty: the row has the supplier's terms",
            "阶梯价的产品；空：该行为供应商条款",
        ),
        col(
            "from_units",
            &["起数量", "阶梯数量", "达到数量", "breakqty"],
            Optional,
            "of a price break: units ordered from which it holds",
            "阶梯价：自该订货数量起",
        ),
        col(
            "price",
            &["单价", "价格", "阶梯价", "unitprice"],
            Optional,
            "of a price break: price of one unit, in the supplier's currency",
            "阶梯价：单价（供应商币种）",
        ),
        col(
            "min_order_value",
            &["起订金额", "最低金额", "最低订货金额", "minorder"],
            Optional,
            "smallest value of an order, in the supplier's currency",
            "最低订货金额（供应商币种）",
        ),
        col(
            "free_freight",
            &["包邮金额", "免运费金额", "免运费"],
            Optional,
            "value of an order from which freight is free, in the supplier's currency",
            "免运费的订货金额（供应商币种）",
        ),
        col(
            "freight",
            &["运费"],
            Optional,
            "what the freight of an order costs below that, in the supplier's currency",
            "未达免运费时一单的运费（供应商币种）",
        ),
        col(
            "container",
            &["柜容", "整柜", "柜容量", "托盘容量", "pallet"],
            Optional,
            "what a container or pallet holds, in the unit of load of products; orders fill whole ones",
            "一柜或一托的容量，单位同 products 的 load；按整柜订货",
        ),
        col(
            "order_days",
            &["订货日", "下单日", "可订日"],
            Optional,
            "weekdays on which orders are taken, 1 (Monday) to 7, parted by ; as 1;4",
            "可下单的星期，1（周一）至 7，用 ; 分隔，如 1;4",
        ),
        col(
            "order_weeks",
            &["订货周", "下单周", "日历周"],
            Optional,
            "calendar weeks (ISO) in which orders are taken: odd, even, or numbers parted by ; (53: the last of a year)",
            "可下单的日历周（ISO）：odd 单周、even 双周，或周序号用 ; 分隔（53 为当年最后一周）",
        ),
        col(
            "currency",
            &["币种", "货币"],
            Optional,
            "currency of its prices and papers; empty: yuan",
            "价格与单据的币种；空：元",
        ),
        col("rate", &["汇率"], Optional, "yuan for one unit of the currency", "一单位该币种合多少元"),
    ],
};
