//! The documentation says what the program does: its links lead somewhere, its lists are those of the code, its samples
//! are what is printed. The pages on tables and settings are made of the code's own lists: where they differ,
//! `YUGU_DOCS=write cargo test docs::` writes them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use yugu::messages::Lang;
use yugu::schema::{Need, Table};
use yugu::settings::{KEYS, REASONS, Settings};

use crate::common::{forms, issued};

/// What a README may be: one sitting.
const LONGEST_README: usize = 200;
/// Both languages, as their folders are called.
const LANGUAGES: [(&str, Lang); 2] = [("en", Lang::En), ("zh", Lang::Zh)];
/// Pages beside those in docs/.
const TOP: [&str; 5] = ["README.md", "README.zh.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"];
/// Where code lies that has comments.
const CODE: [&str; 7] = ["src", "tests", "benches", "examples", "fuzz", "python", ".ci"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Files below a folder of the repository with one of these endings, by path.
fn files(below: &str, endings: &[&str]) -> Vec<String> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            // What cargo and pip put there is no part of the repository.
            let is_made = ["CACHEDIR.TAG", "pyvenv.cfg"].iter().any(|mark| path.join(mark).exists());
            if path.is_dir() && !is_made {
                walk(&path, out);
            } else if path.is_file() {
                out.push(path);
            }
        }
    }
    let mut out = Vec::new();
    walk(&root().join(below), &mut out);
    let name = |path: PathBuf| path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    let mut out: Vec<String> = out.into_iter().map(name).filter(|f| endings.iter().any(|e| f.ends_with(e))).collect();
    out.sort();
    out
}

/// Every page of the documentation.
fn pages() -> Vec<String> {
    TOP.iter().map(|page| (*page).to_owned()).chain(files("docs", &[".md"])).collect()
}

/// The lines of a page outside of code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// The anchors that a page's headings have, as GitHub makes them.
fn anchors(page: &str) -> BTreeSet<String> {
    let text = read(page);
    let heading = |line: &str| {
        let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?.trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        Some(kept.map(|c| if c == ' ' { '-' } else { c }).collect())
    };
    prose(&text).filter_map(heading).collect()
}

/// Whether a path with an anchor leads somewhere: the path from the root of the repository.
fn leads(path: &Path, anchor: Option<&str>) -> bool {
    let full = root().join(path);
    let page = || path.to_string_lossy().replace('\\', "/");
    full.exists() && anchor.is_none_or(|anchor| anchors(&page()).contains(anchor))
}

/// A path without its `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                out.pop();
            }
            std::path::Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

/// The parts of a text between two marks.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).filter_map(move |rest| rest.split_once(close).map(|(inside, _)| inside))
}

/// What stands in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages().into_iter().chain(["python/README.md".into(), "examples/README.md".into()]) {
        let text = read(&page);
        for link in prose(&text).flat_map(|line| between(line, "](", ")").map(str::to_owned).collect::<Vec<_>>()) {
            if link.contains("://") {
                continue;
            }
            count += 1;
            let (path, anchor) = link.split_once('#').map_or((link.as_str(), None), |(p, a)| (p, Some(a)));
            let here = Path::new(&page);
            let target = if path.is_empty() { here.into() } else { plain(&here.with_file_name("").join(path)) };
            if !leads(&target, anchor) {
                wrong.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 100, "{count} links");
}

/// Words of the rules in a line: R11.
fn rules(line: &str) -> impl Iterator<Item = u32> {
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| word.strip_prefix('R')?.parse().ok())
        .filter(|n| *n > 0)
}

