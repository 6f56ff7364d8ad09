//! Names in texts that are SQL, in pieces of it, and in any text.

use super::*;
use crate::name::{DollarQuoted, Literal};
use proptest::prelude::*;

fn id(name: &str) -> Identifier {
    Identifier::new(name).unwrap()
}

fn name(schema: &str, name: &str) -> QualifiedName {
    QualifiedName::new(id(schema), id(name))
}

/// The names of a text: `schema.name`, with a parenthesis behind those that are called.
fn named(sql: &str, reading: Reading) -> Vec<String> {
    let plain = |mention: Mention| {
        let schema = mention.schema.map(|schema| format!("{}.", schema.as_str())).unwrap_or_default();
        format!("{schema}{}{}", mention.name.as_str(), if mention.called { "(" } else { "" })
    };
    mentions(sql, reading).into_iter().map(plain).collect()
}

/// Those with a schema, literals read.
fn qualified(sql: &str) -> Vec<String> {
    named(sql, Reading::BodyWithLiterals).into_iter().filter(|name| name.contains('.')).collect()
}

#[test]
fn names_are_found_with_their_schemas_and_calls() {
    assert_eq!(
        named("f (x.a), 's.in_text', S.\"T t\" x -- s.in_comment\n, db.s.u", Reading::Sql),
        ["db", "f(", "s", "x", "db.s", "s.T t", "s.t t", "s.u", "x.a"]
    );
    let found = mentions("f(), db.s.u", Reading::Sql);
    assert!(found.iter().any(|mention| mention.may_be(&name("any", "f"))));
    assert!(found.iter().any(|mention| mention.may_be(&name("s", "u"))));
    assert!(!found.iter().any(|mention| mention.may_be(&name("other", "u"))));
    assert!(found.iter().any(|mention| mention.qualified() == Some(name("s", "u"))));
    assert_eq!(schemas_named("a.b, c, 'd.e'", Reading::Sql), BTreeSet::from([id("a")]));
    assert_eq!(schemas_named("a.b, c, 'd.e'", Reading::BodyWithLiterals), BTreeSet::from([id("a"), id("d")]));
}

#[test]
fn blanks_and_comments_may_stand_around_a_dot() {
    for text in ["s.t", "s . t", "s\n.\tt", "s./* x */t", "s/* . y */. -- x\n t", "S.T", "-- x\rs.t"] {
        assert_eq!(qualified(text), ["s.t"], "{text}");
    }
    assert_eq!(schemas_named("s. /* /* */ u. */ t", Reading::Sql), BTreeSet::from([id("s")]));
    assert_eq!(qualified("x.\"Od d\".\"t\"\"y\""), ["Od d.t\"y", "od d.t\"y", "x.Od d", "x.od d"]);
    assert_eq!(qualified("Übung.Ärger, \"Übung\".Tag"), ["Übung.tag", "Übung.Ärger"]);
}

#[test]
fn a_block_comment_of_a_procedure_ends_at_its_first_end() {
    let text = "BEGIN /* load /* the old way */ DELETE FROM s.t; END";
    assert_eq!(qualified(text), ["s.t"]);
    assert_eq!(schemas_named(text, Reading::Sql), BTreeSet::new(), "in SQL it goes on");
    assert_eq!(qualified("EXECUTE 'SELECT /* a /* b */ s.u */ 1 FROM s.t'"), ["s.t", "s.u"]);
    // The body's comment ends at its first end, and that of the SQL in it does not.
    let text = "/* a /* b */ EXECUTE 'SELECT 1 /* x /* */ -- */ FROM s.t'";
    assert!(qualified(text).contains(&"s.t".to_owned()));
}

#[test]
fn a_dot_that_joins_no_names_makes_none() {
    for text in [
        "1.5", "1.e5", "t 1.e5", "1..n", "lo..hi", "s.'t'", "s.(t)", "s.*", "\"open", "s.\"open", "s,.t",
        "1.5.t", "s.$1", "''.t",
    ] {
        assert_eq!(qualified(text), [""; 0], "{text}");
    }
    assert_eq!(named("1e5 1.5E-3 .5e1 $1 x1", Reading::Sql), ["x1"]);
    assert_eq!(qualified("FOR i IN a.lo..b.hi LOOP"), ["a.lo", "b.hi"]);
}

#[test]
fn a_name_is_no_longer_than_redshift_keeps_it() {
    let long = "ü".repeat(80);
    assert_eq!(named(&format!("{long}.t"), Reading::Sql).len(), 2);
    assert!(
        mentions(&format!("{long}.t"), Reading::Sql).iter().any(|mention| {
            mention.schema.as_ref().is_some_and(|schema| schema.as_str() == "ü".repeat(63))
        })
    );
}

