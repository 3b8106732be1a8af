//! How far off the projections of communities may be: variances of sums over communities and months, and 80% bounds.
//!
//! ```text
//! var = counts + months + sum_c (sum_t mu_ct)^2 v_c + (.06 sum mu)^2 + (sum_t mu_t s_t)^2 + (a sum_not contracted mu)^2
//! ```
//! with `counts` the Poisson part, `months` a community's months beside its curve, `v_c = 1 / (kappa + o)` of the
//! community's multipliers (docs/METHOD.md#communities) and what the trial of a year ago found missing, 6% the error
//! of the curve itself,
//! `s_t` the relative error of next year's rate, and `a` that of the rate at which contracts arrive. The last three all
//! communities share: they do not average out. Communities not contracted yet have no months of their own but the chance
//! that so many of such a size are contracted ([`super::arrivals`]), each of which may stray as those without a record do.

use super::Projection;
use super::purchase::Purchases;
use super::signings::Z80;

/// Error of the curve itself, a share of any sum of signings (docs/METHOD.md#communities).
const CURVE_ERROR: f64 = 0.06;

/// What flows from a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Households signing.
    Signings,
    /// Households buying goods.
    Buyers,
    /// Policies.
    Policies,
}

/// A sum of projections with its variance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    /// The sum.
    pub mean: f64,
    counts: f64,
    own: f64,
    curve: f64,
    rates: [f64; 4],
}

impl Amount {
    /// Its variance.
    pub fn variance(&self) -> f64 {
        let shared = self.curve.powi(2) + self.rates.iter().map(|x| x * x).sum::<f64>();
        self.counts + self.own + shared
    }

    /// 80% bounds, of a lognormal distribution with this mean and variance: nothing is sold below 0.
    pub fn bounds(&self) -> [f64; 2] {
        bounds(self.mean, self.variance())
    }

    /// So many renewals, each counting `size`, at a share renewed that may be `off` (relative).
    pub fn renewals(units: f64, size: f64, off: f64) -> Amount {
        let mean = units * size;
        Amount { mean, counts: mean * size.abs(), rates: [0.0, 0.0, mean * off, 0.0], ..Amount::default() }
    }

    /// Adds another sum, of other communities or of the same in other months or flows: their shared errors add up, their
    /// own are taken as they come.
    pub fn add(&mut self, other: &Amount) {
        self.mean += other.mean;
        self.counts += other.counts;
        self.own += other.own;
        self.curve += other.curve;
        self.rates.iter_mut().zip(other.rates).for_each(|(a, b)| *a += b);
    }
}

/// 80% bounds of a lognormal distribution: `mean exp(-s^2/2 -+ z s)`, `s^2 = ln(1 + variance / mean^2)`.
pub fn bounds(mean: f64, variance: f64) -> [f64; 2] {
    if mean <= 0.0 {
        return [mean.max(0.0); 2];
    }
    let squared = (1.0 + variance / (mean * mean)).ln();
    let s = squared.sqrt();
    let [low, high] = [-1.0, 1.0].map(|side| mean * (side * Z80 * s - squared / 2.0).exp());
    // Of what seldom happens the mean lies beyond nearly all that does; it is shown, so the bounds hold it.
    [low, high.max(mean)]
}

impl Projection {
    /// What flows from a community in months ahead, each of its units counting `size(month ahead)` (1: itself; yuan).
    pub fn amount(
        &self,
        community: usize,
        months: std::ops::Range<usize>,
        flow: Flow,
        size: impl Fn(usize) -> f64,
    ) -> Amount {
        let purchases: Option<&Purchases> = match flow {
            Flow::Signings => None,
            Flow::Buyers => self.goods.as_ref(),
            Flow::Policies => self.policies.as_ref(),
        };
        let ahead = match flow {
            Flow::Signings => Some(&self.signings.ahead),
            _ => purchases.map(|p| &p.ahead),
        };
        let mut out = Amount::default();
        let Some(ahead) = ahead else { return out };
        let mut months_alone = 0.0;
        for h in months.clone() {
            let (units, size) = (ahead.get((community, h)).copied().unwrap_or_default(), size(h));
            let mean = units * size;
            out.mean += mean;
            out.counts += mean * size.abs();
            months_alone += mean * mean;
            let rate = purchases.and_then(|p| p.common.get(h)).copied().unwrap_or_default();
            // Next year's step, and what so few communities (or a stated rate) leave open of the pool's own rate.
            let pool = purchases.map_or(0.0, |p| p.units.pool);
            let off = if pool > 0.0 { (rate * rate + pool).sqrt() } else { rate };
            out.rates[usize::from(flow == Flow::Policies)] += mean * off;
        }
        let spread = self.signings.spread(community) + purchases.map_or(0.0, |p| p.spread(community));
        out.own = out.mean * out.mean * spread + self.signings.month_noise * months_alone;
        let pool = self.signings.units.pool;
        let curve = if pool > 0.0 { (CURVE_ERROR * CURVE_ERROR + pool).sqrt() } else { CURVE_ERROR };
        out.curve = curve * out.mean;
        if let (true, Ok(arrivals)) = (community >= self.record.named, &self.record.arrivals) {
            let begin = self.record.months;
            // What is bought hangs on as many contracts as the signings of the same months.
            let share = |handover: i32| -> f64 {
                let season = |t: usize| self.signings.season.get(t).copied().unwrap_or_default();
                let of = |t: usize| self.signings.curve.at(t as i32 - handover) * season(t);
                months.clone().map(|h| of(begin + h)).sum()
            };
            let leaf = arrivals.spread.get(community - self.record.named).copied().unwrap_or_default();
            let chance = arrivals.variance(community, share);
            out.own = out.mean * out.mean * (chance * (1.0 + spread) + leaf);
            out.rates[3] = out.mean * arrivals.off;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_the_mean_and_stay_above_nothing() {
        let [low, high] = bounds(100.0, 400.0);
        // s = .198: 100 exp(-.0196 -+ .2538).
        assert!((low - 76.08).abs() < 0.05 && (high - 126.39).abs() < 0.05, "{low} {high}");
        let [low, high] = bounds(1.0, 1.0);
        assert!(low > 0.0 && high > 1.0);
        // A chance of one in a thousand of 1,000.
        let [low, high] = bounds(1.0, 1000.0);
        assert!(low < 0.1 && high == 1.0, "{low} {high}");
        assert_eq!(bounds(0.0, 3.0), [0.0; 2]);
    }

    #[test]
    fn what_all_share_does_not_average_out() {
        let one = Amount { mean: 100.0, counts: 100.0, own: 300.0, curve: 6.0, rates: [10.0, 0.0, 0.0, 0.0] };
        assert!((one.variance() - (400.0 + 36.0 + 100.0)).abs() < 1e-9);
        let mut four = one;
        (0..3).for_each(|_| four.add(&one));
        assert!((four.variance() - (1600.0 + 16.0 * 136.0)).abs() < 1e-9);
    }
}
