//! BEGIN, COMMIT, ROLLBACK (`r_BEGIN`, `r_COMMIT`, `r_ROLLBACK`).

use super::Sql;

/// Starts a transaction.
pub fn begin() -> Sql {
    Sql::constant("BEGIN")
}

/// Makes a transaction last.
pub fn commit() -> Sql {
    Sql::constant("COMMIT")
}

/// Undoes a transaction.
pub fn rollback() -> Sql {
    Sql::constant("ROLLBACK")
}
