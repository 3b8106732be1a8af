//! The commands.

mod accuracy;
mod arguments;
mod backtest;
mod communities;
mod growth;
mod help;
mod import;
mod init;
mod issue;
mod language;
mod output;
mod plan;
mod read;
mod stock;
mod threads;

use std::path::Path;
use std::process::ExitCode;

use clap::FromArgMatches;
use yugu::dataset::{Dataset, Known};
use yugu::error::Problems;
use yugu::explain::find::{self, Found};
use yugu::folder::{self, Input, Loaded, May, Placed, Refused};
use yugu::grid::{Grid, Scope};
use yugu::messages::answers as words;
use yugu::messages::planning;
use yugu::messages::program as say;
use yugu::messages::{Lang, Text};
use yugu::outlook::Outlook;
use yugu::report::Source;
use yugu::schema::Table;
use yugu::sheet::{Encoding, Sheet};

use arguments::{Arguments, Command, Common};
use output::Phase;

/// Why a command ended early.
enum Stop {
    /// The data are wrong.
    Data(Problems),
    /// It could not run.
    Failed(Text),
    /// Nobody reads the output any more.
    Closed,
}

/// A folder read and forecast.
struct Run {
    outlook: Outlook,
    inputs: Vec<Input>,
    lang: Lang,
}

/// Runs the program on its arguments.
pub fn run() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|first| first == folder::apart::COMMAND) {
        folder::apart::read_apart();
        return ExitCode::SUCCESS;
    }
    threads::begin();
    // Without it files are read in this process at once.
    let _ = std::env::current_exe().map(folder::apart::by);
    let matches = help::command(language::of(language::named(std::env::args_os()), None)).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let asked = arguments.lang.map(Lang::from);
    let (result, folder) = match &arguments.command {
        Command::Plan(args) => (plan::plan(args, asked), Some(&args.common.folder)),
        Command::Backtest(args) => (backtest::backtest(args, asked), Some(&args.common.folder)),
        Command::Accuracy(args) => (accuracy::accuracy(args, asked), Some(&args.common.folder)),
        Command::Issue(args) => (issue::issue(args, asked), Some(&args.common.folder)),
        Command::Import(args) => (import::import(args, asked), Some(&args.common.folder)),
        Command::Explain(args) => (plan::explain(args, asked), Some(&args.common.folder)),
        Command::Check(args) => (plan::check(args, asked), Some(&args.folder)),
        Command::Stock(args) => (stock::stock(args, asked), Some(&args.common.folder)),
        Command::Communities(args) => (communities::communities(args, asked), Some(&args.common.folder)),
        Command::Growth(args) => (growth::growth(args, asked), Some(&args.common.folder)),
        Command::Target(args) => (plan::target(args, asked), Some(&args.folder)),
        Command::Init { dir } => (init::init(dir, asked), None),
        Command::Read(args) => (read::read(args, asked), args.save.as_ref()),
    };
    let lang = || language::of(asked, folder.and_then(|f| folder::language(f)));
    match result {
        Ok(()) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Err(Stop::Data(problems)) => {
            output::problems(&problems, lang());
            use Command::{Backtest, Communities, Import, Issue, Plan, Read, Stock};
            if let Plan(_) | Backtest(_) | Communities(_) | Import(_) | Issue(_) | Read(_) | Stock(_) =
                arguments.command
            {
                output::note(&say::nothing_written(), lang());
            }
            ExitCode::from(1)
        }
        Err(Stop::Failed(reason)) => {
            output::note(&say::error(reason), lang());
            ExitCode::from(2)
        }
    }
}

