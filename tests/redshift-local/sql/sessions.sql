-- Who is connected: relations that both kinds of warehouse have.
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.pg_stat_activity AS
SELECT
    a.datid, a.datname, a.pid AS procpid, redshift_catalog.rs_user_id(a.usesysid) AS usesysid, a.usename, a.query AS current_query,
    a.query_start
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.usesysid <> 10;

-- SYS_CONNECTION_LOG: the events of the sessions that are open. Refusals and ended sessions are not kept. The name of the application
-- is on an event of its own (amazon-redshift-utils, v_connection_summary; redshift-test-drive, extract_parser); on the others it is blank.
CREATE VIEW redshift_catalog.sys_connection_log AS
SELECT
    e.event::char(50) AS event, a.backend_start::timestamp + e.after AS record_time, '127.0.0.1'::char(45) AS remote_host,
    ''::char(32) AS remote_port, a.pid AS session_id, a.datname::char(50) AS database_name, a.usename::char(50) AS user_name,
    'password'::char(32) AS auth_method, 0 AS duration, 'TLSv1.3'::char(50) AS ssl_version, ''::char(128) AS ssl_cipher, 0 AS mtu,
    ''::char(64) AS ssl_compression, ''::char(64) AS ssl_expansion, ''::char(36) AS iam_auth_guid,
    CASE e.event WHEN 'set application_name' THEN a.application_name ELSE '' END::char(250) AS application_name,
    ''::char(64) AS driver_version, ''::char(64) AS os_version, ''::char(32) AS plugin_name, 0 AS protocol_version,
    pg_catalog.md5(a.pid || ' ' || a.backend_start)::uuid::char(36) AS global_session_id
FROM pg_catalog.pg_stat_activity a
JOIN (
    VALUES
        ('authenticated', interval '0'),
        ('initiating session', interval '1 microsecond'),
        ('set application_name', interval '2 microseconds')
) AS e (event, after) ON e.event <> 'set application_name' OR a.application_name <> ''
WHERE
    a.backend_type = 'client backend' AND a.usesysid <> 10
    AND (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user);

-- Locks as PostgreSQL 8.0 shows them: a transaction holds one on itself from its first statement on. Those on this program's own relations
-- are left out.
CREATE VIEW redshift_catalog.pg_locks AS
SELECT
    l.relation, l.database,
    CASE l.locktype WHEN 'virtualxid' THEN split_part(l.virtualxid, '/', 2)::xid ELSE l.transactionid END AS transaction,
    l.pid, l.mode, l.granted
FROM pg_catalog.pg_locks l
WHERE (l.locktype = 'relation' AND l.relation IN (SELECT c.oid FROM redshift_catalog.pg_class c))
    OR (l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock') OR (l.locktype = 'transactionid' AND NOT l.granted);

-- r_SVV_TRANSACTIONS: superusers see all, others their own.
CREATE VIEW redshift_catalog.svv_transactions AS
SELECT
    a.usename::text AS txn_owner, a.datname::text AS txn_db, x.transaction::text::bigint AS xid, l.pid,
    a.xact_start::timestamp AS txn_start, l.mode AS lock_mode,
    CASE WHEN l.relation IS NULL THEN 'transactionid' ELSE 'relation' END AS lockable_object_type, l.relation::integer AS relation,
    l.granted
FROM redshift_catalog.pg_locks l
JOIN redshift_catalog.pg_locks x ON x.pid = l.pid AND x.relation IS NULL AND x.granted
JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE a.usesysid <> 10 AND (a.usename = current_user OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user));
