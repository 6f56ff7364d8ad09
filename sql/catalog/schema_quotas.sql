-- Schemas with a quota, in MB. Apart from schemas.sql since SVV views and PG catalogs do not mix.
-- Needs: superuser, else other owners' rows are missing.
-- AWS: SVV_REDSHIFT_SCHEMA_QUOTA, which both kinds of warehouse have; it pads its names. SVV_SCHEMA_QUOTA_STATE is of
-- provisioned clusters alone.
SELECT
    schema_name,
    quota
FROM svv_redshift_schema_quota
WHERE TRIM(database_name) = CURRENT_DATABASE()
    AND quota IS NOT NULL
ORDER BY schema_name;
