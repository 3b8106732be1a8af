//! Every household that signs, whether it comes to buy goods, when, and what it takes home.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::calendar::{Span, days, renovation_season, year_index};
use super::catalogue::{CATEGORIES, PIPES, PRODUCTS, SERVICE};
use super::choice::Wish;
use super::{APPLIANCES, BUYERS, Household, Purchase, World, events};

/// Chance that an average household comes to buy, by fiscal year at its first and last month (assumption: a step when
/// contracts moved to the centres, then the guides learn; scaled to the article's buyers). The last is the year after.
const COMING: [(f64, f64); 4] = [(0.088, 0.094), (0.118, 0.146), (0.168, 0.212), (0.214, 0.235)];
/// When it comes: the share in the month of signing and in each month after, once called back or renovating.
const DELAY: [f64; 6] = [0.60, 0.18, 0.10, 0.06, 0.04, 0.02];
/// Who would come only at this many times the expected chance is not followed up.
const FOLLOWED: f64 = 3.0;

/// A household that may come to buy.
pub struct Shopper {
    pub home: usize,
    pub t: i32,
    pub day: u32,
    /// It comes where the year's factor is above this.
    reluctance: f64,
    /// One for each category: it wants one where the year's basket factor times the category's chance is above the
    /// first number.
    wishes: Vec<(f64, Wish)>,
}

impl Shopper {
    fn visits(&self, basket: f64) -> impl Iterator<Item = (usize, Wish)> {
        let wants = move |c: usize, luck: f64| luck < basket * CATEGORIES[c].wanted;
        self.wishes.iter().enumerate().filter(move |(c, wish)| wants(*c, wish.0)).map(|(c, wish)| (c, wish.1))
    }

    fn takes(&self, basket: f64) -> impl Iterator<Item = usize> {
        self.visits(basket).filter_map(|(_, wish)| wish.taken)
    }

    fn spends(&self, basket: f64) -> u32 {
        self.takes(basket).map(|p| PRODUCTS[p].price).sum()
    }
}

/// What met a year's totals.
#[derive(Clone, Copy)]
pub struct Calibration {
    pub coming: f64,
    pub basket: f64,
    /// Pipes added to reach the revenue to the yuan.
    pub pipes: [u32; 2],
}

/// A household that came and left with or without goods, as the guides note it down.
pub struct Visit {
    pub home: usize,
    pub t: i32,
    pub wish: Wish,
}

/// What the shoppers leave behind.
#[derive(Default)]
pub struct Shopping {
    pub purchases: Vec<Purchase>,
    pub visits: Vec<Visit>,
    /// Visitors by month, centre and category.
    pub visitors: Vec<Vec<Vec<u32>>>,
    /// What would have sold with everything in stock, by month, centre and product.
    pub primary: Vec<Vec<Vec<u32>>>,
    pub calibration: Vec<Calibration>,
}

/// The chance of an average household, before the calibration.
pub fn coming(t: i32) -> f64 {
    let (first, last) = COMING[year_index(t)];
    first + (last - first) * f64::from(t.rem_euclid(12)) / 11.0
}

/// Who may come, with every draw made: the calibration only moves thresholds.
pub fn meet(world: &World, rng: &mut ChaCha8Rng) -> Vec<Shopper> {
    let traffic: Vec<Vec<(u32, f64)>> = world.span.months().map(|t| (1..).zip(days(t)).collect()).collect();
    let lags: Vec<(i32, f64)> = (0..).zip(DELAY).collect();
    let mut shoppers = Vec::new();
    for (home, household) in world.households.iter().enumerate() {
        let luck: f64 = rng.random();
        let lag = lags.choose_weighted(rng, |lag| lag.1).map_or(0, |lag| lag.0);
        let t = household.signed + lag;
        if !world.span.months().contains(&t) {
            continue;
        }
        let community = &world.communities[household.community];
        let (centre, at) = (community.region, t as usize);
        let chance = coming(t) * renovation_season(t) * community.appetite * events::factor(centre, t);
        if luck >= FOLLOWED * chance {
            continue;
        }
        let day = traffic[at].choose_weighted(rng, |day| day.1).map_or(1, |day| day.0);
        let wish = |c: usize, rng: &mut ChaCha8Rng| {
            let luck = rng.random();
            let is_out = |p| world.outages.is_out(t, centre, p, day);
            (luck, world.choice.visit((t, centre), CATEGORIES[c].code, is_out, rng))
        };
        let wishes = (0..CATEGORIES.len()).map(|c| wish(c, rng)).collect();
        shoppers.push(Shopper { home, t, day, reluctance: luck / chance, wishes });
    }
    shoppers
}

