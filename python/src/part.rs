//! One part's share of a forecast whose regions lie in many places: what `yugu.spark` runs on a worker and on the driver.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use yugu::across::Totals;
use yugu::dataset::Dataset;
use yugu::error::Problems;
use yugu::messages::{Lang, across as say};
use yugu::parts::{Answer, Part, Read, facts};
use yugu::settings::Settings;

use crate::arrow::Table;
use crate::folder::{in_memory, last_day};
use crate::problem::data_error;

fn totals(bytes: &[u8]) -> PyResult<Totals> {
    Totals::from_bytes(bytes).ok_or_else(|| PyValueError::new_err(say::parts_differ().en))
}

/// The rows that were last worked on here, by name: the next round of the same part need not read them again.
static KEPT: Mutex<Option<(String, Read)>> = Mutex::new(None);

/// Runs one round on the rows of some regions: the bytes of their share, in the last round the table of their forecast.
/// tables is asked for their rows of "sales" and all rows of the others; the other arguments are the same for all regions.
/// Under the same name are always the same rows: where they are still there from an earlier round, tables is not asked.
#[pyfunction]
#[pyo3(signature = (tables, settings, as_of, today, totals, name))]
pub fn part<'py>(
    py: Python<'py>,
    tables: &Bound<'py, PyAny>,
    settings: Option<&Bound<'py, PyAny>>,
    as_of: Option<&Bound<'py, PyAny>>,
    today: NaiveDate,
    totals: &[u8],
    name: String,
) -> PyResult<Bound<'py, PyAny>> {
    let totals = Arc::new(self::totals(totals)?);
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).take();
    let kept = kept.filter(|(of, _)| *of == name && totals.round() > 0);
    let answer = match kept.and_then(|(_, read)| py.detach(|| read.again(totals.clone()))) {
        Some(read) => py.detach(|| run(name, read)),
        None => {
            let as_of = as_of.map(last_day).transpose()?;
            let settings = self::settings(py, settings)?;
            let given = in_memory(tables.call0()?.cast::<PyDict>()?)?;
            py.detach(|| {
                let part = Part { sheets: &given.sheets, settings: &settings, as_of, today };
                match totals.round() {
                    0 => facts(part),
                    _ => Read::new(part, totals).and_then(|read| run(name, read)),
                }
            })
        }
    };
    match answer.map_err(|problems| data_error(py, &problems, Lang::En))? {
        Answer::Share(share) => Ok(PyBytes::new(py, &share.to_bytes()).into_any()),
        Answer::Forecast(table) => Ok(Bound::new(py, Table::new(&table)?)?.into_any()),
    }
}

fn run(name: String, read: Read) -> Result<Answer, Problems> {
    let answer = read.work();
    *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = Some((name, read));
    answer
}

fn settings(py: Python<'_>, given: Option<&Bound<'_, PyAny>>) -> PyResult<Settings> {
    let Some(text) = given.map(crate::settings::text).transpose()? else { return Ok(Settings::default()) };
    let mut problems = Problems::default();
    let settings = Settings::read(&Arc::from("settings"), &text, &mut problems);
    if problems.any_error() { Err(data_error(py, &problems, Lang::En)) } else { Ok(settings) }
}

/// The code of each region that rows may name, in the order of the names: of those with one code, the rows belong to
/// one part.
#[pyfunction]
pub fn region_codes(
    py: Python<'_>,
    tables: &Bound<'_, PyDict>,
    settings: Option<&Bound<'_, PyAny>>,
    names: Vec<String>,
) -> PyResult<Vec<String>> {
    let (settings, given) = (self::settings(py, settings)?, in_memory(tables)?);
    Ok(Dataset::region_codes(&given.sheets, &settings, &names))
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

/// The totals before the first round.
#[pyfunction]
pub fn begin(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, &Totals::default().to_bytes())
}

/// Whether the round of these totals gives the forecast.
#[pyfunction]
pub fn is_last(totals: &[u8]) -> PyResult<bool> {
    let totals = self::totals(totals)?;
    Ok(totals.round() == totals.last_round())
}
