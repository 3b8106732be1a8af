//! Files that a library may abort on (memory that is not there, a stack that is not deep enough: nothing that could be
//! caught) are read once in a process of their own, which may die alone.
//!
//! The process is the program itself, started with [`COMMAND`]; it gets the files on its standard input and answers each
//! with a byte when it has been read. What it dies on is not read by this process.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::find::Format;
use super::xlsx::Kind;
use super::{bytes, returned, xlsx};

/// The argument with which the program is started to read files apart.
pub const COMMAND: &str = "--read-apart";

/// Files up to this size are read whole, of larger ones only what says how they are built: reading these takes so long
/// that it is not done twice, and what they claim is small beside what they are.
const WHOLE: u64 = 64 << 20;

/// What the other process takes beside what it reads: its code, its threads.
const ITSELF: u64 = 1 << 30;

/// The stack of the thread that reads, half of what the threads of this process have.
const STACK: usize = 1 << 20;

/// What a file was read as when it was answered.
const READ: u8 = b'.';

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Lets files be read apart by this program, whose `main` calls [`read_apart`] where it is started with [`COMMAND`].
/// Without it every file is read in this process at once.
pub fn by(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// A file to be read apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub path: PathBuf,
    pub read: Reading,
}

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A workbook as a table.
    Workbook(Kind),
    /// A Parquet file as a table.
    Columns,
    /// A workbook that came back.
    Answers,
}

impl Reading {
    /// Of a table in this format; none where no library is asked.
    pub fn of(format: Format) -> Option<Reading> {
        match format {
            Format::Workbook(kind) => Some(Reading::Workbook(kind)),
            Format::Parquet => Some(Reading::Columns),
            Format::Csv | Format::CsvGz => None,
        }
    }

    /// Its word.
    fn word(self) -> &'static str {
        match self {
            Reading::Workbook(Kind::Xlsx) => "xlsx",
            Reading::Workbook(Kind::Xls) => "xls",
            Reading::Workbook(Kind::Xlsb) => "xlsb",
            Reading::Workbook(Kind::Ods) => "ods",
            Reading::Columns => "parquet",
            Reading::Answers => "answers",
        }
    }

    fn from_word(word: &str) -> Option<Reading> {
        let books = [Kind::Xlsx, Kind::Xls, Kind::Xlsb, Kind::Ods].map(Reading::Workbook);
        books.into_iter().chain([Reading::Columns, Reading::Answers]).find(|read| read.word() == word)
    }
}

/// Whether each of the files can be read, with at most so many bytes of memory, without the process dying of it.
pub(super) fn survived(jobs: &[Job], limit: u64) -> Vec<bool> {
    let Some(program) = PROGRAM.get() else { return vec![true; jobs.len()] };
    let at_once = jobs.len().div_ceil(rayon::current_num_threads()).max(1);
    jobs.par_chunks(at_once).flat_map_iter(|jobs| one_by_one(program, jobs, limit)).collect()
}

fn one_by_one(program: &Path, jobs: &[Job], limit: u64) -> Vec<bool> {
    let mut out = Vec::with_capacity(jobs.len());
    while let Some(left) = jobs.get(out.len()..).filter(|left| !left.is_empty()) {
        // Where no other process can be started, it cannot protect this one.
        let Some(read) = start(program).and_then(|child| answered(child, left, limit)) else {
            out.resize(jobs.len(), true);
            break;
        };
        out.resize(out.len() + read.min(left.len()), true);
        if read < left.len() {
            out.push(false);
        }
    }
    out
}

fn start(program: &Path) -> Option<Child> {
    let quiet = Stdio::null();
    Command::new(program).arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(quiet).spawn().ok()
}

/// How many of the files the other process read before it ended.
fn answered(mut child: Child, jobs: &[Job], limit: u64) -> Option<usize> {
    let mut input = child.stdin.take()?;
    let text = asked(jobs, limit);
    // Written while the answers are read, as neither may wait for the other.
    let writer = std::thread::spawn(move || drop(input.write_all(&text)));
    let mut answers = Vec::new();
    let _ = child.stdout.take()?.read_to_end(&mut answers);
    let _ = (writer.join(), child.wait());
    Some(answers.iter().filter(|byte| **byte == READ).count())
}

