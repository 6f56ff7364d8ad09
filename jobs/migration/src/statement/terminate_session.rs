//! PG_TERMINATE_BACKEND (`PG_TERMINATE_BACKEND`).

use super::Sql;

/// Ends a session; what it had not committed is rolled back.
pub fn terminate_session(session_id: i32) -> Sql {
    Sql::rendered(format!("SELECT pg_terminate_backend({session_id})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_process() {
        insta::assert_snapshot!(terminate_session(8585), @"SELECT pg_terminate_backend(8585)");
    }
}
