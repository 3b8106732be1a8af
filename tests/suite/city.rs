//! A simulated city whose truth is known: how near the projections of new communities come, and whether their bounds
//! hold what they promise. `cargo test --test city -- --nocapture` prints the table.

use std::fmt::Write as _;
use std::fs;

use chrono::NaiveDate;
use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution, LogNormal, Normal};
use rayon::prelude::*;
use yugu::folder;
use yugu::month::Month;
use yugu::outlook::Outlook;
use yugu::stages::community::Projection;
use yugu::stages::community::spread::{Amount, Flow, bounds};

/// Months seen and months to come.
const SEEN: usize = 36;
const AHEAD: usize = 12;
const ALL: usize = SEEN + AHEAD;
const COMMUNITIES: usize = 70;
const REGIONS: usize = 5;
/// Households sign within so many months.
const LAGS: usize = 30;
/// Signing by calendar month.
const SEASON: [f64; 12] = [1.0, 0.9, 1.1, 1.1, 1.05, 1.0, 0.95, 0.95, 1.05, 1.1, 1.05, 0.95];
/// Buyers come in the month of signing and after.
const BUY_LAGS: [f64; 7] = [0.55, 0.1, 0.12, 0.08, 0.06, 0.05, 0.04];
const POLICY_LAGS: [f64; 4] = [0.8, 0.1, 0.06, 0.04];
/// Policies of 1, 3 and 5 years; 40% are renewed.
const TERMS: [f64; 3] = [0.5, 0.3, 0.2];
const RENEWED: f64 = 0.4;
/// Part of the purchases whose community nobody noted.
const UNNAMED: f64 = 0.1;

fn month(t: usize) -> Month {
    Month::new(2010, 1).unwrap().plus(t as i32)
}

struct Home {
    handover: i32,
    households: usize,
    region: usize,
    kind: usize,
    /// True mean of the signings by month.
    rate: Vec<f64>,
    signed: Vec<u64>,
    /// Units bought by product (stove, heater, visits; policies by term), by month; of those named.
    bought: Vec<[u64; 6]>,
}

struct City {
    homes: Vec<Home>,
    /// Units sold by region, product and month, renewals and unnamed purchases included.
    sold: Vec<[[u64; ALL]; 6]>,
    renewals: [u64; ALL],
}

fn draw(n: u64, p: f64, rng: &mut ChaCha8Rng) -> u64 {
    Binomial::new(n, p.clamp(0.0, 1.0)).unwrap().sample(rng)
}

fn split<const N: usize>(n: u64, parts: &[f64; N], rng: &mut ChaCha8Rng) -> [u64; N] {
    let (mut left, mut open) = (n, 1.0);
    std::array::from_fn(|i| {
        let x = if i + 1 == N { left } else { draw(left, parts[i] / open, rng) };
        (left, open) = (left - x, open - parts[i]);
        x
    })
}

impl City {
    fn new(seed: u64) -> City {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let slow: Vec<f64> = (0..REGIONS).map(|_| Normal::new(0.0, 0.15).unwrap().sample(rng)).collect();
        let mut city = City { homes: Vec::new(), sold: vec![[[0; ALL]; 6]; REGIONS], renewals: [0; ALL] };
        for _ in 0..COMMUNITIES {
            let home = Home::new(&slow, rng);
            city.homes.push(home);
        }
        for home in &mut city.homes {
            let (appetite, trust) = (0.25, 0.15);
            let appetite: f64 = LogNormal::new(0.0, appetite).unwrap().sample(rng);
            let trust: f64 = LogNormal::new(0.0, trust).unwrap().sample(rng);
            for t in 0..ALL {
                let year = t as f64 / 12.0;
                // About 9, 14, 19 and 25%; policies 39 to 53%.
                let buys = 0.34 / (1.0 + (-(year - 1.75) * 0.75_f64).exp()) * appetite;
                let takes = (0.38 + 0.042 * year) * trust;
                let buyers = draw(home.signed[t], buys.min(0.9), rng);
                for (k, n) in split(buyers, &BUY_LAGS, rng).into_iter().enumerate().filter(|(k, _)| t + k < ALL) {
                    let units = [draw(n, 0.9, rng), draw(n, 0.7, rng), n];
                    (0..3).for_each(|p| home.book(&mut city.sold, t + k, p, units[p], rng));
                }
                let takers = draw(home.signed[t], takes.min(0.95), rng);
                for (k, n) in split(takers, &POLICY_LAGS, rng).into_iter().enumerate().filter(|(k, _)| t + k < ALL) {
                    for (term, n) in split(n, &TERMS, rng).into_iter().enumerate() {
                        home.book(&mut city.sold, t + k, 3 + term, n, rng);
                    }
                }
            }
        }
        // What was sold one, three and five years ago runs out, renewals too.
        for t in 12..ALL {
            for sold in &mut city.sold {
                let run_out: u64 =
                    [12, 36].iter().zip(3..).map(|(term, p)| sold[p][t - term.min(&t)] * u64::from(*term <= t)).sum();
                let n = draw(run_out, RENEWED, rng);
                city.renewals[t] += n;
                split(n, &TERMS, rng).into_iter().enumerate().for_each(|(term, n)| sold[3 + term][t] += n);
            }
        }
        city
    }

