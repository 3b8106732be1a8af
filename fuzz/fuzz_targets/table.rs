//! A text as each of the tables, checked as a folder's is.
#![no_main]

use libfuzzer_sys::fuzz_target;

mod common;

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    common::check(common::table(*first), "csv", rest);
});
