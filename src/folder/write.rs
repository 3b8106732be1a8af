//! Folders and files written whole or not at all: killed at any moment, what was there is there, or what is new.
//!
//! Everything is written beside its place, under a hidden name, and flushed to the disk; then it takes its place in one
//! step. Whoever writes holds a lock on the name for so long, so that of two at once one fails and says so. What a killed
//! run left behind is removed by the next one that holds the lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

/// What was written stands in its place.
#[derive(Debug, Default)]
#[must_use]
pub struct Placed {
    /// Why nobody can tell whether the disk has it by now: flushing the name failed after the file had taken its place.
    pub unflushed: Option<io::Error>,
}

/// Writes `files` (name, bytes) as the folder `dir`, whole or not at all; a folder that was there is replaced where `may`
/// allows it, asked while nobody else of us can write there. A name may have one folder before it:
/// `frontline/north.xlsx`.
///
/// On an error the old folder is where it was and nothing else is left behind. An error of the kind
/// [`io::ErrorKind::ResourceBusy`]: somebody else is writing there.
pub(super) fn write_whole<E: From<io::Error>>(
    dir: &Path,
    files: &[(String, Vec<u8>)],
    may: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<Placed, E> {
    // A link stays a link: what it leads to is replaced.
    let dir = if dir.exists() { dir.canonicalize()? } else { std::path::absolute(dir)? };
    if dir.exists() && !dir.is_dir() {
        return Err(io::Error::from(io::ErrorKind::NotADirectory).into());
    }
    put(&dir, |beside| {
        may(&dir)?;
        let new = beside.path().join("new");
        fs::create_dir(&new)?;
        for (name, bytes) in files {
            match name.split_once('/') {
                None => write_file(&new, name, bytes)?,
                Some((folder, name)) => {
                    let folder = inner(&new, folder)?;
                    write_file(&folder, name, bytes)?;
                    sync_folder(&folder)?;
                }
            }
        }
        sync_folder(&new)?;
        Ok(replace(&new, &dir, beside)?)
    })
}

/// Writes one file, whole or not at all; a file that was there is replaced where `may` allows it. Before it takes its
/// place, `note` (name, bytes) stands beside it. Errors as in [`write_whole`].
pub(super) fn write_file_whole<E: From<io::Error>>(
    path: &Path,
    bytes: &[u8],
    may: impl FnOnce(&Path) -> Result<(String, Vec<u8>), E>,
) -> Result<Placed, E> {
    // A link stays a link: what it leads to is replaced.
    let path = if path.exists() { path.canonicalize()? } else { std::path::absolute(path)? };
    if path.exists() && !path.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
    }
    put(&path, |beside| {
        let (name, note) = may(&path)?;
        plain(&name)?;
        write_file(beside.path(), "note", &note)?;
        write_file(beside.path(), "new", bytes)?;
        fs::rename(beside.path().join("note"), path.with_file_name(name))?;
        Ok(fs::rename(beside.path().join("new"), &path)?)
    })
}

/// Writes a file that must not be there yet, whole or not at all, and marks it as not to be written to again. An error
/// of the kind [`io::ErrorKind::AlreadyExists`]: it is there, and stays as it is; of the kind
/// [`io::ErrorKind::ResourceBusy`]: somebody else is writing there.
pub fn write_new_file(path: &Path, bytes: &[u8]) -> io::Result<Placed> {
    let path = std::path::absolute(path)?;
    put(&path, |beside| {
        write_file(beside.path(), "new", bytes)?;
        let new = beside.path().join("new");
        let mut permissions = fs::metadata(&new)?.permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&new, permissions)?;
        match fs::hard_link(&new, &path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
                // Disks without links; the lock keeps others of this program away.
                fs::rename(&new, &path)
            }
            done => done,
        }
    })
}

/// A file as it was when a change was worked out (none: it was not there), and as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it is.
    pub path: PathBuf,
    /// Its bytes.
    pub before: Option<Vec<u8>>,
    /// Its new bytes.
    pub after: Vec<u8>,
}

