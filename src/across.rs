//! Sums over regions that lie in many places: what makes the numbers of a cluster those of one machine.
//!
//! Regions are dealt to parts; each part runs the same steps on the rows of its own regions. Where a step takes a sum (or
//! a list) over all regions it asks [`Across`]: alone, the sum is what it is; in a part, the sum of all parts takes its
//! place as soon as it is known. Until then the part notes its own share of it and goes on, its results unused.
//! ```text
//! round 0  facts of the rows: names, first and last day, whether anything was out of stock
//!          (where something was, five rounds in which it is learned how it is taken out; then one round for each dated
//!          event whose effect is measured by the other regions)
//! round d  sums that rest on totals of rounds before d only; whoever drives adds the parts' shares up
//! last     every total is known: the forecast of the part's regions
//! ```
//! So nothing waits inside of a part: a round is a pure function of its rows and of the totals so far, and a part that
//! died is simply run again. This is bulk-synchronous computing (Valiant 1990, Comm. ACM 33) by running again.

mod codec;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// Lists of the lowest numbers keep so many: the sample of series that is learned from.
pub const LOWEST: usize = 3_000;

/// What is added up over regions, in the order of the rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Month x bin, then product x month: how far sales moved (`reception`).
    Moved,
    /// Months in which something was out of stock.
    Out,
    /// Product x month: sales divided by availability.
    Parents,
    /// Choice sets that say something of stockouts: months with something out; by group their number, weights, and how
    /// the level and trend of each is taken out.
    Sets,
    /// By group x month: what was out, as it is and with levels and trends taken out.
    TakenOut,
    /// The moment that is zero at `s`, at values of `s` that lie evenly.
    Grid,
    /// By group x month: log totals, as they are and with levels and trends taken out.
    TakenTotals,
    /// The moment at the values of `s` on the way to its zero.
    Path,
    /// The same on the way as it is known by then.
    PathAgain,
    /// Squares of what each month says of `s`.
    Noise,
    /// Series of each group whose units are not whole.
    NotWhole,
    /// The first month index in which each product sold.
    FirstSold,
    /// Series that have a price.
    Priced,
    /// Leaf x group x month forecast: the month's target, the year's, and the year's outlook.
    Printed,
    /// By group x month: demand of the regions that a dated event left alone.
    Elsewhere,
    /// By dated event: demand of its months, and the same without it.
    Effects,
    /// By group: clean demand of a growth window and of the year before.
    Growth,
    /// Node x calendar month: last year's demand of a group, where planners' rates lie below each other.
    Planned,
    /// By product: demand of the last month.
    Mix,
    /// By product, then by group, x month: demand of the last year.
    Company,
    /// Leaf x month: last year's actual sales, then the credited base.
    Target,
    /// Group of a grouping x month: the history of what crosses regions.
    History,
    /// Regions by block, then products, x month.
    Aggregates,
    /// Variance-to-mean ratios and means.
    Pooled,
    /// By block: what came of the series that had begun.
    Actual,
    /// By block: levels of live series.
    Live,
    /// The lowest hashes of live series.
    Hashes,
    /// By block: levels of sampled series; then their number.
    Sampled,
    /// Weights, sizes and variables that large series follow, weighted: of the sample, of all live series.
    Follow,
    /// The same of all live series.
    FollowAll,
    /// Weights and variables, weighted: of the sample.
    Means,
    /// The same of all live series.
    MeansAll,
    /// Sums of products of the shares' regression.
    Products,
    /// By block: what the regression says, added up over the sample.
    Said,
    /// The same over all live series.
    SaidAll,
    /// By row of the levels above the series: last year's months and growth of the series learned from.
    LastYear,
    /// The same of all live series.
    LastYearAll,
    /// By row of the levels above the series: months of the series learned from, where these are not all.
    NodeRows,
    /// Series learned from and regions: what they say of themselves, what the regression says of them, what came.
    Floors,
    /// The same of all live series.
    FloorsAll,
    /// Units sold, rows, and what the fitted method and the plain rules missed.
    Missed,
    /// Rows of past errors: origin, region and product, forecast, actual.
    Errors,
    /// Leaf x month: unrounded units of a group.
    Units,
}

/// How shares of parts become a total.
enum Merge {
    Sum,
    Min,
    /// One list after the other, in the order of the parts.
    List,
    /// The [`LOWEST`] lowest and one more.
    Lowest,
}

