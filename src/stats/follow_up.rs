//! How purchases follow signings: what part of the buyers buys how many months after signing, and what part of each
//! year's signings buys at all.
//!
//! ```text
//! flow_t = season_t sum_k signings_{t-k} p_cohort g_k,   sum_k g_k = 1
//! ```
//! Purchases are known by unit (community) and month, not by cohort. That signings of many units rise and fall at
//! different times tells lags apart: `p` and `g` are fitted in turn by least squares, weighted by the inverse of what is
//! expected (the Poisson variance), no lag below 0. A young cohort is compared with the part of its buyers that has had
//! the time to come: its `p` is developed first.

use ndarray::ArrayView2;

use super::nonnegative::Sums;

/// Months after signing in which buyers still come.
pub const LAGS: usize = 12;
/// Rounds of rates and lags in turn.
const ROUNDS: usize = 12;
/// Added to what is expected before it weighs a month: half a purchase, so that quiet months do not weigh most.
const HALF: f64 = 0.5;

/// How purchases follow signings.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// g by months since signing; sums to 1.
    pub lags: Vec<f64>,
    /// p by year block, oldest first: purchases for each signing, all lags included.
    pub rates: Vec<f64>,
}

impl Flow {
    /// Learns from `signed` and `bought` (units x months), with the year block of every month, and the season's weight of
    /// every month of purchase. Rates of years without signings are those of the year beside them.
    pub fn fit(signed: ArrayView2<f64>, bought: ArrayView2<f64>, block: &[usize], season: &[f64]) -> Flow {
        let months = signed.ncols();
        let blocks = block.iter().max().map_or(0, |b| b + 1);
        let lags = LAGS.min(months.max(1));
        let total = |x: ArrayView2<f64>| x.iter().sum::<f64>();
        let start = if total(signed) > 0.0 { total(bought) / total(signed) } else { 0.0 };
        let mut flow = Flow { lags: vec![1.0 / lags as f64; lags], rates: vec![start; blocks] };
        if start <= 0.0 {
            return flow;
        }
        for _ in 0..ROUNDS {
            let (mut by_lag, mut by_block) = (Sums::new(lags), Sums::new(blocks));
            let (mut of_lag, mut of_block) = (vec![0.0; lags], vec![0.0; blocks]);
            for (s, b) in signed.rows().into_iter().zip(bought.rows()) {
                for t in 0..months {
                    of_lag.fill(0.0);
                    of_block.fill(0.0);
                    let mut expected = 0.0;
                    for k in 0..lags.min(t + 1) {
                        let (n, at) = (s[t - k] * season[t], block[t - k]);
                        of_lag[k] = n * flow.rates[at];
                        of_block[at] += n * flow.lags[k];
                        expected += of_lag[k] * flow.lags[k];
                    }
                    if of_lag.iter().any(|x| *x > 0.0) {
                        let weight = 1.0 / (expected + HALF);
                        by_lag.add(&of_lag, b[t], weight);
                        by_block.add(&of_block, b[t], weight);
                    }
                }
            }
            by_block.solve(&mut flow.rates);
            fill(&mut flow.rates, &by_block.open());
            by_lag.solve(&mut flow.lags);
            let sum: f64 = flow.lags.iter().sum();
            if sum <= 0.0 {
                flow.lags = vec![1.0 / lags as f64; lags];
                break;
            }
            flow.lags.iter_mut().for_each(|g| *g /= sum);
        }
        flow
    }

    /// Part of the buyers that has come by so many months after signing.
    pub fn developed(&self, months: usize) -> f64 {
        self.lags.iter().take(months + 1).sum()
    }
}

/// Years without signings take the rate of the nearest year with some, the later of two.
fn fill(rates: &mut [f64], known: &[bool]) {
    let from = rates.to_vec();
    for i in (0..rates.len()).filter(|i| !known[*i]) {
        let nearest = (0..rates.len()).filter(|j| known[*j]).min_by_key(|j| (j.abs_diff(i), usize::MAX - j));
        if let Some(j) = nearest {
            rates[i] = from[j];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn lags_and_rates_are_found_again() {
        // Forty communities that sign at different times; 20% buy in the first year, 30% in the second.
        let g = [0.6, 0.3, 0.1];
        let block: Vec<usize> = (0..24).map(|t| t / 12).collect();
        let signed = Array2::from_shape_fn((40, 24), |(c, t)| if (t * 7 + c * 5) % 11 < 3 { 100.0 } else { 0.0 });
        let p = |t: usize| [0.2, 0.3][block[t]];
        let season: Vec<f64> = (0..24).map(|t| if t % 12 == 3 { 1.5 } else { 1.0 }).collect();
        let bought = Array2::from_shape_fn((40, 24), |(c, t)| {
            (0..3.min(t + 1)).map(|k| signed[(c, t - k)] * p(t - k) * g[k] * season[t]).sum()
        });
        let flow = Flow::fit(signed.view(), bought.view(), &block, &season);
        assert!((flow.rates[0] - 0.2).abs() < 2e-3 && (flow.rates[1] - 0.3).abs() < 3e-3, "{:?}", flow.rates);
        assert!(flow.lags.iter().zip(g).all(|(a, b)| (a - b).abs() < 5e-3), "{:?}", flow.lags);
        assert!((flow.lags.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((flow.developed(1) - 0.9).abs() < 1e-2);
    }

    #[test]
    fn a_young_cohort_is_developed_first() {
        // Half buys at once, half a month later; the last month's cohort has shown only its first half.
        let signed = array![[100.0, 0.0, 0.0, 100.0], [0.0, 100.0, 0.0, 0.0]];
        let bought = array![[10.0, 10.0, 0.0, 10.0], [0.0, 10.0, 10.0, 0.0]];
        let flow = Flow::fit(signed.view(), bought.view(), &[0; 4], &[1.0; 4]);
        assert!((flow.rates[0] - 0.2).abs() < 5e-3, "{flow:?}");
    }

    #[test]
    fn nothing_bought_or_signed() {
        let none = Array2::zeros((2, 3));
        let some = Array2::ones((2, 3));
        assert_eq!(Flow::fit(some.view(), none.view(), &[0; 3], &[1.0; 3]).rates, [0.0]);
        assert_eq!(Flow::fit(none.view(), none.view(), &[0; 3], &[1.0; 3]).rates, [0.0]);
        let mut rates = [0.0, 0.2, 0.0, 0.4];
        fill(&mut rates, &[false, true, false, true]);
        assert_eq!(rates, [0.2, 0.2, 0.4, 0.4]);
    }
}
