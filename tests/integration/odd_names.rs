//! Names may hold anything that Redshift allows, in SQL, in S3 keys and in the ledger.

use anyhow::{Result, ensure};
use migration_tests::migration::Migration;

/// Quotes, a backslash, a dot, a blank, a dollar sign, letters beyond ASCII, capitals, a percent sign, a slash.
const ODD: &str = r#"it's "A\\b"./ c$1 é%"#;

/// The same name as a delimited identifier.
fn quoted() -> String {
    format!("\"{}\"", ODD.replace('"', "\"\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_may_hold_anything() -> Result<()> {
    let migration = Migration::start().await?;
    let name = quoted();
    let path = format!("{name}.{name}");
    let statements = [
        format!("CREATE USER {name} PASSWORD 'Abcdefg1'"),
        format!("CREATE GROUP {name} WITH USER {name}"),
        format!("CREATE SCHEMA {name} AUTHORIZATION {name}"),
        format!("CREATE TABLE {path} ({name} VARCHAR(20), PRIMARY KEY ({name})) SORTKEY ({name})"),
        format!("INSERT INTO {path} VALUES ('one'), ('two')"),
        format!("CREATE VIEW {name}.\"a view\" AS SELECT {name} FROM {path}"),
        format!("GRANT SELECT ON {path} TO GROUP {name}"),
        format!("ALTER TABLE {path} OWNER TO {name}"),
    ];
    for statement in &statements {
        let set = "SET enable_case_sensitive_identifier TO true";
        migration.psql(&migration.source, &["-c", set, "-c", statement]).await?;
    }
    let schemas = format!("('{}')", ODD.replace('\'', "''"));
    let arguments = [("--SCHEMAS", schemas.as_str()), ("--TABLE_NAME", path.as_str()), ("--RUN_ID", "odd")];
    for (job, arguments) in [
        ("migrate-schema", vec![arguments[0], arguments[2]]),
        ("migrate-data", arguments.to_vec()),
        ("migrate-schema", vec![arguments[0], ("--RUN_ID", "again")]),
    ] {
        let ended = migration.run_job(job, &arguments).await?;
        ensure!(ended.status == Some(0), "{job}: {ended:?}");
    }
    assert_eq!(migration.ledger("runs/norrvik/odd/schema.json")?["status"], "finished");
    assert_eq!(migration.ledger("runs/norrvik/again/schema.json")?["applied"], 0);
    let literal = ODD.replace('\'', "''").replace('\\', "\\\\");
    let state = format!(
        "SELECT coalesce(k.conname, c.relname), c.relkind, r.rolname, c.relacl::text FROM pg_catalog.pg_class c \
         LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = c.oid AND c.relkind = 'i' JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_roles r ON r.oid = c.relowner \
         WHERE n.nspname = '{literal}' ORDER BY 1, 2"
    );
    let rows = format!("SELECT * FROM {path} ORDER BY 1");
    for query in [state, rows] {
        let source = migration.backend(&migration.source, &["-c", &query]).await?;
        assert_eq!(migration.backend(&migration.target, &["-c", &query]).await?, source);
        ensure!(source.lines().count() >= 2, "{query} finds {source:?}");
    }
    migration.stop().await
}
