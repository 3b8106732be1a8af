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

/// The delimiter that parts the first line that is not blank into most cells; a comma where none does.
pub(super) fn sniff(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut best = (1, b',');
    for delimiter in DELIMITERS {
        let cells = fields(header, delimiter).count();
        if cells > best.0 {
            best = (cells, delimiter);
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
    }
}
