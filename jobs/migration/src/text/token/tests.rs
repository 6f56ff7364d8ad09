//! The lexer on texts of every kind.

use super::*;
use proptest::prelude::*;

fn texts(sql: &str) -> Vec<&str> {
    tokens(sql, Comments::Nested).map(|token| token.text).collect()
}

fn kinds(sql: &str) -> Vec<TokenKind> {
    tokens(sql, Comments::Nested).map(|token| token.kind).collect()
}

#[test]
fn names_literals_and_comments_are_told_apart() {
    let sql = "SELECT \"a \"\"b\", 'it''s \\' f(' -- g(\n/* h /* i */ ( */ , $1, $x$ j('$x$ FROM s.Ünder_1";
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
    assert_eq!(tokens(sql, Comments::Nested).nth(1).unwrap().names(), [Identifier::new("a \"b").unwrap()]);
}

#[test]
fn a_bare_name_folds_its_letters_of_ascii_and_one_in_quotes_may() {
    let name = |text| -> Vec<String> {
        let names = tokens(text, Comments::Nested).next().unwrap().names();
        names.into_iter().map(String::from).collect()
    };
    assert_eq!(name("AbÜ_$1 x"), ["abÜ_$1"]);
    assert_eq!(name("\"AbÜ\""), ["AbÜ", "abÜ"]);
    for none in ["\"\"", "\"open", "\"open\"\"", "\"", "1a", "'a'", "$a$b$a$"] {
        assert_eq!(name(none), [""; 0], "{none}");
    }
}

#[test]
fn each_piece_ends_where_it_should() {
    use TokenKind::{Literal, Number, OpenName, QuotedName, Sign, Word};
    for (sql, pieces) in [
        ("E'a\\'b' e", vec![(Literal, "E'a\\'b'"), (Word, "e")]),
        ("x'ff' N'a' xe'b'", vec![(Literal, "x'ff'"), (Literal, "N'a'"), (Word, "xe"), (Literal, "'b'")]),
        ("'a''' 'b", vec![(Literal, "'a'''"), (Literal, "'b")]),
        ("'\\\\' b", vec![(Literal, "'\\\\'"), (Word, "b")]),
        ("$$a$b$$ c", vec![(Literal, "$$a$b$$"), (Word, "c")]),
        ("$a$ $b$ $a$ c", vec![(Literal, "$a$ $b$ $a$"), (Word, "c")]),
        ("$A$ $a$ b", vec![(Literal, "$A$ $a$ b")]),
        ("$1$ a$b$ c", vec![(Sign, "$"), (Number, "1"), (Sign, "$"), (Word, "a$b$"), (Word, "c")]),
        (
            "1..10 1.5e+3x 2.e",
            vec![
                (Number, "1"),
                (Sign, "."),
                (Number, ".10"),
                (Number, "1.5e+3"),
                (Word, "x"),
                (Number, "2."),
                (Word, "e"),
            ],
        ),
        ("a--b\rc--d", vec![(Word, "a"), (Word, "c")]),
        ("a/*b*//**/c/*/d/*x*/ */e/*/", vec![(Word, "a"), (Word, "c"), (Word, "e")]),
        ("\"a--\"\"/*\" \"b", vec![(QuotedName, "\"a--\"\"/*\""), (OpenName, "\"b")]),
        ("a\u{a0}b ü", vec![(Word, "a\u{a0}b"), (Word, "ü")]),
    ] {
        assert_eq!(
            tokens(sql, Comments::Nested).map(|token| (token.kind, token.text)).collect::<Vec<_>>(),
            pieces,
            "{sql}"
        );
    }
    assert_eq!(kinds(" \t\r\n\u{b}\u{c}-- x"), []);
}

proptest! {
    #[test]
    fn every_text_comes_to_its_end(any in "\\PC{0,30}", odd in "[a\"'$x1./*\\\\ é\n\r-]{0,30}") {
        let ways = [Comments::Nested, Comments::Flat];
        for (sql, comments) in [&any, &odd].into_iter().flat_map(|sql| ways.map(|way| (sql, way))) {
            let mut end = 0;
            for token in tokens(sql, comments) {
                prop_assert!(!token.text.is_empty());
                prop_assert!(sql[..token.end].ends_with(token.text));
                // What is passed over is nothing but blanks and comments.
                let between = &sql[end..token.end - token.text.len()];
                prop_assert_eq!(blank(between, comments), between.len());
                end = token.end;
            }
            prop_assert_eq!(blank(&sql[end..], comments), sql.len() - end);
        }
    }
}
