//! A cursor over a statement's significant tokens, for statements whose clauses are read one after another.

use super::{StatementError, quote_identifier};
use crate::lexer::{Token, TokenKind};

/// Reads tokens from left to right, skipping whitespace and comments.
#[derive(Clone, Debug)]
pub struct Cursor<'t, 'a> {
    rest: &'t [Token<'a>],
}

impl<'t, 'a> Cursor<'t, 'a> {
    /// A cursor before the first of `tokens`.
    pub fn new(tokens: &'t [Token<'a>]) -> Self {
        Self { rest: tokens }
    }

    /// The next significant token, which stays the next.
    pub fn peek(&self) -> Option<&'t Token<'a>> {
        self.rest.iter().find(|token| token.is_significant())
    }

    /// The next significant token.
    pub fn next(&mut self) -> Option<&'t Token<'a>> {
        let at = self.rest.iter().position(Token::is_significant)?;
        let token = &self.rest[at];
        self.rest = &self.rest[at + 1..];
        Some(token)
    }

    /// Takes the next token if it is this word, in any case.
    pub fn take_word(&mut self, word: &str) -> bool {
        self.take_if(|token| token.is_word(word))
    }

    /// Takes the next token if it is one of these words, and tells which.
    pub fn take_any_word(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().find(|word| self.take_word(word)).copied()
    }

    /// Takes the next token if it is this operator or punctuation mark.
    pub fn take_operator(&mut self, operator: &str) -> bool {
        self.take_if(|token| token.is_operator(operator))
    }

    /// Takes the next token if it is an unquoted word, and gives it in lower case.
    pub fn take_keyword(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Word)?;
        self.next();
        Some(token.text.to_ascii_lowercase())
    }

    /// Takes these words if all of them come next.
    pub fn take_words(&mut self, words: &[&str]) -> bool {
        let mut ahead = self.clone();
        let taken = words.iter().all(|word| ahead.take_word(word));
        if taken {
            *self = ahead;
        }
        taken
    }

    /// Whether the next token is this word.
    pub fn at_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    /// Whether the next token is this operator or punctuation mark.
    pub fn at_operator(&self, operator: &str) -> bool {
        self.peek().is_some_and(|token| token.is_operator(operator))
    }

    /// Everything that has not been read.
    pub fn rest(&self) -> &'t [Token<'a>] {
        self.rest
    }

    /// Takes a list in parentheses and gives its elements, cut at the commas that stand in no inner parentheses.
    pub fn expect_list(&mut self) -> Result<Vec<&'t [Token<'a>]>, StatementError> {
        self.expect_operator("(")?;
        let inside = self.rest;
        let (mut depth, mut start, mut elements) = (0_usize, 0, Vec::new());
        for (at, token) in inside.iter().enumerate() {
            if token.is_operator("(") || token.is_operator("[") {
                depth += 1;
            } else if depth > 0 && (token.is_operator(")") || token.is_operator("]")) {
                depth -= 1;
            } else if depth == 0 && (token.is_operator(",") || token.is_operator(")")) {
                elements.push(&inside[start..at]);
                start = at + 1;
                if token.is_operator(")") {
                    self.rest = &inside[start..];
                    return Ok(elements);
                }
            }
        }
        self.rest = &[];
        Err(self.unexpected())
    }

    /// Takes a name with its qualifiers, and gives it with each part quoted.
    pub fn expect_qualified_name(&mut self) -> Result<String, StatementError> {
        let mut name = quote_identifier(&self.expect_identifier()?);
        while self.take_operator(".") {
            name.push('.');
            name.push_str(&quote_identifier(&self.expect_identifier()?));
        }
        Ok(name)
    }

    /// Takes names in parentheses, separated by commas.
    pub fn expect_name_list(&mut self) -> Result<Vec<String>, StatementError> {
        self.expect_list()?
            .into_iter()
            .map(|element| {
                let mut inner = Cursor::new(element);
                let name = inner.expect_identifier()?;
                inner.expect_end().map(|()| name)
            })
            .collect()
    }

    /// Takes an integer with or without a sign.
    pub fn expect_integer(&mut self) -> Result<i64, StatementError> {
        let sign = if self.take_operator("-") { "-" } else { "" };
        self.take_operator("+");
        let number = self.expect_number()?;
        format!("{sign}{number}").parse().map_err(|_| {
            StatementError::new("42601", format!("syntax error at or near \"{number}\": not an integer"))
        })
    }

    /// Takes the next token if it is a quoted string, and gives its value.
    pub fn take_string(&mut self) -> Option<String> {
        let value = self.peek().filter(|token| token.kind == TokenKind::String)?.string_value()?;
        self.next();
        Some(value.into_owned())
    }

    /// Takes this word, or fails.
    pub fn expect_word(&mut self, word: &str) -> Result<(), StatementError> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Takes these words, or fails.
    pub fn expect_words(&mut self, words: &[&str]) -> Result<(), StatementError> {
        words.iter().try_for_each(|word| self.expect_word(word))
    }

    /// Takes what `expect` takes, once or several times with commas between.
    pub fn expect_separated<T>(
        &mut self,
        expect: impl Fn(&mut Self) -> Result<T, StatementError>,
    ) -> Result<Vec<T>, StatementError> {
        let mut items = vec![expect(self)?];
        while self.take_operator(",") {
            items.push(expect(self)?);
        }
        Ok(items)
    }

    /// Takes this operator or punctuation mark, or fails.
    pub fn expect_operator(&mut self, operator: &str) -> Result<(), StatementError> {
        if self.take_operator(operator) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Takes a quoted string, or fails.
    pub fn expect_string(&mut self) -> Result<String, StatementError> {
        self.take_string().ok_or_else(|| self.unexpected())
    }

    /// Takes a name, or fails.
    pub fn expect_identifier(&mut self) -> Result<String, StatementError> {
        let name = self.peek().and_then(Token::identifier).ok_or_else(|| self.unexpected())?;
        self.next();
        Ok(name.into_owned())
    }

    /// Takes an unsigned number, and gives it as it is written; or fails.
    pub fn expect_number(&mut self) -> Result<&'a str, StatementError> {
        match self.peek() {
            Some(token) if token.kind == TokenKind::Number => {
                self.next();
                Ok(token.text)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Fails unless everything has been read.
    pub fn expect_end(&self) -> Result<(), StatementError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The error for the next token, which does not belong here. It never quotes a string: that may be a secret.
    pub fn unexpected(&self) -> StatementError {
        let place = match self.peek() {
            None => "at end of input".to_owned(),
            Some(token) if matches!(token.kind, TokenKind::String | TokenKind::DollarString) => {
                "at or near a quoted string".to_owned()
            }
            Some(token) => format!("at or near \"{}\"", token.text),
        };
        StatementError::new("42601", format!("syntax error {place}"))
    }

    fn take_if(&mut self, accept: impl Fn(&Token<'a>) -> bool) -> bool {
        let taken = self.peek().is_some_and(accept);
        if taken {
            self.next();
        }
        taken
    }
}
