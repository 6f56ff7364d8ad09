//! A data job killed, or cut off, at every message and at every call to S3: the target has the old rows or the new ones, and the
//! next start of the run ends with the new ones and leaves nothing behind.
//!
//! The sweeps run the job in the process of the test; whole processes are killed once for each kind of act. A point is a call of the
//! job's: to open a session is one, and so is to remove a folder, whatever these take on the wire.

use super::shared_shop;
use crate::killed::{Victim, kill};
use anyhow::{Result, ensure};
use job::Side;
use job::testing::{At, Strike, Trap, When};
use migration_tests::aws_proxy::AwsProxy;
use migration_tests::in_process::InProcess;
use migration_tests::migration::{Migration, ended};
use migration_tests::object_store::ObjectStore;
use migration_tests::warehouse::TestWarehouse;
use redshift_local::Fault;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_postgres::{Client, SimpleQueryMessage};

const JOB: &str = "migrate-data";

/// One table under a run of this name, proven by all that can be.
fn one(run: &str) -> Vec<(&str, &str)> {
    vec![("--SCHEMAS", "shop"), ("--TABLE_NAME", "notes"), ("--RUN_ID", run), ("--VERIFY", "checksum")]
}

/// The rows of that table, which PostgreSQL behind a warehouse holds.
async fn notes(backend: &Client) -> Result<Vec<String>> {
    let messages = backend.simple_query("SELECT id, note IS NULL, note FROM shop.notes ORDER BY 1").await?;
    let row = |message: &SimpleQueryMessage| match message {
        SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|at| row.get(at).unwrap_or_default()).collect::<Vec<_>>().join("|"))
        }
        _ => None,
    };
    Ok(messages.iter().filter_map(row).collect())
}

/// A tenant that moves again and again.
struct Mover {
    migration: Migration,
    /// PostgreSQL behind the target.
    target: Client,
    /// The rows on the source.
    new: Vec<String>,
    /// What the ledger says of the target's old rows.
    of_old_rows: String,
}

impl Mover {
    async fn start() -> Result<Self> {
        let migration = Box::pin(shared_shop()).await?;
        migration.take_any_certificate().await?;
        let new = notes(&migration.source.backend().await?).await?;
        let target = migration.target.backend().await?;
        let of_old_rows = migration.ledger_text(&document(&migration, "saved"))?;
        Ok(Self { migration, target, new, of_old_rows })
    }

    /// Gives the target its old rows again, past the proxy, and the ledger what it said of them.
    async fn old_rows(&self) -> Result<()> {
        self.target.batch_execute("TRUNCATE shop.notes; INSERT INTO shop.notes VALUES (7, 'old')").await?;
        let key = self.migration.key(&document(&self.migration, "loaded"))?;
        let bucket = self.migration.deployed("data_bucket");
        ObjectStore::shared().await?.put_to(bucket, &key, &self.of_old_rows).await
    }

    async fn run(&self, run: &str, trap: &Arc<Trap>) -> Result<InProcess> {
        self.migration.run_in_process(JOB, &one(run), trap).await
    }

    /// Runs to the end, which the new rows reach; counts the points of this kind on the way.
    async fn finish(&self, run: &str, count: At) -> Result<u64> {
        let trap = Trap::counting(count);
        let ended = self.run(run, &trap).await?;
        ensure!(ended.is_finished(), "{run}: {ended:?}");
        assert_eq!(notes(&self.target).await?, self.new, "{run}");
        Ok(trap.passed())
    }

    /// A run does not come to this point: those before it were all.
    async fn has_no_more(&self, at: At) -> Result<()> {
        self.old_rows().await?;
        let trap = Trap::new(at, Strike::Stop);
        let ended = self.run("beyond", &trap).await?;
        ensure!(ended.is_finished() && !trap.is_sprung(), "a run passes more points: {ended:?}");
        Ok(())
    }

    /// A killed run has left the old rows or the new ones.
    async fn no_mixture(&self, run: &str) -> Result<()> {
        let left = notes(&self.target).await?;
        ensure!(left == ["7|f|old"] || left == self.new, "{run} left a mixture: {left:?}");
        Ok(())
    }

    /// Starts the run again as a process, which must end with the new rows.
    async fn again(self) -> Result<()> {
        self.no_mixture("killed").await?;
        let again = self.migration.run_job(JOB, &one("killed")).await?;
        ensure!(again.status == Some(0), "{again:?}");
        assert_eq!(notes(&self.target).await?, self.new);
        self.stop().await
    }

    /// What was unloaded does not stay, whichever start of a run came to its end.
    async fn stop(self) -> Result<()> {
        assert_eq!(self.migration.keys("unload/")?, Vec::<String>::new());
        self.migration.stop().await
    }
}

/// What the ledger says that the table holds, or what it said before.
fn document(migration: &Migration, folder: &str) -> String {
    format!("{folder}/norrvik/{}/target_wh/shop/notes.json", migration.target.warehouse.namespace())
}

/// Kills a job at each point of this kind, or fails the call there, and starts the run again.
async fn strike_at_each(at: impl Fn(u64) -> At, strike: Strike) -> Result<()> {
    let mover = Mover::start().await?;
    let points = mover.finish("whole", at(0)).await?;
    ensure!(points > 3, "the job passes {points} points");
    for point in 1..=points {
        mover.old_rows().await?;
        let (run, trap) = (format!("struck-{point}"), Trap::new(at(point), strike));
        let struck = mover.run(&run, &trap).await?;
        ensure!(trap.is_sprung(), "nothing happened {:?}: {struck:?}", at(point));
        ensure!(struck.is_stopped() == (strike == Strike::Stop), "{:?}: {struck:?}", at(point));
        mover.no_mixture(&run).await?;
        mover.finish(&run, at(0)).await?;
    }
    mover.has_no_more(at(points + 1)).await?;
    mover.stop().await
}

