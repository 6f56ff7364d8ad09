//! PostgreSQL's binary format of COPY, in which rows travel between the backend and Parquet files: every value as its type
//! sends it (`numeric_send`, `timestamp_send` …), so that nothing is lost on the way through text.

use crate::protocol::message::malformed;
use crate::statement::StatementError;

/// What stands before the first row: the signature, no flags, no extension.
pub const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What stands behind the last row.
pub const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// Digits of a NUMERIC come in groups of four.
const GROUP_DIGITS: usize = 4;

/// The row in a message of `COPY … TO STDOUT`; nothing in the last one.
pub fn row(message: &[u8]) -> Option<&[u8]> {
    let row = message.strip_prefix(HEADER).unwrap_or(message);
    (row != TRAILER).then_some(row)
}

/// Hands each field of a row to `field`; nothing for NULL.
pub fn fields(
    mut row: &[u8],
    mut field: impl FnMut(usize, Option<&[u8]>) -> Result<(), StatementError>,
) -> Result<(), StatementError> {
    for at in 0..u16::from_be_bytes(take(&mut row)?) {
        match usize::try_from(i32::from_be_bytes(take(&mut row)?)) {
            Err(_) => field(at.into(), None)?,
            Ok(length) => {
                let (value, behind) =
                    row.split_at_checked(length).ok_or_else(|| malformed("a binary row"))?;
                field(at.into(), Some(value))?;
                row = behind;
            }
        }
    }
    Ok(())
}

/// The bytes of a value of fixed length.
pub fn fixed<const N: usize>(value: &[u8]) -> Result<[u8; N], StatementError> {
    Ok(value.try_into().map_err(|_| malformed("a binary value"))?)
}

/// Appends a field for `COPY … FROM STDIN`.
pub fn write_field(out: &mut Vec<u8>, value: &[u8]) {
    // A row has at most 16 MB, and PostgreSQL takes none above 1 GB.
    out.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(value);
}

/// Appends NULL.
pub fn write_null(out: &mut Vec<u8>) {
    out.extend_from_slice(&(-1_i32).to_be_bytes());
}

/// A NUMERIC of PostgreSQL's as a whole number of units of its scale; nothing for NaN or one out of range.
pub fn unscaled(value: &[u8], scale: u32) -> Option<i128> {
    let mut words = value.chunks_exact(2).map(|word| i16::from_be_bytes([word[0], word[1]]));
    let (_count, weight, sign, _scale) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let mut total = 0_i128;
    for (place, group) in words.enumerate() {
        let exponent = 4 * (i32::from(weight) - i32::try_from(place).ok()?) + i32::try_from(scale).ok()?;
        let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
        let group = i128::from(group);
        total = total.checked_add(if exponent < 0 { group / power } else { group.checked_mul(power)? })?;
    }
    match sign {
        0 => Some(total),
        0x4000 => Some(-total),
        _ => None,
    }
}

/// The NUMERIC of PostgreSQL's that has so many units of this scale.
pub fn numeric(unscaled: i128, scale: u32) -> Vec<u8> {
    let digits = unscaled.unsigned_abs().to_string();
    let scale = scale as usize;
    // At least one digit before the point, and whole groups on both sides of it.
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let whole = format!("{whole:0>width$}", width = whole.len().next_multiple_of(GROUP_DIGITS));
    let fraction = format!("{fraction:0<width$}", width = scale.next_multiple_of(GROUP_DIGITS));
    let groups: Vec<i16> = [whole.as_bytes(), fraction.as_bytes()]
        .concat()
        .chunks(GROUP_DIGITS)
        .map(|group| group.iter().fold(0, |number, digit| number * 10 + i16::from(digit - b'0')))
        .collect();
    let word = |number: usize| i16::try_from(number).unwrap_or(i16::MAX);
    let sign = if unscaled < 0 { 0x4000 } else { 0 };
    let header = [word(groups.len()), word(whole.len() / GROUP_DIGITS) - 1, sign, word(scale)];
    header.into_iter().chain(groups).flat_map(i16::to_be_bytes).collect()
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], StatementError> {
    let (first, behind) = rest.split_first_chunk().ok_or_else(|| malformed("a binary row"))?;
    *rest = behind;
    Ok(*first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{HEADER, TRAILER, fields, numeric, row, unscaled, write_field, write_null};

    #[test]
    fn a_row_is_read_as_it_is_written() {
        let mut message = [HEADER, &2_i16.to_be_bytes()].concat();
        write_field(&mut message, b"a");
        write_null(&mut message);
        let mut read = Vec::new();
        let take = |at, value: Option<&[u8]>| {
            read.push((at, value.map(<[u8]>::to_vec)));
            Ok(())
        };
        let written = row(&message).unwrap();
        fields(written, take).unwrap();
        assert_eq!(read, [(0, Some(b"a".to_vec())), (1, None)]);
        assert!(fields(&written[..written.len() - 1], |_, _| Ok(())).is_err());
        assert_eq!((row(&TRAILER), row(&[HEADER, &TRAILER].concat())), (None, None));
    }

    #[test]
    fn what_is_no_number_is_told_from_one() {
        let words = |words: [u16; 4]| words.map(u16::to_be_bytes).concat();
        assert_eq!(unscaled(&words([0, 0, 0xC000, 0]), 2), None);
        assert_eq!(unscaled(&words([0, 0, 0, 2]), 2), Some(0));
    }

    proptest! {
        #[test]
        fn numbers_keep_every_digit(digits in "-?[1-9][0-9]{0,37}", scale in 0_u32..38) {
            let number: i128 = digits.parse().unwrap();
            prop_assert_eq!(unscaled(&numeric(number, scale), scale), Some(number));
        }
    }
}
