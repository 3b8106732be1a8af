//! `regions.csv`: every region, group and month, from the company down.

use std::ops::Deref;

use serde::Serialize;

use super::View;
use super::data::Table;
use super::figures;
use super::forecast::BOUNDS;
use crate::month::Month;

const HEADERS: [&str; 17] = [
    "region",
    "group",
    "month",
    "lag",
    "last_year",
    "base",
    "base_growth",
    "growth",
    "forecast",
    "forecast_exact",
    "target",
    "attainment",
    "attainment_factor",
    "year_to_date",
    "year_target",
    "year_outlook",
    "gap",
];

/// One row, as `--json` prints it; the fields are the columns.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Row<'a> {
    pub region: &'a str,
    pub group: &'a str,
    pub month: Month,
    pub lag: i32,
    /// The figures, which can be asked for as fields of the row.
    #[serde(flatten)]
    pub of: &'a figures::Row,
    /// low80, high80, low95, high95.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 4]>,
}

impl Deref for Row<'_> {
    type Target = figures::Row;

    fn deref(&self) -> &figures::Row {
        self.of
    }
}

/// The rows, by node, group and month.
pub fn rows<'v>(view: &'v View) -> impl Iterator<Item = Row<'v>> {
    let (outlook, grid) = (view.outlook, &view.outlook.dataset.grid);
    view.figures.rows.iter().map(move |of| {
        let month = outlook.months()[of.month];
        let bounds = outlook.node_bounds(of.node, of.group, of.month, (of.exact, of.forecast));
        let (region, group) = (grid.regions.code(of.node), &grid.products.groups[of.group]);
        Row { region, group, month, lag: outlook.origin.lag(month), of, bounds }
    })
}

/// The file.
pub fn table(view: &View) -> Table {
    let mut table = Table::new(HEADERS.into_iter().chain(BOUNDS));
    for row in rows(view) {
        table.text(row.region);
        table.text(row.group);
        table.month(row.month);
        table.whole(i64::from(row.lag));
        table.maybe(row.last_year);
        table.number(row.base);
        table.maybe(row.base_growth);
        table.maybe(row.growth);
        table.number(row.forecast);
        table.number(row.exact);
        table.maybe(row.target);
        table.maybe(row.attainment);
        table.number(row.attainment_factor);
        table.number(row.year_to_date);
        table.maybe(row.year_target);
        table.number(row.year_outlook);
        table.maybe(row.gap);
        table.bounds(row.bounds);
        table.end();
    }
    table
}
