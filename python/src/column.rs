//! Arrow arrays as columns of the crate: each cell is read where it lies.

use std::fmt::Debug;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use yugu::sheet::columns::{Column, Value, decimal};

/// An array and how its cells are read; what is null is empty.
struct Cells<A> {
    array: A,
    cell: fn(&A, usize) -> Value<'_>,
}

impl<A: Debug> Debug for Cells<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.array.fmt(f)
    }
}

impl<A: Array> Column for Cells<A> {
    fn value(&self, row: usize) -> Value<'_> {
        if row < self.array.len() && self.array.is_valid(row) { (self.cell)(&self.array, row) } else { Value::Empty }
    }
}

/// Decimals of one scale.
#[derive(Debug)]
struct Decimals<A>(A, i32);

impl<T: ArrowPrimitiveType> Column for Decimals<PrimitiveArray<T>>
where
    T::Native: Into<i128>,
{
    fn value(&self, row: usize) -> Value<'_> {
        let Decimals(array, scale) = self;
        if row < array.len() && array.is_valid(row) {
            Value::Number(decimal(array.value(row).into(), *scale))
        } else {
            Value::Empty
        }
    }
}

/// Times counted in some unit.
#[derive(Debug)]
struct Times {
    ticks: PrimitiveArray<Int64Type>,
    /// Units a day.
    a_day: i64,
    /// With a time zone they are moments in UTC; without one, what a clock on the wall shows.
    utc: bool,
}

impl Column for Times {
    fn value(&self, row: usize) -> Value<'_> {
        const NANOS_A_DAY: i64 = 86_400_000_000_000;
        if row >= self.ticks.len() || self.ticks.is_null(row) {
            return Value::Empty;
        }
        let ticks = self.ticks.value(row);
        let day = i32::try_from(ticks.div_euclid(self.a_day)).unwrap_or(i32::MAX);
        let nanos = (ticks.rem_euclid(self.a_day) * (NANOS_A_DAY / self.a_day)) as u64;
        if self.utc { Value::Instant(day, nanos) } else { Value::Time(day, nanos) }
    }
}

/// Codes and what they stand for.
#[derive(Debug)]
struct Dictionary {
    codes: Arc<dyn Column>,
    values: Arc<dyn Column>,
}

impl Column for Dictionary {
    fn value(&self, row: usize) -> Value<'_> {
        match self.codes.value(row) {
            Value::Whole(code) => usize::try_from(code).map_or(Value::Empty, |code| self.values.value(code)),
            _ => Value::Empty,
        }
    }
}

/// A column of nulls.
#[derive(Debug)]
struct Nothing;

impl Column for Nothing {
    fn value(&self, _row: usize) -> Value<'_> {
        Value::Empty
    }
}

/// A type that no cell of a table can have, named in every cell: a column that nobody reads does no harm.
#[derive(Debug)]
struct Other(String, ArrayRef);

impl Column for Other {
    fn value(&self, row: usize) -> Value<'_> {
        if row < self.1.len() && self.1.is_valid(row) { Value::Text(&self.0) } else { Value::Empty }
    }
}

fn whole<T: ArrowPrimitiveType>(array: &ArrayRef) -> Arc<dyn Column>
where
    T::Native: Into<i64>,
{
    Arc::new(Cells { array: array.as_primitive::<T>().clone(), cell: |a, row| Value::Whole(a.value(row).into()) })
}

fn number<T: ArrowPrimitiveType>(array: &ArrayRef) -> Arc<dyn Column>
where
    T::Native: Into<f64>,
{
    Arc::new(Cells { array: array.as_primitive::<T>().clone(), cell: |a, row| Value::Number(a.value(row).into()) })
}

fn times<T: ArrowPrimitiveType<Native = i64>>(array: &ArrayRef, a_second: i64, utc: bool) -> Arc<dyn Column> {
    let ticks = array.as_primitive::<T>().reinterpret_cast::<Int64Type>();
    Arc::new(Times { ticks, a_day: 86_400 * a_second, utc })
}

/// A column of months, counted from January 1970.
#[derive(Debug)]
struct Months(PrimitiveArray<Int64Type>);

