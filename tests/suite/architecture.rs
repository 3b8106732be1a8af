//! The house: modules stand in `src/lib.rs` in the order in which they depend on each other, files stay readable, only
//! one module touches files, and nothing reachable from data can panic by an unwrap.

use std::fs;
use std::path::{Path, PathBuf};

/// A file longer than this is more than one thing.
const LONGEST_FILE: usize = 600;

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Files below src with their text before any test module.
fn library() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_string();
            (name, code)
        })
        .filter(|(name, _)| !name.ends_with("tests.rs"))
        .collect()
}

fn module_order() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    text.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_string).collect()
}

/// The module a file of src belongs to; none for the program and lib.rs itself.
fn module_of(file: &str) -> Option<String> {
    let first = file.strip_prefix("src/")?.split('/').next()?;
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (!["lib", "main", "cli"].contains(&module)).then(|| module.to_string())
}

/// Modules named after `crate::` in code.
fn used(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            out.push(name);
        }
    }
    out
}

#[test]
fn a_module_uses_only_those_above_it() {
    let order = module_order();
    assert!(order.len() > 10, "{order:?}");
    let rank = |module: &str| order.iter().position(|m| m == module);
    let mut wrong = Vec::new();
    for (file, code) in library() {
        let Some(module) = module_of(&file) else { continue };
        let own = rank(&module).unwrap_or_else(|| panic!("{module} is not in lib.rs"));
        for name in used(&code) {
            if rank(&name).is_some_and(|r| r > own) {
                wrong.push(format!("{file} uses {name}, which stands below it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_folder_touches_files() {
    for (file, code) in library() {
        let module = module_of(&file);
        if module.as_deref() == Some("folder") || module.is_none() {
            continue;
        }
        for call in ["std::fs", "File::", "SystemTime", "Local::now", "Utc::now", "std::env"] {
            assert!(!code.contains(call), "{file} contains {call}");
        }
    }
}

#[test]
fn files_stay_readable() {
    for (file, code) in library() {
        let lines = code.lines().count();
        assert!(lines <= LONGEST_FILE, "{file} has {lines} lines");
    }
}

#[test]
fn nothing_unwraps_what_data_can_break() {
    for (file, code) in library() {
        for call in [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!("] {
            let found = code.lines().find(|l| l.contains(call) && !l.trim_start().starts_with("//"));
            assert!(found.is_none(), "{file}: {}", found.unwrap_or_default().trim());
        }
    }
}

/// Two pages.
const LONGEST_PAGE: usize = 110;

#[test]
fn the_page_on_the_house_is_true() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert!(page.lines().count() <= LONGEST_PAGE, "ARCHITECTURE.md has {} lines", page.lines().count());
    // The list of modules, in the order of lib.rs.
    let modules = page.split("## A run").next().unwrap();
    let listed: Vec<&str> = modules.lines().filter_map(|l| l.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(listed, module_order());
    // Every path to a file or a module leads somewhere.
    let order = module_order();
    let mut found = 0;
    for name in page.split('`').skip(1).step_by(2) {
        if name.contains('/') {
            found += 1;
            assert!(root().join(name).exists(), "{name}");
        } else if let Some((module, inside)) = name.split_once("::").filter(|(m, _)| order.iter().any(|o| o == m)) {
            found += 1;
            let dir = root().join("src").join(module);
            let all: Vec<(String, String)> = library();
            let prefix = format!("src/{module}");
            let here = |(file, code): &(String, String)| {
                file.starts_with(&prefix)
                    && ["fn ", "struct ", "const ", "mod ", "enum "]
                        .iter()
                        .any(|k| code.contains(&format!("{k}{inside}")))
            };
            assert!(dir.join(format!("{inside}.rs")).exists() || all.iter().any(here), "{name}");
        }
    }
    assert!(found > 15, "{found} paths");
}

#[test]
fn the_stages_run_in_the_order_the_page_gives() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let at = page.find("\nreception -> ").unwrap();
    let words: Vec<&str> = page[at..].split("```").next().unwrap().split("->").map(str::trim).collect();
    assert!(words.len() > 10, "{words:?}");
    let code = fs::read_to_string(root().join("src/point.rs")).unwrap();
    // Where each step is run: the first call of its module, from `steps` on.
    let run = &code[code.find("pub fn steps").unwrap()..];
    let call = |word: &str| match word {
        "communities" => "community::project".to_owned(),
        "base" => "base_of(".to_owned(),
        "fitted" => "combine::forecast".to_owned(),
        // What the month made comes to is asked before, for the attainment.
        "revision" => "revision::revise".to_owned(),
        word => format!("{word}::"),
    };
    let order: Vec<(usize, &str)> =
        words.iter().map(|w| (run.find(&call(w)).unwrap_or_else(|| panic!("{w}")), *w)).collect();
    assert!(order.is_sorted(), "{order:?}");
}
