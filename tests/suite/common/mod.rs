//! What several tests use.

pub mod chrome;
#[path = "../../../examples/gas/company/mod.rs"]
#[allow(dead_code)]
pub mod company;
pub mod forms;
pub mod issued;
pub mod program;
pub mod read;
pub mod sheets;
