//! `mix.csv`: the product mix of every region and group, and the rule that gave it (R6, R10).

use ndarray::ArrayView1;

use super::View;
use super::cell::Csv;
use crate::messages::report as say;
use crate::stages::mix::Rule;

const HEADERS: [&str; 8] = ["region", "group", "product", "last_month", "month_before", "repaired", "used", "rule"];

/// The file. The rule's words are the same in every language.
pub fn csv(view: &View) -> Vec<u8> {
    let grid = &view.outlook.dataset.grid;
    let mix = &view.outlook.point.mix;
    let mut csv = Csv::new(HEADERS);
    for cell in 0..grid.cell_count() {
        let (leaf, group) = grid.cell_key(cell);
        let rule = if is_fitted(view, cell) { say::MIX_FITTED.to_owned() } else { rule_words(view, mix.rules[cell]) };
        for s in grid.in_cell(cell) {
            let shares = shares(view, cell, s);
            if !view.figures.is_forecast[s] && shares.iter().all(|x| *x == 0.0) {
                continue;
            }
            csv.text(grid.regions.code(grid.regions.node_of(leaf)));
            csv.text(&grid.products.groups[group]);
            csv.text(&grid.products.codes[grid.series[s].product]);
            shares.into_iter().for_each(|x| csv.number(x));
            csv.word(&rule);
            csv.end();
        }
    }
    csv.bytes()
}

/// Last month's share of a series of a cell, the month before's, stockouts repaired, and what was used.
pub fn shares(view: &View, cell: usize, s: usize) -> [f64; 4] {
    let mix = &view.outlook.point.mix;
    [mix.last_month[s], mix.month_before[s], mix.repaired[s], fitted(view, cell).map_or(mix.used[s], |of| of[s])]
}

/// Whether the shares used in a cell are fitted.
pub fn is_fitted(view: &View, cell: usize) -> bool {
    fitted(view, cell).is_some()
}

/// The fitted shares of the first month forecast, by series; none where a rule gave those of the cell.
fn fitted<'v>(view: &'v View, cell: usize) -> Option<ArrayView1<'v, f64>> {
    let point = &view.outlook.point;
    point.combined.as_ref()?.sum(view.outlook.dataset.grid.in_cell(cell), 0)?;
    Some(point.mix.ahead.as_ref()?.column(0))
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