    /// The folder as it stands after the months seen.
    fn tables(&self) -> Vec<(&'static str, String)> {
        let codes = ["ST", "WH", "FIT", "P1", "P3", "P5"];
        let mut sales = String::from("month,region,product,units\n");
        let mut policies = String::from("sold,product,units,region\n");
        for t in 0..SEEN {
            for (r, sold) in self.sold.iter().enumerate() {
                for (p, code) in codes.iter().enumerate() {
                    writeln!(sales, "{},R{r},{code},{}", month(t), sold[p][t]).unwrap();
                    if p >= 3 && sold[p][t] > 0 {
                        writeln!(policies, "{},{code},{},R{r}", month(t), sold[p][t]).unwrap();
                    }
                }
            }
        }
        let mut communities = String::from("community,region,households,handover,unit_type\n");
        let mut signings = String::from("month,community,households\n");
        let mut bought = String::from("month,community,product,units\n");
        let begin = month(0);
        for (c, home) in self.homes.iter().enumerate() {
            let handover = begin.plus(home.handover);
            writeln!(communities, "C{c},R{},{},{handover},T{}", home.region, home.households, home.kind).unwrap();
            for t in 0..SEEN {
                if home.signed[t] > 0 {
                    writeln!(signings, "{},C{c},{}", month(t), home.signed[t]).unwrap();
                }
                for (code, n) in codes.iter().zip(home.bought[t]).filter(|(_, n)| *n > 0) {
                    writeln!(bought, "{},C{c},{code},{n}", month(t)).unwrap();
                }
            }
        }
        let products = "product,category,kind,price,term_months\nST,stove,goods,900,\nWH,heater,goods,1500,\n\
            FIT,,service,0,\nP1,insurance,policy,100,12\nP3,insurance,policy,200,36\nP5,insurance,policy,300,60\n";
        vec![
            ("sales.csv", sales),
            ("products.csv", products.to_string()),
            ("communities.csv", communities),
            ("signings.csv", signings),
            ("community_sales.csv", bought),
            ("policies.csv", policies),
            ("yugu.toml", "[calendar]\nfestival = \"none\"\n".to_string()),
        ]
    }

    fn forecast(&self) -> Outlook {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in self.tables() {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let day = NaiveDate::from_ymd_opt(2012, 12, 31).unwrap();
        let loaded = folder::load(dir.path(), Some(day), day).unwrap_or_else(|_| panic!("the city's folder is wrong"));
        Outlook::new(loaded.dataset, loaded.warnings).unwrap()
    }
}

impl Home {
    fn new(slow: &[f64], rng: &mut ChaCha8Rng) -> Home {
        let handover = rng.random_range(-12..ALL as i32);
        let households = (LogNormal::new(6.0, 0.6).unwrap().sample(rng) as usize).max(40);
        let (region, kind) = (rng.random_range(0..REGIONS), rng.random_range(0..2));
        let mean = 0.82 * [1.06, 0.94][kind];
        let ultimate: f64 = Beta::new(mean * 18.0, (1.0 - mean) * 18.0).unwrap().sample(rng);
        let pace = 5.0 * (slow[region] + Normal::new(0.0, 0.2).unwrap().sample(rng)).exp();
        // A gamma curve of shape 1.6 that begins a month before the handover, times the season of the months.
        let weight = |d: usize| {
            let x = d as f64 + 0.5;
            let season = SEASON[(handover + d as i32 - 1).rem_euclid(12) as usize];
            x.powf(0.6) * (-x * 1.6 / pace).exp() * season
        };
        let weights: Vec<f64> = (0..LAGS).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let mut rate = vec![0.0; ALL];
        let mut signed = vec![0; ALL];
        let (mut left, mut open) = (draw(households as u64, ultimate, rng), 1.0);
        for (d, w) in weights.iter().enumerate() {
            let share = w / sum;
            let n = draw(left, share / open, rng);
            (left, open) = (left - n, f64::max(open - share, 1e-12));
            if let Ok(t) = usize::try_from(handover + d as i32 - 1)
                && t < ALL
            {
                rate[t] = households as f64 * ultimate * share;
                signed[t] = n;
            }
        }
        Home { handover, households, region, kind, rate, signed, bought: vec![[0; 6]; ALL] }
    }

