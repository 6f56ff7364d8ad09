//! COPY of CSV files into PostgreSQL's text COPY, and the place of the first row that cannot be loaded.

use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use super::{Decoder, Dialect, Malformed};
use crate::session::CopyIn;
use crate::statement::{CsvInput, Location, StatementError};
use crate::transfer::column::Column;
use crate::transfer::decompress::Decompress;
use crate::transfer::load_error::{
    self, EMPTY_LINE, EXTRA_FIELDS, LoadError, MISSING_FIELDS, NOT_COMPRESSED, Reason,
};
use crate::transfer::s3::{Object, S3};
use crate::transfer::text_rows;
use crate::transfer::value::{NullRule, loaded};

/// How much is gathered before it is handed to the backend.
const CHUNK_BYTES: usize = 64 * 1024;

/// How much of a file is decompressed at once: what is compressed well becomes a thousand times as long.
const PIECE_BYTES: usize = 8 * 1024;

/// Why a load ends before its files do.
pub enum Failure<'a> {
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

/// Why reading a file ends before the file does.
enum Stop {
    Statement(StatementError),
    Row { line: u64, bad: BadRow },
}

impl From<StatementError> for Stop {
    fn from(error: StatementError) -> Self {
        Self::Statement(error)
    }
}

/// Turns the files' rows into PostgreSQL's, and keeps track of where it is.
pub struct Loader<'a> {
    format: &'a CsvInput,
    columns: &'a [Column],
    nulls: NullRule,
    /// The rows handed over, over all files.
    rows: u64,
    /// For each file begun, how many rows the files before it handed over.
    rows_before: Vec<u64>,
}

impl<'a> Loader<'a> {
    pub fn new(format: &'a CsvInput, columns: &'a [Column]) -> Self {
        let null_as = format.null_as.clone().into_bytes();
        let nulls = NullRule { null_as, empty_as_null: format.empty_as_null };
        Self { format, columns, nulls, rows: 0, rows_before: Vec::new() }
    }

    /// Hands the rows of all files to the backend.
    pub async fn load(
        &mut self,
        files: &[Object],
        input: &mut CopyIn<'_>,
        s3: &S3,
    ) -> Result<(), Failure<'a>> {
        for file in files {
            let mut out = Vec::new();
            self.rows_before.push(self.rows);
            let mut reader = FileReader::open(&file.location, self.format, s3).await?;
            loop {
                let more = reader.step(&mut |fields| self.row(fields, &mut out)).await;
                if out.len() >= CHUNK_BYTES {
                    input.send(std::mem::take(&mut out)).await?;
                }
                match more {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(Stop::Statement(error)) => return Err(Failure::Statement(error)),
                    Err(Stop::Row { line, bad }) => {
                        let column = bad.column.map(|at| &self.columns[at]);
                        let file = file.location.to_string();
                        return Err(Failure::Row(LoadError { file, line, column, reason: bad.reason }));
                    }
                }
            }
            input.send(out).await?;
        }
        Ok(())
    }

    /// Appends one row.
    fn row(&mut self, fields: &[&[u8]], out: &mut Vec<u8>) -> Result<(), BadRow> {
        match fields.len().cmp(&self.columns.len()) {
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => return Err(EXTRA_FIELDS.into()),
            std::cmp::Ordering::Less if fields == [b""] => return Err(EMPTY_LINE.into()),
            std::cmp::Ordering::Less => return Err(MISSING_FIELDS.into()),
        }
        for (at, (field, column)) in fields.iter().zip(self.columns).enumerate() {
            let value = loaded(field, column, &self.nulls)
                .map_err(|misfit| BadRow { column: Some(at), reason: misfit.into() })?;
            text_rows::write_field(out, value.as_deref(), at == 0);
        }
        text_rows::end_row(out);
        self.rows += 1;
        Ok(())
    }

    /// The load error behind an error of PostgreSQL's, if it is about a row. PostgreSQL counts rows, not lines: the file is
    /// read once more, up to the row.
    pub async fn found_by_postgres(
        &self,
        error: &StatementError,
        table: &str,
        files: &[Object],
        s3: &S3,
    ) -> Result<Option<LoadError<'a>>, StatementError> {
        let place = error.context.as_deref().and_then(|at| load_error::place_of(at, table, self.columns));
        let Some((row, column)) = place else { return Ok(None) };
        let Some(reason) = Reason::of_postgres(&error.sqlstate, column) else { return Ok(None) };
        let Some(at) = self.rows_before.iter().rposition(|before| *before < row) else { return Ok(None) };
        let line = line_of(&files[at].location, row - self.rows_before[at], self.format, s3).await?;
        Ok(Some(LoadError { file: files[at].location.to_string(), line, column, reason }))
    }
}

