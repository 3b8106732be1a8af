//! Policies that run out and are renewed: `renewals_t = sum_j r_j expiring_{t-j}`, at expiry or a month later. When
//! policies expire is known from the register; how many are renewed is learned from the policies that were sold beside
//! those of the communities' households (`sold - named = a named + renewals`), with a stated default while nothing has
//! run out (docs/METHOD.md#communities).

use crate::dataset::Known;
use crate::grid::{COMPANY, Kind};
use crate::stages::level::horizon;
use crate::stats::nonnegative::Sums;

/// A renewal comes in the month of expiry or the next.
pub const LATEST: usize = 2;
/// Of the renewals, the part that comes in the month of expiry while nothing is learned.
const ON_TIME: f64 = 0.7;
/// Expiring policies that the default rate counts for.
const PRIOR_EXPIRING: f64 = 200.0;
/// Months whose policies make the mix of terms.
const YEAR: usize = 12;

/// Renewals seen and to come.
#[derive(Clone, Debug)]
pub struct Renewals {
    /// Share renewed in the month of expiry and in the next, as learned at the cutoff.
    pub rates: [f64; LATEST],
    /// Policies that had run out by the cutoff: what the rates were learned from; 0: the default of the settings.
    pub learned_from: f64,
    /// Renewals sold, leaf x month of the history.
    pub past: Vec<Vec<f64>>,
    /// Policies running out, leaf x month of the history and ahead.
    pub expiring: Vec<Vec<f64>>,
    /// Renewals, leaf x month ahead.
    pub ahead: Vec<Vec<f64>>,
    /// Policies in force at the end of the cutoff, by leaf.
    pub in_force_now: Vec<f64>,
    /// Policies in force at the month's end, leaf x month ahead: those named for no community counted with the others.
    pub in_force: Vec<Vec<f64>>,
    /// The mix of renewals by product; sums to 1 where anything was sold.
    pub mix: Vec<f64>,
    /// Policies named for no community and no renewals, for each one that is named (a).
    pub unnamed: f64,
}

/// Policy units by leaf and month of the history.
pub struct Sold {
    /// All that were sold.
    pub all: Vec<Vec<f64>>,
    /// Those to the households of communities.
    pub named: Vec<Vec<f64>>,
    /// Units by product beside those named, of the last year.
    pub beside: Vec<f64>,
}

impl Sold {
    /// From the sales and from `named` units, both series x month of the history.
    pub fn new(known: &Known, named: &ndarray::Array2<f64>) -> Sold {
        let (grid, months) = (&known.data.grid, known.months());
        let leaves = grid.regions.leaf_count();
        let zeros = || vec![vec![0.0; months]; leaves];
        let mut out = Sold { all: zeros(), named: zeros(), beside: vec![0.0; known.data.products.len()] };
        for (s, series) in grid.series.iter().enumerate() {
            if known.data.products.get(series.product).is_none_or(|p| p.kind != Some(Kind::Policy)) {
                continue;
            }
            for t in 0..months {
                out.all[series.leaf][t] += known.units[(s, t)];
                out.named[series.leaf][t] += named[(s, t)];
                if t + YEAR >= months {
                    out.beside[series.product] += (known.units[(s, t)] - named[(s, t)]).max(0.0);
                }
            }
        }
        out
    }
}

impl Renewals {
    /// Learns from the register and what was sold; none without a register or where nothing in it ever expires.
    pub fn new(known: &Known, sold: &Sold, default: f64) -> Option<Renewals> {
        let (months, ahead) = (known.months(), horizon(known).len());
        let (expiring, in_force_now) = expiring(known, sold, months + ahead)?;
        let usual = [default * ON_TIME, default * (1.0 - ON_TIME)];
        // A month in which the default was seen of so many policies, for each of the rates.
        let mut sums = Sums::new(1 + LATEST);
        for (j, rate) in usual.iter().enumerate() {
            let mut x = [0.0; 1 + LATEST];
            x[1 + j] = PRIOR_EXPIRING;
            sums.add(&x, PRIOR_EXPIRING * rate, 1.0 / (PRIOR_EXPIRING * rate + 1.0));
        }
        let total = |x: &[Vec<f64>], t: usize| x.iter().filter_map(|row| row.get(t)).sum::<f64>();
        let mut found = [0.0, usual[0], usual[1]];
        let mut past = vec![vec![0.0; months]; sold.all.len()];
        let mut learned_from = 0.0;
        for t in 0..months {
            let run_out = |j: usize| t.checked_sub(j).map_or(0.0, |u| total(&expiring, u));
            let (all, named) = (total(&sold.all, t), total(&sold.named, t));
            learned_from += run_out(0);
            sums.add(&[named, run_out(0), run_out(1)], (all - named).max(0.0), 1.0 / (all + 1.0));
            // Each month is split by what was known by it, so that no later month changes it.
            sums.solve(&mut found);
            for (leaf, row) in past.iter_mut().enumerate() {
                let most = (sold.all[leaf][t] - sold.named[leaf][t]).max(0.0);
                row[t] = renewed(&expiring[leaf], t, &found[1..]).min(most);
            }
        }
        let beside: f64 = sold.beside.iter().sum();
        let mix = sold.beside.iter().map(|x| if beside > 0.0 { x / beside } else { 0.0 }).collect();
        let rates = [found[1].min(1.0), found[2].min((1.0 - found[1]).max(0.0))];
        let ahead = vec![vec![0.0; ahead]; sold.all.len()];
        let (in_force, unnamed) = (ahead.clone(), found[0]);
        Some(Renewals { rates, learned_from, past, expiring, ahead, in_force_now, in_force, mix, unnamed })
    }

