//! A region with regions below it, the company, or a group: the sum of its parts.

use super::chain::Id;
use super::change;
use super::find::{Found, product_name, region_name};
use super::number::{Digits, Unit, sum};
use super::short::short;
use super::workings::Workings;
use super::{Explanation, Part, StepLine};
use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::explain as say;

const STEP: Id = ("sum", "R8");

/// Explains a sum. The parts of a leaf's group are its products, of anything else the regions below.
pub fn explain<'a>(workings: &'a Workings<'a>, node: usize, found: Found, k: usize) -> Result<Explanation, Text> {
    let (outlook, known) = (workings.outlook, &workings.known);
    let grid = &outlook.dataset.grid;
    let leaf = grid.regions.leaf_of(node);
    let scope = |found: Found| match found {
        Found::Product(p) => Scope::Product(p),
        Found::Group(g) => Scope::Group(g),
    };
    let keys: Vec<(usize, Found)> = match (leaf, found) {
        (Some(leaf), Found::Group(group)) => {
            grid.in_cell(grid.cell(leaf, group)).map(|s| (node, Found::Product(grid.series[s].product))).collect()
        }
        _ => grid.regions.children(node).iter().map(|&child| (child, found)).collect(),
    };
    let mut parts = Vec::new();
    for (node, found) in keys {
        let series = grid.in_scope(node, scope(found));
        if series.iter().any(|&s| outlook.is_forecast(known, s) || outlook.ahead(s, k).0 > 0.0) {
            let of = series.iter().map(|&s| outlook.ahead(s, k));
            let (exact, whole) = of.fold((0.0, 0.0), |sum, x| (sum.0 + x.0, sum.1 + x.1));
            parts.push(Part { region: region_name(grid, node), product: product_name(grid, found), exact, whole });
        }
    }
    let (region, product) = (region_name(grid, node), product_name(grid, found));
    if grid.in_scope(node, scope(found)).is_empty() {
        return Err(say::not_sold_there(&product.name, &region.name));
    }
    let exact: f64 = parts.iter().map(|p| p.exact).sum();
    let whole = parts.iter().map(|p| p.whole).sum();
    let digits = Digits::for_size(exact);
    let formula = sum(parts.iter().map(|p| p.exact)).equation(exact, Unit::Units, digits);
    let month = outlook.horizon().months[k];
    let mut step = StepLine::new(STEP, say::sum_of_parts(parts.len()), formula, exact, Unit::Units);
    step.note(say::where_to_go_on());
    let changed =
        workings.since(k).map(|since| change::step(since, &since.sum(grid.in_scope(node, scope(found))), digits));
    Ok(Explanation {
        region,
        product,
        month,
        lag: outlook.origin.lag(month),
        made: outlook.origin.made,
        mode: outlook.origin.mode.word(),
        method: outlook.dataset.settings.method().word(),
        cutoff: outlook.origin.cutoff,
        short: short(workings, &grid.in_scope(node, scope(found)), k, whole),
        steps: [step].into_iter().chain(changed).collect(),
        without_effect: Vec::new(),
        exact,
        whole,
        beside: Vec::new(),
        parts,
        digits,
    })
}
