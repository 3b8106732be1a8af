//! `Folder`: data read and checked, and what can be asked of them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use yugu::dataset::{Dataset, Mode};
use yugu::error::Problems;
use yugu::explain::find::{self, Found};
use yugu::folder::{self, Input};
use yugu::grid::{COMPANY, Scope};
use yugu::ledger::score::score;
use yugu::messages::{Lang, Text};
use yugu::month::{Month, Period};
use yugu::outlook::Outlook;
use yugu::report::accuracy::Shown;
use yugu::report::backtest::Tested;
use yugu::report::{self, Source, View};
use yugu::schema::{Table, nearest};
use yugu::settings::Settings;
use yugu::sheet::{Encoding, Sheet};
use yugu::{backtest, fit};

use crate::problem::{self, Problem, data_error, failed};
use crate::report::{Explanation, Plan, Report};
use crate::{arrow, settings};

/// Data read and checked; forecast once, when that is first asked for.
pub struct Loaded {
    pub dataset: Arc<Dataset>,
    pub warnings: Problems,
    pub sources: Vec<Source>,
    /// What pages call the data.
    pub name: String,
    /// The folder that they came from; none where they lay in memory.
    pub path: Option<PathBuf>,
    pub lang: Lang,
    outlook: Mutex<Option<Result<Arc<Outlook>, Problems>>>,
}

impl Loaded {
    /// The forecast.
    pub fn outlook(&self, py: Python<'_>) -> PyResult<Arc<Outlook>> {
        let found = py.detach(|| {
            let mut slot = self.outlook.lock().unwrap_or_else(PoisonError::into_inner);
            let make = || Outlook::new(self.dataset.clone(), self.warnings.clone()).map(Arc::new);
            slot.get_or_insert_with(make).clone()
        });
        found.map_err(|problems| data_error(py, &problems, self.lang))
    }
}

/// Data to forecast from, read and checked.
///
/// Folder(path) reads a folder of files as the program does. Folder(tables={"sales": frame, ...}) takes data frames and
/// Arrow tables as they lie in memory: anything with `__arrow_c_stream__` or `__arrow_c_array__` (pandas from 2.2 on,
/// polars, pyarrow, DuckDB), or a list of such parts. The names of tables and columns are those of the files; only
/// "sales" is required (month, region, product, units).
///
/// settings: the text of a yugu.toml or a dictionary of its sections; in place of the folder's own. as_of: a day, or a
/// month as "2024-02" (its last day); nothing later is seen. lang: "en" or "zh", the language of sentences.
///
/// Raises DataError, with every problem, where the data are wrong.
#[pyclass(frozen, module = "yugu")]
pub struct Folder {
    loaded: Arc<Loaded>,
}

#[pymethods]
impl Folder {
    #[new]
    #[pyo3(signature = (path=None, *, tables=None, settings=None, as_of=None, lang=None))]
    fn new(
        py: Python<'_>,
        path: Option<&Bound<'_, PyAny>>,
        tables: Option<&Bound<'_, PyDict>>,
        settings: Option<&Bound<'_, PyAny>>,
        as_of: Option<&Bound<'_, PyAny>>,
        lang: Option<&str>,
    ) -> PyResult<Folder> {
        let path = path.map(a_path).transpose()?;
        let asked = lang.map(language).transpose()?;
        let as_of = as_of.map(last_day).transpose()?;
        let text = settings.map(settings::text).transpose()?;
        let from = path.clone();
        let (mut read, name) = match (path, tables) {
            (Some(path), None) => {
                let read = py.detach(|| folder::read(&path));
                let name = path.canonicalize().unwrap_or(path.clone());
                let name = name.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                (read.map_err(|text| failed(py, &text, asked.unwrap_or(Lang::En)))?, name)
            }
            (None, Some(tables)) => (in_memory(tables)?, "tables".to_owned()),
            _ => return Err(PyTypeError::new_err("Folder takes a path, or tables={\"sales\": ...}")),
        };
        if let Some(text) = text {
            read.settings_text = Some((Arc::from("settings"), text));
        }
        let sources = read.inputs.iter().map(source).collect();
        let of_folder = read
            .settings_text
            .as_ref()
            .and_then(|(file, text)| Settings::read(file, text, &mut Problems::default()).output.language);
        let lang = asked.or(of_folder).unwrap_or(Lang::En);
        let today = chrono::Local::now().date_naive();
        let checked = py.detach(|| read.check(as_of, today)).map_err(|problems| data_error(py, &problems, lang))?;
        let loaded = Loaded {
            dataset: Arc::new(checked.dataset),
            warnings: checked.warnings,
            sources,
            name,
            path: from,
            lang,
            outlook: Mutex::new(None),
        };
        Ok(Folder { loaded: Arc::new(loaded) })
    }

