//! What customers would have bought with everything in stock, from a month's sales and the days without stock.
//!
//! Customers arrive and choose among what is on the shelf in proportion to attractions `v` (they sum to 1), or leave
//! with weight `v0 = (1 - s) / s`, where `s` is the share who would buy if everything were there. A product sold out
//! for part of a month loses its own sales and gives some of them to its substitutes: both are put right here.
//!
//! For one choice set and month, with sales `z` and availability `a` (the share of selling days in stock):
//! ```text
//! G_i    = E[1 / (v0 + V(what is in stock)) | i in stock]     between 1/(v0 + 1) and 1/(v0 + v_i)
//! lambda = sum z / sum a_i v_i G_i                            customers who came
//! X_i    = z_i / ((v0 + 1) G_i) + lambda (1 - a_i) v_i / (v0 + 1)
//! v_i   <- (sum_t w_t z_it + kappa pi_i) / (sum_t w_t lambda_t a_it G_it + kappa), made to sum to 1
//! ```
//! Sources: Vulcano, van Ryzin, Ratliff 2012 (Operations Research 60) for the model and `X`; Abdallah, Vulcano 2016
//! for this form of the fixed point, an MM algorithm (Hunter 2004, Annals of Statistics 32). The EM of 2012 stops
//! short of the maximum.

mod fit;
mod gain;

pub use fit::{Attractions, Memory};

/// Up to this many products partly out, outages that do not depend on each other are counted set by set (256 sets).
pub const EXACT_LIMIT: usize = 8;

/// The least availability by which overlapping outages are divided. A product in stock on four days of a month has
/// sold in conditions that the rest of the month says little about; without the floor its exposure is a guess
/// divided by next to nothing.
pub const AVAILABILITY_FLOOR: f64 = 0.15;

/// Below this share of the month, or of the attraction, nothing was on the shelf: one selling day is about .03.
pub const NEVER: f64 = 1e-9;

/// `s` is kept within these: at 0 nobody buys and at 1 nobody ever leaves, and neither can be told from sales.
pub const SUBSTITUTION_BOUNDS: (f64, f64) = (0.05, 0.98);

/// How customers choose when something is out; the default is what holds until a folder's own history says more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Market {
    /// `s`, the share of customers who would buy if everything were in stock.
    pub substitution: f64,
    /// `rho`: 0 where products are out independently of each other, 1 where they are out at the same time as far as
    /// their days allow.
    pub overlap: f64,
    /// Most products partly out for which independent outages are counted exactly; beyond, a second-order
    /// approximation stands in. At most 16 is used (65,536 sets).
    pub exact_limit: usize,
    /// Most passes of the fixed point.
    pub passes: usize,
}

impl Default for Market {
    fn default() -> Self {
        Market { substitution: 0.7, overlap: 0.7, exact_limit: EXACT_LIMIT, passes: 10_000 }
    }
}

/// One month of a choice set: units sold, share of selling days in stock, and how much the month counts.
#[derive(Clone, Copy, Debug)]
pub struct ChoiceMonth<'a> {
    pub sales: &'a [f64],
    pub availability: &'a [f64],
    pub weight: f64,
}

/// Which products were out on which days of a month, where stock was noted day by day.
#[derive(Clone, Copy, Debug)]
pub struct Days<'a> {
    /// The days that count: bit `d` is the day `d + 1` of the month.
    pub open: u32,
    /// For each product the days on which it was out.
    pub out: &'a [u32],
}

/// Memory to be used again from one choice set to the next.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    order: Vec<u32>,
    gains: Vec<f64>,
    shares: Vec<f64>,
    sets: Vec<(f64, f64)>,
}

impl Market {
    /// `v0 = (1 - s) / s`, the weight of buying nothing.
    pub fn nothing(&self) -> f64 {
        let (least, most) = SUBSTITUTION_BOUNDS;
        let s = self.substitution.max(least).min(most);
        (1.0 - s) / s
    }

    /// `G_i` of the module's head, for attractions `v` that sum to 1. For a product never in stock it has no meaning
    /// and is 1/(v0 + 1); everything that uses it multiplies by `a_i = 0`.
    pub fn exposure(&self, v: &[f64], a: &[f64], out: &mut [f64], work: &mut Workspace) {
        debug_assert!(v.len() == a.len() && v.len() == out.len());
        let n = v.len().min(a.len()).min(out.len());
        work.order.clear();
        push_order(&a[..n], &mut work.order);
        self.gains(self.nothing(), &v[..n], &a[..n], &work.order, &mut out[..n], &mut work.sets);
    }

    /// [`Market::exposure`] where stock was noted day by day: the mean of `1 / (v0 + V)` over the days on which each
    /// product was in stock, which needs no idea of how outages meet.
    pub fn exposure_by_day(&self, v: &[f64], days: Days, out: &mut [f64]) {
        let v0 = self.nothing();
        gain::daily(v0, v, days, out);
        bound(v0, v, out);
    }

    fn gains(&self, v0: f64, v: &[f64], a: &[f64], order: &[u32], out: &mut [f64], sets: &mut Vec<(f64, f64)>) {
        let on = |i: u32| shelf(a[i as usize]);
        let always = order.iter().take_while(|&&i| on(i) >= 1.0).count();
        let ever = order.iter().take_while(|&&i| on(i) > 0.0).count();
        let partly = &order[always..ever];
        let steady: f64 = v0 + order[..always].iter().map(|&i| v[i as usize]).sum::<f64>();
        let rho = self.overlap.clamp(0.0, 1.0);

        out.fill(0.0);
        if partly.is_empty() {
            order[..always].iter().for_each(|&i| out[i as usize] = 1.0 / steady);
        } else {
            if rho > 0.0 {
                gain::overlapping(rho, v0, v, a, &order[..ever], out);
            }
            if rho < 1.0 {
                let exact = partly.len() <= self.exact_limit.min(16);
                let add = if exact { gain::independent } else { gain::approximate };
                add(1.0 - rho, steady, v, a, (&order[..always], partly), out, sets);
            }
        }
        bound(v0, v, out);
    }

