//! Cuts SQL text into tokens that keep their original spelling, so that a statement can be rewritten token by token and
//! whatever is not touched reaches the backend as it was written. Nothing here knows what a statement means.
//!
//! The lexical rules are PostgreSQL's with Redshift's differences: a backslash escapes in every quoted string
//! (redshift `r_Character_types`, and `standard_conforming_strings` off), and a name may begin with `#` (temporary
//! tables, `r_CREATE_TABLE_NEW`).

use std::borrow::Cow;
use std::fmt;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks, tabs and line ends.
    Whitespace,
    /// `-- …` up to, not including, the line end.
    LineComment,
    /// `/* … */`, nested.
    BlockComment,
    /// `'…'` or `E'…'`, with `''` and backslash escapes.
    String,
    /// `$$…$$` or `$tag$…$tag$`.
    DollarString,
    /// `"…"`, with `""`.
    QuotedIdentifier,
    /// An integer or decimal number without its sign.
    Number,
    /// A keyword or an unquoted identifier.
    Word,
    /// `$1`, a parameter of a prepared statement.
    Parameter,
    /// An operator or a punctuation mark.
    Operator,
}

/// One token and its original text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text, exactly as written.
    pub text: &'a str,
}

impl<'a> Token<'a> {
    /// True for what a parser looks at: neither whitespace nor comment.
    pub fn is_significant(&self) -> bool {
        !matches!(self.kind, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// True if this is the unquoted word, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// True if this is the operator or punctuation mark.
    pub fn is_operator(&self, operator: &str) -> bool {
        self.kind == TokenKind::Operator && self.text == operator
    }

    /// The name this token stands for: a word folded to lower case (ASCII letters only, as Redshift does), a quoted
    /// identifier without its quotes; nothing for any other token.
    pub fn identifier(&self) -> Option<Cow<'a, str>> {
        match self.kind {
            TokenKind::Word if self.text.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                Some(Cow::Owned(self.text.to_ascii_lowercase()))
            }
            TokenKind::Word => Some(Cow::Borrowed(self.text)),
            TokenKind::QuotedIdentifier => {
                let inner = &self.text[1..self.text.len() - 1];
                Some(if inner.contains('"') {
                    Cow::Owned(inner.replace("\"\"", "\""))
                } else {
                    Cow::Borrowed(inner)
                })
            }
            _ => None,
        }
    }

    /// The value of a quoted or dollar-quoted string; nothing for any other token.
    pub fn string_value(&self) -> Option<Cow<'a, str>> {
        match self.kind {
            TokenKind::String => {
                let open = self.text.find('\'').unwrap_or_default();
                Some(unescape(&self.text[open + 1..self.text.len() - 1]))
            }
            TokenKind::DollarString => {
                let tag = self.text[1..].find('$').unwrap_or_default() + 2;
                Some(Cow::Borrowed(&self.text[tag..self.text.len() - tag]))
            }
            _ => None,
        }
    }
}

/// The text cannot be cut into tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexError {
    /// What is wrong.
    pub problem: Problem,
    /// Byte offset at which the offending token begins.
    pub offset: usize,
}

/// What keeps a text from being cut into tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A quoted string has no closing quote.
    UnterminatedString,
    /// A dollar-quoted string has no closing tag.
    UnterminatedDollarString,
    /// A quoted identifier has no closing quote.
    UnterminatedIdentifier,
    /// A block comment has no end.
    UnterminatedComment,
    /// A character that begins no token.
    UnexpectedCharacter(char),
}

impl fmt::Display for LexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            Problem::UnterminatedString => formatter.write_str("unterminated quoted string"),
            Problem::UnterminatedDollarString => formatter.write_str("unterminated dollar-quoted string"),
            Problem::UnterminatedIdentifier => formatter.write_str("unterminated quoted identifier"),
            Problem::UnterminatedComment => formatter.write_str("unterminated /* comment"),
            Problem::UnexpectedCharacter(character) => {
                write!(formatter, "syntax error at or near \"{character}\"")
            }
        }?;
        write!(formatter, " at byte {}", self.offset)
    }
}

impl std::error::Error for LexError {}

