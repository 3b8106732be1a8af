//! Past years looked at again: growth taken apart, changes at a date, published figures worked out anew.

pub mod decompose;
pub mod dated;
pub mod control;
