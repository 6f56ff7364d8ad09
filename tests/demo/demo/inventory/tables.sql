-- Counts the tables, without the storage of materialized views.
-- Parameter schemas: their names as literals. Follows c_join_PG.
SELECT COUNT(*)
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN (:schemas) AND c.relkind = 'r' AND LEFT(c.relname, 8) <> 'mv_tbl__';
