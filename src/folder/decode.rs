//! Bytes -> text: packed files and encodings.

use std::io::{ErrorKind, Read};

use encoding_rs::{BIG5, DecoderResult, GB18030, UTF_16BE, UTF_16LE, WINDOWS_1252};
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

/// A text as it was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub text: String,
    pub encoding: Encoding,
    /// Whether another encoding would make nearly as much sense.
    pub doubtful: bool,
}

impl Decoded {
    fn sure(text: String, encoding: Encoding) -> Decoded {
        Decoded { text, encoding, doubtful: false }
    }
}

/// The text of a file: a byte-order mark decides, else the zeros of UTF-16, else strict UTF-8, else whichever of GB18030, Big5
/// and Latin-1 makes sense of it.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, BadBytes> {
    match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => Ok(Decoded::sure(text.to_owned(), Encoding::Utf8Bom)),
            Err(error) => Err(bad_utf8(rest, error.valid_up_to())),
        },
        [0xff, 0xfe, rest @ ..] => strict(UTF_16LE, rest, Encoding::Utf16Le),
        [0xfe, 0xff, rest @ ..] => strict(UTF_16BE, rest, Encoding::Utf16Be),
        unmarked => match unmarked_utf16(unmarked) {
            Some(Encoding::Utf16Le) => strict(UTF_16LE, unmarked, Encoding::Utf16Le),
            Some(_) => strict(UTF_16BE, unmarked, Encoding::Utf16Be),
            None => match String::from_utf8(bytes) {
                Ok(text) => Ok(Decoded::sure(text, Encoding::Utf8)),
                Err(error) => {
                    let valid = error.utf8_error().valid_up_to();
                    let bytes = error.into_bytes();
                    if is_damaged_utf8(&bytes) {
                        return Err(bad_utf8(&bytes, valid));
                    }
                    guess(&bytes)
                }
            },
        },
    }
}

/// UTF-16 without a mark: digits and delimiters have a zero in every other byte, and texts hold no zeros elsewhere.
fn unmarked_utf16(bytes: &[u8]) -> Option<Encoding> {
    /// Bytes that tell it.
    const HEAD: usize = 4096;
    /// Of the units one in so many is a digit, a delimiter or a line end.
    const ONE_IN: usize = 5;
    let head = bytes.get(..HEAD.min(bytes.len() & !1))?;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = head.len() / 2 / ONE_IN;
    match (even, odd) {
        (0, odd) if odd > enough => Some(Encoding::Utf16Le),
        (even, 0) if even > enough => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// The encoding that makes most sense of bytes that are no UTF-8.
fn guess(bytes: &[u8]) -> Result<Decoded, BadBytes> {
    /// So much of the letters must make sense.
    const LEAST: f64 = 0.7;
    /// Another encoding is out of the question where it makes so much less of it.
    const CLEAR: f64 = 0.2;
    let candidates = [
        (GB18030, Encoding::Gb18030, sense(bytes, gb18030)),
        (BIG5, Encoding::Big5, sense(bytes, big5)),
        (WINDOWS_1252, Encoding::Latin1, latin1(bytes)),
    ];
    let mut read: Vec<(f64, Decoded)> = candidates
        .into_iter()
        .filter_map(|(encoding, name, sense)| {
            let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
            // A header that the program knows says more than any letter.
            let known = if is_known(&text) { 1.0 } else { 0.0 };
            Some((sense + known, Decoded::sure(text, name)))
        })
        .collect();
    // The first of equals stays first.
    read.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut best = read.into_iter();
    match (best.next(), best.next()) {
        (Some((sense, decoded)), other) if sense >= LEAST => {
            // Both kinds of Chinese are Chinese, and the likelier one is right but for a letter or two.
            let is_latin = |decoded: &Decoded| decoded.encoding == Encoding::Latin1;
            let doubtful =
                other.is_some_and(|(near, other)| sense - near < CLEAR && is_latin(&other) != is_latin(&decoded));
            Ok(Decoded { doubtful, ..decoded })
        }
        _ => {
            let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
            let line = match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
                Some(_) => lines(bytes.get(..first).unwrap_or_default()),
                None => bad_line(GB18030, bytes),
            };
            Err(BadBytes { line, name: Encoding::Gb18030.name() })
        }
    }
}

/// Whether the first line holds a header that some table knows.
fn is_known(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["月份", "年月", "日期", "区域", "區域", "产品", "產品", "销量", "銷量", "数量", "數量", "金额"];
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    WORDS.iter().any(|word| line.contains(word))
}

/// How much of the letters beyond ASCII makes sense, 0 to 1; `letter` takes the bytes of one, and how much it makes.
fn sense(bytes: &[u8], letter: fn(&[u8]) -> (usize, f64)) -> f64 {
    let (mut sum, mut count, mut rest) = (0.0, 0_usize, bytes);
    while let Some((first, after)) = rest.split_first() {
        if first.is_ascii() {
            rest = after;
            continue;
        }
        let (length, makes) = letter(rest);
        sum += makes;
        count += 1;
        rest = rest.get(length..).unwrap_or_default();
    }
    if count == 0 { 1.0 } else { sum / count as f64 }
}

/// A letter of GB18030: the 3,755 most usual ones and signs make sense, the others of GB2312 half as much.
fn gb18030(bytes: &[u8]) -> (usize, f64) {
    match bytes {
        [0x81..=0xfe, b'0'..=b'9', 0x81..=0xfe, b'0'..=b'9', ..] => (4, 0.0),
        [0xa1..=0xa3 | 0xb0..=0xd7, 0xa1..=0xfe, ..] => (2, 1.0),
        [0xd8..=0xf7, 0xa1..=0xfe, ..] => (2, 0.5),
        _ => (2, 0.0),
    }
}

/// A letter of Big5: the 5,401 usual ones and signs make sense, the others half as much.
fn big5(bytes: &[u8]) -> (usize, f64) {
    match bytes {
        [0xa1..=0xc6, 0x40..=0x7e | 0xa1..=0xfe, ..] => (2, 1.0),
        [0xc9..=0xf9, 0x40..=0x7e | 0xa1..=0xfe, ..] => (2, 0.5),
        _ => (2, 0.0),
    }
}

/// How much of the letters beyond ASCII makes sense as Latin-1: one or two within or at the end of a word.
fn latin1(bytes: &[u8]) -> f64 {
    let (mut sum, mut count, mut at) = (0.0, 0_usize, 0);
    while let Some(skip) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| !byte.is_ascii())) {
        let start = at + skip;
        let length = bytes.iter().skip(start).take_while(|byte| !byte.is_ascii()).count();
        let run = bytes.get(start..start + length).unwrap_or_default();
        let is_letter = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_alphabetic);
        let in_word = is_letter(start.checked_sub(1)) || is_letter(Some(start + length));
        for byte in run {
            sum += match byte {
                // Letters with marks but for × and ÷; Š, Ž, Œ and their small ones.
                0xc0..=0xd6 | 0xd8..=0xf6 | 0xf8..=0xff | 0x8a | 0x8c | 0x8e | 0x9a | 0x9c | 0x9e | 0x9f
                    if in_word && length <= 2 =>
                {
                    1.0
                }
                // €, §, °, ², ³, µ and the like stand by themselves.
                0x80 | 0xa0 | 0xa7 | 0xa9 | 0xae | 0xb0 | 0xb2 | 0xb3 | 0xb5 | 0xb7 if !in_word => 1.0,
                _ => 0.0,
            };
            count += 1;
        }
        at = start + length;
    }
    if count == 0 { 1.0 } else { sum / count as f64 }
}