/// Changes several files, all or none: what fails is taken back. Killed between two of them, those before are changed;
/// whoever calls this must be able to do so again. An error of the kind [`io::ErrorKind::InvalidData`]: a file is no
/// longer as it was; others as in [`write_new_file`].
pub fn write_together(changes: &[Change]) -> io::Result<Placed> {
    prepare(changes, &mut Vec::new())
}

/// Writes the first change beside its place, then the others; when all lie there, they take their places.
fn prepare(changes: &[Change], ready: &mut Vec<(PathBuf, PathBuf, PathBuf)>) -> io::Result<Placed> {
    let Some((first, rest)) = changes.split_first() else { return take_places(ready).map(|()| Placed::default()) };
    // A link stays a link: what it leads to is replaced.
    let path = if first.path.exists() { first.path.canonicalize()? } else { std::path::absolute(&first.path)? };
    let mut others = Placed::default();
    let placed = put(&path, |beside| {
        if super::written(&path)? != first.before {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        write_file(beside.path(), "new", &first.after)?;
        if let Some(before) = &first.before {
            write_file(beside.path(), "old", before)?;
        }
        ready.push((path.clone(), beside.path().join("new"), beside.path().join("old")));
        others = prepare(rest, ready)?;
        Ok::<(), io::Error>(())
    })?;
    Ok(Placed { unflushed: others.unflushed.or(placed.unflushed) })
}

/// Renames new files into their places; on an error the old ones are put back.
fn take_places(ready: &[(PathBuf, PathBuf, PathBuf)]) -> io::Result<()> {
    for (done, (path, new, _)) in ready.iter().enumerate() {
        if let Err(error) = fs::rename(new, path) {
            for (path, _, old) in ready.iter().take(done) {
                // What was not there before has no old file.
                let _ = if old.exists() { fs::rename(old, path) } else { fs::remove_file(path) };
            }
            return Err(error);
        }
    }
    Ok(())
}

/// Makes the folders on the way to `path`, takes its lock, and lets `write` put it there from a hidden folder beside it.
fn put<E: From<io::Error>>(path: &Path, write: impl FnOnce(&TempDir) -> Result<(), E>) -> Result<Placed, E> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::Error::from(io::ErrorKind::InvalidInput))?;
    let parent = path.parent().ok_or(io::Error::from(io::ErrorKind::InvalidInput))?;
    let made = make_folders(parent)?;
    let locked = || -> Result<Placed, E> {
        let _lock = Lock::take(parent, name)?;
        remove_leftovers(parent, name)?;
        // On the same disk, so that renaming is one step; hidden, so that no run takes it for data.
        let beside = tempfile::Builder::new().prefix(&format!("{HIDDEN}{name}{BEFORE_RANDOM}")).tempdir_in(parent)?;
        write(&beside)?;
        Ok(Placed { unflushed: sync_folder(parent).err() })
    };
    let result = locked();
    if result.is_err() {
        // The innermost first; one that is not empty by now belongs to somebody else.
        made.iter().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    result
}

/// What every hidden name of ours begins with.
const HIDDEN: &str = ".yugu-";

/// What stands between a name and the letters and digits that tell the hidden folders of one name apart. Names may hold
/// it themselves: only the last one of a hidden name is meant, as none comes after it.
const BEFORE_RANDOM: char = '-';

/// Whether a hidden folder was made for this name, and not for a longer one that begins like it.
fn is_leftover(hidden: &str, name: &str) -> bool {
    let Some((stem, random)) = hidden.rsplit_once(BEFORE_RANDOM) else { return false };
    let is_random = !random.is_empty() && random.bytes().all(|b| b.is_ascii_alphanumeric());
    is_random && stem.strip_prefix(HIDDEN) == Some(name)
}

