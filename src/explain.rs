//! One number back through the stages: every step with its rule, where its inputs were read, and its arithmetic, so
//! that it can be redone with a pocket calculator.
//!
//! A leaf region x product is explained as a chain of steps; a region with others below it, the company, or a group of
//! products as the sum of its parts.

mod number;
pub mod find;
mod chain;
mod level;
mod stockout;
mod share;
mod fitted;
mod lifecycle;
mod channel;
mod community;
mod revise;
mod change;
mod parts;
mod short;
pub mod shown;
mod workings;
mod print;

use serde::{Serialize, Serializer};

use crate::messages::Text;
use crate::messages::explain as say;
use crate::month::Month;
use crate::outlook::Outlook;

pub use number::{Digits, Unit};
pub use workings::Workings;

/// One forecast with the arithmetic behind it.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// Region.
    pub region: Name,
    /// Product, or group of products.
    pub product: Name,
    /// The month forecast.
    #[serde(serialize_with = "month")]
    pub month: Month,
    /// Months after the one made.
    pub lag: i32,
    /// The month in which the forecast is made.
    #[serde(serialize_with = "month")]
    pub made: Month,
    /// `close` or `during`.
    pub mode: &'static str,
    /// How the steps were run: fitted, plain or article.
    pub method: &'static str,
    /// The last complete month.
    #[serde(serialize_with = "month")]
    pub cutoff: Month,
    /// The number in a planner's words; its parts add up as printed.
    pub short: Text,
    /// The steps, in their order.
    pub steps: Vec<StepLine>,
    /// Steps that were off or changed nothing.
    pub without_effect: Vec<Text>,
    /// The forecast, unrounded, in units.
    pub exact: f64,
    /// The forecast as it is reported, in units.
    pub whole: f64,
    /// Last year's sales, and the target of the month with its attainment.
    pub beside: Vec<StepLine>,
    /// What it is the sum of, where it is one.
    pub parts: Vec<Part>,
    /// With how many decimals it is printed.
    #[serde(skip)]
    pub digits: Digits,
}

/// A region or product: the folder's code, and the name for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Name {
    /// Code; empty for a company or a group that the folder does not name.
    pub code: String,
    /// Name; the code where there is none.
    pub name: String,
}

/// One step: what it is, its inputs, its arithmetic, its result.
#[derive(Clone, Debug, Serialize)]
pub struct StepLine {
    /// A short stable word for programs.
    pub id: &'static str,
    /// What it does.
    pub name: Text,
    /// Rule of the method (R1 to R12) and section of its equations (A to E).
    pub rule: &'static str,
    /// The arithmetic in numbers; empty where there is none.
    pub formula: String,
    /// What goes in.
    pub inputs: Vec<InputLine>,
    /// What stands beside it for several products.
    pub table: Option<Table>,
    /// What else is to be said.
    pub notes: Vec<Text>,
    /// What comes out.
    pub result: f64,
    /// What that counts.
    pub unit: Unit,
}

/// One input of a step.
#[derive(Clone, Debug, Serialize)]
pub struct InputLine {
    /// What it is.
    pub what: Text,
    /// Its value.
    pub value: f64,
    /// What that counts.
    pub unit: Unit,
    /// `file:line` where it was read.
    pub place: Option<String>,
}

/// A small table; the first column holds names.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// What the columns hold, the first one included.
    pub columns: Vec<Text>,
    /// Name, values, and where they were read.
    pub rows: Vec<TableRow>,
    /// What the values count.
    pub units: Vec<Unit>,
}

/// A row of a table.
#[derive(Clone, Debug, Serialize)]
pub struct TableRow {
    /// Of what.
    pub name: Text,
    /// The values; fewer than the columns where the last ones do not apply.
    pub values: Vec<f64>,
    /// `file:line` where its sales were read.
    pub place: Option<String>,
}

/// A part of a sum.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Its region.
    pub region: Name,
    /// Its product or group.
    pub product: Name,
    /// Unrounded, in units.
    pub exact: f64,
    /// As reported, in units.
    pub whole: f64,
}

fn month<S: Serializer>(month: &Month, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(month)
}

/// Explains the forecast of a region (by code or name; empty: the company) and a product or group (by code or name;
/// empty where the folder has one group only) in a month. An error says what is not known, and what may be meant.
pub fn explain(outlook: &Outlook, region: &str, product: &str, month: Month) -> Result<Explanation, Text> {
    let grid = &outlook.dataset.grid;
    let Some(k) = outlook.horizon().months.iter().position(|m| *m == month) else {
        return Err(say::month_not_forecast(month, &outlook.horizon().months));
    };
    let node = find::region(grid, region)?;
    of(&Workings::new(outlook), node, find::product(grid, product)?, k)
}

/// Explains the forecast of a region node and a product or group in a month ahead (by its index: first those forecast,
/// then those of the outlook, which nobody revises).
pub fn of<'a>(workings: &'a Workings<'a>, node: usize, found: find::Found, k: usize) -> Result<Explanation, Text> {
    use find::Found;
    let grid = &workings.outlook.dataset.grid;
    match (grid.regions.leaf_of(node), found) {
        (Some(leaf), Found::Product(product)) => match grid.find(leaf, product) {
            Some(series) => Ok(chain::explain(workings, series, k)),
            None => Err(say::not_sold_there(grid.products.name(product), grid.regions.name(node))),
        },
        _ => parts::explain(workings, node, found, k),
    }
}
