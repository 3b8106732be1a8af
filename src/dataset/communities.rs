//! New communities and what became of them: `communities`, `signings`, `community_sales`, `policies` as typed rows, each
//! with its place. Rows stand by community (then month, then product), so that every community has one range of each.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::NaiveDate;

use crate::error::Place;
use crate::month::Month;

/// A community; its parts are handed over at different times.
#[derive(Clone, Debug)]
pub struct Community {
    /// Its code, as the folder writes it.
    pub code: String,
    /// Its name for people; empty where none is given.
    pub name: String,
    /// The leaf of the region that serves it.
    pub leaf: usize,
    /// Its parts, in the order of the rows.
    pub parts: Vec<Part>,
    /// Its label of each of [`Communities::columns`], from its first part that has one.
    pub labels: Vec<Option<usize>>,
}

/// A part of a community, handed over at one time.
#[derive(Clone, Debug)]
pub struct Part {
    /// Households, more than 0.
    pub households: f64,
    /// Month of the handover.
    pub handover: Month,
    /// Month of the developer's contract.
    pub contract: Option<Month>,
    /// Since when it is known; none: assumed known.
    pub known: Option<NaiveDate>,
    /// Where it stands.
    pub place: Place,
}

/// A column that sorts communities: their unit type and whatever further columns the folder has.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its header.
    pub name: String,
    /// The different cells, in the order of their first appearance.
    pub labels: Vec<String>,
    index: HashMap<String, usize>,
}

/// Households that signed in a month.
#[derive(Clone, Debug)]
pub struct Signing {
    /// Index of the community.
    pub community: usize,
    /// The month.
    pub month: Month,
    /// Households, at least 0.
    pub households: f64,
    /// Where it stands.
    pub place: Place,
}

/// Units sold to the households of a community in a month, part of `sales`.
#[derive(Clone, Debug)]
pub struct CommunitySale {
    /// Index of the community.
    pub community: usize,
    /// The month.
    pub month: Month,
    /// Product index.
    pub product: usize,
    /// Units; returns are negative.
    pub units: f64,
    /// What was paid of it at once; none where all of it was.
    pub deposit: Option<Deposit>,
    /// Where it stands.
    pub place: Place,
}

/// A part of the price that is paid at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deposit {
    /// Yuan for each unit.
    pub yuan: f64,
    /// The month in which the unit is delivered and the rest paid; none where nobody knows it yet.
    pub delivered: Option<Month>,
}

/// Policies sold in a month, part of `sales`.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Month sold.
    pub sold: Month,
    /// Product index, of the kind policy.
    pub product: usize,
    /// Policies; cancelled ones are negative.
    pub units: f64,
    /// The region node; [`crate::grid::COMPANY`] where the row names none.
    pub node: usize,
    /// Month of expiry: as the row says, else sold + the product's term; none where neither is known.
    pub expires: Option<Month>,
    /// Whether the folder says that they renew policies that ran out.
    pub renewal: bool,
    /// Where it stands.
    pub place: Place,
}

/// Everything about new communities.
#[derive(Clone, Debug, Default)]
pub struct Communities {
    /// The communities, in the order of their first rows.
    pub list: Vec<Community>,
    /// The columns that sort them.
    pub columns: Vec<Attribute>,
    /// Signings, by community and month.
    pub signings: Vec<Signing>,
    /// Units sold, by community, month and product.
    pub sales: Vec<CommunitySale>,
    /// Policies sold, in the order of the rows.
    pub policies: Vec<Policy>,
    /// Whether the folder says which policies are renewals.
    pub renewals_told: bool,
    codes: HashMap<String, usize>,
    /// Communities that came later than is seen.
    later: HashSet<String>,
}

impl Communities {
    /// None yet, and those that come later.
    pub(super) fn not_yet(later: HashSet<String>) -> Communities {
        Communities { later, ..Communities::default() }
    }

    /// Whether a community came later than is seen.
    pub(super) fn is_later(&self, code: &str) -> bool {
        self.later.contains(code)
    }

    /// The community with a code.
    pub fn find(&self, code: &str) -> Option<usize> {
        self.codes.get(code).copied()
    }

