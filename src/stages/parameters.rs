//! What the steps are run with. The plain values reproduce the article's rules.

use std::sync::Arc;

use super::learned::Learned;
use super::lessons::{Key, Lessons, Mixture};
use crate::settings::{AttainmentSettings, LevelSource, Method, Settings};
use crate::stats::choice::Market;

/// What a month's attractions remember: `v = (delta A + z + kappa pi) / (delta B + lambda a G + kappa)`
/// (docs/METHOD.md#demand).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Streaming {
    /// delta: how much a month counts beside the month after it, within [0, 1].
    pub delta: f64,
    /// kappa: what the prior mix is worth, in units of sales. A folder that counts in other units needs another
    /// kappa: with sales and kappa both a thousand times as large, every demand is a thousand times as large.
    pub kappa: f64,
}

impl Streaming {
    /// Until a folder's own past says more: after three months a month counts less than half. The middle of .65 to .85:
    /// simulated markets with 6 customers a day do a little better with more memory, with 40 a little better with less
    /// (`tests/suite/stockouts.rs`).
    pub const DELTA: f64 = 0.75;

    /// The default memory, with the folder's own `[demand] prior`.
    pub fn new(settings: &Settings) -> Streaming {
        Streaming { delta: Streaming::DELTA, kappa: settings.demand.prior }
    }
}

/// Everything a run of the steps can be told.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// Whether stockouts are taken out of sales.
    pub correct: bool,
    /// How customers choose (docs/METHOD.md#demand).
    pub market: Market,
    /// Whether the attractions behind the correction are followed from month to month; none (the plain form): each
    /// month at its own fixed point.
    pub streaming: Option<Streaming>,
    /// What part of a gap to the expected sales a suppressed month without a stated effect is credited (psi,
    /// docs/METHOD.md#base).
    pub suppressed_credit: f64,
    /// Weight of a region's own growth against the company's.
    pub own_growth: f64,
    /// Where the level comes from.
    pub source: LevelSource,
    /// Share of a month's demand recovered from stockouts beyond which its mix is averaged (R10).
    pub recovered_share: f64,
    /// Share of a retired product that its successor takes.
    pub successor_share: f64,
    /// tau: months over which a new product comes to its share.
    pub ramp_months: f64,
    /// R11.
    pub attainment: AttainmentSettings,
    /// Weight of the front line's estimate against ours.
    pub frontline_weight: f64,
    /// k of the month-to-date update (docs/METHOD.md#revision): how many months' sales the prior is worth.
    pub progress_prior: f64,
    /// Whether new communities are projected and added, where the folder has their tables (docs/METHOD.md#communities).
    pub communities: bool,
    /// Whether communities that no developer has contracted yet are among them.
    pub arrivals: bool,
    /// Share of expiring policies that is renewed while the folder shows none.
    pub renewal: f64,
    /// What a prior mix is worth, in units of sales (kappa).
    pub market_prior: f64,
    /// What was learned from past origins; none for the plain rules.
    pub learned: Option<Arc<Learned>>,
    /// What was learned from the ledger; empty for the plain rules.
    pub lessons: Arc<Lessons>,
}

impl Parameters {
    /// The plain rules, as the settings have them.
    pub fn plain(settings: &Settings) -> Parameters {
        let s = settings;
        Parameters {
            correct: s.demand.correct,
            market: Market { substitution: s.demand.substitution, overlap: s.demand.overlap, ..Market::default() },
            streaming: None,
            suppressed_credit: s.base.suppressed_credit,
            own_growth: s.level.growth_own_weight,
            source: if s.method() == Method::Article { LevelSource::Target } else { s.level.source },
            recovered_share: s.mix.recovered_share,
            successor_share: s.lifecycle.successor_share,
            ramp_months: s.lifecycle.ramp_months,
            attainment: s.attainment.clone(),
            frontline_weight: if s.method() == Method::Article { 1.0 } else { s.revision.frontline_weight },
            progress_prior: s.revision.progress_prior,
            communities: s.communities.project,
            arrivals: s.communities.arrivals,
            renewal: s.communities.renewal,
            market_prior: s.demand.prior,
            learned: None,
            lessons: Arc::default(),
        }
    }

    /// A total put together from ours, what the front line says (who, units) and the target: as the ledger teaches at
    /// this lag, else by the plain weight.
    pub fn mixture(&self, lag: i32, key: Key, ours: f64, front: &[(&str, f64)], target: Option<f64>) -> Mixture {
        let learned = usize::try_from(lag).ok().and_then(|lag| self.lessons.front.get(lag)).and_then(Option::as_ref);
        match learned {
            Some(learned) => learned.mixture(key, ours, front.iter().copied(), target),
            None => Mixture::plain(self.frontline_weight, ours, front.iter().map(|(_, units)| *units)),
        }
    }

    /// Share of a month's units expected when a share of its working days has passed, and k, what the forecast counts
    /// beside what has sold.
    pub fn landing(&self, passed: f64) -> (f64, f64) {
        match &self.lessons.landing {
            Some(learned) => (learned.share(passed), learned.prior),
            None => (passed, self.progress_prior),
        }
    }
}