impl Column for Months {
    fn value(&self, row: usize) -> Value<'_> {
        if row >= self.0.len() || self.0.is_null(row) {
            return Value::Empty;
        }
        let months = self.0.value(row);
        let (year, month) = (1970 + months.div_euclid(12), 1 + months.rem_euclid(12) as u32);
        let first = i32::try_from(year).ok().and_then(|year| chrono::NaiveDate::from_ymd_opt(year, month, 1));
        first.map_or(Value::Whole(months), |day| Value::Day((day - chrono::NaiveDate::default()).num_days() as i32))
    }
}

/// The column of an array of months, counted from January 1970; as any other where it holds something else.
pub fn months(array: &ArrayRef) -> Arc<dyn Column> {
    match array.as_primitive_opt::<Int64Type>() {
        Some(months) => Arc::new(Months(months.clone())),
        None => column(array),
    }
}

/// The column of an array.
pub fn column(array: &ArrayRef) -> Arc<dyn Column> {
    match array.data_type() {
        DataType::Null => Arc::new(Nothing),
        DataType::Boolean => {
            let array: BooleanArray = array.as_boolean().clone();
            Arc::new(Cells { array, cell: |a, row| Value::Yes(a.value(row)) })
        }
        DataType::Int8 => whole::<Int8Type>(array),
        DataType::Int16 => whole::<Int16Type>(array),
        DataType::Int32 => whole::<Int32Type>(array),
        DataType::Int64 => whole::<Int64Type>(array),
        DataType::UInt8 => whole::<UInt8Type>(array),
        DataType::UInt16 => whole::<UInt16Type>(array),
        DataType::UInt32 => whole::<UInt32Type>(array),
        DataType::UInt64 => {
            let cell = |a: &PrimitiveArray<UInt64Type>, row| {
                let n = a.value(row);
                i64::try_from(n).map_or(Value::Number(n as f64), Value::Whole)
            };
            Arc::new(Cells { array: array.as_primitive::<UInt64Type>().clone(), cell })
        }
        DataType::Float16 => {
            let cell = |a: &PrimitiveArray<Float16Type>, row| Value::Number(a.value(row).to_f64());
            Arc::new(Cells { array: array.as_primitive::<Float16Type>().clone(), cell })
        }
        DataType::Float32 => number::<Float32Type>(array),
        DataType::Float64 => number::<Float64Type>(array),
        DataType::Utf8 => {
            Arc::new(Cells { array: array.as_string::<i32>().clone(), cell: |a, row| Value::Text(a.value(row)) })
        }
        DataType::LargeUtf8 => {
            Arc::new(Cells { array: array.as_string::<i64>().clone(), cell: |a, row| Value::Text(a.value(row)) })
        }
        DataType::Utf8View => {
            Arc::new(Cells { array: array.as_string_view().clone(), cell: |a, row| Value::Text(a.value(row)) })
        }
        DataType::Date32 => {
            let array = array.as_primitive::<Date32Type>().clone();
            Arc::new(Cells { array, cell: |a, row| Value::Day(a.value(row)) })
        }
        DataType::Date64 => times::<Date64Type>(array, 1_000, false),
        DataType::Timestamp(unit, zone) => match unit {
            TimeUnit::Second => times::<TimestampSecondType>(array, 1, zone.is_some()),
            TimeUnit::Millisecond => times::<TimestampMillisecondType>(array, 1_000, zone.is_some()),
            TimeUnit::Microsecond => times::<TimestampMicrosecondType>(array, 1_000_000, zone.is_some()),
            TimeUnit::Nanosecond => times::<TimestampNanosecondType>(array, 1_000_000_000, zone.is_some()),
        },
        DataType::Decimal32(_, scale) => {
            Arc::new(Decimals(array.as_primitive::<Decimal32Type>().clone(), i32::from(*scale)))
        }
        DataType::Decimal64(_, scale) => {
            Arc::new(Decimals(array.as_primitive::<Decimal64Type>().clone(), i32::from(*scale)))
        }
        DataType::Decimal128(_, scale) => {
            Arc::new(Decimals(array.as_primitive::<Decimal128Type>().clone(), i32::from(*scale)))
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let codes = arrow_array::make_array(dictionary.keys().to_data());
            Arc::new(Dictionary { codes: column(&codes), values: column(dictionary.values()) })
        }
        other => Arc::new(Other(format!("({other})"), array.clone())),
    }
}
