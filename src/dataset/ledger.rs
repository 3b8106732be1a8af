//! What was issued: the files of `ledger/`, each a forecast as it stood when it was issued, never changed afterwards.
//!
//! A file has a row for every number of every source. Rows of series follow the [`Step`]s of the revision; a step that
//! left a series as it was has no row for it. The other rows ([`Source`]) are what people and counts said, each at the
//! region and product that it spoke of.

use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::keys::Keys;
use super::names::Names;
use super::{Dataset, Mode};
use crate::error::{Place, Problems};
use crate::grid::{COMPANY, Grid, Scope};
use crate::messages::ledger as say;
use crate::month::{Month, Period};
use crate::sheet::{Col, Row, Rows, Sheet};

/// The numbers of a series, in the order in which they came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The statistical forecast, unrounded, planned events included: what a backtest would give.
    Stat,
    /// After the attainment cut (R11).
    Cut,
    /// Combined with the front line (R7, R8).
    Combined,
    /// Landed on the month to date.
    Landed,
    /// After the overrides: the forecast, unrounded.
    Planned,
    /// The forecast as printed, in whole units where the group's are.
    Final,
}

/// All steps in their order.
pub const STEPS: [Step; 6] = [Step::Stat, Step::Cut, Step::Combined, Step::Landed, Step::Planned, Step::Final];

impl Step {
    /// Its word in the column `source`.
    pub fn word(self) -> &'static str {
        match self {
            Step::Stat => "stat",
            Step::Cut => "cut",
            Step::Combined => "combined",
            Step::Landed => "landed",
            Step::Planned => "planned",
            Step::Final => "final",
        }
    }

    /// Its place among [`STEPS`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// The statistical forecast without planned events: a row where they changed a series.
pub const WITHOUT_EVENTS: &str = "without_events";

/// A number that somebody said or counted, at the region and product it was said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A front-line estimate.
    Front,
    /// A planner's last word.
    Override,
    /// The target of a region and group.
    Target,
    /// Units sold since the month began.
    ToDate,
    /// Month-end stock in the channel.
    Channel,
    /// Selling days of the month, as the forecast had them.
    Calendar,
    /// Why a correction was issued; its units are its number.
    Correction,
}

impl Source {
    /// All of them.
    pub const ALL: [Source; 7] = [
        Source::Front,
        Source::Override,
        Source::Target,
        Source::ToDate,
        Source::Channel,
        Source::Calendar,
        Source::Correction,
    ];

    /// Its word in the column `source`.
    pub fn word(self) -> &'static str {
        match self {
            Source::Front => "front",
            Source::Override => "override",
            Source::Target => "target",
            Source::ToDate => "to_date",
            Source::Channel => "channel",
            Source::Calendar => "calendar",
            Source::Correction => "correction",
        }
    }
}

/// One forecast as it was issued.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The month in which it was made.
    pub made: Month,
    /// 1, or the number of a correction.
    pub version: u32,
    /// At the close, or during the month.
    pub mode: Mode,
    /// The day up to which data were seen.
    pub as_of: NaiveDate,
    /// Its file.
    pub file: Arc<str>,
    /// By month forecast.
    pub months: Vec<IssuedMonth>,
}

/// One month of an issue.
#[derive(Clone, Debug)]
pub struct IssuedMonth {
    /// The month forecast.
    pub month: Month,
    /// Months after the one made.
    pub lag: i32,
    /// Whether each series was forecast.
    pub issued: Vec<bool>,
    /// By [`STEPS`], units by series (0 where it was not forecast); none where the step changed nothing.
    pub steps: [Option<Vec<f64>>; STEPS.len()],
    /// The statistical forecast without planned events, in units by series; none where there were none.
    pub without_events: Option<Vec<f64>>,
    /// low80, high80, low95, high95 by series, in units; NaN-free: none where no bounds were issued at all, and for a
    /// series without bounds its forecast four times.
    pub bounds: Option<Vec<[f64; 4]>>,
    /// What was said and counted.
    pub said: Vec<Said>,
}

