//! Tables in and out by Arrow's PyCapsule interface: nothing is copied on the way.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray, StructArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use chrono::NaiveDate;
use pyo3::exceptions::{PyImportError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};
use yugu::dataset::Dataset;
use yugu::report::columns::Type;
use yugu::report::data::{Cells, Column};
use yugu::sheet::Columns;
use yugu::sheet::columns::Chunk;

use crate::column::{column, months};

/// A table that somebody handed over.
pub struct Given {
    pub columns: Columns,
    /// Its size in memory, in bytes.
    pub bytes: usize,
}

fn arrow_error(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The table behind `__arrow_c_stream__` or `__arrow_c_array__`.
pub fn given(object: &Bound<'_, PyAny>) -> PyResult<Given> {
    let object = &without_null_columns(object)?;
    let (schema, batches) = if object.hasattr("__arrow_c_stream__")? {
        let capsule = object.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
        let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
        // SAFETY: a capsule of this name holds a stream; taking it leaves a released one behind, as the interface asks.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr().cast()) };
        let reader = ArrowArrayStreamReader::try_new(stream).map_err(arrow_error)?;
        let schema = arrow_array::RecordBatchReader::schema(&reader);
        (schema, object.py().detach(|| reader.collect::<Result<Vec<_>, _>>()).map_err(arrow_error)?)
    } else if object.hasattr("__arrow_c_array__")? {
        let pair = object.call_method0("__arrow_c_array__")?.cast_into::<PyTuple>()?;
        let schema = pair.get_item(0)?.cast_into::<PyCapsule>()?.pointer_checked(Some(c"arrow_schema"))?;
        let array = pair.get_item(1)?.cast_into::<PyCapsule>()?.pointer_checked(Some(c"arrow_array"))?;
        // SAFETY: capsules of these names hold a schema and an array; taking them leaves released ones behind.
        let data = unsafe {
            let schema = FFI_ArrowSchema::from_raw(schema.as_ptr().cast());
            from_ffi(FFI_ArrowArray::from_raw(array.as_ptr().cast()), &schema).map_err(arrow_error)?
        };
        let DataType::Struct(_) = data.data_type() else {
            return Err(PyTypeError::new_err("an Arrow array is no table; give a table or a data frame"));
        };
        let batch = RecordBatch::from(StructArray::from(data));
        (batch.schema(), vec![batch])
    } else {
        let kind = object.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "a {kind} is no Arrow table; give a data frame of pandas (2.2 or later) or polars, a table of pyarrow, or a \
             relation of DuckDB"
        )));
    };
    let names = schema.fields().iter().map(|field| field.name().clone()).collect();
    let bytes = batches.iter().map(RecordBatch::get_array_memory_size).sum();
    let fields = schema.fields();
    let of = |(field, array): (&Arc<Field>, &ArrayRef)| if is_monthly(field) { months(array) } else { column(array) };
    let chunk =
        |batch: &RecordBatch| Chunk::new(batch.num_rows(), fields.iter().zip(batch.columns()).map(of).collect());
    Ok(Given { columns: Columns::new(names, batches.iter().map(chunk).collect()), bytes })
}

/// Whether a column holds months as pandas has them (`period[M]`): numbers of months since January 1970.
fn is_monthly(field: &Field) -> bool {
    let said = |key: &str| field.metadata().get(key).map(String::as_str);
    let freq = said("ARROW:extension:metadata").and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let of = freq.as_ref().and_then(|of| of.get("freq")).and_then(serde_json::Value::as_str);
    said("ARROW:extension:name") == Some("pandas.period") && matches!(of, Some("M" | "ME"))
}

/// Polars gives a column of nothing a buffer, which the interface does not have: it becomes one of texts.
fn without_null_columns<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let class = object.get_type();
    if class.name()? != "DataFrame" || !class.module()?.to_string().starts_with("polars.") {
        return Ok(object.clone());
    }
    let polars = object.py().import("polars")?;
    let nothing = polars.call_method1("col", (polars.getattr("Null")?,))?;
    object.call_method1("with_columns", (nothing.call_method1("cast", (polars.getattr("String")?,))?,))
}

/// A table of results. Anything that takes Arrow tables takes it as it is: `polars.DataFrame(table)`,
/// `pyarrow.table(table)`, `pandas.DataFrame.from_arrow(table)`, `duckdb.sql("from table")`.
#[pyclass(frozen, module = "yugu")]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// A table of a report.
    pub fn new(table: &yugu::report::Table) -> PyResult<Table> {
        let field = |column: &Column| {
            let kind = match column.stored() {
                Type::Text => DataType::Utf8,
                Type::Whole => DataType::Int64,
                Type::Number => DataType::Float64,
                Type::Month | Type::Day => DataType::Date32,
            };
            Field::new(column.name(), kind.clone(), kind != DataType::Utf8)
        };
        let schema = Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()));
        let arrays = |rows: Range<usize>| table.columns.iter().map(|column| array(column, rows.clone())).collect();
        let batch = |rows: Range<usize>| RecordBatch::try_new(schema.clone(), arrays(rows));
        let batches = table.chunks().map(batch).collect::<Result<_, _>>().map_err(arrow_error)?;
        Ok(Table { schema, batches })
    }
}

