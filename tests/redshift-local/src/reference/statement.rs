//! The table of statements: which there are, and how they stand to transactions.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::table::rows;
use crate::lexer::Token;

/// How a statement stands to the transaction and the message it is in (`r_SVL_MULTI_STATEMENT_VIOLATIONS`, and each
/// statement's page).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// It may be in both.
    Any,
    /// It may not share a message with others.
    Single,
    /// It may not be in a transaction block either.
    Alone,
    /// It commits the transaction it is in.
    Commits,
    /// PostgreSQL has it and Redshift does not (`c_unsupported-postgresql-features` and its like).
    Unsupported,
}

/// One kind of statement.
#[derive(Debug)]
pub struct Statement {
    /// Its leading words in upper case, by which errors name it.
    pub name: String,
    /// Its page.
    pub page: &'static str,
    /// How it stands to transactions.
    pub block: Block,
    pattern: Vec<&'static str>,
}

/// By the first of their words, the longer patterns first.
static STATEMENTS: LazyLock<HashMap<&str, Vec<Statement>>> = LazyLock::new(|| {
    let mut table: HashMap<_, Vec<Statement>> = HashMap::new();
    for [words, page, _, block] in rows(include_str!("../../reference/statements.tsv")) {
        let pattern: Vec<_> = words.split(' ').collect();
        let block = match block {
            "single" => Block::Single,
            "alone" => Block::Alone,
            "commits" => Block::Commits,
            "unsupported" => Block::Unsupported,
            _ => Block::Any,
        };
        let name = words.replace("* ", "").to_uppercase();
        table.entry(pattern[0]).or_default().push(Statement { name, page, block, pattern });
    }
    for statements in table.values_mut() {
        statements.sort_by_key(|statement| std::cmp::Reverse(statement.pattern.len()));
    }
    table
});

/// The statement that these tokens begin; nothing if Redshift has none like it.
pub fn statement(tokens: &[Token<'_>]) -> Option<&'static Statement> {
    // A query may stand in parentheses.
    let tokens: Vec<_> = tokens
        .iter()
        .filter(|token| token.is_significant())
        .skip_while(|token| token.is_operator("("))
        .collect();
    let first = tokens.first()?.text.to_ascii_lowercase();
    STATEMENTS.get(first.as_str())?.iter().find(|statement| fits(&statement.pattern, &tokens))
}

/// Whether the tokens begin with the pattern; `*` stands for at least one token.
fn fits(pattern: &[&str], tokens: &[&Token<'_>]) -> bool {
    match (pattern.split_first(), tokens.split_first()) {
        (None, _) => true,
        (Some((&"*", rest)), Some(_)) => (1..tokens.len()).any(|at| fits(rest, &tokens[at..])),
        (Some((word, rest)), Some((token, after))) => token.is_word(word) && fits(rest, after),
        (Some(_), None) => false,
    }
}
