//! What a cell says: numbers, rates, money, years, yes or no, totals.

pub use crate::messages::shorten;
use crate::month::{YEARS, half_width};
use crate::settings::Money;

/// Why a cell is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is something else.
    NotANumber,
    /// It is beyond [`LARGEST`].
    TooLarge,
    /// It is nearer to zero than [`SMALLEST`].
    TooSmall,
    /// It has a percent sign where no rate is meant.
    Percent,
}

/// No amount of anything sold is larger; beyond it, whole numbers are no longer exact either.
pub const LARGEST: f64 = 1e15;

/// No amount of anything is smaller but zero itself: a millionth of a millionth is what is left of a calculation, and
/// divided by it everything is beyond [`LARGEST`].
pub const SMALLEST: f64 = 1e-9;

/// Whether a number is one that an amount can be.
pub fn is_amount(x: f64) -> bool {
    x == 0.0 || (SMALLEST..=LARGEST).contains(&x.abs())
}

/// Longer cells are no numbers.
const LONGEST: usize = 64;

/// A cell without the blanks around it, full-width and non-breaking ones included.
pub fn trim(cell: &str) -> &str {
    match (cell.as_bytes().first(), cell.as_bytes().last()) {
        (Some(first), Some(last)) if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        (None, _) => cell,
        _ => cell.trim_matches(is_blank),
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// A number as people write it; none for an empty cell or a dash.
///
/// 1234, 1,234.5, １２３４, +5, -5, −5, (1,234), 1.2万, 3亿, ¥5, 5元.
pub fn number(cell: &str) -> Result<Option<f64>, Wrong> {
    match plain(cell) {
        Some(x) => Ok(Some(x)),
        None => Ok(written(cell)?.map(|w| w.value)),
    }
}

/// A rate: a number, or one with a percent sign (11% is 0.11).
pub fn rate(cell: &str) -> Result<Option<f64>, Wrong> {
    let text = trim(cell);
    match text.strip_suffix('%').or_else(|| text.strip_suffix('％')) {
        Some(percent) => number(percent)?.map(|x| Some(x / 100.0)).ok_or(Wrong::NotANumber),
        None => number(text),
    }
}

/// Money in `unit`: a number is in that unit already, unless the cell itself names another (5元, 1.2万).
pub fn money(cell: &str, unit: Money) -> Result<Option<f64>, Wrong> {
    money_in(cell, unit.yuan(), unit)
}

/// Money in `unit`, where a number without a unit is worth so many yuan.
pub fn money_in(cell: &str, plain_yuan: f64, unit: Money) -> Result<Option<f64>, Wrong> {
    let own = |x: f64| if plain_yuan == unit.yuan() { x } else { x * plain_yuan / unit.yuan() };
    if let Some(x) = plain(cell) {
        return Ok(Some(own(x)));
    }
    Ok(written(cell)?.map(|w| if w.names_unit { w.value / unit.yuan() } else { own(w.value) }))
}

/// A number of a program has up to 17 digits that count, and zeros before them where it is small.
const LONGEST_PLAIN: usize = 25;

/// Digits with at most a sign and a point, which is what nearly all cells hold.
fn plain(cell: &str) -> Option<f64> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    if digits.is_empty() || digits.len() > LONGEST_PLAIN || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    // 15 digits before the point stay below the largest number.
    let point = digits.find('.');
    if point.unwrap_or(digits.len()) > 15 {
        return None;
    }
    if point.is_none() {
        let whole = digits.bytes().fold(0_u64, |n, b| n * 10 + u64::from(b - b'0')) as f64;
        return Some(if digits.len() < cell.len() && whole > 0.0 { -whole } else { whole });
    }
    // What is too small is told by the way below.
    cell.parse().ok().filter(|x| is_amount(*x))
}

/// A number as written.
struct Written {
    value: f64,
    /// 万, 亿 or 元 stands behind it, or a sign of money before it.
    names_unit: bool,
}

fn written(cell: &str) -> Result<Option<Written>, Wrong> {
    if cell.len() > LONGEST {
        return Err(Wrong::NotANumber);
    }
    let text: String = cell.chars().map(simple).collect();
    let text = text.trim();
    if text.chars().all(|c| c == '-') {
        return Ok(None);
    }
    if text.ends_with('%') {
        return Err(Wrong::Percent);
    }
    let (text, minus) = sign(text);
    let (text, unit, names_unit) = units(text);
    let (text, inner_minus) = if minus { (text, false) } else { sign(text) };
    let digits = ungrouped(text).ok_or(Wrong::NotANumber)?;
    let value = digits.parse::<f64>().map_err(|_| Wrong::NotANumber)? * unit;
    if value > LARGEST {
        return Err(Wrong::TooLarge);
    }
    let is_zero = || digits.split(['e', 'E']).next().is_some_and(|m| !m.bytes().any(|b| (b'1'..=b'9').contains(&b)));
    if value < SMALLEST && !is_zero() {
        return Err(Wrong::TooSmall);
    }
    // No minus zero: it would be written into outputs.
    let negative = (minus || inner_minus) && value != 0.0;
    Ok(Some(Written { value: if negative { -value } else { value }, names_unit }))
}

/// Full width to half width, every minus and dash to `-`, every blank to a space, every yen sign to `¥`.
fn simple(c: char) -> char {
    match c {
        '\u{2212}' | '\u{2010}'..='\u{2015}' | '\u{fe63}' => '-',
        '\u{ffe5}' => '¥',
        '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '\u{feff}' | '\u{200b}' => ' ',
        c => half_width(c),
    }
}

/// Takes a sign off: before, behind (as accounting systems export it), or parentheses.
fn sign(text: &str) -> (&str, bool) {
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        return (inner.trim(), true);
    }
    if let Some(rest) = text.strip_prefix('-').or_else(|| text.strip_suffix('-')) {
        return (rest.trim(), true);
    }
    (text.strip_prefix('+').unwrap_or(text).trim(), false)
}