    /// What is to be said about the data: a list of Problem.
    #[getter]
    fn warnings(&self) -> Vec<Problem> {
        problem::list(&self.loaded.warnings, self.loaded.lang)
    }

    /// Everything later than this day is hidden.
    #[getter]
    fn as_of(&self) -> NaiveDate {
        self.loaded.dataset.as_of
    }

    /// Regions and products with sales, and months of history.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.loaded.dataset.grid.series.len(), self.loaded.dataset.months())
    }

    /// The sales as read: region, product, month (its first day) and units, every series from its first month to the end
    /// of the history, months without a row 0.
    fn history(&self, py: Python<'_>) -> PyResult<arrow::Table> {
        py.detach(|| arrow::Table::history(&self.loaded.dataset))
    }

    fn __repr__(&self) -> String {
        let (series, months) = self.shape();
        format!("yugu.Folder({}: {series} regions and products x {months} months)", self.loaded.name)
    }

    /// The forecast of the next two months and, during a month, its landing: what `yugu plan` writes.
    fn plan(&self, py: Python<'_>) -> PyResult<Plan> {
        Ok(Plan { outlook: self.loaded.outlook(py)?, loaded: self.loaded.clone() })
    }

    /// One number as steps that a pocket calculator can redo. region and product by code or name; an empty region is the
    /// company, a product may be a group. month as "2024-02" or a date.
    #[pyo3(signature = (region, product, month))]
    fn explain(&self, py: Python<'_>, region: &str, product: &str, month: &Bound<'_, PyAny>) -> PyResult<Explanation> {
        let (outlook, month) = (self.loaded.outlook(py)?, Month::of(last_day(month)?));
        let found = py.detach(|| yugu::explain::explain(&outlook, region, product, month));
        Ok(Explanation { found: found.map_err(|text| self.failed(py, &text))?, lang: self.loaded.lang })
    }

    /// New communities: tables "communities", "centres" and "learned" (and "leads", where there are any), in the money of the
    /// settings.
    fn communities(&self, py: Python<'_>) -> PyResult<Report> {
        let outlook = self.loaded.outlook(py)?;
        let loaded = &self.loaded;
        let made = py.detach(|| {
            let view = View::new(&outlook, loaded.lang);
            let report = report::communities::Report::new(&view)?;
            let page = report::communities::page::page(&report, &loaded.name);
            Some(Report::new(report.tables(), page, report.json(&loaded.sources), loaded.path.clone()))
        });
        made.ok_or_else(|| self.failed(py, &yugu::messages::communities::no_communities()))
    }

    /// What to order: tables "stock", "transfers", "suppliers", "chase", "reschedule", "late", "overstock" and "lost",
    /// those with nothing to say left out. budget is
    /// in yuan.
    #[pyo3(signature = (budget=None))]
    fn stock(&self, py: Python<'_>, budget: Option<f64>) -> PyResult<Report> {
        if budget.is_some_and(|b| !(b.is_finite() && b >= 0.0)) {
            return Err(PyValueError::new_err("budget is a number of yuan from 0 on"));
        }
        let outlook = self.loaded.outlook(py)?;
        let loaded = &self.loaded;
        let made = py.detach(|| {
            let view = View::new(&outlook, loaded.lang);
            let plan = outlook.stock(budget)?;
            let page = report::orders::page(&view, &plan, &loaded.name, false);
            let json = report::stock::json(&view, &plan);
            Some(Report::new(report::stock::tables(&view, &plan), page, json, loaded.path.clone()))
        });
        made.ok_or_else(|| self.failed(py, &yugu::messages::stock::no_count()))
    }

    /// Past months forecast with nothing but what was visible then, beside what came: table "rows", one for each region,
    /// product, cutoff and month ahead; figures["accuracy"] by level and lag. cutoffs: the last months seen, as
    /// ("2023-06", "2024-02"); without, the last twelve possible. during: made in the month after the cutoff.
    #[pyo3(signature = (cutoffs=None, *, during=false))]
    fn backtest(
        &self,
        py: Python<'_>,
        cutoffs: Option<(Bound<'_, PyAny>, Bound<'_, PyAny>)>,
        during: bool,
    ) -> PyResult<Report> {
        let asked = match &cutoffs {
            Some((from, to)) => Some((Month::of(last_day(from)?), Month::of(last_day(to)?))),
            None => None,
        };
        let loaded = &self.loaded;
        let cutoffs = backtest::cutoffs(&loaded.dataset, asked).map_err(|wrong| self.failed(py, &wrong.text()))?;
        let mode = if during { Mode::During } else { Mode::Close };
        Ok(py.detach(|| {
            let (found, fitted) = fit::backtest(&loaded.dataset, &cutoffs, mode, |_| {});
            let tested = Tested::new(&loaded.dataset, &found, (&cutoffs, fitted), mode, loaded.lang);
            let page = report::backtest::page(&tested, &loaded.name);
            let rows = ("rows", report::backtest::table(&tested));
            Report::new(vec![rows], page, report::backtest::json(&tested, &loaded.sources), loaded.path.clone())
        }))
    }

    /// What was issued (the folder's ledger) beside what came: table "figures", a row for each. region and product, by
    /// code or name, choose the waterfall of versions.
    #[pyo3(signature = (region=None, product=None))]
    fn accuracy(&self, py: Python<'_>, region: Option<&str>, product: Option<&str>) -> PyResult<Report> {
        let (loaded, data) = (&self.loaded, &self.loaded.dataset);
        let said = |text: Text| self.failed(py, &text);
        let node = region.map_or(Ok(COMPANY), |word| find::region(&data.grid, word)).map_err(said)?;
        let scope = match product.map(|word| find::product(&data.grid, word)).transpose().map_err(said)? {
            None => Scope::All,
            Some(Found::Product(product)) => Scope::Product(product),
            Some(Found::Group(group)) => Scope::Group(group),
        };
        let origin = data.origin(data.as_of);
        let origin = origin.ok_or_else(|| self.failed(py, &yugu::messages::planning::nothing_complete(data.as_of)))?;
        Ok(py.detach(|| {
            let known = data.at(origin);
            let scores = score(&known);
            let shown = Shown::new(&known, &scores, (node, scope), loaded.lang);
            let page = report::accuracy::page(&shown, &loaded.name);
            let figures = ("figures", report::accuracy::table(&shown));
            Report::new(vec![figures], page, report::accuracy::json(&shown, &loaded.sources), loaded.path.clone())
        }))
    }
}

