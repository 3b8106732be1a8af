//! What the ledger teaches the revision (docs/METHOD.md#lessons): the bias of each source at each region, how much
//! each source counts, what the stock in the channel does to the next month, and how a month fills up. Where the
//! ledger is too short for a lesson there is none, and the plain rule holds.

use crate::grid::Scope;

/// Lags that a lesson can be about: the landing, the first and the second month ahead.
pub const LAGS: usize = 3;

/// A region node and the products meant.
pub type Key = (usize, Scope);

/// Everything learned from what was issued before.
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    /// By lag: how the front line is combined with ours.
    pub front: [Option<Combination>; LAGS],
    /// What the stock in the channel does to the month ahead.
    pub channel: Option<Channel>,
    /// How a month fills up.
    pub landing: Option<Landing>,
}

/// Sources of a combination, in the order of its weights.
pub const SOURCES: [&str; 3] = ["ours", "front", "target"];

/// Biases and weights at one lag.
#[derive(Clone, Debug)]
pub struct Combination {
    /// By [`SOURCES`], summing to 1.
    pub weights: [f64; 3],
    /// Of our own forecast.
    pub ours: Biases<Key>,
    /// Of each contributor at each key.
    pub front: Biases<(Key, String)>,
    /// Of the target.
    pub target: Biases<Key>,
    /// What they rest on.
    pub evidence: Evidence,
}

/// How a lesson did where it could be tried: at past months, each with what earlier ones taught.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Months learned from.
    pub months: usize,
    /// Rows learned from: regions and products by month.
    pub rows: usize,
    /// Months at which it was tried.
    pub tried: usize,
    /// WAPE of what it gave there, and of the plain rule; none where it was not tried.
    pub wape: Option<(f64, f64)>,
}

/// Log biases, each drawn to their mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Biases<K> {
    /// The mean of all, as a log.
    pub pooled: f64,
    /// By key in order: log bias, and the months it rests on.
    pub each: Vec<(K, f64, usize)>,
}

impl<K> Default for Biases<K> {
    /// Nobody's bias is known.
    fn default() -> Biases<K> {
        Biases { pooled: 0.0, each: Vec::new() }
    }
}

/// One forecaster's bias.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bias {
    /// What a forecast is multiplied by: 1.1 for one that runs a tenth low.
    pub factor: f64,
    /// Months of the forecaster's own that it rests on; 0: the mean of the others.
    pub months: usize,
}

impl Bias {
    /// No bias is known.
    pub const NONE: Bias = Bias { factor: 1.0, months: 0 };
}

impl<K: Ord> Biases<K> {
    /// The bias at a key; the mean of all where it has none of its own.
    pub fn at(&self, key: &K) -> Bias {
        match self.each.binary_search_by(|(k, ..)| k.cmp(key)).ok().and_then(|i| self.each.get(i)) {
            Some((_, log, months)) => Bias { factor: log.exp(), months: *months },
            None => Bias { factor: self.pooled.exp(), months: 0 },
        }
    }
}

/// A number of one source with its bias.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Units, as given.
    pub units: f64,
    /// Its bias.
    pub bias: Bias,
}

impl Part {
    /// Units with the bias taken out.
    pub fn value(&self) -> f64 {
        self.units * self.bias.factor
    }
}

/// One total put together from its sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    /// By [`SOURCES`], summing to 1; 0 for a source that says nothing here.
    pub weights: [f64; 3],
    /// Ours after the attainment cut.
    pub ours: Part,
    /// Each contributor's.
    pub front: Vec<Part>,
    /// The target of the month; none where there is none or it has no weight.
    pub target: Option<Part>,
}

impl Mixture {
    /// Units: each source without its bias, by its weight; the contributors count alike.
    pub fn total(&self) -> f64 {
        let front = self.front.iter().map(Part::value).sum::<f64>() / self.front.len().max(1) as f64;
        let target = self.target.map_or(0.0, |t| t.value());
        let [ours, by_front, by_target] = self.weights;
        ours * self.ours.value() + by_front * front + by_target * target
    }

