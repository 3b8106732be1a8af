//! Households signing their gas contract, by part of a community and month.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};

use super::SIGNED;
use super::calendar::{MONTHS, Span, signing_season};
use super::communities::{Community, Part, gamma};

/// The first month lived through: the earliest handover's first lag.
pub const EARLIEST: i32 = -24 + FIRST_LAG;
/// Signing begins this many months before handover (through the property manager) and ends this many after it.
pub const FIRST_LAG: i32 = -6;
pub const LAST_LAG: i32 = 30;
/// Shape of signing by lag, up to the third month after handover, and the monthly decay beyond (assumption: few
/// before, many on handover day, the rest when they apply to renovate).
const CURVE: [f64; 10] = [0.004, 0.006, 0.010, 0.016, 0.026, 0.050, 0.200, 0.125, 0.100, 0.080];
const DECAY: f64 = 0.87;
/// Share of the households that ever sign in an average community.
const ULTIMATE: f64 = 0.92;
/// Shape of the gamma noise of a community's month (assumption).
const MONTH_NOISE: f64 = 9.0;

/// Signings of every part, month by month from [`EARLIEST`].
pub struct Signings {
    pub by_part: Vec<Vec<u32>>,
    /// The factors that met the yearly totals.
    pub calibration: Vec<f64>,
}

impl Signings {
    /// Signings of a part in a month.
    pub fn of(&self, part: usize, t: i32) -> u32 {
        self.by_part[part][(t - EARLIEST) as usize]
    }
}

/// Share of an average community's households that sign at each lag, from [`FIRST_LAG`] to [`LAST_LAG`].
pub fn curve() -> Vec<f64> {
    let mut curve = CURVE.to_vec();
    while curve.len() < (LAST_LAG - FIRST_LAG + 1) as usize {
        curve.push(curve[curve.len() - 1] * DECAY);
    }
    let sum: f64 = curve.iter().sum();
    curve.iter().map(|share| share / sum * ULTIMATE).collect()
}

struct Model<'a> {
    communities: &'a [Community],
    parts: &'a [Part],
    curve: Vec<f64>,
}

impl Model<'_> {
    /// Expected signings of a part in a month, before the calibration.
    fn expected(&self, part: &Part, t: i32) -> f64 {
        let lag = t - part.handover - FIRST_LAG;
        let share = usize::try_from(lag).ok().and_then(|lag| self.curve.get(lag)).copied().unwrap_or(0.0);
        f64::from(part.households) * self.communities[part.community].signing * share * signing_season(t)
    }

    /// Expected signings of the months with the factor `k`, given what is left of each part.
    fn total(&self, months: std::ops::Range<i32>, left: &[u32], k: f64) -> f64 {
        let mut sum = 0.0;
        for (part, &left) in self.parts.iter().zip(left) {
            let mut left = f64::from(left);
            for t in months.clone() {
                let signed = (k * self.expected(part, t)).min(left);
                left -= signed;
                sum += signed;
            }
        }
        sum
    }

    /// The factor with which the months come to `total`, by bisection.
    fn calibrate(&self, months: std::ops::Range<i32>, left: &[u32], total: u32) -> f64 {
        let (mut low, mut high) = (0.0, 16.0);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if self.total(months.clone(), left, middle) < f64::from(total) { low = middle } else { high = middle }
        }
        (low + high) / 2.0
    }
}

/// Draws all signings; those of the three fiscal years meet the article's totals exactly. Of the parts the first
/// `founded` were contracted in these years or before.
pub fn sign(
    communities: &[Community],
    (parts, founded): (&[Part], usize),
    span: Span,
    rng: &mut ChaCha8Rng,
) -> Signings {
    let model = Model { communities, parts, curve: curve() };
    let mut by_part = vec![vec![0; (span.lived - EARLIEST) as usize]; parts.len()];
    let mut left: Vec<u32> = parts.iter().map(|part| part.households).collect();
    let mut calibration = Vec::new();
    let mut k = 1.0;
    draw(&model, founded, EARLIEST..0, k, &mut left, &mut by_part, rng);
    for (year, total) in SIGNED.into_iter().enumerate() {
        let months = year as i32 * 12..(year as i32 + 1) * 12;
        k = model.calibrate(months.clone(), &left, total);
        calibration.push(k);
        draw(&model, founded, months.clone(), k, &mut left, &mut by_part, rng);
        settle(months, total, &mut left, &mut by_part, rng);
    }
    draw(&model, parts.len(), MONTHS..span.lived, k, &mut left, &mut by_part, rng);
    Signings { by_part, calibration }
}

fn draw(
    model: &Model,
    count: usize,
    months: std::ops::Range<i32>,
    k: f64,
    left: &mut [u32],
    by_part: &mut [Vec<u32>],
    rng: &mut ChaCha8Rng,
) {
    for t in months {
        for (i, part) in model.parts.iter().enumerate().take(count) {
            let mean = k * model.expected(part, t) * gamma(MONTH_NOISE, rng);
            let drawn = Poisson::new(mean).map_or(0.0, |poisson| poisson.sample(rng)) as u32;
            let signed = drawn.min(left[i]);
            left[i] -= signed;
            by_part[i][(t - EARLIEST) as usize] = signed;
        }
    }
}

/// Moves the drawn year to its total one household at a time, in cells picked in proportion to what they hold, so
/// that no month or community stands out.
fn settle(months: std::ops::Range<i32>, total: u32, left: &mut [u32], by_part: &mut [Vec<u32>], rng: &mut ChaCha8Rng) {
    // One entry for every signing: a uniform pick is a pick in proportion.
    let mut tickets: Vec<(usize, usize)> = Vec::new();
    for (i, signed) in by_part.iter().enumerate() {
        for t in months.clone() {
            let cell = (t - EARLIEST) as usize;
            tickets.extend(std::iter::repeat_n((i, cell), signed[cell] as usize));
        }
    }
    let mut now = tickets.len() as u32;
    while now != total {
        let (i, cell) = tickets[rng.random_range(0..tickets.len())];
        if now < total && left[i] > 0 {
            by_part[i][cell] += 1;
            left[i] -= 1;
            now += 1;
        } else if now > total && by_part[i][cell] > 0 {
            by_part[i][cell] -= 1;
            left[i] += 1;
            now -= 1;
        }
    }
}
