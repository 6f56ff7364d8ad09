//! Numbers that a plan, a move or a check needs: how far identity columns have counted, how many slices there are, what a
//! table's rows come to.

use crate::session::{DecodeError, ResultSet, Session, SqlError};
use migration::catalog::{Column, Identity, WarehouseKind};
use migration::name::{Identifier, QualifiedName};
use migration::outcome::ErrorKind;
use migration::plan::Furthest;
use migration::statement::{self, IDENTITIES_A_QUERY, Sql, TABLES_A_QUERY};
use migration::verify::Fingerprint;
use std::collections::BTreeMap;

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
    // Names with capitals need a setting under which tables with policies cannot be read (`t_rls_usage`).
    let mut sorted = columns.to_vec();
    let has_capital = |(table, column, _): &(&QualifiedName, &Identifier, Identity)| {
        let names = [&table.schema, &table.name, column];
        names.iter().any(|name| name.as_str().bytes().any(|byte| byte.is_ascii_uppercase()))
    };
    sorted.sort_by_key(has_capital);
    let of_one_case = sorted.chunk_by(|one, other| has_capital(one) == has_capital(other));
    for some in of_one_case.flat_map(|some| some.chunks(IDENTITIES_A_QUERY)) {
        let query = statement::identity_maxima(some.iter().copied());
        for answer in session.run(&query.into()).await? {
            for row in answer.rows() {
                if row.optional("furthest")?.is_some() {
                    let table =
                        QualifiedName::new(row.identifier("schema_name")?, row.identifier("table_name")?);
                    furthest.insert((table, row.identifier("column_name")?), row.number("furthest")?);
                }
            }
        }
    }
    Ok(furthest)
}

/// The rows of each table, but for those that cannot be counted, with the reason.
pub async fn measure_rows<S: Session>(
    session: &mut S,
    tables: &[&QualifiedName],
) -> Result<(BTreeMap<QualifiedName, u64>, Vec<(QualifiedName, MeasureError)>), MeasureError> {
    let (mut rows, mut failed) = (BTreeMap::new(), Vec::new());
    for some in tables.chunks(TABLES_A_QUERY) {
        match count(session, some, &mut rows).await {
            Ok(()) => continue,
            Err(MeasureError::Sql(error)) if error.ends_session() => return Err(error.into()),
            Err(_) => {}
        }
        // One that cannot be read spoils the query of all.
        for table in some {
            match count(session, std::slice::from_ref(table), &mut rows).await {
                Ok(()) => {}
                Err(MeasureError::Sql(error)) if error.ends_session() => return Err(error.into()),
                Err(error) => failed.push(((*table).clone(), error)),
            }
        }
    }
    Ok((rows, failed))
}

async fn count<S: Session>(
    session: &mut S,
    tables: &[&QualifiedName],
    rows: &mut BTreeMap<QualifiedName, u64>,
) -> Result<(), MeasureError> {
    let query = statement::count_rows_of_each(tables.iter().copied());
    for answer in session.run(&query.into()).await? {
        for row in answer.rows() {
            let table = QualifiedName::new(row.identifier("schema_name")?, row.identifier("table_name")?);
            rows.insert(table, row.number("rows")?);
        }
    }
    Ok(())
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

/// The counts that [`migration::statement::count_marked`] asks for, of so many columns.
pub(crate) fn counts_of_marked(answer: &ResultSet, columns: usize) -> Result<Vec<u64>, DecodeError> {
    let row = answer.only_row()?;
    (1..=columns).map(|at| row.number(&format!("m{at}"))).collect()
}

/// The sums that [`migration::statement::fingerprint`] asks for.
pub(crate) fn fingerprint_of(answer: &ResultSet, columns: &[Column]) -> Result<Fingerprint, DecodeError> {
    let row = answer.only_row()?;
    let sum = |at| row.text(&format!("c{}", at + 1)).map(str::to_owned);
    let sums = (0..columns.len()).map(sum).collect::<Result<Vec<_>, _>>()?;
    Ok(Fingerprint::new(row.text("of_rows")?.to_owned(), columns, sums))
}

#[cfg(test)]
mod tests {
    use super::measure_rows;
    use crate::session::testing::{At, FailingSession, RecordingSession};
    use crate::session::{ResultSet, SqlError};
    use migration::name::{Identifier, QualifiedName};
    use migration::outcome::ErrorKind;

    fn table(name: &str) -> QualifiedName {
        let id = |name: &str| Identifier::new(name).unwrap();
        QualifiedName::new(id("s"), id(name))
    }

    fn counted(rows: &[(&str, &str)]) -> Vec<ResultSet> {
        let columns = ["schema_name", "table_name", "rows"].map(str::to_owned);
        let row =
            |(table, rows): &(&str, &str)| ["s", *table, *rows].map(|text| Some(text.to_owned())).to_vec();
        vec![ResultSet::new(columns, rows.iter().map(row).collect())]
    }

    #[tokio::test]
    async fn a_table_that_cannot_be_counted_costs_itself() {
        let refused = |sqlstate: Option<&str>| SqlError {
            kind: ErrorKind::Denied,
            sqlstate: sqlstate.map(str::to_owned),
            statement_index: Some(0),
            message: "no".into(),
            context: None,
        };
        let tables = [table("a"), table("bad"), table("c")];
        let asked: Vec<_> = tables.iter().collect();
        let answers = [counted(&[("a", "2")]), counted(&[("c", "0")])].map(Ok);
        let inner = RecordingSession::answering(answers);
        let mut session = FailingSession::at(inner, At::Naming(table("bad")), refused(Some("42501")));
        let (rows, failed) = measure_rows(&mut session, &asked).await.unwrap();
        assert_eq!(rows.into_iter().collect::<Vec<_>>(), [(table("a"), 2), (table("c"), 0)]);
        assert_eq!(failed.into_iter().map(|(table, _)| table).collect::<Vec<_>>(), [table("bad")]);
        let mut lost =
            FailingSession::at(RecordingSession::default(), At::Naming(table("bad")), refused(None));
        assert!(measure_rows(&mut lost, &asked).await.is_err());
    }
}
