//! The page of `yugu target`: the chain of stages, then what holds taken down to the regions (R1, R2).

use std::collections::HashMap;

use super::names::place_name;
use super::plan::label;
use super::rows::{self, Shown};
use super::table::{Printed, growth, maybe, number, signed};
use super::targets::{self, by_month, scale};
use super::{View, run};
use crate::dataset::Measure;
use crate::grid::{COMPANY, Regions};
use crate::messages::report as say;
use crate::stages::target::{Link, Split};
use crate::stages::units::down_the_tree;

/// The page; `folder` is what the user calls the folder.
pub fn page(view: &View, folder: &str) -> String {
    let splits = &view.outlook.point.targets.splits;
    let mut out = String::new();
    let mut line = |text: &crate::messages::Text| out.push_str(&format!("{}\n", text.get(view.lang)));
    line(&say::targets_of(folder, &view.made));
    if splits.is_empty() {
        line(&say::no_targets());
    }
    for split in splits {
        out.push_str(&of_split(view, split));
    }
    out
}

fn of_split(view: &View, split: &Split) -> String {
    let regions = &view.outlook.dataset.grid.regions;
    let size = |node: usize| split.nodes.get(node).and_then(|n| n.target).unwrap_or(0.0);
    let shown = rows::shown(regions, 1, size);
    let name = place_name(view, COMPANY, split.scope);
    let unit = match split.measure {
        Measure::Units => say::units_word(),
        Measure::Revenue => say::money_word(run::money(view.outlook.dataset.settings.units.money)),
    };
    let mut out = format!("\n{}\n", say::split_title(split.year, &name, &unit).get(view.lang));
    out.push_str(&chain(view, split));
    out.push_str(&regions_table(view, split, &shown));
    out.push('\n');
    out.push_str(&months_table(view, split, &shown));
    if shown.hidden > 0 {
        out.push_str(&format!("{}\n", say::more_regions_in_targets(shown.hidden).get(view.lang)));
    }
    out
}

/// What each stage set at each node, and what it changed there.
fn chain(view: &View, split: &Split) -> String {
    let of_split = |l: &&Link| (l.year, l.scope, l.measure) == (split.year, split.scope, split.measure);
    let links: Vec<&Link> = view.outlook.point.targets.chain.iter().filter(of_split).collect();
    let scale = scale(view, split.measure);
    // Without rows for regions there is nothing but the company to name.
    let regional = links.iter().any(|link| link.node != COMPANY);
    let mut table = Printed::new(if regional { &[1] } else { &[] });
    let region = regional.then(say::region);
    let headers = [say::stage()].into_iter().chain(region).chain([say::target(), say::difference(), say::growth()]);
    table.head(headers.map(|h| h.get(view.lang).to_owned()).collect());
    let mut before: HashMap<usize, f64> = HashMap::new();
    for link in &links {
        let name = if link.stage.is_empty() { say::one_stage().get(view.lang).to_owned() } else { link.stage.clone() };
        let region = regional.then(|| place_name(view, link.node, split.scope));
        let last_year = split.nodes.get(link.node).map_or(0.0, |n| n.last_year);
        let change = before.insert(link.node, link.total).map(|b| (link.total - b) / scale);
        let numbers =
            [number(link.total / scale, 0), signed(change, 0), growth(targets::growth(Some(link.total), last_year))];
        table.row([name].into_iter().chain(region).chain(numbers).collect());
    }
    if links.is_empty() { String::new() } else { format!("{}\n", table.text()) }
}

/// Numbers of regions (by node) as printed: in whole units from the company down, so that parts add up to their sum; a
/// number that is not the sum of its parts stays as it is.
fn printed(regions: &Regions, of: impl Fn(usize) -> Option<f64>) -> Vec<Option<f64>> {
    let of_leaf = |leaf: usize| of(regions.node_of(leaf)).unwrap_or(0.0);
    let whole = down_the_tree(regions, of_leaf);
    let is_sum = |node: usize, x: f64| (regions.leaves(node).map(of_leaf).sum::<f64>() - x).abs() < 0.5;
    (0..regions.len()).map(|n| of(n).map(|x| if is_sum(n, x) { whole[n] as f64 } else { x })).collect()
}

fn regions_table(view: &View, split: &Split, shown: &Shown) -> String {
    let scale = scale(view, split.measure);
    let regions = &view.outlook.dataset.grid.regions;
    let of = |n: usize| split.nodes.get(n);
    let last_years = printed(regions, |n| of(n).map(|t| t.last_year / scale));
    let bases = printed(regions, |n| of(n).map(|t| t.credited / scale));
    let set = printed(regions, |n| of(n).and_then(|t| t.target).map(|t| t / scale));
    let mut table = Printed::new(&[6, 7]);
    let headers = [
        say::region(),
        say::last_year_total(),
        say::credited_base(),
        say::credit(),
        say::target(),
        say::growth(),
        say::how(),
        say::reason(),
    ];
    table.head(headers.iter().map(|h| h.get(view.lang).to_owned()).collect());
    for &node in &shown.nodes {
        let Some(target) = split.nodes.get(node) else { continue };
        let credit = (target.last_year > 0.0).then(|| target.credited / target.last_year - 1.0);
        table.row(vec![
            label(view, shown, node),
            maybe(last_years[node], 0),
            maybe(bases[node], 0),
            growth(credit),
            maybe(set[node], 0),
            growth(targets::growth(target.target, target.last_year)),
            say::why(target.why.word()).get(view.lang).to_owned(),
            target.reason.clone(),
        ]);
    }
    table.text()
}

fn months_table(view: &View, split: &Split, shown: &Shown) -> String {
    let scale = scale(view, split.measure);
    let mut table = Printed::new(&[]);
    let mut header = vec![say::month_targets().get(view.lang).to_owned()];
    header.extend(targets::months(view, split.year).iter().map(|m| m.to_string()));
    table.head(header);
    let regions = &view.outlook.dataset.grid.regions;
    let months: Vec<Vec<Option<f64>>> = (0..regions.len()).map(|node| by_month(view, split, node)).collect();
    let of = |k: usize| printed(regions, |node| months[node][k].map(|x| x / scale));
    let whole: Vec<Vec<Option<f64>>> = (0..split.leaves.ncols()).map(of).collect();
    for &node in &shown.nodes {
        let mut cells = vec![label(view, shown, node)];
        cells.extend(whole.iter().map(|month| maybe(month[node], 0)));
        table.row(cells);
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_adds_up_down_the_tree() {
        let list = [("all", None), ("a", Some(0)), ("b", Some(0)), ("c", Some(0))];
        let list = list.map(|(code, parent)| (code.to_owned(), code.to_owned(), parent));
        let regions = Regions::new(&list);
        // Each by itself 33, 33, 33 under 100; one without a number has none.
        let of = |all: f64| move |n: usize| [Some(all), Some(33.4), Some(33.3), Some(33.3)][n];
        assert_eq!(printed(&regions, of(100.0)), [100.0, 34.0, 33.0, 33.0].map(Some));
        let without = |n: usize| if n == 3 { None } else { of(66.7)(n) };
        assert_eq!(printed(&regions, without), [Some(67.0), Some(34.0), Some(33.0), None]);
        // A number that is not the sum of its parts stays.
        assert_eq!(printed(&regions, of(120.0))[0], Some(120.0));
    }
}
