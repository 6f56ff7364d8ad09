//! Where a COPY found what it could not load (`SYS_LOAD_ERROR_DETAIL`, `r_Load_Error_Reference`).

use std::fmt;

/// The place of a load error. Redshift's own message is left out: it quotes the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The code.
    pub code: u32,
    /// The column; none where the row as a whole is at fault.
    pub column: Option<String>,
    /// The line of the file on which the row begins, from 1; 0 where the file as a whole is at fault.
    pub line: u64,
    /// The file's URL.
    pub file: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "COPY failed with load error {}", self.code)?;
        if let Some(meaning) = meaning(self.code) {
            write!(f, " ({meaning})")?;
        }
        if let Some(column) = &self.column {
            write!(f, " in column {column}")?;
        }
        write!(f, " on line {} of {}", self.line, self.file)
    }
}

/// What a code means (`r_Load_Error_Reference`), in words that quote no value.
fn meaning(code: u32) -> Option<&'static str> {
    Some(match code {
        1201 | 1214 => "a delimiter is missing",
        1202 => "more fields than columns",
        1203 => "fewer fields than columns",
        1204 => "a value is longer than its column, or out of its range",
        1205 => "not a date",
        1206 => "not a timestamp",
        1207 => "not a whole number",
        1208 => "not a floating-point number",
        1209 => "not a decimal number",
        1210 => "not a boolean",
        1211 => "a line without data",
        1212 => "a file is gone",
        1213 => "NULL in a column that is NOT NULL",
        1216 => "a line that cannot be read, or is longer than 4 MB",
        1219 => "not a hexadecimal number",
        1220 => "a character that the column does not take",
        1222 => "a whole number out of its column's range",
        1224 => "not JSON",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::LoadError;

    #[test]
    fn the_place_is_told_and_the_value_is_not() {
        let error = |code, column: Option<&str>| {
            LoadError { code, column: column.map(str::to_owned), line: 3, file: "s3://b/f".into() }
                .to_string()
        };
        assert_eq!(
            error(1207, Some("a")),
            "COPY failed with load error 1207 (not a whole number) in column a on line 3 of s3://b/f"
        );
        assert_eq!(error(9999, None), "COPY failed with load error 9999 on line 3 of s3://b/f");
    }
}
