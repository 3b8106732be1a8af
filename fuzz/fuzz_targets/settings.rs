//! A text as settings.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use yugu::error::Problems;
use yugu::settings::Settings;

fuzz_target!(|text: &str| {
    Settings::read(&Arc::from("yugu.toml"), text, &mut Problems::default());
});
