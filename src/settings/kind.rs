//! What a key of `yugu.toml` is: what it may hold, and where it goes.

use super::Settings;

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

/// One key of `yugu.toml`.
#[derive(Debug)]
pub struct Key {
    /// The section it stands in.
    pub section: &'static str,
    /// Its name there.
    pub name: &'static str,
    pub(super) kind: Kind,
    /// What it does, with its unit and the rule it comes from.
    pub doc: &'static str,
    /// The same in Chinese.
    pub doc_zh: &'static str,
    pub(super) set: Setter,
}

/// Puts a value of the key's kind where it belongs.
#[derive(Debug)]
pub(super) enum Setter {
    Number(fn(&mut Settings) -> &mut f64),
    Whole(fn(&mut Settings) -> &mut u32),
    Flag(fn(&mut Settings) -> &mut bool),
    Choice(fn(&mut Settings, usize)),
    Words(fn(&mut Settings) -> &mut Vec<String>),
}

impl Key {
    pub(super) fn apply(&self, settings: &mut Settings, value: &Value) {
        match (&self.set, value) {
            (Setter::Number(place), Value::Number(x)) => *place(settings) = *x,
            (Setter::Whole(place), Value::Whole(n)) => *place(settings) = *n,
            (Setter::Flag(place), Value::Flag(on)) => *place(settings) = *on,
            (Setter::Choice(set), Value::Choice(i)) => set(settings, *i),
            (Setter::Words(place), Value::Words(words)) => place(settings).clone_from(words),
            // A test keeps kinds and setters together.
            _ => {}
        }
    }
}

/// How a key of each kind is stated: section and name, bounds and default, where its value goes, what it does in English and
/// Chinese.
macro_rules! stated {
    ($($name:ident($($taken:ident: $of:ty),*) $set:ty, $kind:expr, $setter:ident;)*) => {
        $(
            pub(super) const fn $name(
                (section, name): (&'static str, &'static str),
                $($taken: $of,)*
                set: $set,
                (doc, doc_zh): (&'static str, &'static str),
            ) -> Key {
                Key { section, name, kind: $kind, doc, doc_zh, set: Setter::$setter(set) }
            }
        )*
    };
}

stated! {
    number(range: (f64, f64, f64)) fn(&mut Settings) -> &mut f64,
        Kind::Number { low: range.0, high: range.1, default: range.2 }, Number;
    whole(range: (u32, u32, u32)) fn(&mut Settings) -> &mut u32,
        Kind::Whole { low: range.0, high: range.1, default: range.2 }, Whole;
    flag(default: bool) fn(&mut Settings) -> &mut bool, Kind::Flag { default }, Flag;
    choice(words: &'static [&'static str]) fn(&mut Settings, usize), Kind::Choice(words), Choice;
    words() fn(&mut Settings) -> &mut Vec<String>, Kind::Words, Words;
}