/// A name that only one run writes to at a time; free again when dropped, or when the run ends in any way.
struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    fn take(parent: &Path, name: &str) -> io::Result<Lock> {
        let path = parent.join(format!("{HIDDEN}{name}.lock"));
        loop {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(io::Error::from(io::ErrorKind::ResourceBusy)),
                Err(TryLockError::Error(error)) => return Err(error),
                // Whoever held it may have removed the file between opening and locking: then it locks nothing.
                Ok(()) if is_at(&file, &path) => return Ok(Lock { path, _file: file }),
                Ok(()) => {}
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: fs::Metadata, b: fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    file.metadata().ok().zip(fs::metadata(path).ok()).is_some_and(|(a, b)| same(a, b))
}

/// Elsewhere a file that is open is not removed.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

fn remove_leftovers(parent: &Path, name: &str) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        if is_leftover(&entry.file_name().to_string_lossy(), name) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
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

/// The new folder takes the place of the one at `dir`, which is removed with `beside`.
fn replace(new: &Path, dir: &Path, beside: &TempDir) -> io::Result<()> {
    if !dir.exists() {
        return fs::rename(new, dir);
    }
    if exchange(new, dir).is_ok() {
        return Ok(());
    }
    // Disks and systems that cannot exchange two names: the old folder moves aside for a moment.
    let old = beside.path().join("old");
    fs::rename(dir, &old)?;
    fs::rename(new, dir).inspect_err(|_| drop(fs::rename(&old, dir)))
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// A folder within the new one, made where it is not there yet.
fn inner(new: &Path, name: &str) -> io::Result<PathBuf> {
    plain(name)?;
    let folder = new.join(name);
    match fs::create_dir(&folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(folder),
    }
}

/// An error unless a name is that of something right in its folder.
fn plain(name: &str) -> io::Result<()> {
    match Path::new(name).components().collect::<Vec<_>>().as_slice() {
        [Component::Normal(only)] if *only == name => Ok(()),
        _ => Err(io::Error::from(io::ErrorKind::InvalidInput)),
    }
}

fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    plain(name)?;
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

    fn write_whole(dir: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
        super::write_whole::<io::Error>(dir, files, |_| Ok(())).map(|placed| assert!(placed.unflushed.is_none()))
    }

    fn write_file_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
        let note = |_: &Path| Ok::<_, io::Error>((".note".to_owned(), b"n".to_vec()));
        super::write_file_whole(path, bytes, note).map(|placed| assert!(placed.unflushed.is_none()))
    }

    #[test]
    fn hidden_names_are_told_apart_by_the_last_separator() {
        for (hidden, name) in [(".yugu-x-Ab12Cd", "x"), (".yugu-x-b-Ab12Cd", "x-b"), (".yugu--q-1", "-q")] {
            assert!(is_leftover(hidden, name), "{hidden} of {name}");
        }
        for (hidden, name) in [
            (".yugu-x-b-Ab12Cd", "x"),
            (".yugu-x-b.lock", "x"),
            (".yugu-x.lock", "x"),
            (".yugu-x-", "x"),
            (".yugu-x-Ab12Cd", "x-Ab12Cd"),
            ("x-Ab12Cd", "x"),
        ] {
            assert!(!is_leftover(hidden, name), "{hidden} of {name}");
        }
    }

    #[test]
    fn what_another_name_is_being_written_beside_stays() {
        let home = tempfile::tempdir().unwrap();
        let other = home.path().join(".yugu-x-b-Ab12Cd");
        fs::create_dir(&other).unwrap();
        write_whole(&home.path().join("x"), &files(&["a.csv"])).unwrap();
        assert!(other.exists());
        write_whole(&home.path().join("x-b"), &files(&["a.csv"])).unwrap();
        assert!(!other.exists());
    }

    #[test]
    fn what_may_not_be_replaced_is_not() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        write_whole(&out, &files(&["a.csv"])).unwrap();
        let refuse = |_: &Path| Err(io::Error::from(io::ErrorKind::PermissionDenied));
        assert!(super::write_whole(&out, &files(&["b.csv"]), refuse).is_err());
        assert_eq!(names(&out), ["a.csv"]);
        assert_eq!(names(home.path()), ["out"]);
    }

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
    fn a_folder_may_hold_folders_of_files() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        write_whole(&out, &files(&["a.csv", "f/b.csv", "f/c.csv"])).unwrap();
        assert_eq!(names(&out), ["a.csv", "f"]);
        assert_eq!(names(&out.join("f")), ["b.csv", "c.csv"]);
        write_whole(&out, &files(&["a.csv"])).unwrap();
        assert_eq!(names(&out), ["a.csv"]);
    }

    #[test]
    fn several_files_change_together_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name);
        let change = |name: &str, before: Option<&str>, after: &str| Change {
            path: path(name),
            before: before.map(|b| b.as_bytes().to_vec()),
            after: after.as_bytes().to_vec(),
        };
        fs::write(path("a.csv"), "a").unwrap();
        let placed = write_together(&[change("a.csv", Some("a"), "a2"), change("b.csv", None, "b2")]).unwrap();
        assert!(placed.unflushed.is_none());
        let read = |name: &str| fs::read_to_string(path(name)).unwrap();
        assert_eq!((read("a.csv"), read("b.csv")), ("a2".to_owned(), "b2".to_owned()));
        // The second is not as it was when the change was worked out.
        let changes = [change("a.csv", Some("a2"), "a3"), change("b.csv", Some("other"), "b3")];
        assert_eq!(write_together(&changes).unwrap_err().kind(), io::ErrorKind::InvalidData);
        // The second cannot be put in its place: the first goes back, the third was not there and is not there.
        fs::create_dir_all(path("d.csv/x")).unwrap();
        let changes = [change("a.csv", Some("a2"), "a3"), change("e.csv", None, "e"), change("d.csv", None, "d")];
        assert!(write_together(&changes).is_err());
        assert_eq!((read("a.csv"), read("b.csv")), ("a2".to_owned(), "b2".to_owned()));
        assert_eq!(names(home.path()), ["a.csv", "b.csv", "d.csv"]);
    }

    #[test]
    fn on_an_error_the_old_folder_stays_and_nothing_is_left_behind() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        write_whole(&out, &files(&["a.csv"])).unwrap();
        for bad in ["../b.csv", "x/y/b.csv", "x/../b.csv", "x/", "", "/b.csv", "a\0b", ".."] {
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
        assert_eq!(names(&home.path().join("new")), [".note", "rows.csv"]);
        assert!(write_file_whole(&home.path().join("new"), b"c").is_err(), "a folder is not replaced");
        assert!(write_file_whole(&file.join("below/x"), b"c").is_err());
        assert_eq!(names(home.path()), ["new"]);
    }

    #[test]
    fn a_new_file_is_written_once() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("ledger/2024-02.csv");
        assert!(write_new_file(&file, b"first").unwrap().unflushed.is_none());
        assert_eq!(write_new_file(&file, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&file).unwrap(), b"first");
        assert!(fs::metadata(&file).unwrap().permissions().readonly());
        assert_eq!(names(&home.path().join("ledger")), ["2024-02.csv"]);
    }

    #[test]
    fn while_one_writes_another_is_told() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        write_whole(&out, &files(&["a.csv"])).unwrap();
        let lock = Lock::take(home.path(), "out").unwrap();
        assert_eq!(write_whole(&out, &files(&["b.csv"])).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        // Of another name it is not.
        write_whole(&home.path().join("other"), &files(&["b.csv"])).unwrap();
        drop(lock);
        // What a killed run left is gone after the next.
        fs::create_dir(home.path().join(".yugu-out-1234")).unwrap();
        write_whole(&out, &files(&["b.csv"])).unwrap();
        assert_eq!(names(&out), ["b.csv"]);
        assert_eq!(names(home.path()), ["other", "out"]);
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
