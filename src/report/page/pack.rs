//! Data as a page holds them: JSON that no text of a folder can break out of, and large parts of it deflated.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::{Serialize, Serializer};

/// Whole numbers up to this size are exact in a double, and are written without a fraction.
const WHOLE: f64 = 9e15;

/// A number, as short as JSON has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let x = self.0;
        if x.fract() == 0.0 && x.abs() < WHOLE { to.serialize_i64(x as i64) } else { to.serialize_f64(x) }
    }
}

/// A number with at most so many decimals: what is shown with fewer needs no more, and takes half the space.
pub fn short(x: f64, decimals: i32) -> Number {
    let scale = 10_f64.powi(decimals);
    let rounded = (x * scale).round() / scale;
    // Where the scaled number leaves the range of doubles, it had no decimals to lose.
    Number(if rounded.is_finite() { rounded + 0.0 } else { x })
}

/// A value as JSON.
fn text(value: &impl Serialize) -> String {
    // Strings, numbers and lists of them always become JSON.
    serde_json::to_string(value).unwrap_or_default()
}

/// A value as JSON that may stand in a `script` element: whatever a name holds, the element ends where it should, and no
/// comment begins in it. The characters escaped stand in JSON inside of strings only.
pub fn json(value: &impl Serialize) -> String {
    let text = text(value);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// A value as JSON, deflated (zlib) and in letters: what the page inflates when it is looked at.
pub fn packed(value: &impl Serialize) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Nothing written to memory fails.
    let _ = encoder.write_all(text(value).as_bytes());
    base64(&encoder.finish().unwrap_or_default())
}

/// Base 64 (RFC 4648, section 4).
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().enumerate().fold(0_u32, |bits, (i, byte)| bits | u32::from(*byte) << (16 - 8 * i));
        for i in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= three.len() { letter } else { b'=' });
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_the_rfc() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn no_text_ends_the_element_that_it_stands_in() {
        let names =
            ["</script><script>alert(1)</script>", "<!--", "]]>", "a&amp;b", "line\u{2028}end\u{2029}", "\"'\n"];
        let json = json(&names);
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}', '\n']), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), names);
    }

    #[test]
    fn numbers_are_short_and_read_back() {
        let written = |x: f64| text(&Number(x));
        assert_eq!([written(20.0), written(-0.5), written(0.1)], ["20", "-0.5", "0.1"]);
        assert_eq!(text(&short(19.883068597320804, 4)), "19.8831");
        assert_eq!(text(&short(-0.00001, 4)), "0");
        assert_eq!(text(&short(1e300, 4)).parse(), Ok(1e300));
    }

    #[test]
    fn what_is_packed_inflates_to_the_json() {
        use std::io::Read;
        let value = vec!["城东服务中心"; 50];
        let packed = packed(&value);
        let digit = |c: u8| match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        let bytes: Vec<u8> = packed.bytes().filter(|c| *c != b'=').map(digit).collect();
        let bytes: Vec<u8> = bytes
            .chunks(4)
            .flat_map(|four| {
                let bits = four.iter().enumerate().fold(0_u32, |bits, (i, d)| bits | u32::from(*d) << (18 - 6 * i));
                bits.to_be_bytes()[1..four.len()].to_vec()
            })
            .collect();
        let mut out = String::new();
        flate2::read::ZlibDecoder::new(bytes.as_slice()).read_to_string(&mut out).unwrap();
        assert_eq!(out, text(&value));
    }
}
