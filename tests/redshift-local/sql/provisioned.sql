-- Relations that only a provisioned cluster has: Serverless has no STL_, STV_, SVCS_ and SVL_ relations
-- (Management Guide, serverless-monitoring).
SET search_path = redshift_catalog, pg_catalog;

-- r_STV_SESSIONS
CREATE VIEW redshift_catalog.stv_sessions AS
SELECT
    a.backend_start::timestamp AS starttime, a.pid AS process, a.usename::char(50) AS user_name, a.datname::char(50) AS db_name,
    coalesce(u.session_timeout, 0) AS timeout_sec
FROM pg_catalog.pg_stat_activity a
LEFT JOIN redshift_catalog.rs_user u ON u.role = a.usesysid
WHERE a.backend_type = 'client backend' AND a.usesysid <> 10;

-- r_STL_LOAD_ERRORS, without the raw line and the raw value.
CREATE VIEW redshift_catalog.stl_load_errors AS
SELECT
    user_id AS userid, 0 AS slice, table_id AS tbl, start_time AS starttime, session_id AS session, query_id::integer AS query,
    file_name AS filename, line_number, column_name AS colname, column_type AS type, column_length AS col_length, position,
    NULL::char(1024) AS raw_line, NULL::char(1024) AS raw_field_value, error_code AS err_code, error_message::char(100) AS err_reason, 0 AS is_partial,
    0::bigint AS start_offset, 0::bigint AS copy_job_id
FROM redshift_catalog.sys_load_error_detail;

-- r_STL_UNLOAD_LOG
CREATE VIEW redshift_catalog.stl_unload_log AS
SELECT
    user_id AS userid, query_id AS query, 0 AS slice, session_id AS pid, file_name AS path, start_time, end_time, line_count,
    transfer_size, file_format, query_id::bigint AS user_query_id, transaction_id
FROM redshift_catalog.sys_unload_detail;

-- r_STV_MV_INFO
CREATE VIEW redshift_catalog.stv_mv_info AS
SELECT
    i.database_name AS db_name, i.schema_name AS schema, i.name, 0::bigint AS updated_upto_xid, i.is_stale, i.user_name AS owner_user_name,
    i.state, i.autorewrite, i.autorefresh
FROM redshift_catalog.svv_mv_info i;

-- r_SVV_SCHEMA_QUOTA_STATE, which Serverless lacks.
CREATE VIEW redshift_catalog.svv_schema_quota_state AS
SELECT
    n.oid::integer AS schema_id, q.schema_name, q.schema_owner, q.quota, q.disk_usage,
    round((q.disk_usage * 100.0 / q.quota)::numeric, 2)::double precision AS disk_usage_pct
FROM redshift_catalog.svv_redshift_schema_quota q
JOIN redshift_catalog.pg_namespace n ON n.nspname = q.schema_name;

-- r_STV_SLICES: of one compute node, with data each.
CREATE VIEW redshift_catalog.stv_slices AS
SELECT 0 AS node, s AS slice, s AS localslice, 'D'::char(1) AS type
FROM pg_catalog.generate_series(0, pg_catalog.current_setting('rs.slices')::integer - 1) s;

-- r_STL_CONNECTION_LOG: as SYS_CONNECTION_LOG, by the older names.
CREATE VIEW redshift_catalog.stl_connection_log AS
SELECT
    l.event, l.record_time AS recordtime, l.remote_host AS remotehost, l.remote_port AS remoteport, l.session_id AS pid,
    l.database_name AS dbname, l.user_name AS username, l.auth_method AS authmethod, l.duration, l.ssl_version AS sslversion,
    l.ssl_cipher AS sslcipher, l.mtu, l.ssl_compression AS sslcompression, l.ssl_expansion AS sslexpansion,
    l.iam_auth_guid AS iamauthguid, l.application_name, l.os_version, l.driver_version, l.plugin_name, l.protocol_version,
    l.global_session_id AS sessionid, ''::char(16) AS compression
FROM redshift_catalog.sys_connection_log l;

-- r_STV_RECENTS: of each session that is open, what it runs or ran last. Superusers see all, others their own.
CREATE VIEW redshift_catalog.stv_recents AS
SELECT
    a.usesysid AS userid, CASE s.state WHEN 'active' THEN 'Running' ELSE 'Done' END::char(20) AS status,
    a.query_start::timestamp AS starttime,
    least(extract(epoch FROM CASE s.state WHEN 'active' THEN clock_timestamp() ELSE s.state_change END - a.query_start) * 1000000, 2147483647)
        ::integer AS duration,
    a.usename::char(50) AS user_name, a.datname::char(50) AS db_name, a.current_query::char(600) AS query,
    CASE s.state WHEN 'active' THEN a.procpid ELSE -1 END AS pid
FROM redshift_catalog.pg_stat_activity a
JOIN pg_catalog.pg_stat_activity s ON s.pid = a.procpid
WHERE a.usename = current_user OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user);

-- PL/pgSQL by the number that queries know it by on clusters (amazon-redshift-utils, v_get_stored_proc_params).
SELECT redshift_catalog.rs_number_plpgsql(100356);
