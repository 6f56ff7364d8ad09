//! A job that changes the target, killed on the way with a tenant of every kind of object, and started again: it leaves what it leaves when
//! nobody kills it, judged behind the warehouse.
//!
//! A target goes through a row of kills: each start of the run is killed at its next change, so that every message that changes something,
//! most of them with a COMMIT at their end, is once the last that the target has done. In one row the job has not heard of it, in another it
//! has, and dies as it sends the next one. What only reads finds the target alike, so each kind of such a message stands for all: the sweeps
//! take every message for itself, each on a target of its own.

use crate::killed::kill;
use anyhow::{Result, ensure};
use job::Side;
use job::testing::{At, Strike, Trap, When};
use migration_tests::backend_state::{BackendState, Rights};
use migration_tests::environment::fresh_name;
use migration_tests::in_process::InProcess;
use migration_tests::migration::Migration;
use migration_tests::scenario::Direction;
use redshift::session::Batch;
use redshift_local::Fault;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// One of every kind of object, principal and right, for both stages.
const TENANT: &str = "
    CREATE GROUP readers;
    CREATE USER ann PASSWORD DISABLE IN GROUP readers;
    CREATE USER bob PASSWORD DISABLE CONNECTION LIMIT 3 SESSION TIMEOUT 600;
    ALTER USER bob SET search_path TO shop;
    CREATE ROLE clerk;
    CREATE ROLE boss;
    ALTER ROLE clerk OWNER TO ann;
    GRANT ROLE clerk TO ROLE boss;
    GRANT ROLE boss TO bob WITH ADMIN OPTION;
    GRANT ANALYZE TO ROLE clerk;
    CREATE SCHEMA shop AUTHORIZATION ann QUOTA 2 GB;
    CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'lake' IAM_ROLE default;
    ALTER SCHEMA lake OWNER TO bob;
    CREATE TABLE shop.orders (id INTEGER IDENTITY(1, 1), note VARCHAR(20) DEFAULT 'none' ENCODE lzo, PRIMARY KEY (id))
        DISTSTYLE KEY DISTKEY (id) SORTKEY (note);
    CREATE TABLE shop.lines (order_id INTEGER REFERENCES shop.orders (id), card VARCHAR(20)) DISTSTYLE ALL;
    COMMENT ON TABLE shop.orders IS 'what was asked for';
    COMMENT ON COLUMN shop.orders.note IS 'in the words of who asked';
    CREATE FUNCTION shop.f (INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 + 1 $$ LANGUAGE sql;
    CREATE PROCEDURE shop.p (n INOUT INTEGER) AS $$ BEGIN n := n + 1; END $$ LANGUAGE plpgsql;
    CREATE VIEW shop.a_view AS SELECT note, shop.f(id) AS next FROM shop.orders;
    CREATE VIEW shop.late AS SELECT note FROM shop.orders WITH NO SCHEMA BINDING;
    CREATE TABLE shop.sums (n INTEGER ENCODE az64) DISTSTYLE EVEN;
    CREATE MATERIALIZED VIEW shop.mv AUTO REFRESH YES AS SELECT COUNT(*) AS n FROM shop.sums;
    CREATE VIEW shop.on_mv AS SELECT n FROM shop.mv;
    CREATE RLS POLICY few WITH (note VARCHAR(20)) USING (note <> 'hidden');
    ATTACH RLS POLICY few ON shop.orders TO ROLE clerk;
    ALTER TABLE shop.orders ROW LEVEL SECURITY ON;
    CREATE MASKING POLICY hidden WITH (card VARCHAR(20)) USING ('XXXX'::VARCHAR(20));
    ATTACH MASKING POLICY hidden ON shop.lines (card) TO ROLE boss PRIORITY 10;
    ALTER TABLE shop.orders OWNER TO ann;
    ALTER TABLE shop.on_mv OWNER TO bob;
    ALTER FUNCTION shop.f (INTEGER) OWNER TO bob;
    REVOKE EXECUTE ON FUNCTION shop.f (INTEGER) FROM PUBLIC;
    GRANT TEMPORARY ON DATABASE dev TO bob;
    GRANT USAGE ON SCHEMA shop TO GROUP readers, ROLE clerk, ROLE boss;
    GRANT SELECT ON shop.orders TO GROUP readers, ROLE clerk;
    GRANT INSERT ON shop.orders TO bob WITH GRANT OPTION;
    GRANT SELECT (order_id) ON shop.lines TO ROLE clerk;
    GRANT SELECT ON shop.lines TO ROLE boss;
    GRANT SELECT ON shop.mv TO GROUP readers;
    GRANT EXECUTE ON FUNCTION shop.f (INTEGER) TO ann;
    GRANT EXECUTE ON PROCEDURE shop.p (INTEGER) TO PUBLIC;
    GRANT SELECT FOR TABLES IN SCHEMA shop TO ROLE boss;
    ALTER DEFAULT PRIVILEGES FOR USER ann IN SCHEMA shop GRANT SELECT ON TABLES TO ROLE clerk;
    GRANT CREATE ON SCHEMA shop TO bob;
    ALTER DEFAULT PRIVILEGES FOR USER bob IN SCHEMA shop GRANT ALL ON TABLES TO ROLE boss;
    ALTER DEFAULT PRIVILEGES FOR USER bob IN SCHEMA shop REVOKE DELETE ON TABLES FROM ROLE boss;
    REVOKE CREATE ON SCHEMA shop FROM bob;
";

const SCHEMAS: (&str, &str) = ("--SCHEMAS", "shop,lake");

/// Where each start of a run is killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    AfterEach,
    BeforeTheNext,
    LookingBack,
}

