-- Counts views, the materialized ones among them: in pg_class both are of kind v.
-- Parameter schemas: their names as literals. Follows c_join_PG.
SELECT COUNT(*)
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN (:schemas) AND c.relkind = 'v';
