//! `yugu.toml`: every setting with its default, checked once.

mod changed;
mod keys;
mod kind;
mod mapping;
mod read;
mod template;

use std::collections::BTreeMap;

use crate::messages::Lang;

pub use keys::{KEYS, Key};
pub use mapping::{Columns, Mapped};

/// The settings of a folder, checked: every number is within its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `method`
    pub method: Method,
    /// `[fiscal]`
    pub fiscal: Fiscal,
    /// `[units]`
    pub units: Units,
    /// `[calendar]`
    pub calendar: CalendarSettings,
    /// `[columns]`
    pub columns: Columns,
    /// `[sales]`
    pub sales: SalesSettings,
    /// `[reception]`
    pub reception: ReceptionSettings,
    /// `[demand]`
    pub demand: DemandSettings,
    /// `[fit]`
    pub fit: FitSettings,
    /// `[level]`
    pub level: LevelSettings,
    /// `[mix]`
    pub mix: MixSettings,
    /// `[lifecycle]`
    pub lifecycle: LifecycleSettings,
    /// `[communities]`
    pub communities: CommunitySettings,
    /// `[base]`
    pub base: BaseSettings,
    /// `[reasons]`
    pub reasons: Reasons,
    /// `[targets]`
    pub targets: TargetSettings,
    /// `[revision]`
    pub revision: RevisionSettings,
    /// `[attainment]`
    pub attainment: AttainmentSettings,
    /// `[stock]`
    pub stock: StockSettings,
    /// `[service]`: service asked for by group, within (0, 1), in the order of the names.
    pub service: BTreeMap<String, f64>,
    /// `[insurance]`
    pub insurance: InsuranceSettings,
    /// `[load]`
    pub load: LoadSettings,
    /// `[exceptions]`
    pub exceptions: ExceptionSettings,
    /// `[limits]`
    pub limits: LimitSettings,
    /// `[output]`
    pub output: OutputSettings,
}

/// The fiscal year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fiscal {
    /// Its first month, 1 to 12.
    pub start: u32,
}

/// What numbers of money mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Units {
    /// The unit of money in the tables and the outputs.
    pub money: Money,
    /// What parts the decimals of numbers in texts.
    pub decimal: Decimal,
    /// Which number comes first in dates whose year stands last.
    pub dates: Dates,
}

/// Which number comes first in dates whose year stands last: 05/06/2022.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    /// What each column shows.
    #[default]
    Auto,
    /// The day.
    DayFirst,
    /// The month.
    MonthFirst,
}

/// What parts the decimals of numbers in texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decimal {
    /// What each column shows.
    #[default]
    Auto,
    /// A point.
    Point,
    /// A comma.
    Comma,
}

/// A unit of money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Money {
    /// One yuan.
    #[default]
    Yuan,
    /// 10,000 yuan (万元).
    Wan,
}

impl Money {
    /// How many yuan one of it is.
    pub fn yuan(self) -> f64 {
        match self {
            Money::Yuan => 1.0,
            Money::Wan => 10_000.0,
        }
    }
}

/// The calendar of the folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarSettings {
    /// Which New Year distorts months; none: decided by the folder's language.
    pub festival: Option<Festival>,
    /// What becomes of periods that are no months.
    pub periods: Periods,
    /// Which day of its period a date in `sales` is.
    pub stamped: Stamped,
}

/// What becomes of periods that are no months: weeks, 4-4-5 periods, steps of 30 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Periods {
    /// They are spread over months by days.
    #[default]
    Months,
    /// They are kept as the folder's months.
    Own,
    /// The dates are days, whatever they look like.
    Days,
}

/// Which day of its period a date is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stamped {
    /// The last where weeks end on it (Friday to Sunday), else the first.
    #[default]
    Auto,
    /// The first.
    First,
    /// The last.
    Last,
}

/// A festival that moves through the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Festival {
    /// Chinese New Year.
    Cn,
    /// No such festival.
    None,
}

/// How sales are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SalesSettings {
    /// What rows mean that are identical in every column.
    pub duplicates: Duplicates,
    /// What becomes of what two files hold.
    pub overlap: Overlap,
    /// Rows that are no sales, as `header=word`.
    pub leave_out: Vec<String>,
}

/// What becomes of months, regions and products that two files hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlap {
    /// A mistake.
    #[default]
    Error,
    /// The file that comes later by its name counts.
    LaterFile,
    /// They are added up.
    Sum,
}

/// What rows mean that are identical in every column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// A mistake.
    #[default]
    Error,
    /// Several equal sales.
    Sum,
}

/// Demand behind sales with stockouts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DemandSettings {
    /// Whether stockouts are taken out.
    pub correct: bool,
    /// Share of visitors who would buy with everything in stock (s).
    pub substitution: f64,
    /// How far outages of different products overlap (rho).
    pub overlap: f64,
    /// Units of sales that the prior mix is worth where months are followed (kappa).
    pub prior: f64,
}

