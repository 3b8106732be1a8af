//! The tags of an XML text, one after the other: enough to see what a workbook says beside its values. Nothing is checked;
//! what is no XML gives odd tags, and its reader says so.

use memchr::memchr;

/// A tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'x> {
    /// Its name without a prefix.
    pub name: &'x str,
    /// `</name>`
    pub closes: bool,
    /// `<name/>`
    pub is_empty: bool,
    attributes: &'x str,
    /// The text between it and the next tag.
    pub text: &'x str,
}

impl<'x> Tag<'x> {
    /// An attribute by its name without a prefix, entities as they stand.
    pub fn attribute(&self, name: &str) -> Option<&'x str> {
        let mut rest = self.attributes;
        loop {
            let (key, after) = rest.split_once('=')?;
            let key = key.trim();
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, next) = after.get(1..)?.split_once(quote)?;
            if key.rsplit(':').next() == Some(name) {
                return Some(value);
            }
            rest = next;
        }
    }
}

/// The tags of a text in their order.
pub(super) fn tags(xml: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = xml.get(at..)?;
        let open = memchr(b'<', rest.as_bytes())?;
        let inner = rest.get(open + 1..)?;
        let close = memchr(b'>', inner.as_bytes())?;
        let body = inner.get(..close)?;
        let after = inner.get(close + 1..).unwrap_or_default();
        let text = after.get(..memchr(b'<', after.as_bytes()).unwrap_or(after.len())).unwrap_or_default();
        at += open + 1 + close + 1;
        let (closes, body) = body.strip_prefix('/').map_or((false, body), |body| (true, body));
        let (is_empty, body) = body.strip_suffix('/').map_or((false, body), |body| (true, body));
        let (name, attributes) = body.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((body, ""));
        Some(Tag { name: name.rsplit(':').next().unwrap_or(name), closes, is_empty, attributes, text })
    })
}

/// A cell's reference (B12) as row and column from 1.
pub(super) fn reference(text: &str) -> Option<(u32, u32)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at_checked(letters)?;
    let column = letters.bytes().try_fold(0_u32, |n, b| {
        n.checked_mul(26)?.checked_add(u32::from(b.to_ascii_uppercase().checked_sub(b'A')?) + 1)
    })?;
    let row = digits.parse().ok()?;
    (column > 0 && row > 0).then_some((row, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_names_attributes_and_text() {
        let xml = "<?xml version=\"1.0\"?><x:row r='2' hidden=\"1\"><c r=\"B2\" s=\"3\"><f>A1*2</f><v/></c></x:row>";
        let all: Vec<Tag> = tags(xml).collect();
        let names: Vec<(&str, bool, bool)> = all.iter().map(|t| (t.name, t.closes, t.is_empty)).collect();
        assert_eq!(
            names[1..],
            [
                ("row", false, false),
                ("c", false, false),
                ("f", false, false),
                ("f", true, false),
                ("v", false, true),
                ("c", true, false),
                ("row", true, false)
            ]
        );
        assert_eq!(
            (all[1].attribute("r"), all[1].attribute("hidden"), all[1].attribute("s")),
            (Some("2"), Some("1"), None)
        );
        assert_eq!(all[3].text, "A1*2");
        assert_eq!(
            (reference("B12"), reference("AA1"), reference("12"), reference("A0")),
            (Some((12, 2)), Some((1, 27)), None, None)
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[<>/=\"' a-c:é0-9]{0,40}") {
            for tag in tags(&text) {
                let _ = (tag.attribute("a"), reference(tag.text));
            }
        }
    }
}