    /// The plain rule: the front line by a fixed weight, nobody's bias known.
    pub fn plain(weight: f64, ours: f64, front: impl IntoIterator<Item = f64>) -> Mixture {
        let part = |units| Part { units, bias: Bias::NONE };
        Mixture {
            weights: [1.0 - weight, weight, 0.0],
            ours: part(ours),
            front: front.into_iter().map(part).collect(),
            target: None,
        }
    }
}

impl Combination {
    /// Puts a total together; `front` are the contributors with their numbers, at least one.
    pub fn mixture<'a>(
        &self,
        key: Key,
        ours: f64,
        front: impl IntoIterator<Item = (&'a str, f64)>,
        target: Option<f64>,
    ) -> Mixture {
        let [a, b, c] = self.weights;
        let target = target.filter(|t| *t > 0.0 && c > 0.0).map(|units| Part { units, bias: self.target.at(&key) });
        let c = if target.is_some() { c } else { 0.0 };
        let sum = a + b + c;
        let by = |(by, units): (&str, f64)| Part { units, bias: self.front.at(&(key, by.to_owned())) };
        Mixture {
            weights: if sum > 0.0 { [a / sum, b / sum, c / sum] } else { [0.5, 0.5, 0.0] },
            ours: Part { units: ours, bias: self.ours.at(&key) },
            front: front.into_iter().map(by).collect(),
            target,
        }
    }
}

/// Variables of the attainment's regression: 1, `log(cover / norm)`, the last log miss, `log(landing / its forecast)`.
pub const CHANNEL_VARIABLES: usize = 4;
/// What a learned attainment may be, at least and at most (docs/METHOD.md#lessons).
pub const ATTAINMENT_RANGE: (f64, f64) = (0.6, 1.3);

/// `log(actual / forecast) = b . x`, times what the past predictions were short of.
#[derive(Clone, Debug)]
pub struct Channel {
    /// One coefficient a variable.
    pub b: [f64; CHANNEL_VARIABLES],
    /// Discounted sum of actuals over that of the predictions.
    pub ratio: f64,
    /// By key in order: `log(actual / forecast)` of the last complete month, one month ahead.
    pub misses: Vec<(Key, f64)>,
    /// What it rests on.
    pub evidence: Evidence,
}

/// A learned attainment with what it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attained {
    /// The variables.
    pub x: [f64; CHANNEL_VARIABLES],
    /// `exp(b . x) x ratio`, within [`ATTAINMENT_RANGE`].
    pub factor: f64,
}

impl Channel {
    /// The last log miss of a key; 0 where nothing was issued for that month.
    pub fn miss(&self, key: Key) -> f64 {
        self.misses.binary_search_by_key(&key, |(k, _)| *k).ok().and_then(|i| self.misses.get(i)).map_or(0.0, |m| m.1)
    }

    /// The attainment of the month ahead. `landing` is the landing of the month made over its forecast, 1 where there
    /// is none.
    pub fn attained(&self, key: Key, cover: f64, norm: f64, landing: f64) -> Attained {
        let log = |x: f64| if x > 0.0 && x.is_finite() { x.ln() } else { 0.0 };
        let x = [1.0, log(cover / norm), self.miss(key), log(landing)];
        let told = self.b.iter().zip(&x).map(|(b, x)| b * x).sum::<f64>().exp() * self.ratio;
        Attained { x, factor: told.clamp(ATTAINMENT_RANGE.0, ATTAINMENT_RANGE.1) }
    }
}

/// How a month fills up, and what its forecast is worth beside what has sold.
#[derive(Clone, Debug)]
pub struct Landing {
    /// k: what part of a month's sales the forecast counts as.
    pub prior: f64,
    /// Months in order: share of working days passed, log of the share of the month's units sold by then over it, weight.
    pub profile: Vec<(f64, f64, f64)>,
    /// What it rests on.
    pub evidence: Evidence,
}

