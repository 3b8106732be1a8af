//! The fitted forecast: the total of everything that is counted alike, times each series' share of it.
//!
//! The total has several named experts, weighted by what they missed at past origins: last year's month; that times
//! recent growth; three regressions over the series of all regions and products, added up. The shares come from a
//! regression over all series whose variables are the ways to the number: region level x mix, product total x region
//! share, the whole x share, the series itself, last year's month of each, the last months' mix (see `panel`). What it
//! learns is how far to follow each way, so it is the combination of them, with weights that depend on the size of a
//! series and on the season. Units of a product and region are total x share; regions and products are sums of them,
//! so that everything adds up. See docs/METHOD.md#experts. Sources: Gross, Sohl 1990 (J. Forecasting 9)
//! for top-down shares; Bates, Granger 1969 for the weights.

mod trace;

use ndarray::{Array2, ArrayView1, s};

use super::level::{Level, Rule, horizon};
use super::levels::{Agreed, Everywhere, Said, milestone};
use super::mix::Mix;
use super::panel::{Aggregates, BLOCK, Features, Groupings, HORIZON, History, Of, length, nodes};
use crate::across::{What, key};
use crate::dataset::Known;
use crate::month::Month;
use crate::stats::regress::Line;

pub use super::learned::{Held, LINES, Learned, Missed, Step, TOTALS};
pub use trace::{Far, Simple, Term, Trace, Tracer, growth};

/// Their names, for programs.
pub const TOTAL_NAMES: [&str; TOTALS] =
    ["last_year", "last_year_and_growth", "regression", "regression_held", "regression_held_more", "recent_months"];
/// Where the regressions stand among them.
const FIRST_LINE: usize = 2;

/// What a regression may say of a series against its level, in logs: down to 1/150, up to 55-fold.
const SAID: (f64, f64) = (-5.0, 4.0);
/// Weight of a month's growth on the year before against the month after it (0.7 = 1 - .3).
const GROWTH_DISCOUNT: f64 = 0.7;
/// What part of recent growth goes on (damping, as of the levels' growth).
pub const GROWTH_KEPT: f64 = 0.5;
/// Months whose mean stands for a total while no year lies behind, as in the plain rules.
const RECENT: usize = 3;
/// Growth is kept within e^-1 and e.
const GROWTH_BOUND: f64 = 1.0;

/// One step's numbers for the series of an origin.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// Shares, summing to 1 over each block.
    pub shares: Vec<f64>,
    /// By block.
    pub totals: Vec<Total>,
}

/// One block's total, in units per month of mean length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    /// By expert; none where it cannot speak.
    pub experts: [Option<f64>; TOTALS],
    /// Weights used, summing to 1.
    pub weights: [f64; TOTALS],
    /// The weighted total.
    pub value: f64,
}

/// What a regression says of a series: `(s + C) e^f - C`, at least 0.
pub fn said(f: f64, level: f64, offset: f64) -> f64 {
    (f.clamp(SAID.0, SAID.1).exp() * (level + offset) - offset).max(0.0)
}

/// What regressions on centred variables say of every series, in logs: one list for each step ahead with its regression.
pub fn in_logs(
    features: &Features,
    history: &History,
    groupings: &Groupings,
    steps: &[(usize, &Held)],
) -> Vec<Vec<f64>> {
    if !history.across().knows(What::MeansAll) {
        // Without the means of all parts it says nothing.
        return vec![vec![0.0; features.len()]; steps.len()];
    }
    let mut out = vec![Vec::with_capacity(features.len()); steps.len()];
    let mut room = Array2::zeros((0, 0));
    features.each(history, groupings, |_, x| {
        for (out, (step, held)) in out.iter_mut().zip(steps) {
            let sums = features.of_step(x, *step, &mut room).dot(&ArrayView1::from(&held.coefficients[..]));
            out.extend(sums.iter().map(|sum| held.at(*sum)));
        }
    });
    out
}

/// Sums of a block's values, by block.
fn by_block(values: impl Iterator<Item = f64>, features: &Features, groupings: &Groupings) -> Vec<f64> {
    let mut out = vec![0.0; groupings.block_count()];
    values.zip(&features.series).for_each(|(x, &s)| out[groupings.block(s)] += x);
    out
}

/// The total of each block as a line over the series of regions and products has it: the mean of the sum of the regions
/// and the sum of the products.
fn line_totals(line: &Line, aggregates: &Aggregates, groupings: &Groupings, step: usize) -> Vec<f64> {
    let mut sums = vec![0.0; groupings.block_count()];
    for (i, &r) in aggregates.rows.iter().enumerate() {
        let f = line.at(aggregates.x[step - 1].row(i));
        sums[groupings.aggregates[r].block] += said(f, aggregates.level[i], aggregates.offset[i]) / 2.0;
    }
    sums
}

