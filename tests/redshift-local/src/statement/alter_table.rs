//! ALTER TABLE (`r_ALTER_TABLE`) and ALTER MATERIALIZED VIEW (`r_ALTER_MATERIALIZED_VIEW`): owner, names, columns,
//! constraints, distribution, sort key, encodings; ALTER TABLE APPEND (`r_ALTER_TABLE_APPEND`). What only external tables have is
//! refused.

use super::attributes::{Attributes, Check, CheckedAct, TableChange};
use super::column::{self, expect_encoding};
use super::cursor::Cursor;
use super::foreign_key::expect_table_constraint;
use super::names::{quote_array, quote_identifier, quote_literal, quote_optional, quote_relation};
use super::principal::expect_user;
use super::table_attributes::{ALL, AUTO, EVEN, check_sort_key, expect_yes_or_no};
use super::{Names, StatementError, Translation, data_type, policy};
use crate::lexer::Token;

/// A statement of PostgreSQL's that asks for the right to alter a relation, and changes nothing.
const NO_CHANGE: &str = "RESET (fillfactor)";

/// One change a statement, but for the combinations of [`physical`].
pub fn translate(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("alter")?;
    let kind = if cursor.take_words(&["materialized", "view"]) {
        "MATERIALIZED VIEW"
    } else {
        cursor.expect_word("table")?;
        "TABLE"
    };
    let relation = cursor.expect_qualified_name()?;
    let tag = if kind == "TABLE" { "ALTER TABLE" } else { "ALTER MATERIALIZED VIEW" };
    if cursor.take_words(&["row", "level", "security"]) {
        return Ok(policy::row_level_security(&mut cursor, &relation)?.with_tag(tag));
    }
    let translation = if kind == "MATERIALIZED VIEW" || (cursor.at_word("alter") && !at_retype(&cursor)) {
        let attributes = Attributes { alter: physical(&mut cursor)?, ..Attributes::default() };
        Translation::of(attributes.behind(&format!("ALTER {kind} {relation} {NO_CHANGE}")))
    } else {
        logical(&mut cursor, names, &relation)?
    };
    cursor.expect_end()?;
    Ok(translation.with_tag(tag))
}

/// Whether ALTER COLUMN … TYPE comes next.
fn at_retype(cursor: &Cursor<'_, '_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.take_words(&["alter", "column"]) && ahead.expect_identifier().is_ok() && ahead.at_word("type")
}

/// What PostgreSQL has no place for. Encodings go together, and a sort key with a distribution key or style ALL.
fn physical(cursor: &mut Cursor<'_, '_>) -> Result<Vec<TableChange>, StatementError> {
    let mut changes = vec![physical_change(cursor)?];
    while cursor.take_operator(",") {
        changes.push(physical_change(cursor)?);
    }
    let is_encoding = |change: &TableChange| matches!(change, TableChange::Encoding { .. });
    let together = match changes.as_slice() {
        [_] => true,
        [TableChange::Sortkey(_), other] | [other, TableChange::Sortkey(_)] => {
            matches!(other, TableChange::Distkey(_) | TableChange::Diststyle(ALL))
        }
        several => several.iter().all(is_encoding),
    };
    let mut columns: Vec<_> = changes
        .iter()
        .filter_map(
            |change| if let TableChange::Encoding { column, .. } = change { Some(column) } else { None },
        )
        .collect();
    let given = columns.len();
    columns.sort();
    columns.dedup();
    if !together || columns.len() < given {
        return Err(StatementError::new(
            "0A000",
            "these changes of a table cannot be combined in one statement",
        ));
    }
    Ok(changes)
}

fn physical_change(cursor: &mut Cursor<'_, '_>) -> Result<TableChange, StatementError> {
    if cursor.take_words(&["auto", "refresh"]) {
        return Ok(TableChange::AutoRefresh(expect_yes_or_no(cursor)?));
    }
    cursor.expect_word("alter")?;
    if cursor.take_word("autorefresh") {
        cursor.expect_operator("=")?;
        let Some(word) = cursor.take_any_word(&["true", "false"]) else { return Err(cursor.unexpected()) };
        Ok(TableChange::AutoRefresh(word == "true"))
    } else if cursor.take_word("distkey") || cursor.take_words(&["diststyle", "key", "distkey"]) {
        Ok(TableChange::Distkey(cursor.expect_identifier()?))
    } else if cursor.take_word("diststyle") {
        match cursor.take_any_word(&["even", "all", "auto"]) {
            Some("even") => Ok(TableChange::Diststyle(EVEN)),
            Some("all") => Ok(TableChange::Diststyle(ALL)),
            Some(_) => Ok(TableChange::Diststyle(AUTO)),
            None => Err(cursor.unexpected()),
        }
    } else if cursor.take_words(&["sortkey", "auto"]) {
        Ok(TableChange::SortStyle("auto"))
    } else if cursor.take_words(&["sortkey", "none"]) {
        Ok(TableChange::SortStyle("none"))
    } else if cursor.take_words(&["compound", "sortkey"]) || cursor.take_word("sortkey") {
        let columns = cursor.expect_name_list()?;
        check_sort_key("compound", &columns)?;
        Ok(TableChange::Sortkey(columns))
    } else if cursor.take_words(&["encode", "auto"]) {
        Ok(TableChange::EncodeAuto(true))
    } else if cursor.take_word("column") {
        let column = cursor.expect_identifier()?;
        cursor.expect_word("encode")?;
        Ok(TableChange::Encoding { column, name: expect_encoding(cursor)? })
    } else {
        Err(cursor.unexpected())
    }
}

