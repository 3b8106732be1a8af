//! New communities: how big, where, of what kind, handed over when.

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Gamma, Poisson};

use super::calendar::{LIVED, MONTHS, Span, month};
use super::catalogue::REGIONS;

/// Households of a community, from the task.
pub const HOUSEHOLDS: (u32, u32) = (200, 3000);
/// Communities by the span in which their first part is handed over (first month, last month, how many). 220 in all;
/// the numbers follow from the article's households signing, so that the yearly calibration has little to do.
const HANDED_OVER: [(i32, i32, usize); 6] =
    [(-24, -13, 8), (-12, -1, 30), (0, 11, 45), (12, 23, 57), (24, 35, 55), (36, 53, 25)];
/// The last month for which a handover is planned, 2015-12.
const LAST_HANDOVER: i32 = 53;
/// How many of them come in parts.
const IN_PARTS: usize = 18;
/// Handovers by calendar month, January first: they cluster at the year's end (assumption).
const HANDOVER_SEASON: [f64; 12] = [0.9, 0.3, 0.6, 0.8, 1.0, 1.3, 0.8, 0.8, 1.1, 1.2, 1.3, 1.9];
/// The developer's contract comes this many months before handover.
const CONTRACT_LEAD: (i32, i32) = (6, 30);
/// Shapes of the gamma frailties of communities: in signing, in buying goods, in taking insurance (assumptions).
const FRAILTY: [f64; 3] = [12.0, 15.0, 25.0];
/// How many developers build them.
const DEVELOPERS: usize = 24;

/// Kinds of homes: name, share of communities, factor on signing, factor on buying goods, price tiers.
const KINDS: [(&str, f64, f64, f64, &[&str]); 4] = [
    ("affordable", 0.22, 1.08, 0.80, &["low"]),
    ("standard", 0.53, 1.00, 1.00, &["low", "mid", "mid"]),
    ("large", 0.19, 0.96, 1.25, &["mid", "high"]),
    ("villa", 0.06, 0.85, 1.10, &["high"]),
];

const FIRST_NAMES: [&str; 20] = [
    "锦绣", "阳光", "翠湖", "金桂", "香樟", "碧水", "丽景", "望江", "和谐", "明珠", "紫荆", "云栖", "春晓", "枫林",
    "银杏", "龙湖", "观澜", "南山", "朝阳", "瑞景",
];
const LAST_NAMES: [&str; 12] =
    ["花园", "家园", "名城", "新城", "雅苑", "公寓", "华庭", "小区", "佳苑", "府邸", "新村", "广场"];

/// A community.
pub struct Community {
    pub code: String,
    pub name: String,
    pub region: usize,
    pub contract: i32,
    pub unit_type: &'static str,
    pub price_tier: &'static str,
    pub developer: String,
    /// Its true factors on signing, on buying goods and on taking insurance.
    pub signing: f64,
    pub appetite: f64,
    pub trust: f64,
}

/// A part of a community that is handed over at one time.
#[derive(Clone)]
pub struct Part {
    pub community: usize,
    pub households: u32,
    pub handover: i32,
}

/// The communities and their parts, both in the order of the codes.
pub fn found(rng: &mut ChaCha8Rng) -> (Vec<Community>, Vec<Part>) {
    let mut names: Vec<String> =
        FIRST_NAMES.iter().flat_map(|a| LAST_NAMES.iter().map(move |b| format!("{a}{b}"))).collect();
    names.shuffle(rng);
    let mut handovers: Vec<(i32, i32)> =
        HANDED_OVER.iter().flat_map(|&(from, to, n)| (0..n).map(move |_| (from, to))).map(|s| plan(s, rng)).collect();
    // Codes are given when the community is set up, that is with the contract.
    handovers.sort_by_key(|&(handover, contract)| (contract, handover));
    let mut in_parts: Vec<usize> = (0..handovers.len()).filter(|&i| handovers[i].0 <= MONTHS).collect();
    in_parts.shuffle(rng);
    in_parts.truncate(IN_PARTS);

    let mut communities = Vec::new();
    let mut parts = Vec::new();
    for (i, (name, (handover, contract))) in names.into_iter().zip(handovers).enumerate() {
        communities.push(community(i, name, contract, rng));
        let total = households(in_parts.contains(&i), rng);
        split(i, total, (handover, LAST_HANDOVER), in_parts.contains(&i), rng, &mut parts);
    }
    (communities, parts)
}

