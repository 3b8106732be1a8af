//! A fitted number: the total of everything counted alike by its experts, the series' share of it, and what of that is
//! used here (docs/METHOD.md#experts).

use super::chain::{Chain, Id};
use super::number::{Expr, Unit, number, sum, units};
use super::{StepLine, Table, TableRow};
use crate::fit::Why;
use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::explain as say;
use crate::month::Month;
use crate::stages::combine::{Ahead, Combined, Far, GROWTH_KEPT, Learned, Simple, TOTAL_NAMES, Trace, Tracer, growth};
use crate::stages::level::{Rule, events};
use crate::stages::levels::{Agreed, EXPERT_NAMES, EXPERTS, LEAST_LEFT, LEVEL_NAMES, LEVELS, SERIES};
use crate::stages::panel::{self, HORIZON, MONTH_DAYS};

/// How many variables are shown one by one; what the others add stands in one line.
const SHOWN: usize = 8;
/// Months of the history that a stockout is told of: the year and month that lags reach back.
const TOLD: usize = 13;

/// The words of the steps.
const LAST_YEAR: Id = ("expert_last_year", "R9");
const GROWN: Id = ("expert_growth", "R2 R9");
const RECENT: Id = ("expert_recent", "R9");
const TOTAL: Id = ("total", "R9");
const SAID: Id = ("said", "R6 R9");
const UNSCALED: Id = ("unscaled", "R6 R9");
const SHARE_OF_TOTAL: Id = ("share_of_total", "R6");
const REGRESSION: Id = ("regression", "R6 R9");
const COMBINED: Id = ("combined", "R6 R9");
const AGREED: Id = ("agreed", "R6 R9");
const NUMBER: Id = ("number", "R6 R9");
const WEIGHED: Id = ("weighed", "R9");

/// The fitted forecast as far as it bears on a cell in a month.
pub struct Fitted<'a> {
    combined: &'a Combined,
    learned: &'a Learned,
    ahead: &'a Ahead,
    /// Fitted units of the cell.
    sum: f64,
}

/// The same in a month of the outlook.
pub struct FittedFar<'a> {
    combined: &'a Combined,
    far: &'a Far,
    /// Fitted units by live series, and those of the cell added up.
    units: &'a [f64],
    sum: f64,
}

