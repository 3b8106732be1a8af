//! Demand that comes in lots, in fewer than half of the months: what an interval asks for is a number of lots, and a level
//! between two numbers of lots serves no more than the lower one.
//!
//! Each month asks for a lot with the chance that months of the past had one (where lots come back year by year: that the
//! same months of other years had one), of a size that lots of the past had, each alike likely; an interval asks for the
//! sum of its months. That distribution is worked out by
//! folding. Where the median month asks for nothing, a month without a shortage says nothing of the service, so its
//! quantile is taken at the service asked for, of intervals. Sources: Croston 1972 (Operational Research Quarterly 23), lots
//! and chances; Syntetos, Boylan, Croston 2005 (JORS 56), the kinds of demand; Willemain, Smart, Schwarz 2004
//! (International Journal of Forecasting 20), lead-time demand from the sizes seen.

use crate::month::Month;

/// Months looked back over, from the first lot on.
const MONTHS: usize = 36;
/// At least so many of them, so that a season can be told from chance.
const LEAST: usize = 12;
/// Months that ask for something are fewer than this share.
const SHARE: f64 = 0.5;
/// Lots of which this share had one a year before are a season.
const SEASON: f64 = 0.6;
/// Points of the distribution beyond the largest lot, at most: sizes are rounded up to its steps.
const POINTS: f64 = 256.0;

/// The lots of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Lumpy {
    /// Chance that a month asks for one, by calendar month from January.
    chances: [f64; 12],
    /// Their sizes, in units.
    sizes: Vec<f64>,
}

impl Lumpy {
    /// Of units by month up to `last`; none where demand does not come in lots.
    pub fn of(units: &[f64], last: Month) -> Option<Lumpy> {
        let recent = &units[units.len().saturating_sub(MONTHS)..];
        let begun = recent.iter().position(|x| *x > 0.0)?;
        let months = &recent[begun..];
        let sizes: Vec<f64> = months.iter().copied().filter(|x| *x > 0.0).collect();
        if months.len() < LEAST || sizes.len() as f64 >= SHARE * months.len() as f64 {
            return None;
        }
        let lots = (LEAST..months.len()).filter(|t| months[*t] > 0.0);
        let (all, again) = lots.fold((0, 0), |(all, again), t| (all + 1, again + usize::from(months[t - LEAST] > 0.0)));
        if all > 0 && f64::from(again as u32) >= SEASON * f64::from(all) {
            let mut seen = [(0.0_f64, 0.0); 12];
            for (back, units) in months.iter().rev().enumerate() {
                let of_year = &mut seen[last.plus(-(back as i32)).index0()];
                *of_year = (of_year.0 + 1.0, of_year.1 + f64::from(u8::from(*units > 0.0)));
            }
            return Some(Lumpy { chances: seen.map(|(all, lots)| lots / all.max(1.0)), sizes });
        }
        // The first month is one with a lot by choice: it is no evidence of how often they come.
        let chance = (sizes.len() as f64 - 1.0).max(1.0) / (months.len() as f64 - 1.0);
        Some(Lumpy { chances: [chance; 12], sizes })
    }

    /// Quantile of what months ask for, at probability `u`, in units; of each month the part that counts.
    pub fn quantile(&self, u: f64, months: &[(Month, f64)]) -> f64 {
        let largest = self.sizes.iter().copied().fold(0.0, f64::max);
        let whole = self.sizes.iter().all(|size| size.fract() == 0.0);
        let step = if whole && largest <= POINTS { 1.0 } else { largest / POINTS };
        let at = |size: f64| (size / step - 1e-9).ceil() as usize;
        let mut all = vec![1.0];
        for (month, part) in months.iter().filter(|m| m.1 > 0.0) {
            let chance = (self.chances[month.index0()] * part).clamp(0.0, 1.0);
            let mut next = vec![0.0; all.len() + at(largest)];
            for (i, p) in all.iter().enumerate().filter(|(_, p)| **p > 0.0) {
                next[i] += p * (1.0 - chance);
                for size in &self.sizes {
                    next[i + at(*size)] += p * chance / self.sizes.len() as f64;
                }
            }
            all = next;
        }
        let mut sum = 0.0;
        let reached = all.iter().position(|p| {
            sum += p;
            // Sums of chances are rounded.
            sum >= u - 1e-12
        });
        reached.unwrap_or(all.len() - 1) as f64 * step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last() -> Month {
        Month::new(2023, 12).unwrap()
    }

    /// The months after it, the last of which counts in part.
    fn ahead(months: f64) -> Vec<(Month, f64)> {
        (0..months.ceil() as i32).map(|k| (last().plus(1 + k), (months - f64::from(k)).min(1.0))).collect()
    }

    /// Lots of 60 in one month of seven.
    fn lots() -> Vec<f64> {
        (0..36).map(|t| if t % 7 == 1 { 60.0 } else { 0.0 }).collect()
    }

    #[test]
    fn a_level_is_a_number_of_lots() {
        // From the first lot on 35 months with 5 lots, 4 of them in the 34 after it: P(0 in two months) = (30/34)^2 = .779,
        // P(at most one) = 1 - (4/34)^2 = .986.
        let lumpy = Lumpy::of(&lots(), last()).unwrap();
        assert_eq!(
            [0.5, 0.77, 0.78, 0.95, 0.98, 0.99].map(|u| lumpy.quantile(u, &ahead(2.0))),
            [0.0, 0.0, 60.0, 60.0, 60.0, 120.0]
        );
        // Half a month asks half as often.
        assert_eq!([0.94, 0.95].map(|u| lumpy.quantile(u, &ahead(0.5))), [0.0, 60.0]);
    }

    #[test]
    fn lots_of_a_season_come_in_its_months() {
        let season: Vec<f64> = (0..36).map(|t| if t % 12 == 11 { 100.0 } else { 0.0 }).collect();
        // A December in each year and nothing else: within eleven months nothing, within twelve one lot, always.
        let season = Lumpy::of(&season, last()).unwrap();
        assert_eq!([11.0, 12.0].map(|months| season.quantile(0.95, &ahead(months))), [0.0, 100.0]);
        assert_eq!([0.45, 0.55].map(|u| season.quantile(u, &ahead(11.5))), [0.0, 100.0]);
    }

    #[test]
    fn regular_demand_is_none() {
        let regular: Vec<f64> = (0..36).map(|t| f64::from(t % 2)).collect();
        assert_eq!(Lumpy::of(&regular, last()), None);
        assert_eq!(Lumpy::of(&[0.0; 36], last()), None);
        assert_eq!(Lumpy::of(&lots()[..10], last()), None);
    }
}
