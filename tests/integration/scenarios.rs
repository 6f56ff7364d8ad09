//! Each folder of tests/scenarios that has an `expected.json`, in both directions: `build.rs` lists them.

use anyhow::{Result, ensure};
use migration_tests::backend_state::{BackendState, SideTables};
use migration_tests::scenario::{Direction, run};
use migration_tests::warehouse::TestWarehouse;
use redshift_local::Kind;

macro_rules! scenario {
    ($name:ident) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn provisioned_to_serverless() -> Result<()> {
                run(stringify!($name), Direction::ProvisionedToServerless).await
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn serverless_to_provisioned() -> Result<()> {
                run(stringify!($name), Direction::ServerlessToProvisioned).await
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

/// One of everything that the comparison looks at.
const WHOLE: &str = "
    CREATE USER ann PASSWORD 'Abcdefg1' SESSION TIMEOUT 600;
    CREATE USER bob PASSWORD 'Abcdefg1';
    CREATE GROUP readers WITH USER ann;
    CREATE ROLE clerk;
    GRANT ROLE clerk TO bob;
    GRANT CREATE USER TO ROLE clerk;
    CREATE SCHEMA shop AUTHORIZATION ann QUOTA 10 GB;
    CREATE TABLE shop.t (id INTEGER ENCODE az64, note VARCHAR(20) DEFAULT 'x' ENCODE lzo) DISTSTYLE KEY DISTKEY (id) SORTKEY (note);
    CREATE VIEW shop.v AS SELECT id FROM shop.t;
    CREATE VIEW shop.w AS SELECT id FROM shop.t WITH NO SCHEMA BINDING;
    CREATE PROCEDURE shop.p () AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;
    COMMENT ON TABLE shop.t IS 'one';
    GRANT SELECT ON shop.t TO GROUP readers;
    GRANT SELECT (id) ON shop.t TO ROLE clerk;
    CREATE RLS POLICY few WITH (id INTEGER) USING (id > 1);
    ATTACH RLS POLICY few ON shop.t TO ROLE clerk;
    ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO bob;
";

/// Each change, and an object that differs for it.
const CHANGES: [(&str, &str); 16] = [
    ("ALTER USER ann SESSION TIMEOUT 900", "user ann"),
    ("ALTER USER bob SET search_path TO shop", "user bob"),
    ("ALTER GROUP readers DROP USER ann", "rights on shop.t"),
    ("REVOKE ROLE clerk FROM bob", "rights on shop.t.id"),
    ("REVOKE CREATE USER FROM ROLE clerk", "role clerk"),
    ("ALTER SCHEMA shop QUOTA 20 GB", "schema shop"),
    ("ALTER TABLE shop.t ALTER DISTSTYLE ALL", "storage of shop.t"),
    ("ALTER TABLE shop.t ADD UNIQUE (id)", "keys of shop.t"),
    ("ALTER TABLE shop.t ADD COLUMN more INTEGER", "TABLE t of shop"),
    (
        "CREATE OR REPLACE VIEW shop.w AS SELECT note FROM shop.t WITH NO SCHEMA BINDING",
        "late-binding view shop.w",
    ),
    ("COMMENT ON TABLE shop.t IS 'two'", "COMMENT TABLE t of shop"),
    ("REVOKE SELECT ON shop.t FROM GROUP readers", "rights on shop.t"),
    ("GRANT EXECUTE ON PROCEDURE shop.p () TO bob", "rights on shop.p()"),
    ("DETACH RLS POLICY few ON shop.t FROM ROLE clerk", "policies on shop.t"),
    (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA shop REVOKE SELECT ON TABLES FROM bob",
        "DEFAULT ACL DEFAULT PRIVILEGES FOR TABLES of shop",
    ),
    ("ALTER TABLE shop.v OWNER TO bob", "VIEW v of shop"),
];

/// A comparison that sees nothing would let everything pass.
#[tokio::test(flavor = "multi_thread")]
async fn the_comparison_of_backends_sees_every_kind_of_change() -> Result<()> {
    let (source, target) =
        (TestWarehouse::start().await?, TestWarehouse::start_with(Kind::Serverless, None).await?);
    for warehouse in [&source, &target] {
        let client = warehouse.connect().await?;
        for statement in WHOLE.split(";\n").filter(|statement| !statement.trim().is_empty()) {
            client
                .simple_query(statement)
                .await
                .map_err(|error| anyhow::anyhow!("{statement}: {error:?}"))?;
        }
    }
    let expected = BackendState::read(&source).await?;
    let found = expected.differences(&BackendState::read(&target).await?);
    ensure!(found.is_empty(), "equal warehouses differ: {found:#?}");
    let client = target.connect().await?;
    let mut before = expected;
    for (change, object) in CHANGES {
        client
            .simple_query(&format!("BEGIN; {change}; COMMIT"))
            .await
            .map_err(|error| anyhow::anyhow!("{change}: {error:?}"))?;
        let after = BackendState::read(&target).await?;
        let found = before.differences(&after);
        ensure!(found.contains_key(object), "{change}: not seen in {:?}", found.keys());
        before = after;
    }
    source.stop().await?;
    target.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_comparison_reads_every_side_table() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let unread = SideTables::unread(&warehouse).await?;
    ensure!(unread.is_empty(), "read by no query of tests/support/backend_state: {unread:?}");
    warehouse.stop().await
}
