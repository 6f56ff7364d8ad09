-- Who is connected: relations that both kinds of warehouse have.
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.pg_stat_activity AS
SELECT
    a.datid, a.datname, a.pid AS procpid, redshift_catalog.rs_user_id(a.usesysid) AS usesysid, a.usename, a.query AS current_query,
    a.query_start, a.application_name
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.usesysid <> 10;

-- SYS_CONNECTION_LOG: the beginning of each session that is open. Refusals and ended sessions are not kept.
CREATE VIEW redshift_catalog.sys_connection_log AS
SELECT
    'initiating session'::char(50) AS event, a.backend_start::timestamp AS record_time, '127.0.0.1'::char(45) AS remote_host,
    ''::char(32) AS remote_port, a.pid AS session_id, a.datname::char(50) AS database_name, a.usename::char(50) AS user_name,
    'password'::char(32) AS auth_method, 0::bigint AS duration, a.application_name::char(250) AS application_name
FROM pg_catalog.pg_stat_activity a
WHERE
    a.backend_type = 'client backend' AND a.usesysid <> 10
    AND (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user);