/// A test for each row, since each takes a while.
macro_rules! rows {
    ($($name:ident: $row:ident;)*) => {
        mod a_schema_job_killed_on_the_way_ends_as_if_it_had_not_been {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() -> Result<()> {
                    kill_on_the_way("migrate-schema", None, Row::$row).await
                }
            )*
        }

        mod a_refresh_job_killed_on_the_way_ends_as_if_it_had_not_been {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() -> Result<()> {
                    kill_on_the_way("refresh-views", Some("migrate-schema"), Row::$row).await
                }
            )*
        }
    };
}

rows! {
    after_each_change: AfterEach;
    before_the_next_change: BeforeTheNext;
    looking_back: LookingBack;
}

impl Row {
    fn at(self) -> At {
        match self {
            Self::AfterEach => At::MessageOf(Arc::new(is_change), Side::Target, 1, When::After),
            Self::BeforeTheNext => At::MessageOf(Arc::new(is_change), Side::Target, 2, When::Before),
            Self::LookingBack => {
                At::MessageOf(Arc::new(reads_after_a_change()), Side::Target, 1, When::Before)
            }
        }
    }

    /// How often a run is killed at least, of which a whole one changes so much. A later start may find one change done with another.
    fn least_kills(self, changes: u64) -> u64 {
        match self {
            Self::AfterEach => changes - 1,
            Self::BeforeTheNext => changes - 2,
            Self::LookingBack => 1,
        }
    }
}

