//! `exceptions.csv` and the page's section on it: what is worth a planner's look.

use std::borrow::Cow;

use serde::Serialize;

use super::View;
use super::cell::settled;
use super::changes::in_words;
use super::data::Table;
use super::names::{decimals, place_name, region_name};
use super::table::{number, percent};
use crate::exceptions::{Concern, Exception, Kind, Reason, Unusual, concerns, first};
use crate::grid::Scope;
use crate::messages::Text;
use crate::messages::exceptions as say;
use crate::messages::workbook as sheets;
use crate::month::Month;
use crate::stages::reception::Mark;

const HEADERS: [&str; 12] =
    ["kind", "region", "group", "product", "month", "units", "found", "against", "low", "high", "place", "message"];
/// How many a page shows first ...
pub const SHOWN: usize = 10;
/// Regions that are named of one problem.
const WORST: usize = 3;
/// ... and of one kind, while there are others.
pub const OF_A_KIND: usize = 3;

/// One row, as `--json` prints it; the fields are the columns.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Row<'a> {
    pub kind: &'static str,
    pub region: &'a str,
    pub group: &'a str,
    pub product: &'a str,
    pub month: Month,
    /// Units at stake.
    pub units: f64,
    /// The number that stands out, what it is compared with, and within which it would not.
    pub found: f64,
    pub against: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub place: Cow<'a, str>,
    pub message: String,
}

/// The rows, the most units at stake first.
pub fn rows<'v>(view: &'v View) -> impl Iterator<Item = Row<'v>> {
    let grid = &view.outlook.dataset.grid;
    view.exceptions.iter().map(move |one| {
        let (group, product) = match one.scope {
            Scope::All => ("", ""),
            Scope::Group(_) => (grid.scope_code(one.scope), ""),
            Scope::Product(p) => (grid.scope_code(Scope::Group(grid.products.group[p])), grid.scope_code(one.scope)),
        };
        Row {
            kind: one.kind.word(),
            region: grid.regions.code(one.node),
            group,
            product,
            month: one.month,
            units: settled(one.units),
            found: settled(one.found),
            against: one.against.map(settled),
            low: one.within.map(|(low, _)| settled(low)),
            high: one.within.map(|(_, high)| settled(high)),
            place: place(&one.kind),
            message: sentence(view, one).get(view.lang).to_owned(),
        }
    })
}

/// Where what an exception speaks of stands.
fn place(kind: &Kind) -> Cow<'_, str> {
    match kind {
        Kind::FrontLine(_, place) => place.into(),
        Kind::Received(finding) => finding.place.as_ref().map(|place| place.to_string()).unwrap_or_default().into(),
        _ => "".into(),
    }
}

/// The file.
pub fn table(view: &View) -> Table {
    let mut table = Table::new(HEADERS).with("units", |head| head.titled(sheets::at_stake()));
    for row in rows(view) {
        table.text(row.kind);
        [row.region, row.group, row.product].into_iter().for_each(|code| table.text(code));
        table.month(row.month);
        table.number(row.units);
        table.number(row.found);
        [row.against, row.low, row.high].into_iter().for_each(|x| table.maybe(x));
        table.text(&row.place);
        table.text(&row.message);
        table.end();
    }
    table
}

/// The lines of the page, one a problem; how many problems there are.
pub fn section(view: &View) -> (usize, Vec<Text>) {
    let all = concerns(&view.exceptions);
    let shown = first(&all, SHOWN, OF_A_KIND);
    let mut lines: Vec<Text> = shown.iter().map(|one| concern(view, one)).collect();
    if all.len() > lines.len() {
        lines.push(say::more(all.len() - lines.len()));
    }
    (all.len(), lines)
}

