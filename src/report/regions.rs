//! `regions.csv`: every region, group and month, from the company down.

use serde::Serialize;

use super::View;
use super::data::Table;
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
    pub last_year: Option<f64>,
    pub base: f64,
    pub base_growth: Option<f64>,
    pub growth: Option<f64>,
    pub forecast: f64,
    pub forecast_exact: f64,
    pub target: Option<f64>,
    pub attainment: Option<f64>,
    pub attainment_factor: f64,
    pub year_to_date: f64,
    pub year_target: Option<f64>,
    pub year_outlook: f64,
    pub gap: Option<f64>,
    /// low80, high80, low95, high95.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 4]>,
}

/// The rows, by node, group and month.
pub fn rows<'v>(view: &'v View) -> impl Iterator<Item = Row<'v>> {
    let (outlook, grid) = (view.outlook, &view.outlook.dataset.grid);
    view.figures.rows.iter().map(move |row| {
        let month = outlook.months()[row.month];
        Row {
            region: grid.regions.code(row.node),
            group: &grid.products.groups[row.group],
            month,
            lag: outlook.origin.lag(month),
            last_year: row.last_year,
            base: row.base,
            base_growth: row.base_growth,
            growth: row.growth,
            forecast: row.forecast,
            forecast_exact: row.exact,
            target: row.target,
            attainment: row.attainment,
            attainment_factor: row.attainment_factor,
            year_to_date: row.year_to_date,
            year_target: row.year_target,
            year_outlook: row.year_outlook,
            gap: row.gap,
            bounds: outlook.node_bounds(row.node, row.group, row.month, (row.exact, row.forecast)),
        }
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
        table.number(row.forecast_exact);
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
