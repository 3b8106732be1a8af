//! One column of one row group: its values as they are typed, texts as numbers of a dictionary.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as PhysicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{AsBytes, DataType, Int96};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

use crate::dataset::keys::Keys;
use crate::sheet::columns::{Column, Value, decimal};

/// Values decoded at a time: they fit into the cache.
const BATCH: usize = 8_192;

/// Why a file gives no columns.
pub(super) enum Bad {
    /// A text that is not UTF-8, in this row (from 1).
    Text(u32),
    /// It claims to hold too much.
    TooLarge,
    /// Its columns would take more memory than one input may.
    Memory,
    /// Anything else, as the reader has it.
    File(String),
}

impl Bad {
    /// The reader panicked.
    pub fn damaged() -> Bad {
        Bad::File("damaged".to_owned())
    }

    /// The same with so many rows before it.
    pub fn after(self, rows: usize) -> Bad {
        match self {
            Bad::Text(row) => Bad::Text(row.saturating_add(rows as u32)),
            other => other,
        }
    }
}

impl From<ParquetError> for Bad {
    fn from(error: ParquetError) -> Bad {
        Bad::File(error.to_string())
    }
}

/// The cells of a column.
#[derive(Debug)]
pub(super) struct Cells {
    values: Values,
    /// Which rows hold a value, where not all do.
    there: Option<Vec<bool>>,
}

#[derive(Debug)]
enum Values {
    Yes(Vec<bool>),
    Whole(Vec<i64>),
    Number(Vec<f64>),
    /// From 1970-01-01.
    Day(Vec<i32>),
    /// Days from 1970-01-01 and nanoseconds since midnight, in UTC or as a clock on the wall shows it.
    Time(Vec<(i32, u64)>, bool),
    /// For each row the number of its text.
    Text(Vec<u32>, Keys),
    /// The same text in every row.
    Same(String),
}

/// What the values of a column mean.
#[derive(Clone, Copy)]
enum Meaning {
    Plain,
    Text,
    Unsigned,
    /// A decimal with so many digits behind the point.
    Decimal(i32),
    Day,
    /// So many units a day, and whether in UTC.
    Time(i64, bool),
    /// No cell of a table holds such a thing.
    Other,
}

const SECONDS_A_DAY: i64 = 86_400;

impl Meaning {
    fn of(column: &ColumnDescriptor) -> Meaning {
        let a_day = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => SECONDS_A_DAY * 1_000,
            TimeUnit::MICROS => SECONDS_A_DAY * 1_000_000,
            TimeUnit::NANOS => SECONDS_A_DAY * 1_000_000_000,
        };
        match column.logical_type_ref() {
            Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => Meaning::Text,
            Some(LogicalType::Decimal(decimal)) => Meaning::Decimal(decimal.scale),
            Some(LogicalType::Date) => Meaning::Day,
            Some(LogicalType::Timestamp(time)) => Meaning::Time(a_day(&time.unit), time.is_adjusted_to_u_t_c),
            Some(LogicalType::Integer(int)) if int.is_signed => Meaning::Plain,
            Some(LogicalType::Integer(_)) => Meaning::Unsigned,
            // A column of nothing.
            Some(LogicalType::Unknown) => Meaning::Plain,
            Some(_) => Meaning::Other,
            None => match column.converted_type() {
                ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Meaning::Text,
                ConvertedType::DECIMAL => Meaning::Decimal(column.type_scale()),
                ConvertedType::DATE => Meaning::Day,
                ConvertedType::TIMESTAMP_MILLIS => Meaning::Time(SECONDS_A_DAY * 1_000, true),
                ConvertedType::TIMESTAMP_MICROS => Meaning::Time(SECONDS_A_DAY * 1_000_000, true),
                ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64 => {
                    Meaning::Unsigned
                }
                ConvertedType::INT_8 | ConvertedType::INT_16 | ConvertedType::INT_32 | ConvertedType::INT_64 => {
                    Meaning::Plain
                }
                ConvertedType::NONE => Meaning::Plain,
                _ => Meaning::Other,
            },
        }
    }
}

impl Cells {
    /// A column with the same text in every row.
    pub fn same(text: &str) -> Cells {
        Cells { values: Values::Same(text.to_owned()), there: None }
    }

