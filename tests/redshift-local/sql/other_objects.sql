-- Models, datashares, COPY jobs, integrations and templates: no statement of theirs is known here, so these lists are empty unless a test
-- writes rs_other_object behind the proxy.
SET search_path = redshift_catalog, pg_catalog;

-- place: a model's or a template's schema, a shared object, a job's COPY statement, an integration's database.
CREATE TABLE redshift_catalog.rs_other_object (
    kind text NOT NULL CHECK (kind IN ('model', 'datashare', 'copy job', 'integration', 'template')),
    place text NOT NULL,
    name text NOT NULL
);

-- r_SVV_ML_MODEL_INFO
CREATE VIEW redshift_catalog.svv_ml_model_info AS
SELECT
    current_database()::char(128) AS database_name, place::char(128) AS schema_name, 'rdsdb'::char(128) AS user_name,
    name::char(128) AS model_name, 'Active'::char(20) AS life_cycle, 1 AS is_refreshable, 'Model is Ready'::char(128) AS model_state
FROM redshift_catalog.rs_other_object
WHERE kind = 'model';

-- r_SVV_DATASHARES
CREATE VIEW redshift_catalog.svv_datashares AS
SELECT DISTINCT
    name::varchar(128) AS share_name, 1 AS share_id, 1 AS share_owner, current_database()::varchar(128) AS source_database,
    NULL::varchar(128) AS consumer_database, 'OUTBOUND'::varchar(8) AS share_type, NULL::timestamp AS createdate,
    false AS is_publicaccessible, NULL::varchar(256) AS share_acl, '123456789012'::varchar(16) AS producer_account,
    NULL::varchar(64) AS producer_namespace, NULL::varchar(64) AS managed_by
FROM redshift_catalog.rs_other_object
WHERE kind = 'datashare';

-- r_SVV_DATASHARE_OBJECTS
CREATE VIEW redshift_catalog.svv_datashare_objects AS
SELECT
    'OUTBOUND'::varchar(8) AS share_type, name::varchar(128) AS share_name,
    CASE WHEN place LIKE '%.%' THEN 'table' ELSE 'schema' END::varchar(64) AS object_type, place::varchar(512) AS object_name,
    '123456789012'::varchar(16) AS producer_account, NULL::varchar(64) AS producer_namespace, NULL::boolean AS include_new
FROM redshift_catalog.rs_other_object
WHERE kind = 'datashare';

-- SYS_COPY_JOB
CREATE VIEW redshift_catalog.sys_copy_job AS
SELECT
    1::bigint AS job_id, name::char(128) AS job_name, NULL::char(128) AS iam_role, place::char(256) AS job_text, 1 AS is_auto,
    0 AS on_error_suspend
FROM redshift_catalog.rs_other_object
WHERE kind = 'copy job';

-- r_SVV_INTEGRATION
CREATE VIEW redshift_catalog.svv_integration AS
SELECT
    name::char(128) AS integration_id, place::char(128) AS target_database, 'PostgreSQL'::char(128) AS source,
    'CdcRefreshState'::char(128) AS state, 0::bigint AS current_lag, NULL::char(128) AS last_replicated_checkpoint,
    0 AS total_tables_replicated, 0 AS total_tables_failed, NULL::timestamp AS creation_time, 0 AS refresh_interval,
    NULL::char(128) AS source_database, false AS is_history_mode,
    NULL::timestamp AS latest_detected_change_time, NULL::timestamp AS latest_applied_change_time, false AS auto_remediation,
    NULL::timestamp AS latest_shipped_source_commit_time
FROM redshift_catalog.rs_other_object
WHERE kind = 'integration';

-- SYS_REDSHIFT_TEMPLATE
CREATE VIEW redshift_catalog.sys_redshift_template AS
SELECT
    current_database()::char(128) AS database_name, place::char(128) AS schema_name, name::char(128) AS template_name, 1 AS template_type,
    NULL::timestamp AS create_time, NULL::timestamp AS last_modified_time, 100 AS owner_id, 100 AS last_modified_by,
    NULL::text AS template_parameters
FROM redshift_catalog.rs_other_object
WHERE kind = 'template';
