//! The Python package: it converts tables and calls the crate.

mod arrow;
mod column;
mod folder;
mod part;
mod problem;
mod report;
mod settings;

use pyo3::prelude::*;

#[pymodule]
mod _yugu {
    #[pymodule_export]
    use super::arrow::Table;
    #[pymodule_export]
    use super::folder::Folder;
    #[pymodule_export]
    use super::part::{add, begin, is_last, part, region_codes};
    #[pymodule_export]
    use super::problem::Problem;
    #[pymodule_export]
    use super::report::{Explanation, Plan, Report};

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
