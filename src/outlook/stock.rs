//! The stock plan of a run: the forecast and the errors of past forecasts handed to `stock`.

use ndarray::Array2;

use super::Outlook;
use crate::dataset::Known;
use crate::dataset::ledger::Step;
use crate::fit::{Fit, LONGEST};
use crate::stages::Parameters;
use crate::stages::demand::in_sales_space;
use crate::stages::interval::Errors;
use crate::stock::{self, Horizon, Inputs, LEDGER_ISSUES, Plan, Planned, Source, Spreads, Sums, Terms};

impl Outlook {
    /// The stock plan, with a budget in yuan where one is given. None where no count of stock is visible.
    pub fn stock(&self, budget: Option<f64>) -> Option<Plan> {
        let known = self.known();
        if known.stock.is_empty() && known.orders.is_empty() {
            return None;
        }
        let months = &self.horizon().months;
        let horizon = Horizon::new(known.origin.as_of, months, &self.dataset.calendar);
        let units = self.units_by_month();
        let mut open = stock::open(&known);
        let (shelves, unstocked) = stock::shelves(&known, &horizon, units.view(), &mut open);
        let nodes = shelves.iter().filter(|s| s.series.len() != 1).map(|s| s.node);
        let mut nodes: Vec<usize> = nodes.collect();
        nodes.sort_unstable();
        nodes.dedup();
        let interval = |product: usize| {
            let terms = Terms::of(&known, product);
            terms.lead + terms.review
        };
        let settings = &self.dataset.settings.stock;
        // What is filled from above waits for a transfer and the next look.
        let transfer = (settings.transfer_days + settings.review_days) as usize;
        let longest = shelves.iter().map(|s| interval(s.product)).fold(transfer, usize::max);
        let needed = (horizon.span(longest).length.ceil() as usize).clamp(1, LONGEST);
        let past: Vec<Option<Sums>> = (1..=needed).map(|h| sums(&known, &self.fit, h)).collect();
        let a_month: Vec<f64> = units.rows().into_iter().map(|row| row.mean().unwrap_or(0.0)).collect();
        let spreads = Spreads::learn(&past, known.units, &a_month, &nodes, &self.dataset.grid);
        let inputs = Inputs { known: &known, horizon, units: units.view(), spreads: &spreads };
        let Planned { lines, transfers, reschedules, budget } = stock::plan(&inputs, &shelves, budget);
        Some(Plan {
            day: known.origin.as_of,
            months: [1, 2].map(|lag| known.origin.made.plus(lag)),
            lines,
            transfers,
            open,
            reschedules,
            unstocked,
            budget,
            lost: stock::lost(&known, self.point.demand(&known)),
        })
    }

    /// Units forecast of every month to the end of the next fiscal year, series x month: revised where they are.
    fn units_by_month(&self) -> Array2<f64> {
        let mut units = self.horizon().units.to_owned();
        for (k, month) in self.horizon().months.iter().enumerate() {
            if let Some(revised) = self.months().iter().position(|m| m == month) {
                units.column_mut(k).assign(&self.point.revision.exact.column(revised));
            }
        }
        units
    }
}

/// Errors of forecasts of the next `months` months together: of those issued, where enough have come to pass, else of
/// those made again at past origins. None where there are neither.
fn sums(known: &Known, fit: &Fit, months: usize) -> Option<Sums> {
    let issued = issued(known, &fit.parameters, &fit.whole, months);
    if issued.origins.len() >= LEDGER_ISSUES {
        return Some(issued);
    }
    fit.past.sums(months, fit.gate.used_beyond(), fit.whole.clone())
}

/// Errors of issued forecasts: of each issue of the run's own mode the sum of its first months, where all of them were
/// issued and have come to pass. Forecasts are of demand: they are compared as what the month's stock let sell.
fn issued(known: &Known, parameters: &Parameters, whole: &[bool], months: usize) -> Sums {
    let data = known.data;
    let mut sums: Vec<(Vec<f64>, Vec<f64>, Vec<bool>)> = Vec::new();
    let mut origins = Vec::new();
    for issue in known.ledger.iter().filter(|i| i.mode == known.origin.mode) {
        let first: Vec<_> = issue.months.iter().take(months).collect();
        let at: Option<Vec<usize>> = first.iter().map(|m| known.visible_index(m.month)).collect();
        let Some(at) = at.filter(|at| at.len() == months) else { continue };
        let series = data.grid.series.len();
        let mut sum = (vec![0.0; series], vec![0.0; series], vec![true; series]);
        for (month, t) in first.iter().zip(at) {
            let availability = known.availability.as_ref().map(|a| a.column(t));
            let as_sales = in_sales_space(data.grid, month.after(Step::Planned), availability, parameters);
            for s in 0..series {
                sum.0[s] += as_sales.get(s).copied().unwrap_or(0.0);
                sum.1[s] += known.units[(s, t)];
                sum.2[s] &= month.issued.get(s).copied().unwrap_or(false);
            }
        }
        let Some(origin) = first.first().and_then(|m| known.visible_index(m.month.plus(-1))) else { continue };
        origins.push(origin);
        sums.push(sum);
    }
    let mut errors = Errors::new(sums.len(), whole.to_vec(), (0..whole.len()).collect());
    for (origin, (forecasts, actuals, counts)) in sums.iter().enumerate() {
        for s in (0..counts.len()).filter(|s| counts[*s]) {
            errors.set(origin, s, forecasts[s], actuals[s]);
        }
    }
    Sums { errors, months, origins, source: Source::Ledger }
}
