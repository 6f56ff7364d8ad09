-- Counts the schemas that are there.
-- Parameter schemas: their names as literals. Follows c_join_PG.
SELECT COUNT(*)
FROM pg_namespace
WHERE nspname IN (:schemas);
