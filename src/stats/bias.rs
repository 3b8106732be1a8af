//! Means of many small groups, each drawn to the mean of all (empirical Bayes): how far a forecaster runs off, learned
//! from few months (docs/METHOD.md#lessons).
//!
//! With weights w of a group's values, their mean m, effective number `n = (sum w)^2 / sum w^2`, and over all groups
//! ```text
//! within   s^2   = sum w (x - m)^2 / sum sum w (1 - 1/n)
//! pooled   mu    = sum n m / sum n
//! between  tau^2 = max(0, variance of the m - mean of s^2/n)
//! drawn    mu + tau^2 / (tau^2 + s^2/n) (m - mu)
//! ```
//! Source: Efron, Morris 1975 (Journal of the American Statistical Association 70).

/// One group: sums that its mean and spread come from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Group {
    weight: f64,
    square: f64,
    sum: f64,
    sum_of_squares: f64,
    /// How many values.
    pub count: usize,
}

impl Group {
    /// Adds a value.
    pub fn add(&mut self, weight: f64, value: f64) {
        self.weight += weight;
        self.square += weight * weight;
        self.sum += weight * value;
        self.sum_of_squares += weight * value * value;
        self.count += 1;
    }

    fn mean(&self) -> f64 {
        self.sum / self.weight
    }

    fn effective(&self) -> f64 {
        self.weight * self.weight / self.square
    }

    /// `sum w (x - m)^2`; rounding may not make it negative.
    fn spread(&self) -> f64 {
        (self.sum_of_squares - self.sum * self.sum / self.weight).max(0.0)
    }
}

/// The mean of all groups, and each group's mean drawn to it; a group without values has the mean of all. Nothing
/// known of any: all 0.
pub fn drawn(groups: &[Group]) -> (f64, Vec<f64>) {
    let known: Vec<&Group> = groups.iter().filter(|g| g.weight > 0.0).collect();
    let all: f64 = known.iter().map(|g| g.effective()).sum();
    if known.is_empty() {
        return (0.0, vec![0.0; groups.len()]);
    }
    let pooled = known.iter().map(|g| g.effective() * g.mean()).sum::<f64>() / all;
    let freedom: f64 = known.iter().map(|g| g.weight * (1.0 - 1.0 / g.effective())).sum();
    let within = if freedom > 0.0 { known.iter().map(|g| g.spread()).sum::<f64>() / freedom } else { 0.0 };
    let count = known.len() as f64;
    let mean = known.iter().map(|g| g.mean()).sum::<f64>() / count;
    let between = match known.len() {
        1 => 0.0,
        _ => {
            let variance = known.iter().map(|g| (g.mean() - mean).powi(2)).sum::<f64>() / (count - 1.0);
            (variance - known.iter().map(|g| within / g.effective()).sum::<f64>() / count).max(0.0)
        }
    };
    let one = |g: &Group| {
        if g.weight <= 0.0 {
            return pooled;
        }
        let noise = within / g.effective();
        let believed = if between > 0.0 { between / (between + noise) } else { 0.0 };
        pooled + believed * (g.mean() - pooled)
    };
    (pooled, groups.iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(values: &[f64]) -> Group {
        let mut group = Group::default();
        values.iter().for_each(|x| group.add(1.0, *x));
        group
    }

    #[test]
    fn two_contributors_and_three_months_by_hand() {
        // Means .10 and -.02, pooled .04. Within: (2 x .0002) / (2 x 3 x 2/3) = .0001. Of the means: variance .0072,
        // less .0001 / 3. Believed: .00716667 / (.00716667 + .00003333) = .99537037.
        let (pooled, drawn) = drawn(&[group(&[0.09, 0.10, 0.11]), group(&[-0.03, -0.02, -0.01])]);
        assert!((pooled - 0.04).abs() < 1e-12);
        assert!((drawn[0] - (0.04 + 0.9953703703703703 * 0.06)).abs() < 1e-12, "{drawn:?}");
        assert!((drawn[1] - (0.04 - 0.9953703703703703 * 0.06)).abs() < 1e-12, "{drawn:?}");
    }

    #[test]
    fn groups_that_differ_only_by_chance_are_one() {
        let (pooled, drawn) = drawn(&[group(&[0.3, -0.1]), group(&[-0.2, 0.4]), Group::default()]);
        assert!((pooled - 0.1).abs() < 1e-12 && drawn.iter().all(|x| (x - pooled).abs() < 1e-12));
        assert_eq!(super::drawn(&[Group::default()]), (0.0, vec![0.0]));
    }

    #[test]
    fn recent_months_count_for_more() {
        let mut one = Group::default();
        [(1.0, 0.2), (0.5, 0.0), (0.25, -0.4)].iter().for_each(|(w, x)| one.add(*w, *x));
        let (pooled, _) = drawn(&[one]);
        assert!((pooled - 0.1 / 1.75).abs() < 1e-12);
    }
}
