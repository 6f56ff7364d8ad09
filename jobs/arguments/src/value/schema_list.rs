//! A list of schemas.

use std::collections::BTreeSet;

use migration::name::Identifier;

use crate::value::ValueError;
use crate::value::name_scanner::NameScanner;

/// What a list looks like.
const FORM: &str =
    "give a,b or ('a','b'), and put a name in quotes that is more than letters, digits, _ and $";

/// Both kinds of quotes: `'a'` as in the SQL list that DBAs know, `"a"` as Redshift quotes a name.
const QUOTES: [char; 2] = ['\'', '"'];

/// Reads `a,b` or `('a','b')`: at least one name, none twice, in their order. Quoted names are taken
/// verbatim, with their quote doubled inside; bare ones in lower case, as Redshift folds them (Developer
/// Guide, `r_names`).
///
/// # Errors
/// The list is empty or malformed, or names a schema twice; the error gives the position, counted from 1.
pub fn parse_schemas(text: &str) -> Result<Vec<Identifier>, ValueError> {
    let mut scanner = NameScanner::new(text, FORM);
    scanner.skip_blanks();
    let in_parentheses = scanner.take('(');
    scanner.skip_blanks();
    if scanner.peek().is_none_or(|character| character == ')') {
        return Err(ValueError::new("names no schema", FORM));
    }
    let mut seen = BTreeSet::new();
    let mut schemas = Vec::new();
    loop {
        scanner.skip_blanks();
        let position = scanner.position();
        let schema = scanner.name(&QUOTES)?;
        if !seen.insert(schema.clone()) {
            return Err(ValueError::new(
                format!("names the schema {schema} twice, the second time at position {position}"),
                "leave one of the two out",
            ));
        }
        schemas.push(schema);
        scanner.skip_blanks();
        if !scanner.take(',') {
            break;
        }
    }
    if in_parentheses && !scanner.take(')') {
        return Err(scanner.malformed("expects a comma or the closing parenthesis"));
    }
    scanner.skip_blanks();
    match scanner.peek() {
        None => Ok(schemas),
        Some(_) if in_parentheses => Err(scanner.malformed("expects nothing more")),
        Some(_) => Err(scanner.malformed("expects a comma")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::parse_schemas;

    fn names(text: &str) -> Vec<String> {
        parse_schemas(text).unwrap().iter().map(|schema| schema.as_str().to_owned()).collect()
    }

    #[test]
    fn reads_both_forms() {
        assert_eq!(names("a"), ["a"]);
        assert_eq!(names("a,b"), ["a", "b"]);
        assert_eq!(names(" a , b "), ["a", "b"]);
        assert_eq!(names("('a','b')"), ["a", "b"]);
        assert_eq!(names("( 'a' , 'b' )"), ["a", "b"]);
        assert_eq!(names("(a, b)"), ["a", "b"]);
        assert_eq!(names(r#"'a',"b""#), ["a", "b"]);
    }

    #[test]
    fn folds_bare_names_and_keeps_quoted_ones() {
        assert_eq!(names("Sales,_X$1,Ärger"), ["sales", "_x$1", "Ärger"]);
        assert_eq!(names("('Sales')"), ["Sales"]);
        assert_eq!(names("('a,b','it''s','say \"x\"',' ')"), ["a,b", "it's", "say \"x\"", " "]);
        assert_eq!(names(r#""my-schema","a""b""#), ["my-schema", "a\"b"]);
    }

    proptest! {
        #[test]
        fn any_quoted_names_come_back(wanted in prop::collection::btree_set("[^\\x00]{1,31}", 1..5)) {
            for quote in ['\'', '"'] {
                let doubled = format!("{quote}{quote}");
                let quoted = |name: &String| format!("{quote}{}{quote}", name.replace(quote, &doubled));
                let text = format!("({})", wanted.iter().map(quoted).collect::<Vec<_>>().join(", "));
                prop_assert_eq!(&names(&text).into_iter().collect::<BTreeSet<_>>(), &wanted);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = parse_schemas(&text);
        }
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let error = |text: &str| parse_schemas(text).unwrap_err().to_string();
        for text in ["", "  ", "()", "( )"] {
            assert!(error(text).starts_with("names no schema;"), "{text}");
        }
        assert!(error("a,").starts_with("expects a name at position 3 and finds the end;"));
        assert!(error("a,,b").starts_with("expects a name at position 3 and finds something else;"));
        assert!(error("my-schema").starts_with("expects a comma at position 3"));
        assert!(error("('a','b'").starts_with("expects a comma or the closing parenthesis at position 9"));
        assert!(error("('a')x").starts_with("expects nothing more at position 6"));
        assert!(error("('a','b").starts_with("holds a quote at position 6 that does not end"));
        assert!(error("a b").starts_with("expects a comma at position 3"));
        assert!(error("''").starts_with("holds a bad name at position 1"));
        assert!(error("[\"a\"]").starts_with("expects a name at position 1"));
        assert!(error("‘a’").starts_with("expects a name at position 1"));
        assert!(error("a,B,A").starts_with("names the schema \"a\" twice, the second time at position 5"));
    }
}
