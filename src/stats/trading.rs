//! How far sales follow Monday to Friday: the trading-day regression of one coefficient (Young 1965, Census working
//! paper; Findley, Monsell, Bell, Otto, Chen 1998, J. Business & Economic Statistics 16: `td1coef` of X-12-ARIMA).
//!
//! With y = units a day of a month and w = its share of weekdays over 5/7, year-on-year movements of both are compared
//! from month to month, so that neither season nor trend stands in them:
//! ```text
//! e_t = D (ln y_t - ln y_t-12),   q_t = D (ln w_t - ln w_t-12),   D x_t = x_t - x_t-1
//! b = sum q e / sum q q,   power = b (1 - (2 / t)^2)+,   t = b / its standard error
//! ```
//! 0 is every day alike, 1 Monday to Friday alone; below 0 weekends sell more. The soft threshold keeps a calendar that
//! chance found from being used, and lets a sure one in without a jump. Movements count up to three robust deviations.

/// Movements from which on a coefficient is believed at all: a year.
const LEAST: usize = 12;
/// The t below which nothing is left.
const SURE: f64 = 2.0;
/// A movement counts up to so many times [`ROBUST`] x the median of all.
const ODD: f64 = 3.0;
/// Median absolute deviation to standard deviation of a normal distribution.
const ROBUST: f64 = 1.4826;
/// A few years tell it to a quarter; and what is learned of the past stays as it is while it does not change.
const STEP: f64 = 0.25;
/// Months of a year.
const YEAR: usize = 12;

/// The power to which shares of weekdays count, in steps of a quarter within [-1, 1]: of `daily` (units a day) and
/// `shares` (share of weekdays over 5/7), month by month.
pub fn power(daily: &[f64], shares: &[f64]) -> f64 {
    let yearly = |x: &[f64], t: usize| {
        let (now, then) = (*x.get(t)?, *x.get(t.checked_sub(YEAR)?)?);
        (now > 0.0 && then > 0.0).then(|| (now / then).ln())
    };
    let movement = |x: &[f64], t: usize| Some(yearly(x, t)? - yearly(x, t - 1)?);
    let months = YEAR + 1..daily.len().min(shares.len());
    let mut rows: Vec<(f64, f64)> = months.filter_map(|t| Some((movement(shares, t)?, movement(daily, t)?))).collect();
    if rows.len() < LEAST {
        return 0.0;
    }
    let mut sizes: Vec<f64> = rows.iter().map(|r| r.1.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let most = ODD * ROBUST * sizes[sizes.len() / 2];
    rows.iter_mut().for_each(|r| r.1 = r.1.clamp(-most, most));
    let (qq, qe) = rows.iter().fold((0.0, 0.0), |(qq, qe), (q, e)| (qq + q * q, qe + q * e));
    if qq <= 0.0 {
        return 0.0;
    }
    let b = qe / qq;
    let rest: f64 = rows.iter().map(|(q, e)| (e - b * q).powi(2)).sum();
    let squared_error = rest / (rows.len() - 1) as f64 / qq;
    let left = if b == 0.0 { 0.0 } else { (1.0 - SURE * SURE * squared_error / (b * b)).max(0.0) };
    ((b * left / STEP).round() * STEP).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares of weekdays of 48 months: those of a made-up calendar that moves from year to year.
    fn shares() -> Vec<f64> {
        (0..48).map(|t| 1.0 + 0.05 * (f64::from(t) * 12.9898).sin() * (f64::from(t) * 3.7).cos()).collect()
    }

    fn season(t: usize) -> f64 {
        100.0 + 30.0 * ((t % 12) as f64 / 2.0).sin() + t as f64
    }

    #[test]
    fn each_power_is_found() {
        for truth in [-0.5, 0.0, 0.5, 1.0] {
            let daily: Vec<f64> = shares().iter().enumerate().map(|(t, w)| season(t) * w.powf(truth)).collect();
            assert_eq!(power(&daily, &shares()), truth);
        }
    }

    #[test]
    fn an_odd_month_does_not_make_a_calendar() {
        let mut daily: Vec<f64> = (0..48).map(|t| season(t) * (1.0 + 0.02 * (t as f64 * 12.9898).sin())).collect();
        assert_eq!(power(&daily, &shares()), 0.0);
        daily[40] *= 8.0;
        assert_eq!(power(&daily, &shares()), 0.0);
    }

    #[test]
    fn little_history_says_nothing() {
        let daily: Vec<f64> = shares().iter().take(24).map(|w| 100.0 * w).collect();
        assert_eq!(power(&daily, &shares()[..24]), 0.0);
        assert_eq!(power(&[], &[]), 0.0);
    }
}
