//! Decimal numbers with units, without a rounding that is not told: digits times a
//! power of ten, brought to a whole number of the smallest unit, half to even.

use crate::time::Duration;

/// digits x 10^exponent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Decimal {
    digits: u64,
    exponent: i32,
}

impl Decimal {
    /// A number from 0 as in "12", "0.5", "1.25e+02", with at most 18 digits other than
    /// leading zeros, and where it ends in the text.
    pub(super) fn read(text: &[u8]) -> Option<(Decimal, usize)> {
        let (mut digits, mut exponent) = (0u64, 0i32);
        let (mut at, mut seen, mut fraction) = (0, false, false);
        while let Some(byte) = text.get(at) {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    digits = digits.checked_mul(10)? + u64::from(byte - b'0');
                    if digits >= 1_000_000_000_000_000_000 {
                        return None;
                    }
                    exponent = exponent.checked_sub(i32::from(fraction))?;
                }
                b'.' if !fraction => fraction = true,
                _ => break,
            }
            at += 1;
        }
        if !seen {
            return None;
        }
        if matches!(text.get(at), Some(b'e' | b'E')) {
            let (power, length) = power(&text[at + 1..])?;
            exponent = exponent.checked_add(power)?;
            at += 1 + length;
        }
        Some((Decimal { digits, exponent }, at))
    }

    /// In units of 10^-`power`, over `divisor`: the nearest whole number, half to even;
    /// `None` where it does not fit.
    pub(super) fn scaled(self, power: i32, divisor: u128) -> Option<u64> {
        let power = self.exponent.checked_add(power)?;
        let digits = u128::from(self.digits);
        if digits == 0 {
            return Some(0);
        }
        let (above, below) = match power {
            0..=19 => (digits.checked_mul(10u128.pow(power as u32))?, divisor),
            20.. => return None,
            // Less than 10^18 digits at 10^-20 are nearer to 0 than to 1.
            -19..0 => (
                digits,
                divisor.checked_mul(10u128.pow(power.unsigned_abs()))?,
            ),
            _ => return Some(0),
        };
        let (whole, rest) = (above / below, above % below);
        let up = 2 * rest > below || (2 * rest == below && whole % 2 == 1);
        u64::try_from(whole + u128::from(up)).ok()
    }
}

/// The power behind an `e`, at most four digits, and its length.
fn power(text: &[u8]) -> Option<(i32, usize)> {
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let length = text[sign..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(1..=4).contains(&length) {
        return None;
    }
    let digits = std::str::from_utf8(&text[sign..sign + length]).ok()?;
    let size: i32 = digits.parse().ok()?;
    let power = if text[0] == b'-' { -size } else { size };
    Some((power, sign + length))
}

/// A number and one of these units (each a power of ten of the smallest).
fn with_unit(text: &[u8], units: &[(&str, i32)]) -> Option<u64> {
    let (number, end) = Decimal::read(text)?;
    let unit = text[end..].trim_ascii();
    let (_, power) = units.iter().find(|(name, _)| name.as_bytes() == unit)?;
    number.scaled(*power, 1)
}

/// A duration as in "20ms" or "12.5 ms": ns, us, ms or s, to the nearest nanosecond.
pub fn duration(text: &[u8]) -> Result<Duration, &'static str> {
    let units = [("ns", 0), ("us", 3), ("ms", 6), ("s", 9)];
    with_unit(text, &units)
        .map(Duration)
        .ok_or("a duration is a number with its unit, as in 20ms or 1.5s (ns, us, ms, s)")
}

/// Bits per second as in "10Mbit/s": bit/s, kbit/s, Mbit/s or Gbit/s, above 0.
pub fn rate(text: &[u8]) -> Result<u64, &'static str> {
    let units = [("bit/s", 0), ("kbit/s", 3), ("Mbit/s", 6), ("Gbit/s", 9)];
    with_unit(text, &units).filter(|rate| *rate > 0).ok_or(
        "a rate is a number above 0 with its unit, as in 10Mbit/s (bit/s, kbit/s, Mbit/s, Gbit/s)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact_and_required() {
        let table = [
            ("20ms", Some(20_000_000)),
            ("12.5 ms", Some(12_500_000)),
            ("0.0000005ms", Some(0)),
            ("0.0000015ms", Some(2)),
            ("1.5e-3s", Some(1_500_000)),
            ("1E2us", Some(100_000)),
            (".5s", Some(500_000_000)),
            ("0s", Some(0)),
            ("18446744073s", Some(18_446_744_073_000_000_000)),
            ("18446744074s", None),
            ("20", None),
            ("ms", None),
            ("", None),
            (".ms", None),
            ("-1ms", None),
            ("1.2.3ms", None),
            ("1e99999ms", None),
            ("1e9999ms", None),
            ("1e-9999s", Some(0)),
            ("NaNms", None),
            ("20 MS", None),
            ("9999999999999999999999ms", None),
        ];
        for (text, nanos) in table {
            assert_eq!(
                duration(text.as_bytes()).ok(),
                nanos.map(Duration),
                "{text}"
            );
        }
        assert_eq!(rate(b"10Mbit/s"), Ok(10_000_000));
        assert_eq!(rate(b"1.5 kbit/s"), Ok(1500));
        assert!(rate(b"0bit/s").is_err() && rate(b"10MB/s").is_err());
    }

    #[test]
    fn halves_go_to_the_even_side() {
        let scaled = |text: &str, divisor| {
            let (decimal, end) = Decimal::read(text.as_bytes()).unwrap();
            assert_eq!(end, text.len());
            decimal.scaled(0, divisor)
        };
        for (text, divisor, whole) in [
            ("5", 2, 2),
            ("7", 2, 4),
            ("2.5", 1, 2),
            ("3.5", 1, 4),
            ("2.51", 1, 3),
            ("1e-30", 1, 0),
        ] {
            assert_eq!(scaled(text, divisor), Some(whole), "{text} / {divisor}");
        }
        assert_eq!(scaled("1e20", 1), None);
    }
}
