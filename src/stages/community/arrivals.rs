//! Communities that no developer has contracted yet. Contracts go on arriving as they did lately, and are handed over
//! as long after as those that are known.
//!
//! ```text
//! r_l      = households handed over l months after their contract / months of the window whose contracts would show it
//! rate     = sum_l r_l,   f_l = r_l / rate
//! coming_g = sum over months u to come of rate_leaf f(g - u)                  households handed over in month g
//! ```
//! A record is truncated on the right: of late contracts those are missing whose handover lies beyond `last`, the last
//! one that is planned, so that a month `t` shows the lags up to `last - t`. Contracts by month of handover are
//! independent Poisson numbers where contracts are, so that the variance of what `q` of each household does is
//! `lump sum_g coming_g q_g^2`.

use std::collections::BTreeMap;

use crate::dataset::Known;
use crate::month::Month;
use crate::stats::life_table::{FIRST_LAG, Part};
use crate::stats::shrink;

const YEAR: usize = 12;
/// Months of contracts that the rate rests on: whole years, so that no season counts twice, and three of them, so that
/// it shows how much years differ.
const WINDOW: usize = 3 * YEAR;
/// Fewer contracts are no rate: of a dozen of usual sizes it is a third off either way, of fewer it is anybody's guess.
pub const LEAST: usize = 12;

/// Why no contracts are projected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The settings leave them out.
    Off,
    /// No community has the month of its contract.
    NoContracts,
    /// There are so many in the window, fewer than [`LEAST`].
    Few(usize),
}

/// Contracts to come.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrivals {
    /// Contracts that the rate rests on.
    pub contracts: usize,
    /// Months in which they were made, to the cutoff.
    pub window: usize,
    /// Households a month, by leaf.
    pub rates: Vec<f64>,
    /// Share of the households by months from contract to handover, from 0 on.
    pub lags: Vec<f64>,
    /// Households that come with one: the mean size of a contract, each household counting.
    pub lump: f64,
    /// Relative standard deviation of the rate, which all of them share: of so few contracts, and of the years.
    pub off: f64,
    /// Relative variance of each leaf's part in it.
    pub spread: Vec<f64>,
    /// Households by leaf and month of handover, counted as the record counts months; the community is the leaf's.
    pub parts: Vec<Part>,
}

/// The months of a record.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Month 0.
    pub first: Month,
    /// Months to the cutoff.
    pub months: usize,
    /// Months ahead.
    pub ahead: usize,
}

/// Parts of a community that were contracted together.
struct Contract {
    leaf: usize,
    month: i32,
    households: f64,
    /// Months to the handover and households.
    parts: Vec<(usize, f64)>,
}

impl Arrivals {
    /// Learns from the contracts known; `communities` are numbered from there on, one for each leaf.
    pub fn new(known: &Known, span: Span, communities: usize) -> Result<Arrivals, Missing> {
        let contracts = contracts(known, span.first);
        let cutoff = span.months as i32 - 1;
        let begin = contracts.iter().map(|c| c.month).min().ok_or(Missing::NoContracts)?;
        let window = usize::try_from(cutoff - begin + 1).unwrap_or(0).min(WINDOW);
        let from = cutoff + 1 - window as i32;
        let lately: Vec<&Contract> = contracts.iter().filter(|c| (from..=cutoff).contains(&c.month)).collect();
        if lately.len() < LEAST {
            return Err(Missing::Few(lately.len()));
        }
        let sizes = sizes(known);
        let last = contracts.iter().flat_map(|c| c.parts.iter().map(|part| c.month + part.0 as i32)).max().unwrap_or(0);
        let by_lag = by_lag(&lately, from..cutoff + 1, last);
        let rate: f64 = by_lag.iter().sum();
        let lags: Vec<f64> = by_lag.iter().map(|x| x / rate).collect();
        let seen = |t: i32| within(&lags, last - t);
        let exposure = |months: std::ops::Range<i32>| months.map(seen).sum::<f64>();
        let households = |months: std::ops::Range<i32>| -> f64 {
            lately.iter().filter(|c| months.contains(&c.month)).map(|c| c.households).sum()
        };
        let all = households(from..cutoff + 1);
        let lump = lately.iter().map(|c| c.households * c.households).sum::<f64>() / all;
        let years: Vec<[f64; 2]> = (0..window / YEAR)
            .map(|y| {
                let months = cutoff + 1 - ((y + 1) * YEAR) as i32..cutoff + 1 - (y * YEAR) as i32;
                [households(months.clone()), exposure(months)]
            })
            .filter(|[_, exposure]| *exposure > 0.0)
            .collect();
        let off = (lump / all + between(&years, rate, lump)).sqrt();
        let (shares, spread) = by_leaf(&lately, &sizes, lump);
        let rates: Vec<f64> = shares.iter().map(|share| rate * share).collect();
        let mut out = Arrivals { contracts: lately.len(), window, rates, lags, lump, off, spread, parts: Vec::new() };
        out.parts = out.coming(&contracts, span, communities);
        Ok(out)
    }

