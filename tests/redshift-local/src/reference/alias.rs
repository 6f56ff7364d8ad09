//! A column alias in the select list that defines it (`r_SELECT_list`, "lateral alias reference"). Redshift reads it unless a relation
//! of FROM has a column of that name, which only PostgreSQL can tell here: so it is looked for where PostgreSQL finds no such column.

use super::scan::is_keyword;
use crate::lexer::{Token, TokenKind, tokenize};

/// Whether a select list of the statement uses this name after it has given it to a column.
pub fn is_used(sql: &str, name: &str) -> bool {
    let Ok(tokens) = tokenize(sql) else { return false };
    let tokens: Vec<_> = tokens.into_iter().filter(Token::is_significant).collect();
    // For each open parenthesis: whether a select list is being read, and whether the name was given in it.
    let mut lists = vec![(false, false)];
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let after = tokens.get(at + 1);
        if token.is_operator("(") {
            lists.push((false, false));
        } else if token.is_operator(")") {
            lists.pop();
        } else if let Some(list) = lists.last_mut() {
            if token.is_word("select") {
                *list = (true, false);
            } else if token.is_word("from") {
                *list = (false, false);
            } else if token.identifier().is_some_and(|word| word == name) {
                let ends = after.is_none_or(|after| after.is_operator(",") || after.is_word("from"));
                let is_alias =
                    before.is_some_and(|before| before.is_word("as") || ends && ends_operand(before));
                if is_alias {
                    list.1 |= list.0;
                } else if !before.is_some_and(|before| before.is_operator("."))
                    && lists.iter().any(|list| list.1)
                {
                    return true;
                }
            }
        }
    }
    false
}

/// Whether an expression may end with this token, so that a name behind it is its alias.
fn ends_operand(token: &Token<'_>) -> bool {
    match token.kind {
        TokenKind::Operator => matches!(token.text, ")" | "]"),
        TokenKind::Word => !is_keyword(&token.text.to_ascii_lowercase()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::is_used;

    #[test]
    fn an_alias_is_used_behind_its_definition_only() {
        assert!(is_used("SELECT a + 1 AS b, b * 2 FROM t", "b"));
        assert!(is_used("select clicks / shown rate, round(100 * rate, 1) from t", "rate"));
        assert!(is_used("select (select a as b, f(b) from t) from u", "b"));
        assert!(!is_used("select a as b from t where b = 1", "b"));
        assert!(!is_used("select b * 2, a as b from t", "b"));
        assert!(!is_used("select a as b, t.b from t", "b"));
        assert!(!is_used("select (select a as b from t), b from u", "b"));
    }
}
