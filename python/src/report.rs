//! What `Folder` gives: tables, a page to read, figures, files to write.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::{PyFileExistsError, PyKeyError, PyOSError, PyValueError};
use pyo3::prelude::*;
use yugu::folder::{self, May, Refused};
use yugu::messages::{Lang, Text, answers, program};
use yugu::outlook::Outlook;
use yugu::report::{self, Beside, Format, STOCK_TABLES, TABLES, View};

use crate::arrow::Table;
use crate::folder::Loaded;

type Files = Vec<(String, Vec<u8>)>;

/// A forecast: the tables that `yugu plan` writes, made when they are asked for.
///
/// plan["forecast"], or plan.forecast, has region, product, month (a date: its first day), lag, mode, made, units,
/// units_exact, revenue (in the money of the settings) and bounds; `docs/en/outputs.md` describes the others.
#[pyclass(frozen, module = "yugu")]
pub struct Plan {
    pub loaded: Arc<Loaded>,
    pub outlook: Arc<Outlook>,
}

impl Plan {
    fn made_of(&self, name: &str) -> Option<report::Table> {
        let view = View::new(&self.outlook, self.loaded.lang);
        if TABLES.contains(&name) {
            return view.table(name);
        }
        let tables = self.outlook.stock(None).map(|plan| report::stock::tables(&view, &plan));
        tables.into_iter().flatten().find(|(of, _)| *of == name).map(|(_, table)| table)
    }

    /// A table; None where the data give nothing for it.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Option<Table>> {
        py.detach(|| self.made_of(name).map(|table| Table::new(&table)).transpose())
    }
}

#[pymethods]
impl Plan {
    /// The months forecast, as "2024-02".
    #[getter]
    fn months(&self) -> Vec<String> {
        self.outlook.months().iter().map(|month| month.to_string()).collect()
    }

    /// The month in which it is made.
    #[getter]
    fn made(&self) -> String {
        self.outlook.origin.made.to_string()
    }

    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        self.table(py, name)?.ok_or_else(|| {
            PyKeyError::new_err(format!(
                "'{name}' is not there; tables are {}, and where there is stock {}",
                TABLES.join(", "),
                STOCK_TABLES.join(", ")
            ))
        })
    }

    fn __getattr__(&self, py: Python<'_>, name: &str) -> PyResult<Option<Table>> {
        let is_table = TABLES.contains(&name) || STOCK_TABLES.contains(&name);
        if !is_table {
            return Err(pyo3::exceptions::PyAttributeError::new_err(format!("a plan has no '{name}'")));
        }
        self.table(py, name)
    }

    fn __dir__(slf: &Bound<'_, Self>) -> PyResult<Vec<String>> {
        let own: Vec<String> = slf.get_type().dir()?.extract()?;
        Ok(own.into_iter().chain(TABLES.into_iter().chain(STOCK_TABLES).map(str::to_owned)).collect())
    }

    /// The page that the program prints.
    #[getter]
    fn page(&self, py: Python<'_>) -> String {
        py.detach(|| report::plan::page(&View::new(&self.outlook, self.loaded.lang), &self.loaded.name))
    }

    /// The run as a dictionary: version, cutoff, settings, steps; what run.json holds.
    #[getter]
    fn run<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = py.detach(|| report::run::json(&View::new(&self.outlook, self.loaded.lang), &self.loaded.sources));
        from_json(py, &json)
    }

    /// Writes what `yugu plan` writes into a folder, byte for byte, whole or not at all; the names. format: "csv" or
    /// "parquet", of the tables. workbook and page: whether there is a plan.xlsx and a plan.html; of data of at most 2,000
    /// regions and products there is by default. frontline: also a workbook for each region.
    ///
    /// Nothing is written over a workbook with answers that the data do not have yet, nor over files that somebody has
    /// changed since they were written, unless force is set; and never over anything else.
    #[pyo3(signature = (dir, format="csv", *, workbook=None, page=None, frontline=false, force=false))]
    #[allow(clippy::too_many_arguments)] // The names of a Python signature.
    fn write(
        &self,
        py: Python<'_>,
        dir: PathBuf,
        format: &str,
        workbook: Option<bool>,
        page: Option<bool>,
        frontline: bool,
        force: bool,
    ) -> PyResult<Vec<String>> {
        let (format, loaded) = (format_of(format)?, &self.loaded);
        py.detach(|| {
            let failed = |error: std::io::Error| PyOSError::new_err(format!("{}: {error}", dir.display()));
            let kept = folder::kept(&dir, &self.outlook).map_err(failed)?;
            if let Some((path, count)) = kept.unread.filter(|_| !force) {
                let text = answers::not_imported(&path.display().to_string(), count, &loaded.name);
                return Err(PyFileExistsError::new_err(text.get(loaded.lang).to_owned()));
            }
            let beside = Beside { workbook, page, frontline: kept.frontline || frontline };
            let view = View::new(&self.outlook, loaded.lang);
            let files = report::written(&view, &loaded.name, &loaded.sources, format, beside);
            write(dir, files, May { data: loaded.path.clone(), force, taken: kept.taken }, loaded.lang)
        })
    }

    fn __repr__(&self) -> String {
        format!("yugu.Plan(made {}, for {})", self.made(), self.months().join(", "))
    }
}

