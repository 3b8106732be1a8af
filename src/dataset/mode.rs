//! When within its month a forecast is made.

/// How a forecast is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// At the close of the month made, which is complete and is the cutoff.
    Close,
    /// During the month made; the cutoff is the month before.
    During,
}

impl Mode {
    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Mode::Close => "close",
            Mode::During => "during",
        }
    }

    /// The mode of a word in outputs.
    pub fn from_word(word: &str) -> Option<Mode> {
        [Mode::Close, Mode::During].into_iter().find(|mode| mode.word() == word)
    }
}
