//! Places of a million rows in four bytes each.

use std::sync::Arc;

use crate::error::Place;

/// Files and how many lines each has; an id is a line counted on through all files. Id 0 is no place.
#[derive(Clone, Debug, Default)]
pub struct Places {
    files: Vec<(u32, Arc<str>)>,
}

impl Places {
    /// Adds a file whose ids begin after `last`, the highest id given out so far. Returns its base: the id of line n
    /// is base + n.
    pub fn add(&mut self, file: Arc<str>, last: u32) -> u32 {
        self.files.push((last, file));
        last
    }

    /// The base of a file.
    pub fn base(&self, file: &str) -> Option<u32> {
        self.files.iter().find(|(_, f)| **f == *file).map(|(base, _)| *base)
    }

    /// The place with an id.
    pub fn get(&self, id: u32) -> Option<Place> {
        let at = self.files.partition_point(|(base, _)| *base < id);
        let (base, file) = self.files.get(at.checked_sub(1)?)?;
        Some(Place { file: file.clone(), line: id - base, column: 0 })
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
    }
}
