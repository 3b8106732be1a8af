//! yugu.toml as written, checked.
