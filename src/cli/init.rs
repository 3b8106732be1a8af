//! `init`.

use std::path::Path;

use yugu::folder;
use yugu::messages::Lang;
use yugu::messages::program as say;
use yugu::report::blank;

use super::{Stop, language, output};

/// Fills a new folder.
pub fn init(dir: &Path, asked: Option<Lang>) -> Result<(), Stop> {
    let lang = language::of(asked, None);
    let shown = dir.display().to_string();
    let failed = |error: std::io::Error| Stop::Failed(say::not_written(&shown, &error.to_string()));
    if !folder::is_empty(dir).map_err(failed)? {
        return Err(Stop::Failed(say::not_empty(&shown)));
    }
    let files = blank::files(lang);
    folder::fill(dir, &files).map_err(failed)?;
    output::page(&format!("{}\n", say::made_folder(&shown, files.len()).get(lang)))
}
