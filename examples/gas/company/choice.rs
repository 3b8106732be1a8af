//! How attractive each product is at each centre, and what a visitor takes: a multinomial logit, so that the
//! customers of a product that is out go to its substitutes or leave in proportion.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gumbel, StandardNormal};

use super::calendar::{Span, month};
use super::catalogue::{CATEGORIES, PRODUCTS, REGIONS, ST_A1, ST_D4, choice_set};

/// Share of the visitors of a category that buy when everything is in stock.
pub const BUYING_SHARE: f64 = 0.7;
/// Spread of a centre's own taste and of its drift in a month, on the log scale (assumptions).
const TASTE: f64 = 0.20;
const DRIFT: f64 = 0.035;
/// Months in which a launch comes to 1 - 1/e of its full attraction.
const LAUNCH_TAU: f64 = 3.0;
/// What is left of the retiring stove's attraction once its successor is there, month by month.
const FADING: [f64; 3] = [0.85, 0.65, 0.45];
/// Swing of the water heaters over the year: the large one sells in winter, the small one in summer (log scale).
const WINTER: f64 = 0.10;

/// What a visitor of a category names first, buys with everything in stock, and takes with what is out gone.
#[derive(Clone, Copy)]
pub struct Wish {
    pub named: Option<usize>,
    pub wanted: Option<usize>,
    pub taken: Option<usize>,
}

/// Attractions by month, centre and product; they sum to 1 over a category's products on the range.
pub struct Choice {
    attraction: Vec<Vec<Vec<f64>>>,
}

impl Choice {
    /// Draws tastes and their drift.
    pub fn draw(span: Span, rng: &mut ChaCha8Rng) -> Choice {
        let mut attraction = vec![vec![vec![0.0; PRODUCTS.len()]; REGIONS.len()]; span.lived as usize];
        let mut tastes: Vec<Vec<f64>> =
            REGIONS.iter().map(|_| PRODUCTS.iter().map(|_| TASTE * normal(rng)).collect()).collect();
        for (t, of_month) in (0..).zip(&mut attraction) {
            for (row, taste) in of_month.iter_mut().zip(&mut tastes) {
                for taste in &mut *taste {
                    *taste += DRIFT * normal(rng);
                }
                for category in &CATEGORIES {
                    let pull = |p: usize| PRODUCTS[p].pull * life(p, t) * (taste[p] + season(p, t)).exp();
                    let sum: f64 = choice_set(category.code, t).map(pull).sum();
                    choice_set(category.code, t).for_each(|p| row[p] = pull(p) / sum);
                }
            }
        }
        Choice { attraction }
    }

    /// The attraction of a product, 0 where it is not on the range.
    pub fn attraction(&self, t: i32, region: usize, product: usize) -> f64 {
        self.attraction[t as usize][region][product]
    }

    /// One visitor of a category.
    pub fn visit(
        &self,
        (t, region): (i32, usize),
        category: &'static str,
        is_out: impl Fn(usize) -> bool,
        rng: &mut ChaCha8Rng,
    ) -> Wish {
        // The outside option's attraction gives the buying share when all is in stock.
        let nothing = ((1.0 - BUYING_SHARE) / BUYING_SHARE).ln() + gumbel(rng);
        let (mut wanted, mut taken) = ((None, nothing), (None, nothing));
        let mut named = (None, f64::NEG_INFINITY);
        for product in choice_set(category, t) {
            let utility = self.attraction(t, region, product).ln() + gumbel(rng);
            if utility > named.1 {
                named = (Some(product), utility);
            }
            if utility > wanted.1 {
                wanted = (Some(product), utility);
            }
            if utility > taken.1 && !is_out(product) {
                taken = (Some(product), utility);
            }
        }
        Wish { named: named.0, wanted: wanted.0, taken: taken.0 }
    }
}

/// A product's attraction over its life: launched, faded.
fn life(product: usize, t: i32) -> f64 {
    let launched = PRODUCTS[product].launch.map_or(1.0, |from| 1.0 - (-f64::from(t - from + 1) / LAUNCH_TAU).exp());
    let since = PRODUCTS[ST_D4].launch.map_or(-1, |from| t - from);
    let fading = match usize::try_from(since) {
        Ok(since) if product == ST_A1 => FADING[since.min(FADING.len() - 1)],
        _ => 1.0,
    };
    launched * fading
}

fn season(product: usize, t: i32) -> f64 {
    let swing = (std::f64::consts::TAU * month(t).index0() as f64 / 12.0).cos() * WINTER;
    match PRODUCTS[product].code {
        "WH-13L" => swing,
        "WH-08L" => -swing,
        _ => 0.0,
    }
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn gumbel(rng: &mut ChaCha8Rng) -> f64 {
    Gumbel::new(0.0, 1.0).map_or(0.0, |g| g.sample(rng))
}
