//! The forecast of regions that lie in many places, part by part and round by round (see [`crate::across`]).
//!
//! ```text
//! totals = Totals::default()
//! until totals.round() is the last: every part works(totals) -> its share; totals = totals.and(shares)
//! in the last round every part gives the rows of forecast.csv of its regions
//! ```
//! What drives this (Spark, a loop) moves bytes and knows nothing of forecasting.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::across::{Across, Totals, What};
use crate::dataset::Dataset;
use crate::error::Problems;
use crate::fit::Learner;
use crate::messages::Lang;
use crate::messages::across as say;
use crate::outlook::Outlook;
use crate::point;
use crate::report::{Table, View, forecast};
use crate::settings::Settings;
use crate::sheet::Sheet;
use crate::stages::{Parameters, demand, reception};

/// The rows of one part's regions, and what all parts are given alike.
#[derive(Clone, Copy, Debug)]
pub struct Part<'s> {
    /// The part's rows of `sales`; all rows of the other tables.
    pub sheets: &'s [Sheet],
    /// The settings.
    pub settings: &'s Settings,
    /// Everything later is hidden.
    pub as_of: Option<NaiveDate>,
    /// The day of the run, the same for all parts and rounds.
    pub today: NaiveDate,
}

/// What a part gives in a round.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What it adds to the totals.
    Share(Totals),
    /// In the last round: `forecast.csv` of its regions.
    Forecast(Table),
}

/// Runs one round of one part. The problems where its data are wrong.
pub fn work(part: Part, totals: Arc<Totals>) -> Result<Answer, Problems> {
    match totals.round() {
        0 => facts(part),
        _ => Read::new(part, totals)?.work(),
    }
}

/// Round 0: what the rows are like.
pub fn facts(part: Part) -> Result<Answer, Problems> {
    let Part { sheets, settings, as_of, today } = part;
    let mut problems = Problems::default();
    let facts = Dataset::facts(sheets, settings, as_of, today, &mut problems);
    if problems.any_error() { Err(problems) } else { Ok(Answer::Share(Totals::of(facts))) }
}

/// A part's rows as read for a round after the first. They are the same in all of them: who has them still from an earlier
/// round need not read them again.
#[derive(Debug)]
pub struct Read {
    data: Arc<Dataset>,
    problems: Problems,
    totals: Arc<Totals>,
}

impl Read {
    /// Reads the rows. The problems where they are wrong.
    pub fn new(part: Part, totals: Arc<Totals>) -> Result<Read, Problems> {
        let Part { sheets, settings, as_of, today } = part;
        let mut problems = Problems::default();
        let across = Across::part(totals.clone());
        match Dataset::within(sheets, settings.clone(), as_of, today, across, &mut problems) {
            Some(data) => Ok(Read { data: Arc::new(data), problems, totals }),
            None => Err(problems),
        }
    }

    /// The same rows in another round; none where somebody else holds them.
    pub fn again(self, totals: Arc<Totals>) -> Option<Read> {
        let data = Arc::try_unwrap(self.data).ok()?.in_round(Across::part(totals.clone()));
        Some(Read { data: Arc::new(data), problems: self.problems, totals })
    }

    /// Runs the round. The problems where the plans are wrong, or the parts do not fit together.
    pub fn work(&self) -> Result<Answer, Problems> {
        let (data, round) = (&self.data, self.totals.round());
        let across = &data.across;
        let round_of = |what| self.totals.round_of(what);
        if let Some(origin) = data.origin(data.as_of).filter(|_| round < round_of(What::Errors)) {
            let known = data.at(origin);
            let plain = Parameters::plain(&data.settings);
            if round < round_of(What::Elsewhere) {
                // What came in, and how stockouts are taken out of it.
                let reception = reception::receive(&known);
                demand::informed(&reception.heard(&known), &plain);
            } else {
                // Nothing but the past is added up, or what goes into the forecast.
                let fit = Learner::new(data).at(&known);
                if ![What::Products, What::Missed].map(round_of).contains(&round) {
                    point::steps(&known, &fit.parameters, &mut Problems::default());
                }
                if fit.substitution.is_some() && round <= round_of(What::Growth) {
                    // The plain rules' demand is another.
                    point::steps(&known, &plain, &mut Problems::default());
                }
            }
            return across.share().map(Answer::Share).ok_or_else(differ);
        }
        // What is wrong with the plans shows when all sums they are taken down by are known.
        let found = match Outlook::new(data.clone(), self.problems.clone()) {
            Err(problems) if round >= round_of(What::Units) => return Err(problems),
            found => found.ok(),
        };
        let rows = found.as_ref().map(rows);
        match (across.share(), rows) {
            _ if across.is_lost() => Err(differ()),
            (None, Some(rows)) => Ok(Answer::Forecast(rows)),
            (share, _) => Ok(Answer::Share(share.unwrap_or_default())),
        }
    }
}

fn differ() -> Problems {
    let mut problems = Problems::default();
    problems.error(None, "parts_differ", say::parts_differ());
    problems
}

fn rows(outlook: &Outlook) -> Table {
    forecast::table(&View::of_part(outlook, Lang::En))
}