/// The line on which a file's row begins.
async fn line_of(file: &Location, row: u64, format: &CsvInput, s3: &S3) -> Result<u64, StatementError> {
    let mut reader = FileReader::open(file, format, s3).await?;
    let mut rest = row;
    let found = Reason { code: 0, message: "" };
    let mut count = |_: &[&[u8]]| {
        rest -= 1;
        if rest == 0 { Err(BadRow::from(found)) } else { Ok(()) }
    };
    loop {
        match reader.step(&mut count).await {
            Ok(true) => {}
            Ok(false) => return Ok(0),
            Err(Stop::Statement(error)) => return Err(error),
            Err(Stop::Row { line, .. }) => return Ok(line),
        }
    }
}

/// A file on its way from S3, decompressed and taken apart as it comes.
struct FileReader {
    location: Location,
    body: ByteStream,
    /// What has come and has not been read.
    arrived: Bytes,
    decompress: Option<Decompress>,
    decoder: Decoder,
    header: u64,
}

impl FileReader {
    async fn open(location: &Location, format: &CsvInput, s3: &S3) -> Result<Self, StatementError> {
        let dialect = Dialect { delimiter: format.delimiter, quote: format.quote };
        Ok(Self {
            location: location.clone(),
            body: s3.read(location).await?,
            arrived: Bytes::new(),
            decompress: Some(Decompress::new(format.compression)?),
            decoder: Decoder::new(dialect),
            header: format.ignore_header,
        })
    }

    /// Hands the next rows to `row`; false behind the last.
    async fn step(&mut self, row: &mut impl FnMut(&[&[u8]]) -> Result<(), BadRow>) -> Result<bool, Stop> {
        let header = &mut self.header;
        let mut row = |fields: &[&[u8]]| {
            if *header > 0 {
                *header -= 1;
                return Ok(());
            }
            row(fields)
        };
        let Some(mut decompress) = self.decompress.take() else { return Ok(false) };
        let not_compressed = |_| Stop::Row { line: 0, bad: NOT_COMPRESSED.into() };
        if self.arrived.is_empty()
            && let Some(chunk) = self.body.next().await
        {
            self.arrived = chunk.map_err(|error| {
                StatementError::new("XX000", format!("S3 stopped sending {}: {error}", self.location))
            })?;
        }
        if !self.arrived.is_empty() {
            let piece = self.arrived.split_to(self.arrived.len().min(PIECE_BYTES));
            let plain = decompress.feed(&piece).map_err(not_compressed)?;
            let fed = self.decoder.feed(&plain, &mut row);
            fed.map_err(|bad| Stop::Row { line: self.decoder.row_line(), bad })?;
            self.decompress = Some(decompress);
            return Ok(true);
        }
        let rest = decompress.finish().map_err(not_compressed)?;
        let fed = self.decoder.feed(&rest, &mut row).and_then(|()| self.decoder.finish(&mut row));
        fed.map_err(|bad| Stop::Row { line: self.decoder.row_line(), bad })?;
        Ok(false)
    }
}
