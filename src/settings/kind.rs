//! What a key of `yugu.toml` may hold.

/// A value of a key, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A number within its range.
    Number(f64),
    /// A whole number within its range.
    Whole(u32),
    /// true or false.
    Flag(bool),
    /// One of the words allowed, by its position.
    Choice(usize),
    /// A list of words.
    Words(Vec<String>),
}

/// What a key may hold, and its default.
#[derive(Debug)]
pub(super) enum Kind {
    Number {
        low: f64,
        high: f64,
        default: f64,
    },
    Whole {
        low: u32,
        high: u32,
        default: u32,
    },
    Flag {
        default: bool,
    },
    /// The first word is the default.
    Choice(&'static [&'static str]),
    /// Empty by default.
    Words,
}

impl Kind {
    pub fn default(&self) -> Value {
        match *self {
            Kind::Number { default, .. } => Value::Number(default),
            Kind::Whole { default, .. } => Value::Whole(default),
            Kind::Flag { default } => Value::Flag(default),
            Kind::Choice(_) => Value::Choice(0),
            Kind::Words => Value::Words(Vec::new()),
        }
    }

    /// The words of a choice.
    pub fn choices(&self) -> &'static [&'static str] {
        match self {
            Kind::Choice(words) => words,
            _ => &[],
        }
    }

    /// The default as `yugu.toml` writes it.
    pub fn default_toml(&self) -> String {
        match *self {
            Kind::Number { default, .. } => format!("{default:?}"),
            Kind::Whole { default, .. } => default.to_string(),
            Kind::Flag { default } => default.to_string(),
            Kind::Choice(words) => format!("\"{}\"", words.first().copied().unwrap_or_default()),
            Kind::Words => "[]".to_owned(),
        }
    }
}
