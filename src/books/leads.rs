//! What became of registered intents: follow-up conversion by months since registration and by reason.
//!
//! Households that did not buy when they signed are registered and called back. A lead ends in a purchase or is lost for
//! a reason, or is still open; open leads are young ones, and to count them as lost, or not at all, would bend the
//! curve. So the leads still undecided at each age are what the outcomes of that age are divided by (Aalen, Johansen
//! 1978, Scandinavian Journal of Statistics 5; the cumulative incidence of competing risks):
//! ```text
//! F_c(k) = sum over j <= k of S(j - 1) d_c(j) / n(j),   S(j) = S(j - 1) (1 - d(j) / n(j))
//! ```
//! n(j): leads undecided when they reached an age of j months, d_c(j): those that ended at that age for cause c.

use crate::dataset::Known;
use crate::dataset::leads::{Lead, Outcome};

/// With so many purchases no point of the curve has a standard error over .05, that of a share: .5 / sqrt(100).
pub const RICH_PURCHASES: usize = 100;
/// At most this share may still be undecided at the end of the curve: what becomes of it moves no point further.
pub const RICH_UNDECIDED: f64 = 0.1;
/// An age at which fewer leads are undecided ends the curve: one more outcome would move it by more than a tenth.
const LEAST_AT_RISK: usize = 10;

/// How registered intents end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Followup {
    /// Leads counted.
    pub leads: usize,
    /// Purchases among them.
    pub purchases: usize,
    /// Leads without a known outcome.
    pub open: usize,
    /// Share of all leads that have bought by an age of 0, 1, 2 ... months.
    pub bought: Vec<f64>,
    /// The same of those lost, by reason (empty where none is given), in the order of the alphabet.
    pub lost: Vec<(String, Vec<f64>)>,
    /// Share still undecided at the end of the curve.
    pub undecided: f64,
}

impl Followup {
    /// Whether this curve takes the place of the pooled one: it has [`RICH_PURCHASES`] purchases, and at most
    /// [`RICH_UNDECIDED`] of the leads are undecided at its end.
    pub fn is_rich(&self) -> bool {
        self.purchases >= RICH_PURCHASES && self.undecided <= RICH_UNDECIDED
    }

    /// Share of all leads that buy in the end, as far as the curve reaches.
    pub fn conversion(&self) -> f64 {
        self.bought.last().copied().unwrap_or(0.0)
    }

    /// When those who buy do so: the share of them at an age of 0, 1, 2 ... months, which add up to 1. Empty where
    /// nobody bought.
    pub fn timing(&self) -> Vec<f64> {
        let all = self.conversion();
        if all <= 0.0 {
            return Vec::new();
        }
        let mut before = 0.0;
        let steps = self.bought.iter().map(|&share| (share - std::mem::replace(&mut before, share)) / all);
        steps.collect()
    }

    /// Purchases by months since signing, with the months after the first as these leads have them: the share bought at
    /// signing stays that of the pooled curve (which sums to 1), for those buyers are never registered; the rest follows
    /// the leads. The pooled curve itself where the leads are not rich, or all bought in the month of registration.
    pub fn applied_to(&self, pooled: &[f64]) -> Vec<f64> {
        let timing = self.timing();
        let later = |k: usize| timing.get(k).copied().unwrap_or(0.0);
        let all: f64 = (1..pooled.len()).map(later).sum();
        let Some(&at_signing) = pooled.first().filter(|_| self.is_rich() && all > 0.0) else {
            return pooled.to_vec();
        };
        let lag = |k: usize| if k == 0 { at_signing } else { (1.0 - at_signing) * later(k) / all };
        (0..pooled.len()).map(lag).collect()
    }
}

/// The follow-up of the leads that `of` takes, as known at the origin: a call after the cutoff is not known yet.
pub fn followup(known: &Known, of: impl Fn(&Lead) -> bool) -> Followup {
    let ended = known.leads().filter(|(lead, _)| of(lead)).map(|(lead, call)| {
        let age = call.unwrap_or(known.origin.cutoff).since(lead.month).max(0) as usize;
        let end = match (call, lead.outcome) {
            (Some(_), Outcome::Bought) => End::Bought,
            (Some(_), Outcome::Lost) => End::Lost(&lead.reason),
            _ => End::Open,
        };
        (age, end)
    });
    curve(ended)
}

/// How far a lead came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End<'a> {
    Bought,
    Lost(&'a str),
    Open,
}

