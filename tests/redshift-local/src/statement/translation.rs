//! What a statement becomes.

use super::{Call, Copy, Unload, quote_literal};

/// What the session does for one statement.
#[derive(Debug, PartialEq)]
pub enum Action {
    /// Send SQL to PostgreSQL.
    Run(Translation),
    /// Call a procedure, once the places of its OUT arguments are known.
    Call(Call),
    /// Write a query's rows to S3.
    Unload(Unload),
    /// Load files of S3 into a table.
    Copy(Copy),
}

/// What a statement means for the session beyond its own result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It opens a transaction.
    Begins,
    /// It closes the transaction, with a commit or without.
    Ends {
        /// COMMIT rather than ROLLBACK.
        commits: bool,
    },
    /// It commits the transaction it is in, as TRUNCATE does.
    Commits,
    /// It can neither be in a transaction nor share a message with others.
    Alone,
    /// It turns `enable_case_sensitive_identifier` on or off, or gives it its default back.
    SetsCaseSensitivity(Option<bool>),
}

/// The SQL for PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// The statement whose replies go to the client.
    pub sql: String,
    /// Statements that run after it in the same transaction, unseen by the client.
    pub then: Vec<String>,
    /// What stands in for the tag of `CommandComplete`.
    pub tag: Option<&'static str>,
    /// What it means for the session.
    pub effect: Effect,
    /// The words by which an error names the statement.
    pub name: &'static str,
    /// The one table that a VACUUM works on, which no other may meanwhile.
    pub vacuums: Option<String>,
}

impl Translation {
    /// One statement without anything special.
    pub fn of(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), then: Vec::new(), tag: None, effect: Effect::None, name: "", vacuums: None }
    }

    /// Several statements as one, of which either all run or none; either protocol takes it. Only a tag tells the client
    /// what it was.
    pub fn block(statements: Vec<String>) -> Self {
        match <[String; 1]>::try_from(statements) {
            Ok([only]) => Self::of(only),
            Err(several) => {
                Self::of(format!("DO {}", quote_literal(&format!("BEGIN {}; END", several.join("; ")))))
            }
        }
    }

    /// The same with this tag.
    #[must_use]
    pub fn with_tag(mut self, tag: &'static str) -> Self {
        self.tag = Some(tag);
        self
    }

    /// The same with this effect.
    #[must_use]
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// The same with these statements after it.
    #[must_use]
    pub fn then(mut self, statements: impl IntoIterator<Item = String>) -> Self {
        self.then.extend(statements);
        self
    }
}
