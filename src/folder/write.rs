//! Folders and files written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// Writes `files` (name, bytes) as the folder `dir`, whole or not at all; a folder that was there is replaced.
///
/// The files are written beside it and flushed to the disk first; then the old folder moves aside, the new one takes
/// its name, and the old one is removed. On an error the old folder is where it was and nothing else is left behind.
pub fn write_whole(dir: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    // A link stays a link: what it leads to is replaced.
    let dir = if dir.exists() { dir.canonicalize()? } else { std::path::absolute(dir)? };
    if dir.exists() && !dir.is_dir() {
        return Err(io::Error::from(io::ErrorKind::NotADirectory));
    }
    let parent = dir.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let made = make_folders(parent)?;
    let result = replace(parent, &dir, files);
    if result.is_err() {
        // The innermost first; one that is not empty by now belongs to somebody else.
        made.iter().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    result
}

/// Writes one file, whole or not at all; a file that was there is replaced.
///
/// It is written beside its place and flushed to the disk, then takes its name. On an error the old file is where it
/// was and nothing else is left behind.
pub fn write_file_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: what it leads to is replaced.
    let path = if path.exists() { path.canonicalize()? } else { std::path::absolute(path)? };
    if path.exists() && !path.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidInput)?;
    let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let made = make_folders(parent)?;
    let put = || -> io::Result<()> {
        let beside = tempfile::Builder::new().prefix(".yugu-").tempdir_in(parent)?;
        write_file(beside.path(), name, bytes)?;
        fs::rename(beside.path().join(name), &path)?;
        sync_folder(parent)
    };
    let result = put();
    if result.is_err() {
        made.iter().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    result
}

/// Makes the folders that are missing; those it made, the innermost first.
fn make_folders(path: &Path) -> io::Result<Vec<PathBuf>> {
    let missing: Vec<PathBuf> = path.ancestors().take_while(|p| !p.exists()).map(Path::to_path_buf).collect();
    match fs::create_dir_all(path) {
        Ok(()) => Ok(missing),
        Err(error) => {
            missing.iter().for_each(|folder| drop(fs::remove_dir(folder)));
            Err(error)
        }
    }
}

fn replace(parent: &Path, dir: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    // On the same disk, so that renaming is one step; hidden, so that no run takes it for data. Removed when dropped.
    let beside = tempfile::Builder::new().prefix(".yugu-").tempdir_in(parent)?;
    let (new, old) = (beside.path().join("new"), beside.path().join("old"));
    fs::create_dir(&new)?;
    for (name, bytes) in files {
        write_file(&new, name, bytes)?;
    }
    sync_folder(&new)?;
    let replaces = dir.exists();
    if replaces {
        fs::rename(dir, &old)?;
    }
    if let Err(error) = fs::rename(&new, dir) {
        // The old folder must not be lost with the temporary one.
        if replaces && fs::rename(&old, dir).is_err() {
            let _ = beside.keep();
        }
        return Err(error);
    }
    sync_folder(parent)
}

fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let plain = matches!(Path::new(name).components().collect::<Vec<_>>().as_slice(), [Component::Normal(_)]);
    if !plain {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    let mut file = File::create_new(folder.join(name))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Flushes the names in a folder; only Unix has folders that can be flushed.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<(String, Vec<u8>)> {
        names.iter().map(|name| (name.to_string(), name.as_bytes().to_vec())).collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_written_and_replaced_whole() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out/2024-02");
        write_whole(&out, &files(&["a.csv", "b.csv"])).unwrap();
        assert_eq!(names(&out), ["a.csv", "b.csv"]);
        write_whole(&out, &files(&["c.csv"])).unwrap();
        assert_eq!(names(&out), ["c.csv"]);
        assert_eq!(fs::read(out.join("c.csv")).unwrap(), b"c.csv");
        assert_eq!(names(&home.path().join("out")), ["2024-02"]);
    }

    #[test]
    fn on_an_error_the_old_folder_stays_and_nothing_is_left_behind() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        write_whole(&out, &files(&["a.csv"])).unwrap();
        for bad in ["../b.csv", "x/b.csv", "", "/b.csv", "a\0b", ".."] {
            assert!(write_whole(&out, &files(&["c.csv", bad])).is_err(), "{bad:?}");
            assert_eq!(names(&out), ["a.csv"]);
            assert_eq!(names(home.path()), ["out"]);
        }
        assert!(write_whole(&out, &files(&["c.csv", "c.csv"])).is_err(), "one name twice");
        assert_eq!(names(&out), ["a.csv"]);
    }

    #[test]
    fn folders_made_on_the_way_are_taken_back_on_an_error() {
        let home = tempfile::tempdir().unwrap();
        assert!(write_whole(&home.path().join("a/b/c"), &files(&["../x"])).is_err());
        assert_eq!(names(home.path()), Vec::<String>::new());
    }

    #[test]
    fn a_file_is_not_replaced_by_a_folder() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("out");
        fs::write(&file, "mine").unwrap();
        assert!(write_whole(&file, &files(&["a.csv"])).is_err());
        assert!(write_whole(&file.join("below"), &files(&["a.csv"])).is_err());
        assert_eq!(fs::read(&file).unwrap(), b"mine");
        assert_eq!(names(home.path()), ["out"]);
    }

    #[test]
    fn a_single_file_is_written_and_replaced_whole() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("new/rows.csv");
        write_file_whole(&file, b"a").unwrap();
        write_file_whole(&file, b"b").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"b");
        assert_eq!(names(&home.path().join("new")), ["rows.csv"]);
        assert!(write_file_whole(&home.path().join("new"), b"c").is_err(), "a folder is not replaced");
        assert!(write_file_whole(&file.join("below/x"), b"c").is_err());
        assert_eq!(names(home.path()), ["new"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let home = tempfile::tempdir().unwrap();
        let (real, link) = (home.path().join("real"), home.path().join("link"));
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_whole(&link, &files(&["a.csv"])).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(names(&real), ["a.csv"]);
    }
}