    /// Households a month of the whole company.
    pub fn rate(&self) -> f64 {
        self.rates.iter().sum()
    }

    /// Months from contract to handover within which such a share of the households is.
    pub fn lag(&self, share: f64) -> usize {
        (0..self.lags.len()).find(|lag| within(&self.lags, *lag as i32) >= share).unwrap_or(self.lags.len())
    }

    /// The relative variance, by chance, of what `shares` of the households of a community do, by month of handover.
    pub fn variance(&self, community: usize, share: impl Fn(i32) -> f64) -> f64 {
        let (mut sum, mut squares) = (0.0, 0.0);
        let from = self.parts.partition_point(|part| part.community < community);
        for part in self.parts[from..].iter().take_while(|part| part.community == community) {
            let q = share(part.handover);
            sum += part.households * q;
            squares += part.households * q * q;
        }
        if sum > 0.0 { self.lump * squares / (sum * sum) } else { 0.0 }
    }

    /// What comes of months after the cutoff, less what of them is known already.
    fn coming(&self, contracts: &[Contract], span: Span, communities: usize) -> Vec<Part> {
        let months = span.months as i32;
        let end = months + span.ahead as i32;
        let later: Vec<&Contract> = contracts.iter().filter(|c| c.month >= months).collect();
        let mut out = Vec::new();
        for (leaf, rate) in self.rates.iter().enumerate() {
            let known =
                |u: i32| -> f64 { later.iter().filter(|c| c.leaf == leaf && c.month == u).map(|c| c.households).sum() };
            let open: Vec<(i32, f64)> = (months..end).map(|u| (u, (rate - known(u)).max(0.0))).collect();
            // Some sign before the handover: those of later handovers, too.
            for handover in months..end - FIRST_LAG {
                let share = |u: i32| usize::try_from(handover - u).ok().and_then(|lag| self.lags.get(lag)).copied();
                let households: f64 = open.iter().map(|(u, n)| n * share(*u).unwrap_or(0.0)).sum();
                if households > 0.0 {
                    out.push(Part { community: communities + leaf, households, handover });
                }
            }
        }
        out
    }
}

/// The contracts known, by community and month.
fn contracts(known: &Known, first: Month) -> Vec<Contract> {
    let mut out = Vec::new();
    for (c, community) in known.data.communities.list.iter().enumerate() {
        let mut of: BTreeMap<Month, Vec<(usize, f64)>> = BTreeMap::new();
        for part in known.parts(c) {
            let Some(contract) = part.contract else { continue };
            // Who contracts after the handover is handed over at once.
            let lag = usize::try_from(part.handover.since(contract)).unwrap_or(0);
            of.entry(contract).or_default().push((lag, part.households));
        }
        out.extend(of.into_iter().map(|(month, parts)| Contract {
            leaf: community.leaf,
            month: month.since(first),
            households: parts.iter().map(|part| part.1).sum(),
            parts,
        }));
    }
    out
}

/// Households of the communities known, by leaf.
fn sizes(known: &Known) -> Vec<f64> {
    let mut out = vec![0.0; known.data.grid.regions.leaf_count()];
    for (c, community) in known.data.communities.list.iter().enumerate() {
        out[community.leaf] += known.parts(c).map(|part| part.households).sum::<f64>();
    }
    out
}

/// Households a month by lag, the truncation at the handover `last` taken out. A lag that less than a year's months
/// would show counts as if a year's did: of so few a single contract would be one a month.
fn by_lag(contracts: &[&Contract], window: std::ops::Range<i32>, last: i32) -> Vec<f64> {
    let longest = contracts.iter().flat_map(|c| c.parts.iter().map(|part| part.0)).max().unwrap_or(0);
    let mut out = vec![0.0; longest + 1];
    for (lag, households) in contracts.iter().flat_map(|c| &c.parts) {
        let shown = (last - *lag as i32 + 1).min(window.end) - window.start;
        out[*lag] += households / f64::from(shown.max(YEAR as i32).min(window.end - window.start));
    }
    out
}

/// The share handed over within so many months of the contract.
fn within(lags: &[f64], months: i32) -> f64 {
    let count = usize::try_from(months + 1).unwrap_or(0);
    lags.iter().take(count).sum()
}

