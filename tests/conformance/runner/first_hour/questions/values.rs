//! Values, as the warehouse holds and prints them.

use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "json-null",
        asks: "Is JSON null in SUPER another thing than NULL?",
        page: "query-super, r_SUPER_type",
        needs: Needs::Warehouse,
        makes: &[],
        before: &[],
        ask: Ask::One("SELECT JSON_PARSE('null') IS NULL"),
        assumed: Reading { when: When::Value(&["f"]), means: "yes: IS NULL is false of it" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Value(&["t"]), means: "no" },
            changes: Change {
                place: "jobs/migration/src/statement/unload.rs",
                to_do: "JSON null arrives as NULL; have the CASE of UNLOAD ask JSON_TYPEOF instead of IS NULL",
            },
        }],
    },
    Question {
        id: "float-text",
        asks: "Does a DOUBLE PRECISION print with 17 digits at extra_float_digits 2?",
        page: "r_extra_float_digits",
        needs: Needs::Warehouse,
        makes: &[],
        before: &["SET extra_float_digits TO 2"],
        ask: Ask::One("SELECT 0.1::FLOAT8 + 0.2::FLOAT8"),
        assumed: Reading { when: When::Value(&["0.30000000000000004"]), means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "no: with fewer" },
            changes: Change {
                place: "jobs/migration/src/statement/session.rs",
                to_do: "floats of CSV tables may lose digits: the question float-digits tells",
            },
        }],
    },
];
