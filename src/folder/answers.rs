//! Answers that come back: workbooks that people filled in, and the tables that get them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::returned::{self, Workbook};
use super::write::Change;
use super::{Input, apart, bytes, decode, marker};
use crate::answers::{self, Form, New, Ways, form_of};
use crate::error::{Place, Problems};
use crate::messages::Text;
use crate::messages::answers as say;
use crate::messages::reading;
use crate::outlook::Outlook;
use crate::report;
use crate::sheet::{Encoding, Sheet};
use chrono::NaiveDate;
use encoding_rs::{BIG5, GB18030, WINDOWS_1252};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Reads a workbook; what is wrong with it where nothing can be taken from it.
/// `limit`: how many bytes of memory it may take.
pub fn workbook(path: &Path, limit: u64) -> Result<Workbook, Text> {
    let bytes = bytes::read(path, limit).map_err(|unread| unread.text(limit))?;
    let job = apart::Job { path: path.to_path_buf(), read: apart::Reading::Answers };
    if apart::survived(&[job], limit) != [true] {
        return Err(super::died(limit).message);
    }
    returned::workbook_of(&bytes, limit)
}

/// The workbooks of a run's folder that somebody may have filled in, in the order of their names.
pub fn workbooks(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let plan = dir.join(report::workbook::FILE);
    let mut out: Vec<PathBuf> = plan.is_file().then_some(plan).into_iter().collect();
    let front = dir.join(report::workbook::FOLDER);
    if front.is_dir() {
        for entry in fs::read_dir(front)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "xlsx") {
                out.push(path);
            }
        }
    }
    out.sort();
    Ok(out)
}

/// What a run's folder has that a new run in its place would lose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Whether there are workbooks for the front line.
    pub frontline: bool,
    /// A workbook with answers that the data do not have yet, and how many.
    pub unread: Option<(PathBuf, usize)>,
    /// Workbooks with answers that the data all have, by their names in the folder.
    pub taken: Vec<String>,
}

/// Looks at a run's folder, which need not be there.
pub fn kept(dir: &Path, outlook: &Outlook) -> std::io::Result<Kept> {
    let paths = workbooks(dir)?;
    let frontline =
        paths.iter().any(|path| path.parent().is_some_and(|parent| parent.ends_with(report::workbook::FOLDER)));
    let mut kept = Kept { frontline, ..Kept::default() };
    for path in paths {
        // What is no workbook of ours, or damaged, holds nothing that could be taken from it.
        let Ok(book) = workbook(&path, outlook.dataset.settings.limits.bytes()) else { continue };
        let (shown, mut wrong) = (path.display().to_string(), Problems::default());
        let filled = answers::read(outlook, (0, &shown), &book.made, &book.sheets, &mut wrong);
        let any = !filled.is_empty();
        let ways = Ways { replace: true, both: true };
        let import = answers::compare(outlook, filled, &[book.made], ways, &mut wrong);
        if !import.new.is_empty() {
            kept.unread = kept.unread.or(Some((path, import.new.len())));
        } else if any && !wrong.any_error() {
            let name = path.strip_prefix(dir).unwrap_or(&path).components();
            let name: Vec<_> = name.map(|part| part.as_os_str().to_string_lossy()).collect();
            kept.taken.push(name.join("/"));
        }
    }
    Ok(kept)
}

/// The files that answers change, ready to be written together.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The files.
    pub files: Vec<Change>,
    /// Their names relative to the folder.
    pub names: Vec<String>,
}

/// Works out what becomes of the tables: rows go to the end of the file as it is written (its headers, delimiter, line
/// ends, encoding), in a folder of parts into a new part, or into a new file. What cannot be written is an error in
/// `problems`. `made` is the day that the rows say they were made on.
pub fn changes(
    folder: &Path,
    (outlook, inputs): (&Outlook, &[Input]),
    (new, made): (&[New], NaiveDate),
    problems: &mut Problems,
) -> Changes {
    let mut out = Changes::default();
    for form in Form::ALL {
        let new: Vec<&New> = new.iter().filter(|new| new.filled.form == form).collect();
        if new.is_empty() {
            continue;
        }
        let target = Target::of(folder, form, inputs, made);
        let file = target.file.clone();
        if let Some(change) = target.change(outlook, (&new, made), problems) {
            out.files.push(change);
            out.names.push(file);
        }
    }
    out
}

/// The file that gets a form's answers.
struct Target {
    form: Form,
    path: PathBuf,
    /// Its name relative to the folder.
    file: String,
    /// The hash it was read with; none where it is new.
    sha256: Option<String>,
}