/// The limit, then for each file what it is read as and its path, each ended by a zero byte.
fn asked(jobs: &[Job], limit: u64) -> Vec<u8> {
    let mut out = format!("{limit}\0").into_bytes();
    for job in jobs {
        out.extend(job.read.word().bytes().chain([0]));
        out.extend(job.path.as_os_str().as_encoded_bytes());
        out.push(0);
    }
    out
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes.to_vec()).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    OsString::from(String::from_utf8_lossy(bytes).into_owned()).into()
}

/// The other process: reads the files that it is asked for and answers each.
pub fn read_apart() {
    let mut asked = Vec::new();
    let _ = std::io::stdin().lock().read_to_end(&mut asked);
    let mut words = asked.split(|byte| *byte == 0);
    let number = |word: &[u8]| std::str::from_utf8(word).ok()?.parse::<u64>().ok();
    let Some(limit) = words.next().and_then(number) else { return };
    bound(limit.saturating_add(ITSELF));
    // One thread: how much is read at once is not for chance to decide.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(STACK).build();
    let Ok(pool) = pool else { return };
    while let (Some(word), Some(path)) = (words.next(), words.next()) {
        if let Some(read) = std::str::from_utf8(word).ok().and_then(Reading::from_word) {
            pool.install(|| whole(read, &path_of(path), limit));
        }
        let mut out = std::io::stdout().lock();
        if out.write_all(&[READ]).and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

/// Reads a file as it will be read. What is wrong with it is said there; here it counts that this process lives.
fn whole(read: Reading, path: &Path, limit: u64) {
    let Ok(bytes) = bytes::read(path, limit) else { return };
    let is_small = bytes.len() as u64 <= WHOLE;
    match read {
        Reading::Workbook(kind) if is_small => drop(xlsx::read(kind, &bytes, limit)),
        Reading::Answers if is_small => drop(returned::workbook_of(&bytes, limit)),
        #[cfg(feature = "parquet")]
        Reading::Columns if is_small => drop(super::parquet::read(bytes, &[], limit)),
        #[cfg(feature = "parquet")]
        Reading::Columns => super::parquet::look(bytes),
        _ => {}
    }
}

/// Takes at most so many bytes of memory from here on, where the system can see to it.
fn bound(most: u64) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let maximum = getrlimit(Resource::As).maximum;
        let current = Some(maximum.map_or(most, |maximum| maximum.min(most)));
        let _ = setrlimit(Resource::As, Rlimit { current, maximum });
    }
    #[cfg(not(unix))]
    let _ = most;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_program_nothing_is_read_apart() {
        let job = Job { path: "a.xlsx".into(), read: Reading::Answers };
        assert_eq!(survived(&[job], 1), [true]);
    }

    #[cfg(unix)]
    #[test]
    fn what_the_other_process_dies_on_is_found() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        // Reads two files, then dies; started again it does the same.
        let program = home.path().join("reader");
        std::fs::write(&program, "#!/bin/sh\ncat >/dev/null\nprintf ..\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let job = |n: usize| Job { path: format!("{n}.xlsx").into(), read: Reading::Workbook(Kind::Xlsx) };
        let jobs: Vec<Job> = (0..8).map(job).collect();
        assert_eq!(one_by_one(&program, &jobs, 1), [true, true, false, true, true, false, true, true]);
        assert_eq!(one_by_one(Path::new("/no/such/program"), &jobs, 1), [true; 8]);
        for read in [Reading::Answers, Reading::Columns, Reading::Workbook(Kind::Ods)] {
            assert_eq!(Reading::from_word(read.word()), Some(read));
        }
        assert_eq!(asked(&jobs[..2], 7), b"7\0xlsx\x000.xlsx\0xlsx\x001.xlsx\0");
    }
}
