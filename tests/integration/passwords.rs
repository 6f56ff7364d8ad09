//! Passwords of new users: made, kept in an encrypted secret, known to the warehouse as a hash, and nowhere else.

use anyhow::{Context, Result, ensure};
use migration_tests::migration::{Ended, Migration, TENANT};
use redshift_local::{Fault, When};
use serde_json::Value;

const SOURCE: &str = "
    CREATE USER ann PASSWORD 'Abcdefg1' VALID UNTIL '2037-01-01' SYSLOG ACCESS UNRESTRICTED;
    CREATE USER \"Bo B-second\" PASSWORD 'Abcdefg2';
    CREATE USER root_of_all PASSWORD 'Abcdefg3' CREATEUSER;
    CREATE USER kept PASSWORD 'Abcdefg4';
    CREATE SCHEMA shop AUTHORIZATION ann;
    GRANT USAGE ON SCHEMA shop TO kept;
    GRANT USAGE ON SCHEMA shop TO \"Bo B-second\";
    GRANT USAGE ON SCHEMA shop TO root_of_all";

/// The password that an existing user has on the target.
const KEPT: &str = "Existing1";

async fn start() -> Result<Migration> {
    let migration = Migration::start().await?;
    migration.load_text(SOURCE).await?;
    let kept = format!("CREATE USER kept PASSWORD '{KEPT}'");
    migration.psql(&migration.target, &["-c", &kept]).await?;
    Ok(migration)
}

/// The JSON of the secret of a user, by the last part of its name.
fn secret(migration: &Migration, user: &str) -> Result<Value> {
    let name = format!("redshift-tenant-migration/{TENANT}/{user}");
    let answer = migration.aws.json(["secretsmanager", "get-secret-value", "--secret-id", &name])?;
    Ok(serde_json::from_str(answer["SecretString"].as_str().context("a text")?)?)
}

async fn logs_in(migration: &Migration, user: &str, password: &str) -> bool {
    let mut config = migration.target.config();
    migration.target.connect_with(config.user(user).password(password)).await.is_ok()
}

