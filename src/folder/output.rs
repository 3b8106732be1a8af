//! Folders and files that are written to: whether they may be, and new ones.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::bytes;
use super::decode;
use super::find::{self, Held};
use super::marker::{self, Standing};
use super::write::{self, Placed};
use crate::error::Problems;
use crate::messages::Lang;
use crate::settings::Settings;

/// Why an output is not written.
#[derive(Debug)]
pub enum Refused {
    /// It is where the data folder keeps this of its own.
    Data(String),
    /// It is the data folder, or holds it.
    Around,
    /// It is the folder in which the program was started, or holds it.
    Current,
    /// The data folder has this name twice, in upper and lower case.
    TwoCases(String, String),
    /// There is this already, which is not from a run.
    Foreign(String),
    /// There are these, which have been changed since they were written.
    Edited(Vec<String>),
    /// It could not be written.
    Io(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Refused {
        Refused::Io(error)
    }
}

/// What an output may replace: nothing but what a run has written, where nobody has changed it since.
#[derive(Clone, Debug, Default)]
pub struct May {
    /// The folder that was read; none where the data came from elsewhere.
    pub data: Option<PathBuf>,
    /// Whether changed files are replaced, too.
    pub force: bool,
    /// Names of changed files of which nothing is lost.
    pub taken: Vec<String>,
}

impl May {
    /// Whether an output may stand there at all, whatever is there now.
    pub fn stand(&self, path: &Path) -> Result<(), Refused> {
        let path = whole(path)?;
        if let Ok(current) = std::env::current_dir().and_then(|dir| dir.canonicalize())
            && current.starts_with(&path)
        {
            return Err(Refused::Current);
        }
        let Some(data) = self.data.as_deref().and_then(|data| data.canonicalize().ok()) else { return Ok(()) };
        if data.starts_with(&path) {
            return Err(Refused::Around);
        }
        let below = path.strip_prefix(&data).ok().and_then(|below| below.components().next());
        match below.map(|first| first.as_os_str().to_string_lossy().into_owned()) {
            Some(name) if find::is_data(&name) => Err(Refused::Data(name)),
            _ => Ok(()),
        }
    }

    fn replace(&self, standing: Standing) -> Result<(), Refused> {
        match standing {
            Standing::Free => Ok(()),
            Standing::Foreign(name) => Err(Refused::Foreign(name)),
            Standing::Edited(_) if self.force => Ok(()),
            Standing::Edited(mut names) => {
                names.retain(|name| !self.taken.contains(name));
                if names.is_empty() { Ok(()) } else { Err(Refused::Edited(names)) }
            }
        }
    }

    /// Writes `files` (name, bytes) as the folder `dir`, whole or not at all.
    pub fn write_folder(&self, dir: &Path, files: &[(String, Vec<u8>)]) -> Result<Placed, Refused> {
        self.stand(dir)?;
        let marker = marker::of_files(files);
        let files: Vec<(String, Vec<u8>)> = files.iter().cloned().chain([marker]).collect();
        write::write_whole(dir, &files, |dir| self.replace(marker::folder(dir)?))
    }

    /// Writes one file, whole or not at all.
    pub fn write_file(&self, path: &Path, bytes: &[u8]) -> Result<Placed, Refused> {
        self.stand(path)?;
        write::write_file_whole(path, bytes, |path| {
            self.replace(marker::file(path)?)?;
            Ok(marker::of_file(path, bytes)?)
        })
    }

