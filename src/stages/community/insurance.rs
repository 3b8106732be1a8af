//! Policies that run out and are renewed: `renewals_t = sum_j r_j expiring_{t-j}`, at expiry or a month later. When
//! policies expire is known from the register; how many are renewed is learned from the policies that were sold beside
//! those of the communities' households (`sold - named = a named + renewals`), with a stated default while nothing has
//! run out (docs/METHOD.md#communities).

use ndarray::Array2;

use crate::dataset::Known;
use crate::dataset::communities::Policy;
use crate::grid::{COMPANY, Kind};
use crate::stages::level::horizon;
use crate::stats::nonnegative::Sums;

/// A renewal comes in the month of expiry or the next.
pub const LATEST: usize = 2;
/// Expiring policies that the default rate counts for.
const PRIOR_EXPIRING: f64 = 200.0;
/// Months whose policies make the mix of terms.
const YEAR: usize = 12;

/// Renewals seen and to come.
#[derive(Clone, Debug)]
pub struct Renewals {
    /// By product: share renewed in the month of expiry and in the next.
    pub rates: Vec<[f64; LATEST]>,
    /// Share renewed of all that run out in the year ahead.
    pub share: f64,
    /// Policies that had run out by the cutoff: what the rates were learned from; 0: they are stated.
    pub learned_from: f64,
    /// Renewals sold, product x leaf x month of the history.
    pub past: Vec<Vec<Vec<f64>>>,
    /// Policies running out, product x leaf x month of the history and ahead.
    pub expiring: Vec<Vec<Vec<f64>>>,
    /// Renewals, product x leaf x month ahead.
    pub ahead: Vec<Vec<Vec<f64>>>,
    /// Policies in force at the end of the cutoff, by leaf.
    pub in_force_now: Vec<f64>,
    /// Policies in force at the month's end, leaf x month ahead: those named for no community counted with the others.
    pub in_force: Vec<Vec<f64>>,
    /// The last year's mix of renewals by product, where the folder names some; else each policy is renewed as it was.
    pub mix: Option<Vec<f64>>,
    /// Policies named for no community and no renewals, for each one that is named (a).
    pub unnamed: f64,
}

/// Policy units by leaf and month of the history.
pub struct Sold {
    /// All that were sold.
    pub all: Vec<Vec<f64>>,
    /// Those to the households of communities.
    pub named: Vec<Vec<f64>>,
    /// Those beside these, product x leaf x month.
    pub beside: Vec<Vec<Vec<f64>>>,
}

impl Sold {
    /// From the sales and from `named` units, both series x month of the history.
    pub fn new(known: &Known, named: &Array2<f64>) -> Sold {
        let (grid, months) = (&known.data.grid, known.months());
        let leaves = grid.regions.leaf_count();
        let zeros = || vec![vec![0.0; months]; leaves];
        let mut out = Sold { all: zeros(), named: zeros(), beside: vec![zeros(); known.data.products.len()] };
        for (s, series) in grid.series.iter().enumerate() {
            if !is_policy(known, series.product) {
                continue;
            }
            for t in 0..months {
                out.all[series.leaf][t] += known.units[(s, t)];
                out.named[series.leaf][t] += named[(s, t)];
                out.beside[series.product][series.leaf][t] += (known.units[(s, t)] - named[(s, t)]).max(0.0);
            }
        }
        out
    }
}

/// Units sold but for the renewals that the folder names, series x month of the history.
pub fn sold_first(known: &Known) -> Array2<f64> {
    let grid = &known.data.grid;
    let mut out = known.units.to_owned();
    if known.renewals_told() {
        let mut weight = vec![0.0; grid.regions.leaf_count()];
        for (s, series) in grid.series.iter().enumerate().filter(|(_, s)| is_policy(known, s.product)) {
            weight[series.leaf] += known.units.row(s).sum();
        }
        by_leaf(known, &weight, |policy, leaf, units| {
            let at = grid.find(leaf, policy.product).zip(known.visible_index(policy.sold));
            if let Some(at) = at.filter(|_| policy.renewal) {
                out[at] = (out[at] - units).max(0.0);
            }
        });
    }
    out
}

