//! A Parquet file. What the library aborts on is read by the program in a process of its own first; found here, it is a
//! bug of the library's to be reported there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yugu::schema::Table;

mod common;

fuzz_target!(|data: &[u8]| common::check(Table::Sales, "parquet", data));
