//! Keys: REFERENCES in columns, and the constraints of tables. Declared and listed, never enforced (`sql/keys.sql`).

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
    let sql = format!("{table}{columns} NOT ENFORCED");
    references.push(table);
    Ok(sql)
}

/// A constraint of a table (`r_CREATE_TABLE_NEW`, `r_ALTER_TABLE`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableConstraint {
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// PRIMARY KEY, UNIQUE or FOREIGN KEY.
    pub kind: &'static str,
    /// The table's own columns.
    pub columns: Vec<String>,
    /// What a foreign key refers to, for PostgreSQL.
    target: String,
}

impl TableConstraint {
    /// The constraint for PostgreSQL.
    pub fn sql(&self) -> String {
        let name = self.name.as_ref().map(|name| format!("CONSTRAINT {} ", quote_identifier(name)));
        format!("{}{} ({}){}", name.unwrap_or_default(), self.kind, name_list(&self.columns), self.target)
    }
}

/// Takes a table constraint; the table that it refers to goes onto `references`.
pub fn expect_table_constraint(
    cursor: &mut Cursor<'_, '_>,
    references: &mut Vec<String>,
) -> Result<TableConstraint, StatementError> {
    let name = if cursor.take_word("constraint") { Some(cursor.expect_identifier()?) } else { None };
    let kinds: [(&[&str], _); 3] =
        [(&["primary", "key"], "PRIMARY KEY"), (&["unique"], "UNIQUE"), (&["foreign", "key"], "FOREIGN KEY")];
    let Some((_, kind)) = kinds.into_iter().find(|(words, _)| cursor.take_words(words)) else {
        return Err(cursor.unexpected());
    };
    let columns = cursor.expect_name_list()?;
    let mut target = String::new();
    if kind == "FOREIGN KEY" {
        cursor.expect_word("references")?;
        target = format!(" REFERENCES {}", expect_target(cursor, references)?);
    }
    Ok(TableConstraint { name, kind, columns, target })
}

/// Names as quoted identifiers with commas between.
pub fn name_list(names: &[String]) -> String {
    names.iter().map(|name| quote_identifier(name)).collect::<Vec<_>>().join(", ")
}
