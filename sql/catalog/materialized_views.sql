-- Which views are materialized ones. Apart from views.sql since SVV views and PG catalogs do not mix.
-- Needs: superuser, else other owners' rows are missing.
-- AWS: SVV_MV_INFO: its names are padded CHAR(128).
SELECT
    schema_name,
    name
FROM svv_mv_info
ORDER BY schema_name, name;
