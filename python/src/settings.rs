//! Settings given as a dictionary, as the text of `yugu.toml`.

use std::fmt::Write;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

/// The text of settings: one already, or a dictionary of sections.
pub fn text(settings: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = settings.cast::<PyString>() {
        return Ok(text.to_string());
    }
    let sections = settings.cast::<PyDict>().map_err(|_| {
        PyTypeError::new_err("settings are the text of a yugu.toml, or a dictionary: {\"fiscal\": {\"start\": 7}}")
    })?;
    let mut out = String::new();
    section(sections, "", &mut out)?;
    Ok(out)
}

/// Values of a section first, then the sections below it.
fn section(values: &Bound<'_, PyDict>, name: &str, out: &mut String) -> PyResult<()> {
    let is_section = |value: &Bound<'_, PyAny>| value.cast::<PyDict>().is_ok();
    if !name.is_empty() {
        // Writing into a string cannot fail.
        let _ = writeln!(out, "[{name}]");
    }
    for (key, item) in values.iter().filter(|(_, item)| !is_section(item)) {
        let _ = writeln!(out, "{} = {}", quoted(&key)?, value(&item)?);
    }
    for (key, item) in values.iter() {
        if let Ok(below) = item.cast::<PyDict>() {
            let dot = if name.is_empty() { "" } else { "." };
            section(below, &format!("{name}{dot}{}", quoted(&key)?), out)?;
        }
    }
    Ok(())
}

fn value(item: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(yes) = item.cast::<PyBool>() {
        return Ok(yes.is_true().to_string());
    }
    if item.cast::<PyString>().is_ok() {
        return quoted(item);
    }
    if item.cast::<PyInt>().is_ok() || item.cast::<PyFloat>().is_ok() {
        return Ok(item.repr()?.to_string());
    }
    if item.cast::<PyList>().is_ok() || item.cast::<PyTuple>().is_ok() {
        let all: Vec<String> = item.try_iter()?.map(|one| value(&one?)).collect::<PyResult<_>>()?;
        return Ok(format!("[{}]", all.join(", ")));
    }
    Err(PyTypeError::new_err(format!("a {} is no setting", item.get_type().name()?)))
}

/// A string of JSON is one of TOML.
fn quoted(text: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = text.cast::<PyString>().map_err(|_| PyTypeError::new_err("names of settings are strings"))?;
    Ok(serde_json::to_string(&text.to_string()).unwrap_or_default())
}
