//! The simple query protocol: one message, any number of statements, one `ReadyForQuery`.

use std::io;

use bytes::Bytes;

use super::relay::Outcome;
use super::{Session, TransactionStatus};
use crate::lexer::Token;
use crate::protocol::message::take_text;
use crate::protocol::{Fields, Message};
use crate::reference::{self, Block};
use crate::split::statements;
use crate::statement::{StatementError, fold};

/// Where a message stands among its statements.
#[derive(Debug)]
pub(super) struct Place {
    /// The message has more than one statement: outside BEGIN they are one transaction.
    pub several: bool,
    /// That transaction has been opened and not been closed.
    pub implicit: bool,
}

/// A statement in whose message the setting for names in quotes was changed, and which says such a name with a capital. Whether the change
/// holds for it no page says: PostgreSQL's lexer has read the message by then.
fn refuse_changed_case() -> StatementError {
    let message = "whether SET enable_case_sensitive_identifier holds within its message is not known: send it as one of its own";
    StatementError::new("0A000", message.to_owned())
}

impl Place {
    /// Why a statement may not stand in this message, if it may not (`r_SVL_MULTI_STATEMENT_VIOLATIONS`).
    fn refusal(&self, statement: &[Token<'_>]) -> Option<StatementError> {
        let statement = reference::statement(statement).filter(|_| self.several)?;
        let message = format!("{} cannot run inside a multiple commands statement", statement.name);
        match statement.block {
            Block::Single | Block::Alone => Some(StatementError::new("25001", message)),
            Block::Any | Block::Commits | Block::Unsupported => None,
        }
    }
}

impl Session<'_> {
    /// Runs the statements of a `Query` message. The first error drops the rest.
    pub(super) async fn simple_query(&mut self, mut body: Bytes) -> io::Result<()> {
        let sql = take_text(&mut body)?;
        match statements(&sql) {
            Err(error) => self.raise(&StatementError::from(error)).await?,
            Ok(statements) if statements.is_empty() => {
                self.client.send(&Message::new(b'I', Bytes::new())).await?;
            }
            Ok(statements) => {
                let mut place = Place { several: statements.len() > 1, implicit: false };
                let mut outcome = Outcome::Done;
                let case_sensitive = self.case_sensitive;
                for statement in &statements {
                    self.counter.count_statement();
                    let case_changed =
                        self.case_sensitive != case_sensitive && fold(&statement.tokens).is_some();
                    let refusal = case_changed.then(refuse_changed_case);
                    if let Some(error) = refusal.or_else(|| place.refusal(&statement.tokens)) {
                        self.raise(&error).await?;
                        outcome = Outcome::Failed;
                        break;
                    }
                    outcome = self.execute(statement.text, &mut place).await?;
                    if outcome == Outcome::Failed {
                        break;
                    }
                }
                if place.implicit {
                    self.end_implicit(outcome).await?;
                }
            }
        }
        self.ready().await
    }

    /// Ends the transaction that the message implied.
    pub(super) async fn end_implicit(&mut self, outcome: Outcome) -> io::Result<()> {
        let sql = if outcome == Outcome::Done { "COMMIT" } else { "ROLLBACK" };
        match self.backend.query(sql).await {
            Ok(_) => {
                self.transaction_ended(outcome == Outcome::Done);
                Ok(())
            }
            Err(error) => self.client.send(&Fields::of_error("ERROR", &error).encode(b'E')).await,
        }
    }

    /// Notes the end of a transaction: settings made in one that was rolled back are gone.
    pub(super) fn transaction_ended(&mut self, committed: bool) {
        if committed {
            self.counter.count_commit();
            self.case_sensitive_before = self.case_sensitive;
        } else {
            self.case_sensitive = self.case_sensitive_before;
        }
    }

    /// Whether no transaction is open.
    pub(super) fn is_idle(&self) -> bool {
        self.backend.status() == TransactionStatus::Idle
    }
}
