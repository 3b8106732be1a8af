//! What the program says beside its reports.

use super::Text;

words! {
    written(dir: &str, names: &str) = "written to {dir}: {names}", "已写入 {dir}：{names}";
    not_written(dir: &str, reason: &str) = "{dir} could not be written: {reason}", "无法写入 {dir}：{reason}";
    not_readable(file: &str, reason: &str) = "{file} could not be read: {reason}", "无法读取 {file}：{reason}";
    busy(dir: &str) = "another run is writing to {dir} right now; nothing was written",
        "另一个进程正在写入 {dir}；未写入任何文件";
    not_ours(dir: &str, name: &str) =
        "{dir} holds '{name}', which is not from a run; choose an empty folder with --out, nothing was written",
        "{dir} 中有“{name}”，不是 yugu 的输出；请用 --out 指定空文件夹，未写入任何文件";
    edited(dir: &str, names: &str) =
        "in {dir} this has been changed since it was written, and would be lost: {names}; move it away, or write over it with --force; nothing was written",
        "{dir} 中以下文件写出后已被改动，将会丢失：{names}；请移走，或用 --force 覆盖；未写入任何文件";
    among_data(dir: &str, name: &str) =
        "{dir} lies where the data folder keeps '{name}': it would be read as data; choose another place with --out, nothing was written",
        "{dir} 位于数据文件夹存放“{name}”之处，会被当作数据读取；请用 --out 指定其他位置，未写入任何文件";
    around_data(dir: &str) =
        "{dir} is the data folder, or holds it; choose another place with --out, nothing was written",
        "{dir} 就是数据文件夹或包含它；请用 --out 指定其他位置，未写入任何文件";
    current_folder(dir: &str) =
        "{dir} is the folder in which this was started, or holds it; name a folder below it with --out, nothing was written",
        "{dir} 是当前文件夹或包含它；请用 --out 指定其下的文件夹，未写入任何文件";
    two_cases(one: &str, other: &str) =
        "the folder has '{one}' and '{other}', which are one name: put them together; nothing was written",
        "文件夹中同时有“{one}”和“{other}”，视为同一名称：请合并；未写入任何文件";
    unflushed(dir: &str, reason: &str) =
        "{dir} was written and has taken its place, but the disk did not confirm it ({reason}): see that it is there, and whole, before you rely on it",
        "{dir} 已写入并就位，但磁盘未确认（{reason}）：使用前请核对其是否存在且完整";
    yet_written(reason: Text, dir: &str) = "{0}; {dir} was written before", "{0}；此前已写入 {dir}", reason;
    not_empty(dir: &str) = "{dir} is not empty; nothing was written", "{dir} 不是空文件夹，未写入任何文件";
    made_folder(dir: &str, files: usize) =
        "{files} files are in {dir}; fill in sales.csv, then run `yugu plan {dir}`; README.md explains every column",
        "{dir} 中已建立 {files} 个文件；填好 sales.csv 后运行 `yugu plan {dir}`；各列说明见 README.md";
    count(errors: usize, warnings: usize) = "errors: {errors}, warnings: {warnings}",
        "{errors} 个错误，{warnings} 条提示";
    in_all(errors: usize) = "errors: {errors}, told one by one in .problems", "共 {errors} 个错误，逐条见 .problems";
    nothing_written = "nothing was written", "未写入任何文件";
    beyond(file: &str, n: usize, like: &Text) = "{file}: {n} more like this: {0}",
        "{file}：另有 {n} 处同类问题：{0}", like.clone();
    error(line: Text) = "error: {0}", "错误：{0}", line;
    warning(line: Text) = "warning: {0}", "提示：{0}", line;
    warnings_elsewhere(n: usize) = "{n} warnings, see warnings.csv or `yugu check`",
        "{n} 条提示，见 warnings.csv 或运行 `yugu check`";
    reading = "reading …", "正在读取……";
    forecasting = "forecasting …", "正在预估……";
    writing = "writing …", "正在写入……";
}
