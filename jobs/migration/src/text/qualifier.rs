//! A qualifier that a catalog puts before names of its own accord.

use super::token::{Comments, Token, tokens};

/// An expression with the names of two parts that begin with `qualifier` by their second part alone. In a name of more parts the same word
/// is something else, and stays, as does what is in literals.
pub fn without_qualifier(expression: &str, qualifier: &str) -> String {
    let pieces: Vec<Token> = tokens(expression, Comments::Nested).collect();
    let is_dot = |at: usize| pieces.get(at).is_some_and(|piece| piece.is_sign("."));
    let is_qualifier = |piece: &Token| piece.names().iter().any(|name| name.as_str() == qualifier);
    let (mut kept, mut copied) = (String::with_capacity(expression.len()), 0);
    for (at, piece) in pieces.iter().enumerate() {
        let of_two_parts = is_dot(at + 1) && !is_dot(at + 3) && (at == 0 || !is_dot(at - 1));
        if of_two_parts && is_qualifier(piece) {
            kept.push_str(&expression[copied..piece.end - piece.text.len()]);
            copied = pieces[at + 1].end;
        }
    }
    kept.push_str(&expression[copied..]);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_qualifier_of_two_parts_goes() {
        for (expression, expected) in [
            ("m.a + \"m\".\"b\" || M.c", "a + \"b\" || c"),
            ("um.a, m.s.t, x.m.a, m, 'm.a'", "um.a, m.s.t, x.m.a, m, 'm.a'"),
            ("m.", ""),
        ] {
            assert_eq!(without_qualifier(expression, "m"), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[m .,();'\"$-]{0,60}") {
            without_qualifier(&text, "m");
        }
    }
}
