//! The city gas company: its communities, households, goods and policies, lived through month by month.
//!
//! Every household that signs is drawn once, with all its luck. The yearly totals of the article are then met by
//! moving thresholds (who comes, what is wanted, who takes a policy), not by changing what was drawn.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub mod calendar;
pub mod catalogue;
pub mod events;
pub mod communities;
pub mod signings;
pub mod outages;
pub mod choice;
pub mod shoppers;
pub mod policies;
pub mod tables;
pub mod truth;

use calendar::{CARRY, Span};

/// The seed of the folder that ships.
pub const DEFAULT_SEED: u64 = 20_110_701;

/// Households signing in fiscal years 2012, 2013 and 2014 (75,000 is the article's, the others the task's).
pub const SIGNED: [u32; 3] = [47_800, 71_900, 75_000];
/// Of these, 9, 13 and 19% buy goods (article).
pub const BUYERS: [u32; 3] = [4_302, 9_347, 14_250];
/// Appliance revenue in yuan (article: 861, 1,869 and 2,859 ten thousand).
pub const APPLIANCES: [u32; 3] = [8_610_000, 18_690_000, 28_590_000];
/// Premiums in yuan (article: 668 and 965 ten thousand; 292.5 is its agency fee of 117 over the fee's 40%).
pub const PREMIUMS: [u32; 3] = [2_925_000, 6_680_000, 9_650_000];
/// Share of the receipts that name the community (assumption; the rest is sold without one).
const NOTED: f64 = 0.9;

/// A household that signed.
#[derive(Clone)]
pub struct Household {
    pub community: usize,
    pub signed: i32,
    /// Whether the guides note its community on what it buys.
    pub noted: bool,
}

/// Units of a product taken by a household.
#[derive(Clone)]
pub struct Purchase {
    pub household: Household,
    pub t: i32,
    pub day: u32,
    pub region: usize,
    pub product: usize,
    pub units: u32,
}

/// Everything that happened.
pub struct World {
    pub communities: Vec<communities::Community>,
    pub parts: Vec<communities::Part>,
    pub signings: signings::Signings,
    pub households: Vec<Household>,
    pub outages: outages::Outages,
    pub choice: choice::Choice,
    pub shopping: shoppers::Shopping,
    pub insurance: policies::Insurance,
    pub seed: u64,
    pub span: Span,
}

/// A stream of its own for every stage, so that one stage's draws do not move another's.
pub fn stream(seed: u64, stage: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stage);
    rng
}

impl World {
    /// Lives through so many fiscal years; what is planned is planned after the third all the same.
    pub fn new(seed: u64, years: i32) -> World {
        let span = Span::of_years(years);
        let (mut communities, mut parts) = communities::found(&mut stream(seed, 1));
        let founded = parts.len();
        communities::go_on(&mut communities, &mut parts, span, &mut stream(seed, 9));
        let signings = signings::sign(&communities, (&parts, founded), span, &mut stream(seed, 2));
        let households = households(&parts, &signings, span, &mut stream(seed, 3));
        let mut world = World {
            communities,
            parts,
            signings,
            households,
            outages: outages::Outages::draw(span, &mut stream(seed, 4)),
            choice: choice::Choice::draw(span, &mut stream(seed, 5)),
            shopping: shoppers::Shopping::default(),
            insurance: policies::Insurance::default(),
            seed,
            span,
        };
        let shoppers = shoppers::meet(&world, &mut stream(seed, 6));
        world.shopping = shoppers::shop(&world, &shoppers, &mut stream(seed, 7));
        world.insurance = policies::insure(&world, &mut stream(seed, 8));
        world
    }

    /// Goods, service and policies.
    pub fn purchases(&self) -> impl Iterator<Item = &Purchase> {
        self.shopping.purchases.iter().chain(&self.insurance.purchases)
    }
}

fn households(
    parts: &[communities::Part],
    signings: &signings::Signings,
    span: Span,
    rng: &mut ChaCha8Rng,
) -> Vec<Household> {
    let mut all = Vec::new();
    for t in -CARRY..span.lived {
        for (i, part) in parts.iter().enumerate() {
            for _ in 0..signings.of(i, t) {
                all.push(Household { community: part.community, signed: t, noted: rng.random_bool(NOTED) });
            }
        }
    }
    all
}