impl What {
    const ALL: [What; 43] = [
        What::Moved,
        What::Out,
        What::Parents,
        What::Sets,
        What::TakenOut,
        What::Grid,
        What::TakenTotals,
        What::Path,
        What::PathAgain,
        What::Noise,
        What::NotWhole,
        What::FirstSold,
        What::Priced,
        What::Printed,
        What::Elsewhere,
        What::Effects,
        What::Growth,
        What::Planned,
        What::Mix,
        What::Company,
        What::Target,
        What::History,
        What::Aggregates,
        What::Pooled,
        What::Actual,
        What::Live,
        What::Hashes,
        What::Sampled,
        What::Follow,
        What::FollowAll,
        What::Means,
        What::MeansAll,
        What::Products,
        What::Said,
        What::SaidAll,
        What::LastYear,
        What::LastYearAll,
        What::NodeRows,
        What::Floors,
        What::FloorsAll,
        What::Missed,
        What::Errors,
        What::Units,
    ];

    /// The round in which it is added up: one more than the last round it rests on. Where there are stockouts, all that
    /// rests on demand waits until it is known how they are taken out. Events are taken out of it one after the other;
    /// `event` says how many go before.
    fn round(self, facts: &Facts, event: usize) -> u32 {
        let stock = RECEPTION_ROUNDS + if facts.stockouts { STOCKOUT_ROUNDS } else { 0 };
        let demand = stock + facts.events as u32;
        match self {
            What::Moved => RECEPTION_ROUNDS,
            What::Out | What::Parents => RECEPTION_ROUNDS + 1,
            What::Sets | What::TakenOut => RECEPTION_ROUNDS + 2,
            What::Grid => RECEPTION_ROUNDS + 3,
            What::TakenTotals | What::Path => RECEPTION_ROUNDS + 4,
            What::PathAgain | What::Noise => RECEPTION_ROUNDS + STOCKOUT_ROUNDS,
            What::Elsewhere => stock + 1 + event as u32,
            What::Sampled | What::Follow | What::FollowAll | What::LastYear | What::LastYearAll => demand + 2,
            What::Means | What::MeansAll => demand + 3,
            What::Products => demand + 4,
            What::Said | What::SaidAll => demand + 5,
            What::NodeRows | What::Floors | What::FloorsAll => demand + 6,
            What::Missed => demand + 7,
            What::Errors | What::Units | What::Priced | What::Printed => demand + 8,
            _ => demand + 1,
        }
    }

    fn merge(self) -> Merge {
        match self {
            What::FirstSold => Merge::Min,
            What::Hashes => Merge::Lowest,
            What::Errors | What::Floors | What::FloorsAll => Merge::List,
            _ => Merge::Sum,
        }
    }
}

/// Rounds in which it is found what came in.
const RECEPTION_ROUNDS: u32 = 1;
/// Rounds in which it is learned how stockouts are taken out.
const STOCKOUT_ROUNDS: u32 = 5;

/// One total's name: what, of which origin (months of history), and of which step, group or target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What is added up.
    pub what: What,
    /// Months of history behind it.
    pub origin: usize,
    /// Which of several: a step ahead, a group, a grouping, a target, an event.
    pub step: usize,
    /// Whether the demand behind it came of attractions followed over the months: until it is known which way is used,
    /// both are added up.
    pub followed: bool,
}

/// A key.
pub fn key(what: What, origin: usize, step: usize) -> Key {
    Key { what, origin, step, followed: false }
}

impl Key {
    /// The key of the same, of demand that came of the one way or the other.
    pub fn followed(self, followed: bool) -> Key {
        Key { followed, ..self }
    }
}

/// What the rows of sales are like, before anything is computed. Days are counted from the common era.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Facts {
    /// First day.
    pub first: Option<i32>,
    /// Last day.
    pub last: Option<i32>,
    /// Last day that is not hidden.
    pub visible: Option<i32>,
    /// Last day of a month that has begun.
    pub begun: Option<i32>,
    /// Whether the month column holds days.
    pub daily: bool,
    /// Whether a row falls on a weekend.
    pub weekends: bool,
    /// The longest run of days of the last year in which no row stands; none where that is not known.
    pub quiet: Option<i32>,
    /// Whether a name or a header is in Chinese.
    pub chinese: bool,
    /// Whether a row says that something was out of stock, and it is learned how stockouts are taken out.
    pub stockouts: bool,
    /// Dated events without a stated effect.
    pub events: usize,
    /// Units sold by month (the months since year 0, ascending), in thousandths: whole, so that any order adds up alike.
    pub sold: Vec<(i32, i64)>,
    /// The same of each weekday, Monday first, where the month column holds days that are not hidden.
    pub weekdays: [i64; 7],
    /// Codes of regions, ascending.
    pub regions: Vec<String>,
    /// Codes of products, ascending.
    pub products: Vec<String>,
}

