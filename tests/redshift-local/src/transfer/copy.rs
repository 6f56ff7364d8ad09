//! COPY: CSV files from S3 into a table of the backend, in the session's transaction.

use std::path::Path;

use super::csv::{Decoder, Dialect, Malformed};
use super::inflate::Inflate;
use super::load_error::{self, EMPTY_LINE, EXTRA_FIELDS, LoadError, MISSING_FIELDS, NOT_GZIP, Reason};
use super::s3::S3;
use super::source;
use super::target::Target;
use super::text_rows;
use super::value::{NullRule, loaded};
use crate::session::{Backend, CopyIn};
use crate::statement::{Copy, Location, StatementError};

/// How much is gathered before it is handed to the backend.
const CHUNK_BYTES: usize = 64 * 1024;

/// Runs a COPY in the session's transaction, and gives the rows loaded, which `pg_last_copy_count()` tells from then on.
/// A load error is recorded for `sys_load_error_detail` through a connection of its own.
///
/// # Errors
/// PostgreSQL's, S3's, or that a row cannot be loaded. The session's transaction need not be aborted by then.
pub async fn copy(
    statement: &Copy,
    backend: &mut Backend,
    s3: &S3,
    socket_directory: &Path,
) -> Result<u64, StatementError> {
    let target = Target::find(statement, backend).await?;
    let s3 = s3.for_bucket(&statement.source.bucket, statement.region.as_deref()).await?;
    let files = source::files(statement, &s3).await?;
    let mut input = backend.copy_in(&target.copy_statement()).await?;
    let mut loader = Loader::new(statement, &target);
    let outcome = load(&mut loader, &files, &mut input, statement, &s3).await;
    let (error, ours) = match outcome {
        Ok(()) => match input.finish().await {
            Ok(rows) => {
                remember(backend, &target, rows).await?;
                return Ok(rows);
            }
            Err(error) => (error, None),
        },
        Err(Failure::Statement(error)) => {
            input.fail("the files cannot be read").await;
            return Err(error);
        }
        Err(Failure::Row(ours)) => (input.fail("a row cannot be loaded").await, Some(ours)),
    };
    // PostgreSQL lags behind: if it found something wrong as well, that comes first in the files.
    let Some(found) = loader.found_by_postgres(&error, &files).or(ours) else { return Err(error) };
    load_error::record(socket_directory, &target.load, &found).await?;
    Err(load_error::load_failed(&target.table))
}

/// Sets what `pg_last_copy_count()` and `pg_last_copy_id()` tell in this session.
async fn remember(backend: &mut Backend, target: &Target, rows: u64) -> Result<(), StatementError> {
    let id = &target.load.query_id;
    backend
        .query(&format!(
            "SELECT pg_catalog.set_config('rs.last_copy_count', '{rows}', false), \
             pg_catalog.set_config('rs.last_copy_id', '{id}', false)"
        ))
        .await?;
    Ok(())
}

/// Why a load ends before its files do.
enum Failure<'a> {
    /// S3 or the connection failed.
    Statement(StatementError),
    /// A row cannot be loaded.
    Row(LoadError<'a>),
}

impl From<StatementError> for Failure<'_> {
    fn from(error: StatementError) -> Self {
        Self::Statement(error)
    }
}

async fn load<'a>(
    loader: &mut Loader<'a>,
    files: &[Location],
    input: &mut CopyIn<'_>,
    statement: &Copy,
    s3: &S3,
) -> Result<(), Failure<'a>> {
    for file in files {
        loader.begin_file();
        let mut decoder = Decoder::new(Dialect { delimiter: statement.delimiter, quote: statement.quote });
        let mut inflate = Inflate::new(statement.gzip);
        let mut body = s3.read(file).await?;
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| {
                StatementError::new("XX000", format!("S3 stopped sending {file}: {error}"))
            })?;
            // In pieces, since what is compressed well becomes long.
            for piece in chunk.chunks(CHUNK_BYTES) {
                let plain = inflate.feed(piece).map_err(|_| loader.failed(file, &NOT_GZIP.into()))?;
                decoder
                    .feed(&plain, &mut |fields| loader.row(fields))
                    .map_err(|bad| loader.failed(file, &bad))?;
                loader.flush(input, CHUNK_BYTES).await?;
            }
        }
        let rest = inflate.finish().map_err(|_| loader.failed(file, &NOT_GZIP.into()))?;
        decoder.feed(&rest, &mut |fields| loader.row(fields)).map_err(|bad| loader.failed(file, &bad))?;
        decoder.finish(&mut |fields| loader.row(fields)).map_err(|bad| loader.failed(file, &bad))?;
    }
    loader.flush(input, 1).await?;
    Ok(())
}

