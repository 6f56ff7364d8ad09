//! What the catalog keeps of views, and what lies behind materialized ones.

use super::made::Made;
use super::question::{Ask, Change, Needs, Otherwise, Question, Reading, When};

pub const QUESTIONS: &[Question] = &[
    Question {
        id: "late-binding-text",
        asks: "Does PG_GET_VIEWDEF give the whole statement of a late-binding view?",
        page: "r_CREATE_VIEW, c_intro_catalog_views",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_late_binding_text")],
        before: &[
            "CREATE SCHEMA first_hour_late_binding_text",
            "CREATE VIEW first_hour_late_binding_text.v AS /* as dbt does */ SELECT a FROM first_hour_late_binding_text.t \
             WITH NO SCHEMA BINDING",
        ],
        ask: Ask::One(
            "SELECT PG_GET_VIEWDEF(c.oid, FALSE) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE \
             n.nspname = 'first_hour_late_binding_text'",
        ),
        assumed: Reading { when: When::Text("with no schema binding"), means: "yes, with its last words" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Text("select"), means: "no: the SELECT alone" },
            changes: Change {
                place: "jobs/migration/src/catalog/view.rs",
                to_do: "late-binding views are created as ordinary ones, and fail where what they read is missing; tell them by \
                        their lack of dependencies",
            },
        }],
    },
    Question {
        id: "materialized-view-text",
        asks: "Does PG_GET_VIEWDEF give the whole statement of a materialized view?",
        page: "materialized-view-create-sql-command, c_intro_catalog_views",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_materialized_view_text")],
        before: &[
            "CREATE SCHEMA first_hour_materialized_view_text",
            "CREATE TABLE first_hour_materialized_view_text.t (a INTEGER)",
            "CREATE MATERIALIZED VIEW first_hour_materialized_view_text.mv AS SELECT a FROM first_hour_materialized_view_text.t",
        ],
        ask: Ask::One(
            "SELECT PG_GET_VIEWDEF(c.oid, FALSE) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE \
             n.nspname = 'first_hour_materialized_view_text' AND c.relname = 'mv'",
        ),
        assumed: Reading { when: When::Text("create materialized view"), means: "yes, as it was written" },
        otherwise: &[Otherwise {
            reading: Reading {
                when: When::Text("mv_tbl__"),
                means: "no: a SELECT from the table behind the view",
            },
            changes: Change {
                place: "jobs/migration/src/statement/create_materialized_view.rs",
                to_do: "every materialized view fails; read its text from SHOW VIEW",
            },
        }],
    },
    Question {
        id: "materialized-view-reads",
        asks: "What does the rule of a materialized view read, by PG_DEPEND?",
        page: "r_DROP_TABLE, materialized-view-overview",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_materialized_view_reads")],
        before: &[
            "CREATE SCHEMA first_hour_materialized_view_reads",
            "CREATE TABLE first_hour_materialized_view_reads.t (a INTEGER)",
            "CREATE MATERIALIZED VIEW first_hour_materialized_view_reads.mv AS SELECT a FROM first_hour_materialized_view_reads.t",
        ],
        ask: Ask::One(
            "SELECT DISTINCT r.relname FROM pg_depend AS v JOIN pg_class AS c ON c.oid = v.refobjid JOIN pg_namespace AS n ON \
             n.oid = c.relnamespace JOIN pg_depend AS d ON d.classid = v.classid AND d.objid = v.objid JOIN pg_class AS r ON \
             r.oid = d.refobjid WHERE n.nspname = 'first_hour_materialized_view_reads' AND c.relname = 'mv' AND \
             v.deptype = 'i' AND r.oid <> c.oid",
        ),
        assumed: Reading {
            when: When::Value(&["mv_tbl__mv__0"]),
            means: "the table behind the view, mv_tbl__mv__0",
        },
        otherwise: &[
            Otherwise {
                reading: Reading { when: When::Value(&["t"]), means: "the table that its text names" },
                changes: Change {
                    place: "jobs/migration/src/catalog/materialized.rs",
                    to_do: "nothing breaks: what the text names is added to it; the catalog's word can take the place of the text's",
                },
            },
            Otherwise {
                reading: Reading { when: When::Rows, means: "a table of another name" },
                changes: Change {
                    place: "jobs/migration/src/catalog/materialized.rs",
                    to_do: "is_behind_materialized_view misses it: the table is moved as the tenant's, and the view is left out for \
                            an owner who may not read it; take this name up",
                },
            },
        ],
    },
    Question {
        id: "materialized-view-routines",
        asks: "Are the procedures behind a materialized view called mv_sp__<view>__<n>_<n>, with _cascade behind it at most?",
        page: "materialized-view-overview",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_materialized_view_routines")],
        before: &[
            "CREATE SCHEMA first_hour_materialized_view_routines",
            "CREATE TABLE first_hour_materialized_view_routines.t (a INTEGER)",
            "CREATE MATERIALIZED VIEW first_hour_materialized_view_routines.mv AS SELECT a FROM \
             first_hour_materialized_view_routines.t",
            "CREATE MATERIALIZED VIEW first_hour_materialized_view_routines.upper AS SELECT a FROM \
             first_hour_materialized_view_routines.mv",
        ],
        ask: Ask::One(
            "SELECT p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE \
             n.nspname = 'first_hour_materialized_view_routines' AND p.proname !~ \
             '^mv_sp__(mv|upper)__[0-9]+(_[0-9]+)*(_cascade)?$' ORDER BY p.proname",
        ),
        assumed: Reading { when: When::Nothing, means: "yes, or there are none" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "no: some are called otherwise" },
            changes: Change {
                place: "jobs/migration/src/catalog/materialized.rs",
                to_do: "they are migrated as the tenant's procedures, and may stand where CREATE MATERIALIZED VIEW puts its own; take \
                        these names up",
            },
        }],
    },
    Question {
        id: "materialized-view-tables",
        asks: "Is the table behind a materialized view called mv_tbl__<view>__<n>?",
        page: "materialized-view-overview",
        needs: Needs::Warehouse,
        makes: &[Made::Schema("first_hour_materialized_view_tables")],
        before: &[
            "CREATE SCHEMA first_hour_materialized_view_tables",
            "CREATE TABLE first_hour_materialized_view_tables.t (a INTEGER)",
            "CREATE MATERIALIZED VIEW first_hour_materialized_view_tables.mv AS SELECT a FROM \
             first_hour_materialized_view_tables.t",
        ],
        ask: Ask::One(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE \
             n.nspname = 'first_hour_materialized_view_tables' AND c.relkind = 'r' AND c.relname <> 't' AND \
             c.relname !~ '^mv_tbl__mv__[0-9]+(__tmp)?$' ORDER BY c.relname",
        ),
        assumed: Reading { when: When::Nothing, means: "yes, with __tmp behind it at most" },
        otherwise: &[Otherwise {
            reading: Reading { when: When::Rows, means: "no: there is a table of another name" },
            changes: Change {
                place: "jobs/migration/src/catalog/materialized.rs",
                to_do: "it is created and loaded as the tenant's; take this name up",
            },
        }],
    },
];
