//! For each question what redshift-local is made to answer instead, in the order of the question's other answers: PostgreSQL's SQL, whose
//! rows or error go to the client in the place of the asked statement's.

/// A text that another warehouse might print.
fn value(text: &str) -> String {
    format!("SELECT '{text}' AS answered")
}

/// An error.
fn refused(sqlstate: &str, message: &str) -> String {
    format!("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{sqlstate}', MESSAGE = '{message}'; END $$")
}

/// What COPY says of a value that it does not take.
fn no_load() -> String {
    refused("XX000", "Load into table back failed. Check sys_load_error_detail system table for details.")
}

/// A statement without rows that does nothing.
fn done() -> String {
    "DO $$ BEGIN END $$".to_owned()
}

/// No rows where some are expected.
fn no_rows() -> String {
    "SELECT 1 AS answered WHERE FALSE".to_owned()
}

/// The question's id with its contrary answers.
pub fn answers() -> Vec<(&'static str, Vec<String>)> {
    let zero = || value("0");
    vec![
        ("class-oid", vec![refused("42703", "column c.reloid does not exist")]),
        ("automatic-distribution", vec![value("8")]),
        ("empty-table-info", vec![value("1")]),
        ("backup-no", vec![zero(), refused("42P01", "relation \"pg_conf\" does not exist here")]),
        ("copy-job-text", vec![refused("42703", "column \"job_text\" does not exist in sys_copy_job")]),
        ("hidden-columns", vec![value("metadata_row_id")]),
        ("default-for-all-schemas", vec![value("*")]),
        ("shown-hash", vec![value("md500000000000000000000000000000000"), value("<hidden>")]),
        ("column-collation", vec![value("ci"), refused("42601", "syntax error at or near \"SHOW\"")]),
        ("own-collation", vec![value("case_sensitive")]),
        ("added-collation", vec![refused("0A000", "COLLATE is not supported")]),
        (
            "nonatomic-procedure",
            vec![value("… first_hour_nonatomic_procedure.p() NONATOMIC …"), value("CREATE PROCEDURE …")],
        ),
        ("setting-procedure", vec![value("… SET search_path = shop, $user")]),
        ("late-binding-text", vec![value(" SELECT a FROM t")]),
        ("materialized-view-text", vec![value(" SELECT mv_tbl__mv__0.a FROM mv_tbl__mv__0")]),
        ("materialized-view-reads", vec![value("t"), value("mv_internal_4711")]),
        ("materialized-view-routines", vec![value("mv_refresh_4711")]),
        ("materialized-view-tables", vec![value("mv_delta__mv")]),
        ("system-permission", vec![refused("42601", "syntax error at or near \"RLS\"")]),
        (
            "default-privileges-in-transaction",
            vec![refused("25001", "ALTER DEFAULT PRIVILEGES cannot run inside a transaction block")],
        ),
        ("federated-superuser", vec![done()]),
        ("group-case", vec![value("first_hour_group_case")]),
        ("role-case", vec![value("first_hour_role_case")]),
        ("superuser-rows", vec![zero()]),
        ("superuser-masks", vec![value("plain")]),
        ("policy-without-columns", vec![value("{}")]),
        ("mask-expression", vec![value("<not shown>")]),
        ("assume-role-all", vec![value("default-aws-iam-role"), value("*")]),
        ("assume-role-default", vec![value("default"), value("arn:aws:iam::123456789012:role/a")]),
        (
            "sort-key-in-transaction",
            vec![refused("25001", "ALTER SORTKEY cannot run inside a transaction block")],
        ),
        ("timeout-code", vec![refused("XX000", "Query (150) canceled by a rule"), value("1")]),
        ("session-name", vec![value("initiating session"), no_rows()]),
        ("vacuum-two-tables", vec![refused("55P03", "VACUUM is running")]),
        ("vacuum-one-table", vec![done()]),
        ("json-null", vec![value("t")]),
        ("float-text", vec![value("0.3")]),
        ("empty-unload", vec![value("-1")]),
        ("empty-varbyte", vec![value("f"), no_load()]),
        ("float-digits", vec![value("1"), no_load()]),
        ("float-words", vec![zero(), no_load()]),
        ("time-values", vec![zero(), no_load()]),
        ("interval-values", vec![zero(), no_load()]),
        ("far-dates", vec![value("1"), no_load()]),
        ("marked-key", vec![refused("XX000", "The specified key does not exist")]),
        ("super-marker", vec![zero(), no_load()]),
        ("super-null-as", vec![value("f"), no_load()]),
        ("super-decimals", vec![zero(), no_load()]),
        ("large-super", vec![done()]),
    ]
}
