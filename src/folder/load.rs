//! A folder as a checked dataset.

use std::fmt;
use std::path::Path;

use chrono::NaiveDate;

use super::{Folder, Input, read};
use crate::dataset::Dataset;
use crate::error::Problems;
use crate::look;
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

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Unreadable(text) => f.write_str(&text.en),
            LoadError::Data(problems) => problems.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {}

/// Reads and checks a folder. `as_of` hides everything later; without it that is `today` or the newest observation,
/// whichever is earlier.
pub fn load(path: &Path, as_of: Option<NaiveDate>, today: NaiveDate) -> Result<Loaded, LoadError> {
    read(path).map_err(LoadError::Unreadable)?.check(as_of, today).map_err(LoadError::Data)
}

impl Folder {
    /// Checks what was read, days as in [`load`]; every problem where the data are wrong.
    pub fn check(self, as_of: Option<NaiveDate>, today: NaiveDate) -> Result<Loaded, Problems> {
        let mut problems = self.problems;
        let settings = match &self.settings_text {
            Some((file, text)) => Settings::read(file, text, &mut problems),
            None => Settings::default(),
        };
        let sheets = look::understand(self.sheets, &settings, &mut problems);
        match Dataset::new(&sheets, settings, as_of, today, &mut problems) {
            Some(dataset) if !problems.any_error() => Ok(Loaded { dataset, warnings: problems, inputs: self.inputs }),
            _ => Err(problems),
        }
    }
}
