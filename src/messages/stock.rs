//! What the stock plan says.

use super::Text;
use crate::say;

words! {
    /// A row of `stock` that speaks of a policy or a service.
    not_goods(product: &str) = "{product} is a policy or a service, which is never stocked",
        "{product} 为保单或服务，从不备货";
    location_in_two_regions(location: &str) =
        "location {location} supplies one region in one row and another in the next",
        "仓库 {location} 在不同行中对应不同区域";
    /// A group of `[service]` that nobody has.
    unknown_group(name: &str, near: Option<&str>) = match near {
        Some(near) => "[service] in yugu.toml names the group '{name}', which no product has; nearest is '{near}'",
            "yugu.toml 的 [service] 中品类“{name}”不存在；最接近的是“{near}”";
        None => "[service] in yugu.toml names the group '{name}', which no product has",
            "yugu.toml 的 [service] 中品类“{name}”不存在";
    }
    lead_time_too_long(cell: &str) = "{cell} days are over two years: a lead time is given in days",
        "{cell} 天超过两年：交期以天为单位";
    pack_over_zero(cell: &str) = "{cell}: a pack holds at least 0.001 units", "{cell}：每包数量至少为 0.001";
    policy = "policy", "策略";
    cycle_service = "service", "不缺货率";
    cycle_known = "where known", "需求已知者";
    levels_held = "levels held", "水平达标";
    fill_rate = "fill rate", "满足率";
    average_stock = "average stock", "平均库存";
    to_ours = "to the plan's", "比本计划";
    turns = "turns a year", "年周转";
    policy_forecast = "forecast and its errors (the plan's)", "预估及其误差（本计划）";
    playing = "months", "月份";
    too_short_to_play =
        "a simulation takes a year of history, the time of a delivery, and two months for each half at least",
        "模拟至少需要一年历史、一次到货时间，以及每半段两个月";
    about_played =
        "service: months x series that ended without a shortage; where known: in months fully in stock in the \
        history; levels held: protection intervals whose demand the level was enough for; stock in units, mean of a month's \
        begin and end\nthe two plain policies are tuned on the first half to the \
        service that the plan reached on it; what is asked for and not there is lost, with [stock] short = \"owed\" delivered later",
        "不缺货率：未缺货的月份×序列占比；需求已知者：仅计历史上全月有货的月份；水平达标：期内需求未超过库存水平的占比；库存为月初与月末平均（件）\n\
        两种简单策略在前半段调到与本计划相同的不缺货率；缺货即失销（[stock] short = \"owed\" 时为延后交付）";
    orders_title = "Orders, the most urgent first", "订货清单（按紧急程度）";
    suppliers_title = "By supplier and month of arrival", "按供应商和到货月份";
    planned = "planned", "后续计划";
    about_planned =
        "value: of the order; planned: what the next two looks at the stock will order, if sales are as forecast",
        "金额：本次订货；后续计划：若销售与预估一致，其后两次检查时将订的数量";
    transfers_title = "Transfers between our own locations, before anything is bought", "先行调拨（自有仓库之间）";
    notes_title = "To know", "须知";
    lost_title = "What stockouts cost in the last 12 months", "近 12 个月缺货损失";
    product = "product", "产品";
    supplier = "supplier", "供应商";
    location = "location", "仓库";
    order = "order", "订货";
    pack = "pack", "包装";
    order_by = "order by", "最迟下单";
    arrives = "arrives", "到货";
    runs_out = "runs out", "断货日";
    on_hand = "on hand", "现有";
    on_order = "on order", "在途";
    owed = "owed", "欠货";
    demand = "demand", "期内需求";
    safety = "safety", "安全库存";
    raw = "raw need", "净需求";
    value = "value", "金额";
    why = "why", "原因";
    month = "month", "月份";
    due = "on order", "在途到货";
    from = "from", "调出";
    to = "to", "调入";
    units = "units", "数量";
    lost_units = "lost", "损失数量";
    lost_net = "net of what was bought instead", "扣除改购他品后";
    lost_margin = "margin lost", "损失毛利";
    region = "region", "区域";
    total = "total", "合计";
    no_supplier = "(no supplier given)", "（未填供应商）";
    nothing_to_order = "nothing to order", "无须订货";
    about_orders =
        "on hand, on order, owed: of the location and all that it buys for; demand: expected until an order made at \
        the next look could arrive\nraw need: demand + safety - (on hand + on order - owed - transfers in); order: whole packs, \
        at least the smallest order\norder by: the last day to order so that stock lasts until the goods are there; arrives: \
        if ordered today; runs out: without this order",
        "现有、在途、欠货：含该仓库代为采购的各处；期内需求：至下次检查时下单可到货为止的预计需求\n\
        净需求 = 期内需求 + 安全库存 −（现有 + 在途 − 欠货 + 调入）；订货：整包装且不低于起订量\n\
        最迟下单：为使库存不断档须在此日前下单；到货：按今日下单；断货日：若不下此单";
    about_lost =
        "lost: units that would have been bought with everything in stock, in months with a stockout; net: less what \
        these customers bought of other products",
        "损失数量：缺货月份中若全部有货本可售出的数量；扣除改购他品后：减去这些顾客改买其他产品的数量";
    no_count = "no count of stock is visible on that day: `stock` has none, or later ones only",
        "该日没有可见的库存盘点：`stock` 为空，或均晚于该日";
    title(folder: &str, day: chrono::NaiveDate) = "{folder}: stock plan as of {day}",
        "{folder}：备货计划（截至 {day}）";
    how(review: u32, transfer: u32) = "the stock is looked at every {review} days; a transfer takes {transfer} days",
        "每 {review} 天检查一次库存；调拨需 {transfer} 天";
}