/// New communities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommunitySettings {
    /// Whether their projections take the place of their part of the sales.
    pub project: bool,
    /// Whether communities that no developer has contracted yet are among them.
    pub arrivals: bool,
    /// Share of expiring policies that is renewed while the folder shows none.
    pub renewal: f64,
    /// Signings that a stated rate counts for.
    pub stated_weight: f64,
}

/// How the steps are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Learned from the folder where its past shows that it helps.
    #[default]
    Fitted,
    /// The plain rules; nothing is learned, from the ledger neither.
    Plain,
    /// The plain rules as the article has them: the target's month at 100% is the level where there is one, and what the
    /// front line says counts in full.
    Article,
}

impl Method {
    /// The word in settings and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Method::Fitted => "fitted",
            Method::Plain => "plain",
            Method::Article => "article",
        }
    }
}

impl Settings {
    /// The method used: without learning the plain one.
    pub fn method(&self) -> Method {
        if self.method == Method::Fitted && !self.fit.learn { Method::Plain } else { self.method }
    }

    /// Whether anything is learned, from the history or from the ledger.
    pub fn learns(&self) -> bool {
        self.method() == Method::Fitted
    }
}

/// What is learned from the folder's history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FitSettings {
    /// Whether anything is; else the plain rules apply.
    pub learn: bool,
}

/// Where a region's level comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelSettings {
    /// History or the target's month.
    pub source: LevelSource,
    /// Weight of a region's own growth against the company's.
    pub growth_own_weight: f64,
}

/// Where a region's level comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LevelSource {
    /// Its history.
    #[default]
    History,
    /// The target's month at 100%.
    Target,
}

/// The product mix.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MixSettings {
    /// From this share of recovered demand on, a month counts as distorted by stockouts (R10).
    pub recovered_share: f64,
}

/// New products and products that leave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LifecycleSettings {
    /// Share of the predecessor's share that its successor takes.
    pub successor_share: f64,
    /// Time constant of the ramp, months (tau).
    pub ramp_months: f64,
    /// The cautious first year against the expected one.
    pub cautious: f64,
    /// The optimistic first year against the expected one.
    pub optimistic: f64,
}

/// The base year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BaseSettings {
    /// Share of the missing sales of a suppressed period that is credited (psi).
    pub suppressed_credit: f64,
}

/// The direction in which a reason moves sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It boosts.
    Plus,
    /// It suppresses.
    Minus,
    /// Unknown: an effect is required.
    None,
}

/// The reasons of factors, growth, front line and overrides with their signs.
#[derive(Clone, Debug, PartialEq)]
pub struct Reasons(BTreeMap<String, Sign>);

const NAMES: [(&str, &str); 8] = crate::messages::planning::REASONS;

/// The reasons known without `[reasons]`: English word, Chinese word, sign.
pub const REASONS: [(&str, &str, Sign); 8] = [
    (NAMES[0].0, NAMES[0].1, Sign::Minus),
    (NAMES[1].0, NAMES[1].1, Sign::Minus),
    (NAMES[2].0, NAMES[2].1, Sign::Minus),
    (NAMES[3].0, NAMES[3].1, Sign::Minus),
    (NAMES[4].0, NAMES[4].1, Sign::Plus),
    (NAMES[5].0, NAMES[5].1, Sign::Plus),
    (NAMES[6].0, NAMES[6].1, Sign::Plus),
    (NAMES[7].0, NAMES[7].1, Sign::None),
];

impl Default for Reasons {
    fn default() -> Reasons {
        let both = REASONS.iter().flat_map(|(en, zh, sign)| [(en.to_string(), *sign), (zh.to_string(), *sign)]);
        Reasons(both.collect())
    }
}

impl Reasons {
    /// The sign of a reason as written in a table, case and surrounding blanks ignored; none for an unknown one.
    pub fn sign(&self, reason: &str) -> Option<Sign> {
        self.0.get(reason.trim().to_lowercase().as_str()).copied()
    }

    /// Every reason known, in English and Chinese, for offering the nearest.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A sign for one reason; for a reason with a name in both languages it holds for both.
    fn set(&mut self, reason: &str, sign: Sign) {
        let reason = reason.trim().to_lowercase();
        if let Some((en, zh, _)) = REASONS.iter().find(|(en, zh, _)| reason == *en || reason == *zh) {
            self.0.insert((*en).to_owned(), sign);
            self.0.insert((*zh).to_owned(), sign);
        } else {
            self.0.insert(reason, sign);
        }
    }
}

/// The target chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetSettings {
    /// The stages in their order; empty: in the order in which they appear.
    pub stages: Vec<String>,
}

/// Revision by front line and progress.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RevisionSettings {
    /// Weight of the front line's estimate against ours.
    pub frontline_weight: f64,
    /// Weight of the forecast against the month to date (k).
    pub progress_prior: f64,
    /// An override that changes its number by less than this share is warned about.
    pub small_override: f64,
}

