-- PRIMARY KEY (p), UNIQUE (u) and FOREIGN KEY (f) constraints, their columns as numbers: {1,2}.
-- Needs: nothing.
-- AWS: PG_CONSTRAINT (c_intro_catalog_views, leader node). Redshift declares keys and does not enforce them.
SELECT
    n.nspname,
    c.relname,
    k.conname,
    k.contype,
    k.conkey,
    fn.nspname AS referenced_schema,
    fc.relname AS referenced_table,
    k.confkey
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS fc ON fc.oid = k.confrelid
LEFT JOIN pg_namespace AS fn ON fn.oid = fc.relnamespace
WHERE k.contype IN ('p', 'u', 'f')
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname, k.conname;
