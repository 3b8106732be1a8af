//! Who has sent rows of `sales` for which month, and when a month is complete (docs/METHOD.md#time).
//!
//! A month is complete when regions that hold nine tenths of the last three months' units have sent rows of it. At the end
//! of the data a month that is not, and zeros that every series has to the last month, leave the month before the last
//! complete one. The table `reported` overrules both, for all regions or for one.

use ndarray::Array2;

use super::Dataset;
use super::names::Names;
use crate::error::Problems;
use crate::messages::data as say;
use crate::month::Month;
use crate::schema::nearest;
use crate::settings::Settings;
use crate::sheet::{Rows, Sheet};

/// Part of the last three months' units that regions which have reported must hold.
const ENOUGH: f64 = 0.9;
/// Months with rows before one, in each of which a region that has not reported it had some.
const USUAL: usize = 3;
/// A file is filled up with zeros where that many months before all had sales.
const BUSY: usize = 12;

/// What somebody says of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everything is there: what has no row sold nothing.
    Complete,
    /// Some of it is there.
    Part,
    /// Nothing is there, whatever the rows say.
    None,
}

impl State {
    const WORDS: [(&'static str, &'static str, State); 3] =
        [("complete", "完整", State::Complete), ("part", "部分", State::Part), ("none", "无", State::None)];

    fn from_word(word: &str) -> Option<State> {
        let word = word.trim().to_lowercase();
        State::WORDS.into_iter().find(|(en, zh, _)| *en == word || *zh == word).map(|(.., state)| state)
    }
}

/// Who reported what.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// Leaf x month: whether there is a row.
    sent: Array2<bool>,
    /// Leaf, month, state: by leaf and month; of several rows the last one.
    says: Vec<(usize, usize, State)>,
    /// How many of the last months are not complete.
    pub open: usize,
}

impl Reports {
    /// Whether a region leaf has a row in a month.
    pub fn sent(&self, leaf: usize, month: usize) -> bool {
        self.sent.get((leaf, month)).copied().unwrap_or_default()
    }

    /// What somebody says of a region leaf's month.
    pub fn says(&self, leaf: usize, month: usize) -> Option<State> {
        let found = self.says.binary_search_by_key(&(leaf, month), |(leaf, month, _)| (*leaf, *month)).ok()?;
        self.says.get(found).map(|(.., state)| *state)
    }

    fn say(&mut self, leaf: usize, month: usize, state: State) {
        match self.says.binary_search_by_key(&(leaf, month), |(leaf, month, _)| (*leaf, *month)) {
            Ok(at) => self.says[at].2 = state,
            Err(at) => self.says.insert(at, (leaf, month, state)),
        }
    }
}

/// Reads `reported` and finds out who reported what.
pub(super) fn read(data: &mut Dataset, names: &Names, sheets: &[&Sheet], problems: &mut Problems) {
    let (leaves, months) = (data.grid.regions.leaf_count(), data.months());
    let mut reports = Reports { sent: Array2::default((leaves, months)), ..Reports::default() };
    for (series, row) in data.grid.series.iter().zip(data.rows.rows()) {
        let mut sent = reports.sent.row_mut(series.leaf);
        sent.iter_mut().zip(row).for_each(|(sent, id)| *sent |= *id != 0);
    }
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &data.settings.columns, problems) else { continue };
        let [month, region, state] = ["month", "region", "state"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            let period = row.need_period(month, problems);
            let node = names.region(row, region, problems);
            let Some(word) = row.need_name(state, problems) else { continue };
            let Some(state_of) = State::from_word(word) else {
                let near = nearest(word, State::WORDS.map(|(en, ..)| en));
                problems.error(row.place(state), "unknown_state", say::unknown_state(word, near));
                continue;
            };
            let (Some(period), Some(node)) = (period, node) else { continue };
            let Ok(t) = usize::try_from(period.month().since(data.start)) else { continue };
            data.grid.regions.leaves(node).for_each(|leaf| reports.say(leaf, t, state_of));
        }
    }
    data.reported = reports;
    data.reported.open = open(data);
}

