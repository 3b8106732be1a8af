//! `changes.csv` and the page's section on it: every number beside the last version of its month, and why it changed.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::View;
use super::columns::{Head, Kind};
use super::data::Table;

use super::names::{decimals, group_name, region_name};
use super::rows::Shown;
use super::table::{Printed, number, signed};
use crate::changes::{CAUSES, Change, Since, rounded};
use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::changes as say;
use crate::month::Month;

const HEADERS: [&str; 11] =
    ["region", "group", "product", "month", "lag", "last_made", "last_version", "last_lag", "last", "now", "change"];
/// How many regions and groups have a line on the page, besides the lines of the whole company.
const LINES: usize = 10;
/// How many causes of one change are named; the others are added up.
const NAMED: usize = 3;

/// One row, as `--json` prints it; the fields are the columns.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Row<'a> {
    pub region: &'a str,
    pub group: &'a str,
    /// Empty for the sum of the group.
    pub product: &'a str,
    pub month: Month,
    pub lag: i32,
    /// The month made, version and lag of what it is compared with.
    pub last_made: Month,
    pub last_version: u32,
    pub last_lag: i32,
    pub last: f64,
    pub now: f64,
    pub change: f64,
    /// By [`CAUSES`]; they add up to the change.
    #[serde(serialize_with = "by_cause")]
    pub causes: [f64; CAUSES.len()],
}

fn by_cause<S: Serializer>(causes: &[f64; CAUSES.len()], to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(CAUSES.len()))?;
    for (cause, units) in CAUSES.into_iter().zip(causes) {
        map.serialize_entry(cause.word(), units)?;
    }
    map.end()
}

/// Units to ten decimals: what a sum leaves behind its last digit is no change.
pub fn tidy(x: f64) -> f64 {
    (x * 1e10).round() / 1e10 + 0.0
}

/// The rows: sums by node, group and month as in `regions.csv`, then regions and products as in `forecast.csv`, those
/// that were nothing and are nothing left out.
pub fn rows<'v>(view: &'v View) -> impl Iterator<Item = Row<'v>> {
    let grid = &view.outlook.dataset.grid;
    let sums = view.figures.rows.iter().filter_map(move |row| {
        let since = view.changes.get(row.month)?.as_ref()?;
        let change = since.sum(grid.in_scope(row.node, Scope::Group(row.group)));
        Some(of(view, since, (row.node, row.group, None), row.month, &change))
    });
    let series = grid.series.iter().enumerate().flat_map(move |(s, series)| {
        let key = (grid.regions.node_of(series.leaf), series.group, Some(series.product));
        view.changes.iter().enumerate().filter_map(move |(k, since)| {
            let since = since.as_ref()?;
            let change = since.series.get(s).filter(|c| (c.last, c.now) != (0.0, 0.0))?;
            Some(of(view, since, key, k, change))
        })
    });
    sums.chain(series)
}

fn of<'v>(
    view: &'v View,
    since: &Since,
    (node, group, product): (usize, usize, Option<usize>),
    k: usize,
    change: &Change,
) -> Row<'v> {
    let grid = &view.outlook.dataset.grid;
    Row {
        region: grid.regions.code(node),
        group: &grid.products.groups[group],
        product: product.map_or("", |p| &grid.products.codes[p]),
        month: view.outlook.months()[k],
        lag: view.outlook.origin.lag(since.month.month),
        last_made: since.issue.made,
        last_version: since.issue.version,
        last_lag: since.month.lag,
        last: tidy(change.last),
        now: tidy(change.now),
        change: tidy(change.units()),
        causes: change.causes.map(tidy),
    }
}

/// The file; none where nothing was issued before.
pub fn table(view: &View) -> Option<Table> {
    view.changes.iter().flatten().next()?;
    let cause = |word: &'static str| Head::named(word).of(Kind::Signed).titled(say::cause(word));
    let causes = CAUSES.into_iter().map(|c| cause(c.word()));
    let mut table = Table::new(HEADERS.map(Head::named).into_iter().chain(causes));
    for row in rows(view) {
        [row.region, row.group, row.product].into_iter().for_each(|code| table.text(code));
        table.month(row.month);
        table.whole(i64::from(row.lag));
        table.month(row.last_made);
        table.whole(i64::from(row.last_version));
        table.whole(i64::from(row.last_lag));
        [row.last, row.now, row.change].into_iter().chain(row.causes).for_each(|x| table.number(x));
        table.end();
    }
    Some(table)
}

/// A line of the page.
struct Line {
    node: usize,
    group: usize,
    month: usize,
    change: Change,
}

