//! Numbers in, numbers out: slices, no names, no files.

pub mod quantile;
pub mod apportion;
pub mod reconcile;
pub mod choice;