/// Adds the communities contracted after the article's months, up to the end of the tables: as many a month as in those
/// months, and handed over as long after the contract.
pub fn go_on(communities: &mut Vec<Community>, parts: &mut Vec<Part>, span: Span, rng: &mut ChaCha8Rng) {
    let founded = communities.len();
    let contracted = communities.iter().filter(|c| (0..MONTHS).contains(&c.contract)).count();
    let rate = contracted as f64 / f64::from(MONTHS);
    for contract in MONTHS..span.tabled {
        let count = Poisson::new(rate).map_or(0.0, |poisson| poisson.sample(rng)) as usize;
        for _ in 0..count {
            let handovers: Vec<i32> = (contract + CONTRACT_LEAD.0..=contract + CONTRACT_LEAD.1).collect();
            let weight = |t: &i32| HANDOVER_SEASON[month(*t).index0()];
            let handover = handovers.choose_weighted(rng, weight).copied().unwrap_or(contract + CONTRACT_LEAD.1);
            let i = communities.len();
            // Second phases, so that no name comes twice.
            let name = format!("{}二期", communities[i - founded].name);
            communities.push(community(i, name, contract, rng));
            let in_parts = rng.random_bool(IN_PARTS as f64 / founded as f64);
            let total = households(in_parts, rng);
            split(i, total, (handover, i32::MAX), in_parts, rng, parts);
        }
    }
}

/// A community, with all its luck.
fn community(i: usize, name: String, contract: i32, rng: &mut ChaCha8Rng) -> Community {
    let (unit_type, signing, buying, tiers) = pick_kind(rng);
    let [signing_luck, appetite, trust] = FRAILTY.map(|shape| gamma(shape, rng));
    Community {
        code: format!("XQ{:03}", i + 1),
        name,
        region: pick_region(rng),
        contract,
        unit_type,
        price_tier: tiers.choose(rng).copied().unwrap_or("mid"),
        developer: format!("DEV{:02}", rng.random_range(1..=DEVELOPERS)),
        signing: signing * signing_luck,
        appetite: buying * appetite,
        trust,
    }
}

/// A handover month within the span and the contract before it, which is in force when the data end.
fn plan((from, to): (i32, i32), rng: &mut ChaCha8Rng) -> (i32, i32) {
    let weight = |t: &i32| HANDOVER_SEASON[month(*t).index0()];
    loop {
        let months: Vec<i32> = (from..=to).collect();
        let handover = months.choose_weighted(rng, weight).copied().unwrap_or(from);
        let contract = handover - rng.random_range(CONTRACT_LEAD.0..=CONTRACT_LEAD.1);
        if contract < MONTHS {
            return (handover, contract);
        }
    }
}

/// Size of a community: a hump between the smallest and the largest; those in parts are the large ones. In steps of
/// 4, since homes come by the landing.
fn households(in_parts: bool, rng: &mut ChaCha8Rng) -> u32 {
    let (low, high) = HOUSEHOLDS;
    let share = Beta::new(1.7, 1.8).map_or(0.5, |beta| beta.sample(rng));
    let share = if in_parts { 0.5 + share / 2.0 } else { share };
    (low + (share * f64::from(high - low)) as u32).div_ceil(4) * 4
}

/// Splits a community into its one, two or three parts, handed over 6 to 14 months apart.
fn split(
    community: usize,
    households: u32,
    (handover, last): (i32, i32),
    in_parts: bool,
    rng: &mut ChaCha8Rng,
    parts: &mut Vec<Part>,
) {
    let n = if in_parts { rng.random_range(2..=3) } else { 1 };
    let (mut left, mut at) = (households, handover);
    for i in 0..n {
        let size = if i + 1 == n { left } else { (left / (n - i)) / 4 * 4 };
        parts.push(Part { community, households: size, handover: at });
        left -= size;
        // Parts that would come after the last month planned come in it, each a month apart at least.
        at = (at + rng.random_range(6..=14)).min(last.max(at + 1));
    }
}

/// A gamma factor with mean 1.
pub fn gamma(shape: f64, rng: &mut ChaCha8Rng) -> f64 {
    Gamma::new(shape, 1.0 / shape).map_or(1.0, |g| g.sample(rng))
}

fn pick_region(rng: &mut ChaCha8Rng) -> usize {
    let all: Vec<usize> = (0..REGIONS.len()).collect();
    all.choose_weighted(rng, |&r| REGIONS[r].weight).copied().unwrap_or(0)
}

fn pick_kind(rng: &mut ChaCha8Rng) -> (&'static str, f64, f64, &'static [&'static str]) {
    let kind = KINDS.choose_weighted(rng, |kind| kind.1).unwrap_or(&KINDS[1]);
    (kind.0, kind.2, kind.3, kind.4)
}

// A handover is planned beyond every month that is lived through.
const _: () = assert!(LAST_HANDOVER > LIVED);
