//! What is said about settings, files, tables, rows and cells.

use super::Text;
use crate::say;

/// ": did you mean 'x'?" behind a name that is not known.
fn meant(near: Option<&str>) -> (String, String) {
    match near {
        Some(near) => (format!("; did you mean '{near}'?"), format!("；是否指“{near}”？")),
        None => (String::new(), String::new()),
    }
}

// Cells

/// A month or a date that cannot be one.
pub fn bad_month(cell: &str) -> Text {
    say!("'{cell}' is not a month (write 2024-02)", "“{cell}”不是月份（请写成 2024-02）")
}

/// A moment in UTC where a day is meant.
pub fn an_instant(cell: &str) -> Text {
    say!(
        "'{cell}' is a moment in UTC, which is another day elsewhere; give a date, or the local time without a time zone",
        "“{cell}”是协调世界时的时刻，在别处可能是另一天；请给出日期，或不带时区的当地时间"
    )
}

/// A year that cannot be one.
pub fn bad_year(cell: &str) -> Text {
    say!("'{cell}' is not a year (write 2024)", "“{cell}”不是年份（请写成 2024）")
}

/// Neither yes nor no.
pub fn bad_yes(cell: &str) -> Text {
    say!("'{cell}' is neither yes nor no (write yes, or leave it empty)", "“{cell}”既非是也非否（请写“是”，或留空）")
}

/// Not a number.
pub fn not_a_number(cell: &str) -> Text {
    say!("'{cell}' is not a number (write 1234.5 or 1,234.5)", "“{cell}”不是数字（请写成 1234.5 或 1,234.5）")
}

/// A number with its unit in the cell.
pub fn number_with_unit(cell: &str, number: &str, unit: &str) -> Text {
    say!(
        "'{cell}' is a number with a unit; write {number}, and the unit in the header: units({unit})",
        "“{cell}”是带单位的数字；请只写 {number}，单位写在表头：销量({unit})"
    )
}

/// A number no sales can have.
pub fn too_small(cell: &str) -> Text {
    say!(
        "'{cell}' is nearer to zero than any amount can be (0.000000001); write 0, or the amount that is meant",
        "“{cell}”比任何数量都更接近零（小于 0.000000001）；请写 0，或写出实际数量"
    )
}

/// A number beyond all amounts.
pub fn too_large(cell: &str) -> Text {
    say!("'{cell}' is too large to be real (over 1e15)", "“{cell}”过大，不合实际（超过 1e15）")
}

/// A percent sign in a column of plain numbers.
pub fn percent_without_rate(cell: &str) -> Text {
    say!("'{cell}' has a percent sign, but this column is no rate", "“{cell}”带百分号，但该列不是比率")
}

/// A cell that must not be empty.
pub fn empty_cell(column: &str) -> Text {
    // Numbers are not merged over rows, names are.
    let names = ["region", "product", "month"].contains(&column);
    let (en, zh) = if names {
        (
            " (cells merged in a spreadsheet are empty in a text: give the workbook, or fill them down)",
            "（合并单元格另存为文本后会变空：请直接提供工作簿，或向下填充）",
        )
    } else {
        ("", "")
    };
    say!("column '{column}' is empty here, and every row needs it{en}", "“{column}”列此处为空，每一行都必须填写{zh}")
}

/// NUL and the like in a name.
pub fn control_character(cell: &str) -> Text {
    say!(
        "the name '{cell}' holds a control character or a line break (is the file damaged?)",
        "名称“{cell}”含有控制字符或换行（文件是否已损坏？）"
    )
}

/// A name that is none.
pub fn long_name(cell: &str, most: usize) -> Text {
    say!(
        "the name '{cell}' has more than {most} characters (is a quote \" missing?)",
        "名称“{cell}”超过 {most} 个字符（是否缺少引号 \"？）"
    )
}

/// An error value in a worksheet: #N/A, #DIV/0!.
pub fn cell_error(value: &str) -> Text {
    say!("the cell holds the error {value}", "单元格为错误值 {value}")
}

