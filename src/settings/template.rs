//! The commented `yugu.toml` that `yugu init` writes.

use super::{KEYS, REASONS, Settings, Sign};

const HEAD: &str = "\
# Settings of yugu. Every line below is commented out and shows the default: remove the # to change it.
# yugu 的设置。以下各行均已注释，所示为默认值；去掉 # 即可修改。
";

const COLUMNS: &str = r#"
[columns]
# Headers as your files write them, and the column each stands for; "" leaves a column out.
# 文件中的表头及其对应的列；"" 表示不用该列。
# "销售额(元)" = "revenue"
#
# For one table only: / 仅用于某张表：
# [columns.sales]
# "大区" = ""
"#;

const REASONS_HEAD: &str = r#"
[reasons]
# How a reason moves sales: "+" boosts, "-" suppresses, "none": its rows need an effect. Further reasons may be added.
# 原因对销量的方向："+" 促进，"-" 抑制，"none"：须填 effect。可自行增加原因。
"#;

const SERVICE: &str = r#"
[service]
# Service asked for by group, between 0 and 1; `products` goes before it. / 按品类规定服务水平（0 到 1）；products 中的优先。
# stove = 0.95
"#;

impl Settings {
    /// Every key, commented out, with its default and what it does.
    pub fn template() -> String {
        let mut out = HEAD.to_owned();
        let mut section = "";
        for key in KEYS {
            if key.section != section {
                section = key.section;
                // The free sections stand where the reader looks for them: mapping before reading, reasons before use.
                match section {
                    "sales" => out.push_str(COLUMNS),
                    "targets" => out.push_str(&reasons()),
                    "output" => out.push_str(SERVICE),
                    _ => {}
                }
                out.push_str(&format!("\n[{section}]\n"));
            } else if section.is_empty() {
                out.push('\n');
            }
            out.push_str(&format!("# {}\n# {}\n", key.doc, key.doc_zh));
            out.push_str(&format!("# {} = {}\n", key.name, key.kind.default_toml()));
        }
        out
    }
}

fn reasons() -> String {
    let mut out = REASONS_HEAD.to_owned();
    for (en, zh, sign) in REASONS {
        out.push_str(&format!("# {en} = \"{}\"  # {zh}\n", sign.word()));
    }
    out
}

impl Sign {
    /// As `yugu.toml` writes it.
    pub fn word(self) -> &'static str {
        match self {
            Sign::Plus => "+",
            Sign::Minus => "-",
            Sign::None => "none",
        }
    }
}
