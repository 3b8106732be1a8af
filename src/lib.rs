//! Monthly sales forecasts that add up, explain themselves and get better at every revision.
//!
//! ```
//! use yugu::prelude::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let today = chrono::NaiveDate::from_ymd_opt(2014, 7, 10).unwrap();
//! let loaded = load("data/gas".as_ref(), None, today)?; // every problem of the data, where there is one
//! let outlook = Outlook::new(loaded.dataset, loaded.warnings)?;
//! let months: Vec<String> = outlook.months().iter().map(|m| m.to_string()).collect();
//! assert_eq!(months, ["2014-07", "2014-08", "2014-09"]); // the landing, lag 1, lag 2
//!
//! // The tables that `yugu plan` writes, with types; `csv()` gives the bytes of the files.
//! let view = View::new(&outlook, Lang::En);
//! let forecast = view.table("forecast").unwrap();
//! assert!(forecast.csv().starts_with(b"region,product,month,lag,mode,made,units,"));
//!
//! // One number, step by step.
//! let august = Month::new(2014, 8).unwrap();
//! let number = explain(&outlook, "chengdong", "WH-10L", august).unwrap();
//! println!("{}", number.text(Lang::En));
//! # Ok(())
//! # }
//! ```
//!
//! `examples/forecast.rs` is a whole program.
//!
//! The modules stand in the order in which they depend on each other: a module uses only those above it
//! (`tests/suite/architecture.rs` keeps it so).

pub mod month;
pub mod messages;
pub mod error;
pub mod schema;
pub mod settings;
pub mod sheet;
pub mod look;
pub mod calendar;
pub mod grid;
pub mod across;
pub mod stats;
pub mod dataset;
pub mod books;
pub mod stages;
pub mod stock;
pub mod analysis;
pub mod point;
pub mod accuracy;
pub mod ledger;
pub mod backtest;
pub mod fit;
pub mod simulate;
pub mod outlook;
pub mod changes;
pub mod figures;
pub mod exceptions;
pub mod explain;
pub mod answers;
pub mod report;
pub mod parts;
pub mod folder;

/// What a program that forecasts needs: `use yugu::prelude::*`.
pub mod prelude {
    pub use crate::error::Problems;
    pub use crate::explain::explain;
    pub use crate::folder::{LoadError, Loaded, load};
    pub use crate::messages::Lang;
    pub use crate::month::Month;
    pub use crate::outlook::Outlook;
    pub use crate::report::{Format, Table, View};
}
