-- Machine learning models, which are not moved.
-- Needs: superuser, else other owners' rows are missing. The jobs go on without the answer, and say so.
-- AWS: SVV_ML_MODEL_INFO: of all databases; names are padded CHAR(128).
SELECT
    TRIM(database_name) AS in_database,
    TRIM(schema_name) AS place,
    TRIM(model_name) AS name
FROM svv_ml_model_info
ORDER BY in_database, place, name;
