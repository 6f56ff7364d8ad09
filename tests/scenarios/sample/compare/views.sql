-- Compares: the definition of every view and materialized view.
-- Why it can bite: a definition is text that is read on one side and run on the other: literals, quoted names and
-- references across schemas must mean the same there. A materialized view's definition must not be taken for a view's.
-- Printed with every name qualified and with standard literals, whatever the session's settings are.
SET search_path = pg_catalog;
SET standard_conforming_strings = on;

SELECT
    n.nspname AS schema_name,
    c.relname AS view_name,
    c.relkind AS kind,
    pg_catalog.pg_get_viewdef(c.oid) AS definition
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm')
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
ORDER BY 1, 2;