/// What a command shows: its tables, its page, its figures.
#[pyclass(frozen, module = "yugu")]
pub struct Report {
    tables: Vec<(&'static str, report::Table)>,
    page: String,
    json: Vec<u8>,
    /// The folder that the data came from.
    path: Option<PathBuf>,
}

impl Report {
    /// Tables by name.
    pub fn new(
        tables: Vec<(&'static str, report::Table)>,
        page: String,
        json: Vec<u8>,
        path: Option<PathBuf>,
    ) -> Report {
        Report { tables, page, json, path }
    }

    fn names(&self) -> Vec<&str> {
        self.tables.iter().map(|(name, _)| *name).collect()
    }
}

#[pymethods]
impl Report {
    /// The names of its tables.
    #[getter]
    fn tables(&self) -> Vec<&str> {
        self.names()
    }

    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        let at = self.names().iter().position(|one| *one == name);
        match at.and_then(|at| self.tables.get(at)) {
            Some((_, table)) => py.detach(|| Table::new(table)),
            None => Err(PyKeyError::new_err(format!("'{name}' is not there; tables: {}", self.names().join(", ")))),
        }
    }

    /// The page that the program prints.
    #[getter]
    fn page(&self) -> &str {
        &self.page
    }

    /// What the program prints with --json, as a dictionary.
    #[getter]
    fn figures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_json(py, &self.json)
    }

    /// Writes the tables into a folder, whole or not at all. format: "csv" or "parquet". force: also over files that
    /// somebody has changed since they were written.
    #[pyo3(signature = (dir, format="csv", *, force=false))]
    fn write(&self, py: Python<'_>, dir: PathBuf, format: &str, force: bool) -> PyResult<Vec<String>> {
        let format = format_of(format)?;
        let may = May { data: self.path.clone(), force, taken: Vec::new() };
        py.detach(|| write(dir, format.encode_all(&self.tables), may, Lang::En))
    }

    fn __repr__(&self) -> String {
        format!("yugu.Report({})", self.names().join(", "))
    }
}

/// One number, step by step.
#[pyclass(frozen, module = "yugu")]
pub struct Explanation {
    pub found: yugu::explain::Explanation,
    pub lang: Lang,
}

#[pymethods]
impl Explanation {
    /// The forecast, unrounded, in units.
    #[getter]
    fn exact(&self) -> f64 {
        self.found.exact
    }

    /// The forecast as it is reported, in units.
    #[getter]
    fn units(&self) -> f64 {
        self.found.whole
    }

    /// The steps as a dictionary: what `yugu explain --json` prints.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // Strings, numbers and lists of them always become JSON.
        from_json(py, &serde_json::to_vec(&self.found).unwrap_or_default())
    }

    fn __str__(&self) -> String {
        self.found.text(self.lang)
    }

    fn __repr__(&self) -> String {
        self.found.text(self.lang)
    }
}

fn from_json<'py>(py: Python<'py>, json: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (json,))
}

fn format_of(word: &str) -> PyResult<Format> {
    let known = report::FORMATS.iter().find(|format| format.ending().strip_prefix('.') == Some(word));
    known.copied().ok_or_else(|| PyValueError::new_err(format!("format is 'csv' or 'parquet', not '{word}'")))
}

/// Writes files into a folder that holds nothing that is not ours; their names.
fn write(dir: PathBuf, files: Files, may: May, lang: Lang) -> PyResult<Vec<String>> {
    let shown = dir.display().to_string();
    let refused = |text: Text| PyFileExistsError::new_err(text.get(lang).to_owned());
    let placed = may.write_folder(&dir, &files).map_err(|why| match why {
        Refused::Data(name) => refused(program::among_data(&shown, &name)),
        Refused::Around => refused(program::around_data(&shown)),
        Refused::Current => refused(program::current_folder(&shown)),
        Refused::TwoCases(one, other) => refused(program::two_cases(&one, &other)),
        Refused::Foreign(name) => refused(program::not_ours(&shown, &name)),
        Refused::Edited(names) => refused(program::edited(&shown, &names.join(", "))),
        Refused::Io(error) => PyOSError::new_err(format!("{shown}: {error}")),
    })?;
    match placed.unflushed {
        None => Ok(files.into_iter().map(|(name, _)| name).collect()),
        Some(error) => Err(PyOSError::new_err(program::unflushed(&shown, &error.to_string()).get(lang).to_owned())),
    }
}
