//! Monthly sales forecasts that add up, explain themselves and get better at every revision.
//!
//! The modules stand in the order in which they depend on each other: a module uses only those above it
//! (`tests/architecture.rs` keeps it so).

pub mod month;
pub mod messages;
pub mod error;
pub mod schema;
pub mod settings;
pub mod sheet;
pub mod calendar;
pub mod grid;
pub mod stats;
pub mod dataset;
pub mod stages;
pub mod point;
pub mod outlook;
pub mod explain;
pub mod report;
pub mod folder;
