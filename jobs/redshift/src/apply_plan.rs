//! Applies the steps of a plan: batches with a fallback to single steps.
//!
//! A phase's steps go in one transaction, as [`batches`] cuts them; when one fails, the batch is rolled back and its
//! steps run one by one, so that one bad view costs only itself. What depends on a failed step is left out.

use crate::session::{Batch, Session, SqlError};
use migration::outcome::Retry;
use migration::plan::{Phase, Step, StepId, Transaction, batches};
use migration::statement::{self, Sql};
use std::collections::BTreeMap;
use std::iter;
use std::num::NonZeroU32;
use std::time::Duration;

/// How long to wait before the next attempt; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Statements that follow those of a step in its transaction and are in no plan: they hold a password's hash.
pub type Confidential = BTreeMap<StepId, Sql>;

/// What became of one step.
#[derive(Debug)]
pub struct Done<'a> {
    /// The step.
    pub step: &'a Step,
    /// How it ended.
    pub end: End,
}

/// How a step ended.
#[derive(Debug)]
pub enum End {
    /// It is committed.
    Applied,
    /// The target refused it.
    Failed(SqlError),
    /// It was not tried, since this failed step comes before it.
    Skipped(StepId),
}

/// Applies steps in order, but for those that need one of `missing`; `hear` is told what became of them, as soon as it is committed or refused.
///
/// An error means that the session is gone and nothing more can be done on it. What was heard of is on the target; of the
/// batch that was on its way nobody knows, whatever the error's kind: a new look at the target tells.
pub async fn apply_plan<'a, S: Session>(
    session: &mut S,
    steps: &[&'a Step],
    missing: impl IntoIterator<Item = &'a StepId>,
    confidential: &Confidential,
    attempts: NonZeroU32,
    mut hear: impl FnMut(&[Done<'a>]),
) -> Result<(), SqlError> {
    let mut unmet: BTreeMap<&'a StepId, StepId> = missing.into_iter().map(|id| (id, id.clone())).collect();
    for group in batches(steps) {
        let untroubled = || group.iter().all(|step| step.needs.iter().all(|need| !unmet.contains_key(need)));
        if group.len() > 1 && untroubled() && run_together(session, group, confidential, attempts).await? {
            let done: Vec<Done> = group.iter().map(|step| Done { step, end: End::Applied }).collect();
            hear(&done);
            continue;
        }
        for step in group.iter().copied() {
            let causes = step.needs.iter().filter_map(|need| unmet.get(need));
            let end = match causes.min_by_key(ToString::to_string).cloned() {
                Some(cause) => End::Skipped(cause),
                None => match run_alone(session, step, confidential, attempts).await? {
                    Ok(()) => End::Applied,
                    Err(error) => End::Failed(error),
                },
            };
            match &end {
                End::Applied => {}
                End::Failed(_) => drop(unmet.insert(&step.id, step.id.clone())),
                End::Skipped(cause) => drop(unmet.insert(&step.id, cause.clone())),
            }
            hear(&[Done { step, end }]);
        }
    }
    Ok(())
}

/// Runs steps in one transaction, sent as one message; `false` when it was rolled back.
async fn run_together<S: Session>(
    session: &mut S,
    steps: &[&Step],
    confidential: &Confidential,
    attempts: NonZeroU32,
) -> Result<bool, SqlError> {
    Ok(in_one_transaction(session, steps, confidential, attempts).await?.is_ok())
}

/// It says BEGIN: statements that need different settings do not share a message ([`statement::by_case`]).
async fn in_one_transaction<S: Session>(
    session: &mut S,
    steps: &[&Step],
    confidential: &Confidential,
    attempts: NonZeroU32,
) -> Result<Result<(), SqlError>, SqlError> {
    let statements = steps.iter().flat_map(|step| statements(step, confidential));
    let batch = Batch::of(iter::once(statement::begin()).chain(statements).chain([statement::commit()]));
    attempt(session, &[batch], &[statement::rollback()], attempts).await
}

/// Runs one step: a batched one in a transaction; one that must stand alone a statement a message.
async fn run_alone<S: Session>(
    session: &mut S,
    step: &Step,
    confidential: &Confidential,
    attempts: NonZeroU32,
) -> Result<Result<(), SqlError>, SqlError> {
    match step.transaction {
        Transaction::Batched => {
            let done = in_one_transaction(session, &[step], confidential, attempts).await?;
            // Whatever a warehouse says of a statement with a hash, it is not repeated. The first statement is BEGIN.
            Ok(done.map_err(|error| match error.statement_index {
                Some(at) if at > step.sql.len() => error.without_values("ALTER USER … PASSWORD"),
                _ => error,
            }))
        }
        Transaction::Alone => {
            let batches: Vec<Batch> = step.sql.iter().cloned().map(Batch::from).collect();
            let done = attempt(session, &batches, &statement::act_as_oneself(), attempts).await?;
            // A materialized view is computed as it is created: a message about it may quote rows.
            let quotes_rows = step.phase == Phase::MaterializedViews;
            let discreet = |error: SqlError| error.of_definition("CREATE MATERIALIZED VIEW");
            Ok(if quotes_rows { done.map_err(discreet) } else { done })
        }
    }
}

/// A step's statements, and the one that no plan shows.
fn statements<'s>(step: &'s Step, confidential: &'s Confidential) -> impl Iterator<Item = Sql> {
    step.sql.iter().chain(confidential.get(&step.id)).cloned()
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
        // What another session has made stays there: the caller looks, and plans again.
        if left == 0 || error.kind.retry() != Retry::Again || error.is_there_already() {
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
    use crate::session::testing::{At, FailingSession, RecordingSession};
    use migration::outcome::ErrorKind;
    use migration::plan::Stage;

    fn step(name: &str, needs: &[&str]) -> Step {
        let table = migration::name::QualifiedName::new(id("s"), id(name));
        Step {
            id: step_id(name),
            stage: Stage::BeforeData,
            phase: Phase::Views,
            object: name.into(),
            needs: needs.iter().map(|need| step_id(need)).collect(),
            transaction: Transaction::Batched,
            sql: vec![statement::count_rows(&table)],
        }
    }

    fn step_id(name: &str) -> StepId {
        StepId::CreateSchema(id(name))
    }

    fn id(name: &str) -> migration::name::Identifier {
        migration::name::Identifier::new(name).unwrap()
    }

    /// A session that refuses whatever names this table.
    fn refusing(table: &str) -> FailingSession<RecordingSession> {
        let table = migration::name::QualifiedName::new(id("s"), id(table));
        FailingSession::at(RecordingSession::default(), At::Naming(table), refusal(ErrorKind::Unsupported))
    }

    fn refusal(kind: ErrorKind) -> SqlError {
        SqlError {
            kind,
            sqlstate: Some("42703".into()),
            statement_index: None,
            message: "no".into(),
            context: None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_bad_step_costs_itself_and_what_needs_it() {
        let steps =
            [step("a", &[]), step("bad", &[]), step("c", &[]), step("d", &["bad"]), step("e", &["d"])];
        let mut later = step("f", &["bad"]);
        later.phase = Phase::Rights;
        let steps: Vec<&Step> = steps.iter().chain([&later]).collect();
        let mut session = refusing("bad");
        let ends = ends_of(&mut session, &steps, &[], NonZeroU32::MIN).await;
        // d and e share the group of the step that they need: the batch failed, so they ran one by one.
        assert_eq!(ends, ["a applied", "bad failed", "c applied", "d skipped", "e skipped", "f skipped"]);
    }

    #[tokio::test]
    async fn only_what_computes_rows_keeps_its_message_to_itself() {
        let silenced = "CREATE MATERIALIZED VIEW was refused with SQLSTATE 22P02";
        let named = "CREATE MATERIALIZED VIEW was refused with SQLSTATE 42703: no";
        for (phase, sqlstate, heard) in [
            (Phase::Tables, "22P02", "no"),
            (Phase::MaterializedViews, "22P02", silenced),
            (Phase::MaterializedViews, "42703", named),
        ] {
            let alone = Step { phase, transaction: Transaction::Alone, ..step("bad", &[]) };
            let refusal = SqlError { sqlstate: Some(sqlstate.into()), ..refusal(ErrorKind::Unsupported) };
            let mut session = RecordingSession::answering([Err(refusal)]);
            let mut messages = Vec::new();
            let hear = |done: &[Done]| {
                messages.extend(done.iter().map(|done| match &done.end {
                    End::Failed(error) => error.message.clone(),
                    End::Applied | End::Skipped(_) => String::new(),
                }));
            };
            apply_plan(&mut session, &[&alone], [], &Confidential::new(), NonZeroU32::MIN, hear)
                .await
                .unwrap();
            assert_eq!(messages, [heard]);
        }
    }

    #[tokio::test]
    async fn what_needs_a_step_that_is_missing_from_before_is_left_out() {
        let (a, b) = (step("a", &["earlier"]), step("b", &[]));
        let missing = [step_id("earlier")];
        let mut session = RecordingSession::default();
        let ends = ends_of(&mut session, &[&a, &b], &missing, NonZeroU32::MIN).await;
        assert_eq!(ends, ["a skipped", "b applied"]);
    }

    #[tokio::test(start_paused = true)]
    async fn conflicts_are_tried_again() {
        let conflict = || Err(refusal(ErrorKind::Conflict));
        let mut session = RecordingSession::answering([conflict(), Ok(vec![]), conflict(), Ok(vec![])]);
        let steps = [step("a", &[]), step("b", &[])];
        let steps: Vec<&Step> = steps.iter().collect();
        let ends = ends_of(&mut session, &steps, &[], NonZeroU32::new(3).unwrap()).await;
        assert_eq!(ends, ["a applied", "b applied"]);
        assert_eq!(session.sent.len(), 5, "three attempts, two rollbacks");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_committed_before_the_session_was_lost_was_heard_of() {
        let lost = SqlError { sqlstate: None, ..refusal(ErrorKind::OutcomeUnknown) };
        let mut session = RecordingSession::answering([Ok(vec![]), Err(lost.clone())]);
        let mut later = step("b", &[]);
        later.phase = Phase::Rights;
        let (first, mut heard) = (step("a", &[]), Vec::new());
        let hear = |done: &[Done]| heard.extend(done.iter().map(|done| done.step.object.clone()));
        let ended = apply_plan(
            &mut session,
            &[&first, &later],
            [],
            &Confidential::new(),
            NonZeroU32::new(3).unwrap(),
            hear,
        )
        .await;
        assert_eq!((ended, heard), (Err(lost), vec!["a".to_owned()]));
        assert_eq!(session.sent.len(), 2, "a lost session is not asked again");
    }

    /// Applies steps on a session that lasts, and says how each ended.
    async fn ends_of<S: Session>(
        session: &mut S,
        steps: &[&Step],
        missing: &[StepId],
        attempts: NonZeroU32,
    ) -> Vec<String> {
        let mut ends = Vec::new();
        let hear = |done: &[Done]| {
            ends.extend(done.iter().map(|done| {
                let end = match done.end {
                    End::Applied => "applied",
                    End::Failed(_) => "failed",
                    End::Skipped(_) => "skipped",
                };
                format!("{} {end}", done.step.object)
            }));
        };
        apply_plan(session, steps, missing, &Confidential::new(), attempts, hear).await.unwrap();
        ends
    }

    #[tokio::test]
    async fn a_password_is_set_in_the_transaction_that_creates_its_user_and_in_no_message_of_an_error() {
        // Behind BEGIN and what creates the user.
        let refused =
            SqlError { statement_index: Some(2), message: "Hunter2".into(), ..refusal(ErrorKind::Data) };
        let answers = [Ok(vec![]), Err(refused.clone()), Ok(vec![]), Ok(vec![]), Err(refused)];
        let (a, b) = (step("a", &[]), step("b", &[]));
        let (user, hash) = (id("u"), migration::password::PasswordHash::of("x", "u"));
        let secret = statement::set_password(&user, &hash, false);
        let confidential = Confidential::from([(b.id.clone(), secret.clone())]);
        let mut session = RecordingSession::answering(answers);
        let mut messages = Vec::new();
        for _ in 0..2 {
            let hear = |done: &[Done]| {
                messages.extend(done.iter().filter_map(|done| match &done.end {
                    End::Failed(error) => Some(error.message.clone()),
                    End::Applied | End::Skipped(_) => None,
                }));
            };
            let steps = [&a, &b];
            apply_plan(&mut session, &steps, [], &confidential, NonZeroU32::MIN, hear).await.unwrap();
        }
        let together = session.sent[0].statements();
        assert_eq!((together.len(), &together[3]), (5, &secret), "BEGIN, a, b, its password, COMMIT");
        assert_eq!(messages, ["ALTER USER … PASSWORD was refused with SQLSTATE 42703"]);
    }
}
