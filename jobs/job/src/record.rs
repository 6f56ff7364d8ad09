//! The outcome of a job that applies a stage, kept in the ledger while the job works.
//!
//! Each change marks the document as new; a task beside the job puts the newest state, one put at a time. So a put never
//! holds up a batch, and a killed job leaves a document that is behind by a put or two: the next start of the same run
//! finds out what else was committed, by looking at the target.

use crate::error::JobError;
use crate::{Effects, Run};
use aws::{AwsError, Ledger, ObjectStore};
use migration::outcome::ApplyOutcome;
use migration::words::number_of;
use tokio::sync::watch::{self, Ref};
use tokio::task::JoinHandle;

/// The document of a job at work.
pub struct Record {
    key: String,
    newest: watch::Sender<ApplyOutcome>,
    writer: JoinHandle<()>,
}

impl Record {
    /// The record of a job that begins, or goes on where an earlier start of the same run ended.
    pub async fn open<E: Effects>(run: &Run<E>, key: String) -> Result<Self, JobError> {
        let mut outcome = ApplyOutcome::new(run.job.name(), &run.tenant, run.run_id.as_str());
        if let Some(earlier) = run.ledger.get::<ApplyOutcome>(&key).await? {
            outcome.go_on_from(&earlier);
            log::info!(
                "start {} of this run: {} applied before, {} failed",
                outcome.starts,
                number_of(outcome.applied, "step"),
                earlier.failed.len()
            );
        }
        Ok(Self::of(outcome, key, run.ledger.clone()))
    }

    fn of<S: ObjectStore + 'static>(outcome: ApplyOutcome, key: String, ledger: Ledger<S>) -> Self {
        let (newest, mut changes) = watch::channel(outcome);
        let at = key.clone();
        let writer = tokio::spawn(async move {
            while changes.changed().await.is_ok() {
                let outcome = changes.borrow_and_update().clone();
                // The job's end puts the document once more, and fails if that fails.
                if let Err(error) = ledger.put(&at, &outcome).await {
                    log::warn!("the ledger is behind: {error}");
                }
            }
        });
        Self { key, newest, writer }
    }

    /// The outcome so far.
    pub fn outcome(&self) -> Ref<'_, ApplyOutcome> {
        self.newest.borrow()
    }

    /// Changes the outcome; the ledger has it soon.
    pub fn update(&self, change: impl FnOnce(&mut ApplyOutcome)) {
        self.newest.send_modify(change);
    }

    /// Ends the writing beside the job, and gives the outcome and its key for the last put.
    pub(crate) async fn close(self) -> Result<(String, ApplyOutcome), AwsError> {
        let Self { key, newest, writer } = self;
        let outcome = newest.borrow().clone();
        drop(newest);
        // A put that is under way must not arrive after the last one.
        writer.await.map_err(|error| {
            AwsError::new(
                migration::outcome::ErrorKind::Internal,
                format!("writing {key}: {error}; report this as a defect"),
            )
        })?;
        Ok((key, outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::Record;
    use aws::testing::MemoryObjects;
    use aws::{AwsError, Ledger, Listed, ObjectStore, Version};
    use migration::outcome::{ApplyOutcome, Status};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::time::Instant;

    /// How long each put takes.
    const PUT: Duration = Duration::from_secs(1);

    /// Objects that take their time, and count how many puts are under way.
    #[derive(Clone, Default)]
    struct SlowObjects {
        objects: MemoryObjects,
        puts: Arc<AtomicUsize>,
        at_once: Arc<AtomicUsize>,
    }

    impl ObjectStore for SlowObjects {
        async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), AwsError> {
            assert_eq!(self.at_once.fetch_add(1, Ordering::Relaxed), 0, "two puts at once");
            tokio::time::sleep(PUT).await;
            self.at_once.fetch_sub(1, Ordering::Relaxed);
            self.puts.fetch_add(1, Ordering::Relaxed);
            self.objects.put(key, content).await
        }

        async fn put_in_place_of(
            &self,
            version: Option<&Version>,
            key: &str,
            content: Vec<u8>,
        ) -> Result<Option<Version>, AwsError> {
            self.objects.put_in_place_of(version, key, content).await
        }

        async fn get_version(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, AwsError> {
            self.objects.get_version(key).await
        }

        async fn list(&self, prefix: &str) -> Result<Vec<Listed>, AwsError> {
            self.objects.list(prefix).await
        }

        async fn delete_prefix(&self, prefix: &str) -> Result<usize, AwsError> {
            self.objects.delete_prefix(prefix).await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_ledger_follows_and_never_holds_up_the_job() {
        let store = SlowObjects::default();
        let outcome = ApplyOutcome::new("migrate-schema", "t", "r");
        let record = Record::of(outcome, "runs/t/r/schema.json".to_owned(), Ledger::new(store.clone()));
        let started = Instant::now();
        for _ in 0..50 {
            record.update(|outcome| outcome.count(migration::plan::Phase::Tables));
            tokio::time::sleep(PUT / 10).await;
        }
        assert!(started.elapsed() < PUT * 6, "the job waited for its ledger");
        let seen: ApplyOutcome =
            Ledger::new(store.clone()).get("runs/t/r/schema.json").await.unwrap().unwrap();
        assert_eq!(seen.status, Status::Running);
        assert!(seen.applied >= 30, "the newest state is put, not each: {}", seen.applied);
        let (key, outcome) = record.close().await.unwrap();
        assert_eq!((key.as_str(), outcome.applied), ("runs/t/r/schema.json", 50));
        assert!(store.puts.load(Ordering::Relaxed) <= 6 && store.at_once.load(Ordering::Relaxed) == 0);
    }
}
