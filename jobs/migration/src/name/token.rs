//! The pieces of a text of SQL, as far as names are concerned.

/// A piece of SQL: comments and blanks lie between pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text, with any quotes.
    pub text: &'a str,
    /// Where it ends in the whole text.
    pub end: usize,
}

/// What a piece of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A key word or a bare name.
    Word,
    /// A name in quotes.
    Delimited,
    /// A literal, in single quotes or between dollar quotes.
    Literal,
    /// A digit, an operator, a parenthesis, a dot: one character.
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

    /// The name that it may be: bare ones fold to lower case (`r_names`).
    pub fn name(&self) -> Option<String> {
        match self.kind {
            TokenKind::Word => Some(self.text.to_lowercase()),
            TokenKind::Delimited => {
                let inside = self.text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                inside.map(|name| name.replace("\"\"", "\""))
            }
            TokenKind::Literal | TokenKind::Sign => None,
        }
    }
}

/// Reads a text from its beginning. What is not closed ends with the text.
pub(crate) fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        start += blank(&sql[start..]);
        let rest = &sql[start..];
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            '"' => (TokenKind::Delimited, quoted(rest, '"', false)),
            '\'' => (TokenKind::Literal, quoted(rest, '\'', true)),
            '$' => dollar_quoted(rest).map_or((TokenKind::Sign, 1), |length| (TokenKind::Literal, length)),
            first if starts_word(first) => {
                (TokenKind::Word, rest.find(|c| !continues_word(c)).unwrap_or(rest.len()))
            }
            other => (TokenKind::Sign, other.len_utf8()),
        };
        let text = &rest[..length];
        start += length;
        Some(Token { kind, text, end: start })
    })
}

fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The length of the blanks and comments at the beginning of a text. Block comments lie in each other.
fn blank(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.starts_with("--") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = &rest[block_comment(rest)..];
        } else {
            return text.len() - rest.len();
        }
    }
}

fn block_comment(text: &str) -> usize {
    let (mut at, mut depth) = (2, 1_usize);
    while depth > 0 {
        let ends = text[at..].find("*/");
        match (text[at..].find("/*"), ends) {
            (Some(begin), Some(end)) if begin < end => (at, depth) = (at + begin + 2, depth + 1),
            (_, Some(end)) => (at, depth) = (at + end + 2, depth - 1),
            (_, None) => return text.len(),
        }
    }
    at
}

/// The length of what begins with a quote: a doubled quote is one of its characters, and in a literal one behind a backslash.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if escapes && character == '\\' {
            characters.next();
        } else if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

/// The length of a literal between dollar quotes; none for a dollar that begins none, such as that of `$1`.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = text[1..].find('$').map(|end| &text[1..=end])?;
    let is_tag =
        tag.chars().all(|c| continues_word(c) && c != '$') && !tag.starts_with(|c: char| c.is_numeric());
    let delimiter = &text[..tag.len() + 2];
    is_tag.then(|| {
        let body = &text[delimiter.len()..];
        body.find(delimiter).map_or(text.len(), |end| delimiter.len() + end + delimiter.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(sql: &str) -> Vec<&str> {
        tokens(sql).map(|token| token.text).collect()
    }

    #[test]
    fn names_literals_and_comments_are_told_apart() {
        let sql =
            "SELECT \"a \"\"b\", 'it''s \\' f(' -- g(\n/* h /* i */ ( */ , $1, $x$ j('$x$ FROM s.Ünder_1";
        let expected = [
            "SELECT",
            "\"a \"\"b\"",
            ",",
            "'it''s \\' f('",
            ",",
            "$",
            "1",
            ",",
            "$x$ j('$x$",
            "FROM",
            "s",
            ".",
            "Ünder_1",
        ];
        assert_eq!(texts(sql), expected);
        assert_eq!(tokens(sql).nth(1).unwrap().name().unwrap(), "a \"b");
        assert_eq!(tokens("Abc").next().unwrap().name().unwrap(), "abc");
    }

    proptest! {
        #[test]
        fn every_text_comes_to_its_end(sql in "[a\"'$x1/*\\-\\\\ é\n]{0,30}") {
            let ends: Vec<_> = tokens(&sql).map(|token| token.end).collect();
            prop_assert!(ends.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(tokens(&sql).all(|token| sql[..token.end].ends_with(token.text)));
        }
    }
}
