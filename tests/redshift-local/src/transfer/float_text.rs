//! REAL as text with a number of digits, as `%g` of C's printf writes it: PostgreSQL 8.0 did, and `r_extra_float_digits` counts its digits,
//! where the PostgreSQL behind writes the shortest text that tells a value from its neighbours.

use std::borrow::Cow;

/// The digits that a REAL always has (`r_extra_float_digits`, FLT_DIG).
pub const REAL_DIGITS: usize = 6;

/// The value as the backend wrote it, with no more than this many digits.
pub fn real(text: &[u8], digits: usize) -> Cow<'_, [u8]> {
    let value = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f32>().ok());
    match value {
        Some(value) if value.is_finite() => Cow::Owned(general(value, digits).into_bytes()),
        _ => Cow::Borrowed(text),
    }
}

/// `%.*g`.
fn general(value: f32, digits: usize) -> String {
    let scientific = format!("{:.*e}", digits - 1, value);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = exponent.parse().unwrap_or_default();
    let trimmed = |number: &str| -> String {
        if number.contains('.') {
            number.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            number.to_owned()
        }
    };
    let behind_point = i32::try_from(digits).unwrap_or(i32::MAX) - 1 - power;
    match usize::try_from(behind_point) {
        Ok(places) if power >= -4 => trimmed(&format!("{value:.places$}")),
        _ => {
            let sign = if power < 0 { '-' } else { '+' };
            format!("{}e{sign}{:02}", trimmed(mantissa), power.abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::real;

    #[test]
    fn digits_are_counted_as_printf_does() {
        let text =
            |value: &str, digits| String::from_utf8(real(value.as_bytes(), digits).into_owned()).unwrap();
        for (value, digits, expected) in [
            ("0.1", 6, "0.1"),
            ("0.1", 8, "0.1"),
            ("1.1754944e-38", 8, "1.1754944e-38"),
            ("8.5899346e+09", 8, "8.5899346e+09"),
            ("-0", 8, "-0"),
            ("NaN", 8, "NaN"),
            ("-Infinity", 8, "-Infinity"),
            ("1000000", 6, "1e+06"),
            ("0.0001", 6, "0.0001"),
            ("0.00001", 6, "1e-05"),
        ] {
            assert_eq!(text(value, digits), expected, "{value}");
        }
    }

    #[test]
    fn eight_digits_do_not_tell_all_values_apart() {
        // Neighbours, whose ninth digits differ.
        let one = f32::from_bits(1000.0_f32.to_bits() + 1);
        let other = f32::from_bits(1000.0_f32.to_bits() + 2);
        let text = |value: f32, digits| real(value.to_string().as_bytes(), digits).into_owned();
        assert_eq!(text(one, 8), text(other, 8));
        assert_ne!(text(one, 9), text(other, 9));
    }
}
