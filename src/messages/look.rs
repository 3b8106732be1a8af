//! What is said about the form of a table as a whole.

use super::Text;
use super::reading::meant;
use crate::say;

/// Names as a list, in both languages.
fn listed(names: &[String]) -> (String, String) {
    const SHOWN: usize = 12;
    let more = names.len().saturating_sub(SHOWN);
    let names = names.get(..SHOWN).unwrap_or(names);
    let (en, zh) = (names.join("', '"), names.join("”、“"));
    match more {
        0 => (format!("'{en}'"), format!("“{zh}”")),
        more => (format!("'{en}' and {more} more"), format!("“{zh}”等，另有 {more} 个")),
    }
}

// Worksheets

findings! {
    several_sheets(names: &[String]) { let (en, zh) = listed(names); } =
        "the workbook has several sheets of this table: {en}",
        "工作簿中有多张此表的工作表：{zh}" =>
        "all of them are read", "全部读取";
    sheets_not_read(taken: &[String], left: &[String]) {
        let ((en, zh), (en_left, zh_left)) = (listed(taken), listed(left));
    } =
        "the table was found in {en}; not in {en_left}",
        "此表位于 {zh}；{zh_left} 中没有此表" =>
        "the others are not read", "其余工作表不读取";
    hidden_sheet(name: &str) = "the sheet '{name}' is hidden", "工作表“{name}”为隐藏" =>
        "it is read", "照常读取";
    hidden_rows(rows: usize) = "{rows} rows are hidden (by a filter?), this is the first",
        "有 {rows} 行被隐藏（筛选？），此为第一行" =>
        "they are read", "照常读取";
    region_by_sheet(names: &[String]) { let (en, zh) = listed(names); } =
        "no column holds the region; there is a sheet for each: {en}",
        "没有区域列；每个区域一张表：{zh}" =>
        "the name of the sheet is the region", "以表名为区域";
    year_of_title(year: i32) = "the months have no year; a title or the sheet's name says {year}",
        "月份没有年份；标题或表名为 {year} 年" =>
        "they are taken as months of {year}", "按 {year} 年处理";
    notes_below(lines: usize, first: &str) = "{lines} lines of notes stand below the table: '{first}'",
        "表格下方有 {lines} 行说明：“{first}”" =>
        "left out", "不读取";
    decimal_comma(header: &str, columns: usize) =
        "the numbers of '{header}' have decimal commas or points between thousands ({columns} columns)",
        "“{header}”列以逗号为小数点或以点为千位分隔（共 {columns} 列）" =>
        "1.234,5 is read as 1234.5", "1.234,5 读作 1234.5";
    padded_months = "months are numbers with two decimals (2023.01)", "月份为两位小数的数字（2023.01）" =>
        "2023.1 is taken as October", "2023.1 按 10 月处理";
}

words! {
    nearly_the_table(taken: &[String], left: &[String], table: &str) {
        let ((en, zh), (en_left, zh_left)) = (listed(taken), listed(left));
    } =
        "the table was found in {en}, and {en_left} holds a part of its columns; give the sheet that is meant the name '{table}', or take the others out of the workbook",
        "此表位于 {zh}，而 {zh_left} 也有其中的部分列；请把所指的工作表命名为“{table}”，或将其余工作表移出此工作簿";
    sheets_differ(headers: &[(String, String)], table: &str) {
        let en = headers.iter().map(|(name, header)| format!("'{name}': {header}")).collect::<Vec<_>>();
        let zh = headers.iter().map(|(name, header)| format!("“{name}”：{header}")).collect::<Vec<_>>();
        let (en, zh) = (en.join("; "), zh.join("；"));
    } =
        "several sheets hold this table, and their headers differ ({en}); give the one that is meant the name '{table}', or make their headers alike",
        "多张工作表都是此表，但表头不同（{zh}）；请把所指的工作表命名为“{table}”，或统一表头";
}

// Shapes

/// Months whose year nobody says.
pub fn months_without_year(headers: &[String]) -> Text {
    const SHOWN: usize = 8;
    let row = headers.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(" | ");
    say!(
        "the months have no year (this row was taken as the header: {row}), and no title, sheet name or column of years gives one for all of them; write 2024-01, or name the sheet after the year",
        "月份没有年份（此行被视为表头：{row}），标题、表名或年份列也未给出唯一的年份；请写成 2024-01，或以年份命名工作表"
    )
}

