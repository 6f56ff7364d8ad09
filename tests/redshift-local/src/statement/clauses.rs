//! Which clause of a query a token stands in, one level of parentheses after another.

use crate::lexer::Token;

/// Words that end a FROM clause, or the name behind INTO.
const AFTER_FROM: [&str; 13] = [
    "values",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "union",
    "intersect",
    "except",
    "minus",
    "qualify",
    "set",
    "window",
];

/// Words that may follow an item inside a FROM clause.
const IN_FROM: [&str; 13] = [
    "on", "using", "join", "inner", "left", "right", "full", "cross", "natural", "pivot", "unpivot", "with",
    "at",
];

/// Whether a word behind an item of a FROM clause is none that could be its alias.
pub fn is_no_alias(token: &Token<'_>) -> bool {
    AFTER_FROM.iter().chain(&IN_FROM).any(|word| token.is_word(word))
}

/// What a level of parentheses is about at some place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Clause {
    /// No query has begun.
    #[default]
    None,
    /// The list behind SELECT.
    SelectList,
    /// An item of FROM begins here.
    Item,
    /// Inside FROM, behind the beginning of an item.
    From,
    /// Any clause behind FROM.
    Later,
}

/// One level.
#[derive(Debug, Default)]
pub struct Level {
    /// What is written at the level's end.
    pub tail: String,
    clause: Clause,
}

/// The levels that are open at a token: the outermost, and those inside it.
#[derive(Debug, Default)]
pub struct Clauses {
    outermost: Level,
    inner: Vec<Level>,
}

impl Clauses {
    /// Moves on behind a token. Gives the level that it closes.
    pub fn pass(&mut self, token: &Token<'_>) -> Option<Level> {
        if !token.is_significant() {
            return None;
        }
        let closed = if token.is_operator(")") { self.inner.pop() } else { None };
        let is = |words: &[&str]| words.iter().any(|word| token.is_word(word));
        let before = self.last().clause;
        self.last().clause = match before {
            _ if is(&["select", "delete"]) => Clause::SelectList,
            // What a change is about stands behind these words as behind FROM.
            _ if is(&["update", "into", "using"]) => Clause::Item,
            Clause::None => Clause::None,
            _ if is(&["from"]) => Clause::Item,
            _ if is(&AFTER_FROM) => Clause::Later,
            Clause::From | Clause::Item if is(&["join"]) || token.is_operator(",") => Clause::Item,
            Clause::Item => Clause::From,
            other => other,
        };
        if token.is_operator("(") {
            // An item in parentheses: a subquery, or a join.
            let clause = if before == Clause::Item { Clause::Item } else { Clause::None };
            self.inner.push(Level { clause, ..Level::default() });
        }
        closed
    }

    /// The innermost level.
    pub fn last(&mut self) -> &mut Level {
        self.inner.last_mut().unwrap_or(&mut self.outermost)
    }

    fn clause(&self) -> Clause {
        self.inner.last().unwrap_or(&self.outermost).clause
    }

    /// Whether an item of a FROM clause begins with the next token.
    pub fn at_item(&self) -> bool {
        self.clause() == Clause::Item
    }

    /// Whether the next token is in a FROM clause.
    pub fn in_from(&self) -> bool {
        matches!(self.clause(), Clause::Item | Clause::From)
    }

    /// Whether the next token is in a select list.
    pub fn in_select_list(&self) -> bool {
        self.clause() == Clause::SelectList
    }

    /// What is to be written at the end of the text.
    pub fn tails(self) -> String {
        self.inner.into_iter().rev().map(|level| level.tail).collect::<String>() + &self.outermost.tail
    }
}
