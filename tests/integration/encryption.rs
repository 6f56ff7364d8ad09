//! A bucket's policy that demands encryption by AWS KMS looks at each request (Amazon S3 User Guide, page `UsingKMSEncryption`): with
//! `--KMS_KEY` all that a run writes names the key.

use anyhow::{Result, ensure};
use migration_tests::aws_local::REGION;
use migration_tests::migration::{Migration, TENANT, ended};
use migration_tests::object_store::ObjectStore;
use migration_tests::scenario::Direction;
use std::collections::BTreeSet;

const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/0d5a0b1e-6c1f-4b6e-9a86-2f6a0d3c7a11";

/// How each object is encrypted that a tenant's run wrote, and by which key.
async fn encrypted(with: &[(&str, &str)]) -> Result<BTreeSet<(Option<String>, Option<String>)>> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration
        .load_text("CREATE SCHEMA shop; CREATE TABLE shop.a (id INTEGER); INSERT INTO shop.a VALUES (1)")
        .await?;
    migration.associate_role().await?;
    for (job, own) in [
        ("migrate-schema", vec![]),
        ("migrate-data", vec![("--TABLE_NAME", "shop.a"), ("--KEEP_UNLOADED", "true")]),
        ("refresh-views", vec![]),
    ] {
        let arguments = [&[("--SCHEMAS", "shop"), ("--RUN_ID", "first")], &*own, with].concat();
        let ended = migration.run_job(job, &arguments).await?;
        ensure!(ended.status == Some(0), "{job}: {ended:?}");
    }
    let of_report = [
        ("--TENANT_NAME", TENANT),
        ("--S3_BUCKET", &migration.place),
        ("--AWS_REGION", REGION),
        ("--RUN_ID", "first"),
    ];
    let arguments: Vec<_> =
        of_report.iter().chain(with).map(|(name, value)| format!("{name}={value}")).collect();
    let reported = ended(migration.start_job("collect-report", &arguments)?).await?;
    ensure!(reported.status == Some(0), "{reported:?}");
    let mut found = BTreeSet::new();
    let keys = migration.keys("")?;
    let has = |part: &str| keys.iter().any(|key| key.contains(part));
    ensure!(has("plan.sql") && has("report.html") && has("_part_") && has("manifest"), "{keys:?}");
    for key in keys {
        let (bucket, key) = (migration.deployed("data_bucket"), migration.key(&key)?);
        found.insert(ObjectStore::shared().await?.encryption_in(bucket, &key).await?);
    }
    migration.stop().await?;
    Ok(found)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_a_run_writes_names_the_key() -> Result<()> {
    let found = encrypted(&[("--KMS_KEY", KEY)]).await?;
    assert_eq!(found, BTreeSet::from([(Some("aws:kms".to_owned()), Some(KEY.to_owned()))]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_no_request_names_one() -> Result<()> {
    let found = encrypted(&[]).await?;
    assert!(found.iter().all(|(_, key)| key.is_none()), "{found:?}");
    Ok(())
}
