//! The second look: front line, month to date, overrides, whole units; and what stands beside the number.

use super::chain::{self, Chain, Id};
use super::number::{Expr, Unit, number, units};
use super::{InputLine, StepLine};
use crate::dataset::Answer;
use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::explain as say;
use crate::stages::lessons::{Bias, Part};
use crate::stages::revision::{Change, Move, Step, follow, month_to_date};

/// Numbers that differ by less are the same.
const SAME: f64 = 1e-9;

/// A source's number with its bias taken out.
fn value(part: &Part) -> Expr {
    if part.bias == Bias::NONE { units(part.units) } else { units(part.units) * number(part.bias.factor) }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs()).max(1.0)
}

impl Chain<'_> {
    /// Every step from the cut to whole units.
    pub fn revision(&mut self) {
        let point = self.point();
        let key = (self.series, self.k);
        let moves =
            follow(&point.revision, &point.baseline, &point.targets, self.known, self.outlook.parameters(), key);
        let mut seen = [false; 3];
        let mut now = point.revision.cut[key];
        for one in &moves {
            match &one.change {
                Some(change) => {
                    seen[match change.step {
                        Step::Frontline => 0,
                        Step::Progress(_) => 1,
                        Step::Override => 2,
                    }] = true;
                    self.change(one, change);
                }
                None => self.restored(one),
            }
            now = one.own.1;
        }
        for (seen, what) in seen.into_iter().zip([say::no_front_line(), say::no_progress(), say::no_override()]) {
            if !seen {
                self.no_effect(what);
            }
        }
        // What came out is what is reported, whatever the steps say.
        if !same(now, point.revision.exact[key]) {
            let after = point.revision.exact[key];
            self.given(("revised", "R8"), say::as_recorded(), after, Unit::Units).input(
                say::before(),
                now,
                Unit::Units,
                None,
            );
        }
        self.whole();
    }

    fn scope_name(&self, change: &Change) -> Text {
        let grid = &self.known.data.grid;
        let what = match change.scope {
            Scope::Product(p) => Some(grid.products.name(p)),
            Scope::Group(g) => Some(grid.products.groups[g].as_str()),
            Scope::All => None,
        };
        say::region_and(grid.regions.name(change.node), what)
    }

    /// A row's step on its total, and what that made of the product.
    fn change(&mut self, one: &Move, change: &Change) {
        let alone = self.known.data.grid.in_scope(change.node, change.scope).len() == 1;
        match change.step {
            Step::Frontline => self.front_line(change),
            Step::Progress(passed) => self.progress(change, passed),
            Step::Override => {
                let (id, name) = (("override_total", "R8"), say::override_total(&self.scope_name(change)));
                let inputs = self.override_inputs(change);
                let step = self.given(id, name, change.given, Unit::Units);
                step.inputs = inputs;
            }
        }
        let (id, name): (Id, Text) = match change.step {
            Step::Frontline => (("frontline", "R7 R8"), say::by_front_line()),
            Step::Progress(_) => (("progress", "R7"), say::by_progress()),
            Step::Override => (("override", "R8"), say::by_override()),
        };
        if alone && same(one.own.1, change.after) {
            return;
        }
        let kept = change.given - one.scaled.1;
        if change.step == Step::Override && !same(kept, 0.0) {
            let expr = units(change.given) - units(kept);
            self.step(("override_left", "R8"), say::override_left(), &expr, one.scaled.1, Unit::Units).input(
                say::held_by_finer(),
                kept,
                Unit::Units,
                None,
            );
        }
        self.scaled(id, name, one);
    }

    fn restored(&mut self, one: &Move) {
        let name = say::restored(self.region(), &self.group_name());
        self.scaled(("restored", "R8"), name, one);
    }

    /// `before x (total after / total before)`, or a part of a total where nothing was forecast.
    fn scaled(&mut self, id: Id, name: Text, one: &Move) {
        let ((own, after), (before, total), (sold, all)) = (one.own, one.scaled, one.sold);
        let expr = match one.share {
            Some(share) => units(total) * Expr::Number(share, Unit::Share),
            None if all > 0.0 => units(sold) + (units(total) - units(all)) * (units(own) / units(before)),
            None => units(own) * (units(total) / units(before)),
        };
        if !same(expr.value(), after) {
            self.given(id, name, after, Unit::Units)
                .input(say::before(), own, Unit::Units, None)
                .input(say::total_before(), before, Unit::Units, None)
                .input(say::total_after(), total, Unit::Units, None)
                .input(say::sold_so_far(), sold, Unit::Units, None)
                .note(say::not_below_sold());
        } else {
            self.step(id, name, &expr, after, Unit::Units);
        }
    }

    /// Every source with its bias and weight.
    fn front_line(&mut self, change: &Change) {
        let Some(mixture) = &change.mixture else { return };
        let known = self.known;
        let rows =
            known.frontline.iter().filter(|a| (a.node, a.scope, a.month) == (change.node, change.scope, self.month));
        let rows: Vec<&Answer> = rows.copied().collect();
        let [ours, front, target] = mixture.weights;
        let told = match mixture.front.as_slice() {
            [one] => value(one),
            all => all.iter().map(value).reduce(|a, b| a + b).unwrap_or_else(|| number(0.0)) / number(all.len() as f64),
        };
        let rest = match mixture.target {
            Some(_) => number(ours),
            None => number(1.0) - number(front),
        };
        let mut expr = number(front) * told + rest * value(&mixture.ours);
        if let Some(part) = &mixture.target {
            expr = expr + number(target) * value(part);
        }
        let lag = usize::try_from(self.outlook.origin.lag(self.month)).ok();
        let lessons = &self.outlook.parameters().lessons;
        let evidence = lag.and_then(|lag| lessons.front.get(lag)?.as_ref()).map(|c| c.evidence);
        let name = say::front_line(&self.scope_name(change));
        let step = self.step(("frontline_total", "R7 R8"), name, &expr, change.after, Unit::Units);
        for (row, part) in rows.iter().zip(&mixture.front) {
            step.input(say::answer(&row.by, &row.reason), part.units, Unit::Units, Some(&row.place));
            if evidence.is_some() {
                step.input(say::bias_of(&row.by, part.bias.months), part.bias.factor, Unit::Factor, None);
            }
        }
        step.input(say::front_weight(), front, Unit::Share, None);
        step.input(say::ours(), mixture.ours.units, Unit::Units, None);
        if let Some(evidence) = evidence {
            step.input(say::our_bias(mixture.ours.bias.months), mixture.ours.bias.factor, Unit::Factor, None);
            step.input(say::our_weight(), ours, Unit::Share, None);
            if let Some(part) = &mixture.target {
                step.input(say::target_source(), part.units, Unit::Units, None);
                step.input(say::target_bias(part.bias.months), part.bias.factor, Unit::Factor, None);
            }
            step.input(say::target_weight(), target, Unit::Share, None);
            step.note(say::learned_from_ledger(evidence.months, evidence.rows));
        }
    }

    fn progress(&mut self, change: &Change, passed: f64) {
        let (share, k) = self.outlook.parameters().landing(passed);
        let (sold, prior) = (change.given, change.before);
        let p = || Expr::Number(share, Unit::Share);
        let expr = units(sold) + (number(1.0) - p()) * (number(k) * units(prior) + units(sold)) / (number(k) + p());
        let name = say::progress(&self.scope_name(change));
        let id = ("progress_total", "R7 E");
        let inputs: Vec<InputLine> = change
            .answers
            .iter()
            .map(|(_, _, place)| {
                let row = self.known.progress.iter().find(|r| r.place == *place);
                let value = row.map_or(sold, |r| r.units);
                InputLine { what: say::sold_so_far(), value, unit: Unit::Units, place: Some(chain::line(place)) }
            })
            .collect();
        let learned = self.outlook.parameters().lessons.landing.as_ref().map(|l| l.evidence);
        let step = if same(expr.value(), change.after) {
            self.step(id, name, &expr, change.after, Unit::Units)
        } else {
            debug_assert!(same(month_to_date(sold, prior, share, k), change.after));
            self.given(id, name, change.after, Unit::Units).note(say::not_below_sold())
        };
        step.inputs = inputs;
        step.input(say::passed(), passed, Unit::Share, None);
        if let Some(evidence) = learned {
            step.input(say::fills_up(), share, Unit::Share, None);
            step.note(say::learned_from_ledger(evidence.months, evidence.rows));
        }
        step.input(say::prior_weight(), k, Unit::Factor, None).input(say::ours(), prior, Unit::Units, None);
    }

    fn override_inputs(&self, change: &Change) -> Vec<InputLine> {
        let line = |(by, reason, place): &(String, String, crate::error::Place)| InputLine {
            what: say::answer(by, reason),
            value: change.given,
            unit: Unit::Units,
            place: Some(chain::line(place)),
        };
        let mut out: Vec<InputLine> = change.answers.iter().map(line).collect();
        out.push(InputLine { what: say::total_before(), value: change.before, unit: Unit::Units, place: None });
        out
    }

    /// Whole units, and the sum within which they were rounded.
    fn whole(&mut self) {
        let point = self.point();
        let key = (self.series, self.k);
        let (exact, whole) = (point.revision.exact[key], point.units[key]);
        if !self.known.data.whole.get(self.group()).copied().unwrap_or(false) {
            return self.no_effect(say::not_whole());
        }
        let sums = self
            .in_cell()
            .fold((0.0, 0.0), |sum, s| (sum.0 + point.revision.exact[(s, self.k)], sum.1 + point.units[(s, self.k)]));
        let group = self.group_name();
        let region = self.region().to_string();
        let print = |x| self.digits.print(x, Unit::Units);
        let formula = format!("{} -> {}", print(exact), print(whole));
        let step = StepLine::new(("whole", "C"), say::whole(), formula, whole, Unit::Units);
        self.steps.push(step);
        if let Some(step) = self.steps.last_mut() {
            step.input(say::exact_sum(&region, &group), sums.0, Unit::Units, None)
                .input(say::whole_sum(&region, &group), sums.1, Unit::Units, None)
                .note(say::rounded_top_down());
        }
    }

    /// Last year's sales, and the target of the month with its attainment.
    pub fn beside(&self) -> Vec<StepLine> {
        let point = self.point();
        let mut out = Vec::new();
        let before = self.month.plus(-12);
        if let Some(t) = self.known.visible_index(before) {
            let sold = self.known.units[(self.series, t)];
            let name = say::last_year(self.name(self.series), before);
            let mut step = StepLine::new(("last_year", "R3"), name, String::new(), sold, Unit::Units);
            step.input(say::sales(), sold, Unit::Units, self.known.data.place(self.series, t).as_ref());
            out.push(step);
        }
        out.extend(self.plain_beside());
        if let Some(target) = point.targets.units(self.known, self.cell, self.month) {
            let forecast: f64 = self.in_cell().map(|s| point.revision.exact[(s, self.k)]).sum();
            let name = say::target(self.region(), &self.group_name(), self.month);
            out.push(StepLine::new(("target", "R1"), name, String::new(), target, Unit::Units));
            if target > 0.0 {
                let expr = units(forecast) / units(target);
                let formula = expr.equation(forecast / target, Unit::Factor, self.digits);
                let name = say::attainment();
                out.push(StepLine::new(("attainment", "R11"), name, formula, forecast / target, Unit::Factor));
            }
        }
        out
    }
}
