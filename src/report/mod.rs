//! What a run shows: each report is a function from an [`Outlook`] to a [`Table`], to bytes or to a text. Nothing here touches a file.

pub mod cell;
pub mod columns;
pub mod data;
pub mod steps;
pub mod forecast;
pub mod ledger;
pub mod outlook;
pub mod regions;
pub mod mix;
pub mod lessons;
pub mod fit;
pub mod targets;
pub mod lifecycle;
pub mod warnings;
pub mod run;
pub mod table;
pub mod names;
pub mod rows;
pub mod plan;
pub mod read;
pub mod changes;
pub mod notes;
pub mod exceptions;
pub mod chain;
pub mod reception;
pub mod summary;
pub mod blank;
pub mod accuracy;
pub mod backtest;
pub mod stock;
pub mod papers;
pub mod orders;
pub mod simulate;
pub mod growth;
pub mod communities;
pub mod answers;
pub mod workbook;
pub mod page;
#[cfg(feature = "parquet")]
pub mod parquet;

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::changes::{self as since, Since};
use crate::dataset::Known;
use crate::exceptions::{self as worth, Exception};
use crate::messages::Lang;
use crate::outlook::Outlook;
use crate::stock::Plan;

pub use crate::figures::{self, Figures};
pub use data::Table;
pub use run::Source;

/// The names of the tables of a run that [`View::table`] gives, in the order in which they are written.
pub const TABLES: [&str; 10] =
    ["forecast", "outlook", "regions", "targets", "mix", "fit", "lifecycle", "changes", "exceptions", "warnings"];

/// The names of the tables of a stock plan.
pub const STOCK_TABLES: [&str; 8] =
    ["stock", "transfers", "suppliers", "chase", "reschedule", "late", "overstock", "lost"];

/// How the tables of a run are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text that a planner can open and a repository can diff.
    #[default]
    Csv,
    /// Columns with types.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// Every format that this build can write.
pub const FORMATS: &[Format] = &[
    Format::Csv,
    #[cfg(feature = "parquet")]
    Format::Parquet,
];

impl Format {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => ".csv",
            #[cfg(feature = "parquet")]
            Format::Parquet => ".parquet",
        }
    }

    /// The name of a table's file, and its bytes.
    pub fn encode(self, name: &str, table: &Table) -> (String, Vec<u8>) {
        let bytes = match self {
            Format::Csv => table.csv(),
            #[cfg(feature = "parquet")]
            Format::Parquet => parquet::bytes(table),
        };
        (format!("{name}{}", self.ending()), bytes)
    }

    /// The same for several.
    pub fn encode_all(self, tables: &[(&str, Table)]) -> Vec<(String, Vec<u8>)> {
        tables.par_iter().map(|(name, table)| self.encode(name, table)).collect()
    }
}

/// What `plan` writes beside its tables, where it is asked for; a folder that is small gets a workbook and a page by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// The workbook.
    pub workbook: Option<bool>,
    /// The page.
    pub page: Option<bool>,
    /// A workbook for each region's front line.
    pub frontline: bool,
}

/// An outlook as the reports look at it: what was visible, the figures of regions, the language.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// The run.
    pub outlook: &'a Outlook,
    /// The data as visible at its origin.
    pub known: Known<'a>,
    /// The numbers of regions, groups and months.
    pub figures: Figures,
    /// Each month forecast beside its last version; none where it was not issued before.
    pub changes: Vec<Option<Since<'a>>>,
    /// What is worth a planner's look, the most units at stake first.
    pub exceptions: Vec<Exception>,
    /// The months forecast, as written.
    pub months: Vec<String>,
    /// The month made, as written.
    pub made: String,
    /// The language of what is said.
    pub lang: Lang,
    /// The stock plan, once somebody asked for it.
    stock: OnceLock<Option<Plan>>,
}

/// Folders of up to so many series are small: everything is written for them unless they are asked not to.
pub const SMALL: usize = 2_000;

/// Whether a folder is small.
pub fn is_small(view: &View) -> bool {
    view.outlook.dataset.grid.series.len() <= SMALL
}

impl<'a> View<'a> {
    /// Works the figures out.
    pub fn new(outlook: &'a Outlook, lang: Lang) -> View<'a> {
        let mut view = View::of_part(outlook, lang);
        let changes = (0..outlook.months().len()).map(|k| since::since_last(outlook, &view.known, k));
        view.changes = changes.collect();
        view.exceptions = worth::find(outlook, &view.known, &view.figures, &view.changes);
        view
    }

    /// The same without what looks at all regions: of a part of them (see [`crate::across`]).
    pub fn of_part(outlook: &'a Outlook, lang: Lang) -> View<'a> {
        let known = outlook.known();
        let figures = Figures::new(outlook, &known);
        let months = outlook.months().iter().map(|m| m.to_string()).collect();
        let made = outlook.origin.made.to_string();
        let (changes, exceptions, stock) = (Vec::new(), Vec::new(), OnceLock::new());
        View { outlook, known, figures, changes, exceptions, months, made, lang, stock }
    }

    /// The stock plan without a budget, worked out once; none where no count of stock is visible.
    pub fn stock(&self) -> Option<&Plan> {
        self.stock.get_or_init(|| self.outlook.stock(None)).as_ref()
    }

    /// One of [`TABLES`]; none where there is no such table or nothing to say in it.
    pub fn table(&self, name: &str) -> Option<Table> {
        Some(match name {
            "forecast" => forecast::table(self),
            "outlook" => outlook::table(self),
            "regions" => regions::table(self),
            "targets" => targets::table(self),
            "mix" => mix::table(self),
            "fit" => fit::table(self),
            "lifecycle" if !self.outlook.point.baseline.notes.is_empty() => lifecycle::table(self),
            "changes" => return changes::table(self),
            "exceptions" => exceptions::table(self),
            "warnings" => warnings::table(self),
            _ => return None,
        })
    }

    /// Every table of a run, by name; those with nothing to say are left out.
    pub fn tables(&self) -> Vec<(&'static str, Table)> {
        let mut tables: Vec<(&str, Table)> =
            TABLES.into_par_iter().filter_map(|name| Some((name, self.table(name)?))).collect();
        if let Some(plan) = self.stock() {
            let before = tables.len() - 1;
            tables.splice(before..before, stock::tables(self, plan));
        }
        tables
    }
}

/// Every file that `plan` writes, by name; those of the front line, which are last, with the name of their folder.
/// `name` is what pages call the data.
pub fn written<'v>(
    view: &'v View<'v>,
    name: &str,
    inputs: &[Source],
    format: Format,
    beside: Beside,
) -> Vec<(String, Vec<u8>)> {
    let (tables, small) = (view.tables(), is_small(view));
    let mut files = format.encode_all(&tables);
    files.push(("run.json".to_owned(), run::json(view, inputs)));
    if beside.workbook.unwrap_or(small) {
        files.push((workbook::FILE.to_owned(), workbook::plan(view, &tables, inputs)));
    }
    if beside.page.unwrap_or(small) {
        files.push((page::FILE.to_owned(), page::html(view, name)));
    }
    if beside.frontline {
        let regions = workbook::of_regions(view, inputs);
        files.extend(regions.into_iter().map(|(name, bytes)| (format!("{}/{name}", workbook::FOLDER), bytes)));
    }
    files
}
