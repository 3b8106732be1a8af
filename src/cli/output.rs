//! Printing. A pipe that is closed early is no error.

use std::io::{self, IsTerminal, Write};

use yugu::error::{Problem, Problems, Severity};
use yugu::messages::program as say;
use yugu::messages::{Lang, Text};

use super::Stop;

/// Prints to standard output.
pub fn print(bytes: &[u8]) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Stop::Closed),
        Err(error) => Err(Stop::Failed(say::not_written("stdout", &error.to_string()))),
    }
}

/// Prints a page, safe for a terminal.
pub fn page(text: &str) -> Result<(), Stop> {
    print(harmless(text).as_bytes())
}

/// What printing came to after `written` took its place: where it fails, that is said too.
pub fn after(written: &str, printed: Result<(), Stop>) -> Result<(), Stop> {
    printed.map_err(|stop| match stop {
        Stop::Failed(reason) => Stop::Failed(say::yet_written(reason, written)),
        other => other,
    })
}

/// A line on standard error.
pub fn note(text: &Text, lang: Lang) {
    let _ = writeln!(io::stderr().lock(), "{}", harmless(text.get(lang)));
}

/// Every problem on standard error, errors first, and their number.
pub fn problems(problems: &Problems, lang: Lang) {
    let sorted = problems.sorted();
    for problem in &sorted {
        note(&line(problem), lang);
    }
    problems.counted().iter().for_each(|said| note(said, lang));
    let all = problems.count();
    if all > 0 {
        note(&say::count(problems.errors(), all.saturating_sub(problems.errors())), lang);
    }
}

/// `file:line:column: error: message`; the place stands first, so that editors find it.
fn line(problem: &Problem) -> Text {
    let plain = Problem { place: None, ..problem.clone() };
    let said = Text { en: plain.line(Lang::En), zh: plain.line(Lang::Zh) };
    let said = match problem.severity {
        Severity::Error => say::error(said),
        Severity::Warning => say::warning(said),
    };
    match &problem.place {
        Some(place) => Text { en: format!("{place}: {}", said.en), zh: format!("{place}: {}", said.zh) },
        None => said,
    }
}

/// Text without characters by which a cell of a file could steer a terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// A line on the terminal while something takes its time; a pipe gets none.
pub struct Phase {
    shown: bool,
}

impl Phase {
    /// Shows it.
    pub fn begin(text: &Text, lang: Lang) -> Phase {
        let mut err = io::stderr().lock();
        let shown = err.is_terminal();
        if shown {
            let _ = write!(err, "{}", text.get(lang));
            let _ = err.flush();
        }
        Phase { shown }
    }
}

impl Drop for Phase {
    fn drop(&mut self) {
        if self.shown {
            // Back to the first column, and the line cleared.
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

/// A bar on the terminal that grows with what is done; a pipe gets none.
pub struct Bar {
    label: String,
    all: usize,
    shown: bool,
}

impl Bar {
    /// Shows it, empty.
    pub fn begin(text: &Text, lang: Lang, all: usize) -> Bar {
        let bar = Bar { label: text.get(lang).to_owned(), all, shown: io::stderr().is_terminal() };
        bar.at(0);
        bar
    }

    /// Shows how much is done.
    pub fn at(&self, done: usize) {
        if self.shown {
            let mut err = io::stderr().lock();
            let _ = write!(err, "\r{}", bar(&self.label, done, self.all));
            let _ = err.flush();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.shown {
            // Back to the first column, and the line cleared.
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

/// Marks of a full bar: with its words it stays within a line of 80.
const MARKS: usize = 40;

fn bar(label: &str, done: usize, all: usize) -> String {
    let full = MARKS * done.min(all) / all.max(1);
    format!("{label} [{}{}] {done}/{all}", "#".repeat(full), ".".repeat(MARKS - full))
}

#[cfg(test)]
mod tests {
    use super::*;
    use yugu::error::Place;

    #[test]
    fn the_place_stands_first() {
        let mut list = Problems::default();
        let text = |s: &str| Text { en: s.to_owned(), zh: s.to_owned() };
        list.warn(Place { file: "a.csv".into(), line: 3, column: 2 }, "kind", text("odd"), text("left out"));
        list.error(None, "kind", text("bad"));
        let lines: Vec<String> = list.sorted().into_iter().map(|p| line(p).en).collect();
        assert_eq!(lines, ["error: bad", "a.csv:3:2: warning: odd; left out"]);
    }

    #[test]
    fn a_bar_grows_to_its_end() {
        assert_eq!(bar("cutoffs", 0, 12), format!("cutoffs [{}] 0/12", ".".repeat(40)));
        assert_eq!(bar("cutoffs", 3, 12), format!("cutoffs [{}{}] 3/12", "#".repeat(10), ".".repeat(30)));
        assert_eq!(bar("cutoffs", 12, 12), format!("cutoffs [{}] 12/12", "#".repeat(40)));
    }

    #[test]
    fn cells_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\x1b[2Jb\n城"), "a\u{fffd}[2Jb\n城");
    }
}