/// What somebody said or counted.
#[derive(Clone, Debug)]
pub struct Said {
    /// What it is.
    pub source: Source,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// Units (of [`Source::Calendar`] days).
    pub units: f64,
    /// Channel stock in months of sell-out.
    pub cover: Option<f64>,
    /// The usual cover, in months.
    pub norm: Option<f64>,
    /// Share of the month's working days passed, of [`Source::ToDate`].
    pub passed: Option<f64>,
    /// Who said it; empty where nobody did.
    pub by: Arc<str>,
    /// Why; empty where nobody said.
    pub reason: Arc<str>,
    /// Where it was said, as the ledger has it.
    pub at: Arc<str>,
    /// Where it stands in the ledger.
    pub place: Place,
}

impl IssuedMonth {
    /// Units by series after a step: of the last step up to it that changed anything. Empty for a month without a
    /// statistical forecast.
    pub fn after(&self, step: Step) -> &[f64] {
        self.steps[..=step.index()].iter().rev().find_map(|s| s.as_deref()).unwrap_or(&[])
    }

    /// The rows of one source.
    pub fn of(&self, source: Source) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(move |s| s.source == source)
    }
}

/// Reads the files, each by itself; the issues by month made and version.
pub fn read(data: &Dataset, names: &Names, sheets: &[&Sheet], problems: &mut Problems) -> Vec<Issue> {
    let read = |sheet: &&Sheet| {
        let mut problems = Problems::default();
        let issue = Reading::read(data, names, sheet, &mut problems);
        (issue, problems)
    };
    let files: Vec<(Option<Issue>, Problems)> = sheets.par_iter().map(read).collect();
    let mut issues: Vec<Issue> = Vec::with_capacity(files.len());
    for (issue, found) in files {
        problems.extend(found);
        let Some(issue) = issue else { continue };
        let same = |i: &&Issue| (i.made, i.version) == (issue.made, issue.version);
        if let Some(other) = issues.iter().find(same) {
            let place = Place { file: issue.file.clone(), line: 2, column: 1 };
            problems.error(place, "issued_twice", say::same_issue(issue.made, issue.version, &other.file));
            continue;
        }
        issues.push(issue);
    }
    issues.sort_by_key(|i| (i.made, i.version));
    issues
}

/// The columns of a ledger file.
struct Columns {
    head: [Col; 4],
    month: Col,
    lag: Col,
    region: Col,
    product: Col,
    source: Col,
    units: Col,
    bounds: [Col; 4],
    cover: Col,
    norm: Col,
    passed: Col,
    by: Col,
    reason: Col,
    at: Col,
}

impl Columns {
    fn new(rows: &Rows) -> Columns {
        let of = |name| rows.column(name);
        Columns {
            head: ["made", "version", "mode", "as_of"].map(of),
            month: of("month"),
            lag: of("lag"),
            region: of("region"),
            product: of("product"),
            source: of("source"),
            units: of("units"),
            bounds: ["low80", "high80", "low95", "high95"].map(of),
            cover: of("cover"),
            norm: of("norm"),
            passed: of("passed"),
            by: of("by"),
            reason: of("reason"),
            at: of("place"),
        }
    }
}

/// One file while it is read.
struct Reading<'a> {
    grid: &'a Grid,
    names: &'a Names,
    regions: Resolved<Option<usize>>,
    products: Resolved<Option<Scope>>,
    months: Vec<Draft>,
    /// Rows of names that the folder no longer has, and the first of them.
    unknown: (usize, Option<Place>),
}

/// Names looked up once.
struct Resolved<T> {
    keys: Keys,
    found: Vec<T>,
}

impl<T: Copy> Resolved<T> {
    fn get(&mut self, name: &str, find: impl Fn(&str) -> T) -> T {
        let id = self.keys.id(name) as usize;
        if id >= self.found.len() {
            self.found.push(find(name));
        }
        self.found[id]
    }
}