impl Target {
    fn of(folder: &Path, form: Form, inputs: &[Input], made: NaiveDate) -> Target {
        let mut files: Vec<&Input> = inputs.iter().filter(|i| form_of(&i.file) == Some(form)).collect();
        files.sort_by(|a, b| a.file.cmp(&b.file));
        let (file, sha256) = match files.last() {
            None => (format!("{}.csv", form.table().name()), None),
            Some(last) => match last.file.split_once('/') {
                None => (last.file.to_string(), Some(last.sha256.clone())),
                // Parts may lie in folders of their own, that say more of their rows.
                Some((parts, last)) => {
                    let last = last.split('/').next().unwrap_or_default();
                    (format!("{parts}/{}", part(last, made)), None)
                }
            },
        };
        Target { form, path: folder.join(&file), file, sha256 }
    }

    fn change(&self, outlook: &Outlook, answers: (&[&New], NaiveDate), problems: &mut Problems) -> Option<Change> {
        let place = Place { file: Arc::from(self.file.as_str()), line: 0, column: 0 };
        let before = match super::written(&self.path) {
            Ok(before) => before,
            Err(error) => {
                problems.error(place, "unreadable", reading::unreadable(&error.to_string()));
                return None;
            }
        };
        let hash = before.as_deref().map(marker::hash);
        if hash != self.sha256 {
            problems.error(place, "changed", say::changed_meanwhile(&self.file));
            return None;
        }
        let lower = self.file.to_lowercase();
        let packed = lower.ends_with(".gz");
        if !packed && !lower.ends_with(".csv") {
            let ending = lower.rsplit('.').next().unwrap_or_default();
            problems.error(place, "not_appended", say::not_appended(ending));
            return None;
        }
        let raw = match (&before, packed) {
            (None, _) => Vec::new(),
            (Some(bytes), false) => bytes.clone(),
            (Some(bytes), true) => decode::unpack(bytes, outlook.dataset.settings.limits.bytes()).unwrap_or_default(),
        };
        // The folder has been read, so this file has.
        let (text, encoding) =
            decode::decode(raw.clone()).map_or((String::new(), Encoding::Utf8), |read| (read.text, read.encoding));
        let is_new = text.trim().is_empty();
        let text = match is_new {
            true => String::from_utf8(report::blank::header(self.form.table())).unwrap_or_default(),
            false => text,
        };
        let sheet = Sheet::text(self.form.table(), Arc::from(self.file.as_str()), text.clone(), encoding);
        let (data, errors) = (&outlook.dataset, problems.errors());
        let rows = report::answers::rows(&sheet, &data.settings.columns, &data.grid, answers, problems);
        if problems.errors() > errors {
            return None;
        }
        let added = if is_new { encode(&format!("{text}{rows}"), encoding) } else { encode(&rows, encoding) };
        let after = match (&before, packed) {
            // A file may hold several packed pieces one after the other.
            (Some(bytes), true) => [bytes.as_slice(), &pack(&added)].concat(),
            _ => [raw, added].concat(),
        };
        Some(Change { path: self.path.clone(), before, after })
    }
}

/// A name for a new part that is read after all others, so that its answers go before equally new ones.
fn part(last: &str, made: NaiveDate) -> String {
    let stem = last.split('.').next().unwrap_or_default();
    let own = format!("import-{made}");
    let mut numbered = (1..100).map(|n| format!("{own}-{n:02}.csv"));
    // Whatever the last part is called, its name with a letter behind that comes after all usual ones is later.
    numbered.find(|name| name.as_str() > last).unwrap_or_else(|| format!("{stem}~{own}.csv"))
}

fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Gb18030 => GB18030.encode(text).0.into_owned(),
        Encoding::Big5 => BIG5.encode(text).0.into_owned(),
        Encoding::Latin1 => WINDOWS_1252.encode(text).0.into_owned(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        // Tables that are no text are not appended to.
        _ => text.as_bytes().to_vec(),
    }
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Nothing written to memory fails.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_part_is_read_last() {
        let day = NaiveDate::from_ymd_opt(2014, 7, 10).unwrap();
        for last in ["2014.csv", "a.csv", "import-2014-07-10-01.csv", "import-2014-07-10-99.csv", "zz.csv.gz", "一.csv"]
        {
            let name = part(last, day);
            assert!(name.as_str() > last && name.ends_with(".csv"), "{name} after {last}");
        }
        assert_eq!(part("2014.csv", day), "import-2014-07-10-01.csv");
        assert_eq!(part("import-2014-07-10-01.csv", day), "import-2014-07-10-02.csv");
    }
}
