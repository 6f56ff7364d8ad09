//! What the catalog says of tables, users and sessions.

use super::made::Made;
use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "class-oid",
        asks: "Is the oid of PG_CLASS_INFO called reloid?",
        page: "r_PG_CLASS_INFO",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_class_oid")],
        before: &["CREATE SCHEMA first_hour_class_oid", "CREATE TABLE first_hour_class_oid.t (a INTEGER)"],
        ask: Ask::One(
            "SELECT COUNT(*) FROM pg_class_info AS c JOIN pg_class AS p ON p.oid = c.reloid JOIN pg_namespace AS n \
             ON n.oid = p.relnamespace WHERE n.nspname = 'first_hour_class_oid'",
        ),
        assumed: Reading { when: When::Value(&["1"]), means: "yes: it finds the table" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Refused(&["42703"]), means: "no: there is no such column" },
            changes: Change {
                place: "sql/catalog/tables.sql",
                to_do: "every job stops at its first read; read PG_CLASS instead, whose reldiststyle is 9 for AUTO",
            },
        }],
    },
    Question {
        id: "automatic-distribution",
        asks: "How does PG_CLASS_INFO show the distribution of a new table with DISTSTYLE AUTO?",
        page: "r_PG_CLASS_INFO",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_automatic_distribution")],
        before: &[
            "CREATE SCHEMA first_hour_automatic_distribution",
            "CREATE TABLE first_hour_automatic_distribution.t (a INTEGER) DISTSTYLE AUTO",
        ],
        ask: Ask::One(
            "SELECT c.releffectivediststyle FROM pg_class_info AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
             WHERE n.nspname = 'first_hour_automatic_distribution'",
        ),
        assumed: Reading { when: When::Value(&["9", "10", "11", "12"]), means: "as 9, 10, 11 or 12" },
        otherwise: &[Otherwise {
            reading: Reading {
                when: When::Value(&["0", "1", "8"]),
                means: "as the style that Redshift has chosen for now",
            },
            changes: Change {
                place: "jobs/redshift/src/read_catalog/tables.rs",
                to_do: "AUTO arrives as EVEN, KEY or ALL, fixed for good; decode_distribution must read reldiststyle besides",
            },
        }],
    },
    Question {
        id: "empty-table-info",
        asks: "Does SVV_TABLE_INFO leave out a table without rows?",
        page: "r_SVV_TABLE_INFO",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_empty_table_info")],
        before: &[
            "CREATE SCHEMA first_hour_empty_table_info",
            "CREATE TABLE first_hour_empty_table_info.t (a INTEGER)",
        ],
        ask: Ask::One("SELECT COUNT(*) FROM svv_table_info WHERE \"schema\" = 'first_hour_empty_table_info'"),
        assumed: Reading { when: When::Value(&["0"]), means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Value(&["1"]), means: "no: it has a row for it" },
            changes: Change {
                place: "sql/catalog/table_info.sql",
                to_do: "nothing breaks: what is AUTO is carried for tables without rows, too; the README says that it is not",
            },
        }],
    },
    Question {
        id: "backup-no",
        asks: "Does PG_CONF list a table with BACKUP NO by its oid?",
        page: "r_CREATE_TABLE_NEW",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_backup_no")],
        before: &[
            "CREATE SCHEMA first_hour_backup_no",
            "CREATE TABLE first_hour_backup_no.t (a INTEGER) BACKUP NO",
        ],
        ask: Ask::One(
            "SELECT COUNT(*) FROM pg_conf AS p JOIN pg_class AS c ON c.oid::BIGINT = SPLIT_PART(p.key, '_', 5)::BIGINT JOIN \
             pg_namespace AS n ON n.oid = c.relnamespace WHERE p.key LIKE 'pg_class_backup_%' AND \
             n.nspname = 'first_hour_backup_no'",
        ),
        assumed: Reading {
            when: When::Value(&["1"]),
            means: "yes: its key ends with the database and the table",
        },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["0"]), means: "no: it has no such key" },
                changes: Change {
                    place: "sql/catalog/table_backups.sql",
                    to_do: "BACKUP NO is lost in silence where the warehouse heeds it (not on RA3, RG and Serverless); \
                            look for it in STV_TBL_PERM",
                },
            },
            Otherwise {
                reading: Reading { when: When::Refused(&[]), means: "there is no PG_CONF to read" },
                changes: Change {
                    place: "sql/catalog/table_backups.sql",
                    to_do: "the plan lists BACKUP NO as not read, for every tenant; on Serverless, where it has no effect, \
                            leave the query out",
                },
            },
        ],
    },
    Question {
        id: "copy-job-text",
        asks: "Has SYS_COPY_JOB the columns job_name and job_text?",
        page: "SYS_COPY_JOB, loading-data-copy-job",
        needs: Needs::Warehouse,
        makes: &[],
        before: &[],
        ask: Ask::One(
            "SELECT job_name, job_text FROM sys_copy_job WHERE job_name = 'first_hour_copy_job_text'",
        ),
        assumed: Reading { when: When::Nothing, means: "yes" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Refused(&[]), means: "no, or not in this warehouse" },
            changes: Change {
                place: "sql/catalog/copy_jobs.sql",
                to_do: "the plan says that COPY jobs are not known; take the columns that the message leaves (copy_query was one)",
            },
        }],
    },
    Question {
        id: "hidden-columns",
        asks: "Are the columns of an ordinary table all that PG_ATTRIBUTE counts from 1?",
        page: "c_intro_catalog_views, t_Sorting_mutidimensional-sort-key",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_hidden_columns")],
        before: &[
            "CREATE SCHEMA first_hour_hidden_columns",
            "CREATE TABLE first_hour_hidden_columns.t (a INTEGER) SORTKEY AUTO",
        ],
        ask: Ask::One(
            "SELECT a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON \
             n.oid = c.relnamespace WHERE n.nspname = 'first_hour_hidden_columns' AND c.relname = 't' AND a.attnum > 0 AND \
             NOT a.attisdropped AND a.attname <> 'a' AND a.attname !~ '^padb_internal_'",
        ),
        assumed: Reading { when: When::Nothing, means: "yes, but for those called padb_internal_…" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "no: there are hidden ones" },
            changes: Change {
                place: "sql/catalog/columns.sql",
                to_do: "CREATE TABLE, UNLOAD and COPY name a column too many and each such table fails; leave these names out",
            },
        }],
    },
    Question {
        id: "default-for-all-schemas",
        asks: "What is the schema of default privileges that hold for all schemas?",
        page: "r_SVV_DEFAULT_PRIVILEGES, r_ALTER_DEFAULT_PRIVILEGES",
        needs: Needs::Warehouse,
        makes: &[
            Made::DefaultPrivileges("first_hour_default_for_all_schemas"),
            Made::User("first_hour_default_for_all_schemas"),
        ],
        before: &[
            "CREATE USER first_hour_default_for_all_schemas PASSWORD DISABLE",
            "ALTER DEFAULT PRIVILEGES FOR USER first_hour_default_for_all_schemas GRANT SELECT ON TABLES TO PUBLIC",
        ],
        ask: Ask::One(
            "SELECT schema_name FROM svv_default_privileges WHERE owner_name = 'first_hour_default_for_all_schemas' AND \
             grantee_type = 'public'",
        ),
        assumed: Reading { when: When::Value(&["NULL"]), means: "NULL" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "a text" },
            changes: Change {
                place: "jobs/redshift/src/read_catalog/default_privileges.rs",
                to_do: "such defaults become unread rows or those of a schema of that name; take this text for none",
            },
        }],
    },
    Question {
        id: "shown-hash",
        asks: "Does PG_SHADOW show a superuser the hash of a password?",
        page: "c_intro_catalog_views",
        needs: Needs::Warehouse,
        makes: &[Made::User("first_hour_shown_hash")],
        before: &["CREATE USER first_hour_shown_hash PASSWORD 'md500000000000000000000000000000000'"],
        ask: Ask::One("SELECT passwd FROM pg_shadow WHERE usename = 'first_hour_shown_hash'"),
        assumed: Reading { when: When::Value(&["********"]), means: "no: eight asterisks" },
        otherwise: &[
            Otherwise {
                reading: Reading {
                    when: When::Value(&["md500000000000000000000000000000000"]),
                    means: "yes",
                },
                changes: Change {
                    place: "sql/catalog/password_hashes.sql",
                    to_do: "nothing breaks: --PASSWORDS hash carries passwords over; say so in the README",
                },
            },
            Otherwise {
                reading: Reading { when: When::Rows, means: "it shows something else" },
                changes: Change {
                    place: "jobs/redshift/src/read_password_hashes.rs",
                    to_do: "see that --PASSWORDS hash takes this text for no hash, and lists the user",
                },
            },
        ],
    },
];
