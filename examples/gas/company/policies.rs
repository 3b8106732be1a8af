//! Insurance: taken at signing, later, or again when a one-year policy has run out.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::calendar::{CENTRES_FROM, year_index};
use super::catalogue::{POLICIES, PRODUCTS};
use super::{PREMIUMS, Purchase, World, events};

/// Chance that an average household takes a policy, by fiscal year at its first and last month (assumption: offered
/// twice at the centres; scaled to the article's premiums), and the mix of 1, 3 and 5 years. The last is the year after.
const TAKE_UP: [(f64, f64); 4] = [(0.36, 0.38), (0.43, 0.48), (0.55, 0.62), (0.62, 0.64)];
const TERMS: [[f64; 3]; 4] = [[0.55, 0.25, 0.20], [0.42, 0.30, 0.28], [0.33, 0.32, 0.35], [0.30, 0.33, 0.37]];
/// When it is taken: the share at signing and in each month after (selling goes on while there is none).
const DELAY: [f64; 7] = [0.82, 0.06, 0.04, 0.03, 0.02, 0.02, 0.01];
/// Chance that a one-year policy is renewed, that this is done a month late, and the mix of terms then (assumptions).
const RENEWAL: (f64, f64, [f64; 3]) = (0.38, 0.3, [0.60, 0.25, 0.15]);

/// What was sold, and how.
#[derive(Default)]
pub struct Insurance {
    pub purchases: Vec<Purchase>,
    /// The same length: whether it was a renewal.
    pub renewals: Vec<bool>,
    pub calibration: Vec<f64>,
}

struct Candidate {
    reluctance: f64,
    sold: Purchase,
    price: u32,
}

/// The take-up of an average household, before the calibration.
pub fn take_up(t: i32) -> f64 {
    let (first, last) = TAKE_UP[year_index(t)];
    first + (last - first) * f64::from(t.rem_euclid(12)) / 11.0
}

/// Sells the policies; the premiums of the three fiscal years meet the totals exactly.
pub fn insure(world: &World, rng: &mut ChaCha8Rng) -> Insurance {
    let candidates = candidates(world, rng);
    let mut insurance = Insurance::default();
    let mut renewals: Vec<Purchase> = Vec::new();
    let mut k = 1.0;
    for year in 0..=PREMIUMS.len() {
        let (due, later): (Vec<_>, Vec<_>) = renewals.into_iter().partition(|p| year_index(p.t) == year);
        renewals = later;
        let renewed: u32 = due.iter().map(|p| PRODUCTS[p.product].price).sum();
        let of_year: Vec<&Candidate> = candidates.iter().filter(|c| year_index(c.sold.t) == year).collect();
        let first = match PREMIUMS.get(year) {
            Some(&premiums) => {
                let (sold, found) = meet(&of_year, premiums.saturating_sub(renewed));
                k = found;
                sold
            }
            None => of_year.iter().filter(|c| c.reluctance < k).map(|c| c.sold.clone()).collect(),
        };
        insurance.calibration.push(k);
        let begin = insurance.purchases.len();
        insurance.renewals.extend(std::iter::repeat_n(true, due.len()).chain(std::iter::repeat_n(false, first.len())));
        insurance.purchases.extend(due.into_iter().chain(first));
        for sold in &insurance.purchases[begin..] {
            renewals.extend(renew(world, sold, rng));
        }
    }
    insurance
}

/// The least reluctant first, up to the premiums; the last few hundred yuan by whoever's policy fits.
fn meet(candidates: &[&Candidate], premiums: u32) -> (Vec<Purchase>, f64) {
    let mut by_reluctance: Vec<&&Candidate> = candidates.iter().collect();
    by_reluctance.sort_by(|a, b| a.reluctance.total_cmp(&b.reluctance));
    let (mut sold, mut left, mut k) = (Vec::new(), premiums, 0.0);
    for candidate in by_reluctance {
        if candidate.price <= left {
            left -= candidate.price;
            sold.push(candidate.sold.clone());
            k = candidate.reluctance;
        }
        if left == 0 {
            break;
        }
    }
    (sold, k)
}

fn candidates(world: &World, rng: &mut ChaCha8Rng) -> Vec<Candidate> {
    let lags: Vec<(i32, f64)> = (0..).zip(DELAY).collect();
    let mut candidates = Vec::new();
    for household in &world.households {
        let luck: f64 = rng.random();
        let lag = lags.choose_weighted(rng, |lag| lag.1).map_or(0, |lag| lag.0);
        let t = household.signed + lag;
        if !world.span.months().contains(&t) {
            continue;
        }
        let community = &world.communities[household.community];
        let chance = take_up(t) * community.trust * events::factor(community.region, t);
        let product = term(TERMS[year_index(t)], rng);
        let sold = Purchase {
            household: household.clone(),
            t,
            day: rng.random_range(1..=28),
            region: community.region,
            product,
            units: 1,
        };
        candidates.push(Candidate { reluctance: luck / chance, sold, price: PRODUCTS[product].price });
    }
    candidates
}

/// A renewal of a one-year policy, if there will be one within the time lived.
fn renew(world: &World, sold: &Purchase, rng: &mut ChaCha8Rng) -> Option<Purchase> {
    let expires = sold.t + PRODUCTS[sold.product].term_months? as i32;
    let t = expires + i32::from(rng.random_bool(RENEWAL.1));
    if sold.product != POLICIES[0] || t >= world.span.lived {
        return None;
    }
    let region = world.communities[sold.household.community].region;
    let chance = (RENEWAL.0 * events::factor(region, t)).min(1.0);
    let product = term(RENEWAL.2, rng);
    rng.random_bool(chance).then(|| Purchase { t, product, ..sold.clone() })
}

fn term(mix: [f64; 3], rng: &mut ChaCha8Rng) -> usize {
    let terms: Vec<(usize, f64)> = POLICIES.into_iter().zip(mix).collect();
    terms.choose_weighted(rng, |term| term.1).map_or(POLICIES[0], |term| term.0)
}

// The step in take-up falls on a fiscal year, as in the article.
const _: () = assert!(CENTRES_FROM == 12);
