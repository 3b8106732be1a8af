//! The arguments.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use yugu::dataset::stock::LEAST_PACK;
use yugu::messages::{Lang, backtest, growth, reading};
use yugu::month::{Month, Period};
use yugu::report::Format;
use yugu::settings::{LEAST_SERVICE, MOST_SERVICE, Method};
use yugu::sheet::cell;

/// Monthly sales forecasts that add up, explain themselves and get better at every revision.
#[derive(Debug, Parser)]
#[command(name = "yugu", version, propagate_version = true)]
pub struct Arguments {
    /// Language of the output [default: as yugu.toml says, else the locale's]
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<Language>,
    #[command(subcommand)]
    pub command: Command,
}

/// A language.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Language {
    /// Chinese
    Zh,
    /// English
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what is understood of any files, before there is a folder; --save makes a folder of them
    Read(Read),
    /// Forecast the next two months; print the table and write the files
    Plan(Plan),
    /// Forecast past months with nothing but what was visible then, and compare with what came
    Backtest(Backtest),
    /// Freeze the plan that was reviewed as a new file of the ledger, never changed afterwards
    Issue(Issue),
    /// Take back what was filled into workbooks: estimates of the front line and overrides
    Import(Import),
    /// Plan the stock: what to order, when, from whom, and how sure
    Stock(Stock),
    /// Compare what was issued with what came: by step, by reason, by person
    Accuracy(Accuracy),
    /// Read everything and list every problem; nothing is written
    Check(Common),
    /// Show one number in short and as a chain of steps, each with its inputs and its arithmetic
    Explain(Explain),
    /// Show the target chain and its decomposition over regions
    Target(Common),
    /// Project new communities: signings, buyers, policies, money and load by community and centre
    Communities(Communities),
    /// Split a year's growth exactly into households, conversion, units a buyer and price; what dated events changed
    Growth(Growth),
    /// Make a folder with an empty table of every kind, the settings and a page on the columns
    Init {
        /// The new folder; it must be empty or not exist yet
        dir: PathBuf,
    },
}

/// What `read` takes.
#[derive(Args, Debug)]
pub struct Read {
    /// Tables as they come: exports, workbooks
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// A folder that gets them in plain form, with the settings that they were read with; a new one, or one that is there
    #[arg(long, value_name = "DIR")]
    pub save: Option<PathBuf>,
    /// A header and the column it stands for, as in 卖出=units; nothing behind the = leaves a column out
    #[arg(long, value_name = "HEADER=COLUMN")]
    pub column: Vec<String>,
    /// The table that the files are of [default: by their names, else by what they hold]
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
}

/// What most commands take.
#[derive(Args, Debug)]
pub struct Common {
    /// The data folder
    pub folder: PathBuf,
    /// Hide everything later than this day or month (2024-02-17, 2024-02) [default: today, or the newest row]
    #[arg(long, value_name = "DATE", value_parser = last_day)]
    pub as_of: Option<NaiveDate>,
    /// A month that is complete: what has no row of it sold nothing
    #[arg(long, value_name = "MONTH", value_parser = month)]
    pub close: Option<Month>,
    /// How the steps are run [default: as `method` in yugu.toml says, else fitted]
    #[arg(long, value_name = "HOW", value_enum)]
    pub method: Option<Steps>,
}

/// How the steps are run.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Steps {
    /// Learned from the folder where its past shows that it helps
    Fitted,
    /// The plain rules; nothing is learned
    Plain,
    /// The plain rules as the article has them: the target's month as level, the front line's sum
    Article,
}

impl From<Steps> for Method {
    fn from(steps: Steps) -> Method {
        match steps {
            Steps::Fitted => Method::Fitted,
            Steps::Plain => Method::Plain,
            Steps::Article => Method::Article,
        }
    }
}

/// How files are written.
#[derive(Args, Debug)]
pub struct Files {
    /// How the tables are written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Written::Csv)]
    format: Written,
}

impl Files {
    /// The format asked for.
    pub fn format(&self) -> Format {
        match self.format {
            Written::Csv => Format::Csv,
            #[cfg(feature = "parquet")]
            Written::Parquet => Format::Parquet,
        }
    }
}

/// A format of tables.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Written {
    /// Text
    Csv,
    /// Columns with types
    #[cfg(feature = "parquet")]
    Parquet,
}

