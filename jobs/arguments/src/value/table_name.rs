//! The name of a table, with or without its schema.

use std::fmt;
use std::str::FromStr;

use migration::name::Identifier;

use crate::value::ValueError;
use crate::value::name_scanner::NameScanner;

/// What a table's name looks like.
const FORM: &str =
    "give schema.table or table, and put a name in double quotes that is more than letters, digits, _ and $";

/// `schema.table`, or `table` alone, which then must be found in one of the tenant's schemas only. Bare names
/// are folded to lower case, quoted ones are taken verbatim (Redshift Developer Guide, `r_names`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    /// The schema, where it was given.
    pub schema: Option<Identifier>,
    /// The table in it.
    pub table: Identifier,
}

impl fmt::Display for TableName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(formatter, "{schema}.{}", self.table),
            None => self.table.fmt(formatter),
        }
    }
}

impl FromStr for TableName {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text.trim().is_empty() {
            return Err(ValueError::new("names no table", FORM));
        }
        let mut scanner = NameScanner::new(text.trim(), FORM);
        let first = scanner.name(&['"'])?;
        let name = if scanner.take('.') {
            Self { schema: Some(first), table: scanner.name(&['"'])? }
        } else {
            Self { schema: None, table: first }
        };
        match scanner.peek() {
            None => Ok(name),
            Some(_) if name.schema.is_none() => Err(scanner.malformed("expects a dot")),
            Some(_) => Err(scanner.malformed("expects nothing more")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TableName;

    fn parts(text: &str) -> (Option<String>, String) {
        let name: TableName = text.parse().unwrap();
        (name.schema.map(|schema| schema.as_str().to_owned()), name.table.as_str().to_owned())
    }

    #[test]
    fn reads_a_table_with_and_without_schema() {
        assert_eq!(parts("Orders"), (None, "orders".to_owned()));
        assert_eq!(parts("Sales.Orders"), (Some("sales".to_owned()), "orders".to_owned()));
        assert_eq!(parts(r#""My Schema"."a.b""#), (Some("My Schema".to_owned()), "a.b".to_owned()));
        assert_eq!(parts(r#"sales."say ""x""""#), (Some("sales".to_owned()), "say \"x\"".to_owned()));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let error = |text: &str| text.parse::<TableName>().unwrap_err().to_string();
        assert!(error("").starts_with("names no table;"));
        assert!(error("a.").starts_with("expects a name at position 3 and finds the end"));
        assert!(error("a.b.c").starts_with("expects nothing more at position 4"));
        assert!(error("a b").starts_with("expects a dot at position 2"));
        assert!(error("'a'").starts_with("expects a name at position 1"));
        assert!(error("\"a").starts_with("holds a quote at position 1 that does not end"));
    }

    #[test]
    fn prints_quoted() {
        assert_eq!("sales.orders".parse::<TableName>().unwrap().to_string(), r#""sales"."orders""#);
    }
}
