//! Everything the program says, in English and Chinese, side by side.
//!
//! One file for each part that speaks; one function for each sentence. Code elsewhere holds no sentences.

/// Words in both languages, each a function: `words! { bias = "bias", "偏差"; }`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $en:literal, $zh:literal;)*) => {
        $($(#[$doc])* pub fn $name() -> Text { say!($en, $zh) })*
    };
}

pub mod accuracy;
pub mod across;
pub mod answers;
pub mod backtest;
pub mod books;
pub mod changes;
pub mod communities;
pub mod data;
pub mod deposits;
pub mod door;
pub mod exceptions;
pub mod explain;
pub mod growth;
pub mod leads;
pub mod ledger;
pub mod look;
pub mod orders;
pub mod page;
pub mod parquet;
pub mod planning;
pub mod program;
pub mod rates;
pub mod reading;
pub mod reception;
pub mod report;
pub mod stock;
pub mod suppliers;
pub mod workbook;

/// The language of messages and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Chinese (simplified).
    Zh,
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// This sentence and another behind it.
    pub fn then(self, next: Text) -> Text {
        Text { en: format!("{}. {}", self.en, next.en), zh: format!("{}。{}", self.zh, next.zh) }
    }

    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A cell as a message quotes it: short, and without control characters.
pub fn shorten(cell: &str) -> String {
    const SHOWN: usize = 40;
    let mut out: String =
        cell.chars().take(SHOWN).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if cell.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// A [`Text`] from two format strings that see the same variables: `say!("{n} rows", "{n} 行")`.
#[macro_export]
macro_rules! say {
    ($en:literal, $zh:literal) => {
        $crate::messages::Text { en: format!($en), zh: format!($zh) }
    };
    // With words that are themselves in both languages, as {0}, {1}.
    ($en:literal, $zh:literal, $($word:expr),+) => {
        $crate::messages::Text { en: format!($en, $($word.en),+), zh: format!($zh, $($word.zh),+) }
    };
}
