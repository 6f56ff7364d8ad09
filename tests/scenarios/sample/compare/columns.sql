-- Compares: every column of every relation: place, name, exact type, NOT NULL, default.
-- Why it can bite: a type may lose its length or scale, a default its quotes or backslashes, and a column its place, which
-- is what COPY goes by. Defaults of IDENTITY columns are left out here, since they name the table's oid and a seed that
-- the migration moves on purpose; physical.sql compares what must stay of them.
-- Printed with every name qualified and with standard literals, whatever the session's settings are.
SET search_path = pg_catalog;
SET standard_conforming_strings = on;

SELECT
    n.nspname AS schema_name,
    c.relname AS relation_name,
    ROW_NUMBER() OVER (PARTITION BY c.oid ORDER BY a.attnum) AS place,
    a.attname AS column_name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AS is_not_null,
    CASE
        WHEN a.attidentity <> '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ 'identity|nextval' THEN '(identity)'
        ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid)
    END AS default_value
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'v', 'm')
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
ORDER BY 1, 2, 3;
