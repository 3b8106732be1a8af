//! The text of `yugu.toml` -> [`Settings`], with every problem in it.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Kind, Value};
use super::{KEYS, Key, LEAST_SERVICE, MOST_SERVICE, Mapped, Settings, Sign};
use crate::error::{Place, Problems};
use crate::messages::reading as say;
use crate::messages::{Text, shorten};
use crate::schema::{Table, nearest};

/// The sections whose keys are free.
const FREE: [&str; 3] = ["columns", "reasons", "service"];

/// Settings of earlier versions that were read and never used: nothing changes without them.
const UNUSED: [(&str, &str); 1] = [("targets", "rephase")];

type Entry<'a, 'i> = (&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>);

impl Settings {
    /// Reads and checks the text of a settings file; what is wrong keeps its default.
    pub fn read(file: &Arc<str>, text: &str, problems: &mut Problems) -> Settings {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { file, text, problems, settings: Settings::default() };
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            reader.wrong(error.span().unwrap_or(0..0), "bad_settings", || say::bad_toml(error.message()));
        }
        // Values recovered from a broken file would only add problems that are not there.
        if errors.is_empty() {
            for entry in table.get_ref().iter() {
                reader.section(entry);
            }
            reader.together();
        }
        reader.settings
    }
}

struct Reader<'r> {
    file: &'r Arc<str>,
    text: &'r str,
    problems: &'r mut Problems,
    settings: Settings,
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.bytes().filter(|b| *b == b'\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
        Place { file: self.file.clone(), line, column }
    }

    /// Adds an error. Past those that are listed neither its place is looked for nor its message made: a file may hold
    /// any number of them.
    fn wrong(&mut self, span: Range<usize>, kind: &'static str, message: impl FnOnce() -> Text) {
        let whole = Place { file: self.file.clone(), line: 0, column: 0 };
        let place = if self.problems.keeps(self.file, kind) { self.place(span) } else { whole };
        self.problems.error_with(place, kind, message);
    }

    fn section(&mut self, (name, value): Entry<'_, '_>) {
        let section = name.get_ref().as_ref();
        // Keys above all sections.
        if KEYS.iter().any(|key| key.section.is_empty() && key.name == section) {
            return self.key("", (name, value));
        }
        let known = KEYS.iter().map(|key| if key.section.is_empty() { key.name } else { key.section }).chain(FREE);
        if !known.clone().any(|s| s == section) {
            let message = || say::unknown_setting(&shorten(section), nearest(section, known));
            return self.wrong(name.span(), "unknown_setting", message);
        }
        let DeValue::Table(table) = value.get_ref() else {
            return self.wrong(value.span(), "bad_setting", || say::setting_is_a_section(section));
        };
        for entry in table.iter() {
            match section {
                "columns" => self.mapping(entry, None),
                "reasons" => self.reason(entry),
                "service" => self.service(entry),
                _ => self.key(section, entry),
            }
        }
    }

    fn key(&mut self, section: &str, (name, value): Entry<'_, '_>) {
        let word = name.get_ref().as_ref();
        if UNUSED.contains(&(section, word)) {
            let place = self.place(name.span());
            return self.problems.warn(Some(place), "unused_setting", say::unused_setting(word), say::delete_it());
        }
        let Some(key) = KEYS.iter().find(|key| key.section == section && key.name == word) else {
            let near = || nearest(word, KEYS.iter().filter(|key| key.section == section).map(|key| key.name));
            return self.wrong(name.span(), "unknown_setting", || say::unknown_setting(&shorten(word), near()));
        };
        match given(&key.kind, value.get_ref()) {
            Some(value) => key.apply(&mut self.settings, &value),
            None => self.bad(key, value),
        }
    }

    fn bad(&mut self, key: &Key, value: &Spanned<DeValue<'_>>) {
        let raw = &shorten(self.text.get(value.span()).unwrap_or_default());
        let message = || match &key.kind {
            Kind::Number { low, high, .. } => say::setting_between(key.name, raw, *low, *high),
            Kind::Whole { low, high, .. } => say::setting_whole_between(key.name, raw, *low, *high),
            Kind::Flag { .. } => say::setting_true_or_false(key.name, raw),
            Kind::Choice(words) => say::setting_one_of(key.name, raw, words),
            Kind::Words => say::setting_words(key.name, raw),
        };
        self.wrong(value.span(), "bad_setting", message);
    }

    fn mapping(&mut self, (header, value): Entry<'_, '_>, table: Option<Table>) {
        let word = header.get_ref().as_ref();
        let target = match value.get_ref() {
            DeValue::String(name) => name.as_ref(),
            DeValue::Table(entries) if table.is_none() => return self.table_mapping(header, entries),
            _ => {
                return self.wrong(value.span(), "bad_setting", || say::mapping_is_a_name(&shorten(word)));
            }
        };
        let tables = || Table::ALL.into_iter().filter(|t| table.is_none_or(|only| only == *t));
        let mapped = match tables().find_map(|t| t.column(target)) {
            _ if target.is_empty() => Mapped::Ignored,
            Some(column) => Mapped::To(column.name),
            None => {
                let near = || nearest(target, tables().flat_map(|t| t.columns().iter().map(|c| c.name)));
                return self.wrong(value.span(), "unknown_column", || {
                    say::unknown_column(&shorten(target), table.map(Table::name), near())
                });
            }
        };
        if !self.settings.columns.insert(table, word, mapped) {
            self.wrong(header.span(), "bad_setting", || say::mapped_twice(&shorten(word)));
        }
    }

    fn table_mapping(&mut self, name: &Spanned<std::borrow::Cow<'_, str>>, entries: &DeTable<'_>) {
        let word = name.get_ref().as_ref();
        match Table::from_name(word) {
            Some(table) => entries.iter().for_each(|entry| self.mapping(entry, Some(table))),
            None => {
                let near = || nearest(word, Table::ALL.map(Table::name));
                self.wrong(name.span(), "unknown_table", || say::unknown_table(&shorten(word), near()));
            }
        }
    }

    fn service(&mut self, (group, value): Entry<'_, '_>) {
        let name = group.get_ref().as_ref();
        let kind = Kind::Number { low: LEAST_SERVICE, high: MOST_SERVICE, default: 0.0 };
        match given(&kind, value.get_ref()) {
            Some(Value::Number(level)) => {
                self.settings.service.insert(name.to_owned(), level);
            }
            _ => {
                let raw = &shorten(self.text.get(value.span()).unwrap_or_default());
                let message = || say::setting_between(&shorten(name), raw, LEAST_SERVICE, MOST_SERVICE);
                self.wrong(value.span(), "bad_setting", message);
            }
        }
    }

    fn reason(&mut self, (name, value): Entry<'_, '_>) {
        let word = name.get_ref().as_ref();
        let sign = match value.get_ref() {
            DeValue::String(text) => {
                [Sign::Plus, Sign::Minus, Sign::None].into_iter().find(|sign| sign.word() == text.trim())
            }
            _ => None,
        };
        match sign {
            Some(sign) => self.settings.reasons.set(word, sign),
            None => {
                let raw = &shorten(self.text.get(value.span()).unwrap_or_default());
                let message = || say::setting_one_of(&shorten(word), raw, &["+", "-", "none"]);
                self.wrong(value.span(), "bad_setting", message);
            }
        }
    }

    /// Settings that must fit each other.
    fn together(&mut self) {
        let a = &self.settings.attainment;
        let pairs = [
            ("attainment.high", a.high, "attainment.very_high", a.very_high),
            ("attainment.deep_cut", a.deep_cut, "attainment.cut", a.cut),
            ("attainment.push", a.push, "attainment.strong_push", a.strong_push),
            ("attainment.norm_min", a.norm_min.into(), "attainment.norm_months", a.norm_months.into()),
        ];
        for (low, low_value, high, high_value) in pairs {
            if low_value > high_value {
                let place = Place { file: self.file.clone(), line: 0, column: 0 };
                self.problems.error(place, "bad_setting", say::setting_order(low, low_value, high, high_value));
            }
        }
    }
}

