//! Asking: sessions of a question's own, and the warehouse as it was before and after.

use super::questions::made::Made;
use super::questions::question::{Answer, Ask, Question};
use crate::client::direct::{self, Session};
use crate::client::{Answer as Rows, Refusal};
use crate::endpoint::Endpoint;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long a question may take: a VACUUM that waits for another may wait for minutes.
const LIMIT: Duration = Duration::from_mins(15);

/// How often a statement is sent whose rows are late, once a second: the log of connections lags by some seconds.
const LOOKS: usize = 20;

/// What came of a question.
pub struct Asked {
    /// The answer that counts.
    pub answer: Answer,
    /// What each session was answered, where there are several.
    pub each: Vec<Answer>,
    /// The statement that was refused before the question could be asked.
    pub before: Option<String>,
}

impl Asked {
    fn of(answer: Answer) -> Self {
        Self { answer, each: Vec::new(), before: None }
    }
}

/// Asks, on sessions that end with the question.
pub async fn ask(question: &Question, endpoint: &Endpoint) -> Asked {
    let late = || Asked::of(Answer::Lost("it took too long".to_owned()));
    timeout(LIMIT, ask_in_time(question, endpoint)).await.unwrap_or_else(|_| late())
}

async fn ask_in_time(question: &Question, endpoint: &Endpoint) -> Asked {
    let mut session = match direct::connect(endpoint).await {
        Ok(session) => session,
        Err(error) => return Asked::of(refused(error)),
    };
    for statement in question.before {
        if let Err(error) = session.run(&filled(statement, endpoint)).await {
            return Asked { before: Some((*statement).to_owned()), ..Asked::of(refused(error)) };
        }
    }
    let statements: Vec<String> =
        question.asked().iter().map(|statement| filled(statement, endpoint)).collect();
    match question.ask {
        Ask::One(_) | Ask::InTurn(_) => Asked::of(answer_of_last(&mut session, &statements).await),
        Ask::Until(_) => Asked::of(answer_with_rows(&mut session, &statements[0]).await),
        Ask::AtOnce(..) => {
            let mut second = match direct::connect(endpoint).await {
                Ok(session) => session,
                Err(error) => return Asked::of(refused(error)),
            };
            let (first, second) =
                tokio::join!(answer(&mut session, &statements[0]), answer(&mut second, &statements[1]));
            let each = vec![first, second];
            let counts = each.iter().find(|answer| !matches!(answer, Answer::Rows(_))).unwrap_or(&each[1]);
            Asked { answer: counts.clone(), each, before: None }
        }
    }
}

async fn answer(session: &mut Session, statement: &str) -> Answer {
    match session.run(statement).await {
        Ok(Rows { rows, .. }) => Answer::Rows(rows),
        Err(error) => refused(error),
    }
}

/// The first refusal, else the last answer.
async fn answer_of_last(session: &mut Session, statements: &[String]) -> Answer {
    let mut last = Answer::Rows(Vec::new());
    for statement in statements {
        last = answer(session, statement).await;
        if !matches!(last, Answer::Rows(_)) {
            break;
        }
    }
    last
}

async fn answer_with_rows(session: &mut Session, statement: &str) -> Answer {
    let mut last = answer(session, statement).await;
    for _ in 1..LOOKS {
        if last != Answer::Rows(Vec::new()) {
            break;
        }
        sleep(Duration::from_secs(1)).await;
        last = answer(session, statement).await;
    }
    last
}

fn refused(error: Refusal) -> Answer {
    match error {
        Refusal::Warehouse { sqlstate, message } => Answer::Refused { sqlstate, message },
        Refusal::Connection(cause) => Answer::Lost(cause),
    }
}

/// The statement with the run's own prefix, the role and the database.
fn filled(statement: &str, endpoint: &Endpoint) -> String {
    let (prefix, role) = endpoint.s3.clone().unwrap_or_default();
    let database = format!("\"{}\"", endpoint.database.replace('"', "\"\""));
    statement.replace("${S3}", &prefix).replace("${IAM_ROLE}", &role).replace("${DATABASE}", &database)
}

/// Drops what is there of these; gives what cannot be dropped, with the cause.
///
/// # Errors
/// There is no session to be had.
pub async fn tidy(made: &[Made], endpoint: &Endpoint) -> Result<Vec<String>, Refusal> {
    let mut made = made.to_vec();
    if made.is_empty() {
        return Ok(Vec::new());
    }
    made.sort_unstable();
    let mut session = direct::connect(endpoint).await?;
    // A message of its own: what follows is read under it.
    session.run("SET enable_case_sensitive_identifier TO true").await?;
    let mut left = Vec::new();
    for object in made {
        let dropped = match session.run(&object.look()).await {
            Ok(found) if found.rows.is_empty() => Ok(()),
            Ok(_) => session.run(&object.drop()).await.map(|_| ()),
            Err(error) => Err(error),
        };
        if let Err(error) = dropped {
            left.push(format!("{} ({error})", object.name()));
        }
    }
    Ok(left)
}