/// Which errors safety stocks come from.
pub fn errors(ledger: usize, backtest: usize, history: usize) -> Text {
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    if ledger > 0 {
        en.push(format!("issued forecasts ({ledger} lines)"));
        zh.push(format!("已发布预测（{ledger} 行）"));
    }
    if backtest > 0 {
        en.push(format!("the backtest while the ledger is short ({backtest} lines)"));
        zh.push(format!("台账尚短，用回测（{backtest} 行）"));
    }
    if history > 0 {
        en.push(format!("the history's own variance, there being no past forecasts ({history} lines)"));
        zh.push(format!("尚无历史预测，用销量自身的方差（{history} 行）"));
    }
    let (en, zh) = (en.join(", "), zh.join("，"));
    say!("safety stock from the errors of {en}", "安全库存依据：{zh}")
}

words! {
    unstocked(n: usize) =
        "{n} regions x products are forecast and not in `stock` anywhere above them: nothing is planned for them",
        "{n} 个区域×产品有预估但没有任何仓库备货：未纳入计划";
}

/// What a budget did.
pub fn budget(given: &str, spent: &str, wanted: &str, lines: usize, without_cost: usize) -> Text {
    let (en, zh) = match without_cost {
        0 => (String::new(), String::new()),
        n => (
            format!("; {n} orders without a cost in `products` are outside it"),
            format!("；另有 {n} 行因 products 未填成本不计入预算"),
        ),
    };
    say!(
        "budget {given}: orders for {spent} of {wanted} wanted; {lines} orders cut or left out, those that save \
         the least per yuan{en}",
        "预算 {given}：需 {wanted}，安排 {spent}；{lines} 行被削减或取消（每元所省最少者）{zh}"
    )
}

words! {
    enough = "enough", "库存充足";
}

/// Why: stock does not last. Days between arrival and running out; days to the next look.
pub fn needed(slack: i64, review: i64) -> Text {
    match slack {
        s if s < 0 => {
            let late = -s;
            say!("out {late} days before it can arrive", "到货前断货 {late} 天")
        }
        s if s < review => say!("an order at the next look would come too late", "等到下次检查再订则到货过晚"),
        _ => say!(
            "lasts if the forecast holds; an order at the next look might come too late",
            "若预估准确可维持；等到下次检查再订有断货风险"
        ),
    }
}

