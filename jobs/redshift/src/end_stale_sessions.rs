//! Ends what an earlier start of the same job left running: a session goes on with its message when its client is gone, and
//! may commit after a new start has looked.

use crate::check_login::LoggedIn;
use crate::measure::MeasureError;
use crate::session::{ResultSet, Session};
use migration::statement::{Sql, terminate_session};
use std::time::Duration;

/// How long to wait between looks: the log is some seconds behind, and a session that is ended rolls back first.
const PAUSE: Duration = Duration::from_millis(500);

/// Looks for our own session before what the log shows is taken as it is.
const LOOKS_FOR_OURSELVES: usize = 20;

/// Looks before the job goes on regardless: what still runs then holds locks, on which the job's own statements wait.
const LOOKS_FOR_THE_END: usize = 4;

/// What became of sessions that an earlier start left running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSessions {
    /// How many sessions there were.
    pub count: usize,
    /// Whether the warehouse lists our own session under its name. If it does not, another one may run that it does not list.
    pub lists_ourselves: bool,
}

/// Ends the sessions of these names that began before our own, and waits until they are gone. The session's own name must be one of them.
pub async fn end_stale_sessions<S: Session>(
    session: &mut S,
    login: &LoggedIn,
    application_names: &[String],
) -> Result<EndedSessions, MeasureError> {
    let mut found = sessions_of(session, application_names).await?;
    for _ in 0..LOOKS_FOR_OURSELVES {
        // Once the log shows our own session, it shows what began before.
        if found.contains(&login.session_id) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        found = sessions_of(session, application_names).await?;
    }
    let ourselves = found.iter().position(|id| *id == login.session_id);
    let lists_ourselves = ourselves.is_some();
    // A start that began after ours ends us, and not we it.
    let stale = match ourselves {
        Some(at) => &found[..at],
        None => &found[..],
    };
    for id in stale {
        session.run(&terminate_session(*id).into()).await?;
    }
    for _ in 0..LOOKS_FOR_THE_END {
        if stale.is_empty() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        let left = sessions_of(session, application_names).await?;
        if !left.iter().any(|id| stale.contains(id)) {
            break;
        }
    }
    Ok(EndedSessions { count: stale.len(), lists_ourselves })
}

/// The open sessions of these names in the order in which they began, our own among them.
async fn sessions_of<S: Session>(
    session: &mut S,
    application_names: &[String],
) -> Result<Vec<i32>, MeasureError> {
    let query = Sql::constant(include_str!("../../../sql/catalog/open_sessions.sql"));
    let mut found = Vec::new();
    for row in session.run(&query.into()).await?.iter().flat_map(ResultSet::rows) {
        let name = row.text("application_name")?;
        if application_names.iter().any(|ours| ours == name) {
            found.push(row.number("session_id")?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Batch;
    use crate::session::testing::RecordingSession;
    use migration::direction::Place;
    use migration::name::Identifier;

    fn open(sessions: &[(&str, &str)]) -> Vec<ResultSet> {
        let columns = ["session_id".to_owned(), "application_name".to_owned()];
        let row = |(id, name): &(&str, &str)| vec![Some((*id).to_owned()), Some((*name).to_owned())];
        vec![ResultSet::new(columns, sessions.iter().map(row).collect())]
    }

    fn login() -> LoggedIn {
        LoggedIn {
            user: Identifier::new("admin").unwrap(),
            superuser: true,
            session_id: 2,
            place: Place { namespace: "n".to_owned(), database: "d".to_owned() },
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_that_is_behind_is_waited_for() {
        let late = [open(&[]), open(&[("4", "psql")]), open(&[("1", "job run"), ("2", "job run")])];
        let mut session =
            RecordingSession::answering(late.into_iter().chain([vec![], open(&[("2", "job run")])]).map(Ok));
        let ended = end_stale_sessions(&mut session, &login(), &["job run".to_owned()]).await.unwrap();
        assert_eq!(ended, EndedSessions { count: 1, lists_ourselves: true });
    }

    #[tokio::test(start_paused = true)]
    async fn of_two_starts_at_once_the_later_one_goes_on() {
        let both = [("7", "job run"), ("2", "job run"), ("5", "job run")];
        let answers = [open(&both), vec![], open(&both[1..])];
        let mut session = RecordingSession::answering(answers.map(Ok));
        let ended = end_stale_sessions(&mut session, &login(), &["job run".to_owned()]).await.unwrap();
        assert_eq!(ended, EndedSessions { count: 1, lists_ourselves: true });
        let sent: Vec<String> = session.sent.iter().map(Batch::text).collect();
        assert!(sent.contains(&"SELECT pg_terminate_backend(7)".to_owned()), "{sent:?}");
        assert!(!sent.contains(&"SELECT pg_terminate_backend(5)".to_owned()), "{sent:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_without_ourselves_is_told() {
        let silent = std::iter::repeat_n(open(&[("1", "")]), LOOKS_FOR_OURSELVES + 1);
        let mut session = RecordingSession::answering(silent.map(Ok));
        let ended = end_stale_sessions(&mut session, &login(), &["job run".to_owned()]).await.unwrap();
        assert_eq!(ended, EndedSessions { count: 0, lists_ourselves: false });
    }

    #[tokio::test(start_paused = true)]
    async fn only_sessions_of_this_very_name_are_ended_and_never_our_own() {
        let all = [("1", "job run"), ("2", "job run"), ("3", "job run2"), ("4", "psql")];
        let ending = open(&[("1", "job run"), ("2", "job run")]);
        let mut session = RecordingSession::answering([open(&all), vec![], ending, open(&all[1..])].map(Ok));
        let ended = end_stale_sessions(&mut session, &login(), &["job run".to_owned()]).await.unwrap();
        assert_eq!(ended, EndedSessions { count: 1, lists_ourselves: true });
        let ended: Vec<String> =
            session.sent.iter().map(Batch::text).filter(|sql| sql.contains("terminate")).collect();
        assert_eq!(ended, ["SELECT pg_terminate_backend(1)"]);
        assert_eq!(session.sent.len(), 4, "it looks until the session is gone");
    }
}
