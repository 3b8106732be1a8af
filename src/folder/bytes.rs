//! The bytes of a file: of a regular one, and no more of them than the limit on memory allows.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::messages::Text;
use crate::messages::reading as say;

/// Why a file is not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// A pipe, a device, a folder: reading it may wait for ever, or never end.
    NotAFile,
    /// It is larger than one input may be.
    TooLarge,
    /// The system says why.
    System(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Unread {
        Unread::System(error)
    }
}

impl Unread {
    /// In words; `limit` is that of [`read`].
    pub fn text(&self, limit: u64) -> Text {
        match self {
            Unread::NotAFile => say::not_a_file(),
            Unread::TooLarge => say::file_too_large(&gigabytes(limit)),
            Unread::System(error) => say::unreadable(&error.to_string()),
        }
    }

    /// The kind of problem it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Unread::TooLarge => "too_large",
            _ => "unreadable",
        }
    }
}

/// Reads a file of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
    // Before it is opened: a pipe would wait there for somebody who writes.
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Err(Unread::NotAFile);
    }
    if found.len() > limit {
        return Err(Unread::TooLarge);
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(Unread::TooLarge) } else { Ok(bytes) }
}

/// So many bytes as a setting has them.
pub(super) fn gigabytes(bytes: u64) -> String {
    (bytes as f64 / crate::settings::GIGABYTE).to_string()
}

/// A file that a run wrote; none where it is not there.
pub fn written(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match read(path, u64::MAX) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Unread::System(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(Unread::System(error)) => Err(error),
        Err(Unread::NotAFile | Unread::TooLarge) => Err(io::Error::from(io::ErrorKind::InvalidInput)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_within_the_limit_are_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert!(matches!(read(&path, 4), Err(Unread::TooLarge)));
        assert!(matches!(read(home.path(), 5), Err(Unread::NotAFile)));
        assert!(matches!(read(&home.path().join("b"), 5), Err(Unread::System(_))));
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_not_read() {
        assert!(matches!(read(Path::new("/dev/zero"), 5), Err(Unread::NotAFile)));
        let home = tempfile::tempdir().unwrap();
        let pipe = home.path().join("pipe");
        if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|s| s.success()) {
            assert!(matches!(read(&pipe, 5), Err(Unread::NotAFile)));
        }
    }
}