/// Last year's month, and that times the growth that the months since had on the year before: a mean of
/// `ln(v_t / v_t-12)`, discounted .7 a month; January and February as a pair where New Year moves between them.
pub fn last_year(row: ArrayView1<f64>, history: &History, origin: usize, step: usize) -> [Option<f64>; 2] {
    // A whole year lies behind, or last year's months say nothing yet.
    let Some(before) = (origin + step).checked_sub(12).filter(|_| origin + 1 >= 12) else { return [None, None] };
    let base = row[before];
    let pair = |t: usize| row[t] + row[t + 1];
    let mut months: Vec<Option<f64>> = Vec::with_capacity(origin.saturating_sub(11));
    for t in 12..=origin {
        let ratio = |now: f64, then: f64| (now > 0.0 && then > 0.0).then(|| (now / then).ln());
        let january = history.pairs && history.is_january(t);
        let february = history.pairs && t > 12 && history.is_january(t - 1);
        months.push(match (january, february) {
            (true, _) if t == origin => None,
            (true, _) => ratio(pair(t), pair(t - 12)),
            (_, true) => ratio(pair(t - 1), pair(t - 13)),
            _ => ratio(row[t], row[t - 12]),
        });
    }
    let (mut sum, mut weights, mut w) = (0.0, 0.0, 1.0);
    for growth in months.iter().rev() {
        if let Some(growth) = growth {
            sum += w * growth;
            weights += w;
        }
        w *= GROWTH_DISCOUNT;
    }
    let grown = (origin >= 12).then(|| {
        let growth = if weights > 0.0 { sum / weights } else { 0.0 };
        base * (GROWTH_KEPT * growth.clamp(-GROWTH_BOUND, GROWTH_BOUND)).exp()
    });
    [Some(base), grown]
}

impl Step {
    /// Shares and totals of an origin, from what the shares' regression says of its series ([`in_logs`]).
    pub fn numbers(&self, at: &At, step: usize, said: Vec<f64>) -> Numbers {
        let At { features, aggregates, history, groupings, origin } = *at;
        let of = |i: usize| self::said(said[i], features.level[i], features.offset[i]);
        let mut shares: Vec<f64> = (0..features.len()).map(of).collect();
        let mut sums = by_block(shares.iter().copied(), features, groupings);
        history.across().sum(key(features.of().what(What::Said, What::SaidAll), origin, step), &mut sums);
        for (share, &s) in shares.iter_mut().zip(&features.series) {
            let sum = sums[groupings.block(s)];
            *share = if sum > 0.0 { *share / sum } else { 0.0 };
        }
        let lines = self.lines.as_ref().map(|l| l.each_ref().map(|l| line_totals(l, aggregates, groupings, step)));
        let totals = (0..groupings.block_count())
            .map(|b| {
                let begun = self.begun.get(b).copied().unwrap_or(1.0);
                let row = history.sums[BLOCK].row(b);
                let row = row.slice(s![..=origin]);
                let [same, grown] = last_year(row, history, origin, step);
                let recent = row.slice(s![(origin + 1).saturating_sub(RECENT)..]);
                let recent = same.is_none().then(|| recent.sum() / recent.len() as f64);
                let mut experts = [same, grown, None, None, None, recent];
                if let Some(lines) = &lines {
                    (0..LINES).for_each(|i| experts[FIRST_LINE + i] = Some(lines[i][b]));
                }
                let experts = experts.map(|x| x.map(|x| x * begun));
                Total::new(experts, self.totals.get(b).copied().unwrap_or([1.0; TOTALS]))
            })
            .collect();
        Numbers { shares, totals }
    }
}

impl Total {
    fn new(experts: [Option<f64>; TOTALS], learned: [f64; TOTALS]) -> Total {
        let mut weights: [f64; TOTALS] = std::array::from_fn(|e| if experts[e].is_some() { learned[e] } else { 0.0 });
        let sum: f64 = weights.iter().sum();
        if sum > 0.0 {
            weights.iter_mut().for_each(|w| *w /= sum);
        }
        let value = experts.iter().zip(&weights).map(|(x, w)| x.unwrap_or(0.0) * w).sum();
        Total { experts, weights, value }
    }
}

/// An origin as numbers are made from it.
#[derive(Clone, Copy)]
pub struct At<'a, 'd> {
    /// The live series.
    pub features: &'a Features,
    /// The series of regions and products.
    pub aggregates: &'a Aggregates,
    /// The history (it may go on beyond the origin).
    pub history: &'a History<'d>,
    /// How series are grouped.
    pub groupings: &'a Groupings<'a>,
    /// Month index of the origin.
    pub origin: usize,
}

