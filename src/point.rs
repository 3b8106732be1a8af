//! The steps up to the point forecast, each step's output kept.

use crate::dataset::ledger::Step;
use crate::dataset::{Known, Mode, Origin};
use crate::error::Problems;
use crate::month::Month;
use crate::stages::attainment::{self, Attainment};
use crate::stages::base;
use crate::stages::combine::{self, Combined};
use crate::stages::community::{self, Projection};
use crate::stages::demand::{self, Demand};
use crate::stages::growth::{self, Growth};
use crate::stages::level::{self, Level};
use crate::stages::lifecycle::{self, Baseline};
use crate::stages::mix::{self, Mix};
use crate::stages::panel::{Groupings, History};
use crate::stages::reception::{self, Reception};
use crate::stages::revision::{self, Revision};
use crate::stages::target::{self, RegionTargets};
use crate::stages::{Parameters, units};
use ndarray::{Array2, ArrayView2};

/// A point forecast with everything that led to it.
#[derive(Clone, Debug)]
pub struct Point {
    /// What came in: who has not reported, what is odd, who was closed.
    pub reception: Reception,
    /// Demand without dated events: what was credited, and for what.
    pub credits: Vec<base::Credit>,
    /// Months in which goods were pushed into the channel, and what they count as.
    pub pushes: Vec<base::Push>,
    /// Growth of regions and groups.
    pub growth: Growth,
    /// Targets by region, group and month.
    pub targets: RegionTargets,
    /// Levels of regions and groups.
    pub level: Level,
    /// Product mixes.
    pub mix: Mix,
    /// Levels times mixes, new and retired products handled.
    pub baseline: Baseline,
    /// The fitted forecast; none where only the plain rules were run.
    pub combined: Option<Combined>,
    /// New communities; none where there are none, or they are left out.
    pub communities: Option<Projection>,
    /// What new communities and renewals add, series x month ahead, in units.
    pub added: Option<Array2<f64>>,
    /// R11.
    pub attainment: Attainment,
    /// The revised forecast, unrounded.
    pub revision: Revision,
    /// The forecast in whole units that add up (unrounded where a group's units are not whole), series x month.
    pub units: Array2<f64>,
    /// Demand of the history, series x month: sales with the stockouts taken out; none where these changed nothing.
    pub corrected: Option<Array2<f64>>,
    /// Demand that levels rest on, without dated events (and without new communities and renewals), series x month; none
    /// where it is all of the demand.
    pub clean: Option<Array2<f64>>,
}

/// The steps up to the baseline: what is forecast before anybody revises it.
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    /// What came in.
    pub reception: Reception,
    /// Demand of the history.
    pub demand: Demand<'a>,
    /// The same without new communities and renewals; none where none are projected.
    pub left: Option<Demand<'a>>,
    /// Demand that levels rest on, without dated events (and without new communities and renewals), series x month; none
    /// where it is all of the demand.
    pub clean: Option<Array2<f64>>,
    /// What was credited, and for what.
    pub credits: Vec<base::Credit>,
    /// Months in which goods were pushed into the channel, and what they count as.
    pub pushes: Vec<base::Push>,
    /// Growth of regions and groups.
    pub growth: Growth,
    /// Targets by region, group and month.
    pub targets: RegionTargets,
    /// Levels of regions and groups.
    pub level: Level,
    /// Product mixes.
    pub mix: Mix,
    /// Levels times mixes, new and retired products handled.
    pub baseline: Baseline,
    /// The fitted forecast; none where only the plain rules were run.
    pub combined: Option<Combined>,
    /// New communities; none where there are none, or they are left out.
    pub communities: Option<Projection>,
    /// What they and renewals add, series x month ahead, in units.
    pub added: Option<Array2<f64>>,
}

