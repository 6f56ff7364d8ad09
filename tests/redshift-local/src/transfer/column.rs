//! The columns of what is unloaded or loaded, as far as a transfer must know them.

use bytes::{Buf, BufMut, BytesMut};

use crate::protocol::Fields;
use crate::protocol::Message;
use crate::protocol::message::{malformed, put_text, take_text};
use crate::session::Backend;
use crate::statement::StatementError;

/// How a column's values are written in CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Representation {
    /// CHAR and VARCHAR: as they are; an empty field is an empty text.
    Character,
    /// SUPER: as JSON, in which NULL is `null` (`unload-super`).
    Super,
    /// VARBYTE: as hexadecimal digits (`r_UNLOAD`, `copy-usage-varbyte`).
    Varbyte,
    /// REAL: with as many digits as `extra_float_digits` gives it, which may be too few.
    Real,
    /// Everything else: as PostgreSQL writes it; an empty field is NULL (`copy-parameters-data-conversion`).
    Other,
}

/// A column of the query that is unloaded, or of the table that is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type's name without dimensions: `character varying`.
    pub base_type: String,
    /// How many bytes a CHAR, VARCHAR or VARBYTE may have.
    pub max_bytes: Option<u32>,
    /// The dimensions of a NUMERIC.
    pub precision_and_scale: Option<(u32, u32)>,
    /// How its values are written.
    pub representation: Representation,
    /// Whether NULL is refused. Unknown, hence false, for a query's column.
    pub not_null: bool,
    /// Whether only EXPLICIT_IDS loads it: `IDENTITY(seed, step)`.
    pub identity: bool,
}

impl Column {
    /// A column from its type as `format_type` writes it and as `pg_type` calls it.
    pub fn described(name: &str, formatted: &str, type_name: &str) -> Self {
        let (base, dimensions) = split_dimensions(formatted);
        let representation = match type_name {
            "varchar" | "bpchar" | "char" | "text" | "name" => Representation::Character,
            "super" => Representation::Super,
            "varbyte" => Representation::Varbyte,
            "float4" => Representation::Real,
            _ => Representation::Other,
        };
        let sized = matches!(representation, Representation::Character | Representation::Varbyte);
        Self {
            name: name.to_owned(),
            // PostgreSQL's text type is Redshift's VARCHAR (r_Character_types).
            base_type: if matches!(type_name, "text" | "name") { "character varying" } else { base }
                .to_owned(),
            max_bytes: dimensions.first().copied().filter(|_| sized),
            precision_and_scale: match dimensions[..] {
                [precision, scale] if type_name == "numeric" => Some((precision, scale)),
                _ => None,
            },
            representation,
            not_null: false,
            identity: false,
        }
    }

    /// True for CHAR, in which trailing blanks do not count.
    pub fn is_fixed_length(&self) -> bool {
        self.base_type == "character"
    }
}

/// `numeric(10,2)` is `numeric` and 10, 2; the dimensions may stand inside: `timestamp(3) without time zone`.
fn split_dimensions(formatted: &str) -> (&str, Vec<u32>) {
    match formatted.split_once('(') {
        Some((base, rest)) if rest.ends_with(')') => (
            base,
            rest.trim_end_matches(')').split(',').filter_map(|number| number.trim().parse().ok()).collect(),
        ),
        _ => (formatted, Vec::new()),
    }
}

/// The columns that a query gives, without running it.
///
/// # Errors
/// PostgreSQL's, if it does not take the query.
pub async fn of_query(backend: &mut Backend, query: &str) -> Result<Vec<Column>, StatementError> {
    let described = describe(backend, query).await?;
    if described.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<String> = described
        .iter()
        .enumerate()
        .map(|(at, column)| format!("({at}, {}::pg_catalog.oid, {})", column.type_oid, column.modifier))
        .collect();
    let rows = backend
        .query(&format!(
            "SELECT pg_catalog.format_type(c.oid, c.modifier), t.typname \
             FROM (VALUES {}) AS c (place, oid, modifier) JOIN pg_catalog.pg_type t ON t.oid = c.oid ORDER BY c.place",
            values.join(", ")
        ))
        .await?;
    Ok(described
        .iter()
        .zip(&rows)
        .map(|(column, row)| Column::described(&column.name, text(row, 0), text(row, 1)))
        .collect())
}

struct Described {
    name: String,
    type_oid: u32,
    modifier: i32,
}

/// Parse, Describe and Sync of the extended protocol: what the query gives, by name and type.
async fn describe(backend: &mut Backend, query: &str) -> Result<Vec<Described>, StatementError> {
    let mut parse = BytesMut::new();
    put_text(&mut parse, "");
    put_text(&mut parse, query);
    parse.put_u16(0);
    backend.send(&Message::new(b'P', parse.freeze())).await?;
    backend.send(&Message::new(b'D', &b"S\0"[..])).await?;
    backend.send(&Message::new(b'S', &b""[..])).await?;
    let mut columns = Vec::new();
    let mut failure = None;
    loop {
        let mut message = backend.receive().await?;
        match message.tag {
            b'T' => {
                let count = message.body.try_get_u16().map_err(|_| malformed("a row description"))?;
                for _ in 0..count {
                    let name = take_text(&mut message.body)?;
                    if message.body.len() < 18 {
                        return Err(malformed("a row description").into());
                    }
                    message.body.advance(6);
                    let type_oid = message.body.get_u32();
                    message.body.advance(2);
                    let modifier = message.body.get_i32();
                    message.body.advance(2);
                    columns.push(Described { name, type_oid, modifier });
                }
            }
            b'E' => failure = Some(StatementError::from(&Fields::decode(message.body)?)),
            b'Z' => return failure.map_or(Ok(columns), Err),
            _ => {}
        }
    }
}

/// A value that the query above it never leaves NULL.
pub(super) fn text(row: &[Option<String>], at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Column, Representation};

    #[test]
    fn dimensions_are_told_from_the_type() {
        let varchar = Column::described("v", "character varying(256)", "varchar");
        assert_eq!((varchar.base_type.as_str(), varchar.max_bytes), ("character varying", Some(256)));
        assert_eq!(varchar.representation, Representation::Character);
        let numeric = Column::described("n", "numeric(18,0)", "numeric");
        assert_eq!((numeric.base_type.as_str(), numeric.precision_and_scale), ("numeric", Some((18, 0))));
        assert_eq!(numeric.max_bytes, None);
        let timestamp = Column::described("t", "timestamp without time zone", "timestamp");
        assert_eq!(
            (timestamp.base_type.as_str(), timestamp.max_bytes),
            ("timestamp without time zone", None)
        );
        assert!(Column::described("c", "character(3)", "bpchar").is_fixed_length());
        assert_eq!(Column::described("x", "text", "text").base_type, "character varying");
    }
}
