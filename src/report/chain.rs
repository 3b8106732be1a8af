//! The page of `yugu target`: the chain of stages, then the last stage taken down to the regions (R1, R2).

use super::notes::place_name;
use super::plan::label;
use super::rows::{self, Shown};
use super::table::{Table, growth, maybe, number, signed};
use super::targets::{self, by_month, scale};
use super::{View, run};
use crate::dataset::Measure;
use crate::grid::COMPANY;
use crate::messages::report as say;
use crate::stages::target::{Link, Split};

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

/// What each stage set, and what it changed.
fn chain(view: &View, split: &Split) -> String {
    let of_split = |l: &&Link| (l.year, l.scope, l.measure) == (split.year, split.scope, split.measure);
    let links: Vec<&Link> = view.outlook.point.targets.chain.iter().filter(of_split).collect();
    let scale = scale(view, split.measure);
    let mut table = Table::new(&[]);
    let headers = [say::stage(), say::target(), say::difference(), say::growth()];
    table.row(headers.iter().map(|h| h.get(view.lang).to_owned()).collect());
    table.rule();
    let last_year = split.nodes.first().map_or(0.0, |c| c.last_year);
    let mut before: Option<f64> = None;
    for link in &links {
        let name = if link.stage.is_empty() { say::one_stage().get(view.lang).to_owned() } else { link.stage.clone() };
        table.row(vec![
            name,
            number(link.total / scale, 0),
            signed(before.map(|b| (link.total - b) / scale), 0),
            growth(targets::growth(Some(link.total), last_year)),
        ]);
        before = Some(link.total);
    }
    if links.is_empty() { String::new() } else { format!("{}\n", table.text()) }
}

fn regions_table(view: &View, split: &Split, shown: &Shown) -> String {
    let scale = scale(view, split.measure);
    let mut table = Table::new(&[6, 7]);
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
    table.row(headers.iter().map(|h| h.get(view.lang).to_owned()).collect());
    table.rule();
    for &node in &shown.nodes {
        let Some(target) = split.nodes.get(node) else { continue };
        let credit = (target.last_year > 0.0).then(|| target.credited / target.last_year - 1.0);
        table.row(vec![
            label(view, shown, node),
            number(target.last_year / scale, 0),
            number(target.credited / scale, 0),
            growth(credit),
            maybe(target.target.map(|t| t / scale), 0),
            growth(targets::growth(target.target, target.last_year)),
            say::why(target.why.word()).get(view.lang).to_owned(),
            target.reason.clone(),
        ]);
    }
    table.text()
}

fn months_table(view: &View, split: &Split, shown: &Shown) -> String {
    let scale = scale(view, split.measure);
    let mut table = Table::new(&[]);
    let mut header = vec![say::month_targets().get(view.lang).to_owned()];
    header.extend(targets::months(view, split.year).iter().map(|m| m.to_string()));
    table.row(header);
    table.rule();
    for &node in &shown.nodes {
        let mut cells = vec![label(view, shown, node)];
        cells.extend(by_month(view, split, node).into_iter().map(|x| maybe(x.map(|x| x / scale), 0)));
        table.row(cells);
    }
    table.text()
}