/// One month while it is read: NaN where no row has been met.
struct Draft {
    text: String,
    month: Month,
    lag: i32,
    steps: [Option<Vec<f64>>; STEPS.len()],
    without_events: Option<Vec<f64>>,
    bounds: Option<Vec<[f64; 4]>>,
    said: Vec<Said>,
}

/// A code as the ledger has it: where a spreadsheet would have run it as a formula, a `'` was put before it.
fn looked_up<T>(name: &str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    find(name).or_else(|| name.strip_prefix('\'').and_then(find))
}

impl Reading<'_> {
    fn read(data: &Dataset, names: &Names, sheet: &Sheet, problems: &mut Problems) -> Option<Issue> {
        let before = problems.errors();
        let mut rows = Rows::open(sheet, &data.settings.columns, problems)?;
        let columns = Columns::new(&rows);
        let mut file = Reading {
            grid: &data.grid,
            names,
            regions: Resolved { keys: Keys::default(), found: Vec::new() },
            products: Resolved { keys: Keys::default(), found: Vec::new() },
            months: Vec::new(),
            unknown: (0, None),
        };
        let mut head: Option<([String; 4], Heading)> = None;
        while let Some(row) = rows.next(problems) {
            match &head {
                None => {
                    let found = heading(row, &columns, problems)?;
                    head = Some((columns.head.map(|c| row.text(c).to_owned()), found));
                }
                Some((texts, _)) => {
                    for (col, text) in columns.head.iter().zip(texts) {
                        if row.text(*col) != text {
                            problems.error(row.place(*col), "other_issue", say::one_issue_a_file(text));
                        }
                    }
                }
            }
            file.row(row, &columns, problems);
        }
        let (count, first) = file.unknown;
        if count > 0 {
            problems.warn(first, "unknown_in_ledger", say::unknown_in_ledger(count), say::left_out_of_scores());
        }
        let Some((_, Heading { made, version, mode, as_of })) = head else {
            problems.error(Place { file: sheet.file.clone(), line: 1, column: 0 }, "no_rows", say::no_rows());
            return None;
        };
        if problems.errors() > before {
            return None;
        }
        let months = file.months.into_iter().map(Draft::finish).collect();
        Some(Issue { made, version, mode, as_of, file: sheet.file.clone(), months })
    }

    fn row(&mut self, row: Row, c: &Columns, problems: &mut Problems) {
        let (grid, names) = (self.grid, self.names);
        let word = row.text(c.source);
        let step = STEPS.into_iter().find(|s| s.word() == word);
        let source = Source::ALL.into_iter().find(|s| s.word() == word);
        if step.is_none() && source.is_none() && word != WITHOUT_EVENTS {
            problems.error(row.place(c.source), "bad_word", say::unknown_source(&row.quoted(c.source)));
            return;
        }
        let Some(at) = self.month(row, c, problems) else { return };
        let Some(units) = row.need_number(c.units, problems) else { return };
        let region = self.regions.get(row.text(c.region), |name| match name {
            "" => Some(COMPANY),
            name => looked_up(name, |n| names.find_region(n)),
        });
        let scope = self.products.get(row.text(c.product), |name| match name {
            "" => Some(Scope::All),
            name => looked_up(name, |n| names.find_scope(n)),
        });
        let (Some(node), Some(scope)) = (region, scope) else {
            self.unknown.0 += 1;
            self.unknown.1.get_or_insert_with(|| row.row_place());
            return;
        };
        let month = &mut self.months[at];
        if let Some(source) = source {
            let text = |col: Col| -> Arc<str> { Arc::from(row.text(col)) };
            month.said.push(Said {
                source,
                node,
                scope,
                units,
                cover: row.number(c.cover, problems),
                norm: row.number(c.norm, problems),
                passed: row.number(c.passed, problems),
                by: text(c.by),
                reason: text(c.reason),
                at: text(c.at),
                place: row.row_place(),
            });
            return;
        }
        let product = if let Scope::Product(p) = scope { Some(p) } else { None };
        let leaf = grid.regions.leaf_of(node);
        let Some(series) = leaf.zip(product).and_then(|(leaf, product)| grid.find(leaf, product)) else {
            self.unknown.0 += 1;
            self.unknown.1.get_or_insert_with(|| row.row_place());
            return;
        };
        let n = grid.series.len();
        let slot = match step {
            Some(step) => &mut month.steps[step.index()],
            None => &mut month.without_events,
        };
        let cell = &mut slot.get_or_insert_with(|| vec![f64::NAN; n])[series];
        if !cell.is_nan() {
            problems.error(row.row_place(), "listed_twice", say::number_twice(word));
            return;
        }
        *cell = units;
        if step == Some(Step::Final) && row.has(c.bounds[0]) {
            let bounds = c.bounds.map(|col| row.need_number(col, problems).unwrap_or(units));
            month.bounds.get_or_insert_with(|| vec![[f64::NAN; 4]; n])[series] = bounds;
        }
    }

    /// The month a row speaks of, as an index; months come in few, rows in many.
    fn month(&mut self, row: Row, c: &Columns, problems: &mut Problems) -> Option<usize> {
        let text = row.text(c.month);
        if let Some(at) = self.months.iter().position(|m| m.text == text) {
            return Some(at);
        }
        let month = row.need_period(c.month, problems)?.month();
        let lag = row.need_number(c.lag, problems)?;
        self.months.push(Draft {
            text: text.to_owned(),
            month,
            lag: lag as i32,
            steps: Default::default(),
            without_events: None,
            bounds: None,
            said: Vec::new(),
        });
        Some(self.months.len() - 1)
    }
}

