//! Statements from end to end: what is recognised becomes this; what is not is refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Action, Effect, Names, Translation, translate};

fn translated(sql: &str) -> Translation {
    match translate(sql, &Names::default(), false) {
        Ok(Action::Run(translation)) => translation,
        other => panic!("{sql}: {other:?}"),
    }
}

fn refused(sql: &str) -> String {
    translate(sql, &Names::default(), false).expect_err(sql).message
}

/// The SQL without its attributes, and the attributes.
fn with_attributes(sql: &str) -> (String, serde_json::Value) {
    let sql = translated(sql).sql;
    let (statement, comment) = sql.split_once(" /*rs:").expect("attributes");
    let json = STANDARD.decode(comment.strip_suffix("*/").expect("the comment's end")).expect("base64");
    (statement.to_owned(), serde_json::from_slice(&json).expect("JSON"))
}

#[test]
fn create_table_keeps_redshifts_attributes_apart() {
    let (sql, attributes) = with_attributes(
        "CREATE TABLE s.\"T\" (a INT ENCODE ZSTD DISTKEY, b VARCHAR DEFAULT 'x,y' NOT NULL, c SUPER, \
         PRIMARY KEY (a, b), FOREIGN KEY (a) REFERENCES p (id)) BACKUP NO COMPOUND SORTKEY (b, a)",
    );
    assert_eq!(
        sql,
        "CREATE TABLE \"s\".\"t\" (\"a\" integer, \"b\" varchar(256) DEFAULT 'x,y' NOT NULL, \
         \"c\" redshift_catalog.super, PRIMARY KEY (\"a\", \"b\"), \
         FOREIGN KEY (\"a\") REFERENCES \"p\" (\"id\") NOT ENFORCED)"
    );
    assert_eq!(
        attributes,
        serde_json::json!({
            "table": {
                "diststyle": 1, "distkey": "a", "sort_style": "compound", "sort_key": ["b", "a"],
                "encode_auto": false, "encodings": {"a": "zstd"}, "backup": false,
            },
            "references": ["\"p\""],
        })
    );
}

#[test]
fn attributes_that_contradict_one_another_are_refused() {
    assert_eq!(refused("CREATE TABLE t (a INT) DISTSTYLE KEY"), "DISTSTYLE KEY needs a DISTKEY");
    assert_eq!(refused("CREATE TABLE t (a INT DISTKEY) DISTSTYLE EVEN"), "a DISTKEY needs DISTSTYLE KEY");
    assert_eq!(refused("CREATE TABLE t (a INT DISTKEY, b INT DISTKEY)"), "DISTKEY is given twice");
    assert_eq!(refused("CREATE TABLE t (a INT) SORTKEY (b)"), "column \"b\" named in key does not exist");
    assert_eq!(refused("CREATE TABLE t (a INT ENCODE gzip)"), "syntax error at or near \"gzip\"");
}

#[test]
fn defaults_end_where_the_next_attribute_begins() {
    let (sql, _) =
        with_attributes("CREATE TABLE t (a INT DEFAULT (1 + 2) NOT NULL, b INT DEFAULT NULL NULL)");
    assert_eq!(
        sql,
        "CREATE TABLE \"t\" (\"a\" integer DEFAULT (1 + 2) NOT NULL, \"b\" integer DEFAULT NULL)"
    );
}

#[test]
fn create_table_as_takes_attributes_before_its_query() {
    let (sql, attributes) =
        with_attributes("CREATE TEMP TABLE t (x, y) DISTSTYLE ALL AS SELECT nvl(a, 1), b FROM u");
    assert_eq!(sql, "CREATE TEMPORARY TABLE \"t\" (\"x\", \"y\") AS SELECT coalesce(a, 1), b FROM u");
    assert_eq!(attributes["table"]["diststyle"], 8);
}

