-- Compares: the options of every materialized view, the statement that made it, and whether it holds data.
-- Why it can bite: AUTO REFRESH, BACKUP and the distribution stand in the statement alone; a materialized view that was
-- created before its tables were loaded is empty until somebody refreshes it (contents.sql would show that too). A semicolon at
-- the end of the statement does not count.
SELECT
    n.nspname AS schema_name,
    c.relname AS view_name,
    v.auto_refresh,
    v.backup,
    c.relispopulated AS is_populated,
    RTRIM(v.definition, CHR(10) || ' ;') AS definition
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN redshift_catalog.rs_materialized_view AS v ON v.relation = c.oid
ORDER BY 1, 2;
