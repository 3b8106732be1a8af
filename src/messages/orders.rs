//! What is said of open orders, old counts and the papers of a purchaser.

use super::Text;
use crate::say;

/// A location that `stock` does not have.
pub fn unknown_location(name: &str, near: Option<&str>) -> Text {
    match near {
        Some(near) => say!(
            "location '{name}' is not in stock; nearest is '{near}' (a new one: give it a row with 0 on hand)",
            "stock 中没有仓库“{name}”；最接近的是“{near}”（新仓库请先在 stock 中填一行，现有为 0）"
        ),
        None => say!(
            "location '{name}' is not in stock (a new one: give it a row with 0 on hand)",
            "stock 中没有仓库“{name}”（新仓库请先在 stock 中填一行，现有为 0）"
        ),
    }
}

/// An order due before it was placed.
pub fn due_before_placed(due: &str) -> Text {
    say!("due {due}, before the day it was placed", "到货日 {due} 早于下单日")
}

/// A cell that says neither yes nor a day.
pub fn bad_confirmed(cell: &str) -> Text {
    say!("{cell} is neither yes, no nor the day on which it was confirmed", "{cell} 既不是是/否，也不是确认日期")
}

/// Two tables speak of open orders and do not agree.
pub fn on_order_differs(places: usize, in_stock: f64, in_orders: f64) -> Text {
    say!(
        "of {places} products at locations on_order of stock says {in_stock} and orders {in_orders}",
        "{places} 个仓库产品的在途：stock 为 {in_stock}，orders 为 {in_orders}"
    )
}

/// Treatment: the table of orders.
pub fn orders_win() -> Text {
    say!("orders is used, on_order of stock is not", "以 orders 为准，不计 stock 的在途")
}

/// The same on hand in several rows.
pub fn counted_once(on_hand: &str, places: usize) -> Text {
    say!(
        "{on_hand} on hand stands in several rows of one location, product and day, which differ in their orders \
         ({places} such places)",
        "同一仓库、产品、日期的多行现有库存同为 {on_hand}，仅订单不同（共 {places} 处）"
    )
}

/// Treatment: once.
pub fn once() -> Text {
    say!("counted once, the orders all", "现有库存只计一次，订单全部计入")
}

/// The same on hand in several rows without an order.
pub fn added_twice(on_hand: &str, places: usize) -> Text {
    say!(
        "{on_hand} on hand stands in several rows of one location, product and day ({places} such places)",
        "同一仓库、产品、日期的多行现有库存同为 {on_hand}（共 {places} 处）"
    )
}

/// Counts older than the time between two looks.
pub fn old_count(n: usize, oldest: chrono::NaiveDate, days: i64) -> Text {
    say!(
        "{n} counts are older than the time between two looks at the stock, the oldest of {oldest}, {days} days before \
         the plan",
        "{n} 个盘点早于一次检查间隔，最早为 {oldest}，距计划日 {days} 天"
    )
}

/// Treatment: rolled forward.
pub fn rolled() -> Text {
    say!(
        "rolled forward by the sales since; where more was sold than there was the count stands and its lines say so",
        "按其后的销量推算到计划日；销量超过盘点与到货者沿用盘点数并在该行注明"
    )
}

/// Rows that are not shown, and the file that has them.
pub fn more_rows(n: usize, file: &str) -> Text {
    say!("{n} more in {file}", "另有 {n} 行见 {file}")
}

/// A count that more was sold from than was there.
pub fn stale(day: chrono::NaiveDate, sold: &str) -> Text {
    say!(
        "count of {day}: {sold} sold since, more than was there; count anew",
        "盘点为 {day}：其后已售 {sold} 件，超过当时所有，请重新盘点"
    )
}

/// Why: a launch that did not happen.
pub fn slipped(launch: crate::month::Month) -> Text {
    say!(
        "not ordered: launch of {launch} slipped, nothing sold since; ordered with a new date or a first sale",
        "不订：原定 {launch} 上市，至今无销售；有新日期或首笔销售后再订"
    )
}

/// A count rolled forward.
pub fn rolled_by(day: chrono::NaiveDate, sold: &str) -> Text {
    say!("count of {day}, {sold} sold since taken off", "盘点为 {day}，已扣除其后售出的 {sold} 件")
}

