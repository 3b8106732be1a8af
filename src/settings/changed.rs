//! Which settings differ from their defaults.

use super::kind::{Setter, Value};
use super::{KEYS, Key, Settings};

impl Settings {
    /// The settings that differ from their defaults, as `yugu.toml` names and writes them.
    pub fn changed(&self) -> Vec<(String, String)> {
        let keys = KEYS.iter().filter_map(|key| {
            let value = key.value(self)?;
            let name =
                if key.section.is_empty() { key.name.to_owned() } else { format!("{}.{}", key.section, key.name) };
            (value != key.kind.default()).then(|| (name, value.toml(key)))
        });
        let mut out: Vec<(String, String)> = keys.collect();
        out.extend(
            self.columns
                .written()
                .into_iter()
                .map(|(header, column)| (format!("columns.{header}"), format!("{column:?}"))),
        );
        let default = Settings::default();
        for (reason, sign) in &self.reasons.0 {
            if default.reasons.0.get(reason) != Some(sign) {
                out.push((format!("reasons.{reason}"), format!("{:?}", sign.word())));
            }
        }
        out.extend(self.service.iter().map(|(group, level)| (format!("service.{group}"), format!("{level:?}"))));
        out
    }
}

impl Key {
    /// What the settings hold for the key.
    fn value(&self, settings: &Settings) -> Option<Value> {
        // The setters hand out places to write to; a copy is read through them.
        let mut copy = settings.clone();
        match &self.set {
            Setter::Number(place) => Some(Value::Number(*place(&mut copy))),
            Setter::Whole(place) => Some(Value::Whole(*place(&mut copy))),
            Setter::Flag(place) => Some(Value::Flag(*place(&mut copy))),
            Setter::Words(place) => Some(Value::Words(place(&mut copy).clone())),
            Setter::Choice(set) => {
                let same = |i: &usize| {
                    set(&mut copy, *i);
                    copy == *settings
                };
                (0..self.kind.choices().len()).find(same).map(Value::Choice)
            }
        }
    }
}

impl Value {
    fn toml(&self, key: &Key) -> String {
        match self {
            Value::Number(x) => format!("{x:?}"),
            Value::Whole(n) => n.to_string(),
            Value::Flag(on) => on.to_string(),
            Value::Words(words) => format!("{words:?}"),
            Value::Choice(i) => format!("{:?}", key.kind.choices().get(*i).copied().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problems;

    #[test]
    fn only_what_differs_is_named() {
        assert!(Settings::default().changed().is_empty());
        let text = "[fiscal]\nstart = 7\n[demand]\ncorrect = true\n[level]\nsource = \"target\"\n\
                    [columns]\n\"货\" = \"product\"\n[reasons]\nfair = \"+\"\n[targets]\nstages = [\"a\"]\n";
        let mut problems = Problems::default();
        let settings = Settings::read(&"yugu.toml".into(), text, &mut problems);
        assert!(!problems.any_error());
        let changed = settings.changed();
        let shown: Vec<String> = changed.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        assert_eq!(
            shown,
            [
                "fiscal.start = 7",
                "level.source = \"target\"",
                "targets.stages = [\"a\"]",
                "columns.货 = \"product\"",
                "reasons.fair = \"+\"",
            ]
        );
    }
}
