//! The steps of the method, each with its own type; each takes what came before and [`Parameters`].
//!
//! `demand -> base -> growth -> target -> level -> mix -> lifecycle -> revision -> units`

pub mod lessons;
pub mod parameters;
pub mod demand;
pub mod base;
pub mod growth;
pub mod target;
pub mod level;
pub mod mix;
pub mod panel;
pub mod combine;
pub mod lifecycle;
pub mod attainment;
pub mod revision;
pub mod units;
pub mod interval;
pub mod stock;

pub use parameters::Parameters;
