//! Days on which a product was not in stock, driven by supply: shortages at the supplier that reach several centres,
//! and short ones of a single centre.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};

use super::calendar::{LIVED, Span, month, selling_days};
use super::catalogue::{HD_S2, HD_T1, PIPES, PRODUCTS, REGIONS, ST_B2, WH_10L, region};

/// Shortages at the supplier per product over the article's time, the chance that one reaches a centre, its days.
const SHORTAGES: (f64, f64, (i64, i64)) = (4.5, 0.55, (8, 30));
/// Shortages of one centre per product over the same time, and their days.
const LOCAL: (f64, (i64, i64)) = (4.0, (3, 10));

/// A planned outage: month, product, centre, first and last day.
type Planned = (i32, usize, &'static str, u32, u32);
/// What the example must contain: the best heater short around the data's end, two goods short in the last
/// February, and a hood that one centre could not sell for a whole month.
const PLANNED: [Planned; 10] = [
    (35, WH_10L, "chengdong", 9, 22),
    (35, WH_10L, "chengnan", 16, 30),
    (36, WH_10L, "chengnan", 1, 7),
    (35, WH_10L, "gaoxin", 3, 11),
    (31, ST_B2, "chengxi", 8, 20),
    (31, ST_B2, "binhu", 10, 18),
    (31, ST_B2, "chengdong", 17, 23),
    (31, HD_S2, "chengdong", 12, 24),
    (31, HD_S2, "chengbei", 8, 15),
    (16, HD_T1, "binhu", 1, 30),
];
/// Where the plan alone decides: months and product.
const ONLY_PLANNED: [(i32, usize); 5] = [(35, WH_10L), (36, WH_10L), (31, ST_B2), (31, HD_S2), (16, HD_T1)];

/// Outages of every month, centre and product.
pub struct Outages {
    /// Day 1 in bit 0, by month, centre, product.
    out: Vec<Vec<Vec<u32>>>,
}

impl Outages {
    /// Whether a product is out at a centre on a day (1 to 31).
    pub fn is_out(&self, t: i32, region: usize, product: usize, day: u32) -> bool {
        self.out[t as usize][region][product] >> (day - 1) & 1 == 1
    }

    /// Selling days without stock.
    pub fn days(&self, t: i32, region: usize, product: usize) -> u32 {
        (self.out[t as usize][region][product] & selling_days(t)).count_ones()
    }

    /// Draws the outages of all goods but pipes, which never run out.
    pub fn draw(span: Span, rng: &mut ChaCha8Rng) -> Outages {
        let mut outages = Outages { out: vec![vec![vec![0; PRODUCTS.len()]; REGIONS.len()]; span.lived as usize] };
        let longer = f64::from(span.lived) / f64::from(LIVED);
        let goods = (0..PRODUCTS.len()).filter(|p| PRODUCTS[*p].kind == "goods" && !PIPES.contains(p));
        let end = (month(span.lived).first_day() - month(0).first_day()).num_days();
        for product in goods {
            for _ in 0..count(SHORTAGES.0 * longer, rng) {
                let (start, length) = spell(SHORTAGES.2, end, rng);
                for region in 0..REGIONS.len() {
                    if rng.random_bool(SHORTAGES.1) {
                        // Centres held different stock when the supplier stopped.
                        let held = rng.random_range(0..=length / 2);
                        outages.add(region, product, start + held, length - held);
                    }
                }
            }
            for region in 0..REGIONS.len() {
                for _ in 0..count(LOCAL.0 * longer, rng) {
                    let (start, length) = spell(LOCAL.1, end, rng);
                    outages.add(region, product, start, length);
                }
            }
        }
        for (t, product) in ONLY_PLANNED {
            for region in &mut outages.out[t as usize] {
                region[product] = 0;
            }
        }
        for (t, product, code, first, last) in PLANNED {
            for day in first..=last {
                outages.out[t as usize][region(code)][product] |= 1 << (day - 1);
            }
        }
        outages
    }

    /// Marks days counted from the first day of the data, while the product is on the range.
    fn add(&mut self, region: usize, product: usize, start: i64, length: i64) {
        let mut begins = 0;
        for t in 0..self.out.len() as i32 {
            let days = i64::from(month(t).days());
            for day in start.max(begins)..(start + length).min(begins + days) {
                if PRODUCTS[product].on_range(t) {
                    self.out[t as usize][region][product] |= 1 << (day - begins);
                }
            }
            begins += days;
        }
    }
}

fn count(mean: f64, rng: &mut ChaCha8Rng) -> u32 {
    Poisson::new(mean).map_or(0.0, |poisson| poisson.sample(rng)) as u32
}

fn spell((shortest, longest): (i64, i64), end: i64, rng: &mut ChaCha8Rng) -> (i64, i64) {
    (rng.random_range(0..end), rng.random_range(shortest..=longest))
}
