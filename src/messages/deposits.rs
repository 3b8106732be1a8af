//! What is said of deposits.

use super::Text;
use crate::say;

/// Title.
pub fn title() -> Text {
    say!(
        "Sold on a deposit: what is still to be paid on delivery (in the forecasts money counts in the month of the sale)",
        "定金订单：交付时待收余款（预估中的金额按销售当月计）"
    )
}

words! {
    /// Column.
    delivered = "delivered", "交付月份";
    /// A month that nobody knows.
    not_known = "not known", "未定";
    /// Column.
    region = "region", "区域";
    /// Column.
    units = "units", "件数";
    /// Column.
    deposits = "paid as deposits", "已收定金";
    /// Column.
    rest = "still to be paid", "待收余款";
}
