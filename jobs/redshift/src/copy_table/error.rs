//! Why a table was not loaded.

use crate::measure::MeasureError;
use crate::session::{DecodeError, SqlError};
use migration::name::Identifier;
use migration::outcome::{ErrorKind, Others};
use migration::transfer::{LoadError, MarkedValue, TargetMisfit};
use migration::verify::Difference;
use migration::words::number_of;

/// Why a table was not loaded; its old rows are still there, unless the kind is `OutcomeUnknown`.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The warehouse refused, or the connection was lost.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The warehouse answered something unexpected.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// The target's table is not the source's.
    #[error(transparent)]
    Misfit(#[from] TargetMisfit),
    /// Rows stand in the target's table that nobody allowed to be replaced.
    #[error("the target's table holds {}; {others}", number_of(*.rows, "row"))]
    OldRows {
        /// How many.
        rows: u64,
        /// Why they are not the tenant's own.
        others: Others,
    },
    /// The ledger could not be asked or told of the rows.
    #[error("{message}")]
    Ledger {
        /// What kind of error.
        kind: ErrorKind,
        /// Cause and remedy.
        message: String,
    },
    /// COPY failed, perhaps for a value: its message may quote it.
    #[error(transparent)]
    Value(SqlError),
    /// A value did not fit, and the warehouse says where.
    #[error("{0}")]
    Load(LoadError),
    /// As many rows did not arrive as left.
    #[error(
        "{loaded} rows were loaded{}, where {unloaded} were unloaded",
        target.map(|target| format!(" and the table then held {target}")).unwrap_or_default()
    )]
    RowsDiffer {
        /// What UNLOAD's manifest says.
        unloaded: u64,
        /// What COPY says.
        loaded: u64,
        /// What COUNT(*) says, in the same transaction, where it was asked.
        target: Option<u64>,
    },
    /// As many values did not arrive as left of those that CSV does not carry as they are.
    #[error(
        "column {} holds {loaded} {} after the load, where {unloaded} were unloaded",
        column.as_str(),
        match value {
            MarkedValue::NullSuper => "values of NULL",
            MarkedValue::EmptyVarbyte | MarkedValue::EmptyShortVarbyte => "values without bytes",
        }
    )]
    MarkedDiffer {
        /// The column.
        column: Identifier,
        /// Which values.
        value: MarkedValue,
        /// How many the source holds.
        unloaded: u64,
        /// How many the target holds.
        loaded: u64,
    },
    /// Other values arrived than left.
    #[error("{0}")]
    ValuesDiffer(Difference),
    /// The target would make values that it has.
    #[error(
        "the identity column {} holds {furthest}, and the target's table counts from {seed}: it would make values that it has",
        column.as_str()
    )]
    IdentityReached {
        /// The column.
        column: Identifier,
        /// The value furthest along that was loaded.
        furthest: i64,
        /// Where the target's table began to count.
        seed: i64,
    },
}

impl From<DecodeError> for CopyError {
    fn from(error: DecodeError) -> Self {
        Self::Measure(error.into())
    }
}

impl CopyError {
    /// What kind of error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Sql(error) | Self::Value(error) => error.kind,
            Self::Measure(error) => error.kind(),
            Self::Misfit(_) => ErrorKind::Unsupported,
            Self::OldRows { .. } => ErrorKind::Protected,
            Self::Ledger { kind, .. } => *kind,
            Self::Load(_)
            | Self::RowsDiffer { .. }
            | Self::MarkedDiffer { .. }
            | Self::ValuesDiffer(_)
            | Self::IdentityReached { .. } => ErrorKind::Data,
        }
    }

    /// What to do.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Misfit(_) => {
                "make the table on the target like the one on the source, then start the job again for it"
            }
            Self::IdentityReached { .. } => {
                "give the table on the target another name (ALTER TABLE … RENAME TO …) and run migrate-schema, which makes it \
                 with a new seed, then start the job again for it"
            }
            Self::OldRows { .. } => {
                "see whose rows they are; to replace them, name the table in --REPLACE and start the job again for it"
            }

            Self::Load(_) => {
                "correct the value on the source, or the column on the target, then start the job again for this table"
            }
            Self::Ledger { .. }
            | Self::RowsDiffer { .. }
            | Self::MarkedDiffer { .. }
            | Self::ValuesDiffer(_) => "start the job again for this table",
            Self::Sql(_) | Self::Value(_) | Self::Measure(_) => match self.kind() {
                ErrorKind::NotFound => "run migrate-schema first, then start the job again for this table",
                ErrorKind::Denied => {
                    "let the job's user and --IAM_ROLE do what is refused, then start the job again for this table"
                }
                _ => {
                    "look at sys_load_error_detail and sys_load_history on the target, then start the job again for this table"
                }
            },
        }
    }

    /// The lost connection, when it was that: the session is gone.
    pub fn lost_connection(&self) -> Option<&SqlError> {
        match self {
            Self::Sql(error) | Self::Value(error) | Self::Measure(MeasureError::Sql(error)) => {
                Some(error).filter(|e| e.ends_session())
            }
            Self::Measure(MeasureError::Decode(_))
            | Self::Misfit(_)
            | Self::OldRows { .. }
            | Self::Ledger { .. }
            | Self::Load(_)
            | Self::RowsDiffer { .. }
            | Self::MarkedDiffer { .. }
            | Self::ValuesDiffer(_)
            | Self::IdentityReached { .. } => None,
        }
    }
}