    /// All codes, in no order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.keys().map(String::as_str)
    }

    /// Adds a community with a code that none has yet; its index.
    pub(super) fn add(&mut self, community: Community) -> usize {
        let index = self.list.len();
        self.codes.insert(community.code.clone(), index);
        self.list.push(community);
        index
    }

    /// The label of a cell in a column, each added where it is new.
    pub(super) fn label(&mut self, column: &str, cell: &str) -> (usize, usize) {
        let of = |list: &[Attribute]| list.iter().position(|c| c.name == column);
        let at = of(&self.columns).unwrap_or_else(|| {
            self.columns.push(Attribute { name: column.to_owned(), labels: Vec::new(), index: HashMap::new() });
            self.columns.len() - 1
        });
        let Some(attribute) = self.columns.get_mut(at) else { return (at, 0) };
        if let Some(&label) = attribute.index.get(cell) {
            return (at, label);
        }
        attribute.index.insert(cell.to_owned(), attribute.labels.len());
        attribute.labels.push(cell.to_owned());
        (at, attribute.labels.len() - 1)
    }

    /// Leaves out columns with more different cells than `most` for each community, and those with only one.
    pub(super) fn forget_names(&mut self, most: f64) {
        let limit = most * self.list.len() as f64;
        let keep: Vec<bool> =
            self.columns.iter().map(|c| c.labels.len() > 1 && c.labels.len() as f64 <= limit).collect();
        let kept = |at: usize| keep.get(at).copied().unwrap_or(false);
        let mut at = 0..;
        self.columns.retain(|_| at.next().is_some_and(kept));
        for community in &mut self.list {
            community.labels.resize(keep.len(), None);
            let mut at = 0..;
            community.labels.retain(|_| at.next().is_some_and(kept));
        }
    }

    /// Puts the rows into their order.
    pub(super) fn sort(&mut self) {
        self.signings.sort_by_key(|s| (s.community, s.month));
        self.sales.sort_by_key(|s| (s.community, s.month, s.product));
    }

    /// The signings of a community, by month.
    pub fn signings_of(&self, community: usize) -> &[Signing] {
        &self.signings[range(&self.signings, community, |s| s.community)]
    }

    /// What was sold to a community, by month and product.
    pub fn sales_of(&self, community: usize) -> &[CommunitySale] {
        &self.sales[range(&self.sales, community, |s| s.community)]
    }
}

fn range<T>(rows: &[T], community: usize, of: impl Fn(&T) -> usize) -> Range<usize> {
    let from = rows.partition_point(|row| of(row) < community);
    let to = rows.partition_point(|row| of(row) <= community);
    from..to
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_place() -> Place {
        Place { file: "t.csv".into(), line: 1, column: 0 }
    }

    fn community(code: &str) -> Community {
        Community { code: code.into(), name: String::new(), leaf: 0, parts: Vec::new(), labels: Vec::new() }
    }

    #[test]
    fn every_community_has_one_range_of_rows() {
        let mut all = Communities::default();
        let month = |m| Month::new(2024, m).unwrap();
        ["a", "b", "c"].into_iter().for_each(|code| _ = all.add(community(code)));
        for (c, m) in [(2, 3), (0, 2), (2, 1), (0, 1)] {
            all.signings.push(Signing { community: c, month: month(m), households: f64::from(m), place: a_place() });
        }
        all.sort();
        let of = |c: usize| all.signings_of(c).iter().map(|s| s.households).collect::<Vec<_>>();
        assert_eq!((of(0), of(1), of(2)), (vec![1.0, 2.0], vec![], vec![1.0, 3.0]));
        assert_eq!((all.find("b"), all.find("x")), (Some(1), None));
    }

    #[test]
    fn a_column_that_names_each_community_does_not_sort_them() {
        let mut all = Communities::default();
        for (i, code) in ["a", "b", "c", "d"].iter().enumerate() {
            let at = all.add(community(code));
            for (column, cell) in [("road", *code), ("tier", ["low", "high"][i % 2]), ("city", "x")] {
                let (column, label) = all.label(column, cell);
                all.list[at].labels.resize(3, None);
                all.list[at].labels[column] = Some(label);
            }
        }
        all.forget_names(0.5);
        assert_eq!(all.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["tier"]);
        assert_eq!(all.list.iter().map(|c| c.labels.clone()).collect::<Vec<_>>(), [[Some(0)], [Some(1)]].repeat(2));
    }
}
