//! What is said about Parquet files.

words! {
    /// A file that is none, or is damaged; the reason comes from the reader.
    bad_file(reason: &str) = "the Parquet file cannot be read: {reason}", "无法读取 Parquet 文件：{reason}";
    not_utf8 = "a text in this row is not UTF-8", "此行的文本不是 UTF-8 编码";
    too_many_rows(most: i64) = "the file claims to hold over {most} rows", "文件声称超过 {most} 行";
    is_parquet = "this is a Parquet file; give it the ending .parquet", "这是 Parquet 文件，请将扩展名改为 .parquet";
    not_built_in = "this program was built without Parquet; convert the table to .csv or .csv.gz",
        "此程序编译时未包含 Parquet；请转换为 .csv 或 .csv.gz";
    /// A part of a table in a folder like `month=2024-02` that is no Parquet file.
    folders_only_for_parquet(folder: &str) =
        "the name of {folder} gives a column, which is read for Parquet files only; move the file out and write the column",
        "{folder} 的名称表示一列，仅 Parquet 文件支持；请移出文件并写入该列";
}
