//! Everything the program says, in English and Chinese, side by side.
//!
//! One file for each part that speaks; one function for each sentence, most of them an entry of `words!`. Code elsewhere
//! holds no sentences.

/// Sentences in both languages, each a function: what it takes, what is made of that first, the texts, and words that
/// are themselves in both languages as `{0}`, `{1}`; or one of several texts. The English text is its documentation.
///
/// ```ignore
/// words! {
///     bias = "bias", "偏差";
///     returns(region: &str, units: f64) { let units = plain(units); } =
///         "{region}: returns exceed sales ({units})", "{region}：退货超过销售（{units}）";
///     below_header(message: Text, line: u32) = "{0} (header: line {line})", "{0}（表头在第 {line} 行）", message;
///     flow(goods: bool) = match goods {
///         true => "buyers", "购买户";
///         false => "policies", "投保";
///     }
/// }
/// ```
macro_rules! words {
    ($(
        $(#[$doc:meta])*
        $name:ident $(($($taken:tt)*))? $({ $(let $made:pat = $of:expr;)* })?
        $(= $en:literal, $zh:literal $(, $word:expr)*;)?
        $(= match $on:tt { $($case:pat $(if $when:expr)? => $en_of:literal, $zh_of:literal $(, $word_of:expr)*;)* })?
    )*) => {
        $(
            $(#[doc = concat!("`` ", $en, " ``")])?
            $($(#[doc = concat!("- `` ", $en_of, " ``")])*)?
            $(#[$doc])*
            pub fn $name($($($taken)*)?) -> $crate::messages::Text {
                $($(let $made = $of;)*)?
                $($crate::say!($en, $zh $(, $word)*))?
                $(match $on { $($case $(if $when)? => $crate::say!($en_of, $zh_of $(, $word_of)*),)* })?
            }
        )*
    };
}

/// What is found and, behind `=>`, what is done about it: a pair of texts, otherwise as `words!` has them.
macro_rules! findings {
    ($(
        $name:ident $(($($taken:tt)*))? $({ $(let $made:pat = $of:expr;)* })? =
            $en:literal, $zh:literal $(, $word:expr)* => $done:literal, $done_zh:literal;
    )*) => {
        $(
            #[doc = concat!("`` ", $en, " ``, `` ", $done, " ``")]
            pub fn $name($($($taken)*)?) -> ($crate::messages::Text, $crate::messages::Text) {
                $($(let $made = $of;)*)?
                ($crate::say!($en, $zh $(, $word)*), $crate::say!($done, $done_zh))
            }
        )*
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
pub mod help;
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

    /// Sentences one behind the other, with what stands between them in English and in Chinese.
    pub fn joined(texts: impl IntoIterator<Item = Text>, between: [&str; 2]) -> Text {
        let (en, zh): (Vec<String>, Vec<String>) = texts.into_iter().map(|text| (text.en, text.zh)).unzip();
        Text { en: en.join(between[0]), zh: zh.join(between[1]) }
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
