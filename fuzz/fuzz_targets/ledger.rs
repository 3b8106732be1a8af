//! A file of the ledger.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yugu::schema::Table;

mod common;

fuzz_target!(|data: &[u8]| common::check(Table::Ledger, "csv", data));