/// Everything that a run leaves for people to read.
fn left_behind(migration: &Migration, ended: &[Ended]) -> Result<String> {
    let mut seen = format!("{ended:?}");
    for key in migration.keys(&format!("runs/{TENANT}/"))? {
        seen.push_str(&migration.ledger_text(&key)?);
    }
    Ok(seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_password_logs_in_and_is_in_its_secret_alone() -> Result<()> {
    let migration = start().await?;
    let key = migration.aws.json(["kms", "create-key"])?;
    let key = key["KeyMetadata"]["Arn"].as_str().context("a key")?;
    // The secrets are there when the connection is lost, the users are not.
    let faults = migration.target.warehouse.faults();
    let fault = Fault::drop_connection(When::BeforeForwarding);
    faults.set(fault.matching(|sql| sql.contains("CREATE USER \"")).at(1));
    let arguments = [
        ("--SCHEMAS", "shop"),
        ("--RUN_ID", "r"),
        ("--PASSWORDS", "generate"),
        ("--PASSWORD_KMS_KEY", key),
        ("--SUPERUSERS", "keep"),
    ];
    let ended = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(ended.status == Some(0) && faults.fired() == 1, "{ended:?}");
    faults.clear();
    let mut seen = left_behind(&migration, &[ended])?;
    ensure!(
        seen.contains("user \"root_of_all\": the job gives it a password and makes it a superuser"),
        "{seen}"
    );

    let mut passwords = Vec::new();
    for (user, name) in [("ann", "ann"), ("Bo B-second", "Bo=20B=2Dsecond"), ("root_of_all", "root_of_all")] {
        let secret = secret(&migration, name)?;
        assert_eq!(secret["username"], user);
        assert_eq!(secret["port"], migration.target.warehouse.port());
        let password = secret["password"].as_str().context("a password")?.to_owned();
        ensure!(logs_in(&migration, user, &password).await, "{user} cannot log in");
        ensure!(!passwords.contains(&password), "two users share a password");
        let id = format!("redshift-tenant-migration/{TENANT}/{name}");
        let described = migration.aws.json(["secretsmanager", "describe-secret", "--secret-id", &id])?;
        assert_eq!(described["KmsKeyId"], key);
        passwords.push(password);
    }
    // Who existed keeps the password, and nobody has the source's by accident.
    ensure!(logs_in(&migration, "kept", KEPT).await && secret(&migration, "kept").is_err());
    ensure!(!logs_in(&migration, "ann", "Abcdefg1").await);
    let query = "SELECT user_name, superuser, syslog_access FROM svv_user_info \
                 WHERE user_name IN ('ann', 'root_of_all', 'kept') ORDER BY 1";
    assert_eq!(
        migration.psql(&migration.target, &["-c", query]).await?.trim(),
        "ann|f|UNRESTRICTED\nkept|f|RESTRICTED\nroot_of_all|t|UNRESTRICTED"
    );
    let query = "SELECT usename, valuntil IS NULL FROM pg_user_info WHERE usename IN ('ann', 'root_of_all', 'kept') ORDER BY 1";
    assert_eq!(
        migration.psql(&migration.target, &["-c", query]).await?.trim(),
        "ann|f\nkept|t\nroot_of_all|t"
    );

    // A user that is created anew gets the password that was made first.
    let drop = "REVOKE USAGE ON SCHEMA shop FROM \"Bo B-second\"; DROP USER \"Bo B-second\"";
    for statement in drop.split("; ") {
        migration.psql(&migration.target, &["-c", statement]).await?;
    }
    let again = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(again.status == Some(0), "{again:?}");
    assert_eq!(secret(&migration, "Bo=20B=2Dsecond")?["password"], passwords[1].as_str());
    ensure!(logs_in(&migration, "Bo B-second", &passwords[1]).await);

    seen.push_str(&left_behind(&migration, &[again])?);
    for password in &passwords {
        ensure!(!seen.contains(password), "a password got out");
    }
    ensure!(!seen.contains("'md5"), "a hash got out: {seen}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_another_login_stops_the_job_before_its_first_change() -> Result<()> {
    let migration = start().await?;
    // The tenant of every test is the same: a name of this test's own keeps it from the others' secrets.
    let other = r#"{"host":"elsewhere","port":5439,"dbname":"dev","username":"ann","password":"Hunter2"}"#;
    let name = "redshift-tenant-migration/another/ann";
    let create = ["secretsmanager", "create-secret", "--name", name, "--secret-string", other];
    migration.aws.json(create)?;
    let before =
        migration.backend(&migration.target, &["-c", "SELECT rolname FROM pg_roles ORDER BY 1"]).await?;
    let arguments = [("--SCHEMAS", "shop"), ("--TENANT_NAME", "another"), ("--PASSWORDS", "generate")];
    let ended = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(ended.status == Some(2) && ended.last_line().contains(name), "{ended:?}");
    ensure!(!format!("{ended:?}").contains("Hunter2"), "{ended:?}");
    let after =
        migration.backend(&migration.target, &["-c", "SELECT rolname FROM pg_roles ORDER BY 1"]).await?;
    assert_eq!(after, before);
    migration.stop().await
}

/// redshift-local shows no hash, as no page says that Redshift does.
#[tokio::test(flavor = "multi_thread")]
async fn a_hash_that_is_not_shown_is_listed_and_a_superuser_without_a_password_is_none() -> Result<()> {
    let migration = start().await?;
    let arguments =
        [("--SCHEMAS", "shop"), ("--RUN_ID", "hashes"), ("--PASSWORDS", "hash"), ("--SUPERUSERS", "keep")];
    let ended = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    let outcome = migration.ledger(&format!("runs/{TENANT}/hashes/schema.json"))?;
    let notes = outcome["not_carried_over"].as_array().context("notes")?;
    for user in ["user ann", "user Bo B-second", "user root_of_all"] {
        let listed = |note: &&Value| {
            note["object"] == user && note["reason"].as_str().is_some_and(|text| text.contains("the hash"))
        };
        ensure!(notes.iter().any(|note| listed(&note)), "{user} is not listed: {notes:?}");
    }
    let query = "SELECT usesuper FROM pg_user_info WHERE usename = 'root_of_all'";
    assert_eq!(migration.psql(&migration.target, &["-c", query]).await?.trim(), "f");
    migration.stop().await
}
