//! What was sold to communities on a deposit and is not delivered yet: the units were sold, the rest of the money comes on
//! delivery.
//!
//! ```text
//! rest = units x max(0, price - deposit)      by month of delivery and centre
//! ```

use std::collections::BTreeMap;

use super::Report;
use crate::grid::Kind;
use crate::messages::deposits as say;
use crate::messages::{Lang, Text};
use crate::month::Month;
use crate::report::table::{NONE, Printed, number};

/// Units, and yuan paid and to be paid; none where a price is missing.
type Sums = (f64, f64, Option<f64>);

/// By month of delivery after the last complete one (first those not known) and centre.
fn open(report: &Report) -> BTreeMap<(Option<Month>, usize), Sums> {
    let known = &report.view.known;
    let (grid, list) = (&known.data.grid, &known.data.communities.list);
    let mut out: BTreeMap<(Option<Month>, usize), Sums> = BTreeMap::new();
    for (community, of) in list.iter().enumerate() {
        for sale in known.community_sales_of(community) {
            // A policy holds from the day it is sold: nothing of it is delivered.
            let goods = known.data.products[sale.product].kind != Some(Kind::Policy);
            let Some(deposit) = sale.deposit.filter(|_| goods) else { continue };
            if deposit.delivered.is_some_and(|month| month <= known.origin.cutoff) {
                continue;
            }
            let price = grid.find(of.leaf, sale.product).and_then(|s| report.view.figures.prices[s]);
            let sums = out.entry((deposit.delivered, grid.regions.node_of(of.leaf))).or_insert((0.0, 0.0, Some(0.0)));
            sums.0 += sale.units;
            sums.1 += sale.units * deposit.yuan;
            sums.2 = sums.2.zip(price).map(|(sum, price)| sum + sale.units * (price - deposit.yuan).max(0.0));
        }
    }
    out
}

/// The section of the page; empty where nothing waits for its delivery.
pub fn section(report: &Report, lang: Lang) -> String {
    let open = open(report);
    if open.is_empty() {
        return String::new();
    }
    let word = |text: Text| text.get(lang).to_owned();
    let (regions, yuan) = (&report.view.known.data.grid.regions, report.yuan());
    let money = |x: f64| number(x / yuan, if yuan > 1.0 { 1 } else { 0 });
    let mut table = Printed::new(&[0, 1]);
    let head = [say::delivered(), say::region(), say::units(), say::deposits(), say::rest()];
    table.head(head.into_iter().map(word).collect());
    for ((month, node), (units, paid, rest)) in open {
        let month = month.map_or_else(|| word(say::not_known()), |month| month.to_string());
        let rest = rest.map_or_else(|| NONE.to_owned(), money);
        table.row(vec![month, regions.name(node).to_owned(), number(units, 0), money(paid), rest]);
    }
    format!("{}\n{}", word(say::title()), table.text())
}
