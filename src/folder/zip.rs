//! A look into a workbook's container before it is opened: how large its parts say they are.

use std::io::Read;

use flate2::read::DeflateDecoder;

/// Why a container is not opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Its parts say they are larger than the limit.
    TooLarge,
    /// Its strings say they are more than fit into their part.
    Damaged,
}

/// Looks at the sizes. What is no container at all passes: opening it says so.
pub(super) fn check(bytes: &[u8], limit: u64) -> Result<(), Refused> {
    let parts = parts(bytes);
    let total = parts.iter().fold(0_u64, |sum, part| sum.saturating_add(part.size));
    if total > limit {
        return Err(Refused::TooLarge);
    }
    // The reader reserves memory for as many strings as the part claims to hold, and memory that is not there ends the
    // program. A string takes at least `<si/>`.
    let strings = parts.iter().filter(|part| part.name.ends_with(b"sharedstrings.xml"));
    for part in strings {
        let claimed = unique_count(&part.begin(bytes, HEAD)).unwrap_or(0);
        if claimed > part.size / 5 {
            return Err(Refused::Damaged);
        }
    }
    Ok(())
}

/// As much of a part as holds its outermost tag, bytes.
const HEAD: u64 = 4096;

pub(super) struct Part {
    /// Lower case.
    pub name: Vec<u8>,
    /// Stored (0) or deflated (8).
    method: u64,
    /// Unpacked.
    size: u64,
    /// Where its local header is.
    header: usize,
}

impl Part {
    /// The first `most` bytes of its text.
    pub fn begin(&self, bytes: &[u8], most: u64) -> Vec<u8> {
        let mut out = Vec::new();
        let Some(header) = bytes.get(self.header..) else { return out };
        let names = number(header, 26, 2).zip(number(header, 28, 2)).map_or(0, |(name, extra)| name + extra);
        let data = header.get(30 + names as usize..).unwrap_or_default();
        // What cannot be unpacked here cannot be later, and is reported then.
        let _ = match self.method {
            0 => data.take(self.size.min(most)).read_to_end(&mut out),
            _ => DeflateDecoder::new(data).take(most).read_to_end(&mut out),
        };
        out
    }
}

/// The entries of the central directory; as many as can be read.
pub(super) fn parts(bytes: &[u8]) -> Vec<Part> {
    const END: &[u8] = b"PK\x05\x06";
    const ENTRY: &[u8] = b"PK\x01\x02";
    // The end record is the last 22 bytes, or before a comment of up to 65,535.
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = bytes.get(tail..).and_then(|t| t.windows(END.len()).rposition(|w| w == END)).map(|at| tail + at);
    let mut out = Vec::new();
    let Some(mut at) = end.and_then(|end| number(bytes, end + 16, 4)).map(|at| at as usize) else { return out };
    while let Some(entry) = bytes.get(at..).filter(|rest| rest.starts_with(ENTRY)) {
        let field = |offset, length| number(entry, offset, length).unwrap_or(0);
        let name = field(28, 2) as usize;
        out.push(Part {
            name: entry.get(46..46 + name).unwrap_or_default().to_ascii_lowercase(),
            method: field(10, 2),
            size: field(24, 4),
            header: field(42, 4) as usize,
        });
        at += 46 + name + field(30, 2) as usize + field(32, 2) as usize;
    }
    out
}

/// A number of a few bytes, little end first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(field.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte)))
}

/// What the tag `sst` says about the number of strings.
fn unique_count(head: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"uniqueCount";
    let at = head.windows(NAME.len()).position(|w| w == NAME)? + NAME.len();
    let digits = head.get(at..)?.iter().skip_while(|b| !b.is_ascii_digit()).take_while(|b| b.is_ascii_digit());
    Some(digits.fold(0_u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0'))))
}
