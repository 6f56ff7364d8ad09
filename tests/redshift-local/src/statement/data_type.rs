//! Data types (`c_Supported_data_types`) in PostgreSQL's spelling.

use super::StatementError;
use super::cursor::Cursor;

/// Length of VARCHAR, NVARCHAR and TEXT without one (`r_Character_types`).
const DEFAULT_VARCHAR: u32 = 256;
/// Longest VARCHAR, in bytes on Redshift.
const MAX_VARCHAR: u32 = 65_535;
/// Longest CHAR.
const MAX_CHAR: u32 = 4096;
/// Length of BPCHAR without one.
const DEFAULT_BPCHAR: u32 = 256;
/// Length of VARBYTE without one (`r_VARBYTE_type`).
const DEFAULT_VARBYTE: u32 = 64_000;
/// Longest VARBYTE: 16 MB.
const MAX_VARBYTE: u32 = 16_777_216;
/// Most digits of a DECIMAL (`r_Numeric_types201`).
const MAX_PRECISION: u32 = 38;

/// Takes a data type and gives it as PostgreSQL writes it. Fails for a type that Redshift or this stand-in lacks.
pub fn expect(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let start = cursor.clone();
    let Some(word) = cursor.take_keyword() else { return Err(cursor.unexpected()) };
    let plain = |name: &str| Ok(name.to_owned());
    match word.as_str() {
        "smallint" | "int2" => plain("smallint"),
        "integer" | "int" | "int4" => plain("integer"),
        "bigint" | "int8" => plain("bigint"),
        "decimal" | "numeric" => numeric(cursor),
        "real" | "float4" => plain("real"),
        "float8" => plain("double precision"),
        "float" => float(cursor),
        "double" => cursor.expect_word("precision").map(|()| "double precision".to_owned()),
        "boolean" | "bool" => plain("boolean"),
        "char" | "character" | "nchar" if cursor.take_word("varying") => {
            length(cursor, DEFAULT_VARCHAR, MAX_VARCHAR).map(varchar)
        }
        "char" | "character" | "nchar" => length(cursor, 1, MAX_CHAR).map(|length| format!("char({length})")),
        "bpchar" => length(cursor, DEFAULT_BPCHAR, MAX_CHAR).map(|length| format!("char({length})")),
        "varchar" | "nvarchar" | "text" => length(cursor, DEFAULT_VARCHAR, MAX_VARCHAR).map(varchar),
        "date" => plain("date"),
        "timestamp" | "time" => Ok(format!("{word}{}", zone(cursor)?)),
        "timestamptz" | "timetz" => plain(&word),
        "super" | "hllsketch" | "geometry" | "geography" => Ok(format!("redshift_catalog.{word}")),
        "varbyte" | "varbinary" => varbyte(cursor),
        "binary" => cursor.expect_word("varying").and_then(|()| varbyte(cursor)),
        "interval" => interval(cursor),
        _ => Err(unknown(&start, &word)),
    }
}

fn unknown(start: &Cursor<'_, '_>, word: &str) -> StatementError {
    let name = start.clone().expect_qualified_name().unwrap_or_else(|_| format!("\"{word}\""));
    StatementError::new("42704", format!("type {name} does not exist"))
}

/// INTERVAL { YEAR … MONTH | DAY … SECOND [ ( precision ) ] } (`r_interval_data_types`); one kind or the other must be said.
fn interval(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
    let Some(first) = cursor.take_any_word(&FIELDS) else { return Err(cursor.unexpected()) };
    let mut qualifier = first.to_owned();
    let mut last = first;
    if cursor.take_word("to") {
        last = cursor.take_any_word(&FIELDS).ok_or_else(|| cursor.unexpected())?;
        qualifier += &format!(" to {last}");
    }
    if last == "second" && cursor.take_operator("(") {
        let digits = bounded(cursor, 0, 6)?;
        cursor.expect_operator(")")?;
        qualifier += &format!("({digits})");
    }
    Ok(format!("interval {qualifier}"))
}

fn varchar(length: u32) -> String {
    format!("varchar({length})")
}

/// A length in parentheses, MAX for the longest; the default without one.
fn length(cursor: &mut Cursor<'_, '_>, default: u32, max: u32) -> Result<u32, StatementError> {
    if !cursor.take_operator("(") {
        return Ok(default);
    }
    let length = if cursor.take_word("max") { max } else { bounded(cursor, 1, max)? };
    cursor.expect_operator(")").map(|()| length)
}

fn bounded(cursor: &mut Cursor<'_, '_>, min: u32, max: u32) -> Result<u32, StatementError> {
    let number = cursor.expect_number()?;
    number.parse().ok().filter(|length| (min..=max).contains(length)).ok_or_else(|| {
        StatementError::new(
            "22023",
            format!("length {number} is out of range: it must be from {min} to {max}"),
        )
    })
}

/// DECIMAL without a precision has 18 digits and none of them after the point (`r_Numeric_types201`).
fn numeric(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    if !cursor.take_operator("(") {
        return Ok("numeric(18,0)".to_owned());
    }
    let precision = bounded(cursor, 1, MAX_PRECISION)?;
    let scale = if cursor.take_operator(",") { bounded(cursor, 0, precision)? } else { 0 };
    cursor.expect_operator(")").map(|()| format!("numeric({precision},{scale})"))
}

fn float(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    if !cursor.take_operator("(") {
        return Ok("double precision".to_owned());
    }
    let bits = bounded(cursor, 1, 53)?;
    cursor.expect_operator(")").map(|()| if bits <= 24 { "real" } else { "double precision" }.to_owned())
}

fn zone(cursor: &mut Cursor<'_, '_>) -> Result<&'static str, StatementError> {
    if cursor.at_operator("(") {
        return Err(cursor.unexpected());
    }
    Ok(if cursor.take_words(&["with", "time", "zone"]) {
        " with time zone"
    } else {
        cursor.take_words(&["without", "time", "zone"]);
        ""
    })
}

fn varbyte(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    length(cursor, DEFAULT_VARBYTE, MAX_VARBYTE).map(|length| format!("redshift_catalog.varbyte({length})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokenize;

    fn translated(sql: &str) -> Result<String, String> {
        let tokens = tokenize(sql).unwrap();
        let mut cursor = Cursor::new(&tokens);
        expect(&mut cursor).map_err(|error| error.message)
    }

    #[test]
    fn lengths_that_are_not_given_are_redshifts() {
        assert_eq!(translated("varchar").unwrap(), "varchar(256)");
        assert_eq!(translated("TEXT").unwrap(), "varchar(256)");
        assert_eq!(translated("varchar(max)").unwrap(), "varchar(65535)");
        assert_eq!(translated("char").unwrap(), "char(1)");
        assert_eq!(translated("numeric").unwrap(), "numeric(18,0)");
        assert_eq!(translated("character varying (10)").unwrap(), "varchar(10)");
    }

    #[test]
    fn zones_are_kept_apart() {
        assert_eq!(translated("timestamp without time zone").unwrap(), "timestamp");
        assert_eq!(translated("time with time zone").unwrap(), "time with time zone");
    }

    #[test]
    fn types_of_postgresql_alone_are_refused() {
        assert_eq!(translated("jsonb").unwrap_err(), "type \"jsonb\" does not exist");
        assert_eq!(
            translated("varchar(65536)").unwrap_err(),
            "length 65536 is out of range: it must be from 1 to 65535"
        );
    }
}
