//! A report's table as the bytes of a Parquet file: types kept, packed with zstd.

use std::ops::Range;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::columns::Type as Of;
use super::data::{Cells, Column, Table};

/// The bytes of a file. Texts are there in every row; numbers and dates may be missing.
pub fn bytes(table: &Table) -> Vec<u8> {
    // Nothing written to memory fails, and the columns fit their schema.
    written(table).unwrap_or_default()
}

fn written(table: &Table) -> Result<Vec<u8>, ParquetError> {
    let fields = table.columns.iter().map(field).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
        .set_created_by(concat!("yugu version ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    for rows in table.chunks() {
        let mut group = file.next_row_group()?;
        for column in &table.columns {
            let Some(mut writer) = group.next_column()? else { break };
            write(&mut writer, column, rows.clone())?;
            writer.close()?;
        }
        group.close()?;
    }
    file.into_inner()
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.stored() {
        Of::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Of::Whole => (Physical::INT64, None),
        Of::Number => (Physical::DOUBLE, None),
        Of::Month | Of::Day => (Physical::INT32, Some(LogicalType::Date)),
    };
    let repetition = if column.stored() == Of::Text { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    let field = Type::primitive_type_builder(column.name(), physical);
    Ok(Arc::new(field.with_repetition(repetition).with_logical_type(logical).build()?))
}

fn write(writer: &mut SerializedColumnWriter, column: &Column, rows: Range<usize>) -> Result<(), ParquetError> {
    match &column.cells {
        Cells::Text(codes, texts) => {
            let texts: Vec<ByteArray> = texts.names().iter().map(|text| ByteArray::from(&**text)).collect();
            let codes = codes.get(rows).unwrap_or_default();
            let values: Vec<ByteArray> = codes.iter().filter_map(|code| texts.get(*code as usize).cloned()).collect();
            writer.typed::<ByteArrayType>().write_batch(&values, None, None)?;
            Ok(())
        }
        Cells::Whole(all) => some::<Int64Type>(writer, all.get(rows).unwrap_or_default().iter().copied()),
        Cells::Number(all) => {
            let given = |x: &f64| x.is_finite().then_some(*x);
            some::<DoubleType>(writer, all.get(rows).unwrap_or_default().iter().map(given))
        }
        Cells::Month(_) | Cells::Day(_) => some::<Int32Type>(writer, rows.map(|row| column.day(row))),
    }
}

fn some<T: DataType>(
    writer: &mut SerializedColumnWriter,
    all: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for value in all {
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    writer.typed::<T>().write_batch(&values, Some(&levels), None)?;
    Ok(())
}
