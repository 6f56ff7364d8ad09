//! What may be told of a refused UNLOAD or COPY, or of a refused query: their messages may quote values, so only what is known to
//! hold none is told.

/// What Redshift says when S3, IAM or the manifest is at fault. Such a message names URLs, ARNs and buckets.
const ABOUT_PLACES: &[&str] = &[
    "S3ServiceException:",
    "User arn:",
    "The specified S3 prefix ",
    "Problem reading manifest file",
    "The warehouse has no default IAM role",
    "the warehouse has no default IAM role",
    "Specified unload destination on S3 is not empty",
    "UNLOAD destination is not supported",
    "Disk Full",
];

/// Codes whose messages name objects: no such thing, no right to it, no room for it.
const ABOUT_OBJECTS: &[&str] =
    &["3D000", "3F000", "42501", "42P01", "42703", "53100", "53200", "55P03", "57014"];

/// A message of UNLOAD or COPY as far as it holds no value; none where only its code may be told.
///
/// Of Parquet only the client is told what is wrong (`copy-usage_notes-copy-from-columnar`): the shapes of these messages are those
/// of `c-spectrum-troubleshooting`, and what they tell is columns, types and lengths.
pub fn tellable(sqlstate: &str, message: &str) -> Option<String> {
    let line = message.lines().next().unwrap_or_default().trim();
    if ABOUT_OBJECTS.contains(&sqlstate) || ABOUT_PLACES.iter().any(|start| line.starts_with(start)) {
        return Some(line.to_owned());
    }
    parquet(line)
}

/// A message of a statement that computes rows by a definition, as far as it holds no value; none where only its code may be told.
///
/// These are of class 42 (no such thing, no right to it, types that do not go together, syntax), 3D and 3F (no such database, no
/// such schema) and 0A (what Redshift cannot do): names and types are resolved before a row is read, and a message of it can only
/// quote the definition, which plan.sql shows. Values turn up in class 22 (data), in 23, and in Redshift's own XX000. A code of
/// these classes that a user's function raises may come with a text of its own, and a materialized view calls no such function
/// (`materialized-view-create-sql-command`).
pub fn tellable_of_definition(sqlstate: &str, message: &str) -> Option<String> {
    let of_names = ["0A", "3D", "3F", "42"].iter().any(|class| sqlstate.starts_with(class));
    of_names.then(|| message.lines().next().unwrap_or_default().trim().to_owned())
}

fn parquet(line: &str) -> Option<String> {
    if line.starts_with("Unmatched number of columns between table and file") {
        return Some(line.to_owned());
    }
    // … has an incompatible Parquet schema for column '…'. Column type: INTEGER, Parquet schema:
    if let Some((before, after)) = line.split_once(" has an incompatible Parquet schema for column ") {
        let column = after.rsplit_once(", Parquet schema").map_or(after, |(column, _)| column);
        let file = before.strip_prefix("Spectrum Scan Error: ").unwrap_or(before);
        return Some(format!("{file} has an incompatible Parquet schema for column {column}"));
    }
    // The length of the data column … is longer than the length defined in the table. Table: 2, Data: 3
    let (column, rest) = line.split_once(" is longer than the length defined in the table")?;
    let column = column.rsplit_once("data column ").map_or("of a column", |(_, column)| column);
    let lengths = rest.strip_prefix(". ").filter(|rest| rest.starts_with("Table: ")).unwrap_or_default();
    Some(format!("a value of column {column} is longer than the column. {lengths}").trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{tellable, tellable_of_definition};

    #[test]
    fn places_and_objects_are_told() {
        for (code, message) in [
            ("XX000", "S3ServiceException:Access Denied,Status 403,Error AccessDenied"),
            (
                "XX000",
                "User arn:aws:redshift:r:1:dbuser:c/u is not authorized to assume IAM Role arn:aws:iam::1:role/x",
            ),
            ("XX000", "The specified S3 prefix 'p/' does not exist"),
            ("42501", "permission denied for relation t"),
        ] {
            assert_eq!(tellable(code, message).as_deref(), Some(message));
        }
    }

    #[test]
    fn what_may_quote_a_value_is_not_told() {
        for message in [
            "invalid input syntax for type integer: \"secret\"",
            "Load into table 't' failed.",
            "Spectrum Scan Error: the value secret does not fit",
            "Invalid digit, Value 's', Pos 0, Type: Integer",
        ] {
            assert_eq!(tellable("XX000", message), None, "{message}");
        }
    }

    #[test]
    fn of_a_definition_names_are_told_and_rows_are_not() {
        for (code, message) in [
            ("42P01", "relation \"shop.orders\" does not exist"),
            ("42703", "column o.gone does not exist"),
            ("42501", "permission denied for relation orders"),
            ("3F000", "schema \"shop\" does not exist"),
            ("0A000", "cross-database references are not implemented: \"dev.shop.orders\""),
        ] {
            assert_eq!(tellable_of_definition(code, message).as_deref(), Some(message));
        }
        assert_eq!(tellable_of_definition("42P01", "no\nDETAIL: more").as_deref(), Some("no"));
        for code in ["22P02", "22003", "22012", "23505", "XX000", "P0001", "57014", "4", ""] {
            assert_eq!(tellable_of_definition(code, "a value: secret"), None, "{code}");
        }
    }

    #[test]
    fn of_parquet_columns_types_and_lengths_are_told() {
        let message = "Spectrum Scan Error: File 's3://b/f' has an incompatible Parquet schema for column 's3://b/f.a'. \
                       Column type: BIGINT, Parquet schema:\noptional int32 a [i:0 d:1 r:0]";
        let told =
            "File 's3://b/f' has an incompatible Parquet schema for column 's3://b/f.a'. Column type: BIGINT";
        assert_eq!(tellable("XX000", message).as_deref(), Some(told));
        let message = "Spectrum Scan Error: The length of the data column a is longer than the length defined in the table. \
                       Table: 2, Data: 3";
        let told = "a value of column a is longer than the column. Table: 2, Data: 3";
        assert_eq!(tellable("XX000", message).as_deref(), Some(told));
    }
}
