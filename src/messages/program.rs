//! What the program says beside its reports.

use super::Text;
use crate::say;

/// Where the files are.
pub fn written(dir: &str, names: &str) -> Text {
    say!("written to {dir}: {names}", "已写入 {dir}：{names}")
}

/// Files that could not be written.
pub fn not_written(dir: &str, reason: &str) -> Text {
    say!("{dir} could not be written: {reason}", "无法写入 {dir}：{reason}")
}

/// A file of a run that could not be read.
pub fn not_readable(file: &str, reason: &str) -> Text {
    say!("{file} could not be read: {reason}", "无法读取 {file}：{reason}")
}

/// Somebody else is writing.
pub fn busy(dir: &str) -> Text {
    say!("another run is writing to {dir} right now; nothing was written", "另一个进程正在写入 {dir}；未写入任何文件")
}

/// A folder for the output that holds something else.
pub fn not_ours(dir: &str, name: &str) -> Text {
    say!(
        "{dir} holds '{name}', which is not from a run; choose an empty folder with --out, nothing was written",
        "{dir} 中有“{name}”，不是 yugu 的输出；请用 --out 指定空文件夹，未写入任何文件"
    )
}

/// Outputs that somebody has changed since they were written.
pub fn edited(dir: &str, names: &str) -> Text {
    say!(
        "in {dir} this has been changed since it was written, and would be lost: {names}; move it away, or write over it with --force; nothing was written",
        "{dir} 中以下文件写出后已被改动，将会丢失：{names}；请移走，或用 --force 覆盖；未写入任何文件"
    )
}

/// An output where the folder keeps its data.
pub fn among_data(dir: &str, name: &str) -> Text {
    say!(
        "{dir} lies where the data folder keeps '{name}': it would be read as data; choose another place with --out, nothing was written",
        "{dir} 位于数据文件夹存放“{name}”之处，会被当作数据读取；请用 --out 指定其他位置，未写入任何文件"
    )
}

/// An output in the place of the data.
pub fn around_data(dir: &str) -> Text {
    say!(
        "{dir} is the data folder, or holds it; choose another place with --out, nothing was written",
        "{dir} 就是数据文件夹或包含它；请用 --out 指定其他位置，未写入任何文件"
    )
}

/// An output in the place of the folder that the user stands in.
pub fn current_folder(dir: &str) -> Text {
    say!(
        "{dir} is the folder in which this was started, or holds it; name a folder below it with --out, nothing was written",
        "{dir} 是当前文件夹或包含它；请用 --out 指定其下的文件夹，未写入任何文件"
    )
}

/// A name that a folder has twice.
pub fn two_cases(one: &str, other: &str) -> Text {
    say!(
        "the folder has '{one}' and '{other}', which are one name: put them together; nothing was written",
        "文件夹中同时有“{one}”和“{other}”，视为同一名称：请合并；未写入任何文件"
    )
}

/// Written, and perhaps not on the disk.
pub fn unflushed(dir: &str, reason: &str) -> Text {
    say!(
        "{dir} was written and has taken its place, but the disk did not confirm it ({reason}): see that it is there, and whole, before you rely on it",
        "{dir} 已写入并就位，但磁盘未确认（{reason}）：使用前请核对其是否存在且完整"
    )
}

/// Something failed after the files were written.
pub fn yet_written(reason: Text, dir: &str) -> Text {
    let (en, zh) = (reason.en, reason.zh);
    Text { en: format!("{en}; {dir} was written before"), zh: format!("{zh}；此前已写入 {dir}") }
}

/// A folder for new files that is not empty.
pub fn not_empty(dir: &str) -> Text {
    say!("{dir} is not empty; nothing was written", "{dir} 不是空文件夹，未写入任何文件")
}

/// A new folder is there.
pub fn made_folder(dir: &str, files: usize) -> Text {
    say!(
        "{files} files are in {dir}; fill in sales.csv, then run `yugu plan {dir}`; README.md explains every column",
        "{dir} 中已建立 {files} 个文件；填好 sales.csv 后运行 `yugu plan {dir}`；各列说明见 README.md"
    )
}

/// How many problems there were.
pub fn count(errors: usize, warnings: usize) -> Text {
    say!("errors: {errors}, warnings: {warnings}", "{errors} 个错误，{warnings} 条提示")
}

/// What follows from errors.
pub fn nothing_written() -> Text {
    say!("nothing was written", "未写入任何文件")
}

/// Problems of a kind beyond those listed.
pub fn beyond(file: &str, n: usize, like: &Text) -> Text {
    say!("{file}: {n} more like this: {0}", "{file}：另有 {n} 处同类问题：{0}", like.clone())
}

/// An error is told with its weight.
pub fn error(line: Text) -> Text {
    say!("error: {0}", "错误：{0}", line)
}

/// A warning is told with its weight.
pub fn warning(line: Text) -> Text {
    say!("warning: {0}", "提示：{0}", line)
}

/// Warnings that a program's output leaves out.
pub fn warnings_elsewhere(n: usize) -> Text {
    say!("{n} warnings, see warnings.csv or `yugu check`", "{n} 条提示，见 warnings.csv 或运行 `yugu check`")
}

/// While files are read.
pub fn reading() -> Text {
    say!("reading …", "正在读取……")
}

/// While the forecast is made.
pub fn forecasting() -> Text {
    say!("forecasting …", "正在预估……")
}

/// While files are written.
pub fn writing() -> Text {
    say!("writing …", "正在写入……")
}
