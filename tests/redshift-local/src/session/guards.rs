//! Row-level security and masks: a statement, and the body of every procedure before one is called, names guards in place of the
//! relations that have policies (`sql/guards.sql`, `statement/guard.rs`).

use std::sync::atomic::Ordering::Relaxed;

use super::{Session, TransactionStatus};
use crate::statement::{Action, Reads, StatementError, quote_literal};

/// Where a statement's names without a schema are looked for.
const SEARCH_PATH: &str = "pg_catalog.current_schemas(true)::text[]";

/// What a statement begins with after which a relation may have policies.
const PROTECTS: [&str; 2] = ["rs_attach_policy", "rs_set_row_level_security"];

impl Session<'_> {
    /// The action with guards in place of what it reads.
    pub(super) async fn guard(&mut self, mut action: Action) -> Result<Action, StatementError> {
        if let Action::Run(translation) = &action
            && PROTECTS.iter().any(|procedure| translation.sql.contains(procedure))
        {
            self.server.guarded.store(true, Relaxed);
        }
        if !self.server.guarded.load(Relaxed) || self.backend.status() == TransactionStatus::Failed {
            return Ok(action);
        }
        match &mut action {
            Action::Run(translation) => self.guard_statement(&mut translation.sql).await?,
            Action::Unload(unload) => self.guard_statement(&mut unload.query).await?,
            Action::Call(_) => self.guard_procedures().await?,
            Action::Copy(_) => {}
        }
        Ok(action)
    }

    async fn guard_statement(&mut self, sql: &mut String) -> Result<(), StatementError> {
        if let Some(reads) = Reads::of_statement(sql) {
            let guards = self.backend.query(&reads.lookup(SEARCH_PATH)).await?;
            if !guards.is_empty() {
                self.backend.query("SELECT redshift_catalog.rs_expect_default_case()").await?;
            }
            *sql = reads.guarded(&guards)?;
        }
        Ok(())
    }

    /// One may call another, so that all of them are made to read guards.
    async fn guard_procedures(&mut self) -> Result<(), StatementError> {
        let bodies =
            self.backend.query("SELECT routine, source, path FROM redshift_catalog.rs_bodies()").await?;
        for body in bodies {
            let [Some(routine), Some(source), Some(path)] = body.as_slice() else { continue };
            let after = match Reads::of_body(source) {
                Some(reads) => {
                    let path = format!("{}::text[]", quote_literal(path));
                    reads.guarded(&self.backend.query(&reads.lookup(&path)).await?)?
                }
                None => source.clone(),
            };
            let sql = format!(
                "SELECT redshift_catalog.rs_guard_body({routine}, {}, {})",
                quote_literal(source),
                quote_literal(&after)
            );
            self.backend.query(&sql).await?;
        }
        Ok(())
    }
}