/// The fitted forecast of each month.
#[derive(Clone, Debug)]
pub struct Combined {
    /// The live series.
    pub series: Vec<usize>,
    /// By month forecast; none where the plain rules apply.
    pub months: Vec<Option<Ahead>>,
    /// The months after those, to the end of the next fiscal year: units by series, before lifecycle and events; empty where
    /// the plain rules apply.
    pub beyond: Vec<Vec<f64>>,
    /// Weight against the plain rules, within [0, 1].
    pub weight: f64,
    /// The same in the months beyond.
    pub weight_beyond: f64,
}

/// The fitted forecast of one month.
#[derive(Clone, Debug)]
pub struct Ahead {
    /// Steps ahead of the cutoff.
    pub step: usize,
    /// Experts, shares and totals.
    pub numbers: Numbers,
    /// What all levels say of it.
    pub agreed: Agreed,
    /// The month's selling days over a month's mean length.
    pub length: f64,
    /// By series: units of the month, before lifecycle, events and revision; from [`Combined::replace`] on the weighted
    /// mean with the plain rules' where these stand on a history.
    pub units: Vec<f64>,
}

/// The fitted forecast at an origin.
pub fn forecast(learned: &Learned, history: &History, groupings: &Groupings, known: &Known) -> Combined {
    let mut combined = made(learned, history, groupings, known).0;
    // Not followed at all, the plain rules stand to the bit.
    if combined.weight <= 0.0 {
        combined.months.iter_mut().for_each(|month| *month = None);
    }
    combined
}

/// The same whatever its weight, with what all levels say.
fn made(learned: &Learned, history: &History, groupings: &Groupings, known: &Known) -> (Combined, Everywhere) {
    let origin = history.months().saturating_sub(1);
    let months = known.origin.targets();
    let step = |month: &Month| usize::try_from(month.since(known.origin.cutoff)).unwrap_or(0);
    let most = months.iter().map(step).max().unwrap_or(0).min(learned.steps.len());
    // In a part of the regions nothing is worked out of them before their groups' sums are known.
    let live = if history.across().knows(What::History) { history.live(origin) } else { Vec::new() };
    let features = Features::new(history, groupings, origin, (Of::All, live), most);
    let aggregates = Aggregates::new(history, groupings, origin, most);
    let at = At { features: &features, aggregates: &aggregates, history, groupings, origin };
    let fitted: Vec<Option<(usize, &Step)>> =
        months.iter().map(step).map(|h| Some((h, learned.steps.get(h.checked_sub(1)?)?.as_ref()?))).collect();
    let asked: Vec<(usize, &Held)> = fitted.iter().flatten().map(|(h, fitted)| (*h, &fitted.shares)).collect();
    let mut said = in_logs(&features, history, groupings, &asked).into_iter();
    let numbers: Vec<Option<Numbers>> =
        fitted.iter().map(|f| f.and_then(|(h, fitted)| Some(fitted.numbers(&at, h, said.next()?)))).collect();
    let mut everywhere = everyone_says(&features, history, groupings, &fitted, &numbers);
    let mut ahead = |month: &Month, fitted: Option<(usize, &Step)>, numbers: Option<Numbers>| {
        let ((h, fitted), numbers) = (fitted?, numbers?);
        let length = length(known.data, known.months(), (known.index(*month)).max(0) as usize);
        let agreed = everywhere.floors.agree(h, &fitted.evidence);
        let units = everywhere.here(&agreed).into_iter().map(|x| x * length).collect();
        Some(Ahead { step: h, numbers, agreed, length, units })
    };
    let each = months.iter().zip(&fitted).zip(numbers);
    let ahead: Vec<Option<Ahead>> = each.map(|((month, fitted), numbers)| ahead(month, *fitted, numbers)).collect();
    let beyond = beyond(&mut everywhere, &ahead, learned, known);
    let (weight, weight_beyond) = (learned.weight, learned.weight_beyond);
    (Combined { months: ahead, beyond, series: features.series, weight, weight_beyond }, everywhere)
}

/// The months after those that the regression speaks of: the same levels and experts, the regression's part carried on by
/// the season. Beyond a year ahead the months come again: growth has faded by then.
fn beyond(everywhere: &mut Everywhere, ahead: &[Option<Ahead>], learned: &Learned, known: &Known) -> Vec<Vec<f64>> {
    let Some(last) = ahead.last().and_then(Option::as_ref) else { return Vec::new() };
    everywhere.floors.carry(last.step, &last.agreed);
    // Per month of mean length, by step ahead.
    let mut year: Vec<Option<Vec<f64>>> = vec![None; HORIZON];
    for near in ahead.iter().flatten() {
        year[near.step - 1] = Some(everywhere.here(&near.agreed));
    }
    for h in last.step + 1..=HORIZON {
        let agreed = everywhere.floors.agree(h, &learned.beyond[milestone(h)]);
        year[h - 1] = Some(everywhere.here(&agreed));
    }
    let months = horizon(known);
    let of = |h: usize| {
        let length = length(known.data, known.months(), known.months() - 1 + h);
        let month = year[(h - 1) % HORIZON].as_ref();
        month.map(|month| month.iter().map(|x| x * length).collect()).unwrap_or_default()
    };
    (last.step + 1..=months.len()).map(of).collect()
}

