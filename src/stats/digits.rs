//! Digits that mean something.

/// A number to twelve digits: sums of shares of 8,800 come back as 8,800.
pub fn settled(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let digits = 11 - x.abs().log10().floor() as i32;
    let scale = 10_f64.powi(digits.clamp(-300, 300));
    if digits.abs() > 300 { x } else { (x * scale).round() / scale }
}

/// A number with thousands separators and so many decimals.
pub fn grouped(x: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", x.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let digits: Vec<char> = whole.chars().collect();
    let mut out = String::new();
    for (i, digit) in digits.iter().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(*digit);
    }
    let shown_as_zero = !text.contains(|c: char| c.is_ascii_digit() && c != '0');
    let sign = if x < 0.0 && !shown_as_zero { "-" } else { "" };
    format!("{sign}{out}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_settled_to_twelve_digits() {
        assert_eq!(settled(8800.000000000002), 8800.0);
        assert_eq!(settled(-0.1 - 0.2), -0.3);
        assert_eq!(settled(523.9027210565065), 523.902721057);
        assert_eq!([settled(0.0), settled(1e-320), settled(1e15 + 0.5)], [0.0, 1e-320, 1e15]);
    }
}
