//! Bytes -> text: packed files and encodings.

use std::io::Read;

use encoding_rs::{DecoderResult, GB18030, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

use super::{Wrong, largest_unpacked};
use crate::messages::Text;
use crate::messages::parquet;
use crate::messages::reading as say;
use crate::sheet::Encoding;

/// Bytes that are no text in the encoding they seem to be in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadBytes {
    /// The line of the first of them.
    pub line: u32,
    /// The encoding tried.
    pub name: &'static str,
}

/// The text of a file: a byte-order mark decides, else strict UTF-8, else strict GB18030.
pub(super) fn decode(bytes: Vec<u8>) -> Result<(String, Encoding), BadBytes> {
    match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => Ok((text.to_owned(), Encoding::Utf8Bom)),
            Err(error) => Err(bad_utf8(rest, error.valid_up_to())),
        },
        [0xff, 0xfe, rest @ ..] => strict(UTF_16LE, rest, Encoding::Utf16Le),
        [0xfe, 0xff, rest @ ..] => strict(UTF_16BE, rest, Encoding::Utf16Be),
        _ => match String::from_utf8(bytes) {
            Ok(text) => Ok((text, Encoding::Utf8)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                if is_damaged_utf8(&bytes) {
                    return Err(bad_utf8(&bytes, valid));
                }
                strict(GB18030, &bytes, Encoding::Gb18030)
            }
        },
    }
}

fn bad_utf8(bytes: &[u8], valid: usize) -> BadBytes {
    BadBytes { line: lines(bytes.get(..valid).unwrap_or_default()), name: Encoding::Utf8.name() }
}

/// The line that follows these bytes of it.
fn lines(before: &[u8]) -> u32 {
    before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1
}

/// Whether bytes are UTF-8 but for a few broken places. GB18030 would read nearly all of them, as other characters.
///
/// Chinese in UTF-8 takes three bytes; in text of GB18030 such threes are rare and broken ones everywhere, so four
/// whole ones for each break cannot be chance.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    const WHOLE_FOR_BROKEN: usize = 4;
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken * WHOLE_FOR_BROKEN
}

fn strict(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
    found: Encoding,
) -> Result<(String, Encoding), BadBytes> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok((text.into_owned(), found)),
        None => Err(BadBytes { line: bad_line(encoding, bytes), name: found.name() }),
    }
}

/// The line of the first bytes that the encoding does not allow.
fn bad_line(encoding: &'static encoding_rs::Encoding, mut bytes: &[u8]) -> u32 {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0; 4096];
    let mut line = 1;
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut buffer, true);
        line += lines(buffer.get(..written).unwrap_or_default()) - 1;
        bytes = bytes.get(read..).unwrap_or_default();
        if !matches!(result, DecoderResult::OutputFull) {
            return line;
        }
    }
}

/// What bytes are that should be a text but begin as something else.
pub(super) fn disguised(bytes: &[u8]) -> Option<Text> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some(say::is_a_workbook()),
        [0x1f, 0x8b, ..] => Some(say::is_gzip()),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(say::is_an_old_workbook()),
        [b'P', b'A', b'R', b'1', ..] => Some(parquet::is_parquet()),
        _ => None,
    }
}

/// The text packed in a gzip file.
pub(super) fn unpack(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Wrong> {
    let limit = largest_unpacked(bytes.len(), limit);
    let mut out = Vec::new();
    match MultiGzDecoder::new(bytes).take(limit + 1).read_to_end(&mut out) {
        Ok(_) if out.len() as u64 > limit => Err(Wrong::whole("too_large", say::unpacks_too_large(limit >> 20))),
        Ok(_) => Ok(out),
        Err(error) => Err(Wrong::whole("unreadable", say::bad_gzip(&error.to_string()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u64 = 1 << 31;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    const TEXT: &str = "月份,区域\n2024-02,上海\n";

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    pub(super) fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn one_text_in_every_encoding() {
        let forms = [
            (TEXT.as_bytes().to_vec(), Encoding::Utf8),
            (format!("\u{feff}{TEXT}").into_bytes(), Encoding::Utf8Bom),
            (utf16(TEXT, u16::to_le_bytes), Encoding::Utf16Le),
            (utf16(TEXT, u16::to_be_bytes), Encoding::Utf16Be),
            (GB18030.encode(TEXT).0.into_owned(), Encoding::Gb18030),
        ];
        for (bytes, encoding) in forms {
            assert_eq!(decode(bytes), Ok((TEXT.to_owned(), encoding)));
        }
        assert_eq!(decode(Vec::new()), Ok((String::new(), Encoding::Utf8)));
    }

    #[test]
    fn bytes_of_no_encoding_are_named_by_their_line() {
        let mut bytes = GB18030.encode("月份,区域\n2024-02,").0.into_owned();
        bytes.extend([0xff, 0xff, b'\n']);
        assert_eq!(decode(bytes), Err(BadBytes { line: 2, name: "GB18030" }));
        let mut bytes = utf16("a\nb\n", u16::to_le_bytes);
        bytes.extend([0x00, 0xd8, b'x', 0]);
        assert_eq!(decode(bytes), Err(BadBytes { line: 3, name: "UTF-16LE" }));
    }

    #[test]
    fn a_broken_byte_does_not_turn_utf8_into_other_characters() {
        let mut bytes = TEXT.repeat(10).into_bytes();
        bytes.truncate(bytes.len() - 2);
        assert_eq!(decode(bytes), Err(BadBytes { line: 20, name: "UTF-8" }));
        // The classic of two characters that look like UTF-8 in GBK.
        assert_eq!(decode(GB18030.encode("联通,移动").0.into_owned()), Ok(("联通,移动".into(), Encoding::Gb18030)));
    }

    #[test]
    fn gzip_in_one_or_several_members() {
        let mut bytes = gz(b"a,b\n");
        bytes.extend(gz(b"1,2\n"));
        assert_eq!(unpack(&bytes, LIMIT).ok().unwrap(), b"a,b\n1,2\n");
    }

    #[test]
    fn gzip_cut_short_or_made_to_burst_is_an_error() {
        let bytes = gz(TEXT.repeat(100).as_bytes());
        assert_eq!(unpack(&bytes[..bytes.len() - 9], LIMIT).err().unwrap().kind, "unreadable");
        let bomb = gz(&vec![b'0'; (super::super::ALWAYS_UNPACKED + 1) as usize]);
        assert_eq!(unpack(&bomb, LIMIT).err().unwrap().kind, "too_large");
    }

    #[test]
    fn files_with_the_wrong_ending_are_recognised() {
        assert!(disguised(b"PK\x03\x04....").is_some());
        assert!(disguised(&gz(b"x")).is_some());
        assert!(disguised(TEXT.as_bytes()).is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = decode(bytes.clone());
            let _ = unpack(&bytes, LIMIT);
            let mut packed = gz(&bytes);
            let at = bytes.first().map_or(0, |b| *b as usize % packed.len());
            packed[at] ^= 0x55;
            let _ = unpack(&packed, LIMIT);
        }
    }
}