fn is_policy(known: &Known, product: usize) -> bool {
    known.data.products.get(product).is_some_and(|p| p.kind == Some(Kind::Policy))
}

/// The rows of the register by leaf: those of a node above the leaves go to its leaves by `weight`, the policies sold
/// there.
fn by_leaf<'k>(known: &'k Known, weight: &[f64], mut row: impl FnMut(&'k Policy, usize, f64)) {
    let regions = &known.data.grid.regions;
    for policy in known.policies() {
        let of = if policy.node == COMPANY { 0..regions.leaf_count() } else { regions.leaves(policy.node) };
        let sum: f64 = of.clone().map(|leaf| weight[leaf].max(0.0)).sum();
        let count = of.len() as f64;
        for leaf in of {
            let share = if sum > 0.0 { weight[leaf].max(0.0) / sum } else { 1.0 / count };
            row(policy, leaf, policy.units.max(0.0) * share);
        }
    }
}

impl Renewals {
    /// From the register and what was sold; none without a register or where nothing in it ever expires. `usual` is the
    /// share stated of a product.
    pub fn new(known: &Known, sold: &Sold, usual: impl Fn(usize) -> f64) -> Option<Renewals> {
        let (months, ahead) = (known.months(), horizon(known).len());
        let Register { expiring, renewed, in_force_now } = Register::new(known, sold, months, months + ahead)?;
        let products = known.data.products.len();
        let leaves = sold.all.len();
        let total = |of: &[Vec<Vec<f64>>], t: usize| -> f64 { of.iter().flatten().filter_map(|row| row.get(t)).sum() };
        let run_out = |t: usize, j: usize| t.checked_sub(j).map_or(0.0, |u| total(&expiring, u));
        let of_product = |p: usize| expiring[p].iter().map(|row| row.iter().take(months).sum::<f64>()).sum::<f64>();
        let expired: f64 = (0..products).map(of_product).sum();
        // While nothing is learned of late ones, a renewal comes in the month of expiry.
        let mut rates: Vec<[f64; LATEST]> = (0..products).map(|p| [usual(p), 0.0]).collect();
        let mut past = vec![vec![vec![0.0; months]; leaves]; products];
        let told = known.renewals_told();
        if told {
            let mut sums = Sums::new(LATEST);
            // The mean of what is stated, of so many policies, for each of the rates.
            let counted = (0..products).filter(|p| of_product(*p) > 0.0 || products == 1);
            let stated: Vec<f64> = counted.map(&usual).collect();
            let mean = stated.iter().sum::<f64>() / stated.len().max(1) as f64;
            let mut found = [mean, 0.0];
            for (j, rate) in found.iter().enumerate() {
                let mut x = [0.0; LATEST];
                x[j] = PRIOR_EXPIRING;
                sums.add(&x, PRIOR_EXPIRING * rate, 1.0 / (PRIOR_EXPIRING * rate + 1.0));
            }
            for t in 0..months {
                sums.add(&[run_out(t, 0), run_out(t, 1)], total(&renewed, t), 1.0 / (total(&renewed, t) + 1.0));
            }
            sums.solve(&mut found);
            found = [found[0].min(1.0), found[1].min((1.0 - found[0]).max(0.0))];
            for (p, rate) in rates.iter_mut().enumerate() {
                // A rate stated of this product alone counts beside what its own policies let expect.
                let own = stated.is_empty() || stated.iter().any(|other| *other != usual(p));
                let weight = if own { PRIOR_EXPIRING / (PRIOR_EXPIRING + of_product(p)) } else { 0.0 };
                rate.iter_mut().zip(found).for_each(|(r, f)| *r = weight * *r + (1.0 - weight) * f);
            }
        }
        for (p, of) in past.iter_mut().enumerate() {
            for (leaf, row) in of.iter_mut().enumerate() {
                for (t, x) in row.iter_mut().enumerate() {
                    let most = sold.beside[p][leaf][t];
                    *x = if told { renewed[p][leaf][t] } else { renewals(&expiring[p][leaf], t, &rates[p]) }.min(most);
                }
            }
        }
        let mut sums = Sums::new(1);
        for t in 0..months {
            let of = |x: &[Vec<f64>]| x.iter().filter_map(|row| row.get(t)).sum::<f64>();
            let (all, named) = (of(&sold.all), of(&sold.named));
            sums.add(&[named], (all - named - total(&past, t)).max(0.0), 1.0 / (all + 1.0));
        }
        let mut unnamed = [0.0];
        sums.solve(&mut unnamed);
        let year = months.saturating_sub(YEAR);
        let lately = |p: usize| renewed[p].iter().map(|row| row.iter().skip(year).sum::<f64>()).sum::<f64>();
        let named: f64 = (0..products).map(lately).sum();
        let mix = (told && named > 0.0).then(|| (0..products).map(|p| lately(p) / named).collect());
        let next =
            |p: usize| -> f64 { expiring[p].iter().map(|row| row.iter().skip(months).take(YEAR).sum::<f64>()).sum() };
        let (due, kept) = (0..products)
            .fold((0.0, 0.0), |(due, kept), p| (due + next(p), kept + next(p) * rates[p].iter().sum::<f64>()));
        let of_policies: Vec<f64> =
            (0..products).filter(|p| is_policy(known, *p)).map(|p| rates[p].iter().sum()).collect();
        let mean = of_policies.iter().sum::<f64>() / of_policies.len().max(1) as f64;
        Some(Renewals {
            share: if due > 0.0 { kept / due } else { mean },
            rates,
            learned_from: if told { expired } else { 0.0 },
            past,
            expiring,
            ahead: vec![vec![vec![0.0; ahead]; leaves]; products],
            in_force_now,
            in_force: vec![vec![0.0; ahead]; leaves],
            mix,
            unnamed: unnamed[0],
        })
    }