    fn book(&mut self, sold: &mut [[[u64; ALL]; 6]], t: usize, product: usize, n: u64, rng: &mut ChaCha8Rng) {
        sold[self.region][product][t] += n;
        self.bought[t][product] += draw(n, 1.0 - UNNAMED, rng);
    }
}

/// What one city shows.
#[derive(Clone, Copy, Default)]
struct Shown {
    /// WAPE of the company's months: ours, the last months' rate, the average lag of what is seen.
    company: [f64; 3],
    /// WAPE of communities' months: ours, the oracle's.
    cells: [f64; 2],
    /// Community-years inside the 80% bounds, and all of them.
    inside: [f64; 2],
    /// Of the year's goods, first policies and renewals: relative error.
    volume: [f64; 3],
    /// Sums over communities without a single signing: what was missed by the pool, by groups as used, by the ten most
    /// alike with a record; what came.
    alike: [f64; 4],
    /// Whether the company's goods and policies of the year lay inside their bounds.
    held: [f64; 2],
}

fn wape(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (miss, all) = pairs.fold((0.0, 0.0), |(m, a), (f, y): (f64, f64)| (m + (f - y).abs(), a + y));
    miss / all
}

fn show(seed: u64) -> Shown {
    let city = City::new(seed);
    let outlook = city.forecast();
    let p: &Projection = outlook.point.communities.as_ref().unwrap();
    assert_eq!(p.record.ahead.len(), AHEAD);
    let came = |t: usize| city.homes.iter().map(|h| h.signed[t] as f64).sum::<f64>();
    let said = |h: usize| p.signings.ahead.column(h).sum();
    let last = (SEEN - 3..SEEN).map(came).sum::<f64>() / 3.0;
    let lag = average_lag(&city);
    let company = [
        wape((0..AHEAD).map(|h| (said(h), came(SEEN + h)))),
        wape((0..AHEAD).map(|h| (last, came(SEEN + h)))),
        wape((0..AHEAD).map(|h| (lag[h], came(SEEN + h)))),
    ];
    let cell = |h: usize, c: usize| city.homes[c].signed[SEEN + h] as f64;
    let cells = || (0..AHEAD).flat_map(|h| (0..COMMUNITIES).map(move |c| (h, c)));
    let by_cell = [
        wape(cells().map(|(h, c)| (p.signings.ahead[(c, h)], cell(h, c)))),
        wape(cells().map(|(h, c)| (city.homes[c].rate[SEEN + h], cell(h, c)))),
    ];
    let mut inside = [0.0; 2];
    let mut total = [Amount::default(); 2];
    for c in 0..COMMUNITIES {
        let year = p.amount(c, 0..AHEAD, Flow::Signings, |_| 1.0);
        if year.mean >= 1.0 {
            let [low, high] = year.bounds();
            let came: f64 = (0..AHEAD).map(|h| cell(h, c)).sum();
            inside[0] += f64::from(u8::from((low.floor()..=high.ceil()).contains(&came)));
            inside[1] += 1.0;
        }
        total[0].add(&p.amount(c, 0..AHEAD, Flow::Buyers, |_| 1.0));
        total[1].add(&p.amount(c, 0..AHEAD, Flow::Policies, |_| 1.0));
    }
    let named = |products: std::ops::Range<usize>| -> f64 {
        city.homes
            .iter()
            .map(|h| h.bought[SEEN..].iter().map(|b| b[products.clone()].iter().sum::<u64>()).sum::<u64>())
            .sum::<u64>() as f64
    };
    let grid = &outlook.dataset.grid;
    let units = |codes: &[&str], of: ndarray::ArrayView2<f64>| -> f64 {
        let wanted = |s: &usize| codes.contains(&grid.products.codes[grid.series[*s].product].as_str());
        (0..grid.series.len()).filter(wanted).map(|s| of.row(s).sum()).sum()
    };
    let renewed = city.renewals[SEEN..].iter().sum::<u64>() as f64;
    let error = |f: f64, y: f64| (f / y - 1.0).abs();
    let volume = [
        error(units(&["ST", "WH"], p.baseline.units.view()), named(0..2)),
        error(units(&["P1", "P3", "P5"], p.baseline.units.view()), named(3..6)),
        error(units(&["P1", "P3", "P5"], p.renewing.view()), renewed),
    ];
    let hold = |a: &Amount, y: f64| {
        let [low, high] = bounds(a.mean, a.variance());
        f64::from(u8::from((low..=high).contains(&y)))
    };
    let held = [hold(&total[0], named(2..3)), hold(&total[1], named(3..6))];
    let mut alike = [0.0; 4];
    let units = &p.signings.units;
    for c in (0..COMMUNITIES).filter(|c| units.observed[*c] == 0.0) {
        let ours: f64 = p.signings.ahead.row(c).sum();
        let came: f64 = (0..AHEAD).map(|h| cell(h, c)).sum();
        let pool = ours / units.multiplier(c);
        let nearest = pool * most_alike(&city, c, units);
        [pool, ours, nearest].iter().zip(&mut alike).for_each(|(said, miss)| *miss += (said - came).abs());
        alike[3] += came;
    }
    Shown { company, cells: by_cell, inside, volume, alike, held }
}

/// What the ten communities most like one (centre, type of homes, size) made of what was expected of them, those with a
/// record of 20 households at least; 1 without any.
fn most_alike(city: &City, c: usize, units: &yugu::stages::community::groups::Units) -> f64 {
    let home = &city.homes[c];
    let distance = |o: usize| {
        let other = &city.homes[o];
        let size = (home.households as f64 / other.households as f64).ln().abs();
        f64::from(u8::from(home.region != other.region)) + f64::from(u8::from(home.kind != other.kind)) + size
    };
    let mut others: Vec<usize> = (0..COMMUNITIES).filter(|o| *o != c && units.expected[*o] >= 20.0).collect();
    others.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)));
    others.truncate(10);
    let ratios: Vec<f64> = others.iter().map(|o| units.observed[*o] / units.expected[*o]).collect();
    if ratios.is_empty() { 1.0 } else { ratios.iter().sum::<f64>() / ratios.len() as f64 }
}