/// Meets the buyers and the revenue of each fiscal year, then lets everybody shop.
pub fn shop(world: &World, shoppers: &[Shopper], rng: &mut ChaCha8Rng) -> Shopping {
    let (regions, products) = (super::catalogue::REGIONS.len(), PRODUCTS.len());
    let mut shopping = Shopping {
        visitors: vec![vec![vec![0; CATEGORIES.len()]; regions]; world.span.lived as usize],
        primary: vec![vec![vec![0; products]; regions]; world.span.lived as usize],
        ..Shopping::default()
    };
    let mut last = Calibration { coming: 1.0, basket: 1.0, pipes: [0; 2] };
    for year in 0..=BUYERS.len() {
        let of_year: Vec<&Shopper> = shoppers.iter().filter(|s| year_index(s.t) == year).collect();
        let known = BUYERS.get(year).zip(APPLIANCES.get(year));
        // The months after the tables go on with the last year's factors, and no pipes to add.
        let found = known.map_or(Calibration { pipes: [0; 2], ..last }, |(&n, &yuan)| calibrate(&of_year, n, yuan));
        last = found;
        let begin = shopping.purchases.len();
        for shopper in of_year.iter().filter(|s| s.reluctance < found.coming) {
            record(world, shopper, found.basket, &mut shopping);
        }
        add_pipes(found.pipes, begin, &mut shopping, rng);
        shopping.calibration.push(found);
    }
    shopping
}

fn record(world: &World, shopper: &Shopper, basket: f64, shopping: &mut Shopping) {
    let household = &world.households[shopper.home];
    let region = world.communities[household.community].region;
    let t = shopper.t as usize;
    let bought =
        |product| Purchase { household: household.clone(), t: shopper.t, day: shopper.day, region, product, units: 1 };
    let mut buys = false;
    for (category, wish) in shopper.visits(basket) {
        shopping.visitors[t][region][category] += 1;
        shopping.visits.push(Visit { home: shopper.home, t: shopper.t, wish });
        if let Some(product) = wish.wanted {
            shopping.primary[t][region][product] += 1;
        }
        if let Some(product) = wish.taken {
            shopping.purchases.push(bought(product));
            buys = true;
        }
    }
    if buys {
        shopping.purchases.push(bought(SERVICE));
        shopping.primary[t][region][SERVICE] += 1;
    }
}

/// Finds the two factors of a year: for any basket factor, the n-th least reluctant buyer gives the factor on coming;
/// the basket factor is then bisected on revenue. What is left, under one household's basket or so, is made of pipes.
fn calibrate(shoppers: &[&Shopper], buyers: u32, revenue: u32) -> Calibration {
    let attempt = |basket: f64| -> (f64, u32) {
        let mut spending: Vec<(f64, u32)> = Vec::new();
        for shopper in shoppers {
            let yuan = shopper.spends(basket);
            if yuan > 0 {
                spending.push((shopper.reluctance, yuan));
            }
        }
        spending.sort_by(|a, b| a.0.total_cmp(&b.0));
        spending.truncate(buyers as usize);
        // Those who come without buying anything must not come at a higher factor than the last buyer.
        let coming = spending.last().map_or(0.0, |last| last.0.next_up());
        (coming, spending.iter().map(|s| s.1).sum())
    };
    let (mut low, mut high) = (0.2, 2.0);
    let mut best = (0.0, 0.2, 0);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        let (coming, sum) = attempt(middle);
        if sum > revenue {
            high = middle;
            continue;
        }
        low = middle;
        if sum > best.2 && pipes(revenue - sum).is_some() {
            best = (coming, middle, sum);
        }
    }
    let (coming, basket, sum) = best;
    Calibration { coming, basket, pipes: pipes(revenue - sum).unwrap_or([0; 2]) }
}

/// The fewest pipes of both lengths that cost exactly so much, if any.
fn pipes(yuan: u32) -> Option<[u32; 2]> {
    let [short, long] = PIPES.map(|p| PRODUCTS[p].price);
    (0..=yuan / long).rev().find(|n| (yuan - n * long).is_multiple_of(short)).map(|n| [(yuan - n * long) / short, n])
}

/// Gives a second pipe to some who bought one, evenly at random over the year.
fn add_pipes(pipes: [u32; 2], begin: usize, shopping: &mut Shopping, rng: &mut ChaCha8Rng) {
    for (product, n) in PIPES.into_iter().zip(pipes) {
        let buyers: Vec<usize> =
            (begin..shopping.purchases.len()).filter(|&i| shopping.purchases[i].product == product).collect();
        for _ in 0..n {
            if let Some(&i) = buyers.choose(rng) {
                let purchase = &mut shopping.purchases[i];
                purchase.units += 1;
                shopping.primary[purchase.t as usize][purchase.region][product] += 1;
            }
        }
    }
}

/// Whether a purchase of a household is booked on its community: the guide noted it, and its contract is in the
/// tables.
pub fn attributed(household: &Household, span: Span) -> bool {
    household.noted && (0..span.tabled).contains(&household.signed)
}
