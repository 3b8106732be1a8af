//! Weighted ridge regression from sums that add up: the sums of many samples, each with its own weight, cost one small
//! solution (Hoerl, Kennard 1970, Technometrics 12).
//!
//! For rows x with outcome y and weight w, centred by their weighted means:
//! ```text
//! beta = (X'WX + diag(penalty x max(diag(X'WX), 1e-6 sum w)))^-1 X'Wy
//! ```
//! A penalty in proportion to each variable's own square makes the units of the variables irrelevant.

/// A variable that varies less than this (per weight) is held back by as much: one that never varied says nothing.
const LEAST_SQUARE: f64 = 1e-6;

/// Weighted sums of products of k variables and an outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    k: usize,
    /// X'WX, row by row, the lower triangle.
    xx: Vec<f64>,
    xy: Vec<f64>,
    x: Vec<f64>,
    y: f64,
    /// Squares of the outcome.
    yy: f64,
    weight: f64,
}

/// A fitted line: `mean_y + (x - mean_x)' beta`.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// One coefficient a variable.
    pub beta: Vec<f64>,
    /// Weighted means of the variables.
    pub mean_x: Vec<f64>,
    /// Weighted mean of the outcome.
    pub mean_y: f64,
}

impl Sums {
    /// Nothing yet, for k variables.
    pub fn new(k: usize) -> Sums {
        Sums { k, xx: vec![0.0; k * k], xy: vec![0.0; k], x: vec![0.0; k], y: 0.0, yy: 0.0, weight: 0.0 }
    }

    /// One row of k variables with its outcome and weight.
    pub fn add(&mut self, x: &[f64], y: f64, w: f64) {
        debug_assert!(x.len() == self.k);
        for (i, &value) in x.iter().enumerate() {
            let wx = w * value;
            self.x[i] += wx;
            self.xy[i] += wx * y;
            let row = &mut self.xx[i * self.k..i * self.k + i + 1];
            row.iter_mut().zip(x).for_each(|(sum, other)| *sum += wx * other);
        }
        self.y += w * y;
        self.yy += w * y * y;
        self.weight += w;
    }

    /// The sums of other rows, `times` over.
    pub fn add_sums(&mut self, other: &Sums, times: f64) {
        debug_assert!(other.k == self.k);
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(a, b)| *a += times * b);
        add(&mut self.xx, &other.xx);
        add(&mut self.xy, &other.xy);
        add(&mut self.x, &other.x);
        self.y += times * other.y;
        self.yy += times * other.yy;
        self.weight += times * other.weight;
    }

    /// All sums as one list, and from one.
    pub fn to_list(&self) -> Vec<f64> {
        [&self.xx[..], &self.xy, &self.x, &[self.y, self.yy, self.weight]].concat()
    }

    /// The sums of k variables from their list; nothing where it is not of that length.
    pub fn from_list(k: usize, list: &[f64]) -> Sums {
        let mut rest = list;
        let mut next = |length: usize| rest.split_off(..length).map(<[f64]>::to_vec);
        match (next(k * k), next(k), next(k), rest) {
            (Some(xx), Some(xy), Some(x), &[y, yy, weight]) => Sums { k, xx, xy, x, y, yy, weight },
            _ => Sums::new(k),
        }
    }

    /// The sums of the same rows less their weighted means.
    pub fn centred(&self) -> Sums {
        let mut out = Sums::new(self.k);
        out.weight = self.weight;
        if self.weight <= 0.0 {
            return out;
        }
        out.yy = self.yy - self.y * self.y / self.weight;
        for i in 0..self.k {
            out.xy[i] = self.xy[i] - self.x[i] * self.y / self.weight;
            for j in 0..=i {
                out.xx[i * self.k + j] = self.xx[i * self.k + j] - self.x[i] * self.x[j] / self.weight;
            }
        }
        out
    }

    /// Root of the mean squared outcome: its standard deviation where the rows are centred; 0 without rows.
    pub fn spread(&self) -> f64 {
        if self.weight > 0.0 { (self.yy.max(0.0) / self.weight).sqrt() } else { 0.0 }
    }

    /// The line through the rows, centred by their means; none without rows.
    pub fn line(&self, penalty: f64) -> Option<Line> {
        let beta = self.centred().ridge(penalty)?;
        let mean = |x: &f64| x / self.weight;
        Some(Line { beta, mean_x: self.x.iter().map(mean).collect(), mean_y: mean(&self.y) })
    }

    /// The coefficients of the rows as they are; none without rows.
    pub fn ridge(&self, penalty: f64) -> Option<Vec<f64>> {
        self.penalised(|own| penalty * own.max(LEAST_SQUARE * self.weight))
    }

    /// The same with one penalty for all variables, in units of their squares: `(X'WX + penalty I)^-1 X'Wy`.
    pub fn ridge_alike(&self, penalty: f64) -> Option<Vec<f64>> {
        self.penalised(|_| penalty)
    }

    fn penalised(&self, penalty: impl Fn(f64) -> f64) -> Option<Vec<f64>> {
        if self.weight.is_nan() || self.weight <= 0.0 {
            return None;
        }
        let k = self.k;
        let mut a = self.xx.clone();
        for i in 0..k {
            a[i * k + i] += penalty(a[i * k + i]);
        }
        cholesky(&mut a, k)?;
        Some(solve(&a, &self.xy, k))
    }
}