/// What stands above the table, and the table: the company in every group and month, then the regions and groups that
/// changed most; empty where there is nothing to compare with or nothing changed.
pub fn section(view: &View, shown: &Shown, groups: usize) -> (Vec<Text>, String) {
    if view.changes.iter().all(Option::is_none) {
        return (vec![say::nothing_issued()], String::new());
    }
    let months = view.outlook.months().iter().zip(&view.changes);
    let mut notes: Vec<Text> = months
        .map(|(month, since)| match since {
            Some(s) => say::compared_with(*month, s.issue.made, s.issue.version, s.month.lag, &s.issue.file),
            None => say::first_time(*month),
        })
        .collect();
    let Some((&head, below)) = shown.nodes.split_first() else { return (notes, String::new()) };
    let of = |node: usize| changed(view, node, groups);
    let moved = |line: &Line| printed(&line.change, decimals(view, line.group)).0 != 0.0;
    let company = of(head);
    let mut regions: Vec<Line> = below.iter().flat_map(|node| of(*node)).filter(moved).collect();
    if regions.is_empty() && !company.iter().any(moved) {
        notes.push(say::nothing_changed());
        return (notes, String::new());
    }
    regions.sort_by(|a, b| b.change.units().abs().total_cmp(&a.change.units().abs()));
    let more = regions.len().saturating_sub(LINES);
    regions.truncate(LINES);
    if more > 0 {
        notes.push(say::more(more));
    }
    (notes, printed_lines(view, head, company.into_iter().chain(regions).collect()))
}

/// A node's groups and months that have a last version.
fn changed(view: &View, node: usize, groups: usize) -> Vec<Line> {
    let grid = &view.outlook.dataset.grid;
    let rows = view.figures.rows.iter().filter(|r| r.node == node && r.group < groups);
    rows.filter_map(|row| {
        let since = view.changes.get(row.month)?.as_ref()?;
        let change = since.sum(grid.in_scope(node, Scope::Group(row.group)));
        Some(Line { node, group: row.group, month: row.month, change })
    })
    .collect()
}

/// The change as it is printed, of `last` and `now` as they are, and its causes, which add up to it in print as well.
fn printed(change: &Change, decimals: usize) -> (f64, [f64; CAUSES.len()]) {
    let step = 10_f64.powi(-(decimals as i32));
    let total = ((change.now / step).round() - (change.last / step).round()) * step + 0.0;
    (total, rounded(change.causes, total, step))
}

/// A change and its largest causes in words, each with its units and the rest added up: in whole units (or with so many
/// decimals) that add up to the change.
pub fn in_words(change: &Change, decimals: usize) -> (String, Text) {
    let (total, units) = printed(change, decimals);
    let mut named: Vec<(&str, f64)> = CAUSES.iter().map(|c| c.word()).zip(units).filter(|(_, x)| *x != 0.0).collect();
    named.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    // One more is named in the place of a rest that is only one.
    if named.len() > NAMED + 1 {
        let rest: f64 = named.split_off(NAMED).iter().map(|(_, x)| x).sum();
        named.extend((rest != 0.0).then_some(("others", rest)));
    }
    let named: Vec<(&str, String)> = named.into_iter().map(|(word, x)| (word, signed(Some(x), decimals))).collect();
    (signed(Some(total), decimals), say::list(&named))
}

fn printed_lines(view: &View, head: usize, mut lines: Vec<Line>) -> String {
    // Group by group, in each the company first and then regions in the order of the tree.
    lines.sort_by_key(|line| (line.group, line.node, line.month));
    let mut table = Printed::new(&[1, 5]);
    let header = [String::new()].into_iter().chain(
        [say::month(), say::last(), say::now(), say::change(), say::causes()].map(|h| h.get(view.lang).to_owned()),
    );
    table.head(header.collect());
    let several = view.outlook.dataset.grid.group_count() > 1;
    let mut group = None;
    for line in &lines {
        if several && group.replace(line.group) != Some(line.group) {
            table.row(vec![group_name(view, line.group)]);
        }
        let decimals = decimals(view, line.group);
        let (change, causes) = in_words(&line.change, decimals);
        let indent = "  ".repeat(usize::from(several) + usize::from(line.node != head));
        table.row(vec![
            format!("{indent}{}", region_name(view, line.node)),
            view.months[line.month].clone(),
            number(line.change.last, decimals),
            number(line.change.now, decimals),
            change,
            causes.get(view.lang).to_owned(),
        ]);
    }
    table.text()
}
