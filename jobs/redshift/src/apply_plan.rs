//! Applies the steps of a plan: batches with a fallback to single steps.
//!
//! A phase's steps go in one transaction, as [`batches`] cuts them; when one fails, the batch is rolled back and its
//! steps run one by one, so that one bad view costs only itself. What depends on a failed step is left out.

use crate::session::{Batch, Session, SqlError};
use migration::outcome::Retry;
use migration::plan::{Step, StepId, Transaction, batches, in_one_transaction};
use migration::statement::{self, Sql};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::time::Duration;

/// How long to wait before the next attempt; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// What became of the steps, in their order.
#[derive(Debug, Default)]
pub struct Applied<'a> {
    /// Done.
    pub applied: Vec<&'a Step>,
    /// Refused.
    pub failed: Vec<(&'a Step, SqlError)>,
    /// Not tried, with the failed step that they need.
    pub skipped: Vec<(&'a Step, StepId)>,
}

/// Applies steps in order and notes what became of each in `applied`; `progress` hears of each batch and the steps done so
/// far.
///
/// An error means that the session is gone and nothing more can be done; what was committed until then is in `applied` and
/// on the target, but for a batch that was being committed: the next run plans from what it finds.
pub async fn apply_plan<'a, S: Session>(
    session: &mut S,
    steps: &[&'a Step],
    attempts: NonZeroU32,
    applied: &mut Applied<'a>,
    mut progress: impl FnMut(&'a Step, usize),
) -> Result<(), SqlError> {
    let mut unmet: HashMap<&'a StepId, StepId> = HashMap::new();
    for group in batches(steps) {
        let untroubled = || group.iter().all(|step| step.needs.iter().all(|need| !unmet.contains_key(need)));
        if group.len() > 1 && untroubled() && run_together(session, group, attempts).await? {
            applied.applied.extend(group);
        } else {
            for step in group.iter().copied() {
                if let Some(cause) = step.needs.iter().find_map(|need| unmet.get(need)).cloned() {
                    unmet.insert(&step.id, cause.clone());
                    applied.skipped.push((step, cause));
                    continue;
                }
                match run_alone(session, step, attempts).await? {
                    Ok(()) => applied.applied.push(step),
                    Err(error) => {
                        unmet.insert(&step.id, step.id.clone());
                        applied.failed.push((step, error));
                    }
                }
            }
        }
        let Some(last) = group.last() else { continue };
        progress(last, applied.applied.len() + applied.failed.len() + applied.skipped.len());
    }
    Ok(())
}

/// Runs steps in one transaction, sent as one message; `false` when it was rolled back.
async fn run_together<S: Session>(
    session: &mut S,
    steps: &[&Step],
    attempts: NonZeroU32,
) -> Result<bool, SqlError> {
    let batch = Batch::of(in_one_transaction(steps));
    Ok(attempt(session, &[batch], &[statement::rollback()], attempts).await?.is_ok())
}

/// Runs one step: a batched one as one message, which is a transaction; one that must stand alone a statement a
/// message.
async fn run_alone<S: Session>(
    session: &mut S,
    step: &Step,
    attempts: NonZeroU32,
) -> Result<Result<(), SqlError>, SqlError> {
    match step.transaction {
        Transaction::Batched => attempt(session, &[Batch::of(step.sql.clone())], &[], attempts).await,
        Transaction::Alone => {
            let batches: Vec<Batch> = step.sql.iter().cloned().map(Batch::from).collect();
            // A materialized view is computed as it is created: a message about it may quote rows.
            let done = attempt(session, &batches, &statement::act_as_oneself(), attempts).await?;
            Ok(done.map_err(|error| error.without_values("CREATE MATERIALIZED VIEW")))
        }
    }
}

/// Sends messages until one is refused; after a refusal `clean_up` puts the session right, and what another attempt may
/// cure is tried again. The outer error means that the session is gone.
pub(crate) async fn attempt<S: Session>(
    session: &mut S,
    batches: &[Batch],
    clean_up: &[Sql],
    attempts: NonZeroU32,
) -> Result<Result<(), SqlError>, SqlError> {
    let mut pause = FIRST_PAUSE;
    let mut left = attempts.get();
    loop {
        let Err(error) = run_all(session, batches).await else { return Ok(Ok(())) };
        if error.ends_session() {
            return Err(error);
        }
        for statement in clean_up {
            session.run(&statement.clone().into()).await?;
        }
        left -= 1;
        if left == 0 || error.kind.retry() != Retry::Again {
            return Ok(Err(error));
        }
        log::info!("trying again in {} ms: {error}", pause.as_millis());
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

async fn run_all<S: Session>(session: &mut S, batches: &[Batch]) -> Result<(), SqlError> {
    for batch in batches {
        session.run(batch).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{FailingSession, RecordingSession};
    use migration::outcome::ErrorKind;
    use migration::plan::{Phase, Stage};
    use std::collections::BTreeSet;

    fn step(name: &str, needs: &[&str]) -> Step {
        let table = migration::name::QualifiedName::new(id("s"), id(name));
        Step {
            id: StepId::new("count", name),
            stage: Stage::BeforeData,
            phase: Phase::Views,
            object: name.into(),
            needs: needs.iter().map(|need| StepId::new("count", need)).collect::<BTreeSet<_>>(),
            transaction: Transaction::Batched,
            sql: vec![statement::count_rows(&table)],
        }
    }

    fn id(name: &str) -> migration::name::Identifier {
        migration::name::Identifier::new(name).unwrap()
    }

    fn refusal(kind: ErrorKind) -> SqlError {
        SqlError { kind, sqlstate: Some("42703".into()), statement_index: None, message: "no".into() }
    }

    #[tokio::test(start_paused = true)]
    async fn one_bad_step_costs_itself_and_what_needs_it() {
        let steps =
            [step("a", &[]), step("bad", &[]), step("c", &[]), step("d", &["bad"]), step("e", &["d"])];
        let mut later = step("f", &["bad"]);
        later.phase = Phase::Rights;
        let steps: Vec<&Step> = steps.iter().chain([&later]).collect();
        let mut session =
            FailingSession::on(RecordingSession::default(), "\"bad\"", refusal(ErrorKind::Unsupported));
        let mut applied = Applied::default();
        apply_plan(&mut session, &steps, NonZeroU32::MIN, &mut applied, |_, _| {}).await.unwrap();
        let names = |steps: Vec<&Step>| steps.iter().map(|step| step.object.clone()).collect::<Vec<_>>();
        assert_eq!(names(applied.failed.iter().map(|(step, _)| *step).collect()), ["bad"]);
        // d and e share the group of the step that they need: the batch failed, so they ran one by one.
        assert_eq!(names(applied.skipped.iter().map(|(step, _)| *step).collect()), ["d", "e", "f"]);
        assert_eq!(names(applied.applied), ["a", "c"]);
    }

    #[tokio::test(start_paused = true)]
    async fn conflicts_are_tried_again() {
        let conflict = || Err(refusal(ErrorKind::Conflict));
        let mut session = RecordingSession::answering([conflict(), Ok(vec![]), conflict(), Ok(vec![])]);
        let steps = [step("a", &[]), step("b", &[])];
        let steps: Vec<&Step> = steps.iter().collect();
        let attempts = NonZeroU32::new(3).unwrap();
        let mut applied = Applied::default();
        apply_plan(&mut session, &steps, attempts, &mut applied, |_, _| {}).await.unwrap();
        assert_eq!(applied.applied.len(), 2);
        assert_eq!(session.sent.len(), 5, "three attempts, two rollbacks");
    }
}
