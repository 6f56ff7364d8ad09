//! Statements in the body of a procedure that do more than their relations tell: they act on users, roles, schemas, privileges, policies,
//! sessions.

use super::mention::{Reading, each_text};
use super::token::{Token, TokenKind, tokens};
use crate::name::Identifier;

/// Whether a body has such a statement. One that makes a relation in a schema that is not `ours` is one: nothing has that name yet.
///
/// A key word counts wherever it stands, since no grammar of plpgsql says where a statement begins: a name too many does no harm.
pub(crate) fn reaches_beyond_names(body: &str, ours: impl Fn(&Identifier) -> bool) -> bool {
    let mut found = false;
    each_text(body, Reading::Body, |text, comments, _| {
        let all: Vec<_> = tokens(text, comments).collect();
        found |= (0..all.len()).any(|at| is_powerful(&all[at..], &ours));
    });
    found
}

/// Functions that act on other sessions, or on more than rows (`r_PG_TERMINATE_BACKEND`, `PG_CANCEL_BACKEND`).
const FUNCTIONS: [&str; 2] = ["pg_terminate_backend", "pg_cancel_backend"];

/// What stands behind ON in GRANT and REVOKE where it is no relation (`r_GRANT`, `r_REVOKE`).
const NO_RELATION: [&str; 12] = [
    "all",
    "copy",
    "database",
    "datashare",
    "external",
    "function",
    "functions",
    "language",
    "model",
    "procedure",
    "procedures",
    "template",
];

