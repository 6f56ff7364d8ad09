-- Who is connected: relations that both kinds of warehouse have.
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.pg_stat_activity AS
SELECT
    a.datid, a.datname, a.pid AS procpid, redshift_catalog.rs_user_id(a.usesysid) AS usesysid, a.usename, a.query AS current_query,
    a.query_start, a.application_name
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.usesysid <> 10;