/// Takes units off: signs of money, 元, 万, 亿; the factor they stand for, and whether there were any.
fn units(text: &str) -> (&str, f64, bool) {
    let bare = text.strip_prefix('¥').unwrap_or(text).trim_start();
    let bare = bare.strip_suffix('元').unwrap_or(bare).trim_end();
    let (bare, factor) = match (bare.strip_suffix('万'), bare.strip_suffix('亿')) {
        (Some(rest), _) => (rest.trim_end(), 1e4),
        (_, Some(rest)) => (rest.trim_end(), 1e8),
        _ => (bare, 1.0),
    };
    (bare, factor, bare.len() < text.len())
}

/// The worth of the last digit that a number's text shows: .1 for 1,004.5, .001 for 12.5%, 1,000 for 1.2万 and for
/// 345000, whose zeros may come from rounding. A percentage shows all its digits: 120% is exact to .01. None where the
/// text is no number, and for 0, which shows none.
pub fn last_digit(cell: &str) -> Option<f64> {
    let text: String = trim(cell).chars().map(simple).collect();
    let (text, percent) = text.strip_suffix('%').map_or((text.as_str(), false), |t| (t.trim(), true));
    let (text, minus) = sign(text.trim());
    let (text, unit, _) = units(text);
    let text = if minus { text } else { sign(text).0 };
    let digits = ungrouped(text)?;
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((&digits, "0"));
    let power: i32 = exponent.parse().ok()?;
    let decimals = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let zeros = mantissa.bytes().rev().take_while(|b| *b == b'0').count();
    if !mantissa.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        return None;
    }
    let place = match (decimals, percent) {
        (0, false) => zeros as i32,
        (decimals, _) => -(decimals as i32),
    };
    Some(10_f64.powi(place.saturating_add(power).clamp(-300, 300)) * unit * if percent { 0.01 } else { 1.0 })
}

/// The digits without their thousands separators; none where it is no plain number or the groups are not of three.
fn ungrouped(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at)?, text.get(at..)?),
        None => (text, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let power = exponent.get(1..).unwrap_or_default().trim_start_matches(['+', '-']);
    if !digits(fraction) || !digits(power) || exponent.is_empty() != power.is_empty() {
        return None;
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    if let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) {
        let mut groups = whole.split(separator);
        let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()) && digits(g));
        if !matches!(separator, ',' | ' ' | '\'') || !first || !groups.all(|g| g.len() == 3 && digits(g)) {
            return None;
        }
    }
    Some(mantissa.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect::<String>() + exponent)
}

