-- Compares: every table, view and materialized view of the tenant, with its kind and its owner.
-- Why it can bite: an object may be skipped in silence, come back as another kind (a materialized view as a table), or
-- land in the hands of the user that ran the migration. Superusers count as one: they need not have the same name.
SELECT
    n.nspname AS schema_name,
    c.relname AS relation_name,
    CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE c.relkind::text END AS kind,
    CASE WHEN o.rolsuper THEN '(superuser)' ELSE o.rolname END AS owner
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_roles AS o ON o.oid = c.relowner
WHERE c.relkind IN ('r', 'v', 'm')
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
ORDER BY 1, 2;
