//! REFERENCES, in columns and in table constraints. Declared and listed, never enforced.

use super::StatementError;
use super::cursor::Cursor;
use super::names::quote_identifier;

/// Takes what follows REFERENCES and gives its SQL; the table goes onto `references`.
pub fn expect_target(
    cursor: &mut Cursor<'_, '_>,
    references: &mut Vec<String>,
) -> Result<String, StatementError> {
    let table = cursor.expect_qualified_name()?;
    let columns = if cursor.at_operator("(") {
        format!(" ({})", name_list(&cursor.expect_name_list()?))
    } else {
        String::new()
    };
    let sql = format!("REFERENCES {table}{columns} NOT ENFORCED");
    references.push(table);
    Ok(sql)
}

/// Takes a table constraint and gives its SQL (`r_CREATE_TABLE_NEW`, `r_ALTER_TABLE`).
pub fn expect_table_constraint(
    cursor: &mut Cursor<'_, '_>,
    references: &mut Vec<String>,
) -> Result<String, StatementError> {
    let mut sql = String::new();
    if cursor.take_word("constraint") {
        sql = format!("CONSTRAINT {} ", quote_identifier(&cursor.expect_identifier()?));
    }
    if cursor.take_words(&["primary", "key"]) {
        sql += &format!("PRIMARY KEY ({})", name_list(&cursor.expect_name_list()?));
    } else if cursor.take_word("unique") {
        sql += &format!("UNIQUE ({})", name_list(&cursor.expect_name_list()?));
    } else if cursor.take_words(&["foreign", "key"]) {
        sql += &format!("FOREIGN KEY ({}) ", name_list(&cursor.expect_name_list()?));
        cursor.expect_word("references")?;
        sql += &expect_target(cursor, references)?;
    } else {
        return Err(cursor.unexpected());
    }
    Ok(sql)
}

/// Names as quoted identifiers with commas between.
pub fn name_list(names: &[String]) -> String {
    names.iter().map(|name| quote_identifier(name)).collect::<Vec<_>>().join(", ")
}
