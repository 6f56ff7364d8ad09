//! UNLOAD: the rows of a query, as the backend sends them, into files in S3.

use super::column::{self, Column};
use super::data_file::{DataFile, Encoder};
use super::float_text::REAL_DIGITS;
use super::history::{Begun, Caller};
use super::manifest::{self, UnloadedFile};
use super::parquet::{ColumnType, ParquetWriter};
use super::s3::S3;
use super::value::unloaded;
use super::{Transfers, binary_rows, csv, text_rows};
use crate::options::EmptyUnload;
use crate::session::{Backend, CopyOut};
use crate::statement::{
    Compression, CsvOutput, Existing, Location, ManifestDetail, StatementError, Unload, UnloadFormat,
};

/// What the row groups under construction take together (`r_UNLOAD`, "FORMAT AS PARQUET clause"); MAXFILESIZE is rounded down
/// to a multiple of it.
const ROW_GROUP_BYTES: usize = 32 * 1024 * 1024;

impl Transfers {
    /// Runs an UNLOAD in the session's transaction and gives the rows unloaded.
    ///
    /// # Errors
    /// PostgreSQL's for the query, S3's, or that the target is not empty. The session's transaction need not be aborted by
    /// then. Files that are finished stay, as on Redshift.
    pub async fn unload(&self, statement: &Unload, backend: &mut Backend) -> Result<u64, StatementError> {
        let caller = Caller::of(backend).await?;
        let columns = column::of_query(backend, &statement.query).await?;
        let format = Format::of(statement, &columns, real_digits(backend).await?)?;
        self.roles.check(&statement.role, &caller.user).await?;
        let s3 = self.s3.in_region(&statement.target.bucket, statement.region.as_deref()).await?;
        prepare_target(statement, &s3).await?;
        let (name, compression) = match &statement.format {
            UnloadFormat::Csv(csv) => ("csv", csv.compression),
            UnloadFormat::Parquet => ("parquet", Compression::None),
        };
        let location = statement.target.to_string();
        let begun = Begun { caller: &caller, table: None, location, format: name, compression, files: &[] };
        let id = self.history.begin(&begun).await?;
        self.remember(
            backend,
            &[("last_query_id", &id), ("last_unload_id", &id), ("last_unload_count", "0")],
        )
        .await?;
        let slices = if statement.parallel { self.slices } else { 1 };
        let unloaded = async {
            let (rows, files) =
                write_files(statement, backend, &format, slices, self.empty_unload, &s3).await?;
            if rows > 0 || self.empty_unload.writes_manifest() {
                write_manifest(statement, &columns, &files, &s3).await?;
            }
            self.remember(backend, &[("last_unload_count", &rows.to_string())]).await?;
            Ok((rows, files))
        };
        match unloaded.await {
            Ok((rows, files)) => {
                self.history.completed(&id, rows, &files).await?;
                Ok(rows)
            }
            Err(error) => {
                self.history.aborted(&id, &error, None).await?;
                Err(error)
            }
        }
    }
}

/// What the columns are written as.
enum Format<'a> {
    Csv {
        options: &'a CsvOutput,
        columns: &'a [Column],
        /// How many digits a REAL has.
        real_digits: usize,
    },
    Parquet(Vec<(String, ColumnType)>),
}

impl<'a> Format<'a> {
    fn of(statement: &'a Unload, columns: &'a [Column], real_digits: usize) -> Result<Self, StatementError> {
        match &statement.format {
            UnloadFormat::Csv(options) => Ok(Self::Csv { options, columns, real_digits }),
            UnloadFormat::Parquet => {
                let types =
                    columns.iter().map(|column| Ok((column.name.clone(), ColumnType::unloaded(column)?)));
                Ok(Self::Parquet(types.collect::<Result<_, StatementError>>()?))
            }
        }
    }

    /// How PostgreSQL sends the rows.
    fn copy_options(&self) -> &'static str {
        match self {
            Self::Csv { .. } => "",
            Self::Parquet(_) => "WITH (FORMAT binary)",
        }
    }

    fn extension(&self) -> &'static str {
        match self {
            Self::Csv { options, .. } => match options.compression {
                Compression::None => "",
                Compression::Gzip => ".gz",
                Compression::Zstd => ".zst",
            },
            Self::Parquet(_) => ".parquet",
        }
    }

    fn encoder(&self, slices: usize) -> Result<Encoder, StatementError> {
        Ok(match self {
            Self::Csv { options, .. } => Encoder::text(options.compression)?,
            Self::Parquet(types) => {
                Encoder::Parquet(Box::new(ParquetWriter::new(types, ROW_GROUP_BYTES / slices)?))
            }
        })
    }

    fn header(&self) -> Vec<u8> {
        let mut header = Vec::new();
        if let Self::Csv { options: CsvOutput { header: true, delimiter, .. }, columns, .. } = self {
            for (at, column) in columns.iter().enumerate() {
                csv::write_field(&mut header, column.name.as_bytes(), *delimiter, at == 0);
            }
            csv::end_row(&mut header);
        }
        header
    }
}

