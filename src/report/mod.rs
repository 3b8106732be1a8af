//! What a run shows: each report is a function from an [`Outlook`] to bytes or a text. Nothing here touches a file.

pub mod cell;
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
pub mod rows;
pub mod plan;
pub mod changes;
pub mod notes;
pub mod exceptions;
pub mod chain;
pub mod summary;
pub mod blank;
pub mod accuracy;
pub mod backtest;
pub mod stock;
pub mod orders;
pub mod simulate;
pub mod growth;
pub mod communities;
pub mod page;

use std::sync::OnceLock;

use crate::changes::{self as since, Since};
use crate::dataset::Known;
use crate::exceptions::{self as worth, Exception};
use crate::messages::Lang;
use crate::outlook::Outlook;
use crate::stages::stock::Plan;

pub use crate::figures::{self, Figures};
pub use run::Source;

/// The names of all files that a run may write; a folder that holds others is not a run's.
pub const FILES: [&str; 16] = [
    "forecast.csv",
    "outlook.csv",
    "regions.csv",
    "targets.csv",
    "mix.csv",
    "fit.csv",
    "lifecycle.csv",
    "stock.csv",
    "transfers.csv",
    "suppliers.csv",
    "lost.csv",
    "changes.csv",
    "exceptions.csv",
    "warnings.csv",
    "run.json",
    page::FILE,
];

/// The names of the files of a stock plan alone.
pub const STOCK_FILES: [&str; 4] = ["stock.csv", "transfers.csv", "suppliers.csv", "lost.csv"];

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
        let known = outlook.known();
        let figures = Figures::new(outlook, &known);
        let changes: Vec<Option<Since>> =
            (0..outlook.months().len()).map(|k| since::since_last(outlook, &known, k)).collect();
        let exceptions = worth::find(outlook, &known, &figures, &changes);
        let months = outlook.months().iter().map(|m| m.to_string()).collect();
        let made = outlook.origin.made.to_string();
        View { outlook, known, figures, changes, exceptions, months, made, lang, stock: OnceLock::new() }
    }

    /// The stock plan without a budget, worked out once; none where no count of stock is visible.
    pub fn stock(&self) -> Option<&Plan> {
        self.stock.get_or_init(|| self.outlook.stock(None)).as_ref()
    }

    /// Every file of a run, by name: all of [`FILES`] but the page and those with nothing to say.
    pub fn files(&self, inputs: &[Source]) -> Vec<(String, Vec<u8>)> {
        let lifecycle = (!self.outlook.point.baseline.notes.is_empty()).then(|| lifecycle::csv(self));
        let files = [
            ("forecast.csv", Some(forecast::csv(self))),
            ("outlook.csv", Some(outlook::csv(self))),
            ("regions.csv", Some(regions::csv(self))),
            ("targets.csv", Some(targets::csv(self))),
            ("mix.csv", Some(mix::csv(self))),
            ("fit.csv", Some(fit::csv(self))),
            ("lifecycle.csv", lifecycle),
            ("changes.csv", changes::csv(self)),
            ("exceptions.csv", Some(exceptions::csv(self))),
            ("warnings.csv", Some(warnings::csv(self))),
            ("run.json", Some(run::json(self, inputs))),
        ];
        let mut files: Vec<(String, Vec<u8>)> =
            files.into_iter().filter_map(|(name, bytes)| Some((name.to_owned(), bytes?))).collect();
        if let Some(plan) = self.stock() {
            let before = files.len() - 2;
            files.splice(before..before, stock::files(self, plan));
        }
        files
    }
}