    /// Customers who came, `lambda`, and into `out` what they would have bought with everything in stock, `X`, given
    /// the attractions `v` (they sum to 1). Linear in the sales, so that returns beyond sales stay what they are.
    ///
    /// With nothing out, `X` is the sales. With a single product it is `z / a`, however small `a`: who wants less
    /// trust in a few days' sales raises `a` to [`AVAILABILITY_FLOOR`] first. Sales of a product that was never in
    /// stock are not used. None where nothing that anybody wants was in stock; `out` then holds the sales, and
    /// [`Market::unseen`] gives the month from its neighbours' `lambda`.
    pub fn recover(
        &self,
        sales: &[f64],
        availability: &[f64],
        v: &[f64],
        out: &mut [f64],
        work: &mut Workspace,
    ) -> Option<f64> {
        self.recover_with(self.nothing(), (sales, availability, None), v, out, work)
    }

    /// [`Market::recover`] where stock was noted day by day.
    pub fn recover_by_day(
        &self,
        (sales, availability, days): (&[f64], &[f64], Option<Days>),
        v: &[f64],
        out: &mut [f64],
        work: &mut Workspace,
    ) -> Option<f64> {
        self.recover_with(self.nothing(), (sales, availability, days), v, out, work)
    }

    fn recover_with(
        &self,
        v0: f64,
        (z, a, days): (&[f64], &[f64], Option<Days>),
        v: &[f64],
        out: &mut [f64],
        work: &mut Workspace,
    ) -> Option<f64> {
        debug_assert!(z.len() == v.len() && a.len() == v.len() && out.len() == v.len());
        let n = z.len().min(a.len()).min(v.len());
        let (z, a, v) = (&z[..n], &a[..n], &v[..n]);
        out.iter_mut().zip(z).for_each(|(x, &z)| *x = z);
        let all = v0 + 1.0;
        if a.iter().all(|&a| a >= 1.0) {
            return (!z.is_empty()).then(|| (z.iter().sum::<f64>() * all).max(0.0));
        }
        let Workspace { order, gains, sets, .. } = work;
        gains.clear();
        gains.resize(n, 0.0);
        if let Some(days) = days {
            gain::daily(v0, v, days, gains);
            bound(v0, v, gains);
        } else {
            order.clear();
            push_order(a, order);
            self.gains(v0, v, a, order, gains, sets);
        }
        let (mut on_shelf, mut exposed, mut sold) = (0.0, 0.0, 0.0);
        for (((&a, &v), &g), &z) in a.iter().zip(v).zip(gains.iter()).zip(z) {
            let a = shelf(a);
            if a > 0.0 {
                on_shelf += a * v;
                exposed += a * v * g;
                sold += z;
            }
        }
        if on_shelf <= NEVER {
            return None;
        }
        let lambda = (sold / exposed).max(0.0);
        for ((((x, &z), &a), &v), &g) in out.iter_mut().zip(z).zip(a).zip(v).zip(gains.iter()) {
            let a = shelf(a);
            let own = if a > 0.0 { z / (all * g) } else { 0.0 };
            *x = own + lambda * (1.0 - a) * v / all;
        }
        Some(lambda)
    }

    /// A month in which everything was out: `X_i = lambda v_i / (v0 + 1)` with `lambda` from the months around it.
    pub fn unseen(&self, lambda: f64, v: &[f64], out: &mut [f64]) {
        let all = self.nothing() + 1.0;
        out.iter_mut().zip(v).for_each(|(x, &v)| *x = lambda * v / all);
    }

    /// The way back, from `demand` with everything in stock to what is sold at availability `a`:
    /// `lambda a_i v_i G_i` with `v` the shares of the demand and `lambda = (v0 + 1) sum demand`.
    pub fn sold(&self, demand: &[f64], a: &[f64], out: &mut [f64], work: &mut Workspace) {
        let total: f64 = demand.iter().map(|d| d.max(0.0)).sum();
        if total <= 0.0 || a.iter().all(|&a| a >= 1.0) {
            out.iter_mut().zip(demand).for_each(|(x, &d)| *x = d);
            return;
        }
        debug_assert!(demand.len() == a.len() && out.len() == a.len());
        let mut v = std::mem::take(&mut work.shares);
        v.clear();
        v.extend(demand.iter().map(|d| d.max(0.0) / total));
        self.exposure(&v, a, out, work);
        let lambda = (self.nothing() + 1.0) * total;
        for ((x, &v), &a) in out.iter_mut().zip(&v).zip(a) {
            *x *= lambda * shelf(a) * v;
        }
        work.shares = v;
    }
}

/// Between everything in stock and being alone on the shelf.
fn bound(v0: f64, v: &[f64], gains: &mut [f64]) {
    for (g, &v) in gains.iter_mut().zip(v) {
        *g = g.min(1.0 / (v0 + v)).max(1.0 / (v0 + 1.0));
    }
}

/// Availability as it is used: within 0 and 1, and 0 below [`NEVER`].
fn shelf(a: f64) -> f64 {
    if a >= NEVER { a.min(1.0) } else { 0.0 }
}

/// Adds the products to `order`, those longest in stock first, ties in their own order.
fn push_order(a: &[f64], order: &mut Vec<u32>) {
    let start = order.len();
    order.extend(0..a.len() as u32);
    order[start..].sort_by(|&i, &j| shelf(a[j as usize]).total_cmp(&shelf(a[i as usize])));
}

#[cfg(test)]
mod tests;