impl Table {
    /// The history of every series from its first month on: region, product, month (its first day), units sold.
    pub fn history(data: &Dataset) -> PyResult<Table> {
        let days: Vec<i32> =
            (0..data.months()).map(|t| (data.month(t).first_day() - NaiveDate::default()).num_days() as i32).collect();
        let rows =
            data.grid.series.iter().enumerate().filter_map(|(s, of)| Some((s, of, data.seen.get(s)?.as_ref()?.0)));
        let rows = rows.flat_map(|(s, of, first)| (first..data.months()).map(move |t| (s, of, t)));
        let (mut regions, mut products) = (StringBuilder::new(), StringBuilder::new());
        let (mut months, mut units) = (Vec::new(), Vec::new());
        for (s, of, t) in rows {
            regions.append_value(data.grid.regions.code(data.grid.regions.node_of(of.leaf)));
            products.append_value(&data.grid.products.codes[of.product]);
            months.push(days[t]);
            units.push(data.units[(s, t)]);
        }
        let columns: [(&str, ArrayRef); 4] = [
            ("region", Arc::new(regions.finish())),
            ("product", Arc::new(products.finish())),
            ("month", Arc::new(Date32Array::from(months))),
            ("units", Arc::new(Float64Array::from(units))),
        ];
        let batch = RecordBatch::try_from_iter(columns).map_err(arrow_error)?;
        Ok(Table { schema: batch.schema(), batches: vec![batch] })
    }
}

fn array(column: &Column, rows: Range<usize>) -> ArrayRef {
    match &column.cells {
        Cells::Text(codes, texts) => {
            let text = |code: &u32| texts.names().get(*code as usize).map_or("", |text| text);
            Arc::new(StringArray::from_iter_values(codes.get(rows).unwrap_or_default().iter().map(text)))
        }
        Cells::Whole(all) => Arc::new(Int64Array::from_iter(all.get(rows).unwrap_or_default().iter().copied())),
        Cells::Number(all) => {
            let given = |x: &f64| x.is_finite().then_some(*x);
            Arc::new(Float64Array::from_iter(all.get(rows).unwrap_or_default().iter().map(given)))
        }
        Cells::Month(_) | Cells::Day(_) => Arc::new(Date32Array::from_iter(rows.map(|row| column.day(row)))),
    }
}

#[pymethods]
impl Table {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface leaves it to the producer whether another schema can be had; there is one.
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new(batches, self.schema.clone())));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref()).map_err(arrow_error)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        format!("yugu.Table({} rows: {})", self.__len__(), self.column_names().join(", "))
    }

    /// The first rows, as notebooks show them: by pandas where it is there.
    fn _repr_html_(slf: &Bound<'_, Self>) -> Option<String> {
        const SHOWN: usize = 10;
        let first = Table::to_arrow(slf).and_then(|table| table.call_method1("slice", (0, SHOWN))).ok()?;
        let frame = as_frame(&first).ok()?;
        let html: String = frame.call_method0("_repr_html_").ok()?.extract().ok()?;
        let rows = slf.get().__len__();
        Some(if rows > SHOWN { format!("{html}<p>{SHOWN} of {rows} rows</p>") } else { html })
    }

    /// As a `pyarrow.Table`.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        library(slf.py(), "pyarrow", "to_arrow")?.call_method1("table", (slf,))
    }

    /// As a `pandas.DataFrame`; months and days as datetime64.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        library(slf.py(), "pandas", "to_pandas")?;
        as_frame(&library(slf.py(), "pyarrow", "to_pandas")?.call_method1("table", (slf,))?)
    }

    /// As a `polars.DataFrame`.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        library(slf.py(), "polars", "to_polars")?.call_method1("DataFrame", (slf,))
    }
}

/// A `pyarrow.Table` as a frame of pandas in which months can be compared, shifted and joined.
fn as_frame<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let options = PyDict::new(table.py());
    options.set_item("date_as_object", false)?;
    table.call_method("to_pandas", (), Some(&options))
}

/// A library that a call needs, or how to come by it.
fn library<'py>(py: Python<'py>, name: &str, needed_by: &str) -> PyResult<Bound<'py, PyModule>> {
    py.import(name).map_err(|error| match error.is_instance_of::<PyImportError>(py) {
        true => PyImportError::new_err(format!(
            "{needed_by} needs {name}, which is not installed: pip install \"yugu[pandas]\" (pandas and pyarrow) or pip \
             install \"yugu[polars]\""
        )),
        false => error,
    })
}
