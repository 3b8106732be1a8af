//! The answers of all workbooks beside each other and beside what the folder has: what is new, what is there already,
//! what contradicts what.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::form::Form;
use super::made::{Made, digest};
use super::read::Filled;
use crate::dataset::{Answer, Dataset, Says};
use crate::error::Problems;
use crate::grid::Scope;
use crate::messages::answers as say;
use crate::messages::planning::plain;
use crate::month::Month;
use crate::outlook::Outlook;

/// What is done where answers differ; by default they are conflicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// A workbook goes before an answer given after it was made.
    pub replace: bool,
    /// Contributors of the front line who differ are both kept; the forecast takes their mean.
    pub both: bool,
}

/// An answer to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct New {
    /// What was filled in.
    pub filled: Filled,
    /// What the folder has from the same contributor (overrides: from anybody), in units.
    pub was: Option<f64>,
    /// The forecast as it stands, in units.
    pub ours: f64,
}

/// What comes of the workbooks.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// Answers to be written, by form and in the order of the workbooks.
    pub new: Vec<New>,
    /// Answers that the folder has already.
    pub same: usize,
}

/// What an answer speaks of.
type Key = (Form, usize, Scope, Month);

fn key(filled: &Filled) -> Key {
    (filled.form, filled.node, filled.scope, filled.month)
}

