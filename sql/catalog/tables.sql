-- Permanent tables with owner, distribution style, and whether snapshots hold them (BACKUP).
-- Needs: superuser, else other owners' rows are missing.
-- AWS: PG_CLASS_INFO (leader node): 0 EVEN, 1 KEY, 8 ALL, 10 AUTO(ALL), 11 AUTO(EVEN), 12 AUTO(KEY).
-- PG_CONF, which no page describes, has a row with the key pg_class_backup_<database>_<table> for each table with BACKUP NO:
-- amazon-redshift-utils, v_generate_tbl_ddl.
-- Storage tables of materialized views, mv_tbl__<name>__<n>, are among the rows: the reader drops them.
SELECT
    n.nspname,
    c.relname,
    u.usename AS owner,
    c.releffectivediststyle,
    b.table_oid IS NULL AS backup
FROM pg_class_info AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_user AS u ON u.usesysid = c.relowner
LEFT JOIN (
    SELECT SPLIT_PART(p.key, '_', 5)::BIGINT AS table_oid
    FROM pg_conf AS p
    JOIN pg_database AS d ON d.oid::BIGINT = SPLIT_PART(p.key, '_', 4)::BIGINT
    WHERE p.key LIKE 'pg_class_backup_%'
        AND d.datname = CURRENT_DATABASE()
) AS b ON b.table_oid = c.oid::BIGINT
WHERE c.relkind = 'r'
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname;
