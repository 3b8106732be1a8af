//! Monthly sales forecasts that add up, explain themselves and get better at every revision.
//!
//! ```
//! use yugu::{explain, folder, messages::Lang, month::Month, outlook::Outlook};
//!
//! let today = chrono::NaiveDate::from_ymd_opt(2014, 7, 10).unwrap();
//! let loaded = folder::load("data/gas".as_ref(), None, today).unwrap();
//! let outlook = Outlook::new(loaded.dataset, loaded.warnings).unwrap();
//! let months: Vec<String> = outlook.months().iter().map(|m| m.to_string()).collect();
//! assert_eq!(months, ["2014-07", "2014-08", "2014-09"]); // the landing, lag 1, lag 2
//!
//! let august = Month::new(2014, 8).unwrap();
//! let number = explain::explain(&outlook, "chengdong", "WH-10L", august).unwrap();
//! println!("{}", number.text(Lang::En));
//! ```
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
pub mod stages;
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