#[test]
fn users_become_roles_that_log_in() {
    let user = translated(
        "CREATE USER \"Ann\" WITH PASSWORD 'Secret123' CREATEUSER IN GROUP a, b SYSLOG ACCESS UNRESTRICTED SESSION TIMEOUT 60",
    );
    for part in [
        "CREATE ROLE \"Ann\" LOGIN PASSWORD E''Secret123'' SUPERUSER IN ROLE \"group a\", \"group b\"; ",
        "CALL redshift_catalog.rs_set_user(E''Ann'', true, 60, NULL)",
    ] {
        assert!(user.sql.contains(part), "{}", user.sql);
    }
    assert_eq!(user.tag, Some("CREATE USER"));
}

#[test]
fn a_refused_password_is_not_repeated() {
    for sql in [
        "CREATE USER u PASSWORD 'hunter'",
        "CREATE USER u PASSWORD 'sha256|hunter'",
        "CREATE USER u PASSWORD 'hunter22'",
        "ALTER USER u PASSWORD 'Hunter2\"'",
    ] {
        assert!(!refused(sql).to_lowercase().contains("hunter"), "{}", refused(sql));
    }
}

#[test]
fn search_paths_get_their_tail() {
    assert_eq!(
        translated("SET search_path = '$user', public").sql,
        "SET search_path TO '$user', public, redshift_catalog, pg_catalog"
    );
    assert_eq!(translated("SET search_path TO DEFAULT").sql, "SET search_path TO DEFAULT");
    assert_eq!(
        translated("ALTER USER u SET search_path TO a").sql,
        "ALTER ROLE \"u\" SET search_path TO a, redshift_catalog, pg_catalog"
    );
}

#[test]
fn grants_with_and_without_option_part() {
    let grant = translated("GRANT INSERT, DROP ON t TO GROUP g, u WITH GRANT OPTION, ROLE r, PUBLIC");
    assert_eq!(
        grant.sql,
        "DO E'BEGIN GRANT INSERT, TRIGGER ON TABLE \"t\" TO \"group g\", \"role r\", PUBLIC; \
         GRANT INSERT, TRIGGER ON TABLE \"t\" TO \"u\" WITH GRANT OPTION; END'"
    );
    assert_eq!(grant.tag, Some("GRANT"));
    for grantee in ["GROUP g", "ROLE r", "PUBLIC"] {
        assert_eq!(
            refused(&format!("GRANT SELECT ON t TO {grantee} WITH GRANT OPTION")),
            "grant option can be granted to users only"
        );
    }
}

#[test]
fn routines_keep_their_bodies() {
    assert_eq!(
        translated(
            "CREATE FUNCTION f(int, varchar(max)) RETURNS text STABLE AS $$ select $2 $$ LANGUAGE sql"
        )
        .sql,
        "CREATE FUNCTION \"f\"(integer, varchar(65535)) RETURNS varchar(256) stable AS E' select $2 ' LANGUAGE sql"
    );
    let procedure =
        translated("CREATE PROCEDURE p(a INOUT int, IN varchar) AS $$ BEGIN END $$ LANGUAGE plpgsql");
    assert!(
        procedure.sql.starts_with("CREATE PROCEDURE \"p\"(INOUT \"a\" integer, varchar(256)) AS E' BEGIN")
    );
    let (sql, attributes) = with_attributes(
        "CREATE FUNCTION f() RETURNS date STABLE AS $$ select dateadd(day, 1, 'x') $$ LANGUAGE sql",
    );
    assert!(sql.contains("AS E' select dateadd(''day'', 1, ''x'') '"), "{sql}");
    assert_eq!(attributes["routine"]["source"], " select dateadd(day, 1, 'x') ");
}

