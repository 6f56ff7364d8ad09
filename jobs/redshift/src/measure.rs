//! Numbers that a plan or a check needs: how far identity columns have counted, how many rows a table holds.

use crate::session::{Batch, DecodeError, Session, SqlError};
use migration::catalog::Identity;
use migration::name::{Identifier, QualifiedName};
use migration::outcome::ErrorKind;
use migration::plan::Furthest;
use migration::statement::{self, IDENTITIES_A_QUERY};

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The warehouse refused, or the connection was lost.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The warehouse answered something unexpected.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

impl MeasureError {
    /// What kind of error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Sql(error) => error.kind,
            Self::Decode(_) => ErrorKind::Internal,
        }
    }
}

/// The value furthest along of each identity column; tables without rows are left out.
pub async fn measure_identities<S: Session>(
    session: &mut S,
    columns: &[(&QualifiedName, &Identifier, Identity)],
) -> Result<Furthest, MeasureError> {
    let mut furthest = Furthest::new();
    for some in columns.chunks(IDENTITIES_A_QUERY) {
        let query = statement::identity_maxima(some.iter().copied());
        for answer in session.run(&query.into()).await? {
            for row in answer.rows() {
                if row.optional("furthest")?.is_some() {
                    let table =
                        QualifiedName::new(row.identifier("schema_name")?, row.identifier("table_name")?);
                    furthest.insert(table, row.number("furthest")?);
                }
            }
        }
    }
    Ok(furthest)
}

/// The rows of a table, counted.
pub async fn count_rows<S: Session>(session: &mut S, table: &QualifiedName) -> Result<u64, MeasureError> {
    single_number(session, statement::count_rows(table).into()).await
}

/// The number in column `rows` of the only row of the last answer.
pub(crate) async fn single_number<S: Session>(session: &mut S, batch: Batch) -> Result<u64, MeasureError> {
    let answers = session.run(&batch).await?;
    let answer = answers.last().ok_or(DecodeError::NotOneRow(0))?;
    Ok(answer.only_row()?.number("rows")?)
}
