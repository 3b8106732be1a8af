//! Numbers in, numbers out: slices, no names, no files.

pub mod digits;
pub mod quantile;
pub mod tracking;
pub mod interval;
pub mod season;
pub mod smooth;
pub mod regress;
pub mod bias;
pub mod apportion;
pub mod choice;
pub mod divisia;
pub mod student;
pub mod life_table;
pub mod shrink;
pub mod trend;
pub mod trading;
pub mod festival;
pub mod nonnegative;
pub mod follow_up;
pub mod stock;
