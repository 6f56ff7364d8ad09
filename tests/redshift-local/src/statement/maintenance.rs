//! TRUNCATE, ANALYZE, VACUUM and LOCK (`r_TRUNCATE`, `r_ANALYZE`, `r_VACUUM_command`, `r_LOCK`).

use super::cursor::Cursor;
use super::foreign_key::name_list;
use super::{StatementError, Translation};
use crate::lexer::Token;

/// TRUNCATE [ TABLE ] name. It commits the transaction it is in.
pub fn truncate(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("truncate")?;
    cursor.take_word("table");
    let table = cursor.expect_qualified_name()?;
    cursor.expect_end()?;
    Ok(Translation::of(format!("TRUNCATE TABLE {table}")))
}

/// ANALYZE [ VERBOSE ] [ table [ ( column [, …] ) ] ] [ PREDICATE COLUMNS | ALL COLUMNS ].
pub fn analyze(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.next();
    if cursor.at_word("compression") {
        return Err(StatementError::unsupported("ANALYZE COMPRESSION"));
    }
    cursor.take_word("verbose");
    let mut sql = "ANALYZE".to_owned();
    let options: [&[&str]; 2] = [&["predicate", "columns"], &["all", "columns"]];
    let take_option = |cursor: &mut Cursor<'_, '_>| options.iter().any(|words| cursor.take_words(words));
    if !take_option(&mut cursor) && cursor.peek().is_some() {
        sql += &format!(" {}", cursor.expect_qualified_name()?);
        if cursor.at_operator("(") {
            sql += &format!(" ({})", name_list(&cursor.expect_name_list()?));
        }
        take_option(&mut cursor);
    }
    cursor.expect_end()?;
    Ok(Translation::of(sql).with_tag("ANALYZE"))
}

/// VACUUM [ FULL | SORT ONLY | DELETE ONLY | REINDEX | RECLUSTER ] [ [ table ] [ TO n PERCENT ] [ BOOST ] ].
pub fn vacuum(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("vacuum")?;
    let kinds: [&[&str]; 5] =
        [&["full"], &["sort", "only"], &["delete", "only"], &["reindex"], &["recluster"]];
    let kind = kinds.iter().find(|words| cursor.take_words(words)).map_or("", |words| words[0]);
    let mut table = None;
    if cursor.peek().is_some() && !cursor.at_word("boost") && !cursor.at_word("to") {
        table = Some(cursor.expect_qualified_name()?);
    }
    let Some(table) = table else {
        // TO, BOOST, REINDEX and RECLUSTER ask for a table.
        if ["reindex", "recluster"].contains(&kind) || cursor.peek().is_some() {
            return Err(cursor.unexpected());
        }
        return Ok(Translation::of("VACUUM").with_tag("VACUUM"));
    };
    if !["reindex", "recluster"].contains(&kind) && cursor.take_word("to") {
        let percent = cursor.expect_integer()?;
        if !(0..=100).contains(&percent) {
            return Err(StatementError::new(
                "22023",
                "redshift-local: VACUUM takes a threshold of 0 to 100 percent",
            ));
        }
        cursor.expect_word("percent")?;
    }
    if kind != "reindex" {
        cursor.take_word("boost");
    }
    cursor.expect_end()?;
    let mut vacuum = Translation::of(format!("VACUUM {table}")).with_tag("VACUUM");
    vacuum.vacuums = Some(table);
    Ok(vacuum)
}

/// LOCK [ TABLE ] name [, …]: against everybody else, readers included.
pub fn lock(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("lock")?;
    cursor.take_word("table");
    let mut tables = vec![cursor.expect_qualified_name()?];
    while cursor.take_operator(",") {
        tables.push(cursor.expect_qualified_name()?);
    }
    cursor.expect_end()?;
    Ok(Translation::of(format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", tables.join(", "))))
}