/// A formula whose value the workbook does not hold.
pub fn uncalculated() -> Text {
    say!(
        "the cell holds a formula without its value; open the workbook in a spreadsheet and save it, so that it is worked out",
        "单元格为公式，但工作簿未存其结果；请用表格软件打开并保存一次，使其算出"
    )
}

/// A code that a spreadsheet cut to its first digits.
pub fn cut_code(cell: &str) -> Text {
    say!(
        "'{cell}' is a code of which a spreadsheet kept the first digits only; export it again as text",
        "“{cell}”是被表格软件截断的编码，只剩前几位；请重新导出，编码设为文本"
    )
}

/// An error of a sheet whose header is not its first line.
pub fn below_header(message: Text, line: u32) -> Text {
    say!("{0} (header: line {line})", "{0}（表头在第 {line} 行）", message)
}

// Rows and headers

/// More cells than headers.
pub fn too_many_cells(cells: usize, headers: usize, cell: &str) -> Text {
    say!(
        "{cells} cells under {headers} headers, from '{cell}' on (a number with a comma must stand in quotes: \"1,234\")",
        "表头有 {headers} 列，此行却有 {cells} 列，从“{cell}”起多出（带逗号的数字须加引号：\"1,234\"）"
    )
}

/// A quote that never ends.
pub fn unclosed_quote() -> Text {
    say!(
        "a quote \" opens here and is not closed; the rest of the file cannot be read",
        "此处的引号 \" 没有闭合，其后的内容无法读取"
    )
}

/// A header parted by full-width commas.
pub fn full_width_commas() -> Text {
    say!(
        "the cells are parted by full-width commas '，'; part them by ','",
        "各列以全角逗号“，”分隔，请改用半角逗号“,”"
    )
}

/// Two headers for one column.
pub fn duplicate_column(column: &str, (first, second): (&str, &str)) -> Text {
    say!(
        "'{first}' and '{second}' both mean the column '{column}'; leave one out in yugu.toml: [columns] \"{second}\" = \"\"",
        "“{first}”和“{second}”都表示“{column}”列；请在 yugu.toml 中去掉一个：[columns] \"{second}\" = \"\""
    )
}

/// A column the table needs.
pub fn missing_column(table: &str, column: &str, zh: &str, near: Option<&str>) -> Text {
    let (en, zh_near) = nearly(column, near);
    say!("table '{table}' needs a column '{column}'{en}", "表“{table}”缺少“{column}”（{zh}）列{zh_near}")
}

/// What the row holds that was taken as the header, and a table as it should be.
pub fn taken_as_header(found: &[String], more: bool, (names, zh): (&[&str], &[&str])) -> Text {
    let dots = if more { " | …" } else { "" };
    let row = found.join(" | ");
    let (en, zh) = (names.join(", "), zh.join("、"));
    say!(
        "This row was taken as the header: {row}{dots}. The table needs one row of headers and below it a row for each entry: {en} (`yugu read FILE` shows what was understood)",
        "此行被视为表头：{row}{dots}。表格应有一行表头，其下每条一行：{zh}（`yugu read 文件` 可显示读取结果）"
    )
}

/// Columns of which the table needs one.
pub fn missing_columns(table: &str, en_names: &str, zh_names: &str, near: Option<&str>) -> Text {
    let first = en_names.split(' ').next().unwrap_or_default();
    let (en, zh) = nearly(first, near);
    say!("table '{table}' needs a column {en_names}{en}", "表“{table}”缺少 {zh_names} 列{zh}")
}

fn nearly(column: &str, near: Option<&str>) -> (String, String) {
    match near {
        Some(near) => (
            format!("; if '{near}' is meant, say so in yugu.toml: [columns] \"{near}\" = \"{column}\""),
            format!("；如指“{near}”，请在 yugu.toml 中写明：[columns] \"{near}\" = \"{column}\""),
        ),
        None => (String::new(), String::new()),
    }
}