/// Months that somebody says are complete for all regions. What is wrong with the rows is told when they are read for good.
pub(super) fn closed(sheets: &[&Sheet], settings: &Settings) -> Vec<Month> {
    let problems = &mut Problems::default();
    let mut out = Vec::new();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [month, region, state] = ["month", "region", "state"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            let complete = State::from_word(row.text(state)) == Some(State::Complete) && !row.has(region);
            out.extend(row.period(month, problems).filter(|_| complete).map(|period| period.month()));
        }
    }
    out
}

impl Dataset {
    /// A planner's word that a month is complete: what has no row of it sold nothing.
    pub fn close(&mut self, month: Month) {
        let Ok(t) = usize::try_from(month.since(self.start)) else { return };
        (0..self.grid.regions.leaf_count()).for_each(|leaf| self.reported.say(leaf, t, State::Complete));
        self.reported.open = open(self);
        if t < self.months() {
            self.as_of = self.as_of.max(month.last_day());
        }
    }

    /// Regions (leaves) that have sent no row of a month and had some in each of the last three months before it of which
    /// anybody had.
    pub fn not_reported(&self, month: usize) -> Vec<usize> {
        let leaves = 0..self.grid.regions.leaf_count();
        let before = self.busy_before(month);
        let is_usual = |leaf: &usize| before.len() == USUAL && before.iter().all(|t| self.reported.sent(*leaf, *t));
        let missing = |leaf: &usize| match self.reported.says(*leaf, month) {
            Some(State::Complete) => false,
            Some(_) => true,
            None => !self.reported.sent(*leaf, month) && is_usual(leaf),
        };
        leaves.filter(missing).collect()
    }

    /// The last three months before one of which anybody sent rows, newest first.
    fn busy_before(&self, month: usize) -> Vec<usize> {
        let any = |t: &usize| (0..self.grid.regions.leaf_count()).any(|leaf| self.reported.sent(leaf, *t));
        (0..month).rev().filter(any).take(USUAL).collect()
    }
}

/// How many of the last months are not complete.
fn open(data: &Dataset) -> usize {
    // Regions elsewhere are not counted here: what decides the month made must be decided alike everywhere.
    if data.across.is_part() {
        return 0;
    }
    let months = data.months();
    let leaves = data.grid.regions.leaf_count();
    let units = |leaf: usize, t: usize| -> f64 { data.grid.leaf_series(leaf).map(|s| data.units[(s, t)]).sum() };
    let total = |t: usize| data.units.column(t).sum();
    let said = |t: usize| (0..leaves).all(|leaf| data.reported.says(leaf, t) == Some(State::Complete));
    let any = |t: usize| (0..leaves).any(|leaf| data.reported.sent(leaf, t));
    // Zeros that every series has to the end of the file.
    let mut end = (0..months).rev().find(|t| total(*t) > 0.0 || said(*t)).map_or(months, |t| t + 1);
    let zeros = end..months;
    let busy = end >= BUSY && (end - BUSY..end).all(|t| total(t) > 0.0);
    if !busy || zeros.clone().any(|t| !any(t)) {
        end = months;
    }
    while let Some(t) = end.checked_sub(1).filter(|t| !said(*t)) {
        let before = data.busy_before(t);
        if before.len() < USUAL {
            break;
        }
        let usual = |leaf: usize| {
            let mut of: Vec<f64> = before.iter().map(|t| units(leaf, *t)).collect();
            of.sort_unstable_by(f64::total_cmp);
            of[USUAL / 2]
        };
        let all: f64 = (0..leaves).map(usual).sum();
        let missing: f64 = data.not_reported(t).into_iter().map(usual).sum();
        // A month without a row is open where one before it was begun by mistake.
        if any(t) && all - missing >= ENOUGH * all {
            break;
        }
        end = t;
    }
    if end == 0 { 0 } else { months - end }
}