/// Cuts `sql` into tokens; their texts one after another are `sql` again.
///
/// # Errors
/// When a string, identifier or comment does not end, or a character begins no token.
pub fn tokenize(sql: &str) -> Result<Vec<Token<'_>>, LexError> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut offset = 0;
    while offset < sql.len() {
        let rest = &sql[offset..];
        let after_operand = tokens.last().is_some_and(ends_operand);
        let (kind, length) = token(rest, after_operand).map_err(|problem| LexError { problem, offset })?;
        tokens.push(Token { kind, text: &rest[..length] });
        offset += length;
    }
    Ok(tokens)
}

/// Operators of more than one character, the longer before their own beginnings. Any other operator is one character;
/// an operator split in two is still sent on as it was written.
const OPERATORS: [&str; 28] = [
    "!~~*", "!~~", "!~*", "~~*", "->>", "#>>", "!~", "~~", "~*", "::", ":=", "<=", ">=", "<>", "!=", "||",
    "<<", ">>", "->", "=>", "#>", "@>", "<@", "@@", "&&", "?|", "?&", "^@",
];

const SINGLE_OPERATORS: &str = "+-*/<>=~!@#%^&|`?,;:.()[]{}";

/// The first token of `rest`, which is not empty: its kind and its length in bytes.
fn token(rest: &str, after_operand: bool) -> Result<(TokenKind, usize), Problem> {
    let first = rest.chars().next().unwrap_or_default();
    let second = rest.chars().nth(1);
    Ok(match first {
        _ if is_space(first) => (TokenKind::Whitespace, run(rest, is_space)),
        '-' if second == Some('-') => {
            (TokenKind::LineComment, run(rest, |character| !matches!(character, '\n' | '\r')))
        }
        '/' if second == Some('*') => (TokenKind::BlockComment, block_comment(rest)?),
        '\'' => (TokenKind::String, quoted_string(rest, 1)?),
        'e' | 'E' if second == Some('\'') => (TokenKind::String, quoted_string(rest, 2)?),
        '"' => (TokenKind::QuotedIdentifier, quoted_identifier(rest)?),
        '$' => dollar(rest)?,
        '0'..='9' => (TokenKind::Number, number(rest)?),
        '.' if second.is_some_and(|character| character.is_ascii_digit()) && !after_operand => {
            (TokenKind::Number, number(rest)?)
        }
        _ if is_word_start(first) => (TokenKind::Word, run(rest, is_word_part)),
        // `#name` is a temporary table; between operands `#` is the bitwise XOR.
        '#' if second.is_some_and(is_word_start) && !after_operand => {
            (TokenKind::Word, 1 + run(&rest[1..], is_word_part))
        }
        _ => (
            TokenKind::Operator,
            OPERATORS
                .iter()
                .find(|operator| rest.starts_with(**operator))
                .map(|operator| operator.len())
                .or(SINGLE_OPERATORS.contains(first).then_some(1))
                .ok_or(Problem::UnexpectedCharacter(first))?,
        ),
    })
}

/// Whether the token directly before can end an operand, which makes `.` and `#` after it punctuation.
fn ends_operand(token: &Token<'_>) -> bool {
    match token.kind {
        TokenKind::Operator => matches!(token.text, ")" | "]"),
        TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => false,
        _ => true,
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// Every character beyond ASCII counts as a letter, as in PostgreSQL's scanner.
fn is_word_start(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || !character.is_ascii()
}

fn is_word_part(character: char) -> bool {
    is_word_start(character) || character.is_ascii_digit() || character == '$'
}

/// Length in bytes of the leading characters of `text` that satisfy `belongs`.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character)).unwrap_or(text.len())
}

fn block_comment(rest: &str) -> Result<usize, Problem> {
    let bytes = rest.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Ok(at);
                }
            }
            _ => at += 1,
        }
    }
    Err(Problem::UnterminatedComment)
}

/// Length of a quoted string whose contents begin at byte `start`.
fn quoted_string(rest: &str, start: usize) -> Result<usize, Problem> {
    let bytes = rest.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return Ok(at + 1),
            _ => at += 1,
        }
    }
    Err(Problem::UnterminatedString)
}