    /// Goes ahead month by month: what is sold on the way runs out in its turn. `named` are the policies of communities'
    /// households ahead, by leaf and month, `mix` each leaf's mix of them by product (0 of what it does not sell),
    /// `terms` each product's, in months.
    pub fn go_on(&mut self, named: &[Vec<f64>], mix: &[Vec<f64>], terms: &[Option<i32>]) {
        let past = self.past.first().and_then(|of| of.first()).map_or(0, Vec::len);
        let products = terms.len();
        for (leaf, mix) in mix.iter().enumerate() {
            let mut in_force = self.in_force_now[leaf];
            // The mix of renewals in what this leaf sells.
            let own = self.mix.as_ref().and_then(|all| {
                let of = |p: usize| if mix[p] > 0.0 { all[p] } else { 0.0 };
                let sum: f64 = (0..products).map(of).sum();
                (sum > 0.0).then(|| (0..products).map(|p| of(p) / sum).collect::<Vec<f64>>())
            });
            for h in 0..self.in_force[leaf].len() {
                let t = past + h;
                let mut due: Vec<f64> =
                    (0..products).map(|p| renewals(&self.expiring[p][leaf], t, &self.rates[p])).collect();
                let all: f64 = due.iter().sum();
                if let Some(own) = &own {
                    due = own.iter().map(|share| all * share).collect();
                }
                let first = named[leaf].get(h).copied().unwrap_or_default();
                let run_out: f64 = (0..products).map(|p| self.expiring[p][leaf][t]).sum();
                in_force += first * (1.0 + self.unnamed) + all - run_out;
                self.in_force[leaf][h] = in_force.max(0.0);
                for (p, term) in terms.iter().enumerate() {
                    self.ahead[p][leaf][h] = due[p];
                    let units = first * (1.0 + self.unnamed) * mix[p] + due[p];
                    let at = term.and_then(|months| usize::try_from(months).ok()).map(|months| t + months);
                    if let Some(x) = at.and_then(|at| self.expiring[p][leaf].get_mut(at)) {
                        *x += units;
                    }
                }
            }
        }
    }
}

/// Renewals of a month, of what has run out in it and in the months before.
fn renewals(expiring: &[f64], t: usize, rates: &[f64]) -> f64 {
    rates.iter().enumerate().filter_map(|(j, r)| Some(r * expiring.get(t.checked_sub(j)?)?)).sum()
}

