//! How the numbers of a column are written: the unit in its header, and which mark parts the decimals.

use std::borrow::Cow;

use crate::schema::normal;

/// What a column's numbers are counted in, where its header says so: 销量(台), 金额（万元）, availability (%).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Unit {
    /// Nothing is said.
    #[default]
    None,
    /// So many pieces: 台 is 1, 千件 1,000.
    Pieces(f64),
    /// So many yuan.
    Yuan(f64),
    /// Hundredths.
    Percent,
}

/// How the numbers of a column are written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Format {
    /// What the header says.
    pub unit: Unit,
    /// Whether a comma parts the decimals, and points part thousands.
    pub decimal_comma: bool,
}

/// Words for numbers before a unit, and what they multiply.
const MULTIPLES: [(&str, f64); 10] = [
    ("百万", 1e6),
    ("千万", 1e7),
    ("百", 1e2),
    ("千", 1e3),
    ("万", 1e4),
    ("亿", 1e8),
    ("thousand", 1e3),
    ("million", 1e6),
    ("'000", 1e3),
    ("k", 1e3),
];

/// Words for a piece; nothing is counted in another way than one by one.
const PIECES: [&str; 32] = [
    "台", "件", "个", "只", "套", "箱", "户", "张", "瓶", "份", "单", "支", "辆", "盒", "包", "条", "片", "块", "把",
    "双", "部", "桶", "袋", "units", "unit", "pcs", "pc", "pieces", "ea", "sets", "boxes", "qty",
];

/// Words for what goods are counted in, too, where nobody counts them one by one.
const MEASURES: [&str; 26] = [
    "组", "打", "卷", "米", "升", "吨", "千克", "公斤", "克", "托", "捆", "kg", "g", "t", "l", "m", "case", "cases",
    "carton", "cartons", "box", "pallet", "piece", "each", "set", "dozen",
];

/// Headers of a column that says what the numbers of a row are counted in.
const HEADERS: [&str; 7] = ["单位", "计量单位", "数量单位", "销售单位", "unit", "uom", "unitofmeasure"];

/// Whether a header is one of the units that numbers are counted in.
pub fn is_unit_header(header: &str) -> bool {
    HEADERS.contains(&normal(header).as_str())
}

/// Whether a word names a unit: 箱, 台, 箱(10台), case.
pub fn is_unit(word: &str) -> bool {
    let bare = word.split(['(', '（', '[', '【', '/']).next().unwrap_or(word).trim();
    Unit::named(bare).is_some() || MEASURES.contains(&normal(bare).as_str())
}

/// Words for money.
const MONEY: [&str; 8] = ["元", "人民币", "yuan", "cny", "rmb", "¥", "￥", "人民币元"];

impl Unit {
    /// The unit that a word names: 台, 万元, %, '000.
    pub fn named(word: &str) -> Option<Unit> {
        let word = normal(word);
        if word == "%" || word == "percent" || word == "百分比" {
            return Some(Unit::Percent);
        }
        let (bare, factor) = MULTIPLES
            .iter()
            .find_map(|(multiple, factor)| Some((word.strip_prefix(multiple)?, *factor)))
            .unwrap_or((word.as_str(), 1.0));
        if MONEY.contains(&bare) {
            Some(Unit::Yuan(factor))
        } else if PIECES.contains(&bare) || (bare.is_empty() && factor > 1.0) {
            Some(Unit::Pieces(factor))
        } else {
            None
        }
    }

    /// Takes a unit off the end of a header: 销量(台), 金额【万元】, 数量/件, `revenue, yuan`. None where there is none.
    pub fn taken_off(header: &str) -> Option<(&str, Unit)> {
        const BRACKETS: [(char, char); 5] = [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】'), ('〔', '〕')];
        let header = header.trim_end();
        for (open, close) in BRACKETS {
            if let Some(inner) = header.strip_suffix(close) {
                let (base, word) = inner.rsplit_once(open)?;
                let word = ["单位：", "单位:", "单位"].iter().find_map(|unit| word.strip_prefix(unit)).unwrap_or(word);
                return Some((base.trim_end(), Unit::named(word)?));
            }
        }
        let (base, word) = header.rsplit_once(['/', '／', ',', '，'])?;
        Some((base.trim_end(), Unit::named(word)?))
    }
}

impl Format {
    /// A number's text with a point before the decimals and commas between thousands, whatever stands there.
    pub fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.decimal_comma || !text.contains(['.', ',']) {
            return Cow::Borrowed(text);
        }
        let swapped = |c: char| match c {
            '.' => ',',
            ',' => '.',
            c => c,
        };
        Cow::Owned(text.chars().map(swapped).collect())
    }

    /// What a number of this column is, in pieces, or as a share.
    pub fn scaled(&self, value: f64) -> f64 {
        match self.unit {
            Unit::Pieces(factor) if factor != 1.0 => value * factor,
            Unit::Percent => value / 100.0,
            _ => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_headers() {
        for (header, base, unit) in [
            ("销量(台)", "销量", Unit::Pieces(1.0)),
            ("销量（万台）", "销量", Unit::Pieces(1e4)),
            ("金额（万元）", "金额", Unit::Yuan(1e4)),
            ("销售额【千元】", "销售额", Unit::Yuan(1e3)),
            ("units [pcs]", "units", Unit::Pieces(1.0)),
            ("Revenue ('000)", "Revenue", Unit::Pieces(1e3)),
            ("有货率(%)", "有货率", Unit::Percent),
            ("数量/件", "数量", Unit::Pieces(1.0)),
            ("金额（单位：元）", "金额", Unit::Yuan(1.0)),
        ] {
            assert_eq!(Unit::taken_off(header), Some((base, unit)), "{header}");
        }
        for header in
            ["销量", "销量(退货)", "销量（目标）", "units (last year)", "区域/省份", "金额(不含税)", "()", "a)"]
        {
            assert_eq!(Unit::taken_off(header), None, "{header}");
        }
    }

    #[test]
    fn a_decimal_comma_becomes_a_point() {
        let comma = Format { decimal_comma: true, ..Format::default() };
        assert_eq!(comma.plain("1.234,5"), "1,234.5");
        assert_eq!(comma.plain("990"), "990");
        assert_eq!(Format::default().plain("1,234.5"), "1,234.5");
    }
}
