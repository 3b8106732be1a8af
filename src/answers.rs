//! The way back: what people filled into a workbook, as rows of `frontline` and `overrides`.
//!
//! [`read`] takes the cells of a workbook to answers, [`compare`] sets the answers of all workbooks beside each other and
//! beside what the folder has; what comes out is written whole or not at all. Nothing here touches a file.

mod compare;
mod form;
mod made;
mod read;

pub use compare::{Import, New, Ways, applied, compare, forecast};
pub use form::{Cells, Form, KEY, META, key_of, name_of, row_key};
pub use made::{Made, digest, form_of};
pub use read::{Filled, read};

/// The largest share of a target, and the largest change, that an answer may give.
pub use crate::dataset::MOST_OF_TARGET as MOST_SHARE;
