//! One spelling for a code: names that differ in case, width, blanks, Unicode form or leading zeros are joined where nothing
//! stands against it, else named.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;

use crate::error::{Place, Problems};
use crate::messages::data as say;

/// What nobody sees: width, blanks, Unicode form, kinds of dashes.
pub fn form(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|b| b.is_ascii_graphic()) {
        return Cow::Borrowed(name);
    }
    let seen =
        |c: &char| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{feff}' | '\u{200c}' | '\u{200d}' | '\u{ad}');
    let dash = |c: char| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
    Cow::Owned(name.nfkc().filter(seen).map(dash).collect())
}

/// What makes two spellings one code: their form, in small letters, and of numbers without leading zeros and `.0`.
pub fn folded(name: &str) -> String {
    let lower = form(name).to_lowercase();
    let number = lower.strip_suffix(".0").unwrap_or(&lower);
    if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
        let short = number.trim_start_matches('0');
        return if short.is_empty() { "0".to_owned() } else { short.to_owned() };
    }
    lower
}

/// Where and how often a spelling stands in `sales`.
#[derive(Clone, Debug, Default)]
pub struct Use {
    /// Rows.
    pub rows: usize,
    /// Months, each with the other half of its key.
    pub cells: BTreeSet<(i32, u32)>,
}

/// The spellings that are joined: from each to the one that stands for it.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    to: HashMap<String, String>,
}

impl Spelling {
    /// The name that stands for a name.
    pub fn of<'n>(&'n self, name: &'n str) -> &'n str {
        self.to.get(name).map_or(name, String::as_str)
    }

    /// Looks for names of one code. `names`: each with its place and its number in `sales`; `listed`: the codes and names of
    /// the table that lists them, which are spelt right.
    pub fn new(
        names: &[(&str, &Place, u32)],
        listed: &BTreeSet<&str>,
        uses: impl Fn(&BTreeSet<u32>) -> HashMap<u32, Use>,
        problems: &mut Problems,
    ) -> Spelling {
        let mut groups: BTreeMap<String, Vec<(&str, &Place, u32)>> = BTreeMap::new();
        for name in names {
            groups.entry(folded(name.0)).or_default().push(*name);
        }
        let mut right: HashMap<String, Vec<&str>> = HashMap::new();
        for name in listed {
            right.entry(folded(name)).or_default().push(name);
        }
        groups.retain(|key, names| names.len() > 1 || right.get(key).is_some_and(|right| !right.contains(&names[0].0)));
        if groups.is_empty() {
            return Spelling::default();
        }
        let uses = uses(&groups.values().flatten().map(|(_, _, id)| *id).collect());
        let mut out = Spelling::default();
        for (key, group) in &groups {
            out.join(group, right.get(key).map_or(&[][..], Vec::as_slice), &uses, problems);
        }
        out
    }

    fn join(
        &mut self,
        group: &[(&str, &Place, u32)],
        right: &[&str],
        uses: &HashMap<u32, Use>,
        problems: &mut Problems,
    ) {
        let none = Use::default();
        let used = |id: u32| uses.get(&id).unwrap_or(&none);
        let main = match right {
            [only] => (*only).to_owned(),
            // Two codes of the list are two things.
            [_, _, ..] => return,
            [] => {
                // Zeros get lost and do not come by themselves; else what most rows have.
                let rank = |name: &str, id: u32| {
                    let number = name.bytes().all(|b| b.is_ascii_digit());
                    (if number { name.len() } else { 0 }, used(id).rows, form(name) == name)
                };
                let mut best = group[0];
                for other in &group[1..] {
                    if rank(other.0, other.2) > rank(best.0, best.2) {
                        best = *other;
                    }
                }
                best.0.to_owned()
            }
        };
        // The cells of all spellings of the main one's form.
        let is_main = |name: &str| form(name) == form(&main);
        let mut joined: Vec<(&str, usize)> = Vec::new();
        let mut place = None;
        let cells: BTreeSet<(i32, u32)> = group
            .iter()
            .filter(|(name, ..)| is_main(name))
            .flat_map(|(_, _, id)| used(*id).cells.iter().copied())
            .collect();
        for (name, at, id) in group.iter().filter(|(name, ..)| *name != main) {
            let own = &used(*id).cells;
            let both = own.intersection(&cells).count();
            // What differs in nothing that is seen is the same; else two that sell side by side may be two things.
            if is_main(name) || 2 * both <= own.len().min(cells.len().max(1)) {
                self.to.insert((*name).to_owned(), main.clone());
                joined.push((name, used(*id).rows));
                place.get_or_insert(*at);
            } else {
                let (message, treatment) = say::look_alike(name, &main, both);
                problems.warn((*at).clone(), "look_alike", message, treatment);
            }
        }
        if let Some(place) = place {
            let (message, treatment) = say::spellings(&main, &joined);
            problems.warn(place.clone(), "spellings", message, treatment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_one_code() {
        for (one, other) in [
            ("East", "EAST"),
            ("East", "Ｅａｓｔ"),
            ("006012", "6012"),
            ("6012", "6012.0"),
            ("ＡＢ－006012", "AB-006012"),
            ("Caf\u{e9}", "Cafe\u{301}"),
            ("New York", "new\u{a0}york"),
            ("杭州\u{3000}", "杭州"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        for (one, other) in [("A1", "A01"), ("East", "West"), ("6012", "6021"), ("A-1", "A1"), ("0", "")] {
            assert_ne!(folded(one), folded(other), "{one} {other}");
        }
        assert_eq!((folded("000").as_str(), form("Ａ 1").as_ref()), ("0", "A1"));
    }
}
