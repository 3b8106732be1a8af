//! Places of a million rows in four bytes each.

use std::sync::Arc;

use crate::error::Place;

/// Files and how many rows each has; an id is a row counted on through all files. Id 0 is no place.
#[derive(Clone, Debug, Default)]
pub struct Places {
    files: Vec<(u32, Arc<str>)>,
    /// The lines of rows whose number is not their line, by position of their file.
    lines: Vec<(usize, Vec<(u32, u32)>)>,
}

impl Places {
    /// Adds a file whose ids begin after `last`, the highest id given out so far. Returns its base: the id of line n
    /// is base + n.
    pub fn add(&mut self, file: Arc<str>, last: u32) -> u32 {
        self.files.push((last, file));
        last
    }

    /// Notes the line and column of the next row of the file added last, whose rows are not numbered by lines.
    pub fn note(&mut self, line: u32, column: u32) {
        let file = self.files.len().saturating_sub(1);
        match self.lines.last_mut().filter(|(of, _)| *of == file) {
            Some((_, lines)) => lines.push((line, column)),
            None => self.lines.push((file, vec![(line, column)])),
        }
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// The file of an id, by its position.
    pub fn file_of(&self, id: u32) -> usize {
        self.files.partition_point(|(base, _)| *base < id).saturating_sub(1)
    }

    /// The name of a file by its position.
    pub fn name(&self, file: usize) -> Arc<str> {
        self.files.get(file).map_or_else(|| Arc::from(""), |(_, name)| name.clone())
    }

    /// The base of a file.
    pub fn base(&self, file: &str) -> Option<u32> {
        self.files.iter().find(|(_, f)| **f == *file).map(|(base, _)| *base)
    }

    /// The place with an id.
    pub fn get(&self, id: u32) -> Option<Place> {
        let at = self.files.partition_point(|(base, _)| *base < id);
        let at = at.checked_sub(1)?;
        let (base, file) = self.files.get(at)?;
        let number = id - base;
        let noted = self.lines.iter().find(|(of, _)| *of == at).and_then(|(_, lines)| lines.get(number as usize - 1));
        let (line, column) = noted.copied().unwrap_or((number, 0));
        Some(Place { file: file.clone(), line, column })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back_to_lines() {
        let mut places = Places::default();
        let a = places.add("a.csv".into(), 0);
        let b = places.add("b.csv".into(), 10);
        assert_eq!(places.get(a + 2).unwrap().to_string(), "a.csv:2");
        assert_eq!(places.get(b + 2).unwrap().to_string(), "b.csv:2");
        assert_eq!(places.get(10).unwrap().to_string(), "a.csv:10");
        assert!(places.get(0).is_none());
        let c = places.add("c.xlsx".into(), 20);
        places.note(5, 3);
        places.note(5, 4);
        assert_eq!(places.get(c + 2).unwrap().to_string(), "c.xlsx:5:4");
        assert_eq!((places.file_of(c + 1), places.file_of(b + 1), places.file_of(a + 10)), (2, 1, 0));
    }
}
