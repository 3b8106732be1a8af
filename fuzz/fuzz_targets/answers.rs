//! A workbook that comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;

mod common;

fuzz_target!(|data: &[u8]| drop(yugu::folder::workbook_of(data, common::MEMORY)));