/// Turns the files' rows into PostgreSQL's, and keeps track of where it is.
struct Loader<'a> {
    target: &'a Target,
    nulls: NullRule,
    ignore_header: u64,
    out: Vec<u8>,
    /// The rows handed over, over all files.
    rows: u64,
    /// The rows of the current file, header included.
    file_rows: u64,
    /// For each file begun, how many rows the files before it handed over.
    rows_before: Vec<u64>,
}

/// A row that does not fit, and the column that is to blame.
struct BadRow {
    column: Option<usize>,
    reason: Reason,
}

impl From<Reason> for BadRow {
    fn from(reason: Reason) -> Self {
        Self { column: None, reason }
    }
}

impl From<Malformed> for BadRow {
    fn from(malformed: Malformed) -> Self {
        Reason::from(malformed).into()
    }
}

impl<'a> Loader<'a> {
    fn new(statement: &Copy, target: &'a Target) -> Self {
        Self {
            target,
            nulls: NullRule {
                null_as: statement.null_as.clone().into_bytes(),
                empty_as_null: statement.empty_as_null,
            },
            ignore_header: statement.ignore_header,
            out: Vec::new(),
            rows: 0,
            file_rows: 0,
            rows_before: Vec::new(),
        }
    }

    fn begin_file(&mut self) {
        self.rows_before.push(self.rows);
        self.file_rows = 0;
    }

    /// Takes one row of the current file.
    fn row(&mut self, fields: &[&[u8]]) -> Result<(), BadRow> {
        self.file_rows += 1;
        if self.file_rows <= self.ignore_header {
            return Ok(());
        }
        let columns = &self.target.columns;
        match fields.len().cmp(&columns.len()) {
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => return Err(EXTRA_FIELDS.into()),
            std::cmp::Ordering::Less if fields == [b""] => return Err(EMPTY_LINE.into()),
            std::cmp::Ordering::Less => return Err(MISSING_FIELDS.into()),
        }
        for (at, (field, column)) in fields.iter().zip(columns).enumerate() {
            let value = loaded(field, column, &self.nulls)
                .map_err(|misfit| BadRow { column: Some(at), reason: misfit.into() })?;
            text_rows::write_field(&mut self.out, value.as_deref(), at == 0);
        }
        text_rows::end_row(&mut self.out);
        self.rows += 1;
        Ok(())
    }

    /// Hands over what has gathered, if it is at least so much.
    async fn flush(&mut self, input: &mut CopyIn<'_>, at_least: usize) -> Result<(), StatementError> {
        if self.out.len() >= at_least {
            input.send(std::mem::take(&mut self.out)).await?;
        }
        Ok(())
    }

    fn failed(&self, file: &Location, bad: &BadRow) -> Failure<'a> {
        Failure::Row(LoadError {
            file: file.to_string(),
            row: self.file_rows.max(1),
            column: bad.column.map(|at| &self.target.columns[at]),
            reason: bad.reason,
        })
    }

    /// The load error behind an error of PostgreSQL's, if it is about a row.
    fn found_by_postgres(&self, error: &StatementError, files: &[Location]) -> Option<LoadError<'a>> {
        let columns = &self.target.columns;
        let (row, column) = load_error::place_of(error.context.as_deref()?, &self.target.table, columns)?;
        let reason = Reason::of_postgres(&error.sqlstate, column)?;
        let file = self.rows_before.iter().rposition(|before| *before < row)?;
        let row = row - self.rows_before[file] + self.ignore_header;
        Some(LoadError { file: files.get(file)?.to_string(), row, column, reason })
    }
}
