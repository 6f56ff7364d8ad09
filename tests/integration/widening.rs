//! Nobody can do more on the target than on the source: tried as the users themselves, on warehouses where that was once possible.

use anyhow::{Result, ensure};
use migration_tests::migration::{Ended, Migration};
use migration_tests::scenario::Direction;
use serde_json::Value;

/// What others have on the target, under a name that the tenant's texts have, too.
const OTHERS: &str = "CREATE SCHEMA others; CREATE TABLE others.secret (v VARCHAR(20)); \
    INSERT INTO others.secret VALUES ('of others')";

/// Warehouses with a tenant on the source, and with what the target has already.
async fn warehouses(tenant: &str, target: &str) -> Result<Migration> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(tenant).await?;
    on_target(&migration, target).await?;
    Ok(migration)
}

/// Runs statements on the target, each by itself.
async fn on_target(migration: &Migration, sql: &str) -> Result<()> {
    let statements = sql.split(';').map(str::trim).filter(|statement| !statement.is_empty());
    let arguments: Vec<&str> = statements.flat_map(|statement| ["-c", statement]).collect();
    migration.psql(&migration.target, &arguments).await.map(drop)
}

/// What a user of the target is answered: the rows, or the refusal.
async fn as_user(migration: &Migration, user: &str, sql: &str) -> String {
    let act = format!("SET SESSION AUTHORIZATION {user}");
    let answered = migration.psql(&migration.target, &["-c", &act, "-c", sql]).await;
    answered.unwrap_or_else(|error| format!("{error:#}"))
}

async fn migrate(migration: &Migration, run: &str, more: &[(&str, &str)]) -> Result<(Ended, Value)> {
    let arguments: Vec<(&str, &str)> =
        [("--SCHEMAS", "shop"), ("--RUN_ID", run)].into_iter().chain(more.iter().copied()).collect();
    let ended = migration.run_job("migrate-schema", &arguments).await?;
    let outcome = migration.ledger(&format!("runs/norrvik/{run}/schema.json"))?;
    Ok((ended, outcome))
}