#[test]
fn literals_are_read_only_when_they_may_be_run() {
    let texts = [
        "EXECUTE 'INSERT INTO s.t VALUES (1)'",
        "EXECUTE $$DELETE FROM s . t$$",
        "EXECUTE $q$SELECT 'it''s' FROM s.t$q$",
        r"EXECUTE 'SELECT \'a\' FROM\ts.t'",
        r"EXECUTE E'SELECT 1 FROM\ns\x2et'",
        "EXECUTE 'CALL p(''EXECUTE ''''SELECT 1 FROM s.t'''''')'",
        "EXECUTE 'SELECT $$SELECT 1 FROM s.t$$'",
        "EXECUTE 'SELECT 1 FROM s.' || 't'",
        "EXECUTE 'SELECT 1 FROM s' || /* the table */ '.t' || x",
        "EXECUTE 'SELECT 1 FROM s.'\n    't'",
        "EXECUTE 'SELECT 1 WHERE a = ''' || x || ''' AND 0 < (SELECT 1 FROM s.t)'",
        "EXECUTE 'SELECT 1 WHERE a = ''' || x || ' -- '' AND 0 < (SELECT 1 FROM s.t)'",
        "EXECUTE 'SELECT 1 FROM \"' || x || '\" JOIN s.t ON \"' || y || '\" = 1'",
        "EXECUTE 'SELECT 1 FROM \"' || x || '\" JOIN \"s\".\"t\" ON true'",
        "EXECUTE 'SELECT 1 FROM s.t WHERE a = ''' || x || ''''",
        "EXECUTE 'SELECT 1 FROM s.t",
    ];
    for text in texts {
        assert!(qualified(text).contains(&"s.t".to_owned()), "{text}: {:?}", qualified(text));
        assert_eq!(named(text, Reading::Sql).iter().find(|name| name.contains('.')), None, "{text}");
    }
    for text in
        ["'-- s.t'", "'/* s.t */'", "$$ /* s.t */ $$", "'s' 1 '.t'", "'s', '.t'", "-- 's.t'", "/* $$s.t$$ */"]
    {
        assert_eq!(qualified(text), [""; 0], "{text}");
    }
}

#[test]
fn literals_in_each_other_are_read_to_a_depth_that_nobody_writes() {
    let nested = |depth| {
        (0..depth).fold("s.t".to_owned(), |text, _| DollarQuoted::new(format!("x {text}")).to_string())
    };
    assert_eq!(qualified(&nested(MAX_DEPTH)), ["s.t"]);
    assert_eq!(qualified(&nested(MAX_DEPTH + 1)), [""; 0]);
    let hostile: Vec<_> = (0..20_000).map(|tag| format!("$a{tag}$\"' ")).collect();
    assert!(mentions(&hostile.concat(), Reading::BodyWithLiterals).len() < 40_000);
}

/// Any names, as the catalog may hold them.
fn any_name() -> impl Strategy<Value = QualifiedName> {
    let part = || "[a-zA-Zü \"'.$/*\\\\-]{1,6}".prop_map(|name| id(&name));
    (part(), part()).prop_map(|(schema, name)| QualifiedName::new(schema, name))
}

/// Any piece of a text that is whole: nothing begins in it that does not end.
fn whole() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9_.,;()+=<>| \n$]{0,6}".prop_map(|text| text.replace('$', "$ ")),
        "[^\0]{0,8}".prop_map(|text| Literal::text(text).to_string()),
        "[^\0]{0,8}".prop_map(|text| DollarQuoted::new(text).to_string()),
        "[^\0]{1,8}".prop_map(|text| id(&text).to_string()),
        "[^\r\n]{0,8}".prop_map(|text| format!("--{text}\n")),
        "[^*/]{0,8}".prop_map(|text| format!("/*{text}/*{text}*/{text}*/")),
    ]
}

fn any_whole() -> impl Strategy<Value = String> {
    proptest::collection::vec(whole(), 0..6).prop_map(|pieces| pieces.join(" "))
}

fn finds(sql: &str, reading: Reading, wanted: &QualifiedName) -> bool {
    mentions(sql, reading).iter().any(|mention| mention.qualified().as_ref() == Some(wanted))
}

/// A name that no other piece holds, since they are shorter.
const UNIQUE: &str = "unmistakable_schema";

proptest! {
    #[test]
    fn a_name_in_quotes_is_found_wherever_it_stands(before in any_whole(), name in any_name(), after in any_whole()) {
        for reading in [Reading::Sql, Reading::BodyWithLiterals] {
            let together = format!("{before} {name} {after}");
            prop_assert!(finds(&together, reading, &name));
            let apart = format!("{before} {} /* . */ .\n-- x\n{} {after}", name.schema, name.name);
            prop_assert!(finds(&apart, reading, &name));
        }
    }

    #[test]
    fn what_stands_in_a_comment_is_never_found(before in any_whole(), name in "[a-z]{1,4}", after in any_whole()) {
        let without = mentions(&format!("{before} \n {after}"), Reading::Sql);
        for comment in [format!("--{UNIQUE}.{name}\n"), format!("/* /* x */ {UNIQUE}.{name} */")] {
            prop_assert_eq!(mentions(&format!("{before} {comment} {after}"), Reading::Sql), without.clone());
        }
    }

    #[test]
    fn what_stands_in_a_literal_is_found_only_where_literals_are_read(
        before in any_whole(), inside in any_whole(), after in any_whole(), dollars in any::<bool>(),
    ) {
        let name = name(UNIQUE, "t");
        let inside = format!("{inside} {name} {inside}");
        let quoted = if dollars { DollarQuoted::new(inside).to_string() } else { Literal::text(inside).to_string() };
        let text = format!("{before}; {quoted}; {after}");
        prop_assert!(!finds(&text, Reading::Sql, &name));
        prop_assert!(finds(&text, Reading::BodyWithLiterals, &name));
    }

    #[test]
    fn any_text_is_read_to_its_end(text in "\\PC*", odd in "[a\"'$x1./*\\\\ é\n\r-]{0,40}") {
        for text in [text, odd] {
            mentions(&text, Reading::BodyWithLiterals);
        }
    }
}
