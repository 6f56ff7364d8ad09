//! COPY: files from S3 into a table of the backend, in the session's transaction.

use super::csv::{Failure, Loader};
use super::history::{Begun, Caller};
use super::load_error::{self, LoadError};
use super::parquet::{self, ColumnType};
use super::s3::{Object, S3};
use super::target::Target;
use super::{Transfers, source};
use crate::session::Backend;
use crate::statement::{Compression, Copy, CopyFormat, CsvInput, StatementError};

impl Transfers {
    /// Runs a COPY in the session's transaction, and gives the rows loaded, which `pg_last_copy_count()` tells from then on.
    ///
    /// # Errors
    /// PostgreSQL's, S3's, or that a row cannot be loaded. The session's transaction need not be aborted by then.
    pub async fn copy(&self, statement: &Copy, backend: &mut Backend) -> Result<u64, StatementError> {
        let caller = Caller::of(backend).await?;
        let target = Target::find(statement, backend).await?;
        self.roles.check(&statement.role, &caller.user).await?;
        let s3 = self.s3.in_region(&statement.source.bucket, statement.region.as_deref()).await?;
        let types = match &statement.format {
            CopyFormat::Csv(_) => Vec::new(),
            CopyFormat::Parquet { serialize_to_json } => {
                let types =
                    target.columns.iter().map(|column| ColumnType::loaded(column, *serialize_to_json));
                types.collect::<Result<_, _>>()?
            }
        };
        let files = source::files(statement, &s3).await?;
        let (format, compression) = match &statement.format {
            CopyFormat::Csv(csv) => ("csv", csv.compression),
            CopyFormat::Parquet { .. } => ("parquet", Compression::None),
        };
        let location = statement.source.to_string();
        let table = Some((target.table.as_str(), target.id.as_str()));
        let begun = Begun { caller: &caller, table, location, format, compression, files: &files };
        let query_id = self.history.begin(&begun).await?;
        // PG_LAST_COPY_ID: from the beginning of the load on, even if it fails; its count is then 0.
        let id = query_id.as_str();
        self.remember(backend, &[("last_query_id", id), ("last_copy_id", id), ("last_copy_count", "0")])
            .await?;
        let unplaced = |error| (error, None);
        let loaded = async {
            let rows = match &statement.format {
                CopyFormat::Csv(csv) => {
                    choose_encodings(statement.encodings, &target, backend).await.map_err(unplaced)?;
                    load_csv(csv, &target, &files, backend, &s3).await?
                }
                CopyFormat::Parquet { .. } => load_parquet(&types, &target, &files, backend, &s3).await?,
            };
            self.remember(backend, &[("last_copy_count", &rows.to_string())]).await.map_err(unplaced)?;
            if statement.statistics == Some(true) {
                let analyze = format!("ANALYZE {}", target.quoted);
                backend.query(&analyze).await.map_err(unplaced)?;
            }
            Ok(rows)
        };
        match loaded.await {
            Ok(rows) => {
                self.history.completed(id, rows, &[]).await?;
                Ok(rows)
            }
            Err((error, found)) => {
                self.history.aborted(id, &error, found.as_ref()).await?;
                Err(error)
            }
        }
    }
}

/// COMPUPDATE (`copy-parameters-data-load`): a load into an empty table chooses its encodings anew, unless told not to; without a
/// word, if all columns are raw. Parquet never does (`copy-usage_notes-copy-from-columnar`).
async fn choose_encodings(
    chosen: Option<bool>,
    target: &Target,
    backend: &mut Backend,
) -> Result<(), StatementError> {
    if chosen == Some(false) {
        return Ok(());
    }
    let (quoted, id, unless_given) = (&target.quoted, &target.id, chosen.is_none());
    let sql = format!(
        "SELECT redshift_catalog.rs_choose_encodings({id}, {unless_given}) WHERE NOT EXISTS (SELECT 1 FROM {quoted})"
    );
    backend.query(&sql).await.map(drop)
}

/// Why nothing was loaded, and the row at fault where there is one.
type Aborted<'a> = (StatementError, Option<LoadError<'a>>);

async fn load_csv<'a>(
    csv: &'a CsvInput,
    target: &'a Target,
    files: &[Object],
    backend: &mut Backend,
    s3: &S3,
) -> Result<u64, Aborted<'a>> {
    let aborted = |error| (error, None);
    let mut input = backend.copy_in(&target.copy_statement("")).await.map_err(aborted)?;
    let mut loader = Loader::new(csv, &target.columns);
    let (error, ours) = match loader.load(files, &mut input, s3).await {
        Ok(()) => match input.finish().await {
            Ok(rows) => return Ok(rows),
            Err(error) => (error, None),
        },
        Err(Failure::Statement(error)) => {
            input.fail("the files cannot be read").await;
            return Err((error, None));
        }
        Err(Failure::Row(ours)) => (input.fail("a row cannot be loaded").await, Some(ours)),
    };
    // PostgreSQL lags behind: if it found something wrong as well, that comes first in the files.
    let found = loader.found_by_postgres(&error, &target.table, files, s3).await.map_err(aborted)?.or(ours);
    match found {
        Some(found) => Err((load_error::load_failed(&target.table), Some(found))),
        None => Err((error, None)),
    }
}

async fn load_parquet<'a>(
    types: &[ColumnType],
    target: &Target,
    files: &[Object],
    backend: &mut Backend,
    s3: &S3,
) -> Result<u64, Aborted<'a>> {
    let copy = target.copy_statement("WITH (FORMAT binary)");
    let mut input = backend.copy_in(&copy).await.map_err(|error| (error, None))?;
    match parquet::load(files, &target.columns, types, &mut input, s3).await {
        Ok(()) => input.finish().await.map_err(|error| {
            // PostgreSQL's texts quote values.
            let hidden = StatementError::spectrum("a value does not fit its column");
            (StatementError { sqlstate: error.sqlstate, ..hidden }, None)
        }),
        Err(error) => {
            input.fail("the files cannot be read").await;
            Err((error, None))
        }
    }
}
