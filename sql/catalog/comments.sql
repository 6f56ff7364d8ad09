-- Comments on tables, views, columns and constraints: attname or conname tells the last two.
-- Parameters: the tenant's schemas, in place of 'tenant_schema'.
-- Needs: nothing.
-- AWS: COMMENT (r_COMMENT) lists what can have one, and PG_DESCRIPTION (leader node) with 1259, PG_CLASS, as the class of
-- tables, views and columns; 2606 is PG_CONSTRAINT. A text may be long: never cast it.
SELECT
    n.nspname,
    c.relname,
    c.relkind,
    a.attname,
    NULL::NAME AS conname,
    d.description
FROM pg_description AS d
JOIN pg_class AS c ON c.oid = d.objoid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
WHERE d.classoid = 1259
    AND c.relkind IN ('r', 'v')
    AND n.nspname IN ('tenant_schema')
UNION ALL
SELECT
    n.nspname,
    c.relname,
    c.relkind,
    NULL::NAME AS attname,
    k.conname,
    d.description
FROM pg_description AS d
JOIN pg_constraint AS k ON k.oid = d.objoid
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE d.classoid = 2606
    AND n.nspname IN ('tenant_schema')
ORDER BY nspname, relname, attname, conname;
