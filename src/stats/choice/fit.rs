//! Attractions from many months at once, or month by month with two numbers per product.

use super::{ChoiceMonth, Days, Market, NEVER, Workspace, push_order, shelf};

/// Relative change between two passes at which the fixed point counts as reached.
const STEADY: f64 = 1e-12;

/// What [`Market::fit`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Attractions {
    /// One per product, summing to 1: the shares sold with everything in stock.
    pub shares: Vec<f64>,
    pub passes: usize,
    /// False where the passes ran out first; the shares are then those of the last pass.
    pub converged: bool,
}

/// What [`Market::advance`] keeps of the months behind it: of each product its discounted sales, what it would have
/// sold of them at an attraction of 1, and the attractions so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    sold: Vec<f64>,
    exposed: Vec<f64>,
    shares: Vec<f64>,
}

impl Memory {
    /// No month yet: the attractions are the prior (any scale).
    pub fn new(prior: &[f64]) -> Memory {
        let n = prior.len();
        Memory { sold: vec![0.0; n], exposed: vec![0.0; n], shares: normalised(prior) }
    }

    /// One per product, summing to 1 over those of the last month.
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// What is remembered of the products at `members`, for a month in which only they stand on the range.
    ///
    /// Attractions sum to 1 over a month's range, so that a range that changes changes their scale: what was sold at
    /// an attraction of 1 is counted anew, by what those that stay had of the old range over what `prior` (any scale,
    /// one per member) leaves them of the new one.
    pub fn part(&self, members: &[usize], prior: &[f64]) -> Memory {
        let pick =
            |from: &[f64]| -> Vec<f64> { members.iter().map(|&i| from.get(i).copied().unwrap_or(0.0)).collect() };
        let (sold, mut exposed, shares) = (pick(&self.sold), pick(&self.exposed), pick(&self.shares));
        let stay: f64 = shares.iter().sum();
        let is_new = |k: usize| shares[k] <= 0.0 && exposed[k] <= 0.0;
        let any_new = (0..members.len()).any(is_new);
        if !any_new && stay > 1.0 - NEVER {
            return Memory { sold, exposed, shares };
        }
        let prior = normalised(prior);
        let new: f64 = (0..members.len()).filter(|&k| is_new(k)).map(|k| prior[k]).sum();
        if stay > NEVER && new < 1.0 - NEVER {
            exposed.iter_mut().for_each(|e| *e *= stay / (1.0 - new));
        }
        let shares = if stay > NEVER { normalised(&shares) } else { prior };
        Memory { sold, exposed, shares }
    }

    /// Takes back what [`Memory::part`] gave out, one month later; the products that were not on the range count
    /// `delta` times what they did and have no share.
    pub fn put(&mut self, members: &[usize], part: &Memory, delta: f64) {
        self.sold.iter_mut().chain(&mut self.exposed).for_each(|x| *x *= delta);
        self.shares.fill(0.0);
        for (k, &i) in members.iter().enumerate() {
            self.sold[i] = part.sold[k];
            self.exposed[i] = part.exposed[k];
            self.shares[i] = part.shares[k];
        }
    }
}

/// One fixed point: months with something in stock, what speaks for each product, and what it is divided by.
struct Problem<'a> {
    months: Vec<ChoiceMonth<'a>>,
    /// The days of the one month there is, where they are known.
    days: Option<Days<'a>>,
    /// `sum w z + kappa pi`, with what is remembered.
    wanted: Vec<f64>,
    /// `kappa`, with what is remembered; the months' own `w lambda a G` comes on top in every pass.
    base: Vec<f64>,
    /// Whether any month had the product in stock.
    seen: Vec<bool>,
    prior: Vec<f64>,
}