fn is_powerful(statement: &[Token<'_>], ours: impl Fn(&Identifier) -> bool) -> bool {
    let [first, rest @ ..] = statement else { return false };
    if first.kind != TokenKind::Word {
        return false;
    }
    match first.text.to_ascii_lowercase().as_str() {
        // Whatever is done to these by name is told by the name.
        "alter" | "drop" => !is_part_of_another(rest) && !is_relation(rest),
        "create" => !is_part_of_another(rest) && !is_relation_of_ours(rest, ours),
        "grant" if rest.first().is_some_and(|next| next.is_word("option")) => false,
        "grant" | "revoke" => !is_on_relation(rest, ours),
        "attach" | "detach" => {
            rest.first().is_some_and(|next| next.is_word("masking") || next.is_word("rls"))
        }
        "cancel" => rest.first().is_some_and(|next| next.kind == TokenKind::Number),
        "set" | "reset" => rest.first().is_some_and(|next| next.is_word("session")),
        function => FUNCTIONS.contains(&function),
    }
}

/// Whether the word before begins no statement: it is one of the privileges of GRANT, or a part of ALTER TABLE (`r_ALTER_TABLE`).
fn is_part_of_another(rest: &[Token<'_>]) -> bool {
    const PARTS: [&str; 15] = [
        "column",
        "compound",
        "constraint",
        "default",
        "distkey",
        "diststyle",
        "encode",
        "from",
        "interleaved",
        "not",
        "on",
        "partition",
        "row",
        "sortkey",
        "to",
    ];
    let is_part = |next: &Token<'_>| next.is_sign(",") || PARTS.iter().any(|word| next.is_word(word));
    rest.first().is_some_and(is_part)
        && !(rest[0].is_word("default") && rest.get(1).is_some_and(|it| it.is_word("privileges")))
}

/// Whether TABLE, VIEW or MATERIALIZED VIEW comes next.
fn is_relation(rest: &[Token<'_>]) -> bool {
    match rest {
        [kind, ..] if kind.is_word("table") || kind.is_word("view") => true,
        [materialized, view, ..] => materialized.is_word("materialized") && view.is_word("view"),
        _ => false,
    }
}

/// The same with the words of CREATE before it, for a name that is bare or of a schema of ours (`r_CREATE_TABLE_NEW`, `r_CREATE_VIEW`).
fn is_relation_of_ours(mut rest: &[Token<'_>], ours: impl Fn(&Identifier) -> bool) -> bool {
    let skip = |rest: &mut &[Token<'_>], words: &[&str]| {
        while let [first, behind @ ..] = *rest {
            if !words.iter().any(|word| first.is_word(word)) {
                break;
            }
            *rest = behind;
        }
    };
    skip(&mut rest, &["or", "replace", "local", "temp", "temporary"]);
    if !is_relation(rest) {
        return false;
    }
    skip(&mut rest, &["materialized", "table", "view", "if", "not", "exists"]);
    match rest {
        [schema, dot, ..] if dot.is_sign(".") => is_ours(schema, ours),
        [name, ..] => !name.names().is_empty(),
        [] => false,
    }
}

/// Whether GRANT or REVOKE is on relations by name, or on schemas of ours and what lies in them.
fn is_on_relation(rest: &[Token<'_>], ours: impl Fn(&Identifier) -> bool) -> bool {
    let ends =
        |token: &&Token<'_>| token.is_sign(";") || ["to", "from"].iter().any(|word| token.is_word(word));
    let said: Vec<_> = rest.iter().take_while(|token| !ends(token)).collect();
    let Some(on) = said.iter().position(|token| token.is_word("on")) else { return false };
    let on = &said[on + 1..];
    if let Some(schema) = on.iter().position(|token| token.is_word("schema")) {
        let names: Vec<_> = on[schema + 1..].iter().filter(|token| !token.is_sign(",")).collect();
        return !names.is_empty() && names.iter().all(|name| is_ours(name, &ours));
    }
    on.first()
        .is_some_and(|token| !token.names().is_empty() && !NO_RELATION.iter().any(|word| token.is_word(word)))
}

/// Whether it is a name, and whatever its case of ours.
fn is_ours(name: &Token<'_>, ours: impl Fn(&Identifier) -> bool) -> bool {
    let names = name.names();
    !names.is_empty() && names.iter().all(ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reaches(statement: &str) -> bool {
        let ours = |schema: &Identifier| schema.as_str().eq_ignore_ascii_case("shop");
        reaches_beyond_names(&format!("BEGIN /* a */ {statement}; END"), ours)
    }

    #[test]
    fn what_acts_on_more_than_relations_is_found() {
        for statement in [
            "ALTER USER low CREATEUSER",
            "ALTER SCHEMA other OWNER TO low",
            "alter default privileges grant select on tables to low",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA other GRANT SELECT ON TABLES TO low",
            "ALTER PROCEDURE other.p() OWNER TO low",
            "GRANT CREATE ON SCHEMA other TO low",
            "CREATE USER low PASSWORD DISABLE",
            "CREATE ROLE r",
            "CREATE OR REPLACE PROCEDURE shop.p() AS $$ $$",
            "CREATE TABLE other.made (a INTEGER)",
            "CREATE TABLE IF NOT EXISTS \"other\" . made (a INTEGER)",
            "CREATE OR REPLACE VIEW other.v AS SELECT 1",
            "CREATE MATERIALIZED VIEW other.v AS SELECT 1",
            "DROP SCHEMA other CASCADE",
            "DROP/**/ROLE r",
            "GRANT USAGE ON SCHEMA other TO low",
            "GRANT USAGE ON SCHEMA shop, other TO low",
            "GRANT ALL ON SCHEMA TO low",
            "GRANT SELECT ON ALL TABLES IN SCHEMA other TO low",
            "GRANT ROLE r TO low",
            "GRANT CREATE USER TO ROLE r",
            "GRANT SELECT FOR TABLES IN SCHEMA other TO low",
            "GRANT ASSUMEROLE ON 'arn:aws:iam::123456789012:role/r' TO low FOR COPY",
            "GRANT EXECUTE ON PROCEDURE other.p() TO low",
            "REVOKE ALL ON DATABASE dev FROM low",
            "ATTACH RLS POLICY p ON shop.t TO low",
            "DETACH MASKING POLICY p ON shop.t (a) FROM low",
            "PERFORM pg_terminate_backend(1)",
            "CANCEL 17",
            "SET SESSION AUTHORIZATION low",
        ] {
            assert!(reaches(statement), "{statement}");
        }
    }

    #[test]
    fn what_its_names_tell_is_not() {
        for statement in [
            "INSERT INTO shop.t SELECT attach, cancel FROM other.s",
            "CREATE TEMP TABLE made (a INTEGER)",
            "CREATE TABLE shop.made AS SELECT 1 AS a",
            "CREATE TABLE IF NOT EXISTS made (LIKE shop.t)",
            "DROP TABLE IF EXISTS made",
            "ALTER TABLE shop.t APPEND FROM made",
            "DROP MATERIALIZED VIEW shop.v",
            "GRANT SELECT, INSERT ON shop.t TO low",
            "GRANT SELECT (a) ON TABLE \"shop\".t TO GROUP readers",
            "REVOKE ALL ON shop.t FROM low",
            "GRANT USAGE ON SCHEMA shop, \"Shop\" TO low",
            "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO low",
            "GRANT SELECT, ALTER, DROP ON shop.t TO low WITH GRANT OPTION",
            "REVOKE GRANT OPTION FOR SELECT ON shop.t FROM low",
            "GRANT CREATE ON SCHEMA shop TO low",
            "ALTER TABLE shop.t DROP COLUMN a",
            "ALTER TABLE shop.t ALTER COLUMN a TYPE VARCHAR(9)",
            "ALTER TABLE shop.t ALTER COMPOUND SORTKEY (a)",
            "ALTER TABLE shop.t ALTER SORTKEY NONE",
            "SET query_group TO 'x'",
            "RAISE INFO 'DROP SCHEMA other'",
        ] {
            assert!(!reaches(statement), "{statement}");
        }
    }
}
