//! What is wrong with the data, as objects and as the exception that carries them.

use pyo3::prelude::*;
use yugu::error::{self, Problems, Severity};
use yugu::messages::program as say;
use yugu::messages::{Lang, Text};

/// One thing that is wrong with the data.
#[pyclass(frozen, get_all, module = "yugu")]
pub struct Problem {
    /// The file, or the table where it never was a file; empty where the whole folder is meant.
    file: String,
    /// Line of a text file, row of a worksheet or a table, from 1; None where the whole file is meant.
    line: Option<u32>,
    /// Column in characters of a text file, number of the column of a worksheet or a table, from 1; None where the whole
    /// line is meant.
    column: Option<u32>,
    /// A short stable word: unknown_region, bad_number.
    kind: &'static str,
    /// Whether it stops the run ("error") or not ("warning").
    severity: &'static str,
    /// What is wrong.
    message: String,
    /// What is done about it (warnings).
    treatment: String,
    /// All of it in one line.
    text: String,
}

#[pymethods]
impl Problem {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("<{}: {}>", self.severity, self.text)
    }
}

/// The problems kept, errors first.
pub fn list(problems: &Problems, lang: Lang) -> Vec<Problem> {
    let given = |n: u32| (n > 0).then_some(n);
    let one = |problem: &&error::Problem| Problem {
        file: problem.place.as_ref().map_or_else(String::new, |place| place.file.to_string()),
        line: problem.place.as_ref().and_then(|place| given(place.line)),
        column: problem.place.as_ref().and_then(|place| given(place.column)),
        kind: problem.kind,
        severity: if problem.severity == Severity::Error { "error" } else { "warning" },
        message: problem.message.get(lang).to_owned(),
        treatment: problem.treatment.get(lang).to_owned(),
        text: problem.line(lang),
    };
    problems.sorted().iter().map(one).collect()
}

/// `yugu.DataError` with every problem; of one kind in one file the first are told one by one, the rest counted.
pub fn data_error(py: Python<'_>, problems: &Problems, lang: Lang) -> PyErr {
    let more: Vec<String> = problems.counted().iter().map(|said| said.get(lang).to_owned()).collect();
    let all = problems.errors();
    raise(py, "DataError", (list(problems, lang), more, all, say::in_all(all).get(lang)))
}

/// `yugu.Error` with a sentence.
pub fn failed(py: Python<'_>, text: &Text, lang: Lang) -> PyErr {
    raise(py, "Error", (text.get(lang),))
}

fn raise<'py>(py: Python<'py>, class: &str, arguments: impl pyo3::call::PyCallArgs<'py>) -> PyErr {
    match py.import("yugu._errors").and_then(|errors| errors.getattr(class)?.call1(arguments)) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}
