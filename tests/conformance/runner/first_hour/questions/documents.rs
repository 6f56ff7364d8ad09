//! SUPER values by way of S3, with the options of the jobs.

use super::csv::{copy_csv, unload_csv};
use super::made::Made;
use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "super-marker",
        asks: "Does a number of 38 digits in SUPER come back from CSV as the same number?",
        page: "r_SUPER_type, limitations-super",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_super_marker")],
        before: &[
            "CREATE SCHEMA first_hour_super_marker",
            "CREATE TABLE first_hour_super_marker.t (id INTEGER, d SUPER)",
            "CREATE TABLE first_hour_super_marker.back (id INTEGER, d SUPER)",
            "INSERT INTO first_hour_super_marker.t SELECT 1, CAST(CAST(10000000000000000000000000000000000007 AS \
             DECIMAL(38, 0)) AS SUPER)",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("id, d", "first_hour_super_marker.t", "super-marker"),
            copy_csv!("first_hour_super_marker.back", "super-marker", "@null@"),
            "SELECT COUNT(*) FROM first_hour_super_marker.back WHERE d = CAST(10000000000000000000000000000000000007 \
             AS DECIMAL(38, 0))",
        ]),
        assumed: Reading { when: When::Value(&["1"]), means: "yes" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["0"]), means: "no: it loses digits" },
                changes: Change {
                    place: "jobs/migration/src/statement/marked_values.rs",
                    to_do: "NULL in SUPER is not restored, and each table with one fails its check; take a marker that is a text or has fewer digits",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "no: UNLOAD or COPY refuses it" },
                changes: Change {
                    place: "jobs/migration/src/statement/marked_values.rs",
                    to_do: "every table with NULL in SUPER fails; take a marker that is a text or has fewer digits",
                },
            },
        ],
    },
    Question {
        id: "super-null-as",
        asks: "Does NULL AS of COPY from CSV hold for SUPER?",
        page: "copy-parameters-data-conversion",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_super_null_as")],
        before: &[
            "CREATE SCHEMA first_hour_super_null_as",
            "CREATE TABLE first_hour_super_null_as.t (id INTEGER, d SUPER)",
            "CREATE TABLE first_hour_super_null_as.back (id INTEGER, d SUPER)",
            "INSERT INTO first_hour_super_null_as.t SELECT 1, CAST(CAST(10000000000000000000000000000000000007 AS \
             DECIMAL(38, 0)) AS SUPER)",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("id, d", "first_hour_super_null_as.t", "super-null-as"),
            copy_csv!(
                "first_hour_super_null_as.back",
                "super-null-as",
                "10000000000000000000000000000000000007"
            ),
            "SELECT d IS NULL FROM first_hour_super_null_as.back",
        ]),
        assumed: Reading { when: When::Value(&["t"]), means: "yes: the marker is NULL" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["f"]), means: "no: the marker stays" },
                changes: Change {
                    place: "jobs/migration/src/statement/marked_values.rs",
                    to_do: "nothing breaks: an UPDATE restores NULL, which rewrites those rows; their tables want VACUUM",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "no: UNLOAD or COPY refuses it" },
                changes: Change {
                    place: "jobs/migration/src/statement/marked_values.rs",
                    to_do: "every table with NULL in SUPER fails; take a marker that is a text or has fewer digits",
                },
            },
        ],
    },
    Question {
        id: "super-decimals",
        asks: "Do decimals within SUPER come back by CSV with all digits?",
        page: "r_SUPER_type, unload-super",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_super_decimals")],
        before: &[
            "CREATE SCHEMA first_hour_super_decimals",
            "CREATE TABLE first_hour_super_decimals.t (id INTEGER, d SUPER)",
            "CREATE TABLE first_hour_super_decimals.back (id INTEGER, d SUPER)",
            "INSERT INTO first_hour_super_decimals.t SELECT 1, \
             JSON_PARSE('{\"a\":12345678901234567.0123456789,\"b\":0.1}')",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("id, d", "first_hour_super_decimals.t", "super-decimals"),
            copy_csv!("first_hour_super_decimals.back", "super-decimals", "@null@"),
            "SELECT COUNT(*) FROM first_hour_super_decimals.t AS t JOIN first_hour_super_decimals.back AS b ON b.id = \
             t.id AND JSON_SERIALIZE(b.d) = JSON_SERIALIZE(t.d)",
        ]),
        assumed: Reading { when: When::Value(&["1"]), means: "yes" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["0"]), means: "no: digits are lost" },
                changes: Change {
                    place: "jobs/migration/src/transfer/data_type.rs",
                    to_do: "values within SUPER change, and --VERIFY count does not see it; say so in the row of SUPER, and make checksum the default for such tables",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "no: UNLOAD or COPY refuses them" },
                changes: Change {
                    place: "jobs/migration/src/transfer/data_type.rs",
                    to_do: "tables with such values fail, and the row of SUPER in the README must say so",
                },
            },
        ],
    },
    Question {
        id: "large-super",
        asks: "Does COPY from CSV take a SUPER value of more than 4 MB?",
        page: "r_COPY and limitations-super, which disagree: 4 MB and 64 MB a row",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_large_super")],
        before: &[
            "CREATE SCHEMA first_hour_large_super",
            "CREATE TABLE first_hour_large_super.t (id INTEGER, d SUPER)",
            "CREATE TABLE first_hour_large_super.back (id INTEGER, d SUPER)",
            "INSERT INTO first_hour_large_super.t SELECT 1, JSON_PARSE('[\"' || REPEAT('x', 50000) || '\"]')",
            "UPDATE first_hour_large_super.t SET d = ARRAY_CONCAT(d, d)",
            "UPDATE first_hour_large_super.t SET d = ARRAY_CONCAT(d, d)",
            "UPDATE first_hour_large_super.t SET d = ARRAY_CONCAT(d, d)",
            "UPDATE first_hour_large_super.t SET d = ARRAY_CONCAT(d, d)",
            "UPDATE first_hour_large_super.t SET d = ARRAY_CONCAT(d, d)",
            "UPDATE first_hour_large_super.t SET d = ARRAY_CONCAT(d, d)",
            "UPDATE first_hour_large_super.t SET d = ARRAY_CONCAT(d, d)",
            unload_csv!("id, d", "first_hour_large_super.t", "large-super"),
        ],
        ask: Ask::One(copy_csv!("first_hour_large_super.back", "large-super", "@null@")),
        assumed: Reading { when: When::Refused(&[]), means: "no: the load is refused" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Nothing, means: "yes" },
            changes: Change {
                place: "jobs/migration/src/transfer/load_error.rs",
                to_do: "nothing breaks: such values arrive; the README and the text of code 1216 say 4 MB",
            },
        }],
    },
];