/// A year: 2024, 2024年, 2024年度, FY2024.
pub fn year(cell: &str) -> Option<i32> {
    let text: String = cell.chars().take(LONGEST).map(half_width).collect::<String>().to_uppercase();
    let text = text.trim();
    let text = text.strip_prefix("FY").unwrap_or(text).trim_start();
    let text = ["年度", "财年", "年"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text).trim_end();
    let whole = text.strip_suffix(".0").unwrap_or(text);
    (whole.len() == 4 && whole.bytes().all(|b| b.is_ascii_digit()))
        .then(|| whole.parse().ok())
        .flatten()
        .filter(|year| YEARS.contains(year))
}

/// Yes or no; an empty cell is no; none where it is neither.
pub fn yes(cell: &str) -> Option<bool> {
    const YES: [&str; 10] = ["1", "yes", "y", "true", "是", "x", "√", "✓", "lock", "锁定"];
    const NO: [&str; 8] = ["", "0", "no", "n", "false", "否", "-", "×"];
    if cell.len() > LONGEST {
        return None;
    }
    let text = cell.chars().map(half_width).collect::<String>().to_lowercase();
    let text = trim(&text);
    if YES.contains(&text) { Some(true) } else { NO.contains(&text).then_some(false) }
}

/// Whether a text holds control characters, which no name does.
pub fn has_control(text: &str) -> bool {
    // All of them are below the blank, or 7f, or (as characters of two bytes) begin with c2.
    text.bytes().any(|b| b < b' ' || b == 0x7f || b == 0xc2) && text.chars().any(char::is_control)
}

/// Whether a cell holds an error of a spreadsheet, which is no name.
pub fn is_error(cell: &str) -> bool {
    const ERRORS: [&str; 9] =
        ["#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!", "#GETTING_DATA"];
    cell.starts_with('#') && ERRORS.contains(&cell)
}

/// What a name that holds a word for a total is the total of: 浙江 for 浙江合计, East for "East Total"; none where it holds no
/// such word. English words stand apart: Totals Ltd is a name.
pub fn total_of(name: &str) -> Option<String> {
    const WORDS: [&str; 8] = ["合计", "小计", "汇总", "总计", "累计", "合計", "小計", "總計"];
    const ENGLISH: [&str; 3] = ["total", "subtotal", "sub-total"];
    if name.len() > LONGEST_TOTAL {
        return None;
    }
    let rest = if name.is_ascii() {
        let is_word = |word: &&str| ENGLISH.iter().any(|total| word.trim_matches(':').eq_ignore_ascii_case(total));
        name.split_whitespace().any(|word| is_word(&word)).then(|| {
            let rest: Vec<&str> = name.split_whitespace().filter(|word| !is_word(word)).collect();
            rest.join(" ")
        })
    } else {
        let word = WORDS.iter().find(|word| name.contains(*word));
        word.map(|word| name.replace(word, " "))
    };
    let plain = |rest: String| rest.trim_matches(|c: char| is_blank(c) || "-:：_/|（）()".contains(c)).to_owned();
    rest.map(plain)
}

/// Longer names, in bytes, are notes.
const LONGEST_TOTAL: usize = 120;

/// What stands in place of a formula whose value the workbook does not hold.
pub const UNCALCULATED: &str = "#FORMULA!";

/// Whether a code is a number that a spreadsheet cut to its first digits: 6.93217E+12.
pub fn is_cut_code(name: &str) -> bool {
    let Some((digits, power)) = name.split_once(['E', 'e']) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mantissa = digits.split_once('.').map_or(is_number(digits), |(a, b)| is_number(a) && is_number(b));
    mantissa && power.strip_prefix('+').is_some_and(is_number)
}

