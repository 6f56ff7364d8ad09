-- Who is connected, and what failed to load: relations that both kinds of warehouse have.
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.pg_stat_activity AS
SELECT
    a.datid, a.datname, a.pid AS procpid, redshift_catalog.rs_user_id(a.usesysid) AS usesysid, a.usename, a.query AS current_query,
    a.query_start, a.application_name
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.usesysid <> 10;

-- SYS_LOAD_ERROR_DETAIL
CREATE VIEW redshift_catalog.sys_load_error_detail AS
SELECT
    user_id, query_id, table_id, start_time, session_id, transaction_id, database_name, file_name, line_number, column_name, column_type,
    column_length, position, error_code, error_message
FROM redshift_catalog.rs_load_error;
