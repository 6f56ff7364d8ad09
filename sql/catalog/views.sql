-- Views with their definitions: the SELECT of an ordinary view, the whole CREATE statement of a late-binding or
-- materialized one (both have relkind v; materialized_views.sql tells which those are).
-- Needs: nothing. Names come out with their schemas only while the search path holds none of these.
-- AWS: PG_CLASS, PG_GET_VIEWDEF (c_intro_catalog_views, leader node). A definition may be long: never cast it.
SELECT
    n.nspname,
    c.relname,
    u.usename AS owner,
    PG_GET_VIEWDEF(c.oid, FALSE) AS definition
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_user AS u ON u.usesysid = c.relowner
WHERE c.relkind = 'v'
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname;