/// Reads a folder; the language of what is said of it.
fn load(common: &Common, asked: Option<Lang>) -> Result<(Loaded, Lang), Stop> {
    let lang = language::of(asked, None);
    let today = chrono::Local::now().date_naive();
    let phase = Phase::begin(&say::reading(), lang);
    let mut found = folder::read(&common.folder).map_err(Stop::Failed)?;
    // Whether a month of days is over is asked before any of them is counted.
    let closed = common.close.map(|month| format!("month,state\n{month},complete\n"));
    found.sheets.extend(closed.map(|text| Sheet::text(Table::Reported, "--close".into(), text, Encoding::Memory)));
    let mut loaded = found.check(common.as_of, today).map_err(Stop::Data)?;
    drop(phase);
    if let Some(method) = common.method {
        // Asked for is asked for, whatever the settings say of learning.
        loaded.dataset.settings.method = method.into();
        loaded.dataset.settings.fit.learn = true;
    }
    if let Some(month) = common.close {
        loaded.dataset.close(month);
    }
    let lang = language::of(asked, loaded.dataset.settings.output.language);
    Ok((loaded, lang))
}

/// Reads a folder and forecasts.
fn forecast(common: &Common, asked: Option<Lang>) -> Result<Run, Stop> {
    let (loaded, lang) = load(common, asked)?;
    let phase = Phase::begin(&say::forecasting(), lang);
    let outlook = Outlook::new(loaded.dataset, loaded.warnings).map_err(Stop::Data)?;
    drop(phase);
    Ok(Run { outlook, inputs: loaded.inputs, lang })
}

/// What is visible of a folder today.
fn known(data: &Dataset) -> Result<Known<'_>, Stop> {
    let origin = data.origin(data.as_of).ok_or_else(|| {
        let mut problems = Problems::default();
        problems.error(None, "nothing_complete", planning::nothing_complete(data.as_of));
        Stop::Data(problems)
    });
    Ok(data.at(origin?))
}

/// The product or group of a code or a name.
fn scope(grid: &Grid, word: &str) -> Result<Scope, Stop> {
    match find::product(grid, word).map_err(Stop::Failed)? {
        Found::Product(product) => Ok(Scope::Product(product)),
        Found::Group(group) => Ok(Scope::Group(group)),
    }
}

/// Why a file or folder was not written.
fn not_written(path: &Path, error: &std::io::Error) -> Stop {
    let shown = path.display().to_string();
    match error.kind() {
        std::io::ErrorKind::ResourceBusy => Stop::Failed(say::busy(&shown)),
        _ => Stop::Failed(say::not_written(&shown, &error.to_string())),
    }
}

/// What an output of a command may replace.
fn may(folder: &Path, force: bool) -> May {
    May { data: Some(folder.to_path_buf()), force, taken: Vec::new() }
}

/// Why an output is not written.
fn refused(path: &Path, why: Refused) -> Stop {
    let shown = path.display().to_string();
    Stop::Failed(match why {
        Refused::Data(name) => say::among_data(&shown, &name),
        Refused::Around => say::around_data(&shown),
        Refused::Current => say::current_folder(&shown),
        Refused::TwoCases(one, other) => say::two_cases(&one, &other),
        // What spreadsheets leave beside a file that they have open.
        Refused::Foreign(name) if name.contains(".~lock.") || name.contains("~$") => {
            words::open_elsewhere(&shown, &name)
        }
        Refused::Foreign(name) => say::not_ours(&shown, &name),
        Refused::Edited(names) => say::edited(&shown, &names.join(", ")),
        Refused::Io(error) => return not_written(path, &error),
    })
}

/// Says what the disk did not confirm.
fn placed(path: &Path, placed: Placed, lang: Lang) {
    if let Some(error) = placed.unflushed {
        output::note(&say::warning(say::unflushed(&path.display().to_string(), &error.to_string())), lang);
    }
}

/// What a folder is called on a page: its own name, also where the user stands in it.
fn name_of(folder: &Path) -> String {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    full.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The files read, as reports name them.
fn sources(inputs: &[Input]) -> Vec<Source> {
    let source = |i: &Input| Source { file: i.file.to_string(), bytes: i.bytes, sha256: i.sha256.clone() };
    inputs.iter().map(source).collect()
}
