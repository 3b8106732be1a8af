//! `targets.csv`: what each stage set at each node, and what holds taken down to every region (R1, R2).

use std::collections::HashSet;

use super::View;
use super::cell::settled;
use super::columns::{Head, Kind};
use super::data::Table;
use crate::dataset::Measure;
use crate::grid::Scope;
use crate::messages::workbook as sheets;
use crate::month::Month;
use crate::stages::target::{Link, Split, Why};

const HEADERS: [&str; 10] =
    ["year", "stage", "region", "group", "last_year", "credited", "reason", "growth", "target", "locked"];

/// The months of a fiscal year, in its order.
pub fn months(view: &View, year: i32) -> Vec<Month> {
    let first = Month::fiscal_start(year, view.outlook.dataset.settings.fiscal.start);
    (0..12).map(|k| first.plus(k)).collect()
}

/// How many units or yuan one of a target's numbers is as written: 1, or the settings' unit of money.
pub fn scale(view: &View, measure: Measure) -> f64 {
    match measure {
        Measure::Units => 1.0,
        Measure::Revenue => view.outlook.dataset.settings.units.money.yuan(),
    }
}

/// What earlier stages set, at every node that they speak of.
pub fn earlier<'v>(view: &'v View) -> impl Iterator<Item = &'v Link> {
    let targets = &view.outlook.point.targets;
    let last: HashSet<(i32, Scope, &str)> =
        targets.splits.iter().map(|s| (s.year, s.scope, s.stage.as_str())).collect();
    let is_last = move |link: &Link| last.contains(&(link.year, link.scope, link.stage.as_str()));
    targets.chain.iter().filter(move |link| !is_last(link))
}

/// A node's target of each month of the year, where one reaches it.
pub fn by_month(view: &View, split: &Split, node: usize) -> Vec<Option<f64>> {
    let leaves = view.outlook.dataset.grid.regions.leaves(node);
    let of = |k: usize| -> Option<f64> {
        let reached: Vec<f64> = leaves.clone().filter_map(|leaf| split.leaves[(leaf, k)]).collect();
        (!reached.is_empty()).then(|| reached.iter().sum())
    };
    (0..split.leaves.ncols()).map(of).collect()
}

/// Growth of a target on last year's actual sales.
pub fn growth(target: Option<f64>, last_year: f64) -> Option<f64> {
    target.filter(|_| last_year > 0.0).map(|t| t / last_year - 1.0)
}

/// The file.
pub fn table(view: &View) -> Table {
    let month = |m: u32| Head::named(format!("month_{m:02}")).of(Kind::Units).titled(sheets::month_number(m));
    let months = months(view, 2000).into_iter().map(|m| month(m.number()));
    let head = |name| match name {
        // Of units or of money, as the row says.
        "last_year" | "credited" | "target" => Head::named(name).of(Kind::Plain),
        _ => Head::named(name),
    };
    let mut table = Table::new(HEADERS.map(head).into_iter().chain(months).chain(["measure".into()]));
    for link in earlier(view) {
        stage_row(view, &mut table, link);
    }
    for split in &view.outlook.point.targets.splits {
        for node in 0..split.nodes.len() {
            node_row(view, &mut table, split, node);
        }
    }
    table
}

fn stage_row(view: &View, table: &mut Table, link: &Link) {
    let grid = &view.outlook.dataset.grid;
    let same = |s: &&Split| (s.year, s.scope, s.measure) == (link.year, link.scope, link.measure);
    let of_node = view.outlook.point.targets.splits.iter().find(same).and_then(|s| s.nodes.get(link.node));
    let scale = scale(view, link.measure);
    table.whole(i64::from(link.year));
    table.text(&link.stage);
    table.text(grid.regions.code(link.node));
    table.text(grid.scope_code(link.scope));
    table.maybe(of_node.map(|n| n.last_year / scale));
    table.maybe(of_node.map(|n| n.credited / scale));
    table.text("");
    table.maybe(of_node.and_then(|n| growth(Some(link.total), n.last_year)));
    table.number(link.total / scale);
    table.text("");
    (0..12).for_each(|_| table.text(""));
    table.text(word(link.measure));
    table.end();
}

fn node_row(view: &View, table: &mut Table, split: &Split, node: usize) {
    let grid = &view.outlook.dataset.grid;
    let target = &split.nodes[node];
    let scale = scale(view, split.measure);
    table.whole(i64::from(split.year));
    table.text(&split.stage);
    table.text(grid.regions.code(node));
    table.text(grid.scope_code(split.scope));
    table.number(target.last_year / scale);
    table.number(target.credited / scale);
    table.text(&target.reason);
    table.maybe(growth(target.target, target.last_year));
    table.maybe(target.target.map(|t| settled(t / scale)));
    table.text(if target.why == Why::Locked { "yes" } else { "" });
    by_month(view, split, node).into_iter().for_each(|x| table.maybe(x.map(|x| settled(x / scale))));
    table.text(word(split.measure));
    table.end();
}

/// The word for programs.
fn word(measure: Measure) -> &'static str {
    match measure {
        Measure::Units => "units",
        Measure::Revenue => "revenue",
    }
}