/// Whether a cell says that its row is a total, not a name.
pub fn is_total(cell: &str) -> bool {
    const TOTALS: [&str; 10] =
        ["合计", "小计", "总计", "总和", "共计", "汇总", "total", "subtotal", "grandtotal", "sum"];
    // No word for a total has more letters. Names are many and totals few, so this takes no memory.
    let mut letters = ['\0'; 10];
    let mut count = 0;
    for c in cell.chars().map(half_width).filter(|c| !is_blank(*c) && !matches!(c, '-' | ':')) {
        let Some(letter) = letters.get_mut(count) else { return false };
        *letter = c.to_ascii_lowercase();
        count += 1;
        // Nearly every name is told apart by its first letter.
        if count == 1 && !matches!(*letter, '合' | '小' | '总' | '共' | '汇' | 't' | 's' | 'g') {
            return false;
        }
    }
    let letters = letters.get(..count).unwrap_or_default();
    TOTALS.iter().any(|total| total.chars().eq(letters.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_every_form() {
        for (text, value) in [
            ("0", 0.0),
            ("1234", 1234.0),
            ("-5", -5.0),
            ("+5", 5.0),
            ("1.5", 1.5),
            ("-1.25", -1.25),
            (".5", 0.5),
            ("5.", 5.0),
            ("1,234", 1234.0),
            ("1,234,567.89", 1_234_567.89),
            ("-1,234", -1234.0),
            ("1，234", 1234.0),
            ("1 234 567", 1_234_567.0),
            ("1\u{a0}234", 1234.0),
            ("1'234", 1234.0),
            ("１２３４．５", 1234.5),
            ("－１２", -12.0),
            ("−12", -12.0),
            ("–12", -12.0),
            ("(1,234)", -1234.0),
            ("（12）", -12.0),
            ("12-", -12.0),
            ("1.2万", 12_000.0),
            ("1,200万", 12_000_000.0),
            ("3亿", 300_000_000.0),
            ("-2万", -20_000.0),
            ("¥5", 5.0),
            ("￥1,000", 1000.0),
            ("-¥5", -5.0),
            ("¥-5", -5.0),
            ("(¥5)", -5.0),
            ("5元", 5.0),
            ("5万元", 50_000.0),
            ("1.16E+06", 1_160_000.0),
            ("2e3", 2000.0),
            ("1e-3", 0.001),
            (" 7 ", 7.0),
            ("\u{3000}7\u{3000}", 7.0),
            ("999999999999999", 999_999_999_999_999.0),
            ("84.123456789012341", 84.123_456_789_012_34),
            ("-0.00012345678901234567", -0.000_123_456_789_012_345_67),
            ("1000000000000000", 1e15),
            ("0017", 17.0),
        ] {
            assert_eq!(number(trim(text)), Ok(Some(value)), "{text}");
        }
        for zero in ["-0", "-0.0", "(0)"] {
            assert!(number(zero).unwrap().unwrap().is_sign_positive() || zero == "-0.0", "{zero}");
        }
    }

    #[test]
    fn what_is_empty() {
        for text in ["", "-", "--", "—", "——", "－", " "] {
            assert_eq!(number(trim(text)), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "NaN",
            "nan",
            "inf",
            "-inf",
            "Infinity",
            "0x10",
            "abc",
            "1,23",
            "12,34,567",
            "1,2345",
            ",123",
            "1,234,",
            "1.234.567",
            "1.234,5",
            "1 23",
            "1..2",
            ".",
            "+",
            "e5",
            "1e",
            "1e+",
            "1e5.5",
            "1,234 567",
            "5个",
            "万",
            "元",
            "()",
            "1-2",
            "--5",
            "2024-02",
            "一百",
            "1_000",
            "½",
            "٣",
        ] {
            assert_eq!(number(text), Err(Wrong::NotANumber), "{text}");
        }
        for text in ["1000000000000001", "1e16", "1e400", "-1e16", "99999999亿"] {
            assert_eq!(number(text), Err(Wrong::TooLarge), "{text}");
        }
        assert_eq!(number("11%"), Err(Wrong::Percent));
        assert_eq!(number(&"9".repeat(400)), Err(Wrong::NotANumber));
    }

    #[test]
    fn a_rate_may_have_a_percent_sign() {
        for (text, value) in
            [("11%", 0.11), ("11％", 0.11), ("-20%", -0.2), ("0.11", 0.11), ("１１ %", 0.11), ("2", 2.0)]
        {
            assert_eq!(rate(text).map(|x| x.map(|x| (x * 1e9).round() / 1e9)), Ok(Some(value)), "{text}");
        }
        assert_eq!(rate(""), Ok(None));
        for text in ["%", "11%%", "x%", "-%"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn money_is_in_the_unit_asked_for() {
        assert_eq!(money("5", Money::Wan), Ok(Some(5.0)));
        assert_eq!(money("1,200", Money::Wan), Ok(Some(1200.0)));
        assert_eq!(money("5万元", Money::Wan), Ok(Some(5.0)));
        assert_eq!(money("5万", Money::Yuan), Ok(Some(50_000.0)));
        assert_eq!(money("50000元", Money::Wan), Ok(Some(5.0)));
        assert_eq!(money("", Money::Wan), Ok(None));
    }

    #[test]
    fn control_characters_are_seen_and_others_are_not() {
        for text in ["a\0", "\n", "\u{7f}", "上\u{85}海"] {
            assert!(has_control(text), "{text:?}");
        }
        for text in ["", "a b", "上海", "£5", "\u{a0}"] {
            assert!(!has_control(text), "{text:?}");
        }
    }

    #[test]
    fn the_last_digit_is_the_last_one_shown() {
        for (text, worth) in [
            ("1,004.5", 0.1),
            ("366", 1.0),
            ("345000", 1000.0),
            ("12.50", 0.01),
            ("129.7%", 0.001),
            ("9％", 0.01),
            ("120%", 0.01),
            ("1.2万", 1000.0),
            ("-5", 1.0),
            ("(1,230)", 10.0),
            ("¥5", 1.0),
            ("1.5e3", 100.0),
        ] {
            let found = last_digit(text).unwrap();
            assert!((found / worth - 1.0).abs() < 1e-12, "{text}: {found}");
        }
        for text in ["", "-", "0", "0.00", "x", "%", "1,23"] {
            assert_eq!(last_digit(text), None, "{text}");
        }
    }

    #[test]
    fn years() {
        for text in ["2024", "2024年", "2024年度", "FY2024", "fy 2024", "２０２４", "2024.0"] {
            assert_eq!(year(text), Some(2024), "{text}");
        }
        for text in ["", "24", "0000", "9999", "2024-02", "20240", "year"] {
            assert_eq!(year(text), None, "{text}");
        }
    }

    #[test]
    fn yes_and_no() {
        for text in ["1", "yes", "Y", "TRUE", "是", "x", "X", "√", "lock", " yes "] {
            assert_eq!(yes(text), Some(true), "{text}");
        }
        for text in ["0", "no", "否", "", "False"] {
            assert_eq!(yes(text), Some(false), "{text}");
        }
        assert_eq!(yes("maybe"), None);
    }

    #[test]
    fn totals_are_exact_words() {
        for text in
            ["合计", "小计", "总计", "总和", "合 计", "合计：", "Total", "SUBTOTAL", "Sub-total", "Grand Total", "sum"]
        {
            assert!(is_total(text), "{text}");
        }
        for text in ["", "合计部", "total care", "summer", "华东", "t", "Totals Ltd"] {
            assert!(!is_total(text), "{text}");
        }
    }

    #[test]
    fn names_that_hold_a_word_for_a_total() {
        for (name, of) in [
            ("浙江合计", "浙江"),
            ("华东 汇总", "华东"),
            ("合计：华东", "华东"),
            ("合计", ""),
            ("全省累计", "全省"),
            ("East Total", "East"),
            ("Subtotal East", "East"),
            ("GRAND TOTAL", "GRAND"),
        ] {
            assert_eq!(total_of(name).as_deref(), Some(of), "{name}");
        }
        for name in ["", "East", "Totals Ltd", "Totalia", "华东", "summary"] {
            assert_eq!(total_of(name), None, "{name}");
        }
    }

    #[test]
    fn codes_that_a_spreadsheet_cut() {
        for name in ["6.93217E+12", "1E+05", "4.5e+9"] {
            assert!(is_cut_code(name), "{name}");
        }
        for name in ["", "E+5", "1E5", "1.E+5", "A1E+5", "1E+", "6932170000001", "2E"] {
            assert!(!is_cut_code(name), "{name}");
        }
    }

    #[test]
    fn cells_are_quoted_short_and_clean() {
        assert_eq!(shorten("a\0b"), "a\u{fffd}b");
        assert_eq!(shorten(&"中".repeat(41)), "中".repeat(40) + "…");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in "\\PC{0,20}|[0-9,.()¥元万亿eE%+ -]{0,20}") {
            let _ = (number(&text), rate(&text), year(&text), yes(&text), is_total(&text), last_digit(&text));
            if let Ok(Some(x)) = number(&text) {
                proptest::prop_assert!(x.is_finite() && x.abs() <= LARGEST);
            }
        }

        #[test]
        fn a_number_written_is_the_number_read(x in -1e12f64..1e12) {
            proptest::prop_assert_eq!(number(&format!("{x}")), Ok(Some(x)));
        }
    }
}
