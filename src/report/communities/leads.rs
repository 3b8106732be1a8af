//! What became of those who were asked: `leads.csv`, and on the page why they did not buy.

use std::collections::BTreeMap;

use super::Report;
use crate::dataset::leads::Outcome;
use crate::grid::Scope;
use crate::messages::leads as say;
use crate::messages::{Lang, Text};
use crate::month::Month;
use crate::report::data::Table;
use crate::report::table::{Printed, number};

/// The file.
pub const NAME: &str = "leads";
const HEADERS: [&str; 7] = ["region", "month", "product", "intent", "outcome", "reason", "leads"];
/// Months of leads on the page, to the cutoff.
const YEAR: i32 = 12;

/// Where and when somebody was asked for what, how much he wanted it, what came of it and why: what is counted together.
type Key<'a> = (usize, Month, &'a str, &'a str, &'static str, &'a str);

/// Leads by centre, month, product and intent with what became of them, as known at the cutoff.
fn told<'a>(report: &'a Report) -> BTreeMap<Key<'a>, usize> {
    let known = &report.view.known;
    let grid = &known.data.grid;
    let mut out = BTreeMap::new();
    for (lead, ended) in known.leads() {
        let Some(leaf) = report.projection.record.leaf.get(lead.community) else { continue };
        let product = match lead.scope {
            Scope::Product(product) => grid.products.codes[product].as_str(),
            Scope::Group(group) => grid.products.groups[group].as_str(),
            Scope::All => "",
        };
        // What came of it later is not known yet.
        let outcome = ended.map_or(Outcome::Open, |_| lead.outcome);
        let reason = if outcome == Outcome::Open { "" } else { lead.reason.as_str() };
        let node = grid.regions.node_of(*leaf);
        *out.entry((node, lead.month, product, lead.intent.as_str(), outcome.word(), reason)).or_default() += 1;
    }
    out
}

/// `leads.csv`: leads by centre, month, product, intent, outcome and reason; none where nobody was asked.
pub fn table(report: &Report) -> Option<Table> {
    let regions = &report.view.known.data.grid.regions;
    let mut table = Table::new(HEADERS);
    let told = told(report);
    for ((node, month, product, intent, outcome, reason), leads) in &told {
        table.text(regions.code(*node));
        table.month(*month);
        table.text(product);
        table.text(intent);
        table.text(outcome);
        table.text(reason);
        table.whole(*leads as i64);
        table.end();
    }
    (!told.is_empty()).then_some(table)
}

/// The last year's leads by product and by centre: how many bought, are open, or did not buy and why. Empty where there
/// are none.
pub fn section(report: &Report, lang: Lang) -> String {
    let (regions, cutoff) = (&report.view.known.data.grid.regions, report.view.outlook.origin.cutoff);
    let from = cutoff.plus(1 - YEAR);
    let told: Vec<(Key, usize)> = told(report).into_iter().filter(|(key, _)| key.1 >= from).collect();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for ((.., outcome, reason), leads) in &told {
        if *outcome == Outcome::Lost.word() {
            *reasons.entry(reason).or_default() += leads;
        }
    }
    let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, leads)| std::cmp::Reverse(*leads));
    let word = |text: Text| text.get(lang).to_owned();
    let all: usize = told.iter().map(|(_, leads)| leads).sum();
    if all == 0 {
        return String::new();
    }
    let mut table = Printed::new(&[]);
    let mut head = vec![String::new(), word(say::asked()), word(say::bought()), word(say::open())];
    let named = |reason: &str| if reason.is_empty() { word(say::no_reason()) } else { reason.to_owned() };
    head.extend(reasons.iter().map(|(reason, _)| named(reason)));
    table.head(head);
    let mut row = |name: String, counts: &dyn Fn(&Key) -> bool| {
        let count = |fits: &dyn Fn(&Key) -> bool| -> String {
            let leads = told.iter().filter(|(key, _)| counts(key) && fits(key)).map(|(_, leads)| *leads);
            number(leads.sum::<usize>() as f64, 0)
        };
        let ended = |outcome: Outcome| count(&move |key: &Key| key.4 == outcome.word());
        let mut cells = vec![name, count(&|_| true), ended(Outcome::Bought), ended(Outcome::Open)];
        let lost = |reason: &str| count(&|key: &Key| key.4 == Outcome::Lost.word() && key.5 == reason);
        cells.extend(reasons.iter().map(|(reason, _)| lost(reason)));
        table.row(cells);
    };
    row(word(say::all()), &|_| true);
    let mut products: Vec<&str> = told.iter().map(|(key, _)| key.2).collect();
    products.sort_unstable();
    products.dedup();
    for product in products {
        row(if product.is_empty() { word(say::anything()) } else { product.to_owned() }, &|key| key.2 == product);
    }
    let mut nodes: Vec<usize> = told.iter().map(|(key, _)| key.0).collect();
    nodes.sort_unstable();
    nodes.dedup();
    for node in nodes {
        row(regions.name(node).to_owned(), &|key| key.0 == node);
    }
    format!("{}\n{}", word(say::title(all, from, cutoff)), table.text())
}
