//! UNLOAD: the rows of a query, as the backend sends them, into CSV files in S3.

use super::column::{self, Column};
use super::csv;
use super::data_file::DataFile;
use super::manifest::{self, UnloadedFile};
use super::s3::S3;
use super::text_rows;
use super::value::unloaded;
use crate::session::{Backend, CopyOut};
use crate::statement::{Existing, Location, ManifestDetail, StatementError, Unload};

/// The slices of this warehouse: each writes files of its own when an UNLOAD is parallel, also when it has no rows.
const SLICES: usize = 2;

/// Runs an UNLOAD in the session's transaction and gives the rows unloaded.
///
/// # Errors
/// PostgreSQL's for the query, S3's, or that the target is not empty. The session's transaction need not be aborted by
/// then. Files that are finished stay, as on Redshift.
pub async fn unload(statement: &Unload, backend: &mut Backend, s3: &S3) -> Result<u64, StatementError> {
    let s3 = s3.for_bucket(&statement.target.bucket, statement.region.as_deref()).await?;
    let columns = column::of_query(backend, &statement.query).await?;
    prepare_target(statement, &s3).await?;
    // The line end keeps a comment at the query's end from swallowing the parenthesis.
    let mut rows = backend.copy_out(&format!("COPY ({}\n) TO STDOUT", statement.query)).await?;
    let mut files = Files::new(statement, &columns, &s3);
    let result = pump(&mut rows, &mut files, &columns, statement).await;
    let files = match result {
        Ok(()) => files.finish().await?,
        Err(error) => {
            // The first error is the one to tell; the connection must be of use again after it.
            let _ = files.abandon().await;
            let _ = rows.drain().await;
            return Err(error);
        }
    };
    let rows = rows.rows();
    write_manifest(statement, &columns, &files, &s3).await?;
    // What pg_last_unload_count() tells in this session.
    backend.query(&format!("SELECT pg_catalog.set_config('rs.last_unload_count', '{rows}', false)")).await?;
    Ok(rows)
}

/// Refuses, empties or takes the target as it is (`r_UNLOAD`, ALLOWOVERWRITE and CLEANPATH).
async fn prepare_target(statement: &Unload, s3: &S3) -> Result<(), StatementError> {
    if statement.existing == Existing::Overwrite {
        return Ok(());
    }
    let existing = s3.list(&statement.target).await?;
    if statement.existing == Existing::Clean {
        for object in &existing {
            s3.remove(&object.location).await?;
        }
    } else if !existing.is_empty() {
        return Err(StatementError::new("XX000", "Specified unload destination on S3 is not empty")
            .with_detail(format!("{} objects begin with {}", existing.len(), statement.target))
            .with_hint("use another prefix, remove the objects, or add ALLOWOVERWRITE or CLEANPATH"));
    }
    Ok(())
}

async fn pump(
    rows: &mut CopyOut<'_>,
    files: &mut Files<'_>,
    columns: &[Column],
    statement: &Unload,
) -> Result<(), StatementError> {
    let mut line = Vec::new();
    while let Some(row) = rows.next().await? {
        line.clear();
        for (at, (value, column)) in text_rows::fields(&row).zip(columns).enumerate() {
            let field = unloaded(value.as_deref(), column.representation, &statement.null_as);
            csv::write_field(&mut line, field, statement.delimiter, at == 0);
        }
        csv::end_row(&mut line);
        files.write_row(&line).await?;
    }
    Ok(())
}

async fn write_manifest(
    statement: &Unload,
    columns: &[Column],
    files: &[UnloadedFile],
    s3: &S3,
) -> Result<(), StatementError> {
    let text = match statement.manifest {
        None => return Ok(()),
        Some(ManifestDetail::Urls) => manifest::urls(files),
        Some(ManifestDetail::Verbose) => manifest::verbose(files, columns),
    };
    let text = text
        .map_err(|error| StatementError::new("XX000", format!("the manifest cannot be written: {error}")))?;
    s3.write(&statement.target.with_suffix("manifest"), text.into(), &statement.encryption).await
}

/// The files of one UNLOAD, written by slices in turn.
struct Files<'a> {
    statement: &'a Unload,
    header: Vec<u8>,
    s3: &'a S3,
    slices: Vec<Slice<'a>>,
    /// The slice that the next row goes to.
    turn: usize,
    finished: Vec<UnloadedFile>,
}

#[derive(Default)]
struct Slice<'a> {
    open: Option<DataFile<'a>>,
    begun: usize,
}

impl<'a> Files<'a> {
    fn new(statement: &'a Unload, columns: &[Column], s3: &'a S3) -> Self {
        let mut header = Vec::new();
        if statement.header {
            for (at, column) in columns.iter().enumerate() {
                csv::write_field(&mut header, column.name.as_bytes(), statement.delimiter, at == 0);
            }
            csv::end_row(&mut header);
        }
        let slices = if statement.parallel { SLICES } else { 1 };
        let slices = std::iter::repeat_with(Slice::default).take(slices).collect();
        Self { statement, header, s3, slices, turn: 0, finished: Vec::new() }
    }

    async fn write_row(&mut self, row: &[u8]) -> Result<(), StatementError> {
        let turn = self.turn;
        self.turn = (turn + 1) % self.slices.len();
        let full = |file: &DataFile<'_>| file.bytes() + row.len() as u64 > self.statement.max_file_size;
        if self.slices[turn].open.as_ref().is_some_and(full) {
            self.close(turn).await?;
        }
        self.open(turn).await?.write_row(row).await
    }

    /// The slice's open file; begins the next one if none is open.
    async fn open(&mut self, turn: usize) -> Result<&mut DataFile<'a>, StatementError> {
        let slice = &mut self.slices[turn];
        let file = if let Some(file) = slice.open.take() {
            file
        } else {
            let location = file_location(self.statement, turn, slice.begun);
            slice.begun += 1;
            let mut file = DataFile::new(self.s3, location, self.statement.gzip, &self.statement.encryption);
            if !self.header.is_empty() {
                file.write_row(&self.header).await?;
            }
            file
        };
        Ok(slice.open.insert(file))
    }

    async fn close(&mut self, turn: usize) -> Result<(), StatementError> {
        if let Some(file) = self.slices[turn].open.take() {
            self.finished.push(file.finish().await?);
        }
        Ok(())
    }

    /// Ends every slice's last file, also of a slice that got no rows, and gives all files in the order of their keys.
    async fn finish(mut self) -> Result<Vec<UnloadedFile>, StatementError> {
        for turn in 0..self.slices.len() {
            self.open(turn).await?;
            self.close(turn).await?;
        }
        self.finished.sort_by(|one, other| one.location.key.cmp(&other.location.key));
        Ok(self.finished)
    }

    async fn abandon(self) -> Result<(), StatementError> {
        for file in self.slices.into_iter().filter_map(|slice| slice.open) {
            file.abandon().await?;
        }
        Ok(())
    }
}

/// `<prefix><slice>_part_<part>` in parallel, `<prefix><number>` one after another (`r_UNLOAD`, TO and PARALLEL).
fn file_location(statement: &Unload, slice: usize, part: usize) -> Location {
    let extension = if statement.gzip { ".gz" } else { "" };
    statement.target.with_suffix(&if statement.parallel {
        format!("{slice:04}_part_{part:02}{extension}")
    } else {
        format!("{part:03}{extension}")
    })
}