impl Facts {
    fn add(&mut self, other: Facts) {
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
        self.visible = self.visible.max(other.visible);
        self.begun = self.begun.max(other.begun);
        self.daily |= other.daily;
        self.weekends |= other.weekends;
        // All together are quiet for no longer than one of them.
        self.quiet = self.quiet.into_iter().chain(other.quiet).min();
        self.chinese |= other.chinese;
        self.stockouts |= other.stockouts;
        self.events = self.events.max(other.events);
        let mut sold: BTreeMap<i32, i64> = std::mem::take(&mut self.sold).into_iter().collect();
        other.sold.into_iter().for_each(|(month, units)| {
            let all: &mut i64 = sold.entry(month).or_default();
            *all = all.saturating_add(units);
        });
        self.sold = sold.into_iter().collect();
        self.weekdays.iter_mut().zip(other.weekdays).for_each(|(all, more)| *all = all.saturating_add(more));
        for (all, more) in [(&mut self.regions, other.regions), (&mut self.products, other.products)] {
            all.extend(more);
            all.sort_unstable();
            all.dedup();
        }
    }
}

/// What is known of all parts before a round; also what one part adds to it in a round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    round: u32,
    facts: Facts,
    values: BTreeMap<Key, Vec<f64>>,
}

/// Shares that do not fit together: parts of different rounds or of different data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unlike;

impl Totals {
    /// The round that these are the totals for, from 0 on.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// The round that gives the forecast, as far as is known: in round 0 nobody knows of stockouts yet.
    pub fn last_round(&self) -> u32 {
        self.round_of(What::Units) + 1
    }

    /// The round in which something is added up; of several events, the first one's.
    pub fn round_of(&self, what: What) -> u32 {
        what.round(&self.facts, 0)
    }

    /// What a part says of its rows in round 0.
    pub fn of(facts: Facts) -> Totals {
        Totals { facts, ..Totals::default() }
    }

    /// Adds what the parts noted in this round, always in the same order of parts; the next round's totals.
    pub fn and(mut self, shares: impl IntoIterator<Item = Totals>) -> Result<Totals, Unlike> {
        let mut new: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        let mut parts = 0;
        for share in shares {
            if share.round != self.round {
                return Err(Unlike);
            }
            parts += 1;
            self.facts.add(share.facts);
            for (key, own) in share.values {
                *counts.entry(key).or_default() += 1;
                match new.get_mut(&key) {
                    None => drop(new.insert(key, own)),
                    Some(all) => match key.what.merge() {
                        Merge::List | Merge::Lowest => all.extend(own),
                        Merge::Sum | Merge::Min if all.len() != own.len() => return Err(Unlike),
                        Merge::Sum => all.iter_mut().zip(own).for_each(|(a, b)| *a += b),
                        Merge::Min => all.iter_mut().zip(own).for_each(|(a, b)| *a = a.min(b)),
                    },
                }
            }
        }
        // Every part asks for every total, or one of them has taken another way.
        if counts.values().any(|count| *count != parts) {
            return Err(Unlike);
        }
        for (_, all) in new.iter_mut().filter(|(key, _)| matches!(key.what.merge(), Merge::Lowest)) {
            all.sort_unstable_by(f64::total_cmp);
            all.truncate(LOWEST + 1);
        }
        self.values.extend(new);
        self.round += 1;
        Ok(self)
    }
}

/// Alone, or one part of many.
#[derive(Clone, Debug, Default)]
pub struct Across(Option<Arc<Part>>);

#[derive(Debug)]
struct Part {
    totals: Arc<Totals>,
    own: Mutex<BTreeMap<Key, Vec<f64>>>,
    lost: AtomicBool,
}

impl Across {
    /// All regions are here.
    pub fn alone() -> Across {
        Across::default()
    }

    /// One part of many, in the round that the totals are for.
    pub fn part(totals: Arc<Totals>) -> Across {
        Across(Some(Arc::new(Part { totals, own: Mutex::default(), lost: AtomicBool::new(false) })))
    }

    /// Whether other regions lie elsewhere.
    pub fn is_part(&self) -> bool {
        self.0.is_some()
    }

    /// What is known of the rows of all parts; none where all of them are here.
    pub fn facts(&self) -> Option<&Facts> {
        self.0.as_ref().map(|part| &part.totals.facts)
    }

    /// Whether totals of a kind are final: what is decided by them may be believed.
    pub fn knows(&self, what: What) -> bool {
        self.0.as_ref().is_none_or(|part| part.totals.round > part.totals.round_of(what))
    }

