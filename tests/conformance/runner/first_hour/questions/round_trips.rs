//! Numbers and times by way of S3, with the options of the jobs.

use super::csv::{copy_csv, unload_csv};
use super::made::Made;
use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "float-digits",
        asks: "Does a DOUBLE PRECISION come back to the bit by CSV, with extra_float_digits at 2?",
        page: "r_extra_float_digits, r_UNLOAD",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_float_digits")],
        before: &[
            "CREATE SCHEMA first_hour_float_digits",
            "SET extra_float_digits TO 2",
            "CREATE TABLE first_hour_float_digits.t (id INTEGER, f FLOAT8)",
            "CREATE TABLE first_hour_float_digits.back (id INTEGER, f FLOAT8)",
            "INSERT INTO first_hour_float_digits.t SELECT 1, 0.1::FLOAT8 / 3 UNION ALL SELECT 2, 0.1::FLOAT8 + 0.2::FLOAT8",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("id, f", "first_hour_float_digits.t", "float-digits"),
            copy_csv!("first_hour_float_digits.back", "float-digits", "@null@"),
            "SELECT COUNT(*) FROM first_hour_float_digits.t AS t JOIN first_hour_float_digits.back AS b ON b.id = t.id \
             AND b.f = t.f",
        ]),
        assumed: Reading { when: When::Value(&["2"]), means: "yes" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["0", "1"]), means: "no: digits are lost" },
                changes: Change {
                    place: "jobs/migration/src/statement/unload.rs",
                    to_do: "floats of CSV tables change, and --VERIFY count does not see it; write them as text with CAST, or refuse the table without --VERIFY checksum",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "no: UNLOAD or COPY refuses them" },
                changes: Change {
                    place: "jobs/migration/src/statement/unload.rs",
                    to_do: "every CSV table with floats fails; write them as text with CAST",
                },
            },
        ],
    },
    Question {
        id: "float-words",
        asks: "Do NaN and infinity come back by CSV?",
        page: "r_UNLOAD, copy-parameters-data-format",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_float_words")],
        before: &[
            "CREATE SCHEMA first_hour_float_words",
            "CREATE TABLE first_hour_float_words.t (f FLOAT8)",
            "CREATE TABLE first_hour_float_words.back (f FLOAT8)",
            "INSERT INTO first_hour_float_words.t VALUES ('NaN'), ('Infinity'), ('-Infinity')",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("f", "first_hour_float_words.t", "float-words"),
            copy_csv!("first_hour_float_words.back", "float-words", "@null@"),
            "SELECT COUNT(*) FROM first_hour_float_words.back WHERE f::VARCHAR IN ('NaN', 'Infinity', '-Infinity')",
        ]),
        assumed: Reading { when: When::Value(&["3"]), means: "yes" },
        otherwise: &[
            Otherwise {
                reading: Reading {
                    when: When::Value(&["0", "1", "2"]),
                    means: "no: other values take their place",
                },
                changes: Change {
                    place: "jobs/migration/src/transfer/data_type.rs",
                    to_do: "such values change in silence; count them before the UNLOAD of a CSV table and refuse it",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "no: UNLOAD or COPY refuses them" },
                changes: Change {
                    place: "jobs/migration/src/transfer/data_type.rs",
                    to_do: "tables of CSV with such values fail, and the row of DOUBLE PRECISION in the README must say so",
                },
            },
        ],
    },
    Question {
        id: "time-values",
        asks: "Do TIME and TIMETZ come back by CSV?",
        page: "r_UNLOAD, r_Datetime_types",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_time_values")],
        before: &[
            "CREATE SCHEMA first_hour_time_values",
            "CREATE TABLE first_hour_time_values.t (id INTEGER, a TIME, b TIMETZ)",
            "CREATE TABLE first_hour_time_values.back (id INTEGER, a TIME, b TIMETZ)",
            "INSERT INTO first_hour_time_values.t VALUES (1, '23:59:59.999999', '00:00:00.000001+05:30')",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("id, a, b", "first_hour_time_values.t", "time-values"),
            copy_csv!("first_hour_time_values.back", "time-values", "@null@"),
            "SELECT COUNT(*) FROM first_hour_time_values.t AS t JOIN first_hour_time_values.back AS b ON b.id = t.id \
             AND b.a = t.a AND b.b = t.b",
        ]),
        assumed: Reading { when: When::Value(&["1"]), means: "yes" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["0"]), means: "no: other times arrive" },
                changes: Change {
                    place: "jobs/migration/src/transfer/data_type.rs",
                    to_do: "times change, and --VERIFY count does not see it; have UNLOAD cast them to VARCHAR",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "no: UNLOAD or COPY refuses them" },
                changes: Change {
                    place: "jobs/migration/src/transfer/data_type.rs",
                    to_do: "every table with such a column fails; have UNLOAD cast them to VARCHAR",
                },
            },
        ],
    },
    Question {
        id: "interval-values",
        asks: "Do INTERVAL values come back by CSV?",
        page: "r_UNLOAD, r_interval_data_types",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_interval_values")],
        before: &[
            "CREATE SCHEMA first_hour_interval_values",
            "CREATE TABLE first_hour_interval_values.t (id INTEGER, a INTERVAL YEAR TO MONTH, b INTERVAL DAY TO SECOND)",
            "CREATE TABLE first_hour_interval_values.back (id INTEGER, a INTERVAL YEAR TO MONTH, b INTERVAL DAY TO SECOND)",
            "INSERT INTO first_hour_interval_values.t VALUES (1, INTERVAL '-1-2' YEAR TO MONTH, INTERVAL '-3 \
             04:05:06.789012' DAY TO SECOND)",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("id, a, b", "first_hour_interval_values.t", "interval-values"),
            copy_csv!("first_hour_interval_values.back", "interval-values", "@null@"),
            "SELECT COUNT(*) FROM first_hour_interval_values.t AS t JOIN first_hour_interval_values.back AS b ON b.id \
             = t.id AND b.a = t.a AND b.b = t.b",
        ]),
        assumed: Reading { when: When::Value(&["1"]), means: "yes" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["0"]), means: "no: other intervals arrive" },
                changes: Change {
                    place: "jobs/migration/src/transfer/data_type.rs",
                    to_do: "intervals change, and --VERIFY count does not see it; have UNLOAD cast them to VARCHAR",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "no: UNLOAD or COPY refuses them" },
                changes: Change {
                    place: "jobs/migration/src/transfer/data_type.rs",
                    to_do: "every table with such a column fails; have UNLOAD cast them to VARCHAR",
                },
            },
        ],
    },
    Question {
        id: "far-dates",
        asks: "Do years of five digits and years before Christ come back by CSV?",
        page: "r_DATEFORMAT_and_TIMEFORMAT_strings, r_Datetime_types",
        needs: Needs::Bucket,
        makes: &[Made::Schema("first_hour_far_dates")],
        before: &[
            "CREATE SCHEMA first_hour_far_dates",
            "CREATE TABLE first_hour_far_dates.t (id INTEGER, a DATE)",
            "CREATE TABLE first_hour_far_dates.back (id INTEGER, a DATE)",
            "INSERT INTO first_hour_far_dates.t VALUES (1, '12345-01-02'), (2, '0044-03-15 BC')",
        ],
        ask: Ask::InTurn(&[
            unload_csv!("id, a", "first_hour_far_dates.t", "far-dates"),
            copy_csv!("first_hour_far_dates.back", "far-dates", "@null@"),
            "SELECT COUNT(*) FROM first_hour_far_dates.t AS t JOIN first_hour_far_dates.back AS b ON b.id = t.id AND \
             b.a = t.a",
        ]),
        assumed: Reading { when: When::Value(&["2"]), means: "yes" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["0", "1"]), means: "no: other days arrive" },
                changes: Change {
                    place: "jobs/migration/src/statement/copy.rs",
                    to_do: "days change, and --VERIFY count does not see it; try DATEFORMAT auto and TIMEFORMAT auto, else refuse such rows",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "no: the load is refused" },
                changes: Change {
                    place: "jobs/migration/src/statement/copy.rs",
                    to_do: "tables of CSV with such days fail; try DATEFORMAT auto and TIMEFORMAT auto",
                },
            },
        ],
    },
];