    /// Bytes of memory that a value of a column takes.
    pub fn bytes_a_row(column: &ColumnDescriptor) -> u64 {
        let value = match (column.physical_type(), Meaning::of(column)) {
            (_, Meaning::Other) => 0,
            (PhysicalType::BOOLEAN, _) => size_of::<bool>(),
            (PhysicalType::INT96, _) | (_, Meaning::Time(..)) => size_of::<(i32, u64)>(),
            (PhysicalType::BYTE_ARRAY, Meaning::Text | Meaning::Plain) => size_of::<u32>(),
            _ => size_of::<f64>(),
        };
        value as u64 + u64::from(column.max_def_level() > 0)
    }

    /// Reads the `rows` values of a column.
    pub fn read(reader: ColumnReader, column: &ColumnDescriptor, rows: usize) -> Result<Cells, Bad> {
        let optional = column.max_def_level() > 0;
        let meaning = Meaning::of(column);
        let time = |ticks: i64, a_day: i64| {
            let nanos = (SECONDS_A_DAY * 1_000_000_000 / a_day) as u64;
            (ticks.div_euclid(a_day) as i32, ticks.rem_euclid(a_day) as u64 * nanos)
        };
        macro_rules! all {
            ($reader:expr, $kind:expr, $each:expr) => {{
                let (values, there) = all($reader, rows, optional, $each)?;
                Cells { values: $kind(values), there }
            }};
        }
        use ColumnReader::*;
        Ok(match (reader, meaning) {
            (_, Meaning::Other) => Cells::same("(?)"),
            (BoolColumnReader(r), _) => all!(r, Values::Yes, |x: &bool| *x),
            (Int32ColumnReader(r), Meaning::Day) => all!(r, Values::Day, |x: &i32| *x),
            (Int32ColumnReader(r), Meaning::Decimal(scale)) => {
                all!(r, Values::Number, |x: &i32| decimal(i128::from(*x), scale))
            }
            (Int32ColumnReader(r), Meaning::Unsigned) => all!(r, Values::Whole, |x: &i32| i64::from(*x as u32)),
            (Int32ColumnReader(r), _) => all!(r, Values::Whole, |x: &i32| i64::from(*x)),
            (Int64ColumnReader(r), Meaning::Time(a_day, utc)) => {
                all!(r, |values| Values::Time(values, utc), |x: &i64| time(*x, a_day))
            }
            (Int64ColumnReader(r), Meaning::Decimal(scale)) => {
                all!(r, Values::Number, |x: &i64| decimal(i128::from(*x), scale))
            }
            // Beyond what is counted with sign it is too large for any table anyway.
            (Int64ColumnReader(r), Meaning::Unsigned) => all!(r, Values::Number, |x: &i64| *x as u64 as f64),
            (Int64ColumnReader(r), _) => all!(r, Values::Whole, |x: &i64| *x),
            (Int96ColumnReader(r), _) => all!(r, |values| Values::Time(values, true), julian),
            (FloatColumnReader(r), _) => all!(r, Values::Number, |x: &f32| f64::from(*x)),
            (DoubleColumnReader(r), _) => all!(r, Values::Number, |x: &f64| *x),
            (ByteArrayColumnReader(r), Meaning::Decimal(scale)) => {
                all!(r, Values::Number, |x: &parquet::data_type::ByteArray| decimal(signed(x.as_bytes()), scale))
            }
            (ByteArrayColumnReader(r), _) => texts(r, rows, optional)?,
            (FixedLenByteArrayColumnReader(r), Meaning::Decimal(scale)) => {
                all!(r, Values::Number, |x: &parquet::data_type::FixedLenByteArray| decimal(
                    signed(x.as_bytes()),
                    scale
                ))
            }
            (FixedLenByteArrayColumnReader(_), _) => Cells::same("(?)"),
        })
    }
}

