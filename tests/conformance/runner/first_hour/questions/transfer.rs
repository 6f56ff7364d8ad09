//! What UNLOAD and COPY say of themselves and do with odd things. The options are those of the jobs.

use super::csv::{copy_csv, unload_csv};
use super::made::Made;
use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "empty-unload",
        asks: "What does PG_LAST_UNLOAD_COUNT say after an UNLOAD of no rows?",
        page: "PG_LAST_UNLOAD_COUNT, r_UNLOAD",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_empty_unload")],
        before: &[
            "CREATE SCHEMA first_hour_empty_unload",
            "CREATE TABLE first_hour_empty_unload.t (a INTEGER)",
            "INSERT INTO first_hour_empty_unload.t VALUES (1)",
            "UNLOAD ('SELECT a FROM first_hour_empty_unload.t') TO '${S3}/empty-unload/one/' IAM_ROLE '${IAM_ROLE}' \
             FORMAT AS PARQUET MANIFEST VERBOSE",
            "UNLOAD ('SELECT a FROM first_hour_empty_unload.t WHERE a > 1') TO '${S3}/empty-unload/none/' IAM_ROLE \
             '${IAM_ROLE}' FORMAT AS PARQUET MANIFEST VERBOSE",
        ],
        ask: Ask::One("SELECT pg_last_unload_count()"),
        assumed: Reading { when: When::Value(&["0"]), means: "0" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "something else" },
            changes: Change {
                place: "jobs/migrate-data/src/unload.rs",
                to_do: "every empty table fails for a manifest that is not there; count the table's rows before the UNLOAD",
            },
        }],
    },
    Question {
        id: "empty-varbyte",
        asks: "What does COPY make of an empty VARBYTE in CSV?",
        page: "copy-parameters-data-conversion, r_UNLOAD",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_empty_varbyte")],
        before: &[
            "CREATE SCHEMA first_hour_empty_varbyte",
            "CREATE TABLE first_hour_empty_varbyte.t (id INTEGER, v VARBYTE(40))",
            "CREATE TABLE first_hour_empty_varbyte.back (id INTEGER, v VARBYTE(40))",
            "INSERT INTO first_hour_empty_varbyte.t VALUES (1, CAST('' AS VARBYTE))",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("id, v", "first_hour_empty_varbyte.t", "empty-varbyte"),
            copy_csv!("first_hour_empty_varbyte.back", "empty-varbyte", "@null@"),
            "SELECT v IS NULL FROM first_hour_empty_varbyte.back",
        ]),
        assumed: Reading { when: When::Value(&["t"]), means: "NULL" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["f"]), means: "a value without bytes" },
                changes: Change {
                    place: "jobs/migration/src/transfer/marked.rs",
                    to_do: "nothing breaks: values without bytes travel by a marker, which is not needed; short VARBYTE columns are refused for nothing",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "neither: UNLOAD or COPY refuses it" },
                changes: Change {
                    place: "jobs/migration/src/transfer/marked.rs",
                    to_do: "nothing breaks: values without bytes travel by a marker",
                },
            },
        ],
    },
    Question {
        id: "marked-key",
        asks: "Are exclamation marks in the keys of UNLOAD and COPY taken as they are?",
        page: "r_UNLOAD, loading-data-files-using-manifest",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_marked_key")],
        before: &[
            "CREATE SCHEMA first_hour_marked_key",
            "CREATE TABLE first_hour_marked_key.t (a INTEGER)",
            "CREATE TABLE first_hour_marked_key.back (a INTEGER)",
            "INSERT INTO first_hour_marked_key.t VALUES (1)",
        ],
        ask: Ask::InTurn(&[
            "UNLOAD ('SELECT a FROM first_hour_marked_key.t') TO '${S3}/marked-key/a!2Eb!41/' IAM_ROLE '${IAM_ROLE}' \
             FORMAT AS PARQUET MANIFEST VERBOSE",
            "COPY first_hour_marked_key.back FROM '${S3}/marked-key/a!2Eb!41/manifest' IAM_ROLE '${IAM_ROLE}' \
             MANIFEST FORMAT AS PARQUET",
        ]),
        assumed: Reading { when: When::Nothing, means: "yes: COPY finds what UNLOAD wrote" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Refused(&[]), means: "no: one of them is refused" },
            changes: Change {
                place: "jobs/migration/src/name/s3_key_segment.rs",
                to_do: "every table fails whose name has another character than letters, digits, _ and -; take another sign than !",
            },
        }],
    },
];