/// Records count for days near theirs: at a distance of this share of a month by `exp(-1/2)`.
const NEAR: f64 = 0.1;
/// The working days count as so many months that filled up evenly.
const EVEN_MONTHS: f64 = 2.0;

impl Landing {
    /// The share of the month's units expected by the time a share of the working days has passed, within (0, 1].
    pub fn share(&self, passed: f64) -> f64 {
        if passed <= 0.0 || passed >= 1.0 {
            return passed.clamp(0.0, 1.0);
        }
        let (mut sum, mut all) = (0.0, EVEN_MONTHS);
        for (at, log, weight) in &self.profile {
            let w = weight * (-0.5 * ((at - passed) / NEAR).powi(2)).exp();
            sum += w * log;
            all += w;
        }
        (passed * (sum / all).exp()).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_line_by_hand() {
        // X says 540, we 600: halves. Once X is known to run 10% low its 540 counts as 594.
        assert_eq!(Mixture::plain(0.5, 600.0, [540.0]).total(), 570.0);
        let (key, x) = ((1, Scope::All), "X".to_owned());
        let low = Combination {
            weights: [0.5, 0.5, 0.0],
            ours: Biases::default(),
            front: Biases { pooled: 0.0, each: vec![((key, x), 1.1_f64.ln(), 6)] },
            target: Biases::default(),
            evidence: Evidence::default(),
        };
        let mixture = low.mixture(key, 600.0, [("X", 540.0)], Some(700.0));
        assert!((mixture.front[0].value() - 594.0).abs() < 1e-9 && mixture.target.is_none());
        assert!((mixture.total() - 597.0).abs() < 1e-9);
        // Somebody new has the mean of the others.
        assert_eq!(low.mixture(key, 600.0, [("Y", 540.0)], None).total(), 570.0);
    }

    #[test]
    fn a_target_counts_where_it_has_earned_it() {
        let key = (2, Scope::Group(1));
        let each = Biases { pooled: 0.0, each: vec![(key, 0.5_f64.ln(), 4)] };
        let c = Combination {
            weights: [0.5, 0.3, 0.2],
            ours: Biases::default(),
            front: Biases::default(),
            target: each,
            evidence: Evidence::default(),
        };
        assert!((c.mixture(key, 100.0, [("A", 90.0), ("B", 110.0)], Some(300.0)).total() - 110.0).abs() < 1e-9);
        // Without one, the others share its weight.
        let without = c.mixture(key, 100.0, [("A", 60.0)], None);
        assert!((without.total() - (0.625 * 100.0 + 0.375 * 60.0)).abs() < 1e-9);
    }

    #[test]
    fn a_month_that_fills_up_late() {
        let landing = |profile| Landing { prior: 0.25, profile, evidence: Evidence::default() };
        assert_eq!(landing(Vec::new()).share(0.4), 0.4);
        // Two records at the same day of 0.8 of an even month beside the two months of working days: half-way in logs.
        let late = landing(vec![(0.4, 0.8_f64.ln(), 1.0), (0.4, 0.8_f64.ln(), 1.0)]);
        assert!((late.share(0.4) - 0.4 * 0.8_f64.sqrt()).abs() < 1e-12);
        assert!(late.share(0.9) > 0.899 && late.share(1.0) == 1.0 && late.share(0.0) == 0.0);
    }

    #[test]
    fn attainment_by_hand() {
        let key = (1, Scope::All);
        let channel = Channel {
            b: [0.02, -0.3, 0.1, 0.2],
            ratio: 1.01,
            misses: vec![(key, -0.05)],
            evidence: Evidence::default(),
        };
        let found = channel.attained(key, 1.5, 1.0, 0.9);
        let log = 0.02 - 0.3 * 1.5_f64.ln() + 0.1 * -0.05 + 0.2 * 0.9_f64.ln();
        assert!((found.factor - log.exp() * 1.01).abs() < 1e-12);
        assert_eq!(channel.attained(key, 1e9, 1.0, 1.0).factor, 0.6);
        assert_eq!(channel.attained((2, Scope::All), 1e-9, 1.0, 1.0).factor, 1.3);
    }
}
