//! `forecast.csv`: every region, product and month.

use serde::Serialize;

use super::View;
use super::data::Table;
use crate::month::Month;

const HEADERS: [&str; 8] = ["region", "product", "month", "lag", "mode", "made", "units", "units_exact"];
/// Bounds that hold the actual in 80 and 95 of 100 cases.
pub const BOUNDS: [&str; 4] = ["low80", "high80", "low95", "high95"];

/// One row.
#[derive(Clone, Debug, Serialize)]
pub struct Row<'a> {
    /// Region code.
    pub region: &'a str,
    /// Product code.
    pub product: &'a str,
    /// Month, 2024-02.
    pub month: Month,
    /// Months after the one made.
    pub lag: i32,
    /// `close` or `during`.
    pub mode: &'static str,
    /// The month made.
    pub made: Month,
    /// Units, whole where the group's are.
    pub units: f64,
    /// Units before rounding.
    pub units_exact: f64,
    /// Units times price, in the settings' unit of money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<f64>,
    /// Bounds that hold the actual in 80 and 95 of 100 cases: low80, high80, low95, high95; none without past errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 4]>,
}

/// The rows, by region, group, product and month.
pub fn rows<'v>(view: &'v View) -> impl Iterator<Item = Row<'v>> {
    let (outlook, grid) = (view.outlook, &view.outlook.dataset.grid);
    let yuan = outlook.dataset.settings.units.money.yuan();
    let forecast = grid.series.iter().enumerate().filter(|(s, _)| view.figures.is_forecast[*s]);
    forecast.flat_map(move |(s, series)| {
        let region = grid.regions.code(grid.regions.node_of(series.leaf));
        let product = grid.products.codes[series.product].as_str();
        outlook.months().iter().enumerate().map(move |(k, month)| {
            let units = outlook.point.units[(s, k)];
            Row {
                region,
                product,
                month: *month,
                lag: outlook.origin.lag(*month),
                mode: outlook.origin.mode.word(),
                made: outlook.origin.made,
                units,
                units_exact: outlook.point.revision.exact[(s, k)],
                bounds: outlook.bounds(&view.known, s, k),
                revenue: view.figures.prices[s].map(|price| units * price / yuan),
            }
        })
    })
}

/// The file. The column `revenue` is there where any price is known.
pub fn table(view: &View) -> Table {
    let money = view.figures.any_price;
    let mut table = Table::new(HEADERS.into_iter().chain(money.then_some("revenue")).chain(BOUNDS));
    for row in rows(view) {
        table.text(row.region);
        table.text(row.product);
        table.month(row.month);
        table.whole(i64::from(row.lag));
        table.text(row.mode);
        table.month(row.made);
        table.number(row.units);
        table.number(row.units_exact);
        if money {
            table.maybe(row.revenue);
        }
        table.bounds(row.bounds);
        table.end();
    }
    table
}