/// One problem in words: its first row, and how many others say the same, the leaf regions with most at stake by name.
fn concern(view: &View, of: &Concern) -> Text {
    let said = sentence(view, of.head);
    if of.others.is_empty() {
        return said;
    }
    let regions = &view.outlook.dataset.grid.regions;
    let mut worst: Vec<(usize, String)> = Vec::new();
    let (head, is_target) = (of.head, matches!(of.head.kind, Kind::YearTarget(..)));
    let of_kind = of.others.iter().filter(|o| is_target && o.kind.word() == head.kind.word() && o.month == head.month);
    for other in of_kind.filter(|o| regions.leaf_of(o.node).is_some()) {
        worst.push((other.node, number(other.units, 0)));
    }
    let worst: Vec<(String, String)> =
        worst.into_iter().take(WORST).map(|(node, units)| (region_name(view, node), units)).collect();
    let others = say::and_others(of.others.len(), &worst);
    Text { en: said.en + &others.en, zh: said.zh + &others.zh }
}

/// One exception in words.
pub(super) fn sentence(view: &View, one: &Exception) -> Text {
    let grid = &view.outlook.dataset.grid;
    let name = place_name(view, one.node, one.scope);
    let decimals = grid.groups_of(one.scope).map(|group| decimals(view, group)).max().unwrap_or(0);
    let print = |x: f64| number(x, decimals);
    // As far apart as the numbers that are printed.
    let step = 10_f64.powi(decimals as i32);
    let apart = one.against.map_or(one.units, |x| ((x * step).round() - (one.found * step).round()).abs() / step);
    let (found, against, units) = (print(one.found), one.against.map(print).unwrap_or_default(), print(apart));
    let within = one.within.map(|(low, high)| (print(low), print(high)));
    let within = within.as_ref().map(|(low, high)| (low.as_str(), high.as_str()));
    match &one.kind {
        Kind::Received(finding) => {
            let counted = print(finding.counted_as);
            let at = place(&one.kind);
            match finding.kind {
                Mark::NotReported => say::not_reported(&name, one.month, &at, &against),
                Mark::Closed => say::closed(&name, one.month, (&against, &counted)),
                _ => say::odd(&name, one.month, &at, (&found, &against, &counted)),
            }
        }
        Kind::Unusual(of) => {
            let part = percent(one.against.filter(|x| *x > 0.0).map(|x| one.found / x));
            match of {
                Unusual::Month => say::low_month(one.month, &part),
                Unusual::Product => say::low_product(&name, one.month, (&found, &against, &part)),
                Unusual::Region => say::high_region(&name, one.month, (&found, &against)),
                Unusual::Base => say::odd_base(one.month, (&found, &against, &part)),
            }
        }
        Kind::Changed(change) => {
            let (moved, causes) = in_words(change, decimals);
            say::changed(&name, one.month, (&found, &against, &moved), causes)
        }
        Kind::Missed(made) => say::missed(&name, one.month, *made, (&found, &against), within.unwrap_or_default()),
        Kind::Bias(months) => {
            let limit = number(one.within.map_or(0.0, |(_, high)| high), 1);
            say::bias(&name, one.found > 0.0, &number(one.units, 1), *months, (&number(one.found, 1), &limit))
        }
        Kind::FrontLine(by, _) => say::front_line(&name, one.month, by, (&found, &against), within),
        Kind::MonthTarget => {
            say::month_target(&name, one.month, (&found, &against, &units), within.map(|(_, high)| high))
        }
        Kind::YearTarget(year, likely) => say::year_target(&name, *year, (&found, &against, &units), *likely),
        Kind::Stockout => say::stockout(&name, one.month, (&found, &against, &units)),
        Kind::Unsold(since) => say::unsold(&name, one.month, *since, &found),
        Kind::NoForecast(reason) => {
            let why = match reason {
                Reason::LastSold(month) => say::last_sold(*month),
                Reason::NeverSold => say::never_sold(),
                Reason::NoLevel => say::no_level(),
                Reason::Slipped(launch) => say::slipped(*launch),
            };
            say::no_forecast(&name, why)
        }
    }
}
