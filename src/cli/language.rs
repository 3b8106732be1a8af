//! The language: asked for, else the folder's, else the locale's.

use std::ffi::OsString;

use yugu::messages::Lang;

/// Decides.
pub fn of(asked: Option<Lang>, folders: Option<Lang>) -> Lang {
    asked.or(folders).unwrap_or_else(|| locale(|name| std::env::var(name).ok()))
}

/// The language that the arguments ask for, before they are read: help is printed while they are.
pub fn named(arguments: impl Iterator<Item = OsString>) -> Option<Lang> {
    let mut before = OsString::new();
    arguments.into_iter().find_map(|argument| {
        let text = argument.to_string_lossy();
        let word = if before == "--lang" { Some(&*text) } else { text.strip_prefix("--lang=") };
        let lang = match word {
            Some("zh") => Some(Lang::Zh),
            Some("en") => Some(Lang::En),
            _ => None,
        };
        before = argument;
        lang
    })
}

/// The first of the locale's variables that is set decides.
fn locale(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    match set {
        Some(value) if value.to_ascii_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_set_decides() {
        let with = |list: &'static [(&str, &str)]| {
            locale(|name| list.iter().find(|(n, _)| *n == name).map(|(_, value)| value.to_string()))
        };
        assert_eq!(with(&[]), Lang::En);
        assert_eq!(with(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(with(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Lang::En);
        assert_eq!(with(&[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW"), ("LANG", "en_US")]), Lang::Zh);
    }

    #[test]
    fn the_arguments_name_it_either_way() {
        let of = |line: &str| named(line.split(' ').map(OsString::from));
        assert_eq!(
            [of("yugu plan --help"), of("yugu --lang zh plan"), of("yugu plan --lang=en -h")],
            [None, Some(Lang::Zh), Some(Lang::En)]
        );
    }

    #[test]
    fn what_is_asked_for_comes_first() {
        assert_eq!(of(Some(Lang::Zh), Some(Lang::En)), Lang::Zh);
        assert_eq!(of(None, Some(Lang::Zh)), Lang::Zh);
    }
}
