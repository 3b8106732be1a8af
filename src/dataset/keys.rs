//! Names made numbers, fast: rows come in runs and in the same order again and again, so each name remembers which one
//! followed it last time, and the hash table is asked only when that guess is wrong.

use rustc_hash::FxHashMap;

/// Distinct names in the order of their first appearance.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    ids: FxHashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
    next: Vec<u32>,
    last: u32,
}

impl Keys {
    /// The number of a name; a new one where it was not seen before.
    pub fn id(&mut self, name: &str) -> u32 {
        let last = self.last as usize;
        if self.names.get(last).is_some_and(|n| **n == *name) {
            return self.last;
        }
        if let Some(&guess) = self.next.get(last)
            && self.names.get(guess as usize).is_some_and(|n| **n == *name)
        {
            self.last = guess;
            return guess;
        }
        let id = match self.ids.get(name) {
            Some(&id) => id,
            None => {
                let id = self.names.len() as u32;
                self.ids.insert(name.into(), id);
                self.names.push(name.into());
                self.next.push(id);
                id
            }
        };
        if let Some(next) = self.next.get_mut(last) {
            *next = id;
        }
        self.last = id;
        id
    }

    /// The names, by number.
    pub fn names(&self) -> &[Box<str>] {
        &self.names
    }
}

/// Pairs of numbers made numbers, with the same memory.
#[derive(Debug, Default)]
pub struct Pairs {
    ids: FxHashMap<(u32, u32), u32>,
    pairs: Vec<(u32, u32)>,
    next: Vec<u32>,
    last: u32,
}

impl Pairs {
    /// The number of a pair.
    pub fn id(&mut self, pair: (u32, u32)) -> u32 {
        let last = self.last as usize;
        if self.pairs.get(last) == Some(&pair) {
            return self.last;
        }
        let guess = self.next.get(last).copied().unwrap_or(0);
        let id = if self.pairs.get(guess as usize) == Some(&pair) {
            guess
        } else {
            let fresh = self.pairs.len() as u32;
            let id = *self.ids.entry(pair).or_insert(fresh);
            if id == fresh {
                self.pairs.push(pair);
                self.next.push(fresh);
            }
            if let Some(next) = self.next.get_mut(last) {
                *next = id;
            }
            id
        };
        self.last = id;
        id
    }

    /// The pairs, by number.
    pub fn pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_has_the_same_number_in_any_order() {
        let mut keys = Keys::default();
        let rows = ["a", "a", "b", "c", "a", "c", "b", "b", "a", "b", "c"];
        let ids: Vec<u32> = rows.iter().map(|r| keys.id(r)).collect();
        assert_eq!(ids, [0, 0, 1, 2, 0, 2, 1, 1, 0, 1, 2]);
        assert_eq!(keys.names().len(), 3);
        let mut pairs = Pairs::default();
        let rows = [(0, 0), (0, 1), (1, 0), (0, 0), (1, 0), (0, 1), (0, 1)];
        let ids: Vec<u32> = rows.iter().map(|r| pairs.id(*r)).collect();
        assert_eq!(ids, [0, 1, 2, 0, 2, 1, 1]);
    }
}
