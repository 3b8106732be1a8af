//! Totals as bytes, on their way between the parts and whoever drives them: little-endian, numbers to the bit.
//!
//! ```text
//! u32 round | u32 length, facts as JSON | u32 keys, each: u8 what, u8 followed, u32 origin, u32 step, u32 length,
//! f64 ...
//! ```

use super::{Facts, Key, Totals, What};

impl Totals {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let facts = serde_json::to_vec(&self.facts).unwrap_or_default();
        let numbers: usize = self.values.values().map(|values| 14 + 8 * values.len()).sum();
        let mut out = Vec::with_capacity(12 + facts.len() + numbers);
        let count = |out: &mut Vec<u8>, n: usize| out.extend((n as u32).to_le_bytes());
        count(&mut out, self.round as usize);
        count(&mut out, facts.len());
        out.extend(facts);
        count(&mut out, self.values.len());
        for (key, values) in &self.values {
            out.extend([key.what as u8, u8::from(key.followed)]);
            [key.origin, key.step, values.len()].into_iter().for_each(|n| count(&mut out, n));
            values.iter().for_each(|x| out.extend(x.to_le_bytes()));
        }
        out
    }

    /// What the bytes hold; none where they are not the bytes of totals.
    pub fn from_bytes(bytes: &[u8]) -> Option<Totals> {
        let mut rest = bytes;
        let round = count(&mut rest)? as u32;
        let length = count(&mut rest)?;
        let facts: Facts = serde_json::from_slice(take(&mut rest, length)?).ok()?;
        let mut out = Totals { round, facts, ..Totals::default() };
        for _ in 0..count(&mut rest)? {
            let what = What::ALL.get(usize::from(*take(&mut rest, 1)?.first()?)).copied()?;
            let followed = *take(&mut rest, 1)?.first()? != 0;
            let (origin, step, length) = (count(&mut rest)?, count(&mut rest)?, count(&mut rest)?);
            let numbers = take(&mut rest, length.checked_mul(8)?)?.chunks_exact(8);
            let number = |x: &[u8]| x.try_into().ok().map(f64::from_le_bytes);
            out.values.insert(Key { what, origin, step, followed }, numbers.map(number).collect::<Option<_>>()?);
        }
        rest.is_empty().then_some(out)
    }
}

fn take<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn count(rest: &mut &[u8]) -> Option<usize> {
    Some(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?) as usize)
}

#[cfg(test)]
mod tests {
    use super::super::key;
    use super::*;

    #[test]
    fn bytes_come_back_as_they_were() {
        let facts = Facts { first: Some(7), daily: true, regions: vec!["城东".into()], ..Facts::default() };
        let values = What::ALL.into_iter().enumerate();
        let values = values.map(|(i, what)| (key(what, i, 2), vec![0.1, f64::INFINITY, f64::from_bits(i as u64)]));
        let totals = Totals { round: 3, facts, values: values.collect() };
        let bytes = totals.to_bytes();
        assert_eq!(Totals::from_bytes(&bytes).unwrap(), totals);
        for cut in 0..bytes.len() {
            assert!(Totals::from_bytes(&bytes[..cut]).is_none(), "{cut}");
        }
        assert!(Totals::from_bytes(b"something else entirely").is_none());
    }
}
