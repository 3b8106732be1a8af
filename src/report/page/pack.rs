//! Data as a page holds them: JSON that no text of a folder can break out of, and large parts of it deflated.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
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
    BASE64.encode(encoder.finish().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let bytes = BASE64.decode(packed(&value)).unwrap();
        let mut out = String::new();
        flate2::read::ZlibDecoder::new(bytes.as_slice()).read_to_string(&mut out).unwrap();
        assert_eq!(out, text(&value));
    }
}
