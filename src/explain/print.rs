//! An explanation for a terminal: numbered steps, each with its inputs and its arithmetic.

use unicode_width::UnicodeWidthStr;

use super::{Explanation, InputLine, StepLine, Table, Unit};
use crate::dataset::Mode;
use crate::messages::explain as say;
use crate::messages::{Lang, Text};

/// Formulas are broken before a sign beyond this width.
const WIDTH: usize = 100;
/// What inputs and formulas are set in by.
const INDENT: &str = "      ";

impl Explanation {
    /// The steps for a terminal, in a language.
    pub fn text(&self, lang: Lang) -> String {
        let mut out = Page { lang, explanation: self, text: String::new() };
        out.head();
        for (i, step) in self.steps.iter().enumerate() {
            out.step(&format!("{:>3}. ", i + 1), step);
        }
        out.parts();
        if !self.without_effect.is_empty() {
            out.line(&say::without_effect(&self.without_effect));
        }
        out.foot();
        out.text
    }
}

struct Page<'a> {
    lang: Lang,
    explanation: &'a Explanation,
    text: String,
}

impl Page<'_> {
    fn push(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn line(&mut self, text: &Text) {
        let line = text.get(self.lang).to_string();
        self.push(&line);
    }

    fn head(&mut self) {
        let e = self.explanation;
        let name = |n: &super::Name| say::named(&n.name, &n.code);
        let whole = e.digits.print(e.whole, Unit::Units);
        self.line(&say::title(&name(&e.product), &name(&e.region), e.month, &whole));
        self.line(&say::made(e.made, e.mode == Mode::During.word(), e.lag, e.cutoff));
        self.push("");
    }

    fn foot(&mut self) {
        let e = self.explanation;
        let (exact, whole) = (e.digits.print(e.exact, Unit::Units), e.digits.print(e.whole, Unit::Units));
        self.line(&say::forecast(&exact, &whole));
        if !e.beside.is_empty() {
            self.push("");
            self.line(&say::beside());
            e.beside.iter().for_each(|step| self.step("  ", step));
        }
    }

    fn number(&self, x: f64, unit: Unit) -> String {
        self.explanation.digits.print(x, unit)
    }

    fn step(&mut self, mark: &str, step: &StepLine) {
        let name = step.name.get(self.lang).to_string();
        let result =
            if step.formula.is_empty() { format!(" = {}", self.number(step.result, step.unit)) } else { String::new() };
        self.push(&format!("{mark}{name}{result}  [{}]", step.rule));
        self.inputs(&step.inputs);
        if let Some(table) = &step.table {
            self.table(table);
        }
        for note in &step.notes {
            let note = note.get(self.lang).to_string();
            self.push(&format!("{INDENT}({note})"));
        }
        for (i, line) in broken(&step.formula).iter().enumerate() {
            self.push(&format!("{INDENT}{}{line}", if i > 0 { "  " } else { "" }));
        }
    }

    fn inputs(&mut self, inputs: &[InputLine]) {
        let rows: Vec<Vec<String>> = inputs
            .iter()
            .map(|i| {
                let unit = self.unit(i.unit);
                let place = i.place.clone().unwrap_or_default();
                let value = self.explanation.digits.print_short(i.value, i.unit);
                vec![i.what.get(self.lang).to_string(), value, unit, place]
            })
            .collect();
        self.rows(&rows, |column| column == 1);
    }

    fn unit(&self, unit: Unit) -> String {
        let text = match unit {
            Unit::Units => say::units(),
            Unit::Customers => say::customer_count(),
            Unit::Months => say::months(),
            Unit::Days => say::days(),
            Unit::Share | Unit::Rate | Unit::Factor => return String::new(),
        };
        text.get(self.lang).to_string()
    }

    fn table(&mut self, table: &Table) {
        let placed = table.rows.iter().any(|r| r.place.is_some());
        let mut head: Vec<String> = table.columns.iter().map(|c| c.get(self.lang).to_string()).collect();
        if placed {
            head.push(say::place().get(self.lang).to_string());
        }
        let last = table.columns.len();
        let mut rows = vec![head];
        for row in &table.rows {
            let mut line = vec![row.name.get(self.lang).to_string()];
            line.extend(row.values.iter().zip(&table.units).map(|(x, unit)| self.number(*x, *unit)));
            line.extend(row.place.clone());
            rows.push(line);
        }
        self.rows(&rows, |column| column > 0 && column < last);
    }

    fn parts(&mut self) {
        let e = self.explanation;
        if e.parts.is_empty() {
            return;
        }
        self.push("");
        self.line(&say::parts());
        let head = [say::region(), say::product(), say::exact(), say::reported()];
        let mut rows = vec![head.iter().map(|c| c.get(self.lang).to_string()).collect::<Vec<_>>()];
        for part in &e.parts {
            let name = |n: &super::Name| say::named(&n.name, &n.code).get(self.lang).to_string();
            let numbers = [part.exact, part.whole].map(|x| self.number(x, Unit::Units));
            rows.push([name(&part.region), name(&part.product)].into_iter().chain(numbers).collect());
        }
        self.rows(&rows, |column| column > 1);
        self.push("");
    }

    /// Rows in columns, numbers to the right.
    fn rows(&mut self, rows: &[Vec<String>], right: impl Fn(usize) -> bool) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|t| t.width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let mut line = INDENT.to_string();
            for (c, (text, width)) in row.iter().zip(&widths).enumerate() {
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
