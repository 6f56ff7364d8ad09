-- Objects of kinds that are not moved, with what ties each to a tenant: a schema, an object or a statement.
-- Needs: superuser, else other owners' rows are missing.
-- AWS: SVV_ML_MODEL_INFO; SVV_DATASHARE_OBJECTS and SVV_DATASHARES (only those that this warehouse gives); SYS_COPY_JOB, which
-- cuts a statement at 256 characters; SVV_INTEGRATION. Names are padded CHAR(128). The database is empty where there is one only.
SELECT
    'model'::VARCHAR(128) AS kind,
    TRIM(database_name)::VARCHAR(128) AS in_database,
    TRIM(schema_name)::VARCHAR(512) AS place,
    TRIM(model_name)::VARCHAR(128) AS name
FROM svv_ml_model_info
UNION ALL
SELECT
    'datashare'::VARCHAR(128) AS kind,
    TRIM(s.source_database)::VARCHAR(128) AS in_database,
    TRIM(o.object_name)::VARCHAR(512) AS place,
    TRIM(o.share_name)::VARCHAR(128) AS name
FROM svv_datashare_objects AS o
JOIN svv_datashares AS s ON s.share_name = o.share_name AND s.share_type = o.share_type
WHERE o.share_type = 'OUTBOUND'
UNION ALL
SELECT
    'copy job'::VARCHAR(128) AS kind,
    ''::VARCHAR(128) AS in_database,
    TRIM(job_text)::VARCHAR(512) AS place,
    TRIM(job_name)::VARCHAR(128) AS name
FROM sys_copy_job
UNION ALL
SELECT
    'integration'::VARCHAR(128) AS kind,
    TRIM(target_database)::VARCHAR(128) AS in_database,
    ''::VARCHAR(512) AS place,
    TRIM(integration_id)::VARCHAR(128) AS name
FROM svv_integration
ORDER BY kind, in_database, place, name;
