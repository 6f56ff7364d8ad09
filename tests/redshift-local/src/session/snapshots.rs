//! What a transaction's snapshot lacks: a relation that another session has created since is there, and cannot be read
//! (`c_serial_isolation-serializable-isolation-troubleshooting`). PostgreSQL would read it and find no rows.

use super::{Session, TransactionStatus, errors};
use crate::statement::{Action, Reads, StatementError};

impl Session<'_> {
    /// Fails with error 1018 if a statement of an open transaction reads a relation that its snapshot lacks.
    pub(super) async fn expect_in_snapshot(&mut self, action: &Action) -> Result<(), StatementError> {
        let sql = match action {
            _ if self.backend.status() != TransactionStatus::Open => return Ok(()),
            Action::Run(translation) => &translation.sql,
            Action::Unload(unload) => &unload.query,
            Action::Call(_) | Action::Copy(_) => return Ok(()),
        };
        let Some(reads) = Reads::of_statement(sql) else { return Ok(()) };
        let since = self.backend.query(&reads.created_since()).await?;
        if since.is_empty() { Ok(()) } else { Err(errors::missing_in_snapshot()) }
    }
}