impl<'a> Chain<'a> {
    /// The fitted forecast of the cell; none where the plain rules apply to it.
    pub fn fitted(&self) -> Option<Fitted<'a>> {
        let combined = self.point().combined.as_ref()?;
        let learned = self.outlook.parameters().learned.as_deref()?;
        let ahead = combined.months.get(self.k)?.as_ref()?;
        Some(Fitted { combined, learned, ahead, sum: combined.sum(self.in_cell(), self.k)? })
    }

    /// The fitted forecast of the cell in a month of the outlook; none where the plain rules apply to it.
    pub fn fitted_far(&self) -> Option<FittedFar<'a>> {
        self.k.checked_sub(self.outlook.months().len())?;
        let combined = self.point().combined.as_ref()?;
        let (units, sum) = (combined.units(self.k)?, combined.sum(self.in_cell(), self.k)?);
        Some(FittedFar { combined, far: self.workings.far(self.k)?, units, sum })
    }

    /// Every step from the experts to the number, in a month of the outlook.
    pub fn far_steps(&mut self, fitted: &FittedFar) {
        let (far, agreed) = (fitted.far, &fitted.far.agreed);
        let i = fitted.combined.position(self.series);
        let level = self.point().level.get(self.cell, self.month).copied().unwrap_or_default();
        if level.rule != Rule::Fitted {
            self.level();
        }
        if let Some(i) = i {
            let said = far.experts.each_ref().map(|said| said.as_ref().map_or(0.0, |said| said[i]));
            self.levels(agreed, said, far.above.each_ref().map(|rows| rows[i]), i);
            if self.k >= HORIZON {
                self.no_effect(say::year_repeats());
            }
            let number = self.of_month(agreed.series.get(i).copied().unwrap_or(0.0), far.length);
            self.weighed(fitted.combined.weight_beyond, number, fitted.units[i]);
        }
        self.baseline_of_fitted((fitted.combined, fitted.units, fitted.sum), i.map_or(0.0, |i| fitted.units[i]));
    }

    /// Says why the plain rules apply.
    pub fn why_plain(&mut self) {
        let gate = &self.outlook.fit.gate;
        self.no_effect(match gate.why(self.known.data.settings.learns()) {
            Why::Off => say::fit_off(),
            Why::TooLittle => say::too_little(),
            Why::Lost => {
                let all = gate.all();
                all.wape().map_or_else(say::too_little, |(fitted, plain)| say::lost(all.origins, fitted, plain))
            }
            Why::Nearer | Why::NothingToCompare => say::fit_not_here(),
        });
    }

    fn why_fitted(&self, step: usize) -> Text {
        let gate = &self.outlook.fit.gate;
        let compared = gate.steps.get(step - 1).copied().unwrap_or_default();
        match (gate.why(true), compared.wape()) {
            (Why::Nearer, Some((fitted, plain))) => say::nearer(step, compared.origins, fitted, plain),
            _ => say::nothing_to_compare(),
        }
    }

    /// Every step from the experts of the total to the number before the revision.
    pub fn fitted_steps(&mut self, fitted: &Fitted) {
        let level = self.point().level.get(self.cell, self.month).copied().unwrap_or_default();
        if level.rule != Rule::Fitted {
            self.level();
        }
        let own = match fitted.combined.position(self.series) {
            Some(i) => self.own_number(fitted, i),
            None => 0.0,
        };
        self.baseline_of_fitted((fitted.combined, &fitted.ahead.units, fitted.sum), own);
    }

    /// From the fitted number of a product, one of the fitted units of a month, to its number with launches, retirements
    /// and planned events: through the level of its cell, whose fitted units are given added up.
    fn baseline_of_fitted(&mut self, (combined, fitted, all): (&Combined, &[f64], f64), own: f64) {
        let level = self.point().level.get(self.cell, self.month).copied().unwrap_or_default();
        let of_level = level.rule == Rule::Fitted;
        let baseline = self.baseline_ahead();
        let range = self.in_cell();
        let moved = baseline.notes.iter().any(|n| n.month == self.k && range.contains(&n.series));
        let planned = |scope| !events(self.known, &self.point().level.effects, self.leaf, scope, self.month).is_empty();
        let planned = planned(Scope::Group(self.group())) || planned(Scope::Product(self.product));
        // Where nothing else changes it, its number is its level times its share.
        if of_level && !moved && !planned && own > 0.0 {
            self.no_effect(say::no_planned_events());
            return self.no_effect(say::no_lifecycle());
        }
        if of_level {
            self.level_of_products((combined, fitted), level.level);
        }
        let share = self.mix_share(self.series);
        if own > 0.0 {
            let expr = units(own) / units(all);
            let name = say::share_in_cell(self.name(self.series), &self.group_name());
            let step = self.step(("share", "R6"), name, &expr, share, Unit::Share);
            if !of_level {
                step.note(say::level_kept());
            }
        } else {
            self.given(("share", "R6"), say::not_live(), share, Unit::Share);
        }
        self.lifecycle();
        self.baseline();
    }

    /// From the total and the share to the units.
    fn own_number(&mut self, fitted: &Fitted, i: usize) -> f64 {
        let block = panel::block(self.known.data, self.known.data.grid.series[self.series].product);
        let Some(tracer) = self.workings.tracer(self.k) else { return 0.0 };
        let trace = tracer.trace(self.series, block);
        let (Some(trace), Some(own)) = (trace, fitted.ahead.units.get(i).copied()) else { return 0.0 };
        let Some(total) = self.total(fitted, tracer, block) else { return 0.0 };
        if let Some(last) = self.known.months().checked_sub(1)
            && !self.stockout(last)
        {
            self.no_effect(say::no_stockouts(self.known.data.month(last)));
        }
        self.said(&trace);
        let name = self.name(self.series).to_owned();
        let (level, offset) = (trace.level, trace.offset);
        let expr = (units(level) + units(offset)) * number(trace.log).exp() - units(offset);
        self.step(UNSCALED, say::unscaled(&name), &expr.at_least_zero(), trace.own, Unit::Units)
            .input(say::own_level(), level, Unit::Units, None)
            .input(say::own_offset(), offset, Unit::Units, None);
        let share = fitted.ahead.numbers.shares.get(i).copied().unwrap_or(0.0);
        if trace.all > 0.0 {
            let expr = units(trace.own) / units(trace.all);
            self.step(SHARE_OF_TOTAL, say::share_of_total(&name, &say::block(block)), &expr, share, Unit::Share);
        }
        let regression = total * share;
        let expr = units(total) * Expr::Number(share, Unit::Share);
        self.step(REGRESSION, say::regression(&name), &expr, regression, Unit::Units);
        let said = tracer.experts(self.series, regression);
        let agreed = self.levels(&fitted.ahead.agreed, said, tracer.rows_above(self.series), i);
        let number = self.of_month(agreed, fitted.ahead.length);
        self.weighed(fitted.combined.weight, number, own);
        own
    }

    /// What is agreed on per month of mean length, as of the days of the month; `length` is their ratio.
    fn of_month(&mut self, agreed: f64, length: f64) -> f64 {
        let (month, days, name) = (self.month, self.days(self.month), self.name(self.series));
        let expr = units(agreed);
        let expr = match days {
            Some(days) => expr * (Expr::Number(days, Unit::Days) / Expr::Number(MONTH_DAYS, Unit::Days)),
            None => expr,
        };
        let number = agreed * length;
        let step = self.step(NUMBER, say::fitted_number(name, month), &expr, number, Unit::Units);
        if let Some(days) = days {
            step.input(say::days_of_month(), days, Unit::Days, None);
            step.input(say::mean_days(), MONTH_DAYS, Unit::Days, None);
        }
        number
    }

    /// The series' own experts by their weights, and what products, regions and the whole have it moved by.
    fn levels(&mut self, agreed: &Agreed, said: [f64; EXPERTS], pulls: [usize; LEVELS - 1], i: usize) -> f64 {
        let weights = agreed.weights[SERIES];
        let speaking: Vec<usize> = (0..EXPERTS).filter(|e| weights[*e] > 0.0).collect();
        let row = |e: &usize| {
            let values = vec![said[*e], weights[*e]];
            TableRow { name: say::level_expert(EXPERT_NAMES[*e]), values, place: None }
        };
        let table = Table {
            columns: vec![say::expert_column(), say::expert_number(), say::weight()],
            rows: speaking.iter().map(row).collect(),
            units: vec![Unit::Units, Unit::Share],
        };
        let parts = speaking.iter().map(|e| Expr::Number(weights[*e], Unit::Share) * units(said[*e]));
        let combined = agreed.combined[SERIES].get(i).copied().unwrap_or(0.0);
        let name = self.name(self.series).to_owned();
        if let Some(expr) = parts.reduce(|a, b| a + b) {
            self.step(COMBINED, say::combined(&name), &expr, combined, Unit::Units).table = Some(table);
        }
        let variance = agreed.variance.get(i).copied().unwrap_or(0.0);
        let moved: Vec<f64> = agreed.pull.iter().zip(pulls).map(|(pull, row)| variance * pull[row]).collect();
        let out = agreed.series.get(i).copied().unwrap_or(0.0);
        let expr = moved.iter().fold(units(combined), |expr, x| expr + units(*x));
        // What would fall below a tenth of its own level stays there.
        let is_held = out > 0.0 && expr.value() < out * (1.0 - 1e-9);
        let expr = if is_held { number(LEAST_LEFT) * units(combined) } else { expr };
        let step = self.step(AGREED, say::agreed(&name), &expr, out, Unit::Units);
        for (name, x) in LEVEL_NAMES[1..].iter().zip(moved) {
            step.input(say::moved_by(name), x, Unit::Units, None);
        }
        out
    }

    /// The weighted mean with the plain rules.
    fn weighed(&mut self, weight: f64, number: f64, own: f64) {
        if weight >= 1.0 || number == own {
            return;
        }
        let plain = (own - weight * number) / (1.0 - weight);
        let expr =
            Expr::Number(weight, Unit::Share) * units(number) + Expr::Number(1.0 - weight, Unit::Share) * units(plain);
        let name = say::weighed(self.name(self.series));
        self.step(WEIGHED, name, &expr, own, Unit::Units);
    }

    /// Comparable days of a month; none where a folder's own calendar has none.
    fn days(&self, month: Month) -> Option<f64> {
        Some(self.known.data.comparable_days(self.known.months(), month)).filter(|days| *days > 0.0)
    }

    /// The experts of the block's total, and what they come to by their weights.
    fn total(&mut self, fitted: &Fitted, tracer: &Tracer, block: usize) -> Option<f64> {
        let total = *fitted.ahead.numbers.totals.get(block)?;
        let step = fitted.ahead.step;
        let learned = fitted.learned.steps.get(step - 1)?.as_ref()?;
        let begun = learned.begun.get(block).copied().unwrap_or(1.0);
        self.simple_experts(&total.experts, block, &tracer.simple(block), begun);
        let missed = learned.missed.get(block);
        let speaking: Vec<(usize, f64)> =
            total.experts.iter().enumerate().filter_map(|(e, x)| x.map(|x| (e, x))).collect();
        let tried = speaking.iter().all(|(e, _)| missed.and_then(|m| m[*e].share()).is_some());
        let mut columns = vec![say::expert_column(), say::expert_number(), say::weight()];
        let mut counted = vec![Unit::Units, Unit::Share];
        if tried {
            columns.push(say::missed());
            counted.push(Unit::Share);
        }
        let row = |&(e, x): &(usize, f64)| {
            let mut values = vec![x, total.weights[e]];
            values.extend(missed.and_then(|m| m[e].share()).filter(|_| tried));
            TableRow { name: say::expert(TOTAL_NAMES[e]), values, place: None }
        };
        let table = Table { columns, rows: speaking.iter().map(row).collect(), units: counted };
        let parts = speaking.iter().map(|&(e, x)| Expr::Number(total.weights[e], Unit::Share) * units(x));
        let expr = parts.reduce(|a, b| a + b)?;
        let name = say::total(&say::block(block), self.month);
        let why = self.why_fitted(step);
        let line = self.step(TOTAL, name, &expr, total.value, Unit::Units);
        line.table = Some(table);
        line.note(why);
        Some(total.value)
    }

    /// Last year's month, that times growth, or the mean of the last months: experts with simple arithmetic.
    fn simple_experts(&mut self, experts: &[Option<f64>], block: usize, found: &Simple, begun: f64) {
        let of_block = |s: &&crate::grid::Series| panel::block(self.known.data, s.product) == block;
        let many = self.known.data.grid.series.iter().filter(of_block).count();
        let of = |name: &str| {
            let at = TOTAL_NAMES.iter().position(|n| *n == name)?;
            experts.get(at).copied().flatten()
        };
        let part = |expr: Expr| if begun == 1.0 { expr } else { expr * Expr::Number(begun, Unit::Share) };
        let said_begun = |line: &mut StepLine| {
            if begun != 1.0 {
                line.input(say::begun(), begun, Unit::Share, None);
            }
        };
        if let (Some(t), Some(value)) = (found.before, of("last_year")) {
            let month = self.known.data.month(t);
            let days = self.days(month);
            let all = found.last_year * days.map_or(1.0, |days| days / MONTH_DAYS);
            let mean = days.map_or(units(all), |days| {
                units(all) / (Expr::Number(days, Unit::Days) / Expr::Number(MONTH_DAYS, Unit::Days))
            });
            let line =
                self.step(LAST_YEAR, say::total_last_year(&say::block(block), month), &part(mean), value, Unit::Units);
            line.note(say::sum_of_series(many));
            if let Some(days) = days {
                line.input(say::days_then(), days, Unit::Days, None);
            }
            said_begun(line);
            let grown = of("last_year_and_growth");
            if let Some((grown, rate)) = grown.and_then(|x| Some((x, growth(value, x)?))) {
                let expr = units(value) * (number(GROWTH_KEPT) * Expr::Number(rate, Unit::Rate)).exp();
                self.step(GROWN, say::total_grown(&say::block(block)), &expr, grown, Unit::Units)
                    .input(say::recent_growth(), rate, Unit::Rate, None)
                    .input(say::growth_kept(), GROWTH_KEPT, Unit::Share, None);
            }
        }
        if let Some(value) = of("recent_months").filter(|_| !found.recent.is_empty()) {
            let count = found.recent.len();
            let expr = part(sum(found.recent.iter().map(|m| m.1)) / number(count as f64));
            let months: Vec<(Month, f64)> = found.recent.iter().map(|(t, x)| (self.known.data.month(*t), *x)).collect();
            let line = self.step(RECENT, say::total_recent(&say::block(block), count), &expr, value, Unit::Units);
            line.note(say::sum_of_series(many));
            for (month, x) in months {
                line.input(say::month_of_mean_length(month), x, Unit::Units, None);
            }
            said_begun(line);
        }
    }

    /// What the regression says, variable by variable.
    fn said(&mut self, trace: &Trace) {
        let row = |name: Text, values: Vec<f64>| TableRow { name, values, place: None };
        let shown = trace.terms.len().min(SHOWN);
        let mut adds: Vec<f64> = trace.terms[..shown].iter().map(|t| t.product()).collect();
        let mut rows: Vec<TableRow> = trace.terms[..shown]
            .iter()
            .map(|t| row(say::variable(&t.name), vec![t.product(), t.value, t.coefficient]))
            .collect();
        // What is beyond the bounds of what a regression may say is left with the others.
        let rest = trace.log - adds.iter().sum::<f64>();
        if trace.terms.len() > shown {
            adds.push(rest);
            rows.push(row(say::other_variables(trace.terms.len() - shown), vec![rest]));
        }
        let columns = vec![say::variable_column(), say::adds(), say::less_mean(), say::coefficient()];
        let table = Table { columns, rows, units: vec![Unit::Factor; 3] };
        let Some(expr) = adds.into_iter().map(number).reduce(|a, b| a + b) else { return };
        let name = say::said(self.name(self.series), self.region());
        let notes = self.what_went_in();
        let line = self.step(SAID, name, &expr, trace.log, Unit::Factor);
        line.table = Some(table);
        line.note(say::learned_of_all());
        line.notes.extend(notes);
    }

    /// Stockouts and events that were taken out of the series' last months.
    fn what_went_in(&self) -> Vec<Text> {
        let n = self.known.months();
        let from = n.saturating_sub(TOLD);
        let corrected = |t: &usize| self.demand(self.series, *t) != self.known.units[(self.series, *t)];
        let months: Vec<String> = (from..n).filter(corrected).map(|t| self.known.data.month(t).to_string()).collect();
        let mut out = Vec::new();
        if !months.is_empty() {
            out.push(say::corrected_months(&months));
        }
        let here = self.point().credits.iter().filter(|c| c.cell == self.cell && c.months.1 >= from);
        for credit in here {
            let reason = self.known.factors.get(credit.factor).map_or("", |f| f.reason.as_str());
            let month = |t: usize| self.known.data.month(t);
            out.push(say::credited_months(reason, month(credit.months.0), month(credit.months.1)));
        }
        out
    }

    /// The level of the cell: its products' numbers added up, times the events planned for all of it.
    fn level_of_products(&mut self, (combined, fitted): (&Combined, &[f64]), level: f64) {
        let number_of = |s: usize| combined.position(s).map_or(0.0, |i| fitted[i]);
        let all: Vec<(usize, f64)> = self.in_cell().map(|s| (s, number_of(s))).filter(|x| x.1 > 0.0).collect();
        let planned =
            events(self.known, &self.point().level.effects, self.leaf, Scope::Group(self.group()), self.month);
        let expr = planned.iter().fold(sum(all.iter().map(|x| x.1)), |expr, (times, _)| expr * number(*times));
        let row = |&(s, x): &(usize, f64)| TableRow { name: self.product_text(s), values: vec![x], place: None };
        let table = Table {
            columns: vec![say::product(), say::fitted_units()],
            rows: all.iter().map(row).collect(),
            units: vec![Unit::Units],
        };
        let name = say::level_of_products(&self.group_name(), self.month);
        let line = self.step(("level", "R9"), name, &expr.at_least_zero(), level, Unit::Units);
        line.table = Some(table);
        for (times, place) in &planned {
            line.input(say::planned_event(), *times, Unit::Factor, Some(place));
        }
        if planned.is_empty() {
            self.no_effect(say::no_planned_events());
        }
    }

    /// What the plain rules would say, beside the fitted number: level x mix, before lifecycle and revision.
    pub fn plain_beside(&self) -> Option<StepLine> {
        self.fitted()?;
        let level = self.point().level.get(self.cell, self.month)?;
        if level.rule != Rule::Fitted {
            return None;
        }
        let share = self.point().mix.used[self.series];
        let plain = (level.base * (1.0 + level.growth)).max(0.0) * level.events;
        let expr = (units(level.base) * (number(1.0) + Expr::Number(level.growth, Unit::Rate))).at_least_zero();
        let expr = if level.events == 1.0 { expr } else { expr * number(level.events) };
        let expr = expr * Expr::Number(share, Unit::Share);
        let added = self.added();
        let expr = if added == 0.0 { expr } else { expr + units(added) };
        let result = plain * share + added;
        let formula = expr.equation(result, Unit::Units, self.digits);
        Some(StepLine::new(("plain_rules", "R6 R9"), say::plain_rules(), formula, result, Unit::Units))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::panel::names;

    #[test]
    fn every_variable_and_every_expert_has_a_chinese_name() {
        let texts = names().into_iter().map(|n| say::variable(&n)).chain(TOTAL_NAMES.map(say::expert));
        for text in texts {
            assert!(!text.zh.is_ascii(), "{text:?}");
        }
    }
}