words! {
    /// Column.
    urgency = "urgency", "紧急";
    /// Order: stock runs out first.
    urgency_late = "late", "已迟";
    /// Order: the next look is too late.
    urgency_now = "now", "立即";
    /// Order: it lasts if the forecast holds.
    urgency_soon = "soon", "可缓";
    /// Column.
    need_by = "need by", "需求日";
    /// Title.
    details_title = "How each order comes about", "各订货的由来";
    /// Column.
    all_on_hand = "on hand, all", "全部现有";
    /// Column.
    all_on_order = "on order, all", "全部在途";
    /// Column.
    in_time = "on order in time", "期内在途";
    /// Column.
    all_owed = "owed, all", "全部欠货";
    /// Column.
    bought_for = "bought for", "按此采购";
    /// Column.
    transfer_in = "transfers in", "调入";
    /// What the columns mean.
    about_details = "raw need = bought for + safety - (on hand, all + on order in time - owed, all); order: raw need - transfers \
        in, in whole packs, at least the smallest order\non hand, all: of the location and all that it buys for, as owed, \
        all; on order in time: due before an order made at the next look could arrive; bought for: demand until then, of a \
        new product the part that is bought for",
        "净需求 = 按此采购 + 安全库存 −（全部现有 + 期内在途 − 全部欠货）；订货 = 净需求 − 调入，整包装且不低于起订量\n\
        全部现有、全部欠货：含该仓库代为采购的各处；期内在途：下次检查时下单可到货之前到的在途；按此采购：至此的需求，新品取其部分";
    /// What the columns of the list mean.
    about_list = "on hand: at the location; need by: the day on which stock runs out without this order; late: before it can \
        arrive, now: an order at the next look would come too late, soon: it lasts if the forecast holds\nhow each order comes \
        about: --details; every line: stock.csv",
        "现有：该仓库；需求日：若不下此单的断货日；已迟：到货前断货，立即：等到下次检查再订则过晚，可缓：若预估准确可维持\n\
        各订货的由来：--details；全部行：stock.csv";
    /// Title.
    chase_title = "To chase", "催货";
    /// Column.
    order_number = "order", "订单号";
    /// Column.
    days_late = "days late", "迟天数";
    /// Chased: its day has passed.
    overdue = "overdue", "逾期";
    /// Chased: it comes after stock has run out.
    too_late = "after stock has run out", "晚于断货日";
    /// Chased: not confirmed.
    unconfirmed = "not confirmed", "未确认";
    /// Title.
    reschedule_title = "To cancel or to put off", "取消或延期";
    /// Column.
    needed = "needed", "需要日";
    /// Action.
    cancel = "cancel", "取消";
    /// Action.
    put_off = "put off", "延期";
    /// Title.
    late_title = "What cannot arrive in time, and what it will cost", "来不及到货及其损失";
    /// Column.
    short = "short", "缺口";
    /// Title.
    overstock_title = "Overstock, and what retiring products leave over", "积压与退市剩余";
    /// Column.
    surplus = "too many", "多余";
    /// Why: a retiring product.
    leftover = "left over after", "退市剩余，末月";
    /// Why: too much.
    overstock = "overstock", "积压";
    /// Column.
    due_day = "due", "到货日";
    /// Column, yuan.
    stock_value = "stock at cost", "库存金额";
    /// Column, yuan.
    holding_cost = "holding it", "持有成本";
    /// Column.
    orders = "orders", "订货次数";
    /// Column, yuan.
    ordering_cost = "ordering", "订货成本";
    /// Column, yuan.
    margin_lost = "margin lost", "损失毛利";
    /// Column, yuan.
    all_costs = "in all", "合计";
    /// Rows that are not shown one by one.
    others = "others", "其余";
}

/// What the surplus is counted against.
pub fn about_surplus(days: u32) -> Text {
    say!(
        "too many: on hand and on order beyond the safety stock and what {days} days will sell; of a retiring product beyond \
         what it will still sell",
        "多余：现有与在途中超出安全库存与 {days} 天销量的部分；退市产品为超出其剩余销量的部分"
    )
}

/// Both languages in one, for papers that leave the house.
pub fn both(text: &Text) -> Text {
    let line = format!("{} {}", text.en, text.zh);
    Text { en: line.clone(), zh: line }
}

/// A title.
pub fn purchase_order() -> Text {
    say!("Order", "采购订单")
}

/// What a purchase order is: its number, to whom, of which day.
pub fn purchase_order_of(number: &str, supplier: &str, day: chrono::NaiveDate) -> Text {
    say!("{number}, to {supplier}, {day};", "{number}，致 {supplier}，{day}")
}

/// The last row of a purchase order.
pub fn purchase_total() -> Text {
    say!("total", "合计")
}

/// A column of a purchase order.
pub fn purchase_column(id: &str) -> Text {
    match id {
        "order_number" => say!("Order no.", "订单号"),
        "location" => say!("Deliver to", "交货地点"),
        "product" => say!("Product", "产品"),
        "name" => say!("Name", "名称"),
        "order_date" => say!("Order date", "下单日期"),
        "delivery_date" => say!("Delivery date", "交货日期"),
        "units" => say!("Units", "数量"),
        "packs" => say!("Packs", "包数"),
        "price" => say!("Price", "单价"),
        "currency" => say!("Currency", "币种"),
        _ => say!("Value", "金额"),
    }
}
