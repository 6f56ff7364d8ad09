//! Numbers that a plan, a move or a check needs: how far identity columns have counted, how many slices there are, what a
//! table's rows come to.

use crate::session::{DecodeError, ResultSet, Session, SqlError};
use migration::catalog::{Column, Identity, WarehouseKind};
use migration::name::{Identifier, QualifiedName};
use migration::outcome::ErrorKind;
use migration::plan::Furthest;
use migration::statement::{self, IDENTITIES_A_QUERY, Sql};
use migration::verify::Fingerprint;

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

/// How many slices a cluster has (`sql/catalog/slices.sql`); a workgroup does not tell.
pub async fn count_slices<S: Session>(
    session: &mut S,
    kind: WarehouseKind,
) -> Result<Option<u64>, MeasureError> {
    match kind {
        WarehouseKind::Serverless => Ok(None),
        WarehouseKind::Provisioned => {
            let query = Sql::constant(include_str!("../../../sql/catalog/slices.sql"));
            let answers = session.run(&query.into()).await?;
            let answer = answers.last().ok_or(DecodeError::NotOneRow(0))?;
            Ok(Some(answer.only_row()?.number("slices")?))
        }
    }
}

/// The sums that [`migration::statement::fingerprint`] asks for.
pub(crate) fn fingerprint_of(answer: &ResultSet, columns: &[Column]) -> Result<Fingerprint, DecodeError> {
    let row = answer.only_row()?;
    let sum = |at| row.text(&format!("c{}", at + 1)).map(str::to_owned);
    let sums = (0..columns.len()).map(sum).collect::<Result<Vec<_>, _>>()?;
    Ok(Fingerprint::new(columns, sums))
}