#[test]
fn comments_point_at_what_is_there() {
    let method = anchors("docs/METHOD.md");
    let mut wrong = Vec::new();
    let mut pointers = 0;
    for file in CODE.iter().flat_map(|dir| files(dir, &[".rs", ".py", ".js", ".toml", ".md", "run"])) {
        // Tests have regions of such names, and this file speaks of the words it looks for.
        let in_tests = file.starts_with("tests/") || file.ends_with("tests.rs");
        if file == "tests/suite/docs.rs" {
            continue;
        }
        let text = read(&file);
        let code = if in_tests { text.as_str() } else { text.split("mod tests {").next().unwrap_or_default() };
        for (n, line) in code.lines().enumerate() {
            let place = format!("{file}:{}", n + 1);
            for rest in line.split("docs/").skip(1).filter(|_| !line.contains("://")) {
                let link: String =
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "._-/#".contains(*c)).collect();
                let link = link.trim_end_matches(['.', '/']);
                let (path, anchor) = link.split_once('#').map_or((link, None), |(p, a)| (p, Some(a)));
                pointers += 1;
                if !leads(&Path::new("docs").join(path), anchor) {
                    wrong.push(format!("{place}: docs/{link}"));
                }
            }
            if !in_tests {
                let lost = rules(line).filter(|n| !method.contains(&format!("r{n}")));
                wrong.extend(lost.map(|n| format!("{place}: R{n}")));
            }
            // Texts that are not in the repository.
            let alone = line.replace("docs/METHOD.md", "");
            let texts = ["METHOD", "RULES", "WORKED", "DESIGN.md", "DATA.md", "HOUSE.md"];
            let upper: Vec<&str> = alone.split(|c: char| !(c.is_ascii_uppercase() || c == '.' || c == '_')).collect();
            if texts.iter().any(|t| if t.contains('.') { alone.contains(t) } else { upper.contains(t) }) {
                wrong.push(format!("{place}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(pointers > 50, "{pointers} pointers");
}

#[test]
fn the_method_explains_every_rule() {
    let method = read("docs/METHOD.md");
    let anchors = anchors("docs/METHOD.md");
    for n in 1..=12 {
        assert!(anchors.contains(&format!("r{n}")), "R{n}");
    }
    // Constants and modules named there are in the code, under the names that the page gives them.
    let code: String = files("src", &[".rs"]).iter().map(|f| read(f)).collect();
    let mut found = 0;
    for name in prose(&method).flat_map(quoted) {
        let last = name.rsplit("::").next().unwrap_or(name);
        let is_constant = last.len() > 2 && last.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        if is_constant {
            found += 1;
            assert!(code.contains(&format!("const {last}:")), "{name} is no constant");
        }
    }
    assert!(found > 30, "{found} constants");
}

#[test]
fn the_readme_is_read_in_one_sitting() {
    for page in ["README.md", "README.zh.md"] {
        let lines = read(page).lines().count();
        assert!(lines <= LONGEST_README, "{page} has {lines} lines");
    }
}

/// Compares a page that is made of the code's lists, or writes it.
fn made(page: &str, text: &str) {
    if std::env::var_os("YUGU_DOCS").is_some_and(|v| v == "write") {
        fs::write(root().join(page), text).unwrap();
    }
    assert!(read(page) == text, "{page} is not what the code says: YUGU_DOCS=write cargo test docs:: writes it");
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn the_tables_are_those_of_the_schema() {
    for (dir, lang) in LANGUAGES {
        let say = |en: &'static str, zh: &'static str| if lang == Lang::Zh { zh } else { en };
        let mut out = format!(
            "{}\n\n{}\n",
            say("# Tables and columns", "# 表与列"),
            say(
                "Every table of a folder with its columns. Only `sales` is required; how tables are read stands in \
                 [the folder](folder.md). The other headers of a column are understood too, and `[columns]` of \
                 `yugu.toml` maps any further one.",
                "文件夹中的每张表及其各列。只有 `sales` 必需；读表方式见[数据文件夹](folder.md)。各列的其他写法同样识别，\
                 再有别的表头可在 `yugu.toml` 的 `[columns]` 中对应。",
            ),
        );
        for table in Table::ALL {
            let on = table.switches_on();
            out += &format!("\n## {}\n\n{}: {}.", table.name(), say("Switches on", "启用"), on.get(lang));
            if !table.one_of().is_empty() {
                let of: Vec<String> = table.one_of().iter().map(|c| format!("`{c}`")).collect();
                out += &format!(" {}: {}.", say("At least one of", "至少有其一"), of.join(", "));
            }
            out += say(
                "\n\n| column | | what it holds | other headers |\n|---|---|---|---|\n",
                "\n\n| 列 | | 内容 | 其他表头 |\n|---|---|---|---|\n",
            );
            for column in table.columns() {
                let need = match column.need {
                    Need::Required => say("required", "必需"),
                    Need::Optional => "",
                };
                let doc = if lang == Lang::Zh { column.doc_zh } else { column.doc };
                let aliases = column.aliases.join(", ");
                out += &format!("| `{}` | {need} | {} | {} |\n", column.name, cell(doc), cell(&aliases));
            }
        }
        made(&format!("docs/{dir}/tables.md"), &out);
    }
}

#[test]
fn the_settings_are_those_of_the_program() {
    let mut defaults: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut section = String::new();
    for line in Settings::template().lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((key, value)) = line.strip_prefix("# ").and_then(|l| l.split_once(" = ")) {
            defaults.insert((section.clone(), key.to_owned()), value.to_owned());
        }
    }
    for (dir, lang) in LANGUAGES {
        let say = |en: &'static str, zh: &'static str| if lang == Lang::Zh { zh } else { en };
        let mut out = format!(
            "{}\n\n{}\n",
            say("# Settings", "# 设置"),
            say(
                "`yugu.toml` of a folder holds what differs from the defaults below; a folder without it is complete. \
                 `yugu init DIR` writes the file with every key commented out. R1 to R12 are the rules of \
                 [the method](../METHOD.md#the-rules).",
                "文件夹中的 `yugu.toml` 只需写与下列默认值不同之处，没有该文件也可运行。`yugu init DIR` 会写出带注释的全部设置。\
                 R1 至 R12 是[方法](../METHOD.md#the-rules)中的规则。",
            ),
        );
        let mut section = None;
        for key in KEYS {
            if section != Some(key.section) {
                section = Some(key.section);
                let heading = match key.section {
                    "" => say("Above all sections", "所有小节之前").to_owned(),
                    section => format!("[{section}]"),
                };
                out += &format!("\n## {heading}\n\n");
                out +=
                    say("| key | default | what it does |\n|---|---|---|\n", "| 键 | 默认 | 作用 |\n|---|---|---|\n");
            }
            let doc = if lang == Lang::Zh { key.doc_zh } else { key.doc };
            let default = defaults.get(&(key.section.to_owned(), key.name.to_owned())).unwrap();
            out += &format!("| `{}` | `{default}` | {} |\n", key.name, cell(doc));
        }
        out += say(
            "\n## [columns]\n\nA header and the column it stands for: `\"销售额(元)\" = \"revenue\"`; `\"\"` leaves a column \
             out. `[columns.sales]` holds for one table only.\n\n## [service]\n\nService asked for by group, between 0 \
             and 1: `stove = 0.95`; `products` goes before it.\n\n## [reasons]\n\nHow a reason moves sales: `+` boosts, \
             `-` suppresses, `none`: its rows need an effect. Further reasons may be added.\n\n",
            "\n## [columns]\n\n表头及其对应的列：`\"销售额(元)\" = \"revenue\"`；`\"\"` 表示不用该列。`[columns.sales]` 只对一张表有效。\n\n\
             ## [service]\n\n各品类的服务水平，0 到 1：`stove = 0.95`；`products` 中的优先。\n\n## [reasons]\n\n\
             原因对销量的方向：`+` 促进，`-` 抑制，`none`：须填 effect。可自行增加。\n\n",
        );
        out += say("| reason | also | direction |\n|---|---|---|\n", "| 原因 | 也写作 | 方向 |\n|---|---|---|\n");
        for (en, zh, sign) in REASONS {
            out += &format!("| `{en}` | {zh} | `{}` |\n", sign.word());
        }
        made(&format!("docs/{dir}/settings.md"), &out);
    }
}

/// Runs the program; what it printed.
fn yugu(args: &[&str]) -> String {
    let mut command = Command::cargo_bin("yugu").unwrap();
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_US.UTF-8").current_dir(root());
    let output = command.args(args).assert().code(0).get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

/// The part of a page under the heading that names something in backticks, to the next heading.
fn section<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let at = page.match_indices("\n## ").find(|(i, _)| {
        let heading = page[i + 1..].lines().next().unwrap_or_default();
        quoted(heading).any(|n| n == name)
    })?;
    let rest = &page[at.0 + 4..];
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

#[test]
fn every_output_file_and_column_is_explained() {
    let home = tempfile::tempdir().unwrap();
    let dir = |name: &str| home.path().join(name).to_string_lossy().into_owned();
    // Without a day: during a month, with stock counted. Issued before: what changed.
    yugu(&["plan", "data/gas", "--out", &dir("plan")]);
    yugu(&["communities", "data/gas", "--out", &dir("communities")]);
    let small = home.path().join("small");
    fs::create_dir(&small).unwrap();
    fs::write(small.join("sales.csv"), forms::plain()).unwrap();
    issued::issue(&small, (2023, 5, 31));
    yugu(&["plan", &dir("small"), "--as-of", "2023-06-30", "--out", &dir("again"), "--no-page"]);
    yugu(&["backtest", &dir("small"), "--cutoffs", "2023-05", "--out", &dir("backtest.csv")]);

    let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut take = |name: String, path: PathBuf| {
        let columns = wanted.entry(name.clone()).or_default();
        if name.ends_with(".csv") {
            let header = fs::read_to_string(path).unwrap();
            columns.extend(header.lines().next().unwrap().split(',').map(str::to_owned));
        }
    };
    for out in ["plan", "communities", "again"] {
        for entry in fs::read_dir(home.path().join(out)).unwrap().map(Result::unwrap) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') {
                take(name, entry.path());
            }
        }
    }
    take("backtest.csv".into(), home.path().join("backtest.csv"));
    take("ledger/MONTH.csv".into(), small.join("ledger/2023-05.csv"));
    assert!(wanted.len() > 20 && wanted.contains_key("changes.csv"), "{:?}", wanted.keys());
    for (language, _) in LANGUAGES {
        let page = read(&format!("docs/{language}/outputs.md"));
        for (name, columns) in &wanted {
            let text = section(&page, name).unwrap_or_else(|| panic!("{language}: no section on {name}"));
            let named: BTreeSet<&str> = quoted(text).collect();
            // Months are columns of the targets.
            let missing: Vec<&String> =
                columns.iter().filter(|c| !c.starts_with("month_0") && !c.starts_with("month_1")).collect();
            let missing: Vec<_> = missing.into_iter().filter(|c| !named.contains(c.as_str())).collect();
            assert!(missing.is_empty(), "{language}, {name}: {missing:?}");
        }
    }
}

#[test]
fn every_command_and_option_is_explained() {
    let help = yugu(&["--help"]);
    let commands = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let commands: Vec<&str> = commands.filter_map(|l| l.split_whitespace().next()).filter(|c| *c != "help").collect();
    assert!(commands.len() > 10, "{commands:?}");
    for (language, _) in LANGUAGES {
        let page = read(&format!("docs/{language}/commands.md"));
        let common = section(&page, "yugu").unwrap();
        for command in &commands {
            let text = section(&page, command).unwrap_or_else(|| panic!("{language}: no section on {command}"));
            let help = yugu(&[command, "--help"]);
            for option in help.split_whitespace().filter(|w| w.starts_with("--")) {
                let option = option.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
                let known = |text: &str| text.contains(&format!("`{option}"));
                assert!(known(text) || known(common), "{language}: {command} {option}");
            }
        }
    }
}

/// Ways in which the code notes a problem: calls whose arguments hold its kind, and others behind which it stands.
const NOTED: [&str; 8] =
    ["error(", "error_with(", "warn(", "report(", "wrong(", "Wrong::whole(", "kind: \"", "let kind = "];
/// Kinds of one word, which other texts could be; all others hold a `_`.
const SINGLE: [&str; 18] = [
    "again",
    "ambiguous",
    "bounds",
    "changed",
    "conflict",
    "contradicted",
    "gaps",
    "itself",
    "negative",
    "nobody",
    "overdue",
    "overlap",
    "periods",
    "returns",
    "spellings",
    "stale",
    "uncalculated",
    "unreadable",
];

/// What a call's arguments are, from behind its parenthesis on.
fn arguments(rest: &str) -> &str {
    let mut depth = 1;
    let close = rest.char_indices().find(|(_, c)| {
        depth += i32::from("([{".contains(*c)) - i32::from(")]}".contains(*c));
        depth == 0
    });
    &rest[..close.map_or(0, |(i, _)| i)]
}

/// The code of the library, without its sentences and tests.
fn code() -> Vec<String> {
    let names = files("src", &[".rs"]);
    let names = names.into_iter().filter(|f| !f.ends_with("tests.rs") && !f.contains("/messages/"));
    names.map(|f| read(&f).split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()).collect()
}

/// The words by which problems are told apart in `warnings.csv`.
fn kinds(code: &[String]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let is_kind =
        |w: &&str| SINGLE.contains(w) || (w.contains('_') && w.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    for text in code {
        for call in NOTED {
            for (at, _) in text.match_indices(call) {
                let rest = &text[at + call.len()..];
                let (inside, most) = match call {
                    "kind: \"" => {
                        out.extend(rest.split('"').next().filter(|w| is_kind(w)).map(str::to_owned));
                        continue;
                    }
                    "let kind = " => (rest.split(';').next().unwrap_or_default(), 2),
                    _ => (arguments(rest), 1),
                };
                out.extend(inside.split('"').skip(1).step_by(2).filter(is_kind).take(most).map(str::to_owned));
            }
        }
    }
    out
}

#[test]
fn every_kind_of_message_is_explained() {
    let code = code();
    let kinds = kinds(&code);
    assert!(kinds.len() > 140, "{kinds:?}");
    for (language, _) in LANGUAGES {
        let page = read(&format!("docs/{language}/messages.md"));
        let named: BTreeSet<&str> =
            prose(&page).filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name)).collect();
        let missing: Vec<_> = kinds.iter().filter(|k| !named.contains(k.as_str())).collect();
        assert!(missing.is_empty(), "{language}: {missing:?}");
        let gone: Vec<_> =
            named.iter().filter(|n| !code.iter().any(|text| text.contains(&format!("\"{n}\"")))).collect();
        assert!(gone.is_empty(), "{language}, no such kind: {gone:?}");
    }
}

/// Samples of what is printed: a block whose first line is `$ yugu ...` on the example folder. `...` stands for lines left
/// out.
#[test]
fn samples_are_what_is_printed() {
    let mut printed: BTreeMap<String, String> = BTreeMap::new();
    let home = tempfile::tempdir().unwrap();
    let mut count = 0;
    for page in pages() {
        let text = read(&page);
        for block in between(&text, "```\n$ yugu ", "\n```") {
            let (command, sample) = block.split_once('\n').unwrap();
            if !command.contains("data/gas") {
                continue;
            }
            count += 1;
            let out = home.path().join("out").to_string_lossy().into_owned();
            let mut args: Vec<&str> = command.split_whitespace().collect();
            if args[0] == "plan" {
                args.extend(["--no-page", "--no-workbook", "--out", &out]);
            }
            if page.contains("zh") {
                args.extend(["--lang", "zh"]);
            }
            let printed = printed.entry(args.join(" ")).or_insert_with(|| yugu(&args));
            let mut lines = printed.lines();
            for line in sample.lines().filter(|l| l.trim() != "..." && !l.trim().is_empty()) {
                assert!(lines.any(|l| l.trim_end() == line.trim_end()), "{page}: yugu {command}\n{line}");
            }
        }
    }
    assert!(count >= 4, "{count} samples");
}
