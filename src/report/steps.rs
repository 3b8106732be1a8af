//! Which steps of the method were on, what switched each on, and what would switch on the rest.

use crate::books::leads;
use crate::dataset::{Dataset, Known};
use crate::messages::Text;
use crate::messages::report as say;
use crate::outlook::Outlook;
use crate::schema::Table;
use crate::settings::LevelSource;

/// Whether a step had a say in the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It had.
    On,
    /// Its data are there, but none of them speaks of this run.
    Idle,
    /// Its data or its setting are missing.
    Off,
}

impl State {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            State::On => "on",
            State::Idle => "idle",
            State::Off => "off",
        }
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// A short stable word for programs.
    pub name: &'static str,
    /// Whether it had a say.
    pub state: State,
    /// The table, column or setting that switches it on.
    pub by: &'static str,
    /// What it does, as a phrase.
    pub what: Text,
}

/// Tables whose rows are checked against `sales`, and that no step uses.
const CHECKED_ONLY: [Table; 2] = [Table::PlanPrices, Table::Totals];

/// All steps, in the order of the method.
pub fn steps(outlook: &Outlook, known: &Known, any_price: bool) -> Vec<Step> {
    let data = &outlook.dataset;
    let of =
        |table: Table, state: State| Step { name: table.name(), state, by: table.name(), what: table.switches_on() };
    let rows = |all: usize, visible: usize| match (all, visible) {
        (0, _) => State::Off,
        (_, 0) => State::Idle,
        _ => State::On,
    };
    let on = |on: bool| if on { State::On } else { State::Off };
    let launched = data.products.iter().filter(|p| p.launch.is_some() || p.retire.is_some()).count();
    let tree = &data.grid.regions;
    // A table of regions gives levels, or names at least.
    let regions = tree.len() > tree.leaf_count() + 1 || (0..tree.len()).any(|n| tree.name(n) != tree.code(n));
    let festival = data.calendar.pairs_new_year();
    let communities = outlook.point.communities.as_ref();
    let rich = || leads::followup(known, |_| true).is_rich();
    let has = |table: Table| data.tables.contains(&table);
    vec![
        stockouts(outlook, known),
        Step { name: "new_year", state: on(festival), by: "[calendar] festival", what: say::step_new_year() },
        of(Table::Calendar, on(has(Table::Calendar))),
        of(Table::Reported, on(has(Table::Reported))),
        of(Table::Aliases, on(has(Table::Aliases))),
        of(Table::Regions, on(regions)),
        of(Table::Factors, rows(data.factors.len(), known.factors.len())),
        of(Table::Growth, rows(data.growth.len(), known.growth.len())),
        of(Table::Targets, rows(data.targets.len(), outlook.point.targets.splits.len())),
        Step {
            name: "target_as_level",
            state: on(outlook.parameters().source == LevelSource::Target),
            by: "[level] source",
            what: say::step_target_as_level(),
        },
        Step {
            name: "lifecycle",
            state: rows(launched, outlook.point.baseline.notes.len()),
            by: "products: launch, retire",
            what: say::step_lifecycle(),
        },
        Step {
            name: "revenue",
            state: on(any_price),
            by: "products: price; sales: revenue",
            what: say::step_revenue(),
        },
        of(Table::Communities, rows(data.communities.list.len(), usize::from(communities.is_some()))),
        of(Table::Signings, rows(data.communities.signings.len(), usize::from(communities.is_some()))),
        of(
            Table::CommunitySales,
            rows(
                data.communities.sales.len(),
                communities.map_or(0, |p| p.goods.iter().len() + p.policies.iter().len()),
            ),
        ),
        of(Table::Policies, rows(data.communities.policies.len(), communities.map_or(0, |p| p.renewals.iter().len()))),
        of(Table::Leads, rows(known.leads().count(), usize::from(communities.is_some_and(|_| rich())))),
        of(Table::Rates, rows(data.rates.len(), communities.map_or(0, |p| p.stated.rates.len()))),
        of(Table::Counters, rows(data.counters_by_date.len(), communities.iter().len())),
        of(Table::Commissions, rows(data.commissions.len(), communities.iter().len())),
        of(Table::ChannelStock, rows(data.channel.len(), outlook.point.attainment.counts.len())),
        of(Table::Frontline, rows(data.frontline.len(), known.frontline.len())),
        of(Table::Progress, rows(data.progress.len(), known.progress.len())),
        of(Table::Overrides, rows(data.overrides.len(), known.overrides.len())),
    ]
}

fn stockouts(outlook: &Outlook, known: &Known) -> Step {
    let state =
        match (known.data.settings.demand.correct, known.availability.is_some(), outlook.point.corrected.is_some()) {
            (false, ..) | (true, false, _) => State::Off,
            (true, true, false) => State::Idle,
            (true, true, true) => State::On,
        };
    let by = if known.data.settings.demand.correct { "sales: stockout_days" } else { "[demand] correct" };
    Step { name: "stockouts", state, by, what: say::step_stockouts() }
}

/// Tables of the folder that are read and checked, and that no step of a plan uses.
pub fn checked_only(data: &Dataset) -> Vec<Table> {
    data.tables.iter().copied().filter(|t| CHECKED_ONLY.contains(t)).collect()
}
