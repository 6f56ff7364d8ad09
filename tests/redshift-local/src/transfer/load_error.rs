//! What COPY tells of a row that it cannot load: an error code and a place (`r_Load_Error_Reference`,
//! `SYS_LOAD_ERROR_DETAIL`), never the row's values.

use super::column::{Column, Representation};
use super::csv::Malformed;
use super::value::Misfit;
use crate::statement::StatementError;

/// Why a row cannot be loaded: a code of `r_Load_Error_Reference`, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The error code.
    pub code: u32,
    /// What is wrong, without a value.
    pub message: &'static str,
}

/// A row with more fields than there are columns.
pub const EXTRA_FIELDS: Reason = Reason { code: 1202, message: "Extra column(s) found" };
/// A row with fewer fields than there are columns.
pub const MISSING_FIELDS: Reason = Reason { code: 1214, message: "Delimiter not found" };
/// An empty line where there are several columns.
pub const EMPTY_LINE: Reason = Reason { code: 1211, message: "Line contains no data" };
/// A file that is not what GZIP or ZSTD says it is.
pub const NOT_COMPRESSED: Reason =
    Reason { code: 1216, message: "File is not compressed as the option says" };

const TOO_LONG: Reason = Reason { code: 1204, message: "String length exceeds DDL length" };
const NULL: Reason = Reason { code: 1213, message: "Missing data for not-null field" };
const MULTI_BYTE: Reason =
    Reason { code: 1220, message: "Multibyte character not supported for CHAR (Hint: try using VARCHAR)" };
const NOT_HEXADECIMAL: Reason = Reason { code: 1219, message: "Invalid hexadecimal digit" };

impl From<Malformed> for Reason {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Quoting => Self { code: 1216, message: "Invalid quote formatting for CSV" },
            Malformed::RowTooLong => Self { code: 1216, message: "Row is longer than 4 MB" },
        }
    }
}

impl From<Misfit> for Reason {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::TooLong => TOO_LONG,
            Misfit::Null => NULL,
            Misfit::MultiByte => MULTI_BYTE,
            Misfit::NotHexadecimal => NOT_HEXADECIMAL,
        }
    }
}

impl Reason {
    /// The reason behind PostgreSQL's refusal of a value; nothing if the error is not about the data.
    pub fn of_postgres(sqlstate: &str, column: Option<&Column>) -> Option<Self> {
        let base_type = column.map_or("", |column| column.base_type.as_str());
        let reason = |code, message| Some(Self { code, message });
        match sqlstate {
            "22001" => Some(TOO_LONG),
            "23502" => Some(NULL),
            "22021" | "22P05" => reason(1220, "String contains invalid or unsupported UTF8 codepoints"),
            "22003" if base_type.ends_with("int") || base_type == "integer" => {
                reason(1222, "Integer overflow")
            }
            "22003" => reason(1204, "Value out of range"),
            _ if !sqlstate.starts_with("22") => None,
            _ if column.is_some_and(|column| column.representation == Representation::Super) => {
                reason(1224, "Invalid JSON format for SUPER")
            }
            _ => match base_type {
                "smallint" | "integer" | "bigint" => reason(1207, "Invalid digit"),
                "real" | "double precision" => reason(1208, "Invalid FLOAT format"),
                "numeric" => reason(1209, "Invalid DECIMAL format"),
                "boolean" => reason(1210, "Invalid BOOLEAN format"),
                "date" => reason(1205, "Invalid Date Format"),
                timestamp if timestamp.starts_with("time") => {
                    reason(1206, "Invalid Timestamp Format or Value")
                }
                _ => reason(1200, "Unknown parse error"),
            },
        }
    }
}

/// A row that cannot be loaded.
#[derive(Clone, Debug)]
pub struct LoadError<'a> {
    /// The file's URL.
    pub file: String,
    /// The line of the file on which the row begins, from 1; 0 where it is about the file.
    pub line: u64,
    /// The column, if the error is about one.
    pub column: Option<&'a Column>,
    /// What is wrong.
    pub reason: Reason,
}

/// The error that the client gets (`t_Troubleshooting_load_errors`): it names the table and the view to look into.
pub fn load_failed(table: &str) -> StatementError {
    StatementError::new(
        "XX000",
        format!("Load into table '{table}' failed.  Check 'sys_load_error_detail' system table for details."),
    )
}

/// Where PostgreSQL was in a COPY of `table`: the row from 1, and the column if it names one of `columns`.
pub fn place_of<'a>(context: &str, table: &str, columns: &'a [Column]) -> Option<(u64, Option<&'a Column>)> {
    let rest = context.lines().find_map(|line| line.strip_prefix(&format!("COPY {table}, line ")))?;
    let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let row = rest[..digits].parse().ok()?;
    let named = rest[digits..].strip_prefix(", column ");
    let column = named.and_then(|named| {
        columns
            .iter()
            .find(|column| named.strip_prefix(&column.name).is_some_and(|rest| rest.starts_with(':')))
    });
    Some((row, column))
}

#[cfg(test)]
mod tests {
    use super::{Reason, place_of};
    use crate::transfer::column::Column;

    #[test]
    fn the_place_is_read_from_the_context() {
        let columns =
            [Column::described("a", "integer", "int4"), Column::described("a: b", "super", "super")];
        let place = |context: &str| place_of(context, "t, line 9", &columns);
        let (row, column) = place("COPY t, line 9, line 12, column a: \"x, column b\"").unwrap();
        assert_eq!((row, column.unwrap().name.as_str()), (12, "a"));
        let (row, column) =
            place("JSON data, line 1: {\nCOPY t, line 9, line 3, column a: b: \"{\"").unwrap();
        assert_eq!(row, 3);
        assert!(column.is_some());
        assert_eq!(place("COPY t, line 9, line 7: \"1\"").unwrap(), (7, None));
        assert_eq!(place("PL/pgSQL function f()"), None);
    }

    #[test]
    fn the_reason_depends_on_the_type() {
        let code = |sqlstate: &str, formatted: &str, type_name: &str| {
            let column = Column::described("c", formatted, type_name);
            Reason::of_postgres(sqlstate, Some(&column)).map(|reason| reason.code)
        };
        assert_eq!(code("22P02", "integer", "int4"), Some(1207));
        assert_eq!(code("22003", "bigint", "int8"), Some(1222));
        assert_eq!(code("22003", "numeric(3,1)", "numeric"), Some(1204));
        assert_eq!(code("22P02", "super", "super"), Some(1224));
        assert_eq!(code("22007", "timestamp without time zone", "timestamp"), Some(1206));
        assert_eq!(code("22008", "date", "date"), Some(1205));
        assert_eq!(code("42501", "date", "date"), None);
    }
}
