-- The object id of each relation.
-- Parameter schemas: their names as literals. Follows r_PG_CLASS.
SELECT n.nspname || '.' || c.relname, c.oid
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN (:schemas) AND c.relkind IN ('r', 'v') AND LEFT(c.relname, 8) <> 'mv_tbl__';
