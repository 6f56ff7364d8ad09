//! Whose rights a transfer has, where its bucket is, how S3 keeps what it writes, and what happens when S3 fails.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use migration_tests::aws_local::AwsLocal;
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{TestWarehouse, USER};
use redshift_local::{Fault, Kind};

use super::stage::{ROLE, Stage, refusal};

/// The role that the tests associate.
const ARN: &str = "arn:aws:iam::123456789012:role/copy";

/// The aws CLI's words for a cluster, and for a workgroup with its namespace.
const CLUSTER: &str = "redshift create-cluster --cluster-identifier roles-cluster --node-type ra3.large \
     --master-username admin --master-user-password Password1";
const ASSOCIATE: &str =
    "redshift modify-cluster-iam-roles --cluster-identifier roles-cluster --add-iam-roles";
const NAMESPACE: &str = "redshift-serverless create-namespace --namespace-name roles-namespace";
const WORKGROUP: &str =
    "redshift-serverless create-workgroup --workgroup-name roles-workgroup --namespace-name roles-namespace";
const UPDATE: &str = "redshift-serverless update-namespace --namespace-name roles-namespace --iam-roles";

#[tokio::test(flavor = "multi_thread")]
async fn only_an_associated_role_may_be_used() -> Result<()> {
    let store = ObjectStore::shared().await?;
    let aws = |words: String| tokio::task::spawn_blocking(move || AwsLocal::shared()?.json(words.split(' ')));
    for words in [CLUSTER, NAMESPACE, WORKGROUP] {
        aws(words.to_owned()).await??;
    }
    for (kind, identifier, associate, service) in [
        (Kind::Provisioned, "roles-cluster", ASSOCIATE, "redshift"),
        (Kind::Serverless, "roles-workgroup", UPDATE, "redshift-serverless"),
    ] {
        let warehouse = TestWarehouse::start_deployed(kind, store.endpoint(), identifier.to_owned()).await?;
        let client = warehouse.connect().await?;
        let url = format!("s3://{BUCKET}/roles/{identifier}/");
        let unload = format!("UNLOAD ('SELECT 1') TO '{url}' IAM_ROLE '{ARN}' CSV ALLOWOVERWRITE");
        let caller = format!("arn:aws:{service}:eu-west-1:123456789012:dbuser:{identifier}/{USER}");
        let refused = format!("User {caller} is not authorized to assume IAM Role {ARN}");
        assert_eq!(refusal(client.batch_execute(&unload).await)?.0, refused);
        // An association takes a moment; until then it is as good as none.
        aws(format!("{associate} {ARN}")).await??;
        let started = Instant::now();
        while let Err(error) = client.batch_execute(&unload).await {
            ensure!(error.as_db_error().is_some_and(|error| error.message() == refused), "{error}");
            ensure!(started.elapsed() < Duration::from_secs(10), "the role is not in sync");
        }
        // Of a chain, the first role is the warehouse's own.
        client.batch_execute("CREATE TABLE t (a integer)").await?;
        let copy = |role: &str| format!("COPY t FROM '{url}' IAM_ROLE {role} CSV");
        let chain = |first: &str| copy(&format!("'{first},arn:aws:iam::210987654321:role/data'"));
        client.batch_execute(&chain(ARN)).await?;
        let other = "arn:aws:iam::123456789012:role/other";
        let (message, _) = refusal(client.batch_execute(&chain(other)).await)?;
        assert_eq!(message, format!("User {caller} is not authorized to assume IAM Role {other}"));
        let (message, _) = refusal(client.batch_execute(&copy("default")).await)?;
        assert_eq!(message, "the warehouse has no default IAM role");
        warehouse.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_bucket_of_another_region_needs_its_region() -> Result<()> {
    let stage = Stage::set("region").await?;
    stage.store.create_bucket("frankfurt-bucket", "eu-central-1").await?;
    stage.client.batch_execute("CREATE TABLE t (a integer)").await?;
    let refused = "S3ServiceException:The bucket you are attempting to access must be addressed using the specified \
                   endpoint.,Status 301,Error PermanentRedirect";
    let unload =
        |options: &str| format!("UNLOAD ('SELECT 1 AS a') TO 's3://frankfurt-bucket/u/' {ROLE} {options}");
    let copy = |options: &str| format!("COPY t FROM 's3://frankfurt-bucket/u/' {ROLE} {options}");
    let client = &stage.client;
    assert_eq!(refusal(client.batch_execute(&unload("CSV")).await)?.0, refused);
    assert_eq!(refusal(client.batch_execute(&copy("CSV")).await)?.0, refused);
    client.batch_execute(&unload("CSV REGION 'eu-central-1'")).await?;
    client.batch_execute(&copy("CSV REGION AS 'eu-central-1'")).await?;
    assert_eq!(stage.rows_of("t").await?, "1");
    // copy-usage_notes-copy-from-columnar: Parquet is loaded from the warehouse's own region alone.
    client.batch_execute(&unload("PARQUET CLEANPATH REGION 'eu-central-1'")).await?;
    assert_eq!(refusal(client.batch_execute(&copy("PARQUET")).await)?.0, refused);
    // A manifest's files, too, are all in one region.
    let manifest = r#"{"entries": [{"url": "s3://frankfurt-bucket/u/0000_part_00"}]}"#;
    stage.put("manifest", manifest).await?;
    assert_eq!(refusal(stage.copy("t", "manifest", "MANIFEST").await)?.0, refused);
    let gone = format!("COPY t FROM 's3://no-such-bucket/u/' {ROLE} CSV");
    let (message, _) = refusal(client.batch_execute(&gone).await)?;
    assert!(message.ends_with("Status 404,Error NoSuchBucket"), "{message}");
    let (message, _) = refusal(stage.copy("t", "nothing/", "").await)?;
    assert_eq!(message, "The specified S3 prefix 'region/nothing/' does not exist");
    stage.warehouse.stop().await
}

#[tokio::test]
async fn files_are_encrypted_as_the_statement_says() -> Result<()> {
    let stage = Stage::set("encrypted").await?;
    for (prefix, options, method, key) in [
        ("s3/", "", "AES256", None),
        ("kms/", "KMS_KEY_ID 'alias/unload' ENCRYPTED", "aws:kms", Some("alias/unload")),
    ] {
        stage.unload("SELECT 1", prefix, &format!("{options} MANIFEST")).await?;
        for file in ["0000_part_00", "0001_part_00", "manifest"] {
            let found = stage.store.encryption(&stage.key(&format!("{prefix}{file}"))).await?;
            assert_eq!((found.0.as_deref(), found.1.as_deref()), (Some(method), key), "{prefix}{file}");
        }
    }
    stage.warehouse.stop().await
}

#[tokio::test]
async fn an_s3_that_keeps_failing_fails_the_statement_and_leaves_nothing() -> Result<()> {
    let stage = Stage::set("refused").await?;
    stage.client.batch_execute("CREATE TABLE t (a integer)").await?;
    stage.put("f", "1\n").await?;
    let faults = stage.warehouse.warehouse.faults();
    for (method, result) in [("PUT", "u/"), ("GET", "f")] {
        faults.set(Fault::failing_s3().matching(move |text| text.starts_with(method)));
        let result = match method {
            "PUT" => stage.unload("SELECT 1", result, "").await,
            _ => stage.copy("t", result, "").await,
        };
        let (message, _) = refusal(result)?;
        assert!(message.ends_with("Status 503,Error SlowDown"), "{message}");
        faults.clear();
    }
    assert_eq!(stage.keys().await?, ["f"]);
    assert_eq!(stage.rows_of("t").await?, "0");
    stage.copy("t", "f", "").await?;
    stage.warehouse.stop().await
}