impl<'a> Steps<'a> {
    /// Demand that levels and mixes are taken from: all of it, or what is left without new communities and renewals.
    pub fn rest(&self) -> &Demand<'a> {
        self.left.as_ref().unwrap_or(&self.demand)
    }

    /// Levels times mixes of any months ahead, as the baseline is of those forecast.
    pub fn ahead(&self, known: &Known, parameters: &Parameters, months: &[Month]) -> Baseline {
        let made = (&self.level, &self.mix, self.added.as_ref(), &self.reception);
        spread(made, self.rest(), known, parameters, months)
    }

    /// The same with arrays of its own.
    fn into_owned<'b>(self) -> Steps<'b> {
        let (demand, left) = (self.demand.into_owned(), self.left.map(Demand::into_owned));
        Steps {
            demand,
            left,
            reception: self.reception,
            clean: self.clean,
            credits: self.credits,
            pushes: self.pushes,
            growth: self.growth,
            targets: self.targets,
            level: self.level,
            mix: self.mix,
            baseline: self.baseline,
            combined: self.combined,
            communities: self.communities,
            added: self.added,
        }
    }
}

/// Runs the steps up to the baseline on what is visible at an origin.
pub fn steps<'a>(known: &Known<'a>, parameters: &Parameters, problems: &mut Problems) -> Steps<'a> {
    let reception = reception::receive(known);
    let mut steps = match &reception.units {
        None => received(known, parameters, problems),
        Some(_) => received(&reception.heard(known), parameters, problems).into_owned(),
    };
    // Closed until it sells again.
    reception.shut.iter().for_each(|s| steps.baseline.units.row_mut(*s).fill(0.0));
    steps.reception = reception;
    steps
}

/// The steps on what was received.
fn received<'a>(known: &Known<'a>, parameters: &Parameters, problems: &mut Problems) -> Steps<'a> {
    let demand = demand::uncensor(known, parameters);
    let whole = base::clean(&demand, known, parameters);
    base::without_effect(&whole, known, problems);
    base::name_pushes(&whole, known, problems);
    let targets = target::decompose(&whole, known, problems);
    let communities = community::project(known, &demand, parameters);
    community::missing(known, communities.as_ref(), parameters, problems);
    // With communities on, level, mix and growth run on what is left without them (docs/METHOD.md#communities).
    let left = communities.as_ref().map(|c| c.rest(&demand));
    let rest = left.as_ref().unwrap_or(&demand);
    let base = match &left {
        None => whole,
        Some(left) => base_of(&demand, Some(left), known, parameters),
    };
    let growth = growth::estimate(&base, known, parameters);
    let mut level = level::forecast(&base, &growth, &targets, known, parameters);
    let mut mix = mix::estimate(rest, known, parameters);
    let combined = parameters.learned.as_ref().map(|learned| {
        let groupings = Groupings::new(known.data);
        let history = History::new(base.clean().into(), known, &groupings);
        let mut combined = combine::forecast(learned, &history, &groupings, known);
        combined.replace(&mut level, &mut mix, known);
        combined
    });
    let mut baseline = lifecycle::adjust(&level, &mix, rest, known, parameters, &known.origin.targets());
    let added = communities.as_ref().map(|c| c.added(&level, known));
    if let Some(added) = &added {
        baseline.add(added);
    }
    let (credits, pushes, clean) = (base.credits, base.pushes, base.changed);
    let reception = Reception::default();
    Steps {
        reception,
        demand,
        left,
        clean,
        credits,
        pushes,
        growth,
        targets,
        level,
        mix,
        baseline,
        combined,
        communities,
        added,
    }
}

/// The base of level and growth: demand without dated events, and without new communities and renewals where what is
/// `left` is given. A planner's own growth rate applies to all of the demand.
pub fn base_of<'d, 'k>(
    demand: &'d Demand<'k>,
    left: Option<&'d Demand<'k>>,
    known: &Known,
    parameters: &Parameters,
) -> base::Base<'d> {
    let mut base = base::clean(left.unwrap_or(demand), known, parameters);
    if let Some(left) = left {
        base.changed.get_or_insert_with(|| left.units.to_owned());
        base.demand = demand.units.view();
    }
    base
}

/// Runs the steps on what is visible at an origin. Conflicts of locks and overrides come out as errors in `problems`;
/// the numbers are then not to be used.
pub fn forecast(known: &Known, parameters: &Parameters, problems: &mut Problems) -> Point {
    let steps = steps(known, parameters, problems);
    let forecasts = last_forecast(known, parameters);
    let baseline = &steps.baseline;
    let landing = |node, scope| revision::landing(baseline, known, parameters, (node, scope));
    let attainment = attainment::assess(known, parameters, forecasts.as_deref(), &steps.pushes, landing);
    let revision = revision::revise(baseline, &attainment, &steps.targets, known, parameters, problems);
    let whole = units::round(revision.exact.view(), known);
    let corrected = steps.demand.corrected.then(|| steps.demand.units.into_owned());
    Point {
        reception: steps.reception,
        added: steps.added,
        credits: steps.credits,
        pushes: steps.pushes,
        growth: steps.growth,
        targets: steps.targets,
        level: steps.level,
        mix: steps.mix,
        baseline: steps.baseline,
        combined: steps.combined,
        communities: steps.communities,
        attainment,
        revision,
        units: whole,
        corrected,
        clean: steps.clean,
    }
}