/// What every row of a file begins with.
struct Heading {
    made: Month,
    version: u32,
    mode: Mode,
    as_of: NaiveDate,
}

fn heading(row: Row, c: &Columns, problems: &mut Problems) -> Option<Heading> {
    let [made, version, mode, as_of] = c.head;
    let month = row.need_period(made, problems).map(Period::month);
    let number = row.need_number(version, problems).filter(|n| *n >= 1.0 && n.fract() == 0.0);
    if number.is_none() {
        problems.error(row.place(version), "bad_number", say::bad_version(&row.quoted(version)));
    }
    let found = Mode::from_word(row.text(mode));
    if found.is_none() {
        problems.error(row.place(mode), "bad_word", say::bad_mode(&row.quoted(mode)));
    }
    let day = row.need_period(as_of, problems).map(Period::last_day);
    Some(Heading { made: month?, version: number? as u32, mode: found?, as_of: day? })
}

impl Draft {
    /// Fills a step's gaps with the step before it.
    fn finish(self) -> IssuedMonth {
        let Draft { month, lag, mut steps, without_events, bounds, said, .. } = self;
        let n = steps.iter().flatten().map(Vec::len).max().unwrap_or(0);
        let mut issued = vec![false; n];
        let mut before = vec![0.0; n];
        for step in steps.iter_mut().flatten() {
            for ((x, known), was) in step.iter_mut().zip(&mut issued).zip(&mut before) {
                if x.is_nan() {
                    *x = *was;
                } else {
                    (*was, *known) = (*x, true);
                }
            }
        }
        let stat = steps[Step::Stat.index()].as_deref().unwrap_or(&[]);
        let without_events = without_events.map(|list| {
            list.into_iter()
                .enumerate()
                .map(|(s, x)| if x.is_nan() { stat.get(s).map_or(0.0, |x| *x) } else { x })
                .collect()
        });
        let bounds = bounds.map(|list: Vec<[f64; 4]>| {
            list.into_iter().zip(&before).map(|(b, last)| if b[0].is_nan() { [*last; 4] } else { b }).collect()
        });
        IssuedMonth { month, lag, issued, steps, without_events, bounds, said }
    }
}