/// Columns nothing uses, and what is done with them.
pub fn unused_columns(named: &[String], more: usize) -> (Text, Text) {
    let (en, zh) = (named.join(", "), named.join("、"));
    let (en_more, zh_more) = match more {
        0 => (String::new(), String::new()),
        more => (format!(" and {more} more"), format!("等，另有 {more} 列")),
    };
    let message = say!("columns not used: {en}{en_more}", "未使用的列：{zh}{zh_more}");
    (message, say!("left out", "不读取"))
}

// Settings

/// The file is no TOML; the reason comes from its reader.
pub fn bad_toml(reason: &str) -> Text {
    let reason = reason.trim().replace('\n', ", ");
    say!("this is not TOML: {reason}", "不符合 TOML 格式：{reason}")
}

/// A section or a key that is not known.
pub fn unknown_setting(name: &str, near: Option<&str>) -> Text {
    let (en, zh) = meant(near);
    say!("there is no setting '{name}'{en}", "没有“{name}”这项设置{zh}")
}

/// A key where a section is meant.
pub fn setting_is_a_section(name: &str) -> Text {
    say!("'{name}' is a section: write [{name}] on a line of its own", "“{name}”是一节，请单独写一行 [{name}]")
}

/// A number out of its range.
pub fn setting_between(name: &str, value: &str, low: f64, high: f64) -> Text {
    say!("{name} = {value}: a number from {low} to {high} is needed", "{name} = {value}：须为 {low} 到 {high} 的数")
}

/// A whole number out of its range.
pub fn setting_whole_between(name: &str, value: &str, low: u32, high: u32) -> Text {
    say!(
        "{name} = {value}: a whole number from {low} to {high} is needed",
        "{name} = {value}：须为 {low} 到 {high} 的整数"
    )
}

/// Neither true nor false.
pub fn setting_true_or_false(name: &str, value: &str) -> Text {
    say!("{name} = {value}: true or false is needed", "{name} = {value}：须为 true 或 false")
}

/// None of the words allowed.
pub fn setting_one_of(name: &str, value: &str, words: &[&str]) -> Text {
    let (en, zh) = (quoted(words).join(" or "), quoted(words).join(" 或 "));
    say!("{name} = {value}: {en} is needed", "{name} = {value}：须为 {zh}")
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("\"{word}\"")).collect()
}

/// Not a list of words.
pub fn setting_words(name: &str, value: &str) -> Text {
    say!(
        "{name} = {value}: a list of words is needed, [\"a\", \"b\"]",
        "{name} = {value}：须为词的列表，如 [\"a\", \"b\"]"
    )
}

/// Two settings in the wrong order.
pub fn setting_order(low: &str, low_value: f64, high: &str, high_value: f64) -> Text {
    say!(
        "{low} = {low_value} must not be more than {high} = {high_value}",
        "{low} = {low_value} 不得大于 {high} = {high_value}"
    )
}

/// A mapping to something that is no name.
pub fn mapping_is_a_name(header: &str) -> Text {
    say!(
        "the header '{header}' must be mapped to the name of a column: \"{header}\" = \"revenue\"",
        "表头“{header}”须对应一个列名：\"{header}\" = \"revenue\""
    )
}

/// One header mapped twice.
pub fn mapped_twice(header: &str) -> Text {
    say!(
        "the header '{header}' is mapped twice (case and blanks do not count)",
        "表头“{header}”重复对应（不分大小写和空格）"
    )
}

/// A mapping to a column that is not known.
pub fn unknown_column(name: &str, table: Option<&str>, near: Option<&str>) -> Text {
    let (en, zh) = meant(near);
    match table {
        Some(table) => say!("table '{table}' has no column '{name}'{en}", "表“{table}”没有“{name}”列{zh}"),
        None => say!("no table has a column '{name}'{en}", "没有哪张表有“{name}”列{zh}"),
    }
}

