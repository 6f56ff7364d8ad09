-- Compares: what Redshift keeps of a table's and a column's storage: distribution style and key, sort key with its kind and
-- order, encodings, ENCODE AUTO, the step of an IDENTITY column and whether it is one by default.
-- Why it can bite: nothing fails without them, the tenant is merely slow and large on the target. An attribute may also move
-- to the wrong table when many tables are created in one message. An IDENTITY's seed is left out: the migration plans it
-- past the source's greatest value. Left out, too: BACKUP, and what is AUTO of a table without rows, which SVV_TABLE_INFO
-- does not list (r_SVV_TABLE_INFO).
SELECT
    n.nspname AS schema_name,
    c.relname AS table_name,
    t.diststyle,
    CASE WHEN pg_catalog.pg_relation_size(c.oid) > 0 THEN t.sort_style END AS sort_style,
    CASE WHEN pg_catalog.pg_relation_size(c.oid) > 0 THEN t.encode_auto END AS encode_auto,
    a.attname AS column_name,
    k.distkey AS is_distkey,
    k.sort_order,
    k.encoding,
    a.attidentity AS identity_kind,
    s.seqincrement AS identity_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN redshift_catalog.rs_table AS t ON t.relation = c.oid
LEFT JOIN redshift_catalog.rs_column AS k ON k.relation = c.oid AND k.number = a.attnum
LEFT JOIN pg_catalog.pg_depend AS d
    ON d.classid = 'pg_catalog.pg_class'::regclass
    AND d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.refobjid = c.oid
    AND d.refobjsubid = a.attnum
    AND d.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = d.objid
WHERE c.relkind IN ('r', 'm')
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
ORDER BY 1, 2, 6;
