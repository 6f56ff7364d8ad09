//! Finds, on one way through the tokens of an expression, a query or a routine's body, the functions it calls, the
//! relations it reads and the types it casts to. It knows just as much of the grammar as that takes.

use std::borrow::Cow;

use crate::lexer::{Token, TokenKind};

/// Words that an expression or a list in parentheses may follow, and that are neither functions nor names.
const KEYWORDS: [&str; 85] = [
    "all",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "both",
    "by",
    "case",
    "cross",
    "cube",
    "debug",
    "desc",
    "distinct",
    "else",
    "elsif",
    "escape",
    "except",
    "exception",
    "execute",
    "exists",
    "explain",
    "for",
    "from",
    "full",
    "group",
    "having",
    "if",
    "ilike",
    "in",
    "info",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "leading",
    "like",
    "limit",
    "log",
    "loop",
    "minus",
    "natural",
    "not",
    "notice",
    "notnull",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "perform",
    "pivot",
    "qualify",
    "raise",
    "recursive",
    "return",
    "returns",
    "rollup",
    "select",
    "set",
    "sets",
    "similar",
    "some",
    "then",
    "to",
    "top",
    "trailing",
    "union",
    "unpivot",
    "using",
    "values",
    "verbose",
    "warning",
    "when",
    "where",
    "while",
    "window",
    "with",
    "within",
    "zone",
];

/// Whether this word, in lower case, is one of them.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Words that a list of tables ends at.
const AFTER_TABLES: [&str; 12] = [
    "except",
    "group",
    "having",
    "intersect",
    "limit",
    "minus",
    "order",
    "qualify",
    "set",
    "union",
    "values",
    "where",
];

/// A function or relation where it is used.
#[derive(Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// What it is qualified with, all parts but the last.
    pub schema: Option<String>,
    /// Its name; in lower case unless it is quoted.
    pub name: Cow<'a, str>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Scan<'a> {
    /// The significant tokens.
    pub tokens: Vec<Token<'a>>,
    /// Functions that are called, and words that may be functions without parentheses.
    pub functions: Vec<Name<'a>>,
    /// Words that stand alone: columns, aliases, and functions without parentheses.
    pub words: Vec<Name<'a>>,
    /// Relations; names of WITH left out.
    pub relations: Vec<Name<'a>>,
    /// Where types begin in `tokens`.
    pub types: Vec<usize>,
    /// There are semicolons: the body of a procedure.
    pub is_body: bool,
}

impl Scan<'_> {
    /// The first of these columns that is named anywhere, or `*` in a select list, which names all.
    pub fn mentions(&self, columns: &[&str]) -> Option<String> {
        self.tokens.iter().enumerate().find_map(|(at, token)| {
            let leads = |before: &Token<'_>| {
                before.is_operator(",") || before.is_operator(".") || before.is_word("select")
            };
            let is_all = token.is_operator("*") && at > 0 && leads(&self.tokens[at - 1]);
            let name = token.identifier().filter(|name| columns.contains(&name.as_ref()));
            name.map(Cow::into_owned).or_else(|| is_all.then(|| "*".to_owned()))
        })
    }
}

/// Finds what the tokens use.
pub fn scan<'a>(tokens: &[Token<'a>]) -> Scan<'a> {
    let tokens: Vec<_> = tokens.iter().copied().filter(Token::is_significant).collect();
    let mut scanner = Scanner {
        found: Scan { tokens, ..Scan::default() },
        at: 0,
        levels: vec![Level::default()],
        expected: Expected::Anything,
        common: Vec::new(),
    };
    while let Some(token) = scanner.found.tokens.get(scanner.at).copied() {
        match token.kind {
            TokenKind::Word | TokenKind::QuotedIdentifier => scanner.name(token),
            _ => {
                scanner.punctuation(token.text);
                scanner.at += 1;
            }
        }
    }
    let Scanner { mut found, common, .. } = scanner;
    found.relations.retain(|relation| relation.schema.is_some() || !common.contains(&relation.name));
    found
}

/// What stands between two parentheses.
#[derive(Debug, Default)]
struct Level {
    /// A query or a change of rows: FROM is its clause, not a part of TRIM or EXTRACT.
    is_query: bool,
    /// A comma leads to another table.
    in_tables: bool,
    /// The arguments of CAST: a type follows AS.
    is_cast: bool,
}

/// What the next name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Anything,
    /// A relation, or a function in its place.
    Table,
    /// The relation of INSERT INTO, which a list of columns may follow.
    Target,
    /// A type.
    Type,
}

#[derive(Debug)]
struct Scanner<'a> {
    found: Scan<'a>,
    at: usize,
    /// At least one.
    levels: Vec<Level>,
    expected: Expected,
    /// Names that WITH defines.
    common: Vec<Cow<'a, str>>,
}