/// The value of a key, where it has the right type and range.
fn given(kind: &Kind, value: &DeValue<'_>) -> Option<Value> {
    match (kind, value) {
        (Kind::Number { low, high, .. }, DeValue::Float(_) | DeValue::Integer(_)) => {
            let x = match value {
                DeValue::Float(x) => x.as_str().parse::<f64>().ok()?,
                _ => whole(value)? as f64,
            };
            (*low..=*high).contains(&x).then_some(Value::Number(x))
        }
        (Kind::Whole { low, high, .. }, DeValue::Integer(_)) => {
            let n = u32::try_from(whole(value)?).ok()?;
            (*low..=*high).contains(&n).then_some(Value::Whole(n))
        }
        (Kind::Flag { .. }, DeValue::Boolean(on)) => Some(Value::Flag(*on)),
        (Kind::Choice(words), DeValue::String(text)) => {
            words.iter().position(|word| *word == text.as_ref()).map(Value::Choice)
        }
        (Kind::Words, DeValue::Array(items)) => {
            let word = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
                _ => None,
            };
            items.iter().map(word).collect::<Option<Vec<String>>>().map(Value::Words)
        }
        _ => None,
    }
}

fn whole(value: &DeValue<'_>) -> Option<i64> {
    match value {
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::*;

    fn read(text: &str) -> (Settings, Vec<String>) {
        let mut problems = Problems::default();
        let settings = Settings::read(&Arc::from("yugu.toml"), text, &mut problems);
        (settings, problems.sorted().iter().map(|p| p.to_string()).collect())
    }

    #[test]
    fn the_defaults_are_those_of_the_decisions() {
        let s = Settings::default();
        assert_eq!(s.fiscal.start, 1);
        assert_eq!(s.units.money, Money::Yuan);
        assert_eq!(s.calendar.festival, None);
        assert!(s.demand.correct);
        assert_eq!((s.demand.substitution, s.demand.overlap), (0.7, 0.7));
        assert_eq!((s.level.source, s.level.growth_own_weight), (LevelSource::History, 0.5));
        assert_eq!((s.mix.recovered_share, s.base.suppressed_credit), (0.1, 0.5));
        let l = &s.lifecycle;
        assert_eq!((l.successor_share, l.ramp_months, l.cautious, l.optimistic), (0.6, 3.0, 0.5, 1.5));
        assert_eq!((s.revision.frontline_weight, s.revision.progress_prior), (0.5, 0.25));
        let a = &s.attainment;
        assert_eq!((a.high, a.very_high, a.cut, a.deep_cut), (1.25, 1.5, 0.95, 0.9));
        assert_eq!((a.push, a.strong_push, a.norm_months, a.norm_min), (0.2, 0.4, 12, 6));
        assert_eq!((s.revision.small_override, s.exceptions.change, s.exceptions.target), (0.05, 0.2, 0.95));
        assert_eq!((s.sales.duplicates, s.output.language), (Duplicates::Error, None));
        assert_eq!(read("").0, s);
    }

    #[test]
    fn the_template_names_every_key_and_is_the_default_with_or_without_its_comments() {
        let template = Settings::template();
        assert_eq!(read(&template), (Settings::default(), vec![]));
        let is_code =
            |line: &str| line.starts_with('[') || line.trim_start_matches('#').trim_start().split_once(" = ").is_some();
        let live: Vec<String> = template
            .lines()
            .filter(|line| is_code(line) && !["销售额", "大区", "stove"].iter().any(|name| line.contains(name)))
            .map(|line| line.trim_start_matches("# ").to_owned())
            .collect();
        for key in KEYS {
            // Sections may have keys of one name.
            let named = KEYS.iter().filter(|k| k.name == key.name).count();
            assert_eq!(
                live.iter().filter(|l| l.starts_with(&format!("{} = ", key.name))).count(),
                named,
                "{}",
                key.name
            );
        }
        assert_eq!(read(&live.join("\n")), (Settings::default(), vec![]));
    }

    #[test]
    fn every_key_can_be_changed() {
        let text = "method = 'plain'\n[fiscal]\nstart = 7\n[units]\nmoney = '万元'\ndecimal = 'comma'\ndates = 'month first'\n[calendar]\nfestival = 'cn'\nperiods = 'own'\nstamped = 'last day'\n[reception]\nodd = false\n[sales]\n\
            duplicates = 'sum'\noverlap = 'later file'\nleave_out = ['状态=已取消']\n[demand]\ncorrect = false\nsubstitution = 0.6\noverlap = 1\n\
            prior = 5\n[fit]\nlearn = false\n[level]\nsource = 'target'\n\
            growth_own_weight = 0.4\n[mix]\nrecovered_share = 0.2\n[lifecycle]\nsuccessor_share = 0.5\n\
            ramp_months = 2\ncautious = 0.4\noptimistic = 2\n[base]\nsuppressed_credit = 1.0\n[targets]\n\
            stages = ['marketing', '省公司']\n[revision]\nfrontline_weight = 0.7\n\
            progress_prior = 0.5\nsmall_override = 0.1\n[attainment]\nhigh = 1.2\nvery_high = 1.6\ncut = 0.9\ndeep_cut = 0.8\npush = 0.1\n\
             strong_push = 0.3\nnorm_months = 10\nnorm_min = 5\n[insurance]\nfee = 0.3\n[load]\n\
             minutes_per_contract = 20\nhours_per_day = 7\npeople_per_counter = 2\n[exceptions]\nchange = 0.3\n\
             target = 0.9\n[communities]\nproject = false\narrivals = false\nrenewal = 0.5\nstated_weight = 100\n[stock]\nmeasure = 'fill'\nservice_level = 0.9\n\
            review_days = 7\ntransfer_days = 1\nlead_days = 60\nholding = 0.2\nsalvage = 0.5\nproven_months = 6\nshort = 'owed'\ncover_days = 9\n\
            overstock_days = 90\norder_cost = 20\n\
            [service]\n'stove' = 0.97\n[limits]\nmemory = 4\n[output]\nlanguage = 'zh'\n";
        let (s, problems) = read(text);
        assert_eq!(problems, Vec::<String>::new());
        // Every key of the list is in the text, and every one moved away from its default.
        for key in KEYS {
            let mut back = s.clone();
            key.apply(&mut back, &key.kind.default());
            assert_ne!(back, s, "{}.{}", key.section, key.name);
        }
        assert_eq!(s.fiscal.start, 7);
        assert_eq!(s.units.money.yuan(), 10_000.0);
        assert_eq!(s.calendar.festival, Some(Festival::Cn));
        assert_eq!(s.targets.stages, ["marketing", "省公司"]);
        assert_eq!(s.attainment.norm_min, 5);
        assert_eq!((s.stock.measure, s.service.get("stove")), (Service::Fill, Some(&0.97)));
        assert_eq!(s.output.language, Some(Lang::Zh));
    }

    #[test]
    fn every_problem_is_named_at_its_line_and_column_in_characters() {
        let (s, problems) = read(
            "[fiscal]\nstart = 13\nfirst = 1\n[demnd]\n[demand]\nsubstitution = nan\ncorrect = 'yes'\n\
             [units]\nmoney = '美元'\n[reasons]\n'疫情' = '-'\n'旺季' = 'up'\n[targets]\nstages = ['a', 1]\n",
        );
        let heads: Vec<&str> = problems.iter().map(|p| p.split(": ").next().unwrap()).collect();
        assert_eq!(
            heads,
            [
                "yugu.toml:2:9",
                "yugu.toml:3:1",
                "yugu.toml:4:2",
                "yugu.toml:6:16",
                "yugu.toml:7:11",
                "yugu.toml:9:9",
                "yugu.toml:12:8",
                "yugu.toml:14:10"
            ]
        );
        assert!(problems[2].contains("demand"), "{}", problems[2]);
        assert_eq!(s.fiscal.start, 1);
        assert_eq!(s.reasons.sign("疫情"), Some(Sign::Minus));
    }

    #[test]
    fn headers_are_mapped_for_all_tables_or_one() {
        let (s, problems) = read(
            "[columns]\n'销售额(元)' = 'revenue'\n'网点' = 'region'\n'x' = 'revenu'\n[columns.sales]\n'网点' = ''\n\
             '店' = 'parent'\n[columns.sale]\n",
        );
        assert_eq!(s.columns.find(Table::Sales, "销售额（元）"), Some(Mapped::To("revenue")));
        assert_eq!(s.columns.find(Table::Regions, " 网点"), Some(Mapped::To("region")));
        assert_eq!(s.columns.find(Table::Sales, "网点"), Some(Mapped::Ignored));
        assert_eq!(s.columns.find(Table::Calendar, "网点"), None);
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems.iter().any(|p| p.contains("yugu.toml:4:7") && p.contains("revenue")), "{problems:?}");
        assert!(problems.iter().any(|p| p.contains("yugu.toml:7:7")), "{problems:?}");
        assert!(problems.iter().any(|p| p.contains("yugu.toml:8:10") && p.contains("sales")), "{problems:?}");
    }

    #[test]
    fn reasons_have_signs_in_both_languages() {
        let (s, _) = read("[reasons]\nweather = \"+\"\n");
        assert_eq!(s.reasons.sign("天气"), Some(Sign::Plus));
        assert_eq!(s.reasons.sign(" Weather "), Some(Sign::Plus));
        assert_eq!(s.reasons.sign("竞品"), Some(Sign::Minus));
        assert_eq!(s.reasons.sign("other"), Some(Sign::None));
        assert_eq!(s.reasons.sign("moon"), None);
    }

    #[test]
    fn settings_that_contradict_each_other_are_named() {
        let (_, problems) = read("[attainment]\nhigh = 1.6\nnorm_min = 13\n");
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn any_number_of_wrong_keys_is_counted_in_a_moment() {
        const MANY: usize = 20_000;
        let keys: String = (0..MANY).map(|n| format!("key_{n} = 1\n")).collect();
        let sections: String = (0..MANY).map(|n| format!("[section_{n}]\n")).collect();
        let begun = std::time::Instant::now();
        let mut problems = Problems::default();
        Settings::read(&Arc::from("yugu.toml"), &format!("[fiscal]\n{keys}{sections}"), &mut problems);
        assert_eq!(problems.errors(), 2 * MANY);
        assert_eq!(problems.sorted().len(), Problems::KEPT);
        // In one line as well.
        let line = format!("fiscal = {{ {}a = 1 }}", (0..MANY).map(|n| format!("key_{n} = 1, ")).collect::<String>());
        Settings::read(&Arc::from("yugu.toml"), &line, &mut problems);
        assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
    }

    #[test]
    fn broken_toml_is_one_problem_at_its_place() {
        let (s, problems) = read("[fiscal]\nstart = \n[units\n");
        assert!(!problems.is_empty() && problems[0].starts_with("yugu.toml:2:"), "{problems:?}");
        assert_eq!(s, Settings::default());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\[|\\]|=|'|\"|\\.|\n|[a-z]|columns|sales|start|-|[0-9]|中|,|\\{|\\}){0,60}") {
            read(&text);
        }
    }

    #[test]
    fn a_setting_of_an_earlier_version_is_a_warning() {
        let mut problems = Problems::default();
        let settings = Settings::read(&Arc::from("yugu.toml"), "[targets]\nrephase = true\n", &mut problems);
        assert_eq!(settings, Settings::default());
        let lines: Vec<String> = problems.sorted().iter().map(|p| p.line(crate::messages::Lang::En)).collect();
        assert!(lines.len() == 1 && lines[0].starts_with("yugu.toml:2:1: the setting 'rephase'"), "{lines:?}");
    }
}
