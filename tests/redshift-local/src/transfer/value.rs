//! Single values between PostgreSQL's text and CSV, in both directions.

use std::borrow::Cow;

use super::column::{Column, Representation};
use super::float_text;

/// How PostgreSQL's text marks a bytea in hexadecimal.
const HEXADECIMAL: &[u8] = br"\x";

/// The largest SUPER value (`limitations-super`). Newer pages allow more from some sources; text is not said to be one.
const MAX_SUPER_BYTES: usize = 1024 * 1024;

/// What UNLOAD writes for a value (`r_UNLOAD`): the NULL string for NULL, except for SUPER, which is always JSON; a REAL with no more
/// than `real_digits` digits.
pub fn unloaded<'a>(
    value: Option<&'a [u8]>,
    representation: Representation,
    null_as: &'a str,
    real_digits: usize,
) -> Cow<'a, [u8]> {
    match (value, representation) {
        (None, Representation::Super) => Cow::Borrowed(b"null"),
        (None, _) => Cow::Borrowed(null_as.as_bytes()),
        (Some(value), Representation::Varbyte) => {
            Cow::Borrowed(value.strip_prefix(HEXADECIMAL).unwrap_or(value))
        }
        (Some(value), Representation::Real) => float_text::real(value, real_digits),
        (Some(value), _) => Cow::Borrowed(value),
    }
}

/// Which fields COPY loads as NULL.
#[derive(Clone, Debug)]
pub struct NullRule {
    /// `NULL AS`.
    pub null_as: Vec<u8>,
    /// `EMPTYASNULL`.
    pub empty_as_null: bool,
}

/// Why a field does not fit its column (`r_Load_Error_Reference`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// More bytes than the column takes: lengths are in bytes (`r_Character_types`).
    TooLong,
    /// NULL for a NOT NULL column.
    Null,
    /// Something else than ASCII in a CHAR (`multi-byte-character-load-errors`).
    MultiByte,
    /// An odd number of hexadecimal digits, or something else among them.
    NotHexadecimal,
}

/// What COPY hands to PostgreSQL for a field: nothing for NULL.
pub fn loaded<'a>(
    field: &'a [u8],
    column: &Column,
    nulls: &NullRule,
) -> Result<Option<Cow<'a, [u8]>>, Misfit> {
    let character = column.representation == Representation::Character;
    let empty_is_null = match column.representation {
        Representation::Character => nulls.empty_as_null,
        Representation::Super | Representation::Varbyte | Representation::Real | Representation::Other => {
            true
        }
    };
    if field == nulls.null_as || (field.is_empty() && empty_is_null) {
        return if column.not_null { Err(Misfit::Null) } else { Ok(None) };
    }
    if column.is_fixed_length() && !field.is_ascii() {
        return Err(Misfit::MultiByte);
    }
    if character && column.max_bytes.is_some_and(|limit| length(field, column) > limit as usize) {
        return Err(Misfit::TooLong);
    }
    if column.representation == Representation::Super && field.len() > MAX_SUPER_BYTES {
        return Err(Misfit::TooLong);
    }
    if column.representation == Representation::Varbyte {
        if !field.len().is_multiple_of(2) || !field.iter().all(u8::is_ascii_hexdigit) {
            return Err(Misfit::NotHexadecimal);
        }
        if column.max_bytes.is_some_and(|limit| field.len() / 2 > limit as usize) {
            return Err(Misfit::TooLong);
        }
        return Ok(Some(Cow::Owned([HEXADECIMAL, field].concat())));
    }
    Ok(Some(Cow::Borrowed(column.precision_and_scale.map_or(field, |(_, scale)| truncated(field, scale)))))
}

/// A decimal number without the digits that its column has no place for: COPY truncates where INSERT rounds
/// (`copy-parameters-data-conversion`, ROUNDEC).
fn truncated(number: &[u8], scale: u32) -> &[u8] {
    let plain = number.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.'));
    match number.iter().position(|byte| *byte == b'.') {
        Some(point) if plain => &number[..number.len().min(point + 1 + scale as usize)],
        _ => number,
    }
}

fn length(field: &[u8], column: &Column) -> usize {
    if column.is_fixed_length() {
        let blanks = field.iter().rev().take_while(|byte| **byte == b' ').count();
        field.len() - blanks
    } else {
        field.len()
    }
}

