//! An explanation in the words and digits in which people see it, in one language: what the terminal lays out in lines and
//! the page in tables.

use serde::Serialize;

use super::{Explanation, InputLine, Name, StepLine, Table, Unit};
use crate::dataset::Mode;
use crate::messages::explain as say;
use crate::messages::{Lang, Text};

/// An explanation as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// What is explained, with its number; when and how it was made.
    pub head: [String; 2],
    /// The number in a planner's words.
    pub short: String,
    /// The steps, in their order.
    pub steps: Vec<ShownStep>,
    /// A title, and the parts of a sum with their header; nothing where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<(String, Vec<Vec<String>>)>,
    /// Steps that changed nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_effect: Option<String>,
    /// The forecast, exact and whole.
    pub foot: String,
    /// A title, and what stands beside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<(String, Vec<ShownStep>)>,
}

/// One step as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownStep {
    /// What it does.
    pub name: String,
    /// Its result, where no arithmetic ends in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Its rule.
    pub rule: &'static str,
    /// What goes in: what, value, unit, place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<[String; 4]>,
    /// The table with its header; nothing where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub table: Vec<Vec<String>>,
    /// How many columns of the table hold numbers, after the first.
    #[serde(skip_serializing_if = "is_zero")]
    pub numbers: usize,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The arithmetic; empty where there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub formula: String,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Explanation {
    /// The explanation in a language.
    pub fn shown(&self, lang: Lang) -> Shown {
        let words = Words { lang, explanation: self };
        let units = |x: f64| self.digits.print(x, Unit::Units);
        let name = |n: &Name| say::named(&n.name, &n.code);
        let title = say::title(&name(&self.product), &name(&self.region), self.month, &units(self.whole));
        let made = say::made(self.made, self.mode == Mode::During.word(), self.lag, self.cutoff, self.method);
        let effect = (!self.without_effect.is_empty()).then(|| say::without_effect(&self.without_effect));
        let beside = (!self.beside.is_empty()).then(|| (words.say(&say::beside()), words.steps(&self.beside)));
        Shown {
            head: [words.say(&title), words.say(&made)],
            short: words.say(&self.short),
            steps: words.steps(&self.steps),
            parts: words.parts(),
            without_effect: effect.map(|text| words.say(&text)),
            foot: words.say(&say::forecast(&units(self.exact), &units(self.whole))),
            beside,
        }
    }
}

struct Words<'a> {
    lang: Lang,
    explanation: &'a Explanation,
}

impl Words<'_> {
    fn say(&self, text: &Text) -> String {
        text.get(self.lang).to_owned()
    }

    fn number(&self, x: f64, unit: Unit) -> String {
        self.explanation.digits.print(x, unit)
    }

    fn steps(&self, steps: &[StepLine]) -> Vec<ShownStep> {
        steps.iter().map(|step| self.step(step)).collect()
    }

    fn step(&self, step: &StepLine) -> ShownStep {
        ShownStep {
            name: self.say(&step.name),
            result: step.formula.is_empty().then(|| self.number(step.result, step.unit)),
            rule: step.rule,
            inputs: step.inputs.iter().map(|input| self.input(input)).collect(),
            table: step.table.as_ref().map(|table| self.table(table)).unwrap_or_default(),
            numbers: step.table.as_ref().map_or(0, |table| table.columns.len().saturating_sub(1)),
            notes: step.notes.iter().map(|note| self.say(note)).collect(),
            formula: step.formula.clone(),
        }
    }

    fn input(&self, input: &InputLine) -> [String; 4] {
        let unit = match input.unit {
            Unit::Units => self.say(&say::units()),
            Unit::Customers => self.say(&say::customer_count()),
            Unit::Months => self.say(&say::months()),
            Unit::Days => self.say(&say::days()),
            Unit::Share | Unit::Rate | Unit::Factor => String::new(),
        };
        let value = self.explanation.digits.print_short(input.value, input.unit);
        [self.say(&input.what), value, unit, input.place.clone().unwrap_or_default()]
    }

    fn table(&self, table: &Table) -> Vec<Vec<String>> {
        let placed = table.rows.iter().any(|r| r.place.is_some());
        let mut head: Vec<String> = table.columns.iter().map(|c| self.say(c)).collect();
        head.extend(placed.then(|| self.say(&say::place())));
        let row = |row: &super::TableRow| {
            let mut line = vec![self.say(&row.name)];
            line.extend(row.values.iter().zip(&table.units).map(|(x, unit)| self.number(*x, *unit)));
            line.extend(row.place.clone());
            line
        };
        [head].into_iter().chain(table.rows.iter().map(row)).collect()
    }

    fn parts(&self) -> Option<(String, Vec<Vec<String>>)> {
        let parts = &self.explanation.parts;
        let head = [say::region(), say::product(), say::exact(), say::reported()].map(|c| self.say(&c)).to_vec();
        let name = |n: &Name| self.say(&say::named(&n.name, &n.code));
        let rows = parts.iter().map(|part| {
            let [exact, whole] = [part.exact, part.whole].map(|x| self.number(x, Unit::Units));
            vec![name(&part.region), name(&part.product), exact, whole]
        });
        (!parts.is_empty()).then(|| (self.say(&say::parts()), [head].into_iter().chain(rows).collect()))
    }
}
