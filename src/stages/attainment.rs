//! What the stock in the channel says of the next month (R11).
//!
//! ```text
//! sell-out = sell-in - change of stock          (where it was not counted)
//! cover    = month-end stock / mean sell-out of the last three months
//! ratio    = cover / median of the preceding 12 covers
//! ```
//! The newest count decides, of the most downstream tier that is counted: over 1.25 the month after the one made is cut to
//! 95%, over 1.5 to 90%; the one after that stays at 100%. At the close of March, and on its last day, March's count
//! decides April; earlier in March February's does. One pile is cut once: where April was issued with March's cut, that cut
//! holds for its landing in April, and May stays at 100%. With no downstream count a push counts too: last month's sell-in over
//! its own forecast by a fifth 95%, by two fifths 90%. The dealers' sell-in is what we sold, the downstream tiers' what the dealers sold.

use super::Parameters;
use super::base::Push;
use super::channel::{Channel, counted, keys};
use super::lessons::Attained;
use crate::dataset::ledger::{Said, Source, Step};
use crate::dataset::{Issue, Known, Mode, Tier};
use crate::error::Place;
use crate::grid::Scope;
use crate::month::Month;
use crate::settings::AttainmentSettings as Limits;
use crate::stats::quantile::median;

/// Months whose mean sell-out a cover is measured in.
const SELL_OUT_MONTHS: usize = 3;

/// Less than this part of a number is rounding of sums.
const SAME: f64 = 1e-9;

/// What was counted for one region and group (or all groups), and what follows.
#[derive(Clone, Debug)]
pub struct Count {
    /// Region node counted.
    pub node: usize,
    /// Products counted.
    pub scope: Scope,
    /// The tier that decides.
    pub tier: Tier,
    /// The month at whose end it was counted.
    pub month: Month,
    /// Stock at its end, in units.
    pub stock: f64,
    /// Sell-out of that tier in the last three months, oldest first, in units.
    pub sell_out: Vec<f64>,
    /// Stock over mean sell-out, in months.
    pub cover: Option<f64>,
    /// Median of the preceding covers, in months; none where there are too few.
    pub norm: Option<f64>,
    /// Last month's sell-in and its own forecast (what it counts as, where it is no base for it), in units, where that
    /// rule was looked at.
    pub push: Option<(f64, f64)>,
    /// What the ledger teaches of such a cover; none where the plain cut holds.
    pub learned: Option<Attained>,
    /// The factor on the month that it decides.
    pub factor: f64,
    /// That month, in months after the one made: 1, or 0 where the month made was issued with the cut of this count.
    pub lag: i32,
    /// Where the deciding count stands.
    pub place: Place,
}

/// Attainment factors at lag 1.
#[derive(Clone, Debug, Default)]
pub struct Attainment {
    /// What was counted.
    pub counts: Vec<Count>,
    /// Per cell: index into `counts`, where something was counted for it.
    pub cells: Vec<Option<usize>>,
}

impl Attainment {
    /// The factor on a cell's month at a lag: 1 but in the month that its count decides.
    pub fn factor(&self, cell: usize, lag: i32) -> f64 {
        let count = self.cells.get(cell).copied().flatten().and_then(|c| self.counts.get(c));
        count.filter(|count| count.lag == lag).map_or(1.0, |count| count.factor)
    }
}

/// Looks at the channel's stock. `forecasts` gives, per cell, what the last complete month was forecast at (lag 1), in
/// units; `pushes` the months in which goods were pushed into the channel; `landing` what the month made comes to over its
/// forecast, for a node and scope.
pub fn assess(
    known: &Known,
    parameters: &Parameters,
    forecasts: Option<&[f64]>,
    pushes: &[Push],
    landing: impl Fn(usize, Scope) -> f64,
) -> Attainment {
    let grid = &known.data.grid;
    let mut out = Attainment { counts: Vec::new(), cells: vec![None; grid.cell_count()] };
    if known.channel.is_empty() || known.months() == 0 {
        return out;
    }
    let keys = keys(known);
    let mut done: Vec<(usize, Scope, Option<usize>)> = Vec::new();
    for cell in 0..grid.cell_count() {
        let (leaf, group) = grid.cell_key(cell);
        let Some((node, scope)) = counted(known, &keys, grid.regions.node_of(leaf), group) else { continue };
        let index = match done.iter().find(|(n, s, _)| (*n, *s) == (node, scope)) {
            Some((_, _, index)) => *index,
            None => {
                let mut count =
                    assess_one(&Channel::new(known, node, scope), &parameters.attainment, forecasts, pushes);
                if let Some(count) = count.as_mut() {
                    match issued(known, count) {
                        Some(factor) => (count.factor, count.lag) = (factor, 0),
                        None => learn(count, parameters, &landing),
                    }
                }
                let index = count.map(|c| {
                    out.counts.push(c);
                    out.counts.len() - 1
                });
                done.push((node, scope, index));
                index
            }
        };
        out.cells[cell] = index;
    }
    out
}