impl Market {
    /// Attractions pooled over `months`, the fixed point of the module's head. `prior` (any scale) counts as `kappa`
    /// purchases; its length is the number of products.
    ///
    /// A month with everything out says nothing and is left out. A product that no month had in stock keeps its
    /// prior share, and the others share the rest. Where nothing was sold at all the answer is the prior, and equal
    /// shares where that is all zero.
    pub fn fit(&self, months: &[ChoiceMonth], prior: &[f64], kappa: f64, work: &mut Workspace) -> Attractions {
        let n = prior.len();
        let kappa = kappa.max(0.0);
        let prior = normalised(prior);
        let (mut sold, mut stocked, mut months_kept) = (vec![0.0; n], vec![0.0; n], Vec::with_capacity(months.len()));
        for month in months.iter().filter(|month| informs(month, n)) {
            for ((s, o), (&z, &a)) in sold.iter_mut().zip(&mut stocked).zip(month.sales.iter().zip(month.availability))
            {
                if shelf(a) > 0.0 {
                    *s += month.weight * z;
                    *o += month.weight * shelf(a);
                }
            }
            months_kept.push(*month);
        }
        let problem = Problem {
            months: months_kept,
            days: None,
            wanted: sold.iter().zip(&prior).map(|(&z, &p)| z.max(0.0) + kappa * p).collect(),
            base: vec![kappa; n],
            seen: stocked.iter().map(|&o| o > 0.0).collect(),
            prior,
        };
        // The start: sales divided by availability, as if everyone waited for the goods to come back.
        let start = sold.iter().zip(&stocked).map(|(&z, &o)| if o > 0.0 { z.max(0.0) / o } else { 0.0 }).collect();
        self.solve(&problem, start, work).0
    }

    /// Takes one more month into `memory`, whose earlier months then count `delta` times what they did: with `A` and
    /// `B` remembered, `v_i = (delta A_i + z_i + kappa pi_i) / (delta B_i + lambda a_i G_i + kappa)`, then
    /// `A <- delta A + z` and `B <- delta B + lambda a G`. Starts at the attractions so far, so that a few
    /// `passes` do where speed counts. Gives the passes it took; a month with everything out only discounts.
    pub fn advance(
        &self,
        memory: &mut Memory,
        month: ChoiceMonth,
        delta: f64,
        prior: &[f64],
        kappa: f64,
        work: &mut Workspace,
    ) -> usize {
        self.advance_by_day(memory, (month, None), delta, prior, kappa, work)
    }

    /// [`Market::advance`] where stock was noted day by day.
    pub fn advance_by_day(
        &self,
        memory: &mut Memory,
        (month, days): (ChoiceMonth, Option<Days>),
        delta: f64,
        prior: &[f64],
        kappa: f64,
        work: &mut Workspace,
    ) -> usize {
        debug_assert!(prior.len() == memory.sold.len());
        let (n, kappa) = (memory.sold.len().min(prior.len()), kappa.max(0.0));
        let prior = normalised(&prior[..n]);
        memory.sold.iter_mut().chain(&mut memory.exposed).for_each(|x| *x *= delta);
        let informs = informs(&month, n);
        if informs {
            for (s, (&z, &a)) in memory.sold.iter_mut().zip(month.sales.iter().zip(month.availability)) {
                *s += if shelf(a) > 0.0 { month.weight * z } else { 0.0 };
            }
        }
        let in_stock = |i: usize| informs && shelf(month.availability[i]) > 0.0;
        let problem = Problem {
            months: if informs { vec![month] } else { Vec::new() },
            days,
            wanted: memory.sold.iter().zip(&prior).map(|(&z, &p)| z.max(0.0) + kappa * p).collect(),
            base: memory.exposed.iter().map(|e| e + kappa).collect(),
            seen: (0..n).map(|i| memory.exposed[i] > 0.0 || in_stock(i)).collect(),
            prior,
        };
        let (found, reached) = self.solve(&problem, memory.shares.clone(), work);
        for (e, (all, before)) in memory.exposed.iter_mut().zip(reached.iter().zip(&problem.base)) {
            *e += all - before;
        }
        memory.shares = found.shares;
        found.passes
    }