/// What the register of policies says.
struct Register {
    /// Policies running out, product x leaf x month.
    expiring: Vec<Vec<Vec<f64>>>,
    /// Policies sold that are renewals, product x leaf x month of the history.
    renewed: Vec<Vec<Vec<f64>>>,
    /// Policies in force at the end of the cutoff, by leaf.
    in_force_now: Vec<f64>,
}

impl Register {
    /// Rows of a node above the leaves go to its leaves by the policies sold there; none where nothing ever expires.
    fn new(known: &Known, sold: &Sold, months: usize, all: usize) -> Option<Register> {
        let (leaves, products) = (known.data.grid.regions.leaf_count(), known.data.products.len());
        let mut out = Register {
            expiring: vec![vec![vec![0.0; all]; leaves]; products],
            renewed: vec![vec![vec![0.0; months]; leaves]; products],
            in_force_now: vec![0.0; leaves],
        };
        let weight: Vec<f64> = sold.all.iter().map(|row| row.iter().sum::<f64>()).collect();
        let mut any = false;
        by_leaf(known, &weight, |policy, leaf, units| {
            if let Some(t) = known.visible_index(policy.sold).filter(|_| policy.renewal) {
                out.renewed[policy.product][leaf][t] += units;
            }
            let Some(end) = policy.expires else { return };
            any = true;
            if end > known.origin.cutoff {
                out.in_force_now[leaf] += units;
            }
            if let Some(t) = usize::try_from(known.index(end)).ok().filter(|t| *t < all) {
                out.expiring[policy.product][leaf][t] += units;
            }
        });
        any.then_some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sold_runs_out_and_is_renewed_in_its_turn() {
        // 100 one-year policies run out in month 2; of them 30 are renewed at once and 10 a month later.
        let mut renewals = Renewals {
            rates: vec![[0.3, 0.1]],
            share: 0.4,
            learned_from: 0.0,
            past: vec![vec![vec![0.0; 2]]],
            expiring: vec![vec![vec![0.0, 0.0, 100.0, 0.0, 0.0, 0.0]]],
            ahead: vec![vec![vec![0.0; 4]]],
            in_force_now: vec![100.0],
            in_force: vec![vec![0.0; 4]],
            mix: None,
            unnamed: 0.5,
        };
        // Policies of two months: 20 are sold in month 2, and 10 unnamed beside them.
        renewals.go_on(&[vec![20.0, 0.0, 0.0, 0.0]], &[vec![1.0]], &[Some(2)]);
        assert_eq!(renewals.expiring[0][0], [0.0, 0.0, 100.0, 0.0, 60.0, 10.0]);
        assert_eq!(renewals.in_force[0][..2], [60.0, 70.0]);
        let near = |x: f64, y: f64| (x - y).abs() < 1e-12;
        let ahead = &renewals.ahead[0][0];
        // Month 4: 30 renewals of month 2 and 30 first ones run out; 18 of them are renewed, then 6 and 3.
        assert!(near(ahead[0], 30.0) && near(ahead[1], 10.0));
        assert!(near(ahead[2], 18.0) && near(ahead[3], 9.0), "{ahead:?}");
    }

    #[test]
    fn a_policy_is_renewed_as_it_was_unless_the_folder_says_otherwise() {
        // 100 and 50 of two products run out at once, rates of 40%; they sell nothing new.
        let of = |mix: Option<Vec<f64>>| {
            let mut renewals = Renewals {
                rates: vec![[0.4, 0.0]; 2],
                share: 0.4,
                learned_from: 0.0,
                past: vec![vec![Vec::new()]; 2],
                expiring: vec![vec![vec![100.0]], vec![vec![50.0]]],
                ahead: vec![vec![vec![0.0]]; 2],
                in_force_now: vec![150.0],
                in_force: vec![vec![0.0]],
                mix,
                unnamed: 0.0,
            };
            renewals.go_on(&[vec![0.0]], &[vec![0.5, 0.5]], &[Some(12), Some(36)]);
            [0, 1].map(|p| renewals.ahead[p][0][0])
        };
        assert_eq!(of(None), [40.0, 20.0]);
        assert_eq!(of(Some(vec![0.25, 0.75])), [15.0, 45.0]);
    }
}
