-- Which views are materialized ones, which of them refresh by themselves, and which cannot be refreshed any more. Apart
-- from views.sql since SVV views and PG catalogs do not mix.
-- Needs: superuser, else other owners' rows are missing.
-- AWS: SVV_MV_INFO: of all databases; its names are padded CHAR(128). A state from 101 on says why it cannot be
-- refreshed.
SELECT
    schema_name,
    name,
    autorefresh,
    state
FROM svv_mv_info
WHERE TRIM(database_name) = CURRENT_DATABASE()
ORDER BY schema_name, name;
