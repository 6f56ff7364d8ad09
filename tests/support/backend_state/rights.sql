-- What everybody who is no superuser may in fact do with every object, whatever way they came by it: own grant, group, role, scope, PUBLIC,
-- ownership. Judged by the engine's has_*_privilege. The third column is who: superusers of either side are left out in Rust.
-- TRIGGER and MAINTAIN stand for DROP and ALTER on a relation (tests/redshift-local/sql/identities.sql).
WITH subject AS (
    SELECT r.rolname::text AS name FROM pg_catalog.pg_roles r
    WHERE NOT r.rolsuper AND r.rolname NOT LIKE 'pg\_%' AND r.rolname NOT LIKE 'scope %'
    UNION ALL
    SELECT 'public'
), space AS (
    SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
), relation AS (
    SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_class c
    JOIN space n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm')
), may AS (
    SELECT 'database ' || d.datname AS object, s.name AS subject, p.privilege
    FROM subject s, pg_catalog.pg_database d,
        unnest(ARRAY['CREATE', 'TEMPORARY', 'CREATE WITH GRANT OPTION', 'TEMPORARY WITH GRANT OPTION']) p (privilege)
    WHERE d.datname = current_database() AND pg_catalog.has_database_privilege(s.name, d.oid, p.privilege)
    UNION ALL
    SELECT 'schema ' || n.nspname, s.name, p.privilege
    FROM subject s, space n, unnest(ARRAY['CREATE', 'USAGE', 'CREATE WITH GRANT OPTION', 'USAGE WITH GRANT OPTION']) p (privilege)
    WHERE pg_catalog.has_schema_privilege(s.name, n.oid, p.privilege)
    UNION ALL
    SELECT r.name, s.name, p.privilege || o.with_option
    FROM subject s, relation r,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES', 'TRUNCATE', 'TRIGGER', 'MAINTAIN']) p (privilege),
        unnest(ARRAY['', ' WITH GRANT OPTION']) o (with_option)
    WHERE pg_catalog.has_table_privilege(s.name, r.oid, p.privilege || o.with_option)
    UNION ALL
    SELECT r.name || '.' || a.attname, s.name, p.privilege || o.with_option
    FROM subject s, relation r, pg_catalog.pg_attribute a, unnest(ARRAY['SELECT', 'UPDATE', 'REFERENCES']) p (privilege),
        unnest(ARRAY['', ' WITH GRANT OPTION']) o (with_option)
    WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
        AND pg_catalog.has_column_privilege(s.name, r.oid, a.attnum, p.privilege || o.with_option)
        AND NOT pg_catalog.has_table_privilege(s.name, r.oid, p.privilege || o.with_option)
    UNION ALL
    SELECT pg_catalog.format('%I.%I(%s)', n.nspname, f.proname, pg_catalog.pg_get_function_identity_arguments(f.oid)), s.name, p.privilege
    FROM subject s, unnest(ARRAY['EXECUTE', 'EXECUTE WITH GRANT OPTION']) p (privilege), pg_catalog.pg_proc f
    JOIN space n ON n.oid = f.pronamespace
    WHERE pg_catalog.has_function_privilege(s.name, f.oid, p.privilege)
    UNION ALL
    SELECT 'language ' || l.lanname, s.name, p.privilege
    FROM subject s, pg_catalog.pg_language l, unnest(ARRAY['USAGE', 'USAGE WITH GRANT OPTION']) p (privilege)
    WHERE pg_catalog.has_language_privilege(s.name, l.oid, p.privilege)
)
SELECT 'rights on ' || m.object, m.subject || ': ' || string_agg(m.privilege, ', ' ORDER BY m.privilege), m.subject
FROM may m
GROUP BY m.object, m.subject;
