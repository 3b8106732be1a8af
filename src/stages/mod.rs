//! The steps of the method, each with its own type; each takes what came before and [`Parameters`].
//!
//! `reception -> demand (-> communities) -> base -> life -> growth -> target -> level -> mix -> lifecycle -> revision
//! -> units`

pub mod reception;
pub mod lessons;
pub mod learned;
pub mod parameters;
pub mod demand;
pub mod channel;
pub mod base;
pub mod life;
pub mod growth;
pub mod target;
pub mod level;
pub mod mix;
pub mod panel;
pub mod levels;
pub mod combine;
pub mod lifecycle;
pub mod community;
pub mod attainment;
pub mod revision;
pub mod units;
pub mod interval;

pub use parameters::Parameters;