/// Whether a list of an outcome says this of this.
fn says(outcome: &Value, list: &str, object: &str, words: &str) -> bool {
    outcome[list].as_array().into_iter().flatten().any(|note| {
        note["object"].as_str().is_some_and(|text| text.contains(object))
            && note["reason"].as_str().is_some_and(|text| text.contains(words))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn with_target_admin_nobody_acts_as_the_login() -> Result<()> {
    let tenant = "CREATE USER own PASSWORD DISABLE; CREATE USER low PASSWORD DISABLE; CREATE SCHEMA shop;
        GRANT USAGE, CREATE ON SCHEMA shop TO own; GRANT USAGE ON SCHEMA shop TO low;
        CREATE SCHEMA others; CREATE TABLE shop.t (i INTEGER); INSERT INTO shop.t VALUES (42);
        CREATE PROCEDURE shop.p (s VARCHAR(200)) AS $$ BEGIN EXECUTE s; END $$ LANGUAGE plpgsql SECURITY DEFINER;
        ALTER PROCEDURE shop.p (VARCHAR) OWNER TO own; GRANT EXECUTE ON PROCEDURE shop.p (VARCHAR) TO low;
        CREATE VIEW shop.v AS SELECT i FROM shop.t; ALTER TABLE shop.v OWNER TO own; GRANT SELECT ON shop.v TO low;
        CREATE VIEW shop.late AS SELECT v FROM others.secret WITH NO SCHEMA BINDING;
        ALTER TABLE shop.late OWNER TO own; GRANT SELECT ON shop.late TO low";
    let migration = warehouses(tenant, OTHERS).await?;
    let (ended, outcome) = migrate(&migration, "admin", &[("--OWNERS", "target-admin")]).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    for object in ["shop.p(character varying)", "shop.v", "shop.late"] {
        ensure!(
            says(&outcome, "not_carried_over", object, "would act with the privileges of"),
            "{object}: {outcome:#}"
        );
    }
    let loot =
        as_user(&migration, "low", "CALL shop.p('CREATE TABLE shop.loot AS SELECT * FROM others.secret')")
            .await;
    ensure!(loot.contains("permission denied"), "{loot}");
    for view in ["shop.v", "shop.late"] {
        let read = as_user(&migration, "low", &format!("SELECT * FROM {view}")).await;
        ensure!(read.contains("permission denied"), "{view}: {read}");
    }
    ensure!(ended.stdout.contains("judged what"), "{}", ended.stdout);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_leads_to_more_on_the_target_stops_the_run() -> Result<()> {
    let tenant = "CREATE USER ru PASSWORD DISABLE; CREATE ROLE rr; GRANT ROLE rr TO ru; CREATE SCHEMA shop;
        CREATE TABLE shop.t (i INTEGER); GRANT SELECT ON shop.t TO ROLE rr";
    for (leads, to) in
        [("GRANT ROLE sys:dba TO ROLE deep", "sys:dba"), ("GRANT CREATE USER TO ROLE deep", "CREATE USER")]
    {
        let target = format!(
            "CREATE ROLE rr; CREATE ROLE mid; CREATE ROLE deep; {leads}; GRANT ROLE deep TO ROLE mid; GRANT ROLE mid TO ROLE rr"
        );
        let migration = warehouses(tenant, &target).await?;
        let run = if to == "sys:dba" { "roles-1" } else { "roles-2" };
        let (ended, outcome) = migrate(&migration, run, &[]).await?;
        ensure!(ended.status == Some(1), "{to}: {ended:?} {outcome:#}");
        ensure!(outcome["applied"] == 0, "{to}: {outcome:#}");
        ensure!(says(&outcome, "blockers", "mid", ""), "{to}: {outcome:#}");
        migration.stop().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_of_a_superuser_over_what_is_anothers_is_made_and_not_granted() -> Result<()> {
    let tenant = "CREATE USER low PASSWORD DISABLE; CREATE SCHEMA others; CREATE TABLE others.secret (v VARCHAR(20));
        INSERT INTO others.secret VALUES ('our own'); CREATE SCHEMA shop; GRANT USAGE ON SCHEMA shop TO low;
        CREATE TABLE shop.t (i INTEGER); CREATE VIEW shop.ours AS SELECT i FROM shop.t; GRANT SELECT ON shop.ours TO low;
        CREATE VIEW shop.v AS SELECT v FROM others.secret; GRANT SELECT ON shop.v TO low";
    let peek = "CREATE SCHEMA peek; CREATE TABLE peek.base (i INTEGER); CREATE USER stranger PASSWORD DISABLE; \
        CREATE SCHEMA shop; CREATE VIEW peek.at AS SELECT * FROM shop.t WITH NO SCHEMA BINDING; GRANT SELECT ON peek.at TO stranger";
    let migration = warehouses(tenant, &format!("{OTHERS}; {peek}")).await?;
    let (ended, outcome) = migrate(&migration, "superusers", &[]).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    ensure!(
        says(&outcome, "not_carried_over", "shop.v", "a superuser on the target, and names others.secret"),
        "{outcome:#}"
    );
    let read = as_user(&migration, "low", "SELECT * FROM shop.v").await;
    ensure!(read.contains("permission denied") && !read.contains("of others"), "{read}");
    let ours = as_user(&migration, "low", "SELECT count(*) FROM shop.ours").await;
    ensure!(!ours.contains("denied"), "{ours}");
    // What the target has, and shows the tenant's rows, is listed with who may use it.
    ensure!(says(&outcome, "border", "peek.at", "it may be used by user stranger"), "{outcome:#}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_owner_took_from_itself_stays_taken() -> Result<()> {
    let tenant = "CREATE USER own PASSWORD DISABLE; CREATE SCHEMA shop AUTHORIZATION own;
        CREATE TABLE shop.ro (i INTEGER); ALTER TABLE shop.ro OWNER TO own; REVOKE INSERT, UPDATE, DELETE ON shop.ro FROM own;
        CREATE FUNCTION shop.f (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql;
        ALTER FUNCTION shop.f (INTEGER) OWNER TO own; REVOKE EXECUTE ON FUNCTION shop.f (INTEGER) FROM PUBLIC, own;
        REVOKE CREATE ON SCHEMA shop FROM own";
    let migration = warehouses(tenant, "CREATE SCHEMA bystander").await?;
    let (ended, _) = migrate(&migration, "revoked", &[]).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    let may = "SELECT has_table_privilege('own', 'shop.ro', 'insert'), has_table_privilege('own', 'shop.ro', 'select'), \
        has_schema_privilege('own', 'shop', 'create'), has_function_privilege('own', 'shop.f(integer)', 'execute')";
    for warehouse in [&migration.source, &migration.target] {
        let answer = migration.backend(warehouse, &["-c", may]).await?;
        ensure!(answer.trim() == "f|t|f|f", "{} says {answer}", warehouse.warehouse.namespace());
    }
    let (_, again) = migrate(&migration, "revoked-again", &[("--DRY_RUN", "true")]).await?;
    ensure!(again["planned"] == 0 || again["planned_by_phase"] == serde_json::json!({}), "{again:#}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_privilege_on_all_of_a_schema_does_not_reach_what_only_the_target_has() -> Result<()> {
    let tenant = "CREATE USER low PASSWORD DISABLE; CREATE SCHEMA shop; CREATE TABLE shop.t (i INTEGER);
        GRANT USAGE ON SCHEMA shop TO low; GRANT SELECT FOR TABLES IN SCHEMA shop TO low";
    let target = "CREATE SCHEMA shop; CREATE TABLE shop.extra (v VARCHAR(20)); INSERT INTO shop.extra VALUES ('of others')";
    let migration = warehouses(tenant, target).await?;
    let (ended, outcome) = migrate(&migration, "scoped", &[]).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    ensure!(
        says(&outcome, "not_carried_over", "all TABLES of shop", "it would reach shop.extra"),
        "{outcome:#}"
    );
    let read = as_user(&migration, "low", "SELECT * FROM shop.extra").await;
    ensure!(read.contains("permission denied"), "{read}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_more_could_see_by_now_keeps_its_old_rows() -> Result<()> {
    let tenant = "CREATE USER low PASSWORD DISABLE; CREATE SCHEMA shop; GRANT USAGE ON SCHEMA shop TO low;
        CREATE TABLE shop.t (i INTEGER); CREATE TABLE shop.r (i INTEGER); CREATE TABLE shop.same (i INTEGER);
        CREATE USER seller PASSWORD DISABLE; CREATE TABLE shop.owned (i INTEGER); INSERT INTO shop.owned VALUES (1);
        ALTER TABLE shop.owned OWNER TO seller;
        INSERT INTO shop.t VALUES (1); INSERT INTO shop.r VALUES (1); INSERT INTO shop.same VALUES (1);
        GRANT SELECT ON shop.t TO low; GRANT SELECT ON shop.r TO low; GRANT SELECT ON shop.same TO low";
    let migration = warehouses(tenant, "CREATE SCHEMA bystander").await?;
    let (ended, _) = migrate(&migration, "drift", &[]).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    let drift = "REVOKE SELECT ON shop.t FROM low; CREATE RLS POLICY none_of WITH (i INTEGER) USING (i < 0);
        ATTACH RLS POLICY none_of ON shop.r TO PUBLIC; ALTER TABLE shop.r ROW LEVEL SECURITY ON";
    migration.load_text(drift).await?;
    on_target(&migration, "ALTER TABLE shop.owned OWNER TO low").await?;
    let tables = [("--SCHEMAS", "shop"), ("--RUN_ID", "drift"), ("--TABLE_NAME", "t,r,owned,same")];
    let ended = migration.run_job("migrate-data", &tables).await?;
    ensure!(ended.status == Some(0), "three of four tables fail: {ended:?}");
    for (table, words) in [
        ("t", "SELECT for user low on shop.t"),
        ("r", "the policies none_of are not as on the source"),
        ("owned", "SELECT for user low on shop.owned"),
    ] {
        let outcome = migration.ledger(&format!("runs/norrvik/drift/tables/shop/{table}.json"))?;
        let message = outcome["error"]["message"].as_str().unwrap_or_default();
        ensure!(outcome["status"] == "failed" && message.contains(words), "{outcome:#}");
    }
    let rows = "SELECT (SELECT count(*) FROM shop.t), (SELECT count(*) FROM shop.r), (SELECT count(*) FROM shop.owned), \
                (SELECT count(*) FROM shop.same)";
    let counted = migration.backend(&migration.target, &["-c", rows]).await?;
    ensure!(counted.trim() == "0|0|0|1", "{counted}");
    // Made alike again, they move.
    on_target(&migration, "REVOKE SELECT ON shop.t FROM low").await?;
    let ended = migration.run_job("migrate-data", &[tables[0], tables[1], ("--TABLE_NAME", "t")]).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    migration.stop().await
}

/// Statements whose names tell nothing of what they reach, in procedures of the login, which is a superuser on both sides.
#[tokio::test(flavor = "multi_thread")]
async fn a_superusers_procedure_gives_nobody_power_over_others() -> Result<()> {
    let bodies = [
        ("user_", "ALTER USER low CREATEUSER"),
        ("usage", "GRANT USAGE ON SCHEMA others TO low"),
        ("tables", "GRANT SELECT ON ALL TABLES IN SCHEMA others TO low"),
        ("drops", "DROP SCHEMA others CASCADE"),
        ("owner", "ALTER SCHEMA others OWNER TO low"),
        ("makes", "CREATE TABLE others.made (a INTEGER)"),
    ];
    let powerful = bodies.map(|(name, body)| {
        format!(
            "CREATE PROCEDURE shop.{name}() AS $$ BEGIN {body}; END $$ LANGUAGE plpgsql SECURITY DEFINER;
             GRANT EXECUTE ON PROCEDURE shop.{name}() TO low;"
        )
    });
    let tenant = format!(
        "CREATE USER low PASSWORD DISABLE; CREATE SCHEMA shop; GRANT USAGE ON SCHEMA shop TO low;
        CREATE TABLE shop.t (i INTEGER);
        CREATE PROCEDURE shop.harmless() AS $$ BEGIN CREATE TEMP TABLE made (i INTEGER); DELETE FROM shop.t;
            GRANT SELECT ON shop.t TO low WITH GRANT OPTION; END $$ LANGUAGE plpgsql SECURITY DEFINER;
        GRANT EXECUTE ON PROCEDURE shop.harmless() TO low; {}",
        powerful.concat()
    );
    let migration = warehouses(&tenant, OTHERS).await?;
    let (ended, outcome) = migrate(&migration, "power", &[]).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    for (name, _) in bodies {
        let object = format!("shop.{name}()");
        ensure!(
            says(&outcome, "not_carried_over", &object, "act on more than relations"),
            "{name}: {outcome:#}"
        );
        let called = as_user(&migration, "low", &format!("CALL {object}")).await;
        ensure!(called.contains("permission denied"), "{name}: {called}");
    }
    let called = as_user(&migration, "low", "CALL shop.harmless()").await;
    ensure!(!called.contains("permission denied"), "{called}: {outcome:#}");
    migration.stop().await
}

/// What stands on the target and is more than the tenant's: a schema with a stranger's table, a superuser, a role that policies name.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_on_the_target_is_given_to_nobody() -> Result<()> {
    let tenant = "CREATE USER own PASSWORD DISABLE; CREATE USER low PASSWORD DISABLE; CREATE USER boss PASSWORD DISABLE;
        CREATE SCHEMA shop AUTHORIZATION own; CREATE TABLE shop.t (i INTEGER); CREATE ROLE reader;
        GRANT ROLE reader TO low; GRANT USAGE ON SCHEMA shop TO ROLE reader; GRANT USAGE ON SCHEMA shop TO boss;
        ALTER USER boss SET search_path TO shop, public";
    let target = format!(
        "{OTHERS}; CREATE USER stranger PASSWORD DISABLE; CREATE SCHEMA shop; CREATE TABLE shop.theirs (i INTEGER);
         ALTER TABLE shop.theirs OWNER TO stranger; CREATE USER boss PASSWORD 'Abcdefg1'; CREATE USER low PASSWORD DISABLE;
         CREATE ROLE reader; GRANT SELECT ON others.secret TO boss;
         CREATE RLS POLICY every USING (true); ATTACH RLS POLICY every ON others.secret TO ROLE reader"
    );
    let migration = warehouses(tenant, &target).await?;
    let (ended, outcome) = migrate(&migration, "anothers", &[]).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    for (object, words) in [
        ("owner of shop", "holds shop.theirs of stranger"),
        ("boss", "may do more on the target"),
        ("role reader for user low", "policies there are for it"),
    ] {
        ensure!(says(&outcome, "not_carried_over", object, words), "{object}: {outcome:#}");
    }
    let dropped = as_user(&migration, "own", "DROP SCHEMA shop CASCADE").await;
    ensure!(dropped.contains("must be owner"), "{dropped}");
    let settings = migration
        .psql(&migration.target, &["-c", "SELECT useconfig FROM pg_user WHERE usename = 'boss'"])
        .await?;
    ensure!(!settings.contains("shop"), "{settings}");
    migration.stop().await
}