#[cfg(test)]
mod tests {
    use super::{Misfit, NullRule, loaded, unloaded};
    use crate::transfer::column::{Column, Representation};

    fn rule(null_as: &str) -> NullRule {
        NullRule { null_as: null_as.as_bytes().to_vec(), empty_as_null: false }
    }

    fn load(field: &str, column: &Column, nulls: &NullRule) -> Result<Option<String>, Misfit> {
        Ok(loaded(field.as_bytes(), column, nulls)?
            .map(|value| String::from_utf8(value.into_owned()).unwrap()))
    }

    #[test]
    fn null_is_the_null_string_except_in_super() {
        let unloaded = |value, representation| unloaded(value, representation, "N", 8).into_owned();
        assert_eq!(unloaded(None, Representation::Other), b"N");
        assert_eq!(unloaded(None, Representation::Super), b"null");
        assert_eq!(unloaded(Some(br"\x00ff"), Representation::Varbyte), b"00ff");
        assert_eq!(unloaded(Some(b"16777216.0"), Representation::Real), b"16777216");
    }

    #[test]
    fn an_empty_field_is_a_text_but_no_number() {
        let text = Column::described("v", "character varying(3)", "varchar");
        let number = Column::described("i", "integer", "int4");
        assert_eq!(load("", &text, &rule("N")), Ok(Some(String::new())));
        assert_eq!(load("", &number, &rule("N")), Ok(None));
        assert_eq!(load("N", &text, &rule("N")), Ok(None));
        assert_eq!(load("", &text, &rule("")), Ok(None));
        assert_eq!(load("", &text, &NullRule { empty_as_null: true, ..rule("N") }), Ok(None));
        let required = Column { not_null: true, ..number };
        assert_eq!(load("N", &required, &rule("N")), Err(Misfit::Null));
    }

    #[test]
    fn lengths_are_bytes_and_blanks_of_char_do_not_count() {
        let varchar = Column::described("v", "character varying(3)", "varchar");
        assert_eq!(load("é", &varchar, &rule("N")), Ok(Some("é".to_owned())));
        assert_eq!(load("éé", &varchar, &rule("N")), Err(Misfit::TooLong));
        assert_eq!(load("a   ", &varchar, &rule("N")), Err(Misfit::TooLong));
        let char = Column::described("c", "character(3)", "bpchar");
        assert_eq!(load("a   ", &char, &rule("N")), Ok(Some("a   ".to_owned())));
        assert_eq!(load("é", &char, &rule("N")), Err(Misfit::MultiByte));
    }

    #[test]
    fn digits_behind_the_scale_are_cut_off() {
        let number = Column::described("n", "numeric(8,2)", "numeric");
        for (written, kept) in
            [("20.259", "20.25"), ("-1.999", "-1.99"), ("1.5", "1.5"), ("7", "7"), ("1.259e2", "1.259e2")]
        {
            assert_eq!(load(written, &number, &rule("N")), Ok(Some(kept.to_owned())));
        }
        let whole = Column::described("n", "numeric(8,0)", "numeric");
        assert_eq!(load("1.9", &whole, &rule("N")), Ok(Some("1.".to_owned())));
    }

    #[test]
    fn super_null_is_json_and_varbyte_is_hexadecimal() {
        let json = Column::described("s", "super", "super");
        assert_eq!(load("null", &json, &rule("N")), Ok(Some("null".to_owned())));
        assert_eq!(load("N", &json, &rule("N")), Ok(None));
        assert_eq!(load(&"1".repeat(1024 * 1024 + 1), &json, &rule("N")), Err(Misfit::TooLong));
        let bytes = Column::described("b", "varbyte", "varbyte");
        assert_eq!(load("00FF", &bytes, &rule("N")), Ok(Some(r"\x00FF".to_owned())));
        assert_eq!(load("", &bytes, &rule("N")), Ok(None), "an empty field of any type but text is NULL");
        assert_eq!(load("0", &bytes, &rule("N")), Err(Misfit::NotHexadecimal));
        let two = Column::described("b", "redshift_catalog.varbyte(2)", "varbyte");
        assert_eq!(load("00ff", &two, &rule("N")), Ok(Some(r"\x00ff".to_owned())));
        assert_eq!(load("00ff00", &two, &rule("N")), Err(Misfit::TooLong));
    }
}