async fn kill_on_the_way(job: &'static str, before: Option<&'static str>, row: Row) -> Result<()> {
    let mut migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(TENANT).await?;
    prepare(&mut migration, before).await?;
    let unchanged = BackendState::read(&migration.target).await?;
    let changing = At::MessageOf(Arc::new(is_change), Side::Target, 0, When::Before);
    let changes = unhurt(&migration, job, &fresh_name()?, changing).await?;
    let expected = BackendState::read(&migration.target).await?;
    ensure!(
        changes > 5 && unchanged.differences(&expected).len() > 5,
        "{job} changes little: {changes} times"
    );

    prepare(&mut migration, before).await?;
    let bounds = Bounds::of(&migration).await?;
    let run = fresh_name()?;
    let arguments = [SCHEMAS, ("--RUN_ID", run.as_str())];
    let start = async |at| {
        let trap = Trap::new(at, Strike::Stop);
        migration.run_in_process(job, &arguments, &trap).await
    };
    let mut kills = 0;
    if row == Row::AfterEach {
        // The session with its settings, who is logged in, sessions left over, the catalog.
        for message in 1..=4 {
            let ended = start(At::Message(Side::Target, message, When::After)).await?;
            ensure!(ended.is_stopped(), "no message {message}: {ended:?}");
            kills += 1;
        }
    }
    let unhurt = kills;
    let ended = loop {
        match start(row.at()).await? {
            InProcess::Stopped => {
                kills += 1;
                bounds.check(&migration, &format!("after {kills} kills")).await?;
            }
            ended @ InProcess::Ended(_) => break ended,
        }
        ensure!(kills - unhurt <= 2 * changes, "the run does not come to an end");
    };
    ensure!(ended.is_finished(), "after {kills} kills: {ended:?}");
    ensure!(kills - unhurt >= row.least_kills(changes), "the run was killed {kills} times only");
    let outcome = migration.ledger(&format!("runs/norrvik/{run}/{}.json", document(job)))?;
    // A start that dies at once may not have told the ledger of itself.
    ensure!(outcome["status"] == "finished" && outcome["starts"].as_u64() > Some(1), "{outcome:#}");
    let differences = expected.differences(&BackendState::read(&migration.target).await?);
    ensure!(differences.is_empty(), "after {kills} kills: {differences:#?}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_process_killed_at_a_change_ends_as_if_it_had_not_been() -> Result<()> {
    let (job, before) = ("refresh-views", Some("migrate-schema"));
    let mut migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(TENANT).await?;
    prepare(&mut migration, before).await?;
    finish(&migration, job, &fresh_name()?).await?;
    let expected = BackendState::read(&migration.target).await?;
    prepare(&mut migration, before).await?;
    let run = fresh_name()?;
    let fault = Fault::drop_connection(redshift_local::When::AfterForwarding).matching(changes).at(2);
    let killed = kill(&migration, &migration.target, fault, (job, &[SCHEMAS, ("--RUN_ID", &run)])).await?;
    ensure!(killed.is_none(), "not killed: {killed:?}");
    finish(&migration, job, &run).await?;
    let differences = expected.differences(&BackendState::read(&migration.target).await?);
    ensure!(differences.is_empty(), "{differences:#?}");
    migration.stop().await
}

/// A sweep for each job and moment: they take minutes.
macro_rules! sweeps {
    ($($name:ident: $job:literal after $before:expr, $when:ident;)*) => {
        mod killed_at_every_message_it_ends_as_if_it_had_not_been {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                #[ignore = "a sweep"]
                async fn $name() -> Result<()> {
                    kill_at_every_message($job, $before, When::$when).await
                }
            )*
        }
    };
}

sweeps! {
    a_schema_job_before_the_target_has_it: "migrate-schema" after None, Before;
    a_schema_job_after_the_target_has_it: "migrate-schema" after None, After;
    a_refresh_job_before_the_target_has_it: "refresh-views" after Some("migrate-schema"), Before;
    a_refresh_job_after_the_target_has_it: "refresh-views" after Some("migrate-schema"), After;
}

