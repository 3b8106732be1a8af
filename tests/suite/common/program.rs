//! The program run as a user runs it, and what it says.

use std::collections::BTreeMap;

use assert_cmd::Command;
use assert_cmd::assert::Assert;

/// A row of a table by its headers.
pub type Row = BTreeMap<String, String>;

/// The program with these arguments, in English unless they say otherwise.
pub fn yugu(args: &[&str]) -> Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yugu"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_US.UTF-8").args(args).assert()
}

/// What it printed.
pub fn out(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// What it said beside.
pub fn err(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// The rows of a table.
pub fn rows(csv: &[u8]) -> Vec<Row> {
    csv::Reader::from_reader(csv).deserialize().map(Result::unwrap).collect()
}

/// A number of a row.
pub fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}