    /// Goes ahead month by month: what is sold on the way runs out in its turn. `named` are the policies of communities'
    /// households ahead, by leaf and month, `mix` each leaf's mix of them by product, `terms` each product's, in months.
    pub fn go_on(&mut self, named: &[Vec<f64>], mix: &[Vec<f64>], terms: &[Option<i32>]) {
        let past = self.past.first().map_or(0, Vec::len);
        for (leaf, row) in self.ahead.iter_mut().enumerate() {
            let Some(expiring) = self.expiring.get_mut(leaf) else { continue };
            let mut in_force = self.in_force_now[leaf];
            for h in 0..row.len() {
                let renewals = renewed(expiring, past + h, &self.rates);
                row[h] = renewals;
                let first = named.get(leaf).and_then(|x| x.get(h)).copied().unwrap_or_default();
                in_force += first * (1.0 + self.unnamed) + renewals - expiring[past + h];
                self.in_force[leaf][h] = in_force.max(0.0);
                for (p, term) in terms.iter().enumerate() {
                    let of = |mix: Option<&Vec<f64>>| mix.and_then(|m| m.get(p)).copied().unwrap_or_default();
                    let units = first * (1.0 + self.unnamed) * of(mix.get(leaf)) + renewals * of(Some(&self.mix));
                    let at = term.and_then(|months| usize::try_from(months).ok()).map(|months| past + h + months);
                    if let Some(x) = at.and_then(|at| expiring.get_mut(at)) {
                        *x += units;
                    }
                }
            }
        }
    }
}

/// Renewals of a month, of what has run out in it and in the months before.
fn renewed(expiring: &[f64], t: usize, rates: &[f64]) -> f64 {
    rates.iter().enumerate().filter_map(|(j, r)| Some(r * expiring.get(t.checked_sub(j)?)?)).sum()
}

/// Policies running out, leaf x month, and those in force at the end of the cutoff, by leaf. Rows of a node above the leaves go to its leaves by the policies sold there.
fn expiring(known: &Known, sold: &Sold, months: usize) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let regions = &known.data.grid.regions;
    let mut out = vec![vec![0.0; months]; regions.leaf_count()];
    let weight: Vec<f64> = sold.all.iter().map(|row| row.iter().sum::<f64>().max(0.0)).collect();
    let mut in_force = vec![0.0; regions.leaf_count()];
    let mut any = false;
    for policy in known.policies() {
        let Some(end) = policy.expires else { continue };
        any = true;
        let t = usize::try_from(known.index(end)).ok().filter(|t| *t < months);
        let leaves = if policy.node == COMPANY { 0..regions.leaf_count() } else { regions.leaves(policy.node) };
        let all: f64 = weight.get(leaves.clone())?.iter().sum();
        let count = leaves.len() as f64;
        for leaf in leaves {
            let share = if all > 0.0 { weight[leaf] / all } else { 1.0 / count };
            let units = policy.units.max(0.0) * share;
            if end > known.origin.cutoff {
                in_force[leaf] += units;
            }
            if let Some(t) = t {
                out[leaf][t] += units;
            }
        }
    }
    any.then_some((out, in_force))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sold_runs_out_and_is_renewed_in_its_turn() {
        // 100 one-year policies run out in month 2; of them 30 are renewed at once and 10 a month later.
        let mut renewals = Renewals {
            rates: [0.3, 0.1],
            learned_from: 0.0,
            past: vec![vec![0.0; 2]],
            expiring: vec![vec![0.0, 0.0, 100.0, 0.0, 0.0, 0.0]],
            ahead: vec![vec![0.0; 4]],
            in_force_now: vec![100.0],
            in_force: vec![vec![0.0; 4]],
            mix: vec![1.0],
            unnamed: 0.5,
        };
        // Policies of two months: 20 are sold in month 2, and 10 unnamed beside them.
        renewals.go_on(&[vec![20.0, 0.0, 0.0, 0.0]], &[vec![1.0]], &[Some(2)]);
        assert_eq!(renewals.expiring[0], [0.0, 0.0, 100.0, 0.0, 60.0, 10.0]);
        assert_eq!(renewals.in_force[0][..2], [60.0, 70.0]);
        let near = |x: f64, y: f64| (x - y).abs() < 1e-12;
        // Month 4: 30 renewals of month 2 and 30 first ones run out; 18 of them are renewed, then 6 and 3.
        assert!(near(renewals.ahead[0][0], 30.0) && near(renewals.ahead[0][1], 10.0));
        assert!(near(renewals.ahead[0][2], 18.0) && near(renewals.ahead[0][3], 9.0), "{:?}", renewals.ahead);
    }
}
