-- Permanent tables with owner and distribution style.
-- Needs: superuser, else other owners' rows are missing.
-- AWS: PG_CLASS_INFO (leader node), whose oid is called reloid: 0 EVEN, 1 KEY, 8 ALL, 10 AUTO(ALL), 11 AUTO(EVEN), 12 AUTO(KEY).
-- Storage tables of materialized views, mv_tbl__<name>__<n>, are among the rows: the reader drops them.
SELECT
    n.nspname,
    c.relname,
    c.reloid::BIGINT AS table_oid,
    u.usename AS owner,
    c.releffectivediststyle
FROM pg_class_info AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_user AS u ON u.usesysid = c.relowner
WHERE c.relkind = 'r'
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname;
