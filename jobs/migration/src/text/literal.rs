//! What the text of a literal stands for.

/// The value of a literal, from its text as the lexer cuts it: `'it''s'`, `E'a\n'`, `$tag$…$tag$`. One that is not closed ends
/// with the text.
pub(super) fn value(text: &str) -> String {
    if let Some((tag, _)) = text.strip_prefix('$').and_then(|rest| rest.split_once('$')) {
        let (delimiter, body) = text.split_at(tag.len() + 2);
        return body.strip_suffix(delimiter).unwrap_or(body).to_owned();
    }
    // Before the quote stands nothing, or a letter.
    let mut rest = text.split_once('\'').map_or("", |(_, rest)| rest);
    let mut value = String::with_capacity(rest.len());
    while let Some(at) = rest.find(['\'', '\\']) {
        value.push_str(&rest[..at]);
        let (quote, behind) = rest[at..].split_at(1);
        if quote == "\\" {
            let (character, length) = escaped(behind);
            value.extend(character);
            rest = &behind[length..];
        } else if let Some(doubled) = behind.strip_prefix('\'') {
            value.push('\'');
            rest = doubled;
        } else {
            return value;
        }
    }
    value.push_str(rest);
    value
}

/// The character that stands behind a backslash, and how long what says so is: `\n` and its kin, numbers in octal (`\047`) or
/// behind an x (`\x27`), and any other character for itself.
fn escaped(text: &str) -> (Option<char>, usize) {
    let number = |skipped: usize, radix: u32, most: usize| {
        let digits = text[skipped..].chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
        // Beyond ASCII it is a byte of a character, which no name is written by.
        let code = u8::from_str_radix(&text[skipped..skipped + digits], radix).ok().filter(u8::is_ascii);
        code.map(|code| (Some(char::from(code)), skipped + digits))
    };
    let known = match text.chars().next() {
        None => Some((None, 0)),
        Some('b') => Some((Some('\u{8}'), 1)),
        Some('f') => Some((Some('\u{c}'), 1)),
        Some('n') => Some((Some('\n'), 1)),
        Some('r') => Some((Some('\r'), 1)),
        Some('t') => Some((Some('\t'), 1)),
        Some('x') => number(1, 16, 2),
        Some('0'..='7') => number(0, 8, 3),
        Some(_) => None,
    };
    known.unwrap_or_else(|| {
        let itself = text.chars().next();
        (itself, itself.map_or(0, char::len_utf8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{DollarQuoted, Literal};
    use proptest::prelude::*;

    #[test]
    fn quotes_and_backslashes_are_undone() {
        for (text, expected) in [
            ("''", ""),
            ("'it''s'", "it's"),
            (r"'it\'s \\ \n\q'", "it's \\ \nq"),
            (r"E'\047s\x2et\x27 \x \303'", "'s.t' x 303"),
            ("e'a'", "a"),
            ("$$a'b$$", "a'b"),
            ("$q$ $$ $q$", " $$ "),
            ("'open", "open"),
            (r"'open\", "open"),
            ("$q$open", "open"),
            ("$$", ""),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_quoted_is_undone(text in "[^\0]{0,20}") {
            prop_assert_eq!(value(&Literal::text(text.clone()).to_string()), text.clone());
            prop_assert_eq!(value(&DollarQuoted::new(text.clone()).to_string()), text);
        }
    }
}
