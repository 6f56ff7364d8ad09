//! Tables without rows, whatever their UNLOAD leaves in S3: they arrive empty, and what stood there before is gone.

use super::{all, filled, rows};
use anyhow::{Result, ensure};
use migration_tests::migration::Migration;
use migration_tests::scenario::Direction;
use migration_tests::warehouse::Identity;
use redshift_local::{CURRENT_PATCH, EmptyUnload};

#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_rows_arrives_whatever_is_left_of_it() -> Result<()> {
    for empty_unload in
        [EmptyUnload::Nothing, EmptyUnload::Objects, EmptyUnload::Manifest, EmptyUnload::Files]
    {
        let source = Identity { empty_unload, ..Identity::default() };
        let direction = Direction::ProvisionedToServerless;
        let identities = [source, Identity::of_target()];
        let migration = filled(Migration::start_as(direction, CURRENT_PATCH, identities).await?).await?;
        // One that travels as CSV besides.
        for warehouse in [&migration.source, &migration.target] {
            let create = "CREATE TABLE shop.moments (at TIMESTAMPTZ, document SUPER)";
            migration.psql(warehouse, &["-c", create]).await?;
        }
        let run = format!("{empty_unload:?}").to_lowercase();
        let ended = migration.run_job("migrate-data", &all(&run, &[("--VERIFY", "checksum")])).await?;
        ensure!(ended.status == Some(0), "{empty_unload:?}: {ended:?}");
        let text = [("--SCHEMAS", "shop"), ("--TABLE_NAME", "moments"), ("--RUN_ID", "text")];
        let ended = migration.run_job("migrate-data", &text).await?;
        ensure!(ended.status == Some(0), "{empty_unload:?}: {ended:?}");
        assert_eq!(rows(&migration, &migration.target).await?, rows(&migration, &migration.source).await?);
        let outcome = migration.ledger(&format!("runs/norrvik/{run}/tables/shop/empty.json"))?;
        assert_eq!((&outcome["rows"]["unloaded"], &outcome["rows"]["loaded"]), (&0.into(), &0.into()));
        assert_eq!(migration.keys("unload/")?, Vec::<String>::new());
        migration.stop().await?;
    }
    Ok(())
}
