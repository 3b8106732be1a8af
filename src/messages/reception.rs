//! What is said about what came in.

use crate::month::Month;

words! {
    title = "What came in, units", "到数情况（数量）";
    title_money = "What came in, money", "到数情况（金额）";
    region = "region", "区域";
    remark = "remark", "说明";
    open(month: &str) = "{month} (open)", "{month}（未齐）";
    not_reported = "not reported", "未报送";
    odd = "odd", "异常";
    closed = "closed", "停业";
    more(n: usize) = "and {n} more", "另有 {n} 个";
    new(month: Month, n: usize, names: &str) = "new in {month}: {n} ({names})", "{month} 新出现：{n} 个（{names}）";
    gone(month: Month, n: usize, names: &str) =
        "without a row in {month}, with one in each of three months before: {n} ({names})",
        "{month} 没有行、此前三个月均有：{n} 个（{names}）";
    findings(n: usize) = "does not count as it was sold: {n}", "不按实际销售计：{n} 项";
    alike(codes: &str) = "look alike, and are counted apart: {codes}", "写法相近而分开计算：{codes}";
}
