-- The rows of every relation: lists one query for each, which psql's \gexec then runs.
-- Parameter schemas: their names as literals. Follows c_join_PG and r_QUOTE_LITERAL (leader node only).
SELECT 'SELECT ' || QUOTE_LITERAL('row') || ', ' || QUOTE_LITERAL(n.nspname || '.' || c.relname) || ', r.* FROM '
    || QUOTE_IDENT(n.nspname) || '.' || QUOTE_IDENT(c.relname) || ' AS r'
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN (:schemas) AND c.relkind IN ('r', 'v') AND LEFT(c.relname, 8) <> 'mv_tbl__'
ORDER BY n.nspname, c.relname
\gexec