/// The curve of leads with the ages at which they ended or were last seen undecided, in months.
fn curve<'a>(ended: impl Iterator<Item = (usize, End<'a>)>) -> Followup {
    let ended: Vec<(usize, End)> = ended.collect();
    let mut reasons: Vec<&str> =
        ended.iter().filter_map(|(_, e)| if let End::Lost(why) = e { Some(*why) } else { None }).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let ages = ended.iter().map(|(age, _)| age + 1).max().unwrap_or(0);
    // Purchases, losses by reason and leads last seen at each age.
    let (mut bought, mut lost) = (vec![0_usize; ages], vec![vec![0_usize; ages]; reasons.len()]);
    let mut last_seen = vec![0_usize; ages];
    for (age, end) in &ended {
        last_seen[*age] += 1;
        match end {
            End::Bought => bought[*age] += 1,
            End::Lost(why) => {
                if let Ok(at) = reasons.binary_search(why) {
                    lost[at][*age] += 1;
                }
            }
            End::Open => {}
        }
    }
    let mut out = Followup {
        leads: ended.len(),
        purchases: bought.iter().sum(),
        open: ended.iter().filter(|(_, end)| *end == End::Open).count(),
        lost: reasons.iter().map(|why| ((*why).to_owned(), Vec::new())).collect(),
        undecided: 1.0,
        ..Followup::default()
    };
    let mut at_risk = ended.len();
    for age in 0..ages {
        if at_risk < LEAST_AT_RISK {
            break;
        }
        let each = out.undecided / at_risk as f64;
        let mut gone = 0;
        let mut step = |curve: &mut Vec<f64>, count: usize| {
            curve.push(curve.last().copied().unwrap_or(0.0) + each * count as f64);
            gone += count;
        };
        step(&mut out.bought, bought[age]);
        out.lost.iter_mut().zip(&lost).for_each(|((_, curve), counts)| step(curve, counts[age]));
        out.undecided -= each * gone as f64;
        at_risk -= last_seen[age];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::Rng;
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

    #[test]
    fn a_curve_by_hand() {
        // 20 leads. Age 0: 20 at risk, 4 buy, 2 lost for the price, 2 last seen. Age 1: 12 at risk, 3 buy, 3 lost
        // elsewhere. S: 1, 14/20 = .7, .7 x 6/12 = .35. Six are left, too few for an age of two months.
        let mut leads = vec![(0, End::Bought); 4];
        leads.extend([(0, End::Lost("price")); 2]);
        leads.extend([(0, End::Open); 2]);
        leads.extend([(1, End::Bought); 3]);
        leads.extend([(1, End::Lost("elsewhere")); 3]);
        leads.extend([(2, End::Bought); 6]);
        let found = curve(leads.into_iter());
        let near = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(near(&found.bought, &[0.2, 0.375]), "{found:?}");
        assert_eq!(found.lost.iter().map(|l| l.0.as_str()).collect::<Vec<_>>(), ["elsewhere", "price"]);
        assert!(near(&found.lost[0].1, &[0.0, 0.175]) && near(&found.lost[1].1, &[0.1, 0.1]), "{found:?}");
        assert!((found.undecided - 0.35).abs() < 1e-12 && !found.is_rich());
        assert_eq!((found.leads, found.purchases, found.open), (20, 13, 2));
        assert!(near(&found.timing(), &[0.2 / 0.375, 0.175 / 0.375]));
    }

    #[test]
    fn nobody_is_no_curve() {
        let none = curve(std::iter::empty());
        assert_eq!((none.bought.len(), none.conversion(), none.timing(), none.is_rich()), (0, 0.0, Vec::new(), false));
    }

    #[test]
    fn rich_leads_take_the_place_of_the_pooled_months_after_signing() {
        // 60 of 120 purchases in the month after, 30 in the same month and 30 in the second: the pooled 60% at signing
        // stays, 40% go 2 to 1.
        let mut leads = vec![(0, End::Bought); 30];
        leads.extend([(1, End::Bought); 60]);
        leads.extend([(2, End::Bought); 30]);
        let pooled = [0.6, 0.1, 0.1, 0.2];
        let rich = curve(leads.iter().copied()).applied_to(&pooled);
        let expected = [0.6, 0.4 * 2.0 / 3.0, 0.4 / 3.0, 0.0];
        assert!(rich.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{rich:?}");
        assert_eq!(curve(leads.iter().take(95).copied()).applied_to(&pooled), pooled);
        assert_eq!(curve([(0, End::Bought); 120].into_iter()).applied_to(&pooled), pooled);
    }

    #[test]
    fn open_leads_do_not_bend_the_curve() {
        // Each month a lead that is undecided buys with .15 and is lost with .2, over twelve months; registered evenly
        // over the last 24 months, so that the young ones are still open. In truth .15 / .35 (1 - .65^12) buy.
        let mut rng = ChaCha8Rng::seed_from_u64(11);
        let truth: Vec<f64> = (1..=12).map(|k| 0.15 / 0.35 * (1.0 - 0.65_f64.powi(k))).collect();
        let leads: Vec<(usize, End)> = (0..20_000)
            .map(|_| {
                let last = rng.random_range(0..24_usize);
                for age in 0..=last.min(11) {
                    let u: f64 = rng.random();
                    if u < 0.35 {
                        return (age, if u < 0.15 { End::Bought } else { End::Lost("price") });
                    }
                }
                (last, End::Open)
            })
            .collect();
        let found = curve(leads.iter().copied());
        for (k, share) in truth.iter().enumerate() {
            // Five standard errors of a share of about a thousand leads at risk would be .07; pooled it is far less.
            assert!((found.bought[k] - share).abs() < 0.012, "{k}: {} {share}", found.bought[k]);
        }
        let counted = leads.iter().filter(|l| l.1 == End::Bought).count() as f64 / leads.len() as f64;
        assert!((counted - truth[11]).abs() > 0.03, "open leads taken for lost: {counted}");
        assert!(found.is_rich());
    }

    proptest! {
        #[test]
        fn every_lead_is_somewhere(leads in prop::collection::vec((0_usize..15, 0_u8..4), 0..300)) {
            let end = |kind| match kind { 0 => End::Bought, 1 => End::Lost("a"), 2 => End::Lost("b"), _ => End::Open };
            let found = curve(leads.iter().map(|(age, kind)| (*age, end(*kind))));
            let lost: f64 = found.lost.iter().filter_map(|(_, curve)| curve.last()).sum();
            prop_assert!((found.conversion() + lost + found.undecided - 1.0).abs() < 1e-9);
            prop_assert!(found.bought.windows(2).all(|w| w[0] <= w[1]));
            let timing: f64 = found.timing().iter().sum();
            prop_assert!(found.conversion() == 0.0 || (timing - 1.0).abs() < 1e-9);
        }
    }
}
