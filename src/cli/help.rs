//! The help in the reader's language: clap has the English of the arguments, and the Chinese is put in its place.

use clap::{Arg, Command, CommandFactory};
use yugu::messages::Lang;
use yugu::messages::help::chinese;

use super::arguments::Arguments;

/// The arguments, with their help in a language.
pub fn command(lang: Lang) -> Command {
    let mut command = Arguments::command();
    if lang == Lang::En {
        return command;
    }
    // What clap itself adds (--help, --version, the command `help`) is there once it is built.
    command.build();
    in_chinese(command, "")
}

fn in_chinese(command: Command, name: &str) -> Command {
    let template = format!("{{about-with-newline}}\n{}：{{usage}}\n\n{{all-args}}", heading("Usage"));
    let about = chinese(name, "").unwrap_or_default();
    let command = command.about(about).long_about(about).help_template(template);
    let command = command.subcommand_help_heading(heading("Commands"));
    let inside: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let translated = |command: Command, sub: &String| command.mut_subcommand(sub, |found| in_chinese(found, sub));
    inside.iter().fold(command, translated).mut_args(|arg| argument(arg, name))
}

fn heading(en: &'static str) -> &'static str {
    chinese("", en).unwrap_or(en)
}

fn argument(arg: Arg, command: &str) -> Arg {
    let key = format!(".{}", arg.get_id());
    let Some(text) = chinese(command, &key) else { return arg };
    let value = |name: &str| Some(format!("\n- {name}：{}", chinese(command, &format!("{key}={name}"))?));
    let values: String = arg.get_possible_values().iter().filter_map(|v| value(v.get_name())).collect();
    let over = heading(if arg.is_positional() { "Arguments" } else { "Options" });
    let hidden = !values.is_empty();
    let text = format!("{text}{values}");
    arg.help(text.clone()).long_help(text).help_heading(over).hide_possible_values(hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every command below, and what has no Chinese.
    fn missing(command: &Command, name: &str, out: &mut Vec<String>) -> usize {
        let mut seen = 0;
        let mut ask = |key: String| {
            seen += 1;
            out.extend(chinese(name, &key).is_none().then(|| format!("{name}{key}")));
        };
        ask(String::new());
        for arg in command.get_arguments().filter(|arg| name != "help" || arg.get_id() != "subcommand") {
            ask(format!(".{}", arg.get_id()));
            arg.get_possible_values().iter().filter(|_| arg.get_action().takes_values()).for_each(|value| {
                ask(format!(".{}={}", arg.get_id(), value.get_name()));
            });
        }
        seen + command.get_subcommands().map(|sub| missing(sub, sub.get_name(), out)).sum::<usize>()
    }

    #[test]
    fn every_command_argument_and_value_has_its_chinese() {
        let mut command = Arguments::command();
        command.build();
        let mut out = Vec::new();
        assert!(missing(&command, "", &mut out) > 100);
        assert!(out.is_empty(), "{out:#?}");
    }

    #[test]
    fn the_help_is_in_the_language_asked_for() {
        let text = |lang, sub: &str| {
            let mut command = command(lang);
            command.find_subcommand_mut(sub).unwrap().render_long_help().to_string()
        };
        let (en, zh) = (text(Lang::En, "plan"), text(Lang::Zh, "plan"));
        assert!(en.contains("Usage: ") && en.contains("Write no files"), "{en}");
        for word in ["用法：", "选项:", "参数:", "不写文件", "- article：", "显示帮助"] {
            assert!(zh.contains(word), "{word}: {zh}");
        }
        for word in ["Usage", "Options", "Arguments", "Write", "The ", "Possible values"] {
            assert!(!zh.contains(word), "{word}: {zh}");
        }
    }
}
