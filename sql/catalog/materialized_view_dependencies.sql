-- Which materialized views read other materialized views: they are created and refreshed after those.
-- Needs: superuser, else other owners' rows are missing.
-- AWS: SVV_MV_DEPENDENCY: of all databases; dependent_name is the view that is read; names are padded CHAR(128).
SELECT
    schema_name,
    name,
    dependent_schema_name,
    dependent_name
FROM svv_mv_dependency
WHERE TRIM(database_name) = CURRENT_DATABASE()
ORDER BY schema_name, name, dependent_schema_name, dependent_name;
