-- Compares: the schemas and their owners.
-- Why it can bite: a schema's owner may create and drop in it whatever the grants say, so a schema that is left to the
-- migrating user takes rights away, and one that is given to the wrong user adds some.
SELECT
    n.nspname AS schema_name,
    CASE WHEN o.rolsuper THEN '(superuser)' ELSE o.rolname END AS owner
FROM pg_catalog.pg_namespace AS n
JOIN pg_catalog.pg_roles AS o ON o.oid = n.nspowner
WHERE n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog', 'public')
ORDER BY 1;