/// Whether bytes are a text and no workbook of any kind.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    disguised(bytes).is_none()
        && !bytes.is_empty()
        && (unmarked_utf16(bytes).is_some() || !bytes.contains(&0) || bytes.starts_with(&[0xff, 0xfe]))
}

/// Whether a text is a web page.
pub(super) fn is_web_page(text: &str) -> bool {
    /// Bytes before the first tag of a page.
    const HEAD: usize = 2000;
    let head: String = text.chars().take(HEAD).flat_map(char::to_lowercase).collect();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<') && ["<html", "<table", "<!doctype", "<?xml", "<meta"].iter().any(|tag| head.contains(tag))
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

fn strict(encoding: &'static encoding_rs::Encoding, bytes: &[u8], found: Encoding) -> Result<Decoded, BadBytes> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Decoded::sure(text.into_owned(), found)),
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
        // It is as sound as any, and larger than the memory that is there.
        Err(error) if error.kind() == ErrorKind::OutOfMemory => {
            Err(Wrong::whole("too_large", say::unpacks_too_large(out.len() as u64 >> 20)))
        }
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
            // Without a mark.
            (TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect(), Encoding::Utf16Le),
            (TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect(), Encoding::Utf16Be),
        ];
        for (bytes, encoding) in forms {
            assert_eq!(decode(bytes), Ok(Decoded::sure(TEXT.to_owned(), encoding)));
        }
        assert_eq!(decode(Vec::new()), Ok(Decoded::sure(String::new(), Encoding::Utf8)));
    }

    #[test]
    fn what_the_letters_say_tells_the_encoding() {
        let says = |text: &str, encoding: &'static encoding_rs::Encoding| {
            let decoded = decode(encoding.encode(text).0.into_owned()).unwrap();
            assert_eq!(decoded.text, text);
            (decoded.encoding, decoded.doubtful)
        };
        for text in ["month;region\n2024-01;K\u{f6}ln\n", "Caf\u{e9},3\n", "Gr\u{f6}\u{df}e;M\u{fc}nchen;Orl\u{e9}ans"]
        {
            assert_eq!(says(text, WINDOWS_1252), (Encoding::Latin1, false), "{text}");
        }
        for text in ["月份,地区\n2024-01,上海\n", "month,region\n2024-01,广州\n2024-01,北京\n"] {
            assert_eq!(says(text, GB18030), (Encoding::Gb18030, false), "{text}");
        }
        for text in ["月份,區域,產品,銷量\n2024-01,臺北,瓦斯爐,5\n", "month,region\n1,高雄\n2,臺中\n3,新竹\n"]
        {
            assert_eq!(says(text, BIG5).0, Encoding::Big5, "{text}");
        }
        // Central European letters are no Latin-1: better an error than another name.
        assert!(decode(b"region\n\xa3\xf3d\xbc\n".to_vec()).is_err());
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
        assert_eq!(decode(GB18030.encode("联通,移动").0.into_owned()).unwrap().text, "联通,移动");
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
