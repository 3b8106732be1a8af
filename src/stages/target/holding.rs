//! Which row holds at each node, where several stages speak (R1, docs/METHOD.md#targets).
//!
//! Any node may have a row at any stage; at each node the latest stage that has one holds. A node is the sum of its
//! children where all of them have a number and it has none itself, or an earlier stage's: what a later stage set below it
//! is what it comes to. A planner's growth rate of the node is a number of its own, a locked row holds whatever lies below.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::{Growth, Known, Measure, Target};
use crate::grid::{COMPANY, Regions, Scope};
use crate::month::Month;

use super::Link;
use super::why::Why;
use crate::stages::growth::planned_here;

/// Months of a fiscal year.
const MONTHS: usize = 12;

/// What the folder says of one node: a row for the year, rows for single months, a planner's rate.
#[derive(Clone, Default)]
pub struct Ask<'a> {
    /// The year's row.
    pub year: Option<&'a Target>,
    /// Rows for single months, in the order of the fiscal year.
    pub months: [Option<&'a Target>; MONTHS],
    /// A planner's growth rate.
    pub growth: Option<&'a Growth>,
    /// Whether the year's row is the sum of the rows below.
    pub summed: bool,
}

impl Ask<'_> {
    /// How a node comes by the number of its year's row.
    pub fn why(&self) -> Why {
        match self.year {
            _ if self.summed => Why::Sum,
            Some(row) if row.lock => Why::Locked,
            _ => Why::Given,
        }
    }
}

/// The rows of one year and scope that hold.
pub struct Holding<'k> {
    /// What they count.
    pub measure: Measure,
    /// The latest stage, as an index into the folder's stages.
    pub stage: Option<usize>,
    rows: BTreeMap<(usize, Option<usize>), Target>,
    summed: Vec<bool>,
    growth: Vec<Option<&'k Growth>>,
}

impl Holding<'_> {
    /// By node, what the folder says of it.
    pub fn asks(&self) -> Vec<Ask<'_>> {
        let of = |(growth, summed): (&Option<_>, &bool)| Ask { growth: *growth, summed: *summed, ..Ask::default() };
        let mut asks: Vec<Ask> = self.growth.iter().zip(&self.summed).map(of).collect();
        for (&(node, month), row) in &self.rows {
            match month {
                None => asks[node].year = Some(row),
                Some(month) => asks[node].months[month] = Some(row),
            }
        }
        asks
    }
}

/// What of several stages holds for one key: the latest value, and the latest row's bounds.
#[derive(Clone, Copy)]
struct Slot<'k> {
    value: Option<&'k Target>,
    latest: &'k Target,
}

impl Slot<'_> {
    fn row(&self) -> Target {
        let Target { min, max, .. } = *self.latest;
        Target { min, max, ..self.value.unwrap_or(self.latest).clone() }
    }
}

/// A node's number of the year: how much, of which stage, and the row it comes from.
#[derive(Clone, Copy)]
struct Number<'k> {
    value: f64,
    stage: usize,
    row: &'k Target,
    of: Of,
}

/// Where a number comes from: a row for the year, rows for all its months, the children.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Year,
    Months,
    Children,
}

/// The stages of one year and scope, one after the other.
struct Stages<'a, 'k> {
    regions: &'a Regions,
    slots: BTreeMap<(usize, Option<usize>), Slot<'k>>,
    growth: Vec<Option<&'k Growth>>,
}

/// Which rows of one year and scope hold, and what every stage set at every node. A stage that counts in another measure
/// than the one before begins anew.
pub fn hold<'k>(known: &Known<'k>, (year, scope): (i32, Scope), rows: &[&'k Target]) -> (Holding<'k>, Vec<Link>) {
    let data = known.data;
    let regions = &data.grid.regions;
    let first = Month::fiscal_start(year, data.settings.fiscal.start);
    let mut stages = Stages { regions, slots: BTreeMap::new(), growth: rates(known, year, scope) };
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.stage);
    let mut measure = Measure::Units;
    let mut chain: Vec<Link> = Vec::new();
    let mut last: Vec<Option<f64>> = vec![None; regions.len()];
    for of_stage in rows.chunk_by(|a, b| a.stage == b.stage) {
        let of = of_stage.iter().find(|row| row.value.is_some()).map_or(measure, |row| row.measure);
        if of != measure {
            measure = of;
            stages.slots.clear();
            last.fill(None);
        }
        for &row in of_stage {
            let month = match row.month {
                None => None,
                Some(month) => match usize::try_from(month.since(first)) {
                    Ok(k) if k < MONTHS => Some(k),
                    _ => continue,
                },
            };
            // Of several rows of one key the later one counts; the door has told the user.
            let slot = stages.slots.entry((row.node, month)).or_insert(Slot { value: None, latest: row });
            slot.latest = row;
            if row.value.is_some() {
                slot.value = Some(row);
            }
        }
        let stage = of_stage[0].stage;
        let numbers = stages.numbers();
        let said = of_stage.iter().filter(|row| row.month.is_none() && row.value.is_some()).map(|row| row.node);
        let said: BTreeSet<usize> = said.collect();
        for (node, number) in numbers.iter().enumerate() {
            let Some(number) = number else { continue };
            let changed = last[node] != Some(number.value) && (number.of == Of::Children || node == COMPANY);
            last[node] = Some(number.value);
            if !changed && !said.contains(&node) {
                continue;
            }
            let place = number.row.place.clone();
            let stage = data.stages.get(stage).cloned().unwrap_or_default();
            chain.push(Link { year, stage, scope, measure, node, total: number.value, place });
        }
    }
    (stages.holding(measure, rows.last().map(|row| row.stage)), chain)
}