/// What all levels say of the steps that the regression speaks of.
fn everyone_says(
    features: &Features,
    history: &History,
    groupings: &Groupings,
    fitted: &[Option<(usize, &Step)>],
    numbers: &[Option<Numbers>],
) -> Everywhere {
    let most = fitted.iter().flatten().map(|(h, _)| *h).max().unwrap_or(0);
    let mut regression = vec![None; most];
    for (fitted, numbers) in fitted.iter().zip(numbers) {
        if let (Some((h, _)), Some(numbers)) = (fitted, numbers) {
            let of = |(share, s): (&f64, &usize)| share * numbers.totals[groupings.block(*s)].value;
            regression[h - 1] = Some(numbers.shares.iter().zip(&features.series).map(of).collect());
        }
    }
    let said = Said {
        series: features.series.clone(),
        own: features.own.clone(),
        nodes: nodes(history, groupings, features, true),
        actual: vec![None; HORIZON],
        regression,
    };
    let key = key(What::FloorsAll, features.origin, 0);
    said.everywhere(history.across(), key, history.grid(), groupings, features.origin + 1)
}

impl Combined {
    /// Puts the fitted numbers in the place of the plain levels and mixes, cell by cell; a planner's own growth rate
    /// and a target that stands for the level keep their word.
    pub fn replace(&mut self, level: &mut Level, mix: &mut Mix, known: &Known) {
        self.weigh(level, mix, known);
        let grid = &known.data.grid;
        let first = known.origin.targets().first().copied();
        let months: Vec<Month> = level.months.iter().copied().filter(|m| Some(*m) >= first).collect();
        let mut ahead = Array2::zeros((grid.series.len(), months.len()));
        for k in 0..months.len() {
            ahead.column_mut(k).iter_mut().zip(&mix.used).for_each(|(to, share)| *to = *share);
        }
        let mut units = vec![0.0; grid.series.len()];
        let near = self.months.iter().map(|fitted| fitted.as_ref().map(|fitted| &fitted.units));
        let fitted: Vec<Option<&Vec<f64>>> = near.chain(self.beyond.iter().map(Some)).collect();
        for (k, (month, fitted)) in months.iter().zip(fitted).enumerate() {
            let Some(fitted) = fitted.filter(|units| !units.is_empty()) else { continue };
            self.series.iter().zip(fitted).for_each(|(s, x)| units[*s] = *x);
            for cell in 0..grid.cell_count() {
                let range = grid.in_cell(cell);
                let sum: f64 = units[range.clone()].iter().sum();
                if sum <= 0.0 {
                    continue;
                }
                range.for_each(|s| ahead[(s, k)] = units[s] / sum);
                let Some(of_level) = level.get_mut(cell, *month) else { continue };
                if of_level.rule.is_plain() && !of_level.planned {
                    of_level.rule = Rule::Fitted;
                    of_level.without_events = sum;
                    of_level.level = sum * of_level.events;
                }
            }
        }
        mix.ahead = Some(ahead);
    }

    /// The weighted mean of the fitted numbers and of the plain level times mix.
    fn weigh(&mut self, level: &Level, mix: &Mix, known: &Known) {
        let grid = &known.data.grid;
        let targets = known.origin.targets();
        let after = targets.last().map_or(0, |last| level.months.iter().filter(|m| *m <= last).count());
        let near = targets
            .iter()
            .zip(&mut self.months)
            .filter_map(|(month, ahead)| Some((*month, &mut ahead.as_mut()?.units)));
        let beyond = level.months.iter().skip(after).copied().zip(&mut self.beyond);
        let weighted = near.map(|x| (x, self.weight)).chain(beyond.map(|x| (x, self.weight_beyond)));
        for ((month, units), weight) in weighted {
            for (units, &s) in units.iter_mut().zip(&self.series) {
                let of = &grid.series[s];
                let cell = level.get(grid.cell(of.leaf, of.group), month);
                if let Some(cell) = cell.filter(|cell| cell.rule.is_plain() && !cell.planned) {
                    *units = weight * *units + (1.0 - weight) * cell.without_events * mix.used[s];
                }
            }
        }
    }
}
