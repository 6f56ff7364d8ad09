//! Functions in SQL, Python and AWS Lambda, and stored procedures (`r_CREATE_FUNCTION`, `r_CREATE_EXTERNAL_FUNCTION`,
//! `r_CREATE_PROCEDURE`).

use super::ProcedureClauses;
use crate::name::{Identifier, QualifiedName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What tells one routine from its overloads: its name and the types of its input arguments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoutineName {
    /// Schema and name.
    pub name: QualifiedName,
    /// Input argument types as `oidvectortypes` prints them: `integer, character varying`.
    pub argument_types: String,
}

impl RoutineName {
    /// `schema.name(types)` for people to read.
    pub fn plain(&self) -> String {
        format!("{}({})", self.name.plain(), self.argument_types)
    }
}

/// `"schema"."name"(types)`: how GRANT, ALTER and DROP name a routine. The types are the catalog's own
/// spelling of them, not free text.
impl fmt::Display for RoutineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.name, self.argument_types)
    }
}

/// A routine with everything that the catalog says of its CREATE statement.
///
/// The lengths of arguments and results are not kept at all (`r_SHOW_PROCEDURE` prints none). No catalog has the clauses: SHOW
/// PROCEDURE tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routine {
    /// Function or procedure.
    pub kind: RoutineKind,
    /// Who owns it.
    pub owner: Identifier,
    /// What its body is written in.
    pub language: Language,
    /// All arguments in order, outputs too.
    pub arguments: Vec<Argument>,
    /// The result type of a function; none for a procedure.
    pub returns: Option<String>,
    /// The volatility of a function.
    pub volatility: Volatility,
    /// SECURITY DEFINER.
    pub security_definer: bool,
    /// NONATOMIC and SET; none where they are not known. A function has none of them.
    pub clauses: Option<ProcedureClauses>,
    /// The text between the dollar quotes, exactly; of a Lambda function the clauses from LAMBDA on.
    pub body: String,
    /// Whether the rights are still those of a new routine: for a function EXECUTE to PUBLIC, for a procedure
    /// none (`r_GRANT`, `stored-procedure-security-and-privileges`).
    pub default_privileges: bool,
}

impl Routine {
    /// Whether both are known to have other clauses: what is not known is no difference.
    pub fn differs_in_clauses(&self, other: &Self) -> bool {
        self.clauses.is_some() && other.clauses.is_some() && self.clauses != other.clauses
    }
}

/// What a routine's body is written in (`lanname` of PG_LANGUAGE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Language {
    /// SQL: the body is resolved when the function is created.
    Sql,
    /// PL/pgSQL, the language of procedures: the body is resolved when it runs.
    Plpgsql,
    /// Python: none can be created from patch 198 on (Management Guide, `cluster-versions`).
    Python,
    /// A function of AWS Lambda, called by way of an IAM role.
    Lambda,
    /// One that this version does not know.
    Other(String),
}

impl Language {
    /// The language of this name in PG_LANGUAGE.
    pub fn parse(name: &str) -> Self {
        match name {
            "sql" => Self::Sql,
            "plpgsql" => Self::Plpgsql,
            "plpythonu" => Self::Python,
            "exfunc" => Self::Lambda,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Its name in PG_LANGUAGE.
    pub fn name(&self) -> &str {
        match self {
            Self::Sql => "sql",
            Self::Plpgsql => "plpgsql",
            Self::Python => "plpythonu",
            Self::Lambda => "exfunc",
            Self::Other(name) => name,
        }
    }
}

/// Function or procedure: GRANT, ALTER and DROP name the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum RoutineKind {
    Function,
    Procedure,
}

impl RoutineKind {
    /// The keyword of this kind.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Function => "FUNCTION",
            Self::Procedure => "PROCEDURE",
        }
    }
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name; SQL functions have none.
    pub name: Option<Identifier>,
    /// Which way it passes values.
    pub mode: ArgumentMode,
    /// Its type as `format_type` prints it.
    pub data_type: String,
}

/// Which way an argument passes values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the keyword of the same name in r_CREATE_PROCEDURE")]
pub enum ArgumentMode {
    In,
    Out,
    InOut,
}

impl ArgumentMode {
    /// The keyword of this mode.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::In => "IN",
            Self::Out => "OUT",
            Self::InOut => "INOUT",
        }
    }
}

/// What a function promises about its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the keyword of the same name in r_CREATE_FUNCTION")]
pub enum Volatility {
    Volatile,
    Stable,
    Immutable,
}

impl Volatility {
    /// The keyword of this volatility.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Volatile => "VOLATILE",
            Self::Stable => "STABLE",
            Self::Immutable => "IMMUTABLE",
        }
    }
}