/// What PostgreSQL does, with Redshift's restrictions.
fn logical(
    cursor: &mut Cursor<'_, '_>,
    names: &Names,
    relation: &str,
) -> Result<Translation, StatementError> {
    if cursor.take_words(&["append", "from"]) {
        let source = cursor.expect_qualified_name()?;
        let extra = cursor.take_any_word(&["ignoreextra", "filltarget"]).unwrap_or_default();
        let (target, source) = (quote_relation(relation), quote_relation(&source));
        return Ok(Translation::of(format!(
            "CALL redshift_catalog.rs_append({target}, {source}, '{extra}')"
        )));
    }
    let mut attributes = Attributes::default();
    let check = |act| Some(Check { relation: relation.to_owned(), act });
    let change = if cursor.take_words(&["owner", "to"]) {
        format!("OWNER TO {}", expect_user(cursor)?.identifier())
    } else if cursor.take_words(&["rename", "to"]) {
        attributes.check = check(CheckedAct::Rename(true));
        format!("RENAME TO {}", quote_identifier(&cursor.expect_identifier()?))
    } else if cursor.take_word("rename") {
        cursor.take_word("column");
        let old = quote_identifier(&cursor.expect_identifier()?);
        cursor.expect_word("to")?;
        format!("RENAME COLUMN {old} TO {}", quote_identifier(&cursor.expect_identifier()?))
    } else if cursor.take_word("add") {
        if ["constraint", "primary", "unique", "foreign"].iter().any(|word| cursor.at_word(word)) {
            let constraint = expect_table_constraint(cursor, &mut attributes.references)?;
            if constraint.kind != "FOREIGN KEY" {
                return Ok(Translation::of(format!(
                    "CALL redshift_catalog.rs_add_key({}, {}, {}, {})",
                    quote_relation(relation),
                    quote_optional(constraint.name.as_ref()),
                    quote_literal(constraint.kind),
                    quote_array(&constraint.columns)
                )));
            }
            format!("ADD {}", constraint.sql())
        } else {
            cursor.take_word("column");
            add_column(cursor, names, &mut attributes)?
        }
    } else if cursor.take_words(&["drop", "constraint"]) {
        format!("DROP CONSTRAINT {}", quote_identifier(&cursor.expect_identifier()?)) + behaviour(cursor)
    } else if cursor.take_word("drop") {
        cursor.take_word("column");
        let column = cursor.expect_identifier()?;
        let behaviour = behaviour(cursor);
        let sql = format!("DROP COLUMN {}{behaviour}", quote_identifier(&column));
        attributes.check = check(CheckedAct::DropColumn { column, cascade: behaviour == " CASCADE" });
        sql
    } else if cursor.take_words(&["alter", "column"]) {
        let column = cursor.expect_identifier()?;
        cursor.expect_word("type")?;
        let sql_type = data_type::expect(cursor)?;
        if !sql_type.starts_with("varchar") {
            return Err(StatementError::new("0A000", "only the size of a VARCHAR column can be altered"));
        }
        let sql = format!("ALTER COLUMN {} TYPE {sql_type}", quote_identifier(&column));
        attributes.check = check(CheckedAct::RetypeColumn(column));
        sql
    } else {
        let word = cursor.clone().take_keyword().unwrap_or_default().to_uppercase();
        return Err(StatementError::unsupported(format!("ALTER TABLE … {word}")));
    };
    Ok(Translation::of(attributes.behind(&format!("ALTER TABLE {relation} {change}"))))
}

fn behaviour(cursor: &mut Cursor<'_, '_>) -> &'static str {
    match cursor.take_any_word(&["cascade", "restrict"]) {
        Some("cascade") => " CASCADE",
        Some(_) => " RESTRICT",
        None => "",
    }
}

fn add_column(
    cursor: &mut Cursor<'_, '_>,
    names: &Names,
    attributes: &mut Attributes,
) -> Result<String, StatementError> {
    let column = column::expect(cursor, names, &mut attributes.references)?;
    if column.distkey || column.sortkey || column.key {
        let message = "an added column can be neither DISTKEY nor SORTKEY, and no key";
        return Err(StatementError::new("42601", message));
    }
    if column.sql.contains(" AS IDENTITY (") {
        return Err(StatementError::new("0A000", "an IDENTITY column cannot be added to a table"));
    }
    attributes.collations.extend(column.collation.map(|collation| (column.name.clone(), collation)));
    attributes.encodings =
        Some(column.encoding.into_iter().map(|encoding| (column.name.clone(), encoding)).collect());
    Ok(format!("ADD COLUMN {}", column.sql))
}
