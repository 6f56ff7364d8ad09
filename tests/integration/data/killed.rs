//! A data job killed, or cut off, at every message and at every call to S3: the target has the old rows or the new ones, and the
//! next start of the run ends with the new ones and leaves nothing behind.

use super::{old_rows, rows, shop};
use crate::killed::{Victim, kill_at_message, messages_to};
use anyhow::{Result, ensure};
use migration_tests::aws_proxy::AwsProxy;
use migration_tests::migration::{Migration, ended};
use migration_tests::warehouse::TestWarehouse;
use redshift_local::{Fault, When};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const JOB: &str = "migrate-data";

/// One table under a run of this name, proven by all that can be.
fn one(run: &str) -> Vec<(&str, &str)> {
    vec![("--SCHEMAS", "shop"), ("--TABLE_NAME", "notes"), ("--RUN_ID", run), ("--VERIFY", "checksum")]
}

/// The rows of that table on the target.
async fn notes(migration: &Migration, of: &TestWarehouse) -> Result<String> {
    let rows = rows(migration, of).await?;
    Ok(rows.lines().filter(|row| row.starts_with("notes")).collect::<Vec<_>>().join("\n"))
}

/// Starts the run again, which must end with the new rows.
async fn again(migration: &Migration, run: &str, new: &str) -> Result<()> {
    let left = notes(migration, &migration.target).await?;
    let old = left.lines().all(|row| row.ends_with("old")) && !left.is_empty();
    ensure!(old || left == new, "{run} left a mixture: {left}");
    let again = migration.run_job(JOB, &one(run)).await?;
    ensure!(again.status == Some(0), "{run}: {again:?}");
    assert_eq!(notes(migration, &migration.target).await?, new, "{run}");
    Ok(())
}

/// What was unloaded does not stay, whichever start of a run came to its end.
fn nothing_stays(migration: &Migration) -> Result<()> {
    assert_eq!(migration.keys("unload/")?, Vec::<String>::new());
    Ok(())
}

/// A test for each warehouse and moment, since each takes a while.
macro_rules! at_any_message {
    ($($name:ident: $warehouse:ident, $when:ident;)*) => {
        mod killed_at_any_message_it_goes_on_from_there {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() -> Result<()> {
                    let migration = shop().await?;
                    kill_at_any_message(&migration, &migration.$warehouse, When::$when).await?;
                    migration.stop().await
                }
            )*
        }

        mod cut_off_at_any_message_it_goes_on_by_itself {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() -> Result<()> {
                    let migration = shop().await?;
                    cut_off_at_any_message(&migration, &migration.$warehouse, When::$when).await?;
                    migration.stop().await
                }
            )*
        }
    };
}

at_any_message! {
    before_the_source_has_it: source, BeforeForwarding;
    after_the_source_has_it: source, AfterForwarding;
    before_the_target_has_it: target, BeforeForwarding;
    after_the_target_has_it: target, AfterForwarding;
}

/// Moves the rows once, unhurt; gives them and how many messages that took.
async fn whole(migration: &Migration, warehouse: &TestWarehouse) -> Result<(String, u64)> {
    let new = notes(migration, &migration.source).await?;
    let whole = migration.run_job(JOB, &one("whole")).await?;
    ensure!(whole.status == Some(0), "{whole:?}");
    let messages = messages_to(warehouse, "migrate-data norrvik whole");
    ensure!(messages > 3, "the job sent {messages} messages");
    Ok((new, messages))
}

async fn kill_at_any_message(migration: &Migration, warehouse: &TestWarehouse, when: When) -> Result<()> {
    let (new, messages) = whole(migration, warehouse).await?;
    for message in 1..=messages {
        old_rows(migration).await?;
        let run = format!("killed-{message}");
        kill_at_message(migration, warehouse, message, when, (JOB, &one(&run))).await?;
        again(migration, &run, &new).await?;
    }
    nothing_stays(migration)
}

async fn cut_off_at_any_message(migration: &Migration, warehouse: &TestWarehouse, when: When) -> Result<()> {
    let (new, messages) = whole(migration, warehouse).await?;
    let faults = warehouse.warehouse.faults();
    for message in 1..=messages {
        old_rows(migration).await?;
        let fault = Fault::drop_connection(when).at(message);
        faults.set(fault.of_sessions(|session| session.application_name.starts_with(JOB)));
        let ended = migration.run_job(JOB, &one(&format!("lost-{message}"))).await?;
        ensure!(faults.fired() == 1, "message {message} never came: {ended:?}");
        faults.clear();
        ensure!(ended.status == Some(0), "after a loss at message {message} {when:?}: {ended:?}");
        assert_eq!(notes(migration, &migration.target).await?, new, "{message} {when:?}");
    }
    nothing_stays(migration)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_call_to_aws_it_goes_on_from_there() -> Result<()> {
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
    for call in 1..=calls {
        old_rows(&migration).await?;
        last.store(proxy.requests() + call, Ordering::Relaxed);
        let run = format!("killed-{call}");
        let killed = run_through(&run).await?;
        // Calls that go side by side may be one more or less; the last one is the job's end.
        ensure!(killed.status.is_none() || call + 1 >= calls, "not killed at call {call}: {killed:?}");
        again(&migration, &run, &new).await?;
    }
    nothing_stays(&migration)?;
    migration.stop().await
}