/// The cut where the channel is full (R11).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttainmentSettings {
    /// Cover over this many norms is high.
    pub high: f64,
    /// Cover over this many norms is very high.
    pub very_high: f64,
    /// The factor where it is high.
    pub cut: f64,
    /// The factor where it is very high.
    pub deep_cut: f64,
    /// Sell-in over its own forecast by this share is a push.
    pub push: f64,
    /// By this share, a strong push.
    pub strong_push: f64,
    /// The norm is the median of this many months.
    pub norm_months: u32,
    /// With fewer months there is no norm.
    pub norm_min: u32,
}

/// What policies bring.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InsuranceSettings {
    /// The insurer's fee as a share of the premiums.
    pub fee: f64,
}

/// What a contract asks of a service centre.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadSettings {
    /// Minutes at the counter for one contract.
    pub minutes_per_contract: f64,
    /// Hours a day in which a counter signs contracts.
    pub hours_per_day: f64,
    /// People for one counter.
    pub people_per_counter: f64,
}

/// What is done about what came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceptionSettings {
    /// Whether odd months and closures count as what was expected.
    pub odd: bool,
}

/// What is worth a planner's look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExceptionSettings {
    /// Without an interval, a number that differs by more than this share of what it is compared with.
    pub change: f64,
    /// A forecast under this share of its target.
    pub target: f64,
}

/// What one input may take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LimitSettings {
    /// Memory, in GB.
    pub memory: f64,
}

/// A gigabyte.
pub const GIGABYTE: f64 = 1e9;

impl LimitSettings {
    /// Memory in bytes.
    pub fn bytes(&self) -> u64 {
        (self.memory * GIGABYTE) as u64
    }
}

/// What is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutputSettings {
    /// The language; none: by the locale or the folder.
    pub language: Option<Lang>,
}

/// How stock is planned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StockSettings {
    /// What the service asked for means.
    pub measure: Service,
    /// Service asked for where neither the product nor its group says, within (0, 1).
    pub service: f64,
    /// Days between two looks at the stock.
    pub review_days: u32,
    /// Days from one of our own locations to another.
    pub transfer_days: u32,
    /// Days from order to delivery where `products` does not say.
    pub lead_days: u32,
    /// What holding a unit for a year costs, as a share of its cost.
    pub holding: f64,
    /// What a unit left over at the end of a product's life brings, as a share of its cost.
    pub salvage: f64,
    /// Months of sales of its own after which a new product is bought like any other.
    pub proven_months: u32,
    /// Whether what is not there is owed and delivered later; else it is lost.
    pub owed: bool,
    /// Least cover on a shelf, in days of its forecast.
    pub cover_days: u32,
    /// What is not sold within so many days, beside the safety stock, is too much.
    pub overstock_days: u32,
    /// What placing an order for a product costs, in yuan: counted by the simulation.
    pub order_cost: f64,
}

/// Service that can be asked for: less is not a service, and more cannot be told from all.
pub const LEAST_SERVICE: f64 = 0.01;
/// The most of it.
pub const MOST_SERVICE: f64 = 0.9999;

/// How service is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Service {
    /// Probability that a replenishment cycle ends without a shortage.
    #[default]
    Cycle,
    /// Share of demand served from stock.
    Fill,
    /// What a missing unit costs against what a unit too many costs; levels asked for are not used.
    Cost,
}

impl Service {
    /// Its words in `yugu.toml` and `products`, in the order of the variants.
    pub const WORDS: [&'static str; 3] = ["cycle", "fill", "cost"];

    /// The measure of a word.
    pub fn from_word(word: &str) -> Option<Service> {
        let at = Service::WORDS.iter().position(|w| w.eq_ignore_ascii_case(word))?;
        [Service::Cycle, Service::Fill, Service::Cost].get(at).copied()
    }

    /// The word of the measure.
    pub fn word(self) -> &'static str {
        match self {
            Service::Cycle => "cycle",
            Service::Fill => "fill",
            Service::Cost => "cost",
        }
    }
}

impl Default for Settings {
    /// Every key at its default.
    fn default() -> Settings {
        let mut settings = Settings {
            method: Method::default(),
            fiscal: Fiscal::default(),
            limits: LimitSettings::default(),
            units: Units::default(),
            calendar: CalendarSettings::default(),
            columns: Columns::default(),
            sales: SalesSettings::default(),
            reception: ReceptionSettings::default(),
            demand: DemandSettings::default(),
            fit: FitSettings::default(),
            communities: CommunitySettings::default(),
            level: LevelSettings::default(),
            mix: MixSettings::default(),
            lifecycle: LifecycleSettings::default(),
            base: BaseSettings::default(),
            reasons: Reasons::default(),
            targets: TargetSettings::default(),
            revision: RevisionSettings::default(),
            attainment: AttainmentSettings::default(),
            stock: StockSettings::default(),
            service: BTreeMap::new(),
            insurance: InsuranceSettings::default(),
            load: LoadSettings::default(),
            exceptions: ExceptionSettings::default(),
            output: OutputSettings::default(),
        };
        for key in KEYS {
            key.apply(&mut settings, &key.kind.default());
        }
        settings
    }
}
