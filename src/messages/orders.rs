//! What is said of open orders, old counts and the papers of a purchaser.

use super::Text;

words! {
    /// A location that `stock` does not have.
    unknown_location(name: &str, near: Option<&str>) = match near {
        Some(near) =>
            "location '{name}' is not in stock; nearest is '{near}' (a new one: give it a row with 0 on hand)",
            "stock 中没有仓库“{name}”；最接近的是“{near}”（新仓库请先在 stock 中填一行，现有为 0）";
        None => "location '{name}' is not in stock (a new one: give it a row with 0 on hand)",
            "stock 中没有仓库“{name}”（新仓库请先在 stock 中填一行，现有为 0）";
    }
    due_before_placed(due: &str) = "due {due}, before the day it was placed", "到货日 {due} 早于下单日";
    bad_confirmed(cell: &str) = "{cell} is neither yes, no nor the day on which it was confirmed",
        "{cell} 既不是是/否，也不是确认日期";
    on_order_differs(places: usize, in_stock: f64, in_orders: f64) =
        "of {places} products at locations on_order of stock says {in_stock} and orders {in_orders}",
        "{places} 个仓库产品的在途：stock 为 {in_stock}，orders 为 {in_orders}";
    orders_win = "orders is used, on_order of stock is not", "以 orders 为准，不计 stock 的在途";
    counted_once(on_hand: &str, places: usize) =
        "{on_hand} on hand stands in several rows of one location, product and day, which differ in their orders \
         ({places} such places)",
        "同一仓库、产品、日期的多行现有库存同为 {on_hand}，仅订单不同（共 {places} 处）";
    once = "counted once, the orders all", "现有库存只计一次，订单全部计入";
    added_twice(on_hand: &str, places: usize) =
        "{on_hand} on hand stands in several rows of one location, product and day ({places} such places)",
        "同一仓库、产品、日期的多行现有库存同为 {on_hand}（共 {places} 处）";
    old_count(n: usize, oldest: chrono::NaiveDate, days: i64) =
        "{n} counts are older than the time between two looks at the stock, the oldest of {oldest}, {days} days before \
         the plan",
        "{n} 个盘点早于一次检查间隔，最早为 {oldest}，距计划日 {days} 天";
    rolled =
        "rolled forward by the sales since; where more was sold than there was the count stands and its lines say so",
        "按其后的销量推算到计划日；销量超过盘点与到货者沿用盘点数并在该行注明";
    more_rows(n: usize, file: &str) = "{n} more in {file}", "另有 {n} 行见 {file}";
    stale(day: chrono::NaiveDate, sold: &str) = "count of {day}: {sold} sold since, more than was there; count anew",
        "盘点为 {day}：其后已售 {sold} 件，超过当时所有，请重新盘点";
    slipped(launch: crate::month::Month) =
        "not ordered: launch of {launch} slipped, nothing sold since; ordered with a new date or a first sale",
        "不订：原定 {launch} 上市，至今无销售；有新日期或首笔销售后再订";
    rolled_by(day: chrono::NaiveDate, sold: &str) = "count of {day}, {sold} sold since taken off",
        "盘点为 {day}，已扣除其后售出的 {sold} 件";
    urgency = "urgency", "紧急";
    urgency_late = "late", "已迟";
    urgency_now = "now", "立即";
    urgency_soon = "soon", "可缓";
    need_by = "need by", "需求日";
    details_title = "How each order comes about", "各订货的由来";
    all_on_hand = "on hand, all", "全部现有";
    all_on_order = "on order, all", "全部在途";
    in_time = "on order in time", "期内在途";
    all_owed = "owed, all", "全部欠货";
    bought_for = "bought for", "按此采购";
    transfer_in = "transfers in", "调入";
    about_details =
        "raw need = bought for + safety - (on hand, all + on order in time - owed, all); order: raw need - transfers \
        in, in whole packs, at least the smallest order\non hand, all: of the location and all that it buys for, as owed, \
        all; on order in time: due before an order made at the next look could arrive; bought for: demand until then, of a \
        new product the part that is bought for",
        "净需求 = 按此采购 + 安全库存 −（全部现有 + 期内在途 − 全部欠货）；订货 = 净需求 − 调入，整包装且不低于起订量\n\
        全部现有、全部欠货：含该仓库代为采购的各处；期内在途：下次检查时下单可到货之前到的在途；按此采购：至此的需求，新品取其部分";
    about_list =
        "on hand: at the location; need by: the day on which stock runs out without this order; late: before it can \
        arrive, now: an order at the next look would come too late, soon: it lasts if the forecast holds\nhow each order comes \
        about: --details; every line: stock.csv",
        "现有：该仓库；需求日：若不下此单的断货日；已迟：到货前断货，立即：等到下次检查再订则过晚，可缓：若预估准确可维持\n\
        各订货的由来：--details；全部行：stock.csv";
    chase_title = "To chase", "催货";
    order_number = "order", "订单号";
    days_late = "days late", "迟天数";
    overdue = "overdue", "逾期";
    too_late = "after stock has run out", "晚于断货日";
    unconfirmed = "not confirmed", "未确认";
    reschedule_title = "To cancel or to put off", "取消或延期";
    needed = "needed", "需要日";
    cancel = "cancel", "取消";
    put_off = "put off", "延期";
    late_title = "What cannot arrive in time, and what it will cost", "来不及到货及其损失";
    short = "short", "缺口";
    overstock_title = "Overstock, and what retiring products leave over", "积压与退市剩余";
    surplus = "too many", "多余";
    leftover = "left over after", "退市剩余，末月";
    overstock = "overstock", "积压";
    due_day = "due", "到货日";
    stock_value = "stock at cost", "库存金额";
    holding_cost = "holding it", "持有成本";
    orders = "orders", "订货次数";
    ordering_cost = "ordering", "订货成本";
    margin_lost = "margin lost", "损失毛利";
    all_costs = "in all", "合计";
    others = "others", "其余";
    about_surplus(days: u32) =
        "too many: on hand and on order beyond the safety stock and what {days} days will sell; of a retiring product beyond \
         what it will still sell",
        "多余：现有与在途中超出安全库存与 {days} 天销量的部分；退市产品为超出其剩余销量的部分";
}

/// Both languages in one, for papers that leave the house.
pub fn both(text: &Text) -> Text {
    let line = format!("{} {}", text.en, text.zh);
    Text { en: line.clone(), zh: line }
}

words! {
    purchase_order = "Order", "采购订单";
    purchase_order_of(number: &str, supplier: &str, day: chrono::NaiveDate) = "{number}, to {supplier}, {day};",
        "{number}，致 {supplier}，{day}";
    purchase_total = "total", "合计";
    purchase_column(id: &str) = match id {
        "order_number" => "Order no.", "订单号";
        "location" => "Deliver to", "交货地点";
        "product" => "Product", "产品";
        "name" => "Name", "名称";
        "order_date" => "Order date", "下单日期";
        "delivery_date" => "Delivery date", "交货日期";
        "units" => "Units", "数量";
        "packs" => "Packs", "包数";
        "price" => "Price", "单价";
        "currency" => "Currency", "币种";
        _ => "Value", "金额";
    }
}
