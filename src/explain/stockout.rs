//! What the stockout correction made of one month's sales (R3, R6; the equations stand in `stats::choice`).

use super::chain::{Chain, line};
use super::number::{Expr, Unit, number, units};
use super::{Table, TableRow};
use crate::messages::explain as say;
use crate::stages::demand::{self, Choice};

/// Fixed points agree with their equation to this.
const SETTLED: f64 = 1e-8;

impl Chain<'_> {
    /// The series' demand in a month, with the arithmetic where stockouts were taken out of it. True where they were.
    pub fn stockout(&mut self, t: usize) -> bool {
        let point = self.point();
        // Demand was taken from what counts, not from what was typed.
        let heard = point.reception.heard(self.known);
        let looked = demand::look(&heard, point.demand(self.known), self.cell, t, self.outlook.parameters());
        let Some(choice) = looked else { return false };
        let Some(i) = choice.series.iter().position(|&s| s == self.series) else { return false };
        let month = self.known.data.month(t);
        let Some(customers) = choice.customers else {
            let found = self.demand(self.series, t);
            self.given(("demand", "A"), say::nothing_in_stock(month), found, Unit::Units)
                .note(say::from_months_beside());
            return true;
        };
        self.customers(&choice, customers, t);
        self.exposure(&choice, i);
        self.attraction(&choice, customers, i);
        self.recovered(&choice, customers, i, t);
        true
    }

    fn nothing(&self) -> f64 {
        self.outlook.parameters().market.nothing()
    }

    /// `lambda = sum z / sum a v G`.
    fn customers(&mut self, choice: &Choice, customers: f64, t: usize) {
        let stocked = |i: &usize| choice.availability[*i] > 0.0;
        let all = 0..choice.series.len();
        let sold: f64 = all.clone().filter(stocked).map(|i| choice.sales[i]).sum();
        let reach = |i: usize| choice.availability[i] * choice.attractions[i] * choice.exposures[i];
        let exposed: f64 = all.clone().map(reach).sum();
        let table = Table {
            columns: vec![
                say::product(),
                say::sales(),
                say::in_stock(),
                say::attraction(),
                say::exposure(),
                say::reached(),
                say::demand(),
            ],
            units: vec![Unit::Units, Unit::Share, Unit::Share, Unit::Factor, Unit::Factor, Unit::Units],
            rows: all
                .map(|i| TableRow {
                    name: self.product_text(choice.series[i]),
                    values: vec![
                        choice.sales[i],
                        choice.availability[i],
                        choice.attractions[i],
                        choice.exposures[i],
                        reach(i),
                        self.demand(choice.series[i], t),
                    ],
                    place: self.known.data.place(choice.series[i], t).as_ref().map(line),
                })
                .collect(),
        };
        let expr = units(sold) / number(exposed);
        let month = self.known.data.month(t);
        let nothing = self.nothing();
        let substitution = self.outlook.parameters().market.substitution;
        let result = if sold > 0.0 { customers } else { 0.0 };
        let followed = self.outlook.parameters().streaming.is_some();
        let step =
            self.step(("customers", "R3 A"), say::customers(month), &expr.at_least_zero(), result, Unit::Customers);
        step.input(say::substitution(), substitution, Unit::Share, None);
        step.input(say::nothing(), nothing, Unit::Factor, None);
        step.note(say::exposure_is()).table = Some(table);
        if followed {
            step.note(say::followed());
        }
    }

    /// With one product partly out the exposures can be redone by hand.
    fn exposure(&mut self, choice: &Choice, i: usize) {
        let partly: Vec<usize> = (0..choice.series.len()).filter(|&j| choice.availability[j] < 1.0).collect();
        let &[out] = partly.as_slice() else { return };
        let (a, v) = (choice.availability[out], choice.attractions[out]);
        if a <= 0.0 {
            return;
        }
        let all = number(self.nothing()) + number(1.0);
        let expr = if out == i {
            number(1.0) / all
        } else {
            number(a) / all.clone() + (number(1.0) - number(a)) / (all - number(v))
        };
        if (expr.value() - choice.exposures[i]).abs() < SETTLED {
            let name = say::exposure_of(self.name(self.series));
            self.step(("exposure", "A"), name, &expr, choice.exposures[i], Unit::Factor);
        }
    }

    /// `v = z / (lambda a G)` at the fixed point.
    fn attraction(&mut self, choice: &Choice, customers: f64, i: usize) {
        let (z, a, g, v) = (choice.sales[i], choice.availability[i], choice.exposures[i], choice.attractions[i]);
        let expr = units(z) / (Expr::Number(customers, Unit::Customers) * number(a) * number(g));
        if (expr.value() - v).abs() < SETTLED {
            let name = say::attraction_of(self.name(self.series));
            self.step(("attraction", "A"), name, &expr, v, Unit::Share).note(say::settled());
        }
    }

    /// `X = z / ((v0 + 1) G) + lambda (1 - a) v / (v0 + 1)`.
    fn recovered(&mut self, choice: &Choice, customers: f64, i: usize, t: usize) {
        let (z, a, g, v) = (choice.sales[i], choice.availability[i], choice.exposures[i], choice.attractions[i]);
        let all = || number(self.nothing()) + number(1.0);
        let missed = || Expr::Number(customers, Unit::Customers) * (number(1.0) - number(a)) * number(v) / all();
        let own = || units(z) / (all() * number(g));
        let expr = match (a > 0.0, a < 1.0) {
            (true, true) => own() + missed(),
            (true, false) => own(),
            _ => missed(),
        };
        let month = self.known.data.month(t);
        let found = self.demand(self.series, t);
        let place = self.known.data.place(self.series, t);
        let name = say::recovered(self.name(self.series), month);
        self.step(("demand", "R3 R6 A"), name, &expr.at_least_zero(), found, Unit::Units)
            .input(say::sales(), z, Unit::Units, place.as_ref())
            .input(say::in_stock(), a, Unit::Share, place.as_ref())
            .input(say::attraction(), v, Unit::Share, None)
            .input(say::exposure(), g, Unit::Factor, None)
            .input(say::customers_who_came(), customers, Unit::Customers, None);
    }
}
