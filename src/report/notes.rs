//! What the rules did in this run, a line each: what a sales manager would ask about.

use std::collections::BTreeMap;

use super::communities::figures::Figures;
use super::communities::not_contracted;
use super::names::place_name;
use super::table::percent;
use super::{View, fit, lifecycle};
use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::communities as say_communities;
use crate::messages::report as say;
use crate::settings::Method;
use crate::stages::attainment::Count;
use crate::stages::level;
use crate::stages::lifecycle::Event;
use crate::stages::mix::Rule;
use crate::stages::revision::{Change, Step};

/// How many cases of one rule are told one by one.
const CASES: usize = 5;
/// How many products one line names.
const NAMES: usize = 8;

/// The lines, in the order of the method.
pub fn lines(view: &View) -> Vec<Text> {
    let article = view.outlook.dataset.settings.method() == Method::Article;
    let mut out: Vec<Text> = article.then(say::method_article).into_iter().chain([fit::line(view)]).collect();
    credits(view, &mut out);
    communities(view, &mut out);
    levels(view, &mut out);
    mix(view, &mut out);
    products(view, &mut out);
    attainment(view, &mut out);
    changes(view, &mut out, |step| matches!(step, Step::Frontline), say::frontline_used);
    progress(view, &mut out);
    changes(view, &mut out, |step| matches!(step, Step::Override), say::overrides_used);
    out.extend(super::lessons::lines(view));
    out
}

/// What new communities and renewals add.
fn communities(view: &View, out: &mut Vec<Text>) {
    let point = &view.outlook.point;
    let (Some(p), Some(added)) = (&point.communities, &point.baseline.added) else { return };
    let known = p.signings.ahead.rows().into_iter().take(p.record.named);
    let signing = known.filter(|row| row.iter().any(|x| *x > 0.0)).count();
    let part = added.sum() / point.baseline.units.sum();
    if part > 0.0 {
        out.push(say_communities::in_plan(signing, &percent(Some(part))));
        out.extend(not_contracted(&Figures::new(&view.known, p, view.outlook.horizon().units.view())));
    }
}

fn credits(view: &View, out: &mut Vec<Text>) {
    let mut credits: Vec<_> = view.outlook.point.credits.iter().collect();
    credits.sort_by(|a, b| (b.demand * (b.times - 1.0)).abs().total_cmp(&(a.demand * (a.times - 1.0)).abs()));
    for credit in credits.iter().take(CASES) {
        let grid = &view.outlook.dataset.grid;
        let (leaf, group) = grid.cell_key(credit.cell);
        let name = place_name(view, grid.regions.node_of(leaf), Scope::Group(group));
        let month = |t: usize| view.outlook.dataset.month(t);
        let reason = view.known.factors.get(credit.factor).map_or("", |f| f.reason.as_str());
        out.push(say::credited(&name, month(credit.months.0), month(credit.months.1), credit.times, reason));
    }
    if credits.len() > CASES {
        out.push(say::more_credits(credits.len() - CASES));
    }
}

/// Regions and groups whose level is not last year's: their growth is on something else.
fn levels(view: &View, out: &mut Vec<Text>) {
    let grid = &view.outlook.dataset.grid;
    let cells: Vec<usize> = (0..grid.cell_count()).filter(|c| !grid.in_cell(*c).is_empty()).collect();
    let Some(&month) = view.outlook.months().last() else { return };
    let (mut target, mut recent, mut nothing, mut fitted, mut young) = (0, 0, 0, 0, 0);
    for &cell in &cells {
        let level = view.outlook.point.level.get(cell, month);
        if level.is_some_and(|c| c.rule == level::Rule::Fitted && matches!(c.plain, level::Rule::Recent(_))) {
            young += 1;
        }
        match level.map(|c| c.rule) {
            Some(level::Rule::Target) => target += 1,
            Some(level::Rule::Recent(_)) => recent += 1,
            Some(level::Rule::Nothing) | None => nothing += 1,
            Some(level::Rule::Fitted) => fitted += 1,
            Some(level::Rule::SameMonth | level::Rule::Pair(_)) => {}
        }
    }
    let told = [(target, say::level_target as fn(usize, usize) -> Text), (recent, say::level_recent)];
    out.extend(told.into_iter().filter(|(n, _)| *n > 0).map(|(n, text)| text(n, cells.len())));
    if fitted > 0 && fitted < cells.len() {
        out.push(say::level_fitted(fitted, cells.len()));
    }
    if young > 0 {
        out.push(say::level_fitted_recent(young, cells.len()));
    }
    if nothing > 0 {
        out.push(say::level_nothing(nothing, cells.len()));
    }
}

