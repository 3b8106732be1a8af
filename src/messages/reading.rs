//! What is said about settings, files, tables, rows and cells.

use super::Text;
use crate::say;

words! {
    meant(near: Option<&str>) = match near {
        Some(near) => "; did you mean '{near}'?", "；是否指“{near}”？";
        None => "", "";
    }

    // Cells
    bad_month(cell: &str) = "'{cell}' is not a month (write 2024-02)", "“{cell}”不是月份（请写成 2024-02）";
    an_instant(cell: &str) =
        "'{cell}' is a moment in UTC, which is another day elsewhere; give a date, or the local time without a time zone",
        "“{cell}”是协调世界时的时刻，在别处可能是另一天；请给出日期，或不带时区的当地时间";
    bad_year(cell: &str) = "'{cell}' is not a year (write 2024)", "“{cell}”不是年份（请写成 2024）";
    bad_yes(cell: &str) = "'{cell}' is neither yes nor no (write yes, or leave it empty)",
        "“{cell}”既非是也非否（请写“是”，或留空）";
    not_a_number(cell: &str) = "'{cell}' is not a number (write 1234.5 or 1,234.5)",
        "“{cell}”不是数字（请写成 1234.5 或 1,234.5）";
    number_with_unit(cell: &str, number: &str, unit: &str) =
        "'{cell}' is a number with a unit; write {number}, and the unit in the header: units({unit})",
        "“{cell}”是带单位的数字；请只写 {number}，单位写在表头：销量({unit})";
    too_small(cell: &str) =
        "'{cell}' is nearer to zero than any amount can be (0.000000001); write 0, or the amount that is meant",
        "“{cell}”比任何数量都更接近零（小于 0.000000001）；请写 0，或写出实际数量";
    too_large(cell: &str) = "'{cell}' is too large to be real (over 1e15)", "“{cell}”过大，不合实际（超过 1e15）";
    percent_without_rate(cell: &str) = "'{cell}' has a percent sign, but this column is no rate",
        "“{cell}”带百分号，但该列不是比率";
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

words! {
    control_character(cell: &str) =
        "the name '{cell}' holds a control character or a line break (is the file damaged?)",
        "名称“{cell}”含有控制字符或换行（文件是否已损坏？）";
    long_name(cell: &str, most: usize) = "the name '{cell}' has more than {most} characters (is a quote \" missing?)",
        "名称“{cell}”超过 {most} 个字符（是否缺少引号 \"？）";
    cell_error(value: &str) = "the cell holds the error {value}", "单元格为错误值 {value}";
    uncalculated =
        "the cell holds a formula without its value; open the workbook in a spreadsheet and save it, so that it is worked out",
        "单元格为公式，但工作簿未存其结果；请用表格软件打开并保存一次，使其算出";
    cut_code(cell: &str) =
        "'{cell}' is a code of which a spreadsheet kept the first digits only; export it again as text",
        "“{cell}”是被表格软件截断的编码，只剩前几位；请重新导出，编码设为文本";
    below_header(message: Text, line: u32) = "{0} (header: line {line})", "{0}（表头在第 {line} 行）", message;

    // Rows and headers
    too_many_cells(cells: usize, headers: usize, cell: &str) =
        "{cells} cells under {headers} headers, from '{cell}' on (a number with a comma must stand in quotes: \"1,234\")",
        "表头有 {headers} 列，此行却有 {cells} 列，从“{cell}”起多出（带逗号的数字须加引号：\"1,234\"）";
    unclosed_quote = "a quote \" opens here and is not closed; the rest of the file cannot be read",
        "此处的引号 \" 没有闭合，其后的内容无法读取";
    full_width_commas = "the cells are parted by full-width commas '，'; part them by ','",
        "各列以全角逗号“，”分隔，请改用半角逗号“,”";
    duplicate_column(column: &str, (first, second): (&str, &str)) =
        "'{first}' and '{second}' both mean the column '{column}'; leave one out in yugu.toml: [columns] \"{second}\" = \"\"",
        "“{first}”和“{second}”都表示“{column}”列；请在 yugu.toml 中去掉一个：[columns] \"{second}\" = \"\"";
    missing_column(table: &str, column: &str, zh: &str, near: Option<&str>) {
        let (en, zh_near) = nearly(column, near);
    } =
        "table '{table}' needs a column '{column}'{en}",
        "表“{table}”缺少“{column}”（{zh}）列{zh_near}";
    taken_as_header(found: &[String], more: bool, (names, zh): (&[&str], &[&str])) {
        let dots = if more { " | …" } else { "" };
        let row = found.join(" | ");
        let (en, zh) = (names.join(", "), zh.join("、"));
    } =
        "This row was taken as the header: {row}{dots}. The table needs one row of headers and below it a row for each entry: {en} (`yugu read FILE` shows what was understood)",
        "此行被视为表头：{row}{dots}。表格应有一行表头，其下每条一行：{zh}（`yugu read 文件` 可显示读取结果）";
    missing_columns(table: &str, en_names: &str, zh_names: &str, near: Option<&str>) {
        let first = en_names.split(' ').next().unwrap_or_default();
        let (en, zh) = nearly(first, near);
    } =
        "table '{table}' needs a column {en_names}{en}",
        "表“{table}”缺少 {zh_names} 列{zh}";
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

words! {
    /// The file is no TOML; the reason comes from its reader.
    bad_toml(reason: &str) { let reason = reason.trim().replace('\n', ", "); } = "this is not TOML: {reason}",
        "不符合 TOML 格式：{reason}";
    unused_setting(name: &str) = "the setting '{name}' was never used and is gone", "设置“{name}”从未起作用，现已取消";
    delete_it = "it changes nothing and can be deleted", "不影响结果，可删除";
    unknown_setting(name: &str, near: Option<&str>) = "there is no setting '{name}'{0}", "没有“{name}”这项设置{0}", meant(near);
    setting_is_a_section(name: &str) = "'{name}' is a section: write [{name}] on a line of its own",
        "“{name}”是一节，请单独写一行 [{name}]";
    setting_between(name: &str, value: &str, low: f64, high: f64) =
        "{name} = {value}: a number from {low} to {high} is needed",
        "{name} = {value}：须为 {low} 到 {high} 的数";
    setting_whole_between(name: &str, value: &str, low: u32, high: u32) =
        "{name} = {value}: a whole number from {low} to {high} is needed",
        "{name} = {value}：须为 {low} 到 {high} 的整数";
    setting_true_or_false(name: &str, value: &str) = "{name} = {value}: true or false is needed",
        "{name} = {value}：须为 true 或 false";
    setting_one_of(name: &str, value: &str, words: &[&str]) {
        let (en, zh) = (quoted(words).join(" or "), quoted(words).join(" 或 "));
    } =
        "{name} = {value}: {en} is needed",
        "{name} = {value}：须为 {zh}";
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("\"{word}\"")).collect()
}

words! {
    setting_words(name: &str, value: &str) = "{name} = {value}: a list of words is needed, [\"a\", \"b\"]",
        "{name} = {value}：须为词的列表，如 [\"a\", \"b\"]";
    setting_order(low: &str, low_value: f64, high: &str, high_value: f64) =
        "{low} = {low_value} must not be more than {high} = {high_value}",
        "{low} = {low_value} 不得大于 {high} = {high_value}";
    mapping_is_a_name(header: &str) =
        "the header '{header}' must be mapped to the name of a column: \"{header}\" = \"revenue\"",
        "表头“{header}”须对应一个列名：\"{header}\" = \"revenue\"";
    mapped_twice(header: &str) = "the header '{header}' is mapped twice (case and blanks do not count)",
        "表头“{header}”重复对应（不分大小写和空格）";
    unknown_column(name: &str, table: Option<&str>, near: Option<&str>) = match table {
        Some(table) => "table '{table}' has no column '{name}'{0}", "表“{table}”没有“{name}”列{0}", meant(near);
        None => "no table has a column '{name}'{0}", "没有哪张表有“{name}”列{0}", meant(near);
    }
    unknown_table(name: &str, near: Option<&str>) = "there is no table '{name}'{0}",
        "没有“{name}”这张表{0}", meant(near);

    // Files and the folder
    no_such_folder(path: &str) = "there is no folder '{path}'", "没有文件夹“{path}”";
    not_a_folder(path: &str) = "'{path}' is a file; name the folder it lies in", "“{path}”是文件，请给出其所在的文件夹";
    /// A folder that cannot be listed; the reason comes from the system.
    folder_unreadable(path: &str, reason: &str) = "the folder '{path}' cannot be read: {reason}",
        "无法读取文件夹“{path}”：{reason}";
    no_tables(path: &str) =
        "the folder '{path}' holds no table; at least sales.csv or sales.xlsx is needed (month, region, product, units)",
        "文件夹“{path}”中没有表；至少需要 sales.csv 或 sales.xlsx（月份、区域、产品、销量）";
    no_parts(folder: &str) = "the folder {folder} holds no .csv, .csv.gz, .xlsx, .xls, .xlsb, .ods or .parquet file",
        "文件夹 {folder} 中没有 .csv、.csv.gz、.xlsx、.xls、.xlsb、.ods 或 .parquet 文件";
    table_twice(table: &str, first: &str, second: &str) =
        "the table '{table}' is both in {first} and in {second}; keep one, or put the parts into a folder {table}/",
        "表“{table}”同时存在于 {first} 和 {second}；请只留一个，或把各部分放入文件夹 {table}/";
    part_beside_file(table: &str, single: &str) =
        "nothing was written: the table '{table}' is the file {single}, and a part of it cannot stand beside that; move {single} into a folder {table}/ (or delete it, if it holds no data) and save again",
        "未写入任何内容：表“{table}”是文件 {single}，其旁不能再放一部分；请把 {single} 移入文件夹 {table}/（若无数据则删除）后再保存";
}

findings! {
    unknown_file(name: &str, near: Option<&str>) =
        "'{name}' is not the name of a table{0}",
        "“{name}”不是表名{0}", meant(near) =>
        "not read", "不读取";
    doubtful_encoding(name: &str) = "nothing in the file says which encoding its letters are in",
        "文件中没有任何内容说明其文字编码" =>
        "read as {name}; save it as UTF-8 if names look wrong", "按 {name} 读取；若名称显示有误，请另存为 UTF-8";
}

words! {
    other_format(ending: &str) = "{ending} files are not read; save the table as .csv, .csv.gz, .xlsx or .parquet",
        "不读取 {ending} 文件；请另存为 .csv、.csv.gz、.xlsx 或 .parquet";
    /// A file that cannot be read; the reason comes from the system.
    unreadable(reason: &str) = "the file cannot be read: {reason}", "无法读取文件：{reason}";
    not_a_file = "this is not a regular file (a pipe, a device or a folder)", "不是普通文件（管道、设备或文件夹）";
    link_again = "this leads to a folder of parts that is read already (a link back?); remove the link",
        "此处指向已读取过的分表文件夹（回指的链接？）；请删除该链接";
    too_deep(most: usize) = "parts lie more than {most} folders deep; are these links?",
        "分表嵌套超过 {most} 层文件夹；是否为链接？";
    file_too_large(gb: &str) =
        "the file is larger than {gb} GB; split it into parts, or raise `memory` in [limits] of yugu.toml",
        "文件超过 {gb} GB；请拆分为多个部分，或调高 yugu.toml 中 [limits] 的 memory";
    too_much_memory(gb: &str) =
        "the file takes more than {gb} GB of memory; is it damaged? Else split it into parts, or raise `memory` in [limits] of yugu.toml",
        "读取该文件需要超过 {gb} GB 内存；是否已损坏？否则请拆分，或调高 yugu.toml 中 [limits] 的 memory";
    breaks_the_reader(gb: &str) =
        "the file cannot be read: the reader breaks off, or needs more than {gb} GB of memory; is it damaged? If it is right, raise `memory` in [limits] of yugu.toml",
        "无法读取文件：读取程序中断，或需要超过 {gb} GB 内存；是否已损坏？如确无误，请调高 yugu.toml 中 [limits] 的 memory";
    unpacks_too_large(mib: u64) =
        "the file unpacks to over {mib} MiB, far more than a real table of its size; unpack it yourself if it is right",
        "文件解压后超过 {mib} MiB，远大于同等大小的真实表格；如确无误，请自行解压";
    /// A damaged gzip file; the reason comes from its reader.
    bad_gzip(reason: &str) = "the file is not a whole gzip file (cut off while copying?): {reason}",
        "文件不是完整的 gzip 文件（复制时中断？）：{reason}";
    /// A damaged workbook; the reason comes from its reader.
    bad_workbook(reason: &str) = "the workbook cannot be read (is it damaged?): {reason}",
        "无法读取工作簿（是否已损坏？）：{reason}";
    is_an_old_workbook =
        "the workbook is locked by a password, or an old one that should be named .xls; save it as .xlsx without a password",
        "工作簿有密码，或为旧格式（应以 .xls 命名）；请另存为无密码的 .xlsx";
    is_no_old_workbook = "the file is no workbook of the old kind that .xls stands for; open it and save it as .xlsx",
        "文件不是 .xls 所指的旧格式工作簿；请打开后另存为 .xlsx";
    is_a_web_page = "the file is a web page, whatever its name says; open it in a spreadsheet and save it as .xlsx",
        "无论文件名如何，其内容是网页；请用表格软件打开后另存为 .xlsx";
    is_a_workbook = "the file is a workbook or a zip archive, not a text; name it .xlsx",
        "文件是工作簿或压缩包，不是文本；请改名为 .xlsx";
    is_gzip = "the file is packed with gzip; name it .csv.gz", "文件为 gzip 压缩格式；请改名为 .csv.gz";
    bad_encoding(tried: &str) =
        "this line is not text in {tried}, nor in another encoding that would make sense; save the file as UTF-8",
        "此行不是 {tried} 编码的文本，其他编码也读不通；请将文件另存为 UTF-8";
    too_many_columns(columns: usize) = "the header has {columns} columns; is this a table?",
        "表头有 {columns} 列；这是表格吗？";
}
