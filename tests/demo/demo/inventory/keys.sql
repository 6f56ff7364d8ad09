-- Counts primary keys, unique constraints and foreign keys.
-- Parameter schemas: their names as literals. Follows c_join_PG.
SELECT COUNT(*)
FROM pg_constraint AS k
INNER JOIN pg_class AS c ON c.oid = k.conrelid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN (:schemas) AND k.contype IN ('p', 'u', 'f');
