//! What is said of leads on the page of communities.

use crate::month::Month;

words! {
    title(leads: usize, from: Month, to: Month) =
        "Why people did not buy: {leads} leads registered {from} to {to}, as known by then, by product and centre",
        "未购买原因：{from} 至 {to} 登记的 {leads} 条意向，按当时所知，分产品与服务中心";
    all = "all", "全部";
    asked = "leads", "意向";
    bought = "bought", "已购";
    open = "open", "未定";
    no_reason = "no reason given", "未填原因";
    anything = "no product named", "未指明产品";
}