impl<'a> Scanner<'a> {
    fn punctuation(&mut self, text: &str) {
        match text {
            "(" => {
                let before = |word| self.before(self.at).is_some_and(|token| token.is_word(word));
                let is_cast = before("cast") || before("try_cast");
                if before("convert") {
                    self.expect_type(self.at + 1);
                }
                self.levels.push(Level { is_cast, ..Level::default() });
            }
            ")" if self.levels.len() > 1 => {
                self.levels.pop();
                self.expected = Expected::Anything;
            }
            "," if self.level().in_tables => self.expected = Expected::Table,
            "::" => self.expect_type(self.at + 1),
            ";" => {
                self.found.is_body = true;
                self.levels = vec![Level::default()];
                self.expected = Expected::Anything;
            }
            _ => {}
        }
    }

    fn name(&mut self, token: Token<'a>) {
        let start = self.at;
        let word = token.text.to_ascii_lowercase();
        let reserved = token.kind == TokenKind::Word && is_keyword(&word);
        let Some(name) = self.take_name() else { return };
        let called = self.operator_at(self.at, "(");
        match self.expected {
            Expected::Type => {
                self.expected = Expected::Anything;
                return;
            }
            Expected::Table | Expected::Target if !reserved => {
                let used = if called && self.expected == Expected::Table {
                    &mut self.found.functions
                } else {
                    &mut self.found.relations
                };
                used.push(name);
                self.expected = Expected::Anything;
                return;
            }
            _ => {}
        }
        let is_plain = token.kind == TokenKind::Word && name.schema.is_none();
        if is_plain && self.keyword(&word, called) {
            return;
        }
        if self.defines_common(start) {
            self.common.push(name.name);
        } else if called {
            if !reserved && self.begins_operand(start) {
                self.found.functions.push(name);
            }
        } else if is_plain && !reserved && self.begins_operand(start) {
            // DATE '2000-01-01': a type and its literal.
            if self.found.tokens.get(self.at).is_some_and(|next| next.kind == TokenKind::String) {
                self.found.types.push(start);
            } else {
                self.found.words.push(name);
            }
        }
    }

    /// Notes what a key word says of what follows; false if that may as well be something else.
    fn keyword(&mut self, word: &str, called: bool) -> bool {
        match word {
            "select" | "insert" | "delete" => {
                *self.level() = Level { is_query: true, ..Level::default() };
                self.expected = Expected::Anything;
            }
            "update" if self.begins_table(self.at) => {
                self.level().is_query = true;
                self.expected = Expected::Table;
            }
            "from" if self.level().is_query => {
                self.level().in_tables = true;
                self.expected = Expected::Table;
            }
            "join" => self.expected = Expected::Table,
            "using" if self.level().in_tables && !called => self.expected = Expected::Table,
            "into" if self.level().is_query => self.expected = Expected::Target,
            "as" if self.level().is_cast => self.expect_type(self.at),
            _ if AFTER_TABLES.contains(&word) => {
                self.level().in_tables = false;
                self.expected = Expected::Anything;
            }
            _ => return false,
        }
        true
    }

    /// Takes a name with its qualifiers.
    fn take_name(&mut self) -> Option<Name<'a>> {
        let mut name = self.found.tokens.get(self.at)?.identifier()?;
        let mut schema: Option<String> = None;
        self.at += 1;
        while self.operator_at(self.at, ".") {
            let Some(part) = self.found.tokens.get(self.at + 1).and_then(Token::identifier) else { break };
            schema = Some(schema.map_or_else(|| name.to_string(), |schema| format!("{schema}.{name}")));
            name = part;
            self.at += 2;
        }
        Some(Name { schema, name })
    }

    /// Whether the name at `start`, just taken, is one that WITH defines: name [ ( column [, …] ) ] AS ( query ).
    fn defines_common(&self, start: usize) -> bool {
        let leads = self.before(start).is_some_and(|token| {
            token.is_word("with") || token.is_word("recursive") || token.is_operator(",")
        });
        let mut at = self.at;
        if leads && self.operator_at(at, "(") {
            at += self.found.tokens[at..].iter().take_while(|token| !token.is_operator(")")).count() + 1;
        }
        leads
            && self.found.tokens.get(at).is_some_and(|token| token.is_word("as"))
            && self.operator_at(at + 1, "(")
    }

    /// Whether what begins at `start` can be an operand rather than an alias or the end of a type.
    fn begins_operand(&self, start: usize) -> bool {
        self.before(start).is_none_or(|before| match before.kind {
            TokenKind::Operator => !matches!(before.text, ")" | "]" | "." | "::"),
            TokenKind::Word => {
                let word = before.text.to_ascii_lowercase();
                !matches!(word.as_str(), "as" | "into") && is_keyword(&word)
            }
            _ => false,
        })
    }

    /// Whether what stands at `at` can be a relation's name.
    fn begins_table(&self, at: usize) -> bool {
        let name = self.found.tokens.get(at).and_then(Token::identifier);
        name.is_some_and(|name| !is_keyword(&name))
    }

    fn expect_type(&mut self, at: usize) {
        self.found.types.push(at);
        self.expected = Expected::Type;
    }

    fn before(&self, at: usize) -> Option<&Token<'a>> {
        self.found.tokens.get(at.checked_sub(1)?)
    }

    fn operator_at(&self, at: usize, operator: &str) -> bool {
        self.found.tokens.get(at).is_some_and(|token| token.is_operator(operator))
    }

    fn level(&mut self) -> &mut Level {
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }
}