words! {
    first_buy(part: f64) { let percent = (part * 100.0).round(); } = "new: first buy, {percent}% of what is expected",
        "新品首批：按预计的 {percent}% 采购";
    growing(part: f64) { let percent = (part * 100.0).round(); } =
        "new: {percent}% of what is expected, as the evidence grows",
        "新品：按预计的 {percent}% 采购，随销售积累增加";
    last_buy(last: crate::month::Month) = "last buy: leaves after {last}", "末次采购：{last} 后退市";
    last_buy_too_small(last: crate::month::Month) =
        "not ordered: leaves after {last}, and the smallest order is more than will still be sold",
        "不订：{last} 后退市，起订量超过剩余需求";
    too_late(last: crate::month::Month) = "not ordered: it would arrive after its last month {last}",
        "不订：到货已晚于末月 {last}";
    retired = "has left the range: sell what there is", "已退市：清理现货";
    do_not_buy = "marked: not to be bought", "已标记不采购";
    no_demand = "nothing is expected to be sold", "预计无销售";
    transfer = "filled by a transfer", "调拨补足";
    waiting(product: &str, at: &str, n: usize, short: &str, next: Option<chrono::NaiveDate>) = match next {
        Some(day) => "{product}: {n} locations wait for {short} units until goods come to {at} on {day}",
            "{product}：{n} 处共缺 {short} 件，待 {at} 于 {day} 到货后补足";
        None => "{product}: {n} locations wait for {short} units, and nothing is on its way to {at}",
            "{product}：{n} 处共缺 {short} 件，{at} 暂无在途";
    }
    waits(short: &str) = "{short} short: waits for the warehouse", "缺 {short} 件：等待上级仓库到货";
    cut_by_budget(left_out: &str) = "budget: {left_out} left out", "预算所限：减少 {left_out} 件";
    excess(units: &str) = "+{units} by rounding", "取整多订 {units} 件";
    more_lines(n: usize) = "{n} more lines in stock.csv", "另有 {n} 行见 stock.csv";
    enough_lines(n: usize) = "{n} lines have enough", "{n} 行库存充足";
    note(product: &str, location: &str, why: Text) = "{product} at {location}: {0}", "{location} {product}：{0}", why;
    bad_budget(text: &str) { let text = super::shorten(text); } = "'{text}' is no amount in yuan",
        "“{text}”不是金额（元）";
    played(folder: &str, series: usize, first: &str, last: &str) =
        "{folder}: the policy played over {first} to {last}, {series} regions x products, with past forecasts only",
        "{folder}：{first} 至 {last} 的策略模拟，{series} 个区域×产品，只用当时的预估";
    played_with(lead: usize, review: usize, pack: &str, opening: &str, service: &str) =
        "lead time {lead} months, orders every {review} months, packs of {pack}, opening stock {opening} months of sales, \
         service asked for {service}",
        "交期 {lead} 个月，每 {review} 个月订货，包装 {pack} 件，期初库存 {opening} 个月销量，服务水平 {service}";
    played_demand(known: &str, recovered: &str) =
        "demand: {known} units sold in months fully in stock, {recovered} recovered in the others",
        "需求：全月有货月份的销量 {known} 件，其余月份还原 {recovered} 件";
    played_levels(errors: usize, history: usize) =
        "levels: {errors} from the errors of past forecasts, {history} from the history's variance while there were none",
        "库存水平：{errors} 个依据过往预估误差，{history} 个因尚无误差而依据销量方差";
    half(first: &str, last: &str) = "{first} to {last}", "{first} 至 {last}";
    policy_last_month(cover: &str) = "last month's sales x {cover}", "上月销量 × {cover}";
    policy_mean(k: &str) = "mean demand + {k} standard deviations", "平均需求 + {k} 个标准差";
}