/// All households of a community at once, the mean lag of those seen after its handover, at the share seen: both are
/// cut short by the cutoff.
fn average_lag(city: &City) -> [f64; AHEAD] {
    let over: Vec<&Home> = city.homes.iter().filter(|h| (0..SEEN as i32).contains(&h.handover)).collect();
    let seen = |h: &Home| h.signed[..SEEN].iter().sum::<u64>() as f64;
    let signed: f64 = over.iter().map(|h| seen(h)).sum();
    let share = signed / over.iter().map(|h| h.households as f64).sum::<f64>();
    let lags = |h: &&Home| -> f64 { (0..SEEN).map(|t| h.signed[t] as f64 * (t as i32 - h.handover) as f64).sum() };
    let lag = (over.iter().map(lags).sum::<f64>() / signed).round() as i32;
    let mut out = [0.0; AHEAD];
    for home in &city.homes {
        if let Some(x) = usize::try_from(home.handover + lag - SEEN as i32).ok().and_then(|h| out.get_mut(h)) {
            *x += home.households as f64 * share;
        }
    }
    out
}

#[test]
fn a_city_with_a_known_truth() {
    let seeds = std::env::var("SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(40);
    let all: Vec<Shown> = (0..seeds).into_par_iter().map(|seed| show(1000 + seed)).collect();
    let n = all.len() as f64;
    let mean = |of: &dyn Fn(&Shown) -> f64| all.iter().map(of).sum::<f64>() / n;
    let coverage = mean(&|s| s.inside[0]) / mean(&|s| s.inside[1]);
    println!("{} cities of {COMMUNITIES} communities, {SEEN} months seen, {AHEAD} ahead", all.len());
    println!("WAPE of the company's signings by month    ours {:.4}", mean(&|s| s.company[0]));
    println!("                             last months' rate {:.4}", mean(&|s| s.company[1]));
    println!("                         uncensored average lag {:.4}", mean(&|s| s.company[2]));
    println!("WAPE by community and month                ours {:.4}", mean(&|s| s.cells[0]));
    println!("            an oracle that knows every true rate {:.4}", mean(&|s| s.cells[1]));
    println!("community-years inside 80% bounds               {coverage:.4}");
    let miss = |i: usize| mean(&|s| s.alike[i]) / mean(&|s| s.alike[3]);
    println!("WAPE of the year, communities without a signing: pool {:.4}", miss(0));
    println!("                         groups as a trial chose {:.4}", miss(1));
    println!("                             ten nearest neighbours {:.4}", miss(2));
    println!("error of the year's goods                       {:.4}", mean(&|s| s.volume[0]));
    println!("error of the year's first policies              {:.4}", mean(&|s| s.volume[1]));
    println!("error of the year's renewals                    {:.4}", mean(&|s| s.volume[2]));
    println!("the company's buyers inside 80% bounds          {:.3}", mean(&|s| s.held[0]));
    println!("the company's policies inside 80% bounds        {:.3}", mean(&|s| s.held[1]));
    assert!(mean(&|s| s.company[0]) <= 0.085);
    assert!(mean(&|s| s.company[1]) > 0.2 && mean(&|s| s.company[2]) > 0.4);
    assert!(mean(&|s| s.cells[0]) <= 2.0 * mean(&|s| s.cells[1]));
    assert!((0.76..=0.84).contains(&coverage));
    assert!(mean(&|s| s.volume[0]) <= 0.10 && mean(&|s| s.volume[1]) <= 0.10);
}
