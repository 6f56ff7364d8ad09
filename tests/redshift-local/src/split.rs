//! Splits the text of one simple-protocol message into its statements.

use crate::lexer::{LexError, Token, tokenize};

/// One statement of a message: its tokens, without the semicolon that ended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The statement's text with everything around it, comments included.
    pub text: &'a str,
    /// The tokens of `text`; at least one is significant.
    pub tokens: Vec<Token<'a>>,
    /// Byte offset of `text` in the message.
    pub offset: usize,
}

/// The statements of `sql`, cut at every semicolon that stands outside strings, dollar quotes, quoted identifiers and
/// comments. A piece that holds nothing but whitespace and comments is no statement and is left out.
///
/// # Errors
/// When the text cannot be cut into tokens.
pub fn statements(sql: &str) -> Result<Vec<Statement<'_>>, LexError> {
    let mut statements = Vec::new();
    let mut tokens = Vec::new();
    let (mut start, mut end) = (0, 0);
    for token in tokenize(sql)? {
        if token.is_operator(";") {
            push(&mut statements, sql, start..end, std::mem::take(&mut tokens));
            end += token.text.len();
            start = end;
        } else {
            end += token.text.len();
            tokens.push(token);
        }
    }
    push(&mut statements, sql, start..end, tokens);
    Ok(statements)
}

/// The texts of a message's statements, for a client that sends them one by one. What cannot be cut is one statement: its
/// refusal is the warehouse's.
pub fn split(sql: &str) -> Vec<&str> {
    statements(sql).map_or_else(
        |_| vec![sql],
        |statements| statements.iter().map(|statement| statement.text.trim()).collect(),
    )
}

fn push<'a>(
    statements: &mut Vec<Statement<'a>>,
    sql: &'a str,
    range: std::ops::Range<usize>,
    tokens: Vec<Token<'a>>,
) {
    if tokens.iter().any(Token::is_significant) {
        statements.push(Statement { offset: range.start, text: &sql[range], tokens });
    }
}

#[cfg(test)]
mod tests {
    use super::statements;

    fn texts(sql: &str) -> Vec<&str> {
        statements(sql).unwrap().iter().map(|statement| statement.text.trim()).collect()
    }

    #[test]
    fn a_semicolon_in_a_string_or_comment_ends_nothing() {
        assert_eq!(
            texts(
                "select ';', \";\" /* ; */ -- ;\n; create procedure p() as $$ begin; end; $$ language plpgsql"
            ),
            ["select ';', \";\" /* ; */ -- ;", "create procedure p() as $$ begin; end; $$ language plpgsql"]
        );
    }

    #[test]
    fn an_empty_statement_is_skipped() {
        assert_eq!(texts(" ; -- nothing\n; select 1;;"), ["select 1"]);
        assert_eq!(texts(""), [""; 0]);
    }

    #[test]
    fn a_statement_knows_its_place() {
        let sql = "select 1; select 2";
        let second = &statements(sql).unwrap()[1];
        assert_eq!(&sql[second.offset..], second.text);
    }
}
