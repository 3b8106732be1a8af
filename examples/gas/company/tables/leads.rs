//! Registered intents and what came of the calls.

use std::collections::BTreeMap;

use rand::Rng;
use rand::seq::IndexedRandom;

use super::super::calendar::{CENTRES_FROM, month};
use super::super::catalogue::code_in;
use super::super::{World, shoppers, stream};
use super::Table;
use super::books::Books;
use crate::row;

/// Share of the visitors without a purchase, and of those who buy in a later month than they sign, whose intent the
/// sheets that were kept still show (assumption).
const KEPT: f64 = 0.012;
/// Why a lead is lost when the good was there (assumption).
const REASONS: [(&str, f64); 4] =
    [("price", 0.30), ("bought_elsewhere", 0.35), ("not_renovating_yet", 0.25), ("not_reached", 0.10)];
/// Calls this young are still open at the end.
const OPEN: i32 = 1;

/// `leads`: an intent is registered when the contract is signed, the household is called when it is about to
/// renovate; bought ones are among the community's sales, in the month registered as well as in the one called.
pub fn leads(world: &World, books: &Books) -> Table {
    let mut rng = stream(world.seed, 13);
    let end = world.span.tabled;
    let mut rows: Vec<(i32, Vec<String>)> = Vec::new();
    let mut taken: BTreeMap<(i32, usize, usize), u32> = BTreeMap::new();
    for visit in &world.shopping.visits {
        let household = &world.households[visit.home];
        let (registered, called) = (household.signed, visit.t);
        if !rng.random_bool(KEPT) || registered < CENTRES_FROM || !shoppers::attributed(household, world.span) {
            continue;
        }
        let community = &world.communities[household.community];
        let wish = visit.wish;
        // Who has not been called by the end, or only just, is still open.
        let open = called >= end || (called >= end - OPEN && wish.taken.is_none());
        let (product, outcome, reason) = match (wish.taken, wish.wanted, wish.named) {
            (_, _, Some(named)) if open => (named, "open", ""),
            (Some(bought), _, _) if called > registered => {
                let key = |t: i32| (t, household.community, bought);
                let sold = |t: i32| books.on_community(t, household.community, bought);
                let room = |t: &i32| taken.get(&key(*t)).copied().unwrap_or(0) < sold(*t);
                if ![registered, called].iter().all(room) {
                    continue;
                }
                for t in [registered, called] {
                    *taken.entry(key(t)).or_default() += 1;
                }
                (bought, "bought", "")
            }
            (None, Some(wanted), _) => (wanted, "lost", "out_of_stock"),
            (None, None, Some(named)) => {
                (named, "lost", REASONS.choose_weighted(&mut rng, |r| r.1).map_or("price", |r| r.0))
            }
            _ => continue,
        };
        let high = if outcome == "bought" { 0.6 } else { 0.2 };
        let intent = if rng.random_bool(high) {
            "high"
        } else if rng.random_bool(0.6) {
            "medium"
        } else {
            "low"
        };
        let code = code_in(product, registered);
        let when = if outcome == "open" { String::new() } else { month(called).to_string() };
        rows.push((registered, row![community.code, month(registered), code, intent, when, outcome, reason]));
    }
    rows.sort();
    let columns = &["community", "month", "product", "intent", "called", "outcome", "reason"];
    Table { name: "leads", columns, rows: rows.into_iter().map(|(_, row)| row).collect() }
}
