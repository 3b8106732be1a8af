//! One file of the ledger: every number of every source of a forecast, as it is issued.

use super::View;
use super::data::Table;

use crate::dataset::ledger::{STEPS, Source, Step, WITHOUT_EVENTS};
use crate::error::Place;
use crate::grid::{COMPANY, Scope};
use crate::month::Month;
use crate::schema;

/// The folder of the files.
pub const FOLDER: &str = "ledger";

/// The name of the file of a month made: `2024-02.csv`, a correction `2024-02.2.csv`.
pub fn name(made: Month, version: u32) -> String {
    if version == 1 { format!("{made}.csv") } else { format!("{made}.{version}.csv") }
}

/// The file: rows by month; first what was said, then the series by region, group and product, each with its steps.
/// A correction has a number over 1 and says why it was issued.
pub fn table(view: &View, version: u32, why: Option<&str>) -> Table {
    let header = schema::Table::Ledger.columns().iter().map(|column| column.name);
    let outlook = view.outlook;
    let mut ledger = Ledger { table: Table::new(header), view, version, month: outlook.origin.made, lag: 0 };
    for (k, &month) in outlook.months().iter().enumerate() {
        (ledger.month, ledger.lag) = (month, outlook.origin.lag(month));
        if let Some(reason) = why {
            let company = (COMPANY, Scope::All);
            ledger.row(company, Source::Correction.word(), f64::from(version), Rest { reason, ..Rest::default() });
        }
        ledger.said(month);
        ledger.series(k);
    }
    ledger.table
}

struct Ledger<'v, 'a> {
    table: Table,
    view: &'v View<'a>,
    version: u32,
    month: Month,
    lag: i32,
}

/// What stands behind the units of a row.
#[derive(Default)]
struct Rest<'a> {
    bounds: Option<[f64; 4]>,
    cover: Option<f64>,
    norm: Option<f64>,
    passed: Option<f64>,
    by: &'a str,
    reason: &'a str,
    place: Option<&'a Place>,
}

impl Ledger<'_, '_> {
    fn row(&mut self, (node, scope): (usize, Scope), source: &str, units: f64, rest: Rest) {
        let grid = &self.view.outlook.dataset.grid;
        let table = &mut self.table;
        table.month(self.view.outlook.origin.made);
        table.whole(i64::from(self.version));
        table.text(self.view.outlook.origin.mode.word());
        table.day(self.view.outlook.origin.as_of);
        table.month(self.month);
        table.whole(i64::from(self.lag));
        table.text(grid.regions.code(node));
        table.text(grid.scope_code(scope));
        table.text(source);
        table.number(units);
        table.bounds(rest.bounds);
        [rest.cover, rest.norm, rest.passed].into_iter().for_each(|x| table.maybe(x));
        table.text(rest.by);
        table.text(rest.reason);
        table.text(&rest.place.map(Place::to_string).unwrap_or_default());
        table.end();
    }

    /// What people and counts say of a month.
    fn said(&mut self, month: Month) {
        let (outlook, known) = (self.view.outlook, &self.view.known);
        let (grid, calendar) = (&outlook.dataset.grid, &outlook.dataset.calendar);
        let company = (COMPANY, Scope::All);
        self.row(company, Source::Calendar.word(), calendar.selling_days(month), Rest::default());
        for cell in 0..grid.cell_count() {
            let (leaf, group) = grid.cell_key(cell);
            if let Some(units) = outlook.point.targets.units(known, cell, month) {
                let key = (grid.regions.node_of(leaf), Scope::Group(group));
                self.row(key, Source::Target.word(), units, Rest::default());
            }
        }
        let lag = self.lag;
        for count in outlook.point.attainment.counts.iter().filter(|count| count.lag == lag) {
            let (cover, norm) = (count.cover, count.norm);
            let rest = Rest { cover, norm, place: Some(&count.place), ..Rest::default() };
            self.row((count.node, count.scope), Source::Channel.word(), count.stock, rest);
        }
        for (source, answers) in [(Source::Front, &known.frontline), (Source::Override, &known.overrides)] {
            for answer in answers.iter().filter(|a| a.month == month) {
                let (by, reason, place) = (answer.by.as_str(), answer.reason.as_str(), Some(&answer.place));
                let rest = Rest { by, reason, place, ..Rest::default() };
                let Some(units) = outlook.point.revision.units_of(answer) else { continue };
                self.row((answer.node, answer.scope), source.word(), units, rest);
            }
        }
        let to_date = if self.lag == 0 { known.progress.as_slice() } else { &[] };
        for row in to_date {
            let passed = Some(calendar.elapsed(row.as_of));
            let rest = Rest { passed, place: Some(&row.place), ..Rest::default() };
            self.row((row.node, row.scope), Source::ToDate.word(), row.units, rest);
        }
    }

    /// The forecast of a month, series by series: the first step, the last one, and those between that changed it.
    fn series(&mut self, k: usize) {
        let outlook = self.view.outlook;
        let (grid, steps) = (&outlook.dataset.grid, outlook.steps());
        for (s, series) in grid.series.iter().enumerate().filter(|(s, _)| self.view.figures.is_forecast[*s]) {
            let key = (grid.regions.node_of(series.leaf), Scope::Product(series.product));
            if let Some(units) = outlook.without_events(s, k) {
                self.row(key, WITHOUT_EVENTS, units, Rest::default());
            }
            let mut before = None;
            for (step, units) in STEPS.into_iter().zip(steps) {
                let units = units[(s, k)];
                let last = step == Step::Final;
                if last || before != Some(units) {
                    let bounds = if last { outlook.bounds(&self.view.known, s, k) } else { None };
                    self.row(key, step.word(), units, Rest { bounds, ..Rest::default() });
                }
                before = Some(units);
            }
        }
    }
}
