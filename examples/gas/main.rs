//! Makes the example folder of the city gas company.
//!
//! `cargo run --release --example gas -- [--seed N] [--years N] [--out DIR] [--truth DIR]`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod company;

use company::calendar::Span;
use company::tables::File;
use company::{DEFAULT_SEED, World};

const USAGE: &str = "usage: gas [--seed N] [--years N] [--out DIR] [--truth DIR]
  --seed N     a whole number; the folder that ships has the default
  --years N    fiscal years in the tables, 3 (default) or 4: plans are made after the third all the same
  --out DIR    where the folder goes (default data/gas)
  --truth DIR  also write what the folder does not tell";

struct Arguments {
    seed: u64,
    years: i32,
    out: PathBuf,
    truth: Option<PathBuf>,
}

/// The arguments, none where only help was asked for, or what is wrong with them.
fn arguments(mut given: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
    let mut arguments =
        Arguments { seed: DEFAULT_SEED, years: *Span::YEARS.start(), out: PathBuf::from("data/gas"), truth: None };
    while let Some(name) = given.next() {
        let mut value = || given.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "-h" | "--help" => return Ok(None),
            "--seed" => {
                let text = value()?;
                arguments.seed = text.parse().map_err(|_| format!("--seed {text}: not a whole number"))?;
            }
            "--years" => {
                let text = value()?;
                let years = text.parse().ok().filter(|years| Span::YEARS.contains(years));
                arguments.years = years.ok_or_else(|| format!("--years {text}: 3 or 4"))?;
            }
            "--out" => arguments.out = value()?.into(),
            "--truth" => arguments.truth = Some(value()?.into()),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(Some(arguments))
}

fn write(folder: &Path, files: &[File]) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    say(&format!("{}: {} files", folder.display(), files.len()));
    Ok(())
}

/// Prints a line; nobody reading it is no reason to fail.
fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").unwrap_or_default();
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let world = World::new(arguments.seed, arguments.years);
    write(&arguments.out, &company::tables::files(&world).map_err(|error| error.to_string())?)?;
    if let Some(truth) = &arguments.truth {
        write(truth, &company::truth::files(&world).map_err(|error| error.to_string())?)?;
    }
    Ok(())
}

fn main() -> ExitCode {
    // Arguments that are not text would only be folder names; they are refused like any other unknown one.
    let given = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let done = match arguments(given) {
        Ok(None) => {
            say(USAGE);
            return ExitCode::SUCCESS;
        }
        Ok(Some(arguments)) => run(&arguments),
        Err(error) => Err(format!("{error}\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gas: {error}");
            ExitCode::from(2)
        }
    }
}
