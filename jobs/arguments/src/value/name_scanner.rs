//! Reads names off a text: bare ones, which Redshift folds to lower case, and quoted ones, which are taken as
//! they are.
//!
//! Source of the rules: Redshift Developer Guide, page `r_names`. What stands between names is the callers'
//! business.
//!
//! It is not the lexer of SQL texts (`migration::text`), and shares no code with it: a value of an argument is
//! no SQL. It holds no comments and no literals, one kind of value has its names between other quotes, and what
//! is malformed is refused with its position, where that lexer passes it over.

use std::iter::Peekable;
use std::str::Chars;

use migration::name::Identifier;

use crate::value::ValueError;

/// A place in a text, read from its beginning.
pub(super) struct NameScanner<'a> {
    rest: Peekable<Chars<'a>>,
    /// How many characters are read.
    read: usize,
    /// What a value looks like, for errors.
    form: &'static str,
}

impl<'a> NameScanner<'a> {
    /// Begins at the start of a text. `form` says in errors what the whole looks like.
    pub(super) fn new(text: &'a str, form: &'static str) -> Self {
        Self { rest: text.chars().peekable(), read: 0, form }
    }

    /// The position of the next character, counted from 1.
    pub(super) fn position(&self) -> usize {
        self.read + 1
    }

    /// The next character, which stays.
    pub(super) fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    /// Takes the next character.
    fn next(&mut self) -> Option<char> {
        let character = self.rest.next()?;
        self.read += 1;
        Some(character)
    }

    /// Takes the next character if it is this one.
    pub(super) fn take(&mut self, wanted: char) -> bool {
        self.peek() == Some(wanted) && self.next().is_some()
    }

    /// Takes blanks.
    pub(super) fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// Takes one name. A quoted name stands between two of the same `quotes`, which stand doubled inside it.
    ///
    /// # Errors
    /// There is no name at this position, its quote does not end, or Redshift knows no such name.
    pub(super) fn name(&mut self, quotes: &[char]) -> Result<Identifier, ValueError> {
        let start = self.position();
        let name = match self.peek() {
            Some(quote) if quotes.contains(&quote) => self.quoted(quote)?,
            Some(first) if begins_bare_name(first) => self.bare(),
            _ => return Err(self.malformed("expects a name")),
        };
        Identifier::new(name).map_err(|error| {
            ValueError::new(format!("holds a bad name at position {start} ({error})"), self.form)
        })
    }

    /// Takes a name in quotes, verbatim.
    fn quoted(&mut self, quote: char) -> Result<String, ValueError> {
        let start = self.position();
        self.next();
        let mut name = String::new();
        while let Some(character) = self.next() {
            if character == quote && !self.take(quote) {
                return Ok(name);
            }
            name.push(character);
        }
        Err(ValueError::new(format!("holds a quote at position {start} that does not end"), self.form))
    }

    /// Takes a name without quotes, ASCII letters in lower case.
    fn bare(&mut self) -> String {
        let mut name = String::new();
        while let Some(character) = self.rest.next_if(|&character| continues_bare_name(character)) {
            self.read += 1;
            name.push(character.to_ascii_lowercase());
        }
        name
    }

    /// The error for what stands at this position.
    pub(super) fn malformed(&mut self, expectation: &str) -> ValueError {
        let found = if self.peek().is_some() { "something else" } else { "the end" };
        ValueError::new(format!("{expectation} at position {} and finds {found}", self.position()), self.form)
    }
}

/// Whether a name without quotes may begin with the character.
fn begins_bare_name(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_' || is_multibyte(character)
}

/// Whether a name without quotes may go on with the character.
fn continues_bare_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$') || is_multibyte(character)
}

/// A character of two to four bytes in UTF-8. Blanks and typographic quotes are among them; those come from a
/// word processor.
fn is_multibyte(character: char) -> bool {
    !character.is_ascii() && character.is_alphanumeric()
}
