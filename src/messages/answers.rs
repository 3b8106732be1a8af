//! What is said when answers come back from workbooks.

words! {
    region = "region", "区域";
    product = "product", "产品";
    month = "month", "月份";
    was = "was", "原上报";
    ours = "ours", "预估";
    now = "now", "现上报";
    then = "forecast then", "导入后预估";
    who = "who", "填报人";
    why = "why", "原因";
    cell = "cell", "单元格";
    company = "company", "公司";
    everything = "all products", "全部产品";
    title(table: &str, n: usize) = "{table}: {n} new", "{table}：新增 {n} 条";
    nothing_new = "nothing new was filled in", "没有新的填报";
    same(n: usize) = "{n} answers are in the folder already and are not written again", "{n} 条已在文件夹中，不再写入";
    dry_run = "dry run: nothing was written", "试运行：未写入任何文件";
    written(files: &str, folder: &str) = "written to {files}; `yugu plan {folder}` takes them into the forecast",
        "已写入 {files}；执行 `yugu plan {folder}` 后计入预估";
    not_ours =
        "this is not a workbook that `yugu plan` made (its hidden sheet is missing); nothing can be taken from it",
        "不是 `yugu plan` 生成的工作簿（缺少隐藏工作表），无法导入";
    other_format(format: &str) =
        "its forms have the format {format}, made by another version of the program; make the workbook again with `yugu plan`",
        "表单格式为 {format}，由其他版本的程序生成；请用 `yugu plan` 重新生成";
    other_made(made: &str, now: &str, folder: &str) =
        "it was made for the forecast of {made}, the folder's is that of {now}: its answers would not count; make it again with `yugu plan {folder}`, or go back with --as-of {made}",
        "该工作簿属于 {made} 的预测，文件夹现为 {now}，其填报不会生效；请用 `yugu plan {folder}` 重新生成，或用 --as-of {made} 回到当时";
    other_mode(folder: &str) =
        "it was made at another time of the month (at its close or during it): its numbers are not those of the forecast as it stands; make it again with `yugu plan {folder}`, or take it all the same with --stale",
        "该工作簿在同月的其他时点（月末或月中）生成，其中的预估已不是现在的预估；请用 `yugu plan {folder}` 重新生成，或加 --stale 照样导入";
    stale(files: &str, folder: &str) =
        "the folder has changed since it was made ({files}): the numbers in it are not those of the forecast as it stands; make it again with `yugu plan {folder}`, or take it all the same with --stale",
        "生成之后文件夹已有改动（{files}），其中的预估已不是现在的预估；请用 `yugu plan {folder}` 重新生成，或加 --stale 照样导入";
    no_sheet(name: &str) = "the sheet '{name}' is missing", "缺少工作表“{name}”";
    no_columns(name: &str) = "the hidden row with the names of the columns is missing on '{name}'",
        "工作表“{name}”缺少隐藏的列名行";
    no_number(cell: &str) = "'{cell}' stands here, but the row has no number", "此处填了“{cell}”，但该行没有数量";
    no_reason = "the number needs a reason from the list", "填了数量，请从列表选择原因";
    nobody = "nobody stands for the number: fill in a name here or at the top",
        "没有填报人：请在此处或表头上方填写姓名";
    bad_name(cell: &str) = "'{cell}' is too long or holds control characters", "“{cell}”过长或含有控制字符";
    product_and_group(word: &str) =
        "'{word}' is a product and a group of several: no table could tell which is meant; answer for the products",
        "“{word}”既是产品又是品类，表中无法区分；请按产品填报";
    key_changed(was: &str) =
        "this row was made for '{was}', and the cell has been changed or emptied: put '{was}' back; what is meant for something else goes into one of the free rows at the end",
        "该行属于“{was}”，此单元格已被改动或清空：请恢复为“{was}”；如需填报其他对象，请使用末尾的空行";
    foreign_region(region: &str) =
        "this is the workbook of '{region}', which answers for '{region}' alone: write '{region}' here, or answer in the other region's workbook",
        "这是“{region}”的工作簿，只能填报“{region}”：请在此处填写“{region}”，或在其他区域的工作簿中填报";
    other_month(cell: &str, months: &str) = "'{cell}' is not a month of this forecast ({months})",
        "“{cell}”不是本次预测的月份（{months}）";
    two_workbooks(other: &str, here: &str, there: &str) =
        "{here} here, {there} in {other}: one of them must go (--both keeps those of different contributors of the front line)",
        "此处为 {here}，{other} 为 {there}：只能保留一个（--both 可同时保留不同填报人的一线上报）";
    given_since(other: &str, here: &str, there: &str) =
        "{here} here, {there} in {other}, given after the workbook was made: --replace lets the workbook go before it (--both keeps those of different contributors of the front line)",
        "此处为 {here}，{other} 为 {there}（工作簿生成之后填报）：--replace 以工作簿为准（--both 可同时保留不同填报人的一线上报）";
    not_appended(ending: &str) =
        "nothing can be put at the end of a .{ending} file: save it as CSV, or move it into a folder of the table's name, to which a part is added; then import again",
        "无法在 .{ending} 文件末尾追加：请另存为 CSV，或移入以表名命名的文件夹（将新增一个分表），然后重新导入";
    no_column(file: &str, column: &str) = "{file} has no column '{column}', which this answer needs: add it",
        "{file} 没有列“{column}”，该填报需要它：请添加";
    again(place: &str) =
        "the same row stands in {place} and was replaced by a later one: to go back to it, write something into its note",
        "{place} 已有相同的一行，后被替换；如要恢复，请在备注中写明";
    changed_meanwhile(file: &str) =
        "{file} was changed while the answers were compared; nothing was written, import again",
        "比对期间 {file} 已被改动；未写入任何文件，请重新导入";
    open_elsewhere(dir: &str, name: &str) =
        "a workbook in {dir} is open in another program ({name}): close it; nothing was written",
        "{dir} 中的工作簿正被其他程序打开（{name}）：请先关闭；未写入任何文件";
    not_imported(file: &str, n: usize, folder: &str) =
        "{file} holds {n} answers that are not in the folder yet and would be lost: take them in with `yugu import {folder} {file}`, or move the file away; nothing was written",
        "{file} 中有 {n} 条填报尚未导入，将会丢失：请执行 `yugu import {folder} {file}`，或移走该文件；未写入任何文件";
    no_answer = "one of units, attainment (share of the target) and change (of the forecast) is needed",
        "数量、达成率、调整幅度须填其一";
    two_answers = "units, attainment and change exclude each other: one of them", "数量、达成率、调整幅度只能填一项";
    share_out_of_range(found: &str) =
        "{found} is no share: attainment lies between 0% and 1000%, change between -100% and +1000%",
        "{found} 不是合理的比例：达成率为 0% 至 1000%，调整幅度为 -100% 至 +1000%";
    no_target_to_take(says: &str) =
        "{says} of the target: the month has no target for this region and these products; give units or a change",
        "达成率 {says}：该区域、产品当月没有目标，请改填数量或调整幅度";
    ten_times(said: &str, ours: &str) = "{said} where the forecast is {ours}: off by ten times or more",
        "填报 {said}，预测为 {ours}：相差十倍以上";
    sum_differs(whole: &str, parts: &str, place: &str) =
        "{whole} for all, {parts} as the sum of its products ({place} and others): the total counts, the products set its mix",
        "合计填 {whole}，各产品之和为 {parts}（{place} 等）：以合计为准，产品只决定结构";
    taken_as_said = "taken as it is", "按所填采用";
}
