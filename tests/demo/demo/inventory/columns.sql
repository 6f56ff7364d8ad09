-- Counts the columns of tables.
-- Parameter schemas: their names as literals. Follows c_join_PG.
SELECT COUNT(*)
FROM pg_attribute AS a
INNER JOIN pg_class AS c ON c.oid = a.attrelid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN (:schemas) AND c.relkind = 'r' AND LEFT(c.relname, 8) <> 'mv_tbl__'
    AND a.attnum > 0 AND NOT a.attisdropped;
