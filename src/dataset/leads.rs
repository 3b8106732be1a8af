//! `leads`: registered intents to buy and what came of them.

use super::names::Names;
use crate::error::{Place, Problems};
use crate::grid::Scope;
use crate::messages::books as say;
use crate::messages::data::{ends_before_it_begins, one_of};
use crate::month::Month;
use crate::settings::Settings;
use crate::sheet::{Col, Row, Rows, Sheet};

/// What came of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The household bought.
    Bought,
    /// It will not.
    Lost,
    /// Not known yet.
    Open,
}

impl Outcome {
    /// The word in `leads`.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Bought => "bought",
            Outcome::Lost => "lost",
            Outcome::Open => "open",
        }
    }
}

/// One row of `leads`.
#[derive(Clone, Debug)]
pub struct Lead {
    /// The community, as the caller numbers them.
    pub community: usize,
    /// Month in which the intent was registered.
    pub month: Month,
    /// What is wanted.
    pub scope: Scope,
    /// How much it is wanted, in the folder's own words; empty where nothing is said.
    pub intent: String,
    /// Month of the last call, in which the outcome became known; none while there was no call.
    pub called: Option<Month>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why; empty where nothing is said.
    pub reason: String,
    /// Where it stands.
    pub place: Place,
}

/// Reads the rows; `community` gives a cell's community and reports one that nobody knows.
///
/// Two rows that are the same in every column are two leads: two households of a community may want the same.
pub fn read(
    sheets: &[&Sheet],
    settings: &Settings,
    names: &Names,
    community: impl Fn(Row, Col, &mut Problems) -> Option<usize>,
    problems: &mut Problems,
) -> Vec<Lead> {
    let mut out = Vec::new();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &settings.columns, problems) else { continue };
        let [where_, month, product, wanted, called, result, reason] =
            ["community", "month", "product", "intent", "called", "outcome", "reason"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            let home = community(row, where_, problems);
            let registered = row.need_period(month, problems);
            let scope = names.scope(row, product, problems);
            let word = row.need_name(result, problems);
            let call = row.period(called, problems);
            let why = row.name(reason, problems).unwrap_or_default();
            let intent = row.name(wanted, problems).unwrap_or_default();
            let found = word.and_then(outcome);
            if word.is_some() && found.is_none() {
                problems.error(row.place(result), "bad_word", one_of(&row.quoted(result), "bought, lost, open"));
            }
            if let (Some(registered), Some(call)) = (registered, call)
                && call.month() < registered.month()
            {
                problems.error(row.place(called), "ends_before", ends_before_it_begins());
                continue;
            }
            let (Some(community), Some(registered), Some(scope), Some(outcome)) = (home, registered, scope, found)
            else {
                continue;
            };
            if outcome != Outcome::Open && call.is_none() {
                problems.warn(row.place(called), "no_call", say::closed_without_month(), say::lead_not_counted());
            }
            out.push(Lead {
                community,
                month: registered.month(),
                scope,
                intent: intent.to_string(),
                called: call.map(|c| c.month()),
                outcome,
                reason: why.to_string(),
                place: row.row_place(),
            });
        }
    }
    out
}

/// The outcome a word stands for.
fn outcome(word: &str) -> Option<Outcome> {
    match word.to_lowercase().as_str() {
        "bought" | "won" | "yes" | "成交" | "已购" | "购买" | "已成交" | "是" => Some(Outcome::Bought),
        "lost" | "not" | "no" | "未成交" | "未购" | "流失" | "放弃" | "否" => Some(Outcome::Lost),
        "open" | "未定" | "待定" | "跟进" | "跟进中" => Some(Outcome::Open),
        _ => None,
    }
}