/// Planners' rates by node. A region's rate for all its products holds for each group of them; a rate of the group itself
/// goes before it. For the company it would be a target of its own, which only a row of the very scope asks for.
fn rates<'k>(known: &Known<'k>, year: i32, scope: Scope) -> Vec<Option<&'k Growth>> {
    let of = |node| planned_here(known, node, scope, year).filter(|row| node != COMPANY || row.scope == scope);
    (0..known.data.grid.regions.len()).map(of).collect()
}

impl<'k> Stages<'_, 'k> {
    /// The number of every node, as the stages so far have it.
    fn numbers(&self) -> Vec<Option<Number<'k>>> {
        let mut out = vec![None; self.regions.len()];
        self.number(COMPANY, &mut out);
        out
    }

    fn number(&self, node: usize, out: &mut [Option<Number<'k>>]) {
        let children = self.regions.children(node);
        children.iter().for_each(|&child| self.number(child, out));
        let own = self.own(node);
        let below: Option<Vec<Number>> = children.iter().map(|&child| out[child]).collect();
        let below = below.filter(|below| !below.is_empty()).map(|below| {
            let latest = below.iter().map(|number| number.stage).max().unwrap_or(0);
            let value = below.iter().map(|number| number.value).sum();
            Number { value, stage: latest, row: below[0].row, of: Of::Children }
        });
        out[node] = match (own, below) {
            (Some(own), Some(below)) if below.stage > own.stage && !own.row.lock => Some(below),
            (Some(own), _) => Some(own),
            (None, below) => below.filter(|_| self.growth[node].is_none()),
        };
    }

    /// A node's own number: its row for the year, or its rows for all twelve months where no year's row came later.
    fn own(&self, node: usize) -> Option<Number<'k>> {
        let value = |month: Option<usize>| self.slots.get(&(node, month)).and_then(|slot| slot.value);
        let number = |row: &'k Target| Some(Number { value: row.value?, stage: row.stage, row, of: Of::Year });
        let year = value(None).and_then(number);
        let months: Option<Vec<Number>> = (0..MONTHS).map(|k| value(Some(k)).and_then(number)).collect();
        let months = months.map(|months| {
            let stage = months.iter().map(|number| number.stage).min().unwrap_or(0);
            let value = months.iter().map(|number| number.value).sum();
            Number { value, stage, row: months[0].row, of: Of::Months }
        });
        match (year, months) {
            (Some(year), Some(months)) if months.stage > year.stage && !year.row.lock => Some(months),
            (year, months) => year.or(months),
        }
    }

    /// The rows that hold after the last stage.
    fn holding(self, measure: Measure, stage: Option<usize>) -> Holding<'k> {
        let mut rows: BTreeMap<_, _> = self.slots.iter().map(|(key, slot)| (*key, slot.row())).collect();
        let mut summed = vec![false; self.regions.len()];
        for (node, number) in self.numbers().into_iter().enumerate() {
            let Some(number) = number.filter(|number| number.of != Of::Year) else { continue };
            // Twelve months of its own are phased as they are.
            if number.of == Of::Months && !self.slots.contains_key(&(node, None)) {
                continue;
            }
            let (value, stage) = (Some(number.value), number.stage);
            // Bounds that stand without a number hold for the sum, whatever an earlier stage said.
            let bounds =
                self.slots.get(&(node, None)).filter(|slot| slot.latest.value.is_none()).map(|slot| slot.latest);
            let (min, max) = bounds.map_or((None, None), |row| (row.min, row.max));
            let mut row = Target { node, month: None, value, stage, min, max, lock: false, ..number.row.clone() };
            if let Some(bounds) = bounds {
                row.place = bounds.place.clone();
            }
            rows.insert((node, None), row);
            summed[node] = number.of == Of::Children;
        }
        Holding { measure, stage, rows, summed, growth: self.growth }
    }
}
