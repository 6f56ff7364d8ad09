//! Ends what an earlier start of the same job left running: a session goes on with its message when its client is gone, and
//! may commit after a new start has looked.

use crate::check_login::LoggedIn;
use crate::measure::MeasureError;
use crate::session::{ResultSet, Session};
use migration::statement::{Sql, terminate_session};
use std::time::Duration;

/// How long to wait between looks for sessions that are ending: rolling back takes its time, and so does the log.
const PAUSE: Duration = Duration::from_millis(200);

/// Looks before the job goes on regardless: what still runs then holds locks, on which the job's own statements wait.
const LOOKS: usize = 10;

/// Ends the other sessions of these names, and waits until they are gone; gives how many there were.
pub async fn end_stale_sessions<S: Session>(
    session: &mut S,
    login: &LoggedIn,
    application_names: &[String],
) -> Result<usize, MeasureError> {
    let stale = stale_sessions(session, login, application_names).await?;
    for id in &stale {
        session.run(&terminate_session(*id).into()).await?;
    }
    let mut left = stale.clone();
    for _ in 0..LOOKS {
        if left.is_empty() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        left = stale_sessions(session, login, application_names).await?;
        left.retain(|id| stale.contains(id));
    }
    Ok(stale.len())
}

async fn stale_sessions<S: Session>(
    session: &mut S,
    login: &LoggedIn,
    application_names: &[String],
) -> Result<Vec<i32>, MeasureError> {
    let query = Sql::constant(include_str!("../../../sql/catalog/open_sessions.sql"));
    let mut stale = Vec::new();
    for row in session.run(&query.into()).await?.iter().flat_map(ResultSet::rows) {
        let name = row.optional("application_name")?;
        if name.is_some_and(|name| application_names.iter().any(|ours| ours == name)) {
            let id: i32 = row.number("session_id")?;
            stale.extend((id != login.session_id).then_some(id));
        }
    }
    Ok(stale)
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

    #[tokio::test(start_paused = true)]
    async fn only_sessions_of_this_very_name_are_ended_and_never_our_own() {
        let all = [("1", "job run"), ("2", "job run"), ("3", "job run2"), ("4", "psql")];
        let ending = open(&[("1", "job run"), ("2", "job run")]);
        let mut session = RecordingSession::answering([open(&all), vec![], ending, open(&all[1..])].map(Ok));
        let login = LoggedIn {
            user: Identifier::new("admin").unwrap(),
            superuser: true,
            session_id: 2,
            place: Place { namespace: "n".to_owned(), database: "d".to_owned() },
        };
        assert_eq!(end_stale_sessions(&mut session, &login, &["job run".to_owned()]).await.unwrap(), 1);
        let ended: Vec<String> =
            session.sent.iter().map(Batch::text).filter(|sql| sql.contains("terminate")).collect();
        assert_eq!(ended, ["SELECT pg_terminate_backend(1)"]);
        assert_eq!(session.sent.len(), 4, "it looks until the session is gone");
    }
}
