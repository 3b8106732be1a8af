//! A report's table as the bytes of a Parquet file: types kept, packed with zstd.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::typed::{Cells, Kind, Typed};

/// The bytes of a file. Texts are there in every row; numbers and dates may be missing.
pub fn bytes(table: &Typed) -> Vec<u8> {
    // Nothing written to memory fails, and the columns fit their schema.
    written(table).unwrap_or_default()
}

fn written(table: &Typed) -> Result<Vec<u8>, ParquetError> {
    let columns = table.names.iter().zip(&table.kinds);
    let fields = columns.map(|(name, kind)| column(name, *kind)).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
        .set_created_by(concat!("yugu version ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    for chunk in &table.chunks {
        let mut group = file.next_row_group()?;
        for cells in chunk {
            let Some(mut writer) = group.next_column()? else { break };
            write(&mut writer, cells)?;
            writer.close()?;
        }
        group.close()?;
    }
    file.into_inner()
}

fn column(name: &str, kind: Kind) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Month | Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
    };
    let repetition = if kind == Kind::Text { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    let column = Type::primitive_type_builder(name, physical).with_repetition(repetition).with_logical_type(logical);
    Ok(Arc::new(column.build()?))
}

fn write(writer: &mut SerializedColumnWriter, cells: &Cells) -> Result<(), ParquetError> {
    match cells {
        Cells::Text(codes, texts) => {
            let texts: Vec<ByteArray> = texts.iter().map(|text| ByteArray::from(&**text)).collect();
            let empty = ByteArray::from("");
            let values: Vec<ByteArray> =
                codes.iter().map(|code| texts.get(*code as usize).unwrap_or(&empty).clone()).collect();
            writer.typed::<ByteArrayType>().write_batch(&values, None, None)?;
            Ok(())
        }
        Cells::Whole(all) => some::<Int64Type>(writer, all),
        Cells::Number(all) => some::<DoubleType>(writer, all),
        Cells::Day(all) => some::<Int32Type>(writer, all),
    }
}

fn some<T: DataType>(writer: &mut SerializedColumnWriter, all: &[Option<T::T>]) -> Result<(), ParquetError> {
    let values: Vec<T::T> = all.iter().flatten().cloned().collect();
    let levels: Vec<i16> = all.iter().map(|value| i16::from(value.is_some())).collect();
    writer.typed::<T>().write_batch(&values, Some(&levels), None)?;
    Ok(())
}
