//! Tables for a terminal: numbers to the right, names to the left, wide characters counted as wide.

use unicode_width::UnicodeWidthStr;

pub use crate::stats::digits::grouped as number;

/// Blanks between two columns.
const GAP: usize = 2;
/// What stands for a number that is not known.
pub const NONE: &str = "–";

/// A table being put together; the first column is of names, the others are of numbers.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    lines: Vec<Line>,
    /// Columns (from 0) that hold words and stand to the left.
    left: Vec<usize>,
}

#[derive(Clone, Debug)]
enum Line {
    /// Labels, each over so many columns; the first column has none.
    Spans(Vec<(String, usize)>),
    Row(Vec<String>),
    Rule,
}

impl Printed {
    /// An empty table; besides the first one the columns `left` hold words.
    pub fn new(left: &[usize]) -> Printed {
        Printed { lines: Vec::new(), left: left.to_vec() }
    }

    /// A line of labels over groups of columns, beginning with the second column.
    pub fn spans(&mut self, labels: Vec<(String, usize)>) {
        self.lines.push(Line::Spans(labels));
    }

    /// A row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.lines.push(Line::Row(cells));
    }

    /// The header: a row and a line under it.
    pub fn head(&mut self, cells: Vec<String>) {
        self.row(cells);
        self.rule();
    }

    /// A line.
    pub fn rule(&mut self) {
        self.lines.push(Line::Rule);
    }

    /// The text, each line ended.
    pub fn text(&self) -> String {
        let widths = self.widths();
        let mut out = String::new();
        for line in &self.lines {
            let text = match line {
                Line::Row(cells) => self.cells(cells, &widths),
                Line::Spans(labels) => spans(labels, &widths),
                Line::Rule => "-".repeat(total(&widths)),
            };
            out.push_str(text.trim_end());
            out.push('\n');
        }
        out
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = Vec::new();
        for line in &self.lines {
            let Line::Row(cells) = line else { continue };
            widths.resize(widths.len().max(cells.len()), 0);
            widths.iter_mut().zip(cells).for_each(|(width, cell)| *width = (*width).max(cell.width()));
        }
        // A label wider than its columns widens the last of them.
        for line in &self.lines {
            let Line::Spans(labels) = line else { continue };
            let mut at = 1;
            for (label, count) in labels {
                let Some(under) = widths.get_mut(at..at + count) else { break };
                let missing = label.width().saturating_sub(total(under));
                if let Some(last) = under.last_mut() {
                    *last += missing;
                }
                at += count;
            }
        }
        widths
    }

    fn cells(&self, cells: &[String], widths: &[usize]) -> String {
        let mut out = String::new();
        for (i, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let left = i == 0 || self.left.contains(&i);
            let gap = if i == 0 { 0 } else { GAP };
            out.push_str(&" ".repeat(gap));
            out.push_str(&if left { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") });
        }
        out
    }
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + widths.len().saturating_sub(1) * GAP
}

/// Labels in the middle of their columns, drawn out with dashes so that one sees where they end; nothing over columns
/// without a label.
fn spans(labels: &[(String, usize)], widths: &[usize]) -> String {
    let mut out = " ".repeat(widths.first().copied().unwrap_or(0));
    let mut at = 1;
    for (label, count) in labels {
        let width = widths.get(at..at + count).map_or(0, total);
        let rest = width.saturating_sub(label.width());
        let dashes = |n: usize| match n {
            0 => String::new(),
            n => "-".repeat(n - 1),
        };
        let (before, after) = (rest / 2, rest - rest / 2);
        let blank = |n: usize| if n > 0 { " " } else { "" };
        out.push_str(&" ".repeat(GAP));
        if label.is_empty() {
            out.push_str(&" ".repeat(width));
            at += count;
            continue;
        }
        out.push_str(&format!("{}{}{label}{}{}", dashes(before), blank(before), blank(after), dashes(after)));
        at += count;
    }
    out
}

/// A number that may be missing.
pub fn maybe(x: Option<f64>, decimals: usize) -> String {
    x.map_or_else(|| NONE.to_owned(), |x| number(x, decimals))
}

/// A difference: a number with its sign.
pub fn signed(x: Option<f64>, decimals: usize) -> String {
    let text = maybe(x, decimals);
    let positive = x.is_some_and(|x| x > 0.0) && text.contains(|c: char| ('1'..='9').contains(&c));
    if positive { format!("+{text}") } else { text }
}

/// A share as a percentage with one decimal.
pub fn percent(x: Option<f64>) -> String {
    x.map_or_else(|| NONE.to_owned(), |x| format!("{}%", number(x * 100.0, 1)))
}

/// A growth rate: a percentage with its sign.
pub fn growth(x: Option<f64>) -> String {
    let text = percent(x);
    let positive = x.is_some_and(|x| x > 0.0) && text != "0.0%";
    if positive { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_rounded() {
        let shown = [number(1234567.0, 0), number(-1234.56, 1), number(999.5, 0), number(-0.04, 1), number(100.0, 0)];
        assert_eq!(shown, ["1,234,567", "-1,234.6", "1,000", "0.0", "100"]);
        assert_eq!(number(0.5, 2), "0.50");
        assert_eq!(maybe(None, 0), NONE);
    }

    #[test]
    fn rates_carry_their_sign() {
        assert_eq!(
            [growth(Some(0.1095)), growth(Some(-0.05)), growth(Some(0.0001)), growth(None)],
            ["+10.9%", "-5.0%", "0.0%", NONE]
        );
        assert_eq!(percent(Some(0.951)), "95.1%");
        assert_eq!([signed(Some(1877.2), 0), signed(Some(0.2), 0), signed(Some(-130.0), 0)], ["+1,877", "0", "-130"]);
    }

    #[test]
    fn columns_stand_under_each_other_in_both_scripts() {
        let mut table = Printed::new(&[]);
        let row = |cells: &[&str]| cells.iter().map(|c| c.to_string()).collect::<Vec<_>>();
        table.spans(vec![("2014-08".to_string(), 2)]);
        table.head(row(&["区域", "去年同期", "预估"]));
        table.row(row(&["城东服务中心", "1,234", "5"]));
        table.row(row(&["  north", "7", "12,345"]));
        let text = table.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "              --- 2014-08 ----",
                "区域          去年同期    预估",
                "------------------------------",
                "城东服务中心     1,234       5",
                "  north              7  12,345",
            ]
        );
        assert!(lines.iter().all(|line| line.width() == 30));
    }

    #[test]
    fn a_label_wider_than_its_columns_widens_them() {
        let mut table = Printed::new(&[]);
        table.spans(vec![("2014-08 lag 1".to_string(), 1), ("x".to_string(), 1)]);
        table.row(vec!["a".into(), "1".into(), "2".into()]);
        assert_eq!(table.text(), "   2014-08 lag 1  x\na              1  2\n");
    }
}