/// How many digits the session gives a REAL (`r_extra_float_digits`).
async fn real_digits(backend: &mut Backend) -> Result<usize, StatementError> {
    let rows = backend.query("SELECT pg_catalog.current_setting('extra_float_digits')").await?;
    let extra: isize =
        column::text(rows.first().map_or(&[][..], Vec::as_slice), 0).parse().unwrap_or_default();
    Ok(REAL_DIGITS.saturating_add_signed(extra).max(1))
}

/// Gives the rows and the files written.
async fn write_files(
    statement: &Unload,
    backend: &mut Backend,
    format: &Format<'_>,
    slices: usize,
    empty_unload: EmptyUnload,
    s3: &S3,
) -> Result<(u64, Vec<UnloadedFile>), StatementError> {
    // The line end keeps a comment at the query's end from swallowing the parenthesis.
    let copy = format!("COPY ({}\n) TO STDOUT {}", statement.query, format.copy_options());
    let mut rows = backend.copy_out(&copy).await?;
    let mut files = Files::new(statement, format, slices, s3);
    match pump(&mut rows, &mut files, format).await {
        Ok(()) => {
            let writes_empty_files = rows.rows() > 0 || empty_unload.writes_objects();
            Ok((rows.rows(), files.finish(writes_empty_files).await?))
        }
        Err(error) => {
            // The first error is the one to tell; the connection must be of use again after it.
            let _ = files.abandon().await;
            let _ = rows.drain().await;
            Err(error)
        }
    }
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
    format: &Format<'_>,
) -> Result<(), StatementError> {
    let mut line = Vec::new();
    while let Some(message) = rows.next().await? {
        match format {
            Format::Csv { options: csv, columns, real_digits } => {
                line.clear();
                for (at, (value, column)) in text_rows::fields(&message).zip(*columns).enumerate() {
                    let field = unloaded(value.as_deref(), column.representation, &csv.null_as, *real_digits);
                    csv::write_field(&mut line, &field, csv.delimiter, at == 0);
                }
                csv::end_row(&mut line);
                files.write_row(&line).await?;
            }
            Format::Parquet(_) => {
                if let Some(row) = binary_rows::row(&message) {
                    files.write_row(row).await?;
                }
            }
        }
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
    format: &'a Format<'a>,
    header: Vec<u8>,
    max_file_size: u64,
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
    fn new(statement: &'a Unload, format: &'a Format<'a>, slices: usize, s3: &'a S3) -> Self {
        let max_file_size = match format {
            Format::Csv { .. } => statement.max_file_size,
            Format::Parquet(_) => {
                let group = ROW_GROUP_BYTES as u64;
                (statement.max_file_size / group).max(1) * group
            }
        };
        let slices = std::iter::repeat_with(Slice::default).take(slices).collect();
        let header = format.header();
        Self { statement, format, header, max_file_size, s3, slices, turn: 0, finished: Vec::new() }
    }

    async fn write_row(&mut self, row: &[u8]) -> Result<(), StatementError> {
        let turn = self.turn;
        self.turn = (turn + 1) % self.slices.len();
        let limit = self.max_file_size;
        if self.slices[turn].open.as_mut().is_some_and(|file| file.bytes() + row.len() as u64 > limit) {
            self.close(turn).await?;
        }
        self.open(turn).await?.write_row(row).await
    }

    /// The slice's open file; begins the next one if none is open.
    async fn open(&mut self, turn: usize) -> Result<&mut DataFile<'a>, StatementError> {
        let slices = self.slices.len();
        let slice = &mut self.slices[turn];
        let file = if let Some(file) = slice.open.take() {
            file
        } else {
            let location = file_location(self.statement, turn, slice.begun, self.format.extension());
            slice.begun += 1;
            let encoder = self.format.encoder(slices)?;
            let mut file = DataFile::new(self.s3, location, encoder, &self.statement.encryption);
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

    /// Ends every slice's last file, and gives all files in the order of their keys. A slice without rows may write an empty file
    /// of text; of Parquet, which has no empty file, none.
    async fn finish(mut self, writes_empty_files: bool) -> Result<Vec<UnloadedFile>, StatementError> {
        for turn in 0..self.slices.len() {
            if writes_empty_files && matches!(self.format, Format::Csv { .. }) {
                self.open(turn).await?;
            }
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
fn file_location(statement: &Unload, slice: usize, part: usize, extension: &str) -> Location {
    statement.target.with_suffix(&if statement.parallel {
        format!("{slice:04}_part_{part:02}{extension}")
    } else {
        format!("{part:03}{extension}")
    })
}
