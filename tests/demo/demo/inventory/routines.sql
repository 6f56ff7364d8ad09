-- Counts functions and procedures, without those that maintain materialized views.
-- Parameter schemas: their names as literals. Follows r_PG_PROC_INFO.
SELECT COUNT(*)
FROM pg_proc AS p
INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname IN (:schemas) AND LEFT(p.proname, 7) <> 'mv_sp__';