#[test]
fn commands_in_a_procedure_are_translated_one_by_one() {
    let (sql, attributes) = with_attributes(
        "CREATE PROCEDURE p() NONATOMIC AS $$ BEGIN CREATE TABLE t (a INT) DISTSTYLE ALL; UPDATE t SET a = 1; \
         SELECT INTO x CASE WHEN a THEN 1 ELSE copy END FROM t; COPY t FROM 's3://b/p' IAM_ROLE default CSV; END $$ LANGUAGE plpgsql",
    );
    assert_eq!(attributes["routine"]["nonatomic"], true);
    let (create, rest) = sql.split_once("PERFORM pg_catalog.set_config").expect("attributes");
    assert!(create.ends_with("AS E' BEGIN PERFORM redshift_catalog.rs_check_nesting(); "), "{create}");
    let (_, rest) = rest.split_once("true); ").expect("the end of the attributes");
    assert_eq!(
        rest,
        "CREATE TABLE \"t\" (\"a\" integer); PERFORM pg_catalog.set_config(''rs.attributes'', '''', true); COMMIT; \
         UPDATE t SET a = 1; COMMIT; SELECT INTO x CASE WHEN a THEN 1 ELSE copy END FROM t; \
         RAISE EXCEPTION USING MESSAGE = E''redshift-local: COPY in a procedure is not supported'', \
         ERRCODE = E''0A000''; END ' LANGUAGE plpgsql"
    );
}

#[test]
fn errors_that_a_procedure_handles_are_raised_again() {
    let (sql, _) = with_attributes(
        "CREATE PROCEDURE p() AS $$ BEGIN IF a THEN x := CASE WHEN b THEN 1 ELSE CASE c END END; END IF; \
         LOOP EXIT; END LOOP; EXCEPTION WHEN OTHERS THEN NULL; END $$ LANGUAGE plpgsql",
    );
    assert!(
        sql.ends_with(
            "END LOOP; EXCEPTION WHEN OTHERS THEN ROLLBACK; NULL; COMMIT; RAISE; END ' LANGUAGE plpgsql"
        ),
        "{sql}"
    );
}

#[test]
fn what_a_statement_means_for_its_transaction_is_known() {
    assert_eq!(translated("START TRANSACTION ISOLATION LEVEL SERIALIZABLE").effect, Effect::Begins);
    assert_eq!(translated("END").effect, Effect::Ends { commits: true });
    assert_eq!(translated("ABORT").effect, Effect::Ends { commits: false });
    assert_eq!(translated("TRUNCATE TABLE t").effect, Effect::Commits);
    assert_eq!(translated("VACUUM FULL t TO 99 PERCENT").effect, Effect::Alone);
}

#[test]
fn a_materialized_view_keeps_the_statement_that_made_it() {
    let sql = "CREATE MATERIALIZED VIEW v BACKUP NO AUTO REFRESH YES AS SELECT 1 AS a";
    let (statement, attributes) = with_attributes(sql);
    assert_eq!(statement, "CREATE MATERIALIZED VIEW \"v\" AS SELECT 1 AS a");
    assert_eq!(
        attributes["materialized_view"],
        serde_json::json!({
            "definition": format!("{sql};"), "auto_refresh": true,
            "table": {
                "diststyle": 0, "distkey": null, "sort_style": "none", "sort_key": [],
                "encode_auto": true, "encodings": {}, "backup": false,
            },
        })
    );
}

#[test]
fn what_is_not_recognised_is_refused() {
    for sql in [
        "CREATE INDEX i ON t (a)",
        "CREATE OR REPLACE TRIGGER x",
        "ALTER SEQUENCE s RESTART",
        "DROP INDEX i",
        "DO $$ BEGIN END $$",
        "SAVEPOINT s",
        "LISTEN x",
        "SET ROLE u",
        "COMMIT PREPARED 'x'",
        "(",
    ] {
        refused(sql);
    }
}

#[test]
fn names_that_cannot_be_kept_are_refused() {
    assert!(refused(&format!("SELECT 1 AS {}", "a".repeat(64))).contains("longer than 63 bytes"));
    assert!(refused(&format!("CREATE GROUP {}", "a".repeat(58))).contains("longer than 57 bytes"));
    assert_eq!(
        refused("SELECT * FROM redshift_catalog.rs_user"),
        "schema \"redshift_catalog\" does not exist"
    );
}
