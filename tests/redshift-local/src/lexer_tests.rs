//! The lexer gives back what it read, and reads every kind of token as Redshift does.

use super::{Problem, Token, TokenKind, tokenize};
use proptest::prelude::*;

fn kinds(sql: &str) -> Vec<(TokenKind, &str)> {
    tokenize(sql)
        .unwrap()
        .iter()
        .filter(|token| token.kind != TokenKind::Whitespace)
        .map(|token| (token.kind, token.text))
        .collect()
}

fn only(sql: &str) -> Token<'_> {
    let tokens = tokenize(sql).unwrap();
    assert_eq!(tokens.len(), 1, "{tokens:?}");
    tokens[0]
}

#[test]
fn every_kind_of_token() {
    use TokenKind::*;
    assert_eq!(
        kinds("SELECT \"a\"\"b\", $1::int -- c\n/* x /* y */ z */ 'it''s' E'\\'' $f$ ; $f$ 1.5e-3"),
        [
            (Word, "SELECT"),
            (QuotedIdentifier, "\"a\"\"b\""),
            (Operator, ","),
            (Parameter, "$1"),
            (Operator, "::"),
            (Word, "int"),
            (LineComment, "-- c"),
            (BlockComment, "/* x /* y */ z */"),
            (String, "'it''s'"),
            (String, "E'\\''"),
            (DollarString, "$f$ ; $f$"),
            (Number, "1.5e-3"),
        ]
    );
}

#[test]
fn a_backslash_escapes_in_an_ordinary_literal() {
    assert_eq!(only(r"'a\'b;\\c\n\x41\101\q'").string_value().unwrap(), "a'b;\\c\nAAq");
    assert_eq!(only("$x$ a\\n $x$").string_value().unwrap(), " a\\n ");
}

#[test]
fn names_fold_unless_quoted() {
    assert_eq!(only("Größe_A$1").identifier().unwrap(), "größe_a$1");
    assert_eq!(only("\"A\"\"b\"").identifier().unwrap(), "A\"b");
    assert_eq!(only("'a'").identifier(), None);
}

#[test]
fn a_hash_begins_a_temporary_name_or_is_an_operator() {
    use TokenKind::*;
    assert_eq!(
        kinds("from #t where a#b"),
        [(Word, "from"), (Word, "#t"), (Word, "where"), (Word, "a"), (Operator, "#"), (Word, "b")]
    );
}

#[test]
fn a_number_ends_before_a_word_and_a_column_reference_is_no_number() {
    use TokenKind::*;
    assert_eq!(kinds("4WHEN"), [(Number, "4"), (Word, "WHEN")]);
    assert_eq!(kinds("t.1"), [(Word, "t"), (Operator, "."), (Number, "1")]);
    assert_eq!(kinds(".5"), [(Number, ".5")]);
}

#[test]
fn what_does_not_end_is_an_error_with_its_place() {
    for (sql, problem, offset) in [
        ("a 'b\\'", Problem::UnterminatedString, 2),
        ("$a$ $b$", Problem::UnterminatedDollarString, 0),
        ("x \"y", Problem::UnterminatedIdentifier, 2),
        ("a 1_000", Problem::UnexpectedCharacter('_'), 2),
        ("0x1F", Problem::UnexpectedCharacter('x'), 0),
        ("/* /* */", Problem::UnterminatedComment, 0),
        ("select \\", Problem::UnexpectedCharacter('\\'), 7),
    ] {
        let error = tokenize(sql).unwrap_err();
        assert_eq!((error.problem, error.offset), (problem, offset), "{sql}");
    }
}

fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ \\t\\n]{1,3}",
        "[A-Za-z_é][A-Za-z0-9_$é]{0,6}",
        "[0-9]{1,4}(\\.[0-9]{0,2})?([eE][+-]?[0-9])?",
        "\\$[0-9]{1,2}",
        "'([^'\\\\]|''|\\\\.){0,6}'",
        "\"([^\"]|\"\"){0,6}\"",
        "--[^\\n]{0,6}\\n",
        "/\\*[^*/]{0,6}\\*/",
        "\\$(q)?\\$[^$]{0,6}",
        "[-+*/<>=~!@#%^&|?,;:.()\\[\\]{}]{1,3}",
    ]
}

proptest! {
    #[test]
    fn tokens_joined_are_the_text(fragments in proptest::collection::vec(fragment(), 0..20)) {
        let sql = fragments.concat();
        if let Ok(tokens) = tokenize(&sql) {
            prop_assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), sql.as_str());
            prop_assert!(tokens.iter().all(|token| !token.text.is_empty()));
        }
    }

    #[test]
    fn any_text_is_cut_or_refused_without_panic(sql in "\\PC{0,40}") {
        if let Ok(tokens) = tokenize(&sql) {
            for token in tokens {
                let _ = (token.string_value(), token.identifier());
            }
        }
    }

    #[test]
    fn a_quoted_value_is_read_back(value in "\\PC{0,20}") {
        let literal = format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''"));
        let token = tokenize(&literal).unwrap()[0];
        prop_assert_eq!(token.string_value().unwrap(), value);
    }
}
