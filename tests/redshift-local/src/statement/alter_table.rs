//! ALTER TABLE (`r_ALTER_TABLE`): owner, names, columns and constraints. Changes of distribution, sort key and encoding
//! are refused so far.

use std::collections::BTreeMap;

use super::attributes::Attributes;
use super::cursor::Cursor;
use super::foreign_key::expect_table_constraint;
use super::names::quote_identifier;
use super::{Names, StatementError, Translation, column};
use crate::lexer::Token;

/// One change a statement, as on Redshift.
pub fn translate(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("alter")?;
    cursor.expect_word("table")?;
    let table = cursor.expect_qualified_name()?;
    let mut attributes = Attributes::default();
    let change = if cursor.take_words(&["owner", "to"]) {
        format!("OWNER TO {}", quote_identifier(&cursor.expect_identifier()?))
    } else if cursor.take_words(&["rename", "to"]) {
        format!("RENAME TO {}", quote_identifier(&cursor.expect_identifier()?))
    } else if cursor.take_word("rename") {
        cursor.take_word("column");
        let old = quote_identifier(&cursor.expect_identifier()?);
        cursor.expect_word("to")?;
        format!("RENAME COLUMN {old} TO {}", quote_identifier(&cursor.expect_identifier()?))
    } else if cursor.take_word("add") {
        add(&mut cursor, names, &mut attributes)?
    } else if cursor.take_word("drop") {
        let kind = if cursor.take_word("constraint") {
            "CONSTRAINT"
        } else {
            cursor.take_word("column");
            "COLUMN"
        };
        let name = quote_identifier(&cursor.expect_identifier()?);
        let behaviour = cursor.take_any_word(&["cascade", "restrict"]).unwrap_or_default();
        format!("DROP {kind} {name} {behaviour}")
    } else {
        let word = cursor.clone().take_keyword().unwrap_or_default().to_uppercase();
        return Err(StatementError::unsupported(format!("ALTER TABLE … {word}")));
    };
    cursor.expect_end()?;
    let sql = format!("ALTER TABLE {table} {}", change.trim_end());
    let sql = if attributes == Attributes::default() { sql } else { attributes.behind(&sql) };
    Ok(Translation::of(sql))
}

fn add(
    cursor: &mut Cursor<'_, '_>,
    names: &Names,
    attributes: &mut Attributes,
) -> Result<String, StatementError> {
    if ["constraint", "primary", "unique", "foreign"].iter().any(|word| cursor.at_word(word)) {
        return Ok(format!("ADD {}", expect_table_constraint(cursor, &mut attributes.references)?));
    }
    cursor.take_word("column");
    let column = column::expect(cursor, names, &mut attributes.references)?;
    if column.distkey || column.sortkey {
        return Err(StatementError::new("42601", "an added column can be neither DISTKEY nor SORTKEY"));
    }
    if column.sql.contains(" AS IDENTITY (") {
        return Err(StatementError::new("0A000", "an IDENTITY column cannot be added to a table"));
    }
    attributes.encodings = Some(
        column
            .encoding
            .into_iter()
            .map(|encoding| (column.name.clone(), encoding))
            .collect::<BTreeMap<_, _>>(),
    );
    Ok(format!("ADD COLUMN {}", column.sql))
}
