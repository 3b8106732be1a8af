//! The house: modules stand in `src/lib.rs` in the order in which they depend on each other, files stay readable, only
//! one module touches files, and nothing reachable from data can panic by an unwrap.

use std::collections::{BTreeMap, BTreeSet};
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

/// The paths of a `use` tree: `a::{b, c::{self, d}}` is a::b, a::c, a::c::d.
fn tree(text: &str) -> Vec<String> {
    let Some((before, inside)) = text.trim().split_once('{') else {
        return vec![text.trim().split(" as ").next().unwrap().trim_end_matches("::self").to_owned()];
    };
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in inside[..inside.rfind('}').unwrap()].chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            c => parts.last_mut().unwrap().push(c),
        }
    }
    let whole = |part: String| tree(&part).into_iter().map(|path| format!("{before}{path}")).collect::<Vec<_>>();
    let all = parts.into_iter().filter(|part| !part.trim().is_empty()).flat_map(whole);
    all.map(|path| path.trim_end_matches("::self").to_owned()).collect()
}

type Module = Vec<String>;

/// What the modules are and what each of them names, as whole paths from the root of the crate.
struct Uses {
    modules: BTreeSet<Module>,
    /// Module, path.
    named: Vec<(Module, Module)>,
    /// Where a name that a module hands on comes from.
    handed_on: BTreeMap<Module, Module>,
}

impl Uses {
    fn new(files: &[(String, String)]) -> Uses {
        let module = |file: &str| -> Module {
            let path = file.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
            path.trim_end_matches("/mod").split('/').map(str::to_owned).collect()
        };
        let modules: BTreeSet<Module> = files.iter().map(|(file, _)| module(file)).collect();
        let mut uses = Uses { modules, named: Vec::new(), handed_on: BTreeMap::new() };
        for (file, code) in files {
            let (here, mut rest, mut open) = (module(file), String::new(), None);
            for line in code.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
                let bare = ["pub ", "pub(super) ", "pub(crate) "].into_iter().find_map(|word| line.strip_prefix(word));
                if let Some(tree) = bare.unwrap_or(line).strip_prefix("use ") {
                    open = Some((bare.is_some(), tree.to_owned()));
                } else if let Some((_, tree)) = &mut open {
                    tree.push_str(line);
                } else {
                    rest.push_str(line);
                    rest.push('\n');
                }
                let Some((is_handed_on, whole)) = open.take_if(|(_, tree)| tree.ends_with(';')) else { continue };
                for path in tree(whole.trim_end_matches(';')) {
                    let Some(path) = uses.resolved(&here, &path) else { continue };
                    if is_handed_on {
                        uses.handed_on.insert([&here[..], &path[path.len() - 1..]].concat(), path.clone());
                    }
                    uses.named.push((here.clone(), path));
                }
            }
            for word in rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
                let path = uses.resolved(&here, word).filter(|_| word.contains("::"));
                uses.named.extend(path.map(|path| (here.clone(), path)));
            }
        }
        uses
    }

    /// A path as written in a module, from the root of the crate; none where it leads elsewhere.
    fn resolved(&self, here: &Module, path: &str) -> Option<Module> {
        let mut parts = path.split("::").peekable();
        let mut from = here.clone();
        match *parts.peek()? {
            "crate" => {
                from.clear();
                parts.next();
            }
            "self" => _ = parts.next(),
            "super" => {
                while parts.next_if_eq(&"super").is_some() {
                    from.pop();
                }
            }
            child => {
                let inside = [&from[..], &[child.to_owned()]].concat();
                self.modules.contains(&inside).then_some(())?;
            }
        }
        from.extend(parts.map(str::to_owned));
        Some(from)
    }

    /// The module that a path leads to.
    fn target(&self, path: &Module) -> Option<Module> {
        let mut path = path.clone();
        // A name that is handed on stands elsewhere.
        for _ in 0..self.modules.len() {
            let found = (1..=path.len()).find_map(|n| Some((n, self.handed_on.get(&path[..n])?)));
            let Some((n, from)) = found.filter(|(n, from)| ***from != path[..*n]) else { break };
            path = [&from[..], &path[n..]].concat();
        }
        (1..=path.len()).rev().map(|n| path[..n].to_vec()).find(|module| self.modules.contains(module))
    }

    /// Modules that stand beside each other and need each other, by way of others too: those that need themselves.
    fn circles(&self) -> Vec<String> {
        let mut needs: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (here, path) in &self.named {
            let Some(there) = self.target(path) else { continue };
            let common = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
            // What stands in a module around both, or below one of them, is nobody's neighbour.
            if common < here.len() && common < there.len() {
                needs.entry(here[..=common].to_vec()).or_default().insert(there[..=common].to_vec());
            }
        }
        let reached = |from: &Module| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
            while let Some(module) = next.pop() {
                next.extend(needs.get(module).into_iter().flatten().filter(|m| seen.insert((*m).clone())));
            }
            seen
        };
        needs.keys().filter(|module| reached(module).contains(*module)).map(|module| module.join("::")).collect()
    }
}

#[test]
fn no_modules_need_each_other() {
    let files: Vec<(String, String)> = library().into_iter().filter(|(file, _)| module_of(file).is_some()).collect();
    let uses = Uses::new(&files);
    assert!(uses.modules.len() > 200 && uses.named.len() > 2_000, "{} {}", uses.modules.len(), uses.named.len());
    assert!(uses.circles().is_empty(), "{:#?}", uses.circles());
}

#[test]
fn circles_are_found_by_whole_paths() {
    let circles = |files: &[(&str, &str)]| {
        let files: Vec<(String, String)> =
            files.iter().map(|(file, code)| (format!("src/{file}.rs"), format!("\n{code}\n"))).collect();
        Uses::new(&files).circles()
    };
    let both = ["a::b", "a::c"];
    for (of_b, of_c) in [
        ("use super::c::C;", "use super::b::B;"),
        ("use super::c::{self, C};", "use crate::a::{b::B, d};"),
        ("fn f() { super::c::g() }", "use super::{b};"),
        // By a name that the module around hands on.
        ("use super::Handed;", "use super::b::B;"),
        ("use super::d::D;", "use super::b::B;"),
    ] {
        let files = [("a", "pub use c::Handed;"), ("a/b", of_b), ("a/c", of_c), ("a/d", "use super::c::Deep;")];
        let found = circles(&files);
        assert!(both.iter().all(|module| found.iter().any(|f| f == module)), "{of_b} {of_c}: {found:?}");
    }
    let fine = [("a", "pub use b::B; struct A;"), ("a/b", "use super::A;"), ("a/c", "use super::{A, B};")];
    assert!(circles(&fine).is_empty(), "{:?}", circles(&fine));
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
