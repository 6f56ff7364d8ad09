//! What the transfers of a warehouse did and do: the rows behind `SYS_LOAD_HISTORY`, `SYS_LOAD_ERROR_DETAIL` and
//! `SYS_UNLOAD_HISTORY` (`sql/transfers.sql`). They are written over a connection of their own, since they outlast a transaction
//! that is rolled back.

use std::path::PathBuf;

use tokio::sync::Mutex;

use super::column::text;
use super::load_error::LoadError;
use super::manifest::UnloadedFile;
use super::s3::Object;
use crate::postgres::connect_as_superuser;
use crate::session::{Backend, Row};
use crate::statement::{Compression, StatementError, quote_literal};

/// Writes what transfers did.
#[derive(Debug)]
pub struct History {
    socket_directory: PathBuf,
    database: String,
    connection: Mutex<Option<Backend>>,
}

/// Who runs a transfer.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user's name.
    pub user: String,
    /// The columns user_id, session_id and transaction_id.
    ids: [String; 3],
}

impl Caller {
    /// The user of this session.
    pub async fn of(backend: &mut Backend) -> Result<Self, StatementError> {
        let rows = backend
            .query(
                "SELECT u.rolname, u.oid, pg_catalog.pg_backend_pid(), pg_catalog.pg_current_xact_id()::text \
                 FROM pg_catalog.pg_roles u WHERE u.rolname = current_user",
            )
            .await?;
        let row = rows.first().map_or(&[][..], Vec::as_slice);
        Ok(Self { user: text(row, 0).to_owned(), ids: [1, 2, 3].map(|at| text(row, at).to_owned()) })
    }
}

/// A transfer as it begins.
#[derive(Debug)]
pub struct Begun<'a> {
    /// Who runs it.
    pub caller: &'a Caller,
    /// The table that a COPY loads, by name and object id; nothing for an UNLOAD.
    pub table: Option<(&'a str, &'a str)>,
    /// Where the files are.
    pub location: String,
    /// `csv` or `parquet`.
    pub format: &'static str,
    /// How they are compressed.
    pub compression: Compression,
    /// The files of a COPY.
    pub files: &'a [Object],
}

impl History {
    /// Of this database.
    pub fn new(socket_directory: PathBuf, database: String) -> Self {
        Self { socket_directory, database, connection: Mutex::new(None) }
    }

    /// Notes that a transfer runs, and gives the id of its query.
    pub async fn begin(&self, begun: &Begun<'_>) -> Result<String, StatementError> {
        let compression = match begun.compression {
            Compression::None => "",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        };
        let (files, bytes) = totals(begun.files.iter().map(|file| file.size));
        let [user, session, transaction] = begun.caller.ids.each_ref();
        let values =
            [user, session, transaction, &begun.location, begun.format, compression].map(quote_literal);
        let table = begun
            .table
            .map_or_else(|| "NULL, NULL".to_owned(), |(name, id)| format!("{}, {id}", quote_literal(name)));
        let rows = self
            .query(&format!(
                "INSERT INTO redshift_catalog.rs_transfer (user_id, session_id, transaction_id, location, file_format, \
                 compression, table_name, table_id, files, bytes) VALUES ({}, {table}, {files}, {bytes}) RETURNING query_id",
                values.join(", ")
            ))
            .await?;
        Ok(text(rows.first().map_or(&[][..], Vec::as_slice), 0).to_owned())
    }

    /// Notes that it completed.
    pub async fn completed(
        &self,
        query_id: &str,
        rows: u64,
        written: &[UnloadedFile],
    ) -> Result<(), StatementError> {
        let (files, bytes) = totals(written.iter().map(|file| file.content_length));
        let unloaded: Vec<String> = written
            .iter()
            .map(|file| {
                let path = quote_literal(&file.location.to_string());
                format!("({query_id}, {path}, {}, {})", file.record_count, file.content_length)
            })
            .collect();
        let mut sql = format!(
            "UPDATE redshift_catalog.rs_transfer SET status = 'completed', loaded = {rows}, files = files + {files}, \
             bytes = bytes + {bytes}, end_time = redshift_catalog.rs_now() WHERE query_id = {query_id}"
        );
        if !unloaded.is_empty() {
            sql += "; INSERT INTO redshift_catalog.rs_unloaded_file (query_id, path, rows, bytes) VALUES ";
            sql += &unloaded.join(", ");
        }
        self.query(&sql).await.map(drop)
    }

    /// Notes that it failed, and the row at fault.
    pub async fn aborted(
        &self,
        query_id: &str,
        error: &StatementError,
        found: Option<&LoadError<'_>>,
    ) -> Result<(), StatementError> {
        let mut sql = format!(
            "UPDATE redshift_catalog.rs_transfer SET status = 'aborted', error_message = {}, errors = {}, \
             end_time = redshift_catalog.rs_now() WHERE query_id = {query_id}",
            quote_literal(&error.message),
            u8::from(found.is_some()),
        );
        if let Some(found) = found {
            let (name, base_type, length) = found.column.map_or_else(Default::default, |column| {
                let length = column.max_bytes.map(|length| length.to_string()).unwrap_or_default();
                (column.name.as_str(), column.base_type.as_str(), length)
            });
            let line = found.line.to_string();
            let code = found.reason.code.to_string();
            let values = [&found.file, &line, name, base_type, &length, &code, found.reason.message];
            sql += "; INSERT INTO redshift_catalog.rs_load_error (file_name, line_number, column_name, column_type, \
                    column_length, error_code, error_message, query_id) VALUES (";
            sql += &values.map(quote_literal).join(", ");
            sql += &[", ", query_id, ")"].concat();
        }
        self.query(&sql).await.map(drop)
    }

    async fn query(&self, sql: &str) -> Result<Vec<Row>, StatementError> {
        let mut connection = self.connection.lock().await;
        let mut backend = match connection.take() {
            Some(backend) => backend,
            None => connect_as_superuser(&self.socket_directory, &self.database).await.map_err(|error| {
                StatementError::new("XX000", format!("the transfer cannot be recorded: {error:#}"))
            })?,
        };
        let rows = backend.query(sql).await?;
        // A connection that failed is not used again.
        *connection = Some(backend);
        Ok(rows)
    }
}

fn totals(sizes: impl Iterator<Item = u64>) -> (usize, u64) {
    sizes.fold((0, 0), |(count, bytes), size| (count + 1, bytes + size))
}
