//! A data job killed, or cut off, at every message and at every call to S3: the target has the old rows or the new ones, and the
//! next start of the run ends with the new ones and leaves nothing behind.
//!
//! The sweeps run the job in the process of the test; whole processes are killed once for each kind of act.

use super::{old_rows, rows, shop};
use crate::killed::{Victim, kill};
use anyhow::{Result, ensure};
use job::Side;
use job::testing::{At, Strike, Trap, When};
use migration_tests::aws_proxy::AwsProxy;
use migration_tests::migration::{Migration, ended};
use migration_tests::warehouse::TestWarehouse;
use redshift_local::Fault;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const JOB: &str = "migrate-data";

/// One table under a run of this name, proven by all that can be.
fn one(run: &str) -> Vec<(&str, &str)> {
    vec![("--SCHEMAS", "shop"), ("--TABLE_NAME", "notes"), ("--RUN_ID", run), ("--VERIFY", "checksum")]
}

/// The rows of that table on a warehouse.
async fn notes(migration: &Migration, of: &TestWarehouse) -> Result<String> {
    let rows = rows(migration, of).await?;
    Ok(rows.lines().filter(|row| row.starts_with("notes")).collect::<Vec<_>>().join("\n"))
}

/// A killed run has left the old rows or the new ones.
async fn no_mixture(migration: &Migration, run: &str, new: &str) -> Result<()> {
    let left = notes(migration, &migration.target).await?;
    let old = left.lines().all(|row| row.ends_with("old")) && !left.is_empty();
    ensure!(old || left == new, "{run} left a mixture: {left}");
    Ok(())
}

/// What was unloaded does not stay, whichever start of a run came to its end.
fn nothing_stays(migration: &Migration) -> Result<()> {
    assert_eq!(migration.keys("unload/")?, Vec::<String>::new());
    Ok(())
}

/// A job here that is not hurt.
async fn unhurt(migration: &Migration, run: &str, count: At) -> Result<u64> {
    let trap = Trap::counting(count);
    let ended = migration.run_in_process(JOB, &one(run), &trap).await?;
    ensure!(ended.is_finished(), "{run}: {ended:?}");
    Ok(trap.passed())
}

/// The tenant, and its new rows.
async fn prepared() -> Result<(Migration, String)> {
    let migration = shop().await?;
    migration.take_any_certificate().await?;
    let new = notes(&migration, &migration.source).await?;
    Ok((migration, new))
}

/// Kills a job at each point of this kind, and starts the run again.
async fn kill_at_each(at: impl Fn(u64) -> At) -> Result<()> {
    let (migration, new) = prepared().await?;
    let points = unhurt(&migration, "whole", at(0)).await?;
    ensure!(points > 3, "the job passes {points} points");
    for point in 1..=points {
        old_rows(&migration).await?;
        let (run, trap) = (format!("killed-{point}"), Trap::new(at(point), Strike::Stop));
        let killed = migration.run_in_process(JOB, &one(&run), &trap).await?;
        ensure!(killed.is_stopped(), "not killed {:?}: {killed:?}", at(point));
        no_mixture(&migration, &run, &new).await?;
        unhurt(&migration, &run, at(0)).await?;
        assert_eq!(notes(&migration, &migration.target).await?, new, "{run}");
    }
    nothing_stays(&migration)?;
    migration.stop().await
}

/// Loses the connection at each message to a warehouse; the job goes on by itself.
async fn cut_off_at_each(at: impl Fn(u64) -> At) -> Result<()> {
    let (migration, new) = prepared().await?;
    let points = unhurt(&migration, "whole", at(0)).await?;
    ensure!(points > 3, "the job passes {points} points");
    for point in 1..=points {
        old_rows(&migration).await?;
        let trap = Trap::new(at(point), Strike::Fail);
        let ended = migration.run_in_process(JOB, &one(&format!("lost-{point}")), &trap).await?;
        ensure!(trap.is_sprung(), "not lost {:?}: {ended:?}", at(point));
        ensure!(ended.is_finished(), "{:?}: {ended:?}", at(point));
        assert_eq!(notes(&migration, &migration.target).await?, new, "{:?}", at(point));
    }
    nothing_stays(&migration)?;
    migration.stop().await
}

/// A test for each side and moment, since each takes a while.
macro_rules! at_any_message {
    ($($name:ident: $side:ident, $when:ident;)*) => {
        mod killed_at_any_message_it_goes_on_from_there {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() -> Result<()> {
                    kill_at_each(|number| At::Message(Side::$side, number, When::$when)).await
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
        Box::pin(kill_at_each(|number| At::AnyCall(number, When::Before))).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_s3_has_it() -> Result<()> {
        Box::pin(kill_at_each(|number| At::AnyCall(number, When::After))).await
    }
}

/// Kills the job's process at the message that this picks, when the warehouse has done what it asks for.
async fn kill_the_process(of: impl Fn(&Migration) -> &TestWarehouse, picks: fn(&str) -> bool) -> Result<()> {
    let migration = shop().await?;
    let new = notes(&migration, &migration.source).await?;
    let fault = Fault::drop_connection(redshift_local::When::AfterForwarding).matching(picks).at(1);
    let ended = kill(&migration, of(&migration), fault, (JOB, &one("killed"))).await?;
    ensure!(ended.is_none(), "not killed: {ended:?}");
    again(&migration, &new).await?;
    migration.stop().await
}

/// Starts the run again as a process, which must end with the new rows.
async fn again(migration: &Migration, new: &str) -> Result<()> {
    no_mixture(migration, "killed", new).await?;
    let again = migration.run_job(JOB, &one("killed")).await?;
    ensure!(again.status == Some(0), "{again:?}");
    assert_eq!(notes(migration, &migration.target).await?, new);
    nothing_stays(migration)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_its_unload_goes_on_from_there() -> Result<()> {
    kill_the_process(|migration| &migration.source, |sql| sql.starts_with("UNLOAD")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_its_commit_goes_on_from_there() -> Result<()> {
    kill_the_process(|migration| &migration.target, |sql| sql == "COMMIT").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_cut_off_at_its_commit_goes_on_by_itself() -> Result<()> {
    let migration = shop().await?;
    let new = notes(&migration, &migration.source).await?;
    let faults = migration.target.warehouse.faults();
    let fault = Fault::drop_connection(redshift_local::When::AfterForwarding);
    faults.set(fault.matching(|sql| sql == "COMMIT").at(1));
    let ended = migration.run_job(JOB, &one("lost")).await?;
    ensure!(faults.fired() == 1 && ended.status == Some(0), "{ended:?}");
    ensure!(ended.stdout.contains("attempt 2 of 3 follows"), "{ended:?}");
    assert_eq!(notes(&migration, &migration.target).await?, new);
    nothing_stays(&migration)?;
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_a_call_to_aws_goes_on_from_there() -> Result<()> {
    let migration = shop().await?;
    let new = notes(&migration, &migration.source).await?;
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
    old_rows(&migration).await?;
    last.store(proxy.requests() + calls / 2, Ordering::Relaxed);
    let killed = run_through("killed").await?;
    ensure!(killed.status.is_none(), "not killed at call {}: {killed:?}", calls / 2);
    again(&migration, &new).await?;
    migration.stop().await
}