/// By how much the month made was cut when it was issued at the close of the month counted, by this count; none where it
/// was not: in its month made the forecast goes on from what was issued.
fn issued(known: &Known, count: &Count) -> Option<f64> {
    let origin = known.origin;
    let at_close = |i: &&&Issue| (i.mode, i.made) == (Mode::Close, count.month);
    let issue = known.ledger.iter().rev().find(at_close).filter(|_| origin.mode == Mode::During)?;
    let month = issue.months.iter().find(|m| (m.month, m.lag) == (origin.made, 1))?;
    let same = |said: &Said| (said.node, said.scope) == (count.node, count.scope);
    month.of(Source::Channel).find(|said| same(said))?;
    let series = known.data.grid.in_scope(count.node, count.scope);
    let sum = |step: Step| -> f64 { series.iter().filter_map(|s| month.after(step).get(*s)).sum() };
    let (stat, cut) = (sum(Step::Stat), sum(Step::Cut));
    (stat > 0.0 && (cut - stat).abs() > SAME * stat).then(|| cut / stat)
}

/// Where the ledger teaches what a cover does, that takes the place of the cut in steps.
fn learn(count: &mut Count, parameters: &Parameters, landing: &impl Fn(usize, Scope) -> f64) {
    let Some(channel) = &parameters.lessons.channel else { return };
    let Some((cover, norm)) = count.cover.zip(count.norm).filter(|(cover, _)| *cover > 0.0) else { return };
    let found = channel.attained((count.node, count.scope), cover, norm, landing(count.node, count.scope));
    (count.factor, count.learned) = (found.factor, Some(found));
}

fn assess_one(channel: &Channel, limits: &Limits, forecasts: Option<&[f64]>, pushes: &[Push]) -> Option<Count> {
    let (dealer, downstream) = channel.tiers();
    // The newest count; one older than the last complete month says nothing of its end.
    let newest = channel.known.months();
    let is_counted = |t: &usize| dealer.stock[*t].is_some() || downstream.stock[*t].is_some();
    let last = [Some(newest), newest.checked_sub(1)].into_iter().flatten().find(is_counted)?;
    let (tier, flow) = match downstream.stock[last] {
        Some(_) => (Tier::Downstream, &downstream),
        None => (Tier::Dealer, &dealer),
    };
    let stock = flow.stock[last]?;
    let month = channel.known.data.month(last);
    let place = channel.rows(tier).find(|r| r.month == month)?.place.clone();
    let cover = |t: usize| -> Option<f64> {
        // What sold in a month that is not complete is not known, unless it was counted.
        let end = if t == newest && flow.sell_out[t].is_none() { t.checked_sub(1)? } else { t };
        let months = flow.sell_out.get((end + 1).checked_sub(SELL_OUT_MONTHS)?..=end)?;
        let sum = months.iter().try_fold(0.0, |sum, x| x.map(|x| sum + x))?;
        (sum > 0.0).then(|| flow.stock[t].map(|stock| stock * SELL_OUT_MONTHS as f64 / sum)).flatten()
    };
    let mut before: Vec<f64> = (last.saturating_sub(limits.norm_months as usize)..last).filter_map(cover).collect();
    let norm = if before.len() >= limits.norm_min as usize { median(&mut before).filter(|n| *n > 0.0) } else { None };
    let mut factor = match (cover(last), norm) {
        (Some(cover), Some(norm)) => by_steps(cover / norm, limits),
        _ => 1.0,
    };
    let mut push = None;
    if tier == Tier::Dealer {
        // One yardstick: what the history lets expect where the month is no base because of it, however high a
        // target or a planner's rate had put the forecast.
        let pushed = pushes.iter().find(|p| (p.node, p.scope, p.month) == (channel.node, channel.scope, last));
        let expected = pushed.map(|p| p.counts_as).or_else(|| forecasts.map(|f| forecast_of(channel, f)));
        push = channel.sell_in.get(last).copied().zip(expected).filter(|(_, expected)| *expected > 0.0);
        if let Some((sold, forecast)) = push {
            // By a fifth is by a fifth, whatever the last bit of 1.2 says.
            let over = |share: f64| sold >= forecast * (1.0 + share) * (1.0 - 1e-12);
            let pushed = match (over(limits.strong_push), over(limits.push)) {
                (true, _) => limits.deep_cut,
                (false, true) => limits.cut,
                (false, false) => 1.0,
            };
            factor = f64::min(factor, pushed);
        }
    }
    let end = if flow.sell_out[last].is_none() { last } else { last + 1 };
    let sell_out = flow.sell_out[end.saturating_sub(SELL_OUT_MONTHS)..end].iter().flatten().copied().collect();
    let (node, scope) = (channel.node, channel.scope);
    let learned = None;
    let cover = cover(last);
    Some(Count { node, scope, tier, month, stock, sell_out, cover, norm, push, learned, factor, lag: 1, place })
}

/// What the last month was forecast at, summed over the cells of a node and scope.
fn forecast_of(channel: &Channel, forecasts: &[f64]) -> f64 {
    let grid = &channel.known.data.grid;
    let cells =
        grid.regions.leaves(channel.node).flat_map(|l| grid.groups_of(channel.scope).map(move |g| grid.cell(l, g)));
    cells.filter_map(|c| forecasts.get(c)).sum()
}

/// The plain cut (R11): by how many times its norm the cover is.
pub fn by_steps(ratio: f64, limits: &Limits) -> f64 {
    if ratio > limits.very_high {
        limits.deep_cut
    } else if ratio > limits.high {
        limits.cut
    } else {
        1.0
    }
}
