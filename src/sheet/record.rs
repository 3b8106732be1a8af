//! Where the cells of a record begin and end in its raw text, by the rules of the csv crate.

use std::ops::Range;

use super::cell::trim;

/// The delimiters understood, the likelier first.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// A cell's place in the raw text of its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub start: usize,
    pub end: usize,
    /// False where it opens a quote that is not closed before the text ends.
    pub closed: bool,
}

impl Field {
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The cells of a record's raw text.
pub(super) fn fields(raw: &str, delimiter: u8) -> impl Iterator<Item = Field> + '_ {
    let bytes = raw.as_bytes();
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let start = at?;
        let (end, closed) = field_end(bytes, start, |b| b == delimiter);
        at = (end < bytes.len()).then_some(end + 1);
        Some(Field { start, end, closed })
    })
}

/// The cells of a record as they stand in its raw text, without blanks around them.
pub(super) fn cells(raw: &str, delimiter: u8) -> Vec<&str> {
    fields(raw, delimiter).map(|field| raw.get(field.range()).map_or("", trim)).collect()
}

/// Where the cell that begins at `start` ends, and whether its quote (if any) is closed.
fn field_end(bytes: &[u8], start: usize, ends: impl Fn(u8) -> bool) -> (usize, bool) {
    let mut at = start;
    if bytes.get(at) == Some(&b'"') {
        at += 1;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'"'), Some(b'"')) => at += 2,
                (Some(b'"'), _) => break at += 1,
                (Some(_), _) => at += 1,
                (None, _) => return (bytes.len(), false),
            }
        }
    }
    while bytes.get(at).is_some_and(|b| !ends(*b)) {
        at += 1;
    }
    (at, true)
}

/// A first line that names the delimiter, as some spreadsheets write it: `sep=;`. Where the table begins behind it, and the
/// delimiter.
pub(super) fn named_delimiter(text: &str) -> (usize, Option<u8>) {
    let Some(line) = text.split_inclusive('\n').next() else { return (0, None) };
    let plain = line.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']).trim_matches(['"', ' ']);
    let named = plain.get(..4).filter(|head| head.eq_ignore_ascii_case("sep=")).and_then(|_| plain.get(4..));
    // A tab may have been trimmed off.
    let found = match named {
        Some("") => Some(b'\t'),
        Some(sign) => sign.as_bytes().first().copied().filter(|_| sign.len() == 1),
        None => None,
    };
    if found.is_some() { (line.len(), found) } else { (0, None) }
}

/// How many lines tell the delimiter.
const TOLD_BY: usize = 40;

/// The delimiter that parts most lines into equally many cells, the more the better; a comma where none parts any.
pub(super) fn sniff(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(TOLD_BY).collect();
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let mut counts: Vec<usize> = lines.iter().map(|line| fields(line, delimiter).count()).collect();
        counts.sort_unstable();
        // Cells a line x lines that have so many.
        let weight = counts.chunk_by(|a, b| a == b).map(|alike| (alike[0] - 1) * alike.len()).max().unwrap_or(0);
        if weight > best.0 {
            best = (weight, delimiter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(raw: &str) -> Vec<&str> {
        fields(raw, b',').map(|f| raw.get(f.range()).unwrap()).collect()
    }

    #[test]
    fn cells_are_those_of_the_csv_crate() {
        for raw in [
            "a,b,c",
            "",
            ",",
            "a,,",
            "\"a,b\",c",
            "\"a\"\"b\",c",
            "a\"b,c",
            "\"a\"b,c",
            "\"a\nb\",c",
            "\"\",x",
            "\"a\"\"\"",
            " \"a,b\"",
            "上海,\"北,京\"",
        ] {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(raw.as_bytes());
            let mut record = csv::StringRecord::new();
            let cells = if reader.read_record(&mut record).unwrap() { record.len() } else { 1 };
            assert_eq!(fields(raw, b',').count(), cells, "{raw}");
        }
        assert_eq!(texts("上海,\"北,京\",3"), ["上海", "\"北,京\"", "3"]);
    }

    #[test]
    fn an_open_quote_is_seen() {
        assert!(fields("a,\"b,c", b',').any(|f| !f.closed));
        assert!(fields("a,\"b\"\"", b',').any(|f| !f.closed));
        assert!(fields("a,\"b\"\"\",\"\"", b',').all(|f| f.closed));
    }

    #[test]
    fn the_delimiter_is_found_from_the_header() {
        assert_eq!(sniff("month,region;x,units\n"), b',');
        assert_eq!(sniff("\n月份;区域;销量\n1;2,5;3"), b';');
        assert_eq!(sniff("month\tregion\tunits"), b'\t');
        assert_eq!(sniff("a|b"), b'|');
        assert_eq!(sniff("month"), b',');
        assert_eq!(sniff("\"a;b;c\",d"), b',');
        assert_eq!(sniff("sales, all regions\nmonth;region;units\n1;a;1,5\n2;b;2,5\n"), b';');
    }

    #[test]
    fn a_line_may_name_the_delimiter() {
        assert_eq!(named_delimiter("sep=;\r\na;b"), (7, Some(b';')));
        assert_eq!(named_delimiter("\u{feff}\"SEP=|\"\na|b"), (11, Some(b'|')));
        assert_eq!(named_delimiter("sep=\t\na\tb"), (6, Some(b'\t')));
        for text in ["", "sep", "sepia=1\n", "month,region\n", "sep=ab\n"] {
            assert_eq!(named_delimiter(text), (0, None), "{text}");
        }
    }
}