fn quoted_identifier(rest: &str) -> Result<usize, Problem> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' if bytes.get(at + 1) == Some(&b'"') => at += 2,
            b'"' => return Ok(at + 1),
            _ => at += 1,
        }
    }
    Err(Problem::UnterminatedIdentifier)
}

/// `$1`, or a dollar-quoted string.
fn dollar(rest: &str) -> Result<(TokenKind, usize), Problem> {
    let digits = run(&rest[1..], |character| character.is_ascii_digit());
    if digits > 0 {
        return Ok((TokenKind::Parameter, 1 + digits));
    }
    let is_tag_part = |character| is_word_start(character) || character.is_ascii_digit();
    let tag_end = 1 + run(&rest[1..], is_tag_part);
    if !rest[tag_end..].starts_with('$') {
        return Err(Problem::UnexpectedCharacter('$'));
    }
    let tag = &rest[..=tag_end];
    let body = &rest[tag.len()..];
    let close = body.find(tag).ok_or(Problem::UnterminatedDollarString)?;
    Ok((TokenKind::DollarString, tag.len() + close + tag.len()))
}

/// Length of a number: digits, a fraction, an exponent only if it has digits. What PostgreSQL reads beyond that (`1_000`,
/// `0x1F`) is no number of Redshift's.
fn number(rest: &str) -> Result<usize, Problem> {
    let digits = |text: &str| run(text, |character| character.is_ascii_digit());
    let mut length = digits(rest);
    if rest[length..].starts_with('.') && !rest[length..].starts_with("..") {
        length += 1;
        length += digits(&rest[length..]);
    }
    let exponent = &rest[length..];
    if exponent.starts_with(['e', 'E']) {
        let sign = usize::from(exponent[1..].starts_with(['+', '-']));
        let count = digits(&exponent[1 + sign..]);
        if count > 0 {
            length += 1 + sign + count;
        }
    }
    match rest[length..].chars().next() {
        Some('_') => Err(Problem::UnexpectedCharacter('_')),
        Some(base @ ('x' | 'X' | 'o' | 'O' | 'b' | 'B')) if &rest[..length] == "0" => {
            Err(Problem::UnexpectedCharacter(base))
        }
        _ => Ok(length),
    }
}

/// The value of a string's contents: `''` and the backslash escapes resolved as PostgreSQL does for `E'…'`.
fn unescape(contents: &str) -> Cow<'_, str> {
    if !contents.contains(['\\', '\'']) {
        return Cow::Borrowed(contents);
    }
    let mut value = String::with_capacity(contents.len());
    let mut rest = contents;
    while let Some(at) = rest.find(['\\', '\'']) {
        value.push_str(&rest[..at]);
        let special = &rest[at..];
        let (character, length) = if special.starts_with('\'') { ('\'', 2) } else { escape(special) };
        value.push(character);
        rest = &special[length.min(special.len())..];
    }
    value.push_str(rest);
    Cow::Owned(value)
}

/// The character that a leading backslash escape stands for, and the escape's length in bytes.
fn escape(text: &str) -> (char, usize) {
    let mut characters = text.chars().skip(1);
    let Some(kind) = characters.next() else {
        return ('\\', 1);
    };
    let radix_run = |skip: usize, radix: u32, most: usize| {
        let digits =
            text[skip..].bytes().take(most).take_while(|byte| char::from(*byte).is_digit(radix)).count();
        // At most three octal or eight hexadecimal digits fit into 32 bits.
        let code = u32::from_str_radix(&text[skip..skip + digits], radix).ok();
        code.and_then(char::from_u32).map(|character| (character, skip + digits))
    };
    match kind {
        'b' => Some(('\x08', 2)),
        'f' => Some(('\x0c', 2)),
        'n' => Some(('\n', 2)),
        'r' => Some(('\r', 2)),
        't' => Some(('\t', 2)),
        'x' => radix_run(2, 16, 2),
        'u' => radix_run(2, 16, 4),
        'U' => radix_run(2, 16, 8),
        '0'..='7' => radix_run(1, 8, 3),
        _ => None,
    }
    .unwrap_or((kind, 1 + kind.len_utf8()))
}

#[cfg(test)]
#[path = "lexer_tests.rs"]
mod tests;