fn same_reason(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Compares; conflicts are errors in `problems` that name both cells.
pub fn compare(outlook: &Outlook, filled: Vec<Filled>, made: &[Made], ways: Ways, problems: &mut Problems) -> Import {
    let data = &outlook.dataset;
    let run = outlook.origin.made;
    // What the folder has for this run, by what it speaks of, the newest last.
    let mut had: BTreeMap<Key, Vec<(&Answer, String)>> = BTreeMap::new();
    for form in Form::ALL {
        for answer in form.answers(data).iter().filter(|a| Month::of(a.made) == run) {
            let key = (form, answer.node, answer.scope, answer.month);
            had.entry(key).or_default().push((answer, digest(form, answer, &data.grid)));
        }
    }
    had.values_mut().for_each(|list| list.sort_by_key(|(a, _)| a.made));
    let known: Vec<HashSet<&str>> = made.iter().map(|m| m.given.iter().map(String::as_str).collect()).collect();
    let mut import = Import::default();
    let mut taken: BTreeMap<Key, Vec<Filled>> = BTreeMap::new();
    for one in filled {
        let others = taken.entry(key(&one)).or_default();
        if let Some(other) = others.iter().find(|other| disagree(other, &one, ways)) {
            let message = say::two_workbooks(&other.place.to_string(), &said(&one), &said(other));
            problems.error(one.place.clone(), "conflict", message);
            continue;
        }
        // The same row in two workbooks is one answer.
        if others.iter().any(|other| other.by == one.by) {
            continue;
        }
        others.push(one.clone());
        let before = had.get(&key(&one)).map_or(&[][..], Vec::as_slice);
        let own = |a: &Answer| one.form == Form::Overrides || a.by == one.by;
        let standing = before.iter().rev().find(|(a, _)| own(a));
        if let Some((a, _)) = standing
            && a.says == Says::Units(one.units)
            && a.by == one.by
            && same_reason(&a.reason, &one.reason)
            && a.lock == one.lock
        {
            import.same += 1;
            continue;
        }
        let is_known = |digest: &str| known.get(one.workbook).is_some_and(|set| set.contains(digest));
        let since = before.iter().rev().find(|(a, digest)| {
            let differs = a.says != Says::Units(one.units) || (own(a) && !same_reason(&a.reason, &one.reason));
            let bears = own(a) || !ways.both;
            differs && bears && !is_known(digest)
        });
        if let Some((a, _)) = since.filter(|_| !ways.replace) {
            let there = format!("{} {} ({})", a.says, a.by, a.reason);
            problems.error(one.place.clone(), "conflict", say::given_since(&a.place.to_string(), &said(&one), &there));
            continue;
        }
        let ours = forecast(outlook, &one);
        let was = standing.and_then(|(a, _)| outlook.point.revision.units_of(a));
        import.new.push(New { was, ours, filled: one });
    }
    import.new.sort_by_key(|new| new.filled.form);
    doubtful(outlook, &import.new, problems);
    import
}

/// So many times the forecast, or less than that part of it, is a slip of the finger until somebody looks at it.
const TIMES: f64 = 10.0;
/// Units below which that is no matter.
const SMALL: f64 = 10.0;

/// Warns of answers ten times off, and of a total beside answers for all of its products that add up to something else.
fn doubtful(outlook: &Outlook, new: &[New], problems: &mut Problems) {
    let text = |x: f64| plain(x);
    for New { filled, ours, .. } in new {
        let far = filled.units >= TIMES * ours || filled.units * TIMES <= *ours;
        if far && *ours > 0.0 && (filled.units - ours).abs() >= SMALL {
            let message = say::ten_times(&text(filled.units), &text(*ours));
            problems.warn(filled.place.clone(), "ten_times", message, say::taken_as_said());
        }
    }
    let grid = &outlook.dataset.grid;
    let totals = new.iter().map(|new| &new.filled).filter(|whole| !matches!(whole.scope, Scope::Product(_)));
    for whole in totals {
        let of_whole = |part: &&Filled| {
            (part.form, part.node, part.month, &part.by) == (whole.form, whole.node, whole.month, &whole.by)
        };
        let parts: Vec<&Filled> = new.iter().map(|new| &new.filled).filter(of_whole).collect();
        let said = |product: usize| parts.iter().find(|part| part.scope == Scope::Product(product));
        let mut products: Vec<usize> =
            grid.in_scope(whole.node, whole.scope).into_iter().map(|s| grid.series[s].product).collect();
        products.sort_unstable();
        products.dedup();
        let forecast = |product: &usize| {
            let k = outlook.months().iter().position(|m| *m == whole.month);
            let series = grid.in_scope(whole.node, Scope::Product(*product));
            k.is_some_and(|k| series.iter().any(|s| outlook.point.units[(*s, k)] > 0.0))
        };
        let every = products.iter().filter(|p| forecast(p)).all(|p| said(*p).is_some());
        let found: Vec<&&Filled> = products.iter().filter_map(|p| said(*p)).collect();
        let sum: f64 = found.iter().map(|part| part.units).sum();
        let Some(first) = found.first().filter(|_| every) else { continue };
        if (sum - whole.units).abs() > 0.5 * found.len() as f64 {
            let message = say::sum_differs(&text(whole.units), &text(sum), &first.place.to_string());
            problems.warn(whole.place.clone(), "sum_differs", message, say::taken_as_said());
        }
    }
}

/// Whether two answers to one question exclude each other: an override has one number, and so has a contributor; those
/// of different contributors do unless both are wanted.
fn disagree(a: &Filled, b: &Filled, ways: Ways) -> bool {
    let same_number = a.units == b.units;
    if a.by == b.by {
        return !same_number || !same_reason(&a.reason, &b.reason) || a.lock != b.lock;
    }
    match a.form {
        Form::Overrides => true,
        Form::Frontline => !same_number && !ways.both,
    }
}

fn said(filled: &Filled) -> String {
    format!("{} {} ({})", filled.units, filled.by, filled.reason)
}

/// The data with new answers in them, dated with a day, as the next run will read them.
pub fn applied(data: &Dataset, new: &[New], made: NaiveDate) -> Dataset {
    let mut data = data.clone();
    for Filled { form, node, scope, month, units, by, reason, lock, place, .. } in new.iter().map(|new| &new.filled) {
        let list = match form {
            Form::Frontline => &mut data.frontline,
            Form::Overrides => &mut data.overrides,
        };
        list.push(Answer {
            made,
            month: *month,
            node: *node,
            scope: *scope,
            says: Says::Units(*units),
            by: by.clone(),
            reason: reason.clone(),
            lock: *lock,
            place: place.clone(),
        });
    }
    data
}

/// The forecast of what an answer speaks of, in units.
pub fn forecast(outlook: &Outlook, filled: &Filled) -> f64 {
    let Some(k) = outlook.months().iter().position(|m| *m == filled.month) else { return 0.0 };
    let series = outlook.dataset.grid.in_scope(filled.node, filled.scope);
    series.into_iter().filter_map(|s| outlook.point.units.get((s, k))).sum()
}
