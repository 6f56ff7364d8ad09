//! What may be told of a refused UNLOAD or COPY: their messages may quote values, so only what is known to hold none is told.

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
    use super::tellable;

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