impl Line {
    /// The outcome expected at x.
    pub fn at<'a>(&self, x: impl IntoIterator<Item = &'a f64>) -> f64 {
        let terms = x.into_iter().zip(&self.mean_x).zip(&self.beta);
        self.mean_y + terms.map(|((x, mean), beta)| (x - mean) * beta).sum::<f64>()
    }
}

/// The lower triangle of a symmetric matrix made its Cholesky factor; none where it is not positive definite.
fn cholesky(a: &mut [f64], k: usize) -> Option<()> {
    for i in 0..k {
        for j in 0..=i {
            let (above, below) = a.split_at_mut(i * k);
            let mut sum = below[j];
            if j < i {
                let other = &above[j * k..j * k + j + 1];
                sum -= dot(&below[..j], &other[..j]);
                below[j] = sum / other[j];
            } else {
                sum -= dot(&below[..i], &below[..i]);
                if sum.is_nan() || sum <= 0.0 {
                    return None;
                }
                below[i] = sum.sqrt();
            }
        }
    }
    Some(())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// L L' x = b.
fn solve(factor: &[f64], b: &[f64], k: usize) -> Vec<f64> {
    let mut x = b.to_vec();
    for i in 0..k {
        let known = dot(&factor[i * k..i * k + i], &x[..i]);
        x[i] = (x[i] - known) / factor[i * k + i];
    }
    for i in (0..k).rev() {
        let known: f64 = (i + 1..k).map(|j| factor[j * k + i] * x[j]).sum();
        x[i] = (x[i] - known) / factor[i * k + i];
    }
    x
}

/// Weights that sum to 1 for forecasts whose errors have the mean outer product `m` (k x k), drawn to `towards`
/// (which sums to 1): minimises `w'Mw + lambda |w - towards|^2`; negative ones are set to 0 and the rest scaled.
/// `lambda = strength x tr(M) / k` (docs/METHOD.md#lessons; Bates, Granger 1969).
pub fn weights<const K: usize>(m: &[[f64; K]; K], towards: &[f64; K], strength: f64) -> [f64; K] {
    let trace: f64 = (0..K).map(|i| m[i][i]).sum();
    let lambda = strength * trace / K as f64;
    let mut a: Vec<f64> = m.iter().flatten().copied().collect();
    (0..K).for_each(|i| a[i * K + i] += lambda);
    if trace.is_nan() || trace <= 0.0 || cholesky(&mut a, K).is_none() {
        return *towards;
    }
    let pulled = solve(&a, &towards.map(|t| lambda * t), K);
    let ones = solve(&a, &[1.0; K], K);
    let missing = (1.0 - pulled.iter().sum::<f64>()) / ones.iter().sum::<f64>();
    let mut w: [f64; K] = std::array::from_fn(|i| (pulled[i] + missing * ones[i]).max(0.0));
    let sum: f64 = w.iter().sum();
    if sum > 0.0 {
        w.iter_mut().for_each(|w| *w /= sum);
        w
    } else {
        *towards
    }
}

/// A weight below which it is none.
const NOTHING: f64 = 1e-9;

/// The same of those that `speak` only, and instead of setting negative ones to 0, these are left out and the rest is
/// solved again: the least squared error with no negative weight, where `weights` keeps the ledger's rule
/// (docs/METHOD.md#lessons).
pub fn least_error<const K: usize>(
    m: &[[f64; K]; K],
    towards: &[f64; K],
    strength: f64,
    mut speak: [bool; K],
) -> [f64; K] {
    for _ in 0..K {
        let at: Vec<usize> = (0..K).filter(|i| speak[*i]).collect();
        let k = at.len();
        let trace: f64 = at.iter().map(|i| m[*i][*i]).sum();
        let lambda = strength * trace / k.max(1) as f64;
        let mut a: Vec<f64> = at.iter().flat_map(|i| at.iter().map(|j| m[*i][*j])).collect();
        (0..k).for_each(|i| a[i * k + i] += lambda);
        if trace.is_nan() || trace <= 0.0 || cholesky(&mut a, k).is_none() {
            return *towards;
        }
        let sum: f64 = at.iter().map(|i| towards[*i]).sum();
        let share = |i: &usize| if sum > 0.0 { towards[*i] / sum } else { 1.0 / k as f64 };
        let pulled = solve(&a, &at.iter().map(|i| lambda * share(i)).collect::<Vec<f64>>(), k);
        let ones = solve(&a, &vec![1.0; k], k);
        let missing = (1.0 - pulled.iter().sum::<f64>()) / ones.iter().sum::<f64>();
        let mut out = [0.0; K];
        at.iter().zip(pulled.iter().zip(&ones)).for_each(|(i, (p, one))| out[*i] = p + missing * one);
        // Who gets nothing is left out, and so is who gets a rounding error of something.
        if at.iter().all(|i| out[*i] >= NOTHING) {
            return out;
        }
        (0..K).for_each(|i| speak[i] &= out[i] >= NOTHING);
    }
    *towards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_three_points_by_hand() {
        // y = 1 + 2 x exactly; without a penalty it is found, with penalty 1 the slope is halved around the means.
        let mut sums = Sums::new(1);
        for (x, w) in [(0.0, 1.0), (1.0, 2.0), (2.0, 1.0)] {
            sums.add(&[x], 1.0 + 2.0 * x, w);
        }
        let line = sums.line(0.0).unwrap();
        assert!((line.beta[0] - 2.0).abs() < 1e-12 && (line.at(&[5.0]) - 11.0).abs() < 1e-12);
        let half = sums.line(1.0).unwrap();
        assert!((half.beta[0] - 1.0).abs() < 1e-12 && (half.at(&[2.0]) - 4.0).abs() < 1e-12, "{half:?}");
    }

    #[test]
    fn sums_add_up_and_a_constant_variable_says_nothing() {
        let rows = [([1.0, 3.0, 7.0], 2.0), ([2.0, -1.0, 7.0], 0.5), ([0.0, 4.0, 7.0], 3.0), ([1.5, 1.5, 7.0], 1.0)];
        let (mut all, mut a, mut b) = (Sums::new(3), Sums::new(3), Sums::new(3));
        for (i, (x, y)) in rows.iter().enumerate() {
            all.add(x, *y, 2.0);
            if i % 2 == 0 { a.add(x, *y, 1.0) } else { b.add(x, *y, 1.0) }
        }
        a.add_sums(&b, 1.0);
        a.add_sums(&a.clone(), 1.0);
        let (found, wanted) = (a.line(0.3).unwrap(), all.line(0.3).unwrap());
        assert!(found.beta.iter().zip(&wanted.beta).all(|(x, y)| (x - y).abs() < 1e-12), "{found:?} {wanted:?}");
        assert!(found.beta[2].abs() < 1e-12);
        assert!(Sums::new(2).line(1.0).is_none());
    }

    #[test]
    fn units_of_a_variable_do_not_matter() {
        let fit = |times: f64| {
            let mut sums = Sums::new(2);
            for t in 0..20 {
                let x = f64::from(t % 7);
                sums.add(&[x * times, f64::from(t % 3)], (f64::from(t) * 0.7).sin() + x, 1.0 + f64::from(t % 2));
            }
            sums.line(2.0).unwrap().at(&[3.0 * times, 1.0])
        };
        assert!((fit(1.0) - fit(1000.0)).abs() < 1e-9);
    }

    #[test]
    fn weights_by_hand() {
        // Independent errors with squares 1 and 4, no pull: 4/5 and 1/5. All the pull: half and half.
        let m = [[1.0, 0.0], [0.0, 4.0]];
        let w = weights(&m, &[0.5, 0.5], 0.0);
        assert!((w[0] - 0.8).abs() < 1e-12 && (w[1] - 0.2).abs() < 1e-12);
        let w = weights(&m, &[0.5, 0.5], 1e9);
        assert!((w[0] - 0.5).abs() < 1e-6);
        // One that is only a noisier copy gets nothing.
        let w = weights(&[[1.0, 1.0], [1.0, 2.0]], &[0.5, 0.5], 1e-9);
        assert!((w[0] - 1.0).abs() < 1e-6);
        assert_eq!(weights(&[[0.0; 2]; 2], &[0.3, 0.7], 1.0), [0.3, 0.7]);
    }
}
