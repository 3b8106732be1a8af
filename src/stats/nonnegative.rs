//! Least squares of few coefficients none of which may be negative, by coordinate descent on the sums of products.

/// Sweeps over the coefficients: with a dozen of them beyond any change that matters.
const SWEEPS: usize = 300;

/// Sums of products of a weighted least-squares problem.
#[derive(Clone, Debug)]
pub struct Sums {
    xx: Vec<Vec<f64>>,
    xy: Vec<f64>,
}

impl Sums {
    /// None yet, for so many coefficients.
    pub fn new(n: usize) -> Sums {
        Sums { xx: vec![vec![0.0; n]; n], xy: vec![0.0; n] }
    }

    /// Adds a row: what goes with each coefficient (at least 0), what came, how much it counts.
    pub fn add(&mut self, x: &[f64], y: f64, weight: f64) {
        for (i, a) in x.iter().enumerate().filter(|(_, a)| **a > 0.0) {
            self.xy[i] += weight * a * y;
            self.xx[i].iter_mut().zip(x).for_each(|(sum, b)| *sum += weight * a * b);
        }
    }

    /// Which coefficients the data speak of.
    pub fn open(&self) -> Vec<bool> {
        (0..self.xy.len()).map(|i| self.xx[i][i] > 0.0).collect()
    }

    /// The coefficients, from those given on, one after the other (coordinate descent).
    pub fn solve(&self, out: &mut [f64]) {
        for _ in 0..SWEEPS {
            for i in (0..out.len()).filter(|i| self.xx[*i][*i] > 0.0) {
                let with: f64 = self.xx[i].iter().zip(out.iter()).map(|(a, x)| a * x).sum();
                out[i] = (out[i] + (self.xy[i] - with) / self.xx[i][i]).max(0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coefficient_that_would_be_negative_is_nothing() {
        let mut sums = Sums::new(2);
        // y = 2 a - b where both speak: b stays at 0 and a takes the rest, sum of a y / sum of a a.
        for (a, b, y) in [(1.0, 0.0, 2.0), (1.0, 1.0, 1.0), (2.0, 1.0, 3.0)] {
            sums.add(&[a, b], y, 1.0);
        }
        let mut out = [0.0; 2];
        sums.solve(&mut out);
        assert!((out[0] - 9.0 / 6.0).abs() < 1e-9 && out[1] == 0.0, "{out:?}");
        // Without noise and with both positive the least squares themselves.
        let mut sums = Sums::new(2);
        for (a, b) in [(1.0, 0.0), (1.0, 3.0), (2.0, 1.0)] {
            sums.add(&[a, b], 2.0 * a + 0.5 * b, 1.0);
        }
        sums.solve(&mut out);
        assert!((out[0] - 2.0).abs() < 1e-9 && (out[1] - 0.5).abs() < 1e-9, "{out:?}");
    }
}
