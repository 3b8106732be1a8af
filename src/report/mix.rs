//! `mix.csv`: the product mix of every region and group, and the rule that gave it; beside it that of the plain rules (R6,
//! R10).

use ndarray::ArrayView1;

use super::View;
use super::data::Table;

use crate::messages::report as say;
use crate::stages::combine::Combined;
use crate::stages::mix::{Mix, Rule};

const HEADERS: [&str; 10] =
    ["region", "group", "product", "last_month", "month_before", "repaired", "used", "rule", "plain", "plain_rule"];

/// The file. The rule's words are the same in every language.
pub fn table(view: &View) -> Table {
    let grid = &view.outlook.dataset.grid;
    let mix = &view.outlook.point.mix;
    let mut table = Table::new(HEADERS);
    for cell in 0..grid.cell_count() {
        let (leaf, group) = grid.cell_key(cell);
        let of_cell = Shares::of_cell(view, cell);
        let plain = rule_words(view, mix.rules[cell]);
        let rule = if of_cell.is_fitted() { say::MIX_FITTED } else { &plain };
        for s in grid.in_cell(cell) {
            let shares = of_cell.of(s);
            if !view.figures.is_forecast[s] && shares.iter().all(|x| *x == 0.0) {
                continue;
            }
            table.text(grid.regions.code(grid.regions.node_of(leaf)));
            table.text(&grid.products.groups[group]);
            table.text(&grid.products.codes[grid.series[s].product]);
            shares.into_iter().for_each(|x| table.number(x));
            table.text(rule);
            table.number(mix.used[s]);
            table.text(&plain);
            table.end();
        }
    }
    table
}

/// The shares of a cell's series, as they are shown.
#[derive(Clone, Copy, Debug)]
pub struct Shares<'v> {
    mix: &'v Mix,
    /// The fitted ones of the first month forecast, by series; none where a rule gave those of the cell.
    fitted: Option<ArrayView1<'v, f64>>,
}

impl<'v> Shares<'v> {
    /// Of a cell.
    pub fn of_cell(view: &'v View, cell: usize) -> Shares<'v> {
        let point = &view.outlook.point;
        let sum = |fitted: &Combined| fitted.sum(view.outlook.dataset.grid.in_cell(cell), 0);
        let is_fitted = point.combined.as_ref().and_then(sum).is_some();
        let fitted = point.mix.ahead.as_ref().filter(|_| is_fitted).map(|ahead| ahead.column(0));
        Shares { mix: &point.mix, fitted }
    }

    /// Last month's share of a series, the month before's, stockouts repaired, and what was used.
    pub fn of(&self, s: usize) -> [f64; 4] {
        let used = self.fitted.map_or(self.mix.used[s], |of| of[s]);
        [self.mix.last_month[s], self.mix.month_before[s], self.mix.repaired[s], used]
    }

    /// Whether those used are fitted.
    pub fn is_fitted(&self) -> bool {
        self.fitted.is_some()
    }
}

fn rule_words(view: &View, rule: Rule) -> String {
    let month = |t: usize| view.outlook.dataset.month(t).to_string();
    match rule {
        Rule::LastMonth => say::MIX_LAST_MONTH.to_owned(),
        Rule::NewYear(t) => say::mix_new_year(&month(t)),
        Rule::Stockouts(t) => say::mix_stockouts(&month(t)),
        Rule::Company => say::MIX_COMPANY.to_owned(),
        Rule::Equal => say::MIX_EQUAL.to_owned(),
    }
}
