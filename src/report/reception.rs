//! What came in, as `yugu check` prints it: the last months by region, who is new, who is gone, what does not count as it
//! was sold, and codes that look alike.

use std::collections::BTreeMap;

use ndarray::ArrayView2;

use super::View;
use super::exceptions::sentence;
use super::names::{place_name, region_name};
use super::table::{NONE, Printed, number};
use crate::exceptions::Kind;
use crate::grid::Scope;
use crate::messages::reception as say;
use crate::month::half_width;
use crate::stages::reception::Mark;

/// Regions, names and findings shown.
const REGIONS: usize = 40;
const NAMES: usize = 8;
const FINDINGS: usize = 20;
/// Months before the last one that are shown, and in which who is gone had rows.
const BEFORE: usize = 3;

/// The section.
pub fn section(view: &View) -> String {
    let data = &view.outlook.dataset;
    let Some(last) = data.months().min(view.known.months() + data.reported.open.min(1)).checked_sub(1) else {
        return String::new();
    };
    let mut out = months(view, last, data.units.view(), say::title().get(view.lang));
    if let Some(revenue) = &data.revenue {
        out.push_str(&months(view, last, revenue.view(), say::title_money().get(view.lang)));
    }
    let mut lines = Vec::new();
    let grid = &data.grid;
    let named = |series: &[usize]| {
        let name = |s: &usize| {
            let of = grid.series[*s];
            place_name(view, grid.regions.node_of(of.leaf), Scope::Product(of.product))
        };
        let mut names: Vec<String> = series.iter().take(NAMES).map(name).collect();
        if series.len() > NAMES {
            names.push("...".to_owned());
        }
        names.join(", ")
    };
    let row = |s: usize, t: usize| data.rows[(s, t)] != 0;
    let all = 0..grid.series.len();
    let new: Vec<usize> = all.clone().filter(|s| data.seen[*s].is_some_and(|(first, _)| first == last)).collect();
    let sent = |s: &usize| data.reported.sent(grid.series[*s].leaf, last);
    let before = last.saturating_sub(BEFORE)..last;
    let is_gone = |s: &usize| !row(*s, last) && sent(s) && before.len() == BEFORE && before.clone().all(|t| row(*s, t));
    let gone: Vec<usize> = all.filter(is_gone).collect();
    if !new.is_empty() && last >= BEFORE {
        lines.push(say::new(data.month(last), new.len(), &named(&new)));
    }
    if !gone.is_empty() {
        lines.push(say::gone(data.month(last), gone.len(), &named(&gone)));
    }
    for codes in alike(grid.regions_codes()).into_iter().chain(alike(grid.products.codes.iter())) {
        lines.push(say::alike(&codes.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", ")));
    }
    let found: Vec<_> = view.exceptions.iter().filter(|one| matches!(one.kind, Kind::Received(_))).collect();
    if !found.is_empty() {
        lines.push(say::findings(found.len()));
        lines.extend(found.iter().take(FINDINGS).map(|one| sentence(view, one)));
        if found.len() > FINDINGS {
            lines.push(say::more(found.len() - FINDINGS));
        }
    }
    lines.iter().for_each(|line| out.push_str(&format!("{}\n", line.get(view.lang))));
    out
}

/// The last months of every region, the largest first, beside the same month a year before.
fn months(view: &View, last: usize, of: ArrayView2<f64>, title: &str) -> String {
    let (data, lang) = (&view.outlook.dataset, view.lang);
    let shown: Vec<usize> = last.checked_sub(12).into_iter().chain(last.saturating_sub(BEFORE - 1)..=last).collect();
    let mut table = Printed::new(&[shown.len() + 1]);
    let header = |t: &usize| {
        let month = data.month(*t).to_string();
        if *t >= view.known.months() { say::open(&month).get(lang).to_owned() } else { month }
    };
    let mut headers = vec![say::region().get(lang).to_owned()];
    headers.extend(shown.iter().map(header));
    headers.push(say::remark().get(lang).to_owned());
    table.head(headers);
    let grid = &data.grid;
    let sum = |leaf: usize, t: usize| -> f64 { grid.leaf_series(leaf).map(|s| of[(s, t)]).sum() };
    let mut leaves: Vec<usize> = (0..grid.regions.leaf_count()).collect();
    let size = |leaf: usize| -> f64 { shown.iter().map(|t| sum(leaf, *t)).sum() };
    leaves.sort_by(|a, b| size(*b).total_cmp(&size(*a)));
    for leaf in leaves.iter().take(REGIONS) {
        let node = grid.regions.node_of(*leaf);
        let print = |t: &usize| if data.reported.sent(*leaf, *t) { number(sum(*leaf, *t), 0) } else { NONE.to_owned() };
        let mut row = vec![region_name(view, node)];
        row.extend(shown.iter().map(print));
        let findings = view.outlook.point.reception.findings.iter();
        let kind = findings.filter(|f| (f.node, f.scope, f.month) == (node, Scope::All, last)).map(|f| f.kind).next();
        let remark = match kind {
            Some(Mark::NotReported) => say::not_reported().get(lang).to_owned(),
            Some(Mark::Odd) => say::odd().get(lang).to_owned(),
            Some(Mark::Closed) => say::closed().get(lang).to_owned(),
            _ => String::new(),
        };
        row.push(remark);
        table.row(row);
    }
    let mut out = format!("\n{title}\n{}", table.text());
    if leaves.len() > REGIONS {
        out.push_str(&format!("{}\n", say::more(leaves.len() - REGIONS).get(lang)));
    }
    out
}

/// Codes that are one code written in several ways: width, case, blanks and leading zeros aside.
fn alike<'c>(codes: impl Iterator<Item = &'c String>) -> Vec<Vec<&'c str>> {
    let mut of: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for code in codes.filter(|code| !code.is_empty()) {
        let plain = code.chars().map(half_width).filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
        let plain: String = plain.collect();
        let number = plain.bytes().all(|b| b.is_ascii_digit());
        let key = if number { plain.trim_start_matches('0') } else { &plain };
        of.entry(key.to_owned()).or_default().push(code);
    }
    of.into_values().filter(|codes| codes.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_look_alike() {
        let codes = ["0017", "17", "ＡＢ", "AB", "East", "EAST", "West", "170"].map(String::from);
        let found = alike(codes.iter());
        assert_eq!(found, [vec!["0017", "17"], vec!["ＡＢ", "AB"], vec!["East", "EAST"]]);
    }
}
