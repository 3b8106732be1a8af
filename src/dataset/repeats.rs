//! Rows that come again: identical in every column, which is a mistake, or of one key and different elsewhere, which
//! are added up with one notice (docs/METHOD.md#the-door).

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use crate::error::{Place, Problems};
use crate::messages::data as say;
use crate::sheet::Row;

/// The rows of a table met so far.
#[derive(Default)]
pub struct Identical {
    hasher: RandomState,
    seen: HashMap<u64, Place>,
}

impl Identical {
    /// Whether the row was met before in every column, which is reported.
    pub fn again(&mut self, row: Row, problems: &mut Problems) -> bool {
        let place = row.row_place();
        let before = self.seen.insert(self.hasher.hash_one(row.record_text()), place.clone());
        if let Some(before) = &before {
            problems.error(place, "identical_rows", say::identical_rows(before));
        }
        before.is_some()
    }
}

/// The keys of a table met so far: where each was first met.
pub struct Keyed<K> {
    seen: HashMap<K, (usize, Place, String)>,
    told: bool,
}

impl<K: Hash + Eq> Keyed<K> {
    /// Nothing met yet.
    pub fn new() -> Keyed<K> {
        Keyed { seen: HashMap::new(), told: false }
    }

    /// Where the rows of this key are gathered, if it was met before: the `index` given then. The first such row of a
    /// table is told.
    pub fn before(&mut self, key: K, index: usize, row: Row, problems: &mut Problems) -> Option<usize> {
        let Some((at, place, record)) = self.seen.get(&key) else {
            self.seen.insert(key, (index, row.row_place(), row.record_text().to_string()));
            return None;
        };
        if !self.told {
            let column = row.differs_in(record);
            problems.warn(row.row_place(), "added_up", say::rows_of_one_key(place, &column), say::added_up());
            self.told = true;
        }
        Some(*at)
    }
}
