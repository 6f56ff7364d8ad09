-- Zero-ETL integrations with the databases that they fill. They are not moved.
-- Needs: superuser, else other owners' rows are missing. The jobs go on without the answer, and say so.
-- AWS: SVV_INTEGRATION: names are padded CHAR(128).
SELECT
    TRIM(target_database) AS in_database,
    '' AS place,
    TRIM(integration_id) AS name
FROM svv_integration
ORDER BY in_database, name;
