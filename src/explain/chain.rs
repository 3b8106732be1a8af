//! The chain of steps of one leaf region and product, and what the steps are written with.

use super::find::{Found, product_name, region_name};
use super::number::{Digits, Expr, Unit};
use super::workings::Workings;
use super::{Explanation, InputLine, StepLine};
use crate::dataset::Known;
use crate::error::Place;
use crate::messages::Text;
use crate::messages::explain as say;
use crate::month::Month;
use crate::outlook::Outlook;
use crate::point::Point;
use crate::stages::lifecycle::Baseline;

/// The steps so far, and where they are.
pub struct Chain<'a> {
    pub workings: &'a Workings<'a>,
    pub outlook: &'a Outlook,
    pub known: &'a Known<'a>,
    /// The series explained, its cell, leaf and product.
    pub series: usize,
    pub cell: usize,
    pub leaf: usize,
    pub product: usize,
    /// The month explained and its index among those ahead: first the months forecast, then those of the outlook.
    pub month: Month,
    pub k: usize,
    pub digits: Digits,
    pub steps: Vec<StepLine>,
    pub without_effect: Vec<Text>,
}

/// Explains a series in a month forecast.
pub fn explain<'a>(workings: &'a Workings<'a>, series: usize, k: usize) -> Explanation {
    let (outlook, known) = (workings.outlook, &workings.known);
    let grid = &outlook.dataset.grid;
    let of = grid.series[series];
    let cell = grid.cell(of.leaf, of.group);
    let month = outlook.horizon().months[k];
    let level = outlook.point.level.get(cell, month).map_or(0.0, |c| c.level.max(c.base));
    let (exact, whole) = outlook.ahead(series, k);
    let cut = outlook.point.revision.cut.get((series, k)).copied().unwrap_or(0.0);
    let largest = [level, cut, exact].into_iter().fold(1.0, f64::max);
    let (leaf, product) = (of.leaf, of.product);
    let digits = Digits::for_size(largest);
    let (steps, without_effect) = (Vec::new(), Vec::new());
    let mut chain =
        Chain { workings, outlook, known, series, cell, leaf, product, month, k, digits, steps, without_effect };
    let near = k < outlook.months().len();
    match (chain.fitted(), chain.fitted_far()) {
        (Some(fitted), _) => chain.fitted_steps(&fitted),
        (None, Some(far)) => chain.far_steps(&far),
        (None, None) => {
            chain.why_plain();
            chain.level();
            chain.mix();
            chain.lifecycle();
            chain.baseline();
        }
    }
    chain.communities();
    let beside = if near {
        chain.channel();
        chain.revision();
        chain.changed();
        chain.beside()
    } else {
        chain.no_effect(say::not_revised_yet());
        Vec::new()
    };
    Explanation {
        region: region_name(grid, grid.regions.node_of(leaf)),
        product: product_name(grid, Found::Product(product)),
        month,
        lag: outlook.origin.lag(month),
        made: outlook.origin.made,
        mode: outlook.origin.mode.word(),
        method: outlook.dataset.settings.method().word(),
        cutoff: outlook.origin.cutoff,
        short: chain.short(whole),
        steps: chain.steps,
        without_effect: chain.without_effect,
        exact,
        whole,
        beside,
        parts: Vec::new(),
        digits,
    }
}

impl<'a> Chain<'a> {
    pub fn point(&self) -> &'a Point {
        &self.outlook.point
    }

    /// Levels times mixes of the month explained and those beside it.
    pub fn baseline_ahead(&self) -> &'a Baseline {
        if self.k < self.outlook.months().len() { &self.point().baseline } else { self.outlook.horizon() }
    }

    /// The series of the cell.
    pub fn in_cell(&self) -> std::ops::Range<usize> {
        self.known.data.grid.in_cell(self.cell)
    }

    /// The group of the cell.
    pub fn group(&self) -> usize {
        self.known.data.grid.cell_key(self.cell).1
    }

    /// A series' product, as it is shown.
    pub fn name(&self, series: usize) -> &'a str {
        let grid = &self.outlook.dataset.grid;
        grid.products.name(grid.series[series].product)
    }

    /// The same as a text.
    pub fn product_text(&self, series: usize) -> Text {
        say::as_named(self.name(series))
    }

    /// The share that the mix gives a series, before launches and retirements: fitted where the forecast is.
    pub fn mix_share(&self, series: usize) -> f64 {
        let mix = &self.point().mix;
        mix.ahead.as_ref().map_or(mix.used[series], |ahead| ahead[(series, self.k)])
    }

    /// The group as it is shown.
    pub fn group_name(&self) -> Text {
        say::group(&self.outlook.dataset.grid.products.groups[self.group()])
    }

    /// Adds a step with its arithmetic.
    pub fn step(&mut self, (id, rule): Id, name: Text, expr: &Expr, result: f64, unit: Unit) -> &mut StepLine {
        let formula = expr.equation(result, unit, self.digits);
        self.add(StepLine::new((id, rule), name, formula, result, unit))
    }

    /// Adds a step that is looked up rather than calculated.
    pub fn given(&mut self, id: Id, name: Text, result: f64, unit: Unit) -> &mut StepLine {
        self.add(StepLine::new(id, name, String::new(), result, unit))
    }

    fn add(&mut self, step: StepLine) -> &mut StepLine {
        let at = self.steps.len();
        self.steps.push(step);
        &mut self.steps[at]
    }

    /// Says that a step was off or changed nothing; once, where several months say the same.
    pub fn no_effect(&mut self, what: Text) {
        if !self.without_effect.contains(&what) {
            self.without_effect.push(what);
        }
    }
}

/// `file:line` of a place.
pub fn line(place: &Place) -> String {
    Place { column: 0, ..place.clone() }.to_string()
}

/// The word of a step for programs, and its rule.
pub type Id = (&'static str, &'static str);

impl StepLine {
    /// A step without inputs.
    pub fn new((id, rule): Id, name: Text, formula: String, result: f64, unit: Unit) -> StepLine {
        StepLine { id, name, rule, formula, inputs: Vec::new(), table: None, notes: Vec::new(), result, unit }
    }

    /// Adds an input.
    pub fn input(&mut self, what: Text, value: f64, unit: Unit, place: Option<&Place>) -> &mut StepLine {
        self.inputs.push(InputLine { what, value, unit, place: place.map(line) });
        self
    }

    /// Adds a remark.
    pub fn note(&mut self, text: Text) -> &mut StepLine {
        self.notes.push(text);
        self
    }
}
