//! A job that is killed on the way, or whose connection is lost: what it leaves, and what the ledger says of it. Started again it goes on;
//! where the connection is lost only, it goes on by itself. `killed_applying.rs` kills with a tenant of every kind of object.
//!
//! Connections are lost at every message in the process of the test; whole processes lose theirs, and are killed, once.

use anyhow::{Context, Result, ensure};
use job::Side;
use job::testing::{At, Strike, Trap, When};
use migration_tests::migration::{Ended, Migration, compared, ended};
use migration_tests::scenario::Direction;
use migration_tests::warehouse::TestWarehouse;
use redshift_local::Fault;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::process::Child;

const TENANT: &str = "
    CREATE GROUP readers;
    CREATE USER ann PASSWORD 'Abcdefg1' IN GROUP readers;
    CREATE SCHEMA shop AUTHORIZATION ann;
    CREATE TABLE shop.orders (id INTEGER IDENTITY(1, 1), note VARCHAR(20) ENCODE lzo, PRIMARY KEY (id))
        DISTSTYLE KEY DISTKEY (id) SORTKEY (note);
    CREATE TABLE shop.lines (order_id INTEGER REFERENCES shop.orders (id));
    CREATE VIEW shop.a_view AS SELECT note FROM shop.orders;
    CREATE FUNCTION shop.f (INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 + 1 $$ LANGUAGE sql;
    REVOKE EXECUTE ON FUNCTION shop.f (INTEGER) FROM PUBLIC;
    ALTER TABLE shop.orders OWNER TO ann;
    GRANT USAGE ON SCHEMA shop TO GROUP readers;
    GRANT SELECT ON shop.orders TO GROUP readers;
    GRANT EXECUTE ON FUNCTION shop.f (INTEGER) TO ann;
";

/// Brings the target back to what it was before.
const RESET: &str =
    "DROP SCHEMA IF EXISTS shop CASCADE; DROP ROLE IF EXISTS ann; DROP ROLE IF EXISTS \"group readers\"";

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_job_whose_connection_is_lost_before_any_message_goes_on_by_itself() -> Result<()> {
    lose_at_any_message(When::Before).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_job_whose_connection_is_lost_after_any_message_goes_on_by_itself() -> Result<()> {
    lose_at_any_message(When::After).await
}

async fn lose_at_any_message(when: When) -> Result<()> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    // The first run would associate it, and the others would have less to do.
    migration.associate_role().await?;
    migration.take_any_certificate().await?;
    migration.load_text(TENANT).await?;
    let job = async |run: &str, trap: &Arc<Trap>| {
        migration.run_in_process("migrate-schema", &[("--SCHEMAS", "shop"), ("--RUN_ID", run)], trap).await
    };
    let counting = Trap::counting(At::Message(Side::Target, 0, when));
    let whole = job("whole", &counting).await?;
    ensure!(whole.is_finished(), "{whole:?}");
    let expected = compared(&migration, &migration.target, &[]).await?;
    let applied = migration.ledger("runs/norrvik/whole/schema.json")?["applied"].clone();
    ensure!(applied.as_u64() > Some(10), "{applied} steps");
    for message in 1..=counting.passed() {
        migration.backend(&migration.target, &["-c", RESET]).await?;
        let (run, trap) = (
            format!("{when:?}-{message}"),
            Trap::new(At::Message(Side::Target, message, when), Strike::Fail),
        );
        let ended = job(&run, &trap).await?;
        ensure!(trap.is_sprung(), "message {message} never came: {ended:?}");
        ensure!(ended.is_finished(), "after a loss at message {message} {when:?}: {ended:?}");
        let state = compared(&migration, &migration.target, &[]).await?;
        assert_eq!(state, expected, "after a loss at message {message} {when:?}");
        // What was committed unheard counts as much as the rest.
        let outcome = migration.ledger(&format!("runs/norrvik/{run}/schema.json"))?;
        assert_eq!((&outcome["applied"], &outcome["status"]), (&applied, &json!("finished")), "{run}");
    }
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_drops_every_connection_ends_the_job_after_its_attempts() -> Result<()> {
    let migration = Migration::start().await?;
    migration.load_text(TENANT).await?;
    let faults = migration.target.warehouse.faults();
    let fault = Fault::drop_connection(redshift_local::When::BeforeForwarding);
    faults.set(fault.matching(|sql| sql.contains("CREATE VIEW \"shop\"")));
    let arguments = [("--SCHEMAS", "shop"), ("--RUN_ID", "r"), ("--RETRY", "2")];
    let ended = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(ended.status == Some(3) && ended.last_line().contains("the connection was lost"), "{ended:?}");
    // The first loss comes after some progress. At the second the plan has become shorter by itself, since what the login owns
    // anyway need not be given to it: that counts as progress, too.
    assert_eq!(faults.fired(), 3, "{ended:?}");
    let outcome = migration.ledger("runs/norrvik/r/schema.json")?;
    assert_eq!(outcome["status"], "failed");
    ensure!(outcome["applied_by_phase"]["tables"].as_u64() == Some(2), "{outcome}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_shows_what_was_done_and_its_next_start_counts_it() -> Result<()> {
    let migration = Migration::start().await?;
    migration.associate_role().await?;
    migration.load_text(TENANT).await?;
    let arguments = |run| [("--SCHEMAS", "shop"), ("--RUN_ID", run)];
    let whole = migration.run_job("migrate-schema", &arguments("whole")).await?;
    ensure!(whole.status == Some(0), "{whole:?}");
    ensure!(whole.stdout.contains("tables: 2 of 2 steps, "), "a line a phase: {whole:?}");
    let whole = migration.ledger("runs/norrvik/whole/schema.json")?;
    // The last two messages look at the target once more: the catalog, and SHOW COLUMNS of the table with text. The last batch comes before.
    let message = messages_of(&migration, "migrate-schema norrvik whole") - 2;
    migration.backend(&migration.target, &["-c", RESET]).await?;
    let fault = Fault::drop_connection(redshift_local::When::AfterForwarding).at(message);
    let ended = kill(&migration, &migration.target, fault, ("migrate-schema", &arguments("killed"))).await?;
    ensure!(ended.is_none(), "message {message} never came: {ended:?}");
    let left = migration.ledger("runs/norrvik/killed/schema.json")?;
    assert_eq!((&left["status"], &left["starts"]), (&json!("running"), &json!(1)));
    assert_eq!(left["planned_by_phase"], whole["planned_by_phase"]);
    ensure!(left["applied"].as_u64() < whole["applied"].as_u64(), "{left}");

    let again = migration.run_job("migrate-schema", &arguments("killed")).await?;
    ensure!(again.status == Some(0) && again.stdout.contains("start 2 of this run"), "{again:?}");
    let outcome = migration.ledger("runs/norrvik/killed/schema.json")?;
    assert_eq!((&outcome["status"], &outcome["starts"]), (&json!("finished"), &json!(2)));
    assert_eq!(outcome["applied_by_phase"], whole["applied_by_phase"]);
    assert_eq!(outcome["applied"], whole["applied"]);
    migration.stop().await
}

/// The messages of the longest session with the target whose name begins so.
fn messages_of(migration: &Migration, name: &str) -> u64 {
    let sessions = migration.target.warehouse.sessions();
    let named = sessions.iter().filter(|session| session.application_name.starts_with(name));
    named.map(|session| session.messages).max().expect("a session of that name")
}

/// A process that is killed when the time comes, which may be before it is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Victim(Arc<Mutex<Fate>>);

#[derive(Clone, Copy, Debug, Default)]
enum Fate {
    /// Nobody knows the process yet.
    #[default]
    Unknown,
    /// It is the process of this id.
    Known(u32),
    /// The time came before anybody knew it.
    Doomed,
}

impl Victim {
    /// It is none of those before.
    pub(crate) fn expect(&self) {
        *self.0.lock().expect("nobody panicked") = Fate::Unknown;
    }

    /// It is this process.
    pub(crate) fn is(&self, process: &Child) -> Result<()> {
        let id = process.id().context("a running job")?;
        let before = std::mem::replace(&mut *self.0.lock().expect("nobody panicked"), Fate::Known(id));
        if matches!(before, Fate::Doomed) {
            self.kill();
        }
        Ok(())
    }

    /// Kills it.
    pub(crate) fn kill(&self) {
        let fate = *self.0.lock().expect("nobody panicked");
        let Fate::Known(id) = fate else {
            *self.0.lock().expect("nobody panicked") = Fate::Doomed;
            return;
        };
        let status = std::process::Command::new("sh").args(["-c", "kill -KILL $0", &id.to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()), "cannot kill the job");
    }
}

/// Runs a job and kills its process where a fault strikes its session with a warehouse; how it ended where none struck.
pub(crate) async fn kill(
    migration: &Migration,
    warehouse: &TestWarehouse,
    fault: Fault,
    (job, arguments): (&'static str, &[(&str, &str)]),
) -> Result<Option<Ended>> {
    let victim = Victim::default();
    let hand = victim.clone();
    let faults = warehouse.warehouse.faults();
    let fault = fault.then(move || hand.kill());
    faults.set(fault.of_sessions(move |session| session.application_name.starts_with(job)));
    let child = migration.start_job(job, &migration.arguments(job, arguments))?;
    victim.is(&child)?;
    let ended = ended(child).await?;
    let struck = faults.fired() == 1;
    faults.clear();
    ensure!(ended.status.is_none() == struck, "the job was not killed where it was to be: {ended:?}");
    Ok((!struck).then_some(ended))
}
