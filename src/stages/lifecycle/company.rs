//! What products and groups sold in the last year, all regions together.

use std::cell::OnceCell;
use std::ops::Range;

use super::FIRST_YEAR;
use super::ramp::{Seen, age};
use crate::across::{What, key};
use crate::dataset::Known;
use crate::stages::demand::Demand;

/// Demand of products and of groups over all regions in the year before the cutoff, where it was asked for.
#[derive(Default)]
pub(super) struct Company(OnceCell<Vec<f64>>);

impl Company {
    /// Product x month, then group x month, in units; months from the oldest on.
    pub(super) fn sums(&self, known: &Known, demand: &Demand) -> &[f64] {
        self.0.get_or_init(|| {
            let (grid, months) = (&known.data.grid, last_year(known));
            let (products, n) = (known.data.products.len(), months.len());
            let mut sums = vec![0.0; (products + grid.group_count()) * n];
            for (s, series) in grid.series.iter().enumerate() {
                for (m, t) in months.clone().enumerate() {
                    sums[series.product * n + m] += demand.units[(s, t)];
                    sums[(products + series.group) * n + m] += demand.units[(s, t)];
                }
            }
            let key = key(What::Company, known.months(), 0).followed(demand.followed());
            known.data.across.sum(key, &mut sums);
            sums
        })
    }

    /// Months of the year before the cutoff in which products were in their first year, by product; whole months only.
    pub(super) fn launches(&self, known: &Known, demand: &Demand) -> Vec<Vec<Seen>> {
        let (sums, months) = (self.sums(known, demand), last_year(known));
        let (products, n) = (&known.data.grid.products, months.len());
        let of = |p: usize| {
            let launch = known.launch(p)?;
            let group = &sums[(known.data.products.len() + products.group[p]) * n..][..n];
            let rows = months.clone().zip(&sums[p * n..(p + 1) * n]).zip(group);
            let seen = rows.filter_map(|((t, units), all)| {
                let age = age(launch, known.data.month(t));
                let is_new = (1.0..=FIRST_YEAR).contains(&age) && *units > 0.0 && *all > 0.0;
                is_new.then(|| Seen { age, share: units / all })
            });
            Some(seen.collect())
        };
        (0..known.data.products.len()).filter_map(of).collect()
    }
}

/// The months of the year before the cutoff.
pub(super) fn last_year(known: &Known) -> Range<usize> {
    known.months().saturating_sub(FIRST_YEAR as usize)..known.months()
}