words! {
    row_without_year(month: &str) = "the month '{month}' has no year in this row", "月份“{month}”在此行没有年份";
    month_twice(one: &str, other: &str) =
        "the columns '{one}' and '{other}' are both of one month; leave one out in yugu.toml: [columns] \"{other}\" = \"\"",
        "“{one}”列和“{other}”列是同一个月；请在 yugu.toml 中去掉一个：[columns] \"{other}\" = \"\"";
    money_only = "by its title the table holds money, and a forecast needs units; export the units, or both",
        "按标题所示，表中为金额，而预测需要数量；请导出数量，或两者都导出";
    merged_number(rows: u32) =
        "one number is merged over {rows} rows, and nobody knows what part of it is whose; write one in each row",
        "一个数字合并了 {rows} 行，无法得知各行多少；请在每行填写";

    // Columns
    uncalculated(header: &str, cells: usize) =
        "column '{header}' holds {cells} formulas without their values, this is the first; open the workbook in a spreadsheet and save it, so that they are worked out",
        "“{header}”列有 {cells} 个公式未存结果，此为第一个；请用表格软件打开并保存一次，使其算出";
    decimal_or_thousands(cell: &str) =
        "'{cell}': nothing in this column says whether the mark parts decimals or thousands; say so in yugu.toml: [units] decimal = \"point\" or \"comma\"",
        "“{cell}”：本列无法判断该符号是小数点还是千位分隔符；请在 yugu.toml 中写明：[units] decimal = \"point\" 或 \"comma\"";
    mixed_marks(one: &str, other: &str) =
        "the column holds '{one}' and elsewhere '{other}': one has a decimal point, the other a decimal comma; write them alike",
        "本列既有“{one}”又有“{other}”：前者用小数点，后者用小数逗号；请统一写法";
    january_or_october(cell: &str, year: &str) =
        "'{cell}': January or October {year}? The months are numbers, which lose the 0 of {year}.10; write {year}-01 and {year}-10, or make the column text",
        "“{cell}”：是 {year} 年 1 月还是 10 月？月份是数字，{year}.10 会失去末尾的 0；请写成 {year}-01、{year}-10，或将该列设为文本";

    // What was understood of a file
    understood(file: &str, table: &str, encoding: &str, header: u32, rows: usize) =
        "{file}: {encoding}, table '{table}', header in row {header}, {rows} rows",
        "{file}：{encoding}，表“{table}”，表头在第 {header} 行，共 {rows} 行";
    not_understood(file: &str, table: &str) = "{file}: not understood as a table '{table}', see the errors",
        "{file}：未能识别为表“{table}”，见错误信息";
    column = "column", "列";
    header = "header in the file", "文件中的表头";
    values = "values", "示例";
    unused = "(not used)", "（未使用）";
    months(first: impl std::fmt::Display, last: impl std::fmt::Display, months: usize) =
        "months: {first} to {last} ({months})",
        "月份：{first} 至 {last}（{months} 个月）";
    regions(count: usize, names: &str) = "regions: {count}: {names}", "区域：{count} 个：{names}";
    products(count: usize, names: &str) = "products: {count}: {names}", "产品：{count} 个：{names}";
    year(year: i32, units: &str, revenue: Option<&str>) = match revenue {
        Some(revenue) => "{year}: {units} units, revenue {revenue}", "{year} 年：数量 {units}，金额 {revenue}";
        None => "{year}: {units} units", "{year} 年：数量 {units}";
    }
    bad_mapping(text: &str, near: Option<&str>) =
        "--column '{text}': HEADER=COLUMN is needed, with a column of the table (region, units ...){0}",
        "--column “{text}”：应为 表头=列名，列名须为表中的列（region、units 等）{0}", meant(near);
    no_such_table(name: &str, near: Option<&str>) = "there is no table '{name}'{0}", "没有“{name}”这张表{0}", meant(near);
    no_table_file(file: &str) =
        "{file} is no table by its name: .csv, .csv.gz, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods or .parquet",
        "按文件名，{file} 不是表格：应为 .csv、.csv.gz、.tsv、.txt、.xlsx、.xlsm、.xls、.xlsb、.ods 或 .parquet";
    saved(dir: &str, names: &str) =
        "written to {dir}: {names}\nnext: yugu plan {dir}; next month's file of the same form: yugu read FILE --save {dir}",
        "已写入 {dir}：{names}\n下一步：yugu plan {dir}；下月同样格式的文件：yugu read 文件 --save {dir}";
    nothing_new(dir: &str) = "{dir} has all of it already; nothing was written", "{dir} 已有全部内容，未写入任何文件";
    to_save = "read without errors; --save DIR makes a folder of it, which `yugu plan DIR` forecasts",
        "读取无误；加 --save 文件夹 即可保存，再用 `yugu plan 文件夹` 预估";
    settings_head =
        "# Written by `yugu read`: of months that two exports hold the later one counts; headers as your files write them.",
        "# 由 `yugu read` 写入：两次导出都有的月份以较新的为准；表头按文件中的写法。";
}
