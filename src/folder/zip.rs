//! A look into a workbook's container before it is opened: how large its parts really are. It is opened by the library
//! that the reader of workbooks opens it with, so both see the same parts.

use std::io::{self, BufReader, Cursor, Read, Write};

use quick_xml::events::Event;
use zip::ZipArchive;

/// Why a container is not opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Its parts are larger than the limit.
    TooLarge,
    /// Its strings say they are more than fit into their part, or are more than its cells can use.
    Damaged,
}

/// The end of the name of the part that holds the strings, in lower case.
const STRINGS: &str = "sharedstrings.xml";

/// A string takes at least `<si/>`.
const SHORTEST_STRING: u64 = 5;

/// So many strings are read in no time, whatever they are.
const FEW_STRINGS: u64 = 1_000_000;

/// Unpacks every part and counts, keeping nothing; what a part says of its own size is not believed. What is no container
/// at all passes, and so does a part that cannot be unpacked: opening it says so.
pub(super) fn check(bytes: &[u8], limit: u64) -> Result<(), Refused> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let mut left = limit;
    for at in 0..archive.len() {
        let Ok(part) = archive.by_index(at) else { continue };
        let is_strings = part.name().is_ok_and(|name| name.to_lowercase().ends_with(STRINGS));
        let mut size = 0;
        let mut part = Counted(part.take(left.saturating_add(1)), &mut size);
        let claimed = if is_strings { unique_count(BufReader::new(&mut part)) } else { None };
        // One that is damaged counts as far as it unpacks.
        let mut strings = Strings::default();
        let _ = io::copy(&mut part, &mut strings);
        // A string is there for a cell, and no cell packs into less than a byte: more of them than bytes are read for
        // minutes to no end.
        if is_strings && strings.ends / 2 > FEW_STRINGS.max(bytes.len() as u64) {
            return Err(Refused::Damaged);
        }
        // The reader reserves memory for as many strings as the part claims to hold, and memory that is not there ends
        // the program.
        if claimed.is_some_and(|claimed| claimed > size / SHORTEST_STRING) {
            return Err(Refused::Damaged);
        }
        left = left.checked_sub(size).ok_or(Refused::TooLarge)?;
    }
    Ok(())
}

/// The first `most` bytes of a part as text, whatever the case of its name; empty where it is not there. What cannot be
/// unpacked here cannot be later, and is reported then.
pub(super) fn text(bytes: &[u8], path: &str, most: u64) -> String {
    let mut out = Vec::new();
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return String::new() };
    for at in 0..archive.len() {
        let Ok(part) = archive.by_index(at) else { continue };
        if part.name().is_ok_and(|name| name.eq_ignore_ascii_case(path)) {
            let _ = part.take(most).read_to_end(&mut out);
            break;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Counts what is read.
struct Counted<'c, R>(R, &'c mut u64);

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        *self.1 += read as u64;
        Ok(read)
    }
}

/// Counts the strings of a part, each twice: by `<si>` and `</si>`, or as an empty `<si/>`. A tag that lies over two
/// blocks of bytes is missed, one in hundreds.
#[derive(Default)]
struct Strings {
    ends: u64,
}

impl Write for Strings {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let tags = |tag: &[u8]| memchr::memmem::find_iter(bytes, tag).count() as u64;
        self.ends += tags(b"si>") + 2 * tags(b"si/>");
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the first tag `sst` says about the number of strings, as the reader of workbooks finds it.
fn unique_count(part: impl io::BufRead) -> Option<u64> {
    let mut reader = quick_xml::Reader::from_reader(part);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "sst" => {
                let mut attributes = tag.attributes();
                let mut counts = attributes.with_checks(false).filter_map(Result::ok);
                let count = counts.find(|a| a.key.as_ref() == "uniqueCount");
                return count.map(|a| a.value.parse().unwrap_or(u64::MAX));
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zip::write::SimpleFileOptions;

    fn packed(comment: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.set_comment(comment).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn parts_are_counted_as_they_unpack() {
        let zeros = vec![b'0'; 4_000];
        for comment in ["", "PK\u{5}\u{6}", "a comment with PK\u{5}\u{6} and more than 22 letters after it"] {
            let bytes = packed(comment, &[("xl/a.xml", &zeros), ("xl/b.xml", &zeros)]);
            assert_eq!(check(&bytes, 8_000), Ok(()), "{comment:?}");
            assert_eq!(check(&bytes, 7_999), Err(Refused::TooLarge), "{comment:?}");
        }
        // A damaged part counts as far as it unpacks.
        let mut bytes = packed("", &[("xl/a.xml", &zeros)]);
        let mut crc = flate2::Crc::new();
        crc.update(&zeros);
        let sum = crc.sum().to_le_bytes();
        let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == sum).collect();
        assert!(!places.is_empty());
        places.iter().for_each(|at| bytes[*at] ^= 1);
        assert_eq!(check(&bytes, 3_999), Err(Refused::TooLarge));
        assert_eq!(check(b"no container", 1), Ok(()));
    }

    #[test]
    fn strings_are_no_more_than_fit() {
        let of = |text: &str| check(&packed("", &[("xl/SharedStrings.xml", text.as_bytes())]), 1 << 20);
        assert_eq!(of("<sst uniqueCount=\"2\"><si/><si/></sst>"), Ok(()));
        for text in [
            "<sst uniqueCount=\"900000\"><si/></sst>",
            "<!-- uniqueCount=\"1\" --><sst uniqueCount=\"900000\"/>",
            "<x:sst xmlns:x=\"y\" count=\"1\" uniqueCount=\"99999999999999999999\"/>",
        ] {
            assert_eq!(of(text), Err(Refused::Damaged), "{text}");
        }
        // Some million of strings that nothing refers to.
        for text in ["<si><t>x</t></si>", "<si/>", "<x:si></x:si>"] {
            let bomb = format!("<sst>{}</sst>", text.repeat(1_100_000));
            assert_eq!(
                check(&packed("", &[("xl/sharedStrings.xml", bomb.as_bytes())]), 1 << 30),
                Err(Refused::Damaged)
            );
            let few = format!("<sst>{}</sst>", text.repeat(900_000));
            assert_eq!(check(&packed("", &[("xl/sharedStrings.xml", few.as_bytes())]), 1 << 30), Ok(()));
        }
        let blanks = " ".repeat(20_000);
        assert_eq!(of(&format!("{blanks}<sst uniqueCount=\"900000\"/>")), Err(Refused::Damaged));
    }
}
