//! Folders that are written to: whether they may be, and new ones.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decode;
use crate::error::Problems;
use crate::messages::Lang;
use crate::settings::Settings;

/// The first entry of a folder whose name is none of `ours`: a folder with one must not be replaced by a run. A name that
/// ends with `/` is that of a folder of workbooks; a table is ours as Parquet too. None where there is no such folder yet.
pub fn foreign(dir: &Path, ours: &[&str]) -> io::Result<Option<String>> {
    match fs::read_dir(dir) {
        Ok(entries) => {
            let mut names = Vec::new();
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let as_csv = name.strip_suffix(".parquet").map_or_else(|| name.clone(), |stem| format!("{stem}.csv"));
                if entry.file_type()?.is_file() && ours.contains(&as_csv.as_str()) {
                    continue;
                }
                let inner = format!("{name}/");
                if entry.file_type()?.is_dir() && ours.contains(&inner.as_str()) {
                    let is_workbook = |e: &fs::DirEntry| e.path().extension().is_some_and(|end| end == "xlsx");
                    for entry in fs::read_dir(entry.path())? {
                        let entry = entry?;
                        if !is_workbook(&entry) || !entry.file_type()?.is_file() {
                            names.push(format!("{inner}{}", entry.file_name().to_string_lossy()));
                        }
                    }
                    continue;
                }
                names.push(name);
            }
            Ok(names.into_iter().min())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file that a run wrote; none where it is not there.
pub fn written(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a file is there that must not be replaced: anything but a file that is empty or begins with `line`, which
/// every file of that kind begins with.
pub fn foreign_file(path: &Path, line: &str) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => Ok(true),
        Ok(_) => {
            let mut start = Vec::with_capacity(line.len());
            File::open(path)?.take(line.len() as u64).read_to_end(&mut start)?;
            Ok(!start.is_empty() && start != line.as_bytes())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
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
    let bytes = fs::read(folder.join("yugu.toml")).ok()?;
    let text = decode::decode(bytes).ok()?.text;
    Settings::read(&Arc::from("yugu.toml"), &text, &mut Problems::default()).output.language
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> (String, Vec<u8>) {
        (name.to_owned(), text.as_bytes().to_vec())
    }

    #[test]
    fn a_folder_with_anything_else_is_foreign() {
        let home = tempfile::tempdir().unwrap();
        let ours = ["a.csv", "b.csv"];
        assert_eq!(foreign(&home.path().join("none"), &ours).unwrap(), None);
        fs::write(home.path().join("a.csv"), "").unwrap();
        fs::write(home.path().join("b.parquet"), "").unwrap();
        assert_eq!(foreign(home.path(), &ours).unwrap(), None);
        let books = home.path().join("books");
        fs::create_dir(&books).unwrap();
        fs::write(books.join("north.xlsx"), "").unwrap();
        assert_eq!(foreign(home.path(), &["a.csv", "b.csv", "books/"]).unwrap(), None);
        fs::write(books.join("mine.txt"), "").unwrap();
        assert_eq!(foreign(home.path(), &["a.csv", "b.csv", "books/"]).unwrap().as_deref(), Some("books/mine.txt"));
        assert_eq!(foreign(home.path(), &ours).unwrap().as_deref(), Some("books"));
        fs::remove_dir_all(&books).unwrap();
        fs::create_dir(home.path().join("b.csv")).unwrap();
        assert_eq!(foreign(home.path(), &ours).unwrap().as_deref(), Some("b.csv"));
        fs::write(home.path().join("Notes.txt"), "").unwrap();
        assert_eq!(foreign(home.path(), &ours).unwrap().as_deref(), Some("Notes.txt"));
        assert!(foreign(&home.path().join("a.csv"), &ours).is_err());
    }

    #[test]
    fn a_file_of_another_kind_is_foreign() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("rows.csv");
        let is_foreign = || foreign_file(&path, "a,b").unwrap();
        assert!(!is_foreign());
        for (text, expected) in [("", false), ("a,b\n1,2\n", false), ("a,c\n", true), ("a", true)] {
            fs::write(&path, text).unwrap();
            assert_eq!(is_foreign(), expected, "{text:?}");
        }
        assert!(foreign_file(home.path(), "a,b").unwrap());
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