async fn kill_at_every_message(job: &'static str, before: Option<&'static str>, when: When) -> Result<()> {
    let mut migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(TENANT).await?;
    prepare(&mut migration, before).await?;
    let at = |number| At::Message(Side::Target, number, when);
    let messages = unhurt(&migration, job, &fresh_name()?, at(0)).await?;
    let expected = BackendState::read(&migration.target).await?;
    for message in 1..=messages {
        prepare(&mut migration, before).await?;
        let (run, trap) = (fresh_name()?, Trap::new(at(message), Strike::Stop));
        let bounds = Bounds::of(&migration).await?;
        let ended = migration.run_in_process(job, &[SCHEMAS, ("--RUN_ID", &run)], &trap).await?;
        ensure!(ended.is_stopped(), "not killed {:?}: {ended:?}", at(message));
        bounds.check(&migration, &format!("killed {:?}", at(message))).await?;
        unhurt(&migration, job, &run, at(0)).await?;
        let differences = expected.differences(&BackendState::read(&migration.target).await?);
        ensure!(differences.is_empty(), "killed {:?}: {differences:#?}", at(message));
    }
    writeln!(std::io::stderr(), "sweep: {messages} kills of {job}, {when:?} every message to the target")?;
    migration.stop().await
}

/// What nobody may go beyond, however a job ends: what they may on the source, and what they could on the target before it.
struct Bounds {
    source: Rights,
    before: Rights,
}

impl Bounds {
    async fn of(migration: &Migration) -> Result<Self> {
        let (source, before) =
            (Rights::read(&migration.source).await?, Rights::read(&migration.target).await?);
        ensure!(source.count() > 50, "the source gives little: {}", source.count());
        Ok(Self { source, before })
    }

    async fn check(&self, migration: &Migration, when: &str) -> Result<()> {
        let beyond = Rights::read(&migration.target).await?.beyond(&[&self.source, &self.before]);
        ensure!(beyond.is_empty(), "{when} the target gives more: {beyond:#?}");
        Ok(())
    }
}

/// Takes a bare target, and runs there what comes before the job.
async fn prepare(migration: &mut Migration, before: Option<&'static str>) -> Result<()> {
    migration.renew_target().await?;
    migration.take_any_certificate().await?;
    match before {
        Some(job) => finish(migration, job, &format!("before-{}", fresh_name()?)).await,
        None => Ok(()),
    }
}

/// Runs a job that must end well.
async fn finish(migration: &Migration, job: &str, run: &str) -> Result<()> {
    let ended = migration.run_job(job, &[SCHEMAS, ("--RUN_ID", run)]).await?;
    ensure!(ended.status == Some(0), "{job}: {ended:?}");
    let outcome = migration.ledger(&format!("runs/norrvik/{run}/{}.json", document(job)))?;
    ensure!(outcome["status"] == "finished", "{outcome:#}");
    Ok(())
}

fn document(job: &str) -> &'static str {
    if job == "migrate-schema" { "schema" } else { "views" }
}

/// Runs a job here that must end well, and counts the points of this kind that it passes.
async fn unhurt(migration: &Migration, job: &'static str, run: &str, count: At) -> Result<u64> {
    let trap = Trap::counting(count);
    let ended = migration.run_in_process(job, &[SCHEMAS, ("--RUN_ID", run)], &trap).await?;
    ensure!(ended.is_finished(), "{job}: {ended:?}");
    let outcome = migration.ledger(&format!("runs/norrvik/{run}/{}.json", document(job)))?;
    ensure!(outcome["status"] == "finished", "{outcome:#}");
    Ok(trap.passed())
}

/// Whether a message changes what the plan is made of: catalog queries begin with a comment, and a refresh is done at every start.
fn changes(sql: &str) -> bool {
    !sql.is_empty() && !["--", "SELECT", "SHOW", "SET", "REFRESH"].iter().any(|start| sql.starts_with(start))
}

fn is_change(batch: &Batch) -> bool {
    changes(&batch.text())
}

/// Picks a catalog query behind a change: the look at the target when all is done.
fn reads_after_a_change() -> impl Fn(&Batch) -> bool + Send + Sync + 'static {
    let changed = AtomicBool::new(false);
    move |batch| {
        changed.fetch_or(is_change(batch), Ordering::Relaxed);
        changed.load(Ordering::Relaxed) && batch.text().starts_with("--")
    }
}