    /// The attractions, and what they were divided by in the last pass.
    fn solve(&self, problem: &Problem, mut v: Vec<f64>, work: &mut Workspace) -> (Attractions, Vec<f64>) {
        let Problem { months, days, wanted, base, seen, prior } = problem;
        let (n, v0) = (prior.len(), self.nothing());
        let mut reached = base.clone();
        if !wanted.iter().zip(seen).any(|(&w, &seen)| seen && w > 0.0) {
            return (Attractions { shares: prior.clone(), passes: 0, converged: true }, reached);
        }
        let held: f64 = prior.iter().zip(seen).filter(|(_, seen)| !**seen).map(|(p, _)| p).sum();
        let rest = (1.0 - held).max(0.0);
        let Workspace { order, gains, sets, .. } = work;
        order.clear();
        months.iter().for_each(|month| push_order(&month.availability[..n], order));
        gains.clear();
        gains.resize(n, 0.0);
        settle(&mut v, prior, seen, rest);
        let mut next = vec![0.0; n];
        for pass in 1..=self.passes {
            reached.copy_from_slice(base);
            for (month, order) in months.iter().zip(order.chunks_exact(n)) {
                let a = &month.availability[..n];
                match days {
                    Some(days) => self.exposure_by_day(&v, *days, gains),
                    None => self.gains(v0, &v, a, order, gains, sets),
                }
                let (mut sold, mut reach) = (0.0, 0.0);
                for ((&z, &a), (&v, &g)) in month.sales.iter().zip(a).zip(v.iter().zip(gains.iter())) {
                    let a = shelf(a);
                    sold += if a > 0.0 { z } else { 0.0 };
                    reach += a * v * g;
                }
                if reach > 0.0 && sold > 0.0 {
                    let lambda = month.weight * sold / reach;
                    reached.iter_mut().zip(a).zip(gains.iter()).for_each(|((b, &a), &g)| *b += lambda * shelf(a) * g);
                }
            }
            for ((new, &w), &r) in next.iter_mut().zip(wanted).zip(&reached) {
                *new = if r > 0.0 { w / r } else { 0.0 };
            }
            settle(&mut next, prior, seen, rest);
            let steady = next.iter().zip(&v).all(|(new, old)| (new - old).abs() <= STEADY * new);
            std::mem::swap(&mut v, &mut next);
            if steady {
                return (Attractions { shares: v, passes: pass, converged: true }, reached);
            }
        }
        (Attractions { shares: v, passes: self.passes, converged: false }, reached)
    }
}

/// A month counts where it has a weight and something was in stock.
fn informs(month: &ChoiceMonth, n: usize) -> bool {
    debug_assert!(month.sales.len() == n && month.availability.len() == n);
    let complete = month.sales.len() >= n && month.availability.len() >= n;
    complete && month.weight > 0.0 && month.availability[..n].iter().any(|&a| a >= NEVER)
}

/// `v` made to sum to 1, negative ones as 0; equal where all are 0.
fn normalised(v: &[f64]) -> Vec<f64> {
    let (sum, n) = (v.iter().map(|v| v.max(0.0)).sum::<f64>(), v.len() as f64);
    v.iter().map(|v| if sum > 0.0 { v.max(0.0) / sum } else { 1.0 / n }).collect()
}

/// Products that were never seen take their prior share, the others `rest` in proportion to `v`.
fn settle(v: &mut [f64], prior: &[f64], seen: &[bool], rest: f64) {
    let sum: f64 = v.iter().zip(seen).filter(|(_, seen)| **seen).map(|(v, _)| v).sum();
    for ((v, &p), &seen) in v.iter_mut().zip(prior).zip(seen) {
        *v = if seen && sum > 0.0 { *v / sum * rest } else { p };
    }
}
