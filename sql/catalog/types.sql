-- The names of data types, for the argument types that routines.sql lists as ids.
-- Needs: nothing.
-- AWS: PG_TYPE (c_intro_catalog_views, leader node).
SELECT
    oid,
    FORMAT_TYPE(oid, NULL) AS data_type
FROM pg_type
ORDER BY oid;
