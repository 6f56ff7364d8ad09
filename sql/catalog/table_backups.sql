-- The tables that snapshots leave out (BACKUP NO), by their oids.
-- Needs: superuser. The jobs go on without the answer, and say so.
-- AWS: no page describes PG_CONF (leader node), and a workgroup may lack it. It has a row with the key
-- pg_class_backup_<database>_<table> for each such table: amazon-redshift-utils, v_generate_tbl_ddl.
SELECT SPLIT_PART(p.key, '_', 5)::BIGINT AS table_oid
FROM pg_conf AS p
JOIN pg_database AS d ON d.oid::BIGINT = SPLIT_PART(p.key, '_', 4)::BIGINT
WHERE p.key LIKE 'pg_class_backup_%'
    AND d.datname = CURRENT_DATABASE()
ORDER BY table_oid;
