//! COPY of one table, with the removal of its old rows and the checks, in one transaction.

use crate::measure::{MeasureError, count_rows, single_number};
use crate::session::{Session, SqlError};
use migration::outcome::{ErrorKind, Rows};
use migration::statement::{self, Copy, Sql};

/// Why a table was not loaded; its old rows are still there, unless the kind is `OutcomeUnknown`.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The warehouse refused, or the connection was lost.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The warehouse answered something unexpected.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// What arrived is not what was unloaded.
    #[error("{loaded} rows were loaded and the table then held {target}, where {unloaded} were unloaded")]
    RowsDiffer {
        /// What UNLOAD's manifest says.
        unloaded: u64,
        /// What COPY says.
        loaded: u64,
        /// What COUNT(*) says, in the same transaction.
        target: u64,
    },
}

impl CopyError {
    /// What kind of error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Sql(error) => error.kind,
            Self::Measure(error) => error.kind(),
            Self::RowsDiffer { .. } => ErrorKind::Data,
        }
    }

    /// The lost connection, when it was that: the session is gone.
    pub fn lost_connection(&self) -> Option<&SqlError> {
        match self {
            Self::Sql(error) | Self::Measure(MeasureError::Sql(error)) => {
                Some(error).filter(|e| e.ends_session())
            }
            Self::Measure(MeasureError::Decode(_)) | Self::RowsDiffer { .. } => None,
        }
    }
}

/// Replaces a table's rows by those of a manifest, all or nothing.
///
/// BEGIN, COPY, the checks and COMMIT go as separate messages, since COPY is not allowed in a message of several
/// (`r_SVL_MULTI_STATEMENT_VIOLATIONS`). An empty table is loaded under its lock without DELETE: it then loads
/// sorted. The counts that come back are those that were checked.
pub async fn copy_table<S: Session>(
    session: &mut S,
    copy: &Copy<'_>,
    unloaded: u64,
) -> Result<Rows, CopyError> {
    run(session, statement::begin()).await?;
    match load_and_check(session, copy, unloaded).await {
        Ok(rows) => {
            run(session, statement::commit()).await?;
            Ok(rows)
        }
        Err(error) => {
            // Best effort: a session that is gone has rolled back by itself.
            if let Err(lost) = run(session, statement::rollback()).await {
                log::debug!("rolling back: {lost}");
            }
            Err(error)
        }
    }
}

async fn load_and_check<S: Session>(
    session: &mut S,
    copy: &Copy<'_>,
    unloaded: u64,
) -> Result<Rows, CopyError> {
    run(session, statement::lock_table(copy.table)).await?;
    let replaced = count_rows(session, copy.table).await?;
    if replaced > 0 {
        run(session, statement::delete_rows(copy.table)).await?;
    }
    let loaded = if unloaded > 0 { load(session, copy).await? } else { 0 };
    let target = count_rows(session, copy.table).await?;
    if loaded != unloaded || target != unloaded {
        return Err(CopyError::RowsDiffer { unloaded, loaded, target });
    }
    Ok(Rows {
        unloaded: Some(unloaded),
        loaded: Some(loaded),
        target: Some(target),
        replaced: Some(replaced),
    })
}

/// Sends the COPY and gives the rows that it loaded. An UNLOAD of no rows may leave no file to load (`r_UNLOAD` does not
/// say), so this is not for them.
async fn load<S: Session>(session: &mut S, copy: &Copy<'_>) -> Result<u64, CopyError> {
    run(session, statement::copy(copy)).await.map_err(|error| error.without_values("COPY"))?;
    let loaded = single_number(session, statement::last_copy_count().into()).await?;
    for column in copy.super_columns {
        run(session, statement::restore_nulls(copy.table, column))
            .await
            .map_err(|e| e.without_values("UPDATE"))?;
    }
    Ok(loaded)
}

async fn run<S: Session>(session: &mut S, statement: Sql) -> Result<(), SqlError> {
    session.run(&statement.into()).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{RecordingSession, ResultSet};
    use migration::name::{Identifier, QualifiedName};
    use migration::transfer::NullMarker;

    fn rows(count: &str) -> Vec<ResultSet> {
        vec![ResultSet::new(["rows".to_owned()], vec![vec![Some(count.to_owned())]])]
    }

    async fn load(before: &str, loaded: &str, after: &str) -> (Vec<String>, Result<Rows, CopyError>) {
        let nothing = || vec![ResultSet::default()];
        let mut answers = vec![nothing(), nothing(), rows(before)];
        if before != "0" {
            answers.push(nothing());
        }
        answers.extend([nothing(), rows(loaded), rows(after)]);
        let mut session = RecordingSession::answering(answers.into_iter().map(Ok));
        let id = |name| Identifier::new(name).unwrap();
        let (table, columns) = (QualifiedName::new(id("s"), id("t")), [id("a")]);
        let copy = Copy {
            table: &table,
            columns: &columns,
            manifest_url: "s3://b/manifest",
            iam_role: "arn",
            null_marker: &NullMarker::from_bits(1),
            explicit_ids: false,
            super_columns: &[],
        };
        let result = copy_table(&mut session, &copy, 3).await;
        let verb = |text: String| text.split([' ', '\n']).next().unwrap_or_default().to_owned();
        (session.sent.iter().map(|batch| verb(batch.text())).collect(), result)
    }

    #[tokio::test]
    async fn an_empty_table_is_loaded_without_delete() {
        let (sent, result) = load("0", "3", "3").await;
        assert_eq!(sent, ["BEGIN", "LOCK", "SELECT", "COPY", "SELECT", "SELECT", "COMMIT"]);
        assert_eq!(result.unwrap().replaced, Some(0));
    }

    #[tokio::test]
    async fn any_difference_rolls_back() {
        for (loaded, after) in [("2", "3"), ("3", "4")] {
            let (sent, result) = load("5", loaded, after).await;
            assert_eq!(sent, ["BEGIN", "LOCK", "SELECT", "DELETE", "COPY", "SELECT", "SELECT", "ROLLBACK"]);
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Data);
        }
    }
}