impl Point {
    /// Demand of the history, series x month, in units: sales with the stockouts taken out.
    pub fn demand<'a, 'k: 'a>(&'a self, known: &Known<'k>) -> ArrayView2<'a, f64> {
        let received = || self.reception.units.as_ref().map_or_else(|| known.units.reborrow(), |units| units.view());
        self.corrected.as_ref().map_or_else(received, |corrected| corrected.view())
    }

    /// Levels times mixes of every month to the end of the next fiscal year, not revised; the first are those of the
    /// baseline.
    pub fn horizon(&self, known: &Known, parameters: &Parameters) -> Baseline {
        let (corrected, first) = (self.corrected.is_some(), first_month(known));
        let sales = self.reception.units(known).into();
        let demand = Demand { units: self.demand(known).into(), sales, corrected, attractions: None };
        let left = self.communities.as_ref().map(|c| c.rest(&demand));
        let rest = left.as_ref().unwrap_or(&demand);
        let months: Vec<Month> = self.level.months.iter().copied().filter(|m| *m >= first).collect();
        let made = (&self.level, &self.mix, self.added.as_ref(), &self.reception);
        spread(made, rest, known, parameters, &months)
    }
}

/// Levels spread by mixes over some months ahead, with what is added beside them; what is closed sells nothing.
fn spread(
    (level, mix, added, reception): (&Level, &Mix, Option<&Array2<f64>>, &Reception),
    rest: &Demand,
    known: &Known,
    parameters: &Parameters,
    months: &[Month],
) -> Baseline {
    let mut out = lifecycle::adjust(level, mix, rest, &reception.heard(known), parameters, months);
    if let Some(added) = added {
        out.add(added);
    }
    reception.shut.iter().for_each(|s| out.units.row_mut(*s).fill(0.0));
    out
}

/// The first month forecast.
fn first_month(known: &Known) -> Month {
    known.origin.targets().first().copied().unwrap_or(known.origin.made)
}

/// What the last complete month was forecast at when it was one month ahead, per cell, in units: as it was issued, else
/// by the same steps run one month earlier (two during a month). None where there is no channel stock to compare with.
fn last_forecast(known: &Known, parameters: &Parameters) -> Option<Vec<f64>> {
    if known.channel.is_empty() {
        return None;
    }
    let month = known.origin.cutoff;
    let made = month.plus(-1);
    let issues = known.ledger.iter().filter(|i| (i.made, i.mode) == (made, known.origin.mode));
    if let Some(issued) = issues.flat_map(|i| &i.months).find(|m| m.month == month) {
        let (grid, stat) = (&known.data.grid, issued.after(Step::Stat));
        let sum = |cell: usize| grid.in_cell(cell).filter_map(|s| stat.get(s)).sum();
        return Some((0..grid.cell_count()).map(sum).collect());
    }
    let cutoff = if known.origin.mode == Mode::During { made.plus(-1) } else { made };
    if cutoff < known.data.start {
        return None;
    }
    let earlier = known.data.earlier(Origin { as_of: made.last_day(), cutoff, made, mode: known.origin.mode });
    // Problems of targets are reported by the run itself.
    let steps = steps(&earlier, &Parameters { learned: None, ..parameters.clone() }, &mut Problems::default());
    let grid = &known.data.grid;
    let of = |cell: usize| {
        let level = steps.level.get(cell, month).map_or(0.0, |c| c.level);
        let ahead = usize::try_from(month.since(cutoff) - 1).ok();
        let beside = |s: usize| steps.added.as_ref().and_then(|a| a.get((s, ahead?)).copied()).unwrap_or(0.0);
        level + grid.in_cell(cell).map(beside).sum::<f64>()
    };
    Some((0..grid.cell_count()).map(of).collect())
}
