//! What is said of leads on the page of communities.

use super::Text;
use crate::month::Month;
use crate::say;

/// The heading.
pub fn title(leads: usize, from: Month, to: Month) -> Text {
    say!(
        "Why people did not buy: {leads} leads registered {from} to {to}, as known by then, by product and centre",
        "未购买原因：{from} 至 {to} 登记的 {leads} 条意向，按当时所知，分产品与服务中心"
    )
}

/// All leads.
pub fn all() -> Text {
    say!("all", "全部")
}

/// How many were asked.
pub fn asked() -> Text {
    say!("leads", "意向")
}

/// Those who bought.
pub fn bought() -> Text {
    say!("bought", "已购")
}

/// Those of whom it is not known yet.
pub fn open() -> Text {
    say!("open", "未定")
}

/// Lost without a reason.
pub fn no_reason() -> Text {
    say!("no reason given", "未填原因")
}

/// Leads that name no product.
pub fn anything() -> Text {
    say!("no product named", "未指明产品")
}