    /// The total over all regions of what is `own` here: alone, `own` itself. Until the total is known, `own`, too.
    pub fn total(&self, key: Key, own: impl FnOnce() -> Vec<f64>) -> Vec<f64> {
        let Some(part) = &self.0 else { return own() };
        let round = key.what.round(&part.totals.facts, key.step);
        if part.totals.round > round {
            return part.totals.values.get(&key).cloned().unwrap_or_else(|| {
                part.lost.store(true, Ordering::Relaxed);
                own()
            });
        }
        let own = own();
        if part.totals.round == round {
            part.own.lock().unwrap_or_else(PoisonError::into_inner).insert(key, own.clone());
        }
        own
    }

    /// [`Across::total`] in place, where the values are there already.
    pub fn sum(&self, key: Key, values: &mut [f64]) {
        if self.is_part() {
            let all = self.total(key, || values.to_vec());
            values.iter_mut().zip(all).for_each(|(value, all)| *value = all);
        }
    }

    /// What this part noted in this round; none where a total that had to be known was not, or in the last round.
    pub fn share(&self) -> Option<Totals> {
        let part = self.0.as_ref().filter(|_| !self.is_lost())?;
        let values = std::mem::take(&mut *part.own.lock().unwrap_or_else(PoisonError::into_inner));
        let round = part.totals.round;
        (round < part.totals.last_round()).then(|| Totals { round, facts: Facts::default(), values })
    }

    /// Whether a total was asked for that should have been known and is not: the parts went different ways.
    pub fn is_lost(&self) -> bool {
        self.0.as_ref().is_some_and(|part| part.lost.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(totals: &Totals, shares: &[f64]) -> Totals {
        let round = totals.round;
        let share = |x: &f64| Totals {
            round,
            facts: Facts::default(),
            values: [(key(What::Moved, 3, 0), vec![*x, 1.0])].into(),
        };
        totals.clone().and(shares.iter().map(share)).unwrap()
    }

    #[test]
    fn alone_a_sum_is_itself() {
        let alone = Across::alone();
        assert_eq!(alone.total(key(What::Moved, 3, 0), || vec![2.0]), [2.0]);
        assert!(alone.knows(What::Errors) && alone.share().is_none() && !alone.is_lost());
    }

    #[test]
    fn a_part_notes_its_share_and_then_sees_the_total() {
        let facts = Totals::default().and([Totals::default(), Totals::default()]).unwrap();
        assert_eq!(facts.round(), 1);
        let part = Across::part(Arc::new(facts.clone()));
        assert_eq!(part.total(key(What::Moved, 3, 0), || vec![2.0, 1.0]), [2.0, 1.0]);
        // Of a later round: not yet.
        assert_eq!(part.total(key(What::Units, 3, 0), || vec![5.0]), [5.0]);
        let share = part.share().unwrap();
        assert_eq!(share.values.len(), 1);
        let all = next(&facts, &[2.0, 0.5]);
        let part = Across::part(Arc::new(all));
        assert_eq!(part.total(key(What::Moved, 3, 0), || vec![2.0, 1.0]), [2.5, 2.0]);
        assert!(!part.is_lost());
        part.total(key(What::Moved, 4, 0), || vec![2.0]);
        assert!(part.is_lost() && part.share().is_none());
    }

    #[test]
    fn parts_that_went_different_ways_are_told() {
        let round = Totals { round: 1, ..Totals::default() };
        let one = Totals { values: [(key(What::Moved, 3, 0), vec![1.0])].into(), ..round.clone() };
        let two = Totals { values: [(key(What::Moved, 3, 0), vec![1.0, 2.0])].into(), ..round.clone() };
        assert_eq!(round.clone().and([one.clone(), two]), Err(Unlike));
        assert_eq!(round.clone().and([one.clone(), round.clone()]), Err(Unlike));
        assert_eq!(round.clone().and([Totals::default()]), Err(Unlike));
        assert!(round.clone().and([one.clone(), one]).is_ok());
    }

    #[test]
    fn lists_and_least_ones() {
        let round = Totals { round: 1, ..Totals::default() };
        let of = |first: f64, hashes: Vec<f64>| Totals {
            values: [(key(What::FirstSold, 0, 0), vec![first]), (key(What::Hashes, 5, 0), hashes)].into(),
            ..round.clone()
        };
        let many: Vec<f64> = (0..LOWEST).map(|i| (i * 2) as f64).collect();
        let all = round.clone().and([of(4.0, many), of(f64::INFINITY, vec![1.0, 3.0])]).unwrap();
        assert_eq!(all.values[&key(What::FirstSold, 0, 0)], [4.0]);
        let hashes = &all.values[&key(What::Hashes, 5, 0)];
        assert_eq!((hashes.len(), &hashes[..4]), (LOWEST + 1, &[0.0, 1.0, 2.0, 3.0][..]));
    }
}
