//! Where something is wrong, and the list of everything that is wrong in one run.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::messages::program as say;
use crate::messages::{Lang, Text};

/// A place in a file of the folder, as an editor or a spreadsheet shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as the user knows it, relative to the folder: `sales.csv`, `sales/2024.xlsx`.
    pub file: Arc<str>,
    /// Line of a text file, row of a worksheet or of a table with types, from 1.
    pub line: u32,
    /// Column in characters of a text file, number of the cell in a worksheet or of the column of a table with types, from
    /// 1; 0 where the whole line is meant.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}", self.file),
            (line, 0) => write!(f, "{}:{line}", self.file),
            (line, column) => write!(f, "{}:{line}:{column}", self.file),
        }
    }
}

/// Whether a problem stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run stops and nothing is written.
    Error,
    /// The run goes on; the treatment says how.
    Warning,
}

/// One thing that is wrong with the data.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Where; none where the whole folder is meant.
    pub place: Option<Place>,
    /// Whether it stops the run.
    pub severity: Severity,
    /// A short stable word for programs: `unknown_name`, `bad_number`.
    pub kind: &'static str,
    /// What is wrong.
    pub message: Text,
    /// What was done about it (warnings); empty for errors.
    pub treatment: Text,
}

/// Every problem of a run. Of one kind in one file the first [`Problems::KEPT`] are kept and the rest counted.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    seen: HashMap<(Arc<str>, &'static str), usize>,
    errors: usize,
}

impl Problems {
    /// How many problems of one kind in one file are listed one by one.
    pub const KEPT: usize = 100;

    /// Adds an error.
    pub fn error(&mut self, place: impl Into<Option<Place>>, kind: &'static str, message: Text) {
        self.push(place.into(), Severity::Error, kind, message, Text { en: String::new(), zh: String::new() });
    }

    /// Adds an error whose message takes time to find, such as the nearest of many names: past [`Problems::KEPT`] it is
    /// counted without one.
    pub fn error_with(&mut self, place: impl Into<Option<Place>>, kind: &'static str, message: impl FnOnce() -> Text) {
        let place = place.into();
        let kept = self.keeps(&place.as_ref().map_or_else(|| Arc::from(""), |p| p.file.clone()), kind);
        let message = if kept { message() } else { Text { en: String::new(), zh: String::new() } };
        self.error(place, kind, message);
    }

    /// Whether a further problem of this kind in this file is listed, and not only counted.
    pub fn keeps(&self, file: &Arc<str>, kind: &'static str) -> bool {
        self.seen.get(&(file.clone(), kind)).is_none_or(|count| *count < Self::KEPT)
    }

    /// Adds a warning and says how the run treats it.
    pub fn warn(&mut self, place: impl Into<Option<Place>>, kind: &'static str, message: Text, treatment: Text) {
        self.push(place.into(), Severity::Warning, kind, message, treatment);
    }

    fn push(&mut self, place: Option<Place>, severity: Severity, kind: &'static str, message: Text, treatment: Text) {
        if severity == Severity::Error {
            self.errors += 1;
        }
        let file = place.as_ref().map_or_else(|| Arc::from(""), |p| p.file.clone());
        let count = self.seen.entry((file, kind)).or_insert(0);
        *count += 1;
        if *count <= Self::KEPT {
            self.list.push(Problem { place, severity, kind, message, treatment });
        }
    }

    /// Whether any error stands in a file of which this holds.
    pub fn any_error_in(&self, holds: impl Fn(&str) -> bool) -> bool {
        let errors = self.list.iter().filter(|problem| problem.severity == Severity::Error);
        errors.filter_map(|problem| problem.place.as_ref()).any(|place| holds(&place.file))
    }

    /// Whether any of them stops the run.
    pub fn any_error(&self) -> bool {
        self.errors > 0
    }

    /// How many errors there were, those past [`Problems::KEPT`] included.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// The problems kept, by file, line and column; those of the whole folder first.
    pub fn sorted(&self) -> Vec<&Problem> {
        let mut all: Vec<&Problem> = self.list.iter().collect();
        all.sort_by(|a, b| (a.severity, &a.place, a.kind).cmp(&(b.severity, &b.place, b.kind)));
        all
    }

    /// Per file and kind, how many were found beyond those kept.
    pub fn beyond(&self) -> Vec<(Arc<str>, &'static str, usize)> {
        let mut out: Vec<_> = self
            .seen
            .iter()
            .filter(|(_, n)| **n > Self::KEPT)
            .map(|((file, kind), n)| (file.clone(), *kind, n - Self::KEPT))
            .collect();
        out.sort();
        out
    }

    /// What is only counted, a sentence for each file and kind: how many more there are, and what the first of them says.
    pub fn counted(&self) -> Vec<Text> {
        let sorted = self.sorted();
        let like = |file: &Arc<str>, kind: &str| {
            // Words of the program say nothing to people: the first of its kind does.
            let same = |p: &&&Problem| p.kind == kind && p.place.as_ref().is_some_and(|place| place.file == *file);
            let first = sorted.iter().find(same).map(|p| p.message.clone());
            first.unwrap_or_else(|| Text { en: String::new(), zh: String::new() })
        };
        let said = |(file, kind, n): (Arc<str>, &str, usize)| say::beyond(&file, n, &like(&file, kind));
        self.beyond().into_iter().map(said).collect()
    }

    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.seen.values().sum()
    }

    /// Takes over everything another list holds.
    pub fn extend(&mut self, other: Problems) {
        for ((file, kind), n) in other.seen {
            *self.seen.entry((file, kind)).or_insert(0) += n;
        }
        self.errors += other.errors;
        self.list.extend(other.list);
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(Lang::En))
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Problems {
    /// A line for each, and for what is only counted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = self.counted().into_iter().map(|said| said.en);
        let lines: Vec<String> = self.sorted().into_iter().map(Problem::to_string).chain(counted).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Problems {}

impl Problem {
    /// `file:line:column: message`, with the treatment of a warning behind it.
    pub fn line(&self, lang: Lang) -> String {
        let place = self.place.as_ref().map_or_else(String::new, |p| format!("{p}: "));
        let message = self.message.get(lang);
        let treatment = self.treatment.get(lang);
        match (treatment.is_empty(), lang) {
            (true, _) => format!("{place}{message}"),
            (false, Lang::En) => format!("{place}{message}; {treatment}"),
            (false, Lang::Zh) => format!("{place}{message}；{treatment}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_an_error_of_a_line_each() {
        let text = |n: usize| Text { en: format!("no {n}"), zh: String::new() };
        let place = |line: u32| Place { file: "sales.csv".into(), line, column: 2 };
        let mut problems = Problems::default();
        (0..Problems::KEPT + 3).for_each(|n| problems.error(place(n as u32 + 1), "bad_number", text(n)));
        let error: Box<dyn std::error::Error> = Box::new(problems);
        let shown = error.to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!((lines.len(), lines[0]), (Problems::KEPT + 1, "sales.csv:1:2: no 0"));
        assert_eq!(lines[Problems::KEPT], "sales.csv: 3 more like this: no 0");
    }
}
