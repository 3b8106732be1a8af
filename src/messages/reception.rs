//! What is said about what came in.

use super::Text;
use crate::month::Month;
use crate::say;

/// Title of the table.
pub fn title() -> Text {
    say!("What came in, units", "到数情况（数量）")
}

/// The same in money.
pub fn title_money() -> Text {
    say!("What came in, money", "到数情况（金额）")
}

/// Header of regions.
pub fn region() -> Text {
    say!("region", "区域")
}

/// Header of remarks.
pub fn remark() -> Text {
    say!("remark", "说明")
}

/// A month that is not complete.
pub fn open(month: &str) -> Text {
    say!("{month} (open)", "{month}（未齐）")
}

/// A region that has sent nothing.
pub fn not_reported() -> Text {
    say!("not reported", "未报送")
}

/// A month far off.
pub fn odd() -> Text {
    say!("odd", "异常")
}

/// A region without a sale.
pub fn closed() -> Text {
    say!("closed", "停业")
}

/// Regions beyond those shown.
pub fn more(n: usize) -> Text {
    say!("and {n} more", "另有 {n} 个")
}

/// Series that sell for the first time.
pub fn new(month: Month, n: usize, names: &str) -> Text {
    say!("new in {month}: {n} ({names})", "{month} 新出现：{n} 个（{names}）")
}

/// Series without a row.
pub fn gone(month: Month, n: usize, names: &str) -> Text {
    say!(
        "without a row in {month}, with one in each of three months before: {n} ({names})",
        "{month} 没有行、此前三个月均有：{n} 个（{names}）"
    )
}

/// Title of what does not count as sold.
pub fn findings(n: usize) -> Text {
    say!("does not count as it was sold: {n}", "不按实际销售计：{n} 项")
}

/// Codes that look alike.
pub fn alike(codes: &str) -> Text {
    say!("look alike, and are counted apart: {codes}", "写法相近而分开计算：{codes}")
}
