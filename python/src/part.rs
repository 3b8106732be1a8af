//! One part's share of a forecast whose regions lie in many places: what `yugu.spark` runs on a worker and on the driver.

use std::sync::Arc;

use chrono::NaiveDate;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use yugu::across::{LAST_ROUND, Totals};
use yugu::error::Problems;
use yugu::messages::{Lang, across as say};
use yugu::parts::{Answer, Part, work};
use yugu::settings::Settings;

use crate::arrow::Table;
use crate::folder::{in_memory, last_day};
use crate::problem::data_error;
use crate::settings;

fn totals(bytes: &[u8]) -> PyResult<Totals> {
    Totals::from_bytes(bytes).ok_or_else(|| PyValueError::new_err(say::parts_differ().en))
}

/// Runs one round on the rows of some regions: the bytes of their share, in the last round the table of their forecast.
/// tables has their rows of "sales" and all rows of the others; the other arguments are the same for all regions.
#[pyfunction]
#[pyo3(signature = (tables, settings, as_of, today, totals))]
pub fn part<'py>(
    py: Python<'py>,
    tables: &Bound<'py, PyDict>,
    settings: Option<&Bound<'py, PyAny>>,
    as_of: Option<&Bound<'py, PyAny>>,
    today: NaiveDate,
    totals: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let (as_of, text) = (as_of.map(last_day).transpose()?, settings.map(settings::text).transpose()?);
    let (read, totals) = (in_memory(tables)?, Arc::new(self::totals(totals)?));
    let answer = py.detach(|| {
        let mut problems = Problems::default();
        let settings = text.map(|text| Settings::read(&Arc::from("settings"), &text, &mut problems));
        if problems.any_error() {
            return Err(problems);
        }
        let settings = settings.unwrap_or_default();
        work(Part { sheets: &read.sheets, settings: &settings, as_of, today }, totals)
    });
    match answer.map_err(|problems| data_error(py, &problems, Lang::En))? {
        Answer::Share(share) => Ok(PyBytes::new(py, &share.to_bytes()).into_any()),
        Answer::Forecast(csv) => Ok(Bound::new(py, Table::new(&csv)?)?.into_any()),
    }
}

/// The totals of the next round, from those of this one and the shares of all parts, always
/// in the same order.
#[pyfunction]
pub fn add<'py>(py: Python<'py>, totals: &[u8], shares: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyBytes>> {
    let shares: Vec<Vec<u8>> = shares.extract()?;
    let totals = self::totals(totals)?;
    let next = py.detach(|| {
        let shares = shares.iter().map(|bytes| Totals::from_bytes(bytes)).collect::<Option<Vec<_>>>()?;
        totals.and(shares).ok().map(|next| next.to_bytes())
    });
    next.map(|bytes| PyBytes::new(py, &bytes)).ok_or_else(|| PyValueError::new_err(say::parts_differ().en))
}

/// The totals before the first round, and the number of rounds before the last.
#[pyfunction]
pub fn begin(py: Python<'_>) -> (Bound<'_, PyBytes>, u32) {
    (PyBytes::new(py, &Totals::default().to_bytes()), LAST_ROUND)
}
