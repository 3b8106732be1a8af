//! An explanation for a terminal: numbered steps, each with its inputs and its arithmetic.

use unicode_width::UnicodeWidthStr;

use super::Explanation;
use super::shown::ShownStep;
use crate::messages::Lang;

/// Formulas are broken before a sign beyond this width.
const WIDTH: usize = 100;
/// What inputs and formulas are set in by.
const INDENT: &str = "      ";

impl Explanation {
    /// The steps for a terminal, in a language.
    pub fn text(&self, lang: Lang) -> String {
        let shown = self.shown(lang);
        let mut out = Page::default();
        shown.head.iter().for_each(|line| out.push(line));
        out.push(&shown.short);
        out.push("");
        for (i, step) in shown.steps.iter().enumerate() {
            out.step(&format!("{:>3}. ", i + 1), step);
        }
        if let Some((title, parts)) = &shown.parts {
            out.push("");
            out.push(title);
            out.rows(parts, |column| column > 1);
            out.push("");
        }
        shown.without_effect.iter().for_each(|line| out.push(line));
        out.push(&shown.foot);
        if let Some((title, steps)) = &shown.beside {
            out.push("");
            out.push(title);
            steps.iter().for_each(|step| out.step("  ", step));
        }
        out.text
    }
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn push(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn step(&mut self, mark: &str, step: &ShownStep) {
        let result = step.result.as_ref().map(|result| format!(" = {result}")).unwrap_or_default();
        self.push(&format!("{mark}{}{result}  [{}]", step.name, step.rule));
        self.rows(&step.inputs, |column| column == 1);
        self.rows(&step.table, |column| column > 0 && column <= step.numbers);
        step.notes.iter().for_each(|note| self.push(&format!("{INDENT}({note})")));
        for (i, line) in broken(&step.formula).iter().enumerate() {
            self.push(&format!("{INDENT}{}{line}", if i > 0 { "  " } else { "" }));
        }
    }

    /// Rows in columns, numbers to the right.
    fn rows(&mut self, rows: &[impl AsRef<[String]>], right: impl Fn(usize) -> bool) {
        let columns = rows.iter().map(|r| r.as_ref().len()).max().unwrap_or(0);
        let width = |c: usize| rows.iter().filter_map(|r| r.as_ref().get(c)).map(|t| t.width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let mut line = INDENT.to_string();
            for (c, (text, width)) in row.as_ref().iter().zip(&widths).enumerate() {
                let blank = " ".repeat(width - text.width());
                let text = if right(c) { format!("{blank}{text}") } else { format!("{text}{blank}") };
                line.push_str(&text);
                line.push_str("  ");
            }
            self.push(&line);
        }
    }
}

/// A formula in lines of some width, broken before a sign.
fn broken(formula: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in formula.split(' ').filter(|w| !w.is_empty()) {
        let sign = matches!(word, "+" | "-" | "/" | "x" | "=");
        match lines.last_mut() {
            Some(line) if !(sign && line.width() > WIDTH) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}