impl Folder {
    fn failed(&self, py: Python<'_>, text: &Text) -> PyErr {
        failed(py, text, self.loaded.lang)
    }
}

fn source(input: &Input) -> Source {
    Source { file: input.file.to_string(), bytes: input.bytes, sha256: input.sha256.clone() }
}

/// Tables as they lie in memory. Their bytes have no hash: reading them once more would take as long as forecasting.
pub fn in_memory(tables: &Bound<'_, PyDict>) -> PyResult<folder::Folder> {
    let mut read = folder::Folder::default();
    for (name, object) in tables.iter() {
        let name =
            name.cast::<PyString>().map_err(|_| PyTypeError::new_err("names of tables are strings"))?.to_string();
        let table = Table::from_name(&name.to_lowercase()).ok_or_else(|| {
            let near = nearest(&name, Table::ALL.map(Table::name)).map(|near| format!("; did you mean '{near}'?"));
            PyValueError::new_err(format!("there is no table '{name}'{}", near.unwrap_or_default()))
        })?;
        let parts: Vec<Bound<'_, PyAny>> = if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            object.try_iter()?.collect::<PyResult<_>>()?
        } else {
            vec![object]
        };
        for (i, part) in parts.iter().enumerate() {
            let file: Arc<str> =
                if parts.len() == 1 { name.as_str().into() } else { format!("{name}/{}", i + 1).into() };
            let given = arrow::given(part)?;
            let bytes = given.bytes as u64;
            let encoding = Some(Encoding::Memory);
            read.inputs.push(Input { file: file.clone(), bytes, sha256: String::new(), encoding });
            read.sheets.push(Sheet::typed(table, file, given.columns, Encoding::Memory));
        }
    }
    Ok(read)
}

/// The path of a folder.
fn a_path(given: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    given.extract().or_else(|_| {
        let kind = given.get_type().name()?;
        Err(PyTypeError::new_err(format!(
            "a {kind} is no path of a folder; tables in memory are given by name: Folder(tables={{\"sales\": ...}})"
        )))
    })
}

fn language(word: &str) -> PyResult<Lang> {
    match word {
        "en" => Ok(Lang::En),
        "zh" => Ok(Lang::Zh),
        _ => Err(PyValueError::new_err(format!("lang is 'en' or 'zh', not '{word}'"))),
    }
}

/// The day of a date, or the last day of a month as text.
pub fn last_day(when: &Bound<'_, PyAny>) -> PyResult<NaiveDate> {
    if let Ok(day) = when.extract::<NaiveDate>() {
        return Ok(day);
    }
    let text = when.str()?.to_string();
    let period = Period::parse(&text);
    period.map(Period::last_day).ok_or_else(|| PyValueError::new_err(yugu::messages::reading::bad_month(&text).en))
}
