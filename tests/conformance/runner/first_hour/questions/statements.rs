//! What a statement may stand beside, how one ends that takes too long, and which may run at once.

use super::made::Made;
use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "sort-key-in-transaction",
        asks: "May ALTER SORTKEY NONE share the transaction of CREATE TABLE?",
        page: "r_ALTER_TABLE, r_SVL_MULTI_STATEMENT_VIOLATIONS",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_sort_key_in_transaction")],
        before: &[
            "CREATE SCHEMA first_hour_sort_key_in_transaction",
            "BEGIN",
            "CREATE TABLE first_hour_sort_key_in_transaction.t (a INTEGER)",
        ],
        ask: Ask::One("ALTER TABLE first_hour_sort_key_in_transaction.t ALTER SORTKEY NONE"),
        assumed: Reading { when: When::Nothing, means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Refused(&[]), means: "no" },
            changes: Change {
                place: "jobs/migration/src/plan/tables.rs",
                to_do: "batches of tables are rolled back and run one by one, which takes longer; make the step Alone",
            },
        }],
    },
    Question {
        id: "timeout-code",
        asks: "Which SQLSTATE has a statement that is canceled for its time?",
        page: "r_statement_timeout",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_timeout_code")],
        before: &[
            "CREATE SCHEMA first_hour_timeout_code",
            "CREATE TABLE first_hour_timeout_code.t AS SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4",
            "INSERT INTO first_hour_timeout_code.t SELECT x.a + 4 * y.a FROM first_hour_timeout_code.t AS x, \
             first_hour_timeout_code.t AS y, first_hour_timeout_code.t AS z, first_hour_timeout_code.t AS w",
            "INSERT INTO first_hour_timeout_code.t SELECT x.a + y.a FROM first_hour_timeout_code.t AS x, \
             first_hour_timeout_code.t AS y",
            "SET statement_timeout TO 1000",
        ],
        ask: Ask::One(
            "SELECT SUM(x.a * y.a + z.a) FROM first_hour_timeout_code.t AS x, first_hour_timeout_code.t AS y, \
             first_hour_timeout_code.t AS z",
        ),
        assumed: Reading { when: When::Refused(&["57014"]), means: "57014" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "another one" },
                changes: Change {
                    place: "jobs/redshift/src/session/error.rs",
                    to_do: "a load that is canceled by a limit is told with another kind and remedy, and may be tried again for \
                            hours; have kind_of know this code",
                },
            },
            Otherwise {
                reading: Reading { when: When::Rows, means: "none: the limit does not hold" },
                changes: Change {
                    place: "jobs/migration/src/statement/session.rs",
                    to_do: "nothing breaks: no limit of the login ends a load; ask again with a slower statement",
                },
            },
        ],
    },
    Question {
        id: "session-name",
        asks: "Which event of SYS_CONNECTION_LOG has the name of a session's application?",
        page: "SYS_CONNECTION_LOG",
        needs: Needs::Warehouse,
        makes: &[],
        before: &["SET application_name TO 'first_hour_session_name'"],
        ask: Ask::Until(
            "SELECT DISTINCT RTRIM(event) FROM sys_connection_log WHERE RTRIM(application_name) = 'first_hour_session_name'",
        ),
        assumed: Reading { when: When::Value(&["set application_name"]), means: "set application_name" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Rows, means: "another one, or more than one" },
                changes: Change {
                    place: "sql/catalog/open_sessions.sql",
                    to_do: "nothing breaks: the query takes the newest name of any event; its comment must say which",
                },
            },
            Otherwise {
                reading: Reading { when: When::Nothing, means: "none within 20 seconds" },
                changes: Change {
                    place: "jobs/redshift/src/end_stale_sessions.rs",
                    to_do: "what a killed start left running is not found, and may commit beside the new start; give each \
                            session a query_group of its own and look for it in SYS_QUERY_HISTORY (query_label)",
                },
            },
        ],
    },
    Question {
        id: "vacuum-two-tables",
        asks: "May two sessions vacuum two tables at once?",
        page: "r_VACUUM_command",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_vacuum_two_tables")],
        before: &[
            "CREATE SCHEMA first_hour_vacuum_two_tables",
            "CREATE TABLE first_hour_vacuum_two_tables.t (a INTEGER SORTKEY)",
            "INSERT INTO first_hour_vacuum_two_tables.t VALUES (3), (1), (2), (5), (4), (7), (6), (0)",
            "INSERT INTO first_hour_vacuum_two_tables.t SELECT x.a * 7 + y.a * 5 FROM first_hour_vacuum_two_tables.t AS x, \
             first_hour_vacuum_two_tables.t AS y, first_hour_vacuum_two_tables.t AS z, first_hour_vacuum_two_tables.t AS w",
            "INSERT INTO first_hour_vacuum_two_tables.t SELECT x.a * 7 + y.a FROM first_hour_vacuum_two_tables.t AS x, \
             first_hour_vacuum_two_tables.t AS y WHERE y.a < 6",
            "CREATE TABLE first_hour_vacuum_two_tables.u (a INTEGER SORTKEY)",
            "INSERT INTO first_hour_vacuum_two_tables.u SELECT a FROM first_hour_vacuum_two_tables.t",
            "DELETE FROM first_hour_vacuum_two_tables.t WHERE a % 2 = 0",
            "DELETE FROM first_hour_vacuum_two_tables.u WHERE a % 2 = 0",
        ],
        ask: Ask::AtOnce(
            "VACUUM FULL first_hour_vacuum_two_tables.t TO 100 PERCENT",
            "VACUUM FULL first_hour_vacuum_two_tables.u TO 100 PERCENT",
        ),
        assumed: Reading { when: When::Nothing, means: "yes: both end well" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Refused(&[]), means: "no: one of them is refused" },
            changes: Change {
                place: "jobs/redshift/src/tidy_table.rs",
                to_do: "a table that is refused keeps its VACUUM for the next start of refresh-views; make AT_ONCE one",
            },
        }],
    },
    Question {
        id: "vacuum-one-table",
        asks: "What becomes of a VACUUM while another session vacuums the same table?",
        page: "r_VACUUM_command",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_vacuum_one_table")],
        before: &[
            "CREATE SCHEMA first_hour_vacuum_one_table",
            "CREATE TABLE first_hour_vacuum_one_table.t (a INTEGER SORTKEY)",
            "INSERT INTO first_hour_vacuum_one_table.t VALUES (3), (1), (2), (5), (4), (7), (6), (0)",
            "INSERT INTO first_hour_vacuum_one_table.t SELECT x.a * 7 + y.a * 5 FROM first_hour_vacuum_one_table.t AS x, \
             first_hour_vacuum_one_table.t AS y, first_hour_vacuum_one_table.t AS z, first_hour_vacuum_one_table.t AS w",
            "INSERT INTO first_hour_vacuum_one_table.t SELECT x.a * 7 + y.a FROM first_hour_vacuum_one_table.t AS x, \
             first_hour_vacuum_one_table.t AS y WHERE y.a < 6",
            "DELETE FROM first_hour_vacuum_one_table.t WHERE a % 2 = 0",
        ],
        ask: Ask::AtOnce(
            "VACUUM FULL first_hour_vacuum_one_table.t TO 100 PERCENT",
            "VACUUM FULL first_hour_vacuum_one_table.t TO 100 PERCENT",
        ),
        assumed: Reading { when: When::Refused(&[]), means: "it is refused" },
        otherwise: &[Otherwise {
            reading: Reading {
                when: When::Nothing,
                means: "it waits and ends well, or the two did not overlap",
            },
            changes: Change {
                place: "jobs/refresh-views/src/vacuum.rs",
                to_do: "nothing breaks: a start that follows a killed one waits for the VACUUM that still runs",
            },
        }],
    },
];
