//! A folder as a checked dataset.

use std::path::Path;

use chrono::NaiveDate;

use super::{Input, read};
use crate::dataset::Dataset;
use crate::error::Problems;
use crate::messages::Text;
use crate::settings::Settings;

/// A folder read and checked.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The data.
    pub dataset: Dataset,
    /// What is to be said about them.
    pub warnings: Problems,
    /// Every file read.
    pub inputs: Vec<Input>,
}

/// Why a folder gave no dataset.
#[derive(Clone, Debug)]
pub enum LoadError {
    /// It could not be read at all.
    Unreadable(Text),
    /// The data are wrong; every problem is listed.
    Data(Problems),
}

/// Reads and checks a folder. `as_of` hides everything later; without it that is `today` or the newest observation,
/// whichever is earlier.
pub fn load(path: &Path, as_of: Option<NaiveDate>, today: NaiveDate) -> Result<Loaded, LoadError> {
    let folder = read(path).map_err(LoadError::Unreadable)?;
    let mut problems = folder.problems;
    let settings = match &folder.settings_text {
        Some((file, text)) => Settings::read(file, text, &mut problems),
        None => Settings::default(),
    };
    match Dataset::new(&folder.sheets, settings, as_of, today, &mut problems) {
        Some(dataset) if !problems.any_error() => Ok(Loaded { dataset, warnings: problems, inputs: folder.inputs }),
        _ => Err(LoadError::Data(problems)),
    }
}
