-- Which relations each view reads, and which functions it calls: these come with their argument types.
-- Needs: nothing.
-- AWS: DROP TABLE (r_DROP_TABLE, "Viewing the dependencies for a table"), leader node: the rule of a view depends
-- internally (i) on the view and otherwise on what it reads. Joined by oid: relfilenode changes when a table is rebuilt.
-- An oid says nothing without its catalog (classid, refclassid): other catalogs have the same numbers.
SELECT DISTINCT
    vn.nspname AS view_schema,
    v.relname AS view_name,
    rn.nspname AS schema_name,
    r.relname AS object_name,
    NULL::TEXT AS argument_types
FROM pg_depend AS of_view
JOIN pg_class AS v ON v.oid = of_view.refobjid
JOIN pg_namespace AS vn ON vn.oid = v.relnamespace
JOIN pg_depend AS of_read ON of_read.classid = of_view.classid AND of_read.objid = of_view.objid
JOIN pg_class AS r ON r.oid = of_read.refobjid
JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
WHERE of_view.deptype = 'i'
    AND of_view.classid = 'pg_catalog.pg_rewrite'::REGCLASS
    AND of_view.refclassid = 'pg_catalog.pg_class'::REGCLASS
    AND of_read.refclassid = 'pg_catalog.pg_class'::REGCLASS
    AND v.relkind = 'v'
    AND r.relkind IN ('r', 'v')
    AND r.oid <> v.oid
    AND vn.nspname !~ '^pg_'
    AND vn.nspname <> 'information_schema'
UNION ALL
SELECT DISTINCT
    vn.nspname,
    v.relname,
    pn.nspname,
    p.proname,
    OIDVECTORTYPES(p.proargtypes)
FROM pg_depend AS of_view
JOIN pg_class AS v ON v.oid = of_view.refobjid
JOIN pg_namespace AS vn ON vn.oid = v.relnamespace
JOIN pg_depend AS of_read ON of_read.classid = of_view.classid AND of_read.objid = of_view.objid
JOIN pg_proc AS p ON p.oid = of_read.refobjid
JOIN pg_namespace AS pn ON pn.oid = p.pronamespace
WHERE of_view.deptype = 'i'
    AND of_view.classid = 'pg_catalog.pg_rewrite'::REGCLASS
    AND of_view.refclassid = 'pg_catalog.pg_class'::REGCLASS
    AND of_read.refclassid = 'pg_catalog.pg_proc'::REGCLASS
    AND v.relkind = 'v'
    AND vn.nspname !~ '^pg_'
    AND vn.nspname <> 'information_schema'
    AND pn.nspname !~ '^pg_'
ORDER BY view_schema, view_name, schema_name, object_name, argument_types;