/// A table that is not known.
pub fn unknown_table(name: &str, near: Option<&str>) -> Text {
    let (en, zh) = meant(near);
    say!("there is no table '{name}'{en}", "没有“{name}”这张表{zh}")
}

// Files and the folder

/// No such folder.
pub fn no_such_folder(path: &str) -> Text {
    say!("there is no folder '{path}'", "没有文件夹“{path}”")
}

/// A file where a folder is meant.
pub fn not_a_folder(path: &str) -> Text {
    say!("'{path}' is a file; name the folder it lies in", "“{path}”是文件，请给出其所在的文件夹")
}

/// A folder that cannot be listed; the reason comes from the system.
pub fn folder_unreadable(path: &str, reason: &str) -> Text {
    say!("the folder '{path}' cannot be read: {reason}", "无法读取文件夹“{path}”：{reason}")
}

/// A folder without tables.
pub fn no_tables(path: &str) -> Text {
    say!(
        "the folder '{path}' holds no table; at least sales.csv or sales.xlsx is needed (month, region, product, units)",
        "文件夹“{path}”中没有表；至少需要 sales.csv 或 sales.xlsx（月份、区域、产品、销量）"
    )
}

/// A table's folder without parts.
pub fn no_parts(folder: &str) -> Text {
    say!(
        "the folder {folder} holds no .csv, .csv.gz, .xlsx, .xls, .xlsb, .ods or .parquet file",
        "文件夹 {folder} 中没有 .csv、.csv.gz、.xlsx、.xls、.xlsb、.ods 或 .parquet 文件"
    )
}

/// One table in two places.
pub fn table_twice(table: &str, first: &str, second: &str) -> Text {
    say!(
        "the table '{table}' is both in {first} and in {second}; keep one, or put the parts into a folder {table}/",
        "表“{table}”同时存在于 {first} 和 {second}；请只留一个，或把各部分放入文件夹 {table}/"
    )
}

/// A file whose name is no table's, and what is done with it.
pub fn unknown_file(name: &str, near: Option<&str>) -> (Text, Text) {
    let (en, zh) = meant(near);
    let message = say!("'{name}' is not the name of a table{en}", "“{name}”不是表名{zh}");
    (message, say!("not read", "不读取"))
}

/// A table in a format that is not read.
pub fn other_format(ending: &str) -> Text {
    say!(
        "{ending} files are not read; save the table as .csv, .csv.gz, .xlsx or .parquet",
        "不读取 {ending} 文件；请另存为 .csv、.csv.gz、.xlsx 或 .parquet"
    )
}

/// A file that cannot be read; the reason comes from the system.
pub fn unreadable(reason: &str) -> Text {
    say!("the file cannot be read: {reason}", "无法读取文件：{reason}")
}

/// A pipe, a device or a folder in the place of a file.
pub fn not_a_file() -> Text {
    say!("this is not a regular file (a pipe, a device or a folder)", "不是普通文件（管道、设备或文件夹）")
}

/// A folder of parts that is reached a second time.
pub fn link_again() -> Text {
    say!(
        "this leads to a folder of parts that is read already (a link back?); remove the link",
        "此处指向已读取过的分表文件夹（回指的链接？）；请删除该链接"
    )
}

/// Parts in folders within folders within folders.
pub fn too_deep(most: usize) -> Text {
    say!("parts lie more than {most} folders deep; are these links?", "分表嵌套超过 {most} 层文件夹；是否为链接？")
}

/// A file over the limit.
pub fn file_too_large(gb: &str) -> Text {
    say!(
        "the file is larger than {gb} GB; split it into parts, or raise `memory` in [limits] of yugu.toml",
        "文件超过 {gb} GB；请拆分为多个部分，或调高 yugu.toml 中 [limits] 的 memory"
    )
}