/// What `plan` takes.
#[derive(Args, Debug)]
pub struct Plan {
    #[command(flatten)]
    pub common: Common,
    /// Where the files go, whole or not at all [default: FOLDER/out/MONTH]
    #[arg(long, value_name = "DIR", conflicts_with = "no_files")]
    pub out: Option<PathBuf>,
    /// Write over files that somebody has changed since they were written
    #[arg(long)]
    pub force: bool,
    /// Write no files
    #[arg(long)]
    pub no_files: bool,
    /// Write the workbook plan.xlsx [default: where the folder has at most 2,000 series]
    #[arg(long, overrides_with = "no_workbook", conflicts_with = "no_files")]
    pub workbook: bool,
    /// Do not write the workbook
    #[arg(long)]
    pub no_workbook: bool,
    /// Write a workbook for the front line of each region, in a folder frontline/
    #[arg(long, conflicts_with = "no_files")]
    pub frontline: bool,
    /// Write plan.html, the plan to be looked at in a browser [default: where the folder has at most 2,000 series]
    #[arg(long, overrides_with = "no_page", conflicts_with = "no_files")]
    pub page: bool,
    /// Write no plan.html
    #[arg(long)]
    pub no_page: bool,
    #[command(flatten)]
    pub files: Files,
    /// Print the run as JSON
    #[arg(long)]
    pub json: bool,
    /// Print forecast.csv
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// What `issue` takes.
#[derive(Args, Debug)]
pub struct Issue {
    #[command(flatten)]
    pub common: Common,
    /// Where the plan that was reviewed lies [default: FOLDER/out/MONTH]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Issue a numbered correction of what was issued for the same month, and say why
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub correction: Option<String>,
}

/// What `import` takes.
#[derive(Args, Debug)]
pub struct Import {
    #[command(flatten)]
    pub common: Common,
    /// Workbooks that came back
    #[arg(required = true, value_name = "WORKBOOK")]
    pub workbooks: Vec<PathBuf>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take workbooks also where the folder has changed since they were made
    #[arg(long)]
    pub stale: bool,
    /// Let the workbooks go before answers given after they were made
    #[arg(long)]
    pub replace: bool,
    /// Keep what different contributors of the front line say of the same number; the forecast takes their mean
    #[arg(long)]
    pub both: bool,
}

/// What `backtest` takes.
#[derive(Args, Debug)]
pub struct Backtest {
    #[command(flatten)]
    pub common: Common,
    /// Last months seen, one (2024-02) or a span of them (2023-06..2024-02) [default: the last twelve possible]
    #[arg(long, value_name = "FROM..TO", value_parser = months)]
    pub cutoffs: Option<(Month, Month)>,
    /// Forecasts made during the month after each cutoff, its landing included [default: at the cutoff's close]
    #[arg(long)]
    pub during: bool,
    /// How many months after the one made are forecast and compared
    #[arg(long, value_name = "MONTHS", default_value_t = 2, value_parser = clap::value_parser!(i32).range(2..=24))]
    pub ahead: i32,
    /// A CSV file for every forecast beside what came, whole or not at all
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write over files that somebody has changed since they were written
    #[arg(long)]
    pub force: bool,
    /// Print the figures as JSON
    #[arg(long)]
    pub json: bool,
    /// Print every forecast beside what came
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// What `stock` takes.
#[derive(Args, Debug)]
pub struct Stock {
    #[command(flatten)]
    pub common: Common,
    /// A folder for the plan's files, whole or not at all [default: none are written; `plan` writes them with its own]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write over files that somebody has changed since they were written
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub files: Files,
    /// Spend at most this; what buys the most service per yuan goes first
    #[arg(long, value_name = "YUAN", value_parser = yuan)]
    pub budget: Option<f64>,
    /// Print how each order comes about, too
    #[arg(long, conflicts_with_all = ["json", "csv", "simulate"])]
    pub details: bool,
    /// Play the policy over the history instead, with past forecasts only, beside two plain policies
    #[arg(long, conflicts_with_all = ["budget", "out", "csv"])]
    pub simulate: bool,
    /// Of the simulation: months from order to delivery
    #[arg(long, value_name = "MONTHS", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=11))]
    pub lead_months: u8,
    /// Of the simulation: months between two orders
    #[arg(long, value_name = "MONTHS", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=11))]
    pub review_months: u8,
    /// Of the simulation: units in a pack
    #[arg(long, value_name = "UNITS", default_value_t = 1.0, value_parser = over_zero)]
    pub pack: f64,
    /// Of the simulation: opening stock, in months of the first year's mean sales
    #[arg(long, value_name = "MONTHS", default_value_t = 1.0, value_parser = yuan)]
    pub opening_months: f64,
    /// Of the simulation: cycle service asked for [default: the settings' service_level]
    #[arg(long, value_name = "SHARE", value_parser = service)]
    pub service: Option<f64>,
    /// Print the plan as JSON
    #[arg(long)]
    pub json: bool,
    /// Print stock.csv
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// What `accuracy` takes.
#[derive(Args, Debug)]
pub struct Accuracy {
    #[command(flatten)]
    pub common: Common,
    /// Region of the table of all versions, by code or name [default: the company]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Product or group of that table, by code or name [default: everything]
    #[arg(long, value_name = "PRODUCT")]
    pub product: Option<String>,
    /// Print the figures as JSON
    #[arg(long)]
    pub json: bool,
    /// Print the figures as CSV, one a row
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// What `explain` takes.
#[derive(Args, Debug)]
pub struct Explain {
    #[command(flatten)]
    pub common: Common,
    /// Region, by code or name; empty or 'company' for the whole company
    #[arg(long, value_name = "REGION", default_value = "")]
    pub region: String,
    /// Product or group, by code or name
    #[arg(long, value_name = "PRODUCT", default_value = "")]
    pub product: String,
    /// Month forecast (2024-04)
    #[arg(long, value_name = "MONTH", value_parser = month)]
    pub month: Month,
    /// Print the steps as JSON
    #[arg(long)]
    pub json: bool,
}

fn over_zero(text: &str) -> Result<f64, String> {
    yuan(text).and_then(|x| if x >= LEAST_PACK { Ok(x) } else { Err(yugu::messages::stock::pack_over_zero(text).en) })
}

fn service(text: &str) -> Result<f64, String> {
    let share = yugu::sheet::cell::rate(text).ok().flatten().filter(|x| (LEAST_SERVICE..=MOST_SERVICE).contains(x));
    share.ok_or_else(|| yugu::messages::data::between_0_and_1(&yugu::messages::shorten(text)).en)
}

fn yuan(text: &str) -> Result<f64, String> {
    let amount = yugu::sheet::cell::number(text).ok().flatten().filter(|x| x.is_finite() && *x >= 0.0);
    amount.ok_or_else(|| yugu::messages::stock::bad_budget(text).en)
}

/// What may have grown.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Grew {
    /// Revenue of everything
    Revenue,
    /// Revenue of goods and services
    Appliances,
    /// Revenue of policies
    Premiums,
    /// Units of one group or product
    Units,
}

/// What `communities` takes.
#[derive(Args, Debug)]
pub struct Communities {
    #[command(flatten)]
    pub common: Common,
    /// Write communities.csv, centres.csv and learned.csv there, whole or not at all
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write over files that somebody has changed since they were written
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub files: Files,
    /// Print the figures of centres and company as JSON
    #[arg(long)]
    pub json: bool,
    /// Print centres.csv
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// What `growth` takes.
#[derive(Args, Debug)]
pub struct Growth {
    #[command(flatten)]
    pub common: Common,
    /// What grew
    #[arg(long, value_name = "MEASURE", default_value = "revenue")]
    pub measure: Grew,
    /// From which fiscal year to which, as in 2013,2014 [default: the last two whole ones]
    #[arg(long, value_name = "A,B", value_parser = years)]
    pub years: Option<[i32; 2]>,
    /// Product or group, by code or name [default: all]
    #[arg(long, value_name = "PRODUCT", default_value = "", hide_default_value = true)]
    pub product: String,
    /// A change of all regions from this month on, to compare before and after
    #[arg(long, value_name = "MONTH", value_parser = month)]
    pub change: Option<Month>,
    /// Print the split as JSON
    #[arg(long)]
    pub json: bool,
    /// Print the split of every region and product
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

fn years(text: &str) -> Result<[i32; 2], String> {
    let both = text.split_once([',', '，']).and_then(|(a, b)| Some([cell::year(a)?, cell::year(b)?]));
    both.filter(|[a, b]| a != b).ok_or_else(|| growth::bad_years(text).en)
}

fn month(text: &str) -> Result<Month, String> {
    Period::parse(text).map(Period::month).ok_or_else(|| reading::bad_month(text).en)
}

fn months(text: &str) -> Result<(Month, Month), String> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let read = |text: &str| Period::parse(text.trim()).map(Period::month);
    let span = read(from).zip(read(to)).filter(|(from, to)| from <= to);
    span.ok_or_else(|| backtest::bad_cutoffs(text).en)
}

fn last_day(text: &str) -> Result<NaiveDate, String> {
    Period::parse(text).map(Period::last_day).ok_or_else(|| reading::bad_month(text).en)
}