fn mix(view: &View, out: &mut Vec<Text>) {
    let grid = &view.outlook.dataset.grid;
    let rules = &view.outlook.point.mix.rules;
    let cells: Vec<usize> = (0..grid.cell_count()).filter(|c| !grid.in_cell(*c).is_empty()).collect();
    let mut new_year: BTreeMap<usize, usize> = BTreeMap::new();
    let mut stockouts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut company = 0;
    // Where the first month's shares are fitted, no rule gave them.
    let combined = view.outlook.point.combined.as_ref();
    let fitted = |cell: usize| combined.is_some_and(|c| c.sum(grid.in_cell(cell), 0).is_some());
    for cell in cells.iter().copied().filter(|cell| !fitted(*cell)) {
        match rules[cell] {
            Rule::NewYear(t) => *new_year.entry(t).or_default() += 1,
            Rule::Stockouts(t) => *stockouts.entry(t).or_default() += 1,
            Rule::Company => company += 1,
            Rule::LastMonth | Rule::Equal => {}
        }
    }
    let month = |t: usize| view.outlook.dataset.month(t);
    out.extend(new_year.into_iter().map(|(t, n)| say::mix_averaged_new_year(n, cells.len(), month(t))));
    out.extend(stockouts.into_iter().map(|(t, n)| say::mix_averaged_stockouts(n, cells.len(), month(t))));
    if company > 0 {
        out.push(say::mix_of_company(company, cells.len()));
    }
}

/// New and retired products by what happens to them, each product once.
fn products(view: &View, out: &mut Vec<Text>) {
    let grid = &view.outlook.dataset.grid;
    let (mut retired, mut retiring, mut new, mut guessed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let first = view.outlook.months().first().copied();
    for note in &view.outlook.point.baseline.notes {
        let product = grid.series[note.series].product;
        match note.event {
            Event::Retired { .. } if view.known.retire(product) >= first => retiring.push(product),
            Event::Retired { .. } => retired.push(product),
            _ if lifecycle::is_guess(&note.event) => guessed.push(product),
            _ if lifecycle::is_first_year(view, note) => new.push(product),
            _ => {}
        }
    }
    let mut line = |mut products: Vec<usize>, text: fn(&str, usize) -> Text| {
        products.sort_unstable();
        products.dedup();
        if !products.is_empty() {
            let names: Vec<&str> = products.iter().take(NAMES).map(|p| grid.products.codes[*p].as_str()).collect();
            out.push(text(&names.join(", "), products.len() - names.len()));
        }
    };
    line(retired, say::retired_products);
    line(retiring, say::retiring_products);
    line(new, say::first_year_products);
    line(guessed, say::guessed_products);
}

fn attainment(view: &View, out: &mut Vec<Text>) {
    let counts = &view.outlook.point.attainment.counts;
    let cut: Vec<&Count> = counts.iter().filter(|c| c.factor < 1.0).collect();
    for count in cut.iter().take(CASES) {
        let name = place_name(view, count.node, count.scope);
        if count.lag == 0 {
            out.push(say::attainment_issued(&name, view.outlook.origin.made, count.factor));
            continue;
        }
        let over_forecast = count.push.map(|(sold, forecast)| sold / forecast - 1.0);
        out.push(say::attainment_cut(&name, count.factor, count.cover.zip(count.norm), over_forecast));
    }
    if cut.len() > CASES {
        out.push(say::more_cuts(cut.len() - CASES));
    }
    if cut.is_empty() && !counts.is_empty() {
        out.push(say::no_cut(counts.len()));
    }
}

/// The largest changes of a step, then how many there were.
fn changes(view: &View, out: &mut Vec<Text>, of: impl Fn(Step) -> bool, title: impl Fn(usize) -> Text) {
    let mut changes: Vec<&Change> = view.outlook.point.revision.changes.iter().filter(|c| of(c.step)).collect();
    if changes.is_empty() {
        return;
    }
    out.push(title(changes.len()));
    let moved = |c: &Change| (c.after - c.before).abs();
    changes.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
    for change in changes.iter().take(CASES) {
        let name = place_name(view, change.node, change.scope);
        let month = view.outlook.months()[change.month];
        let who: Vec<Text> = change.answers.iter().map(|(by, reason, _)| say::by_and_reason(by, reason)).collect();
        out.push(say::changed(month, &name, (change.before, change.given, change.after), &who));
    }
    if changes.len() > CASES {
        out.push(say::more_changes(changes.len() - CASES));
    }
}

fn progress(view: &View, out: &mut Vec<Text>) {
    let passed = view.outlook.point.revision.changes.iter().filter_map(|c| match c.step {
        Step::Progress(passed) => Some(passed),
        _ => None,
    });
    let passed: Vec<f64> = passed.collect();
    if let Some(most) = passed.iter().copied().reduce(f64::max) {
        out.push(say::progress_used(passed.len(), most));
    }
}
