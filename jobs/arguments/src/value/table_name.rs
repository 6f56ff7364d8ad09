//! Names of tables, with or without their schemas.

use std::fmt;

use migration::name::Identifier;

use crate::value::ValueError;
use crate::value::name_scanner::NameScanner;

/// What a table's name looks like.
const FORM: &str = "give a,b.c, and put a name in double quotes that is more than letters, digits, _ and $";

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

/// Reads `a,b.c`: at least one table, none twice, in their order.
///
/// # Errors
/// The list is empty or malformed, or names a table twice; the error gives the position, counted from 1.
pub fn parse_tables(text: &str) -> Result<Vec<TableName>, ValueError> {
    if text.trim().is_empty() {
        return Err(ValueError::new("names no table", FORM));
    }
    let mut scanner = NameScanner::new(text, FORM);
    let mut tables = Vec::new();
    loop {
        scanner.skip_blanks();
        let position = scanner.position();
        let table = table_name(&mut scanner)?;
        if tables.contains(&table) {
            return Err(ValueError::new(
                format!("names the table {table} twice, the second time at position {position}"),
                FORM,
            ));
        }
        let alone = table.schema.is_none();
        tables.push(table);
        scanner.skip_blanks();
        match scanner.peek() {
            None => return Ok(tables),
            Some(',') => scanner.take(','),
            Some(_) if alone => return Err(scanner.malformed("expects a dot or a comma")),
            Some(_) => return Err(scanner.malformed("expects a comma")),
        };
    }
}

fn table_name(scanner: &mut NameScanner) -> Result<TableName, ValueError> {
    let first = scanner.name(&['"'])?;
    Ok(if scanner.take('.') {
        TableName { schema: Some(first), table: scanner.name(&['"'])? }
    } else {
        TableName { schema: None, table: first }
    })
}

#[cfg(test)]
mod tests {
    use super::parse_tables;

    fn parts(text: &str) -> Vec<(Option<String>, String)> {
        let name = |name: &super::TableName| {
            (name.schema.as_ref().map(|schema| schema.as_str().to_owned()), name.table.as_str().to_owned())
        };
        parse_tables(text).unwrap().iter().map(name).collect()
    }

    fn of(schema: &str, table: &str) -> (Option<String>, String) {
        (Some(schema.to_owned()), table.to_owned())
    }

    #[test]
    fn reads_tables_with_and_without_schema() {
        assert_eq!(parts("Orders"), [(None, "orders".to_owned())]);
        assert_eq!(parts("Sales.Orders , lines"), [of("sales", "orders"), (None, "lines".to_owned())]);
        assert_eq!(parts(r#""My Schema"."a.b","c,d"."e""#), [of("My Schema", "a.b"), of("c,d", "e")]);
        assert_eq!(parts(r#"sales."say ""x""""#), [of("sales", "say \"x\"")]);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let error = |text: &str| parse_tables(text).unwrap_err().to_string();
        assert!(error(" ").starts_with("names no table;"));
        assert!(error("a.").starts_with("expects a name at position 3 and finds the end"));
        assert!(error("a,").starts_with("expects a name at position 3 and finds the end"));
        assert!(error("a.b.c").starts_with("expects a comma at position 4"));
        assert!(error("a b").starts_with("expects a dot or a comma at position 3"));
        assert!(error("'a'").starts_with("expects a name at position 1"));
        assert!(error("\"a").starts_with("holds a quote at position 1 that does not end"));
        assert!(
            error("s.a, b, S.A")
                .starts_with("names the table \"s\".\"a\" twice, the second time at position 9")
        );
    }
}
