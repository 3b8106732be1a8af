//! `lifecycle.csv`: new and retired products, and on what their numbers rest (R4, R5).

use super::View;
use super::data::Table;

use crate::messages::Text;
use crate::messages::report as say;
use crate::stages::lifecycle::{Event, Like, Note, age};

const HEADERS: [&str; 10] =
    ["region", "group", "product", "month", "event", "share", "units", "cautious", "optimistic", "basis"];

/// The first year of a product, in months.
const FIRST_YEAR: f64 = 12.0;

/// The file; the basis is in the run's language.
pub fn table(view: &View) -> Table {
    let (outlook, grid) = (view.outlook, &view.outlook.dataset.grid);
    let settings = &outlook.dataset.settings.lifecycle;
    let mut table = Table::new(HEADERS);
    for note in &outlook.point.baseline.notes {
        let series = grid.series[note.series];
        let units = outlook.point.units[(note.series, note.month)];
        let first_year = is_first_year(view, note);
        table.text(grid.regions.code(grid.regions.node_of(series.leaf)));
        table.text(&grid.products.groups[series.group]);
        table.text(&grid.products.codes[series.product]);
        table.month(outlook.months()[note.month]);
        table.text(word(&note.event));
        table.number(outlook.point.baseline.shares[(note.series, note.month)]);
        table.number(units);
        table.maybe(first_year.then_some(units * settings.cautious));
        table.maybe(first_year.then_some(units * settings.optimistic));
        table.text(basis(view, &note.event).get(view.lang));
        table.end();
    }
    table
}

/// Whether a note speaks of a product in its first year, whose numbers are a guess between two others.
pub fn is_first_year(view: &View, note: &Note) -> bool {
    let product = view.outlook.dataset.grid.series[note.series].product;
    let month = view.outlook.months()[note.month];
    let young = || view.known.launch(product).is_some_and(|l| (0.0..=FIRST_YEAR).contains(&age(l, month)));
    match note.event {
        Event::New { .. } | Event::Growing { .. } => true,
        Event::Succeeds { .. } => young(),
        Event::Retired { .. } | Event::NotYet | Event::Slipped { .. } | Event::OwnSales { .. } => false,
    }
}

/// Whether the share is a guess that nobody's `like` or `replaces` stands behind.
pub fn is_guess(event: &Event) -> bool {
    matches!(event, Event::New { like: Like::LastLaunches(_) | Like::SmallestHalf(_), .. })
}

/// The word for programs.
fn word(event: &Event) -> &'static str {
    match event {
        Event::Retired { .. } => "retired",
        Event::Succeeds { .. } => "succeeds",
        Event::NotYet => "not yet",
        Event::Slipped { .. } => "slipped",
        Event::New { .. } => "new",
        Event::Growing { .. } => "growing",
        Event::OwnSales { .. } => "own sales",
    }
}

fn basis(view: &View, event: &Event) -> Text {
    let products = &view.outlook.dataset.grid.products;
    let code = |p: &usize| products.codes[*p].as_str();
    match event {
        Event::Retired { successor } => say::retired(successor.as_ref().map(code)),
        Event::Succeeds { from, share, part } => say::succeeds(code(from), *share, *part),
        Event::NotYet => say::not_yet(),
        Event::Slipped { launch, .. } => say::slipped(*launch),
        Event::New { like, share, ramp, .. } => {
            let like = match like {
                Like::Named(p) => say::like_named(code(p)),
                Like::Replaced(p) => say::like_replaced(code(p)),
                Like::LastLaunches(n) => say::like_last_launches(*n),
                Like::SmallestHalf(n) => say::like_smallest_half(*n),
            };
            say::new_product(like, *share, *ramp)
        }
        Event::Growing { share, ramp } => say::growing(*share, *ramp),
        Event::OwnSales { base, months, season, growth, place } => {
            let place = place.as_ref().map(|p| p.to_string());
            say::own_sales(*base, *months, *season, *growth, place.as_deref())
        }
    }
}