/// The relative variance of the next year's rate beyond chance, by how the years (households, months that would show
/// them) differed: the next one strays as they did, and so does their mean.
fn between(years: &[[f64; 2]], rate: f64, lump: f64) -> f64 {
    let count = years.len() as f64;
    if years.len() < 2 || rate <= 0.0 {
        return 0.0;
    }
    let squares: f64 = years.iter().map(|[n, exposure]| (n / exposure - rate).powi(2)).sum();
    let chance: f64 = years.iter().map(|[_, exposure]| lump * rate / exposure).sum();
    ((squares / (count - 1.0) - chance / count) / (rate * rate)).max(0.0) * (1.0 + 1.0 / count)
}

/// Each leaf's share of the contracts, drawn to its share of the households there are, and its relative variance.
fn by_leaf(contracts: &[&Contract], sizes: &[f64], lump: f64) -> (Vec<f64>, Vec<f64>) {
    let mut came = vec![0.0; sizes.len()];
    contracts.iter().for_each(|c| came[c.leaf] += c.households / lump);
    let (all, size): (f64, f64) = (came.iter().sum(), sizes.iter().sum());
    let expected: Vec<f64> = sizes.iter().map(|n| all * n / size).collect();
    let kappa = shrink::kappa(&came, &expected, 1.0);
    let drawn: Vec<f64> = expected.iter().zip(&came).map(|(e, o)| e * shrink::multiplier(kappa, *o, *e)).collect();
    let sum: f64 = drawn.iter().sum();
    (drawn.iter().map(|x| x / sum).collect(), came.iter().map(|o| 1.0 / (kappa + o)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(month: i32, parts: &[(usize, f64)]) -> Contract {
        Contract { leaf: 0, month, households: parts.iter().map(|p| p.1).sum(), parts: parts.to_vec() }
    }

    #[test]
    fn lags_that_the_record_cannot_show_yet_are_not_short_ones() {
        // 100 a month are handed over after 2 months, 100 after 12; handovers are planned to month 26, so that of the
        // contracts of months 15 to 24 only the first are there.
        let all: Vec<Contract> = (0..25)
            .flat_map(|t| [contract(t, &[(2, 100.0)]), contract(t, &[(12, 100.0)])])
            .filter(|c| c.month + c.parts[0].0 as i32 <= 26)
            .collect();
        let all: Vec<&Contract> = all.iter().collect();
        let found = by_lag(&all, 0..25, 26);
        assert!(found.len() == 13 && (found[2] - 100.0).abs() < 1e-9 && (found[12] - 100.0).abs() < 1e-9, "{found:?}");
        // What one month alone would show counts as one of a year's, and of a shorter window as one of all.
        assert!((by_lag(&all[..2], 0..25, 12)[12] - 100.0 / 12.0).abs() < 1e-9);
        assert!((by_lag(&all[..2], 0..5, 12)[12] - 20.0).abs() < 1e-9);
    }

    #[test]
    fn years_that_differ_widen_the_rate_and_chance_alone_does_not() {
        // Of 12 months each: 1,200, 1,200 and 1,200; chance makes that, and more.
        assert_eq!(between(&[[1200.0, 12.0]; 3], 100.0, 100.0), 0.0);
        // 60, 100 and 140 a month, by chance of variance 100 x 100 / 12: ((1600 + 0 + 1600) / 2 - 833.3) / 100^2 x 4 / 3.
        let found = between(&[[720.0, 12.0], [1200.0, 12.0], [1680.0, 12.0]], 100.0, 100.0);
        assert!((found - (1600.0 - 10_000.0 / 12.0) / 10_000.0 * 4.0 / 3.0).abs() < 1e-12, "{found}");
    }

    #[test]
    fn a_leaf_has_its_share_of_households_and_what_its_record_makes_of_it() {
        let of = |leaf: usize, n: usize| (0..n).map(move |t| Contract { leaf, ..contract(t as i32, &[(10, 100.0)]) });
        let all: Vec<Contract> = of(0, 20).chain(of(1, 20)).collect();
        let all: Vec<&Contract> = all.iter().collect();
        // As many contracts as households let expect: the households' shares; where one has more, it is drawn to it.
        let (even, _) = by_leaf(&all, &[500.0, 500.0], 100.0);
        assert!(even.iter().all(|x| (x - 0.5).abs() < 1e-12));
        let (drawn, spread) = by_leaf(&all, &[900.0, 100.0], 100.0);
        assert!((0.1..0.5).contains(&drawn[1]) && (drawn.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{drawn:?}");
        assert!(spread.iter().all(|v| *v > 0.0 && *v < 1.0));
    }
}
