//! The lexer: cuts a text of SQL into pieces, as far as names are concerned.
//!
//! The rules are those of PostgreSQL 8.0, which Redshift comes from ("Lexical Structure" of its manual), with what `r_names`
//! says of names: beyond ASCII every character is a letter, only letters of ASCII fold, and a backslash escapes in every literal
//! in single quotes. A text need be no SQL: whatever comes in, it is read to its end, and what is not closed ends there.

use crate::name::Identifier;

/// A piece of SQL: comments and blanks lie between pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text, with any quotes.
    pub text: &'a str,
    /// Where it ends in the whole text.
    pub end: usize,
}

/// What a piece of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A key word or a bare name.
    Word,
    /// A name in quotes.
    QuotedName,
    /// What begins as a name in quotes and does not end.
    OpenName,
    /// A literal, in single quotes or between dollar quotes.
    Literal,
    /// A number without its sign: the dot of `1.5` belongs to it, and the letter of `1e5`.
    Number,
    /// An operator, a parenthesis, a dot: one character.
    Sign,
}

impl Token<'_> {
    /// Whether it is this key word, whatever its case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this one character.
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Sign && self.text == sign
    }

    /// The names that it may be; none where it is no name. A bare one folds to lower case. One in quotes folds, too, unless the
    /// session that runs the text has `enable_case_sensitive_identifier` on (`r_names`): nobody knows that, so both come.
    pub fn names(&self) -> Vec<Identifier> {
        let name = match self.kind {
            TokenKind::Word => self.text.to_ascii_lowercase(),
            TokenKind::QuotedName => self.text[1..self.text.len() - 1].replace("\"\"", "\""),
            TokenKind::OpenName | TokenKind::Literal | TokenKind::Number | TokenKind::Sign => {
                return Vec::new();
            }
        };
        let folded = name.to_ascii_lowercase();
        let kept = (name != folded).then_some(name);
        kept.into_iter().chain([folded]).filter_map(|name| Identifier::truncated(name).ok()).collect()
    }
}

/// Whether a name in quotes of a text has a capital, which another name would be without (`r_enable_case_sensitive_identifier`): only
/// letters of ASCII fold.
pub(crate) fn has_capital_in_quotes(sql: &str) -> bool {
    capitals_in_quotes(sql).next().is_some()
}

/// The names in quotes of a text that have a capital, as they are written.
pub(crate) fn capitals_in_quotes(sql: &str) -> impl Iterator<Item = Identifier> {
    let tokens = sql.contains('"').then(|| tokens(sql, Comments::Nested)).into_iter().flatten();
    // The spelling that is written comes first.
    let names = tokens.filter(|token| token.kind == TokenKind::QuotedName).map(|token| token.names());
    names.filter(|spellings| spellings.len() > 1).filter_map(|spellings| spellings.into_iter().next())
}

/// Where a block comment ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comments {
    /// Behind as many ends as it has beginnings: in SQL ("Comments" of PostgreSQL's manual).
    Nested,
    /// At its first end: in the body of a procedure (`c_PLpgSQL-structure`).
    Flat,
}

/// The pieces of a text, from its beginning.
pub(super) fn tokens(sql: &str, comments: Comments) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        start += blank(&sql[start..], comments);
        let rest = &sql[start..];
        let (kind, length) = first(rest)?;
        start += length;
        Some(Token { kind, text: &rest[..length], end: start })
    })
}

/// The first piece of a text that begins with no blank and no comment: what it is, and its length.
fn first(text: &str) -> Option<(TokenKind, usize)> {
    let mut characters = text.chars();
    let (first, second) = (characters.next()?, characters.next());
    Some(match first {
        '"' => match behind_quote(&text[1..], '"') {
            Some(length) => (TokenKind::QuotedName, 1 + length),
            None => (TokenKind::OpenName, text.len()),
        },
        '\'' => (TokenKind::Literal, quoted(text, 1)),
        // E'…' with escapes, B'…' and X'…' of bits, N'…' of NCHAR.
        'e' | 'E' | 'b' | 'B' | 'x' | 'X' | 'n' | 'N' if second == Some('\'') => {
            (TokenKind::Literal, quoted(text, 2))
        }
        '$' => dollar_quoted(text).map_or((TokenKind::Sign, 1), |length| (TokenKind::Literal, length)),
        '0'..='9' => (TokenKind::Number, number(text)),
        '.' if second.is_some_and(|second| second.is_ascii_digit()) => (TokenKind::Number, number(text)),
        first if starts_word(first) => (TokenKind::Word, run(text, continues_word)),
        other => (TokenKind::Sign, other.len_utf8()),
    })
}

fn starts_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn continues_word(c: char) -> bool {
    starts_word(c) || c.is_ascii_digit() || c == '$'
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// The length of the characters at the beginning of a text that are of a kind.
fn run(text: &str, of_kind: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of_kind(c)).unwrap_or(text.len())
}

/// The length of the blanks and comments at the beginning of a text.
fn blank(text: &str, comments: Comments) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_blank);
        if rest.starts_with("--") {
            rest = &rest[run(rest, |c| !matches!(c, '\n' | '\r'))..];
        } else if rest.starts_with("/*") {
            rest = &rest[block_comment(rest, comments)..];
        } else {
            return text.len() - rest.len();
        }
    }
}

/// The length of a block comment.
fn block_comment(text: &str, comments: Comments) -> usize {
    if comments == Comments::Flat {
        return text[2..].find("*/").map_or(text.len(), |end| 2 + end + 2);
    }
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(found) = text[at..].find(['/', '*']) {
        at += found;
        if text[at..].starts_with("/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if text[at..].starts_with("*/") {
            (at, depth) = (at + 2, depth - 1);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of a literal in single quotes whose first `prefix` bytes end with its quote.
fn quoted(text: &str, prefix: usize) -> usize {
    behind_quote(&text[prefix..], '\'').map_or(text.len(), |length| prefix + length)
}

/// Where something in quotes ends that a text begins within: right behind the quote. A doubled quote is one of its characters,
/// and in single quotes one behind a backslash. None where it does not end.
pub(super) fn behind_quote(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if quote == '\'' && character == '\\' {
            characters.next();
        } else if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at + quote.len_utf8());
        }
    }
    None
}

/// The length of a literal between dollar quotes; none for a dollar that begins none, such as that of `$1`.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = run(&text[1..], |c| continues_word(c) && c != '$');
    let closed = text[1 + tag..].starts_with('$');
    let delimiter = &text[..1 + tag + usize::from(closed)];
    (closed && !text[1..].starts_with(|c: char| c.is_ascii_digit())).then(|| {
        let body = &text[delimiter.len()..];
        body.find(delimiter).map_or(text.len(), |end| delimiter.len() + end + delimiter.len())
    })
}

/// The length of a number: `1`, `1.5`, `.5`, `1.`, `1e5`. In `1..10`, the bounds of a loop, it ends before both dots.
fn number(text: &str) -> usize {
    let digits = |text: &str| run(text, |c| c.is_ascii_digit());
    let mut length = digits(text);
    if text[length..].starts_with('.') && !text[length..].starts_with("..") {
        length += 1;
        length += digits(&text[length..]);
    }
    if let Some(exponent) = text[length..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let digits = digits(&exponent[sign..]);
        if digits > 0 {
            length += 1 + sign + digits;
        }
    }
    length
}

#[cfg(test)]
mod tests;
