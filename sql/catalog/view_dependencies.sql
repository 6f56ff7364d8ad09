-- Which relations each view reads.
-- Needs: nothing.
-- AWS: DROP TABLE (r_DROP_TABLE, "Viewing the dependencies for a table"), leader node: the rule of a view depends
-- internally (i) on the view and otherwise on what it reads. Joined by oid: relfilenode changes when a table is rebuilt.
SELECT DISTINCT
    vn.nspname AS view_schema,
    v.relname AS view_name,
    rn.nspname AS read_schema,
    r.relname AS read_name
FROM pg_depend AS of_view
JOIN pg_class AS v ON v.oid = of_view.refobjid
JOIN pg_namespace AS vn ON vn.oid = v.relnamespace
JOIN pg_depend AS of_read ON of_read.objid = of_view.objid
JOIN pg_class AS r ON r.oid = of_read.refobjid
JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
WHERE of_view.deptype = 'i'
    AND v.relkind = 'v'
    AND r.relkind IN ('r', 'v')
    AND r.oid <> v.oid
    AND vn.nspname !~ '^pg_'
    AND vn.nspname <> 'information_schema'
ORDER BY view_schema, view_name, read_schema, read_name;
