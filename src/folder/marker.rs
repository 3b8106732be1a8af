//! What tells an output of this program from everything else: beside what was written stands a hidden list of its files
//! with their hashes. What is not on the list, or is no longer as it was written, is somebody's own.
//!
//! The list has the form of `sha256sum`, which can check it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

/// The list in a folder.
const IN_FOLDER: &str = ".yugu";

/// The first line; `sha256sum` passes over it.
const FIRST: &str = "# written by yugu, which replaces what is listed here as long as it is as it was written";

/// The hash of a file's bytes, in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What stands where an output is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing, or nothing but what was written and has not changed since.
    Free,
    /// Something that was not written by this program, by its name.
    Foreign(String),
    /// Files that were written by it and have been changed since, by their names.
    Edited(Vec<String>),
}

/// The names and hashes of a list; of a file its last two versions.
type List = Vec<(String, String)>;

fn list(bytes: &[u8]) -> Option<List> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.lines();
    (lines.next() == Some(FIRST)).then(|| {
        let entry = |line: &str| line.split_once("  ").map(|(hash, name)| (name.to_owned(), hash.to_owned()));
        lines.filter_map(entry).collect()
    })
}

fn text<'l>(entries: impl IntoIterator<Item = (&'l str, &'l str)>) -> Vec<u8> {
    let lines = entries.into_iter().map(|(name, hash)| format!("{hash}  {name}\n"));
    format!("{FIRST}\n{}", lines.collect::<String>()).into_bytes()
}

/// The list that belongs into a folder of these files.
pub(super) fn of_files(files: &[(String, Vec<u8>)]) -> (String, Vec<u8>) {
    let hashes: Vec<(&str, String)> = files.iter().map(|(name, bytes)| (name.as_str(), hash(bytes))).collect();
    (IN_FOLDER.to_owned(), text(hashes.iter().map(|(name, hash)| (*name, hash.as_str()))))
}

/// Looks at a folder, which need not be there.
pub(super) fn folder(dir: &Path) -> io::Result<Standing> {
    let mut there = BTreeMap::new();
    match entries(dir, "", &mut there) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !dir.exists() => return Ok(Standing::Free),
        other => other?,
    }
    let marker = there.remove(IN_FOLDER);
    let ours = match marker {
        Some(Kind::File) => list(&fs::read(dir.join(IN_FOLDER))?).unwrap_or_default(),
        _ => List::new(),
    };
    let mut edited = Vec::new();
    for (name, kind) in &there {
        let own: Vec<&str> = ours.iter().filter(|(own, _)| own == name).map(|(_, hash)| hash.as_str()).collect();
        if *kind != Kind::File || own.is_empty() {
            return Ok(Standing::Foreign(name.clone()));
        }
        if !own.contains(&hash(&fs::read(dir.join(name))?).as_str()) {
            edited.push(name.clone());
        }
    }
    Ok(if edited.is_empty() { Standing::Free } else { Standing::Edited(edited) })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    /// A folder with nothing in it, a link, a device.
    Other,
}

/// Everything below a folder by name; folders count as what is in them.
fn entries(dir: &Path, label: &str, out: &mut BTreeMap<String, Kind>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = format!("{label}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        // Outputs have one folder within them; what lies deeper is none.
        if kind.is_dir() && label.is_empty() {
            let before = out.len();
            entries(&entry.path(), &format!("{name}/"), out)?;
            if out.len() == before {
                out.insert(name, Kind::Other);
            }
            continue;
        }
        out.insert(name, if kind.is_file() { Kind::File } else { Kind::Other });
    }
    Ok(())
}

/// The list beside a single file.
fn beside(file: &Path) -> Option<(String, String)> {
    let name = file.file_name().and_then(OsStr::to_str)?;
    Some((format!(".{name}{IN_FOLDER}"), name.to_owned()))
}

/// Looks at a file, which need not be there. An empty one is nobody's.
pub(super) fn file(path: &Path) -> io::Result<Standing> {
    let bytes = match fs::metadata(path) {
        Ok(found) if !found.is_file() => return Ok(Standing::Foreign(String::new())),
        Ok(_) => fs::read(path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Free),
        Err(error) => return Err(error),
    };
    if bytes.is_empty() {
        return Ok(Standing::Free);
    }
    let Some((marker, name)) = beside(path) else { return Ok(Standing::Foreign(String::new())) };
    let ours = super::written(&path.with_file_name(marker))?.and_then(|bytes| list(&bytes));
    Ok(match ours {
        None => Standing::Foreign(name),
        Some(ours) if ours.contains(&(name.clone(), hash(&bytes))) => Standing::Free,
        Some(_) => Standing::Edited(vec![name]),
    })
}

/// The list that belongs beside a file with these bytes. It stands there before the file does, so it also has the hash of
/// what is there: killed between the two, the file is as it was written all the same.
pub(super) fn of_file(path: &Path, bytes: &[u8]) -> io::Result<(String, Vec<u8>)> {
    let (marker, name) = beside(path).ok_or(io::ErrorKind::InvalidInput)?;
    let mut hashes = vec![hash(bytes)];
    if file(path)? == Standing::Free {
        hashes.extend(super::written(path)?.map(|bytes| hash(&bytes)));
    }
    Ok((marker, text(hashes.iter().map(|hash| (name.as_str(), hash.as_str())))))
}
