-- What Redshift keeps of schemas, tables, views and routines, and PostgreSQL has no place for. When a table was created, is no
-- attribute of it. What is AUTO has a line of its own: SVV_TABLE_INFO, which alone tells it, lists no table without rows.
WITH relation AS (
    SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
)
SELECT 'storage of ' || r.name AS object, fact
FROM relation r
JOIN redshift_catalog.rs_table t ON t.relation = r.oid
CROSS JOIN LATERAL unnest(ARRAY[
    'diststyle ' || t.diststyle,
    'sort style ' || CASE WHEN t.sort_style IN ('auto', 'none') THEN 'auto or none' ELSE t.sort_style END,
    'backup ' || t.backup
]) fact
UNION ALL
SELECT 'automatic attributes of ' || r.name, 'sort style ' || t.sort_style || ', ENCODE AUTO ' || t.encode_auto
FROM relation r
JOIN redshift_catalog.rs_table t ON t.relation = r.oid
UNION ALL
SELECT 'storage of ' || r.name,
    concat_ws(' ', 'column', a.attname, CASE WHEN k.distkey THEN 'distkey' END, 'sort order', k.sort_order, 'encoding', k.encoding,
        'collated', coalesce(k.collated, pg_catalog.lower(redshift_catalog.db_collation())))
FROM relation r
JOIN redshift_catalog.rs_column k ON k.relation = r.oid
JOIN pg_catalog.pg_attribute a ON a.attrelid = k.relation AND a.attnum = k.number AND NOT a.attisdropped
UNION ALL
-- pg_dump leaves PRIMARY KEY and UNIQUE out, and their comments: the index behind each is not a valid one.
SELECT 'keys of ' || r.name,
    concat_ws(' ', k.conname, pg_catalog.pg_get_constraintdef(k.oid), pg_catalog.obj_description(k.oid, 'pg_constraint'))
FROM relation r
JOIN pg_catalog.pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('p', 'u')
WHERE k.connamespace NOT IN ('pg_catalog'::regnamespace, 'redshift_catalog'::regnamespace)
UNION ALL
SELECT 'materialized view ' || r.name,
    'auto refresh ' || v.auto_refresh || ', backup ' || v.backup || ', ' || rtrim(v.definition, E'; \n')
FROM relation r
JOIN redshift_catalog.rs_materialized_view v ON v.relation = r.oid
UNION ALL
SELECT 'late-binding view ' || r.name,
    concat_ws(', ', v.columns, v.query, rtrim(v.definition, E'; \n'), 'failure ' || v.failure,
        'reads ' || (SELECT string_agg(b.name, ' ' ORDER BY b.name) FROM relation b WHERE b.oid = ANY (v.reads)))
FROM relation r
JOIN redshift_catalog.rs_late_binding_view v ON v.relation = r.oid
UNION ALL
SELECT 'schema ' || n.nspname,
    concat_ws(', ', 'quota ' || s.quota, 'external ' || s.external_kind, s.external_database, s.external_options)
FROM redshift_catalog.rs_schema s
JOIN pg_catalog.pg_namespace n ON n.oid = s.schema
UNION ALL
SELECT pg_catalog.format('routine %I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
    concat_ws(', ', CASE WHEN r.nonatomic THEN 'nonatomic' ELSE 'atomic' END, r.source)
FROM redshift_catalog.rs_routine r
JOIN pg_catalog.pg_proc p ON p.oid = r.routine
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
UNION ALL
SELECT 'library ' || l.name, 'owner ' || pg_catalog.pg_get_userbyid(l.owner)
FROM redshift_catalog.rs_library l;
