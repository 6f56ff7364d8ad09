//! Texts that name databases, from a source and to a target whose databases have different names: the own name is put right as dbt writes it,
//! and what would read or write another database is not created.

use anyhow::{Result, ensure};
use migration_tests::migration::Migration;
use migration_tests::scenario::Direction;
use migration_tests::warehouse::TestWarehouse;

/// The source's database is `dev`, the target's `target_wh`; every warehouse has a `dev` by default.
const TENANT: &str = "
    CREATE USER ann PASSWORD DISABLE;
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (id INTEGER, amount INTEGER);
    INSERT INTO shop.orders VALUES (1, 10), (2, 20);
    /* {\"app\": \"dbt\"} */ create view \"dev\".\"shop\".\"late\" as (select o.id from \"dev\".\"shop\".\"orders\" o) with no schema binding;
    /* {\"app\": \"dbt\"} */ create materialized view \"dev\".\"shop\".\"daily\" as (select amount from \"dev\".\"shop\".\"orders\");
    CREATE VIEW shop.plain AS SELECT o.id FROM dev.shop.orders o;
    CREATE PROCEDURE shop.adds() AS $$ BEGIN INSERT INTO dev.shop.orders VALUES (3, 30); END; $$ LANGUAGE plpgsql;
    CREATE PROCEDURE shop.runs() AS $$ BEGIN EXECUTE 'DELETE FROM dev.shop.orders'; END; $$ LANGUAGE plpgsql;
    CREATE PROCEDURE shop.reads() AS $$ BEGIN PERFORM id FROM target_wh.shop.orders; END; $$ LANGUAGE plpgsql;
";

/// The ids that a query gives, which runs as the superuser.
async fn ids(migration: &Migration, warehouse: &TestWarehouse, query: &str) -> Result<String> {
    Ok(migration.psql(warehouse, &["-c", query]).await?.lines().collect::<Vec<_>>().join(","))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_database_is_put_right_and_others_are_left_alone() -> Result<()> {
    for direction in [Direction::ProvisionedToServerless, Direction::ServerlessToProvisioned] {
        let migration = Migration::start_in(direction).await?;
        assert_ne!(migration.source.database, migration.target.database);
        migration.load_text(TENANT).await?;
        let run = [("--SCHEMAS", "shop"), ("--RUN_ID", "r")];
        let ended = migration.run_job("migrate-schema", &run).await?;
        ensure!(ended.status == Some(0), "{ended:?}");
        let tables = [run[0], run[1], ("--TABLE_NAME", "orders")];
        let ended = migration.run_job("migrate-data", &tables).await?;
        ensure!(ended.status == Some(0), "{ended:?}");
        let ended = migration.run_job("refresh-views", &run).await?;
        ensure!(ended.status == Some(0), "{ended:?}");

        let target = &migration.target;
        for (query, expected) in [
            ("SELECT id FROM shop.late ORDER BY 1", "1,2"),
            ("SELECT amount FROM shop.daily ORDER BY 1", "10,20"),
            ("SELECT id FROM shop.plain ORDER BY 1", "1,2"),
        ] {
            assert_eq!(ids(&migration, target, query).await?, expected, "{query}");
        }
        ids(&migration, target, "CALL shop.adds()").await?;
        assert_eq!(ids(&migration, target, "SELECT id FROM shop.orders ORDER BY 1").await?, "1,2,3");
        let procedures = "SELECT proname FROM pg_proc_info p JOIN pg_namespace n ON n.oid = p.pronamespace \
                          WHERE n.nspname = 'shop' AND proname !~ '^mv_sp__' ORDER BY 1";
        assert_eq!(ids(&migration, target, procedures).await?, "adds");
        let outcome = migration.ledger("runs/norrvik/r/schema.json")?;
        for (object, names) in
            [("routine shop.runs()", "dev.shop.orders"), ("routine shop.reads()", "target_wh.shop.orders")]
        {
            let notes = outcome["not_carried_over"].as_array().into_iter().flatten();
            let mut of_object = notes.filter(|note| note["object"] == object);
            let reason = of_object.next().map(|note| note["reason"].to_string()).unwrap_or_default();
            ensure!(reason.contains(names), "{object}: {outcome:#}");
        }
        migration.stop().await?;
    }
    Ok(())
}
