//! Numbers in, numbers out: slices, no names, no files.

pub mod quantile;
pub mod interval;
pub mod season;
pub mod smooth;
pub mod regress;
pub mod bias;
pub mod apportion;
pub mod reconcile;
pub mod choice;
pub mod stock;
