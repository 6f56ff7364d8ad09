-- Compares: what every user who is no superuser, and PUBLIC, may in fact do with every schema, relation and routine,
-- whatever way they came by it: own grant, group, PUBLIC, ownership.
-- Why it can bite: the lists of grants may be equal and the rights still differ, because a membership or an owner does.
-- Judged by the engine's own has_*_privilege, not by our reading of the lists.
SELECT subject.name AS user_name, 'schema' AS kind, pg_catalog.quote_ident(n.nspname) AS object_name, may.privilege
FROM (
    SELECT r.rolname AS name FROM pg_catalog.pg_roles AS r WHERE r.rolcanlogin AND NOT r.rolsuper
    UNION ALL
    SELECT 'public'
) AS subject
CROSS JOIN pg_catalog.pg_namespace AS n
CROSS JOIN (VALUES ('CREATE'), ('USAGE')) AS may (privilege)
WHERE n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
    AND pg_catalog.has_schema_privilege(subject.name, n.oid, may.privilege)
UNION ALL
SELECT subject.name, 'relation', pg_catalog.format('%I.%I', n.nspname, c.relname), may.privilege
FROM (
    SELECT r.rolname AS name FROM pg_catalog.pg_roles AS r WHERE r.rolcanlogin AND NOT r.rolsuper
    UNION ALL
    SELECT 'public'
) AS subject
CROSS JOIN pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('REFERENCES'), ('TRUNCATE')) AS may (privilege)
WHERE c.relkind IN ('r', 'v', 'm')
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
    AND pg_catalog.has_table_privilege(subject.name, c.oid, may.privilege)
UNION ALL
SELECT
    subject.name,
    'routine',
    pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
    'EXECUTE'
FROM (
    SELECT r.rolname AS name FROM pg_catalog.pg_roles AS r WHERE r.rolcanlogin AND NOT r.rolsuper
    UNION ALL
    SELECT 'public'
) AS subject
CROSS JOIN pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
    AND pg_catalog.has_function_privilege(subject.name, p.oid, 'EXECUTE')
ORDER BY 1, 2, 3, 4;