/// Every value of a column, and which rows hold one where not all do.
fn all<T: DataType, V: Clone + Default>(
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    optional: bool,
    mut each: impl FnMut(&T::T) -> V,
) -> Result<(Vec<V>, Option<Vec<bool>>), Bad> {
    // What the file claims is known to fit into the memory that one input may take.
    let mut out: Vec<V> = Vec::with_capacity(rows);
    let mut there: Option<Vec<bool>> = None;
    let (mut values, mut levels) = (Vec::with_capacity(BATCH), Vec::new());
    while out.len() < rows {
        values.clear();
        levels.clear();
        let want = BATCH.min(rows - out.len());
        let (records, ..) = reader.read_records(want, optional.then_some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Err(Bad::File("too few values".to_owned()));
        }
        if values.len() == records {
            out.extend(values.iter().map(&mut each));
            if let Some(there) = &mut there {
                there.resize(out.len(), true);
            }
            continue;
        }
        let there = there.get_or_insert_with(|| vec![true; out.len()]);
        let mut values = values.iter();
        for level in &levels {
            let value = if *level > 0 { values.next() } else { None };
            there.push(value.is_some());
            out.push(value.map_or_else(V::default, &mut each));
        }
    }
    Ok((out, there))
}

/// A column of texts: each made the number of its text, so that a long column takes four bytes a row.
fn texts(
    reader: ColumnReaderImpl<parquet::data_type::ByteArrayType>,
    rows: usize,
    optional: bool,
) -> Result<Cells, Bad> {
    let mut keys = Keys::default();
    let (mut row, mut bad) = (0_u32, None);
    let (codes, there) = all(reader, rows, optional, |bytes: &parquet::data_type::ByteArray| {
        row = row.saturating_add(1);
        match std::str::from_utf8(bytes.as_bytes()) {
            Ok(text) => keys.id(text),
            Err(_) => {
                bad.get_or_insert(row);
                0
            }
        }
    })?;
    match bad {
        // Counted over the rows that hold a text.
        Some(nth) => {
            let nth = nth as usize - 1;
            let filled = |there: &Vec<bool>| (0..there.len()).filter(|i| there[*i]).nth(nth);
            Err(Bad::Text(there.as_ref().map_or(Some(nth), filled).unwrap_or(nth) as u32 + 1))
        }
        None => Ok(Cells { values: Values::Text(codes, keys), there }),
    }
}

/// A whole number as bytes, the largest first; not a number of any table where it is longer than 16.
fn signed(bytes: &[u8]) -> i128 {
    let negative = bytes.first().is_some_and(|b| *b >= 0x80);
    let start = if negative { -1_i128 } else { 0 };
    if bytes.len() > 16 {
        return i128::MAX;
    }
    bytes.iter().fold(start, |n, b| (n << 8) | i128::from(*b))
}

/// A time stored as nanoseconds of a day and the number of the day counted from the Julian epoch.
fn julian(time: &Int96) -> (i32, u64) {
    /// The Julian day of 1970-01-01.
    const EPOCH: i64 = 2_440_588;
    let &[low, high, day] = time.data() else { return (i32::MIN, 0) };
    ((i64::from(day) - EPOCH) as i32, u64::from(high) << 32 | u64::from(low))
}

impl Column for Cells {
    fn value(&self, row: usize) -> Value<'_> {
        if let Some(there) = &self.there
            && there.get(row) != Some(&true)
        {
            return Value::Empty;
        }
        let value = match &self.values {
            Values::Yes(all) => all.get(row).map(|x| Value::Yes(*x)),
            Values::Whole(all) => all.get(row).map(|x| Value::Whole(*x)),
            Values::Number(all) => all.get(row).map(|x| Value::Number(*x)),
            Values::Day(all) => all.get(row).map(|x| Value::Day(*x)),
            Values::Time(all, utc) => all
                .get(row)
                .map(|&(day, nanos)| if *utc { Value::Instant(day, nanos) } else { Value::Time(day, nanos) }),
            Values::Text(codes, keys) => {
                codes.get(row).and_then(|code| keys.names().get(*code as usize)).map(|text| Value::Text(text))
            }
            Values::Same(text) => Some(Value::Text(text)),
        };
        value.unwrap_or(Value::Empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_whole_numbers_with_a_sign() {
        assert_eq!([signed(&[0xff, 0x38]), signed(&[0x04, 0xe2]), signed(&[])], [-200, 1250, 0]);
    }

    #[test]
    fn the_julian_day_of_the_epoch_is_day_0() {
        let mut time = Int96::new();
        time.set_data(7, 1, 2_440_589);
        assert_eq!(julian(&time), (1, (1 << 32) + 7));
    }
}