/// A file that takes more memory than one input may.
pub fn too_much_memory(gb: &str) -> Text {
    say!(
        "the file takes more than {gb} GB of memory; is it damaged? Else split it into parts, or raise `memory` in [limits] of yugu.toml",
        "读取该文件需要超过 {gb} GB 内存；是否已损坏？否则请拆分，或调高 yugu.toml 中 [limits] 的 memory"
    )
}

/// A file that a process of its own died on.
pub fn breaks_the_reader(gb: &str) -> Text {
    say!(
        "the file cannot be read: the reader breaks off, or needs more than {gb} GB of memory; is it damaged? If it is right, raise `memory` in [limits] of yugu.toml",
        "无法读取文件：读取程序中断，或需要超过 {gb} GB 内存；是否已损坏？如确无误，请调高 yugu.toml 中 [limits] 的 memory"
    )
}

/// A packed file over the limit.
pub fn unpacks_too_large(mib: u64) -> Text {
    say!(
        "the file unpacks to over {mib} MiB, far more than a real table of its size; unpack it yourself if it is right",
        "文件解压后超过 {mib} MiB，远大于同等大小的真实表格；如确无误，请自行解压"
    )
}

/// A damaged gzip file; the reason comes from its reader.
pub fn bad_gzip(reason: &str) -> Text {
    say!(
        "the file is not a whole gzip file (cut off while copying?): {reason}",
        "文件不是完整的 gzip 文件（复制时中断？）：{reason}"
    )
}

/// A damaged workbook; the reason comes from its reader.
pub fn bad_workbook(reason: &str) -> Text {
    say!("the workbook cannot be read (is it damaged?): {reason}", "无法读取工作簿（是否已损坏？）：{reason}")
}

/// An old or locked workbook.
pub fn is_an_old_workbook() -> Text {
    say!(
        "the workbook is locked by a password, or an old one that should be named .xls; save it as .xlsx without a password",
        "工作簿有密码，或为旧格式（应以 .xls 命名）；请另存为无密码的 .xlsx"
    )
}

/// Something else with the ending of an old workbook.
pub fn is_no_old_workbook() -> Text {
    say!(
        "the file is no workbook of the old kind that .xls stands for; open it and save it as .xlsx",
        "文件不是 .xls 所指的旧格式工作簿；请打开后另存为 .xlsx"
    )
}

/// A web page with the ending of a table.
pub fn is_a_web_page() -> Text {
    say!(
        "the file is a web page, whatever its name says; open it in a spreadsheet and save it as .xlsx",
        "无论文件名如何，其内容是网页；请用表格软件打开后另存为 .xlsx"
    )
}

/// An encoding that is a guess.
pub fn doubtful_encoding(name: &str) -> (Text, Text) {
    let message =
        say!("nothing in the file says which encoding its letters are in", "文件中没有任何内容说明其文字编码");
    (
        message,
        say!("read as {name}; save it as UTF-8 if names look wrong", "按 {name} 读取；若名称显示有误，请另存为 UTF-8"),
    )
}

/// A workbook with the ending of a text.
pub fn is_a_workbook() -> Text {
    say!(
        "the file is a workbook or a zip archive, not a text; name it .xlsx",
        "文件是工作簿或压缩包，不是文本；请改名为 .xlsx"
    )
}

/// A gzip file with the ending of a text.
pub fn is_gzip() -> Text {
    say!("the file is packed with gzip; name it .csv.gz", "文件为 gzip 压缩格式；请改名为 .csv.gz")
}

/// Bytes that are no text.
pub fn bad_encoding(tried: &str) -> Text {
    say!(
        "this line is not text in {tried}, nor in another encoding that would make sense; save the file as UTF-8",
        "此行不是 {tried} 编码的文本，其他编码也读不通；请将文件另存为 UTF-8"
    )
}

/// More columns than any spreadsheet holds.
pub fn too_many_columns(columns: usize) -> Text {
    say!("the header has {columns} columns; is this a table?", "表头有 {columns} 列；这是表格吗？")
}