/// Loses the connection at each message to a warehouse; the job goes on by itself.
async fn cut_off_at_each(at: impl Fn(u64) -> At) -> Result<()> {
    let mover = Mover::start().await?;
    let points = mover.finish("whole", at(0)).await?;
    ensure!(points > 3, "the job passes {points} points");
    for point in 1..=points {
        mover.old_rows().await?;
        let trap = Trap::new(at(point), Strike::Fail);
        let ended = mover.run(&format!("lost-{point}"), &trap).await?;
        ensure!(trap.is_sprung(), "not lost {:?}: {ended:?}", at(point));
        ensure!(ended.is_finished(), "{:?}: {ended:?}", at(point));
        assert_eq!(notes(&mover.target).await?, mover.new, "{:?}", at(point));
    }
    mover.has_no_more(at(points + 1)).await?;
    mover.stop().await
}

/// A test for each side and moment, since each takes a while.
macro_rules! at_any_message {
    ($($name:ident: $side:ident, $when:ident;)*) => {
        mod killed_at_any_message_it_goes_on_from_there {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() -> Result<()> {
                    strike_at_each(|number| At::Message(Side::$side, number, When::$when), Strike::Stop).await
                }
            )*
        }

        mod cut_off_at_any_message_it_goes_on_by_itself {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() -> Result<()> {
                    cut_off_at_each(|number| At::Message(Side::$side, number, When::$when)).await
                }
            )*
        }
    };
}

at_any_message! {
    before_the_source_has_it: Source, Before;
    after_the_source_has_it: Source, After;
    before_the_target_has_it: Target, Before;
    after_the_target_has_it: Target, After;
}

mod killed_at_any_call_to_s3_it_goes_on_from_there {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn before_s3_has_it() -> Result<()> {
        Box::pin(strike_at_each(|number| At::AnyCall(number, When::Before), Strike::Stop)).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_s3_has_it() -> Result<()> {
        Box::pin(strike_at_each(|number| At::AnyCall(number, When::After), Strike::Stop)).await
    }
}

mod a_call_to_s3_that_fails_stops_nothing_for_good {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn before_s3_has_it() -> Result<()> {
        Box::pin(strike_at_each(|number| At::AnyCall(number, When::Before), Strike::Fail)).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_s3_has_it() -> Result<()> {
        Box::pin(strike_at_each(|number| At::AnyCall(number, When::After), Strike::Fail)).await
    }
}

/// Kills the job's process at the message that this picks, when the warehouse has done what it asks for.
async fn kill_the_process(of: impl Fn(&Migration) -> &TestWarehouse, picks: fn(&str) -> bool) -> Result<()> {
    let mover = Mover::start().await?;
    let fault = Fault::drop_connection(redshift_local::When::AfterForwarding).matching(picks).at(1);
    let ended = kill(&mover.migration, of(&mover.migration), fault, (JOB, &one("killed"))).await?;
    ensure!(ended.is_none(), "not killed: {ended:?}");
    mover.again().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_its_unload_goes_on_from_there() -> Result<()> {
    Box::pin(kill_the_process(|migration| &migration.source, |sql| sql.starts_with("UNLOAD"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_its_commit_goes_on_from_there() -> Result<()> {
    Box::pin(kill_the_process(|migration| &migration.target, |sql| sql == "COMMIT")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_cut_off_at_its_commit_goes_on_by_itself() -> Result<()> {
    let mover = Mover::start().await?;
    let faults = mover.migration.target.warehouse.faults();
    let fault = Fault::drop_connection(redshift_local::When::AfterForwarding);
    faults.set(fault.matching(|sql| sql == "COMMIT").at(1));
    let ended = mover.migration.run_job(JOB, &one("lost")).await?;
    ensure!(faults.fired() == 1 && ended.status == Some(0), "{ended:?}");
    ensure!(ended.stdout.contains("attempt 2 of 3 follows"), "{ended:?}");
    assert_eq!(notes(&mover.target).await?, mover.new);
    mover.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_a_call_to_aws_goes_on_from_there() -> Result<()> {
    let mover = Mover::start().await?;
    let migration = &mover.migration;
    let (victim, last) = (Victim::default(), Arc::new(AtomicU64::new(u64::MAX)));
    let (hand, strikes) = (victim.clone(), Arc::clone(&last));
    let hear = move |number| {
        if number == strikes.load(Ordering::Relaxed) {
            hand.kill();
        }
    };
    let proxy = AwsProxy::start(migration.aws.endpoint(), hear).await?;
    let run_through = async |run: &str| {
        victim.expect();
        let child = migration.start_job_at(proxy.url(), JOB, &migration.arguments(JOB, &one(run)))?;
        victim.is(&child)?;
        ended(child).await
    };
    let before = proxy.requests();
    let whole = run_through("whole").await?;
    ensure!(whole.status == Some(0), "{whole:?}");
    let calls = proxy.requests() - before;
    ensure!(calls > 8, "the job made {calls} calls");
    mover.old_rows().await?;
    last.store(proxy.requests() + calls / 2, Ordering::Relaxed);
    let killed = run_through("killed").await?;
    ensure!(killed.status.is_none(), "not killed at call {}: {killed:?}", calls / 2);
    mover.again().await
}
