//! The tables themselves, and what the scan of a statement takes for what.

use super::table::rows;
use super::{check, missing, scan};
use crate::lexer::tokenize;
use crate::options::Kind;
use crate::statement::Names;

const PLACES: [&str; 4] = ["leader", "compute", "both", "partly"];
const KINDS: [&str; 3] = ["provisioned", "serverless", "both"];

fn names<'a>(found: &'a [scan::Name<'a>]) -> Vec<String> {
    let plain = |name: &scan::Name<'_>| match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.to_string(),
    };
    found.iter().map(plain).collect()
}

#[track_caller]
fn uses(sql: &str, functions: &[&str], relations: &[&str]) {
    let tokens = tokenize(sql).unwrap();
    let found = scan::scan(&tokens);
    assert_eq!(names(&found.functions), functions, "functions of {sql}");
    assert_eq!(names(&found.relations), relations, "relations of {sql}");
}

#[test]
fn every_row_of_the_tables_is_whole() {
    for [name, page, place, kind, form] in rows(include_str!("../../reference/functions.tsv")) {
        assert!(!name.is_empty() && !page.is_empty() && PLACES.contains(&place), "{name}");
        assert!(KINDS.contains(&kind) && ["call", "word"].contains(&form), "{name}");
    }
    for [name, page, place, kind, columns] in rows(include_str!("../../reference/relations.tsv")) {
        assert!(!page.is_empty() && PLACES.contains(&place) && KINDS.contains(&kind), "{name}");
        assert_eq!(place == "partly", !columns.is_empty(), "{name}");
    }
    for [name, page, kind, block] in rows(include_str!("../../reference/statements.tsv")) {
        let blocks = ["any", "single", "alone", "commits", "unsupported"];
        assert!(!page.is_empty() && KINDS.contains(&kind) && blocks.contains(&block), "{name}");
    }
    for [function, page, order] in rows(include_str!("../../reference/windows.tsv")) {
        assert!(!page.is_empty() && ["framed", "ordered", "none"].contains(&order), "{function}");
        assert!(super::function(function).is_some(), "{function} is not in functions.tsv");
    }
    // An operator may begin like a comment.
    assert!(!super::table::syntax("#>").is_empty());
    for [words, page, sqlstate] in rows(include_str!("../../reference/syntax.tsv")) {
        assert!(!page.is_empty() && ["0A000", "42601", "42703", "42883"].contains(&sqlstate), "{words}");
    }
}

#[test]
fn relations_are_found_wherever_they_are_read() {
    uses(
        "select a from s.t, u as x join \"V\" on f(a, b), w where a in (select b from y)",
        &["f"],
        &["s.t", "u", "V", "w", "y"],
    );
    uses("insert into t (a, b) select 1, 2 from (u natural join v)", &[], &["t", "u", "v"]);
    uses("update t set a = b, c = d from u, v where x = y", &[], &["t", "u", "v"]);
    uses("delete from t using u, v where f(1) = 2", &["f"], &["t", "u", "v"]);
    uses("select 1 union all (select 2 from t order by a, b)", &[], &["t"]);
    uses("explain select * from f(1) as c (a int), g", &["f"], &["g"]);
}

#[test]
fn what_is_no_clause_names_no_relation() {
    uses("select extract(year from a), trim(both from b), update, a from t", &["extract", "trim"], &["t"]);
    uses(
        "with recursive a (x, y) as (select 1 from t), b as (select 2 from a) select * from a, b, s.b",
        &[],
        &["t", "s.b"],
    );
}

#[test]
fn a_word_before_a_parenthesis_may_be_something_else() {
    uses(
        "select cast(a as numeric(10, 2)), b::varchar(10), x.f(1), sum(c) over (partition by g(d))",
        &["cast", "x.f", "sum", "g"],
        &[],
    );
    uses("select a from t u (b) where a in (1) and exists (select 1) group by rollup (a)", &[], &["t"]);
    uses("select case when f(1) then g(2) else h(3) end", &["f", "g", "h"], &[]);
}

#[test]
fn what_redshift_lacks_is_refused_and_what_only_this_program_lacks_says_so() {
    let refused = |sql, kind| check(sql, kind).expect_err(sql).to_string();
    assert_eq!(check("SELECT 1; SELECT len('a') FROM s.t", Kind::Serverless), Ok(2));
    assert_eq!(
        refused("SELECT frobnicate(1)", Kind::Provisioned),
        "function frobnicate does not exist (42883)"
    );
    assert_eq!(
        refused("SELECT 1 FROM stl_query", Kind::Serverless),
        "relation \"stl_query\" does not exist (42P01)"
    );
    assert_eq!(check("SELECT 1 FROM stl_query", Kind::Provisioned), Ok(1));
    let lacks = |message| missing(message, &Names::default(), "SELECT a AS b, b + 1");
    assert_eq!(
        lacks("function soundex(text) does not exist").as_deref(),
        Some("redshift-local: function soundex is not supported")
    );
    assert_eq!(
        lacks("relation \"svv_diskusage\" does not exist").as_deref(),
        Some("redshift-local: relation svv_diskusage is not supported")
    );
    assert_eq!(lacks("function f_mine(text) does not exist"), None);
    assert_eq!(
        lacks("column \"b\" does not exist").as_deref(),
        Some("redshift-local: the alias b in its own select list is not supported")
    );
    assert_eq!(lacks("column \"a\" does not exist"), None);
}
