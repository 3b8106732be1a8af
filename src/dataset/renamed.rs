//! Codes that changed hands: an old code that something else has now, and nodes that turn out to be totals.

use std::collections::HashMap;

use chrono::Datelike;
use ndarray::Array2;

use super::names::{Aliases, Renames, says_everything};
use super::sales::Sales;
use super::sums;
use crate::error::{Place, Problems};
use crate::grid::Grid;
use crate::messages::data as say;

/// Finds old codes that something else has: they are sold on beside their successors.
pub(super) fn used_again(sales: &Sales, aliases: &mut Aliases, problems: &mut Problems) {
    let first = [&sales.first_region, &sales.first_product];
    let names = [sales.regions.names(), sales.products.names()];
    for (of, renames) in [&mut aliases.regions, &mut aliases.products].into_iter().enumerate() {
        if renames.old().next().is_none() {
            continue;
        }
        let mut last: HashMap<&str, i32> = HashMap::new();
        let pairs = sales.pairs.pairs();
        for row in sales.rows.iter() {
            let Some(pair) = pairs.get(row.pair as usize) else { continue };
            let id = if of == 0 { pair.0 } else { pair.1 };
            let Some(name) = names[of].get(id as usize) else { continue };
            let day = last.entry(name).or_insert(row.day);
            *day = row.day.max(*day);
        }
        let place = |name: &str| {
            let at = names[of].iter().position(|n| **n == *name)?;
            first[of].get(at).map(|(place, _)| place.clone())
        };
        mark(renames, &last, place, problems);
    }
}

fn mark(
    renames: &mut Renames,
    last: &HashMap<&str, i32>,
    place: impl Fn(&str) -> Option<Place>,
    problems: &mut Problems,
) {
    let sold_since = |name: &str, day: i32| last.get(name).is_some_and(|last| *last >= day);
    let again: Vec<(String, String, crate::month::Month)> = renames
        .old()
        .filter_map(|(old, list)| {
            let (from, new) = list.last()?;
            let day = from.first_day().num_days_from_ce();
            (sold_since(old, day) && sold_since(new, day)).then(|| (old.to_owned(), new.clone(), *from))
        })
        .collect();
    for (old, new, from) in again {
        let (message, treatment) = say::code_used_again(&old, &new, from);
        problems.warn(place(&old), "code_used_again", message, treatment);
        renames.has_again(&old);
    }
}

impl Sales {
    /// Marks names whose months are the sum of others as totals; whether there are any.
    pub(super) fn leave_out(&mut self, grid: &Grid, units: &Array2<f64>, problems: &mut Problems) -> bool {
        let months = units.ncols();
        let sum = |count: usize, node: &dyn Fn(usize) -> usize| {
            let mut out = vec![vec![0.0; months]; count];
            for (series, row) in units.rows().into_iter().enumerate() {
                let into = &mut out[node(series)];
                into.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            }
            out
        };
        let leaves = sum(grid.regions.leaf_count(), &|s| grid.series[s].leaf);
        let of_leaf = |leaf: usize| grid.regions.code(grid.regions.node_of(leaf));
        let regions = sums::totals(&leaves, |leaf| says_everything(of_leaf(leaf)));
        let of_product = sum(grid.products.len(), &|s| grid.series[s].product);
        let code = |product: usize| grid.products.codes[product].as_str();
        let products = sums::totals(&of_product, |product| says_everything(code(product)));
        let mut any = false;
        for (of_regions, found) in [(true, regions), (false, products)] {
            for (node, parts) in found {
                let name = |n: usize| if of_regions { of_leaf(n) } else { code(n) };
                any |= self.is_total(
                    of_regions,
                    name(node),
                    &parts.iter().map(|n| name(*n)).collect::<Vec<_>>(),
                    problems,
                );
            }
        }
        any
    }

    /// Marks the names of a code as a total, unless a table lists it; whether it did.
    fn is_total(&mut self, of_regions: bool, code: &str, parts: &[&str], problems: &mut Problems) -> bool {
        let listed = if of_regions { &self.listed().regions } else { &self.listed().products };
        if listed.contains(code) {
            return false;
        }
        let names = if of_regions { self.regions.names() } else { self.products.names() };
        let own: Vec<usize> = names.iter().enumerate().filter(|(_, name)| ***name == *code).map(|(i, _)| i).collect();
        let first = if of_regions { &mut self.first_region } else { &mut self.first_product };
        let mut any = false;
        for id in own {
            let Some((place, is_total)) = first.get_mut(id) else { continue };
            if !*is_total {
                let (message, treatment) = say::is_the_sum(code, parts);
                problems.warn(place.clone(), "sum_of_others", message, treatment);
                *is_total = true;
                any = true;
            }
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::month::Month;

    #[test]
    fn codes_are_followed_to_their_day() {
        let month = |m| Month::new(2023, m).unwrap();
        let mut renames = Renames::default();
        assert!(renames.add("A", "B", month(1)) && renames.add("B", "C", month(5)));
        assert!(!renames.add("A", "D", month(1)));
        assert_eq!((renames.now("A"), renames.spans("A")), ("C", vec![(None, "C")]));
        // Something else is called A now, and B is sold on as well.
        renames.has_again("A");
        assert_eq!(renames.spans("A"), [(Some(month(1)), "C"), (None, "A")]);
        assert_eq!(renames.now("A"), "A");
        // Two codes changed places.
        let mut swapped = Renames::default();
        assert!(swapped.add("P", "Q", month(1)) && swapped.add("Q", "P", month(1)));
        swapped.has_again("P");
        swapped.has_again("Q");
        assert_eq!(swapped.spans("P"), [(Some(month(1)), "Q"), (None, "P")]);
        assert_eq!(swapped.spans("Q"), [(Some(month(1)), "P"), (None, "Q")]);
    }
}
