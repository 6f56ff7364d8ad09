//! What SHOW tells and no catalog does.

use super::made::Made;
use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "column-collation",
        asks: "What does SHOW COLUMNS call the collation of a column that is case-insensitive, and may two of it share a message?",
        page: "r_SHOW_COLUMNS, r_SHOW_TABLE",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_column_collation")],
        before: &[
            "CREATE SCHEMA first_hour_column_collation",
            "CREATE TABLE first_hour_column_collation.t (a VARCHAR(10) COLLATE CASE_INSENSITIVE)",
        ],
        ask: Ask::InTurn(&[
            "SHOW COLUMNS FROM TABLE ${DATABASE}.first_hour_column_collation.t; SHOW COLUMNS FROM TABLE \
             ${DATABASE}.first_hour_column_collation.t",
            "SHOW COLUMNS FROM TABLE ${DATABASE}.first_hour_column_collation.t",
        ]),
        assumed: Reading { when: When::Among("case_insensitive"), means: "case_insensitive, and they may" },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Rows, means: "otherwise" },
                changes: Change {
                    place: "jobs/redshift/src/read_catalog/clauses.rs",
                    to_do: "the plan says that SHOW COLUMNS tells no collation, and tables are created without any; take this word \
                            in decode_collation",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "it is refused" },
                changes: Change {
                    place: "jobs/redshift/src/read_catalog/clauses.rs",
                    to_do: "the plan says that SHOW COLUMNS is refused, and tables are created without COLLATE; if a message takes one \
                            SHOW alone, set STATEMENTS_A_MESSAGE to 1",
                },
            },
        ],
    },
    Question {
        id: "own-collation",
        asks: "What does SHOW COLUMNS call the collation of a column that has the database's?",
        page: "r_SHOW_COLUMNS",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_own_collation")],
        before: &[
            "CREATE SCHEMA first_hour_own_collation",
            "CREATE TABLE first_hour_own_collation.t (a VARCHAR(10))",
        ],
        ask: Ask::One("SHOW COLUMNS FROM TABLE ${DATABASE}.first_hour_own_collation.t"),
        assumed: Reading { when: When::Among("default"), means: "default" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "otherwise" },
            changes: Change {
                place: "jobs/redshift/src/read_catalog/clauses.rs",
                to_do: "nothing breaks if it is what DB_COLLATION prints; take any other word in decode_collation",
            },
        }],
    },
    Question {
        id: "added-collation",
        asks: "Does ALTER TABLE add a column with COLLATE? (The usage notes of CREATE TABLE say that it does not.)",
        page: "r_ALTER_TABLE, r_CREATE_TABLE_NEW",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_added_collation")],
        before: &[
            "CREATE SCHEMA first_hour_added_collation",
            "CREATE TABLE first_hour_added_collation.t (a INTEGER)",
        ],
        ask: Ask::One(
            "ALTER TABLE first_hour_added_collation.t ADD COLUMN b VARCHAR(10) COLLATE CASE_INSENSITIVE",
        ),
        assumed: Reading { when: When::Nothing, means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Refused(&[]), means: "no" },
            changes: Change {
                place: "jobs/migration/src/statement/alter_table.rs",
                to_do: "such a column is not added, and its table's rows do not arrive; have the plan list it, and say to create the table again",
            },
        }],
    },
    Question {
        id: "nonatomic-procedure",
        asks: "Does SHOW PROCEDURE print NONATOMIC?",
        page: "r_SHOW_PROCEDURE, r_CREATE_PROCEDURE",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_nonatomic_procedure")],
        before: &[
            "CREATE SCHEMA first_hour_nonatomic_procedure",
            "CREATE PROCEDURE first_hour_nonatomic_procedure.p() NONATOMIC AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql",
        ],
        ask: Ask::One("SHOW PROCEDURE first_hour_nonatomic_procedure.p()"),
        assumed: Reading {
            when: When::Text(")\nnonatomic\n"),
            means: "yes, on a line of its own behind the arguments",
        },
        otherwise: &[
            Otherwise {
                reading: Reading {
                    when: When::Text(".p() nonatomic"),
                    means: "yes, in the line of the arguments",
                },
                changes: Change {
                    place: "tests/redshift-local/sql/routines.sql",
                    to_do: "nothing breaks: NONATOMIC is read wherever it stands; have redshift-local print it so",
                },
            },
            Otherwise {
                reading: Reading { when: When::Rows, means: "no, or not so" },
                changes: Change {
                    place: "jobs/migration/src/text/procedure_clauses.rs",
                    to_do: "without the word such procedures arrive as atomic ones and nothing says so: have the plan list every procedure \
                            again; where it stands elsewhere, read it there",
                },
            },
        ],
    },
    Question {
        id: "setting-procedure",
        asks: "How does SHOW PROCEDURE print SET?",
        page: "r_SHOW_PROCEDURE, r_CREATE_PROCEDURE",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_setting_procedure")],
        before: &[
            "CREATE SCHEMA first_hour_setting_procedure",
            "CREATE PROCEDURE first_hour_setting_procedure.p() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql \
             SET search_path TO first_hour_setting_procedure, \"$user\", \"A b\"",
        ],
        ask: Ask::One("SHOW PROCEDURE first_hour_setting_procedure.p()"),
        assumed: Reading {
            when: When::Text("set search_path to first_hour_setting_procedure, \"$user\", \"a b\""),
            means: "as CREATE PROCEDURE takes it, each name of a list by itself",
        },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "otherwise" },
            changes: Change {
                place: "jobs/migration/src/text/procedure_clauses.rs",
                to_do: "a list in one pair of quotes arrives as one name, and nothing says so; anything else that is not understood is named \
                        by the plan; read it as it is printed",
            },
        }],
    },
];