    /// Whether a file may be written, to be asked before anything is computed for it.
    pub fn file(&self, path: &Path) -> Result<(), Refused> {
        self.stand(path)?;
        self.replace(marker::file(path)?)
    }
}

/// The whole path of something that need not be there yet: links followed as far as it is, `..` taken back beyond.
fn whole(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let there = path.ancestors().find_map(|part| Some((part, part.canonicalize().ok()?)));
    let Some((part, mut out)) = there else { return Ok(path) };
    for component in path.strip_prefix(part).unwrap_or(Path::new("")).components() {
        match component {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    Ok(out)
}

/// Whether a folder is empty or not there.
pub fn is_empty(dir: &Path) -> io::Result<bool> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// A folder or file of the data folder that there is one of, as it is called there: names that differ in case only are
/// one name. The plain name where there is none yet.
pub fn named(folder: &Path, name: &str) -> Result<PathBuf, Refused> {
    let there = match find::held(folder, name) {
        Ok(held) => held,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Held::None,
        Err(error) => return Err(error.into()),
    };
    match there {
        Held::None => Ok(folder.join(name)),
        Held::One(own) => Ok(folder.join(own)),
        Held::Several(own, other) => Err(Refused::TwoCases(own, other)),
    }
}

/// Puts new files into a folder that is empty or not there yet, all or none. The folder itself stays the same one, so
/// that it can be the one the user stands in.
pub fn fill(dir: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let mut made: Vec<PathBuf> = Vec::new();
    let mut all = || -> io::Result<()> {
        for (name, bytes) in files {
            let path = dir.join(name);
            let mut file = File::create_new(&path)?;
            made.push(path);
            file.write_all(bytes)?;
        }
        Ok(())
    };
    let result = all();
    if result.is_err() {
        made.iter().for_each(|path| drop(fs::remove_file(path)));
    }
    result
}

/// The language that a folder's `yugu.toml` asks for, whatever else is wrong with the folder.
pub fn language(folder: &Path) -> Option<Lang> {
    let bytes = bytes::read(&named(folder, find::SETTINGS).ok()?, super::LARGEST_SETTINGS).ok()?;
    let text = decode::decode(bytes).ok()?.text;
    Settings::read(&Arc::from("yugu.toml"), &text, &mut Problems::default()).output.language
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> (String, Vec<u8>) {
        (name.to_owned(), text.as_bytes().to_vec())
    }

    fn foreign(result: Result<Placed, Refused>) -> String {
        match result {
            Err(Refused::Foreign(name)) => name,
            other => panic!("{other:?}"),
        }
    }

    fn edited(result: Result<Placed, Refused>) -> Vec<String> {
        match result {
            Err(Refused::Edited(names)) => names,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_what_was_written_is_replaced() {
        let home = tempfile::tempdir().unwrap();
        let (out, may) = (home.path().join("out"), May::default());
        let files = [file("a.csv", "1"), file("books/b.xlsx", "2")];
        let write = || may.write_folder(&out, &files);
        // A folder with files of the same names is somebody's own.
        fs::create_dir(&out).unwrap();
        fs::write(out.join("a.csv"), "mine").unwrap();
        assert_eq!(foreign(write()), "a.csv");
        assert_eq!(fs::read(out.join("a.csv")).unwrap(), b"mine");
        fs::remove_file(out.join("a.csv")).unwrap();
        assert!(write().is_ok() && write().is_ok(), "an empty folder, then our own");
        // Whatever comes to it is somebody's own, and it stays.
        for name in ["books/notes.txt", "c.csv", "deep/er/x"] {
            fs::create_dir_all(out.join(name).parent().unwrap()).unwrap();
            fs::write(out.join(name), "mine").unwrap();
            assert_eq!(foreign(write()), if name.starts_with("deep") { "deep/er" } else { name });
            let forced = May { force: true, ..May::default() };
            assert!(!foreign(forced.write_folder(&out, &files)).is_empty(), "by no means");
            assert_eq!(fs::read(out.join(name)).unwrap(), b"mine");
            fs::remove_file(out.join(name)).unwrap();
            let _ = (fs::remove_dir(out.join("deep/er")), fs::remove_dir(out.join("deep")));
        }
        assert!(write().is_ok());
        // So is what was changed, unless it is forced, or nothing of it is lost.
        fs::write(out.join("a.csv"), "changed").unwrap();
        assert_eq!(edited(write()), ["a.csv"]);
        assert_eq!(fs::read(out.join("a.csv")).unwrap(), b"changed");
        let taken = May { taken: vec!["a.csv".to_owned()], ..May::default() };
        assert!(taken.write_folder(&out, &files).is_ok());
        fs::write(out.join("a.csv"), "changed").unwrap();
        let forced = May { force: true, ..May::default() };
        assert!(forced.write_folder(&out, &files).is_ok());
        assert_eq!(fs::read(out.join("a.csv")).unwrap(), b"1");
        // What is gone is not missed; what lists it cannot be somebody's list.
        fs::remove_file(out.join("a.csv")).unwrap();
        assert!(write().is_ok());
        fs::write(out.join(".yugu"), "anything").unwrap();
        assert_eq!(foreign(write()), "a.csv");
    }

    #[test]
    fn only_a_file_that_was_written_is_replaced() {
        let home = tempfile::tempdir().unwrap();
        let (path, may) = (home.path().join("rows.csv"), May::default());
        fs::write(&path, "").unwrap();
        assert!(may.write_file(&path, b"1").is_ok() && may.write_file(&path, b"2").is_ok());
        fs::write(&path, "3").unwrap();
        assert_eq!(edited(may.write_file(&path, b"4")), ["rows.csv"]);
        assert!(May { force: true, ..May::default() }.write_file(&path, b"4").is_ok());
        assert!(may.file(&path).is_ok());
        let other = home.path().join("other.csv");
        fs::copy(&path, &other).unwrap();
        assert_eq!(foreign(may.write_file(&other, b"5")), "other.csv");
        assert!(matches!(may.file(home.path()), Err(Refused::Foreign(_))));
    }

    #[test]
    fn no_output_stands_among_the_data() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        fs::create_dir_all(data.join("regions")).unwrap();
        let may = May { data: Some(data.clone()), force: true, ..May::default() };
        for name in ["regions", "Sales", "sales/x=1", "ledger", "LEDGER/2024-01.csv", "targets.csv", "yugu.toml"] {
            assert!(matches!(may.stand(&data.join(name)), Err(Refused::Data(_))), "{name}");
        }
        assert!(matches!(may.stand(&data.join("out/../stock")), Err(Refused::Data(_))));
        assert!(matches!(may.stand(&data), Err(Refused::Around)));
        assert!(matches!(may.stand(home.path()), Err(Refused::Around)));
        assert!(matches!(may.stand(Path::new(".")), Err(Refused::Current)));
        for name in ["out/2024-02", "plans", "../regions"] {
            assert!(may.stand(&data.join(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_that_differ_in_case_are_one() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(named(home.path(), "ledger").unwrap(), home.path().join("ledger"));
        fs::create_dir(home.path().join("Ledger")).unwrap();
        assert_eq!(named(home.path(), "ledger").unwrap(), home.path().join("Ledger"));
        // On a disk that tells them apart.
        if fs::create_dir(home.path().join("LEDGER")).is_ok() {
            assert!(matches!(named(home.path(), "ledger"), Err(Refused::TwoCases(..))));
        }
    }

    #[test]
    fn a_folder_is_filled_with_all_files_or_none() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("new");
        fill(&dir, &[file("a.csv", "x"), file("b.csv", "y")]).unwrap();
        assert_eq!(fs::read_to_string(dir.join("b.csv")).unwrap(), "y");
        assert!(fill(&dir, &[file("c.csv", "z"), file("a.csv", "other")]).is_err());
        assert_eq!(fs::read_to_string(dir.join("a.csv")).unwrap(), "x");
        assert!(!dir.join("c.csv").exists());
    }

    #[test]
    fn the_language_is_read_from_a_folder_that_cannot_be_used() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(language(home.path()), None);
        fs::write(home.path().join("yugu.toml"), "[output]\nlanguage = \"zh\"\n[fiscal]\nstart = 99\n").unwrap();
        assert_eq!(language(home.path()), Some(Lang::Zh));
    }
}
