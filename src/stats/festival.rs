//! What a festival that wanders through the months does to sales: the holiday regression of one coefficient (Bell,
//! Hillmer 1983, J. Business & Economic Statistics 1), with the days that a folder's own calendar gives.
//!
//! With y = units a day of a month, f = its share of festival days and g = the log of what such a day sells over another,
//! a month of otherwise equal days sells `1 + (e^g - 1) f` times as much. Movements of year-on-year growth from month to
//! month hold neither season nor trend:
//! ```text
//! e_t = D (ln y_t - ln y_t-12),   q_t(g) = D (ln(1 + (e^g - 1) f_t) - ln(1 + (e^g - 1) f_t-12)),   D x_t = x_t - x_t-1
//! g^ = argmin S(g), S(g) = sum |e_t - q_t(g)|,   g = g^ (1 - 2^2 / R)+,   R = 2 n ln(S(0) / S(g^))
//! ```
//! Absolute deviations, because single odd months are no festival. R is the likelihood ratio of errors after Laplace, which
//! is about the square of a t; the soft threshold at t = 2 keeps what chance found from being used, and lets what is sure
//! in without a jump.

/// Movements from which on an effect is believed at all: a year.
const LEAST: usize = 12;
/// The t below which nothing is left.
const SURE: f64 = 2.0;
/// Steps in which the effect is looked for: what is learned of the past stays as it is while it does not change.
const STEP: f64 = 0.05;
/// Steps on either side: from a twentieth to twenty times of what another day sells.
const STEPS: i32 = 60;
/// Months of a year.
const YEAR: usize = 12;

/// What a month with a share of festival days sells over one without: `1 + (e^effect - 1) share`.
pub fn times(effect: f64, share: f64) -> f64 {
    1.0 + effect.exp_m1() * share
}

/// The log of what a festival day sells over another, in steps of a twentieth within [-3, 3]; 0 where little is known: of
/// `daily` (units a day) and `shares` (festival days over all days), month by month.
pub fn effect(daily: &[f64], shares: &[f64]) -> f64 {
    let n = daily.len().min(shares.len());
    let yearly = |x: &dyn Fn(usize) -> f64, t: usize| x(t).ln() - x(t - YEAR).ln();
    let movement = |x: &dyn Fn(usize) -> f64, t: usize| yearly(x, t) - yearly(x, t - 1);
    let sold = |t: usize| [t, t - 1, t - YEAR, t - YEAR - 1].iter().all(|t| daily[*t] > 0.0);
    let months: Vec<usize> = (YEAR + 1..n).filter(|t| sold(*t)).collect();
    let moves = |t: &usize| movement(&|t| times(1.0, shares[t]), *t) != 0.0;
    if months.len() < LEAST || !months.iter().any(moves) {
        return 0.0;
    }
    let movements: Vec<f64> = months.iter().map(|t| movement(&|t| daily[t], *t)).collect();
    let missed = |step: i32| {
        let of = |t: usize| times(f64::from(step) * STEP, shares[t]);
        months.iter().zip(&movements).map(|(t, e)| (e - movement(&of, *t)).abs()).sum::<f64>()
    };
    let (mut best, mut least) = (0, missed(0));
    let without = least;
    // From the middle outwards: of equals the smallest.
    for step in (1..=STEPS).flat_map(|s| [s, -s]) {
        let s = missed(step);
        if s < least {
            (best, least) = (step, s);
        }
    }
    let ratio = 2.0 * months.len() as f64 * (without / least).ln();
    let left = if ratio > 0.0 { (1.0 - SURE * SURE / ratio).max(0.0) } else { 0.0 };
    (f64::from(best) * left).round() * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Festival days of 61 months, a month of thirty days that begins eleven days earlier every year.
    fn shares() -> Vec<f64> {
        let mut days = vec![0.0; 61];
        for year in 0..6 {
            let first = 12 * 30 * year + 130 - 11 * year;
            (first..first + 30).filter(|d| d / 30 < 61).for_each(|d| days[d / 30] += 1.0);
        }
        days.iter().map(|d| d / 30.0).collect()
    }

    fn daily(effect: f64, noise: f64) -> Vec<f64> {
        let season = |t: usize| 100.0 + 30.0 * ((t % 12) as f64 / 2.0).sin() + t as f64;
        let noise = |t: usize| 1.0 + noise * (t as f64 * 12.9898).sin() * (t as f64 * 3.7).cos();
        shares().iter().enumerate().map(|(t, f)| season(t) * times(effect, *f) * noise(t)).collect()
    }

    #[test]
    fn each_effect_is_found() {
        // Three times as much, a fifth less, half.
        for truth in [1.1, -0.2, -0.7] {
            let found = effect(&daily(truth, 0.0), &shares());
            assert!((found - truth).abs() <= 0.1, "{found} {truth}");
            let found = effect(&daily(truth, 0.03), &shares());
            assert!((found - truth).abs() <= 0.2, "{found} {truth}");
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        assert_eq!(effect(&daily(0.0, 0.05), &shares()), 0.0);
        // One odd month that a festival falls in is no festival.
        let mut odd = daily(0.0, 0.02);
        let at = (30..61).find(|t| shares()[*t] > 0.5).unwrap();
        odd[at] *= 8.0;
        assert!(effect(&odd, &shares()).abs() <= 0.1, "{}", effect(&odd, &shares()));
    }

    #[test]
    fn little_says_nothing() {
        assert_eq!(effect(&daily(1.1, 0.0)[..24], &shares()), 0.0);
        // The same days every year: what they do is season.
        let fixed: Vec<f64> = (0..61).map(|t| if t % 12 == 4 { 0.5 } else { 0.0 }).collect();
        assert_eq!(effect(&daily(1.1, 0.0), &fixed), 0.0);
        assert_eq!(effect(&[], &[]), 0.0);
    }

    #[test]
    fn times_by_hand() {
        // A third of the days sell three times as much: 2/3 + 1/3 x 3.
        assert!((times(3f64.ln(), 1.0 / 3.0) - 5.0 / 3.0).abs() < 1e-12);
        assert_eq!(times(0.7, 0.0), 1.0);
    }
}
