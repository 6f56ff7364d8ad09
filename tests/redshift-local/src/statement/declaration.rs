//! The variables that a procedure declares (`c_PLpgSQL-structure`, "Variable declaration"): of a data type of Redshift's, RECORD or
//! refcursor.

use super::cursor::Cursor;
use super::{StatementError, data_type};
use crate::lexer::Token;

/// Checks every DECLARE section among the tokens of a procedure's body.
pub fn check(body: &[Token<'_>]) -> Result<(), StatementError> {
    let mut cursor = Cursor::new(body);
    while let Some(token) = cursor.next() {
        if token.is_word("declare") {
            while cursor.peek().is_some() && !cursor.at_word("begin") {
                declaration(&mut cursor)?;
            }
        }
    }
    Ok(())
}

/// name [ CONSTANT ] type [ NOT NULL ] [ { DEFAULT | := } expression ]; or name ALIAS FOR $n; or name CURSOR … FOR query;
fn declaration(cursor: &mut Cursor<'_, '_>) -> Result<(), StatementError> {
    cursor.expect_identifier()?;
    if cursor.take_any_word(&["alias", "cursor"]).is_none() {
        cursor.take_word("constant");
        variable_type(cursor)?;
        cursor.take_words(&["not", "null"]);
        let has_value =
            cursor.take_word("default") || cursor.take_operator(":=") || cursor.take_operator("=");
        if !has_value && !cursor.at_operator(";") {
            return Err(cursor.unexpected());
        }
    }
    while cursor.next().is_some_and(|token| !token.is_operator(";")) {}
    Ok(())
}

fn variable_type(cursor: &mut Cursor<'_, '_>) -> Result<(), StatementError> {
    if cursor.take_any_word(&["record", "refcursor"]).is_some() {
        return Ok(());
    }
    let mut ahead = cursor.clone();
    if ahead.expect_qualified_name().is_ok() && ahead.at_operator("%") {
        return Err(StatementError::unsupported("a variable of %TYPE or %ROWTYPE"));
    }
    data_type::expect(cursor).map(drop)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::lexer::tokenize;

    fn refused(body: &str) -> String {
        check(&tokenize(body).unwrap()).err().map(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn variables_have_redshifts_types() {
        let body = "DECLARE a integer := 20; b CONSTANT VARCHAR(MAX) NOT NULL DEFAULT 'x;'; c RECORD; d refcursor; e ALIAS FOR $1; \
                    f CURSOR (k int) FOR SELECT 1; BEGIN DECLARE g numeric(6); BEGIN NULL; END; END";
        assert_eq!(refused(body), "");
        assert_eq!(refused("DECLARE a int; b jsonb; BEGIN END"), "type \"jsonb\" does not exist");
        assert_eq!(refused("BEGIN DECLARE a int[]; BEGIN END; END"), "syntax error at or near \"[\"");
        let typed = "redshift-local: a variable of %TYPE or %ROWTYPE is not supported";
        assert_eq!(refused("DECLARE a s.t.c%TYPE; BEGIN END"), typed);
    }
}
