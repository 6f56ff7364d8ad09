-- Compares: primary keys, unique and foreign keys, with their names and definitions.
-- Why it can bite: keys are not enforced, so no load fails when one is missing, but the planner trusts them. A foreign key
-- needs its target's key first, across schemas too. NOT NULL is compared with the columns.
-- Printed with every name qualified and with standard literals, whatever the session's settings are.
SET search_path = pg_catalog;
SET standard_conforming_strings = on;

SELECT
    n.nspname AS schema_name,
    c.relname AS table_name,
    k.conname AS constraint_name,
    pg_catalog.pg_get_constraintdef(k.oid) AS definition
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c')
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
ORDER BY 1, 2, 3;
